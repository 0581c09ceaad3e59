"""Canonical N-Quads: everything that would let RDF and JSON say different things is refused."""

import threading
from itertools import islice, product
from typing import Any

import pytest

from tests.verify import factory as f
from verify.errors import Defect, Undecided
from verify.reasons import Reason
from verify.standards import compiled, jsonld
from verify.standards.canonical import canonicalise
from verify.standards.documents import CREDENTIALS_V1, CREDENTIALS_V2, OPEN_BADGES, shipped_contexts


def _reason(document: dict[str, Any]) -> Reason:
    with pytest.raises((Defect, Undecided)) as caught:
        canonicalise(document)
    return caught.value.reason


def test_canonicalise_gives_the_same_bytes_again() -> None:
    """Remembering processed contexts changes nothing but the time it takes."""
    fresh = shipped_contexts().extended({})
    document = f.credential()
    assert canonicalise(document, fresh) == canonicalise(document, fresh) == canonicalise(document)


def test_canonicalise_gives_the_same_bytes_in_many_threads() -> None:
    """Threads share what is remembered and do not disturb each other."""
    contexts = shipped_contexts().extended({})
    expected = canonicalise(f.credential())
    made: list[bytes] = []

    def work() -> None:
        made.extend(canonicalise(f.credential(), contexts) for _ in range(3))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [expected] * 12


def test_canonicalise_forgets_when_it_remembers_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is remembered between documents has an end, and forgetting changes no answer."""
    monkeypatch.setattr(jsonld, "MAX_REMEMBERED", 5)
    contexts = shipped_contexts().extended({})
    assert canonicalise(f.credential(), contexts) == canonicalise(f.credential(), contexts)


def test_canonicalise_keeps_direction_and_language() -> None:
    """A text with a direction is not dropped: two texts that differ only there sign apart."""
    plain = {"@context": [CREDENTIALS_V2], "id": "urn:a:b", "name": {"@value": "x", "@language": "ar"}}
    turned = {**plain, "name": {"@value": "x", "@language": "ar", "@direction": "rtl"}}
    assert canonicalise(plain) != canonicalise(turned)
    assert b"ar_rtl" in canonicalise(turned)


def test_canonicalise_keeps_values_that_differ_in_direction_alone() -> None:
    """Two texts side by side, equal but for their direction, are two statements."""
    texts = [{"@value": "x", "@language": "ar", "@direction": way} for way in ("rtl", "ltr")]
    made = canonicalise({"@context": [CREDENTIALS_V2], "id": "urn:a:b", "name": texts})
    assert b"ar_rtl" in made
    assert b"ar_ltr" in made


def test_canonicalise_takes_a_schema_inside_a_credential_as_it_stands() -> None:
    """A JSON literal is one text in RDF, whatever its members are called."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", "required": ["a"], "maximum": 1.5}
    subject = {"id": "https://example.org/schema", "type": "JsonSchema", "jsonSchema": schema}
    made = canonicalise({"@context": [CREDENTIALS_V2], "type": "VerifiableCredential", "credentialSubject": subject})
    assert rb'\"maximum\":1.5,\"required\":[\"a\"]}"^^' in made


def test_canonicalise_keeps_json_literals_that_differ_in_kind_alone() -> None:
    """1 and true are equal to Python, not to JSON."""
    literals = [{"@value": [value], "@type": "@json"} for value in (1, True)]
    made = canonicalise({"@context": [CREDENTIALS_V2], "id": "urn:a:b", "name": literals})
    assert b'"[1]"' in made
    assert b'"[true]"' in made


@pytest.mark.parametrize(
    "nothing",
    ["https://badges.example/c/1", "eyJhbGciOiJFZERTQSJ9..", 3.75, {"@context": CREDENTIALS_V2, "id": "urn:a:d"}],
)
def test_canonicalise_refuses_what_would_be_lost_in_a_graph(nothing: Any) -> None:
    """PyLD keeps of an address, a token or an id in the place of a credential only that there was something."""
    document = {
        "@context": [CREDENTIALS_V2],
        "type": ["VerifiablePresentation"],
        "holder": "urn:a:c",
        "verifiableCredential": [nothing],
    }
    assert _reason(document) is Reason.JSONLD_INVALID
    enveloped = {"id": "data:application/vc+jwt,eyJ", "type": "EnvelopedVerifiableCredential"}
    document["verifiableCredential"] = [{"@context": CREDENTIALS_V2, **enveloped}]
    assert b"data:application/vc+jwt,eyJ" in canonicalise(document)


