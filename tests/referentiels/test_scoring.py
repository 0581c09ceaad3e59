"""Whether agreed levels meet a badge."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referentiels.model import Badge, Requirement
from referentiels.scoring import Result, met, missing, results, still_needed
from tests.referentiels.strategies import patient

RIGUEUR, EQUIPE, CALCUL = Requirement("rigueur", 3), Requirement("equipe", 3), Requirement("calcul", 2)


def _badge(*requirements, at_least=None):
    return Badge("b", "B", "", "f", requirements=requirements, at_least=at_least)


@pytest.mark.parametrize(
    ("agreed", "reached"),
    [
        ({"rigueur": 3, "equipe": 3}, True),
        ({"rigueur": 4, "equipe": 5}, True),
        ({"rigueur": 3, "equipe": 2}, False),
        ({"rigueur": 3, "equipe": None}, False),
        ({"rigueur": 3}, False),
        ({}, False),
    ],
)
def test_badge_wants_all_requirements(agreed, reached):
    """At the level or above; unrated or disagreed never counts."""
    assert met(_badge(RIGUEUR, EQUIPE), agreed) is reached


@pytest.mark.parametrize(
    ("agreed", "reached"),
    [
        ({"rigueur": 3, "calcul": 2}, True),
        ({"rigueur": 3, "equipe": 3, "calcul": 2}, True),
        ({"rigueur": 3, "equipe": None, "calcul": 1}, False),
        ({"rigueur": 99}, False),
    ],
)
def test_badge_may_want_some_of_them(agreed, reached):
    """Two of three: one very high level does not make up for another."""
    assert met(_badge(RIGUEUR, EQUIPE, CALCUL, at_least=2), agreed) is reached


def test_level_zero_is_a_level_and_not_an_absence():
    """A scale may start at 0: agreed at 0 meets 0, unrated does not."""
    badge = _badge(Requirement("rigueur", 0))
    assert met(badge, {"rigueur": 0})
    assert not met(badge, {"rigueur": None})


def test_badge_requiring_nothing_is_never_met():
    """An unfinished badge is not a gift, however many it asks for."""
    assert not met(_badge(), {"rigueur": 5})
    assert not met(_badge(at_least=1), {"rigueur": 5})


def test_missing_names_what_is_not_satisfied():
    """Each requirement short of its level, in the badge's order; none once the badge is met."""
    badge = _badge(RIGUEUR, EQUIPE, CALCUL, at_least=2)
    assert missing(badge, {"equipe": 3, "calcul": 1}) == (RIGUEUR, CALCUL)
    assert still_needed(badge, {"equipe": 3, "calcul": 1}) == 1
    assert missing(badge, {"equipe": 3, "calcul": 2}) == ()
    assert still_needed(badge, {"equipe": 3, "calcul": 2}) == 0


def test_results_tell_which_competences_count_and_how():
    """The agreed level beside the required one; competences the badge does not speak of stay out."""
    badge = _badge(RIGUEUR, EQUIPE, CALCUL, at_least=2)
    agreed = {"calcul": 4, "equipe": 2, "rigueur": 3, "autre": 5}
    assert results(badge, agreed) == (Result("rigueur", 3, 3), Result("calcul", 4, 2))


@given(
    st.lists(
        st.builds(Requirement, st.sampled_from("abcd"), st.integers(0, 5)), unique_by=lambda need: need.competence
    ),
    st.none() | st.integers(1, 5),
    st.dictionaries(st.sampled_from("abcd"), st.none() | st.integers(0, 5)),
)
@patient(100)
def test_met_missing_and_results_agree(requirements, at_least, agreed):
    """Met means enough results, and something is missing exactly where it is not met."""
    badge = _badge(*requirements, at_least=at_least)
    reached = met(badge, agreed)
    wanted = len(requirements) if at_least is None else at_least
    assert reached == (bool(requirements) and len(results(badge, agreed)) >= wanted)
    if reached:
        assert missing(badge, agreed) == ()
    else:
        assert len(missing(badge, agreed)) + len(results(badge, agreed)) == len(requirements)
