"""Asks every line of the access table as every actor, and keeps what was answered.

Every request is really made, on one connection whose work is taken back afterwards, so that no request sees what
another has done.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.datastructures import Headers
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
LET_IN = {400, 409, 410, 413, 415, 422}
SIGN_IN = {"/connexion", "/carte"}
CHANGING = {"POST", "PUT", "PATCH", "DELETE"}

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
    headers: Headers

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

    @contextmanager
    def writing_if_free(self) -> Iterator[Session]:
        with self.reading() as session:
            yield session

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


def installed(url: str, folder: Path) -> Installation:
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
        return Answer(self.line, actor, response.status_code, outcome(response), body, head, changed, response.headers)

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
