"""From the draft to a version: what prevents it, what deserves a second look, what changes; and its withdrawal."""

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from badges.models.referentiels import VersionState
from badges.services import referentiels, wording
from badges.services.errors import Invalid, NotFound
from badges.services.referentiels import UNKNOWN, Stale
from badges.web import current
from badges.web.access import requires
from badges.web.referentiel_editor.places import place_of
from badges.web.referentiel_editor.sheets import (
    EDITOR,
    Form,
    Refusal,
    blueprint,
    nothing,
    open_sheet,
    posted_revision,
    show,
    text_of,
)
from badges.web.referentiel_editor.wording import pointed
from referentiels import compare, publishing
from referentiels.model import Referentiel
from referentiels.sentences import DocumentErrors, Fault


@blueprint.get("/<slug>/brouillon/publication")
@requires(EDITOR)
def ready(slug: str) -> Response:
    """Ready to publish? The faults, the warnings, the differences, then the button."""
    return _ready_page(slug)


@blueprint.post("/<slug>/brouillon/publication")
@requires(EDITOR)
def publish(slug: str) -> BaseResponse:
    """Publish the draft that was reviewed as the next version."""
    session = current.db()
    try:
        version = referentiels.publish(
            session, current.actor(), slug=slug, revision=posted_revision(), now=current.now()
        )
    except Stale:
        return _ready_page(slug, Refusal({}, stale=True))
    except DocumentErrors:
        return _ready_page(slug, Refusal({}))
    session.commit()
    flash(gettext("La version %(number)s est publiée. Elle ne changera plus.", number=version.number), "success")
    return redirect(url_for("referentiels.version", slug=slug, number=version.number), 303)


@blueprint.post("/<slug>/brouillon/publication/mots")
@requires(EDITOR)
def keep_words(slug: str) -> BaseResponse:
    """Keep words that were pointed out, with a reason that is published; without one, point them out again."""
    typed = text_of("place", "passage", "reason")
    asked = {"slug": slug, "revision": posted_revision(), "place": typed["place"], "passage": typed["passage"]}
    try:
        if "release" in request.form:
            wording.release(current.db(), current.actor(), now=current.now(), **asked)
        else:
            wording.keep(current.db(), current.actor(), reason=typed["reason"], now=current.now(), **asked)
    except Stale:
        return _ready_page(slug, Refusal(typed, stale=True))
    except DocumentErrors as refused:
        return _ready_page(slug, Refusal(typed, {fault.path: fault.translated(gettext) for fault in refused.faults}))
    current.db().commit()
    return redirect(url_for("editor.ready", slug=slug, _anchor="mots"), 303)


def _ready_page(slug: str, refusal: Refusal | None = None) -> Response:
    sheet = open_sheet(slug, nothing, refusal)
    former = referentiels.latest_version(sheet.row)
    previous = referentiels.document_of(former) if former else None
    faults = publishing.faults(sheet.draft, previous)
    changes = compare.compare(previous, sheet.draft) if previous else ()
    in_force = former is not None and former.state is VersionState.PUBLISHED
    return show(
        "ready.html",
        sheet,
        faults=_with_places(slug, sheet.draft, faults),
        warnings=_with_places(slug, sheet.draft, publishing.advice(sheet.draft)),
        pointed=pointed(slug, sheet.draft),
        changes=[(change.kind, change.translated(gettext)) for change in changes],
        former=former,
        nothing_new=in_force and not changes,
        number=former.number + 1 if former else 1,
    )


def _with_places(slug: str, draft: Referentiel, faults: tuple[Fault, ...]) -> list[tuple[str, str]]:
    """Each fault's sentence and the address where it is mended."""
    return [(fault.translated(gettext), place_of(slug, draft, fault)) for fault in faults]


@blueprint.get("/<slug>/brouillon/apercu")
@requires(EDITOR)
def preview(slug: str) -> Response:
    """The draft as its version would read."""
    return show("preview.html", open_sheet(slug, nothing))


@blueprint.get("/<slug>/versions/<int(max=1000000):number>/retirer")
@requires(EDITOR)
def withdrawal(slug: str, number: int) -> Response:
    """The form that withdraws a version, and what it means."""
    return _withdrawal_page(slug, number)


@blueprint.post("/<slug>/versions/<int(max=1000000):number>/retirer")
@requires(EDITOR)
def withdraw(slug: str, number: int) -> BaseResponse:
    """Withdraw a version, with a reason that is published."""
    session, typed = current.db(), text_of("reason")
    try:
        referentiels.withdraw(
            session, current.actor(), slug=slug, number=number, reason=request.form.get("reason", ""), now=current.now()
        )
    except Invalid as invalid:
        return _withdrawal_page(slug, number, Refusal(typed, {invalid.field: gettext(invalid.sentence)}))
    session.commit()
    flash(gettext("La version %(number)s est retirée.", number=number), "success")
    return redirect(url_for("referentiels.version", slug=slug, number=number), 303)


def _withdrawal_page(slug: str, number: int, refusal: Refusal | None = None) -> Response:
    def blank(_draft: Referentiel) -> Form:
        return {"reason": ""}

    sheet = open_sheet(slug, blank, refusal)
    version = next((one for one in sheet.row.versions if one.number == number), None)
    if version is None:
        raise NotFound(UNKNOWN)
    return show("withdraw.html", sheet, version=version)
