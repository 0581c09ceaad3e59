"""Open Badges 2.0: the documents that backpacks ask for, and the same badges to download in that version.

These addresses stand in badges that people keep elsewhere: they never change. Every document is readable from any site;
a browser that would rather have a page is sent to the one that says the same.

Source: Open Badges 2.0, sections "Setting Content-Type" and "Revoking Hosted Assertions".
"""

import json
import uuid
from typing import Any

from flask import Blueprint, Response, make_response, redirect, url_for

from badges.services import open_badges_2, pictures, public_badges
from badges.services.errors import NotFound
from badges.services.open_badges_2_addresses import BadgeName
from badges.services.public_badges import PublicBadge
from badges.web import current, documents
from badges.web.access import ANYONE, requires
from badges.web.opening import shared
from badges.web.verification import unlisted
from verify.standards.baking import OPEN_BADGES_2

blueprint = Blueprint("open_badges_2", __name__)

JWS = "text/plain"
FORMS = (documents.LD_JSON, "application/json", documents.PAGE)


@blueprint.get("/ob2/c/<uuid:credential_id>")
@requires(ANYONE)
def assertion(credential_id: uuid.UUID) -> Response:
    """A hosted Assertion as it stands now; 410 where it is withdrawn for good."""
    found = open_badges_2.hosted(current.db(), current.installation(), credential_id)
    page = url_for("verification.credential", credential_id=credential_id)
    response = _served(found.document, page, gone=found.revoked)
    response.headers.add("Link", documents.alternate(current.installation().base_url + page, documents.VC_LD_JSON))
    return unlisted(response)


@blueprint.get("/ob2/c/<uuid:credential_id>.<any(png, svg):form>")
@requires(ANYONE)
def picture(credential_id: uuid.UUID, form: str) -> Response:
    """The picture that carries the hosted Assertion."""
    return unlisted(_baked(public_badges.by_credential(current.db(), credential_id, current.now()), form))


@blueprint.get("/ob2/o/<slug>")
@requires(ANYONE)
def profile(slug: str) -> Response:
    """An issuer's Profile."""
    document = open_badges_2.profile(current.db(), current.installation(), slug)
    return _served(document, url_for("issuers.show", slug=slug))


@blueprint.get("/ob2/o/<slug>/revocations")
@requires(ANYONE)
def revocations(slug: str) -> Response:
    """The signed badges that an issuer withdrew or paused."""
    return _served(open_badges_2.revocations(current.db(), current.installation(), slug))


@blueprint.get("/ob2/o/<slug>/keys/<fragment>")
@requires(ANYONE)
def key(slug: str, fragment: str) -> Response:
    """A public key of an issuer."""
    return _served(open_badges_2.key(current.db(), current.installation(), slug, fragment))


@blueprint.get("/ob2/o/<slug>/r/<referentiel>/<int(max=1000000):number>/<badge_code>")
@requires(ANYONE)
def badge_class(slug: str, referentiel: str, number: int, badge_code: str) -> Response:
    """A badge of a published version, as one issuer awards it."""
    named = BadgeName(slug, referentiel, number, badge_code)
    document = open_badges_2.badge_class(current.db(), current.installation(), named)
    page = url_for("referentiels.version", slug=referentiel, number=number, _anchor=f"badge-{badge_code}")
    return _served(document, page)


@blueprint.get("/v/<code>/ob2.<any(json, png, svg, jws):form>", defaults={"place": 1})
@blueprint.get("/v/<code>/<int:place>/ob2.<any(json, png, svg, jws):form>")
@requires(ANYONE)
def download(code: str, place: int, form: str) -> Response:
    """The badge in this version, to keep: hosted as JSON or in a picture, or signed."""
    badge = shared(code, place)
    public_badges.whole_file_of(badge)
    name = f"badge-{badge.badge_code}-ob2.{form}"
    if form in {"png", "svg"}:
        return unlisted(_baked(badge, form, file_name=name))
    if form == "json":
        content = open_badges_2.standing(current.db(), current.installation(), badge.credential_id)
        return unlisted(documents.exact(content, documents.LD_JSON, file_name=name))
    token = open_badges_2.signed(current.db(), badge.credential_id)
    if token is None:
        raise NotFound(open_badges_2.UNKNOWN)
    return unlisted(documents.exact(token, JWS, file_name=name))


def _served(document: dict[str, Any], page: str = "", *, gone: bool = False) -> Response:
    """The document in the form that the reader would rather have; `page` says the same to people."""
    media = documents.wanted(*(FORMS if page else FORMS[:2]))
    if media == documents.PAGE:
        return documents.negotiated(make_response(redirect(page, 303)))
    response = documents.exact(_written(document), media)
    if gone:  # said whole to whoever asks, whatever they have already
        response.status_code = 410
        response.data = _written(document)
    return documents.negotiated(response)


def _written(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=2).encode()


def _baked(badge: PublicBadge, form: str, *, file_name: str = "") -> Response:
    drawn = pictures.picture_of(current.db(), badge)
    content = open_badges_2.standing(current.db(), current.installation(), badge.credential_id)
    if form == "png":
        return documents.exact(pictures.baked_png(drawn, content, OPEN_BADGES_2), documents.PNG, file_name=file_name)
    address = json.loads(content)["id"]
    baked = pictures.baked_svg(drawn, content, OPEN_BADGES_2, address=address)
    return documents.exact(baked, documents.SVG, file_name=file_name)
