"""Is the document what it says it is, as the standard of its kind lays it out, and does every term mean something?

What every credential has to keep to is asked first, then what its own kind asks for. A kind that the policy does not
accept is not judged; what is written in the vocabulary of badges is held to be one. Says nothing about who signed.

Source: Verifiable Credentials Data Model 2.0, section 4, and 1.1, section 4; Open Badges 3.0, appendix B.1;
Comprehensive Learner Record 2.0, section B.1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from verify.errors import Defect, Undecided
from verify.intake import Presented
from verify.reasons import Reason
from verify.report import Check, CheckName, Kind
from verify.sources import SchemaSource
from verify.standards import clr, credentials, endorsements, open_badges_3, presentations
from verify.standards.cryptosuites import SecuredDocument
from verify.standards.nodes import Node

_NAME = CheckName.STRUCTURE
_MAX_SCHEMAS = 10

_RULES: Mapping[Kind, Callable[[Node], None]] = {
    Kind.OPEN_BADGE_3: open_badges_3.check,
    Kind.ENDORSEMENT: endorsements.check,
    Kind.CLR: clr.check,
}


def check(
    presented: Presented,
    secured: SecuredDocument,
    accepts: frozenset[Kind] = frozenset(Kind),
    schemas: SchemaSource | None = None,
) -> Check:
    """The check; `secured` is the same document, whose canonical form the proof needs too."""
    stop: Defect | Undecided | None = None
    try:
        _check_members(presented.credential, presented.kind, accepts)
        if schemas is not None and "credentialSchema" in presented.credential:
            _check_schemas(presented.credential, schemas)
    except (Defect, Undecided) as broken:
        stop = broken
    try:
        secured.check_terms()
    except (Defect, Undecided) as other:
        # A defect says more than an open question, and the reader's own rules more than JSON-LD's.
        if stop is None or (isinstance(stop, Undecided) and isinstance(other, Defect)):
            stop = other
    return Check.passed(_NAME) if stop is None else Check.stopped(_NAME, stop)


def misses_schema(presented: Presented, schemas: SchemaSource) -> bool:
    """Whether the document names a schema that is not held; it could not be compared, and nothing else follows."""
    if "credentialSchema" not in presented.credential:
        return False
    try:
        return any(schemas.schema(url) is None for url in credentials.schema_urls(presented.credential))
    except Defect:
        return False


def _check_schemas(document: Node, schemas: SchemaSource) -> None:
    """Return where the document follows each schema that it names and that is held.

    Raises:
        Defect: `schema_violated`.
        Undecided: `too_complex`.
    """
    for url in credentials.schema_urls(document)[:_MAX_SCHEMAS]:
        schema = schemas.schema(url)
        if schema is not None:
            schema.check(document)


def _check_members(document: Node, kind: Kind, accepts: frozenset[Kind]) -> None:
    """Return where the document keeps to the rules of its kind.

    Raises:
        Defect: with the reason that says which rule is broken.
        Undecided: `kind_not_accepted`.
    """
    if kind is Kind.OPEN_BADGE_2:  # one that is accepted is walked, and does not come here
        raise Undecided(Reason.KIND_NOT_ACCEPTED)
    if kind is Kind.PRESENTATION:
        presentations.check(document)
    else:
        credentials.check(document)
        if kind in _RULES:
            _RULES[kind](document)
        elif kind not in accepts and open_badges_3.names_badges(document):
            open_badges_3.check(document)
    if kind not in accepts:
        raise Undecided(Reason.KIND_NOT_ACCEPTED)
