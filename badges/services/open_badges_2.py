"""Open Badges 2.0 beside 3.0: every shared badge as a hosted Assertion, and signed once more when it is claimed.

Nothing here is stored but the signed form: a hosted Assertion is made anew from the signed credential at each asking,
and says at that moment whether the badge stands. Its identifiers tell nothing: the one of the signed form, which the
list of revocations publishes, leads to no page.

Source: Open Badges 2.0, sections "HostedBadge Verification" and "SignedBadge Verification"; docs/adr/0008.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Row, exists, select
from sqlalchemy.orm import Session, joinedload

from badges.models.awards import (
    CORRECTED,
    REPLACED,
    AssertionRecord,
    AwardRecord,
    CredentialRecord,
)
from badges.models.people import OrganisationRecord
from badges.models.referentiels import RecognitionRecord, ReferentielRecord, VersionRecord
from badges.models.rights import ErasedCredentialRecord
from badges.models.status import KeyRecord, StatusListRecord
from badges.services import composing, keys, open_badges_2_addresses, public_badges
from badges.services.errors import N_, NotFound, Paused
from badges.services.installation import Installation
from badges.services.open_badges_2_addresses import BadgeName, Places
from issuer import keys as key_formats
from issuer import open_badges_2 as forms
from referentiels.model import UnknownCodeError
from verify.standards import documents
from verify.standards.signatures import KeyKind

UNKNOWN = N_("Rien n’est publié à cette adresse.")
_SIGNED_FORM = "open-badges-2"
_NEVER_ISSUED = "never-issued"
_Node = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Hosted:
    """What a hosted Assertion's address answers; `revoked` where it is withdrawn for good."""

    document: _Node
    revoked: bool


def profile(session: Session, installation: Installation, slug: str) -> _Node:
    """The Profile of an organisation that signs or ever signed.

    Raises:
        NotFound: there is none.
    """
    places = Places(installation.base_url, slug)
    organisation = session.scalar(select(OrganisationRecord).where(OrganisationRecord.slug == slug))
    if organisation is None or not session.scalar(select(exists().where(KeyRecord.organisation_id == organisation.id))):
        raise NotFound(UNKNOWN)
    return forms.profile(
        replace(keys.issuer_of(installation, organisation), email=_email(installation)),
        address=places.profile,
        assertions=places.assertions,
        keys=[places.key(key.fragment) for key in _keys(session, slug)],
        revocations=places.revocations,
        also=f"{installation.base_url}/o/{slug}/did.json",
    )


def key(session: Session, installation: Installation, slug: str, fragment: str) -> _Node:
    """The document of a public key with which an organisation signs or signed badges of this version.

    Raises:
        NotFound: there is none, or it fell into other hands.
    """
    found = next((each for each in _keys(session, slug) if each.fragment == fragment), None)
    if found is None:
        raise NotFound(UNKNOWN)
    places = Places(installation.base_url, slug)
    public = key_formats.read_public(found.public_key)
    return forms.cryptographic_key(public, address=places.key(fragment), owner=places.profile)


def badge_class(session: Session, installation: Installation, named: BadgeName) -> _Node:
    """The badge of a published version as an organisation awards it that is, or once was, recognised for it.

    Raises:
        NotFound: there is none.
    """
    version = session.scalar(
        select(VersionRecord)
        .join(VersionRecord.referentiel)
        .join(RecognitionRecord, RecognitionRecord.referentiel_id == ReferentielRecord.id)
        .join(OrganisationRecord, OrganisationRecord.id == RecognitionRecord.organisation_id)
        .where(
            ReferentielRecord.slug == named.referentiel,
            VersionRecord.number == named.number,
            OrganisationRecord.slug == named.slug,
        )
        .limit(1)
    )
    if version is None:
        raise NotFound(UNKNOWN)
    try:
        achievement = composing.achievement_of(version, named.code, installation)
    except UnknownCodeError:
        raise NotFound(UNKNOWN) from None
    places = Places(installation.base_url, named.slug)
    return forms.badge_class(
        achievement,
        address=places.badge_class(named.referentiel, named.number, named.code),
        issuer=places.profile,
    )


