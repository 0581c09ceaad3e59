"""Claiming: the person sees what will be signed, chooses, and takes the badge with their PIN.

What is previewed and what is signed come from the same composing code; a digest of what was shown ties the two, so
that nobody signs anything else than what the person read. Only the addresses, the dates, the status index and the salt
of a hidden name are given at the claim itself. One claim gives one credential: the award's row is locked, and award and
sequence are unique together.
"""

import hashlib
import json
import re
import secrets
import uuid
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from badges.models.awards import AwardRecord, AwardState, CredentialRecord
from badges.models.consents import Purpose
from badges.services import (
    awards,
    composing,
    consents,
    contests,
    keys,
    mandates,
    names,
    open_badges_2,
    people,
    shares,
    statements,
    status,
)
from badges.services.access import Actor
from badges.services.composing import Choice, Slots
from badges.services.errors import N_, Conflict, Invalid
from badges.services.installation import Installation
from issuer import facts
from issuer.compose import compose
from issuer.errors import FactRefused
from verify import Summary
from verify.summary import summarise

GIVEN_AT_CLAIM = "…"
"""What stands in the preview where only the claim itself can tell."""

_NOBODY = uuid.UUID(int=0)
_SALT_BYTES = 16
_ANY_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)


CHANGED = N_("Ce badge a changé depuis que vous l’avez lu. Rien n’a été signé : relisez-le, puis recommencez.")


class WrongPin(Invalid):
    """The PIN was wrong; the caller commits all the same, so that the guess stays counted."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What will be signed. `document` has `…` where the claim itself gives the value; `digest` ties a claim to it."""

    award: AwardRecord
    choice: Choice
    document: dict[str, Any]
    summary: Summary
    digest: str


def preview(
    session: Session,
    actor: Actor,
    installation: Installation,
    *,
    award_id: uuid.UUID,
    choice: Choice,
    now: datetime,
) -> Preview:
    """What the person would sign for with this choice, by the very code that composes the badge.

    Raises:
        NotFound: not this person's award. Conflict: it is not waiting to be claimed, or a level is contested.
        Invalid: evidence that was not offered, a name that cannot be signed, an issuer that may not be shown, or words
            that name the structure although somebody else is to be shown.
    """
    award = awards.for_person(session, actor, award_id)
    awards.require_state(award, AwardState.GRANTED)
    contests.require_none(session, award.round, award.results, lock=False)
    return previewed(award, checked_choice(session, award, choice, now), installation, now)


def claim(
    session: Session,
    actor: Actor,
    installation: Installation,
    *,
    award_id: uuid.UUID,
    choice: Choice,
    pin: str,
    shown: str,
    now: datetime,
) -> CredentialRecord:
    """The credential: composed as it was shown, signed, read back by our own verifier, stored and shared.

    Raises:
        NotFound: not this person's award.
        Conflict: it is not waiting to be claimed, it changed since it was shown, a level is contested, a coach reset
            the PIN today, the structure may no longer issue, or the person does not agree to publication.
        Invalid: as `preview`. WrongPin: the PIN is wrong; commit all the same.
        TooMany: too many wrong PINs.
    """
    award = awards.for_person(session, actor, award_id, lock=True)
    awards.require_state(award, AwardState.GRANTED)
    choice = checked_choice(session, award, choice, now)
    if not secrets.compare_digest(previewed(award, choice, installation, now).digest, shown):
        raise Conflict(CHANGED)
    awards.require_issuing(session, award.version, award.organisation, now, granted_at=award.granted_at)
    contests.require_none(session, award.round, award.results)
    consents.require(session, award.person_id, Purpose.PUBLICATION)
    require_person(session, award, pin, installation, now)
    credential, states = issue(session, installation, award, choice, now)
    award.state, award.claimed_at, award.reason = AwardState.CLAIMED, now, ""
    session.flush()
    if award.sequence == 1:
        shares.open_share(session, award, now)
    awards.note(
        session,
        actor.label,
        award,
        "award.claimed",
        now,
        credential=str(credential.id),
        digest=credential.digest,
        states=states,
        signed_by=credential.signed_by,
        sequence=credential.sequence,
        clear_name=choice.clear_name,
        evidence=len(choice.evidence_kept),
    )
    return credential


