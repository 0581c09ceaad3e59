"""Strict JSON, and the closed list of contexts."""

import contextlib
import importlib.metadata
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.verify import vectors
from verify.errors import BrokenInstallation, Undecided, Unreadable
from verify.reasons import Reason
from verify.standards import documents


def _reason(data: bytes, **limits: int) -> Reason:
    with pytest.raises(Unreadable) as caught:
        documents.load(data, **limits)
    return caught.value.reason


def test_load_gives_the_object() -> None:
    """Plain JSON comes through as it is."""
    assert documents.load('{"é": [1, 2.5, true, null, "\\t\\n"]}'.encode()) == {"é": [1, 2.5, True, None, "\t\n"]}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Reason.EMPTY),
        (b"\n", Reason.EMPTY),
        (b"{", Reason.JSON_MALFORMED),
        (b"{} {}", Reason.JSON_MALFORMED),
        (b"\xef\xbb\xbf{}", Reason.JSON_MALFORMED),
        (b'{"a": 01}', Reason.JSON_MALFORMED),
        (b"{'a': 1}", Reason.JSON_MALFORMED),
        (b'{"a": "\xe9"}', Reason.NOT_UTF8),
        ('{"a": 1}'.encode("utf-16"), Reason.NOT_UTF8),
        (b'{"a": 1, "a": 1}', Reason.JSON_DUPLICATE_KEY),
        (b'{"x": {"a": 1, "\\u0061": 2}}', Reason.JSON_DUPLICATE_KEY),
        (b'{"a": NaN}', Reason.JSON_NUMBER_UNSAFE),
        (b'{"a": Infinity}', Reason.JSON_NUMBER_UNSAFE),
        (b'{"a": -Infinity}', Reason.JSON_NUMBER_UNSAFE),
        (b'{"a": 1e400}', Reason.JSON_NUMBER_UNSAFE),
        (b'{"a": 9007199254740993}', Reason.JSON_NUMBER_UNSAFE),
        (b'{"a": -9007199254740993}', Reason.JSON_NUMBER_UNSAFE),
        (b'{"a": ' + b"9" * 10_000 + b"}", Reason.JSON_NUMBER_UNSAFE),
        (b'{"a": "\\u0000"}', Reason.JSON_CONTROL_CHARACTER),
        (b'{"a": "\\u001f"}', Reason.JSON_CONTROL_CHARACTER),
        (b'{"a": "\\u007f"}', Reason.JSON_CONTROL_CHARACTER),
        (b'{"a": "\x7f"}', Reason.JSON_CONTROL_CHARACTER),
        (b'{"a": "\x01"}', Reason.JSON_CONTROL_CHARACTER),
        (b'{"\\u0007": 1}', Reason.JSON_CONTROL_CHARACTER),
        (b'{"a": "\\ud83d"}', Reason.JSON_LONE_SURROGATE),
        (b'{"\\udc00": 1}', Reason.JSON_LONE_SURROGATE),
        (b"[]", Reason.NOT_A_CREDENTIAL),
        (b'"a"', Reason.NOT_A_CREDENTIAL),
        (b"[" * 100_000, Reason.JSON_TOO_DEEP),
        (b'{"a":' * 100_000, Reason.JSON_TOO_DEEP),
    ],
)
def test_load_refuses_json_that_readers_could_understand_apart(data: bytes, reason: Reason) -> None:
    """Each rule has its own reason."""
    assert _reason(data) is reason


def test_load_takes_a_pair_of_surrogates() -> None:
    """Two halves written as escapes are one character."""
    assert documents.load(b'{"a": "\\ud83d\\ude00"}') == {"a": "😀"}


def test_load_takes_exactly_what_its_limits_allow() -> None:
    """Size, depth and number of values: the limit itself is allowed, one more is not."""
    assert documents.load(b'{"a":1}', max_bytes=7)
    assert _reason(b'{"a":1} ', max_bytes=7) is Reason.TOO_LARGE
    assert documents.load(b'{"a":[[]]}', max_depth=3)
    assert _reason(b'{"a":[[[]]]}', max_depth=3) is Reason.JSON_TOO_DEEP
    assert documents.load(b'{"a":[1,2]}', max_values=4)
    assert _reason(b'{"a":[1,2,3]}', max_values=4) is Reason.JSON_TOO_MANY_VALUES


@given(st.binary(max_size=200))
def test_load_never_fails_in_another_way(data: bytes) -> None:
    """Any bytes give an object or a reason."""
    with contextlib.suppress(Unreadable):
        assert isinstance(documents.load(data), dict)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(alphabet="aé\n😀", max_size=3),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text("abc", max_size=2), children, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(st.text("abc", max_size=3), _JSON, max_size=4))
def test_dump_writes_what_load_reads(document: dict[str, Any]) -> None:
    """A document survives being written and read."""
    assert documents.load(documents.dump(document)) == document


