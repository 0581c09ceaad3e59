"""The pages of a round: what each reader finds, posts and never sees."""

import re
from html import unescape
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from badges.models.assessments import Rater, RoundRecord
from badges.models.people import Role
from badges.services import assessments
from badges.services.referentiels import document_of
from tests import factories, rounds

SECRET = "phrase-cachée"


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


@pytest.fixture
def person(world, enter):
    return enter(world.person)


@pytest.fixture
def coach(world, enter):
    return enter(world.coach)


def text(response):
    """What a reader reads, in one line, entities resolved."""
    body = re.sub(r"<[^>]+>", " ", response.get_data(as_text=True))
    return re.sub(r"\s+", " ", unescape(body))


def at(row, rest=""):
    return f"/positionnements/{row.id}{rest}"


@pytest.fixture
def kept(installation, world):
    """What the requests have committed of a round."""

    def read(row_id):
        with installation.database.reading() as reading:
            return assessments.round_for(reading, world.as_person, row_id)

    return read


def test_coach_opens_a_round_from_the_pages(world, coach, session):
    """Référentiel, then competences and moment; the round's page follows."""
    address = f"/personnes/{world.person.id}/positionnements/nouveau"
    chosen = coach.get(address)
    assert f"?version={world.version.id}" in chosen.text
    form = coach.get(f"{address}?version={world.version.id}")
    assert form.status_code == 200
    assert 'value="entree" checked' in form.text
    posted = {"version": world.version.id, "round": uuid4(), "competences": ["equipe", "rigueur"], "moment": "entree"}
    answers = [coach.post(address, data=posted) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].location == answers[1].location
    assert session.scalar(select(func.count(RoundRecord.id))) == 1


def test_second_round_starts_from_the_competences_of_the_first(world, coach):
    """Reviewing the same competences takes no ticking."""
    world.opened("equipe", "rigueur")
    world.session.commit()
    form = coach.get(f"/personnes/{world.person.id}/positionnements/nouveau?version={world.version.id}")
    assert re.findall(r'name="competences" value="([a-z-]+)" checked', form.text) == ["equipe", "rigueur"]
    assert "Déjà en cours" in text(form)


def test_more_than_eight_competences_warns_once_and_opens(world, coach, session):
    """The first time nothing is opened and nothing is lost; the second time it opens."""
    address = f"/personnes/{world.person.id}/positionnements/nouveau"
    codes = [one.code for one in document_of(world.version).competences[:9]]
    posted = {"version": world.version.id, "round": uuid4(), "competences": codes, "moment": "etape"}
    warned = coach.post(address, data=posted)
    assert "9 compétences, c’est beaucoup" in text(warned)
    assert warned.text.count(" checked") == 10
    assert session.scalar(select(func.count(RoundRecord.id))) == 0
    session.commit()
    assert coach.post(address, data=posted | {"many": "1"}).status_code == 303


@pytest.mark.parametrize("missing", ["competences", "moment"])
def test_opening_without_a_choice_shows_the_form_again(world, coach, missing):
    """What was ticked stays ticked, the error stands near its field."""
    posted = {"version": world.version.id, "round": uuid4(), "competences": ["rigueur"], "moment": "etape"}
    del posted[missing]
    answer = coach.post(f"/personnes/{world.person.id}/positionnements/nouveau", data=posted)
    assert answer.status_code == 422
    assert f'href="#{missing}' in answer.text
    assert ('value="rigueur" checked' in answer.text) == (missing == "moment")


