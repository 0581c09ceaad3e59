"""The badge picture, worth putting on a CV: silhouette of the family, pictogram, name, level, issuer and year.

The same layout gives the SVG and the PNG, byte for byte the same each time. Refuses what belongs to school or to
prizes (marks, stars, trophies), and refuses to carry the holder's name: a picture travels further than a badge page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from issuer import drawing, pictograms
from issuer.drawing import Fill, Mark, Placed, Stroke, Text
from issuer.facts import written
from issuer.family_designs import CANVAS, Design, design_for
from issuer.outlines import Point, circle, outlines
from issuer.qr_code import qr_modules, qr_png, qr_svg

__all__ = ["Picture", "badge_png", "badge_svg", "qr_modules", "qr_png", "qr_svg"]

DEFAULT_PIXELS = 600

_MIDDLE = CANVAS / 2
_INK, _SOFT_INK = "#2b2723", "#5a524a"
_RIM, _PADDING = 24.0, 20.0
_DISC_Y, _DISC_RADIUS = 152.0, 92.0
_PATH_Y, _YEAR_Y, _YEAR_SIZE = 420.0, 550.0, 19.0
_LINE_HEIGHT = 1.16


@dataclass(frozen=True, slots=True)
class Picture:
    """What a badge picture shows.

    `level` is the wording of the level reached (« Niveau 3 · seul »), empty where the badge has none. `step` of
    `steps` is its place on the référentiel's scale, counted from 1; both 0 draw no path.
    """

    name: str
    family: str
    pictogram: str
    issuer: str
    year: int
    level: str = ""
    step: int = 0
    steps: int = 0

    def __post_init__(self) -> None:
        for field in ("name", "issuer", "level"):
            object.__setattr__(self, field, written(getattr(self, field), field))
        if not 0 <= self.step <= self.steps or (self.steps and not self.step):
            raise ValueError(f"A level is a step of its scale, not step {self.step} of {self.steps}.")


def badge_svg(picture: Picture) -> bytes:
    """The badge picture as a self-contained SVG."""
    said = [picture.name, picture.level, picture.issuer, str(picture.year)]
    return drawing.to_svg(_layout(picture), CANVAS, " · ".join(filter(None, said)))


def badge_png(picture: Picture, size: int = DEFAULT_PIXELS) -> bytes:
    """The badge picture as a PNG of `size` pixels a side, transparent around the silhouette.

    Text in a script the bundled font does not have (Arabic, Chinese…) is left out; the SVG carries it.

    Raises:
        ValueError: where the size is not between 16 and 2048.
    """
    return drawing.to_png(_layout(picture), CANVAS, size)


def _layout(picture: Picture) -> tuple[Mark, ...]:
    design = design_for(picture.family)
    room = _room(design)
    return (
        *_ground(design),
        *_emblem(design, picture.pictogram),
        *_written(picture.name, _NAME, _INK, room),
        *_path(design, picture.step, picture.steps),
        *_written(picture.level, _LEVEL, design.deep, room),
        *_written(picture.issuer, _ISSUER, _SOFT_INK, room),
        Text(str(picture.year), _MIDDLE, _YEAR_Y, _YEAR_SIZE, _SOFT_INK),
    )


def _ground(design: Design) -> Iterator[Mark]:
    """The rim around the silhouette, its paper, a tinted sky, and a fine line inside."""
    yield Stroke(design.silhouette, design.deep, 2 * _RIM)
    yield Fill(design.silhouette, design.paper)
    yield Stroke(design.silhouette, design.paper, _RIM)
    yield Fill(_sky(design), design.tint)
    yield Stroke(design.silhouette, design.deep, 2)


def _sky(design: Design) -> str:
    """The part of a silhouette above the middle of the emblem, as path data."""
    points = outlines(design.silhouette)[0].drawn()
    above: list[Point] = []
    for a, b in pairwise(points):
        if a[1] <= _DISC_Y:
            above.append(a)
        if min(a[1], b[1]) < _DISC_Y < max(a[1], b[1]):
            above.append((_crossing(a, b, _DISC_Y), _DISC_Y))
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in above) + "Z"


def _emblem(design: Design, pictogram: str) -> Iterator[Mark]:
    yield Fill(circle(_MIDDLE, _DISC_Y, _DISC_RADIUS + 10), design.paper)
    yield Fill(circle(_MIDDLE, _DISC_Y, _DISC_RADIUS), design.deep)
    scale = 5.2
    corner = pictograms.GRID * scale / 2
    yield Placed(pictograms.marks(pictogram, design.paper), _MIDDLE - corner, _DISC_Y - corner, scale)


def _path(design: Design, step: int, steps: int) -> Iterator[Mark]:
    """The scale as a path of small milestones, walked as far as the level reached."""
    if not steps:
        return
    gap = min(62.0, 300.0 / max(1, steps - 1))
    places = [_MIDDLE + gap * (number - (steps - 1) / 2) for number in range(steps)]
    here = places[step - 1]
    yield Stroke(f"M{places[0]:.1f} {_PATH_Y}H{places[-1]:.1f}", design.tint, 5)
    yield Stroke(f"M{places[0]:.1f} {_PATH_Y}H{here:.1f}", design.deep, 5)
    for place in places:
        yield Fill(circle(place, _PATH_Y, 6.5), design.deep if place <= here else design.tint)
    yield Fill(circle(here, _PATH_Y, 13), design.deep)
    yield Fill(circle(here, _PATH_Y, 5), design.paper)


Room = Callable[[float, float], float]


def _room(design: Design) -> Room:
    """The width free for text between two heights of a silhouette, even on both sides of the middle."""
    points = outlines(design.silhouette)[0].drawn()

    def reach(y: float) -> float:
        sides = [(a, b) for a, b in pairwise(points) if min(a[1], b[1]) <= y <= max(a[1], b[1])]
        crossings = [_crossing(a, b, y) for a, b in sides]
        return min(_MIDDLE - min(crossings), max(crossings) - _MIDDLE)

    return lambda top, bottom: 2 * (min(reach(top), reach(bottom)) - _PADDING)


def _crossing(a: Point, b: Point, y: float) -> float:
    if a[1] == b[1]:
        return a[0]
    return a[0] + (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1])


@dataclass(frozen=True, slots=True)
class _Zone:
    """A place for text: its top and bottom, the sizes to try from the largest, the most lines, the weight."""

    top: float
    bottom: float
    sizes: range
    most_lines: int
    bold: bool

    def widths(self, count: int, size: int, room: Room) -> list[float]:
        """The free width of each of `count` lines around the middle; none where they are too high."""
        height = size * _LINE_HEIGHT
        top = self.start(count, size)
        if top < self.top:
            return []
        return [room(top + number * height, top + (number + 1) * height) for number in range(count)]

    def start(self, count: int, size: int) -> float:
        """Where the first of `count` lines begins."""
        return (self.top + self.bottom - count * size * _LINE_HEIGHT) / 2

    def wrapped(self, words: list[str], size: int, widths: list[float]) -> list[str] | None:
        """The words on as many lines as there are widths, or fewer; None where they do not fit."""
        lines: list[str] = []
        place = 0
        for free in widths:
            line = ""
            while place < len(words):
                longer = f"{line} {words[place]}" if line else words[place]
                if drawing.width(longer, size, bold=self.bold) > free:
                    break
                line, place = longer, place + 1
            if line:
                lines.append(line)
        return lines if place == len(words) else None

    def shortened(self, text: str, size: int, widths: list[float]) -> list[str]:
        """As much of a text as the lines hold, between words where that is possible, and a sign that more follows."""
        lines: list[str] = []
        for free in widths[:-1]:
            end = self._holds(text, size, free)
            end = text.rfind(" ", 1, end + 1) if " " in text[1 : end + 1] else end
            lines.append(text[:end])
            text = text[end:].lstrip(" ")
        sign = drawing.width("…", size, bold=self.bold)
        return [*lines, text[: self._holds(text, size, widths[-1] - sign)].rstrip() + "…"]

    def _holds(self, text: str, size: int, free: float) -> int:
        """How many letters of the text fit."""
        for number, letter in enumerate(text):
            free -= drawing.width(letter, size, bold=self.bold)
            if free < 0:
                return number
        return len(text)


_NAME = _Zone(258, 394, range(44, 21, -2), 4, bold=True)
_LEVEL = _Zone(438, 474, range(27, 17, -1), 1, bold=True)
_ISSUER = _Zone(480, 530, range(21, 14, -1), 2, bold=False)


def _written(string: str, zone: _Zone, colour: str, room: Room) -> Iterator[Mark]:
    """Text as large as its zone and the silhouette allow; too long for its smallest size, it is shortened."""
    if not string:
        return
    size, lines = _fitted(string.split(" "), zone, room)
    first = zone.start(len(lines), size) + size * 0.93
    for number, line in enumerate(lines):
        yield Text(line, _MIDDLE, first + number * size * _LINE_HEIGHT, size, colour, zone.bold)


def _fitted(words: list[str], zone: _Zone, room: Room) -> tuple[int, list[str]]:
    """The largest size, and at that size the fewest and evenest lines, in which the words stay inside."""
    for size in zone.sizes:
        for count in range(1, zone.most_lines + 1):
            widths = zone.widths(count, size, room)
            if zone.wrapped(words, size, widths) is not None:
                return size, _evened(words, size, zone, widths)
    size = zone.sizes[-1]
    return size, zone.shortened(" ".join(words), size, zone.widths(zone.most_lines, size, room))


def _evened(words: list[str], size: int, zone: _Zone, widths: list[float]) -> list[str]:
    """The words on the same lines, made as narrow as they go."""
    for share in range(40, 100, 3):
        lines = zone.wrapped(words, size, [free * share / 100 for free in widths])
        if lines is not None and len(lines) == len(widths):
            return lines
    return zone.wrapped(words, size, widths) or []
