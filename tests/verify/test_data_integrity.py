"""Data Integrity proofs: their options, sets and chains, and what must not pass."""

import copy
from datetime import datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from tests.verify import factory as f
from tests.verify import vectors
from verify.errors import Defect, Undecided
from verify.reasons import Reason
from verify.standards import data_integrity, did


def _public_key(url: str) -> Any:
    return did.public_key_of(did.resolve_did_key(url.partition("#")[0])["verificationMethod"][0])


@vectors.needed
def test_verify_proof_accepts_both_proofs_of_a_published_set() -> None:
    """Each proof of a proof set stands over the document alone."""
    signed = vectors.read("vc-di-eddsa/proof-set-chain/signedProofSet2.json")
    for proof in signed["proof"]:
        data_integrity.verify_proof(signed, proof, _public_key(proof["verificationMethod"]), vectors.contexts())


@vectors.needed
def test_verify_proof_leaves_a_published_chain_undecided() -> None:
    """A proof that rests on another is not checked, rather than checked without the other."""
    signed = vectors.read("vc-di-eddsa/proof-set-chain/signedProofChain2.json")
    chained = [proof for proof in signed["proof"] if "previousProof" in proof]
    assert chained
    for proof in chained:
        with pytest.raises(Undecided) as caught:
            data_integrity.verify_proof(signed, proof, _public_key(proof["verificationMethod"]), vectors.contexts())
        assert caught.value.reason is Reason.PROOF_CHAINED


def test_create_proof_makes_what_verify_proof_accepts() -> None:
    """A round trip with our own key."""
    document = f.credential()
    proof = data_integrity.create_proof(document, f.SIGNER, created=f.ISSUED)
    assert proof["created"] == "2026-10-01T08:00:00Z"
    data_integrity.verify_proof(document, proof, f.KEY.public_key())


def test_create_proof_needs_a_zone() -> None:
    """A moment without a zone is the caller's mistake."""
    with pytest.raises(ValueError, match="zone"):
        data_integrity.create_proof(
            f.credential(),
            f.SIGNER,
            created=datetime(2026, 10, 1),  # noqa: DTZ001 - on purpose
        )


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"proofValue": None}, Reason.PROOF_MALFORMED),
        ({"proofValue": "u" + "A" * 86}, Reason.PROOF_MALFORMED),
        ({"proofValue": "z" + "1" * 3000}, Reason.PROOF_MALFORMED),
        ({"cryptosuite": 7}, Reason.PROOF_MALFORMED),
        ({"created": "2026-10-01T08:00:01Z"}, Reason.SIGNATURE_WRONG),
        ({"proofPurpose": "authentication"}, Reason.SIGNATURE_WRONG),
        ({"decoration": "or"}, Reason.UNDEFINED_TERM),
        ({"https://w3id.org/security#expiration": "2026-10-01T08:00:01Z"}, Reason.TERM_HIDDEN),
    ],
)
def test_verify_proof_refuses_a_changed_proof(change: dict[str, Any], reason: Reason) -> None:
    """Every member of a proof but its value is signed, and nothing can be added."""
    document = f.sign(f.credential())
    with pytest.raises(Defect) as caught:
        data_integrity.verify_proof(document, {**document["proof"][0], **change}, f.KEY.public_key())
    assert caught.value.reason is reason


def test_verify_proof_ignores_contexts_written_into_the_proof() -> None:
    """The proof is read with the document's contexts, whatever it claims for itself."""
    document = f.sign(f.credential())
    proof = {**document["proof"][0], "@context": {"@vocab": "https://evil.example/#"}}
    data_integrity.verify_proof(document, proof, f.KEY.public_key())


def test_verify_proof_refuses_a_key_of_another_kind() -> None:
    """A P-256 key does not fit eddsa-rdfc-2022."""
    document = f.sign(f.credential())
    key = ec.derive_private_key(7, ec.SECP256R1()).public_key()
    with pytest.raises(Defect) as caught:
        data_integrity.verify_proof(document, document["proof"][0], key)
    assert caught.value.reason is Reason.KEY_MISMATCH


def test_verify_proof_does_not_depend_on_how_the_json_is_ordered() -> None:
    """Members in another order, and the levels of a scale in another order, are the same badge."""
    document = f.sign(f.credential())
    turned = dict(reversed(copy.deepcopy(document).items()))
    rubric = turned["credentialSubject"]["achievement"]["resultDescription"][0]["rubricCriterionLevel"]
    rubric.reverse()
    data_integrity.verify_proof(turned, turned["proof"][0], f.KEY.public_key())


def test_create_proof_writes_the_options_it_is_given() -> None:
    """Only those, in the words of the standard, and all of them are signed."""
    document = f.credential()
    proof = data_integrity.create_proof(
        document,
        f.SIGNER,
        created=f.ISSUED,
        expires=f.NOW,
        purpose=data_integrity.AUTHENTICATION,
        domain=["https://a.example", "https://b.example"],
        challenge="1f44d55f",
        proof_id="urn:uuid:8cc9022b-6b14-4cf3-8571-74972c5feb54",
    )
    assert {name: proof[name] for name in ("expires", "proofPurpose", "domain", "challenge", "id")} == {
        "expires": "2026-11-21T09:00:00Z",
        "proofPurpose": "authentication",
        "domain": ["https://a.example", "https://b.example"],
        "challenge": "1f44d55f",
        "id": "urn:uuid:8cc9022b-6b14-4cf3-8571-74972c5feb54",
    }
    data_integrity.verify_proof(document, proof, f.KEY.public_key())


def test_create_proof_refuses_a_cryptosuite_it_does_not_know_and_a_key_that_does_not_fit() -> None:
    """The caller's mistake, and the key's."""
    with pytest.raises(ValueError, match="bbs-2023"):
        data_integrity.create_proof(f.credential(), f.SIGNER, cryptosuite="bbs-2023", created=f.ISSUED)
    with pytest.raises(Defect) as caught:
        data_integrity.create_proof(f.credential(), f.SIGNER, cryptosuite="ecdsa-rdfc-2019", created=f.ISSUED)
    assert caught.value.reason is Reason.KEY_MISMATCH
