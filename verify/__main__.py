"""The command `python -m verify FILE… [--json] [--trust PATH] [--trust-key DID] [--online] [--lang LANG] [--at TIME]`.

Works without a network: what it knows of keys, status lists and recognised issuers is what `--trust` hands it, and
without `--trust` it knows nobody. With `--online`, keys, lists and newer versions that `--trust` lacks are fetched from
the addresses that the badge names; who is recognised is not. Never ends in a traceback.

Exit: 0 valid, 1 invalid, 2 undetermined, 3 unreadable; of several files the worst, in the order 3, 1, 2, 0.
64 the command was called wrongly, 70 our own fault. `--json` writes one JSON object per file, each on its own line.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

from verify.errors import Defect, Unreadable
from verify.fetching import Fetcher
from verify.inside import entries
from verify.intake import MAX_INPUT_BYTES
from verify.online import FetchingSources, InTurn
from verify.reasons import Reason
from verify.report import Kind, Outcome, Report, Verdict
from verify.sentences import (
    CHECKS,
    ENDORSEMENTS,
    HEADLINES,
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
from verify.sources import TrustBundle
from verify.standards import timestamps
from verify.standards.json_schema import SchemasUnusable, read_schemas
from verify.trust import TrustUnusable, read_trust
from verify.verifier import Verifier

EXIT_OF = {Verdict.VALID: 0, Verdict.INVALID: 1, Verdict.UNDETERMINED: 2}
UNREADABLE = 3
USAGE = 64
SOFTWARE = 70
_BADNESS = (0, 2, 1, UNREADABLE)  # from best to worst

_OUR_FAULT = Sentence(
    "Une erreur de notre côté empêche la vérification. Le badge n’est pas en cause.",
    "An error on our side prevents verification. The badge is not to blame.",
)
_COLON = {"fr": "\u00a0: ", "en": ": "}
_VERDICT_MARKS = {Verdict.VALID: "+", Verdict.INVALID: "x", Verdict.UNDETERMINED: "?"}
_MARKS = {Outcome.PASSED: "+", Outcome.FAILED: "x", Outcome.NOT_CHECKED: "?"}


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code, once everything is printed."""
    language = _language(os.environ)
    try:
        options = _parser().parse_args(arguments)
        language = options.lang or language
        code = _run(options, language)
        sys.stdout.flush()
    except _WrongCall as error:
        print(f"python -m verify: {error}", file=sys.stderr)
        return USAGE
    except BrokenPipeError:
        # Whoever was reading has gone; keep Python from complaining about it once more at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return SOFTWARE
    except Exception as error:  # noqa: BLE001 - the last resort: a sentence instead of a traceback
        print(f"{_OUR_FAULT.in_language(language)} [{type(error).__name__}]", file=sys.stderr)
        return SOFTWARE
    return code


def _run(options: argparse.Namespace, language: str) -> int:
    if options.trust is None and options.trust_key is not None:
        raise _WrongCall("--trust-key: there is no --trust that it could have signed")
    try:
        trust = TrustBundle() if options.trust is None else read_trust(options.trust, signed_by=options.trust_key)
    except TrustUnusable as error:
        raise _WrongCall(f"--trust: {error}") from None
    now = options.at or datetime.now(UTC)
    try:
        schemas = {} if options.schemas is None else read_schemas(options.schemas)
    except SchemasUnusable as error:
        raise _WrongCall(f"--schemas: {error}") from None
    trust = replace(trust, schemas=schemas)
    fetcher = Fetcher() if options.online else None
    codes = []
    for name in options.files:
        try:
            report = _verifier(trust, fetcher).verify(_read(name), now=now)
        except Unreadable as error:
            codes.append(UNREADABLE)
            _print_unreadable(name, error.reason, now, options, language)
        else:
            codes.append(EXIT_OF[report.verdict])
            _print_report(name, report, options, language)
    return max(codes, key=_BADNESS.index)


def _verifier(trust: TrustBundle, fetcher: Fetcher | None) -> Verifier:
    known = trust if fetcher is None else InTurn(trust, FetchingSources(fetcher))
    return Verifier(keys=known, statuses=known, issuers=trust, documents=known, witnesses=trust, schemas=trust)


def _read(name: str) -> bytes:
    try:
        if name == "-":
            return sys.stdin.buffer.read(MAX_INPUT_BYTES + 1)
        with Path(name).open("rb") as file:
            return file.read(MAX_INPUT_BYTES + 1)
    except (OSError, ValueError):
        raise Unreadable(Reason.FILE_UNREADABLE) from None


