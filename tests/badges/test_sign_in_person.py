"""People come in with a card and a PIN."""

import re
from html import unescape

import pytest
from sqlalchemy import select

from badges.models.access import SessionRecord
from badges.models.people import PersonRecord, Role
from badges.services import access, codes
from tests import factories


@pytest.fixture
def person(session):
    """Someone with a card and a PIN."""
    structure = factories.organisation(session)
    coach = factories.staff(session, (structure, Role.COACH))
    row = factories.person(session, structure, coach, pin=factories.PIN)
    session.commit()
    return row


@pytest.fixture
def newcomer(session, clock):
    """Someone who has a card and a week to choose a PIN."""
    row = factories.person(session, factories.organisation(session), name="Lina Morvan")
    row.pin_open_until = clock() + access.LINK_LIFETIME
    session.commit()
    return row


def enter(client, card, pin=factories.PIN, **more):
    return client.post("/carte", data={"card": card, "pin": pin, **more})


def test_person_comes_in_however_the_card_is_typed(client, person):
    """Small letters, spaces, hyphens; the cookie flags; their own page."""
    answer = enter(client, codes.show_code(person.card_code).lower().replace("-", " "), "274 913")
    cookie = next(one for one in answer.headers.getlist("Set-Cookie") if one.startswith("jalon_session="))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/moi")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert person.name in client.get("/moi").text


def test_qr_fills_the_card_in_and_tells_nothing_else(client, person):
    """The address on the card shows its own code; one that nobody has looks just the same."""
    nobody = codes.new_code(codes.CARD_BITS)
    own, other = (client.get(f"/carte/{code}").text for code in (person.card_code, nobody))
    assert f'value="{codes.show_code(person.card_code)}"' in own
    assert person.name not in own
    same = own.replace(codes.show_code(person.card_code), "").replace(person.card_code, "")
    assert same == other.replace(codes.show_code(nobody), "").replace(nobody, "")
    assert 'value="&lt;script' not in client.get("/carte/<script>").text


def test_wrong_pin_and_unknown_card_get_one_and_the_same_answer(client, person):
    """Nothing tells whether a card exists."""
    answers = {
        re.sub(r'value="[^"]*"', "", enter(client, card, "385024").text)
        for card in (person.card_code, codes.new_code(codes.CARD_BITS))
    }
    assert len(answers) == 1
    assert "ne vont pas ensemble" in answers.pop()


def test_mistyped_card_is_told_from_its_check_character(client, person):
    """A slip of the finger is said at once, without counting a guess."""
    wrong = person.card_code[:-1] + ("0" if person.card_code[-1] != "0" else "1")
    for _ in range(access.LIMITS["card"][0] + 1):
        page = enter(client, wrong)
        assert page.status_code == 422
    assert "Une lettre ou un chiffre" in page.text
    assert enter(client, person.card_code).status_code == 303


def test_pins_are_limited_by_person(client, person, clock):
    """After five wrong ones the right one waits a quarter of an hour, from any address."""
    most, window = access.LIMITS["pin"]
    for number in range(most):
        client.environ_base["REMOTE_ADDR"] = f"192.0.2.{number}"
        assert enter(client, person.card_code, "385024").status_code == 422
    assert enter(client, person.card_code).status_code == 429
    clock.forward(seconds=window.total_seconds())
    assert enter(client, person.card_code).status_code == 303


def test_limit_on_pins_survives_a_restart(installation, person, clock):
    """Another process, started afresh on the same database, goes on counting."""
    from badges.app import create_app

    def browser():
        app = create_app(installation)
        app.config["WTF_CSRF_ENABLED"] = False
        return app.test_client()

    for _ in range(access.LIMITS["pin"][0]):
        assert enter(browser(), person.card_code, "385024").status_code == 422
    assert enter(browser(), person.card_code).status_code == 429


def test_first_use_leads_to_choosing_a_pin(client, session, newcomer):
    """With the card alone: the page to choose, then one's own page; a second time, no more."""
    page = client.post("/carte", data={"card": newcomer.card_code, "first": "1"})
    assert page.status_code == 200
    assert 'action="/carte/code-secret"' in page.text
    assert newcomer.name not in page.text
    form = {"card": newcomer.card_code, "pin": "385024", "again": "385024"}
    assert client.post("/carte/code-secret", data=form).headers["Location"] == "/moi"
    again = client.post("/carte/code-secret", data={**form, "pin": "594613", "again": "594613"})
    assert again.status_code == 409
    session.expire_all()
    assert access.secret_matches(session.get(PersonRecord, newcomer.id).pin_hash, "385024")


def test_empty_pin_is_a_first_time_too(client, newcomer):
    """Whoever leaves the PIN out because there is none yet is led on, not scolded."""
    assert 'action="/carte/code-secret"' in enter(client, newcomer.card_code, "").text


@pytest.mark.parametrize(("pin", "again"), [("123456", "123456"), ("385024", "385025"), ("38502", "38502")])
def test_refused_pin_can_be_chosen_again(client, session, newcomer, pin, again):
    """Too easy, not twice the same, too short: 422, the card still in the form, nothing kept."""
    form = {"card": newcomer.card_code, "pin": pin, "again": again}
    page = client.post("/carte/code-secret", data=form)
    assert page.status_code == 422
    assert f'value="{newcomer.card_code}"' in page.text
    assert session.scalars(select(PersonRecord.pin_hash).where(PersonRecord.id == newcomer.id)).one() is None


def test_card_alone_opens_nothing_once_a_pin_is_chosen(client, person):
    """« Première fois » with a card whose PIN exists: the same sentence as for an unknown card."""
    for card in (person.card_code, codes.new_code(codes.CARD_BITS)):
        page = client.post("/carte", data={"card": card, "first": "1"})
        assert page.status_code == 422
        assert "on ne peut pas choisir de code secret maintenant" in page.text


