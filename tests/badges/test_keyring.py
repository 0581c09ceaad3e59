"""The drill: back up the keyring, lose database and secret, restore; old badges verify, new ones have the same keys."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from badges.models.status import KeyRecord, StatusListRecord
from badges.services import installation_key, keyring, keys, lifecycle, organisations, status
from badges.services.errors import Conflict, Invalid
from badges.services.installation import Installation, opened
from badges.services.verification import LocalSources
from badges.settings import SettingsError, read_secret
from tests import factories
from tests.awarding import world
from tests.conftest import SECRET
from verify import CheckName, Policy, Reason, Verdict, Verifier
from verify.standards.signatures import KeyKind

PASSPHRASE = "quatre mots pris au hasard"


@pytest.fixture
def place(session, installation):
    installation_key.ensure(session, installation, installation.clock())
    made = world(session, installation, {"equipe": 3, "rigueur": 3})
    keys.choose(
        session, installation, made.structure, proof="ecdsa-rdfc-2019-p256", token="", actor="command", now=made.now
    )
    return made


@pytest.fixture
def elsewhere(request, installation, tmp_path):
    """Settings of a machine where nothing is: another folder, no secret, no row in the database."""
    folder = tmp_path / "elsewhere"

    def lost():
        if installation.database.engine.dialect.name == "postgresql":
            url = request.getfixturevalue("_postgresql_emptied")()
        else:
            url = f"sqlite:///{folder / 'jalon.sqlite'}"
        return replace(installation.settings, data=folder, secret_file=folder / "secret", database_url=url)

    return lost


def judged(opened_installation: Installation, form, now):
    with opened_installation.database.reading() as session:
        known = LocalSources(session, opened_installation)
        sources = {"keys": known, "statuses": known, "issuers": known, "witnesses": known}
        return Verifier(**sources, policy=Policy.AUTHENTIC).verify(form, now=now)


def test_drill(session, installation, place, elsewhere, clock):
    """Good badges are good, withdrawn ones withdrawn, and what is signed next is signed with the very same keys."""
    good = place.claimed()
    gone = place.claim(place.granted(badge_code="rigueur"))
    who = factories.actor(place.issuer)
    lifecycle.revoke(session, who, installation, award_id=gone.award_id, reason="Erreur.", now=clock())
    good_document, gone_document, taken = good.document, gone.document, good.status_list_id
    public = keys.signing_key(session, installation, place.structure, KeyKind.P256).public
    pin = installation_key.pinnable(session)
    session.commit()
    file = keyring.backup(session, installation, PASSPHRASE, clock())
    session.close()
    assert SECRET not in file
    settings = elsewhere()
    came_back = keyring.restore(settings, file, PASSPHRASE, now=clock.forward(days=1))
    assert (came_back.keys, came_back.lists, came_back.secret) == (4, 4, True)
    assert (read_secret(settings.secret_file), settings.secret_file.stat().st_mode & 0o777) == (SECRET, 0o600)
    with opened(settings) as restored:
        assert judged(restored, good_document, clock()).verdict is Verdict.VALID
        assert judged(restored, gone_document, clock()).check(CheckName.STATUS).reason is Reason.REVOKED
        with restored.database.writing() as writing:
            organisation = organisations.organisation_by_slug(writing, "mission-passerelle")
            opened_key = keys.signing_key(writing, restored, organisation, KeyKind.P256)
            assert opened_key.public == public
            assert installation_key.pinnable(writing) == pin
            slot = status.take_slot(writing, restored, organisation, clock())
            assert slot.revocation_list_id > taken + keyring.GAP
            newest = status.open_pair(writing, restored, organisation, clock())
            assert newest.id > slot.revocation_list_id
        assert keyring.restore(settings, file, PASSPHRASE, now=clock()) == keyring.Restored(0, 0, secret=False)


def test_lost_secret_alone_is_brought_back(session, installation, place, clock):
    """The database is still there, and keeps what it has."""
    session.commit()
    file = keyring.backup(session, installation, PASSPHRASE, clock())
    before = session.scalars(select(StatusListRecord.id)).all()
    session.commit()
    installation.settings.secret_file.unlink()
    assert keyring.restore(installation.settings, file, PASSPHRASE, now=clock()) == keyring.Restored(0, 0, secret=True)
    with opened(installation.settings) as restored, restored.database.reading() as reading:
        assert reading.scalars(select(StatusListRecord.id)).all() == before
        assert keys.signing_key(reading, restored, place.structure, KeyKind.P256)


def test_nothing_is_overwritten(session, installation, place, clock):
    """Another secret, another key of the same name and another address each stop everything."""
    session.commit()
    file = keyring.backup(session, installation, PASSPHRASE, clock())
    elsewhere = replace(installation.settings, base_url="https://ailleurs.example")
    with pytest.raises(Conflict):
        keyring.restore(elsewhere, file, PASSPHRASE, now=clock())
    record = session.scalars(select(KeyRecord).where(KeyRecord.organisation_id.is_not(None))).first()
    record.public_key = "z6MkSomebodyElse"
    session.commit()
    with pytest.raises(Conflict, match="key-1"):
        keyring.restore(installation.settings, file, PASSPHRASE, now=clock())
    installation.settings.secret_file.write_bytes(b"another secret of thirty-two bytes, or more")
    with pytest.raises(SettingsError, match="secret"):
        keyring.restore(installation.settings, file, PASSPHRASE, now=clock())


def test_file_opens_with_its_passphrase_only(session, installation, place, clock):
    """Another passphrase, a changed byte, a cut file, another file: one sentence each; and no short passphrase."""
    file = keyring.backup(session, installation, PASSPHRASE, clock())
    changed = file[:-1] + bytes([file[-1] ^ 1])
    for data, phrase in ((file, "quatre autres mots"), (changed, PASSPHRASE), (file[:40], PASSPHRASE), (b"x", "y")):
        with pytest.raises(Invalid):
            keyring.restore(installation.settings, data, phrase, now=clock())
    with pytest.raises(Invalid, match="12"):
        keyring.backup(session, installation, "court", clock())
