"""Withdrawn, paused, standing, or not known: what the issuer's signed lists say."""

import copy
from collections.abc import Mapping
from typing import Any

import pytest

from tests.verify import factory as f
from verify import CheckName, Outcome, Reason, Verdict

R, S = f.REVOCATIONS, f.SUSPENSIONS
LISTS = {R: f.revocations(), S: f.suspensions()}


def _status(entry: Any, lists: Mapping[str, bytes] = LISTS) -> tuple[Outcome, Reason | None]:
    report = f.verify(f.badge(credentialStatus=entry), f.trust(status_lists=dict(lists)))
    check = report.check(CheckName.STATUS)
    return check.outcome, check.reason


def _relisted(change: Any = None, **subject: Any) -> dict[str, bytes]:
    """The lists, the first of them made anew with another subject, or changed before it is signed."""
    document = f.status_credential(R, "revocation", (f.REVOKED,), **subject)
    if change is not None:
        change(document)
    return {**LISTS, R: f.written(f.sign(document))}


STANDING = f.status_entry(f.STANDING)
PASSED = (Outcome.PASSED, None)


def _failed(reason: Reason) -> tuple[Outcome, Reason]:
    return Outcome.FAILED, reason


def _open(reason: Reason) -> tuple[Outcome, Reason]:
    return Outcome.NOT_CHECKED, reason


def _plain(index: int, purpose: str = "revocation", url: str = R, **changes: Any) -> dict[str, Any]:
    """An entry as other issuers write it: without a reference to a second list."""
    entry = f.status_entry(index, statusPurpose=purpose, statusListCredential=url, **changes)
    entry.pop("statusReference")
    return entry


def test_a_badge_without_status_passes() -> None:
    """It cannot be taken back; there is nothing to look up."""
    assert _status(None) == PASSED


@pytest.mark.parametrize(
    ("index", "lists", "expected"),
    [
        (f.STANDING, (R, S), PASSED),
        (f.REVOKED, (R, S), _failed(Reason.REVOKED)),
        (f.SUSPENDED, (R, S), _failed(Reason.SUSPENDED)),
        (f.PAUSED_HERE_ONLY, (R, S), _failed(Reason.SUSPENDED)),
        (f.STANDING, (R,), _open(Reason.STATUS_UNREACHABLE)),
        (f.REVOKED, (R,), _failed(Reason.REVOKED)),
        (f.SUSPENDED, (R,), _failed(Reason.REVOKED)),
        (f.STANDING, (S,), _open(Reason.STATUS_UNREACHABLE)),
        (f.SUSPENDED, (S,), _open(Reason.STATUS_UNREACHABLE)),
        (f.STANDING, (), _open(Reason.STATUS_UNREACHABLE)),
    ],
)
def test_our_own_entry_is_read_in_both_lists(index: int, lists: tuple[str, ...], expected: Any) -> None:
    """Withdrawn or paused is told by the second list; a list that cannot be had is said aloud."""
    assert _status(f.status_entry(index), {url: LISTS[url] for url in lists}) == expected


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (_plain(f.STANDING), PASSED),
        (_plain(f.REVOKED), _failed(Reason.REVOKED)),
        (_plain(f.SUSPENDED), _failed(Reason.REVOKED)),
        (_plain(f.SUSPENDED, "suspension", S), _failed(Reason.SUSPENDED)),
        (_plain(f.STANDING, "suspension", S), PASSED),
        ([_plain(f.STANDING), _plain(f.STANDING, "suspension", S)], PASSED),
        ([_plain(f.SUSPENDED, "suspension", S), _plain(f.REVOKED)], _failed(Reason.REVOKED)),
        ([_plain(f.STANDING), _plain(f.PAUSED_HERE_ONLY, "suspension", S)], _failed(Reason.SUSPENDED)),
        ([_plain(f.REVOKED), _plain(1, url="https://x.example/")], _failed(Reason.REVOKED)),
        ([_plain(f.STANDING), _plain(1, url="https://x.example/")], _open(Reason.STATUS_UNREACHABLE)),
        ([_plain(f.STANDING, "other")], _open(Reason.STATUS_TYPE_UNSUPPORTED)),
        (_plain(f.STANDING, statusSize=2), _failed(Reason.STATUS_MALFORMED)),
        (_plain(f.STANDING, statusListIndex="+1"), _failed(Reason.STATUS_MALFORMED)),
        (_plain(f.STANDING, statusListIndex="01"), _failed(Reason.STATUS_MALFORMED)),
        (_plain(f.STANDING, statusListIndex="١"), _failed(Reason.STATUS_MALFORMED)),
        (_plain(f.STANDING, statusListIndex="9" * 15), _failed(Reason.STATUS_INDEX_OUT_OF_RANGE)),
        ([_plain(f.STANDING)] * 9, _failed(Reason.STATUS_MALFORMED)),
    ],
)
def test_entries_of_other_issuers_are_read(entry: Any, expected: Any) -> None:
    """One entry or several, of either purpose; the gravest answer counts."""
    assert _status(entry) == expected


