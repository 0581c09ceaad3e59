"""Codes derived from names: what an address and a spreadsheet can carry.

It invents a code once, at creation; it never renames anything.
"""

import re
import unicodedata
from collections.abc import Collection
from typing import Final

LONGEST: Final = 63
_LETTERS_WITHOUT_ACCENT: Final = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "đ": "d", "ł": "l"})


def slug(name: str, *, otherwise: str) -> str:
    """A code made of the name's letters without accents and its digits; `otherwise` where none is left."""
    plain = unicodedata.normalize("NFKD", name.lower().translate(_LETTERS_WITHOUT_ACCENT))
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:LONGEST].rstrip("-") or otherwise


def free_slug(name: str, taken: Collection[str], *, otherwise: str) -> str:
    """The name's code, or the first of `code-2`, `code-3`… that is not taken."""
    wanted, candidate, number = slug(name, otherwise=otherwise), "", 1
    candidate = wanted
    while candidate in taken:
        number += 1
        ending = f"-{number}"
        candidate = wanted[: LONGEST - len(ending)].rstrip("-") + ending
    return candidate