def _print_report(name: str, report: Report, options: argparse.Namespace, language: str) -> None:
    if options.json:
        _print_json({"file": name, **report.to_json()})
        return
    _print_heading(name, _said(headline(report), language), options, language)
    if report.kind is not Kind.OPEN_BADGE_3:
        print(f"  {KINDS[report.kind].in_language(language)}")
    for entry in entries((report,)):
        if entry.comment:
            print(f"  « {_printable(entry.comment)} »")
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
        day = at.strftime("%d/%m/%Y" if language == "fr" else "%Y-%m-%d")
        print(f"  {STATUS_AS_OF.in_language(language).format(date=day, time=at.strftime('%H:%M UTC'))}")
    _print_inside(MEMBERS, report.members, language)
    _print_inside(ENDORSEMENTS, report.endorsements, language)


def _print_inside(title: Sentence, reports: tuple[Report, ...], language: str) -> None:
    if reports:
        print(f"  {title.in_language(language)}{_COLON[language].rstrip()}")
    for number, entry in enumerate(entries(reports), start=1):
        named = ", ".join(_printable(text) for text in (entry.name, entry.issuer) if text) or "?"
        print(
            f"  {number:>2}. {_VERDICT_MARKS[entry.verdict]} {named}{_COLON[language]}{_said(entry.headline, language)}"
        )
        if entry.comment:
            print(f"        « {_printable(entry.comment)} »")


def _said(top: Headline, language: str) -> str:
    date = "" if top.date is None else top.date.strftime("%d/%m/%Y" if language == "fr" else "%Y-%m-%d")
    return top.sentence.in_language(language).format(issuer=_printable(top.issuer), date=date)


def _print_unreadable(name: str, reason: Reason, now: datetime, options: argparse.Namespace, language: str) -> None:
    if options.json:
        members: dict[str, Any] = {"verdict": "unreadable", "reason": reason.value, "checks": []}
        _print_json({"file": name, **members, "checked_at": timestamps.write(now), "credential": None})
        return
    _print_heading(name, HEADLINES["unreadable"].in_language(language), options, language)
    print(f"  x ({reason}) {REASONS[reason].in_language(language)}")


def _print_heading(name: str, sentence: str, options: argparse.Namespace, language: str) -> None:
    print(sentence if len(options.files) == 1 else _printable(name) + _COLON[language] + sentence)


def _print_json(members: dict[str, Any]) -> None:
    # ASCII only: no terminal sees a control sequence that a stranger wrote.
    print(json.dumps(members, sort_keys=False))


def _printable(text: str) -> str:
    """The text without what could move a terminal's cursor or turn its direction."""
    return "".join(each if each.isprintable() else " " if each.isspace() else "\ufffd" for each in text)


def _language(environment: os._Environ[str]) -> str:
    named = next((environment[each] for each in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(each)), "")
    chosen = named.partition("_")[0].partition(".")[0].lower()
    return "fr" if chosen in ("", "c", "posix", "fr") else "en"


class _WrongCall(Exception):  # noqa: N818 - it names what is so, as a reader would say it
    """The command was called wrongly."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Refuse the call with the exit code this command documents, which is not argparse's."""
        raise _WrongCall(message)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m verify",
        description="Vérifie des badges Open Badges 3.0, même hors ligne. / Verifies Open Badges 3.0, even offline.",
        epilog="0 valid, 1 invalid, 2 undetermined, 3 unreadable, 64 usage, 70 internal error",
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="JSON, JWT, PNG or SVG; - reads standard input")
    parser.add_argument("--json", action="store_true", help="one JSON object per file, each on its own line")
    parser.add_argument("--trust", type=Path, metavar="PATH", help="trust bundle, or folder of one")
    parser.add_argument("--trust-key", metavar="DID", help="did:key of the only key whose signed bundle will do")
    parser.add_argument("--schemas", type=Path, metavar="FOLDER", help="JSON Schemas to hold against what names them")
    parser.add_argument("--online", action="store_true", help="fetch over https what the badge names and --trust lacks")
    parser.add_argument("--lang", choices=("fr", "en"), help="language of the sentences; default: the environment's")
    parser.add_argument("--at", type=_moment, metavar="TIME", help="verify as of YYYY-MM-DDThh:mm:ssZ")
    return parser


def _moment(text: str) -> datetime:
    try:
        return timestamps.read(text)
    except Defect:
        raise argparse.ArgumentTypeError("not a moment of the form YYYY-MM-DDThh:mm:ssZ") from None


if __name__ == "__main__":
    sys.exit(main())
