"""Addresses and forms that mix the things of two organisations: none of them reaches across, and nothing changes."""

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from badges.db import Base
from badges.models.people import MembershipRecord
from tests.house import access_world

KEPT_APART = {"guesses", "sessions"}  # what any request may touch: who is signed in, how often somebody guessed


@dataclass(frozen=True)
class Mixed:
    """A request of an actor of this side in which one thing is the other side's; and what they may be answered."""

    actor: str
    endpoint: str
    values: dict[str, Any]
    form: dict[str, Any] = field(default_factory=dict)
    status: int = 404
    method: str = "POST"


@pytest.fixture
def place(session, installation):
    built = access_world.build(session, installation)
    session.commit()
    return built


def mixed(place: access_world.Place) -> list[Mixed]:
    """One thing too many in an otherwise good request."""
    here, there = place.here, place.there
    slug, draft = here.structure.slug, here.version.referentiel.slug
    member = {"slug": slug, "staff_id": there.spare.id}
    person = {"person_id": here.person.id}
    theirs = {"share": there.claimed.shares[0].id}
    newcomer = {"name": "Mina Solal", "language": "fr", "pin_choice": "first_use"}
    opening = {"version": here.version.id, "competences": list(here.codes[:2]), "moment": "entree"}
    owner = {"title": "Un titre", "language": "fr", "scope": "", "owner": there.region.slug}
    ending = {"slug": draft, "recognition": there.recognition.id}
    return [
        Mixed("admin", "organisations.roles", member, method="GET"),
        Mixed("admin", "organisations.roles_changed", member, {"roles": ["coach"]}),
        Mixed("admin", "organisations.reset", member),
        Mixed("admin", "organisations.deactivate", member),
        Mixed("admin", "organisations.reactivate", member),
        Mixed("editor", "editor.recognition_end", ending, method="GET"),
        Mixed("editor", "editor.end_recognition", ending, {"last_day": "2026-11-21"}),
        Mixed("editor", "editor.mandate", ending, method="GET"),
        Mixed("editor", "editor.give_mandate", ending, {"valid_from": "2026-11-21", "valid_until": ""}),
        Mixed("editor", "editor.end_mandate", ending, {"last_day": "2026-11-21"}),
        Mixed("editor", "editor.create_blank", {}, owner, 422),
        Mixed("editor", "editor.create_copy", {}, {**owner, "source": "modele:sport"}, 422),
        Mixed("person", "awards.withdraw_share", {"award_id": here.claimed.id}, theirs),
        Mixed("coach", "people.handed_over", person, {"coach": there.coach.id, "scope": "one"}, 422),
        Mixed("coach", "people.create", {}, {**newcomer, "organisation": there.structure.id}, 403),
        Mixed("coach", "people.create", {}, {**newcomer, "organisation": 999_999}, 403),
        Mixed("coach", "people.create", {}, {**newcomer, "organisation": slug, "person": uuid4()}, 403),
        Mixed(
            "coach",
            "people.create",
            {},
            {**newcomer, "organisation": here.structure.id, "person": there.person.id},
        ),
        Mixed("coach", "assessments.open_for_person", person, {**opening, "round": there.blind.id}, 409),
        Mixed(
            "coach",
            "assessments.exchange_one",
            {"round_id": here.talk.id, "code": there.codes[1]},
            {"level": 3},
            404 if there.codes[1] not in here.codes[:2] else 303,
        ),
    ]


def rows_of(session: Session) -> dict[str, list[Any]]:
    """Every row of every table that says something."""
    session.expire_all()
    return {
        table.name: sorted(map(repr, session.execute(select(table))))
        for table in Base.metadata.sorted_tables
        if table.name not in KEPT_APART
    }


def test_mixed_request_reaches_nothing(app, session, installation, place):
    """The other side's member, recognition, share, coach, structure, person or round: unknown, refused, unchanged."""
    with installation.database.reading() as reading:
        before = rows_of(reading)
    urls, asked = app.url_map.bind("localhost"), mixed(place)
    session.rollback()  # what it read of the two sides would hold the writers up
    for one in asked:
        headers = {"Cookie": f"jalon_session={place.cookies[one.actor]}"}
        path = urls.build(one.endpoint, one.values, method=one.method)
        answered = app.test_client(use_cookies=False).open(path, method=one.method, data=one.form, headers=headers)
        assert answered.status_code == one.status, one
        assert access_world.THERE.person not in answered.text, one
        with installation.database.reading() as reading:
            assert rows_of(reading) == before, one


def test_searching_finds_ones_own_people_alone(app, place):
    """A coach who types the name of somebody else's person finds nobody."""
    headers = {"Cookie": f"jalon_session={place.cookies['coach']}"}
    asked = {"qui": "structure", "q": access_world.THERE.person.split()[0]}
    found = app.test_client(use_cookies=False).get("/personnes", query_string=asked, headers=headers)
    assert found.status_code == 200
    assert access_world.THERE.person not in found.text
    asked["q"] = access_world.HERE.person.split()[0]
    found = app.test_client(use_cookies=False).get("/personnes", query_string=asked, headers=headers)
    assert access_world.HERE.person in found.text


def test_door_closes_at_the_next_request(app, session, installation, place):
    """Who is deactivated, or whose structure no longer follows the person, has lost the way in already."""
    here, headers = place.here, {"Cookie": f"jalon_session={place.cookies['coach']}"}
    browser, path = app.test_client(use_cookies=False), f"/personnes/{here.person.id}"
    assert browser.get(path, headers=headers).status_code == 200
    [membership] = session.scalars(
        select(MembershipRecord).where(MembershipRecord.person_id == here.person.id, MembershipRecord.left_on.is_(None))
    )
    membership.left_on = installation.clock().date()
    session.commit()
    assert browser.get(path, headers=headers).status_code == 404
    assert browser.get(f"/positionnements/{here.closed.id}", headers=headers).status_code == 404
    assert browser.get(f"/badges-proposes/{here.proposed.id}", headers=headers).status_code == 404
    here.coach.deactivated_at = installation.clock()
    session.commit()
    assert browser.get("/personnes", headers=headers).location.startswith("/connexion")
