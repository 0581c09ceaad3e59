"""Settings and the start: defaults, refusals in one sentence each, what is recorded once and never derived again."""

import base64
import hashlib
import socket
import stat
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, text

from badges.services import installation as installations
from badges.settings import Settings, SettingsError
from tests.house.command_line import FIRST, assert_one_sentence, jalon, place

OTHER_SECRET = base64.b64encode(b"the secret of quite another installation")


@pytest.fixture
def started(tmp_path):
    """An installation after `jalon init`: its secret, database, first organisation and key."""
    folder = tmp_path / "var"
    result = jalon(*FIRST, **place(folder))
    assert result.exit_code == 0, result.output
    return folder


def contents(folder: Path) -> dict[str, list[str]]:
    """Every row of the folder's database."""
    engine = create_engine(f"sqlite:///{folder / 'jalon.sqlite'}")
    with engine.connect() as connection:
        tables = inspect(connection).get_table_names()
        rows = {name: sorted(map(repr, connection.execute(text(f"SELECT * FROM {name}")))) for name in tables}
    engine.dispose()
    return rows


def test_settings_have_a_default_for_everything():
    """Nothing has to be set: this machine alone, SQLite and secret under ./var, Paris time, no mail."""
    found = Settings.from_environment({})
    assert (found.host, found.port) == ("127.0.0.1", 8000)
    assert found.data == Path("var").absolute()
    assert found.database_url == f"sqlite:///{found.data}/jalon.sqlite"
    assert found.secret_file == found.data / "secret"
    assert (found.base_url, found.base_url_given) == ("http://localhost:8000", False)
    assert (found.smtp_url, found.mail_from, found.timezone) == (None, None, "Europe/Paris")
    assert found == Settings.from_environment({"JALON_HOST": "", "JALON_PORT": "", "JALON_BASE_URL": ""})


def test_settings_follow_the_port_and_the_folder(tmp_path):
    """What is not set follows what is."""
    found = Settings.from_environment({"JALON_PORT": "8123", "JALON_DATA": str(tmp_path)})
    assert found.base_url == "http://localhost:8123"
    assert found.secret_file == tmp_path / "secret"
    assert found.database_url.endswith(f"{tmp_path}/jalon.sqlite")


@pytest.mark.parametrize("given", ["https://badges.example.org", "https://badges.example.org/"])
def test_public_address_loses_its_final_slash(given):
    """The same address, however it is written."""
    assert Settings.from_environment({"JALON_BASE_URL": given}).base_url == "https://badges.example.org"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgresql_is_named_as_people_name_it(scheme):
    """Whatever the scheme is called, the same driver answers."""
    found = Settings.from_environment({"JALON_DATABASE_URL": f"{scheme}://jalon:secret@db/jalon"})
    assert found.database_url == "postgresql+psycopg://jalon:secret@db/jalon"


def test_settings_show_no_password():
    """Neither the database's nor the mail server's, wherever the settings are printed."""
    found = Settings.from_environment(
        {"JALON_DATABASE_URL": "postgresql://jalon:motdepasse@db/jalon", "JALON_SMTP_URL": "smtp://u:motdepasse@mail"}
    )
    assert "motdepasse" not in repr(found)


REFUSED = [
    *[("JALON_PORT", port) for port in ("0", "65536", "-1", "huit", "8000.5", "²", "1" * 5000)],
    *[("JALON_TIMEZONE", zone) for zone in ("Mars/Olympus", "../../etc/passwd", "Paris\x00")],
    *[("JALON_FETCH", text) for text in ("no", "1", "ON", "true")],
    *[("JALON_TRUSTED_PROXIES", number) for number in ("-1", "deux", "²", "1000")],
    *[("JALON_DATABASE_URL", url) for url in ("mysql://db/jalon", "jalon.sqlite", "sqlite://")],
    *[
        ("JALON_BASE_URL", url)
        for url in (
            "http://127.0.0.1:8000",
            "https://[2001:db8::1]",
            "http://[::1",
            "https://127.1",
            "https://2130706433",
            "badges.example.org",
            "ftp://badges.example.org",
            "https://",
            "https://badges.example.org/chemin",
            "https://badges.example.org/?a=b",
            "https://badges.example.org#ici",
            "https://user:secret@badges.example.org",
            "https://badges.example.org:port",
            "https://badges.example.org:99999",
            "https://bad ges.example.org",
            "https://badges..example.org",
            "https://badges.example.org\n",
        )
    ],
]


