"""What the contexts of one allow-list mean, as tables that grow as they are asked.

`Place` says how an object is read where it stands (as the document, or as the value of a property); from its own
contexts and types follows the `Active` context in which its members are read; a member's `Term` says what its values
become. Every answer is PyLD's own, asked once with its own functions and kept: the allow-list is exact and its
documents never change. Raises `HandOver` for all that a quick walk should leave to PyLD.

Source: JSON-LD 1.1 API, sections 4.1 (context processing), 5.1.2 (expansion) and 5.3 (value expansion).
"""

from __future__ import annotations

from enum import Enum, auto
from itertools import chain
from typing import Any

from verify.standards import jsonld, rdfc

_XSD_DOUBLE = "http://www.w3.org/2001/XMLSchema#double"
# Settings of a context that change how every name in it is read.
_SWEEPING = frozenset({"@vocab", "@base", "@direction"})

# Containers that a quick walk understands; a list may not be a set beside.
_CONTAINERS: tuple[set[str], ...] = (set(), {"@set"}, {"@graph"}, {"@graph", "@set"}, {"@list"})

_Context = Any
"""An active context as PyLD has it."""


class HandOver(Exception):  # noqa: N818 - not an error: PyLD takes the document from here
    """The document needs more than the quick walk understands, or is wrong."""


class Role(Enum):
    """What becomes of the values of a term."""

    DONE = auto()
    """Nothing: its part has been played (@context, @id, @type)."""
    TEXT = auto()
    """Literals."""
    IRI = auto()
    """IRIs, or objects."""
    VOCABULARY = auto()
    """Terms of the vocabulary or IRIs, or objects."""
    GRAPH = auto()
    """Objects, each in a graph of its own."""
    LIST = auto()
    """All of them one list, of what `item` says."""


class Term:
    """A member's name in an active context."""

    __slots__ = ("datatype", "item", "place", "predicate", "prefixes", "role", "suffix", "vocabulary")

    def __init__(self, role: Role) -> None:
        self.role = role
        self.predicate = ""
        self.suffix = ""
        """What follows the quoted text of a string: a datatype, a language, or nothing."""
        self.datatype: str | None = None
        """What follows the quoted text of a number or a truth value, where the context has a say in it."""
        self.prefixes: frozenset[str] = frozenset()
        self.vocabulary: dict[str, str] = {}
        self.item: Term | None = None
        self.place: Place | None = None
        """How an object is read that is the value, where it may be one."""


_DONE = Term(Role.DONE)


class Active:
    """An active context, in which the members of an object are read."""

    __slots__ = ("_context", "_table", "id_key", "prefixes", "steps", "terms", "types")

    def __init__(self, table: Table, context: _Context, type_key: str | None, types: list[str], steps: int) -> None:
        self._table = table
        self._context = context
        self.types = types
        """The types as IRIs in angle brackets."""
        self.steps = steps
        """At most so many contexts has PyLD to process to get here."""
        self.id_key = _only([key for key in _aliases(context, "@id") if key != "@id"])
        self.prefixes = _prefixes(context)
        self.terms: dict[str, Term] = {"@context": _DONE}
        if self.id_key is not None:
            self.terms[self.id_key] = _DONE
        if type_key is not None and table.expanded(context, type_key) == "@type":
            self.terms[type_key] = _DONE

    def term(self, key: str) -> Term:
        """What the member means.

        Raises:
            HandOver: for one that is not defined, and all that is not plain.
        """
        context = self._context
        if key not in context["mappings"] or ":" in key or key.startswith("@"):
            raise HandOver
        with self._table.lock:
            if key not in self.terms:
                self.terms[key] = self._term(key)
                self.steps += self._table.setting(context, key, "@context") is not None
        return self.terms[key]

    def _term(self, key: str) -> Term:
        table, context = self._table, self._context
        predicate = table.expanded(context, key)
        inner, scoped = context, table.setting(context, key, "@context")
        if scoped is not None:
            inner = table.processed(context, scoped)
        containers = {*_listed(context, key, table), *_listed(inner, key, table)}
        mappings = [mapping for mapping in (context["mappings"][key], inner["mappings"].get(key)) if mapping]
        # What stands in a graph is an object, whose own context may be a fresh one in which the term means nothing.
        same = "@graph" in containers or (len(mappings) > 1 and table.expanded(inner, key) == predicate)
        if (
            not same
            or not _is_iri(predicate)
            or containers not in _CONTAINERS
            or any(table.setting(each, key, "@type") == "@json" for each in (context, inner))
            or any(mapping["reverse"] for mapping in mappings)
            or not _SWEEPING.isdisjoint({*context, *inner, *chain(*mappings)})
        ):
            raise HandOver
        term = Term(Role.GRAPH) if "@graph" in containers else self._typed(inner, key)
        term.prefixes = _prefixes(inner)
        if "@list" in containers:
            item, term = term, Term(Role.LIST)
            term.item = item
        else:
            term.place = Place(table, inner, key)
        term.predicate = f"<{predicate}>"
        return term

    def _typed(self, context: _Context, key: str) -> Term:
        type_ = self._table.setting(context, key, "@type")
        if type_ == "@id":
            return Term(Role.IRI)
        if type_ == "@vocab":
            term = Term(Role.VOCABULARY)
            named = {name: mapping and mapping["@id"] for name, mapping in context["mappings"].items()}
            term.vocabulary = {name: f"<{iri}>" if _is_iri(iri) else "" for name, iri in named.items()}
            return term
        term = Term(Role.TEXT)
        if type_ is not None and type_ != "@none":
            if not _is_iri(type_) or type_ == _XSD_DOUBLE:
                raise HandOver
            term.datatype = term.suffix = "" if type_ == rdfc.XSD_STRING else f"^^<{type_}>"
        else:
            language = self._table.setting(context, key, "@language")
            term.suffix = "" if language is None else f"@{language}"
        return term


