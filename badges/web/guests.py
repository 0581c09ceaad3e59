"""Pages for those who come by a link and have no account: looking changes nothing, posting needs the link alone.

Their titles name nobody, for the preview that a messenger makes of them.
"""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext

from badges.models.assessments import TutorViewRecord
from badges.services import assessments, interviews, peer_words, tutor_answers, voice_links
from badges.services.errors import Conflict, Invalid, Refused
from badges.services.tutor_answers import Answer
from badges.web import current, errors, problems, round_forms, round_pages, voice_pages
from badges.web.access import ANYONE, requires
from badges.web.round_forms import REFUSED, Page
from badges.web.round_pages import NOT_SEEN
from badges.web.words import document_of

blueprint = Blueprint("guests", __name__)

BY_LINK_ALONE = ("send", "keep", "wrong_person", "confirm", "give_word")
PAGE = "/a/<code>"


@blueprint.after_request
def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@blueprint.get("/a/merci")
@requires(ANYONE)
def thanks() -> str:
    """Said once it is sent; names nobody."""
    return render_template("guests/thanks.html")


@blueprint.get(PAGE)
@requires(ANYONE)
def page(code: str) -> Page:
    """What the link asks: a company's view, with what was typed before, an interview to confirm, or a peer's word."""
    link = voice_links.found(current.db(), code)
    if link.interview is not None:
        return _interview_page(code)
    if link.peer_word is not None:
        return _word_page(code, None)
    view, expires_at = tutor_answers.open_page(current.db(), code, current.actor_or_none(), current.now())
    return _tutor_page(code, view, expires_at, view.answers)


@blueprint.post(PAGE)
@requires(ANYONE)
def send(code: str) -> Page:
    """Send the answers, or keep them for later."""
    if "keep" in request.form:
        return _keep(code)
    try:
        tutor_answers.send(
            current.db(),
            code,
            current.actor_or_none(),
            answers=_answers(),
            right_person=bool(request.form.get("right_person")),
            company_agreed=bool(request.form.get("company_agreed")),
            revision=request.form.get("revision", -1, type=int),
            form_id=_form_id(),
            now=current.now(),
        )
    except (Invalid, Conflict) as refused:
        return _again(code, refused)
    current.db().commit()
    return redirect(url_for(".thanks"), 303)


@blueprint.post(f"{PAGE}/garder")
@requires(ANYONE)
def keep(code: str) -> Page:
    """Keep what is typed, without leaving the page: asked by its script."""
    return _keep(code)


@blueprint.post(f"{PAGE}/pas-la-bonne-personne")
@requires(ANYONE)
def wrong_person(code: str) -> Page:
    """One tap: nothing is recorded, the coach is told, the link ends."""
    asked = voice_links.found(current.db(), code)
    end = tutor_answers.wrong_person if asked.interview is None else interviews.wrong_person
    end(current.db(), code, current.actor_or_none(), now=current.now())
    current.db().commit()
    return render_template("guests/wrong_person.html")


@blueprint.post(f"{PAGE}/confirmer")
@requires(ANYONE)
def confirm(code: str) -> Page:
    """The company confirms an interview as it reads it."""
    seen, actor = request.form.get("seen", ""), current.actor_or_none()
    try:
        interviews.confirm_by_link(current.db(), code, actor, seen=seen, now=current.now())
    except Conflict as refused:
        current.db().rollback()
        return _interview_page(code, gettext(refused.sentence)), refused.status
    current.db().commit()
    return redirect(url_for(".thanks"), 303)


@blueprint.post(f"{PAGE}/parole")
@requires(ANYONE)
def give_word(code: str) -> Page:
    """A peer gives a word: the person decides what becomes of it."""
    try:
        peer_words.write(
            current.db(),
            code,
            current.actor_or_none(),
            words=request.form.get("words", ""),
            peer_name=request.form.get("peer_name", ""),
            form_id=_form_id(),
            now=current.now(),
        )
    except Invalid as refused:
        current.db().rollback()
        return _word_page(code, refused), REFUSED
    current.db().commit()
    return redirect(url_for(".thanks"), 303)


