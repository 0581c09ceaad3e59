"""A peer's word about one competence and one act: asked by the person, kept by the person, never counted.

Until the person keeps it, a word is read by them and their coach alone; either may remove it, and then its text is
gone. A peer is asked for nothing but how they sign; who answers from their own page may take the word back there.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload

from badges.models.assessments import RoundRecord
from badges.models.people import MembershipRecord, PersonRecord, Role
from badges.models.referentiels import VersionRecord
from badges.models.voices import PeerWordRecord
from badges.services import assessments, awards, journal, people, voice_links
from badges.services.access import Actor
from badges.services.errors import N_, Conflict, Forbidden, Gone, Invalid, NotFound, too_long
from badges.services.names import clean_name
from badges.services.path_lines import Read
from badges.services.referentiels import document_of
from referentiels.model import Competence

MOST_WAITING = 8
SHORTEST_WORDS = 10
LONGEST_WORDS = 500
LONGEST_NAME = 60
UNKNOWN = N_("Cette parole n’existe pas, ou n’est pas à vous.")
USED = N_("Une parole a déjà été donnée avec ce lien : il ne sert qu’une fois.")
REMOVED = N_("Cette demande est terminée : il n’y a plus rien à écrire.")
NOT_YOURS = N_("Ce lien est pour un pair : quelqu’un qui a fait quelque chose avec la personne. Donnez-le-lui.")


@dataclass(frozen=True, slots=True)
class Choice:
    """A competence one may ask a word about."""

    version_id: int
    competence: Competence


def choices(session: Session, actor: Actor, read: Read = document_of) -> list[Choice]:
    """The competences of the person's own rounds, each once, by the latest version that has it.

    `read` gives a version in the words of the page.
    """
    rounds = session.scalars(
        select(RoundRecord)
        .where(RoundRecord.person_id == actor.person_id)
        .options(joinedload(RoundRecord.version))
        .order_by(RoundRecord.opened_at.desc(), RoundRecord.id)
    )
    found: dict[tuple[int, str], Choice] = {}
    for row in rounds:
        document = read(row.version)
        for code in row.competences:
            key = (row.version.referentiel_id, code)
            found.setdefault(key, Choice(row.version_id, document.competence(code)))
    return list(found.values())


def ask(
    session: Session,
    actor: Actor,
    *,
    version_id: int,
    competence_code: str,
    asked_of: str,
    shown_as: str,
    word_id: uuid.UUID,
    now: datetime,
) -> tuple[PeerWordRecord, str]:
    """The request and the code of its link. The same form sent twice makes one request, with a fresh link.

    Raises:
        Forbidden: not a person. Invalid: not a competence of theirs, or a name that cannot be used.
        Conflict: nobody follows the person today, or many requests wait already.
    """
    person = _themselves(session, actor)
    known = session.get(PeerWordRecord, word_id)
    if known is not None:
        row = _own(session, actor, word_id)
        _require_unanswered(row)
        return row, voice_links.new_link(session, row, now)
    membership = session.scalars(
        select(MembershipRecord)
        .where(MembershipRecord.person_id == person.id, MembershipRecord.left_on.is_(None))
        .order_by(MembershipRecord.id)
    ).first()
    if membership is None:
        raise Conflict(N_("Aucune structure ne vous suit aujourd’hui : on ne peut pas demander de parole."))
    if all((one.version_id, one.competence.code) != (version_id, competence_code) for one in choices(session, actor)):
        raise Invalid(N_("Choisissez une réponse."), field="competence")
    if _waiting(session, person.id) >= MOST_WAITING:
        raise Conflict(N_("Beaucoup de demandes attendent déjà. Retirez-en une, puis recommencez."))
    row = PeerWordRecord(
        id=word_id,
        person_id=person.id,
        organisation_id=membership.organisation_id,
        version_id=version_id,
        competence_code=competence_code,
        asked_of=clean_name(asked_of, field="asked_of", longest=LONGEST_NAME),
        shown_as=clean_name(shown_as, field="shown_as", longest=LONGEST_NAME),
        asked_at=now,
    )
    session.add(row)
    session.flush()
    _note(session, actor.label, row, "word.asked", now)
    return row, voice_links.new_link(session, row, now)


def replace_link(session: Session, actor: Actor, word_id: uuid.UUID, *, now: datetime) -> tuple[PeerWordRecord, str]:
    """The request and the code of a fresh link; the former one stops.

    Raises:
        NotFound: not this person's. Conflict: answered or removed.
    """
    row = _own(session, actor, word_id)
    _require_unanswered(row)
    _note(session, actor.label, row, "word.link_replaced", now)
    return row, voice_links.new_link(session, row, now)


def of_person(session: Session, actor: Actor, person_id: uuid.UUID) -> tuple[PeerWordRecord, ...]:
    """What was asked and said about a person and not removed, the latest first: for them, or the coach they have.

    A coach reads what was asked while their structure followed the person.

    Raises:
        NotFound: not a person this coach's structures follow. Forbidden: a colleague follows them.
    """
    about = PeerWordRecord.person_id == person_id
    if actor.person_id != person_id:
        membership = assessments.followed_by(session, actor, person_id)
        about &= PeerWordRecord.organisation_id == membership.organisation_id
    return _rows(session, about)


def to_read(session: Session, actor: Actor) -> int:
    """How many words the signed-in person has received and neither kept nor removed."""
    unread = select(func.count(PeerWordRecord.id)).where(
        PeerWordRecord.person_id == actor.person_id,
        PeerWordRecord.written_at.is_not(None),
        PeerWordRecord.kept_at.is_(None),
        PeerWordRecord.removed_at.is_(None),
    )
    return session.scalar(unread) or 0


def given_by(session: Session, actor: Actor) -> tuple[PeerWordRecord, ...]:
    """The words this person has given about others from their own page, and not taken back."""
    return _rows(session, PeerWordRecord.peer_id == actor.person_id, PeerWordRecord.written_at.is_not(None))


def kept_for(session: Session, row: RoundRecord, codes: Sequence[str]) -> tuple[PeerWordRecord, ...]:
    """The words the person keeps about these competences of the round's référentiel, the earliest first."""
    found = _rows(
        session,
        PeerWordRecord.person_id == row.person_id,
        PeerWordRecord.organisation_id == row.organisation_id,
        PeerWordRecord.kept_at.is_not(None),
        PeerWordRecord.competence_code.in_(codes),
    )
    return tuple(one for one in reversed(found) if one.version.referentiel_id == row.version.referentiel_id)


