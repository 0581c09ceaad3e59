"""Bits kept in compressed pieces: one ordinary gzip for every reader, whichever bits were changed in what order."""

import gzip
import random
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from issuer.status_bits import PIECE_BYTES, StatusBits
from verify.standards import multibase, status_list

PIECE = PIECE_BYTES * 8


def compressed(bits: StatusBits) -> bytes:
    return multibase.decode(bits.encoded())


@pytest.mark.parametrize("size", [16_384, 16_385, 3 * 16_384, 5 * 16_384 + 77, 2 * 1024 * 1024])
def test_encoded_list_is_one_ordinary_gzip(size):
    """Python's gzip checks length and check sum; a single member, nothing behind it."""
    raw = random.Random(size).randbytes(size)
    bits = StatusBits.of(raw)
    assert gzip.decompress(compressed(bits)) == raw
    reader = zlib.decompressobj(wbits=31)
    assert reader.decompress(compressed(bits)) == raw
    assert (reader.eof, reader.unused_data) == (True, b"")
    assert status_list.decode(bits.encoded()) == raw


@settings(max_examples=60, deadline=None)
@given(
    st.integers(PIECE_BYTES, 4 * PIECE_BYTES + 9),
    st.lists(st.tuples(st.integers(0, 4 * PIECE), st.booleans()), max_size=12),
)
def test_changed_bits_are_those_of_a_plain_list(size, changes):
    """Set and cleared in any order, over any number of pieces; what is stored reads back the same."""
    plain, bits = bytearray(size), StatusBits.of(bytes(size))
    for place, value in changes:
        index = place % (size * 8)
        status_list.set_bit(plain, index, value=value)
        bits = bits.with_bit(index, value=value)
        assert bits.is_set(index) is value
    assert gzip.decompress(compressed(bits)) == plain
    assert StatusBits.read(bits.stored()) == bits
    assert StatusBits.of(bytes(plain)) == bits


def test_a_changed_bit_leaves_the_other_pieces_alone():
    """They are not even looked at: the very same objects, and a copy is what changed."""
    before = StatusBits.of(bytes(4 * PIECE_BYTES))
    after = before.with_bit(2 * PIECE + 5, value=True)
    assert [one is other for one, other in zip(before.pieces, after.pieces, strict=True)] == [True, True, False, True]
    assert not before.is_set(2 * PIECE + 5)


@pytest.mark.parametrize("index", [-1, 131_072, 131_080])
def test_a_place_outside_the_list_is_refused(index):
    """A bit beyond the list would be somebody else's."""
    bits = StatusBits.of(bytes(16_384))
    with pytest.raises(IndexError):
        bits.with_bit(index, value=True)
    with pytest.raises(IndexError):
        bits.is_set(index)


def test_bytes_that_are_no_list_are_refused():
    """Such as the bare bits that older versions kept."""
    with pytest.raises(ValueError, match="bits"):
        StatusBits.read(bytes(16_384))
