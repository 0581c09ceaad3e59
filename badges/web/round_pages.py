"""What the pages of a round show, as plain values: templates never hold a round, so nothing blind can slip into one."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from flask import url_for
from flask_babel import format_date, gettext

from badges.models.assessments import Moment, Rater, RatingRecord, RoundOutcome, RoundRecord
from badges.models.awards import UNDER_WAY
from badges.services import assessments, confrontation
from badges.services.access import Actor
from badges.services.assessments import Stage
from badges.services.errors import N_
from badges.services.path_lines import AwardLine
from badges.web import people_words
from badges.web.words import document_of, like
from referentiels.model import Badge, Competence, Referentiel
from referentiels.translation import Said

NOT_SEEN = "none"
"""The value a form posts for no level."""

MOMENTS = {
    Moment.ENTREE: N_("À l’entrée"),
    Moment.ETAPE: N_("En étape"),
    Moment.SORTIE: N_("À la sortie"),
}
OUTCOMES = {
    RoundOutcome.ACCORDE: N_("Accordé"),
    RoundOutcome.A_RETRAVAILLER: N_("À retravailler"),
    RoundOutcome.CLOS: N_("Clos"),
}
UNSEEN = {
    Rater.SELF: N_("Pas encore eu l’occasion"),
    Rater.COACH: N_("Pas observé"),
    Rater.TUTOR: N_("Pas vu dans l’entreprise"),
}


PROMPTS = (
    ("home", N_("À la maison"), N_("Un repas pour plusieurs, des comptes, une réparation, un enfant qu’on aide.")),
    ("work", N_("Au travail"), N_("Un chantier, un stage, une mission, un coup de main payé ou non.")),
    ("sport", N_("Au sport"), N_("Un match, un entraînement, une règle qu’on explique.")),
    ("together", N_("Avec les autres"), N_("Une association, une fête, un voisin, quelqu’un qu’on accompagne.")),
    ("papers", N_("Dans les démarches"), N_("Un rendez-vous, un dossier, un trajet, une traduction.")),
)
"""Places of every day that help to name a situation, each with its drawing and examples."""


@dataclass(frozen=True, slots=True)
class Cancelled:
    """When a round was cancelled, by whom and why."""

    at: datetime
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What every page of a round may show to whoever may open it; `mine` where the reader is the person."""

    id: uuid.UUID
    person_id: uuid.UUID
    title: str
    moment: str
    opened_at: datetime
    person: str
    coach: str
    typist: str
    mine: bool
    tu: bool
    stage: str
    cancelled: Cancelled | None


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the reader stands in one view: answers given of all, and whether it is sealed."""

    given: int
    total: int
    sealed: bool
    next_code: str


@dataclass(frozen=True, slots=True)
class Step:
    """A round in one line: where it stands for this reader, and what is theirs to do next (`action` empty: nothing)."""

    id: uuid.UUID
    title: str
    moment: str
    opened_at: datetime
    kind: str
    state: str
    action: str
    url: str


@dataclass(frozen=True, slots=True)
class Given:
    """One answer in words; `level` None where it was not seen, `rank` its place in the scale from 1.

    `by` says who typed it, where that is not who the answer is from.
    """

    level: int | None
    rank: int
    label: str
    behaviour: str
    situation: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One competence to answer, and the reader's answer so far (`chosen` None: none yet)."""

    code: str
    name: str
    words: str
    pictogram: str
    options: list[tuple[str, str, str]]
    position: int
    total: int
    chosen: str | None
    situation: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One line of a view; `theirs` where the person has answered for themselves and a coach may not read it yet."""

    code: str
    name: str
    pictogram: str
    given: Given | None
    theirs: bool


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What the coach concluded, and since when the round is closed."""

    outcome: str
    talk_on: date
    note: str
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Reached:
    """A badge whose levels the round reaches: where its award stands, or (`kind` empty) that it may be proposed."""

    name: str
    url: str
    kind: str
    state: str


def frame(row: RoundRecord, actor: Actor) -> Frame:
    """The frame of a round's pages for this reader."""
    return Frame(
        id=row.id,
        person_id=row.person_id,
        title=document_of(row.version).title,
        moment=gettext(MOMENTS[row.moment]),
        opened_at=row.opened_at,
        person=row.person.name,
        coach=row.coach.name,
        typist=row.typist.name if row.typist else "",
        mine=actor.person_id == row.person_id,
        tu=row.organisation.address_form == "tu",
        stage=assessments.stage(row).value,
        cancelled=_cancelled(row),
    )


