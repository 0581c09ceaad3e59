"""Somebody else's implementations, to be agreed with."""

from collections.abc import Iterable

import pyoxigraph

from verify.standards import rdfc


def quads_of(dataset: str | Iterable[pyoxigraph.Quad]) -> list[rdfc.Quad]:
    """The quads of a text in N-Quads, or of pyoxigraph, spelt as `rdfc` has them."""
    quads = pyoxigraph.parse(dataset, pyoxigraph.RdfFormat.N_QUADS) if isinstance(dataset, str) else dataset
    return [
        (_spelt(quad.subject), _spelt(quad.predicate), _spelt(quad.object), _spelt(quad.graph_name)) for quad in quads
    ]


def _spelt(term: object) -> str:
    match term:
        case pyoxigraph.NamedNode():
            return f"<{term.value}>"
        case pyoxigraph.BlankNode():
            return f"_:{term.value}"
        case pyoxigraph.Literal():
            return rdfc.literal(term.value, term.datatype.value, term.language)
        case _:
            return ""
