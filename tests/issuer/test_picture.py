"""Badge pictures: everything written stays inside, the same each time, and ready to carry a credential."""

import io
import re
from dataclasses import replace
from itertools import pairwise

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given, settings
from hypothesis import strategies as st
from openbadgeslib.ob3.verifier import OB3Verifier
from PIL import Image

from issuer import drawing, picture
from issuer.drawing import Text
from issuer.errors import FactRefused, Refusal
from issuer.family_designs import design_for
from issuer.outlines import outlines
from issuer.picture import Picture, badge_png, badge_svg
from tests.issuer.samples import signed
from verify.standards import baking

TEAM = Picture(
    name="Travail en équipe",
    family="comportementales",
    pictogram="equipe",
    issuer="Région Val-de-Brume",
    year=2026,
    level="Niveau 3 · seul",
    step=4,
    steps=6,
)
LONG = (
    "L’utilisation des règles de base de calcul et du raisonnement mathématique",
    "L’utilisation des techniques usuelles de l’information et de la communication numérique",
    "L’aptitude à travailler dans le cadre de règles définies d’un travail en équipe",
    "La maîtrise des gestes et postures et le respect des règles d’hygiène et de sécurité élémentaires",
)
FAMILIES = ("comportementales", "de-base", "numeriques", "en-entreprise", "terrain", "famille-0", "famille-1")


def lines(shown):
    return [mark for mark in picture._layout(shown) if isinstance(mark, Text)]


def reach(family, y):
    """How far to the left and right of the middle the silhouette goes at that height, by our own measure."""
    points = outlines(design_for(family).silhouette)[0].drawn()
    crossings = [
        x1 + (x2 - x1) * (y - y1) / (y2 - y1)
        for (x1, y1), (x2, y2) in pairwise(points)
        if min(y1, y2) <= y <= max(y1, y2) and y1 != y2
    ]
    return min(300 - min(crossings), max(crossings) - 300)


def assert_inside(shown):
    for line in lines(shown):
        half = drawing.width(line.string, line.size, bold=line.bold) / 2
        for y in (line.y - line.size * 0.72, line.y + line.size * 0.2):
            assert half <= reach(shown.family, y) - 8, line


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("name", [TEAM.name, *LONG])
def test_long_french_names_are_written_whole_and_inside(family, name):
    """The longest names of the shipped référentiels fit every silhouette, in four lines at most."""
    shown = replace(TEAM, family=family, name=name)
    written = [line.string for line in lines(shown) if line.bold][:-1]
    assert " ".join(written) == name
    assert len(written) <= 4
    assert_inside(shown)


WORDS = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Zs"]), min_size=1, max_size=300)


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(WORDS.filter(str.strip), WORDS.filter(str.strip), WORDS, st.sampled_from(FAMILIES))
def test_any_text_stays_inside_its_silhouette(name, issuer, level, family):
    """However long and whatever the script, nothing runs over the rim, and drawing ends."""
    assert_inside(replace(TEAM, name=name, issuer=issuer, level=level, family=family))


def test_too_long_a_name_is_shortened_with_a_sign():
    """What does not fit ends in an ellipsis; the title still says it whole."""
    shown = replace(TEAM, name="Capacité " * 60)
    assert [line.string for line in lines(shown) if line.bold][-2].endswith("…")
    assert fromstring(badge_svg(shown)).get("aria-label").startswith(shown.name)
    endless = replace(TEAM, name="e" * 400)
    assert [line.string for line in lines(endless) if line.bold][-2].endswith("e…")
    assert_inside(endless)


def test_longest_name_there_can_be_is_drawn_at_once():
    """Ten thousand letters cost no more than a few hundred: the rest is not even measured."""
    shown = replace(TEAM, name="mot " * 2_500, issuer="e" * 10_000)
    assert_inside(shown)
    assert len(badge_svg(shown)) < 50_000


