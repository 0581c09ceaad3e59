"""A level contested later: what it blocks, who answers, how it ends, and what it never touches."""

from datetime import UTC, timedelta

import pytest
from sqlalchemy import func, select

from badges.models.awards import AwardState, CredentialRecord
from badges.models.contests import ContestEnd, ContestRecord
from badges.models.people import Role
from badges.services import assessments, awards, claims, contests, next_steps, people
from badges.services.composing import Choice
from badges.services.errors import Conflict, Forbidden, Invalid, NotFound
from badges.services.next_steps import Step
from tests import factories
from tests.awarding import world as awarding_world
from tests.racing import Act, together

WORDS = "Nous avons revu la semaine du chantier."


@pytest.fixture
def world(session, installation):
    return awarding_world(session, installation, {"equipe": 3, "rigueur": 3})


def contest(world, code="equipe", reason="", who=None):
    actor = factories.actor(who or world.person)
    return contests.contest(world.session, actor, world.round.id, competence_code=code, reason=reason, now=world.now)


def answer(world, level=3, **changes):
    arguments = {"words": WORDS, "talk_on": world.now.date(), "now": world.now, "zone": UTC, **changes}
    return contests.answer(
        world.session,
        factories.actor(world.coach),
        world.round.id,
        competence_code="equipe",
        level=level,
        **arguments,
    )


def settle(world, made, pin=factories.PIN, seen=None):
    return contests.settle(
        world.session,
        factories.actor(world.person),
        world.round.id,
        competence_code="equipe",
        pin=pin,
        seen=contests.shown(made) if seen is None else seen,
        secret=world.installation.secret,
        now=world.now,
    )


def test_contest_blocks_proposing_granting_and_claiming(world):
    """Every step towards a signature is refused with one sentence, for badges that rest on that level alone."""
    first = world.propose("equipe")
    second = world.granted(badge_code="rigueur")
    contest(world, "rigueur")
    assert awards.grant(world.session, factories.actor(world.issuer), award_id=first.id, now=world.now)
    with pytest.raises(Conflict, match="contesté"):
        world.claim(second)
    contests.withdraw(
        world.session, factories.actor(world.person), world.round.id, competence_code="rigueur", now=world.now
    )
    assert world.claim(second)
    contest(world, "rigueur")
    with pytest.raises(Conflict, match="contesté"):
        world.propose("rigueur")


def test_contest_blocks_a_grant(world):
    """The issuer too is told to wait."""
    award = world.propose("equipe")
    contest(world)
    with pytest.raises(Conflict, match="contesté"):
        awards.grant(world.session, factories.actor(world.issuer), award_id=award.id, now=world.now)


def test_contest_made_while_the_claim_page_is_open_stops_the_signature(world):
    """What was previewed before is not signed after."""
    award = world.granted()
    who, wanted = factories.actor(world.person), {"choice": Choice(clear_name=True, evidence_kept=(0,))}
    shown = claims.preview(world.session, who, world.installation, award_id=award.id, now=world.now, **wanted).digest
    contest(world)
    with pytest.raises(Conflict, match="contesté"):
        claims.claim(
            world.session,
            who,
            world.installation,
            award_id=award.id,
            pin=factories.PIN,
            shown=shown,
            now=world.now,
            **wanted,
        )


def test_signed_badge_is_not_touched(world):
    """Its bytes, its state and its share stay as they are."""
    credential = world.claimed()
    before = credential.document
    contest(world)
    made = answer(world, level=1)
    assert settle(world, made)
    world.session.refresh(credential)
    assert (credential.document, credential.award.state, credential.revoked_at) == (before, AwardState.CLAIMED, None)


def test_same_level_answered_blocks_no_longer(world):
    """The coach has answered; a person who does not come back does not stop the others."""
    contest(world, reason="Je le fais seule.")
    made = answer(world)
    assert made.reason == "Je le fais seule."
    assert world.propose("equipe").state is AwardState.PROPOSED


def test_other_level_blocks_until_the_person_has_chosen(world):
    """A level two people agreed on is changed by one of them alone in no case."""
    award = world.granted()
    contest(world)
    made = answer(world, level=4)
    assert assessments.settled_levels(world.round)["equipe"] == 3
    with pytest.raises(Conflict, match="contesté"):
        world.claim(award)
    assert not settle(world, made, pin="000001")
    assert settle(world, made)
    assert assessments.settled_levels(world.round)["equipe"] == 4
    assert (made.end, made.level_before) == (ContestEnd.SETTLED, 3)
    assert (award.state, award.results) == (AwardState.PROPOSED, {"equipe": 4})
    awards.grant(world.session, factories.actor(world.issuer), award_id=award.id, now=world.now)
    assert world.claim(award)


def test_lower_level_settled_takes_the_badge_off_the_way(world):
    """The proposal falls with its reason; it was never signed."""
    award = world.granted()
    contest(world)
    assert settle(world, answer(world, level=2))
    assert award.state is AwardState.REFUSED
    assert "niveau a changé" in award.reason


def test_person_who_keeps_their_opinion_keeps_the_agreed_level(world):
    """« Pas d'accord ? C'est possible, et c'est noté » : nothing moves, and the badge may go on."""
    award = world.granted()
    contest(world)
    made = answer(world, level=2)
    contests.maintain(
        world.session,
        factories.actor(world.person),
        world.round.id,
        competence_code="equipe",
        seen=contests.shown(made),
        now=world.now,
    )
    assert made.end is ContestEnd.MAINTAINED
    assert assessments.settled_levels(world.round)["equipe"] == 3
    assert world.claim(award)


