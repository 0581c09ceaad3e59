"""Links for those who have no account: short enough for a message, alive for two weeks, replaced or ended at any time.

Only a digest is kept. Reading a page by its link changes nothing, so that the preview of a messenger uses nothing up.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session, joinedload

from badges.models.assessments import RoundRecord, TutorViewRecord
from badges.models.voices import InterviewRecord, PeerWordRecord, VoiceLinkRecord
from badges.services import codes, people
from badges.services.errors import N_, Gone, NotFound

LIFETIME = timedelta(days=14)
LINK_BITS = 80
"""Sixteen letters and a check character: beyond guessing, and still typed from paper if need be."""

UNKNOWN = N_(
    "Ce lien n’existe pas, ou n’existe plus. Vérifiez l’adresse, ou demandez un nouveau lien à qui l’a envoyé."
)
REPLACED = N_("Ce lien a été remplacé par un plus récent. Ouvrez le dernier message reçu, ou demandez un nouveau lien.")
EXPIRED = N_("Le délai de ce lien est passé. Demandez-en un nouveau à qui vous l’a envoyé : rien n’est perdu.")
LEFT = N_("%(place)s n’accompagne plus cette personne : il n’y a plus rien à répondre, et rien n’est enregistré.")

Target = TutorViewRecord | InterviewRecord | PeerWordRecord


def new_link(session: Session, target: Target, now: datetime) -> str:
    """The code of a fresh link to what is asked; the link before it stops at once."""
    stop(session, target, now)
    code = codes.new_code(LINK_BITS)
    link = VoiceLinkRecord(code_digest=codes.digest(code), created_at=now, expires_at=now + LIFETIME)
    if isinstance(target, TutorViewRecord):
        link.tutor_view_id = target.id
    elif isinstance(target, InterviewRecord):
        link.interview_id = target.id
    else:
        link.peer_word_id = target.id
    session.add(link)
    session.flush()
    return code


def stop(session: Session, target: Target, now: datetime) -> None:
    """End the link to what is asked, where there is one."""
    session.execute(
        update(VoiceLinkRecord)
        .where(_leads_to([target.id]), VoiceLinkRecord.replaced_at.is_(None))
        .values(replaced_at=now)
        .execution_options(synchronize_session=False)
    )


def found(session: Session, typed: str) -> VoiceLinkRecord:
    """The link of a code, alive or not, with what it leads to, as it stands now.

    Raises:
        NotFound: no link has this code.
    """
    code = codes.read_code(typed)
    link = (
        session.scalar(
            select(VoiceLinkRecord)
            .where(VoiceLinkRecord.code_digest == codes.digest(code))
            .options(
                joinedload(VoiceLinkRecord.tutor_view)
                .joinedload(TutorViewRecord.round)
                .joinedload(RoundRecord.organisation),
                joinedload(VoiceLinkRecord.interview)
                .joinedload(InterviewRecord.round)
                .joinedload(RoundRecord.organisation),
                joinedload(VoiceLinkRecord.peer_word),
            )
            .execution_options(populate_existing=True)
        )
        if code
        else None
    )
    if link is None:
        raise NotFound(UNKNOWN)
    return link


def require_alive(link: VoiceLinkRecord, now: datetime) -> None:
    """Return where the link may still be used.

    Raises:
        Gone: another one took its place, or its time is over.
    """
    if link.replaced_at is not None:
        raise Gone(REPLACED)
    if link.expires_at <= now:
        raise Gone(EXPIRED)


def require_followed(session: Session, person_id: uuid.UUID, organisation_id: int, place: str) -> None:
    """Return where the structure still follows the person.

    Raises:
        Gone: it does not; the sentence names the structure.
    """
    if not people.follows(session, person_id, organisation_id):
        raise Gone(LEFT, place=place)


def expiries(session: Session, targets: Sequence[uuid.UUID]) -> dict[uuid.UUID, datetime]:
    """Until when the present link to each of these is alive."""
    rows = session.scalars(
        select(VoiceLinkRecord).where(_leads_to(targets), VoiceLinkRecord.replaced_at.is_(None))
    ).all()
    found = ((row.tutor_view_id or row.interview_id or row.peer_word_id, row.expires_at) for row in rows)
    return {target: expires_at for target, expires_at in found if target is not None}


def _leads_to(targets: Sequence[uuid.UUID]) -> ColumnElement[bool]:
    return or_(
        VoiceLinkRecord.tutor_view_id.in_(targets),
        VoiceLinkRecord.interview_id.in_(targets),
        VoiceLinkRecord.peer_word_id.in_(targets),
    )
