"""Verifying: the public page of a share, the page and API that verify any badge, the credential's own address.

Every request verifies the stored bytes anew; nothing here is a reason to say valid. A page says what the report says,
and shows of the person only what the signed document shows.
"""

import uuid
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as BaseResponse

from badges.services import codes, known_here, pictures, public_badges, replacements, statements, verification
from badges.services.errors import N_, NotFound, Paused
from badges.services.public_badges import PublicBadge, PublicShare
from badges.web import (
    current,
    documents,
    handed_in,
    holder_check,
    looks,
    navigation,
    offline,
    opening,
    policy,
    verdicts,
    verification_pages,
)
from badges.web.access import ANYONE, requires
from badges.web.errors import SENTENCES, answer
from badges.web.handed_in import HandedIn
from issuer.picture import qr_png, qr_svg
from verify import Kind, Reason, Unreadable, holder

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
NO_TOKEN = N_("Ce badge n’a pas de forme JWT : l’organisation qui l’a donné n’en signe pas.")
WRONG_SECRET = N_("Ce n’est pas ce mot de passe. Vérifiez chaque signe, ou demandez-le à la personne.")


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
        return render_template("verification/enter.html", typed=typed, errors={"code": gettext(opening.MISTYPED)}), 422
    return redirect(url_for("verification.by_code", code=code), 303)


@blueprint.get("/v/<code>", defaults={"place": None})
@blueprint.get("/v/<code>/<int:place>")
@requires(ANYONE)
def by_code(code: str, place: int | None) -> BaseResponse:
    """A share by its public code, or one of its several badges: the page, or the file that the reader asks for."""
    canonical = codes.read_code(code)
    if canonical is not None and canonical != code:
        return redirect(
            url_for("verification.by_code", code=canonical, place=place, lang=request.args.get("lang")), 301
        )
    share = opening.share_of(code)
    if opening.locked(share):
        return _as_employer(share, _locked_page(share))
    if place is None and len(share.badges) > 1:
        return looks.count_share(_as_employer(share, _several_page(share)), code)
    badge = share.badge(place or 1)
    if place == 1 and len(share.badges) == 1:
        return redirect(url_for("verification.by_code", code=code), 301)
    return looks.count_share(_as_employer(share, _represented(badge, share)), code)


@blueprint.post("/v/<code>")
@requires(ANYONE)
def unlock(code: str) -> Page:
    """Open a share that asks for a password; this browser may then read it until it is closed."""
    share = opening.share_of(code)
    if share.secret_hash is None:
        return redirect(url_for("verification.by_code", code=code), 303)
    if not opening.unlocks(share, request.form.get("secret", "")):
        return _locked_page(share, gettext(WRONG_SECRET)), 422
    response = make_response(redirect(url_for("verification.by_code", code=code), 303))
    opening.leave_open(response, share)
    return response


@blueprint.post("/v/<code>/nom", defaults={"place": 1})
@blueprint.post("/v/<code>/<int:place>/nom")
@requires(ANYONE)
def compared(code: str, place: int) -> BaseResponse:
    """The same page, with whether the name that was typed is the holder's. What was typed is kept nowhere."""
    with current.installation().database.reading() as reading:
        share = opening.share_of(code, reading)
        opening.require_unlocked(share)
        page = _page(_badge_page(share.badge(place), share, reading))
    page.headers["Cache-Control"] = "no-store"
    return unlisted(page)


@blueprint.get("/v/<code>.json", defaults={"place": 1})
@blueprint.get("/v/<code>/<int:place>.json")
@requires(ANYONE)
def json_file(code: str, place: int) -> Response:
    """The signed bytes, to keep."""
    badge = opening.shared(code, place)
    name = f"badge-{badge.badge_code}.json"
    return unlisted(documents.exact(public_badges.file_of(badge), documents.VC_LD_JSON, file_name=name))


@blueprint.get("/v/<code>.jwt", defaults={"place": 1})
@blueprint.get("/v/<code>/<int:place>.jwt")
@requires(ANYONE)
def jwt_file(code: str, place: int) -> Response:
    """The same credential as a compact JWT, to keep, where its issuer signed one."""
    badge = opening.shared(code, place)
    public_badges.whole_file_of(badge)
    if badge.token is None:
        raise NotFound(NO_TOKEN)
    return unlisted(documents.exact(badge.token, documents.VC_JWT, file_name=f"badge-{badge.badge_code}.jwt"))


@blueprint.get("/v/<code>/badge.<any(png, svg):form>", defaults={"place": 1})
@blueprint.get("/v/<code>/<int:place>/badge.<any(png, svg):form>")
@requires(ANYONE)
def baked(code: str, place: int, form: str) -> Response:
    """The picture that carries the signed bytes."""
    badge = opening.shared(code, place)
    return unlisted(_baked(badge, form, file_name=f"badge-{badge.badge_code}.{form}"))


@blueprint.get("/v/<code>/image.<any(png, svg):form>", defaults={"place": 1})
@blueprint.get("/v/<code>/<int:place>/image.<any(png, svg):form>")
@requires(ANYONE)
def picture(code: str, place: int, form: str) -> Response:
    """The picture alone, for previews elsewhere."""
    drawn = pictures.picture_of(current.db(), public_badges.standing(opening.shared(code, place)))
    if form == "svg":
        return unlisted(documents.exact(pictures.svg(drawn), documents.SVG))
    return unlisted(documents.exact(pictures.png(drawn), documents.PNG))


