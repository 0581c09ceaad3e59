"""Bytes near a good badge: never an exception but `Unreadable`, never *valid* but for what was signed, never slow."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.attacks import oracle
from tests.fuzz import targets
from tests.verify import factory as f
from verify import Verdict

_PIECES = st.sampled_from(
    [bytes([each]) for each in b'"\\{}[],:<>&.=\0\xff-09']
    + [b"null", b"true", b"1e400", b"\\u0000", b"\\ud800", "é".encode(), "\u202e".encode(), b"\xed\xa0\x80"]
    + [b'"@context":', b'"@vocab":"urn:",', b'"@graph":[', b'"@id":"",', b'"id":"x",']
    + [b"<![CDATA[", b"]]>", b"<!DOCTYPE x>", b"&x;", b"iTXt", b"IEND", b"openbadgecredential\0"]
)


@st.composite
def _mutated(draw: st.DrawFn, sample: bytes) -> bytes:
    """The sample with a few pieces cut, doubled, moved, overwritten or put in."""
    data = sample
    for _ in range(draw(st.integers(1, 4))):
        at, length = draw(st.integers(0, len(data))), draw(st.sampled_from([0, 1, 1, 2, 4, 16, 300]))
        other = draw(st.integers(0, len(data)))
        piece = draw(
            st.one_of(
                _PIECES, st.binary(max_size=4), st.just(b""), st.just(data[at : at + length]), st.just(data[other:])
            )
        )
        data = data[:at] + piece + data[at + length :]
    return data


@pytest.mark.parametrize("name", oracle.SAMPLES)
def test_samples_are_valid(name: str) -> None:
    """What is mutated below is a good badge to begin with."""
    assert oracle.answer(oracle.SAMPLES[name]) is Verdict.VALID


@pytest.mark.parametrize("name", oracle.SAMPLES)
def test_mutated_bytes_are_answered(name: str) -> None:
    """Many mutations of each kind of file, the same every time."""

    @given(_mutated(oracle.SAMPLES[name]))
    @settings(
        max_examples=150,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
    )
    def check(data: bytes) -> None:
        oracle.answer(data)

    check()


@pytest.mark.parametrize("name", oracle.SAMPLES)
def test_every_byte_of_a_badge_matters_or_means_nothing(name: str) -> None:
    """One bit of every eleventh byte turned: an answer, and *valid* only where the badge still says the same."""
    sample = oracle.SAMPLES[name]
    for at in range(0, len(sample), 11):
        oracle.answer(sample[:at] + bytes([sample[at] ^ 1]) + sample[at + 1 :])


@pytest.mark.parametrize("name", oracle.SAMPLES)
def test_badge_cut_short_is_never_valid(name: str) -> None:
    """A download that broke off, or that has something behind."""
    sample = oracle.SAMPLES[name]
    for at in range(0, len(sample) - 1, 61):
        assert oracle.answer(sample[:at]) is not Verdict.VALID
    for behind in (b"x", b"{}", sample, b"\0", f.SVG):
        oracle.answer(sample + behind)


@pytest.mark.parametrize("target", targets.TARGETS, ids=lambda target: target.__name__)
def test_targets_of_the_long_run_hold_for_their_seeds(target: Callable[[bytes], None]) -> None:
    """What `make fuzz` goes on from, and a few bytes beside it."""
    for seed in targets.SEEDS[target]:
        for data in (seed, seed[:-1], seed + b"x", seed[: len(seed) // 2], b""):
            target(data)
        for at in range(0, len(seed), 97):
            target(seed[:at] + bytes([seed[at] ^ 1]) + seed[at + 1 :])


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"a": ["x"]}, {"a": "x"}, True),
        ({"a": ["x", "y"]}, {"a": ["y", "x", "x"]}, True),
        ({"a": {"@value": "x"}}, {"a": "x"}, True),
        ({"a": "x", "b": []}, {"a": "x"}, True),
        ({"a": "x"}, {"a": "y"}, False),
        ({"a": "x"}, {"b": "x"}, False),
        ({"a": "x"}, {"a": ["x", "y"]}, False),
        ({"a": {"b": "x"}}, {"a": "x"}, False),
    ],
)
def test_meaning_is_that_of_the_json(one: f.Node, other: f.Node, same: bool) -> None:
    """The oracle itself."""
    assert (oracle.meaning(one) == oracle.meaning(other)) is same