class _Base:
    """The context in which an object's types are looked up: all but what the types themselves bring."""

    __slots__ = ("_active", "_context", "_steps", "_table", "type_key")

    def __init__(self, table: Table, context: _Context, steps: int) -> None:
        self._table = table
        self._context = context
        self._steps = steps
        keys = [key for key in _aliases(context, "@type") if key != "@type"]
        self.type_key = _only(keys)
        self._active: dict[str | tuple[str, ...], Active] = {}

    def active(self, types: str | tuple[str, ...]) -> Active:
        """The context in which an object of these types is read."""
        found = self._active.get(types)
        if found is None:
            with self._table.lock:
                found = self._active[types] = self._made([types] if isinstance(types, str) else list(types))
                self._table.known += 1
        return found

    def _made(self, types: list[str]) -> Active:
        table, context = self._table, self._context
        mappings = context["mappings"]
        if not all(isinstance(type_, str) and type_ in mappings for type_ in types):
            raise HandOver
        iris = [table.expanded(context, type_) for type_ in types]
        if not all(map(_is_iri, iris)):
            raise HandOver
        active = context
        if types and self.type_key is not None:
            active = table.nested(context, {self.type_key: types})
            if table.expanded(active, self.type_key) != "@type":
                raise HandOver
        return Active(
            table, active, self.type_key, [f"<{iri}>" for iri in dict.fromkeys(iris)], self._steps + len(types)
        )


