"""The pages of a company’s view: what the coach makes, what the person sees, what the company finds by its link."""

import re
from html import unescape
from urllib.parse import unquote
from uuid import uuid4

import pytest
from sqlalchemy import select

from badges.models.assessments import RatingRecord, TutorViewRecord
from tests import factories, voices
from tests.voices import CODES

JSON = {"Accept": "application/json"}


@pytest.fixture
def world(session, clock):
    return voices.world(session, clock())


@pytest.fixture
def row(world):
    return world.both(dict.fromkeys(CODES, 3))


@pytest.fixture
def enter(app, session, clock):
    """A browser of its own for each actor, or for nobody."""

    def open_browser(who=None):
        browser = app.test_client()
        if who is not None:
            factories.sign_in(session, browser, who, clock())
        session.commit()
        return browser

    return open_browser


def text(response):
    """What a reader reads, in one line, entities resolved."""
    body = re.sub(r"<[^>]+>", " ", response.get_data(as_text=True))
    return re.sub(r"\s+", " ", unescape(body))


FORM = {
    "company": "Ateliers du Halage",
    "tutor_role": "chef d’équipe",
    "shown_as": "Awa",
    "competences": ["prevenir"],
    "agreed": "1",
}


def test_coach_makes_a_link_that_fits_a_message(world, row, enter):
    """Address, message, SMS and QR, in the answer to the form and nowhere else."""
    coach = enter(world.coach)
    page = coach.get(f"/positionnements/{row.id}/entreprise")
    assert 'name="shown_as" type="text" value="Awa"' in page.text
    assert "Des badges de ce référentiel demandent cet avis" in text(page)
    made = coach.post(f"/positionnements/{row.id}/entreprise", data={**FORM, "view": str(uuid4())})
    [address] = set(re.findall(r"http://localhost:8000/a/[0-9A-Z]{17}", made.text))
    [sms] = re.findall(r'href="(sms:[^"]+)"', made.text)
    assert address in unquote(unescape(sms))
    assert "<svg" in made.text
    after = coach.get(f"/positionnements/{row.id}")
    assert "En attente de l’entreprise" in text(after)
    assert address not in after.text
    assert enter().get(address.removeprefix("http://localhost:8000")).status_code == 200


def test_form_that_is_refused_keeps_what_was_typed(world, row, enter):
    """The error stands at its field."""
    answer = enter(world.coach).post(f"/positionnements/{row.id}/entreprise", data={**FORM, "company": ""})
    assert answer.status_code == 422
    assert 'href="#company"' in answer.text
    assert 'value="chef d’équipe"' in unescape(answer.text)


def test_person_sees_who_was_asked_and_says_no(world, row, enter):
    """Company, role, competences, by whom and when; one button ends it."""
    view, code = world.ask(row)
    person = enter(world.person)
    page = person.get(f"/positionnements/{row.id}")
    assert "Ateliers du Halage, chef d’équipe (Sacha)" in text(page)
    assert "par Camille Roche" in text(page)
    assert code not in page.text
    assert person.post(f"/entreprises/{view.id}/refuser").status_code == 303
    assert enter().get(f"/a/{code}").status_code == 410


def test_company_finds_only_what_it_is_asked(world, row, enter):
    """First name, situation, levels as sentences, « pas vu » chosen; nothing of the views, no name in the title."""
    _view, code = world.ask(row, competences=["prevenir"])
    page = enter().get(f"/a/{code}")
    assert "Immersion à l’atelier" in text(page)
    assert "du 9 novembre 2026 au 20 novembre 2026" in text(page)
    assert 'value="none" checked' in page.text
    assert "level-securite" not in page.text
    assert "Awa" not in re.search(r"<title>(.*?)</title>", page.text).group(1)
    for hidden in (world.person.name, "mots de la personne", "constat du coach", world.coach.name):
        assert hidden not in text(page)
    assert page.headers["Cache-Control"] == "no-store"
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert "What you saw" in enter().get(f"/a/{code}?lang=en").text


def test_previews_use_nothing_up(world, row, enter, session):
    """Any number of visits, by GET and HEAD, change no row."""
    _view, code = world.ask(row)
    robot = enter()
    for _ in range(3):
        assert robot.get(f"/a/{code}").status_code == 200
        assert robot.head(f"/a/{code}").status_code == 200
    session.expire_all()
    view = session.scalars(select(TutorViewRecord)).one()
    assert (view.revision, view.sent_at, view.kept_at) == (0, None, None)


