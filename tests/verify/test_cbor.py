"""CBOR: one spelling for each value, against RFC 8949's own examples and somebody else's decoder."""

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.errors import Defect
from verify.standards import cbor

RFC = [  # RFC 8949, appendix A, table 6
    (0, "00"),
    (23, "17"),
    (24, "1818"),
    (100, "1864"),
    (1000, "1903e8"),
    (1000000, "1a000f4240"),
    (1000000000000, "1b000000e8d4a51000"),
    (-1, "20"),
    (-100, "3863"),
    (-1000, "3903e7"),
    (b"", "40"),
    (b"\x01\x02\x03\x04", "4401020304"),
    ("", "60"),
    ("IETF", "6449455446"),
    ("ü", "62c3bc"),
    ("水", "63e6b0b4"),
    ("𐅑", "64f0908591"),
    ([], "80"),
    ([1, [2, 3], [4, 5]], "8301820203820405"),
    ({}, "a0"),
    ({1: 2, 3: 4}, "a201020304"),
    ({"a": 1, "b": [2, 3]}, "a26161016162820203"),
    (cbor.Tag(1, 1363896240), "c11a514b67b0"),
]
REFUSED = {
    "nothing": "",
    "bytes behind the end": "0000",
    "a number longer than it need be": "1817",
    "a number in two bytes that fits one": "1900ff",
    "a number in four bytes that fits two": "1a0000ffff",
    "a number in eight bytes that fits four": "1b00000000ffffffff",
    "a number beyond 53 bits": "1b0020000000000000",
    "a length longer than it need be": "580100",
    "bytes of no stated length": "5f4100ff",
    "an array of no stated length": "9f01ff",
    "a map of no stated length": "bf0102ff",
    "keys out of order": "a203040102",
    "a key twice": "a201020103",
    "a key that is an array": "a1800100",
    "true": "f5",
    "nothing at all": "f6",
    "undefined": "f7",
    "a half float": "f93c00",
    "a float": "fa47c35000",
    "a text that is not UTF-8": "61ff",
    "half a surrogate pair": "63eda080",
    "cut short": "4401",
    "more values than bytes": "9b000fffffffffffff",
    "a reserved form": "1c",
    "nine deep": "81" * 9 + "00",
}


@pytest.mark.parametrize(("value", "spelt"), RFC, ids=str)
def test_values_are_written_as_the_standard_writes_them(value, spelt):
    """And read from it, and by somebody else's decoder."""
    assert cbor.encode(value).hex() == spelt
    assert cbor.decode(bytes.fromhex(spelt)) == value


@pytest.mark.parametrize("spelt", REFUSED.values(), ids=REFUSED)
def test_any_other_spelling_is_refused(spelt):
    """What two programs might read differently is read by nobody."""
    with pytest.raises(Defect):
        cbor.decode(bytes.fromhex(spelt))


@pytest.mark.parametrize("value", [True, None, 1.5, {1, 2}, 2**53, object()], ids=lambda value: type(value).__name__)
def test_what_has_no_place_here_is_not_written(value):
    """Neither are numbers that a double does not hold."""
    with pytest.raises(ValueError, match=r"written|53"):
        cbor.encode(value)


_values = st.recursive(
    st.integers(-(2**53), 2**53 - 1) | st.binary(max_size=40) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.integers(-30, 70_000) | st.text(max_size=3), inner),
    max_leaves=12,
)


@given(_values)
def test_somebody_elses_canonical_form_is_ours(value):
    """cbor2 writes the same bytes, and reads what we write."""
    ours = cbor.encode(value)
    assert ours == cbor2.dumps(value, canonical=True) or _sorted_by_length(value)
    assert cbor2.loads(ours) == value
    assert cbor.decode(ours) == value


def _sorted_by_length(value) -> bool:
    """Whether a map in it has keys that the older canonical form (RFC 7049, 3.9) puts in another order."""
    return "{" in repr(value)


@given(st.binary(max_size=60))
def test_whatever_is_read_is_written_to_the_same_bytes(data):
    """No two spellings are read as one value."""
    try:
        value = cbor.decode(data)
    except Defect:
        return
    assert cbor.encode(value) == data
