"""What a person agrees to, purpose by purpose: explained before, logged, taken back at any time.

Support is no purpose here: it rests on a public interest or a legitimate one, and refusing changes nothing to it. Under
fifteen, only what child and parent said together counts, as a coach wrote it down; the child alone may take it back.
Without agreement to publication every badge of the person is paused, and nothing but that is told of it; agreeing again
lifts that pause, and none of an issuer's.

Source: RGPD, articles 6 and 7; loi Informatique et Libertés, article 45.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from badges.models.awards import AwardRecord, CredentialRecord
from badges.models.consents import ConsentRecord, Purpose
from badges.models.people import AgeBand, PersonRecord
from badges.services import journal, people, status
from badges.services.access import Actor
from badges.services.errors import N_, Conflict, Forbidden, Invalid, NotFound
from badges.services.installation import Installation

LONGEST_WORDS = 500


def given(session: Session, person_id: uuid.UUID | None, purpose: Purpose) -> bool:
    """Whether the person agrees today; no answer is no, and nobody has given any."""
    found = session.execute(
        select(ConsentRecord.given, ConsentRecord.recorded_by, PersonRecord.age_band)
        .join(PersonRecord, PersonRecord.id == ConsentRecord.person_id)
        .where(ConsentRecord.person_id == person_id, ConsentRecord.purpose == purpose)
        .order_by(ConsentRecord.id.desc())
        .limit(1)
    ).one_or_none()
    if found is None or not found.given:
        return False
    return found.age_band is not AgeBand.UNDER_15 or found.recorded_by is not None


def require(session: Session, person_id: uuid.UUID, purpose: Purpose) -> None:
    """Refuse where the person does not agree; their answer cannot change until the transaction ends.

    Raises:
        Conflict: they do not.
    """
    session.get_one(PersonRecord, person_id, with_for_update={"read": True})
    if not given(session, person_id, purpose):
        raise Conflict(N_("Pour cela, il faut d’abord un accord. Voyez la page « Mes accords »."))


def answers(session: Session, person_id: uuid.UUID) -> Sequence[ConsentRecord]:
    """Everything the person answered, the latest first; the caller has made sure that the reader may know."""
    return session.scalars(
        select(ConsentRecord).where(ConsentRecord.person_id == person_id).order_by(ConsentRecord.id.desc())
    ).all()


def give(session: Session, installation: Installation, actor: Actor, purpose: Purpose, now: datetime) -> ConsentRecord:
    """The person's own yes.

    Raises:
        Forbidden: under fifteen, where a parent answers with them.
        NotFound: the actor is no person.
    """
    person = _themselves(session, actor)
    if person.age_band is AgeBand.UNDER_15:
        raise Forbidden(
            N_("Avant 15 ans, cet accord se donne avec un parent. Demandez à votre coach : il le note avec vous deux.")
        )
    return _record(session, installation, actor, person, purpose=purpose, now=now, given=True)


def take_back(
    session: Session, installation: Installation, actor: Actor, purpose: Purpose, now: datetime
) -> ConsentRecord:
    """The person's own no, at any age.

    Raises:
        NotFound: the actor is no person.
    """
    return _record(session, installation, actor, _themselves(session, actor), purpose=purpose, now=now, given=False)


def record_with_parent(
    session: Session,
    installation: Installation,
    actor: Actor,
    person_id: uuid.UUID,
    purpose: Purpose,
    *,
    child: bool,
    parent: bool,
    words: str,
    now: datetime,
) -> ConsentRecord:
    """What a child under fifteen and a parent said together, as a coach heard it; yes only where both said yes.

    Raises:
        NotFound: the person is not followed by a structure of this coach.
        Invalid: the person is fifteen or more, or nothing says how both answered.
        Conflict: a yes, where the person said no when they were said to be older: theirs alone to change.
    """
    membership = people.open_membership(session, actor, person_id)
    if membership.person.age_band is not AgeBand.UNDER_15:
        raise Invalid(N_("À partir de 15 ans, la personne donne cet accord elle-même, sur sa page."))
    text = " ".join(words.split())[:LONGEST_WORDS]
    if not text:
        raise Invalid(N_("Écrivez comment l’enfant et son parent ont répondu, et quand."), field="words")
    if child and parent and _said_no(session, person_id, purpose):
        raise Conflict(
            N_(
                "Cette personne a dit non elle-même, à 15 ans ou plus : elle seule peut changer sa réponse, "
                "sur sa page."
            )
        )
    return _record(
        session,
        installation,
        actor,
        membership.person,
        purpose=purpose,
        now=now,
        given=child and parent,
        words=text,
        organisation_id=membership.organisation_id,
    )


def change_age_band(
    session: Session, installation: Installation, actor: Actor, person_id: uuid.UUID, *, age_band: str, now: datetime
) -> PersonRecord:
    """The person, in another age band; what was agreed to stays agreed to, but under fifteen it takes a parent.

    Raises:
        NotFound: the person is not followed by a structure of this coach. Invalid: no such band.
    """
    membership = people.open_membership(session, actor, person_id)
    band = people.known_age_band(age_band)
    person = session.get_one(PersonRecord, person_id, with_for_update=True, populate_existing=True)
    if person.age_band is not band:
        person.age_band = band
        session.flush()
        journal.record(
            session,
            actor=actor.label,
            action="person.age_band_changed",
            object=f"person:{person_id}",
            now=now,
            organisation_id=membership.organisation_id,
        )
        _bring_badges(session, installation, person_id, now)
    return person


def _said_no(session: Session, person_id: uuid.UUID, purpose: Purpose) -> bool:
    """Whether the last that the person answered by themselves, at fifteen or more, is no."""
    own = session.scalar(
        select(ConsentRecord.given)
        .where(
            ConsentRecord.person_id == person_id,
            ConsentRecord.purpose == purpose,
            ConsentRecord.recorded_by.is_(None),
            ConsentRecord.age_band != AgeBand.UNDER_15,
        )
        .order_by(ConsentRecord.id.desc())
        .limit(1)
    )
    return own is False


def _themselves(session: Session, actor: Actor) -> PersonRecord:
    person = None
    if actor.person_id is not None:
        person = session.get(PersonRecord, actor.person_id, with_for_update=True, populate_existing=True)
    if person is None:
        raise NotFound(people.UNKNOWN)
    return person


def _record(
    session: Session,
    installation: Installation,
    actor: Actor,
    person: PersonRecord,
    *,
    purpose: Purpose,
    now: datetime,
    given: bool,
    words: str = "",
    organisation_id: int | None = None,
) -> ConsentRecord:
    row = ConsentRecord(
        person_id=person.id,
        purpose=purpose,
        given=given,
        age_band=person.age_band,
        recorded_by=actor.staff_id,
        words=words,
        at=now,
    )
    session.add(row)
    session.flush()
    journal.record(
        session,
        actor=actor.label,
        action="consent.given" if given else "consent.withdrawn",
        object=f"person:{person.id}",
        now=now,
        organisation_id=organisation_id,
        purpose=purpose.value,
    )
    if purpose is Purpose.PUBLICATION:
        _bring_badges(session, installation, person.id, now)
    return row


def _bring_badges(session: Session, installation: Installation, person_id: uuid.UUID, now: datetime) -> None:
    """Pause every badge of the person where they do not agree to publication, lift that pause where they do."""
    agreed = given(session, person_id, Purpose.PUBLICATION)
    others = CredentialRecord.withheld_at.is_not(None) if agreed else CredentialRecord.withheld_at.is_(None)
    found = session.scalars(
        select(CredentialRecord)
        .join(AwardRecord, AwardRecord.id == CredentialRecord.award_id)
        .where(AwardRecord.person_id == person_id, others)
        .order_by(CredentialRecord.status_list_id, CredentialRecord.id)
        .with_for_update(of=CredentialRecord)
        .execution_options(populate_existing=True)
    ).all()
    (status.release if agreed else status.withhold)(session, installation, found, now)
