"""Facts: what is kept as written, and what cannot be held at all."""

import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from issuer.errors import FactRefused, Refusal
from issuer.facts import (
    Achievement,
    AgreedResult,
    Alignment,
    Evidence,
    Holder,
    Issuer,
    Requirement,
    ScaleLevel,
    StatusSlot,
    written,
)
from issuer.sentences import NOT_SIGNED, REFUSALS, WRONG_SECRET
from tests.issuer.samples import ACHIEVEMENT, FACTS, ISSUER, NOW, facts, requirement

LEVELS = (ScaleLevel(1, "découvre"), ScaleLevel(2, "seul"))
GOOD = "https://badges.example/x"


def test_text_is_kept_in_nfc_without_outer_spaces():
    """Two spellings of one name become one, so that a hashed name can be checked again."""
    holder = Holder(unicodedata.normalize("NFD", " Zoé Ménétrier\n"), hashed=False)
    assert holder.name == "Zoé Ménétrier"


def test_text_keeps_the_marks_that_names_are_written_with():
    """Right-to-left names, joiners and emoji are names like any other."""
    for name in ("سلمى", "ش\u200cا", "\u200fעדי", "Nguyễn Thị", "张伟", "👩‍🌾 Ana"):
        assert Holder(name, hashed=False).name == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize("character", ["\0", "\x08", "\x1b", "\x7f", "\x85", "\ud800", "\ufffe", "\u202e", "\u2066"])
def test_text_with_a_character_that_misleads_is_refused(character):
    """What a canonicaliser drops, or what reorders the text a reader sees, is not signed."""
    with pytest.raises(FactRefused) as refused:
        written(f"a{character}b", "x", lines=True)
    assert refused.value.refusal is Refusal.CHARACTER


@pytest.mark.parametrize("character", ["\n", "\r", "\t", "\u2028"])
def test_name_with_a_line_break_is_refused(character):
    """A name is one line; a narrative may be several."""
    with pytest.raises(FactRefused) as refused:
        Holder(f"Amina{character}Diallo", hashed=False)
    assert refused.value.refusal is Refusal.CHARACTER
    assert Evidence("Chantier", f"Lundi{character}Mardi").narrative == f"Lundi{character}Mardi"


def test_text_beyond_ten_thousand_characters_is_refused():
    """A signed document stays of a size that every reader accepts."""
    assert len(written("a" * 10_000, "x")) == 10_000
    with pytest.raises(FactRefused) as refused:
        written("a" * 10_001, "x")
    assert refused.value.refusal is Refusal.TOO_LONG


