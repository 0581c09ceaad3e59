"""A new référentiel: from a blank page, or as a copy of a shipped one or of any published version."""

from collections.abc import Callable

from flask import Response, make_response, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from badges.models.people import OrganisationRecord
from badges.services import referentiels, translations
from badges.services.errors import N_, Invalid
from badges.web import current
from badges.web.access import requires
from badges.web.referentiel_editor.framework import LANGUAGES
from badges.web.referentiel_editor.sheets import EDITOR, Form, blueprint, missing, saved_and_back, text_of
from referentiels import editing
from referentiels.model import Referentiel
from referentiels.sentences import DocumentErrors
from referentiels.starters import starters

NO_TITLE = N_("Donnez un titre.")
NO_OWNER = N_("Choisissez l’organisation qui porte ce référentiel.")
NO_SOURCE = N_("Choisissez le référentiel à copier.")
STARTER, PUBLISHED = "modele", "version"


@blueprint.get("/nouveau")
@requires(EDITOR)
def start() -> str:
    """The ways to begin: a blank page, a copy, a file."""
    owners = referentiels.owners_for(current.db(), current.actor())
    return render_template("referentiels/editor/start.html", owners=owners, starters=starters())


@blueprint.get("/nouveau/vide")
@requires(EDITOR)
def blank() -> Response:
    """The form of a référentiel that starts from nothing."""
    return _blank_page({"title": "", "owner": "", "language": "fr", "scope": ""}, {})


@blueprint.post("/nouveau/vide")
@requires(EDITOR)
def create_blank() -> BaseResponse:
    """Create a référentiel from nothing."""
    typed = text_of("title", "owner", "language", "scope")

    def draft(code: str, owner: OrganisationRecord) -> Referentiel:
        fresh = editing.new(title=typed["title"], owner=owner.name, language=typed["language"], code=code)
        return editing.set_details(fresh, scope=typed["scope"])

    return create_from(typed, draft, missing(typed, {"title": NO_TITLE}), _blank_page)


def _blank_page(typed: Form, faults: dict[str, str]) -> Response:
    return _form_page("blank.html", typed, faults, language_choices=LANGUAGES)


@blueprint.get("/nouveau/copie")
@requires(EDITOR)
def copy() -> Response:
    """The form of a copy; `?source=` says of what."""
    asked = request.args.get("source", "")
    source = _source(asked)
    return _copy_page({"title": source.title if source else "", "owner": "", "source": asked if source else ""}, {})


@blueprint.post("/nouveau/copie")
@requires(EDITOR)
def create_copy() -> BaseResponse:
    """Create a référentiel whose first draft is the text of another."""
    typed = text_of("title", "owner", "source")
    source = _source(typed["source"])
    faults = missing(typed, {"title": NO_TITLE}) | ({} if source else {"source": NO_SOURCE})

    def draft(code: str, owner: OrganisationRecord) -> Referentiel:
        if source is None:
            raise DocumentErrors([])
        return editing.fork(source, code=code, title=typed["title"], owner=owner.name)

    return create_from(typed, draft, faults, _copy_page)


def _copy_page(typed: Form, faults: dict[str, str]) -> Response:
    choices = [(f"{STARTER}:{one.code}", one.title) for one in starters()]
    published = [
        (f"{PUBLISHED}:{row.referentiel.slug}:{row.number}", referentiels.document_of(row).title, row.number)
        for row in referentiels.published_versions(current.db())
    ]
    return _form_page("copy.html", typed, faults, starter_choices=choices, published_choices=published)


def _source(asked: str) -> Referentiel | None:
    """The référentiel that `modele:CODE` or `version:SLUG:NUMBER` names, or None."""
    kind, _, name = asked.partition(":")
    if kind == STARTER:
        return next((one for one in starters() if one.code == name), None)
    slug, _, number = name.partition(":")
    for row in referentiels.published_versions(current.db()) if kind == PUBLISHED else []:
        if (row.referentiel.slug, str(row.number)) == (slug, number):
            return referentiels.document_of(row)
    return None


def create_from(
    typed: Form,
    draft: Callable[[str, OrganisationRecord], Referentiel],
    faults: dict[str, str],
    page: Callable[[Form, dict[str, str]], Response],
) -> BaseResponse:
    """Create what `draft` makes of a free code and the chosen owner, or show the page again with its faults."""
    session = current.db()
    owner = owner_of(typed["owner"])
    if owner is None:
        faults = faults | {"owner": NO_OWNER}
    if faults or owner is None:
        return page(typed, faults)
    try:
        text = draft(referentiels.free_code(session, typed["title"]), owner)
    except DocumentErrors as refused:
        return page(typed, {fault.path: fault.translated(gettext) for fault in refused.faults})
    row = referentiels.create(session, current.actor(), text, owner_id=owner.id, now=current.now())
    translations.carry_over(session, row, current.now())
    session.commit()
    return saved_and_back(url_for("editor.draft", slug=row.slug))


def owner_of(slug: str) -> OrganisationRecord | None:
    """The organisation chosen to own a référentiel: the only one possible where there is one, or None."""
    owners = referentiels.owners_for(current.db(), current.actor())
    if not owners:
        raise Invalid(N_("Seule l’équipe d’une région, d’une branche ou d’une entreprise crée un référentiel."))
    if len(owners) == 1 and not slug:
        return owners[0]
    return next((owner for owner in owners if owner.slug == slug), None)


def _form_page(template: str, typed: Form, faults: dict[str, str], **context: object) -> Response:
    owners = referentiels.owners_for(current.db(), current.actor())
    sentences = {name: gettext(sentence) for name, sentence in faults.items()}
    page = render_template(f"referentiels/editor/{template}", values=typed, errors=sentences, owners=owners, **context)
    return make_response(page, 422 if faults else 200)
