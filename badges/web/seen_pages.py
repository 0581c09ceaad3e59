"""What the pages of what was seen show, as plain values: never another person, never a level."""

import uuid
from dataclasses import dataclass
from datetime import date

from flask_babel import format_date, gettext, ngettext

from badges.models.evidence import ObservationRecord, PieceRecord, SituationRecord
from badges.models.referentiels import VersionRecord
from badges.services import evidence
from badges.services.evidence import Try
from badges.services.referentiels import published_versions
from badges.web import current, evidence_words
from badges.web.words import document_of


@dataclass(frozen=True, slots=True)
class Fact:
    """One observation: the competence, what was going on, and where the person's wish about it stands."""

    id: uuid.UUID
    competence: str
    pictogram: str
    context: str
    words: str
    times: str
    by: str
    aside: bool
    asked: str
    answer: str
    waits: bool


@dataclass(frozen=True, slots=True)
class PieceView:
    """A piece of the portfolio; `removable` where the reader may take it off."""

    id: uuid.UUID
    title: str
    url: str
    sha256: str
    made_on: date
    removable: bool


def fact(row: ObservationRecord) -> Fact:
    """The observation for whoever may read it."""
    competence = document_of(_version(row)).competence(row.competence_code)
    origin = gettext(evidence_words.ORIGINS[row.origin])
    seen = Try(row.seen_on, row.act, row.autonomy)
    return Fact(
        id=row.id,
        competence=competence.name,
        pictogram=competence.pictogram,
        context=gettext(
            "%(origin)s : %(activity)s, %(place)s, le %(date)s",
            origin=origin,
            activity=row.activity,
            place=row.place,
            date=format_date(row.seen_on),
        ),
        words=evidence_words.tried(seen),
        times=ngettext("Vu dans %(num)s manche.", "Vu dans %(num)s manches.", len(row.turns)) if row.turns else "",
        by=row.staff.name,
        aside=row.set_aside_at is not None,
        asked=row.person_words,
        answer=row.answer,
        waits=row.asked_at is not None and row.answered_at is None,
    )


def piece(row: PieceRecord) -> PieceView:
    """The piece for whoever may read it."""
    actor = current.actor()
    mine = actor.person_id == row.person_id or row.organisation_id is not None
    return PieceView(row.id, row.title, row.url, row.sha256, row.made_on, mine)


def tries(row: SituationRecord) -> list[tuple[uuid.UUID, str, str]]:
    """Each try of a situation that stands: its identifier, the competence, and its line."""
    document = document_of(row.version)
    return [
        (
            one.id,
            document.competence(one.competence_code).name,
            evidence_words.tried(Try(one.seen_on, one.act, one.autonomy)),
        )
        for one in row.observations
        if evidence.was_seen(one)
    ]


def version_asked(asked: int | None) -> VersionRecord | None:
    """The current version that was chosen, or the only one there is; None where one has to be chosen."""
    versions = published_versions(current.db())
    if len(versions) == 1:
        return versions[0]
    return next((one for one in versions if one.id == asked), None)


def _version(row: ObservationRecord) -> VersionRecord:
    if row.group_session is not None:
        return row.group_session.version
    if row.situation is not None:
        return row.situation.version
    raise ValueError("an observation comes from a session or from a situation")
