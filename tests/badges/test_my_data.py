"""A copy of everything and erasing everything, by the person alone, with their PIN."""

import io
import json
import zipfile
from html.parser import HTMLParser

import pytest
from sqlalchemy import select

from badges.models.assessments import Rater
from badges.models.people import PersonRecord, Role
from badges.services import assessments, open_badges_2
from badges.web import my_summary
from tests import counting, factories, rounds
from tests.awarding import world
from verify.standards import baking


@pytest.fixture
def place(session, installation, client, clock):
    place = world(session, installation)
    place.structure.token = "EdDSA"
    factories.sign_in(session, client, place.person, clock())
    session.commit()
    return place


def copy(client, pin=factories.PIN) -> zipfile.ZipFile:
    answered = client.post("/moi/copie", data={"pin": pin})
    assert answered.status_code == 200
    assert answered.mimetype == "application/zip"
    return zipfile.ZipFile(io.BytesIO(answered.data))


def test_copy_holds_rows_badges_a_summary_and_a_manifest(session, client, place):
    """The signed bytes to the byte, baked too; every row by table; each file in the manifest with its digest."""
    credential = place.claimed()
    document, token = credential.document, credential.token
    signed = open_badges_2.signed(session, credential.id)
    session.commit()
    archive = copy(client)
    assert archive.testzip() is None
    assert archive.read("badges/001-equipe.json") == document
    assert archive.read("badges/001-equipe.jwt") == token
    assert archive.read("badges/001-equipe-open-badges-2.jws") == signed
    assert baking.extract_png(archive.read("badges/001-equipe.png")) == document
    rows = json.loads(archive.read("donnees.json"))["tables"]
    assert rows["people"][0]["name"] == "Awa Diallo"
    assert "pin_hash" not in rows["people"][0]
    assert {"memberships", "rounds", "ratings", "agreements", "awards", "credentials", "shares", "consents"} <= set(
        rows
    )
    assert rows["consents"][0]["given"] is True
    manifest = json.loads(archive.read("manifest.json"))
    assert {one["name"] for one in manifest["files"]} == set(archive.namelist()) - {"manifest.json"}
    summary = archive.read("resume.html").decode()
    HTMLParser().feed(summary)
    for words in ("Awa Diallo", "Mission Passerelle", "Travail en équipe", "Situation vue par coach"):
        assert words in summary


def test_summary_takes_as_many_statements_for_two_badges(session, installation, app, place):
    """And as many for two rounds."""
    asked = []
    for code in ("equipe", "rigueur"):
        place.round = factories.closed_round(
            session, place.version, place.person, structure=place.structure, coach=place.coach, levels={code: 3}
        )
        place.claim(place.granted(badge_code=code))
        session.commit()
        with app.test_request_context(), installation.database.reading() as own, counting.statements(own) as sent:
            my_summary.of(own, place.person.id)
        asked.append(len(sent))
    assert asked[0] == asked[1]


def test_copy_keeps_blind_answers_blind(session, client, clock, place):
    """What the coach answered before the person finished is not in the copy, and the manifest says that it waits."""
    talks = rounds.World(session, clock(), place.structure, place.coach, place.person, place.version)
    row = talks.opened("rigueur", "adaptation")
    talks.rate(row, Rater.COACH, "rigueur", 2, "Vu par le coach seul.")
    talks.rate(row, Rater.SELF, "rigueur", 3, "Raconté par la personne.")
    assert not assessments.revealed(row)
    session.commit()
    archive = copy(client)
    everything = b"".join(archive.read(name) for name in archive.namelist()).decode(errors="replace")
    assert "Vu par le coach seul." not in everything
    assert "Raconté par la personne." in everything
    assert json.loads(archive.read("manifest.json"))["left_out"] == {"answers_of_rounds_not_revealed": 1}


def test_copy_asks_for_the_pin_and_is_bounded(client, place):
    """A phone left signed in gives nothing away; five an hour are enough."""
    assert client.post("/moi/copie", data={"pin": "000000"}).status_code == 422
    for _ in range(5):
        copy(client)
    assert client.post("/moi/copie", data={"pin": factories.PIN}).status_code == 429


def test_nobody_else_has_a_copy(session, client, clock, place):
    """Neither another person nor any member of staff: there is no address with somebody's number in it."""
    everything = factories.staff(session, *[(place.structure, role) for role in Role])
    factories.sign_in(session, client, everything, clock())
    session.commit()
    for path in ("/moi/copie", "/moi/effacement", "/moi/effacement/annuler"):
        assert client.post(path, data={"pin": factories.PIN}).status_code == 403
    other = factories.person(session, place.structure, place.coach, name="Nour Belkacem", pin=factories.PIN)
    factories.sign_in(session, client, other, clock())
    session.commit()
    rows = copy(client).read("donnees.json").decode()
    assert "Nour" in rows
    assert "Awa" not in rows


def test_erasing_now_ends_in_an_account_without_a_name(session, client, place):
    """Signed out, told what went and what stays; the file says the same; the next click says so."""
    code = place.claimed().award.shares[-1].code
    session.commit()
    cookie = client.get_cookie("jalon_session").value
    page = client.get("/moi/effacement").text
    assert "Ce qui reste, sans nom" in page
    answered = client.post("/moi/effacement", data={"pin": factories.PIN, "copies": "keep", "when": "now"})
    assert answered.status_code == 303
    assert client.get_cookie("jalon_session") is None
    told, file = client.get(answered.location), client.get(f"{answered.location}.txt")
    for text in (told.text, file.text):
        assert "Awa" not in text
        assert "1 badge" in text
    assert "attachment" in file.headers["Content-Disposition"]
    client.set_cookie("jalon_session", cookie, domain="localhost")
    for path in ("/moi", "/moi/droits"):
        late = client.get(path)
        assert late.status_code == 410
        assert "Vos données sont effacées." in late.text
    assert client.post("/moi/copie", data={"pin": factories.PIN}).status_code == 410
    assert client.get("/").status_code == 200
    assert client.get(f"/v/{code}").status_code == 410
    session.expire_all()
    assert session.scalars(select(PersonRecord)).all() == []


def test_erasing_later_can_be_called_off(session, client, place):
    """Said at the top of « Mes droits », with the day and the way back."""
    for wrong in ({"pin": factories.PIN}, {"pin": "1", "copies": "keep", "when": "now"}):
        assert client.post("/moi/effacement", data=wrong).status_code == 422
    asked = {"pin": factories.PIN, "copies": "stop", "when": "later"}
    assert client.post("/moi/effacement", data=asked).location == "/moi/droits"
    assert "Tout sera effacé le 28 nov. 2026" in client.get("/moi/droits").text
    assert client.post("/moi/effacement/annuler").status_code == 303
    assert "Tout sera effacé" not in client.get("/moi/droits").text
    assert client.post("/moi/effacement/annuler").status_code == 404
    assert client.get("/effacement/inconnu").status_code == 404