def test_person_answers_question_after_question_and_finishes(world, person, session, kept):
    """One POST an answer, each saved at once; then the review, then « J'ai fini »."""
    row = world.opened("equipe", "autonomie")
    first, second = row.competences
    session.commit()
    assert at(row, f"/moi/{first}") in person.get(at(row)).text
    page = person.get(at(row, f"/moi/{first}"))
    assert "Question 1 sur 2" in text(page)
    document = document_of(row.version)
    for step in document.scale:
        assert document.competence(first).behaviour(step.level) in unescape(page.text)
    assert 'name="situation"' not in page.text
    chosen = person.post(at(row, f"/moi/{first}"), data={"level": "2"})
    assert (chosen.status_code, chosen.location) == (303, at(row, f"/moi/{first}?level=2"))
    page = person.get(chosen.location)
    assert "Combien de fois, quand, où" in text(page)
    assert "la santé, les origines ou la justice" in text(page)
    assert document.level(2).name in text(page)
    saved = person.post(at(row, f"/moi/{first}"), data={"level": "2", "situation": "deux fois"})
    assert (saved.status_code, saved.location) == (303, at(row, f"/moi/{second}"))
    assert [(one.competence_code, one.level) for one in kept(row.id).ratings] == [(first, 2)]
    saved = person.post(at(row, f"/moi/{second}"), data={"level": "none", "situation": ""})
    assert saved.location == at(row, "/moi")
    assert "Pas encore eu l’occasion" in text(person.get(at(row, "/moi")))
    assert person.post(at(row, "/moi")).location == at(row)
    assert person.get(at(row, f"/moi/{first}")).location == at(row)
    assert person.post(at(row, f"/moi/{first}"), data={"level": "5", "situation": "dix fois"}).status_code == 409


@pytest.mark.parametrize(
    ("posted", "field"),
    [
        ({"situation": "trois fois"}, "level"),
        ({"level": "dix", "situation": "trois fois"}, "level"),
        ({"level": "42", "situation": "trois fois"}, "level"),
        ({"level": "3", "situation": "a"}, "situation"),
    ],
)
def test_refused_answer_keeps_what_was_typed(world, person, kept, posted, field):
    """The page comes back with the words, the error near its field, and nothing saved."""
    row = world.opened("equipe")
    world.session.commit()
    answer = person.post(at(row, "/moi/equipe"), data=posted)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert posted["situation"] in answer.text
    assert ('type="hidden" name="level" value="3"' in answer.text) == (posted.get("level") == "3")
    assert not kept(row.id).ratings


def test_unfinished_view_cannot_be_sealed_from_the_page(world, person, kept):
    """A sentence, and nothing sealed."""
    row = world.opened("equipe")
    world.session.commit()
    assert person.post(at(row, "/moi")).status_code == 422
    assert kept(row.id).self_sealed_at is None


def every_page(row):
    """Every address of a round, and every post that could give something away."""
    gets = ["", "/moi", "/coach", "/echange", "/conclusion", "/confirmer"]
    gets += [f"/{view}/{code}" for view in ("moi", "coach", "echange") for code in row.competences]
    posts = [
        ("/conclusion", {}),
        ("/conclusion", {"outcome": "accorde", "talk_on": "2026-11-21", "note": "rien"}),
        ("/confirmer", {"pin": factories.PIN, "seen": ""}),
    ]
    for code in row.competences:
        posts += [
            (f"/echange/{code}", {}),
            (f"/echange/{code}", {"level": "3"}),
            (f"/echange/{code}", {"level": "disagree", "person_words": "non"}),
            (f"/echange/{code}", {"level": "3", "answer": "réponse"}),
        ]
    return gets, posts


def everything_said(browser, row):
    """Status, headers and body of all that a reader can get out of a round."""
    gets, posts = every_page(row)
    said = [browser.get(at(row, rest)) for rest in gets]
    said += [browser.post(at(row, rest), data=data) for rest, data in posts]
    person_id = row.person_id
    said += [browser.get(address) for address in ("/moi", "/moi/parcours", "/personnes")]
    said += [browser.get(f"/personnes/{person_id}"), browser.get(f"/personnes/{person_id}/parcours")]
    return [(one.status_code, blank(str(one.headers)), blank(unescape(one.get_data(as_text=True)))) for one in said]


@pytest.mark.parametrize(("hidden", "told"), [(Rater.SELF, Rater.COACH), (Rater.COACH, Rater.SELF)])
def test_nothing_of_the_others_view_is_told_before_both_are_sealed(world, enter, session, hidden, told):
    """Whatever the other has answered, every page, redirect and refusal reads the same, to the letter."""
    row = world.opened("equipe", "autonomie")
    for code in row.competences:
        world.rate(row, hidden, code, 1, f"{SECRET} une, plusieurs fois")
    world.seal(row, hidden)
    world.rate(row, told, "equipe", 3, "ma propre phrase, lundi")
    browser = enter(world.person if told is Rater.SELF else world.coach)
    browser.get(at(row))  # the first page of a browser carries its cookie
    readings = [everything_said(browser, row)]
    for rating in row.ratings:
        if rating.rater is hidden:
            rating.level, rating.situation = None, f"{SECRET} autre, une seule fois"
    session.commit()
    readings.append(everything_said(browser, row))
    assert readings[0] == readings[1]
    assert {one[0] for one in readings[0]} <= {200, 302, 403, 409}
    assert not [part for reading in readings for one in reading for part in one[1:] if SECRET in part]


