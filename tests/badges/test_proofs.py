"""An organisation chooses its proof, and whether a token is signed beside: what it then gives verifies in both."""

import hashlib
import json

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from badges.models.awards import CredentialRecord
from badges.models.people import Role
from badges.models.status import KeyRecord, StatusListRecord
from badges.services import compromise, journal, keys, lifecycle
from badges.services.errors import Invalid
from badges.services.verification import verify_bytes
from issuer.proofs import PROOFS, TOKENS
from tests import factories
from tests.awarding import world
from verify import CheckName, Reason, Verdict
from verify.standards import vc_jwt


@pytest.fixture
def place(session, installation):
    return world(session, installation, {"equipe": 3, "rigueur": 3})


def choose(session, installation, place, proof, token=""):
    keys.choose(
        session, installation, place.structure, proof=proof, token=token, actor="command", now=installation.clock()
    )


@pytest.mark.parametrize("proof", PROOFS)
def test_badges_and_their_lists_carry_the_chosen_proof(session, installation, place, proof):
    """Whoever can check the badge can check its lists; a badge given before stays as it is, lists and all."""
    before = place.claim(place.granted(badge_code="rigueur"))
    choose(session, installation, place, proof)
    credential = place.claimed()
    served = json.loads(credential.document)["proof"][0]["cryptosuite"]
    assert served == ("ecdsa-rdfc-2019" if proof == "ecdsa-sd-2023" else PROOFS[proof].cryptosuite)
    for row in session.scalars(select(StatusListRecord).where(StatusListRecord.proof == proof)):
        assert json.loads(row.document)["proof"][0]["cryptosuite"] == served
    for given in (before, credential):
        assert verify_bytes(session, installation, given.document, place.now).verdict is Verdict.VALID
    lifecycle.suspend(
        session, factories.actor(place.issuer), installation, award_id=before.award_id, reason="À voir.", now=place.now
    )
    paused = verify_bytes(session, installation, before.document, place.now)
    assert paused.check(CheckName.STATUS).reason is Reason.SUSPENDED
    first = session.get_one(StatusListRecord, before.status_list_id)
    assert json.loads(first.document)["proof"][0]["cryptosuite"] == "eddsa-rdfc-2022"


@pytest.mark.parametrize("token", TOKENS)
def test_token_is_signed_beside_and_verifies_alike(session, installation, place, token):
    """The key decides the algorithm; both forms are stated by the journal, and both follow the status."""
    choose(session, installation, place, "eddsa-rdfc-2022", token)
    credential = place.claimed()
    assert vc_jwt.read(credential.token).header["alg"] == token
    for form, digest in ((credential.document, credential.digest), (credential.token, credential.token_digest)):
        assert hashlib.sha256(form).hexdigest() == digest
        assert journal.stated_at(session, digest) == place.now
        assert verify_bytes(session, installation, form, place.now).verdict is Verdict.VALID
    lifecycle.revoke(
        session, factories.actor(place.issuer), installation, award_id=credential.award_id, reason="Non.", now=place.now
    )
    report = verify_bytes(session, installation, credential.token, place.now)
    assert report.check(CheckName.STATUS).reason is Reason.REVOKED


def test_token_outlives_a_theft_as_the_badge_does(session, installation, place, clock):
    """Each kind of key gets a successor; what was signed and stated before stays good in both forms."""
    choose(session, installation, place, "ecdsa-rdfc-2019-p256", "RS256")
    credential = place.claimed()
    since = clock.forward(days=1)
    compromise.declare(session, installation, place.structure, since=since, now=clock.forward(days=1))
    for form in (credential.document, credential.token):
        assert verify_bytes(session, installation, form, clock()).verdict is Verdict.VALID
    session.flush()
    in_service = session.scalars(select(KeyRecord.kind).where(KeyRecord.retired_at.is_(None))).all()
    assert sorted(in_service) == ["Ed25519", "P-256", "RSA"]
    again = place.claim(place.granted(badge_code="rigueur"), now=clock())
    assert verify_bytes(session, installation, again.token, clock()).verdict is Verdict.VALID


def test_stored_token_cannot_be_changed(session, installation, place):
    """As little as the document beside it."""
    choose(session, installation, place, "eddsa-rdfc-2022", "EdDSA")
    place.claimed()
    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(update(CredentialRecord).values(token=b"other"))


@pytest.mark.parametrize(("proof", "token"), [("ecdsa-2019", ""), ("eddsa-rdfc-2022", "none"), ("", "ES256")])
def test_what_is_not_offered_cannot_be_chosen(session, installation, place, proof, token):
    """Neither unknown proofs nor `none`."""
    with pytest.raises(Invalid):
        choose(session, installation, place, proof, token)


def test_administrator_chooses_on_a_page(session, client, place):
    """Shown, chosen, kept; what is not offered comes back with a sentence beside the field."""
    who = factories.staff(session, (place.structure, Role.ADMINISTRATOR))
    factories.sign_in(session, client, who, place.now)
    session.commit()
    address = f"/organisations/{place.structure.slug}/signature"
    shown = client.get(address).text
    assert all(f'value="{name}"' in shown for name in (*PROOFS, *TOKENS))
    refused = client.post(address, data={"proof": "none", "token": ""})
    assert (refused.status_code, "Choisissez une preuve" in refused.text) == (422, True)
    assert client.post(address, data={"proof": "ecdsa-rdfc-2019-p384", "token": "ES256"}).status_code == 303
    assert "ecdsa-rdfc-2019-p384 + JWT ES256" in client.get(f"/organisations/{place.structure.slug}").text
    session.refresh(place.structure)
    assert (place.structure.proof, place.structure.token) == ("ecdsa-rdfc-2019-p384", "ES256")


def test_token_is_served_as_it_was_signed(session, client, installation, place):
    """At the credential's address for whoever asks for it, and as a file; never to whoever does not."""
    plain = place.claim(place.granted(badge_code="rigueur"))
    choose(session, installation, place, "eddsa-rdfc-2022", "ES256")
    both = place.claimed()
    codes = [one.award.shares[0].code for one in (plain, both)]
    session.commit()
    for media in ("application/vc+jwt", "application/jwt", "text/plain"):
        answer = client.get(f"/c/{both.id}", headers={"Accept": media})
        assert (answer.data, answer.mimetype) == (both.token, media)
        assert client.get(f"/c/{plain.id}", headers={"Accept": media}).mimetype == "text/html"
    assert client.get(f"/c/{both.id}", headers={"Accept": "application/vc+ld+json"}).data == both.document
    assert client.get(f"/c/{both.id}", headers={"Accept": "*/*"}).mimetype == "text/html"
    kept = client.get(f"/v/{codes[1]}.jwt")
    assert (kept.data, kept.mimetype) == (both.token, "application/vc+jwt")
    assert "badge-equipe.jwt" in kept.headers["Content-Disposition"]
    assert client.get(f"/v/{codes[0]}.jwt").status_code == 404
    assert f"/v/{codes[1]}.jwt" in client.get(f"/v/{codes[1]}").text
    assert ".jwt" not in client.get(f"/v/{codes[0]}").text
