"""What the pages show of contested levels, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from flask import url_for
from flask_babel import gettext

from badges.models.assessments import RoundRecord
from badges.models.contests import ContestEnd, ContestRecord
from badges.services import assessments, contests
from badges.services.errors import N_
from badges.web.round_pages import Given, given
from badges.web.words import document_of

WRONG_PIN = N_("Ce n’est pas le bon code secret. Essayez encore.")


@dataclass(frozen=True, slots=True)
class Contested:
    """One level and its latest contest; `state` is none, waiting, answered, settled, maintained or withdrawn."""

    code: str
    name: str
    pictogram: str
    state: str
    level: Given | None
    reason: str
    opened_at: datetime | None
    answer: str
    talk_on: date | None
    proposed: Given | None
    same: bool
    seen: str


@dataclass(frozen=True, slots=True)
class Door:
    """How a round's page leads to the contest of one level: what it says, with the kind and words of its chip."""

    label: str
    url: str
    kind: str
    state: str


def contested(row: RoundRecord, code: str, made: ContestRecord | None) -> Contested:
    """The level and its latest contest in words."""
    document = document_of(row.version)
    competence = document.competence(code)
    settled = assessments.settled_levels(row).get(code)

    def words(level: int | None) -> Given | None:
        return None if level is None else given(document, competence, level, "", "")

    return Contested(
        code=code,
        name=competence.name,
        pictogram=competence.pictogram,
        state=_state(made),
        level=words(settled),
        reason=made.reason if made else "",
        opened_at=made.opened_at if made else None,
        answer=made.answer if made else "",
        talk_on=made.talk_on if made else None,
        proposed=words(made.level) if made else None,
        same=made is not None and made.level == made.level_before,
        seen=contests.shown(made) if made else "",
    )


def doors(row: RoundRecord, found: Mapping[str, ContestRecord], *, mine: bool) -> dict[str, Door]:
    """Where a closed round's page leads, by competence: for the person every agreed level, for a coach what is open."""
    levels = assessments.settled_levels(row) if row.closed_at is not None else {}
    places = {code: _door(row, code, found.get(code), mine=mine) for code in levels}
    return {code: door for code, door in places.items() if door is not None}


def _door(row: RoundRecord, code: str, made: ContestRecord | None, *, mine: bool) -> Door | None:
    url = url_for("contests.show", round_id=row.id, code=code)
    state = _state(made)
    if state == "waiting":
        label = gettext("Voir") if mine else gettext("Répondre")
        return Door(label, url, "attention", gettext("Niveau contesté"))
    if state == "answered":
        label = gettext("Lire la réponse") if mine else gettext("Voir")
        return Door(label, url, "todo" if mine else "waiting", gettext("Niveau contesté, avec une réponse"))
    if mine:
        return Door(gettext("Contester ce niveau"), url, "", "")
    return None


def _state(made: ContestRecord | None) -> str:
    if made is None:
        return "none"
    if made.end is not None:
        return ContestEnd(made.end).value
    return "waiting" if made.answered_at is None else "answered"
