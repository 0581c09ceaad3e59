"""Open Badges 2.0, hosted and signed: each check passing, failing and not made; others' samples and another library."""

import json
from dataclasses import replace
from typing import Any

import pytest
from openbadgeslib.ob2.models import Assertion, IdentityObject, Verification
from openbadgeslib.ob2.signer import OB2Signer
from openbadgeslib.ob2.verifier import OB2VerificationError, OB2Verifier

from tests.verify import assertions as a
from tests.verify import factory as f
from tests.verify import vectors
from verify import CheckName, Outcome, Policy, Reason, Report, Unreadable, Verdict, Verifier
from verify.checks import assertion as walk
from verify.errors import Defect, Undecided
from verify.report import Kind
from verify.standards import baking, signatures
from verify.standards import open_badges_2 as ob2
from verify.standards.baking import OPEN_BADGES_2
from verify.standards.signatures import KeyKind

STRUCTURE, PROOF, KEY = CheckName.STRUCTURE, CheckName.PROOF, CheckName.KEY_CONTROLLED
STATUS, VALIDITY, RECOGNISED = CheckName.STATUS, CheckName.VALIDITY, CheckName.ISSUER_RECOGNISED
OTHER = signatures.generate(KeyKind.RSA)
EVIL = "https://evil.example"


def _signed(**changes: Any) -> a.Node:
    return a.assertion(a.SIGNED, **changes)


def _outcome(report: Report, name: CheckName) -> tuple[Outcome, Reason | None]:
    check = report.check(name)
    return check.outcome, check.reason


# --- what it says


@pytest.mark.parametrize(
    ("data", "written_as"),
    [
        (a.written(a.assertion()), "json"),
        (a.jws(_signed()), "jwt"),
        (baking.bake_png(f.png(), a.jws(_signed()), OPEN_BADGES_2), "png"),
        (baking.bake_svg(f.SVG, a.written(a.assertion()), OPEN_BADGES_2, address=a.HOSTED), "svg"),
    ],
    ids=["json", "jws", "png", "svg"],
)
def test_report_says_what_the_three_documents_say(data: bytes, written_as: str) -> None:
    """The Assertion, its BadgeClass and its issuer's Profile make one summary."""
    report = a.verify(data)
    summary = report.credential
    assert (report.verdict, report.kind) == (Verdict.VALID, Kind.OPEN_BADGE_2)
    assert (summary.format, summary.issuer_id, summary.achievement_id) == (written_as, a.ISSUER, a.BADGE)
    assert (summary.issuer_name, summary.achievement_name) == ("Mission locale du Val-de-Brume", "Travail en équipe")
    assert summary.criteria == "Niveau 3 convenu entre la personne et son coach."
    assert [one.narrative for one in summary.evidence] == ["Trois services tenus à quatre, dont un sans le chef."]
    assert [one.url for one in summary.alignments] == ["https://cadres.example/rome/equipe"]
    assert summary.identifiers[0].hashed
    assert summary.holder_name is None
    assert (summary.valid_from, summary.valid_until) == (f.ISSUED, f.ISSUED.replace(year=2031))
    assert json.loads(json.dumps(report.to_json()))["kind"] == "Assertion"


def test_report_shows_the_served_document_and_not_the_file() -> None:
    """What a holder adds to their copy of a hosted Assertion never reaches the reader."""
    given = a.assertion(evidence={"narrative": "Prix Nobel"}, narrative="Prix Nobel", expires="2099-01-01T00:00:00Z")
    report = a.verify(given)
    assert report.verdict is Verdict.VALID
    assert "Nobel" not in json.dumps(report.to_json())
    assert report.credential.valid_until == f.ISSUED.replace(year=2031)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"recipient": {**a.assertion()["recipient"], "name": "Aïcha Ferrand"}}, "Aïcha Ferrand"),
        ({"extensions:recipientProfile": {"type": ["Extension"], "name": "Aïcha Ferrand"}}, "Aïcha Ferrand"),
        ({"extensions:recipientProfile": "Aïcha Ferrand"}, None),
    ],
)
def test_report_shows_a_name_in_clear(changes: a.Node, name: str | None) -> None:
    """In the recipient itself, or in the extension that backpacks know."""
    made = a.assertion(**changes)
    assert a.verify(made, a.trust(made)).credential.holder_name == name


@pytest.mark.parametrize(
    ("asked", "reason"),
    [({"domain": "employeur.example"}, Reason.PROOF_DOMAIN_WRONG), ({"challenge": "1"}, Reason.PROOF_CHALLENGE_WRONG)],
)
def test_badge_of_the_older_standard_answers_no_challenge(asked: dict[str, str], reason: Reason) -> None:
    """It says nothing of who shows it: whoever asked is not told that it is the holder."""
    known = a.trust()
    report = Verifier(keys=known, statuses=known, issuers=known, documents=known).verify(
        a.written(a.assertion()), now=f.NOW, **asked
    )
    assert _outcome(report, CheckName.PROOF) == (Outcome.FAILED, reason)
    assert report.verdict is Verdict.INVALID


def test_policy_that_does_not_accept_the_older_standard_refuses_it() -> None:
    """The badge is then held against the rules of Open Badges 3.0."""
    policy = Policy(Policy.RECOGNISED.required, frozenset({Kind.OPEN_BADGE_3}))
    assert a.verify(a.assertion(), policy=policy).verdict is Verdict.INVALID


