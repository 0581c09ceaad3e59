"""Grids filled in on paper, and typed in afterwards: one person on one screen.

The sheet of a round carries a short code made from the round itself: it opens nothing without the coach's own session.
What is typed goes through the same rules as on the screen: the coach's own view is sealed before the person's paper may
be typed, and what the person answered on a screen stays.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from badges.models.assessments import Rater, RoundRecord
from badges.models.people import MembershipRecord, Role
from badges.models.referentiels import VersionRecord
from badges.services import assessments, codes, people
from badges.services.access import Actor
from badges.services.assessments import Stage
from badges.services.errors import N_, Conflict, Invalid, NotFound

CODE_BITS = 25
NOT_SEEN = "x"
"""What is typed for « pas encore eu l'occasion » and « pas observé »."""


@dataclass(frozen=True, slots=True)
class Typed:
    """One line of a grid as it was typed: a level, `x`, or nothing where the paper says nothing."""

    level: str
    situation: str


class GridRefused(Invalid):
    """Some lines of a grid cannot be kept; `faults` says which, by competence. Nothing of the grid was written."""

    def __init__(self, faults: Mapping[str, Invalid]) -> None:
        super().__init__(N_("Des lignes sont à revoir : rien n’est encore enregistré."), field="grid")
        self.faults = dict(faults)


def code_of(round_id: uuid.UUID) -> str:
    """The short code of a round's sheets, as it is printed: five letters or digits and a check character."""
    return codes.derived_code(round_id.bytes, CODE_BITS)


def open_rounds(session: Session, actor: Actor) -> list[RoundRecord]:
    """The rounds of the people this coach follows that still wait for a view, by name.

    A round that has both, or that was cancelled, has nothing left to be typed.
    """
    rows = session.scalars(
        select(RoundRecord)
        .join(
            MembershipRecord,
            (MembershipRecord.person_id == RoundRecord.person_id)
            & (MembershipRecord.organisation_id == RoundRecord.organisation_id),
        )
        .where(
            RoundRecord.organisation_id.in_(actor.organisations(Role.COACH)),
            RoundRecord.closed_at.is_(None),
            RoundRecord.cancelled_at.is_(None),
            MembershipRecord.left_on.is_(None),
            people.followed_by(actor),
        )
        .options(
            joinedload(RoundRecord.person),
            joinedload(RoundRecord.organisation),
            joinedload(RoundRecord.version).joinedload(VersionRecord.referentiel),
            selectinload(RoundRecord.ratings),
        )
    )
    waiting = [row for row in rows if row.self_sealed_at is None or row.coach_sealed_at is None]
    return sorted(waiting, key=lambda row: (row.person.name.casefold(), row.opened_at))


def by_code(session: Session, actor: Actor, typed: str) -> RoundRecord:
    """The open round of this coach whose sheet carries the code.

    Raises:
        NotFound: none does.
    """
    code = codes.read_code(typed)
    for row in open_rounds(session, actor):
        if code is not None and code_of(row.id) == code:
            return row
    raise NotFound(N_("Aucune fiche ouverte n’a ce code. Vérifiez-le, ou choisissez la personne dans la liste."))


def require_typing(row: RoundRecord, actor: Actor, rater: Rater) -> None:
    """Return where this coach may type this view's paper now.

    Raises:
        Conflict: the round has moved on, the view is sealed, or the coach's own is not yet.
    """
    if assessments.stage(row) is not Stage.BLIND or assessments.sealed(row, rater):
        raise Conflict(N_("Cet avis est terminé : il ne change plus. Vous en parlerez ensemble."))
    assessments.require_own_view(row, actor, rater)


def answered_by_person(row: RoundRecord) -> frozenset[str]:
    """The competences that the person answered on a screen: their paper is not typed over them."""
    given = assessments.answers(row, Rater.SELF)
    return frozenset(code for code, rating in given.items() if rating.staff_id is None)


def type_in(
    session: Session,
    actor: Actor,
    round_id: uuid.UUID,
    *,
    rater: Rater,
    lines: Mapping[str, Typed],
    paper_on: date | None,
    finish: bool,
    now: datetime,
    today: date,
) -> RoundRecord:
    """The round with everything the paper says of one view, all of it or nothing; `finish` seals the view.

    Raises:
        NotFound: not a round this coach may read. Conflict: as `require_typing`.
        GridRefused: some lines cannot be kept. Invalid: no day on the paper, or answers are missing where it is to end.
    """
    row = assessments.round_for(session, actor, round_id, lock=True)
    require_typing(row, actor, rater)
    if paper_on is None or paper_on > today:
        raise Invalid(N_("Donnez le jour écrit sur la fiche : aujourd’hui, ou un jour passé."), field="paper_on")
    theirs = answered_by_person(row) if rater is Rater.SELF else frozenset()
    wanted = {code: line for code, line in lines.items() if code in row.competences and code not in theirs}
    _write(session, actor, row, rater, {code: line for code, line in wanted.items() if line.level.strip()}, now)
    if rater is Rater.SELF:
        row.self_paper_on = paper_on
    else:
        row.coach_paper_on = paper_on
    session.flush()
    if finish:
        missing = assessments.unanswered(row, rater)
        if missing:
            raise GridRefused({code: Invalid(N_("Un chiffre, ou x.")) for code in missing})
        assessments.seal(session, actor, row.id, rater=rater, now=now)
    return row


def _write(  # noqa: PLR0917 - one view of one round, typed by whom and when
    session: Session, actor: Actor, row: RoundRecord, rater: Rater, lines: Mapping[str, Typed], now: datetime
) -> None:
    faults: dict[str, Invalid] = {}
    for code, line in lines.items():
        try:
            level = _level(line.level)
            assessments.rate(
                session,
                actor,
                row.id,
                rater=rater,
                competence_code=code,
                level=level,
                situation=line.situation,
                now=now,
            )
        except Invalid as refused:
            faults[code] = refused
    if faults:
        raise GridRefused(faults)


def _level(typed: str) -> int | None:
    text = people.read_pin(typed).lower()  # the digits of any script
    if text == NOT_SEEN:
        return None
    if not text.isdecimal() or len(text) > len("99"):
        raise Invalid(N_("Un chiffre, ou x."), field="level")
    return int(text)


def typed_levels(row: RoundRecord, rater: Rater) -> dict[str, Typed]:
    """What a coach has typed so far in this view, as it was typed; what the person answered themselves is left out."""
    given = assessments.answers(row, rater)
    return {
        code: Typed(NOT_SEEN if given[code].level is None else str(given[code].level), given[code].situation)
        for code in row.competences
        if code in given and (rater is Rater.COACH or given[code].staff_id is not None)
    }
