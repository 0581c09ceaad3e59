"""What a person agrees to: logged, taken back, and under fifteen only with a parent."""

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from badges.models.consents import ConsentRecord, Purpose
from badges.models.journal import JournalRecord
from badges.models.people import AgeBand, PersonRecord, Role
from badges.services import consents
from badges.services.errors import Conflict, Forbidden, Invalid, NotFound
from tests import factories

WORDS = "Vu ensemble le 20, chacun a dit oui."


@pytest.fixture
def place(session):
    """A structure with its coach, and a person who agreed to be published."""
    structure = factories.organisation(session)
    coach = factories.staff(session, (structure, Role.COACH))
    return structure, coach, factories.person(session, structure, coach)


def unasked(session, place, band=AgeBand.ADULT) -> PersonRecord:
    structure, coach, _person = place
    row = factories.person(session, structure, coach, agreed=False)
    row.age_band = band
    session.flush()
    return row


def test_no_answer_is_no(session, place, clock):
    """Silence never means yes; support needs no answer at all."""
    person = unasked(session, place)
    assert not consents.given(session, person.id, Purpose.PUBLICATION)


def test_latest_answer_counts_and_every_one_is_kept(session, installation, place, clock):
    """Yes, no, yes: three rows, three entries of the journal that hold no name."""
    person = unasked(session, place)
    who = factories.actor(person)
    for act in (consents.give, consents.take_back, consents.give):
        act(session, installation, who, Purpose.PUBLICATION, clock.forward(minutes=1))
    assert consents.given(session, person.id, Purpose.PUBLICATION)
    assert not consents.given(session, person.id, Purpose.KEEPING)
    assert [row.given for row in consents.answers(session, person.id)] == [True, False, True]
    acts = session.scalars(select(JournalRecord.action).where(JournalRecord.object == f"person:{person.id}")).all()
    assert acts == ["consent.given", "consent.withdrawn", "consent.given"]


@pytest.mark.parametrize("statement", [update(ConsentRecord).values(given=True), delete(ConsentRecord)])
def test_answers_cannot_be_changed_afterwards(session, place, statement):
    """The database refuses, whoever asks."""
    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(statement)


def test_under_fifteen_child_and_parent_answer_together(session, installation, place, clock):
    """The child alone is refused kindly; what the coach notes counts only where both said yes."""
    _structure, coach, _person = place
    child = unasked(session, place, AgeBand.UNDER_15)
    with pytest.raises(Forbidden, match="avec un parent"):
        consents.give(session, installation, factories.actor(child), Purpose.PUBLICATION, clock())
    for both in (False, True):
        consents.record_with_parent(
            session,
            installation,
            factories.actor(coach),
            child.id,
            Purpose.PUBLICATION,
            child=True,
            parent=both,
            words=WORDS,
            now=clock(),
        )
        assert consents.given(session, child.id, Purpose.PUBLICATION) is both
    consents.take_back(session, installation, factories.actor(child), Purpose.PUBLICATION, clock())
    assert not consents.given(session, child.id, Purpose.PUBLICATION)


def test_answer_without_words_or_for_somebody_older_is_not_noted(session, installation, place, clock):
    """How both answered is written down; from fifteen on, nobody answers in somebody's place."""
    _structure, coach, person = place
    child = unasked(session, place, AgeBand.UNDER_15)
    answer = {"child": True, "parent": True, "now": clock()}
    with pytest.raises(Invalid, match="comment"):
        consents.record_with_parent(
            session, installation, factories.actor(coach), child.id, Purpose.PUBLICATION, words=" ", **answer
        )
    with pytest.raises(Invalid, match="15 ans"):
        consents.record_with_parent(
            session, installation, factories.actor(coach), person.id, Purpose.PUBLICATION, words=WORDS, **answer
        )


def test_no_that_somebody_older_said_is_theirs_alone_to_change(session, installation, place, clock):
    """Called younger than they are, they still said no: nobody notes a yes over it, with or without a parent."""
    _structure, coach, person = place
    actor, who = factories.actor(coach), factories.actor(person)
    answer = {"child": True, "parent": True, "words": WORDS}
    consents.take_back(session, installation, who, Purpose.PUBLICATION, clock.forward(minutes=1))
    consents.change_age_band(session, installation, actor, person.id, age_band="under_15", now=clock())
    note = (session, installation, actor, person.id, Purpose.PUBLICATION)
    consents.record_with_parent(*note, **(answer | {"child": False}), now=clock.forward(minutes=1))
    with pytest.raises(Conflict, match="elle seule"):
        consents.record_with_parent(*note, **answer, now=clock.forward(minutes=1))
    assert not consents.given(session, person.id, Purpose.PUBLICATION)
    consents.change_age_band(session, installation, actor, person.id, age_band="15_17", now=clock())
    assert not consents.given(session, person.id, Purpose.PUBLICATION)
    consents.give(session, installation, who, Purpose.PUBLICATION, clock.forward(minutes=1))
    consents.change_age_band(session, installation, actor, person.id, age_band="under_15", now=clock())
    consents.record_with_parent(*note, **answer, now=clock.forward(minutes=1))
    assert consents.given(session, person.id, Purpose.PUBLICATION)


def test_coach_of_another_structure_notes_nothing(session, installation, place, clock):
    """Neither an answer nor an age: the person does not exist for them."""
    child = unasked(session, place, AgeBand.UNDER_15)
    stranger = factories.actor(factories.staff(session, (factories.organisation(session), Role.COACH)))
    with pytest.raises(NotFound):
        consents.record_with_parent(
            session,
            installation,
            stranger,
            child.id,
            Purpose.PUBLICATION,
            child=True,
            parent=True,
            words=WORDS,
            now=clock(),
        )
    with pytest.raises(NotFound):
        consents.change_age_band(session, installation, stranger, child.id, age_band="adult", now=clock())


def test_yes_of_a_person_said_to_be_younger_asks_for_a_parent(session, installation, place, clock):
    """An age band that was wrong and is put right: the yes given alone no longer counts under fifteen."""
    _structure, coach, person = place
    assert consents.given(session, person.id, Purpose.PUBLICATION)
    consents.change_age_band(session, installation, factories.actor(coach), person.id, age_band="15_17", now=clock())
    assert consents.given(session, person.id, Purpose.PUBLICATION)
    consents.change_age_band(session, installation, factories.actor(coach), person.id, age_band="under_15", now=clock())
    assert not consents.given(session, person.id, Purpose.PUBLICATION)
    with pytest.raises(Invalid, match="tranche"):
        consents.change_age_band(session, installation, factories.actor(coach), person.id, age_band="12", now=clock())
