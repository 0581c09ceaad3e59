"""Is this an Open Badges 3.0 achievement credential, as the standard lays it out?

Asks for what every reader relies on and for what makes terms defined: contexts in order, types on nested objects,
dates with a zone, results that point at levels which exist. Says nothing about who signed.

Source: Open Badges 3.0, appendix B.1; Verifiable Credentials Data Model 2.0, section 4, and 1.1, section 4.
"""

from __future__ import annotations

import re
from typing import Any

from verify.errors import Defect, Undecided
from verify.intake import Presented
from verify.reasons import Reason
from verify.report import Check, CheckName
from verify.standards import canonical, documents, timestamps
from verify.standards.cryptosuites import SecuredDocument

_NAME = CheckName.STRUCTURE
_Node = dict[str, Any]

_BADGE_TYPES = frozenset({"OpenBadgeCredential", "AchievementCredential"})
_BADGE_CONTEXT = re.compile(r"https://purl\.imsglobal\.org/spec/ob/v3p0/context(-[0-9.]+[0-9])?\.json")
_IRI = re.compile(r'[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>"{}|^`\\]+')
_DATES = ("validFrom", "validUntil", "issuanceDate", "expirationDate", "awardedDate")
_TYPED = ("credentialStatus", "credentialSchema", "refreshService", "termsOfUse", "evidence", "proof")


def check(presented: Presented, secured: SecuredDocument) -> Check:
    """The check; `secured` is the same credential, whose canonical form the proof needs too."""
    stop: Defect | Undecided | None = None
    try:
        _check_members(presented.credential)
    except Defect as defect:
        stop = defect
    try:
        secured.check_terms()
    except (Defect, Undecided) as other:
        # A defect says more than an open question, and the reader's own rules more than JSON-LD's.
        stop = stop or other
    return Check.passed(_NAME) if stop is None else Check.stopped(_NAME, stop)


def _check_members(credential: _Node) -> None:
    _check_contexts(credential)
    _check_nulls(credential)
    types = _types(credential)
    if "VerifiableCredential" not in types or not _BADGE_TYPES & types:
        raise Defect(Reason.TYPE_MISSING, "credential")
    if not _is_iri(credential.get("id")):
        raise Defect(Reason.ID_INVALID)
    _check_issuer(credential.get("issuer"))
    _check_dates(credential)
    for member in _TYPED:
        for node in _objects(credential.get(member), Reason.TYPE_WRONG):
            if not _types(node):
                raise Defect(Reason.NESTED_TYPE_MISSING, member)
    _require_type(credential.get("evidence"), "Evidence")
    _check_subject(credential.get("credentialSubject"))


def _check_contexts(credential: _Node) -> None:
    addresses = canonical.context_addresses(credential)
    if addresses[0] not in (documents.CREDENTIALS_V2, documents.CREDENTIALS_V1):
        raise Defect(Reason.CONTEXT_ORDER, "the first context is not that of Verifiable Credentials")
    if not any(_BADGE_CONTEXT.fullmatch(address) for address in addresses[1:]):
        raise Defect(Reason.CONTEXT_MISSING, "no Open Badges 3.0 context")


def _check_nulls(credential: _Node) -> None:
    pending: list[Any] = [credential]
    while pending:
        value = pending.pop()
        if value is None:
            raise Defect(Reason.VALUE_EMPTY)
        if isinstance(value, dict):
            pending.extend(value.values())
        elif isinstance(value, list):
            pending.extend(value)


def _check_issuer(issuer: Any) -> None:
    profile = {"id": issuer, "type": "Profile"} if isinstance(issuer, str) else issuer
    if not isinstance(profile, dict) or not _is_iri(profile.get("id")):
        raise Defect(Reason.ISSUER_INVALID)
    if len(profile) > 1 and "Profile" not in _types(profile):
        raise Defect(Reason.NESTED_TYPE_MISSING, "issuer")
    if not isinstance(profile.get("name", ""), str):
        raise Defect(Reason.ISSUER_INVALID, "name")


def _check_dates(credential: _Node) -> None:
    newer = canonical.context_addresses(credential)[0] == documents.CREDENTIALS_V2
    if ("validFrom" if newer else "issuanceDate") not in credential:
        raise Defect(Reason.DATE_MISSING)
    for member in _DATES:
        if member in credential:
            timestamps.read(credential[member])


