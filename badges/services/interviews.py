"""The interview of three, after real work: what went well, what to work on, the next step; confirmed by each of them.

The coach writes it; each confirms one exact text, by its digest, so that a change asks the others again. Nothing waits
for a confirmation: what is not confirmed is shown as not confirmed. Read by the person and their coach alone, and by
the company through its link.
"""

import hashlib
import json
import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from badges.models.assessments import RoundRecord
from badges.models.voices import InterviewConfirmationRecord, InterviewRecord, Party
from badges.services import assessments, awards, journal, people, tutor_answers, voice_links
from badges.services.access import Actor
from badges.services.errors import N_, Conflict, Forbidden, Gone, Invalid, NotFound, too_long
from badges.services.names import clean_name

LONGEST_TEXT = 1000
LONGEST_PLACE = 200
ASKED_FOR = timedelta(days=30)
"""How long the person's page asks to read and confirm: after that the text stays as it is, confirmed or not."""
UNKNOWN = N_("Cet entretien n’existe pas, ou n’est pas à vous.")
CHANGED = N_("Ce texte a changé depuis que vous l’avez ouvert. Relisez-le, puis recommencez.")
WRONG_PERSON = N_(
    "Vous avez dit que ce n’était pas la bonne personne. %(place)s est au courant : rien d’autre à faire."
)


@dataclass(frozen=True, slots=True)
class Words:
    """What the coach writes down."""

    company: str
    tutor_role: str
    shown_as: str
    held_on: date | None
    place: str
    went_well: str
    to_work_on: str
    next_step: str


def digest(interview: InterviewRecord) -> str:
    """SHA-256 in hex of all that is confirmed."""
    text = [
        *(interview.company, interview.tutor_role, interview.held_on.isoformat(), interview.place),
        *(interview.went_well, interview.to_work_on, interview.next_step),
    ]
    return hashlib.sha256(json.dumps(text, ensure_ascii=False).encode()).hexdigest()


def confirmed(interview: InterviewRecord) -> dict[Party, datetime]:
    """Who has confirmed the text as it stands, and when."""
    current = digest(interview)
    return {one.party: one.confirmed_at for one in interview.confirmations if one.digest == current}


def of_round(session: Session, actor: Actor, round_id: uuid.UUID) -> tuple[InterviewRecord, ...]:
    """The interviews of a round, for its person or their coach, the latest first.

    Raises:
        NotFound: not a round of this actor.
    """
    assessments.round_for(session, actor, round_id)
    return tuple(
        session.scalars(
            select(InterviewRecord)
            .where(InterviewRecord.round_id == round_id)
            .options(selectinload(InterviewRecord.confirmations))
            .order_by(InterviewRecord.held_on.desc(), InterviewRecord.drafted_at.desc())
        )
    )


def to_confirm(session: Session, actor: Actor, now: datetime) -> list[InterviewRecord]:
    """The interviews whose text the signed-in person has not confirmed, and that were written in the last weeks."""
    found = session.scalars(
        select(InterviewRecord)
        .join(RoundRecord, RoundRecord.id == InterviewRecord.round_id)
        .where(RoundRecord.person_id == actor.person_id, InterviewRecord.changed_at > now - ASKED_FOR)
        .options(selectinload(InterviewRecord.confirmations))
        .order_by(InterviewRecord.changed_at.desc())
    )
    return [one for one in found if Party.PERSON not in confirmed(one)]


def interview_for(session: Session, actor: Actor, interview_id: uuid.UUID, *, lock: bool = False) -> InterviewRecord:
    """An interview with its confirmations, for its person or their coach.

    Raises:
        NotFound: unknown, or not this actor's.
    """
    interview = session.scalar(
        select(InterviewRecord)
        .where(InterviewRecord.id == interview_id)
        .options(selectinload(InterviewRecord.confirmations))
        .execution_options(populate_existing=True)
    )
    if interview is None:
        raise NotFound(UNKNOWN)
    assessments.round_for(session, actor, interview.round_id, lock=lock)
    return interview


