"""The page that verifies any file, for what is no badge: what it is, what it holds, what others say."""

import io
import json

import pytest

from tests.awarding import world
from tests.verify import factory as f
from tests.verify import kinds as k

CHROME = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.fixture
def badge(session, installation):
    """A claimed badge of this installation."""
    credential = world(session, installation).claimed()
    session.commit()
    return json.loads(credential.document)


def handed_in(client, document, **headers):
    """The page for a file."""
    upload = {"file": (io.BytesIO(f.written(document)), "document.json")}
    answer = client.post("/verify", data=upload, headers={"Accept": CHROME, **headers})
    assert answer.status_code == 200
    return answer.text.replace("\u00a0", " ").replace("&#39;", "'")


def endorsement(about):
    """By somebody who is their own key."""
    issuer = {"id": k.HOLDER, "type": ["Profile"], "name": "Aïcha <b>Ferrand</b>"}
    return f.sign(k.endorsement(about, issuer=issuer), k.HOLDER_KEY, k.HOLDER_METHOD)


def test_page_of_a_presentation_tells_what_it_is_and_shows_each_badge(client, badge):
    """One good badge and one that was changed: the whole is refused, and the page says which."""
    changed = {**badge, "id": "urn:uuid:3f6c9a52-0000-4000-8000-000000000009", "name": "Expertise"}
    shown = handed_in(client, k.by_holder(k.presentation([badge, changed])))
    assert "Présentation d’attestations" in shown
    assert "La présentation contient au moins une attestation à refuser." in shown
    members = shown[shown.index("Ce qu’il contient, vérifié un par un") :]
    assert members.index("check--passed") < members.index("check--failed")
    assert "Badge authentique, délivré par" in members
    assert "Le contenu ne correspond pas à la signature" in members


def test_page_of_an_unsigned_presentation_says_so(client, badge):
    """Not invalid: nothing tells who shows it, and the badge in it stands."""
    shown = handed_in(client, k.presentation([badge]))
    assert "Présentation non signée : rien ne dit qui la fait." in shown
    assert "verdict--undetermined" in shown
    assert "Badge authentique, délivré par" in shown


def test_page_of_an_endorsed_badge_shows_who_says_what(client):
    """A stranger's words are shown with what is known of them; forged words are not shown at all."""
    document = f.credential(k.HOLDER, credentialStatus=None)
    good = endorsement(document["id"])
    document["endorsement"] = [good, k.forged(good)]
    shown = handed_in(client, f.sign(document, k.HOLDER_KEY, k.HOLDER_METHOD))
    said = shown[shown.index("Ce que d’autres en disent") :]
    assert "« Nous tenons compte de ce badge à l’entrée en licence. »" in said
    assert "Signature intacte, émetteur inconnu de nous." in said
    assert "Ce badge vaut une licence." not in said
    assert "Aïcha &lt;b&gt;Ferrand" in said


def test_page_of_an_endorsement_alone_is_no_badge_without_a_name(client):
    """It goes by its own name, in the reader's language."""
    shown = handed_in(client, endorsement(k.BADGE_ID), **{"Accept-Language": "en"})
    assert "Recommandation de l’université" in shown
    assert "Endorsement" in shown
    assert "“Nous tenons compte de ce badge à l’entrée en licence.”" in shown


def test_page_of_a_record_shows_its_members_and_the_report_too(client):
    """Each with its own verdict, for readers and for programs."""
    profile = {"id": k.HOLDER, "type": ["Profile"], "name": "Aïcha"}
    record = f.sign(k.clr([json.loads(f.own_key_badge())], issuer=profile), k.HOLDER_KEY, k.HOLDER_METHOD)
    shown = handed_in(client, record)
    assert "Relevé de parcours" in shown
    assert "Relevé d’Aïcha Ferrand" in shown
    report = client.post("/verify", data=f.written(record), content_type="application/json").json
    assert (report["kind"], report["members"][0]["kind"]) == ("ClrCredential", "OpenBadgeCredential")
    assert report["members"][0]["checks"][-1]["reason"] == "issuer_unknown"