@pytest.mark.parametrize(("name", "value"), REFUSED)
def test_setting_that_cannot_be_used_is_refused_by_name(name, value):
    """One sentence that names the variable: nothing that is signed for ever is taken on trust."""
    with pytest.raises(SettingsError) as refused:
        Settings.from_environment({name: value})
    assert name in str(refused.value)


@pytest.mark.parametrize(("name", "value"), [("JALON_PORT", "huit"), ("JALON_BASE_URL", "http://127.0.0.1:8000")])
def test_refused_setting_is_one_sentence_for_who_starts(tmp_path, name, value):
    """No traceback: the name of the variable and what to write."""
    assert_one_sentence(jalon("serve", **place(tmp_path), **{name: value}), name)


def test_first_start_makes_what_is_missing_and_keeps_it_closed(started):
    """A folder and a secret only their owner reads, the tables, the public address."""
    secret = started / "secret"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert stat.S_IMODE(started.stat().st_mode) == 0o700
    assert len(secret.read_bytes().strip()) >= 32
    address, sealed_with = sorted(contents(started)["installation"])
    assert address == "('base_url', 'http://localhost:8000')"
    assert sealed_with.startswith("('sealed_with', ")


def test_two_first_starts_have_two_secrets(tmp_path):
    """A secret is drawn, never derived."""
    for name in ("one", "two"):
        installations.prepare(Settings.from_environment({"JALON_DATA": str(tmp_path / name)}))
    assert (tmp_path / "one" / "secret").read_bytes() != (tmp_path / "two" / "secret").read_bytes()


def test_second_preparation_changes_nothing(started):
    """Not a row, not a byte of the secret."""
    before, secret = contents(started), hashlib.sha256((started / "secret").read_bytes())
    installations.prepare(Settings.from_environment({"JALON_DATA": str(started)}))
    assert contents(started) == before
    assert hashlib.sha256((started / "secret").read_bytes()).digest() == secret.digest()


def test_public_address_is_recorded_at_the_first_start(started):
    """A port that changes later does not change what is signed."""
    settings = Settings.from_environment({"JALON_DATA": str(started), "JALON_PORT": "9123"})
    installations.prepare(settings)
    opened = installations.open_installation(settings)
    opened.database.close()
    assert opened.base_url == "http://localhost:8000"


def test_other_public_address_is_refused(started):
    """The two are named, with what to do; the same one, slash or not, is welcome."""
    other = "https://badges.example.org"
    assert_one_sentence(
        jalon("serve", **place(started), JALON_BASE_URL=other), other, "http://localhost:8000", "JALON_BASE_URL"
    )
    assert jalon("keys", "list", **place(started), JALON_BASE_URL="http://localhost:8000/").exit_code == 0


def test_other_public_address_is_refused_before_anything_is_written(started):
    """`init` and `demo` too: no row is added under an address that is not the recorded one."""
    before = contents(started)
    for command in (("demo",), FIRST):
        assert_one_sentence(
            jalon(*command, **place(started), JALON_BASE_URL="https://badges.example.org"), "JALON_BASE_URL"
        )
    assert contents(started) == before


