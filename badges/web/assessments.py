"""Rounds: opened, rated twice and blindly, followed over time; the talk's pages are in `exchange`.

Each answer is one POST, saved before the next question is shown. What a page may hold is decided in `round_pages` and
in the services; for anyone but the person and their coaches, a round's addresses lead nowhere.
"""

import uuid
from collections.abc import Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from flask import session as browser
from flask_babel import format_date, gettext
from werkzeug.wrappers import Response

from badges.models.assessments import Moment, Rater, RoundRecord
from badges.models.people import MembershipRecord, Role
from badges.models.referentiels import VersionRecord
from badges.services import (
    acquired,
    assessments,
    cancellations,
    confrontation,
    contests,
    interviews,
    next_steps,
    parcours,
    people,
)
from badges.services.access import end_session
from badges.services.errors import Invalid, NotFound
from badges.services.referentiels import published_versions
from badges.web import acquired as acquired_grids
from badges.web import (
    cancellation,
    contest_pages,
    current,
    exchange,
    exchange_pages,
    openings,
    round_forms,
    round_pages,
    voice_pages,
)
from badges.web.access import PERSON, SIGNED_IN, requires, role, signed_out_response
from badges.web.acquired import Own
from badges.web.problems import errors
from badges.web.round_forms import REFUSED, ROUND, Page
from badges.web.round_pages import Question
from badges.web.words import document_of

blueprint = Blueprint("assessments", __name__)
exchange.attach(blueprint)
openings.attach(blueprint)
cancellation.attach(blueprint)

VIEW = f"{ROUND}/<any(moi, coach):view>"
RATERS = {"moi": Rater.SELF, "coach": Rater.COACH}


@blueprint.route("/personnes/<uuid:person_id>/positionnements/nouveau", methods=["GET", "POST"])
@requires(role(Role.COACH))
def open_for_person(person_id: uuid.UUID) -> Page:
    """Choose a current référentiel, then its competences and the moment; POST opens the round."""
    membership = assessments.followed_by(current.db(), current.actor(), person_id)
    versions = published_versions(current.db())
    asked = request.values.get("version", type=int)
    version = next((one for one in versions if one.id == asked), None)
    if version is None:
        choices = [(one, document_of(one)) for one in versions]
        return render_template("assessments/choose_version.html", person=membership.person, versions=choices)
    if request.method == "POST":
        return _open(membership, version)
    return _opening_page(membership, version)


def _open(membership: MembershipRecord, version: VersionRecord) -> Page:
    competences = request.form.getlist("competences")
    if len(competences) > assessments.MANY_COMPETENCES and not request.form.get("many"):
        return _opening_page(membership, version, many=True), REFUSED
    try:
        row = assessments.open_round(
            current.db(),
            current.actor(),
            membership.person_id,
            version_id=version.id,
            competences=competences,
            moment=round_forms.choice("moment", Moment),
            now=current.now(),
            organisation_id=membership.organisation_id,
            round_id=round_forms.identifier("round"),
        )
    except Invalid as refused:
        return _opening_page(membership, version, refused=refused), REFUSED
    current.db().commit()
    return redirect(url_for(".show", round_id=row.id), 303)


def _opening_page(
    membership: MembershipRecord, version: VersionRecord, *, many: bool = False, refused: Invalid | None = None
) -> str:
    rounds = assessments.rounds_of(current.db(), current.actor(), membership.person_id)
    former = next((one for one in rounds if one.version.referentiel_id == version.referentiel_id), None)
    posted = request.method == "POST"
    return render_template(
        "assessments/open.html",
        person=membership.person,
        version=version,
        families=round_pages.choices(document_of(version)),
        round_id=request.form.get("round") or uuid.uuid4(),
        chosen=request.form.getlist("competences") if posted else former.competences if former else [],
        moments=[(moment.value, gettext(words)) for moment, words in round_pages.MOMENTS.items()],
        moment=request.form.get("moment") if posted else (Moment.ETAPE if rounds else Moment.ENTREE).value,
        running=[
            round_pages.summary(one, current.actor())
            for one in rounds
            if one.closed_at is None and not one.cancelled_at
        ],
        most=assessments.MANY_COMPETENCES,
        many=many,
        errors=errors(refused),
    )


