"""The look of a badge picture by family: a silhouette and a palette each, told apart without colour.

A family we do not know gets one of the designs kept for others, always the same one. Refuses shapes that stand for
something else: no shields, medals, stars, ribbons, crosses or crescents.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass

from issuer.outlines import Point, circle

CANVAS = 600


@dataclass(frozen=True, slots=True)
class Design:
    """A silhouette as path data on the 600 by 600 canvas, and the colours of what is inside it.

    The silhouette is convex and stays 28 units inside the canvas: the rim is drawn around it.
    `deep` stands out against `paper` at 4.5:1 at least, so it may carry text.
    """

    silhouette: str
    deep: str
    tint: str
    paper: str


def design_for(family: str) -> Design:
    """The design of a family, by its code; a family we do not know keeps one of the other designs for ever."""
    known = _BY_FAMILY.get(family.strip().casefold())
    if known is not None:
        return known
    number = int.from_bytes(hashlib.sha256(family.encode()).digest()[:4])
    return _FOR_OTHERS[number % len(_FOR_OTHERS)]


def _rounded(corners: list[Point], radius: float) -> str:
    """A polygon as path data, its corners softened over `radius` units of each side."""
    pieces: list[str] = []
    for before, corner, after in zip(corners[-1:] + corners[:-1], corners, corners[1:] + corners[:1], strict=True):
        (x1, y1), (x2, y2) = _towards(corner, before, radius), _towards(corner, after, radius)
        pieces.append(f"{'L' if pieces else 'M'}{x1:.1f} {y1:.1f}Q{corner[0]:.1f} {corner[1]:.1f} {x2:.1f} {y2:.1f}")
    return "".join(pieces) + "Z"


def _towards(start: Point, end: Point, distance: float) -> Point:
    share = distance / math.dist(start, end)
    return (start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share)


_PEBBLE = circle(300, 300, 270)
_MILESTONE = "M52 278A248 248 0 0 1 548 278V546A26 26 0 0 1 522 572H78A26 26 0 0 1 52 546Z"
_HEXAGON = _rounded([(572, 300), (444, 30), (156, 30), (28, 300), (156, 570), (444, 570)], 44)
_OCTAGON = _rounded([(568, 411), (411, 568), (189, 568), (32, 411), (32, 189), (189, 32), (411, 32), (568, 189)], 36)
_LEAF = "M28 192A164 164 0 0 1 192 28H544A28 28 0 0 1 572 56V408A164 164 0 0 1 408 572H56A28 28 0 0 1 28 544Z"
_CUSHION = "M300 28C504 28 572 96 572 300C572 504 504 572 300 572C96 572 28 504 28 300C28 96 96 28 300 28Z"

_TERRACOTTA = Design(_PEBBLE, "#9c4221", "#f3d9c6", "#fffaf3")
_PINE = Design(_MILESTONE, "#1f5c4d", "#cfe3d8", "#fbfcf6")
_INK = Design(_HEXAGON, "#2d4a86", "#d3ddf0", "#fafbff")
_OCHRE = Design(_OCTAGON, "#7a5410", "#f0dfb4", "#fffcf2")
_MOSS = Design(_LEAF, "#4c6118", "#dfe6bd", "#fdfdf3")
_PLUM = Design(_CUSHION, "#773059", "#eed3e2", "#fffafc")

_BY_FAMILY = {
    "comportementales": _TERRACOTTA,
    "base": _PINE,
    "de-base": _PINE,
    "numerique": _INK,
    "numeriques": _INK,
    "metier": _OCHRE,
    "metiers": _OCHRE,
    "en-entreprise": _OCHRE,
    "sport": _MOSS,
    "terrain": _MOSS,
}
_FOR_OTHERS = (_OCHRE, _MOSS, _PLUM)
