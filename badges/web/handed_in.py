"""What a reader hands in to be verified: a file, pasted text, the address of a badge, or its short code.

Nothing of it is kept. A document that was read once comes back with the next form of the same page, so that a name can
be compared without the file being chosen again: it is then verified anew, as whatever else is handed in.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

from flask import request, url_for

from badges.services import codes, verification
from badges.services.errors import N_
from badges.web import current
from verify import Unreadable

MOST_CARRIED = 300 * 1024
"""Larger documents are not sent back and forth: their file is chosen again."""
NOT_REACHED = N_(
    "Cette adresse ne donne pas de badge, ou ne répond pas. Demandez à la personne le fichier du badge, ou son code."
)
NOTHING = N_("Choisissez un fichier, ou collez le texte ou l’adresse du badge.")
_OURS = re.compile(r"/(?:v/(?P<code>[^/]+)|c/(?P<credential>[0-9a-f-]{36}))/?")


@dataclass(frozen=True, slots=True)
class HandedIn:
    """One of three: the bytes to verify, an address of ours to go to instead, or a sentence that says why neither."""

    data: bytes | None = None
    elsewhere: str = ""
    refused: str = ""


def from_form() -> HandedIn:
    """What a form of ours, or of a program, holds: `file`, `document` or `texte`."""
    upload = request.files.get("file")
    data = upload.read() if upload is not None else b""
    if data or (upload is not None and upload.filename):
        return HandedIn(data)
    if request.form.get("document"):
        return _carried(request.form["document"])
    text = (request.form.get("texte") or request.form.get("file") or "").strip()
    if not text:
        return HandedIn(refused=NOTHING)
    code = codes.read_code(text)
    if code is not None:
        return HandedIn(elsewhere=url_for("verification.by_code", code=code))
    if re.match(r"https?://\S+\Z", text, re.IGNORECASE):
        return _at(text)
    return HandedIn(text.encode())


def carried(data: bytes) -> str:
    """The document for the page's next form, empty where it is too large or none can be taken out."""
    try:
        text = verification.document_in(data)
    except Unreadable:
        return ""
    return base64.b64encode(text).decode() if len(text) <= MOST_CARRIED else ""


def _carried(encoded: str) -> HandedIn:
    try:
        return HandedIn(base64.b64decode(encoded, validate=True))
    except (binascii.Error, ValueError):
        return HandedIn(refused=NOTHING)


def _at(address: str) -> HandedIn:
    """What an address leads to: a page of ours, or the document that its host gives."""
    installation = current.installation()
    try:
        parts = urlsplit(address)
        ours = f"{parts.scheme}://{parts.netloc}" == installation.base_url
    except ValueError:
        return HandedIn(refused=NOT_REACHED)
    found = _OURS.fullmatch(parts.path) if ours else None
    if found is not None and found["code"]:
        return HandedIn(elsewhere=url_for("verification.by_code", code=found["code"]))
    if found is not None:
        return HandedIn(elsewhere=url_for("verification.credential", credential_id=UUID(found["credential"])))
    with installation.database.reading() as reading:
        data = verification.fetched(reading, installation, address)
    return HandedIn(data) if data is not None else HandedIn(refused=NOT_REACHED)
