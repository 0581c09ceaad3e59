"""Is the signature that of the key it names, over exactly this content — and is that key the issuer's?

The two questions are asked together, because a key has to be found once for both, and answered apart: `proof` and
`key_controlled`. Of a set of proofs any one that passes both is enough.

Source: Open Badges 3.0, section 8.1; Verifiable Credential Data Integrity 1.0, sections 2.1.1 and 4.4.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from verify import resolution
from verify.checks import key_controlled
from verify.errors import Defect, Undecided
from verify.intake import Presented
from verify.reasons import Reason
from verify.report import Check, CheckName, Outcome
from verify.resolution import Method
from verify.sources import KeySource
from verify.standards import data_integrity, timestamps, vc_jwt
from verify.standards.documents import Contexts
from verify.standards.multikey import PublicKey

_PROOF = CheckName.PROOF
_KEY = CheckName.KEY_CONTROLLED
_MAX_PROOFS = 8
_BADNESS = {Outcome.PASSED: 0, Outcome.NOT_CHECKED: 1, Outcome.FAILED: 2}


@dataclass(frozen=True, slots=True)
class Finding:
    """The two checks for one proof."""

    proof: Check
    key: Check

    @property
    def good(self) -> bool:
        """Whether both passed."""
        return self.badness == (0, 0)

    @property
    def badness(self) -> tuple[int, int]:
        """How bad it is; greater is worse."""
        return _BADNESS[self.proof.outcome], _BADNESS[self.key.outcome]


def check(presented: Presented, hashed: bytes | None, keys: KeySource, now: datetime, contexts: Contexts) -> Finding:
    """The checks of the best proof where one is good, otherwise of the worst.

    `hashed` is the hash of the canonical document, None where it has none: no embedded proof can then be checked.
    """
    credential = presented.credential
    issuer = issuer_id_of(credential)
    if presented.token is not None:
        return _check_token(presented.token, issuer, keys, now)
    try:
        proofs = _proofs(credential)
    except Defect as defect:
        return Finding(Check.stopped(_PROOF, defect), Check.not_checked(_KEY, Reason.NOT_REACHED))
    findings = []
    for proof in proofs:
        finding = _check_embedded(_Embedded(credential, hashed, proof, contexts), issuer, keys, now)
        if finding.good:
            return finding
        findings.append(finding)
    return max(findings, key=lambda finding: finding.badness)


def issuer_id_of(credential: dict[str, Any]) -> str | None:
    """The identifier of the issuer named in the credential, or None where it names none."""
    issuer = credential.get("issuer")
    named = issuer.get("id") if isinstance(issuer, dict) else issuer
    return named if isinstance(named, str) else None


def _proofs(credential: dict[str, Any]) -> list[dict[str, Any]]:
    value = credential.get("proof")
    listed: list[Any] = value if isinstance(value, list) else [value]
    if value is None or not listed:
        raise Defect(Reason.PROOF_MISSING)
    if len(listed) > _MAX_PROOFS or not all(isinstance(each, dict) for each in listed):
        raise Defect(Reason.PROOF_MALFORMED)
    return listed


@dataclass(frozen=True, slots=True)
class _Embedded:
    """One Data Integrity proof and what it is over."""

    credential: dict[str, Any]
    hashed: bytes | None
    proof: dict[str, Any]
    contexts: Contexts

    def method_url(self, now: datetime) -> str:
        """The name of the key, once the proof itself keeps to its rules."""
        proof = self.proof
        data_integrity.check_suite(proof)
        if proof.get("proofPurpose") != data_integrity.ASSERTION:
            raise Defect(Reason.PROOF_PURPOSE_WRONG)
        if "created" in proof:
            timestamps.read(proof["created"], Reason.PROOF_MALFORMED)
        if "expires" in proof and timestamps.read(proof["expires"], Reason.PROOF_MALFORMED) < now:
            raise Defect(Reason.PROOF_EXPIRED)
        url = proof.get("verificationMethod")
        if not isinstance(url, str) or not url:
            raise Defect(Reason.PROOF_MALFORMED, "verificationMethod")
        return url

    def verify(self, method: Method) -> None:
        """Return where the signature is the key's."""
        if self.hashed is None:
            raise Undecided(Reason.NOT_REACHED)
        key = method.public_key
        data_integrity.verify_proof(self.credential, self.proof, key, self.contexts, hashed=self.hashed)


