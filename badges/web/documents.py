"""Answering with stored bytes: untouched, with a strong ETag, readable from any site; and which form a reader wants.

A signed document leaves exactly as it was stored: no re-encoding, no charset added, no pretty-printing.
"""

import hashlib

from flask import Response, request
from werkzeug.datastructures import MIMEAccept

PAGE = "text/html"
VC_LD_JSON = "application/vc+ld+json"
LD_JSON = "application/ld+json"
SIGNED = (VC_LD_JSON, "application/vc", LD_JSON, "application/json")
VC_JWT = "application/vc+jwt"
TOKEN = (VC_JWT, "application/jwt", "text/plain")
"""Source: VC-JOSE-COSE, section 6.1; Open Badges 3.0, section 8.2, writes a token as plain text."""
PNG = "image/png"
SVG = "image/svg+xml"
PDF = "application/pdf"


def wanted(*offers: str) -> str:
    """The offered media type this request would rather have; the first where it does not care or wants none of them.

    Parameters of a media type (`profile=…`) are ignored, as they change nothing about the bytes.
    """
    asked = MIMEAccept([(value.partition(";")[0].strip(), quality) for value, quality in request.accept_mimetypes])
    return asked.best_match(offers, default=offers[0]) or offers[0]


def exact(
    document: bytes, media_type: str, *, file_name: str = "", shared: bool = True, fresh_for: int = 0
) -> Response:
    """The bytes as they are; 304 where the reader has them already.

    `file_name` makes it a download. `shared` lets scripts of other sites read it. `fresh_for` is for how many seconds
    anybody may do with the copy they have.
    """
    response = Response(document, content_type=media_type)
    response.set_etag(hashlib.sha256(document).hexdigest())
    response.headers["Cache-Control"] = f"public, max-age={fresh_for}" if fresh_for else "no-cache"
    if shared:
        response.headers["Access-Control-Allow-Origin"] = "*"
    if file_name:
        response.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    response.make_conditional(request)
    return response


def negotiated(response: Response) -> Response:
    """The response, marked as one of several forms of the same address."""
    response.vary.update(["Accept", "Accept-Language"])
    return response


def alternate(address: str, media_type: str) -> str:
    """The Link header that names another form of the same thing.

    Source: RFC 8288, section 3; the relation `alternate` is HTML's.
    """
    return f'<{address}>; rel="alternate"; type="{media_type}"'
