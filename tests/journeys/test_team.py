"""The administrator: somebody joins the team without any e-mail being sent, works, and leaves it."""

import pytest

from tests.journeys import walks

pytestmark = pytest.mark.browser

PASSWORD = "le lavoir du quai, six heures"


def test_somebody_joins_the_team_and_leaves(demo, visit, setting, shot_name):
    """A link is handed over once; it lets its owner choose a password; a closed account is signed out at once."""
    email = f"{shot_name}@example.org"
    administrator, newcomer = visit(**setting), visit(**setting)
    walks.sign_in(administrator, demo, "administrator")
    administrator.go("/organisations")
    administrator.follow("Région Val-de-Brume", within="main")
    administrator.follow("Inviter quelqu’un")
    administrator.fill("Adresse e-mail", email)
    administrator.fill("Nom", "Gaëlle Trividic")
    administrator.choose("roles", "auditor")
    administrator.press("Inviter")
    link = administrator.page.locator("main code").first.inner_text()
    administrator.shot(f"{shot_name}-link")

    newcomer.go(link)
    newcomer.fill("Mot de passe", PASSWORD)
    newcomer.fill("Le même, encore une fois", PASSWORD)
    newcomer.shot(f"{shot_name}-password")
    newcomer.press("Garder ce mot de passe et entrer")
    newcomer.go("/journal")
    assert newcomer.go(link).status == 404, "the link serves once"

    administrator.go("/organisations")
    administrator.follow("Région Val-de-Brume", within="main")
    administrator.follow("Gaëlle Trividic", within=administrator.page.get_by_role("row").filter(has_text=email))
    administrator.press("Désactiver le compte")
    assert "Le compte est désactivé" in administrator.words
    administrator.shot(shot_name)
    newcomer.go("/journal")
    assert newcomer.path == "/connexion"
