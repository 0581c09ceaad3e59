"""Awards: a coach proposes, somebody else grants, the person claims. Nothing is signed before the claim.

An issuer sees the person's name, the agreed levels and the titles of the evidence, never situations or ratings. What
belongs to another organisation, or to another person, does not exist for whoever asks. Suspending, revoking and
correcting stand in `lifecycle`, claiming in `claims`.
"""

import uuid
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from badges.models.assessments import RoundOutcome, RoundRecord
from badges.models.awards import AwardRecord, AwardState, CredentialRecord
from badges.models.people import MembershipRecord, OrganisationRecord, Role
from badges.models.referentiels import ReferentielRecord, VersionRecord, VersionState
from badges.services import assessments, contests, journal, referentiels, wording
from badges.services.access import Actor
from badges.services.errors import N_, Conflict, Forbidden, Invalid, NotFound, too_long
from issuer import facts
from issuer.errors import FactRefused
from referentiels import scoring
from referentiels.model import RATERS, Badge, UnknownCodeError

MOST_EVIDENCE = 6
LONGEST_NAME = 120
LONGEST_NARRATIVE = 1500
LONGEST_REASON = 500
PAGE = 50
UNKNOWN = N_("Ce badge n’existe pas, ou n’est pas de votre structure.")

Evidence = dict[str, str]


def propose(
    session: Session,
    actor: Actor,
    *,
    round_id: uuid.UUID,
    badge_code: str,
    evidence: Sequence[Evidence],
    wording_reason: str = "",
    now: datetime,
) -> AwardRecord:
    """The proposal of a badge that a closed round's agreed levels meet; `evidence` is a list of {name, narrative}.

    What another voice said has its `role` and `voice` besides, as `voice_evidence.chosen` gives it.
    `wording_reason` says why words in it stay that the lint points out.

    Raises:
        NotFound: not a round of this coach, or no such badge.
        Invalid: the round does not meet the badge, or evidence is missing or cannot be signed.
        WordsToReview: words of the evidence are pointed out, and nothing says why they stay.
        Conflict: the round is not closed, a level is contested, the version is withdrawn, the structure may not issue
            on it today, or the same badge is on its way already.
    """
    row = assessments.round_for(session, actor, round_id, lock=True)
    if not actor.has(Role.COACH, row.organisation_id):
        raise Forbidden(N_("Seul un coach de la structure propose un badge."))
    badge = proposable(row, badge_code)
    require_issuing(session, row.version, row.organisation, now)
    levels = counting_levels(row, badge)
    contests.require_none(session, row, levels)
    offered = checked_evidence(evidence, required=badge.evidence_required)
    reason = wording.reviewed(offered, wording_reason, referentiels.document_of(row.version).language)
    award = AwardRecord(
        person_id=row.person_id,
        organisation_id=row.organisation_id,
        round_id=row.id,
        version_id=row.version_id,
        badge_code=badge.code,
        state=AwardState.PROPOSED,
        results=levels,
        raters=_raters(row, levels),
        evidence=offered,
        wording_reason=reason,
        proposed_at=now,
        proposed_by=actor.staff_id,
    )
    try:
        with session.begin_nested():
            session.add(award)
    except IntegrityError:
        raise Conflict(N_("Ce badge est déjà proposé, accordé ou donné à cette personne. Rechargez la page.")) from None
    note(session, actor.label, award, "award.proposed", now, evidence=len(offered), words_kept=bool(reason))
    return load(session, award.id)


def proposable(row: RoundRecord, badge_code: str) -> Badge:
    """The badge of the round's version, where the round is closed and meets it.

    Raises:
        NotFound: no such badge. Conflict: the round is not closed with an agreement. Invalid: it is not met.
    """
    document = referentiels.document_of(row.version)
    try:
        badge = document.badge(badge_code)
    except UnknownCodeError:
        raise NotFound(UNKNOWN) from None
    if row.closed_at is None or row.outcome is not RoundOutcome.ACCORDE:
        raise Conflict(
            N_("Un badge se propose une fois le positionnement terminé, confirmé par la personne et accordé.")
        )
    if badge not in assessments.met_badges(row, document):
        raise Invalid(N_("Les niveaux convenus n’atteignent pas encore ce badge."))
    return badge


