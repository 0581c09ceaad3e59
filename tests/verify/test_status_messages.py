"""Messages and announced versions: read from lists with entries of several bits, and noted beside the checks."""

from typing import Any

import pytest

from tests.verify import factory as f
from verify import CheckName, Outcome, Reason, Report, Verdict
from verify.list_memory import ListMemory
from verify.standards import status_list
from verify.standards.documents import shipped_contexts

STATUS = CheckName.STATUS
LIST = "https://badges.example/status/9"


def messages(size: int) -> list[f.Node]:
    return [{"status": hex(value), "message": f"m{value}"} for value in range(2**size)]


def entry(purpose: str, index: int = 77, **changes: Any) -> f.Node:
    made = f.status_entry(index, statusPurpose=purpose, statusListCredential=LIST)
    made.pop("statusReference")
    return {**made, **changes}


def report(made: f.Node, *set_: int, purpose: str, size: int = 1, entries: int = 131_072, **subject: Any) -> Report:
    """The report on a badge with this entry and a list with these bits set."""
    bits = status_list.new(max(entries * size, 131_072))
    for place in set_:
        status_list.set_bit(bits, place)
    encoded = {"encodedList": status_list.encode(bits), **subject}
    signed = f.written(f.sign(f.status_credential(LIST, purpose, (), **encoded)))
    lists = {LIST: signed, f.REVOCATIONS: f.revocations(), f.SUSPENSIONS: f.suspensions()}
    badge = f.badge(credentialStatus=[made, f.status_entry(f.STANDING)])
    return f.verify(badge, f.trust(status_lists=lists))


@pytest.mark.parametrize(("size", "set_"), [(1, ()), (1, (77,)), (2, (154,)), (4, (308, 311)), (8, (623,))])
def test_a_message_is_noted_and_takes_nothing_back(size: int, set_: tuple[int, ...]) -> None:
    """Whatever it says: the badge is as valid as its revocation entry tells."""
    told = {} if size == 1 else {"statusSize": size, "statusMessage": messages(size)}
    found = report(entry("message", **told), *set_, purpose="message", size=size)
    assert (found.verdict, found.notes) == (Verdict.VALID, (Reason.STATUS_MESSAGE,))


@pytest.mark.parametrize(("set_", "notes"), [((), ()), ((77,), (Reason.REFRESH_ANNOUNCED,))])
def test_a_newer_version_is_announced(set_: tuple[int, ...], notes: tuple[Reason, ...]) -> None:
    """It does not invalidate the one at hand."""
    found = report(entry("refresh"), *set_, purpose="refresh")
    assert (found.verdict, found.notes) == (Verdict.VALID, notes)


@pytest.mark.parametrize(
    ("changes", "outcome", "reason"),
    [
        ({"statusSize": 2}, Outcome.FAILED, Reason.STATUS_MALFORMED),
        ({"statusSize": 2, "statusMessage": messages(1)}, Outcome.FAILED, Reason.STATUS_MALFORMED),
        ({"statusSize": 1, "statusMessage": [{"status": "0x0"}] * 2}, Outcome.FAILED, Reason.STATUS_MALFORMED),
        ({"statusMessage": [{"status": "0", "message": "m"}] * 2}, Outcome.FAILED, Reason.STATUS_MALFORMED),
        ({"statusSize": 0}, Outcome.FAILED, Reason.STATUS_MALFORMED),
        ({"statusSize": -1}, Outcome.FAILED, Reason.STATUS_MALFORMED),
        ({"statusSize": 9}, Outcome.NOT_CHECKED, Reason.STATUS_TYPE_UNSUPPORTED),
        ({"statusListIndex": "131072"}, Outcome.FAILED, Reason.STATUS_INDEX_OUT_OF_RANGE),
        ({"statusListCredential": "https://badges.example/status/0"}, Outcome.NOT_CHECKED, Reason.STATUS_UNREACHABLE),
    ],
)
def test_a_message_entry_that_is_not_right(changes: f.Node, outcome: Outcome, reason: Reason) -> None:
    """Every rule of the specification about its size, its messages and its place."""
    check = report(entry("message", **changes), purpose="message", size=2).check(STATUS)
    if reason is Reason.STATUS_INDEX_OUT_OF_RANGE:
        check = report(entry("message", **changes), purpose="message").check(STATUS)
    assert (check.outcome, check.reason) == (outcome, reason)


def test_a_list_of_too_few_entries_of_that_size_is_refused() -> None:
    """So many bits, but too few entries to hide one holder among many."""
    told = {"statusSize": 4, "statusMessage": messages(4)}
    small = report(entry("message", **told), purpose="message").check(STATUS)
    assert (small.outcome, small.reason) == (Outcome.FAILED, Reason.STATUS_LIST_TOO_SMALL)


def test_revocation_in_several_bits_is_left_undecided() -> None:
    """Which of its values revoke is nowhere said."""
    told = {"statusSize": 2, "statusMessage": messages(2)}
    check = report(entry("revocation", **told), purpose="revocation", size=2).check(STATUS)
    assert (check.outcome, check.reason) == (Outcome.NOT_CHECKED, Reason.STATUS_TYPE_UNSUPPORTED)


def test_memory_counts_the_bits_it_keeps() -> None:
    """Lists that unpack to much more than they weigh do not fill the memory beyond its bound."""
    memory = ListMemory(most_lists=100, most_bytes=1_000_000)
    for number in range(6):
        subject = {"encodedList": status_list.encode(status_list.new(4_000_000)), "id": f"{LIST}#{number}"}
        signed = memory.read(f.written(f.status_credential(LIST, "revocation", (), **subject)), shipped_contexts())
        assert len(memory.bits(signed, subject["encodedList"])) == 500_000
    assert len(memory) == 1
