"""The pages of it all: allowing and mandating, choosing at claim, changing later, words that are pointed out."""

import re

import pytest

from badges.models.people import Role
from badges.services import public_badges, referentiels
from referentiels import editing
from tests import factories
from tests.awarding import EVIDENCE, mandated, world

HTML = {"Accept": "text/html"}
FORM = "multipart/form-data"


@pytest.fixture
def place(session, installation):
    return mandated(session, installation)


def signed_in(place, client, who):
    factories.sign_in(place.session, client, who, place.now)
    place.session.commit()
    return client


def value(text, name):
    """What a hidden field holds."""
    return re.search(rf'name="{name}" value="([^"]*)"', text)[1]


def read(answer):
    return answer.text.replace("\u00a0", " ").replace("&#39;", "'")


def test_the_person_chooses_the_issuer_and_reads_what_it_means(client, place):
    """Two choices in plain words, the exact preview with the region's name, then the badge."""
    award = place.granted()
    signed_in(place, client, place.person)
    address = f"/badges-proposes/{award.id}/prendre"
    choose = read(client.get(address))
    assert "Le nom de votre structure n’apparaît nulle part." in choose
    shown = client.get(address, query_string={"vu": 1, "nom": "masque", "preuve": 0, "emetteur": "proprietaire"})
    assert f"{place.region.name} signe ce badge" in read(shown)
    form = {"nom": "masque", "preuve": 0, "emetteur": "proprietaire", "pin": factories.PIN}
    answer = client.post(address, data={**form, "shown": value(shown.text, "shown")})
    assert answer.status_code == 303
    place.session.expire_all()
    assert award.credentials[-1].signed_by == place.region.id


def test_without_a_mandate_the_choice_is_not_offered(client, session, installation):
    """And asking for it all the same is refused beside the field."""
    place = world(session, installation)
    award = place.granted()
    signed_in(place, client, place.person)
    address = f"/badges-proposes/{award.id}/prendre"
    assert "Qui est affiché comme émetteur" not in client.get(address).text
    refused = client.get(address, query_string={"vu": 1, "nom": "clair", "emetteur": "proprietaire"})
    assert refused.status_code == 422
    assert "ne peut être signé que par" in refused.text


def test_evidence_that_names_the_structure_is_refused_beside_it(client, place):
    """The sentence says which; the choice made so far stays."""
    award = place.granted(evidence=[{"name": "Mission Passerelle", "narrative": "Range."}, *EVIDENCE])
    signed_in(place, client, place.person)
    asked = {"vu": 1, "nom": "clair", "preuve": 0, "emetteur": "proprietaire"}
    refused = client.get(f"/badges-proposes/{award.id}/prendre", query_string=asked)
    assert refused.status_code == 422
    assert "nomme votre structure" in refused.text
    assert 'value="proprietaire" checked' in refused.text


def test_the_person_changes_what_the_badge_shows(client, place):
    """From their own page: what was chosen, the preview, the PIN; then the code leads to the new one."""
    old = place.claimed()
    code = old.award.shares[-1].code
    signed_in(place, client, place.person)
    address = f"/moi/badges/{old.award_id}/changer"
    assert address in client.get(f"/moi/badges/{old.award_id}").text
    assert 'value="clair" checked' in client.get(address).text
    unchanged = client.get(address, query_string={"vu": 1, "nom": "clair", "preuve": 0})
    assert (unchanged.status_code, "rien à changer" in unchanged.text) == (422, True)
    shown = client.get(address, query_string={"vu": 1, "nom": "masque"})
    assert "Je remplace mon badge" in shown.text
    form = {"nom": "masque", "shown": value(shown.text, "shown")}
    wrong = client.post(address, data={**form, "pin": "424242"})
    assert (wrong.status_code, "pas votre code secret" in wrong.text) == (422, True)
    for _ in range(2):  # a button pressed twice
        assert client.post(address, data={**form, "pin": factories.PIN}).status_code == 303
    reader = client.application.test_client()
    page = reader.get(f"/v/{code}", headers=HTML)
    assert "nom masqué par la personne" in page.text
    assert place.person.name not in page.text
    former = read(client.get(f"/c/{old.id}", headers=HTML))
    assert "Ce badge a été remplacé par un plus récent" in former
    handed = client.post("/verify", data={"texte": old.document.decode()}, headers=HTML, content_type=FORM)
    assert "Ce badge a été remplacé par un plus récent" in read(handed)
    assert f"/c/{public_badges.by_code(place.session, code, place.now).badges[0].credential_id}" in handed.text
    gone = client.get(f"/ob2/c/{old.id}", headers={"Accept": "*/*"})
    assert (gone.status_code, "remplacé" in gone.json["revocationReason"]) == (410, True)


