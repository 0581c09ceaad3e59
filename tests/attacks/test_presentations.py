"""Attacks with presentations: shown to somebody else, another time, by somebody else, with something more in them."""

from typing import Any

import pytest

from tests.attacks.asserting import KEY, PROOF, STRUCTURE, accepted, left_open, refused
from tests.verify import factory as f
from tests.verify import kinds as k
from verify import Outcome, Policy, Reason, Report, Verdict

DOMAIN = "https://employeur.example"
BADGE = f.sign(f.credential())


def _presented(*members: f.Node, **options: Any) -> f.Node:
    changes = {"proofPurpose": "authentication", "domain": DOMAIN, "challenge": k.CHALLENGE, **options}
    return f.sign(k.presentation(list(members) or [BADGE]), k.HOLDER_KEY, k.HOLDER_METHOD, **changes)


def _verify(document: f.Node, **asked: Any) -> Report:
    return k.verify(document, Policy.ANY_CREDENTIAL, **{"domain": DOMAIN, "challenge": k.CHALLENGE, **asked})


def test_presentation_that_answers_is_good() -> None:
    """What the attacks below change, unchanged."""
    accepted(_verify(_presented()))


def test_domain_mismatch() -> None:
    """Made for one employer and shown to another, who asks for their own name."""
    refused(_verify(_presented(), domain="https://autre.example"), PROOF, Reason.PROOF_DOMAIN_WRONG)
    refused(_verify(_presented(domain="https://autre.example")), PROOF, Reason.PROOF_DOMAIN_WRONG)


@pytest.mark.parametrize(
    "domain", ["https://employeur.example/", "https://employeur.example.attaque.example", "HTTPS://EMPLOYEUR.EXAMPLE"]
)
def test_domain_mismatch_of_a_name_that_looks_alike(domain: str) -> None:
    """The exact name, and no other spelling of it."""
    refused(_verify(_presented(domain=domain)), PROOF, Reason.PROOF_DOMAIN_WRONG)


def test_domain_mismatch_of_a_proof_for_everybody() -> None:
    """Several domains in one proof would let each of them show it to the others."""
    refused(_verify(_presented(domain=[DOMAIN, "https://autre.example"])), PROOF, Reason.PROOF_DOMAIN_WRONG)


def test_challenge_mismatch() -> None:
    """Recorded once and shown again, to somebody who asked anew."""
    refused(_verify(_presented(), challenge="deux-fois"), PROOF, Reason.PROOF_CHALLENGE_WRONG)


@pytest.mark.parametrize(
    ("member", "reason"), [("domain", Reason.PROOF_DOMAIN_WRONG), ("challenge", Reason.PROOF_CHALLENGE_WRONG)]
)
def test_domain_and_challenge_left_out(member: str, reason: Reason) -> None:
    """A proof without them answers nobody who asks; taken out after signing it is broken as well."""
    made = _presented()
    bare = f.sign(k.presentation([BADGE]), k.HOLDER_KEY, k.HOLDER_METHOD, proofPurpose="authentication")
    refused(_verify(bare), PROOF, Reason.PROOF_DOMAIN_WRONG)
    made["proof"][0].pop(member)
    refused(_verify(made), PROOF, reason)
    refused(k.verify(made, Policy.ANY_CREDENTIAL), PROOF, Reason.SIGNATURE_WRONG)


def test_proof_purpose_swap_between_a_badge_and_a_presentation() -> None:
    """A presentation signed as one signs a badge, and a badge signed as one logs in."""
    refused(_verify(_presented(proofPurpose="assertionMethod")), PROOF, Reason.PROOF_PURPOSE_WRONG)
    badge = f.sign(f.credential(), proofPurpose="authentication")
    refused(k.verify(badge), PROOF, Reason.PROOF_PURPOSE_WRONG)


def test_replayed_proof_around_another_badge() -> None:
    """The holder signed what they present: nothing can be put in, taken out or exchanged."""
    other = f.sign(f.credential(id="https://badges.example/c/2"))
    for members in ([BADGE, other], [other]):
        refused(_verify({**_presented(), "verifiableCredential": members}), PROOF, Reason.SIGNATURE_WRONG)


