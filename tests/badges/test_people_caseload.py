"""The coach's list: whose turn it is at a glance, narrowed as the coach asks, and acts for everyone ticked."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from badges.models.assessments import Moment
from badges.models.journal import JournalRecord
from badges.models.people import MembershipRecord, OrganisationKind, Role
from badges.services import assessments, caseload, selections
from badges.services.caseload import WITHOUT, Turn, Wanted
from badges.services.errors import Invalid, NotFound
from tests import factories


@pytest.fixture
def place(session, client, clock):
    """A structure with its coach signed in, a colleague, a référentiel, and two people."""
    structure = factories.organisation(session)
    coach = factories.staff(session, (structure, Role.COACH))
    colleague = factories.staff(session, (structure, Role.COACH), name="Samir Belkacem")
    region = factories.organisation(session, "Région", kind=OrganisationKind.REGION)
    version = factories.version(session, region)
    people = [factories.person(session, structure, coach, name=name) for name in ("Élif Yıldız", "Bilal Haddad")]
    factories.sign_in(session, client, coach, clock())
    session.commit()
    return structure, coach, colleague, version, people


def opened(session, coach, person, version, now, *, moment=Moment.ENTREE):
    return assessments.open_round(
        session,
        factories.actor(coach),
        person.id,
        version_id=version.id,
        competences=["equipe"],
        moment=moment,
        now=now,
    )


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (Wanted(), {"Élif Yıldız", "Bilal Haddad"}),
        (Wanted(moment="sortie"), {"Bilal Haddad"}),
        (Wanted(moment=WITHOUT), {"Élif Yıldız"}),
        (Wanted(moment="entree"), set()),
        (Wanted(turn="moi"), {"Élif Yıldız", "Bilal Haddad"}),
        (Wanted(turn="personne"), set()),
        (Wanted(group="Groupe de mars"), {"Élif Yıldız"}),
        (Wanted(group=WITHOUT), {"Bilal Haddad"}),
        (Wanted(referentiel="nothing of the kind"), set()),
        (Wanted(search="haddad", group=WITHOUT), {"Bilal Haddad"}),
    ],
)
def test_caseload_is_narrowed_as_asked(session, place, clock, wanted, names):
    """Moment and référentiel of the last round, the group, whose turn: together with the search."""
    _structure, coach, _colleague, version, (elif_, bilal) = place
    opened(session, coach, bilal, version, clock(), moment=Moment.SORTIE)
    elif_.memberships[0].group_name = "Groupe de mars"
    session.flush()
    found = caseload.caseload(session, factories.actor(coach), wanted)
    assert {line.name for line in found.lines} == names
    assert found.groups == ("Groupe de mars",)
    assert found.referentiels == ((version.referentiel_id, version.referentiel.title),)


def test_counts_of_turns_stay_while_one_moves_among_them(session, place):
    """Each turn says how many it holds, whichever of them is shown."""
    _structure, coach, _colleague, _version, _people = place
    found = caseload.caseload(session, factories.actor(coach), Wanted(turn=Turn.PERSON))
    assert (found.lines, found.turns[Turn.MINE]) == ((), 2)


def test_list_leads_straight_to_what_is_to_be_done(client, session, place, clock):
    """Grouped by whose turn it is; the words of the next step are the link to it."""
    _structure, coach, _colleague, version, (elif_, bilal) = place
    row = opened(session, coach, bilal, version, clock())
    session.commit()
    page = client.get("/personnes").text
    assert page.count('<h2 class="caselist__turn"') == 1
    assert f'href="/personnes/{elif_.id}/positionnements/nouveau">Ouvrir le premier' in page
    assert f'href="/positionnements/{row.id}">Chacun remplit sa part' in page
    assert "Rien n’attend</h2>" not in page


def test_everybody_is_ticked_without_a_script(client, place):
    """The link « Tout cocher » ticks what is shown, and keeps what was asked."""
    _structure, _coach, _colleague, _version, (elif_, _bilal) = place
    assert " checked" not in client.get("/personnes").text
    assert client.get("/personnes?tous=1").text.count(" checked") == 2
    assert "tous=1&amp;q=bilal" in client.get("/personnes?q=bilal").text
    assert client.get(f"/personnes?p={elif_.id}").text.count(" checked") == 1


def test_people_ticked_are_put_in_a_group(client, session, place):
    """The form names them; the list then shows the group; the journal says it was done, without the group's name."""
    _structure, _coach, _colleague, _version, people = place
    asked = client.get("/personnes/groupe", query_string={"p": [str(one.id) for one in people]})
    assert asked.text.count('type="hidden" name="p"') == 2
    done = client.post("/personnes/groupe", data={"p": [one.id for one in people], "group": " Groupe  de mars "})
    assert done.headers["Location"] == "/personnes?groupe=Groupe+de+mars"
    page = client.get(done.headers["Location"])
    assert "2 personnes sont rangées." in page.text
    session.expire_all()
    assert set(session.scalars(select(MembershipRecord.group_name))) == {"Groupe de mars"}
    notes = session.scalars(select(JournalRecord).where(JournalRecord.action == "person.grouped")).all()
    assert [note.details for note in notes] == [{}, {}]
    first = people[0].id
    session.commit()
    client.post("/personnes/groupe", data={"p": first, "group": ""})
    session.expire_all()
    assert people[0].memberships[0].group_name == ""


def test_group_name_that_cannot_be_used_is_asked_again(client, place):
    """422, the ticks and what was typed still there."""
    _structure, _coach, _colleague, _version, people = place
    page = client.post("/personnes/groupe", data={"p": people[0].id, "group": "x" * 61})
    assert page.status_code == 422
    assert str(people[0].id) in page.text
    assert "trop long" in page.text


@pytest.mark.parametrize("people", [[], ["not an identifier"]])
def test_nobody_ticked_leads_back_with_a_sentence(client, place, people):
    """Neither an error page nor a silent success."""
    for answer in (client.get("/personnes/groupe", query_string={"p": people}), client.post("/personnes/groupe")):
        assert answer.headers["Location"] == "/personnes"
    assert "Cochez au moins une personne." in client.get("/personnes").text


def test_strangers_in_a_selection_are_only_counted(session, place):
    """Somebody followed elsewhere, and nobody at all, look alike; alone they are no such people."""
    _structure, coach, _colleague, _version, people = place
    elsewhere = factories.person(session, factories.organisation(session), name="Ailleurs")
    found = selections.chosen(session, factories.actor(coach), [elsewhere.id, uuid4(), people[0].id])
    assert ([one.person.name for one in found.memberships], found.unknown) == (["Élif Yıldız"], 2)
    with pytest.raises(NotFound):
        selections.chosen(session, factories.actor(coach), [elsewhere.id])
    with pytest.raises(Invalid):
        selections.chosen(session, factories.actor(coach), [uuid4() for _ in range(selections.MOST + 1)])
