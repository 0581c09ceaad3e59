"""Référentiels for everybody: those in force, their versions word by word, what changed from one to the next.

The address of a version is signed into badges: it answers for ever, with a page or with its exact bytes, and takes no
change. Nothing here shows a draft, not even its title; drafts are `referentiel_editor`'s.
"""

from typing import Any

from babel import Locale
from babel.core import UnknownLocaleError
from flask import Blueprint, Response, abort, make_response, render_template, request
from flask_babel import get_locale, gettext

from badges.models.people import Role
from badges.models.referentiels import RecognitionRecord, ReferentielRecord, VersionRecord
from badges.services import referentiels
from badges.web import current, words
from badges.web.access import ANYONE, requires
from referentiels import compare as comparison
from referentiels import spreadsheet
from referentiels.reading import CODE

JSON_TYPES = ("application/json", "application/ld+json")

blueprint = Blueprint("referentiels", __name__)


@blueprint.url_value_preprocessor
def _refuse_what_is_no_code(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    if values and not CODE.fullmatch(values.get("slug", "x")):
        abort(404)


@blueprint.app_template_filter("language_name")
def language_name(tag: str) -> str:
    """The name of a language in the reader's own; the tag itself where nobody has named it."""
    try:
        return Locale.parse(tag, sep="-").get_display_name(get_locale()) or tag
    except (UnknownLocaleError, ValueError):
        return tag


@blueprint.get("/referentiels")
@requires(ANYONE)
def index() -> str:
    """The référentiels in force; for an editor, their own drafts first."""
    session, actor = current.db(), current.actor_or_none()
    versions = [(row, words.document_of(row)) for row in referentiels.published_versions(session)]
    editing = actor is not None and actor.has(Role.EDITOR)
    drafts = [_draft_line(row) for row in referentiels.edited_by(session, actor)] if actor and editing else []
    return render_template("referentiels/index.html", versions=versions, editing=editing, drafts=drafts)


@blueprint.get("/r/<slug>")
@requires(ANYONE)
def lineage(slug: str) -> str:
    """A référentiel: its latest version, every version, and who is recognised on it."""
    row = _public(slug)
    versions = list(reversed(row.versions))
    return render_template(
        "referentiels/lineage.html",
        row=row,
        versions=versions,
        text=words.document_of(versions[0]),
        recognitions=_by_time(row.recognitions),
        may_edit=_may_edit(row),
    )


@blueprint.get("/r/<slug>/<int(max=1000000):number>")
@requires(ANYONE)
def version(slug: str, number: int) -> Response:
    """A published version: the page that reads it out, or its exact bytes for whoever asks for JSON."""
    row = referentiels.version_at(current.db(), slug, number)
    wanted = request.accept_mimetypes.best_match(("text/html", *JSON_TYPES), default="text/html")
    if wanted in JSON_TYPES and request.accept_mimetypes[wanted] > request.accept_mimetypes["text/html"]:
        response = _bytes_of(row, wanted)
    else:
        response = make_response(_version_page(row))
        response.vary.update(("Accept-Language", "Cookie"))
    response.vary.add("Accept")
    response.access_control_allow_origin = "*"
    return response


@blueprint.get("/r/<slug>/<int(max=1000000):number>.json")
@requires(ANYONE)
def version_json(slug: str, number: int) -> Response:
    """The same exact bytes, to keep."""
    response = _bytes_of(referentiels.version_at(current.db(), slug, number), JSON_TYPES[0])
    response.access_control_allow_origin = "*"
    return _to_keep(response, f"{slug}-{number}.json")


@blueprint.get("/r/<slug>/<int(max=1000000):number>.csv")
@requires(ANYONE)
def version_csv(slug: str, number: int) -> Response:
    """The version as a spreadsheet, to work on."""
    row = referentiels.version_at(current.db(), slug, number)
    content = spreadsheet.write_csv(referentiels.document_of(row))
    response = Response(content, content_type="text/csv; charset=utf-8")
    response.access_control_allow_origin = "*"
    return _to_keep(response, f"{slug}-{number}.csv")


@blueprint.get("/r/<slug>/<int(max=1000000):old>..<int(max=1000000):new>")
@requires(ANYONE)
def compare(slug: str, old: int, new: int) -> str:
    """What changed between two versions, in sentences."""
    session = current.db()
    before, after = (referentiels.version_at(session, slug, number) for number in (old, new))
    text = referentiels.document_of(after)
    changes = comparison.compare(referentiels.document_of(before), text)
    return render_template(
        "referentiels/compare.html",
        before=before,
        after=after,
        text=text,
        changes=[(change.kind, change.translated(gettext)) for change in changes],
    )


def _public(slug: str) -> ReferentielRecord:
    """A référentiel that has at least one version: before that, it does not exist for the public."""
    row = referentiels.referentiel_by_slug(current.db(), slug)
    if not row.versions:
        abort(404)
    return row


def _version_page(row: VersionRecord) -> str:
    versions, text = row.referentiel.versions, words.document_of(row)
    return render_template(
        "referentiels/version.html",
        version=row,
        row=row.referentiel,
        text=text,
        translated=words.translated_from(text),
        former=next((one for one in reversed(versions) if one.number < row.number), None),
        following=next((one for one in versions if one.number > row.number), None),
        may_edit=_may_edit(row.referentiel),
    )


def _bytes_of(row: VersionRecord, mimetype: str) -> Response:
    """The stored bytes under a strong ETag, one for each media type they are served as."""
    response = Response(row.document, mimetype=mimetype)
    response.set_etag(row.digest if mimetype == JSON_TYPES[0] else f"{row.digest}-ld")
    response.cache_control.public = True
    response.cache_control.max_age = 3600
    response.make_conditional(request)
    return response


def _to_keep(response: Response, name: str) -> Response:
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _may_edit(row: ReferentielRecord) -> bool:
    actor = current.actor_or_none()
    return actor is not None and actor.has(Role.EDITOR, row.owner_id)


def _draft_line(row: ReferentielRecord) -> tuple[ReferentielRecord, VersionRecord | None, bool]:
    """A draft, its latest version, and whether it was touched since."""
    latest = referentiels.latest_version(row)
    return row, latest, latest is None or row.updated_at > latest.published_at


def _by_time(recognitions: list[RecognitionRecord]) -> dict[str, list[RecognitionRecord]]:
    """The recognitions that hold today, those to come, and those that have ended; each by name."""
    today = current.today()
    sorted_ones: dict[str, list[RecognitionRecord]] = {"now": [], "later": [], "ended": []}
    for one in sorted(recognitions, key=lambda each: (each.organisation.name, each.valid_from)):
        ended = one.valid_until is not None and one.valid_until < today
        sorted_ones["ended" if ended else "later" if one.valid_from > today else "now"].append(one)
    return sorted_ones
