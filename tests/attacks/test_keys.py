"""Attacks on the signature's key: another algorithm, another key, another owner, another purpose."""

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from tests.attacks.asserting import ISSUER, KEY, PROOF, refused
from tests.verify import factory as f
from verify import Outcome, Reason, Verdict
from verify.standards import did, multikey

P256 = ec.derive_private_key(0x5EED, ec.SECP256R1())


def _token(header: dict[str, Any], payload: dict[str, Any], signature: bytes = b"") -> bytes:
    parts = [json.dumps(header).encode(), json.dumps(payload).encode(), signature]
    return b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts)


def test_algorithm_confusion_of_a_public_key_taken_for_a_shared_secret() -> None:
    """HS256 with the public key as its secret, in every spelling of the key that a verifier might use."""
    payload = f.claims(f.credential())
    public = f.KEY.public_key()
    pem = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    for secret in (public.public_bytes_raw(), pem, multikey.encode_public(public).encode()):
        header = {"alg": "HS256", "typ": "JWT", "kid": f.METHOD}
        signed = _token(header, payload).rpartition(b".")[0]
        forged = signed + b"." + f._base64url(hmac.digest(secret, signed, hashlib.sha256))
        refused(f.verify(forged), PROOF, Reason.KEY_MISMATCH)


@pytest.mark.parametrize("algorithm", ["ES256", "ES384", "RS256"])
def test_algorithm_confusion_of_a_header_that_names_another_algorithm(algorithm: str) -> None:
    """The key is an Ed25519 key and decides; what the header calls the algorithm cannot make it another."""
    report = f.verify(f.jwt(f.claims(f.credential()), alg=algorithm))
    assert report.verdict is not Verdict.VALID
    assert report.check(PROOF).outcome is not Outcome.PASSED


@pytest.mark.parametrize("suite", ["ecdsa-rdfc-2019", "ecdsa-jcs-2019", "ecdsa-sd-2023"])
def test_algorithm_confusion_of_a_proof_that_names_another_cryptosuite(suite: str) -> None:
    """An Ed25519 key under a cryptosuite of ECDSA."""
    data = f.altered(lambda document: document["proof"][0].update(cryptosuite=suite))
    refused(f.verify(data), PROOF, Reason.KEY_MISMATCH)


def test_algorithm_confusion_of_two_canonical_forms() -> None:
    """The signature over one canonical form, presented as one over another."""
    data = f.altered(lambda document: document["proof"][0].update(cryptosuite="eddsa-jcs-2022"))
    report = f.verify(data)
    assert report.verdict is Verdict.INVALID
    assert report.check(PROOF).reason in {Reason.SIGNATURE_WRONG, Reason.PROOF_MALFORMED}


@pytest.mark.parametrize("name", ["none", "None", "NONE", "nOnE"])
@pytest.mark.parametrize("signature", [b"", b"\0" * 64])
def test_none_is_no_algorithm(name: str, signature: bytes) -> None:
    """A token that declares itself unsigned is a defect, however it is spelt."""
    data = _token({"alg": name, "typ": "JWT", "kid": f.METHOD}, f.claims(f.credential()), signature)
    refused(f.verify(data), PROOF, Reason.ALGORITHM_NONE)


@pytest.mark.parametrize("value", ["z", "z" + "1" * 64, "u", "", None, 7, ["z"]])
def test_none_is_no_proof_value(value: Any) -> None:
    """A proof without a signature in it."""
    data = f.altered(lambda document: document["proof"][0].update(proofValue=value))
    report = f.verify(data)
    assert report.verdict is Verdict.INVALID
    assert report.check(PROOF).outcome is not Outcome.PASSED


def test_key_swap_of_the_attackers_signature_under_the_issuers_name() -> None:
    """Signed with the attacker's key, naming the issuer's."""
    data = f.written(f.sign(f.credential(), f.OTHER_KEY, f.METHOD))
    refused(f.verify(data), PROOF, Reason.SIGNATURE_WRONG)


def test_key_swap_of_a_key_carried_in_the_token() -> None:
    """The attacker's key in the header, under the issuer's `kid` and without one."""
    for kid in (f.METHOD, None):
        data = f.jwt(f.claims(f.credential()), f.OTHER_KEY, kid=kid, jwk=f.jwk(f.OTHER_KEY))
        report = f.verify(data)
        assert report.verdict is Verdict.INVALID
        assert report.check(PROOF).reason is Reason.KEY_MISMATCH or report.check(KEY).reason is Reason.KEY_UNKNOWN


def test_key_swap_of_a_method_written_into_the_proof() -> None:
    """A proof that brings its own verification method: what it says of itself is not asked."""
    own = f.did_document(f.ISSUER, f.OTHER_KEY)["verificationMethod"][0]
    signed = f.sign(f.credential(), f.OTHER_KEY)
    data = f.written({**signed, "proof": [{**signed["proof"][0], "verificationMethod": own}]})
    refused(f.verify(data), PROOF, Reason.PROOF_MALFORMED)


def test_key_swap_by_a_document_that_speaks_for_another() -> None:
    """The attacker serves the issuer's DID document at their own address, and names a key in it."""
    stranger = {**f.did_document(f.ISSUER, f.OTHER_KEY)}
    known = f.trust(did_documents={f.ISSUER: f.did_document(), f.STRANGER: stranger})
    data = f.written(f.sign(f.credential(), f.OTHER_KEY, f.STRANGER + "#cle-1"))
    refused(f.verify(data, known), KEY, Reason.KEY_NOT_OF_ISSUER)


