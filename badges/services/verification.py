"""Verifying: what the verifier may know here, and who recognises whom.

Our own badges go through the same `Verifier` as strangers'; being found in the database is never a reason to say valid.
What this installation knows is answered from its own tables. Only a document that was handed in is verified with the
network besides, where the installation has a fetcher, and no transaction stays open while it is waited for.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from badges.models.people import OrganisationRecord
from badges.models.referentiels import RecognitionRecord, ReferentielRecord, VersionRecord
from badges.services import journal, keys, open_badges_2, open_badges_2_addresses, status
from badges.services.installation import Installation
from badges.services.open_badges_2_addresses import Places
from verify import Policy, Recognition, Report, Verifier
from verify.online import EverySource, FetchingSources, InTurn
from verify.sources import best_recognition
from verify.standards import baking


class LocalSources:
    """The keys, status lists and recognitions of this installation, each read once for one verification."""

    def __init__(self, session: Session, installation: Installation) -> None:
        self._session = session
        self._installation = installation
        self._documents: dict[str, dict[str, Any] | None] = {}

    def did_document(self, did: str) -> dict[str, Any] | None:
        """The DID document of an organisation of ours, whether or not it is still open."""
        if did not in self._documents:
            slug = keys.slug_of(self._installation, did)
            found = None if slug is None else keys.did_document(self._session, self._installation, slug)
            self._documents[did] = found
        return self._documents[did]

    def status_list(self, url: str) -> bytes | None:
        """The signed bytes of one of our lists."""
        number = self._number_of(url)
        return None if number is None else status.list_bytes(self._session, number)

    def known_at(self, url: str) -> datetime | None:
        """Now, for a list or a document of ours: the table is where it changes."""
        ours = self._number_of(url) is not None or open_badges_2_addresses.read(self._installation.base_url, url)
        return self._installation.clock() if ours else None

    def document(self, url: str) -> bytes | None:
        """What one of our own Open Badges 2.0 addresses answers."""
        return open_badges_2.document(self._session, self._installation, url)

    def witnessed_at(self, digest: str) -> datetime | None:
        """The moment for which our journal states the document."""
        return journal.stated_at(self._session, digest)

    def recognition(self, issuer_id: str, achievement_id: str | None, at: datetime) -> Recognition | None:
        """The recognition that says most about an organisation of ours."""
        older = open_badges_2_addresses.slug_of(self._installation.base_url, issuer_id)
        slug = older or keys.slug_of(self._installation, issuer_id)
        if slug is None:
            return None
        told = older_recognition_of if older else recognition_of
        rows = self._session.execute(_OF_ISSUER, {"slug": slug})
        return best_recognition((told(row, self._installation) for row in rows), achievement_id, at)

    def _number_of(self, url: str) -> int | None:
        number = url.removeprefix(f"{self._installation.base_url}/status/")
        return int(number) if number != url and number.isascii() and number.isdigit() else None


def verify_bytes(session: Session, installation: Installation, data: bytes, now: datetime) -> Report:
    """The report on a badge of ours, from our tables alone.

    Raises:
        Unreadable: there is no badge in it.
    """
    local = LocalSources(session, installation)
    return _verifier(installation, local, local).verify(data, now=now)


def verify_each(session: Session, installation: Installation, badges: Iterable[bytes], now: datetime) -> list[Report]:
    """The reports on several badges of ours: keys, lists and recognitions they have in common are read once.

    Raises:
        Unreadable: there is no badge in one of them.
    """
    local = LocalSources(session, installation)
    verifier = _verifier(installation, local, local)
    return [verifier.verify(data, now=now) for data in badges]


def verify_handed_in(session: Session, installation: Installation, data: bytes, now: datetime) -> Report:
    """The report on whatever was handed in; what our tables lack is asked of its issuer's site.

    The session only reads: its transaction ends before the network is waited for, and another begins after.

    Raises:
        Unreadable: there is no badge in it.
    """
    local = LocalSources(session, installation)
    if installation.fetcher is None:
        return _verifier(installation, local, local).verify(data, now=now)
    fetched = FetchingSources(installation.fetcher, before_waiting=session.rollback)
    return _verifier(installation, local, InTurn(local, fetched)).verify(data, now=now)


def fetched(session: Session, installation: Installation, address: str) -> bytes | None:
    """What an address gives, of ours from our tables; None where nothing can be had, or nothing may be fetched.

    The session only reads: its transaction ends before the network is waited for.
    """
    local = LocalSources(session, installation).document(address)
    if local is not None or installation.fetcher is None:
        return local
    return FetchingSources(installation.fetcher, before_waiting=session.rollback).document(address)


def document_in(data: bytes) -> bytes:
    """The document as written, without the picture around it.

    Raises:
        Unreadable: the picture holds none.
    """
    if baking.is_png(data):
        return baking.extract_png(data)
    return baking.extract_svg(data) if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") else data


def _verifier(installation: Installation, local: LocalSources, known: EverySource) -> Verifier:
    """The verifier of this installation: recognition is required before anything is called valid, and ours to give."""
    return Verifier(
        keys=known,
        statuses=known,
        documents=known,
        issuers=local,
        witnesses=local,
        policy=Policy.RECOGNISED,
        lists=installation.lists,
    )


@dataclass(frozen=True, slots=True)
class Recogniser:
    """One organisation that may issue on a référentiel; `until` None is without an end."""

    name: str
    slug: str
    since: date
    until: date | None


def recognisers(session: Session, referentiel_id: int, now: datetime) -> tuple[str, list[Recogniser]]:
    """Who recognises the badges of a référentiel: its owner, and who may issue on it today, by name."""
    day = now.astimezone(UTC).date()
    rows = session.execute(_ON_REFERENTIEL, {"referentiel_id": referentiel_id, "day": day}).all()
    owner = session.scalars(_OWNER, {"referentiel_id": referentiel_id}).one()
    return owner, [Recogniser(row.issuer_name, row.issuer_slug, row.valid_from, row.valid_until) for row in rows]


def recognitions_of(session: Session, organisation_id: int, day: date) -> list[Row[Any]]:
    """What an organisation may issue on that day: the référentiel, its latest number, its owner, and both dates."""
    latest = (
        select(func.max(VersionRecord.number))
        .where(VersionRecord.referentiel_id == RecognitionRecord.referentiel_id)
        .scalar_subquery()
    )
    return list(
        session.execute(
            _recognitions()
            .add_columns(ReferentielRecord.title, latest.label("number"))
            .where(
                RecognitionRecord.organisation_id == organisation_id,
                RecognitionRecord.valid_from <= day,
                RecognitionRecord.valid_until.is_(None) | (RecognitionRecord.valid_until >= day),
                latest.is_not(None),
            )
            .order_by(ReferentielRecord.title)
        ).all()
    )


def recognition_rows(session: Session) -> list[Row[Any]]:
    """Every recognition of this installation, for the trust bundle."""
    return list(session.execute(recognitions_query()).all())


def recognitions_query() -> Select[Any]:
    """What asks for every recognition of this installation, in order."""
    return _recognitions().order_by(RecognitionRecord.id)


def recognition_of(row: Row[Any], installation: Installation) -> Recognition:
    """A recognition as the verifier knows it."""
    return Recognition(
        issuer=keys.did_of_slug(installation, row.issuer_slug),
        name=row.issuer_name,
        recognised_by=row.owner_name,
        referentiel=f"{installation.base_url}/r/{row.referentiel_slug}",
        starts=row.valid_from,
        ends=row.valid_until,
    )


def older_recognition_of(row: Row[Any], installation: Installation) -> Recognition:
    """The same recognition, under the names that Open Badges 2.0 has for the issuer and its badges."""
    places = Places(installation.base_url, row.issuer_slug)
    return replace(
        recognition_of(row, installation),
        issuer=places.profile,
        referentiel=places.referentiel(row.referentiel_slug),
    )


_issuing = aliased(OrganisationRecord, name="issuing")
_owning = aliased(OrganisationRecord, name="owning")


def _recognitions() -> Select[Any]:
    columns: list[Any] = [
        RecognitionRecord.valid_from,
        RecognitionRecord.valid_until,
        _issuing.slug.label("issuer_slug"),
        _issuing.name.label("issuer_name"),
        ReferentielRecord.slug.label("referentiel_slug"),
        _owning.name.label("owner_name"),
    ]
    return (
        select(*columns)
        .join(_issuing, _issuing.id == RecognitionRecord.organisation_id)
        .join(ReferentielRecord, ReferentielRecord.id == RecognitionRecord.referentiel_id)
        .join(_owning, _owning.id == ReferentielRecord.owner_id)
    )


# Written once: composing a statement costs more than running it.
_OF_ISSUER = _recognitions().where(_issuing.slug == bindparam("slug"))
_ON_REFERENTIEL = (
    _recognitions()
    .where(
        RecognitionRecord.referentiel_id == bindparam("referentiel_id"),
        RecognitionRecord.valid_from <= bindparam("day"),
        RecognitionRecord.valid_until.is_(None) | (RecognitionRecord.valid_until >= bindparam("day")),
    )
    .order_by(_issuing.name)
)
_OWNER = (
    select(OrganisationRecord.name)
    .join(ReferentielRecord, ReferentielRecord.owner_id == OrganisationRecord.id)
    .where(ReferentielRecord.id == bindparam("referentiel_id"))
)
