"""Every badge as Open Badges 2.0: served, signed, downloaded, taken back, archived, and read by others."""

import io
import json

import pytest
from openbadgeslib.ob2.verifier import OB2Verifier
from sqlalchemy import select

from badges.models.awards import AssertionRecord, CredentialRecord
from badges.services import compromise, keys, lifecycle, open_badges_2, shares
from badges.services.export import export_badges
from badges.services.verification import verify_bytes
from tests import factories
from tests.awarding import world
from verify import Reason, Unreadable, Verdict, Verifier, read_trust
from verify.standards import documents

BASE = "http://localhost:8000"
PROFILE = f"{BASE}/ob2/o/mission-passerelle"
CHROME = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.fixture
def place(session, installation):
    return world(session, installation)


@pytest.fixture
def badge(place):
    """A claimed badge with the name in clear, committed."""
    credential = place.claimed()
    place.session.commit()
    return credential


def address_of(credential):
    return f"{BASE}/ob2/c/{credential.id}"


def code_of(credential):
    return credential.award.shares[-1].code


def ask(client, address, accept="*/*"):
    return client.get(address.removeprefix(BASE), headers={"Accept": accept})


def judged(place, data):
    """The verdict of this installation, and the reason of the first check that did not pass."""
    report = verify_bytes(place.session, place.installation, data, place.now)
    return report.verdict, next((check.reason for check in report.checks if check.reason is not None), None)


def act(place, credential, what, **more):
    """The issuer pauses, lifts the pause, withdraws."""
    who = factories.actor(place.issuer)
    if what is not lifecycle.resume:
        more["reason"] = "Une raison que personne d’autre ne lit."
    what(place.session, who, place.installation, award_id=credential.award_id, now=place.now, **more)
    place.session.commit()


def withdraw(place, credential):
    share = shares.active_share(credential.award, place.now)
    shares.withdraw_share(place.session, factories.actor(place.person), share_id=share.id, now=place.now)
    place.session.commit()


# --- what is served


def test_assertion_and_all_it_points_at_is_served(client, badge):
    """As JSON-LD, with a strong ETag, to scripts of any site, each under the id it calls itself by."""
    found = ask(client, address_of(badge)).json
    addresses = [found["id"], found["badge"], PROFILE, f"{PROFILE}/revocations", f"{PROFILE}/keys/key-2"]
    for address in addresses:
        answer = ask(client, address)
        assert (answer.status_code, answer.content_type) == (200, "application/ld+json")
        assert answer.json["id"] == address
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        tag = answer.headers["ETag"]
        assert tag.startswith('"')
        assert client.get(address.removeprefix(BASE), headers={"If-None-Match": tag}).status_code == 304
        assert ask(client, address, "application/json").content_type == "application/json"
    assert ask(client, found["badge"]).json["issuer"] == PROFILE
    assert ask(client, PROFILE).json["publicKey"] == [f"{PROFILE}/keys/key-2"]
    subject = f"urn:uuid:{badge.award.subject_id}"
    assert found["recipient"] == {"type": "id", "hashed": False, "identity": subject}
    assert found["extensions:recipientProfile"] == {"name": "Awa Diallo"}


def test_browser_is_sent_to_the_page_that_says_the_same(client, badge):
    """People get pages; the two forms of an address are told apart by caches."""
    pages = {
        address_of(badge): f"/c/{badge.id}",
        PROFILE: "/o/mission-passerelle",
        f"{PROFILE}/r/savoir-etre/1/equipe": "/r/savoir-etre/1#badge-equipe",
    }
    for address, page in pages.items():
        answer = ask(client, address, CHROME)
        assert (answer.status_code, answer.location) == (303, page)
        assert "Accept" in answer.headers["Vary"]
    assert ask(client, f"{PROFILE}/revocations", CHROME).status_code == 200


