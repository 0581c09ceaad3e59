"""The référentiels shipped with the service."""

import pytest

from referentiels.publishing import faults
from referentiels.spreadsheet import read_csv, write_csv
from referentiels.starters import starters

CODES = ["savoir-etre", "regional", "territoire", "sport"]


@pytest.fixture(params=CODES)
def starter(request):
    return next(each for each in starters() if each.code == request.param)


def test_starters_are_the_four_shipped():
    """Exactly these, in the order they are proposed."""
    assert [each.code for each in starters()] == CODES


def test_starters_have_four_different_scales():
    """No scale is the scale: the service works with any."""
    scales = {tuple((step.level, step.name) for step in each.scale) for each in starters()}
    assert len(scales) == 4


def test_starter_can_be_published(starter):
    """Nothing prevents it."""
    assert faults(starter) == ()


def test_starter_describes_every_competence_at_every_level(starter):
    """Each level of each competence has its own observable behaviour, each competence its two wordings."""
    for competence in starter.competences:
        texts = [competence.behaviour(level) for level in starter.levels]
        assert all(texts), competence.code
        assert len(set(texts)) == len(texts), competence.code
        assert competence.for_person != competence.for_recruiter, competence.code


def test_starter_has_a_badge_for_every_competence(starter):
    """Each competence can be recognised, and some badge rests on several."""
    required = [{need.competence for need in badge.requirements} for badge in starter.badges]
    assert set().union(*required) == {competence.code for competence in starter.competences}
    assert any(len(needs) > 1 for needs in required)


def test_starter_alignments_claim_no_endorsement(starter):
    """Nobody quoted has validated anything: each alignment says so."""
    notes = {alignment.note for competence in starter.competences for alignment in competence.alignments}
    assert all("non validé par l’organisme cité" in note.replace("'", "’") for note in notes)
    assert notes


def test_territory_starter_wants_the_tutor():
    """The companies' référentiel asks for a tutor's view."""
    territory = starters()[CODES.index("territoire")]
    assert all("tutor" in badge.raters for badge in territory.badges)


def test_starter_survives_a_spreadsheet(starter):
    """It can be taken to a spreadsheet and back without losing a word."""
    assert read_csv(write_csv(starter)) == starter
