"""What was seen of the people of one side, for the access table: and how its addresses are asked."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from badges.models.evidence import Autonomy, GroupSessionRecord, ObservationRecord, Origin, PieceRecord, SituationRecord
from badges.models.people import PersonRecord
from badges.services import evidence, group_entries, group_sessions, paper_grids, portfolio, situations
from tests import rounds

if TYPE_CHECKING:
    from tests.house.access_world import Side

DAY = "2026-11-21"

Key = tuple[str, str, str]
Asked = tuple[dict[str, Any], dict[str, Any]]


@dataclass(frozen=True)
class Seen:
    """A session under way; a situation with two tries, one of which the person wants corrected; two pieces."""

    group: GroupSessionRecord
    situation: SituationRecord
    fact: ObservationRecord
    asked: ObservationRecord
    piece: PieceRecord
    own_piece: PieceRecord


def build(talks: rounds.World, peer: PersonRecord, codes: tuple[str, ...], words: str) -> Seen:
    """All of it, in these words."""
    situation = _situation(talks, codes, words)
    fact, asked = sorted(situation.observations, key=lambda one: codes.index(one.competence_code))
    evidence.ask_correction(talks.session, talks.as_person, asked.id, words=words, now=talks.now)
    return Seen(
        _group(talks, peer, codes), situation, fact, asked, *(_piece(talks, who, codes, words) for who in (0, 1))
    )


def _group(talks: rounds.World, peer: PersonRecord, codes: tuple[str, ...]) -> GroupSessionRecord:
    row = group_sessions.create(
        talks.session,
        talks.as_coach,
        group_sessions.Plan("Jeu du béret", "Gymnase", talks.now.date(), [talks.person.id, peer.id]),
        organisation_id=talks.structure.id,
        version_id=talks.version.id,
        competences=codes[:2],
        session_id=uuid4(),
        now=talks.now,
        today=talks.now.date(),
    )
    entry = group_entries.Entry(1, frozenset(), frozenset({(talks.person.id, codes[0])}), {})
    return group_entries.save(talks.session, talks.as_coach, row.id, entry, now=talks.now)


def _situation(talks: rounds.World, codes: tuple[str, ...], words: str) -> SituationRecord:
    today = talks.now.date()
    row = situations.create(
        talks.session,
        talks.as_coach,
        talks.person.id,
        situations.Setting(Origin.IMMERSION, "Service du midi", "Cuisine", today, None),
        version_id=talks.version.id,
        situation_id=uuid4(),
        now=talks.now,
    )
    attempt = situations.Attempt(today, codes[:2], words, Autonomy.HELPED)
    return situations.add_try(talks.session, talks.as_coach, row.id, attempt, now=talks.now, today=today)


def _piece(talks: rounds.World, by_person: int, codes: tuple[str, ...], words: str) -> PieceRecord:
    today = talks.now.date()
    return portfolio.add(
        talks.session,
        talks.as_person if by_person else talks.as_coach,
        talks.person.id,
        portfolio.Piece(words, "https://films.example.org/1", "ab" * 32, today, codes[:1]),
        version_id=talks.version.id,
        piece_id=uuid4(),
        now=talks.now,
        today=today,
    )


def values(here: "Side") -> dict[str, dict[str, Any]]:
    """What the arguments of an address mean, by blueprint."""
    seen = here.seen
    ids = {"observation_id": seen.fact.id, "situation_id": seen.situation.id, "piece_id": seen.piece.id}
    person = {"person_id": here.person.id}
    return {
        "groups": {"session_id": seen.group.id},
        "seen": {**person, **ids},
        "acquired": person,
        "paper_grids": {"round_id": here.blind.id},
    }


def asks(here: "Side") -> dict[Key, Asked]:
    """What is sent to each address: more of the address, and the form."""
    cell, code = f"{here.peer.id}:{here.codes[0]}", here.codes[0]
    where = {"version": here.version.id, "structure": here.structure.id}
    plan = {"activity": "Jeu du béret", "place": "Gymnase", "held_on": DAY, "people": [str(here.person.id)]}
    both = {**plan, "people": [str(here.person.id), str(here.peer.id)]}
    created = {**where, **plan, "session": uuid4(), "competences": list(here.codes[:2])}
    setting = {"origin": "immersion", "task": "La caisse", "place": "Épicerie", "from_on": DAY}
    attempt = {"day": DAY, "act": "A rendu la monnaie.", "autonomy": "alone", "competences": [code]}
    piece = {"title": "Un film", "url": "https://films.example.org/2", "sha256": "cd" * 32, "made_on": DAY}
    piece |= {"competences": [code], "version": here.version.id}
    form = {"query": {"version": here.version.id}}
    return {
        ("groups.new", "GET", "form"): ({"query": where}, {}),
        ("groups.create", "POST", "-"): ({}, created),
        ("groups.save", "POST", "-"): ({}, {"turn": "1", "vu": [cell]}),
        ("groups.turn", "POST", "-"): ({}, {"rule": "Sans parler", "after": "1"}),
        ("groups.change", "POST", "-"): ({}, both),
        ("seen.aside", "POST", "-"): ({}, {"aside": "1"}),
        ("seen.questioned", "POST", "-"): ({}, {"words": "Ce n’était pas moi."}),
        ("seen.new_own_piece", "GET", "-"): (form, {}),
        ("seen.own_piece_added", "POST", "-"): ({}, {**piece, "piece": uuid4()}),
        ("seen.own_piece_removed", "POST", "-"): ({"piece_id": here.seen.own_piece.id}, {}),
        ("seen.answer", "POST", "-"): (
            {"observation_id": here.seen.asked.id},
            {"decision": "leave", "words": "Nous en avons parlé."},
        ),
        ("seen.new_situation", "GET", "-"): (form, {}),
        ("seen.situation_created", "POST", "-"): ({}, {**setting, **where, "situation": uuid4()}),
        ("seen.tried", "POST", "-"): ({}, attempt),
        ("seen.new_piece", "GET", "-"): (form, {}),
        ("seen.piece_added", "POST", "-"): ({}, {**piece, "piece": uuid4()}),
        ("acquired.show", "GET", "-"): (form, {}),
        ("acquired.fill", "POST", "-"): (
            {},
            {"version": here.version.id, "moment": "entree", f"etat:{code}": "detenue", "together": "1"},
        ),
        ("paper_grids.find", "POST", "-"): ({}, {"code": paper_grids.code_of(here.blind.id)}),
        ("paper_grids.entry", "GET", "moi"): ({"view": "moi", "round_id": here.coach_done.id}, {}),
        ("paper_grids.typed", "POST", "moi"): ({"view": "moi", "round_id": here.coach_done.id}, {"paper_on": DAY}),
        ("paper_grids.typed", "POST", "coach"): ({"view": "coach"}, {"paper_on": DAY, f"level:{code}": "x"}),
        ("paper_grids.sheets", "GET", "moi"): ({"view": "moi", "query": {"p": here.blind.id}}, {}),
        ("paper_grids.sheets", "GET", "coach"): ({"view": "coach", "query": {"p": here.blind.id}}, {}),
    }
