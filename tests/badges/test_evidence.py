"""What was seen becomes dated evidence: offered with counted facts, never what the person put aside or questions."""

from datetime import date

import pytest

from badges.models.evidence import Autonomy, GroupSessionRecord, ObservationRecord, Origin, PieceRecord, SituationRecord
from badges.models.people import Role, RoleRecord
from badges.services import evidence
from badges.services.errors import Conflict, Forbidden, Invalid, NotFound
from badges.services.referentiels import document_of
from badges.web import evidence_words
from tests import awarding, counting, factories

BERET = "Jeu du béret"


@pytest.fixture
def place(session, installation):
    return awarding.world(session, installation, {"equipe": 3})


def seen(place, day: date, *, code: str = "equipe", ended: bool = True, turns=(1,), **columns) -> ObservationRecord:
    """Something seen in a group session of that day."""
    held = GroupSessionRecord(
        organisation_id=place.structure.id,
        version_id=place.version.id,
        activity=BERET,
        place="Gymnase Léo",
        held_on=day,
        competences=[code],
        rules=[""],
        created_by=place.coach.id,
        created_at=place.now,
        ended_at=place.now if ended else None,
    )
    row = ObservationRecord(
        person_id=place.person.id,
        organisation_id=place.structure.id,
        referentiel_id=place.version.referentiel_id,
        competence_code=code,
        origin=Origin.GROUP,
        activity=BERET,
        place=held.place,
        seen_on=day,
        turns=list(turns),
        group_session=held,
        staff_id=place.coach.id,
        recorded_at=place.now,
        **columns,
    )
    place.session.add_all([held, row])
    place.session.flush()
    return row


def offered(place):
    return evidence.offered(place.session, factories.actor(place.coach), place.round.id, "equipe")


def worded(place, app):
    """The offers in words, as the page has them."""
    with app.test_request_context():
        return evidence_words.rows(offered(place), document_of(place.version))


def from_sessions(place):
    return [one for one in offered(place) if one.origin == Origin.GROUP]


def test_sessions_are_offered_as_one_counted_fact(place, app):
    """« 3 séances, du 3 mars au 12 mai »: not three lines, and no level."""
    for day, act in ((date(2026, 5, 12), ""), (date(2026, 3, 3), "A relancé le jeu."), (date(2026, 4, 7), "")):
        seen(place, day, act=act)
    [offer] = from_sessions(place)
    assert [one.day for one in offer.tries] == [date(2026, 3, 3), date(2026, 4, 7), date(2026, 5, 12)]
    [row, _talk] = worded(place, app)
    assert row.name == f"Travail en équipe : {BERET}"
    assert "Vu dans 3 séances, du 3 mars 2026 au 12 mai 2026." in row.narrative
    assert "Le 3 mars 2026 : A relancé le jeu." in row.narrative
    assert row.kept


@pytest.mark.parametrize(
    "kept_out",
    [{"ended": False}, {"turns": ()}, {"code": "rigueur"}, {"set_aside_at": 1}, {"withdrawn_at": 1}, {"asked_at": 1}],
)
def test_what_does_not_stand_is_offered_to_nobody(place, kept_out):
    """A session under way, a tick taken back, another competence, put aside, taken back, or with a question open."""
    moments = {name: place.now if value == 1 else value for name, value in kept_out.items()}
    seen(place, date(2026, 3, 3), **moments)
    assert from_sessions(place) == []


def test_correction_that_is_answered_is_offered_again(place):
    """The question closes the door until the answer, not for ever."""
    row = seen(place, date(2026, 3, 3), act="A crié sur l’équipe.")
    me, coach = factories.actor(place.person), factories.actor(place.coach)
    evidence.ask_correction(place.session, me, row.id, words="J’ai appelé, pas crié.", now=place.now)
    assert from_sessions(place) == []
    assert [one.id for one in evidence.to_answer(place.session, coach)] == [row.id]
    corrected = {"words": "C’est juste, je corrige.", "act": "A appelé l’équipe.", "withdraw": False, "now": place.now}
    evidence.answer(place.session, coach, row.id, **corrected)
    [offer] = from_sessions(place)
    assert offer.tries[0].act == "A appelé l’équipe."
    assert evidence.to_answer(place.session, coach) == ()
    with pytest.raises(Conflict):
        evidence.answer(place.session, coach, row.id, **corrected)


