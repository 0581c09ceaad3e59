"""The answers of the whole application to everybody, asked once for each kind of database."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, make_url, text

from tests.house.access_asking import Answer, ask_everything, installed

# On PostgreSQL the same doors are tried by the actors who come closest to opening them, and by those who may.
ON_POSTGRESQL = {"person", "coach", "issuer", "editor", "auditor", "admin", "split"}


@pytest.fixture(
    scope="session",
    params=[pytest.param(kind, marks=pytest.mark.xdist_group(f"access-{kind}")) for kind in ("sqlite", "postgresql")],
)
def answers(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Answer]]:
    """What every actor was answered to every line, asked once for each kind of database."""
    folder = tmp_path_factory.mktemp("access")
    for url in _database(request, request.param, folder):
        yield ask_everything(installed(url, folder), ON_POSTGRESQL if request.param == "postgresql" else None)


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
