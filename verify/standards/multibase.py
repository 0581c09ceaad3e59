"""Multibase text for bytes: base58btc (`z`) and base64url without padding (`u`), and no other base.

Refuses text that is not the one canonical spelling of its bytes, and text too long to be a key or a signature.

Source: Controlled Identifiers 1.0, section 2.4 Multibase.
"""

from __future__ import annotations

import base64
import binascii
from typing import Literal

from verify.errors import Defect
from verify.reasons import Reason

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_VALUE = {character: value for value, character in enumerate(_ALPHABET)}
_BASE64URL = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_TO_BASE64 = bytes.maketrans(b"-_", b"+/")
_PADDING = (b"", b"", b"==", b"=")
_UNUSED = (1, 1, 16, 4)  # by how many characters are over: the last one's value is a multiple of it
_GROUP = 10
_MAX_BASE58 = 512  # decoding is quadratic; the longest honest value, a P-384 signature, has 132 characters


def encode(data: bytes, base: Literal["z", "u"] = "z") -> str:
    """The bytes as text: `z` for base58btc, `u` for base64url without padding."""
    if base == "u":
        return "u" + encode_base64url(data)
    number = int.from_bytes(data, "big")
    digits = ""
    while number:
        number, rest = divmod(number, 58)
        digits = _ALPHABET[rest] + digits
    return "z" + "1" * (len(data) - len(data.lstrip(b"\0"))) + digits


def decode(text: str) -> bytes:
    """The bytes that the text spells.

    Raises:
        Defect: `key_malformed` where the base is another one or the spelling is wrong.
    """
    if text.startswith("z"):
        return _decode_base58(text[1:])
    if text.startswith("u"):
        return decode_base64url(text[1:])
    raise Defect(Reason.KEY_MALFORMED, "multibase other than z or u")


def encode_base64url(data: bytes) -> str:
    """The bytes as base64url without padding."""
    return base64.urlsafe_b64encode(data).decode("ascii").rstrip("=")


def decode_base64url(text: str, reason: Reason = Reason.KEY_MALFORMED) -> bytes:
    """The bytes of base64url without padding; only their one canonical spelling is taken.

    Raises:
        Defect: with the reason given.
    """
    if not text.isascii():
        raise Defect(reason, "not base64url without padding")
    spelt = text.encode("ascii")
    over = len(spelt) % 4
    if spelt.translate(None, _BASE64URL) or over == 1:
        raise Defect(reason, "not base64url without padding")
    if over and _BASE64URL.index(spelt[-1]) % _UNUSED[over]:
        raise Defect(reason, "base64url with stray bits")
    return binascii.a2b_base64(spelt.translate(_TO_BASE64) + _PADDING[over])


def _decode_base58(text: str) -> bytes:
    if len(text) > _MAX_BASE58:
        raise Defect(Reason.KEY_MALFORMED, "base58 text too long")
    number = 0
    try:
        for start in range(0, len(text), _GROUP):  # in groups, so that most of the work is on small numbers
            group = text[start : start + _GROUP]
            small = 0
            for character in group:
                small = small * 58 + _VALUE[character]
            number = number * 58 ** len(group) + small
    except KeyError:
        raise Defect(Reason.KEY_MALFORMED, "not base58btc") from None
    zeros = len(text) - len(text.lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")
