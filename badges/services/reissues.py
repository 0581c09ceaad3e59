"""Changing what a badge shows, once it was taken: the person has it signed anew, and the old one says it was replaced.

What is signed cannot be altered: whether the name stands in clear, which evidence is in it, who is shown as the issuer
were chosen at claim. Another choice is another credential of the same award: both happen in one transaction, the code
that was given away leads to the new one, and it ends when the old one would have. The issuer decides nothing anew, so
nobody is asked; but a badge that is paused, contested, expired or withdrawn is not signed again.
"""

import secrets
import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from badges.models.awards import REPLACED, AwardRecord, AwardState, CredentialRecord
from badges.models.consents import Purpose
from badges.services import awards, claims, consents, contests, lifecycle, status
from badges.services.access import Actor
from badges.services.claims import CHANGED, Preview
from badges.services.composing import Choice
from badges.services.errors import N_, Conflict, Invalid
from badges.services.installation import Installation
from issuer.open_badges_2 import credential_of


def choice_of(award: AwardRecord, credential: CredentialRecord) -> Choice:
    """What the person chose for a credential, as its document tells."""
    document = credential_of(credential.document)
    identifiers = document["credentialSubject"]["identifier"]
    signed = {(one.get("name", ""), one.get("narrative", "")) for one in document.get("evidence", ())}
    return Choice(
        clear_name=any(not one["hashed"] for one in identifiers),
        evidence_kept=tuple(
            place for place, one in enumerate(award.evidence) if (one["name"], one["narrative"]) in signed
        ),
        by_owner=credential.signed_by != award.organisation_id,
    )


def current(session: Session, actor: Actor, *, award_id: uuid.UUID, now: datetime) -> tuple[AwardRecord, Choice]:
    """The person's award and what they chose for it, where it may be signed anew today.

    Raises:
        NotFound: not this person's award.
        Conflict: it was not taken, or it is withdrawn, paused, expired or contested, or its structure may not issue.
    """
    award = awards.for_person(session, actor, award_id)
    return award, choice_of(award, _standing(session, award, now))


def preview(
    session: Session,
    actor: Actor,
    installation: Installation,
    *,
    award_id: uuid.UUID,
    choice: Choice,
    now: datetime,
) -> Preview:
    """What would be signed in the place of the badge.

    Raises:
        NotFound, Conflict: as `current`. Invalid: as `claims.preview`, or the choice is the one that was signed.
    """
    award = awards.for_person(session, actor, award_id)
    credential = _standing(session, award, now)
    return _previewed(session, installation, credential, choice, now)


def reissue(
    session: Session,
    actor: Actor,
    installation: Installation,
    *,
    award_id: uuid.UUID,
    choice: Choice,
    pin: str,
    shown: str,
    now: datetime,
) -> CredentialRecord:
    """The credential that takes the old one's place; the old one is withdrawn as replaced.

    Asked twice for the same, as by a button pressed twice, it gives what was signed the first time.

    Raises:
        NotFound, Conflict, Invalid: as `preview`; Conflict too where the badge changed since then, where a coach reset
            the PIN today, or the person does not agree to publication.
        WrongPin: the PIN is wrong; commit all the same. TooMany: too many wrong ones.
    """
    award = awards.for_person(session, actor, award_id, lock=True)
    credential = _standing(session, award, now)
    if _is_answered(award, credential, choice, installation, shown):
        return credential
    seen = _previewed(session, installation, credential, choice, now)
    if not secrets.compare_digest(seen.digest, shown):
        raise Conflict(CHANGED)
    consents.require(session, award.person_id, Purpose.PUBLICATION)
    claims.require_person(session, award, pin, installation, now)
    credential.revoked_reason = REPLACED
    status.revoke(session, installation, credential, now)
    award.sequence += 1
    session.flush()
    fresh, states = claims.issue(session, installation, award, seen.choice, now, until=credential.valid_until)
    awards.note(
        session,
        actor.label,
        award,
        "credential.replaced",
        now,
        states=states,
        signed_by=fresh.signed_by,
        credential=str(fresh.id),
        replaces=str(credential.id),
        sequence=fresh.sequence,
        clear_name=seen.choice.clear_name,
        evidence=len(seen.choice.evidence_kept),
    )
    return fresh


def _previewed(
    session: Session, installation: Installation, credential: CredentialRecord, choice: Choice, now: datetime
) -> Preview:
    award = credential.award
    checked = claims.checked_choice(session, award, choice, now)
    if checked == choice_of(award, credential):
        raise Invalid(N_("C’est déjà ce que montre votre badge : rien à changer."), field="choice")
    return claims.previewed(award, checked, installation, now, until=credential.valid_until)


def _is_answered(
    award: AwardRecord, credential: CredentialRecord, choice: Choice, installation: Installation, shown: str
) -> bool:
    """Whether this credential was signed from what was shown: the same form, sent twice."""
    if credential.sequence == 1 or choice_of(award, credential) != choice:
        return False
    seen = claims.previewed(
        award,
        choice,
        installation,
        credential.issued_at,
        until=credential.valid_until,
        sequence=credential.sequence - 1,
    )
    return secrets.compare_digest(seen.digest, shown)


def _standing(session: Session, award: AwardRecord, now: datetime) -> CredentialRecord:
    """The credential that stands, which may be signed anew today."""
    credential = lifecycle.current_credential(award)
    if award.state is AwardState.REVOKED:
        raise Conflict(N_("Ce badge est retiré : il ne peut plus être changé."))
    awards.require_state(award, AwardState.CLAIMED)
    if credential is None or credential.revoked_at is not None:
        raise Conflict(N_("Ce badge est retiré : il ne peut plus être changé."))
    if credential.suspended_at is not None or credential.withheld_at is not None:
        raise Conflict(N_("Ce badge est en pause. Vous pourrez le changer quand la pause sera levée."))
    if credential.valid_until is not None and credential.valid_until <= now:
        raise Conflict(N_("Ce badge est à actualiser : parlez-en avec votre coach plutôt que de le changer."))
    contests.require_none(session, award.round, award.results, lock=False)
    awards.require_issuing(session, award.version, award.organisation, now, granted_at=award.granted_at)
    return credential
