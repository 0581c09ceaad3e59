"""Changing what a badge shows, by the person: the same two pages as a claim. Attached to the blueprint of awards."""

import uuid

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from badges.services import claims, reissues
from badges.services.errors import Invalid
from badges.web import claim_pages, current
from badges.web.access import PERSON, requires
from badges.web.claim_pages import CHANGE

Page = str | Response | tuple[str, int]


def attach(blueprint: Blueprint) -> None:
    """Add the pages to the blueprint of awards."""
    address = "/moi/badges/<uuid:award_id>/changer"
    blueprint.add_url_rule(address, "change", change)
    blueprint.add_url_rule(address, "changed", changed, methods=["POST"])


@requires(PERSON)
def change(award_id: uuid.UUID) -> Page:
    """Choose anew, starting from what was chosen; then read exactly what will be signed."""
    award, choice = reissues.current(current.db(), current.actor(), award_id=award_id, now=current.now())
    asked = claim_pages.chosen(request.args) if request.args.get("nom") in claim_pages.NAMES else choice
    if "vu" not in request.args:
        return claim_pages.choosing(award, CHANGE, asked)
    try:
        return _reading(award_id, None)
    except Invalid as refused:
        return claim_pages.choosing(award, CHANGE, asked, refused), refused.status


@requires(PERSON)
def changed(award_id: uuid.UUID) -> Page:
    """Sign what was read, with the person's PIN; the old badge is replaced."""
    try:
        reissues.reissue(
            current.db(),
            current.actor(),
            current.installation(),
            award_id=award_id,
            choice=claim_pages.chosen(request.form),
            pin=request.form.get("pin", ""),
            shown=request.form.get("shown", ""),
            now=current.now(),
        )
    except claims.WrongPin as refused:
        current.db().commit()  # the guess stays counted
        return _reading(award_id, refused), refused.status
    current.db().commit()
    flash(claim_pages.done_words(changing=True), "success")
    return redirect(url_for("awards.mine", award_id=award_id), 303)


def _reading(award_id: uuid.UUID, refused: Invalid | None) -> str:
    seen = reissues.preview(
        current.db(),
        current.actor(),
        current.installation(),
        award_id=award_id,
        choice=claim_pages.chosen(request.values),
        now=current.now(),
    )
    return claim_pages.reading(seen, CHANGE, refused)
