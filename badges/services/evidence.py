"""What was seen of a person, as dated evidence: read by them and their coach, corrected or put aside, then offered.

An observation is an act, never a level. The person reads every one of theirs, may ask for one to be corrected and may
put one aside; what is put aside, taken back, or waits for a correction is offered to nobody. Peers are never named.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session, joinedload

from badges.models.assessments import Rater, RoundRecord
from badges.models.evidence import Autonomy, GroupSessionRecord, ObservationRecord, PieceRecord, SituationRecord
from badges.models.people import MembershipRecord
from badges.services import assessments, awards, journal, people
from badges.services.access import Actor
from badges.services.errors import N_, Conflict, Invalid, NotFound, too_long

TALK = "talk"
PIECE = "piece"
LONGEST_ACT = 500
UNKNOWN = N_("Ce fait n’existe pas, ou n’est pas à vous.")


@dataclass(frozen=True, slots=True)
class Try:
    """Once that something was seen: the day, the act in words, and how much by oneself where that was said."""

    day: date
    act: str
    autonomy: Autonomy | None
    turns: int = 1


@dataclass(frozen=True, slots=True)
class Offer:
    """Dated evidence for one competence of a badge: facts to put into words, not yet words.

    `origin` is one of `Origin`, `TALK` (what the coach wrote in the round) or `PIECE` (a piece of the portfolio, with
    its address and hash). `beside` is what somebody's work beside the person is called, never their name.
    """

    origin: str
    competence: str
    activity: str
    places: tuple[str, ...]
    tries: tuple[Try, ...]
    beside: str = ""
    url: str = ""
    sha256: str = ""


def offered(session: Session, actor: Actor, round_id: uuid.UUID, badge_code: str) -> list[Offer]:
    """The dated evidence about the person of a closed round for a badge it meets, to keep or not.

    Only what this structure saw, on the same lineage, for the competences that count; what the coach wrote in the round
    stands last.

    Raises:
        NotFound: not a round of this actor, or no such badge.
        Refused: as `awards.proposable`.
    """
    row = assessments.round_for(session, actor, round_id)
    codes = tuple(awards.counting_levels(row, awards.proposable(row, badge_code)))
    seen = [
        one
        for one in session.scalars(
            _of(row.person_id).where(_lineage(row), ObservationRecord.competence_code.in_(codes))
        )
        if stands(one)
    ]
    return [*_from_observations(seen, codes), *_from_pieces(session, row, codes), *_from_talk(row, codes)]


def seen_for(session: Session, row: RoundRecord) -> dict[str, list[Offer]]:
    """What was seen for each competence of a round that its reader may read: counted facts to talk from.

    Nothing before both views are given: facts would colour the one that is still being written.
    """
    if not assessments.revealed(row):
        return {}
    found = session.scalars(
        _of(row.person_id).where(_lineage(row), ObservationRecord.competence_code.in_(row.competences))
    )
    offers = _from_observations([one for one in found if stands(one)], row.competences)
    return {code: [one for one in offers if one.competence == code] for code in row.competences}


def of_person(session: Session, actor: Actor, person_id: uuid.UUID) -> tuple[ObservationRecord, ...]:
    """What was seen of a person, the latest first, with what was put aside: for themselves, or the coach they have.

    The person reads what every structure saw; a coach what their structure saw.

    Raises:
        NotFound: not a person this coach's structures follow. Forbidden: a colleague follows them.
    """
    query = _of(person_id)
    if actor.person_id != person_id:
        membership = assessments.followed_by(session, actor, person_id)
        query = query.where(ObservationRecord.organisation_id == membership.organisation_id)
    return tuple(one for one in session.scalars(query) if was_seen(one))


def to_answer(session: Session, actor: Actor) -> tuple[ObservationRecord, ...]:
    """The corrections that people this coach follows have asked for, the oldest first."""
    rows = session.scalars(
        select(ObservationRecord)
        .where(ObservationRecord.asked_at.is_not(None), ObservationRecord.answered_at.is_(None), _followed(actor))
        .options(joinedload(ObservationRecord.group_session))
        .order_by(ObservationRecord.asked_at)
    )
    return tuple(one for one in rows if was_seen(one))


def set_aside(
    session: Session, actor: Actor, observation_id: uuid.UUID, *, aside: bool, now: datetime
) -> ObservationRecord:
    """Put aside by the person, or taken up again: what is aside is never offered as evidence.

    Raises:
        NotFound: not about this person.
    """
    row = _own(session, actor, observation_id)
    row.set_aside_at = now if aside else None
    session.flush()
    _note(session, actor, row, "observation.set_aside" if aside else "observation.taken_up", now)
    return row


def ask_correction(
    session: Session, actor: Actor, observation_id: uuid.UUID, *, words: str, now: datetime
) -> ObservationRecord:
    """What the person asks to have corrected; until it is answered, the observation is offered to nobody.

    Raises:
        NotFound: not about this person. Invalid: no words, or too many.
    """
    row = _own(session, actor, observation_id)
    row.person_words = act_text(words, required=N_("Dites en quelques mots ce qui n’est pas juste."))
    row.asked_at, row.answer, row.answered_at = now, "", None
    session.flush()
    _note(session, actor, row, "observation.questioned", now)
    return row


def answer(
    session: Session,
    actor: Actor,
    observation_id: uuid.UUID,
    *,
    words: str,
    act: str | None,
    withdraw: bool,
    now: datetime,
) -> ObservationRecord:
    """The coach's answer to what the person asked: the act written anew, taken back, or left with a sentence.

    Raises:
        NotFound: not a person this coach's structures follow. Forbidden: a colleague follows them.
        Conflict: nothing was asked, or it is answered. Invalid: no answer.
    """
    row = session.get(ObservationRecord, observation_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound(UNKNOWN)
    assessments.followed_by(session, actor, row.person_id, organisation_id=row.organisation_id)
    if row.asked_at is None or row.answered_at is not None:
        raise Conflict(N_("Cette demande a déjà sa réponse. Rechargez la page."))
    row.answer = act_text(words, required=N_("Écrivez votre réponse en une phrase."))
    row.answered_at = now
    if withdraw:
        row.withdrawn_at = now
    elif act is not None:
        row.act = act_text(act)
    session.flush()
    _note(session, actor, row, "observation.answered", now, withdrawn=withdraw)
    return row


def withdraw(session: Session, actor: Actor, observation_id: uuid.UUID, *, now: datetime) -> ObservationRecord:
    """Taken back by the coach: written for the wrong person, or twice. Nobody reads it any more.

    Raises:
        NotFound: no such observation, or not of a person this coach's structures follow.
        Forbidden: a colleague follows them.
    """
    row = session.get(ObservationRecord, observation_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound(UNKNOWN)
    assessments.followed_by(session, actor, row.person_id, organisation_id=row.organisation_id)
    if row.withdrawn_at is None:
        row.withdrawn_at = now
        session.flush()
        _note(session, actor, row, "observation.withdrawn", now)
    return row


def was_seen(row: ObservationRecord) -> bool:
    """Whether it is an observation at all: in a session, one that has ended and in which a tick was left."""
    if row.group_session is not None and (row.group_session.ended_at is None or not row.turns):
        return False
    return row.withdrawn_at is None


def stands(row: ObservationRecord) -> bool:
    """Whether it may be offered: seen, not put aside, and no correction waits."""
    return was_seen(row) and row.set_aside_at is None and (row.asked_at is None or row.answered_at is not None)


def act_text(text: str, *, required: str = "") -> str:
    """An act as it is kept, without spaces around it; `required` is what to say where there is none.

    Raises:
        Invalid: missing where required, or too long.
    """
    words = text.strip()
    if required and not words:
        raise Invalid(required, field="words")
    if len(words) > LONGEST_ACT:
        raise too_long("words", LONGEST_ACT)
    return words


def _of(person_id: uuid.UUID) -> Select[ObservationRecord]:
    return (
        select(ObservationRecord)
        .where(ObservationRecord.person_id == person_id)
        .options(
            joinedload(ObservationRecord.group_session).joinedload(GroupSessionRecord.version),
            joinedload(ObservationRecord.situation).joinedload(SituationRecord.version),
            joinedload(ObservationRecord.referentiel),
            joinedload(ObservationRecord.staff),
        )
        .order_by(ObservationRecord.seen_on.desc(), ObservationRecord.recorded_at.desc())
    )


def _lineage(row: RoundRecord) -> ColumnElement[bool]:
    same = ObservationRecord.referentiel_id == row.version.referentiel_id
    return same & (ObservationRecord.organisation_id == row.organisation_id)


def _followed(actor: Actor) -> ColumnElement[bool]:
    return (
        select(MembershipRecord.id)
        .where(
            MembershipRecord.person_id == ObservationRecord.person_id,
            MembershipRecord.organisation_id == ObservationRecord.organisation_id,
            people.followed_by(actor),
            MembershipRecord.left_on.is_(None),
        )
        .exists()
    )


def _own(session: Session, actor: Actor, observation_id: uuid.UUID) -> ObservationRecord:
    row = session.scalar(
        select(ObservationRecord)
        .where(ObservationRecord.id == observation_id, ObservationRecord.person_id == actor.person_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None or not was_seen(row):
        raise NotFound(UNKNOWN)
    return row


def _from_observations(seen: Sequence[ObservationRecord], codes: Sequence[str]) -> list[Offer]:
    """One offer for each competence and activity, or situation; in the badge's order."""
    grouped: dict[tuple[str, str, object], list[ObservationRecord]] = {}
    for one in seen:
        grouped.setdefault((one.competence_code, one.activity, one.situation_id), []).append(one)
    offers = [_offer(rows) for rows in grouped.values()]
    return sorted(offers, key=lambda offer: (codes.index(offer.competence), offer.origin, offer.tries[0].day))


