"""The pages of awards: propose, decide, claim, own page; who sees what, and what a form keeps."""

import json
import re

import pytest
from sqlalchemy import func, select

from badges.models.awards import AwardRecord, AwardState, CredentialRecord
from badges.models.journal import JournalRecord
from badges.models.people import Role
from tests import factories
from tests.awarding import world
from verify.standards import baking


@pytest.fixture
def place(session, installation):
    return world(session, installation)


def enter(place, client, who):
    """Sign this one in and let the pages have the database."""
    factories.sign_in(place.session, client, who, place.now)
    place.session.commit()


def text_of(answer):
    return answer.text.replace("\u00a0", " ").replace("&#39;", "'")


def state_of(place, award):
    place.session.expire_all()
    found = place.session.get(AwardRecord, award.id).state
    place.session.rollback()
    return found


def test_coach_proposes_from_a_closed_round(place, client):
    """The form says what was agreed; what is typed becomes the proposal."""
    enter(place, client, place.coach)
    address = f"/positionnements/{place.round.id}/badges/equipe/proposer"
    page = client.get(address)
    assert page.status_code == 200
    assert "Niveau 3 : Seul" in text_of(page)
    assert "N’écrivez rien sur la santé" in text_of(page)
    answer = client.post(address, data={"name": ["Chantier", ""], "narrative": ["Monte l’échafaudage.", ""]})
    assert answer.status_code == 303
    [award] = place.session.scalars(select(AwardRecord)).all()
    assert award.evidence == [{"name": "Chantier", "narrative": "Monte l’échafaudage."}]
    assert answer.headers["Location"] == f"/badges-proposes/{award.id}"


def test_refused_proposal_keeps_what_was_typed(place, client):
    """A narrative without a title: 422, the error beside the field, nothing lost."""
    enter(place, client, place.coach)
    answer = client.post(
        f"/positionnements/{place.round.id}/badges/equipe/proposer", data={"name": [""], "narrative": ["Vu lundi."]}
    )
    assert answer.status_code == 422
    assert "Vu lundi." in text_of(answer)
    assert "Chaque preuve a un titre" in text_of(answer)


def test_issuer_decides_on_names_levels_and_titles_only(place, client):
    """Neither situations, ratings nor narratives reach the issuer."""
    award = place.propose()
    enter(place, client, place.issuer)
    text = text_of(client.get(f"/badges-proposes/{award.id}"))
    for shown in ("Awa Diallo", "Niveau 3 : Seul", "Chantier du lavoir", "Accorder ce badge"):
        assert shown in text
    for hidden in ("Situation vue", "échafaudage", "Une note de l’échange"):
        assert hidden not in text
    assert client.post(f"/badges-proposes/{award.id}/accorder").status_code == 303
    assert state_of(place, award) is AwardState.GRANTED


def test_coach_follows_without_deciding(place, client):
    """The coach sees where it stands; granting is not theirs."""
    award = place.propose()
    enter(place, client, place.coach)
    text = text_of(client.get(f"/badges-proposes/{award.id}"))
    assert "Proposé" in text
    assert "Accorder ce badge" not in text
    assert client.post(f"/badges-proposes/{award.id}/accorder").status_code == 403


def test_index_gives_each_role_its_lists(place, client):
    """The issuer's list to decide; the coach's people; nobody else's."""
    place.propose()
    for who in (place.issuer, place.coach):
        enter(place, client, who)
        assert "Awa Diallo" in text_of(client.get("/badges"))
    other = factories.organisation(place.session)
    enter(place, client, factories.staff(place.session, (other, Role.ISSUER), (other, Role.COACH)))
    assert "Awa Diallo" not in text_of(client.get("/badges"))


def test_another_organisations_issuer_finds_nothing(place, client):
    """404 on every page and every act, before and after the claim."""
    credential = place.claimed()
    other = factories.organisation(place.session)
    enter(place, client, factories.staff(place.session, (other, Role.ISSUER)))
    address = f"/badges-proposes/{credential.award_id}"
    assert client.get(address).status_code == 404
    for act in ("accorder", "ne-pas-accorder", "mettre-en-pause", "reprendre", "retirer", "corriger"):
        assert client.post(f"{address}/{act}", data={"reason": "Non."}).status_code == 404


