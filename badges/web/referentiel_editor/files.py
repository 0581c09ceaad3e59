"""Référentiels as files: a JSON document or a CSV in, all of it or nothing; the draft out in both."""

from dataclasses import dataclass, replace

from flask import Response, make_response, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from badges.services import referentiels, translations
from badges.services.errors import N_, Conflict
from badges.services.referentiels import Stale
from badges.web import current
from badges.web.access import requires
from badges.web.referentiel_editor.creation import NO_OWNER, owner_of
from badges.web.referentiel_editor.sheets import (
    EDITOR,
    Refusal,
    blueprint,
    nothing,
    open_sheet,
    posted_file,
    posted_revision,
    saved_and_back,
    show,
    text_of,
)
from referentiels import document, editing, spreadsheet
from referentiels.model import Referentiel, RetiredCodes
from referentiels.reading import MAX_BYTES
from referentiels.sentences import DocumentErrors, Fault

NO_FILE = N_("Choisissez un fichier JSON ou CSV.")
OTHER_CODE = N_("Ce fichier porte le code « {found} », ce brouillon le code « {wanted} » : ce n’est pas le même.")


@dataclass(frozen=True, slots=True)
class FileFault:
    """One thing to correct in a file: its place in a JSON document, empty where the sentence says it, and why."""

    place: str
    sentence: str


@blueprint.get("/modele.csv")
@requires(EDITOR)
def template() -> Response:
    """A small filled example, to open in a spreadsheet."""
    return _download(spreadsheet.template(), "text/csv; charset=utf-8", "modele-referentiel.csv")


@blueprint.get("/nouveau/fichier")
@requires(EDITOR)
def importing() -> Response:
    """The form that makes a new référentiel of a file."""
    return _import_page({"owner": "", "code": ""}, {}, [], 200)


@blueprint.post("/nouveau/fichier")
@requires(EDITOR)
def create_import() -> BaseResponse:
    """Create a référentiel from a file; where anything in it is wrong, nothing is created."""
    typed = text_of("owner", "code")
    session, owner = current.db(), owner_of(typed["owner"])
    data = posted_file()
    if owner is None or data is None:
        missing = {"owner": NO_OWNER} if owner is None else {}
        return _import_page(typed, missing | ({} if data else {"file": NO_FILE}), [], 422)
    try:
        found = editing.revise(_read(data))
        text = _checked(replace(found, owner=owner.name, code=typed["code"].strip() or found.code))
    except DocumentErrors as refused:
        return _import_page(typed, {}, _faults(refused), 413 if len(data) > MAX_BYTES else 422)
    try:
        row = referentiels.create(session, current.actor(), text, owner_id=owner.id, now=current.now())
    except Conflict as taken:
        return _import_page(typed, {"code": gettext(taken.sentence) % taken.values}, [], 409)
    translations.carry_over(session, row, current.now())
    session.commit()
    return saved_and_back(url_for("editor.draft", slug=row.slug))


def _import_page(typed: dict[str, str], errors: dict[str, str], faults: list[FileFault], status: int) -> Response:
    page = render_template(
        "referentiels/editor/import.html",
        values=typed,
        errors={name: gettext(sentence) for name, sentence in errors.items()},
        faults=faults,
        owners=referentiels.owners_for(current.db(), current.actor()),
    )
    return make_response(page, status)


@blueprint.get("/<slug>/brouillon/fichier")
@requires(EDITOR)
def replacing(slug: str) -> Response:
    """The form that puts a file in the draft's place."""
    return show("replace.html", open_sheet(slug, nothing), faults=[])


@blueprint.post("/<slug>/brouillon/fichier")
@requires(EDITOR)
def replace_draft(slug: str) -> BaseResponse:
    """Put a file in the draft's place; where anything in it is wrong, the draft stays as it was."""
    session, data = current.db(), posted_file()
    if data is None:
        return show("replace.html", open_sheet(slug, nothing, Refusal({}, {"file": gettext(NO_FILE)})), faults=[])
    try:
        found = editing.revise(_read(data))
        referentiels.change_draft(
            session,
            current.actor(),
            slug=slug,
            revision=posted_revision(),
            change=lambda draft: _in_place_of(draft, found),
            now=current.now(),
        )
    except Stale:
        return show("replace.html", open_sheet(slug, nothing, Refusal({}, stale=True)), faults=[])
    except DocumentErrors as refused:
        answer = show("replace.html", open_sheet(slug, nothing, Refusal({})), faults=_faults(refused))
        answer.status_code = 413 if len(data) > MAX_BYTES else 422
        return answer
    session.commit()
    return saved_and_back(url_for("editor.draft", slug=slug))


def _in_place_of(draft: Referentiel, found: Referentiel) -> Referentiel:
    """The file's text under the draft's code and owner, with the codes the draft has retired.

    Raises:
        DocumentErrors: it is another référentiel's file, or it uses a retired code.
    """
    if found.code != draft.code:
        raise DocumentErrors([Fault("code", OTHER_CODE, {"found": found.code, "wanted": draft.code})])
    before, after = draft.retired_codes, found.retired_codes
    retired = RetiredCodes(
        families=tuple(sorted({*before.families, *after.families})),
        competences=tuple(sorted({*before.competences, *after.competences})),
        badges=tuple(sorted({*before.badges, *after.badges})),
    )
    return _checked(replace(found, owner=draft.owner, retired_codes=retired))


def _checked(draft: Referentiel) -> Referentiel:
    """The draft as its own document reads.

    Raises:
        DocumentErrors: what replaced some of the file's members does not go with the rest.
    """
    return document.read(document.write(draft), draft=True)


@blueprint.get("/<slug>/brouillon.json")
@requires(EDITOR)
def draft_json(slug: str) -> Response:
    """The draft as a JSON document."""
    row = referentiels.for_editor(current.db(), current.actor(), slug, lock=False)
    return _download(row.draft, "application/json", f"{slug}-brouillon.json")


@blueprint.get("/<slug>/brouillon.csv")
@requires(EDITOR)
def draft_csv(slug: str) -> Response:
    """The draft as a spreadsheet."""
    row = referentiels.for_editor(current.db(), current.actor(), slug, lock=False)
    content = spreadsheet.write_csv(referentiels.draft_of(row))
    return _download(content, "text/csv; charset=utf-8", f"{slug}-brouillon.csv")


def _read(data: bytes) -> Referentiel:
    """The référentiel in a file: JSON where it opens like a JSON document, CSV otherwise.

    Raises:
        DocumentErrors: every fault, by path or by line and column.
    """
    opening = data[:1024].removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    return document.read(data, draft=True) if opening in {b"{", b"["} else spreadsheet.read_csv(data)


def _faults(refused: DocumentErrors) -> list[FileFault]:
    return [FileFault(fault.path if fault.line is None else "", fault.translated(gettext)) for fault in refused.faults]


def _download(content: bytes, content_type: str, name: str) -> Response:
    response = Response(content, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
