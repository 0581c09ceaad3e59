"""The kinds of document beside badges: opened, judged by their own rules, and what they hold judged apart."""

import copy
import json
from typing import Any

import pytest

from tests.verify import factory as f
from tests.verify import kinds as k
from verify import CheckName, Kind, Outcome, Policy, Reason, Report, Verdict, contents
from verify.checks import structure
from verify.intake import Presented, read
from verify.standards.cryptosuites import SecuredDocument
from verify.standards.documents import CREDENTIALS_V1, CREDENTIALS_V2, OPEN_BADGES


def _reasons(report: Report) -> list[Reason]:
    passing = (Reason.NOT_REACHED, Reason.NOT_APPLICABLE)
    return [check.reason for check in report.checks if check.reason is not None and check.reason not in passing]


def _structure(document: dict[str, Any], kind: Kind) -> Reason | None:
    return structure.check(Presented("json", document, None, kind), SecuredDocument(document)).reason


@pytest.mark.parametrize(
    ("document", "kind"),
    [
        (f.credential(), Kind.OPEN_BADGE_3),
        (f.credential(type=["VerifiableCredential", "AchievementCredential"]), Kind.OPEN_BADGE_3),
        (k.badge_of_1_1(), Kind.OPEN_BADGE_3),
        (k.endorsement(), Kind.ENDORSEMENT),
        (k.clr([]), Kind.CLR),
        (k.clr([], type=["VerifiableCredential", "OpenBadgeCredential", "ClrCredential"]), Kind.CLR),
        (k.presentation([]), Kind.PRESENTATION),
        (k.plain(), Kind.CREDENTIAL),
    ],
)
def test_intake_tells_the_kind_by_the_type(document: dict[str, Any], kind: Kind) -> None:
    """Whatever else a document calls itself."""
    assert read(f.written(document)).kind is kind


def test_an_endorsement_alone_is_a_document_of_its_own() -> None:
    """It can be valid, and its words are shown."""
    report = k.verify(k.by_university(k.endorsement()))
    assert (report.verdict, report.kind) == (Verdict.VALID, Kind.ENDORSEMENT)
    assert report.credential.endorsement_comment == "Nous tenons compte de ce badge à l’entrée en licence."
    assert report.credential.holder_id == k.BADGE_ID


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"@context": [CREDENTIALS_V2]}, Reason.CONTEXT_MISSING),
        ({"type": ["VerifiableCredential"]}, Reason.TYPE_MISSING),
        ({"id": None}, Reason.ID_INVALID),
        ({"name": None}, Reason.NAME_INVALID),
        ({"validFrom": None}, Reason.DATE_MISSING),
        ({"credentialSubject": {"id": "urn:a:b", "type": ["AchievementSubject"]}}, Reason.SUBJECT_INVALID),
        ({"credentialSubject": {"type": ["EndorsementSubject"]}}, Reason.SUBJECT_INVALID),
        (
            {"credentialSubject": {"id": "urn:a:b", "type": ["EndorsementSubject"], "endorsementComment": 7}},
            Reason.SUBJECT_INVALID,
        ),
    ],
)
def test_structure_of_an_endorsement_fails_what_breaks_a_rule(changes: dict[str, Any], reason: Reason) -> None:
    """Source: Open Badges 3.0, appendix B.1.7."""
    assert _structure(k.endorsement(), Kind.ENDORSEMENT) is None
    assert _structure(k.endorsement(**changes), Kind.ENDORSEMENT) is reason


def _endorsed_at(*path: str) -> dict[str, Any]:
    document = f.credential()
    node = document
    for step in path:
        node = node[step]
    node["endorsement"] = [k.by_university(k.endorsement(node["id"]))]
    return f.sign(document)


@pytest.mark.parametrize("path", [(), ("issuer",), ("credentialSubject", "achievement")], ids=str)
def test_endorsements_are_found_where_they_may_stand(path: tuple[str, ...]) -> None:
    """On the credential, on its issuer and on its achievement."""
    report = k.verify(_endorsed_at(*path))
    assert report.verdict is Verdict.VALID
    assert [endorsement.verdict for endorsement in report.endorsements] == [Verdict.VALID]