def test_two_forms_of_a_badge_lead_to_each_other(client, badge):
    """By what they say, by their headers, by the page, and by the issuer's DID document."""
    newer = f"{BASE}/c/{badge.id}"
    answer = ask(client, address_of(badge))
    assert answer.json["related"] == newer
    assert newer in [one.get("id") for one in answer.json["evidence"]]
    assert f"<{newer}>" in answer.headers["Link"]
    for address in (f"/c/{badge.id}", f"/v/{code_of(badge)}"):
        for accept in ("application/json", CHROME):
            assert f'<{address_of(badge)}>; rel="alternate"' in ask(client, address, accept).headers["Link"]
    assert f'href="/ob2/c/{badge.id}"' in ask(client, f"/v/{code_of(badge)}", CHROME).text
    assert client.get("/o/mission-passerelle/did.json").json["alsoKnownAs"] == [PROFILE]
    assert ask(client, PROFILE).json["related"] == f"{BASE}/o/mission-passerelle/did.json"


def test_hidden_name_stays_hidden(client, place):
    """Neither the name, nor its hash, nor its salt."""
    credential = place.claimed(clear_name=False)
    place.session.commit()
    identifier = json.loads(credential.document)["credentialSubject"]["identifier"][0]
    for form in ("json", "svg", "jws"):
        text = client.get(f"/v/{code_of(credential)}/ob2.{form}").text
        assert [word for word in ("Awa", identifier["identityHash"], identifier["salt"]) if word in text] == []


@pytest.mark.parametrize(
    "path",
    [
        "/ob2/c/8c5cb9a4-8a3b-4a44-9d3c-0d1b6f5a7e10",
        "/ob2/c/8c5cb9a4-8a3b-4a44-9d3c-0d1b6f5a7e10.png",
        "/ob2/o/inconnue",
        "/ob2/o/val-de-brume",  # signs nothing
        "/ob2/o/inconnue/revocations",
        "/ob2/o/mission-passerelle/keys/key-1",  # the other kind of key
        "/ob2/o/mission-passerelle/keys/key-9",
        "/ob2/o/val-de-brume/r/savoir-etre/1/equipe",  # recognised for nothing
        "/ob2/o/mission-passerelle/r/savoir-etre/1/inconnu",
        "/ob2/o/mission-passerelle/r/savoir-etre/2/equipe",
    ],
)
def test_what_was_never_published_is_not_found(client, badge, place, path):
    """Nobody is made to say what they did not; the verifier's own source answers alike."""
    assert client.get(path).status_code == 404
    assert open_badges_2.document(place.session, place.installation, BASE + path) is None


def test_own_source_answers_as_the_addresses_do(client, badge, place):
    """Our verifier reads what strangers would; addresses of others are not ours to answer."""
    for path in (f"/ob2/c/{badge.id}", "/ob2/o/mission-passerelle", "/ob2/o/mission-passerelle/revocations"):
        data = open_badges_2.document(place.session, place.installation, BASE + path)
        assert documents.load(data) == client.get(path).json
    for address in (f"https://elsewhere.example/ob2/c/{badge.id}", f"/ob2/c/{badge.id}", f"{BASE}/ob2/c/{'-' * 36}"):
        assert open_badges_2.document(place.session, place.installation, address) is None
    both = f"{PROFILE}/revocations/keys/key-2"
    assert open_badges_2.document(place.session, place.installation, both) is None


# --- what is downloaded


@pytest.mark.parametrize("form", ["json", "png", "svg", "jws"])
def test_downloads_are_valid_here(client, place, badge, form):
    """Each is a file with a name, and this installation says of each what it says of the badge."""
    answer = client.get(f"/v/{code_of(badge)}/ob2.{form}")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="badge-equipe-ob2.{form}"'
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert judged(place, answer.data) == (Verdict.VALID, None)
    handed_in = client.post("/verify", data={"file": (io.BytesIO(answer.data), f"badge.{form}")})
    assert (handed_in.json["verdict"], handed_in.json["kind"]) == ("valid", "Assertion")


