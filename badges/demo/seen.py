"""What was seen of people: sessions at the gym, one of them under way today; a placement; a film."""

import hashlib
from uuid import uuid4

from badges.demo.stage import Stage
from badges.models.acquired import AcquiredState
from badges.models.assessments import Moment
from badges.models.evidence import Autonomy, Origin
from badges.models.people import PersonRecord
from badges.services import acquired, evidence, group_entries, group_sessions, portfolio, situations
from badges.services.group_entries import Cell, Entry
from badges.services.group_sessions import Plan
from badges.services.portfolio import Piece
from badges.services.situations import Attempt, Setting

COACH = "camille.thevenot@example.org"
LOOKED_AT = ("equipe", "communication", "adaptation")
PEOPLE = (0, 1, 4, 6, 9, 10, 18, 19)
TURNS = ("", "Sans se parler", "Deux bérets à la fois")
TRIES = (
    (37, Autonomy.SHOWN, "A passé les plats avec deux autres, du four à la table."),
    (33, Autonomy.HELPED, "A tenu le poste froid, et demandé de l’aide au coup de feu."),
    (29, Autonomy.ALONE, "A tenu le poste froid tout le service, et aidé à la plonge."),
)
FILM = hashlib.sha256(b"le film de la demonstration").hexdigest()
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
    _placement(stage, people[0])
    _acquired(stage, people[0])


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


def _placement(stage: Stage, person: PersonRecord) -> None:
    """Two weeks in a kitchen, three tries, a question of the person's about one, and a film of the last day."""
    coach, version = stage.staff[COACH], stage.versions["savoir-etre"]
    first = stage.ago(38).date()
    setting = Setting(
        Origin.IMMERSION,
        "Service du midi",
        "Cuisine centrale de Brume",
        first,
        stage.ago(28).date(),
        "Paule Kervella",
        "seconde de cuisine",
    )
    row = situations.create(
        stage.session, coach, person.id, setting, version_id=version.id, situation_id=uuid4(), now=stage.ago(38)
    )
    for days, autonomy, act in TRIES:
        now = stage.ago(days)
        attempt = Attempt(now.date(), ["equipe", "adaptation"], act, autonomy)
        situations.add_try(stage.session, coach, row.id, attempt, now=now, today=now.date())
    asked = next(one for one in row.observations if one.competence_code == "adaptation")
    words = "C’était ma première fois : j’avais prévenu que je ne connaissais pas la machine."
    evidence.ask_correction(stage.session, stage.themselves(person), asked.id, words=words, now=stage.ago(20))
    portfolio.add(
        stage.session,
        stage.themselves(person),
        person.id,
        Piece(
            "Le service, en film", "https://films.example.org/service-du-midi", FILM, stage.ago(29).date(), ["equipe"]
        ),
        version_id=version.id,
        piece_id=uuid4(),
        now=stage.ago(27),
        today=stage.ago(27).date(),
    )


def _acquired(stage: Stage, person: PersonRecord) -> None:
    """At the entry, filled in together: one word for each of three competences."""
    now = stage.ago(140)
    acquired.fill(
        stage.session,
        stage.staff[COACH],
        person.id,
        version_id=stage.versions["savoir-etre"].id,
        moment=Moment.ENTREE,
        states={
            "equipe": AcquiredState.TO_ACQUIRE,
            "communication": AcquiredState.HELD,
            "curiosite": AcquiredState.TO_ACQUIRE,
        },
        together=True,
        now=now,
        today=now.date(),
    )
