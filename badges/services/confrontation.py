"""The talk: two sealed views side by side, an agreed level or a recorded disagreement, and the person's confirmation.

Nothing is settled by one side alone: what a coach writes counts once the person has confirmed, with their PIN, exactly
what they were shown. Nothing here overwrites the two views, nor the words of somebody who does not agree.
"""

import hashlib
import json
import uuid
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from enum import StrEnum

from sqlalchemy.orm import Session

from badges.models.assessments import AgreementRecord, Rater, RatingRecord, RoundOutcome, RoundRecord
from badges.services import people
from badges.services.access import Actor
from badges.services.assessments import (
    LONGEST_SITUATION,
    Stage,
    answers,
    note,
    revealed,
    round_for,
    stage,
)
from badges.services.errors import N_, Conflict, Forbidden, Invalid, NotFound, too_long
from badges.services.referentiels import document_of
from referentiels.model import Competence

SHORTEST_WORDS = 3
LONGEST_NOTE = 2000
CLOSED = N_("Ce positionnement est déjà clos.")


class Gap(StrEnum):
    """How the person's view stands to the coach's on one competence."""

    UNDER = "under"
    OVER = "over"
    EQUAL = "equal"
    ONLY_COACH = "only_coach"
    ONLY_SELF = "only_self"
    UNSEEN = "unseen"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One competence of a revealed round: the views, how the first two differ, and what was agreed so far.

    `tutor` is the host company's answer, None where none was asked or has come. It is shown beside the two others and
    never takes the place of one.
    """

    competence: Competence
    mine: RatingRecord
    coach: RatingRecord
    tutor: RatingRecord | None
    gap: Gap
    agreement: AgreementRecord | None

    @property
    def blocked(self) -> bool:
        """Whether a disagreement stands without an answer."""
        return self.agreement is not None and self.agreement.disagreed and self.agreement.answered_at is None

    @property
    def settled(self) -> bool:
        """Whether the talk has covered it; what neither has seen needs no word."""
        return self.agreement is not None or self.gap is Gap.UNSEEN


def comparisons(row: RoundRecord) -> tuple[Comparison, ...]:
    """Every competence of the round, side by side, in its order.

    Raises:
        Conflict: a view that the round waits for is not there: there is nothing to be shown to anybody.
    """
    if not revealed(row):
        raise Conflict(N_("Les avis ne sont pas encore tous là. Vous les verrez ensemble."))
    document = document_of(row.version)
    mine, coach, tutor = (answers(row, rater) for rater in (Rater.SELF, Rater.COACH, Rater.TUTOR))
    agreed = {agreement.competence_code: agreement for agreement in row.agreements}
    return tuple(
        Comparison(
            document.competence(code),
            mine[code],
            coach[code],
            tutor.get(code),
            gap(mine[code], coach[code]),
            agreed.get(code),
        )
        for code in row.competences
    )


def gap(mine: RatingRecord, coach: RatingRecord) -> Gap:
    """How the person's answer stands to the coach's."""
    if mine.level is None:
        return Gap.UNSEEN if coach.level is None else Gap.ONLY_COACH
    if coach.level is None:
        return Gap.ONLY_SELF
    if mine.level == coach.level:
        return Gap.EQUAL
    return Gap.UNDER if mine.level < coach.level else Gap.OVER


def unsettled(row: RoundRecord) -> tuple[str, ...]:
    """The competences the talk has not covered yet."""
    return tuple(one.competence.code for one in comparisons(row) if not one.settled)


def awaits_confirmation(row: RoundRecord) -> bool:
    """Whether the person has something to confirm: a concluded round, or an answer written after it closed."""
    if stage(row) is Stage.CLOSED:
        return any(agreement.confirmed_at is None for agreement in row.agreements)
    return stage(row) is Stage.CONFIRMATION


def waits_on_person(row: RoundRecord) -> bool:
    """Whether the next act is the person's alone: their view once the coach has given theirs, or their confirmation."""
    if stage(row) is Stage.BLIND:
        return row.coach_sealed_at is not None and row.self_sealed_at is None
    return awaits_confirmation(row)


