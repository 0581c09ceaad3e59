"""Answers of host companies that came after the talk: kept as they are, until the next round takes them up.

Nothing here changes what was already agreed. An answer waits for a round of the same person, structure and référentiel
that has its competence and knows its level.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from badges.models.assessments import Rater, RatingRecord, RoundRecord, TutorViewRecord
from badges.models.referentiels import VersionRecord


def take_up(session: Session, rows: Sequence[RoundRecord], levels: Collection[int]) -> None:
    """Let rounds of one référentiel that have just been opened hold what companies answered too late for the last."""
    if not rows:
        return
    opened = {(row.person_id, row.organisation_id): row for row in rows}
    version_id = rows[0].version_id
    referentiel_id = session.scalar(select(VersionRecord.referentiel_id).where(VersionRecord.id == version_id))
    waiting = session.scalars(
        select(TutorViewRecord)
        .join(RoundRecord, RoundRecord.id == TutorViewRecord.round_id)
        .join(VersionRecord, VersionRecord.id == RoundRecord.version_id)
        .where(
            RoundRecord.person_id.in_({row.person_id for row in rows}),
            RoundRecord.organisation_id.in_({row.organisation_id for row in rows}),
            VersionRecord.referentiel_id == referentiel_id,
            TutorViewRecord.late.is_(True),
            TutorViewRecord.ended_at.is_(None),
        )
        .options(contains_eager(TutorViewRecord.round))
        .order_by(TutorViewRecord.sent_at.desc())
        .with_for_update(of=TutorViewRecord)
    )
    for view in waiting:
        row = opened.get((view.round.person_id, view.round.organisation_id))
        if row is not None:
            _hold(row, view, levels)
    session.flush()


def _hold(row: RoundRecord, view: TutorViewRecord, levels: Collection[int]) -> None:
    taken = {one.competence_code for one in row.ratings}
    fitting = {
        code: answer
        for code, answer in view.answers.items()
        if code in row.competences and code not in taken and (answer[0] is None or answer[0] in levels)
    }
    row.ratings.extend(ratings(view, fitting))
    view.answers = {code: answer for code, answer in view.answers.items() if code not in fitting}


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
