"""How long a part of the booklet may be: one that is longer stops, and says where the rest is.

Nobody reads a thousand lines, and typesetting them would keep a server from answering others.
"""

from dataclasses import dataclass, replace
from typing import Final

from issuer.paper import Part, Said, Table, Words

LONGEST_PART: Final = 30_000
"""Characters, some ten pages."""
LONGEST_TEXT: Final = 3_000
ROW: Final = 60
"""What a row or a fact costs beside its words."""
HEADING: Final = 600
"""What a part inside a part costs beside its rows."""
MOST_ROWS: Final = LONGEST_PART // ROW + 1
MOST_PARTS: Final = LONGEST_PART // HEADING + 1
"""How many are worth telling: the last of them never finds room."""


@dataclass(slots=True)
class _Left:
    """How many characters are left; `full` once something had no room, `cut` once a text was shortened."""

    characters: int
    full: bool = False
    cut: bool = False

    def take(self, *texts: Said, cost: int = ROW) -> bool:
        """Whether there was room for these words; once there was none, there is none for shorter ones."""
        self.characters -= cost + sum(len(_text(text)) for text in texts)
        self.full = self.full or self.characters < 0
        return not self.full


def bounded(part: Part, rest: str) -> Part:
    """The part, cut where it is too long; `rest` is the sentence that then says so."""
    left = _Left(LONGEST_PART)
    cut = _cut(part, left)
    return replace(cut, lines=(*cut.lines, rest)) if left.full or left.cut else cut


def _cut(part: Part, left: _Left) -> Part:
    facts = [(term, short) for term, value in part.facts if left.take(short := _shortened(value, left))]
    tables = [_rows(table, left) for table in part.tables]
    parts = [_cut(one, left) for one in part.parts if left.take(one.title, cost=HEADING)]
    return replace(part, facts=tuple(facts), tables=tuple(one for one in tables if one.rows), parts=tuple(parts))


def _rows(table: Table, left: _Left) -> Table:
    shortened = (tuple(_shortened(cell, left) for cell in row) for row in table.rows)
    return replace(table, rows=tuple(row for row in shortened if left.take(*row)))


def _shortened(words: Said, left: _Left) -> Said:
    text = _text(words)
    if len(text) <= LONGEST_TEXT:
        return words
    left.cut = True
    short = f"{text[:LONGEST_TEXT]} […]"
    return Words(short, words.language) if isinstance(words, Words) else short


def _text(words: Said) -> str:
    return words.text if isinstance(words, Words) else words