def settle(
    session: Session,
    actor: Actor,
    round_id: uuid.UUID,
    *,
    competence_code: str,
    level: int | None = None,
    disagreed: bool = False,
    person_words: str = "",
    now: datetime,
) -> AgreementRecord:
    """What the two agreed on one competence, or that they disagree, in the person's words.

    `level` None without disagreement means no level for now, where one of the two has not seen it. The person may
    record a disagreement too, alone. A conclusion already written is undone: it was about something else.

    Raises:
        NotFound: not this actor's round, or not one of its competences.
        Forbidden: a person trying to set a level.
        Conflict: a view is not sealed, the round is closed, or a disagreement stands there.
        Invalid: no such level, or no words.
    """
    row = round_for(session, actor, round_id, lock=True)
    compared = _compared(row, competence_code)
    _require_open(row)
    if disagreed:
        agreement = _disagree(row, actor, compared, _words(person_words, "person_words"))
    else:
        agreement = _agree(row, actor, compared, level)
    if agreement in session.new or session.is_modified(agreement):  # the same form sent twice changes nothing
        _undo_conclusion(row)
    session.flush()
    note(session, actor, row, "round.settled", now)
    return agreement


def answer_disagreement(
    session: Session,
    actor: Actor,
    round_id: uuid.UUID,
    *,
    competence_code: str,
    level: int,
    answer: str,
    now: datetime,
) -> AgreementRecord:
    """A disagreement with the coach's answer and the level the two settle on.

    Both views and the person's words stay. The level counts once the person has confirmed it with their PIN, with the
    rest of the round or, where the round is closed already, on its own.

    Raises:
        NotFound: not this actor's round, or not one of its competences.
        Forbidden: not a coach.
        Conflict: nothing to answer there, or the person has confirmed an answer already.
        Invalid: no such level, or no words.
    """
    row = round_for(session, actor, round_id, lock=True)
    _require_coach(actor)
    compared = _compared(row, competence_code)
    agreement = compared.agreement
    if agreement is None or not agreement.disagreed:
        raise Conflict(N_("Il n’y a pas de désaccord noté sur cette compétence."))
    if agreement.answered_at is not None and agreement.confirmed_at is not None:
        raise Conflict(N_("Ce désaccord a déjà sa réponse, et la personne l’a confirmée."))
    _require_level(row, level)
    agreement.answer, agreement.level = _words(answer, "answer"), level
    agreement.answered_at, agreement.confirmed_at = now, None
    if row.closed_at is None:
        _undo_conclusion(row)
    session.flush()
    note(session, actor, row, "round.answered", now)
    return agreement


def conclude(
    session: Session,
    actor: Actor,
    round_id: uuid.UUID,
    *,
    outcome: RoundOutcome | None,
    talk_on: date | None,
    talk_note: str,
    now: datetime,
    zone: tzinfo,
) -> RoundRecord:
    """The round concluded by the coach: outcome, day of the talk, note. The person still has to confirm.

    `zone` is where the installation's days begin and end.

    Raises:
        NotFound: not this actor's round.
        Forbidden: not a coach.
        Conflict: a view is not sealed, or the round is closed.
        Invalid: competences left out, no outcome, a day in the future or before the round was opened, no note.
    """
    row = round_for(session, actor, round_id, lock=True)
    _require_coach(actor)
    left = unsettled(row)
    _require_open(row)
    if left:
        raise Invalid(N_("Il reste des compétences dont vous n’avez pas parlé. Voyez-les d’abord."))
    if outcome is None:
        raise Invalid(N_("Choisissez une des réponses proposées."), field="outcome")
    day = _talk_day(row, talk_on, now, zone)
    words = _words(talk_note, "note", longest=LONGEST_NOTE)
    row.talk_on, row.note, row.outcome, row.concluded_at = day, words, outcome, now
    session.flush()
    note(session, actor, row, "round.concluded", now, outcome=outcome.value)
    return row


def shown_digest(row: RoundRecord) -> str:
    """SHA-256 in hex of all that the confirmation page shows, so that only what was seen is confirmed."""
    shown = [
        [row.outcome, row.talk_on, row.note],
        [[rating.competence_code, rating.rater, rating.level, rating.situation] for rating in row.ratings],
        [
            [one.competence_code, one.level, one.disagreed, one.person_words, one.answer]
            for one in sorted(row.agreements, key=lambda agreement: agreement.competence_code)
        ],
    ]
    return hashlib.sha256(json.dumps(shown, default=str).encode()).hexdigest()


