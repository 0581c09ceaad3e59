"""DID documents: every key an organisation ever signed with, each under its full name."""

import pytest

from issuer import keys
from issuer.did_document import did_document
from verify.standards import documents
from verify.standards.canonical import canonicalise
from verify.standards.multikey import encode_public

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
