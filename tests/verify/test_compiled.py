"""The compiled path: like guarded PyLD and pyoxigraph byte for byte, or not taken at all."""

import copy
import gc
import threading
import weakref
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.verify import differences, generated, vectors
from tests.verify import factory as f
from verify.errors import Undecided
from verify.reasons import Reason
from verify.standards import canonical, compiled, jsonld, rdfc
from verify.standards.documents import CREDENTIALS_V1, CREDENTIALS_V2, OPEN_BADGES, Contexts, shipped_contexts

_OPTIONS = {
    "@context": [CREDENTIALS_V2, OPEN_BADGES],
    "type": "DataIntegrityProof",
    "cryptosuite": "eddsa-rdfc-2022",
    "created": "2026-10-01T08:00:00Z",
    "verificationMethod": f.METHOD,
    "proofPurpose": "assertionMethod",
}


def _is_compiled(document: dict[str, Any], contexts: Contexts | None = None) -> bool:
    return compiled.canonicalise(document, contexts or shipped_contexts()) is not None


@given(st.randoms(use_true_random=False))
@settings(max_examples=150)
def test_generated_credentials_come_out_alike(random: Random) -> None:
    """What hypothesis makes up is canonicalised alike by all three, or refused."""
    document = generated.document(random)
    assert differences.outcome(document) not in differences.WRONG, document


def test_mutated_credentials_come_out_alike() -> None:
    """The first of those that `bench/differential.py` counts by the hundred thousand, and enough of each outcome."""
    outcomes = []
    for seed in range(400):
        random = Random(seed)
        document = generated.document(random)
        outcomes.append(differences.outcome(document, random.choice(("sha256", "sha384"))))
        assert outcomes[-1] not in differences.WRONG, seed
    for outcome in (differences.IDENTICAL, differences.HANDED_OVER, differences.REFUSED):
        assert outcomes.count(outcome) > 5, outcome


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(f.credential(), id="badge"),
        pytest.param(_OPTIONS, id="proof options"),
        pytest.param(f.status_credential(f.REVOCATIONS, "revocation", ()), id="status list"),
        pytest.param(generated.endorsement(), id="endorsement"),
        pytest.param(generated.older(), id="older data model"),
        pytest.param(generated.record(), id="learner record"),
        pytest.param(generated.graded(), id="grades in a list, embedded endorsement"),
        pytest.param(generated.presentation(), id="presentation"),
    ],
)
def test_usual_documents_are_compiled(document: dict[str, Any]) -> None:
    """What badges are made of does not need PyLD, and comes out alike."""
    assert _is_compiled(document)
    assert differences.outcome(document) == differences.IDENTICAL


@vectors.needed
def test_samples_of_others_come_out_alike() -> None:
    """The samples of the 1EdTech, of which the usual ones are compiled."""
    folder = vectors.FOLDER / "ob3-samples" / "validator"
    outcomes = [
        differences.outcome(vectors.read(str(path.relative_to(vectors.FOLDER)))) for path in folder.glob("*.json")
    ]
    assert outcomes
    assert not set(outcomes) & set(differences.WRONG)
    assert outcomes.count(differences.IDENTICAL) > len(outcomes) / 3


@pytest.mark.parametrize(
    "change",
    [
        {"name": {"@value": "x"}},
        {"name": 3.75},
        {"name": [["x"]]},
        {"name": "\x7f"},
        {"name": "\x1f"},
        {"name": "\uffff"},
        {"issuer": "relative-iri:x"},
        {"evidence": {"@context": None, "id": "urn:a:b"}},
        {"type": None},
        {"type": ["VerifiableCredential", 1]},
        {"proof": "https://badges.example/proof"},
        {"nothing": 1},
    ],
)
def test_what_is_not_plain_is_handed_over(change: dict[str, Any]) -> None:
    """The compiled path leaves it to guarded PyLD to read it, or to say what is wrong with it."""
    assert not _is_compiled(f.credential(**change))
    assert differences.outcome({**f.credential(), **change}) not in differences.WRONG


