"""Group sessions: two coaches on two phones, nothing lost, and evidence once it has ended."""

import uuid
from dataclasses import dataclass
from datetime import date

import pytest

from badges.models.people import Role
from badges.services import evidence, group_entries, group_sessions, people
from badges.services.errors import Conflict, Forbidden, Invalid, NotFound
from badges.services.group_entries import Entry
from badges.services.group_sessions import Plan
from tests import awarding, counting, factories

CODES = ("equipe", "rigueur")
TODAY = date(2026, 11, 21)


@dataclass
class Gym:
    """A structure with two coaches, one person each, and a session that both of them are in."""

    world: awarding.World
    mate: object
    other: object

    @property
    def session(self):
        return self.world.session

    @property
    def coach(self):
        return factories.actor(self.world.coach)

    @property
    def colleague(self):
        return factories.actor(self.mate)

    def create(self, actor=None, *, session_id=None, **changes):
        plan = {
            "activity": "Jeu du béret",
            "place": "Gymnase Léo",
            "held_on": TODAY,
            "people": [self.world.person.id, self.other.id],
        }
        given = {"competences": CODES, "organisation_id": self.world.structure.id, "version_id": self.world.version.id}
        given |= {name: changes.pop(name) for name in list(changes) if name in given}
        return group_sessions.create(
            self.session,
            actor or self.coach,
            Plan(**{**plan, **changes}),
            session_id=session_id or uuid.uuid4(),
            now=self.world.now,
            today=TODAY,
            **given,
        )

    def save(self, row, *, shown=(), seen=(), acts=None, turn=1, actor=None):
        entry = Entry(turn, frozenset(shown), frozenset(seen), acts or {})
        return group_entries.save(self.session, actor or self.coach, row.id, entry, now=self.world.now)

    def ticks(self, row, turn=1):
        held = group_sessions.session_for(self.session, self.coach, row.id)
        return {(one.person_id, one.competence_code) for one in held.observations if turn in one.turns}


@pytest.fixture
def gym(session, installation):
    world = awarding.world(session, installation, {"equipe": 3})
    mate = factories.staff(session, (world.structure, Role.COACH), name="Samir Belkacem")
    other = factories.person(session, world.structure, mate, name="Nour Haddad")
    return Gym(world, mate, other)


def test_two_coaches_never_take_each_others_ticks_away(gym):
    """Both pages were shown empty; each saves its own ticks: all stand."""
    row = gym.create()
    mine, theirs = (gym.world.person.id, "equipe"), (gym.other.id, "rigueur")
    gym.save(row, seen=[mine])
    gym.save(row, seen=[theirs], actor=gym.colleague)
    assert gym.ticks(row) == {mine, theirs}


def test_same_tick_changed_twice_the_last_counts_and_names_who(gym):
    """One takes back what the other ticked: it is gone, and the screen says by whom."""
    row = gym.create()
    cell = (gym.world.person.id, "equipe")
    gym.save(row, seen=[cell])
    held = gym.save(row, shown=[cell], actor=gym.colleague)
    assert gym.ticks(row) == set()
    assert [one.staff_id for one in held.observations] == [gym.mate.id]


def test_acts_of_two_coaches_are_both_kept(gym):
    """Whoever saves second wrote on an empty field: neither text is lost."""
    row, who = gym.create(), gym.world.person.id
    gym.save(row, acts={who: ("", "A relancé le jeu.")})
    held = gym.save(row, acts={who: ("", "A aidé à ranger.")}, actor=gym.colleague)
    acts = {one.person_id: one.act for one in held.attendances}
    assert acts[who] == "A relancé le jeu.\nA aidé à ranger."
    held = gym.save(row, acts={who: (acts[who], "A relancé le jeu deux fois.")})
    assert {one.person_id: one.act for one in held.attendances}[who] == "A relancé le jeu deux fois."


def test_entry_that_comes_after_the_end_is_not_lost(gym):
    """A colleague pressed « Terminer » while this phone had no network."""
    row, cell = gym.create(), (gym.world.person.id, "equipe")
    group_sessions.end(gym.session, gym.colleague, row.id, now=gym.world.now)
    gym.save(row, seen=[cell], acts={cell[0]: ("", "A attendu son tour.")})
    [seen] = evidence.of_person(gym.session, gym.coach, gym.world.person.id)
    assert (seen.competence_code, seen.act) == ("equipe", "A attendu son tour.")


