"""Staff come in with e-mail and password, or with a one-time link."""

import re
from urllib.parse import urlsplit

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from badges.models.access import GuessRecord, LinkPurpose, OneTimeLinkRecord, SessionRecord
from badges.models.people import Role, StaffRecord
from badges.services import access
from badges.web.sign_in import local_path
from tests import factories

NEW = "une phrase toute neuve"


@pytest.fixture
def member(session):
    """A coach with a password."""
    structure = factories.organisation(session)
    row = factories.staff(session, (structure, Role.COACH), password=factories.PASSWORD)
    session.commit()
    return row


def enter(client, email, password=factories.PASSWORD, **more):
    return client.post("/connexion", data={"email": email, "password": password, **more})


def test_staff_come_in_and_land_on_their_first_page(client, member):
    """The e-mail's case does not matter; the cookie is HttpOnly and Lax; the page is never kept."""
    answer = enter(client, f" {member.email.upper()} ")
    cookie = next(one for one in answer.headers.getlist("Set-Cookie") if one.startswith("jalon_session="))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/personnes")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie
    assert answer.headers["Cache-Control"] == "no-store"
    assert client.get("/personnes").status_code == 200


def test_cookie_is_secure_where_the_address_is(installation, member, clock):
    """On an https address the session never travels in clear."""
    from dataclasses import replace

    from badges.app import create_app

    app = create_app(replace(installation, base_url="https://badges.example.org"))
    app.config["WTF_CSRF_ENABLED"] = False
    cookies = enter(app.test_client(), member.email).headers.getlist("Set-Cookie")
    assert all("Secure" in cookie for cookie in cookies if cookie.startswith("jalon_session="))


def test_unknown_wrong_and_deactivated_get_one_and_the_same_answer(client, session, member, clock):
    """Nothing tells whether an e-mail has an account."""
    gone = factories.staff(session, password=factories.PASSWORD)
    gone.deactivated_at = clock()
    waiting = factories.staff(session)
    session.commit()
    answers = {
        re.sub(r'value="[^"]*"', "", enter(client, email, password).text)
        for email, password in [
            (member.email, "autre chose que cela"),
            ("personne@example.org", factories.PASSWORD),
            (gone.email, factories.PASSWORD),
            (waiting.email, factories.PASSWORD),
        ]
    }
    assert len(answers) == 1
    assert "ne vont pas ensemble" in answers.pop()
    assert client.get_cookie("jalon_session") is None


def test_unknown_email_costs_a_hash_as_a_known_one_does(client, member, monkeypatch):
    """An answer that comes sooner would tell: both sides compute one argon2 hash."""
    computed = []

    def counted(name):
        real = getattr(PasswordHasher, name)
        monkeypatch.setattr(PasswordHasher, name, lambda *given: (computed.append(name), real(*given))[1])

    counted("hash")
    counted("verify")
    enter(client, "personne@example.org")
    enter(client, member.email, "autre chose que cela")
    assert computed == ["hash", "verify"]


@pytest.mark.parametrize("known", [True, False])
def test_passwords_are_limited_by_email_known_or_not(client, member, clock, known):
    """After eight wrong ones even the right one waits, and says how long; then it works."""
    email = member.email if known else "personne@example.org"
    most, window = access.LIMITS["password"]
    for _ in range(most):
        assert enter(client, email, "autre chose que cela").status_code == 422
    refused = enter(client, email)
    assert refused.status_code == 429
    assert "Trop d’essais" in refused.text
    clock.forward(seconds=window.total_seconds())
    assert enter(client, email).status_code == (303 if known else 422)


def test_passwords_are_limited_by_address_and_right_ones_do_not_count(client, session, member, clock, installation):
    """Sixty wrong ones from one address, whatever the e-mails; the right ones in between take nothing away."""
    most, _window = access.LIMITS["address"]
    for _ in range(3):
        assert enter(client, member.email).status_code == 303
    counted = session.scalars(select(GuessRecord).where(GuessRecord.kind == "address")).one()
    assert counted.count == 0
    counted.count = most
    session.commit()
    assert enter(client, member.email).status_code == 429


def test_guesses_keep_no_email_in_clear(client, session, member):
    """What is stored of a guess is an HMAC."""
    enter(client, member.email, "autre chose que cela")
    stored = [row.subject_digest for row in session.scalars(select(GuessRecord))]
    assert len(stored) == 2
    assert all(re.fullmatch("[0-9a-f]{64}", digest) for digest in stored)


def test_sign_in_replaces_the_session_this_browser_had(client, session, member, clock):
    """A token planted beforehand is dead afterwards, and the new one is another."""
    factories.sign_in(session, client, member, clock())
    session.commit()
    planted = client.get_cookie("jalon_session").value
    enter(client, member.email)
    fresh = client.get_cookie("jalon_session").value
    assert fresh != planted
    rows = session.scalars(select(SessionRecord.token_digest)).all()
    assert rows == [access.codes.digest(fresh)]


def test_sign_out_really_ends_the_session(client, session, member):
    """The row is gone: the same cookie, brought back, opens nothing."""
    enter(client, member.email)
    token = client.get_cookie("jalon_session").value
    answer = client.post("/deconnexion")
    assert answer.headers["Location"] == "/"
    assert client.get_cookie("jalon_session") is None
    client.set_cookie("jalon_session", token, domain="localhost")
    assert client.get("/personnes").status_code == 302
    assert session.scalars(select(SessionRecord)).all() == []


