"""Links for those who have no account: short enough for a message, alive for two weeks, replaced or ended at any time.

Only a digest is kept. Reading a page by its link changes nothing, so that the preview of a messenger uses nothing up.
"""

import uuid
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from badges.models.assessments import RoundRecord, TutorViewRecord
from badges.models.voices import VoiceLinkRecord
from badges.services import codes
from badges.services.errors import N_, Gone, NotFound

LIFETIME = timedelta(days=14)
LINK_BITS = 80
"""Sixteen letters and a check character: beyond guessing, and still typed from paper if need be."""

UNKNOWN = N_(
    "Ce lien n’existe pas, ou n’existe plus. Vérifiez l’adresse, ou demandez un nouveau lien à qui l’a envoyé."
)
REPLACED = N_("Ce lien a été remplacé par un plus récent. Ouvrez le dernier message reçu, ou demandez un nouveau lien.")
EXPIRED = N_("Le délai de ce lien est passé. Demandez-en un nouveau à qui vous l’a envoyé : rien n’est perdu.")


def new_link(session: Session, view: TutorViewRecord, now: datetime) -> str:
    """The code of a fresh link to what a company was asked; the link before it stops at once."""
    session.execute(
        update(VoiceLinkRecord)
        .where(VoiceLinkRecord.tutor_view_id == view.id, VoiceLinkRecord.replaced_at.is_(None))
        .values(replaced_at=now)
    )
    code = codes.new_code(LINK_BITS)
    session.add(
        VoiceLinkRecord(
            code_digest=codes.digest(code), tutor_view_id=view.id, created_at=now, expires_at=now + LIFETIME
        )
    )
    session.flush()
    return code


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
                .joinedload(RoundRecord.organisation)
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


def expiries(session: Session, views: list[uuid.UUID]) -> dict[uuid.UUID, datetime]:
    """Until when the present link to each of these views is alive."""
    rows = session.execute(
        select(VoiceLinkRecord.tutor_view_id, VoiceLinkRecord.expires_at).where(
            VoiceLinkRecord.tutor_view_id.in_(views), VoiceLinkRecord.replaced_at.is_(None)
        )
    )
    return {view_id: expires_at for view_id, expires_at in rows if view_id is not None}
