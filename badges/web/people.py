"""The coach's people: file, card, reset, hand-over; and a person's own pages. The list is `caseload`'s.

A PIN drawn for a strip is shown in the answer to the form that asked for it, and nowhere else: not in an address, not
in a cookie, not a second time.
"""

import uuid
from contextlib import nullcontext

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import force_locale, gettext
from markupsafe import Markup
from werkzeug.wrappers import Response

from badges.models.awards import AwardState
from badges.models.people import AgeBand, CoverRecord, OrganisationRecord, PersonRecord, Role
from badges.services import access, cards, codes, erasure, next_steps, notices, organisations, people
from badges.services.covers import stands_in
from badges.services.errors import Invalid, Refused, TooMany
from badges.services.next_steps import PersonFile
from badges.services.people import PinChoice
from badges.web import caseload, covers, current, language, own_page, people_words, voice_home
from badges.web.access import ANYONE, PERSON, requires, role
from badges.web.problems import errors
from badges.web.round_forms import one_of
from badges.web.sign_in import let_in
from badges.web.words import document_of
from issuer.picture import qr_svg

blueprint = Blueprint("people", __name__)
caseload.attach(blueprint)
covers.attach(blueprint)
Page = str | Response | tuple[str, int]

PERSON_PAGE = "/personnes/<uuid:person_id>"
RECENT_DAYS = 30
"""How long a coach's reset stands at the top of the person's page; further down it stays."""


@blueprint.get("/personnes/nouvelle")
@requires(role(Role.COACH))
def new() -> str:
    """Register someone: a name, a language, how they get their PIN. Nothing else is asked."""
    return _new_page()


@blueprint.post("/personnes/nouvelle")
@requires(role(Role.COACH))
def create() -> Page:
    """Register the person and show their card, with its strip where there is one."""
    try:
        person, pin = people.create_person(
            current.db(),
            current.actor(),
            organisation_id=request.form.get("organisation", 0, type=int),
            name=request.form.get("name", ""),
            language=request.form.get("language", ""),
            age_band=request.form.get("age_band", AgeBand.ADULT),
            pin_choice=pin_choice(),
            person_id=request.form.get("person", type=uuid.UUID),
            now=current.now(),
            today=current.today(),
        )
    except Invalid as refused:
        return _new_page(refused), refused.status
    current.db().commit()
    if pin is None:
        return redirect(url_for("people.card", person_id=person.id), 303)
    return _coach_card_page(person.id, pin)


@blueprint.get("/personnes/carte")
@requires(role(Role.COACH))
def join() -> str:
    """Welcome someone who has a card already: from another structure, or back again."""
    return _join_page()


@blueprint.post("/personnes/carte")
@requires(role(Role.COACH))
def joined() -> Page:
    """Follow the person whose card and PIN these are."""
    try:
        person = cards.join(
            current.db(),
            current.actor(),
            organisation_id=request.form.get("organisation", 0, type=int),
            card=request.form.get("card", ""),
            pin=request.form.get("pin", ""),
            address=request.remote_addr or "",
            secret=current.installation().secret,
            now=current.now(),
            today=current.today(),
        )
    except (Invalid, TooMany) as refused:
        current.db().commit()
        return _join_page(refused), refused.status
    current.db().commit()
    return redirect(url_for("people.show", person_id=person.id), 303)


@blueprint.get(PERSON_PAGE)
@requires(role(Role.COACH))
def show(person_id: uuid.UUID) -> str:
    """A person's file: what to do next, their rounds and badges with the coach's structures, their card."""
    found = next_steps.file_for(current.db(), current.actor(), person_id)
    return render_template(
        "people/show.html",
        file=found,
        person=found.person,
        membership=found.membership,
        stand_ins=_stand_ins(found),
        rounds=people_words.round_lines(found),
        awards=[(award, *people_words.award_chip(award, current.now())) for award in found.awards],
        words=people_words.COACH_WORDS,
        waits_on=people_words.WAITS_ON,
        may_choose=cards.may_choose_pin(found.person, current.now()),
    )


@blueprint.get(f"{PERSON_PAGE}/carte")
@requires(role(Role.COACH))
def card(person_id: uuid.UUID) -> str:
    """The card to print; never a PIN."""
    return _coach_card_page(person_id)


@blueprint.get(f"{PERSON_PAGE}/acces")
@requires(role(Role.COACH))
def reset(person_id: uuid.UUID) -> str:
    """A forgotten PIN or a lost card."""
    return _reset_page(person_id)


