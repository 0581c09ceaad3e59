"""The owner's name in the place of the structure's: who may, what nothing says, who acts on it, how it ends."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from sqlalchemy import select

from badges.models.awards import AwardState, StatementRecord
from badges.models.journal import JournalRecord
from badges.models.people import Role
from badges.models.referentiels import RecognitionRecord
from badges.services import (
    compromise,
    installation_key,
    keys,
    lifecycle,
    mandates,
    open_badges_2,
    personal_export,
    pictures,
    public_badges,
    status,
    trust,
)
from badges.services.errors import Conflict, Gone, Invalid, NotFound
from badges.services.verification import verify_bytes
from issuer.proofs import TOKENS
from tests import factories
from tests.awarding import EVIDENCE, mandated, world
from verify import CheckName, TrustBundle, Verdict, Verifier, read_trust

HTML = {"Accept": "text/html"}


@pytest.fixture
def place(session, installation):
    return mandated(session, installation)


@pytest.fixture
def badge(place):
    """Signed in the region's name, committed."""
    credential = place.claimed(by_owner=True)
    place.session.commit()
    return credential


def recognition_of(place, organisation):
    wanted = select(RecognitionRecord).where(RecognitionRecord.organisation_id == organisation.id)
    return place.session.scalars(wanted).one()


def give(place, **changes):
    """The editor of the region gives the structure a mandate."""
    editor = factories.staff(place.session, (place.region, Role.EDITOR))
    asked = {"valid_from": place.now.date(), "valid_until": None, "now": place.now, **changes}
    row = place.version.referentiel
    return mandates.give(
        place.session,
        factories.actor(editor),
        place.installation,
        slug=row.slug,
        recognition_id=recognition_of(place, place.structure).id,
        **asked,
    )


def end(place, last_day, now):
    editor = factories.staff(place.session, (place.region, Role.EDITOR))
    return mandates.end(
        place.session,
        factories.actor(editor),
        slug=place.version.referentiel.slug,
        recognition_id=recognition_of(place, place.structure).id,
        last_day=last_day,
        now=now,
    )


def silent(place, said) -> bool:
    """Whether nothing in these bytes names the structure, by its name or in an address."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return place.structure.name not in text and place.structure.slug not in text


@pytest.mark.parametrize(
    ("proof", "token"), [("eddsa-rdfc-2022", "EdDSA"), ("eddsa-jcs-2022", "ES256"), ("ecdsa-sd-2023", "RS256")]
)
def test_the_badge_is_the_region_s_in_every_form_and_valid(session, installation, proof, token):
    """Its key, proof, token and lists; 3.0, 2.0 hosted and signed, by the real verifier; no word of who decided."""
    place = mandated(session, installation, proof=proof)
    keys.ensure_key(session, installation, place.region, place.now, TOKENS[token])
    place.region.token = token
    status.ensure_issuer(session, installation, place.region, place.now)
    credential = place.claimed(by_owner=True, clear_name=False)
    assert credential.signed_by == place.region.id
    assert credential.status_list.organisation_id == place.region.id
    hosted = open_badges_2.standing(session, installation, credential.id)
    signed = open_badges_2.signed(session, credential.id)
    for form in (credential.document, credential.token, hosted, signed):
        report = verify_bytes(session, installation, form, place.now)
        assert (report.verdict, report.credential.issuer_name) == (Verdict.VALID, place.region.name)
        assert silent(place, form)
    assert json.loads(credential.document)["issuer"]["id"] == keys.did_of(installation, place.region)
    statement = session.get(StatementRecord, credential.id)
    assert statement is None or place.structure.name.encode() not in statement.content


def test_no_public_page_or_file_names_the_structure(client, place, badge):
    """The page, its picture, its sheet, its files, what 2.0 points at, and what verifying the file answers."""
    code = badge.award.shares[-1].code
    addresses = [
        f"/v/{code}",
        f"/c/{badge.id}",
        f"/v/{code}/imprimer",
        f"/v/{code}/apercu.png",
        f"/v/{code}/badge.svg",
        f"/v/{code}/image.svg",
        f"/v/{code}/ob2.json",
        f"/v/{code}/ob2.jws",
        f"/ob2/c/{badge.id}",
        f"/ob2/o/{place.region.slug}",
        f"/ob2/o/{place.region.slug}/revocations",
        f"/o/{place.region.slug}/did.json",
        f"/status/{badge.status_list_id}",
    ]
    for address in addresses:
        answer = client.get(address, headers={"Accept": "*/*"} if "/ob2/" in address else HTML)
        assert (address, answer.status_code) == (address, 200)
        assert silent(place, answer.data), address
    form = {"texte": badge.document.decode()}
    handed = client.post("/verify", data=form, headers=HTML, content_type="multipart/form-data")
    assert "Badge authentique" in handed.text
    assert silent(place, handed.data)
    assert place.region.name in client.get(f"/v/{code}", headers=HTML).text


def test_the_picture_names_whom_the_person_chose(place, badge):
    """Nothing drawn gives away what is not signed."""
    drawn = pictures.picture_of(place.session, public_badges.by_credential(place.session, badge.id, place.now))
    assert drawn.issuer == place.region.name


def test_the_trust_bundle_is_enough_and_links_no_badge_to_a_structure(place, badge, tmp_path):
    """Verified offline, from the bundle alone."""
    installation_key.ensure(place.session, place.installation, place.now)
    bundle = trust.bundle(place.session, place.installation, place.now)
    path = tmp_path / "trust.json"
    path.write_bytes(bundle)
    known: TrustBundle = read_trust(path)
    report = Verifier(keys=known, statuses=known, issuers=known).verify(badge.document, now=place.now)
    assert report.verdict is Verdict.VALID


def test_the_choice_is_the_person_s(place):
    """Without it, the structure signs as ever."""
    credential = place.claimed()
    assert credential.signed_by == place.structure.id
    assert verify_bytes(place.session, place.installation, credential.document, place.now).verdict is Verdict.VALID


@pytest.mark.parametrize("missing", ["text", "mandate", "owner closed", "recognition ended", "owner not recognised"])
def test_all_three_must_agree(session, installation, missing):
    """The version's text, the mandate, the recognitions: one of them missing, only the structure can be shown."""
    place = world(session, installation) if missing == "text" else mandated(session, installation)
    own = recognition_of(place, place.structure)
    if missing == "mandate":
        own.mandate_from = None
    elif missing == "owner closed":
        place.region.closed_at = place.now
    elif missing == "owner not recognised":
        recognition_of(place, place.region).valid_until = place.now.date() - timedelta(days=1)
    session.flush()
    award = place.granted()
    if missing == "recognition ended":
        own.valid_until = place.now.date() - timedelta(days=1)
    with pytest.raises((Invalid, Conflict)):
        place.claim(award, by_owner=True)


