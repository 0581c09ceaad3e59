"""A référentiel as a spreadsheet: CSV out for Excel or LibreOffice, CSV in, all of it or nothing.

How its cells are written and read is `cells`' business. A spreadsheet always holds a draft: the number and date of a
published version do not travel in it.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from referentiels import cells, layout
from referentiels.document import as_json, read
from referentiels.example import EXAMPLE
from referentiels.model import Referentiel
from referentiels.rows import Row, tree_of
from referentiels.sentences import N_, DocumentErrors, Fault


def template() -> bytes:
    """A small filled example, to be replaced line by line."""
    return write_csv(EXAMPLE)


def write_csv(referentiel: Referentiel) -> bytes:
    """The référentiel as CSV, the version's number and date left out."""
    rows = ({column: _cell(value) for column, value in row.items()} for row in _rows(as_json(referentiel)))
    return cells.written(layout.COLUMNS, ([row.get(column, "") for column in layout.COLUMNS] for row in rows))


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
        for item in content.get(path, ()):
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


def _parsed(data: bytes) -> list[Row]:
    """The lines that say something, after the headings."""
    lines = cells.read(data)
    headings = _headings(lines[0] if lines else [])
    faults = [
        Fault("", N_("Cette ligne a plus de cellules que de titres de colonnes."), line=number)
        for number, line in enumerate(lines, 1)
        if any(line[len(headings) :])
    ]
    if faults:
        raise DocumentErrors(faults)
    return [
        Row(number, dict(zip(headings, line, strict=False))) for number, line in enumerate(lines[1:], 2) if any(line)
    ]


def _headings(line: list[str]) -> list[str]:
    """The layout's columns in the file's order.

    Raises:
        DocumentErrors: a heading is unknown or written twice, or the kind of line has no column.
    """
    faults, headings = [], []
    while line and not line[-1]:
        line = line[:-1]
    for cell in line:
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
