"""Contexts that a document brings along: refused by default, and bounded where a reader allows them."""

from typing import Any

import pytest

from verify.errors import Defect, Undecided
from verify.reasons import Reason
from verify.standards import canonical, jsonld
from verify.standards.canonical import canonicalise
from verify.standards.documents import CREDENTIALS_V2, Contexts, shipped_contexts

LENIENT = shipped_contexts().extended({}, inline=True)
NAMED = {"Example": "https://example.org/#Example"}


def _credential(*contexts: Any, type_: str = "Example") -> dict[str, Any]:
    return {
        "@context": [CREDENTIALS_V2, *contexts],
        "type": ["VerifiableCredential", type_],
        "issuer": "did:example:issuer",
        "credentialSubject": {"id": "did:example:subject"},
    }


def _reason(document: dict[str, Any], contexts: Contexts = LENIENT) -> Reason:
    with pytest.raises((Defect, Undecided)) as caught:
        canonicalise(document, contexts)
    return caught.value.reason


def test_context_of_its_own_is_refused_by_default() -> None:
    """Readers of badges allow none, however plain."""
    assert _reason(_credential(NAMED), shipped_contexts()) is Reason.CONTEXT_INLINE
    assert _reason(_credential({"@vocab": "https://example.org/#"}), shipped_contexts()) is Reason.CONTEXT_INLINE
    with pytest.raises(Defect):
        canonical.context_addresses(_credential(NAMED))


def test_plain_terms_are_read_where_allowed() -> None:
    """A term, a term with a scope of its own, and a vocabulary, as the vectors of ecdsa-sd-2023 have it."""
    assert b"https://example.org/#Example" in canonicalise(_credential(NAMED), LENIENT)
    scoped = {"Example": {"@id": "https://example.org/#Example", "@context": {"x": "https://example.org/#x"}}}
    assert canonicalise(_credential(scoped), LENIENT) == canonicalise(_credential(NAMED), LENIENT)
    wrapped = {"@context": NAMED}
    assert canonicalise(_credential(wrapped), LENIENT) == canonicalise(_credential(NAMED), LENIENT)
    vocabulary = {"@vocab": "https://example.org/#"}
    assert canonicalise(_credential(vocabulary), LENIENT) == canonicalise(_credential(NAMED), LENIENT)


def test_first_context_is_an_address_all_the_same() -> None:
    """What comes first decides what a document is."""
    document = _credential(NAMED)
    document["@context"].reverse()
    assert _reason(document) is Reason.CONTEXT_INLINE


@pytest.mark.parametrize(
    "context",
    [
        {"@vocab": None},
        {"@vocab": ""},
        {"@vocab": "relative"},
        {"@base": "https://example.org/"},
        {"@import": CREDENTIALS_V2},
        {"hidden": "@id"},
        {"hidden": {"@id": "@type"}},
        {"hidden": {"@id": "https://example.org/#h", "@reverse": "https://example.org/#r"}},
        {"hidden": {"@id": "https://example.org/#h", "@context": {"@base": "https://example.org/"}}},
        {"hidden": None},
        {"@context": NAMED, "more": "https://example.org/#more"},
        {"@context": {"@vocab": ""}},
        7,
        None,
    ],
)
def test_context_that_could_hide_something_is_refused_even_there(context: Any) -> None:
    """No vocabulary without an address, no base, no other name for a keyword."""
    assert _reason(_credential(NAMED, context)) is Reason.CONTEXT_INLINE


def test_context_nested_too_deeply_is_refused() -> None:
    """Scopes within scopes come to an end."""
    context: dict[str, Any] = {"x": "https://example.org/#x"}
    for _ in range(20):
        context = {"x": {"@id": "https://example.org/#x", "@context": context}}
    assert _reason(_credential(NAMED, context)) is Reason.CONTEXT_INLINE


def test_address_inside_it_has_to_be_on_the_list() -> None:
    """Nothing is fetched by a detour."""
    context = {"x": {"@id": "https://example.org/#x", "@context": "https://example.org/other"}}
    assert _reason(_credential(NAMED, context)) is Reason.CONTEXT_UNKNOWN


def test_protected_term_cannot_be_defined_anew() -> None:
    """Neither one of the data model nor one of its own."""
    assert _reason(_credential({"VerifiableCredential": "https://example.org/#Bad"})) is Reason.JSONLD_INVALID
    again = {"Example": "https://example.org/#Bad"}
    assert _reason(_credential({**NAMED, "@protected": True}, again)) is Reason.JSONLD_INVALID


def test_nothing_a_document_brings_is_remembered() -> None:
    """The next document knows only what its own contexts say."""
    before = len(jsonld.remembered_for(LENIENT)._active)
    canonicalise(_credential(NAMED), LENIENT)
    assert _reason(_credential(type_="Example")) is Reason.UNDEFINED_TERM
    other = {"Example": "https://example.org/#Other"}
    assert b"#Other" in canonicalise(_credential(other), LENIENT)
    assert not any("Example" in str(step) for step in list(jsonld.remembered_for(LENIENT)._active)[before:])
