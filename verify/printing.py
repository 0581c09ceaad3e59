"""Reports on a terminal: sentences for people, lines of JSON for programs, a table for many badges at once.

Nothing a stranger wrote reaches the terminal as it is: no control sequence, no change of direction.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Protocol

from verify.entries import entries
from verify.holder import Match
from verify.reasons import Reason
from verify.report import Check, Kind, Outcome, Report, Verdict
from verify.sentences import (
    CHECKS,
    ENDORSEMENTS,
    HEADLINES,
    HOLDERS,
    KINDS,
    MEMBERS,
    OUTCOMES,
    REASONS,
    REFRESHED,
    STATUS_AS_OF,
    Headline,
    Sentence,
    headline,
)
from verify.standards import timestamps

NOT_BADGES = frozenset(
    {
        Reason.EMPTY,
        Reason.FORMAT_UNKNOWN,
        Reason.NOT_A_CREDENTIAL,
        Reason.PNG_WITHOUT_BADGE,
        Reason.SVG_WITHOUT_BADGE,
    }
)
"""Why a file in a folder is no badge at all, rather than a bad one."""

_COLON = {"fr": "\u00a0: ", "en": ": "}
_VERDICT_MARKS = {Verdict.VALID: "+", Verdict.INVALID: "x", Verdict.UNDETERMINED: "?"}
_MARKS = {Outcome.PASSED: "+", Outcome.FAILED: "x", Outcome.NOT_CHECKED: "?"}
_MATCHES = {Match.EXACT: "+", Match.SPELLED: "+", Match.DIFFERENT: "?", Match.UNTOLD: "?"}
_HOLDER = Sentence("titulaire", "holder")
_UNREADABLE = "unreadable"
_VERDICTS: Mapping[str, tuple[str, Sentence]] = {
    Verdict.VALID: ("+", Sentence("authentique", "authentic")),
    Verdict.INVALID: ("x", Sentence("refusé", "refused")),
    Verdict.UNDETERMINED: ("?", Sentence("indéterminé", "undetermined")),
    _UNREADABLE: ("x", Sentence("illisible", "unreadable")),
}
_TOTAL = Sentence(
    "Authentiques\u00a0: {valid}\u00a0; refusés\u00a0: {invalid}\u00a0; indéterminés\u00a0: {undetermined}\u00a0; "
    "illisibles\u00a0: {unreadable}.",
    "Authentic: {valid}; refused: {invalid}; undetermined: {undetermined}; unreadable: {unreadable}.",
)
_COLUMNS = (
    Sentence("verdict", "verdict"),
    Sentence("fichier", "file"),
    Sentence("badge", "badge"),
    Sentence("émetteur", "issuer"),
    Sentence("depuis le", "since"),
    Sentence("raison", "reason"),
)
_WIDEST = 40
_OTHERS = Sentence("Ne sont pas des badges", "Not badges")
_NONE = Sentence("Aucun badge ici.", "No badges here.")
_MOST_OTHERS = 10
_LIST = "BitstringStatusListCredential"


class Printer(Protocol):
    """Where reports go."""

    def report(self, name: str, report: Report, match: Match | None = None) -> None:
        """Take the report on one file, and how the holder asked about compares, where one was."""

    def unreadable(self, name: str, reason: Reason, now: datetime) -> None:
        """Take note of a file in which no badge could be read."""

    def end(self) -> None:
        """Say what can only be said when all has been taken."""


def is_list(report: Report) -> bool:
    """Whether the report is on a status list, which lies beside badges in an archive and is none."""
    return report.kind is Kind.CREDENTIAL and _LIST in report.credential.types


class Lines:
    """One JSON object for each file, on its own line."""

    def report(self, name: str, report: Report, match: Match | None = None) -> None:
        """Write the report, as `verify/report.schema.json` describes it."""
        asked = {} if match is None else {"holder": match.value}
        self._print({"file": name, **report.to_json(), **asked})

    def unreadable(self, name: str, reason: Reason, now: datetime) -> None:
        """Write that nothing could be read, and why."""
        members: dict[str, Any] = {"verdict": _UNREADABLE, "reason": reason.value, "checks": []}
        self._print({"file": name, **members, "checked_at": timestamps.write(now), "credential": None})

    def end(self) -> None:
        """Nothing is left to say."""

    def _print(self, members: dict[str, Any]) -> None:
        # ASCII only: no terminal sees a control sequence that a stranger wrote.
        print(json.dumps(members, sort_keys=False))


class Sentences:
    """A sentence for each file, then every check; `named` puts the file's name before it."""

    def __init__(self, language: str, *, named: bool) -> None:
        self._language = language
        self._named = named

    def report(self, name: str, report: Report, match: Match | None = None) -> None:
        """Write the sentence, the checks, and what the document holds."""
        language = self._language
        self._heading(name, _said(headline(report), language))
        if match is not None:
            asked = _HOLDER.in_language(language) + _COLON[language]
            print(f"  {_MATCHES[match]} {asked}{HOLDERS[match].in_language(language)}")
        if report.kind is not Kind.OPEN_BADGE_3:
            print(f"  {KINDS[report.kind].in_language(language)}")
        for entry in entries((report,)):
            if entry.comment:
                print(f"  « {printable(entry.comment)} »")
        for check in report.checks:
            title = CHECKS[check.name].in_language(language) + _COLON[language]
            outcome = OUTCOMES[check.outcome].in_language(language)
            reason = "" if check.reason is None else f" ({check.reason}) {REASONS[check.reason].in_language(language)}"
            print(f"  {_MARKS[check.outcome]} {title}{outcome}{reason}")
        for note in report.notes:
            print(f"  i ({note}) {REASONS[note].in_language(language)}")
        if report.refreshed:
            print(f"  {REFRESHED.in_language(language)}")
        if report.status_as_of is not None:
            at = report.status_as_of.astimezone(UTC)
            told = STATUS_AS_OF.in_language(language)
            print(f"  {told.format(date=_day(at, language), time=at.strftime('%H:%M UTC'))}")
        self._inside(MEMBERS, report.members)
        self._inside(ENDORSEMENTS, report.endorsements)

    def unreadable(self, name: str, reason: Reason, now: datetime) -> None:  # noqa: ARG002 - the protocol's
        """Write that nothing could be read, and why."""
        self._heading(name, HEADLINES[_UNREADABLE].in_language(self._language))
        print(f"  x ({reason}) {REASONS[reason].in_language(self._language)}")

    def end(self) -> None:
        """Nothing is left to say."""

    def _heading(self, name: str, sentence: str) -> None:
        print(printable(name) + _COLON[self._language] + sentence if self._named else sentence)

    def _inside(self, title: Sentence, reports: tuple[Report, ...]) -> None:
        colon = _COLON[self._language]
        if reports:
            print(f"  {title.in_language(self._language)}{colon.rstrip()}")
        for number, entry in enumerate(entries(reports), start=1):
            named = ", ".join(printable(text) for text in (entry.name, entry.issuer) if text) or "?"
            said = _said(entry.headline, self._language)
            print(f"  {number:>2}. {_VERDICT_MARKS[entry.verdict]} {named}{colon}{said}")
            if entry.comment:
                print(f"        « {printable(entry.comment)} »")


