"""A verifiable presentation: credentials that somebody hands over together, with or without signing for it.

Its proof, where it has one, shows who presents; what the credentials inside are worth, each of them has to show.

Source: Verifiable Credentials Data Model 2.0, section 4.13, and 1.1, section 4.10.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from verify.errors import Defect, Undecided
from verify.reasons import Reason
from verify.standards import credentials
from verify.standards.data_integrity import MAX_SKEW
from verify.standards.nodes import Node, is_url, objects_of

TYPE = "VerifiablePresentation"


def check(presentation: Node) -> None:
    """Return where the presentation keeps to the data model; the credentials inside are not looked into.

    Raises:
        Defect: `context_missing`, `context_order`, `value_empty`, `type_missing`, `type_wrong`, `id_invalid`,
            `nested_type_missing`, `iri_invalid`, `holder_invalid` or `member_invalid`.
    """
    newer = credentials.check_envelope(presentation, TYPE)
    credentials.check_typed(presentation, newer=newer)
    if "holder" in presentation and holder_of(presentation) is None:
        raise Defect(Reason.HOLDER_INVALID)
    objects_of(members_of(presentation), Reason.MEMBER_INVALID)


def holder_of(presentation: Node) -> str | None:
    """The identifier of whoever presents, or None where none is named."""
    holder = presentation.get("holder")
    named = holder.get("id") if isinstance(holder, dict) else holder
    return named if is_url(named) else None


def members_of(presentation: Node) -> list[Any]:
    """The credentials inside, as they stand."""
    members = presentation.get("verifiableCredential", [])
    return members if isinstance(members, list) else [members]


def check_claims(claims: Node, presentation: Node, now: datetime) -> None:
    """Return where the registered claims of a token fit the presentation in it, and are in force.

    Raises:
        Defect: `jwt_claims_differ` or `proof_expired`.
        Undecided: `proof_in_future`.
        Source: Securing Verifiable Credentials using JOSE and COSE 1.0, section 3.1.3; VCDM 1.1, section 6.3.1;
            RFC 7519, sections 4.1.4 (exp) and 4.1.5 (nbf).
    """
    for claim, value in (("iss", holder_of(presentation)), ("jti", presentation.get("id"))):
        if claim in claims and value is not None and claims[claim] != value:
            raise Defect(Reason.JWT_CLAIMS_DIFFER, claim)
    expires, starts = (_seconds(claims, claim) for claim in ("exp", "nbf"))
    if expires is not None and expires <= now.timestamp():
        raise Defect(Reason.PROOF_EXPIRED)
    if starts is not None and starts > now.timestamp() + MAX_SKEW.total_seconds():
        raise Undecided(Reason.PROOF_IN_FUTURE)


def _seconds(claims: Node, claim: str) -> float | None:
    value = claims.get(claim)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise Defect(Reason.JWT_CLAIMS_DIFFER, claim)
    return value