def test_issuer_is_not_the_controller_of_the_key() -> None:
    """Signed well, by somebody who is not the issuer named."""
    known = f.trust(did_documents={f.ISSUER: f.did_document(), f.STRANGER: f.did_document(f.STRANGER, f.OTHER_KEY)})
    data = f.written(f.sign(f.credential(), f.OTHER_KEY, f.STRANGER + "#cle-1"))
    report = f.verify(data, known)
    refused(report, KEY, Reason.KEY_NOT_OF_ISSUER)
    assert report.check(PROOF).outcome is Outcome.PASSED
    assert report.check(ISSUER).reason is Reason.NOT_REACHED


def test_issuer_is_not_the_controller_that_its_own_document_names() -> None:
    """The issuer's DID document lists a key that it says belongs to somebody else."""
    known = f.trust(did_documents={f.ISSUER: f.did_document(controller=f.STRANGER)})
    refused(f.verify(f.badge(), known), KEY, Reason.KEY_NOT_OF_ISSUER)


def test_issuer_is_not_the_controller_of_its_own_did_key() -> None:
    """A did:key of the attacker's is a fine key, and no issuer that anybody named."""
    issuer = did.did_key(f.OTHER_KEY.public_key())
    data = f.written(f.sign(f.credential(), f.OTHER_KEY, f"{issuer}#{issuer.removeprefix('did:key:')}"))
    refused(f.verify(data), KEY, Reason.KEY_NOT_OF_ISSUER)


def test_issuer_may_not_be_one_whose_name_looks_alike() -> None:
    """The host with a letter of another alphabet is another host, and known to nobody."""
    alike = f.ISSUER.replace("badges", "bаdges")  # the second letter is Cyrillic
    known = f.trust(did_documents={f.ISSUER: f.did_document(), alike: f.did_document(alike, f.OTHER_KEY)})
    report = f.verify(f.written(f.sign(f.credential(alike), f.OTHER_KEY, alike + "#cle-1")), known)
    assert report.verdict is not Verdict.VALID
    assert report.check(ISSUER).outcome is Outcome.NOT_CHECKED


@pytest.mark.parametrize(
    "purpose", ["authentication", "keyAgreement", "capabilityInvocation", "", None, ["assertionMethod"]]
)
def test_proof_purpose_swap_in_the_proof(purpose: Any) -> None:
    """A signature made to log in is none over a badge, however well it is made."""
    changes = {"proofPurpose": purpose} if isinstance(purpose, str) and purpose else {}
    document = f.sign(f.credential(), **changes)
    document["proof"][0]["proofPurpose"] = purpose
    refused(f.verify(f.written(document)), PROOF, Reason.PROOF_PURPOSE_WRONG)


def test_proof_purpose_swap_in_the_issuers_document() -> None:
    """A key that the issuer lists for logging in alone signs no badges."""
    listed = f.did_document()
    listed["authentication"] = listed.pop("assertionMethod")
    refused(f.verify(f.badge(), f.trust(did_documents={f.ISSUER: listed})), KEY, Reason.KEY_NOT_FOR_ASSERTION)


def test_weak_rsa_key_is_not_taken() -> None:
    """A key of 1,024 bits can be broken by anybody patient."""
    weak = rsa.generate_private_key(65537, 1024)  # noqa: S505 - it is what must not pass
    numbers = weak.public_key().public_numbers()
    jwk = {
        "kty": "RSA",
        "n": f._base64url(numbers.n.to_bytes(128, "big")).decode(),
        "e": "AQAB",
    }
    data = _token({"alg": "RS256", "typ": "JWT", "jwk": jwk}, f.claims(f.credential()), b"\1" * 128)
    report = f.verify(data)
    assert report.verdict is not Verdict.VALID
    assert report.check(PROOF).outcome is not Outcome.PASSED


@pytest.mark.parametrize("point", [b"\0" * 32, b"\1" + b"\0" * 31, b"\xec" + b"\xff" * 30 + b"\x7f"])
def test_key_of_small_order_signs_nothing(point: bytes) -> None:
    """Under such a key one signature fits every message; no issuer has one, and nothing it signs is the issuer's."""
    text = "z" + f.multibase.encode(b"\xed\x01" + point)[1:]
    issuer = f"did:key:{text}"
    document = {
        **f.credential(issuer, credentialStatus=None),
        "proof": [
            {
                "type": "DataIntegrityProof",
                "cryptosuite": "eddsa-rdfc-2022",
                "created": "2026-10-01T08:00:00Z",
                "verificationMethod": f"{issuer}#{text}",
                "proofPurpose": "assertionMethod",
                "proofValue": f.multibase.encode(point + b"\0" * 32),
            }
        ],
    }
    assert f.verify(f.written(document)).verdict is not Verdict.VALID


def test_signature_of_ecdsa_is_two_numbers_and_nothing_else() -> None:
    """Zero, and DER where two plain numbers belong."""
    issuer = did.did_key(P256.public_key())
    good = f.sign(
        f.credential(issuer, credentialStatus=None),
        P256,
        f"{issuer}#{issuer.removeprefix('did:key:')}",
        cryptosuite="ecdsa-rdfc-2019",
    )
    der = P256.sign(b"", ec.ECDSA(f.signatures.SHA256()))
    for value, reason in ((b"\0" * 64, Reason.SIGNATURE_WRONG), (der, Reason.PROOF_MALFORMED)):
        changed = f.written({**good, "proof": [{**good["proof"][0], "proofValue": f.multibase.encode(value)}]})
        refused(f.verify(changed), PROOF, reason)