# --- structure


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"@context": "https://w3id.org/openbadges/v3"}, Reason.CONTEXT_MISSING),
        ({"@context": [a.CONTEXT, {"badge": "https://evil.example/#"}]}, Reason.CONTEXT_INLINE),
        ({"type": "OtherAssertion"}, Reason.TYPE_WRONG),
        ({"type": "BadgeClass"}, Reason.TYPE_MISSING),
        ({"type": ["Assertion", "Autre"]}, Reason.TYPE_WRONG),
        ({"recipient": None}, Reason.RECIPIENT_MISSING),
        ({"recipient": "a@example.com"}, Reason.RECIPIENT_MISSING),
        ({"recipient": {"type": "email", "hashed": "true", "identity": "sha256$" + "0" * 64}}, Reason.SUBJECT_INVALID),
        ({"recipient": {"type": "email", "hashed": True, "identity": "a@example.com"}}, Reason.SUBJECT_INVALID),
        ({"recipient": {"type": "email", "hashed": False, "identity": "sha256$" + "0" * 64}}, Reason.SUBJECT_INVALID),
        ({"recipient": {"type": "email", "hashed": False, "identity": "Aïcha"}}, Reason.SUBJECT_INVALID),
        ({"recipient": {"type": ["a", "b"], "hashed": False, "identity": "x"}}, Reason.SUBJECT_INVALID),
        ({"recipient": {"type": "id", "hashed": False, "identity": "x", "salt": 1}}, Reason.SUBJECT_INVALID),
        ({"badge": None}, Reason.ACHIEVEMENT_INVALID),
        ({"issuedOn": None}, Reason.DATE_MISSING),
        ({"issuedOn": "2026-10-01"}, Reason.DATE_INVALID),
        ({"issuedOn": 1790841600}, Reason.DATE_INVALID),
        ({"expires": "2026-13-01T00:00:00Z"}, Reason.DATE_INVALID),
        ({"verification": {"type": "paper"}}, Reason.VERIFICATION_INVALID),
        ({"verification": {"type": ["hosted", "signed"]}}, Reason.VERIFICATION_INVALID),
        ({"verification": "hosted"}, Reason.VERIFICATION_INVALID),
    ],
)
def test_structure_of_an_assertion_fails(changes: a.Node, reason: Reason) -> None:
    """Each rule of the vocabulary, broken by the issuer itself."""
    made = a.assertion(**changes)
    assert _outcome(a.verify(made, a.trust(made)), STRUCTURE) == (Outcome.FAILED, reason)


@pytest.mark.parametrize(
    "changes",
    [
        {"@context": [a.CONTEXT]},
        {"type": ["Assertion", "https://example.org/Special"]},
        {"verification": None, "verify": {"type": "HostedBadge"}},
        {"verification": {"type": ["HostedBadge", "VerificationObject"]}},
        {"expires": None, "issuedOn": "2026-10-01T08:00+0000"},
        {"issuedOn": "2026-10-01T10:00:00.0+02:00"},
        {"recipient": {"type": ["id"], "hashed": False, "identity": "urn:uuid:1"}},
        {"recipient": {"type": "email", "hashed": True, "identity": "MD5$" + "A" * 32, "salt": None}},
        {"badge": a.badge_class()},
        {"extensions:x": {"@context": "https://example.org/x.json", "type": ["Extension", "extensions:X"]}},
        {"evidence": ["https://example.org/1", {"id": "https://example.org/2", "name": "Deux"}], "image": None},
    ],
)
def test_structure_of_an_assertion_passes(changes: a.Node) -> None:
    """The freedoms that the standard leaves."""
    made = a.assertion(**changes)
    assert a.verify(made, a.trust(made)).verdict is Verdict.VALID


def test_structure_with_an_unknown_vocabulary_is_not_checked() -> None:
    """Another context could give `badge` another meaning."""
    made = a.assertion(**{"@context": [a.CONTEXT, "https://example.org/context.json"]})
    assert _outcome(a.verify(made, a.trust(made)), STRUCTURE) == (Outcome.NOT_CHECKED, Reason.CONTEXT_UNKNOWN)


@pytest.mark.parametrize(
    ("node", "reason"),
    [
        (a.badge_class(name=None), Reason.ACHIEVEMENT_INVALID),
        (a.badge_class(description=" "), Reason.ACHIEVEMENT_INVALID),
        (a.badge_class(image=None), Reason.ACHIEVEMENT_INVALID),
        (a.badge_class(criteria=None), Reason.ACHIEVEMENT_INVALID),
        (a.badge_class(criteria={"narrative": ""}), Reason.ACHIEVEMENT_INVALID),
        (a.badge_class(alignment={"targetName": "Sans adresse"}), Reason.ACHIEVEMENT_INVALID),
        (a.badge_class(type="Issuer"), Reason.ACHIEVEMENT_INVALID),
        (a.profile(type="Criteria"), Reason.ISSUER_INVALID),
        (a.profile(name=None), Reason.ISSUER_INVALID),
        (a.profile(url="ftp://example.org"), Reason.ISSUER_INVALID),
        (a.profile(email=None), Reason.ISSUER_INVALID),
    ],
)
def test_structure_of_the_parts_fails(node: a.Node, reason: Reason) -> None:
    """A BadgeClass or a Profile that the standard would not accept."""
    assert _outcome(a.verify(a.assertion(), a.trust(node)), STRUCTURE) == (Outcome.FAILED, reason)


