"""The geometry of a radar of levels: axes and ratings in, points and paths out, ready for `macros/radar.html`.

It knows any whole-number scale. It refuses to draw an unrated axis as a zero: a missing rating breaks the outline, and
the lowest level stands on the first ring, never at the centre. Under three axes, where a radar says nothing, it lays
out bars. It writes no markup and no words of its own.
"""

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

WIDTH = 400.0
"""Width of the drawing in its own units; at 360 pixels wide a unit is a little under a pixel."""

MOST_SERIES = 6
"""Outlines that can still be told apart by their dashes and markers."""

_FONT = 12.5
_LINE = 15.0
_MARGIN = 4.0
_GAP = 12.0
_SIDE_LABEL = 106.0
_TOP_LABEL = 190.0
_FEWEST_RADAR_AXES = 3
_MARKER_SIZES = (6.5, 5.0, 5.0, 4.2, 3.6, 3.0)
_MARKERS: dict[int, tuple[tuple[float, float], ...]] = {
    2: ((-0.85, -0.85), (0.85, -0.85), (0.85, 0.85), (-0.85, 0.85)),
    3: ((0, -1.15), (1, 0.75), (-1, 0.75)),
    4: ((0, -1.2), (1.2, 0), (0, 1.2), (-1.2, 0)),
    5: ((0, 1.15), (1, -0.75), (-1, -0.75)),
    6: (
        *((-0.4, -1.3), (0.4, -1.3), (0.4, -0.4), (1.3, -0.4), (1.3, 0.4), (0.4, 0.4)),
        *((0.4, 1.3), (-0.4, 1.3), (-0.4, 0.4), (-1.3, 0.4), (-1.3, -0.4), (-0.4, -0.4)),
    ),
}
"""Corners of each marker for a size of one."""

_WIDE_LETTERS = frozenset("mwMWÉÀÈÊÂÔÎABCDEFGHKNOPQRSTUVXYZ@%œæШЩЖМЮФш щжмюф")
_NARROW_LETTERS = frozenset("ijlI.,;:!|'’ ft()[]r-")

Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Series:
    """One set of ratings, in the order of the axes; None where there is none."""

    name: str
    values: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a label, at its baseline."""

    text: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Ring:
    """The polygon of one level; `x`, `y` is where its number is written."""

    level: int
    path: str
    x: float
    y: float
    outer: bool


@dataclass(frozen=True, slots=True)
class Axis:
    """A spoke from the centre and its whole label; `leader` joins them where the label had to move away."""

    label: str
    x: float
    y: float
    anchor: Anchor
    lines: tuple[Line, ...]
    leader: str


@dataclass(frozen=True, slots=True)
class Mark:
    """One rated level on one axis, as the path of its marker."""

    axis: str
    level: int
    x: float
    y: float
    path: str


@dataclass(frozen=True, slots=True)
class Shape:
    """One series drawn: `area` only where every axis is rated, `outline` broken where one is not."""

    name: str
    style: int
    area: str
    outline: str
    marks: tuple[Mark, ...]
    key: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One series on one axis, laid flat; `width` is None where it is not rated."""

    style: int
    level: int | None
    y: float
    width: float | None
    mark: str


@dataclass(frozen=True, slots=True)
class BarGroup:
    """The bars of one axis under its whole label."""

    label: str
    lines: tuple[Line, ...]
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Radar:
    """A drawing in units of its view box. `kind` says which of the two families of fields is filled."""

    kind: Literal["radar", "bars"]
    width: float
    height: float
    low: int
    high: int
    shapes: tuple[Shape, ...]
    centre_x: float = 0.0
    centre_y: float = 0.0
    rings: tuple[Ring, ...] = ()
    axes: tuple[Axis, ...] = ()
    groups: tuple[BarGroup, ...] = ()
    track_x: float = 0.0
    track_width: float = 0.0
    bar_height: float = 0.0


def radar(axes: Sequence[str], series: Sequence[Series], low: int, high: int) -> Radar:
    """A radar of three axes or more, otherwise bars; levels run from `low` to `high`, both included.

    Raises:
        ValueError: no axis, a series of another length than the axes, a level off the scale, a scale of one level,
            or more series than can be told apart.
    """
    _require_drawable(axes, series, low, high)
    if len(axes) < _FEWEST_RADAR_AXES:
        return _bars(axes, series, low, high)
    return _radar(axes, series, low, high)


