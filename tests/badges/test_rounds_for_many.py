"""Rounds opened for many people at once: who gets one, who cannot and why, all or none, and never twice."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from badges.models.assessments import Moment, RoundRecord
from badges.models.journal import JournalRecord
from badges.models.people import OrganisationKind, Role
from badges.models.referentiels import VersionState
from badges.services import assessments, openings
from badges.services.errors import Invalid, NotFound
from badges.services.openings import Obstacle
from tests import counting, factories


@pytest.fixture
def place(session, client, clock):
    """A coach of a structure, signed in, a colleague, a référentiel, and a way to follow somebody."""
    structure = factories.organisation(session)
    coach = factories.staff(session, (structure, Role.COACH))
    colleague = factories.staff(session, (structure, Role.COACH), name="Samir Belkacem")
    version = factories.version(session, factories.organisation(session, "Région", kind=OrganisationKind.REGION))
    factories.sign_in(session, client, coach, clock())
    session.commit()
    return structure, coach, colleague, version


@pytest.fixture
def followed(session, place):
    structure, coach, _colleague, _version = place
    return lambda name, by=coach: factories.person(session, structure, by, name=name)


@pytest.fixture
def opening(session, place, clock):
    """Opens on the référentiel for these people."""
    _structure, coach, _colleague, version = place

    def opening(people, **changes):
        arguments = {
            "version_id": version.id,
            "competences": ["rigueur", "equipe"],
            "moment": Moment.ETAPE,
            "form_id": UUID(int=7),
            "now": clock(),
            **changes,
        }
        return openings.open_for_many(session, factories.actor(coach), [one.id for one in people], **arguments)

    return opening


def test_everyone_ticked_gets_the_same_round(session, place, followed, opening):
    """Competences in the référentiel's order, the moment, the coach; an entry each in the journal."""
    _structure, coach, _colleague, version = place
    people = [followed(f"Personne {number}") for number in range(3)]
    opened = opening(people)
    rows = session.scalars(select(RoundRecord)).all()
    assert {row.person_id for row in rows} == {one.id for one in people}
    assert {row.id for row in rows} == set(opened.rounds)
    assert {(row.coach_id, row.version_id, row.moment) for row in rows} == {(coach.id, version.id, Moment.ETAPE)}
    assert [row.competences for row in rows] == [rows[0].competences] * 3
    noted = session.scalars(select(JournalRecord.object).where(JournalRecord.action == "round.opened")).all()
    assert set(noted) == {f"round:{row.id}" for row in rows}


def test_who_cannot_is_left_out_with_the_reason(session, place, followed, opening, clock):
    """A colleague follows them, or a round on this référentiel is open; strangers are not even named."""
    _structure, coach, colleague, version = place
    free, theirs, busy = followed("Awa"), followed("Bilal", by=colleague), followed("Chloé")
    assessments.open_round(
        session,
        factories.actor(coach),
        busy.id,
        version_id=version.id,
        competences=["equipe"],
        moment=Moment.ENTREE,
        now=clock(),
    )
    stranger = factories.person(session, factories.organisation(session), name="Ailleurs")
    opened = opening([free, theirs, busy, stranger])
    assert len(opened.rounds) == 1
    assert [(one.name, one.obstacle, one.coach) for one in opened.left_out] == [
        ("Bilal", Obstacle.COLLEAGUE, "Samir Belkacem"),
        ("Chloé", Obstacle.RUNNING, ""),
    ]


def test_a_round_on_another_referentiel_stands_in_nobodys_way(session, place, followed, opening):
    """Two référentiels are two talks."""
    structure, _coach, _colleague, _version = place
    person = followed("Awa")
    opening([person])
    other = factories.version(session, structure, 1)
    again = opening([person], version_id=other.id, competences=["calcul"], form_id=uuid4())
    assert len(again.rounds) == 1


def test_same_form_twice_opens_nothing_twice(session, followed, opening):
    """The second answer says the same number; another form is told that a round is open."""
    people = [followed(f"Personne {number}") for number in range(3)]
    assert len(opening(people).rounds) == 3
    again = opening(people)
    assert (again.rounds, again.before, again.left_out) == ((), 3, ())
    more = [*people, followed("Venue après")]
    assert (len(opening(more).rounds), opening(more).before) == (1, 4)
    with pytest.raises(Invalid):
        opening(people, form_id=uuid4())
    assert session.scalar(select(func.count()).select_from(RoundRecord)) == 4


def test_two_at_once_open_each_round_once(installation, session, place, followed, clock):
    """The same form sent to two workers at the same moment."""
    _structure, coach, _colleague, version = place
    people = [followed(f"Personne {number}").id for number in range(5)]
    actor, version_id = factories.actor(coach), version.id
    session.commit()

    def send():
        with installation.database.writing() as own:
            openings.open_for_many(
                own,
                actor,
                people,
                version_id=version_id,
                competences=["equipe"],
                moment=Moment.ENTREE,
                form_id=UUID(int=9),
                now=clock(),
            )
            own.commit()

    with ThreadPoolExecutor(2) as pool:
        for running in [pool.submit(send), pool.submit(send)]:
            running.result()
    assert session.scalar(select(func.count()).select_from(RoundRecord)) == 5


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"competences": []}, "competences"), ({"competences": ["nothing"]}, "competences"), ({"moment": None}, "moment")],
)
def test_form_without_what_it_needs_opens_nothing(session, followed, opening, changes, field):
    """All or none: the refusal names the field."""
    with pytest.raises(Invalid) as refused:
        opening([followed("Awa")], **changes)
    assert refused.value.field == field
    assert session.scalar(select(func.count()).select_from(RoundRecord)) == 0