def test_a_bad_endorsement_neither_spoils_the_badge_nor_passes_for_good() -> None:
    """Forged, about something else, by an unknown hand, or no endorsement at all."""
    good = k.by_university(k.endorsement())
    stranger = f.sign(k.endorsement(issuer={"id": f.STRANGER, "type": ["Profile"]}), method=f.STRANGER + "#cle-1")
    strange = [k.forged(good), k.by_university(k.endorsement("urn:a:b")), stranger, k.by_university(k.plain())]
    report = k.verify(k.badge(endorsement=strange))
    assert report.verdict is Verdict.VALID
    assert [_reasons(each)[0] for each in report.endorsements] == [
        Reason.SIGNATURE_WRONG,
        Reason.ENDORSEMENT_OF_ANOTHER,
        Reason.KEY_UNREACHABLE,
        Reason.ENDORSEMENT_OF_ANOTHER,
    ]
    assert Verdict.VALID not in {each.verdict for each in report.endorsements}


def test_endorsements_beyond_twenty_are_not_looked_at_and_this_is_noted() -> None:
    """The work that a badge can ask for is bounded; what was left out is said."""
    many = [k.endorsement(id=f"urn:uuid:{number}") for number in range(21)]
    payload = {**f.claims(f.credential()), "endorsement": many}
    report = k.verify(f.jwt(payload))
    assert report.verdict is Verdict.VALID
    assert len(report.endorsements) == 20
    assert report.notes == (Reason.TOO_MANY_ENDORSEMENTS,)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"@context": [CREDENTIALS_V2, OPEN_BADGES]}, Reason.CONTEXT_MISSING),
        ({"@context": [CREDENTIALS_V2, k.CLR]}, Reason.CONTEXT_MISSING),
        ({"name": None}, Reason.NAME_INVALID),
        ({"issuer": {"id": k.UNIVERSITY, "name": "Université"}}, Reason.NESTED_TYPE_MISSING),
    ],
)
def test_structure_of_a_record_fails_what_breaks_a_rule(changes: dict[str, Any], reason: Reason) -> None:
    """Source: Comprehensive Learner Record 2.0, section B.1."""
    assert _structure(k.clr([k.badge()]), Kind.CLR) is None
    assert _structure(k.clr([k.badge()], **changes), Kind.CLR) is reason


@pytest.mark.parametrize(
    ("subject", "reason"),
    [
        ({"type": ["AchievementSubject"]}, Reason.SUBJECT_INVALID),
        ({"id": None}, Reason.RECIPIENT_MISSING),
        ({"achievement": [{"id": "urn:a:b", "type": ["Achievement"]}]}, Reason.ACHIEVEMENT_INVALID),
        ({"verifiableCredential": []}, Reason.MEMBERS_MISSING),
        ({"verifiableCredential": ["urn:a:b"]}, Reason.MEMBER_INVALID),
        ({"association": [{"associationType": "isPartOf"}]}, Reason.NESTED_TYPE_MISSING),
        ({"association": [{"type": "Association", "associationType": "isPartOf"}]}, Reason.ASSOCIATION_INVALID),
    ],
)
def test_structure_of_a_record_fails_a_subject_that_breaks_a_rule(subject: dict[str, Any], reason: Reason) -> None:
    """One member at a time."""
    document = k.clr([k.badge()])
    document["credentialSubject"].update(subject)
    kept = {name: value for name, value in document["credentialSubject"].items() if value is not None}
    assert _structure({**document, "credentialSubject": kept}, Kind.CLR) is reason


def test_a_record_has_its_own_verdict_and_each_member_its_own() -> None:
    """The university signs the collection; it is not made to answer for a badge that somebody changed."""
    bad = {**k.second_badge(), "name": "Expertise"}
    report = k.verify(k.by_university(k.clr([k.badge(), bad])))
    assert (report.kind, report.verdict) == (Kind.CLR, Verdict.VALID)
    assert [(member.kind, member.verdict) for member in report.members] == [
        (Kind.OPEN_BADGE_3, Verdict.VALID),
        (Kind.OPEN_BADGE_3, Verdict.INVALID),
    ]
    assert _reasons(report.members[1]) == [Reason.SIGNATURE_WRONG]
    assert json.loads(json.dumps(report.to_json()))["members"][1]["verdict"] == "invalid"


def test_a_member_taken_out_of_a_record_breaks_its_signature() -> None:
    """What the record holds is part of what the university signed."""
    signed = k.by_university(k.clr([k.badge(), k.second_badge()]))
    cut = copy.deepcopy(signed)
    cut["credentialSubject"]["verifiableCredential"].pop()
    assert _reasons(k.verify(cut)) == [Reason.SIGNATURE_WRONG]


