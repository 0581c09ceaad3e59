"""A level contested after its round closed: it blocks every badge resting on that competence until it is answered.

The person alone opens, ends or withdraws a contest; a coach who follows them answers, after a new talk. A level that
two people agreed on changes only if both want it: the coach proposes it, the person confirms it with their PIN. What
is signed already is never touched. For anybody else a contest does not exist.
"""

import uuid
from collections.abc import Collection, Iterable
from datetime import date, datetime, tzinfo

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from badges.models.assessments import AgreementRecord, RoundRecord
from badges.models.awards import AwardRecord, AwardState
from badges.models.contests import ContestEnd, ContestRecord
from badges.models.people import PersonRecord
from badges.models.referentiels import VersionRecord
from badges.services import assessments, people
from badges.services.access import Actor
from badges.services.errors import N_, Conflict, Forbidden, Invalid, NotFound, too_long
from badges.services.referentiels import document_of
from referentiels import scoring

LONGEST_REASON = 500
SHORTEST_ANSWER = 3
NOT_SIGNED = (AwardState.PROPOSED, AwardState.GRANTED)
LEVEL_CHANGED = N_("Le niveau a changé après un nouvel échange : ce badge n’est plus atteint pour l’instant.")
NOTHING = N_("Ce niveau n’est pas contesté, ou ne l’est plus.")
BLOCKED = N_(
    "Un niveau de ce badge est contesté. Rien n’est signé tant que ce n’est pas réglé : "
    "le coach répond après un nouvel échange, la personne choisit ensuite."
)


def open_on(
    session: Session,
    *,
    person_id: uuid.UUID,
    organisation_id: int,
    referentiel_id: int,
    competences: Collection[str],
    lock: bool = False,
) -> tuple[ContestRecord, ...]:
    """The contests that block a badge of this structure on these competences of the référentiel, the oldest first.

    A contest blocks until it is answered; after that only where the answer proposes another level, until the person
    has chosen. `lock` keeps the person's row until the commit, so that a contest and a signature never cross.
    """
    if lock:
        _locked_person(session, person_id)
    query = (
        select(ContestRecord)
        .join(RoundRecord, RoundRecord.id == ContestRecord.round_id)
        .join(VersionRecord, VersionRecord.id == RoundRecord.version_id)
        .where(
            RoundRecord.person_id == person_id,
            RoundRecord.organisation_id == organisation_id,
            VersionRecord.referentiel_id == referentiel_id,
            ContestRecord.competence_code.in_(competences),
            blocking(),
        )
        .order_by(ContestRecord.id)
    )
    return tuple(session.scalars(query))


def require_none(session: Session, row: RoundRecord, competences: Collection[str], *, lock: bool = True) -> None:
    """Return where no contest blocks a badge of this round's référentiel that rests on these competences.

    Raises:
        Conflict: one does.
    """
    if open_on(
        session,
        person_id=row.person_id,
        organisation_id=row.organisation_id,
        referentiel_id=row.version.referentiel_id,
        competences=competences,
        lock=lock,
    ):
        raise Conflict(BLOCKED)


def blocking() -> ColumnElement[bool]:
    """The condition under which a contest blocks."""
    other_level = ContestRecord.level != ContestRecord.level_before
    return and_(ContestRecord.ended_at.is_(None), or_(ContestRecord.answered_at.is_(None), other_level))


def of_round(session: Session, row: RoundRecord) -> dict[str, ContestRecord]:
    """The latest contest of each competence of a round the caller may read."""
    query = select(ContestRecord).where(ContestRecord.round_id == row.id).order_by(ContestRecord.id)
    return {contest.competence_code: contest for contest in session.scalars(query)}


def may_contest(session: Session, actor: Actor, row: RoundRecord, competence_code: str) -> bool:
    """Whether the person may contest this level now: theirs, agreed, closed, and somebody there to answer."""
    return (
        actor.person_id == row.person_id
        and _agreed(row, competence_code) is not None
        and people.follows(session, row.person_id, row.organisation_id)
    )