def _require_drawable(axes: Sequence[str], series: Sequence[Series], low: int, high: int) -> None:
    if not axes:
        raise ValueError("a radar needs at least one axis")
    if high <= low:
        raise ValueError(f"a scale needs two levels, not {low} to {high}")
    if len(series) > MOST_SERIES:
        raise ValueError(f"{len(series)} series cannot be told apart, {MOST_SERIES} can")
    for one in series:
        if len(one.values) != len(axes):
            raise ValueError(f"series {one.name!r} has {len(one.values)} values for {len(axes)} axes")
        for value in one.values:
            if value is not None and not low <= value <= high:
                raise ValueError(f"level {value} of series {one.name!r} is off the scale {low} to {high}")


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
    if letter in _WIDE_LETTERS:
        return 0.8
    return 0.36 if letter in _NARROW_LETTERS else 0.58


@dataclass(slots=True)
class _Label:
    """A label being placed: `top` moves until nothing overlaps."""

    lines: tuple[str, ...]
    x: float
    anchor: Anchor
    wanted_top: float
    top: float

    @property
    def height(self) -> float:
        return len(self.lines) * _LINE

    @property
    def bottom(self) -> float:
        return self.top + self.height


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where the levels stand: `step` units from one ring to the next, the lowest level on the first ring."""

    centre: tuple[float, float]
    directions: tuple[tuple[float, float], ...]
    step: float
    low: int
    ranks: int

    def at(self, axis: int, rank: int) -> tuple[float, float]:
        across, down = self.directions[axis]
        return self.centre[0] + across * rank * self.step, self.centre[1] + down * rank * self.step


def _radar(axes: Sequence[str], series: Sequence[Series], low: int, high: int) -> Radar:
    radius = _radius(axes)
    directions = tuple(_direction(number, len(axes)) for number in range(len(axes)))
    labels = _labels(axes, directions, radius)
    top = min([-radius, *(label.top for label in labels)]) - _MARGIN
    bottom = max([radius, *(label.bottom for label in labels)]) + _MARGIN
    ranks = high - low + 1
    frame = _Frame((WIDTH / 2, -top), directions, radius / ranks, low, ranks)
    return Radar(
        kind="radar",
        width=WIDTH,
        height=_round(bottom - top),
        low=low,
        high=high,
        centre_x=_round(frame.centre[0]),
        centre_y=_round(frame.centre[1]),
        rings=tuple(_ring(level, frame, outer=level == high) for level in range(low, high + 1)),
        axes=tuple(
            _axis(number, text, label, frame) for number, (text, label) in enumerate(zip(axes, labels, strict=True))
        ),
        shapes=tuple(_shape(one, style, axes, frame) for style, one in enumerate(series, start=1)),
    )


def _radius(axes: Sequence[str]) -> float:
    """What the width leaves once the longest word of a side label has its room."""
    longest = max(text_width(word) for text in axes for word in text.split() or [""])
    side = min(max(longest, _SIDE_LABEL), WIDTH / 2 - 70.0)
    return WIDTH / 2 - side - _GAP


def _direction(number: int, count: int) -> tuple[float, float]:
    """Unit vector of an axis: the first points up, the others follow clockwise."""
    angle = 2 * math.pi * number / count
    return math.sin(angle), -math.cos(angle)


def _labels(axes: Sequence[str], directions: Sequence[tuple[float, float]], radius: float) -> list[_Label]:
    """Every label where it can be read: none over another."""
    labels = [_label(text, direction, radius) for text, direction in zip(axes, directions, strict=True)]
    _spread([label for label in labels if label.anchor == "start"])
    _spread([label for label in labels if label.anchor == "end"])
    _clear_the_poles(labels)
    return labels


def _label(text: str, direction: tuple[float, float], radius: float) -> _Label:
    """A label beside the end of its spoke, in units from the centre."""
    x, y = direction[0] * (radius + _GAP), direction[1] * (radius + _GAP)
    nearly_vertical = abs(direction[0]) < 0.2  # noqa: PLR2004 - under twelve degrees off the vertical
    if nearly_vertical:
        lines = wrap(text, _TOP_LABEL)
        height = len(lines) * _LINE
        top = y - height if direction[1] < 0 else y
        return _Label(lines, x, "middle", top, top)
    lines = wrap(text, WIDTH / 2 - abs(x) - 1)
    height = len(lines) * _LINE
    top = y - height / 2 + direction[1] * height / 2
    return _Label(lines, x, "start" if x > 0 else "end", top, top)


def _spread(labels: list[_Label]) -> None:
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


def _clear_the_poles(labels: list[_Label]) -> None:
    """Lift a label at the top, and lower one at the bottom, out of the way of its neighbours at the sides."""
    sides = [label for label in labels if label.anchor != "middle"]
    for pole in (label for label in labels if label.anchor == "middle"):
        near = [label for label in sides if _overlaps(pole, label)]
        if near and pole.wanted_top < 0:
            pole.top = min(label.top for label in near) - pole.height - 3
        elif near:
            pole.top = max(label.bottom for label in near) + 3


def _overlaps(pole: _Label, side: _Label) -> bool:
    half = max(text_width(line) for line in pole.lines) / 2
    width = max(text_width(line) for line in side.lines)
    nearest = abs(side.x)
    across = abs(pole.x) + half > nearest and nearest + width > 0
    return across and pole.top < side.bottom and side.top < pole.bottom


def _axis(number: int, text: str, label: _Label, frame: _Frame) -> Axis:
    end = frame.at(number, frame.ranks)
    x = _round(frame.centre[0] + label.x)
    baseline = frame.centre[1] + label.top + _LINE * 0.78
    lines = tuple(Line(line, x, _round(baseline + row * _LINE)) for row, line in enumerate(label.lines))
    moved = label.anchor != "middle" and abs(label.top - label.wanted_top) > _LINE
    beside = (x - 3 if label.anchor == "start" else x + 3, frame.centre[1] + label.top + label.height / 2)
    return Axis(text, _round(end[0]), _round(end[1]), label.anchor, lines, _open_path([end, beside]) if moved else "")


def _ring(level: int, frame: _Frame, *, outer: bool) -> Ring:
    rank = level - frame.low + 1
    path = _open_path([frame.at(number, rank) for number in range(len(frame.directions))]) + "Z"
    x, y = frame.at(0, rank)
    return Ring(level, path, _round(x + 4), _round(y + 11), outer)


def _shape(one: Series, style: int, axes: Sequence[str], frame: _Frame) -> Shape:
    points = [
        None if value is None else frame.at(number, value - frame.low + 1) for number, value in enumerate(one.values)
    ]
    marks = tuple(
        Mark(axis, value, _round(point[0]), _round(point[1]), marker(style, *point))
        for axis, value, point in zip(axes, one.values, points, strict=True)
        if value is not None and point is not None
    )
    key = marker(style, 30, 9)
    whole = [point for point in points if point is not None]
    if len(whole) == len(points):
        closed = _open_path(whole) + "Z"
        return Shape(one.name, style, closed, closed, marks, key)
    outline = "".join(_open_path(run) for run in _runs(points) if len(run) > 1)
    return Shape(one.name, style, "", outline, marks, key)


def _runs(points: Sequence[tuple[float, float] | None]) -> Iterator[list[tuple[float, float]]]:
    """Neighbouring rated points, around the circle: a run may pass from the last axis to the first."""
    gap = points.index(None)
    run: list[tuple[float, float]] = []
    for point in [*points[gap + 1 :], *points[: gap + 1]]:
        if point is None:
            if run:
                yield run
            run = []
        else:
            run.append(point)


def marker(style: int, x: float, y: float) -> str:
    """The path of a series' marker: disc, square, triangle, diamond, downward triangle, upright cross.

    Later styles are smaller, so that two equal ratings are both seen, one inside the other.
    """
    size = _MARKER_SIZES[style - 1]
    if style == 1:
        half_turn = f"a{_n(size)} {_n(size)} 0 1 0"
        return f"M{_n(x - size)} {_n(y)}{half_turn} {_n(2 * size)} 0{half_turn} {_n(-2 * size)} 0Z"
    return _open_path([(x + size * across, y + size * down) for across, down in _MARKERS[style]]) + "Z"


def _bars(axes: Sequence[str], series: Sequence[Series], low: int, high: int) -> Radar:
    left, right, bar = 20.0, 30.0, 14.0
    track = WIDTH - left - right
    groups, y = [], _MARGIN
    for number, text in enumerate(axes):
        words = wrap(text, WIDTH - 2 * _MARGIN)
        lines = tuple(Line(line, _MARGIN, _round(y + _LINE * (row + 0.8))) for row, line in enumerate(words))
        y += len(lines) * _LINE + 5
        bars = []
        for style, one in enumerate(series, start=1):
            value = one.values[number]
            width = None if value is None else _round(track * (value - low + 1) / (high - low + 1))
            bars.append(Bar(style, value, _round(y), width, marker(style, left / 2 + 1, y + bar / 2)))
            y += bar + 6
        groups.append(BarGroup(text, lines, tuple(bars)))
        y += 12
    return Radar(
        kind="bars",
        width=WIDTH,
        height=_round(y),
        low=low,
        high=high,
        shapes=tuple(
            Shape(one.name, style, "", "", (), marker(style, 30, 9)) for style, one in enumerate(series, start=1)
        ),
        groups=tuple(groups),
        track_x=left,
        track_width=track,
        bar_height=bar,
    )


def _open_path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in points)


def _n(value: float) -> str:
    return f"{_round(value):g}"


def _round(value: float) -> float:
    return round(value, 1) + 0.0