@pytest.mark.parametrize("absent", [a.BADGE, a.ISSUER])
def test_structure_without_a_part_is_not_checked(absent: str) -> None:
    """What cannot be had cannot be called well-formed."""
    report = a.verify(a.assertion(), a.trust(without=(absent,)))
    assert _outcome(report, STRUCTURE) == (Outcome.NOT_CHECKED, Reason.PART_UNREACHABLE)
    assert _outcome(report, KEY) == (Outcome.NOT_CHECKED, Reason.PART_UNREACHABLE)
    assert report.verdict is Verdict.UNDETERMINED


# --- proof and key of hosted badges


@pytest.mark.parametrize(
    "served", [b"<html>Connexion</html>", b'{"error": "not found"}', b"", b'{"id": "x", "id": "y"}']
)
def test_hosted_badge_whose_address_answers_something_else_is_not_proved(served: bytes) -> None:
    """A page, an error, nothing, ambiguous JSON: the Assertion could not be had."""
    bundle = a.trust()
    known = f.TrustBundle(recognitions=bundle.recognitions, documents={**bundle.documents, a.HOSTED: served})
    report = a.verify(a.assertion(), known)
    assert _outcome(report, PROOF) == (Outcome.NOT_CHECKED, Reason.HOSTED_UNREACHABLE)
    assert _outcome(report, STATUS) == (Outcome.NOT_CHECKED, Reason.STATUS_UNREACHABLE)


@pytest.mark.parametrize(
    "changes",
    [
        {"recipient": {"type": "email", "hashed": False, "identity": "autre@example.com"}},
        {"badge": f"{a.ISSUER}/r/savoir-etre/1/chef"},
        {"issuedOn": "2025-10-01T08:00:00Z"},
        {"issuedOn": "hier"},
    ],
)
def test_hosted_badge_that_differs_from_its_file_is_refused(changes: a.Node) -> None:
    """Somebody else, something else, some other day."""
    report = a.verify(a.assertion(**changes))
    assert _outcome(report, PROOF) == (Outcome.FAILED, Reason.HOSTED_DIFFERS)
    assert _outcome(report, RECOGNISED) == (Outcome.NOT_CHECKED, Reason.NOT_REACHED)


def test_hosted_badge_served_under_another_name_is_refused() -> None:
    """A document that calls itself by another address is another Assertion."""
    known = a.trust()
    documents = {**known.documents, a.HOSTED: a.written(a.assertion(f"{a.SITE}/c/another"))}
    report = a.verify(a.assertion(), f.TrustBundle(documents=documents))
    assert _outcome(report, PROOF) == (Outcome.FAILED, Reason.HOSTED_DIFFERS)


def test_hosted_badge_in_a_token_stands_by_what_is_served() -> None:
    """The signature of a hosted Assertion proves nothing either way."""
    assert a.verify(a.jws(a.assertion(), OTHER)).verdict is Verdict.VALID
    assert a.verify(a.jws(a.assertion(issuedOn="2020-10-01T08:00:00Z"))).verdict is Verdict.INVALID


SCOPES = [
    ({}, True),
    ({"verification": {"type": "VerificationObject"}}, True),
    ({"verification": {"startsWith": f"{a.SITE}/c/"}}, True),
    ({"verification": {"startsWith": ["https://elsewhere.example/", f"{a.SITE}/c/"]}}, True),
    ({"verification": {"startsWith": f"{a.SITE}/x/"}}, False),
    ({"verification": {"startsWith": "https://badges.exam"}}, False),
    ({"verification": {"allowedOrigins": "badges.example"}}, True),
    ({"verification": {"allowedOrigins": ["elsewhere.example", "BADGES.example"]}}, True),
    ({"verification": {"allowedOrigins": ["elsewhere.example"]}}, False),
    ({"verification": {"startsWith": f"{a.SITE}/c/", "allowedOrigins": ["elsewhere.example"]}}, False),
    ({"verification": {"startsWith": f"{a.SITE}/c/", "verificationProperty": "id"}}, True),
    ({"verification": {"startsWith": f"{a.SITE}/c/", "verificationProperty": "url"}}, False),
]


@pytest.mark.parametrize(("changes", "within"), SCOPES)
def test_hosted_badge_has_to_be_where_its_issuer_hosts_badges(changes: a.Node, within: bool) -> None:
    """Source: Open Badges 2.0, section "VerificationObject"."""
    expected = (Outcome.PASSED, None) if within else (Outcome.FAILED, Reason.HOST_NOT_OF_ISSUER)
    assert _outcome(a.verify(a.assertion(), a.trust(a.profile(**changes))), KEY) == expected


