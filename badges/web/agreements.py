"""What a person agrees to: their own page, one question a screen; and for a child, what the coach writes down.

The question is asked before the first badge is taken, and leads back to where the person was.
"""

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from badges.models.consents import ConsentRecord, Purpose
from badges.models.people import AgeBand, PersonRecord, Role
from badges.services import consents, next_steps, people
from badges.services.errors import N_, Invalid, Refused
from badges.web import current, people_words
from badges.web.access import PERSON, requires, role
from badges.web.problems import errors
from badges.web.sign_in import local_path

blueprint = Blueprint("agreements", __name__)
Page = str | Response | tuple[str, int]

ONE = "/moi/accords/<any(publication, keeping):purpose>"
OF_PERSON = "/personnes/<uuid:person_id>/accords"
TITLES = {Purpose.PUBLICATION: N_("Montrer mes badges"), Purpose.KEEPING: N_("Garder mes réponses plus longtemps")}


@blueprint.get("/moi/accords")
@requires(PERSON)
def mine() -> str:
    """What the person said yes and no to, and since when."""
    session, actor = current.db(), current.actor()
    person = session.get_one(PersonRecord, actor.person_id)
    return render_template(
        "agreements/mine.html",
        tu=next_steps.says_tu(session, actor),
        child=person.age_band is AgeBand.UNDER_15,
        agreements=[
            (purpose.value, gettext(title), consents.given(session, person.id, purpose))
            for purpose, title in TITLES.items()
        ],
        answers=_answers(person.id),
    )


@blueprint.get(ONE)
@requires(PERSON)
def ask(purpose: str) -> str:
    """One agreement: what it is, and yes or no."""
    return _ask_page(Purpose(purpose))


@blueprint.post(ONE)
@requires(PERSON)
def answer(purpose: str) -> Page:
    """Keep the answer, and lead back to where the question came up."""
    wanted, said = Purpose(purpose), request.form.get("answer", "")
    if said not in {"yes", "no"}:
        return _ask_page(wanted, Invalid(N_("Choisissez une réponse."), field="answer")), 422
    act = consents.give if said == "yes" else consents.take_back
    act(current.db(), current.installation(), current.actor(), wanted, current.now())
    current.db().commit()
    back = local_path(request.form.get("next", ""))
    if said == "yes":
        flash(gettext("C’est noté : oui."), "success")
    else:
        flash(gettext("C’est noté : non. Cela ne change rien à l’accompagnement."), "success")
    return redirect(back if said == "yes" and back else url_for("agreements.mine"), 303)


@blueprint.get(OF_PERSON)
@requires(role(Role.COACH))
def of_person(person_id: uuid.UUID) -> str:
    """The age band of a person, and what a child and a parent answered."""
    return _coach_page(person_id)


@blueprint.post(OF_PERSON)
@requires(role(Role.COACH))
def recorded(person_id: uuid.UUID) -> Page:
    """Write down what child and parent answered."""
    try:
        consents.record_with_parent(
            current.db(),
            current.installation(),
            current.actor(),
            person_id,
            Purpose.PUBLICATION,
            child="child" in request.form,
            parent="parent" in request.form,
            words=request.form.get("words", ""),
            now=current.now(),
        )
    except Invalid as refused:
        return _coach_page(person_id, refused), refused.status
    current.db().commit()
    flash(gettext("La réponse est notée."), "success")
    return redirect(url_for("agreements.of_person", person_id=person_id), 303)


@blueprint.post(f"{OF_PERSON}/age")
@requires(role(Role.COACH))
def age_changed(person_id: uuid.UUID) -> Page:
    """Change the age band."""
    try:
        consents.change_age_band(
            current.db(),
            current.installation(),
            current.actor(),
            person_id,
            age_band=request.form.get("age_band", ""),
            now=current.now(),
        )
    except Invalid as refused:
        return _coach_page(person_id, refused), refused.status
    current.db().commit()
    flash(gettext("La tranche d’âge est gardée."), "success")
    return redirect(url_for("agreements.of_person", person_id=person_id), 303)


def title(purpose: Purpose) -> str:
    """What an agreement is called."""
    words: str = gettext(TITLES[purpose])
    return words


def _ask_page(purpose: Purpose, refused: Refused | None = None) -> str:
    person = current.db().get_one(PersonRecord, current.actor().person_id)
    return render_template(
        "agreements/ask.html",
        purpose=purpose.value,
        title=gettext(TITLES[purpose]),
        tu=next_steps.says_tu(current.db(), current.actor()),
        child=person.age_band is AgeBand.UNDER_15,
        given=consents.given(current.db(), person.id, purpose),
        next=local_path(request.values.get("next", "")),
        errors=errors(refused),
    )


def _coach_page(person_id: uuid.UUID, refused: Refused | None = None) -> str:
    membership = people.open_membership(current.db(), current.actor(), person_id)
    return render_template(
        "agreements/of_person.html",
        person=membership.person,
        child=membership.person.age_band is AgeBand.UNDER_15,
        given=consents.given(current.db(), person_id, Purpose.PUBLICATION),
        answers=_answers(person_id),
        age_bands=people_words.age_bands(),
        form=request.form,
        errors=errors(refused),
    )


def _answers(person_id: uuid.UUID) -> list[tuple[str, ConsentRecord]]:
    return [(gettext(TITLES[row.purpose]), row) for row in consents.answers(current.db(), person_id)]