@pytest.mark.parametrize("member", ["name", "id"])
def test_canonicalise_refuses_half_a_surrogate_pair(member: str) -> None:
    """There is no UTF-8 of it, wherever it stands."""
    for extra in ({}, {"description": {"@value": "x"}}):
        assert _reason({**f.credential(), **extra, member: "urn:a:\ud800"}) is Reason.JSON_LONE_SURROGATE


@pytest.mark.parametrize("document", [{}, {"id": "urn:a:b"}, {"@value": "x"}, {"name": None}])
def test_canonicalise_refuses_a_document_that_says_nothing(document: dict[str, Any]) -> None:
    """No quads, no statement that could be signed."""
    assert _reason({"@context": [CREDENTIALS_V2], **document}) is Reason.JSONLD_INVALID


@pytest.mark.parametrize("space", ["\u00a0", "\u2003", "\u2028", "\u3000", "\x85", "\x1f"])
def test_canonicalise_refuses_an_id_with_any_kind_of_space(space: str) -> None:
    """PyLD drops all that is said of such a thing, which could then be changed under a good signature."""
    document = f.credential()
    document["credentialSubject"]["achievement"]["id"] = f"https://badges.example/{space}"
    assert _reason(document) is Reason.IRI_INVALID


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"@context": []}, Reason.CONTEXT_MISSING),
        ({"@context": None}, Reason.CONTEXT_MISSING),
        ({"@context": {"@vocab": "https://evil.example/#"}}, Reason.CONTEXT_INLINE),
        ({"@context": [CREDENTIALS_V2, None]}, Reason.CONTEXT_INLINE),
        ({"@context": ["https://www.w3.org/ns/credentials/v2#"]}, Reason.CONTEXT_UNKNOWN),
        ({"@context": ["HTTPS://www.w3.org/ns/credentials/v2"]}, Reason.CONTEXT_UNKNOWN),
        ({"issuer": {"@context": "https://evil.example/", "id": "urn:a:c"}}, Reason.CONTEXT_UNKNOWN),
        ({"nothing": 1}, Reason.UNDEFINED_TERM),
        ({"type": ["Nothing"]}, Reason.UNDEFINED_TERM),
        ({"id": "relative"}, Reason.UNDEFINED_TERM),
        ({"id": "//evil.example/x"}, Reason.UNDEFINED_TERM),
        ({"id": ""}, Reason.UNDEFINED_TERM),
        ({"id": "_:b0"}, Reason.IRI_INVALID),
        ({"id": "urn:a b"}, Reason.IRI_INVALID),
        ({"id": "urn:a\n"}, Reason.IRI_INVALID),
        ({"id": "urn:a>"}, Reason.IRI_INVALID),
        ({"https://schema.org/name": "x"}, Reason.TERM_HIDDEN),
        ({"@id": "urn:a:c"}, Reason.TERM_HIDDEN),
        ({"@type": ["VerifiableCredential"]}, Reason.TERM_HIDDEN),
        ({"@language": "fr"}, Reason.TERM_HIDDEN),
        ({"name": {"@language": "fr"}}, Reason.TERM_HIDDEN),
        ({"issuer": {"id": "urn:a:c", "@direction": "rtl"}}, Reason.TERM_HIDDEN),
        ({"@graph": [{"name": "x"}]}, Reason.TERM_HIDDEN),
        ({"@included": [{"name": "x"}]}, Reason.TERM_HIDDEN),
        ({"@reverse": {"issuer": {"id": "urn:a:d"}}}, Reason.TERM_HIDDEN),
        ({"issuer": {"id": "urn:a:b", "name": "x"}}, Reason.TERM_HIDDEN),
        ({"name": {"@value": ["x"]}}, Reason.JSONLD_INVALID),
        ({"name": {"@value": []}}, Reason.JSONLD_INVALID),
        ({"name": {"@value": {}}}, Reason.JSONLD_INVALID),
        ({"name": {"@value": "x", "@type": []}}, Reason.JSONLD_INVALID),
        ({"name": {"@value": "x", "@type": "xsd"}}, Reason.UNDEFINED_TERM),
        ({"name": {"@value": 7, "@language": "fr"}}, Reason.JSONLD_INVALID),
        ({"name": 1e-9}, Reason.JSON_NUMBER_UNSAFE),
    ],
)
def test_canonicalise_refuses_what_json_and_rdf_could_read_apart(change: dict[str, Any], reason: Reason) -> None:
    """One odd member in an otherwise good document."""
    document = {"@context": [CREDENTIALS_V2], "id": "urn:a:b", "type": ["VerifiableCredential"], "issuer": "urn:a:c"}
    canonicalise(document)
    assert _reason({**document, **change}) is reason


