"""A JSON-LD document as canonical N-Quads: what a Data Integrity proof hashes.

Refuses every document whose RDF could say something else than its JSON, as `jsonld` lists, and every graph that would
keep RDFC-1.0 busy, as `rdfc` counts. Nothing of a document is remembered between calls.

Source: RDF Dataset Canonicalization 1.0; Verifiable Credential Data Integrity 1.0, section 4.
"""

from __future__ import annotations

from typing import Any

from verify.errors import Defect
from verify.reasons import Reason
from verify.standards import compiled, jsonld, rdfc
from verify.standards.documents import Contexts, shipped_contexts

context_addresses = jsonld.context_addresses


def canonicalise(document: dict[str, Any], contexts: Contexts | None = None, *, hash_name: str = "sha256") -> bytes:
    """The canonical N-Quads of the document, as UTF-8; `hash_name` is RDFC-1.0's own hash, sha256 or sha384.

    Raises:
        Undecided: `context_unknown`.
        Defect: `context_missing`, `context_inline`, `undefined_term`, `term_hidden`, `iri_invalid`,
            `jsonld_invalid`, `json_number_unsafe`, `json_lone_surrogate` or `too_complex`.
    """
    allowed = shipped_contexts() if contexts is None else contexts
    try:
        found = compiled.canonicalise(document, allowed, hash_name)
        if found is not None:
            return found
        return "".join(rdfc.canonicalise_quads(jsonld.to_quads(document, allowed), hash_name).lines).encode("utf-8")
    except UnicodeEncodeError:
        raise Defect(Reason.JSON_LONE_SURROGATE) from None


def to_quads(document: dict[str, Any], contexts: Contexts | None = None) -> list[rdfc.Quad]:
    """The quads of the document, in no order that means anything; its blank nodes are called `_:b0`, `_:b1` and so on.

    Raises:
        Defect, Undecided: as `canonicalise` does, but for a graph that is too complex to canonicalise.
    """
    allowed = shipped_contexts() if contexts is None else contexts
    found = compiled.to_quads(document, allowed)
    return jsonld.to_quads(document, allowed) if found is None else found
