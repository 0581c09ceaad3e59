"""Bytes of unknown origin → the credential they carry: JSON, a compact JWT, a PNG or an SVG.

Decides only what the bytes are and takes the credential out; says nothing about whether it is any good. Refuses what
carries none, by raising: there is nothing to report on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from verify.errors import Unreadable
from verify.reasons import Reason
from verify.standards import baking, documents, vc_jwt

MAX_INPUT_BYTES = baking.MAX_PICTURE_BYTES
"""Whoever reads from a file or a request need not read further than this."""

_OPEN_BADGES_2 = "https://w3id.org/openbadges/"


@dataclass(frozen=True, slots=True)
class Presented:
    """A credential as it came: `written_as` is json, jwt, png or svg; `token` is set where it came as a JWT."""

    written_as: str
    credential: dict[str, Any]
    token: vc_jwt.Token | None


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
    if len(data) > documents.MAX_BYTES * 2:
        raise Unreadable(Reason.TOO_LARGE)
    if vc_jwt.is_compact(data):
        token = vc_jwt.read(data)
        return Presented(picture or "jwt", _credential(token.payload), token)
    if not data.lstrip().startswith((b"{", b"[")):
        raise Unreadable(Reason.FORMAT_UNKNOWN)
    return Presented(picture or "json", _credential(documents.load(data)), None)


def _credential(document: dict[str, Any]) -> dict[str, Any]:
    contexts = document.get("@context")
    first = contexts[0] if isinstance(contexts, list) and contexts else contexts
    if isinstance(first, str) and first.startswith(_OPEN_BADGES_2):
        raise Unreadable(Reason.OPEN_BADGES_2)
    types = document.get("type")
    listed = types if isinstance(types, list) else [types]
    if "credentialSubject" not in document and "VerifiableCredential" not in listed:
        raise Unreadable(Reason.NOT_A_CREDENTIAL)
    return document
