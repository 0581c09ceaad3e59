"""The pages that the law asks for, as the administration writes them; each is true where nothing was written."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from badges.models.people import Role
from badges.services import legal
from badges.services.errors import N_, Forbidden, Invalid, Refused
from badges.web import current
from badges.web.access import ANYONE, requires, role
from badges.web.problems import errors

blueprint = Blueprint("legal", __name__)
Page = str | Response | tuple[str, int]

ADMINISTRATOR = role(Role.ADMINISTRATOR)
TITLES = {
    legal.MENTIONS: N_("Mentions légales"),
    legal.PRIVACY: N_("Confidentialité"),
    legal.ACCESSIBILITY: N_("Accessibilité"),
}
CONFORMITY = {
    legal.NOT: N_("Accessibilité : non conforme"),
    legal.PARTLY: N_("Accessibilité : partiellement conforme"),
    legal.FULLY: N_("Accessibilité : totalement conforme"),
}


@blueprint.app_template_global()
def accessibility_status() -> str:
    """The declaration's first words, for the front page and its own."""
    words: str = gettext(CONFORMITY[legal.conformity(current.db())])
    return words


@blueprint.get("/mentions-legales")
@requires(ANYONE)
def mentions() -> str:
    """Who publishes and hosts the service."""
    return render_template("legal/mentions.html", written=legal.fields(current.db(), legal.MENTIONS))


@blueprint.get("/pages-legales")
@requires(ADMINISTRATOR)
def index() -> str:
    """The pages that may be written."""
    _require_writer()
    return render_template("legal/index.html", pages=[(name, gettext(title)) for name, title in TITLES.items()])


@blueprint.get("/pages-legales/<name>")
@requires(ADMINISTRATOR)
def edit(name: str) -> str:
    """One page's fields."""
    _require_writer()
    return _edit_page(name)


@blueprint.post("/pages-legales/<name>")
@requires(ADMINISTRATOR)
def edited(name: str) -> Page:
    """Keep them."""
    try:
        legal.change(current.db(), current.actor(), name, request.form, current.now())
    except Invalid as refused:
        return _edit_page(name, refused), refused.status
    current.db().commit()
    flash(gettext("La page est gardée."), "success")
    return redirect(url_for("legal.index"), 303)


def _require_writer() -> None:
    if not legal.may_write(current.db(), current.actor()):
        raise Forbidden(N_("Seule l’administration d’une région écrit ces pages."))


def _edit_page(name: str, refused: Refused | None = None) -> str:
    kept = legal.fields(current.db(), name)
    shown = {field: request.form.get(field, value) for field, value in kept.items()}
    return render_template(
        "legal/edit.html", name=name, title=gettext(TITLES[name]), form=shown, errors=errors(refused)
    )
