"""A level contested after its round closed: one page for the person and their coach, each with their form."""

import uuid
from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, render_template, request, url_for

from badges.models.assessments import RoundRecord
from badges.services import assessments, contests
from badges.services.errors import Invalid, NotFound
from badges.web import contest_pages, current, round_forms, round_pages
from badges.web.access import SIGNED_IN, requires
from badges.web.problems import errors
from badges.web.round_forms import REFUSED, ROUND, Page
from badges.web.words import document_of

blueprint = Blueprint("contests", __name__)


@blueprint.get(f"{ROUND}/contester/<code>")
@requires(SIGNED_IN)
def show(round_id: uuid.UUID, code: str) -> Page:
    """Where the contest of one level stands, and what is the reader's to do."""
    row = assessments.round_for(current.db(), current.actor(), round_id)
    return _page(row, code)


@blueprint.post(f"{ROUND}/contester/<code>")
@requires(SIGNED_IN)
def act(round_id: uuid.UUID, code: str) -> Page:
    """Contest, answer, or end it; which one the form says."""
    doing = {"answer": _answer, "settle": _settle, "maintain": _maintain, "withdraw": _withdraw}
    try:
        refused = doing.get(request.form.get("act", ""), _contest)(round_id, code)
    except Invalid as error:
        refused = error
    current.db().commit()  # a wrong PIN stays counted
    if refused is not None:
        row = assessments.round_for(current.db(), current.actor(), round_id)
        return _page(row, code, refused=refused), REFUSED
    return redirect(url_for(".show", round_id=round_id, code=code), 303)


def _contest(round_id: uuid.UUID, code: str) -> None:
    reason = request.form.get("reason", "")
    contests.contest(current.db(), current.actor(), round_id, competence_code=code, reason=reason, now=current.now())


def _answer(round_id: uuid.UUID, code: str) -> None:
    contests.answer(
        current.db(),
        current.actor(),
        round_id,
        competence_code=code,
        level=round_forms.level(),
        words=request.form.get("answer", ""),
        talk_on=round_forms.day("talk_on"),
        now=current.now(),
        zone=ZoneInfo(current.installation().settings.timezone),
    )


def _settle(round_id: uuid.UUID, code: str) -> Invalid | None:
    right = contests.settle(
        current.db(),
        current.actor(),
        round_id,
        competence_code=code,
        pin=request.form.get("pin", ""),
        seen=request.form.get("seen", ""),
        secret=current.installation().secret,
        now=current.now(),
    )
    return None if right else Invalid(contest_pages.WRONG_PIN, field="pin")


def _maintain(round_id: uuid.UUID, code: str) -> None:
    seen = request.form.get("seen", "")
    contests.maintain(current.db(), current.actor(), round_id, competence_code=code, seen=seen, now=current.now())


def _withdraw(round_id: uuid.UUID, code: str) -> None:
    contests.withdraw(current.db(), current.actor(), round_id, competence_code=code, now=current.now())


def _page(row: RoundRecord, code: str, *, refused: Invalid | None = None) -> str:
    if code not in row.competences:
        raise NotFound(assessments.NO_ROUND)
    document = document_of(row.version)
    may = contests.may_contest(current.db(), current.actor(), row, code)
    made = contests.of_round(current.db(), row).get(code)
    if made is None and not may:
        raise NotFound(contests.NOTHING)
    return render_template(
        "contests/show.html",
        round=round_pages.frame(row, current.actor()),
        contest=contest_pages.contested(row, code, made),
        may_contest=may and (made is None or made.ended_at is not None),
        options=round_pages.level_options(document, document.competence(code)),
        steps=len(document.scale),
        level=request.form.get("level", made.level if made and made.level is not None else None),
        reason=request.form.get("reason", ""),
        answer=request.form.get("answer", made.answer if made else ""),
        talk_on=request.form.get("talk_on", current.today().isoformat()),
        today=current.today().isoformat(),
        longest_reason=contests.LONGEST_REASON,
        longest=assessments.LONGEST_SITUATION,
        errors=errors(refused),
    )
