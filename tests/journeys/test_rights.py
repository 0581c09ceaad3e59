"""A person's rights on a phone: say no and yes again, see who looked, take a copy, erase everything."""

import zipfile
from urllib.parse import urlsplit

import pytest

from tests.journeys import walks
from tests.journeys.service import Service
from tests.journeys.visitor import PHONE

pytestmark = pytest.mark.browser


@pytest.fixture
def own_service(demo, tmp_path):
    """A server of this test's own: somebody disappears from it."""
    running = Service.over(demo, tmp_path / "data")
    yield running
    running.stop()


def answer(person, words: str) -> None:
    """From « Mes droits », change the first agreement."""
    person.go("/moi/droits")
    person.follow("Mes accords", within="main")
    person.follow("Changer", within="main")
    person.press(words)


def test_person_decides_over_their_data(demo, own_service, visit, tmp_path):
    """The employer sees a pause, then the badge again, then that everything is erased."""
    person, employer = (visit(screen=PHONE, javascript=True, address=own_service.address) for _ in range(2))
    card = demo.card("a un badge et deux étapes")
    badge = urlsplit(demo.badge).path
    employer.go(badge)
    assert "authentique" in employer.words
    walks.enter_with_card(person, card)
    answer(person, "Non")
    employer.go(badge)
    assert "Ce badge est en pause." in employer.words
    assert "Morvan" not in employer.page.content()
    answer(person, "Oui, je suis d’accord")
    employer.go(badge)
    assert "authentique" in employer.words
    person.go("/moi/regards")
    assert "Un coach" in person.words
    person.go("/moi/copie")
    person.fill("Votre code secret", card.pin)
    with person.page.expect_download() as arriving:
        person.page.get_by_role("button", name="Recevoir le fichier").click()
    arriving.value.save_as(tmp_path / "copie.zip")
    with zipfile.ZipFile(tmp_path / "copie.zip") as archive:
        assert "tout-sur-moi.html" in archive.namelist()
    person.go("/moi/effacement")
    person.choose("when", "now")
    person.fill("Votre code secret", card.pin)
    person.press("Tout effacer")
    assert person.title == "C’est effacé"
    employer.page.goto(f"{own_service.address}{badge}")
    assert "La personne a effacé ses données" in employer.words
