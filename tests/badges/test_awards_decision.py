"""Proposing and granting: who may, on what, and who is not told."""

from datetime import date

import pytest
from sqlalchemy import select

from badges.models.assessments import Rater, RoundOutcome
from badges.models.awards import AwardState
from badges.models.journal import JournalRecord
from badges.models.people import Role
from badges.models.referentiels import VersionState
from badges.services import awards
from badges.services.errors import Conflict, Forbidden, Invalid, NotFound
from tests import factories
from tests.awarding import world


@pytest.fixture
def place(session, installation):
    return world(session, installation)


def test_proposal_keeps_levels_raters_and_evidence(place):
    """What is proposed is the agreed level of what the badge needs, and who assessed it."""
    award = place.propose()
    assert award.state is AwardState.PROPOSED
    assert award.results == {"equipe": 3}
    assert award.raters == ["self", "coach"]
    assert [item["name"] for item in award.evidence] == ["Chantier du lavoir", "Atelier cuisine"]


def test_proposal_on_several_competences_keeps_those_that_count(session, installation):
    """A badge asking for three of four keeps the three that reach their level: what is missing is never shown."""
    levels = {"organisation": 3, "autonomie": 4, "rigueur": 1, "perseverance": 3}
    place = world(session, installation, levels)
    award = place.propose("mener-une-tache")
    assert "rigueur" not in award.results
    assert len(award.results) == 3


def test_proposal_below_the_level_is_refused(session, installation):
    """A level under the threshold meets no badge."""
    place = world(session, installation, {"equipe": 2})
    with pytest.raises(Invalid):
        place.propose()


def test_proposal_without_a_required_view_is_refused(session, place):
    """Where the badge wants the coach's view and there is none, it is not met."""
    for rating in list(place.round.ratings):
        if rating.rater is Rater.COACH:
            rating.level = None
    session.flush()
    with pytest.raises(Invalid):
        place.propose()


@pytest.mark.parametrize("outcome", [RoundOutcome.A_RETRAVAILLER, RoundOutcome.CLOS])
def test_proposal_on_another_outcome_is_refused(session, place, outcome):
    """Only a round that ended « accordé » gives badges."""
    place.round.outcome = outcome
    session.flush()
    with pytest.raises(Conflict):
        place.propose()


def test_proposal_on_an_open_round_is_refused(session, place):
    """Before the person has confirmed, there is nothing to propose."""
    place.round.closed_at = None
    session.flush()
    with pytest.raises(Conflict):
        place.propose()


def test_proposal_without_required_evidence_is_refused(place):
    """Blank lines of the form are no evidence."""
    with pytest.raises(Invalid) as refused:
        place.propose(evidence=[{"name": " ", "narrative": ""}])
    assert refused.value.field == "evidence"


@pytest.mark.parametrize(
    "item",
    [
        {"name": "", "narrative": "Un récit sans titre."},
        {"name": "a" * 121, "narrative": ""},
        {"name": "Titre", "narrative": "a" * 1501},
        {"name": "Titre\u202e", "narrative": ""},
    ],
)
def test_evidence_that_cannot_be_signed_is_refused(place, item):
    """No title, too long, or a mark that hides what a reader believes to read."""
    with pytest.raises(Invalid):
        place.propose(evidence=[item])


def test_unknown_badge_does_not_exist(place):
    """A code that the version does not hold is not found."""
    with pytest.raises(NotFound):
        place.propose("licorne")


def test_same_badge_proposed_twice_is_refused(place):
    """One proposal at a time for a person, a structure, a version and a badge."""
    place.propose()
    with pytest.raises(Conflict):
        place.propose()


def test_structure_without_recognition_is_told_who_to_ask(session, place):
    """The sentence names the référentiel's owner."""
    session.refresh(place.version.referentiel)
    row = place.version.referentiel.recognitions[0]
    row.valid_until = date(2026, 11, 20)
    session.flush()
    with pytest.raises(Conflict) as refused:
        place.propose()
    assert "Région Val-de-Brume" in str(refused.value)


