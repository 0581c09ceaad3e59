"""The VC-API over HTTP: strict JSON in, JSON out, every refusal a problem that says what is wrong.

Source: Verifiable Credential API 0.7 (W3C CCG), sections 3.2 to 3.4; RFC 9457 (problem details); Verifiable Credentials
Data Model 2.0, section 7.2 (problem types).
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, abort, jsonify, request
from werkzeug.exceptions import HTTPException

from badges.vc_api.service import WAYS, Refused, Service
from badges.vc_api.statuses import PURPOSES
from verify import CheckName, Outcome, Report, Unreadable
from verify.standards import documents

LOG = logging.getLogger("jalon")

MAX_BYTES = documents.MAX_BYTES + 64 * 1024
"""A credential as large as the verifier takes it, and the options around it."""

_LIST_TYPES = ("application/ld+json", "application/json", "application/vc")
_MODEL = "https://www.w3.org/TR/vc-data-model#"
_INTEGRITY = "https://w3id.org/security#"
_STATUS = "https://www.w3.org/ns/credentials/status-list#"
_PROBLEMS: Mapping[str, str] = {
    CheckName.STRUCTURE: _MODEL + "MALFORMED_VALUE_ERROR",
    CheckName.PROOF: _INTEGRITY + "PROOF_VERIFICATION_ERROR",
    CheckName.KEY_CONTROLLED: _INTEGRITY + "INVALID_VERIFICATION_METHOD",
    CheckName.STATUS: _STATUS + "STATUS_VERIFICATION_ERROR",
    CheckName.VALIDITY: _MODEL + "MALFORMED_VALUE_ERROR",
}
_BY_REASON = {
    "undefined_term": _INTEGRITY + "DATA_LOSS_DETECTION_ERROR",
    "status_index_out_of_range": _STATUS + "RANGE_ERROR",
    "status_retrieval": _STATUS + "STATUS_RETRIEVAL_ERROR",
    "json_malformed": _MODEL + "PARSING_ERROR",
}


def create(service: Service) -> Flask:
    """The application; all it knows is the service."""
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BYTES
    app.json.sort_keys = False  # type: ignore[attr-defined]
    _errors(app)

    @app.post("/<any({}):way>/credentials/issue".format(", ".join(WAYS)))
    def issue(way: str) -> tuple[Response, int]:
        signed = service.issue(WAYS[way], _object(_body(), "credential"), _options())
        return jsonify(verifiableCredential=signed), 201

    @app.post("/credentials/verify")
    def verify_credential() -> Response:
        return _good(service.verify_credential(_document(_body(), "verifiableCredential"), _options()))

    @app.post("/presentations/verify")
    def verify_presentation() -> Response:
        body = _body()
        member = "presentation" if "presentation" in body else "verifiablePresentation"
        return _good(service.verify_presentation(_document(body, member), _options()))

    @app.post("/credentials/derive")
    def derive() -> tuple[Response, int]:
        derived = service.derive(_object(_body(), "verifiableCredential"), _options())
        return jsonify(verifiableCredential=derived), 201

    _status_routes(app, service)
    return app


def _status_routes(app: Flask, service: Service) -> None:
    @app.get("/status/<purpose>")
    def status_list(purpose: str) -> Response:
        if purpose not in PURPOSES:
            abort(404)
        answer = jsonify(service.signed_list(purpose))
        # Many clients read only what has json in its name as JSON.
        answer.mimetype = request.accept_mimetypes.best_match(_LIST_TYPES, _LIST_TYPES[0])
        answer.headers["Cache-Control"] = "no-store"
        return answer

    @app.post("/credentials/status")
    def change_status() -> Response:
        body = _body()
        entry = _object(body, "credentialStatus")
        purpose, value = entry.get("statusPurpose"), body.get("status", True)
        if purpose not in PURPOSES or not isinstance(value, bool):
            raise Refused("status_malformed", "statusPurpose or status")
        if not service.statuses.change(str(body.get("credentialId")), purpose, value=value):
            abort(404)
        return jsonify(status=value)


def _body() -> dict[str, Any]:
    """What was sent, read as strictly as a credential.

    Raises:
        Unreadable: where it is not a JSON object.
    """
    return documents.load(request.get_data(), max_bytes=MAX_BYTES)


def _options() -> dict[str, Any]:
    options = _body().get("options")
    if options is None:
        return {}
    if not isinstance(options, dict):
        raise Refused("json_malformed", "options is not an object")
    return options


def _object(body: dict[str, Any], member: str) -> dict[str, Any]:
    value = body.get(member)
    if not isinstance(value, dict):
        raise Refused("json_malformed", f"{member} is not an object")
    return value


def _document(body: dict[str, Any], member: str) -> dict[str, Any] | str:
    value = body.get(member)
    return value if isinstance(value, str) else _object(body, member)


def _good(report: Report) -> Response:
    checks = [check.name for check in report.checks if check.outcome is Outcome.PASSED]
    unsigned = report.check(CheckName.PROOF).outcome is not Outcome.PASSED
    warnings = [{"type": "about:blank", "title": "presentation_unsigned"}] if unsigned else []
    return jsonify(verified=True, checks=checks, warnings=warnings, errors=[], **_of(report))


def _of(report: Report | None) -> dict[str, Any]:
    return {} if report is None else {"report": report.to_json()}


def _errors(app: Flask) -> None:
    @app.errorhandler(Refused)
    def refused(error: Refused) -> Response:
        kind = _BY_REASON.get(error.reason) or _PROBLEMS.get(error.detail) or _MODEL + "MALFORMED_VALUE_ERROR"
        return _problem(400, kind, str(error), error.report)

    @app.errorhandler(Unreadable)
    def unreadable(error: Unreadable) -> Response:
        return _problem(400, _MODEL + "PARSING_ERROR", str(error))

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response:
        return _problem(error.code or 500, "about:blank", error.name)

    @app.errorhandler(Exception)
    def fault(error: Exception) -> Response:
        LOG.error("A fault of ours at %s", request.path, exc_info=error)
        return _problem(500, "about:blank", "A fault of ours; nothing was issued.")


def _problem(status: int, kind: str, title: str, report: Report | None = None) -> Response:
    problem = {"type": kind, "title": title, "status": status}
    answer = jsonify(**problem, verified=False, errors=[problem], problemDetails=[problem], warnings=[], **_of(report))
    answer.status_code = status
    answer.mimetype = "application/problem+json"
    return answer