@pytest.mark.parametrize(
    ("name", "narrative", "refused"),
    [
        ("Chantier", "Aide à la mission passerelle chaque mardi.", True),
        ("MISSION-PASSERELLE", "Range l’atelier.", True),
        ("Chantier", "Sa mission : une passerelle de bois.", False),
        ("Chantier", "Range l’atelier sans rappel.", False),
    ],
)
def test_evidence_that_names_the_structure_is_not_signed_by_the_region(place, name, narrative, refused):
    """Capitals, accents and hyphens apart; what is not kept does not matter."""
    award = place.granted(evidence=[{"name": name, "narrative": narrative}, *EVIDENCE])
    if not refused:
        assert place.claim(award, kept=(0,), by_owner=True)
        return
    with pytest.raises(Invalid) as stopped:
        place.claim(award, kept=(0,), by_owner=True)
    assert (stopped.value.field, stopped.value.values["evidence"]) == ("evidence", name)
    assert place.claim(award, kept=(1,), by_owner=True)


def test_the_structure_acts_under_the_mandate_and_the_region_always(place, badge, clock):
    """Paused and resumed by the structure; after the mandate, only by whose key it is; both journals say so."""
    who, region = factories.actor(place.issuer), factories.staff(place.session, (place.region, Role.ISSUER))
    how = {"award_id": badge.award_id}
    lifecycle.suspend(place.session, who, place.installation, reason="À voir.", now=place.now, **how)
    paused = verify_bytes(place.session, place.installation, badge.document, place.now)
    assert paused.check(CheckName.STATUS).reason == "suspended"
    lifecycle.resume(place.session, who, place.installation, now=place.now, **how)
    assert verify_bytes(place.session, place.installation, badge.document, place.now).verdict is Verdict.VALID
    end(place, place.now.date(), place.now)
    later = clock.forward(days=2)
    assert verify_bytes(place.session, place.installation, badge.document, later).verdict is Verdict.VALID
    with pytest.raises(Conflict):
        lifecycle.revoke(place.session, who, place.installation, reason="Erreur.", now=later, **how)
    with pytest.raises(Conflict):
        lifecycle.correct(place.session, who, place.installation, reason="Erreur.", now=later, **how)
    lifecycle.revoke(place.session, factories.actor(region), place.installation, reason="Erreur.", now=later, **how)
    assert verify_bytes(place.session, place.installation, badge.document, later).verdict is Verdict.INVALID
    rows = place.session.execute(
        select(JournalRecord.action).where(
            JournalRecord.organisation_id == place.region.id, JournalRecord.object == f"award:{badge.award_id}"
        )
    ).scalars()
    assert list(rows) == ["award.claimed", "credential.suspended", "credential.resumed", "credential.revoked"]


