"""Staff: invited with roles, let in by a one-time link, and never left without an administrator.

An administrator acts on roles in the organisations they administer, and on nothing else: an account that also works
elsewhere is neither reset into their hands nor deactivated by them. A link is used once and only its digest is kept.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, selectinload

from badges.models.access import LinkPurpose
from badges.models.people import OrganisationKind, OrganisationRecord, Role, RoleRecord, StaffRecord
from badges.services import access, journal, organisations
from badges.services.access import Actor
from badges.services.errors import N_, Conflict, Forbidden, Invalid, NotFound
from badges.services.installation import Installation
from badges.services.names import clean_name

LONGEST_EMAIL = 254
EMAIL = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-z0-9-]+(\.[a-z0-9-]+)+", re.ASCII)
UNKNOWN = N_("Cette personne ne travaille pas pour une organisation que vous administrez.")
LAST_ADMINISTRATOR = N_(
    "C’est la dernière personne qui administre « %(organisation)s ». Donnez d’abord ce rôle à quelqu’un d’autre, "
    "et attendez que cette personne ait choisi son mot de passe."
)


@dataclass(frozen=True, slots=True)
class Admission:
    """Someone who is let in: `token` opens the page where they choose a password, None where they have one already.

    `private` says that the account also works where the administrator has no say: only its owner may be given the
    link, by mail.
    """

    staff: StaffRecord
    token: str | None
    private: bool


@dataclass(frozen=True, slots=True)
class Member:
    """A member of staff as an organisation's administrator sees them."""

    id: int
    name: str
    email: str
    roles: tuple[Role, ...]
    has_password: bool
    active: bool
    elsewhere: bool


def first_administrator(
    session: Session,
    installation: Installation,
    *,
    organisation_name: str,
    kind: OrganisationKind,
    name: str,
    email: str,
    now: datetime,
) -> str:
    """The token of the link with which the first administrator of a fresh installation chooses a password.

    Asked again for the same organisation and e-mail, it is a fresh link: for one that was lost or came too late, and
    for an administrator who is locked out. Whoever runs the command holds the database anyway.

    Raises:
        Conflict: the organisation or the e-mail is already here, and the one does not administer the other.
        Invalid: one of the texts cannot be used.
    """
    address = read_email(email)
    known = staff_by_email(session, address)
    if known is not None:
        return _link_again(session, known, clean_name(organisation_name), now)
    row = organisations.add_organisation(session, installation, "command", name=organisation_name, kind=kind, now=now)
    staff = StaffRecord(email=address, name=clean_name(name), created_at=now)
    staff.roles.append(RoleRecord(organisation_id=row.id, role=Role.ADMINISTRATOR))
    session.add(staff)
    session.flush()
    _note(session, "command", "staff.invited", staff, now, where=row.id)
    return access.new_link(session, staff, LinkPurpose.INVITATION, now)


def _link_again(session: Session, staff: StaffRecord, organisation_name: str, now: datetime) -> str:
    place = session.scalar(
        select(OrganisationRecord)
        .join(RoleRecord, RoleRecord.organisation_id == OrganisationRecord.id)
        .where(
            OrganisationRecord.name == organisation_name,
            RoleRecord.staff_id == staff.id,
            RoleRecord.role == Role.ADMINISTRATOR,
        )
    )
    if place is None or staff.deactivated_at is not None:
        raise Conflict(N_("Quelqu’un utilise déjà cette adresse e-mail ici."))
    _note(session, "command", "staff.reset", staff, now, where=place.id)
    purpose = LinkPurpose.INVITATION if staff.password_hash is None else LinkPurpose.RESET
    return access.new_link(session, staff, purpose, now)


def members(session: Session, actor: Actor, organisation: OrganisationRecord) -> list[Member]:
    """Everyone who holds a role in an organisation the actor administers, by name."""
    found = session.scalars(
        select(StaffRecord)
        .where(StaffRecord.roles.any(RoleRecord.organisation_id == organisation.id))
        .options(selectinload(StaffRecord.roles))
        .order_by(StaffRecord.name)
    )
    return [_member(staff, organisation.id, elsewhere=_works_elsewhere(staff, actor)) for staff in found]


def member(session: Session, actor: Actor, slug: str, staff_id: int) -> tuple[OrganisationRecord, Member]:
    """One member of staff of an organisation the actor administers, with the organisation.

    Raises:
        NotFound: no such organisation or member for this actor.
    """
    organisation, staff = _administered_member(session, actor, slug, staff_id)
    return organisation, _member(staff, organisation.id, elsewhere=_works_elsewhere(staff, actor))


