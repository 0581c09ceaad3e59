"""Situations of work, tries, pieces of a portfolio; and what the person says of what was noted about them."""

import hashlib
import uuid
from datetime import date
from io import BytesIO

import pytest

from badges.models.evidence import Autonomy, Origin
from badges.models.people import Role
from badges.services import evidence, portfolio, situations
from badges.services.errors import Forbidden, Invalid, NotFound
from badges.services.portfolio import Piece
from badges.services.situations import Attempt, Setting
from tests import awarding, factories

TODAY = date(2026, 11, 21)
FILM = "https://films.example.org/service"


@pytest.fixture
def place(session, installation):
    return awarding.world(session, installation, {"equipe": 3})


def opened(world, *, situation_id=None, **changes):
    setting = {"origin": Origin.IMMERSION, "task": "Service du midi", "place": "Cuisine centrale"}
    setting |= {"from_on": date(2026, 11, 2), "until_on": date(2026, 11, 13), "supervisor_role": "seconde de cuisine"}
    return situations.create(
        world.session,
        factories.actor(world.coach),
        world.person.id,
        Setting(**{**setting, **changes}),
        version_id=world.version.id,
        situation_id=situation_id or uuid.uuid4(),
        now=world.now,
    )


def tried(place, row, **changes):
    attempt = {"day": date(2026, 11, 3), "competences": ["equipe"], "act": "A passé les plats."}
    attempt |= {"autonomy": Autonomy.SHOWN, **changes}
    coach = factories.actor(place.coach)
    return situations.add_try(place.session, coach, row.id, Attempt(**attempt), now=place.now, today=TODAY)


def added(place, who, *, piece_id=None, **changes):
    piece = {"title": "Le service, en film", "url": FILM, "sha256": "AB" * 32, "made_on": TODAY}
    piece |= {"competences": ["equipe"], **changes}
    return portfolio.add(
        place.session,
        factories.actor(who),
        place.person.id,
        Piece(**piece),
        version_id=place.version.id,
        piece_id=piece_id or uuid.uuid4(),
        now=place.now,
        today=TODAY,
    )


def test_tries_repeat_and_none_replaces_another(place):
    """Shown on Tuesday, alone a week later: both stand, and the same form sent twice is one try."""
    row = opened(place)
    for _tap in range(2):
        tried(place, row)
    tried(place, row, day=date(2026, 11, 10), autonomy=Autonomy.ALONE, competences=["rigueur", "equipe"])
    seen = evidence.of_person(place.session, factories.actor(place.person), place.person.id)
    assert sorted((one.seen_on.day, one.competence_code, one.autonomy.value) for one in seen) == [
        (3, "equipe", "shown"),
        (10, "equipe", "alone"),
        (10, "rigueur", "alone"),
    ]


def test_same_situation_form_sent_twice_opens_one(place):
    """A second tap leads to the first."""
    row = opened(place)
    assert opened(place, situation_id=row.id).id == row.id
    assert len(situations.of_person(place.session, factories.actor(place.coach), place.person.id)) == 1


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("origin", {"origin": None}),
        ("origin", {"origin": Origin.GROUP}),
        ("task", {"task": " "}),
        ("place", {"place": ""}),
        ("from_on", {"from_on": None}),
        ("until_on", {"until_on": date(2026, 11, 1)}),
        ("supervisor", {"supervisor": "x" * 121}),
    ],
)
def test_situation_names_what_is_missing(place, field, changed):
    """Each fault beside its field."""
    with pytest.raises(Invalid) as refused:
        opened(place, **changed)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("day", {"day": None}),
        ("day", {"day": date(2026, 11, 1)}),
        ("day", {"day": date(2026, 11, 14)}),
        ("autonomy", {"autonomy": None}),
        ("words", {"act": "  "}),
        ("words", {"act": "x" * 501}),
        ("competences", {"competences": []}),
        ("competences", {"competences": ["inconnue"]}),
    ],
)
def test_try_names_what_is_missing(place, field, changed):
    """An act, on a day of the situation, with some help or none."""
    with pytest.raises(Invalid) as refused:
        tried(place, opened(place), **changed)
    assert refused.value.field == field


def test_colleague_reads_no_situation_before_taking_over(place):
    """Nor another structure's coach, for whom there is none."""
    row = opened(place)
    mate = factories.staff(place.session, (place.structure, Role.COACH))
    stranger = factories.staff(place.session, (factories.organisation(place.session), Role.COACH))
    with pytest.raises(Forbidden):
        situations.situation_for(place.session, factories.actor(mate), row.id)
    with pytest.raises(NotFound):
        situations.situation_for(place.session, factories.actor(stranger), row.id)