def revocations(session: Session, installation: Installation, slug: str) -> _Node:
    """The signed badges that an organisation withdrew or paused.

    Raises:
        NotFound: there is no such issuer.
    """
    places = Places(installation.base_url, slug)
    profile(session, installation, slug)
    rows = session.execute(
        select(CredentialRecord.id, CredentialRecord.revoked_at, CredentialRecord.revoked_reason)
        .join(AssertionRecord, AssertionRecord.credential_id == CredentialRecord.id)
        .join(OrganisationRecord, OrganisationRecord.id == CredentialRecord.signed_by)
        .where(
            OrganisationRecord.slug == slug,
            CredentialRecord.revoked_at.is_not(None)
            | CredentialRecord.suspended_at.is_not(None)
            | CredentialRecord.withheld_at.is_not(None),
        )
        .order_by(CredentialRecord.id)
    )
    words = forms.WORDS["fr"]
    ended = [(row.id, _fate(row)) for row in rows]
    ended += [(row.id, "revoked" if row.revoked_at else "suspended") for row in _erased(session, slug)]
    return forms.revocation_list(
        {identifier_of(one): words[fate] for one, fate in sorted(ended)},
        address=places.revocations,
        issuer=places.profile,
        never_issued=f"urn:uuid:{uuid.uuid5(uuid.uuid5(uuid.NAMESPACE_URL, places.profile), _NEVER_ISSUED)}",
    )


def hosted(session: Session, installation: Installation, credential_id: uuid.UUID) -> Hosted:
    """The Assertion at the credential's address of this version, as it stands now.

    A withdrawn badge says so to whoever asks, and nothing else. One that the person no longer shares is not found:
    here 410 would say that the issuer withdrew it.

    Raises:
        NotFound: no such credential, or none that is shared.
    """
    credential = _credential(session, credential_id)
    if credential is None:
        return _remains(session, installation, credential_id)
    address = Places(installation.base_url, credential.signer.slug).assertion(credential_id)
    words = forms.words_of(forms.credential_of(credential.document))
    if credential.revoked_at is not None:
        return Hosted(forms.taken_back(address, words[_fate(credential)]), revoked=True)
    if not _is_shared(session, installation, credential):
        raise NotFound(UNKNOWN)
    if credential.suspended_at is not None or credential.withheld_at is not None:
        return Hosted(forms.taken_back(address, words["suspended"]), revoked=False)
    return Hosted(_standing(installation, credential), revoked=False)


def standing(session: Session, installation: Installation, credential_id: uuid.UUID) -> bytes:
    """The hosted Assertion to keep or to bake, whatever became of the badge: the address in it tells that.

    Raises:
        NotFound: no such credential, or none that is shared.
        Paused: the person does not agree to its publication at present.
    """
    credential = _credential(session, credential_id)
    if credential is None or not _is_shared(session, installation, credential):
        raise NotFound(UNKNOWN)
    if credential.withheld_at is not None:
        raise Paused(N_("Ce badge est en pause."))
    return documents.dump(_standing(installation, credential))


def signed(session: Session, credential_id: uuid.UUID) -> bytes | None:
    """The signed form, exactly as it was signed, or None for a badge from before there was one."""
    return session.scalar(select(AssertionRecord.document).where(AssertionRecord.credential_id == credential_id))


def sign(
    session: Session, installation: Installation, award: AwardRecord, credential: CredentialRecord, now: datetime
) -> AssertionRecord:
    """Sign the credential's form of this version, with the organisation's RSA key, and store it.

    Raises:
        SigningRefused: our own verifier does not accept the result.
    """
    organisation, version = credential.signer, award.version
    record = keys.ensure_key(session, installation, organisation, now, KeyKind.RSA)
    places = Places(installation.base_url, organisation.slug)
    named = BadgeName(organisation.slug, version.referentiel.slug, version.number, award.badge_code)
    published = (
        badge_class(session, installation, named),
        profile(session, installation, organisation.slug),
        key(session, installation, organisation.slug, record.fragment),
    )
    document = forms.sign(
        forms.to_sign(
            _standing(installation, credential),
            identifier=identifier_of(credential.id),
            creator=places.key(record.fragment),
        ),
        keys.signing_key(session, installation, organisation, KeyKind.RSA),
        now=now,
        published={node["id"]: node for node in published},
    )
    row = AssertionRecord(credential_id=credential.id, document=document, created_at=now)
    session.add(row)
    session.flush()
    return row


def document(session: Session, installation: Installation, address: str) -> bytes | None:
    """What one of this installation's own addresses of this version answers; None for any other."""
    parts = open_badges_2_addresses.read(installation.base_url, address)
    if parts is None:
        return None
    try:
        return documents.dump(_asked(session, installation, parts))
    except (NotFound, ValueError):
        return None


def identifier_of(credential_id: uuid.UUID) -> str:
    """The identifier of a credential's signed form: always the same, and no way back to the credential's address."""
    return f"urn:uuid:{uuid.uuid5(credential_id, _SIGNED_FORM)}"


