"""The pages about people: the coach's, and a person's own."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from badges.models.people import AgeBand, OrganisationKind, PersonRecord, Role
from badges.services import access, codes
from issuer.picture import qr_svg
from tests import factories


@pytest.fixture
def place(session, client, clock):
    """A structure with its coach signed in, and one person."""
    structure = factories.organisation(session, phone="02 40 00 00 00", word_for_person="stagiaire")
    coach = factories.staff(session, (structure, Role.COACH))
    person = factories.person(session, structure, coach, name="ليلى حداد", pin=factories.PIN)
    factories.sign_in(session, client, coach, clock())
    session.commit()
    return structure, coach, person


def become(session, client, clock, who):
    factories.sign_in(session, client, who, clock())
    session.commit()


def test_coach_registers_a_person_and_prints_the_strip_once(client, session, place):
    """The answer to the form holds card, QR and PIN; the card's own page never shows the PIN again."""
    structure, _coach, _person = place
    form = {"organisation": structure.id, "name": "Inès", "language": "fr", "pin_choice": "strip", "person": uuid4()}
    form["age_band"] = "15_17"
    page = client.post("/personnes/nouvelle", data=form)
    person = session.scalars(select(PersonRecord).where(PersonRecord.name == "Inès")).one()
    session.commit()
    pin = page.text.partition('<strong class="code">')[2].partition("</strong>")[0]
    assert page.status_code == 200
    assert person.age_band is AgeBand.FROM_15
    assert access.secret_matches(person.pin_hash, pin)
    assert codes.show_code(person.card_code) in page.text
    assert "<svg" in page.text
    assert "02 40 00 00 00" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert pin not in str(page.headers)
    again = client.post("/personnes/nouvelle", data=form)
    assert again.headers["Location"] == f"/personnes/{person.id}/carte"
    card = client.get(again.headers["Location"])
    assert codes.show_code(person.card_code) in card.text
    assert 'class="strip"' not in card.text


def test_coach_who_forgets_the_name_keeps_what_was_typed(client, place):
    """422, the sentence by the field, the language still chosen."""
    structure, _coach, _person = place
    form = {"organisation": structure.id, "name": " ", "language": "en", "pin_choice": "first_use"}
    page = client.post("/personnes/nouvelle", data=form)
    assert page.status_code == 422
    assert "Écrivez un nom." in page.text
    assert '<option value="en" selected>' in page.text


def test_form_asks_for_no_more_than_a_name_a_language_an_age_band_and_a_way_in(client, place):
    """No e-mail, no address, no birth date, no telephone: not even a field."""
    page = client.get("/personnes/nouvelle").text
    for absent in ('type="email"', 'type="date"', 'type="tel"', 'name="address"', 'name="birth'):
        assert absent not in page


def test_caseload_names_people_and_says_whose_turn_it_is(client, place):
    """The person, the next thing to do, and that it waits on the coach."""
    page = client.get("/personnes")
    assert page.status_code == 200
    assert "ليلى حداد" in page.text
    assert "Pas encore de positionnement" in page.text
    assert "À vous" in page.text
    assert "Aucun nom ne correspond" in client.get("/personnes?q=xyz").text


def test_file_speaks_with_the_structures_word(client, place):
    """The kicker says « Stagiaire », as the structure does."""
    _structure, _coach, person = place
    page = client.get(f"/personnes/{person.id}").text
    assert "Stagiaire" in page
    assert f"/personnes/{person.id}/positionnements/nouveau" in page


COACH_PAGES = ["", "/carte", "/acces", "/relais", "/depart"]


@pytest.mark.parametrize("path", COACH_PAGES)
def test_person_of_another_structure_does_not_exist_for_a_coach(client, session, place, clock, path):
    """404 for reading and for acting, exactly as for an identifier that nobody has."""
    _structure, _coach, person = place
    become(session, client, clock, factories.staff(session, (factories.organisation(session), Role.COACH)))
    there, nowhere = client.get(f"/personnes/{person.id}{path}"), client.get(f"/personnes/{uuid4()}{path}")
    assert there.status_code == 404
    assert there.text.partition("<main")[2] == nowhere.text.partition("<main")[2]
    if path not in ("", "/carte"):
        form = {"reason": "pin", "pin_choice": "strip", "coach": 1}
        assert client.post(f"/personnes/{person.id}{path}", data=form).status_code == 404
    session.expire_all()
    assert session.get(PersonRecord, person.id).pin_reset_at is None


@pytest.mark.parametrize("path", COACH_PAGES)
def test_people_and_other_roles_have_no_business_there(client, session, place, clock, path):
    """A person, even about themselves, and every other role: 403."""
    structure, _coach, person = place
    others = [person, *(factories.staff(session, (structure, one)) for one in Role if one is not Role.COACH)]
    for other in others:
        become(session, client, clock, other)
        assert client.get(f"/personnes/{person.id}{path}").status_code == 403


