"""Badges on paper: a card and a one-page sheet as accessible PDF, from plain values to bytes.

Tagged PDF/UA-1: title, language, reading order, a text for every picture; right to left where the language is. Nothing
comes from the network, and the fonts are our own. A name in a script that they lack is drawn with what the machine has;
where it has nothing, the paper is written all the same, tagged, without the claim of PDF/UA.

Source: ISO 14289-1 (PDF/UA-1).
"""

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import as_file, files
from typing import Final, Literal

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


def card(paper: Paper, form: Form = "pdf") -> bytes:
    """A card of A6, landscape, for the first badge of the paper: to join to a CV or to keep in a pocket."""
    return _written("card.typ", paper, form)


def sheet(paper: Paper, form: Form = "pdf") -> bytes:
    """One page of A4 with every badge of the paper; beyond about twelve, it goes on to the next."""
    return _written("sheet.typ", paper, form)


def _written(template: str, paper: Paper, form: Form) -> bytes:
    told = asdict(paper) | {"words_run": [_direction(entry.words) for entry in paper.entries]}
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
