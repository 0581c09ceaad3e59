"""Of status lists, what depends on their bytes alone is kept; whatever another moment may answer differently is not."""

import json
from datetime import timedelta

import pytest

from tests.verify import factory
from verify import TrustBundle, Verdict, Verifier
from verify.errors import Undecided
from verify.list_memory import ListMemory
from verify.reasons import Reason
from verify.standards.documents import Contexts, shipped_contexts


def _verifier(memory: ListMemory, trust: TrustBundle) -> Verifier:
    return Verifier(keys=trust, statuses=trust, issuers=trust, lists=memory)


def test_list_is_read_once_for_the_same_bytes() -> None:
    """The same bytes give the same list; other bytes another one."""
    memory, contexts = ListMemory(), shipped_contexts()
    first = memory.read(factory.revocations(), contexts)
    assert memory.read(factory.revocations(), contexts) is first
    assert memory.read(factory.suspensions(), contexts) is not first
    assert len(memory) == 2


def test_list_is_read_anew_for_another_set_of_contexts() -> None:
    """Its canonical form depends on the contexts that are known."""
    memory = ListMemory()
    first = memory.read(factory.revocations(), shipped_contexts())
    other = Contexts(shipped_contexts().documents())
    assert memory.read(factory.revocations(), other) is not first


def test_memory_stays_within_its_bounds() -> None:
    """The list that was not asked for longest goes first."""
    memory, contexts = ListMemory(most_lists=1), shipped_contexts()
    first = memory.read(factory.revocations(), contexts)
    memory.read(factory.suspensions(), contexts)
    assert len(memory) == 1
    assert memory.read(factory.revocations(), contexts) is not first
    assert len(ListMemory(most_bytes=1)) == 0
    narrow = ListMemory(most_bytes=1)
    narrow.read(factory.revocations(), contexts)
    assert len(narrow) == 0


def test_bytes_that_are_no_list_are_not_kept() -> None:
    """What cannot be read leaves nothing behind."""
    memory = ListMemory()
    with pytest.raises(Undecided):
        memory.read(b"no list", shipped_contexts())
    assert len(memory) == 0


def test_list_remembered_as_proved_is_asked_again_whose_key_it_is() -> None:
    """A key that was revoked since then proves nothing any more, although the signature is the same."""
    memory = ListMemory()
    good = factory.trust()
    assert _verifier(memory, good).verify(factory.badge(), now=factory.NOW).verdict is Verdict.VALID
    revoked = factory.trust(
        did_documents={factory.ISSUER: factory.did_document(revoked="2026-11-20T00:00:00Z")},
    )
    report = _verifier(memory, revoked).verify(factory.badge(), now=factory.NOW)
    assert report.check("status").reason is Reason.STATUS_LIST_UNPROVED


def test_list_remembered_as_proved_is_not_proved_by_another_key() -> None:
    """The same name with another key in the DID document: the signature is checked with that key, and fails."""
    memory = ListMemory()
    assert _verifier(memory, factory.trust()).verify(factory.badge(), now=factory.NOW).verdict is Verdict.VALID
    other = factory.trust(did_documents={factory.ISSUER: factory.did_document(key=factory.OTHER_KEY)})
    report = _verifier(memory, other).verify(factory.badge(), now=factory.NOW)
    assert report.check("status").reason is Reason.STATUS_LIST_UNPROVED


def test_list_remembered_runs_out_all_the_same() -> None:
    """Its dates are read at every verification."""
    memory = ListMemory()
    document = factory.status_credential(factory.REVOCATIONS, "revocation", ())
    document["validUntil"] = "2026-11-22T00:00:00Z"
    lists = {factory.REVOCATIONS: factory.written(factory.sign(document)), factory.SUSPENSIONS: factory.suspensions()}
    verifier = _verifier(memory, factory.trust(status_lists=lists))
    assert verifier.verify(factory.badge(), now=factory.NOW).verdict is Verdict.VALID
    later = verifier.verify(factory.badge(), now=factory.NOW + timedelta(days=2))
    assert later.check("status").reason is Reason.STATUS_LIST_EXPIRED


def test_list_changed_after_it_was_remembered_is_another_list() -> None:
    """One character more, and nothing is known of it."""
    memory = ListMemory()
    assert _verifier(memory, factory.trust()).verify(factory.badge(), now=factory.NOW).verdict is Verdict.VALID
    forged = json.loads(factory.revocations())
    forged["name"] = "Une liste"
    lists = {factory.REVOCATIONS: factory.written(forged), factory.SUSPENSIONS: factory.suspensions()}
    report = _verifier(memory, factory.trust(status_lists=lists)).verify(factory.badge(), now=factory.NOW)
    assert report.check("status").reason is Reason.STATUS_LIST_UNPROVED
