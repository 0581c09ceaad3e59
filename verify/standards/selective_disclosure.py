"""Which canonical statements of a document belong to which parts of it: the ground of selective disclosure.

Parts are named by JSON pointers; what gets signed are N-Quads. Between the two every node without an id is given one
for the time being, so that it is the same node in the whole document and in each part. Refused are pointers that do not
match, and those that lead into an ordered list, which means something else without its other items.

The specification names the nodes of the expanded document and compacts that again, which can change its shape; here
the names go straight into the document as it was written, so that pointers point where its reader would think.

Source: Data Integrity ECDSA Cryptosuites 1.0, section 3.4 (selective disclosure functions).
"""

from __future__ import annotations

import copy
import hashlib
import re
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from verify.errors import Defect
from verify.reasons import Reason
from verify.standards import canonical, jsonld, rdfc
from verify.standards.documents import Contexts, shipped_contexts

MAX_POINTERS = 500
MAX_POINTER_CHARACTERS = 1000
MAX_POINTER_DEPTH = 64
_INDEX = re.compile(r"0|[1-9][0-9]{0,8}")
_ESCAPE = re.compile(r"~(.?)", re.DOTALL)
_ALWAYS_SHOWN = frozenset({"@context", "id", "type"})
_UNESCAPED = {"0": "~", "1": "/"}

Relabel = Callable[[str], str]
"""Canonical label → final label, both with their `_:`."""


class PointerRefused(ValueError):  # noqa: N818 - it names what is so, as a reader would say it
    """A JSON pointer is malformed or points at nothing."""


@dataclass(frozen=True, slots=True)
class Group:
    """One part of a document: the positions of its statements among the document's, and what its reader will see.

    `canonical_labels` lead from the final labels to those that its reader, who has this part alone, will find.
    """

    matching: frozenset[int]
    canonical_labels: Mapping[str, str]


def group(
    document: dict[str, Any],
    relabel: Relabel,
    definitions: Mapping[str, Sequence[str]],
    contexts: Contexts | None = None,
) -> tuple[list[str], dict[str, Group]]:
    """The statements of the document, sorted, with their final labels, and its parts by the pointers given for each.

    Raises:
        PointerRefused: where a pointer does not match.
        Defect, Undecided: as `canonicalise` does, or `jsonld_invalid` where two lists of one node cannot be told apart.
        Source: VC-DI-ECDSA, section 3.4.16 (canonicalizeAndGroup).
    """
    prefix = f"urn:node-{uuid.uuid4().hex}:"
    named = jsonld.with_names(document, prefix, shipped_contexts() if contexts is None else contexts)
    quads = _without_names(named, prefix, contexts)
    canonical_labels = rdfc.canonicalise_quads(quads).labels
    labels = {label: relabel(canonical_label) for label, canonical_label in canonical_labels.items()}
    statements = _statements(quads, labels)
    everything = set(statements)
    groups = {}
    for name, pointers in definitions.items():
        select(document, pointers)  # a pointer to a name that is there for the time being points at nothing
        part = select(named, pointers)
        quads = [] if part is None else _without_names(part, prefix, contexts)
        chosen = set(_statements(quads, labels))
        if not chosen <= everything:
            raise PointerRefused("an ordered list can be selected whole only")
        groups[name] = Group(
            frozenset(index for index, statement in enumerate(statements) if statement in chosen),
            {labels[label]: seen for label, seen in rdfc.canonicalise_quads(quads).labels.items()},
        )
    return statements, groups


def relabelled(
    document: dict[str, Any], relabelling: Callable[[Iterable[str]], Relabel], contexts: Contexts | None = None
) -> list[str]:
    """The statements of the document, sorted, with the labels that the canonical ones stand for.

    Raises:
        Defect, Undecided: as `canonicalise` does, or what `relabelling` raises when it is asked for the labels.
        Source: VC-DI-ECDSA, section 3.4.2 (labelReplacementCanonicalizeJsonLd).
    """
    quads = canonical.to_quads(document, contexts)
    found = rdfc.canonicalise_quads(quads).labels
    relabel = relabelling(found.values())
    return _statements(quads, {label: relabel(canonical_label) for label, canonical_label in found.items()})


def select(document: dict[str, Any], pointers: Sequence[str]) -> dict[str, Any] | None:
    """The part of the document that the pointers select, or None where there is no pointer.

    On the way to what a pointer names, `id` and `type` of everything it passes are selected with it, and the document's
    contexts always. Members and items stay in their order.

    Raises:
        PointerRefused: where a pointer is malformed or does not match.
        Source: VC-DI-ECDSA, section 3.4.13 (selectJsonLd).
    """
    if not pointers:
        return None
    if len(pointers) > MAX_POINTERS:
        raise PointerRefused(f"more than {MAX_POINTERS} pointers")
    tree = _Tree()
    for pointer in pointers:
        tree.add(read_pointer(pointer))
    selected: dict[str, Any] = tree.select(document)
    return selected