def test_picture_of_the_assertion_carries_it(client, place, badge):
    """The address that the Assertion names as its image."""
    found = ask(client, address_of(badge)).json
    assert found["image"] == f"{address_of(badge)}.png"
    for form, media in (("png", "image/png"), ("svg", "image/svg+xml")):
        answer = client.get(f"/ob2/c/{badge.id}.{form}")
        assert answer.mimetype == media
        assert judged(place, answer.data) == (Verdict.VALID, None)


def test_badge_from_before_the_signed_form_has_the_hosted_one(client, place, badge):
    """The page offers what there is."""
    assert "ob2.jws" in client.get(f"/v/{code_of(badge)}").text
    earlier = CredentialRecord(
        award_id=badge.award_id,
        sequence=2,
        document=badge.document,
        digest=badge.digest,
        signed_by=badge.signed_by,
        issued_at=badge.issued_at,
        status_list_id=badge.status_list_id,
        status_index=badge.status_index + 1,
    )
    place.session.add(earlier)
    place.session.commit()
    text = client.get(f"/v/{code_of(badge)}").text
    assert "ob2.json" in text
    assert "ob2.jws" not in text
    assert client.get(f"/v/{code_of(badge)}/ob2.jws").status_code == 404


# --- what becomes of it


def test_revoked_badge_says_so_with_410(client, place, badge):
    """Both forms are taken back; the reason that was written for the person is nobody else's."""
    files = {form: client.get(f"/v/{code_of(badge)}/ob2.{form}").data for form in ("json", "png", "jws")}
    act(place, badge, lifecycle.revoke)
    answer = ask(client, address_of(badge))
    assert answer.status_code == 410
    assert answer.json == {
        "@context": "https://w3id.org/openbadges/v2",
        "type": "Assertion",
        "id": address_of(badge),
        "revoked": True,
        "revocationReason": "L’émetteur a retiré ce badge. Cela ne dit rien d’autre sur la personne.",
    }
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    listed = ask(client, f"{PROFILE}/revocations").json["revokedAssertions"]
    assert len(listed) == 2
    assert open_badges_2.identifier_of(badge.id) in [one["id"] for one in listed]
    assert "personne d’autre ne lit" not in json.dumps(listed, ensure_ascii=False) + answer.text
    assert str(badge.id) not in json.dumps(listed)
    for data in files.values():
        assert judged(place, data) == (Verdict.INVALID, Reason.REVOKED)


def test_paused_badge_is_refused_until_the_pause_is_lifted(client, place, badge):
    """A pause may end: it is no 410."""
    token = client.get(f"/v/{code_of(badge)}/ob2.jws").data
    act(place, badge, lifecycle.suspend)
    answer = ask(client, address_of(badge))
    assert (answer.status_code, answer.json["revoked"]) == (200, True)
    assert "pause" in answer.json["revocationReason"]
    assert judged(place, token) == (Verdict.INVALID, Reason.REVOKED)
    act(place, badge, lifecycle.resume)
    assert "revoked" not in ask(client, address_of(badge)).json
    assert ask(client, f"{PROFILE}/revocations").json["revokedAssertions"] == []
    assert judged(place, token) == (Verdict.VALID, None)


def test_badge_that_is_no_longer_shared_is_not_found(client, place, badge):
    """Not 410, which would say that the issuer withdrew it. A signed file still verifies; a hosted one is left open."""
    files = {form: client.get(f"/v/{code_of(badge)}/ob2.{form}").data for form in ("json", "jws")}
    withdraw(place, badge)
    for path in (f"/ob2/c/{badge.id}", f"/ob2/c/{badge.id}.png", f"/v/{code_of(badge)}/ob2.json"):
        answer = client.get(path)
        assert answer.status_code in {404, 410}
        assert "Awa" not in answer.text
    assert ask(client, address_of(badge)).status_code == 404
    assert judged(place, files["jws"]) == (Verdict.VALID, None)
    assert judged(place, files["json"])[0] is Verdict.UNDETERMINED
    act(place, badge, lifecycle.revoke)
    assert ask(client, address_of(badge)).status_code == 410


