"""Every kind of page a role can reach: on a phone, in French, with each run; in every setting with `make sweep`."""

import itertools
from urllib.parse import urlsplit

import pytest

from badges.app import create_app
from badges.services.installation import open_installation
from badges.settings import Settings
from badges.web.access import ANYONE, rule_of
from badges.web.language import LANGUAGES, STAFF_LANGUAGES
from tests.journeys.visitor import PHONE, Screen
from tests.sweep.crawl import STAFF, Crawl, become

CARDS = ("a un badge et deux étapes", "a un badge à prendre", "a un échange à confirmer", "commence à se positionner")
WIDTHS = (320, 390, 640, 1280)
"""The narrowest telephone, a usual one, a desktop at 200 %, a desktop."""

OTHERS = (320, 640)
"""For languages other than those of staff: where words are long, they are too long here first."""

THEMES = ("light", "dark")


@pytest.fixture(scope="module")
def routes(demo):
    """The application, asked only which rule an address stands for and who may use it."""
    installation = open_installation(Settings.from_environment({"JALON_DATA": str(demo.folder)}))
    application = create_app(installation)
    installation.database.close()
    return application


@pytest.mark.browser
@pytest.mark.parametrize("role", ["anonymous", *STAFF, *CARDS[:2]])
def test_every_page_is_whole_on_a_phone(demo, service, routes, visit, role):
    """One page of each rule: one h1, no sideways scrolling, nothing for axe to find, a way home, no dead link."""
    visitor = visit(PHONE)
    become(visitor, demo, role)
    crawl = _crawl(visitor, service, routes, role, asked=3, looked=1)
    for address in crawl.pages("/", visitor.path, *_badges(demo, role)):
        with crawl.noting():
            visitor.arrive()
            _leads_home(visitor, address, "fr")
    assert crawl.dead == [], "\n".join(crawl.dead)
    assert crawl.faults == [], "\n".join(crawl.faults)
    assert len(crawl.seen) > 1


@pytest.mark.browser
def test_pages_that_refuse_lead_home(demo, visit):
    """An address that does not exist, and one of another role: a sentence and a way home."""
    visitor = visit(PHONE)
    assert visitor.go("/nulle-part").status == 404
    _leads_home(visitor, "/nulle-part", "fr")
    become(visitor, demo, "auditor")
    assert visitor.go("/personnes").status == 403
    _leads_home(visitor, "/personnes", "fr")


@pytest.mark.sweep
@pytest.mark.parametrize(
    "who",
    [*itertools.product(STAFF, STAFF_LANGUAGES), *itertools.product(["anonymous", *CARDS], LANGUAGES)],
    ids=", ".join,
)
def test_every_page_is_whole_in_every_width_and_theme(demo, service, routes, visit, who):
    """Two pages of each rule the role reaches, at every width, in both themes, in every language it is offered."""
    role, language = who
    before = len(service.log.read_text(encoding="utf-8"))
    widths = WIDTHS if language in STAFF_LANGUAGES else OTHERS
    visitor = visit(PHONE)
    become(visitor, demo, role)
    visitor.go(f"/?lang={language}")
    crawl = _crawl(visitor, service, routes, role, asked=1000, looked=2)
    for address in crawl.pages("/", *_badges(demo, role)):
        with crawl.noting():
            _leads_home(visitor, address, _spoken(routes, address, language))
        for width, theme in itertools.product(widths, THEMES):
            visitor.page.set_viewport_size(Screen(width, 800)._asdict())
            visitor.page.emulate_media(color_scheme=theme)
            with crawl.noting():
                visitor.arrive()
    assert crawl.dead == [], "\n".join(crawl.dead)
    assert crawl.faults == [], "\n".join(crawl.faults)
    assert "not translated" not in service.log.read_text(encoding="utf-8")[before:]


def _spoken(routes, address, language):
    """The language of the page: that of the visit, unless the page is for staff, who have two."""
    endpoint = routes.url_map.bind("localhost").match(urlsplit(address).path, method="GET")[0]
    for_staff = rule_of(routes, endpoint).for_staff and language not in STAFF_LANGUAGES
    return "fr" if for_staff else language.partition("@")[0]


def _crawl(visitor, service, routes, role, **shares):
    """A crawl that leaves the pages for everybody to one stranger and one person with a card."""
    public = frozenset(name for name in routes.view_functions if rule_of(routes, name) is ANYONE)
    passed = frozenset() if role in {"anonymous", CARDS[0]} else public - {"public.home", "referentiels.version"}
    return Crawl(visitor, service, routes.url_map.bind("localhost"), passed=passed, **shares)


def _badges(demo, role):
    """A badge in every status: where somebody without an account comes from, a printed square."""
    if role != "anonymous":
        return []
    return [urlsplit(demo.exported(status)["url"]).path for status in ("valid", "revoked", "suspended", "expired")]


def _leads_home(visitor, address, language):
    home = visitor.page.locator("a[href='/']").first
    assert home.is_visible(), f"{address}: no way home"
    assert visitor.page.locator("html").get_attribute("lang") == language, f"{address}: not in {language}"
