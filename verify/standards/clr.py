"""A Comprehensive Learner Record: one signed credential that holds others, each signed by its own issuer.

The record's issuer vouches for the collection, not for what the credentials inside say: they are found here and
verified one by one by the verifier.

Source: Comprehensive Learner Record 2.0, sections 5 and B.1 (ClrCredential, ClrSubject, Association).
"""

from __future__ import annotations

import re
from typing import Any

from verify.errors import Defect
from verify.reasons import Reason
from verify.standards import open_badges_3
from verify.standards.nodes import Node, context_urls, has_type, is_text, is_url, objects_of, require_type

TYPE = "ClrCredential"

_CONTEXT = re.compile(r"https://purl\.imsglobal\.org/spec/clr/v2p0/context(-[0-9.]+[0-9])?\.json")


def check(credential: Node) -> None:
    """Return where the credential is a record as the standard lays it out; the members are not looked into.

    Raises:
        Defect: `context_missing`, `type_missing`, `id_invalid`, `name_invalid`, `issuer_invalid`, `date_missing`,
            `nested_type_missing`, `type_wrong`, `subject_invalid`, `recipient_missing`, `achievement_invalid`,
            `result_invalid`, `members_missing`, `member_invalid` or `association_invalid`.
    """
    if not any(_CONTEXT.fullmatch(url) for url in context_urls(credential)):
        raise Defect(Reason.CONTEXT_MISSING, "no Comprehensive Learner Record context")
    open_badges_3.require_context(credential)
    if not has_type(credential, TYPE):
        raise Defect(Reason.TYPE_MISSING, TYPE)
    open_badges_3.check_common(credential)
    if not is_text(credential.get("name")):
        raise Defect(Reason.NAME_INVALID)
    subject = open_badges_3.sole_subject(credential["credentialSubject"], "ClrSubject")
    open_badges_3.check_holder(subject)
    for achievement in objects_of(subject.get("achievement"), Reason.ACHIEVEMENT_INVALID):
        open_badges_3.check_achievement(achievement)
    if not objects_of(subject.get("verifiableCredential"), Reason.MEMBER_INVALID):
        raise Defect(Reason.MEMBERS_MISSING)
    _check_associations(subject)


def members_of(credential: Node) -> list[Any]:
    """The credentials inside the record, as they stand."""
    subject = credential.get("credentialSubject")
    subject = subject[0] if isinstance(subject, list) and subject else subject
    members = subject.get("verifiableCredential", []) if isinstance(subject, dict) else []
    return members if isinstance(members, list) else [members]


def _check_associations(subject: Node) -> None:
    """Source: CLR 2.0, section B.1 (Association)."""
    associations = subject.get("association")
    require_type(associations, "Association")
    for association in objects_of(associations, Reason.ASSOCIATION_INVALID):
        ends = (association.get("sourceId"), association.get("targetId"))
        if not (is_text(association.get("associationType")) and all(is_url(end) for end in ends)):
            raise Defect(Reason.ASSOCIATION_INVALID)
