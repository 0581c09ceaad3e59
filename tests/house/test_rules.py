"""What holds for every route whatever it does: a rule at the door, the form's token, limits, refusals and faults."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from werkzeug.routing import AnyConverter, IntegerConverter, Rule, UUIDConverter

from badges.app import LARGEST_REQUEST, create_app
from badges.models.people import OrganisationRecord, Role
from badges.web import access
from badges.web.access import ANYONE, STAFF_DOOR, requires, rule_of
from badges.web.errors import CSRF_SENTENCE, SENTENCES
from badges.web.verification import LARGEST_BADGE
from tests import factories

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
WITHOUT_TOKEN = {  # change nothing and need no session: strangers' programs and readers without a cookie call them
    "verification.compared",
    "verification.verify",
    # the code in the address is the right, not a cookie
    *("guests.send", "guests.keep", "guests.wrong_person", "guests.confirm", "guests.give_word"),
}
JSON = {"Accept": "application/json"}
TYPED = "ce-que-quelqu-un-a-tapé"


def sample(rule: Rule) -> dict[str, object]:
    """Arguments of the right kind for an address, of things that are not there."""
    values: dict[str, object] = {}
    for name, converter in rule._converters.items():
        values[name] = "x"
        if isinstance(converter, IntegerConverter):
            values[name] = 1
        elif isinstance(converter, UUIDConverter):
            values[name] = UUID(int=1)
        elif isinstance(converter, AnyConverter):
            values[name] = min(converter.items)
    return values


def addresses(app: Flask) -> Iterator[tuple[str, str, str]]:
    """Every endpoint with each method its rules take, and an address."""
    for rule in app.url_map.iter_rules():
        _domain, path = rule.build(sample(rule))
        for method in sorted(rule.methods):
            yield rule.endpoint, method, path


@pytest.fixture
def guarded(app):
    """The application as it is served, with the forms' tokens."""
    app.config["WTF_CSRF_ENABLED"] = True
    return app


@pytest.fixture
def growing(installation):
    """An application of the test's own, which has answered nobody yet and may be given one more view."""
    app = create_app(installation)
    app.config["WTF_CSRF_ENABLED"] = False
    return app


def test_view_without_a_rule_keeps_the_application_from_starting():
    """Deny by default: nobody has to remember, the start fails and names the view."""
    app = Flask("house")
    app.add_url_rule("/ouverte", "open_door", lambda: "in")
    with pytest.raises(RuntimeError, match="open_door"):
        access.install(app)


def test_every_view_of_the_application_has_a_rule(app):
    """None was added after the check either."""
    assert {endpoint for endpoint in app.view_functions if rule_of(app, endpoint) is None} == set()


def test_view_added_later_without_a_rule_answers_nobody(growing):
    """Whatever escapes the check at the start is closed at the door."""
    growing.add_url_rule("/plus-tard", "later", lambda: "in")
    assert growing.test_client().get("/plus-tard").status_code == 404


def test_form_without_its_token_is_refused_everywhere(guarded, session, clock):
    """Every route that may change something refuses a form of another site, whoever's browser sends it."""
    place = factories.organisation(session)
    everything = factories.staff(session, *[(place, role) for role in Role])
    browser = guarded.test_client()
    factories.sign_in(session, browser, everything, clock())
    session.commit()
    open_ones = set()
    for endpoint, method, path in addresses(guarded):
        if method in UNSAFE:
            answered = browser.open(path, method=method, data={"name": "x"})
            if answered.status_code != 400 or CSRF_SENTENCE not in answered.text:
                open_ones.add(endpoint)
    assert open_ones == WITHOUT_TOKEN


def test_asking_for_the_methods_tells_a_stranger_to_sign_in(app):
    """OPTIONS opens nothing: what is private asks to sign in, what is public names its methods and no more."""
    browser = app.test_client()
    for endpoint, method, path in addresses(app):
        if method == "OPTIONS":
            answered = browser.options(path)
            if rule_of(app, endpoint) in {ANYONE, STAFF_DOOR}:
                assert answered.status_code in {200, 404}, endpoint
                assert answered.status_code == 404 or not answered.data, endpoint
            else:
                assert answered.location.startswith(("/connexion", "/carte")), endpoint


def test_only_the_methods_that_are_meant_are_taken(app):
    """Reading, and POST for forms: nothing else has a route."""
    assert {method for _endpoint, method, _path in addresses(app)} <= {"GET", "HEAD", "OPTIONS", "POST"}


@pytest.mark.parametrize("path", ["/connexion", "/v", "/a-propos", "/healthz", "/static/jalon.css"])
def test_other_method_is_405_and_says_which_would_do(client, path):
    """The answer names the methods of the address, as it must."""
    answered = client.delete(path)
    assert answered.status_code == 405
    assert {"GET", "HEAD", "OPTIONS"} <= {one.strip() for one in answered.headers["Allow"].split(",")}
    assert SENTENCES[405] in answered.text


@pytest.mark.parametrize("path", ["/connexion", "/carte", "/v", "/mot-de-passe-oublie"])
def test_too_large_a_form_is_413_with_a_sentence(client, path):
    """A body over the limit is not read to its end, and the page says what to do."""
    answered = client.post(path, data={"email": "x" * LARGEST_REQUEST})
    assert answered.status_code == 413
    assert SENTENCES[413] in answered.text
    as_problem = client.post(path, data={"email": "x" * LARGEST_REQUEST}, headers=JSON)
    assert (as_problem.status_code, as_problem.mimetype) == (413, "application/problem+json")


