"""RDF Dataset Canonicalization 1.0: the same lines for the same graph, however its blank nodes were called.

A term is kept as canonical N-Quads spells it (`<iri>`, `_:label`, `"text"@fr`), so that a quad is four strings and
sorting lines is sorting by code point. Work is counted and bounded: a graph made to keep the algorithm busy is refused
within milliseconds, where without a bound ten blank nodes can take hours. Nothing here reads JSON.

Source: RDF Dataset Canonicalization 1.0, sections 4 and 5 (canonical form of N-Quads); section 7.1 (poison graphs).
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import permutations
from operator import eq

from verify.errors import Defect
from verify.reasons import Reason

Quad = tuple[str, str, str, str]
"""Subject, predicate, object and graph, each as canonical N-Quads spells it; the default graph is the empty string."""

MAX_STEPS = 30_000
"""Units of work in Hash N-Degree Quads, each of a quarter to half a microsecond.

The worst graph that W3C's suite wants canonicalised takes 11,984, the fullest sample of Open Badges 176, a presentation
of badges that differ in their addresses alone less than 100 for each, and a badge without two indistinguishable nodes
none.
"""
_HASHING, _COPYING = 4, 2

XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"

_HASHES: Mapping[str, Callable[[bytes], hashlib._Hash]] = {"sha256": hashlib.sha256, "sha384": hashlib.sha384}
_TO_ESCAPE = re.compile('[\x00-\x1f"\\\\\x7f\ufffe\uffff]')
_SHORT = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


@dataclass(frozen=True, slots=True)
class Canonical:
    """The canonical lines, sorted, each with its line feed; and for each label that came in the canonical one."""

    lines: list[str]
    labels: dict[str, str]


def literal(text: str, datatype: str = XSD_STRING, language: str | None = None) -> str:
    """A literal as canonical N-Quads spells it; a language takes the place of the datatype."""
    quoted = f'"{escape(text)}"'
    if language is not None:
        return f"{quoted}@{language}"
    return quoted if datatype == XSD_STRING else f"{quoted}^^<{datatype}>"


def escape(text: str) -> str:
    """The text as it stands between the quotes of a canonical literal.

    Source: RDF Dataset Canonicalization 1.0, section 5; RDF 1.2 N-Triples, section 3 (Char production of XML 1.1).
    """
    if _TO_ESCAPE.search(text) is None:
        return text
    return _TO_ESCAPE.sub(lambda found: _SHORT.get(found[0]) or f"\\u{ord(found[0]):04X}", text)


def line(quad: Quad) -> str:
    """The quad as a line of N-Quads, with its line feed."""
    subject, predicate, object_, graph = quad
    return f"{subject} {predicate} {object_} {graph} .\n" if graph else f"{subject} {predicate} {object_} .\n"


def canonicalise_quads(quads: Iterable[Quad], hash_name: str = "sha256") -> Canonical:
    """The canonical lines of a dataset, and what its blank nodes are called in them.

    Raises:
        Defect: `too_complex`, where telling blank nodes apart takes too many steps.
        ValueError: for a hash other than sha256 and sha384.
        Source: RDF Dataset Canonicalization 1.0, section 4.4.3.
    """
    lines: list[str] = []
    blank: list[Quad] = []
    for quad in quads:
        if quad[0].startswith("_:") or quad[2].startswith("_:") or quad[3].startswith("_:"):
            blank.append(quad)
        else:
            lines.append(line(quad))
    return canonicalise_parts(lines, blank, hash_name)


def canonicalise_parts(lines: list[str], quads: Iterable[Quad], hash_name: str = "sha256") -> Canonical:
    """The same, for a dataset whose quads without a blank node are lines already; only `quads` mention blank nodes.

    Raises:
        Defect, ValueError: as `canonicalise_quads` does.
    """
    if hash_name not in _HASHES:
        raise ValueError(f"no hash of RDFC-1.0: {hash_name}")
    blank = list(dict.fromkeys(quads))
    try:
        labels = _Labels(blank, _HASHES[hash_name]).issue()
    except RecursionError:
        raise Defect(Reason.TOO_COMPLEX, "blank nodes") from None
    named = labels.get
    lines = lines + [
        f"{named(s, s)} {p} {named(o, o)} {named(g, g)} .\n" if g else f"{named(s, s)} {p} {named(o, o)} .\n"
        for s, p, o, g in blank
    ]
    lines.sort()
    if any(map(eq, lines, lines[1:])):
        lines = list(dict.fromkeys(lines))
    return Canonical(lines, labels)


class _Labels:
    """The state of one run: which quads mention a blank node, and the canonical labels issued so far."""

    def __init__(self, dataset: list[Quad], hash_: Callable[[bytes], hashlib._Hash]) -> None:
        self._hash = hash_
        self._mentions: dict[str, list[Quad]] = {}
        mentions = self._mentions
        for quad in dataset:
            subject, _, object_, graph = quad
            if subject[0] == "_":
                mentions.setdefault(subject, []).append(quad)
            if object_[0] == "_" and object_ != subject:
                mentions.setdefault(object_, []).append(quad)
            if graph and graph[0] == "_" and graph not in {subject, object_}:
                mentions.setdefault(graph, []).append(quad)
        self._first: dict[str, str] = {}
        self._beside: dict[str, list[tuple[str, str]]] = {}
        self._related: dict[str, str] = {}
        self._issued: dict[str, str] = {}
        self.steps = 0

    def issue(self) -> dict[str, str]:
        """Every blank node's canonical label."""
        by_hash: dict[str, list[str]] = {}
        for label in self._mentions:
            by_hash.setdefault(self._first_degree(label), []).append(label)
        tied = []
        for _hash, labels in sorted(by_hash.items()):
            if len(labels) == 1:
                self._name(labels[0])
            else:
                tied.append(labels)
        for labels in tied:
            self._issue_tied(labels)
        return self._issued

    def _name(self, label: str) -> None:
        if label not in self._issued:
            self._issued[label] = f"_:c14n{len(self._issued)}"

    def _issue_tied(self, labels: list[str]) -> None:
        """Step 5: blank nodes that their own quads do not tell apart."""
        results = [self._n_degree(label, {label: "_:b0"}) for label in labels if label not in self._issued]
        for _hash, names in sorted(results, key=lambda result: result[0]):
            for label in names:
                self._name(label)

    def _digest(self, text: str) -> str:
        return self._hash(text.encode("utf-8")).hexdigest()

    def _first_degree(self, label: str) -> str:
        """Hash First Degree Quads. Source: section 4.6.3."""
        found = self._first.get(label)
        if found is None:
            seen = []
            for subject, predicate, object_, graph in self._mentions[label]:
                s = subject if subject[0] != "_" else "_:a" if subject == label else "_:z"
                o = object_ if object_[0] != "_" else "_:a" if object_ == label else "_:z"
                if graph:
                    g = graph if graph[0] != "_" else "_:a" if graph == label else "_:z"
                    seen.append(f"{s} {predicate} {o} {g} .\n")
                else:
                    seen.append(f"{s} {predicate} {o} .\n")
            seen.sort()
            found = self._first[label] = self._digest("".join(seen))
        return found

    def _neighbours(self, label: str) -> list[tuple[str, str]]:
        """The blank nodes beside this one, each with the position and predicate of the quad that says so."""
        found = self._beside.get(label)
        if found is None:
            found = self._beside[label] = [
                (other, position if position == "g" else position + predicate)
                for subject, predicate, object_, graph in self._mentions[label]
                for other, position in ((subject, "s"), (object_, "o"), (graph, "g"))
                if other.startswith("_:") and other != label
            ]
        return found

    def _relatives(self, label: str, names: dict[str, str]) -> dict[str, list[str]]:
        """The blank nodes beside this one, by related hash.

        Source: section 4.7.3 (Hash Related Blank Node); section 4.8.3, steps 1 to 3.
        """
        by_hash: dict[str, list[str]] = {}
        for other, where in self._neighbours(label):
            text = where + (self._issued.get(other) or names.get(other) or self._first_degree(other))
            related = self._related.get(text)
            if related is None:
                self._step(_HASHING)
                related = self._related[text] = self._digest(text)
            self._step(1)
            by_hash.setdefault(related, []).append(other)
        return by_hash

    def _n_degree(self, label: str, names: dict[str, str]) -> tuple[str, dict[str, str]]:
        """Hash N-Degree Quads: the hash, and the temporary names issued on the way, in their order.

        Source: section 4.8.3.
        """
        data = []
        for related_hash, others in sorted(self._relatives(label, names).items()):
            chosen_path, chosen_names = "", names
            for order in _orders(others):
                found = self._path(order, names, chosen_path)
                if found is not None and (not chosen_path or found[0] < chosen_path):
                    chosen_path, chosen_names = found
            data += [related_hash, chosen_path]
            names = chosen_names
        return self._digest("".join(data)), names

    def _path(self, order: tuple[str, ...], names: dict[str, str], best: str) -> tuple[str, dict[str, str]] | None:
        """What one order of related nodes spells, or None where it is worse than the best.

        Source: section 4.8.3, steps 5.4.1 to 5.4.5.
        """
        self._step(_COPYING + len(names) // 8 + len(order))
        issued, names, pending = self._issued, dict(names), []
        path = ""
        for other in order:
            name = issued.get(other)
            if name is None:
                name = names.get(other)
                if name is None:
                    name = names[other] = f"_:b{len(names)}"
                    pending.append(other)
            path += name
            if best and path > best and len(path) >= len(best):
                return None
        for other in pending:
            digest, result = self._n_degree(other, names)
            path += f"{names[other]}<{digest}>"
            names = result
            if best and path > best and len(path) >= len(best):
                return None
        return path, names

    def _step(self, units: int) -> None:
        self.steps += units
        if self.steps > MAX_STEPS:
            raise Defect(Reason.TOO_COMPLEX, "blank nodes")


def _orders(labels: list[str]) -> Iterable[tuple[str, ...]]:
    """Every order of the labels, once each: a graph's name stands in the list as often as it has quads."""
    counts = Counter(labels)
    if len(counts) == 1:
        return [tuple(labels)]
    return permutations(labels) if len(counts) == len(labels) else _orders_of(counts, len(labels))


def _orders_of(counts: Counter[str], length: int) -> Iterator[tuple[str, ...]]:
    if length == 0:
        yield ()
        return
    for label in counts:
        if counts[label]:
            counts[label] -= 1
            for rest in _orders_of(counts, length - 1):
                yield (label, *rest)
            counts[label] += 1
