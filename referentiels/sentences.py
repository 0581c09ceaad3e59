"""Sentences for a reader: a French message and the values it speaks of, kept apart until the last moment.

The message is what translators see; the application hands in its own `gettext`. This module knows no
language but French and never decides which one the reader wants.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

Values = Mapping[str, str | int]
MAX_FAULTS: Final = 500


def N_(french: str) -> str:  # noqa: N802 - the name translators' tools look for
    """The same French sentence, marked so that the translation catalogue finds it."""
    return french


class Worded:
    """Something said to a reader: `message_id` is French with `{placeholders}`, `values` fills them."""

    __slots__ = ()
    message_id: str
    values: Values

    @property
    def sentence(self) -> str:
        """The French sentence."""
        return self.translated(str)

    def translated(self, gettext: Callable[[str], str]) -> str:
        """The sentence in the language `gettext` translates to."""
        return gettext(self.message_id).format_map(self.values)


@dataclass(frozen=True, slots=True)
class Fault(Worded):
    """One thing to correct or to look at, and where it stands.

    `path` is a place in the document (`competences[3].behaviours[2].level`, empty for the whole);
    `line` (1 for the first, as a spreadsheet counts) and `column` (its heading) are set for a spreadsheet.
    """

    path: str
    message_id: str
    values: Values = field(default_factory=dict)
    line: int | None = None
    column: str = ""

    def translated(self, gettext: Callable[[str], str]) -> str:
        """The sentence in the language `gettext` translates to, after its line and column where it has them."""
        said = Worded.translated(self, gettext)
        if self.line is None:
            return said
        if not self.column:
            return gettext(N_("ligne {line} : {said}")).format(line=self.line, said=said)
        where = gettext(N_("ligne {line}, colonne « {column} » : {said}"))
        return where.format(line=self.line, column=self.column, said=said)


class DocumentErrors(ValueError):  # noqa: N818 - it carries several, and the contract names it so
    """Why a référentiel was refused: the faults found, in reading order, the first 500 of them."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults[:MAX_FAULTS])
        super().__init__("\n".join(f"{fault.path}: {fault.sentence}" for fault in self.faults))