def test_too_large_a_form_is_413_for_who_is_signed_in(client, session, clock):
    """Behind a door as before it."""
    place = factories.organisation(session)
    factories.sign_in(session, client, factories.staff(session, (place, Role.COACH)), clock())
    session.commit()
    answered = client.post("/personnes/nouvelle", data={"name": "x" * LARGEST_REQUEST})
    assert answered.status_code == 413
    assert SENTENCES[413] in answered.text


def test_too_large_a_badge_is_413(client):
    """What is handed in to be verified has a limit of its own."""
    answered = client.post("/verify", data=b" " * (LARGEST_BADGE + 1), content_type="application/json")
    assert (answered.status_code, answered.mimetype) == (413, "application/problem+json")
    assert answered.json["title"] == SENTENCES[413]


def test_refusals_are_problem_documents_for_programs(client, session, clock):
    """RFC 9457: type, title in the reader's language, status; never a page for who asks for JSON."""
    person = factories.person(session, factories.organisation(session))
    session.commit()
    asked = {
        401: lambda: client.post("/moi/code", headers=JSON),
        404: lambda: client.get("/nulle-part", headers=JSON),
        405: lambda: client.delete("/connexion", headers=JSON),
    }
    for status, ask in asked.items():
        assert_problem(ask(), status, SENTENCES[status])
    factories.sign_in(session, client, person, clock())
    session.commit()
    assert_problem(client.get("/personnes", headers=JSON), 403, SENTENCES[403])


def assert_problem(answered, status: int, sentence: str) -> None:
    assert (answered.status_code, answered.mimetype) == (status, "application/problem+json")
    assert answered.json == {"type": "about:blank", "status": status, "title": sentence}
    assert answered.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/nulle-part", "/r/x/1", "/personnes/1", "/v/0000000000000", "/static/rien.css"])
def test_unknown_address_is_a_page_with_a_way_back(client, path):
    """A 404 is a whole page in the reader's language."""
    answered = client.get(path)
    assert answered.status_code == 404
    assert answered.text.count("<h1") == 1
    assert 'href="/"' in answered.text
    assert SENTENCES[404] not in client.get(path, headers={"Accept-Language": "en"}).text


def failing(app: Flask, error: Exception) -> Flask:
    """The application with one more view, whose code fails."""

    def fault() -> str:
        raise error

    app.add_url_rule("/panne", "fault", requires(ANYONE)(fault), methods=["GET", "POST"])
    return app


@pytest.mark.parametrize("headers", [{}, JSON])
def test_fault_of_ours_is_a_sentence_and_tells_nothing(growing, caplog, headers):
    """500 for the reader, its type and place for the log; what somebody typed is in neither."""
    with caplog.at_level(logging.DEBUG):
        answered = failing(growing, KeyError(TYPED)).test_client().get("/panne", headers=headers)
    assert answered.status_code == 500
    assert SENTENCES[500] in (answered.json["title"] if headers else answered.text)
    assert "KeyError" in caplog.text
    assert "test_rules.py" in caplog.text
    assert TYPED not in answered.text + caplog.text
    assert "Traceback" not in answered.text + caplog.text
    assert answered.headers["Content-Security-Policy"]


def test_database_that_does_not_answer_is_503(growing, caplog):
    """The reader is asked to come back; the statement and its values stay out of page and log."""
    error = OperationalError("SELECT 1", {"name": TYPED}, RuntimeError(TYPED))
    answered = failing(growing, error).test_client().get("/panne")
    assert answered.status_code == 503
    assert SENTENCES[503] in answered.text
    assert TYPED not in answered.text + caplog.text


def test_what_was_not_committed_is_gone_after_a_fault(growing, installation):
    """A request that fails half-way leaves nothing half-written."""

    def half() -> str:
        factories.organisation(access.current.db(), "À moitié")
        raise KeyError(TYPED)

    growing.add_url_rule("/moitie", "half", requires(ANYONE)(half), methods=["POST"])
    assert growing.test_client().post("/moitie").status_code == 500
    with installation.database.writing() as session:
        assert "À moitié" not in session.scalars(select(OrganisationRecord.name)).all()
        assert factories.organisation(session, "Suivante").id is not None


@pytest.mark.parametrize(("base", "secure"), [("https://badges.example.org", True), ("http://localhost:8000", False)])
def test_cookies_are_closed_to_scripts_and_other_sites(installation, session, clock, base, secure):
    """HttpOnly and SameSite for each, Secure where the public address is https."""
    app = create_app(replace(installation, base_url=base))
    app.config["WTF_CSRF_ENABLED"] = False
    place = factories.organisation(session)
    member = factories.staff(session, (place, Role.COACH), password=factories.PASSWORD)
    session.commit()
    browser = app.test_client()
    given = browser.get("/connexion?lang=en").headers.getlist("Set-Cookie")
    entered = browser.post("/connexion", data={"email": member.email, "password": factories.PASSWORD})
    given += entered.headers.getlist("Set-Cookie")
    names = {one.partition("=")[0] for one in given}
    assert {"jalon_session"} <= names <= {"jalon_session", "jalon_lang", "jalon_way", "session"}
    for cookie in given:
        flags = {flag.strip().lower() for flag in cookie.split(";")[1:]}
        assert {"httponly", "samesite=lax"} <= flags, cookie
        assert ("secure" in flags) is secure or not cookie.startswith(("jalon_session", "session")), cookie
