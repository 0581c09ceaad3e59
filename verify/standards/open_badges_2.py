"""Open Badges 2.0: what an Assertion, a BadgeClass, a Profile, a key and a list of revocations have to look like.

Reads documents as plain JSON: nothing in this version is signed as a graph. Says nothing about who wrote a document or
where it came from; `verify.checks.assertion` does. Refuses Open Badges 1, which has no identifiers to hold on to.

Source: Open Badges 2.0 (IMS Final Release, 2018-04-12), sections "Open Badges Vocabulary" and "Verification".
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from verify.errors import Defect, Undecided
from verify.reasons import Reason
from verify.standards.nodes import is_text
from verify.standards.signatures import PublicKey

CONTEXT = "https://w3id.org/openbadges/v2"
_CONTEXTS = frozenset({CONTEXT, "https://purl.imsglobal.org/spec/ob/v2p1/ob_v2p1.jsonld"})
_ANY_VERSION = "https://w3id.org/openbadges/"
_VERSION_1 = "https://w3id.org/openbadges/v1"
_MARKS = frozenset({"recipient", "badge", "verification", "verify", "revoked"})
_CLASSES = frozenset(
    {
        "AlignmentObject",
        "Assertion",
        "BadgeClass",
        "Criteria",
        "CryptographicKey",
        "Endorsement",
        "Evidence",
        "Extension",
        "IdentityObject",
        "Image",
        "Issuer",
        "Profile",
        "RevocationList",
        "VerificationObject",
    }
)

_STAMP = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?)"
)
_IRI = re.compile(r'[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>"{}|^`\\]+')
_HASH = re.compile(r"(?:md5\$[0-9a-f]{32}|sha256\$[0-9a-f]{64})", re.IGNORECASE)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_MAX_URL = 2_000
_MAX_PEM = 8 * 1024
_MAX_KEYS = 8

_Node = dict[str, Any]


class Method(StrEnum):
    """How an Assertion says that it can be verified."""

    HOSTED = "HostedBadge"
    SIGNED = "SignedBadge"


_METHODS = {
    "hosted": Method.HOSTED,
    "HostedBadge": Method.HOSTED,
    "signed": Method.SIGNED,
    "SignedBadge": Method.SIGNED,
}


def is_assertion(document: _Node) -> bool:
    """Whether the document means to be an Assertion of this version, well-formed or not."""
    contexts = [each for each in listed(document.get("@context")) if isinstance(each, str)]
    if any(each.startswith(_ANY_VERSION) or each in _CONTEXTS for each in contexts):
        return bool(_MARKS & document.keys())
    return "Assertion" in listed(document.get("type")) and bool(_MARKS & document.keys())


def is_version_1(document: _Node) -> bool:
    """Whether the document is an Assertion of Open Badges 1.0 or 1.1."""
    if _VERSION_1 in listed(document.get("@context")):
        return bool(_MARKS & document.keys())
    return "@context" not in document and "verify" in document and "badge" in document


def pointer_to(address: str) -> _Node:
    """What a picture with nothing but the address of a hosted Assertion amounts to.

    Source: Open Badges 2.0, Baking Specification, "Legacy PNGs".
    """
    return {"@context": CONTEXT, "type": "Assertion", "id": address, "verification": {"type": "hosted"}}


def method_of(assertion: _Node) -> Method:
    """How the Assertion can be verified; `verify` is an alias of `verification`.

    Raises:
        Defect: `verification_invalid`.
    """
    verification = _verification(assertion)
    named = {_METHODS[each] for each in listed(verification.get("type")) if isinstance(each, str) and each in _METHODS}
    if len(named) != 1:
        raise Defect(Reason.VERIFICATION_INVALID, "type")
    return named.pop()


def creator_of(assertion: _Node) -> str | None:
    """The identifier of the key that the Assertion says it is signed with, or None where it names none."""
    return reference(_verification(assertion).get("creator"))


def check_assertion(assertion: _Node) -> None:
    """Return where the Assertion has what this version requires.

    Raises:
        Defect: `context_missing`, `context_inline`, `type_missing`, `type_wrong`, `id_invalid`, `recipient_missing`,
            `subject_invalid`, `achievement_invalid`, `verification_invalid`, `date_missing` or `date_invalid`.
        Undecided: `context_unknown`, for a further vocabulary that could give its terms another meaning.
        Source: section "Assertion".
    """
    unknown = _check_contexts(assertion)
    if "Assertion" not in types(assertion):
        raise Defect(Reason.TYPE_MISSING, "Assertion")
    if not is_iri(assertion.get("id")):
        raise Defect(Reason.ID_INVALID)
    _check_recipient(assertion.get("recipient"))
    if reference(assertion.get("badge")) is None and not isinstance(assertion.get("badge"), dict):
        raise Defect(Reason.ACHIEVEMENT_INVALID, "badge")
    if method_of(assertion) is Method.HOSTED and not is_address(assertion["id"]):
        raise Defect(Reason.ID_INVALID, "a hosted badge is known by its address")
    if assertion.get("issuedOn") is None:
        raise Defect(Reason.DATE_MISSING)
    for member in ("issuedOn", "expires"):
        if assertion.get(member) is not None:
            moment(assertion[member])
    if unknown:
        raise Undecided(Reason.CONTEXT_UNKNOWN, unknown[:200])


def check_badge_class(badge: _Node) -> None:
    """Return where the BadgeClass has what this version requires.

    Raises:
        Defect: `type_wrong` or `achievement_invalid`.
        Source: sections "BadgeClass", "Criteria" and "AlignmentObject".
    """
    if "BadgeClass" not in types(badge) or not is_iri(badge.get("id")):
        raise Defect(Reason.ACHIEVEMENT_INVALID, "type or id")
    for member in ("name", "description"):
        if not is_text(badge.get(member)):
            raise Defect(Reason.ACHIEVEMENT_INVALID, member)
    if reference(badge.get("image")) is None:
        raise Defect(Reason.ACHIEVEMENT_INVALID, "image")
    criteria = badge.get("criteria")
    narrated = isinstance(criteria, dict) and is_text(criteria.get("narrative"))
    if not narrated and not is_iri(reference(criteria)):
        raise Defect(Reason.ACHIEVEMENT_INVALID, "criteria")
    for alignment in listed(badge.get("alignment")):
        if isinstance(alignment, dict) and not (
            is_text(alignment.get("targetName")) and is_iri(alignment.get("targetUrl"))
        ):
            raise Defect(Reason.ACHIEVEMENT_INVALID, "alignment")


def check_profile(profile: _Node) -> None:
    """Return where the Profile has what this version requires of an issuer.

    Raises:
        Defect: `type_wrong` or `issuer_invalid`.
        Source: section "Profile", "A note on required properties".
    """
    if not {"Issuer", "Profile"} & types(profile) or not is_iri(profile.get("id")):
        raise Defect(Reason.ISSUER_INVALID, "type or id")
    if not is_text(profile.get("name")) or not is_address(profile.get("url")):
        raise Defect(Reason.ISSUER_INVALID, "name or url")
    email = profile.get("email")
    if not isinstance(email, str) or not _EMAIL.fullmatch(email):
        raise Defect(Reason.ISSUER_INVALID, "email")


def in_scope(assertion_id: str, badge_id: str | None, profile: _Node) -> bool:
    """Whether the issuer lets its Assertions be hosted at that address.

    Where the Profile declares no scope, Assertion and BadgeClass have to be of the Profile's own origin. A prefix
    counts within its own origin only: `https://example.org` does not let `https://example.org.evil.example/` in.

    Source: sections "VerificationObject" and "HostedBadge Verification".
    """
    declared = profile.get("verification")
    rules = declared if isinstance(declared, dict) else {}
    if rules.get("verificationProperty") not in (None, "id", "@id"):
        return False
    prefixes = [each for each in listed(rules.get("startsWith")) if isinstance(each, str)]
    hosts = [each.lower() for each in listed(rules.get("allowedOrigins")) if isinstance(each, str)]
    if not prefixes and not hosts:
        own = _origin(profile.get("id"))
        beside = not is_address(badge_id) or _origin(badge_id) == own
        return own is not None and _origin(assertion_id) == own and beside
    if prefixes and not any(_starts_with(assertion_id, prefix) for prefix in prefixes):
        return False
    return not hosts or bool({_host(assertion_id), _host(assertion_id, port=True)} & set(hosts))


def keys_of(profile: _Node) -> list[str | _Node]:
    """The keys that the Profile authorises, as identifiers or as they stand in it; at most eight.

    Raises:
        Undecided: `key_unsupported`, for more.
    """
    found = [each for each in listed(profile.get("publicKey")) if isinstance(each, str | dict)]
    if len(found) > _MAX_KEYS:
        raise Undecided(Reason.KEY_UNSUPPORTED, "too many keys")
    return found


def public_key_of(key: _Node) -> PublicKey:
    """The public key that a CryptographicKey spells out.

    Raises:
        Defect: `key_malformed`.
        Undecided: `key_unsupported`.
        Source: section "CryptographicKey".
    """
    pem = key.get("publicKeyPem")
    if not isinstance(pem, str) or len(pem) > _MAX_PEM:
        raise Defect(Reason.KEY_MALFORMED, "publicKeyPem")
    try:
        public = load_pem_public_key(pem.encode("utf-8"))
    except ValueError:
        raise Defect(Reason.KEY_MALFORMED, "publicKeyPem") from None
    except UnsupportedAlgorithm:
        raise Undecided(Reason.KEY_UNSUPPORTED) from None
    if not isinstance(public, Ed25519PublicKey | EllipticCurvePublicKey | RSAPublicKey):
        raise Undecided(Reason.KEY_UNSUPPORTED)
    return public


def is_listed(assertion_id: str, revocations: _Node) -> bool:
    """Whether the RevocationList names the Assertion, by its `id` alone or in an object.

    Raises:
        Defect: `status_list_malformed`.
        Source: section "Revocation List".
    """
    if "RevocationList" not in types(revocations) or "revokedAssertions" not in revocations:
        raise Defect(Reason.STATUS_LIST_MALFORMED)
    for entry in listed(revocations["revokedAssertions"]):
        named = entry.get("id", entry.get("uid")) if isinstance(entry, dict) else entry
        if not isinstance(named, str):
            raise Defect(Reason.STATUS_LIST_MALFORMED, "revokedAssertions")
        if named == assertion_id and not (isinstance(entry, dict) and entry.get("revoked") is False):
            return True
    return False


def moment(value: Any) -> datetime:
    """The moment, in UTC: ISO 8601 with a time and a zone.

    Raises:
        Defect: `date_invalid`.
        Source: section "Primitive datatypes", DateTime.
    """
    if not isinstance(value, str) or not _STAMP.fullmatch(value):
        raise Defect(Reason.DATE_INVALID, "not a date with time and zone")
    try:
        return datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Defect(Reason.DATE_INVALID, "no such moment") from None


def reference(value: Any) -> str | None:
    """The identifier that a member points at: itself, or that of the object it holds; None where there is none."""
    named = value.get("id") if isinstance(value, dict) else value
    return named if isinstance(named, str) else None


def listed(value: Any) -> list[Any]:
    """The values of a member that holds none, one or several."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def types(node: _Node) -> frozenset[str]:
    """The types of an object; beside the classes of this version, only whole or compact IRIs.

    Raises:
        Defect: `type_wrong`.
    """
    values = listed(node.get("type"))
    if not all(isinstance(each, str) and (each in _CLASSES or ":" in each) for each in values):
        raise Defect(Reason.TYPE_WRONG)
    return frozenset(values)