def test_version_that_is_no_longer_current_opens_nothing(place, followed, opening):
    """The référentiel was published anew while the form was open."""
    place[3].state = VersionState.SUPERSEDED
    with pytest.raises(Invalid) as refused:
        opening([followed("Awa")])
    assert refused.value.field == "version"


def test_coach_of_another_structure_finds_nobody(session, place, followed, clock):
    """There are no such people for them."""
    person = followed("Awa")
    other = factories.staff(session, (factories.organisation(session), Role.COACH))
    with pytest.raises(NotFound):
        openings.candidates(session, factories.actor(other), [person.id], place[3])


def test_thirty_five_rounds_take_as_many_statements_as_two(session, place, followed, opening):
    """Flat: memberships, what is running, what is there, the rounds, the journal."""
    few, many = [followed(f"Un {n}") for n in range(2)], [followed(f"Deux {n}") for n in range(35)]
    session.commit()
    with counting.statements(session) as for_two:
        opening(few)
    with counting.statements(session) as for_many:
        assert len(opening(many, form_id=uuid4()).rounds) == 35
    assert len(for_many) <= len(for_two)


def test_coach_opens_for_everyone_in_three_clicks(client, session, place, followed):
    """« Tout cocher », « Ouvrir un positionnement », « Ouvrir les 3 positionnements »: the rest is as last time."""
    _structure, coach, _colleague, version = place
    people = [followed(name) for name in ("Awa", "Bilal", "Chloé")]
    factories.closed_round(
        session, version, people[0], structure=place[0], coach=coach, levels={"equipe": 3, "rigueur": 3}
    )
    session.commit()
    page = client.get("/personnes?tous=1").text
    assert 'action="/positionnements/ouvrir"' in page
    asked = client.get("/positionnements/ouvrir", query_string={"p": [str(one.id) for one in people]}).text
    assert "3 personnes reçoivent ce positionnement" in asked
    assert asked.count("checked") == 3
    form = {
        "p": [one.id for one in people],
        "version": version.id,
        "form": uuid4(),
        "moment": "etape",
        "competences": ["equipe", "rigueur"],
    }
    for _ in range(2):
        done = client.post("/positionnements/ouvrir", data=form)
        assert done.headers["Location"] == "/personnes"
        assert "3 positionnements sont ouverts." in client.get("/personnes").text
    assert session.scalar(select(func.count()).select_from(RoundRecord)) == 4


def test_page_says_who_gets_none_and_why(client, session, place, followed, opening):
    """Before anything is opened; with nobody left, no button."""
    _structure, _coach, colleague, version = place
    busy, theirs = followed("Awa"), followed("Bilal", by=colleague)
    opening([busy])
    session.commit()
    query = {"p": [str(busy.id), str(theirs.id)], "version": version.id}
    page = client.get("/positionnements/ouvrir", query_string=query).text
    assert "2 personnes n’en recevront pas" in page
    assert "déjà en cours ici, depuis le 21 nov. 2026" in page
    assert "C’est Samir Belkacem qui suit cette personne." in page
    assert 'name="competences"' not in page


def test_refused_form_keeps_what_was_chosen(client, session, place, followed):
    """422, the competences still ticked; more than eight are asked about once."""
    version, person = place[3], followed("Awa")
    codes = [one.code for one in factories.document.read(version.document).competences]
    session.commit()
    form = {"p": person.id, "version": version.id, "competences": codes[:2], "form": uuid4()}
    page = client.post("/positionnements/ouvrir", data=form)
    assert page.status_code == 422
    assert "Choisissez le moment du parcours." in page.text
    assert page.text.count("checked") == 2
    many = {**form, "competences": codes[:9], "moment": "entree"}
    assert client.post("/positionnements/ouvrir", data=many).status_code == 422
    assert client.post("/positionnements/ouvrir", data={**many, "many": "1"}).status_code == 303


def test_with_several_referentiels_and_no_habit_one_is_chosen_first(client, session, place, followed):
    """The choice keeps the ticks; from then on the last one used is taken."""
    factories.version(session, place[0], 1)
    person = followed("Awa")
    session.commit()
    page = client.get("/positionnements/ouvrir", query_string={"p": str(person.id)}).text
    assert "Sur quel référentiel ?" in page
    assert f"p={person.id}" in page


def test_nobody_ticked_leads_back(client, place):
    """With the sentence that says what to do."""
    assert client.get(f"/positionnements/ouvrir?version={place[3].id}").headers["Location"] == "/personnes"
