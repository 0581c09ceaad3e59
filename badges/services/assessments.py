"""Rounds of assessment: opened by a coach, rated twice and blindly, read by the person and their coaches alone.

What happens once both views are sealed (the talk, the agreed levels, the person's PIN) is `confrontation`'s. Nothing
here tells one rater what the other has answered before both are sealed, nor anybody else anything at all: for another
role or another structure a round does not exist.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.sql.base import ExecutableOption

from badges.models.assessments import Moment, Rater, RatingRecord, RoundRecord, TutorViewRecord
from badges.models.people import MembershipRecord, Role
from badges.models.referentiels import VersionRecord
from badges.services import journal, late_views, people, round_choices
from badges.services.access import Actor
from badges.services.errors import N_, Conflict, Forbidden, Invalid, NotFound, too_long
from badges.services.referentiels import document_of
from referentiels import scoring
from referentiels.model import Badge, Referentiel

MANY_COMPETENCES = 8
"""Above this many, one sitting is too long: the page warns, nothing refuses."""

SHORTEST_SITUATION = {Rater.SELF: 3, Rater.COACH: 10, Rater.TUTOR: 3}
"""Characters. The person and the tutor may write two words; the coach says how many times, when, where."""

LONGEST_SITUATION = 1000

NO_ROUND = N_("Ce positionnement n’existe pas, ou n’est pas à vous. Pour remplacer un coach, prenez d’abord le relais.")


class Stage(StrEnum):
    """Where a round stands, for both at once: blind views, the talk, the person's PIN, the end."""

    BLIND = "blind"
    TALK = "talk"
    CONFIRMATION = "confirmation"
    CLOSED = "closed"
    CANCELLED = "cancelled"


def stage(row: RoundRecord) -> Stage:
    """Where the round stands."""
    if row.cancelled_at is not None:
        return Stage.CANCELLED
    if row.closed_at is not None:
        return Stage.CLOSED
    if not revealed(row):
        return Stage.BLIND
    return Stage.TALK if row.concluded_at is None else Stage.CONFIRMATION


def revealed(row: RoundRecord) -> bool:
    """Whether every view the round waits for is given, so that they may be read together."""
    return row.self_sealed_at is not None and row.coach_sealed_at is not None and not row.tutor_awaited


def sealed(row: RoundRecord, rater: Rater) -> bool:
    """Whether this view can no longer change."""
    return (row.self_sealed_at if rater is Rater.SELF else row.coach_sealed_at) is not None


def answers(row: RoundRecord, rater: Rater) -> dict[str, RatingRecord]:
    """One view's answers by competence code, whoever is looking; to show them, see `readable_answers`."""
    return {rating.competence_code: rating for rating in row.ratings if rating.rater is rater}


def unanswered(row: RoundRecord, rater: Rater) -> tuple[str, ...]:
    """The competences this view has not answered yet, in the round's order."""
    given = answers(row, rater)
    return tuple(code for code in row.competences if code not in given)


def round_for(session: Session, actor: Actor, round_id: uuid.UUID, *, lock: bool = False) -> RoundRecord:
    """A round with everything it holds, for its person or a coach of a structure that still follows them.

    `lock` keeps its row until the caller commits.

    Raises:
        NotFound: unknown, or not this actor's to read: not told apart.
    """
    query = select(RoundRecord).where(RoundRecord.id == round_id, _readable_by(actor)).options(*_whole())
    if lock:
        query = query.with_for_update(of=RoundRecord).execution_options(populate_existing=True)
    row = session.scalar(query)
    if row is None:
        raise NotFound(NO_ROUND)
    return row


