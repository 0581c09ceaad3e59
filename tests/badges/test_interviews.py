"""The interview of three: each confirms one exact text; a change asks again; nothing waits for anybody."""

import re
from datetime import date
from html import unescape
from uuid import uuid4

import pytest
from sqlalchemy import select

from badges.models.people import MembershipRecord, Role
from badges.models.voices import Party
from badges.services import interviews
from badges.services.errors import Conflict, Forbidden, Gone, Invalid, NotFound
from badges.services.interviews import Words, confirmed, digest
from tests import factories, voices

TODAY = date(2026, 11, 21)
WORDS = {
    "company": "Ateliers du Halage",
    "tutor_role": "cheffe d’équipe",
    "shown_as": "Awa",
    "held_on": date(2026, 11, 20),
    "place": "À l’atelier",
    "went_well": "A tenu le poste de tri toute la semaine.",
    "to_work_on": "Demander quand la consigne change.",
    "next_step": "Une semaine de plus en décembre.",
}


@pytest.fixture
def world(session, clock):
    return voices.world(session, clock())


@pytest.fixture
def row(world):
    return world.opened("prevenir")


@pytest.fixture
def written(world, row):
    """Written by the coach, confirmed by nobody."""
    return write(world, row)


def write(world, row, interview_id=None, *, confirms=False, **changes):
    return interviews.write(
        world.session,
        world.as_coach,
        row.id,
        interview_id=interview_id or uuid4(),
        words=Words(**{**WORDS, **changes}),
        confirms=confirms,
        today=TODAY,
        now=world.now,
    )


def change(world, interview, seen=None, **changes):
    return interviews.change(
        world.session,
        world.as_coach,
        interview.id,
        words=Words(**{**WORDS, **changes}),
        seen=seen or digest(interview),
        confirms=True,
        today=TODAY,
        now=world.now,
    )


def everybody(world, interview):
    """Confirmed by the three; returns the company's link."""
    _interview, code = interviews.new_link(world.session, world.as_coach, interview.id, now=world.now)
    for actor in (world.as_coach, world.as_person):
        interviews.confirm(world.session, actor, interview.id, seen=digest(interview), now=world.now)
    interviews.confirm_by_link(world.session, code, None, seen=digest(interview), now=world.now)
    return code


def test_each_of_the_three_confirms(world, written):
    """The coach, the person from their page, the company by its link; twice changes nothing."""
    assert confirmed(written) == {}
    code = everybody(world, written)
    assert set(confirmed(written)) == set(Party)
    interviews.confirm_by_link(world.session, code, None, seen=digest(written), now=world.now)
    assert len(written.confirmations) == 3


def test_change_asks_the_others_again(world, written):
    """A yes was to other words; who wrote the change has confirmed it, and the company's link still leads there."""
    code = everybody(world, written)
    before = digest(written)
    change(world, written, next_step="Deux semaines de plus.")
    assert set(confirmed(written)) == {Party.COACH}
    with pytest.raises(Conflict, match="a changé"):
        interviews.confirm_by_link(world.session, code, None, seen=before, now=world.now)
    with pytest.raises(Conflict):
        interviews.confirm(world.session, world.as_person, written.id, seen=before, now=world.now)
    interviews.confirm_by_link(world.session, code, None, seen=digest(written), now=world.now)
    assert set(confirmed(written)) == {Party.COACH, Party.TUTOR}


def test_text_put_back_as_it_was_is_what_was_confirmed(world, written):
    """A confirmation is of a text, not of a moment."""
    everybody(world, written)
    change(world, written, place="Ailleurs")
    change(world, written)
    assert {Party.PERSON, Party.TUTOR} <= set(confirmed(written))


def test_two_who_change_at_once_do_not_overwrite_each_other(world, written):
    """The second one reads again."""
    seen = digest(written)
    change(world, written, place="Ici")
    with pytest.raises(Conflict, match="a changé"):
        change(world, written, seen=seen, place="Là")
    assert written.place == "Ici"


def test_person_confirms_beside_their_coach_with_the_pin(world, written, installation):
    """A wrong one confirms nothing."""
    given = {"secret": installation.secret, "seen": digest(written), "now": world.now}
    assert not interviews.confirm_with_pin(world.session, world.as_coach, written.id, pin="000001", **given)
    assert confirmed(written) == {}
    assert interviews.confirm_with_pin(world.session, world.as_coach, written.id, pin=factories.PIN, **given)
    assert set(confirmed(written)) == {Party.PERSON}


