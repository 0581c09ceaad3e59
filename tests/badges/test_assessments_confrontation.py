"""The talk: agreed levels, disagreements, the conclusion, and the person's PIN."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from badges.models.assessments import Rater, RoundOutcome
from badges.models.journal import JournalRecord
from badges.services import access, assessments, confrontation
from badges.services.assessments import Stage
from badges.services.confrontation import Gap
from badges.services.errors import Conflict, Forbidden, Invalid, NotFound, TooMany
from badges.services.referentiels import document_of
from tests import factories, rounds

WORDS = "Je l’ai fait tous les lundis."


@pytest.fixture
def world(session, clock):
    return rounds.world(session, clock())


@pytest.fixture
def row(world):
    """Equipe is under-rated, autonomie the same, rigueur seen by neither."""
    return world.revealed(
        {"equipe": 2, "autonomie": 3, "rigueur": None}, {"equipe": 4, "autonomie": 3, "rigueur": None}
    )


def disagree(world, row, actor=None, code="equipe", words=WORDS):
    return confrontation.settle(
        world.session,
        actor or world.as_coach,
        row.id,
        competence_code=code,
        disagreed=True,
        person_words=words,
        now=world.now,
    )


def reply(world, row, level=3, **changes):
    arguments = {"competence_code": "equipe", "level": level, "answer": "Nous avons revu les lundis.", "now": world.now}
    return confrontation.answer_disagreement(world.session, world.as_coach, row.id, **{**arguments, **changes})


@pytest.mark.parametrize(
    ("mine", "coach", "gap"),
    [
        (2, 4, Gap.UNDER),
        (4, 2, Gap.OVER),
        (0, 0, Gap.EQUAL),
        (None, 0, Gap.ONLY_COACH),
        (0, None, Gap.ONLY_SELF),
        (None, None, Gap.UNSEEN),
    ],
)
def test_gap_tells_under_over_and_unseen_apart(world, mine, coach, gap):
    """Level 0 is a level; no answer is not level 0."""
    row = world.revealed({"equipe": mine}, {"equipe": coach})
    assert confrontation.comparisons(row)[0].gap is gap


def test_nothing_is_compared_before_both_views_are_sealed(world):
    """One sealed view is not shown to anybody, through any act."""
    row = world.opened("equipe")
    world.rate(row, Rater.COACH, "equipe", 4)
    world.seal(row, Rater.COACH)
    with pytest.raises(Conflict):
        confrontation.comparisons(row)
    with pytest.raises(Conflict):
        world.settle(row, "equipe", 4)
    with pytest.raises(Conflict):
        world.conclude(row)


def test_round_closes_only_with_the_persons_pin(world, row, installation):
    """Talk, conclusion, confirmation: the levels count at the end and not before."""
    world.settle(row, "equipe", 3)
    world.settle(row, "autonomie", 3)
    world.conclude(row)
    assert assessments.stage(row) is Stage.CONFIRMATION
    assert assessments.settled_levels(row) == {}
    assert world.confirm(row, installation.secret)
    assert assessments.stage(row) is Stage.CLOSED
    assert assessments.settled_levels(row) == {"equipe": 3, "autonomie": 3}


def test_round_closed_twice_is_refused(world, installation):
    """The second confirmation, and any later act of the talk, gets one sentence."""
    row = world.closed({"equipe": 3}, installation.secret)
    with pytest.raises(Conflict) as refused:
        world.confirm(row, installation.secret)
    assert refused.value.sentence == confrontation.CLOSED
    for act in (lambda: world.settle(row, "equipe", 5), lambda: world.conclude(row), lambda: disagree(world, row)):
        with pytest.raises(Conflict):
            act()
    assert assessments.settled_levels(row) == {"equipe": 3}


def test_round_confirmed_twice_at_once_closes_once(world, installation):
    """Two taps on « Je confirme », on two workers: one closes, the other gets the sentence."""
    row = world.revealed({"equipe": 3}, {"equipe": 3})
    world.settle(row, "equipe", 3)
    world.conclude(row)
    person, seen = world.as_person, confrontation.shown_digest(row)
    world.session.commit()
    barrier = Barrier(2)

    def tap(_number):
        barrier.wait(timeout=30)
        with installation.database.writing() as session:
            asked = {"pin": factories.PIN, "secret": installation.secret, "seen": seen, "now": world.now}
            try:
                closed = confrontation.confirm(session, person, row.id, **asked)
            except Conflict:
                return "refused"
            session.commit()
            return closed

    with ThreadPoolExecutor(2) as pool:
        assert sorted(map(str, pool.map(tap, range(2)))) == ["True", "refused"]


def test_wrong_pin_closes_nothing_and_is_counted(world, row, installation):
    """Five wrong ones, and even the right one has to wait."""
    world.settle(row, "equipe", 3)
    world.settle(row, "autonomie", 3)
    world.conclude(row)
    for _ in range(access.LIMITS["pin"][0]):
        assert not world.confirm(row, installation.secret, pin="108642")
    with pytest.raises(TooMany):
        world.confirm(row, installation.secret)
    assert row.closed_at is None


def test_coach_cannot_confirm_for_the_person(world, row, installation):
    """Even knowing the PIN."""
    world.settle(row, "equipe", 3)
    world.settle(row, "autonomie", 3)
    world.conclude(row)
    with pytest.raises(Forbidden):
        confrontation.confirm(
            world.session,
            world.as_coach,
            row.id,
            pin=factories.PIN,
            secret=installation.secret,
            seen=confrontation.shown_digest(row),
            now=world.now,
        )


def test_nothing_is_confirmed_before_the_coach_has_concluded(world, row, installation):
    """There is nothing to read yet."""
    with pytest.raises(Conflict):
        world.confirm(row, installation.secret)


@pytest.mark.parametrize("change", ["agreement", "note", "outcome", "day"])
def test_confirming_what_has_changed_since_is_refused(world, clock, installation, change):
    """The person confirms the page they read, not the one it became."""
    row = world.revealed({"equipe": 2}, {"equipe": 4})
    world.settle(row, "equipe", 3)
    world.now = clock.forward(days=2)
    world.conclude(row)
    seen = confrontation.shown_digest(row)
    if change == "agreement":
        world.settle(row, "equipe", 2)
    changed = {
        "note": {"talk_note": "Autre chose."},
        "outcome": {"outcome": RoundOutcome.CLOS},
        "day": {"talk_on": world.now.date() - timedelta(days=1)},
    }
    world.conclude(row, **changed.get(change, {}))
    with pytest.raises(Conflict):
        world.confirm(row, installation.secret, seen=seen)
    assert world.confirm(row, installation.secret)


def test_agreement_changed_after_the_conclusion_undoes_it(world, row, installation):
    """The coach concludes again; what the same form sent twice repeats undoes nothing."""
    world.settle(row, "equipe", 3)
    world.settle(row, "autonomie", 3)
    world.conclude(row)
    world.settle(row, "equipe", 3)
    assert assessments.stage(row) is Stage.CONFIRMATION
    world.settle(row, "equipe", 4)
    assert assessments.stage(row) is Stage.TALK
    assert row.note
    with pytest.raises(Conflict):
        world.confirm(row, installation.secret)


def test_conclusion_waits_for_every_competence(world, row):
    """What neither has seen needs no word; the rest does."""
    world.settle(row, "equipe", 3)
    assert confrontation.unsettled(row) == ("autonomie",)
    with pytest.raises(Invalid):
        world.conclude(row)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"talk_on": None}, "talk_on"),
        ({"talk_on": rounds.DAY + timedelta(days=1)}, "talk_on"),
        ({"talk_on": rounds.DAY - timedelta(days=1)}, "talk_on"),
        ({"talk_note": "  "}, "note"),
        ({"talk_note": "a" * 2001}, "note"),
        ({"outcome": None}, "outcome"),
    ],
)
def test_conclusion_needs_a_day_a_note_and_an_outcome(world, changes, field):
    """The day of the talk lies between the opening and today, both included."""
    row = world.revealed({"equipe": 2}, {"equipe": 4})
    world.settle(row, "equipe", 3)
    with pytest.raises(Invalid) as refused:
        world.conclude(row, **changes)
    assert refused.value.field == field
    assert (row.concluded_at, row.note) == (None, "")


def test_person_neither_agrees_nor_concludes_alone(world, row):
    """Levels are written by the coach, during the talk."""
    for act in (
        lambda: confrontation.settle(
            world.session, world.as_person, row.id, competence_code="equipe", level=5, now=world.now
        ),
        lambda: confrontation.conclude(
            world.session,
            world.as_person,
            row.id,
            outcome=RoundOutcome.ACCORDE,
            talk_on=world.now.date(),
            talk_note="Tout va bien.",
            now=world.now,
            zone=world.now.tzinfo,
        ),
    ):
        with pytest.raises(Forbidden):
            act()


@pytest.mark.parametrize(("code", "level"), [("equipe", None), ("equipe", 6), ("rigueur", 3)])
def test_level_that_cannot_be_agreed_is_refused(world, row, code, level):
    """None where both gave one, off the scale, or any where neither has seen it."""
    with pytest.raises(Invalid):
        world.settle(row, code, level)


def test_competence_seen_by_one_may_stay_without_level(world, installation):
    """« Sans niveau pour l'instant » is settled, and counts for nothing."""
    row = world.revealed({"equipe": 3}, {"equipe": None})
    world.settle(row, "equipe", None)
    world.conclude(row)
    assert world.confirm(row, installation.secret)
    assert assessments.settled_levels(row) == {}


