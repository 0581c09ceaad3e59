"""Mandates: the owner of a référentiel lets a structure's badges be signed in the owner's name, with the owner's key.

For whom the name of their structure says too much. Three must agree: the version's text lets the owner be shown, the
owner gave this structure a mandate, and the person chooses it when they take their badge. A mandate stands on a
recognition, from a day until a day (inclusive). Its end stops new signatures, never a badge. Keys stay their
organisation's own: a structure never holds or sees the owner's, it has this service sign within these bounds.
"""

from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from badges.models.people import OrganisationRecord
from badges.models.referentiels import RecognitionRecord, ReferentielRecord, VersionRecord
from badges.services import referentiels, status
from badges.services.access import Actor
from badges.services.errors import N_, Conflict, Gone, Invalid, NotFound
from badges.services.installation import Installation

NOT_ALLOWED = N_(
    "La version en vigueur ne permet pas d’afficher le propriétaire comme émetteur. Permettez-le dans la présentation, "
    "publiez, puis donnez le mandat."
)


def give(
    session: Session,
    actor: Actor,
    installation: Installation,
    *,
    slug: str,
    recognition_id: int,
    valid_from: date,
    valid_until: date | None,
    now: datetime,
) -> RecognitionRecord:
    """The recognition, with a mandate between the two days (inclusive); the owner becomes an issuer where it is none.

    Raises:
        NotFound: not on a référentiel the actor edits.
        Conflict: the version in force does not let the owner be shown, or a mandate is in force or to come.
        Invalid: the days do not lie within the recognition, or the end comes first.
    """
    row = referentiels.for_editor(session, actor, slug)
    recognition = _one(row, recognition_id)
    latest = referentiels.latest_version(row)
    if latest is None or not referentiels.document_of(latest).owner_as_issuer:
        raise Conflict(NOT_ALLOWED)
    if recognition.organisation_id == row.owner_id:
        raise Conflict(N_("Vous signez déjà en votre nom : un mandat se donne à une autre organisation."))
    if valid_until is not None and valid_until < valid_from:
        raise Invalid(N_("La fin ne peut pas venir avant le début."), field="valid_until")
    if not _within(recognition, valid_from, valid_until):
        raise Invalid(N_("Un mandat tient dans la période de la reconnaissance."), field="valid_from")
    today = now.astimezone(UTC).date()
    if is_open(recognition, today):
        raise Conflict(N_("Cette organisation a déjà un mandat. Fixez d’abord sa fin."))
    status.ensure_issuer(session, installation, row.owner, now)
    _recognise_owner(session, actor, row, valid_from, now)
    recognition.mandate_from, recognition.mandate_until = valid_from, valid_until
    session.flush()
    referentiels.note(session, actor, row, "mandate.given", now, recognised=recognition.organisation_id)
    return recognition


def end(
    session: Session, actor: Actor, *, slug: str, recognition_id: int, last_day: date, now: datetime
) -> RecognitionRecord:
    """The recognition, its mandate ending on `last_day`: badges signed until then stand as they are.

    A mandate that has not begun is taken back by a last day before its first.

    Raises:
        NotFound: not on a référentiel the actor edits, or it has no mandate. Gone: it has ended by then already.
    """
    row = referentiels.for_editor(session, actor, slug)
    recognition = _one(row, recognition_id)
    if recognition.mandate_from is None:
        raise NotFound(referentiels.UNKNOWN)
    if recognition.mandate_until is not None and recognition.mandate_until <= last_day:
        raise Gone(N_("Ce mandat est déjà terminé à cette date."))
    recognition.mandate_until = last_day
    session.flush()
    referentiels.note(session, actor, row, "mandate.ended", now, recognised=recognition.organisation_id)
    return recognition


def owner_for(
    session: Session, version: VersionRecord, organisation: OrganisationRecord, now: datetime
) -> OrganisationRecord | None:
    """The owner in whose name a badge of this version and this structure may be signed today; None where it may not.

    The day is counted in UTC, as verifiers count it.
    """
    owner, day = version.referentiel.owner, now.astimezone(UTC).date()
    if not referentiels.document_of(version).owner_as_issuer or owner.closed_at is not None:
        return None
    own = referentiels.recognition(session, version.referentiel_id, owner.id, day)
    return owner if own is not None and holds(session, version.referentiel_id, organisation.id, now) else None


def holds(session: Session, referentiel_id: int, organisation_id: int, now: datetime) -> bool:
    """Whether the organisation has a mandate on the référentiel today, within a recognition that stands."""
    day = now.astimezone(UTC).date()
    recognition = referentiels.recognition(session, referentiel_id, organisation_id, day)
    return recognition is not None and in_force(recognition, day)


def is_open(recognition: RecognitionRecord, day: date) -> bool:
    """Whether the recognition has a mandate that holds that day or is yet to begin."""
    return recognition.mandate_from is not None and not _over(recognition, day)


def in_force(recognition: RecognitionRecord, day: date) -> bool:
    """Whether the recognition's mandate holds that day."""
    begins = recognition.mandate_from
    return begins is not None and begins <= day and not _over(recognition, day)


def _over(recognition: RecognitionRecord, day: date) -> bool:
    ends = [one for one in (recognition.mandate_until, recognition.valid_until) if one is not None]
    return bool(ends) and min(ends) < day


def _within(recognition: RecognitionRecord, valid_from: date, valid_until: date | None) -> bool:
    if recognition.valid_until is None:
        return recognition.valid_from <= valid_from
    return recognition.valid_from <= valid_from and (valid_until or valid_from) <= recognition.valid_until


def _one(row: ReferentielRecord, recognition_id: int) -> RecognitionRecord:
    found = next((one for one in row.recognitions if one.id == recognition_id), None)
    if found is None:
        raise NotFound(referentiels.UNKNOWN)
    return found


def _recognise_owner(session: Session, actor: Actor, row: ReferentielRecord, valid_from: date, now: datetime) -> None:
    """Let the owner issue on its own référentiel: else its signature would mean nothing to who verifies."""
    own = [one for one in row.recognitions if one.organisation_id == row.owner_id]
    if any(one.valid_until is None and one.valid_from <= valid_from for one in own):
        return
    first = max([valid_from, *(one.valid_until for one in own if one.valid_until is not None)])
    if any(one.valid_until is None for one in own):
        return  # it begins later: until then nothing is signed in its name
    row.recognitions.append(
        RecognitionRecord(
            organisation_id=row.owner_id, valid_from=first, valid_until=None, created_at=now, created_by=actor.staff_id
        )
    )
    session.flush()
    referentiels.note(session, actor, row, "recognition.granted", now, recognised=row.owner_id)
