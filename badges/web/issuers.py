"""What issuers publish: their page, DID document, signed status lists, badge pictures; and the installation's own.

These addresses are signed into badges: they answer as long as the installation does, whether or not the organisation
is still open.
"""

import json
from datetime import UTC

from flask import Blueprint, Response, render_template
from flask_babel import gettext

from badges.models.people import OrganisationKind
from badges.services import installation_key, keys, organisations, pictures, referentiels, status, trust, verification
from badges.services.errors import N_, NotFound
from badges.web import current, documents
from badges.web.access import ANYONE, requires
from issuer.status import FRESH_FOR_SECONDS
from referentiels.model import UnknownCodeError

blueprint = Blueprint("issuers", __name__)

DID_JSON = "application/did+ld+json"
KINDS = {
    OrganisationKind.REGION: N_("Région"),
    OrganisationKind.BRANCHE: N_("Branche professionnelle"),
    OrganisationKind.STRUCTURE: N_("Structure d’accompagnement"),
    OrganisationKind.ENTREPRISE: N_("Entreprise"),
}
UNKNOWN = N_("Rien n’est publié à cette adresse.")


@blueprint.get("/o/<slug>")
@requires(ANYONE)
def show(slug: str) -> str:
    """Who an organisation is and what it may issue today."""
    organisation = organisations.organisation_by_slug(current.db(), slug)
    day = current.now().astimezone(UTC).date()
    return render_template(
        "issuers/show.html",
        organisation=organisation,
        kind=gettext(KINDS[organisation.kind]),
        did=keys.did_of(current.installation(), organisation),
        recognitions=verification.recognitions_of(current.db(), organisation.id, day),
    )


@blueprint.get("/o/<slug>/did.json")
@requires(ANYONE)
def did_document(slug: str) -> Response:
    """The organisation's DID document: every key it signs with, or ever signed with.

    Source: did:web method specification, section 3.2 (read).
    """
    document = keys.did_document(current.db(), current.installation(), slug)
    if document is None:
        raise NotFound(UNKNOWN)
    return documents.exact(json.dumps(document, ensure_ascii=False, indent=2).encode(), DID_JSON)


@blueprint.get("/.well-known/did.json")
@requires(ANYONE)
def own_did_document() -> Response:
    """The installation's own DID document: the key that signs its trust bundle.

    Source: did:web method specification, section 3.2 (read).
    """
    document = installation_key.did_document(current.db(), current.installation())
    if document is None:
        raise NotFound(UNKNOWN)
    return documents.exact(json.dumps(document, ensure_ascii=False, indent=2).encode(), DID_JSON)


@blueprint.get("/trust.json")
@requires(ANYONE)
def trust_bundle() -> Response:
    """All that verifying this installation's badges takes, signed, to be kept for when it is gone."""
    document = trust.bundle(current.db(), current.installation(), current.now())
    if document is None:
        raise NotFound(UNKNOWN)
    return documents.exact(document, "application/json", fresh_for=FRESH_FOR_SECONDS)


@blueprint.get("/status/<int(max=2147483647):number>")
@requires(ANYONE)
def status_list(number: int) -> Response:
    """A signed status list, byte for byte as it was signed; to be kept no longer than it says itself.

    Source: Bitstring Status List 1.0, section 2.2, `ttl`: to be aligned with `Cache-Control`.
    """
    document = status.list_bytes(current.db(), number)
    if document is None:
        raise NotFound(UNKNOWN)
    return documents.exact(document, documents.VC_LD_JSON, fresh_for=FRESH_FOR_SECONDS)


@blueprint.get("/r/<slug>/<int(max=1000000):number>/<badge_code>.png")
@requires(ANYONE)
def achievement_picture(slug: str, number: int, badge_code: str) -> Response:
    """The picture of a badge of a published version, as badges name it."""
    version = referentiels.version_at(current.db(), slug, number)
    try:
        drawn = pictures.picture_of_achievement(version, badge_code)
    except UnknownCodeError:
        raise NotFound(UNKNOWN) from None
    return documents.exact(pictures.png(drawn), documents.PNG)
