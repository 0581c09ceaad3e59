"""RFC 8785: numbers, order and texts as the standard wants them, whichever of the two writers writes."""

import json
import struct
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.verify import factory as f
from verify.errors import Defect
from verify.reasons import Reason
from verify.standards import jcs

# RFC 8785, appendix B: the bits of a double, and how ECMAScript writes it.
NUMBERS = {
    "0000000000000000": "0",
    "8000000000000000": "0",
    "0000000000000001": "5e-324",
    "8000000000000001": "-5e-324",
    "7fefffffffffffff": "1.7976931348623157e+308",
    "ffefffffffffffff": "-1.7976931348623157e+308",
    "4340000000000000": "9007199254740992",
    "c340000000000000": "-9007199254740992",
    "4430000000000000": "295147905179352830000",
    "44b52d02c7e14af5": "9.999999999999997e+22",
    "44b52d02c7e14af6": "1e+23",
    "44b52d02c7e14af7": "1.0000000000000001e+23",
    "444b1ae4d6e2ef4e": "999999999999999700000",
    "444b1ae4d6e2ef4f": "999999999999999900000",
    "444b1ae4d6e2ef50": "1e+21",
    "3eb0c6f7a0b5ed8c": "9.999999999999997e-7",
    "3eb0c6f7a0b5ed8d": "0.000001",
    "41b3de4355555553": "333333333.3333332",
    "41b3de4355555554": "333333333.33333325",
    "41b3de4355555555": "333333333.3333333",
    "41b3de4355555556": "333333333.3333334",
    "41b3de4355555557": "333333333.33333343",
    "becbf647612f3696": "-0.0000033333333333333333",
    "43143ff3c1cb0959": "1424953923781206.2",
}


@pytest.mark.parametrize(("bits", "written"), NUMBERS.items())
def test_a_number_is_written_as_ecmascript_writes_it(bits: str, written: str) -> None:
    """Alone, in a list and as a member."""
    number = struct.unpack(">d", bytes.fromhex(bits))[0]
    assert jcs.canonicalise({"a": number, "b": [number]}) == f'{{"a":{written},"b":[{written}]}}'.encode()


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf"), 2**53 + 1, -(2**63), 10**400])
def test_a_number_that_readers_would_not_agree_on_is_refused(number: Any) -> None:
    """Source: RFC 8785, section 3.2.2.3; RFC 7493, section 2.2."""
    with pytest.raises(Defect) as caught:
        jcs.canonicalise({"a": [number]})
    assert caught.value.reason is Reason.JSON_NUMBER_UNSAFE


def test_the_largest_safe_integer_is_written_plainly() -> None:
    """At the edge, where the compiled writer hands over."""
    assert jcs.canonicalise({"a": 2**53, "b": -(2**53), "c": 2**53 - 1}) == (
        b'{"a":9007199254740992,"b":-9007199254740992,"c":9007199254740991}'
    )


def test_members_stand_in_the_order_of_utf_16() -> None:
    """The example of RFC 8785, section 3.2.3: an astral character comes before U+FB33."""
    names = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    written = json.loads(jcs.canonicalise(dict.fromkeys(names, "x")))
    assert list(written) == ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]


def test_texts_are_escaped_as_little_as_can_be() -> None:
    """The example of RFC 8785, section 3.2.2.2, and characters that other writers like to escape."""
    text = "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/\u007f\u2028\b\f\t"
    written = b'{"a":"\xe2\x82\xac$\\u000f\\nA\'B\\"\\\\\\\\\\"/\x7f\xe2\x80\xa8\\b\\f\\t"}'
    assert jcs.canonicalise({"a": text}) == written
    assert jcs.canonicalise({"a": text, "b": "\U0001f600"}).startswith(written[:-1])


def test_texts_are_not_normalised() -> None:
    """An accent of its own and a letter that has one stay two different texts."""
    assert jcs.canonicalise({"a": "e\u0301"}) != jcs.canonicalise({"a": "\u00e9"})


@pytest.mark.parametrize("document", [{"a": "\ud800"}, {"\udfff": 1}, {"a": ["\U0001f600", {"b\ud83d": 1.5}]}])
def test_a_lone_surrogate_is_refused(document: dict[str, Any]) -> None:
    """It has no UTF-8."""
    with pytest.raises(Defect) as caught:
        jcs.canonicalise(document)
    assert caught.value.reason is Reason.JSON_LONE_SURROGATE


def test_a_document_nested_beyond_all_measure_is_refused() -> None:
    """Rather than breaking the reader."""
    document: dict[str, Any] = {}
    for _ in range(100_000):
        document = {"a": document}
    with pytest.raises(Defect) as caught:
        jcs.canonicalise(document)
    assert caught.value.reason is Reason.TOO_COMPLEX
    while document:  # taken apart by hand: so deep a document would break the interpreter that frees it
        document = document["a"]


def test_a_badge_is_written_alike_by_both_writers() -> None:
    """The short way and the long one."""
    document = f.credential()
    assert jcs.canonicalise(document) == jcs._slowly(document)


_JSON = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**53), 2**53),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=6),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=3), inner, max_size=4),
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=3), _JSON, max_size=4))
@settings(max_examples=300)
def test_whatever_is_written_reads_back_the_same_and_both_writers_agree(document: dict[str, Any]) -> None:
    """Nothing is lost but the order of members and the sign of zero."""
    written = jcs.canonicalise(document)
    assert json.loads(written, parse_int=float) == document
    assert written == jcs._slowly(document)