def test_competence_outside_the_round_is_not_found(world, row):
    """The référentiel has it, the round has not."""
    with pytest.raises(NotFound):
        world.settle(row, "curiosite", 3)


@pytest.mark.parametrize("who", ["as_person", "as_coach"])
def test_disagreement_is_recorded_in_the_persons_words(world, row, who):
    """By the coach during the talk, or by the person alone."""
    agreement = disagree(world, row, getattr(world, who))
    assert (agreement.level, agreement.disagreed, agreement.person_words) == (None, True, WORDS)


def test_disagreement_needs_words(world, row):
    """A tick without a word helps nobody."""
    with pytest.raises(Invalid):
        disagree(world, row, words=" ")


def test_disagreement_cannot_be_erased_by_the_coach(world, row):
    """Neither by a level, nor by other words: it can only be answered."""
    disagree(world, row, world.as_person)
    with pytest.raises(Conflict):
        world.settle(row, "equipe", 4)
    with pytest.raises(Conflict):
        disagree(world, row, words="Finalement d’accord.")
    disagree(world, row, world.as_person, words="Tous les lundis et les mardis.")
    assert row.agreements[0].person_words == "Tous les lundis et les mardis."


def test_disagreement_of_the_person_undoes_a_conclusion(world, row):
    """Until they have confirmed, they may still say no."""
    world.settle(row, "equipe", 4)
    world.settle(row, "autonomie", 3)
    world.conclude(row)
    disagree(world, row, world.as_person)
    assert assessments.stage(row) is Stage.TALK
    assert row.agreements[0].level is None