def test_reason_is_asked_beside_its_field(place, client):
    """Withdrawing without a reason does nothing and says so."""
    credential = place.claimed()
    enter(place, client, place.issuer)
    answer = client.post(f"/badges-proposes/{credential.award_id}/retirer", data={"reason": " "})
    assert answer.status_code == 422
    assert "Dites pourquoi, en une phrase." in text_of(answer)
    assert 'href="#reason-revoke"' in text_of(answer)


def test_issuer_pauses_lifts_and_withdraws(place, client):
    """Each act leads back to the award, which says how it stands."""
    credential = place.claimed()
    enter(place, client, place.issuer)
    address = f"/badges-proposes/{credential.award_id}"
    for act, words in (("mettre-en-pause", "En pause"), ("reprendre", "Délivré"), ("retirer", "Retiré le")):
        assert client.post(f"{address}/{act}", data={"reason": "Une erreur."}).status_code == 303
        assert words in text_of(client.get(address))
    assert client.post(f"{address}/retirer", data={"reason": "Encore."}).status_code == 409


def test_person_is_led_to_their_own_pages(place, client):
    """The address that staff share with the person opens the person's page of it."""
    award = place.granted()
    enter(place, client, place.person)
    assert client.get(f"/badges-proposes/{award.id}").headers["Location"] == f"/badges-proposes/{award.id}/prendre"


def test_person_chooses_reads_and_claims(place, client):
    """Nothing is chosen beforehand; the preview is what gets signed; the PIN signs it once."""
    award = place.granted()
    enter(place, client, place.person)
    address = f"/badges-proposes/{award.id}/prendre"
    first = client.get(address)
    assert "checked" not in text_of(first)
    assert client.get(f"{address}?vu=1").status_code == 422
    preview = client.get(f"{address}?vu=1&nom=clair&preuve=1")
    text = text_of(preview)
    assert "Voici exactement ce qui sera signé" in text
    assert "Atelier cuisine" in text
    assert "lavoir" not in text
    shown = re.search(r'name="shown" value="([0-9a-f]{64})"', text)[1]
    form = {"nom": "clair", "preuve": "1", "shown": shown}
    wrong = client.post(address, data={**form, "pin": "111112"})
    assert wrong.status_code == 422
    assert "Ce n’est pas votre code secret" in text_of(wrong)
    done = client.post(address, data={**form, "pin": factories.PIN})
    assert done.headers["Location"] == f"/moi/badges/{award.id}"
    for again in (client.post(address, data={**form, "pin": factories.PIN}), client.get(f"{address}?vu=1&nom=clair")):
        assert (again.status_code, again.location) == (303, f"/moi/badges/{award.id}")
    assert "n’a été signé qu’une fois" in text_of(client.get(again.location))
    [credential] = place.session.scalars(select(CredentialRecord)).all()
    assert "Atelier cuisine" in credential.document.decode()


def test_wrong_pin_stays_counted(place, client):
    """Six wrong tries through the page: the sixth is refused unread."""
    award = place.granted()
    enter(place, client, place.person)
    address = f"/badges-proposes/{award.id}/prendre"
    preview = client.get(f"{address}?vu=1&nom=masque").text
    shown = re.search(r'name="shown" value="([0-9a-f]{64})"', preview)[1]
    form = {"nom": "masque", "shown": shown, "pin": "111112"}
    assert [client.post(address, data=form).status_code for _ in range(6)] == [422] * 5 + [429]
    assert place.session.scalar(select(func.count()).select_from(CredentialRecord)) == 0


def test_preview_shows_the_hidden_name_nowhere_in_the_document(place, client):
    """With the name hidden, the full document has its place marked and no name."""
    award = place.granted()
    enter(place, client, place.person)
    text = text_of(client.get(f"/badges-proposes/{award.id}/prendre?vu=1&nom=masque"))
    document = text.partition("<pre>")[2].partition("</pre>")[0]
    assert "identityHash" in document
    assert "Awa" not in document


