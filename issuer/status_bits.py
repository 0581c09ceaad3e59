"""The bits of a status list, kept compressed in pieces, so that changing one bit costs one piece and not the list.

Each piece is deflated by itself and ends on a byte, forgetting what came before. Put behind one another between the
header and the trailer of gzip they are one ordinary gzip member, as any reader expects; the check sum of the whole is
put together from those of the pieces.

Source: Bitstring Status List 1.0, section 3.3; RFC 1951 (deflate); RFC 1952 (gzip), section 2.3.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from functools import cache
from typing import Self

from verify.standards import multibase, status_list

PIECE_BYTES = 16 * 1024

_LEVEL = 6
_RAW = -zlib.MAX_WBITS
_HEADER = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
"""Source: RFC 1952, section 2.3: deflate, no name, no time, no matter on which system."""
_END = b"\x03\0"
"""An empty last block. Source: RFC 1951, section 3.2.6."""
_MARK = b"jalon-bits-1\n"
_COUNT = struct.Struct(">I")
_ENTRY = struct.Struct(">III")


@dataclass(frozen=True, slots=True)
class _Piece:
    """Some bits, deflated; `length` is how many bytes they are, `crc` the check sum of those."""

    deflated: bytes
    length: int
    crc: int

    @classmethod
    def of(cls, bits: bytes) -> Self:
        """The piece that holds these bits."""
        deflater = zlib.compressobj(_LEVEL, zlib.DEFLATED, _RAW)
        deflated = deflater.compress(bits) + deflater.flush(zlib.Z_FULL_FLUSH)
        return cls(deflated, len(bits), zlib.crc32(bits))

    def bits(self) -> bytes:
        """The bits."""
        return zlib.decompressobj(_RAW).decompress(self.deflated, self.length)


@dataclass(frozen=True, slots=True)
class StatusBits:
    """The bits of one list; index 0 is the left-most. Every piece but the last is of one size."""

    pieces: tuple[_Piece, ...]

    @classmethod
    def of(cls, bits: bytes) -> Self:
        """A list with these bits."""
        return cls(tuple(_Piece.of(bits[start : start + PIECE_BYTES]) for start in range(0, len(bits), PIECE_BYTES)))

    @classmethod
    def read(cls, stored: bytes) -> Self:
        """The list that `stored` wrote.

        Raises:
            ValueError: where the bytes are no such list.
        """
        if not stored.startswith(_MARK):
            raise ValueError("no status bits")
        (count,) = _COUNT.unpack_from(stored, len(_MARK))
        place = len(_MARK) + _COUNT.size + count * _ENTRY.size
        pieces = []
        for size, length, crc in _ENTRY.iter_unpack(stored[len(_MARK) + _COUNT.size : place]):
            pieces.append(_Piece(stored[place : place + size], length, crc))
            place += size
        return cls(tuple(pieces))

    def stored(self) -> bytes:
        """The list as bytes to keep."""
        entries = (_ENTRY.pack(len(piece.deflated), piece.length, piece.crc) for piece in self.pieces)
        return b"".join(
            (_MARK, _COUNT.pack(len(self.pieces)), *entries, *(piece.deflated for piece in self.pieces)),
        )

    def is_set(self, index: int) -> bool:
        """Whether the bit is set.

        Raises:
            IndexError: where the list has no such entry.
        """
        place, bit = self._find(index)
        return status_list.is_set(self.pieces[place].bits(), bit)

    def bits(self) -> bytes:
        """All of them, as one string of bytes."""
        return b"".join(piece.bits() for piece in self.pieces)

    def with_bit(self, index: int, *, value: bool) -> Self:
        """The same list, one bit of it set or cleared.

        Raises:
            IndexError: where the list has no such entry.
        """
        place, bit = self._find(index)
        changed = bytearray(self.pieces[place].bits())
        status_list.set_bit(changed, bit, value=value)
        return type(self)((*self.pieces[:place], _Piece.of(bytes(changed)), *self.pieces[place + 1 :]))

    def encoded(self) -> str:
        """The list as `encodedList`: `u`, then base64url of gzip."""
        crc = length = 0
        for piece in self.pieces:
            crc = _behind(crc, piece.length) ^ piece.crc
            length += piece.length
        trailer = struct.pack("<II", crc, length & 0xFFFFFFFF)
        return multibase.encode(b"".join((_HEADER, *(piece.deflated for piece in self.pieces), _END, trailer)), "u")

    def _find(self, index: int) -> tuple[int, int]:
        """The piece that holds the entry, and the entry's place in it."""
        place, bit = divmod(index, PIECE_BYTES * 8)
        if index < 0 or place >= len(self.pieces) or bit >= self.pieces[place].length * 8:
            raise IndexError(index)
        return place, bit


def _behind(crc: int, length: int) -> int:
    """What the check sum of some bytes adds to that of the whole once so many others stand behind them."""
    first, second, third, fourth = _tables(length)
    return first[crc & 0xFF] ^ second[crc >> 8 & 0xFF] ^ third[crc >> 16 & 0xFF] ^ fourth[crc >> 24]


@cache
def _tables(length: int) -> tuple[tuple[int, ...], ...]:
    """The same for every value of each of the four bytes of a check sum: it is linear, so theirs add up."""
    zeros = bytes(length)
    alone = zlib.crc32(zeros)
    return tuple(tuple(zlib.crc32(zeros, value << shift) ^ alone for value in range(256)) for shift in (0, 8, 16, 24))