@blueprint.get(ROUND)
@requires(SIGNED_IN)
def show(round_id: uuid.UUID) -> Page:
    """Where the round stands, and what is the reader's to do next."""
    row = assessments.round_for(current.db(), current.actor(), round_id)
    page = round_pages.frame(row, current.actor())
    closed = row.closed_at is not None
    awards = (
        next_steps.file_for(current.db(), current.actor(), row.person_id).awards if closed and not page.mine else ()
    )
    return render_template(
        "assessments/show.html",
        round=page,
        step=round_pages.summary(row, current.actor()),
        progress=round_pages.progress(row, Rater.SELF if page.mine else Rater.COACH),
        self_sealed=assessments.sealed(row, Rater.SELF),
        coach_sealed=assessments.sealed(row, Rater.COACH),
        hand_screen=not page.mine and confrontation.waits_on_person(row),
        may_cancel=not page.mine and cancellations.may_cancel(row),
        answers=_kept_answers(row, page) if row.cancelled_at is not None else [],
        conclusion=round_pages.conclusion(row),
        tutors=voice_pages.tutor_panel(row, current.actor(), current.now()),
        interviews=[
            voice_pages.interview(one, current.actor())
            for one in interviews.of_round(current.db(), current.actor(), round_id)
        ],
        reached=[] if page.mine else round_pages.reached(row, awards, current.now()),
        entries=exchange_pages.entries(row, tu=page.tu) if closed else [],
        chart=exchange_pages.chart(row, page) if closed else None,
        doors=contest_pages.doors(row, contests.of_round(current.db(), row), mine=page.mine),
    )


@blueprint.post(f"{ROUND}/ecran")
@requires(SIGNED_IN)
def hand_screen(round_id: uuid.UUID) -> Response:
    """Close the coach's session and let the person in on the same screen, with their card and PIN, at this round.

    The PIN is only ever typed in the person's own session.
    """
    row = assessments.round_for(current.db(), current.actor(), round_id)
    here = url_for(".show", round_id=round_id)
    if current.actor().kind == "person" or not confrontation.waits_on_person(row):
        return redirect(here, 303)
    end_session(current.db(), current.actor())
    current.db().commit()
    browser.clear()
    return signed_out_response(redirect(url_for("sign_in.person", code=row.person.card_code, next=here), 303))


def _kept_answers(row: RoundRecord, page: round_pages.Frame) -> list[round_pages.Answer]:
    """What this reader had answered in a round that was cancelled."""
    rater = Rater.SELF if page.mine else Rater.COACH
    return [one for one in round_pages.own_answers(row, current.actor(), rater) if one.given is not None]


@blueprint.get(VIEW)
@requires(SIGNED_IN)
def review(round_id: uuid.UUID, view: str) -> Page:
    """One's own answers, to read again before saying « J'ai fini »."""
    row = assessments.round_for(current.db(), current.actor(), round_id)
    rater = RATERS[view]
    assessments.require_own_view(row, current.actor(), rater)
    if assessments.sealed(row, rater) or row.cancelled_at is not None:
        return redirect(url_for(".show", round_id=round_id))
    return render_template(
        "assessments/review.html",
        round=round_pages.frame(row, current.actor()),
        view=view,
        assisting=assessments.types_for(current.actor(), rater),
        progress=round_pages.progress(row, rater),
        answers=round_pages.own_answers(row, current.actor(), rater),
    )


@blueprint.post(VIEW)
@requires(SIGNED_IN)
def seal(round_id: uuid.UUID, view: str) -> Page:
    """« J'ai fini »: this view no longer changes."""
    assessments.seal(current.db(), current.actor(), round_id, rater=RATERS[view], now=current.now())
    current.db().commit()
    return redirect(url_for(".show", round_id=round_id), 303)


