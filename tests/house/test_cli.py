"""The command line from a fresh folder to badges in files that another program verifies, on both databases."""

import json
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, make_url, select, text

from badges.app import create_app
from badges.db import Database
from badges.models.people import PersonRecord, RoleRecord
from badges.services import installation as installations
from badges.services.installation import MIGRATIONS
from badges.settings import Settings
from tests import factories
from tests.house.command_line import FIRST, assert_one_sentence, environment, jalon, place
from verify.__main__ import main as verify

ENDS = {"valid": 0, "revoked": 1, "suspended": 1, "expired": 1}


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh(request, tmp_path) -> Iterator[dict[str, object]]:
    """The variables of an installation that has nothing yet: an empty folder, an empty database."""
    if request.param == "sqlite":
        yield place(tmp_path / "var")
        return
    server, name = make_url(request.getfixturevalue("_postgresql_template")), f"t{uuid4().hex}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
        yield place(tmp_path / "var", server.set(database=name).render_as_string(hide_password=False))
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@pytest.fixture
def variables(demonstrated) -> dict[str, object]:
    """The variables of an installation that holds the demo."""
    return place(demonstrated.settings.data, demonstrated.settings.database_url)


def opened(variables: dict[str, object]):
    """The installation the variables describe."""
    settings = Settings.from_environment({name: str(value) for name, value in variables.items()})
    return installations.open_installation(settings)


def test_init_prints_a_link_that_works_once(fresh):
    """From nothing to the first administrator: the link opens, takes a password, signs in, and is over."""
    result = jalon(*FIRST, **fresh)
    assert result.exit_code == 0, result.output
    [path] = re.findall(r"http://localhost:8000(/lien/\S+)", result.stdout)
    installation = opened(fresh)
    app = create_app(installation)
    app.config["WTF_CSRF_ENABLED"] = False
    browser = app.test_client()
    assert "ana@example.org" in browser.get(path).text
    chosen = {"password": factories.PASSWORD, "again": factories.PASSWORD}
    assert browser.post(path, data=chosen).status_code == 303
    assert "Région des Essais" in browser.get("/organisations").text
    assert app.test_client().get(path).status_code == 404
    assert app.test_client().post(path, data=chosen).status_code == 404
    installation.database.close()


def test_init_makes_an_administrator_and_nothing_else(fresh):
    """No demo, no person, no password; an organisation that can sign."""
    assert jalon(*FIRST, **fresh).exit_code == 0
    installation = opened(fresh)
    with installation.database.reading() as session:
        assert [held.role for held in session.scalars(select(RoleRecord))] == ["administrator"]
        assert session.scalars(select(PersonRecord)).all() == []
    installation.database.close()
    assert len(jalon("keys", "list", **fresh).stdout.splitlines()) == 1


def test_init_asks_for_what_is_not_given(fresh):
    """Typed at the prompts, the same installation."""
    runner = jalon("init", "--organisation", "Région des Essais", "--name", "Ana Admin", **fresh)
    assert runner.exit_code == 1
    assert "adresse e-mail" in runner.output


@pytest.mark.parametrize(
    ("option", "value"), [("--email", "pas-une-adresse"), ("--name", " "), ("--organisation", "\x00")]
)
def test_init_refuses_what_cannot_be_used(fresh, option, value):
    """One sentence; the same command with the right words then succeeds."""
    given = dict(zip(FIRST[1::2], FIRST[2::2], strict=True)) | {option: value}
    wrong = [word for pair in given.items() for word in pair]
    assert_one_sentence(jalon("init", *wrong, **fresh))
    assert jalon(*FIRST, **fresh).exit_code == 0


def test_init_tells_somebody_elses_organisation_apart(fresh):
    """The same name for another administrator is a conflict, said in one sentence."""
    assert jalon(*FIRST, **fresh).exit_code == 0
    other = [*FIRST[:-1], "bo@example.org"]
    assert_one_sentence(jalon(*other, **fresh))


