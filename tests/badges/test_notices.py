"""What people are told about their data, and what administrations write: notices, legal pages, a gentle word."""

import pytest
from sqlalchemy import select

from badges.models.people import AgeBand, OrganisationKind, Role
from badges.models.rights import NoticeRecord
from badges.services import sensitive
from tests import factories
from tests.awarding import world


@pytest.fixture
def place(session, installation):
    return world(session, installation)


def become(session, client, clock, who):
    factories.sign_in(session, client, who, clock())
    session.commit()


def test_notice_comes_with_the_card_and_says_whom_to_write_to(session, client, clock, place):
    """On the sheet beside the card, in the person's language; the structure's contact and times are in it."""
    head = factories.staff(session, (place.structure, Role.ADMINISTRATOR))
    become(session, client, clock, head)
    path = f"/organisations/{place.structure.slug}/donnees"
    form = {"controller": "Service droits, 2 rue du Port", "officer": "dpo@example.org", "logs_months": "6"}
    for months in ("3", "36", "x"):
        assert client.post(path, data={**form, "ratings_months": months}).status_code == 422
    assert client.post(path, data={**form, "ratings_months": "12", "employees": "1"}).status_code == 303
    assert session.scalars(select(NoticeRecord.ratings_months)).all() == [12]
    session.commit()
    assert "L1222-3" in client.get(path).text
    assert "L2312-38" in client.get(path).text
    become(session, client, clock, place.coach)
    place.person.language = "en"
    session.commit()
    card = client.get(f"/personnes/{place.person.id}/carte").text
    for words in (
        "Service droits, 2 rue du Port",
        "dpo@example.org",
        "12 months",
        "My rights",
        "Do you work in a company?",
    ):
        assert words in card, words
    assert f"/notice/{place.structure.slug}" in card


@pytest.mark.parametrize("path", ["/notice", "/notice-equipe", "/notice-tiers"])
def test_each_notice_is_there_for_everybody(client, session, place, path):
    """Before anything is asked, with and without an organisation, and unknown where there is none."""
    session.commit()
    for address in (path, f"{path}/{place.structure.slug}"):
        page = client.get(address)
        assert page.status_code == 200
        assert page.text.count("<h1") == 1
        assert "cnil.fr" in page.text
    assert client.get(f"{path}/nulle-part").status_code == 404


def test_declaration_says_not_conforming_until_an_audit_is_named(session, client, clock):
    """The front page says the same as the declaration; who administers a région writes both."""
    region = factories.organisation(session, "Région", kind=OrganisationKind.REGION)
    admin = factories.staff(session, (region, Role.ADMINISTRATOR))
    become(session, client, clock, admin)
    assert "non conforme" in client.get("/").text
    path = "/pages-legales/accessibilite"
    assert client.post(path, data={"conformity": "partiellement"}).status_code == 422
    assert client.post(path, data={"conformity": "peut-être"}).status_code == 422
    audit = {"conformity": "partiellement", "audited_by": "Cabinet Clair", "audited_on": "2026-10-01"}
    assert client.post(path, data={**audit, "audited_on": "hier"}).status_code == 422
    more = {
        "failures": "Les vidéos n’ont pas de sous-titres.\nUn tableau.",
        "derogations": "Archives.",
        "contact": "À nous.",
    }
    assert client.post(path, data={**audit, **more}).status_code == 303
    declared = client.get("/accessibilite").text
    for words in (
        "partiellement conforme",
        "Cabinet Clair",
        "sous-titres",
        "Archives.",
        "À nous.",
        "Défenseur des droits",
    ):
        assert words in declared
    assert "partiellement conforme" in client.get("/").text


def test_legal_pages_have_defaults_and_take_what_is_written(session, client, clock):
    """Sane before anybody writes; nobody but who administers a région may."""
    assert "n’a pas encore rempli" in client.get("/mentions-legales").text
    region = factories.organisation(session, "Région", kind=OrganisationKind.REGION)
    admin = factories.staff(session, (region, Role.ADMINISTRATOR))
    become(session, client, clock, admin)
    assert client.get("/pages-legales").status_code == 200
    assert client.get("/pages-legales/ailleurs").status_code == 404
    form = {"publisher": "Région Val-de-Brume <script>", "host": "Hébergeur, 1 rue X"}
    assert client.post("/pages-legales/mentions-legales", data=form).status_code == 303
    page = client.get("/mentions-legales").text
    assert "Région Val-de-Brume &lt;script&gt;" in page
    assert "Hébergeur, 1 rue X" in page
    assert client.post("/pages-legales/confidentialite", data={"officer": "dpo@example.org"}).status_code == 303
    assert "dpo@example.org" in client.get("/confidentialite").text
    head = factories.staff(session, (factories.organisation(session), Role.ADMINISTRATOR))
    become(session, client, clock, head)
    for path in ("/pages-legales", "/pages-legales/mentions-legales"):
        assert client.get(path).status_code == 403
    assert client.post("/pages-legales/mentions-legales", data=form).status_code == 403


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Elle a monté l’échafaudage trois matins de suite.", []),
        ("Il était malade mardi, à cause de son handicap.", ["malade", "handicap"]),
        ("Sorti de prison en mai, condamné avant.", ["prison", "condamné"]),
        ("A obtenu le statut de réfugié.", ["réfugié"]),
        ("Traversa le rsaudois", []),
        ("After his illness, asylum was granted.", ["illness", "asylum"]),
    ],
)
def test_words_to_look_at_again(text, found):
    """Health, origin, justice; whole words; nothing in an ordinary situation."""
    assert sensitive.words(text) == found


def test_gentle_word_comes_after_keeping_and_blocks_nothing(session, client, clock, place):
    """What was typed is written; the next page names the word and says what to do, once."""
    place.person.age_band = AgeBand.UNDER_15
    become(session, client, clock, place.coach)
    path = f"/positionnements/{place.round.id}/badges/equipe/proposer"
    assert "Rien sur la santé, l’origine ou la justice." in client.get(path).text
    typed = {"child": "1", "parent": "1", "words": "Sa mère a dit oui, après une hospitalisation."}
    kept = client.post(f"/personnes/{place.person.id}/accords", data=typed)
    assert kept.status_code == 303
    page = client.get(kept.location).text
    assert "hospitalisation" in page
    assert "parle peut-être de santé" in page
    assert "parle peut-être de santé" not in client.get(kept.location).text
