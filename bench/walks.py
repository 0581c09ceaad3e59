"""Clicks and seconds of what people do most, and what a page weighs: python -m bench.walks [--write].

A real Chromium of 360 × 640 pixels before the real server with the demo. Seconds are the machine's, from the first page
to the last: people read and type besides. Clicks are counted one by one, words typed into fields apart. A page is
weighed on a first visit, nothing kept, uncompressed; « slow 3G » is 400 kbit/s each way and 400 ms to and fro.
`--write` puts the tables into README.md.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, Response, sync_playwright

from tests.journeys import walks
from tests.journeys.fixtures import FLAGS
from tests.journeys.service import Card, Demo, Service, load_demo
from tests.journeys.visitor import PHONE, Visitor

ROOT = Path(__file__).parent.parent
MANY = 35
FRAMEWORK = "Savoir-être professionnels (liste publique de 2017)"
EIGHT = ["equipe", "autonomie", "adaptation", "curiosite", "perseverance", "reactivite", "rigueur", "organisation"]
SLOW_3G = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
FIRST_PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
MARKS = ("<!-- walks -->", "<!-- /walks -->")


class Counting(Visitor):
    """A visitor who counts what they click and type, and does not stop to look for faults."""

    clicks: int
    typed: int

    def reset(self) -> None:
        """Count from nothing."""
        self.clicks = self.typed = 0

    def arrive(self) -> None:
        """Go on."""

    def follow(self, label: str | re.Pattern[str], within: str | Locator = "body") -> None:
        """Follow a link, counted."""
        self.clicks += 1
        super().follow(label, within)

    def press(self, label: str, within: str = "body") -> None:
        """Press a button, counted."""
        self.clicks += 1
        super().press(label, within)

    def choose(self, name: str, value: str) -> None:
        """Choose, counted."""
        self.clicks += 1
        super().choose(name, value)

    def fill(self, label: str, text: str) -> None:
        """Type into a field, counted."""
        self.typed += 1
        super().fill(label, text)

    def click(self, name: str) -> None:
        """Click what a script answers without leaving the page, counted."""
        self.clicks += 1
        self.page.get_by_role("button", name=name).first.click()


@dataclass
class Bench:
    """The demo, its server and a browser."""

    demo: Demo
    service: Service
    browser: Browser
    lines: list[str] = field(default_factory=list)

    def visitor(self) -> Counting:
        """Somebody with a telephone."""
        context = self.browser.new_context(
            viewport={"width": PHONE.width, "height": PHONE.height}, locale="fr-FR", timezone_id="Europe/Paris"
        )
        visitor = Counting(context.new_page(), self.service.address, javascript=False)
        visitor.page.set_default_timeout(20_000)
        visitor.page.on("dialog", lambda dialog: dialog.accept())
        visitor.reset()
        return visitor

    @contextmanager
    def timed(self, what: str, visitor: Counting) -> Iterator[None]:
        """Write down what is done inside as one line."""
        visitor.reset()
        started = time.perf_counter()
        yield
        seconds = time.perf_counter() - started
        self.lines.append(f"| {what} | {visitor.clicks} | {visitor.typed} | {seconds:.1f} |")


def main() -> None:
    """Walk, weigh, print, and write where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="put the tables into README.md")
    options = parser.parse_args()
    with bench() as here:
        coach_opens_rounds(here)
        card, badge = beneficiary(here)
        tutor(here)
        employer(here, badge)
        walked = [
            "| what | clicks | fields typed | seconds |",
            "| --- | --- | --- | --- |",
            *here.lines,
        ]
        weights = page_weights(here, card, badge)
    day = f"{datetime.now(UTC):%Y-%m-%d}"
    text = f"Measured {day} with `python -m bench.walks`.\n\n" + "\n".join(walked) + "\n\n" + "\n".join(weights)
    print(text)
    if options.write:
        write(text)


