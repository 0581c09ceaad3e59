"""Somebody else's implementations, to be agreed with."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

import pyoxigraph
from pyld.canon import URDNA2015
from pyld.nquads import parse_nquads

from verify.standards import rdfc
from verify.standards.documents import Contexts

ALGORITHMS = {
    "sha256": pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0,
    "sha384": pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0_SHA_384,
}

_JSON_LITERAL = "jsonSchema"  # what stands in it has no context, whatever it looks like


def oxigraph_lines(document: dict[str, Any], contexts: Contexts, hash_name: str = "sha256") -> list[str]:
    """What pyoxigraph makes of the document, from its own reading of the JSON-LD to its own canonical form.

    Raises:
        SyntaxError: where it finds the JSON-LD wrong; it drops what is not defined without a word.
    """
    text = json.dumps(_with_contexts(document, contexts))
    return canonical_lines(pyoxigraph.parse(text, pyoxigraph.RdfFormat.JSON_LD), hash_name)


def canonical_lines(quads: Iterable[pyoxigraph.Quad], hash_name: str = "sha256") -> list[str]:
    """The canonical lines as pyoxigraph has them."""
    dataset = pyoxigraph.Dataset(quads)
    dataset.canonicalize(ALGORITHMS[hash_name])
    return sorted(rdfc.line(quad) for quad in quads_of(dataset))


class _Urdna(URDNA2015):  # type: ignore[misc] # PyLD carries no types
    """PyLD's canonicaliser, which knows one hash, with another."""

    def __init__(self, hash_name: str) -> None:
        super().__init__()
        self.create_hash = lambda: hashlib.new(hash_name)


def pyld_lines(quads: list[rdfc.Quad], hash_name: str = "sha256") -> list[str]:
    """The canonical lines as PyLD has them."""
    dataset = parse_nquads("".join(map(rdfc.line, quads)))
    text: str = _Urdna(hash_name).main(dataset, {"format": "application/n-quads"})
    return text.splitlines(keepends=True)


def _with_contexts(value: Any, contexts: Contexts) -> Any:
    """The document with each address of a context replaced by the context: pyoxigraph fetches none."""
    if isinstance(value, list):
        return [_with_contexts(item, contexts) for item in value]
    if not isinstance(value, dict):
        return value
    made = {
        key: member if key == _JSON_LITERAL else _with_contexts(member, contexts)
        for key, member in value.items()
        if key != "@context"
    }
    if "@context" not in value:
        return made
    listed = value["@context"] if isinstance(value["@context"], list) else [value["@context"]]
    parts = [contexts.document(each)["@context"] if isinstance(each, str) else each for each in listed]
    return {"@context": [part for each in parts for part in (each if isinstance(each, list) else [each])], **made}


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
