"""The trust bundle of this installation: what verifying its badges takes, signed with the installation's own key.

Built once for each change and each day, not for each request. Its date is that of the latest change or the day's first
minute, whichever came later; nothing else in it depends on when or where it is built, so that every worker serves the
same bytes without asking the others.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime, time
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from badges.models.awards import AwardRecord, CredentialRecord
from badges.models.journal import JournalRecord, WitnessRecord
from badges.models.people import OrganisationRecord
from badges.models.referentiels import ReferentielRecord, VersionRecord
from badges.models.status import KeyRecord, StatusListRecord
from badges.services import installation_key, keys, open_badges_2, verification
from badges.services.installation import Installation
from badges.services.open_badges_2_addresses import Places
from issuer import trust
from issuer.trust import Knowledge
from verify import Recognition
from verify.standards import timestamps

_REMEMBERED = "trust bundle"


def bundle(session: Session, installation: Installation, now: datetime) -> bytes | None:
    """The signed bundle, or None where the installation has no key yet."""
    key = installation_key.signer(session, installation)
    if key is None:
        return None
    as_of = moment(session, now)
    print_ = fingerprint(session, key.verification_method, as_of)
    known = installation.remembered.get(_REMEMBERED)
    if known is None or known[0] != print_:
        known = (print_, trust.trust_bundle(address(installation), _knowledge(session, installation), key, as_of=as_of))
        installation.remembered[_REMEMBERED] = known
    return known[1]


def moment(session: Session, now: datetime) -> datetime:
    """The moment for which what a bundle says at `now` is so: nothing has changed since."""
    day = datetime.combine(now.astimezone(UTC).date(), time(), UTC)
    return max(day, _latest_change(session) or day)


def address(installation: Installation) -> str:
    """Where the bundle is served."""
    return f"{installation.base_url}/trust.json"


def witnessed(session: Session) -> dict[str, datetime]:
    """The digests that somebody needs: of organisations a key of which was stolen, stated before the latest theft."""
    stolen = (
        select(KeyRecord.organisation_id, func.max(KeyRecord.revoked_at).label("revoked_at"))
        .where(KeyRecord.revoked_at.is_not(None))
        .group_by(KeyRecord.organisation_id)
        .subquery()
    )
    rows = session.execute(
        select(WitnessRecord.digest, JournalRecord.at)
        .join(JournalRecord, JournalRecord.id == WitnessRecord.journal_id)
        .join(stolen, stolen.c.organisation_id == JournalRecord.organisation_id)
        .where(JournalRecord.at < stolen.c.revoked_at)
        .order_by(WitnessRecord.digest)
    )
    return {row.digest: row.at for row in rows}


def recognitions(session: Session, installation: Installation) -> list[Recognition]:
    """Every recognition, under the names of Open Badges 3.0 and under those of 2.0."""
    tellings = (verification.recognition_of, verification.older_recognition_of)
    return [told(row, installation) for row in verification.recognition_rows(session) for told in tellings]


def _older_documents(session: Session, installation: Installation) -> Iterator[bytes]:
    """What badges of Open Badges 2.0 point at, of every issuer and every badge that was given; no person's badge."""
    pending: dict[str, None] = {}
    for slug, referentiel, number, code in session.execute(_given()):
        places = Places(installation.base_url, slug)
        pending |= dict.fromkeys((places.profile, places.revocations, places.badge_class(referentiel, number, code)))
    for address in list(pending):
        content = open_badges_2.document(session, installation, address)
        if content is not None:
            yield content
            for key in json.loads(content).get("publicKey", []):
                yield from filter(None, [open_badges_2.document(session, installation, key)])


def _given() -> Any:
    """What asks for every badge that was given: the issuer, the référentiel, its version, and the badge's code."""
    return (
        select(OrganisationRecord.slug, ReferentielRecord.slug, VersionRecord.number, AwardRecord.badge_code)
        .distinct()
        .select_from(CredentialRecord)
        .join(AwardRecord, AwardRecord.id == CredentialRecord.award_id)
        .join(OrganisationRecord, OrganisationRecord.id == CredentialRecord.signed_by)
        .join(VersionRecord, VersionRecord.id == AwardRecord.version_id)
        .join(ReferentielRecord, ReferentielRecord.id == VersionRecord.referentiel_id)
        .order_by(OrganisationRecord.slug, ReferentielRecord.slug, VersionRecord.number, AwardRecord.badge_code)
    )


def _knowledge(session: Session, installation: Installation) -> Knowledge:
    organisations = session.scalars(select(OrganisationRecord).order_by(OrganisationRecord.id)).all()
    published = (keys.did_document(session, installation, organisation.slug) for organisation in organisations)
    own = installation_key.did_document(session, installation)
    return Knowledge(
        issuers=[_issuer(installation, organisation) for organisation in organisations],
        did_documents=[document for document in (own, *published) if document is not None],
        status_lists=session.scalars(select(StatusListRecord.document).order_by(StatusListRecord.id)).all(),
        documents=list(_older_documents(session, installation)),
        recognitions=recognitions(session, installation),
        witnessed=witnessed(session),
    )


def _issuer(installation: Installation, organisation: OrganisationRecord) -> dict[str, str]:
    closed = {} if organisation.closed_at is None else {"closed": timestamps.write(organisation.closed_at)}
    issuer = keys.issuer_of(installation, organisation)
    return {"id": issuer.did, "name": issuer.name, "url": issuer.url, **closed}


def _latest_change(session: Session) -> datetime | None:
    moments = (StatusListRecord.updated_at, KeyRecord.created_at, KeyRecord.retired_at)
    found = (session.scalar(select(func.max(moment))) for moment in moments)
    return max((moment for moment in found if moment is not None), default=None)


def fingerprint(session: Session, method: str, as_of: datetime) -> str:
    """A digest of all that decides what the bundle says, far cheaper to ask for than to build it."""
    seen = [method, as_of.isoformat(), *(list(row) for query in _state() for row in session.execute(query))]
    return hashlib.sha256(json.dumps(seen, default=str).encode()).hexdigest()


def _state() -> Iterator[Any]:
    organisation = OrganisationRecord
    yield select(organisation.slug, organisation.name, organisation.closed_at).order_by(organisation.id)
    yield select(KeyRecord.id, KeyRecord.retired_at, KeyRecord.revoked_at).order_by(KeyRecord.id)
    yield select(StatusListRecord.id, StatusListRecord.revision).order_by(StatusListRecord.id)
    yield verification.recognitions_query()
    yield _given()
