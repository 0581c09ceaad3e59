"""The geometry of the radar: gaps, scales, labels and bars."""

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges.web.radar import MOST_SERIES, Radar, Series, marker, radar
from badges.web.radar_labels import LINE, text_width, wrap

LONG = (
    "La communication en français",
    "L’utilisation des règles de base de calcul et du raisonnement mathématique",
    "L’utilisation des techniques usuelles de l’information et de la communication numérique",
    "L’aptitude à travailler dans le cadre de règles définies d’un travail en équipe",
    "L’aptitude à travailler en autonomie et à réaliser un objectif individuel",
    "La capacité d’apprendre à apprendre tout au long de la vie",
    (
        "La maîtrise des gestes et postures et le respect des règles d’hygiène, de sécurité et environnementales "
        "élémentaires"
    ),
)
FOUR = ("Rigueur", "Autonomie", "Curiosité", "Réactivité")


def points(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", path)]


def from_centre(drawing: Radar, x: float, y: float) -> float:
    return math.hypot(x - drawing.centre_x, y - drawing.centre_y)


def test_radar_of_four_axes_puts_the_first_at_the_top_and_turns_clockwise():
    """Up, right, down, left."""
    drawing = radar(FOUR, [], low=0, high=5)
    top, right, bottom, left = drawing.axes
    assert top.x == bottom.x == drawing.centre_x
    assert top.y < drawing.centre_y < bottom.y
    assert left.x < drawing.centre_x < right.x
    assert [axis.anchor for axis in drawing.axes] == ["middle", "start", "middle", "end"]


@pytest.mark.parametrize(("low", "high"), [(0, 5), (1, 4), (0, 2), (-2, 2), (10, 20)])
def test_radar_of_any_scale_spaces_its_levels_evenly(low, high):
    """Each level one ring further out, the highest on the outer ring, at the end of the spoke."""
    drawing = radar(FOUR, [Series("Vous", (low, low + 1, high, None))], low, high)
    outer = from_centre(drawing, drawing.axes[0].x, drawing.axes[0].y)
    step = outer / (high - low + 1)
    assert [ring.level for ring in drawing.rings] == list(range(low, high + 1))
    assert [ring.outer for ring in drawing.rings] == [False] * (high - low) + [True]
    distances = [from_centre(drawing, mark.x, mark.y) for mark in drawing.shapes[0].marks]
    assert distances == pytest.approx([step, 2 * step, outer], abs=0.2)


def test_radar_lowest_level_is_not_the_centre():
    """A rating of zero stands on the first ring: the centre means nothing."""
    drawing = radar(FOUR, [Series("Vous", (0, 0, 0, 0))], 0, 5)
    for mark in drawing.shapes[0].marks:
        assert from_centre(drawing, mark.x, mark.y) > 10


def test_radar_wholly_rated_closes_its_outline_and_fills_it():
    """One closed path through every axis."""
    shape = radar(FOUR, [Series("Vous", (1, 2, 3, 4))], 0, 5).shapes[0]
    assert shape.outline.endswith("Z")
    assert shape.outline.count("M") == 1
    assert shape.area == shape.outline
    assert [mark.level for mark in shape.marks] == [1, 2, 3, 4]


def test_radar_unrated_axis_breaks_the_outline():
    """The line runs around from the axis after the gap to the axis before it, and nothing is filled."""
    shape = radar(FOUR, [Series("Vous", (1, None, 3, 4))], 0, 5).shapes[0]
    marks = {mark.axis: (mark.x, mark.y) for mark in shape.marks}
    assert shape.area == ""
    assert "Z" not in shape.outline
    assert points(shape.outline) == [marks["Curiosité"], marks["Réactivité"], marks["Rigueur"]]
    assert "Autonomie" not in marks


def test_radar_two_gaps_leave_two_pieces():
    """Two runs of rated neighbours are two pieces of line."""
    axes = [f"axe {number}" for number in range(6)]
    shape = radar(axes, [Series("Vous", (1, 2, None, 3, 4, None))], 0, 5).shapes[0]
    assert shape.outline.count("M") == 2
    assert len(points(shape.outline)) == 4
    assert len(shape.marks) == 4


def test_radar_lone_rating_is_a_marker_without_a_line():
    """Between two gaps there is nothing to join."""
    shape = radar(FOUR, [Series("Vous", (None, 2, None, 4))], 0, 5).shapes[0]
    assert shape.outline == ""
    assert len(shape.marks) == 2


def test_radar_without_any_rating_draws_its_axes_only():
    """Nothing rated: no line, no marker, no area, and the axes still stand."""
    drawing = radar(FOUR, [Series("Vous", (None,) * 4)], 0, 5)
    assert (drawing.shapes[0].outline, drawing.shapes[0].area, drawing.shapes[0].marks) == ("", "", ())
    assert len(drawing.axes) == 4


def test_radar_series_each_have_a_marker_of_their_own():
    """Without colour, the shape of the marker tells them apart."""
    series = [Series(f"tour {number}", (1, 2, 3, 4)) for number in range(MOST_SERIES)]
    drawing = radar(FOUR, series, 0, 5)
    assert [shape.style for shape in drawing.shapes] == list(range(1, MOST_SERIES + 1))
    assert len({marker(style, 0, 0) for style in range(1, MOST_SERIES + 1)}) == MOST_SERIES


@pytest.mark.parametrize(
    "axes", [LONG, FOUR, LONG[:3], LONG[:5], (*LONG, *LONG), ("Anticonstitutionnellement" * 2,) * 8]
)
def test_radar_labels_are_whole_and_inside_the_drawing(axes):
    """Every word of every name is written, none beyond the edge of the drawing."""
    drawing = radar(axes, [], 1, 4)
    for axis, name in zip(drawing.axes, axes, strict=True):
        assert " ".join(line.text for line in axis.lines) == " ".join(name.split())
        for line in axis.lines:
            width = text_width(line.text)
            start = {"start": line.x, "end": line.x - width, "middle": line.x - width / 2}[axis.anchor]
            assert start >= 0
            assert start + width <= drawing.width
            assert 0 < line.y < drawing.height


@pytest.mark.parametrize("count", [3, 5, 7, 8])
def test_radar_labels_do_not_overlap(count):
    """Long names at their places: no two share a spot, and none covers the rings."""
    names = (*LONG, LONG[1])[:count]
    drawing = radar(names, [], 1, 4)
    outer = from_centre(drawing, drawing.axes[0].x, drawing.axes[0].y)
    boxes = []
    for axis in drawing.axes:
        for line in axis.lines:
            width = text_width(line.text)
            left = {"start": line.x, "end": line.x - width, "middle": line.x - width / 2}[axis.anchor]
            boxes.append((axis.label, left, line.y - LINE * 0.78, left + width, line.y + LINE * 0.22))
    for name, left, top, right, bottom in boxes:
        nearest_x = min(max(drawing.centre_x, left), right)
        nearest_y = min(max(drawing.centre_y, top), bottom)
        assert from_centre(drawing, nearest_x, nearest_y) > outer * math.cos(math.pi / count), name
        for other, left2, top2, right2, bottom2 in boxes:
            apart = right <= left2 or right2 <= left or bottom <= top2 + 0.2 or bottom2 <= top + 0.2
            assert other == name or apart, (name, other)


def test_radar_crop_holds_the_rings_and_their_numbers():
    """The narrow drawing is square, centred, and a little larger than the rings."""
    drawing = radar(FOUR, [], 0, 5)
    x, y, width, height = map(float, drawing.crop.split())
    assert width == height
    assert x + width / 2 == pytest.approx(drawing.centre_x, abs=0.2)
    for axis in drawing.axes:
        assert x < axis.number_x < x + width
        assert y < axis.number_y < y + height
        assert from_centre(drawing, axis.number_x, axis.number_y) > from_centre(drawing, axis.x, axis.y)


def test_radar_of_many_levels_numbers_only_the_rings_that_have_room():
    """Twenty-one rings: the outer one is numbered, most of the others are not."""
    rings = radar(FOUR, [], 0, 20).rings
    assert rings[-1].numbered
    assert sum(ring.numbered for ring in rings) < 12


@pytest.mark.parametrize("count", [1, 2])
def test_radar_under_three_axes_is_bars(count):
    """One bar for each series of each axis; the highest level fills its track."""
    drawing = radar(FOUR[:count], [Series("Vous", (5,) * count), Series("Votre coach", (0,) * count)], 0, 5)
    assert drawing.kind == "bars"
    assert [group.label for group in drawing.groups] == list(FOUR[:count])
    for group in drawing.groups:
        assert [bar.width for bar in group.bars] == pytest.approx(
            [drawing.track_width, drawing.track_width / 6], abs=0.1
        )


def test_bars_unrated_has_no_bar():
    """A gap is no bar at all, not a bar of nothing."""
    group = radar(("Rigueur",), [Series("Vous", (None,)), Series("Votre coach", (1,))], 1, 4).groups[0]
    assert [(bar.level, bar.width) for bar in group.bars] == [(None, None), (1, pytest.approx(67.5))]


def test_bars_follow_one_another_without_overlap():
    """Names and bars go down the page in order."""
    drawing = radar(LONG[1:3], [Series("Vous", (1, 2)), Series("Votre coach", (3, None))], 1, 4)
    heights = [
        y for group in drawing.groups for y in (*(line.y for line in group.lines), *(bar.y for bar in group.bars))
    ]
    assert heights == sorted(heights)
    assert heights[-1] + drawing.bar_height <= drawing.height


@pytest.mark.parametrize(
    ("axes", "series", "low", "high", "words"),
    [
        ((), [], 0, 5, "at least one axis"),
        (FOUR, [], 3, 3, "two levels"),
        (FOUR, [Series("Vous", (1, 2))], 0, 5, "2 values for 4 axes"),
        (FOUR, [Series("Vous", (1, 2, 3, 6))], 0, 5, "level 6"),
        (FOUR, [Series("Vous", (-1, 2, 3, 4))], 0, 5, "level -1"),
        (FOUR, [Series("Vous", (1, 2, 3, 4))] * (MOST_SERIES + 1), 0, 5, "cannot be told apart"),
    ],
)
def test_radar_that_cannot_be_drawn_is_refused(axes, series, low, high, words):
    """A drawing that would lie is not made."""
    with pytest.raises(ValueError, match=words):
        radar(axes, series, low, high)


@given(st.text(max_size=120), st.floats(min_value=1, max_value=400))
def test_wrap_never_cuts_or_loses_a_word(text, room):
    """Whatever the room, the words come out as they went in, and a line is too wide only where one word is."""
    lines = wrap(text, room)
    assert " ".join(lines).split() == text.split()
    assert all(text_width(line) <= room or len(line.split()) == 1 for line in lines)
