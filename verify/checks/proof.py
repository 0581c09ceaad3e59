"""Is the signature that of the key it names, over exactly this content — and is that key the issuer's?

The two questions are asked together, because a key has to be found once for both, and answered apart: `proof` and
`key_controlled`. Of a set of proofs any one that passes both is enough, and every one is told of. A proof that builds
on others is no better than they are.

Source: Open Badges 3.0, section 8.1; Verifiable Credential Data Integrity 1.0, sections 2.1.1, 2.1.2, 4.4 and 4.5.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from verify import resolution
from verify.checks import key_controlled
from verify.checks.key_controlled import Witness
from verify.errors import Defect, Undecided
from verify.intake import Presented
from verify.reasons import Reason
from verify.report import Check, CheckName, Kind, Outcome, ProofReport
from verify.resolution import Method
from verify.sources import KeySource, WitnessSource
from verify.standards import credentials, data_integrity, presentations, signatures, vc_jwt
from verify.standards import did as dids
from verify.standards.cryptosuites import SecuredDocument

_PROOF = CheckName.PROOF
_KEY = CheckName.KEY_CONTROLLED
_MAX_PROOFS = 8
_MAX_FORMS = 4
"""Of one document, beside its own: what a chained proof covers has to be brought into canonical form for it alone."""
_Found = Method | Defect | Undecided
_BADNESS = {Outcome.PASSED: 0, Outcome.NOT_CHECKED: 1, Outcome.FAILED: 2}


@dataclass(frozen=True, slots=True)
class Finding:
    """The two checks that count, and those of every proof there is, in the order in which they stand."""

    proof: Check
    key: Check
    each: tuple[ProofReport, ...] = ()

    @property
    def good(self) -> bool:
        """Whether both passed."""
        return self.proof.outcome is self.key.outcome is Outcome.PASSED


@dataclass(frozen=True, slots=True)
class Expected:
    """Who has to have signed and what for, and what the proof has to answer to: None asks for nothing.

    Source: Verifiable Credential Data Integrity 1.0, section 4.4 (verify proof: purpose, domain and challenge).
    """

    signer: str | None
    purpose: str = data_integrity.ASSERTION
    domain: str | None = None
    challenge: str | None = None

    @property
    def asks(self) -> bool:
        """Whether there is something to answer, which nothing unsigned does."""
        return self.domain is not None or self.challenge is not None

    def require_answer(self, domain: Any, challenge: Any) -> None:
        """Return where the proof was made for this domain and answers this challenge.

        Raises:
            Defect: `proof_domain_wrong` or `proof_challenge_wrong`.
        """
        if self.domain is not None and domain not in (self.domain, [self.domain]):
            raise Defect(Reason.PROOF_DOMAIN_WRONG)
        if self.challenge is not None and challenge != self.challenge:
            raise Defect(Reason.PROOF_CHALLENGE_WRONG)


def expected_of(presented: Presented, *, domain: str | None = None, challenge: str | None = None) -> Expected:
    """What is expected of the proof of this document: its issuer's assertion, or its holder's authentication."""
    document = presented.credential
    if presented.kind is not Kind.PRESENTATION:
        return Expected(credentials.issuer_id_of(document), data_integrity.ASSERTION, domain, challenge)
    holder = presentations.holder_of(document)
    if holder is None and presented.token is not None:
        holder = presentations.holder_of({"holder": presented.token.payload.get("iss")})
    return Expected(holder, data_integrity.AUTHENTICATION, domain, challenge)


def check(
    presented: Presented,
    secured: SecuredDocument,
    keys: KeySource,
    witnesses: WitnessSource,
    now: datetime,
    *,
    expected: Expected | None = None,
) -> Finding:
    """The checks of the first proof that is good, otherwise of the worst; `secured` is the same document."""
    witness = Witness(presented.text, witnesses)
    expected = expected or expected_of(presented)
    if presented.token is not None:
        carried = _Carried(presented.token, presented.credential, expected)
        reports: tuple[ProofReport, ...] = (_check_token(carried, keys, witness, now),)
    else:
        try:
            proofs = _proofs(presented, secured, expected)
        except (Defect, Undecided) as stop:
            return Finding(Check.stopped(_PROOF, stop), Check.not_checked(_KEY, Reason.NOT_REACHED))
        reports = _Proofs(secured, proofs, expected, keys, witness, now).reports()
    best = next((report for report in reports if _badness(report) == (0, 0)), None) or max(reports, key=_badness)
    return Finding(best.proof, best.key, reports)


def _badness(report: ProofReport) -> tuple[int, int]:
    return _BADNESS[report.proof.outcome], _BADNESS[report.key.outcome]


def _proofs(presented: Presented, secured: SecuredDocument, expected: Expected) -> list[dict[str, Any]]:
    if presented.credential.get("proof") is None or not secured.proofs:
        if presented.kind is Kind.PRESENTATION and not expected.asks:
            raise Undecided(Reason.PRESENTATION_UNSIGNED)
        raise Defect(Reason.PROOF_MISSING)
    if len(secured.proofs) > _MAX_PROOFS or not all(isinstance(each, dict) for each in secured.proofs):
        raise Defect(Reason.PROOF_MALFORMED)
    return secured.proofs


class _Proofs:
    """The Data Integrity proofs of one document: each is checked once, those that it builds on before it."""

    def __init__(  # noqa: PLR0917 - what one call of `check` is about, kept together
        self,
        secured: SecuredDocument,
        proofs: list[dict[str, Any]],
        expected: Expected,
        keys: KeySource,
        witness: Witness,
        now: datetime,
    ) -> None:
        self._secured = secured
        self._proofs = proofs
        self._expected = expected
        self._keys = keys
        self._witness = witness
        self._now = now
        self._checks: dict[int, Check | None] = {}  # None: being checked
        self._forms_left = _MAX_FORMS

    def reports(self) -> tuple[ProofReport, ...]:
        """Both checks of every proof, in order."""
        return tuple(self._report(proof) for proof in self._proofs)

    def _report(self, proof: dict[str, Any]) -> ProofReport:
        url = _method_url(proof)
        found = _find(url, self._keys)
        key = _key_check(url, found, self._expected, self._witness, self._now)
        return ProofReport.of(proof.get("cryptosuite"), url, self._check(proof, found), key)

    def _check(self, proof: dict[str, Any], found: _Found) -> Check:
        known = self._checks.get(id(proof))
        if known is None:
            self._checks[id(proof)] = None
            try:
                self._require(proof, found)
                known = Check.passed(_PROOF)
            except (Defect, Undecided) as stop:
                known = Check.stopped(_PROOF, stop)
            self._checks[id(proof)] = known
        return known

    def _require(self, proof: dict[str, Any], found: _Found) -> None:
        """Return where the proof keeps to its rules, and its signature is the key's over all that it covers."""
        suite = data_integrity.suite_of(proof)
        if proof.get("proofPurpose") != self._expected.purpose:
            raise Defect(Reason.PROOF_PURPOSE_WRONG)
        data_integrity.check_options(proof, self._now)
        self._expected.require_answer(proof.get("domain"), proof.get("challenge"))
        for previous in data_integrity.previous_of(self._proofs, proof):
            self._require_previous(previous)
        key = _require(found).public_key
        if self._secured.is_proved(proof, key):
            return
        covered = data_integrity.covered_by(self._secured, proof)
        self._forms_left -= covered is not self._secured
        if self._forms_left < 0:
            raise Undecided(Reason.PROOF_CHAINED)
        hash_name = suite.hash_for(signatures.kind_of(key))
        try:
            covered.digest(suite.form, hash_name)
        except (Defect, Undecided):
            # Without a canonical form there is nothing to compare; `structure` says why there is none.
            raise Undecided(Reason.NOT_REACHED) from None
        data_integrity.verify_over(covered, proof, key)
        self._secured.note_proved(proof, key)

    def _require_previous(self, proof: dict[str, Any]) -> None:
        """Return where a proof that another builds on is good by itself, whoever made it.

        Raises:
            Defect: `proof_chain_broken`; also where the chain comes back to where it began.
            Undecided: `proof_chained`.
            Source: VC-DI, section 2.1.2: each has to verify for the one that names it to be verified.
        """
        if self._checks.get(id(proof), proof) is None:
            raise Defect(Reason.PROOF_CHAIN_BROKEN, "in a circle")
        url = _method_url(proof)
        found = _find(url, self._keys)
        own = replace(self._expected, signer=resolution.did_of(url))
        outcomes = {
            self._check(proof, found).outcome,
            _key_check(url, found, own, self._witness, self._now).outcome,
        }
        if Outcome.FAILED in outcomes:
            raise Defect(Reason.PROOF_CHAIN_BROKEN)
        if Outcome.NOT_CHECKED in outcomes:
            raise Undecided(Reason.PROOF_CHAINED)