def rounds_of(session: Session, actor: Actor, person_id: uuid.UUID) -> tuple[RoundRecord, ...]:
    """The person's rounds that this actor may read, the latest first, each with everything it holds.

    The person has all of theirs; a coach those of the people they follow today, in the structure of the round. A
    colleague has none before taking over.

    Raises:
        NotFound: not this actor's own, nor a person of the actor's structures.
    """
    people.person_for(session, actor, person_id)
    return tuple(
        session.scalars(
            select(RoundRecord)
            .where(RoundRecord.person_id == person_id, _readable_by(actor))
            .options(*_whole())
            .order_by(RoundRecord.opened_at.desc(), RoundRecord.id)
        )
    )


def followed_by(
    session: Session,
    actor: Actor,
    person_id: uuid.UUID,
    *,
    organisation_id: int | None = None,
    lock: bool = False,
) -> MembershipRecord:
    """The membership by which this very coach, or a colleague they stand in for, follows the person.

    Raises:
        NotFound: not a person this coach's structures follow. Forbidden: a colleague follows them.
    """
    membership = people.open_membership(session, actor, person_id, organisation_id=organisation_id, lock=lock)
    if not actor.follows(membership.organisation_id, membership.coach_id):
        raise Forbidden(N_("C’est un autre coach qui suit cette personne. Prenez d’abord le relais."))
    return membership


def open_round(
    session: Session,
    actor: Actor,
    person_id: uuid.UUID,
    *,
    version_id: int,
    competences: Sequence[str],
    moment: Moment | None,
    now: datetime,
    organisation_id: int | None = None,
    round_id: uuid.UUID | None = None,
) -> RoundRecord:
    """A new round on a current version, its competences in the référentiel's order.

    `round_id` is drawn when the form is shown, so that the same form sent twice opens one round. Without
    `organisation_id`, it belongs to the structure through which this coach follows the person (the first, of several).

    Raises:
        NotFound: not a person this structure follows. Forbidden: another coach follows them.
        Invalid: no current version, no moment, no competence, or one that is not in it.
        Conflict: the identifier is another round's.
    """
    membership = followed_by(session, actor, person_id, organisation_id=organisation_id, lock=True)
    version = round_choices.current_version(session, version_id)
    row = RoundRecord(
        id=round_id or uuid.uuid4(),
        person_id=person_id,
        organisation_id=membership.organisation_id,
        version_id=version.id,
        coach_id=actor.staff_id,
        moment=round_choices.moment(moment),
        competences=round_choices.competences(version, competences),
        opened_at=now,
    )
    try:
        if session.get(RoundRecord, row.id) is not None:
            return _already_open(session, actor, row)
        with session.begin_nested():
            session.add(row)
    except IntegrityError:  # the same form, sent a moment ago to another worker
        return _already_open(session, actor, row)
    late_views.take_up(session, [row], document_of(version).levels)
    note(session, actor, row, "round.opened", now, version=version.id, competences=len(row.competences))
    return round_for(session, actor, row.id, lock=True)


def rate(
    session: Session,
    actor: Actor,
    round_id: uuid.UUID,
    *,
    rater: Rater,
    competence_code: str,
    level: int | None,
    situation: str,
    now: datetime,
) -> RatingRecord:
    """One answer of one view, saved over what that view answered before.

    `level` None is « pas encore eu l'occasion » / « pas observé ». A coach who answers as `Rater.SELF` types for the
    person beside them: only once the coach's own view is sealed, and never over what the person typed.

    Raises:
        NotFound: not this actor's round, or not one of its competences.
        Forbidden: not this actor's view.
        Conflict: the view is sealed, or the coach's own is not yet.
        Invalid: a level off the scale, or one without a situation.
    """
    row = round_for(session, actor, round_id, lock=True)
    rating = answerable(row, actor, rater, competence_code)
    if level is not None and level not in document_of(row.version).levels:
        raise Invalid(N_("Choisissez une des réponses proposées."), field="level")
    words = situation_text(situation, rater, required=level is not None)
    if rating is None:
        rating = RatingRecord(competence_code=competence_code, rater=rater)
        row.ratings.append(rating)
    rating.level, rating.situation = level, words
    rating.staff_id, rating.rated_at = actor.staff_id, now
    if types_for(actor, rater):
        row.self_typed_by = actor.staff_id
    session.flush()
    note(session, actor, row, "round.rated", now, rater=rater.value)
    return rating