class Table:
    """A line for each file of a folder or a zip, when all are known; what is no badge is named below."""

    def __init__(self, language: str, collection: str) -> None:
        self._language = language
        self._start = len(collection)
        self._rows: list[tuple[str, ...]] = []
        self._counts: Counter[str] = Counter()
        self._others: list[str] = []

    def report(self, name: str, report: Report, match: Match | None = None) -> None:
        """Take the report for a line; how the holder compares is its last word."""
        if is_list(report):
            self._others.append(name[self._start :])
            return
        stated = report.credential
        at = stated.valid_from
        day = "" if at is None else _day(at, self._language)
        reason = next((str(check.reason) for check in _worst_first(report) if check.reason is not None), "")
        named = stated.achievement_name or stated.name or ""
        if match is not None:
            reason = f"{reason} {_HOLDER.in_language(self._language)}{_COLON[self._language]}{match.value}".lstrip()
        self._row(report.verdict, name, named, stated.issuer_name or stated.issuer_id or "", day, reason)

    def unreadable(self, name: str, reason: Reason, now: datetime) -> None:  # noqa: ARG002 - the protocol's
        """Take the file for a line, or for the list of those that are no badges."""
        if reason in NOT_BADGES:
            self._others.append(name[self._start :])
        else:
            self._row(_UNREADABLE, name, "", "", "", reason.value)

    def end(self) -> None:
        """Write the table."""
        language = self._language
        if self._rows:
            heading = tuple(column.in_language(language) for column in _COLUMNS)
            rows = [("", *heading), *self._rows]
            widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
            for row in rows:
                print("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip())
            print(_TOTAL.in_language(language).format(**{verdict: self._counts[verdict] for verdict in _VERDICTS}))
        else:
            print(_NONE.in_language(language))
        if self._others:
            shown = ", ".join(map(printable, self._others[:_MOST_OTHERS]))
            more = f", … ({len(self._others)})" if len(self._others) > _MOST_OTHERS else "."
            print(f"{_OTHERS.in_language(language)}{_COLON[language]}{shown}{more}")

    def _row(self, verdict: str, name: str, *texts: str) -> None:
        mark, word = _VERDICTS[verdict]
        self._counts[verdict] += 1
        cut = (_cut(printable(text)) for text in texts)
        self._rows.append((mark, word.in_language(self._language), printable(name[self._start :]), *cut))


def printable(text: str) -> str:
    """The text without what could move a terminal's cursor or turn its direction."""
    return "".join(each if each.isprintable() else " " if each.isspace() else "\ufffd" for each in text)


def _cut(text: str) -> str:
    return text if len(text) <= _WIDEST else text[: _WIDEST - 1] + "…"


def _day(moment: datetime, language: str) -> str:
    return moment.strftime("%d/%m/%Y" if language == "fr" else "%Y-%m-%d")


def _said(top: Headline, language: str) -> str:
    date = "" if top.date is None else _day(top.date, language)
    return top.sentence.in_language(language).format(issuer=printable(top.issuer), date=date)


def _worst_first(report: Report) -> list[Check]:
    return sorted(report.checks, key=lambda check: check.outcome is not Outcome.FAILED)
