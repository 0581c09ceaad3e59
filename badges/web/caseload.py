"""The coach's list of people: the page a coach opens on, and what is done for everyone ticked in it.

Attached to the blueprint of people. The ticks travel in the address as `p`, so that going back keeps them; nothing is
done before a POST.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, fields

from babel.lists import format_list
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import format_timedelta, get_locale, gettext, ngettext
from werkzeug.wrappers import Response

from badges.models.assessments import Moment
from badges.models.people import Role
from badges.services import caseload, covers, people, selections
from badges.services.caseload import WITHOUT, CaseLine, Turn, Wanted
from badges.services.errors import N_, Invalid
from badges.services.next_steps import NextStep, Step
from badges.services.selections import Selection
from badges.web import current, people_words
from badges.web.access import requires, role
from badges.web.problems import errors

Page = str | Response | tuple[str, int]
COACH = role(Role.COACH)
REFUSED = 422

TURNS = {
    Turn.MINE: ("todo", N_("À vous de jouer")),
    Turn.PERSON: ("waiting", N_("Attend la personne")),
    Turn.OTHERS: ("waiting", N_("Attend quelqu’un d’autre")),
    Turn.NOBODY: ("neutral", N_("Rien n’attend")),
}
FILTERS = {
    "search": "q",
    "turn": "attend",
    "moment": "moment",
    "referentiel": "referentiel",
    "group": "groupe",
}
"""What may be asked, by its name in the address; `everyone` is `qui=structure`."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list: `url` leads to the next thing to do, `waited` says since when it waits."""

    line: CaseLine
    words: str
    url: str
    waited: str


def attach(blueprint: Blueprint) -> None:
    """Add the list and its acts to the blueprint of people."""
    blueprint.add_url_rule("/personnes", view_func=index)
    blueprint.add_url_rule("/personnes/relais", view_func=hand_over_many)
    blueprint.add_url_rule("/personnes/relais", view_func=handed_over_many, methods=["POST"])
    blueprint.add_url_rule("/personnes/groupe", view_func=group)
    blueprint.add_url_rule("/personnes/groupe", view_func=grouped, methods=["POST"])


def ticked() -> list[uuid.UUID]:
    """The people ticked, in the address or the form; what is no identifier is passed over."""
    found = []
    for text in request.values.getlist("p"):
        try:
            found.append(uuid.UUID(text))
        except ValueError:
            continue
    return found


def back_to_list(refused: Invalid) -> Response:
    """The list again, with what has to be ticked first."""
    flash(errors(refused)[refused.field or "form"], "info")
    return redirect(url_for("people.index"), 303)


@requires(COACH)
def index() -> str:
    """The coach's caseload: what waits on whom, those to act on first."""
    wanted = _wanted()
    found = caseload.caseload(current.db(), current.actor(), wanted)
    rows = [_row(line) for line in found.lines]
    known = covers.known_to(current.db(), current.actor(), current.today())
    return render_template(
        "people/index.html",
        caseload=found,
        wanted=wanted,
        standing_in=[one for one in known if one.stand_in_id == current.actor().staff_id],
        stood_in_by=[one for one in known if one.coach_id == current.actor().staff_id],
        today=current.today(),
        asked={name: value for name, value in request.args.items() if value and name not in {"p", "tous", "lang"}},
        filtered=any(getattr(wanted, one.name) for one in fields(wanted) if one.name not in {"everyone", "search"}),
        sections=[
            (turn, gettext(TURNS[turn][1]), [row for row in rows if row.line.turn is turn])
            for turn in Turn
            if any(row.line.turn is turn for row in rows)
        ],
        turns=[(turn.value, gettext(words), found.turns.get(turn, 0)) for turn, (_kind, words) in TURNS.items()],
        kinds={turn: kind for turn, (kind, _words) in TURNS.items()},
        moments=_moments(),
        without=WITHOUT,
        all_ticked=request.args.get("tous") == "1",
        ticked=set(ticked()),
    )


@requires(COACH)
def hand_over_many() -> Page:
    """Choose the colleague who will follow the people ticked."""
    return _hand_over_page()


