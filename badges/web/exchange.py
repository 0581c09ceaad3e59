"""The talk's pages: both views side by side, what is agreed, the conclusion, the person's confirmation.

Attached to the blueprint of rounds. Nothing here is shown before both views are sealed.
"""

import uuid
from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext

from badges.models.assessments import RoundOutcome, RoundRecord
from badges.services import assessments, confrontation, contests, evidence, phrases
from badges.services.errors import Invalid, NotFound
from badges.web import contest_pages, current, evidence_words, exchange_pages, round_forms, round_pages
from badges.web.access import SIGNED_IN, requires
from badges.web.problems import errors
from badges.web.round_forms import CHOOSE, REFUSED, ROUND, Page
from badges.web.words import document_of


def attach(blueprint: Blueprint) -> None:
    """Add the talk's pages to the blueprint of rounds."""
    both = ["GET", "POST"]
    blueprint.add_url_rule(f"{ROUND}/echange", view_func=exchange)
    blueprint.add_url_rule(f"{ROUND}/echange/<code>", view_func=exchange_one, methods=both)
    blueprint.add_url_rule(f"{ROUND}/guide", view_func=guide)
    blueprint.add_url_rule(f"{ROUND}/conclusion", view_func=conclusion, methods=both)
    blueprint.add_url_rule(f"{ROUND}/confirmer", view_func=confirm, methods=both)


@requires(SIGNED_IN)
def exchange(round_id: uuid.UUID) -> Page:
    """Both views side by side, once both are sealed."""
    row = assessments.round_for(current.db(), current.actor(), round_id)
    if not assessments.revealed(row):
        return redirect(url_for(".show", round_id=round_id))
    page = round_pages.frame(row, current.actor())
    return render_template(
        "assessments/exchange.html",
        round=page,
        entries=exchange_pages.entries(row, tu=page.tu),
        openers=[] if page.mine or page.stage == "closed" else exchange_pages.openers(tu=page.tu),
        chart=exchange_pages.chart(row, page),
        steps=len(document_of(row.version).scale),
        seen=_seen(row),
        phrases={code: one.words for code, one in phrases.readable_in(current.db(), current.actor(), row).items()},
        doors=contest_pages.doors(row, contests.of_round(current.db(), row), mine=page.mine),
    )


@requires(SIGNED_IN)
def guide(round_id: uuid.UUID) -> Page:
    """One page to print: both levels, what to say to each other, room for what is agreed."""
    row = assessments.round_for(current.db(), current.actor(), round_id)
    page = round_pages.frame(row, current.actor())
    if page.mine or not assessments.revealed(row):
        return redirect(url_for(".show", round_id=round_id))
    return render_template(
        "assessments/guide.html",
        round=page,
        organisation=row.organisation.name,
        entries=exchange_pages.entries(row, tu=page.tu),
        openers=exchange_pages.openers(tu=page.tu),
    )


@requires(SIGNED_IN)
def exchange_one(round_id: uuid.UUID, code: str) -> Page:
    """One competence to talk about; POST writes down an agreed level, a disagreement, or the answer to one."""
    if request.method == "POST":
        return _write_down(round_id, code)
    row = assessments.round_for(current.db(), current.actor(), round_id)
    if not assessments.revealed(row):
        return redirect(url_for(".show", round_id=round_id))
    return _competence_page(row, code)


def _write_down(round_id: uuid.UUID, code: str) -> Page:
    try:
        row = _answer(round_id, code) if "answer" in request.form else _settle(round_id, code)
    except Invalid as refused:
        row = assessments.round_for(current.db(), current.actor(), round_id)
        return _competence_page(row, code, refused=refused), REFUSED
    current.db().commit()
    if current.actor().kind == "person" or row.closed_at is not None:
        return redirect(url_for(".exchange", round_id=round_id, _anchor=code), 303)
    left = confrontation.unsettled(row)
    if left:
        return redirect(url_for(".exchange_one", round_id=round_id, code=left[0]), 303)
    return redirect(url_for(".conclusion", round_id=round_id), 303)


def _answer(round_id: uuid.UUID, code: str) -> RoundRecord:
    level = round_forms.level()
    if level is None:
        raise Invalid(CHOOSE, field="level")
    return confrontation.answer_disagreement(
        current.db(),
        current.actor(),
        round_id,
        competence_code=code,
        level=level,
        answer=request.form["answer"],
        now=current.now(),
    ).round


