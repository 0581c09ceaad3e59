"""What coaches tick and write while a group session is on, several of them at once, on phones that lose the network.

A save says which ticks it showed and which it leaves: only what was changed since is written, so that two coaches never
take each other's ticks away; where both changed the same one, the last counts and the screen names who. Short acts
written by two coaches are both kept.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from badges.models.evidence import GroupSessionRecord, ObservationRecord, Origin
from badges.services import evidence, group_sessions
from badges.services.access import Actor
from badges.services.errors import N_, Invalid

Cell = tuple[uuid.UUID, str]
"""Somebody present, and the code of a competence that is looked at."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What one save brings: the ticks its page showed and leaves, and for each person the act shown and typed."""

    turn: int
    shown: frozenset[Cell]
    seen: frozenset[Cell]
    acts: Mapping[uuid.UUID, tuple[str, str]]


def save(session: Session, actor: Actor, session_id: uuid.UUID, entry: Entry, *, now: datetime) -> GroupSessionRecord:
    """The session with what was changed on one page; what others entered meanwhile stays.

    A session that a colleague has just ended takes the entry all the same: nothing typed in a gym is lost.

    Raises:
        NotFound: not a session of this coach's structures. Invalid: no such turn, or an act that is too long.
    """
    row = group_sessions.session_for(session, actor, session_id, lock=True)
    if not 1 <= entry.turn <= len(row.rules):
        raise Invalid(N_("Cette manche n’existe pas. Rechargez la page."), field="turn")
    there = {one.person_id: one for one in group_sessions.present(session, row)}
    held = {(one.person_id, one.competence_code): one for one in row.observations}
    changed = 0
    for cell in sorted(entry.seen ^ entry.shown, key=str):
        if cell[0] in there and cell[1] in row.competences:
            changed += _tick(row, held.get(cell), cell, entry, actor, now)
    for person_id, (shown, typed) in entry.acts.items():
        if person_id in there and shown.strip() != typed.strip():
            there[person_id].act = _merged(there[person_id].act, shown.strip(), typed.strip())
            changed += 1
    if row.ended_at is not None:
        group_sessions.give_acts(row)
    session.flush()
    if changed:
        group_sessions.note(session, actor, row, "group.saved", now, changes=changed)
    return row


def _tick(  # noqa: PLR0917 - one cell: where, what stands there, what comes, from whom and when
    row: GroupSessionRecord,
    held: ObservationRecord | None,
    cell: Cell,
    entry: Entry,
    actor: Actor,
    now: datetime,
) -> bool:
    seen = cell in entry.seen
    if held is None:
        if not seen:
            return False
        row.observations.append(
            ObservationRecord(
                person_id=cell[0],
                organisation_id=row.organisation_id,
                referentiel_id=row.version.referentiel_id,
                competence_code=cell[1],
                origin=Origin.GROUP,
                activity=row.activity,
                place=row.place,
                seen_on=row.held_on,
                turns=[entry.turn],
                staff_id=actor.staff_id,
                recorded_at=now,
            )
        )
        return True
    turns = (set(held.turns) | {entry.turn}) if seen else (set(held.turns) - {entry.turn})
    held.turns, held.staff_id, held.recorded_at = sorted(turns), actor.staff_id or held.staff_id, now
    return True


def _merged(held: str, shown: str, typed: str) -> str:
    """The act after one save: what was typed, and what somebody else wrote since the page was shown."""
    if held in {shown, ""}:
        return evidence.act_text(typed)
    return evidence.act_text(held if typed in held else f"{held}\n{typed}")