def blank(body):
    """A page without what differs each time: tokens, and the identifier drawn with a form."""
    return re.sub(r'name="csrf_token" value="[^"]*"|name="(round|person)" value="[^"]*"', "", body)


def test_both_views_are_revealed_together(world, person, coach, session):
    """Once both are sealed, both readers find both phrases, the sentence of the talk and an equal table."""
    row = world.opened("equipe", "autonomie", "rigueur")
    for code in row.competences:
        world.rate(row, Rater.SELF, code, 2, f"dit par la personne sur {code}")
        world.rate(row, Rater.COACH, code, 4, f"vu par le coach sur {code}")
    world.seal(row, Rater.SELF)
    world.seal(row, Rater.COACH)
    session.commit()
    for browser in (person, coach):
        page = browser.get(at(row, "/echange"))
        assert page.text.count("dit par la personne sur equipe") == 1
        assert "vu par le coach sur equipe" in page.text
        assert "Vous vous placez à 2 (Aidé), votre coach à 4 (En situation nouvelle). Voici ce qui a été vu" in text(
            page
        )
        assert "radar__line" in page.text
        assert page.text.count('<th scope="row">') == 3


def test_talk_from_the_pages_to_the_persons_pin(world, person, coach, kept):
    """Agree, agree, conclude, confirm; each step leads to the next."""
    row = world.revealed({"equipe": 2, "autonomie": 4}, {"equipe": 3, "autonomie": 4})
    first, second = row.competences
    world.session.commit()
    answer = coach.post(at(row, f"/echange/{first}"), data={"level": "3"})
    assert answer.location == at(row, f"/echange/{second}")
    answer = coach.post(at(row, f"/echange/{second}"), data={"level": "4"})
    assert answer.location == at(row, "/conclusion")
    concluded = {"outcome": "accorde", "talk_on": "2026-11-21", "note": "On garde le rythme."}
    assert coach.post(at(row, "/conclusion"), data=concluded).location == at(row)
    page = person.get(at(row, "/confirmer"))
    assert "On garde le rythme." in text(page)
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', page.text).group(1)
    wrong = person.post(at(row, "/confirmer"), data={"pin": "918273", "seen": seen})
    assert wrong.status_code == 422
    assert "Ce n’est pas le bon code secret" in text(wrong)
    assert person.post(at(row, "/confirmer"), data={"pin": factories.PIN, "seen": seen}).location == at(row)
    assert assessments.settled_levels(kept(row.id)) == {first: 3, second: 4}
    again = person.post(at(row, "/confirmer"), data={"pin": factories.PIN, "seen": seen})
    assert again.status_code == 409
    assert "déjà clos" in text(again)
    for browser in (person, coach):
        closed = browser.get(at(row))
        assert closed.status_code == 200
        assert "Accordé" in text(closed)


def test_closed_round_leads_the_coach_to_the_badges_it_reaches(world, person, coach, session, installation):
    """Level 3 reaches its badge, level 2 does not; the person is not asked to propose."""
    row = world.closed({"equipe": 3, "autonomie": 2}, installation.secret)
    session.commit()
    assert re.findall(r'href="([^"]+/proposer)"', coach.get(at(row)).text) == [at(row, "/badges/equipe/proposer")]
    assert "/proposer" not in person.get(at(row)).text


def test_confirming_a_page_that_changed_is_refused(world, person, session, kept):
    """409, a sentence, and the round stays open."""
    row = world.revealed({"equipe": 2}, {"equipe": 4})
    world.settle(row, "equipe", 3)
    world.conclude(row)
    session.commit()
    seen = re.search(r'name="seen" value="([^"]+)"', person.get(at(row, "/confirmer")).text).group(1)
    world.conclude(row, talk_note="Une autre note, après coup.")
    session.commit()
    refused = person.post(at(row, "/confirmer"), data={"pin": factories.PIN, "seen": seen})
    assert refused.status_code == 409
    assert "Relisez-la" in text(refused)
    assert kept(row.id).closed_at is None


