"""Careful reading of a JSON tree: every member asked for by name, every fault kept with its path.

It knows JSON, texts and codes, not référentiels. It refuses what is too big, too deep, written twice or not
asked for, and it trims and normalises texts so that the same words are always the same characters.
"""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any, Final

from referentiels.sentences import N_, DocumentErrors, Fault

MAX_BYTES: Final = 1024 * 1024
MAX_DEPTH: Final = 12
CODE: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_BRACKETS: Final = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"?|[\[\]{}]', re.DOTALL)
# Control characters, lone surrogates, and the marks that make a text display in another order than it reads.
_FORBIDDEN: Final = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_MISSING: Final = object()


class Log:
    """The faults found so far; `strict` refuses members left out."""

    def __init__(self, *, strict: bool) -> None:
        self.strict = strict
        self.faults: list[Fault] = []
        self._paths: set[str] = set()

    def add(self, path: str, message_id: str, **values: str | int) -> None:
        """Keep one more fault."""
        self.faults.append(Fault(path, message_id, values))
        self._paths.add(path)

    def sound(self, path: str) -> bool:
        """Whether nothing was said yet about this very place."""
        return path not in self._paths


class _Repeating(dict[str, Any]):
    """A JSON object in which some members were written twice: the last one counts, and it is said."""

    repeated: tuple[str, ...] = ()


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = _Repeating(pairs)
    if len(found) < len(pairs):
        counts = Counter(name for name, _ in pairs)
        found.repeated = tuple(name for name, count in counts.items() if count > 1)
    return found


def parse(data: bytes) -> object:
    """The JSON value written in `data`.

    Raises:
        DocumentErrors: more than 1 MiB, not UTF-8, nested too deep, or not JSON.
    """
    if len(data) > MAX_BYTES:
        raise DocumentErrors([Fault("", N_("Le document dépasse {limit} Mo."), {"limit": MAX_BYTES >> 20})])
    depth = 0
    for bracket in _BRACKETS.finditer(data):
        depth += {b"{": 1, b"[": 1, b"}": -1, b"]": -1}.get(bracket.group(), 0)
        if depth > MAX_DEPTH:
            raise DocumentErrors([Fault("", N_("Le document est imbriqué trop profondément."))])
    try:
        return json.loads(data.decode("utf-8-sig"), object_pairs_hook=_once)
    except UnicodeDecodeError:
        raise DocumentErrors([Fault("", N_("Le document n’est pas écrit en UTF-8."))]) from None
    except json.JSONDecodeError as error:
        message = N_("Ce n’est pas du JSON : erreur à la ligne {json_line}, colonne {json_column}.")
        values = {"json_line": error.lineno, "json_column": error.colno}
        raise DocumentErrors([Fault("", message, values)]) from None
    except ValueError:  # an integer of thousands of digits
        raise DocumentErrors([Fault("", N_("Un nombre du document est démesuré."))]) from None


def tidied(text: str) -> str:
    """The same words in one spelling: composed accents, plain line ends, no space around."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return unicodedata.normalize("NFC", plain).strip()


def shown(found: object) -> str:
    """A short quotation of what was found, safe to put in a sentence."""
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", str(found))[:80]


class Members:
    """The members of one JSON object, asked for one by one."""

    def __init__(self, value: object, path: str, log: Log, *, known: Collection[str]) -> None:
        self.path = path
        self.log = log
        self._found: dict[str, Any] = value if isinstance(value, dict) else {}
        self._readable = isinstance(value, dict)
        if not self._readable:
            log.add(path, N_("Un objet avec des membres nommés est attendu ici."))
        for name in getattr(value, "repeated", ()):
            log.add(self.at(name), N_("Le membre « {name} » est écrit deux fois."), name=shown(name))
        for name in self._found:
            if name not in known:
                log.add(self.at(shown(name)), N_("Le membre « {name} » est inconnu."), name=shown(name))

    def at(self, name: str) -> str:
        """The path of the member `name`."""
        return f"{self.path}.{name}" if self.path else name

    def written(self, name: str) -> bool:
        """Whether the member is there and not null."""
        return self._found.get(name) is not None

    def get(self, name: str, *, needed: bool = False) -> object:
        """The raw member, or what `missing` knows; a fault where it is needed, or the log is strict."""
        value = self._found.get(name, _MISSING)
        if value is _MISSING and self._readable and (needed or self.log.strict):
            self.log.add(self.at(name), N_("Le membre « {name} » manque."), name=name)
        return value

    def text(self, name: str, limit: int, *, lines: bool = False) -> str:
        """A text of at most `limit` characters, on one line unless `lines`; empty where it is left out."""
        return text_at(self.get(name), self.at(name), self.log, limit=limit, lines=lines)

    def code(self, name: str, *, optional: bool = False) -> str:
        """A code; empty where it is optional and left out, or faulty."""
        value = self.get(name, needed=not optional)
        if missing(value) or (optional and value == ""):
            return ""
        return code_at(value, self.at(name), self.log)

    def whole(self, name: str, low: int, high: int) -> int | None:
        """A whole number between two bounds, or None where it is null, left out or faulty."""
        value = self.get(name)
        if missing(value) or value is None:
            return None
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return value
        message = N_("« {found} » n’est pas un nombre entier entre {low} et {high}.")
        self.log.add(self.at(name), message, found=shown(value), low=low, high=high)
        return None

    def flag(self, name: str, *, default: bool) -> bool:
        """A yes or a no."""
        value = self.get(name)
        if isinstance(value, bool):
            return value
        if not missing(value):
            message = N_("« {found} » : répondez par oui ou par non (true ou false en JSON).")
            self.log.add(self.at(name), message, found=shown(value))
        return default

    def items(self, name: str, limit: int) -> Iterator[tuple[str, object]]:
        """Each item of a list of at most `limit`, after its path; nothing where the list is left out."""
        value = self.get(name)
        if missing(value):
            return
        if not isinstance(value, list):
            self.log.add(self.at(name), N_("Une liste est attendue ici."))
        elif len(value) > limit:
            message = N_("Cette liste compte {count} éléments ; {limit} au plus sont admis.")
            self.log.add(self.at(name), message, count=len(value), limit=limit)
        else:
            for index, item in enumerate(value):
                yield f"{self.at(name)}[{index}]", item


def missing(value: object) -> bool:
    """Whether `Members.get` found nothing."""
    return value is _MISSING


def text_at(value: object, path: str, log: Log, *, limit: int, lines: bool = False) -> str:
    """The text at one place, tidied; empty where it is left out or faulty."""
    if missing(value):
        return ""
    if not isinstance(value, str):
        log.add(path, N_("Un texte est attendu ici."))
        return ""
    text = tidied(value)
    if len(text) > limit:
        message = N_("Ce texte compte {count} signes ; {limit} au plus sont admis.")
        log.add(path, message, count=len(text), limit=limit)
    elif forbidden := _FORBIDDEN.search(text):
        message = N_("Ce texte contient un signe invisible interdit (U+{sign}).")
        log.add(path, message, sign=f"{ord(forbidden.group()):04X}")
    elif not lines and "\n" in text:
        log.add(path, N_("Ce texte doit tenir sur une seule ligne."))
    else:
        return text
    return ""


def code_at(value: object, path: str, log: Log) -> str:
    """The code at one place; empty where it is faulty."""
    if isinstance(value, str) and CODE.fullmatch(value):
        return value
    message = N_(
        "« {found} » n’est pas un code : 1 à 63 signes, lettres minuscules sans accent, chiffres ou tirets, "
        "sans tiret au début."
    )
    log.add(path, message, found=shown(value))
    return ""