def test_same_form_sent_twice_opens_one_session(gym):
    """A second tap leads to the first; somebody else's identifier is refused."""
    first = gym.create()
    assert gym.create(session_id=first.id).id == first.id
    elsewhere = factories.organisation(gym.session)
    stranger = factories.staff(gym.session, (elsewhere, Role.COACH))
    theirs = factories.person(gym.session, elsewhere, stranger)
    with pytest.raises(Conflict):
        gym.create(factories.actor(stranger), session_id=first.id, organisation_id=elsewhere.id, people=[theirs.id])


def test_new_turn_starts_empty_and_two_taps_open_one(gym):
    """Play, talk, a new rule, play: what was seen before stays where it was."""
    row, cell = gym.create(), (gym.world.person.id, "equipe")
    gym.save(row, seen=[cell])
    for _tap in range(2):
        group_sessions.new_turn(gym.session, gym.coach, row.id, rule="Sans parler", after=1, now=gym.world.now)
    assert row.rules == ["", "Sans parler"]
    assert gym.ticks(row, 2) == set()
    gym.save(row, seen=[cell], turn=2)
    [seen] = gym.save(row, turn=2).observations
    assert seen.turns == [1, 2]
    with pytest.raises(Invalid):
        gym.save(row, seen=[cell], turn=3)


def test_nothing_counts_before_the_end_nor_while_it_is_open_again(gym):
    """« Terminer » makes evidence of it; « Rouvrir » takes it back until it is ended anew."""
    row, cell = gym.create(), (gym.world.person.id, "equipe")
    gym.save(row, seen=[cell])
    assert evidence.of_person(gym.session, gym.coach, gym.world.person.id) == ()
    group_sessions.end(gym.session, gym.coach, row.id, now=gym.world.now)
    assert len(evidence.of_person(gym.session, gym.coach, gym.world.person.id)) == 1
    group_sessions.reopen(gym.session, gym.coach, row.id, now=gym.world.now)
    assert evidence.of_person(gym.session, gym.coach, gym.world.person.id) == ()


def test_only_people_whom_the_structure_follows_may_be_there(gym):
    """Nobody else's; and who has left is no longer shown, nor can be ticked."""
    stranger = factories.person(gym.session, factories.organisation(gym.session))
    with pytest.raises(Invalid):
        gym.create(people=[gym.world.person.id, stranger.id])
    row = gym.create()
    people.leave(gym.session, gym.coach, gym.world.person.id, on=TODAY, now=gym.world.now)
    assert [one.person_id for one in group_sessions.present(gym.session, row)] == [gym.other.id]
    gym.save(row, seen=[(gym.world.person.id, "equipe"), (stranger.id, "equipe"), (gym.other.id, "autonomie")])
    assert gym.ticks(row) == set()


def test_colleague_may_tick_and_still_not_read(gym):
    """They were in the gym: entering opens nobody's file."""
    row, cell = gym.create(), (gym.world.person.id, "equipe")
    gym.save(row, seen=[cell], actor=gym.colleague)
    group_sessions.end(gym.session, gym.colleague, row.id, now=gym.world.now)
    with pytest.raises(Forbidden):
        evidence.of_person(gym.session, gym.colleague, gym.world.person.id)


def test_session_of_another_structure_does_not_exist(gym):
    """For its coaches, whatever they ask."""
    row = gym.create()
    stranger = factories.actor(factories.staff(gym.session, (factories.organisation(gym.session), Role.COACH)))
    with pytest.raises(NotFound):
        group_sessions.session_for(gym.session, stranger, row.id)
    with pytest.raises(Forbidden):
        gym.create(stranger)
    assert group_sessions.of_coach(gym.session, stranger) == []


def test_list_reads_the_sessions_and_nothing_that_they_hold(gym):
    """One statement, however many sessions and whoever was there; its page asks for no more."""
    rows = [gym.create(activity=f"Jeu {number}") for number in range(3)]
    coach = gym.coach
    gym.session.flush()
    gym.session.expunge_all()
    with counting.statements(gym.session) as sent:
        assert {one.id for one in group_sessions.of_coach(gym.session, coach)} == {row.id for row in rows}
    assert len(sent) == 1


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("activity", {"activity": " "}),
        ("place", {"place": "x" * 121}),
        ("held_on", {"held_on": None}),
        ("held_on", {"held_on": date(2026, 11, 22)}),
        ("people", {"people": []}),
        ("competences", {"competences": ()}),
        ("competences", {"competences": ("equipe", "inconnue")}),
        ("version", {"version_id": 0}),
    ],
)
def test_what_is_missing_is_named(gym, field, changed):
    """Each fault beside its field."""
    with pytest.raises(Invalid) as refused:
        gym.create(**changed)
    assert refused.value.field == field


