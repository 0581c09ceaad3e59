"""Référentiels as a page says them: in its language where they are translated, marked with their own where not."""

from babel import Locale, UnknownLocaleError
from flask import Flask, g
from flask_babel import get_locale
from markupsafe import Markup, escape

from badges.models.referentiels import VersionRecord
from badges.services import referentiels, translations
from badges.web import current
from referentiels.model import Referentiel
from referentiels.translation import Said, texts_of


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


def said(text: str, language: str = "") -> str:
    """A text of a référentiel, marked with its language where that is not the page's.

    `language` is the one of a text that does not know its own.
    """
    if language and not isinstance(text, Said) and text:
        text = Said(text, language)
    if not isinstance(text, Said) or not untranslated(text):
        return text
    language = _plain(text.language)
    try:
        direction = Locale.parse(language, sep="-").text_direction
    except (ValueError, UnknownLocaleError):  # written by a stranger
        direction = "auto"
    return Markup('<span lang="{}" dir="{}">{}</span>').format(language, direction, escape(str(text)))


def untranslated(text: str) -> bool:
    """Whether the text is in another language than the page."""
    return isinstance(text, Said) and _plain(text.language) != _plain(str(get_locale() or "fr"))


def within(sentence: str, **values: object) -> Markup:
    """A sentence of the page around texts of a référentiel, each marked with its language where that differs."""
    return escape(sentence) % {name: said(one) if isinstance(one, str) else one for name, one in values.items()}


def like(text: str, source: str) -> str:
    """A text made of one of a référentiel's, in the language of that one."""
    return Said(text, source.language) if isinstance(source, Said) else text


def translated_from(document: Referentiel) -> str:
    """The language that the référentiel was written in, where the page says any of it in another; empty otherwise."""
    spoken = (text for text in texts_of(document) if isinstance(text, Said))
    return document.language if any(text.language != document.language for text in spoken) else ""


def install(app: Flask) -> None:
    """Give templates the filter `said` and the test `untranslated`."""
    app.add_template_filter(said)
    app.add_template_test(untranslated)


def _plain(language: str) -> str:
    """Easy French is French."""
    return language.partition("@")[0]