def _check_subject(value: Any) -> None:
    subjects = _objects(value, Reason.SUBJECT_INVALID)
    if len(subjects) != 1:
        raise Defect(Reason.SUBJECT_INVALID, "not exactly one")
    subject = subjects[0]
    if "AchievementSubject" not in _types(subject):
        raise Defect(Reason.SUBJECT_INVALID, "type")
    if "id" in subject and not _is_iri(subject["id"]):
        raise Defect(Reason.SUBJECT_INVALID, "id")
    if "id" not in subject and not _objects(subject.get("identifier"), Reason.SUBJECT_INVALID):
        raise Defect(Reason.RECIPIENT_MISSING)
    _check_identifiers(subject.get("identifier"))
    achievements = _objects(subject.get("achievement"), Reason.ACHIEVEMENT_INVALID)
    if len(achievements) != 1:
        raise Defect(Reason.ACHIEVEMENT_INVALID, "not exactly one")
    _check_achievement(achievements[0])
    _require_type(subject.get("result"), "Result")
    _check_results(subject, achievements[0])


def _check_identifiers(value: Any) -> None:
    _require_type(value, "IdentityObject")
    for identity in _objects(value, Reason.SUBJECT_INVALID):
        # `true` and `"true"` sign alike; only one of them is a boolean to whoever reads the JSON.
        if not isinstance(identity.get("hashed"), bool) or not _is_text(identity.get("identityHash")):
            raise Defect(Reason.SUBJECT_INVALID, "identifier")


def _check_achievement(achievement: _Node) -> None:
    if not _is_iri(achievement.get("id")) or "Achievement" not in _types(achievement):
        raise Defect(Reason.ACHIEVEMENT_INVALID, "id or type")
    for member in ("name", "description"):
        if not _is_text(achievement.get(member)):
            raise Defect(Reason.ACHIEVEMENT_INVALID, member)
    criteria = achievement.get("criteria")
    if not isinstance(criteria, dict) or not (_is_iri(criteria.get("id")) or _is_text(criteria.get("narrative"))):
        raise Defect(Reason.ACHIEVEMENT_INVALID, "criteria")
    _require_type(achievement.get("alignment"), "Alignment")
    for alignment in _objects(achievement.get("alignment"), Reason.ACHIEVEMENT_INVALID):
        if not (_is_text(alignment.get("targetName")) and _is_iri(alignment.get("targetUrl"))):
            raise Defect(Reason.ACHIEVEMENT_INVALID, "alignment")
    _require_type(achievement.get("resultDescription"), "ResultDescription")
    for description in _objects(achievement.get("resultDescription"), Reason.RESULT_INVALID):
        _require_type(description.get("rubricCriterionLevel"), "RubricCriterionLevel")
        if not all(_is_text(description.get(member)) for member in ("id", "name", "resultType")):
            raise Defect(Reason.RESULT_INVALID, "resultDescription")


def _check_results(subject: _Node, achievement: _Node) -> None:
    """Refuse a result or a requirement that points at what the achievement does not have.

    A level counts wherever in the achievement it stands: the standard's own example borrows from another description.

    Source: Open Badges 3.0, appendices B.1.22 (Result) and B.1.23 (ResultDescription).
    """
    descriptions = _objects(achievement.get("resultDescription"), Reason.RESULT_INVALID)
    rubrics = [_objects(each.get("rubricCriterionLevel"), Reason.RESULT_INVALID) for each in descriptions]
    levels = {str(level.get("id")) for rubric in rubrics for level in rubric}
    described = {str(each["id"]) for each in descriptions}
    for description in descriptions:
        _require_among(description, "requiredLevel", levels)
    for result in _objects(subject.get("result"), Reason.RESULT_INVALID):
        _require_among(result, "resultDescription", described)
        _require_among(result, "achievedLevel", levels)


def _require_among(node: _Node, member: str, known: set[str]) -> None:
    if member in node and not (isinstance(node[member], str) and node[member] in known):
        raise Defect(Reason.RESULT_INVALID, member)


def _is_iri(value: Any) -> bool:
    return isinstance(value, str) and _IRI.fullmatch(value) is not None


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _types(node: _Node) -> frozenset[str]:
    listed = node.get("type")
    values = listed if isinstance(listed, list) else [listed]
    if listed is not None and not all(_is_text(value) for value in values):
        raise Defect(Reason.TYPE_WRONG)
    return frozenset(value for value in values if value is not None)


def _objects(value: Any, reason: Reason) -> list[_Node]:
    """The objects of a member that holds none, one or several; anything else in it is a defect."""
    if value is None:
        return []
    listed = value if isinstance(value, list) else [value]
    if not all(isinstance(each, dict) for each in listed):
        raise Defect(reason, "not an object")
    return listed


def _require_type(value: Any, name: str) -> None:
    for node in _objects(value, Reason.NESTED_TYPE_MISSING):
        if name not in _types(node):
            raise Defect(Reason.NESTED_TYPE_MISSING, name)
