"""Référentiels of this installation: drafts, published versions, recognitions.

What a référentiel is and when it may be published is the library's business (`referentiels`); here it is given an
owner, a row, a number and a place in the journal. A draft is guarded by its revision: a change made on an older
revision is refused, never merged in silence.
"""

from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from badges.models.people import OrganisationKind, OrganisationRecord, Role
from badges.models.referentiels import RecognitionRecord, ReferentielRecord, VersionRecord, VersionState
from badges.services import journal
from badges.services.access import Actor
from badges.services.errors import N_, Conflict, Forbidden, Gone, Invalid, NotFound
from referentiels import compare, document, publishing
from referentiels.model import Referentiel
from referentiels.slugs import free_slug

OWNING_KINDS = (OrganisationKind.REGION, OrganisationKind.BRANCHE, OrganisationKind.ENTREPRISE)
UNKNOWN = N_("Ce référentiel n’existe pas ici.")

Change = Callable[[Referentiel], Referentiel]


class Stale(Conflict):
    """The draft was saved by somebody else since the page was read: nothing of the change was done."""


@lru_cache(maxsize=256)
def _parsed(_digest: str, content: bytes) -> Referentiel:
    return document.read(content)


def document_of(version: VersionRecord) -> Referentiel:
    """The published référentiel as a value; parsed once per process, since the bytes never change."""
    return _parsed(version.digest, version.document)


def published_versions(session: Session) -> list[VersionRecord]:
    """The current version of every référentiel that has one, by title."""
    return list(
        session.scalars(
            select(VersionRecord)
            .join(VersionRecord.referentiel)
            .where(VersionRecord.state == VersionState.PUBLISHED)
            .options(joinedload(VersionRecord.referentiel).joinedload(ReferentielRecord.owner))
            .order_by(ReferentielRecord.title)
        )
    )


def version_at(session: Session, slug: str, number: int) -> VersionRecord:
    """A published version by its signed address, whatever its state.

    Raises:
        NotFound: there is none.
    """
    version = session.scalar(
        select(VersionRecord)
        .join(VersionRecord.referentiel)
        .where(ReferentielRecord.slug == slug, VersionRecord.number == number)
        .options(
            joinedload(VersionRecord.referentiel).joinedload(ReferentielRecord.owner),
            joinedload(VersionRecord.referentiel).selectinload(ReferentielRecord.versions),
        )
    )
    if version is None:
        raise NotFound(N_("Cette version de référentiel n’existe pas ici. Vérifiez l’adresse."))
    return version


def referentiel_by_slug(session: Session, slug: str) -> ReferentielRecord:
    """A référentiel with its versions, owner and recognitions, by its slug.

    Raises:
        NotFound: there is none.
    """
    row = session.scalar(select(ReferentielRecord).where(ReferentielRecord.slug == slug).options(*_whole()))
    if row is None:
        raise NotFound(UNKNOWN)
    return row


def edited_by(session: Session, actor: Actor) -> list[ReferentielRecord]:
    """The référentiels of the organisations the actor edits for, by title."""
    return list(
        session.scalars(
            select(ReferentielRecord)
            .where(ReferentielRecord.owner_id.in_(actor.organisations(Role.EDITOR)))
            .options(*_whole())
            .order_by(ReferentielRecord.title)
        )
    )


def owners_for(session: Session, actor: Actor) -> list[OrganisationRecord]:
    """The organisations for which the actor may create a référentiel, by name."""
    return list(
        session.scalars(
            select(OrganisationRecord)
            .where(
                OrganisationRecord.id.in_(actor.organisations(Role.EDITOR)),
                OrganisationRecord.kind.in_(OWNING_KINDS),
                OrganisationRecord.closed_at.is_(None),
            )
            .order_by(OrganisationRecord.name)
        )
    )


def recognisable(session: Session) -> list[OrganisationRecord]:
    """The organisations that may be recognised: all that are open, by name."""
    return list(
        session.scalars(
            select(OrganisationRecord).where(OrganisationRecord.closed_at.is_(None)).order_by(OrganisationRecord.name)
        )
    )


def free_code(session: Session, title: str) -> str:
    """A code made of the title that no référentiel of this installation has."""
    return free_slug(title, set(session.scalars(select(ReferentielRecord.slug))), otherwise="referentiel")


def for_editor(session: Session, actor: Actor, slug: str, *, lock: bool = True) -> ReferentielRecord:
    """A référentiel the actor edits, locked until the end of a writing session unless it is only read.

    Raises:
        NotFound: there is none, or another organisation's: the two are not told apart.
    """
    wanted = (
        select(ReferentielRecord)
        .where(ReferentielRecord.slug == slug, ReferentielRecord.owner_id.in_(actor.organisations(Role.EDITOR)))
        .options(*_whole())
    )
    row = session.scalar(wanted.with_for_update(of=ReferentielRecord) if lock else wanted)
    if row is None:
        raise NotFound(UNKNOWN)
    return row


