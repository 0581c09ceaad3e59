"""Requests from outside the service that two people check: an access to restore, an erasure asked for in writing.

A PIN drawn for a strip is shown in the answer to the second check, and nowhere else.
"""

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from badges.models.people import PersonRecord, Role
from badges.models.rights import RequestKind
from badges.services import erasure, identity_checks, people
from badges.services.errors import N_, Conflict, Forbidden, Invalid, NotFound, Refused
from badges.services.identity_checks import Sought
from badges.web import current, people_words
from badges.web.access import requires, role
from badges.web.people import card_page, pin_choice
from badges.web.problems import errors

blueprint = Blueprint("checks", __name__)
Page = str | Response | tuple[str, int]

ADMINISTRATOR = role(Role.ADMINISTRATOR)
OF_PERSON = "/personnes/<uuid:person_id>/effacement"
ONE = "/demandes/<int:request_id>"
KINDS = {
    RequestKind.ACCESS: N_("Rendre un accès"),
    RequestKind.ERASURE: N_("Effacer, sur demande écrite"),
}


@blueprint.get("/demandes")
@requires(ADMINISTRATOR)
def index() -> str:
    """The requests that wait for a second person, and the way to a new one."""
    return _index_page()


@blueprint.get("/demandes/nouvelle")
@requires(ADMINISTRATOR)
def new() -> str:
    """Look for the person who asks."""
    return _new_page()


@blueprint.post("/demandes/nouvelle")
@requires(ADMINISTRATOR)
def sought() -> Page:
    """The person who was found, and the first check."""
    try:
        found = identity_checks.seek(
            current.db(),
            current.installation(),
            current.actor(),
            organisation_id=request.form.get("organisation", 0, type=int),
            code=request.form.get("code", ""),
            name=request.form.get("name", ""),
            structure=request.form.get("structure", ""),
            now=current.now(),
        )
    except (Conflict, Invalid, NotFound) as error:
        current.db().commit()  # the search stays counted and written down
        return _new_page(error), error.status
    current.db().commit()
    return _first_page(found, request.form.get("organisation", 0, type=int))


@blueprint.post("/demandes")
@requires(ADMINISTRATOR)
def opened() -> Page:
    """Keep the first check; a second person finishes."""
    organisation_id = request.form.get("organisation", 0, type=int)
    person_id = request.form.get("person", uuid.UUID(int=0), type=uuid.UUID)
    try:
        identity_checks.ask(
            current.db(),
            current.actor(),
            kind=_kind(),
            organisation_id=organisation_id,
            person_id=person_id,
            words=request.form.get("words", ""),
            stop_copies="stop" in request.form,
            now=current.now(),
        )
    except Invalid as refused:
        current.db().rollback()
        found = identity_checks.found_before(current.db(), current.actor(), organisation_id, person_id)
        return _first_page(found, organisation_id, refused), refused.status
    current.db().commit()
    flash(gettext("La première vérification est notée. Une autre personne doit faire la deuxième."), "success")
    return redirect(url_for("checks.index"), 303)


@blueprint.post(f"{ONE}/verifier")
@requires(ADMINISTRATOR)
def checked(request_id: int) -> Page:
    """The second check, and what it allows: a new card, or the erasure in seven days."""
    words = request.form.get("words", "")
    try:
        if _kind() is RequestKind.ERASURE:
            return _planned(request_id, words, url_for("checks.index"))
        person, pin = identity_checks.restore_access(
            current.db(),
            current.installation(),
            current.actor(),
            request_id,
            words=words,
            pin_choice=pin_choice(),
            now=current.now(),
        )
    except (Forbidden, Invalid) as refused:
        current.db().rollback()
        return _index_page(refused), refused.status
    current.db().commit()
    flash(gettext("L’accès est rendu. L’ancienne carte ne marche plus. Remettez celle-ci en main propre."), "success")
    return card_page(person, None, back=(gettext("Demandes"), url_for("checks.index")), pin=pin)


