"""What was seen of a person, for themselves and for the coach who follows them: facts, situations of work, portfolio.

The person reads all of it, puts aside what they like and asks for what is wrong to be corrected; the coach answers.
"""

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from badges.models.evidence import Autonomy, Origin
from badges.models.people import Role
from badges.services import assessments, evidence, next_steps, people, portfolio, situations
from badges.services.errors import Invalid, NotFound
from badges.services.people import UNKNOWN
from badges.services.portfolio import Piece
from badges.services.referentiels import published_versions
from badges.services.situations import Attempt, Setting
from badges.web import current, evidence_words, round_forms, round_pages, seen_pages
from badges.web.access import PERSON, requires, role
from badges.web.problems import errors
from badges.web.words import document_of

blueprint = Blueprint("seen", __name__)
Page = str | Response | tuple[str, int]

PERSON_PAGE = "/personnes/<uuid:person_id>"
FACT = "/observations/<uuid:observation_id>"
SITUATION = "/situations/<uuid:situation_id>"


@blueprint.get("/moi/vu")
@requires(PERSON)
def mine() -> str:
    """Everything that was seen of the person, and their portfolio."""
    me = _me()
    found = evidence.of_person(current.db(), current.actor(), me)
    return render_template(
        "seen/mine.html",
        tu=next_steps.says_tu(current.db(), current.actor()),
        facts=[seen_pages.fact(one) for one in found],
        pieces=[seen_pages.piece(one) for one in portfolio.pieces_of(current.db(), current.actor(), me)],
    )


@blueprint.post("/moi/vu/<uuid:observation_id>/de-cote")
@requires(PERSON)
def aside(observation_id: uuid.UUID) -> Response:
    """Put one aside, or take it up again."""
    put = request.form.get("aside") == "1"
    evidence.set_aside(current.db(), current.actor(), observation_id, aside=put, now=current.now())
    current.db().commit()
    flash(gettext("C’est mis de côté.") if put else gettext("C’est repris."), "success")
    return redirect(url_for(".mine"), 303)


@blueprint.get("/moi/vu/<uuid:observation_id>/corriger")
@requires(PERSON)
def question(observation_id: uuid.UUID) -> str:
    """Say what is not right."""
    return _question_page(observation_id)


@blueprint.post("/moi/vu/<uuid:observation_id>/corriger")
@requires(PERSON)
def questioned(observation_id: uuid.UUID) -> Page:
    """Send it to the coach; until the answer it is no evidence."""
    words = request.form.get("words", "")
    try:
        evidence.ask_correction(current.db(), current.actor(), observation_id, words=words, now=current.now())
    except Invalid as refused:
        return _question_page(observation_id, refused), refused.status
    current.db().commit()
    flash(gettext("C’est envoyé au coach. D’ici là, ce fait ne sert pas de preuve."), "success")
    return redirect(url_for(".mine"), 303)


@blueprint.get("/moi/portfolio/nouvelle")
@requires(PERSON)
def new_own_piece() -> str:
    """Add a piece of one's own."""
    return _piece_page(_me())


@blueprint.post("/moi/portfolio/nouvelle")
@requires(PERSON)
def own_piece_added() -> Page:
    """Keep it."""
    return _add_piece(_me(), url_for(".mine"))


@blueprint.post("/moi/portfolio/<uuid:piece_id>/retirer")
@requires(PERSON)
def own_piece_removed(piece_id: uuid.UUID) -> Response:
    """Forget it."""
    portfolio.remove(current.db(), current.actor(), piece_id, now=current.now())
    current.db().commit()
    flash(gettext("C’est retiré."), "success")
    return redirect(url_for(".mine"), 303)


@blueprint.get(f"{PERSON_PAGE}/vu")
@requires(role(Role.COACH))
def of_person(person_id: uuid.UUID) -> str:
    """What was seen of a person, for the coach who follows them; what they ask to have corrected stands first."""
    return _person_page(person_id)


@blueprint.post(f"{FACT}/repondre")
@requires(role(Role.COACH))
def answer(observation_id: uuid.UUID) -> Page:
    """Answer what the person asked."""
    decision = request.form.get("decision", "")
    try:
        row = evidence.answer(
            current.db(),
            current.actor(),
            observation_id,
            words=request.form.get("words", ""),
            act=request.form.get("act", "") if decision == "correct" else None,
            withdraw=decision == "withdraw",
            now=current.now(),
        )
    except Invalid as refused:
        person_id = request.form.get("person", type=uuid.UUID)
        if person_id is None:
            raise
        return _person_page(person_id, refused, observation_id), refused.status
    current.db().commit()
    flash(gettext("La personne lira votre réponse."), "success")
    return redirect(url_for(".of_person", person_id=row.person_id), 303)


