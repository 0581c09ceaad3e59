"""Pages speak the language asked for, wholly: no sentence of the page itself is left in French.

What the référentiel, the badge or somebody's own words say keeps its language; those are not in the catalogues.
"""

import logging
import re
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from sqlalchemy import select

from badges.models.awards import ShareRecord
from badges.models.people import PersonRecord
from badges.web.current import EXTENSION
from badges.web.language import LANGUAGES, RIGHT_TO_LEFT, STAFF_LANGUAGES
from tests import factories

EVERY = [code for code in LANGUAGES if code != "fr"]
EACH = 2
"""Pages asked for of each rule."""


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        href = dict(attrs).get("href")
        if tag == "a" and href:
            self.found.append(href)


@pytest.fixture
def demo_client(_application, demonstrated):
    """A browser before the demo."""
    config = dict(_application.config)
    _application.extensions[EXTENSION] = demonstrated
    yield _application.test_client()
    _application.config.update(config)


def crawl(client, language, *starts):
    """Every kind of page that can be reached by links, a few of each, in the language."""
    client.set_cookie("jalon_lang", language, domain="localhost")
    rules = client.application.url_map.bind("localhost")
    waiting, known, asked = list(starts), set(starts), {}
    while waiting:
        address = waiting.pop(0)
        kind = rules.match(urlsplit(address).path, method="GET")[0]
        asked[kind] = asked.get(kind, 0) + 1
        if asked[kind] > EACH:
            continue
        answer = client.get(address)
        if answer.mimetype != "text/html" or answer.status_code >= 300:
            continue
        yield address, answer.text
        parser = _Links()
        parser.feed(answer.text)
        for href in parser.found:
            parts = urlsplit(urljoin(address, href))
            link = parts.path + (f"?{parts.query}" if parts.query and "lang=" not in parts.query else "")
            if not parts.netloc and not parts.scheme and "lang=" not in parts.query and link not in known:
                known.add(link)
                waiting.append(link)


@pytest.mark.parametrize("demonstrated", ["sqlite"], indirect=True)
@pytest.mark.parametrize("language", EVERY)
@pytest.mark.parametrize("who", ["anonymous", "person"])
def test_every_page_for_people_speaks_the_language(demo_client, demonstrated, caplog, language, who):
    """Whatever somebody without an account or with a card can reach: in their language, in its direction."""
    with demonstrated.database.writing() as session:
        opened = ShareRecord.opened_at.is_not(None) & ShareRecord.withdrawn_at.is_(None)
        share = session.scalars(select(ShareRecord).where(opened, ShareRecord.expires_at.is_(None))).first()
        starts = ["/", "/v", "/verify", "/carte", f"/v/{share.code}"]
        if who == "person":
            person = session.get_one(PersonRecord, share.person_id)
            factories.sign_in(session, demo_client, person, demonstrated.clock())
            starts = ["/moi", *starts]
        session.commit()
    with caplog.at_level(logging.WARNING):
        pages = dict(crawl(demo_client, language, *starts))
    assert len(pages) > (20 if who == "person" else 10)
    plain = language.partition("@")[0]
    direction = "rtl" if language in RIGHT_TO_LEFT else "ltr"
    for address, text in pages.items():
        opening = re.search(r'<html lang="([^"]+)" dir="([^"]+)"', text)
        for_staff = opening[1] in STAFF_LANGUAGES and address.startswith(("/connexion", "/mot-de-passe"))
        assert for_staff or opening.groups() == (plain, direction), address
    assert [record.getMessage() for record in caplog.records if "not translated" in record.getMessage()] == []