def test_a_record_of_another_issuer_is_undetermined_and_its_members_are_not() -> None:
    """Each document is judged by who signed it."""
    profile = {"id": k.HOLDER, "type": ["Profile"], "name": "Aïcha"}
    report = k.verify(f.sign(k.clr([k.badge()], issuer=profile), k.HOLDER_KEY, k.HOLDER_METHOD))
    assert (report.verdict, _reasons(report)) == (Verdict.UNDETERMINED, [Reason.ISSUER_UNKNOWN])
    assert report.members[0].verdict is Verdict.VALID


@pytest.mark.parametrize("newer", [True, False])
def test_a_presentation_is_signed_by_its_holder(*, newer: bool) -> None:
    """On either version of the data model; what does not apply to a presentation is said to."""
    document = k.presentation([k.badge()])
    if not newer:
        document["@context"] = [CREDENTIALS_V1, "https://w3id.org/security/data-integrity/v2"]
        document["verifiableCredential"] = [f.sign(k.badge_of_1_1())]
    report = k.verify(k.by_holder(document), challenge=k.CHALLENGE, domain="employeur.example")
    assert (report.kind, report.verdict) == (Kind.PRESENTATION, Verdict.VALID)
    assert [member.verdict for member in report.members] == [Verdict.VALID]
    for name in (CheckName.STATUS, CheckName.VALIDITY, CheckName.ISSUER_RECOGNISED):
        assert (report.check(name).outcome, report.check(name).reason) == (
            Outcome.NOT_CHECKED,
            Reason.NOT_APPLICABLE,
        )


@pytest.mark.parametrize(
    ("asked", "proof", "reason"),
    [
        ({"challenge": "autre"}, {}, Reason.PROOF_CHALLENGE_WRONG),
        ({"domain": "ailleurs.example"}, {}, Reason.PROOF_DOMAIN_WRONG),
        ({}, {"proofPurpose": "assertionMethod"}, Reason.PROOF_PURPOSE_WRONG),
        ({"domain": "a.example"}, {"domain": ["a.example", "b.example"]}, Reason.PROOF_DOMAIN_WRONG),
        ({"domain": "a.example"}, {"domain": ["a.example"]}, None),
        ({"challenge": k.CHALLENGE}, {}, None),
        ({}, {}, None),
    ],
)
def test_a_presentation_answers_what_was_asked(
    asked: dict[str, Any], proof: dict[str, Any], reason: Reason | None
) -> None:
    """A signature made for another site, another time or another purpose is none for this one."""
    report = k.verify(k.by_holder(k.presentation([k.badge()]), **proof), **asked)
    assert report.check("proof").reason is reason


def test_a_presentation_signed_by_somebody_else_is_not_the_holders() -> None:
    """Whoever holds a copy of a badge cannot present it as its holder."""
    stolen = f.sign(k.presentation([k.badge()]), f.KEY, f.METHOD, proofPurpose="authentication")
    assert _reasons(k.verify(stolen)) == [Reason.KEY_NOT_OF_ISSUER]


def test_a_presentation_without_a_holder_is_whoevers_signed_it() -> None:
    """Nobody is named, so nobody is impersonated."""
    unnamed = k.by_holder(k.presentation([k.badge()], holder=None))
    assert k.verify(unnamed).verdict is Verdict.VALID


@pytest.mark.parametrize("policy", [Policy.RECOGNISED, Policy.AUTHENTIC, Policy.ANY_CREDENTIAL])
def test_a_badge_that_calls_itself_a_presentation_is_signed_by_its_issuer_all_the_same(policy: Policy) -> None:
    """Otherwise whoever presents could write a badge of anybody's into the presentation itself."""
    written = {**f.credential(credentialStatus=None), "type": ["VerifiablePresentation", "VerifiableCredential"]}
    report = k.verify(k.by_holder({**written, "holder": k.HOLDER}), policy)
    assert (report.kind, report.verdict) == (Kind.CREDENTIAL, Verdict.INVALID)
    assert report.check("key_controlled").reason is Reason.KEY_NOT_OF_ISSUER


def test_an_unsigned_presentation_is_worth_what_the_policy_says() -> None:
    """It shows what is in it, and not who shows it."""
    unsigned = k.presentation([k.badge()])
    report = k.verify(unsigned)
    assert (report.verdict, _reasons(report)) == (Verdict.UNDETERMINED, [Reason.PRESENTATION_UNSIGNED])
    assert report.members[0].verdict is Verdict.VALID
    assert k.verify(unsigned, Policy.ANY_CREDENTIAL).verdict is Verdict.VALID
    assert k.verify(k.presentation([]), Policy.ANY_CREDENTIAL).verdict is Verdict.VALID