def answerable(row: RoundRecord, actor: Actor, rater: Rater, competence_code: str) -> RatingRecord | None:
    """The answer this actor may give or change, as it stands; None where there is none yet.

    Raises:
        NotFound: the competence is not one of the round's.
        Forbidden: not this actor's view.
        Conflict: the view is sealed, or the coach's own is not yet, or the person has answered for themselves.
    """
    _require_writable(row, actor, rater)
    if competence_code not in row.competences:
        raise NotFound(N_("Cette compétence n’est pas dans ce positionnement."))
    rating = answers(row, rater).get(competence_code)
    if rating is not None and types_for(actor, rater) and rating.staff_id is None:
        raise Conflict(N_("La personne a répondu elle-même à cette question : vous ne pouvez pas changer sa réponse."))
    return rating


def readable_answers(row: RoundRecord, actor: Actor, rater: Rater) -> dict[str, RatingRecord]:
    """One view's answers that this actor may read now, by competence code.

    Before both views are sealed: one's own, or, for a coach who types beside the person, what a coach has typed.

    Raises:
        Forbidden: not this actor's view, and not both are sealed.
        Conflict: the coach's own view is not sealed yet.
    """
    given = answers(row, rater)
    if revealed(row):
        return given
    require_own_view(row, actor, rater)
    if types_for(actor, rater):
        return {code: rating for code, rating in given.items() if rating.staff_id is not None}
    return given


def require_own_view(row: RoundRecord, actor: Actor, rater: Rater) -> None:
    """Accept an actor who answers in this view, or types in it beside the person.

    Raises:
        Forbidden: not this actor's view.
        Conflict: the coach's own view is not sealed yet.
    """
    if rater is Rater.TUTOR or (rater is Rater.COACH and actor.kind != "staff"):
        raise Forbidden(N_("Cet avis n’est pas le vôtre."))
    if types_for(actor, rater) and row.coach_sealed_at is None:
        raise Conflict(N_("Terminez d’abord votre propre avis : vous pourrez ensuite saisir à côté de la personne."))


def seal(session: Session, actor: Actor, round_id: uuid.UUID, *, rater: Rater, now: datetime) -> RoundRecord:
    """The round with this view sealed; sealing twice changes nothing.

    A coach may seal the person's view only where a coach typed in it.

    Raises:
        NotFound: not this actor's round.
        Forbidden: not this actor's view.
        Conflict: the coach's own view is not sealed yet.
        Invalid: answers are missing.
    """
    row = round_for(session, actor, round_id, lock=True)
    if sealed(row, rater):
        require_own_view(row, actor, rater)
        return row
    _require_writable(row, actor, rater)
    if types_for(actor, rater) and row.self_typed_by is None:
        raise Forbidden(N_("Cet avis est celui de la personne : elle seule peut dire qu’elle a fini."))
    if unanswered(row, rater):
        raise Invalid(N_("Il reste des questions sans réponse. Répondez à toutes, puis terminez."))
    if rater is Rater.SELF:
        row.self_sealed_at = now
    else:
        row.coach_sealed_at = now
    session.flush()
    note(session, actor, row, "round.sealed", now, rater=rater.value)
    return row


def settled_levels(row: RoundRecord) -> dict[str, int]:
    """The levels that count, by competence code: agreed or answered, and confirmed by the person with their PIN.

    A disagreement without an answer, and what neither has seen, are absent.
    """
    return {
        agreement.competence_code: agreement.level
        for agreement in row.agreements
        if agreement.level is not None and agreement.confirmed_at is not None
    }


