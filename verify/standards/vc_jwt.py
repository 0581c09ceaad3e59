"""A credential as a compact JWT: made, split, and held against the rules of its header and claims.

Two forms are read: the payload is the credential, and the registered claims repeat some of its members; or, in the
manner of the older data model, the credential stands in the claim `vc`. Only the first is made. The key decides the
algorithm: one that is not its own is a defect, and so is `none`.

Source: Open Badges 3.0, section 8.2; Verifiable Credentials Data Model 1.1, section 6.3.1; RFC 7515, 7519 and 8725.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from verify.errors import Defect, Undecided, Unreadable
from verify.reasons import Reason
from verify.standards import documents, jwk, signatures, timestamps
from verify.standards.multibase import decode_base64url, encode_base64url
from verify.standards.signatures import PublicKey, Signer

_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_MAX_HEADER_BYTES = 8 * 1024
_HEADERS = frozenset({"alg", "kid", "jwk", "typ"})
_ENVELOPING = ("vc+jwt", "vp+jwt")
"""Source: Securing Verifiable Credentials using JOSE and COSE 1.0, sections 3.1.1 and 3.1.2."""
_ALGORITHMS = frozenset(name for names in jwk.ALGORITHMS.values() for name in names)
_REGISTERED = frozenset({"iss", "sub", "aud", "exp", "nbf", "iat", "jti", "nonce"})
"""Source: RFC 7519, section 4.1; VCDM 1.1, section 6.3.1, for the nonce of a presentation."""
_BADGES = frozenset({"OpenBadgeCredential", "AchievementCredential", "EndorsementCredential", "ClrCredential"})
_VC = "vc"


@dataclass(frozen=True, slots=True)
class Token:
    """A compact JWT taken apart; nothing in it has been checked yet."""

    header: dict[str, Any]
    payload: dict[str, Any]
    signing_input: bytes
    signature: bytes

    @property
    def enveloping(self) -> bool:
        """Whether it says that it is a credential or presentation of VC-JOSE-COSE, whose rules are looser."""
        return self.header.get("typ") in _ENVELOPING


def is_compact(data: bytes) -> bool:
    """Whether the bytes, without the space around them, are three base64url parts."""
    text = data.strip()
    if text[:1] not in _ALPHABET:  # most often JSON
        return False
    # The signature alone may be empty: an unsigned token is a token.
    return text.translate(None, _ALPHABET) == b".." and b".." not in text


def read(data: bytes) -> Token:
    """The token that the bytes spell.

    Raises:
        Unreadable: `jwt_malformed`, or as `documents.load` does for the payload.
    """
    compact = data.strip()
    if not is_compact(compact):
        raise Unreadable(Reason.JWT_MALFORMED)
    header, payload, signature = compact.decode("ascii").split(".")
    try:
        parts = [decode_base64url(part, Reason.JWT_MALFORMED) for part in (header, payload, signature)]
        heading = documents.load(parts[0], max_bytes=_MAX_HEADER_BYTES)
    except (Defect, Unreadable) as error:
        raise Unreadable(Reason.JWT_MALFORMED, error.detail) from None
    return Token(heading, documents.load(parts[1]), f"{header}.{payload}".encode("ascii"), parts[2])


def create(credential: dict[str, Any], signer: Signer) -> bytes:
    """The credential as a compact JWT, signed; the header names the key, the registered claims repeat the credential.

    An embedded proof has to stand in the credential already, where it shall have both.

    Raises:
        Undecided: `key_unsupported`.
        Defect: `jwt_claims_differ`, where the credential lacks what a claim has to repeat.
        Source: Open Badges 3.0, sections 8.2.3 and 8.2.4.
    """
    claims = {name: value for name, value in _claims_of(credential).items() if value is not None}
    if not claims.keys() >= _REQUIRED:
        raise Defect(Reason.JWT_CLAIMS_DIFFER, min(_REQUIRED - claims.keys()))
    algorithm = jwk.ALGORITHMS[signatures.kind_of(signer.public)][0]
    header = {"alg": algorithm, "typ": "JWT", "kid": signer.verification_method}
    parts = (documents.dump(header), documents.dump({**credential, **claims}))
    signing_input = ".".join(map(encode_base64url, parts)).encode("ascii")
    return signing_input + b"." + encode_base64url(signer.sign(signing_input)).encode("ascii")


def credential_of(token: Token) -> dict[str, Any]:
    """The credential that the token carries: its payload without the registered claims, or its claim `vc`.

    What `vc` leaves to a registered claim is taken from there. A payload that is a credential as well is read as that,
    so that no two readers see two different ones.

    Source: Open Badges 3.0, section 8.2.5; Verifiable Credentials Data Model 1.1, section 6.3.1 (JWT decoding).
    """
    payload = token.payload
    inside = payload.get(_VC)
    if not isinstance(inside, dict) or not payload.keys().isdisjoint({"@context", "type", "credentialSubject"}):
        return {name: value for name, value in payload.items() if name not in _REGISTERED}
    credential = {**_left_to_claims(payload), **inside}
    for member, claim in (("issuer", "iss"), ("credentialSubject", "sub")):
        node = credential.get(member)
        if isinstance(node, dict) and "id" not in node and claim in payload:
            credential[member] = {"id": payload[claim], **node}
    return credential


def check_header(token: Token) -> None:
    """Return where the header keeps to the rules and names an algorithm that can be checked here.

    Raises:
        Defect: `algorithm_none`, `key_mismatch` for an algorithm of secrets, or `jwt_header_wrong`.
        Undecided: `algorithm_unsupported`.
        Source: Open Badges 3.0, section 8.2.3.
    """
    header = token.header
    algorithm = header.get("alg")
    if isinstance(algorithm, str) and algorithm.lower() == "none":
        raise Defect(Reason.ALGORITHM_NONE)
    allowed = _HEADERS | {"cty", "iss"} if token.enveloping else _HEADERS
    typed = token.enveloping or header.get("typ", "JWT") == "JWT"
    if not isinstance(algorithm, str) or not typed or header.keys() - allowed:
        raise Defect(Reason.JWT_HEADER_WRONG)
    carried = header.get("jwk")
    named = isinstance(header.get("kid"), str)
    if not (named or isinstance(carried, dict)) or (isinstance(carried, dict) and jwk.is_private(carried)):
        raise Defect(Reason.JWT_HEADER_WRONG, "no key is named, or a private one")
    if algorithm.startswith("HS"):
        # Whoever can check such a code can make it: it proves nothing to anybody else.
        raise Defect(Reason.KEY_MISMATCH, algorithm[:50])
    if algorithm not in _ALGORITHMS:
        raise Undecided(Reason.ALGORITHM_UNSUPPORTED, algorithm[:50])


def public_key_of(token: Token) -> PublicKey | None:
    """The public key that stands in the header, or None where there is none.

    Raises:
        Defect: `key_malformed`.
        Undecided: `key_unsupported`.
    """
    carried = token.header.get("jwk")
    return jwk.decode_public(carried) if isinstance(carried, dict) else None


def verify_signature(token: Token, public_key: PublicKey) -> None:
    """Return where the signature is the key's over header and payload, with the algorithm of the key.

    Raises:
        Defect: `signature_wrong`, or `key_mismatch` where the header names another algorithm than the key's.
        Undecided: `key_unsupported`.
        Source: RFC 7515, section 5.2; RFC 8725, section 3.1 (algorithm verification).
    """
    if token.header.get("alg") not in jwk.ALGORITHMS[signatures.kind_of(public_key)]:
        raise Defect(Reason.KEY_MISMATCH, "another algorithm than the key's")
    signatures.verify(public_key, token.signature, token.signing_input)


def check_claims(token: Token, credential: dict[str, Any]) -> None:
    """Return where the registered claims say what the credential says, and nothing that it does not.

    A credential that names its holder by identifiers alone has no `sub`. An enveloping token may leave any of them out,
    and so may one that carries no badge, such as a status list: what is left out stands in the credential.

    Raises:
        Defect: `jwt_claims_differ`.
        Source: Open Badges 3.0, section 8.2.5; VC-JOSE-COSE, section 3.1.3.
    """
    if token.enveloping and not token.payload.keys().isdisjoint({_VC, "vp"}):
        raise Defect(Reason.JWT_CLAIMS_DIFFER, "the payload is the credential, and holds none")
    types = credential.get("type")
    badge = not _BADGES.isdisjoint(types if isinstance(types, list) else [types])
    for claim, value in _claims_of(credential).items():
        if claim not in token.payload and (token.enveloping or not badge):
            continue
        given = token.payload.get(claim)
        if isinstance(given, float):
            given = int(given)
        if given != value or isinstance(given, bool):
            raise Defect(Reason.JWT_CLAIMS_DIFFER, claim)


def _claims_of(credential: dict[str, Any]) -> dict[str, Any]:
    """What the registered claims have to say; None where they must not be there."""
    issuer = credential.get("issuer")
    subject = credential.get("credentialSubject")
    if isinstance(subject, list) and len(subject) == 1:
        subject = subject[0]
    start, end = _dates_of(credential)
    return {
        "iss": issuer.get("id") if isinstance(issuer, dict) else issuer,
        "jti": credential.get("id"),
        "sub": subject.get("id") if isinstance(subject, dict) else None,
        "nbf": _seconds(credential.get(start)),
        "exp": _seconds(credential.get(end)),
    }


_REQUIRED = frozenset({"iss", "jti", "sub", "nbf"})
_DATES = ("validFrom", "validUntil")
_OLDER_DATES = ("issuanceDate", "expirationDate")


def _dates_of(credential: dict[str, Any]) -> tuple[str, str]:
    """The names that the data model of the credential has for its start and its end."""
    contexts = credential.get("@context")
    first = contexts[0] if isinstance(contexts, list) and contexts else contexts
    return _OLDER_DATES if first == documents.CREDENTIALS_V1 else _DATES


def _left_to_claims(payload: dict[str, Any]) -> dict[str, Any]:
    """The members that the registered claims stand for, where `vc` does without them."""
    start, end = _dates_of(payload[_VC])
    found = {
        "id": payload.get("jti"),
        "issuer": payload.get("iss"),
        start: _moment(payload.get("nbf")),
        end: _moment(payload.get("exp")),
    }
    return {name: value for name, value in found.items() if value is not None}


def _moment(seconds: Any) -> str | None:
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    try:
        return timestamps.write(datetime.fromtimestamp(seconds, UTC))
    except (ValueError, OverflowError, OSError):
        return None


def _seconds(moment: Any) -> int | None:
    if moment is None:
        return None
    return int(timestamps.read(moment, Reason.JWT_CLAIMS_DIFFER).timestamp())
