"""What prevents publishing, what deserves a second look, and the frozen bytes."""

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given

from referentiels import editing
from referentiels.document import read
from referentiels.publishing import digest, faults, publish, warnings
from referentiels.sentences import DocumentErrors
from tests.referentiels.strategies import example, patient, referentiels, small

NOW = datetime(2026, 11, 21, 9, 0, 0, 123456, tzinfo=timezone(timedelta(hours=1)))


def _spoilt(spoil):
    document = small()
    spoil(document)
    return read(document, draft=True)


def test_good_draft_has_no_fault():
    """The small example can be published as it stands."""
    assert faults(example()) == ()
    assert warnings(example()) == ()


def test_published_bytes_are_the_dated_document():
    """Number and date to the second in UTC; the digest is of the very bytes."""
    published = publish(example(), number=1, at=NOW)
    assert published.digest == f"sha256-{hashlib.sha256(published.document).hexdigest()}"
    assert published.digest == digest(published.document)
    assert b'"version": 1,\n  "published": "2026-11-21T08:00:00Z"' in published.document
    assert read(published.document) == published.referentiel


def test_publishing_twice_gives_the_same_bytes():
    """Nothing but the draft, the number and the date goes in."""
    assert publish(example(), number=1, at=NOW) == publish(example(), number=1, at=NOW)


@given(referentiels(full=True))
@patient(30)
def test_whatever_is_published_is_read_back_strictly(draft):
    """No draft accepted for publishing gives a document that the strict reading refuses."""
    if not faults(draft):
        published = publish(draft, number=3, at=NOW)
        assert read(published.document) == published.referentiel


@pytest.mark.parametrize(
    ("spoil", "path", "words"),
    [
        (lambda d: d.update(title=""), "title", "pas de titre"),
        (lambda d: d.update(owner=" "), "owner", "pas nommée"),
        (lambda d: d.update(language=""), "language", "langue"),
        (lambda d: d.update(competences=[], badges=[]), "competences", "une compétence"),
        (lambda d: d.update(co_authors=[""]), "co_authors[0]", "pas de nom"),
        (lambda d: d["families"][0].update(name=""), "families[0].name", "pas de nom"),
        (lambda d: d["scale"][1].update(name=""), "scale[1].name", "Le niveau 2"),
        (lambda d: d["scale"][1].update(meaning=""), "scale[1].meaning", "expliqué"),
        (lambda d: d["competences"][0].update(name=""), "competences[0].name", "«\xa0prevenir\xa0»"),
        (lambda d: d["competences"][0].update(for_person=""), "competences[0].for_person", "la personne"),
        (lambda d: d["competences"][0].update(for_recruiter=""), "competences[0].for_recruiter", "recruteur"),
        (lambda d: d["competences"][0]["behaviours"].pop(1), "competences[0].behaviours", "niveau 2"),
        (lambda d: d["competences"][0]["behaviours"][1].update(text=""), "competences[0].behaviours", "niveau 2"),
        (
            lambda d: d["competences"][0]["alignments"][0].update(name=""),
            "competences[0].alignments[0].name",
            "pas de nom",
        ),
        (
            lambda d: d["competences"][0]["alignments"][0].update(source=""),
            "competences[0].alignments[0].source",
            "sa source",
        ),
        (
            lambda d: d["competences"][0]["alignments"][0].update(url=""),
            "competences[0].alignments[0].url",
            "adresse https",
        ),
        (lambda d: d["badges"][0].update(name=""), "badges[0].name", "pas de nom"),
        (lambda d: d["badges"][0].update(description=""), "badges[0].description", "pas décrit"),
        (lambda d: d["badges"][0].update(requirements=[]), "badges[0].requirements", "aucune compétence"),
        (lambda d: d["badges"][0].update(raters=[]), "badges[0].raters", "qui évalue"),
        (lambda d: d["badges"][0].update(raters=["self", "tutor"]), "badges[0].raters", "coach"),
        (lambda d: d["badges"][0].update(raters=["coach"]), "badges[0].raters", "la personne"),
        (lambda d: d["badges"][0].update(at_least=2), "badges[0].at_least", "2 compétences sur 1"),
    ],
)
def test_each_gap_prevents_publishing(spoil, path, words):
    """One defect, one fault, at its path, and `publish` refuses with the same."""
    draft = _spoilt(spoil)
    assert [(fault.path, words in fault.sentence) for fault in faults(draft)] == [(path, True)]
    with pytest.raises(DocumentErrors) as refused:
        publish(draft, number=1, at=NOW)
    assert refused.value.faults == faults(draft)