def test_answer_reworded_while_the_person_reads_is_not_settled(world, clock):
    """The person settles what they have read, nothing else."""
    contest(world)
    seen = contests.shown(answer(world))
    answer(world, level=4, now=clock.forward(minutes=5))
    with pytest.raises(Conflict, match="changé"):
        settle(world, None, seen=seen)


def test_contest_sent_twice_is_one(world):
    """The same row both times."""
    assert contest(world).id == contest(world, reason="encore").id


def test_only_the_person_contests_and_only_their_coach_answers(world):
    """A coach does not contest for them, a person does not answer, and for anybody else there is nothing."""
    with pytest.raises(Forbidden):
        contest(world, who=world.coach)
    stranger = factories.person(world.session, world.structure, world.coach, name="Nour")
    mate = factories.staff(world.session, (world.structure, Role.COACH), name="Autre Coach")
    for nobody in (stranger, world.issuer, mate):
        with pytest.raises(NotFound):
            contest(world, who=nobody)
    made = contest(world)
    with pytest.raises(Forbidden):
        contests.answer(
            world.session,
            factories.actor(world.person),
            world.round.id,
            competence_code="equipe",
            level=3,
            words=WORDS,
            talk_on=world.now.date(),
            now=world.now,
            zone=UTC,
        )
    answer(world)
    with pytest.raises(Forbidden):
        contests.maintain(
            world.session,
            factories.actor(world.coach),
            world.round.id,
            competence_code="equipe",
            seen=contests.shown(made),
            now=world.now,
        )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"level": None}, "level"),
        ({"level": 9}, "level"),
        ({"words": " . "}, "answer"),
        ({"words": "x" * 1001}, "answer"),
        ({"talk_on": None}, "talk_on"),
    ],
)
def test_answer_that_says_nothing_is_refused(world, changes, field):
    """A level, words and a day are asked, each with its sentence."""
    contest(world)
    with pytest.raises(Invalid) as refused:
        answer(world, **changes)
    assert refused.value.field == field


def test_answer_needs_a_new_talk(world):
    """Not the one of before the contest, not one to come."""
    contest(world)
    for days in (-1, 1):
        with pytest.raises(Invalid, match="échange"):
            answer(world, talk_on=world.now.date() + timedelta(days=days))


def test_nothing_is_contested_where_nothing_was_agreed(world):
    """An unknown competence, or one without a level."""
    with pytest.raises(Conflict, match="niveau convenu"):
        contest(world, "autonomie")


def test_structure_that_follows_no_longer_cannot_be_asked(world):
    """Nobody could answer: it is said so, and nothing is blocked for ever."""
    people.leave(world.session, factories.actor(world.coach), world.person.id, on=world.now.date(), now=world.now)
    with pytest.raises(Conflict, match="ne vous suit plus"):
        contest(world)


def test_contest_waits_on_the_coach_then_on_the_person(world):
    """It is the coach's next step, then the person's."""
    coach, person = factories.actor(world.coach), factories.actor(world.person)
    contest(world)
    assert Step.ANSWER_CONTEST in {one.step for one in next_steps.file_for(world.session, coach, world.person.id).steps}
    answer(world)
    assert next_steps.own_file(world.session, person).steps[-1].step is Step.DECIDE


def test_contest_and_claim_at_once_end_one_way_or_the_other(world):
    """Either the badge was signed first and stays, or the contest came first and nothing is signed."""
    award = world.granted()
    who = factories.actor(world.person)
    wanted = {"choice": Choice(clear_name=True, evidence_kept=(0,)), "award_id": award.id}
    shown = claims.preview(world.session, who, world.installation, now=world.now, **wanted).digest
    world.session.commit()
    asked = {"round_id": world.round.id, "competence_code": "equipe", "reason": ""}
    ended = together(
        world.installation,
        Act("claim", who, {"pin": factories.PIN, "shown": shown, **wanted}),
        Act("contest", who, asked),
    )
    assert ended in (["Conflict", "done"], ["done", "done"])
    signed = world.session.scalar(select(func.count(CredentialRecord.id)))
    assert signed == (0 if "Conflict" in ended else 1)
    assert world.session.scalar(select(func.count(ContestRecord.id))) == 1


def test_pages_lead_from_the_level_to_its_end(world, app, clock):
    """The person contests without a word, the coach answers, the person settles it; each by the page they are given."""
    person, coach = app.test_client(), app.test_client()
    factories.sign_in(world.session, person, world.person, clock())
    factories.sign_in(world.session, coach, world.coach, clock())
    world.session.commit()
    address = f"/positionnements/{world.round.id}/contester/equipe"
    assert address in person.get(f"/positionnements/{world.round.id}").text
    assert address not in coach.get(f"/positionnements/{world.round.id}").text
    assert coach.get(address).status_code == 404
    assert "déjà signés ne changent pas" in person.get(address).text
    assert person.post(address).status_code == 303
    assert "Niveau contesté" in coach.get(f"/positionnements/{world.round.id}/echange").text
    refused = coach.post(address, data={"act": "answer", "level": "3", "answer": "", "talk_on": "2026-11-21"})
    assert refused.status_code == 422
    given = {"act": "answer", "level": "4", "answer": WORDS, "talk_on": "2026-11-21"}
    assert coach.post(address, data=given).status_code == 303
    assert "Lire la réponse" in person.get("/moi").text
    page = person.get(address).text
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    wrong = person.post(address, data={"act": "settle", "seen": seen, "pin": "111112"})
    assert (wrong.status_code, "bon code secret" in wrong.text) == (422, True)
    assert person.post(address, data={"act": "settle", "seen": seen, "pin": factories.PIN}).status_code == 303
    assert "C’est réglé" in person.get(address).text
