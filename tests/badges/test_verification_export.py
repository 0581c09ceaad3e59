"""The archive of every shared badge, read back by the verifier alone."""

import json
from datetime import timedelta

import pytest

from badges.services import lifecycle, shares
from badges.services.export import export_badges, write
from tests import factories
from tests.awarding import world
from verify import Verdict, Verifier, read_trust
from verify.standards import baking


@pytest.fixture
def archive(session, installation, tmp_path):
    """A valid, a revoked with the name hidden, a paused and an unshared badge, exported."""
    place = world(
        session, installation, {"equipe": 3, "rigueur": 3, "adaptation": 3, "communication": 3, "autonomie": 3}
    )
    made = {
        code: place.claim(place.granted(badge_code=code), clear_name=code != "rigueur")
        for code in ("equipe", "rigueur", "adaptation", "communication")
    }
    who, act = factories.actor(place.issuer), {"reason": "Erreur.", "now": place.now}
    lifecycle.revoke(session, who, installation, award_id=made["rigueur"].award_id, **act)
    lifecycle.suspend(session, who, installation, award_id=made["adaptation"].award_id, **act)
    share = made["communication"].award.shares[0]
    shares.withdraw_share(session, factories.actor(place.person), share_id=share.id, now=place.now)
    session.commit()
    folder = tmp_path / "archive"
    with installation.database.reading() as reading:
        count = export_badges(reading, installation, folder, now=place.now)
    return place, made, folder, count


def test_archive_lists_what_is_shared_and_how_it_stands(archive):
    """Relative names, the holder only where the name is in clear, and nothing of what is no longer shared."""
    _, made, folder, count = archive
    entries = json.loads((folder / "manifest.json").read_bytes())
    assert count == len(entries) == 3
    assert sorted((one["status"], one["holder"], one["level"]) for one in entries) == [
        ("revoked", None, "3"),
        ("suspended", "Awa Diallo", "3"),
        ("valid", "Awa Diallo", "3"),
    ]
    for entry in entries:
        assert entry["url"].endswith(f"/v/{entry['code']}")
        assert entry["name"].isascii()
    exported = {(folder / one["json"]).read_bytes() for one in entries}
    assert exported == {made[code].document for code in ("equipe", "rigueur", "adaptation")}


def test_archive_verifies_without_the_service(archive):
    """With the trust bundle alone, each file in each form says what the service says."""
    place, _, folder, _ = archive
    trust = read_trust(folder)
    verifier = Verifier(keys=trust, statuses=trust, issuers=trust)
    for entry in json.loads((folder / "manifest.json").read_bytes()):
        wanted = Verdict.VALID if entry["status"] == "valid" else Verdict.INVALID
        for form in ("json", "png", "svg"):
            report = verifier.verify((folder / entry[form]).read_bytes(), now=place.now)
            assert report.verdict is wanted
            assert report.status_as_of == place.now
            if entry["status"] != "valid":
                assert report.check("status").reason == entry["status"]


def test_archive_made_again_is_the_same(archive, installation):
    """Every file byte for byte, and no half-written one left beside."""
    place, _, folder, _ = archive
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with installation.database.reading() as reading:
        export_badges(reading, installation, folder, now=place.now)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    assert not [path for path in before if path.name.startswith(".")]


def test_archive_says_what_has_expired(session, installation, tmp_path):
    """A badge past its end is neither valid nor revoked."""
    place = world(session, installation, validity_months=1)
    place.claimed()
    session.commit()
    with installation.database.reading() as reading:
        export_badges(reading, installation, tmp_path / "a", now=place.now + timedelta(days=60))
    [entry] = json.loads((tmp_path / "a" / "manifest.json").read_bytes())
    assert entry["status"] == "expired"
    assert baking.extract_png((tmp_path / "a" / entry["png"]).read_bytes())


@pytest.mark.parametrize("private", [False, True])
def test_file_that_cannot_be_written_leaves_nothing_behind(tmp_path, private):
    """A full disk, or a folder in its place: the name that was asked for is said, and no half of it stays."""
    place = tmp_path / "trousseau"
    place.mkdir()
    with pytest.raises(OSError, match="trousseau") as caught:
        write(place, b"half a secret", private=private)
    assert caught.value.filename == str(place)
    assert list(tmp_path.iterdir()) == [place]
