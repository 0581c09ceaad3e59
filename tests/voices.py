"""A round in which a host company is asked, taken through the services as far as a test wants."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from badges.models.assessments import Rater, RoundRecord, TutorViewRecord
from badges.models.people import OrganisationKind, Role
from badges.services import tutor_answers, tutor_views
from badges.services.tutor_answers import Answer
from badges.services.tutor_views import Asked
from tests import factories, rounds

TERRITOIRE = 2
"""The place of the starter whose badges want a tutor's view."""

CODES = ("prevenir", "securite")
ACT = "A rangé l’atelier chaque soir sans rappel."


@dataclass
class World(rounds.World):
    """The same, with a référentiel whose badges want a tutor's view (scale 1 to 3)."""

    def ask(self, row: RoundRecord, view_id: UUID | None = None, **changes) -> tuple[TutorViewRecord, str]:
        asked = {
            "company": "Ateliers du Halage",
            "tutor_role": "chef d’équipe",
            "tutor_name": "Sacha",
            "shown_as": "Awa",
            "situation": "Immersion à l’atelier",
            "from_day": date(2026, 11, 9),
            "to_day": date(2026, 11, 20),
            "competences": row.competences,
        }
        return tutor_views.ask(
            self.session,
            self.as_coach,
            row.id,
            asked=Asked(**{**asked, **changes}),
            person_agrees=True,
            view_id=view_id or uuid4(),
            now=self.now,
        )

    def send(self, code: str, levels: dict[str, int | None], **changes) -> TutorViewRecord:
        arguments = {
            "answers": {name: Answer(level, ACT if level is not None else "") for name, level in levels.items()},
            "right_person": True,
            "company_agreed": False,
            "revision": 0,
            "form_id": uuid4(),
            "now": self.now,
            **changes,
        }
        return tutor_answers.send(self.session, code, None, **arguments)

    def both(self, levels: dict[str, int | None]) -> RoundRecord:
        """Opened, and both views given, not sealed."""
        row = self.opened(*levels)
        for rater in (Rater.SELF, Rater.COACH):
            for code, level in levels.items():
                self.rate(row, rater, code, level)
        return row

    def seal_both(self, row: RoundRecord) -> None:
        for rater in (Rater.SELF, Rater.COACH):
            self.seal(row, rater)


def world(session, now, starter: int = TERRITOIRE, **structure) -> World:
    """A world in which nothing has happened yet."""
    region = factories.organisation(session, "Région Val-de-Brume", kind=OrganisationKind.REGION)
    place = factories.organisation(session, **structure)
    coach = factories.staff(session, (place, Role.COACH))
    person = factories.person(session, place, coach)
    person.pin_hash = rounds.pin_hash()
    return World(session, now, place, coach, person, factories.version(session, region, starter))