def counting_levels(row: RoundRecord, badge: Badge) -> dict[str, int]:
    """The agreed levels this badge rests on, by competence; what it did not need is left out."""
    settled = {
        code: level
        for code, level in assessments.settled_levels(row).items()
        if set(badge.raters) <= assessments.raters(row, code)
    }
    return {result.competence: result.level for result in scoring.results(badge, settled)}


def grant(session: Session, actor: Actor, *, award_id: uuid.UUID, now: datetime) -> AwardRecord:
    """The award, granted by somebody with the issuer role; the person may now claim it.

    Raises:
        NotFound: not an award of an organisation the actor issues for.
        Forbidden: the actor coached this person and the référentiel asks for somebody else.
        Conflict: it is not waiting, a level is contested, or the structure may not issue on this version today.
    """
    award = locked_for_issuer(session, actor, award_id)
    require_state(award, AwardState.PROPOSED)
    if not may_decide(actor, award):
        raise Forbidden(
            N_(
                "Ce référentiel demande qu’une autre personne que le coach accorde le badge. "
                "Demandez à une personne qui a le rôle Attribution."
            )
        )
    require_issuing(session, award.version, award.organisation, now)
    contests.require_none(session, award.round, award.results)
    award.state, award.granted_at, award.granted_by = AwardState.GRANTED, now, actor.staff_id
    session.flush()
    note(session, actor.label, award, "award.granted", now)
    return award


def refuse(session: Session, actor: Actor, *, award_id: uuid.UUID, reason: str, now: datetime) -> AwardRecord:
    """The proposal, refused with a reason the coach reads; it may be proposed again.

    Raises:
        NotFound: not an award of an organisation the actor issues for. Conflict: it is not waiting.
        Invalid: no reason.
    """
    award = locked_for_issuer(session, actor, award_id)
    require_state(award, AwardState.PROPOSED)
    award.state, award.reason = AwardState.REFUSED, checked_reason(reason)
    session.flush()
    note(session, actor.label, award, "award.refused", now)
    return award


def may_decide(actor: Actor, award: AwardRecord) -> bool:
    """Whether the référentiel lets this issuer grant: anybody but the coach, unless it says the coach may."""
    badge = referentiels.document_of(award.version).badge(award.badge_code)
    return badge.coach_may_grant or actor.staff_id not in {award.proposed_by, award.round.coach_id}


def of_issuer(
    session: Session, actor: Actor, states: Sequence[AwardState], *, page: int = 1
) -> tuple[list[AwardRecord], bool]:
    """Awards of the organisations the actor issues for, the latest first, and whether another page follows."""
    return _page(session, issued_by(actor), states, page)


def of_coach(
    session: Session, actor: Actor, states: Sequence[AwardState], *, page: int = 1
) -> tuple[list[AwardRecord], bool]:
    """Awards of the people this coach follows today, the latest first, and whether another page follows."""
    return _page(session, _coached_by(actor), states, page)


def for_staff(session: Session, actor: Actor, award_id: uuid.UUID) -> AwardRecord:
    """An award the actor issues, or one of a person the actor follows.

    Raises:
        NotFound: no such award, or none that this actor may know of.
    """
    return _one(session, award_id, or_(issued_by(actor), _coached_by(actor)))


def for_person(session: Session, actor: Actor, award_id: uuid.UUID, *, lock: bool = False) -> AwardRecord:
    """An award of the signed-in person, in whatever state.

    Raises:
        NotFound: no such award, or not this person's.
    """
    return _one(session, award_id, AwardRecord.person_id == actor.person_id, lock=lock)


def locked_for_issuer(session: Session, actor: Actor, award_id: uuid.UUID) -> AwardRecord:
    """An award of an organisation the actor issues for, its row locked until the commit.

    Raises:
        NotFound: no such award, or another organisation's.
    """
    mine = AwardRecord.organisation_id.in_(actor.organisations(Role.ISSUER))
    return _one(session, award_id, mine, lock=True)


