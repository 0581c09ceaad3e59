"""People, their cards, PINs and memberships."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from badges.models.access import SessionRecord
from badges.models.journal import JournalRecord
from badges.models.people import MembershipRecord, PersonRecord, Role
from badges.services import access, cards, codes, people
from badges.services.errors import Conflict, Forbidden, Invalid, NotFound, TooMany
from tests import factories

SECRET = b"a secret for tests only, of more than 32 bytes"
PARIS = ZoneInfo("Europe/Paris")
START = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@pytest.fixture
def structure(session):
    return factories.organisation(session)


@pytest.fixture
def coach(session, structure):
    return factories.staff(session, (structure, Role.COACH))


def create(session, coach, structure, clock, **changes):
    facts = {"name": "Awa Diallo", "pin_choice": "first_use", "now": clock(), **changes}
    return people.create_person(session, factories.actor(coach), organisation_id=structure.id, **facts)


def reset(session, coach, person, clock, **changes):
    facts = {"pin_choice": "first_use", "secret": SECRET, "now": clock(), **changes}
    return people.reset_pin(session, factories.actor(coach), person.id, **facts)


def test_person_is_created_with_a_card_a_coach_and_no_pin(session, coach, structure, clock):
    """First use: a readable card code, the actor as coach, seven days to choose a PIN, nothing else kept."""
    person, pin = create(session, coach, structure, clock, language="en", today=date(2026, 11, 22))
    assert pin is None
    assert codes.read_code(person.card_code) == person.card_code
    assert person.pin_hash is None
    assert person.pin_open_until == clock() + timedelta(days=7)
    assert [(one.coach_id, one.joined_on) for one in person.memberships] == [(coach.id, date(2026, 11, 22))]


def test_strip_pin_is_returned_once_and_kept_only_as_a_hash(session, coach, structure, clock):
    """The PIN of the strip signs in, and its digits stand nowhere in the row or the journal."""
    person, pin = create(session, coach, structure, clock, pin_choice="strip")
    assert people.confirm_pin(session, person, pin, SECRET, clock())
    assert person.pin_hash.startswith("$argon2id$")
    assert pin not in person.pin_hash
    assert pin not in repr([row.details for row in session.scalars(select(JournalRecord))])


def test_form_sent_twice_creates_one_person(session, coach, structure, clock):
    """The identifier drawn with the form makes the second sending find the first person, without a PIN."""
    drawn = uuid4()
    first, pin = create(session, coach, structure, clock, pin_choice="strip", person_id=drawn)
    second, again = create(session, coach, structure, clock, pin_choice="strip", person_id=drawn)
    assert (second, again) == (first, None)
    assert pin is not None
    assert len(session.scalars(select(PersonRecord)).all()) == 1


def test_form_cannot_reach_a_person_of_another_structure(session, coach, structure, clock):
    """An identifier that is somebody else's person answers that there is no such person."""
    other = factories.person(session, factories.organisation(session))
    with pytest.raises(NotFound):
        create(session, coach, structure, clock, person_id=other.id)


@pytest.mark.parametrize(
    "name",
    [
        "O",
        "ليلى حداد",
        "فرهاد رحیمی",
        "சுதா கந்தசாமி",
        "ሰላም ተስፋይ",
        "Jean‑Yves d’Arc",
        "می\u200cخواهم",
        "李 小龙",
        "ñ" * 200,
    ],
)
def test_name_of_any_script_is_kept(session, coach, structure, clock, name):
    """From one letter to two hundred, whatever the alphabet."""
    person, _pin = create(session, coach, structure, clock, name=name)
    assert person.name == name


def test_name_is_composed_and_its_spaces_are_single(session, coach, structure, clock):
    """Unicode NFC, no space around, one between words."""
    person, _pin = create(session, coach, structure, clock, name="  Ine\u0300s \n  Carvalho ")
    assert person.name == "Inès Carvalho"


