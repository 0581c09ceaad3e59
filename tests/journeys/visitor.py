"""Somebody with a browser: goes to pages, fills forms by what they say, and notices what a page must never do.

On every page a visitor arrives at: one `h1`, nothing wider than the screen, and, where scripts run, nothing for axe to
find. Whatever the page: no error in the console, no request to another host, no answer of 500 or more.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog, Locator, Page, Request, Response

RESULTS = Path(__file__).parent.parent.parent / "test-results"


class Screen(NamedTuple):
    """The size of a window, in CSS pixels."""

    width: int
    height: int


PHONE = Screen(360, 640)
DESKTOP = Screen(1280, 800)


@dataclass  # without slots: Playwright hangs its wrappers on whoever listens
class Visitor:
    """A browser context of its own: nothing of another visitor's cookies."""

    page: Page
    base_url: str
    javascript: bool
    faults: list[str] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)

    @classmethod
    def arriving(cls, context: BrowserContext, base_url: str, *, javascript: bool) -> "Visitor":
        """A visitor with one open, watched page."""
        visitor = cls(context.new_page(), base_url, javascript)
        page = visitor.page
        page.set_default_timeout(20_000)
        page.on("request", visitor._asks)
        page.on("response", visitor._answered)
        page.on("console", visitor._says)
        page.on("pageerror", lambda error: visitor.faults.append(f"script error: {error}"))
        page.on("dialog", Dialog.accept)
        return visitor

    @property
    def path(self) -> str:
        """The path of the page, without its query."""
        return urlsplit(self.page.url).path

    @property
    def title(self) -> str:
        """The page's `h1`."""
        return self.page.locator("h1").inner_text()

    @property
    def words(self) -> str:
        """What the page says, its navigation and footer left out."""
        return self.page.locator("main").inner_text()

    def go(self, address: str) -> Response:
        """Type an address; a path is one of the service."""
        url = self.base_url + address if address.startswith("/") else address
        answer = self.page.goto(url)
        assert answer is not None
        self.arrive()
        return answer

    def follow(self, label: str | re.Pattern[str], within: str | Locator = "body") -> None:
        """Click the first link that says so."""
        place = self.page.locator(within) if isinstance(within, str) else within
        exact = isinstance(label, str)
        self._leave(place.get_by_role("link", name=label, exact=exact).first)

    def press(self, label: str, within: str = "body") -> None:
        """Click the first button that says so and wait for the page it leads to."""
        self._leave(self.page.locator(within).get_by_role("button", name=label, exact=True).first)

    def open(self, summary: str) -> None:
        """Unfold what stands under these words."""
        self.page.locator("summary").filter(has_text=summary).first.click()

    def fill(self, label: str, text: str) -> None:
        """Type into the field of that label."""
        self.page.get_by_label(re.compile(rf"^{re.escape(label)}( \(facultatif\))?$")).first.fill(text)

    def choose(self, name: str, value: str) -> None:
        """Choose one answer, or tick one box, by its name and value in the form."""
        self.page.locator(f'input[name="{name}"][value="{value}"]').check()

    def arrive(self) -> None:
        """Look at the page one is on."""
        headings = self.page.locator("h1").count()
        assert headings == 1, f"{self.page.url}: {headings} h1"
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{self.page.url}: {wide} px wider than the screen"
        if self.javascript:
            found = self._ask_axe()
            assert found.violations_count == 0, f"{self.page.url}: {found.generate_report()}"

    def shot(self, name: str, *, whole: bool = True) -> Path:
        """A screenshot, kept for people to look at."""
        path = RESULTS / f"{name}.png"
        path.parent.mkdir(exist_ok=True)
        self.page.screenshot(path=path, full_page=whole)
        return path

    def _ask_axe(self) -> AxeResults:
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE_SCRIPT)
        return AxeResults(self.page.evaluate("axe.run({resultTypes: ['violations']})"))

    def _leave(self, by: Locator) -> None:
        with self.page.expect_navigation():
            by.click()
        self.arrive()

    def _asks(self, request: Request) -> None:
        scheme = urlsplit(request.url).scheme
        if scheme in {"http", "https", "ws", "wss"} and not request.url.startswith(f"{self.base_url}/"):
            self.faults.append(f"a request to another host: {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 500:
            self.faults.append(f"{response.status} from {response.url}")
        if response.status >= 400 and response.request.is_navigation_request():
            self.refused.add(response.url)

    def _says(self, message: ConsoleMessage) -> None:
        # Chromium also writes down a page's own 404 or 422, which is what the page is there to say.
        own_status = message.text.startswith("Failed to load resource") and message.location["url"] in self.refused
        if message.type == "error" and not own_status:
            self.faults.append(f"in the console: {message.text} ({message.location['url']})")