def test_empty_draft_says_all_it_lacks():
    """Someone who starts from nothing gets the whole list at once."""
    draft = read({"format": "jalon-referentiel/1", "code": "vide"}, draft=True)
    assert [fault.path for fault in faults(draft)] == [
        "title",
        "language",
        "owner",
        "families",
        "competences",
        "scale",
    ]


def test_scale_of_one_level_prevents_publishing():
    """One step is no scale."""

    def spoil(document):
        document["scale"] = document["scale"][2:]
        document["competences"][0]["behaviours"] = document["competences"][0]["behaviours"][2:]

    assert [fault.path for fault in faults(_spoilt(spoil))] == ["scale"]


def test_codes_giving_one_address_to_two_things_prevent_publishing():
    """`#badge-prevenir-prevenir` cannot be both a result of one badge and another badge."""

    def spoil(document):
        document["badges"].append(document["badges"][0] | {"code": "prevenir-prevenir"})

    (fault,) = faults(_spoilt(spoil))
    assert fault.path == "badges[1].code"
    assert "badge-prevenir-prevenir" in fault.sentence


def test_level_address_taken_by_another_competence_prevents_publishing():
    """`#badge-prevenir-prevenir-3` cannot be a level and a competence."""

    def spoil(document):
        document["competences"].append(document["competences"][0] | {"code": "prevenir-3"})
        document["badges"][0]["requirements"].append({"competence": "prevenir-3", "level": 2})

    assert [fault.path for fault in faults(_spoilt(spoil))] == ["badges[0].code"]


def test_published_version_is_not_published_again():
    """A new version starts from a draft."""
    first = publish(example(), number=1, at=NOW).referentiel
    assert [fault.path for fault in faults(first)] == ["version"]
    assert publish(editing.revise(first), first, number=2, at=NOW).referentiel.version == 2


@pytest.mark.parametrize("number", [1, 2])
def test_number_follows_the_previous_one(number):
    """A number is never used twice, nor skipped back to."""
    first = publish(example(), number=2, at=NOW).referentiel
    with pytest.raises(ValueError, match="does not follow"):
        publish(editing.revise(first), first, number=number, at=NOW)


def test_first_number_is_positive():
    """Versions count from 1."""
    with pytest.raises(ValueError, match="does not follow"):
        publish(example(), number=0, at=NOW)


def test_date_needs_a_time_zone():
    """A naive date would mean something else on another machine."""
    with pytest.raises(ValueError, match="time zone"):
        publish(example(), number=1, at=NOW.replace(tzinfo=None))


def test_code_of_the_lineage_never_changes():
    """The address of the next version is that of the previous one."""
    first = publish(example(), number=1, at=NOW).referentiel
    other = replace(editing.revise(first), code="autre")
    assert [fault.path for fault in faults(other, first)] == ["code"]


def test_codes_dropped_by_an_import_are_retired_with_the_version():
    """A draft imported from elsewhere need not remember: the previous version does."""
    first = publish(_with_second_competence(), number=1, at=NOW).referentiel
    second = publish(example(), first, number=2, at=NOW).referentiel
    assert second.retired_codes.competences == ("ecouter",)
    third = _with_second_competence()
    assert [fault.path for fault in faults(third, second)] == ["competences[1].code"]
    assert publish(example(), second, number=3, at=NOW).referentiel.retired_codes.competences == ("ecouter",)


def _with_second_competence():
    draft = editing.add_competence(
        example(), family="au-travail", name="Écouter", for_person="J’écoute.", for_recruiter="Écoute."
    )
    for level in draft.levels:
        draft = editing.set_behaviour(draft, "ecouter", level, f"Écoute {level} fois.")
    return draft


@pytest.mark.parametrize(
    ("spoil", "path", "words"),
    [
        (lambda d: d.update(badges=[]), "badges", "Aucun badge"),
        (
            lambda d: d["competences"][0]["behaviours"][0].update(text=d["competences"][0]["behaviours"][1]["text"]),
            "competences[0].behaviours",
            "même phrase",
        ),
        (
            lambda d: d["badges"][0]["requirements"][0].update(level=1),
            "badges[0].requirements",
            "premier niveau",
        ),
        (lambda d: d["badges"][0].update(calibration="Du bon sens."), "badges[0].calibration", "bon sens"),
    ],
)
def test_warnings_are_said_and_do_not_block(spoil, path, words):
    """Each weakness is named at its path, and the draft can still be published."""
    draft = _spoilt(spoil)
    assert [(warning.path, words in warning.sentence) for warning in warnings(draft)] == [(path, True)]
    assert publish(draft, number=1, at=NOW).referentiel.version == 1
