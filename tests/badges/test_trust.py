"""The trust bundle of an installation: served signed, built once per change, enough once everything else is gone."""

import json

import pytest

from badges.models.awards import StatementRecord
from badges.services import compromise, installation_key, keys, lifecycle, statements, trust
from badges.services.export import export_badges
from tests import factories
from tests.awarding import world
from verify import CheckName, Reason, Verdict, Verifier, read_trust
from verify.standards import did
from verify.trust import TrustUnusable, read_bundle


@pytest.fixture
def place(session, installation):
    installation_key.ensure(session, installation, installation.clock())
    return world(session, installation, {"equipe": 3, "rigueur": 3})


def offline(bundle, form, now):
    known = read_bundle(bundle)
    sources = {"keys": known, "statuses": known, "issuers": known, "documents": known, "witnesses": known}
    return Verifier(**sources).verify(form, now=now)


def test_bundle_is_served_signed_and_pinned(session, client, installation, place):
    """By the key that the host's own DID document publishes, which also says it as a did:key."""
    credential = place.claimed()
    session.commit()
    answer = client.get("/trust.json")
    own = client.get("/.well-known/did.json").json
    assert own["id"] == "did:web:localhost%3A8000" == answer.json["issuer"]
    [pin] = own["alsoKnownAs"]
    assert pin == did.did_key(did.public_key_of(own["verificationMethod"][0])) == installation_key.pinnable(session)
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    again = client.get("/trust.json", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert read_bundle(answer.data, signed_by=pin).did_document(own["id"]) == own
    assert offline(answer.data, credential.document, place.now).verdict is Verdict.VALID


def test_installation_without_a_key_serves_no_bundle(client):
    """Nothing unsigned in its place."""
    assert client.get("/trust.json").status_code == client.get("/.well-known/did.json").status_code == 404


def test_bundle_is_built_once_for_each_change_and_day(session, installation, place, clock):
    """The very same bytes until something changes: a status, a key, a recognition, an issuer's name, the day."""
    place.claimed()
    award = place.claim(place.granted(badge_code="rigueur")).award_id
    served = [trust.bundle(session, installation, clock())]
    assert trust.bundle(session, installation, clock.forward(hours=1)) is served[0]
    who, act = factories.actor(place.issuer), {"reason": "À voir.", "now": clock()}
    for change in (
        lambda: lifecycle.suspend(session, who, installation, award_id=award, **act),
        lambda: lifecycle.resume(session, who, installation, award_id=award, now=clock()),
        lambda: keys.rotate(session, installation, place.structure, clock()),
        lambda: factories.recognition(session, place.version, place.region),
        lambda: setattr(place.structure, "closed_at", clock()),
        lambda: installation_key.renew(session, installation, clock()),
        lambda: clock.forward(days=1),
    ):
        change()
        session.flush()
        served.append(trust.bundle(session, installation, clock()))
    assert len(set(served)) == len(served)
    installation.remembered.clear()  # as in another worker
    assert trust.bundle(session, installation, clock()) == served[-1]


def test_bundle_is_enough_after_a_theft_and_a_closure(session, installation, place, clock):
    """Offline, the old badge is good because the bundle carries what the journal states; a later one is not."""
    old = place.claimed()
    since = clock.forward(days=1)
    late = place.claim(place.granted(badge_code="rigueur"), now=clock.forward(days=1))
    before = trust.bundle(session, installation, clock())
    assert json.loads(before)["witnessed"] == {}
    compromise.declare(session, installation, place.structure, since=since, now=clock.forward(days=1))
    place.structure.closed_at = clock()
    session.flush()
    bundle = trust.bundle(session, installation, clock())
    witnessed = json.loads(bundle)["witnessed"]
    assert late.digest not in witnessed
    assert set(witnessed) == {old.digest, statements.digest(session.get(StatementRecord, old.id))}
    assert [one.get("closed") for one in json.loads(bundle)["issuers"]] == [None, "2026-11-24T09:00:00Z"]
    later = clock.forward(days=400)
    assert offline(bundle, old.document, later).verdict is Verdict.VALID
    report = offline(bundle, late.document, later)
    assert report.check(CheckName.KEY_CONTROLLED).reason is Reason.KEY_REVOKED


def test_archive_carries_the_bundle(session, installation, place, tmp_path, clock):
    """`jalon export` writes it beside the pieces, both with the moment since which nothing changed."""
    credential = place.claimed()
    session.commit()
    with installation.database.reading() as reading:
        export_badges(reading, installation, tmp_path, now=clock())
        pin = installation_key.pinnable(reading)
    known = read_trust(tmp_path, signed_by=pin)
    assert known.as_of == clock()
    assert offline((tmp_path / "trust.json").read_bytes(), credential.document, clock()).verdict is Verdict.VALID


def test_renewed_key_needs_to_be_pinned_anew(session, installation, place, clock):
    """The former key is no longer published, and no longer signs."""
    first = installation_key.pinnable(session)
    installation_key.renew(session, installation, clock.forward(days=1))
    session.flush()
    bundle = trust.bundle(session, installation, clock())
    with pytest.raises(TrustUnusable, match="another key"):
        read_bundle(bundle, signed_by=first)
    assert read_bundle(bundle, signed_by=installation_key.pinnable(session))
    installation_key.ensure(session, installation, clock())
    assert installation_key.pinnable(session) != first
