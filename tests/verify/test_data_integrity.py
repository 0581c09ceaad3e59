"""Data Integrity proofs: their options, sets and chains, and what must not pass."""

import copy
from datetime import datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.verify import factory as f
from tests.verify import vectors
from verify.errors import Defect, Undecided
from verify.reasons import Reason
from verify.standards import data_integrity, did, multibase
from verify.standards.documents import OPEN_BADGES_EXTENSIONS
from verify.standards.signatures import LocalSigner


def _public_key(url: str) -> Any:
    return did.public_key_of(did.resolve_did_key(url.partition("#")[0])["verificationMethod"][0])


_FOLDER = "vc-di-eddsa/proof-set-chain/"
_PUBLISHED = {
    1: "proofSetConfigSigned1",
    2: "proofSetConfigSigned2",
    3: "proofChainConfigSigned1",
    4: "proofChainConfigSigned2",
}


@vectors.needed
def test_create_proof_gives_the_proofs_of_the_published_set_and_chain() -> None:
    """Two proofs side by side, a third over both, a fourth over the third: byte for byte."""
    pairs = vectors.read(_FOLDER + "multiKeyPairs.json")
    document = vectors.read(_FOLDER + "unsigned.json") | {"proof": []}
    for number, name in _PUBLISHED.items():
        published = vectors.read(f"{_FOLDER}{name}.json")
        secret = multibase.decode(pairs[f"keyPair{number}"]["privateKeyMultibase"])[2:]
        made = data_integrity.create_proof(
            document,
            LocalSigner(Ed25519PrivateKey.from_private_bytes(secret), published["verificationMethod"]),
            created=datetime.fromisoformat(published["created"]),
            proof_id=published.get("id"),
            previous_proof=published.get("previousProof"),
            contexts=vectors.contexts(),
        )
        assert made == published
        document["proof"].append(made)
    assert document == vectors.read(_FOLDER + "signedProofChain2.json")


@vectors.needed
@pytest.mark.parametrize("name", ["signedProofSet1", "signedProofSet2", "signedProofChain1", "signedProofChain2"])
def test_verify_proof_accepts_every_proof_of_a_published_set_or_chain(name: str) -> None:
    """Each with the proofs it builds on, and without any of the others."""
    signed = vectors.read(f"{_FOLDER}{name}.json")
    proofs = signed["proof"] if isinstance(signed["proof"], list) else [signed["proof"]]
    for proof in proofs:
        data_integrity.verify_proof(signed, proof, _public_key(proof["verificationMethod"]), vectors.contexts())


@vectors.needed
@pytest.mark.parametrize("member", ["created", "proofValue"])
def test_verify_proof_refuses_a_chain_whose_earlier_proof_was_changed(member: str) -> None:
    """The last proof covers the third, and the third the first two."""
    for changed, broken in ((2, 3), (0, 2), (1, 2)):
        signed = vectors.read(_FOLDER + "signedProofChain2.json")
        value = signed["proof"][changed][member]
        signed["proof"][changed][member] = value.replace("23", "24") if member == "created" else value[:-1] + "2"
        proof = signed["proof"][broken]
        with pytest.raises(Defect) as caught:
            data_integrity.verify_proof(signed, proof, _public_key(proof["verificationMethod"]), vectors.contexts())
        assert caught.value.reason is Reason.SIGNATURE_WRONG


FIRST, SECOND = f.FIRST_PROOF, "urn:uuid:0b3fc9b7-0000-4000-8000-000000000002"
_SUITES = ["eddsa-rdfc-2022", "eddsa-jcs-2022"]


def _chain(first: str = _SUITES[0], second: str = _SUITES[0], **changes: Any) -> dict[str, Any]:
    """A badge with a proof, and a second one over it."""
    document = f.credential()
    document["proof"] = [f.proof(document, cryptosuite=first, id=FIRST)]
    document["proof"].append(f.proof(document, cryptosuite=second, **{"previousProof": FIRST, **changes}))
    return document