@requires(COACH)
def handed_over_many() -> Page:
    """Give the people ticked to a colleague, for good."""
    try:
        given, others = selections.hand_over(
            current.db(),
            current.actor(),
            ticked(),
            coach_id=request.form.get("coach", 0, type=int),
            now=current.now(),
        )
    except Invalid as refused:
        current.db().rollback()
        if refused.field == "people":
            return back_to_list(refused)
        return _hand_over_page(refused)
    current.db().commit()
    said = ngettext("Le relais est passé pour une personne.", "Le relais est passé pour %(num)s personnes.", len(given))
    flash(said, "success")
    if others:
        left = [one.person.name for one in others]
        flash(gettext("Cette personne ne coache pas dans leur structure : %(names)s.", names=listed(left)), "info")
    return redirect(url_for("people.index"), 303)


def _hand_over_page(refused: Invalid | None = None) -> Page:
    try:
        found = selections.chosen(current.db(), current.actor(), ticked())
    except Invalid as nobody:
        return back_to_list(nobody)
    only = {one.coach_id for one in found.memberships}
    coaches = {
        one.id: one.name
        for place in {one.organisation_id for one in found.memberships}
        for one in people.coaches_of(current.db(), place)
        if only != {one.id}
    }
    answered = render_template(
        "people/hand_over_many.html",
        names=names(found),
        coaches=sorted(coaches.items(), key=lambda one: one[1]),
        form=request.form,
        errors=errors(refused),
    )
    return (answered, REFUSED) if refused else answered


@requires(COACH)
def group() -> Page:
    """Name the group that the people ticked form."""
    return _group_page()


@requires(COACH)
def grouped() -> Page:
    """Put the people ticked in a group, or in none."""
    try:
        found = selections.put_in_group(
            current.db(), current.actor(), ticked(), name=request.form.get("group", ""), now=current.now()
        )
    except Invalid as refused:
        if refused.field == "people":
            return back_to_list(refused)
        return _group_page(refused)
    current.db().commit()
    number = len(found.memberships)
    flash(ngettext("Une personne est rangée.", "%(num)s personnes sont rangées.", number), "success")
    return redirect(url_for("people.index", groupe=found.memberships[0].group_name or None), 303)


def _group_page(refused: Invalid | None = None) -> Page:
    try:
        found = selections.chosen(current.db(), current.actor(), ticked())
    except Invalid as nobody:
        return back_to_list(nobody)
    known = {one.group_name for one in found.memberships if one.group_name}
    answered = render_template(
        "people/group.html",
        chosen=found,
        names=names(found),
        group=request.form.get("group", known.pop() if len(known) == 1 else ""),
        longest=selections.LONGEST_GROUP,
        errors=errors(refused),
    )
    return (answered, REFUSED) if refused else answered


def listed(words: Sequence[str]) -> str:
    """The words as a list in the reader's language."""
    return str(format_list(list(words), locale=get_locale()))


def names(found: Selection) -> Sequence[tuple[uuid.UUID, str]]:
    """The people of a selection, to be posted again and read."""
    return [(one.person_id, one.person.name) for one in found.memberships]


def _wanted() -> Wanted:
    asked = {name: request.args.get(key, "")[:100] for name, key in FILTERS.items()}
    return Wanted(everyone=request.args.get("qui") == "structure", **asked)


def _moments() -> list[tuple[str, str]]:
    known = [(moment.value, gettext(people_words.MOMENTS[moment])) for moment in Moment]
    return [*known, (WITHOUT, gettext("Pas encore de positionnement"))]


def _row(line: CaseLine) -> Row:
    since = line.next.since
    waited = format_timedelta(current.now() - since, granularity="day") if since else ""
    return Row(line, gettext(people_words.LIST_WORDS[line.next.step]), _next_url(line), waited)


def _next_url(line: CaseLine) -> str:
    """Where the next thing is done, one tap away."""
    step: NextStep = line.next
    if step.step is Step.OPEN:
        return url_for("assessments.open_for_person", person_id=line.person_id) if line.mine else ""
    if step.award_id is not None:
        return url_for("awards.show", award_id=step.award_id)
    if step.round_id is None or not line.mine:
        return ""
    talking = step.step in {Step.TALK, Step.ANSWER}
    return url_for("assessments.exchange" if talking else "assessments.show", round_id=step.round_id)
