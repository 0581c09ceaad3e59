"""What becomes of a badge: the person declines it; the issuer pauses it, lifts the pause, withdraws it, corrects it.

Every act of the issuer asks for a reason, which the person and the structure read. The public page never shows it: it
says that the issuer withdrew the badge, and that this says nothing else about the person. A withdrawal is final; a
correction withdraws the old credential and asks the person to claim the next one, under the same public code. What was
signed in the owner's name is acted on by the owner, and by the structure as long as it holds the mandate.
"""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from badges.models.awards import CORRECTED, AwardRecord, AwardState, CredentialRecord
from badges.models.people import Role
from badges.services import awards, mandates, status
from badges.services.access import Actor
from badges.services.errors import N_, Conflict
from badges.services.installation import Installation


def decline(session: Session, actor: Actor, *, award_id: uuid.UUID, now: datetime) -> AwardRecord:
    """The award the person does not want: nothing is signed, nothing is published; it may be proposed again.

    Raises:
        NotFound: not this person's award. Conflict: it is not waiting to be claimed.
    """
    award = awards.for_person(session, actor, award_id, lock=True)
    awards.require_state(award, AwardState.GRANTED)
    award.state = AwardState.DECLINED
    session.flush()
    awards.note(session, actor.label, award, "award.declined", now)
    return award


def suspend(
    session: Session, actor: Actor, installation: Installation, *, award_id: uuid.UUID, reason: str, now: datetime
) -> AwardRecord:
    """The award, its badge paused: every verifier refuses it until the pause is lifted.

    Raises:
        NotFound: not an award the actor issues or signed. Conflict: not claimed, or paused already. Invalid: no reason.
    """
    award, credential = _claimed(session, actor, award_id, now)
    text = awards.checked_reason(reason)
    if credential.suspended_at is not None:
        raise Conflict(N_("Ce badge est déjà en pause."))
    credential.suspended_reason = text
    status.suspend(session, installation, credential, now)
    _note(session, actor, "credential.suspended", credential, now)
    return award


def resume(
    session: Session, actor: Actor, installation: Installation, *, award_id: uuid.UUID, now: datetime
) -> AwardRecord:
    """The award, its badge no longer paused.

    Raises:
        NotFound: not an award the actor issues or signed. Conflict: not claimed, or not paused.
    """
    award, credential = _claimed(session, actor, award_id, now)
    if credential.suspended_at is None:
        raise Conflict(N_("Ce badge n’est pas en pause."))
    status.resume(session, installation, credential, now)
    _note(session, actor, "credential.resumed", credential, now)
    return award


def revoke(
    session: Session, actor: Actor, installation: Installation, *, award_id: uuid.UUID, reason: str, now: datetime
) -> AwardRecord:
    """The award, its badge withdrawn for ever; the coach may propose it anew.

    Raises:
        NotFound: not an award the actor issues or signed. Conflict: not claimed, or withdrawn already.
        Invalid: no reason.
    """
    award, credential = _claimed(session, actor, award_id, now)
    credential.revoked_reason = awards.checked_reason(reason)
    status.revoke(session, installation, credential, now)
    award.state = AwardState.REVOKED
    session.flush()
    _note(session, actor, "credential.revoked", credential, now)
    return award


def correct(
    session: Session, actor: Actor, installation: Installation, *, award_id: uuid.UUID, reason: str, now: datetime
) -> AwardRecord:
    """The award, granted again: the old credential is withdrawn as corrected, the person previews and claims the next.

    Raises:
        NotFound: not an award the actor issues or signed. Invalid: no reason.
        Conflict: not claimed, or the structure may no longer issue, so that the next could not be claimed.
    """
    award, credential = _claimed(session, actor, award_id, now)
    awards.require_issuing(session, award.version, award.organisation, now)
    award.reason = awards.checked_reason(reason)
    credential.revoked_reason = CORRECTED
    status.revoke(session, installation, credential, now)
    award.state, award.sequence = AwardState.GRANTED, award.sequence + 1
    award.granted_at = now
    session.flush()
    awards.note(
        session,
        actor.label,
        award,
        "credential.corrected",
        now,
        signed_by=credential.signed_by,
        credential=str(credential.id),
        sequence=award.sequence,
    )
    return award


def current_credential(award: AwardRecord) -> CredentialRecord | None:
    """The credential of the award's present sequence, or None before it is claimed."""
    return next((one for one in reversed(award.credentials) if one.sequence == award.sequence), None)


def may_act(session: Session, actor: Actor, award: AwardRecord, credential: CredentialRecord, now: datetime) -> bool:
    """Whether the actor may pause, withdraw or correct the credential today.

    The organisation that signed may; the structure that decided may too where it signed itself, or as long as it holds
    the mandate under which the owner signed: afterwards the owner's key is the owner's alone.
    """
    if actor.has(Role.ISSUER, credential.signed_by):
        return True
    if not actor.has(Role.ISSUER, award.organisation_id):
        return False
    return mandates.holds(session, award.version.referentiel_id, award.organisation_id, now)


def _claimed(
    session: Session, actor: Actor, award_id: uuid.UUID, now: datetime
) -> tuple[AwardRecord, CredentialRecord]:
    award = awards.locked_for_signer(session, actor, award_id)
    awards.require_state(award, AwardState.CLAIMED)
    credential = current_credential(award)
    if credential is None:
        raise Conflict(N_("Ce badge n’a pas encore été pris."))
    if not may_act(session, actor, award, credential, now):
        raise Conflict(
            N_(
                "Ce badge est signé par %(signer)s, et votre mandat est terminé : demandez-lui de faire cette démarche."
            ),
            signer=credential.signer.name,
        )
    return award, credential


def _note(session: Session, actor: Actor, action: str, credential: CredentialRecord, now: datetime) -> None:
    """Say so in the journal of whoever decided, and of whoever signed."""
    named = str(credential.id)
    awards.note(session, actor.label, credential.award, action, now, signed_by=credential.signed_by, credential=named)