def test_what_was_noted_by_mistake_is_read_by_nobody(place):
    """Taken back, by the coach who follows the person alone."""
    [row] = tried(place, opened(place)).observations
    mate = factories.staff(place.session, (place.structure, Role.COACH))
    with pytest.raises(Forbidden):
        evidence.withdraw(place.session, factories.actor(mate), row.id, now=place.now)
    evidence.withdraw(place.session, factories.actor(place.coach), row.id, now=place.now)
    assert evidence.of_person(place.session, factories.actor(place.person), place.person.id) == ()


def test_file_is_measured_in_pieces_and_kept_nowhere():
    """The hash of what was handed in; nothing for nothing."""
    film = b"une image, puis une autre " * 10_000
    assert portfolio.fingerprint(BytesIO(film)) == hashlib.sha256(film).hexdigest()
    assert portfolio.fingerprint(BytesIO(b"")) == ""


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("title", {"title": ""}),
        ("url", {"url": "http://films.example.org/1"}),
        ("url", {"url": "javascript:alert(1)"}),
        ("url", {"url": "https://moi:secret@films.example.org/1"}),
        ("url", {"url": "https://[oups"}),
        ("sha256", {"sha256": "ab" * 31}),
        ("made_on", {"made_on": date(2026, 11, 22)}),
        ("competences", {"competences": []}),
    ],
)
def test_piece_names_what_cannot_be_used(place, field, changed):
    """A title, an https address without a password, 64 hexadecimal signs, a day that has come."""
    with pytest.raises(Invalid) as refused:
        added(place, place.person, **changed)
    assert refused.value.field == field


def test_piece_belongs_to_who_added_it(place):
    """The person removes any of theirs, a coach those they added with them; nobody else any."""
    own, with_coach = added(place, place.person), added(place, place.coach)
    assert added(place, place.person, piece_id=own.id).id == own.id
    coach, me = factories.actor(place.coach), factories.actor(place.person)
    assert {one.id for one in portfolio.pieces_of(place.session, coach, place.person.id)} == {own.id, with_coach.id}
    with pytest.raises(NotFound):
        portfolio.remove(place.session, coach, own.id, now=place.now)
    peer = factories.person(place.session, place.structure, place.coach)
    with pytest.raises(NotFound):
        portfolio.remove(place.session, factories.actor(peer), own.id, now=place.now)
    for one in (own, with_coach):
        portfolio.remove(place.session, me, one.id, now=place.now)
    assert portfolio.pieces_of(place.session, me, place.person.id) == ()


def test_person_reads_asks_and_the_coach_answers(place, client):
    """From the note to the correction: what was asked stands first on the coach's page, the answer on the person's."""
    row = opened(place)
    [seen] = tried(place, row, act="A laissé brûler le riz.").observations
    factories.sign_in(place.session, client, place.person, place.now)
    place.session.commit()
    assert "A laissé brûler le riz." in client.get("/moi/vu").text
    assert client.post(f"/moi/vu/{seen.id}/corriger", data={"words": ""}).status_code == 422
    asked = client.post(f"/moi/vu/{seen.id}/corriger", data={"words": "J’ai sauvé le riz."}, follow_redirects=True)
    assert "Le coach va répondre" in asked.text
    factories.sign_in(place.session, client, place.coach, place.now)
    place.session.commit()
    assert f"/personnes/{place.person.id}/vu" in client.get("/seances").text
    page = client.get(f"/personnes/{place.person.id}/vu")
    assert "J’ai sauvé le riz." in page.text
    form = {"decision": "correct", "act": "A sauvé le riz.", "words": "Corrigé, merci.", "person": str(place.person.id)}
    assert client.post(f"/observations/{seen.id}/repondre", data={**form, "words": ""}).status_code == 422
    assert client.post(f"/observations/{seen.id}/repondre", data=form).status_code == 303
    factories.sign_in(place.session, client, place.person, place.now)
    place.session.commit()
    page = client.get("/moi/vu").text
    assert "A sauvé le riz." in page
    assert "Corrigé, merci." in page
    assert "brûler" not in page


def test_piece_is_added_from_a_file_without_a_script(place, client):
    """The file is measured here, and what is kept is its hash."""
    factories.sign_in(place.session, client, place.person, place.now)
    place.session.commit()
    film = b"un film"
    form = {"title": "Le service", "url": FILM, "made_on": "2026-11-21", "competences": ["equipe"]}
    form |= {"version": place.version.id, "piece": str(uuid.uuid4())}
    page = client.post(
        "/moi/portfolio/nouvelle", data={**form, "file": (BytesIO(film), "film.mp4")}, follow_redirects=True
    )
    assert hashlib.sha256(film).hexdigest() in page.text
    again = client.post("/moi/portfolio/nouvelle", data={**form, "url": "films", "piece": str(uuid.uuid4())})
    assert again.status_code == 422
    assert 'value="Le service"' in again.text
