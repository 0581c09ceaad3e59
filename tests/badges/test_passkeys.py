"""Coming in with a passkey: added after the PIN, answered once, stopped where its counter goes back, taken away."""

import json
import re
from dataclasses import replace
from html import unescape

import pytest
from sqlalchemy import select

from badges.models.passkeys import PasskeyChallengeRecord, PasskeyRecord
from badges.models.people import Role
from badges.services import passkeys, people
from badges.services.errors import Conflict, Invalid, NotFound, TooMany
from tests import factories
from tests.authenticator import Device


@pytest.fixture
def person(session):
    structure = factories.organisation(session)
    coach = factories.staff(session, (structure, Role.COACH))
    return factories.person(session, structure, coach, pin=factories.PIN)


@pytest.fixture
def doors(session, installation, clock, person):
    return Doors(session, installation, clock, person)


class Doors:
    """What the person and their device do, by the services."""

    def __init__(self, session, installation, clock, person) -> None:
        self.session, self.installation, self.clock, self.person = session, installation, clock, person

    def options(self, pin=factories.PIN, who=None):
        actor = factories.actor(who or self.person)
        return passkeys.begin_adding(self.session, self.installation, actor, pin=pin, now=self.clock())

    def add(self, device, options=None, who=None):
        actor = factories.actor(who or self.person)
        answer = device.make(options or self.options(who=who))
        return passkeys.add(self.session, self.installation, actor, answer=answer, now=self.clock())

    def ask(self, address="192.0.2.1"):
        return passkeys.begin_entering(self.session, self.installation, address=address, now=self.clock())

    def enter(self, answer):
        return passkeys.enter(self.session, self.installation, answer=answer, now=self.clock())


def test_passkey_added_after_the_pin_opens_the_page(doors, person):
    """One person, two devices, each their own; the counter goes up."""
    first, second = Device(), Device()
    for device in (first, second):
        doors.add(device)
    assert doors.enter(first.get(doors.ask())) == person
    assert doors.enter(second.get(doors.ask())) == person
    assert doors.enter(first.get(doors.ask())) == person
    assert [one.sign_count for one in passkeys.of_person(doors.session, factories.actor(person))] == [2, 1]


def test_device_that_counts_nothing_is_fine(doors, person):
    """Passkeys that several devices share always say zero."""
    device = Device()
    doors.add(device)
    for _ in range(2):
        device.count = -1
        assert doors.enter(device.get(doors.ask())) == person


def test_wrong_pin_adds_nothing_and_counts(doors):
    """Whoever holds an open page without its PIN cannot leave a key behind."""
    for _ in range(5):
        with pytest.raises(Invalid):
            doors.options(pin="111112")
    with pytest.raises(TooMany):
        doors.options()


def test_challenge_is_answered_once(doors):
    """The same answer again, or to a challenge we never drew, opens nothing."""
    device = Device()
    doors.add(device)
    answer = device.get(doors.ask())
    doors.enter(answer)
    with pytest.raises(Invalid):
        doors.enter(answer)
    with pytest.raises(Invalid):
        doors.enter(device.get(json.dumps({"challenge": "A" * 43})))


def test_challenge_expires(doors, clock):
    """After five minutes it is asked again; the old ones are swept away."""
    device = Device()
    doors.add(device)
    options = doors.ask()
    clock.forward(minutes=5, seconds=1)
    with pytest.raises(Invalid):
        doors.enter(device.get(options))
    doors.ask()
    assert len(doors.session.scalars(select(PasskeyChallengeRecord)).all()) == 1


def test_challenges_of_the_two_acts_and_of_two_people_are_apart(doors, session, person):
    """One drawn to come in adds nothing, one drawn for somebody adds nothing to another."""
    other = factories.person(session, name="Nour", pin=factories.PIN)
    entering = json.loads(doors.ask())
    adding = json.loads(doors.options())
    with pytest.raises(Invalid):
        doors.add(Device(), json.dumps({**adding, "challenge": entering["challenge"]}))
    with pytest.raises(Invalid):
        doors.add(Device(), json.dumps(adding), who=other)


