"""Facts in, unsigned Open Badges 3.0 credential out: the one place where a credential gets its shape.

What the person previews is what this gives, and what is signed is what they previewed. Writes nothing empty, nothing
null and nothing untyped; refuses to know who the person is beyond what `Holder` says.

Source: Open Badges 3.0, document 1.4.5, appendix B.1; Verifiable Credentials Data Model 2.0, section 4.
"""

from __future__ import annotations

import hashlib
from typing import Any

from issuer.facts import Achievement, Alignment, AwardFacts, Evidence, Holder, Issuer, Requirement, StatusSlot
from verify.standards import documents, timestamps

CONTEXTS = (documents.CREDENTIALS_V2, documents.OPEN_BADGES)

_Node = dict[str, Any]


def compose(facts: AwardFacts) -> dict[str, Any]:
    """The credential, ready to be signed; the same facts always give the same document."""
    return filled(
        {
            "@context": list(CONTEXTS),
            "id": facts.credential_url,
            "type": ["VerifiableCredential", "OpenBadgeCredential"],
            "name": facts.achievement.name,
            "issuer": profile(facts.issuer),
            "validFrom": timestamps.write(facts.valid_from),
            "validUntil": timestamps.write(facts.valid_until) if facts.valid_until else "",
            "credentialSubject": _subject(facts),
            "evidence": [_evidence(evidence) for evidence in facts.evidence],
            "credentialStatus": _status(facts.status),
        }
    )


def profile(issuer: Issuer) -> dict[str, Any]:
    """The issuer as every document of theirs names it."""
    return filled(
        {"id": issuer.did, "type": ["Profile"], "name": issuer.name, "url": issuer.url, "email": issuer.email}
    )


def identity_hash(name: str, salt: str) -> str:
    """The salted hash that stands for a name.

    Source: Open Badges 3.0, appendix B.1.12 (IdentityObject) and B.5.5 (IdentityHash).
    """
    return "sha256$" + hashlib.sha256((name + salt).encode()).hexdigest()


def _subject(facts: AwardFacts) -> _Node:
    results = {result.competence_code: result.level for result in facts.results}
    return {
        "id": facts.subject_id,
        "type": ["AchievementSubject"],
        "identifier": [_identifier(facts.holder)],
        "achievement": _achievement(facts.achievement),
        "result": [
            _result(facts.achievement, requirement, results[requirement.competence_code])
            for requirement in facts.achievement.requirements
            if requirement.competence_code in results
        ],
    }


def _identifier(holder: Holder) -> _Node:
    return {
        "type": "IdentityObject",
        "identityType": "name",
        "hashed": holder.hashed,
        "identityHash": identity_hash(holder.name, holder.salt) if holder.hashed else holder.name,
        "salt": holder.salt,
    }


def _achievement(achievement: Achievement) -> _Node:
    image = {"id": achievement.image_url, "type": "Image"} if achievement.image_url else {}
    # With the achievement's own address, the criteria would be the same node as the achievement once they are RDF.
    criteria_url = achievement.criteria_url if achievement.criteria_url != achievement.id_url else ""
    return {
        "id": achievement.id_url,
        "type": ["Achievement"],
        "achievementType": achievement.achievement_type,
        "name": achievement.name,
        "description": achievement.description,
        "criteria": {"id": criteria_url, "narrative": achievement.criteria_narrative},
        "image": image,
        "version": achievement.version,
        "inLanguage": achievement.language,
        "tag": list(achievement.tags),
        "alignment": [_alignment(alignment) for alignment in achievement.alignments],
        "resultDescription": [_result_description(achievement, each) for each in achievement.requirements],
    }


def _alignment(alignment: Alignment) -> _Node:
    return {
        "type": ["Alignment"],
        "targetName": alignment.name,
        "targetUrl": alignment.url,
        "targetFramework": alignment.source,
        "targetCode": alignment.code,
    }


def _result_description(achievement: Achievement, requirement: Requirement) -> _Node:
    # The levels are an unordered set once they are RDF: each says its own place by `level` and `points`.
    return {
        "id": achievement.description_url(requirement),
        "type": ["ResultDescription"],
        "name": requirement.competence_name,
        "resultType": "RubricCriterionLevel",
        "requiredLevel": achievement.level_url(requirement, requirement.required_level),
        "rubricCriterionLevel": [
            {
                "id": achievement.level_url(requirement, step.level),
                "type": ["RubricCriterionLevel"],
                "name": step.name,
                "level": str(step.level),
                "points": str(step.level),
                "description": step.meaning,
            }
            for step in requirement.levels
        ],
    }


def _result(achievement: Achievement, requirement: Requirement, level: int) -> _Node:
    return {
        "type": ["Result"],
        "resultDescription": achievement.description_url(requirement),
        "achievedLevel": achievement.level_url(requirement, level),
        "value": str(level),
    }


def _evidence(evidence: Evidence) -> _Node:
    return {
        "id": evidence.url,
        "type": ["Evidence"],
        "name": evidence.name,
        "narrative": evidence.narrative,
        "genre": evidence.genre,
        "audience": evidence.audience,
    }


def _status(slot: StatusSlot) -> _Node:
    # One entry only, as the specification allows; a paused badge has its bit set in both lists.
    return {
        "id": f"{slot.list_url}#{slot.index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(slot.index),
        "statusListCredential": slot.list_url,
        "statusReference": slot.suspension_list_url,
    }


def filled(node: _Node) -> _Node:
    """The object without what is absent or empty, at any depth."""
    kept = {key: _filled_value(value) for key, value in node.items()}
    return {key: value for key, value in kept.items() if value not in (None, "", [], {})}


def _filled_value(value: Any) -> Any:
    if isinstance(value, dict):
        return filled(value)
    if isinstance(value, list):
        return [_filled_value(each) for each in value]
    return value
