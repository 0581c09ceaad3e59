"""Drawings: SVG and PNG of one description, without anything from outside."""

import io
from xml.etree import ElementTree as ET

import pytest
from defusedxml.ElementTree import fromstring
from PIL import Image

from issuer import drawing
from issuer.drawing import Fill, Placed, Stroke, Text

SQUARE = Fill("M2 2h6v6h-6z", "#aa0000")
MARKS = (SQUARE, Stroke("M0 9h10", "#0000aa", 1), Placed((Fill("M0 0h1v1h-1z", "#00aa00"),), 8, 0, 2))


def pixels(marks, side=100):
    image = Image.open(io.BytesIO(drawing.to_png(marks, 10, side)))
    assert image.size == (side, side)
    return image


def test_png_paints_what_is_described():
    """Fill, stroke and placed marks stand where the numbers say; the rest is transparent."""
    image = pixels(MARKS)
    assert image.getpixel((50, 50)) == (0xAA, 0, 0, 255)
    assert image.getpixel((50, 90)) == (0, 0, 0xAA, 255)
    assert image.getpixel((90, 10)) == (0, 0xAA, 0, 255)
    assert image.getpixel((10, 50))[3] == 0


def test_png_is_marked_for_print():
    """600 pixels are five centimetres on a CV."""
    assert pixels((SQUARE,)).info["dpi"] == pytest.approx((300, 300), abs=0.1)


@pytest.mark.parametrize("side", [0, 15, 2049, 100_000])
def test_png_of_an_unreasonable_size_is_refused(side):
    """A size from an address bar cannot exhaust the memory."""
    with pytest.raises(ValueError, match="16 to 2048"):
        drawing.to_png((SQUARE,), 10, side)


def test_svg_is_well_formed_and_says_its_title():
    """Whatever the text, the SVG stays one document, named for those who cannot see it."""
    svg = drawing.to_svg((Text('<b> & "x"', 5, 5, 2, "#000000"),), 10, 'A "B" <C> & D')
    root = fromstring(svg)
    assert root.get("aria-label") == 'A "B" <C> & D'
    assert root.get("role") == "img"
    assert root.find("{http://www.w3.org/2000/svg}title").text == 'A "B" <C> & D'
    assert root.find("{http://www.w3.org/2000/svg}text").text == '<b> & "x"'
    assert isinstance(root, ET.Element)


def test_svg_holds_a_line_of_text_to_its_measured_width():
    """Whichever font is found, a line stays as wide as it was wrapped for."""
    svg = drawing.to_svg((Text("Rigueur", 5, 5, 2, "#000000", bold=True),), 10, "x").decode()
    assert f'textLength="{drawing.width("Rigueur", 2, bold=True):.2f}"' in svg
    assert b"textLength" not in drawing.to_svg((Text("张伟", 5, 5, 2, "#000000"),), 10, "x")


def test_width_grows_with_the_text_and_its_size():
    """Measuring is linear in the size, and bold is wider."""
    assert drawing.width("ii", 10) == pytest.approx(2 * drawing.width("i", 10))
    assert drawing.width("été", 20) == pytest.approx(2 * drawing.width("été", 10))
    assert drawing.width("Rigueur", 10, bold=True) > drawing.width("Rigueur", 10)
    assert drawing.width("张伟", 10) == 20


def test_bundled_font_writes_french_and_its_neighbours():
    """Every letter of French, and of the languages written in Latin, Greek and Cyrillic."""
    assert drawing.can_write("Àâæçéèêëîïôœùûüÿ ÀÂÆÇÉÈÊËÎÏÔŒÙÛÜŸ « ’ … – — · ° € № »\u00a0\u202f!")
    assert drawing.can_write("Łódź Škoda İzmir Nguyễn Ærø ß Ñandú Ελλάδα Україна")
    assert not drawing.can_write("张伟")
    assert not drawing.can_write("سلمى")


def test_png_leaves_out_what_the_font_cannot_write():
    """No empty boxes: a picture without its name is still the badge's picture."""
    assert pixels((Text("张伟", 5, 5, 2, "#000000"),)).getextrema()[3] == (0, 0)
    assert pixels((Text("Zhang Wei", 5, 5, 2, "#000000"),)).getextrema()[3][1] > 0


def test_accents_are_drawn():
    """An accented letter is not its bare letter."""
    assert pixels((Text("é", 5, 8, 8, "#000000"),)).tobytes() != pixels((Text("e", 5, 8, 8, "#000000"),)).tobytes()
