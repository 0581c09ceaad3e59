"""What makes a verifiable credential an Open Badges 3.0 achievement credential.

Asks for what every reader relies on and for what makes terms defined: types on nested objects, dates with a zone,
results that point at levels which exist. What every verifiable credential asks for has been asked by `credentials`.

Source: Open Badges 3.0, appendix B.1.
"""

from __future__ import annotations

import re
from typing import Any

from verify.errors import Defect
from verify.reasons import Reason
from verify.standards import timestamps
from verify.standards.nodes import Node, context_urls, has_type, is_text, is_url, objects_of, require_type, types_of

TYPES = ("OpenBadgeCredential", "AchievementCredential")

_CONTEXT = re.compile(r"https://purl\.imsglobal\.org/spec/ob/v3p0/context(-[0-9.]+[0-9])?\.json")


def check(credential: Node) -> None:
    """Return where the credential is a badge as the standard lays it out.

    Raises:
        Defect: `context_missing`, `type_missing`, `id_invalid`, `issuer_invalid`, `date_missing`, `date_invalid`,
            `nested_type_missing`, `type_wrong`, `subject_invalid`, `recipient_missing`, `achievement_invalid` or
            `result_invalid`.
    """
    require_context(credential)
    if not any(has_type(credential, name) for name in TYPES):
        raise Defect(Reason.TYPE_MISSING, "no Open Badges 3.0 type")
    check_common(credential)
    if "awardedDate" in credential:
        timestamps.read(credential["awardedDate"])
    require_type(credential.get("evidence"), "Evidence")
    _check_subject(credential["credentialSubject"])


def names_badges(credential: Node) -> bool:
    """Whether one of the contexts is that of Open Badges 3.0."""
    return any(_CONTEXT.fullmatch(url) for url in context_urls(credential))


def require_context(credential: Node) -> None:
    """Return where one of the contexts is that of Open Badges 3.0.

    Raises:
        Defect: `context_missing`.
    """
    if not names_badges(credential):
        raise Defect(Reason.CONTEXT_MISSING, "no Open Badges 3.0 context")


def check_common(credential: Node) -> None:
    """Return where id, issuer and start are as 1EdTech asks of every credential of its own.

    Raises:
        Defect: `id_invalid`, `issuer_invalid`, `nested_type_missing` or `date_missing`.
        Source: Open Badges 3.0, appendices B.1.1, B.1.7 (EndorsementCredential) and B.1.14 (Profile).
    """
    if "id" not in credential:
        raise Defect(Reason.ID_INVALID)
    profile = credential["issuer"]
    if isinstance(profile, dict):
        if len(profile) > 1 and not has_type(profile, "Profile"):
            raise Defect(Reason.NESTED_TYPE_MISSING, "issuer")
        if not isinstance(profile.get("name", ""), str):
            raise Defect(Reason.ISSUER_INVALID, "name")
    if "validFrom" not in credential and "issuanceDate" not in credential:
        raise Defect(Reason.DATE_MISSING)


def sole_subject(value: Any, type_: str) -> Node:
    """The one subject of the credential, which is of this type.

    Raises:
        Defect: `subject_invalid` or `type_wrong`.
    """
    subjects = objects_of(value, Reason.SUBJECT_INVALID)
    if len(subjects) != 1:
        raise Defect(Reason.SUBJECT_INVALID, "not exactly one")
    if type_ not in types_of(subjects[0]):
        raise Defect(Reason.SUBJECT_INVALID, "type")
    return subjects[0]


def check_holder(subject: Node) -> None:
    """Return where the subject says whom the credential is about: by an id, or by identifiers.

    Raises:
        Defect: `recipient_missing`, `nested_type_missing` or `subject_invalid`.
        Source: Open Badges 3.0, appendices B.1.3 (AchievementSubject) and B.1.9 (IdentityObject).
    """
    identifiers = subject.get("identifier")
    if "id" not in subject and not objects_of(identifiers, Reason.SUBJECT_INVALID):
        raise Defect(Reason.RECIPIENT_MISSING)
    require_type(identifiers, "IdentityObject")
    for identity in objects_of(identifiers, Reason.SUBJECT_INVALID):
        # `true` and `"true"` sign alike; only one of them is a boolean to whoever reads the JSON.
        if not isinstance(identity.get("hashed"), bool) or not is_text(identity.get("identityHash")):
            raise Defect(Reason.SUBJECT_INVALID, "identifier")


def check_achievement(achievement: Node) -> None:
    """Return where the achievement is described as the standard asks.

    Raises:
        Defect: `achievement_invalid`, `nested_type_missing`, `type_wrong` or `result_invalid`.
        Source: Open Badges 3.0, appendix B.1.2 (Achievement).
    """
    if not is_url(achievement.get("id")) or not has_type(achievement, "Achievement"):
        raise Defect(Reason.ACHIEVEMENT_INVALID, "id or type")
    for member in ("name", "description"):
        if not is_text(achievement.get(member)):
            raise Defect(Reason.ACHIEVEMENT_INVALID, member)
    criteria = achievement.get("criteria")
    if not isinstance(criteria, dict) or not (is_url(criteria.get("id")) or is_text(criteria.get("narrative"))):
        raise Defect(Reason.ACHIEVEMENT_INVALID, "criteria")
    require_type(achievement.get("alignment"), "Alignment")
    for alignment in objects_of(achievement.get("alignment"), Reason.ACHIEVEMENT_INVALID):
        if not (is_text(alignment.get("targetName")) and is_url(alignment.get("targetUrl"))):
            raise Defect(Reason.ACHIEVEMENT_INVALID, "alignment")
    require_type(achievement.get("resultDescription"), "ResultDescription")
    for description in objects_of(achievement.get("resultDescription"), Reason.RESULT_INVALID):
        require_type(description.get("rubricCriterionLevel"), "RubricCriterionLevel")
        if not all(is_text(description.get(member)) for member in ("id", "name", "resultType")):
            raise Defect(Reason.RESULT_INVALID, "resultDescription")


def _check_subject(value: Any) -> None:
    subject = sole_subject(value, "AchievementSubject")
    check_holder(subject)
    achievements = objects_of(subject.get("achievement"), Reason.ACHIEVEMENT_INVALID)
    if len(achievements) != 1:
        raise Defect(Reason.ACHIEVEMENT_INVALID, "not exactly one")
    check_achievement(achievements[0])
    require_type(subject.get("result"), "Result")
    _check_results(subject, achievements[0])


def _check_results(subject: Node, achievement: Node) -> None:
    """Refuse a result or a requirement that points at what the achievement does not have.

    A level counts wherever in the achievement it stands: the standard's own example borrows from another description.

    Source: Open Badges 3.0, appendices B.1.22 (Result) and B.1.23 (ResultDescription).
    """
    descriptions = objects_of(achievement.get("resultDescription"), Reason.RESULT_INVALID)
    rubrics = [objects_of(each.get("rubricCriterionLevel"), Reason.RESULT_INVALID) for each in descriptions]
    levels = {str(level.get("id")) for rubric in rubrics for level in rubric}
    described = {str(each["id"]) for each in descriptions}
    for description in descriptions:
        _require_among(description, "requiredLevel", levels)
    for result in objects_of(subject.get("result"), Reason.RESULT_INVALID):
        _require_among(result, "resultDescription", described)
        _require_among(result, "achievedLevel", levels)


def _require_among(node: Node, member: str, known: set[str]) -> None:
    if member in node and not (isinstance(node[member], str) and node[member] in known):
        raise Defect(Reason.RESULT_INVALID, member)
