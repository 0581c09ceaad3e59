"""Bytes of unknown origin → the document they carry: JSON, a compact JWT, a PNG or an SVG, the text of a code.

Decides only what the bytes are, of which kind the document is, and takes it out, of an envelope too; says nothing
about whether it is any good. Refuses what carries none, by raising: there is nothing to report on.

Source: Verifiable Credentials Data Model 2.0, sections 4.12.1 and 4.13.2 (enveloped credentials, presentations).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from verify import statement
from verify.errors import Unreadable
from verify.reasons import Reason
from verify.report import Kind
from verify.standards import baking, documents, open_badges_2, vc_jwt

MAX_INPUT_BYTES = baking.MAX_PICTURE_BYTES
"""Whoever reads from a file or a request need not read further than this."""

_ADDRESS = (b"https://", b"http://")
_KINDS = {
    "ClrCredential": Kind.CLR,
    "OpenBadgeCredential": Kind.OPEN_BADGE_3,
    "AchievementCredential": Kind.OPEN_BADGE_3,
    "EndorsementCredential": Kind.ENDORSEMENT,
    "VerifiableCredential": Kind.CREDENTIAL,
    "VerifiablePresentation": Kind.PRESENTATION,
}
"""By type, the first that applies: a CLR calls itself whatever else it likes, but it is a CLR.

What calls itself a credential answers as one: of a presentation nobody asks whether its issuer signed.
"""

_ENVELOPES = ("EnvelopedVerifiableCredential", "EnvelopedVerifiablePresentation")
_DATA_URL = re.compile(r"data:application/(?:v[cp]\+jwt|v[cp]-ld\+jwt|jwt)(?:;[a-z0-9=-]{1,40}){0,2},([A-Za-z0-9._-]+)")
"""Source: RFC 2397; VC-JOSE-COSE, section 6.1. The older names are those of earlier drafts, still in use."""


@dataclass(frozen=True, slots=True)
class Presented:
    """A document as it came: `written_as` is json, jwt, png, svg or code; `token` is set where it came as a JWT.

    `text` is the very bytes it is written in, without what a picture puts around them; empty where it stood in another.
    A statement is its text alone: `credential` is empty.
    """

    written_as: str
    credential: dict[str, Any]
    token: vc_jwt.Token | None
    kind: Kind = Kind.OPEN_BADGE_3
    text: bytes = b""


def read_inside(value: Any) -> Presented:
    """The document that stands inside another: an object, an envelope, or the text of a token.

    Raises:
        Unreadable: where it is none of these.
    """
    if isinstance(value, dict):
        return _presented("json", value, None)
    if not isinstance(value, str):
        raise Unreadable(Reason.NOT_A_CREDENTIAL)
    return _read_token(value.encode("utf-8"), "jwt")


def read(data: bytes) -> Presented:
    """The document that the bytes carry.

    Raises:
        Unreadable: where they carry none that can be read.
    """
    if len(data) > MAX_INPUT_BYTES:
        raise Unreadable(Reason.TOO_LARGE)
    if not data.strip():
        raise Unreadable(Reason.EMPTY)
    stated = statement.carried(data)
    if stated is not None:
        return Presented("code", {}, None, Kind.STATEMENT, stated)
    if baking.is_png(data):
        return _read_text(baking.extract_png(data), "png")
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return _read_text(baking.extract_svg(data), "svg")
    return _read_text(data, None)


def _read_text(data: bytes, picture: str | None) -> Presented:
    return replace(_parsed(data, picture), text=data.strip())


def _parsed(data: bytes, picture: str | None) -> Presented:
    if len(data) > documents.MAX_BYTES * 2:
        raise Unreadable(Reason.TOO_LARGE)
    if vc_jwt.is_compact(data):
        return _read_token(data, picture or "jwt")
    if picture is not None and data.strip().startswith(_ADDRESS):
        return _presented(picture, open_badges_2.pointer_to(data.decode("utf-8", "replace").strip()), None)
    if not data.lstrip().startswith((b"{", b"[")):
        if statement.is_written_in_digits(data):
            raise Unreadable(Reason.CODE_MALFORMED)
        raise Unreadable(Reason.FORMAT_UNKNOWN)
    return _presented(picture or "json", documents.load(data), None)


def _read_token(data: bytes, written_as: str) -> Presented:
    token = vc_jwt.read(data)
    return replace(_presented(written_as, vc_jwt.credential_of(token), token), text=data)


def _presented(written_as: str, document: dict[str, Any], token: vc_jwt.Token | None) -> Presented:
    """The document with its kind, out of its envelope.

    Raises:
        Unreadable: `not_a_credential`, `open_badges_1`, `envelope_invalid`, or as a token's reading does.
    """
    if "credentialSubject" not in document:
        if open_badges_2.is_version_1(document):
            raise Unreadable(Reason.OPEN_BADGES_1)
        if open_badges_2.is_assertion(document):
            return Presented(written_as, document, token, Kind.OPEN_BADGE_2)
    types = _types(document)
    if token is None and any(type_ in types for type_ in _ENVELOPES):
        return _read_token(_enveloped(document, types), written_as)
    kind = next((kind for type_, kind in _KINDS.items() if type_ in types), None)
    if kind is None and "credentialSubject" not in document:
        raise Unreadable(Reason.NOT_A_CREDENTIAL)
    return Presented(written_as, document, token, kind or Kind.CREDENTIAL)


def _types(document: dict[str, Any]) -> list[Any]:
    types = document.get("type")
    return types if isinstance(types, list) else [types]


def _enveloped(document: dict[str, Any], types: list[Any]) -> bytes:
    """The text of the token in the envelope."""
    contexts = document.get("@context")
    address = document.get("id")
    found = _DATA_URL.fullmatch(address) if isinstance(address, str) else None
    based = documents.CREDENTIALS_V2 in (contexts if isinstance(contexts, list) else [contexts])
    if found is None or not based or len(types) != 1:
        raise Unreadable(Reason.ENVELOPE_INVALID)
    return found[1].encode("ascii")
