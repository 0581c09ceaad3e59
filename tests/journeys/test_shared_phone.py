"""A phone that several people use: coming in by scanning, being read to, signing out, and the back button after it."""

import re

import pytest

from tests.journeys import walks

pytestmark = pytest.mark.browser

VOICE = """
window.said = [];
const voice = {lang: "fr-FR", name: "Test"};
Object.defineProperty(window, "SpeechSynthesisUtterance", {value: function (text) { this.text = text; }});
Object.defineProperty(window, "speechSynthesis", {value: {
  getVoices: () => window.withoutVoice ? [] : [voice], addEventListener() {}, onvoiceschanged: null,
  speak(one) { window.said.push([one.lang, one.text]); }, cancel() { window.said.push("cancel"); },
}});
"""


def test_back_after_signing_out_shows_nothing(demo, visit):
    """Scan, PIN, a page of one's own; « Fermer ma page »; back: the card is asked for, no name anywhere."""
    card = demo.card("a un badge et deux étapes")
    person = visit()
    person.go(f"/carte/{card.code.replace('-', '')}")
    assert person.page.locator("main input:visible").count() == 1, "the PIN alone is asked"
    person.fill("Code secret", card.pin)
    person.press("Entrer")
    name = person.title
    person.follow(re.compile("Mon parcours"), within="main")
    person.go("/moi")
    person.press("Fermer ma page")
    assert "plus rien de vous ne se voit" in person.words
    for _ in range(3):
        person.page.go_back()
        person.page.wait_for_load_state()
        assert person.path.startswith("/carte")
        assert name not in person.page.content()


def test_page_is_read_aloud_where_there_is_a_voice(demo, visit):
    """Pressed, it reads the page in its language from the top; pressed again, it stops; without a voice, no button."""
    person = visit()
    person.page.add_init_script(VOICE)
    walks.enter_with_card(person, demo.card("commence à se positionner"))
    button = person.page.get_by_role("button", name="Écouter")
    button.click()
    said = person.page.evaluate("window.said")
    assert ["fr", person.title] in said
    assert not any("Se déconnecter" in one[1] for one in said if one != "cancel")
    person.page.get_by_role("button", name="Arrêter").click()
    assert person.page.evaluate("window.said").pop() == "cancel"
    assert button.is_visible()
    silent = visit()
    silent.page.add_init_script(VOICE + "window.withoutVoice = true;")
    silent.go("/carte")
    assert silent.page.get_by_role("button", name="Écouter").count() == 0


def test_own_phone_opens_the_page_without_card_or_code(demo, visit):
    """Added from one's page with the PIN, used from the card's page, taken away again; nothing is pushed."""
    person = visit()
    devtools = person.page.context.new_cdp_session(person.page)
    devtools.send("WebAuthn.enable")
    device = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    more = {"isUserVerified": True, "automaticPresenceSimulation": True}
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": device | more})
    card = demo.card("a un badge à prendre")
    walks.enter_with_card(person, card)
    name = person.title
    person.page.get_by_text("Mon code secret, mon téléphone").click()
    person.follow(re.compile("Entrer avec mon téléphone"), within="main")
    person.fill("Votre code secret", card.pin)
    person.press("Ajouter ce téléphone")
    person.press("Continuer")
    assert "Ajouté le" in person.words
    person.press("Se déconnecter")
    person.go("/carte?next=/moi/parcours")
    person.press("Entrer avec ce téléphone")
    person.press("Continuer")
    assert person.path == "/moi/parcours"
    person.go("/moi")
    assert person.title == name
    person.go("/moi/cles")
    person.press("Retirer")
    assert "Ajouté le" not in person.words
