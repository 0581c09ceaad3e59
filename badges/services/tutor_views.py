"""Asking a host company for its view of a round: by the coach, with the person's agreement, under the person's eyes.

What the company answers is `tutor_answers`' business. The person sees who was asked and when, and may object until the
answer is there. A round waits for the company only where its badges want that view, and the coach may go on without.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from badges.models.assessments import RatingRecord, RoundRecord, TutorEnd, TutorViewRecord
from badges.models.awards import AwardRecord, AwardState
from badges.services import assessments, awards, voice_links
from badges.services.access import Actor
from badges.services.errors import N_, Conflict, Forbidden, Invalid, NotFound, too_long
from badges.services.names import clean_name
from badges.services.referentiels import document_of
from referentiels.model import Referentiel

LONGEST_COMPANY = 120
LONGEST_SHOWN = 60
LONGEST_SITUATION = 300
LONGEST_REASON = 500
UNKNOWN = N_("Cette demande n’existe pas, ou n’est pas à vous.")
OVER = N_("Cette demande est déjà terminée. Rechargez la page pour voir où elle en est.")
WRONG_VIEW = N_("L’avis de l’entreprise a été mis de côté : ce badge ne peut plus s’y appuyer. Parlez-en ensemble.")


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom the coach asks, about which situation and competences, and how the person is named to them."""

    company: str
    tutor_role: str
    tutor_name: str
    shown_as: str
    situation: str
    from_day: date | None
    to_day: date | None
    competences: Sequence[str]


def wants_tutor(document: Referentiel, competences: Sequence[str]) -> bool:
    """Whether a badge that rests on one of these competences wants the view of a host company."""
    return any(
        "tutor" in badge.raters and any(need.competence in competences for need in badge.requirements)
        for badge in document.badges
    )


def may_ask(row: RoundRecord) -> bool:
    """Whether a company may still be asked: the talk is not over, and none is being asked or has answered."""
    over = row.concluded_at or row.closed_at or row.cancelled_at
    return over is None and live(row) is None


def live(row: RoundRecord) -> TutorViewRecord | None:
    """The request of the round that was neither stopped nor set aside, or None."""
    return next((view for view in row.tutor_views if view.ended_at is None), None)


def pending(session: Session, actor: Actor) -> list[TutorViewRecord]:
    """The requests about the signed-in person that no company has answered yet, the latest first."""
    return list(
        session.scalars(
            select(TutorViewRecord)
            .join(RoundRecord, RoundRecord.id == TutorViewRecord.round_id)
            .where(
                RoundRecord.person_id == actor.person_id,
                TutorViewRecord.sent_at.is_(None),
                TutorViewRecord.ended_at.is_(None),
            )
            .order_by(TutorViewRecord.asked_at.desc())
        )
    )


def ask(
    session: Session,
    actor: Actor,
    round_id: uuid.UUID,
    *,
    asked: Asked,
    person_agrees: bool,
    view_id: uuid.UUID,
    now: datetime,
) -> tuple[TutorViewRecord, str]:
    """The request and the code of its link. The same form sent twice makes one request, with a fresh link.

    Raises:
        NotFound: not a round of this coach. Forbidden: not a coach.
        Invalid: the person has not agreed, a name or a day cannot be used, no competence is chosen.
        Conflict: the talk is over, or a company is being asked already.
    """
    row = _locked(session, actor, round_id)
    known = live(row)
    if known is not None and known.id == view_id and known.sent_at is None:
        return known, voice_links.new_link(session, known, now)
    if row.concluded_at is not None or row.closed_at is not None or row.cancelled_at is not None:
        raise Conflict(N_("L’échange a déjà eu lieu. Ouvrez un nouveau positionnement pour demander un autre avis."))
    if known is not None:
        raise Conflict(N_("Une entreprise est déjà interrogée pour ce positionnement. Arrêtez d’abord cette demande."))
    if not person_agrees:
        raise Invalid(N_("Demandez d’abord son accord à la personne : sans lui, rien ne part."), field="agreed")
    view = _request(row, asked)
    view.id, view.asked_by, view.asked_at = view_id, _staff(actor), now
    try:
        with session.begin_nested():
            session.add(view)
    except IntegrityError:
        raise Conflict(OVER) from None
    row.tutor_views.append(view)
    row.tutor_awaited = not assessments.revealed(row) and wants_tutor(document_of(row.version), view.competences)
    session.flush()
    assessments.note(session, actor, row, "tutor.asked", now, view=str(view.id), competences=len(view.competences))
    return view, voice_links.new_link(session, view, now)


