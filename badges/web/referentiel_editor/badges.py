"""The badges of a draft: their words, the competences and levels they require, who rates, who may grant."""

from functools import partial
from itertools import count
from typing import Any

from flask import Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from badges.services import referentiels
from badges.services.errors import N_
from badges.web import current
from badges.web.access import requires
from badges.web.referentiel_editor.competences import NO_FAMILY
from badges.web.referentiel_editor.sheets import (
    EDITOR,
    NO_NAME,
    Form,
    Refusal,
    Step,
    blueprint,
    missing,
    number,
    open_sheet,
    save,
    saved_and_back,
    show,
    text_of,
)
from referentiels import editing
from referentiels.model import Badge, Competence, Rater, Referentiel

WORDS = ("name", "description", "family", "pictogram", "calibration")
MOST_ROWS = 50
BLANK_ROWS = 2
NO_LEVEL = N_("Choisissez le niveau demandé.")
NO_COMPETENCE = N_("Choisissez la compétence, ou remettez « aucune ».")
TWICE = N_("Cette compétence est déjà demandée plus haut.")
NO_NUMBER = N_("Écrivez combien de compétences suffisent.")


@blueprint.get("/<slug>/brouillon/badges")
@requires(EDITOR)
def badges(slug: str) -> Response:
    """The badges by family, and the form that adds one."""
    return _list_page(slug)


@blueprint.post("/<slug>/brouillon/badges")
@requires(EDITOR)
def add_badge(slug: str) -> BaseResponse:
    """Add a badge, last, and go on to its page."""
    typed = text_of("name", "family")
    step = Step(partial(editing.add_badge, **typed))
    refusal = save(slug, typed, [step], missing(typed, {"name": NO_NAME, "family": NO_FAMILY}))
    if refusal:
        return _list_page(slug, refusal)
    row = referentiels.for_editor(current.db(), current.actor(), slug, lock=False)
    return saved_and_back(url_for("editor.badge", slug=slug, code=referentiels.draft_of(row).badges[-1].code))


@blueprint.post("/<slug>/brouillon/badges/par-competence")
@requires(EDITOR)
def add_badge_each(slug: str) -> BaseResponse:
    """Add a badge for each competence that no badge requires yet, all at one level."""
    typed = text_of("level")
    level = number(typed["level"])
    faults = {} if isinstance(level, int) else {"level": NO_LEVEL}
    refusal = save(slug, typed, [] if faults else [Step(lambda text: _with_badges(text, level))], faults)
    return _list_page(slug, refusal) if refusal else saved_and_back(url_for("editor.badges", slug=slug))


def _with_badges(draft: Referentiel, level: int) -> Referentiel:
    """The draft with a badge at `level` for each competence that had none."""
    for one in _without_badge(draft):
        words = {"name": one.name, "family": one.family, "pictogram": one.pictogram}
        draft = editing.add_badge(draft, description=one.for_recruiter, **words)
        draft = editing.set_requirement(draft, draft.badges[-1].code, one.code, level)
    return draft


def _without_badge(draft: Referentiel) -> list[Competence]:
    required = {need.competence for badge in draft.badges for need in badge.requirements}
    return [one for one in draft.competences if one.code not in required]


def _list_page(slug: str, refusal: Refusal | None = None) -> Response:
    def blank(text: Referentiel) -> Form:
        family = text.families[0].code if len(text.families) == 1 else ""
        return {"name": "", "family": family, "level": ""}

    sheet = open_sheet(slug, blank, refusal)
    return show("badges.html", sheet, without_badge=_without_badge(sheet.draft))


@blueprint.get("/<slug>/brouillon/badges/<code>")
@requires(EDITOR)
def badge(slug: str, code: str) -> Response:
    """The words and the rules of one badge."""
    return _page(slug, code)


