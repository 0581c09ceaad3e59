"""What others say of a badge, of what it recognises or of its issuer: endorsement credentials.

An endorsement is a credential of its own, with its own issuer and proof; that it stands inside a badge says nothing
for it. Found here, verified by the verifier.

Source: Open Badges 3.0, appendices B.1.7 (EndorsementCredential) and B.1.8 (EndorsementSubject), and section 9.2.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from verify.errors import Defect
from verify.reasons import Reason
from verify.standards import open_badges_3
from verify.standards.nodes import Node, has_type, is_text

TYPE = "EndorsementCredential"


def check(credential: Node) -> None:
    """Return where the credential is an endorsement as the standard lays it out.

    Raises:
        Defect: `context_missing`, `type_missing`, `id_invalid`, `name_invalid`, `issuer_invalid`, `date_missing`,
            `nested_type_missing`, `type_wrong` or `subject_invalid`.
    """
    open_badges_3.require_context(credential)
    if not has_type(credential, TYPE):
        raise Defect(Reason.TYPE_MISSING, TYPE)
    open_badges_3.check_common(credential)
    if not is_text(credential.get("name")):
        raise Defect(Reason.NAME_INVALID)
    subject = open_badges_3.sole_subject(credential["credentialSubject"], "EndorsementSubject")
    if "id" not in subject or not isinstance(subject.get("endorsementComment", ""), str):
        raise Defect(Reason.SUBJECT_INVALID, "id or endorsementComment")


def embedded(credential: Node) -> Iterator[tuple[str, Any]]:
    """Each endorsement inside the credential: the id of what it stands in, and the object or token as it stands."""
    for node in _endorsable(credential):
        id_ = node.get("id")
        if isinstance(id_, str):
            for member in ("endorsement", "endorsementJwt"):
                value = node.get(member, [])
                yield from ((id_, each) for each in (value if isinstance(value, list) else [value]))


def _endorsable(credential: Node) -> list[Node]:
    """The credential, its issuer and its achievements.

    Source: Open Badges 3.0, appendices B.1.1, B.1.2 and B.1.14, each with a member `endorsement`.
    """
    subjects = credential.get("credentialSubject")
    found: list[Any] = [credential, credential.get("issuer")]
    for subject in subjects if isinstance(subjects, list) else [subjects]:
        achievement = subject.get("achievement") if isinstance(subject, dict) else None
        found += achievement if isinstance(achievement, list) else [achievement]
    return [node for node in found if isinstance(node, dict)]


def endorsed_by(credential: Node) -> str | None:
    """The id of what the endorsement endorses, or None where it names nothing."""
    named = _subject(credential).get("id")
    return named if isinstance(named, str) else None


def _subject(credential: Node) -> Node:
    subject = credential.get("credentialSubject")
    subject = subject[0] if isinstance(subject, list) and subject else subject
    return subject if isinstance(subject, dict) else {}