def test_corrected_badge_is_revoked_under_its_old_address(client, place, badge):
    """The next one has its own."""
    act(place, badge, lifecycle.correct)
    fresh = place.claim(badge.award)
    place.session.commit()
    assert ask(client, address_of(badge)).status_code == 410
    assert ask(client, address_of(fresh)).status_code == 200


def test_signed_form_outlives_a_rotation_and_not_a_theft(client, place, badge, clock):
    """A retired key stays published; one in other hands signs whatever its thief likes."""
    token = client.get(f"/v/{code_of(badge)}/ob2.jws").data
    keys.rotate(place.session, place.installation, place.structure, clock())
    place.session.commit()
    assert len(ask(client, PROFILE).json["publicKey"]) == 2
    assert judged(place, token) == (Verdict.VALID, None)
    compromise.declare(place.session, place.installation, place.structure, since=place.now, now=clock())
    place.session.commit()
    assert f"{PROFILE}/keys/key-2" not in ask(client, PROFILE).json.get("publicKey", [])
    assert client.get("/ob2/o/mission-passerelle/keys/key-2").status_code == 404
    report = verify_bytes(place.session, place.installation, token, place.now)
    assert report.check("key_controlled").reason is Reason.KEY_NOT_OF_ISSUER
    assert report.verdict is Verdict.INVALID
    hosted = client.get(f"/v/{code_of(badge)}/ob2.json").data
    assert judged(place, hosted) == (Verdict.VALID, None)


def test_signed_form_is_kept_as_it_was_signed(place, badge):
    """One for each credential; served as stored."""
    row = place.session.scalars(select(AssertionRecord)).one()
    assert row.credential_id == badge.id
    assert open_badges_2.signed(place.session, badge.id) == row.document


# --- others, and later


def test_another_library_reads_what_is_served(client, place, badge):
    """Hosted and signed, with every document fetched from its address."""

    def download(url):
        answer = ask(client, url)
        assert answer.status_code == 200
        return answer.data

    verifier = OB2Verifier(download=download)
    hosted = client.get(f"/v/{code_of(badge)}/ob2.json").json
    assert verifier.verify_hosted(hosted, check_revocation=True).id == address_of(badge)
    token = client.get(f"/v/{code_of(badge)}/ob2.jws").text
    assert verifier.verify(token, check_revocation=True).id == open_badges_2.identifier_of(badge.id)


def test_archive_holds_both_versions_and_all_they_need(place, badge, installation, tmp_path):
    """Once the service is gone, each file verifies with the archive alone; what is unshared later is left out."""
    with installation.database.reading() as reading:
        export_badges(reading, installation, tmp_path, now=place.now)
    [entry] = json.loads((tmp_path / "manifest.json").read_bytes())
    assert set(entry["open_badges_2"]) == {"json", "png", "svg", "jws"}
    trust = read_trust(tmp_path)
    verifier = Verifier(keys=trust, statuses=trust, issuers=trust, documents=trust)
    for name in (entry["png"], *entry["open_badges_2"].values()):
        assert verifier.verify((tmp_path / name).read_bytes(), now=place.now).verdict is Verdict.VALID
    withdraw(place, badge)
    with installation.database.reading() as reading:
        export_badges(reading, installation, tmp_path, now=place.now)
    left = [path.name for folder in ("open-badges-2", "documents") for path in (tmp_path / folder).iterdir()]
    assert left == []


def test_badge_of_a_stranger_is_undetermined(place):
    """What would have to be fetched is not had here."""
    stranger = documents.dump(
        {
            "@context": "https://w3id.org/openbadges/v2",
            "type": "Assertion",
            "id": "https://elsewhere.example/1",
            "recipient": {"type": "email", "hashed": False, "identity": "a@example.com"},
            "badge": "https://elsewhere.example/b",
            "issuedOn": "2026-01-01T00:00:00Z",
            "verification": {"type": "hosted"},
        }
    )
    assert judged(place, stranger)[0] is Verdict.UNDETERMINED
    with pytest.raises(Unreadable):
        judged(place, b'{"@context": "https://w3id.org/openbadges/v2", "type": "BadgeClass"}')
