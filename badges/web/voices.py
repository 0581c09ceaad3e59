"""Other voices, for the coach and the person: a host company asked for its view of a round.

A link is shown in the answer to the form that asked for it, and nowhere else: only its digest is kept.
"""

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from badges.models.assessments import RoundRecord, TutorViewRecord
from badges.models.people import Role
from badges.services import assessments, situations, tutor_views
from badges.services.errors import Invalid
from badges.services.referentiels import document_of
from badges.services.tutor_views import Asked
from badges.web import current, round_forms, round_pages, voice_pages
from badges.web.access import PERSON, requires, role
from badges.web.problems import errors
from badges.web.round_forms import REFUSED, ROUND, Page

blueprint = Blueprint("voices", __name__)

REQUEST = "/entreprises/<uuid:view_id>"


@blueprint.get(f"{ROUND}/entreprise")
@requires(role(Role.COACH))
def ask(round_id: uuid.UUID) -> Page:
    """Whom to ask, about what, and how the person is named to them."""
    row = assessments.round_for(current.db(), current.actor(), round_id)
    if not tutor_views.may_ask(row):
        return redirect(url_for("assessments.show", round_id=round_id, _anchor="entreprise"))
    return _ask_page(row)


@blueprint.post(f"{ROUND}/entreprise")
@requires(role(Role.COACH))
def asked(round_id: uuid.UUID) -> Page:
    """Write the request down and show its link, once."""
    form = request.form
    try:
        view, code = tutor_views.ask(
            current.db(),
            current.actor(),
            round_id,
            asked=Asked(
                company=form.get("company", ""),
                tutor_role=form.get("tutor_role", ""),
                tutor_name=form.get("tutor_name", ""),
                shown_as=form.get("shown_as", ""),
                situation=form.get("situation", ""),
                from_day=round_forms.day("from_day"),
                to_day=round_forms.day("to_day"),
                competences=form.getlist("competences"),
            ),
            person_agrees=bool(form.get("agreed")),
            view_id=round_forms.identifier("view") or uuid.uuid4(),
            now=current.now(),
        )
    except Invalid as refused:
        row = assessments.round_for(current.db(), current.actor(), round_id)
        return _ask_page(row, refused), REFUSED
    return _link_page(view, code)


@blueprint.post(f"{REQUEST}/nouveau-lien")
@requires(role(Role.COACH))
def replace(view_id: uuid.UUID) -> Page:
    """A fresh link: the former one stops."""
    return _link_page(*tutor_views.replace_link(current.db(), current.actor(), view_id, now=current.now()))


@blueprint.post(f"{REQUEST}/arreter")
@requires(role(Role.COACH))
def stop(view_id: uuid.UUID) -> Page:
    """The coach ends the request."""
    row = tutor_views.stop(current.db(), current.actor(), view_id, now=current.now())
    return _done(row, gettext("La demande est arrêtée : son lien ne marche plus."))


@blueprint.post(f"{REQUEST}/mettre-de-cote")
@requires(role(Role.COACH))
def set_aside(view_id: uuid.UUID) -> Page:
    """The coach sets an answer aside that is shown wrong."""
    reason = request.form.get("reason", "")
    row = tutor_views.set_aside(current.db(), current.actor(), view_id, reason=reason, now=current.now())
    return _done(row, gettext("Cet avis est mis de côté : il ne compte plus, et c’est noté au journal."))


@blueprint.post(f"{ROUND}/sans-entreprise")
@requires(role(Role.COACH))
def without(round_id: uuid.UUID) -> Page:
    """Go on without waiting for the company."""
    row = tutor_views.go_on_without(current.db(), current.actor(), round_id, now=current.now())
    return _done(row, gettext("Vous n’attendez plus l’entreprise."))


@blueprint.post(f"{REQUEST}/refuser")
@requires(PERSON)
def object_to(view_id: uuid.UUID) -> Page:
    """The person does not want this company to be asked."""
    row = tutor_views.object_to(current.db(), current.actor(), view_id, now=current.now())
    return _done(row, gettext("C’est noté : le lien ne marche plus. Cela ne change rien à l’accompagnement."))


def _known(row: RoundRecord) -> dict[str, str]:
    """What the latest situation of work noted for the person already says."""
    noted = situations.of_person(current.db(), current.actor(), row.person_id)
    if not noted:
        return {}
    latest = max(noted, key=lambda one: (one.from_on, one.created_at))
    return {
        "company": latest.place,
        "tutor_role": latest.supervisor_role,
        "tutor_name": latest.supervisor,
        "situation": latest.task,
        "from_day": latest.from_on.isoformat(),
        "to_day": latest.until_on.isoformat() if latest.until_on else "",
    }


def _done(row: RoundRecord, words: str) -> Page:
    round_id = row.id
    current.db().commit()
    flash(words, "success")
    return redirect(url_for("assessments.show", round_id=round_id, _anchor="entreprise"), 303)


def _link_page(view: TutorViewRecord, code: str) -> str:
    page = render_template(
        "voices/link.html",
        back=(gettext("Le positionnement"), url_for("assessments.show", round_id=view.round_id, _anchor="entreprise")),
        once=True,
        who=voice_pages.who(view),
        link=voice_pages.tutor_link(view, code, current.now()),
    )
    current.db().commit()
    return page


def _ask_page(row: RoundRecord, refused: Invalid | None = None) -> str:
    document, form = document_of(row.version), request.form or _known(row)
    posted = request.method == "POST"
    return render_template(
        "voices/ask.html",
        round=round_pages.frame(row, current.actor()),
        view_id=form.get("view") or uuid.uuid4(),
        options=[
            (code, document.competence(code).name, document.competence(code).for_recruiter) for code in row.competences
        ],
        chosen=request.form.getlist("competences") if posted else row.competences,
        shown_as=request.form.get("shown_as") if posted else row.person.name.split()[0],
        wanted=tutor_views.wants_tutor(document, row.competences),
        form=form,
        errors=errors(refused),
    )
