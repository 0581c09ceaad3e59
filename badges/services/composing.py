"""From rows to facts: the only place where awards, versions and organisations become what `issuer` signs.

What a badge asks for is read from the frozen version, never from a draft; what it says of the person is what the
award holds and the person kept. Nothing here signs or stores.
"""

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from babel.dates import format_date

from badges.models.awards import AwardRecord
from badges.models.people import OrganisationRecord
from badges.models.referentiels import VersionRecord
from badges.services import keys, referentiels
from badges.services.installation import Installation
from issuer import facts
from referentiels.model import Badge, Competence, Referentiel

MONTHS_A_YEAR = 12

# What the service itself writes into a badge, in the language of the référentiel; French where there is no other.
WORDS: Mapping[str, Mapping[str, str]] = {
    "fr": {
        "required": "{name} : {recruiter} Niveau demandé : {level} ({step}).",
        "at_least": "Au moins {number} de ces compétences sont demandées.",
        "raters": "Évalué séparément par {raters}, puis confronté lors d’un échange.",
        "self": "la personne elle-même",
        "coach": "son coach",
        "tutor": "l’entreprise qui l’a accueillie",
        "and": " et ",
        "how": "Comment ce badge a été attribué",
        "talked": "Niveaux convenus lors d’un échange le {day}.",
        "by_coach": "Accordé par le coach, comme ce référentiel le permet.",
        "by_other": "Accordé par une autre personne que le coach.",
        "source": "{source} ({note})",
    },
    "en": {
        "required": "{name}: {recruiter} Level required: {level} ({step}).",
        "at_least": "At least {number} of these skills are required.",
        "raters": "Assessed separately by {raters}, then compared in a conversation.",
        "self": "the person themselves",
        "coach": "their coach",
        "tutor": "the company that hosted them",
        "and": " and ",
        "how": "How this badge was awarded",
        "talked": "Levels agreed in a conversation on {day}.",
        "by_coach": "Granted by the coach, as this framework allows.",
        "by_other": "Granted by someone other than the coach.",
        "source": "{source} ({note})",
    },
}

# In which role somebody said what a piece of evidence quotes.
GENRES: Mapping[str, Mapping[str, str]] = {
    "fr": {
        "tutor": "Ce que l’entreprise d’accueil a vu",
        "interview": "Entretien à trois : personne, coach, entreprise",
        "peer": "La parole d’un pair, qui ne compte pas pour le niveau",
    },
    "en": {
        "tutor": "What the host company saw",
        "interview": "Conversation of three: person, coach, company",
        "peer": "A peer’s word, which does not count for the level",
    },
}


@dataclass(frozen=True, slots=True)
class Choice:
    """What the person decided: their name in clear or hashed, which evidence goes in, and who is shown as the issuer.

    `by_owner` tells that it is the référentiel's owner, in the place of the structure.
    """

    clear_name: bool
    evidence_kept: tuple[int, ...]
    by_owner: bool = False


@dataclass(frozen=True, slots=True)
class Slots:
    """What is only known when the badge is claimed."""

    credential_url: str
    salt: str
    valid_from: datetime
    status: facts.StatusSlot


def badge_of(award: AwardRecord) -> tuple[Referentiel, Badge]:
    """The published référentiel an award rests on, and its badge."""
    document = referentiels.document_of(award.version)
    return document, document.badge(award.badge_code)


def signer_of(award: AwardRecord, choice: Choice) -> OrganisationRecord:
    """Whose name and key the credential carries."""
    return award.version.referentiel.owner if choice.by_owner else award.organisation


def version_url(version: VersionRecord, installation: Installation) -> str:
    """The signed address of a published version."""
    return f"{installation.base_url}/r/{version.referentiel.slug}/{version.number}"


def achievement_of(version: VersionRecord, badge_code: str, installation: Installation) -> facts.Achievement:
    """The badge of a version as an achievement; the same for everybody who earns it."""
    return _achievement(version_url(version, installation), badge_code, referentiels.document_of(version))


def award_facts(award: AwardRecord, choice: Choice, slots: Slots, installation: Installation) -> facts.AwardFacts:
    """Everything the credential of this award says.

    Raises:
        FactRefused: a name or a text that cannot be signed.
    """
    document, badge = badge_of(award)
    valid_from = slots.valid_from.astimezone(UTC).replace(microsecond=0)
    months = badge.validity_months
    return facts.AwardFacts(
        credential_url=slots.credential_url,
        subject_id=f"urn:uuid:{award.subject_id}",
        issuer=keys.issuer_of(installation, signer_of(award, choice)),
        achievement=achievement_of(award.version, award.badge_code, installation),
        holder=facts.Holder(
            name=award.person.name, hashed=not choice.clear_name, salt="" if choice.clear_name else slots.salt
        ),
        results=tuple(
            facts.AgreedResult(need.competence, award.results[need.competence])
            for need in badge.requirements
            if need.competence in award.results
        ),
        evidence=(*_kept(award.evidence, choice.evidence_kept, _language(document)), _how(award, document)),
        valid_from=valid_from,
        valid_until=after_months(valid_from, months) if months else None,
        status=slots.status,
    )


