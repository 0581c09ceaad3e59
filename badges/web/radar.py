"""The geometry of a radar of levels: axes and ratings in, points and paths out, ready for `macros/radar.html`.

It knows any whole-number scale. It refuses to draw an unrated axis as a zero: a missing rating breaks the outline, and
the lowest level stands on the first ring, never at the centre. Under three axes, where a radar says nothing, it lays
out bars. It writes no markup and no words of its own.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from badges.web.radar_labels import LINE, WIDTH, Anchor, Direction, Label, direction, place, radius, wrap

MOST_SERIES = 6
"""Outlines that can still be told apart by their dashes and markers."""

_MARGIN = 4.0
_BARS_WIDTH = 320.0
_RING_NUMBER = 10.5
_NUMBER_GAP = 14.0
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
    """The polygon of one level; `x`, `y` is where its number is written, where it has the room."""

    level: int
    path: str
    x: float
    y: float
    numbered: bool
    outer: bool


@dataclass(frozen=True, slots=True)
class Axis:
    """A spoke from the centre and its whole label; `leader` joins them where the label had to move away.

    `number_x`, `number_y` is where its number stands on a narrow screen, whose labels are a list under the drawing.
    """

    label: str
    x: float
    y: float
    anchor: Anchor
    lines: tuple[Line, ...]
    leader: str
    number_x: float
    number_y: float


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
    """A drawing in units of its view box; `crop` is the view box without the labels, for a narrow screen.

    `kind` says which of the two families of fields is filled.
    """

    kind: Literal["radar", "bars"]
    width: float
    height: float
    low: int
    high: int
    shapes: tuple[Shape, ...]
    crop: str = ""
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


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where the levels stand: `step` units from one ring to the next, the lowest level on the first ring."""

    centre: tuple[float, float]
    directions: tuple[Direction, ...]
    step: float
    low: int
    ranks: int

    def at(self, axis: int, rank: float) -> tuple[float, float]:
        across, down = self.directions[axis]
        return self.centre[0] + across * rank * self.step, self.centre[1] + down * rank * self.step


def _radar(axes: Sequence[str], series: Sequence[Series], low: int, high: int) -> Radar:
    directions = tuple(direction(number, len(axes)) for number in range(len(axes)))
    reach = radius(axes, directions)
    labels = place(axes, directions, reach)
    half = max(WIDTH / 2, *(label.reach + 1 for label in labels))
    top = min([-reach, *(label.top for label in labels)]) - _MARGIN
    bottom = max([reach, *(label.bottom for label in labels)]) + _MARGIN
    ranks = high - low + 1
    frame = _Frame((half, -top), directions, reach / ranks, low, ranks)
    crop = reach + 2 * _NUMBER_GAP
    return Radar(
        kind="radar",
        width=_round(2 * half),
        height=_round(bottom - top),
        low=low,
        high=high,
        centre_x=_round(half),
        centre_y=_round(-top),
        crop=f"{_n(half - crop)} {_n(-top - crop)} {_n(2 * crop)} {_n(2 * crop)}",
        rings=tuple(_ring(level, frame) for level in range(low, high + 1)),
        axes=tuple(_axis(number, label, frame) for number, label in enumerate(labels)),
        shapes=tuple(_shape(one, style, axes, frame) for style, one in enumerate(series, start=1)),
    )


def _axis(number: int, label: Label, frame: _Frame) -> Axis:
    end = frame.at(number, frame.ranks)
    beyond = frame.at(number, frame.ranks + _NUMBER_GAP / frame.step)
    x = _round(frame.centre[0] + label.x)
    baseline = frame.centre[1] + label.top + LINE * 0.78
    lines = tuple(Line(line, x, _round(baseline + row * LINE)) for row, line in enumerate(label.lines))
    moved = label.anchor != "middle" and abs(label.top - label.wanted_top) > LINE
    beside = (x - 3 if label.anchor == "start" else x + 3, frame.centre[1] + label.top + label.height / 2)
    leader = _open_path([end, beside]) if moved else ""
    return Axis(
        label=label.text,
        x=_round(end[0]),
        y=_round(end[1]),
        anchor=label.anchor,
        lines=lines,
        leader=leader,
        number_x=_round(beyond[0]),
        number_y=_round(beyond[1]),
    )


def _ring(level: int, frame: _Frame) -> Ring:
    rank = level - frame.low + 1
    points = [frame.at(number, rank) for number in range(len(frame.directions))]
    # The number stands on the last side, between two axes, where no marker ever is.
    x, y = (points[0][0] + points[-1][0]) / 2, (points[0][1] + points[-1][1]) / 2
    every = math.ceil(_RING_NUMBER / (frame.step * math.cos(math.pi / len(points))))
    return Ring(
        level,
        _open_path(points) + "Z",
        _round(x),
        _round(y + _RING_NUMBER / 3),
        numbered=(frame.ranks - rank) % every == 0,
        outer=rank == frame.ranks,
    )


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
    track = _BARS_WIDTH - left - right
    groups, y = [], _MARGIN
    for number, text in enumerate(axes):
        words = wrap(text, _BARS_WIDTH - 2 * _MARGIN)
        lines = tuple(Line(line, _MARGIN, _round(y + LINE * (row + 0.8))) for row, line in enumerate(words))
        y += len(lines) * LINE + 5
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
        width=_BARS_WIDTH,
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
