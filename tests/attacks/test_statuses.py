"""Attacks on the status: a list that is somebody else's, for something else, run out, too short or too large."""

import gzip
from typing import Any

import pytest

from tests.attacks.asserting import STATUS, left_open, refused
from tests.verify import factory as f
from verify import Reason, TrustBundle
from verify.standards import multibase

MINE = "https://badges.example/status/9"


def _badge(**changes: Any) -> bytes:
    entry = f.status_entry(f.STANDING, statusListCredential=MINE, **changes)
    entry.pop("statusReference")
    return f.badge(credentialStatus=entry)


def _knows(document: f.Node | bytes | None, url: str = MINE) -> TrustBundle:
    data = document if isinstance(document, bytes) else f.written(document) if document else None
    lists = {} if data is None else {url: data}
    strangers = {f.ISSUER: f.did_document(), f.STRANGER: f.did_document(f.STRANGER, f.OTHER_KEY)}
    return f.trust(status_lists=lists, did_documents=strangers)


def test_wrong_status_list_of_another_issuer() -> None:
    """A list by somebody else, well signed, in which every badge stands."""
    listed = f.status_credential(MINE, "revocation", (), f.STRANGER)
    signed = f.sign(listed, f.OTHER_KEY, f.STRANGER + "#cle-1")
    left_open(f.verify(_badge(), _knows(signed)), STATUS, Reason.STATUS_ISSUER_DIFFERS)


def test_wrong_status_list_under_the_issuers_name() -> None:
    """It names the issuer and is signed by somebody else, or by nobody, or was changed."""
    listed = f.status_credential(MINE, "revocation", ())
    unset = f.status_credential(MINE, "revocation", ())["credentialSubject"]
    revoked = f.sign(f.status_credential(MINE, "revocation", (f.STANDING,)))
    for document in (
        f.sign(listed, f.OTHER_KEY, f.METHOD),
        f.sign(listed, f.OTHER_KEY, f.STRANGER + "#cle-1"),
        listed,
        {**revoked, "credentialSubject": unset},
    ):
        left_open(f.verify(_badge(), _knows(document)), STATUS, Reason.STATUS_LIST_UNPROVED)


def test_wrong_status_list_for_another_purpose() -> None:
    """The issuer's own list of suspensions, where the badge names it as one of revocations."""
    signed = f.sign(f.status_credential(MINE, "suspension", ()))
    refused(f.verify(_badge(), _knows(signed)), STATUS, Reason.STATUS_PURPOSE_DIFFERS)


@pytest.mark.parametrize(
    "changes",
    [
        {"validUntil": "2026-11-20T08:00:00Z"},
        {"validFrom": "2026-11-22T08:00:00Z"},
        {"validUntil": "2026-10-01T08:00:00Z"},
    ],
)
def test_wrong_status_list_that_has_run_out(changes: dict[str, str]) -> None:
    """A list from before the badge was taken back, kept by whoever it suits; and one that is not in force yet."""
    signed = f.sign({**f.status_credential(MINE, "revocation", ()), **changes})
    left_open(f.verify(_badge(), _knows(signed)), STATUS, Reason.STATUS_LIST_EXPIRED)


@pytest.mark.parametrize("index", [131_072, 10**12])
def test_wrong_status_list_without_the_index(index: int) -> None:
    """An index beyond the end of the list."""
    signed = f.sign(f.status_credential(MINE, "revocation", ()))
    refused(f.verify(_badge(statusListIndex=str(index)), _knows(signed)), STATUS, Reason.STATUS_INDEX_OUT_OF_RANGE)


@pytest.mark.parametrize("index", ["-1", "1.0", "0x1", "١", " 1", "1 ", "01", "1e3", "", "9" * 40])
def test_wrong_status_list_index_that_is_no_index(index: str) -> None:
    """Python would read several of these as numbers."""
    signed = f.sign(f.status_credential(MINE, "revocation", ()))
    refused(f.verify(_badge(statusListIndex=index), _knows(signed)), STATUS, Reason.STATUS_MALFORMED)


def test_wrong_status_list_that_is_a_bomb() -> None:
    """A megabyte that unfolds to a gigabyte is not unfolded."""
    bomb = gzip.compress(b"\0" * 200_000_000, 9)
    signed = f.sign(f.status_credential(MINE, "revocation", (), encodedList=multibase.encode(bomb, "u")))
    refused(f.verify(_badge(), _knows(signed)), STATUS, Reason.STATUS_LIST_BOMB)


@pytest.mark.parametrize(
    ("encoded", "reason"),
    [
        ("", Reason.STATUS_LIST_MALFORMED),
        ("u", Reason.STATUS_LIST_MALFORMED),
        ("uAAAA", Reason.STATUS_LIST_MALFORMED),
        (multibase.encode(b"\0" * 20_000, "z")[:400], Reason.STATUS_LIST_MALFORMED),
        (multibase.encode(gzip.compress(b"", mtime=0), "u"), Reason.STATUS_LIST_TOO_SMALL),
        (multibase.encode(gzip.compress(b"\0", mtime=0), "u"), Reason.STATUS_LIST_TOO_SMALL),
        (multibase.encode(gzip.compress(b"\0" * 16_383, mtime=0), "u"), Reason.STATUS_LIST_TOO_SMALL),
        (multibase.encode(gzip.compress(b"\0" * 16_384, mtime=0)[:-4], "u"), Reason.STATUS_LIST_MALFORMED),
        (multibase.encode(gzip.compress(b"\0" * 16_384, mtime=0) + b"x", "u"), Reason.STATUS_LIST_MALFORMED),
    ],
)
def test_wrong_status_list_that_is_no_list(encoded: str, reason: Reason) -> None:
    """Nothing, too little for anybody to hide in, cut short, and with something behind."""
    signed = f.sign(f.status_credential(MINE, "revocation", (), encodedList=encoded))
    refused(f.verify(_badge(), _knows(signed)), STATUS, reason)


def test_wrong_status_list_that_cannot_be_had() -> None:
    """Whoever keeps the list from the reader gains nothing by it."""
    left_open(f.verify(_badge(), _knows(None)), STATUS, Reason.STATUS_UNREACHABLE)


def test_wrong_status_list_that_is_the_badge_itself() -> None:
    """A badge that names itself as its list."""
    signed = f.sign(f.credential())
    refused(f.verify(_badge(), _knows(signed)), STATUS, Reason.STATUS_LIST_MALFORMED)


def test_several_status_entries_are_all_asked() -> None:
    """A standing entry in front does not hide the one that says revoked."""
    standing, revoked = f.status_entry(f.STANDING), f.status_entry(f.REVOKED)
    for entries in ([standing, revoked], [revoked, standing]):
        refused(f.verify(f.badge(credentialStatus=entries)), STATUS, Reason.REVOKED)


def test_status_entry_of_an_unknown_kind_does_not_hide_one_that_is_known() -> None:
    """What cannot be asked leaves the question open; what was asked and is bad stays bad."""
    unknown = f.status_entry(f.STANDING, statusPurpose="message", id="https://badges.example/s/1")
    report = f.verify(f.badge(credentialStatus=[unknown, f.status_entry(f.REVOKED)]))
    refused(report, STATUS, Reason.REVOKED)
