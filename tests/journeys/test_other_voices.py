"""A company and a peer, by links alone: no account, an old telephone without scripts, and a call that interrupts."""

import re

import pytest

from tests.journeys import walks
from tests.journeys.visitor import PHONE

pytestmark = pytest.mark.browser

ACT = "Protections mises chaque matin, sans rappel."
SAID = "À la presse, elle m’a fait remettre mes lunettes avant de démarrer."


def test_company_and_peer_say_what_they_saw(demo, visit):
    """A tutor is interrupted, comes back and sends; the three confirm an interview; a peer tells of one time."""
    coach, person, tutor, peer = visit(), visit(), visit(PHONE, javascript=False), visit()
    walks.sign_in(coach, demo, "coach")
    card = walks.welcome(coach, "Rozenn Le Floc’h")
    address = walks.open_round(coach, "Compétences attendues par les entreprises du Val-de-Brume", ["securite"])
    walks.enter_with_card(person, card)

    link = walks.ask_company(coach, "Conserverie des Deux Rives")
    coach.shot("other-voices-link")

    person.go("/moi")
    assert "Conserverie des Deux Rives" in person.words

    tutor.go(link)
    assert "Rozenn\u00a0: ce que vous avez vu" in tutor.title
    tutor.page.get_by_label("Un acte, en quelques mots").fill(ACT)
    tutor.press("Garder pour plus tard")
    tutor.go("/")
    tutor.go(link)
    assert tutor.page.get_by_label("Un acte, en quelques mots").input_value() == ACT
    tutor.choose("level-securite", "3")
    tutor.choose("right_person", "1")
    tutor.press("Envoyer mon avis")
    assert "Merci, c’est envoyé" in tutor.title
    assert tutor.go(link).status == 410

    coach.go(address)
    assert "A répondu" in coach.words
    coach.follow("Écrire un entretien à trois")
    coach.page.get_by_label("Ce qui a bien marché").fill(ACT)
    coach.page.get_by_label("La suite").fill("Deux semaines de plus.")
    coach.press("Enregistrer et confirmer pour moi")
    coach.press("Faire un lien pour l’entreprise")
    reading = walks.link_of(coach)
    tutor.go(reading)
    assert ACT in tutor.words
    tutor.press("C’est bien ce que nous nous sommes dit")
    person.go("/moi")
    person.follow("Relire", within="main")
    person.press("C’est bien ce que nous nous sommes dit")
    assert person.words.count("Confirmé le") == 3
    person.shot("other-voices-interview")

    person.go("/moi")
    person.follow(re.compile("^Les paroles de pairs"), within="main")
    person.follow("Demander une parole")
    person.fill("À qui\u00a0?", "Nour")
    person.page.locator("input[name=competence]").first.check()
    person.press("Faire le lien")
    peer.go(walks.link_of(person))
    peer.fill("Ce que vous avez vu", SAID)
    peer.press("Donner cette parole")
    person.go("/moi/paroles")
    assert SAID in person.words
    person.press("Garder cette parole")
    assert "Gardée" in person.words
    person.shot("other-voices-peer")