def test_a_presentation_of_nothing_shows_nothing() -> None:
    """Signed by anybody's key, it must not look like a good badge; the data model allows it all the same."""
    empty = k.by_holder(k.presentation([]))
    report = k.verify(empty)
    assert report.verdict is Verdict.UNDETERMINED
    assert report.check("structure").reason is Reason.PRESENTATION_EMPTY
    assert k.verify(empty, Policy.ANY_CREDENTIAL).verdict is Verdict.VALID


@pytest.mark.parametrize("policy", [Policy.RECOGNISED, Policy.ANY_CREDENTIAL])
def test_a_presentation_is_worth_no_more_than_its_worst_member(policy: Policy) -> None:
    """One forged badge, and the whole is refused."""
    bad = {**k.second_badge(), "name": "Expertise"}
    report = k.verify(k.by_holder(k.presentation([k.badge(), bad])), policy)
    assert (report.verdict, _reasons(report)) == (Verdict.INVALID, [])


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"@context": [OPEN_BADGES, CREDENTIALS_V2]}, Reason.CONTEXT_ORDER),
        ({"@context": None}, Reason.CONTEXT_MISSING),
        ({"type": ["Presentation"]}, Reason.TYPE_MISSING),
        ({"id": "presentation-1"}, Reason.ID_INVALID),
        ({"holder": "Aïcha"}, Reason.HOLDER_INVALID),
        ({"holder": {"name": "Aïcha"}}, Reason.HOLDER_INVALID),
        ({"holder": ["urn:a:b", "urn:a:c"]}, Reason.HOLDER_INVALID),
        ({"verifiableCredential": ["eyJ.eyJ.x"]}, Reason.MEMBER_INVALID),
        ({"verifiableCredential": [7]}, Reason.MEMBER_INVALID),
        ({"termsOfUse": {"id": "urn:a:b"}}, Reason.NESTED_TYPE_MISSING),
    ],
)
def test_structure_of_a_presentation_fails_what_breaks_a_rule(changes: dict[str, Any], reason: Reason) -> None:
    """Source: Verifiable Credentials Data Model 2.0, section 4.13."""
    assert _structure(k.presentation([k.badge()]), Kind.PRESENTATION) is None
    assert _structure(k.presentation([k.badge()], **changes), Kind.PRESENTATION) is reason


def test_no_more_than_fifty_members_are_looked_at_and_this_leaves_the_question_open() -> None:
    """A document that holds more is not called valid for the part that was read."""
    many = k.presentation([k.plain(id=f"urn:uuid:{number}") for number in range(51)])
    report = k.verify(many, Policy.ANY_CREDENTIAL)
    assert len(report.members) == 50
    assert report.check("structure").reason is Reason.TOO_MANY_MEMBERS