def locked_for_signer(session: Session, actor: Actor, award_id: uuid.UUID) -> AwardRecord:
    """An award that an organisation of the actor decided or signed, its row locked until the commit.

    Raises:
        NotFound: no such award, or another organisation's.
    """
    return _one(session, award_id, issued_by(actor), lock=True)


def issued_by(actor: Actor) -> ColumnElement[bool]:
    """Awards that an organisation the actor issues for decided, and those it signed under a mandate that it gave."""
    mine = actor.organisations(Role.ISSUER)
    signed = exists().where(CredentialRecord.award_id == AwardRecord.id, CredentialRecord.signed_by.in_(mine))
    return or_(AwardRecord.organisation_id.in_(mine), signed)


def load(session: Session, award_id: uuid.UUID) -> AwardRecord:
    """The award with everything pages show of it."""
    query = select(AwardRecord).where(AwardRecord.id == award_id).options(*whole())
    return session.scalars(query.execution_options(populate_existing=True)).one()


def require_state(award: AwardRecord, *states: AwardState) -> None:
    """Return where the award stands in one of the states.

    Raises:
        Conflict: it has moved on.
    """
    if award.state not in states:
        raise Conflict(N_("Ce badge a changé d’état entre-temps. Rechargez la page pour voir où il en est."))


def require_issuing(
    session: Session,
    version: VersionRecord,
    organisation: OrganisationRecord,
    now: datetime,
    *,
    granted_at: datetime | None = None,
) -> None:
    """Return where the organisation may issue on the version today (UTC, as verifiers count the day).

    What was granted before it closed may still be taken, as long as it is recognised.

    Raises:
        Conflict: the version is withdrawn, the organisation closed, or not recognised; the sentence says who to ask.
    """
    if version.state is VersionState.WITHDRAWN:
        raise Conflict(N_("Cette version du référentiel est retirée : plus aucun badge ne s’y appuie."))
    closed = organisation.closed_at
    if closed is not None and (granted_at is None or granted_at > closed):
        raise Conflict(N_("Cette organisation est fermée : elle ne délivre plus de badge."))
    day = now.astimezone(UTC).date()
    if referentiels.recognition(session, version.referentiel_id, organisation.id, day) is None:
        raise Conflict(
            N_(
                "%(organisation)s ne peut pas délivrer aujourd’hui de badge de « %(title)s » : aucune reconnaissance "
                "n’est en cours. Demandez-la à %(owner)s, qui tient ce référentiel."
            ),
            organisation=organisation.name,
            title=version.referentiel.title,
            owner=version.referentiel.owner.name,
        )


def checked_evidence(evidence: Sequence[Evidence], *, required: bool) -> list[Evidence]:
    """The evidence as it will be offered to the person, empty lines left out.

    Raises:
        Invalid: none where one is required, too many, too long, or characters that cannot be signed.
    """
    kept = []
    for item in evidence:
        name, narrative = item.get("name", "").strip(), item.get("narrative", "").strip()
        if not name and not narrative:
            continue
        if not name or len(name) > LONGEST_NAME or len(narrative) > LONGEST_NARRATIVE:
            raise Invalid(
                N_("Chaque preuve a un titre (%(name)s caractères au plus) et un récit de %(narrative)s au plus."),
                field="evidence",
                name=LONGEST_NAME,
                narrative=LONGEST_NARRATIVE,
            )
        try:
            fact = facts.Evidence(name=name, narrative=narrative)
        except FactRefused:
            raise Invalid(
                N_("Une preuve contient un caractère invisible qui ne peut pas être signé. Retapez-la."),
                field="evidence",
            ) from None
        said = {key: item[key] for key in ("role", "voice") if item.get(key)}
        kept.append({"name": fact.name, "narrative": fact.narrative, **said})
    if required and not kept:
        raise Invalid(N_("Ce badge demande au moins une preuve : un fait vu, un lieu, une date."), field="evidence")
    if len(kept) > MOST_EVIDENCE:
        raise Invalid(N_("Gardez au plus %(number)s preuves."), field="evidence", number=MOST_EVIDENCE)
    return kept


