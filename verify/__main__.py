"""The command `python -m verify PATH… [--json] [--trust PATH] [--trust-key DID] [--online] [--name NAME] …`.

Works without a network: what it knows of keys, status lists and recognised issuers is what `--trust` hands it, and
without `--trust` it knows nobody. With `--online`, keys, lists and newer versions that `--trust` lacks are fetched from
the addresses that the badge names; who is recognised is not. Never ends in a traceback.

`--name` asks whether a name or an e-mail address is that of the holder; the answer changes no exit code.

What a camera read from a printed code (the address with its digits, or the digits alone) stands in a file, or in place
of a file's name. A folder or a zip gives a table, one line for each file in it; with `--json`, one object for each.

Exit: 0 valid, 1 invalid, 2 undetermined, 3 unreadable; of several files the worst, in the order 3, 1, 2, 0.
64 the command was called wrongly, 70 our own fault. `--json` writes one JSON object per file, each on its own line.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

from verify import statement
from verify.collection import File, files_of, is_collection
from verify.errors import Defect, Unreadable
from verify.fetching import Fetcher
from verify.holder import Match, compare
from verify.intake import MAX_INPUT_BYTES
from verify.online import FetchingSources, InTurn
from verify.printing import NOT_BADGES, Lines, Printer, Sentences, Table, is_list
from verify.reasons import Reason
from verify.report import Report, Verdict
from verify.sentences import Sentence
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
    codes = [
        _collection(name, _verifier(trust, fetcher), now, options, language)
        if _is_collection(name)
        else _file(name, _verifier(trust, fetcher), now, options, _printer(options, language))
        for name in options.files
    ]
    return max(codes, key=_BADNESS.index)


def _is_collection(name: str) -> bool:
    written = statement.is_written_in_digits(name.encode("utf-8", "replace"))
    return name != "-" and not written and is_collection(Path(name))


def _file(name: str, verifier: Verifier, now: datetime, options: argparse.Namespace, printer: Printer) -> int:
    try:
        report = verifier.verify(_read(name), now=now)
    except Unreadable as error:
        printer.unreadable(name, error.reason, now)
        return UNREADABLE
    printer.report(name, report, _match(report, options))
    return EXIT_OF[report.verdict]


def _collection(name: str, verifier: Verifier, now: datetime, options: argparse.Namespace, language: str) -> int:
    """The code of the worst badge in a folder or a zip; files that are no badges say nothing against the others."""
    inside = name.rstrip("/") + "/"
    printer: Printer = Lines() if options.json else Table(language, inside)
    codes = []
    try:
        for file in files_of(Path(name)):
            try:
                report = verifier.verify(_content(file), now=now)
            except Unreadable as error:
                printer.unreadable(inside + file.name, error.reason, now)
                codes += [] if error.reason in NOT_BADGES else [UNREADABLE]
            else:
                printer.report(inside + file.name, report, _match(report, options))
                codes += [] if is_list(report) else [EXIT_OF[report.verdict]]
    except Unreadable as error:
        printer.unreadable(name, error.reason, now)
        codes.append(UNREADABLE)
    printer.end()
    return max(codes, key=_BADNESS.index, default=UNREADABLE)


def _match(report: Report, options: argparse.Namespace) -> Match | None:
    return None if options.name is None else compare(report.credential, options.name)


def _content(file: File) -> bytes:
    if isinstance(file.content, Reason):
        raise Unreadable(file.content)
    return file.content


def _printer(options: argparse.Namespace, language: str) -> Printer:
    return Lines() if options.json else Sentences(language, named=len(options.files) > 1)


def _verifier(trust: TrustBundle, fetcher: Fetcher | None) -> Verifier:
    known = trust if fetcher is None else InTurn(trust, FetchingSources(fetcher))
    return Verifier(keys=known, statuses=known, issuers=trust, documents=known, witnesses=trust, schemas=trust)


def _read(name: str) -> bytes:
    if statement.is_written_in_digits(name.encode("utf-8", "replace")):
        return name.encode("ascii")
    try:
        if name == "-":
            return sys.stdin.buffer.read(MAX_INPUT_BYTES + 1)
        with Path(name).open("rb") as file:
            return file.read(MAX_INPUT_BYTES + 1)
    except (OSError, ValueError):
        raise Unreadable(Reason.FILE_UNREADABLE) from None


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
        description="Vérifie des Open Badges, même hors ligne. / Verifies Open Badges, even offline.",
        epilog="0 valid, 1 invalid, 2 undetermined, 3 unreadable, 64 usage, 70 internal error",
    )
    parser.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help="JSON, JWT, PNG or SVG, a folder or a zip of them, the text of a code; - is standard input",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object per file, each on its own line")
    parser.add_argument("--trust", type=Path, metavar="PATH", help="trust bundle, or folder of one")
    parser.add_argument("--trust-key", metavar="DID", help="did:key of the only key whose signed bundle will do")
    parser.add_argument("--schemas", type=Path, metavar="FOLDER", help="JSON Schemas to hold against what names them")
    parser.add_argument("--online", action="store_true", help="fetch over https what the badge names and --trust lacks")
    parser.add_argument("--name", metavar="NAME", help="say whether this name or e-mail address is the holder's")
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
