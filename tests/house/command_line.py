"""`jalon` as a person types it, in an environment where nothing else is set."""

import os
from collections.abc import Mapping
from pathlib import Path

from click.testing import CliRunner, Result

from badges.cli import main

NOBODYS = "192.0.2.1"  # RFC 5737, kept for examples: nothing can listen there
FIRST = ("init", "--organisation", "Région des Essais", "--name", "Ana Admin", "--email", "ana@example.org")


def jalon(*arguments: str, **environment: object) -> Result:
    """What the command printed and how it ended; `environment` are the variables of this installation.

    The service never really starts to listen: unless a test names another, its address is nobody's.
    """
    elsewhere: dict[str, str | None] = {name: None for name in os.environ if name.startswith("JALON_")}
    given = {name: str(value) for name, value in {"JALON_HOST": NOBODYS, **environment}.items()}
    return CliRunner().invoke(main, arguments, env=elsewhere | given)


def place(folder: Path, url: str | None = None) -> dict[str, object]:
    """The variables of an installation in a folder, with its database there or at an address."""
    return {"JALON_DATA": folder} | ({"JALON_DATABASE_URL": url} if url else {})


def assert_one_sentence(result: Result, *words: str) -> None:
    """Exit 1, one line on standard error that says what to do, and no traceback anywhere."""
    assert result.exit_code == 1, result.output
    assert isinstance(result.exception, SystemExit), repr(result.exception)
    [line] = result.stderr.strip().splitlines()
    assert line.startswith("Error: ")
    assert "Traceback" not in result.output
    assert not result.stdout
    for word in words:
        assert word in line, line


def environment(folder: Path) -> Mapping[str, str]:
    """The environment of another process that works on this installation."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("JALON_")}
    return kept | {"JALON_DATA": str(folder), "PYTHONPATH": str(Path(__file__).parent.parent.parent)}
