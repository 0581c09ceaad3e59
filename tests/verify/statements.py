"""Printed statements, signed for real and always the same; members and messages may be spoilt in every way."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.verify import factory as f
from verify import Reason, Report, TrustBundle
from verify import statement as statements
from verify.standards import cbor, cose
from verify.standards.signatures import LocalSigner
from verify.statement import Level, Statement

STATED = Statement(
    site="https://badges.example",
    issuer_slug="val-de-brume",
    issuer_name="Mission locale du Val-de-Brume",
    credential=uuid.UUID("0f8b2a4e-6c1d-4b7a-9e3f-5d2c1b0a9e8f"),
    digest=bytes(range(32)),
    referentiel="savoir-etre",
    version=1,
    badge="equipe",
    name="Travail en équipe",
    level=Level(4, 5, "En situation nouvelle"),
    holder="Aïcha Ferrand",
    valid_from=datetime(2026, 10, 1, 8, tzinfo=UTC),
    valid_until=datetime(2031, 10, 1, 8, tzinfo=UTC),
    revocations=1,
    suspensions=2,
    index=f.STANDING,
    signed_at=datetime(2026, 10, 1, 8, tzinfo=UTC),
)
SIGNER = LocalSigner(f.KEY, f.METHOD)


def members(**changes: Any) -> dict[Any, Any]:
    """The members of the statement as its payload has them."""
    return cbor.decode(statements.encode(replace(STATED, **changes)))


def signed(payload: bytes, signer: LocalSigner = SIGNER, headers: dict[int, Any] | None = None) -> bytes:
    """A message with this payload, whatever it is."""
    return cose.sign(payload, signer, {cose.KEY_ID: b"cle-1"} if headers is None else headers)


def message(signer: LocalSigner = SIGNER, **changes: Any) -> bytes:
    """The statement, signed; `changes` are made to it before."""
    return signed(statements.encode(replace(STATED, **changes)), signer)


def written(made: bytes) -> bytes:
    """The message as a camera reads it from a card."""
    return f"https://badges.example/v/7Q4M2K9XPBT0#{statements.to_digits(made)}".encode()


def verify(made: bytes, trust: TrustBundle | None = None, **changes: Any) -> Report:
    """The report on what a camera read."""
    return f.verify(written(made), f.trust() if trust is None else trust, **changes)


def spoilt(change) -> bytes:
    made = members()
    change(made)
    return signed(cbor.encode(made))


CASES = {
    "another key signed": (lambda: message(LocalSigner(f.OTHER_KEY, f.METHOD)), "proof", Reason.SIGNATURE_WRONG),
    "a key of another name": (
        lambda: signed(statements.encode(STATED), headers={cose.KEY_ID: b"cle-2"}),
        "key_controlled",
        Reason.KEY_UNKNOWN,
    ),
    "withdrawn": (lambda: message(index=f.REVOKED), "status", Reason.REVOKED),
    "paused": (lambda: message(index=f.SUSPENDED), "status", Reason.SUSPENDED),
    "past its end": (
        lambda: message(valid_until=f.NOW - timedelta(seconds=1)),
        "validity",
        Reason.EXPIRED,
    ),
    "not begun": (lambda: message(valid_from=f.NOW + timedelta(seconds=1)), "validity", Reason.NOT_YET_VALID),
    "ends before it begins": (
        lambda: message(valid_until=STATED.valid_from - timedelta(days=1)),
        "validity",
        Reason.DATES_REVERSED,
    ),
    "no such entry": (lambda: message(index=2**32 - 1), "status", Reason.STATUS_INDEX_OUT_OF_RANGE),
}

OPEN = {
    "issuer unknown": (lambda: message(issuer_slug="inconnue"), {}, "key_controlled", Reason.KEY_UNREACHABLE),
    "site unknown": (lambda: message(site="https://autre.example"), {}, "issuer_recognised", Reason.ISSUER_UNKNOWN),
    "another référentiel": (
        lambda: message(referentiel="sport"),
        {},
        "issuer_recognised",
        Reason.RECOGNITION_NOT_COVERING,
    ),
    "no list": (message, {"status_lists": {}}, "status", Reason.STATUS_UNREACHABLE),
    "no list of pauses": (
        message,
        {"status_lists": {f.REVOCATIONS: f.revocations()}},
        "status",
        Reason.STATUS_UNREACHABLE,
    ),
}

SPOILT = {
    "a member more": lambda m: m.update({13: 0}),
    "a member by name": lambda m: m.update({"name": "x"}),
    "no name": lambda m: m.pop(6),
    "no status": lambda m: m.pop(11),
    "no date of signing": lambda m: m.pop(12),
    "version none": lambda m: m.pop(0),
    "version 0": lambda m: m.update({0: 0}),
    "version as text": lambda m: m.update({0: "1"}),
    "site with a path": lambda m: m.update({1: "https://badges.example/x"}),
    "site with capitals": lambda m: m.update({1: "https://Badges.example"}),
    "site on an IP address": lambda m: m.update({1: "https://192.0.2.1"}),
    "site with a port beyond": lambda m: m.update({1: "https://badges.example:65536"}),
    "site of another kind": lambda m: m.update({1: "javascript://badges.example"}),
    "site ending a line": lambda m: m.update({1: "https://badges.example\n"}),
    "issuer with a path": lambda m: m.update({2: ["a/b", "X"]}),
    "issuer alone": lambda m: m.update({2: ["val-de-brume"]}),
    "issuer without a name": lambda m: m.update({2: ["val-de-brume", ""]}),
    "credential of 15 bytes": lambda m: m.update({3: bytes(15)}),
    "digest as text": lambda m: m.update({4: "x" * 32}),
    "achievement with a fragment": lambda m: m.update({5: ["savoir-etre", 1, "equipe#x"]}),
    "achievement of version -1": lambda m: m.update({5: ["savoir-etre", -1, "equipe"]}),
    "name of 256 bytes": lambda m: m.update({6: "x" * 256}),
    "name with a line in it": lambda m: m.update({6: "Travail\nen équipe"}),
    "name of none": lambda m: m.update({6: ""}),
    "level of two numbers": lambda m: m.update({7: [1, 2]}),
    "level of five numbers": lambda m: m.update({7: [1, 2, 3, 4, 5]}),
    "level below zero": lambda m: m.update({7: [-1, 5, "x"]}),
    "holder a number": lambda m: m.update({8: 5}),
    "hash of 20 bytes": lambda m: m.update({8: ["grain", bytes(20)]}),
    "date before 1970": lambda m: m.update({9: -1}),
    "date after 9999": lambda m: m.update({9: 253_402_300_800}),
    "index as text": lambda m: m.update({11: [1, 2, "1234"]}),
    "index beyond 32 bits": lambda m: m.update({11: [1, 2, 2**32]}),
}
