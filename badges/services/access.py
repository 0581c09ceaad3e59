"""Signing in and staying signed in: actors, sessions, one-time links, and limits on guesses.

Sessions and guesses are rows, so that sign-out, password changes and limits hold across restarts and workers.
"""

import itertools
import re
import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, selectinload

from badges.models.access import GuessRecord, LinkPurpose, OneTimeLinkRecord, SessionRecord
from badges.models.people import CoverRecord, PersonRecord, Role, StaffRecord
from badges.services import codes
from badges.services.errors import N_, Invalid, NotFound, TooMany

STAFF_SESSION = timedelta(hours=12)
PERSON_SESSION = timedelta(hours=2)
PERSON_IDLE = timedelta(minutes=30)
"""A person's page closes after this long without a move: the phone may be somebody else's."""

KEPT_OPEN_EVERY = timedelta(minutes=5)
"""How often a move of theirs is written down, so that reading pages seldom writes."""

LINK_LIFETIME = timedelta(days=7)
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
PIN = re.compile(r"[0-9]{6}", re.ASCII)

# kind of guess → how many wrong ones, within which time
LIMITS = {
    "password": (8, timedelta(minutes=15)),
    "address": (60, timedelta(minutes=15)),  # wrong passwords from one address, which a whole team may share
    "pin": (5, timedelta(minutes=15)),
    "card": (20, timedelta(minutes=15)),
    "passkey": (60, timedelta(minutes=15)),  # challenges asked for from one address
    "code": (40, timedelta(minutes=15)),
    "link": (20, timedelta(minutes=15)),
    "export": (5, timedelta(hours=1)),
    "seek": (30, timedelta(hours=1)),  # people a région looks for, to let them in again
    "name": (20, timedelta(minutes=15)),  # names compared with a badge's, from one address, that were not its
    "secret": (10, timedelta(minutes=15)),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is asking: a member of staff with roles, or a person. Exactly one of the two ids is set.

    `stands_in_for` holds the organisation and the coach of each colleague whom a coach stands in for today.
    """

    name: str
    staff_id: int | None = None
    person_id: uuid.UUID | None = None
    roles: frozenset[tuple[int, Role]] = frozenset()
    session_digest: str = ""
    stands_in_for: frozenset[tuple[int, int]] = frozenset()

    @property
    def kind(self) -> str:
        """`staff` or `person`."""
        return "staff" if self.staff_id is not None else "person"

    @property
    def label(self) -> str:
        """How the journal names this actor."""
        return f"staff:{self.staff_id}" if self.staff_id is not None else f"person:{self.person_id}"

    def has(self, role: Role, organisation_id: int | None = None) -> bool:
        """Whether the actor holds the role, in that organisation or (None) in any."""
        if organisation_id is not None:
            return (organisation_id, role) in self.roles
        return any(held is role for _, held in self.roles)

    def follows(self, organisation_id: int, coach_id: int | None) -> bool:
        """Whether the people of this coach are the actor's to follow: it is them, or a colleague they stand in for."""
        return coach_id is not None and (coach_id == self.staff_id or (organisation_id, coach_id) in self.stands_in_for)

    def organisations(self, role: Role) -> frozenset[int]:
        """The ids of the organisations for which the actor holds the role."""
        return frozenset(organisation for organisation, held in self.roles if held is role)


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


def hash_secret(secret: str) -> str:
    """An argon2id hash of a password or PIN."""
    return _hasher().hash(secret)


def secret_matches(stored: str | None, given: str) -> bool:
    """Whether the password or PIN is the stored one; takes as long where nothing is stored."""
    if stored is None:
        _hasher().hash(given[:LONGEST_PASSWORD])
        return False
    try:
        return _hasher().verify(stored, given[:LONGEST_PASSWORD])
    except (VerificationError, InvalidHashError):
        return False


def check_new_password(password: str) -> None:
    """Accept a new password.

    Raises:
        Invalid: shorter than 12 or longer than 200 characters. Source: ANSSI/CNIL 2022 recommendation on passwords,
            length before composition rules.
    """
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise Invalid(
            N_("Choisissez un mot de passe d’au moins %(number)s caractères, par exemple plusieurs mots."),
            field="password",
            number=SHORTEST_PASSWORD,
        )


def check_new_pin(pin: str) -> None:
    """Accept a new PIN.

    Raises:
        Invalid: it is not six digits, or one that anybody would try first.
    """
    if not PIN.fullmatch(pin):
        raise Invalid(N_("Le code secret a six chiffres."), field="pin")
    steps = {(int(after) - int(before)) % 10 for before, after in itertools.pairwise(pin)}
    if steps in ({0}, {1}, {9}):
        raise Invalid(
            N_("Ce code est trop facile à deviner. Choisissez six chiffres qui ne se suivent pas."), field="pin"
        )


def open_session(
    session: Session, *, now: datetime, staff: StaffRecord | None = None, person: PersonRecord | None = None
) -> str:
    """A new session for one actor; returns the token for the cookie, of which only the digest is kept."""
    token = codes.new_token()
    session.add(
        SessionRecord(
            token_digest=codes.digest(token),
            staff_id=staff.id if staff else None,
            person_id=person.id if person else None,
            created_at=now,
            expires_at=now + (STAFF_SESSION if staff else PERSON_IDLE),
        )
    )
    if person is not None:
        person.last_seen_on = now.date()
    session.execute(delete(SessionRecord).where(SessionRecord.expires_at < now))
    session.flush()
    return token


def actor_of(session: Session, token: str, now: datetime, today: date | None = None) -> Actor | None:
    """The signed-in actor behind a cookie, or None where the session is unknown, expired or its owner is out.

    `today` is the installation's day, on which a coach may stand in for a colleague; the UTC one unless given.
    """
    row = session.get(SessionRecord, codes.digest(token))
    if row is None or row.expires_at <= now:
        return None
    if row.person_id is not None:
        person = session.get(PersonRecord, row.person_id)
        if person is None:
            return None
        return Actor(person.name, person_id=person.id, session_digest=row.token_digest)
    staff = session.get(StaffRecord, row.staff_id, options=[selectinload(StaffRecord.roles)])
    if staff is None or staff.deactivated_at is not None:
        return None
    roles = frozenset((held.organisation_id, held.role) for held in staff.roles)
    covered = _stood_in_for(session, staff.id, roles, today or now.date())
    return Actor(staff.name, staff_id=staff.id, roles=roles, session_digest=row.token_digest, stands_in_for=covered)


def _stood_in_for(
    session: Session, staff_id: int, roles: frozenset[tuple[int, Role]], today: date
) -> frozenset[tuple[int, int]]:
    """The absent coaches, by structure: only where this one still coaches too."""
    places = [organisation for organisation, role in roles if role is Role.COACH]
    if not places:
        return frozenset()
    rows = session.execute(
        select(CoverRecord.organisation_id, CoverRecord.coach_id).where(
            CoverRecord.stand_in_id == staff_id,
            CoverRecord.organisation_id.in_(places),
            CoverRecord.starts_on <= today,
            CoverRecord.ends_on >= today,
            CoverRecord.ended_at.is_(None),
        )
    )
    return frozenset((organisation_id, coach_id) for organisation_id, coach_id in rows)


def to_keep_open(session: Session, actor: Actor, now: datetime) -> bool:
    """Whether this move of a person is to be written down, by `keep_open`."""
    row = session.get(SessionRecord, actor.session_digest)
    if row is None or row.person_id is None:
        return False
    return now - (row.expires_at - PERSON_IDLE) >= KEPT_OPEN_EVERY and row.expires_at < row.created_at + PERSON_SESSION


def keep_open(session: Session, actor: Actor, now: datetime) -> None:
    """Half an hour more for a person's session from now on, two hours in all."""
    row = session.get(SessionRecord, actor.session_digest)
    if row is not None and row.person_id is not None:
        row.expires_at = min(now + PERSON_IDLE, row.created_at + PERSON_SESSION)
        session.flush()


def end_session(session: Session, actor: Actor) -> None:
    """Sign this browser out."""
    session.execute(delete(SessionRecord).where(SessionRecord.token_digest == actor.session_digest))


def end_all_sessions(session: Session, *, staff_id: int | None = None, person_id: uuid.UUID | None = None) -> None:
    """Sign every browser of one actor out: after a password or PIN change, a reset or a deactivation."""
    column, value = (SessionRecord.staff_id, staff_id) if staff_id else (SessionRecord.person_id, person_id)
    session.execute(delete(SessionRecord).where(column == value))


def new_link(session: Session, staff: StaffRecord, purpose: LinkPurpose, now: datetime) -> str:
    """The token of a fresh one-time link; earlier unused links of this person stop working."""
    session.execute(
        delete(OneTimeLinkRecord).where(OneTimeLinkRecord.staff_id == staff.id, OneTimeLinkRecord.used_at.is_(None))
    )
    token = codes.new_token()
    session.add(
        OneTimeLinkRecord(
            token_digest=codes.digest(token),
            purpose=purpose,
            staff_id=staff.id,
            created_at=now,
            expires_at=now + LINK_LIFETIME,
        )
    )
    session.flush()
    return token


def link_owner(session: Session, token: str, now: datetime) -> tuple[OneTimeLinkRecord, StaffRecord]:
    """The link and the member of staff it is for.

    Raises:
        NotFound: unknown, used or expired.
    """
    link = session.scalar(
        select(OneTimeLinkRecord).where(OneTimeLinkRecord.token_digest == codes.digest(token)).with_for_update()
    )
    staff = session.get(StaffRecord, link.staff_id) if link else None
    if link is None or staff is None or link.used_at or link.expires_at <= now or staff.deactivated_at:
        raise NotFound(
            N_("Ce lien ne fonctionne plus : il a déjà servi ou son délai est passé. Demandez-en un nouveau.")
        )
    return link, staff


def count_guess(session: Session, kind: str, subject: str, secret: bytes, now: datetime) -> None:
    """Count one guess before it is tried; the caller commits it even where it answers with an error.

    The row stays locked until then, so that many tries at once count one by one.

    Raises:
        TooMany: too many of this kind for this subject within their window.
    """
    row = _locked_guesses(session, kind, codes.keyed_digest(secret, f"{kind}:{subject}"), now)
    most, window = LIMITS[kind]
    if now >= row.window_started_at + window:
        row.count, row.window_started_at = 0, now
    if row.count >= most:
        minutes = max(1, round((row.window_started_at + window - now).total_seconds() / 60))
        raise TooMany(N_("Trop d’essais. Attendez %(minutes)s minutes, puis réessayez."), minutes=minutes)
    row.count += 1
    session.flush()


def forget_guesses(session: Session, kind: str, subject: str, secret: bytes) -> None:
    """Start again at zero after a right answer."""
    session.execute(
        delete(GuessRecord).where(
            GuessRecord.kind == kind, GuessRecord.subject_digest == codes.keyed_digest(secret, f"{kind}:{subject}")
        )
    )


def take_back_guess(session: Session, kind: str, subject: str, secret: bytes) -> None:
    """Uncount the guess just counted, where it was right but must not wipe out the wrong ones of others."""
    session.execute(
        update(GuessRecord)
        .where(
            GuessRecord.kind == kind,
            GuessRecord.subject_digest == codes.keyed_digest(secret, f"{kind}:{subject}"),
            GuessRecord.count > 0,
        )
        .values(count=GuessRecord.count - 1)
    )


def _locked_guesses(session: Session, kind: str, subject_digest: str, now: datetime) -> GuessRecord:
    found = (
        select(GuessRecord)
        .where(GuessRecord.kind == kind, GuessRecord.subject_digest == subject_digest)
        .with_for_update()
    )
    row = session.scalar(found)
    if row is None:
        try:
            with session.begin_nested():
                row = GuessRecord(kind=kind, subject_digest=subject_digest, count=0, window_started_at=now)
                session.add(row)
        except IntegrityError:  # another worker counted the first guess a moment ago
            row = session.scalars(found).one()
    return row
