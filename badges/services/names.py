"""Names as they are kept: of people, staff and organisations, in any script.

Refuses only what nobody means to write: nothing at all, control characters, marks that reorder what a reader sees.
It never asks for a first and a last name, a capital, or a Latin letter.
"""

import unicodedata

from badges.services.errors import N_, Invalid

LONGEST_NAME = 200
# Control, reordering and unassigned characters; the two joiners are letters' own business in Persian and Indic scripts.
REFUSED_CATEGORIES = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
JOINERS = frozenset("\u200c\u200d")
UNREADABLE = "\ufffd"


def clean_name(typed: str, *, field: str = "name", longest: int = LONGEST_NAME) -> str:
    """The name in Unicode NFC, its inner spaces single and its outer ones gone.

    Raises:
        Invalid: empty, longer than `longest` characters, or holding a character that cannot be seen.
    """
    name = " ".join(unicodedata.normalize("NFC", typed).split())
    if not any(character.isalnum() for character in name):
        raise Invalid(N_("Écrivez un nom."), field=field)
    if len(name) > longest:
        raise Invalid(N_("Ce nom est trop long : %(number)s caractères au plus."), field=field, number=longest)
    if any(_refused(character) for character in name):
        raise Invalid(N_("Ce nom contient un caractère invisible. Effacez-le et retapez-le au clavier."), field=field)
    return name


def folded(text: str) -> str:
    """The text without accents or capitals, to search by."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in plain if not unicodedata.combining(character))


def _refused(character: str) -> bool:
    if character in JOINERS:
        return False
    return character == UNREADABLE or unicodedata.category(character) in REFUSED_CATEGORIES
