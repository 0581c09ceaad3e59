"""Follow the links of the pages, as one role, from the front page on.

Every link is asked for; a browser looks at a page or two of each kind. A kind of page is a URL rule of the
application. Only links are followed: nothing is posted.
"""

from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter

from tests.journeys.service import Demo, Service
from tests.journeys.visitor import Visitor
from tests.journeys.walks import enter_with_card, sign_in

STAFF = ("editor", "coach", "issuer", "administrator", "auditor")


def become(visitor: Visitor, demo: Demo, role: str) -> None:
    """Sign in as the role: one of the staff, a card by what the demo says of it, or nobody."""
    if role in STAFF:
        sign_in(visitor, demo, role)
    elif role == "anonymous":
        visitor.go("/")
    else:
        enter_with_card(visitor, demo.card(role))


@dataclass
class Crawl:
    """One visitor's way: of each rule `asked` addresses are asked for and `looked` looked at, those of `passed` not."""

    visitor: Visitor
    service: Service
    rules: MapAdapter
    asked: int
    looked: int
    passed: frozenset[str] = frozenset()
    seen: Counter[str] = field(default_factory=Counter)
    dead: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def pages(self, *starts: str) -> Iterator[str]:
        """The addresses to look at, one after the other, the browser being there."""
        waiting, known, tried = deque((start, "") for start in starts), set(starts), Counter[str]()
        while waiting:
            address, source = waiting.popleft()
            kind = self._kind(address)
            tried[kind] += 1
            if tried[kind] > self.asked:
                continue
            text = self._ask(address, source)
            for link in _links(text, address):
                if link not in known:
                    known.add(link)
                    waiting.append((link, address))
            if text and kind not in self.passed and self.seen[kind] < self.looked:
                self.seen[kind] += 1
                self.visitor.page.goto(self.visitor.base_url + address)
                yield address

    @contextmanager
    def noting(self) -> Iterator[None]:
        """Note what is wrong with a page and go on: one walk says all that is to mend."""
        try:
            yield
        except AssertionError as fault:
            size = self.visitor.page.viewport_size
            self.faults.append(f"{fault} (at {size['width'] if size else 0} px)")

    def _kind(self, address: str) -> str:
        """The rule an address stands for; an address of no rule is a kind of its own, and dead."""
        try:
            return str(self.rules.match(urlsplit(address).path, method="GET")[0])
        except HTTPException:
            return address

    def _ask(self, address: str, source: str) -> str:
        """The page at the address; nothing where there is a file, or where the link is dead, which is noted."""
        answer = self.visitor.page.context.request.get(self.service.address + address)
        if answer.status >= 400:
            self.dead.append(f"{answer.status} {address} (linked from {source})")
            return ""
        return answer.text() if "text/html" in answer.headers["content-type"] else ""


class _Hrefs(HTMLParser):
    """The `href` of every link."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if tag == "a" and name == "href" and value]


def _links(text: str, page: str) -> Iterator[str]:
    """The addresses of the service that a page links to, without language and fragment."""
    parser = _Hrefs()
    parser.feed(text)
    for href in parser.found:
        parts = urlsplit(urljoin(page, href))
        if not parts.netloc and not parts.scheme:
            query = urlencode([pair for pair in parse_qsl(parts.query) if pair[0] != "lang"])
            yield parts.path + (f"?{query}" if query else "")