def write(
    session: Session,
    actor: Actor,
    round_id: uuid.UUID,
    *,
    interview_id: uuid.UUID,
    words: Words,
    confirms: bool,
    today: date,
    now: datetime,
) -> InterviewRecord:
    """A new interview; with `confirms`, the coach's own yes to it. The same form sent twice writes one.

    Raises:
        NotFound: not a round of this coach. Forbidden: not a coach.
        Invalid: a name, the day or a text is missing, too long or in the future.
    """
    row = assessments.round_for(session, actor, round_id, lock=True)
    staff_id = _coach(actor)
    known = session.get(InterviewRecord, interview_id)
    if known is not None:
        if known.round_id != row.id:
            raise NotFound(UNKNOWN)
        return known
    interview = InterviewRecord(
        id=interview_id, round_id=row.id, drafted_by=staff_id, drafted_at=now, changed_at=now, confirmations=[]
    )
    _fill(interview, words, today)
    session.add(interview)
    session.flush()
    _note(session, actor.label, interview, row, "interview.written", now)
    if confirms:
        _confirm(session, interview, Party.COACH, now)
    return interview


def change(
    session: Session,
    actor: Actor,
    interview_id: uuid.UUID,
    *,
    words: Words,
    seen: str,
    confirms: bool,
    today: date,
    now: datetime,
) -> InterviewRecord:
    """The interview, written anew: whoever had confirmed is asked again.

    Raises:
        NotFound: not this coach's. Forbidden: not a coach. Conflict: it has changed since it was opened.
        Invalid: as `write`.
    """
    interview = interview_for(session, actor, interview_id, lock=True)
    _coach(actor)
    _require_seen(interview, seen)
    _fill(interview, words, today)
    interview.changed_at = now
    session.flush()
    _note(session, actor.label, interview, interview.round, "interview.changed", now)
    if confirms:
        _confirm(session, interview, Party.COACH, now)
    return interview


def confirm(session: Session, actor: Actor, interview_id: uuid.UUID, *, seen: str, now: datetime) -> InterviewRecord:
    """The interview with the yes of the person, or of their coach, to the text they saw.

    Raises:
        NotFound: not this actor's. Conflict: the text has changed since it was shown.
    """
    interview = interview_for(session, actor, interview_id, lock=True)
    _require_seen(interview, seen)
    party = Party.PERSON if actor.person_id is not None else Party.COACH
    _confirm(session, interview, party, now)
    _note(session, actor.label, interview, interview.round, "interview.confirmed", now, party=party.value)
    return interview


def confirm_with_pin(
    session: Session, actor: Actor, interview_id: uuid.UUID, *, pin: str, secret: bytes, seen: str, now: datetime
) -> bool:
    """True once the person has confirmed with their PIN on their coach's screen. The caller commits either way.

    Raises:
        NotFound: not this coach's. Conflict: the text has changed since it was shown. TooMany: too many wrong PINs.
    """
    interview = interview_for(session, actor, interview_id, lock=True)
    _coach(actor)
    _require_seen(interview, seen)
    person = interview.round.person
    if not people.confirm_pin(session, person, pin, secret, now):
        return False
    _confirm(session, interview, Party.PERSON, now)
    _note(session, f"person:{person.id}", interview, interview.round, "interview.confirmed", now, party="person")
    return True


def new_link(session: Session, actor: Actor, interview_id: uuid.UUID, *, now: datetime) -> tuple[InterviewRecord, str]:
    """The interview and the code of a fresh link by which the company reads and confirms it.

    Raises:
        NotFound: not this coach's. Forbidden: not a coach.
    """
    interview = interview_for(session, actor, interview_id, lock=True)
    _coach(actor)
    interview.wrong_person_at = None
    code = voice_links.new_link(session, interview, now)
    _note(session, actor.label, interview, interview.round, "interview.link_made", now)
    return interview, code


def open_page(session: Session, code: str, actor: Actor | None, now: datetime) -> tuple[InterviewRecord, datetime]:
    """The interview a company's link leads to, and until when; looking uses nothing up.

    Raises:
        NotFound: no such link. Forbidden: the person, or somebody who coaches where they are followed, is signed in.
        Gone: it was about somebody else, the structure no longer follows the person, or the link is over.
    """
    link = voice_links.found(session, code)
    interview = link.interview
    if interview is None:
        raise NotFound(voice_links.UNKNOWN)
    row, place = interview.round, interview.round.organisation.name
    if actor is not None and tutor_answers.close_to(actor, row):
        raise Forbidden(tutor_answers.NOT_YOURS)
    if interview.wrong_person_at is not None:
        raise Gone(WRONG_PERSON, place=place)
    voice_links.require_followed(session, row.person_id, row.organisation_id, place)
    voice_links.require_alive(link, now)
    return interview, link.expires_at


