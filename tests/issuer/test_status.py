"""Status lists: bits, places drawn at random, and the credential around them."""

from datetime import datetime

import pytest

from issuer import status
from tests.issuer.samples import DID, ISSUER, NOW, REVOCATIONS
from verify.standards import status_list
from verify.standards.canonical import canonicalise


def test_new_list_has_every_bit_clear():
    """131,072 places, the least the specification allows."""
    assert status_list.decode(status.new_bits().encoded()) == bytes(16_384)
    assert status.ENTRIES == 131_072


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
    bits = status.new_bits().with_bit(7, value=True)
    document = status.status_list_credential(REVOCATIONS, ISSUER, "revocation", bits, NOW)
    encoded = document["credentialSubject"].pop("encodedList")
    assert status_list.decode(encoded) == b"\1" + bytes(16_383)
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
            "ttl": 300_000,
        },
    }
    assert b"BitstringStatusListCredential" in canonicalise(document)


def test_status_list_credential_needs_a_zone():
    """A list that begins at an unknown moment is not signed."""
    with pytest.raises(ValueError, match="zone"):
        status.status_list_credential(REVOCATIONS, ISSUER, "revocation", status.new_bits(), datetime(2026, 1, 1))  # noqa: DTZ001
