"""SVG path data as points: what the PNG of a drawing is painted from.

Reads the commands our own drawings use: M L H V C S Q A Z, absolute and relative, arcs of circles only. Refuses any
other command by raising ValueError: drawings are part of the program, never somebody's upload.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

Point = tuple[float, float]

_TOKEN = re.compile(r"[A-Za-z]|-?(?:\d+\.?\d*|\.\d+)")
_ARITY = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "A": 7, "Z": 0}
_STEPS = 32
_DEVIATION = 0.02  # of an arc from its chord, in units of the path


@dataclass(slots=True)
class Outline:
    """The points of one stretch of a path, and whether it ends where it began."""

    points: list[Point] = field(default_factory=list)
    closed: bool = False

    def drawn(self) -> list[Point]:
        """The points a pen passes through, back to the first where the outline is closed."""
        return [*self.points, self.points[0]] if self.closed else self.points


def outlines(path: str) -> list[Outline]:
    """The outlines of SVG path data, curves cut into short straight pieces.

    Raises:
        ValueError: for a command outside the ones named above.

    Source: SVG 1.1, section 8.3 (path data).
    """
    pen = _Pen()
    for command, numbers in _commands(path):
        pen.follow(command, numbers)
    return pen.found


def circle(x: float, y: float, radius: float) -> str:
    """Path data of a circle."""
    half = f"a{radius:g} {radius:g} 0 1 1"
    return f"M{x - radius:g} {y:g}{half} {2 * radius:g} 0{half} {-2 * radius:g} 0z"


def _commands(path: str) -> Iterator[tuple[str, list[float]]]:
    command, numbers = "", list[float]()
    for token in _TOKEN.findall(path):
        if not token.isalpha():
            numbers.append(float(token))
        elif token.upper() not in _ARITY:
            raise ValueError(f"The path command {token!r} is not one our drawings use.")
        else:
            yield from _repeated(command, numbers)
            command, numbers = token, []
    yield from _repeated(command, numbers)


def _repeated(command: str, numbers: list[float]) -> Iterator[tuple[str, list[float]]]:
    if not command:
        return
    arity = _ARITY[command.upper()]
    if arity == 0:
        yield command, []
        return
    for start in range(0, len(numbers), arity):
        yield command, numbers[start : start + arity]
        command = {"M": "L", "m": "l"}.get(command, command)


class _Pen:
    """Follows path commands and keeps the outlines it drew."""

    def __init__(self) -> None:
        self.found: list[Outline] = []
        self.at: Point = (0.0, 0.0)
        self.control: Point | None = None

    def follow(self, command: str, numbers: list[float]) -> None:
        x0, y0 = self.at if command.islower() else (0.0, 0.0)
        control, self.control = self.control or self.at, None
        match command.upper():
            case "Z":
                self.found[-1].closed = True
                self.at = self.found[-1].points[0]
            case "H":
                self._to((x0 + numbers[0], self.at[1]))
            case "V":
                self._to((self.at[0], y0 + numbers[0]))
            case "A":
                self._arc(numbers[0], bool(numbers[3]), bool(numbers[4]), (x0 + numbers[5], y0 + numbers[6]))
            case letter:
                points = [(x0 + x, y0 + y) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]
                if letter == "M":
                    self.found.append(Outline([points[0]]))
                    self.at = points[0]
                elif letter == "S":
                    mirrored = (2 * self.at[0] - control[0], 2 * self.at[1] - control[1])
                    self._curve([mirrored, *points])
                else:
                    self._curve(points)

    def _to(self, point: Point) -> None:
        self.found[-1].points.append(point)
        self.at = point

    def _curve(self, points: list[Point]) -> None:
        """A straight line (one point), a quadratic (two) or a cubic (three) Bézier curve, by De Casteljau."""
        if len(points) == 1:
            self._to(points[0])
            return
        control = [self.at, *points]
        self.control = points[-2] if len(points) == 3 else None  # noqa: PLR2004 - a cubic has three
        for step in range(1, _STEPS + 1):
            t, row = step / _STEPS, control
            while len(row) > 1:
                row = [(x1 + (x2 - x1) * t, y1 + (y2 - y1) * t) for (x1, y1), (x2, y2) in pairwise(row)]
            self._to(row[0])

    def _arc(self, radius: float, large: bool, clockwise: bool, end: Point) -> None:  # noqa: FBT001 - SVG's own flags
        """An arc of a circle. Source: SVG 1.1, appendix F.6.5."""
        (x1, y1), (x2, y2) = self.at, end
        chord = math.dist(self.at, end)
        if chord == 0:
            return
        radius = max(radius, chord / 2)
        height = math.sqrt(max(0.0, radius**2 - chord**2 / 4)) * (-1 if large == clockwise else 1)
        centre_x = (x1 + x2) / 2 - height * (y2 - y1) / chord
        centre_y = (y1 + y2) / 2 + height * (x2 - x1) / chord
        start = math.atan2(y1 - centre_y, x1 - centre_x)
        sweep = (math.atan2(y2 - centre_y, x2 - centre_x) - start) % (2 * math.pi)
        if not clockwise:
            sweep -= 2 * math.pi
        steps = math.ceil(abs(sweep) / (2 * math.acos(1 - _DEVIATION / radius)))
        for step in range(1, steps + 1):
            angle = start + sweep * step / steps
            self._to((centre_x + radius * math.cos(angle), centre_y + radius * math.sin(angle)))
