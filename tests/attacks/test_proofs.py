"""Attacks that leave the signature alone and change what stands around it."""

import copy
import json
from typing import Any

import pytest

from tests.attacks.asserting import KEY, PROOF, STRUCTURE, accepted, left_open, refused
from tests.verify import factory as f
from verify import Outcome, Reason, Verdict

GOOD = f.sign(f.credential())


def test_replayed_proof_on_another_badge() -> None:
    """The proof of one badge moved onto another of the same issuer."""
    other = f.credential(name="Autonomie", id="https://badges.example/c/2")
    refused(f.verify(f.written({**other, "proof": GOOD["proof"]})), PROOF, Reason.SIGNATURE_WRONG)


def test_replayed_proof_for_another_person() -> None:
    """The same badge, with another subject."""
    subject = {**GOOD["credentialSubject"], "id": "urn:uuid:00000000-0000-4000-8000-000000000000"}
    refused(f.verify(f.written({**GOOD, "credentialSubject": subject})), PROOF, Reason.SIGNATURE_WRONG)


def test_replayed_proof_of_a_status_list_on_a_badge() -> None:
    """What the issuer signed of a list says nothing of a badge."""
    proof = json.loads(f.revocations())["proof"]
    refused(f.verify(f.written({**f.credential(), "proof": proof})), PROOF, Reason.SIGNATURE_WRONG)


def test_replayed_proof_beside_one_that_is_wrong() -> None:
    """Of a set one good proof is enough, and a wrong one beside it takes nothing away; two wrong ones are wrong."""
    wrong = {**GOOD["proof"][0], "created": "2026-10-02T08:00:00Z"}
    accepted(f.verify(f.written({**GOOD, "proof": [wrong, GOOD["proof"][0]]})))
    refused(f.verify(f.written({**GOOD, "proof": [wrong, wrong]})), PROOF, Reason.SIGNATURE_WRONG)


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("created", "2026-09-01T08:00:00Z"),
        ("expires", "2099-01-01T00:00:00Z"),
        ("domain", "https://ailleurs.example"),
        ("challenge", "0123456789"),
        ("nonce", "0123456789"),
        ("id", "urn:uuid:1b5c1f5e-2f4b-4c9a-8d7e-1b2a3c4d5e6f"),
    ],
)
def test_domain_challenge_and_dates_of_a_proof_are_signed(member: str, value: str) -> None:
    """Whatever a proof says of itself is part of what is signed."""
    refused(
        f.verify(f.altered(lambda document: document["proof"][0].update({member: value}))),
        PROOF,
        Reason.SIGNATURE_WRONG,
    )


def test_unsigned_member_of_a_proof() -> None:
    """A word that no context defines, put beside the signed ones."""
    data = f.altered(lambda document: document["proof"][0].update(remarque="validé par la Région"))
    report = f.verify(data)
    assert report.verdict is Verdict.INVALID
    assert report.check(PROOF).reason is Reason.UNDEFINED_TERM


@pytest.mark.parametrize(
    ("addition", "reason"),
    [
        ({"remarque": "validé par la Région"}, Reason.UNDEFINED_TERM),
        ({"https://schema.org/award": "or"}, Reason.TERM_HIDDEN),
        ({"@included": [{"id": "urn:a"}]}, Reason.TERM_HIDDEN),
        ({"@graph": []}, Reason.TERM_HIDDEN),
        ({"_:b0": "x"}, Reason.TERM_HIDDEN),
    ],
)
def test_unsigned_member_beside_signed_ones(addition: dict[str, Any], reason: Reason) -> None:
    """What the signature does not cover cannot stand in a badge, in whatever way it is spelt."""
    refused(f.verify(f.written({**GOOD, **addition})), STRUCTURE, reason)


@pytest.mark.parametrize(
    "addition",
    [
        {"description": "Niveau 5"},
        {"evidence": [*GOOD["evidence"], {"type": ["Evidence"], "name": "Diplôme"}]},
        {"validUntil": "2099-01-01T00:00:00Z"},
        {"awardedDate": "2020-01-01T00:00:00Z"},
        {"credentialStatus": None},
    ],
)
def test_unsigned_member_that_the_context_knows(addition: dict[str, Any]) -> None:
    """A word with a meaning is signed, or its badge is not what was signed."""
    changed = {member: value for member, value in {**GOOD, **addition}.items() if value is not None}
    refused(f.verify(f.written(changed)), PROOF, Reason.SIGNATURE_WRONG)


def test_unsigned_member_beside_the_subject_in_a_token() -> None:
    """What a token repeats of its credential has to agree with it."""
    payload = f.claims(f.credential(), sub="urn:uuid:00000000-0000-4000-8000-000000000000")
    refused(f.verify(f.jwt(payload)), PROOF, Reason.JWT_CLAIMS_DIFFER)


def test_proof_inside_the_payload_of_a_token_counts_for_nothing() -> None:
    """The token is signed by the attacker, who leaves the issuer's own proof in it."""
    data = f.jwt(f.claims(GOOD), f.OTHER_KEY)
    refused(f.verify(data), PROOF, Reason.SIGNATURE_WRONG)


def test_proof_that_hangs_on_one_that_is_not_there() -> None:
    """`previousProof` names nothing in the document, or the proof itself."""
    for name in ("urn:uuid:1b5c1f5e-2f4b-4c9a-8d7e-1b2a3c4d5e6f", "urn:a"):
        data = f.altered(lambda document, name=name: document["proof"][0].update(id="urn:a", previousProof=name))
        refused(f.verify(data), PROOF, Reason.PROOF_CHAIN_BROKEN)


def test_proofs_without_end() -> None:
    """More proofs than anybody makes are not all tried."""
    refused(f.verify(f.written({**GOOD, "proof": GOOD["proof"] * 1_000})), PROOF, Reason.PROOF_MALFORMED)


def test_proof_that_has_run_out() -> None:
    """A signature may end before its badge does."""
    document = f.sign(f.credential(), expires="2026-11-01T08:00:00Z")
    refused(f.verify(f.written(document)), PROOF, Reason.PROOF_EXPIRED)


def test_proof_over_nothing() -> None:
    """A badge whose terms all mean nothing would sign alike, whatever it says."""
    empty = {member: value for member, value in GOOD.items() if member in {"@context", "proof"}}
    report = f.verify(f.written({**empty, "type": ["VerifiableCredential"], "credentialSubject": {}}))
    assert report.verdict is Verdict.INVALID
    assert report.check(PROOF).outcome is not Outcome.PASSED


def test_proof_by_a_key_that_cannot_be_had_stays_open() -> None:
    """Nobody can say whose signature it is: that is no yes."""
    left_open(f.verify(f.badge(), f.trust(did_documents={})), KEY, Reason.KEY_UNREACHABLE)


def test_endorsement_inside_a_badge_does_not_vouch_for_it() -> None:
    """A credential inside with a good proof, around it a badge without one."""
    outer = copy.deepcopy(f.credential(name="Faux"))
    outer["endorsement"] = [GOOD]
    report = f.verify(f.written(outer))
    assert report.verdict is Verdict.INVALID
    assert report.check(PROOF).reason is Reason.PROOF_MISSING
