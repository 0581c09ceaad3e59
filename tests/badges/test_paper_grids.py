"""Grids on paper: printed with a short code, typed in at once, under the same rules as on a screen."""

from datetime import date

import pytest

from badges.models.assessments import Rater
from badges.models.people import Role
from badges.services import assessments, codes, paper_grids
from badges.services.errors import Conflict, Forbidden, Invalid, NotFound
from badges.services.paper_grids import GridRefused, Typed
from tests import factories, rounds
from tests.rounds import CODES

TODAY = date(2026, 11, 21)
SEEN = "Trois fois au chantier du lavoir."


@pytest.fixture
def world(session, clock):
    return rounds.world(session, clock())


def type_in(world, row, rater, levels, *, finish=True, paper_on=TODAY, who=None, words=SEEN):
    lines = {code: Typed(level, words if level not in {"", "x"} else "") for code, level in levels.items()}
    return paper_grids.type_in(
        world.session,
        who or world.as_coach,
        row.id,
        rater=rater,
        lines=lines,
        paper_on=paper_on,
        finish=finish,
        now=world.now,
        today=TODAY,
    )


def test_sheets_of_both_are_typed_the_coachs_first(world):
    """Blindness holds on paper: the person's sheet waits for the end of the coach's own view."""
    row = world.opened()
    mine = dict(zip(CODES, ("2", "x", "3"), strict=True))
    with pytest.raises(Conflict):
        type_in(world, row, Rater.SELF, mine)
    type_in(world, row, Rater.COACH, dict.fromkeys(CODES, "3"), paper_on=date(2026, 11, 19))
    held = type_in(world, row, Rater.SELF, mine, paper_on=date(2026, 11, 18))
    assert {code: one.level for code, one in assessments.answers(held, Rater.SELF).items()} == dict(
        zip(CODES, (2, None, 3), strict=True)
    )
    assert (held.self_paper_on, held.coach_paper_on) == (date(2026, 11, 18), date(2026, 11, 19))
    assert held.self_typed_by == world.coach.id
    assert assessments.revealed(held)
    with pytest.raises(Conflict):
        type_in(world, row, Rater.SELF, mine)


def test_digits_of_any_script_are_read(world):
    """A keyboard of another language types the same level."""
    row = type_in(world, world.opened(), Rater.COACH, dict(zip(CODES, ("٣", " 2 ", "X"), strict=True)))
    assert [assessments.answers(row, Rater.COACH)[code].level for code in CODES] == [3, 2, None]


def test_every_wrong_line_is_named(world):
    """Off the scale, no digit, no situation: each beside its line, not one after the other."""
    row = world.opened()
    lines = {CODES[0]: Typed("9", SEEN), CODES[1]: Typed("deux", SEEN), CODES[2]: Typed("3", "")}
    with pytest.raises(GridRefused) as refused:
        paper_grids.type_in(
            world.session,
            world.as_coach,
            row.id,
            rater=Rater.COACH,
            lines=lines,
            paper_on=TODAY,
            finish=False,
            now=world.now,
            today=TODAY,
        )
    assert set(refused.value.faults) == set(CODES)


def test_sheet_with_gaps_is_kept_and_not_ended(world):
    """What the paper does not say stays open; ending names what is missing."""
    row = world.opened()
    type_in(world, row, Rater.COACH, {CODES[0]: "3", CODES[1]: ""}, finish=False)
    assert set(assessments.answers(row, Rater.COACH)) == {CODES[0]}
    with pytest.raises(GridRefused) as refused:
        type_in(world, row, Rater.COACH, {CODES[1]: "2"})
    assert set(refused.value.faults) == {CODES[2]}


def test_what_the_person_answered_on_a_screen_stays(world):
    """Their paper is not typed over it, whatever it says."""
    row = world.opened()
    world.rate(row, Rater.SELF, CODES[0], 1)
    type_in(world, row, Rater.COACH, dict.fromkeys(CODES, "3"))
    held = type_in(world, row, Rater.SELF, dict.fromkeys(CODES, "4"))
    given = assessments.answers(held, Rater.SELF)
    assert [given[code].level for code in CODES] == [1, 4, 4]
    assert given[CODES[0]].staff_id is None


@pytest.mark.parametrize("day", [None, date(2026, 11, 22)])
def test_paper_has_a_day_that_has_come(world, day):
    """A sheet is dated."""
    with pytest.raises(Invalid) as refused:
        type_in(world, world.opened(), Rater.COACH, {}, paper_on=day)
    assert refused.value.field == "paper_on"


def test_code_leads_to_the_round_and_only_its_coach(world):
    """Typed any way one reads it; for somebody else it leads nowhere."""
    row = world.opened()
    code = paper_grids.code_of(row.id)
    assert paper_grids.code_of(row.id) == code
    assert paper_grids.by_code(world.session, world.as_coach, f" {codes.show_code(code).lower()} ").id == row.id
    mate = factories.actor(factories.staff(world.session, (world.structure, Role.COACH)))
    for who, typed in ((mate, code), (world.as_coach, "nimporte"), (world.as_coach, "")):
        with pytest.raises(NotFound):
            paper_grids.by_code(world.session, who, typed)
    with pytest.raises(NotFound):
        type_in(world, row, Rater.COACH, {}, who=mate)
    with pytest.raises(Forbidden):
        paper_grids.require_typing(row, world.as_person, Rater.COACH)


def test_round_that_has_both_views_has_no_sheet_left(world):
    """Nothing to print and nothing to type."""
    world.revealed(dict.fromkeys(CODES, 2), dict.fromkeys(CODES, 3))
    assert paper_grids.open_rounds(world.session, world.as_coach) == []


def test_sheets_are_printed_and_typed_without_a_script(world, client, session):
    """Print both, find by code, type with a mistake, mend it, end; a refused grid writes nothing."""
    row = world.opened()
    factories.sign_in(session, client, world.coach, world.now)
    session.commit()
    code = codes.show_code(paper_grids.code_of(row.id))
    for view in ("moi", "coach"):
        page = client.get(f"/papier/fiches/{view}")
        assert code in page.text
        assert world.person.name in page.text
    assert client.post("/papier", data={"code": "rien"}).status_code == 422
    address = client.post("/papier", data={"code": code}).location
    assert address.endswith("/papier/coach")
    form = {"paper_on": "2026-11-20", **{f"level:{one}": "3" for one in CODES}}
    form |= {f"situation:{one}": SEEN for one in CODES}
    refused = client.post(address, data={**form, f"level:{CODES[1]}": "9"})
    assert refused.status_code == 422
    assert 'value="9"' in refused.text
    session.expire_all()
    assert assessments.answers(assessments.round_for(session, world.as_coach, row.id), Rater.COACH) == {}
    session.commit()  # reading took the lock of a writing session
    assert client.post(address, data={**form, "finish": "1"}).status_code == 303
    assert client.post("/papier", data={"code": code}).location.endswith("/papier/moi")
    beside = client.get(f"/positionnements/{row.id}/papier/moi")
    assert "Elle lira que vous les avez saisis." in beside.text
