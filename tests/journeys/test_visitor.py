"""What the journeys rest on: a visitor notices what is amiss on a page."""

import pytest

pytestmark = pytest.mark.browser

AMISS = """<!doctype html><html lang="fr"><title>Page</title><main><h1>Page</h1>
<img src="http://example.org/pixel.png" alt=""><script>console.error("broken"); throw new Error("thrown")</script>"""


def test_visitor_notices_what_a_page_does_amiss(visit):
    """A fault of the server, a request to another host, a complaint of the console and a script that breaks."""
    visitor = visit()
    visitor.page.route("**/amiss", lambda route: route.fulfill(status=500, body=AMISS, content_type="text/html"))
    visitor.go("/amiss")
    noticed = "\n".join(visitor.faults)
    visitor.faults.clear()
    for fault in ("500 from", "another host: http://example.org/pixel.png", "broken", "thrown"):
        assert fault in noticed


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("<main><p>Rien</p></main>", "0 h1"),
        ("<main><h1>Un</h1></main><h1>Deux</h1>", "2 h1"),
        ("<main><h1>Un</h1><pre>" + "large" * 100 + "</pre></main>", "wider than the screen"),
        ('<main><h1>Un</h1><img src="/static/favicon.svg"></main>', "image-alt"),
    ],
)
def test_visitor_complains_of_a_page(visit, body, complaint):
    """No title or two, a page that scrolls sideways, a picture without words."""
    visitor = visit()
    page = f'<!doctype html><html lang="fr"><title>Page</title>{body}'
    visitor.page.route("**/amiss", lambda route: route.fulfill(body=page, content_type="text/html"))
    with pytest.raises(AssertionError, match=complaint):
        visitor.go("/amiss")
