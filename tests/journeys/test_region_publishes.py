"""The region: a référentiel from a blank page to a published version, and a structure recognised on it."""

import re

import pytest

from tests.journeys import walks

pytestmark = pytest.mark.browser

LEVELS = {
    "1": ("Découvre", "Regarde faire et pose des questions."),
    "2": ("Fait avec aide", "Fait la tâche si quelqu’un est à côté."),
    "3": ("Fait seul", "Fait la tâche sans aide, plusieurs fois."),
}
COMPETENCE = {
    "for_person": "Je range et je nettoie mon poste.",
    "for_recruiter": "Tient un poste de travail en ordre.",
    "behaviour-1": "Regarde comment le poste se range et nomme trois outils.",
    "behaviour-2": "Range le poste quand quelqu’un le demande et montre l’ordre.",
    "behaviour-3": "Range et nettoie le poste chaque soir, sans rappel.",
}
CHANGED = "Range le poste quand quelqu’un le demande, puis le montre."


def test_region_publishes(demo, visit, setting, shot_name):
    """An editor writes a référentiel through the pages alone, publishes it, recognises a structure; all is public."""
    title = f"Métiers de la rivière, {shot_name.partition('-')[2]}"
    editor = visit(**setting)
    walks.sign_in(editor, demo, "editor")
    slug = _blank_page(editor, title)
    _scale(editor, slug)
    _family_and_competence(editor, slug)
    _badge(editor, slug)
    editor.shot(f"{shot_name}-badge")
    _publish(editor, 1)
    _recognise(editor, slug, "Mission Passerelle")
    editor.shot(f"{shot_name}-recognised")

    reader = visit(**setting)
    reader.go("/referentiels")
    reader.follow(title, within="main")
    assert "Mission Passerelle" in reader.page.locator("#reconnues").inner_text()
    reader.follow("Lire la version 1")
    assert reader.path == f"/r/{slug}/1"
    for words in (COMPETENCE["for_recruiter"], COMPETENCE["behaviour-3"], "Fait seul", "Tenir son poste"):
        assert words in reader.words
    reader.shot(shot_name)

    _change_a_word(editor, slug)
    _publish(editor, 2)
    reader.go(f"/r/{slug}/1")
    reader.follow("Lire la version 2", within="main")
    reader.follow("Ce qui a changé depuis la version 1", within="main")
    assert CHANGED in reader.words
    reader.shot(f"{shot_name}-changes")


def _blank_page(editor, title):
    editor.go("/referentiels")
    editor.follow("Nouveau référentiel")
    editor.follow("Une page blanche")
    editor.fill("Titre", title)
    editor.fill("Périmètre", "Val-de-Brume")
    editor.press("Créer le brouillon")
    found = re.fullmatch(r"/referentiels/([a-z0-9-]+)/brouillon", editor.path)
    assert found, editor.path
    editor.follow("1. Présentation")
    editor.fill("Description", "Ce que l’on fait, ici, au bord de l’eau : entretenir, surveiller, accueillir.")
    editor.press("Enregistrer")
    return found[1]


def _scale(editor, slug):
    editor.go(f"/referentiels/{slug}/brouillon")
    editor.follow("2. Échelle")
    for number, (name, meaning) in LEVELS.items():
        editor.fill("Numéro", number)
        editor.fill("Nom", name)
        editor.fill("Ce qu’il veut dire", meaning)
        editor.press("Ajouter")
    assert editor.page.locator("article.card").count() == len(LEVELS)


def _family_and_competence(editor, slug):
    editor.follow("Le brouillon")
    editor.follow("3. Familles")
    editor.fill("Nom", "Au poste")
    editor.press("Ajouter")
    editor.follow("Le brouillon")
    editor.follow("4. Compétences")
    editor.fill("Nom", "Ordre du poste")
    editor.press("Ajouter et décrire")
    for field, words in COMPETENCE.items():
        editor.page.locator(f"[name={field}]").fill(words)
    editor.press("Enregistrer et ajouter un alignement")
    editor.fill("Source", "Guide des métiers du Val-de-Brume, 2026")
    editor.fill("Nom dans cette source", "Tenir un poste")
    editor.fill("Adresse de la page", "https://example.org/metiers/poste")
    editor.press("Enregistrer")
    editor.follow("Compétences")


def _badge(editor, slug):
    editor.follow("Le brouillon")
    editor.follow("5. Badges")
    editor.fill("Nom", "Tenir son poste")
    editor.press("Ajouter et décrire")
    editor.fill("Description", "Le poste est rangé chaque soir, sans rappel.")
    editor.page.locator("#competence-0").select_option(label="Ordre du poste")
    editor.page.locator("#level-0").select_option("3")
    editor.press("Enregistrer")


def _publish(editor, number):
    editor.follow("Le brouillon")
    editor.follow("Prêt à publier ?")
    assert "Tout ce qu’il faut est écrit." in editor.words
    editor.press(f"Publier la version {number}")
    assert f"version {number}" in editor.page.locator(".kicker").inner_text()


def _change_a_word(editor, slug):
    editor.go(f"/referentiels/{slug}/brouillon/competences")
    editor.follow("Ordre du poste", within="main")
    editor.page.locator("[name=behaviour-2]").fill(CHANGED)
    editor.press("Enregistrer")


def _recognise(editor, slug, organisation):
    editor.go(f"/referentiels/{slug}/brouillon")
    editor.follow("Reconnaissances")
    editor.page.get_by_label("Organisation").select_option(label=organisation)
    editor.press("Reconnaître")
    assert organisation in editor.page.locator("table").inner_text()