def test_keys_are_listed_and_rotated(fresh):
    """The former key stays, retired; nothing private is ever printed."""
    assert jalon(*FIRST, **fresh).exit_code == 0
    [first] = jalon("keys", "list", **fresh).stdout.splitlines()
    assert first.startswith("did:web:localhost%3A8000:o:region-des-essais#key-1  Ed25519, en service le ")
    assert first.rpartition("  ")[2].startswith("z6Mk")
    rotated = jalon("keys", "rotate", "region-des-essais", **fresh)
    assert rotated.exit_code == 0
    assert "region-des-essais#key-2" in rotated.stdout
    listed = jalon("keys", "list", **fresh).stdout.splitlines()
    assert ["retirée" in line for line in listed] == [True, False]
    assert listed[0].rpartition("  ")[2] == first.rpartition("  ")[2]
    assert "z3u2" not in "".join(listed)  # how a private Multikey begins


def test_proof_is_chosen_and_a_theft_declared(fresh):
    """One command each; what cannot be is one sentence, and the new keys are listed."""
    assert jalon(*FIRST, **fresh).exit_code == 0
    chosen = jalon(
        "keys", "proof", "region-des-essais", "--cryptosuite", "ecdsa-jcs-2019-p384", "--jwt", "ES256", **fresh
    )
    assert (chosen.exit_code, "ecdsa-jcs-2019-p384, avec un jeton ES256" in chosen.stdout) == (0, True)
    stolen = jalon("keys", "compromised", "region-des-essais", "--since", "2026-01-01", **fresh)
    assert stolen.exit_code == 0, stolen.output
    assert "key-1, key-2, key-3" in stolen.stdout
    assert "Listes d’états signées à nouveau : 2" in stolen.stdout
    listed = jalon("keys", "list", **fresh).stdout.splitlines()
    assert ["en d’autres mains depuis le 2025-12-31T23:00:00Z" in line for line in listed] == [True] * 3 + [False] * 3
    for since in ("hier", "2026-02-30", "2099-01-01"):
        assert jalon("keys", "compromised", "region-des-essais", "--since", since, **fresh).exit_code in {1, 2}


def test_keyring_is_backed_up_and_restored(fresh, tmp_path):
    """One command each; with secret and database lost, the same keys are listed again."""
    assert jalon(*FIRST, **fresh).exit_code == 0
    phrase, file = tmp_path / "phrase", tmp_path / "keyring"
    phrase.write_text("quatre mots pris au hasard\n")
    kept = ("--passphrase-file", str(phrase))
    assert jalon("keys", "backup", str(file), *kept, **fresh).exit_code == 0
    before = jalon("keys", "list", **fresh).stdout
    lost = {**fresh, "JALON_DATA": str(tmp_path / "lost")} if "JALON_DATABASE_URL" not in fresh else fresh
    restored = jalon("keys", "restore", str(file), *kept, **lost)
    assert restored.exit_code == 0, restored.output
    assert jalon("keys", "list", **lost).stdout == before
    assert jalon("keys", "restore", str(file), *kept, **lost).stdout == "Rien ne manquait : rien n’a été changé.\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    missing = tmp_path / "absent" / "keyring"
    assert_one_sentence(jalon("keys", "backup", str(missing), *kept, **lost), f"{missing} :")
    phrase.write_text("quatre autres mots au hasard")
    assert_one_sentence(jalon("keys", "restore", str(file), *kept, **lost), "phrase secrète")


def test_keys_of_nobody_cannot_be_rotated(fresh):
    """An unknown slug is one sentence."""
    assert jalon(*FIRST, **fresh).exit_code == 0
    assert_one_sentence(jalon("keys", "rotate", "personne", **fresh), "organisation")


def test_upgrade_makes_tables_and_keeps_what_is_there(fresh):
    """On nothing, on the first revision with its rows, and once more: the same tables, the same rows."""
    Path(fresh["JALON_DATA"]).mkdir()
    database = Database(Settings.from_environment({name: str(value) for name, value in fresh.items()}).database_url)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "+1")
    there = "INSERT INTO organisations VALUES (1, 'la', 'Déjà là', 'region', '', '', '', 'b', 'vous', :now, NULL)"
    with database.engine.begin() as connection:
        connection.execute(text(there), {"now": "2026-01-01 00:00:00+00:00"})
    for _ in range(2):
        result = jalon("db", "upgrade", **fresh)
        assert result.exit_code == 0, result.output
        assert installations.schema_revision(database) == installations.latest_revision()
    with database.reading() as session:
        assert session.scalar(text("SELECT name FROM organisations")) == "Déjà là"
    database.close()


