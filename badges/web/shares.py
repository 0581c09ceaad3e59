"""The person's own pages of what they share: make one, see exactly what it shows, open it, give it, stop it."""

from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from badges.models.consents import Purpose
from badges.models.people import PersonRecord
from badges.services import consents, looks, next_steps, phrases, shares
from badges.services.errors import Invalid
from badges.web import current, policy, share_pages, verification_pages
from badges.web.access import PERSON, requires
from badges.web.problems import errors

blueprint = Blueprint("shares", __name__)
Page = str | Response | tuple[str, int]

SHARES = "/moi/partages"
ONE = f"{SHARES}/<int:share_id>"


@blueprint.get(SHARES)
@requires(PERSON)
def index() -> str:
    """Every share: what it shows, until when, and a button that stops it."""
    found, session, actor = shares.of_person(current.db(), current.actor()), current.db(), current.actor()
    paused = not consents.given(session, actor.person_id, Purpose.PUBLICATION)
    views = [share_pages.view(share, paused=paused) for share in found]
    seen = looks.of_shares(session, [share.id for share in found])
    now = current.now()
    live = [one for one, share in zip(views, found, strict=True) if shares.is_open(share, now)]
    return render_template(
        "shares/index.html",
        open=live,
        ended=[one for one in views if one not in live],
        seen=seen,
        paused=paused,
        shareable=bool(shares.shareable(session, actor)),
        tu=next_steps.says_tu(session, actor),
    )


@blueprint.get(f"{SHARES}/nouveau")
@requires(PERSON)
def new() -> Page:
    """Choose badges and what is shown of them, begun with a badge or from a draft; first, whether they may be shown."""
    if not consents.given(current.db(), current.actor().person_id, Purpose.PUBLICATION):
        return redirect(url_for("agreements.ask", purpose=Purpose.PUBLICATION, next=request.full_path), 303)
    again = request.args.get("reprendre", 0, type=int)
    if again:
        return _form_page(share_pages.as_form(shares.mine(current.db(), current.actor(), again)), None)
    return _form_page(share_pages.proposed(_person(), share_pages.asked_badges()), None)


@blueprint.post(f"{SHARES}/nouveau")
@requires(PERSON)
def create() -> Page:
    """Write the draft down, and show it."""
    session, actor = current.db(), current.actor()
    found = [share_pages.choosable(award) for award in shares.shareable(session, actor)]
    try:
        share = shares.draft(session, actor, share_pages.wanted(request.form, found), current.now())
    except Invalid as refused:
        return _form_page(request.form, refused), refused.status
    session.commit()
    return redirect(url_for("shares.preview", share_id=share.id), 303)


@blueprint.get(f"{ONE}/apercu")
@requires(PERSON)
def preview(share_id: int) -> Page:
    """The very page a reader will get, in a frame; then open it, or change it."""
    share = shares.mine(current.db(), current.actor(), share_id)
    if share.opened_at is not None:
        return redirect(url_for("shares.show", share_id=share_id), 303)
    page = render_template(
        "shares/preview.html",
        share=share_pages.view(share),
        named=share_pages.named_in_texts(share, _person()),
        tu=next_steps.says_tu(current.db(), current.actor()),
    )
    response = make_response(page)
    response.headers["Content-Security-Policy"] = policy.FRAMING
    return response


@blueprint.post(f"{ONE}/monter")
@requires(PERSON)
def move_up(share_id: int) -> Page:
    """One badge of the draft a place higher."""
    place = request.form.get("place", 0, type=int)
    shares.move_up(current.db(), current.actor(), share_id=share_id, place=place)
    current.db().commit()
    return redirect(url_for("shares.preview", share_id=share_id), 303)


@blueprint.post(f"{ONE}/ouvrir")
@requires(PERSON)
def open_(share_id: int) -> Page:
    """Open the draft: its address answers."""
    shares.open_draft(current.db(), current.actor(), share_id=share_id, now=current.now())
    current.db().commit()
    flash(gettext("Le partage est ouvert. Seules les personnes qui reçoivent son adresse le voient."), "success")
    return redirect(url_for("shares.show", share_id=share_id), 303)


@blueprint.get(ONE)
@requires(PERSON)
def show(share_id: int) -> Page:
    """A share: the ways to give it, what it shows, and its end."""
    return _show_page(share_id, None)


@blueprint.post(f"{ONE}/changer")
@requires(PERSON)
def change(share_id: int) -> Page:
    """Another label, end or password."""
    try:
        shares.change(
            current.db(),
            current.actor(),
            share_id=share_id,
            label=request.form.get("label", ""),
            lifetime=request.form.get("lifetime", "keep"),
            secret=request.form.get("secret", ""),
            now=current.now(),
        )
    except Invalid as refused:
        return make_response(_show_page(share_id, refused), refused.status)
    current.db().commit()
    flash(gettext("C’est changé."), "success")
    return redirect(url_for("shares.show", share_id=share_id), 303)


@blueprint.post(f"{ONE}/arreter")
@requires(PERSON)
def stop(share_id: int) -> Page:
    """End it: the address and the code show nothing any more."""
    shares.withdraw_share(current.db(), current.actor(), share_id=share_id, now=current.now())
    current.db().commit()
    flash(gettext("Le partage est arrêté. L’ancienne adresse ne montre plus rien."), "success")
    return redirect(url_for("shares.index"), 303)


def _show_page(share_id: int, refused: Invalid | None) -> str | Response:
    session, actor = current.db(), current.actor()
    share = shares.mine(session, actor, share_id)
    if share.opened_at is None:
        return redirect(url_for("shares.preview", share_id=share_id), 303)
    shown = share_pages.view(share, paused=not consents.given(session, actor.person_id, Purpose.PUBLICATION))
    text = share_pages.message(shown)
    return render_template(
        "shares/show.html",
        share=shown,
        seen=looks.of_shares(session, [share_id]).get(share_id, 0),
        message=text,
        sms=share_pages.sms(text),
        linkedin=share_pages.linkedin(share),
        typed=request.form.get("label", shown.label),
        lifetimes=_lifetimes(),
        errors=errors(refused),
        tu=next_steps.says_tu(current.db(), current.actor()),
    )


def _form_page(form: MultiDict[str, str], refused: Invalid | None) -> str:
    found = shares.shareable(current.db(), current.actor())
    badges = [share_pages.choosable(award) for award in found]
    everything = [item.value for badge in badges for item in badge.evidence]
    return render_template(
        "shares/new.html",
        badges=badges,
        chosen=form.getlist("badge") or [str(badge.id) for badge in badges[:1] if len(badges) == 1],
        evidence=everything if "all" in form else form.getlist("evidence"),
        form=form,
        named=any(badge.named for badge in badges),
        phrased=any(phrases.for_awards(current.db(), current.actor(), found).values()),
        drawable=sum(len(award.results) for award in found) >= verification_pages.FEWEST_AXES,
        lifetimes=_lifetimes(),
        errors=errors(refused),
        tu=next_steps.says_tu(current.db(), current.actor()),
    )


def _lifetimes() -> list[tuple[str, Any]]:
    return [(value, gettext(words)) for value, words in share_pages.LIFETIMES.items()]


def _person() -> PersonRecord:
    return current.db().get_one(PersonRecord, current.actor().person_id)
