"""Draw the README's pictures again, from the demo in a real browser: `.venv/bin/python -m docs.images.make`.

Loads a demo of its own in a temporary folder, serves it, signs in as its people and photographs six pages beside this
file. It changes nothing else, and needs what the journeys need: the `dev` extra and Debian's chromium.
"""  # noqa: INP001 - a script beside its pictures, no package

import re
import shutil
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tests.journeys import walks
from tests.journeys.fixtures import FLAGS
from tests.journeys.service import Demo, Service, load_demo
from tests.journeys.visitor import Screen, Visitor

HERE = Path(__file__).parent
PHONE = Screen(390, 844)
DESKTOP = Screen(1280, 900)
COLOURS = 96
LARGEST = 150 * 1024


def make() -> None:
    """Write the six pictures."""
    with tempfile.TemporaryDirectory(prefix="jalon-pictures-") as folder:
        demo = load_demo(Path(folder))
        service = Service.over(demo, Path(folder) / "data")
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=[*FLAGS])
                draw(browser, service, demo)
                browser.close()
        finally:
            service.stop()


def draw(browser: Browser, service: Service, demo: Demo) -> None:
    """Sign in as each and photograph what they see."""

    def visitor(screen: Screen) -> Visitor:
        context = browser.new_context(viewport={"width": screen.width, "height": screen.height}, locale="fr-FR")
        return Visitor.arriving(context, service.address, javascript=True)

    employer = visitor(PHONE)
    employer.go("/v/" + demo.badge.rpartition("/")[2])
    keep(employer, "verify-phone")
    _person(visitor(PHONE), demo, "commence à se positionner")
    _claim(visitor(PHONE), demo)
    _coach(visitor(DESKTOP), demo)


def _person(person: Visitor, demo: Demo, about: str) -> None:
    walks.enter_with_card(person, demo.card(about))
    person.follow("Continuer", within="main")
    if not person.page.locator(".stepper").count():
        person.follow("Continuer", within="main")
    person.choose("level", "1")
    keep(person, "rate-phone", top=".stepper")
    person.go(f"{person.path}?lang=ar")
    keep(person, "rate-arabic-phone", top=".stepper")


def _claim(person: Visitor, demo: Demo) -> None:
    walks.enter_with_card(person, demo.card("a un badge à prendre"))
    person.follow("Voir le badge", within="main")
    if person.path.startswith("/moi/accords/"):
        person.press("Oui, je suis d’accord")
    person.choose("nom", "clair")
    person.choose("preuve", "0")
    person.press("Voir exactement ce qui sera signé")
    keep(person, "claim-phone")


def _coach(coach: Visitor, demo: Demo) -> None:
    walks.sign_in(coach, demo, "coach")
    coach.go("/personnes")
    keep(coach, "people-desktop")
    coach.follow(re.compile("En parler ensemble"), within="main")
    if not coach.page.locator(".versus").count():
        coach.follow("Voir les deux avis", within="main")
    keep(coach, "confront-desktop")


def keep(visitor: Visitor, name: str, top: str = "body") -> None:
    """What is on the screen from `top` down, as a small picture in few colours."""
    visitor.page.evaluate("document.activeElement.blur()")
    visitor.page.locator(top).first.evaluate("it => scrollTo({top: it.getBoundingClientRect().top + scrollY - 12})")
    with Image.open(BytesIO(visitor.page.screenshot(animations="disabled"))) as shot:
        few = shot.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    path = HERE / f"{name}.png"
    few.save(path, optimize=True)
    if path.stat().st_size > LARGEST:
        raise RuntimeError(f"{path.name} is larger than {LARGEST} bytes")


if __name__ == "__main__":
    make()