@blueprint.get("/v/<code>/apercu.png")
@requires(ANYONE)
def preview(code: str) -> Response:
    """What a message shows beside the link: the badges that stand, and no name of the person."""
    share = opening.share_of(code)
    opening.require_unlocked(share)
    shown = tuple(pictures.picture_of(current.db(), badge) for badge in share.badges if badge.stands)
    if not shown:
        public_badges.standing(share.badges[0])
    return unlisted(documents.exact(pictures.preview(shown), documents.PNG))


@blueprint.get("/v/<code>/qr.<any(png, svg):form>")
@requires(ANYONE)
def qr(code: str, form: str) -> Response:
    """The QR code of the public page; it says no more than the code itself."""
    address = verification_pages.address_of(opening.share_of(code))
    if form == "svg":
        return unlisted(documents.exact(qr_svg(address), documents.SVG))
    return unlisted(documents.exact(qr_png(address, QR_PIXELS), documents.PNG))


@blueprint.get("/v/<code>/imprimer")
@requires(ANYONE)
def printable(code: str) -> BaseResponse:
    """A sheet to print for each badge: picture, name, level, issuer, QR and the code to type."""
    share = opening.share_of(code)
    opening.require_unlocked(share)
    address, small = verification_pages.address_of(share), SMALL in request.args
    whole = statements.printed_for(current.db(), current.installation(), share.code)
    page = render_template(
        "verification/printable.html",
        share=share,
        pages=verification_pages.pages_of(share.badges, current.db()),
        small=small,
        signed_at=whole.signed_at,
        qr=Markup(qr_svg(address if small else whole.address).decode()),  # noqa: S704 - our own drawing
        typed=codes.show_code(share.code),
        address=address,
    )
    return unlisted(_page(page))


@blueprint.get("/c/<uuid:credential_id>")
@requires(ANYONE)
def credential(credential_id: uuid.UUID) -> BaseResponse:
    """A credential at its signed address; once corrected, its page leads to the one that replaces it."""
    badge = public_badges.by_credential(current.db(), credential_id, current.now())
    return _represented(badge, None)


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


def _locked_page(share: PublicShare, error: str = "") -> str:
    return render_template("verification/locked.html", share=share, error=error)


def _as_employer(share: PublicShare, answer: str | BaseResponse) -> BaseResponse:
    """The answer; where the person themselves looks, one that their own pages may show in a frame."""
    response = answer if isinstance(answer, BaseResponse) else unlisted(_page(answer))
    if opening.owned(share):
        response.headers["Content-Security-Policy"] = policy.FRAMED
    return response


def _represented(badge: PublicBadge, share: PublicShare | None) -> Response:
    token = badge.token if badge.stands and not badge.hides else None
    media = documents.wanted(*FORMS, *(documents.TOKEN if token else ()))
    if token and media in documents.TOKEN:
        response = documents.exact(token, media)
    elif media in documents.SIGNED:
        response = documents.exact(public_badges.file_of(badge), media)
    elif media in {documents.PNG, documents.SVG}:
        response = _baked(badge, "png" if media == documents.PNG else "svg")
    else:
        response = _page(_badge_page(badge, share, current.db()))
    if badge.hosted:
        older = url_for("open_badges_2.assertion", credential_id=badge.credential_id)
        response.headers.add("Link", documents.alternate(current.installation().base_url + older, documents.LD_JSON))
    return documents.negotiated(unlisted(response))


def _badge_page(badge: PublicBadge, share: PublicShare | None, session: Session) -> str:
    several = share is not None and len(share.badges) > 1
    [page] = verification_pages.pages_of([badge], session, several=several)
    named = badge.stands and badge.shows.name  # where the name is not shown, no guess of it is answered either
    return render_template(
        "verification/badge.html",
        page=page,
        chart=verification_pages.radar_of([page]),
        against=verdicts.against(page.report),
        answered=holder_check.answer(page.report.credential) if named and request.method == "POST" else None,
        told=holder.told(page.report.credential) if named and badge.code else None,
        contact=share.contact if share is not None else "",
        typed=codes.show_code(badge.code),
        several=several,
        **_frame(share),
    )


def _several_page(share: PublicShare) -> str:
    pages = verification_pages.pages_of(share.badges, current.db(), several=True)
    return render_template(
        "verification/several.html",
        share=share,
        pages=pages,
        answer=verification_pages.together(pages),
        holder=verification_pages.holder_of(pages),
        chart=verification_pages.radar_of(pages),
        typed=codes.show_code(share.code),
        **_frame(share),
    )


def _frame(share: PublicShare | None) -> dict[str, Any]:
    """What the frame of the page shows: to the person who shares, what it shows to a reader who is not signed in."""
    if share is None or not opening.owned(share):
        return {}
    return {"current_actor": None, "navigation": navigation.of(None), "listen": False}


def _baked(badge: PublicBadge, form: str, file_name: str = "") -> Response:
    content, drawn = public_badges.file_of(badge), pictures.picture_of(current.db(), badge)
    if form == "png":
        return documents.exact(pictures.baked_png(drawn, content), documents.PNG, file_name=file_name)
    return documents.exact(pictures.baked_svg(drawn, content), documents.SVG, file_name=file_name)


def _page(html: str) -> Response:
    response = Response(html, mimetype="text/html")
    response.headers["Cache-Control"] = "no-cache"
    return response


def unlisted(response: Response) -> Response:
    """The response, kept out of search engines: a badge is shown by whoever holds it."""
    response.headers["X-Robots-Tag"] = "noindex"
    return response
