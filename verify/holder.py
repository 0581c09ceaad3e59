"""Is the badge this person's? A name or an e-mail address, held against what the signed document says of its holder.

A document may give the hash of a name instead of the name, and a hash tells nothing but whether a text is exactly the
one that was hashed. So what was typed is tried as it is, then in the spellings that people take for the same: capitals,
spaces, hyphens and apostrophes, the order of up to four words, with and without accents. The number of tries is
bounded. Nothing here judges the document, and no answer says that somebody is not who they say they are.

Source: Open Badges 3.0, IdentityObject and IdentityHash; Open Badges 2.0, IdentityObject and IdentityHash.
"""

from __future__ import annotations

import hashlib
import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator
from enum import StrEnum

from verify.summary import Identity, Summary

LONGEST_TYPED = 200
MOST_TRIES = 20_000
MOST_HASHES = 4 * MOST_TRIES
"""However many identifiers a document holds: each spelling is hashed with the salt of each."""

LONGEST_SALT = 1024
"""Longer ones are hashed with nothing: twenty thousand times over they would take minutes."""

MOST_WORDS_MOVED = 4
NAME = frozenset({"name"})
E_MAIL = frozenset({"emailAddress", "email"})
"""What Open Badges 3.0 and 2.0 call an identifier that is an e-mail address."""

_ALGORITHMS = {"sha256$": "sha256", "md5$": "md5"}
_BETWEEN_WORDS = re.compile(r"[\s\u002d\u2010\u2011\u2013]+")
_APOSTROPHES = re.compile(r"['\u2019\u02bc\u2018\u0060\u00b4]")
_FIRST_LETTERS = re.compile(r"(?:\A|(?<='))[^\W\d_]")
_PARTICLES = frozenset(
    ("de", "la", "le", "du", "des", "d", "l", "van", "von", "der", "den", "da", "do", "dos", "del", "el", "al", "ben")
)
_RUN = re.compile(r"[^\s-]+")
_LONGEST_ELIDED = 2
_WITH_ACCENTS = {
    "e": "éèêë",
    "a": "âàäáã",
    "i": "ïîí",
    "o": "ôöóõø",
    "u": "üûùú",
    "c": "çć",
    "n": "ñń",
    "s": "š",
    "z": "ž",
    "y": "ÿý",
}
_LIGATURES = (("oe", "œ"), ("ae", "æ"))
_MOST_ACCENTS = 2


class Match(StrEnum):
    """How what was typed compares with the holder the document names."""

    EXACT = "exact"
    SPELLED = "spelled"
    DIFFERENT = "different"
    UNTOLD = "untold"


def compare(summary: Summary, typed: str) -> Match:
    """Whether a name or an e-mail address is the holder's: exactly as the document has it, in another spelling, or not.

    `untold` where the document holds nothing to compare: no identifier of that kind, or a hash of a sort we do not
    know, or nothing was typed.
    """
    text = unicodedata.normalize("NFC", typed).strip()[:LONGEST_TYPED]
    known = [each for each in _identities(summary) if _comparable(each, text)]
    if not text or not known:
        return Match.UNTOLD
    if any(_is(each, text) for each in known):
        return Match.EXACT
    if "@" in text:
        tries: Iterable[str] = _addresses(text)
        alike = _alike_address
    else:
        tries = itertools.islice(spellings(text), MOST_TRIES)
        alike = _alike_name
    if any(alike(each.value or "", text) for each in known if not each.hashed):
        return Match.SPELLED
    hashed = [each for each in known if each.hashed]
    pairs = ((each, spelled) for spelled in tries for each in hashed) if hashed else ()
    if any(_is(each, spelled) for each, spelled in itertools.islice(pairs, MOST_HASHES)):
        return Match.SPELLED
    return Match.DIFFERENT


def told(summary: Summary) -> frozenset[str]:
    """What of the holder the document lets be compared: `name`, `email`, both, or nothing."""
    kinds = {
        "email" if each.type in E_MAIL else "name"
        for each in _identities(summary)
        if each.type in NAME | E_MAIL and _comparable(each, "@" if each.type in E_MAIL else "")
    }
    return frozenset(kinds)


def spellings(name: str) -> Iterator[str]:
    """The spellings people take for the same name, the likeliest first, each once; the name itself among them."""
    seen: set[str] = set()
    for spelled in _spellings(" ".join(unicodedata.normalize("NFC", name).split())):
        if spelled not in seen:
            seen.add(spelled)
            yield spelled


def _spellings(name: str) -> Iterator[str]:
    yield name
    yield unicodedata.normalize("NFD", name)
    plain = _plain(name)
    written = list(dict.fromkeys((name, plain)))
    for text in written:
        yield from _arranged(_words(text))
    for count in range(1, _MOST_ACCENTS + 1):
        for text in written:
            for accented in _accented(text.casefold(), count):
                yield from _turned(_words(accented))


def _identities(summary: Summary) -> list[Identity]:
    listed = list(summary.identifiers)
    if summary.holder_name is not None:
        listed.append(Identity("name", hashed=False, value=summary.holder_name, salt=None))
    return listed


def _comparable(identity: Identity, text: str) -> bool:
    """Whether an identifier can be held against the text: of its kind, in clear or under a hash that we know."""
    other_kind = NAME if "@" in text else E_MAIL
    if identity.value is None or identity.type in other_kind:
        return False
    if not identity.hashed:
        return True
    return _algorithm(identity.value) is not None and len(identity.salt or "") <= LONGEST_SALT