@blueprint.get(f"{VIEW}/<code>")
@requires(SIGNED_IN)
def question(round_id: uuid.UUID, view: str, code: str) -> Page:
    """One competence, its levels in words; then, the level chosen, the situation. A coach has both on one screen."""
    row = assessments.round_for(current.db(), current.actor(), round_id)
    assessments.require_own_view(row, current.actor(), RATERS[view])
    if assessments.sealed(row, RATERS[view]) or row.cancelled_at is not None:
        return redirect(url_for(".show", round_id=round_id))
    return _question_page(row, view, code)


@blueprint.post(f"{VIEW}/<code>")
@requires(SIGNED_IN)
def answer(round_id: uuid.UUID, view: str, code: str) -> Page:
    """Save one answer at once; the next question follows. A level alone leads to the question of its situation."""
    try:
        level = round_forms.level()
        if level is not None and RATERS[view] is Rater.SELF and "situation" not in request.form:
            return redirect(url_for(".question", round_id=round_id, view=view, code=code, level=level), 303)
        rating = assessments.rate(
            current.db(),
            current.actor(),
            round_id,
            rater=RATERS[view],
            competence_code=code,
            level=level,
            situation=request.form.get("situation", ""),
            now=current.now(),
        )
    except Invalid as refused:
        row = assessments.round_for(current.db(), current.actor(), round_id)
        return _question_page(row, view, code, refused=refused), REFUSED
    current.db().commit()
    return redirect(_after(rating.round, view, code), 303)


def _after(row: RoundRecord, view: str, code: str) -> str:
    """The next unanswered question from here on, or the review once there is none."""
    left = assessments.unanswered(row, RATERS[view])
    if not left:
        return url_for(".review", round_id=row.id, view=view)
    here = row.competences.index(code)
    following = [one for one in left if row.competences.index(one) > here]
    return url_for(".question", round_id=row.id, view=view, code=(following or left)[0])


def _question_page(row: RoundRecord, view: str, code: str, *, refused: Invalid | None = None) -> str:
    rater = RATERS[view]
    asked = round_pages.question(row, current.actor(), rater, code)
    return render_template(
        "assessments/question.html",
        round=round_pages.frame(row, current.actor()),
        view=view,
        assisting=assessments.types_for(current.actor(), rater),
        to_coach=rater is Rater.COACH,
        asked=asked,
        level=request.form.get("level", asked.chosen),
        chosen=_just_chosen(asked) if rater is Rater.SELF else None,
        both=rater is Rater.COACH or bool(request.form.get("situation")),
        situation=request.form.get("situation", asked.situation),
        prompts=[(icon, gettext(place), gettext(examples)) for icon, place, examples in round_pages.PROMPTS],
        not_seen=[(round_pages.NOT_SEEN, gettext(round_pages.UNSEEN[rater]))],
        errors=errors(refused),
        longest=assessments.LONGEST_SITUATION,
    )


def _just_chosen(asked: Question) -> tuple[str, str, str] | None:
    """The level whose situation is asked next; None where the level itself is the question."""
    return next((option for option in asked.options if option[0] == request.values.get("level")), None)


@blueprint.get("/personnes/<uuid:person_id>/parcours")
@requires(role(Role.COACH))
def person_path(person_id: uuid.UUID) -> Page:
    """A person's rounds with the coach's structures, and their levels from round to round."""
    membership = people.open_membership(current.db(), current.actor(), person_id)
    return _path_page(person_id, membership.person.name)


@blueprint.get("/moi/parcours")
@requires(PERSON)
def my_path() -> Page:
    """The person's own rounds, and their levels from round to round."""
    person_id = current.actor().person_id
    if person_id is None:
        raise NotFound(assessments.NO_ROUND)
    grids = acquired_grids.own_grids(acquired.of_person(current.db(), current.actor(), person_id))
    return _path_page(person_id, "", grids)


def _path_page(person_id: uuid.UUID, name: str, grids: Sequence[tuple[str, list[Own]]] = ()) -> str:
    rounds = assessments.rounds_of(current.db(), current.actor(), person_id)
    return render_template(
        "assessments/path.html",
        person_id=person_id,
        person=name,
        rounds=[round_pages.summary(row, current.actor()) for row in rounds],
        grids=grids,
        ways=[(way.title, exchange_pages.way_chart(way, format_date)) for way in parcours.ways(rounds, document_of)],
    )
