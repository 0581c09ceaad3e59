"""Verifying: the public page of a share, the page and API that verify any badge, the credential's own address.

Every request verifies the stored bytes anew; nothing here is a reason to say valid. A page says what the report says,
and shows of the person only what the signed document shows.
"""

import uuid
from urllib.parse import urlsplit

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as BaseResponse

from badges.services import access, codes, known_here, pictures, replacements, statements, verification
from badges.services.errors import N_, NotFound, Paused
from badges.services.verification import PublicBadge
from badges.web import award_pages, current, documents, handed_in, holder_check, looks, offline, verdicts
from badges.web.access import ANYONE, requires
from badges.web.errors import SENTENCES, answer
from badges.web.handed_in import HandedIn
from issuer.picture import qr_png, qr_svg
from verify import Kind, Reason, Report, Unreadable, holder

blueprint = Blueprint("verification", __name__)
Page = str | BaseResponse | tuple[str, int]

LARGEST_BADGE = 1024 * 1024
QR_PIXELS = 12
SMALL = "petit"
"""What the address of a printable page says where its square shall hold the address alone."""
FORMS = (documents.PAGE, *documents.SIGNED, documents.PNG, documents.SVG)
HAVE_A_PAGE = {"verification.by_code", "verification.credential", "verification.printable"}
READABLE = frozenset(
    {
        "",
        *documents.SIGNED,
        "application/jwt",
        "application/octet-stream",
        "application/vc+jwt",
        "application/x-www-form-urlencoded",  # what curl says of --data, whatever is in it
        "application/xml",
        "image/png",
        "image/svg+xml",
        "text/plain",
        "text/xml",
    }
)
NO_TOKEN = N_("Ce badge n’a pas de forme JWT : l’organisation qui l’a donné n’en signe pas.")
MISTYPED = N_("Ce code contient une erreur : vérifiez chaque lettre et chaque chiffre. Il en a douze.")


@blueprint.app_template_global()
def safe_link(address: str) -> bool:
    """Whether an address from somewhere else may become a link: https or http, and nothing that runs."""
    try:
        return urlsplit(address).scheme in {"https", "http"}
    except ValueError:
        return False


@blueprint.errorhandler(Paused)
def _paused(refused: Paused) -> BaseResponse:
    """All that is told of a badge whose person does not agree to its publication: its page says so, no file comes."""
    if request.endpoint in HAVE_A_PAGE and documents.wanted(*FORMS, *documents.TOKEN) == documents.PAGE:
        return unlisted(_page(render_template("verification/paused.html")))
    return unlisted(answer(refused.status, gettext(refused.sentence)))


@blueprint.context_processor
def _asks_issuers() -> dict[str, bool]:
    """Whether the network is asked about strangers' badges: said where a file is handed in."""
    return {"asks_issuers": current.installation().fetcher is not None}


@blueprint.get("/v")
@requires(ANYONE)
def enter() -> Response:
    """Type a code, go and hand in a file, or get ready for where there is no network."""
    response = Response(render_template("verification/enter.html", typed="", errors={}), mimetype="text/html")
    response.headers["Permissions-Policy"] = offline.CAMERA
    return response


@blueprint.post("/v")
@requires(ANYONE)
def entered() -> Page:
    """Go to the badge of the code that was typed; said beside the field where it is none."""
    typed = request.form.get("code", "")
    code = codes.read_code(typed)
    if code is None:
        return render_template("verification/enter.html", typed=typed, errors={"code": gettext(MISTYPED)}), 422
    return redirect(url_for("verification.by_code", code=code), 303)


@blueprint.get("/v/<code>")
@requires(ANYONE)
def by_code(code: str) -> BaseResponse:
    """A badge by its public code: the page, the signed bytes or the baked picture, as the reader asks."""
    canonical = codes.read_code(code)
    if canonical is not None and canonical != code:
        return redirect(url_for("verification.by_code", code=canonical, lang=request.args.get("lang")), 301)
    badge = shared(code)
    return looks.count_share(_represented(badge, url_for("verification.by_code", code=code)), code)


@blueprint.post("/v/<code>/nom")
@requires(ANYONE)
def compared(code: str) -> BaseResponse:
    """The same page, with whether the name that was typed is the holder's. What was typed is kept nowhere."""
    with current.installation().database.reading() as reading:
        badge = shared(code, reading)
        report = verification.verify_bytes(reading, current.installation(), badge.document, current.now())
        page = _page(_badge_page(badge, report, url_for("verification.by_code", code=code), reading))
    page.headers["Cache-Control"] = "no-store"
    return unlisted(page)


@blueprint.get("/v/<code>.json")
@requires(ANYONE)
def json_file(code: str) -> Response:
    """The signed bytes, to keep."""
    badge = shared(code)
    return unlisted(documents.exact(badge.document, documents.VC_LD_JSON, file_name=f"badge-{badge.badge_code}.json"))


