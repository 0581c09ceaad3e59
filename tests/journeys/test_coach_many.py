"""A coach with a full list and no time: rounds for everybody at once."""

import time

import pytest

from tests.journeys.visitor import PHONE

pytestmark = pytest.mark.browser

COACH = "maud.lescure@example.org"
"""Not the coach whom other journeys follow: their people keep the rounds they have."""

CLICKS = 3
SECONDS = 20
"""Far more than it takes, so that a busy machine proves nothing wrong."""


def test_coach_opens_rounds_for_everybody(demo, visit):
    """From the list: tick all, go on, open. The page says who gets one before, the list who has one after."""
    coach = visit(screen=PHONE, javascript=True)
    coach.go("/connexion")
    coach.fill("Adresse e-mail", COACH)
    coach.fill("Mot de passe", demo.password)
    coach.press("Se connecter")
    assert coach.path == "/personnes"
    started, clicks = time.monotonic(), 0
    for name in ("Tout cocher", "Ouvrir un positionnement"):
        coach.page.get_by_role("button", name=name).click()
        clicks += 1
    coach.page.wait_for_url("**/positionnements/ouvrir?*")
    assert coach.page.url.count("p=") > 10
    assert "n’en recevront pas" in coach.words
    ready = coach.page.locator("input[type=hidden][name=p]").count()
    coach.page.get_by_role("button", name=f"Ouvrir les {ready} positionnements").first.click()
    clicks += 1
    coach.page.wait_for_url("**/personnes")
    assert f"{ready} positionnements sont ouverts." in coach.words
    assert (clicks, time.monotonic() - started < SECONDS) == (CLICKS, True)
