"""Organisations: creation, the settings they choose themselves, and their journal for auditors.

A slug is derived from the name once and signed into badges: nothing here changes it, nor the name it came from.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from badges.models.journal import JournalRecord
from badges.models.people import OrganisationKind, OrganisationRecord, Role, RoleRecord, StaffRecord
from badges.services import journal, keys, status
from badges.services.access import Actor
from badges.services.errors import N_, Conflict, Forbidden, Invalid, NotFound
from badges.services.installation import Installation
from badges.services.names import clean_name
from referentiels.slugs import free_slug, slug

JOURNAL_PAGE = 50
LONGEST_WORD = 40
LONGEST_PHONE = 40
LONGEST_URL = 300
ADDRESS_FORMS = ("vous", "tu")
PHONE = re.compile(r"\+?[0-9][0-9 .()/-]{3,}", re.ASCII)
NAME_TAKEN = N_("Une organisation de ce nom existe déjà. Précisez le nom, par exemple avec la ville.")
UNKNOWN = N_("Cette organisation n’existe pas ici, ou vous ne l’administrez pas.")


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One act. `actor` is a staff name, or empty for a person or a command; `staff` names staff that was acted on."""

    id: int
    at: datetime
    actor_kind: str
    actor: str
    action: str
    object_kind: str
    object_id: str
    staff: str
    organisation: str
    details: dict[str, Any]


@dataclass(frozen=True, slots=True)
class JournalPage:
    """A page of the journal, newest first; `before` leads to the next one, None at the end."""

    lines: tuple[JournalLine, ...]
    before: int | None


def organisation_by_slug(session: Session, wanted: str) -> OrganisationRecord:
    """An organisation by the slug of its signed addresses, for anybody.

    Raises:
        NotFound: there is none.
    """
    row = session.scalar(select(OrganisationRecord).where(OrganisationRecord.slug == wanted))
    if row is None:
        raise NotFound(N_("Cette organisation n’existe pas ici. Vérifiez l’adresse."))
    return row


def to_call(session: Session) -> list[OrganisationRecord]:
    """The structures that follow people, for whoever has lost a card: by name, those that are closed left out."""
    query = select(OrganisationRecord).where(
        OrganisationRecord.kind == OrganisationKind.STRUCTURE, OrganisationRecord.closed_at.is_(None)
    )
    return list(session.scalars(query.order_by(OrganisationRecord.name)))


def held(session: Session, actor: Actor, role: Role) -> list[OrganisationRecord]:
    """The organisations in which this actor holds the role, by name."""
    return list(
        session.scalars(
            select(OrganisationRecord)
            .where(OrganisationRecord.id.in_(actor.organisations(role)))
            .order_by(OrganisationRecord.name)
        )
    )


def administered_by_slug(session: Session, actor: Actor, wanted: str, *, lock: bool = False) -> OrganisationRecord:
    """One organisation this actor administers; `lock` makes its administrators' acts wait for each other.

    Raises:
        NotFound: there is none, or another administers it: not told apart.
    """
    query = select(OrganisationRecord).where(
        OrganisationRecord.slug == wanted, OrganisationRecord.id.in_(actor.organisations(Role.ADMINISTRATOR))
    )
    row = session.scalar(query.with_for_update() if lock else query)
    if row is None:
        raise NotFound(UNKNOWN)
    return row


def may_create(session: Session, actor: Actor) -> bool:
    """Whether the actor administers a région, and so may add organisations."""
    return any(row.kind is OrganisationKind.REGION for row in held(session, actor, Role.ADMINISTRATOR))


def create_organisation(
    session: Session,
    installation: Installation,
    actor: Actor,
    *,
    name: str,
    kind: OrganisationKind,
    now: datetime,
    territory: str = "",
) -> OrganisationRecord:
    """A new organisation, ready to sign; its creator administers it until they hand that over.

    Raises:
        Forbidden: the actor administers no région.
        Conflict: an organisation of this name exists.
        Invalid: the name or the territory cannot be used.
    """
    if not may_create(session, actor):
        raise Forbidden(N_("Seule l’administration d’une région ajoute une organisation."))
    row = add_organisation(session, installation, actor.label, name=name, kind=kind, now=now, territory=territory)
    session.add(RoleRecord(staff_id=actor.staff_id, organisation_id=row.id, role=Role.ADMINISTRATOR))
    session.flush()
    return row