def test_a_correction_keeps_the_code_and_lets_the_person_choose_again(place, badge):
    """The structure corrects under its mandate; the person may show the structure this time."""
    code = badge.award.shares[-1].code
    award = lifecycle.correct(
        place.session,
        factories.actor(place.issuer),
        place.installation,
        award_id=badge.award_id,
        reason="Nom mal écrit.",
        now=place.now,
    )
    assert award.state is AwardState.GRANTED
    fresh = place.claim(award, by_owner=False)
    assert fresh.signed_by == place.structure.id
    assert public_badges.by_code(place.session, code, place.now).badges[0].credential_id == fresh.id


def test_what_the_region_signed_stays_good_after_a_theft(place, badge, clock):
    """The region's own journal states it, though the structure's act made it."""
    since = clock.forward(days=1)
    came_to = compromise.declare(
        place.session, place.installation, place.region, since=since, now=clock.forward(days=1)
    )
    assert came_to.lost == []
    assert badge.digest in trust.witnessed(place.session)
    assert verify_bytes(place.session, place.installation, badge.document, clock()).verdict is Verdict.VALID


def test_the_region_sees_what_it_signed_without_a_name(client, place, badge):
    """Its issuer may act on it, and learns neither who the person is, nor what was seen, nor by whom."""
    region = factories.staff(place.session, (place.region, Role.ISSUER), name="Ines Région")
    factories.sign_in(place.session, client, region, place.now)
    place.session.commit()
    listed, shown = client.get("/badges"), client.get(f"/badges-proposes/{badge.award_id}")
    assert (listed.status_code, shown.status_code) == (200, 200)
    for answer in (listed, shown):
        for hidden in (place.person.name, place.coach.name, place.issuer.name, EVIDENCE[0]["name"]):
            assert hidden not in answer.text
    assert place.structure.name in shown.text
    assert "Retirer définitivement" in shown.text


def test_an_other_organisation_s_issuer_sees_nothing(client, place, badge):
    """A mandate given to one structure shows nothing to another."""
    other = factories.organisation(place.session)
    stranger = factories.staff(place.session, (other, Role.ISSUER))
    factories.sign_in(place.session, client, stranger, place.now)
    place.session.commit()
    assert client.get(f"/badges-proposes/{badge.award_id}").status_code == 404


def test_a_mandate_makes_the_owner_an_issuer_once(place):
    """Keys, lists, and a recognition on its own référentiel; another mandate adds nothing."""
    assert recognition_of(place, place.region).valid_until is None
    assert keys.did_document(place.session, place.installation, place.region.slug)
    end(place, place.now.date() - timedelta(days=1), place.now)
    give(place)
    assert len(place.version.referentiel.recognitions) == 2


def test_days_of_a_mandate_are_those_of_its_recognition(place):
    """It cannot begin before, nor end before it begins; two do not overlap; what has ended does not end again."""
    day, back = place.now.date(), timedelta(days=1)
    with pytest.raises(Conflict):
        give(place)
    end(place, day - back, place.now)
    with pytest.raises(Invalid):
        give(place, valid_until=day - back)
    with pytest.raises(Invalid):
        give(place, valid_from=recognition_of(place, place.structure).valid_from - back)
    with pytest.raises(Gone):
        end(place, day, place.now)


def test_a_text_without_the_permission_gives_no_mandate(session, installation):
    """The editor publishes it first: whoever verifies can read that the owner may stand for a structure."""
    place = world(session, installation)
    with pytest.raises(Conflict):
        give(place)
    stranger = factories.staff(session, (factories.organisation(session), Role.EDITOR))
    with pytest.raises(NotFound):
        mandates.give(
            session,
            factories.actor(stranger),
            installation,
            slug=place.version.referentiel.slug,
            recognition_id=recognition_of(place, place.structure).id,
            valid_from=place.now.date(),
            valid_until=None,
            now=place.now,
        )


def test_the_files_a_person_takes_along_do_not_name_it_either(place, badge):
    """The pictures of their own copy of everything are those they may hand on."""
    found = personal_export.personal(place.session, place.person.id)
    copy = b"".join(personal_export.stream(place.session, place.person.id, found, [], place.now))
    with zipfile.ZipFile(io.BytesIO(copy)) as archive:
        files = {name: archive.read(name) for name in archive.namelist() if name.startswith("badges/")}
    assert {name.rpartition(".")[2] for name in files} >= {"json", "png", "svg", "jws"}
    assert all(silent(place, content) for content in files.values())