def test_svg_says_name_level_issuer_and_year():
    """The picture is named in words for those who cannot see it."""
    root = fromstring(badge_svg(TEAM))
    assert root.get("aria-label") == "Travail en équipe · Niveau 3 · seul · Région Val-de-Brume · 2026"
    assert [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")] == [
        "Travail en équipe",
        "Niveau 3 · seul",
        "Région Val-de-Brume",
        "2026",
    ]


def test_svg_depends_on_nothing_outside():
    """No script, no link, no style, no font to fetch: only drawing, under the one namespace."""
    svg = badge_svg(TEAM).decode()
    assert {element.tag.partition("}")[2] for element in fromstring(svg).iter()} <= {
        "svg",
        "title",
        "path",
        "g",
        "text",
    }
    assert re.findall(r"https?://[^\"' <]+", svg) == ["http://www.w3.org/2000/svg"]
    assert not re.search(r"href|url\(|\bon[a-z]+=|style=", svg)


def test_picture_is_the_same_bytes_each_time():
    """A picture can be cached by what it shows."""
    assert badge_svg(TEAM) == badge_svg(replace(TEAM))
    assert badge_png(TEAM, 120) == badge_png(replace(TEAM), 120)


def test_png_has_the_size_asked_for_and_clear_corners():
    """600 pixels unless told; it stands on paper of any colour."""
    for made, side in ((badge_png(TEAM), 600), (badge_png(TEAM, 96), 96)):
        image = Image.open(io.BytesIO(made))
        assert (image.format, image.size, image.mode) == ("PNG", (side, side), "RGBA")
        assert [image.getpixel((x, y))[3] for x in (0, side - 1) for y in (0, side - 1)] == [0, 0, 0, 0]
        assert image.getpixel((side // 2, side // 2))[3] == 255


def test_picture_shows_the_level_as_a_place_on_its_scale():
    """The path has a milestone for each level of the scale, whatever its length; no level, no path."""

    def milestones(shown):
        return len(list(picture._path(design_for(shown.family), shown.step, shown.steps)))

    assert milestones(TEAM) == 2 + 6 + 2
    assert milestones(replace(TEAM, step=1, steps=1)) == 2 + 1 + 2
    assert milestones(replace(TEAM, step=0, steps=0)) == 0
    assert badge_png(replace(TEAM, step=3), 96) != badge_png(TEAM, 96)
    assert len(lines(replace(TEAM, level="", step=0, steps=0))) == 3


@pytest.mark.parametrize(("step", "steps"), [(0, 4), (5, 4), (-1, 4), (1, 0)])
def test_picture_refuses_a_level_outside_its_scale(step, steps):
    """A picture never shows more, or less, than the scale has."""
    with pytest.raises(ValueError, match="step of its scale"):
        replace(TEAM, step=step, steps=steps)


def test_picture_refuses_text_that_cannot_be_drawn():
    """Control characters would break the SVG."""
    with pytest.raises(FactRefused) as refused:
        replace(TEAM, name="a\0b")
    assert refused.value.refusal is Refusal.CHARACTER


def test_picture_of_a_name_in_another_script_is_drawn():
    """The SVG writes it with the reader's own fonts; the PNG shows the rest."""
    shown = replace(TEAM, name="العمل الجماعي")
    assert "العمل الجماعي".encode() in badge_svg(shown)
    assert Image.open(io.BytesIO(badge_png(shown, 96))).size == (96, 96)


def test_picture_carries_the_credential_for_us_and_for_others():
    """Baked into either picture, the signed bytes come out untouched, here and in another implementation."""
    data = signed()
    png, svg = baking.bake_png(badge_png(TEAM, 96), data), baking.bake_svg(badge_svg(TEAM), data)
    assert baking.extract_png(png) == baking.extract_svg(svg) == data
    assert OB3Verifier.extract_token_from_png(png).encode() == data
    assert OB3Verifier.extract_token_from_svg(svg).encode() == data
    assert Image.open(io.BytesIO(png)).tobytes() == Image.open(io.BytesIO(badge_png(TEAM, 96))).tobytes()
