"""The older list of 1EdTech: revoked, standing, or not known."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.verify import factory as f
from verify import CheckName, Outcome, Reason, Report, Verdict
from verify.standards.documents import OPEN_BADGES_EXTENSIONS

LIST = "https://badges.example/revocations"
ENTRY = {"id": LIST, "type": "1EdTechRevocationList"}
ID = f.credential()["id"]
OTHER = "https://badges.example/c/another"
FETCHED = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
PASSED = (Outcome.PASSED, None)
REVOKED = (Outcome.FAILED, Reason.REVOKED)
UNREACHABLE = (Outcome.NOT_CHECKED, Reason.STATUS_UNREACHABLE)


def _report(listed: bytes | None, entry: Any = ENTRY) -> Report:
    contexts = [*f.credential()["@context"], OPEN_BADGES_EXTENSIONS]
    badge = f.badge(**{"@context": contexts, "credentialStatus": entry})
    return f.verify(badge, f.trust(documents={} if listed is None else {LIST: listed}, as_of=FETCHED))


def _status(listed: bytes | None, entry: Any = ENTRY) -> tuple[Outcome, Reason | None]:
    check = _report(listed, entry).check(CheckName.STATUS)
    return check.outcome, check.reason


def _list(*revoked: Any, **changes: Any) -> bytes:
    return f.written({"id": LIST, "issuer": f.ISSUER, "revokedCredential": list(revoked), **changes})


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        (_list(), PASSED),
        (_list({"id": OTHER}), PASSED),
        (_list({"id": ID, "revoked": False}), PASSED),
        (_list({"id": ID}), REVOKED),
        (_list({"id": OTHER}, {"id": ID, "revoked": True, "revocationReason": "erreur"}), REVOKED),
        (_list({"id": ID, "revoked": "false"}), REVOKED),
        (_list(revokedCredential={"id": ID}), REVOKED),
        (_list(revokedCredentials=[{"id": ID}]), REVOKED),
        (_list({"id": ID}, issuer={"id": f.ISSUER, "type": "Profile"}), REVOKED),
    ],
)
def test_list_says_revoked_or_standing(listed: bytes, expected: tuple[Outcome, Reason | None]) -> None:
    """Listed is revoked, unless with `revoked` false; both spellings of the member count."""
    assert _status(listed) == expected


@pytest.mark.parametrize(
    "listed",
    [
        None,
        b"",
        b"<html>",
        b"[]",
        f.written({"id": LIST, "issuer": f.ISSUER}),
        f.written({"id": LIST, "issuer": f.ISSUER, "revoked": [ID]}),
        _list(ID),
        _list({"id": 7}),
        _list(None),
        _list(revokedCredential="none"),
    ],
)
def test_list_that_cannot_be_had_leaves_the_question_open(listed: bytes | None) -> None:
    """Absent, not JSON, or not such a list: never valid, never revoked."""
    report = _report(listed)
    check = report.check(CheckName.STATUS)
    assert (check.outcome, check.reason) == UNREACHABLE
    assert report.verdict is Verdict.UNDETERMINED
    assert report.status_as_of is None


@pytest.mark.parametrize("issuer", [f.STRANGER, {"id": f.STRANGER}, None, 7, [f.ISSUER]])
def test_list_of_another_issuer_is_not_used(issuer: Any) -> None:
    """It says nothing about this badge, whichever way it is."""
    for entries in ((), ({"id": ID},)):
        assert _status(_list(*entries, issuer=issuer)) == (Outcome.NOT_CHECKED, Reason.STATUS_ISSUER_DIFFERS)


@pytest.mark.parametrize("entry", [{"type": "1EdTechRevocationList"}, {**ENTRY, "id": f"{LIST}/{'x' * 2000}"}])
def test_entry_without_an_address_is_a_defect(entry: Any) -> None:
    """The badge does not say where its status stands."""
    assert _status(_list(), entry) == (Outcome.FAILED, Reason.STATUS_MALFORMED)


def test_report_says_how_fresh_the_status_is() -> None:
    """The moment of what was read: the oldest of the lists, and nothing where there is no status."""
    assert _report(_list()).status_as_of == FETCHED
    assert f.verify(f.badge(), f.trust(as_of=FETCHED)).status_as_of == FETCHED
    assert f.verify(f.badge(), f.trust()).status_as_of is None
    assert f.verify(f.badge(credentialStatus=None), f.trust(as_of=FETCHED)).status_as_of is None
    assert f.verify(f.badge(), f.trust(as_of=FETCHED)).to_json()["status_as_of"] == "2026-11-20T12:00:00Z"
