"""What a report says of the documents inside: one entry each, with its verdict in words.

The command prints these, the page shows them. The words of an endorsement are given only where nothing in it is wrong:
a forged recommendation is not repeated.
"""

from __future__ import annotations

from dataclasses import dataclass

from verify.report import Report, Verdict
from verify.sentences import Headline, headline


@dataclass(frozen=True, slots=True)
class Entry:
    """One document inside another: its name, who issued it, what it says of the badge, and what is so.

    All but the headline is as its author wrote it, to be escaped; empty where it says nothing.
    """

    name: str
    issuer: str
    comment: str
    verdict: Verdict
    headline: Headline


def entries(reports: tuple[Report, ...]) -> list[Entry]:
    """One entry for each report, in order."""
    return [_entry(report) for report in reports]


def _entry(report: Report) -> Entry:
    summary = report.credential
    return Entry(
        name=summary.achievement_name or summary.name or "",
        issuer=summary.issuer_name or summary.issuer_id or "",
        comment="" if report.verdict is Verdict.INVALID else summary.endorsement_comment or "",
        verdict=report.verdict,
        headline=headline(report),
    )
