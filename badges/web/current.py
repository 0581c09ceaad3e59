"""What the present request works with: installation, clock, database session, actor.

A reading session for safe methods, a writing one otherwise; the view commits, the teardown only closes.
"""

from datetime import date, datetime
from functools import cache
from typing import cast
from zoneinfo import ZoneInfo

from flask import current_app, g, request
from sqlalchemy.orm import Session

from badges.services.access import Actor
from badges.services.installation import Installation

EXTENSION = "jalon"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def installation() -> Installation:
    """The installation this process serves."""
    return cast("Installation", current_app.extensions[EXTENSION])


def now() -> datetime:
    """The moment of this request (UTC), the same for its whole length."""
    if "now" not in g:
        g.now = installation().clock()
    return cast("datetime", g.now)


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def today() -> date:
    """The day of this request where the installation is."""
    return now().astimezone(_zone(installation().settings.timezone)).date()


def db() -> Session:
    """The session of this request; opened at first use."""
    if "db" not in g:
        database = installation().database
        g.db = database.reading() if request.method in SAFE_METHODS else database.writing()
    return cast("Session", g.db)


def actor() -> Actor:
    """The signed-in actor; only for views whose access rule asks for one."""
    return cast("Actor", g.actor)


def actor_or_none() -> Actor | None:
    """The signed-in actor, or None on a public page."""
    return cast("Actor | None", g.get("actor"))


def close_session(_error: BaseException | None = None) -> None:
    """End the request's session; what was not committed is rolled back."""
    session = g.pop("db", None)
    if session is not None:
        session.close()