@pytest.mark.parametrize(
    "amiss", [{"verifies": False}, {"origin": "https://elsewhere.example"}, {"domain": "elsewhere.example"}]
)
def test_answer_that_is_not_to_be_believed_is_refused(doors, amiss):
    """Nobody verified, another site, another domain: neither added nor let in."""
    with pytest.raises(Invalid):
        doors.add(replace(Device(), **amiss))
    device = Device()
    doors.add(device)
    with pytest.raises(Invalid):
        doors.enter(replace(device, **amiss).get(doors.ask()))


def test_key_of_somebody_else_or_forged_opens_nothing(doors):
    """Another key under the same name, another owner, a passkey we do not know."""
    device = Device()
    doors.add(device)
    for wrong in (replace(device, key=Device().key), replace(device, handle="AAAA"), Device()):
        with pytest.raises(Invalid):
            doors.enter(wrong.get(doors.ask()))


@pytest.mark.parametrize("answer", ["", "null", "[]", "{", '{"rawId": 3}', '{"rawId":"A","response":{}}', "x" * 30_000])
def test_answer_that_is_none_is_refused(doors, answer):
    """Whatever is sent, one sentence."""
    for act in (doors.enter, lambda sent: passkeys.add(*_adding(doors), answer=sent, now=doors.clock())):
        with pytest.raises(Invalid):
            act(answer)


def _adding(doors):
    return doors.session, doors.installation, factories.actor(doors.person)


def test_counter_that_goes_back_stops_the_passkey(doors):
    """A copy was made of it: neither the copy nor the original opens anything from then on."""
    device = Device()
    doors.add(device)
    copy = replace(device)
    doors.enter(device.get(doors.ask()))
    with pytest.raises(passkeys.Stopped):
        doors.enter(copy.get(doors.ask()))
    with pytest.raises(passkeys.Stopped):
        doors.enter(device.get(doors.ask()))


def test_removed_passkey_opens_nothing_and_only_its_owner_removes_it(doors, session, person):
    """Another person is told that there is none."""
    device = Device()
    row = doors.add(device)
    other = factories.person(session, name="Nour")
    with pytest.raises(NotFound):
        passkeys.remove(session, factories.actor(other), row.id, doors.clock())
    passkeys.remove(session, factories.actor(person), row.id, doors.clock())
    with pytest.raises(Invalid):
        doors.enter(device.get(doors.ask()))


def test_access_made_anew_takes_every_passkey_away(doors, session, person):
    """Somebody else may have had card and PIN, and left a key of theirs."""
    doors.add(Device())
    coach = factories.actor(person.memberships[0].coach)
    secret = doors.installation.secret
    people.reset_pin(session, coach, person.id, pin_choice="strip", secret=secret, now=doors.clock())
    assert session.scalars(select(PasskeyRecord)).all() == []


def test_ten_passkeys_are_enough(doors):
    """The eleventh is refused with a sentence; so is a device that has one already."""
    device = Device()
    doors.add(device)
    with pytest.raises(Invalid):
        doors.add(device)
    for number in range(passkeys.MOST - 1):
        key = bytes([number])
        doors.session.add(
            PasskeyRecord(
                person_id=doors.person.id, credential_id=key, public_key=key, sign_count=0, added_at=doors.clock()
            )
        )
    doors.session.flush()
    with pytest.raises(Conflict):
        doors.options()


def test_pages_add_a_passkey_and_let_in_with_it(doors, client, session, person, clock):
    """The forms carry the options; a wrong answer has one sentence; the way asked for is kept."""
    factories.sign_in(session, client, person, clock())
    session.commit()
    device = Device()
    assert client.post("/moi/cles", data={"pin": "111112"}).status_code == 422
    page = client.post("/moi/cles", data={"pin": factories.PIN})
    made = client.post("/moi/cles/ajouter", data={"answer": device.make(options_of(page))})
    assert made.status_code == 303
    assert "Ajouté le 21 nov. 2026" in unescape(client.get("/moi/cles").text)
    client.post("/deconnexion")
    assert client.post("/carte/telephone/entrer", data={"answer": "{}"}).status_code == 422
    page = client.post("/carte/telephone", data={"next": "/moi/parcours"})
    entered = client.post(
        "/carte/telephone/entrer", data={"answer": device.get(options_of(page)), "next": "/moi/parcours"}
    )
    assert (entered.status_code, entered.location) == (303, "/moi/parcours")
    assert person.name in client.get("/moi").text


def options_of(page):
    return unescape(re.search(r'data-options="([^"]*)"', page.text)[1])
