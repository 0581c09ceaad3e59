"""After a key was stolen: old badges stay good because the journal states them, and nothing a thief dates back does."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from badges.models.journal import JournalRecord, WitnessRecord
from badges.models.status import KeyRecord, StatusListRecord
from badges.services import compromise, journal, keys, lifecycle
from badges.services.errors import Invalid, NotFound
from badges.services.verification import verify_bytes
from issuer import signer
from tests import factories
from tests.awarding import world
from verify import CheckName, Reason, Verdict
from verify.standards import timestamps


@pytest.fixture
def place(session, installation):
    return world(session, installation, {"equipe": 3, "rigueur": 3, "autonomie": 3})


def forged(session, installation, place, when):
    """What a thief with the key makes of a badge: another name, every date before the theft, a proof that is right."""
    key = keys.signing_key(session, installation, place.structure)
    document = json.loads(place.claimed().document)
    del document["proof"]
    document |= {"name": "Forgé", "validFrom": timestamps.write(when)}
    published = keys.did_document(session, installation, place.structure.slug)
    return signer.sign(document, key, now=when, did_document=published)


def declared(session, installation, place, clock, *, since, **how):
    return compromise.declare(session, installation, place.structure, since=since, now=clock(), **how)


def test_old_badges_stay_good_and_backdated_forgeries_do_not(session, installation, place, clock):
    """The old badge verifies after the theft was declared; the forgery, older by every date it claims, does not."""
    old = place.claim(place.granted(badge_code="rigueur"))
    forgery = forged(session, installation, place, place.now - timedelta(days=30))
    since = clock.forward(days=10)
    clock.forward(days=10)
    declared(session, installation, place, clock, since=since)
    assert verify_bytes(session, installation, old.document, clock()).verdict is Verdict.VALID
    report = verify_bytes(session, installation, forgery, clock())
    assert report.verdict is Verdict.INVALID
    assert report.check(CheckName.PROOF).reason is None
    assert report.check(CheckName.KEY_CONTROLLED).reason is Reason.KEY_REVOKED


def test_badges_since_the_theft_are_lost_and_can_be_corrected(session, installation, place, clock):
    """They are named, refused, and good again once corrected and claimed anew under the new key."""
    early = place.claim(place.granted(badge_code="rigueur"))
    since = clock.forward(days=2)
    late = place.claim(place.granted(badge_code="autonomie"), now=clock.forward(days=1))
    came_to = declared(session, installation, place, clock, since=since)
    assert [one.id for one in came_to.lost] == [late.id]
    assert verify_bytes(session, installation, early.document, clock()).verdict is Verdict.VALID
    assert verify_bytes(session, installation, late.document, clock()).verdict is Verdict.INVALID
    who = factories.actor(place.issuer)
    award = lifecycle.correct(
        session, who, installation, award_id=late.award_id, reason="Clé volée.", now=clock.forward(days=1)
    )
    again = place.claim(award, now=clock())
    assert verify_bytes(session, installation, again.document, clock()).verdict is Verdict.VALID


def test_new_key_signs_and_every_list_is_signed_anew(session, installation, place, clock):
    """The DID document marks the stolen key, and no list is left that it signed."""
    since = clock.forward(days=1)
    came_to = declared(session, installation, place, clock, since=since)
    assert (len(came_to.revoked), came_to.lists) == (1, 2)
    published = keys.did_document(session, installation, place.structure.slug)
    assert [one.get("revoked") for one in published["verificationMethod"]] == [timestamps.write(since), None]
    method = keys.signing_key(session, installation, place.structure).verification_method
    assert method.endswith("#key-2")
    for row in session.scalars(select(StatusListRecord)):
        assert json.loads(row.document)["proof"][0]["verificationMethod"] == method
    actions = session.scalars(select(JournalRecord.action).order_by(JournalRecord.id)).all()
    assert actions[-2:] == ["key.created", "key.compromised"]


def test_one_key_can_be_named(session, installation, place, clock):
    """The other keys stay as they were; a second theft never makes the first one later."""
    keys.rotate(session, installation, place.structure, clock.forward(days=1))
    first = declared(session, installation, place, clock, since=place.now, fragments=["key-1"])
    assert [key.fragment for key in first.revoked] == ["key-1"]
    assert keys.signing_key(session, installation, place.structure).verification_method.endswith("#key-2")
    declared(session, installation, place, clock, since=clock())
    ends = session.scalars(select(KeyRecord.revoked_at).order_by(KeyRecord.id)).all()
    assert ends == [place.now, clock(), None]


def test_same_declaration_made_twice_leaves_the_new_key_alone(session, installation, place, clock):
    """The key that answered the first declaration goes on signing; named, or stolen later, it can be declared too."""
    place.claim(place.granted(badge_code="rigueur"))
    since = clock.forward(days=2)
    clock.forward(days=1)
    first = declared(session, installation, place, clock, since=since)
    clock.forward(days=1)
    again = declared(session, installation, place, clock, since=since)
    assert {key.fragment for key in again.revoked} == {key.fragment for key in first.revoked}
    signing = keys.signing_key(session, installation, place.structure).verification_method
    later = declared(session, installation, place, clock, since=clock.forward(days=1))
    assert signing.partition("#")[2] in {key.fragment for key in later.revoked}


def test_what_cannot_be_declared(session, installation, place, clock):
    """A key that is not there, and a theft that has not happened yet."""
    with pytest.raises(NotFound):
        declared(session, installation, place, clock, since=clock(), fragments=["key-9"])
    with pytest.raises(Invalid):
        declared(session, installation, place, clock, since=clock() + timedelta(days=1))


@pytest.mark.parametrize("statement", [update(WitnessRecord).values(digest="0" * 64), delete(WitnessRecord)])
def test_what_the_journal_states_cannot_be_changed(installation, statement):
    """Neither changed nor deleted, on either database, whoever asks."""
    with installation.database.writing() as session:
        now = installation.clock()
        entry = journal.record(session, actor="command", action="test", object="thing:1", now=now)
        journal.state(session, entry, ["ab" * 32])
        session.commit()
        assert journal.stated_at(session, "ab" * 32) == now
        assert journal.stated_at(session, "cd" * 32) is None
    with installation.database.writing() as session, pytest.raises(DBAPIError, match="append-only"):
        session.execute(statement)