@pytest.mark.parametrize(
    ("address", "profile", "within"),
    [
        ("https://a.example/c/1", {"id": "https://a.example/o"}, True),
        ("http://a.example/c/1", {"id": "https://a.example/o"}, False),
        ("https://a.example:8443/c/1", {"id": "https://a.example/o"}, False),
        ("https://a.example:443/c/1", {"id": "https://a.example/o"}, True),
        (
            "https://a.example.evil.example/",
            {"id": "urn:x", "verification": {"startsWith": "https://a.example"}},
            False,
        ),
        ("https://a.example:80x/", {"id": "https://a.example/o"}, False),
        ("https://a.example:8/", {"id": "urn:x", "verification": {"allowedOrigins": "a.example:8"}}, True),
        ("https://evil.example/", {"id": "urn:x"}, False),
    ],
)
def test_scope_is_a_matter_of_origins(address: str, profile: a.Node, within: bool) -> None:
    """Scheme, host and port, and a prefix only within its own origin."""
    assert ob2.in_scope(address, None, profile) is within


def test_scope_without_rules_asks_the_badge_class_too() -> None:
    """Source: Open Badges 2.0, section "HostedBadge Verification"."""
    profile = {"id": "https://a.example/o"}
    assert not ob2.in_scope("https://a.example/c", "https://b.example/r", profile)
    assert ob2.in_scope("https://a.example/c", "urn:uuid:1", profile)


def test_impostor_who_embeds_somebodys_profile_is_found_out() -> None:
    """A Profile counts as served at its own address, whatever an Assertion carries with it."""
    generous = a.profile(verification={"startsWith": f"{EVIL}/"})
    forged = a.assertion(f"{EVIL}/c/1", badge=a.badge_class(issuer=generous))
    report = a.verify(forged, a.trust(forged))
    assert _outcome(report, KEY) == (Outcome.FAILED, Reason.HOST_NOT_OF_ISSUER)
    alone = a.verify(forged, a.trust(forged, without=(a.ISSUER,)))
    assert _outcome(alone, KEY) == (Outcome.NOT_CHECKED, Reason.PART_UNREACHABLE)
    assert alone.verdict is Verdict.UNDETERMINED


def test_impostor_whose_profile_calls_itself_somebody_else_is_found_out() -> None:
    """A Profile that names another address is looked for there."""
    forged = a.assertion(f"{EVIL}/c/1", badge=a.badge_class(issuer=f"{EVIL}/o"))
    generous = a.profile(verification={"startsWith": f"{EVIL}/"})
    known = a.trust(forged)
    both = {**known.documents, f"{EVIL}/o": a.written(generous)}
    report = a.verify(forged, f.TrustBundle(documents=both, recognitions=known.recognitions))
    assert _outcome(report, KEY) == (Outcome.FAILED, Reason.HOST_NOT_OF_ISSUER)


def test_issuer_that_is_no_address_leaves_the_key_open() -> None:
    """Nobody can say where such an issuer may host."""
    badge = a.badge_class(issuer=a.profile(id="urn:uuid:2d391246-6e0d-4dab-906c-b29770bd7aa6"))
    report = a.verify(a.assertion(), a.trust(badge))
    assert _outcome(report, KEY) == (Outcome.NOT_CHECKED, Reason.DID_METHOD_UNSUPPORTED)


# --- proof and key of signed badges


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        (a.jws(_signed(), OTHER), Reason.SIGNATURE_WRONG),
        (a.jws(_signed(), alg="None"), Reason.ALGORITHM_NONE),
        (a.jws(_signed(), alg=1), Reason.JWT_HEADER_WRONG),
        (a.jws(_signed(), crit=["b64"], b64=False), Reason.JWT_HEADER_WRONG),
        (a.jws(_signed(), alg="EdDSA"), Reason.KEY_MISMATCH),
        (a.jws(_signed(), alg="ES256"), Reason.KEY_MISMATCH),
    ],
)
def test_signature_that_is_not_the_keys_fails(token: bytes, reason: Reason) -> None:
    """The key decides the algorithm, never the message."""
    assert _outcome(a.verify(token), PROOF) == (Outcome.FAILED, reason)


@pytest.mark.parametrize("kind", [KeyKind.P256, KeyKind.P384, KeyKind.ED25519])
def test_signature_of_another_kind_of_key_passes(kind: KeyKind) -> None:
    """RSA is recommended, not required."""
    private = signatures.generate(kind)
    algorithm = {KeyKind.P256: "ES256", KeyKind.P384: "ES384", KeyKind.ED25519: "EdDSA"}[kind]
    token = a.jws(_signed(), private, alg=algorithm)
    assert a.verify(token, a.trust(a.key(private))).verdict is Verdict.VALID


@pytest.mark.parametrize("alg", ["HS256", "RS1", "PS256"])
def test_signature_by_another_algorithm_is_not_checked(alg: str) -> None:
    """Least of all with a public key as a secret."""
    assert _outcome(a.verify(a.jws(_signed(), alg=alg)), PROOF) == (Outcome.NOT_CHECKED, Reason.ALGORITHM_UNSUPPORTED)


