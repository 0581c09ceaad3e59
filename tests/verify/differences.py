"""One document, canonicalised in three ways: what came of it."""

import contextlib
import json
import re
from typing import Any

import pyoxigraph

from tests.verify.oracles import canonical_lines, oxigraph_lines, pyld_lines
from verify.errors import Defect, VerifyError
from verify.standards import compiled, jsonld, rdfc
from verify.standards.documents import shipped_contexts

IDENTICAL = "identical in all three"
HANDED_OVER = "handed over, then identical in guarded PyLD and pyoxigraph"
REFUSED = "refused by the compiled path and by guarded PyLD"
TOO_COMPLEX = "refused by all for too many ties"
KNOWN = "identical in all three, pyoxigraph reading PyLD's expansion where its own is known to deviate"
TIED = "identical in ours and PyLD's own canonicaliser; pyoxigraph names many tied blank nodes otherwise, or never ends"
DIFFERENT = "DIFFERENT: compiled path and guarded PyLD"
DIFFERENT_OXIGRAPH = "DIFFERENT: guarded PyLD and pyoxigraph"
LET_THROUGH = "DIFFERENT: guarded PyLD refuses what the compiled path takes"
_GRAPHS = ("proof", "verifiableCredential")
_HUGE = 2**63
_PATIENCE = 2_000
WRONG = (DIFFERENT, DIFFERENT_OXIGRAPH, LET_THROUGH)


def outcome(document: dict[str, Any], hash_name: str = "sha256") -> str:
    """Which of the outcomes above."""
    try:
        quads = jsonld.to_quads(document, shipped_contexts())
        guarded = rdfc.canonicalise_quads(quads, hash_name).lines
    except VerifyError as refusal:
        return _refused(document, refusal)
    found = compiled.canonicalise(document, shipped_contexts(), hash_name)
    if found not in {None, "".join(guarded).encode()}:
        return DIFFERENT
    verdict = _of_pyoxigraph(document, quads, guarded, hash_name)
    return HANDED_OVER if found is None and verdict == IDENTICAL else verdict


def _refused(document: dict[str, Any], refusal: VerifyError) -> str:
    """What the compiled path makes of a document that guarded PyLD refuses: the same, or nothing at all."""
    try:
        if compiled.canonicalise(document, shipped_contexts()) is not None:
            return LET_THROUGH
    except Defect as defect:
        return TOO_COMPLEX if defect.reason is refusal.reason else LET_THROUGH
    return REFUSED


def _of_pyoxigraph(document: dict[str, Any], quads: list[rdfc.Quad], guarded: list[str], hash_name: str) -> str:
    if _effort(quads, hash_name) > _PATIENCE:
        return TIED if pyld_lines(quads, hash_name) == guarded else DIFFERENT_OXIGRAPH
    try:
        theirs, known = oxigraph_lines(document, shipped_contexts(), hash_name), _deviates(document)
    except SyntaxError as error:
        theirs, known = [], "protected" in str(error)
    if theirs == guarded:
        return IDENTICAL
    if known:
        theirs = _second_reading(document, quads, hash_name)
    if known and theirs == guarded:
        return KNOWN
    # The fullest sample of the 1EdTech is of this kind: its signature is good with our labels only.
    tied = _unlabelled(theirs) == _unlabelled(guarded) and pyld_lines(quads, hash_name) == guarded
    return TIED if tied else DIFFERENT_OXIGRAPH


def _effort(quads: list[rdfc.Quad], hash_name: str) -> int:
    """How much work it is to tell the blank nodes apart; pyoxigraph knows no bound."""
    labels = rdfc._Labels(quads, rdfc._HASHES[hash_name])
    with contextlib.suppress(Defect):  # the order of quads may take it over the bound
        labels.issue()
    return labels.steps


def _unlabelled(lines: list[str]) -> list[str]:
    return sorted(re.sub("_:c14n[0-9]+", "_:", line) for line in lines)


def _deviates(value: Any) -> bool:
    """Whether pyoxigraph 0.5.13 is known to read JSON-LD of this kind in another way.

    jsonld.js was asked about some of each: it agrees with PyLD. pyoxigraph forgets the context of all but the last of
    several types, takes an address in a graph container for itself rather than for a graph, has no datatype for
    directions and no integers beyond 64 bits. It protects a type's terms, and knows its prefixes, beyond its object or
    not where a property brought them: RsaSignature2018 has none of its own.
    """
    if isinstance(value, list):
        return any(map(_deviates, value))
    if not isinstance(value, dict):
        return _is_huge(value)
    types = value.get("type")
    addresses = any(isinstance(each, str) for name in _GRAPHS for each in _flat(value.get(name)))
    several = isinstance(types, list) and len({str(type_) for type_ in types}) > 1
    leaning = types == "RsaSignature2018" or (isinstance(types, list) and "RsaSignature2018" in types)
    return several or addresses or leaning or "@direction" in value or any(map(_deviates, value.values()))


def _is_huge(value: Any) -> bool:
    return isinstance(value, int | float) and abs(value) >= _HUGE


def _flat(value: Any) -> list[Any]:
    return [each for item in value for each in _flat(item)] if isinstance(value, list) else [value]


def _second_reading(document: dict[str, Any], quads: list[rdfc.Quad], hash_name: str) -> list[str]:
    """What pyoxigraph makes of PyLD's expansion, or of its quads where it has no literal of that kind."""
    if any("/i18n#" in object_ or re.match(r'"-?[0-9]{19}', object_) for _, _, object_, _ in quads):
        parsed = pyoxigraph.parse("".join(map(rdfc.line, quads)), pyoxigraph.RdfFormat.N_QUADS)
        return canonical_lines(parsed, hash_name)
    remembered = jsonld.remembered_for(shipped_contexts())
    expanded = jsonld.Processor(remembered).expand(document, remembered.options)
    return canonical_lines(pyoxigraph.parse(json.dumps(expanded), pyoxigraph.RdfFormat.JSON_LD), hash_name)
