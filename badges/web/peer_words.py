"""A peer's word: asked by the person, read by them and their coach, kept or not by the person, removed by either."""

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from badges.models.people import Role
from badges.models.voices import PeerWordRecord
from badges.services import assessments, next_steps, peer_words
from badges.services.errors import Invalid
from badges.web import current, round_forms, voice_pages
from badges.web.access import PERSON, SIGNED_IN, requires, role
from badges.web.problems import errors
from badges.web.round_forms import REFUSED, Page
from badges.web.words import document_of

blueprint = Blueprint("peer_words", __name__)

MINE = "/moi/paroles"
WORD = "/paroles/<uuid:word_id>"


@blueprint.get(MINE)
@requires(PERSON)
def mine() -> str:
    """The words asked, received and given."""
    actor = current.actor()
    asked = peer_words.of_person(current.db(), actor, actor.person_id) if actor.person_id else ()
    return render_template(
        "peer_words/mine.html",
        tu=next_steps.says_tu(current.db(), current.actor()),
        received=[voice_pages.word(one) for one in asked if one.written_at is not None],
        waiting=voice_pages.waiting_words(asked, current.now()),
        given=[voice_pages.word(one) for one in peer_words.given_by(current.db(), actor)],
        may_ask=bool(peer_words.choices(current.db(), actor)),
    )


@blueprint.get(f"{MINE}/demander")
@requires(PERSON)
def ask() -> str:
    """One competence, one peer."""
    return _ask_page(None)


@blueprint.post(f"{MINE}/demander")
@requires(PERSON)
def asked() -> Page:
    """Write the request down and show its link, once."""
    version, _, code = request.form.get("competence", "").partition("-")
    try:
        row, link = peer_words.ask(
            current.db(),
            current.actor(),
            version_id=int(version) if version.isascii() and version.isdigit() else 0,
            competence_code=code,
            asked_of=request.form.get("asked_of", ""),
            shown_as=request.form.get("shown_as", ""),
            word_id=round_forms.identifier("word") or uuid.uuid4(),
            now=current.now(),
        )
    except Invalid as refused:
        return _ask_page(refused), REFUSED
    return _link_page(row, link)


@blueprint.post(f"{WORD}/nouveau-lien")
@requires(PERSON)
def replace(word_id: uuid.UUID) -> Page:
    """A fresh link: the former one stops."""
    return _link_page(*peer_words.replace_link(current.db(), current.actor(), word_id, now=current.now()))


@blueprint.post(f"{WORD}/garder")
@requires(PERSON)
def keep(word_id: uuid.UUID) -> Page:
    """Keep a word, so that it may be shown."""
    peer_words.keep(current.db(), current.actor(), word_id, kept=True, now=current.now())
    return _back(None, gettext("C’est gardé. Rien n’est montré sans votre choix, badge par badge."))


@blueprint.post(f"{WORD}/ne-plus-garder")
@requires(PERSON)
def let_go(word_id: uuid.UUID) -> Page:
    """No longer keep it."""
    peer_words.keep(current.db(), current.actor(), word_id, kept=False, now=current.now())
    return _back(None, gettext("C’est noté : cette parole n’est plus proposée."))


@blueprint.post(f"{WORD}/effacer")
@requires(SIGNED_IN)
def remove(word_id: uuid.UUID) -> Page:
    """Remove a word or a request: its text is gone."""
    row = peer_words.remove(current.db(), current.actor(), word_id, now=current.now())
    return _back(row.person_id if current.actor().kind == "staff" else None, gettext("C’est effacé."))


@blueprint.get("/personnes/<uuid:person_id>/paroles")
@requires(role(Role.COACH))
def of_person(person_id: uuid.UUID) -> str:
    """What peers have said, for the coach: to read, and to remove where it hurts."""
    rows = peer_words.of_person(current.db(), current.actor(), person_id)
    membership = assessments.followed_by(current.db(), current.actor(), person_id)
    return render_template(
        "peer_words/of_person.html",
        person=membership.person,
        received=[voice_pages.word(one) for one in rows if one.written_at is not None],
        waiting=voice_pages.waiting_words(rows, current.now()),
    )


def _ask_page(refused: Invalid | None) -> str:
    actor, form = current.actor(), request.form
    options = [
        (f"{one.version_id}-{one.competence.code}", one.competence.name, one.competence.for_person)
        for one in peer_words.choices(current.db(), actor, document_of)
    ]
    return render_template(
        "peer_words/ask.html",
        tu=next_steps.says_tu(current.db(), current.actor()),
        options=options,
        word_id=form.get("word") or uuid.uuid4(),
        shown_as=form.get("shown_as", actor.name.split()[0]),
        form=form,
        errors=errors(refused),
    )


def _link_page(row: PeerWordRecord, code: str) -> str:
    page = render_template(
        "voices/link.html",
        back=(gettext("Les paroles de pairs"), url_for(".mine")),
        who=row.asked_of,
        link=voice_pages.peer_link(row, code, current.now()),
        once=True,
    )
    current.db().commit()
    return page


def _back(person_id: uuid.UUID | None, words: str) -> Response:
    current.db().commit()
    flash(words, "success")
    return redirect(url_for(".of_person", person_id=person_id) if person_id else url_for(".mine"), 303)
