"""The page on which a coach opens the same round for everyone ticked. Attached to the blueprint of rounds.

It says who gets a round and who cannot before anything is opened, and starts from what the coach opened last.
"""

import uuid
from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import format_date, gettext, ngettext

from badges.models.assessments import Moment, RoundRecord
from badges.models.people import Role
from badges.models.referentiels import VersionRecord
from badges.services import assessments, openings
from badges.services.errors import N_, Invalid
from badges.services.openings import Candidate, Obstacle, Opened
from badges.services.referentiels import published_versions
from badges.web import caseload, current, round_forms, round_pages
from badges.web.access import requires, role
from badges.web.problems import errors
from badges.web.round_forms import REFUSED, Page
from badges.web.words import document_of

REASONS = {
    Obstacle.COLLEAGUE: N_("C’est %(coach)s qui suit cette personne. Prenez d’abord le relais."),
    Obstacle.RUNNING: N_("Un positionnement est déjà en cours ici, depuis le %(day)s."),
}
NO_COACH = N_("Personne ne suit cette personne. Prenez d’abord le relais.")


def attach(blueprint: Blueprint) -> None:
    """Add the page to the blueprint of rounds."""
    blueprint.add_url_rule("/positionnements/ouvrir", view_func=open_for_many, methods=["GET", "POST"])


@requires(role(Role.COACH))
def open_for_many() -> Page:
    """Who gets the round and who cannot, and what it is about; POST opens them all."""
    versions = published_versions(current.db())
    last = openings.last_opened(current.db(), current.actor())
    version = _version(versions, last)
    if version is None:
        return render_template(
            "assessments/choose_version_for_many.html",
            people=caseload.ticked(),
            versions=[(one, document_of(one)) for one in versions],
        )
    try:
        if request.method == "POST":
            return _open(version, last)
        return _page(version, last)
    except Invalid as refused:
        if refused.field == "people":
            return caseload.back_to_list(refused)
        return _page(version, last, refused=refused), REFUSED


def _version(versions: Sequence[VersionRecord], last: RoundRecord | None) -> VersionRecord | None:
    """The one asked for; without, the one opened last, or the only one there is."""
    asked = request.values.get("version", type=int)
    if asked is not None or "version" in request.values:
        return next((one for one in versions if one.id == asked), None)
    if last is not None and (same := [one for one in versions if one.id == last.version_id]):
        return same[0]
    return versions[0] if len(versions) == 1 else None


def _open(version: VersionRecord, last: RoundRecord | None) -> Page:
    competences = request.form.getlist("competences")
    if len(competences) > assessments.MANY_COMPETENCES and not request.form.get("many"):
        return _page(version, last, many=True), REFUSED
    found = openings.open_for_many(
        current.db(),
        current.actor(),
        caseload.ticked(),
        version_id=version.id,
        competences=competences,
        moment=round_forms.choice("moment", Moment),
        form_id=round_forms.identifier("form") or uuid.uuid4(),
        now=current.now(),
    )
    current.db().commit()
    _say(found)
    return redirect(url_for("people.index"), 303)


def _say(found: Opened) -> None:
    number = len(found.rounds) + found.before
    flash(ngettext("Un positionnement est ouvert.", "%(num)s positionnements sont ouverts.", number), "success")
    if found.left_out:
        left = ngettext(
            "Une personne n’en a pas reçu : %(names)s.",
            "%(num)s personnes n’en ont pas reçu : %(names)s.",
            len(found.left_out),
            names=caseload.listed([one.name for one in found.left_out]),
        )
        flash(left, "info")


def _page(
    version: VersionRecord, last: RoundRecord | None, *, many: bool = False, refused: Invalid | None = None
) -> str:
    people = openings.candidates(current.db(), current.actor(), caseload.ticked(), version)
    posted = request.method == "POST"
    same = last if last is not None and last.version.referentiel_id == version.referentiel_id else None
    known = {competence.code for competence in document_of(version).competences}
    return render_template(
        "assessments/open_for_many.html",
        version=version,
        ready=[(one.person_id, one.name) for one in people if one.obstacle is None],
        left_out=[(one.person_id, one.name, _reason(one)) for one in people if one.obstacle is not None],
        families=round_pages.choices(document_of(version)),
        form_id=request.form.get("form") or uuid.uuid4(),
        chosen=request.form.getlist("competences") if posted else [one for one in _codes(same) if one in known],
        moments=[(moment.value, gettext(words)) for moment, words in round_pages.MOMENTS.items()],
        moment=request.form.get("moment") if posted else (same.moment if same else Moment.ENTREE).value,
        most=assessments.MANY_COMPETENCES,
        many=many,
        errors=errors(refused),
    )


def _codes(last: RoundRecord | None) -> Sequence[str]:
    return last.competences if last is not None else ()


def _reason(one: Candidate) -> str:
    if one.running is not None:
        text: str = gettext(REASONS[Obstacle.RUNNING]) % {"day": format_date(one.running)}
        return text
    text = gettext(REASONS[Obstacle.COLLEAGUE] if one.coach else NO_COACH)
    return text % {"coach": one.coach} if one.coach else text
