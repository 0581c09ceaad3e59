"""Référentiels as a page says them: in its language where they are translated, marked with their own where not."""

from babel import Locale
from flask import Flask, g
from flask_babel import get_locale
from markupsafe import Markup, escape

from badges.models.referentiels import VersionRecord
from badges.services import referentiels, translations
from badges.web import current
from referentiels.model import Referentiel
from referentiels.translation import Said


def document_of(version: VersionRecord) -> Referentiel:
    """The published référentiel in the words of this page; read once for a request."""
    language = str(get_locale() or "fr")
    document = referentiels.document_of(version)
    if language == document.language:
        return document
    read: dict[int, Referentiel] = g.setdefault("referentiels_read", {})
    if version.id not in read:
        read[version.id] = translations.spoken(current.db(), version, language)
    return read[version.id]


def said(text: str) -> str:
    """A text of a référentiel, marked with its language where that is not the page's."""
    if not isinstance(text, Said) or untranslated(text) is False:
        return text
    direction = Locale.parse(text.language, sep="-").text_direction
    return Markup('<span lang="{}" dir="{}">{}</span>').format(text.language, direction, escape(str(text)))


def untranslated(text: str) -> bool:
    """Whether the text is in another language than the page."""
    return isinstance(text, Said) and _plain(text.language) != _plain(str(get_locale() or "fr"))


def install(app: Flask) -> None:
    """Give templates the filter `said` and the test `untranslated`."""
    app.add_template_filter(said)
    app.add_template_test(untranslated)


def _plain(language: str) -> str:
    """Easy French is French."""
    return language.partition("@")[0]
