"""The page on which a coach cancels a round opened by mistake. Attached to the blueprint of rounds."""

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from badges.models.assessments import Rater
from badges.services import assessments, cancellations
from badges.services.errors import Invalid
from badges.web import current, round_pages
from badges.web.access import SIGNED_IN, requires
from badges.web.problems import errors
from badges.web.round_forms import REFUSED, ROUND, Page


def attach(blueprint: Blueprint) -> None:
    """Add the page to the blueprint of rounds."""
    blueprint.add_url_rule(f"{ROUND}/annulation", view_func=cancel, methods=["GET", "POST"])


@requires(SIGNED_IN)
def cancel(round_id: uuid.UUID) -> Page:
    """What cancelling does, and why it is done; POST cancels."""
    refused = None
    if request.method == "POST":
        try:
            cancellations.cancel(
                current.db(), current.actor(), round_id, reason=request.form.get("reason", ""), now=current.now()
            )
        except Invalid as invalid:
            refused = invalid
        else:
            current.db().commit()
            flash(gettext("Le positionnement est annulé. La personne le verra sur sa page."), "success")
            return redirect(url_for(".show", round_id=round_id), 303)
    row = assessments.round_for(current.db(), current.actor(), round_id)
    page = round_pages.frame(row, current.actor())
    if page.mine or not cancellations.may_cancel(row):
        return redirect(url_for(".show", round_id=round_id))
    answered = render_template(
        "assessments/cancel.html",
        round=page,
        progress=round_pages.progress(row, Rater.COACH),
        reason=request.form.get("reason", gettext("Ouvert par erreur.")),
        longest=cancellations.LONGEST_REASON,
        errors=errors(refused),
    )
    return (answered, REFUSED) if refused else answered