def test_reset_with_a_strip_shows_the_new_pin_and_tells_the_person(client, session, place, clock):
    """The coach prints it; the person reads who did it and when."""
    _structure, coach, person = place
    page = client.post(f"/personnes/{person.id}/acces", data={"reason": "pin", "pin_choice": "strip"})
    pin = page.text.partition('<strong class="code">')[2].partition("</strong>")[0]
    become(session, client, clock, person)
    mine = client.get("/moi").text
    assert f"par {coach.name}" in mine
    assert "21 nov. 2026" in mine
    session.expire_all()
    assert access.secret_matches(session.get(PersonRecord, person.id).pin_hash, pin)


def test_reset_without_a_reason_is_asked_again(client, place):
    """Neither « code oublié » nor « carte perdue » ticked: 422, nothing done."""
    _structure, _coach, person = place
    page = client.post(f"/personnes/{person.id}/acces", data={"pin_choice": "strip"})
    assert page.status_code == 422
    assert "Choisissez une réponse." in page.text


def test_lost_card_leads_to_the_new_one(client, session, place):
    """The new card is shown to be printed; its code is another."""
    _structure, _coach, person = place
    old = person.card_code
    done = client.post(f"/personnes/{person.id}/acces", data={"reason": "card", "pin_choice": "first_use"})
    page = client.get(done.headers["Location"]).text
    session.expire_all()
    new = session.get(PersonRecord, person.id).card_code
    assert new != old
    assert codes.show_code(new) in page
    assert codes.show_code(old) not in page


def test_following_ends_after_a_question(client, place):
    """A page that says what it means, then a POST; afterwards the person is unknown here."""
    _structure, _coach, person = place
    asked = client.get(f"/personnes/{person.id}/depart").text
    assert "restent à elle" in asked
    assert client.post(f"/personnes/{person.id}/depart").status_code == 303
    assert client.get(f"/personnes/{person.id}").status_code == 404


def test_coach_hands_a_person_over(client, session, place):
    """The colleague is in the list; afterwards the file names them."""
    structure, coach, person = place
    colleague = factories.staff(session, (structure, Role.COACH), name="Samir Belkacem")
    session.commit()
    page = client.get(f"/personnes/{person.id}/relais").text
    assert "Samir Belkacem" in page
    assert f'<option value="{coach.id}"' not in page
    client.post(f"/personnes/{person.id}/relais", data={"coach": colleague.id, "scope": "one"})
    assert "Samir Belkacem" in client.get(f"/personnes/{person.id}").text


def test_card_speaks_the_persons_language_and_the_page_the_coachs(client, session, place):
    """The sheet is marked with its own language, inside a French page."""
    _structure, _coach, person = place
    person.language = "en"
    session.commit()
    page = client.get(f"/personnes/{person.id}/carte").text
    assert '<html lang="fr"' in page
    assert '<div lang="en" dir="ltr">' in page


def test_person_may_read_french_that_is_easy_to_read(client, session, place):
    """The form takes the easy language; the card says its words, marked as the French that they are."""
    structure, _coach, _person = place
    form = {"organisation": structure.id, "name": "Lucie", "language": "fr@falc", "pin_choice": "first_use"}
    card = client.post("/personnes/nouvelle", data=form | {"person": uuid4()}, follow_redirects=True).text
    assert session.scalars(select(PersonRecord).where(PersonRecord.name == "Lucie")).one().language == "fr@falc"
    assert '<div lang="fr" dir="ltr">' in card
    assert "fr@falc" not in card


def test_persons_page_puts_what_to_do_first(client, session, place, clock):
    """A round to rate stands before badges and card."""
    structure, coach, person = place
    owner = factories.organisation(session, "Région", kind=OrganisationKind.REGION)
    version = factories.version(session, owner)
    row = factories.closed_round(session, version, person, structure=structure, coach=coach, levels={"equipe": 3})
    row.self_sealed_at = row.coach_sealed_at = row.concluded_at = row.confirmed_at = row.closed_at = row.outcome = None
    become(session, client, clock, person)
    page = client.get("/moi").text
    assert f"/positionnements/{row.id}" in page
    assert page.index(">Relire et terminer<") < page.index("Ma carte")
    assert "Mes badges" not in page, "no empty place where badges would be"