@pytest.mark.parametrize(
    ("changes", "proof", "key"),
    [
        ({"publicKeyPem": None}, (Outcome.FAILED, Reason.KEY_MALFORMED), (Outcome.PASSED, None)),
        ({"publicKeyPem": "----"}, (Outcome.FAILED, Reason.KEY_MALFORMED), (Outcome.PASSED, None)),
        ({"publicKeyPem": "x" * 9_000}, (Outcome.FAILED, Reason.KEY_MALFORMED), (Outcome.PASSED, None)),
        ({"owner": f"{EVIL}/o"}, (Outcome.PASSED, None), (Outcome.FAILED, Reason.KEY_NOT_OF_ISSUER)),
        ({"owner": None}, (Outcome.PASSED, None), (Outcome.FAILED, Reason.KEY_NOT_OF_ISSUER)),
    ],
)
def test_key_has_to_be_well_formed_and_owned(changes: a.Node, proof: Any, key: Any) -> None:
    """Profile and key name each other."""
    report = a.verify(a.jws(_signed()), a.trust(a.key(**changes)))
    assert (_outcome(report, PROOF), _outcome(report, KEY)) == (proof, key)


def test_key_that_cannot_be_had_leaves_the_proof_open() -> None:
    """Neither good nor bad."""
    report = a.verify(a.jws(_signed()), a.trust(without=(a.KEY_ID,)))
    assert _outcome(report, PROOF) == (Outcome.NOT_CHECKED, Reason.KEY_UNREACHABLE)
    assert _outcome(report, KEY) == (Outcome.NOT_CHECKED, Reason.KEY_UNREACHABLE)
    unlisted = a.verify(a.jws(_signed(verification={"type": "signed"})), a.trust(a.profile(publicKey=None)))
    assert _outcome(unlisted, PROOF) == (Outcome.NOT_CHECKED, Reason.KEY_UNREACHABLE)


def test_key_is_checked_where_only_the_profile_cannot_be_had() -> None:
    """The signature is the named key's; whose the key is stays open."""
    report = a.verify(a.jws(_signed()), a.trust(without=(a.ISSUER,)))
    assert _outcome(report, PROOF) == (Outcome.PASSED, None)
    assert _outcome(report, KEY) == (Outcome.NOT_CHECKED, Reason.PART_UNREACHABLE)
    assert _outcome(report, STATUS) == (Outcome.NOT_CHECKED, Reason.STATUS_UNREACHABLE)


def test_key_of_somebody_else_is_refused_even_where_it_cannot_be_had() -> None:
    """A foreign name is foreign."""
    token = a.jws(_signed(verification={"type": "signed", "creator": f"{EVIL}/key"}), OTHER)
    assert _outcome(a.verify(token), KEY) == (Outcome.FAILED, Reason.KEY_NOT_OF_ISSUER)
    foreign = a.key(OTHER, id=f"{EVIL}/key")
    report = a.verify(token, a.trust(foreign))
    assert _outcome(report, PROOF) == (Outcome.PASSED, None)
    assert _outcome(report, KEY) == (Outcome.FAILED, Reason.KEY_NOT_OF_ISSUER)


def test_key_may_stand_in_the_profile_or_be_one_of_several() -> None:
    """Embedded with or without an identifier, and found by trying where the Assertion names none."""
    embedded = {"type": "CryptographicKey", "owner": a.ISSUER, "publicKeyPem": a.key()["publicKeyPem"]}
    other = a.key(OTHER, id=f"{a.ISSUER}/keys/other")
    unnamed = a.jws(_signed(verification={"type": "SignedBadge"}))
    for listed in ([other["id"], a.KEY_ID], [other["id"], embedded], {**embedded, "id": f"{a.ISSUER}#key"}):
        assert a.verify(unnamed, a.trust(a.profile(publicKey=listed), other)).verdict is Verdict.VALID
    wrong = a.verify(unnamed, a.trust(a.profile(publicKey=[other["id"]]), other))
    assert _outcome(wrong, PROOF) == (Outcome.FAILED, Reason.SIGNATURE_WRONG)


def test_key_embedded_in_a_profile_is_named_by_its_fragment() -> None:
    """The identifier need not be an address of its own."""
    key_id = f"{a.ISSUER}#key"
    embedded = {**a.key(), "id": key_id}
    token = a.jws(_signed(verification={"type": "signed", "creator": key_id}))
    assert a.verify(token, a.trust(a.profile(publicKey=embedded))).verdict is Verdict.VALID


def test_profile_with_too_many_keys_is_not_tried_out() -> None:
    """Eight are more than anybody needs."""
    many = [f"{a.ISSUER}/keys/{number}" for number in range(9)]
    report = a.verify(a.jws(_signed(verification={"type": "signed"})), a.trust(a.profile(publicKey=many)))
    assert _outcome(report, PROOF) == (Outcome.NOT_CHECKED, Reason.KEY_UNSUPPORTED)


# --- status, validity, recognition


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([], (Outcome.PASSED, None)),
        (a.SIGNED, (Outcome.FAILED, Reason.REVOKED)),
        ([a.REVOKED, {"uid": "abc"}, {"id": a.SIGNED}], (Outcome.FAILED, Reason.REVOKED)),
        ([{"id": a.SIGNED, "revoked": False}], (Outcome.PASSED, None)),
        ([1], (Outcome.FAILED, Reason.STATUS_LIST_MALFORMED)),
        ([{"revocationReason": "?"}], (Outcome.FAILED, Reason.STATUS_LIST_MALFORMED)),
    ],
)
def test_status_is_read_from_the_list_of_revocations(entries: Any, expected: Any) -> None:
    """As texts and as objects, one or several."""
    known = a.trust(a.revocations(revokedAssertions=entries))
    assert _outcome(a.verify(a.jws(_signed()), known), STATUS) == expected


