"""Pictograms: a closed set, each within its grid, no two alike."""

import io
from itertools import combinations

import pytest
from defusedxml.ElementTree import fromstring
from PIL import Image, ImageChops

from issuer import drawing, pictograms
from issuer.drawing import Fill, Stroke
from issuer.outlines import outlines

NAMES = [
    "equipe",
    "rigueur",
    "adaptation",
    "decision",
    "federer",
    "curiosite",
    "proposition",
    "stress",
    "perseverance",
    "recul",
    "reactivite",
    "organisation",
    "communication",
    "autonomie",
    "engagement",
    "francais",
    "calcul",
    "numerique",
    "regles",
    "apprendre",
    "gestes",
    "donnees",
    "collaboration",
    "creation",
    "protection",
    "environnement",
    "prevenir",
    "securite",
    "ecouter",
    "retour",
    "materiel",
    "concentration",
    "autodiscipline",
    "leadership",
    "badge",
]


def picture_of(name):
    png = drawing.to_png(pictograms.marks(name, "#000000"), pictograms.GRID, 48)
    return Image.open(io.BytesIO(png)).getchannel("A")


def test_every_name_has_its_drawing():
    """The set is closed: these names and no other."""
    assert sorted(pictograms.names()) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_pictogram_stays_on_its_grid(name):
    """Nothing is cut off at the edge, the width of the line included."""
    for mark in pictograms.marks(name):
        margin = mark.width / 2 if isinstance(mark, Stroke) else 0
        for outline in outlines(mark.path):
            for x, y in outline.points:
                assert margin <= x + 0.06 <= pictograms.GRID - margin + 0.12
                assert margin <= y + 0.06 <= pictograms.GRID - margin + 0.12


def test_pictograms_differ_from_one_another():
    """Any two differ in at least one pixel in twelve, even small."""
    drawn = {name: picture_of(name) for name in NAMES}
    for one, other in combinations(NAMES, 2):
        difference = ImageChops.difference(drawn[one], drawn[other])
        assert sum(difference.histogram()[128:]) > 48 * 48 / 12, (one, other)


def test_unknown_name_gives_the_neutral_badge():
    """A référentiel written elsewhere still has its pictures."""
    assert pictograms.marks("nulle-part") == pictograms.marks("badge")
    assert pictograms.svg("<script>") == pictograms.svg("badge")


def test_svg_takes_the_colour_of_its_text_and_is_silent():
    """A pictogram stands beside its word, which screen readers read."""
    root = fromstring(pictograms.svg("calcul"))
    assert root.get("viewBox") == "0 0 24 24"
    assert root.get("aria-hidden") == "true"
    colours = {path.get(kind) for path in root for kind in ("stroke", "fill")} - {None, "none"}
    assert colours == {"currentColor"}


def test_marks_take_the_colour_asked_for():
    """On a badge picture the pictogram is light on dark."""
    lines, shapes = pictograms.marks("calcul", "#ffffff")
    assert isinstance(lines, Stroke)
    assert isinstance(shapes, Fill)
    assert lines.colour == shapes.colour == "#ffffff"
