"""Verifying printed codes without a network: the page, its scripts, the worker that keeps them, the signed snapshot.

All of it is the same for everybody and asks for nobody: it is what a browser may keep. What a page says in the browser
stands in the page, in its language, so that translations are complete.
"""

import hashlib
import json
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, abort, current_app, render_template, url_for
from flask_babel import gettext

from badges.services import snapshots
from badges.services.errors import N_
from badges.web import current, documents, verdicts
from badges.web.access import ANYONE, requires
from badges.web.language import TRANSLATIONS
from verify import Reason, sentences

blueprint = Blueprint("offline", __name__)

FOLDER = Path(__file__).parent / "static" / "offline"
COSE = "application/cose"
SCOPE = "/v"
LANGUAGES = ("fr", "en")
"""Those of the page that is kept: an employer's."""
SCRIPTS = ("page", "report", "snapshot", "statement", "cose", "cbor")
ICONS = {
    "icone-192.png": ("192x192", "any"),
    "icone-512.png": ("512x512", "any"),
    "icone-pleine.png": ("512x512", "maskable"),
}
ONE_YEAR = 365 * 24 * 3600
CAMERA = "camera=(self), geolocation=(), microphone=()"

STRANGER = N_(
    "Émetteur inconnu de ce téléphone : sans réseau, sa signature n’a pas pu être vérifiée. Cela ne veut pas dire que "
    "le badge est faux. Réessayez avec du réseau."
)
UNCHECKED = N_("Signature bonne. Retrait éventuel non vérifié depuis le {date}.")
ANSWERS = (
    "valid",
    "revoked",
    "suspended",
    "expired",
    "expired_unrecognised",
    "not_yet_valid",
    "expired_unproved",
    "not_yet_valid_unproved",
    "forged",
    "impostor",
    "key_withdrawn",
    "defective",
    "issuer_unknown",
    "issuer_not_recognised",
    "unproved",
    "undetermined",
)
GOOD = frozenset({"valid"})
BAD = frozenset({"revoked", "forged", "impostor", "key_withdrawn", "defective"})
REASONS = (
    "statement_malformed",
    "statement_version_unknown",
    "algorithm_unsupported",
    "key_unsupported",
    "key_mismatch",
    "signature_wrong",
    "key_unreachable",
    "key_unknown",
    "key_revoked",
    "revoked",
    "suspended",
    "status_unreachable",
    "status_issuer_differs",
    "status_purpose_differs",
    "status_index_out_of_range",
    "status_list_expired",
    "not_yet_valid",
    "expired",
    "dates_reversed",
    "issuer_unknown",
    "recognition_not_covering",
    "recognition_expired",
    "not_reached",
)
"""Every reason that the script knows; `code_malformed` it says without checks."""


@blueprint.get("/verifier-hors-ligne")
@requires(ANYONE)
def shell() -> Response:
    """The page that verifies by itself: kept by the browser, shown where there is no network."""
    response = Response(render_template("offline/shell.html"), mimetype="text/html")
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Permissions-Policy"] = CAMERA
    return response


@blueprint.get("/verifier-hors-ligne/etat.cose")
@requires(ANYONE)
def snapshot() -> Response:
    """The signed snapshot: keys, recognitions and withdrawals, for the moment it names."""
    content = snapshots.current(current.db(), current.installation(), current.now())
    if content is None:
        abort(404)
    return documents.exact(content, COSE)


@blueprint.get("/verifier-hors-ligne/app.webmanifest")
@requires(ANYONE)
def manifest() -> Response:
    """What makes the page installable."""
    said = {
        "id": SCOPE,
        "name": gettext("Vérifier un badge, avec Jalon"),
        "short_name": gettext("Vérifier"),
        "description": gettext("Vérifie un badge imprimé, même sans réseau."),
        "start_url": url_for("verification.enter"),
        "scope": SCOPE,
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#3d1d43",
        "icons": [
            {"src": _icon(name), "sizes": sizes, "type": "image/png", "purpose": purpose}
            for name, (sizes, purpose) in ICONS.items()
        ],
    }
    return Response(json.dumps(said, ensure_ascii=False), content_type="application/manifest+json")