def keep(session: Session, actor: Actor, word_id: uuid.UUID, *, kept: bool, now: datetime) -> PeerWordRecord:
    """The word, kept by the person or no longer: only what is kept is shown, and only in badges not claimed yet.

    Raises:
        NotFound: not this person's. Conflict: there is no word yet, or it was removed.
    """
    row = _own(session, actor, word_id)
    if row.written_at is None or row.removed_at is not None:
        raise Conflict(REMOVED)
    row.kept_at = now if kept else None
    if not kept:
        awards.drop_voice(session, row.person_id, f"peer-{row.id}")
    session.flush()
    _note(session, actor.label, row, "word.kept" if kept else "word.let_go", now)
    return row


def remove(session: Session, actor: Actor, word_id: uuid.UUID, *, now: datetime) -> PeerWordRecord:
    """The word or request, removed by the person, their coach, or the peer who gave it: the text is gone.

    Raises:
        NotFound: not this actor's to remove. Forbidden: a colleague follows the person.
    """
    row = session.get(PeerWordRecord, word_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound(UNKNOWN)
    if actor.kind == "person" and actor.person_id not in {row.person_id, row.peer_id}:
        raise NotFound(UNKNOWN)
    if actor.kind == "staff":
        assessments.followed_by(session, actor, row.person_id, organisation_id=row.organisation_id)
    if row.removed_at is None:
        row.words, row.peer_name, row.kept_at = "", "", None
        row.removed_at, row.removed_by = now, actor.staff_id
        voice_links.stop(session, row, now)
        awards.drop_voice(session, row.person_id, f"peer-{row.id}")
        _note(session, actor.label, row, "word.removed", now)
    return row


def open_page(session: Session, code: str, actor: Actor | None, now: datetime) -> tuple[PeerWordRecord, datetime]:
    """What a peer is asked, and until when; looking uses nothing up.

    Raises:
        NotFound: no such link. Forbidden: the person, or one of their structure's coaches, is signed in.
        Gone: answered, removed, replaced or expired, or the structure no longer follows the person.
    """
    link = voice_links.found(session, code)
    row = link.peer_word
    if row is None:
        raise NotFound(voice_links.UNKNOWN)
    if actor is not None and (actor.person_id == row.person_id or actor.has(Role.COACH, row.organisation_id)):
        raise Forbidden(NOT_YOURS)
    if row.removed_at is not None:
        raise Gone(REMOVED)
    if row.written_at is not None:
        raise Gone(USED)
    voice_links.require_followed(session, row.person_id, row.organisation_id, row.organisation.name)
    voice_links.require_alive(link, now)
    return row, link.expires_at


def write(
    session: Session,
    code: str,
    actor: Actor | None,
    *,
    words: str,
    peer_name: str,
    form_id: uuid.UUID,
    now: datetime,
) -> PeerWordRecord:
    """The word of a peer, which waits for the person to keep it. The same form sent twice is one word.

    A person whom the same structure follows, and who is signed in, is remembered as its giver.

    Raises:
        NotFound, Forbidden, Gone: as `open_page`. Invalid: too short, too long, or a name that cannot be used.
    """
    given = voice_links.found(session, code).peer_word
    if given is not None and given.sent_with == str(form_id):
        return given
    row, _until = open_page(session, code, actor, now)
    session.execute(select(PeerWordRecord.id).where(PeerWordRecord.id == row.id).with_for_update())
    row, _until = open_page(session, code, actor, now)
    text = words.strip()
    if len(text) < SHORTEST_WORDS:
        raise Invalid(N_("Racontez une fois précise, en une phrase : où, quand, ce qui a été fait."), field="words")
    if len(text) > LONGEST_WORDS:
        raise too_long("words", LONGEST_WORDS)
    row.peer_name = clean_name(peer_name or row.asked_of, field="peer_name", longest=LONGEST_NAME)
    row.words, row.written_at, row.sent_with = text, now, str(form_id)
    row.peer_id = _fellow(session, actor, row)
    session.flush()
    _note(session, f"peer:{row.id}", row, "word.given", now)
    return row


def _fellow(session: Session, actor: Actor | None, row: PeerWordRecord) -> uuid.UUID | None:
    """The signed-in person, where the same structure follows them too."""
    if actor is None or actor.person_id is None:
        return None
    return actor.person_id if people.follows(session, actor.person_id, row.organisation_id) else None


def _rows(session: Session, *conditions: ColumnElement[bool]) -> tuple[PeerWordRecord, ...]:
    return tuple(
        session.scalars(
            select(PeerWordRecord)
            .where(*conditions, PeerWordRecord.removed_at.is_(None))
            .options(
                joinedload(PeerWordRecord.version).joinedload(VersionRecord.referentiel),
                joinedload(PeerWordRecord.organisation),
                joinedload(PeerWordRecord.person),
            )
            .order_by(PeerWordRecord.asked_at.desc(), PeerWordRecord.id)
        )
    )


def _waiting(session: Session, person_id: uuid.UUID) -> int:
    waiting = select(func.count(PeerWordRecord.id)).where(
        PeerWordRecord.person_id == person_id,
        PeerWordRecord.written_at.is_(None),
        PeerWordRecord.removed_at.is_(None),
    )
    return session.scalar(waiting) or 0


def _themselves(session: Session, actor: Actor) -> PersonRecord:
    """The person who asks, their row kept until the commit: requests are counted one by one."""
    person = session.get(PersonRecord, actor.person_id, with_for_update=True) if actor.person_id else None
    if person is None:
        raise Forbidden(N_("C’est à la personne de demander la parole d’un pair."))
    return person


def _own(session: Session, actor: Actor, word_id: uuid.UUID) -> PeerWordRecord:
    row = session.scalar(
        select(PeerWordRecord)
        .where(PeerWordRecord.id == word_id, PeerWordRecord.person_id == actor.person_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound(UNKNOWN)
    return row


def _require_unanswered(row: PeerWordRecord) -> None:
    if row.written_at is not None or row.removed_at is not None:
        raise Conflict(REMOVED)


def _note(session: Session, actor: str, row: PeerWordRecord, action: str, now: datetime) -> None:
    journal.record(
        session,
        actor=actor,
        action=action,
        object=f"word:{row.id}",
        now=now,
        organisation_id=row.organisation_id,
    )
