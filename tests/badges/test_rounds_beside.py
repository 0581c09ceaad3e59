"""The talk and what leads to it: words typed beside the person, the screen handed over, the guide that is printed."""

import re
from html import unescape

import pytest
from sqlalchemy import select

from badges.models.access import SessionRecord
from badges.models.assessments import Rater
from badges.models.people import Role
from badges.services import assessments
from tests import factories, rounds


@pytest.fixture
def world(session, clock):
    return rounds.world(session, clock())


@pytest.fixture
def enter(app, session, clock):
    """A browser of its own for each actor."""

    def open_browser(who):
        browser = app.test_client()
        factories.sign_in(session, browser, who, clock())
        session.commit()
        return browser

    return open_browser


def text(response):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.text)))


def at(row, rest=""):
    return f"/positionnements/{row.id}{rest}"


def typed_beside(world, row):
    """The coach has finished; the person has answered once alone, the coach the rest beside them."""
    for code in rounds.CODES:
        world.rate(row, Rater.COACH, code, 3)
    world.seal(row, Rater.COACH)
    world.rate(row, Rater.SELF, rounds.CODES[0], 2)
    for code in rounds.CODES[1:]:
        assessments.rate(
            world.session,
            world.as_coach,
            row.id,
            rater=Rater.SELF,
            competence_code=code,
            level=2,
            situation="Ses mots, deux fois lundi.",
            now=world.now,
        )


def test_words_typed_beside_the_person_say_so_to_both(world, enter):
    """Answer by answer: what the person typed alone carries no other name."""
    row = world.opened()
    typed_beside(world, row)
    coach, person = enter(world.coach), enter(world.person)
    said = f"Saisi par {world.coach.name}, à côté de la personne"
    assert text(coach.get(at(row, "/moi"))).count(said) == 2
    assert "Des réponses ont été saisies par" in text(person.get(at(row)))
    world.seal(row, Rater.SELF)
    world.session.commit()
    for browser in (coach, person):
        assert text(browser.get(at(row, "/echange"))).count(said) == 2


def test_rating_by_another_coach_carries_their_name(world, enter, session):
    """Whoever took over in the middle is named, answer by answer; the round's own coach is not repeated."""
    row = world.opened("equipe", "rigueur")
    world.rate(row, Rater.COACH, "equipe", 3)
    colleague = factories.staff(session, (world.structure, Role.COACH), name="Samir Belkacem")
    world.person.memberships[0].coach_id = colleague.id
    session.flush()
    assessments.rate(
        session,
        factories.actor(colleague),
        row.id,
        rater=Rater.COACH,
        competence_code="rigueur",
        level=3,
        situation="Vu deux fois à l’atelier.",
        now=world.now,
    )
    page = text(enter(colleague).get(at(row, "/coach")))
    assert page.count("Rempli par Samir Belkacem") == 1
    assert "Rempli par Camille" not in page


def test_coach_hands_the_screen_over(world, enter, session):
    """The coach is signed out, the card's number is there, and the person lands on the round."""
    row = world.opened("equipe")
    coach = enter(world.coach)
    assert "Terminez votre avis" in text(coach.get(at(row)))
    session.commit()
    assert coach.post(at(row, "/ecran")).headers["Location"] == at(row)
    world.rate(row, Rater.COACH, "equipe", 3)
    world.seal(row, Rater.COACH)
    session.commit()
    assert "Lui passer cet écran" in text(coach.get(at(row)))
    answer = coach.post(at(row, "/ecran"))
    assert answer.headers["Location"] == f"/carte/{world.person.card_code}?next={at(row)}"
    assert session.scalar(select(SessionRecord.staff_id).where(SessionRecord.staff_id == world.coach.id)) is None
    session.commit()
    assert coach.get("/personnes").status_code == 302
    there = coach.post(answer.headers["Location"], data={"pin": factories.PIN, "next": at(row)})
    assert there.headers["Location"] == at(row)
    assert coach.get(at(row)).status_code == 200


def test_screen_is_handed_over_to_confirm_too(world, enter):
    """Once it is concluded, only the person's PIN is missing."""
    row = world.revealed({"equipe": 2}, {"equipe": 3})
    coach = enter(world.coach)
    assert "Lui passer cet écran" not in text(coach.get(at(row)))
    world.settle(row, "equipe", 3)
    world.conclude(row)
    world.session.commit()
    assert "Lui passer cet écran" in text(coach.get(at(row)))
    assert "Lui passer cet écran" not in text(enter(world.person).get(at(row)))


def test_talk_opens_with_questions_and_has_a_guide(world, enter):
    """Under, over and neither, in the words that practitioners use; nobody else prints it, nor before both are in."""
    row = world.revealed({"equipe": 1, "autonomie": 4, "rigueur": None}, {"equipe": 3, "autonomie": 2, "rigueur": None})
    coach = enter(world.coach)
    page = text(coach.get(at(row, "/echange")))
    assert "Pour ouvrir l’échange" in page
    assert at(row, "/guide") in coach.get(at(row, "/echange")).text
    guide = text(coach.get(at(row, "/guide")))
    for said in (
        "L’aviez-vous remarqué",
        "Racontez : combien de fois, où, quand",
        "rien ne manque",
        "Racontez un moment de ces dernières semaines",
        "Jour de l’échange",
        world.person.name,
    ):
        assert said in guide
    assert enter(world.person).get(at(row, "/guide")).headers["Location"] == at(row)
    blind = world.opened("equipe")
    world.session.commit()
    assert coach.get(at(blind, "/guide")).headers["Location"] == at(blind)


def test_structure_that_says_tu_opens_with_tu(session, clock, enter):
    """The questions too."""
    world = rounds.world(session, clock(), address_form="tu")
    row = world.revealed({"equipe": 1}, {"equipe": 3})
    guide = text(enter(world.coach).get(at(row, "/guide")))
    assert "Par quoi veux-tu commencer" in guide
    assert "voulez-vous" not in guide