def test_status_list_of_another_kind_or_issuer_is_not_taken() -> None:
    """A list that is none, and a list that is somebody else's."""
    wrong = a.verify(a.jws(_signed()), a.trust(a.revocations(type="BadgeClass")))
    assert _outcome(wrong, STATUS) == (Outcome.FAILED, Reason.STATUS_LIST_MALFORMED)
    foreign = a.verify(a.jws(_signed()), a.trust(a.revocations(issuer=f"{EVIL}/o")))
    assert _outcome(foreign, STATUS) == (Outcome.NOT_CHECKED, Reason.STATUS_ISSUER_DIFFERS)


def test_status_without_a_list_passes() -> None:
    """Source: Open Badges 2.0, section "SignedBadge Verification", step 7: "if present"."""
    assert a.verify(a.jws(_signed()), a.trust(a.profile(revocationList=None))).verdict is Verdict.VALID


def test_status_of_a_hosted_badge_stands_in_the_badge() -> None:
    """Stripped to `revoked` or whole, with or without the file's details."""
    stripped = {"id": a.HOSTED, "revoked": True, "revocationReason": "Erreur"}
    for served in (stripped, a.assertion(revoked=True)):
        report = a.verify(a.assertion(), a.trust(served))
        assert _outcome(report, STATUS) == (Outcome.FAILED, Reason.REVOKED)
        assert (report.verdict, report.credential.achievement_name) == (Verdict.INVALID, "Travail en équipe")


def test_status_that_a_file_declares_of_itself_counts() -> None:
    """Who signs `revoked` means it."""
    assert _outcome(a.verify(a.jws(_signed(revoked=True))), STATUS) == (Outcome.FAILED, Reason.REVOKED)


def test_status_says_for_which_moment_it_is_known() -> None:
    """That of the served Assertion, or of the list; nothing where neither was had."""
    known = replace(a.trust(), as_of=f.ISSUED)
    assert a.verify(a.assertion(), known).status_as_of == f.ISSUED
    assert a.verify(a.jws(_signed()), known).status_as_of == f.ISSUED
    assert a.verify(a.jws(_signed()), replace(a.trust(without=(a.REVOCATIONS,)), as_of=f.ISSUED)).status_as_of is None
    assert a.verify(a.assertion(), a.trust()).status_as_of is None


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, (Outcome.PASSED, None)),
        ({"expires": "2026-11-21T09:00:00Z"}, (Outcome.PASSED, None)),
        ({"expires": "2026-11-21T08:59:59Z"}, (Outcome.FAILED, Reason.EXPIRED)),
        ({"issuedOn": "2026-11-21T09:00:01Z"}, (Outcome.FAILED, Reason.NOT_YET_VALID)),
        ({"expires": "2020-01-01T00:00:00Z"}, (Outcome.FAILED, Reason.DATES_REVERSED)),
        ({"issuedOn": "jamais"}, (Outcome.NOT_CHECKED, Reason.NOT_REACHED)),
    ],
)
def test_validity_is_between_the_two_dates(changes: a.Node, expected: Any) -> None:
    """The first and the last moment are within."""
    assert _outcome(a.verify(a.jws(_signed(**changes))), VALIDITY) == expected


def test_issuer_is_recognised_by_the_address_of_its_profile() -> None:
    """Known, unknown, and known for something else."""
    assert _outcome(a.verify(a.assertion()), RECOGNISED) == (Outcome.PASSED, None)
    unknown = a.verify(a.assertion(), a.trust(recognitions=()))
    assert _outcome(unknown, RECOGNISED) == (Outcome.NOT_CHECKED, Reason.ISSUER_UNKNOWN)
    elsewhere = a.assertion(badge=f"{a.ISSUER}/r/autre/1/equipe")
    badge = a.badge_class(id=f"{a.ISSUER}/r/autre/1/equipe")
    report = a.verify(elsewhere, a.trust(elsewhere, badge))
    assert _outcome(report, RECOGNISED) == (Outcome.NOT_CHECKED, Reason.RECOGNITION_NOT_COVERING)


# --- every leaf


