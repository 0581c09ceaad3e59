"""Absences: a colleague stands in from a day to a day, does all the coach does, and has nothing before and after."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from badges.models.assessments import Moment, Rater, RatingRecord
from badges.models.journal import JournalRecord
from badges.models.people import CoverRecord, MembershipRecord, Role, RoleRecord
from badges.services import access, assessments, caseload, covers, people
from badges.services.errors import Forbidden, Invalid, NotFound
from tests import factories, rounds
from tests.rounds import DAY

FIRST, LAST = DAY + timedelta(days=2), DAY + timedelta(days=9)
SIDES = [(FIRST - timedelta(days=1), False), (FIRST, True), (LAST, True), (LAST + timedelta(days=1), False)]


@pytest.fixture
def world(session, clock):
    return rounds.world(session, clock())


@pytest.fixture
def colleague(session, world):
    """Another coach of the structure."""
    return factories.staff(session, (world.structure, Role.COACH), name="Samir Belkacem")


@pytest.fixture
def named(session, world, colleague, clock):
    """Names the colleague, or whoever is given, for the coach."""

    def named(by=None, **changes):
        arguments = {
            "organisation_id": world.structure.id,
            "coach_id": world.coach.id,
            "stand_in_id": colleague.id,
            "starts_on": FIRST,
            "ends_on": LAST,
            "now": clock(),
            "today": DAY,
            **changes,
        }
        return covers.name_stand_in(session, factories.actor(by or world.coach), **arguments)

    return named


@pytest.fixture
def on(session, clock):
    """Who asks on a day, as a request finds out."""

    def on(who, day):
        token = access.open_session(session, now=clock(), staff=who)
        return access.actor_of(session, token, clock(), day)

    return on


@pytest.mark.parametrize("side", SIDES)
def test_stand_in_has_what_the_coach_has_on_those_days_and_on_no_other(session, world, named, on, side):
    """List, round, opening: from the first day to the last, both included; nobody has changed coach."""
    day, inside = side
    row = world.opened()
    asking = on(named().stand_in, day)
    [line] = caseload.caseload(session, asking, caseload.Wanted(everyone=True)).lines
    assert (line.mine, line.in_place_of) == ((True, world.coach.name) if inside else (False, ""))
    assert caseload.caseload(session, asking).mine == int(inside)
    acts = (
        lambda: assessments.round_for(session, asking, row.id),
        lambda: assessments.followed_by(session, asking, world.person.id),
    )
    for act in acts:
        if inside:
            act()
        else:
            with pytest.raises((NotFound, Forbidden)):
                act()
    assert session.scalars(select(MembershipRecord.coach_id)).all() == [world.coach.id]


def test_what_the_stand_in_writes_is_theirs(session, world, colleague, named, on):
    """The rating keeps who typed it; the round stays the coach's."""
    row = world.opened()
    named(starts_on=DAY)
    asking = on(colleague, DAY)
    for code in rounds.CODES:
        assessments.rate(
            session,
            asking,
            row.id,
            rater=Rater.COACH,
            competence_code=code,
            level=3,
            situation="Deux fois au chantier.",
            now=world.now,
        )
    assessments.seal(session, asking, row.id, rater=Rater.COACH, now=world.now)
    assert set(session.scalars(select(RatingRecord.staff_id))) == {colleague.id}
    assert row.coach_id == world.coach.id
    assert assessments.sealed(assessments.round_for(session, world.as_coach, row.id), Rater.COACH)


@pytest.mark.parametrize("role", [one for one in Role if one is not Role.COACH])
def test_other_roles_gain_nothing_even_where_one_was_named_before(session, world, named, on, role):
    """A stand-in who no longer coaches there stands in for nobody."""
    row, colleague = world.opened(), named(starts_on=DAY).stand_in
    colleague.roles[:] = [RoleRecord(organisation_id=world.structure.id, role=role)]
    session.flush()
    asking = on(colleague, DAY)
    assert asking.stands_in_for == frozenset()
    with pytest.raises(NotFound):
        assessments.round_for(session, asking, row.id)