@pytest.mark.parametrize("first", _SUITES)
@pytest.mark.parametrize("second", _SUITES)
@pytest.mark.parametrize("previous", [FIRST, [FIRST]])
def test_verify_proof_accepts_a_chain_of_any_suites(first: str, second: str, previous: Any) -> None:
    """One form over another, named alone or in a list."""
    document = _chain(first, second, previousProof=previous)
    for proof in document["proof"]:
        data_integrity.verify_proof(document, proof, f.KEY.public_key())
    document["proof"][0]["proofValue"] = f.proof(f.credential(name="autre"), cryptosuite=first)["proofValue"]
    with pytest.raises(Defect) as caught:
        data_integrity.verify_proof(document, document["proof"][1], f.KEY.public_key())
    assert caught.value.reason is Reason.SIGNATURE_WRONG


@pytest.mark.parametrize(
    ("previous", "reason"),
    [
        (SECOND, Reason.PROOF_CHAIN_BROKEN),
        ([FIRST, SECOND], Reason.PROOF_CHAIN_BROKEN),
        ([], Reason.PROOF_MALFORMED),
        (7, Reason.PROOF_MALFORMED),
        ([FIRST, 7], Reason.PROOF_MALFORMED),
        (None, Reason.PROOF_MALFORMED),
    ],
)
def test_verify_proof_refuses_a_chain_that_leads_nowhere(previous: Any, reason: Reason) -> None:
    """A proof that is not there, or names that are none."""
    document = _chain()
    document["proof"][1]["previousProof"] = previous
    with pytest.raises(Defect) as caught:
        data_integrity.verify_proof(document, document["proof"][1], f.KEY.public_key())
    assert caught.value.reason is reason


def test_verify_proof_refuses_a_chain_with_two_proofs_of_one_name_or_one_that_names_itself() -> None:
    """Which of them it builds on, nobody can say."""
    document = _chain()
    document["proof"].append(dict(document["proof"][0]))
    counted = _chain()  # as many proofs as names, and one name that is nobody's
    counted["proof"].append(dict(counted["proof"][0]))
    counted["proof"][1]["previousProof"] = [FIRST, SECOND]
    itself = _chain()
    itself["proof"][1] |= {"id": SECOND, "previousProof": SECOND}
    for each in (document, counted, itself):
        with pytest.raises(Defect) as caught:
            data_integrity.verify_proof(each, each["proof"][1], f.KEY.public_key())
        assert caught.value.reason is Reason.PROOF_CHAIN_BROKEN


def test_create_proof_refuses_to_build_on_a_proof_that_is_not_there() -> None:
    """As VC-DI, section 4.3, wants it."""
    with pytest.raises(Defect) as caught:
        data_integrity.create_proof(f.credential(), f.SIGNER, created=f.ISSUED, previous_proof=FIRST)
    assert caught.value.reason is Reason.PROOF_CHAIN_BROKEN


JCS = "eddsa-jcs-2022"


def test_a_jcs_proof_is_over_the_contexts_that_it_names() -> None:
    """The document may go on with further contexts; it may not have others, fewer or in another order."""
    document = f.sign(f.credential(), cryptosuite=JCS)
    contexts = document["@context"]
    longer = {**document, "@context": [*contexts, OPEN_BADGES_EXTENSIONS]}
    data_integrity.verify_proof(longer, longer["proof"][0], f.KEY.public_key())
    for other in (contexts[:1], contexts[::-1], contexts[0], [OPEN_BADGES_EXTENSIONS, *contexts], None):
        changed = {**document, "@context": other}
        with pytest.raises(Defect) as caught:
            data_integrity.verify_proof(changed, changed["proof"][0], f.KEY.public_key())
        assert caught.value.reason is Reason.SIGNATURE_WRONG


