"""A server killed in the middle of somebody's answers."""

import pytest

from tests.journeys import walks
from tests.journeys.service import Service

pytestmark = pytest.mark.browser


@pytest.fixture
def own_service(demo, tmp_path):
    """A server this test may kill."""
    running = Service.over(demo, tmp_path / "data")
    yield running
    running.stop()


def test_server_killed_between_two_answers_loses_nothing(demo, own_service, visit, setting, shot_name):
    """One answer is in, the next is typed; the server dies and comes back; both are kept and nobody signs in again."""
    person = visit(**setting, address=own_service.address)
    walks.enter_with_card(person, demo.card("commence à se positionner"))
    person.follow("Continuer", within="main")
    address = person.path.removesuffix("/moi/" + person.path.rpartition("/")[2])
    answers = {}
    for words in ("Deux fois, au marché.", "Une fois, au dépôt."):
        code = person.path.rpartition("/")[2]
        person.choose("level", "2")
        person.press("Continuer")
        person.page.get_by_label("Combien de fois, quand, où ?").fill(words)
        if answers:
            own_service.kill()
            own_service.start()
        person.press("Enregistrer et continuer")
        answers[code] = words
    own_service.kill()
    own_service.start()
    for code, words in answers.items():
        person.go(f"{address}/moi/{code}")
        assert person.page.locator("input[name=level]:checked").get_attribute("value") == "2"
        person.press("Continuer")
        assert person.page.locator("#situation").input_value() == words
    person.shot(shot_name)