def checked_choice(session: Session, award: AwardRecord, choice: Choice, now: datetime) -> Choice:
    """The choice in order, once it is known to be one that the person may make today.

    Raises:
        Invalid: evidence that was not offered, or an issuer that may not be shown.
    """
    if any(not 0 <= place < len(award.evidence) for place in choice.evidence_kept):
        raise Invalid(N_("Choisissez parmi les preuves proposées."), field="evidence")
    if choice.by_owner and mandates.owner_for(session, award.version, award.organisation, now) is None:
        raise Invalid(
            N_("Aujourd’hui, ce badge ne peut être signé que par %(organisation)s."),
            field="issuer",
            organisation=award.organisation.name,
        )
    return replace(choice, evidence_kept=tuple(sorted(set(choice.evidence_kept))))


def previewed(
    award: AwardRecord,
    choice: Choice,
    installation: Installation,
    now: datetime,
    *,
    until: datetime | None = None,
    sequence: int | None = None,
) -> Preview:
    """What would be signed with this choice; `until` is the end of a badge that this one takes the place of.

    `sequence` is that of the award when it was shown, where it is not the present one.

    Raises:
        Invalid: a text that cannot be signed, or one that names the structure although somebody else is to be shown.
    """
    try:
        document = _composed(award, choice, installation, now, until)
        undated = _composed(award, choice, installation, _ANY_MOMENT, until)
    except FactRefused as refused:
        raise Invalid(
            N_("Ce badge contient un texte qui ne peut pas être signé (%(place)s). Prévenez votre coach."),
            place=refused.field,
        ) from None
    if choice.by_owner:
        _require_silence(document, award)
    tied = json.dumps([undated, sequence or award.sequence], ensure_ascii=False, sort_keys=True).encode()
    return Preview(
        award, choice, _veiled(document), summarise(document, written_as="json"), hashlib.sha256(tied).hexdigest()
    )


def _require_silence(document: dict[str, Any], award: AwardRecord) -> None:
    """Return where nothing the document says names the structure: capitals, accents and spaces apart."""
    name = award.organisation.name
    evidence = [item for item in document.get("evidence", ()) if _names(item, name)]
    if evidence:
        raise Invalid(
            N_(
                "La preuve « %(evidence)s » nomme votre structure : un employeur la lirait. Ne la gardez pas, ou "
                "demandez à votre coach de l’écrire autrement."
            ),
            field="evidence",
            evidence=evidence[0]["name"],
        )
    if _names(document["credentialSubject"], name):
        raise Invalid(
            N_("Le texte de ce badge nomme votre structure : il ne peut pas être signé par quelqu’un d’autre."),
            field="issuer",
        )


def _names(said: Any, name: str) -> bool:
    """Whether a text somewhere inside says the name, as whole words; addresses say nothing to a reader."""
    if isinstance(said, dict):
        return any(_names(value, name) for value in said.values())
    if isinstance(said, list):
        return any(_names(value, name) for value in said)
    if not isinstance(said, str) or said.startswith("http"):
        return False
    return f" {_plain_words(name)} " in f" {_plain_words(said)} "


def _plain_words(text: str) -> str:
    return " ".join(re.findall(r"\w+", names.folded(text)))


def _composed(
    award: AwardRecord, choice: Choice, installation: Installation, moment: datetime, until: datetime | None
) -> dict[str, Any]:
    """The badge as it would be composed at that moment, under addresses that nothing has."""
    base = installation.base_url
    nowhere = facts.StatusSlot(f"{base}/status/0", f"{base}/status/0", 0)
    slots = Slots(f"{base}/c/{_NOBODY}", "0" * facts.SHORTEST_SALT, moment, nowhere)
    return compose(_facts(award, choice, slots, installation, until))