@blueprint.get("/v/<code>.jwt")
@requires(ANYONE)
def jwt_file(code: str) -> Response:
    """The same credential as a compact JWT, to keep, where its issuer signed one."""
    badge = shared(code)
    if badge.token is None:
        raise NotFound(NO_TOKEN)
    return unlisted(documents.exact(badge.token, documents.VC_JWT, file_name=f"badge-{badge.badge_code}.jwt"))


@blueprint.get("/v/<code>/badge.<any(png, svg):form>")
@requires(ANYONE)
def baked(code: str, form: str) -> Response:
    """The picture that carries the signed bytes."""
    badge = shared(code)
    return unlisted(_baked(badge, form, file_name=f"badge-{badge.badge_code}.{form}"))


@blueprint.get("/v/<code>/image.<any(png, svg):form>")
@requires(ANYONE)
def picture(code: str, form: str) -> Response:
    """The picture alone, for previews elsewhere."""
    drawn = pictures.picture_of(current.db(), shared(code))
    if form == "svg":
        return unlisted(documents.exact(pictures.svg(drawn), documents.SVG))
    return unlisted(documents.exact(pictures.png(drawn), documents.PNG))


@blueprint.get("/v/<code>/qr.<any(png, svg):form>")
@requires(ANYONE)
def qr(code: str, form: str) -> Response:
    """The QR code of the public page."""
    address = f"{current.installation().base_url}/v/{shared(code).code}"
    if form == "svg":
        return unlisted(documents.exact(qr_svg(address), documents.SVG))
    return unlisted(documents.exact(qr_png(address, QR_PIXELS), documents.PNG))


@blueprint.get("/v/<code>/imprimer")
@requires(ANYONE)
def printable(code: str) -> BaseResponse:
    """A sheet to print: picture, name, level, issuer, QR and the code to type."""
    badge = shared(code)
    report = verification.verify_bytes(current.db(), current.installation(), badge.document, current.now())
    address = f"{current.installation().base_url}/v/{badge.code}"
    whole = statements.printed_for(current.db(), current.installation(), badge.code)
    small = SMALL in request.args
    page = render_template(
        "verification/printable.html",
        badge=badge,
        small=small,
        signed_at=whole.signed_at,
        shown=verdicts.shown(report.credential),
        answer=verdicts.answer(report, revoked_at=badge.revoked_at),
        valid=report.verdict == "valid",
        raters=_raters(badge),
        picture=_drawn(badge, current.db()),
        qr=Markup(qr_svg(address if small else whole.address).decode()),  # noqa: S704 - our own drawing
        typed=codes.show_code(badge.code),
        address=address,
    )
    return unlisted(_page(page))


@blueprint.get("/c/<uuid:credential_id>")
@requires(ANYONE)
def credential(credential_id: uuid.UUID) -> BaseResponse:
    """A credential at its signed address; once corrected, its page leads to the one that replaces it."""
    badge = verification.by_credential(current.db(), credential_id)
    return _represented(badge, url_for("verification.credential", credential_id=credential_id))


@blueprint.get("/verify")
@requires(ANYONE)
def verify_page() -> str:
    """Hand in a file."""
    return render_template("verification/verify.html", report=None, error="")


@blueprint.post("/verify")
@requires(ANYONE)
def verify() -> Page:
    """The report on whatever was handed in: JSON for programs, a page for browsers; 200 whatever the verdict.

    The badge is the field `file` of a form, or the body itself. 413, 415 and 422 say why nothing could be read.
    """
    request.max_content_length = LARGEST_BADGE
    try:
        handed = _handed_in()
        if handed is None:
            return _not_read(415, gettext(SENTENCES[415]))
        if handed.data is None:
            return _nothing_read(handed)
        data = handed.data
        with current.installation().database.reading() as reading:  # writes nothing: waits for no writer
            report = verification.verify_handed_in(reading, current.installation(), data, current.now())
            replaced = replacements.replacement(reading, current.installation(), report.credential.id)
            known = known_here.known_here(reading, current.now()) if verdicts.unrecognised(report) else []
    except RequestEntityTooLarge:
        return _not_read(413, gettext(SENTENCES[413]))
    except Unreadable as error:
        return _not_read(422, verdicts.unreadable(error.reason), reason=error.reason.value)
    trusted = verdicts.authentic(report)
    answered = holder_check.answer(report.credential) if trusted else None
    if not _from_browser():
        asked = {} if answered is None or answered.match is None else {"holder": answered.match.value}
        response = jsonify(report.to_json() | asked)
        response.headers["Access-Control-Allow-Origin"] = "*"
        return response
    return render_template(
        "verification/verify.html",
        report=report,
        error="",
        answer=verdicts.answer(report, replaced_at=replaced.at if replaced else None),
        successor=replaced.credential_id if replaced else None,
        authentic=trusted,
        checks=verdicts.checks(report),
        against=verdicts.against(report),
        known=known,
        answered=answered,
        told=holder.told(report.credential) if trusted else None,
        carried=handed_in.carried(data),
        asides=verdicts.asides(report),
        shown=verdicts.document(report),
        kind="" if report.kind is Kind.OPEN_BADGE_3 else verdicts.kind(report),
        members=verdicts.inside(report.members),
        endorsements=verdicts.inside(report.endorsements),
    )


