"""Rounds: opened, rated twice and blindly, sealed."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from badges.models.assessments import Moment, Rater, RatingRecord, RoundRecord
from badges.models.journal import JournalRecord
from badges.models.people import MembershipRecord, Role
from badges.models.referentiels import VersionState
from badges.services import assessments, people
from badges.services.errors import Conflict, Forbidden, Invalid, NotFound
from tests import factories, rounds


@pytest.fixture
def world(session, clock):
    return rounds.world(session, clock())


@pytest.fixture
def row(world):
    return world.opened()


def test_open_keeps_the_competences_in_the_order_of_the_referentiel(world):
    """What is chosen in any order, twice even, is asked once and in the document's order."""
    row = world.opened("rigueur", "equipe", "equipe")
    order = [one.code for one in assessments.document_of(world.version).competences]
    assert row.competences == sorted(["equipe", "rigueur"], key=order.index)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"competences": []}, "competences"),
        ({"competences": ["equipe", "inconnue"]}, "competences"),
        ({"version_id": 999_999}, "version"),
        ({"moment": None}, "moment"),
    ],
)
def test_open_without_what_it_needs_is_refused(world, changes, field):
    """Each refusal names the field it is about."""
    arguments = {"version_id": world.version.id, "competences": ["equipe"], "moment": Moment.ETAPE, "now": world.now}
    with pytest.raises(Invalid) as refused:
        assessments.open_round(world.session, world.as_coach, world.person.id, **{**arguments, **changes})
    assert refused.value.field == field


@pytest.mark.parametrize("state", [VersionState.SUPERSEDED, VersionState.WITHDRAWN])
def test_open_on_a_version_that_is_no_longer_current_is_refused(world, state):
    """No new round rests on a text that was replaced or withdrawn."""
    world.version.state = state
    with pytest.raises(Invalid):
        world.opened()


def test_open_for_somebody_elses_person_is_refused(world):
    """A person followed by another structure does not exist here."""
    stranger = factories.person(world.session, factories.organisation(world.session))
    with pytest.raises(NotFound):
        assessments.open_round(
            world.session,
            world.as_coach,
            stranger.id,
            version_id=world.version.id,
            competences=["equipe"],
            moment=Moment.ENTREE,
            now=world.now,
        )


def test_open_sent_twice_opens_one_round(world):
    """The identifier drawn with the form makes a double click harmless."""
    arguments = {
        "version_id": world.version.id,
        "competences": ["equipe"],
        "moment": Moment.ENTREE,
        "now": world.now,
        "round_id": uuid4(),
    }
    first, second = (
        assessments.open_round(world.session, world.as_coach, world.person.id, **arguments) for _ in range(2)
    )
    assert first is second
    assert world.session.scalar(select(func.count(RoundRecord.id))) == 1


def test_open_with_another_rounds_identifier_is_refused(world, row):
    """An identifier taken by another person's round opens nothing and shows nothing."""
    other = factories.person(world.session, world.structure, world.coach, name="Sam Petit")
    with pytest.raises(Conflict):
        assessments.open_round(
            world.session,
            world.as_coach,
            other.id,
            version_id=world.version.id,
            competences=["equipe"],
            moment=Moment.ENTREE,
            now=world.now,
            round_id=row.id,
        )


def test_rating_again_replaces_the_answer(world, row):
    """One view has one answer to a competence: the last one."""
    world.rate(row, Rater.SELF, "equipe", 2, "une fois")
    world.rate(row, Rater.SELF, "equipe", 4, "trois fois")
    held = world.session.scalars(select(RatingRecord)).one()
    assert (held.level, held.situation) == (4, "trois fois")


def test_rating_without_a_level_needs_no_situation(world, row):
    """« Pas encore eu l'occasion » is an answer, outside the scale."""
    world.rate(row, Rater.SELF, "equipe", None, "")
    assert assessments.answers(row, Rater.SELF)["equipe"].level is None


@pytest.mark.parametrize(
    ("rater", "situation"), [(Rater.SELF, " a "), (Rater.SELF, ""), (Rater.COACH, "bien vu"), (Rater.SELF, "a" * 1001)]
)
def test_rating_with_a_level_needs_a_situation(world, row, rater, situation):
    """The person may write two words, the coach says how many times, when, where; nobody writes a novel."""
    with pytest.raises(Invalid) as refused:
        world.rate(row, rater, "equipe", 3, situation)
    assert refused.value.field == "situation"
    assert not row.ratings


