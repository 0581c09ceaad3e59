"""The interview of three: written by the coach, read and confirmed by the person, by the company through its link."""

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from badges.models.people import Role
from badges.models.voices import InterviewRecord
from badges.services import assessments, interviews, tutor_views
from badges.services.errors import Invalid
from badges.services.interviews import Words
from badges.web import current, round_forms, voice_pages
from badges.web.access import SIGNED_IN, requires, role
from badges.web.problems import errors
from badges.web.round_forms import REFUSED, ROUND, Page

blueprint = Blueprint("interviews", __name__)

INTERVIEW = "/entretiens/<uuid:interview_id>"


@blueprint.get(f"{ROUND}/entretien")
@requires(role(Role.COACH))
def new(round_id: uuid.UUID) -> Page:
    """What was said by the three, to be written down."""
    return _new_page(round_id, None)


@blueprint.post(f"{ROUND}/entretien")
@requires(role(Role.COACH))
def written(round_id: uuid.UUID) -> Page:
    """Write it down; nothing is confirmed but by the coach, where they say so."""
    try:
        interview = interviews.write(
            current.db(),
            current.actor(),
            round_id,
            interview_id=round_forms.identifier("interview") or uuid.uuid4(),
            words=_words(),
            confirms="confirm" in request.form,
            today=current.today(),
            now=current.now(),
        )
    except Invalid as refused:
        return _new_page(round_id, refused), REFUSED
    return _done(interview, gettext("C’est écrit. Chacun peut maintenant lire et confirmer."))


@blueprint.get(INTERVIEW)
@requires(SIGNED_IN)
def show(interview_id: uuid.UUID) -> Page:
    """The text, who has confirmed it, and what this reader may do."""
    return _page(interviews.interview_for(current.db(), current.actor(), interview_id))


@blueprint.get(f"{INTERVIEW}/modifier")
@requires(role(Role.COACH))
def edit(interview_id: uuid.UUID) -> Page:
    """Change the text: whoever had confirmed is asked again."""
    return _edit_page(interview_id, None)


@blueprint.post(f"{INTERVIEW}/modifier")
@requires(role(Role.COACH))
def changed(interview_id: uuid.UUID) -> Page:
    """Write the change down."""
    try:
        interview = interviews.change(
            current.db(),
            current.actor(),
            interview_id,
            words=_words(),
            seen=request.form.get("seen", ""),
            confirms="confirm" in request.form,
            today=current.today(),
            now=current.now(),
        )
    except Invalid as refused:
        return _edit_page(interview_id, refused), REFUSED
    return _done(interview, gettext("C’est changé. Ceux qui avaient confirmé sont invités à relire."))


@blueprint.post(f"{INTERVIEW}/confirmer")
@requires(SIGNED_IN)
def confirm(interview_id: uuid.UUID) -> Page:
    """The person or the coach confirms the text they see."""
    interview = interviews.confirm(
        current.db(), current.actor(), interview_id, seen=request.form.get("seen", ""), now=current.now()
    )
    return _done(interview, gettext("C’est confirmé."))


@blueprint.post(f"{INTERVIEW}/confirmer-ici")
@requires(role(Role.COACH))
def confirm_here(interview_id: uuid.UUID) -> Page:
    """The person confirms on their coach's screen, with their PIN."""
    right = interviews.confirm_with_pin(
        current.db(),
        current.actor(),
        interview_id,
        pin=request.form.get("pin", ""),
        secret=current.installation().secret,
        seen=request.form.get("seen", ""),
        now=current.now(),
    )
    current.db().commit()  # a wrong guess stays counted
    interview = interviews.interview_for(current.db(), current.actor(), interview_id)
    if not right:
        return _page(interview, gettext("Ce n’est pas le bon code secret. Essayez encore.")), REFUSED
    return _done(interview, gettext("C’est confirmé."))


@blueprint.post(f"{INTERVIEW}/lien")
@requires(role(Role.COACH))
def link(interview_id: uuid.UUID) -> Page:
    """A fresh link for the company; the former one stops."""
    interview, code = interviews.new_link(current.db(), current.actor(), interview_id, now=current.now())
    page = render_template(
        "voices/link.html",
        back=(gettext("L’entretien"), url_for(".show", interview_id=interview.id)),
        who=interview.company,
        link=voice_pages.interview_link(interview, code, current.now()),
        once=False,
    )
    current.db().commit()
    return page


@blueprint.get(f"{INTERVIEW}/imprimer")
@requires(SIGNED_IN)
def printable(interview_id: uuid.UUID) -> Page:
    """The text on a page, with a place to sign for who has not confirmed."""
    interview = interviews.interview_for(current.db(), current.actor(), interview_id)
    return render_template("interviews/print.html", interview=voice_pages.interview(interview, current.actor()))


def _page(interview: InterviewRecord, pin_error: str = "") -> str:
    return render_template(
        "interviews/show.html", interview=voice_pages.interview(interview, current.actor()), pin_error=pin_error
    )


def _new_page(round_id: uuid.UUID, refused: Invalid | None) -> str:
    row = assessments.round_for(current.db(), current.actor(), round_id)
    asked = tutor_views.live(row)
    known = {
        "company": asked.company if asked else "",
        "tutor_role": asked.tutor_role if asked else "",
        "shown_as": asked.shown_as if asked else row.person.name.split()[0],
        "held_on": current.today().isoformat(),
    }
    return render_template(
        "interviews/form.html",
        title=gettext("Écrire un entretien à trois"),
        back=(gettext("Le positionnement"), url_for("assessments.show", round_id=round_id)),
        action=url_for(".written", round_id=round_id),
        person=row.person.name,
        interview_id=request.form.get("interview") or uuid.uuid4(),
        seen="",
        form=request.form or known,
        today=current.today().isoformat(),
        longest=interviews.LONGEST_TEXT,
        errors=errors(refused),
    )


def _edit_page(interview_id: uuid.UUID, refused: Invalid | None) -> str:
    interview = interviews.interview_for(current.db(), current.actor(), interview_id)
    row = assessments.round_for(current.db(), current.actor(), interview.round_id)
    held = {name: getattr(interview, name) for name in FIELDS} | {"held_on": interview.held_on.isoformat()}
    return render_template(
        "interviews/form.html",
        title=gettext("Modifier l’entretien à trois"),
        back=(gettext("L’entretien"), url_for(".show", interview_id=interview_id)),
        action=url_for(".changed", interview_id=interview_id),
        person=row.person.name,
        interview_id="",
        seen=request.form.get("seen") or interviews.digest(interview),
        form=request.form or held,
        today=current.today().isoformat(),
        longest=interviews.LONGEST_TEXT,
        errors=errors(refused),
    )


FIELDS = ("company", "tutor_role", "shown_as", "place", "went_well", "to_work_on", "next_step")


def _words() -> Words:
    return Words(held_on=round_forms.day("held_on"), **{name: request.form.get(name, "") for name in FIELDS})


def _done(interview: InterviewRecord, words: str) -> Page:
    interview_id = interview.id
    current.db().commit()
    flash(words, "success")
    return redirect(url_for(".show", interview_id=interview_id), 303)
