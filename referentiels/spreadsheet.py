"""A référentiel as a spreadsheet: CSV out for Excel or LibreOffice, CSV in, all of it or nothing.

Written in UTF-8 with a byte order mark, semicolons and CRLF, as a French Excel opens without asking. Read with
semicolons or commas. A file in another encoding is refused rather than guessed: its accents would end up signed.
A cell that a spreadsheet would take for a formula is written after an apostrophe, taken off again on reading.
A spreadsheet always holds a draft: the number and date of a published version do not travel in it.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from referentiels import layout
from referentiels.document import as_json, read
from referentiels.example import EXAMPLE
from referentiels.model import Referentiel
from referentiels.reading import MAX_BYTES
from referentiels.rows import Row, tree_of
from referentiels.sentences import N_, DocumentErrors, Fault

_FORMULA: Final = re.compile(r"'*[=+\-@]")
_GUARDED: Final = re.compile(r"'+[=+\-@]")
_MAX_LINES: Final = 10_000


def template() -> bytes:
    """A small filled example, to be replaced line by line."""
    return write_csv(EXAMPLE)


def write_csv(referentiel: Referentiel) -> bytes:
    """The référentiel as CSV, the version's number and date left out."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, layout.COLUMNS, restval="", delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    for row in _rows(as_json(referentiel)):
        writer.writerow({column: _guarded(_cell(value)) for column, value in row.items()})
    return text.getvalue().encode("utf-8-sig")


def read_csv(data: bytes) -> Referentiel:
    """The draft written in a CSV file.

    Raises:
        DocumentErrors: every fault found, each with its line and, where there is one, its column.
    """
    rows = _parsed(data)
    tree, places, faults = tree_of(rows)
    try:
        referentiel = read(tree, draft=True)
    except DocumentErrors as errors:
        faults += [_placed(fault, places) for fault in errors.faults]
    if faults:
        raise DocumentErrors(sorted(faults, key=lambda fault: fault.line or 0))
    return referentiel


def _rows(content: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The lines to write, each a column → value, in reading order."""
    yield _row(layout.FRAMEWORK, content)
    for name in content["co_authors"]:
        yield _row(layout.CO_AUTHOR, {"name": name})
    for kind, path in layout.LISTS.items():
        for item in content[path]:
            yield _row(kind, item)
            for inner, (column, within) in layout.INSIDE.items():
                if column == kind:
                    yield from (_row(inner, each) | {column: item["code"]} for each in item[within])
    for member, codes in content.get("retired_codes", {}).items():
        yield from (_row(layout.RETIRED, {member: code}) for code in codes)


def _row(kind: str, item: Mapping[str, Any]) -> dict[str, Any]:
    members = layout.MEMBERS[kind]
    return {layout.KIND: kind} | {column: item[name] for column, name in members.items() if name in item}


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, list):
        return ", ".join(layout.RATER_WORDS[rater] for rater in value) or layout.NOBODY
    return str(value)


def _guarded(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _unguarded(cell: str) -> str:
    return cell[1:] if _GUARDED.match(cell) else cell


def _parsed(data: bytes) -> list[Row]:
    """The lines that say something, after the headings."""
    text = _decoded(data)
    first = text.split("\n", 1)[0]
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter="," if first.count(",") > first.count(";") else ";", strict=True
    )
    try:
        lines = [[_unguarded(cell.strip()) for cell in cells] for cells in reader]
    except csv.Error:
        message = N_("Les guillemets ou les séparateurs de cette ligne ne se lisent pas.")
        raise DocumentErrors([Fault("", message, line=reader.line_num)]) from None
    if len(lines) > _MAX_LINES:
        message = N_("Le fichier compte {count} lignes ; {limit} au plus sont admises.")
        raise DocumentErrors([Fault("", message, {"count": len(lines), "limit": _MAX_LINES})])
    headings = _headings(lines[0] if lines else [])
    faults = [
        Fault("", N_("Cette ligne a plus de cellules que de titres de colonnes."), line=number)
        for number, cells in enumerate(lines, 1)
        if any(cells[len(headings) :])
    ]
    if faults:
        raise DocumentErrors(faults)
    return [
        Row(number, dict(zip(headings, cells, strict=False))) for number, cells in enumerate(lines[1:], 2) if any(cells)
    ]


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


def _headings(cells: list[str]) -> list[str]:
    """The layout's columns in the file's order.

    Raises:
        DocumentErrors: a heading is unknown or written twice, or the kind of line has no column.
    """
    faults, headings = [], []
    while cells and not cells[-1]:
        cells = cells[:-1]
    for cell in cells:
        heading = layout.recognised(cell, layout.COLUMNS)
        if heading is None:
            message = N_("Cette colonne est inconnue. Les colonnes sont : {columns}.")
            values = {"columns": ", ".join(layout.COLUMNS)}
            faults.append(Fault("", message, values, line=1, column=cell[:80]))
        elif heading in headings:
            faults.append(Fault("", N_("Cette colonne est écrite deux fois."), line=1, column=heading))
        else:
            headings.append(heading)
    if not faults and layout.KIND not in headings:
        message = N_("Il faut une colonne « ligne », qui dit ce que chaque ligne contient.")
        faults.append(Fault("", message, line=1))
    if faults:
        raise DocumentErrors(faults)
    return headings


def _placed(fault: Fault, places: Mapping[str, tuple[int, str]]) -> Fault:
    """The same fault with the line and column its path was written at, or those of what holds it."""
    path = fault.path
    while path:
        if path in places:
            line, column = places[path]
            return Fault(fault.path, fault.message_id, fault.values, line, column)
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return fault
