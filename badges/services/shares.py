"""Shares: what a person shows, of which badges, to whom and until when. Theirs alone to make, change and stop.

A code is what gets printed; it outlives a reissue. A share begins as a draft that only its person sees, and that is how
they see exactly what a reader will. Withdrawing it ends the public page, and with the last one the credential's own
address, but not the badge: a file somebody already holds still verifies.
"""

import unicodedata
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from badges.models.awards import AwardRecord, AwardState, SharedBadgeRecord, ShareRecord
from badges.models.consents import Purpose
from badges.models.people import AgeBand, PersonRecord
from badges.services import access, awards, codes, consents, people, phrases
from badges.services.access import Actor
from badges.services.errors import N_, Conflict, Invalid, NotFound

MOST_BADGES = 12
MOST_SHARES = 50
LONGEST_LABEL = 80
LONGEST_CONTACT = 160
SHORTEST_SECRET = 6
LONGEST_SECRET = 40
MINORS = timedelta(days=90)
"""For how long a share of somebody under eighteen is proposed; they may choose otherwise."""
LIFETIMES: Mapping[str, timedelta | None] = {
    "30": timedelta(days=30),
    "90": timedelta(days=90),
    "365": timedelta(days=365),
    "none": None,
}
UNKNOWN = N_("Ce partage n’existe pas, ou n’est pas le vôtre.")
NOTHING_TO_SHARE = N_("Prenez d’abord ce badge : il pourra ensuite être partagé.")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person wants to show. `evidence` names, for an award, the items shown; an award not in it shows all."""

    awards: tuple[uuid.UUID, ...]
    name: bool = True
    levels: bool = True
    words: bool = False
    radar: bool = False
    evidence: Mapping[uuid.UUID, frozenset[str]] = field(default_factory=dict)
    contact: str = ""
    label: str = ""
    lifetime: str = "none"
    secret: str = ""


def open_share(session: Session, award: AwardRecord, now: datetime) -> ShareRecord:
    """A fresh share of one badge as its person's age proposes it, with 55 random bits in its code.

    Whole and without an end for an adult; nameless and for ninety days under eighteen.

    The caller has made sure that the person agrees to publication.
    """
    minor = award.person.age_band is not AgeBand.ADULT
    share = ShareRecord(
        person_id=award.person_id,
        code=codes.new_code(codes.SHARE_BITS),
        show_name=not minor,
        created_at=now,
        opened_at=now,
        expires_at=now + MINORS if minor else None,
        badges=[SharedBadgeRecord(place=1, award_id=award.id)],
    )
    session.add(share)
    session.flush()
    session.refresh(award, ["shares"])
    return share


def is_open(share: ShareRecord, now: datetime) -> bool:
    """Whether its page answers today."""
    return (
        share.opened_at is not None
        and share.withdrawn_at is None
        and (share.expires_at is None or share.expires_at > now)
    )


def active_share(award: AwardRecord, now: datetime) -> ShareRecord | None:
    """The latest open share of this badge alone that asks for no password: the one its own page shows, or None."""
    return next(
        (
            share
            for share in reversed(award.shares)
            if is_open(share, now) and share.secret_hash is None and len(share.badges) == 1
        ),
        None,
    )


def new_share(session: Session, actor: Actor, *, award_id: uuid.UUID, now: datetime) -> ShareRecord:
    """A new code for a badge that has no open one of its own, in one tap.

    Raises:
        NotFound: not this person's award. Conflict: one is open already, nothing was claimed yet, or the person does
            not agree to publication.
    """
    award = awards.for_person(session, actor, award_id, lock=True)
    if not award.credentials:
        raise Conflict(NOTHING_TO_SHARE)
    if active_share(award, now) is not None:
        raise Conflict(N_("Ce badge est déjà partagé."))
    consents.require(session, award.person_id, Purpose.PUBLICATION)
    share = open_share(session, award, now)
    awards.note(session, actor.label, award, "share.opened", now, share=share.id)
    return share


def shareable(session: Session, actor: Actor) -> list[AwardRecord]:
    """The badges a person may show: those they claimed and that were not withdrawn."""
    return list(
        session.scalars(
            select(AwardRecord)
            .where(AwardRecord.person_id == actor.person_id, AwardRecord.state == AwardState.CLAIMED)
            .order_by(AwardRecord.claimed_at.desc(), AwardRecord.id)
            .options(
                selectinload(AwardRecord.credentials),
                joinedload(AwardRecord.version, innerjoin=True),
                joinedload(AwardRecord.organisation, innerjoin=True),
            )
        )
    )


def of_person(session: Session, actor: Actor) -> list[ShareRecord]:
    """Every share of a person that was ever opened, the latest first."""
    return list(
        session.scalars(
            _with_badges()
            .where(ShareRecord.person_id == actor.person_id, ShareRecord.opened_at.is_not(None))
            .order_by(ShareRecord.opened_at.desc(), ShareRecord.id.desc())
        )
    )


def mine(session: Session, actor: Actor, share_id: int, *, lock: bool = False) -> ShareRecord:
    """A share of this person, draft or not.

    Raises:
        NotFound: no such share of theirs.
    """
    query = _with_badges().where(ShareRecord.id == share_id, ShareRecord.person_id == actor.person_id)
    if lock:
        query = query.with_for_update(of=ShareRecord).execution_options(populate_existing=True)
    share = session.scalar(query)
    if share is None:
        raise NotFound(UNKNOWN)
    return share


def draft(session: Session, actor: Actor, wanted: Wanted, now: datetime) -> ShareRecord:
    """What the person wants to show, for their eyes until they open it; it takes the place of an earlier draft.

    Raises:
        Invalid: no badge or too many, a lifetime that is not offered, a text too long or a password too easy.
        NotFound: a badge that is not theirs, or that they may not show. Conflict: no agreement to publish.
    """
    person = session.get_one(PersonRecord, actor.person_id)
    if not wanted.awards:
        raise Invalid(N_("Choisissez au moins un badge."), field="badges")
    if len(wanted.awards) > MOST_BADGES:
        raise Invalid(N_("Choisissez %(number)s badges au plus."), field="badges", number=MOST_BADGES)
    theirs = {award.id: award for award in shareable(session, actor)}
    if not set(theirs).issuperset(wanted.awards):
        raise NotFound(awards.UNKNOWN)
    consents.require(session, person.id, Purpose.PUBLICATION)
    for former in session.scalars(
        select(ShareRecord).where(ShareRecord.person_id == actor.person_id, ShareRecord.opened_at.is_(None))
    ):
        session.delete(former)
    said = _phrases(session, actor, [theirs[one] for one in wanted.awards]) if wanted.words else {}
    share = ShareRecord(
        person_id=person.id,
        code=codes.new_code(codes.SHARE_BITS),
        label=_line(wanted.label, LONGEST_LABEL, "label"),
        contact=_line(wanted.contact, LONGEST_CONTACT, "contact"),
        show_name=wanted.name,
        show_levels=wanted.levels,
        show_words=wanted.words,
        show_radar=wanted.radar,
        secret_hash=_hashed(wanted.secret) if wanted.secret.strip() else None,
        created_at=now,
        expires_at=_until(wanted.lifetime, now),
        badges=[
            SharedBadgeRecord(
                place=place,
                award_id=award_id,
                evidence=_kept(wanted.evidence.get(award_id)),
                phrases=said.get(award_id),
            )
            for place, award_id in enumerate(dict.fromkeys(wanted.awards), 1)
        ],
    )
    session.add(share)
    session.flush()
    return share


def move_up(session: Session, actor: Actor, *, share_id: int, place: int) -> ShareRecord:
    """The draft with one badge a place higher; the first stays first.

    Raises:
        NotFound: no such share of theirs. Conflict: it is open, and what it shows does not change any more.
    """
    share = mine(session, actor, share_id, lock=True)
    if share.opened_at is not None:
        raise Conflict(N_("Ce partage est ouvert : ce qu’il montre ne change plus."))
    shown = [(one.award_id, one.evidence, one.phrases) for one in share.badges]
    if 2 <= place <= len(shown):  # noqa: PLR2004 - the second is the first that can go up
        shown[place - 2], shown[place - 1] = shown[place - 1], shown[place - 2]
    share.badges.clear()
    session.flush()
    share.badges = [
        SharedBadgeRecord(place=number, award_id=award_id, evidence=evidence, phrases=said)
        for number, (award_id, evidence, said) in enumerate(shown, 1)
    ]
    session.flush()
    return share


def open_draft(session: Session, actor: Actor, *, share_id: int, now: datetime) -> ShareRecord:
    """The share, opened; pressed twice, it is open all the same.

    Raises:
        NotFound: no such share of theirs. Conflict: it was stopped, or there are too many.
    """
    share = mine(session, actor, share_id, lock=True)
    if share.withdrawn_at is not None:
        raise Conflict(N_("Ce partage est arrêté. Vous pouvez en ouvrir un autre."))
    if share.opened_at is not None:
        return share
    if sum(is_open(one, now) for one in of_person(session, actor)) >= MOST_SHARES:
        raise Conflict(N_("Vous avez déjà beaucoup de partages ouverts. Arrêtez-en un avant d’en ouvrir un autre."))
    share.opened_at = now
    _note_each(session, actor, share, "share.opened", now)
    return share


def change(
    session: Session, actor: Actor, *, share_id: int, label: str, lifetime: str, secret: str, now: datetime
) -> ShareRecord:
    """The share with another label, end or password; what it shows never changes under its readers.

    `lifetime` counts from now, `keep` leaves the end as it is; `secret` empty leaves the password as it is.

    Raises:
        NotFound: no such share of theirs. Conflict: it is over. Invalid: as `draft`.
    """
    share = mine(session, actor, share_id, lock=True)
    if not is_open(share, now):
        raise Conflict(N_("Ce partage est arrêté. Vous pouvez en ouvrir un autre."))
    share.label = _line(label, LONGEST_LABEL, "label")
    if lifetime != "keep":
        share.expires_at = _until(lifetime, now)
    if secret.strip():
        share.secret_hash = _hashed(secret)
    session.flush()
    return share


def withdraw_share(session: Session, actor: Actor, *, share_id: int, now: datetime) -> ShareRecord:
    """The share, withdrawn: its public page answers "no longer shared", without a name.

    Raises:
        NotFound: not a share of this person. Conflict: it is withdrawn already.
    """
    share = mine(session, actor, share_id, lock=True)
    if share.withdrawn_at is not None:
        raise Conflict(N_("Ce badge n’est plus partagé à cette adresse."))
    share.withdrawn_at = now
    _note_each(session, actor, share, "share.withdrawn", now)
    return share


def secret_matches(stored: str, typed: str) -> bool:
    """Whether what a reader typed is the password of a share; capitals and spaces around do not count."""
    return access.secret_matches(stored, _folded(typed))


def _with_badges() -> Select[ShareRecord]:
    return select(ShareRecord).options(
        selectinload(ShareRecord.badges)
        .joinedload(SharedBadgeRecord.award, innerjoin=True)
        .options(
            joinedload(AwardRecord.version, innerjoin=True),
            joinedload(AwardRecord.organisation, innerjoin=True),
            selectinload(AwardRecord.credentials),
        )
    )


def _note_each(session: Session, actor: Actor, share: ShareRecord, action: str, now: datetime) -> None:
    session.flush()
    for one in share.badges:
        awards.note(session, actor.label, one.award, action, now, share=share.id)


def _until(lifetime: str, now: datetime) -> datetime | None:
    if lifetime not in LIFETIMES:
        raise Invalid(N_("Choisissez jusqu’à quand."), field="lifetime")
    length = LIFETIMES[lifetime]
    return None if length is None else now + length


def _line(text: str, longest: int, name: str) -> str:
    line = " ".join(unicodedata.normalize("NFC", text).split())
    if len(line) > longest or not line.isprintable():
        raise Invalid(N_("Écrivez une ligne de %(number)s caractères au plus."), field=name, number=longest)
    return line


def _kept(evidence: frozenset[str] | None) -> list[str] | None:
    return None if evidence is None else sorted(evidence)


def _phrases(session: Session, actor: Actor, chosen: Collection[AwardRecord]) -> dict[uuid.UUID, list[int]]:
    """For each badge, the wordings that the person has now on what it rests on: what is shown stays what was chosen."""
    found = phrases.for_awards(session, actor, chosen)
    return {award_id: sorted(one.id for one in said.values()) for award_id, said in found.items() if said}


def _hashed(secret: str) -> str:
    folded = _folded(secret)
    if not SHORTEST_SECRET <= len(folded) <= LONGEST_SECRET:
        raise Invalid(N_("Choisissez un mot de passe d’au moins six caractères."), field="secret")
    if access.PIN.fullmatch(people.read_pin(folded)):  # whichever they are: the answer would tell the PIN by trying
        raise Invalid(
            N_("Un mot de passe de six chiffres ressemble trop à votre code secret. Choisissez autre chose."),
            field="secret",
        )
    return access.hash_secret(folded)


def _folded(secret: str) -> str:
    return unicodedata.normalize("NFKC", secret).strip().casefold()
