"""What each of the four people does, by the words they read: one function, one thing they set out to do."""

import re
from dataclasses import dataclass

from playwright.sync_api import expect

from tests.journeys.service import Card, Demo
from tests.journeys.visitor import Visitor

NOT_SEEN = "none"
Answers = dict[str, tuple[int | None, str]]
"""By competence code: the level, or None where there was no occasion, and the situation."""


# Anybody


def sign_in(visitor: Visitor, demo: Demo, role: str) -> None:
    """A member of staff signs in from the front page."""
    visitor.go("/")
    visitor.follow("Équipe", within="main")
    visitor.fill("Adresse e-mail", demo.emails[role])
    visitor.fill("Mot de passe", demo.password)
    visitor.press("Se connecter")
    assert visitor.page.get_by_role("button", name="Se déconnecter").is_visible()


def enter_with_card(visitor: Visitor, card: Card) -> None:
    """A person enters with the code and the PIN on their card."""
    visitor.go("/")
    visitor.follow("J’ai une carte", within="main")
    visitor.fill("Numéro de la carte", card.code)
    visitor.fill("Code secret", card.pin)
    visitor.press("Entrer")
    assert visitor.path == "/moi"


# The coach


def welcome(coach: Visitor, name: str) -> Card:
    """The coach registers somebody and hands over the card with its strip."""
    coach.go("/personnes")
    coach.follow("Inscrire une personne")
    coach.fill("Nom", name)
    coach.choose("pin_choice", "strip")
    coach.press("Inscrire et voir la carte")
    card = Card(
        coach.page.locator(".pcard__code").inner_text().strip(), coach.page.locator(".strip .code").inner_text(), name
    )
    coach.go("/personnes")
    coach.follow(name, within="main")
    assert card.pin not in coach.page.content(), "the PIN is shown once"
    return card


def open_round(coach: Visitor, referentiel: str, competences: list[str]) -> str:
    """From the person's file, the coach opens a round; its address."""
    coach.follow("Nouveau positionnement", within="main")
    coach.follow(referentiel, within="main")
    coach.choose("moment", "entree")
    for code in competences:
        coach.choose("competences", code)
    coach.press("Ouvrir le positionnement")
    assert re.fullmatch(r"/positionnements/[0-9a-f-]{36}", coach.path)
    return coach.path


def ask_company(coach: Visitor, company: str) -> str:
    """From the round, the coach makes a link for the company; the link."""
    coach.follow("Demander l’avis d’une entreprise", within="main")
    coach.fill("Entreprise", company)
    coach.fill("Rôle de la personne interrogée", "cheffe d’équipe")
    coach.choose("agreed", "1")
    coach.press("Faire le lien")
    return link_of(coach)


def link_of(visitor: Visitor) -> str:
    """The address on the page of a fresh link."""
    found = re.search(r"https?://\S+/a/[0-9A-Z]{17}", visitor.words)
    assert found, visitor.words
    return found[0]


def settle(coach: Visitor, agreed: dict[str, int | None]) -> None:
    """Competence by competence, the coach writes down what the two agreed."""
    coach.follow("En convenir", within="main")
    for _ in agreed:
        code = coach.path.rpartition("/")[2]
        level = agreed[code]
        coach.choose("level", NOT_SEEN if level is None else str(level))
        coach.press("Enregistrer et continuer")


def conclude(coach: Visitor, outcome: str, note: str) -> None:
    """The coach concludes; the day of the talk is already filled in."""
    assert coach.title == "Conclure"
    coach.fill("Ce qu’on retient de l’échange", note)
    coach.choose("outcome", outcome)
    coach.press("Conclure")


def propose(coach: Visitor, badge: str, evidence: tuple[str, str]) -> None:
    """From the closed round, the coach proposes a badge with a piece of evidence."""
    coach.follow(re.compile(rf"Proposer.*{re.escape(badge)}"), within="main")
    coach.page.locator("#name-1").fill(evidence[0])
    coach.page.locator("#narrative-1").fill(evidence[1])
    coach.press("Proposer ce badge")
    assert "Le badge est proposé." in coach.words


# The person, and the coach, each on their own


def rate(visitor: Visitor, answers: Answers, *, shot: str = "") -> None:
    """One question a screen, from the first to the review, then « J'ai fini »."""
    for number in range(len(answers)):
        code = visitor.path.rpartition("/")[2]
        level, situation = answers[code]
        assert f"Question {number + 1} sur {len(answers)}" in visitor.words
        visitor.choose("level", NOT_SEEN if level is None else str(level))
        if shot and number == 0:
            visitor.shot(shot)
        if visitor.page.locator("#situation").count() == 0:
            visitor.press("Continuer")
            if level is None:
                continue
        visitor.page.get_by_label("Combien de fois, quand, où ?").fill(situation)
        visitor.press("Enregistrer et continuer")
    visitor.press("J’ai fini")


# The person


def open_what_waits(person: Visitor) -> None:
    """From their page, the person opens the round that waits for their answers."""
    person.follow("Répondre", within="main")
    assert re.fullmatch(r"/positionnements/[0-9a-f-]{36}", person.path)


def confirm(person: Visitor, pin: str) -> None:
    """The person reads what was concluded and confirms it with their PIN."""
    person.go("/moi")
    person.follow("Relire et confirmer", within="main")
    if person.path.count("/") == 2:  # the round's own page leads on
        person.follow("Relire et confirmer", within="main")
    person.fill("Votre code secret", pin)
    person.press("Je confirme")


def claim(person: Visitor, pin: str, shot: str) -> str:
    """The person chooses what goes in, reads exactly what will be signed, and takes the badge; its public address."""
    person.go("/moi")
    person.follow("Voir le badge", within="main")
    if person.path.startswith("/moi/accords/"):  # asked once, before the first badge
        assert "Dire non ne change rien à votre accompagnement." in person.words
        person.press("Oui, je suis d’accord")
    person.choose("nom", "clair")
    person.choose("preuve", "0")
    person.press("Voir exactement ce qui sera signé")
    person.shot(f"{shot}-preview")
    person.fill("Votre code secret", pin)
    person.press("Je prends ce badge")
    assert "Le badge est signé." in person.words
    address = person.page.locator("main").inner_text()
    found = re.search(r"http\S+/v/[0-9A-Z*~$=]+", address)
    assert found, address
    return found[0]


def stop_sharing(person: Visitor) -> None:
    """From their own page of the badge, the person ends its public page."""
    person.page.locator("summary").filter(has_text="Arrêter de partager").click()
    person.press("Arrêter de partager")
    assert "Le partage est arrêté." in person.words


# The issuer


def grant(issuer: Visitor, badge: str, person: str) -> None:
    """Somebody with the issuer's role grants what was proposed for this person."""
    issuer.go("/badges")
    row = issuer.page.get_by_role("row").filter(has_text=person)
    issuer.follow(badge, within=row)
    issuer.press("Accorder ce badge")
    assert "Le badge est accordé." in issuer.words


# The employer


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a public page says first."""

    kind: str
    sentence: str


def verdict(visitor: Visitor) -> Verdict:
    """The verdict on the page."""
    box = visitor.page.locator(".verdict")
    expect(box).to_be_visible()
    kinds = [name.removeprefix("verdict--") for name in (box.get_attribute("class") or "").split()[1:]]
    return Verdict(kinds[0], box.inner_text())