def drop_voice(session: Session, person_id: uuid.UUID, voice: str) -> None:
    """Take what a voice said, once it is taken back, out of the person's badges that are not claimed yet."""
    waiting = session.scalars(
        select(AwardRecord)
        .where(
            AwardRecord.person_id == person_id,
            AwardRecord.state.in_((AwardState.PROPOSED, AwardState.GRANTED)),
        )
        .with_for_update()
    )
    for award in waiting:
        award.evidence = [item for item in award.evidence if item.get("voice") != voice]
    session.flush()


def checked_reason(reason: str) -> str:
    """The reason, without spaces around it.

    Raises:
        Invalid: none, or too long.
    """
    text = reason.strip()
    if not text:
        raise Invalid(N_("Dites pourquoi, en une phrase."), field="reason")
    if len(text) > LONGEST_REASON:
        raise too_long("reason", LONGEST_REASON)
    return text


def note(
    session: Session,
    actor_label: str,
    award: AwardRecord,
    action: str,
    now: datetime,
    *,
    states: Iterable[str] = (),
    signed_by: int | None = None,
    **details: object,
) -> None:
    """Write an act on this award in the journal, without name, level or phrase.

    `states` are the digests of documents signed by this act. Where another organisation than the award's signs, which
    `signed_by` tells, its own journal says so too and states the documents: it answers for what its key did.
    """
    acts = list(dict.fromkeys((award.organisation_id, signed_by or award.organisation_id)))
    for organisation_id in acts:
        entry = journal.record(
            session,
            actor=actor_label,
            action=action,
            object=f"award:{award.id}",
            now=now,
            organisation_id=organisation_id,
            **details,
        )
    journal.state(session, entry, states)


def whole() -> tuple[ExecutableOption, ...]:
    """What pages and the composing of a badge read of an award."""
    return (
        joinedload(AwardRecord.person, innerjoin=True),
        joinedload(AwardRecord.organisation, innerjoin=True),
        joinedload(AwardRecord.round, innerjoin=True),
        joinedload(AwardRecord.version, innerjoin=True)
        .joinedload(VersionRecord.referentiel, innerjoin=True)
        .joinedload(ReferentielRecord.owner, innerjoin=True),
        joinedload(AwardRecord.proposer, innerjoin=True),
        joinedload(AwardRecord.granter),
        selectinload(AwardRecord.credentials).joinedload(CredentialRecord.signer),
        selectinload(AwardRecord.shares),
    )


def _one(session: Session, award_id: uuid.UUID, mine: ColumnElement[bool], *, lock: bool = False) -> AwardRecord:
    query = select(AwardRecord).where(AwardRecord.id == award_id, mine).options(*whole())
    if lock:
        query = query.with_for_update(of=AwardRecord).execution_options(populate_existing=True)
    award = session.scalar(query)
    if award is None:
        raise NotFound(UNKNOWN)
    return award


def _page(
    session: Session, mine: ColumnElement[bool], states: Sequence[AwardState], page: int
) -> tuple[list[AwardRecord], bool]:
    found = session.scalars(
        select(AwardRecord)
        .where(mine, AwardRecord.state.in_(states))
        .options(*whole())
        .order_by(AwardRecord.proposed_at.desc(), AwardRecord.id)
        .limit(PAGE + 1)
        .offset((max(page, 1) - 1) * PAGE)
    ).all()
    return list(found[:PAGE]), len(found) > PAGE


def _coached_by(actor: Actor) -> ColumnElement[bool]:
    """Awards of people whom a structure of this coach still follows."""
    return (
        select(MembershipRecord.id)
        .where(
            MembershipRecord.person_id == AwardRecord.person_id,
            MembershipRecord.organisation_id == AwardRecord.organisation_id,
            MembershipRecord.organisation_id.in_(actor.organisations(Role.COACH)),
            MembershipRecord.left_on.is_(None),
        )
        .exists()
    )


def _raters(row: RoundRecord, levels: dict[str, int]) -> list[str]:
    """Whose views every counting competence had, in the usual order."""
    seen = frozenset.intersection(*(assessments.raters(row, code) for code in levels))
    return [rater for rater in RATERS if rater in seen]
