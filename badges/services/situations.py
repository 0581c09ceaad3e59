"""Situations of real work: a placement, a job, a training at the work place; each try in it is an observation.

The coach who follows the person writes them. How much somebody did by themselves is said in words, try after try: it is
neither a mark nor a level, and a later try takes nothing from an earlier one.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload, selectinload

from badges.models.evidence import Autonomy, ObservationRecord, Origin, SituationRecord
from badges.models.referentiels import VersionRecord
from badges.services import assessments, evidence, journal, round_choices
from badges.services.access import Actor
from badges.services.errors import N_, Conflict, Invalid, NotFound, too_long

LONGEST_WORDS = 120
NO_SITUATION = N_("Cette situation n’existe pas, ou n’est pas d’une personne que vous suivez.")
ORIGINS = (Origin.IMMERSION, Origin.PRACTICE, Origin.AFEST, Origin.MISSION)


@dataclass(frozen=True, slots=True)
class Setting:
    """What a situation is, as its form says it."""

    origin: Origin | None
    task: str
    place: str
    from_on: date | None
    until_on: date | None
    supervisor: str = ""
    supervisor_role: str = ""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try, as its form says it."""

    day: date | None
    competences: Sequence[str]
    act: str
    autonomy: Autonomy | None


def create(
    session: Session,
    actor: Actor,
    person_id: uuid.UUID,
    setting: Setting,
    *,
    version_id: int,
    situation_id: uuid.UUID,
    now: datetime,
) -> SituationRecord:
    """A new situation; `situation_id`, drawn when the form was shown, makes the act safe to repeat.

    Raises:
        NotFound: not a person this coach's structures follow. Forbidden: a colleague follows them.
        Invalid: something is missing, too long, or ends before it begins. Conflict: the identifier is another's.
    """
    membership = assessments.followed_by(session, actor, person_id)
    version = round_choices.current_version(session, version_id)
    if setting.origin not in ORIGINS:
        raise Invalid(N_("Choisissez une réponse."), field="origin")
    if setting.from_on is None:
        raise Invalid(N_("Donnez le premier jour."), field="from_on")
    if setting.until_on is not None and setting.until_on < setting.from_on:
        raise Invalid(N_("Le dernier jour vient après le premier."), field="until_on")
    row = SituationRecord(
        id=situation_id,
        person_id=person_id,
        organisation_id=membership.organisation_id,
        version_id=version.id,
        origin=setting.origin,
        task=_words(setting.task, "task", N_("Dites ce qui était à faire.")),
        place=_words(setting.place, "place", N_("Dites où : l’entreprise, l’atelier.")),
        from_on=setting.from_on,
        until_on=setting.until_on,
        supervisor=_words(setting.supervisor, "supervisor"),
        supervisor_role=_words(setting.supervisor_role, "supervisor_role"),
        created_by=actor.staff_id,
        created_at=now,
    )
    try:
        with session.begin_nested():
            if session.get(SituationRecord, situation_id) is None:
                session.add(row)
    except IntegrityError:  # the same form, sent a moment ago to another worker
        session.expire_all()
    held = situation_for(session, actor, situation_id)
    if held.person_id != person_id:
        raise Conflict(N_("Ce formulaire a déjà servi. Rechargez la page et recommencez."))
    if held is row:
        _note(session, actor, row, "situation.opened", now)
    return held


def situation_for(session: Session, actor: Actor, situation_id: uuid.UUID, *, lock: bool = False) -> SituationRecord:
    """A situation with its tries, for the coach who follows the person; `lock` keeps its row until the commit.

    Raises:
        NotFound: no such situation, or not of a person this coach's structures follow.
        Forbidden: a colleague follows them.
    """
    query = (
        select(SituationRecord)
        .where(SituationRecord.id == situation_id)
        .options(
            joinedload(SituationRecord.person),
            joinedload(SituationRecord.version).joinedload(VersionRecord.referentiel),
            selectinload(SituationRecord.observations).joinedload(ObservationRecord.staff),
        )
    )
    if lock:
        query = query.with_for_update(of=SituationRecord).execution_options(populate_existing=True)
    row = session.scalar(query)
    if row is None:
        raise NotFound(NO_SITUATION)
    assessments.followed_by(session, actor, row.person_id, organisation_id=row.organisation_id)
    return row


def of_person(session: Session, actor: Actor, person_id: uuid.UUID) -> tuple[SituationRecord, ...]:
    """The situations of a person in the structure of the coach who follows them, the latest first.

    Raises:
        NotFound: not a person this coach's structures follow. Forbidden: a colleague follows them.
    """
    membership = assessments.followed_by(session, actor, person_id)
    return tuple(
        session.scalars(
            select(SituationRecord)
            .where(
                SituationRecord.person_id == person_id, SituationRecord.organisation_id == membership.organisation_id
            )
            .order_by(SituationRecord.from_on.desc(), SituationRecord.created_at.desc())
        )
    )


def add_try(
    session: Session, actor: Actor, situation_id: uuid.UUID, attempt: Attempt, *, now: datetime, today: date
) -> SituationRecord:
    """The situation with one more try: an observation for each competence it showed.

    The very same try sent twice is written once.

    Raises:
        NotFound, Forbidden: as `situation_for`.
        Invalid: no act, no autonomy, no competence of the référentiel, or a day outside the situation or to come.
    """
    row = situation_for(session, actor, situation_id, lock=True)
    day = attempt.day
    if day is None or day > today or day < row.from_on or (row.until_on is not None and day > row.until_on):
        raise Invalid(N_("Donnez un jour de cette situation, passé ou aujourd’hui."), field="day")
    if attempt.autonomy is None:
        raise Invalid(N_("Dites avec quelle aide."), field="autonomy")
    act = evidence.act_text(attempt.act, required=N_("Écrivez ce que la personne a fait : un acte que l’on voit."))
    codes = round_choices.competences(row.version, attempt.competences)
    held = {(one.seen_on, one.competence_code, one.act, one.autonomy) for one in row.observations}
    added = [code for code in codes if (day, code, act, attempt.autonomy) not in held]
    for code in added:
        row.observations.append(
            ObservationRecord(
                person_id=row.person_id,
                organisation_id=row.organisation_id,
                referentiel_id=row.version.referentiel_id,
                competence_code=code,
                origin=row.origin,
                activity=row.task,
                place=row.place,
                seen_on=day,
                act=act,
                autonomy=attempt.autonomy,
                staff_id=actor.staff_id,
                recorded_at=now,
            )
        )
    session.flush()
    if added:
        _note(session, actor, row, "situation.tried", now, competences=len(added))
    return row


def _words(text: str, field: str, missing: str = "") -> str:
    words = " ".join(text.split())
    if missing and not words:
        raise Invalid(missing, field=field)
    if len(words) > LONGEST_WORDS:
        raise too_long(field, LONGEST_WORDS)
    return words


def _note(session: Session, actor: Actor, row: SituationRecord, action: str, now: datetime, **details: object) -> None:
    journal.record(
        session,
        actor=actor.label,
        action=action,
        object=f"situation:{row.id}",
        now=now,
        organisation_id=row.organisation_id,
        **details,
    )
