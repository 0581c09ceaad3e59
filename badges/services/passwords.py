"""Coming in with an e-mail and a password, or with a one-time link that lets one choose it.

An e-mail nobody uses and a password that is wrong get one and the same answer, after the same time. Wrong passwords
are counted by e-mail, known or not, and by the client's address.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from badges.models.access import LinkPurpose
from badges.models.people import StaffRecord
from badges.services import access, journal
from badges.services.access import Actor
from badges.services.errors import N_, Invalid
from badges.services.staff import staff_by_email


def sign_in(
    session: Session, *, email: str, password: str, address: str, secret: bytes, now: datetime
) -> StaffRecord | None:
    """The member of staff of this e-mail and password, or None; takes as long for an unknown e-mail.

    The caller commits either way. `address` is the client's.

    Raises:
        TooMany: too many wrong passwords for this e-mail, known or not, or from this address.
    """
    key = email.strip().lower()
    access.count_guess(session, "address", address, secret, now)
    access.count_guess(session, "password", key, secret, now)
    staff = staff_by_email(session, key)
    open_account = staff is not None and staff.deactivated_at is None
    if not access.secret_matches(staff.password_hash if staff and open_account else None, password):
        return None
    access.forget_guesses(session, "password", key, secret)
    access.take_back_guess(session, "address", address, secret)
    return staff


def ask_for_link(session: Session, email: str, now: datetime) -> tuple[StaffRecord, str] | None:
    """An active account of this e-mail and a fresh link to choose a password, to be mailed; None for any other."""
    staff = staff_by_email(session, email.strip().lower())
    if staff is None or staff.deactivated_at is not None:
        return None
    return staff, access.new_link(session, staff, LinkPurpose.RESET, now)


def set_password(session: Session, token: str, *, password: str, again: str, now: datetime) -> StaffRecord:
    """The owner of a one-time link, with the password they chose; the link is used and every session over.

    Raises:
        NotFound: the link is unknown, used or expired.
        Invalid: the password is too short or too long, or the two differ.
    """
    link, staff = access.link_owner(session, token, now)
    _set_password(staff, password, again)
    link.used_at = now
    access.end_all_sessions(session, staff_id=staff.id)
    _note(session, staff, "staff.password_set", now)
    return staff


def change_password(
    session: Session, actor: Actor, *, current: str, password: str, again: str, secret: bytes, now: datetime
) -> StaffRecord:
    """The signed-in member of staff, with a new password; every session of theirs is over, this one too.

    The caller commits even where it is refused, so that a wrong present password stays counted.

    Raises:
        Invalid: the present password is wrong, or the new one cannot be used.
        TooMany: too many wrong ones.
    """
    staff = session.get_one(StaffRecord, actor.staff_id, with_for_update=True, populate_existing=True)
    access.count_guess(session, "password", staff.email, secret, now)
    if not access.secret_matches(staff.password_hash, current):
        raise Invalid(N_("Ce n’est pas votre mot de passe actuel."), field="current")
    access.forget_guesses(session, "password", staff.email, secret)
    _set_password(staff, password, again)
    access.end_all_sessions(session, staff_id=staff.id)
    _note(session, staff, "staff.password_changed", now)
    return staff


def _set_password(staff: StaffRecord, password: str, again: str) -> None:
    access.check_new_password(password)
    if again != password:
        raise Invalid(N_("Les deux mots de passe ne sont pas les mêmes. Tapez le même deux fois."), field="again")
    staff.password_hash = access.hash_secret(password)


def _note(session: Session, staff: StaffRecord, action: str, now: datetime) -> None:
    name = f"staff:{staff.id}"
    journal.record(session, actor=name, action=action, object=name, now=now)
