"""What was seen of the people of one side, for the access table."""

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from badges.models.evidence import GroupSessionRecord
from badges.models.people import PersonRecord
from badges.services import group_entries, group_sessions
from tests import rounds

if TYPE_CHECKING:
    from tests.house.access_world import Side

DAY = "2026-11-21"

Key = tuple[str, str, str]
Asked = tuple[dict[str, Any], dict[str, Any]]


def group(talks: rounds.World, peer: PersonRecord, codes: tuple[str, ...]) -> GroupSessionRecord:
    """A session with both people of the side, under way."""
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


def values(here: "Side") -> dict[str, dict[str, Any]]:
    """What the arguments of an address mean, by blueprint."""
    return {"groups": {"session_id": here.group.id}}


def asks(here: "Side") -> dict[Key, Asked]:
    """What is sent to each address: more of the address, and the form."""
    cell = f"{here.peer.id}:{here.codes[0]}"
    where = {"version": here.version.id, "structure": here.structure.id}
    plan = {"activity": "Jeu du béret", "place": "Gymnase", "held_on": DAY, "people": [str(here.person.id)]}
    both = {**plan, "people": [str(here.person.id), str(here.peer.id)]}
    created = {**where, **plan, "session": uuid4(), "competences": list(here.codes[:2])}
    return {
        ("groups.new", "GET", "form"): ({"query": where}, {}),
        ("groups.create", "POST", "-"): ({}, created),
        ("groups.save", "POST", "-"): ({}, {"turn": "1", "vu": [cell]}),
        ("groups.turn", "POST", "-"): ({}, {"rule": "Sans parler", "after": "1"}),
        ("groups.change", "POST", "-"): ({}, both),
    }