def test_another_structure_is_never_covered(session, world, colleague, named, on):
    """Neither is its coach named, nor are the absent coach's people elsewhere seen."""
    elsewhere = factories.organisation(session, "Atelier Cadran")
    stranger = factories.staff(session, (elsewhere, Role.COACH), name="Sacha Lenoir")
    for refused in ({"stand_in_id": stranger.id}, {"stand_in_id": world.coach.id}, {"stand_in_id": 0}):
        with pytest.raises(Invalid) as found:
            named(**refused)
        assert found.value.field == "stand_in"
    session.add(RoleRecord(staff_id=world.coach.id, organisation_id=elsewhere.id, role=Role.COACH))
    session.add(RoleRecord(staff_id=colleague.id, organisation_id=elsewhere.id, role=Role.COACH))
    there = factories.person(session, elsewhere, world.coach, name="Ailleurs")
    named(starts_on=DAY)
    session.expire_all()
    asking = on(colleague, DAY)
    assert asking.stands_in_for == {(world.structure.id, world.coach.id)}
    with pytest.raises(Forbidden):
        assessments.followed_by(session, asking, there.id)


def test_cover_does_not_pass_on(session, world, colleague, named, on):
    """Who stands in for the stand-in has the stand-in's people, not the absent coach's."""
    third = factories.staff(session, (world.structure, Role.COACH), name="Lou Ferrand")
    named(starts_on=DAY)
    named(by=colleague, coach_id=colleague.id, stand_in_id=third.id, starts_on=DAY)
    with pytest.raises(Forbidden):
        assessments.followed_by(session, on(third, DAY), world.person.id)


def test_coach_names_for_themselves_and_the_administrator_for_any(session, world, colleague, named):
    """A colleague does not name themselves, nor does an administrator of another organisation."""
    admin = factories.staff(session, (world.structure, Role.ADMINISTRATOR), name="Pascale")
    other = factories.staff(session, (factories.organisation(session), Role.ADMINISTRATOR), name="Ailleurs")
    for stranger in (colleague, other):
        with pytest.raises(Forbidden):
            named(by=stranger)
    assert named(by=admin).created_by == admin.id


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"starts_on": None}, "starts_on"),
        ({"ends_on": None}, "ends_on"),
        ({"starts_on": DAY - timedelta(days=1)}, "starts_on"),
        ({"ends_on": FIRST - timedelta(days=1)}, "ends_on"),
        ({"ends_on": FIRST + timedelta(days=185)}, "ends_on"),
    ],
)
def test_days_that_cannot_be_are_refused(session, named, changes, field):
    """Both days, in order, from today on, six months at most."""
    with pytest.raises(Invalid) as refused:
        named(**changes)
    assert refused.value.field == field
    assert session.scalar(select(func.count()).select_from(CoverRecord)) == 0


def test_same_form_twice_is_one_cover_and_it_may_be_ended(session, clock, colleague, named, on):
    """Journalled when named and when ended; ended twice changes nothing; a new one may follow."""
    row = named(starts_on=DAY)
    assert named(starts_on=DAY).id == row.id
    with pytest.raises(Invalid):
        named(starts_on=DAY, ends_on=FIRST)
    for _ in range(2):
        covers.end(session, factories.actor(colleague), row.id, now=clock())
    assert on(colleague, DAY).stands_in_for == frozenset()
    assert named(starts_on=DAY).id != row.id
    acts = session.scalars(select(JournalRecord).where(JournalRecord.action.startswith("cover."))).all()
    assert [act.action for act in acts] == ["cover.named", "cover.ended", "cover.named"]
    assert acts[0].details["ends_on"] == LAST.isoformat()


def test_person_can_be_told_who_stands_in(session, world, colleague, named):
    """On the days it lasts, and only for their own coach."""
    named()
    [membership] = world.person.memberships
    assert [one.stand_in.name for one in covers.stands_in(session, membership, FIRST)] == ["Samir Belkacem"]
    assert covers.stands_in(session, membership, DAY) == []
    people.hand_over(session, world.as_coach, world.person.id, coach_id=colleague.id, now=world.now)
    assert covers.stands_in(session, membership, FIRST) == []


