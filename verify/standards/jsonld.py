"""A JSON-LD document as RDF quads: PyLD, guarded.

What gets signed is the RDF, what people and checks read is the JSON; the guards keep the two from saying different
things. PyLD alone drops what it does not understand and resolves what is relative. Here the document may use only
contexts on the allow-list, by their exact address; only terms that those contexts define, spelt as terms (a full IRI
or a keyword as a key would sign alike and hide a member from every check that reads JSON); no relative IRI; and nothing
said of the document itself anywhere but at its top.

Only contexts from the allow-list are remembered between calls: nothing of a document is.

Source: JSON-LD 1.1 API, sections 5.1 and 8; Data Integrity 1.0, section 2.4 (context validation) and 4.5.
"""

from __future__ import annotations

import json
import re
import threading
from collections import Counter
from collections.abc import Iterator
from typing import Any
from weakref import WeakKeyDictionary

from pyld.context_resolver import ContextResolver
from pyld.identifier_issuer import IdentifierIssuer
from pyld.jsonld import JsonLdError, JsonLdProcessor

from verify.errors import Defect, Undecided
from verify.reasons import Reason
from verify.standards import inline, rdfc
from verify.standards.documents import Contexts

MAX_BLANK_NODES = 500
MAX_CONTEXT_STEPS = 250
"""Contexts processed for one document, by distinct pair of active and local context.

The fullest sample of Open Badges takes 24, or 207 as the quick walk counts, which has to count no fewer.
Each takes up to two and a half milliseconds, and whoever wrote the document decides how many there are.
"""
MAX_CONTEXTS = 10
"""Contexts in one list."""
MAX_COMPARISONS = 250_000
"""PyLD compares every value of a property with every other: 500 values of one property, at most."""
MAX_REMEMBERED = 5_000

_KEYWORDS_ALLOWED = frozenset({"@context", "@value", "@language", "@direction", "@type"})
_OF_VALUES = frozenset({"@language", "@direction", "@type"})
# What an object inside may say of the document itself: a refresh service at its address, an endorsement of it.
REPEATABLE = frozenset({"@id", "@type", "https://purl.imsglobal.org/spec/vc/ob/vocab.html#endorsementComment"})
SENTINEL = "relative-iri:"
BASE = SENTINEL + "//here/a/b/c"
# Without any of Unicode's spaces, too: PyLD silently drops whatever is said of such an IRI or points to it.
IRI = re.compile(r'[A-Za-z][A-Za-z0-9+.-]*:[^\s\x00-\x20\x7f-\x9f<>"{}|^`\\]*')
_SMALLEST_REAL = 1e-6

_Step = tuple[int, int | str | tuple[str, ...], tuple[bool, bool, bool]]


def to_quads(document: dict[str, Any], contexts: Contexts) -> list[rdfc.Quad]:
    """The quads of the document; its blank nodes are called `_:b0`, `_:b1` and so on.

    Raises:
        Undecided: `context_unknown`.
        Defect: `context_missing`, `context_inline`, `undefined_term`, `term_hidden`, `iri_invalid`,
            `jsonld_invalid`, `json_number_unsafe` or `too_complex`.
    """
    remembered = _memory_for(document, contexts)
    try:
        return _to_quads(document, remembered)
    except RecursionError:
        raise Defect(Reason.TOO_COMPLEX, "nested too deeply") from None


def with_names(document: dict[str, Any], prefix: str, contexts: Contexts) -> dict[str, Any]:
    """A copy of the document in which every node without an id has one: the prefix and a number.

    Raises:
        Defect, Undecided: as `to_quads` does.
        Source: VC-DI-ECDSA, section 3.4.8 (skolemizeCompactJsonLd).
    """
    namer = _Namer(_memory_for(document, contexts))
    try:
        namer.expand(document, namer.options)
    except JsonLdError as error:
        raise _defect_of(error) from None
    except RecursionError:
        raise Defect(Reason.TOO_COMPLEX, "nested too deeply") from None
    for number, node in enumerate(namer.unnamed):
        node["id"] = f"{prefix}{number}"
    return namer.document


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
    listed = _listed(value)
    if len(listed) > MAX_CONTEXTS:
        raise Defect(Reason.TOO_COMPLEX, "contexts")
    for context in listed:
        if isinstance(context, str):
            allowed.document(context)
        elif allowed.inline and isinstance(context, dict):
            inline.check(context, allowed)
            brought = True
        else:
            raise Defect(Reason.CONTEXT_INLINE)
    return brought


