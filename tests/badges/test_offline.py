"""What a browser keeps to verify without a network: signed, the same for everybody, and never anybody's page."""

import json
import re

import pytest
from sqlalchemy import select

from badges.models.status import KeyRecord
from badges.services import installation_key, snapshots, status
from badges.web import offline
from issuer.snapshot import CONTENT_TYPE
from tests import factories
from tests.awarding import world
from verify.reasons import Reason
from verify.sentences import HEADLINES
from verify.standards import cbor, cose


@pytest.fixture
def keyed(session, installation, clock):
    """A world whose installation has a key of its own."""
    made = world(session, installation)
    installation_key.ensure(session, installation, clock())
    session.commit()
    return made


def said(data: bytes) -> dict:
    return cbor.decode(cose.read(data).payload)


def test_snapshot_knows_the_issuer_and_each_withdrawal_at_once(keyed, session, installation, clock, client):
    """Signed with the key that the page pins; another moment for each change, the same bytes without one."""
    credential = keyed.claimed()
    session.commit()
    first = client.get("/verifier-hors-ligne/etat.cose")
    assert first.content_type == "application/cose"
    message = cose.read(first.data)
    cose.verify(message, installation_key.public(session))
    assert message.headers[cose.CONTENT_TYPE] == CONTENT_TYPE
    assert [issuer[1] for issuer in said(first.data)[3]] == ["Mission Passerelle"]
    assert all(row[4] == b"" for row in said(first.data)[5])
    assert client.get("/verifier-hors-ligne/etat.cose").data == first.data
    clock.forward(minutes=7)
    status.revoke(session, installation, credential, clock())
    session.commit()
    second = said(client.get("/verifier-hors-ligne/etat.cose").data)
    assert second[2] == int(clock().timestamp())
    assert [bool(row[4]) for row in second[5] if row[1] == credential.status_list_id] == [True]


def test_snapshot_is_of_the_hour_where_nothing_changes(keyed, session, installation, clock):
    """A phone that asks again in the afternoon says the afternoon."""
    before = said(snapshots.current(session, installation, clock()))[2]
    clock.forward(hours=5, minutes=20)
    after = said(snapshots.current(session, installation, clock()))[2]
    assert after == int(clock().replace(minute=0, second=0).timestamp())
    assert after > before


def test_without_a_key_there_is_no_snapshot(client):
    """404, and the page is there all the same."""
    assert client.get("/verifier-hors-ligne/etat.cose").status_code == 404
    assert client.get("/verifier-hors-ligne").status_code == 200


def test_worker_names_files_that_are_there_and_nothing_else(keyed, client):
    """Each of them is public, answers 200 and sets no cookie; its version changes with what is kept."""
    answered = client.get("/verifier-hors-ligne/worker.js")
    assert answered.headers["Service-Worker-Allowed"] == "/v"
    assert answered.headers["Cache-Control"] == "no-cache"
    kept = json.loads(re.match(r"self\.JALON = (.*);\n", answered.text)[1])
    assert set(kept["pages"]) == {"fr", "en"}
    for address in (*kept["pages"].values(), *kept["files"]):
        with client.get(address) as page:
            assert page.status_code == 200, address
    assert all(address.startswith(("/verifier-hors-ligne", "/static/")) for address in kept["files"])
    key = keyed.session.scalars(select(KeyRecord).where(KeyRecord.organisation_id.is_(None))).one()
    installation_key.renew(keyed.session, keyed.installation, keyed.now)
    keyed.session.commit()
    assert key.retired_at is not None
    assert kept["version"] not in client.get("/verifier-hors-ligne/worker.js").text


def test_page_may_use_the_camera_and_other_pages_may_not(keyed, client):
    """Only where squares are read."""
    for path, allowed in (("/v", True), ("/verifier-hors-ligne", True), ("/", False), ("/verify", False)):
        assert ("camera=(self)" in client.get(path).headers["Permissions-Policy"]) is allowed, path


def test_page_has_every_sentence_it_may_need(keyed, client):
    """In both languages: each answer, each check, each reason that the scripts know."""
    scripts = "".join((offline.FOLDER / f"{name}.js").read_text() for name in offline.SCRIPTS)
    checking = "".join((offline.FOLDER / f"{name}.js").read_text() for name in ("report", "cose"))
    assert {reason.value for reason in Reason if f'"{reason.value}"' in checking} == set(offline.REASONS)
    assert set(offline.ANSWERS) <= HEADLINES.keys()
    for language in ("fr", "en"):
        page = client.get(f"/verifier-hors-ligne?lang={language}").text
        wanted = set(re.findall(r'words\("(\w+)"\)', scripts)) | {f"reason_{reason}" for reason in offline.REASONS}
        wanted |= {f"check_{name}" for name in ("structure", "proof", "key_controlled", "status", "validity")}
        assert {name for name in wanted if f'data-words="{name}"' not in page} == set()
        pieces = {f"answer_{kind}" for kind in (*offline.ANSWERS, "valid_nameless", "stranger", "status_unchecked")}
        assert {name for name in pieces if f'data-piece="{name}"' not in page} == set()


def test_manifest_makes_the_page_installable(client):
    """Its own icons, within the worker's reach, in the reader's language."""
    said = client.get("/verifier-hors-ligne/app.webmanifest?lang=en").get_json(force=True)
    assert (said["start_url"], said["scope"], said["display"]) == ("/v", "/v", "standalone")
    assert said["name"] == "Check a badge, with Jalon"
    sizes = {icon["sizes"] for icon in said["icons"]}
    assert {"192x192", "512x512"} <= sizes
    for icon in said["icons"]:
        with client.get(icon["src"]) as picture:
            assert picture.mimetype == "image/png"


def test_scripts_have_an_address_that_changes_with_them(client):
    """Another version, or another name, is not there: a browser never mixes two."""
    assert client.get(f"/verifier-hors-ligne/{offline.scripts_version()}/page.js").mimetype == "text/javascript"
    assert client.get("/verifier-hors-ligne/000000000000/page.js").status_code == 404
    assert client.get(f"/verifier-hors-ligne/{offline.scripts_version()}/worker.js").status_code == 404


def test_signing_out_clears_what_the_browser_keeps(client, session, clock):
    """Caches and workers, as well as pages."""
    place = factories.organisation(session)
    person = factories.person(session, place, factories.staff(session), pin=factories.PIN)
    factories.sign_in(session, client, person, clock())
    session.commit()
    answered = client.post("/deconnexion")
    assert answered.headers["Clear-Site-Data"] == '"cache", "storage"'
