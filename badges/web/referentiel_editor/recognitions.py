"""Who is recognised on a référentiel, from which day until which: granted and ended here, never erased."""

from datetime import date

from flask import Response, flash, redirect, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from badges.models.referentiels import RecognitionRecord
from badges.services import mandates, referentiels
from badges.services.errors import N_, Conflict, Gone, Invalid, NotFound
from badges.services.referentiels import UNKNOWN
from badges.web import current
from badges.web.access import requires
from badges.web.referentiel_editor.sheets import (
    EDITOR,
    Form,
    Refusal,
    Values,
    blueprint,
    missing,
    open_sheet,
    show,
    text_of,
)

NO_ORGANISATION = N_("Choisissez une organisation.")
NO_DAY = N_("Écrivez une date, par exemple 21/11/2026.")


@blueprint.get("/<slug>/reconnaissances")
@requires(EDITOR)
def recognitions(slug: str) -> Response:
    """The recognitions, and the form that grants one."""
    return _list_page(slug)


@blueprint.post("/<slug>/reconnaissances")
@requires(EDITOR)
def recognise(slug: str) -> BaseResponse:
    """Recognise an organisation."""
    session, typed = current.db(), text_of("organisation", "valid_from", "valid_until")
    first, last = _day(typed["valid_from"]), _day(typed["valid_until"])
    faults = missing(typed, {"organisation": NO_ORGANISATION})
    if first is None:
        faults["valid_from"] = NO_DAY
    if last is None and typed["valid_until"].strip():
        faults["valid_until"] = NO_DAY
    if faults or first is None:
        return _list_page(slug, _refusal(typed, faults))
    try:
        referentiels.recognise(
            session,
            current.actor(),
            slug=slug,
            organisation_slug=typed["organisation"],
            valid_from=first,
            valid_until=last,
            now=current.now(),
        )
    except (Invalid, Conflict) as refused:
        field = refused.field if isinstance(refused, Invalid) else "organisation"
        return _list_page(slug, _refusal(typed, {field: refused.sentence}), refused.status)
    session.commit()
    flash(gettext("L’organisation est reconnue."), "success")
    return redirect(url_for("editor.recognitions", slug=slug), 303)


@blueprint.get("/<slug>/reconnaissances/<int(max=2000000000):recognition>/fin")
@requires(EDITOR)
def recognition_end(slug: str, recognition: int) -> Response:
    """The form that ends a recognition, and what it means."""
    return _end_page(slug, recognition)


@blueprint.post("/<slug>/reconnaissances/<int(max=2000000000):recognition>/fin")
@requires(EDITOR)
def end_recognition(slug: str, recognition: int) -> BaseResponse:
    """End a recognition on a day, that day included."""
    session, typed = current.db(), text_of("last_day")
    last = _day(typed["last_day"])
    if last is None:
        return _end_page(slug, recognition, _refusal(typed, {"last_day": NO_DAY}))
    try:
        referentiels.end_recognition(
            session, current.actor(), slug=slug, recognition_id=recognition, last_day=last, now=current.now()
        )
    except (Invalid, Gone) as refused:
        return _end_page(slug, recognition, _refusal(typed, {"last_day": refused.sentence}), refused.status)
    session.commit()
    flash(gettext("La fin de la reconnaissance est enregistrée."), "success")
    return redirect(url_for("editor.recognitions", slug=slug), 303)


MANDATE = "/<slug>/reconnaissances/<int(max=2000000000):recognition>/mandat"


@blueprint.get(MANDATE)
@requires(EDITOR)
def mandate(slug: str, recognition: int) -> Response:
    """The form that gives a mandate, or the one that ends it, and what it means."""
    return _mandate_page(slug, recognition)


