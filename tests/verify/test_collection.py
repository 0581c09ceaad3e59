"""A folder or a zip of badges: every file is looked at, nothing outside is, and each has its line."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.situations.make import BADGES, TRUST
from tests.verify import factory as f
from verify import collection
from verify.collection import File, files_of, is_collection
from verify.errors import Unreadable
from verify.reasons import Reason

ROOT = Path(__file__).parents[2]
GOOD = (BADGES / "good.json").read_bytes()


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "LANG": "fr_FR.UTF-8", "PYTHONPATH": str(ROOT)}
    call = [sys.executable, "-m", "verify", "--at", "2026-11-21T09:00:00Z", "--trust", str(TRUST), *arguments]
    return subprocess.run(call, capture_output=True, text=True, env=environment, check=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A good badge, a withdrawn one below, and a list that is none."""
    made = tmp_path / "badges"
    (made / "plus bas").mkdir(parents=True)
    (made / "bon.json").write_bytes(GOOD)
    (made / "plus bas" / "retiré.json").write_bytes((BADGES / "revoked.json").read_bytes())
    (made / "manifest.json").write_text("[]")
    (made / "liste.json").write_bytes(f.revocations())
    return made


@pytest.fixture
def archive(folder: Path) -> Path:
    """The same as a zip."""
    path = folder.with_suffix(".zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for each in sorted(folder.rglob("*.json")):
            made.write(each, each.relative_to(folder))
    return path


def test_folder_and_zip_hold_the_same_files(folder: Path, archive: Path) -> None:
    """At any depth, in the order of their names."""
    assert is_collection(folder)
    assert is_collection(archive)
    assert sorted(files_of(folder)) == sorted(files_of(archive))
    assert [file.name for file in files_of(folder)] == [
        "bon.json",
        "liste.json",
        "manifest.json",
        "plus bas/retiré.json",
    ]


def test_single_badge_is_no_collection(tmp_path: Path) -> None:
    """A picture with a zip glued behind it is a picture."""
    picture = tmp_path / "badge.png"
    picture.write_bytes((BADGES / "good.png").read_bytes())
    with zipfile.ZipFile(picture, "a") as glued:
        glued.writestr("autre.json", GOOD)
    assert zipfile.is_zipfile(picture)
    assert not is_collection(picture)
    assert not is_collection(BADGES / "good.json")
    assert not is_collection(tmp_path / "nothing here")


def test_links_and_pipes_are_not_followed(tmp_path: Path) -> None:
    """A link could lead out of the folder; a pipe would keep us waiting for ever."""
    (tmp_path / "secret.json").write_bytes(GOOD)
    inside = tmp_path / "badges"
    inside.mkdir()
    (inside / "lien.json").symlink_to(tmp_path / "secret.json")
    os.mkfifo(inside / "tube")
    assert list(files_of(inside)) == [File("tube", Reason.FILE_UNREADABLE)]


def test_damaged_zip_is_said_to_be_so(tmp_path: Path, archive: Path) -> None:
    """Cut in the middle, or with one file whose check sum is wrong."""
    whole = archive.read_bytes()
    broken = tmp_path / "broken.zip"
    place = whole.index(b"bon.json") + 30
    broken.write_bytes(whole[:place] + b"\xff\xff\xff" + whole[place + 3 :])
    assert File("bon.json", Reason.FILE_UNREADABLE) in list(files_of(broken))


def test_unpacked_size_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten megabytes of zeros make a small zip, and are read no further than a badge may be long."""
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("0.json", bytes(12 * 1024 * 1024))
        made.writestr("1.json", GOOD)
    first, _second = files_of(bomb)
    assert len(first.content) == collection.MAX_INPUT_BYTES + 1
    monkeypatch.setattr(collection, "MOST_BYTES", 1024)
    with pytest.raises(Unreadable) as caught:
        list(files_of(bomb))
    assert caught.value.reason is Reason.TOO_LARGE


def test_number_of_files_is_bounded(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """More than is taken: said, and not passed over."""
    monkeypatch.setattr(collection, "MOST_FILES", 2)
    with pytest.raises(Unreadable) as caught:
        list(files_of(folder))
    assert caught.value.reason is Reason.TOO_LARGE


@pytest.mark.parametrize("form", ["folder", "archive"])
def test_command_writes_a_table(form: str, request: pytest.FixtureRequest) -> None:
    """A line for each badge, the total, and what is no badge; the exit code is that of the worst badge."""
    done = _run(str(request.getfixturevalue(form)))
    lines = done.stdout.splitlines()
    assert (done.returncode, done.stderr) == (1, "")
    assert "authentique" in lines[1]
    assert "bon.json" in lines[1]
    assert lines[2].split()[:2] == ["x", "refusé"]
    assert lines[2].endswith("revoked")
    assert (
        lines[3]
        == "Authentiques\u00a0: 1\u00a0; refusés\u00a0: 1\u00a0; indéterminés\u00a0: 0\u00a0; illisibles\u00a0: 0."
    )
    assert lines[4] == "Ne sont pas des badges\u00a0: liste.json, manifest.json."


def test_command_writes_a_line_of_json_for_each_file(folder: Path) -> None:
    """Every file, those that are no badges too."""
    done = _run("--json", str(folder))
    reports = {json.loads(line)["file"]: json.loads(line)["verdict"] for line in done.stdout.splitlines()}
    assert reports == {
        f"{folder}/bon.json": "valid",
        f"{folder}/liste.json": reports[f"{folder}/liste.json"],
        f"{folder}/manifest.json": "unreadable",
        f"{folder}/plus bas/retiré.json": "invalid",
    }
    assert done.returncode == 1


def test_folder_without_a_badge_is_unreadable(tmp_path: Path) -> None:
    """Nothing found is never a good answer."""
    done = _run(str(tmp_path))
    assert (done.returncode, done.stdout) == (3, "Aucun badge ici.\n")
