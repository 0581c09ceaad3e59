"""A référentiel read in another language: text by text, as a spreadsheet, never the signed one."""

import pytest

from referentiels import translation
from referentiels.sentences import DocumentErrors
from referentiels.starters import starters
from referentiels.translation import Said

TERRITOIRE = starters()[2]
FIRST = TERRITOIRE.competences[0]


def test_every_text_for_people_is_listed_once_and_none_for_recruiters():
    """What a translator is given."""
    texts = translation.texts_of(TERRITOIRE)
    assert len(set(texts)) == len(texts)
    assert {TERRITOIRE.title, FIRST.name, FIRST.for_person, FIRST.behaviours[0].text} <= set(texts)
    assert {TERRITOIRE.scale[0].name, TERRITOIRE.families[0].name, TERRITOIRE.badges[0].description} <= set(texts)
    assert FIRST.for_recruiter not in texts


def test_translated_text_is_said_in_its_language_and_the_others_in_their_own():
    """Half a translation is read as half a translation, and each text knows its language."""
    read = translation.spoken(TERRITOIRE, "ar", {FIRST.name: "إبلاغ"})
    assert read.competences[0].name == Said("إبلاغ", "ar")
    assert (read.competences[0].name.language, read.competences[0].for_person.language) == ("ar", "fr")
    assert read.competences[0].for_person == FIRST.for_person
    assert FIRST.name not in translation.untranslated(TERRITOIRE, {FIRST.name: "إبلاغ"})
    assert FIRST.for_person in translation.untranslated(TERRITOIRE, {FIRST.name: "إبلاغ"})


def test_everything_but_texts_stays():
    """Codes, levels and requirements are the same: what is decided does not depend on the reader."""
    everything = {text: text.upper() for text in translation.texts_of(TERRITOIRE)}
    read = translation.spoken(TERRITOIRE, "en", everything)
    assert [one.requirements for one in read.badges] == [one.requirements for one in TERRITOIRE.badges]
    assert read.levels == TERRITOIRE.levels
    assert read.competences[0].for_recruiter == FIRST.for_recruiter


def test_spreadsheet_holds_every_text_and_reads_back():
    """What a translator sends back is what was sent, with formulas made harmless on the way."""
    texts = {FIRST.name: "=إبلاغ", FIRST.for_person: 'я; "попереджаю"'}
    written = translation.write_csv(translation.texts_of(TERRITOIRE), texts)
    assert b"'=" in written
    assert translation.read_csv(written) == texts


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"a;b\r\n", "deux colonnes"),
        (b"", "deux colonnes"),
        ("texte;traduction\r\nÊtre;Be\r\nÊtre;To be\r\n".encode(), "déjà traduit autrement"),
        (f"texte;traduction\r\nA;{'x' * 4001}\r\n".encode(), "trop longue"),
        ("texte;traduction\r\nÊtre;Be\r\n".encode("latin-1"), "UTF-8"),
    ],
)
def test_spreadsheet_that_cannot_be_read_says_why(data, said):
    """One sentence a fault; nothing is half read."""
    with pytest.raises(DocumentErrors, match=said):
        translation.read_csv(data)


def test_shipped_translations_speak_of_shipped_texts():
    """A text that was changed in a starter takes its translations along, or loses them here."""
    known = {text for one in starters() for text in translation.texts_of(one)}
    for language, texts in translation.shipped().items():
        assert set(texts) <= known, language
        assert all(texts.values()), language