def test_company_keeps_comes_back_and_sends(world, row, enter, session):
    """By the button or by the page's script; then « merci », and the link is used up."""
    _view, code = world.ask(row)
    tutor = enter()
    form = {"form": str(uuid4()), "revision": "0", "level-prevenir": "2", "act-prevenir": "A prévenu"}
    kept = tutor.post(f"/a/{code}/garder", data=form, headers=JSON)
    assert kept.json["revision"] == 1
    answer = tutor.post(f"/a/{code}", data={**form, "revision": "1", "act-prevenir": "A prévenu mardi", "keep": "1"})
    page = enter().get(answer.location)
    assert "C’est gardé" in text(page)
    assert "A prévenu mardi" in text(page)
    assert 'name="revision" value="2"' in page.text
    refused = enter().post(f"/a/{code}", data={**form, "revision": "2"})
    assert refused.status_code == 422
    assert 'href="#right_person"' in refused.text
    sent = enter().post(f"/a/{code}", data={**form, "revision": "2", "right_person": "1"})
    assert sent.location == "/a/merci"
    assert "Merci" in text(enter().get(sent.location))
    again = enter().get(f"/a/{code}")
    assert again.status_code == 410
    assert "déjà été envoyé" in text(again)
    session.expire_all()
    levels = {one.competence_code: one.level for one in session.scalars(select(RatingRecord)) if one.rater == "tutor"}
    assert levels == {"prevenir": 2, "securite": None}


def test_page_filled_elsewhere_comes_back_with_ones_own_words(world, row, enter):
    """Nothing typed is lost, and what will leave is what is read."""
    _view, code = world.ask(row)
    form = {"form": str(uuid4()), "revision": "0", "level-prevenir": "2", "act-prevenir": "ici", "right_person": "1"}
    enter().post(f"/a/{code}/garder", data={**form, "form": str(uuid4()), "act-prevenir": "là"}, headers=JSON)
    stopped = enter().post(f"/a/{code}/garder", data=form, headers=JSON)
    assert (stopped.status_code, stopped.mimetype) == (409, "application/problem+json")
    answer = enter().post(f"/a/{code}", data=form)
    assert answer.status_code == 409
    assert "remplie ailleurs" in text(answer)
    assert re.search(r"<textarea[^>]*>\s*ici</textarea>", answer.text)
    assert 'name="revision" value="1"' in answer.text
    assert enter().post(f"/a/{code}", data={**form, "revision": "1"}).location == "/a/merci"


def test_wrong_person_is_one_tap_and_the_coach_reads_it(world, row, enter):
    """The link ends; the round's page says why."""
    _view, code = world.ask(row)
    answer = enter().post(f"/a/{code}/pas-la-bonne-personne")
    assert "Votre réponse n’est pas enregistrée" in text(answer)
    assert enter().post(f"/a/{code}", data={}).status_code == 410
    assert "ce n’est pas la bonne personne" in text(enter(world.coach).get(f"/positionnements/{row.id}"))


def test_three_views_stand_side_by_side(world, row, enter):
    """For both readers, once all three are there; the radar has three drawings."""
    _view, code = world.ask(row)
    world.seal_both(row)
    waiting = enter(world.coach).get(f"/positionnements/{row.id}")
    assert "En attente de l’avis de l’entreprise" in text(waiting)
    assert enter(world.person).get(f"/positionnements/{row.id}/echange").status_code == 302
    world.send(code, {"prevenir": 2, "securite": None})
    for who in (world.person, world.coach):
        page = enter(who).get(f"/positionnements/{row.id}/echange")
        first = page.text[page.text.index('class="versus"') :]
        assert first[: first.index("</section>")].count('class="versus__level"') == 3
        assert voices.ACT in text(page)
        assert "Pas vu dans l’entreprise" in text(page)
        assert "L’entreprise" in re.search(r"<table.*?</table>", page.text, re.DOTALL).group(0)


def test_coach_goes_on_without_and_caseload_says_who_is_waited_for(world, row, enter):
    """The list names the company as the one to wait for; one button goes on."""
    world.ask(row)
    world.seal_both(row)
    coach = enter(world.coach)
    assert "Attendre l’entreprise" in text(coach.get("/personnes"))
    assert coach.post(f"/positionnements/{row.id}/sans-entreprise").status_code == 303
    assert coach.get(f"/positionnements/{row.id}/echange").status_code == 200


def test_link_is_not_for_who_follows_the_person(world, row, enter):
    """Signed in, the person and their coach are told whom it is for."""
    _view, code = world.ask(row)
    for who in (world.person, world.coach):
        assert "pour l’entreprise" in text(enter(who).get(f"/a/{code}"))
        assert enter(who).post(f"/a/{code}", data={"right_person": "1"}).status_code == 403