def contest(
    session: Session, actor: Actor, round_id: uuid.UUID, *, competence_code: str, reason: str, now: datetime
) -> ContestRecord:
    """The contest of a level that was agreed in a closed round; saying why is up to the person.

    Sent twice, it is one.

    Raises:
        NotFound: not this actor's round. Forbidden: not the person.
        Conflict: no level was agreed there, or the structure follows the person no longer: nobody could answer.
        Invalid: too long.
    """
    row = assessments.round_for(session, actor, round_id, lock=True)
    _require_person(actor, row)
    agreement = _agreed(row, competence_code)
    if agreement is None or agreement.level is None:
        raise Conflict(N_("Il n’y a pas ici de niveau convenu : rien à contester."))
    if not people.follows(session, row.person_id, row.organisation_id):
        raise Conflict(
            N_("Cette structure ne vous suit plus : personne ne pourrait répondre. Vos badges restent à vous.")
        )
    words = reason.strip()
    if len(words) > LONGEST_REASON:
        raise too_long("reason", LONGEST_REASON)
    _locked_person(session, row.person_id)
    standing = _under_way(session, row.id, competence_code)
    if standing is not None:
        return standing
    made = ContestRecord(
        round_id=row.id, competence_code=competence_code, level_before=agreement.level, reason=words, opened_at=now
    )
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:  # the same form, sent a moment ago to another worker
        return _required(session, row.id, competence_code)
    assessments.note(session, actor, row, "contest.opened", now)
    return made


def answer(
    session: Session,
    actor: Actor,
    round_id: uuid.UUID,
    *,
    competence_code: str,
    level: int | None,
    words: str,
    talk_on: date | None,
    now: datetime,
    zone: tzinfo,
) -> ContestRecord:
    """The contest with the coach's answer after a new talk: the level as it was, or another for the person to confirm.

    It may be reworded until the person has chosen.

    Raises:
        NotFound: not this actor's round, or nothing contested there. Forbidden: not a coach.
        Invalid: no level, no words, or a day that is not between the contest and today.
    """
    row = assessments.round_for(session, actor, round_id, lock=True)
    if actor.kind != "staff":
        raise Forbidden(N_("C’est votre coach qui répond, après votre échange."))
    made = _required(session, row.id, competence_code)
    if level is None or level not in document_of(row.version).levels:
        raise Invalid(N_("Choisissez une des réponses proposées."), field="level")
    said = words.strip()
    if len(said) < SHORTEST_ANSWER:
        raise Invalid(N_("Écrivez quelques mots."), field="answer")
    if len(said) > assessments.LONGEST_SITUATION:
        raise too_long("answer", assessments.LONGEST_SITUATION)
    _require_day(made, talk_on, now, zone)
    _locked_person(session, row.person_id)
    made.level, made.answer, made.talk_on = level, said, talk_on
    made.answered_at, made.answered_by = now, actor.staff_id
    session.flush()
    assessments.note(session, actor, row, "contest.answered", now)
    return made


def settle(
    session: Session,
    actor: Actor,
    round_id: uuid.UUID,
    *,
    competence_code: str,
    pin: str,
    seen: str,
    secret: bytes,
    now: datetime,
) -> bool:
    """True once the person has accepted the answer with their PIN; its level counts from then on. False: wrong PIN.

    `seen` is `shown` of the page they read. The caller commits either way: a wrong guess counts. Badges on their way
    that rest on another level are decided again, or refused where the new one does not reach them.

    Raises:
        NotFound: not this actor's round, or nothing contested there. Forbidden: not the person.
        Conflict: not answered yet, or answered otherwise since. TooMany: too many wrong PINs.
    """
    underway = _locked_awards(session, actor, round_id)
    row = assessments.round_for(session, actor, round_id, lock=True)
    _require_person(actor, row)
    made = _required(session, row.id, competence_code)
    if made.answered_at is None or made.level is None:
        raise Conflict(N_("Votre coach n’a pas encore répondu."))
    if seen != shown(made):
        raise Conflict(N_("Cette page a changé depuis que vous l’avez ouverte. Relisez-la, puis choisissez."))
    person = _locked_person(session, row.person_id)
    if not people.confirm_pin(session, person, pin, secret, now):
        return False
    agreement = _agreed(row, competence_code)
    if agreement is not None and agreement.level != made.level:
        agreement.level, agreement.confirmed_at = made.level, now
        _decide_again(row, underway, competence_code)
    _end(made, ContestEnd.SETTLED, now)
    session.flush()
    assessments.note(session, actor, row, "contest.settled", now)
    return True


def maintain(
    session: Session, actor: Actor, round_id: uuid.UUID, *, competence_code: str, seen: str, now: datetime
) -> ContestRecord:
    """The contest, ended by a person who still sees it otherwise: the agreed level stays, and so do both opinions.

    Raises:
        NotFound: not this actor's round, or nothing contested there. Forbidden: not the person.
        Conflict: not answered yet, or answered otherwise since.
    """
    row, made = _own(session, actor, round_id, competence_code)
    if made.answered_at is None:
        raise Conflict(N_("Votre coach n’a pas encore répondu."))
    if seen != shown(made):
        raise Conflict(N_("Cette page a changé depuis que vous l’avez ouverte. Relisez-la, puis choisissez."))
    _end(made, ContestEnd.MAINTAINED, now)
    session.flush()
    assessments.note(session, actor, row, "contest.maintained", now)
    return made


