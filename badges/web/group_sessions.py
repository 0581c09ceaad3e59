"""Group sessions: prepared in a minute, ticked on one screen for everybody, ended with one button.

The screen works as a plain form; with a script, each tick is sent at once and waits in the phone where there is no
network. Both send the same thing: what was shown and what is left. Only coaches see it: nobody reads a peer's name.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import format_time, gettext
from werkzeug.wrappers import Response

from badges.models.evidence import AttendanceRecord, GroupSessionRecord, ObservationRecord
from badges.models.people import OrganisationRecord, Role
from badges.models.referentiels import VersionRecord
from badges.services import evidence, group_entries, group_sessions, organisations
from badges.services.errors import Invalid
from badges.services.group_entries import Cell, Entry
from badges.services.group_sessions import Plan
from badges.services.referentiels import published_versions
from badges.web import current, round_forms, round_pages
from badges.web.access import requires, role
from badges.web.errors import wants_json
from badges.web.problems import errors
from badges.web.words import document_of
from referentiels.model import Competence

blueprint = Blueprint("groups", __name__)
Page = str | Response | tuple[str, int]

SESSION = "/seances/<uuid:session_id>"


@dataclass(frozen=True, slots=True)
class Tile:
    """One tick of the grid: whose and what, whether it is set in this turn, and which colleague touched it last."""

    cell: str
    competence: Competence
    seen: bool
    by: str


@dataclass(frozen=True, slots=True)
class Line:
    """One person of the grid."""

    person_id: uuid.UUID
    name: str
    act: str
    tiles: list[Tile]


@blueprint.get("/seances")
@requires(role(Role.COACH))
def index() -> str:
    """The structure's sessions, those under way first; and the corrections that people ask for."""
    found = group_sessions.of_coach(current.db(), current.actor())
    return render_template(
        "groups/index.html",
        running=[one for one in found if one.ended_at is None],
        ended=[one for one in found if one.ended_at is not None],
        asked=evidence.to_answer(current.db(), current.actor()),
    )


@blueprint.get("/seances/nouvelle")
@requires(role(Role.COACH))
def new() -> str:
    """Choose a référentiel, then say what was done, where, with whom, and what is looked at."""
    version = _version()
    if version is None:
        choices = [(one, document_of(one)) for one in published_versions(current.db())]
        ticked = request.args.getlist("p")  # in the list of people, before this page
        return render_template("groups/choose.html", versions=choices, places=_places(), place=_place(), ticked=ticked)
    return _new_page(version)


@blueprint.post("/seances/nouvelle")
@requires(role(Role.COACH))
def create() -> Page:
    """Open the session; its grid follows."""
    version, place = _version(), _place()
    try:
        row = group_sessions.create(
            current.db(),
            current.actor(),
            _plan(),
            organisation_id=place.id if place else 0,
            version_id=version.id if version else 0,
            competences=request.form.getlist("competences"),
            session_id=round_forms.identifier("session") or uuid.uuid4(),
            now=current.now(),
            today=current.today(),
        )
    except Invalid as refused:
        if version is None:
            raise
        return _new_page(version, refused), refused.status
    current.db().commit()
    return redirect(url_for(".show", session_id=row.id), 303)


@blueprint.get(SESSION)
@requires(role(Role.COACH))
def show(session_id: uuid.UUID) -> Page:
    """The grid of one turn, to be ticked; read only once the session has ended."""
    row = group_sessions.session_for(current.db(), current.actor(), session_id)
    return _state(row) if wants_json() else _grid_page(row)


