"""JSON as strictly as a signature needs it, and the closed set of JSON-LD contexts.

Two doors. `load` lets in only JSON that every reader understands alike: no duplicate keys, no number that changes on
the way, no character that a canonicaliser would drop. `Contexts` hands out only the documents whose address is on an
exact list and whose bytes have the recorded SHA-256; nothing here ever opens a network connection.

Source: RFC 8259 and RFC 7493 (I-JSON); Verifiable Credentials Data Model 2.0, appendix B.1 (context digests).
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import math
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NoReturn

import orjson

from verify.errors import BrokenInstallation, Undecided, Unreadable
from verify.reasons import Reason

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 64
MAX_VALUES = 20_000
MAX_INTEGER = 2**53
"""Source: RFC 7493, section 2.2: beyond it a double no longer tells neighbours apart."""

CREDENTIALS_V1 = "https://www.w3.org/2018/credentials/v1"
CREDENTIALS_V2 = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
OPEN_BADGES_EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
DATA_INTEGRITY = "https://w3id.org/security/data-integrity/v2"
MULTIKEY = "https://w3id.org/security/multikey/v1"
DID = "https://www.w3.org/ns/did/v1"

_PYLD = "pyld/documentloader/frozen/bundled/"
_BADGES = "openbadgeslib/ob3/contexts/"

# address: (distribution, its file, SHA-256 of the file)
_SHIPPED: Mapping[str, tuple[str, str, str]] = {
    CREDENTIALS_V1: (
        "PyLD",
        _PYLD + "credentials-v1.jsonld",
        "00d7dd6d3ad8b920e3e550dd3a3d9090bffcac84cdbf943da6924b3e0a5c8bb8",
    ),
    CREDENTIALS_V2: (
        "openbadgeslib",
        _BADGES + "credentials-v2.json",
        "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734",
    ),
    DID: (
        "PyLD",
        _PYLD + "did-v1.jsonld",
        "62c1054bf404d6dd3a4b26b64f830fd72095f6a26edc4469908c94351352ce5f",
    ),
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json": (
        "openbadgeslib",
        _BADGES + "ob-v3p0-context-3.0.1.json",
        "5f3d9dd6288ef437ff8286cf95ffbff609c748a66f24a1e9450c45ca64be1571",
    ),
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json": (
        "openbadgeslib",
        _BADGES + "ob-v3p0-context-3.0.2.json",
        "00666ad080ba407687ed1846b7f5e7495f5019042b202a727de47c48a1755c53",
    ),
    OPEN_BADGES: (
        "openbadgeslib",
        _BADGES + "ob-v3p0-context-3.0.3.json",
        "3d34f4d4ef1bce691106e63798beb5e7b862ba841423f5ee1e53ab7ddf3bca84",
    ),
    OPEN_BADGES_EXTENSIONS: (
        "openbadgeslib",
        _BADGES + "ob-v3p0-extensions.json",
        "87c06c81bc2317663bf288d740d94fddd2818c4342b186270ff6371dfaa63f93",
    ),
    "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json": (
        "openbadgeslib",
        _BADGES + "clr_context_2.0.1.json",
        "880f1902d4158f2f33ce06af41b90719977cd1ea337a9de2e41edb3ff5e543d6",
    ),
    DATA_INTEGRITY: (
        "openbadgeslib",
        _BADGES + "security-data-integrity-v2.json",
        "67f21e6e33a6c14e5ccfd2fc7865f7474fb71a04af7e94136cb399dfac8ae8f4",
    ),
    MULTIKEY: (
        "openbadgeslib",
        _BADGES + "security-multikey-v1.json",
        "ba2c182de2d92f7e47184bcca8fcf0beaee6d3986c527bf664c195bbc7c58597",
    ),
    "https://w3id.org/security/suites/ed25519-2020/v1": (
        "PyLD",
        _PYLD + "security-ed25519-2020-v1.jsonld",
        "b9e1ab971fd8bf2c7553e0c4a9438e0b9450afde1ea1ca5b2492368b9f549588",
    ),
}

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_ESCAPED_CONTROL = re.compile(rb"\\[bfu]")


class Contexts:
    """An exact allow-list of JSON-LD contexts: address → document. Two lists never share anything.

    `inline` tells whether a document may bring contexts of its own beside them; readers of badges never allow it.
    """

    def __init__(self, documents: Mapping[str, Any], *, inline: bool = False) -> None:
        self._documents = dict(documents)
        self.inline = inline

    def __contains__(self, url: object) -> bool:
        return url in self._documents

    def __iter__(self) -> Iterator[str]:
        return iter(self._documents)

    def document(self, url: str) -> Any:
        """The context document at the address; not to be changed by the caller.

        Raises:
            Undecided: `context_unknown`, for an address that is not on the list.
        """
        if url not in self._documents:
            raise Undecided(Reason.CONTEXT_UNKNOWN, url[:200])
        return self._documents[url]

    def documents(self) -> Mapping[str, Any]:
        """Every document by its address; not to be changed by the caller."""
        return self._documents

    def extended(self, extra: Mapping[str, Any], *, inline: bool = False) -> Contexts:
        """A new list with further addresses; one already on this list cannot be replaced.

        Raises:
            ValueError: where an address is on the list already.
        """
        twice = sorted(self._documents.keys() & extra.keys())
        if twice:
            raise ValueError(f"on the list already: {', '.join(twice)}")
        return Contexts({**self._documents, **extra}, inline=inline)


@cache
def shipped_contexts() -> Contexts:
    """The contexts that come with our dependencies, each checked against its recorded SHA-256.

    Raises:
        BrokenInstallation: where a file is absent or differs.
    """
    return Contexts({url: json.loads(_shipped_bytes(*where)) for url, where in _SHIPPED.items()})


def shipped_bytes(url: str) -> bytes:
    """The context at the address, as the bytes of the file that comes with our dependencies.

    Raises:
        KeyError: for an address that is not on the list.
        BrokenInstallation: where the file is absent or differs.
    """
    return _shipped_bytes(*_SHIPPED[url])


def load(
    data: bytes, *, max_bytes: int = MAX_BYTES, max_depth: int = MAX_DEPTH, max_values: int = MAX_VALUES
) -> dict[str, Any]:
    """The JSON object that the bytes spell.

    Raises:
        Unreadable: with the reason that says which rule is broken.
    """
    if len(data) > max_bytes:
        raise Unreadable(Reason.TOO_LARGE, f"{len(data)} bytes")
    document = _load_compact(data, max_depth, max_values)
    return _load_any(data, max_depth, max_values) if document is None else document


def _load_compact(data: bytes, max_depth: int, max_values: int) -> dict[str, Any] | None:
    """The object, where the bytes are just what a strict writer makes of it; None where it takes a closer look.

    Bytes that come out of the writer as they went in hold no member twice, no integer beyond 2⁵³ and no number in
    another spelling, and every control character in them is an escape.
    """
    if len(data) > 2 * max_values or b"\x7f" in data:  # a value and its separator take two bytes
        return None
    if b"\\" in data and _ESCAPED_CONTROL.search(data):
        return None
    try:
        document = orjson.loads(data)
        exact = orjson.dumps(document, option=orjson.OPT_STRICT_INTEGER) == data
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return None
    return document if exact and isinstance(document, dict) and _depth(document, max_depth) <= max_depth else None


def _depth(document: dict[str, Any], most: int) -> int:
    """How deep objects and lists are nested, counted no further than one beyond the most."""
    depth, level = 0, [document]
    while level and depth <= most:
        depth += 1
        below: list[Any] = []
        for node in level:
            for value in node.values() if type(node) is dict else node:
                if type(value) is dict or type(value) is list:
                    below.append(value)  # noqa: PERF401 - measured: faster than a comprehension with two conditions
        level = below
    return depth


def _load_any(data: bytes, max_depth: int, max_values: int) -> dict[str, Any]:
    """The object, read with every rule in view.

    Raises:
        Unreadable: with the reason that says which rule is broken.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise Unreadable(Reason.NOT_UTF8) from None
    if not text.strip():
        raise Unreadable(Reason.EMPTY)
    try:
        document = json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_real,
            parse_constant=_constant,
        )
    except json.JSONDecodeError as error:
        raise Unreadable(_reason_of(error), f"line {error.lineno} column {error.colno}") from None
    except RecursionError:
        raise Unreadable(Reason.JSON_TOO_DEEP) from None
    _check_values(document, max_depth, max_values)
    if not isinstance(document, dict):
        raise Unreadable(Reason.NOT_A_CREDENTIAL, "JSON, but not an object")
    return document


