"""Reading one object of a credential: what it says it is, and the objects that its members hold.

A member of JSON-LD may hold one value or a list of them; the functions here take both. They refuse what is of another
kind, and know nothing of what any kind of credential asks for.

Source: Verifiable Credentials Data Model 2.0, sections 4.4 (identifiers) and 4.5 (types).
"""

from __future__ import annotations

import re
from typing import Any

from verify.errors import Defect
from verify.reasons import Reason

Node = dict[str, Any]

_URL = re.compile(r'[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>"{}|^`\\]+')


def is_url(value: Any) -> bool:
    """Whether the value is one absolute URL, of any scheme."""
    return isinstance(value, str) and _URL.fullmatch(value) is not None


def is_text(value: Any) -> bool:
    """Whether the value is a text that says something."""
    return isinstance(value, str) and bool(value.strip())


def types_of(node: Node) -> list[str]:
    """The types that the object says it has.

    Raises:
        Defect: `type_wrong`, where one is no text.
    """
    listed = node.get("type", [])
    values = listed if isinstance(listed, list) else [listed]
    for value in values:
        if not is_text(value):
            raise Defect(Reason.TYPE_WRONG)
    return values


def has_type(node: Node, name: str) -> bool:
    """Whether the object says that it is of this type, among others.

    Raises:
        Defect: `type_wrong`, where one of its types is no text.
    """
    return name in types_of(node)


def objects_of(value: Any, reason: Reason) -> list[Node]:
    """The objects of a member that holds none, one or several.

    Raises:
        Defect: with the reason given, where anything else stands in it.
    """
    if value is None:
        return []
    listed = value if isinstance(value, list) else [value]
    for each in listed:
        if not isinstance(each, dict):
            raise Defect(reason, "not an object")
    return listed


def require_type(value: Any, name: str) -> None:
    """Return where each object of the member says that it is of this type.

    Raises:
        Defect: `nested_type_missing` or `type_wrong`.
    """
    for node in objects_of(value, Reason.NESTED_TYPE_MISSING):
        if not has_type(node, name):
            raise Defect(Reason.NESTED_TYPE_MISSING, name)


def context_urls(document: Node) -> list[str]:
    """The addresses among the document's contexts, in order."""
    listed = document.get("@context")
    return [each for each in (listed if isinstance(listed, list) else [listed]) if isinstance(each, str)]