@pytest.mark.parametrize(
    "name", ["", "   ", "--", "é" * 201, "A\x00B", "A\u202eB", "A\ufeffB", "A\ufffdB", "A\ue000", "A\u2028B\u2066"]
)
def test_name_nobody_means_to_write_is_refused(session, coach, structure, clock, name):
    """Nothing at all, too long, or with a character that cannot be seen."""
    with pytest.raises(Invalid) as refused:
        create(session, coach, structure, clock, name=name)
    assert refused.value.field == "name"


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.ISSUER, Role.EDITOR, Role.AUDITOR])
def test_only_a_coach_of_the_structure_registers_people(session, structure, clock, role):
    """Another role there, or the coach's role elsewhere, is not enough."""
    elsewhere = factories.organisation(session)
    member = factories.staff(session, (structure, role), (elsewhere, Role.COACH))
    with pytest.raises(Forbidden):
        create(session, member, structure, clock)


def test_coach_must_be_an_active_coach_of_the_structure(session, coach, structure, clock):
    """Neither an issuer nor a deactivated colleague can be given someone to follow."""
    issuer = factories.staff(session, (structure, Role.ISSUER))
    gone = factories.staff(session, (structure, Role.COACH))
    gone.deactivated_at = clock()
    for named in (issuer, gone):
        with pytest.raises(Invalid):
            create(session, coach, structure, clock, coach_id=named.id)


def test_person_is_seen_by_themselves_and_by_coaches_who_follow_them(session, coach, structure):
    """The person, their coach, and a colleague who stands in."""
    person = factories.person(session, structure, coach)
    colleague = factories.staff(session, (structure, Role.COACH))
    for who in (person, coach, colleague):
        assert people.person_for(session, factories.actor(who), person.id) is person


def test_person_does_not_exist_for_anybody_else(session, coach, structure):
    """Another structure's coach, another person, and every other role of the same structure: no such person."""
    person = factories.person(session, structure, coach)
    others = [
        factories.person(session, structure, coach),
        factories.staff(session, (factories.organisation(session), Role.COACH)),
        *(factories.staff(session, (structure, role)) for role in Role if role is not Role.COACH),
    ]
    for other in others:
        with pytest.raises(NotFound):
            people.person_for(session, factories.actor(other), person.id)
        with pytest.raises(NotFound):
            people.open_membership(session, factories.actor(other), person.id)


def test_person_who_left_is_unknown_to_the_structure_and_still_comes_in(session, coach, structure, clock):
    """Leaving ends the membership; card and PIN still sign in."""
    person, pin = create(session, coach, structure, clock, pin_choice="strip")
    assert people.follows(session, person.id, structure.id)
    assert not people.follows(session, person.id, factories.organisation(session, "Ailleurs").id)
    people.leave(session, factories.actor(coach), person.id, on=clock().date(), now=clock())
    assert not people.follows(session, person.id, structure.id)
    with pytest.raises(NotFound):
        people.person_for(session, factories.actor(coach), person.id)
    with pytest.raises(NotFound):
        people.leave(session, factories.actor(coach), person.id, on=clock().date(), now=clock())
    entering = {"address": "192.0.2.1", "secret": SECRET, "now": clock()}
    assert cards.sign_in(session, card=person.card_code, pin=pin, **entering) is person


def test_person_is_handed_over_to_a_colleague_only(session, coach, structure, clock):
    """The colleague follows from now on; a coach of another structure cannot be named."""
    person = factories.person(session, structure, coach)
    colleague = factories.staff(session, (structure, Role.COACH))
    stranger = factories.staff(session, (factories.organisation(session), Role.COACH))
    actor = factories.actor(coach)
    with pytest.raises(Invalid):
        people.hand_over(session, actor, person.id, coach_id=stranger.id, now=clock())
    assert people.hand_over(session, actor, person.id, coach_id=colleague.id, now=clock()) == 1
    assert people.open_membership(session, actor, person.id).coach_id == colleague.id


