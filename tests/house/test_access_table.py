"""Who may do what: every route, every method, every actor, on one's own and on another organisation's things.

The table is `access_table.txt`, written by hand; the application has to agree with it, never the other way round.
Every request is really made, with a form that succeeds for somebody, and taken back afterwards.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from badges.app import create_app
from badges.db import Database
from badges.services.installation import Installation
from badges.settings import Settings
from tests.house import access_world
from tests.house.access_requests import Ask, Line, Requests, form_of, path_of

TABLE = Path(__file__).with_name("access_table.txt")
BASE = "http://localhost:8000"
SECRET = b"a secret for tests only, of more than 32 bytes"
MOMENT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
AUTOMATIC = {"HEAD", "OPTIONS"}
LET_IN = {400, 409, 410, 413, 415, 422}
SIGN_IN = {"/connexion", "/carte"}
CHANGING = {"POST", "PUT", "PATCH", "DELETE"}

# On PostgreSQL the same doors are tried by the actors who come closest to opening them, and by those who may.
ON_POSTGRESQL = {"person", "coach", "issuer", "editor", "auditor", "admin", "split"}

# HEAD goes through the same views as GET: asked by one actor of each kind.
ASKING_FOR_THE_HEAD = {"nobody", "person", "coach", "coach'", "split"}


def table() -> list[Line]:
    """The lines of the table; under each comment the names of the columns stand once more."""
    lines, actors = [], []
    for written in TABLE.read_text().splitlines():
        cells = written.replace("|", " ").split()
        if cells[:3] == ["#", "how", "which"]:
            actors = cells[3:]
        elif cells and cells[0] != "#":
            lines.append(Line(*cells[:3], dict(zip(actors, cells[3:], strict=True))))
    return lines


@dataclass(frozen=True)
class Answer:
    """What one actor was answered to one line."""

    line: Line
    actor: str
    status: int
    outcome: str
    body: str
    head: int | None
    changed: int

    def __str__(self) -> str:
        return f"{self.line.name} by {self.actor}: {self.outcome} ({self.status})"


class Undoing(Database):
    """A database whose sessions share one connection, so that whatever a request commits can be taken back."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.connection = self._writing.connect()
        self._outer = self.connection.begin()

    def reading(self) -> Session:
        return Session(self.connection, expire_on_commit=False, join_transaction_mode="create_savepoint")

    def writing(self) -> Session:
        return self.reading()

    @property
    def changes(self) -> int:
        """How many rows were ever written on the connection, taken back or not; SQLite alone counts them."""
        return getattr(self.connection.connection.driver_connection, "total_changes", 0)

    def undo(self) -> None:
        """Take back everything since the last time."""
        self._outer.rollback()
        self._outer = self.connection.begin()

    def close(self) -> None:
        self._outer.rollback()
        self.connection.close()
        super().close()


@pytest.fixture(
    scope="module",
    params=[pytest.param(kind, marks=pytest.mark.xdist_group(f"access-{kind}")) for kind in ("sqlite", "postgresql")],
)
def answers(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Answer]]:
    """What every actor was answered to every line, asked once for each kind of database."""
    folder = tmp_path_factory.mktemp("access")
    for url in _database(request, request.param, folder):
        yield ask_everything(_installation(url, folder), ON_POSTGRESQL if request.param == "postgresql" else None)


def _database(request: pytest.FixtureRequest, kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        shutil.copy(request.getfixturevalue("_sqlite_template"), folder / "jalon.sqlite")
        yield f"sqlite:///{folder / 'jalon.sqlite'}"
        return
    server, name = make_url(request.getfixturevalue("_postgresql_template")), f"t{uuid4().hex}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template_jalon"))
        yield server.set(database=name).render_as_string(hide_password=False)
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


def _installation(url: str, folder: Path) -> Installation:
    secret_file = folder / "secret"
    secret_file.write_bytes(SECRET)
    secret_file.chmod(0o600)
    settings = Settings.from_environment({"JALON_DATA": str(folder), "JALON_DATABASE_URL": url, "JALON_BASE_URL": BASE})
    return Installation(settings, Database(settings.database_url), SECRET, BASE, lambda: MOMENT)


def ask_everything(installation: Installation, only: set[str] | None) -> list[Answer]:
    """Build both sides, then ask every line as every actor (or `only` these), taking each request back."""
    with installation.database.writing() as session:
        place = access_world.build(session, installation)
        requests = Requests(session, installation, place)
        session.commit()
    installation.database.close()
    undoing = Undoing(installation.settings.database_url)
    app = create_app(replace(installation, database=undoing))
    app.config["WTF_CSRF_ENABLED"] = False
    found = []
    for line in table():
        ask = requests.of(line)
        door = Door(app, undoing, line, ask, path_of(app, line, ask))
        found += [door.knock(actor, place.cookies[actor]) for actor in place.cookies if only is None or actor in only]
    undoing.close()
    return found