@pytest.mark.parametrize("level", [-1, 6, 99])
def test_rating_off_the_scale_is_refused(world, row, level):
    """The scale runs from 0 to 5 here."""
    with pytest.raises(Invalid):
        world.rate(row, Rater.SELF, "equipe", level)


def test_rating_a_competence_that_was_not_chosen_is_refused(world, row):
    """The référentiel has it, the round has not."""
    with pytest.raises(NotFound):
        world.rate(row, Rater.SELF, "curiosite", 3)


def test_seal_waits_for_every_answer(world, row):
    """A view with a hole in it cannot be sealed."""
    world.rate(row, Rater.SELF, "equipe", 2)
    with pytest.raises(Invalid):
        world.seal(row, Rater.SELF)
    assert row.self_sealed_at is None


def test_sealed_view_cannot_change(world):
    """What was sealed is what will be compared."""
    row = world.revealed({"equipe": 2}, {"equipe": 4})
    for rater in (Rater.SELF, Rater.COACH):
        with pytest.raises(Conflict):
            world.rate(row, rater, "equipe", 3)


def test_sealing_twice_changes_nothing(world, clock):
    """« J'ai fini », tapped twice."""
    row = world.opened("equipe")
    world.rate(row, Rater.SELF, "equipe", 2)
    world.seal(row, Rater.SELF)
    sealed_at, world.now = row.self_sealed_at, clock.forward(minutes=1)
    world.seal(row, Rater.SELF)
    assert row.self_sealed_at == sealed_at


def test_person_cannot_answer_as_coach(world, row):
    """The coach's view is the coach's."""
    with pytest.raises(Forbidden):
        assessments.rate(
            world.session,
            world.as_person,
            row.id,
            rater=Rater.COACH,
            competence_code="equipe",
            level=5,
            situation="vu dix fois mardi",
            now=world.now,
        )


def type_beside(world, row, code="equipe", level=3):
    return assessments.rate(
        world.session,
        world.as_coach,
        row.id,
        rater=Rater.SELF,
        competence_code=code,
        level=level,
        situation="dicté",
        now=world.now,
    )


def test_coach_types_for_the_person_only_once_their_own_view_is_sealed(world):
    """Otherwise the coach would read before answering."""
    row = world.opened("equipe")
    world.rate(row, Rater.COACH, "equipe", 4)
    with pytest.raises(Conflict):
        type_beside(world, row)
    world.seal(row, Rater.COACH)
    type_beside(world, row)
    assessments.seal(world.session, world.as_coach, row.id, rater=Rater.SELF, now=world.now)
    assert row.self_typed_by == world.coach.id
    assert assessments.revealed(row)


def test_coach_neither_reads_nor_changes_what_the_person_typed(world):
    """Beside the person, a coach sees and changes only what a coach has typed."""
    row = world.opened("equipe", "autonomie")
    for code in row.competences:
        world.rate(row, Rater.COACH, code, 4)
    world.seal(row, Rater.COACH)
    world.rate(row, Rater.SELF, "equipe", 1)
    with pytest.raises(Conflict):
        type_beside(world, row)
    type_beside(world, row, "autonomie")
    assert set(assessments.readable_answers(row, world.as_coach, Rater.SELF)) == {"autonomie"}


def test_coach_cannot_seal_what_the_person_typed_alone(world):
    """« J'ai fini » belongs to whoever answered."""
    row = world.opened("equipe")
    for rater in (Rater.COACH, Rater.SELF):
        world.rate(row, rater, "equipe", 3)
    world.seal(row, Rater.COACH)
    with pytest.raises(Forbidden):
        assessments.seal(world.session, world.as_coach, row.id, rater=Rater.SELF, now=world.now)


def test_colleague_reads_nothing_before_taking_over(world, row):
    """Ratings and situations are the person's and their coach's alone; a hand-over, journalled, opens them."""
    colleague = factories.staff(world.session, (world.structure, Role.COACH), name="Noé Martin")
    with pytest.raises(NotFound):
        assessments.round_for(world.session, factories.actor(colleague), row.id)
    assert assessments.rounds_of(world.session, factories.actor(colleague), world.person.id) == ()
    people.hand_over(world.session, factories.actor(colleague), world.person.id, coach_id=colleague.id, now=world.now)
    assert assessments.round_for(world.session, factories.actor(colleague), row.id) is row
    with pytest.raises(NotFound):
        assessments.round_for(world.session, world.as_coach, row.id)