COMMANDS = [("serve",), ("keys", "list"), ("keys", "rotate", "region-des-essais"), ("demo",), FIRST]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_missing_secret_is_a_sentence_and_none_is_drawn_anew(started, command):
    """Whatever is started: the sealed keys need the secret they were sealed under."""
    (started / "secret").unlink()
    before = contents(started)
    assert_one_sentence(jalon(*command, **place(started)), "secret", "JALON_SECRET_FILE")
    assert not (started / "secret").exists()
    assert contents(started) == before


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660])
def test_secret_that_others_may_read_is_refused(started, mode):
    """With the command that mends it."""
    (started / "secret").chmod(mode)
    assert_one_sentence(jalon("serve", **place(started)), "chmod 600", str(started / "secret"))


@pytest.mark.parametrize("content", [b"", b"court", b" " * 64 + b"\n"])
def test_secret_that_is_too_short_is_refused(started, content):
    """A file cut short is not taken for a secret."""
    (started / "secret").write_bytes(content)
    assert_one_sentence(jalon("serve", **place(started)), "trop court", "32")


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_wrong_secret_is_refused_at_the_start(started, command):
    """Another installation's secret opens none of the keys: said at once, before anything is sealed under it."""
    (started / "secret").write_bytes(OTHER_SECRET)
    before = contents(started)
    assert_one_sentence(jalon(*command, **place(started)), "secret")
    assert contents(started) == before


def test_folder_that_was_never_prepared_says_what_to_do(tmp_path):
    """`serve` prepares nothing by itself."""
    assert_one_sentence(jalon("serve", **place(tmp_path / "var")), "secret")
    assert not (tmp_path / "var" / "secret").exists()


def test_database_without_tables_says_what_to_do(tmp_path):
    """The secret is there, the tables are not."""
    (tmp_path / "secret").write_bytes(OTHER_SECRET)
    (tmp_path / "secret").chmod(0o600)
    assert_one_sentence(jalon("serve", **place(tmp_path)), "jalon db upgrade")
    assert jalon("db", "upgrade", **place(tmp_path)).exit_code == 0
    assert_one_sentence(jalon("serve", **place(tmp_path)), "jalon init")


def test_folder_that_cannot_be_made_is_a_sentence(tmp_path):
    """A file stands where the folder should."""
    (tmp_path / "file").write_text("")
    assert_one_sentence(jalon(*FIRST, **place(tmp_path / "file" / "var")), str(tmp_path / "file"))


def test_secret_that_cannot_be_written_is_a_sentence(tmp_path):
    """Its folder cannot be made either; no table is left without a secret."""
    (tmp_path / "file").write_text("")
    secret = tmp_path / "file" / "secret"
    assert_one_sentence(jalon(*FIRST, **place(tmp_path / "var"), JALON_SECRET_FILE=secret), str(tmp_path / "file"))


def test_file_that_is_no_database_is_a_sentence(tmp_path):
    """Somebody else's file is neither read nor overwritten."""
    (tmp_path / "jalon.sqlite").write_text("Ceci est une lettre, pas une base de données. " * 50)
    before = (tmp_path / "jalon.sqlite").read_bytes()
    assert_one_sentence(jalon(*FIRST, **place(tmp_path)), "base de données")
    assert (tmp_path / "jalon.sqlite").read_bytes() == before


@pytest.mark.parametrize("url", ["postgresql://127.0.0.1:1/jalon", "postgresql://127.0.0.1:port/jalon"])
def test_database_that_does_not_answer_is_a_sentence_without_its_password(tmp_path, url):
    """Nobody listens, or the address is no address."""
    result = jalon(*FIRST, **place(tmp_path, url.replace("://", "://jalon:motdepasse@")))
    assert_one_sentence(result)
    assert "motdepasse" not in result.output


def test_port_that_is_taken_is_a_sentence(started):
    """Another program has it: which port, and how to choose another."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        result = jalon("serve", **place(started), JALON_HOST="127.0.0.1", JALON_PORT=port)
    assert result.exit_code == 1
    [line] = result.stderr.strip().splitlines()
    assert str(port) in line
    assert "JALON_PORT" in line
