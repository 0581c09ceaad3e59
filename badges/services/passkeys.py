"""Coming in with a passkey: added by a person who has given their PIN, several, each removable.

The device has to verify whoever holds it (a finger, a face, its own code). A challenge is drawn here, kept, answered
once, and forgotten after five minutes. A counter that goes back stops the passkey: somebody may have copied it. A
passkey opens a page and nothing else: what is confirmed, claimed or erased asks for the PIN all the same.

Source: W3C, Web Authentication Level 2, sections 7.1 and 7.2.
"""

import json
import secrets
import uuid
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from badges.models.passkeys import PasskeyChallengeRecord, PasskeyRecord
from badges.models.people import PersonRecord
from badges.services import access, codes, journal, people
from badges.services.access import Actor
from badges.services.errors import N_, Conflict, Invalid, NotFound
from badges.services.installation import Installation

CHALLENGE_LIFETIME = timedelta(minutes=5)
CHALLENGE_BYTES = 32
MOST = 10
LARGEST_ANSWER = 20_000
"""Characters; what a device answers takes two thousand."""

REFUSED = N_("Ce téléphone n’a pas pu vous reconnaître. Entrez avec votre carte et votre code secret.")
STOPPED = N_(
    "Cette clé d’accès a peut-être été copiée : elle ne marche plus. Entrez avec votre carte et votre code secret."
)
NOT_ADDED = N_("Ce téléphone n’a pas été ajouté. Vous pouvez recommencer, ou continuer avec votre carte.")


class Stopped(Invalid):
    """The counter went back; the caller commits, so that the passkey stays stopped."""


def of_person(session: Session, actor: Actor) -> list[PasskeyRecord]:
    """The signed-in person's passkeys, the oldest first."""
    query = select(PasskeyRecord).where(PasskeyRecord.person_id == actor.person_id)
    return list(session.scalars(query.order_by(PasskeyRecord.id)))


def begin_adding(session: Session, installation: Installation, actor: Actor, *, pin: str, now: datetime) -> str:
    """What the browser is asked, as JSON, once the person has given their PIN. The caller commits either way.

    Raises:
        Invalid: a wrong PIN. TooMany: too many wrong ones. Conflict: they have ten already.
    """
    person = session.get_one(PersonRecord, actor.person_id)
    if not people.confirm_pin(session, person, pin, installation.secret, now):
        raise Invalid(N_("Ce n’est pas votre code secret. Réessayez."), field="pin")
    held = of_person(session, actor)
    if len(held) >= MOST:
        raise Conflict(N_("Vous avez déjà dix clés d’accès. Retirez-en une d’abord."))
    options = generate_registration_options(
        rp_id=_domain(installation),
        rp_name="Jalon",
        user_name=person.name,
        user_id=_handle(installation, person.id),
        challenge=_challenge(session, person.id, now),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            require_resident_key=True,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one.credential_id) for one in held],
    )
    return options_to_json(options)


def add(session: Session, installation: Installation, actor: Actor, *, answer: str, now: datetime) -> PasskeyRecord:
    """The passkey that the device has made.

    Raises:
        Invalid: the answer is no answer to a challenge of this person that is still open, or is not to be believed.
    """
    challenge = _taken(session, answer, now, person_id=actor.person_id)
    if actor.person_id is None or challenge is None:
        raise Invalid(NOT_ADDED)
    try:
        made = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=_domain(installation),
            expected_origin=_origin(installation),
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError):
        raise Invalid(NOT_ADDED) from None
    row = PasskeyRecord(
        person_id=actor.person_id,
        credential_id=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        added_at=now,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        raise Invalid(NOT_ADDED) from None
    _note(session, actor.label, row, "passkey.added", now)
    return row


def remove(session: Session, actor: Actor, passkey_id: int, now: datetime) -> None:
    """Take one away; it opens nothing any more.

    Raises:
        NotFound: not one of this person's.
    """
    row = session.get(PasskeyRecord, passkey_id)
    if row is None or row.person_id != actor.person_id:
        raise NotFound(N_("Cette clé d’accès n’existe plus."))
    session.delete(row)
    session.flush()
    _note(session, actor.label, row, "passkey.removed", now)


def begin_entering(session: Session, installation: Installation, *, address: str, now: datetime) -> str:
    """What the browser of whoever wants to come in is asked, as JSON; it names nobody.

    Raises:
        TooMany: too many from this address.
    """
    access.count_guess(session, "passkey", address, installation.secret, now)
    options = generate_authentication_options(
        rp_id=_domain(installation),
        challenge=_challenge(session, None, now),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options)


def enter(session: Session, installation: Installation, *, answer: str, now: datetime) -> PersonRecord:
    """The person whose passkey answered. The caller commits either way: a challenge is answered once.

    Raises:
        Invalid: no open challenge, an unknown passkey, or an answer that is not to be believed.
        Stopped: its counter went back, now or before.
    """
    challenge = _taken(session, answer, now, person_id=None)
    row = _answering(session, answer)
    if challenge is None or row is None:
        raise Invalid(REFUSED)
    if row.stopped_at is not None:
        raise Stopped(STOPPED)
    try:
        given = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=_domain(installation),
            expected_origin=_origin(installation),
            credential_public_key=row.public_key,
            credential_current_sign_count=0,  # compared below, where going back has its own answer
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError):
        raise Invalid(REFUSED) from None
    if not secrets.compare_digest(_told_handle(answer), _handle(installation, row.person_id)):
        raise Invalid(REFUSED)
    if (row.sign_count or given.new_sign_count) and given.new_sign_count <= row.sign_count:
        row.stopped_at = now
        session.flush()
        _note(session, f"person:{row.person_id}", row, "passkey.stopped", now)
        raise Stopped(STOPPED)
    row.sign_count, row.used_at = given.new_sign_count, now
    session.flush()
    return session.get_one(PersonRecord, row.person_id)