def test_disagreement_from_the_persons_page_and_its_answer(world, person, coach, session):
    """The person's words are shown to both; the coach can only answer them."""
    row = world.revealed({"equipe": 4}, {"equipe": 2})
    session.commit()
    words = "Je l’ai fait chez deux patrons."
    answer = person.post(at(row, "/echange/equipe"), data={"level": "disagree", "person_words": words})
    assert answer.location == at(row, "/echange#equipe")
    for browser in (person, coach):
        assert words in text(browser.get(at(row, "/echange")))
    assert 'value="disagree"' not in coach.get(at(row, "/echange/equipe")).text
    assert coach.post(at(row, "/echange/equipe"), data={"level": "2"}).status_code == 409
    refused = coach.post(at(row, "/echange/equipe"), data={"level": "3", "answer": ""})
    assert refused.status_code == 422
    answered = coach.post(at(row, "/echange/equipe"), data={"level": "3", "answer": "Vu avec le second patron."})
    assert answered.location == at(row, "/conclusion")
    assert "Vu avec le second patron." in text(person.get(at(row, "/echange")))


@pytest.mark.parametrize("posted", [{"level": "disagree", "person_words": ""}, {}])
def test_refused_agreement_shows_the_page_again(world, coach, posted):
    """422, the views still side by side."""
    row = world.revealed({"equipe": 4}, {"equipe": 2})
    world.session.commit()
    refused = coach.post(at(row, "/echange/equipe"), data=posted)
    assert refused.status_code == 422
    assert rounds.COACH_WORDS.format(code="equipe") in text(refused)


def test_refused_conclusion_keeps_the_note(world, coach):
    """A day in the future, a long note: only the day has to be corrected."""
    row = world.revealed({"equipe": 4}, {"equipe": 2})
    world.settle(row, "equipe", 3)
    world.session.commit()
    posted = {"outcome": "clos", "talk_on": "2026-11-22", "note": "Une note assez longue."}
    refused = coach.post(at(row, "/conclusion"), data=posted)
    assert refused.status_code == 422
    assert "Une note assez longue." in refused.text
    assert 'value="clos" checked' in refused.text
    assert "ne peut pas être dans le futur" in text(refused)


def test_coach_types_beside_the_person_without_reading_their_answers(world, coach, session):
    """What the person answered alone is only said to be answered."""
    row = world.opened("equipe", "autonomie")
    world.rate(row, Rater.SELF, "equipe", 5, f"{SECRET} seul")
    for code in row.competences:
        world.rate(row, Rater.COACH, code, 2)
    session.commit()
    assert coach.get(at(row, "/moi")).status_code == 409
    world.seal(row, Rater.COACH)
    session.commit()
    page = coach.get(at(row, "/moi"))
    assert SECRET not in page.text
    assert "répondu par la personne" in text(page)
    assert coach.get(at(row, "/moi/equipe")).status_code == 409
    saved = coach.post(at(row, "/moi/autonomie"), data={"level": "1", "situation": "dit à voix haute"})
    assert saved.location == at(row, "/moi")
    assert coach.post(at(row, "/moi")).location == at(row)
    assert world.coach.name in text(coach.get(at(row, "/echange")))


def test_structure_that_says_tu_is_heard_saying_tu(session, clock, enter):
    """The form of address is the structure's setting, on every page the person reads."""
    world = rounds.world(session, clock(), address_form="tu")
    row = world.opened("equipe")
    session.commit()
    person = enter(world.person)
    for rest in ("", "/moi/equipe", "/moi"):
        assert not re.search(r"\b([Vv]ous|[Vv]otre|[Vv]os) ?(avis|répon|êtes|coach)", main(person.get(at(row, rest))))
    assert "où en es-tu" in text(person.get(at(row, "/moi/equipe")))
    revealed = world.revealed({"equipe": 2}, {"equipe": 4})
    session.commit()
    assert "Tu te places à 2" in text(person.get(at(revealed, "/echange")))


def main(response):
    return re.sub(r"<[^>]+>", " ", unescape(response.text.split("<main", 1)[1]))


