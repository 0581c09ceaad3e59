"""What a host company answers by its link: once, on one page, resumed as often as need be until it is sent.

The link is all the right there is: it shows how the person chose to be named, the situation and the competences asked,
never another view, a level agreed or anything about a status. Whoever follows the person cannot answer in the
company's place while signed in.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from badges.models.assessments import Rater, RoundRecord, TutorEnd, TutorViewRecord
from badges.services import assessments, journal, late_views, tutor_views, voice_links
from badges.services.access import Actor
from badges.services.errors import N_, Conflict, Forbidden, Gone, Invalid, NotFound
from badges.services.referentiels import document_of

USED = N_(
    "Un avis a déjà été envoyé avec ce lien : il ne sert qu’une fois. Ce n’était pas vous ? Dites-le à %(place)s."
)
STOPPED = N_("Cette demande est terminée : il n’y a plus rien à répondre, et rien n’a été enregistré.")
WRONG_PERSON = N_(
    "Vous avez dit que ce n’était pas la bonne personne. Rien n’a été enregistré, %(place)s est au courant."
)
NOT_YOURS = N_("Ce lien est pour l’entreprise. Donnez-le-lui : vous ne pouvez pas répondre à sa place.")
ELSEWHERE = N_("Cette page a été remplie ailleurs entre-temps. Relisez : c’est ce qui est écrit ici qui partira.")


@dataclass(frozen=True, slots=True)
class Answer:
    """What was typed about one competence; `level` None is « pas vu »."""

    level: int | None
    act: str


def open_page(session: Session, code: str, actor: Actor | None, now: datetime) -> tuple[TutorViewRecord, datetime]:
    """What the company is asked, and until when; looking uses nothing up.

    Raises:
        NotFound: no such link. Forbidden: the person, or somebody of the structure that follows them, is signed in.
        Gone: answered, ended, replaced or expired; the sentence says which.
    """
    link = voice_links.found(session, code)
    view = link.tutor_view
    if view is None:
        raise NotFound(voice_links.UNKNOWN)
    place = view.round.organisation.name
    if actor is not None and close_to(actor, view.round):
        raise Forbidden(NOT_YOURS)
    if view.end is TutorEnd.WRONG_PERSON:
        raise Gone(WRONG_PERSON, place=place)
    if view.ended_at is not None:
        raise Gone(STOPPED)
    if view.sent_at is not None:
        raise Gone(USED, place=place)
    voice_links.require_followed(session, view.round.person_id, view.round.organisation_id, place)
    voice_links.require_alive(link, now)
    return view, link.expires_at


def keep(
    session: Session,
    code: str,
    actor: Actor | None,
    *,
    answers: Mapping[str, Answer],
    revision: int,
    form_id: uuid.UUID,
    now: datetime,
) -> TutorViewRecord:
    """The request with what was typed so far, complete or not, to be taken up again.

    Raises:
        NotFound, Forbidden, Gone: as `open_page`.
        Conflict: somebody else has filled the page since it was shown.
    """
    view = _locked(session, code, actor, now)
    _require_revision(view, revision, form_id)
    levels = document_of(view.round.version).levels
    view.answers = {
        competence: [given.level if given.level in levels else None, given.act[: assessments.LONGEST_SITUATION]]
        for competence, given in answers.items()
        if competence in view.competences
    }
    view.revision, view.kept_at, view.kept_with = view.revision + 1, now, str(form_id)
    session.flush()
    return view


def send(
    session: Session,
    code: str,
    actor: Actor | None,
    *,
    answers: Mapping[str, Answer],
    right_person: bool,
    company_agreed: bool,
    revision: int,
    form_id: uuid.UUID,
    now: datetime,
) -> TutorViewRecord:
    """The request, answered: the answers are ratings of the round, or wait for the next one where the talk is over.

    The same form sent twice is answered once.

    Raises:
        NotFound, Forbidden, Gone: as `open_page`.
        Invalid: the person is not confirmed, a level is off the scale, or an act is missing or too long.
        Conflict: somebody else has filled the page since it was shown.
    """
    sent = voice_links.found(session, code).tutor_view
    if sent is not None and sent.sent_with == str(form_id):
        return sent
    view = _locked(session, code, actor, now)
    if not right_person:
        raise Invalid(N_("Dites d’abord si c’est bien la personne que vous avez accueillie."), field="right_person")
    checked = {competence: _checked(view, competence, answers.get(competence)) for competence in view.competences}
    _require_revision(view, revision, form_id)
    row = view.round
    view.sent_at, view.sent_with, view.company_agreed = now, str(form_id), company_agreed
    view.late = row.concluded_at is not None or row.closed_at is not None
    view.answers = checked if view.late else {}
    if not view.late:
        for rating in [one for one in row.ratings if one.rater is Rater.TUTOR and one.competence_code in checked]:
            session.delete(rating)  # taken up from an earlier round: what was seen since counts
        session.flush()
        session.expire(row, ["ratings"])
        row.ratings.extend(late_views.ratings(view, checked))
        row.tutor_awaited = False
    session.flush()
    _note(session, view, "tutor.answered", now, late=view.late)
    return view


def wrong_person(session: Session, code: str, actor: Actor | None, *, now: datetime) -> TutorViewRecord:
    """The request, ended by the company: this is not whom they hosted. Nothing typed is kept; the coach is told.

    Raises:
        NotFound, Forbidden, Gone: as `open_page`.
    """
    view = _locked(session, code, actor, now)
    tutor_views.end(view, TutorEnd.WRONG_PERSON, now)
    session.flush()
    _note(session, view, "tutor.wrong_person", now)
    return view


def _locked(session: Session, code: str, actor: Actor | None, now: datetime) -> TutorViewRecord:
    """The request, with its round's row kept until the commit: two who answer at once come one after the other."""
    row = open_page(session, code, actor, now)[0].round
    session.execute(select(RoundRecord.id).where(RoundRecord.id == row.id).with_for_update())
    session.expire(row, ["ratings"])
    return open_page(session, code, actor, now)[0]


def _checked(view: TutorViewRecord, competence: str, given: Answer | None) -> list[int | str | None]:
    document = document_of(view.round.version)
    if given is None or given.level is None:
        return [None, ""]
    if given.level not in document.levels:
        raise Invalid(N_("Choisissez une des réponses proposées."), field=f"level-{competence}")
    try:
        words = assessments.situation_text(given.act, Rater.TUTOR, required=True)
    except Invalid as refused:
        raise Invalid(refused.sentence, field=f"act-{competence}", **refused.values) from None
    return [given.level, words]


def _require_revision(view: TutorViewRecord, revision: int, form_id: uuid.UUID) -> None:
    """Accept the page that was kept last, and the form that kept it: its script may be still waiting for the answer."""
    if revision != view.revision and view.kept_with != str(form_id):
        raise Conflict(ELSEWHERE)


def close_to(actor: Actor, row: RoundRecord) -> bool:
    """Whether this is the person, or somebody of the structure that follows them, whatever their role there."""
    return actor.person_id == row.person_id or row.organisation_id in {there for there, _ in actor.roles}


def _note(session: Session, view: TutorViewRecord, action: str, now: datetime, **details: object) -> None:
    journal.record(
        session,
        actor=f"tutor:{view.id}",
        action=action,
        object=f"round:{view.round_id}",
        now=now,
        organisation_id=view.round.organisation_id,
        **details,
    )
