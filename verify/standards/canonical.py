"""A JSON-LD document as canonical N-Quads: RDFC-1.0 over PyLD, guarded.

What gets signed is the RDF, what people and checks read is the JSON; the guards keep the two from saying different
things. PyLD alone drops what it does not understand and resolves what is relative. Here the document may use only
contexts on the allow-list, by their exact address; only terms that those contexts define, spelt as terms (a full IRI
or a keyword as a key would sign alike and hide a member from every check that reads JSON); no relative IRI; and nothing
said of the document itself anywhere but at its top.
Work is bounded, because eight blank nodes can keep RDFC-1.0 busy for minutes.

Only contexts from the allow-list are remembered between calls: nothing of a document is.

Source: RDF Dataset Canonicalization 1.0; JSON-LD 1.1 API, section 8; Data Integrity 1.0, section 2.4 (context
validation) and 4.5.
"""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Iterator
from typing import Any
from weakref import WeakKeyDictionary

from pyld.canon import URDNA2015
from pyld.context_resolver import ContextResolver
from pyld.identifier_issuer import IdentifierIssuer
from pyld.jsonld import JsonLdError, JsonLdProcessor

from verify.errors import Defect, Undecided
from verify.reasons import Reason
from verify.standards import inline
from verify.standards.documents import Contexts, shipped_contexts

MAX_BLANK_NODES = 500
MAX_TIES = 10_000
"""Steps of Hash N-Degree Quads: the worst graph that W3C's suite wants canonicalised takes 9,228, a credential without
two indistinguishable nodes none."""
MAX_CONTEXT_STEPS = 600
"""Distinct (active context, local context) pairs in one document; a full badge has about forty."""
MAX_COMPARISONS = 250_000
"""PyLD compares every value of a property with every other: 500 values of one property, at most."""
_MAX_REMEMBERED = 5_000

_KEYWORDS_ALLOWED = frozenset({"@context", "@value", "@language", "@direction", "@type"})
# What an object inside may say of the document itself: a refresh service at its address, an endorsement of it.
_REPEATABLE = frozenset({"@id", "@type", "https://purl.imsglobal.org/spec/vc/ob/vocab.html#endorsementComment"})
_SENTINEL = "relative-iri:"
_BASE = _SENTINEL + "//here/a/b/c"
_IRI = re.compile(r'[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>"{}|^`\\]*')
_SMALLEST_REAL = 1e-6

_Step = tuple[int, int | str | tuple[str, ...], tuple[bool, bool, bool]]


def canonicalise(document: dict[str, Any], contexts: Contexts | None = None) -> bytes:
    """The canonical N-Quads of the document, as UTF-8.

    Raises:
        Undecided: `context_unknown`.
        Defect: `context_missing`, `context_inline`, `undefined_term`, `term_hidden`, `iri_invalid`,
            `jsonld_invalid` or `too_complex`.
    """
    allowed = shipped_contexts() if contexts is None else contexts
    brought = _check_members(document, allowed)
    # What a document brings along is never remembered: it gets a memory of its own, which goes with it.
    remembered = _Remembered(allowed) if brought else _remembered(allowed)
    try:
        return _to_nquads(document, remembered)
    except RecursionError:
        raise Defect(Reason.TOO_COMPLEX, "nested too deeply") from None


def context_addresses(document: dict[str, Any], *, inline: bool = False) -> list[str]:
    """The addresses of the document's contexts, in order.

    Where `inline` contexts are allowed they are passed over, but the first is an address all the same.

    Raises:
        Defect: `context_missing` or `context_inline`.
    """
    listed = _listed(document.get("@context"))
    addresses = [context for context in listed if isinstance(context, str)]
    if not isinstance(listed[0], str) or (len(addresses) < len(listed) and not inline):
        raise Defect(Reason.CONTEXT_INLINE)
    return addresses


def _listed(value: Any) -> list[Any]:
    listed = value if isinstance(value, list) else [value]
    if value is None or not listed:
        raise Defect(Reason.CONTEXT_MISSING)
    return listed


def _check_context(value: Any, allowed: Contexts) -> bool:
    """Whether a context is brought along; refuse one that is not allowed, and every address not on the list."""
    brought = False
    for context in _listed(value):
        if isinstance(context, str):
            allowed.document(context)
        elif allowed.inline and isinstance(context, dict):
            inline.check(context, allowed)
            brought = True
        else:
            raise Defect(Reason.CONTEXT_INLINE)
    return brought


