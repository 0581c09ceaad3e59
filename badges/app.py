"""The application: wiring only."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, g, request, url_for
from flask_babel import format_date, format_datetime
from flask_wtf import CSRFProtect
from markupsafe import Markup
from werkzeug.middleware.proxy_fix import ProxyFix

from badges.services.installation import Installation, open_installation
from badges.settings import Settings
from badges.web import (
    access,
    acquired,
    agreements,
    assessments,
    awards,
    closing,
    contests,
    current,
    errors,
    gentle,
    group_sessions,
    guests,
    identity_checks,
    interviews,
    issuers,
    language,
    legal,
    looks,
    my_data,
    navigation,
    notices,
    offline,
    open_badges_2,
    organisations,
    paper_grids,
    papers,
    passkeys,
    peer_words,
    people,
    phrases,
    policy,
    public,
    referentiel_editor,
    referentiels,
    seen,
    shares,
    sign_in,
    verification,
    voices,
    words,
)
from issuer import pictograms

NOUNS = (
    public,
    sign_in,
    people,
    passkeys,
    phrases,
    agreements,
    my_data,
    looks,
    organisations,
    papers,
    closing,
    notices,
    legal,
    identity_checks,
    referentiels,
    referentiel_editor,
    assessments,
    contests,
    awards,
    voices,
    interviews,
    peer_words,
    guests,
    group_sessions,
    seen,
    shares,
    acquired,
    paper_grids,
    verification,
    offline,
    issuers,
    open_badges_2,
)
LARGEST_REQUEST = 2 * 1024 * 1024
SECURITY_HEADERS = {
    "Content-Security-Policy": policy.EVERYWHERE,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def create_app(installation: Installation) -> Flask:
    """The Flask application serving one installation."""
    web = Path(__file__).parent / "web"
    app = Flask("badges", template_folder=str(web / "templates"), static_folder=str(web / "static"))
    app.config.update(
        SECRET_KEY=installation.derived_secret("flask"),
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=LARGEST_REQUEST,
        MAX_FORM_PARTS=2000,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=installation.base_url.startswith("https://"),
        WTF_CSRF_TIME_LIMIT=12 * 3600,
        WTF_CSRF_SSL_STRICT=False,  # the token is what protects; phones behind proxies send no Referer
        SEND_FILE_MAX_AGE_DEFAULT=365 * 24 * 3600,
    )
    app.url_map.redirect_defaults = False  # the first badge of a share answers at both of its addresses
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions[current.EXTENSION] = installation
    language.install(app, installation.settings.timezone)
    csrf = CSRFProtect(app)
    for noun in NOUNS:
        app.register_blueprint(noun.blueprint)
    for view in ("verify", "compared"):  # change nothing and need no session: strangers' programs call them
        csrf.exempt(f"badges.web.verification.{view}")
    for view in guests.BY_LINK_ALONE:  # the code in the address is all the right there is: a cookie adds none
        csrf.exempt(f"badges.web.guests.{view}")
    errors.install(app)
    access.install(app)
    looks.install(app)
    gentle.install(app)
    words.install(app)
    app.context_processor(_page_context)
    app.after_request(_secure)
    app.teardown_appcontext(current.close_session)
    proxies = installation.settings.trusted_proxies
    if proxies:  # the client's address, which limits guesses, is then the one the proxy saw
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]
    return app


def application() -> Flask:
    """The application of the installation the environment describes: what the server's workers load."""
    return create_app(open_installation(Settings.from_environment()))


@cache
def _content_hash(path: str) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:12]


def _asset(name: str) -> str:
    folder = current_app.static_folder
    return url_for("static", filename=name, v=_content_hash(f"{folder}/{name}"))


def _page_context() -> dict[str, Any]:
    return {
        "asset": _asset,
        "base_url": current.installation().base_url,
        "current_actor": current.actor_or_none(),
        "day": format_date,
        "moment": format_datetime,
        "listen": access.read_aloud(),
        "footer_links": navigation.footer(),
        "home_url": url_for("public.home"),
        "navigation": navigation.of(current.actor_or_none()),
        "sign_out_url": url_for("sign_in.out"),
        "pictogram_svg": lambda name: Markup(pictograms.svg(name)),  # noqa: S704 - our own closed set of drawings
    }


def _secure(response: Response) -> Response:
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    rule = access.rule_of(current_app, request.endpoint) if request.endpoint else None
    private = rule is not None and rule is not access.ANYONE
    if g.get("actor") is not None or g.get("under_password") or private:
        response.headers["Cache-Control"] = "no-store"
    elif response.mimetype == "text/html":  # may hold this browser's own token, and speaks its language
        response.headers.setdefault("Cache-Control", "no-cache")
    return response