def _method_url(proof: dict[str, Any]) -> str:
    named = proof.get("verificationMethod")
    return named if isinstance(named, str) else ""


def _find(url: str, keys: KeySource) -> _Found:
    if not url:
        return Undecided(Reason.NOT_REACHED)
    try:
        return resolution.find(url, keys)
    except (Defect, Undecided) as stop:
        return stop


def _key_check(url: str, found: _Found, expected: Expected, witness: Witness, now: datetime) -> Check:
    """Whether the key is the signer's; one with a foreign name is foreign, even where it cannot be had."""
    issuer = expected.signer
    if issuer is None and expected.purpose == data_integrity.AUTHENTICATION:
        issuer = resolution.did_of(url)  # nobody claims to be the holder: whoever signed presents
    if issuer is None or not url:
        return Check.not_checked(_KEY, Reason.NOT_REACHED)
    if not dids.method_of(issuer):
        # An issuer that is a mere address lists no keys: nobody can say whose this one is.
        return Check.not_checked(_KEY, Reason.DID_METHOD_UNSUPPORTED)
    try:
        key_controlled.require_same_issuer(url, issuer)
        if not isinstance(found, Method):
            return Check.stopped(_KEY, found)
        key_controlled.require_control(found, issuer, now, witness, expected.purpose)
    except Defect as defect:
        return Check.stopped(_KEY, defect)
    return Check.passed(_KEY)


