"""What was seen of people: sessions at the gym, some ended, one under way today."""

from uuid import uuid4

from badges.demo.stage import Stage
from badges.models.people import PersonRecord
from badges.services import group_entries, group_sessions
from badges.services.group_entries import Cell, Entry
from badges.services.group_sessions import Plan

COACH = "camille.thevenot@example.org"
LOOKED_AT = ("equipe", "communication", "adaptation")
PEOPLE = (0, 1, 4, 6, 9, 10, 18, 19)
TURNS = ("", "Sans se parler", "Deux bérets à la fois")
ACTS = (
    "A relancé le jeu après une faute.",
    "A expliqué la règle à un nouveau.",
    "A laissé sa place sans qu’on le demande.",
)


def hold(stage: Stage) -> None:
    """Three sessions of the same game that have ended, and the first turn of today's."""
    people = [stage.people[index][0] for index in PEOPLE]
    for number, days in enumerate((55, 41, 27)):
        _session(stage, people, days, number, turns=2 + number % 2)
    _session(stage, people, 0, 3, turns=1)


def _session(stage: Stage, people: list[PersonRecord], days: float, number: int, *, turns: int) -> None:
    coach, now = stage.staff[COACH], stage.ago(days)
    row = group_sessions.create(
        stage.session,
        coach,
        Plan("Jeu du béret", "Gymnase Léo-Lagrange", now.date(), [one.id for one in people]),
        organisation_id=people[0].memberships[0].organisation_id,
        version_id=stage.versions["savoir-etre"].id,
        competences=LOOKED_AT,
        session_id=uuid4(),
        now=now,
        today=now.date(),
    )
    for turn in range(1, turns + 1):
        if turn > 1:
            group_sessions.new_turn(stage.session, coach, row.id, rule=TURNS[turn - 1], after=turn - 1, now=now)
        seen: frozenset[Cell] = frozenset(
            (one.id, code)
            for place, one in enumerate(people)
            for step, code in enumerate(LOOKED_AT)
            if (place + step + number + turn) % 3
        )
        acts = {people[(turn + number) % len(people)].id: ("", ACTS[turn - 1])}
        group_entries.save(stage.session, coach, row.id, Entry(turn, frozenset(), seen, acts), now=now)
    if days:
        group_sessions.end(stage.session, coach, row.id, now=now)