def _leaves(node: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    members = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    found = [leaf for key, value in members for leaf in _leaves(value, (*path, key))]
    return found or [path]


def _with(node: Any, path: tuple[str | int, ...], value: Any) -> Any:
    if not path:
        return value
    if isinstance(node, dict):
        return {key: _with(each, path[1:], value) if key == path[0] else each for key, each in node.items()}
    return [_with(each, path[1:], value) if place == path[0] else each for place, each in enumerate(node)]


WHOLE = a.assertion(badge=a.badge_class())
WHOLE_SIGNED = _signed(badge=a.badge_class())
VALUES = ("autre", "https://evil.example/", True, None, 7, [])


@pytest.mark.parametrize("path", _leaves(WHOLE), ids=lambda path: "-".join(map(str, path)))
def test_no_changed_leaf_of_a_hosted_badge_reaches_the_reader(path: tuple[str | int, ...]) -> None:
    """Refused, or shown as its issuer serves it."""
    known = a.trust(WHOLE)
    untouched = a.verify(WHOLE, known).credential
    for value in VALUES:
        try:
            report = a.verify(_with(WHOLE, path, value), known)
        except Unreadable:
            continue
        assert report.verdict is not Verdict.VALID or report.credential == untouched


@pytest.mark.parametrize("path", _leaves(WHOLE_SIGNED), ids=lambda path: "-".join(map(str, path)))
def test_no_changed_leaf_of_a_signed_badge_is_valid(path: tuple[str | int, ...]) -> None:
    """The signature is over all of it."""
    header, _payload, signature = a.jws(WHOLE_SIGNED).split(b".")
    for value in VALUES:
        changed = _with(WHOLE_SIGNED, path, value)
        if changed == WHOLE_SIGNED:
            continue
        payload = a.jws(changed).split(b".")[1]
        try:
            report = a.verify(b".".join([header, payload, signature]))
        except Unreadable:
            continue
        assert report.verdict is not Verdict.VALID


# --- bounds, and what is not read


def test_walk_asks_for_few_documents_each_once() -> None:
    """Whatever points at whatever, nobody is asked without end."""
    asked: list[str] = []

    class Endless:
        def document(self, url: str) -> bytes | None:
            asked.append(url)
            return a.written({**a.profile(), "id": f"{url}x", "publicKey": [f"{url}y{n}" for n in range(8)]})

    presented = walk.Presented("jwt", _signed(verification={"type": "signed"}), None, Kind.OPEN_BADGE_2)
    walk.walk(presented, Endless(), a.trust(), f.NOW)
    assert len(asked) == len(set(asked)) <= walk.MAX_PARTS


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'{"@context": "https://w3id.org/openbadges/v1", "verify": {}}', Reason.OPEN_BADGES_1),
        (b'{"uid": "abc", "verify": {"type": "hosted"}, "badge": "https://a.example/"}', Reason.OPEN_BADGES_1),
        (a.written(a.badge_class()), Reason.NOT_A_CREDENTIAL),
        (a.written(a.profile()), Reason.NOT_A_CREDENTIAL),
        (f.png((b"tEXt", b"openbadges\0un texte")), Reason.FORMAT_UNKNOWN),
        (f.png(*[(b"iTXt", b"openbadges\0\0\0\0\0{}")] * 2), Reason.PNG_BAKED_TWICE),
        (
            f.png((b"iTXt", b"openbadges\0\0\0\0\0{}"), (b"iTXt", b"openbadgecredential\0\0\0\0\0{}")),
            Reason.PNG_BAKED_TWICE,
        ),
    ],
)
def test_what_is_no_badge_of_this_version_is_unreadable(data: bytes, reason: Reason) -> None:
    """Older badges, parts without an Assertion, pictures with two."""
    with pytest.raises(Unreadable) as caught:
        a.verify(data)
    assert caught.value.reason is reason


# --- somebody else's samples


def _site(**renamed: str) -> dict[str, bytes]:
    """The samples' documents, each at the address its file stands for and at the one it calls itself by."""
    found: dict[str, bytes] = {}
    for path in sorted((vectors.FOLDER / "ob2-samples" / "assets").glob("*.json")):
        named = json.loads(path.read_bytes()).get("id", "")
        for scheme in ("http", "https"):
            found.setdefault(f"{scheme}://example.org/{path.name}", path.read_bytes())
        if named.startswith("http"):
            found.setdefault(named, path.read_bytes())
    for address, name in renamed.items():
        found[f"http://example.org/{address}"] = (vectors.FOLDER / "ob2-samples" / "assets" / name).read_bytes()
    return found


def _sample(path: str) -> Report:
    data = (vectors.FOLDER / "ob2-samples" / path).read_bytes()
    node = json.loads(data)
    variant = path.removeprefix("basic-assertion-with-allowed-origins").removesuffix(".json")
    own = {"issuer-with-allowed-origins": f"issuer-with-allowed-origins{variant}.json"} if "allowed" in path else {}
    documents = {**_site(**own), node.get("id", ""): data}
    return a.verify(data, f.TrustBundle(documents=documents), policy=Policy.AUTHENTIC)


@vectors.needed
@pytest.mark.parametrize(
    ("path", "check", "reason"),
    [
        ("basic-assertion.json", None, None),
        ("basic-assertion-no-public-key.json", None, None),
        ("basic-assertion-with-language.json", None, None),
        ("basic-assertion-with-allowed-origins.json", None, None),
        ("basic-assertion-with-allowed-origins-valid-starts-with.json", None, None),
        ("basic-assertion-with-allowed-origins-valid-multiple-starts-with.json", None, None),
        ("assertion-with-data-image.json", None, None),
        ("assertion-with-endorsements.json", None, None),
        ("warning-with-redirection.json", None, None),
        ("basic-assertion-expired.json", VALIDITY, Reason.EXPIRED),
        ("basic-assertion-expired-before-issued.json", VALIDITY, Reason.DATES_REVERSED),
        ("basic-assertion-in-future.json", VALIDITY, Reason.NOT_YET_VALID),
        ("basic-assertion-invalid-context.json", STRUCTURE, Reason.CONTEXT_MISSING),
        ("basic-assertion-invalid-type.json", STRUCTURE, Reason.TYPE_WRONG),
        ("basic-assertion-with-allowed-origins-invalid-starts-with.json", KEY, Reason.HOST_NOT_OF_ISSUER),
        ("basic-assertion-with-allowed-origins-invalid-multiple-starts-with.json", KEY, Reason.HOST_NOT_OF_ISSUER),
        ("warning-issuer-non-http.json", KEY, Reason.DID_METHOD_UNSUPPORTED),
        ("assertion-with-extension-node-invalid.json", STRUCTURE, Reason.CONTEXT_UNKNOWN),
        # Hosted at http://example.org by an issuer at https://example.org: another origin.
        ("assertion-with-extension-node-basic.json", KEY, Reason.HOST_NOT_OF_ISSUER),
        ("assertion-with-multiple-extensions.json", KEY, Reason.HOST_NOT_OF_ISSUER),
    ],
)
def test_sample_is_judged_as_its_name_says(path: str, check: CheckName | None, reason: Reason | None) -> None:
    """The hosted samples of 1EdTech's validator, with everything they point at."""
    report = _sample(path)
    if check is None:
        assert (report.verdict, [one.reason for one in report.checks[:5]]) == (Verdict.VALID, [None] * 5)
    else:
        assert report.verdict is not Verdict.VALID
        assert report.check(check).reason is reason


