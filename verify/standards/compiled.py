"""The quick way from JSON-LD to RDF: contexts resolved once into tables, then one walk that writes N-Quads.

The contexts are an exact allow-list, so a term means the same for ever in the same active context. What it means is
asked of PyLD once, and kept for each allow-list by itself; of a document nothing is kept. The walk takes only what it
fully understands and gives up on everything else (value objects, lists, full IRIs as keys, compact IRIs, real numbers,
terms that are not defined, whatever a guard of `jsonld` would refuse): guarded PyLD then has the document, and says
what is wrong with it. Giving up is therefore always right; going on has to be.

Source: JSON-LD 1.1 API, sections 5.1 (expansion) and 8 (to RDF), as PyLD does them.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import chain, pairwise
from json.encoder import encode_basestring as quote
from operator import itemgetter
from typing import Any
from weakref import WeakKeyDictionary

from pyld.jsonld import JsonLdError

from verify.errors import VerifyError
from verify.standards import jsonld, rdfc
from verify.standards.documents import MAX_DEPTH, Contexts
from verify.standards.tables import Active, HandOver, Place, Role, Table, Term

_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_FIRST, _REST, _NIL = (f"<http://www.w3.org/1999/02/22-rdf-syntax-ns#{name}>" for name in ("first", "rest", "nil"))
_BOOLEAN = "^^<http://www.w3.org/2001/XMLSchema#boolean>"
_INTEGER = "^^<http://www.w3.org/2001/XMLSchema#integer>"

_DONE, _TEXT = Role.DONE, Role.TEXT

_MAX_KNOWN = 2_000
_MAX_INTEGER = 10**21
_FEW_VALUES = 340
"""So many values, even all of one property, and as many nodes, even all the same, need fewer than MAX_COMPARISONS."""

_IRI_BYTES = bytes(code for code in range(0x21, 0x7F) if chr(code) not in '<>"{}|^`\\')
_SCHEME = re.compile("[A-Za-z][A-Za-z0-9+.-]*(?=:)")


def canonicalise(document: dict[str, Any], contexts: Contexts, hash_name: str = "sha256") -> bytes | None:
    """The canonical N-Quads of the document, or None where it needs more than this module understands.

    Raises:
        Defect: `too_complex`, as `rdfc` does.
    """
    walk = _walked(document, contexts)
    if walk is None:
        return None
    data = "".join(rdfc.canonicalise_parts(walk.lines, walk.quads, hash_name).lines).encode("utf-8")
    return data if _is_spelt_alike(data) else None


def to_quads(document: dict[str, Any], contexts: Contexts) -> list[rdfc.Quad] | None:
    """The quads of the document, or None where it needs more than this module understands."""
    walk = _walked(document, contexts)
    if walk is None:
        return None
    quads = walk.all_quads()
    return quads if _is_spelt_alike("".join(map(itemgetter(2), quads)).encode("utf-8", "surrogatepass")) else None


def _walked(document: dict[str, Any], contexts: Contexts) -> _Walk | None:
    if "@context" not in document:
        return None
    walk = _Walk(_table_for(contexts))
    try:
        walk.document(document)
    except (HandOver, RecursionError, TypeError, JsonLdError, VerifyError):  # TypeError: a list where a name belongs
        return None
    return walk


def _is_spelt_alike(data: bytes) -> bool:
    """Whether no text is in it that JSON escapes in another way than N-Quads: controls, U+FFFE and U+FFFF.

    One byte is found much sooner than several.
    """
    return not (
        (b"\\" in data and b"\\u00" in data)
        or b"\x7f" in data
        or (b"\xef" in data and (b"\xef\xbf\xbe" in data or b"\xef\xbf\xbf" in data))
    )


class _Walk:
    """One document on its way to N-Quads."""

    def __init__(self, table: Table) -> None:
        self.lines: list[str] = []
        """Without blank nodes."""
        self.quads: list[rdfc.Quad] = []
        """With blank nodes."""
        self._table = table
        self._blank = 0
        self._iris: list[str] = []
        self._lists: list[int] = []
        self._root: str | None = None
        self._active: set[Active] = set()
        self._steps = 0

    def document(self, document: dict[str, Any]) -> None:
        """Write what the document says, and give up where the guards of `jsonld` would not let all of it through."""
        self._node(document, self._table.root, "", 0)
        if not self.lines and not self.quads:
            raise HandOver
        self._check_work()
        self._check_iris()

    def all_quads(self) -> list[rdfc.Quad]:
        """The lines as quads, and the quads that mention blank nodes."""
        split = (line[:-3].split(" ", 2) for line in self.lines)
        return [(subject, predicate, object_, "") for subject, predicate, object_ in split] + self.quads

    def _node(self, element: dict[str, Any], place: Place, graph: str, depth: int) -> str:
        """Write what the object says; gives what its node is called."""
        active = place.active(element)
        if active not in self._active:
            self._enter(active)
        subject = self._subject(element, active, depth)
        lines, quads, terms = self.lines, self.quads, active.terms
        blank = graph != "" or subject[0] == "_"
        for type_ in active.types:
            if blank:
                quads.append((subject, _TYPE, type_, graph))
            else:
                lines.append(f"{subject} {_TYPE} {type_} .\n")
        for key, value in element.items():
            term = terms.get(key) or active.term(key)
            role = term.role
            if role is _TEXT and type(value) is str:
                if blank:
                    quads.append((subject, term.predicate, quote(value) + term.suffix, graph))
                else:
                    lines.append(f"{subject} {term.predicate} {quote(value)}{term.suffix} .\n")
            elif role is not _DONE and value is not None:
                self._member(subject, term, value, graph, depth)
        return subject

    def _enter(self, active: Active) -> None:
        """Count the contexts that it takes: while walking, for asking PyLD what they mean is what takes long."""
        self._active.add(active)
        self._steps += active.steps
        if self._steps > jsonld.MAX_CONTEXT_STEPS:
            raise HandOver

    def _member(self, subject: str, term: Term, value: object, graph: str, depth: int) -> None:
        """Write what a member says that is not a single text."""
        if term.role is Role.LIST:
            objects = [self._list(term, value, graph)]
        else:
            values = value if isinstance(value, list) else (value,)
            objects = [self._object(each, term, graph, depth) for each in values]
        predicate, named = term.predicate, not graph and subject[0] == "<"
        for object_ in objects:
            if named and object_[0] != "_":
                self.lines.append(f"{subject} {predicate} {object_} .\n")
            else:
                self.quads.append((subject, predicate, object_, graph))

    def _subject(self, element: dict[str, Any], active: Active, depth: int) -> str:
        key = active.id_key
        if key is None or key not in element:
            return self._fresh()
        name = element[key]
        if type(name) is not str:
            raise HandOver
        if depth == 0:
            self._root = name
        elif name == self._root and not _is_repeatable(element, active):
            raise HandOver
        return self._iri(name, active.prefixes)

    def _fresh(self) -> str:
        self._blank += 1
        return f"_:b{self._blank - 1}"

    def _object(self, value: object, term: Term, graph: str, depth: int) -> str:
        """What stands for the value of a property in its quad."""
        if isinstance(value, str):
            return quote(value) + term.suffix if term.role is Role.TEXT else self._named(value, term)
        if isinstance(value, dict):
            return self._nested(value, term, graph, depth)
        return _plain(value, term)

    def _nested(self, element: dict[str, Any], term: Term, graph: str, depth: int) -> str:
        if term.place is None or depth >= MAX_DEPTH:
            raise HandOver
        if term.role is not Role.GRAPH:
            return self._node(element, term.place, graph, depth + 1)
        name, before = self._fresh(), len(self.quads)
        self._node(element, term.place, name, depth + 1)
        if len(self.quads) == before:  # an id alone, of which nothing would be left
            raise HandOver
        return name

    def _list(self, term: Term, value: object, graph: str) -> str:
        """Write a list of plain values, cell by cell. Source: JSON-LD 1.1 API, section 8.2 (List to RDF Conversion)."""
        if term.item is None:
            raise HandOver
        values = value if isinstance(value, list) else (value,)
        objects = [self._object(each, term.item, graph, MAX_DEPTH) for each in values]
        cells = [self._fresh() for _ in objects] + [_NIL]
        self._lists.append(len(objects))
        for object_, (cell, rest) in zip(objects, pairwise(cells), strict=True):
            self.quads += [(cell, _FIRST, object_, graph), (cell, _REST, rest, graph)]
        return cells[0]

    def _named(self, value: str, term: Term) -> str:
        """What a string names: a term of the vocabulary, or an IRI."""
        if term.role is Role.GRAPH:
            raise HandOver
        found = term.vocabulary.get(value)
        if found is None:
            return self._iri(value, term.prefixes)
        if not found:  # a keyword, or a term that is declared to mean nothing
            raise HandOver
        return found

    def _iri(self, value: str, prefixes: frozenset[str]) -> str:
        """The IRI in angle brackets, not yet known to be well-formed."""
        if not value.startswith("https://"):
            scheme = _SCHEME.match(value)
            if scheme is None or (scheme[0] in prefixes and not value.startswith("//", scheme.end() + 1)):
                raise HandOver
        self._iris.append(value)
        return f"<{value}>"

    def _check_iris(self) -> None:
        # Quick where all is ASCII, as nearly always.
        if "".join(self._iris).encode("utf-8", "surrogatepass").translate(None, _IRI_BYTES) and not all(
            map(jsonld.IRI.fullmatch, self._iris)
        ):
            raise HandOver

    def _check_work(self) -> None:
        steps = sum([each.steps for each in self._active])  # some count once a term of theirs has been met
        if steps > jsonld.MAX_CONTEXT_STEPS or self._blank > jsonld.MAX_BLANK_NODES:
            raise HandOver
        if len(self.lines) + len(self.quads) > _FEW_VALUES:
            self._check_comparisons()

    def _check_comparisons(self) -> None:
        """PyLD would compare the values of each property with each other; and so the mentions of each node."""
        counts: Counter[object] = Counter()
        for subject, predicate, object_, _graph in self.all_quads():
            counts[subject, predicate] += 1
            if predicate != _TYPE and object_.startswith("<"):
                counts[object_] += 1
        if sum((count + 1) ** 2 for count in chain(counts.values(), self._lists)) > jsonld.MAX_COMPARISONS:
            raise HandOver


def _is_repeatable(element: dict[str, Any], active: Active) -> bool:
    terms = [active.terms.get(key) or active.term(key) for key in element]
    return all(term.role is Role.DONE or term.predicate[1:-1] in jsonld.REPEATABLE for term in terms)


def _plain(value: object, term: Term) -> str:
    """A truth value or a whole number as a literal."""
    if term.role is not Role.TEXT:
        raise HandOver
    if value is True or value is False:
        return f'"{str(value).lower()}"{_BOOLEAN if term.datatype is None else term.datatype}'
    if isinstance(value, int | float) and abs(value) < _MAX_INTEGER and value == int(value):
        return f'"{int(value)}"{_INTEGER if term.datatype is None else term.datatype}'
    raise HandOver


_TABLES: WeakKeyDictionary[Contexts, Table] = WeakKeyDictionary()


def _table_for(contexts: Contexts) -> Table:
    found = _TABLES.get(contexts)
    if found is None or found.known > _MAX_KNOWN:
        found = _TABLES[contexts] = Table(jsonld.remembered_for(contexts))
    return found
