"""A share on paper: the card of a badge and the sheet of all of them, as accessible PDF. No more than its page says.

Made anew at each request from what the page is made of: a badge that was paused or withdrawn since is not on it.
"""

from collections.abc import Sequence

from flask import Blueprint, Response, url_for
from flask_babel import format_date, get_locale, gettext
from sqlalchemy.orm import Session

from badges.services import codes, public_badges, statements
from badges.services.public_badges import PublicShare
from badges.web import current, documents, opening, verification_pages
from badges.web.access import ANYONE, requires
from badges.web.verification_pages import BadgePage
from issuer import paper
from issuer.paper import Check, Entry, Fact, Paper
from issuer.qr_code import qr_svg

blueprint = Blueprint("papers", __name__)

CARD, SHEET = "carte.pdf", "fiche.pdf"


@blueprint.get(f"/v/<code>/{CARD}", defaults={"place": 1})
@blueprint.get(f"/v/<code>/<int:place>/{CARD}")
@requires(ANYONE)
def card(code: str, place: int) -> Response:
    """One badge on a card of A6."""
    share = opening.share_of(code)
    opening.require_unlocked(share)
    badge = public_badges.standing(share.badge(place))
    pages = verification_pages.pages_of([badge], current.db(), several=len(share.badges) > 1)
    return _answer(paper.card(_paper(share, pages, current.db())), f"badge-{badge.badge_code}.pdf")


@blueprint.get(f"/v/<code>/{SHEET}")
@requires(ANYONE)
def sheet(code: str) -> Response:
    """Every badge of the share that stands, on a page of A4."""
    share = opening.share_of(code)
    opening.require_unlocked(share)
    standing = [badge for badge in share.badges if badge.stands]
    if not standing:
        public_badges.standing(share.badges[0])
    pages = verification_pages.pages_of(standing, current.db(), several=len(share.badges) > 1)
    return _answer(paper.sheet(_paper(share, pages, current.db())), "competences.pdf")


def _answer(made: bytes, name: str) -> Response:
    response = documents.exact(made, documents.PDF, file_name=name, shared=False)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _paper(share: PublicShare, pages: Sequence[BadgePage], session: Session) -> Paper:
    return Paper(
        language=str(get_locale() or "fr").partition("@")[0],
        title=gettext("Compétences reconnues"),
        entries=[_entry(page) for page in pages],
        check=_check(share, session),
        notice=gettext("Reconnaissance ouverte de compétences. Ce n’est pas un diplôme."),
        holder=verification_pages.holder_of(pages),
        contact=share.contact,
    )


def _entry(page: BadgePage) -> Entry:
    shown = page.shown
    if shown is None:
        raise ValueError("a badge that does not stand is on no paper")
    summary = shown.summary
    facts = [Fact(gettext("Par qui"), shown.issuer)]
    if summary.valid_from is not None:
        facts.append(Fact(gettext("Quand"), format_date(summary.valid_from, "long")))
    if summary.valid_until is not None:
        facts.append(Fact(gettext("Jusqu’au"), format_date(summary.valid_until, "long")))
    facts.append(Fact(gettext("Évalué par"), " · ".join(page.raters)))
    return Entry(
        name=shown.name,
        language=summary.in_language or "fr",
        picture=str(page.picture),
        level=shown.headline,
        meaning=shown.meaning,
        facts=tuple(facts),
    )


def _check(share: PublicShare, session: Session) -> Check:
    """How the paper is verified: with the statement in the square where the share hides nothing."""
    printed = statements.printed_for(session, current.installation(), share.code)
    entrance = f"{current.installation().base_url}{url_for('verification.enter')}"
    known = ""
    if printed.signed_at is not None:
        known = gettext(
            "Ce carré se vérifie aussi sans réseau, sur un téléphone qui a déjà ouvert %(address)s. "
            "Signé le %(date)s : "
            "un retrait plus récent ne se voit qu’en ligne.",
            address=entrance,
            date=format_date(printed.signed_at, "long"),
        )
    return Check(
        square=qr_svg(printed.address).decode(),
        square_text=gettext("Carré à scanner : mène à la page publique du badge"),
        invite=gettext("Vérifier"),
        how=gettext("Visez le carré avec l’appareil photo d’un téléphone, ou tapez ce code :"),
        code=codes.show_code(share.code),
        address=entrance,
        known=known,
    )
