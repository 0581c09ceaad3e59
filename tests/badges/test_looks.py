"""Who looked: staff by day, role and organisation; public looks as a number a day; for the person alone."""

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select

from badges.models.evidence import Origin
from badges.models.people import Role
from badges.models.rights import FileLookRecord, ShareLookRecord
from badges.services import interviews, looks, shares, situations
from badges.services.interviews import Words
from badges.services.situations import Setting
from tests import factories
from tests.awarding import world

PHONE = {"User-Agent": "Mozilla/5.0 (Linux; Android 8.1)", "Accept": "text/html"}


@pytest.fixture
def place(session, installation):
    return world(session, installation)


def read(client, path, headers=PHONE) -> int:
    """Read to the end and hang up, as a browser does: looks are written down once the answer has left."""
    answered = client.get(path, headers=headers)
    answered.close()
    return answered.status_code


def become(session, client, clock, who):
    factories.sign_in(session, client, who, clock())
    session.commit()


def test_staff_who_open_a_file_are_written_down_once_a_day(session, client, clock, place):
    """File, path, round: one line that day, another the next; by role and organisation, on the person's page."""
    become(session, client, clock, place.coach)
    for path in (f"/personnes/{place.person.id}", f"/positionnements/{place.round.id}", "/personnes"):
        assert read(client, path) == 200
    clock.forward(hours=20)
    become(session, client, clock, place.coach)
    read(client, f"/personnes/{place.person.id}/carte")
    rows = session.scalars(select(FileLookRecord).order_by(FileLookRecord.id)).all()
    assert [(row.day.day, row.role, row.organisation_id) for row in rows] == [
        (21, Role.COACH, place.structure.id),
        (22, Role.COACH, place.structure.id),
    ]
    become(session, client, clock, place.person)
    page = client.get("/moi/regards").text
    assert page.count("Un coach") == 2
    assert "Mission Passerelle" in page
    assert "Camille" not in page


def test_issuer_who_reads_an_award_is_written_down_as_such(session, client, clock, place):
    """Whoever decides sees a part of the file too."""
    award = place.propose()
    become(session, client, clock, place.issuer)
    assert read(client, f"/badges-proposes/{award.id}") == 200
    assert session.scalars(select(FileLookRecord.role)).all() == [Role.ISSUER]


def interview_of(place) -> str:
    """The address of an interview of the person's."""
    row = interviews.write(
        place.session,
        factories.actor(place.coach),
        place.round.id,
        interview_id=uuid4(),
        words=Words("Ateliers du Halage", "cheffe", "Awa", date(2026, 11, 20), "", "A tenu le poste.", "", "Suite."),
        confirms=False,
        today=place.now.date(),
        now=place.now,
    )
    return f"/entretiens/{row.id}"


def situation_of(place) -> str:
    """The address of a situation of the person's."""
    row = situations.create(
        place.session,
        factories.actor(place.coach),
        place.person.id,
        Setting(Origin.IMMERSION, "Tri", "Atelier", date(2026, 11, 2), None),
        version_id=place.version.id,
        situation_id=uuid4(),
        now=place.now,
    )
    return f"/situations/{row.id}"


@pytest.mark.parametrize("address_of", [interview_of, situation_of])
def test_page_that_names_a_part_of_the_file_is_a_look_at_it(session, client, clock, place, address_of):
    """An address that names neither person nor round shows what is theirs all the same."""
    address = address_of(place)
    become(session, client, clock, place.coach)
    assert read(client, address) == 200
    assert [row.person_id for row in session.scalars(select(FileLookRecord))] == [place.person.id]


def test_page_shown_again_after_a_form_is_a_look_too(session, client, clock, place):
    """A form that cannot be kept brings the same page back: posting it is no way around."""
    path = f"/positionnements/{place.round.id}/echange/equipe"
    become(session, client, clock, place.coach)
    answered = client.post(path, data={}, headers=PHONE)
    answered.close()
    assert answered.status_code == 422
    assert "Situation vue par self" in answered.text
    assert [row.role for row in session.scalars(select(FileLookRecord))] == [Role.COACH]


def test_refused_look_is_none(session, client, clock, place):
    """A coach of elsewhere saw nothing, so nothing is written."""
    stranger = factories.staff(session, (factories.organisation(session), Role.COACH))
    become(session, client, clock, stranger)
    assert read(client, f"/personnes/{place.person.id}") == 404
    assert session.scalars(select(FileLookRecord)).all() == []


def test_public_looks_are_a_number_a_day(session, client, clock, place):
    """Not the person's own, not a machine's, not a file's; no address anywhere."""
    code = shares.active_share(place.claimed().award, place.now).code
    session.commit()
    for _ in range(3):
        read(client, f"/v/{code}", headers=PHONE)
    read(client, f"/v/{code}", headers={"User-Agent": "WhatsApp/2.23", "Accept": "text/html"})
    read(client, f"/v/{code}", headers={"User-Agent": "", "Accept": "text/html"})
    read(client, f"/v/{code}.json", headers=PHONE)
    client.head(f"/v/{code}", headers=PHONE)
    become(session, client, clock, place.person)
    read(client, f"/v/{code}", headers=PHONE)
    rows = session.scalars(select(ShareLookRecord)).all()
    assert [(row.day.day, row.count) for row in rows] == [(21, 3)]
    assert "3 fois" in client.get("/moi/regards").text
    assert set(ShareLookRecord.__table__.columns.keys()) == {"id", "share_id", "day", "count"}


def test_look_that_cannot_be_written_is_given_up(session, client, place):
    """Somebody else is writing: the page is answered all the same, at once."""
    code = shares.active_share(place.claimed().award, place.now).code
    session.commit()
    session.scalars(select(FileLookRecord)).all()  # holds the write lock on SQLite
    assert read(client, f"/v/{code}", headers=PHONE) == 200
    session.rollback()


def test_first_looks_of_a_day_at_once_are_both_counted(session, place):
    """The second finds the row that the first made a moment ago."""
    share = shares.active_share(place.claimed().award, place.now)
    day = place.now.date()
    looks.record(session, share.code, day)
    looks.record(session, share.code, day)
    looks.record(session, "0000000000000", day)
    assert looks.shares(session, place.person.id) == [(day, 2)]