def _check_members(document: dict[str, Any], allowed: Contexts) -> bool:
    """Refuse members and contexts that could make RDF and JSON differ in what they say.

    Gives whether the document brings contexts of its own.
    """
    context_addresses(document, inline=allowed.inline)
    brought = False
    for node in _nodes(document):
        for key, value in node.items():
            if key == "@context":
                brought |= _check_context(value, allowed)
            elif ":" in key or (key.startswith("@") and key not in _KEYWORDS_ALLOWED):
                raise Defect(Reason.TERM_HIDDEN, key[:200])
            elif isinstance(value, float) and 0 < abs(value) < _SMALLEST_REAL:
                # PyLD spells these in another way than every other implementation.
                raise Defect(Reason.JSON_NUMBER_UNSAFE)
        if "@type" in node and "@value" not in node:
            raise Defect(Reason.TERM_HIDDEN, "@type")
    return brought


def _nodes(document: Any) -> Iterator[dict[str, Any]]:
    """Every object in the document, its contexts aside."""
    pending = [document]
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            yield value
            pending.extend(member for key, member in value.items() if key != "@context")
        elif isinstance(value, list):
            pending.extend(value)


def _to_nquads(document: dict[str, Any], remembered: _Remembered) -> bytes:
    processor = _Processor(remembered)
    try:
        expanded = processor.expand(document, remembered.options)
        if processor.dropped:
            raise Defect(Reason.UNDEFINED_TERM, str(processor.dropped[0])[:200])
        _check_expanded(expanded)
        dataset = processor.dataset(expanded, remembered.options)
    except JsonLdError as error:
        raise _defect_of(error) from None
    quads: str = _Canonicaliser().main(dataset, {"format": "application/n-quads"})
    return quads.encode("utf-8")


def _defect_of(error: JsonLdError) -> Defect | Undecided:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, Defect | Undecided):
            return cause
        cause = cause.__cause__
    return Defect(Reason.JSONLD_INVALID, str(error.code or error.type))


def _check_expanded(expanded: list[Any]) -> None:
    """Refuse relative or malformed IRIs, labelled blank nodes, a document in pieces, and too much work."""
    root = expanded[0] if expanded else {}
    blank = 0
    values: Counter[tuple[object, str]] = Counter()
    for node in _nodes(expanded):
        if "@value" in node:
            _check_iri(node.get("@type"), keyword="@json")
            continue
        blank += "@id" not in node
        subject = node.get("@id", id(node))
        if subject == root.get("@id") and node is not root and not node.keys() <= _REPEATABLE:
            # The same RDF, but checks that read the JSON would miss what stands away from the top.
            raise Defect(Reason.TERM_HIDDEN, "the document describes itself in two places")
        for key, value in node.items():
            if key == "@id":
                _check_iri(value)
            elif key == "@type":
                for type_ in value:
                    _check_iri(type_)
            elif not key.startswith("@"):
                _check_iri(key)
            values[subject, key] += len(value) if isinstance(value, list) else 1
    if blank > MAX_BLANK_NODES or sum(count * count for count in values.values()) > MAX_COMPARISONS:
        raise Defect(Reason.TOO_COMPLEX)


def _check_iri(value: Any, keyword: str = "") -> None:
    if value is None or value == keyword:
        return
    if value.startswith(_SENTINEL):
        raise Defect(Reason.UNDEFINED_TERM, value.removeprefix(_BASE[:-1])[:200])
    if not _IRI.fullmatch(value):
        raise Defect(Reason.IRI_INVALID, value[:200])


class _Remembered:
    """What processing the contexts of one allow-list has given so far."""

    def __init__(self, contexts: Contexts) -> None:
        self._documents = contexts.documents()  # not `contexts`: it is the weak key this object hangs on
        self._active: dict[_Step, tuple[Any, Any, Any]] = {}
        self.lock = threading.RLock()  # PyLD's own caches do not stand two threads
        self.options = {
            "base": _BASE,
            "processingMode": "json-ld-1.1",
            "rdfDirection": "i18n-datatype",
            "produceGeneralizedRdf": False,
            "contextResolver": ContextResolver({}, self._load),
        }

    def active(self) -> dict[_Step, tuple[Any, Any, Any]]:
        """Processed contexts by the identity of what went in; one document sees one dictionary throughout."""
        if len(self._active) > _MAX_REMEMBERED:
            self._active = {}
        return self._active

    def _load(self, url: str, _options: Any) -> dict[str, Any]:
        return {
            "contentType": "application/ld+json",
            "contextUrl": None,
            "documentUrl": url,
            "document": self._documents[url],  # _check_members has let only known addresses through
            "tag": "static",  # PyLD's word for "keep it"
        }