def _memory_for(document: dict[str, Any], contexts: Contexts) -> Remembered:
    """What is remembered of the contexts of a document whose members have been checked."""
    # What a document brings along is never remembered: it gets a memory of its own, which goes with it.
    return Remembered(contexts) if _check_members(document, contexts) else remembered_for(contexts)


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
        if "@value" not in node and not node.keys().isdisjoint(_OF_VALUES):
            raise Defect(Reason.TERM_HIDDEN, "a keyword of values")
        if _is_listed(node.get("@type")) or (_is_listed(node.get("@value")) and node.get("@type") != "@json"):
            raise Defect(Reason.JSONLD_INVALID, "invalid value object value")  # PyLD takes an empty list for nothing
    return brought


def _is_listed(value: Any) -> bool:
    return isinstance(value, list | dict)


def _nodes(document: Any, aside: str = "@context") -> Iterator[dict[str, Any]]:
    """Every object in the document, those under one keyword aside."""
    pending = [document]
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            yield value
            pending.extend(member for key, member in value.items() if key != aside)
        elif isinstance(value, list):
            pending.extend(value)


def _to_quads(document: dict[str, Any], remembered: Remembered) -> list[rdfc.Quad]:
    processor = Processor(remembered)
    try:
        expanded = processor.expand(document, remembered.options)
        if processor.dropped:
            raise Defect(Reason.UNDEFINED_TERM, str(processor.dropped[0])[:200])
        if not expanded:
            raise Defect(Reason.JSONLD_INVALID, "the document says nothing")
        _check_expanded(expanded)
        dataset = processor.dataset(expanded, remembered.options)
    except JsonLdError as error:
        raise _defect_of(error) from None
    return [_quad(triple, graph) for graph, triples in dataset.items() for triple in triples]


def _quad(triple: dict[str, Any], graph: str) -> rdfc.Quad:
    name = "" if graph == "@default" else graph if graph.startswith("_:") else f"<{graph}>"
    return _term(triple["subject"]), _term(triple["predicate"]), _term(triple["object"]), name


def _term(term: dict[str, Any]) -> str:
    value: str = term["value"]
    if term["type"] == "blank node":
        return value
    if term["type"] == "IRI":
        return f"<{value}>"
    return rdfc.literal(value, term["datatype"], term.get("language"))


def _defect_of(error: JsonLdError) -> Defect | Undecided:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, Defect | Undecided):
            return cause
        cause = cause.__cause__
    return Defect(Reason.JSONLD_INVALID, str(error.code or error.type))


def _check_expanded(expanded: list[Any]) -> None:
    """Refuse relative or malformed IRIs, labelled blank nodes, a document in pieces, and too much work."""
    root = expanded[0]
    blank = 0
    values: Counter[tuple[object, str]] = Counter()
    for node in _nodes(expanded, aside="@value"):  # what a JSON literal holds says nothing in RDF
        if "@value" in node:
            _check_iri(node.get("@type"), keyword="@json")
            _keep_apart(node)
            continue
        blank += "@id" not in node
        subject = node.get("@id", id(node))
        if subject == root.get("@id") and node is not root and not node.keys() <= REPEATABLE:
            # The same RDF, but checks that read the JSON would miss what stands away from the top.
            raise Defect(Reason.TERM_HIDDEN, "the document describes itself in two places")
        _check_graph(node)
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


def _check_graph(node: dict[str, Any]) -> None:
    """Refuse what says nothing in a graph: of a value, or an id alone, RDF keeps only that there is a graph."""
    for item in node.get("@graph", []):
        if "@value" in item or "@list" in item or not any(value for key, value in item.items() if key != "@id"):
            raise Defect(Reason.JSONLD_INVALID, "nothing is said in a graph")


def _keep_apart(value: dict[str, Any]) -> None:
    """Give the value an index, which RDF ignores and PyLD compares.

    It takes texts for equal whatever their direction, and 1 for true inside JSON literals, and would drop one of them.
    """
    if "@direction" in value:
        value["@index"] = value["@direction"]
    elif value.get("@type") == "@json":
        value["@index"] = json.dumps(value["@value"], sort_keys=True)


def _check_iri(value: Any, keyword: str = "") -> None:
    if value is None or value == keyword:
        return
    if value.startswith(SENTINEL):
        raise Defect(Reason.UNDEFINED_TERM, value.removeprefix(BASE[:-1])[:200])
    if not IRI.fullmatch(value):
        raise Defect(Reason.IRI_INVALID, value[:200])


