"""Is it an Open Badges 3.0 credential? Each rule passing, failing, and where it cannot be asked."""

import copy
from typing import Any

import pytest

from tests.verify import factory as f
from verify.checks import structure
from verify.intake import Presented
from verify.reasons import Reason
from verify.report import Check, Outcome
from verify.standards.cryptosuites import SecuredDocument
from verify.standards.documents import CREDENTIALS_V1
from verify.standards.vc_jwt import Token

A = "credentialSubject/achievement"


def _check(credential: dict[str, Any]) -> Check:
    return structure.check(Presented("json", credential, None), SecuredDocument(credential))


def _with(path: str, value: Any) -> dict[str, Any]:
    """A good credential with one member replaced; `None` leaves it out."""
    credential = f.credential()
    node: Any = credential
    *steps, last = (int(step) if step.isdigit() else step for step in path.split("/"))
    for step in steps:
        node = node[step]
    if value is None:
        del node[last]
    else:
        node[last] = value
    return credential


ELSEWHERE = [
    f.credential()["credentialSubject"]["achievement"]["resultDescription"][0],
    {"id": "urn:a:b", "type": ["ResultDescription"], "name": "Rang", "resultType": "Status"},
]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (f"{A}/resultDescription", ELSEWHERE),
        ("credentialSubject/result/0/resultDescription", None),
        ("issuer", f.ISSUER),
        ("type", ["VerifiableCredential", "AchievementCredential"]),
        ("credentialSubject", [f.credential()["credentialSubject"]]),
        ("credentialSubject/type", "AchievementSubject"),
        ("credentialSubject/id", None),
        ("credentialSubject/identifier", None),
        ("credentialSubject/result", None),
        (f"{A}/type", "Achievement"),
        (f"{A}/criteria", {"id": "https://badges.example/criteres"}),
        (f"{A}/alignment", None),
        ("evidence", {"type": "Evidence", "name": "x"}),
        ("evidence", None),
        ("credentialStatus", None),
        ("validUntil", None),
        ("awardedDate", "2026-10-01T10:00:00+02:00"),
    ],
)
def test_structure_passes_what_the_standard_allows(path: str, value: Any) -> None:
    """What may be absent, single, several or written shorter."""
    credential = f.credential()
    credential = {**credential, path: value} if "/" not in path and value is not None else _with(path, value)
    assert _check(credential).outcome is Outcome.PASSED


