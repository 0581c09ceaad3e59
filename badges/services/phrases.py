"""« Ma phrase »: written by the person alone, read by them alone, until they say or show otherwise.

A coach reads a phrase only where the person has said so, and only of what they may read a round about. Whoever is shown
one keeps its id: `shown` gives exactly that wording, whatever has been written since.
"""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from badges.models.assessments import RoundRecord
from badges.models.awards import AwardRecord
from badges.models.phrases import PhraseRecord
from badges.services import assessments
from badges.services.access import Actor
from badges.services.errors import N_, Conflict, Forbidden, Invalid, NotFound, too_long
from badges.services.path_lines import Read
from badges.services.referentiels import document_of
from issuer import facts
from issuer.errors import FactRefused
from referentiels.model import Competence

LONGEST = 400
UNKNOWN = N_("Cette compétence n’est pas dans vos positionnements.")


@dataclass(frozen=True, slots=True)
class Place:
    """A competence the person may write a phrase about, and the phrase so far."""

    referentiel_id: int
    title: str
    competence: Competence
    phrase: PhraseRecord | None


def places(session: Session, actor: Actor, *, read: Read = document_of) -> list[Place]:
    """Every competence of the signed-in person's rounds, in the order of the latest ones, with its phrase.

    `read` says a référentiel in the words of who asks.
    """
    written = _present(session, PhraseRecord.person_id == actor.person_id)
    found: dict[tuple[int, str], Place] = {}
    for row in _own_rounds(session, actor):
        document = read(row.version)
        for code in row.competences:
            key = (row.version.referentiel_id, code)
            if key not in found:
                found[key] = Place(key[0], document.title, document.competence(code), written.get(key))
    return list(found.values())


def place(
    session: Session, actor: Actor, referentiel_id: int, competence_code: str, *, read: Read = document_of
) -> Place:
    """One of them.

    Raises:
        NotFound: not a competence of the person's rounds.
    """
    for one in places(session, actor, read=read):
        if (one.referentiel_id, one.competence.code) == (referentiel_id, competence_code):
            return one
    raise NotFound(UNKNOWN)


def write(
    session: Session,
    actor: Actor,
    *,
    referentiel_id: int,
    competence_code: str,
    words: str,
    coach_may_read: bool,
    now: datetime,
) -> PhraseRecord | None:
    """The phrase as it now stands; None where no words are left. The same words again change nothing but who may read.

    Raises:
        NotFound: not a competence of the person's rounds. Forbidden: not a person.
        Invalid: too long, or a character that cannot be seen. Conflict: written at the same moment in another window.
    """
    if actor.person_id is None:
        raise Forbidden(N_("Seule la personne écrit sa phrase."))
    known = place(session, actor, referentiel_id, competence_code)
    text = " ".join(words.split())
    if len(text) > LONGEST:
        raise too_long("words", LONGEST)
    try:  # it may stand on a public page, beside what is signed
        facts.written(text, "words")
    except FactRefused:
        raise Invalid(
            N_("Ce texte contient un caractère invisible. Effacez-le et retapez-le au clavier."), field="words"
        ) from None
    former = known.phrase
    if former is not None and former.words == text:
        former.coach_may_read = coach_may_read
        session.flush()
        return former
    if former is not None:
        former.replaced_at = now
        session.flush()
    if not text:
        return None
    fresh = PhraseRecord(
        person_id=actor.person_id,
        referentiel_id=referentiel_id,
        competence_code=competence_code,
        words=text,
        coach_may_read=coach_may_read,
        written_at=now,
    )
    try:
        with session.begin_nested():
            session.add(fresh)
    except IntegrityError:
        raise Conflict(N_("Cette phrase vient d’être écrite dans une autre fenêtre. Rechargez la page.")) from None
    return fresh


def readable_in(session: Session, actor: Actor, row: RoundRecord) -> dict[str, PhraseRecord]:
    """The present phrases on a round's competences that this reader of the round may read, by competence."""
    condition = (PhraseRecord.person_id == row.person_id) & (PhraseRecord.referentiel_id == row.version.referentiel_id)
    if actor.person_id != row.person_id:
        condition &= PhraseRecord.coach_may_read.is_(True)
    return {code: phrase for (_, code), phrase in _present(session, condition).items() if code in row.competences}


def for_awards(
    session: Session, actor: Actor, awards: Collection[AwardRecord]
) -> dict[uuid.UUID, dict[str, PhraseRecord]]:
    """For each badge, the signed-in person's phrases on what it rests on, by competence: to be shown, if they choose.

    Raises:
        NotFound: one of them is not this person's badge.
    """
    if any(award.person_id != actor.person_id for award in awards):
        raise NotFound(UNKNOWN)
    lineages = {award.version.referentiel_id for award in awards}
    theirs = (PhraseRecord.person_id == actor.person_id) & PhraseRecord.referentiel_id.in_(lineages)
    written = _present(session, theirs) if awards else {}
    return {
        award.id: {
            code: phrase
            for (lineage, code), phrase in written.items()
            if lineage == award.version.referentiel_id and code in award.results
        }
        for award in awards
    }


def shown(session: Session, person_id: uuid.UUID, ids: Collection[int]) -> list[PhraseRecord]:
    """The wordings that were chosen to be shown, exactly as they were; ids that are not this person's are left out."""
    if not ids:
        return []
    chosen = PhraseRecord.id.in_(ids) & (PhraseRecord.person_id == person_id)
    return list(session.scalars(select(PhraseRecord).where(chosen).order_by(PhraseRecord.id)))


def _own_rounds(session: Session, actor: Actor) -> tuple[RoundRecord, ...]:
    if actor.person_id is None:
        raise Forbidden(N_("Seule la personne écrit sa phrase."))
    return assessments.rounds_of(session, actor, actor.person_id)


def _present(session: Session, condition: ColumnElement[bool]) -> dict[tuple[int, str], PhraseRecord]:
    query = select(PhraseRecord).where(condition, PhraseRecord.replaced_at.is_(None))
    return {(one.referentiel_id, one.competence_code): one for one in session.scalars(query)}