def test_withdrawn_version_gives_no_badge(session, place):
    """No new badge rests on a version its owner has withdrawn."""
    place.version.state = VersionState.WITHDRAWN
    session.flush()
    with pytest.raises(Conflict):
        place.propose()


def test_coach_of_another_structure_finds_no_round(session, place):
    """Another structure's round does not exist, and neither does its award."""
    other = factories.organisation(session, "Autre structure")
    stranger = factories.actor(factories.staff(session, (other, Role.COACH), (other, Role.ISSUER)))
    award = place.propose()
    with pytest.raises(NotFound):
        awards.propose(session, stranger, round_id=place.round.id, badge_code="equipe", evidence=[], now=place.now)
    for act in (awards.grant, lambda *a, **k: awards.refuse(*a, reason="Non.", **k)):
        with pytest.raises(NotFound):
            act(session, stranger, award_id=award.id, now=place.now)
    with pytest.raises(NotFound):
        awards.for_staff(session, stranger, award.id)


def test_grant_is_for_somebody_else_than_the_coach(session, place):
    """A coach who also issues may not grant what they assessed."""
    place.coach.roles.append(factories.RoleRecord(organisation_id=place.structure.id, role=Role.ISSUER))
    session.flush()
    award = place.propose()
    with pytest.raises(Forbidden):
        awards.grant(session, factories.actor(place.coach), award_id=award.id, now=place.now)
    assert awards.grant(session, factories.actor(place.issuer), award_id=award.id, now=place.now).granted_by


def test_grant_by_the_coach_where_the_referentiel_allows_it(session, installation):
    """`coach_may_grant` is the référentiel's decision."""
    place = world(session, installation, coach_may_grant=True)
    place.coach.roles.append(factories.RoleRecord(organisation_id=place.structure.id, role=Role.ISSUER))
    session.flush()
    award = place.propose()
    assert awards.grant(session, factories.actor(place.coach), award_id=award.id, now=place.now)


def test_coach_without_the_issuer_role_grants_nothing(session, place):
    """Roles are held apart: to a coach, the award is not there to be granted."""
    award = place.propose()
    with pytest.raises(NotFound):
        awards.grant(session, factories.actor(place.coach), award_id=award.id, now=place.now)


def test_grant_twice_is_a_conflict(session, place):
    """The second click is told that something has changed."""
    award = place.granted()
    with pytest.raises(Conflict):
        awards.grant(session, factories.actor(place.issuer), award_id=award.id, now=place.now)


def test_refused_badge_may_be_proposed_again(session, place):
    """A refusal has a reason, and is not the end."""
    award = place.propose()
    with pytest.raises(Invalid):
        awards.refuse(session, factories.actor(place.issuer), award_id=award.id, reason="  ", now=place.now)
    awards.refuse(session, factories.actor(place.issuer), award_id=award.id, reason="À compléter.", now=place.now)
    assert award.state is AwardState.REFUSED
    assert place.propose().state is AwardState.PROPOSED


def test_lists_show_each_their_own(session, place):
    """An issuer sees the structure's awards, a coach those of people the structure follows, nobody else any."""
    award = place.propose()
    other = factories.organisation(session)
    stranger = factories.actor(factories.staff(session, (other, Role.COACH), (other, Role.ISSUER)))
    states = list(AwardState)
    assert [one.id for one in awards.of_issuer(session, factories.actor(place.issuer), states)[0]] == [award.id]
    assert [one.id for one in awards.of_coach(session, factories.actor(place.coach), states)[0]] == [award.id]
    assert awards.of_issuer(session, stranger, states) == ([], False)
    assert awards.of_coach(session, stranger, states) == ([], False)
    place.person.memberships[0].left_on = date(2026, 11, 20)
    session.flush()
    assert awards.of_coach(session, factories.actor(place.coach), states) == ([], False)


def test_journal_names_no_one(session, place):
    """Acts are written with identifiers and counts only."""
    place.granted()
    lines = session.scalars(select(JournalRecord).where(JournalRecord.action.like("award.%"))).all()
    assert [line.action for line in lines] == ["award.proposed", "award.granted"]
    written = " ".join(f"{line.object} {line.details}" for line in lines)
    assert "Awa" not in written
    assert "lavoir" not in written