def _settle(round_id: uuid.UUID, code: str) -> RoundRecord:
    disagreed = request.form.get("level") == exchange_pages.DISAGREE
    return confrontation.settle(
        current.db(),
        current.actor(),
        round_id,
        competence_code=code,
        level=None if disagreed else round_forms.level(),
        disagreed=disagreed,
        person_words=request.form.get("person_words", ""),
        now=current.now(),
    ).round


def _competence_page(row: RoundRecord, code: str, *, refused: Invalid | None = None) -> str:
    page = round_pages.frame(row, current.actor())
    found = exchange_pages.entries(row, tu=page.tu)
    entry = next((one for one in found if one.code == code), None)
    if entry is None:
        raise NotFound(assessments.NO_ROUND)
    document = document_of(row.version)
    return render_template(
        "assessments/exchange_one.html",
        round=page,
        entry=entry,
        seen=_seen(row).get(code, []),
        steps=len(document.scale),
        position=found.index(entry) + 1,
        total=len(found),
        options=round_pages.level_options(document, document.competence(code)),
        apart=exchange_pages.settle_choices(entry),
        level=request.form.get("level", entry.suggested),
        person_words=request.form.get("person_words", entry.person_words if page.mine else ""),
        answer=request.form.get("answer", entry.answer),
        errors=errors(refused),
        longest=assessments.LONGEST_SITUATION,
    )


def _seen(row: RoundRecord) -> dict[str, list[str]]:
    """What was seen for each competence, counted."""
    return {code: evidence_words.facts(offers) for code, offers in evidence.seen_for(current.db(), row).items()}


@requires(SIGNED_IN)
def conclusion(round_id: uuid.UUID) -> Page:
    """The coach concludes: outcome, day of the talk, note. The person confirms afterwards."""
    if request.method == "POST":
        return _conclude(round_id)
    row = assessments.round_for(current.db(), current.actor(), round_id)
    to_conclude = assessments.revealed(row) and row.closed_at is None and not confrontation.unsettled(row)
    if current.actor().kind == "person" or not to_conclude:
        return redirect(url_for(".show", round_id=round_id))
    return _conclusion_page(row)


def _conclude(round_id: uuid.UUID) -> Page:
    try:
        confrontation.conclude(
            current.db(),
            current.actor(),
            round_id,
            outcome=round_forms.choice("outcome", RoundOutcome),
            talk_on=round_forms.day("talk_on"),
            talk_note=request.form.get("note", ""),
            now=current.now(),
            zone=ZoneInfo(current.installation().settings.timezone),
        )
    except Invalid as refused:
        row = assessments.round_for(current.db(), current.actor(), round_id)
        return _conclusion_page(row, refused=refused), REFUSED
    current.db().commit()
    return redirect(url_for(".show", round_id=round_id), 303)


def _conclusion_page(row: RoundRecord, *, refused: Invalid | None = None) -> str:
    page = round_pages.frame(row, current.actor())
    return render_template(
        "assessments/conclusion.html",
        round=page,
        entries=exchange_pages.entries(row, tu=page.tu),
        outcomes=exchange_pages.outcome_options(),
        outcome=request.form.get("outcome", row.outcome),
        talk_on=request.form.get("talk_on", (row.talk_on or current.today()).isoformat()),
        today=current.today().isoformat(),
        note=request.form.get("note", row.note),
        errors=errors(refused),
        longest=confrontation.LONGEST_NOTE,
    )


@requires(SIGNED_IN)
def confirm(round_id: uuid.UUID) -> Page:
    """The person reads all that was agreed and confirms it with their PIN; the round closes."""
    wrong = request.method == "POST" and not _confirm(round_id)
    if request.method == "POST" and not wrong:
        return redirect(url_for(".show", round_id=round_id), 303)
    row = assessments.round_for(current.db(), current.actor(), round_id)
    page = round_pages.frame(row, current.actor())
    if not page.mine or not confrontation.awaits_confirmation(row):
        return redirect(url_for(".show", round_id=round_id))
    answered = render_template(
        "assessments/confirm.html",
        round=page,
        entries=exchange_pages.entries(row, tu=page.tu),
        conclusion=round_pages.conclusion(row),
        steps=len(document_of(row.version).scale),
        seen=confrontation.shown_digest(row),
        errors={"pin": gettext("Ce n’est pas le bon code secret. Essayez encore.")} if wrong else {},
    )
    return (answered, REFUSED) if wrong else answered


def _confirm(round_id: uuid.UUID) -> bool:
    right = confrontation.confirm(
        current.db(),
        current.actor(),
        round_id,
        pin=request.form.get("pin", ""),
        secret=current.installation().secret,
        seen=request.form.get("seen", ""),
        now=current.now(),
    )
    current.db().commit()  # a wrong guess stays counted
    return right