def _cancelled(row: RoundRecord) -> Cancelled | None:
    if row.cancelled_at is None:
        return None
    return Cancelled(row.cancelled_at, row.canceller.name if row.canceller else "", row.cancel_reason)


def progress(row: RoundRecord, rater: Rater) -> Progress:
    """Where one view stands. Only for whoever answers in it."""
    left = assessments.unanswered(row, rater)
    total = len(row.competences)
    return Progress(total - len(left), total, assessments.sealed(row, rater), left[0] if left else "")


def summary(row: RoundRecord, actor: Actor) -> Step:
    """The round in one line for this reader, without a word of what the other has answered."""
    mine = actor.person_id == row.person_id
    over = ("neutral", gettext("Annulé"), "", "") if row.cancelled_at else None
    kind, state, action, endpoint = over or _next(row, mine=mine)
    values: dict[str, Any] = {}
    if endpoint in {"review", "question"}:
        values["view"] = "moi" if mine else "coach"
    if endpoint == "question":
        values["code"] = progress(row, Rater.SELF if mine else Rater.COACH).next_code
    return Step(
        id=row.id,
        title=document_of(row.version).title,
        moment=gettext(MOMENTS[row.moment]),
        opened_at=row.opened_at,
        kind=kind,
        state=state,
        action=action,
        url=url_for(f"assessments.{endpoint}", round_id=row.id, **values) if endpoint else "",
    )


def _next(row: RoundRecord, *, mine: bool) -> tuple[str, str, str, str]:
    """Kind of chip, state in words, label of the next act and its endpoint."""
    now = assessments.stage(row)
    if now is Stage.BLIND:
        return _next_blind(row, mine=mine)
    if now is Stage.CLOSED:
        return _next_closed(row, mine=mine)
    if now is Stage.CONFIRMATION:
        if mine:
            return "todo", gettext("À confirmer"), gettext("Relire et confirmer"), "confirm"
        return "waiting", gettext("À confirmer par la personne"), _see(row), "exchange"
    if mine or confrontation.unsettled(row):
        return "todo", gettext("À voir ensemble"), _see(row), "exchange"
    return "todo", gettext("À conclure"), gettext("Conclure"), "conclusion"


def _next_blind(row: RoundRecord, *, mine: bool) -> tuple[str, str, str, str]:
    own = progress(row, Rater.SELF if mine else Rater.COACH)
    if own.sealed and row.self_sealed_at and row.coach_sealed_at:
        return "waiting", gettext("En attente de l’avis de l’entreprise"), "", ""
    if own.sealed:
        state = gettext("En attente de l’avis du coach") if mine else gettext("En attente de l’avis de la personne")
        return "waiting", state, "", ""
    if not own.next_code:
        return "todo", gettext("À terminer"), gettext("Relire et terminer"), "review"
    if own.given:
        return "todo", gettext("À continuer"), gettext("Continuer"), "question"
    return "todo", gettext("À commencer"), gettext("Commencer"), "question"


def _next_closed(row: RoundRecord, *, mine: bool) -> tuple[str, str, str, str]:
    if confrontation.awaits_confirmation(row):
        if mine:
            return "todo", gettext("Réponse à confirmer"), gettext("Relire et confirmer"), "confirm"
        return "waiting", gettext("Réponse à confirmer par la personne"), _see(row), "exchange"
    if any(one.blocked for one in confrontation.comparisons(row)):
        act = _see(row) if mine else gettext("Répondre au désaccord")
        return "attention", gettext("Un désaccord attend une réponse"), act, "exchange"
    outcome = gettext(OUTCOMES[row.outcome]) if row.outcome else ""
    return "done", outcome, _see(row), "exchange"


def _see(row: RoundRecord) -> str:
    """What leads to the views: as many as there are."""
    three = any(rating.rater is Rater.TUTOR for rating in row.ratings)
    text: str = gettext("Voir les trois avis") if three else gettext("Voir les deux avis")
    return text


def conclusion(row: RoundRecord) -> Conclusion | None:
    """What the coach concluded, or None before."""
    if row.outcome is None or row.talk_on is None:
        return None
    return Conclusion(gettext(OUTCOMES[row.outcome]), row.talk_on, row.note, row.closed_at)


