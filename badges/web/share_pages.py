"""What the person's pages of their shares show: in words, what each one shows, until when, and the ways to give it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlencode

from flask import request, url_for
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from badges.models.awards import AwardRecord, CredentialRecord, ShareRecord
from badges.models.people import AgeBand, PersonRecord
from badges.services import codes, phrases, referentiels, shares, showing
from badges.services.errors import N_
from badges.services.shares import Wanted
from badges.web import current
from verify import Summary

LINKEDIN = "https://www.linkedin.com/profile/add"
LIFETIMES = {
    "30": N_("30 jours"),
    "90": N_("90 jours"),
    "365": N_("Un an"),
    "none": N_("Sans date de fin"),
}


@dataclass(frozen=True, slots=True)
class Item:
    """An item of evidence that may be shown: the value of its box, its title and its words."""

    value: str
    name: str
    narrative: str


@dataclass(frozen=True, slots=True)
class Choosable:
    """A badge that may be shown; `named` tells that the person's name is written in it."""

    id: uuid.UUID
    name: str
    organisation: str
    pictogram: str
    named: bool
    evidence: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class LinkedIn:
    """The address that proposes a badge to LinkedIn, and what it would fill in, for whoever has to type it."""

    name: str
    organisation: str
    issued: datetime
    address: str
    url: str


@dataclass(frozen=True, slots=True)
class ShareView:
    """A share for its person; `open` tells that its page answers."""

    id: int
    code: str
    typed: str
    address: str
    title: str
    label: str
    badges: tuple[str, ...]
    shows: tuple[str, ...]
    contact: str
    secret: bool
    opened_at: datetime | None
    until: datetime | None
    open: bool
    chip: tuple[str, str]


def choosable(award: AwardRecord) -> Choosable:
    """The badge, with the evidence that was signed."""
    summary, badge = _summary(award), referentiels.document_of(award.version).badge(award.badge_code)
    items = (
        Item(f"{award.id}:{showing.evidence_key(one)}", one.name or gettext("Preuve"), one.narrative or "")
        for one in summary.evidence
    )
    named = summary.holder_name is not None
    return Choosable(award.id, badge.name, summary.issuer_name or "", badge.pictogram, named, tuple(items))


def proposed(person: PersonRecord, first: Sequence[str]) -> MultiDict[str, str]:
    """The form as it is proposed: all of it, for ninety days; under eighteen without the name."""
    form: MultiDict[str, str] = MultiDict({"lifetime": "90", "levels": "1"})
    if person.age_band is AgeBand.ADULT:
        form["name"] = "1"
    form.setlist("badge", list(first))
    form["all"] = "1"
    return form


def as_form(share: ShareRecord) -> MultiDict[str, str]:
    """The form as a draft was made from it; a password is typed again."""
    form: MultiDict[str, str] = MultiDict({"label": share.label, "contact": share.contact})
    form.update({name: "1" for name in ("name", "levels", "radar", "words") if getattr(share, f"show_{name}")})
    form["lifetime"] = _lifetime(share)
    form.setlist("badge", [str(one.award_id) for one in share.badges])
    kept = [
        item.value
        for one in share.badges
        for item in choosable(one.award).evidence
        if one.evidence is None or item.value.partition(":")[2] in one.evidence
    ]
    form.setlist("evidence", kept)
    return form


def wanted(form: MultiDict[str, str], found: Sequence[Choosable]) -> Wanted:
    """What the form asks for; evidence of a badge that is shown whole follows the badge through corrections."""
    chosen = {value for value in form.getlist("badge") if _is_uuid(value)}
    ticked = set(form.getlist("evidence"))
    evidence = {
        one.id: frozenset(item.value.partition(":")[2] for item in one.evidence if item.value in ticked)
        for one in found
        if any(item.value not in ticked for item in one.evidence)
    }
    order = [str(one.id) for one in found]
    strangers = sorted(chosen.difference(order))
    return Wanted(
        awards=tuple(uuid.UUID(one) for one in [*(one for one in order if one in chosen), *strangers]),
        name="name" in form,
        levels="levels" in form,
        words="words" in form,
        radar="radar" in form,
        evidence=evidence,
        contact=form.get("contact", ""),
        label=form.get("label", ""),
        lifetime=form.get("lifetime", ""),
        secret=form.get("secret", ""),
    )


def view(share: ShareRecord, *, paused: bool = False) -> ShareView:
    """The share for its person; `paused`: they said no to publishing, so that nobody reads it."""
    names = tuple(referentiels.document_of(one.award.version).badge(one.award.badge_code).name for one in share.badges)
    is_open = shares.is_open(share, current.now())
    return ShareView(
        id=share.id,
        code=share.code,
        typed=codes.show_code(share.code),
        address=f"{current.installation().base_url}{url_for('verification.by_code', code=share.code)}",
        title=share.label or " · ".join(names),
        label=share.label,
        badges=names,
        shows=_shows(share),
        contact=share.contact,
        secret=share.secret_hash is not None,
        opened_at=share.opened_at,
        until=share.expires_at,
        open=is_open and not paused,
        chip=_chip(share, is_open=is_open, paused=paused),
    )


