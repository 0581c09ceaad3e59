"""From the lines of a spreadsheet to the tree of a document, remembering where each member was written.

It sorts lines and translates words (oui, soi…); whether the document holds together is asked of `document`, once
and in its own words.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from referentiels import layout
from referentiels.document import FORMAT
from referentiels.sentences import N_, Fault

_WHOLE: Final = re.compile(r"[0-9]{1,6}")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the file: its number as a spreadsheet counts, its cells by heading."""

    line: int
    cells: Mapping[str, str]


@dataclass(slots=True)
class _Sheet:
    """What was understood so far: the document's tree, where each path was written, what went wrong."""

    tree: dict[str, Any]
    places: dict[str, tuple[int, str]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def say(self, row: Row, column: str, message_id: str, **values: str) -> None:
        self.faults.append(Fault("", message_id, values, row.line, column))


def tree_of(rows: list[Row]) -> tuple[dict[str, Any], dict[str, tuple[int, str]], list[Fault]]:
    """The document's tree, the line and column of each of its paths, and the faults of the lines themselves."""
    empty: dict[str, Any] = {path: [] for path in layout.LISTS.values()}
    sheet = _Sheet({"format": FORMAT, "co_authors": [], **empty})
    sorted_rows: dict[str, list[Row]] = {kind: [] for kind in layout.MEMBERS}
    for row in rows:
        kind = _kind(row, sheet)
        if kind:
            sorted_rows[kind].append(row)
    _place_framework(sorted_rows[layout.FRAMEWORK], sheet)
    for row in sorted_rows[layout.CO_AUTHOR]:
        sheet.places[f"co_authors[{len(sheet.tree['co_authors'])}]"] = (row.line, "nom")
        sheet.tree["co_authors"].append(row.cells.get("nom", ""))
    for kind, path in layout.LISTS.items():
        for row in sorted_rows[kind]:
            _append(row, kind, path, sheet.tree[path], sheet)
    for kind in layout.INSIDE:
        for row in sorted_rows[kind]:
            _place_inside(row, kind, sheet)
    for row in sorted_rows[layout.RETIRED]:
        _place_retired(row, sheet)
    return sheet.tree, sheet.places, sheet.faults


def _kind(row: Row, sheet: _Sheet) -> str | None:
    """The kind of a line, once its cells are known to stand in columns of that kind."""
    written = row.cells.get(layout.KIND, "")
    kind = layout.recognised(written, tuple(layout.MEMBERS))
    if kind is None:
        message = N_("« {found} » n’est pas une sorte de ligne. Les sortes sont : {kinds}.")
        sheet.say(row, layout.KIND, message, found=written[:80], kinds=", ".join(layout.MEMBERS))
        return None
    for column in row.cells.keys() - layout.columns_of(kind):
        if row.cells[column]:
            sheet.say(row, column, N_("Cette colonne ne sert pas sur une ligne « {kind} »."), kind=kind)
    return kind


def _place_framework(rows: list[Row], sheet: _Sheet) -> None:
    if not rows:
        sheet.faults.append(Fault("", N_("Il manque la ligne « référentiel ».")))
        sheet.tree["code"] = "sans-code"  # said once, above, and not again by the document
        return
    for row in rows[1:]:
        sheet.say(row, layout.KIND, N_("Il y a déjà une ligne « référentiel » plus haut."))
    sheet.tree |= _members(rows[0], layout.FRAMEWORK, "", sheet)


def _append(row: Row, kind: str, path: str, items: list[dict[str, Any]], sheet: _Sheet) -> None:
    place = f"{path}[{len(items)}]"
    sheet.places[place] = (row.line, "")
    items.append(_members(row, kind, f"{place}.", sheet))


def _place_inside(row: Row, kind: str, sheet: _Sheet) -> None:
    """Add a behaviour, an alignment or a requirement to what it belongs to."""
    column, within = layout.INSIDE[kind]
    path, code = layout.LISTS[column], row.cells.get(column, "")
    for index, owner in enumerate(sheet.tree[path]):
        if code and owner.get("code") == code:
            _append(row, kind, f"{path}[{index}].{within}", owner.setdefault(within, []), sheet)
            return
    sheet.say(row, column, N_("Aucune ligne « {kind} » ne porte le code « {found} »."), kind=column, found=code[:80])


def _place_retired(row: Row, sheet: _Sheet) -> None:
    if not any(row.cells.get(column) for column in layout.MEMBERS[layout.RETIRED]):
        sheet.say(row, layout.KIND, N_("Cette ligne ne dit pas quel code est retiré."))
    retired = sheet.tree.setdefault("retired_codes", {})
    for column, member in layout.MEMBERS[layout.RETIRED].items():
        if row.cells.get(column):
            codes = retired.setdefault(member, [])
            sheet.places[f"retired_codes.{member}[{len(codes)}]"] = (row.line, column)
            codes.append(row.cells[column])


def _members(row: Row, kind: str, prefix: str, sheet: _Sheet) -> dict[str, Any]:
    """The members a line writes; a blank cell writes none."""
    members = {}
    for column, name in layout.MEMBERS[kind].items():
        sheet.places[f"{prefix}{name}"] = (row.line, column)
        if row.cells.get(column):
            members[name] = _value(name, row.cells[column])
    return members


def _value(name: str, cell: str) -> object:
    """What a cell means; left as written where it means nothing, for the document to refuse."""
    if name in layout.NUMBERS and _WHOLE.fullmatch(cell):
        return int(cell)
    if name in layout.ANSWERS:
        return layout.YES_NO.get(cell.casefold(), cell)
    if name == "raters":
        return _raters(cell)
    return cell


def _raters(cell: str) -> list[str]:
    if cell.casefold() == layout.NOBODY:
        return []
    words = {word: rater for rater, word in layout.RATER_WORDS.items()}
    return [words.get(word.casefold(), word) for word in re.split(r"[\s,;+/]+", cell) if word]