def test_refusal_names_the_field_and_repeats_nothing_that_was_written():
    """An error may be logged: it says which field, never what somebody wrote there."""
    with pytest.raises(FactRefused) as refused:
        Holder("secret\0name", hashed=False)
    assert refused.value.field == "Holder.name"
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("make", "refusal"),
    [
        (lambda: Holder("  ", hashed=False), Refusal.EMPTY),
        (lambda: Holder("Amina", hashed=True), Refusal.SALT),
        (lambda: Holder("Amina", hashed=True, salt="court"), Refusal.SALT),
        (lambda: Holder("Amina", hashed=False, salt="b1f4c9d27e6a4a3f"), Refusal.SALT),
        (lambda: replace(ISSUER, did="https://badges.example"), Refusal.IDENTIFIER),
        (lambda: replace(ISSUER, did="did:web:127.0.0.1:o:x"), Refusal.IDENTIFIER),
        (lambda: replace(ISSUER, did="did:key:zNotAKey"), Refusal.IDENTIFIER),
        (lambda: replace(ISSUER, url="badges.example"), Refusal.ADDRESS),
        (lambda: replace(ISSUER, url="javascript:alert(1)"), Refusal.ADDRESS),
        (lambda: replace(ISSUER, url="https://badges.example/a b"), Refusal.ADDRESS),
        (lambda: replace(ISSUER, url="https:///o/x"), Refusal.ADDRESS),
        (lambda: replace(ISSUER, url="https://[oops/x"), Refusal.ADDRESS),
        (lambda: Alignment("", "", GOOD, ""), Refusal.EMPTY),
        (lambda: Alignment("Travailler", "", "", "ROME"), Refusal.ADDRESS),
        (lambda: ScaleLevel(1, ""), Refusal.EMPTY),
        (lambda: Requirement("Équipe", "Équipe", 1, LEVELS), Refusal.IDENTIFIER),
        (lambda: Requirement("equipe", "Équipe", 3, LEVELS), Refusal.LEVEL_UNKNOWN),
        (lambda: Requirement("equipe", "Équipe", 1, (*LEVELS, ScaleLevel(1, "encore"))), Refusal.TWICE),
        (lambda: replace(ACHIEVEMENT, description=""), Refusal.EMPTY),
        (lambda: replace(ACHIEVEMENT, version=""), Refusal.EMPTY),
        (lambda: replace(ACHIEVEMENT, language="français"), Refusal.LANGUAGE),
        (lambda: replace(ACHIEVEMENT, achievement_type="Diploma"), Refusal.VOCABULARY),
        (lambda: replace(ACHIEVEMENT, image_url="/r/regional/2/coop.png"), Refusal.ADDRESS),
        (lambda: replace(ACHIEVEMENT, tags=("",)), Refusal.EMPTY),
        (lambda: replace(ACHIEVEMENT, requirements=ACHIEVEMENT.requirements[:1] * 2), Refusal.TWICE),
        (lambda: StatusSlot(GOOD, GOOD, 131_072), Refusal.STATUS_INDEX),
        (lambda: StatusSlot(GOOD, GOOD, -1), Refusal.STATUS_INDEX),
        (lambda: facts(credential_url="urn:uuid:x"), Refusal.ADDRESS),
        (lambda: facts(subject_id="did:key:z6Mk"), Refusal.IDENTIFIER),
        (lambda: facts(subject_id="urn:uuid:amina"), Refusal.IDENTIFIER),
        (lambda: facts(subject_id="urn:uuid:0B7A2B1E-53C4-4A52-8F0E-8F6D6A3F9C02"), Refusal.IDENTIFIER),
        (lambda: facts(valid_from=NOW.replace(tzinfo=None)), Refusal.TIME_ZONE),
        (lambda: facts(valid_until=NOW.replace(tzinfo=None, year=2028)), Refusal.TIME_ZONE),
        (lambda: facts(valid_until=NOW), Refusal.DATES_REVERSED),
        (lambda: facts(results=()), Refusal.EMPTY),
        (lambda: facts(results=(AgreedResult("rigueur", 3),)), Refusal.COMPETENCE_UNKNOWN),
        (lambda: facts(results=(AgreedResult("equipe", 5),)), Refusal.LEVEL_UNKNOWN),
        (lambda: facts(results=(AgreedResult("equipe", 3), AgreedResult("equipe", 4))), Refusal.TWICE),
        (lambda: facts(evidence=(Evidence("a", "b", url=GOOD), Evidence("c", "d", url=GOOD))), Refusal.TWICE),
        (lambda: facts(evidence=(Evidence("a", "b", url=FACTS.credential_url),)), Refusal.TWICE),
    ],
)
def test_fact_that_cannot_be_signed_is_refused(make, refusal):
    """Each rule has one value that breaks it, and is told by its own word."""
    with pytest.raises(FactRefused) as refused:
        make()
    assert refused.value.refusal is refusal


def test_codes_that_would_share_an_address_are_refused():
    """Level 3 of `calcul` and the competence `calcul-3` must not become one thing."""
    two = (requirement("calcul", "Calcul", 3, (3, "seul")), requirement("calcul-3", "Autre", 1, (1, "seul")))
    with pytest.raises(FactRefused) as refused:
        replace(ACHIEVEMENT, requirements=two)
    assert refused.value.refusal is Refusal.TWICE


def test_did_key_issuer_is_accepted():
    """An issuer without a site may still sign."""
    did = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"
    assert Issuer(did, "Structure", GOOD).did == did


def test_dates_of_any_zone_are_accepted():
    """A zone is required, not a particular one."""
    paris = timezone(timedelta(hours=1))
    assert facts(valid_from=datetime(2026, 3, 2, 10, tzinfo=paris)).valid_from == datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_results_may_leave_a_competence_out():
    """A badge that asks for n of its competences carries the agreed ones only."""
    assert facts(results=(AgreedResult("equipe", 3),)).results == (AgreedResult("equipe", 3),)


def test_achievement_without_requirements_needs_no_result():
    """Not every badge rests on a graded competence."""
    assert facts(achievement=replace(ACHIEVEMENT, requirements=()), results=()).results == ()


def test_achievement_type_is_one_of_the_specification():
    """The default is a badge, and nothing here claims to be a diploma."""
    assert Achievement(GOOD, "Nom", "Texte", GOOD, "Critères", "1", "fr").achievement_type == "Badge"


def test_every_refusal_has_its_sentence_in_both_languages():
    """Whoever is refused reads why, in French first."""
    assert set(REFUSALS) == set(Refusal)
    for sentence in (*REFUSALS.values(), NOT_SIGNED, WRONG_SECRET):
        assert sentence.french.endswith((".", "?"))
        assert sentence.english.endswith((".", "?"))
        assert sentence.french != sentence.english