def test_whole_caseload_is_handed_over_at_once(session, coach, structure, clock):
    """Everyone the same coach follows in this structure, nobody else, nobody who left."""
    colleague = factories.staff(session, (structure, Role.COACH))
    elsewhere = factories.organisation(session)
    mine = [factories.person(session, structure, coach) for _ in range(3)]
    other = factories.person(session, elsewhere, coach)
    gone = factories.person(session, structure, coach)
    gone.memberships[0].left_on = date(2026, 2, 1)
    moved = people.hand_over(
        session, factories.actor(coach), mine[0].id, coach_id=colleague.id, now=clock(), everyone=True
    )
    assert moved == 3
    held = {row.person_id: row.coach_id for row in session.scalars(select(MembershipRecord))}
    assert {held[person.id] for person in mine} == {colleague.id}
    assert (held[other.id], held[gone.id]) == (coach.id, coach.id)


def test_reset_is_dated_signed_and_ends_sessions(session, coach, structure, clock):
    """The person will read when and by whom; whoever was signed in is out; the old PIN is dead."""
    person = factories.person(session, structure, coach, pin=factories.PIN)
    access.open_session(session, now=clock(), person=person)
    code = person.card_code
    reset(session, coach, person, clock)
    assert (person.pin_reset_at, person.pin_reset_by, person.card_code) == (clock(), coach.id, code)
    assert session.scalars(select(SessionRecord)).all() == []
    assert not people.confirm_pin(session, person, factories.PIN, SECRET, clock())
    acts = session.scalars(select(JournalRecord.action).where(JournalRecord.object == f"person:{person.id}")).all()
    assert acts == ["person.pin_reset"]


def test_lost_card_stops(session, coach, structure, clock):
    """A new card code: the old one is nobody's."""
    person = factories.person(session, structure, coach, pin=factories.PIN)
    old = person.card_code
    pin = reset(session, coach, person, clock, pin_choice="strip", new_card=True)
    asking = {"address": "192.0.2.1", "secret": SECRET, "now": clock()}
    assert cards.sign_in(session, card=old, pin=pin, **asking) is None
    assert cards.sign_in(session, card=person.card_code, pin=pin, **asking) is person


def test_reset_lets_in_a_person_who_guessed_too_often(session, coach, structure, clock):
    """The person at the desk with a new strip does not have to wait for the limit to pass."""
    person = factories.person(session, structure, coach, pin=factories.PIN)
    for _ in range(access.LIMITS["pin"][0]):
        assert not people.confirm_pin(session, person, "000000", SECRET, clock())
    with pytest.raises(TooMany):
        people.confirm_pin(session, person, factories.PIN, SECRET, clock())
    pin = reset(session, coach, person, clock, pin_choice="strip")
    assert people.confirm_pin(session, person, pin, SECRET, clock())


def test_reset_blocks_claiming_on_its_local_day(session, coach, structure):
    """Reset at 00:30 in Paris, still the day before in UTC: it is the Paris day that is blocked, no other."""
    person = factories.person(session, structure, coach)
    assert people.may_claim_today(person, date(2026, 11, 21), PARIS)
    person.pin_reset_at = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
    assert people.may_claim_today(person, date(2026, 11, 21), PARIS)
    assert not people.may_claim_today(person, date(2026, 11, 22), PARIS)
    assert people.may_claim_today(person, date(2026, 11, 23), PARIS)


def test_reset_is_for_coaches_who_follow_the_person(session, structure, coach, clock):
    """Another structure's coach resets nothing."""
    person = factories.person(session, structure, coach, pin=factories.PIN)
    stranger = factories.staff(session, (factories.organisation(session), Role.COACH))
    with pytest.raises(NotFound):
        reset(session, stranger, person, clock)
    assert person.pin_reset_at is None


@pytest.mark.parametrize("typed", ["274913", " 274 913 ", "٢٧٤٩١٣", "२७४९१३"])
def test_pin_is_read_however_its_digits_are_written(session, structure, coach, clock, typed):
    """Spaces and the digits of another script are the same PIN."""
    person = factories.person(session, structure, coach, pin="274913")
    assert people.confirm_pin(session, person, typed, SECRET, clock())