def invite(
    session: Session,
    actor: Actor,
    slug: str,
    *,
    email: str,
    name: str,
    roles: Collection[str],
    by_mail: bool,
    now: datetime,
) -> Admission:
    """Someone who holds these roles too in the organisation; a link where they have no password yet.

    The name is kept as it is where the e-mail is already known. An account of another organisation is joined only
    where its owner can be written to: nobody else can tell that the account is really theirs.

    Raises:
        NotFound: the actor does not administer the organisation.
        Conflict: the account is deactivated, or works elsewhere and no mail can be sent.
        Invalid: the e-mail, the name or the roles cannot be used.
    """
    organisation = organisations.administered_by_slug(session, actor, slug, lock=True)
    address, wanted = read_email(email), _read_roles(roles)
    staff = staff_by_email(session, address) or _new_staff(session, address, name, now)
    if staff.deactivated_at is not None:
        raise Conflict(N_("Ce compte est désactivé. Réactivez-le depuis la page de l’organisation."))
    private = _works_elsewhere(staff, actor)
    if private and not by_mail:
        raise Conflict(
            N_(
                "Cette adresse a déjà un compte dans une organisation que vous n’administrez pas. Choisissez une autre "
                "adresse, ou demandez à quelqu’un qui administre les deux."
            )
        )
    held = {role.role for role in staff.roles if role.organisation_id == organisation.id}
    for role in sorted(wanted - held):
        staff.roles.append(RoleRecord(organisation_id=organisation.id, role=role))
    session.flush()
    _note(session, actor.label, "staff.invited", staff, now, where=organisation.id, roles=sorted(wanted))
    if staff.password_hash is not None:
        return Admission(staff, None, private)
    return Admission(staff, access.new_link(session, staff, LinkPurpose.INVITATION, now), private)


def change_roles(
    session: Session, actor: Actor, slug: str, staff_id: int, *, roles: Collection[str], now: datetime
) -> None:
    """Give exactly these roles in the organisation; none at all takes the person out of it.

    Raises:
        NotFound: no such organisation or member for this actor.
        Conflict: nobody would be left to administer the organisation.
    """
    organisations.administered_by_slug(session, actor, slug, lock=True)
    organisation, staff = _administered_member(session, actor, slug, staff_id)
    wanted = _read_roles(roles) if roles else frozenset()
    if Role.ADMINISTRATOR not in wanted:
        _require_another_administrator(session, organisation, staff)
    here = [role for role in staff.roles if role.organisation_id == organisation.id]
    for role in here:
        if role.role not in wanted:
            staff.roles.remove(role)
    for kind in sorted(wanted - {role.role for role in here}):
        staff.roles.append(RoleRecord(organisation_id=organisation.id, role=kind))
    session.flush()
    _note(session, actor.label, "staff.roles_changed", staff, now, where=organisation.id, roles=sorted(wanted))


def reset(session: Session, actor: Actor, slug: str, staff_id: int, *, by_mail: bool, now: datetime) -> Admission:
    """A fresh link with which a member of staff chooses a new password; the present one works until then.

    Without mail the administrator is shown the link: never one that is a way into another organisation.

    Raises:
        NotFound: no such organisation or member for this actor.
        Forbidden: the account also works elsewhere, and the link would be shown.
        Conflict: the account is deactivated.
    """
    organisation, staff = _administered_member(session, actor, slug, staff_id)
    if staff.deactivated_at is not None:
        raise Conflict(N_("Ce compte est désactivé. Réactivez-le d’abord."))
    if not by_mail:
        _require_only_here(staff, actor)
    purpose = LinkPurpose.INVITATION if staff.password_hash is None else LinkPurpose.RESET
    _note(session, actor.label, "staff.reset", staff, now, where=organisation.id)
    return Admission(staff, access.new_link(session, staff, purpose, now), _works_elsewhere(staff, actor))


def deactivate(session: Session, actor: Actor, slug: str, staff_id: int, *, now: datetime) -> None:
    """Close the account: its sessions end and its links die. Its acts keep its name.

    Raises:
        NotFound: no such organisation or member for this actor.
        Forbidden: the account also works elsewhere.
        Conflict: an organisation would be left without administrator.
    """
    organisation, staff = _administered_member(session, actor, slug, staff_id)
    _require_only_here(staff, actor)
    for place in _administered_by(session, staff):
        _require_another_administrator(session, place, staff)
    staff.deactivated_at = now
    access.end_all_sessions(session, staff_id=staff.id)
    _note(session, actor.label, "staff.deactivated", staff, now, where=organisation.id)


def reactivate(session: Session, actor: Actor, slug: str, staff_id: int, *, now: datetime) -> None:
    """Open the account again, with the password and roles it had.

    Raises:
        NotFound: no such organisation or member for this actor.
        Forbidden: the account also works elsewhere.
    """
    organisation, staff = _administered_member(session, actor, slug, staff_id)
    _require_only_here(staff, actor)
    staff.deactivated_at = None
    _note(session, actor.label, "staff.reactivated", staff, now, where=organisation.id)