def _check_embedded(embedded: _Embedded, issuer: str | None, keys: KeySource, now: datetime) -> Finding:
    try:
        url = embedded.method_url(now)
    except (Defect, Undecided) as stop:
        return Finding(Check.stopped(_PROOF, stop), _key_named(embedded.proof, issuer))
    try:
        method = resolution.find(url, keys)
    except (Defect, Undecided) as stop:
        return _without_key(url, issuer, stop)
    try:
        embedded.verify(method)
        proof = Check.passed(_PROOF)
    except (Defect, Undecided) as stop:
        proof = Check.stopped(_PROOF, stop)
    return Finding(proof, _key_of(method, issuer, now))


def _key_named(proof: dict[str, Any], issuer: str | None) -> Check:
    """What can be said of the key by its name alone, where the proof stopped before the key was looked for."""
    url = proof.get("verificationMethod")
    if isinstance(url, str) and issuer is not None and resolution.did_of(url) != issuer:
        return Check.failed(_KEY, Reason.KEY_NOT_OF_ISSUER)
    return Check.not_checked(_KEY, Reason.NOT_REACHED)


def _without_key(url: str, issuer: str | None, stop: Defect | Undecided) -> Finding:
    """The key cannot be had: that leaves the signature open, but a foreign name is foreign all the same."""
    reason = stop.reason if isinstance(stop, Undecided) else Reason.NOT_REACHED
    proof = Check.not_checked(_PROOF, reason)
    if issuer is None:
        return Finding(proof, Check.not_checked(_KEY, Reason.NOT_REACHED))
    try:
        key_controlled.require_same_issuer(url, issuer)
    except Defect as defect:
        return Finding(proof, Check.stopped(_KEY, defect))
    return Finding(proof, Check.stopped(_KEY, stop))


def _key_of(method: Method, issuer: str | None, now: datetime) -> Check:
    if issuer is None:
        return Check.not_checked(_KEY, Reason.NOT_REACHED)
    try:
        key_controlled.require_same_issuer(method.url, issuer)
        key_controlled.require_control(method, issuer, now)
    except Defect as defect:
        return Check.stopped(_KEY, defect)
    return Check.passed(_KEY)


def _check_token(token: vc_jwt.Token, issuer: str | None, keys: KeySource, now: datetime) -> Finding:
    try:
        vc_jwt.check_header(token)
        carried = vc_jwt.public_key_of(token)
    except (Defect, Undecided) as stop:
        return Finding(Check.stopped(_PROOF, stop), Check.not_checked(_KEY, Reason.NOT_REACHED))
    named = token.header.get("kid")
    url = named if isinstance(named, str) else issuer or ""
    try:
        method = _method_of(named, carried, issuer or "", keys)
        key = method.public_key
    except (Defect, Undecided) as stop:
        finding = _without_key(url, issuer, stop)
        # A key that travels in the header lets the signature be checked without knowing whose it is.
        return finding if carried is None else Finding(_signed(token, carried), finding.key)
    if carried is not None and carried != key:
        return Finding(Check.failed(_PROOF, Reason.KEY_MISMATCH), _key_of(method, issuer, now))
    return Finding(_signed(token, key), _key_of(method, issuer, now))


def _method_of(named: Any, carried: PublicKey | None, issuer: str, keys: KeySource) -> Method:
    if isinstance(named, str) or carried is None:
        return resolution.find(str(named), keys)
    return resolution.find_by_key(issuer, carried, keys)


def _signed(token: vc_jwt.Token, key: PublicKey) -> Check:
    try:
        vc_jwt.verify_signature(token, key)
        vc_jwt.check_claims(token.payload)
    except Defect as defect:
        return Check.stopped(_PROOF, defect)
    return Check.passed(_PROOF)
