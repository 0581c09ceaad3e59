"""The words to look twice at, and those that only look like them."""

import pytest

from referentiels.document import read
from referentiels.lint import remarks
from tests.referentiels.strategies import small

CHARACTER, LOOKS, CULTURE, STATUS, SCHOOL = "caractère", "apparence", "culture", "dispositif", "échec"


def _remarks(text, *, language="fr"):
    document = small() | {"language": language}
    document["competences"][0]["behaviours"][1]["text"] = text
    return remarks(read(document))


@pytest.mark.parametrize(
    ("text", "passage", "why"),
    [
        ("Reste optimiste.", "optimiste", CHARACTER),
        ("Fait preuve d’honnêteté", "honnêteté", CHARACTER),
        ("HONNETE", "HONNETE", CHARACTER),
        ("Use de bon sens", "bon sens", CHARACTER),
        ("Est motivé", "Est motivé", CHARACTER),
        ("Une personne sérieuse", "sérieuse", CHARACTER),
        ("A bon caractère", "bon caractère", CHARACTER),
        ("Porte une tenue correcte", "tenue correcte", LOOKS),
        ("Soigne son apparence", "apparence", LOOKS),
        ("Est souriante", "souriante", LOOKS),
        ("Parle sans accent", "sans accent", CULTURE),
        ("Connaît les codes sociaux", "codes sociaux", CULTURE),
        ("Quelle que soit sa religion", "religion", CULTURE),
        ("Respecte les valeurs de la République", "valeurs de la République", CULTURE),
        ("Perçoit le RSA", "RSA", STATUS),
        ("Public réfugié", "réfugié", STATUS),
        ("Demandeuse d'emploi", "Demandeuse d'emploi", STATUS),
        ("en situation de handicap", "handicap", STATUS),
        ("Habite un quartier prioritaire", "quartier prioritaire", STATUS),
        ("Son titre de séjour", "titre de séjour", STATUS),
        ("Est enceinte", "Est enceinte", STATUS),
        ("Ne sait pas compter", "Ne sait pas", SCHOOL),
        ("A des lacunes", "lacunes", SCHOOL),
        ("En échec", "échec", SCHOOL),
        ("Résultat insuffisant", "insuffisant", SCHOOL),
    ],
)
def test_judgement_is_remarked_with_its_passage(text, passage, why):
    """The passage, where it stands, and why it is a trap."""
    (remark,) = _remarks(text)
    assert remark.path == "competences[0].behaviours[1].text"
    assert remark.values == {"passage": passage}
    assert why in remark.sentence


@pytest.mark.parametrize(
    "text",
    [
        "Optimise le rangement du poste",
        "Prend la remarque au sérieux",
        "Anime la dynamique de groupe",
        "Porte la tenue de protection",
        "Respecte les règles d’hygiène et de sécurité",
        "Met l’accent sur la sécurité",
        "Élève la charge avec les jambes",
        "Cherche l’origine de la panne",
        "S’adresse à la bonne personne",
        "Note la consigne sur son carnet",
        "Reste dans l’enceinte du chantier",
        "Fait une phrase, puis une pause",
        "Ajuste la voile au vent",
        "Intègre les remarques",
        "Lit le mode d’emploi",
        "Range les gants dans le vestiaire",
        "Renseigne le versant nord",
        "Intervient au domicile des clients",
    ],
)
def test_acts_and_look_alikes_are_left_alone(text):
    """Words are taken whole, in their accents, and acronyms in capitals."""
    assert _remarks(text) == ()


def test_each_trap_in_a_text_is_remarked():
    """Two judgements, two remarks."""
    assert [remark.values["passage"] for remark in _remarks("Honnête et souriant")] == ["Honnête", "souriant"]


def test_other_languages_are_not_judged():
    """French words say nothing about an English text; regional French is French."""
    assert _remarks("loyal", language="en") == ()
    assert len(_remarks("loyal", language="fr-CA")) == 1


@pytest.mark.parametrize(
    ("spoil", "path"),
    [
        (lambda d: d.update(title="Bon sens"), "title"),
        (lambda d: d.update(description="Bon sens"), "description"),
        (lambda d: d["families"][0].update(name="Bon sens"), "families[0].name"),
        (lambda d: d["families"][0].update(description="Bon sens"), "families[0].description"),
        (lambda d: d["scale"][0].update(name="Bon sens"), "scale[0].name"),
        (lambda d: d["scale"][0].update(meaning="Bon sens"), "scale[0].meaning"),
        (lambda d: d["competences"][0].update(name="Bon sens"), "competences[0].name"),
        (lambda d: d["competences"][0].update(for_person="Bon sens"), "competences[0].for_person"),
        (lambda d: d["competences"][0].update(for_recruiter="Bon sens"), "competences[0].for_recruiter"),
        (lambda d: d["badges"][0].update(name="Bon sens"), "badges[0].name"),
        (lambda d: d["badges"][0].update(description="Bon sens"), "badges[0].description"),
        (lambda d: d["badges"][0].update(calibration="Bon sens"), "badges[0].calibration"),
    ],
)
def test_every_text_that_gets_signed_is_looked_at(spoil, path):
    """No corner of the document is left out."""
    document = small()
    spoil(document)
    assert [remark.path for remark in remarks(read(document))] == [path]


def test_names_of_others_are_not_ours_to_judge():
    """Organisations and other frameworks keep their own words."""
    document = small() | {"owner": "Maison des réfugiés", "co_authors": ["Handicap Emploi"]}
    document["competences"][0]["alignments"][0]["name"] = "Faire preuve d’honnêteté"
    assert remarks(read(document)) == ()