@blueprint.post(f"{FACT}/retirer")
@requires(role(Role.COACH))
def withdraw(observation_id: uuid.UUID) -> Response:
    """Take back what was noted by mistake."""
    row = evidence.withdraw(current.db(), current.actor(), observation_id, now=current.now())
    current.db().commit()
    flash(gettext("C’est retiré."), "success")
    return redirect(url_for(".of_person", person_id=row.person_id), 303)


@blueprint.get(f"{PERSON_PAGE}/situations/nouvelle")
@requires(role(Role.COACH))
def new_situation(person_id: uuid.UUID) -> str:
    """A placement, a job, a training at the work place."""
    return _situation_form(person_id)


@blueprint.post(f"{PERSON_PAGE}/situations/nouvelle")
@requires(role(Role.COACH))
def situation_created(person_id: uuid.UUID) -> Page:
    """Keep it; its page takes the tries."""
    setting = Setting(
        origin=round_forms.choice("origin", Origin),
        task=request.form.get("task", ""),
        place=request.form.get("place", ""),
        from_on=round_forms.day("from_on"),
        until_on=round_forms.day("until_on"),
        supervisor=request.form.get("supervisor", ""),
        supervisor_role=request.form.get("supervisor_role", ""),
    )
    try:
        row = situations.create(
            current.db(),
            current.actor(),
            person_id,
            setting,
            version_id=request.form.get("version", 0, type=int),
            situation_id=round_forms.identifier("situation") or uuid.uuid4(),
            now=current.now(),
        )
    except Invalid as refused:
        return _situation_form(person_id, refused), refused.status
    current.db().commit()
    return redirect(url_for(".situation", situation_id=row.id), 303)


@blueprint.get(SITUATION)
@requires(role(Role.COACH))
def situation(situation_id: uuid.UUID) -> str:
    """A situation, its tries, and the form for the next one."""
    return _situation_page(situation_id)


@blueprint.post(SITUATION)
@requires(role(Role.COACH))
def tried(situation_id: uuid.UUID) -> Page:
    """Write one more try."""
    attempt = Attempt(
        day=round_forms.day("day"),
        competences=request.form.getlist("competences"),
        act=request.form.get("act", ""),
        autonomy=round_forms.choice("autonomy", Autonomy),
    )
    try:
        situations.add_try(
            current.db(), current.actor(), situation_id, attempt, now=current.now(), today=current.today()
        )
    except Invalid as refused:
        return _situation_page(situation_id, refused), refused.status
    current.db().commit()
    flash(gettext("C’est enregistré."), "success")
    return redirect(url_for(".situation", situation_id=situation_id), 303)


@blueprint.get(f"{PERSON_PAGE}/portfolio/nouvelle")
@requires(role(Role.COACH))
def new_piece(person_id: uuid.UUID) -> str:
    """Add a piece with the person."""
    return _piece_page(person_id)


@blueprint.post(f"{PERSON_PAGE}/portfolio/nouvelle")
@requires(role(Role.COACH))
def piece_added(person_id: uuid.UUID) -> Page:
    """Keep it."""
    return _add_piece(person_id, url_for(".of_person", person_id=person_id))


@blueprint.post("/portfolio/<uuid:piece_id>/retirer")
@requires(role(Role.COACH))
def piece_removed(piece_id: uuid.UUID) -> Response:
    """Forget it."""
    person_id = portfolio.remove(current.db(), current.actor(), piece_id, now=current.now())
    current.db().commit()
    flash(gettext("C’est retiré."), "success")
    return redirect(url_for(".of_person", person_id=person_id), 303)


def _me() -> uuid.UUID:
    person_id = current.actor().person_id
    if person_id is None:
        raise NotFound(UNKNOWN)
    return person_id


