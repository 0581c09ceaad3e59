"""Keys and status lists of an issuer: made once, signed on change, read back by the verifier."""

import json

import pytest
from sqlalchemy import func, select

from badges.models.consents import Purpose
from badges.models.status import KeyRecord, StatusListRecord
from badges.services import consents, keys, status
from badges.services.errors import Conflict
from issuer.errors import WrongSecret
from tests import awarding, factories
from verify.standards import data_integrity, did, multikey, status_list


@pytest.fixture
def issuer(session, installation, clock):
    organisation = factories.organisation(session, "Mission Passerelle", slug="mission-passerelle")
    status.ensure_issuer(session, installation, organisation, clock())
    return organisation


def lists_of(session, organisation):
    return session.scalars(
        select(StatusListRecord)
        .where(StatusListRecord.organisation_id == organisation.id)
        .order_by(StatusListRecord.id)
    ).all()


def test_issuer_is_made_once(session, installation, issuer, clock):
    """However often it is asked, an organisation has one first key and one pair of lists."""
    status.ensure_issuer(session, installation, issuer, clock())
    assert session.scalar(select(func.count(KeyRecord.id))) == 1
    assert sorted(row.purpose for row in lists_of(session, issuer)) == ["revocation", "suspension"]


def test_issuer_is_a_did_of_the_public_address(installation, issuer):
    """The port is escaped and the slug is the last part."""
    assert keys.did_of(installation, issuer) == "did:web:localhost%3A8000:o:mission-passerelle"
    assert keys.slug_of(installation, keys.did_of(installation, issuer)) == "mission-passerelle"


@pytest.mark.parametrize(
    "other", ["did:web:localhost%3A8000", "did:web:example.org:o:x", "did:web:localhost%3A8000:o:a:b", "did:key:z6Mk"]
)
def test_identifier_of_elsewhere_is_no_slug(installation, other):
    """Only identifiers below our own address name an organisation of ours."""
    assert keys.slug_of(installation, other) is None


def test_lists_are_signed_by_their_issuer(session, installation, issuer):
    """Each list's own proof verifies with the key published in the DID document, and no bit is set."""
    published = keys.did_document(session, installation, issuer.slug)
    for row in lists_of(session, issuer):
        document = json.loads(row.document)
        proof = document["proof"][0]
        method = next(one for one in published["verificationMethod"] if one["id"] == proof["verificationMethod"])
        data_integrity.verify_proof(document, proof, did.public_key_of(method))
        assert document["id"] == f"http://localhost:8000/status/{row.id}"
        assert document["credentialSubject"]["statusPurpose"] == row.purpose
        assert not any(status_list.decode(document["credentialSubject"]["encodedList"]))


def test_key_is_kept_sealed(session, installation, issuer):
    """The stored bytes hold no private key in clear, and open only for this organisation."""
    record = session.scalars(select(KeyRecord)).one()
    key = keys.signing_key(session, installation, issuer)
    assert key.private.private_bytes_raw() not in record.sealed
    assert multikey.encode_public(key.public) == record.public_key
    other = factories.organisation(session, "Autre")
    record.organisation_id = other.id
    session.flush()
    with pytest.raises(WrongSecret):
        keys.signing_key(session, installation, other)


def test_organisation_without_a_key_signs_nothing(session, installation):
    """The sentence comes before any composing."""
    with pytest.raises(Conflict):
        keys.signing_key(session, installation, factories.organisation(session))


def test_rotated_key_signs_and_the_former_stays_published(session, installation, issuer, clock):
    """After a rotation both public keys stand in the DID document, and the new one signs."""
    [record] = keys.rotate(session, installation, issuer, clock.forward(days=1))
    published = keys.did_document(session, installation, issuer.slug)
    assert record.fragment == "key-2"
    assert [one["id"].partition("#")[2] for one in published["verificationMethod"]] == ["key-1", "key-2"]
    assert keys.signing_key(session, installation, issuer).verification_method.endswith("#key-2")
    lines = list(keys.describe(session, installation))
    assert len(lines) == 2
    assert "retirée le 2026-11-22" in lines[0]


def test_slots_are_random_and_in_the_same_pair(session, installation, issuer, clock):
    """Two indexes drawn one after the other are not neighbours by design, and name both lists."""
    drawn = [status.take_slot(session, installation, issuer, clock()) for _ in range(20)]
    assert len({slot.index for slot in drawn}) == 20
    assert [slot.index for slot in drawn] != sorted(slot.index for slot in drawn)
    revocation, suspension = drawn[0].revocation_list_id, drawn[0].suspension_list_id
    assert {row.id: row.purpose for row in lists_of(session, issuer)} == {
        revocation: "revocation",
        suspension: "suspension",
    }
    assert session.get(StatusListRecord, revocation).taken == 20


def test_answer_about_every_badge_signs_each_list_once(session, installation):
    """All of them are paused at one no, those that an issuer paused stay so at one yes, and no list is signed twice."""
    codes = ("equipe", "autonomie", "rigueur")
    place = awarding.world(session, installation, dict.fromkeys(codes, 3))
    badges = [place.claim(place.granted(badge_code=code)) for code in codes]
    status.suspend(session, installation, badges[2], place.now)
    who = factories.actor(place.person)
    for act, paused in ((consents.take_back, [True, True, True]), (consents.give, [False, False, True])):
        before = [row.revision for row in lists_of(session, place.structure)]
        act(session, installation, who, Purpose.PUBLICATION, place.now)
        for row, revision in zip(lists_of(session, place.structure), before, strict=True):
            signed = status_list.decode(json.loads(row.document)["credentialSubject"]["encodedList"])
            assert [status_list.is_set(signed, one.status_index) for one in badges] == paused
            assert row.revision == revision + 1


def test_half_full_list_gives_way_to_a_new_pair(session, installation, issuer, clock):
    """Beyond half, a free index would take many draws: the next badge goes to a fresh pair."""
    first = status.take_slot(session, installation, issuer, clock())
    session.get(StatusListRecord, first.revocation_list_id).taken = status.MOST_TAKEN
    session.flush()
    second = status.take_slot(session, installation, issuer, clock())
    assert second.revocation_list_id != first.revocation_list_id
    assert len(lists_of(session, issuer)) == 4


def test_did_document_of_nobody_is_none(session, installation):
    """A slug without an organisation has no keys."""
    assert keys.did_document(session, installation, "personne") is None