def test_disagreement_blocks_the_badge_until_it_is_answered_and_confirmed(world, installation):
    """Both views and the words stay; the answer counts once the person confirms it."""
    row = world.revealed({"equipe": 4}, {"equipe": 2})
    document = document_of(row.version)
    disagree(world, row)
    world.conclude(row)
    assert world.confirm(row, installation.secret)
    assert assessments.met_badges(row, document) == ()
    reply(world, row)
    assert assessments.met_badges(row, document) == ()
    assert confrontation.awaits_confirmation(row)
    assert world.confirm(row, installation.secret)
    assert [badge.code for badge in assessments.met_badges(row, document)] == ["equipe"]
    held = row.agreements[0]
    assert (held.level, held.disagreed, held.person_words) == (3, True, WORDS)
    assert {rating.level for rating in row.ratings} == {4, 2}


def test_answer_before_the_round_closes_is_confirmed_with_it(world, installation):
    """One PIN for all."""
    row = world.revealed({"equipe": 4}, {"equipe": 2})
    disagree(world, row)
    reply(world, row)
    world.conclude(row)
    assert world.confirm(row, installation.secret)
    assert assessments.settled_levels(row) == {"equipe": 3}


def test_answer_the_person_has_confirmed_is_not_given_again(world, installation):
    """What both settled stays settled."""
    row = world.revealed({"equipe": 4}, {"equipe": 2})
    disagree(world, row)
    reply(world, row)
    world.conclude(row)
    world.confirm(row, installation.secret)
    with pytest.raises(Conflict):
        reply(world, row, 5)


@pytest.mark.parametrize("changes", [{"answer": " "}, {"level": 6}])
def test_answer_needs_words_and_a_level_of_the_scale(world, row, changes):
    """Otherwise the disagreement goes on blocking."""
    disagree(world, row)
    with pytest.raises(Invalid):
        reply(world, row, **changes)
    assert confrontation.comparisons(row)[0].blocked


def test_answer_without_a_disagreement_is_refused(world, row):
    """An agreed level is not answered, it is changed."""
    world.settle(row, "equipe", 3)
    with pytest.raises(Conflict):
        reply(world, row)


def test_badge_needs_the_level_of_every_rater_it_names(world, installation):
    """A level agreed on the word of one is not a badge assessed by two."""
    row = world.revealed({"equipe": None, "autonomie": 3}, {"equipe": 4, "autonomie": 3})
    world.settle(row, "equipe", 4)
    world.settle(row, "autonomie", 3)
    world.conclude(row)
    assert world.confirm(row, installation.secret)
    assert assessments.settled_levels(row) == {"equipe": 4, "autonomie": 3}
    assert [badge.code for badge in assessments.met_badges(row, document_of(row.version))] == ["autonomie"]


def test_badge_that_wants_a_tutor_is_not_met_without_one(world, session, installation):
    """Nobody stands in for the company."""
    world.version = factories.version(session, world.structure, starter=2)
    code = document_of(world.version).competences[0].code
    row = world.closed({code: 3}, installation.secret)
    assert assessments.settled_levels(row) == {code: 3}
    assert assessments.met_badges(row, document_of(row.version)) == ()


def test_journal_of_the_talk_holds_no_level_and_no_phrase(world, row, installation):
    """Who did what, and how it ended."""
    disagree(world, row)
    world.settle(row, "autonomie", 3)
    world.conclude(row)
    world.confirm(row, installation.secret)
    acts = world.session.scalars(select(JournalRecord).where(JournalRecord.action.like("round.%")))
    talk = [(act.action, act.details) for act in acts][-4:]
    assert talk == [
        ("round.settled", {}),
        ("round.settled", {}),
        ("round.concluded", {"outcome": "accorde"}),
        ("round.closed", {}),
    ]