@blueprint.post(SESSION)
@requires(role(Role.COACH))
def save(session_id: uuid.UUID) -> Page:
    """Save what was changed on this page, and, where that button was pressed, end the session."""
    try:
        row = group_entries.save(current.db(), current.actor(), session_id, _entry(), now=current.now())
    except Invalid as refused:
        if wants_json():
            raise
        row = group_sessions.session_for(current.db(), current.actor(), session_id)
        return _grid_page(row, refused), refused.status
    was_ended = row.ended_at is not None
    if "end" in request.form:
        group_sessions.end(current.db(), current.actor(), session_id, now=current.now())
    current.db().commit()
    if wants_json():
        return _state(row)
    if "end" in request.form and not was_ended:
        flash(gettext("La séance est terminée. Ce qui a été vu peut maintenant servir de preuve."), "success")
    elif was_ended:
        flash(gettext("La séance était déjà terminée ; vos saisies y sont ajoutées."), "success")
    else:
        flash(gettext("C’est enregistré."), "success")
    return redirect(url_for(".show", session_id=session_id, manche=_turn(row)), 303)


@blueprint.post(f"{SESSION}/manche")
@requires(role(Role.COACH))
def turn(session_id: uuid.UUID) -> Response:
    """One more turn, under a new rule."""
    row = group_sessions.new_turn(
        current.db(),
        current.actor(),
        session_id,
        rule=request.form.get("rule", ""),
        after=request.form.get("after", 0, type=int),
        now=current.now(),
    )
    current.db().commit()
    return redirect(url_for(".show", session_id=session_id, manche=len(row.rules)), 303)


@blueprint.post(f"{SESSION}/rouvrir")
@requires(role(Role.COACH))
def reopen(session_id: uuid.UUID) -> Response:
    """Open an ended session again."""
    group_sessions.reopen(current.db(), current.actor(), session_id, now=current.now())
    current.db().commit()
    return redirect(url_for(".show", session_id=session_id), 303)


@blueprint.get(f"{SESSION}/modifier")
@requires(role(Role.COACH))
def edit(session_id: uuid.UUID) -> str:
    """Another day, place or activity; somebody who came late."""
    return _edit_page(session_id)


@blueprint.post(f"{SESSION}/modifier")
@requires(role(Role.COACH))
def change(session_id: uuid.UUID) -> Page:
    """Save them."""
    try:
        group_sessions.change(
            current.db(), current.actor(), session_id, _plan(), now=current.now(), today=current.today()
        )
    except Invalid as refused:
        return _edit_page(session_id, refused), refused.status
    current.db().commit()
    return redirect(url_for(".show", session_id=session_id), 303)


@blueprint.get(f"{SESSION}/feuille")
@requires(role(Role.COACH))
def sheet(session_id: uuid.UUID) -> str:
    """The same grid on paper."""
    row = group_sessions.session_for(current.db(), current.actor(), session_id)
    return render_template(
        "groups/sheet.html",
        session=row,
        people=[one.person.name for one in group_sessions.present(current.db(), row)],
        competences=_competences(row),
    )


def _version() -> VersionRecord | None:
    asked = request.values.get("version", type=int)
    return next((one for one in published_versions(current.db()) if one.id == asked), None)


def _places() -> list[OrganisationRecord]:
    return list(organisations.held(current.db(), current.actor(), Role.COACH))


def _place() -> OrganisationRecord | None:
    """The structure that was chosen among those this coach works for; the first where none was."""
    places = _places()
    asked = request.values.get("structure", type=int)
    if asked is None:
        return places[0]
    return next((one for one in places if one.id == asked), None)


def _plan() -> Plan:
    return Plan(
        activity=request.form.get("activity", ""),
        place=request.form.get("place", ""),
        held_on=round_forms.day("held_on"),
        people=request.form.getlist("people", type=uuid.UUID),
    )


def _new_page(version: VersionRecord, refused: Invalid | None = None) -> str:
    place = _place() or _places()[0]
    activities, spots = group_sessions.used_before(current.db(), place.id)
    return render_template(
        "groups/new.html",
        version=version,
        place=place,
        families=round_pages.choices(document_of(version), words=False),
        candidates=group_sessions.candidates(current.db(), current.actor(), place.id),
        activities=activities,
        spots=spots,
        session_id=request.form.get("session") or uuid.uuid4(),
        today=current.today(),
        form=request.form,
        ticked=request.args.getlist("p"),
        most=group_sessions.MOST_COMPETENCES,
        errors=errors(refused),
    )