def message(shown: ShareView) -> str:
    """A short text to send, with the address; it says « vous » whoever sends it, and nothing of who they are."""
    if len(shown.badges) == 1:
        words = N_("Bonjour, voici mon badge « %(badge)s ». Vous pouvez le vérifier ici : %(address)s")
        return str(gettext(words, badge=shown.badges[0], address=shown.address))
    return str(gettext("Bonjour, voici mes badges. Vous pouvez les vérifier ici : %(address)s", address=shown.address))


def sms(text: str) -> str:
    """The address that opens the telephone's messages with the text, on old and new telephones.

    Source: RFC 5724, section 2.2; `?&` is what both Android and iOS read.
    """
    return f"sms:?&body={quote(text)}"


def linkedin(share: ShareRecord) -> list[LinkedIn]:
    """For each badge that stands, what adds it to a LinkedIn profile.

    LinkedIn may fill the form in or not: what it would say is shown beside.
    """
    found, several = [], len(share.badges) > 1
    for one in share.badges:
        credential, summary = _credential(one.award), _summary(one.award)
        if credential.revoked_at or credential.suspended_at or credential.withheld_at:
            continue
        place = one.place if several else None
        address = current.installation().base_url + url_for("verification.by_code", code=share.code, place=place)
        asked = {
            "startTask": "CERTIFICATION_NAME",
            "name": summary.achievement_name or "",
            "organizationName": summary.issuer_name or "",
            "issueYear": credential.issued_at.year,
            "issueMonth": credential.issued_at.month,
            **_until(credential),
            "certUrl": address,
            "certId": codes.show_code(share.code),
        }
        found.append(
            LinkedIn(
                summary.achievement_name or "",
                summary.issuer_name or "",
                credential.issued_at,
                address,
                f"{LINKEDIN}?{urlencode(asked, quote_via=quote)}",
            )
        )
    return found


def named_in_texts(share: ShareRecord, person: PersonRecord) -> bool:
    """Whether a hidden name stands all the same in a text that is shown, so that the person can decide again."""
    if share.show_name:
        return False
    words = [word.casefold() for word in person.name.split() if len(word) > 2]  # noqa: PLR2004 - « de », « El »
    said = phrases.shown(current.db(), share.person_id, {id_ for one in share.badges for id_ in one.phrases or ()})
    texts = [share.contact.casefold(), *(phrase.words.casefold() for phrase in said)]
    for one in share.badges:
        kept = showing.Shows(evidence=None if one.evidence is None else frozenset(one.evidence))
        texts += [
            f"{item.name or ''} {item.narrative or ''}".casefold()
            for item in showing.cut(_summary(one.award), kept).evidence
        ]
    return any(word in text for word in words for text in texts)


def _until(credential: CredentialRecord) -> dict[str, int]:
    if credential.valid_until is None:
        return {}
    return {"expirationYear": credential.valid_until.year, "expirationMonth": credential.valid_until.month}


def _shows(share: ShareRecord) -> tuple[str, ...]:
    total, shown, named = 0, 0, False
    for one in share.badges:
        summary = _summary(one.award)
        named = named or summary.holder_name is not None
        keys = {showing.evidence_key(item) for item in summary.evidence}
        total += len(keys)
        shown += len(keys if one.evidence is None else keys.intersection(one.evidence))
    return (
        gettext("Le nom") if share.show_name and named else gettext("Sans le nom"),
        gettext("Les niveaux") if share.show_levels else gettext("Sans les niveaux"),
        gettext("Preuves : %(shown)s sur %(total)s", shown=shown, total=total),
        *([gettext("Mes phrases")] if any(one.phrases for one in share.badges) else []),
    )


def _chip(share: ShareRecord, *, is_open: bool, paused: bool) -> tuple[str, str]:
    if share.withdrawn_at is not None:
        return "neutral", gettext("Arrêté")
    if not is_open:
        return "neutral", gettext("Terminé")
    return ("attention", gettext("En pause")) if paused else ("done", gettext("Ouvert"))


def _lifetime(share: ShareRecord) -> str:
    if share.expires_at is None:
        return "none"
    length = share.expires_at - share.created_at
    return next((name for name, one in shares.LIFETIMES.items() if one == length), "90")


def _credential(award: AwardRecord) -> CredentialRecord:
    return award.credentials[-1]


def _summary(award: AwardRecord) -> Summary:
    return showing.summary_of(_credential(award).document)


def _is_uuid(value: str) -> bool:
    try:
        uuid.UUID(value)
    except ValueError:
        return False
    return True


def asked_badges() -> list[str]:
    """The badges that an address names, to begin with."""
    return request.args.getlist("badge")