def test_a_former_file_leads_nowhere_once_the_share_is_withdrawn(client, place):
    """It says that it was replaced, and no address of what the person no longer shows."""
    old = place.claimed()
    fresh = place.reissue(old, clear_name=False)
    old.award.shares[-1].withdrawn_at = place.now
    place.session.commit()
    handed = client.post("/verify", data={"texte": old.document.decode()}, headers=HTML, content_type=FORM)
    assert "Ce badge a été remplacé par un plus récent" in read(handed)
    assert str(fresh.id) not in handed.text


def test_the_editor_allows_publishes_and_gives_a_mandate(client, session, installation):
    """In that order, each page saying what comes next; then ends it."""
    place = world(session, installation)
    editor = factories.staff(session, (place.region, Role.EDITOR))
    row = place.version.referentiel
    slug, title, revision = row.slug, row.title, row.revision
    page = f"/referentiels/{slug}/reconnaissances/{row.recognitions[0].id}/mandat"
    signed_in(place, client, editor)
    assert "La version en vigueur ne le permet pas" in client.get(page).text
    assert client.post(page, data={"valid_from": "2026-11-21"}).status_code == 409
    details = f"/referentiels/{slug}/brouillon/presentation"
    form = {"revision": revision, "title": title, "language": "fr", "owner_as_issuer": "1"}
    assert client.post(details, data=form).status_code == 303
    ready = client.get(f"/referentiels/{slug}/brouillon/publication")
    assert "peut être affiché comme émetteur" in ready.text
    publish = {"revision": value(ready.text, "revision")}
    assert client.post(f"/referentiels/{slug}/brouillon/publication", data=publish).status_code == 303
    assert client.post(page, data={"valid_from": "", "valid_until": ""}).status_code == 422
    assert client.post(page, data={"valid_from": "2026-11-21", "valid_until": ""}).status_code == 303
    assert "Voir le mandat" in client.get(f"/referentiels/{slug}/reconnaissances").text
    assert client.post(f"{page}/fin", data={"last_day": "2026-11-30"}).status_code == 303
    assert client.post(f"{page}/fin", data={"last_day": "2026-11-30"}).status_code == 410
    assert "mandat" not in client.get(f"/r/{slug}").text.lower()


def test_words_of_a_draft_are_kept_with_a_reason(client, session, installation):
    """Marked where they stand; without a reason, asked again; kept, said so; let go, pointed out again."""
    place = world(session, installation)
    editor = factories.staff(session, (place.region, Role.EDITOR))
    row = place.version.referentiel
    referentiels.change_draft(
        session,
        factories.actor(editor),
        slug=row.slug,
        revision=row.revision,
        change=lambda draft: editing.set_details(draft, description="Pour toute personne honnête."),
        now=place.now,
    )
    ready = f"/referentiels/{row.slug}/brouillon/publication"
    signed_in(place, client, editor)
    page = client.get(ready)
    assert "personne <mark>honnête</mark>" in page.text
    form = {"revision": value(page.text, "revision"), "place": "description", "passage": "honnête"}
    assert client.post(f"{ready}/mots", data={**form, "reason": " "}).status_code == 422
    assert client.post(f"{ready}/mots", data={**form, "reason": "Le mot de la branche."}).status_code == 303
    page = client.get(ready)
    assert "Le mot de la branche." in page.text
    form["revision"] = value(page.text, "revision")
    assert client.post(f"{ready}/mots", data={**form, "release": "1"}).status_code == 303
    assert "Le mot de la branche." not in client.get(ready).text


def test_words_of_evidence_are_shown_before_it_is_proposed(client, place):
    """Marked, with the reason why; changed, or kept with a reason that who grants reads."""
    signed_in(place, client, place.coach)
    address = f"/positionnements/{place.round.id}/badges/equipe/proposer"
    form = {"name": "Chantier", "narrative": "Réfugié, il aide chaque matin."}
    asked = client.post(address, data=form)
    assert asked.status_code == 422
    assert "<mark>Réfugié</mark>" in asked.text
    done = client.post(address, data={**form, "wording_reason": "Cité par l’association elle-même."})
    assert done.status_code == 303
    assert "Cité par l’association elle-même." in client.get(done.location).text


def test_evidence_without_such_words_is_proposed_at_once(client, place):
    """The lint asks nothing of anybody else."""
    signed_in(place, client, place.coach)
    form = {"name": "Chantier", "narrative": "Aide chaque matin à ranger."}
    done = client.post(f"/positionnements/{place.round.id}/badges/equipe/proposer", data=form)
    assert done.status_code == 303