@blueprint.post(f"{PERSON_PAGE}/acces")
@requires(role(Role.COACH))
def reset_done(person_id: uuid.UUID) -> Page:
    """Open the card again; the person sees by whom and when."""
    try:
        new_card = one_of("reason", ("pin", "card")) == "card"
        pin = people.reset_pin(
            current.db(),
            current.actor(),
            person_id,
            pin_choice=pin_choice(),
            new_card=new_card,
            secret=current.installation().secret,
            now=current.now(),
        )
    except Invalid as refused:
        return _reset_page(person_id, refused), refused.status
    current.db().commit()
    if pin is not None:
        return _coach_card_page(person_id, pin)
    if new_card:
        flash(gettext("L’ancienne carte ne marche plus. Voici la nouvelle."), "success")
        return redirect(url_for("people.card", person_id=person_id), 303)
    flash(gettext("C’est fait : avec la carte, un nouveau code secret peut être choisi pendant sept jours."), "success")
    return redirect(url_for("people.show", person_id=person_id), 303)


@blueprint.get(f"{PERSON_PAGE}/relais")
@requires(role(Role.COACH))
def hand_over(person_id: uuid.UUID) -> str:
    """Choose the colleague who will follow the person."""
    return _hand_over_page(person_id)


@blueprint.post(f"{PERSON_PAGE}/relais")
@requires(role(Role.COACH))
def handed_over(person_id: uuid.UUID) -> Page:
    """Give the person, or everyone the same coach follows, to a colleague."""
    try:
        people.hand_over(
            current.db(),
            current.actor(),
            person_id,
            coach_id=request.form.get("coach", 0, type=int),
            everyone=request.form.get("scope") == "everyone",
            now=current.now(),
        )
    except Invalid as refused:
        return _hand_over_page(person_id, refused), refused.status
    current.db().commit()
    flash(gettext("Le relais est passé."), "success")
    return redirect(url_for("people.show", person_id=person_id), 303)


@blueprint.get(f"{PERSON_PAGE}/depart")
@requires(role(Role.COACH))
def leave(person_id: uuid.UUID) -> str:
    """Ask before the following ends."""
    membership = people.open_membership(current.db(), current.actor(), person_id)
    return render_template("people/leave.html", person=membership.person, organisation=membership.organisation)


@blueprint.post(f"{PERSON_PAGE}/depart")
@requires(role(Role.COACH))
def left(person_id: uuid.UUID) -> Response:
    """End the following; card, PIN and badges stay the person's."""
    people.leave(current.db(), current.actor(), person_id, on=current.today(), now=current.now())
    current.db().commit()
    flash(gettext("Le suivi est terminé. La carte et les badges restent à la personne."), "success")
    return redirect(url_for("people.index"), 303)


@blueprint.get("/moi")
@requires(PERSON)
def mine() -> str:
    """The person's home: what to do next first, then badges, rounds and card."""
    found = next_steps.own_file(current.db(), current.actor(), document_of)
    tu = next_steps.says_tu(current.db(), current.actor())
    reset_at = found.person.pin_reset_at
    return render_template(
        "people/mine.html",
        file=found,
        person=found.person,
        organisation=found.membership.organisation if found.membership else None,
        tu=tu,
        tasks=[*own_page.tasks(found.steps, tu=tu), *voice_home.tasks(tu=tu)],
        pending=erasure.pending(current.db(), current.actor()),
        waiting=[*own_page.waiting(found.steps, tu=tu), *voice_home.waiting(tu=tu)],
        rounds=found.rounds,
        stand_ins=_stand_ins(found),
        cancelled=[
            line
            for line in found.rounds
            if line.cancelled_at is not None and (current.now() - line.cancelled_at).days < RECENT_DAYS
        ],
        badges=[
            (award, *people_words.award_chip(award, current.now()))
            for award in found.awards
            if award.state in {AwardState.CLAIMED, AwardState.REVOKED}
        ],
        reset_recently=reset_at is not None and (current.now() - reset_at).days < RECENT_DAYS,
        idle_minutes=access.PERSON_IDLE.seconds // 60,
    )


@blueprint.get("/moi/carte")
@requires(PERSON)
def my_card() -> str:
    """The person's own card, to see or print again; never a PIN."""
    found = next_steps.own_file(current.db(), current.actor())
    organisation = found.membership.organisation if found.membership else None
    return card_page(found.person, organisation, back=(gettext("Ma page"), url_for("people.mine")))