def test_what_waits_for_an_answer_is_read_in_one_statement(place):
    """However many people ask for a correction."""
    coach = factories.actor(place.coach)
    asked = [seen(place, date(2026, 3, day), asked_at=place.now) for day in range(1, 6)]
    place.session.flush()
    place.session.expunge_all()
    with counting.statements(place.session) as sent:
        assert {one.id for one in evidence.to_answer(place.session, coach)} == {one.id for one in asked}
    assert len(sent) == 1


def test_person_puts_aside_and_takes_up_again(place):
    """Theirs alone to do; a coach cannot do it for them, nor for somebody else."""
    row = seen(place, date(2026, 3, 3))
    me = factories.actor(place.person)
    evidence.set_aside(place.session, me, row.id, aside=True, now=place.now)
    assert from_sessions(place) == []
    assert [one.id for one in evidence.of_person(place.session, me, place.person.id)] == [row.id]
    evidence.set_aside(place.session, me, row.id, aside=False, now=place.now)
    assert len(from_sessions(place)) == 1
    other = factories.person(place.session, place.structure, place.coach)
    for stranger in (other, place.coach):
        with pytest.raises(NotFound):
            evidence.set_aside(place.session, factories.actor(stranger), row.id, aside=True, now=place.now)


def test_correction_needs_words(place):
    """An empty request says nothing to anybody."""
    row = seen(place, date(2026, 3, 3))
    with pytest.raises(Invalid):
        evidence.ask_correction(place.session, factories.actor(place.person), row.id, words="  ", now=place.now)


def test_reading_is_for_the_person_and_the_coach_they_have(place):
    """A colleague may have been in the gym: the person's facts are still not theirs to read."""
    seen(place, date(2026, 3, 3))
    mate = factories.staff(place.session, (place.structure, Role.COACH))
    elsewhere = factories.staff(place.session, (factories.organisation(place.session), Role.COACH))
    assert len(evidence.of_person(place.session, factories.actor(place.coach), place.person.id)) == 1
    with pytest.raises(Forbidden):
        evidence.of_person(place.session, factories.actor(mate), place.person.id)
    with pytest.raises(NotFound):
        evidence.of_person(place.session, factories.actor(elsewhere), place.person.id)


def test_coach_who_left_the_structure_reads_no_request_of_its_people(place, client):
    """They coach elsewhere now; those they followed here are nobody's yet, and no longer theirs."""
    seen(place, date(2026, 11, 10), asked_at=place.now, person_words="Ce n’était pas moi ce jour-là.")
    elsewhere = factories.organisation(place.session, "Chantier des Rives")
    place.coach.roles[:] = []
    place.session.flush()
    place.coach.roles.append(RoleRecord(organisation_id=elsewhere.id, role=Role.COACH))
    place.session.flush()
    assert evidence.to_answer(place.session, factories.actor(place.coach)) == ()
    factories.sign_in(place.session, client, place.coach, place.now)
    place.session.commit()
    page = client.get("/seances")
    assert page.status_code == 200
    assert "pas moi" not in page.text


