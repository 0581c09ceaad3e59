"""Which language a page speaks, and what is said where a catalogue lacks a sentence."""

import logging

from badges.web.language import read_catalogue


def test_sentence_without_translation_stays_french_and_is_logged_once(caplog):
    """The page is whole, and who runs the service learns what is missing."""
    catalogue = read_catalogue("en")
    with caplog.at_level(logging.WARNING):
        assert catalogue.ugettext("Rien de tel.") == catalogue.ugettext("Rien de tel.") == "Rien de tel."
        assert catalogue.ungettext("%(num)s âne", "%(num)s ânes", 1) == "%(num)s âne"
        assert catalogue.ungettext("%(num)s bœuf", "%(num)s bœufs", 2) == "%(num)s bœufs"
    assert [record.getMessage() for record in caplog.records] == [
        "not translated into en: Rien de tel.",
        "not translated into en: %(num)s âne",
        "not translated into en: %(num)s bœuf",
    ]
