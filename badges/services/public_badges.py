"""What stands at a public address: the badges of a share, or the one at a credential's own address.

Which files of a badge leave is decided here, once: none that says more than its share shows, none of a badge that is
paused or withdrawn, and a credential's own address answers only where some share that anybody may open hides nothing
of it.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from badges.models.awards import (
    AssertionRecord,
    AwardRecord,
    AwardState,
    CredentialRecord,
    SharedBadgeRecord,
    ShareRecord,
)
from badges.models.people import OrganisationRecord
from badges.models.referentiels import ReferentielRecord, VersionRecord
from badges.models.rights import ErasedCredentialRecord
from badges.services import erasure, phrases, showing
from badges.services.errors import N_, Conflict, Gone, NotFound, Paused
from badges.services.showing import EVERYTHING, Shows

UNKNOWN_CODE = N_("Aucun badge ne porte ce code. Vérifiez chaque lettre et chaque chiffre.")
UNKNOWN_ADDRESS = N_("Aucun badge n’est à cette adresse. Vérifiez qu’elle est complète.")
NO_LONGER_SHARED = N_("La personne ne partage plus ce badge à cette adresse. Demandez-lui si elle en a une autre.")
WITHHELD = N_("Le fichier de ce badge n’est pas donné ici. Seule la personne peut vous le remettre.")
PAUSED = N_("Ce badge est en pause.")
LOCKED = N_("Ce partage demande un mot de passe. Tapez-le sur sa page, ou demandez-le à la personne.")
WITHDRAWN = N_("Ce badge a été retiré. Cela ne dit rien d’autre sur la personne.")


@dataclass(frozen=True, slots=True)
class PublicBadge:
    """What a public page may know of a claimed badge beside its signed bytes.

    `document` are the signed bytes, to verify; what leaves as a file is `file_of`. `token` is the same credential as a
    JWT, where there is one. `code` and `place` are the share's and the badge's in it (no code
    at the badge's own address where every share says more), `words` the person's own, each with the code of what it is
    about. `successor` is the credential that replaces this one, `correcting` tells that
    one is awaited. `raters` are whose views it rests on. `by_owner` tells that the référentiel's owner issued it: who
    else may issue on it is then left unsaid, for one of them may be behind it. `older` tells that it is signed as Open
    Badges 2.0 too, `hosted` that its own addresses answer, `hides` that its file would say more than is shown.
    """

    credential_id: uuid.UUID
    document: bytes
    token: bytes | None
    digest: str
    issued_at: datetime
    suspended_at: datetime | None
    revoked_at: datetime | None
    code: str
    place: int
    shows: Shows
    words: tuple[tuple[str, str], ...]
    hides: bool
    hosted: bool
    successor: uuid.UUID | None
    correcting: bool
    award_id: uuid.UUID
    version_id: int
    referentiel_id: int
    badge_code: str
    results: dict[str, int]
    raters: tuple[str, ...]
    issuer: str
    by_owner: bool
    older: bool

    @property
    def stands(self) -> bool:
        """Whether it is neither paused nor withdrawn; where it does not, that is all that is said of it."""
        return self.suspended_at is None and self.revoked_at is None


@dataclass(frozen=True, slots=True)
class PublicShare:
    """A share and its badges in their order. `secret_hash` is of the code to type; `open` is False for a draft."""

    id: int
    code: str
    person_id: uuid.UUID
    contact: str
    secret_hash: str | None
    open: bool
    badges: tuple[PublicBadge, ...]

    def badge(self, place: int) -> PublicBadge:
        """The badge at a place, from 1.

        Raises:
            NotFound: there are not so many.
        """
        if not 1 <= place <= len(self.badges):
            raise NotFound(UNKNOWN_CODE)
        return self.badges[place - 1]


def by_code(session: Session, code: str, now: datetime, reader: uuid.UUID | None = None) -> PublicShare:
    """The share of a public code, with the latest credential of each of its badges.

    `reader` is the person who looks, where one is signed in: a draft is for the person alone whose it is.

    Raises:
        NotFound: no badge has this code. Gone: the person no longer shares it, its time is over, or the
            person is erased.
        Paused: the person does not agree to publication at present.
    """
    share = session.execute(_SHARE, {"code": code}).one_or_none()
    if share is None and erasure.led_to_somebody(session, erasure.farewell_of_share(code)):
        raise Gone(erasure.ERASED_BADGE)
    if share is None or (share.opened_at is None and share.person_id != reader):
        raise NotFound(UNKNOWN_CODE)
    if not _answers(share, now):
        raise Gone(NO_LONGER_SHARED)
    by_award: dict[uuid.UUID, list[Row[Any]]] = {}
    for row in session.execute(_OF_SHARE, {"share_id": share.id}):
        by_award.setdefault(row.award_id, []).append(row)
    badges = []
    for place, rows in enumerate(by_award.values(), 1):
        row, shows = rows[-1], showing.of_share(share, rows[-1].shown)
        # Only of a badge signed for it are the other shares asked: any other is open wherever it is shown whole.
        sure = share.secret_hash is None and not showing.discloses(row.document)
        hosted = not showing.hides(row.document, shows) and (
            sure or address_open(session, row.award_id, row.document, now) is not None
        )
        words = _words(session, share, row.said) if shows.words and row.said else ()
        badges.append(_public(rows, row, _Place(code, place, shows, hosted, words)))
    return PublicShare(
        share.id, code, share.person_id, share.contact, share.secret_hash, share.opened_at is not None, tuple(badges)
    )


def by_credential(session: Session, credential_id: uuid.UUID, now: datetime) -> PublicBadge:
    """The whole badge at a credential's own address, where a share that anybody may open shows all of it.

    Raises:
        NotFound: no such credential. Gone: no share shows all of it, or none is left.
        Paused: the person does not agree to publication at present.
    """
    award_id = session.scalar(select(CredentialRecord.award_id).where(CredentialRecord.id == credential_id))
    if award_id is None and session.get(ErasedCredentialRecord, credential_id) is not None:
        raise Gone(erasure.ERASED_BADGE)
    if award_id is None:
        raise NotFound(UNKNOWN_ADDRESS)
    rows = session.execute(_OF_AWARD, {"award_id": award_id}).all()
    row = next(row for row in rows if row.id == credential_id)
    open_ones = _open_shares(session, award_id, row.document, now)
    if not open_ones:
        raise Gone(NO_LONGER_SHARED)
    return _public(rows, row, _Place(_plain_code(open_ones), 1, EVERYTHING, hosted=True))


def address_open(session: Session, award_id: uuid.UUID, document: bytes, now: datetime) -> str | None:
    """The code of a share that hides nothing of the badge and that anybody may open, or None.

    Where there is one, the credential's own addresses answer. A badge signed to be disclosed in part carries its
    address in whatever is derived from it: once a share hid something of it, the address stays shut.
    """
    open_ones = _open_shares(session, award_id, document, now)
    return open_ones[-1].code if open_ones else None


def _open_shares(session: Session, award_id: uuid.UUID, document: bytes, now: datetime) -> list[Row[*tuple[Any, ...]]]:
    shares = session.execute(_SHARES_OF_AWARD, {"award_id": award_id}).all()
    hiding = [row for row in shares if showing.hides(document, showing.of_share(row, row.shown))]
    if hiding and showing.discloses(document):
        return []
    return [row for row in shares if row not in hiding and row.secret_hash is None and _answers(row, now)]


def _plain_code(open_ones: Sequence[Row[*tuple[Any, ...]]]) -> str:
    """The code of the last of these shares that says no more than the badge does, empty where there is none.

    Whoever has a badge's file knows the badge's own address: it must not lead them to what was shown to somebody else,
    other badges, a line to be reached by or words of the person's own.
    """
    plain = [
        row.code
        for row in open_ones
        if row.badges == 1 and not (row.contact or row.show_words) and showing.of_share(row, row.shown).whole
    ]
    return plain[-1] if plain else ""


def file_of(badge: PublicBadge) -> bytes:
    """The bytes that may leave as the file of a badge: the signed ones, or what is derived to show as much as the page.

    Raises:
        NotFound: the file would say more than is shown. Conflict: the badge is paused. Gone: it is withdrawn.
    """
    standing(badge)
    if not badge.hides:
        return badge.document
    derived = showing.derived(badge.document, badge.shows)
    if derived is None:
        raise NotFound(WITHHELD)
    return derived


def whole_file_of(badge: PublicBadge) -> bytes:
    """The signed bytes, for forms that cannot be derived.

    Raises:
        NotFound, Conflict, Gone: as `file_of`.
    """
    standing(badge)
    if badge.hides:
        raise NotFound(WITHHELD)
    return badge.document


def has_file(badge: PublicBadge) -> bool:
    """Whether there is a file to hand out."""
    return badge.stands and (not badge.hides or showing.discloses(badge.document))


def standing(badge: PublicBadge) -> PublicBadge:
    """The badge, where something may be given of it.

    Raises:
        Conflict: it is paused. Gone: it is withdrawn.
    """
    if badge.revoked_at is not None:
        raise Gone(WITHDRAWN)
    if badge.suspended_at is not None:
        raise Conflict(PAUSED)
    return badge


def _answers(share: Any, now: datetime) -> bool:
    """Whether a share is still to be read: neither stopped nor out of time."""
    return share.withdrawn_at is None and (share.expires_at is None or share.expires_at > now)


def _credentials() -> Select[Any]:
    columns: list[Any] = [
        CredentialRecord.id,
        CredentialRecord.sequence,
        CredentialRecord.document,
        CredentialRecord.token,
        CredentialRecord.digest,
        CredentialRecord.issued_at,
        CredentialRecord.suspended_at,
        CredentialRecord.revoked_at,
        CredentialRecord.withheld_at,
        AwardRecord.id.label("award_id"),
        AwardRecord.state,
        AwardRecord.version_id,
        AwardRecord.badge_code,
        AwardRecord.results,
        AwardRecord.raters,
        VersionRecord.referentiel_id,
        OrganisationRecord.name.label("issuer"),
        (CredentialRecord.signed_by == ReferentielRecord.owner_id).label("by_owner"),
        AssertionRecord.created_at.label("older"),
    ]
    return (
        select(*columns)
        .outerjoin(AssertionRecord, AssertionRecord.credential_id == CredentialRecord.id)
        .join(AwardRecord, AwardRecord.id == CredentialRecord.award_id)
        .join(VersionRecord, VersionRecord.id == AwardRecord.version_id)
        .join(ReferentielRecord, ReferentielRecord.id == VersionRecord.referentiel_id)
        .join(OrganisationRecord, OrganisationRecord.id == CredentialRecord.signed_by)
    )


_OF_ONE_SHARE: tuple[Any, ...] = (
    ShareRecord.id,
    ShareRecord.code,
    ShareRecord.person_id,
    ShareRecord.contact,
    ShareRecord.show_name,
    ShareRecord.show_levels,
    ShareRecord.show_words,
    ShareRecord.show_radar,
    ShareRecord.secret_hash,
    ShareRecord.opened_at,
    ShareRecord.expires_at,
    ShareRecord.withdrawn_at,
)
# Written once: composing a statement costs more than running it.
_SHARE = select(*_OF_ONE_SHARE).where(ShareRecord.code == bindparam("code"))
_OF_AWARD = _credentials().where(CredentialRecord.award_id == bindparam("award_id")).order_by(CredentialRecord.sequence)
_OF_SHARE = (
    _credentials()
    .add_columns(SharedBadgeRecord.evidence.label("shown"), SharedBadgeRecord.phrases.label("said"))
    .join(SharedBadgeRecord, SharedBadgeRecord.award_id == AwardRecord.id)
    .where(SharedBadgeRecord.share_id == bindparam("share_id"))
    .order_by(SharedBadgeRecord.place, CredentialRecord.sequence)
)
_beside = aliased(SharedBadgeRecord)
_HOW_MANY = (
    select(func.count())
    .select_from(_beside)
    .where(_beside.share_id == ShareRecord.id)
    .correlate(ShareRecord)
    .scalar_subquery()
    .label("badges")
)
_SHARES_OF_AWARD = (
    select(*_OF_ONE_SHARE, SharedBadgeRecord.evidence.label("shown"), _HOW_MANY)
    .join(SharedBadgeRecord, SharedBadgeRecord.share_id == ShareRecord.id)
    .where(SharedBadgeRecord.award_id == bindparam("award_id"), ShareRecord.opened_at.is_not(None))
    .order_by(ShareRecord.id)
)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a badge is shown, and how much of it."""

    code: str
    place: int
    shows: Shows
    hosted: bool
    words: tuple[tuple[str, str], ...] = ()


def _words(session: Session, share: Any, ids: Sequence[int]) -> tuple[tuple[str, str], ...]:
    return tuple((one.competence_code, one.words) for one in phrases.shown(session, share.person_id, ids))


def _public(rows: Sequence[Any], row: Any, where: _Place) -> PublicBadge:
    last = rows[-1]
    if row.withheld_at is not None:
        raise Paused(PAUSED)
    return PublicBadge(
        credential_id=row.id,
        document=row.document,
        token=row.token,
        digest=row.digest,
        issued_at=row.issued_at,
        suspended_at=row.suspended_at,
        revoked_at=row.revoked_at,
        code=where.code,
        place=where.place,
        shows=where.shows,
        words=where.words,
        hides=showing.hides(row.document, where.shows),
        hosted=where.hosted,
        successor=last.id if last.sequence > row.sequence else None,
        correcting=row.state is AwardState.GRANTED,
        award_id=row.award_id,
        version_id=row.version_id,
        referentiel_id=row.referentiel_id,
        badge_code=row.badge_code,
        results=row.results,
        raters=tuple(row.raters),
        issuer=row.issuer,
        by_owner=row.by_owner,
        older=row.older is not None,
    )
