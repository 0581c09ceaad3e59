"""Shares: the public codes of an award, made at claim, withdrawn by the person alone.

A code is what gets printed; it outlives a reissue. Withdrawing it ends the public page, and with the last one the
credential's own address, but not the badge: a file somebody already holds still verifies.
"""

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from badges.models.awards import AwardRecord, ShareRecord
from badges.models.consents import Purpose
from badges.services import awards, codes, consents
from badges.services.access import Actor
from badges.services.errors import N_, Conflict, NotFound


def open_share(session: Session, award: AwardRecord, now: datetime) -> ShareRecord:
    """A fresh share of the award, with 55 random bits in its code."""
    share = ShareRecord(code=codes.new_code(codes.SHARE_BITS), created_at=now)
    award.shares.append(share)
    session.flush()
    return share


def active_share(award: AwardRecord) -> ShareRecord | None:
    """The award's share that has not been withdrawn, or None."""
    return next((share for share in reversed(award.shares) if share.withdrawn_at is None), None)


def withdraw_share(session: Session, actor: Actor, *, share_id: int, now: datetime) -> ShareRecord:
    """The share, withdrawn: its public page answers "no longer shared", without a name.

    Raises:
        NotFound: not a share of this person. Conflict: it is withdrawn already.
    """
    share = session.scalar(
        select(ShareRecord)
        .join(AwardRecord, AwardRecord.id == ShareRecord.award_id)
        .where(ShareRecord.id == share_id, AwardRecord.person_id == actor.person_id)
        .options(joinedload(ShareRecord.award, innerjoin=True))
        .with_for_update(of=ShareRecord)
        .execution_options(populate_existing=True)
    )
    if share is None:
        raise NotFound(awards.UNKNOWN)
    if share.withdrawn_at is not None:
        raise Conflict(N_("Ce badge n’est plus partagé à cette adresse."))
    share.withdrawn_at = now
    session.flush()
    awards.note(session, actor.label, share.award, "share.withdrawn", now, share=share.id)
    return share


def new_share(session: Session, actor: Actor, *, award_id: uuid.UUID, now: datetime) -> ShareRecord:
    """A new code for a badge whose former one was withdrawn.

    Raises:
        NotFound: not this person's award. Conflict: one is open already, nothing was claimed yet, or the person does
            not agree to publication.
    """
    award = awards.for_person(session, actor, award_id, lock=True)
    if not award.credentials:
        raise Conflict(N_("Prenez d’abord ce badge : il pourra ensuite être partagé."))
    if active_share(award) is not None:
        raise Conflict(N_("Ce badge est déjà partagé."))
    consents.require(session, award.person_id, Purpose.PUBLICATION)
    share = open_share(session, award, now)
    awards.note(session, actor.label, award, "share.opened", now)
    return share