def read_email(typed: str) -> str:
    """The e-mail in lower case.

    Raises:
        Invalid: it cannot be one.
    """
    email = typed.strip().lower()
    if len(email) > LONGEST_EMAIL or not EMAIL.fullmatch(email):
        raise Invalid(N_("Écrivez une adresse e-mail complète, par exemple nom@exemple.fr."), field="email")
    return email


def _read_roles(roles: Collection[str]) -> frozenset[Role]:
    try:
        wanted = frozenset(Role(role) for role in roles)
    except ValueError:
        wanted = frozenset()
    if not wanted:
        raise Invalid(N_("Choisissez au moins un rôle."), field="roles")
    return wanted


def staff_by_email(session: Session, email: str) -> StaffRecord | None:
    """The account of an e-mail in lower case, or None."""
    return session.scalar(
        select(StaffRecord).where(StaffRecord.email == email).options(selectinload(StaffRecord.roles))
    )


def _new_staff(session: Session, email: str, name: str, now: datetime) -> StaffRecord:
    staff = StaffRecord(email=email, name=clean_name(name), created_at=now)
    try:
        with session.begin_nested():
            session.add(staff)
    except IntegrityError:  # invited by somebody else at the same moment
        raise Conflict(N_("Quelqu’un vient d’inviter cette adresse. Rechargez la page.")) from None
    return staff


def _administered_member(
    session: Session, actor: Actor, slug: str, staff_id: int
) -> tuple[OrganisationRecord, StaffRecord]:
    organisation = organisations.administered_by_slug(session, actor, slug)
    staff = session.scalar(
        select(StaffRecord)
        .where(StaffRecord.id == staff_id, StaffRecord.roles.any(RoleRecord.organisation_id == organisation.id))
        .options(selectinload(StaffRecord.roles))
    )
    if staff is None:
        raise NotFound(UNKNOWN)
    return organisation, staff


def _works_elsewhere(staff: StaffRecord, actor: Actor) -> bool:
    return not {role.organisation_id for role in staff.roles} <= actor.organisations(Role.ADMINISTRATOR)


def _require_only_here(staff: StaffRecord, actor: Actor) -> None:
    if _works_elsewhere(staff, actor):
        raise Forbidden(
            N_(
                "Cette personne travaille aussi pour une autre organisation : son compte ne vous appartient pas. "
                "Vous pouvez lui retirer ses rôles ici."
            )
        )


def _administered_by(session: Session, staff: StaffRecord) -> list[OrganisationRecord]:
    """The organisations this account administers, locked in one order, so that two such acts wait, not deadlock."""
    ids = {role.organisation_id for role in staff.roles if role.role is Role.ADMINISTRATOR}
    query = select(OrganisationRecord).where(OrganisationRecord.id.in_(ids)).order_by(OrganisationRecord.id)
    return list(session.scalars(query.with_for_update())) if ids else []


def _require_another_administrator(session: Session, organisation: OrganisationRecord, staff: StaffRecord) -> None:
    """Asked with the organisation locked: somebody else administers it and can sign in, or this one never did."""
    if not any(role.organisation_id == organisation.id and role.role is Role.ADMINISTRATOR for role in staff.roles):
        return
    another = session.scalar(
        select(StaffRecord.id)
        .join(RoleRecord)
        .where(
            RoleRecord.organisation_id == organisation.id,
            RoleRecord.role == Role.ADMINISTRATOR,
            StaffRecord.id != staff.id,
            StaffRecord.deactivated_at.is_(None),
            StaffRecord.password_hash.is_not(None),
        )
        .limit(1)
    )
    if another is None:
        raise Conflict(LAST_ADMINISTRATOR, organisation=organisation.name)


def _member(staff: StaffRecord, organisation_id: int, *, elsewhere: bool) -> Member:
    return Member(
        id=staff.id,
        name=staff.name,
        email=staff.email,
        roles=tuple(sorted(role.role for role in staff.roles if role.organisation_id == organisation_id)),
        has_password=staff.password_hash is not None,
        active=staff.deactivated_at is None,
        elsewhere=elsewhere,
    )


def _note(
    session: Session,
    actor: str,
    action: str,
    staff: StaffRecord,
    now: datetime,
    *,
    where: int,
    roles: Sequence[str] = (),
) -> None:
    details = {"roles": list(roles)} if roles else {}
    journal.record(
        session,
        actor=actor,
        action=action,
        object=f"staff:{staff.id}",
        now=now,
        organisation_id=where,
        **details,
    )