def is_iri(value: Any) -> bool:
    """Whether the value is an absolute IRI."""
    return isinstance(value, str) and len(value) <= _MAX_URL and _IRI.fullmatch(value) is not None


def is_address(value: Any) -> bool:
    """Whether the value is an address that a document could be had from."""
    return is_iri(value) and _origin(value) is not None


def _verification(assertion: _Node) -> _Node:
    verification = assertion.get("verification", assertion.get("verify"))
    if not isinstance(verification, dict):
        raise Defect(Reason.VERIFICATION_INVALID)
    return verification


def _check_contexts(assertion: _Node) -> str:
    """A further vocabulary that is not known here, or nothing."""
    contexts = listed(assertion.get("@context"))
    if not all(isinstance(each, str) for each in contexts):
        raise Defect(Reason.CONTEXT_INLINE)
    if not _CONTEXTS & set(contexts):
        raise Defect(Reason.CONTEXT_MISSING, "no Open Badges 2 context")
    return next((each for each in contexts if each not in _CONTEXTS), "")


def _check_recipient(recipient: Any) -> None:
    """Refuse an identity that is absent, or is not of the kind it says it is.

    Source: section "IdentityObject".
    """
    if not isinstance(recipient, dict):
        raise Defect(Reason.RECIPIENT_MISSING)
    kinds, identity, hashed = listed(recipient.get("type")), recipient.get("identity"), recipient.get("hashed")
    if len(kinds) != 1 or not is_text(kinds[0]) or not isinstance(identity, str) or not identity:
        raise Defect(Reason.SUBJECT_INVALID, "recipient")
    if not isinstance(hashed, bool) or hashed != (_HASH.fullmatch(identity) is not None):
        raise Defect(Reason.SUBJECT_INVALID, "hashed")
    if not isinstance(recipient.get("salt", ""), str | None):
        raise Defect(Reason.SUBJECT_INVALID, "salt")
    if kinds[0] == "email" and not hashed and not _EMAIL.fullmatch(identity):
        raise Defect(Reason.SUBJECT_INVALID, "email")


def _origin(value: Any) -> tuple[str, str, int] | None:
    """Scheme, host and port of an address, or None where it is none."""
    if not isinstance(value, str):
        return None
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username is not None:
        return None
    return parts.scheme, parts.hostname, port or (443 if parts.scheme == "https" else 80)


def _host(address: str, *, port: bool = False) -> str:
    parts = urlsplit(address)
    return parts.netloc.lower() if port else (parts.hostname or "")


def _starts_with(address: str, prefix: str) -> bool:
    return _origin(address) == _origin(prefix) is not None and address.startswith(prefix)
