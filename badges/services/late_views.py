"""Answers of host companies that came after the talk: kept as they are, until the next round takes them up.

Nothing here changes what was already agreed. An answer waits for a round of the same person, structure and référentiel
that has its competence and knows its level.
"""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from badges.models.assessments import Rater, RatingRecord, RoundRecord, TutorViewRecord
from badges.models.referentiels import VersionRecord


def take_up(session: Session, row: RoundRecord, levels: Collection[int]) -> None:
    """Let a round that has just been opened hold what a company answered too late for the one before."""
    referentiel_id = session.scalar(select(VersionRecord.referentiel_id).where(VersionRecord.id == row.version_id))
    waiting = session.scalars(
        select(TutorViewRecord)
        .join(RoundRecord, RoundRecord.id == TutorViewRecord.round_id)
        .join(VersionRecord, VersionRecord.id == RoundRecord.version_id)
        .where(
            RoundRecord.person_id == row.person_id,
            RoundRecord.organisation_id == row.organisation_id,
            VersionRecord.referentiel_id == referentiel_id,
            TutorViewRecord.late.is_(True),
            TutorViewRecord.ended_at.is_(None),
        )
        .order_by(TutorViewRecord.sent_at.desc())
        .with_for_update(of=TutorViewRecord)
    )
    taken: set[str] = set()
    for view in waiting:
        fitting = {
            code: answer
            for code, answer in view.answers.items()
            if code in row.competences and code not in taken and (answer[0] is None or answer[0] in levels)
        }
        row.ratings.extend(ratings(view, fitting))
        view.answers = {code: answer for code, answer in view.answers.items() if code not in fitting}
        taken |= fitting.keys()
    session.flush()


def ratings(view: TutorViewRecord, answers: dict[str, list[int | str | None]]) -> list[RatingRecord]:
    """The answers of a view that was sent, as ratings of a round."""
    return [
        RatingRecord(
            competence_code=code,
            rater=Rater.TUTOR,
            level=level,
            situation=act,
            tutor_view_id=view.id,
            rated_at=view.sent_at,
        )
        for code, (level, act) in answers.items()
    ]