def withdraw(
    session: Session, actor: Actor, round_id: uuid.UUID, *, competence_code: str, now: datetime
) -> ContestRecord:
    """The contest, withdrawn by the person: all is as it was before.

    Raises:
        NotFound: not this actor's round, or nothing contested there. Forbidden: not the person.
    """
    row, made = _own(session, actor, round_id, competence_code)
    _end(made, ContestEnd.WITHDRAWN, now)
    session.flush()
    assessments.note(session, actor, row, "contest.withdrawn", now)
    return made


def shown(made: ContestRecord) -> str:
    """What ties the person's choice to the answer they read."""
    return made.answered_at.isoformat() if made.answered_at else ""


def _own(
    session: Session, actor: Actor, round_id: uuid.UUID, competence_code: str
) -> tuple[RoundRecord, ContestRecord]:
    row = assessments.round_for(session, actor, round_id, lock=True)
    _require_person(actor, row)
    _locked_person(session, row.person_id)
    return row, _required(session, row.id, competence_code)


def _end(made: ContestRecord, how: ContestEnd, now: datetime) -> None:
    made.end, made.ended_at = how, now


def _agreed(row: RoundRecord, competence_code: str) -> AgreementRecord | None:
    """The agreement that counts, where the round is closed."""
    if row.closed_at is None:
        return None
    for agreement in row.agreements:
        if agreement.competence_code == competence_code and agreement.level is not None and agreement.confirmed_at:
            return agreement
    return None


def _under_way(session: Session, round_id: uuid.UUID, competence_code: str) -> ContestRecord | None:
    return session.scalar(
        select(ContestRecord)
        .where(
            ContestRecord.round_id == round_id,
            ContestRecord.competence_code == competence_code,
            ContestRecord.ended_at.is_(None),
        )
        .execution_options(populate_existing=True)
    )


def _required(session: Session, round_id: uuid.UUID, competence_code: str) -> ContestRecord:
    made = _under_way(session, round_id, competence_code)
    if made is None:
        raise NotFound(NOTHING)
    return made


def _require_person(actor: Actor, row: RoundRecord) -> None:
    if actor.person_id != row.person_id:
        raise Forbidden(N_("Seule la personne peut contester un niveau, ou dire que c’est réglé."))


def _require_day(made: ContestRecord, talk_on: date | None, now: datetime, zone: tzinfo) -> None:
    if talk_on is None:
        raise Invalid(N_("Indiquez le jour de votre échange."), field="talk_on")
    if talk_on > now.astimezone(zone).date():
        raise Invalid(N_("Le jour de l’échange ne peut pas être dans le futur."), field="talk_on")
    if talk_on < made.opened_at.astimezone(zone).date():
        raise Invalid(N_("Il faut un nouvel échange, depuis que la personne conteste ce niveau."), field="talk_on")


def _locked_person(session: Session, person_id: uuid.UUID) -> PersonRecord:
    """The person, their row locked until the commit: contests, proposals and signatures about them take turns.

    Without keeping out rows that merely refer to them.
    """
    return session.get_one(PersonRecord, person_id, with_for_update={"key_share": True}, populate_existing=True)


def _locked_awards(session: Session, actor: Actor, round_id: uuid.UUID) -> list[AwardRecord]:
    """The unsigned awards of the person's round, before anything else is locked: grants and claims begin there too."""
    query = (
        select(AwardRecord)
        .where(
            AwardRecord.round_id == round_id,
            AwardRecord.person_id == actor.person_id,
            AwardRecord.state.in_(NOT_SIGNED),
        )
        .order_by(AwardRecord.id)
        .with_for_update(of=AwardRecord)
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(query))


def _decide_again(row: RoundRecord, underway: Iterable[AwardRecord], competence_code: str) -> None:
    """Whoever grants decides on the levels they see: a grant on another level falls back to a proposal."""
    document = document_of(row.version)
    met = {badge.code for badge in assessments.met_badges(row, document)}
    levels = assessments.settled_levels(row)
    for award in underway:
        if competence_code not in award.results:
            continue
        if award.badge_code in met:
            badge = document.badge(award.badge_code)
            counting = {code: level for code, level in levels.items() if code in award.results}
            award.results = {result.competence: result.level for result in scoring.results(badge, counting)}
            award.state, award.granted_at, award.granted_by = AwardState.PROPOSED, None, None
        else:
            award.state, award.reason = AwardState.REFUSED, LEVEL_CHANGED
