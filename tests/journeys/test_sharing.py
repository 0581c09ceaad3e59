"""A person shows an employer as much as they choose: without the name, behind a password, and not for ever."""

import pytest

from tests.journeys import walks

pytestmark = pytest.mark.browser

LABEL, PASSWORD = "Le garage du port", "petit pain"


def test_person_shares_what_they_choose(demo, visit, setting):
    """Choose, see the exact page, open; the employer types the password and reads no name; stopped, nothing is left."""
    person, employer = visit(**setting), visit(**setting)
    walks.enter_with_card(person, demo.card("a un badge et deux étapes"))
    name = person.title
    person.go("/moi/partages")
    person.follow("Nouveau partage", within="main")
    person.page.get_by_text("Votre nom", exact=True).click()
    person.page.get_by_text("Plus de choix").click()
    person.fill("Pour qui\u00a0?", LABEL)
    person.fill("Mot de passe", PASSWORD)
    person.press("Voir la page exacte")
    exact = person.page.frame_locator("iframe")
    assert exact.locator(".verdict--valid").count() == 1
    assert name not in exact.locator("body").inner_text()
    person.press("Ouvrir ce partage")
    assert person.title == LABEL
    address = person.page.locator(".copyable code").first.inner_text()

    employer.go(address)
    assert employer.page.locator(".badge").count() == 0
    employer.fill("Mot de passe du partage", PASSWORD.upper())
    employer.press("Lire cette page")
    assert walks.verdict(employer).kind == "valid"
    assert name not in employer.page.content()
    assert PASSWORD not in employer.page.url

    person.page.on("dialog", lambda dialog: dialog.accept())
    person.page.locator("summary", has_text="Arrêter de partager").click()
    person.press("Arrêter ce partage")
    assert employer.go(address).status == 410