def confirm(
    session: Session,
    actor: Actor,
    round_id: uuid.UUID,
    *,
    pin: str,
    secret: bytes,
    seen: str,
    now: datetime,
) -> bool:
    """True once the person has confirmed with their PIN what they were shown; it closes the round. False: wrong PIN.

    `seen` is the `shown_digest` of the page they confirm. The caller commits either way: a wrong guess counts.

    Raises:
        NotFound: not this actor's round.
        Forbidden: not the person.
        Conflict: nothing to confirm yet, already closed, or what was shown has changed since.
        TooMany: too many wrong PINs.
    """
    row = round_for(session, actor, round_id, lock=True)
    if actor.person_id != row.person_id:
        raise Forbidden(N_("Seule la personne confirme, avec son code secret."))
    if not awaits_confirmation(row):
        raise Conflict(CLOSED if row.closed_at else N_("Votre coach n’a pas encore conclu. Il n’y a rien à confirmer."))
    if seen != shown_digest(row):
        raise Conflict(N_("Cette page a changé depuis que vous l’avez ouverte. Relisez-la, puis confirmez."))
    if not people.confirm_pin(session, row.person, pin, secret, now):
        return False
    for agreement in row.agreements:
        agreement.confirmed_at = agreement.confirmed_at or now
    action = "round.confirmed" if row.closed_at else "round.closed"
    row.confirmed_at, row.closed_at = now, row.closed_at or now
    session.flush()
    note(session, actor, row, action, now)
    return True


def _agree(row: RoundRecord, actor: Actor, compared: Comparison, level: int | None) -> AgreementRecord:
    _require_coach(actor)
    if compared.agreement is not None and compared.agreement.disagreed:
        raise Conflict(N_("Un désaccord est noté ici : répondez-y, il ne s’efface pas."))
    if compared.gap is Gap.UNSEEN:
        raise Invalid(N_("Aucun de vous deux ne l’a vu : cette compétence reste sans niveau."), field="level")
    if level is not None:
        _require_level(row, level)
    elif compared.gap not in {Gap.ONLY_SELF, Gap.ONLY_COACH}:
        raise Invalid(N_("Choisissez le niveau dont vous êtes convenus, ou notez le désaccord."), field="level")
    agreement = _agreement(row, compared)
    agreement.level = level
    return agreement


def _disagree(row: RoundRecord, actor: Actor, compared: Comparison, words: str) -> AgreementRecord:
    standing = compared.agreement is not None and compared.agreement.disagreed
    if standing and actor.kind == "staff":
        raise Conflict(N_("Un désaccord est déjà noté ici, dans les mots de la personne : vous pouvez y répondre."))
    if compared.gap is Gap.UNSEEN:
        raise Invalid(N_("Aucun de vous deux ne l’a vu : cette compétence reste sans niveau."), field="level")
    agreement = _agreement(row, compared)
    agreement.level, agreement.disagreed, agreement.person_words = None, True, words
    agreement.answer, agreement.answered_at = "", None
    return agreement


def _agreement(row: RoundRecord, compared: Comparison) -> AgreementRecord:
    if compared.agreement is not None:
        return compared.agreement
    agreement = AgreementRecord(competence_code=compared.competence.code, disagreed=False, person_words="", answer="")
    row.agreements.append(agreement)
    return agreement


def _compared(row: RoundRecord, competence_code: str) -> Comparison:
    for one in comparisons(row):
        if one.competence.code == competence_code:
            return one
    raise NotFound(N_("Cette compétence n’est pas dans ce positionnement."))


def _undo_conclusion(row: RoundRecord) -> None:
    """What is agreed has changed: the talk's day and note stay to be taken up again, the conclusion does not."""
    row.outcome, row.concluded_at = None, None


def _require_coach(actor: Actor) -> None:
    if actor.kind != "staff":
        raise Forbidden(N_("C’est votre coach qui l’inscrit, pendant votre échange."))


def _require_open(row: RoundRecord) -> None:
    if row.closed_at is not None:
        raise Conflict(CLOSED)


def _require_level(row: RoundRecord, level: int) -> None:
    if level not in document_of(row.version).levels:
        raise Invalid(N_("Choisissez une des réponses proposées."), field="level")


def _words(text: str, field: str, *, longest: int = LONGEST_SITUATION) -> str:
    words = text.strip()
    if len(words) < SHORTEST_WORDS:
        raise Invalid(N_("Écrivez quelques mots."), field=field)
    if len(words) > longest:
        raise too_long(field, longest)
    return words


def _talk_day(row: RoundRecord, talk_on: date | None, now: datetime, zone: tzinfo) -> date:
    if talk_on is None:
        raise Invalid(N_("Indiquez le jour de votre échange."), field="talk_on")
    if talk_on > now.astimezone(zone).date():
        raise Invalid(N_("Le jour de l’échange ne peut pas être dans le futur."), field="talk_on")
    if talk_on < row.opened_at.astimezone(zone).date():
        raise Invalid(N_("L’échange ne peut pas avoir eu lieu avant l’ouverture du positionnement."), field="talk_on")
    return talk_on