def _asked(session: Session, installation: Installation, parts: dict[str, str | None]) -> _Node:
    credential, slug = parts["credential"], parts["slug"] or ""
    if credential is not None:
        return hosted(session, installation, uuid.UUID(credential)).document
    badge = BadgeName(slug, parts["referentiel"] or "", int(parts["number"] or 0), parts["code"] or "")
    asked: dict[str, Callable[[], _Node]] = {
        "revocations": lambda: revocations(session, installation, slug),
        "key": lambda: key(session, installation, slug, parts["key"] or ""),
        "code": lambda: badge_class(session, installation, badge),
    }
    named = [name for name in asked if parts[name] is not None]
    if len(named) > 1:
        raise NotFound(UNKNOWN)
    return asked[named[0]]() if named else profile(session, installation, slug)


def _standing(installation: Installation, credential: CredentialRecord) -> _Node:
    award = credential.award
    places = Places(installation.base_url, credential.signer.slug)
    return forms.hosted(
        forms.credential_of(credential.document),
        address=places.assertion(credential.id),
        badge_class=places.badge_class(award.version.referentiel.slug, award.version.number, award.badge_code),
        image=places.picture(credential.id),
    )


def _erased(session: Session, slug: str) -> list[Row[uuid.UUID, datetime | None]]:
    """What stays of an organisation's withdrawn and paused badges whose person is erased."""
    return list(
        session.execute(
            select(ErasedCredentialRecord.credential_id.label("id"), ErasedCredentialRecord.revoked_at)
            .join(StatusListRecord, StatusListRecord.id == ErasedCredentialRecord.status_list_id)
            .join(OrganisationRecord, OrganisationRecord.id == StatusListRecord.organisation_id)
            .where(
                OrganisationRecord.slug == slug,
                ErasedCredentialRecord.revoked_at.is_not(None) | ErasedCredentialRecord.paused,
            )
        )
    )


def _remains(session: Session, installation: Installation, credential_id: uuid.UUID) -> Hosted:
    """What a copy of an erased person's badge is told: that it is withdrawn or paused, where it is; else nothing."""
    found = session.execute(
        select(ErasedCredentialRecord.revoked_at, ErasedCredentialRecord.paused, OrganisationRecord.slug)
        .join(StatusListRecord, StatusListRecord.id == ErasedCredentialRecord.status_list_id)
        .join(OrganisationRecord, OrganisationRecord.id == StatusListRecord.organisation_id)
        .where(ErasedCredentialRecord.credential_id == credential_id)
    ).one_or_none()
    if found is None or (found.revoked_at is None and not found.paused):
        raise NotFound(UNKNOWN)
    address = Places(installation.base_url, found.slug).assertion(credential_id)
    words = forms.WORDS["fr"]["revoked" if found.revoked_at else "suspended"]
    return Hosted(forms.taken_back(address, words), revoked=found.revoked_at is not None)


def _credential(session: Session, credential_id: uuid.UUID) -> CredentialRecord | None:
    return session.scalar(
        select(CredentialRecord)
        .where(CredentialRecord.id == credential_id)
        .options(
            joinedload(CredentialRecord.signer),
            joinedload(CredentialRecord.award).joinedload(AwardRecord.version).joinedload(VersionRecord.referentiel),
        )
    )


def _is_shared(session: Session, installation: Installation, credential: CredentialRecord) -> bool:
    """Whether some share that anybody may open shows all of it: what is hosted hides nothing."""
    code = public_badges.address_open(session, credential.award_id, credential.document, installation.clock())
    return code is not None


def _fate(row: Any) -> str:
    """The word of `forms.WORDS` for what became of a credential that does not stand."""
    if row.revoked_at is None:
        return "suspended"
    return "replaced" if row.revoked_reason in {CORRECTED, REPLACED} else "revoked"


def _keys(session: Session, slug: str) -> list[KeyRecord]:
    """The RSA keys with which an organisation signs or signed badges of this version, but those in other hands."""
    return list(
        session.scalars(
            select(KeyRecord)
            .join(OrganisationRecord, OrganisationRecord.id == KeyRecord.organisation_id)
            .where(OrganisationRecord.slug == slug, KeyRecord.kind == KeyKind.RSA, KeyRecord.revoked_at.is_(None))
            .order_by(KeyRecord.id)
        )
    )


def _email(installation: Installation) -> str:
    """The address that this version requires of an issuer: who sends the service's letters, else who keeps its domain.

    Source: RFC 5321, section 4.5.1: every domain that takes mail has a postmaster.
    """
    sender = parseaddr(installation.settings.mail_from or "")[1]
    return sender if "@" in sender else f"postmaster@{urlsplit(installation.base_url).hostname}"