@blueprint.post("/<slug>/brouillon/badges/<code>")
@requires(EDITOR)
def save_badge(slug: str, code: str) -> BaseResponse:
    """Save one badge; or, where more rows are asked for, show what was typed with more of them."""
    typed = _typed()
    if "more" in request.form:
        return _page(slug, code, Refusal(typed), more=True)
    needs, faults = _requirements(typed["rows"])
    faults |= missing(typed, {"name": NO_NAME, "family": NO_FAMILY})
    if typed["rule"] == "some" and not typed["at_least"].strip():
        faults["at_least"] = NO_NUMBER
    steps = [Step(lambda text: editing.change_badge(text, code, **_rules(typed)))]
    steps.append(Step(lambda text: _requiring(text, code, needs), "requirements"))
    refusal = save(slug, typed, steps, faults)
    return _page(slug, code, refusal) if refusal else saved_and_back(url_for("editor.badges", slug=slug, _anchor=code))


def _typed() -> Form:
    """What was typed, requirements as rows of a competence and a level."""
    rows = []
    for index in count():
        if f"competence-{index}" not in request.form or index >= MOST_ROWS:
            break
        rows.append((request.form[f"competence-{index}"], request.form.get(f"level-{index}", "")))
    ticked: Form = {name: name in request.form for name in ("tutor", "evidence_required", "coach_may_grant")}
    rule = "some" if request.form.get("rule") == "some" else "all"
    return text_of(*WORDS, "at_least", "validity_months") | ticked | {"rule": rule, "rows": rows}


def _rules(typed: Form) -> Any:
    """The members of a badge, its requirements apart. The person and their coach always rate."""
    raters: tuple[Rater, ...] = ("self", "coach", "tutor") if typed["tutor"] else ("self", "coach")
    return {name: typed[name] for name in WORDS} | {
        "at_least": number(typed["at_least"]) if typed["rule"] == "some" else None,
        "raters": raters,
        "evidence_required": typed["evidence_required"],
        "coach_may_grant": typed["coach_may_grant"],
        "validity_months": number(typed["validity_months"]),
    }


def _requirements(rows: list[tuple[str, str]]) -> tuple[dict[str, int], dict[str, str]]:
    """The level wanted of each competence, and the fault of each row that does not say both."""
    needs: dict[str, int] = {}
    faults: dict[str, str] = {}
    for index, (competence, level) in enumerate(rows):
        wanted = number(level)
        if not competence and not level:
            continue
        if not competence:
            faults[f"competence-{index}"] = NO_COMPETENCE
        elif competence in needs:
            faults[f"competence-{index}"] = TWICE
        elif not isinstance(wanted, int):
            faults[f"level-{index}"] = NO_LEVEL
        else:
            needs[competence] = wanted
    return needs, faults


def _requiring(draft: Referentiel, code: str, needs: dict[str, int]) -> Referentiel:
    """The draft whose badge requires exactly this."""
    for need in draft.badge(code).requirements:
        if need.competence not in needs:
            draft = editing.remove_requirement(draft, code, need.competence)
    for competence, level in needs.items():
        draft = editing.set_requirement(draft, code, competence, level)
    return draft


def _page(slug: str, code: str, refusal: Refusal | None = None, *, more: bool = False) -> Response:
    sheet = open_sheet(slug, lambda text: _saved(text.badge(code)), refusal)
    filled = [row for row in sheet.values["rows"] if any(row)] if more or not refusal else sheet.values["rows"]
    rows = [*filled, *[("", "")] * BLANK_ROWS] if more or not refusal else filled
    response = show("badge.html", sheet, badge=sheet.draft.badge(code), rows=rows)
    if more:
        response.status_code = 200
    return response


def _saved(one: Badge) -> Form:
    return {name: getattr(one, name) for name in WORDS} | {
        "rule": "all" if one.at_least is None else "some",
        "at_least": "" if one.at_least is None else str(one.at_least),
        "validity_months": "" if one.validity_months is None else str(one.validity_months),
        "tutor": "tutor" in one.raters,
        "evidence_required": one.evidence_required,
        "coach_may_grant": one.coach_may_grant,
        "rows": [(need.competence, str(need.level)) for need in one.requirements],
    }
