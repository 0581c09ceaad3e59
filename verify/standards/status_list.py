"""The list of bits of a Bitstring Status List, and nothing of the credential around it.

Index 0 is the left-most bit. Refuses lists that are too small to hide one holder among many, and lists that expand
beyond what a reader should pay for: 1.4 MB of gzip can be 1 GiB.

Source: Bitstring Status List 1.0, sections 3.3 and 3.4.
"""

from __future__ import annotations

import gzip
import zlib

from verify.errors import Defect
from verify.reasons import Reason
from verify.standards import multibase

MINIMUM_ENTRIES = 131_072
"""Source: Bitstring Status List 1.0, section 2.2: 16 KB before compression."""

MAXIMUM_BYTES = 4 * 1024 * 1024
"""33.5 million entries: more than any list seen, and 4 MiB at most to expand."""

_GZIP = 31  # zlib's word for "expect a gzip header"


def new(entries: int = MINIMUM_ENTRIES) -> bytearray:
    """A list with every bit clear.

    Raises:
        ValueError: where the number of entries is below the minimum or no multiple of 8.
    """
    if entries < MINIMUM_ENTRIES or entries % 8:
        raise ValueError(f"a status list has at least {MINIMUM_ENTRIES} entries, in whole bytes")
    return bytearray(entries // 8)


def set_bit(bits: bytearray, index: int, *, value: bool = True) -> None:
    """Set or clear one bit in place.

    Raises:
        IndexError: where the list has no such entry.
    """
    if not 0 <= index < len(bits) * 8:
        raise IndexError(index)
    mask = 0x80 >> index % 8
    bits[index // 8] = bits[index // 8] | mask if value else bits[index // 8] & ~mask


def is_set(bits: bytes | bytearray, index: int) -> bool:
    """Whether the bit at the index is set.

    Raises:
        Defect: `status_index_out_of_range`. Source: section 3.2, RANGE_ERROR.
    """
    if not 0 <= index < len(bits) * 8:
        raise Defect(Reason.STATUS_INDEX_OUT_OF_RANGE)
    return bool(bits[index // 8] & 0x80 >> index % 8)


def value_at(bits: bytes | bytearray, index: int, size: int) -> int:
    """The number that the entry holds, in a list whose entries have `size` bits each, the first one the highest.

    Raises:
        Defect: `status_index_out_of_range`, or `status_list_too_small` for so few entries of that size.
        Source: section 3.2: the position is the index times the size.
    """
    if len(bits) * 8 // size < MINIMUM_ENTRIES:
        raise Defect(Reason.STATUS_LIST_TOO_SMALL)
    value = 0
    for place in range(index * size, (index + 1) * size):
        value = value << 1 | is_set(bits, place)
    return value


def encode(bits: bytes | bytearray) -> str:
    """The bits as `encodedList`: `u`, then base64url of gzip. The same bits always give the same text."""
    return multibase.encode(gzip.compress(bytes(bits), compresslevel=6, mtime=0), "u")


def decode(encoded: str, *, maximum_bytes: int = MAXIMUM_BYTES) -> bytes:
    """The bits of an `encodedList`.

    Raises:
        Defect: `status_list_malformed`, `status_list_bomb` or `status_list_too_small`.
    """
    if not encoded.startswith("u"):
        raise Defect(Reason.STATUS_LIST_MALFORMED, "encodedList does not start with u")
    if len(encoded) > 2 * maximum_bytes:
        raise Defect(Reason.STATUS_LIST_BOMB, "encodedList is longer than any list")
    compressed = multibase.decode_base64url(encoded[1:], Reason.STATUS_LIST_MALFORMED)
    reader = zlib.decompressobj(wbits=_GZIP)
    try:
        bits = reader.decompress(compressed, maximum_bytes + 1)
    except zlib.error:
        raise Defect(Reason.STATUS_LIST_MALFORMED, "not gzip") from None
    if len(bits) > maximum_bytes:
        raise Defect(Reason.STATUS_LIST_BOMB, "the list expands too far")
    if not reader.eof or reader.unused_data:
        raise Defect(Reason.STATUS_LIST_MALFORMED, "gzip is cut short or goes on")
    if len(bits) * 8 < MINIMUM_ENTRIES:
        raise Defect(Reason.STATUS_LIST_TOO_SMALL)
    return bits