class Place:
    """Where an object stands: as the document itself, or as the value of a property."""

    __slots__ = (
        "_context",
        "_id_keys",
        "_lone",
        "_plain",
        "_property",
        "_table",
        "_type_key",
        "_usual",
        "_value_keys",
        "_with_context",
    )

    def __init__(self, table: Table, context: _Context, property_: str | None) -> None:
        self._table = table
        self._context = context
        self._property = property_
        self._id_keys = _aliases(context, "@id")
        self._value_keys = _aliases(context, "@value") - {"@value"}
        self._lone: _Base | None = None
        self._plain: _Base | None = None
        self._type_key = ""
        self._usual: dict[str | tuple[str, ...], Active] = {}
        self._with_context: dict[str | tuple[str, ...] | None, _Base] = {}

    def active(self, element: dict[str, Any]) -> Active:
        """The context in which the members of the object are read.

        Raises:
            HandOver: for a context that is not addresses alone, types that are not defined, and all that is not plain.
        """
        if len(element) > 1 and "@context" not in element:
            types = element.get(self._type_key, ())
            found = self._usual.get(tuple(types) if type(types) is list else types)
            if found is not None:
                return found
        return self._resolved(element)

    def _resolved(self, element: dict[str, Any]) -> Active:
        if not self._value_keys.isdisjoint(element):
            raise HandOver
        if "@context" in element:
            local = element["@context"]
            key = tuple(local) if type(local) is list else local
            base = self._with_context.get(key) or self._made_with_context(key)
        elif len(element) == 1 and not self._id_keys.isdisjoint(element):
            base = self._lone or self._made_lone()
        else:
            base = self._plain or self._made_plain()
        types = () if base.type_key is None else element.get(base.type_key, ())
        types = tuple(types) if type(types) is list else types
        active = base.active(types)
        if base is self._plain and not self._value_keys:
            self._type_key = base.type_key or ""
            self._usual[types] = active
        return active

    def _made_lone(self) -> _Base:
        """For an object that is only a reference: a context that its neighbour's type brought stays in force."""
        with self._table.lock:
            self._lone = _Base(self._table, self._scoped(self._context), 2)
        return self._lone

    def _made_plain(self) -> _Base:
        with self._table.lock:
            self._plain = _Base(self._table, self._scoped(self._table.reverted(self._context)), 2)
        return self._plain

    def _made_with_context(self, local: str | tuple[str, ...] | None) -> _Base:
        addresses = [local] if isinstance(local, str) else list(local or ())
        table = self._table
        if not 0 < len(addresses) <= jsonld.MAX_CONTEXTS or not all(map(table.allows, addresses)):
            raise HandOver
        with table.lock:
            context = table.nested(self._scoped(table.reverted(self._context)), {"@context": addresses})
            found = self._with_context[local] = _Base(table, context, 3 + len(addresses))
            table.known += 1
        return found

    def _scoped(self, context: _Context) -> _Context:
        scoped = self._table.setting(self._context, self._property, "@context")
        return context if scoped is None else self._table.processed(context, scoped)


class Table:
    """All that has been asked so far of one allow-list."""

    def __init__(self, remembered: jsonld.Remembered) -> None:
        self._remembered = remembered
        self.lock = remembered.lock
        self.known = 0
        self.root = Place(self, jsonld.Processor(remembered).initial(), None)

    def allows(self, address: object) -> bool:
        """Whether the context at the address is on the list."""
        return self._remembered.allows(address)

    def expanded(self, context: _Context, name: str) -> Any:
        """What the name expands to, as a word of the vocabulary."""
        return jsonld.Processor(self._remembered).expanded(context, name)

    def setting(self, context: _Context, key: str | None, name: str) -> Any:
        """What the context says of the term under this keyword, or of all where it says nothing of the term."""
        return jsonld.Processor.get_context_value(context, key, name)

    def processed(self, context: _Context, scoped: Any) -> _Context:
        """The active context once a term's own context is added."""
        return jsonld.Processor(self._remembered).scoped(context, scoped)

    def nested(self, context: _Context, element: dict[str, Any]) -> _Context:
        """The active context once an object's own contexts and types are added."""
        return jsonld.Processor(self._remembered).nested(context, element)

    def reverted(self, context: _Context) -> _Context:
        """The active context without what a type brought for its own object alone."""
        return context.get("previousContext", context)


def _only(keys: list[str]) -> str | None:
    return keys[0] if len(keys) == 1 else None


def _is_iri(value: object) -> bool:
    return isinstance(value, str) and bool(jsonld.IRI.fullmatch(value)) and not value.startswith(jsonld.SENTINEL)


def _aliases(context: _Context, keyword: str) -> frozenset[str]:
    return frozenset(name for name, mapping in context["mappings"].items() if mapping and mapping["@id"] == keyword) | {
        keyword
    }


def _prefixes(context: _Context) -> frozenset[str]:
    """Names that make an IRI a compact one, and the scheme that stands for relative IRIs."""
    names = (name for name, mapping in context["mappings"].items() if mapping and mapping["_prefix"])
    return frozenset(names) | {jsonld.SENTINEL.removesuffix(":")}


def _listed(context: _Context, key: str, table: Table) -> list[str]:
    container = table.setting(context, key, "@container") or []
    return [container] if isinstance(container, str) else list(container)
