"""The doors of public pages: a share by its code, its password, and the person who looks at their own.

Wrong codes and wrong passwords are counted before anything is told. What a browser keeps of a right password opens that
share alone, until the password changes; no password is ever in an address.
"""

import hmac
import uuid

from flask import Response, g, request
from sqlalchemy.orm import Session

from badges.services import access, codes, public_badges, shares
from badges.services.errors import N_, Forbidden, NotFound
from badges.services.public_badges import PublicBadge, PublicShare
from badges.web import current

MISTYPED = N_("Ce code contient une erreur : vérifiez chaque lettre et chaque chiffre. Il en a douze.")


def share_of(code: str, session: Session | None = None) -> PublicShare:
    """The share of a public code; wrong codes that could be right ones are counted by the client's address.

    Raises:
        NotFound, Gone: as `public_badges.by_code`. TooMany: too many codes tried from there.
    """
    if codes.read_code(code) != code:
        raise NotFound(MISTYPED)
    try:
        share = public_badges.by_code(session or current.db(), code, current.now(), _reader())
    except NotFound:
        count("code", request.remote_addr or "?")
        raise
    g.under_password = share.secret_hash is not None  # no browser keeps what comes of it
    return share


def count(kind: str, subject: str) -> None:
    """Count a guess at once, whatever becomes of the request: what it held until now is let go first."""
    current.db().rollback()
    installation = current.installation()
    with installation.database.writing() as counting:
        access.count_guess(counting, kind, subject, installation.secret, current.now())
        counting.commit()


def shared(code: str, place: int = 1) -> PublicBadge:
    """The badge at a place of a share.

    Raises:
        NotFound, Gone, TooMany: as `share_of`. Forbidden: it asks for a password that was not given.
    """
    share = share_of(code)
    require_unlocked(share)
    return share.badge(place)


def owned(share: PublicShare) -> bool:
    """Whether the person who shares is the one who looks: they see what a reader sees, before anybody else."""
    return _reader() == share.person_id


def _reader() -> uuid.UUID | None:
    actor = current.actor_or_none()
    return None if actor is None else actor.person_id


def locked(share: PublicShare) -> bool:
    """Whether this browser has still to give the share's password."""
    if share.secret_hash is None or owned(share):
        return False
    return not hmac.compare_digest(request.cookies.get(_key_name(share), ""), _key_of(share))


def require_unlocked(share: PublicShare) -> None:
    """Let the browser in.

    Raises:
        Forbidden: the share asks for a password that was not given.
    """
    if locked(share):
        raise Forbidden(public_badges.LOCKED)


def _key_name(share: PublicShare) -> str:
    return f"jalon_share_{share.id}"


def _key_of(share: PublicShare) -> str:
    """What the browser keeps that was given the right password; another password, and it opens nothing."""
    return codes.keyed_digest(current.installation().secret, f"share:{share.id}:{share.secret_hash}")


def unlocks(share: PublicShare, typed: str) -> bool:
    """Whether that is the share's password; each try is counted, and a right one taken back.

    Raises:
        TooMany: too many wrong ones.
    """
    count("secret", str(share.id))
    if share.secret_hash is None or not shares.secret_matches(share.secret_hash, typed):
        return False
    session = current.db()
    access.take_back_guess(session, "secret", str(share.id), current.installation().secret)
    session.commit()
    return True


def leave_open(response: Response, share: PublicShare) -> None:
    """Let this browser read the share until it is closed."""
    secure = current.installation().base_url.startswith("https://")
    response.set_cookie(_key_name(share), _key_of(share), path="/v", httponly=True, samesite="Lax", secure=secure)
