"""Is a printed statement what it says it is, and did its issuer sign it?

The same questions as of a whole badge, asked of the little that a code holds; what follows (status, dates, recognition)
is asked of the badge's own members, in the usual way. The key is looked up by the issuer that the statement names:
nothing in it is taken for a key.

Source: docs/offline-code.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from verify import resolution, statement
from verify.checks import key_controlled
from verify.checks.key_controlled import Witness
from verify.checks.proof import Finding
from verify.errors import Defect, Undecided
from verify.reasons import Reason
from verify.report import Check, CheckName, ProofReport
from verify.resolution import Method
from verify.sources import KeySource, WitnessSource
from verify.standards import cose
from verify.standards.cose import Sign1

_STRUCTURE, _PROOF, _KEY = CheckName.STRUCTURE, CheckName.PROOF, CheckName.KEY_CONTROLLED
_NAMES = {-8: "EdDSA", -7: "ES256"}


@dataclass(frozen=True, slots=True)
class Read:
    """The first three checks, and what is stated in the members of a badge: nothing where it cannot be read."""

    structure: Check
    finding: Finding
    credential: dict[str, Any]


def check(message: bytes, keys: KeySource, witnesses: WitnessSource, now: datetime) -> Read:
    """The checks of the message; where it cannot be read, the two others are not reached."""
    try:
        signed, stated = statement.read(message)
        credential = statement.as_credential(stated)
        url = statement.key_of(signed, stated)
    except (Defect, Undecided) as stop:
        proof, key = (Check.not_checked(name, Reason.NOT_REACHED) for name in (_PROOF, _KEY))
        return Read(Check.stopped(_STRUCTURE, stop), Finding(proof, key), {})
    proof, key = _checks(signed, url, stated.issuer, keys, Witness(message, witnesses), now)
    told = ProofReport.of(_NAMES.get(signed.headers[cose.ALGORITHM]), url, proof, key)
    return Read(Check.passed(_STRUCTURE), Finding(proof, key, (told,)), credential)


def _checks(  # noqa: PLR0917 - what one message is about, kept together
    signed: Sign1, url: str, issuer: str, keys: KeySource, witness: Witness, now: datetime
) -> tuple[Check, Check]:
    try:
        method = resolution.find(url, keys)
    except Defect as defect:
        return Check.not_checked(_PROOF, Reason.NOT_REACHED), Check.stopped(_KEY, defect)
    except Undecided as stop:
        return Check.stopped(_PROOF, stop), Check.stopped(_KEY, stop)
    return _proof(signed, method), _key(method, issuer, witness, now)


def _proof(signed: Sign1, method: Method) -> Check:
    try:
        cose.verify(signed, method.public_key)
    except (Defect, Undecided) as stop:
        return Check.stopped(_PROOF, stop)
    return Check.passed(_PROOF)


def _key(method: Method, issuer: str, witness: Witness, now: datetime) -> Check:
    try:
        key_controlled.require_control(method, issuer, now, witness)
    except Defect as defect:
        return Check.stopped(_KEY, defect)
    return Check.passed(_KEY)
