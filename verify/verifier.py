"""The steps of verifying, written once, in the order in which they are made and reported.

1. Read the document out of the bytes (`intake`). Nothing to read: `Unreadable`, and no report.
2. `structure`: is it what it says it is, and does every term in it mean something?
3. `proof`: is the signature that of the key it names, over exactly this content?
4. `key_controlled`: is that key the named issuer's, or of a presentation the holder's?
5. Does it name a refresh service, and are 2 to 4 good? Then the issuer's newest version, where it can be had and 2 to 4
   are good of it too, takes its place from here on.
6. `status`: has the issuer taken it back or paused it?
7. `validity`: is it in force now?
8. `issuer_recognised`: does somebody trusted recognise the issuer for this?
9. The policy turns the checks into a verdict.
10. The credentials inside, and what others endorse, get the same steps and a report each (`contents`).

Every step is made and reported, whatever the ones before it gave, unless they made it meaningless.

An Open Badges 2.0 Assertion is asked the same questions by a walk of its own (`checks.assertion`).

Source: Open Badges 3.0, section 9 (verification and validation); Verifiable Credentials Data Model 2.0, section 7.1.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from itertools import takewhile
from typing import Any

from verify import contents, intake
from verify.checks import assertion, issuer_recognised, proof, statement, status, structure, validity
from verify.checks.proof import Expected, Finding
from verify.checks.status import StatusReader
from verify.contents import Inside
from verify.errors import Defect, Unreadable
from verify.intake import Presented
from verify.list_memory import ListMemory
from verify.reasons import Reason
from verify.report import Check, CheckName, Kind, Outcome, Policy, Report, Verdict
from verify.sources import (
    DocumentSource,
    IssuerSource,
    KeySource,
    SchemaSource,
    StatusSource,
    TrustBundle,
    WitnessSource,
)
from verify.standards import credential_refresh, credentials
from verify.standards.cryptosuites import SecuredDocument
from verify.standards.documents import Contexts, shipped_contexts
from verify.summary import Stated, summarise, summarise_assertion

_NOT_OF_PRESENTATIONS = (CheckName.STATUS, CheckName.VALIDITY, CheckName.ISSUER_RECOGNISED)
_ENDORSED = (Kind.OPEN_BADGE_3, Kind.CLR)
_FROM_WORST = (Verdict.INVALID, Verdict.UNDETERMINED, Verdict.VALID)


@dataclass(frozen=True, slots=True)
class _Authenticated:
    """What the first three checks say of a document: whether it is what its issuer signed."""

    presented: Presented
    structure: Check
    finding: Finding

    @property
    def good(self) -> bool:
        """Whether all three passed."""
        return self.structure.outcome is Outcome.PASSED and self.finding.good


@dataclass(frozen=True, slots=True, kw_only=True)
class Verifier:
    """Verifies documents with the knowledge of its sources, under a policy.

    Keeps nothing of a badge between calls; of status lists, what `memory` says.
    """

    keys: KeySource
    statuses: StatusSource
    issuers: IssuerSource
    documents: DocumentSource = field(default_factory=TrustBundle)
    witnesses: WitnessSource = field(default_factory=TrustBundle)
    schemas: SchemaSource = field(default_factory=TrustBundle)
    policy: Policy = Policy.RECOGNISED
    contexts: Contexts = field(default_factory=shipped_contexts)
    lists: ListMemory = field(default_factory=ListMemory, repr=False)

    def verify(self, data: bytes, *, now: datetime, domain: str | None = None, challenge: str | None = None) -> Report:
        """The report on the document that the bytes carry: JSON, a compact JWT, a PNG, an SVG, or the text of a code.

        `domain` and `challenge` are what its proof has to answer to, where whoever asked for the document set them.

        Raises:
            Unreadable: where the bytes carry no document that can be read.
            ValueError: where `now` has no zone.
        """
        if now.tzinfo is None:
            raise ValueError("the moment of verifying needs a zone")
        presented = intake.read(data)
        expected = proof.expected_of(presented, domain=domain, challenge=challenge)
        return _Reading(self, now).report(presented, expected)


class _Reading:
    """One call of `verify`: the moment, and how many documents inside the one handed in may still be looked at.

    How long as well: each document has bounds of its own, and fifty that keep to them barely would take many seconds.
    """

    def __init__(self, verifier: Verifier, now: datetime) -> None:
        self._by = verifier
        self._now = now
        self._members_left = contents.MAX_MEMBERS
        self._endorsements_left = contents.MAX_MEMBERS
        self._computing_until = time.thread_time() + contents.MAX_SECONDS

    def report(self, presented: Presented, expected: Expected, depth: int = 0) -> Report:
        """The report on the document, or on the issuer's newer version of it, and on what it holds."""
        if presented.kind is Kind.OPEN_BADGE_2 and Kind.OPEN_BADGE_2 in self._by.policy.accepts:
            return self._assertion(presented, expected)
        if presented.kind is Kind.STATEMENT and Kind.STATEMENT in self._by.policy.accepts:
            return self._statement(presented, expected)
        handed_in = self._authenticate(presented, expected)
        newer = self._refresh(handed_in) if depth == 0 else None
        authenticated = newer or handed_in
        document = authenticated.presented
        members, complete = self._members(document, depth)
        endorsements, every = self._endorsements(document)
        checks, reader = self._checks(authenticated)
        notes = {
            Reason.SCHEMA_NOT_HELD: structure.misses_schema(document, self._by.schemas),
            Reason.TOO_MANY_ENDORSEMENTS: not every,
            Reason.STATUS_MESSAGE: Reason.STATUS_MESSAGE in reader.notes,
            Reason.REFRESH_ANNOUNCED: Reason.REFRESH_ANNOUNCED in reader.notes,
        }
        left_open = self._left_open(document, members, complete=complete)
        if left_open is not None and checks[0].outcome is Outcome.PASSED:
            checks = (Check.not_checked(CheckName.STRUCTURE, left_open), *checks[1:])
        verdict = self._by.policy.verdict(checks, document.kind)
        if document.kind is Kind.PRESENTATION:
            verdict = min((verdict, *(member.verdict for member in members)), key=_FROM_WORST.index)
        return Report(
            verdict,
            checks,
            self._now,
            Stated(partial(summarise, document.credential, written_as=presented.written_as)),
            document.kind,
            members=members,
            endorsements=endorsements,
            status_as_of=reader.as_of,
            refreshed=newer is not None,
            notes=tuple(note for note, so in notes.items() if so),
            proofs=authenticated.finding.each,
        )

    def _left_open(self, document: Presented, members: tuple[Report, ...], *, complete: bool) -> Reason | None:
        """Why the members do not let the document be called good: not all were looked at, or there is none.

        The data model allows a presentation of nothing; to whoever is shown one it must not look like a good badge.
        """
        if not complete:
            return Reason.TOO_MANY_MEMBERS
        empty = document.kind is Kind.PRESENTATION and not members
        return Reason.PRESENTATION_EMPTY if empty and not self._by.policy.unsigned_presentations else None

    def _statement(self, presented: Presented, expected: Expected) -> Report:
        """The report on a printed statement, whose members are those of the badge that it is about."""
        by, now = self._by, self._now
        found = statement.check(presented.text, by.keys, by.witnesses, now)
        issuer = credentials.issuer_id_of(found.credential)
        reader = StatusReader(issuer, by.statuses, by.documents, by.keys, now, by.contexts, by.lists)
        last: tuple[Check, ...] = tuple(Check.not_checked(name, Reason.NOT_REACHED) for name in _NOT_OF_PRESENTATIONS)
        if found.structure.outcome is Outcome.PASSED:
            last = (
                status.check(found.credential, reader),
                validity.check(found.credential, now),
                self._recognised(found.finding, found.credential),
            )
        own = found.finding.proof
        try:
            expected.require_answer(None, None)  # printed once for everybody, it answers nobody
        except Defect as defect:
            own = Check.stopped(CheckName.PROOF, defect)
        checks = (found.structure, own, found.finding.key, *last)
        return Report(
            by.policy.verdict(checks, presented.kind),
            checks,
            now,
            Stated(partial(summarise, found.credential, written_as=presented.written_as)),
            presented.kind,
            status_as_of=reader.as_of,
            proofs=found.finding.each,
        )

    def _assertion(self, presented: Presented, expected: Expected) -> Report:
        by = self._by
        walked = assertion.walk(presented, by.documents, by.issuers, self._now)
        try:
            expected.require_answer(None, None)  # nothing in this version answers anybody
            checks = walked.checks
        except Defect as defect:
            checks = tuple(
                Check.stopped(check.name, defect) if check.name is CheckName.PROOF else check for check in walked.checks
            )
        parts = (walked.assertion, walked.badge, walked.profile)
        stated = Stated(partial(summarise_assertion, *parts, written_as=presented.written_as))
        return Report(
            by.policy.verdict(checks),
            checks,
            self._now,
            stated,
            presented.kind,
            status_as_of=walked.status_as_of,
        )

    def _authenticate(self, presented: Presented, expected: Expected) -> _Authenticated:
        by = self._by
        secured = SecuredDocument(presented.credential, by.contexts)
        # Asked before `structure`, which then finds the canonical form made.
        finding = proof.check(presented, secured, by.keys, by.witnesses, self._now, expected=expected)
        structured = structure.check(presented, secured, by.policy.accepts, by.schemas)
        return _Authenticated(presented, structured, finding)

    def _refresh(self, handed_in: _Authenticated) -> _Authenticated | None:
        """The newest version that the issuer keeps, where it is good; None: what was handed in is the one to check.

        Asked once: a newer version's own refresh service is not.
        """
        url = credential_refresh.service_url(handed_in.presented.credential) if handed_in.good else None
        data = None if url is None else self._by.documents.document(url)
        if data is None:
            return None
        try:
            presented = intake.read(data)
        except Unreadable:
            return None
        before = handed_in.presented
        if presented.kind is not before.kind:
            return None
        if not credential_refresh.is_version_of(presented.credential, before.credential):
            return None
        newer = self._authenticate(presented, proof.expected_of(presented))
        return newer if newer.good else None

    def _checks(self, authenticated: _Authenticated) -> tuple[tuple[Check, ...], StatusReader]:
        """Every check, and the reader of status lists, which knows how fresh they were and what else they said."""
        by, finding = self._by, authenticated.finding
        first = (authenticated.structure, finding.proof, finding.key)
        credential = authenticated.presented.credential
        issuer = credentials.issuer_id_of(credential)
        reader = StatusReader(issuer, by.statuses, by.documents, by.keys, self._now, by.contexts, by.lists)
        if authenticated.presented.kind is Kind.PRESENTATION:
            return (*first, *(Check.not_checked(name, Reason.NOT_APPLICABLE) for name in _NOT_OF_PRESENTATIONS)), reader
        checks = (
            *first,
            status.check(credential, reader),
            validity.check(credential, self._now),
            self._recognised(finding, credential),
        )
        return checks, reader

    def _recognised(self, finding: Finding, credential: dict[str, Any]) -> Check:
        if Outcome.FAILED in (finding.proof.outcome, finding.key.outcome):
            # Whoever wrote this is not the issuer it names; that the issuer is known would only mislead.
            return Check.not_checked(CheckName.ISSUER_RECOGNISED, Reason.NOT_REACHED)
        return issuer_recognised.check(credential, self._by.issuers, self._now)

    def _members(self, presented: Presented, depth: int) -> tuple[tuple[Report, ...], bool]:
        """The report on each credential inside, and whether these are all."""
        found = contents.members_of(presented)
        looked_at = found[: self._members_left] if depth < contents.MAX_DEPTH else []
        self._members_left -= len(looked_at)
        inside = takewhile(self._has_time, contents.read_members(looked_at))
        reports = tuple(self._inside(each, depth + 1) for each in inside)
        return reports, len(reports) == len(found)

    def _endorsements(self, presented: Presented) -> tuple[tuple[Report, ...], bool]:
        """The report on each endorsement inside, and whether these are all."""
        if presented.kind not in _ENDORSED:
            return (), True
        found, more = contents.endorsements_of(presented)
        looked_at = found[: self._endorsements_left]
        self._endorsements_left -= len(looked_at)
        reports = tuple(self._endorsement(each) for each in takewhile(self._has_time, looked_at))
        return reports, not more and len(reports) == len(found)

    def _has_time(self, _inside: Inside) -> bool:
        """Whether one more document may be opened; time spent waiting for others does not count."""
        return time.thread_time() <= self._computing_until

    def _endorsement(self, inside: Inside) -> Report:
        report = self._inside(inside, contents.MAX_DEPTH)
        if isinstance(inside.found, Reason) or contents.is_about(inside.found, inside.about):
            return report
        strayed = Check.failed(CheckName.STRUCTURE, Reason.ENDORSEMENT_OF_ANOTHER)
        return replace(report, verdict=Verdict.INVALID, checks=(strayed, *report.checks[1:]))

    def _inside(self, inside: Inside, depth: int) -> Report:
        if isinstance(inside.found, Presented):
            return self.report(inside.found, proof.expected_of(inside.found), depth)
        rest = (Check.not_checked(name, Reason.NOT_REACHED) for name in tuple(CheckName)[1:])
        checks = (Check.not_checked(CheckName.STRUCTURE, inside.found), *rest)
        nothing = Stated(partial(summarise, {}, written_as="json"))
        return Report(Verdict.UNDETERMINED, checks, self._now, nothing, Kind.CREDENTIAL)