def _edit_page(session_id: uuid.UUID, refused: Invalid | None = None) -> str:
    row = group_sessions.session_for(current.db(), current.actor(), session_id)
    activities, spots = group_sessions.used_before(current.db(), row.organisation_id)
    there = [str(one.person_id) for one in group_sessions.present(current.db(), row)]
    posted = request.method == "POST"
    return render_template(
        "groups/edit.html",
        session=row,
        candidates=group_sessions.candidates(current.db(), current.actor(), row.organisation_id),
        activities=activities,
        spots=spots,
        chosen=request.form.getlist("people") if posted else there,
        form=request.form,
        today=current.today(),
        errors=errors(refused),
    )


def _entry() -> Entry:
    """What the page posts. A cell is « PERSON:CODE »; what cannot be read is left out."""
    acts = {}
    for name, typed in request.form.items():
        kind, _, person = name.partition(":")
        if kind == "acte" and (person_id := _uuid(person)) is not None:
            acts[person_id] = (request.form.get(f"avant-acte:{person}", ""), typed)
    return Entry(
        turn=request.form.get("turn", 0, type=int),
        shown=frozenset(_cells("avant")),
        seen=frozenset(_cells("vu")),
        acts=acts,
    )


def _cells(name: str) -> list[Cell]:
    cells = []
    for given in request.form.getlist(name):
        person, _, code = given.partition(":")
        if (person_id := _uuid(person)) is not None:
            cells.append((person_id, code))
    return cells


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _turn(row: GroupSessionRecord) -> int:
    """The turn that is looked at: the one asked for, or the last."""
    asked = request.values.get("manche", type=int) or request.form.get("turn", type=int)
    return asked if asked is not None and 1 <= asked <= len(row.rules) else len(row.rules)


def _competences(row: GroupSessionRecord) -> list[Competence]:
    document = document_of(row.version)
    return [document.competence(code) for code in row.competences]


def _grid_page(row: GroupSessionRecord, refused: Invalid | None = None) -> str:
    shown, there, looked_at = _turn(row), group_sessions.present(current.db(), row), _competences(row)
    return render_template(
        "groups/show.html",
        session=row,
        turn=shown,
        staff_id=current.actor().staff_id,
        competences=looked_at,
        lines=[_line(row, one, looked_at, shown) for one in there],
        gone=len(row.attendances) - len(there),
        errors=errors(refused),
        longest=evidence.LONGEST_ACT,
    )


def _line(row: GroupSessionRecord, attendance: AttendanceRecord, looked_at: Sequence[Competence], shown: int) -> Line:
    held = {one.competence_code: one for one in row.observations if one.person_id == attendance.person_id}
    return Line(
        attendance.person_id,
        attendance.person.name,
        attendance.act,
        [
            Tile(
                f"{attendance.person_id}:{competence.code}",
                competence,
                _seen(held.get(competence.code), shown),
                _by(held.get(competence.code)),
            )
            for competence in looked_at
        ],
    )


def _seen(held: ObservationRecord | None, shown: int) -> bool:
    return held is not None and shown in held.turns


def _by(held: ObservationRecord | None) -> str:
    """Who touched the tick last and when, where it was a colleague."""
    if held is None or held.staff_id == current.actor().staff_id:
        return ""
    text: str = gettext("%(name)s, %(time)s", name=held.staff.name, time=format_time(held.recorded_at, "short"))
    return text


def _state(row: GroupSessionRecord) -> Response:
    """The grid for the script: what stands in this turn now, whoever entered it."""
    shown, there, looked_at = _turn(row), group_sessions.present(current.db(), row), _competences(row)
    lines = [_line(row, one, looked_at, shown) for one in there]
    return jsonify(
        seen=[tile.cell for line in lines for tile in line.tiles if tile.seen],
        by={tile.cell: tile.by for line in lines for tile in line.tiles if tile.by},
        acts={str(line.person_id): line.act for line in lines},
        turns=len(row.rules),
        ended=row.ended_at is not None,
    )
