"""Other voices as evidence: word for word what somebody said, under the role they said it in.

The coach proposes or leaves out, the person keeps or not; nobody rewords. None of it counts for a level. A company is
named where it agreed, and the person agrees by keeping the piece.
"""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date
from sqlalchemy import select
from sqlalchemy.orm import Session

from badges.models.assessments import Rater, RoundRecord, TutorViewRecord
from badges.models.voices import InterviewRecord, Party
from badges.services import assessments, awards, interviews, peer_words
from badges.services.access import Actor
from badges.services.referentiels import document_of
from referentiels.model import Referentiel

TUTOR = "tutor"
INTERVIEW = "interview"
PEER = "peer"
ROLES = (TUTOR, INTERVIEW, PEER)

WORDS: Mapping[str, Mapping[str, str]] = {
    "fr": {
        "tutor": "L’entreprise qui l’a accueillie",
        "tutor_named": "L’entreprise qui l’a accueillie : {company}",
        "tutor_days": "Du {first} au {last}.",
        "act": "{competence} : « {act} »",
        "interview": "Entretien à trois du {day}",
        "well": "Ce qui a bien marché : « {text} »",
        "confirmed": "Texte confirmé par {parties}.",
        "person": "la personne",
        "coach": "son coach",
        "host": "l’entreprise qui l’a accueillie",
        "and": " et ",
        "peer": "La parole d’un pair",
    },
    "en": {
        "tutor": "The company that hosted them",
        "tutor_named": "The company that hosted them: {company}",
        "tutor_days": "From {first} to {last}.",
        "act": "{competence}: “{act}”",
        "interview": "Conversation of three on {day}",
        "well": "What went well: “{text}”",
        "confirmed": "Text confirmed by {parties}.",
        "person": "the person",
        "coach": "their coach",
        "host": "the company that hosted them",
        "and": " and ",
        "peer": "A peer’s word",
    },
}
"""What the service itself writes into a badge, in the language of the référentiel; French where there is no other."""


@dataclass(frozen=True, slots=True)
class VoiceOffer:
    """One voice to propose or not; `key` names it in a form, `role` is one of `ROLES`."""

    key: str
    role: str
    name: str
    narrative: str


def offered(session: Session, actor: Actor, round_id: uuid.UUID, badge_code: str) -> list[VoiceOffer]:
    """The voices about the competences that count for a badge a closed round meets.

    A company's acts, interviews that the person has confirmed, and the peers' words that the person keeps.

    Raises:
        NotFound: not a round of this actor, or no such badge.
        Refused: as `awards.proposable`.
    """
    row = assessments.round_for(session, actor, round_id)
    codes = tuple(awards.counting_levels(row, awards.proposable(row, badge_code)))
    document = document_of(row.version)
    return [
        *_tutors(session, row, codes, document),
        *(_interview(one, document) for one in interviews.of_round(session, actor, round_id) if _told(one)),
        *(
            _peer(document, str(one.id), one.competence_code, one.words)
            for one in peer_words.kept_for(session, row, codes)
        ),
    ]


def chosen(
    session: Session, actor: Actor, round_id: uuid.UUID, badge_code: str, keys: Collection[str]
) -> list[dict[str, str]]:
    """The voices of these keys as evidence of an award, each with its role.

    Raises:
        NotFound, Refused: as `offered`.
    """
    if not keys:
        return []
    return [
        {"name": one.name, "narrative": one.narrative, "role": one.role, "voice": one.key}
        for one in offered(session, actor, round_id, badge_code)
        if one.key in keys
    ]


def _tutors(session: Session, row: RoundRecord, codes: Sequence[str], document: Referentiel) -> list[VoiceOffer]:
    """One offer for each company: its acts on the competences it gave a level."""
    words = _words(document)
    acts: dict[uuid.UUID, list[str]] = {}
    for rating in row.ratings:
        if (
            rating.rater is Rater.TUTOR
            and rating.tutor_view_id
            and rating.competence_code in codes
            and rating.level is not None
        ):
            name = document.competence(rating.competence_code).name
            line = words["act"].format(competence=name, act=rating.situation)
            acts.setdefault(rating.tutor_view_id, []).append(line)
    views = session.scalars(
        select(TutorViewRecord).where(TutorViewRecord.id.in_(acts)).order_by(TutorViewRecord.sent_at)
    )
    return [_tutor(view, acts[view.id], document) for view in views]


def _tutor(view: TutorViewRecord, acts: Sequence[str], document: Referentiel) -> VoiceOffer:
    words = _words(document)
    name = words["tutor_named"].format(company=view.company) if view.company_agreed else words["tutor"]
    lines = list(acts)
    if view.from_day and view.to_day:
        days = (_day(view.from_day, document), _day(view.to_day, document))
        lines.insert(0, words["tutor_days"].format(first=days[0], last=days[1]))
    return VoiceOffer(f"{TUTOR}-{view.id}", TUTOR, name[: awards.LONGEST_NAME], _cut(lines))


def _told(interview: InterviewRecord) -> bool:
    """Whether it may be offered: the person has said yes to the text as it stands."""
    return Party.PERSON in interviews.confirmed(interview) and interview.wrong_person_at is None


def _interview(interview: InterviewRecord, document: Referentiel) -> VoiceOffer:
    words, said = _words(document), interviews.confirmed(interview)
    names = {Party.PERSON: "person", Party.COACH: "coach", Party.TUTOR: "host"}
    *first, last = [words[name] for party, name in names.items() if party in said]
    parties = (", ".join(first) + words["and"] + last) if first else last
    lines = [words["well"].format(text=interview.went_well), words["confirmed"].format(parties=parties)]
    name = words["interview"].format(day=_day(interview.held_on, document))
    return VoiceOffer(f"{INTERVIEW}-{interview.id}", INTERVIEW, name, _cut(lines))


def _peer(document: Referentiel, key: str, code: str, said: str) -> VoiceOffer:
    words = _words(document)
    line = words["act"].format(competence=document.competence(code).name, act=said)
    return VoiceOffer(f"{PEER}-{key}", PEER, words["peer"], _cut([line]))


def _cut(lines: Sequence[str]) -> str:
    return "\n".join(lines)[: awards.LONGEST_NARRATIVE]


def _day(day: date, document: Referentiel) -> str:
    return format_date(day, "long", locale=_language(document))


def _language(document: Referentiel) -> str:
    language = document.language.partition("-")[0]
    return language if language in WORDS else "fr"


def _words(document: Referentiel) -> Mapping[str, str]:
    return WORDS[_language(document)]
