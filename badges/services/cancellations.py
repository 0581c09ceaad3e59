"""A round opened by mistake is cancelled: by its coach, before both views are sealed, with a reason both can read.

Nothing is deleted. What somebody has answered stays theirs to read, and whoever answers later is told why they cannot.
"""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from badges.models.assessments import RoundRecord, TutorEnd
from badges.services import assessments, tutor_views
from badges.services.access import Actor
from badges.services.assessments import Stage
from badges.services.errors import N_, Conflict, Forbidden, Invalid, too_long

SHORTEST_REASON = 3
LONGEST_REASON = 300


def may_cancel(row: RoundRecord) -> bool:
    """Whether the round is of those that a coach may still cancel: blind, and not cancelled already."""
    return assessments.stage(row) is Stage.BLIND and not (row.self_sealed_at and row.coach_sealed_at)


def cancel(session: Session, actor: Actor, round_id: uuid.UUID, *, reason: str, now: datetime) -> RoundRecord:
    """The round, cancelled; cancelling it twice changes nothing. A company that was being asked is asked no more.

    Raises:
        NotFound: not this coach's round. Forbidden: not a coach.
        Conflict: both views are in: the talk decides how it ends.
        Invalid: no reason, or one that is too long.
    """
    row = assessments.round_for(session, actor, round_id, lock=True)
    if actor.kind != "staff":
        raise Forbidden(N_("C’est votre coach qui peut annuler un positionnement ouvert par erreur."))
    if row.cancelled_at is not None:
        return row
    if not may_cancel(row):
        raise Conflict(N_("Les deux avis sont terminés : il ne s’annule plus. Vous pouvez le clore après l’échange."))
    words = reason.strip()
    if len(words) < SHORTEST_REASON:
        raise Invalid(N_("Écrivez quelques mots."), field="reason")
    if len(words) > LONGEST_REASON:
        raise too_long("reason", LONGEST_REASON)
    asked = tutor_views.live(row)
    if asked is not None and asked.sent_at is None:
        tutor_views.end(asked, TutorEnd.STOPPED, now, by=actor)
    row.cancelled_at, row.cancelled_by, row.cancel_reason = now, actor.staff_id, words
    session.flush()
    assessments.note(session, actor, row, "round.cancelled", now, answers=len(row.ratings))
    return row
