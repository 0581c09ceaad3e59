"""A game in a gym: two coaches, two phones, and a network that comes and goes."""

import pytest
from playwright.sync_api import Route, expect

from tests.journeys import walks
from tests.journeys.visitor import PHONE, Visitor

pytestmark = pytest.mark.browser

ACT = "A fait jouer tout le monde."
ABOUT = "a un badge et deux étapes"


def test_two_coaches_tick_and_nothing_is_lost(demo, visit, shot_name):
    """Ticks of both stand; those made without a network wait in the phone, through a reload, and go by themselves."""
    first, second = visit(PHONE), visit(PHONE)
    walks.sign_in(first, demo, "coach")
    walks.sign_in(second, demo, "coach")
    _hold(first)
    second.go(first.path)
    boxes = [visitor.page.locator("input[name=vu]") for visitor in (first, second)]
    boxes[0].nth(0).check()
    expect(_state(first)).to_have_text("Tout est enregistré.")
    first.page.context.set_offline(True)
    boxes[0].nth(1).check()
    first.page.get_by_label("Ce que la personne a fait").first.fill(ACT)
    first.page.get_by_label("Ce que la personne a fait").first.blur()
    expect(_state(first)).to_contain_text("Pas de réseau.")
    boxes[1].nth(2).check()
    expect(_state(second)).to_have_text("Tout est enregistré.")
    first.shot(shot_name, whole=False)
    first.page.context.set_offline(False)
    expect(_state(first)).to_have_text("Tout est enregistré.")
    first.page.route("**/seances/*", _no_post)
    boxes[0].nth(3).check()
    expect(_state(first)).to_contain_text("Pas de réseau.")
    first.go(first.path)
    expect(boxes[0].nth(3)).to_be_checked()
    first.page.unroute("**/seances/*")
    first.page.evaluate("dispatchEvent(new Event('online'))")  # sooner than the next try, ten seconds on
    expect(_state(first)).to_have_text("Tout est enregistré.")
    first.faults[:] = [one for one in first.faults if "net::ERR" not in one]
    for place in range(4):
        expect(boxes[0].nth(place)).to_be_checked()
    assert first.page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('jalon-seance'))") == []
    first.press("Terminer")
    assert "La séance est terminée." in first.words
    person = visit(PHONE)
    walks.enter_with_card(person, demo.card(ABOUT))
    person.go("/moi/vu")
    assert ACT in person.words


def _hold(coach: Visitor) -> None:
    """A session with the person whose card the demo gives, and two more."""
    coach.go("/seances/nouvelle")
    coach.follow("Savoir-être professionnels (liste publique de 2017)", within="main")
    coach.fill("Qu’avez-vous fait ?", "Ballon assis")
    coach.fill("Où ?", "Gymnase")
    for code in ("equipe", "autonomie"):
        coach.choose("competences", code)
    for name in ("Lina Morvan", "Mathis Le Dantec"):
        coach.page.get_by_label(name).check()
    coach.press("Commencer la séance")


def _no_post(route: Route) -> None:
    """A network that lets pages through and loses what is sent."""
    if route.request.method == "POST":
        route.abort()
    else:
        route.continue_()


def _state(coach: Visitor):
    return coach.page.locator("[data-group-state]")
