"""A round to start a test from, taken through the services as far as the test wants."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache

from sqlalchemy.orm import Session

from badges.models.assessments import Moment, Rater, RoundOutcome, RoundRecord
from badges.models.people import OrganisationKind, OrganisationRecord, PersonRecord, Role, StaffRecord
from badges.models.referentiels import VersionRecord
from badges.services import assessments, confrontation
from tests import factories

DAY = date(2026, 11, 21)
"""The day of the test clock."""

CODES = ("equipe", "autonomie", "rigueur")
SELF_WORDS = "mots de la personne sur {code}"
COACH_WORDS = "constat du coach sur {code}"


@dataclass
class World:
    """A structure, its coach, a person it follows, and a référentiel anybody may use (scale 0 to 5)."""

    session: Session
    now: datetime
    structure: OrganisationRecord
    coach: StaffRecord
    person: PersonRecord
    version: VersionRecord

    @property
    def as_coach(self):
        return factories.actor(self.coach)

    @property
    def as_person(self):
        return factories.actor(self.person)

    def opened(self, *codes: str) -> RoundRecord:
        return assessments.open_round(
            self.session,
            self.as_coach,
            self.person.id,
            version_id=self.version.id,
            competences=codes or CODES,
            moment=Moment.ENTREE,
            now=self.now,
        )

    def rate(self, row: RoundRecord, rater: Rater, code: str, level: int | None, situation: str | None = None) -> None:
        words = (SELF_WORDS if rater is Rater.SELF else COACH_WORDS).format(code=code)
        assessments.rate(
            self.session,
            self.as_person if rater is Rater.SELF else self.as_coach,
            row.id,
            rater=rater,
            competence_code=code,
            level=level,
            situation=words if situation is None else situation,
            now=self.now,
        )

    def seal(self, row: RoundRecord, rater: Rater) -> None:
        asking = self.as_person if rater is Rater.SELF else self.as_coach
        assessments.seal(self.session, asking, row.id, rater=rater, now=self.now)

    def revealed(self, mine: dict[str, int | None], coach: dict[str, int | None]) -> RoundRecord:
        """Both views given and sealed."""
        row = self.opened(*mine)
        for rater, levels in ((Rater.SELF, mine), (Rater.COACH, coach)):
            for code, level in levels.items():
                self.rate(row, rater, code, level)
            self.seal(row, rater)
        return row

    def settle(self, row: RoundRecord, code: str, level: int | None = None, **changes):
        arguments = {"competence_code": code, "level": level, "now": self.now, **changes}
        return confrontation.settle(self.session, self.as_coach, row.id, **arguments)

    def conclude(self, row: RoundRecord, **changes) -> RoundRecord:
        arguments = {
            "outcome": RoundOutcome.ACCORDE,
            "talk_on": self.now.date(),
            "talk_note": "On continue sur le chantier.",
            "now": self.now,
            "zone": UTC,
            **changes,
        }
        return confrontation.conclude(self.session, self.as_coach, row.id, **arguments)

    def confirm(self, row: RoundRecord, secret: bytes, pin: str = factories.PIN, seen: str | None = None) -> bool:
        return confrontation.confirm(
            self.session,
            self.as_person,
            row.id,
            pin=pin,
            secret=secret,
            seen=confrontation.shown_digest(row) if seen is None else seen,
            now=self.now,
        )

    def closed(self, levels: dict[str, int], secret: bytes) -> RoundRecord:
        """Both agreed on everything, and the person has confirmed."""
        row = self.revealed(levels, levels)
        for code, level in levels.items():
            self.settle(row, code, level)
        self.conclude(row)
        assert self.confirm(row, secret)
        return row


def world(session: Session, now: datetime, **structure) -> World:
    """A world in which nothing has happened yet."""
    region = factories.organisation(session, "Région Val-de-Brume", kind=OrganisationKind.REGION)
    place = factories.organisation(session, **structure)
    coach = factories.staff(session, (place, Role.COACH))
    person = factories.person(session, place, coach)
    person.pin_hash = pin_hash()
    return World(session, now, place, coach, person, factories.version(session, region))


@cache
def pin_hash() -> str:
    """Hashing takes time on purpose; once is enough."""
    return factories.hashed(factories.PIN)