def test_path_overlays_rounds_and_leaves_gaps(world, enter, session, clock, installation):
    """Confirmed levels of two dated rounds; what was not seen has no level and no zero."""
    world.closed({"equipe": 2, "autonomie": 3, "rigueur": 2}, installation.secret)
    world.now = clock.forward(days=30)
    world.closed({"equipe": 4, "autonomie": 3, "curiosite": 1}, installation.secret)
    session.commit()
    for who, address in ((world.person, "/moi/parcours"), (world.coach, f"/personnes/{world.person.id}/parcours")):
        page = enter(who).get(address)
        assert page.status_code == 200
        assert "21 nov. 2026" in text(page)
        assert "21 déc. 2026" in text(page)
        assert 'class="series-2"' in page.text
        assert text(page).count("Sans niveau") == 2


def test_empty_path_says_so(person):
    """Nothing to draw is not an error."""
    page = person.get("/moi/parcours")
    assert page.status_code == 200
    assert "Pas encore de positionnement" in text(page)


@pytest.mark.parametrize("role", [Role.EDITOR, Role.ISSUER, Role.AUDITOR, Role.ADMINISTRATOR])
def test_other_roles_find_no_round(world, enter, role):
    """404 on every address of a round, whatever the method; nothing of it in the answer."""
    row = world.revealed({"equipe": 2}, {"equipe": 4})
    browser = enter(factories.staff(world.session, (world.structure, role)))
    gets, posts = every_page(row)
    for answer in [browser.get(at(row, rest)) for rest in gets] + [
        browser.post(at(row, rest), data=data) for rest, data in [*posts, ("/moi", {}), ("/coach", {})]
    ]:
        assert answer.status_code == 404
        assert world.person.name not in answer.text
    for address in ("/parcours", "/positionnements/nouveau"):
        assert browser.get(f"/personnes/{world.person.id}{address}").status_code == 403


def test_strangers_find_no_round(world, enter):
    """Another structure's coach, another person: as if it did not exist."""
    row = world.revealed({"equipe": 2}, {"equipe": 4})
    elsewhere = factories.organisation(world.session, "Ailleurs")
    coach = enter(factories.staff(world.session, (elsewhere, Role.COACH)))
    other = enter(factories.person(world.session, world.structure, name="Sam Petit"))
    gets, posts = every_page(row)
    for browser in (coach, other):
        assert {browser.get(at(row, rest)).status_code for rest in gets} == {404}
        assert {browser.post(at(row, rest), data=data).status_code for rest, data in posts} == {404}
    for address in ("/parcours", "/positionnements/nouveau"):
        assert coach.get(f"/personnes/{world.person.id}{address}").status_code == 404
        assert other.get(f"/personnes/{world.person.id}{address}").status_code == 403


def test_coach_of_a_person_who_left_finds_nothing_and_the_person_everything(world, person, coach, session):
    """Leaving the structure closes its door on what was said."""
    row = world.revealed({"equipe": 2}, {"equipe": 4})
    world.person.memberships[0].left_on = world.now.date()
    session.commit()
    assert coach.get(at(row, "/echange")).status_code == 404
    assert coach.get(f"/personnes/{world.person.id}/parcours").status_code == 404
    assert person.get(at(row, "/echange")).status_code == 200


def test_each_side_is_sent_away_from_the_others_acts(world, person, coach, session):
    """The person neither answers as coach nor concludes; the coach does not confirm."""
    row = world.opened("equipe")
    session.commit()
    assert person.get(at(row, "/coach")).status_code == 403
    assert person.get(at(row, "/coach/equipe")).status_code == 403
    assert person.post(at(row, "/coach/equipe"), data={"level": "5", "situation": "dix fois lundi"}).status_code == 403
    revealed = world.revealed({"equipe": 2}, {"equipe": 4})
    world.settle(revealed, "equipe", 3)
    session.commit()
    assert person.post(at(revealed, "/conclusion"), data={}).status_code == 403
    world.conclude(revealed)
    session.commit()
    assert coach.get(at(revealed, "/confirmer")).location == at(revealed)
    assert coach.post(at(revealed, "/confirmer"), data={"pin": factories.PIN, "seen": ""}).status_code == 403


def test_unknown_competence_is_not_found(world, person, coach):
    """On the question's page as on the talk's."""
    row = world.revealed({"equipe": 2}, {"equipe": 4})
    blind = world.opened("equipe")
    world.session.commit()
    assert person.get(at(blind, "/moi/curiosite")).status_code == 404
    assert person.post(at(blind, "/moi/curiosite"), data={"level": "1", "situation": "une fois"}).status_code == 404
    assert coach.get(at(row, "/echange/curiosite")).status_code == 404
