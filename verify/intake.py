"""Bytes of unknown origin → the credential they carry: JSON, a compact JWT, a PNG or an SVG.

Decides only what the bytes are and takes the credential out; says nothing about whether it is any good. Refuses what
carries none, by raising: there is nothing to report on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

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
    "VerifiablePresentation": Kind.PRESENTATION,
    "VerifiableCredential": Kind.CREDENTIAL,
}
"""By type, the first that applies: a CLR calls itself whatever else it likes, but it is a CLR."""


@dataclass(frozen=True, slots=True)
class Presented:
    """A document as it came: `written_as` is json, jwt, png or svg; `token` is set where it came as a JWT.

    `text` is the very bytes it is written in, without what a picture puts around them; empty where it stood in another.
    """

    written_as: str
    credential: dict[str, Any]
    token: vc_jwt.Token | None
    kind: Kind = Kind.OPEN_BADGE_3
    text: bytes = b""


def read(data: bytes) -> Presented:
    """The credential that the bytes carry.

    Raises:
        Unreadable: where they carry none that can be read.
    """
    if len(data) > MAX_INPUT_BYTES:
        raise Unreadable(Reason.TOO_LARGE)
    if not data.strip():
        raise Unreadable(Reason.EMPTY)
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
        token = vc_jwt.read(data)
        return _presented(picture or "jwt", vc_jwt.credential_of(token), token)
    if picture is not None and data.strip().startswith(_ADDRESS):
        return _presented(picture, open_badges_2.pointer_to(data.decode("utf-8", "replace").strip()), None)
    if not data.lstrip().startswith((b"{", b"[")):
        raise Unreadable(Reason.FORMAT_UNKNOWN)
    return _presented(picture or "json", documents.load(data), None)


def _presented(written_as: str, document: dict[str, Any], token: vc_jwt.Token | None) -> Presented:
    """The document with its kind.

    Raises:
        Unreadable: `not_a_credential` or `open_badges_1`.
    """
    if "credentialSubject" not in document:
        if open_badges_2.is_version_1(document):
            raise Unreadable(Reason.OPEN_BADGES_1)
        if open_badges_2.is_assertion(document):
            return Presented(written_as, document, token, Kind.OPEN_BADGE_2)
    types = _types(document)
    kind = next((kind for type_, kind in _KINDS.items() if type_ in types), None)
    if kind is None and "credentialSubject" not in document:
        raise Unreadable(Reason.NOT_A_CREDENTIAL)
    return Presented(written_as, document, token, kind or Kind.CREDENTIAL)


def _types(document: dict[str, Any]) -> list[Any]:
    types = document.get("type")
    return types if isinstance(types, list) else [types]
