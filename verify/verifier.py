"""The steps of verifying, written once, in the order in which they are made and reported.

1. Read the credential out of the bytes (`intake`). Nothing to read: `Unreadable`, and no report.
2. `structure`: is it an Open Badges 3.0 credential, and does every term in it mean something?
3. `proof`: is the signature that of the key it names, over exactly this content?
4. `key_controlled`: is that key the named issuer's?
5. Does it name a refresh service, and are 2 to 4 good? Then the issuer's newest version, where it can be had and 2 to 4
   are good of it too, takes its place from here on.
6. `status`: has the issuer taken it back or paused it?
7. `validity`: is it in force now?
8. `issuer_recognised`: does somebody trusted recognise the issuer for this?
9. The policy turns the checks into a verdict.

Every step is made and reported, whatever the ones before it gave, unless they made it meaningless.

An Open Badges 2.0 Assertion is asked the same questions by a walk of its own (`checks.assertion`).

Source: Open Badges 3.0, section 9 (verification and validation).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from verify import intake
from verify.checks import assertion, issuer_recognised, proof, status, structure, validity
from verify.checks.proof import Finding
from verify.checks.status import StatusReader
from verify.errors import Unreadable
from verify.intake import Presented
from verify.reasons import Reason
from verify.report import Check, CheckName, Kind, Outcome, Policy, Report
from verify.sources import DocumentSource, IssuerSource, KeySource, StatusSource, TrustBundle, WitnessSource
from verify.standards import credential_refresh
from verify.standards.cryptosuites import SecuredDocument
from verify.standards.documents import Contexts, shipped_contexts
from verify.summary import summarise, summarise_assertion


@dataclass(frozen=True, slots=True)
class _Authenticated:
    """What the first three checks say of a credential: whether it is what its issuer signed."""

    presented: Presented
    structure: Check
    finding: Finding

    @property
    def good(self) -> bool:
        """Whether all three passed."""
        return self.structure.outcome is Outcome.PASSED and self.finding.good


@dataclass(frozen=True, slots=True, kw_only=True)
class Verifier:
    """Verifies documents with the knowledge of its sources, under a policy. Keeps nothing between calls."""

    keys: KeySource
    statuses: StatusSource
    issuers: IssuerSource
    documents: DocumentSource = field(default_factory=TrustBundle)
    witnesses: WitnessSource = field(default_factory=TrustBundle)
    policy: Policy = Policy.RECOGNISED
    contexts: Contexts = field(default_factory=shipped_contexts)

    def verify(self, data: bytes, *, now: datetime) -> Report:
        """The report on the credential that the bytes carry: JSON, a compact JWT, a PNG or an SVG.

        Raises:
            Unreadable: where the bytes carry no credential that can be read.
            ValueError: where `now` has no zone.
        """
        if now.tzinfo is None:
            raise ValueError("the moment of verifying needs a zone")
        presented = intake.read(data)
        if presented.kind is Kind.OPEN_BADGE_2 and Kind.OPEN_BADGE_2 in self.policy.accepts:
            return self._assertion(presented, now)
        handed_in = self._authenticate(presented, now)
        newer = self._refresh(handed_in, now)
        authenticated = newer or handed_in
        credential = authenticated.presented.credential
        issuer = proof.issuer_id_of(credential)
        reader = StatusReader(issuer, self.statuses, self.documents, self.keys, now, self.contexts)
        checks = (
            authenticated.structure,
            authenticated.finding.proof,
            authenticated.finding.key,
            status.check(credential, reader),
            validity.check(credential, now),
            self._recognised(authenticated.finding, credential, now),
        )
        return Report(
            self.policy.verdict(checks),
            checks,
            now,
            summarise(credential, written_as=presented.written_as),
            authenticated.presented.kind,
            status_as_of=reader.as_of,
            refreshed=newer is not None,
        )

    def _assertion(self, presented: Presented, now: datetime) -> Report:
        walked = assertion.walk(presented, self.documents, self.issuers, now)
        summary = summarise_assertion(walked.assertion, walked.badge, walked.profile, written_as=presented.written_as)
        return Report(self.policy.verdict(walked.checks), walked.checks, now, summary, presented.kind)

    def _authenticate(self, presented: Presented, now: datetime) -> _Authenticated:
        secured = SecuredDocument(presented.credential, self.contexts)
        # Asked before `structure`, which then finds the canonical form made.
        finding = proof.check(presented, secured, self.keys, self.witnesses, now)
        return _Authenticated(presented, structure.check(presented, secured), finding)

    def _refresh(self, handed_in: _Authenticated, now: datetime) -> _Authenticated | None:
        """The newest version that the issuer keeps, where it is good; None: what was handed in is the one to check.

        Asked once: a newer version's own refresh service is not.
        """
        url = credential_refresh.service_url(handed_in.presented.credential) if handed_in.good else None
        data = None if url is None else self.documents.document(url)
        if data is None:
            return None
        try:
            presented = intake.read(data)
        except Unreadable:
            return None
        if not credential_refresh.is_version_of(presented.credential, handed_in.presented.credential):
            return None
        newer = self._authenticate(presented, now)
        return newer if newer.good else None

    def _recognised(self, finding: Finding, credential: dict[str, Any], now: datetime) -> Check:
        if Outcome.FAILED in (finding.proof.outcome, finding.key.outcome):
            # Whoever wrote this is not the issuer it names; that the issuer is known would only mislead.
            return Check.not_checked(CheckName.ISSUER_RECOGNISED, Reason.NOT_REACHED)
        return issuer_recognised.check(credential, self.issuers, now)