def replace_link(session: Session, actor: Actor, view_id: uuid.UUID, *, now: datetime) -> tuple[TutorViewRecord, str]:
    """The request and the code of a fresh link to it; the former link stops, what was typed stays.

    Raises:
        NotFound: not a request of this coach. Forbidden: not a coach. Conflict: answered or ended.
    """
    row, view = _of_coach(session, actor, view_id)
    _require_open(view)
    assessments.note(session, actor, row, "tutor.link_replaced", now, view=str(view.id))
    return view, voice_links.new_link(session, view, now)


def stop(session: Session, actor: Actor, view_id: uuid.UUID, *, now: datetime) -> RoundRecord:
    """The round, its request stopped by the coach: the link ends, what was typed is forgotten.

    Raises:
        NotFound: not a request of this coach. Forbidden: not a coach. Conflict: answered or ended.
    """
    row, view = _of_coach(session, actor, view_id)
    _require_open(view)
    end(view, TutorEnd.STOPPED, now, by=actor)
    assessments.note(session, actor, row, "tutor.stopped", now, view=str(view.id))
    return row


def go_on_without(session: Session, actor: Actor, round_id: uuid.UUID, *, now: datetime) -> RoundRecord:
    """The round, no longer waiting for a company; an answer that comes before the end of the talk is still read there.

    Raises:
        NotFound: not a round of this coach. Forbidden: not a coach.
    """
    row = _locked(session, actor, round_id)
    if row.tutor_awaited:
        row.tutor_awaited = False
        session.flush()
        assessments.note(session, actor, row, "tutor.went_without", now)
    return row


def object_to(session: Session, actor: Actor, view_id: uuid.UUID, *, now: datetime) -> RoundRecord:
    """The round, its request ended by the person, who does not want this company to be asked.

    Raises:
        NotFound: not this person's. Conflict: the company has answered, or the request has ended.
    """
    row, view = _found(session, actor, view_id)
    if actor.person_id != row.person_id:
        raise Forbidden(N_("Seule la personne peut refuser cette demande ; vous pouvez l’arrêter."))
    _require_open(view)
    end(view, TutorEnd.OBJECTED, now)
    row.tutor_awaited = False
    session.flush()
    assessments.note(session, actor, row, "tutor.objected", now, view=str(view.id))
    return row


def set_aside(session: Session, actor: Actor, view_id: uuid.UUID, *, reason: str, now: datetime) -> RoundRecord:
    """The round without an answer later shown wrong; badges on their way that rest on it are not granted.

    A badge already claimed stays as it is: its issuer decides, and the page says so.

    Raises:
        NotFound: not a request of this coach. Forbidden: not a coach. Conflict: not answered, or ended.
        Invalid: no reason.
    """
    row, view = _of_coach(session, actor, view_id)
    if view.sent_at is None or view.ended_at is not None:
        raise Conflict(OVER)
    words = reason.strip()
    if not words or len(words) > LONGEST_REASON:
        raise Invalid(N_("Dites pourquoi, en une phrase."), field="reason")
    rounds = session.scalars(select(RatingRecord.round_id).where(RatingRecord.tutor_view_id == view.id)).all()
    awards.drop_voice(session, row.person_id, f"tutor-{view.id}")
    for award in _resting_on(session, {row.id, *rounds}, AwardState.PROPOSED, AwardState.GRANTED):
        award.state, award.reason = AwardState.REFUSED, WRONG_VIEW
    session.execute(delete(RatingRecord).where(RatingRecord.tutor_view_id == view.id))
    end(view, TutorEnd.SET_ASIDE, now, by=actor)
    view.end_reason = words
    session.flush()
    session.expire(row)
    assessments.note(session, actor, row, "tutor.set_aside", now, view=str(view.id))
    return row


