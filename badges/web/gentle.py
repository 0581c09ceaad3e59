"""A gentle word where what was typed may tell of health, origin or justice, or judge: after it was kept, never instead.

One place for every form: whatever free text a page adds is looked at too. What is found is said to whoever typed it,
and goes nowhere else.
"""

from flask import Flask, Response, flash, request
from flask_babel import gettext

from badges.services import sensitive, wording
from badges.web import current

SHORTEST = 12
"""Codes, choices and numbers are no sentences."""

MOST_SHOWN = 3
NEVER = {"card", "pin", "password", "again", "current", "email", "name", "code", "url", "phone", "csrf_token", "next"}


def install(app: Flask) -> None:
    """Look at what is typed from now on."""
    app.after_request(_gentle)


def _gentle(response: Response) -> Response:
    kept = request.method == "POST" and 300 <= response.status_code < 400  # noqa: PLR2004 - kept, and led on
    if not kept or current.actor_or_none() is None or request.mimetype == "application/json":
        return response
    typed = [
        text
        for name in request.form
        for text in request.form.getlist(name)
        if name not in NEVER and len(text) >= SHORTEST
    ]
    found = sensitive.words("\n".join(typed))
    if found:
        flash(
            gettext(
                "C’est gardé. À relire : « %(words)s ». Cela parle peut-être de santé, d’origine ou de justice. "
                "Si ce n’est pas utile, enlevez-le : dites seulement ce qui a été fait.",
                words=" », « ".join(found[:MOST_SHOWN]),
            ),
            "warning",
        )
    judging = [one for one in _judging(typed) if one.casefold() not in found]
    if judging:
        flash(
            gettext(
                "C’est gardé. À relire : « %(words)s ». Cela juge peut-être la personne. "
                "Dites plutôt ce qu’elle a fait, où et quand.",
                words=" », « ".join(judging[:MOST_SHOWN]),
            ),
            "warning",
        )
    return response


def _judging(typed: list[str]) -> list[str]:
    """What the lint points out in what staff wrote of others, but where a page of its own has had it read again."""
    reviewed = request.form.get("wording_reason") or (request.endpoint or "").startswith("editor.")
    actor = current.actor_or_none()
    if reviewed or actor is None or actor.kind != "staff":
        return []
    return list(dict.fromkeys(remark.passage.words for remark in wording.remarks(typed)))
