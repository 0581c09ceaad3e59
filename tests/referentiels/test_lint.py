"""The words to look twice at, and those that only look like them."""

import pytest

from referentiels import editing
from referentiels.document import DocumentErrors, read
from referentiels.lint import findings, passages, remarks, still_there
from referentiels.model import KeptPassage
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
    """French words say nothing about an English or a German text; regional French is French."""
    assert _remarks("bon sens", language="en") == _remarks("loyal", language="de") == ()
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


def test_a_few_english_words_are_known():
    """Status, character and failure; acts are left alone."""
    assert [one.values["passage"] for one in _remarks("A loyal refugee who failed", language="en")] == [
        "loyal",
        "refugee",
        "failed",
    ]
    assert _remarks("Warns the team before being late", language="en-GB") == ()


def test_a_passage_is_found_where_it_stands():
    """For whoever shows it: the very characters, in reading order."""
    text = "Un réfugié honnête"
    assert [(text[one.start : one.end], one.words) for one in passages(text)] == [
        ("réfugié", "réfugié"),
        ("honnête", "honnête"),
    ]


def test_a_passage_is_kept_with_a_reason_until_it_is_rewritten():
    """It is remarked no longer; another in the same text still is; what was rewritten is forgotten."""
    draft = read(small() | {"description": "Pour la personne réfugiée, honnête"}, draft=True)
    kept = editing.keep_passage(draft, place="description", passage="réfugiée", reason=" Citation  de la loi. ")
    assert kept.kept_passages == (KeptPassage("description", "réfugiée", "Citation de la loi."),)
    assert [one.values["passage"] for one in remarks(kept)] == ["honnête"]
    assert [(one.passage.words, one.kept) for one in findings(kept)] == [
        ("réfugiée", "Citation de la loi."),
        ("honnête", ""),
    ]
    again = editing.keep_passage(kept, place="description", passage="réfugiée", reason="Autre raison.")
    assert [one.reason for one in again.kept_passages] == ["Autre raison."]
    assert still_there(editing.set_details(kept, description="Pour chacun")) == ()
    assert editing.release_passage(kept, place="description", passage="réfugiée").kept_passages == ()


@pytest.mark.parametrize(
    ("passage", "reason", "path"), [("honnête", "Parce que.", "passage"), ("réfugiée", "  ", "reason")]
)
def test_words_that_are_not_there_and_reasons_that_are_none_are_refused(passage, reason, path):
    """Two editors at once, or an empty field."""
    draft = read(small() | {"description": "Pour la personne réfugiée"}, draft=True)
    with pytest.raises(DocumentErrors) as refused:
        editing.keep_passage(draft, place="description", passage=passage, reason=reason)
    assert [fault.path for fault in refused.value.faults] == [path]
