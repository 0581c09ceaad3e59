"""Who may come in: every view names its rule, and a view without one keeps the application from starting.

A rule answers for the kind of actor and role only. Which objects an actor may touch is asked of the services, which
answer "no such thing" for what belongs to another organisation.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, Response, abort, current_app, g, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from badges.models.people import Role
from badges.services import access, codes, erasure
from badges.services.access import Actor
from badges.services.errors import Gone
from badges.web import current

COOKIE = "jalon_session"
WAY = "jalon_way"
"""Which door this browser came in by, so that somebody whose page has closed finds the same one; no secret."""

BY_CARD = "carte"
FOR_PEOPLE = frozenset(
    {
        "sign_in.person",
        "sign_in.person_enter",
        "sign_in.choose",
        "sign_in.lost",
        "people.who_sees_what",
        "notices.person",
        "public.privacy",
    }
)
"""The pages that a person reads before they have come in."""

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Rule:
    """Who a view is for; `name` is what the hand-written table of the tests calls it.

    `for_staff` tells that nobody else is meant to read it: it speaks the languages of staff.
    """

    name: str
    admits: Callable[[Actor | None], bool]
    sign_in: str = "sign_in.staff"
    for_staff: bool = False


ANYONE = Rule("anyone", lambda _actor: True)
SIGNED_IN = Rule("signed-in", lambda actor: actor is not None)
PERSON = Rule("person", lambda actor: actor is not None and actor.kind == "person", "sign_in.person")
STAFF = Rule("staff", lambda actor: actor is not None and actor.kind == "staff", for_staff=True)
STAFF_DOOR = Rule("anyone", lambda _actor: True, for_staff=True)
"""The pages where staff come in: before that, anybody may be there."""


def role(*roles: Role) -> Rule:
    """Staff holding one of the roles in some organisation."""

    def admits(actor: Actor | None) -> bool:
        return actor is not None and any(actor.has(one) for one in roles)

    return Rule("|".join(sorted(roles)), admits, for_staff=True)


def requires(rule: Rule) -> Callable[[View], View]:
    """Declare who a view is for."""

    def declare(view: View) -> View:
        view.access_rule = rule  # type: ignore[attr-defined]
        return view

    return declare


def rule_of(app: Flask, endpoint: str) -> Rule | None:
    """The rule an endpoint declares, or None."""
    return getattr(app.view_functions[endpoint], "access_rule", None)


def install(app: Flask) -> None:
    """Check every view's rule now, and every request from now on.

    Raises:
        RuntimeError: a view without a rule.
    """
    app.view_functions["static"] = requires(ANYONE)(app.view_functions["static"])
    unruled = sorted(endpoint for endpoint in app.view_functions if rule_of(app, endpoint) is None)
    if unruled:
        raise RuntimeError(f"views without an access rule: {', '.join(unruled)}")
    app.before_request(_admit)


def _admit() -> BaseResponse | None:
    if request.endpoint is None or request.endpoint == "static":
        return None
    rule = rule_of(current_app, request.endpoint)
    if rule is None:
        abort(404)
    token = request.cookies.get(COOKIE)
    g.actor = access.actor_of(current.db(), token, current.now(), current.today()) if token else None
    if not rule.admits(g.actor):
        if token and g.actor is None and erasure.led_to_somebody(current.db(), codes.digest(token)):
            raise Gone(erasure.ERASED_SELF)
        return _turn_away(rule)
    if g.actor is not None and access.to_keep_open(current.db(), g.actor, current.now()):
        _keep_open(g.actor)
    return None


def _keep_open(actor: Actor) -> None:
    if request.method not in current.SAFE_METHODS:
        access.keep_open(current.db(), actor, current.now())
        return
    with current.installation().database.writing() as session:
        access.keep_open(session, actor, current.now())
        session.commit()


def _turn_away(rule: Rule) -> BaseResponse:
    if g.actor is not None:
        abort(403)
    by_card = rule is SIGNED_IN and request.cookies.get(WAY) == BY_CARD
    door = "sign_in.person" if by_card else rule.sign_in
    if request.method not in current.SAFE_METHODS:
        readable = "GET" in current_app.create_url_adapter(request).allowed_methods()  # type: ignore[union-attr]
        g.way_in = url_for(door, next=request.path if readable else None)
        abort(401)
    return redirect(url_for(door, next=request.full_path.rstrip("?")))


def signed_in_response(response: BaseResponse | str, token: str, *, by_card: bool = False) -> Response:
    """The response with the session cookie: HttpOnly, SameSite=Lax, Secure where the public address is https."""
    answer = make_response(response)
    secure = current.installation().base_url.startswith("https://")
    answer.set_cookie(COOKIE, token, httponly=True, samesite="Lax", secure=secure)
    if by_card:
        answer.set_cookie(WAY, BY_CARD, httponly=True, samesite="Lax", secure=secure)
    else:
        answer.delete_cookie(WAY, httponly=True, samesite="Lax")
    return answer


def signed_out_response(response: BaseResponse | str) -> Response:
    """The response that clears the session cookie and what the browser kept of private pages."""
    answer = make_response(response)
    for cookie in (COOKIE, WAY):
        answer.delete_cookie(cookie, httponly=True, samesite="Lax")
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


def read_aloud() -> bool:
    """Whether the page is one that a person reads, and so may have read to them."""
    actor = g.get("actor")
    return (actor is not None and actor.kind == "person") or (actor is None and request.endpoint in FOR_PEOPLE)