def read_pointer(pointer: str) -> list[str]:
    """The members on the pointer's way; none of them for the empty pointer, which is the whole document.

    Raises:
        PointerRefused: where it is malformed.
        Source: RFC 6901, sections 3 and 4.
    """
    if len(pointer) > MAX_POINTER_CHARACTERS or pointer.count("/") > MAX_POINTER_DEPTH:
        raise PointerRefused("a pointer that is too long")
    if pointer and not pointer.startswith("/"):
        raise PointerRefused(f"not a JSON pointer: {pointer}")
    return [_ESCAPE.sub(_unescape, step) for step in pointer.split("/")[1:]]


def _unescape(found: re.Match[str]) -> str:
    if found[1] not in _UNESCAPED:
        raise PointerRefused(f"not an escape of JSON pointers: {found[0]}")
    return _UNESCAPED[found[1]]


@dataclass(slots=True)
class _Tree:
    """What pointers select of a value: the whole of it, or some of its members."""

    whole: bool = False
    members: dict[str, _Tree] = field(default_factory=dict)

    def add(self, path: Sequence[str]) -> None:
        """Select what the path leads to."""
        tree = self
        for step in path:
            tree = tree.members.setdefault(step, _Tree())
        tree.whole = True

    def select(self, value: Any) -> Any:
        """The selected part of the value.

        Raises:
            PointerRefused: where it has no such member.
        """
        absent = next((step for step in self.members if not _has(value, step)), None)
        if absent is not None:
            raise PointerRefused(f"nothing at the step {absent}")
        if isinstance(value, dict) and not self.whole:
            return {name: self._member(name, member) for name, member in value.items() if self._shows(name)}
        if isinstance(value, list) and not self.whole:
            return [self._member(str(at), item) for at, item in enumerate(value) if str(at) in self.members]
        for step in self.members:
            self._member(step, value[step if isinstance(value, dict) else int(step)])
        return copy.deepcopy(value)

    def _shows(self, name: str) -> bool:
        return name in self.members or name in _ALWAYS_SHOWN

    def _member(self, step: str, value: Any) -> Any:
        chosen = self.members[step].select(value) if step in self.members else None
        return copy.deepcopy(value) if step in _ALWAYS_SHOWN else chosen


def _has(value: Any, step: str) -> bool:
    if isinstance(value, list):
        return _INDEX.fullmatch(step) is not None and int(step) < len(value)
    return isinstance(value, dict) and step in value


def _without_names(document: dict[str, Any], prefix: str, contexts: Contexts | None) -> list[rdfc.Quad]:
    """The quads of a document whose nodes bear names for the time being, with labels that are the same in every part.

    The cells of an ordered list and a graph, which cannot bear a name, are called after what they hang on.

    Source: VC-DI-ECDSA, section 3.4.9 (toDeskolemizedNQuads).
    """
    marked = f"<{prefix}"
    quads = canonical.to_quads(document, contexts)
    labels = {term: f"_:n{term[len(marked) : -1]}" for quad in quads for term in quad if term.startswith(marked)}
    hanging: dict[str, list[tuple[str, str]]] = {}
    for subject, predicate, object_, _graph in quads:
        if object_.startswith("_:"):
            hanging.setdefault(subject, []).append((predicate, object_))
    pending = [subject for subject in hanging if not subject.startswith("_:")]
    while pending:
        subject = pending.pop()
        for predicate, object_ in hanging.get(subject, ()):
            name = f"{labels.get(subject, subject)} {predicate}"
            labels[object_] = f"_:h{hashlib.sha256(name.encode()).hexdigest()}"
            pending.append(object_)
    if len(set(labels.values())) < len(labels) or any(
        term.startswith("_:") and term not in labels for quad in quads for term in quad
    ):
        raise Defect(Reason.JSONLD_INVALID, "lists or graphs that cannot be told apart")
    return [_renamed(quad, lambda term: labels.get(term, term)) for quad in quads]


def _statements(quads: Iterable[rdfc.Quad], labels: Mapping[str, str]) -> list[str]:
    return sorted({rdfc.line(_renamed(quad, lambda term: labels.get(term, term))) for quad in quads})


def _renamed(quad: rdfc.Quad, rename: Callable[[str], str]) -> rdfc.Quad:
    subject, predicate, object_, graph = quad
    return rename(subject), predicate, rename(object_), rename(graph)