@blueprint.post(MANDATE)
@requires(EDITOR)
def give_mandate(slug: str, recognition: int) -> BaseResponse:
    """Let badges be signed in the owner's name, for a structure and a time."""
    typed = text_of("valid_from", "valid_until")
    first, last = _day(typed["valid_from"]), _day(typed["valid_until"])
    faults = {} if first else {"valid_from": NO_DAY}
    if last is None and typed["valid_until"].strip():
        faults["valid_until"] = NO_DAY
    if faults or first is None:
        return _mandate_page(slug, recognition, _refusal(typed, faults))
    try:
        mandates.give(
            current.db(),
            current.actor(),
            current.installation(),
            slug=slug,
            recognition_id=recognition,
            valid_from=first,
            valid_until=last,
            now=current.now(),
        )
    except (Invalid, Conflict) as refused:
        field = refused.field if isinstance(refused, Invalid) else "valid_from"
        return _mandate_page(slug, recognition, _refusal(typed, {field: refused.sentence}), refused.status)
    current.db().commit()
    flash(gettext("Le mandat est donné."), "success")
    return redirect(url_for("editor.recognitions", slug=slug), 303)


@blueprint.post(f"{MANDATE}/fin")
@requires(EDITOR)
def end_mandate(slug: str, recognition: int) -> BaseResponse:
    """End a mandate on a day, that day included."""
    typed = text_of("last_day")
    last = _day(typed["last_day"])
    if last is None:
        return _mandate_page(slug, recognition, _refusal(typed, {"last_day": NO_DAY}))
    try:
        mandates.end(
            current.db(), current.actor(), slug=slug, recognition_id=recognition, last_day=last, now=current.now()
        )
    except Gone as refused:
        return _mandate_page(slug, recognition, _refusal(typed, {"last_day": refused.sentence}), refused.status)
    current.db().commit()
    flash(gettext("La fin du mandat est enregistrée."), "success")
    return redirect(url_for("editor.recognitions", slug=slug), 303)


def _mandate_page(slug: str, wanted: int, refusal: Refusal | None = None, status: int | None = None) -> Response:
    def blank(_draft: object) -> Form:
        today = current.today().isoformat()
        return {"valid_from": today, "valid_until": "", "last_day": today}

    sheet = open_sheet(slug, blank, refusal)
    recognition = _one(sheet.row.recognitions, wanted)
    latest = referentiels.latest_version(sheet.row)
    response = show(
        "mandate.html",
        sheet,
        recognition=recognition,
        allowed=latest is not None and referentiels.document_of(latest).owner_as_issuer,
        own=recognition.organisation_id == sheet.row.owner_id,
        begun=mandates.is_open(recognition, current.today()),
    )
    response.status_code = status or response.status_code
    return response


def _list_page(slug: str, refusal: Refusal | None = None, status: int | None = None) -> Response:
    def blank(_draft: object) -> Form:
        return {"organisation": "", "valid_from": current.today().isoformat(), "valid_until": ""}

    sheet = open_sheet(slug, blank, refusal)
    choices = [(one.slug, one.name) for one in referentiels.recognisable(current.db())]
    listed = sorted(sheet.row.recognitions, key=lambda one: (one.organisation.name, one.valid_from))
    latest = referentiels.latest_version(sheet.row)
    allowed = latest is not None and referentiels.document_of(latest).owner_as_issuer
    response = show(
        "recognitions.html",
        sheet,
        recognitions=listed,
        choices=choices,
        today=current.today(),
        mandates=allowed or any(one.mandate_from for one in listed),
        in_force=mandates.in_force,
    )
    response.status_code = status or response.status_code
    return response


def _end_page(slug: str, wanted: int, refusal: Refusal | None = None, status: int | None = None) -> Response:
    def blank(_draft: object) -> Form:
        return {"last_day": current.today().isoformat()}

    sheet = open_sheet(slug, blank, refusal)
    response = show("end_recognition.html", sheet, recognition=_one(sheet.row.recognitions, wanted))
    response.status_code = status or response.status_code
    return response


def _one(among: list[RecognitionRecord], wanted: int) -> RecognitionRecord:
    for each in among:
        if each.id == wanted:
            return each
    raise NotFound(UNKNOWN)


def _refusal(typed: Values, faults: dict[str, str]) -> Refusal:
    return Refusal(typed, {name: gettext(sentence) for name, sentence in faults.items()})


def _day(text: str) -> date | None:
    """The day typed as 2026-11-21 (what date fields send) or 21/11/2026, or None."""
    parts = text.strip().split("/")
    written = "-".join(reversed(parts)) if len(parts) == 3 else text.strip()  # noqa: PLR2004 - day, month, year
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None