def confirm_by_link(session: Session, code: str, actor: Actor | None, *, seen: str, now: datetime) -> InterviewRecord:
    """The interview with the company's yes to the text it saw; the link stays, for a text that changes.

    Raises:
        NotFound, Forbidden, Gone: as `open_page`. Conflict: the text has changed since it was shown.
    """
    interview = _locked_by_link(session, code, actor, now)
    _require_seen(interview, seen)
    _confirm(session, interview, Party.TUTOR, now)
    _note(session, f"tutor:{interview.id}", interview, interview.round, "interview.confirmed", now, party="tutor")
    return interview


def wrong_person(session: Session, code: str, actor: Actor | None, *, now: datetime) -> InterviewRecord:
    """The interview, which the company says is about somebody else: the link ends, the coach is told.

    It goes out of badges that are not claimed yet too.

    Raises:
        NotFound, Forbidden, Gone: as `open_page`.
    """
    interview = _locked_by_link(session, code, actor, now)
    interview.wrong_person_at = now
    for one in [one for one in interview.confirmations if one.party is Party.TUTOR]:
        session.delete(one)
    session.flush()
    session.expire(interview, ["confirmations"])
    awards.drop_voice(session, interview.round.person_id, f"interview-{interview.id}")
    _note(session, f"tutor:{interview.id}", interview, interview.round, "tutor.wrong_person", now)
    return interview


def _locked_by_link(session: Session, code: str, actor: Actor | None, now: datetime) -> InterviewRecord:
    interview, _until = open_page(session, code, actor, now)
    session.execute(select(RoundRecord.id).where(RoundRecord.id == interview.round_id).with_for_update())
    session.expire(interview, ["confirmations"])
    return open_page(session, code, actor, now)[0]


def _confirm(session: Session, interview: InterviewRecord, party: Party, now: datetime) -> None:
    known = next((one for one in interview.confirmations if one.party is party), None)
    if known is None:
        known = InterviewConfirmationRecord(party=party)
        interview.confirmations.append(known)
    elif known.digest == digest(interview):
        return
    known.digest, known.confirmed_at = digest(interview), now
    session.flush()


def _fill(interview: InterviewRecord, words: Words, today: date) -> None:
    if words.held_on is None:
        raise Invalid(N_("Indiquez le jour de l’entretien."), field="held_on")
    if words.held_on > today:
        raise Invalid(N_("Le jour de l’entretien ne peut pas être dans le futur."), field="held_on")
    interview.company = clean_name(words.company, field="company", longest=120)
    interview.tutor_role = clean_name(words.tutor_role, field="tutor_role", longest=120)
    interview.shown_as = clean_name(words.shown_as, field="shown_as", longest=60)
    interview.held_on = words.held_on
    interview.place = _text(words.place, "place", longest=LONGEST_PLACE)
    interview.went_well = _text(words.went_well, "went_well", required=True)
    interview.to_work_on = _text(words.to_work_on, "to_work_on")
    interview.next_step = _text(words.next_step, "next_step", required=True)


def _text(typed: str, field: str, *, required: bool = False, longest: int = LONGEST_TEXT) -> str:
    text = typed.strip()
    if required and not text:
        raise Invalid(N_("Écrivez quelques mots."), field=field)
    if len(text) > longest:
        raise too_long(field, longest)
    return text


def _require_seen(interview: InterviewRecord, seen: str) -> None:
    if seen != digest(interview):
        raise Conflict(CHANGED)


def _coach(actor: Actor) -> int:
    if actor.staff_id is None:
        raise Forbidden(N_("C’est le coach qui écrit, et chacun confirme."))
    return actor.staff_id


def _note(  # noqa: PLR0917 - who, what, on which round, how and when: always all of them
    session: Session,
    actor: str,
    interview: InterviewRecord,
    row: RoundRecord,
    action: str,
    now: datetime,
    **details: object,
) -> None:
    journal.record(
        session,
        actor=actor,
        action=action,
        object=f"interview:{interview.id}",
        now=now,
        organisation_id=row.organisation_id,
        **details,
    )