@dataclass(frozen=True)
class Door:
    """One line of the table, ready to be asked by anybody."""

    app: Flask
    undoing: Undoing
    line: Line
    ask: Ask
    path: str

    def knock(self, actor: str, cookie: str | None) -> Answer:
        """Ask once as this actor, for the head too where it may be asked; take everything back."""
        before, response = self.undoing.changes, self._open(self.line.method, cookie)
        body, changed = response.get_data().decode(errors="replace"), self.undoing.changes - before
        response.close()
        self.undoing.undo()
        head = None
        if self.line.method == "GET" and actor in ASKING_FOR_THE_HEAD:
            answered = self._open("HEAD", cookie)
            head = answered.status_code
            answered.close()
            self.undoing.undo()
        return Answer(self.line, actor, response.status_code, outcome(response), body, head, changed)

    def _open(self, method: str, cookie: str | None) -> TestResponse:
        headers = {"Cookie": f"jalon_session={cookie}"} if cookie else {}
        sent = {}
        if method in CHANGING:
            sent = {"data": self.ask.body or form_of(self.ask)}
            sent |= {"content_type": "application/json"} if self.ask.body else {}
        return self.app.test_client(use_cookies=False).open(self.path, method=method, headers=headers, **sent)


def outcome(response) -> str:
    """The answer in the words of the table; the bare status where they have none."""
    status = response.status_code
    if status == 401 or (300 <= status < 400 and urlsplit(response.location or "").path in SIGN_IN):
        return "sign"
    if status in {403, 404}:
        return "." if status == 403 else "unk"
    return "in" if status < 400 or status in LET_IN else str(status)


def test_table_names_every_route_and_no_other(app):
    """A new route without a line fails here, and so does a line whose route is gone."""
    routes = {(rule.endpoint, method) for rule in app.url_map.iter_rules() for method in rule.methods - AUTOMATIC}
    lines = {(line.endpoint, line.method) for line in table()}
    assert lines - routes == set()
    assert routes - lines == set()


def test_table_has_no_line_twice():
    """Two lines for the same request could contradict each other."""
    names = sorted(line.name for line in table())
    assert not [name for name, following in pairwise(names) if name == following]


def test_everybody_is_answered_as_the_table_says(answers):
    """Every actor, every line: let in, asked to sign in, told no, or told that there is no such thing."""
    wrong = [f"{one}, should be {wanted(one)}" for one in answers if one.outcome != wanted(one)]
    assert not wrong, "\n".join(["", *wrong])


def test_every_line_is_asked_so_that_somebody_succeeds(answers):
    """A request that fails for everybody would prove nothing about those it is refused to."""
    succeeded = {one.line.name for one in answers if one.outcome == "in" and one.status < 400}
    failed = [str(one) for one in answers if one.line.name not in succeeded and wanted(one) == "in"]
    assert not failed, "\n".join(["", *failed])


def test_nothing_changes_for_those_who_are_not_let_in(answers):
    """A refusal leaves no trace, not even one that is written and taken back."""
    wrong = [f"{one} wrote {one.changed} rows" for one in answers if one.outcome != "in" and one.changed]
    assert not wrong, "\n".join(["", *wrong])


def test_get_changes_nothing(answers):
    """Looking leaves no trace either, whoever looks."""
    wrong = [f"{one} wrote {one.changed} rows" for one in answers if one.line.method == "GET" and one.changed]
    assert not wrong, "\n".join(["", *wrong])


def test_head_says_what_get_says(answers):
    """Asking for the head alone opens no other door."""
    wrong = [f"{one}, HEAD {one.head}" for one in answers if one.head not in {None, one.status}]
    assert not wrong, "\n".join(["", *wrong])


def wanted(answer: Answer) -> str:
    """What the table says of an answer."""
    return answer.line.expected[answer.actor]


PUBLIC = "verification."


def marks() -> Iterator[tuple[str, set[str], bool]]:
    """Each word that is not for everybody, who may read it, and whether a shared badge may say it."""
    for words, prime in ((access_world.HERE, ""), (access_world.THERE, "'")):
        person, coach = f"person{prime}", f"coach{prime}"
        structure = {coach, f"mate{prime}", f"issuer{prime}", "split"}
        yield words.blind_self, {person}, False
        yield words.blind_coach, {coach}, False
        for said in (words.opened, words.note, words.left_out):
            yield said, {person, coach}, False
        yield words.kept, {person, coach}, True
        yield words.person, structure | {person}, True
        yield words.peer, structure | {f"peer{prime}"}, False
        side = ("person", "peer", "mate", *access_world.STAFF)
        yield words.coach, {f"{name}{prime}" for name in side} | {"split"}, False


def test_nothing_is_read_by_those_it_is_not_for(answers):
    """Situations are the person's and their coach's, before the talk each their own; names stay in their structure."""
    wrong = [
        f"{one} reads « {word} »"
        for word, readers, shared in marks()
        for one in answers
        if word in one.body and one.actor not in readers and not (shared and one.line.endpoint.startswith(PUBLIC))
    ]
    assert not wrong, "\n".join(["", *wrong])


def test_marks_are_read_by_those_they_are_for(answers):
    """A mark that nobody reads would prove nothing: each of this side's reaches somebody."""
    unread = [word for word, _readers, _shared in marks() if not any(word in one.body for one in answers)]
    assert not [word for word in unread if word in vars(access_world.HERE).values() or "lavoir" in word]