def test_only_the_persons_coach_opens_a_round(world):
    """A colleague takes over first."""
    world.coach = factories.staff(world.session, (world.structure, Role.COACH), name="Noé Martin")
    with pytest.raises(Forbidden):
        world.opened("equipe")


def test_coachs_access_ends_with_the_membership_and_the_persons_does_not(world, row):
    """Leaving closes the structure's door; the person keeps what is theirs."""
    world.person.memberships[0].left_on = world.now.date()
    world.session.flush()
    with pytest.raises(NotFound):
        assessments.round_for(world.session, world.as_coach, row.id)
    with pytest.raises(NotFound):
        assessments.rounds_of(world.session, world.as_coach, world.person.id)
    assert assessments.rounds_of(world.session, world.as_person, world.person.id) == (row,)


def test_rounds_with_another_structure_stay_there(world, row):
    """A person followed twice shows each structure its own rounds only."""
    elsewhere = factories.organisation(world.session, "Ailleurs")
    other = factories.staff(world.session, (elsewhere, Role.COACH))
    world.person.memberships.append(
        MembershipRecord(organisation_id=elsewhere.id, coach_id=other.id, joined_on=world.now.date())
    )
    world.session.flush()
    assert assessments.rounds_of(world.session, factories.actor(other), world.person.id) == ()
    with pytest.raises(NotFound):
        assessments.round_for(world.session, factories.actor(other), row.id)


@pytest.mark.parametrize("role", [Role.EDITOR, Role.ISSUER, Role.AUDITOR, Role.ADMINISTRATOR])
def test_round_does_not_exist_for_other_roles(world, row, role):
    """Even in the same structure, only the coaches read what was said."""
    actor = factories.actor(factories.staff(world.session, (world.structure, role)))
    with pytest.raises(NotFound):
        assessments.round_for(world.session, actor, row.id)
    with pytest.raises(NotFound):
        assessments.rounds_of(world.session, actor, world.person.id)


def test_another_person_does_not_see_the_round(world, row):
    """A card opens its holder's rounds alone."""
    other = factories.actor(factories.person(world.session, world.structure, name="Sam Petit"))
    with pytest.raises(NotFound):
        assessments.round_for(world.session, other, row.id)
    with pytest.raises(NotFound):
        assessments.rounds_of(world.session, other, world.person.id)


def test_journal_says_who_answered_and_never_what(world):
    """No level, no phrase and no name in the journal."""
    world.revealed({"equipe": 2}, {"equipe": 4})
    acts = world.session.scalars(select(JournalRecord).order_by(JournalRecord.id)).all()
    assert [act.action for act in acts] == ["round.opened"] + 2 * ["round.rated", "round.sealed"]
    assert [act.details for act in acts[1:]] == 2 * [{"rater": "self"}] + 2 * [{"rater": "coach"}]


def test_answers_given_at_the_same_time_are_all_kept(installation, world):
    """Person and coach answer together, the coach twice at once: each view holds each answer, once."""
    row = world.opened()
    writers = [(world.as_person, Rater.SELF), (world.as_coach, Rater.COACH), (world.as_coach, Rater.COACH)]
    world.session.commit()
    barrier = Barrier(len(writers))

    def answer_everything(actor, rater):
        for code in rounds.CODES:
            barrier.wait(timeout=30)
            with installation.database.writing() as session:
                answer = {"competence_code": code, "level": 3, "situation": "dix fois, lundi"}
                assessments.rate(session, actor, row.id, rater=rater, now=world.now, **answer)
                session.commit()

    with ThreadPoolExecutor(len(writers)) as pool:
        for running in [pool.submit(answer_everything, *writer) for writer in writers]:
            running.result()
    with installation.database.reading() as reading:
        kept = reading.execute(select(RatingRecord.rater, RatingRecord.competence_code)).all()
    assert sorted(kept) == sorted((rater, code) for rater in (Rater.SELF, Rater.COACH) for code in rounds.CODES)