def test_wrong_person_ends_the_link_until_the_coach_makes_another(world, written):
    """The company's yes goes with it."""
    code = everybody(world, written)
    interviews.wrong_person(world.session, code, None, now=world.now)
    assert set(confirmed(written)) == {Party.COACH, Party.PERSON}
    with pytest.raises(Gone, match="pas la bonne personne"):
        interviews.open_page(world.session, code, None, world.now)
    _interview, fresh = interviews.new_link(world.session, world.as_coach, written.id, now=world.now)
    assert interviews.open_page(world.session, fresh, None, world.now)
    with pytest.raises(Gone, match="remplacé"):
        interviews.open_page(world.session, code, None, world.now)


def test_link_that_expired_or_is_about_somebody_who_left_says_so(world, written, session, clock):
    """Each its sentence."""
    _interview, code = interviews.new_link(session, world.as_coach, written.id, now=world.now)
    with pytest.raises(Gone, match="délai"):
        interviews.open_page(session, code, None, clock.forward(days=14))
    session.scalars(select(MembershipRecord)).one().left_on = TODAY
    with pytest.raises(Gone, match="n’accompagne plus"):
        interviews.open_page(session, code, None, world.now)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"held_on": None}, "held_on"),
        ({"held_on": date(2026, 11, 22)}, "held_on"),
        ({"company": ""}, "company"),
        ({"went_well": " "}, "went_well"),
        ({"next_step": ""}, "next_step"),
        ({"to_work_on": "x" * 1001}, "to_work_on"),
    ],
)
def test_interview_that_cannot_be_kept_names_its_field(world, row, changes, field):
    """Nothing is written."""
    with pytest.raises(Invalid) as refused:
        write(world, row, **changes)
    assert refused.value.field == field
    assert interviews.of_round(world.session, world.as_coach, row.id) == ()


def test_same_form_sent_twice_writes_one(world, row):
    """The second answer is the first's."""
    interview_id = uuid4()
    assert write(world, row, interview_id) is write(world, row, interview_id)


def test_interview_is_the_persons_and_their_coachs(world, written, session):
    """For a colleague or a peer there is none; the person writes none; neither opens the company's link."""
    mate = factories.actor(factories.staff(session, (world.structure, Role.COACH)))
    peer = factories.actor(factories.person(session, world.structure, world.coach))
    for actor in (mate, peer):
        with pytest.raises(NotFound):
            interviews.interview_for(session, actor, written.id)
    with pytest.raises(Forbidden):
        interviews.new_link(session, world.as_person, written.id, now=world.now)
    _interview, code = interviews.new_link(session, world.as_coach, written.id, now=world.now)
    for actor in (world.as_coach, world.as_person):
        with pytest.raises(Forbidden):
            interviews.open_page(session, code, actor, world.now)


def text(response):
    """What a reader reads, in one line, entities resolved."""
    body = re.sub(r"<[^>]+>", " ", response.get_data(as_text=True))
    return re.sub(r"\s+", " ", unescape(body))


def test_written_read_and_confirmed_on_the_pages(world, row, app, session, clock):
    """Coach, person, company: the page says who has confirmed, and the printed one leaves a place to sign."""
    browsers = [app.test_client() for _ in range(3)]
    coach, person, company = browsers
    factories.sign_in(session, coach, world.coach, clock())
    factories.sign_in(session, person, world.person, clock())
    session.commit()
    form = {**WORDS, "held_on": "2026-11-20", "confirm": "1", "interview": str(uuid4())}
    refused = coach.post(f"/positionnements/{row.id}/entretien", data={**form, "next_step": ""})
    assert refused.status_code == 422
    assert WORDS["went_well"] in refused.text
    place = coach.post(f"/positionnements/{row.id}/entretien", data=form).location
    made = coach.post(f"{place}/lien")
    address = re.search(r"http://localhost:8000(/a/[0-9A-Z]{17})", made.text).group(1)
    assert "Relisez l’entretien à trois" in text(person.get("/moi"))
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', person.get(place).text).group(1)
    assert person.post(f"{place}/confirmer", data={"seen": seen}).status_code == 303
    read = company.get(address)
    assert "Entretien avec Awa" in text(read)
    assert world.person.name not in text(read)
    printed = coach.get(f"{place}/imprimer")
    assert "Date et signature" in text(printed)
    assert "Confirmé : 2 sur 3" in text(coach.get(f"/positionnements/{row.id}"))
    assert company.post(f"{address}/confirmer", data={"seen": "autre"}).status_code == 409
    assert company.post(f"{address}/confirmer", data={"seen": seen}).location == "/a/merci"
    assert "Confirmé par les trois" in text(coach.get(f"/positionnements/{row.id}"))
    assert "Relisez l’entretien à trois" not in text(person.get("/moi"))
