"""On paper: a badge's card, a share's sheet, a booklet to read, as accessible PDF, from plain values to bytes.

Tagged PDF/UA-1: title, language, reading order, a text for every picture; right to left where the language is. Nothing
comes from the network, and the fonts are our own. A name in a script that they lack is drawn with what the machine has;
where it has nothing, the paper is written all the same, tagged, without the claim of PDF/UA.

Source: ISO 14289-1 (PDF/UA-1).
"""

import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import as_file, files
from typing import Any, Final, Literal

import typst

Form = Literal["pdf", "png"]
_DOTS_PER_INCH: Final = 200
_FONTS: Final = files("issuer").joinpath("fonts")
_TEMPLATES: Final = files("issuer").joinpath("paper")


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of what a badge says: « Par qui », and who."""

    term: str
    value: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A badge on a paper, in its own language. `picture` is an SVG, `words` what the person says of it."""

    name: str
    language: str
    picture: str
    level: str = ""
    meaning: str = ""
    words: str = ""
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """How a paper is verified: a square to scan (an SVG), a code to type at an address, and the words around them.

    `known` says since when the status is known where a telephone has no network.
    """

    square: str
    square_text: str
    invite: str
    how: str
    code: str
    address: str
    known: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """What is printed: in which language (`fr`, `ar`…), under which title, whose it is, which badges, how to verify.

    `notice` is the line at the foot; `contact` what the person wrote to be reached.
    """

    language: str
    title: str
    entries: Sequence[Entry]
    check: Check
    notice: str
    holder: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """Words of a booklet that are not in its language, and the one that they are in, as a BCP 47 tag."""

    text: str
    language: str


Said = str | Words


@dataclass(frozen=True, slots=True)
class Table:
    """A short table of a booklet: what its columns are called, and its rows, each as long as `heads`."""

    heads: tuple[str, ...]
    rows: tuple[tuple[Said, ...], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A heading of a booklet and what stands below it, in this order; parts have no parts of their own further down."""

    title: Said
    facts: tuple[tuple[str, Said], ...] = ()
    tables: tuple[Table, ...] = ()
    lines: tuple[Said, ...] = ()
    parts: tuple["Part", ...] = ()


@dataclass(frozen=True, slots=True)
class Booklet:
    """Pages to read: their language, their title, `lines` to begin with, `contents` above the list of parts."""

    language: str
    title: str
    lines: tuple[str, ...]
    contents: str
    parts: tuple[Part, ...]


def card(paper: Paper, form: Form = "pdf") -> bytes:
    """A card of A6, landscape, for the first badge of the paper: to join to a CV or to keep in a pocket."""
    return _written("card.typ", _badges(paper), form)


def sheet(paper: Paper, form: Form = "pdf") -> bytes:
    """One page of A4 with every badge of the paper; beyond about twelve, it goes on to the next."""
    return _written("sheet.typ", _badges(paper), form)


def booklet(made: Booklet) -> bytes:
    """The booklet on as many pages of A4 as it takes, with a list of its parts, as PDF."""
    told = {
        "language": made.language,
        "title": made.title,
        "lines": made.lines,
        "contents": made.contents,
        "parts": [_part(one) for one in made.parts],
    }
    return _written("booklet.typ", told, "pdf")


def _part(part: Part) -> dict[str, Any]:
    return {
        "title": _said(part.title),
        "facts": [(term, _said(value)) for term, value in part.facts],
        "tables": [
            {"heads": table.heads, "rows": [[_said(cell) for cell in row] for row in table.rows]}
            for table in part.tables
        ],
        "lines": [_said(line) for line in part.lines],
        "parts": [_part(one) for one in part.parts],
    }


def _said(words: Said) -> dict[str, str]:
    text, tag = (words.text, words.language) if isinstance(words, Words) else (words, "")
    return {"text": text, "language": tag.partition("-")[0], "run": _direction(text)}


def _badges(paper: Paper) -> dict[str, Any]:
    return asdict(paper) | {"words_run": [_direction(entry.words) for entry in paper.entries]}


def _written(template: str, told: Mapping[str, Any], form: Form) -> bytes:
    values = {"paper": json.dumps(told, ensure_ascii=False)}
    try:
        return _compiled(template, values, form, claims_ua=form == "pdf")
    except typst.TypstError:
        # A letter that no font has: PDF/UA forbids to write it, and a person's name is written all the same.
        return _compiled(template, values, form, claims_ua=False)


def _direction(text: str) -> str:
    """Which way a text runs: that of its first letter which says."""
    found = next((way for letter in text if (way := unicodedata.bidirectional(letter)) in {"L", "R", "AL"}), "L")
    return "ltr" if found == "L" else "rtl"


def _compiled(template: str, values: dict[str, str], form: Form, *, claims_ua: bool) -> bytes:
    with as_file(_TEMPLATES) as root:
        made = typst.compile(
            str(root / template),
            root=str(root),
            font_paths=_fonts(),
            format=form,
            ppi=_DOTS_PER_INCH if form == "png" else None,
            sys_inputs=values,
            pdf_standards=["ua-1"] if claims_ua else [],
        )
    return made if isinstance(made, bytes) else b"".join(made or ())


@cache
def _fonts() -> typst.Fonts:
    """Our own fonts and the machine's, looked for once."""
    with as_file(_FONTS) as folder:
        return typst.Fonts(font_paths=[str(folder)])