def reached(row: RoundRecord, awards: Sequence[AwardLine], now: datetime) -> list[Reached]:
    """The badges a closed and agreed round reaches, for a coach: each to be proposed, or with its award's state."""
    if row.closed_at is None or row.outcome is not RoundOutcome.ACCORDE:
        return []
    under_way = {
        award.badge_code: award
        for award in awards
        if award.state in UNDER_WAY
        and (award.version_id, award.organisation_id) == (row.version_id, row.organisation_id)
    }
    return [
        _reached(row, badge, under_way.get(badge.code), now)
        for badge in assessments.met_badges(row, document_of(row.version))
    ]


def _reached(row: RoundRecord, badge: Badge, award: AwardLine | None, now: datetime) -> Reached:
    if award is None:
        url = url_for("awards.propose", round_id=row.id, badge_code=badge.code)
        return Reached(badge.name, url, "", "")
    url = url_for("awards.show", award_id=award.id)
    return Reached(badge.name, url, *people_words.award_chip(award, now))


def choices(document: Referentiel, *, words: bool = True) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """The competences to choose from, by family: code, name and, where `words`, those for the person."""
    found: dict[str, list[tuple[str, str, str]]] = {family.code: [] for family in document.families}
    for one in document.competences:
        found[one.family].append((one.code, one.name, one.for_person if words else ""))
    return [(family.name, found[family.code]) for family in document.families if found[family.code]]


def level_options(document: Referentiel, competence: Competence) -> list[tuple[str, str, str]]:
    """Every level of the scale as a card: value, name, behaviour of this competence."""
    return [(str(step.level), step.name, competence.behaviour(step.level)) for step in document.scale]


def given(document: Referentiel, competence: Competence, level: int | None, situation: str, unseen: str) -> Given:
    """An answer in words; `unseen` is said where there is no level."""
    if level is None:
        return Given(None, 0, gettext(unseen), "", situation)
    rank = document.levels.index(level) + 1
    name = document.level(level).name
    return Given(level, rank, like(f"{level} · {name}", name), competence.behaviour(level), situation)


def answered(document: Referentiel, row: RoundRecord, competence: Competence, rating: RatingRecord) -> Given:
    """One rating in words, with who typed it: beside the person, or instead of the coach of the round."""
    words = given(document, competence, rating.level, rating.situation, UNSEEN[rating.rater])
    if rating.typist is None or rating.rater is Rater.TUTOR:
        return words
    if rating.rater is Rater.SELF and row.self_paper_on is not None:
        paper = gettext("Saisi par %(name)s, d’après la fiche papier du %(date)s")
        return replace(words, by=paper % {"name": rating.typist.name, "date": format_date(row.self_paper_on)})
    if rating.rater is Rater.SELF:
        return replace(words, by=gettext("Saisi par %(name)s, à côté de la personne", name=rating.typist.name))
    if rating.staff_id != row.coach_id:
        return replace(words, by=gettext("Rempli par %(name)s", name=rating.typist.name))
    return words


def question(row: RoundRecord, actor: Actor, rater: Rater, code: str) -> Question:
    """One question of a view, with this reader's answer so far.

    Raises:
        NotFound: not a competence of the round.
        Forbidden: not this reader's view.
        Conflict: the view is sealed, or the answer is the person's own.
    """
    rating = assessments.answerable(row, actor, rater, code)
    document = document_of(row.version)
    competence = document.competence(code)
    chosen = None
    if rating is not None:
        chosen = NOT_SEEN if rating.level is None else str(rating.level)
    return Question(
        code=code,
        name=competence.name,
        words=competence.for_person if rater is Rater.SELF else Said(competence.for_recruiter, document.language),
        pictogram=competence.pictogram,
        options=level_options(document, competence),
        position=row.competences.index(code) + 1,
        total=len(row.competences),
        chosen=chosen,
        situation=rating.situation if rating else "",
    )


def own_answers(row: RoundRecord, actor: Actor, rater: Rater) -> list[Answer]:
    """Every line of one view as this reader may see it."""
    document = document_of(row.version)
    readable = assessments.readable_answers(row, actor, rater)
    left = assessments.unanswered(row, rater)
    lines = []
    for code in row.competences:
        competence, rating = document.competence(code), readable.get(code)
        words = answered(document, row, competence, rating) if rating else None
        lines.append(Answer(code, competence.name, competence.pictogram, words, rating is None and code not in left))
    return lines