def test_shipped_contexts_are_the_recorded_files() -> None:
    """Every file is found, has its SHA-256, and holds a context."""
    shipped = documents.shipped_contexts()
    assert {documents.CREDENTIALS_V1, documents.CREDENTIALS_V2, documents.OPEN_BADGES, documents.DATA_INTEGRITY} <= set(
        shipped
    )
    assert all("@context" in shipped.document(url) for url in shipped)


@vectors.needed
@pytest.mark.parametrize(
    ("url", "file"),
    [
        (documents.CREDENTIALS_V1, "credentials-v1.json"),
        (documents.CREDENTIALS_V2, "credentials-v2.json"),
        (documents.OPEN_BADGES, "ob-v3p0-context-3.0.3.validator-1.11.0.json"),
        (documents.OPEN_BADGES_EXTENSIONS, "ob-v3p0-extensions.json"),
        (documents.DATA_INTEGRITY, "data-integrity-v2.json"),
        (documents.MULTIKEY, "multikey-v1.json"),
        (documents.DID, "did-v1.json"),
    ],
)
def test_shipped_context_says_what_its_publisher_says(url: str, file: str) -> None:
    """The file in our dependency and the publisher's are the same JSON."""
    assert documents.shipped_contexts().document(url) == vectors.read(f"contexts/{file}")


@pytest.mark.parametrize(
    "url", ["https://evil.example/", documents.CREDENTIALS_V2 + "/", documents.CREDENTIALS_V2.upper()]
)
def test_contexts_refuse_every_other_address(url: str) -> None:
    """The list is exact."""
    assert url not in documents.shipped_contexts()
    with pytest.raises(Undecided) as caught:
        documents.shipped_contexts().document(url)
    assert caught.value.reason is Reason.CONTEXT_UNKNOWN


def test_contexts_extended_leave_the_shipped_ones_alone() -> None:
    """A longer list is another list, and cannot replace what is on this one."""
    shipped = documents.shipped_contexts()
    longer = shipped.extended({"https://other.example/": {"@context": {}}})
    assert "https://other.example/" in longer
    assert "https://other.example/" not in shipped
    with pytest.raises(ValueError, match="on the list already"):
        shipped.extended({documents.CREDENTIALS_V2: {"@context": {}}})


def test_shipped_bytes_refuse_a_file_that_is_not_the_recorded_one() -> None:
    """A changed, absent or unlisted file is a broken installation, not an unknown context."""
    file = "pyld/documentloader/frozen/bundled/credentials-v1.jsonld"
    assert json.loads(documents._shipped_bytes("PyLD", file, documents._SHIPPED[documents.CREDENTIALS_V1][2]))
    with pytest.raises(BrokenInstallation, match="not the recorded file"):
        documents._shipped_bytes("PyLD", file, "0" * 64)
    with pytest.raises(BrokenInstallation, match="does not ship"):
        documents._shipped_bytes("PyLD", "pyld/nothing.jsonld", "0" * 64)
    with pytest.raises(BrokenInstallation, match="not installed"):
        documents._shipped_bytes("jalon-no-such-distribution", "x", "0" * 64)


def test_every_recorded_file_belongs_to_a_declared_dependency() -> None:
    """The distributions that carry contexts are among what this package requires."""
    for distribution, _, _ in documents._SHIPPED.values():
        assert importlib.metadata.distribution(distribution)


_TEXTS = st.text(max_size=6) | st.sampled_from(["\b", "\x7f", "\u2028", "\\", '"', "/", "\U0001f600", "é"])
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats() | _TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXTS, inner, max_size=4),
    max_leaves=12,
)


@given(
    st.dictionaries(_TEXTS, _VALUES, max_size=5),
    st.sampled_from([{"separators": (",", ":")}, {}, {"indent": 1}]),
    st.booleans(),
    st.integers(0, 40),
    st.sampled_from([b"", b" ", b"\x7f", b"\\u0061", b'"a":1,"a":1', b"1e400", b"-0", b"[[[[[[[["]),
)
def test_load_reads_compact_bytes_as_it_reads_any(
    document: dict[str, Any], style: dict[str, Any], ascii_only: bool, place: int, inserted: bytes
) -> None:
    """The short way for compact JSON gives what the long way gives, or leaves the bytes to it."""
    whole = json.dumps(document, ensure_ascii=ascii_only, **style).encode("utf-8", "surrogatepass")
    data = whole[:place] + inserted + whole[place:]
    short = documents._load_compact(data, 5, 40)
    if short is not None:
        long = documents._load_any(data, 5, 40)
        assert json.dumps(short) == json.dumps(long)
        assert documents.load(data, max_depth=5, max_values=40) == long


def test_load_takes_the_short_way_for_what_we_write_ourselves() -> None:
    """A document as `dump` writes it needs no second look."""
    document = {"nom": "Aïcha « 1 »", "niveau": 3, "liste": [True, {"a": "b/c"}]}
    assert documents._load_compact(documents.dump(document), 64, 100) == document
