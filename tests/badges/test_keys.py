"""Where an installation's private keys live, and what the database then holds of them."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from badges.models.status import KeyRecord
from badges.services import keys
from badges.services.verification import verify_bytes
from tests.awarding import world
from tests.other_process import OtherProcess
from verify import Verdict
from verify.standards.signatures import KeyKind


@pytest.fixture
def elsewhere(installation):
    """The installation with a key store in another process."""
    with OtherProcess() as process:
        yield replace(installation, opens_keys=lambda _secret: process)


def test_badge_is_signed_by_a_key_that_never_enters_this_process(session, elsewhere):
    """The whole way to a claimed badge; the database holds a reference, and the badge verifies like any other."""
    place = world(session, elsewhere)
    credential = place.claimed()
    record = session.scalars(select(KeyRecord).where(KeyRecord.kind == KeyKind.ED25519)).one()
    assert record.sealed == f"elsewhere {keys.did_of(elsewhere, place.structure)}#key-1".encode()
    assert verify_bytes(session, elsewhere, credential.document, place.now).verdict is Verdict.VALID


def test_organisation_has_one_key_in_service_for_each_kind(session, installation, clock):
    """Asked again, the same key; a rotation gives each kind a successor and keeps every public key published."""
    place = world(session, installation)
    rsa = keys.ensure_key(session, installation, place.structure, clock(), KeyKind.RSA)
    assert keys.ensure_key(session, installation, place.structure, clock(), KeyKind.RSA) is rsa
    fresh = keys.rotate(session, installation, place.structure, clock.forward(days=1))
    assert [(key.fragment, key.kind) for key in fresh] == [("key-3", KeyKind.ED25519), ("key-4", KeyKind.RSA)]
    opened = keys.signing_key(session, installation, place.structure, KeyKind.RSA)
    assert opened.verification_method.endswith("#key-4")
    published = keys.did_document(session, installation, place.structure.slug)
    assert [one["type"] for one in published["verificationMethod"]] == [
        "Multikey",
        "JsonWebKey",
        "Multikey",
        "JsonWebKey",
    ]
