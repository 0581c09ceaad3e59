"""CBOR, in the one deterministic form there is for each value, and of it only what our formats are made of.

Whole numbers, byte strings, texts, arrays, maps and tags. Refuses what a second program could write or read in another
way: lengths left open, numbers written longer than they need be, keys out of order or twice, floats, texts that are not
UTF-8, bytes behind the end. What has been read is written again to the very same bytes.

Source: RFC 8949, sections 3 and 4.2.1 (core deterministic encoding requirements).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from verify.errors import Defect
from verify.reasons import Reason

MAX_DEPTH = 8
MAX_VALUES = 100_000
LARGEST = 2**53 - 1
"""Beyond it, programs that have no other numbers than doubles would read another number."""

_UNSIGNED, _NEGATIVE, _BYTES, _TEXT, _ARRAY, _MAP, _TAG = range(7)
_INLINE = 24
_WIDTHS = {24: 1, 25: 2, 26: 4, 27: 8}


@dataclass(frozen=True, slots=True)
class Tag:
    """A value with the tag that says what it is."""

    number: int
    value: Any


def encode(value: Any) -> bytes:
    """The value in its deterministic form: int, bytes, str, list or tuple, dict or Tag.

    Raises:
        ValueError: where it is of another kind, or a number beyond 53 bits.
    """
    if isinstance(value, bool) or value is None:
        raise ValueError("neither truth values nor nothing are written here")
    if isinstance(value, int):
        return _head(_UNSIGNED, value) if value >= 0 else _head(_NEGATIVE, -1 - value)
    if isinstance(value, bytes):
        return _head(_BYTES, len(value)) + value
    if isinstance(value, str):
        data = value.encode("utf-8")
        return _head(_TEXT, len(data)) + data
    if isinstance(value, list | tuple):
        return _head(_ARRAY, len(value)) + b"".join(map(encode, value))
    if isinstance(value, dict):
        entries = sorted((encode(key), encode(each)) for key, each in value.items())
        return _head(_MAP, len(entries)) + b"".join(key + each for key, each in entries)
    if isinstance(value, Tag):
        return _head(_TAG, value.number) + encode(value.value)
    raise ValueError(f"{type(value).__name__} cannot be written")


def decode(data: bytes, reason: Reason = Reason.STATEMENT_MALFORMED) -> Any:
    """The value that the bytes spell; arrays are lists, maps are dicts with numbers or texts for keys.

    Raises:
        Defect: with the reason given, where they spell none, spell it in another form, or spell more than one.
    """
    reader = _Reader(data, reason)
    value = reader.value(0)
    if reader.place != len(data):
        raise Defect(reason, "bytes behind the end")
    return value


def _head(major: int, argument: int) -> bytes:
    if argument > LARGEST:
        raise ValueError("a number beyond 53 bits")
    if argument < _INLINE:
        return bytes([major << 5 | argument])
    marker, width = next((marker, width) for marker, width in _WIDTHS.items() if argument < 1 << 8 * width)
    return bytes([major << 5 | marker]) + argument.to_bytes(width, "big")


class _Reader:
    """Reads values one behind the other."""

    def __init__(self, data: bytes, reason: Reason) -> None:
        self._data = data
        self._reason = reason
        self._left = MAX_VALUES
        self.place = 0

    def value(self, depth: int) -> Any:  # noqa: PLR0911 - one return for each kind there is
        """The next value."""
        self._left -= 1
        if depth > MAX_DEPTH or self._left < 0:
            raise self._defect("nested too deeply, or too many values")
        major, argument = self._next_head()
        if major == _UNSIGNED:
            return argument
        if major == _NEGATIVE:
            return -1 - argument
        if major == _BYTES:
            return self._take(argument)
        if major == _TEXT:
            return self._text(argument)
        if major == _ARRAY:
            return [self.value(depth + 1) for _ in range(self._count(argument))]
        if major == _MAP:
            return self._map(self._count(argument), depth)
        if major == _TAG:
            return Tag(argument, self.value(depth + 1))
        raise self._defect("a float, a truth value or nothing")

    def _next_head(self) -> tuple[int, int]:
        first = self._take(1)[0]
        major, argument = first >> 5, first & 0x1F
        if argument < _INLINE:
            return major, argument
        width = _WIDTHS.get(argument)
        if width is None:
            raise self._defect("a length left open, or a form that is not known")
        wide = int.from_bytes(self._take(width), "big")
        if wide > LARGEST or wide < (_INLINE if width == 1 else 1 << 4 * width):
            raise self._defect("a number beyond 53 bits, or written longer than it need be")
        return major, wide

    def _take(self, length: int) -> bytes:
        taken = self._data[self.place : self.place + length]
        if len(taken) != length:
            raise self._defect("cut short")
        self.place += length
        return taken

    def _text(self, length: int) -> str:
        try:
            return self._take(length).decode("utf-8")
        except UnicodeDecodeError:
            raise self._defect("not UTF-8") from None

    def _count(self, count: int) -> int:
        if count > len(self._data) - self.place:
            raise self._defect("more values than bytes")
        return count

    def _map(self, count: int, depth: int) -> dict[int | str, Any]:
        found: dict[int | str, Any] = {}
        before = b""
        for _ in range(count):
            start = self.place
            key = self.value(depth + 1)
            written = self._data[start : self.place]
            if not isinstance(key, int | str) or written <= before:
                raise self._defect("a key of another kind, out of order or twice")
            before = written
            found[key] = self.value(depth + 1)
        return found

    def _defect(self, detail: str) -> Defect:
        return Defect(self._reason, detail)
