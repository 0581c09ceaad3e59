"""Lines of cells as CSV: written for Excel or LibreOffice, read back strictly.

Written in UTF-8 with a byte order mark, semicolons and CRLF, as a French Excel opens without asking. Read with
semicolons or commas. A file in another encoding is refused rather than guessed: its accents would end up signed.
A cell that a spreadsheet would take for a formula is written after an apostrophe, taken off again on reading.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Final

from referentiels.reading import MAX_BYTES
from referentiels.sentences import N_, DocumentErrors, Fault

_FORMULA: Final = re.compile(r"'*[=+\-@]")
_GUARDED: Final = re.compile(r"'+[=+\-@]")
_MAX_LINES: Final = 10_000


def written(headings: Sequence[str], lines: Iterable[Sequence[str]]) -> bytes:
    """The lines under their headings."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(headings)
    for line in lines:
        writer.writerow([_guarded(cell) for cell in line])
    return text.getvalue().encode("utf-8-sig")


def read(data: bytes) -> list[list[str]]:
    """Every line, headings included, without spaces around its cells.

    Raises:
        DocumentErrors: too large, not UTF-8, or quotes that do not close.
    """
    text = _decoded(data)
    first = text.split("\n", 1)[0]
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter="," if first.count(",") > first.count(";") else ";", strict=True
    )
    try:
        lines = [[_unguarded(cell.strip()) for cell in line] for line in reader]
    except csv.Error:
        message = N_("Les guillemets ou les séparateurs de cette ligne ne se lisent pas.")
        raise DocumentErrors([Fault("", message, line=reader.line_num)]) from None
    if len(lines) > _MAX_LINES:
        message = N_("Le fichier compte {count} lignes ; {limit} au plus sont admises.")
        raise DocumentErrors([Fault("", message, {"count": len(lines), "limit": _MAX_LINES})])
    return lines


def _guarded(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _unguarded(cell: str) -> str:
    return cell[1:] if _GUARDED.match(cell) else cell


def _decoded(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise DocumentErrors([Fault("", N_("Le fichier dépasse {limit} Mo."), {"limit": MAX_BYTES >> 20})])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = N_(
            "Ce fichier n’est pas un CSV en UTF-8, ses accents seraient faussés. Dans votre tableur, choisissez "
            "« Enregistrer sous », puis « CSV UTF-8 »."
        )
        raise DocumentErrors([Fault("", message, line=data.count(b"\n", 0, error.start) + 1)]) from None
