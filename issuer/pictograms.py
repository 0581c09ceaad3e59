"""The pictograms: own line drawings on a 24 by 24 grid, one per name, shared by badge pictures and pages.

The drawings stand in `pictograms.json`: lines to stroke and shapes to fill, as path data. The set is closed: a name
nobody drew gives the neutral `badge`, so a référentiel written elsewhere still has its pictures. Refuses to judge:
acts and tools are drawn, never faces, marks, trophies or stars.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

from issuer.drawing import Fill, Mark, Stroke, inline

GRID = 24
NEUTRAL = "badge"
_LINE = 1.7


@cache
def _drawn() -> dict[str, tuple[str, str]]:
    """The path data of each pictogram: lines to stroke, shapes to fill."""
    read = json.loads(files("issuer").joinpath("pictograms.json").read_bytes())
    return {name: ("".join(drawn["lines"]), "".join(drawn.get("shapes", []))) for name, drawn in read.items()}


def names() -> tuple[str, ...]:
    """Every name that has its own drawing."""
    return tuple(_drawn())


def marks(name: str, colour: str = "currentColor") -> tuple[Mark, ...]:
    """The drawing of a pictogram on its 24 by 24 grid; the neutral `badge` for a name without its own."""
    lines, shapes = _drawn().get(name) or _drawn()[NEUTRAL]
    return (Stroke(lines, colour, _LINE), *((Fill(shapes, colour),) if shapes else ()))


def svg(name: str) -> str:
    """A pictogram as an inline `<svg>` in the colour of the text around it, silent for screen readers."""
    return (
        f'<svg class="pictogram" viewBox="0 0 {GRID} {GRID}" width="{GRID}" height="{GRID}" aria-hidden="true"'
        f' focusable="false">{inline(marks(name))}</svg>'
    )
