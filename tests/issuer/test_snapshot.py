"""The snapshot: the same knowledge always the same bytes, every set bit in it and no other."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from issuer.snapshot import CONTENT_TYPE, REVOCATION, Key, Known, List, gaps, snapshot
from tests.verify import factory as f
from verify.standards import cbor, cose, status_list
from verify.standards.signatures import LocalSigner

HOST = LocalSigner(f.OTHER_KEY, "did:web:badges.example#key-1")


def made(**changes) -> bytes:
    parts = {
        "site": "https://badges.example",
        "as_of": f.NOW,
        "issuers": [
            Known(
                f.ISSUER, "Mission", (Key("cle-1", f.KEY.public_key(), f.NOW), Key("k2", f.P256_KEY.public_key(), None))
            ),
            Known(f.STRANGER, "P-384", (Key("cle-1", f.P384_KEY.public_key(), None),)),
        ],
        "recognitions": [f.RECOGNITION],
        "lists": [List(1, f.ISSUER, REVOCATION, bytes(status_list.new()))],
        "witnessed": {"ab" * 32: f.NOW},
        "signer": HOST,
    }
    return snapshot(**{**parts, **changes})


def expanded(written: bytes) -> list[int]:
    """The indexes that the gaps spell, read by other code than wrote them."""
    found, index, gap, shift = [], -1, 0, 0
    for byte in written:
        gap |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            index += gap + 1
            found.append(index)
            gap, shift = 0, 0
    return found


@given(st.sets(st.integers(0, 131_071), max_size=30))
def test_every_set_bit_is_told_and_no_other(indexes):
    """Whichever they are."""
    bits = status_list.new()
    for index in indexes:
        status_list.set_bit(bits, index)
    assert expanded(gaps(bytes(bits))) == sorted(indexes)


def test_snapshot_is_signed_and_says_what_it_was_given():
    """By the host's key; a kind of key that signs no statements is named and empty."""
    message = cose.read(made())
    cose.verify(message, HOST.public)
    assert message.headers[cose.CONTENT_TYPE] == CONTENT_TYPE
    said = cbor.decode(message.payload)
    assert said[2] == int(f.NOW.timestamp())
    mission, other = said[3]
    assert mission[2][0] == ["cle-1", -8, f.KEY.public_key().public_bytes_raw(), int(f.NOW.timestamp())]
    assert [key[:2] for key in (mission[2][1], other[2][0])] == [["k2", -7], ["cle-1", 0]]
    issuer, by, referentiel, starts = said[4][0][:4]
    assert (issuer, by, referentiel) == (0, f.RECOGNITION.recognised_by, f.REFERENTIEL)
    assert date(1970, 1, 1) + timedelta(days=starts) == f.RECOGNITION.starts
    assert said[5] == [[0, 1, REVOCATION, 131_072, b""]]
    assert said[6] == bytes.fromhex("ab" * 16) + int(f.NOW.timestamp()).to_bytes(4, "big")


def test_same_knowledge_is_the_same_bytes():
    """So that every worker serves one snapshot."""
    assert made() == made()


def test_one_withdrawal_in_a_hundred_costs_little():
    """A full list of 131,072 entries, 1 % of them set: under two kilobytes."""
    bits = status_list.new()
    for index in range(0, 131_072, 100):
        status_list.set_bit(bits, index)
    assert len(gaps(bytes(bits))) < 2_000
