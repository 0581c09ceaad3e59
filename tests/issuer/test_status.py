"""Status lists: bits, places drawn at random, and the credential around them."""

from datetime import datetime

import pytest

from issuer import status
from tests.issuer.samples import DID, ISSUER, NOW, REVOCATIONS
from verify.standards import status_list
from verify.standards.canonical import canonicalise


def test_new_list_has_every_bit_clear():
    """131,072 places, the least the specification allows."""
    assert status.new_bits() == bytes(16_384)
    assert status.ENTRIES == 131_072


def test_with_bit_changes_one_bit_of_a_copy():
    """Index 0 is the left-most bit; setting and clearing come back to where they began."""
    bits = status.new_bits()
    first = status.with_bit(bits, 0, value=True)
    assert first[0] == 0x80
    assert bits == bytes(16_384)
    last = status.with_bit(first, 131_071, value=True)
    assert (last[-1], status_list.is_set(last, 131_071), status_list.is_set(last, 131_070)) == (1, True, False)
    assert status.with_bit(status.with_bit(last, 0, value=False), 131_071, value=False) == bits


@pytest.mark.parametrize("index", [-1, 131_072])
def test_with_bit_refuses_a_place_outside_the_list(index):
    """A bit beyond the list would be somebody else's."""
    with pytest.raises(IndexError):
        status.with_bit(status.new_bits(), index, value=True)


def test_random_free_index_is_never_a_taken_one():
    """With one place left in sixteen, only free places are drawn, and more than one of them."""
    free = set(range(0, status.ENTRIES, 16))
    taken = set(range(status.ENTRIES)) - free
    drawn = {status.random_free_index(taken) for _ in range(50)}
    assert drawn <= free
    assert len(drawn) > 25


def test_random_free_index_says_when_the_list_is_full():
    """A full list asks for a new one; it does not search for ever."""
    with pytest.raises(status.ListFull):
        status.random_free_index(range(status.ENTRIES))


def test_status_list_credential_has_the_shape_of_the_specification():
    """Unsigned, in force from the moment given, its bits as `u` and gzip; every term defined."""
    bits = status.with_bit(status.new_bits(), 7, value=True)
    document = status.status_list_credential(REVOCATIONS, ISSUER, "revocation", bits, NOW)
    encoded = document["credentialSubject"].pop("encodedList")
    assert status_list.decode(encoded) == bits
    assert document == {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": REVOCATIONS,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": DID,
        "validFrom": "2026-03-02T09:30:15Z",
        "credentialSubject": {
            "id": f"{REVOCATIONS}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
        },
    }
    assert b"BitstringStatusListCredential" in canonicalise(document)


def test_status_list_credential_needs_a_zone():
    """A list that begins at an unknown moment is not signed."""
    with pytest.raises(ValueError, match="zone"):
        status.status_list_credential(REVOCATIONS, ISSUER, "revocation", status.new_bits(), datetime(2026, 1, 1))  # noqa: DTZ001
