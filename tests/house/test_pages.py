"""What holds for every answer there is, to everybody: headers, what a browser may keep, and what a page is made of."""

import re
from html.parser import HTMLParser

from badges.app import create_app
from tests.house.access_asking import Answer, installed

INLINE = re.compile(r"\son[a-z]+\s*=|\sstyle\s*=|<style[\s>]|<script(?![^>]*\ssrc=)[^>]*>|javascript:", re.IGNORECASE)


class Outline(HTMLParser):
    """What of a page the tests look at."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.headings = 0
        self.main = 0
        self.language = ""
        self.title = ""
        self.links: list[str] = []
        self.forms: list[dict[str, str | None]] = []
        self._reading_title = False
        self.feed(text)

    def handle_starttag(self, tag, attrs) -> None:
        found = dict(attrs)
        self.headings += tag == "h1"
        self.main += tag == "main"
        self._reading_title = tag == "title" and not self.title
        if tag == "html":
            self.language = found.get("lang") or ""
        if tag == "a" and found.get("href"):
            self.links.append(found["href"])
        if tag == "form":
            method, to = (found.get("method") or "get").lower(), found.get("action") or ""
            self.forms.append({"method": method, "token": "unneeded" if NO_TOKEN.match(to) else None})
        if tag == "input" and found.get("name") == "csrf_token" and self.forms:
            self.forms[-1]["token"] = found.get("value")

    def handle_data(self, data) -> None:
        if self._reading_title:
            self.title, self._reading_title = data, False


NO_TOKEN = re.compile(r"/verify(#|\Z)|/v/[^/]+/nom(#|\Z)")
"""Forms to routes that test_rules.py knows to need none: a page without a cookie holds them."""


def pages(answers: list[Answer]) -> list[tuple[Answer, Outline]]:
    """The answers that are pages; what Werkzeug writes under a redirect nobody reads."""
    return [
        (one, Outline(one.body))
        for one in answers
        if one.headers.get("Content-Type", "").startswith("text/html") and not 300 <= one.status < 400
    ]


def faults(answers, wrong) -> None:
    found = sorted({str(one) for one in answers if wrong(one)})
    assert not found, "\n".join(["", *found])


def test_every_answer_carries_the_security_headers(answers):
    """Nothing inline, nothing from elsewhere, no guessing of types, no framing, no referrer: pages, files, refusals.

    A share's own page may stand in a frame of ours, before the person whose it is: the exact preview.
    """

    def wrong(one: Answer) -> bool:
        policy = one.headers.get("Content-Security-Policy", "")
        if one.actor == "person" and one.line.endpoint.startswith("verification."):
            policy = policy.replace("frame-ancestors 'self'", "frame-ancestors 'none'")
        return not (
            "default-src 'none'" in policy
            and "frame-ancestors 'none'" in policy
            and "base-uri 'none'" in policy
            and "form-action 'self'" in policy
            and "unsafe" not in policy
            and "*" not in policy
            and one.headers.get("X-Content-Type-Options") == "nosniff"
            and one.headers.get("Referrer-Policy") == "no-referrer"
            and one.headers.get("Cross-Origin-Opener-Policy") == "same-origin"
        )

    faults(answers, wrong)


def test_nothing_private_is_kept_by_a_browser(answers):
    """Whatever is answered to somebody signed in, and whatever needs signing in: no-store."""

    def wrong(one: Answer) -> bool:
        private = one.actor != "nobody" or one.line.expected["nobody"] == "sign"
        return private and one.line.endpoint != "static" and one.headers.get("Cache-Control") != "no-store"

    faults(answers, wrong)


def test_public_bytes_set_no_cookie(answers):
    """What scripts of other sites may read gives a stranger nothing to be known by."""

    def wrong(one: Answer) -> bool:
        opened = one.headers.get("Access-Control-Allow-Origin") == "*"
        return opened and one.actor == "nobody" and "Set-Cookie" in one.headers

    faults(answers, wrong)


def test_other_sites_scripts_read_public_answers_alone(answers):
    """Only what anybody may read is open to scripts of other sites, and never with somebody's cookies."""

    def wrong(one: Answer) -> bool:
        opened = one.headers.get("Access-Control-Allow-Origin")
        asks_to_sign_in = one.line.expected["nobody"] != "in"
        return bool(opened and asks_to_sign_in) or "Access-Control-Allow-Credentials" in one.headers

    faults(answers, wrong)


def test_every_form_that_posts_carries_its_token(answers):
    """A form without one would be refused to everybody."""
    bare = {
        str(one)
        for one, page in pages(answers)
        for form in page.forms
        if form["method"] == "post" and not form["token"]
    }
    assert bare == set()


def test_no_page_has_anything_inline(answers):
    """The policy forbids inline scripts and styles: one would silently not work."""
    found = {f"{one}: {match.group()}" for one, _page in pages(answers) if (match := INLINE.search(one.body))}
    assert found == set()


def test_every_page_has_one_heading_a_title_a_language_and_a_way_on(answers):
    """Refusals too: one h1, a main, a title of its own, its language, and a link that leads somewhere."""
    wrong = {
        f"{one}: h1 {page.headings}, main {page.main}, lang {page.language!r}, title {page.title!r}"
        for one, page in pages(answers)
        if (page.headings, page.main, page.language) != (1, 1, "fr")
        or not page.title.split("·")[0].strip()
        or "/" not in page.links
    }
    assert wrong == set()


def test_every_link_of_a_page_leads_somewhere(answers, tmp_path):
    """Links inside the site have a route that answers GET, the links to other languages too."""
    app = create_app(installed(f"sqlite:///{tmp_path / 'unused.sqlite'}", tmp_path))
    urls = app.url_map.bind("localhost")
    dead = set()
    for one, page in pages(answers):
        for link in page.links:
            path = link.partition("#")[0].partition("?")[0]
            if link.startswith(("http://", "https://", "mailto:", "tel:", "sms:", "#", "?")) or not path:
                continue
            if not path.startswith("/") or not urls.test(path, "GET"):
                dead.add(f"{one.line.name}: {link}")
    assert not dead, "\n".join(["", *sorted(dead)])


def test_no_answer_shows_the_code_behind_it(answers):
    """No traceback, no path of the machine, no template left unfilled."""
    said = ("Traceback", "/site-packages/", "{{", "{%", "Undefined", "sqlalchemy")
    faults([one for one, _page in pages(answers)], lambda one: any(word in one.body for word in said))