def after_months(moment: datetime, months: int) -> datetime:
    """The same day and time so many months later; the month's last day where there is no such day."""
    years, month = divmod(moment.month - 1 + months, MONTHS_A_YEAR)
    year, month = moment.year + years, month + 1
    return moment.replace(year=year, month=month, day=min(moment.day, calendar.monthrange(year, month)[1]))


@lru_cache(maxsize=1024)
def _achievement(url: str, badge_code: str, document: Referentiel) -> facts.Achievement:
    badge = document.badge(badge_code)
    competences = [document.competence(need.competence) for need in badge.requirements]
    return facts.Achievement(
        id_url=f"{url}#badge-{badge.code}",
        name=badge.name,
        description=badge.description,
        criteria_url=f"{url}#badge-{badge.code}",
        criteria_narrative=_criteria(document, badge),
        version=str(document.version),
        language=document.language,
        image_url=f"{url}/{badge.code}.png",
        alignments=_alignments(competences, _words(document)),
        requirements=tuple(
            _requirement(document, competence, need.level)
            for competence, need in zip(competences, badge.requirements, strict=True)
        ),
    )


def _requirement(document: Referentiel, competence: Competence, level: int) -> facts.Requirement:
    levels = tuple(
        facts.ScaleLevel(step.level, step.name, competence.behaviour(step.level) or step.meaning)
        for step in document.scale
    )
    return facts.Requirement(competence.code, competence.name, level, levels)


def _criteria(document: Referentiel, badge: Badge) -> str:
    """What the badge asks for and who must have seen it, in sentences."""
    words = _words(document)
    lines = []
    for need in badge.requirements:
        competence, step = document.competence(need.competence), document.level(need.level)
        lines.append(
            words["required"].format(
                name=competence.name, recruiter=competence.for_recruiter, level=step.level, step=step.name
            )
        )
    if badge.at_least is not None:
        lines.append(words["at_least"].format(number=badge.at_least))
    lines.append(_assessed_by(badge.raters, words))
    if badge.calibration:
        lines.append(badge.calibration)
    return "\n".join(lines)


def _assessed_by(raters: Sequence[str], words: Mapping[str, str]) -> str:
    *first, last = [words[rater] for rater in raters]
    return words["raters"].format(raters=(", ".join(first) + words["and"] + last) if first else last)


def _alignments(competences: Sequence[Competence], words: Mapping[str, str]) -> tuple[facts.Alignment, ...]:
    found = {
        (alignment.name, alignment.url): facts.Alignment(
            name=alignment.name,
            code=alignment.code,
            url=alignment.url,
            source=words["source"].format(source=alignment.source, note=alignment.note)
            if alignment.note
            else alignment.source,
        )
        for competence in competences
        for alignment in competence.alignments
        if alignment.url
    }
    return tuple(found.values())


def _kept(evidence: Sequence[Mapping[str, str]], kept: Sequence[int], language: str) -> tuple[facts.Evidence, ...]:
    return tuple(
        facts.Evidence(
            name=item["name"],
            narrative=item["narrative"],
            genre=GENRES[language][item["role"]] if item.get("role") else "",
        )
        for place, item in enumerate(evidence)
        if place in kept
    )


def _how(award: AwardRecord, document: Referentiel) -> facts.Evidence:
    """Who assessed and who granted, by role: signed, so that it can be read without asking us."""
    words = _words(document)
    sentences = [_assessed_by(award.raters, words)]
    if award.round.talk_on is not None:
        day = format_date(award.round.talk_on, "long", locale=_language(document))
        sentences.append(words["talked"].format(day=day))
    by_coach = award.granted_by is not None and award.granted_by in {award.round.coach_id, award.proposed_by}
    sentences.append(words["by_coach" if by_coach else "by_other"])
    return facts.Evidence(name=words["how"], narrative=" ".join(sentences))


def _language(document: Referentiel) -> str:
    language = document.language.partition("-")[0]
    return language if language in WORDS else "fr"


def _words(document: Referentiel) -> Mapping[str, str]:
    return WORDS[_language(document)]