def forget(session: Session, person_id: uuid.UUID) -> None:
    """Take all of a person's passkeys away: somebody else may have had the card and the PIN that added them."""
    session.execute(delete(PasskeyRecord).where(PasskeyRecord.person_id == person_id))


def _challenge(session: Session, person_id: uuid.UUID | None, now: datetime) -> bytes:
    session.execute(delete(PasskeyChallengeRecord).where(PasskeyChallengeRecord.expires_at < now))
    drawn = secrets.token_bytes(CHALLENGE_BYTES)
    session.add(
        PasskeyChallengeRecord(
            challenge=bytes_to_base64url(drawn), person_id=person_id, expires_at=now + CHALLENGE_LIFETIME
        )
    )
    session.flush()
    return drawn


def _taken(session: Session, answer: str, now: datetime, *, person_id: uuid.UUID | None) -> bytes | None:
    """The open challenge that the answer is to, used up with this; None where there is none."""
    told = _told(answer, "clientDataJSON")
    try:
        challenge = json.loads(told)["challenge"]
    except (ValueError, KeyError, TypeError):
        return None
    if not isinstance(challenge, str):
        return None
    mine = PasskeyChallengeRecord.person_id == person_id
    whose = PasskeyChallengeRecord.person_id.is_(None) if person_id is None else mine
    used = session.execute(
        delete(PasskeyChallengeRecord)
        .where(PasskeyChallengeRecord.challenge == challenge, PasskeyChallengeRecord.expires_at >= now, whose)
        .returning(PasskeyChallengeRecord.challenge)
    ).scalar()
    return None if used is None else base64url_to_bytes(used)


def _answering(session: Session, answer: str) -> PasskeyRecord | None:
    try:
        credential_id = base64url_to_bytes(json.loads(answer)["rawId"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    query = select(PasskeyRecord).where(PasskeyRecord.credential_id == credential_id).with_for_update()
    return session.scalar(query)


def _told(answer: str, member: str) -> bytes:
    """One binary member of what the device answered; empty where it cannot be read."""
    if len(answer) > LARGEST_ANSWER:
        return b""
    try:
        return base64url_to_bytes(json.loads(answer)["response"][member])
    except (ValueError, KeyError, TypeError, AttributeError):
        return b""


def _told_handle(answer: str) -> bytes:
    return _told(answer, "userHandle")


def _handle(installation: Installation, person_id: uuid.UUID) -> bytes:
    """What a device keeps of whose passkey it is: the same for one person's, telling nothing about them."""
    return bytes.fromhex(codes.keyed_digest(installation.secret, f"passkey:{person_id}"))


def _domain(installation: Installation) -> str:
    return urlsplit(installation.base_url).hostname or ""


def _origin(installation: Installation) -> str:
    parts = urlsplit(installation.base_url)
    return f"{parts.scheme}://{parts.netloc}"


def _note(session: Session, actor_label: str, row: PasskeyRecord, action: str, now: datetime) -> None:
    journal.record(session, actor=actor_label, action=action, object=f"person:{row.person_id}", now=now)