def test_a_context_added_after_a_jcs_proof_was_made_gives_no_word_a_meaning() -> None:
    """What the issuer signed without a meaning, no reader can lend one."""
    bare = {**f.credential(), "@context": f.credential()["@context"][:1]}
    document = f.sign(bare, cryptosuite=JCS)
    document["@context"] = f.credential()["@context"]
    with pytest.raises(Defect) as caught:
        data_integrity.verify_proof(document, document["proof"][0], f.KEY.public_key())
    assert caught.value.reason is Reason.UNDEFINED_TERM


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"type": 7}, Reason.PROOF_MALFORMED),
        ({"id": "7"}, Reason.PROOF_MALFORMED),
        ({"id": 7}, Reason.PROOF_MALFORMED),
        ({"created": "hier"}, Reason.PROOF_MALFORMED),
        ({"created": None}, Reason.PROOF_MALFORMED),
        ({"created": "2026-11-21T09:00:00"}, Reason.PROOF_MALFORMED),
        ({"created": "2026-11-21T09:11:00Z"}, Reason.PROOF_IN_FUTURE),
        ({"expires": "demain"}, Reason.PROOF_MALFORMED),
        ({"expires": "2026-11-21T08:59:59Z"}, Reason.PROOF_EXPIRED),
        ({"verificationMethod": ""}, Reason.PROOF_MALFORMED),
        ({"verificationMethod": {"id": "urn:x:y"}}, Reason.PROOF_MALFORMED),
        ({"proofPurpose": ["assertionMethod"]}, Reason.PROOF_MALFORMED),
        ({"domain": []}, Reason.PROOF_MALFORMED),
        ({"domain": ["a", 7]}, Reason.PROOF_MALFORMED),
        ({"domain": {}}, Reason.PROOF_MALFORMED),
        ({"challenge": 7}, Reason.PROOF_MALFORMED),
        ({"nonce": []}, Reason.PROOF_MALFORMED),
    ],
)
def test_check_options_refuses_what_no_proof_may_say(change: dict[str, Any], reason: Reason) -> None:
    """Each member by itself."""
    proof = {**f.proof(f.credential()), **change}
    with pytest.raises((Defect, Undecided)) as caught:
        data_integrity.check_options(proof, f.NOW)
    assert caught.value.reason is reason


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"id": FIRST},
        {"created": "2026-11-21T09:10:00Z"},
        {"expires": "2026-11-21T09:00:00Z"},
        {"domain": "a", "challenge": "b", "nonce": "c"},
        {"domain": ["a", "b"]},
    ],
)
def test_check_options_accepts_what_a_proof_may_say(change: dict[str, Any]) -> None:
    """A clock may be ten minutes ahead; the last moment is within."""
    data_integrity.check_options({**f.proof(f.credential()), **change}, f.NOW)


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


def test_verify_proof_refuses_contexts_of_the_proofs_own() -> None:
    """The proof is read with the document's contexts, and may repeat those that come first."""
    document = f.sign(f.credential())
    for repeated in (document["@context"], document["@context"][:1], document["@context"][0]):
        proof = {**document["proof"][0], "@context": repeated}
        data_integrity.verify_proof(document, proof, f.KEY.public_key())
    proof = {**document["proof"][0], "@context": {"@vocab": "https://evil.example/#"}}
    with pytest.raises(Defect) as caught:
        data_integrity.verify_proof(document, proof, f.KEY.public_key())
    assert caught.value.reason is Reason.SIGNATURE_WRONG


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


def test_a_proof_that_discloses_in_part_and_rests_on_another_is_left_undecided() -> None:
    """No specification says how it would cover the other one."""
    proof = {"type": "DataIntegrityProof", "cryptosuite": "ecdsa-sd-2023", "previousProof": "urn:a:b"}
    key = ec.derive_private_key(7, ec.SECP256R1()).public_key()
    with pytest.raises(Undecided) as caught:
        data_integrity.verify_proof({**f.credential(), "proof": [{"id": "urn:a:b"}, proof]}, proof, key)
    assert caught.value.reason is Reason.PROOF_CHAINED