def test_sign_out_is_a_post_and_harmless_for_a_stranger(client):
    """A link cannot sign anybody out; a second tap is no error."""
    assert client.get("/deconnexion").status_code == 405
    assert client.post("/deconnexion").status_code == 303


def test_sign_in_needs_the_forms_token(app, member):
    """Without the CSRF token no other site can sign a browser in."""
    app.config["WTF_CSRF_ENABLED"] = True
    assert enter(app.test_client(), member.email).status_code == 400


@pytest.mark.parametrize("asked", ["/personnes?q=a", "/referentiels"])
def test_sign_in_leads_back_to_the_page_that_asked(client, member, asked):
    """The page that turned the reader away, query included."""
    turned = client.get("/personnes?q=a")
    assert turned.headers["Location"] == "/connexion?next=/personnes?q%3Da"
    assert enter(client, member.email, next=asked).headers["Location"] == asked


@pytest.mark.parametrize(
    "asked",
    [
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "/\t/evil.example",
        "\n//evil.example",
        "///evil.example",
        "evil.example",
        "/%0d%0aSet-Cookie:x\r\n",
        "//[",
    ],
)
def test_sign_in_never_leads_elsewhere(client, member, asked):
    """No open redirect, however it is written."""
    assert local_path(asked) == ""
    assert enter(client, member.email, next=asked).headers["Location"] == "/personnes"


def link_for(session, member, clock):
    token = access.new_link(session, member, LinkPurpose.INVITATION, clock())
    session.commit()
    return f"/lien/{token}"


def choose(client, address, password=NEW, again=NEW):
    return client.post(address, data={"password": password, "again": again})


def test_link_lets_its_owner_choose_a_password_once(client, app, session, member, clock):
    """Looking does not use it up; using it signs in, ends every other session, and kills it."""
    other = app.test_client()
    factories.sign_in(session, other, member, clock())
    address = link_for(session, member, clock)
    for _ in range(2):
        page = client.get(address)
        assert page.status_code == 200
        assert page.headers["Cache-Control"] == "no-store"
    assert choose(client, address).headers["Location"] == "/personnes"
    assert client.get("/personnes").status_code == 200
    assert other.get("/personnes").status_code == 302
    for answer in (app.test_client().get(address), choose(app.test_client(), address, "encore une autre phrase")):
        assert answer.status_code == 404
        assert "ne fonctionne plus" in answer.text
    session.expire_all()
    stored = session.get(StaffRecord, member.id).password_hash
    assert access.secret_matches(stored, NEW)


def test_link_dies_after_seven_days(client, session, member, clock):
    """The same answer as for one that never was."""
    address = link_for(session, member, clock)
    clock.forward(days=7)
    assert choose(client, address).status_code == 404
    assert client.get("/lien/jamais-vu").status_code == 404


def test_link_of_a_deactivated_account_opens_nothing(client, session, member, clock):
    """Deactivation holds for links too."""
    address = link_for(session, member, clock)
    member.deactivated_at = clock()
    session.commit()
    assert choose(client, address).status_code == 404


@pytest.mark.parametrize("typed", [("court", "court"), (NEW, NEW + "!"), ("a" * 201, "a" * 201)])
def test_refused_password_leaves_the_link_alive(client, session, member, clock, typed):
    """422, the link unused, and the next try works."""
    address = link_for(session, member, clock)
    assert choose(client, address, *typed).status_code == 422
    assert session.scalars(select(OneTimeLinkRecord.used_at)).one() is None
    session.commit()
    assert choose(client, address).status_code == 303


def test_changing_ones_password_keeps_this_browser_and_ends_the_others(client, app, session, member, clock):
    """The present password is asked for; the new one signs in, the old one no more."""
    other = app.test_client()
    for browser in (client, other):
        factories.sign_in(session, browser, member, clock())
    session.commit()
    form = {"current": factories.PASSWORD, "password": NEW, "again": NEW}
    assert client.post("/mot-de-passe", data={**form, "current": "autre chose que cela"}).status_code == 422
    assert client.post("/mot-de-passe", data=form).status_code == 303
    assert client.get("/personnes").status_code == 200
    assert other.get("/personnes").status_code == 302
    assert enter(other, member.email).status_code == 422
    assert enter(other, member.email, NEW).status_code == 303


def test_sessions_end_by_themselves_after_twelve_hours(client, member, clock):
    """A browser left open is out the next day."""
    enter(client, member.email)
    clock.forward(hours=11, minutes=59)
    assert client.get("/personnes").status_code == 200
    clock.forward(minutes=1)
    assert urlsplit(client.get("/personnes").headers["Location"]).path == "/connexion"


def test_deactivated_account_is_out_at_its_next_request(client, session, member, clock):
    """No need to wait for the session's end."""
    enter(client, member.email)
    member.deactivated_at = clock()
    session.commit()
    assert client.get("/personnes").status_code == 302


def test_forgotten_password_without_mail_says_whom_to_ask(client):
    """No form that would lead nowhere."""
    page = client.get("/mot-de-passe-oublie").text
    assert "administre votre organisation" in page
    assert 'name="email"' not in page
    assert client.post("/mot-de-passe-oublie", data={"email": "x@example.org"}).status_code == 200
