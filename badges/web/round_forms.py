"""What forms post, those of a round first, read into values. Whether a value may be used is the services' to say."""

import uuid
from datetime import date
from enum import StrEnum
from typing import TypeVar

from flask import request
from werkzeug.wrappers import Response

from badges.services.errors import N_, Invalid
from badges.web.round_pages import NOT_SEEN

CHOOSE = N_("Choisissez une réponse.")
ROUND = "/positionnements/<uuid:round_id>"
REFUSED = 422

Choice = TypeVar("Choice", bound=StrEnum)
Page = str | Response | tuple[str, int]


def level() -> int | None:
    """The level chosen; None for « pas encore eu l'occasion », « pas observé » and « sans niveau ».

    Raises:
        Invalid: nothing was chosen.
    """
    given = request.form.get("level", "")
    if given == NOT_SEEN:
        return None
    if not (given.isascii() and given.isdigit()) or len(given) > len("99"):
        raise Invalid(CHOOSE, field="level")
    return int(given)


def choice(name: str, kind: type[Choice]) -> Choice | None:
    """The member of `kind` chosen in the field `name`, or None where nothing was."""
    try:
        return kind(request.form.get(name, ""))
    except ValueError:
        return None


def one_of(name: str, allowed: tuple[str, ...]) -> str:
    """The answer chosen in the field `name`.

    Raises:
        Invalid: it is none of those allowed.
    """
    given = request.form.get(name, "")
    if given not in allowed:
        raise Invalid(CHOOSE, field=name)
    return given


def day(name: str) -> date | None:
    """The day in the field `name`, or None where there is none."""
    try:
        return date.fromisoformat(request.form.get(name, ""))
    except ValueError:
        return None


def identifier(name: str) -> uuid.UUID | None:
    """The identifier in the field `name`, or None where there is none."""
    try:
        return uuid.UUID(request.form.get(name, ""))
    except ValueError:
        return None