def _facts(
    award: AwardRecord, choice: Choice, slots: Slots, installation: Installation, until: datetime | None
) -> facts.AwardFacts:
    found = composing.award_facts(award, choice, slots, installation)
    return found if until is None else replace(found, valid_until=until)


def _veiled(document: dict[str, Any]) -> dict[str, Any]:
    """The document with `…` in the places that only the claim fills."""
    shown = deepcopy(document)
    shown["id"] = GIVEN_AT_CLAIM
    for member in ("validFrom", "validUntil"):
        if member in shown:
            shown[member] = GIVEN_AT_CLAIM
    entry = shown["credentialStatus"]
    shown["credentialStatus"] = {
        key: value if key in {"type", "statusPurpose"} else GIVEN_AT_CLAIM for key, value in entry.items()
    }
    for identifier in shown["credentialSubject"]["identifier"]:
        if identifier["hashed"]:
            identifier.update(identityHash=GIVEN_AT_CLAIM, salt=GIVEN_AT_CLAIM)
    return shown


def require_person(session: Session, award: AwardRecord, pin: str, installation: Installation, now: datetime) -> None:
    """Return where the PIN is the person's and may be used today.

    Raises:
        Conflict: a coach reset it today. WrongPin: it is wrong; commit all the same. TooMany: too many wrong ones.
    """
    zone = ZoneInfo(installation.settings.timezone)
    if not people.may_claim_today(award.person, now.astimezone(zone).date(), zone):
        raise Conflict(
            N_(
                "Votre code secret a été refait aujourd’hui par un coach. Pour que personne ne prenne un badge à votre "
                "place, revenez demain."
            )
        )
    if not people.confirm_pin(session, award.person, pin, installation.secret, now):
        raise WrongPin(N_("Ce n’est pas votre code secret. Rien n’a été signé. Réessayez."), field="pin")


def issue(
    session: Session,
    installation: Installation,
    award: AwardRecord,
    choice: Choice,
    now: datetime,
    *,
    until: datetime | None = None,
) -> tuple[CredentialRecord, tuple[str, ...]]:
    """The credential and the digests of all that was signed: the bytes that leave the signer are those that are kept.

    Whom the choice shows signs it, in its own status list, as Open Badges 2.0 and as a statement too.

    Raises:
        Conflict: the award has a credential of this sequence already. SigningRefused: our own verifier refuses one.
    """
    credential_id, signer = uuid.uuid4(), composing.signer_of(award, choice)
    taken = status.take_slot(session, installation, signer, now)
    slots = Slots(
        credential_url=f"{installation.base_url}/c/{credential_id}",
        salt=secrets.token_urlsafe(_SALT_BYTES),
        valid_from=now,
        status=status.slot_fact(installation, taken),
    )
    claimed = _facts(award, choice, slots, installation, until)
    composed = compose(claimed)
    document = keys.sign(session, installation, signer, composed, now)
    token = keys.sign_token(session, installation, signer, composed, now)
    credential = CredentialRecord(
        id=credential_id,
        award_id=award.id,
        sequence=award.sequence,
        document=document,
        digest=hashlib.sha256(document).hexdigest(),
        token=token,
        token_digest=None if token is None else hashlib.sha256(token).hexdigest(),
        signed_by=signer.id,
        signer=signer,
        issued_at=claimed.valid_from,
        valid_until=claimed.valid_until,
        status_list_id=taken.revocation_list_id,
        status_index=taken.index,
    )
    try:
        with session.begin_nested():
            session.add(credential)
    except IntegrityError:
        raise Conflict(N_("Ce badge vient d’être pris. Rechargez la page.")) from None
    award.credentials.append(credential)
    session.flush()
    open_badges_2.sign(session, installation, award, credential, now)
    statement = statements.sign(session, installation, credential, now)
    stated = None if statement is None else statements.digest(statement)
    return credential, tuple(one for one in (credential.digest, credential.token_digest, stated) if one)
