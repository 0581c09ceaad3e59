"""A JSON-LD context that a document brings along: what may stand in it where a reader allows it at all.

Readers of badges do not: with a context of its own, a document could rename what everybody reads while the signature
stays good. The conformance server does, because the data model allows it and published vectors rest on it. Even there
such a context may only add terms, one by one or by a vocabulary: no other name for a keyword, no base, nothing fetched
from an address that is not on the allow-list.

Source: Verifiable Credentials Data Model 2.0, section 4.3 (contexts); JSON-LD 1.1, section 9.15.1 (expanded terms).
"""

from __future__ import annotations

import re
from typing import Any

from verify.errors import Defect
from verify.reasons import Reason
from verify.standards.documents import Contexts

MAX_DEPTH = 8
MAX_TERMS = 500
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")

_SETTINGS = {"@version": float, "@protected": bool, "@vocab": str}
_DEFINING = {"@id": str, "@type": str, "@container": str, "@language": str, "@direction": str, "@protected": bool}


def check(context: dict[str, Any], allowed: Contexts) -> None:
    """Return where the context only adds plain terms.

    Raises:
        Defect: `context_inline`.
        Undecided: `context_unknown`, for an address inside it that is not on the list.
    """
    _check(context, allowed, MAX_DEPTH)


def _check(context: Any, allowed: Contexts, depth: int) -> None:
    if isinstance(context, str):
        allowed.document(context)
        return
    if not isinstance(context, dict) or depth == 0 or len(context) > MAX_TERMS:
        raise Defect(Reason.CONTEXT_INLINE)
    if context.keys() == {"@context"}:
        # Written as a document of its own would be: processors take it for what is in it.
        _check_all(context["@context"], allowed, depth - 1)
        return
    for term, definition in context.items():
        if term.startswith("@"):
            if term not in _SETTINGS or not isinstance(definition, _SETTINGS[term]):
                raise Defect(Reason.CONTEXT_INLINE, term[:200])
            if term == "@vocab" and not _ABSOLUTE.match(str(definition)):
                raise Defect(Reason.CONTEXT_INLINE, "a vocabulary without an address")
        else:
            _check_definition(definition, allowed, depth)


def _check_all(contexts: Any, allowed: Contexts, depth: int) -> None:
    for each in contexts if isinstance(contexts, list) else [contexts]:
        _check(each, allowed, depth)


def _check_definition(definition: Any, allowed: Contexts, depth: int) -> None:
    if isinstance(definition, dict):
        for member, value in definition.items():
            if member == "@context":
                _check_all(value, allowed, depth - 1)
            elif member not in _DEFINING or not isinstance(value, _DEFINING[member]):
                raise Defect(Reason.CONTEXT_INLINE, member[:200])
        definition = definition.get("@id", "")
    if not isinstance(definition, str) or definition.startswith("@"):
        raise Defect(Reason.CONTEXT_INLINE, "another name for a keyword, or none")