@blueprint.get("/moi/code")
@requires(PERSON)
def change_pin() -> str:
    """Change one's PIN."""
    return _change_pin_page()


@blueprint.post("/moi/code")
@requires(PERSON)
def pin_changed() -> Page:
    """Keep the new PIN; every other browser is signed out."""
    try:
        person = cards.change_pin(
            current.db(),
            current.actor(),
            current=request.form.get("current", ""),
            pin=request.form.get("pin", ""),
            again=request.form.get("again", ""),
            secret=current.installation().secret,
            now=current.now(),
        )
    except Refused as refused:
        current.db().commit()
        return _change_pin_page(refused), refused.status
    flash(gettext("Le nouveau code secret est gardé."), "success")
    return let_in(url_for("people.mine"), person=person)


@blueprint.get("/qui-voit-quoi")
@requires(ANYONE)
def who_sees_what() -> str:
    """Who sees what, in plain words."""
    actor = current.actor_or_none()
    tu = actor is not None and next_steps.says_tu(current.db(), actor)
    return render_template("people/who_sees_what.html", tu=tu)


def _stand_ins(found: PersonFile) -> list[CoverRecord]:
    """Who stands in today for the person's coach."""
    return stands_in(current.db(), found.membership, current.today()) if found.membership else []


def _join_page(refused: Refused | None = None) -> str:
    return render_template("people/join.html", places=_places(), form=request.form, errors=errors(refused))


def _places() -> list[tuple[int, str]]:
    return [(row.id, row.name) for row in organisations.held(current.db(), current.actor(), Role.COACH)]


def _new_page(refused: Refused | None = None) -> str:
    return render_template(
        "people/new.html",
        places=_places(),
        languages_known=list(language.LANGUAGES.items()),
        age_bands=people_words.age_bands(),
        pin_choices=people_words.pin_choices(),
        form=request.form,
        person_id=request.form.get("person") or uuid.uuid4(),
        errors=errors(refused),
    )


def _reset_page(person_id: uuid.UUID, refused: Refused | None = None) -> str:
    membership = people.open_membership(current.db(), current.actor(), person_id)
    return render_template(
        "people/reset.html",
        person=membership.person,
        pin_choices=people_words.pin_choices(),
        form=request.form,
        errors=errors(refused),
    )


def _hand_over_page(person_id: uuid.UUID, refused: Refused | None = None) -> str:
    membership = people.open_membership(current.db(), current.actor(), person_id)
    coaches = people.coaches_of(current.db(), membership.organisation_id)
    return render_template(
        "people/hand_over.html",
        person=membership.person,
        organisation=membership.organisation,
        coach=membership.coach,
        coaches=[(one.id, one.name) for one in coaches if one.id != membership.coach_id],
        form=request.form,
        errors=errors(refused),
    )


def _change_pin_page(refused: Refused | None = None) -> str:
    tu = next_steps.says_tu(current.db(), current.actor())
    return render_template("people/change_pin.html", tu=tu, errors=errors(refused))


def _coach_card_page(person_id: uuid.UUID, pin: str | None = None) -> str:
    membership = people.open_membership(current.db(), current.actor(), person_id)
    back = (membership.person.name, url_for("people.show", person_id=person_id))
    return card_page(membership.person, membership.organisation, back=back, pin=pin)


def card_page(
    person: PersonRecord, organisation: OrganisationRecord | None, *, back: tuple[str, str], pin: str | None = None
) -> str:
    """The card, in the person's language; the page around it in the reader's."""
    address = current.installation().base_url + url_for("sign_in.person", code=person.card_code)
    known = person.language in language.LANGUAGES
    with force_locale(person.language) if known else nullcontext():
        sheets = render_template(
            "people/card_sheets.html",
            person=person,
            organisation=organisation,
            notice=notices.of(current.db(), organisation),
            code=codes.show_code(person.card_code),
            site=current.installation().base_url.partition("//")[2] + url_for("sign_in.person"),
            qr=Markup(qr_svg(address).decode()),  # noqa: S704 - drawn by our own code from our own address
            pin=pin,
            choose_until=person.pin_open_until if cards.may_choose_pin(person, current.now()) else None,
        )
    return render_template(
        "people/card.html",
        back=back,
        pin=pin,
        sheets=Markup(sheets),  # noqa: S704 - rendered above, where every value was escaped
    )


def pin_choice() -> PinChoice:
    """How the person will have a PIN, as the form says."""
    return "strip" if one_of("pin_choice", ("strip", "first_use")) == "strip" else "first_use"
