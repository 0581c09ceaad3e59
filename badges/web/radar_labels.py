"""Where the names of a radar's axes stand: wrapped, whole, none over another and none over the rings.

All lengths are in units of the drawing, from its centre. It knows nothing of levels, and never cuts a word: a word too
long for its side makes the drawing wider instead.
"""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

WIDTH = 480.0
"""Usual width of the drawing; longer words than fit make it wider."""

LINE = 15.0
"""From one baseline to the next."""

_FONT = 12.5
_GAP = 12.0
_RADII = (104.0, 146.0)
_POLE_LABEL = 280.0
_NEAR_THE_POLE = 0.2
_LETTER_WIDTHS = (
    (frozenset("mwMW%@œŒæÆшщжмюфШЩЖМЮФ"), 0.95),
    (frozenset("ABCDEFGHKLNOPQRSTUVXYZÀÂÄÉÈÊËÎÏÔÖÙÛÜÇ"), 0.7),
    (frozenset("frt-–—"), 0.42),
    (frozenset("ijlI.,;:!|'’()[] "), 0.3),
)
"""Widths in ems, a little over those of the widest usual text face; 0.6 for any other letter."""

Anchor = Literal["start", "middle", "end"]
Direction = tuple[float, float]


@dataclass(slots=True)
class Label:
    """A label being placed, in units from the centre: `x` and `top` move until nothing overlaps."""

    text: str
    lines: tuple[str, ...]
    x: float
    anchor: Anchor
    wanted_top: float
    top: float

    @property
    def height(self) -> float:
        """Of all its lines."""
        return len(self.lines) * LINE

    @property
    def bottom(self) -> float:
        """Where its last line ends."""
        return self.top + self.height

    @property
    def reach(self) -> float:
        """How far from the vertical through the centre it goes."""
        widest = max(text_width(line) for line in self.lines)
        return abs(self.x) + (widest / 2 if self.anchor == "middle" else widest)


def direction(number: int, count: int) -> Direction:
    """Unit vector of an axis: the first points up, the others follow clockwise."""
    angle = 2 * math.pi * number / count
    return math.sin(angle), -math.cos(angle)


def radius(axes: Sequence[str], directions: Sequence[Direction]) -> float:
    """The largest radius that leaves each label's longest word its room at the side, within bounds."""
    smallest, largest = _RADII
    rooms = [
        (WIDTH / 2 - max(text_width(word) for word in text.split() or [""])) / abs(across) - _GAP
        for text, (across, _) in zip(axes, directions, strict=True)
        if abs(across) >= _NEAR_THE_POLE
    ]
    return max(smallest, min(largest, *rooms))


def place(axes: Sequence[str], directions: Sequence[Direction], reach: float) -> list[Label]:
    """Every label where it can be read: none over another, none over the rings."""
    labels = [_label(text, one, reach) for text, one in zip(axes, directions, strict=True)]
    sides = [[label for label in labels if label.anchor == anchor] for anchor in ("start", "end")]
    for _ in range(3):
        for side in sides:
            _spread(side)
            for label in side:
                _clear_the_rings(label, reach)
    for side in sides:
        _spread(side)
    _clear_the_poles(labels)
    return labels


def _label(text: str, towards: Direction, reach: float) -> Label:
    """A label beside the end of its spoke."""
    across, down = towards
    x, y = across * (reach + _GAP), down * (reach + _GAP)
    if abs(across) < _NEAR_THE_POLE:
        lines = wrap(text, _POLE_LABEL)
        top = y - len(lines) * LINE if down < 0 else y
        return Label(text, lines, x, "middle", top, top)
    lines = wrap(text, WIDTH / 2 - abs(x) - 1)
    height = len(lines) * LINE
    top = y - height / 2 + down * height / 2
    return Label(text, lines, x, "start" if x > 0 else "end", top, top)


def _spread(labels: list[Label]) -> None:
    """Move the labels of one side apart, keeping their order and as near as can be to where they wanted to stand."""
    column = sorted(labels, key=lambda label: label.wanted_top + label.height / 2)
    for _ in range(60):
        moved = False
        for above, below in itertools.pairwise(column):
            overlap = above.bottom + 5 - below.top
            if overlap > 0.1:  # noqa: PLR2004 - a tenth of a unit is not seen
                above.top -= overlap / 2
                below.top += overlap / 2
                moved = True
        if not moved:
            return


def _clear_the_rings(label: Label, reach: float) -> None:
    """Push a label outwards where it stands over the rings, and wrap it again in the room that is left."""
    nearest = 0.0 if label.top < 0 < label.bottom else min(abs(label.top), abs(label.bottom))
    edge = math.sqrt(max(0.0, (reach + _GAP / 2) ** 2 - nearest**2))
    if edge > abs(label.x):
        label.x = math.copysign(edge, label.x)
        middle = label.top + label.height / 2
        label.lines = wrap(label.text, WIDTH / 2 - edge - 1)
        label.top = middle - label.height / 2


def _clear_the_poles(labels: list[Label]) -> None:
    """Lift a label at the top, and lower one at the bottom, out of the way of its neighbours at the sides."""
    sides = [label for label in labels if label.anchor != "middle"]
    for pole in (label for label in labels if label.anchor == "middle"):
        near = [label for label in sides if _overlaps(pole, label)]
        if near and pole.wanted_top < 0:
            pole.top = min(label.top for label in near) - pole.height - 3
        elif near:
            pole.top = max(label.bottom for label in near) + 3


def _overlaps(pole: Label, side: Label) -> bool:
    return pole.reach + 4 > abs(side.x) and pole.top < side.bottom and side.top < pole.bottom


def wrap(text: str, room: float) -> tuple[str, ...]:
    """The text in lines that fit `room` units at the labels' size; a word is never cut, even one too long."""
    lines: list[str] = []
    for word in text.split():
        if lines and text_width(f"{lines[-1]} {word}") <= room:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.append(word)
    return tuple(lines)


def text_width(text: str) -> float:
    """An estimate, rather too wide, of a label's width in units: nobody knows the reader's font."""
    return sum(_letter_width(letter) for letter in text) * _FONT


def _letter_width(letter: str) -> float:
    return next((width for letters, width in _LETTER_WIDTHS if letter in letters), 0.6)