def test_structure_passes_a_badge_of_the_older_data_model() -> None:
    """Verifiable Credentials 1.1: its own context and the older names of the dates."""
    old = [CREDENTIALS_V1, "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"]
    credential = f.credential(validFrom=None, validUntil=None, credentialStatus=None, name=None)
    dated = {"issuanceDate": "2026-10-01T08:00:00Z", "expirationDate": "2031-10-01T08:00:00Z"}
    assert _check({**credential, "@context": old, **dated}) == _check(f.credential())
    undated = _check({**credential, "@context": old})
    assert undated.reason is Reason.DATE_MISSING


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        ("id", 7, Reason.ID_INVALID),
        ("id", "badge-1", Reason.ID_INVALID),
        ("id", ["urn:a:b"], Reason.ID_INVALID),
        ("issuer", ["did:web:x.example"], Reason.ISSUER_INVALID),
        ("issuer", "Mission locale", Reason.ISSUER_INVALID),
        ("issuer/id", None, Reason.ISSUER_INVALID),
        ("issuer/name", {"@value": "x"}, Reason.ISSUER_INVALID),
        ("issuer/type", None, Reason.NESTED_TYPE_MISSING),
        ("type", "VerifiableCredential", Reason.TYPE_MISSING),
        ("type", ["OpenBadgeCredential"], Reason.TYPE_MISSING),
        ("type", [["VerifiableCredential"]], Reason.TYPE_WRONG),
        ("type", {}, Reason.TYPE_WRONG),
        ("credentialSubject", "Aïcha", Reason.SUBJECT_INVALID),
        ("credentialSubject", [], Reason.SUBJECT_INVALID),
        ("credentialSubject/id", "Aïcha", Reason.SUBJECT_INVALID),
        ("credentialSubject/identifier", ["x"], Reason.NESTED_TYPE_MISSING),
        ("credentialSubject/identifier/0/hashed", "true", Reason.SUBJECT_INVALID),
        ("credentialSubject/identifier/0/hashed", None, Reason.SUBJECT_INVALID),
        ("credentialSubject/identifier/0/identityHash", None, Reason.SUBJECT_INVALID),
        ("credentialSubject/achievement", "https://badges.example/r/1", Reason.ACHIEVEMENT_INVALID),
        (f"{A}/id", None, Reason.ACHIEVEMENT_INVALID),
        (f"{A}/type", ["Badge"], Reason.ACHIEVEMENT_INVALID),
        (f"{A}/name", " ", Reason.ACHIEVEMENT_INVALID),
        (f"{A}/description", None, Reason.ACHIEVEMENT_INVALID),
        (f"{A}/criteria", "Niveau 3", Reason.ACHIEVEMENT_INVALID),
        (f"{A}/criteria", {}, Reason.ACHIEVEMENT_INVALID),
        (f"{A}/alignment/0/targetUrl", "ROME", Reason.ACHIEVEMENT_INVALID),
        (f"{A}/alignment/0/type", None, Reason.NESTED_TYPE_MISSING),
        (f"{A}/resultDescription/0/type", None, Reason.NESTED_TYPE_MISSING),
        (f"{A}/resultDescription/0/name", None, Reason.RESULT_INVALID),
        (f"{A}/resultDescription/0/requiredLevel", {"id": "x"}, Reason.RESULT_INVALID),
        (f"{A}/resultDescription/0/rubricCriterionLevel/2/type", None, Reason.NESTED_TYPE_MISSING),
        ("credentialSubject/result/0/resultDescription", "https://badges.example/x", Reason.RESULT_INVALID),
        ("credentialSubject/result/0/resultDescription", {"id": "x"}, Reason.RESULT_INVALID),
        ("credentialSubject/result/0/achievedLevel", ["x"], Reason.RESULT_INVALID),
        ("credentialStatus", "https://badges.example/status/1", Reason.TYPE_WRONG),
        ("awardedDate", "2026-10-01", Reason.DATE_INVALID),
        ("validFrom", {"@value": "2026-10-01T08:00:00Z"}, Reason.DATE_INVALID),
    ],
)
def test_structure_fails_what_breaks_a_rule(path: str, value: Any, reason: Reason) -> None:
    """One member at a time, each with its reason."""
    credential = f.credential()
    credential = {**credential, path: value} if "/" not in path and value is not None else _with(path, value)
    check = _check(credential)
    assert (check.outcome, check.reason) == (Outcome.FAILED, reason)


def test_structure_is_not_checked_where_a_context_is_unknown() -> None:
    """A vocabulary we do not have is no defect."""
    credential = f.credential()
    contexts = [*credential["@context"], "https://w3id.org/vc/status-list/2021/v1"]
    found = _check({**credential, "@context": contexts})
    assert (found.outcome, found.reason) == (Outcome.NOT_CHECKED, Reason.CONTEXT_UNKNOWN)


def test_structure_says_a_broken_rule_before_an_unknown_context() -> None:
    """What is certainly wrong is said rather than what is not known."""
    contexts = [*f.credential()["@context"], "https://w3id.org/vc/status-list/2021/v1"]
    assert _check({**f.credential(), "@context": contexts, "id": 7}).reason is Reason.ID_INVALID


def test_structure_of_a_token_needs_no_canonical_form() -> None:
    """A token's signature is over its text: words that no context defines are signed all the same."""
    credential = f.claims(f.credential())
    token = Token({}, credential, b"", b"")
    check = structure.check(Presented("jwt", credential, token), SecuredDocument(credential))
    assert check.outcome is Outcome.PASSED


def test_structure_never_fails_in_another_way() -> None:
    """Every member of a badge replaced by every kind of value gives a check, not a crash."""
    good = f.sign(f.credential())
    for path in _paths(good):
        for value in (None, True, 7, 1.5, "x", "", [], {}, [[]], [{}], {"id": []}, ["x", 7]):
            changed = copy.deepcopy(good)
            node: Any = changed
            for step in path[:-1]:
                node = node[step]
            node[path[-1]] = value
            token = Token({}, changed, b"", b"")
            assert isinstance(structure.check(Presented("jwt", changed, token), SecuredDocument(changed)), Check)


def _paths(node: Any, before: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    steps = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [path for step, value in steps for path in ((*before, step), *_paths(value, (*before, step)))]
