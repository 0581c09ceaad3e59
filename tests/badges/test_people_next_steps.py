"""What each path waits for, and on whom."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest

from badges.models.assessments import Moment, RoundOutcome
from badges.models.awards import AwardRecord, AwardState
from badges.models.people import OrganisationKind, Role
from badges.services import caseload, next_steps
from badges.services.caseload import Wanted
from badges.services.errors import NotFound
from badges.services.next_steps import Step, WaitsOn
from badges.services.path_lines import AwardLine, RoundLine
from tests import counting, factories

OPENED = factories.START
LATER = OPENED + timedelta(days=1)
FRESH = RoundLine(
    id=uuid4(),
    person_id=uuid4(),
    organisation_id=1,
    version_id=1,
    referentiel_id=1,
    title="Savoir-être",
    moment=Moment.ENTREE,
    opened_at=OPENED,
    self_sealed_at=None,
    coach_sealed_at=None,
    concluded_at=None,
    closed_at=None,
    outcome=None,
)
BOTH_IN = replace(FRESH, self_sealed_at=OPENED, coach_sealed_at=LATER)
AGREED = replace(
    BOTH_IN, concluded_at=LATER, closed_at=LATER, outcome=RoundOutcome.ACCORDE, reached=frozenset({"equipe"})
)
AWARD = AwardLine(
    id=uuid4(),
    person_id=FRESH.person_id,
    organisation_id=1,
    organisation="Mission Passerelle",
    round_id=AGREED.id,
    version_id=1,
    badge_code="equipe",
    state=AwardState.PROPOSED,
    proposed_at=LATER,
    granted_at=None,
    claimed_at=None,
    suspended_at=None,
    valid_until=None,
)


@pytest.mark.parametrize(
    ("rounds", "awards", "step", "who"),
    [
        ([], [], Step.OPEN, WaitsOn.COACH),
        ([FRESH], [], Step.RATE_BOTH, WaitsOn.BOTH),
        ([replace(FRESH, self_sealed_at=LATER)], [], Step.RATE_COACH, WaitsOn.COACH),
        ([replace(FRESH, coach_sealed_at=LATER)], [], Step.RATE_SELF, WaitsOn.PERSON),
        ([BOTH_IN], [], Step.TALK, WaitsOn.BOTH),
        ([replace(BOTH_IN, concluded_at=LATER)], [], Step.CONFIRM, WaitsOn.PERSON),
        ([AGREED], [], Step.PROPOSE, WaitsOn.COACH),
        ([replace(AGREED, unanswered=1)], [AWARD], Step.ANSWER, WaitsOn.COACH),
        ([replace(AGREED, unconfirmed=1)], [AWARD], Step.CONFIRM, WaitsOn.PERSON),
        ([AGREED], [AWARD], Step.GRANT, WaitsOn.ISSUER),
        ([AGREED], [replace(AWARD, state=AwardState.GRANTED, granted_at=LATER)], Step.CLAIM, WaitsOn.PERSON),
        ([AGREED], [replace(AWARD, state=AwardState.CLAIMED)], Step.REST, WaitsOn.NOBODY),
        ([AGREED], [replace(AWARD, state=AwardState.DECLINED)], Step.REST, WaitsOn.NOBODY),
        ([AGREED], [replace(AWARD, state=AwardState.CLAIMED, badge_code="rigueur")], Step.PROPOSE, WaitsOn.COACH),
        ([AGREED], [replace(AWARD, state=AwardState.REVOKED, round_id=uuid4())], Step.PROPOSE, WaitsOn.COACH),
        ([replace(AGREED, reached=frozenset())], [], Step.REST, WaitsOn.NOBODY),
        ([replace(AGREED, outcome=RoundOutcome.A_RETRAVAILLER)], [], Step.REST, WaitsOn.NOBODY),
        ([replace(AGREED, outcome=RoundOutcome.CLOS)], [], Step.REST, WaitsOn.NOBODY),
    ],
)
def test_path_waits_for_one_thing_first(rounds, awards, step, who):
    """Each state of rounds and awards has one next thing, and one who does it."""
    first = next_steps.steps(rounds, awards)[0]
    assert (first.step, first.waits_on) == (step, who)


def test_what_waits_on_the_coach_comes_before_what_waits_on_others():
    """A badge to take and a new round to rate: the round first, then the badge, both said."""
    again = replace(FRESH, id=uuid4(), opened_at=LATER + timedelta(days=30))
    found = next_steps.steps([AGREED, again], [replace(AWARD, state=AwardState.GRANTED, granted_at=LATER)])
    assert [one.step for one in found] == [Step.RATE_BOTH, Step.CLAIM]


def test_every_step_has_someone_and_some_words():
    """No step is left without a person who does it or a sentence that says it."""
    from badges.web import people_words

    assert set(next_steps.WHO) == set(people_words.COACH_WORDS) == set(people_words.LIST_WORDS) == set(Step)
    assert set(people_words.WAITS_ON) == set(caseload.TURNS) == set(WaitsOn)
    assert set(people_words.AWARD_STATES) == set(AwardState)


@pytest.fixture
def place(session):
    """A structure with two coaches, a région's version, and the way to add a person with an ended round."""
    owner = factories.organisation(session, "Région", kind=OrganisationKind.REGION)
    structure = factories.organisation(session)
    coach = factories.staff(session, (structure, Role.COACH))
    colleague = factories.staff(session, (structure, Role.COACH), name="Samir Belkacem")
    version = factories.version(session, owner)

    def followed(name, by=coach, levels=None):
        person = factories.person(session, structure, by, name=name)
        if levels:
            factories.closed_round(session, version, person, structure=structure, coach=by, levels=levels)
        return person

    return structure, coach, colleague, version, followed