class Remembered:
    """What processing the contexts of one allow-list has given so far."""

    def __init__(self, contexts: Contexts) -> None:
        self._documents = contexts.documents()  # not `contexts`: it is the weak key this object hangs on
        self._active: dict[_Step, tuple[Any, Any, Any]] = {}
        self.lock = threading.RLock()  # PyLD's own caches do not stand two threads
        self.options = {
            "base": BASE,
            "processingMode": "json-ld-1.1",
            "rdfDirection": "i18n-datatype",
            "produceGeneralizedRdf": False,
            "contextResolver": ContextResolver({}, self._load),
        }

    def allows(self, address: object) -> bool:
        """Whether the context at the address is on the list."""
        return address in self._documents

    def active(self) -> dict[_Step, tuple[Any, Any, Any]]:
        """Processed contexts by the identity of what went in; one document sees one dictionary throughout."""
        if len(self._active) > MAX_REMEMBERED:
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


class Processor(JsonLdProcessor):  # type: ignore[misc] # PyLD carries no types
    """PyLD's processor for one document: tells what it dropped, and remembers processed contexts.

    Three quarters of PyLD's time goes into processing the same contexts again. The answer depends only on the
    active context, the local context and two flags; both contexts come from the allow-list and neither changes
    once processed, so their identity is a sound key as long as they are kept alive beside the answer.
    """

    def __init__(self, remembered: Remembered) -> None:
        self.dropped: list[str | None] = []
        super().__init__(on_property_dropped=self.dropped.append)
        self._lock = remembered.lock
        self._options = remembered.options
        self._answers = remembered.active()
        self._steps: set[_Step] = set()
        self._processed = 0

    def initial(self) -> Any:
        """The active context before any context is processed."""
        return self._get_initial_context(self._options)

    def expanded(self, active: Any, name: str) -> Any:
        """What a name expands to in the active context, as a word of the vocabulary."""
        return self._expand_iri(active, name, vocab=True, base=BASE)

    def scoped(self, active: Any, local: Any) -> Any:
        """The active context once a term's own context is added."""
        return self._process_context(active, local, self._options, override_protected=True)

    def nested(self, active: Any, element: dict[str, Any]) -> Any:
        """The active context once the contexts and types of an object are added."""
        return self._prepare_nested_context(active, element, self._options)[0]

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
        if step not in self._steps:
            self._steps.add(step)
            self._processed += len(local_ctx) if isinstance(local_ctx, list) else 1
        if self._processed > MAX_CONTEXT_STEPS:
            raise Defect(Reason.TOO_COMPLEX, "contexts")
        found = self._answers.get(step)
        if found is None:
            with self._lock:
                answer = super()._process_context(active_ctx, local_ctx, options, *flags)
            found = self._answers.setdefault(step, (answer, active_ctx, local_ctx))
        return found[0]


class _Namer(Processor):
    """Finds the nodes without an id in its own copy of the document, `document` once it has been expanded."""

    def __init__(self, remembered: Remembered) -> None:
        super().__init__(remembered)
        self.options = remembered.options
        self.document: dict[str, Any] = {}
        self.unnamed: list[dict[str, Any]] = []

    def _expand(self, active_ctx: Any, active_property: Any, element: Any, *args: Any, **options: Any) -> Any:
        expanded = super()._expand(active_ctx, active_property, element, *args, **options)
        if isinstance(element, dict):
            self.document = element  # the outermost one is the last to be done
            if isinstance(expanded, dict) and not expanded.keys() & {"@id", "@value", "@list", "@set"}:
                self.unnamed.append(element)
        return expanded


def _key(local_ctx: Any) -> int | str | tuple[str, ...]:
    if isinstance(local_ctx, str):
        return local_ctx
    if isinstance(local_ctx, list) and all(isinstance(address, str) for address in local_ctx):
        return tuple(local_ctx)
    return id(local_ctx)  # a scoped context: part of a document on the allow-list


_REMEMBERED: WeakKeyDictionary[Contexts, Remembered] = WeakKeyDictionary()


def remembered_for(contexts: Contexts) -> Remembered:
    """What is remembered of the allow-list, for as long as it lives."""
    found = _REMEMBERED.get(contexts)
    return found if found is not None else _REMEMBERED.setdefault(contexts, Remembered(contexts))
