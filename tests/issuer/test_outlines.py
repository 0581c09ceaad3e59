"""Path data as points: the PNG has to follow the same curves as the SVG."""

import math

import pytest

from issuer.outlines import circle, outlines


def points(path):
    [outline] = outlines(path)
    return [(round(x, 6), round(y, 6)) for x, y in outline.drawn()]


@pytest.mark.parametrize("path", ["M1 2L4 6H7V9Z", "M1 2l3 4h3v3z", "m1 2 3 4h3v3z", "M1,2 4,6 7,6 7,9Z"])
def test_outlines_reads_straight_lines_in_every_spelling(path):
    """Absolute, relative and repeated commands give the same corners, closed again."""
    assert points(path) == [(1, 2), (4, 6), (7, 6), (7, 9), (1, 2)]


def test_outlines_reads_numbers_written_without_spaces():
    """The compact spelling of SVG is understood."""
    assert points("M.5-1.5.25.75") == [(0.5, -1.5), (0.25, 0.75)]


def test_outlines_keeps_stretches_apart():
    """Each M begins another outline; only z closes one."""
    first, second = outlines("M0 0h4zM1 1v2")
    assert (first.closed, second.closed) == (True, False)
    assert second.drawn() == [(1, 1), (1, 3)]


def test_outlines_goes_on_from_where_a_closed_stretch_began():
    """After z the pen is back at the start, as SVG says."""
    _, second = outlines("M2 3h4v4zm1 1h1")
    assert second.points == [(3, 4), (4, 4)]


@pytest.mark.parametrize(("path", "middle"), [("M0 0Q5 10 10 0", (5, 5)), ("M0 0C0 8 10 8 10 0", (5, 6))])
def test_outlines_follows_bezier_curves(path, middle):
    """Both kinds end where they say and pass through their middle."""
    drawn = points(path)
    assert drawn[0] == (0, 0)
    assert drawn[-1] == (10, 0)
    assert middle in drawn


def test_outlines_mirrors_the_control_point_of_a_smooth_curve():
    """S continues a curve without a corner: the same as spelling the mirrored point out."""
    assert points("M0 0C0 4 4 4 4 0S8-4 8 0") == points("M0 0C0 4 4 4 4 0C4-4 8-4 8 0")
    assert points("M0 0L4 0s4-4 4 0") == points("M0 0L4 0C4 0 8-4 8 0")


@pytest.mark.parametrize(
    ("flags", "side"), [("0 1", -1), ("0 0", 1), ("1 1", -1), ("1 0", 1)], ids=["small+", "small-", "large+", "large-"]
)
def test_outlines_follows_arcs_of_circles(flags, side):
    """Every point lies on the circle; the flags choose the side and the longer way round."""
    drawn = points(f"M-3 0A5 5 0 {flags} 3 0")
    centre = (0, 4 * side * (1 if flags[0] == "1" else -1))
    assert all(math.dist(centre, point) == pytest.approx(5, abs=1e-5) for point in drawn)
    assert drawn[-1] == (3, 0)
    extreme = min(drawn, key=lambda point: point[1] * -side)
    assert extreme[1] == pytest.approx((9 if flags[0] == "1" else 1) * side, abs=0.05)


def test_outlines_widens_an_arc_too_small_for_its_ends():
    """A radius that does not reach becomes half the distance; an arc to where the pen is draws nothing."""
    assert max(y for _, y in points("M0 0A1 1 0 0 0 4 0")) == pytest.approx(2, abs=0.05)
    assert points("M1 1A5 5 0 0 0 1 1") == [(1, 1)]


def test_circle_is_round_and_closed():
    """The path of a circle comes back to its start, every point at its radius."""
    [outline] = outlines(circle(10, 20, 5))
    assert outline.closed
    assert all(math.dist((10, 20), point) == pytest.approx(5, abs=1e-6) for point in outline.points)


def test_outlines_refuses_a_command_our_drawings_do_not_use():
    """A drawing with a typo fails where it is read."""
    with pytest.raises(ValueError, match="'T'"):
        outlines("M0 0T4 4")
