"""DID documents: every key an organisation ever signed with, each under its full name."""

from datetime import UTC, datetime

import pytest

from issuer import keys
from issuer.did_document import did_document
from verify.standards import documents, multibase
from verify.standards.canonical import canonicalise
from verify.standards.multikey import encode_public
from verify.standards.signatures import KeyKind

DID = "did:web:badges.example%3A8443:o:atelier"
OLD, NEW = keys.generate(f"{DID}#cle-1"), keys.generate(f"{DID}#cle-2")


def made(*listed, **further):
    return did_document(DID, {key.verification_method: key.public for key in listed}, **further)


def test_did_document_lists_each_key_by_its_full_url():
    """A fragment alone is refused by some readers, an embedded method by others."""
    assert made(OLD) == {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": DID,
        "verificationMethod": [
            {
                "id": f"{DID}#cle-1",
                "type": "Multikey",
                "controller": DID,
                "publicKeyMultibase": encode_public(OLD.public),
            }
        ],
        "assertionMethod": [f"{DID}#cle-1"],
    }


def test_did_document_keeps_retired_keys():
    """A badge outlives the key that signed it."""
    document = made(OLD, NEW)
    assert [method["id"] for method in document["verificationMethod"]] == [f"{DID}#cle-1", f"{DID}#cle-2"]
    assert document["assertionMethod"] == [f"{DID}#cle-1", f"{DID}#cle-2"]


def test_did_document_names_the_issuer_s_other_identifiers():
    """The issuer's older profile is linked, where there is one."""
    other = "https://badges.example/o/atelier"
    assert made(OLD, also_known_as=[other])["alsoKnownAs"] == [other]
    assert "alsoKnownAs" not in made(OLD)


def test_did_document_is_sound_json_ld():
    """Every term is defined by its two contexts."""
    assert documents.load(documents.dump(made(OLD, NEW))) == made(OLD, NEW)
    assert DID.encode() in canonicalise(made(OLD, also_known_as=["https://badges.example/o/atelier"]))


@pytest.mark.parametrize("method", [f"{DID}x#cle-1", f"{DID}#", "#cle-1"])
def test_did_document_refuses_keys_of_another_did(method):
    """One organisation does not publish another's key."""
    with pytest.raises(ValueError, match="own DID"):
        did_document(DID, {method: OLD.public})


def test_did_document_refuses_to_be_without_a_key():
    """An issuer without a key cannot issue."""
    with pytest.raises(ValueError, match="at least one"):
        did_document(DID, {})


def test_did_document_spells_an_rsa_key_as_a_jwk():
    """There is no Multikey for RSA; the context that defines the words joins the others."""
    key = keys.generate(f"{DID}#cle-3", KeyKind.RSA)
    document = made(OLD, key)
    assert document["@context"][2:] == ["https://w3id.org/security/jwk/v1"]
    spelt = document["verificationMethod"][1]
    assert (spelt["type"], spelt["publicKeyJwk"]["kty"], spelt["publicKeyJwk"]["e"]) == ("JsonWebKey", "RSA", "AQAB")
    modulus = int.from_bytes(multibase.decode_base64url(spelt["publicKeyJwk"]["n"]))
    assert modulus == key.public.public_numbers().n


def test_did_document_marks_a_key_that_fell_into_other_hands():
    """It keeps its place, with the moment from which nothing it signs counts."""
    since = datetime(2026, 5, 1, tzinfo=UTC)
    document = made(OLD, NEW, revoked={OLD.verification_method: since})
    assert [method.get("revoked") for method in document["verificationMethod"]] == ["2026-05-01T00:00:00Z", None]
    assert document["assertionMethod"] == [f"{DID}#cle-1", f"{DID}#cle-2"]
    assert b"2026-05-01T00:00:00Z" in canonicalise(document)
