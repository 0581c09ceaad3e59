"""The texts of a référentiel in the languages of the people who read them: on a page, or as a spreadsheet."""

import hashlib
from collections.abc import Mapping

from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from badges.models.referentiels import ReferentielRecord
from badges.services import referentiels, translations
from badges.services.errors import N_, Invalid
from badges.services.referentiels import Stale
from badges.web import current
from badges.web.access import requires
from badges.web.language import LANGUAGES
from badges.web.referentiel_editor.sheets import EDITOR, blueprint, posted_file, posted_revision
from referentiels import translation
from referentiels.sentences import DocumentErrors

ONE = "/<slug>/traductions/<language>"
NO_FILE = N_("Choisissez un fichier CSV.")


@blueprint.get("/<slug>/traductions")
@requires(EDITOR)
def translated(slug: str) -> str:
    """The languages, and how much of the référentiel each of them says."""
    row = _row(slug)
    wanted, held = translations.texts_of(row), translations.of_referentiel(current.db(), row)
    lines = [(code, name, _done(wanted, held[code].texts if code in held else {})) for code, name in _offered(row)]
    return render_template("referentiels/editor/translations.html", row=row, lines=lines, total=len(wanted))


@blueprint.get(ONE)
@requires(EDITOR)
def translate(slug: str, language: str) -> Response:
    """Every text, with its translation to write or correct."""
    return _page(_row(slug), language)


@blueprint.post(ONE)
@requires(EDITOR)
def save_translation(slug: str, language: str) -> BaseResponse:
    """Save what was written; nothing where somebody else has saved since."""
    row = _row(slug)
    typed = {text: request.form.get(field(text), "") for text in translations.texts_of(row)}
    try:
        _save(row, language, typed, posted_revision())
    except (Invalid, Stale) as refused:
        return _page(row, language, typed, error=gettext(refused.sentence), status=refused.status)
    return redirect(url_for("editor.translate", slug=slug, language=language), 303)


@blueprint.post(f"{ONE}/fichier")
@requires(EDITOR)
def import_translation(slug: str, language: str) -> BaseResponse:
    """Take the translations of a spreadsheet; all of it or nothing."""
    row, data = _row(slug), posted_file()
    if data is None:
        return _page(row, language, faults=[gettext(NO_FILE)], status=422)
    try:
        _save(row, language, translation.read_csv(data), None)
    except DocumentErrors as refused:
        return _page(row, language, faults=[fault.translated(gettext) for fault in refused.faults], status=422)
    except Invalid as refused:
        return _page(row, language, faults=[gettext(refused.sentence)], status=422)
    return redirect(url_for("editor.translate", slug=slug, language=language), 303)


@blueprint.get(f"{ONE}.csv")
@requires(EDITOR)
def translation_csv(slug: str, language: str) -> Response:
    """The texts and their translations as a spreadsheet."""
    row = _row(slug)
    _known(row, language)
    held = translations.of_referentiel(current.db(), row).get(language)
    content = translation.write_csv(translations.texts_of(row), held.texts if held else {})
    response = Response(content, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}-{language.replace("@", "-")}.csv"'
    return response


def field(text: str) -> str:
    """The name of a text's field: it stays the text's, whatever is added before it meanwhile."""
    return f"t-{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def _save(row: ReferentielRecord, language: str, texts: Mapping[str, str], revision: int | None) -> None:
    _known(row, language)
    session = current.db()
    translations.save(
        session,
        current.actor(),
        slug=row.slug,
        language=language,
        texts=texts,
        revision=revision,
        now=current.now(),
    )
    session.commit()
    flash(gettext("La traduction est enregistrée. Les personnes la lisent dès maintenant."), "success")


def _page(
    row: ReferentielRecord,
    language: str,
    typed: Mapping[str, str] | None = None,
    *,
    error: str = "",
    faults: list[str] | None = None,
    status: int = 200,
) -> Response:
    _known(row, language)
    held = translations.of_referentiel(current.db(), row).get(language)
    texts = held.texts if held else {}
    wanted = translations.texts_of(row)
    page = render_template(
        "referentiels/editor/translate.html",
        row=row,
        language=language,
        name=LANGUAGES[language],
        lines=[(text, field(text), (typed or texts).get(text, ""), texts.get(text, "")) for text in wanted],
        left=len(wanted) - _done(wanted, texts),
        revision=held.revision if held else 0,
        error=error,
        faults=faults or [],
    )
    return make_response(page, status)


def _row(slug: str) -> ReferentielRecord:
    return referentiels.for_editor(current.db(), current.actor(), slug, lock=False)


def _offered(row: ReferentielRecord) -> list[tuple[str, str]]:
    own = referentiels.draft_of(row).language
    return [(code, name) for code, name in LANGUAGES.items() if code != own]


def _known(row: ReferentielRecord, language: str) -> None:
    if language not in dict(_offered(row)):
        abort(404)


def _done(wanted: tuple[str, ...], texts: Mapping[str, str]) -> int:
    return sum(bool(texts.get(text)) for text in wanted)
