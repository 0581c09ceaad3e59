"""The acquired grid on the coach's side: three words for each competence, at the entry and at the exit.

It is filled in together and is another thing than the levels; what rounds and badges tell is proposed, and kept only
when both have looked.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from badges.models.acquired import AcquiredState
from badges.models.assessments import Moment
from badges.models.people import Role
from badges.services import acquired, assessments
from badges.services.acquired import Grid, Line
from badges.services.errors import N_, Invalid
from badges.services.referentiels import published_versions
from badges.web import current, round_forms, seen_pages
from badges.web.access import requires, role
from badges.web.problems import errors
from badges.web.words import document_of
from referentiels.model import Competence

blueprint = Blueprint("acquired", __name__)
Page = str | Response | tuple[str, int]

PAGE = "/personnes/<uuid:person_id>/acquis"
STATES = {
    AcquiredState.HELD: N_("Détenue"),
    AcquiredState.TO_ACQUIRE: N_("À acquérir"),
    AcquiredState.ACQUIRED: N_("Acquise"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One competence of the form: what was chosen, and in words what rounds and badges propose."""

    competence: Competence
    chosen: str
    proposed: str
    entry: str


@blueprint.get(PAGE)
@requires(role(Role.COACH))
def show(person_id: uuid.UUID) -> str:
    """The grid of one moment, to fill in with the person."""
    return _page(person_id)


@blueprint.post(PAGE)
@requires(role(Role.COACH))
def fill(person_id: uuid.UUID) -> Page:
    """Keep it."""
    states = {
        name.removeprefix("etat:"): _state(given) for name, given in request.form.items() if name.startswith("etat:")
    }
    moment, version_id = round_forms.choice("moment", Moment), request.form.get("version", 0, type=int)
    try:
        acquired.fill(
            current.db(),
            current.actor(),
            person_id,
            version_id=version_id,
            moment=moment,
            states=states,
            together="together" in request.form,
            now=current.now(),
            today=current.today(),
        )
    except Invalid as refused:
        return _page(person_id, refused), refused.status
    current.db().commit()
    flash(gettext("C’est enregistré."), "success")
    return redirect(url_for(".show", person_id=person_id, version=version_id, moment=moment), 303)


def _state(given: str) -> AcquiredState | None:
    try:
        return AcquiredState(given)
    except ValueError:
        return None


def _moment() -> Moment:
    return Moment.SORTIE if request.values.get("moment") == Moment.SORTIE else Moment.ENTREE


def _page(person_id: uuid.UUID, refused: Invalid | None = None) -> str:
    membership = assessments.followed_by(current.db(), current.actor(), person_id)
    version = seen_pages.version_asked(request.values.get("version", type=int))
    if version is None:
        versions = [(one, document_of(one)) for one in published_versions(current.db())]
        return render_template("acquired/show.html", person=membership.person, version=None, versions=versions)
    moment = _moment()
    grid = acquired.grid(current.db(), current.actor(), person_id, version.id)
    allowed = acquired.AT_ENTRY if moment is Moment.ENTREE else tuple(AcquiredState)
    return render_template(
        "acquired/show.html",
        person=membership.person,
        version=version,
        moment=moment.value,
        states=[(one.value, gettext(STATES[one])) for one in allowed],
        rows=[_row(line, document_of(version).competence(line.competence), moment) for line in grid.lines],
        filled_on=grid.entry_on if moment is Moment.ENTREE else grid.exit_on,
        errors=errors(refused),
    )


def _row(line: Line, competence: Competence, moment: Moment) -> Row:
    held, proposed = (line.entry, line.proposed_entry) if moment is Moment.ENTREE else (line.exit, line.proposed_exit)
    chosen = request.form.get(f"etat:{line.competence}") if request.method == "POST" else None
    entry = line.entry or line.proposed_entry
    return Row(
        competence,
        chosen if chosen is not None else (held or proposed or ""),
        gettext(STATES[proposed]) if proposed else "",
        gettext(STATES[entry]) if entry and moment is Moment.SORTIE else "",
    )


KINDS = {AcquiredState.HELD: "done", AcquiredState.TO_ACQUIRE: "info", AcquiredState.ACQUIRED: "done"}


@dataclass(frozen=True, slots=True)
class Own:
    """One competence as the person's own page shows it: at the entry in words, and now with the kind of its chip."""

    name: str
    entry: str
    kind: str
    state: str


def own_grids(grids: Sequence[Grid]) -> list[tuple[str, list[Own]]]:
    """The person's grids by title: what was looked at, and nothing else."""
    return [(document_of(grid.version).title, [_own(grid, line) for line in grid.looked_at]) for grid in grids]


def _own(grid: Grid, line: Line) -> Own:
    entry, state = line.entry or line.proposed_entry, line.now or AcquiredState.TO_ACQUIRE
    name = document_of(grid.version).competence(line.competence).name
    return Own(name, gettext(STATES[entry]) if entry else "", KINDS[state], gettext(STATES[state]))