def _interview_page(code: str, changed: str = "") -> str:
    row, expires_at = interviews.open_page(current.db(), code, current.actor_or_none(), current.now())
    return render_template(
        "guests/interview.html",
        code=code,
        place=row.round.organisation,
        interview=voice_pages.interview(row, None),
        expires_at=expires_at,
        changed=changed,
    )


def _word_page(code: str, refused: Invalid | None) -> str:
    row, expires_at = peer_words.open_page(current.db(), code, current.actor_or_none(), current.now())
    return render_template(
        "guests/word.html",
        code=code,
        word=row,
        place=row.organisation,
        competence=document_of(row.version).competence(row.competence_code),
        expires_at=expires_at,
        form_id=request.form.get("form") or uuid.uuid4(),
        words=request.form.get("words", ""),
        peer_name=request.form.get("peer_name", row.asked_of),
        longest=peer_words.LONGEST_WORDS,
        errors=problems.errors(refused),
    )


def _keep(code: str) -> Page:
    try:
        view = tutor_answers.keep(
            current.db(),
            code,
            current.actor_or_none(),
            answers=_answers(),
            revision=request.form.get("revision", -1, type=int),
            form_id=_form_id(),
            now=current.now(),
        )
    except Conflict as refused:
        if errors.wants_json():
            raise
        return _again(code, refused)
    revision = view.revision
    current.db().commit()
    if errors.wants_json():
        return jsonify(revision=revision, words=gettext("Gardé. Vous pouvez fermer cette page et y revenir."))
    return redirect(url_for(".page", code=code, garde=1), 303)


def _answers() -> dict[str, Answer]:
    """What is typed, by competence; a level that is none is « pas vu »."""
    found = {}
    for name, level in request.form.items():
        prefix, _, code = name.partition("-")
        if prefix == "level":
            number = int(level) if level.isascii() and level.isdigit() and len(level) < len("999") else None
            found[code] = Answer(number, request.form.get(f"act-{code}", ""))
    return found


def _form_id() -> uuid.UUID:
    return round_forms.identifier("form") or uuid.uuid4()


def _again(code: str, refused: Refused) -> Page:
    """The page once more with what was typed, and what is to be seen to."""
    current.db().rollback()
    view, expires_at = tutor_answers.open_page(current.db(), code, current.actor_or_none(), current.now())
    typed = {competence: [given.level, given.act] for competence, given in _answers().items()}
    status = REFUSED if isinstance(refused, Invalid) else refused.status
    return _tutor_page(code, view, expires_at, typed, refused), status


def _tutor_page(
    code: str,
    view: TutorViewRecord,
    expires_at: datetime,
    typed: Mapping[str, Any],
    refused: Refused | None = None,
) -> str:
    document = document_of(view.round.version)
    questions = []
    for competence_code in view.competences:
        competence = document.competence(competence_code)
        level, act = typed.get(competence_code) or [None, ""]
        options = [
            (value, behaviour or name, name if behaviour else "")
            for value, name, behaviour in round_pages.level_options(document, competence)
        ]
        questions.append((competence, options, NOT_SEEN if level is None else str(level), act))
    return render_template(
        "guests/tutor.html",
        code=code,
        view=view,
        place=view.round.organisation,
        days=voice_pages.days(view.from_day, view.to_day),
        expires_at=expires_at,
        questions=questions,
        not_seen=[(NOT_SEEN, gettext("Pas vu"), gettext("Je ne l’ai pas vu, ou pas assez."))],
        form_id=request.form.get("form") or uuid.uuid4(),
        right_person=bool(request.form.get("right_person")),
        company_agreed=bool(request.form.get("company_agreed")),
        longest=assessments.LONGEST_SITUATION,
        kept="garde" in request.args,
        errors=problems.errors(refused) if isinstance(refused, Invalid) else {},
        elsewhere=gettext(refused.sentence) if isinstance(refused, Conflict) else "",
    )
