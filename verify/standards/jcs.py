"""JSON as its one canonical text: the JSON Canonicalization Scheme.

Nearly every document takes the short way, a writer in compiled code that sorts by code point; one with a number that
is no integer, or with a character beyond the Basic Multilingual Plane, is written here. Nothing is normalised, and
nothing that two readers could understand in two ways is written at all.

Source: RFC 8785; ECMAScript 2024, section 6.1.6.1.20 (Number::toString).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import orjson

from verify.errors import Defect
from verify.reasons import Reason
from verify.standards.documents import MAX_INTEGER

# A number stands behind a member's name, an opening bracket or a comma; what is no number is written as null. What
# only looks like one, inside a text, costs a closer look.
_NUMBERS = tuple(map(re.compile, (rb'":-?[0-9]', rb"\[-?[0-9]", rb",-?[0-9]", rb"null")))
_ASTRAL = (b"\xf0", b"\xf1", b"\xf2", b"\xf3", b"\xf4")
_MOST_DIGITS = 21
_MOST_LEADING_ZEROS = 6


def canonicalise(document: dict[str, Any]) -> bytes:
    """The canonical text of the document, as UTF-8.

    Raises:
        Defect: `json_lone_surrogate`, `json_number_unsafe`, or `too_complex` where it is nested too deeply.
    """
    try:
        text = orjson.dumps(document, option=orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER)
    except orjson.JSONEncodeError:
        return _slowly(document)
    if any(byte in text for byte in _ASTRAL) or (any(form.search(text) for form in _NUMBERS) and _has_reals(document)):
        return _slowly(document)
    return text


def _has_reals(document: Any) -> bool:
    pending = [document]
    while pending:
        value = pending.pop()
        if isinstance(value, float):
            return True
        if isinstance(value, dict):
            pending.extend(value.values())
        elif isinstance(value, list):
            pending.extend(value)
    return False


def _slowly(document: Any) -> bytes:
    try:
        return b"".join(_pieces(document))
    except RecursionError:
        raise Defect(Reason.TOO_COMPLEX, "nested too deeply") from None


def _pieces(value: Any) -> Iterator[bytes]:
    if isinstance(value, str):
        yield _text(value)
    elif isinstance(value, dict):
        yield b"{"
        # Source: RFC 8785, section 3.2.3: by UTF-16 code units.
        for number, key in enumerate(sorted(value, key=_utf16)):
            yield b"," if number else b""
            yield _text(key)
            yield b":"
            yield from _pieces(value[key])
        yield b"}"
    elif isinstance(value, list):
        yield b"["
        for number, item in enumerate(value):
            yield b"," if number else b""
            yield from _pieces(item)
        yield b"]"
    elif value is None or isinstance(value, bool):
        yield orjson.dumps(value)
    else:
        yield _number(value).encode("ascii")


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-be", "surrogatepass")


def _text(value: str) -> bytes:
    r"""Source: RFC 8785, section 3.2.2.2: the two-letter escapes, `\u00xx` for other controls, nothing else."""
    try:
        return orjson.dumps(value)
    except orjson.JSONEncodeError:
        raise Defect(Reason.JSON_LONE_SURROGATE) from None


def _number(value: float) -> str:
    """A number as ECMAScript writes it.

    Source: RFC 8785, section 3.2.2.3; integers beyond 2⁵³ are refused, as RFC 7493, section 2.2, advises.
    """
    if isinstance(value, int):
        if abs(value) > MAX_INTEGER:
            raise Defect(Reason.JSON_NUMBER_UNSAFE)
        return str(value)
    if not math.isfinite(value):
        raise Defect(Reason.JSON_NUMBER_UNSAFE)
    if value == 0:
        return "0"
    # Python and ECMAScript agree on the digits, the fewest that read back as the same number, not on how they stand.
    sign, numbers, exponent = Decimal(repr(value)).as_tuple()
    digits = "".join(map(str, numbers))
    return "-" * sign + _placed(digits.rstrip("0"), len(digits) + int(exponent))


def _placed(digits: str, point: int) -> str:
    """The digits with the point behind so many of them, or with an exponent."""
    if len(digits) <= point <= _MOST_DIGITS:
        return digits + "0" * (point - len(digits))
    if 0 < point <= _MOST_DIGITS:
        return f"{digits[:point]}.{digits[point:]}"
    if -_MOST_LEADING_ZEROS < point <= 0:
        return f"0.{'0' * -point}{digits}"
    return f"{digits[0]}{'.' if digits[1:] else ''}{digits[1:]}e{point - 1:+d}"