def test_database_of_an_older_version_says_what_to_do(tmp_path):
    """`serve` changes no table by itself."""
    variables = place(tmp_path / "var")
    assert jalon(*FIRST, **variables).exit_code == 0
    database = Database(f"sqlite:///{tmp_path / 'var' / 'jalon.sqlite'}")
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    database.close()
    assert_one_sentence(jalon("serve", **variables), "jalon db upgrade")


def test_demo_twice_says_the_same(variables):
    """The second time nothing is added, and the same people can sign in."""
    first, second = (jalon("demo", **variables) for _ in range(2))
    assert first.exit_code == second.exit_code == 0
    assert first.stdout == second.stdout
    assert len(re.findall(r"carte \S+ +code secret \d{6}", first.stdout)) >= 1
    assert re.search(r"http://localhost:8000/v/\S+", first.stdout)


def test_demo_keeps_out_of_a_real_installation(fresh):
    """Once `jalon init` has made it somebody's, no invented person enters it."""
    assert jalon(*FIRST, **fresh).exit_code == 0
    assert_one_sentence(jalon("demo", **fresh), "démonstration")


def manifest(folder: Path) -> list[dict[str, str]]:
    """What an export says it holds."""
    return json.loads((folder / "manifest.json").read_text())


def tree(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_manifest_names_badges_of_every_status(demo_folder):
    """Relative names of files that are there, one entry a badge, each status at least once."""
    badges = demo_folder / "badges"
    entries = manifest(badges)
    assert {entry["status"] for entry in entries} == set(ENDS)
    assert len({entry["code"] for entry in entries}) == len({entry["name"] for entry in entries}) == len(entries)
    for entry in entries:
        assert set(entry) == {"name", "json", "png", "svg", "open_badges_2", "code", "url", "holder", "level", "status"}
        assert entry["url"] == f"http://localhost:8000/v/{entry['code']}"
        for kind in ("json", "png", "svg"):
            assert entry[kind] == f"{entry['name']}.{kind}"
            assert (badges / entry[kind]).is_file()
    listed = {entry[kind] for entry in entries for kind in ("json", "png", "svg")}
    listed |= {name for entry in entries for name in entry["open_badges_2"].values()}
    trust = {name for name in tree(badges) if name.startswith(("did/", "status/", "documents/"))}
    assert set(tree(badges)) == listed | trust | {"manifest.json", "recognitions.json", "trust.json"}
    assert trust


def test_every_exported_badge_is_judged_as_the_manifest_says(demo_folder, capsys):
    """Offline, from the JSON, the PNG and the SVG alike: 0 for a valid badge, 1 for any other."""
    badges = demo_folder / "badges"
    for entry in manifest(badges):
        for kind in ("json", "png", "svg"):
            code = verify([str(badges / entry[kind]), "--trust", str(badges), "--json"])
            report = json.loads(capsys.readouterr().out)
            assert code == ENDS[entry["status"]], (entry, report)
            if entry["status"] != "valid":
                assert entry["status"] in {check["reason"] for check in report["checks"]}, entry


def test_verifying_needs_nothing_but_the_files(demo_folder):
    """As a stranger types it, in a process of its own: the badge's picture, the bundle, an exit status."""
    badges = demo_folder / "badges"
    one_of_each = {entry["status"]: entry["png"] for entry in manifest(badges)}
    for status, picture in one_of_each.items():
        ended = subprocess.run(
            [sys.executable, "-m", "verify", picture, "--trust", "."],
            cwd=badges,
            env=environment(demo_folder),
            capture_output=True,
            check=False,
        )
        assert ended.returncode == ENDS[status], ended.stderr.decode()
        assert ended.stderr == b""


def test_without_the_bundle_nothing_is_taken_for_valid(demo_folder, capsys):
    """A badge alone proves what it says, not who may say it: undetermined."""
    badges = demo_folder / "badges"
    good = next(entry["json"] for entry in manifest(badges) if entry["status"] == "valid")
    assert verify([str(badges / good)]) == 2


def test_export_repeated_is_the_same(demo_folder, tmp_path):
    """Over itself and elsewhere, through `demo --export` and through `export`: byte for byte."""
    shutil.copytree(demo_folder, tmp_path / "copy")
    variables, badges = place(tmp_path / "copy" / "var"), tmp_path / "copy" / "badges"
    before = tree(badges)
    assert jalon("demo", "--export", str(badges), **variables).exit_code == 0
    assert tree(badges) == before
    assert jalon("export", str(tmp_path / "again"), **variables).exit_code == 0
    assert tree(tmp_path / "again") == before


def test_trust_bundle_is_written_and_pinned(demo_folder, tmp_path, capsys):
    """One file and one key are enough for every badge, wherever the service is; another key is a wrong call."""
    shutil.copytree(demo_folder, tmp_path / "copy")
    variables, badges = place(tmp_path / "copy" / "var"), tmp_path / "copy" / "badges"
    file = tmp_path / "trust.json"
    said = jalon("trust", str(file), **variables)
    assert (said.exit_code, file.read_bytes()) == (0, (badges / "trust.json").read_bytes())
    [pin] = re.findall(r"did:key:\S+", said.stdout)
    assert pin in jalon("keys", "list", **variables).stdout
    entry = manifest(badges)[0]
    call = [str(badges / entry["json"]), "--trust", str(file), "--trust-key"]
    assert verify([*call, pin]) == ENDS[entry["status"]]
    assert jalon("keys", "renew", **variables).exit_code == 0
    renewed = jalon("trust", str(file), **variables)
    assert (renewed.exit_code, pin in renewed.stdout) == (0, False)
    assert verify([*call, pin]) == 64
    capsys.readouterr()


def test_badges_outlive_the_key_that_signed_them(demo_folder, tmp_path):
    """After a rotation, what the former keys signed is as valid as before, and as revoked."""
    shutil.copytree(demo_folder / "var", tmp_path / "var")
    variables, badges = place(tmp_path / "var"), tmp_path / "badges"
    for slug in sorted(set(re.findall(r":o:([a-z0-9-]+)#", jalon("keys", "list", **variables).stdout))):
        assert jalon("keys", "rotate", slug, **variables).exit_code == 0
    assert jalon("export", str(badges), **variables).exit_code == 0
    for entry in manifest(badges):
        assert verify([str(badges / entry["json"]), "--trust", str(badges)]) == ENDS[entry["status"]], entry


def test_export_runs_beside_a_service(variables, demonstrated, tmp_path):
    """With a reader in the middle of a page, and a writer who has just begun: neither waits for the other's end."""
    with demonstrated.database.reading() as reader, demonstrated.database.writing() as writer:
        assert reader.scalars(select(PersonRecord.name)).all()
        person = writer.scalars(select(PersonRecord)).first()
        person.name = "Entre-temps"
        writer.flush()
        result = jalon("export", str(tmp_path / "badges"), **variables)
        assert result.exit_code == 0, result.output
        writer.commit()
    assert len(manifest(tmp_path / "badges")) >= 8


def test_export_leaves_out_what_is_no_longer_shared(variables, demonstrated, tmp_path):
    """A withdrawn share is in no file of a later export, not even one that an earlier export left in the folder."""
    folder = tmp_path / "badges"
    assert jalon("export", str(folder), **variables).exit_code == 0
    gone = manifest(folder)[0]
    with demonstrated.database.writing() as session:
        session.execute(text("UPDATE shares SET withdrawn_at = created_at WHERE code = :code"), {"code": gone["code"]})
        session.commit()
    document = (folder / gone["json"]).read_bytes()
    assert jalon("export", str(folder), **variables).exit_code == 0
    assert gone["code"] not in {entry["code"] for entry in manifest(folder)}
    assert document not in tree(folder).values()


def test_export_that_cannot_be_written_is_a_sentence(variables, tmp_path):
    """The folder's place is taken by a file."""
    (tmp_path / "taken").write_text("")
    assert_one_sentence(jalon("export", str(tmp_path / "taken" / "badges"), **variables), str(tmp_path / "taken"))