def dump(document: dict[str, Any]) -> bytes:
    """The document as compact UTF-8 JSON, members in their given order."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def _reason_of(error: json.JSONDecodeError) -> Reason:
    # A raw control character inside a string is named for what it is; JSON forbids it in any case.
    raw = error.doc[error.pos : error.pos + 1]
    return Reason.JSON_CONTROL_CHARACTER if raw and _CONTROL.match(raw) else Reason.JSON_MALFORMED


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise Unreadable(Reason.JSON_DUPLICATE_KEY)
    return members


def _integer(text: str) -> int:
    if len(text) > len(str(-MAX_INTEGER)) or abs(int(text)) > MAX_INTEGER:
        raise Unreadable(Reason.JSON_NUMBER_UNSAFE)
    return int(text)


def _real(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise Unreadable(Reason.JSON_NUMBER_UNSAFE)
    return number


def _constant(_name: str) -> NoReturn:
    raise Unreadable(Reason.JSON_NUMBER_UNSAFE)


def _check_values(document: Any, max_depth: int, max_values: int) -> None:
    """Refuse depth, number of values and characters beyond what was agreed, without recursion."""
    seen = 0
    pending: list[tuple[Any, int]] = [(document, 1)]
    while pending:
        value, depth = pending.pop()
        seen += 1
        if seen > max_values:
            raise Unreadable(Reason.JSON_TOO_MANY_VALUES)
        if isinstance(value, str):
            _check_text(value)
        elif isinstance(value, dict | list):
            if depth > max_depth:
                raise Unreadable(Reason.JSON_TOO_DEEP)
            if isinstance(value, dict):
                for key in value:
                    _check_text(key)
                pending.extend((member, depth + 1) for member in value.values())
            else:
                pending.extend((item, depth + 1) for item in value)


def _check_text(text: str) -> None:
    if _CONTROL.search(text):
        raise Unreadable(Reason.JSON_CONTROL_CHARACTER)
    if _SURROGATE.search(text):
        raise Unreadable(Reason.JSON_LONE_SURROGATE)


@cache
def _files_of(distribution: str) -> Mapping[str, importlib.metadata.PackagePath]:
    try:
        files = importlib.metadata.files(distribution)
    except importlib.metadata.PackageNotFoundError:
        files = None
    if files is None:
        raise BrokenInstallation(f"{distribution} is not installed, or without its list of files")
    return {file.as_posix(): file for file in files}


def _shipped_bytes(distribution: str, path: str, digest: str) -> bytes:
    file = _files_of(distribution).get(path)
    if file is None:
        raise BrokenInstallation(f"{distribution} does not ship {path}")
    try:
        data = file.read_binary()
    except OSError as error:
        raise BrokenInstallation(f"{distribution}: {path} cannot be read: {error.strerror}") from None
    if hashlib.sha256(data).hexdigest() != digest:
        raise BrokenInstallation(f"{distribution}: {path} is not the recorded file")
    return data