def test_situation_of_work_says_where_when_beside_whom_and_how(place, app):
    """Repeated tries are one piece of evidence; the supervisor's name stays out of what is signed."""
    situation = SituationRecord(
        person_id=place.person.id,
        organisation_id=place.structure.id,
        version_id=place.version.id,
        origin=Origin.IMMERSION,
        task="Service du midi",
        place="Cuisine centrale",
        from_on=date(2026, 3, 2),
        until_on=date(2026, 3, 13),
        supervisor="Paule Kervella",
        supervisor_role="seconde de cuisine",
        created_by=place.coach.id,
        created_at=place.now,
    )
    place.session.add(situation)
    for day, autonomy in ((date(2026, 3, 3), Autonomy.SHOWN), (date(2026, 3, 10), Autonomy.ALONE)):
        situation.observations.append(
            ObservationRecord(
                person_id=place.person.id,
                organisation_id=place.structure.id,
                referentiel_id=place.version.referentiel_id,
                competence_code="equipe",
                origin=Origin.IMMERSION,
                activity=situation.task,
                place=situation.place,
                seen_on=day,
                act="A passé les plats avec deux autres.",
                autonomy=autonomy,
                staff_id=place.coach.id,
                recorded_at=place.now,
            )
        )
    place.session.flush()
    [row, _talk] = worded(place, app)
    assert row.narrative.splitlines() == [
        "Immersion : Cuisine centrale.",
        "2 fois, du 3 mars 2026 au 10 mars 2026.",
        "À côté de : seconde de cuisine.",
        "Le 3 mars 2026, après démonstration : A passé les plats avec deux autres.",
        "Le 10 mars 2026, sans aide : A passé les plats avec deux autres.",
    ]


def test_piece_is_offered_with_its_address_and_hash(place, app):
    """A film is where it is; the hash says which film was meant."""
    piece = PieceRecord(
        person_id=place.person.id,
        organisation_id=None,
        referentiel_id=place.version.referentiel_id,
        competences=["rigueur", "equipe"],
        title="Le service, en film",
        url="https://films.example.org/service",
        sha256="ab" * 32,
        made_on=date(2026, 3, 9),
        added_at=place.now,
    )
    place.session.add(piece)
    place.session.flush()
    [row, _talk] = worded(place, app)
    assert piece.url in row.narrative
    assert piece.sha256 in row.narrative


def test_coachs_words_of_the_round_are_offered_unticked(place, app):
    """They were written for the person: only a coach who says so puts them before employers."""
    [row] = worded(place, app)
    assert row.narrative == "Situation vue par coach sur equipe."
    assert not row.kept


def test_page_offers_what_was_seen_and_keeps_what_is_ticked(place, client):
    """What is ticked goes into the proposal as it stands in the form; the rest does not."""
    seen(place, date(2026, 3, 3))
    factories.sign_in(place.session, client, place.coach, place.now)
    place.session.commit()
    address = f"/positionnements/{place.round.id}/badges/equipe/proposer"
    page = client.get(address)
    assert "Vu dans une séance, le 3 mars 2026." in page.text
    form = {"offered": "2", "keep": ["0"], "name": ["Vu", "Pas ça", ""], "narrative": ["Corrigé.", "Non.", ""]}
    answered = client.post(address, data=form, follow_redirects=True)
    assert answered.status_code == 200
    assert "Corrigé." in answered.text
    assert "Non." not in answered.text
    assert "Pas ça" not in answered.text


def test_refused_form_keeps_every_tick_and_word(place, client):
    """A text that is too long loses nothing of the rest."""
    seen(place, date(2026, 3, 3))
    factories.sign_in(place.session, client, place.coach, place.now)
    place.session.commit()
    form = {"offered": "1", "keep": [], "name": ["Vu", "x" * 200], "narrative": ["Gardé tel quel.", "Là."]}
    answered = client.post(f"/positionnements/{place.round.id}/badges/equipe/proposer", data=form)
    assert answered.status_code == 422
    assert "Gardé tel quel." in answered.text
    assert 'name="keep" value="0" checked' not in answered.text


def test_counted_facts_open_the_talk_once_both_views_are_given(place, client):
    """« 2 séances » stands beside the two views; before both are sealed nobody reads it there."""
    for day in (date(2026, 3, 3), date(2026, 3, 10)):
        seen(place, day)
    for who in (place.coach, place.person):
        factories.sign_in(place.session, client, who, place.now)
        place.session.commit()
        page = client.get(f"/positionnements/{place.round.id}/echange")
        assert "Jeu du béret : Vu dans 2 séances, du 3 mars 2026 au 10 mars 2026." in page.text
    place.round.self_sealed_at = None
    assert evidence.seen_for(place.session, place.round) == {}
