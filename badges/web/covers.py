"""The page of absences: who stands in for whom and until when, and the form that names a stand-in.

Attached to the blueprint of people. A coach names who stands in for them; who administers a structure, for any of its
coaches, also one who is away already.
"""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from badges.models.people import Role
from badges.services import covers
from badges.services.covers import Colleague
from badges.services.errors import Invalid
from badges.web import current, round_forms
from badges.web.access import requires, role
from badges.web.problems import errors

Page = str | Response | tuple[str, int]
WHO = role(Role.COACH, Role.ADMINISTRATOR)


def attach(blueprint: Blueprint) -> None:
    """Add the page of absences to the blueprint of people."""
    blueprint.add_url_rule("/remplacements", view_func=covers_page)
    blueprint.add_url_rule("/remplacements", view_func=cover_named, methods=["POST"])
    blueprint.add_url_rule("/remplacements/<int:cover_id>/fin", view_func=cover_ended, methods=["POST"])


@requires(WHO)
def covers_page() -> str:
    """Who stands in for whom, today and later; the form."""
    return _page()


@requires(WHO)
def cover_named() -> Page:
    """Name a stand-in from a day to a day."""
    place, coach = _pair("coach")
    try:
        covers.name_stand_in(
            current.db(),
            current.actor(),
            organisation_id=place,
            coach_id=coach,
            stand_in_id=request.form.get("stand_in", 0, type=int),
            starts_on=round_forms.day("starts_on"),
            ends_on=round_forms.day("ends_on"),
            now=current.now(),
            today=current.today(),
        )
    except Invalid as refused:
        current.db().rollback()
        return _page(refused), refused.status
    current.db().commit()
    flash(gettext("Le remplacement est noté. Il commence et s’arrête de lui-même, à ses dates."), "success")
    return redirect(url_for("people.covers_page"), 303)


@requires(WHO)
def cover_ended(cover_id: int) -> Response:
    """End a cover before its time."""
    covers.end(current.db(), current.actor(), cover_id, now=current.now())
    current.db().commit()
    flash(gettext("Le remplacement est terminé."), "success")
    return redirect(url_for("people.covers_page"), 303)


def _page(refused: Invalid | None = None) -> str:
    actor, today = current.actor(), current.today()
    known = covers.colleagues(current.db(), actor)
    away = [one for one in known if covers.may_be_away(actor, one)]
    return render_template(
        "people/covers.html",
        covers=covers.known_to(current.db(), actor, today),
        today=today,
        own_id=actor.staff_id,
        coaches_here=actor.has(Role.COACH),
        away=[(f"{one.organisation_id}-{one.staff_id}", _label(one, known)) for one in away],
        stand_ins=list({one.staff_id: (one.staff_id, _label(one, known)) for one in known}.values()),
        form=request.form,
        errors=errors(refused),
    )


def _label(one: Colleague, known: list[Colleague]) -> str:
    """The name, with the structure where there are several."""
    several = len({colleague.organisation_id for colleague in known}) > 1
    if not several:
        return one.name
    text: str = gettext("%(name)s (%(organisation)s)", name=one.name, organisation=one.organisation)
    return text


def _pair(field: str) -> tuple[int, int]:
    """The structure and the coach that an option of the form names; zeros where it names none."""
    place, _, coach = request.form.get(field, "").partition("-")
    try:
        return int(place), int(coach)
    except ValueError:
        return 0, 0