def test_compact_iris_are_handed_over() -> None:
    """Which names are prefixes, PyLD knows."""
    document = {"@context": [CREDENTIALS_V1], "id": "urn:a:b", "type": ["VerifiableCredential"], "issuer": "urn:a:c"}
    assert _is_compiled(document)
    assert not _is_compiled({**document, "issuer": "cred:x"})
    assert _is_compiled({**document, "issuer": "cred://x"})
    assert differences.outcome({**document, "issuer": "cred:x"}) == differences.HANDED_OVER


def test_a_nested_context_of_nothing_is_handed_over_whatever_came_before() -> None:
    """Also where the same place has been read without a context before."""
    document = f.credential()
    assert _is_compiled(document)
    document["issuer"]["@context"] = None
    assert not _is_compiled(document)


def test_two_lists_share_nothing() -> None:
    """The same address means on each list what that list has there."""
    address = "https://contexts.example/one"
    lists = [Contexts({address: {"@context": {"term": f"https://words.example/{name}"}}}) for name in ("a", "b")]
    document = {"@context": address, "term": "x"}
    for number, name in ((0, "a"), (1, "b"), (0, "a")):
        assert _is_compiled(document, lists[number])
        assert f"/{name}>".encode() in canonical.canonicalise(document, lists[number])
    with pytest.raises(Undecided) as caught:
        canonical.canonicalise(document)
    assert caught.value.reason is Reason.CONTEXT_UNKNOWN


def test_contexts_of_documents_are_not_remembered() -> None:
    """Neither an inline context nor an unknown address leaves anything in the tables."""
    contexts = shipped_contexts().extended({}, inline=True)
    assert _is_compiled(f.credential(), contexts)
    known = compiled._table_for(contexts).known
    document = f.credential()
    document["@context"] = [*document["@context"], {"Nouveau": "https://words.example/nouveau"}]
    assert not _is_compiled(document, contexts)
    assert not _is_compiled({**f.credential(), "@context": "https://elsewhere.example/"}, contexts)
    assert compiled._table_for(contexts).known == known


def test_documents_that_are_handed_over_do_not_wear_the_tables_out() -> None:
    """However often a term with a context of its own is met and left to PyLD, the others stay compiled."""
    address = "https://contexts.example/one"
    own = {"@id": "https://words.example/odd", "@context": {"@direction": "rtl"}}
    contexts = Contexts({address: {"@context": {"odd": own, "term": "https://words.example/term"}}})
    for _ in range(jsonld.MAX_CONTEXT_STEPS + 1):
        assert not _is_compiled({"@context": address, "odd": "x"}, contexts)
    assert _is_compiled({"@context": address, "term": "x"}, contexts)


def test_tables_go_with_their_list() -> None:
    """What was asked of a list that nobody holds any more is gone."""
    contexts = shipped_contexts().extended({})
    assert _is_compiled(f.credential(), contexts)
    gone = weakref.ref(compiled._table_for(contexts))
    del contexts
    gc.collect()
    assert gone() is None


def test_tables_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents that make the tables grow have them begun anew, and come out the same."""
    monkeypatch.setattr(compiled, "_MAX_KNOWN", 3)
    contexts = shipped_contexts().extended({})
    made = {canonical.canonicalise(f.credential(), contexts) for _ in range(3)}
    assert made == {canonical.canonicalise(f.credential())}


def test_threads_build_one_table_together() -> None:
    """Many threads that ask the same fresh list at once get what one gets alone."""
    contexts = shipped_contexts().extended({})
    documents = [f.credential(), _OPTIONS, generated.record(), generated.graded()]
    expected = [canonical.canonicalise(document) for document in documents]
    made: list[list[bytes]] = []
    threads = [
        threading.Thread(target=lambda: made.append([canonical.canonicalise(each, contexts) for each in documents]))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [expected] * 6


def test_document_is_left_as_it_was() -> None:
    """Reading changes nothing in the document."""
    document = generated.record()
    before = copy.deepcopy(document)
    assert _is_compiled(document)
    assert document == before


def test_quads_are_those_of_guarded_pyld() -> None:
    """`to_quads` of the compiled path: the same dataset, for whoever labels blank nodes in his own way."""
    document = generated.graded()
    ours = canonical.to_quads(document)
    theirs = jsonld.to_quads(document, shipped_contexts())
    assert rdfc.canonicalise_quads(ours).lines == rdfc.canonicalise_quads(theirs).lines
    assert len({quad[0] for quad in ours}) == len({quad[0] for quad in theirs})
