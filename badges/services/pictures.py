"""Pictures of badges, drawn once and remembered: nothing is drawn twice for the same words, nothing re-encoded.

A picture carries no person's name. The one of an achievement stands for every badge of that kind; the one of a
credential names the issuer, the year and the level reached.
"""

from collections.abc import Iterable
from functools import lru_cache

from sqlalchemy.orm import Session

from badges.models.referentiels import VersionRecord
from badges.services import referentiels
from badges.services.public_badges import PublicBadge
from issuer.picture import Picture, badge_png, badge_svg
from issuer.preview import preview_png
from referentiels.model import Badge, Referentiel
from verify.standards import baking
from verify.standards.baking import OPEN_BADGES_3, Standard

PIXELS = 600
LEVEL_WORDS = {"fr": "Niveau {level} · {name}", "en": "Level {level} · {name}"}


def picture_of_award(
    version: VersionRecord, badge_code: str, results: dict[str, int], *, issuer: str, year: int
) -> Picture:
    """The picture of one person's badge: the level is the one reached, where the badge rests on one competence."""
    document = referentiels.document_of(version)
    badge = document.badge(badge_code)
    return _picture(document, badge, _one_level(results.values()), issuer=issuer, year=year)


def picture_of_achievement(version: VersionRecord, badge_code: str) -> Picture:
    """The picture of a badge anybody may earn, as its référentiel's owner proposes it.

    Raises:
        UnknownCodeError: the version has no such badge.
    """
    document = referentiels.document_of(version)
    badge = document.badge(badge_code)
    required = _one_level(need.level for need in badge.requirements)
    return _picture(document, badge, required, issuer=version.referentiel.owner.name, year=version.published_at.year)


def picture_of(session: Session, badge: PublicBadge) -> Picture:
    """The picture of a claimed badge, without the level where that is not shown."""
    version = session.get_one(VersionRecord, badge.version_id)
    results = badge.results if badge.shows.levels else {}
    return picture_of_award(version, badge.badge_code, results, issuer=badge.issuer, year=badge.issued_at.year)


@lru_cache(maxsize=256)
def png(picture: Picture) -> bytes:
    """The picture as a PNG of 600 pixels a side."""
    return badge_png(picture, PIXELS)


@lru_cache(maxsize=256)
def svg(picture: Picture) -> bytes:
    """The picture as an SVG."""
    return badge_svg(picture)


@lru_cache(maxsize=128)
def preview(shown: tuple[Picture, ...]) -> bytes:
    """What a message shows beside a link, 1200 × 630."""
    return preview_png(shown)


def baked_png(picture: Picture, badge: bytes, standard: Standard = OPEN_BADGES_3) -> bytes:
    """The PNG carrying the exact bytes of the badge."""
    return baking.bake_png(png(picture), badge, standard)


def baked_svg(picture: Picture, badge: bytes, standard: Standard = OPEN_BADGES_3, *, address: str = "") -> bytes:
    """The SVG carrying the exact bytes of the badge; `address` is where one that is not signed can be had."""
    return baking.bake_svg(svg(picture), badge, standard, address=address)


def _picture(document: Referentiel, badge: Badge, level: int | None, *, issuer: str, year: int) -> Picture:
    words = LEVEL_WORDS.get(document.language.partition("-")[0], LEVEL_WORDS["fr"])
    return Picture(
        name=badge.name,
        family=badge.family,
        pictogram=badge.pictogram,
        issuer=issuer,
        year=year,
        level=words.format(level=level, name=document.level(level).name) if level is not None else "",
        step=document.levels.index(level) + 1 if level is not None else 0,
        steps=len(document.scale) if level is not None else 0,
    )


def _one_level(levels: Iterable[int]) -> int | None:
    """The level where there is one only; a badge resting on several competences shows none on its picture."""
    found = list(levels)
    return found[0] if len(found) == 1 else None