def test_no_more_is_opened_once_the_time_is_spent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fifty documents that each keep to their own bounds do not add up to many seconds, nor to a verdict."""
    monkeypatch.setattr(contents, "MAX_SECONDS", -1.0)
    report = k.verify(k.by_holder(k.presentation([k.badge()])))
    assert (report.verdict, report.members) == (Verdict.UNDETERMINED, ())
    assert report.check("structure").reason is Reason.TOO_MANY_MEMBERS
    endorsed = k.verify(k.badge(endorsement=[k.by_university(k.endorsement())]))
    assert (endorsed.verdict, endorsed.endorsements) == (Verdict.VALID, ())
    assert endorsed.notes == (Reason.TOO_MANY_ENDORSEMENTS,)


def test_members_are_opened_two_deep_and_no_deeper() -> None:
    """A presentation of a record of badges is read to the end; a record inside a record inside it is not."""
    subject = {"id": "urn:a:b", "type": ["ClrSubject"]}
    inner = k.clr([k.badge()])
    outer = k.clr([inner], id="urn:a:c", credentialSubject={**subject, "verifiableCredential": [inner]})
    report = k.verify(k.presentation([outer]), Policy.ANY_CREDENTIAL)
    assert report.members[0].members[0].kind is Kind.CLR
    assert report.members[0].members[0].members == ()
    assert Reason.TOO_MANY_MEMBERS in _reasons(report.members[0].members[0])


def test_a_credential_of_no_kind_of_its_own_is_judged_where_the_policy_accepts_it() -> None:
    """A badge is asked for, or any credential."""
    document = k.by_university(k.plain())
    assert k.verify(document, Policy.ANY_CREDENTIAL).verdict is Verdict.VALID
    report = k.verify(document)
    assert (report.verdict, _reasons(report)) == (Verdict.UNDETERMINED, [Reason.KIND_NOT_ACCEPTED])
    broken = k.verify({**document, "credentialSubject": {}})
    assert broken.verdict is Verdict.INVALID


def test_a_policy_may_ask_for_badges_alone() -> None:
    """Nothing else is then called valid, nor invalid where it is as it should be."""
    badges = Policy(Policy.AUTHENTIC.required, frozenset({Kind.OPEN_BADGE_3}))
    assert k.verify(k.badge(), badges).verdict is Verdict.VALID
    for document in (k.by_university(k.endorsement()), k.by_holder(k.presentation([k.badge()]))):
        report = k.verify(document, badges)
        assert (report.verdict, _reasons(report)) == (Verdict.UNDETERMINED, [Reason.KIND_NOT_ACCEPTED])


@pytest.mark.parametrize("media", ["application/vc+jwt", "application/jwt", "application/vc-ld+jwt;base64url"])
def test_an_envelope_is_opened(media: str) -> None:
    """What is inside is what is judged, with the signature of the token."""
    token = k.token(k.endorsement(), typ="vc+jwt")
    report = k.verify(k.envelope(token, media=media))
    assert (report.kind, report.verdict) == (Kind.ENDORSEMENT, Verdict.VALID)
    header, payload, signature = token.split(".")
    changed = k.envelope(".".join([header, payload, ("A" if signature[0] != "A" else "B") + signature[1:]]))
    assert k.verify(changed).verdict is not Verdict.VALID
    member = k.presentation([k.envelope(token, media=media)])
    assert k.verify(member, Policy.ANY_CREDENTIAL).members[0].verdict is Verdict.VALID


@pytest.mark.parametrize(
    ("claims", "verdict", "reasons"),
    [
        ({"exp": f.NOW.timestamp() + 1, "nbf": f.NOW.timestamp()}, Verdict.VALID, []),
        ({"exp": f.NOW.timestamp()}, Verdict.INVALID, [Reason.PROOF_EXPIRED]),
        ({"nbf": f.NOW.timestamp() + 3600}, Verdict.UNDETERMINED, [Reason.PROOF_IN_FUTURE]),
        ({"exp": "demain"}, Verdict.INVALID, [Reason.JWT_CLAIMS_DIFFER]),
        ({"exp": True}, Verdict.INVALID, [Reason.JWT_CLAIMS_DIFFER]),
    ],
)
def test_a_presentation_in_a_token_is_good_for_as_long_as_it_says(
    claims: dict[str, Any], verdict: Verdict, reasons: list[Reason]
) -> None:
    """An old one, kept by whoever received it, proves nothing of who shows it now."""
    document = {**k.presentation([k.badge()]), "iss": k.HOLDER, **claims}
    report = k.verify(f.jwt(document, k.HOLDER_KEY, kid=k.HOLDER_METHOD, typ="vp+jwt"))
    assert (report.verdict, _reasons(report)) == (verdict, reasons)


def test_an_enveloped_presentation_answers_with_its_claims() -> None:
    """The holder, the challenge and the domain stand in `iss`, `nonce` and `aud`."""
    claims = {"iss": k.HOLDER, "nonce": k.CHALLENGE, "aud": "employeur.example"}
    document = {**k.presentation([k.badge()]), **claims}
    token = f.jwt(document, k.HOLDER_KEY, kid=k.HOLDER_METHOD, typ="vp+jwt").decode()
    envelope = k.envelope(token, "EnvelopedVerifiablePresentation", "application/vp+jwt")
    assert k.verify(envelope, challenge=k.CHALLENGE, domain="employeur.example").verdict is Verdict.VALID
    assert _reasons(k.verify(envelope, challenge="autre")) == [Reason.PROOF_CHALLENGE_WRONG]
    other = f.jwt({**document, "iss": k.UNIVERSITY}, k.HOLDER_KEY, kid=k.HOLDER_METHOD, typ="vp+jwt")
    assert _reasons(k.verify(other)) == [Reason.JWT_CLAIMS_DIFFER]
