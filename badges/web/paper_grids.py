"""Paper: the sheets of rounds to print, and the screen on which a whole sheet is typed in at once."""

import uuid
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import force_locale, gettext
from werkzeug.wrappers import Response

from badges.models.assessments import Rater, RoundRecord
from badges.models.people import PersonRecord, Role
from badges.services import assessments, codes, paper_grids
from badges.services.errors import Invalid, NotFound
from badges.services.paper_grids import GridRefused, Typed
from badges.web import current, language, round_forms
from badges.web.access import requires, role
from badges.web.problems import errors, sentence
from badges.web.words import document_of
from referentiels.model import Competence, Referentiel

blueprint = Blueprint("paper_grids", __name__)
Page = str | Response | tuple[str, int]

VIEWS = {"moi": Rater.SELF, "coach": Rater.COACH}
ENTRY = "/positionnements/<uuid:round_id>/papier/<any(moi, coach):view>"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One round on paper: whose, its code as printed, and what it asks."""

    person: str
    code: str
    document: Referentiel
    competences: list[Competence]
    tu: bool


@dataclass(frozen=True, slots=True)
class GridLine:
    """One line of the typing screen; `theirs` where the person answered on a screen."""

    competence: Competence
    level: str
    situation: str
    error: str
    theirs: bool


@blueprint.get("/papier")
@requires(role(Role.COACH))
def index() -> str:
    """The rounds that wait for a view: their sheets to print, their sheets to type in."""
    return _index_page(None)


@blueprint.post("/papier")
@requires(role(Role.COACH))
def find() -> Page:
    """The sheet whose code was typed: the view that may be typed now."""
    try:
        row = paper_grids.by_code(current.db(), current.actor(), request.form.get("code", ""))
    except NotFound as refused:
        return _index_page(sentence(refused)), 422
    view = "moi" if row.coach_sealed_at is not None else "coach"
    return redirect(url_for(".entry", round_id=row.id, view=view), 303)


@blueprint.get("/papier/fiches/<any(moi, coach):view>")
@requires(role(Role.COACH))
def sheets(view: str) -> str:
    """The sheets of one view, of every round that waits or of the ones named, each on its page."""
    asked = set(request.args.getlist("p", type=uuid.UUID))
    rows = [row for row in paper_grids.open_rounds(current.db(), current.actor()) if not asked or row.id in asked]
    if not rows:
        raise NotFound(assessments.NO_ROUND)
    return render_template("paper_grids/sheets.html", view=view, pages=[_sheet_of(row, view) for row in rows])


@blueprint.get(ENTRY)
@requires(role(Role.COACH))
def entry(round_id: uuid.UUID, view: str) -> str:
    """One person's whole grid on one screen: a digit, a tab, some words, a tab."""
    row = assessments.round_for(current.db(), current.actor(), round_id)
    return _entry_page(row, view)


@blueprint.post(ENTRY)
@requires(role(Role.COACH))
def typed(round_id: uuid.UUID, view: str) -> Page:
    """Keep the grid, and end the view where that button was pressed."""
    finish = "finish" in request.form
    lines = {
        name.removeprefix("level:"): Typed(given, request.form.get(f"situation:{name.removeprefix('level:')}", ""))
        for name, given in request.form.items()
        if name.startswith("level:")
    }
    try:
        paper_grids.type_in(
            current.db(),
            current.actor(),
            round_id,
            rater=VIEWS[view],
            lines=lines,
            paper_on=round_forms.day("paper_on"),
            finish=finish,
            now=current.now(),
            today=current.today(),
        )
    except Invalid as refused:
        current.db().rollback()  # a grid is kept whole or not at all
        row = assessments.round_for(current.db(), current.actor(), round_id)
        return _entry_page(row, view, refused), refused.status
    current.db().commit()
    if finish:
        flash(gettext("La fiche est saisie et cet avis est terminé."), "success")
        return redirect(url_for(".index"), 303)
    flash(gettext("C’est enregistré."), "success")
    return redirect(url_for(".entry", round_id=round_id, view=view), 303)


def _index_page(fault: str | None) -> str:
    rows = paper_grids.open_rounds(current.db(), current.actor())
    return render_template(
        "paper_grids/index.html",
        rows=[(row, codes.show_code(paper_grids.code_of(row.id)), document_of(row.version).title) for row in rows],
        typed=request.form.get("code", ""),
        fault=fault or "",
    )


def _sheet_of(row: RoundRecord, view: str) -> str:
    """One sheet, rendered: the person's own in their language, the coach's in the reader's."""
    with _language_of(row.person) if view == "moi" else nullcontext():
        document = document_of(row.version)
        page = Sheet(
            row.person.name,
            codes.show_code(paper_grids.code_of(row.id)),
            document,
            [document.competence(code) for code in row.competences],
            row.organisation.address_form == "tu",
        )
        return render_template(f"paper_grids/{'self' if view == 'moi' else 'coach'}_sheet.html", page=page)


def _language_of(person: PersonRecord) -> AbstractContextManager[None]:
    known = person.language in language.LANGUAGES
    return force_locale(person.language) if known else nullcontext()


def _entry_page(row: RoundRecord, view: str, refused: Invalid | None = None) -> str:
    rater = VIEWS[view]
    paper_grids.require_typing(row, current.actor(), rater)
    document = document_of(row.version)
    return render_template(
        "paper_grids/entry.html",
        round_id=row.id,
        view=view,
        person=row.person.name,
        code=codes.show_code(paper_grids.code_of(row.id)),
        title=document.title,
        scale=document.scale,
        lines=_lines(row, rater, refused),
        paper_on=request.form.get("paper_on") or current.today(),
        today=current.today(),
        longest=assessments.LONGEST_SITUATION,
        errors=errors(refused),
    )


def _lines(row: RoundRecord, rater: Rater, refused: Invalid | None) -> list[GridLine]:
    """What is in the form, or what was typed before; beside each line what is wrong with it."""
    document, held = document_of(row.version), paper_grids.typed_levels(row, rater)
    theirs = paper_grids.answered_by_person(row) if rater is Rater.SELF else frozenset()
    faults = refused.faults if isinstance(refused, GridRefused) else {}
    posted = request.method == "POST"
    lines = []
    for code in row.competences:
        known = held.get(code, Typed("", ""))
        lines.append(
            GridLine(
                document.competence(code),
                request.form.get(f"level:{code}", "") if posted else known.level,
                request.form.get(f"situation:{code}", "") if posted else known.situation,
                sentence(faults[code]) if code in faults else "",
                code in theirs,
            )
        )
    return lines