def test_too_many_competences_are_refused(gym):
    """No eye follows seven things while a game is on."""
    codes = ("equipe", "rigueur", "autonomie", "adaptation", "communication", "organisation", "reactivite")
    with pytest.raises(Invalid):
        gym.create(competences=codes)


def test_change_moves_what_was_seen_and_keeps_who_was_seen(gym):
    """Another day and place reach the evidence; nobody who was seen is dropped by mistake; who came late is added."""
    row, cell = gym.create(people=[gym.world.person.id]), (gym.world.person.id, "equipe")
    gym.save(row, seen=[cell])
    plan = Plan("Jeu du béret", "Stade", date(2026, 11, 20), [gym.world.person.id, gym.other.id])
    changed = group_sessions.change(gym.session, gym.coach, row.id, plan, now=gym.world.now, today=TODAY)
    assert [(one.place, one.seen_on) for one in changed.observations] == [("Stade", date(2026, 11, 20))]
    assert len(changed.attendances) == 2
    without = Plan("Jeu du béret", "Stade", TODAY, [gym.other.id])
    with pytest.raises(Invalid):
        group_sessions.change(gym.session, gym.coach, row.id, without, now=gym.world.now, today=TODAY)
    gym.session.expire_all()
    gym.save(row, shown=[cell])
    changed = group_sessions.change(gym.session, gym.coach, row.id, without, now=gym.world.now, today=TODAY)
    assert [one.person_id for one in changed.attendances] == [gym.other.id]


def test_session_from_the_form_to_the_end_without_a_script(gym, client):
    """Create, tick, save, a new turn, end: plain forms all the way; a beneficiary sees none of it."""
    factories.sign_in(gym.session, client, gym.world.coach, gym.world.now)
    gym.session.commit()
    version, structure = gym.world.version.id, gym.world.structure.id
    assert client.get("/seances/nouvelle").status_code == 200
    page = client.get(f"/seances/nouvelle?version={version}&structure={structure}")
    assert "Nour Haddad" in page.text
    form = {
        "version": version,
        "structure": structure,
        "session": str(uuid.uuid4()),
        "activity": "Jeu du béret",
        "place": "Gymnase Léo",
        "held_on": "2026-11-21",
        "competences": list(CODES),
        "people": [str(gym.world.person.id), str(gym.other.id)],
    }
    assert client.post("/seances/nouvelle", data={**form, "people": []}).status_code == 422
    address = client.post("/seances/nouvelle", data=form).location
    cell, act = f"{gym.world.person.id}:equipe", f"acte:{gym.world.person.id}"
    entered = {"turn": "1", "vu": [cell], act: "A relancé le jeu.", f"avant-{act}": ""}
    page = client.post(address, data=entered, follow_redirects=True)
    assert f'value="{cell}" checked' in page.text
    assert client.post(f"{address}/manche", data={"rule": "Sans parler", "after": "1"}).status_code == 303
    assert f'value="{cell}" checked' not in client.get(address).text
    assert f'value="{cell}" checked' in client.get(f"{address}?manche=1").text
    again = {"turn": "2", "avant": [], "vu": [cell], "end": "1"}
    page = client.post(address, data=again, follow_redirects=True)
    assert "La séance est terminée." in page.text
    assert "A relancé le jeu." in page.text
    assert client.get(f"{address}/feuille").status_code == 200


def test_script_is_told_what_stands(gym, client):
    """The answer to a tick carries what the colleague ticked meanwhile, with their name, and never a new page."""
    row = gym.create()
    gym.save(row, seen=[(gym.other.id, "rigueur")], actor=gym.colleague)
    factories.sign_in(gym.session, client, gym.world.coach, gym.world.now)
    gym.session.commit()
    cell = f"{gym.world.person.id}:equipe"
    answered = client.post(
        f"/seances/{row.id}", data={"turn": "1", "vu": [cell]}, headers={"Accept": "application/json"}
    )
    assert set(answered.json["seen"]) == {cell, f"{gym.other.id}:rigueur"}
    assert answered.json["by"][f"{gym.other.id}:rigueur"].startswith("Samir Belkacem")
    assert not answered.json["ended"]