class _Processor(JsonLdProcessor):  # type: ignore[misc] # PyLD carries no types
    """PyLD's processor for one document: tells what it dropped, and remembers processed contexts.

    Three quarters of PyLD's time goes into processing the same contexts again. The answer depends only on the
    active context, the local context and two flags; both contexts come from the allow-list and neither changes
    once processed, so their identity is a sound key as long as they are kept alive beside the answer.
    """

    def __init__(self, remembered: _Remembered) -> None:
        self.dropped: list[str | None] = []
        super().__init__(on_property_dropped=self.dropped.append)
        self._lock = remembered.lock
        self._answers = remembered.active()
        self._steps: set[_Step] = set()

    def dataset(self, expanded: list[Any], options: dict[str, Any]) -> dict[str, Any]:
        """The RDF dataset of an expanded document: `to_rdf` without expanding a second time."""
        issuer = IdentifierIssuer("_:b")
        graphs: dict[str, Any] = {"@default": {}}
        self._create_node_map(expanded, graphs, "@default", issuer)
        return {name: self._graph_to_rdf(graphs[name], issuer, options) for name in sorted(graphs)}

    def _process_context(  # noqa: PLR0917 - PyLD's signature
        self,
        active_ctx: Any,
        local_ctx: Any,
        options: Any,
        override_protected: bool = False,  # noqa: FBT001, FBT002 - PyLD's signature
        propagate: bool = True,  # noqa: FBT001, FBT002 - PyLD's signature
        validate_scoped: bool = True,  # noqa: FBT001, FBT002 - PyLD's signature
        cycles: Any = None,
    ) -> Any:
        flags = (override_protected, propagate, validate_scoped)
        if cycles is not None:  # inside the processing of another context, which is not finished
            return super()._process_context(active_ctx, local_ctx, options, *flags, cycles)
        step = (id(active_ctx), _key(local_ctx), flags)
        self._steps.add(step)
        if len(self._steps) > MAX_CONTEXT_STEPS:
            raise Defect(Reason.TOO_COMPLEX, "contexts")
        found = self._answers.get(step)
        if found is None:
            with self._lock:
                answer = super()._process_context(active_ctx, local_ctx, options, *flags)
            found = self._answers.setdefault(step, (answer, active_ctx, local_ctx))
        return found[0]


def _key(local_ctx: Any) -> int | str | tuple[str, ...]:
    if isinstance(local_ctx, str):
        return local_ctx
    if isinstance(local_ctx, list) and all(isinstance(address, str) for address in local_ctx):
        return tuple(local_ctx)
    return id(local_ctx)  # a scoped context: part of a document on the allow-list


class _Canonicaliser(URDNA2015):  # type: ignore[misc] # PyLD carries no types
    """RDFC-1.0 with SHA-256 that stops after a bounded number of steps.

    PyLD names the algorithm URDNA2015. RDFC-1.0 differs from it only in how it escapes control characters, and
    `documents.load` lets none of those in.
    """

    def __init__(self) -> None:
        super().__init__()
        self.canonical_issuer = _CountingIssuer("_:c14n")

    def hash_n_degree_quads(self, id_: str, issuer: IdentifierIssuer) -> dict[str, Any]:
        """The N-degree hash of one blank node; each call copies the issuer, so that it counts by its size."""
        self.canonical_issuer.count(1 + len(issuer.order))
        result: dict[str, Any] = super().hash_n_degree_quads(id_, issuer)
        return result


class _CountingIssuer(IdentifierIssuer):  # type: ignore[misc] # PyLD carries no types
    """The canonical issuer, which PyLD asks once for every node of every permutation it tries."""

    def __init__(self, prefix: str) -> None:
        super().__init__(prefix)
        self._steps = 0

    def count(self, steps: int) -> None:
        """Note the steps taken.

        Raises:
            Defect: `too_complex`, beyond the limit.
        """
        self._steps += steps
        if self._steps > MAX_TIES:
            raise Defect(Reason.TOO_COMPLEX, "blank nodes")

    def has_id(self, old: str) -> bool:
        """Whether the node has its canonical name already."""
        self.count(1)
        found: bool = super().has_id(old)
        return found


_REMEMBERED: WeakKeyDictionary[Contexts, _Remembered] = WeakKeyDictionary()


def _remembered(contexts: Contexts) -> _Remembered:
    found = _REMEMBERED.get(contexts)
    return found if found is not None else _REMEMBERED.setdefault(contexts, _Remembered(contexts))