@blueprint.get("/verifier-hors-ligne/worker.js")
@requires(ANYONE)
def worker() -> Response:
    """The service worker, with what it keeps written before it: other files or other words make another worker."""
    script = (FOLDER / "worker.js").read_text(encoding="utf-8")
    kept = {
        "version": _version(_pinned()),
        "pages": {language: url_for("offline.shell", lang=language) for language in LANGUAGES},
        "files": [*map(module, SCRIPTS), *_frame()],
    }
    response = Response(f"self.JALON = {json.dumps(kept)};\n{script}", content_type="text/javascript; charset=utf-8")
    response.headers["Service-Worker-Allowed"] = SCOPE
    response.headers["Cache-Control"] = "no-cache"
    return response


@blueprint.get("/verifier-hors-ligne/<version>/<name>.js")
@requires(ANYONE)
def script(version: str, name: str) -> Response:
    """One of the page's scripts, below an address that changes with any of them: they import each other."""
    if name not in SCRIPTS or version != scripts_version():
        abort(404)
    content = (FOLDER / f"{name}.js").read_bytes()
    return documents.exact(content, "text/javascript; charset=utf-8", shared=False, fresh_for=ONE_YEAR)


@cache
def scripts_version() -> str:
    """What stands in the address of the scripts: another one once any of them has changed."""
    return hashlib.sha256(b"".join((FOLDER / f"{name}.js").read_bytes() for name in SCRIPTS)).hexdigest()[:12]


def module(name: str) -> str:
    """The address of one of the page's scripts."""
    return url_for("offline.script", version=scripts_version(), name=name)


@blueprint.app_context_processor
def _pieces() -> dict[str, object]:
    return {"offline_pieces": pieces, "offline_module": module}


def pieces() -> dict[str, object]:
    """What the page that verifies by itself has to be told: addresses, the pinned key, every sentence."""
    unknown = verdicts.MILD["issuer_unknown"]
    return {
        "pinned": _pinned(),
        "zone": current.installation().settings.timezone,
        "answers": [_answer(kind) for kind in ANSWERS]
        + [
            ("valid_nameless", "valid", "", gettext(verdicts.VALID_NAMELESS)),
            ("stranger", "undetermined", gettext(unknown), gettext(STRANGER)),
            ("status_unchecked", "undetermined", "", gettext(UNCHECKED)),
        ],
        "reasons": {
            reason: gettext(sentences.REASONS[reason].french) for reason in sentences.REASONS if reason in REASONS
        },
        "malformed": gettext(sentences.REASONS[Reason.CODE_MALFORMED].french),
        "checks": {name.value: gettext(said.french) for name, said in sentences.CHECKS.items()},
        "as_of": gettext(sentences.STATUS_AS_OF.french),
    }


def _answer(kind: str) -> tuple[str, str, str, str]:
    """A kind of answer with its style, its word and its sentence, as a verified file has them."""
    style = "valid" if kind in GOOD else "invalid" if kind in BAD else "undetermined"
    word = verdicts.MILD.get(kind) or verdicts.GRAVE.get(kind)
    return kind, style, gettext(word) if word else "", gettext(sentences.HEADLINES[kind].french)


def _pinned() -> str:
    key = snapshots.pinned(current.db())
    return "" if key is None else key.hex()


def _frame() -> list[str]:
    return [
        url_for("static", filename=name, v=_digest(Path(str(current_app.static_folder)) / name))
        for name in ("jalon.css", "jalon.js", "favicon.svg")
    ]


def _icon(name: str) -> str:
    return url_for("static", filename=f"offline/{name}", v=_digest(FOLDER / name))


def _version(pinned: str) -> str:
    """Another one for other scripts, styles, templates, words or key."""
    templates = Path(str(current_app.template_folder))
    shown = [
        templates / "base.html",
        *sorted((templates / "macros").glob("*")),
        *sorted((templates / "offline").glob("*")),
    ]
    catalogues = sorted(TRANSLATIONS.glob("*/LC_MESSAGES/messages.po"))
    parts = [pinned, module("page"), *_frame(), *map(_digest, (FOLDER / "worker.js", *shown, *catalogues))]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


@cache
def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]
