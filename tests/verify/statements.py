"""Printed statements, signed for real and always the same; members and messages may be spoilt in every way."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from tests.verify import factory as f
from verify import Report, TrustBundle
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