def add_organisation(
    session: Session,
    installation: Installation,
    actor: str,
    *,
    name: str,
    kind: OrganisationKind,
    now: datetime,
    territory: str = "",
) -> OrganisationRecord:
    """A new organisation with its slug, key and status lists, without anybody to administer it yet.

    `actor` is the journal's label of who asked; whether they may is their caller's question.

    Raises:
        Conflict: an organisation of this name exists. Invalid: the name or the territory cannot be used.
    """
    name = clean_name(name)
    if session.scalar(select(OrganisationRecord.id).where(OrganisationRecord.name == name)):
        raise Conflict(NAME_TAKEN)
    taken = session.scalars(
        select(OrganisationRecord.slug).where(
            OrganisationRecord.slug.startswith(slug(name, otherwise=kind.value)[:40], autoescape=True)
        )
    )
    row = OrganisationRecord(
        slug=free_slug(name, set(taken), otherwise=kind.value),
        name=name,
        kind=kind,
        territory=clean_name(territory, field="territory") if territory.strip() else "",
        created_at=now,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:  # the same slug, taken at the same moment
        raise Conflict(NAME_TAKEN) from None
    status.ensure_issuer(session, installation, row, now)
    _note(session, actor, row, "organisation.created", now)
    return row


def change_settings(
    session: Session,
    actor: Actor,
    wanted: str,
    *,
    word_for_person: str,
    address_form: str,
    phone: str,
    url: str,
    now: datetime,
) -> OrganisationRecord:
    """The organisation with the word it uses for a person, *vous* or *tu*, its telephone and its site.

    Raises:
        NotFound: the actor does not administer it.
        Invalid: one of them cannot be used.
    """
    row = administered_by_slug(session, actor, wanted, lock=True)
    row.word_for_person = clean_name(word_for_person, field="word_for_person", longest=LONGEST_WORD)
    row.address_form = _one_of(address_form, ADDRESS_FORMS)
    row.phone = _phone(phone)
    row.url = _site(url)
    session.flush()
    _note(session, actor.label, row, "organisation.settings_changed", now)
    return row


def choose_proof(
    session: Session,
    installation: Installation,
    actor: Actor,
    wanted: str,
    *,
    proof: str,
    token: str,
    now: datetime,
) -> OrganisationRecord:
    """The organisation, which signs with this proof from now on, and this token beside it.

    Raises:
        NotFound: the actor does not administer it. Invalid: no such proof, or no such token.
    """
    row = administered_by_slug(session, actor, wanted, lock=True)
    keys.choose(session, installation, row, proof=proof, token=token, actor=actor.label, now=now)
    return row


def journal_page(session: Session, actor: Actor, *, before: int | None = None) -> JournalPage:
    """What was done in the organisations this actor audits, newest first, from just before an entry."""
    query = (
        select(JournalRecord, OrganisationRecord.name)
        .join(OrganisationRecord, OrganisationRecord.id == JournalRecord.organisation_id)
        .where(JournalRecord.organisation_id.in_(actor.organisations(Role.AUDITOR)))
        .order_by(JournalRecord.id.desc())
        .limit(JOURNAL_PAGE + 1)
    )
    if before is not None:
        query = query.where(JournalRecord.id < before)
    rows = session.execute(query).all()
    names = _staff_names(session, [text for record, _name in rows for text in (record.actor, record.object)])
    lines = tuple(_journal_line(record, name, names) for record, name in rows[:JOURNAL_PAGE])
    return JournalPage(lines, lines[-1].id if len(rows) > JOURNAL_PAGE else None)


def _journal_line(record: JournalRecord, organisation: str, names: dict[str, str]) -> JournalLine:
    kind, _, identifier = record.object.partition(":")
    return JournalLine(
        id=record.id,
        at=record.at,
        actor_kind=record.actor.partition(":")[0],
        actor=names.get(record.actor, ""),
        action=record.action,
        object_kind=kind,
        object_id=identifier,
        staff=names.get(record.object, ""),
        organisation=organisation,
        details=record.details,
    )


def _staff_names(session: Session, labels: list[str]) -> dict[str, str]:
    """Staff names by journal label. People are never named in a journal's page."""
    ids = {int(number) for kind, _, number in (label.partition(":") for label in labels) if kind == "staff"}
    if not ids:
        return {}
    found = session.execute(select(StaffRecord.id, StaffRecord.name).where(StaffRecord.id.in_(ids)))
    return {f"staff:{staff_id}": name for staff_id, name in found}


def _one_of(value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise Invalid(N_("Choisissez « vous » ou « tu »."), field="address_form")
    return value


def _phone(typed: str) -> str:
    phone = " ".join(typed.split())
    if phone and (len(phone) > LONGEST_PHONE or not PHONE.fullmatch(phone)):
        raise Invalid(N_("Écrivez un numéro de téléphone, par exemple 02 40 00 00 00."), field="phone")
    return phone


def _site(typed: str) -> str:
    url = typed.strip()
    if not url:
        return ""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.username is None
    except ValueError:
        usable = False
    plain = url.isascii() and url.isprintable() and not set(url) & set(' "<>\\^`{|}')
    if not usable or not plain or len(url) > LONGEST_URL:
        raise Invalid(N_("Écrivez une adresse complète, par exemple https://www.exemple.fr."), field="url")
    return url


def _note(session: Session, actor: str, row: OrganisationRecord, action: str, now: datetime) -> None:
    journal.record(
        session, actor=actor, action=action, object=f"organisation:{row.slug}", now=now, organisation_id=row.id
    )