def _handed_in() -> HandedIn | None:
    """What is to be verified, or None where it is of a kind we do not read."""
    if request.mimetype == "multipart/form-data":
        return handed_in.from_form()
    return HandedIn(request.get_data()) if request.mimetype in READABLE else None


def _nothing_read(handed: HandedIn) -> Page:
    if handed.elsewhere:
        return redirect(handed.elsewhere, 303)
    return _not_read(422, gettext(handed.refused), reason=Reason.EMPTY.value)


def _from_browser() -> bool:
    """Whether a page is asked for by name: a program that takes anything gets the report."""
    return request.accept_mimetypes["text/html"] > 0 and "text/html" in request.headers.get("Accept", "")


def _not_read(status: int, sentence: str, **more: str) -> Page:
    if _from_browser():
        typed = request.form.get("texte", "") if status == 422 else ""  # noqa: PLR2004 - what was read and holds no badge
        return render_template("verification/verify.html", report=None, error=sentence, typed=typed), status
    response = jsonify(type="about:blank", status=status, title=sentence, **more)
    response.mimetype = "application/problem+json"
    response.status_code = status
    return response


def shared(code: str, session: Session | None = None) -> PublicBadge:
    """The badge of a public code; wrong codes that could be right ones are counted by the client's address.

    Raises:
        NotFound, Gone: as `verification.by_code`. TooMany: too many codes tried from there.
    """
    if codes.read_code(code) != code:
        raise NotFound(MISTYPED)
    try:
        return verification.by_code(session or current.db(), code)
    except NotFound:
        installation = current.installation()
        with installation.database.writing() as counting:
            subject = request.remote_addr or "?"
            access.count_guess(counting, "code", subject, installation.secret, current.now())
            counting.commit()
        raise


def _represented(badge: PublicBadge, address: str) -> BaseResponse:
    media = documents.wanted(*FORMS, *(documents.TOKEN if badge.token else ()))
    if badge.token and media in documents.TOKEN:
        response = documents.exact(badge.token, media)
    elif media in documents.SIGNED:
        response = documents.exact(badge.document, media)
    elif media in {documents.PNG, documents.SVG}:
        response = _baked(badge, "png" if media == documents.PNG else "svg")
    else:
        report = verification.verify_bytes(current.db(), current.installation(), badge.document, current.now())
        response = _page(_badge_page(badge, report, address, current.db()))
    older = url_for("open_badges_2.assertion", credential_id=badge.credential_id)
    response.headers.add("Link", documents.alternate(current.installation().base_url + older, documents.LD_JSON))
    return documents.negotiated(unlisted(response))


def _badge_page(badge: PublicBadge, report: Report, address: str, session: Session) -> str:
    owner, recognisers = verification.recognisers(session, badge.referentiel_id, current.now())
    return render_template(
        "verification/badge.html",
        badge=badge,
        report=report,
        answer=verdicts.answer(
            report, revoked_at=badge.revoked_at, replaced_at=badge.revoked_at if badge.successor else None
        ),
        checks=verdicts.checks(report),
        against=verdicts.against(report),
        answered=holder_check.answer(report.credential) if request.method == "POST" else None,
        told=holder.told(report.credential),
        asides=verdicts.asides(report),
        shown=verdicts.shown(report.credential),
        picture=_drawn(badge, session),
        raters=_raters(badge),
        owner=owner,
        recognisers=recognisers,
        typed=codes.show_code(badge.code),
        address=address,
    )


def _raters(badge: PublicBadge) -> list[str]:
    return [gettext(award_pages.RATERS[rater]) for rater in badge.raters]


def _drawn(badge: PublicBadge, session: Session) -> Markup:
    drawn = pictures.svg(pictures.picture_of(session, badge))
    return Markup(drawn.decode())  # noqa: S704 - our own drawing, its words escaped


def _baked(badge: PublicBadge, form: str, file_name: str = "") -> Response:
    drawn = pictures.picture_of(current.db(), badge)
    if form == "png":
        return documents.exact(pictures.baked_png(drawn, badge.document), documents.PNG, file_name=file_name)
    return documents.exact(pictures.baked_svg(drawn, badge.document), documents.SVG, file_name=file_name)


def _page(html: str) -> Response:
    response = Response(html, mimetype="text/html")
    response.headers["Cache-Control"] = "no-cache"
    return response


def unlisted(response: Response) -> Response:
    """The response, kept out of search engines: a badge is shown by whoever holds it."""
    response.headers["X-Robots-Tag"] = "noindex"
    return response