@contextmanager
def bench() -> Iterator[Bench]:
    """A demo of its own, served, and Debian's Chromium."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        demo = load_demo(Path(folder))
        service = Service.over(demo, Path(folder) / "served")
        program = shutil.which("chromium") or shutil.which("chromium-browser") or sys.exit("chromium is missing")
        rules = f"MAP {demo.base_url.partition('//')[2]} 127.0.0.1:{service.port}, MAP localhost 127.0.0.1"
        browser = playwright.chromium.launch(executable_path=program, args=[*FLAGS, f"--host-resolver-rules={rules}"])
        try:
            yield Bench(demo, service, browser)
        finally:
            browser.close()
            service.stop()


def coach_opens_rounds(here: Bench) -> None:
    """A coach with as many people opens a round for each of them, from the list."""
    coach = here.visitor()
    walks.sign_in(coach, here.demo, "coach")
    for number in range(MANY):
        walks.welcome(coach, f"Personne Numéro {number}")
    coach.go("/personnes")
    with here.timed(f"Coach: from the list to {MANY} rounds or more, opened", coach):
        coach.click("Tout cocher")
        coach.click("Ouvrir un positionnement")
        coach.page.wait_for_url("**/positionnements/ouvrir?*")
        coach.page.get_by_role("button", name=re.compile(r"Ouvrir les \d+ positionnements")).first.click()
        coach.clicks += 1
        coach.page.wait_for_url("**/personnes")
    found = re.search(r"(\d+) positionnements sont ouverts", coach.words)
    opened = int(found[1]) if found else 0
    if opened < MANY:
        sys.exit(f"{opened} rounds were opened, not {MANY}")


def beneficiary(here: Bench) -> tuple[Card, str]:
    """Somebody rates eight competences; later claims the badge and has its address to give."""
    coach, person = here.visitor(), here.visitor()
    walks.sign_in(coach, here.demo, "coach")
    card = walks.welcome(coach, "Inès Chronométrée")
    address = walks.open_round(coach, FRAMEWORK, EIGHT)
    answers: walks.Answers = dict.fromkeys(EIGHT, (3, "Trois matins au chantier."))
    walks.enter_with_card(person, card)
    with here.timed("Beneficiary: rates 8 competences, from their page to « J’ai fini »", person):
        walks.open_what_waits(person)
        person.follow("Commencer", within="main")
        walks.rate(person, answers)
    coach.go(address)
    coach.follow("Commencer", within="main")
    walks.rate(coach, answers)
    coach.follow("Voir les deux avis", within="main")
    walks.settle(coach, dict.fromkeys(EIGHT, 3))
    walks.conclude(coach, "accorde", "Nous avons parlé du chantier.")
    walks.confirm(person, card.pin)
    coach.go(address)
    walks.propose(coach, "Travail en équipe", ("Le chantier", "Trois matins de suite, a partagé les tâches."))
    issuer = here.visitor()
    walks.sign_in(issuer, here.demo, "issuer")
    walks.grant(issuer, "Travail en équipe", "Inès Chronométrée")
    with here.timed("Beneficiary: claims the badge and has the link, the code and the square to give", person):
        badge = walks.claim(person, card.pin, "bench")
    return card, badge.replace(here.demo.base_url, here.service.address)


def tutor(here: Bench) -> None:
    """A company answers by its link: three competences, an act for each."""
    coach, company = here.visitor(), here.visitor()
    walks.sign_in(coach, here.demo, "coach")
    walks.welcome(coach, "Rozenn Chronométrée")
    walks.open_round(coach, FRAMEWORK, EIGHT[:3])
    link = walks.ask_company(coach, "Conserverie des Deux Rives")
    with here.timed("Tutor: from the link to the view sent, on 3 competences", company):
        company.go(link)
        for code in EIGHT[:3]:
            company.choose(f"level-{code}", "3")
            company.page.locator(f"#act-{code}").fill("Trois matins au chantier.")
            company.typed += 1
        company.choose("right_person", "1")
        company.press("Envoyer mon avis")


def employer(here: Bench, badge: str) -> None:
    """From the scanned address to the verdict drawn on the screen; on this machine, then on slow 3G."""
    for how in ("", " on slow 3G"):
        visitor = here.visitor()
        if how:
            slow(visitor.page)
        with here.timed(f"Employer: from the scan to the verdict{how}", visitor):
            visitor.page.goto(badge, wait_until="commit")
            visitor.page.locator(".verdict__sentence").wait_for()
            drawn(visitor.page)


def page_weights(here: Bench, card: Card, badge: str) -> list[str]:
    """What a first visit to each page brings, uncompressed, and how soon it is drawn on slow 3G."""
    lines = [
        "| page, first visit | KB | requests | seconds until it is drawn with its styles, slow 3G |",
        "| --- | --- | --- | --- |",
    ]
    person = here.visitor()
    walks.enter_with_card(person, card)
    cookies = person.page.context.cookies()
    pages = {
        "the badge of a share": (badge, []),
        "`/v`, type a code": (f"{here.service.address}/v", []),
        "the front page": (f"{here.service.address}/", []),
        "`/carte`, come in": (f"{here.service.address}/carte", []),
        "`/moi`, a person’s own page": (f"{here.service.address}/moi", cookies),
    }
    for name, (address, kept) in pages.items():
        weight, requests, seconds = weigh(here, address, kept)
        lines.append(f"| {name} | {weight / 1000:.1f} | {requests} | {seconds:.1f} |")
    return lines


def weigh(here: Bench, address: str, cookies: list) -> tuple[int, int, float]:
    """Bytes and requests of a first visit, and seconds until the browser has drawn it on slow 3G."""
    visitor = here.visitor()
    visitor.page.context.add_cookies(cookies)
    answers: list[Response] = []
    visitor.page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 - Playwright hangs its wrapper on it
    visitor.page.goto(address, wait_until="networkidle")
    weight = sum(len(answer.body()) for answer in answers if answer.ok)
    again = here.visitor()
    again.page.context.add_cookies(cookies)
    slow(again.page)
    again.page.goto(address, wait_until="commit")
    again.page.locator("h1").wait_for()
    return weight, len(answers), drawn(again.page)


def drawn(page: Page) -> float:
    """Seconds from the navigation to the first content on the screen (Paint Timing, first-contentful-paint)."""
    while (painted := page.evaluate(FIRST_PAINT)) is None:
        page.wait_for_timeout(20)
    return float(painted) / 1000


def slow(page: Page) -> None:
    """The page on slow 3G from now on."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW_3G)


def write(text: str) -> None:
    """Put the tables between their marks."""
    readme = ROOT / "README.md"
    before, _, rest = readme.read_text(encoding="utf-8").partition(MARKS[0])
    _, _, after = rest.partition(MARKS[1])
    readme.write_text(f"{before}{MARKS[0]}\n{text}\n{MARKS[1]}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
