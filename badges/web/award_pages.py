"""What the pages of an award show, as plain values: no template holds an award, so no rating can slip into one."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext

from badges.models.assessments import RoundRecord
from badges.models.awards import AwardRecord, AwardState, CredentialRecord
from badges.models.people import Role
from badges.models.referentiels import VersionRecord
from badges.services import awards, codes, lifecycle, shares
from badges.services.access import Actor
from badges.services.errors import N_
from badges.web import current
from badges.web.words import document_of, within
from referentiels.model import Badge, Referentiel

STATES = {
    AwardState.PROPOSED: ("waiting", N_("Proposé")),
    AwardState.GRANTED: ("waiting", N_("Accordé, à prendre")),
    AwardState.CLAIMED: ("done", N_("Délivré")),
    AwardState.REFUSED: ("neutral", N_("Pas accordé")),
    AwardState.DECLINED: ("neutral", N_("Pas pris")),
    AwardState.REVOKED: ("stopped", N_("Retiré")),
    AwardState.LAPSED: ("neutral", N_("Délai passé")),
}
RATERS = {
    "self": N_("La personne elle-même"),
    "coach": N_("Son coach"),
    "tutor": N_("L’entreprise qui l’a accueillie"),
}


@dataclass(frozen=True, slots=True)
class LevelLine:
    """An agreed level: « Travail en équipe », « Niveau 3 : Seul », the behaviour, and its place on the scale from 1."""

    competence: str
    level: str
    meaning: str
    rank: int
    total: int


@dataclass(frozen=True, slots=True)
class BadgeWords:
    """What a badge is, before anybody earned it."""

    code: str
    name: str
    description: str
    pictogram: str
    referentiel: str
    number: int
    levels: tuple[LevelLine, ...]
    evidence_required: bool
    coach_may_grant: bool


@dataclass(frozen=True, slots=True)
class ShareView:
    """A public code that is open."""

    id: int
    code: str
    typed: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class AwardView:
    """An award as its pages show it; `actions` are what this reader may do with it now.

    `signer` is whoever signed in the structure's place, if somebody did. Who only signed learns nothing of the person.
    `share` is for the person alone: whom they show what is between them and a reader.
    """

    id: uuid.UUID
    state: AwardState
    chip: tuple[str, str]
    badge: BadgeWords
    person: str
    organisation: str
    tu: bool
    raters: tuple[str, ...]
    evidence: tuple[str, ...]
    narratives: tuple[tuple[str, str], ...]
    proposed_at: datetime
    proposer: str
    granted_at: datetime | None
    granter: str
    claimed_at: datetime | None
    talk_on: date | None
    reason: str
    wording_reason: str
    signer: str
    sequence: int
    credential: CredentialRecord | None
    former: CredentialRecord | None
    share: ShareView | None
    actions: frozenset[str]


def view(award: AwardRecord, actor: Actor, now: datetime) -> AwardView:
    """The award for this reader."""
    close = _close(award, actor)
    share = shares.active_share(award, now) if award.person_id == actor.person_id else None
    credential = lifecycle.current_credential(award)
    former = award.credentials[-1] if award.credentials else None
    somebody = gettext("%(organisation)s, sans nom", organisation=award.organisation.name)
    return AwardView(
        id=award.id,
        state=award.state,
        chip=chip(award, credential, now),
        badge=badge_words(award.version, award.badge_code, award.results),
        person=award.person.name if close else somebody,
        organisation=award.organisation.name,
        tu=award.organisation.address_form == "tu",
        raters=tuple(gettext(RATERS[rater]) for rater in award.raters),
        evidence=tuple(item["name"] for item in award.evidence) if close else (),
        narratives=_narratives(award, actor),
        proposed_at=award.proposed_at,
        proposer=award.proposer.name if close else somebody,
        granted_at=award.granted_at,
        granter=(award.granter.name if close else somebody) if award.granter else "",
        claimed_at=award.claimed_at,
        talk_on=award.round.talk_on,
        reason=award.reason,
        wording_reason=award.wording_reason if close else "",
        signer=former.signer.name if former and former.signed_by != award.organisation_id else "",
        sequence=award.sequence,
        credential=credential,
        former=former,
        share=ShareView(share.id, share.code, codes.show_code(share.code), share.created_at) if share else None,
        actions=_actions(award, credential, actor, now),
    )


def chip(award: AwardRecord, credential: CredentialRecord | None, now: datetime) -> tuple[str, str]:
    """The kind and words of an award's chip."""
    if award.state is AwardState.CLAIMED and credential is not None:
        if credential.suspended_at is not None or credential.withheld_at is not None:
            return "attention", gettext("En pause")
        if credential.valid_until is not None and credential.valid_until <= now:
            return "attention", gettext("À actualiser")
    if award.state is AwardState.GRANTED and award.sequence > 1:
        return "waiting", gettext("Corrigé, à reprendre")
    kind, words = STATES[award.state]
    return kind, gettext(words)


def badge_words(version: VersionRecord, code: str, levels: dict[str, int]) -> BadgeWords:
    """The badge of a version, with these levels."""
    document = document_of(version)
    badge = document.badge(code)
    return BadgeWords(
        code=badge.code,
        name=badge.name,
        description=badge.description,
        pictogram=badge.pictogram,
        referentiel=document.title,
        number=version.number,
        levels=_levels(document, badge, levels),
        evidence_required=badge.evidence_required,
        coach_may_grant=badge.coach_may_grant,
    )


def proposable(row: RoundRecord, code: str) -> BadgeWords:
    """The badge a closed round meets, with the levels that count for it.

    Raises:
        Refused: as `awards.proposable`.
    """
    badge = awards.proposable(row, code)
    return badge_words(row.version, code, awards.counting_levels(row, badge))


def _levels(document: Referentiel, badge: Badge, levels: dict[str, int]) -> tuple[LevelLine, ...]:
    lines = []
    for need in badge.requirements:
        if need.competence not in levels:
            continue
        level = levels[need.competence]
        competence, step = document.competence(need.competence), document.level(level)
        words = within(gettext("Niveau %(number)s : %(name)s"), number=level, name=step.name)
        rank = document.levels.index(level) + 1
        meaning = competence.behaviour(level) or step.meaning
        lines.append(LevelLine(competence.name, words, meaning, rank, len(document.scale)))
    return tuple(lines)


def _narratives(award: AwardRecord, actor: Actor) -> tuple[tuple[str, str], ...]:
    """Titles and narratives of the evidence: for the person and for who proposed it, not for the issuer."""
    if award.person_id != actor.person_id and award.proposed_by != actor.staff_id:
        return ()
    return tuple((item["name"], item["narrative"]) for item in award.evidence)


def _close(award: AwardRecord, actor: Actor) -> bool:
    """Whether the reader is the person or works for the structure that decided, not for whose key signed alone."""
    if award.person_id == actor.person_id:
        return True
    return any(actor.has(held, award.organisation_id) for held in (Role.ISSUER, Role.COACH))


def _actions(award: AwardRecord, credential: CredentialRecord | None, actor: Actor, now: datetime) -> frozenset[str]:
    if award.state is AwardState.PROPOSED and actor.has(Role.ISSUER, award.organisation_id):
        return frozenset({"grant", "refuse"} if awards.may_decide(actor, award) else {"refuse"})
    if award.state is not AwardState.CLAIMED or credential is None:
        return frozenset()
    if not lifecycle.may_act(current.db(), actor, award, credential, now):
        return frozenset()
    pause: Sequence[str] = ("resume",) if credential.suspended_at is not None else ("suspend",)
    return frozenset({*pause, "revoke", "correct"})
