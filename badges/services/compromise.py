"""What is done once a signing key fell into other hands.

A thief can write any date into what they sign, so no date in a badge says anything any more. What does are the
journal's entries: badges that it states for a moment before the theft stay good, everything else that the key signed is
refused. The organisation gets a new key, and its status lists are signed anew.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from badges.models.awards import CredentialRecord
from badges.models.journal import JournalRecord, WitnessRecord
from badges.models.people import OrganisationRecord
from badges.models.status import KeyRecord, StatusListRecord
from badges.services import keys, status
from badges.services.errors import N_, Invalid
from badges.services.installation import Installation


@dataclass(frozen=True, slots=True)
class Compromise:
    """What it came to: the keys revoked, how many lists were signed anew, and the badges that no longer count."""

    revoked: list[KeyRecord]
    lists: int
    lost: list[CredentialRecord]


def declare(
    session: Session,
    installation: Installation,
    organisation: OrganisationRecord,
    *,
    since: datetime,
    now: datetime,
    fragments: Collection[str] = (),
) -> Compromise:
    """Revoke the keys of these names, or all the organisation has, since that moment; sign with new ones from now on.

    All is the default because a key retired long ago forges as well as the latest one; it costs no badge that the
    journal stated in time.

    Raises:
        Invalid: the moment lies ahead. NotFound: the organisation has no key of that name.
    """
    if since > now:
        raise Invalid(N_("La date du vol est dans l’avenir."))
    revoked = keys.revoke(
        session,
        installation,
        organisation,
        since=since.replace(microsecond=0),  # as precisely as the DID document can say it
        fragments=fragments,
        now=now,
    )
    lists = status.sign_again(session, installation, organisation, now)
    return Compromise(revoked, lists, _lost(session, organisation, revoked))


def _lost(session: Session, organisation: OrganisationRecord, revoked: list[KeyRecord]) -> list[CredentialRecord]:
    """The badges that one of these keys signed and that the journal states too late, or not at all."""
    rows = session.execute(
        select(CredentialRecord, JournalRecord.at)
        .join(StatusListRecord, StatusListRecord.id == CredentialRecord.status_list_id)
        .outerjoin(WitnessRecord, WitnessRecord.digest == CredentialRecord.digest)
        .outerjoin(JournalRecord, JournalRecord.id == WitnessRecord.journal_id)
        .where(StatusListRecord.organisation_id == organisation.id)
        .order_by(CredentialRecord.issued_at)
    )
    ends = {key.fragment: key.revoked_at for key in revoked}
    lost = []
    for credential, at in rows:
        proof = json.loads(credential.document)["proof"][0]
        end = ends.get(proof["verificationMethod"].partition("#")[2])
        if end is not None and (at is None or at >= end):
            lost.append(credential)
    return lost