def _offer(rows: Iterable[ObservationRecord]) -> Offer:
    dated = sorted(rows, key=lambda one: (one.seen_on, one.recorded_at))
    first = dated[0]
    return Offer(
        origin=first.origin.value,
        competence=first.competence_code,
        activity=first.activity,
        places=tuple(dict.fromkeys(one.place for one in dated if one.place)),
        tries=tuple(Try(one.seen_on, one.act, one.autonomy, max(len(one.turns), 1)) for one in dated),
        beside=first.situation.supervisor_role if first.situation else "",
    )


def _from_pieces(session: Session, row: RoundRecord, codes: Sequence[str]) -> list[Offer]:
    pieces = session.scalars(
        select(PieceRecord)
        .where(
            PieceRecord.person_id == row.person_id,
            PieceRecord.referentiel_id == row.version.referentiel_id,
            or_(PieceRecord.organisation_id == row.organisation_id, PieceRecord.organisation_id.is_(None)),
        )
        .order_by(PieceRecord.made_on, PieceRecord.added_at)
    )
    return [
        Offer(
            origin=PIECE,
            competence=next(code for code in codes if code in piece.competences),
            activity=piece.title,
            places=(),
            tries=(Try(piece.made_on, "", None),),
            url=piece.url,
            sha256=piece.sha256,
        )
        for piece in pieces
        if set(codes) & set(piece.competences)
    ]


def _from_talk(row: RoundRecord, codes: Sequence[str]) -> list[Offer]:
    given = assessments.answers(row, Rater.COACH)
    return [
        Offer(TALK, code, "", (), (Try(row.talk_on, given[code].situation, None),))
        for code in codes
        if row.talk_on is not None and code in given and given[code].situation
    ]


def _note(
    session: Session, actor: Actor, row: ObservationRecord, action: str, now: datetime, **details: object
) -> None:
    journal.record(
        session,
        actor=actor.label,
        action=action,
        object=f"observation:{row.id}",
        now=now,
        organisation_id=row.organisation_id,
        **details,
    )