def test_right_pin_forgets_the_wrong_ones(session, structure, coach, clock):
    """Four wrong ones, a right one, and there are five again."""
    person = factories.person(session, structure, coach, pin=factories.PIN)
    for _ in range(2):
        for _ in range(access.LIMITS["pin"][0] - 1):
            assert not people.confirm_pin(session, person, "111222", SECRET, clock())
        assert people.confirm_pin(session, person, factories.PIN, SECRET, clock())


def test_pin_is_chosen_once_within_its_seven_days(session, structure, coach, clock):
    """With the card alone, until it is chosen or the days are over."""
    person, _none = create(session, coach, structure, clock)
    late, _none = create(session, coach, structure, clock, name="Lina Morvan")
    asking = {"pin": "274913", "again": "274 913", "address": "192.0.2.1", "secret": SECRET}
    chosen = cards.choose_pin(session, card=person.card_code, now=clock.forward(days=6), **asking)
    assert people.confirm_pin(session, chosen, "274913", SECRET, clock())
    with pytest.raises(Conflict):
        cards.choose_pin(session, card=person.card_code, now=clock(), **asking)
    with pytest.raises(Conflict):
        cards.choose_pin(session, card=late.card_code, now=clock.forward(days=1), **asking)
    assert late.pin_hash is None


def test_unknown_cards_are_limited_by_address_and_known_ones_are_not(session, structure, coach, clock):
    """A whole room may come in from one address; guessing cards from it ends."""
    person = factories.person(session, structure, coach, pin=factories.PIN)
    asking = {"address": "192.0.2.1", "secret": SECRET, "now": clock()}
    most = access.LIMITS["card"][0]
    for _ in range(most + 5):
        assert cards.card_holder(session, card=person.card_code, **asking) is person
    for _ in range(most):
        assert cards.card_holder(session, card=codes.new_code(codes.CARD_BITS), **asking) is None
    with pytest.raises(TooMany):
        cards.card_holder(session, card=person.card_code, **asking)
    assert cards.card_holder(session, card=person.card_code, **{**asking, "address": "192.0.2.2"}) is person


def join(session, coach, structure, person, pin=factories.PIN):
    asking = {"address": "192.0.2.1", "secret": SECRET, "now": START, "today": START.date()}
    card = person.card_code
    return cards.join(session, factories.actor(coach), organisation_id=structure.id, card=card, pin=pin, **asking)


def test_person_joins_another_structure_with_their_card_and_pin(session, coach, structure, clock):
    """The same person, a second membership; twice is harmless; whoever left may come back."""
    person = factories.person(session, factories.organisation(session), pin=factories.PIN)
    for _ in range(2):
        assert join(session, coach, structure, person) is person
    assert people.open_membership(session, factories.actor(coach), person.id).coach_id == coach.id
    people.leave(session, factories.actor(coach), person.id, on=clock().date(), now=clock())
    assert join(session, coach, structure, person) is person
    session.refresh(person, ["memberships"])
    assert [one.organisation_id for one in person.memberships].count(structure.id) == 2


def test_person_is_not_followed_without_their_pin(session, coach, structure):
    """A card found in the street gives no coach anything; guesses are counted as at the door."""
    person = factories.person(session, factories.organisation(session), pin=factories.PIN)
    for _ in range(access.LIMITS["pin"][0]):
        with pytest.raises(Invalid):
            join(session, coach, structure, person, "111222")
    with pytest.raises(TooMany):
        join(session, coach, structure, person)
    with pytest.raises(NotFound):
        people.open_membership(session, factories.actor(coach), person.id)


def test_person_joins_only_a_structure_of_the_coach(session, coach):
    """A structure posted by hand is refused."""
    other = factories.organisation(session)
    person = factories.person(session, other, pin=factories.PIN)
    with pytest.raises(Forbidden):
        join(session, coach, other, person)