def _question_page(observation_id: uuid.UUID, refused: Invalid | None = None) -> str:
    found = evidence.of_person(current.db(), current.actor(), _me())
    row = next((one for one in found if one.id == observation_id), None)
    if row is None:
        raise NotFound(evidence.UNKNOWN)
    return render_template(
        "seen/question.html",
        fact=seen_pages.fact(row),
        tu=next_steps.says_tu(current.db(), current.actor()),
        words=request.form.get("words", ""),
        longest=evidence.LONGEST_ACT,
        errors=errors(refused),
    )


def _person_page(person_id: uuid.UUID, refused: Invalid | None = None, about: uuid.UUID | None = None) -> str:
    db, actor = current.db(), current.actor()
    membership = people.open_membership(db, actor, person_id)
    found = [(one, seen_pages.fact(one)) for one in evidence.of_person(db, actor, person_id)]
    return render_template(
        "seen/person.html",
        person=membership.person,
        asked=[(fact, row.act) for row, fact in found if fact.waits],
        facts=[fact for _row, fact in found if not fact.waits],
        situations=situations.of_person(db, actor, person_id),
        pieces=[seen_pages.piece(one) for one in portfolio.pieces_of(db, actor, person_id)],
        origins=evidence_words.ORIGINS,
        form=request.form,
        about=about,
        errors=errors(refused),
        longest=evidence.LONGEST_ACT,
    )


def _situation_form(person_id: uuid.UUID, refused: Invalid | None = None) -> str:
    membership = assessments.followed_by(current.db(), current.actor(), person_id)
    version = seen_pages.version_asked(request.values.get("version", type=int))
    return render_template(
        "seen/situation_new.html",
        person=membership.person,
        version=version,
        versions=[] if version else [(one, document_of(one)) for one in published_versions(current.db())],
        origins=[(one.value, gettext(evidence_words.ORIGINS[one])) for one in situations.ORIGINS],
        situation_id=request.form.get("situation") or uuid.uuid4(),
        form=request.form,
        errors=errors(refused),
    )


def _situation_page(situation_id: uuid.UUID, refused: Invalid | None = None) -> str:
    row = situations.situation_for(current.db(), current.actor(), situation_id)
    return render_template(
        "seen/situation.html",
        situation=row,
        origin=gettext(evidence_words.ORIGINS[row.origin]),
        tries=seen_pages.tries(row),
        families=round_pages.choices(document_of(row.version), words=False),
        autonomy=[(one.value, gettext(words).capitalize()) for one, words in evidence_words.AUTONOMY.items()],
        latest=min(current.today(), row.until_on or current.today()),
        form=request.form,
        errors=errors(refused),
        longest=evidence.LONGEST_ACT,
    )


def _piece_page(person_id: uuid.UUID, refused: Invalid | None = None) -> str:
    person = people.person_for(current.db(), current.actor(), person_id)
    portfolio.pieces_of(current.db(), current.actor(), person_id)  # a colleague is told so before they type
    mine = current.actor().person_id == person_id
    version = seen_pages.version_asked(request.values.get("version", type=int))
    return render_template(
        "seen/piece_new.html",
        person=person,
        mine=mine,
        here=url_for(".new_own_piece") if mine else url_for(".new_piece", person_id=person_id),
        back=url_for(".mine") if mine else url_for(".of_person", person_id=person_id),
        version=version,
        versions=[] if version else [(one, document_of(one)) for one in published_versions(current.db())],
        families=round_pages.choices(document_of(version), words=False) if version else [],
        piece_id=request.form.get("piece") or uuid.uuid4(),
        today=current.today(),
        form=request.form,
        errors=errors(refused),
    )


def _add_piece(person_id: uuid.UUID, back: str) -> Page:
    handed = request.files.get("file")
    measured = portfolio.fingerprint(handed.stream) if handed is not None else ""
    piece = Piece(
        title=request.form.get("title", ""),
        url=request.form.get("url", ""),
        sha256=measured or request.form.get("sha256", ""),
        made_on=round_forms.day("made_on"),
        competences=request.form.getlist("competences"),
    )
    try:
        portfolio.add(
            current.db(),
            current.actor(),
            person_id,
            piece,
            version_id=request.form.get("version", 0, type=int),
            piece_id=round_forms.identifier("piece") or uuid.uuid4(),
            now=current.now(),
            today=current.today(),
        )
    except Invalid as refused:
        return _piece_page(person_id, refused), refused.status
    current.db().commit()
    flash(gettext("C’est ajouté au portfolio."), "success")
    return redirect(back, 303)
