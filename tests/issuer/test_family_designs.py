"""Families: each its own silhouette and colours, readable in print and without colour."""

import pytest

from issuer.family_designs import CANVAS, design_for
from issuer.outlines import outlines

FAMILIES = ("comportementales", "de-base", "numeriques", "en-entreprise", "terrain")


def luminance(colour):
    """Source: WCAG 2.2, relative luminance."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_families_differ_in_shape_and_colour():
    """Printed in grey, the silhouette alone tells the family."""
    designs = [design_for(family) for family in FAMILIES]
    assert len({design.silhouette for design in designs}) == len(FAMILIES)
    assert len({design.deep for design in designs}) == len(FAMILIES)


def test_family_is_found_however_it_is_written():
    """Capital letters and spaces change nothing."""
    assert design_for(" Comportementales ") == design_for("comportementales")


def test_unknown_family_keeps_one_design_for_ever():
    """A badge drawn again years later looks the same; unknown families share out three designs."""
    assert design_for("famille-7").deep == "#7a5410"
    others = {design_for(f"famille-{number}") for number in range(60)}
    assert len(others) == 3
    assert not others & {design_for("comportementales"), design_for("de-base"), design_for("numeriques")}


@pytest.mark.parametrize("family", [*FAMILIES, *(f"famille-{number}" for number in range(12))])
def test_design_can_be_read(family):
    """Text and pictogram stand out at 4.5 to 1, and the rim stays on the canvas."""
    design = design_for(family)
    assert contrast(design.deep, design.paper) >= 4.5
    assert contrast("#5a524a", design.paper) >= 4.5
    for outline in outlines(design.silhouette):
        assert all(24 <= value <= CANVAS - 24 for point in outline.points for value in point)