def test_stale_preview_signs_nothing(place, client):
    """Where the digest is not that of what would be signed now: 409."""
    award = place.granted()
    enter(place, client, place.person)
    form = {"nom": "clair", "shown": "0" * 64, "pin": factories.PIN}
    assert client.post(f"/badges-proposes/{award.id}/prendre", data=form).status_code == 409
    assert state_of(place, award) is AwardState.GRANTED


def test_person_declines(place, client):
    """One button, and it changes nothing else."""
    award = place.granted()
    enter(place, client, place.person)
    assert client.post(f"/badges-proposes/{award.id}/ne-pas-prendre").status_code == 303
    assert state_of(place, award) is AwardState.DECLINED
    assert "choisi de ne pas prendre" in text_of(client.get(f"/moi/badges/{award.id}"))


def test_own_page_has_link_code_and_files(place, client):
    """Everything to show the badge, and files that hold the stored bytes, kept out of caches."""
    credential = place.claimed()
    enter(place, client, place.person)
    page = client.get(f"/moi/badges/{credential.award_id}")
    assert f"http://localhost:8000/v/{credential.award.shares[0].code}" in text_of(page)
    assert page.headers["Cache-Control"] == "no-store"
    files = {form: client.get(f"/moi/badges/{credential.award_id}/badge.{form}") for form in ("json", "png", "svg")}
    assert files["json"].data == credential.document
    assert baking.extract_png(files["png"].data) == credential.document
    assert baking.extract_svg(files["svg"].data) == credential.document
    assert all(answer.headers["Cache-Control"] == "no-store" for answer in files.values())
    assert "Access-Control-Allow-Origin" not in files["json"].headers


def test_person_stops_sharing_and_starts_again(place, client):
    """The badge stays theirs, the old code is gone, a new one opens."""
    credential = place.claimed()
    share = credential.award.shares[0]
    enter(place, client, place.person)
    address = f"/moi/badges/{credential.award_id}"
    assert client.post(f"{address}/arreter-le-partage", data={"share": share.id}).status_code == 303
    assert client.get(f"/v/{share.code}").status_code == 410
    assert "n’est pas partagé" in text_of(client.get(address))
    assert client.get(f"{address}/badge.json").data == credential.document
    assert client.post(f"{address}/partager").status_code == 303
    assert client.post(f"{address}/partager").status_code == 409


def test_another_persons_badge_does_not_exist(place, client):
    """Neither its page, nor its files, nor its share."""
    credential = place.claimed()
    share_id = credential.award.shares[0].id
    enter(place, client, factories.person(place.session, place.structure, place.coach, name="Zoé Lam"))
    for address in (f"/moi/badges/{credential.award_id}", f"/moi/badges/{credential.award_id}/badge.json"):
        assert client.get(address).status_code == 404
    answer = client.post(f"/moi/badges/{credential.award_id}/arreter-le-partage", data={"share": share_id})
    assert answer.status_code == 404
    assert client.get(f"/badges-proposes/{credential.award_id}").status_code == 404


def test_reason_of_a_withdrawal_is_for_the_person_only(place, client):
    """The person reads why; the public page does not say."""
    credential = place.claimed()
    enter(place, client, place.issuer)
    client.post(f"/badges-proposes/{credential.award_id}/retirer", data={"reason": "Deux stages confondus."})
    enter(place, client, place.person)
    assert "Deux stages confondus." in text_of(client.get(f"/moi/badges/{credential.award_id}"))
    assert "confondus" not in text_of(client.get(f"/v/{credential.award.shares[0].code}"))


def test_structure_that_says_tu_says_tu(place, client):
    """The form of address is the structure's."""
    place.structure.address_form = "tu"
    award = place.granted()
    enter(place, client, place.person)
    text = text_of(client.get(f"/badges-proposes/{award.id}/prendre"))
    assert "Ce badge t’est accordé" in text
    assert "vous" not in text.partition("<main")[2].partition("</main>")[0].lower()


def test_journal_of_a_claim_has_the_digest_of_the_bytes(place):
    """What was signed can be proved later without keeping what it says."""
    credential = place.claimed()
    [line] = place.session.scalars(select(JournalRecord).where(JournalRecord.action == "award.claimed")).all()
    assert line.details["digest"] == credential.digest
    assert "Awa" not in json.dumps(line.details)