@pytest.mark.parametrize(
    ("lists", "expected"),
    [
        (_relisted(statusPurpose=["revocation", "suspension"]), PASSED),
        (_relisted(statusPurpose="suspension"), _failed(Reason.STATUS_PURPOSE_DIFFERS)),
        (_relisted(statusPurpose=[]), _failed(Reason.STATUS_PURPOSE_DIFFERS)),
        (_relisted(encodedList=["x"]), _failed(Reason.STATUS_LIST_MALFORMED)),
        (_relisted(type=["BitstringStatusList"]), PASSED),
        (_relisted(lambda d: d.update(type=["VerifiableCredential"])), _failed(Reason.STATUS_LIST_MALFORMED)),
        (_relisted(lambda d: d.update(credentialSubject="urn:a:b")), _failed(Reason.STATUS_LIST_MALFORMED)),
        (_relisted(lambda d: d.update(validFrom="2026-11-22T00:00:00Z")), _open(Reason.STATUS_LIST_EXPIRED)),
        (_relisted(lambda d: d.update(validUntil="2026-11-20T00:00:00Z")), _open(Reason.STATUS_LIST_EXPIRED)),
        (_relisted(lambda d: d.update(validUntil="demain")), _open(Reason.STATUS_LIST_EXPIRED)),
        (_relisted(lambda d: d.update(validUntil="2026-11-22T00:00:00Z")), PASSED),
        (_relisted(lambda d: d.update(issuer={"id": f.ISSUER})), PASSED),
        (_relisted(lambda d: d.update(issuer=f.STRANGER)), _open(Reason.STATUS_ISSUER_DIFFERS)),
        ({R: b"not JSON"}, _open(Reason.STATUS_LIST_UNPROVED)),
        ({R: b"{}"}, _open(Reason.STATUS_ISSUER_DIFFERS)),
        ({R: f.written(f.status_credential(R, "revocation", ()))}, _open(Reason.STATUS_LIST_UNPROVED)),
    ],
)
def test_a_list_is_trusted_no_further_than_its_proof(lists: Mapping[str, bytes], expected: Any) -> None:
    """Its proof, issuer, type, purpose and dates are checked before a single bit is."""
    assert _status(_plain(f.STANDING), lists) == expected


def test_a_list_changed_after_signing_is_not_read() -> None:
    """Clearing one's own bit breaks the list's proof."""
    document = f.sign(f.status_credential(R, "revocation", (f.REVOKED,)))
    cleared = copy.deepcopy(document)
    cleared["credentialSubject"]["encodedList"] = f.status_credential(R, "revocation", ())["credentialSubject"][
        "encodedList"
    ]
    report = f.verify(f.badge(credentialStatus=_plain(f.REVOKED)), f.trust(status_lists={R: f.written(cleared)}))
    check = report.check(CheckName.STATUS)
    assert (check.outcome, check.reason) == _open(Reason.STATUS_LIST_UNPROVED)
    assert report.verdict is Verdict.UNDETERMINED


def _token(**claims: Any) -> bytes:
    registered = {"iss": f.ISSUER, "jti": R, "sub": f"{R}#list", "nbf": 1793520000, **claims}
    written = {name: value for name, value in registered.items() if value is not None}
    return f.jwt({**f.status_credential(R, "revocation", (f.REVOKED,)), **written})


@pytest.mark.parametrize(
    ("data", "index", "expected"),
    [
        (_token(), f.STANDING, PASSED),
        (_token(), f.REVOKED, _failed(Reason.REVOKED)),
        (_token(sub=None, nbf=None), f.STANDING, PASSED),
        (_token(sub=R), f.STANDING, _open(Reason.STATUS_LIST_UNPROVED)),
        (_token(iss=f.STRANGER), f.STANDING, _open(Reason.STATUS_LIST_UNPROVED)),
        (_token()[:-4] + b"AAAA", f.STANDING, _open(Reason.STATUS_LIST_UNPROVED)),
        (b"e30.e30.", f.STANDING, _open(Reason.STATUS_ISSUER_DIFFERS)),
        (b"e30.x.", f.STANDING, _open(Reason.STATUS_LIST_UNPROVED)),
    ],
)
def test_a_list_may_be_a_token(data: bytes, index: int, expected: Any) -> None:
    """Other issuers sign their lists as JWTs: the signature, the claims and the key are asked for as in a badge."""
    assert _status(_plain(index), {R: data}) == expected


def test_a_list_signed_by_a_key_that_may_not_assert_is_not_read() -> None:
    """The same two questions are asked of a list as of a badge."""
    silent = {**f.did_document(), "assertionMethod": []}
    report = f.verify(f.badge(), f.trust(did_documents={f.ISSUER: silent}))
    check = report.check(CheckName.STATUS)
    assert (check.outcome, check.reason) == _open(Reason.STATUS_LIST_UNPROVED)


@pytest.mark.parametrize(
    "change",
    [
        {"statusListCredential": ""},
        {"statusListCredential": "https://x.example/" + "x" * 3_000},
        {"statusListCredential": 7},
        {"statusPurpose": 7},
        {"statusListIndex": 7},
        {"statusReference": 7},
        {"type": None},
    ],
)
def test_a_malformed_entry_fails_without_a_look_at_any_list(change: dict[str, Any]) -> None:
    """Seen in a token, whose content needs no canonical form."""
    entry = {**f.status_entry(f.STANDING), **change}
    token = f.jwt(f.claims(f.credential(credentialStatus=entry)))
    check = f.verify(token).check(CheckName.STATUS)
    assert (check.outcome, check.reason) == _failed(Reason.STATUS_MALFORMED)


def test_an_entry_that_is_no_object_fails() -> None:
    """A bare address says nothing about a bit."""
    token = f.jwt(f.claims(f.credential(credentialStatus="https://badges.example/status/1")))
    assert f.verify(token).check(CheckName.STATUS).reason is Reason.STATUS_MALFORMED
