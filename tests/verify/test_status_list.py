"""The list of bits: order, encoding, and lists made to hurt."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.errors import Defect
from verify.reasons import Reason
from verify.standards import multibase, status_list

# Source: Bitstring Status List 1.0, section 2.2, example of an encodedList: 131,072 entries, none set.
EXAMPLE = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"


def _reason(encoded: str, **limits: int) -> Reason:
    with pytest.raises(Defect) as caught:
        status_list.decode(encoded, **limits)
    return caught.value.reason


def _packed(data: bytes) -> str:
    return multibase.encode(gzip.compress(data, mtime=0), "u")


def test_decode_reads_the_example_of_the_specification() -> None:
    """The published list holds 16 KB of zeros."""
    assert status_list.decode(EXAMPLE) == bytes(status_list.MINIMUM_ENTRIES // 8)


def test_index_0_is_the_left_most_bit() -> None:
    """Source: Bitstring Status List 1.0, section 3.4: the first index is the left-most bit."""
    bits = status_list.new()
    status_list.set_bit(bits, 0)
    status_list.set_bit(bits, 9)
    assert bits[:2] == b"\x80\x40"
    assert [index for index in range(20) if status_list.is_set(bits, index)] == [0, 9]


@given(st.sets(st.integers(0, status_list.MINIMUM_ENTRIES - 1), max_size=20))
def test_decode_gives_back_what_was_encoded(indexes: set[int]) -> None:
    """Bits set before are the bits set after."""
    bits = status_list.new()
    for index in indexes:
        status_list.set_bit(bits, index)
    read = status_list.decode(status_list.encode(bits))
    assert read == bits
    assert all(status_list.is_set(read, index) for index in indexes)


def test_set_bit_clears_one_bit_and_no_other() -> None:
    """A pause ends."""
    bits = status_list.new()
    status_list.set_bit(bits, 3)
    status_list.set_bit(bits, 4)
    status_list.set_bit(bits, 3, value=False)
    assert not status_list.is_set(bits, 3)
    assert status_list.is_set(bits, 4)


def test_encode_gives_the_same_text_again() -> None:
    """No time of day in the gzip header: an unchanged list is an unchanged text."""
    assert status_list.encode(status_list.new()) == status_list.encode(status_list.new())


@pytest.mark.parametrize("index", [-1, status_list.MINIMUM_ENTRIES, 10**15])
def test_index_outside_the_list_is_refused(index: int) -> None:
    """Never wrapped around, never taken for clear."""
    bits = status_list.new()
    with pytest.raises(Defect) as caught:
        status_list.is_set(bits, index)
    assert caught.value.reason is Reason.STATUS_INDEX_OUT_OF_RANGE
    with pytest.raises(IndexError):
        status_list.set_bit(bits, index)


@pytest.mark.parametrize("entries", [0, 8, status_list.MINIMUM_ENTRIES - 8, status_list.MINIMUM_ENTRIES + 1])
def test_new_refuses_a_list_that_hides_nobody(entries: int) -> None:
    """The standard's minimum, and whole bytes."""
    with pytest.raises(ValueError, match="at least"):
        status_list.new(entries)


@pytest.mark.parametrize(
    ("encoded", "reason"),
    [
        (EXAMPLE[1:], Reason.STATUS_LIST_MALFORMED),
        ("z" + EXAMPLE[1:], Reason.STATUS_LIST_MALFORMED),
        ("u", Reason.STATUS_LIST_MALFORMED),
        ("u####", Reason.STATUS_LIST_MALFORMED),
        (EXAMPLE[:-10], Reason.STATUS_LIST_MALFORMED),
        (multibase.encode(bytes(20_000), "u"), Reason.STATUS_LIST_MALFORMED),
        (multibase.encode(gzip.compress(bytes(20_000), mtime=0) * 2, "u"), Reason.STATUS_LIST_MALFORMED),
        (_packed(bytes(16_383)), Reason.STATUS_LIST_TOO_SMALL),
        (_packed(bytes(4 * 1024 * 1024 + 1)), Reason.STATUS_LIST_BOMB),
    ],
)
def test_decode_refuses_a_list_that_is_none(encoded: str, reason: Reason) -> None:
    """Missing u, other base, cut short, not gzip, two in one, too small, too large."""
    assert _reason(encoded) is reason


def test_decode_stops_expanding_at_its_limit() -> None:
    """A thousand-fold expansion is cut off where the limit is, not after it."""
    assert _reason(_packed(bytes(40_000)), maximum_bytes=20_000) is Reason.STATUS_LIST_BOMB
    assert _reason("u" + "A" * 50_000, maximum_bytes=20_000) is Reason.STATUS_LIST_BOMB
