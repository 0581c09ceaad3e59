"""« Ma phrase »: whose it is, who reads it, and that a wording once shown stays."""

import pytest

from badges.models.people import Role
from badges.services import assessments, phrases, translations
from badges.services.errors import Forbidden, Invalid, NotFound
from tests import counting, factories
from tests.awarding import world as awarding_world

WORDS = "Une fois, j’ai appris la taille à deux nouveaux."


@pytest.fixture
def world(session, installation):
    return awarding_world(session, installation, {"equipe": 3, "rigueur": 3})


def write(world, words=WORDS, *, coach=False, code="equipe", who=None):
    return phrases.write(
        world.session,
        factories.actor(who or world.person),
        referentiel_id=world.version.referentiel_id,
        competence_code=code,
        words=words,
        coach_may_read=coach,
        now=world.now,
    )


def read_by(world, who):
    row = assessments.round_for(world.session, factories.actor(who), world.round.id)
    return phrases.readable_in(world.session, factories.actor(who), row)


def shown_with(world, award):
    return phrases.for_awards(world.session, factories.actor(world.person), [award])[award.id]


def test_phrase_is_the_persons_alone_until_they_say_so(world):
    """Their coach reads nothing, then reads it, then nothing again; the words never change for that."""
    kept = write(world)
    assert read_by(world, world.coach) == {}
    assert read_by(world, world.person)["equipe"].words == WORDS
    assert write(world, coach=True).id == kept.id
    assert read_by(world, world.coach)["equipe"].words == WORDS
    write(world)
    assert read_by(world, world.coach) == {}


def test_changed_phrase_leaves_the_wording_that_was_shown(world):
    """A share that chose the first one goes on showing the first one."""
    award = world.granted()
    first = write(world)
    assert shown_with(world, award) == {"equipe": first}
    second = write(world, "Je répartis les tâches.")
    assert [one.words for one in phrases.shown(world.session, world.person.id, [first.id])] == [WORDS]
    assert shown_with(world, award) == {"equipe": second}
    assert write(world, "  ") is None
    assert shown_with(world, award) == {}


@pytest.mark.parametrize("mark", ["\u202e", "\u2066", "\x00", "\x1b"])
def test_phrase_holds_nothing_that_reorders_or_hides_what_a_reader_sees(world, mark):
    """It stands on a public page beside a verdict: what could not be signed is not shown there either."""
    with pytest.raises(Invalid, match="invisible"):
        write(world, f"Je range {mark}toujours.")
    assert write(world, "أرتّب المكان دائمًا.").words == "أرتّب المكان دائمًا."


def test_phrase_of_somebody_else_is_never_given(world):
    """Neither by its id nor by a badge of theirs."""
    kept, award = write(world), world.granted()
    other = factories.person(world.session, world.structure, world.coach, name="Nour")
    assert phrases.shown(world.session, other.id, [kept.id]) == []
    with pytest.raises(NotFound):
        phrases.for_awards(world.session, factories.actor(other), [award])


def test_phrases_on_several_badges_are_read_in_one_statement(world):
    """Each with its own, one that rests on nothing written with none; without a badge or an id nothing is asked."""
    team = write(world)
    awards = [world.granted(), world.granted(badge_code="rigueur")]
    with counting.statements(world.session) as sent:
        found = phrases.for_awards(world.session, factories.actor(world.person), awards)
        phrases.for_awards(world.session, factories.actor(world.person), [])
        phrases.shown(world.session, world.person.id, ())
    assert found == {awards[0].id: {"equipe": team}, awards[1].id: {}}
    assert len(sent) == 1


def test_only_the_person_writes_and_only_on_their_competences(world):
    """Not a coach, not on what no round of theirs holds, not without end."""
    with pytest.raises(Forbidden):
        write(world, who=world.coach)
    with pytest.raises(NotFound):
        write(world, code="curiosite")
    with pytest.raises(Invalid):
        write(world, "x" * (phrases.LONGEST + 1))


def test_pages_keep_the_phrase_and_nobody_else_finds_it(world, app, clock):
    """Role by role: the coach only with leave, issuer, colleague and another person on no page of the round."""
    browsers = {}
    mate = factories.staff(world.session, (world.structure, Role.COACH), name="Autre Coach")
    peer = factories.person(world.session, world.structure, world.coach, name="Nour")
    everybody = {"person": world.person, "coach": world.coach, "issuer": world.issuer, "mate": mate, "peer": peer}
    for name, who in everybody.items():
        browsers[name] = app.test_client()
        factories.sign_in(world.session, browsers[name], who, clock())
    world.session.commit()
    address = f"/moi/phrases/{world.version.referentiel_id}/equipe"
    talk = f"/positionnements/{world.round.id}/echange"
    assert browsers["person"].post(address, data={"words": WORDS}).status_code == 303
    assert WORDS in browsers["person"].get("/moi/phrases").text
    pages = (talk, f"/positionnements/{world.round.id}", f"/personnes/{world.person.id}", address, "/moi/phrases")
    for name in ("coach", "issuer", "mate", "peer"):
        assert all(WORDS not in browsers[name].get(page).text for page in pages), name
    browsers["person"].post(address, data={"words": WORDS, "coach": "1"})
    assert WORDS in browsers["coach"].get(talk).text
    for name in ("issuer", "mate", "peer"):
        assert all(WORDS not in browsers[name].get(page).text for page in pages), name


def test_pages_say_the_competence_in_the_readers_language(world, app, clock):
    """A published référentiel is read in its translation, on the phrase's page and where two views are compared."""
    client = app.test_client()
    translations.carry_over(world.session, world.version.referentiel, clock())
    factories.sign_in(world.session, client, world.person, clock())
    world.session.commit()
    addresses = ("/moi/phrases", f"/moi/phrases/{world.version.referentiel_id}/equipe")
    addresses += (f"/positionnements/{world.round.id}/echange",)
    for address in addresses:
        page = client.get(f"{address}?lang=en").text
        assert "Teamwork" in page, address
        assert "Travail en équipe" not in page, address