def test_canonicalise_refuses_a_term_that_only_another_context_defines() -> None:
    """The newer date is a word of the newer vocabulary; the older one is not."""
    document = {"@context": [CREDENTIALS_V2], "id": "urn:a:b", "type": ["VerifiableCredential"]}
    dated = {**document, "expirationDate": "2026-01-01T00:00:00Z"}
    assert _reason(dated) is Reason.UNDEFINED_TERM
    assert b"expirationDate" in canonicalise({**dated, "@context": [CREDENTIALS_V1]})


def _poison_siblings(number: int) -> list[dict[str, Any]]:
    entry = {"type": "IdentifierEntry", "identifier": "x", "identifierType": "identifier"}
    return [{"type": ["Profile"], "otherIdentifier": [entry] * number} for _ in range(2)]


@pytest.mark.parametrize(
    "poison",
    [
        pytest.param({"evidence": _poison_siblings(9)}, id="permutations"),
        pytest.param({"evidence": [{"type": ["Evidence"]}] * 1_500}, id="blank nodes"),
        pytest.param({"name": [f"nom {number}" for number in range(3_000)]}, id="comparisons"),
    ],
)
def test_canonicalise_stops_at_too_much_work(poison: dict[str, Any]) -> None:
    """A document made to keep the canonicaliser busy is refused by counting, not by a clock."""
    assert _reason(f.credential(**poison)) is Reason.TOO_COMPLEX


def test_canonicalise_stops_at_too_many_contexts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A document whose nesting makes ever new contexts is refused by counting them."""
    monkeypatch.setattr(jsonld, "MAX_CONTEXT_STEPS", 10)
    assert _reason(f.credential()) is Reason.TOO_COMPLEX


def test_canonicalise_stops_at_a_long_list_of_contexts() -> None:
    """The same address a thousand times is read a thousand times: a short document would take seconds."""
    contexts = [*f.credential()["@context"], *[OPEN_BADGES] * (jsonld.MAX_CONTEXTS - 2)]
    assert canonicalise({**f.credential(), "@context": contexts}) == canonicalise(f.credential())
    assert _reason({**f.credential(), "@context": [*contexts, OPEN_BADGES]}) is Reason.TOO_COMPLEX


def test_canonicalise_stops_at_objects_that_each_bring_other_contexts() -> None:
    """Before they are all read, and without the quick walk reading them first."""
    shuffled = islice(product([OPEN_BADGES, CREDENTIALS_V2], repeat=8), 200)
    evidence = [{"@context": list(each), "id": f"urn:a:{i}", "type": "Evidence"} for i, each in enumerate(shuffled)]
    contexts = shipped_contexts().extended({})
    with pytest.raises(Defect) as refused:
        canonicalise(f.credential(evidence=evidence), contexts)
    assert refused.value.reason is Reason.TOO_COMPLEX
    assert compiled._table_for(contexts).known < jsonld.MAX_CONTEXT_STEPS


def test_canonicalise_stops_at_depth() -> None:
    """Nesting beyond what Python can follow is a defect of the document, not a crash."""
    node: dict[str, Any] = {"type": ["Profile"], "id": "urn:a:b"}
    for _ in range(2_000):
        node = {"type": ["Profile"], "parentOrg": node}
    assert _reason({**f.credential(), "issuer": node}) is Reason.TOO_COMPLEX


def test_two_blank_nodes_that_look_alike_are_canonicalised() -> None:
    """Equal objects without an id are rare but honest."""
    evidence = {"type": ["Evidence"], "name": "x"}
    assert canonicalise(f.credential(evidence=[evidence, evidence])).count(b'"x"') == 2
