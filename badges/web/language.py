"""Which language a page speaks, and the catalogues. French sentences are the message ids.

Chosen by `?lang`, then the cookie, then what the browser asks for; French otherwise. Pages for people and for everybody
speak all the languages, pages for staff those of staff. The catalogues are read from the `.po` files themselves, once
per process and language, so that nothing has to be compiled beforehand.
"""

import logging
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, Response, current_app, g, request, url_for
from flask_babel import Babel, Domain, get_locale

from badges.web import access, current

logger = logging.getLogger(__name__)

TRANSLATIONS = Path(__file__).parent.parent / "translations"
COOKIE = "jalon_lang"
LANGUAGES = {
    "fr": "Français",
    "fr@falc": "Français facile",
    "en": "English",
    "ar": "العربية",
    "uk": "Українська",
    "es": "Español",
}
"""The languages of the person and of everybody, each by its own name. `fr@falc` is French that is easy to read."""

STAFF_LANGUAGES = ("fr", "en")
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
ONE_YEAR = 365 * 24 * 3600


class Untold(NullTranslations):
    """What a language's catalogue falls back to: the French words, and one line in the log for each of them."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self._language, self._said = language, set[str]()

    def gettext(self, message: str) -> str:
        """The French words."""
        self._say(message)
        return message

    def ngettext(self, singular: str, plural: str, num: int) -> str:
        """The French words for so many."""
        self._say(singular)
        return singular if num in {0, 1} else plural

    def _say(self, message: str) -> None:
        if message not in self._said:
            self._said.add(message)
            logger.warning("not translated into %s: %s", self._language, message)


class Catalogues(Domain):  # type: ignore[misc]  # flask-babel is untyped
    """The translations, read from `.po` files at first use of each language."""

    def get_translations(self) -> NullTranslations:
        """The catalogue of the request's language; French is the message ids themselves."""
        language = str(get_locale() or "fr")
        if language not in self.cache:
            self.cache[language] = read_catalogue(language)
        return self.cache[language]  # type: ignore[no-any-return]


def read_catalogue(language: str) -> NullTranslations:
    """One language's catalogue from its `.po` file; an empty one where there is no file."""
    path = TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    catalogue = Translations(compiled)
    catalogue.add_fallback(Untold(language))
    return catalogue


def offered() -> tuple[str, ...]:
    """The languages of the page that is asked for: all of them, unless it is for staff."""
    rule = access.rule_of(current_app, request.endpoint) if request.endpoint in current_app.view_functions else None
    actor = current.actor_or_none()
    of_staff = rule is not None and (rule.for_staff or (rule is access.SIGNED_IN and actor and actor.kind == "staff"))
    return STAFF_LANGUAGES if of_staff else tuple(LANGUAGES)


def choose_language() -> str:
    """The language of this request."""
    asked, known = request.args.get("lang", ""), offered()
    if asked in known:
        g.language_to_keep = asked
        return asked
    kept = request.cookies.get(COOKIE, "")
    if kept in known:
        return kept
    # An easy language is chosen by people, never by browsers; staff who read one elsewhere read French here.
    plain = [code for code in known if "@" not in code]
    return "fr" if kept in LANGUAGES else request.accept_languages.best_match(plain, default="fr") or "fr"


def install(app: Flask, timezone: str) -> None:
    """Make the application speak."""
    babel = Babel(
        app,
        default_locale="fr",
        default_timezone=timezone,
        locale_selector=choose_language,
    )
    babel.domain_instance = Catalogues()
    app.extensions["babel"].domain_instance = babel.domain_instance
    app.after_request(_keep_choice)
    app.context_processor(_context)


def _keep_choice(response: Response) -> Response:
    language = g.pop("language_to_keep", None)
    if language:
        response.set_cookie(COOKIE, language, max_age=ONE_YEAR, samesite="Lax", httponly=True)
    return response


def _context() -> dict[str, Any]:
    language = str(get_locale() or "fr")
    query = request.args.to_dict()
    links = [
        {"code": code, "name": LANGUAGES[code], "current": code == language, "url": _with_language(query, code)}
        for code in offered()
    ]
    return {
        "locale": language,
        "language_tag": language.partition("@")[0].replace("_", "-"),
        "text_direction": "rtl" if language in RIGHT_TO_LEFT else "ltr",
        "languages": links,
    }


def _with_language(query: dict[str, str], code: str) -> str:
    # A refused form is answered at an address that may take no GET: the front page is then the way on.
    readable = request.method in {"GET", "HEAD"} or "GET" in _methods_here()
    return f"{request.path if readable else url_for('public.home')}?{urlencode({**query, 'lang': code})}"


def _methods_here() -> Iterable[str]:
    return current_app.create_url_adapter(request).allowed_methods()  # type: ignore[union-attr]  # there is a request
