"""The acquired grid: three words, filled in together, apart from the scores; what is not known is not there."""

from datetime import date

import pytest

from badges.models.acquired import AcquiredState
from badges.models.assessments import Moment
from badges.models.people import Role
from badges.services import acquired
from badges.services.errors import Forbidden, Invalid, NotFound
from tests import awarding, factories

TODAY = date(2026, 11, 21)
HELD, TO_ACQUIRE, ACQUIRED = AcquiredState.HELD, AcquiredState.TO_ACQUIRE, AcquiredState.ACQUIRED


@pytest.fixture
def place(session, installation):
    """The badge asks for level 3: « rigueur » starts below it, « equipe » at it."""
    return awarding.world(session, installation, {"equipe": 3, "rigueur": 2})


def fill(place, states, moment=Moment.ENTREE, *, who=None, together=True):
    acquired.fill(
        place.session,
        factories.actor(who or place.coach),
        place.person.id,
        version_id=place.version.id,
        moment=moment,
        states=states,
        together=together,
        now=place.now,
        today=TODAY,
    )


def lines(place):
    [grid] = acquired.of_person(place.session, factories.actor(place.person), place.person.id)
    return {line.competence: line for line in grid.looked_at}


def test_rounds_and_badges_propose_and_nothing_else_is_shown(place):
    """The first agreed level tells the entry; a competence nobody looked at is not there to be missing."""
    shown = lines(place)
    assert set(shown) == {"equipe", "rigueur"}
    assert (shown["equipe"].proposed_entry, shown["equipe"].now) == (HELD, HELD)
    assert (shown["rigueur"].proposed_entry, shown["rigueur"].now) == (TO_ACQUIRE, TO_ACQUIRE)
    assert shown["equipe"].entry is None


def test_later_level_proposes_acquired_at_the_exit(place):
    """Below the badge at first, reached since: acquired; what was held stays held."""
    later = factories.closed_round(
        place.session,
        place.version,
        place.person,
        structure=place.structure,
        coach=place.coach,
        levels={"rigueur": 4},
    )
    later.opened_at = place.now
    place.session.flush()
    shown = lines(place)
    assert shown["rigueur"].now is ACQUIRED
    assert shown["equipe"].now is HELD


def test_badge_that_was_taken_proposes_acquired(place):
    """A claimed badge tells the exit of each competence it rests on."""
    fill(place, {"equipe": TO_ACQUIRE})
    place.claimed()
    assert lines(place)["equipe"].proposed_exit is ACQUIRED


def test_what_was_filled_in_together_goes_before_what_is_proposed(place):
    """And may be changed, or taken off again."""
    fill(place, {"equipe": TO_ACQUIRE, "autonomie": HELD})
    fill(place, {"equipe": ACQUIRED}, Moment.SORTIE)
    shown = lines(place)
    assert (shown["equipe"].entry, shown["equipe"].exit, shown["equipe"].now) == (TO_ACQUIRE, ACQUIRED, ACQUIRED)
    assert shown["autonomie"].now is HELD
    fill(place, {"equipe": HELD, "autonomie": None})
    shown = lines(place)
    assert shown["equipe"].entry is HELD
    assert "autonomie" not in shown


@pytest.mark.parametrize(
    ("states", "how"),
    [
        ({"equipe": HELD}, {"together": False}),
        ({"equipe": HELD}, {"moment": Moment.ETAPE}),
        ({"equipe": HELD}, {"moment": None}),
        ({"equipe": ACQUIRED}, {}),
        ({"inconnue": HELD}, {}),
    ],
)
def test_grid_is_refused_where_it_says_too_much(place, states, how):
    """Not without the person, not in between, nothing acquired before the path has begun, no other competence."""
    with pytest.raises(Invalid):
        fill(place, states, **how)


def test_grid_is_between_the_person_and_the_coach_they_have(place):
    """A colleague first takes over; for another structure there is nobody; a peer reads none."""
    fill(place, {"equipe": HELD})
    mate = factories.staff(place.session, (place.structure, Role.COACH))
    stranger = factories.staff(place.session, (factories.organisation(place.session), Role.COACH))
    peer = factories.person(place.session, place.structure, place.coach)
    for who, refusal in ((mate, Forbidden), (stranger, NotFound), (peer, NotFound)):
        with pytest.raises(refusal):
            acquired.of_person(place.session, factories.actor(who), place.person.id)
    with pytest.raises(Forbidden):
        fill(place, {"equipe": HELD}, who=mate)


def test_page_fills_both_moments(place, client):
    """Without a script: choose, keep, read again."""
    factories.sign_in(place.session, client, place.coach, place.now)
    place.session.commit()
    address = f"/personnes/{place.person.id}/acquis?version={place.version.id}"
    assert "À acquérir" in client.get(address).text
    form = {"version": place.version.id, "moment": "sortie", "etat:equipe": "acquise", "etat:rigueur": ""}
    refused = client.post(f"/personnes/{place.person.id}/acquis", data=form)
    assert refused.status_code == 422
    assert 'value="acquise" checked' in refused.text
    kept = client.post(f"/personnes/{place.person.id}/acquis", data={**form, "together": "1"}, follow_redirects=True)
    assert 'name="etat:equipe" value="acquise" checked' in kept.text
