"""What is dear to make, made once by whichever process comes first: every answer there is, and an exported demo."""

import fcntl
import os
import pickle
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, make_url, text

from tests.house.access_asking import Answer, ask_everything, installed
from tests.house.command_line import jalon, place

# On PostgreSQL the same doors are tried by the actors who come closest to opening them, and by those who may.
ON_POSTGRESQL = {"person", "coach", "issuer", "editor", "auditor", "admin", "split"}


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Callable[[Path], None]], Path]:
    """A folder by name, filled by the first process that asks for it; the others wait and find it full."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def once(name: str, fill: Callable[[Path], None]) -> Path:
        folder = shared / name
        with (shared / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not folder.exists():
                making = shared / f"{name}.making"
                shutil.rmtree(making, ignore_errors=True)
                making.mkdir()
                fill(making)
                making.rename(folder)
        return folder

    return once


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def answers(request: pytest.FixtureRequest, made_once) -> list[Answer]:
    """What every actor was answered to every line of the access table, for each kind of database."""

    def ask(folder: Path) -> None:
        only = ON_POSTGRESQL if request.param == "postgresql" else None
        for url in _database(request, folder):
            (folder / "answers").write_bytes(pickle.dumps(ask_everything(installed(url, folder), only)))

    return pickle.loads((made_once(f"access-{request.param}", ask) / "answers").read_bytes())  # noqa: S301 - our own


def _database(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    if request.param == "sqlite":
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


@pytest.fixture(scope="session")
def demo_folder(made_once) -> Path:
    """A folder in which `jalon demo --export` was run from nothing: `var` and `badges`. To be copied, not changed."""

    def export(folder: Path) -> None:
        result = jalon("demo", "--export", str(folder / "badges"), **place(folder / "var"))
        assert result.exit_code == 0, result.output

    return made_once("demo-exported", export)
