"""The main journey: a person and their coach, each on their own, then together; a badge; an employer."""

import pytest

from tests.journeys import walks

OWN: walks.Answers = {
    "equipe": (2, "Au chantier du lavoir, deux matins."),
    "rigueur": (4, "J’ai refait les trois devis, en octobre."),
    "curiosite": (None, ""),
}
COACHS: walks.Answers = {
    "equipe": (4, "Trois semaines au chantier, elle répartit les tâches."),
    "rigueur": (3, "Les relevés du mardi, sans erreur."),
    "curiosite": (3, "Elle a demandé à voir l’atelier bois."),
}
AGREED = {"equipe": 3, "rigueur": 3, "curiosite": None}
EVIDENCE = ("Le chantier du lavoir", "Trois matins de suite, elle a partagé les tâches entre quatre personnes.")

SURNAMES = {"360-script": "Kerléo", "360-plain": "Le Bihan", "1280-script": "Nguema", "1280-plain": "Óscarsdóttir"}

pytestmark = pytest.mark.browser


def test_from_card_to_badge(demo, visit, setting, shot_name):
    """A person rates themselves blind, talks, confirms, claims; an employer who knows nothing of it reads « valid »."""
    name = f"Inès {SURNAMES[shot_name.partition('-')[2]]}"
    coach, person = visit(**setting), visit(**setting)
    walks.sign_in(coach, demo, "coach")
    card = walks.welcome(coach, name)
    address = walks.open_round(coach, "Savoir-être professionnels (liste publique de 2017)", list(OWN))

    walks.enter_with_card(person, card)
    walks.open_what_waits(person)
    person.follow("Commencer", within="main")
    walks.rate(person, OWN, shot=f"{shot_name}-question")
    assert person.path == address

    _coach_sees_nothing(coach, address)
    coach.go(address)
    coach.follow("Commencer", within="main")
    walks.rate(coach, COACHS)
    coach.follow("Voir les deux avis", within="main")
    assert OWN["equipe"][1] in coach.words
    assert COACHS["equipe"][1] in coach.words
    coach.shot(f"{shot_name}-exchange")
    walks.settle(coach, AGREED)
    walks.conclude(coach, "accorde", "Nous avons parlé du chantier. La suite : un stage en équipe.")

    walks.confirm(person, card.pin)
    coach.go(address)
    walks.propose(coach, "Travail en équipe", EVIDENCE)
    issuer = visit(**setting)
    walks.sign_in(issuer, demo, "issuer")
    walks.grant(issuer, "Travail en équipe", name)
    badge = walks.claim(person, card.pin, shot_name)
    person.shot(f"{shot_name}-mine")

    employer = visit(**setting)
    employer.go(badge)
    assert walks.verdict(employer).kind == "valid"
    assert name in employer.words
    assert EVIDENCE[1] in employer.words
    employer.shot(f"{shot_name}-verdict")

    walks.stop_sharing(person)
    assert employer.go(badge).status == 410
    assert name not in employer.page.content()
    assert "Mission Passerelle" not in employer.words
    employer.shot(f"{shot_name}-withdrawn")


def _coach_sees_nothing(coach, address):
    """Before the coach has sealed their own view, no page of theirs holds a word or level of the person's."""
    words = OWN["equipe"][1]
    for page in (address, f"{address}/coach", f"{address}/coach/equipe", f"{address}/echange"):
        coach.go(page)
        assert words not in coach.page.content()
        assert coach.path != f"{address}/echange"
    assert not coach.page.locator("input[name=level]:checked").count()