def test_week_to_choose_ends(client, newcomer, clock):
    """The eighth day the card alone opens nothing."""
    clock.forward(days=7)
    assert client.post("/carte", data={"card": newcomer.card_code, "first": "1"}).status_code == 422
    form = {"card": newcomer.card_code, "pin": "385024", "again": "385024"}
    assert client.post("/carte/code-secret", data=form).status_code == 409


def test_persons_session_closes_when_nothing_moves(client, person, clock):
    """On a shared telephone: half an hour without a move, then the card again; the page asked for is remembered."""
    enter(client, person.card_code)
    clock.forward(minutes=29)
    assert client.get("/moi").status_code == 200
    clock.forward(minutes=29)
    assert client.get("/moi/parcours").status_code == 200
    clock.forward(minutes=30)
    assert client.get("/moi/parcours").headers["Location"] == "/carte?next=/moi/parcours"


def test_persons_session_ends_after_two_hours_of_moves(client, person, clock):
    """However busy: the card again."""
    enter(client, person.card_code)
    for _ in range(6):
        clock.forward(minutes=20)
        answer = client.get("/moi")
    assert answer.headers["Location"] == "/carte?next=/moi"


def test_person_whose_page_has_closed_finds_their_own_door(client, person, clock):
    """A page for both kinds leads back to the card, and what they were sending to one sentence and the way in."""
    enter(client, person.card_code)
    clock.forward(hours=1)
    address = "/positionnements/00000000-0000-0000-0000-000000000001/moi/equipe"
    assert client.get(address).headers["Location"] == f"/carte?next={address}"
    answer = client.post(address, data={"level": "3"})
    assert answer.status_code == 401
    assert "ce qui était enregistré est gardé" in answer.text
    assert f'href="/carte?next={address}"' in answer.text


def test_scanned_card_asks_for_the_pin_alone(client, person):
    """One field, digits; refused, still one field, and the right one leads in."""
    address = f"/carte/{person.card_code}"
    assert 'inputmode="numeric"' in client.get(address).text
    page = client.post(address, data={"card": person.card_code, "pin": "385024"})
    for text in (client.get(address).text, page.text):
        assert 'id="card"' not in text
        assert 'id="pin"' in text
    assert page.status_code == 422
    assert client.post(address, data={"card": person.card_code, "pin": factories.PIN}).location == "/moi"


def test_lost_card_page_says_whom_to_call(client, session):
    """Open structures with their number; one that is closed is not called."""
    factories.organisation(session, "Mission Passerelle", phone="01 99 00 00 00")
    factories.organisation(session, "Maison Fermée", closed_at=factories.START)
    session.commit()
    page = client.get("/carte/perdue").text
    assert 'href="tel:0199000000"' in page
    assert "Maison Fermée" not in page
    assert "/carte/perdue" in client.get("/carte").text


def test_signing_out_leaves_nothing_of_the_person(client, person):
    """Both cookies go, the browser is told to forget, the page behind asks for the card, and it is said."""
    enter(client, person.card_code)
    answer = client.post("/deconnexion")
    gone = [one.partition("=")[0] for one in answer.headers.getlist("Set-Cookie") if "Max-Age=0" in one]
    assert {"jalon_session", "jalon_way"} <= set(gone)
    assert answer.headers["Clear-Site-Data"].startswith('"cache"')
    page = client.get(answer.location).text
    assert "plus rien de vous ne se voit" in page
    assert person.name not in page
    assert client.get("/moi").status_code == 302


@pytest.mark.parametrize(
    "name", ["عبد الرحمن بن عليّ", "Олександра Ковальчук-Мельник", "Ö", "Ñ" + "a" * 119, "李", "O’Brien-Ó’Néill <b>"]
)
def test_name_in_any_script_stands_on_the_persons_page(client, session, person, name):
    """As it is written, whole, escaped."""
    person.name = name
    session.commit()
    enter(client, person.card_code)
    page = client.get("/moi").text
    assert unescape(page).count(name) >= 2
    assert "<b>" not in page


def test_next_person_on_the_same_telephone_replaces_the_former(client, session, person, newcomer):
    """One browser, one session: the first person's is over when the second comes in."""
    enter(client, person.card_code)
    client.post("/carte/code-secret", data={"card": newcomer.card_code, "pin": "385024", "again": "385024"})
    assert [row.person_id for row in session.scalars(select(SessionRecord))] == [newcomer.id]


def test_page_speaks_the_persons_language_unless_they_chose_another(client, session, person):
    """The language of the card, once in; a choice made on this telephone stands."""
    person.language = "en"
    session.commit()
    enter(client, person.card_code)
    assert client.get_cookie("jalon_lang").value == "en"
    client.set_cookie("jalon_lang", "fr", domain="localhost")
    enter(client, person.card_code)
    assert client.get_cookie("jalon_lang").value == "fr"


def test_private_pages_are_never_kept(client, person):
    """Neither the way in nor what is behind it stays in the browser's cache."""
    enter(client, person.card_code)
    for path in ("/carte", "/moi", "/moi/carte", "/moi/code", "/qui-voit-quoi", "/connexion"):
        assert client.get(path).headers["Cache-Control"] == "no-store", path


def test_person_has_no_way_into_staff_pages(client, person):
    """403 for a person, whatever the page."""
    enter(client, person.card_code)
    for path in ("/personnes", "/personnes/nouvelle", "/organisations", "/journal", "/mot-de-passe"):
        assert client.get(path).status_code == 403, path