@dataclass(frozen=True, slots=True)
class _Carried:
    """One token and the document that it carries."""

    token: vc_jwt.Token
    document: dict[str, Any]
    expected: Expected

    def check_claims(self, now: datetime) -> None:
        """Return where the claims say what the document says, and answer what was asked."""
        claims = self.token.payload
        if self.expected.purpose == data_integrity.AUTHENTICATION:
            presentations.check_claims(claims, self.document, now)
        else:
            vc_jwt.check_claims(self.token, self.document)
        self.expected.require_answer(claims.get("aud"), claims.get("nonce"))


def _check_token(carried: _Carried, keys: KeySource, witness: Witness, now: datetime) -> ProofReport:
    url, found = _token_method(carried.token, carried.expected.signer or "", keys)
    try:
        _verify_token(carried.token, found)
        carried.check_claims(now)
        proof = Check.passed(_PROOF)
    except (Defect, Undecided) as stop:
        proof = Check.stopped(_PROOF, stop)
    key = _key_check(url, found, carried.expected, witness, now)
    return ProofReport.of(carried.token.header.get("alg"), url, proof, key)


def _token_method(token: vc_jwt.Token, issuer: str, keys: KeySource) -> tuple[str, _Found]:
    """The key that the header names, or else the issuer's key that is the one it carries."""
    named = token.header.get("kid")
    if isinstance(named, str):
        return named, _find(named, keys)
    try:
        carried = vc_jwt.public_key_of(token)
        found = None if carried is None else resolution.find_by_key(issuer, carried, keys)
    except (Defect, Undecided) as stop:
        return issuer, stop
    return (issuer, Undecided(Reason.NOT_REACHED)) if found is None else (found.url, found)


def _verify_token(token: vc_jwt.Token, found: _Found) -> None:
    """Return where the token is signed with the key."""
    vc_jwt.check_header(token)
    carried = vc_jwt.public_key_of(token)
    if carried is not None and isinstance(found, Method) and found.public_key != carried:
        raise Defect(Reason.KEY_MISMATCH)
    vc_jwt.verify_signature(token, carried or _require(found).public_key)


def _require(found: _Found) -> Method:
    """The method; where it cannot be had, the signature is an open question."""
    if isinstance(found, Undecided):
        raise found
    if isinstance(found, Defect):
        raise Undecided(Reason.NOT_REACHED)
    return found