def test_presented_by_somebody_else() -> None:
    """A thief signs well, under the holder's name."""
    stolen = f.sign(
        k.presentation([BADGE]),
        k.UNIVERSITY_KEY,
        k.UNIVERSITY_METHOD,
        proofPurpose="authentication",
        domain=DOMAIN,
        challenge=k.CHALLENGE,
    )
    refused(_verify(stolen), KEY, Reason.KEY_NOT_OF_ISSUER)


def test_forged_badge_in_a_good_presentation() -> None:
    """The holder's signature vouches for showing it, not for what it says."""
    report = _verify(_presented({**BADGE, "name": "Faux"}))
    assert report.verdict is Verdict.INVALID
    assert report.check(PROOF).outcome is Outcome.PASSED
    assert report.members[0].check(PROOF).reason is Reason.SIGNATURE_WRONG


def test_good_badge_does_not_hide_a_forged_one() -> None:
    """Of several the worst decides, wherever it stands."""
    forged = {**f.sign(f.credential(id="https://badges.example/c/2")), "name": "Faux"}
    for members in ((BADGE, forged), (forged, BADGE)):
        assert _verify(_presented(*members)).verdict is Verdict.INVALID


def test_badges_that_hardly_differ_are_told_apart() -> None:
    """The same achievement four times over is no attack, and no reason to give up."""
    accepted(_verify(_presented(*(f.sign(f.credential(id=f"https://badges.example/c/{at}")) for at in range(4)))))


def test_unsigned_presentation_answers_nobody_who_asks() -> None:
    """The proof of a stolen presentation taken off: without a challenge anybody may show it, with one nobody can."""
    refused(_verify(k.presentation([BADGE])), PROOF, Reason.PROOF_MISSING)
    left_open(k.verify(k.presentation([BADGE])), PROOF, Reason.PRESENTATION_UNSIGNED)


def test_more_badges_than_anybody_shows() -> None:
    """A bounded number is looked at, and the rest is not taken for good."""
    members = [f.credential(id=f"https://badges.example/c/{number}") for number in range(60)]
    report = _verify(k.presentation([{**BADGE, "id": member["id"]} for member in members]))
    assert len(report.members) <= 50
    assert report.verdict is not Verdict.VALID


def test_presentations_inside_presentations() -> None:
    """Deeper than anybody nests them, nothing is said of what is inside."""
    document: f.Node = BADGE
    for _ in range(8):
        document = k.presentation([document])
    report = _verify(document)
    assert report.verdict is not Verdict.VALID


def test_badge_called_a_presentation_as_well() -> None:
    """The loosest kind does not decide: a document that calls itself two things is held against the stricter one."""
    changed = {**BADGE, "type": [*BADGE["type"], "VerifiablePresentation"]}
    report = k.verify(changed, Policy.ANY_CREDENTIAL)
    assert report.verdict is Verdict.INVALID
    renamed = {**BADGE, "type": ["VerifiablePresentation"]}
    assert k.verify(renamed, Policy.ANY_CREDENTIAL).verdict is not Verdict.VALID


def test_kind_changed_after_signing() -> None:
    """What a document calls itself is signed."""
    for types in (
        ["VerifiableCredential"],
        ["VerifiableCredential", "EndorsementCredential"],
        ["VerifiableCredential", "ClrCredential"],
    ):
        report = k.verify({**BADGE, "type": types}, Policy.ANY_CREDENTIAL)
        assert report.verdict is Verdict.INVALID
        assert report.check(PROOF).outcome is not Outcome.PASSED or report.check(STRUCTURE).outcome is Outcome.FAILED


def test_endorsement_of_something_else() -> None:
    """Well signed by a university, and about another badge."""
    endorsement = f.sign(k.endorsement("https://badges.example/c/autre"), k.UNIVERSITY_KEY, k.UNIVERSITY_METHOD)
    report = k.verify(f.sign(f.credential(endorsement=[endorsement])))
    assert [each.verdict for each in report.endorsements] == [Verdict.INVALID]
    assert report.endorsements[0].check(STRUCTURE).reason is Reason.ENDORSEMENT_OF_ANOTHER