def award(session, coach, person, version, state):
    badge = factories.document.read(version.document).badge("equipe")
    row = AwardRecord(
        person_id=person.id,
        organisation_id=person.memberships[0].organisation_id,
        round_id=next_steps.file_for(session, factories.actor(coach), person.id).rounds[0].id,
        version_id=version.id,
        badge_code=badge.code,
        state=state,
        results={},
        raters=[],
        evidence=[],
        proposed_at=OPENED,
        proposed_by=coach.id,
    )
    session.add(row)
    session.flush()
    return badge


def test_caseload_shows_ones_own_people_those_to_act_on_first(session, place):
    """Mine by default, everyone of the structure on demand; never somebody who left or lives elsewhere."""
    _structure, coach, colleague, version, followed = place
    calm = followed("Aaron", levels={"equipe": 3})
    award(session, coach, calm, version, AwardState.CLAIMED)
    followed("Zoé")
    followed("Élif", levels={"equipe": 3})
    followed("Bilal", by=colleague)
    followed("Partie").memberships[0].left_on = date(2026, 3, 1)
    factories.person(session, factories.organisation(session), coach, name="Ailleurs")
    session.flush()
    mine = caseload.caseload(session, factories.actor(coach))
    assert [line.name for line in mine.lines] == ["Élif", "Zoé", "Aaron"]
    assert [line.next.step for line in mine.lines] == [Step.PROPOSE, Step.OPEN, Step.REST]
    assert [line.badges for line in mine.lines] == [0, 0, 1]
    assert (mine.mine, mine.everyone, mine.to_do) == (3, 4, 2)
    everyone = caseload.caseload(session, factories.actor(coach), Wanted(everyone=True))
    assert {line.name: line.coach for line in everyone.lines}["Bilal"] == "Samir Belkacem"


@pytest.mark.parametrize(
    ("typed", "found"), [("elif", ["Élif Yıldız"]), (" YILD", []), ("يلى", ["ليلى حداد"]), ("%", [])]
)
def test_caseload_is_searched_without_accents_or_capitals(session, place, typed, found):
    """Part of a name, in any script; a wildcard is only a character."""
    _structure, coach, _colleague, _version, followed = place
    followed("Élif Yıldız")
    followed("ليلى حداد")
    lines = caseload.caseload(session, factories.actor(coach), Wanted(search=typed)).lines
    assert [line.name for line in lines] == found


def test_caseload_takes_as_many_queries_for_forty_people_as_for_one(session, place):
    """The number of queries is flat: three, and three more for the badges that agreed rounds reach."""
    _structure, coach, _colleague, _version, followed = place
    actor = factories.actor(coach)
    followed("Un", levels={"equipe": 3})
    one = _queries(session, lambda: caseload.caseload(session, actor))
    for number in range(39):
        followed(f"Personne {number}", levels={"equipe": 3, "rigueur": 2})
    assert _queries(session, lambda: caseload.caseload(session, actor)) == one == 6


def _queries(session, act):
    with counting.statements(session) as sent:
        act()
    return len(sent)


def test_file_holds_only_what_the_coachs_structures_did(session, place):
    """A round and an award of another structure are not in the file; they are on the person's own page."""
    structure, coach, _colleague, version, followed = place
    person = followed("Awa", levels={"equipe": 3})
    elsewhere = factories.organisation(session, "Ailleurs")
    other = factories.staff(session, (elsewhere, Role.COACH))
    factories.closed_round(session, version, person, structure=elsewhere, coach=other, levels={"rigueur": 3})
    badge = award(session, coach, person, version, AwardState.GRANTED)
    file = next_steps.file_for(session, factories.actor(coach), person.id)
    assert [line.organisation_id for line in file.rounds] == [structure.id]
    assert [(line.name, line.organisation) for line in file.awards] == [(badge.name, structure.name)]
    assert len(next_steps.own_file(session, factories.actor(person)).rounds) == 2
    with pytest.raises(NotFound):
        next_steps.file_for(session, factories.actor(other), person.id)