@pytest.fixture
def enter(app, session, clock):
    def open_browser(who):
        browser = app.test_client()
        factories.sign_in(session, browser, who, clock())
        session.commit()
        return browser

    return open_browser


def test_from_the_page_to_the_colleagues_list(world, colleague, enter, clock):
    """Named on the page, told to both, there on the first day, gone after the last."""
    browser = enter(world.coach)
    form = {
        "coach": f"{world.structure.id}-{world.coach.id}",
        "stand_in": colleague.id,
        "starts_on": FIRST.isoformat(),
        "ends_on": LAST.isoformat(),
    }
    assert browser.post("/remplacements", data=form).headers["Location"] == "/remplacements"
    assert "Samir Belkacem" in browser.get("/remplacements").text
    assert "Samir Belkacem vous remplacera" in browser.get("/personnes").text
    assert f"en remplacement de {world.coach.name}" not in enter(colleague).get("/personnes").text
    clock.forward(days=2)
    assert "Samir Belkacem remplace votre coach jusqu’au" in enter(world.person).get("/moi").text
    standing = enter(colleague)
    assert "En l’absence du coach" in standing.get(f"/personnes/{world.person.id}").text
    page = standing.get("/personnes").text
    assert f"en remplacement de {world.coach.name}" in page
    assert f"Vous remplacez {world.coach.name} jusqu’au" in page
    assert standing.get(f"/personnes/{world.person.id}/positionnements/nouveau").status_code == 200
    clock.forward(days=8)
    late = enter(colleague)
    assert f"en remplacement de {world.coach.name}" not in late.get("/personnes").text
    assert late.get(f"/personnes/{world.person.id}/positionnements/nouveau").status_code == 403


def test_administrator_names_for_a_coach_who_is_away_already(session, world, colleague, enter):
    """From the organisation's page; what is refused keeps what was typed."""
    admin = enter(factories.staff(session, (world.structure, Role.ADMINISTRATOR), name="Pascale"))
    form = {"coach": f"{world.structure.id}-{world.coach.id}", "stand_in": colleague.id, "starts_on": DAY.isoformat()}
    refused = admin.post("/remplacements", data=form)
    assert refused.status_code == 422
    assert f'value="{colleague.id}" selected' in refused.text
    assert "Indiquez le dernier jour." in refused.text
    assert admin.post("/remplacements", data={**form, "ends_on": DAY.isoformat()}).status_code == 303
    assert admin.post("/remplacements", data={**form, "coach": "x", "ends_on": "x"}).status_code == 403


def test_colleague_stands_in_at_opening_for_many(world, colleague, named, enter):
    """Rounds for many are opened for the absent coach's people too."""
    named(starts_on=DAY)
    browser = enter(colleague)
    form = {
        "p": world.person.id,
        "version": world.version.id,
        "moment": Moment.ENTREE.value,
        "competences": ["equipe"],
    }
    assert browser.post("/positionnements/ouvrir", data=form).status_code == 303
    assert "Un positionnement est ouvert." in browser.get("/personnes").text


def test_people_ticked_are_handed_over_together(session, world, colleague, enter):
    """For good, each journalled; whoever takes over finds them in their list."""
    other = factories.person(session, world.structure, world.coach, name="Bilal")
    people_ids = [world.person.id, other.id]
    browser = enter(world.coach)
    page = browser.get("/personnes/relais", query_string={"p": [str(one) for one in people_ids]})
    assert f'<option value="{colleague.id}">Samir Belkacem' in page.text
    assert browser.post("/personnes/relais", data={"p": people_ids}).status_code == 422
    assert browser.post("/personnes/relais", data={"p": people_ids, "coach": colleague.id}).status_code == 303
    assert "Le relais est passé pour 2 personnes." in browser.get("/personnes").text
    assert caseload.caseload(session, factories.actor(colleague)).mine == 2
    acts = session.scalars(select(JournalRecord).where(JournalRecord.action == "person.handed_over")).all()
    assert [act.details for act in acts] == 2 * [{"from_staff": world.coach.id, "to_staff": colleague.id}]
