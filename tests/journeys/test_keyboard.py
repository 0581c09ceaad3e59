"""With a keyboard alone: Tab, arrows, Space, Enter; what has the focus is always seen."""

import pytest

from tests.journeys import walks

pytestmark = pytest.mark.browser

MOST_STOPS = 40
SEEN = """() => {
    const style = getComputedStyle(document.activeElement);
    const label = document.activeElement.labels?.[0];
    const around = label ? getComputedStyle(label) : style;
    return [style, around].some(one => one.outlineStyle !== 'none' && parseFloat(one.outlineWidth) > 0);
}"""


def test_staff_sign_in_with_the_keyboard(demo, visit, setting, shot_name):
    """The first stop skips to the content; the form is filled and sent without a mouse."""
    coach = visit(**setting)
    coach.go("/connexion")
    coach.page.keyboard.press("Tab")
    assert coach.page.locator(":focus").inner_text() == "Aller au contenu"
    coach.page.keyboard.press("Enter")
    _tab_to(coach, "#email")
    coach.page.keyboard.type(demo.emails["coach"])
    _tab_to(coach, "#password")
    coach.page.keyboard.type(demo.password)
    coach.shot(shot_name)
    _send(coach, "Enter")
    assert coach.page.get_by_role("button", name="Se déconnecter").is_visible()


def test_person_answers_with_the_keyboard(demo, visit, setting, shot_name):
    """A level is chosen with the arrows or Space, sent, the situation typed and sent with Space on the button."""
    person = visit(**setting)
    walks.enter_with_card(person, demo.card("commence à se positionner"))
    person.follow("Continuer", within="main")
    person.go(person.path.rpartition("/")[0])
    person.follow("Sens de la communication", within="main")
    question = person.page.url
    _tab_to(person, "input[name=level]")
    person.page.keyboard.press("Space")
    person.page.keyboard.press("ArrowDown")
    chosen = person.page.locator("input[name=level]:checked").get_attribute("value")
    assert chosen == person.page.locator(":focus").get_attribute("value")
    _tab_to(person, "main form button[type=submit]")
    _send(person, "Enter")
    _tab_to(person, "#situation")
    person.page.keyboard.press("Control+A")
    person.page.keyboard.type("À l’accueil, trois fois cette semaine.")
    person.shot(shot_name)
    _tab_to(person, "main form button[type=submit]")
    _send(person, "Space")
    assert person.page.url != question
    person.go(question)
    assert person.page.locator("input[name=level]:checked").get_attribute("value") == chosen
    person.press("Continuer")
    assert person.page.locator("#situation").input_value() == "À l’accueil, trois fois cette semaine."


def _tab_to(visitor, place):
    """Press Tab until the focus is there, seeing it at every stop."""
    for _ in range(MOST_STOPS):
        visitor.page.keyboard.press("Tab")
        assert visitor.page.evaluate(SEEN), visitor.page.locator(":focus").evaluate("element => element.outerHTML")
        if visitor.page.locator(f"{place}:focus").count():
            return
    pytest.fail(f"{MOST_STOPS} Tabs do not reach {place}")


def _send(visitor, key):
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press(key)
    visitor.arrive()