@vectors.needed
@pytest.mark.parametrize("name", ["valid-cool-class", "badge-class-invalid-issuer-type", "valid-issuer-extension"])
def test_sample_that_is_only_a_part_is_no_badge(name: str) -> None:
    """A BadgeClass or an issuer alone says nothing of anybody."""
    with pytest.raises(Unreadable):
        _sample(f"rdf-validation/{name}.json")


@vectors.needed
@pytest.mark.parametrize(
    ("name", "good"),
    [
        ("valid-issuer-extension", True),
        ("invalid-class", False),
        ("invalid-empty-type", False),
        ("invalid-one-invalid-class", False),
    ],
)
def test_sample_of_types_is_judged_as_its_name_says(name: str, good: bool) -> None:
    """Beside the classes of the standard, only IRIs are types."""
    node = vectors.read(f"ob2-samples/rdf-validation/{name}.json")
    try:
        ob2.check_profile(node)
    except Defect:
        assert not good
    else:
        assert good


@vectors.needed
@pytest.mark.parametrize("name", ["key1", "key2", "key3"])
def test_sample_of_a_key_is_read(name: str) -> None:
    """Keys as the validator's authors write them."""
    public = ob2.public_key_of(vectors.read(f"ob2-samples/assets/{name}.json"))
    assert signatures.kind_of(public) is KeyKind.RSA


@vectors.needed
def test_sample_of_a_revocation_list_is_read() -> None:
    """Three spellings of an entry, and none."""
    revocations = vectors.read("ob2-samples/assets/revocation-list.json")
    for listed in (
        "https://example.org/beths-robotics-badge-revoked.json",
        "urn:uuid:6deb4a00-ebce-4b28-8cc2-afa705ef7be4",
    ):
        assert ob2.is_listed(listed, revocations)
    assert not ob2.is_listed("urn:uuid:00000000-0000-0000-0000-000000000000", revocations)
    assert not ob2.is_listed("urn:x", vectors.read("ob2-samples/assets/empty-revocation-list.json"))


# --- another library


def _foreign(id_: str, kind: str, **changes: Any) -> Assertion:
    return Assertion(
        id=id_,
        recipient=IdentityObject.create("a@example.com", "Kosher"),
        badge=a.BADGE,
        verification=Verification(type=kind, creator=a.KEY_ID if kind == "SignedBadge" else None),
        issued_on=f.ISSUED,
        **changes,
    )


def test_badges_of_another_library_are_verified_by_ours() -> None:
    """Signed as a token, in both kinds of picture, and hosted."""
    signer = OB2Signer(a.KEY)
    signed = _foreign(a.SIGNED, "SignedBadge")
    svg = f.SVG.replace(b"<svg ", b'<svg width="1" height="1" ')
    for data in (
        signer.sign(signed).encode(),
        signer.sign_into_png(signed, f.png()),
        signer.sign_into_svg(signed, svg),
    ):
        assert a.verify(data).verdict is Verdict.VALID
    hosted = _foreign(a.HOSTED, "HostedBadge").to_dict()
    assert a.verify(hosted, a.trust(hosted)).verdict is Verdict.VALID


def test_badges_of_ours_are_verified_by_another_library() -> None:
    """Hosted and signed, taken back and not."""
    verifier = OB2Verifier(download=lambda url: a.served()[url])
    assert verifier.verify_hosted(a.assertion()).badge == a.BADGE
    assert verifier.verify(a.jws(_signed()).decode(), check_revocation=True).id == a.SIGNED
    with pytest.raises(OB2VerificationError, match=r"(?i)revoked"):
        verifier.verify(a.jws(a.assertion(a.REVOKED)).decode(), check_revocation=True)
    with pytest.raises(OB2VerificationError):
        verifier.verify(a.jws(_signed(), OTHER).decode())


def test_key_of_an_unsupported_kind_is_left_open() -> None:
    """A key for agreeing on secrets signs nothing."""
    body = "MCowBQYDK2VuAyEAhSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo="
    pem = f"-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n"
    with pytest.raises(Undecided) as caught:
        ob2.public_key_of({"publicKeyPem": pem})
    assert caught.value.reason is Reason.KEY_UNSUPPORTED
