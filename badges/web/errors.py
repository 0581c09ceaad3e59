"""Every refusal and every fault becomes one page, or one problem+json, in the reader's language.

Source: RFC 9457, Problem Details for HTTP APIs.
"""

import logging

from flask import Flask, Response, g, jsonify, render_template, request
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, OperationalError
from werkzeug.exceptions import HTTPException

from badges.services.errors import N_, Refused

LOG = logging.getLogger("jalon")

SENTENCES = {
    400: N_("Cette demande n’a pas pu être lue. Revenez en arrière et réessayez."),
    401: N_("Votre page s’est fermée, faute de mouvement. Entrez à nouveau : ce qui était enregistré est gardé."),
    403: N_("Cette page n’est pas pour votre rôle. Si c’est une erreur, demandez à votre administration."),
    404: N_("Cette page n’existe pas, ou plus. Vérifiez l’adresse."),
    405: N_("Cette adresse ne s’utilise pas ainsi. Revenez en arrière et réessayez."),
    409: N_("Quelqu’un d’autre a changé cela entre-temps. Rechargez la page et recommencez."),
    413: N_("Ce fichier est trop gros. Choisissez un fichier plus petit."),
    415: N_("Ce type de fichier n’est pas accepté ici."),
    500: N_("Une panne de notre côté a interrompu cette page. Rien n’a été à moitié enregistré. Réessayez bientôt."),
    503: N_("Le service est momentanément occupé. Réessayez dans une minute."),
}
CSRF_SENTENCE = N_("Cette page est restée ouverte trop longtemps. Rechargez-la, puis envoyez à nouveau.")


def install(app: Flask) -> None:
    """Answer refusals, HTTP errors and faults."""
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(DataError, _not_for_the_database)
    app.register_error_handler(OverflowError, _not_for_the_database)
    app.register_error_handler(Exception, _fault)


def wants_json() -> bool:
    """Whether the client would rather have JSON, of whatever kind, than a page."""
    for media_type, quality in request.accept_mimetypes:
        if quality and media_type in {"text/html", "application/xhtml+xml", "text/*", "*/*"}:
            return False
        if quality and (media_type.endswith("json") or media_type == "application/vc"):
            return True
    return False


def answer(status: int, sentence: str) -> Response:
    """One sentence as a page or as problem+json, never cached."""
    g.pop("language_to_keep", None)
    if wants_json():
        response = jsonify(type="about:blank", status=status, title=sentence)
        response.mimetype = "application/problem+json"
    else:
        response = Response(
            render_template("errors/error.html", status=status, sentence=sentence, way_in=g.get("way_in", "")),
            mimetype="text/html",
        )
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    return response


def _refused(error: Refused) -> Response:
    return answer(error.status, gettext(error.sentence) % error.values if error.values else gettext(error.sentence))


def _csrf(_error: CSRFError) -> Response:
    return answer(400, gettext(CSRF_SENTENCE))


def _http(error: HTTPException) -> Response:
    if error.code is None or error.code < 400:  # noqa: PLR2004 - a redirect that Werkzeug raises
        return Response(error.get_body(), error.code or 500, error.get_headers())
    response = answer(error.code, gettext(SENTENCES.get(error.code, SENTENCES[400])))
    if error.code == 405:  # noqa: PLR2004 - the one that must say what would do
        response.headers["Allow"] = ", ".join(sorted(getattr(error, "valid_methods", None) or []))
    return response


def _database(error: OperationalError) -> Response:
    LOG.error("database unavailable: %s", type(error.orig).__name__)
    return answer(503, gettext(SENTENCES[503]))


def _not_for_the_database(error: DataError | OverflowError) -> Response:
    """A number or a character that no database keeps: nobody types it in a form of ours."""
    LOG.warning("not for the database: %s", type(getattr(error, "orig", error)).__name__)
    return answer(400, gettext(SENTENCES[400]))


def _fault(error: Exception) -> Response:
    # The exception's text may quote what a person typed: only its type and place are logged.
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place else "?"
    LOG.error("fault %s at %s during %s", type(error).__name__, where, request.endpoint)
    return answer(500, gettext(SENTENCES[500]))