def test_persons_page_says_tu_where_the_structure_does(client, session, place, clock):
    """*Tu* is the structure's setting; *vous* otherwise."""
    structure, _coach, person = place
    become(session, client, clock, person)
    assert "de votre côté" in client.get("/moi").text
    structure.address_form = "tu"
    session.commit()
    assert "de ton côté" in client.get("/moi").text
    assert "Ce que tu montres." in client.get("/qui-voit-quoi").text
    assert "Ce que tu montres, et à qui." in client.get("/moi/partages").text, "before there is any badge to show"
    assert "Dire non ne change rien à ton accompagnement." in client.get("/moi/accords").text
    assert "Ces données sont à toi." in client.get("/moi/droits").text
    assert "Ton code secret" in client.get("/moi/copie").text
    assert "Ce que ta structure a noté de toi." in client.get("/moi/vu").text


def test_person_sees_their_own_card_without_a_pin(client, session, place, clock):
    """Code and QR again, whenever they want; also once the following has ended."""
    _structure, _coach, person = place
    person.memberships[0].left_on = clock().date()
    become(session, client, clock, person)
    page = client.get("/moi/carte").text
    assert codes.show_code(person.card_code) in page
    assert 'class="strip"' not in page
    assert client.get("/moi").status_code == 200


def test_person_changes_their_pin_and_other_browsers_are_out(client, app, session, place, clock):
    """This browser stays in, with a new session; the other one has to come in again."""
    _structure, _coach, person = place
    other = app.test_client()
    become(session, other, clock, person)
    become(session, client, clock, person)
    form = {"current": factories.PIN, "pin": "385024", "again": "385024"}
    assert client.post("/moi/code", data=form).status_code == 303
    assert client.get("/moi").status_code == 200
    assert other.get("/moi").status_code == 302


def test_wrong_present_pin_is_counted_and_changes_nothing(client, session, place, clock):
    """422 each time, then 429, and the PIN is what it was."""
    _structure, _coach, person = place
    become(session, client, clock, person)
    form = {"current": "000000", "pin": "385024", "again": "385024"}
    for _ in range(access.LIMITS["pin"][0]):
        assert client.post("/moi/code", data=form).status_code == 422
    assert client.post("/moi/code", data={**form, "current": factories.PIN}).status_code == 429
    session.expire_all()
    assert access.secret_matches(session.get(PersonRecord, person.id).pin_hash, factories.PIN)


def test_staff_have_no_page_of_their_own_here(client, place):
    """`/moi` is a person's."""
    for path in ("/moi", "/moi/carte", "/moi/code"):
        assert client.get(path).status_code == 403


def test_who_sees_what_is_for_everybody(client):
    """The sentences, before anybody signs in."""
    page = client.get("/qui-voit-quoi").text
    assert "Des totaux sans nom." in page
    assert "Vos réponses, après les siennes." in page


def test_reset_long_ago_stays_on_the_persons_page(client, session, place, clock):
    """After a month it no longer stands on top, and is still there."""
    _structure, coach, person = place
    client.post(f"/personnes/{person.id}/acces", data={"reason": "pin", "pin_choice": "first_use"})
    clock.forward(days=45)
    become(session, client, clock, person)
    page = client.get("/moi").text
    assert page.index("Ma carte") < page.index(f"par {coach.name}")


def test_coach_welcomes_a_person_who_has_a_card(client, session, place):
    """Card and PIN together lead to the file; a wrong PIN to the form, with the card still in it."""
    structure, _coach, _person = place
    guest = factories.person(session, factories.organisation(session), name="Lina Morvan", pin=factories.PIN)
    session.commit()
    form = {"organisation": structure.id, "card": guest.card_code, "pin": "111222"}
    refused = client.post("/personnes/carte", data=form)
    assert refused.status_code == 422
    assert f'value="{guest.card_code}"' in refused.text
    assert guest.name not in refused.text
    answer = client.post("/personnes/carte", data={**form, "pin": factories.PIN})
    assert "Lina Morvan" in client.get(answer.headers["Location"]).text


def test_card_carries_the_qr_of_its_own_address(client, place):
    """What a telephone reads on the card opens the page with the code filled in."""
    _structure, _coach, person = place
    page = client.get(f"/personnes/{person.id}/carte").text
    assert qr_svg(f"http://localhost:8000/carte/{person.card_code}").decode() in page


def test_persons_path_says_what_is_acquired_and_nothing_of_the_rest(client, session, place, clock):
    """Held, to acquire, acquired, in words; what nobody looked at is nowhere."""
    structure, coach, person = place
    owner = factories.organisation(session, "Région", kind=OrganisationKind.REGION)
    version = factories.version(session, owner)
    factories.closed_round(
        session, version, person, structure=structure, coach=coach, levels={"equipe": 3, "rigueur": 1}
    )
    become(session, client, clock, person)
    page = client.get("/moi/parcours").text
    grid = page[page.index("Ce qui est acquis") : page.index("Les positionnements")]
    assert "Détenue" in grid
    assert "À acquérir" in grid
    assert "Curiosité" not in grid
