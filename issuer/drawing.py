"""One small drawing language, rendered alike as SVG and as PNG.

A drawing is a tuple of marks (filled shapes, stroked lines, lines of text) on a square canvas. Shapes are written as
SVG path data, so the SVG is the description itself and the PNG follows the same numbers. Refuses: whatever a badge
picture does not need (gradients, clipping, images, scripts, references to anything outside the file).
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

from PIL import Image, ImageDraw, ImageFont

from issuer.outlines import Point, outlines

FONT_STACK = "'Noto Sans',system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif"
PRINT_DPI = 300
SMALLEST_PNG, LARGEST_PNG = 16, 2048

_OVERSAMPLED_SIDE = 4800
_MEASURED_AT = 100
_MISSING = "\uffff"


@dataclass(frozen=True, slots=True)
class Fill:
    """A closed shape filled with one colour."""

    path: str
    colour: str


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line with round ends and joins."""

    path: str
    colour: str
    width: float


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text, centred on x, its baseline at y; `size` in canvas units."""

    string: str
    x: float
    y: float
    size: float
    colour: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    """Marks drawn at another place and scale."""

    marks: tuple[Mark, ...]
    x: float
    y: float
    scale: float


Mark = Fill | Stroke | Text | Placed


def width(string: str, size: float, *, bold: bool = False) -> float:
    """The width of a line of text, in the units of `size`."""
    return sum(_advance(letter, bold=bold) for letter in string) * size / _MEASURED_AT


def can_write(string: str) -> bool:
    """Whether the PNG's font has every letter of the text (Latin, Greek and Cyrillic)."""
    return all(_has(letter) for letter in set(string))


@lru_cache(maxsize=4096)
def _advance(letter: str, *, bold: bool) -> float:
    # Letter by letter: the basic layout kerns nothing here, and measuring long lines whole costs half a millisecond.
    # A letter the font lacks may be as wide as it is high.
    return _font(_MEASURED_AT, bold=bold).getlength(letter) if _has(letter) else _MEASURED_AT


@lru_cache(maxsize=4096)
def _has(letter: str) -> bool:
    font = _font(_MEASURED_AT, bold=True)
    return bytes(font.getmask(letter)) != bytes(font.getmask(_MISSING))


def to_svg(marks: tuple[Mark, ...], canvas: float, title: str) -> bytes:
    """The drawing as a self-contained SVG of `canvas` units a side, named by `title` for those who cannot see it."""
    side = _number(canvas)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" width="{side}" height="{side}"'
        f' role="img" aria-label={quoteattr(title)}><title>{escape(title)}</title>'
    )
    return (head + "".join(map(_svg, marks)) + "</svg>\n").encode()


def to_png(marks: tuple[Mark, ...], canvas: float, pixels: int) -> bytes:
    """The drawing as a PNG of `pixels` a side, transparent around the marks, marked for print at 300 dpi.

    Raises:
        ValueError: where the side is not between 16 and 2048 pixels.
    """
    if not SMALLEST_PNG <= pixels <= LARGEST_PNG:
        raise ValueError(f"A picture is {SMALLEST_PNG} to {LARGEST_PNG} pixels wide, not {pixels}.")
    finer = max(2, min(4, _OVERSAMPLED_SIDE // pixels))
    image = Image.new("RGBA", (pixels * finer, pixels * finer), (255, 255, 255, 0))
    brush = _Brush(ImageDraw.Draw(image), 0, 0, pixels * finer / canvas)
    for mark in marks:
        brush.paint(mark)
    stream = io.BytesIO()
    small = image.resize((pixels, pixels), Image.Resampling.BOX)
    small.save(stream, "PNG", optimize=True, dpi=(PRINT_DPI, PRINT_DPI))
    return stream.getvalue()


def inline(marks: tuple[Mark, ...]) -> str:
    """The marks as SVG elements alone, for a page that brings its own `<svg>`."""
    return "".join(map(_svg, marks))


def _svg(mark: Mark) -> str:
    match mark:
        case Fill(path, colour):
            return f'<path d="{path}" fill="{colour}"/>'
        case Stroke(path, colour, line):
            return (
                f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{_number(line)}"'
                ' stroke-linecap="round" stroke-linejoin="round"/>'
            )
        case Placed(marks, x, y, scale):
            inner = "".join(map(_svg, marks))
            return f'<g transform="translate({_number(x)} {_number(y)}) scale({_number(scale)})">{inner}</g>'
        case Text(string, x, y, size, colour, bold):
            # textLength holds the line to the width it was wrapped for, whichever font of the stack is found; letters
            # we could not measure are left to the reader's fonts
            held = f' textLength="{_number(width(string, size, bold=bold))}" lengthAdjust="spacingAndGlyphs"'
            return (
                f'<text x="{_number(x)}" y="{_number(y)}" font-family="{FONT_STACK}" font-size="{_number(size)}"'
                f' font-weight="{700 if bold else 400}" fill="{colour}" text-anchor="middle"'
                f"{held if can_write(string) else ''}>{escape(string)}</text>"
            )


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


@cache
def _font_file(*, bold: bool) -> bytes:
    return files("issuer").joinpath("fonts", f"NotoSans-{'Bold' if bold else 'Regular'}.ttf").read_bytes()


@lru_cache(maxsize=64)
def _font(size: float, *, bold: bool) -> ImageFont.FreeTypeFont:
    # the basic layout, because the other one depends on a library of the system
    return ImageFont.truetype(io.BytesIO(_font_file(bold=bold)), size, layout_engine=ImageFont.Layout.BASIC)


@dataclass(frozen=True, slots=True)
class _Brush:
    """Paints marks on a Pillow image, moved by (x, y) pixels and scaled to `scale` pixels a unit."""

    draw: ImageDraw.ImageDraw
    x: float
    y: float
    scale: float

    def paint(self, mark: Mark) -> None:
        match mark:
            case Fill(path, colour):
                for outline in outlines(path):
                    self.draw.polygon(self._moved(outline.points), fill=colour)
            case Stroke(path, colour, line):
                for outline in outlines(path):
                    self._line(self._moved(outline.drawn()), colour, line * self.scale / 2)
            case Placed(marks, x, y, scale):
                brush = _Brush(self.draw, self.x + x * self.scale, self.y + y * self.scale, self.scale * scale)
                for inner in marks:
                    brush.paint(inner)
            case Text(string, x, y, size, colour, bold):
                if can_write(string):  # empty boxes would be worse than a picture without its name
                    font = _font(size * self.scale, bold=bold)
                    self.draw.text(self._moved([(x, y)])[0], string, fill=colour, font=font, anchor="ms")

    def _moved(self, points: list[Point]) -> list[Point]:
        return [(self.x + x * self.scale, self.y + y * self.scale) for x, y in points]

    def _line(self, points: list[Point], colour: str, radius: float) -> None:
        for x, y in points:
            self.draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)
        for (x1, y1), (x2, y2) in pairwise(points):
            length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
            if length:
                across, along = radius * (y1 - y2) / length, radius * (x2 - x1) / length
                corners = [
                    (x1 + across, y1 + along),
                    (x2 + across, y2 + along),
                    (x2 - across, y2 - along),
                    (x1 - across, y1 - along),
                ]
                self.draw.polygon(corners, fill=colour)