def claimed_on(session: Session, round_id: uuid.UUID) -> list[AwardRecord]:
    """The badges claimed on this round that count a company among their raters."""
    return _resting_on(session, {round_id}, AwardState.CLAIMED)


def end(view: TutorViewRecord, how: TutorEnd, now: datetime, *, by: Actor | None = None) -> None:
    """End a request: whatever was typed is forgotten."""
    view.end, view.ended_at, view.ended_by = how, now, by.staff_id if by else None
    view.answers, view.kept_at = {}, None


def _request(row: RoundRecord, asked: Asked) -> TutorViewRecord:
    chosen = [code for code in row.competences if code in asked.competences]
    if not chosen or len(chosen) < len(set(asked.competences)):
        raise Invalid(N_("Choisissez au moins une compétence."), field="competences")
    if asked.from_day and asked.to_day and asked.to_day < asked.from_day:
        raise Invalid(N_("Le dernier jour vient après le premier."), field="to_day")
    situation = asked.situation.strip()
    if len(situation) > LONGEST_SITUATION:
        raise too_long("situation", LONGEST_SITUATION)
    return TutorViewRecord(
        round_id=row.id,
        company=clean_name(asked.company, field="company", longest=LONGEST_COMPANY),
        tutor_role=clean_name(asked.tutor_role, field="tutor_role", longest=LONGEST_COMPANY),
        tutor_name=clean_name(asked.tutor_name, field="tutor_name", longest=LONGEST_SHOWN)
        if asked.tutor_name.strip()
        else "",
        shown_as=clean_name(asked.shown_as, field="shown_as", longest=LONGEST_SHOWN),
        situation=situation,
        from_day=asked.from_day,
        to_day=asked.to_day,
        competences=chosen,
        answers={},
        revision=0,
        company_agreed=False,
        kept_with="",
        sent_with="",
        late=False,
        end_reason="",
    )


def _resting_on(session: Session, rounds: set[uuid.UUID], *states: AwardState) -> list[AwardRecord]:
    found = session.scalars(
        select(AwardRecord).where(AwardRecord.round_id.in_(rounds), AwardRecord.state.in_(states)).with_for_update()
    )
    return [award for award in found if "tutor" in award.raters]


def _staff(actor: Actor) -> int:
    if actor.staff_id is None:
        raise Forbidden(N_("C’est le coach qui s’adresse à l’entreprise, avec l’accord de la personne."))
    return actor.staff_id


def _locked(session: Session, actor: Actor, round_id: uuid.UUID) -> RoundRecord:
    row = assessments.round_for(session, actor, round_id, lock=True)
    _staff(actor)
    return row


def _of_coach(session: Session, actor: Actor, view_id: uuid.UUID) -> tuple[RoundRecord, TutorViewRecord]:
    row, view = _found(session, actor, view_id)
    _staff(actor)
    return row, view


def _found(session: Session, actor: Actor, view_id: uuid.UUID) -> tuple[RoundRecord, TutorViewRecord]:
    round_id = session.scalar(select(TutorViewRecord.round_id).where(TutorViewRecord.id == view_id))
    if round_id is None:
        raise NotFound(UNKNOWN)
    row = assessments.round_for(session, actor, round_id, lock=True)
    view = next((one for one in row.tutor_views if one.id == view_id), None)
    if view is None:
        raise NotFound(UNKNOWN)
    return row, view


def _require_open(view: TutorViewRecord) -> None:
    if view.sent_at is not None or view.ended_at is not None:
        raise Conflict(OVER)
