"""What an organisation tells people about their data: whom to write to, and how long it keeps what it may choose.

Source: RGPD, articles 13 and 14; loi Informatique et Libertés, article 48.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from badges.models.people import OrganisationRecord
from badges.models.rights import NoticeRecord
from badges.services import journal, organisations
from badges.services.access import Actor
from badges.services.errors import N_, Invalid

SHORTEST_MONTHS = 6
LONGEST_RATINGS = 24
LONGEST_LOGS = 12
LONGEST_TEXT = 600


@dataclass(frozen=True, slots=True)
class Notice:
    """What the notice of an organisation fills in; `organisation` is empty where none is meant."""

    organisation: str = ""
    phone: str = ""
    controller: str = ""
    officer: str = ""
    ratings_months: int = LONGEST_RATINGS
    logs_months: int = LONGEST_LOGS
    employees: bool = False


def of(session: Session, organisation: OrganisationRecord | None) -> Notice:
    """The notice of an organisation, with what holds where it chose nothing."""
    if organisation is None:
        return Notice()
    row = session.get(NoticeRecord, organisation.id)
    if row is None:
        return Notice(organisation.name, organisation.phone)
    return Notice(
        organisation.name,
        organisation.phone,
        row.controller,
        row.officer,
        row.ratings_months,
        row.logs_months,
        row.employees,
    )


def change(
    session: Session,
    actor: Actor,
    slug: str,
    *,
    controller: str,
    officer: str,
    ratings_months: int,
    logs_months: int,
    employees: bool,
    now: datetime,
) -> None:
    """Keep what the organisation tells and chooses.

    Raises:
        NotFound: not an organisation the actor administers. Invalid: a time that is too long or too short.
    """
    row = organisations.administered_by_slug(session, actor, slug, lock=True)
    _require_months(ratings_months, LONGEST_RATINGS, "ratings_months")
    _require_months(logs_months, LONGEST_LOGS, "logs_months")
    session.merge(
        NoticeRecord(
            organisation_id=row.id,
            controller=_text(controller),
            officer=_text(officer),
            ratings_months=ratings_months,
            logs_months=logs_months,
            employees=employees,
            updated_at=now,
        )
    )
    session.flush()
    journal.record(
        session,
        actor=actor.label,
        action="organisation.notice_changed",
        object=f"organisation:{row.id}",
        now=now,
        organisation_id=row.id,
    )


def _require_months(months: int, longest: int, field: str) -> None:
    if not SHORTEST_MONTHS <= months <= longest:
        raise Invalid(
            N_("Choisissez entre %(shortest)s et %(longest)s mois."),
            field=field,
            shortest=SHORTEST_MONTHS,
            longest=longest,
        )


def _text(typed: str) -> str:
    return "\n".join(line.strip() for line in typed.strip().splitlines())[:LONGEST_TEXT]