def _algorithm(value: str) -> str | None:
    return next((name for start, name in _ALGORITHMS.items() if value.startswith(start)), None)


def _is(identity: Identity, text: str) -> bool:
    """Whether the identifier is exactly the text.

    Source: Open Badges 3.0, IdentityHash: the text, then the salt, in UTF-8.
    """
    value = identity.value or ""
    if not identity.hashed:
        return unicodedata.normalize("NFC", value) == text
    algorithm = _algorithm(value)
    if algorithm is None:
        return False
    salted = (text + (identity.salt or "")).encode("utf-8", "backslashreplace")
    digest = hashlib.new(algorithm, salted, usedforsecurity=False)
    return value.partition("$")[2].lower() == digest.hexdigest()


def _alike_name(clear: str, text: str) -> bool:
    """Whether two names in clear are the same but for their spelling, in whatever order their words stand."""
    ours, theirs = (_words(_plain(each).casefold()) for each in (clear, text))
    ours, theirs = ([_APOSTROPHES.sub("", word) for word in words] for words in (ours, theirs))
    return sorted(ours) == sorted(theirs) or "".join(ours) == "".join(theirs)


def _alike_address(clear: str, text: str) -> bool:
    return clear.strip().casefold() == text.casefold()


def _addresses(text: str) -> Iterator[str]:
    """The ways in which capitals are left out of an e-mail address before it is hashed."""
    local, _, domain = text.rpartition("@")
    yield from (text.lower(), f"{local}@{domain.lower()}", text.casefold())


def _plain(text: str) -> str:
    """The text without accents, its ligatures written out."""
    for apart, joined in _LIGATURES:
        text = text.replace(joined, apart).replace(joined.upper(), apart.upper())
    kept = (each for each in unicodedata.normalize("NFD", text) if not unicodedata.combining(each))
    return unicodedata.normalize("NFC", "".join(kept))


def _words(text: str) -> list[str]:
    return [word for word in _BETWEEN_WORDS.split(_APOSTROPHES.sub("'", text)) if word]


def _arranged(words: list[str]) -> Iterator[str]:
    """The words in every order and with every sign between them, in every case."""
    if not words:
        return
    orders = [words]
    if 1 < len(words) <= MOST_WORDS_MOVED:
        orders = [list(order) for order in itertools.permutations(words)]
    for order in orders:
        for cased in _cased(order):
            for signs in _signs(cased):
                joined = "".join(itertools.chain.from_iterable(zip(cased, (*signs, ""), strict=True)))
                yield from _apostrophes(joined)
                if "" in signs:  # two words made one have one capital
                    yield from _apostrophes(_RUN.sub(lambda run: _titled(run.group()), joined))


def _turned(words: list[str]) -> Iterator[str]:
    """The words in their order, or begun elsewhere, between spaces or hyphens: for what has many spellings already."""
    starts = range(len(words)) if len(words) <= MOST_WORDS_MOVED else range(1)
    turns = [words[start:] + words[:start] for start in starts]
    for order in turns:
        for cased in _cased(order):
            for sign in (" ", "-"):
                yield from _apostrophes(sign.join(cased))
        if len(order) > MOST_WORDS_MOVED - 2:  # a double first name, then a name
            for cased in _cased(order):
                yield from _apostrophes("-".join(cased[:2]) + " " + " ".join(cased[2:]))


def _signs(words: list[str]) -> Iterator[tuple[str, ...]]:
    """What may stand between the words: a space, a hyphen or nothing; an apostrophe after a word that is elided."""
    if len(words) > MOST_WORDS_MOVED:
        yield from ((sign,) * (len(words) - 1) for sign in (" ", "-"))
        return
    each = [(" ", "-", "", "'") if len(word) <= _LONGEST_ELIDED else (" ", "-", "") for word in words[:-1]]
    yield from itertools.product(*each)


def _apostrophes(text: str) -> Iterator[str]:
    if not _APOSTROPHES.search(text):
        yield text
        return
    for sign in ("\u2019", "'", "", " "):
        yield _APOSTROPHES.sub(sign, text)


def _cased(words: list[str]) -> Iterator[list[str]]:
    """As typed, with capitals as in names, without any, in capitals; then the family name alone in capitals."""
    title = [_titled(word) for word in words]
    upper = [word.upper() for word in words]
    yield words
    yield title
    yield [_little(word) for word in title]
    yield [word.lower() for word in words]
    yield upper
    for place in range(1, len(words)):
        yield title[:place] + upper[place:]
        yield upper[:place] + title[place:]


def _little(word: str) -> str:
    """A particle without its capital, whether it stands alone or is elided; any other word as it is."""
    particle, sign, rest = word.partition("'")
    return particle.lower() + sign + rest if particle.casefold() in _PARTICLES else word


def _titled(word: str) -> str:
    return _FIRST_LETTERS.sub(lambda letter: letter.group().upper(), word.lower())


def _accented(text: str, count: int) -> Iterator[str]:
    """The lower-case text with so many accents or ligatures put in."""
    places = [(at, at + 1, sign) for at, letter in enumerate(text) for sign in _WITH_ACCENTS.get(letter, "")]
    places += [(at.start(), at.end(), sign) for apart, sign in _LIGATURES for at in re.finditer(apart, text)]
    for chosen in itertools.combinations(places, count):
        ordered = sorted(chosen)
        if any(before[1] > after[0] for before, after in itertools.pairwise(ordered)):
            continue
        made, end = "", 0
        for start, stop, sign in ordered:
            made, end = made + text[end:start] + sign, stop
        yield made + text[end:]
