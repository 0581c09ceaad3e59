"""A person with everything is erased, and nothing of theirs is anywhere: rows, files of the database, exports, logs."""

import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from badges.db import Base
from badges.models.awards import CredentialRecord
from badges.models.rights import ErasedCredentialRecord, ErasureRecord, Origin
from badges.services import codes, erasure, export, open_badges_2, person_rows, status
from badges.services.errors import Conflict, NotFound
from tests import factories
from tests.awarding import world
from verify import Reason

NAME, PHRASE, WORDS = "Zélie Quatrefeuilles", "Ma phrase bien à moi, sur l’échafaudage.", "Son mot dit au comptoir."


@pytest.fixture
def place(session, installation):
    """A person whose name, phrases and salt are found nowhere else, with a badge of each kind."""
    place = world(session, installation)
    place.structure.token = "EdDSA"
    place.person.name = NAME
    place.round.note = WORDS
    for rating in place.round.ratings:
        rating.situation = PHRASE
    session.flush()
    return place


def traces(place, credential) -> dict[str, bytes]:
    """What must be found nowhere: the name, the card code, the salt of the hidden name, the phrases, the hash."""
    person = place.person
    [identifier] = [one for one in json.loads(credential.document)["credentialSubject"]["identifier"] if one["hashed"]]
    return {
        "name": NAME.encode(),
        "name as JSON": json.dumps(NAME).strip('"').encode(),
        "card": person.card_code.encode(),
        "card as shown": codes.show_code(person.card_code).encode(),
        "PIN": person.pin_hash.encode(),
        "salt": identifier["salt"].encode(),
        "hash": identifier["identityHash"].encode(),
        "phrase": PHRASE.encode(),
        "note": WORDS.encode(),
        "evidence": "échafaudage avec deux autres".encode(),
    }


def rows(session) -> str:
    """Every value of every table."""
    found = []
    for table in Base.metadata.sorted_tables:
        for row in session.execute(select(table)):
            found += [value.decode(errors="replace") if isinstance(value, bytes) else str(value) for value in row]
    return "\n".join(found)


def database_files(installation, session) -> Iterator[Path]:
    """The files in which the database keeps its tables, whatever they are called."""
    if installation.database.engine.dialect.name == "sqlite":
        yield from installation.settings.data.glob("jalon.sqlite*")
        return
    folder = Path(session.scalar(text("SHOW data_directory")))
    number = session.scalar(text("SELECT oid FROM pg_database WHERE datname = current_database()"))
    yield from (path for path in (folder / "base" / str(number)).iterdir() if path.is_file())


def erase(place, session, **how) -> erasure.Erased:
    done = erasure.erase(
        session,
        place.installation,
        place.person.id,
        actor=factories.actor(place.person).label,
        now=place.now,
        **{"origin": Origin.PERSON, "stop_copies": False, **how},
    )
    session.commit()
    return done


def test_nothing_of_an_erased_person_is_found_anywhere(session, installation, place, tmp_path, caplog):
    """Name, salt, phrases, card code: in no row, no file of the database, no export and no log; on both databases."""
    caplog.set_level(logging.DEBUG)
    digest = place.claimed().digest
    hidden = place.claim(_second(session, place), clear_name=False)
    session.commit()
    wanted = traces(place, hidden)
    before = rows(session)
    assert all(trace.decode() in before for name, trace in wanted.items() if "as" not in name and name != "evidence")
    installation.database.overwrite_deleted([], thoroughly=True)
    assert any(wanted["name"] in path.read_bytes() for path in database_files(installation, session))
    erase(place, session)
    deleted = [table.name for table in person_rows.tables()]
    session.close()
    assert installation.database.overwrite_deleted(deleted, thoroughly=True)
    left = rows(session)
    files = {path.name: path.read_bytes() for path in database_files(installation, session)}
    session.rollback()
    export.export_badges(session, installation, tmp_path / "export", now=place.now)
    files |= {f"export {path.name}": path.read_bytes() for path in (tmp_path / "export").rglob("*") if path.is_file()}
    for name, trace in wanted.items():
        assert trace.decode() not in left, name
        assert [file for file, content in files.items() if trace in content] == [], name
        assert trace.decode() not in caplog.text, name
    assert digest in left


def _second(session, place):
    """Another granted badge of the same person, on another competence."""
    place.round = factories.closed_round(
        session, place.version, place.person, structure=place.structure, coach=place.coach, levels={"rigueur": 3}
    )
    return place.granted(badge_code="rigueur")


