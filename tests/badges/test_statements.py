"""The statement behind a printed address: made at claim, following the badge, never more than the share shows."""

import hashlib
import io

import pytest
import zxingcpp
from PIL import Image
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from badges.models.awards import StatementRecord
from badges.models.journal import WitnessRecord
from badges.services import keys, lifecycle, statements, status, verification
from issuer.picture import qr_png
from issuer.qr_code import qr_version
from tests import factories
from tests.awarding import world
from verify import Verdict
from verify.standards.signatures import KeyKind
from verify.statement import carried, read


def share_of(credential):
    return credential.award.shares[-1]


def printed_address(world, share):
    return statements.printed(world.session, world.installation, share).address


def report_of(world, address):
    return verification.verify_bytes(world.session, world.installation, address.encode(), world.now)


def test_claim_makes_a_statement_that_a_printed_square_carries(session, installation):
    """Scanned by somebody else's reader, it is valid, says the same as the badge, and the journal states its bytes."""
    claimed = world(session, installation)
    credential = claimed.claimed()
    address = printed_address(claimed, share_of(credential))
    assert qr_version(address) <= statements.LARGEST_CODE
    [found] = zxingcpp.read_barcodes(Image.open(io.BytesIO(qr_png(address, 3))).convert("L"))
    report = report_of(claimed, found.text)
    whole = verification.verify_bytes(session, installation, credential.document, claimed.now)
    assert report.verdict is whole.verdict is Verdict.VALID
    for member in ("id", "issuer_id", "issuer_name", "achievement_id", "achievement_name", "holder_name", "valid_from"):
        assert getattr(report.credential, member) == getattr(whole.credential, member)
    said = read(carried(found.text.encode()))[1]
    assert said.digest.hex() == credential.digest
    row = session.get(StatementRecord, credential.id)
    stated = session.scalars(select(WitnessRecord.digest)).all()
    assert hashlib.sha256(row.content).hexdigest() in stated


def test_reissue_makes_a_new_statement(session, installation):
    """The same code on the card; what is printed next is about the corrected badge."""
    claimed = world(session, installation)
    first = claimed.claimed()
    before = printed_address(claimed, share_of(first))
    actor = factories.actor(claimed.issuer)
    lifecycle.correct(session, actor, installation, award_id=first.award.id, reason="nom", now=claimed.now)
    second = claimed.claim(first.award)
    after = printed_address(claimed, share_of(second))
    assert before.partition("#")[0] == after.partition("#")[0]
    assert before != after
    assert report_of(claimed, before).verdict is Verdict.INVALID
    assert report_of(claimed, after).verdict is Verdict.VALID


def test_withdrawn_or_paused_badge_is_printed_with_its_address_alone(session, installation):
    """Nobody prints a statement that is no longer so; what was printed before is refused where the list is known."""
    claimed = world(session, installation)
    credential = claimed.claimed()
    share = share_of(credential)
    address = printed_address(claimed, share)
    status.suspend(session, installation, credential, claimed.now)
    assert "#" not in printed_address(claimed, share)
    assert report_of(claimed, address).check("status").reason == "suspended"
    status.resume(session, installation, credential, claimed.now)
    assert printed_address(claimed, share) == address


def test_organisation_with_a_p256_key_signs_with_that(session, installation):
    """ES256, where there is no Ed25519 key; where there is neither, the address stands alone."""
    claimed = world(session, installation)
    for key in keys._in_service(session, claimed.structure.id):
        key.retired_at = claimed.now
    award = claimed.granted()
    keys.choose(
        session,
        installation,
        claimed.structure,
        proof="ecdsa-rdfc-2019-p256",
        token="",
        actor="system",
        now=claimed.now,
    )
    credential = claimed.claim(award)
    assert not keys.has_key(session, claimed.structure, KeyKind.ED25519)
    report = report_of(claimed, printed_address(claimed, share_of(credential)))
    assert (report.verdict, report.proofs[0].suite) == (Verdict.VALID, "ES256")


def test_name_that_was_not_signed_in_clear_is_in_no_square(session, installation):
    """Neither the digits nor what they spell hold it."""
    claimed = world(session, installation)
    credential = claimed.claimed(clear_name=False)
    address = printed_address(claimed, share_of(credential))
    assert b"Awa Diallo" not in carried(address.encode())
    assert report_of(claimed, address).credential.holder_name is None


def test_stored_statement_never_changes(session, installation):
    """The database refuses; erasing a person may delete it."""
    row = session.get(StatementRecord, world(session, installation).claimed().id)
    changed = update(StatementRecord).values(content=b"x")
    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(changed)
    session.delete(row)
    session.flush()
    assert session.scalars(select(StatementRecord)).all() == []


def test_printable_page_has_a_large_square_and_a_small_one(session, installation, client):
    """The large one by itself; the page says until when it knows, and leads to the other."""
    credential = world(session, installation).claimed()
    code = share_of(credential).code
    session.commit()
    large, small = (client.get(f"/v/{code}/imprimer{query}").text for query in ("", "?petit=1"))
    assert "sans réseau, sur un téléphone qui a déjà ouvert http://localhost:8000/v" in large
    assert "sans réseau, sur un téléphone" not in small
    assert f'href="/v/{code}/imprimer?petit=1"' in large
    assert len(large) > len(small) + 10_000
