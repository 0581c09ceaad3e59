"""What changed between two versions, in sentences."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given

from referentiels.compare import compare
from referentiels.document import read
from referentiels.model import RetiredCodes
from tests.referentiels.strategies import example, patient, referentiels, small

ADDED, REMOVED, CHANGED = "added", "removed", "changed"


def _first(document, name):
    return document[name][0]


def _second_family(document):
    document["families"].append({"code": "base", "name": "De base", "description": ""})


def _second_competence(document):
    document["competences"].append(_first(document, "competences") | {"code": "ecouter", "name": "Écouter"})


def _second_badge(document):
    document["badges"].append(_first(document, "badges") | {"code": "autre", "name": "Autre"})


@pytest.mark.parametrize(
    ("change", "kind", "path", "words"),
    [
        (lambda d: d.update(title="Autre"), CHANGED, "title", "Mon référentiel\xa0» devient «\xa0Autre"),
        (lambda d: d.update(description="x"), CHANGED, "description", "description"),
        (lambda d: d.update(language="en"), CHANGED, "language", "fr\xa0» devient «\xa0en"),
        (lambda d: d.update(owner="Elle"), CHANGED, "owner", "Elle"),
        (lambda d: d.update(scope="Là"), CHANGED, "scope", "Là"),
        (lambda d: d["co_authors"].append("Elle"), ADDED, "co_authors[1]", "Elle"),
        (lambda d: d["co_authors"].clear(), REMOVED, "co_authors[0]", "Une entreprise"),
        (_second_family, ADDED, "families[1]", "Famille ajoutée\xa0: «\xa0De base"),
        (lambda d: _first(d, "families").update(name="Ici"), CHANGED, "families[0].name", "était «\xa0Au travail"),
        (lambda d: _first(d, "families").update(description="x"), CHANGED, "families[0].description", "Au travail"),
        (
            lambda d: _first(d, "scale").update(name="Débute"),
            CHANGED,
            "scale[0].name",
            "Niveau 1\xa0: «\xa0Découvre\xa0» devient «\xa0Débute",
        ),
        (lambda d: _first(d, "scale").update(meaning="x"), CHANGED, "scale[0].meaning", "Niveau 1"),
        (_second_competence, ADDED, "competences[1]", "Compétence ajoutée\xa0: «\xa0Écouter"),
        (lambda d: _first(d, "competences").update(name="Dire"), CHANGED, "competences[0].name", "Prévenir"),
        (lambda d: _first(d, "competences").update(for_person="x"), CHANGED, "competences[0].for_person", "personne"),
        (
            lambda d: _first(d, "competences").update(for_recruiter="x"),
            CHANGED,
            "competences[0].for_recruiter",
            "recruteur",
        ),
        (lambda d: _first(d, "competences").update(pictogram="x"), CHANGED, "competences[0].pictogram", "pictogramme"),
        (
            lambda d: _first(d, "competences")["behaviours"][1].update(text="Téléphone."),
            CHANGED,
            "competences[0].behaviours",
            "niveau 2\xa0: «\xa0Appelle après un rappel de l’équipe.\xa0» devient «\xa0Téléphone.",
        ),
        (
            lambda d: _first(d, "competences")["alignments"][0].update(note="x"),
            CHANGED,
            "competences[0].alignments[0].note",
            "la note",
        ),
        (lambda d: _first(d, "competences")["alignments"].clear(), REMOVED, "competences[0].alignments[0]", "retiré"),
        (
            lambda d: _first(d, "competences")["alignments"].append(
                {"name": "A", "code": "", "url": "https://a.example/", "source": "S", "note": ""}
            ),
            ADDED,
            "competences[0].alignments[1]",
            "«\xa0A\xa0» (S)",
        ),
        (_second_badge, ADDED, "badges[1]", "Badge ajouté\xa0: «\xa0Autre"),
        (lambda d: d["badges"].clear(), REMOVED, "badges[0]", "Badge retiré\xa0: «\xa0Prévenir"),
        (lambda d: _first(d, "badges").update(raters=["self", "coach"]), CHANGED, "badges[0].raters", "évaluent"),
        (lambda d: _first(d, "badges").update(at_least=None), CHANGED, "badges[0].at_least", "nombre"),
        (lambda d: _first(d, "badges").update(validity_months=1), CHANGED, "badges[0].validity_months", "durée"),
        (lambda d: _first(d, "badges").update(coach_may_grant=True), CHANGED, "badges[0].coach_may_grant", "coach"),
        (
            lambda d: _first(d, "badges")["requirements"][0].update(level=2),
            CHANGED,
            "badges[0].requirements",
            "«\xa0Prévenir\xa0» passe du niveau 3 au niveau 2",
        ),
    ],
)
def test_one_change_is_one_sentence(change, kind, path, words):
    """Its kind, its place, and what it was before where that fits in a sentence."""
    document = small()
    change(document)
    (found,) = compare(example(), read(document))
    assert (found.kind, found.path) == (kind, path)
    assert words in found.sentence


def test_removed_things_are_named_as_they_were():
    """The reverse of an addition is a removal, at its place in the old document."""
    document = small()
    _second_family(document)
    _second_competence(document)
    changes = compare(read(document), example())
    assert [(change.kind, change.path) for change in changes] == [
        (REMOVED, "families[1]"),
        (REMOVED, "competences[1]"),
    ]


def test_level_added_or_removed_comes_with_its_behaviours():
    """A longer scale is one change, and each description it brings another."""
    document = small()
    document["scale"].append({"level": 4, "name": "Transmet", "meaning": "Montre à d’autres."})
    document["competences"][0]["behaviours"].append({"level": 4, "text": "Explique."})
    longer = read(document)
    assert [change.kind for change in compare(example(), longer)] == [ADDED, ADDED]
    assert [change.sentence for change in compare(longer, example())] == [
        "Niveau 4 retiré\xa0: «\xa0Transmet\xa0».",
        "Compétence «\xa0Prévenir\xa0», niveau 4\xa0: «\xa0Explique.\xa0» est retiré.",
    ]


def test_requirements_added_and_removed_are_named():
    """The competence is called by its name, even where it is gone."""
    document = small()
    _second_competence(document)
    before = read(document)
    document["badges"][0]["requirements"] = [{"competence": "ecouter", "level": 2}]
    assert [change.sentence for change in compare(before, read(document))] == [
        "Badge «\xa0Prévenir\xa0»\xa0: n’exige plus «\xa0Prévenir\xa0».",
        "Badge «\xa0Prévenir\xa0»\xa0: exige en plus «\xa0Écouter\xa0» au niveau 2.",
    ]


@pytest.mark.parametrize(
    ("grow", "name"),
    [(_second_family, "families"), (_second_competence, "competences"), (_second_badge, "badges")],
)
def test_another_order_is_said_once(grow, name):
    """Moving is neither adding nor removing."""
    document = small()
    grow(document)
    before = read(document)
    document[name].reverse()
    (change,) = compare(before, read(document))
    assert (change.kind, change.path) == (CHANGED, name)
    assert "ordre" in change.sentence


def test_number_date_and_retired_codes_are_no_change():
    """A version always differs from the previous one by these."""
    published = replace(
        example(), version=2, published=datetime(2026, 1, 1, tzinfo=UTC), retired_codes=RetiredCodes(("x",))
    )
    assert compare(example(), published) == ()


@given(referentiels(full=True), referentiels(full=True))
@patient(40)
def test_nothing_is_said_only_of_the_same_content(old, new):
    """No difference goes unsaid, and a référentiel never differs from itself."""
    same = replace(old, retired_codes=RetiredCodes(), code="") == replace(new, retired_codes=RetiredCodes(), code="")
    assert (compare(old, new) == ()) == same
    assert compare(old, old) == ()
    assert all(change.sentence for change in compare(old, new))


@given(referentiels(full=True))
@patient(30)
def test_every_reordering_is_said(old):
    """Lists within a competence or a badge have an order too."""
    competences = tuple(replace(each, alignments=each.alignments[::-1]) for each in old.competences)
    badges = tuple(replace(each, requirements=each.requirements[::-1]) for each in old.badges)
    new = replace(old, co_authors=old.co_authors[::-1], competences=competences, badges=badges)
    assert (compare(old, new) == ()) == (old == new)
