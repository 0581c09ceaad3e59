"""Badges that others wrote: the samples of 1EdTech's validator and the examples of the standard."""

from typing import Any

import pytest

from tests.verify import factory as f
from tests.verify import vectors
from verify import CheckName, Kind, Outcome, Reason, Verdict
from verify.errors import Defect
from verify.standards import data_integrity, documents, multikey

pytestmark = vectors.needed

VALIDATOR = "ob3-samples/validator/"


def _sample(name: str) -> Any:
    return vectors.read(VALIDATOR + name)


def _key(sample: Any) -> Any:
    """The key that these samples write into the fragment of their verification method."""
    proof = sample["proof"][0] if isinstance(sample["proof"], list) else sample["proof"]
    return proof, multikey.decode_public(proof["verificationMethod"].partition("#")[2])


@pytest.mark.parametrize("name", ["simple.json", "complete.json"])
def test_proof_of_a_sample_is_good(name: str) -> None:
    """Signed by another implementation, verified by ours."""
    sample = _sample(name)
    proof, key = _key(sample)
    data_integrity.verify_proof(sample, proof, key)


def test_proof_of_the_tampered_sample_is_wrong() -> None:
    """The sample whose proof was damaged on purpose."""
    sample = _sample("simple-err-proof-value.json")
    proof, key = _key(sample)
    with pytest.raises(Defect) as caught:
        data_integrity.verify_proof(sample, proof, key)
    assert caught.value.reason in {Reason.SIGNATURE_WRONG, Reason.PROOF_MALFORMED}


@pytest.mark.parametrize(
    ("name", "check", "reason"),
    [
        ("simple-err-context.json", CheckName.STRUCTURE, Reason.CONTEXT_ORDER),
        ("simple-err-type.json", CheckName.STRUCTURE, Reason.TYPE_MISSING),
        ("simple-err-issuer.json", CheckName.STRUCTURE, Reason.ISSUER_INVALID),
        ("simple-err-credential-subject-type.json", CheckName.STRUCTURE, Reason.SUBJECT_INVALID),
        ("simple-err-evidence-type.json", CheckName.STRUCTURE, Reason.NESTED_TYPE_MISSING),
        ("simple-err-expired.json", CheckName.VALIDITY, Reason.EXPIRED),
        ("simple-err-issued.json", CheckName.VALIDITY, Reason.NOT_YET_VALID),
        ("simple-noproof.json", CheckName.PROOF, Reason.PROOF_MISSING),
    ],
)
def test_sample_with_a_defect_is_invalid_for_that_defect(name: str, check: CheckName, reason: Reason) -> None:
    """What the validator's authors broke is what the report names."""
    report = f.verify(documents.dump(_sample(name)))
    assert report.verdict is Verdict.INVALID
    assert report.check(check).reason is reason


@pytest.mark.parametrize(
    ("name", "check", "reason"),
    [
        ("simple.json", CheckName.KEY_CONTROLLED, Reason.DID_METHOD_UNSUPPORTED),
        ("endorsement-valid.json", CheckName.KEY_CONTROLLED, Reason.DID_METHOD_UNSUPPORTED),
        ("complete.json", CheckName.STATUS, Reason.STATUS_UNREACHABLE),
        ("simple-did-key-method.json", CheckName.KEY_CONTROLLED, Reason.DID_METHOD_UNSUPPORTED),
        ("simple-eddsa-2022.json", CheckName.STRUCTURE, Reason.CONTEXT_UNKNOWN),
        ("simple_v1.json", CheckName.STRUCTURE, Reason.CONTEXT_UNKNOWN),
        ("simple-multiple-proofs.json", CheckName.PROOF, Reason.CRYPTOSUITE_UNSUPPORTED),
        ("sd/derivedcredential.json", CheckName.PROOF, Reason.DID_METHOD_UNSUPPORTED),
    ],
)
def test_good_sample_that_cannot_be_checked_here_is_undetermined(name: str, check: CheckName, reason: Reason) -> None:
    """An issuer that is a mere address, an older vocabulary, another kind of signature: not known, not wrong."""
    report = f.verify(documents.dump(_sample(name)))
    assert report.verdict is Verdict.UNDETERMINED
    assert (report.check(check).outcome, report.check(check).reason) == (Outcome.NOT_CHECKED, reason)


@pytest.mark.parametrize(
    "name",
    [
        "achievementAlignmentCase.json",
        "achievementAlignmentCe.json",
        "basicOpenBadgeCredential.json",
        "fullOpenBadge.json",
        "skillAssertionCase.json",
        "skillAssertionCtdl.json",
    ],
)
def test_example_of_the_standard_has_a_good_structure(name: str) -> None:
    """The standard's own examples pass; unsigned as they are, they prove nothing."""
    report = f.verify(documents.dump(vectors.read(f"ob3-samples/spec-examples/{name}")))
    assert report.check(CheckName.STRUCTURE).outcome is Outcome.PASSED
    assert report.check(CheckName.PROOF).reason is Reason.PROOF_MISSING


def test_sample_of_an_endorsement_is_one_and_its_proof_is_good() -> None:
    """Its own kind, its structure as it should be, and the key that it carries made its signature."""
    sample = _sample("endorsement-valid.json")
    report = f.verify(documents.dump(sample))
    assert report.kind is Kind.ENDORSEMENT
    assert report.check(CheckName.STRUCTURE).outcome is Outcome.PASSED
    assert report.credential.endorsement_comment == "1EdTech University is in good standing"
    proof, key = _key(sample)
    data_integrity.verify_proof(sample, proof, key)


@pytest.mark.parametrize(
    "path", ["ob3-samples/validator/complete.json", "ob3-samples/spec-examples/fullOpenBadge.json"]
)
def test_endorsements_in_a_sample_are_found_and_none_is_taken_for_good(path: str) -> None:
    """The standard's own: of another thing than they stand in, with a signature of a kind that never was."""
    report = f.verify(documents.dump(vectors.read(path)))
    assert [each.kind for each in report.endorsements] == [Kind.ENDORSEMENT] * 3
    assert {each.verdict for each in report.endorsements} == {Verdict.INVALID}
    assert {each.check(CheckName.PROOF).reason for each in report.endorsements} == {Reason.CRYPTOSUITE_UNSUPPORTED}
    assert Reason.ENDORSEMENT_OF_ANOTHER in {each.check(CheckName.STRUCTURE).reason for each in report.endorsements}
