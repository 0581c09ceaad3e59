"""A round opened by mistake: cancelled before both views are in, told to both, and nothing answered is lost."""

import re
from html import unescape

import pytest
from sqlalchemy import select

from badges.models.assessments import Moment, Rater
from badges.models.journal import JournalRecord
from badges.models.people import Role
from badges.services import assessments, cancellations, caseload, next_steps, openings
from badges.services.errors import Conflict, Forbidden, Invalid, NotFound
from badges.services.next_steps import Step
from tests import factories, rounds

REASON = "Ouvert sur le mauvais référentiel."


@pytest.fixture
def world(session, clock):
    return rounds.world(session, clock())


@pytest.fixture
def enter(app, session, clock):
    """A browser of its own for each actor."""

    def open_browser(who):
        browser = app.test_client()
        factories.sign_in(session, browser, who, clock())
        session.commit()
        return browser

    return open_browser


def cancelled(world, row, **changes):
    arguments = {"reason": REASON, "now": world.now, **changes}
    return cancellations.cancel(world.session, world.as_coach, row.id, **arguments)


def text(response):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.text)))


def test_cancelled_round_counts_for_nothing(session, world):
    """The path waits for its first round again; the same référentiel may be opened anew; the journal says so."""
    row = world.opened()
    cancelled(world, row)
    assert cancelled(world, row, reason="Autre chose.").cancel_reason == REASON
    assert assessments.stage(row) is assessments.Stage.CANCELLED
    assert [one.step for one in next_steps.file_for(session, world.as_coach, world.person.id).steps] == [Step.OPEN]
    [line] = caseload.caseload(session, world.as_coach).lines
    assert (line.next.step, line.moment) == (Step.OPEN, None)
    [candidate] = openings.candidates(session, world.as_coach, [world.person.id], world.version)
    assert candidate.obstacle is None
    [act] = session.scalars(select(JournalRecord).where(JournalRecord.action == "round.cancelled"))
    assert (act.actor, act.details) == (world.as_coach.label, {"answers": 0})


def test_an_older_round_is_the_last_one_again(session, world, installation, clock):
    """What stood before the mistake is what the list shows."""
    world.closed({"equipe": 3}, installation.secret)
    later = assessments.open_round(
        session,
        world.as_coach,
        world.person.id,
        version_id=world.version.id,
        competences=["equipe"],
        moment=Moment.SORTIE,
        now=clock.forward(days=1),
    )
    assert caseload.caseload(session, world.as_coach).lines[0].moment is Moment.SORTIE
    cancelled(world, later)
    [line] = caseload.caseload(session, world.as_coach).lines
    assert (line.moment, line.next.step) == (Moment.ENTREE, Step.PROPOSE)


def test_answers_stay_and_nobody_answers_any_more(world):
    """Each still reads what they had answered, never the other's; a late answer is told why."""
    row = world.opened()
    world.rate(row, Rater.SELF, "equipe", 2)
    world.rate(row, Rater.COACH, "rigueur", 3)
    cancelled(world, row)
    assert {one.competence_code for one in row.ratings} == {"equipe", "rigueur"}
    for rater in (Rater.SELF, Rater.COACH):
        with pytest.raises(Conflict, match="annulé"):
            world.rate(row, rater, "autonomie", 2)
        with pytest.raises(Conflict, match="annulé"):
            world.seal(row, rater)
    assert set(assessments.readable_answers(row, world.as_person, Rater.SELF)) == {"equipe"}
    with pytest.raises(Forbidden):
        assessments.readable_answers(row, world.as_person, Rater.COACH)


def test_revealed_round_is_no_longer_cancelled(world):
    """Both views are in: the talk decides how it ends."""
    row = world.revealed({"equipe": 2}, {"equipe": 3})
    with pytest.raises(Conflict):
        cancelled(world, row)
    assert row.cancelled_at is None


def test_only_its_coach_cancels(session, world):
    """Not the person; for a colleague and for strangers there is no such round."""
    row = world.opened()
    with pytest.raises(Forbidden):
        cancellations.cancel(session, world.as_person, row.id, reason=REASON, now=world.now)
    for stranger in (
        factories.staff(session, (world.structure, Role.COACH)),
        factories.staff(session, (factories.organisation(session), Role.COACH)),
    ):
        with pytest.raises(NotFound):
            cancellations.cancel(session, factories.actor(stranger), row.id, reason=REASON, now=world.now)


@pytest.mark.parametrize("reason", ["", "  ", "x" * 301])
def test_reason_is_needed(world, reason):
    """The person will read it."""
    row = world.opened()
    with pytest.raises(Invalid) as refused:
        cancelled(world, row, reason=reason)
    assert refused.value.field == "reason"


def test_both_are_told_from_the_pages(world, enter):
    """The coach reads what cancelling does; then both pages say who, when and why, each with their own answers."""
    row = world.opened()
    world.rate(row, Rater.SELF, "equipe", 2)
    world.rate(row, Rater.COACH, "equipe", 4)
    coach, person = enter(world.coach), enter(world.person)
    at = f"/positionnements/{row.id}"
    assert f"{at}/annulation" in coach.get(at).text
    asked = text(coach.get(f"{at}/annulation"))
    assert "Vous avez déjà répondu à 1 question" in asked
    assert person.get(f"{at}/annulation").headers["Location"] == at
    refused = coach.post(f"{at}/annulation", data={"reason": " "})
    assert (refused.status_code, "Écrivez quelques mots." in refused.text) == (422, True)
    assert coach.post(f"{at}/annulation", data={"reason": REASON}).headers["Location"] == at
    mine, theirs = text(person.get(at)), text(coach.get(at))
    for page, own, other in ((mine, "personne", "coach"), (theirs, "coach", "personne")):
        assert f"par {world.coach.name} :" in page.replace("\u00a0", " ")
        assert REASON in page
        words = {"personne": rounds.SELF_WORDS, "coach": rounds.COACH_WORDS}
        assert words[own].format(code="equipe") in page
        assert words[other].format(code="equipe") not in page
    assert "Annulé par votre coach" in text(person.get("/moi"))
    assert "Annulé" in text(person.get("/moi/parcours"))
    assert "Annulé" in text(coach.get(f"/personnes/{world.person.id}"))
    late = person.post(f"{at}/moi/rigueur", data={"level": 2, "situation": "deux fois lundi"})
    assert (late.status_code, "annulé" in text(late)) == (409, True)
    assert person.get(f"{at}/moi/rigueur").headers["Location"] == at
