"""Every cryptosuite against the vectors of its specification, and passing, failing and left open in a report."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.verify import factory as f
from tests.verify import vectors
from verify import Outcome, Reason, TrustBundle, Verdict
from verify.errors import Defect
from verify.standards import data_integrity, did, jcs, multibase, signatures
from verify.standards.canonical import canonicalise
from verify.standards.cryptosuites import Form, SecuredDocument
from verify.standards.documents import Contexts
from verify.standards.signatures import KeyKind, LocalSigner, PrivateKey, PublicKey


@dataclass(frozen=True)
class Vector:
    """One example of a specification: where its parts are, and under which names."""

    suite: str
    kind: KeyKind
    folder: str
    unsigned: str
    suffix: str
    pair: str

    @property
    def path(self) -> str:
        """The folder of the specification."""
        return "vc-di-eddsa/" if self.kind is KeyKind.ED25519 else "vc-di-ecdsa/"

    def read(self, name: str) -> Any:
        """A file of the example."""
        return vectors.read(f"{self.path}{self.folder}{name}{self.suffix}.json")

    def value(self, name: str) -> str:
        """A value on the way from document to signature."""
        values = vectors.read(self.path + "intermediate-values.json")
        found: str = values[f"{self.folder}{name}{self.suffix}.txt"]
        return found

    def document(self) -> Any:
        """What gets signed."""
        return vectors.read(self.path + self.unsigned)

    def canonicalise(self, document: dict[str, Any], known: Contexts) -> bytes:
        """The canonical form that the suite hashes."""
        if "jcs" in self.suite:
            return jcs.canonicalise(document)
        hash_name = "sha384" if self.kind is KeyKind.P384 else "sha256"
        return canonicalise(document, known, hash_name=hash_name)

    def private_key(self) -> PrivateKey:
        """The published key."""
        pair = vectors.read(self.path + self.pair)
        secret = next(value for name, value in pair.items() if name in {"privateKeyMultibase", "secretKeyMultibase"})
        raw = multibase.decode(secret)[2:]
        if self.kind is KeyKind.ED25519:
            return Ed25519PrivateKey.from_private_bytes(raw)
        curve = ec.SECP256R1() if self.kind is KeyKind.P256 else ec.SECP384R1()
        return ec.derive_private_key(int.from_bytes(raw, "big"), curve)


_ED, _P256, _P384 = KeyKind.ED25519, KeyKind.P256, KeyKind.P384
_ALUMNI, _EMPLOY = "unsigned.json", "employmentAuth.json"
VECTORS = [
    Vector("eddsa-rdfc-2022", _ED, "eddsa-rdfc-2022/", _ALUMNI, "DataInt", "keyPair.json"),
    Vector("eddsa-rdfc-2022", _ED, "eddsa-rdfc-2022/employ/", _EMPLOY, "DataInt", "keyPair.json"),
    Vector("eddsa-jcs-2022", _ED, "eddsa-jcs-2022/", _ALUMNI, "JCS", "keyPair.json"),
    Vector("ecdsa-rdfc-2019", _P256, "ecdsa-rdfc-2019-p256/", _ALUMNI, "ECDSAP256", "p256KeyPair.json"),
    Vector("ecdsa-rdfc-2019", _P256, "ecdsa-rdfc-2019-p256/employ/", _EMPLOY, "ECDSAP256", "p256KeyPair.json"),
    Vector("ecdsa-rdfc-2019", _P384, "ecdsa-rdfc-2019-p384/", _ALUMNI, "ECDSAP384", "p384KeyPair.json"),
    Vector("ecdsa-rdfc-2019", _P384, "ecdsa-rdfc-2019-p384/employ/", _EMPLOY, "ECDSAP384", "p384KeyPair.json"),
    Vector("ecdsa-jcs-2019", _P256, "ecdsa-jcs-2019-p256/", _ALUMNI, "JCSECDSAP256", "p256KeyPair.json"),
    Vector("ecdsa-jcs-2019", _P384, "ecdsa-jcs-2019-p384/", _ALUMNI, "JCSECDSAP384", "p384KeyPair.json"),
]

each_vector = pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.folder)


def _public_key(url: str) -> PublicKey:
    return did.public_key_of(did.resolve_did_key(url.partition("#")[0])["verificationMethod"][0])


@vectors.needed
@each_vector
def test_canonical_forms_are_those_of_the_specification(vector: Vector) -> None:
    """Document and proof options give the published text, byte for byte."""
    known = vectors.contexts()
    assert vector.canonicalise(vector.document(), known).decode() == vector.value("canonDoc")
    assert vector.canonicalise(vector.read("proofConfig"), known).decode() == vector.value("proofCanon")


@vectors.needed
@each_vector
def test_hash_data_is_that_of_the_specification(vector: Vector) -> None:
    """The bytes to sign are the published ones."""
    options = vector.read("proofConfig")
    hashed = data_integrity.hash_data(vector.document(), options, vectors.contexts(), kind=vector.kind)
    assert hashed.hex() == vector.value("combinedHash")


@vectors.needed
@each_vector
def test_create_proof_gives_the_proof_of_the_specification(vector: Vector) -> None:
    """Signing with the published key gives the published proof, byte for byte."""
    published = vector.read("signed")["proof"]
    made = data_integrity.create_proof(
        vector.document(),
        LocalSigner(vector.private_key(), published["verificationMethod"]),
        cryptosuite=vector.suite,
        created=datetime.fromisoformat(published["created"]),
        contexts=vectors.contexts(),
    )
    if "jcs" not in vector.suite:  # where the published proof repeats the contexts, it need not
        published.pop("@context", None)
    assert made == published


@vectors.needed
@each_vector
def test_verify_proof_accepts_the_signed_example(vector: Vector) -> None:
    """The published signed document passes with the key its proof names."""
    signed = vector.read("signed")
    key = _public_key(signed["proof"]["verificationMethod"])
    data_integrity.verify_proof(signed, signed["proof"], key, vectors.contexts())


@vectors.needed
@each_vector
@pytest.mark.parametrize("member", ["validFrom", "created"])
def test_verify_proof_refuses_a_changed_example(vector: Vector, member: str) -> None:
    """The same document, or the same proof, with another date does not pass."""
    signed = vector.read("signed")
    (signed if member == "validFrom" else signed["proof"])[member] = "2023-01-02T00:00:00Z"
    key = _public_key(signed["proof"]["verificationMethod"])
    with pytest.raises(Defect) as caught:
        data_integrity.verify_proof(signed, signed["proof"], key, vectors.contexts())
    assert caught.value.reason is Reason.SIGNATURE_WRONG


SUITES = [
    ("eddsa-rdfc-2022", KeyKind.ED25519),
    ("eddsa-jcs-2022", KeyKind.ED25519),
    ("ecdsa-rdfc-2019", KeyKind.P256),
    ("ecdsa-rdfc-2019", KeyKind.P384),
    ("ecdsa-jcs-2019", KeyKind.P256),
    ("ecdsa-jcs-2019", KeyKind.P384),
]
KEYS: Mapping[KeyKind, PrivateKey] = {
    KeyKind.ED25519: f.OTHER_KEY,
    KeyKind.P256: f.P256_KEY,
    KeyKind.P384: f.P384_KEY,
}

each_suite = pytest.mark.parametrize(("suite", "kind"), SUITES)


@each_suite
def test_a_badge_passes_with_every_suite(suite: str, kind: KeyKind) -> None:
    """Both checks, by an issuer that is its own key."""
    report = f.verify(f.own_key_badge(KEYS[kind], suite), TrustBundle())
    assert [report.check(name).outcome for name in ("structure", "proof", "key_controlled")] == [Outcome.PASSED] * 3


@pytest.mark.parametrize(
    ("suite", "kind", "other"),
    [(suite, kind, other) for suite, kind in SUITES for other in KeyKind if (suite, other) not in SUITES],
)
def test_a_suite_refuses_every_kind_of_key_that_is_not_its_own(suite: str, kind: KeyKind, other: KeyKind) -> None:
    """The key decides: a proof that names a suite of other keys fails before any signature is looked at."""
    document = f.sign(f.credential(), KEYS[kind], cryptosuite=suite)
    key = KEYS[other].public_key() if other in KEYS else signatures.generate(other).public_key()
    with pytest.raises(Defect) as caught:
        data_integrity.verify_proof(document, document["proof"][0], key)
    assert caught.value.reason is Reason.KEY_MISMATCH


@each_suite
def test_a_badge_with_the_signature_of_another_suite_fails(suite: str, kind: KeyKind) -> None:
    """A proof cannot be passed off as one of another suite of the same key."""
    for other, same in SUITES:
        if same is kind and other != suite:
            proof = f.proof(f.credential(), KEYS[kind], cryptosuite=suite)
            with pytest.raises(Defect) as caught:
                data_integrity.verify_proof(f.credential(), {**proof, "cryptosuite": other}, KEYS[kind].public_key())
            assert caught.value.reason is Reason.SIGNATURE_WRONG


@each_suite
def test_a_badge_whose_key_cannot_be_had_is_left_open(suite: str, kind: KeyKind) -> None:
    """Not wrong, not right."""
    data = f.written(f.sign(f.credential(), KEYS[kind], cryptosuite=suite))
    report = f.verify(data, TrustBundle())
    assert report.verdict is Verdict.UNDETERMINED
    assert report.check("proof").reason is Reason.KEY_UNREACHABLE


@pytest.mark.parametrize(("suite", "kind"), [each for each in SUITES if "jcs" in each[0]])
def test_a_badge_with_an_undefined_term_is_invalid_though_jcs_signs_it(suite: str, kind: KeyKind) -> None:
    """The signature holds, but nobody can say what the word means."""
    report = f.verify(f.own_key_badge(KEYS[kind], suite, humeur="bonne"), TrustBundle())
    assert report.check("proof").outcome is Outcome.PASSED
    assert (report.verdict, report.check("structure").reason) == (Verdict.INVALID, Reason.UNDEFINED_TERM)


def test_secured_document_computes_nothing_twice() -> None:
    """A digest once had is given again; so is the reason why there is none."""
    document = f.credential()
    secured = SecuredDocument(document)
    digest = secured.digest(Form.JCS, "sha256")
    secured.document["name"] = "autre"
    assert secured.digest(Form.JCS, "sha256") is digest
    secured = SecuredDocument({**document, "humeur": "bonne"})
    for _ in range(2):
        with pytest.raises(Defect) as caught:
            secured.digest(Form.RDFC, "sha256")
        assert caught.value.reason is Reason.UNDEFINED_TERM
    with pytest.raises(Defect):
        secured.check_terms()