@blueprint.post(f"{ONE}/annuler")
@requires(ADMINISTRATOR)
def cancelled(request_id: int) -> Response:
    """Close a request without doing anything."""
    identity_checks.cancel(current.db(), current.actor(), request_id, current.now())
    current.db().commit()
    flash(gettext("La demande est close ; rien n’a changé."), "success")
    return redirect(url_for("checks.index"), 303)


@blueprint.get(OF_PERSON)
@requires(role(Role.COACH))
def erasure_of(person_id: uuid.UUID) -> str:
    """The written request of a person to be erased: its first check, or the second."""
    return _erasure_page(person_id)


@blueprint.post(OF_PERSON)
@requires(role(Role.COACH))
def erasure_checked(person_id: uuid.UUID) -> Page:
    """Keep the first check, or finish with the second."""
    membership = people.open_membership(current.db(), current.actor(), person_id)
    waiting = identity_checks.open_for(current.db(), person_id, RequestKind.ERASURE)
    words = request.form.get("words", "")
    try:
        if waiting is not None:
            return _planned(waiting.id, words, url_for("people.show", person_id=person_id))
        identity_checks.ask(
            current.db(),
            current.actor(),
            kind=RequestKind.ERASURE,
            organisation_id=membership.organisation_id,
            person_id=person_id,
            words=words,
            stop_copies="stop" in request.form,
            now=current.now(),
        )
    except (Forbidden, Invalid) as refused:
        current.db().rollback()
        return _erasure_page(person_id, refused), refused.status
    current.db().commit()
    flash(gettext("La première vérification est notée. Une autre personne doit faire la deuxième."), "success")
    return redirect(url_for("checks.erasure_of", person_id=person_id), 303)


def _planned(request_id: int, words: str, back: str) -> str:
    """Plan the erasure, and show the address where its account will be, to hand to whoever asked."""
    planned = identity_checks.plan_erasure(
        current.db(), current.actor(), request_id, words=words, today=current.today(), now=current.now()
    )
    current.db().commit()
    address = current.installation().base_url + url_for("my_data.account", token=planned.token)
    return render_template("checks/planned.html", planned=planned, address=address, back=back)


def _index_page(refused: Refused | None = None) -> str:
    own = current.actor().staff_id
    waiting = identity_checks.waiting(current.db(), current.actor())
    return render_template(
        "checks/index.html",
        requests=[(row, any(check.staff_id == own for check in row.checks)) for row in waiting],
        kinds=KINDS,
        may_ask=bool(identity_checks.owners(current.db(), current.actor())),
        pin_choices=people_words.pin_choices(),
        form=request.form,
        errors=errors(refused),
        refused=gettext(refused.sentence) if isinstance(refused, Forbidden) else "",
    )


def _new_page(refused: Refused | None = None) -> str:
    return render_template(
        "checks/new.html",
        places=[(row.id, row.name) for row in identity_checks.owners(current.db(), current.actor())],
        form=request.form,
        errors=errors(refused),
        refused=gettext(refused.sentence) if isinstance(refused, Conflict | NotFound) else "",
    )


def _first_page(found: Sought, organisation_id: int, refused: Refused | None = None) -> str:
    return render_template(
        "checks/first.html",
        found=found,
        kinds=[(kind.value, gettext(name), "") for kind, name in KINDS.items()],
        organisation=organisation_id,
        form=request.form,
        errors=errors(refused),
    )


def _erasure_page(person_id: uuid.UUID, refused: Refused | None = None) -> str:
    membership = people.open_membership(current.db(), current.actor(), person_id)
    waiting = identity_checks.open_for(current.db(), person_id, RequestKind.ERASURE)
    person: PersonRecord = membership.person
    return render_template(
        "checks/of_person.html",
        person=person,
        waiting=waiting,
        planned=erasure.planned_in_writing(current.db(), person_id),
        own=waiting is not None and any(one.staff_id == current.actor().staff_id for one in waiting.checks),
        form=request.form,
        errors=errors(refused),
        refused=gettext(refused.sentence) if isinstance(refused, Forbidden) else "",
    )


def _kind() -> RequestKind:
    try:
        return RequestKind(request.form.get("kind", ""))
    except ValueError:
        raise Invalid(N_("Choisissez une réponse."), field="kind") from None
