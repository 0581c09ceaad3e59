"""The steps of verifying, written once, in the order in which they are made and reported.

1. Read the credential out of the bytes (`intake`). Nothing to read: `Unreadable`, and no report.
2. `structure`: is it an Open Badges 3.0 credential, and does every term in it mean something?
3. `proof`: is the signature that of the key it names, over exactly this content?
4. `key_controlled`: is that key the named issuer's?
5. `status`: has the issuer taken it back or paused it?
6. `validity`: is it in force now?
7. `issuer_recognised`: does somebody trusted recognise the issuer for this?
8. The policy turns the checks into a verdict.

Every step is made and reported, whatever the ones before it gave, unless they made it meaningless.

Source: Open Badges 3.0, section 9 (verification and validation).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from verify import intake
from verify.checks import issuer_recognised, proof, status, structure, validity
from verify.checks.proof import Finding
from verify.checks.status import StatusReader
from verify.intake import Presented
from verify.reasons import Reason
from verify.report import Check, CheckName, Outcome, Policy, Report
from verify.sources import DocumentSource, IssuerSource, KeySource, StatusSource, TrustBundle, WitnessSource
from verify.standards.cryptosuites import SecuredDocument
from verify.standards.documents import Contexts, shipped_contexts
from verify.summary import summarise


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
        summary = summarise(presented.credential, written_as=presented.written_as)
        checks = self._checks(presented, now)
        return Report(self.policy.verdict(checks), checks, now, summary, presented.kind)

    def _checks(self, presented: Presented, now: datetime) -> tuple[Check, ...]:
        credential = presented.credential
        secured = SecuredDocument(credential, self.contexts)
        structured = structure.check(presented, secured)
        finding = proof.check(presented, secured, self.keys, self.witnesses, now)
        reader = StatusReader(proof.issuer_id_of(credential), self.statuses, self.keys, now, self.contexts)
        return (
            structured,
            finding.proof,
            finding.key,
            status.check(credential, reader),
            validity.check(credential, now),
            self._recognised(finding, credential, now),
        )

    def _recognised(self, finding: Finding, credential: dict[str, Any], now: datetime) -> Check:
        if Outcome.FAILED in (finding.proof.outcome, finding.key.outcome):
            # Whoever wrote this is not the issuer it names; that the issuer is known would only mislead.
            return Check.not_checked(CheckName.ISSUER_RECOGNISED, Reason.NOT_REACHED)
        return issuer_recognised.check(credential, self.issuers, now)