def test_copy_already_given_still_gets_its_true_answer(session, installation, place, client):
    """Valid stays valid, and its page says in a sentence that the person is gone; no index is ever given twice."""
    credential = place.claimed()
    document, signed = credential.document, open_badges_2.signed(session, credential.id)
    code, index, list_id = (
        credential.award.shares[-1].code,
        credential.status_index,
        credential.status_list_id,
    )
    person_id, coach, number = place.person.id, place.coach, credential.id
    session.commit()
    done = erase(place, session)
    assert done.account["badges"] == 1
    for data in (document, signed):
        answered = client.post("/verify", data=data, content_type="application/json").json
        assert answered["verdict"] == "valid"
    for path in (f"/v/{code}", f"/c/{number}"):
        page = client.get(path, headers={"Accept": "text/html"})
        assert page.status_code == 410
        assert "La personne a effacé ses données" in page.text
        assert NAME not in page.text
    assert client.get(f"/ob2/c/{number}", headers={"Accept": "application/json"}).status_code == 404
    assert index in status._Taken(session, list_id)
    session.commit()
    factories.sign_in(session, client, coach, place.now)
    session.commit()
    page = client.get(f"/personnes/{person_id}")
    assert page.status_code == 410
    assert "a demandé l’effacement" in page.text


def test_person_may_stop_the_copies_too(session, installation, place, client):
    """Paused for good, in both versions, without saying by whom."""
    credential = place.claimed()
    document, signed, number = credential.document, open_badges_2.signed(session, credential.id), credential.id
    session.commit()
    done = erase(place, session, stop_copies=True)
    assert (done.account["badges"], done.account["paused"]) == (1, 1)
    answered = client.post("/verify", data=document, content_type="application/json").json
    assert Reason.SUSPENDED.value in json.dumps(answered)
    assert client.post("/verify", data=signed, content_type="application/json").json["verdict"] == "invalid"
    hosted = client.get(f"/ob2/c/{number}", headers={"Accept": "application/json"})
    assert (hosted.status_code, hosted.json["revocationReason"]) == (200, "Ce badge est en pause.")


def test_credential_goes_only_with_what_must_stay_of_it(session, place):
    """The database itself refuses to lose a signed document of which nothing is kept."""
    place.claimed()
    session.commit()
    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(Base.metadata.tables["assertions"].delete())
    session.rollback()
    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(Base.metadata.tables["consents"].delete())


def test_others_lose_nothing(session, installation, place):
    """The same structure's other person keeps rows and badges."""
    other = factories.person(session, place.structure, place.coach, name="Nour Belkacem")
    factories.closed_round(
        session, place.version, other, structure=place.structure, coach=place.coach, levels={"equipe": 2}
    )
    place.claimed()
    session.commit()
    tables = person_rows.tables()
    mine = {
        table.name: len(session.execute(select(table).where(person_rows.of(table, other.id))).all()) for table in tables
    }
    number = other.id
    erase(place, session)
    for table in tables:
        kept = session.execute(select(table).where(person_rows.of(table, number))).all()
        assert len(kept) == mine[table.name], table.name
    assert session.scalar(select(CredentialRecord.id)) is None
    assert session.scalar(select(ErasedCredentialRecord.credential_id)) is not None


def test_asking_gives_days_to_think(session, installation, place, clock):
    """Seven days, with the PIN; they may change their mind; at once where they say so."""
    who, today = factories.actor(place.person), clock().date()
    asked = {"stop_copies": False, "today": today, "now": clock()}
    with pytest.raises(erasure.WrongPin):
        erasure.ask(session, installation, who, pin="000000", at_once=True, **asked)
    planned = erasure.ask(session, installation, who, pin=factories.PIN, at_once=False, **asked)
    assert planned.due_on == today + timedelta(days=7)
    with pytest.raises(NotFound, match="Rien n’est encore effacé"):
        erasure.account(session, planned.token)
    assert erasure.due(session, today) == []
    assert [row.person_id for row in erasure.due(session, clock.forward(days=7).date())] == [place.person.id]
    erasure.cancel(session, who, clock())
    with pytest.raises(NotFound):
        erasure.cancel(session, who, clock())
    assert not erasure.carry_out(session, installation, place.person.id, clock().date(), clock())
    done = erasure.ask(session, installation, who, pin=factories.PIN, at_once=True, **asked)
    session.commit()
    assert erasure.account(session, done.token).account == done.account
    assert session.scalars(select(ErasureRecord)).one().origin is Origin.PERSON


def test_access_made_anew_today_erases_nothing(session, installation, place, clock):
    """Whoever was handed a new card cannot make everything disappear the same day."""
    place.person.pin_reset_at = clock()
    with pytest.raises(Conflict, match="revenez demain"):
        erasure.ask(
            session,
            installation,
            factories.actor(place.person),
            pin=factories.PIN,
            stop_copies=False,
            at_once=True,
            today=clock().date(),
            now=clock(),
        )
