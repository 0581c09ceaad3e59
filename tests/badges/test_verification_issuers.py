"""What issuers publish: page, DID document, status lists, pictures of badges."""

import io

import pytest
from PIL import Image
from sqlalchemy import select

from badges.models.status import StatusListRecord
from badges.services import status
from tests.awarding import world


@pytest.fixture
def place(session, installation):
    made = world(session, installation)
    session.commit()
    return made


def test_did_document_is_where_did_web_looks(client, place):
    """The path form of did:web, readable from any site, with the key that signs."""
    answer = client.get("/o/mission-passerelle/did.json")
    assert answer.status_code == 200
    assert answer.json["id"] == "did:web:localhost%3A8000:o:mission-passerelle"
    assert answer.json["assertionMethod"] == ["did:web:localhost%3A8000:o:mission-passerelle#key-1"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "private" not in answer.text.lower()


def test_status_list_is_served_as_signed(session, client, place):
    """The stored bytes, with a strong validator, a 304, and as long to live as it says itself."""
    numbers = session.scalars(select(StatusListRecord.id)).all()
    assert len(numbers) == 2
    for number in numbers:
        answer = client.get(f"/status/{number}")
        assert answer.data == status.list_bytes(session, number)
        assert answer.mimetype == "application/vc+ld+json"
        assert answer.headers["Cache-Control"] == "public, max-age=300"
        assert answer.json["credentialSubject"]["ttl"] == 300_000
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        again = client.get(f"/status/{number}", headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
    assert client.get(f"/status/{max(numbers) + 1}").status_code == 404
    assert client.get("/status/99999999999").status_code == 404


def test_issuer_page_says_what_it_may_issue(client, place):
    """Name, kind, identifier, and who recognises it for what."""
    text = client.get("/o/mission-passerelle").text
    for sentence in ("Mission Passerelle", "Structure d’accompagnement", "reconnue par Région Val-de-Brume"):
        assert sentence in text


def test_closed_organisation_still_publishes(session, client, place):
    """Badges outlive their issuer: keys and lists stay, and the page says it is closed."""
    place.structure.closed_at = place.now
    number = session.scalars(select(StatusListRecord.id)).first()
    session.commit()
    assert client.get("/o/mission-passerelle/did.json").status_code == 200
    assert client.get(f"/status/{number}").status_code == 200
    assert "Cette organisation est fermée" in client.get("/o/mission-passerelle").text


def test_unknown_organisation_is_not_found(client, place):
    """Neither page nor keys; an organisation without keys has no document."""
    assert client.get("/o/personne").status_code == 404
    assert client.get("/o/personne/did.json").status_code == 404
    assert client.get("/o/val-de-brume/did.json").status_code == 404


def test_picture_of_an_achievement_is_at_its_signed_address(client, place):
    """The address that badges carry answers a picture; other codes do not."""
    answer = client.get("/r/savoir-etre/1/equipe.png")
    assert Image.open(io.BytesIO(answer.data)).size == (600, 600)
    assert client.get("/r/savoir-etre/1/licorne.png").status_code == 404
    assert client.get("/r/savoir-etre/2/equipe.png").status_code == 404