def met_badges(row: RoundRecord, document: Referentiel) -> tuple[Badge, ...]:
    """The badges of the référentiel that this round's settled levels meet.

    A competence counts for a badge only where every rater the badge wants has given it a level: a badge that wants a
    tutor's view is not met as long as none has been given.
    """
    levels = settled_levels(row)
    return tuple(
        badge
        for badge in document.badges
        if scoring.met(badge, {code: level for code, level in levels.items() if set(badge.raters) <= raters(row, code)})
    )


def raters(row: RoundRecord, competence_code: str) -> frozenset[str]:
    """Whose views give this competence a level."""
    return frozenset(
        rating.rater.value
        for rating in row.ratings
        if rating.competence_code == competence_code and rating.level is not None
    )


def types_for(actor: Actor, rater: Rater) -> bool:
    """Whether the actor would be typing somebody else's view beside them."""
    return rater is Rater.SELF and actor.kind == "staff"


def situation_text(text: str, rater: Rater, *, required: bool) -> str:
    """The situation as it is kept, without spaces around it.

    Raises:
        Invalid: too short where one is required, or too long.
    """
    words = text.strip()
    if required and len(words) < SHORTEST_SITUATION[rater]:
        sentence = (
            N_("Racontez en quelques mots : combien de fois, quand, où ?")
            if rater is Rater.SELF
            else N_("Notez ce que vous avez vu : combien de fois, quand, où ?")
        )
        raise Invalid(sentence, field="situation")
    if len(words) > LONGEST_SITUATION:
        raise too_long("situation", LONGEST_SITUATION)
    return words


def note(session: Session, actor: Actor, row: RoundRecord, action: str, now: datetime, **details: object) -> None:
    """Write an act on this round in the journal, without level or phrase."""
    journal.record(
        session,
        actor=actor.label,
        action=action,
        object=f"round:{row.id}",
        now=now,
        organisation_id=row.organisation_id,
        **details,
    )


def _readable_by(actor: Actor) -> ColumnElement[bool]:
    if actor.kind == "person":
        return RoundRecord.person_id == actor.person_id
    return and_(
        RoundRecord.organisation_id.in_(actor.organisations(Role.COACH)),
        exists().where(
            MembershipRecord.person_id == RoundRecord.person_id,
            MembershipRecord.organisation_id == RoundRecord.organisation_id,
            people.followed_by(actor),
            MembershipRecord.left_on.is_(None),
        ),
    )


def _whole() -> tuple[ExecutableOption, ...]:
    return (
        selectinload(RoundRecord.person),
        selectinload(RoundRecord.organisation),
        selectinload(RoundRecord.version).selectinload(VersionRecord.referentiel),
        selectinload(RoundRecord.coach),
        selectinload(RoundRecord.typist),
        selectinload(RoundRecord.canceller),
        selectinload(RoundRecord.ratings).joinedload(RatingRecord.typist),
        selectinload(RoundRecord.agreements),
        selectinload(RoundRecord.tutor_views).joinedload(TutorViewRecord.asker),
    )


def _already_open(session: Session, actor: Actor, wanted: RoundRecord) -> RoundRecord:
    row = session.scalar(select(RoundRecord).where(RoundRecord.id == wanted.id, _readable_by(actor)).options(*_whole()))
    if row is None or (row.person_id, row.coach_id, row.version_id) != (
        wanted.person_id,
        wanted.coach_id,
        wanted.version_id,
    ):
        raise Conflict(N_("Ce formulaire a déjà servi. Rechargez la page et recommencez."))
    return row


def _require_writable(row: RoundRecord, actor: Actor, rater: Rater) -> None:
    require_own_view(row, actor, rater)
    if row.cancelled_at is not None:
        raise Conflict(N_("Ce positionnement est annulé : on n’y répond plus. Ce qui était répondu est gardé."))
    if sealed(row, rater):
        raise Conflict(N_("Cet avis est terminé : il ne change plus. Vous en parlerez ensemble."))
