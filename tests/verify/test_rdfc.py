"""RDFC-1.0: W3C's suite whole, poison refused by counting, and agreement with pyoxigraph."""

import json
from itertools import pairwise
from typing import Any

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.verify import vectors
from tests.verify.oracles import canonical_lines, quads_of
from verify.errors import Defect
from verify.reasons import Reason
from verify.standards import rdfc

_HASHES = {None: "sha256", "SHA384": "sha384"}
_P, _Q = "<urn:p:1>", "<urn:q:1>"


def _cases(kind: str) -> list[dict[str, Any]]:
    return [each for each in vectors.read("rdf-canon/rdfc10-tests.json") if each["type"] == f"rdfc:RDFC10{kind}Test"]


def _reason(quads: list[rdfc.Quad]) -> Reason:
    with pytest.raises(Defect) as caught:
        rdfc.canonicalise_quads(quads)
    return caught.value.reason


@vectors.needed
def test_lines_are_those_of_the_w3c_suite() -> None:
    """Every evaluation test of RDFC-1.0, with SHA-256 and with SHA-384."""
    cases = _cases("Eval")
    assert len(cases) == 64
    for case in cases:
        made = rdfc.canonicalise_quads(quads_of(case["action"]), _HASHES[case["hashAlgorithm"]])
        assert "".join(made.lines) == case["result"], case["id"]


@vectors.needed
def test_labels_are_those_of_the_w3c_suite() -> None:
    """Every map test of RDFC-1.0: which blank node got which canonical label."""
    cases = _cases("Map")
    assert len(cases) == 21
    for case in cases:
        made = rdfc.canonicalise_quads(quads_of(case["action"]), _HASHES[case["hashAlgorithm"]])
        labels = {label.removeprefix("_:"): name.removeprefix("_:") for label, name in made.labels.items()}
        assert labels == json.loads(case["result"]), case["id"]


@vectors.needed
def test_the_w3c_poison_graphs_are_refused() -> None:
    """The graphs that the suite offers as poison are refused instead of canonicalised for ever."""
    cases = _cases("NegativeEval")
    assert cases
    for case in cases:
        assert _reason(quads_of(case["action"])) is Reason.TOO_COMPLEX


def _clique(size: int) -> list[rdfc.Quad]:
    return [(f"_:e{a}", _P, f"_:e{b}", "") for a in range(size) for b in range(size) if a != b]


def _ring(size: int) -> list[rdfc.Quad]:
    names = [f"_:e{number}" for number in range(size)]
    return [(a, _P, b, "") for a, b in pairwise([*names, names[0]])]


def _star(size: int) -> list[rdfc.Quad]:
    return [(f"_:hub{hub}", _P, f"_:e{hub}-{number}", "") for hub in range(2) for number in range(size)]


def _bipartite(size: int) -> list[rdfc.Quad]:
    return [(f"_:a{a}", _P, f"_:b{b}", "") for a in range(size) for b in range(size)]


@pytest.mark.parametrize(
    "poison",
    [
        pytest.param(_clique(10), id="clique of 10"),
        pytest.param(_clique(100), id="clique of 100"),
        pytest.param(_ring(400), id="ring of 400"),
        pytest.param(_star(12), id="two stars"),
        pytest.param(_star(250), id="two large stars"),
        pytest.param(_bipartite(8), id="bipartite"),
        pytest.param([(f"_:e{n}", _P, f"_:f{n}", "") for n in range(20_000)], id="many pairs"),
    ],
)
def test_poison_is_refused_by_counting(poison: list[rdfc.Quad]) -> None:
    """No clock: the steps taken are at most the limit, and the one that went beyond it."""
    labels = rdfc._Labels(poison, rdfc._HASHES["sha256"])
    with pytest.raises(Defect) as caught:
        labels.issue()
    assert caught.value.reason is Reason.TOO_COMPLEX
    assert labels.steps <= rdfc.MAX_STEPS + 1_000


def test_a_graph_with_many_quads_is_one_neighbour() -> None:
    """Two named graphs alike but for what points at them: the name stands beside a node once for each quad."""
    quads = [
        quad
        for graph in ("a", "b")
        for quad in [
            (f"<urn:s:{graph}>", _P, f"_:{graph}", ""),
            *[(f"_:{graph}{number % 2}", _P, f'"{number}"', f"_:{graph}") for number in range(24)],
        ]
    ]
    labels = rdfc._Labels(quads, rdfc._HASHES["sha256"])
    assert len(labels.issue()) == 6
    assert labels.steps < 500


def test_lines_sort_by_code_point() -> None:
    """U+FF5E before U+1F600, which order of UTF-16 code units would turn round."""
    quads = [("<urn:s:1>", _P, f'"{text}"', "") for text in ("\U0001f600", "\uff5e")]
    assert rdfc.canonicalise_quads(quads).lines == [rdfc.line(quads[1]), rdfc.line(quads[0])]


def test_a_quad_said_twice_is_one_line() -> None:
    """A dataset is a set."""
    quad = ("_:x", _P, "_:x", "")
    assert rdfc.canonicalise_quads([quad, quad]).lines == ["_:c14n0 <urn:p:1> _:c14n0 .\n"]


def test_literals_are_escaped_as_rdfc_says() -> None:
    """Short escapes where there are some, a number for other controls, nothing else."""
    assert rdfc.literal('\t\b\n\r\f"\\\x00\x7f\uffff é') == '"\\t\\b\\n\\r\\f\\"\\\\\\u0000\\u007F\\uFFFF é"'
    assert rdfc.literal("x", language="fr") == '"x"@fr'
    assert rdfc.literal("1", "urn:d:1") == '"1"^^<urn:d:1>'


def test_an_unknown_hash_is_refused() -> None:
    """RDFC-1.0 knows SHA-256 and SHA-384."""
    with pytest.raises(ValueError, match="md5"):
        rdfc.canonicalise_quads([], "md5")


_NODES = st.sampled_from(["_:a", "_:b", "_:c", "_:d", "<urn:n:1>"])
_QUADS = st.tuples(
    _NODES,
    st.sampled_from([_P, _Q]),
    st.one_of(_NODES, st.sampled_from(['"x"', '"\U0001f600"@fr', '"é"'])),
    st.sampled_from(["", "", "", "_:a", "_:g", "<urn:g:1>"]),
)


@given(st.lists(_QUADS, max_size=9), st.sampled_from(["sha256", "sha384"]))
def test_lines_are_those_of_pyoxigraph(quads: list[rdfc.Quad], hash_name: str) -> None:
    """Any small graph, ties and named graphs included, comes out as somebody else's implementation has it."""
    parsed = pyoxigraph.parse("".join(map(rdfc.line, quads)), pyoxigraph.RdfFormat.N_QUADS)
    assert rdfc.canonicalise_quads(quads, hash_name).lines == canonical_lines(parsed, hash_name)