def draft_of(row: ReferentielRecord) -> Referentiel:
    """The draft as a value."""
    return document.read(row.draft, draft=True)


def differs(row: ReferentielRecord) -> bool:
    """Whether the draft says anything else than the latest version; True before the first."""
    former = latest_version(row)
    return former is None or bool(compare.compare(document_of(former), draft_of(row)))


def latest_version(row: ReferentielRecord) -> VersionRecord | None:
    """The version with the highest number, or None before the first publication."""
    return row.versions[-1] if row.versions else None


def create(session: Session, actor: Actor, draft: Referentiel, *, owner_id: int, now: datetime) -> ReferentielRecord:
    """A new référentiel with this draft; its code becomes the slug, signed into badges and never changed.

    Raises:
        Forbidden: the actor is not an editor of the owner, or the owner's kind owns no référentiels.
        Conflict: the code is taken on this installation.
    """
    owner = session.get(OrganisationRecord, owner_id)
    if owner is None or not actor.has(Role.EDITOR, owner_id) or owner.kind not in OWNING_KINDS:
        raise Forbidden(N_("Seule l’équipe d’une région, d’une branche ou d’une entreprise crée un référentiel."))
    row = ReferentielRecord(
        slug=draft.code,
        owner_id=owner_id,
        title=draft.title,
        draft=document.write(draft),
        revision=1,
        created_at=now,
        updated_at=now,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        raise Conflict(
            N_("Le code « %(code)s » est déjà pris par un autre référentiel. Choisissez-en un autre."), code=draft.code
        ) from None
    note(session, actor, row, "referentiel.created", now)
    return row


def change_draft(
    session: Session, actor: Actor, *, slug: str, revision: int, change: Change, now: datetime
) -> ReferentielRecord:
    """The référentiel with `change` applied to its draft.

    Raises:
        NotFound: not one the actor edits.
        Stale: somebody saved another revision since this one was read.
        Invalid: the change would alter the référentiel's own code.
        DocumentErrors: what results is not a draft.
    """
    row = for_editor(session, actor, slug)
    if row.revision != revision:
        raise Stale(
            N_(
                "Quelqu’un a modifié ce brouillon pendant que vous écriviez. Votre texte n’a pas été enregistré : "
                "copiez-le, rechargez la page, puis reprenez."
            )
        )
    changed = change(draft_of(row))
    if changed.code != row.slug:
        raise Invalid(N_("Le code d’un référentiel ne change jamais : il est signé dans les badges."), field="code")
    content = document.write(changed)
    document.read(content, draft=True)
    row.draft, row.title = content, changed.title
    row.revision += 1
    row.updated_at = now
    session.flush()
    note(session, actor, row, "referentiel.changed", now, revision=row.revision)
    return row


def publish(session: Session, actor: Actor, *, slug: str, revision: int, now: datetime) -> VersionRecord:
    """The next numbered version, frozen; the former current one is superseded.

    Raises:
        NotFound: not one the actor edits.
        Stale: the draft has changed since it was reviewed.
        Conflict: the version in force already says exactly this.
        DocumentErrors: what still prevents publishing.
    """
    row = for_editor(session, actor, slug)
    if row.revision != revision:
        raise Stale(N_("Le brouillon a changé depuis votre relecture. Relisez-le, puis publiez."))
    former = latest_version(row)
    if former is not None and former.state is VersionState.PUBLISHED and not differs(row):
        raise Conflict(
            N_("La version %(number)s dit déjà exactement cela : il n’y a rien à publier."), number=former.number
        )
    previous = document_of(former) if former else None
    number = former.number + 1 if former else 1
    published = publishing.publish(draft_of(row), previous, number=number, at=now)
    for version in row.versions:
        if version.state is VersionState.PUBLISHED:
            version.state, version.state_changed_at = VersionState.SUPERSEDED, now
    new = VersionRecord(
        referentiel_id=row.id,
        number=number,
        document=published.document,
        digest=published.digest,
        state=VersionState.PUBLISHED,
        published_at=now,
        published_by=actor.staff_id,
    )
    row.versions.append(new)
    session.flush()
    note(session, actor, row, "referentiel.published", now, number=number, digest=published.digest)
    return new


def withdraw(session: Session, actor: Actor, *, slug: str, number: int, reason: str, now: datetime) -> VersionRecord:
    """The version, withdrawn: no new round or badge rests on it; badges already given keep their text.

    Raises:
        NotFound: not one the actor edits, or no such version.
        Conflict: it is withdrawn already.
        Invalid: no reason given.
    """
    row = for_editor(session, actor, slug)
    version = next((one for one in row.versions if one.number == number), None)
    if version is None:
        raise NotFound(UNKNOWN)
    if version.state is VersionState.WITHDRAWN:
        raise Conflict(N_("Cette version est déjà retirée."))
    if not reason.strip():
        raise Invalid(N_("Dites pourquoi cette version est retirée : la raison est publiée."), field="reason")
    version.state, version.state_reason = VersionState.WITHDRAWN, reason.strip()[:500]
    version.state_changed_at = now
    session.flush()
    note(session, actor, row, "referentiel.withdrawn", now, number=number)
    return version


def recognise(
    session: Session,
    actor: Actor,
    *,
    slug: str,
    organisation_slug: str,
    valid_from: date,
    valid_until: date | None,
    now: datetime,
) -> RecognitionRecord:
    """The recognition of an organisation: it may issue on this référentiel between the two days (inclusive).

    Raises:
        NotFound: not a référentiel the actor edits.
        Invalid: unknown organisation, or an end before the beginning.
        Conflict: it is recognised already for part of that time.
    """
    row = for_editor(session, actor, slug)
    organisation = session.scalar(select(OrganisationRecord).where(OrganisationRecord.slug == organisation_slug))
    if organisation is None or organisation.closed_at is not None:
        raise Invalid(N_("Cette organisation n’existe pas ici."), field="organisation")
    if valid_until is not None and valid_until < valid_from:
        raise Invalid(N_("La fin ne peut pas venir avant le début."), field="valid_until")
    for other in row.recognitions:
        if other.organisation_id == organisation.id and _overlap(other, valid_from, valid_until):
            raise Conflict(N_("Cette organisation est déjà reconnue sur une partie de cette période."))
    recognition = RecognitionRecord(
        organisation_id=organisation.id,
        valid_from=valid_from,
        valid_until=valid_until,
        created_at=now,
        created_by=actor.staff_id,
    )
    row.recognitions.append(recognition)
    session.flush()
    note(session, actor, row, "recognition.granted", now, recognised=organisation.id)
    return recognition


def end_recognition(
    session: Session, actor: Actor, *, slug: str, recognition_id: int, last_day: date, now: datetime
) -> RecognitionRecord:
    """The recognition, ending on `last_day`: badges issued until then stay recognised.

    Raises:
        NotFound: not on a référentiel the actor edits.
        Invalid: the last day comes before the first.
        Gone: it has ended already.
    """
    row = for_editor(session, actor, slug)
    recognition = next((one for one in row.recognitions if one.id == recognition_id), None)
    if recognition is None:
        raise NotFound(UNKNOWN)
    if recognition.valid_until is not None and recognition.valid_until <= last_day:
        raise Gone(N_("Cette reconnaissance est déjà terminée à cette date."))
    if last_day < recognition.valid_from:
        raise Invalid(N_("La fin ne peut pas venir avant le début."), field="last_day")
    recognition.valid_until = last_day
    session.flush()
    note(session, actor, row, "recognition.ended", now, recognised=recognition.organisation_id)
    return recognition


def recognition(session: Session, referentiel_id: int, organisation_id: int, day: date) -> RecognitionRecord | None:
    """The recognition under which the organisation may issue on the référentiel that day, or None."""
    return session.scalar(
        select(RecognitionRecord).where(
            RecognitionRecord.referentiel_id == referentiel_id,
            RecognitionRecord.organisation_id == organisation_id,
            RecognitionRecord.valid_from <= day,
            (RecognitionRecord.valid_until.is_(None)) | (RecognitionRecord.valid_until >= day),
        )
    )


def _overlap(other: RecognitionRecord, valid_from: date, valid_until: date | None) -> bool:
    ends_before = other.valid_until is not None and other.valid_until < valid_from
    begins_after = valid_until is not None and other.valid_from > valid_until
    return not (ends_before or begins_after)


def _whole() -> tuple[ExecutableOption, ...]:
    return (
        joinedload(ReferentielRecord.owner, innerjoin=True),
        selectinload(ReferentielRecord.versions),
        selectinload(ReferentielRecord.recognitions).joinedload(RecognitionRecord.organisation, innerjoin=True),
    )


def note(session: Session, actor: Actor, row: ReferentielRecord, action: str, now: datetime, **details: object) -> None:
    """Write an act on this référentiel in the journal, under its owner."""
    journal.record(
        session,
        actor=actor.label,
        action=action,
        object=f"referentiel:{row.slug}",
        now=now,
        organisation_id=row.owner_id,
        **details,
    )
