"""`python -m verify`: exit codes, JSON, sentences, and what it does not load."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.situations.make import BADGES, TRUST
from tests.verify import factory as f
from verify import __main__ as command
from verify.standards import documents

ROOT = Path(__file__).parents[2]
AT = "2026-11-21T09:00:00Z"


def _run(*arguments: str, stdin: bytes = b"", language: str = "fr_FR.UTF-8") -> subprocess.CompletedProcess[bytes]:
    environment = {"PATH": os.environ["PATH"], "LANG": language, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error"}
    call = [sys.executable, "-m", "verify", "--at", AT, *arguments]
    return subprocess.run(call, input=stdin, capture_output=True, env=environment, cwd=TRUST, check=False)


def _badge(name: str) -> str:
    return str(BADGES / name)


TRUSTING = ("--trust", str(TRUST))


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (["good.json"], 0),
        (["good.png", "good.svg", "good.jwt"], 0),
        (["revoked.json"], 1),
        (["suspended.json"], 1),
        (["expired.json"], 1),
        (["issuer_unknown.json"], 2),
        (["png_without_badge.png"], 3),
        (["good.json", "issuer_unknown.json"], 2),
        (["good.json", "issuer_unknown.json", "revoked.json"], 1),
        (["png_without_badge.png", "revoked.json", "good.json"], 3),
        (["no such file.json"], 3),
    ],
)
def test_exit_code_is_that_of_the_worst_file(names: list[str], code: int) -> None:
    """0 valid, 1 invalid, 2 undetermined, 3 unreadable; 3 is worse than 1, 1 than 2, 2 than 0."""
    done = _run(*map(_badge, names), *TRUSTING)
    assert (done.returncode, done.stderr) == (code, b"")


def test_without_trust_nothing_is_known() -> None:
    """No network, no trust: a did:web cannot be had, and that is said."""
    done = _run("--json", _badge("good.json"))
    assert done.returncode == 2
    checks = {check["name"]: check["reason"] for check in json.loads(done.stdout)["checks"]}
    assert checks["proof"] == checks["key_controlled"] == "key_unreachable"
    assert checks["issuer_recognised"] == "issuer_unknown"


def test_a_single_file_of_trust_serves_as_the_folder_does(tmp_path: Path) -> None:
    """The bundle in one JSON document."""
    bundle = {
        "did_documents": [f.did_document()],
        "status_lists": [json.loads(f.revocations()), json.loads(f.suspensions())],
        "recognitions": [{"issuer": f.ISSUER, "from": "2026-01-01"}],
    }
    (tmp_path / "bundle.json").write_bytes(documents.dump(bundle))
    assert _run(_badge("good.json"), "--trust", str(tmp_path / "bundle.json")).returncode == 0


def test_json_is_one_object_on_one_line_for_each_file() -> None:
    """Each line is a report of its own, in the order of the files, and ASCII."""
    done = _run("--json", *TRUSTING, _badge("good.json"), _badge("png_without_badge.png"), _badge("revoked.json"))
    lines = [json.loads(line) for line in done.stdout.decode("ascii").splitlines()]
    assert [line["verdict"] for line in lines] == ["valid", "unreadable", "invalid"]
    assert [Path(line["file"]).name for line in lines] == ["good.json", "png_without_badge.png", "revoked.json"]
    good, unreadable, revoked = lines
    assert list(good)[:4] == ["file", "verdict", "kind", "checks"]
    assert good["credential"]["holder_name"] == "Aïcha Ferrand"
    assert good["checked_at"] == AT
    assert unreadable == {
        "file": _badge("png_without_badge.png"),
        "verdict": "unreadable",
        "reason": "png_without_badge",
        "checks": [],
        "checked_at": AT,
        "credential": None,
    }
    assert {"name": "status", "outcome": "failed", "reason": "revoked"} in revoked["checks"]


def test_standard_input_is_read_for_a_dash() -> None:
    """Bytes of any format through a pipe."""
    assert _run("-", *TRUSTING, stdin=(BADGES / "good.png").read_bytes()).returncode == 0
    assert _run("-", stdin=b"").returncode == 3


@pytest.mark.parametrize(
    ("language", "options", "says"),
    [
        ("fr_FR.UTF-8", (), "Mission locale du Val-de-Brume a retiré ce badge."),
        ("C.UTF-8", (), "Mission locale du Val-de-Brume a retiré ce badge."),
        ("en_GB.UTF-8", (), "Mission locale du Val-de-Brume has withdrawn this badge."),
        ("de_DE.UTF-8", (), "Mission locale du Val-de-Brume has withdrawn this badge."),
        ("en_GB.UTF-8", ("--lang", "fr"), "Mission locale du Val-de-Brume a retiré ce badge."),
        ("fr_FR.UTF-8", ("--lang", "en"), "Mission locale du Val-de-Brume has withdrawn this badge."),
    ],
)
def test_sentences_are_in_the_readers_language(language: str, options: tuple[str, ...], says: str) -> None:
    """The verdict sentence first, in the language of the environment or of --lang."""
    done = _run(_badge("revoked.json"), *TRUSTING, *options, language=language)
    assert done.stdout.decode().startswith(says)


def test_human_output_says_the_sentence_and_then_every_check() -> None:
    """Sentence, then six lines, each with its outcome and, where it did not pass, its reason."""
    lines = _run(_badge("revoked.json"), *TRUSTING).stdout.decode().splitlines()
    assert lines[1] == "  + Forme du badge\u00a0: en ordre"
    assert lines[4] == "  x Retrait ou pause\u00a0: en défaut (revoked) L’émetteur a retiré ce badge."
    assert len(lines) == 7
    valid = _run(_badge("good.json"), *TRUSTING).stdout.decode()
    assert valid.startswith("Badge authentique, délivré par Mission locale du Val-de-Brume le 01/10/2026.")
    several = _run(_badge("good.json"), _badge("empty.json"), *TRUSTING, "--lang", "en").stdout.decode()
    assert (
        f"{_badge('empty.json')}: We found no readable badge in this file.\n  x (empty) The file is empty." in several
    )


def test_human_output_lets_no_stranger_move_the_cursor() -> None:
    """Control characters and turned text in an issuer's name are not printed."""
    name = "Région\u009b2J \u202eexe\u00a0x\u2028y"
    issuer = {**f.credential()["issuer"], "name": name}
    text = _run("-", *TRUSTING, stdin=f.badge(issuer=issuer)).stdout.decode()
    assert "Région\ufffd2J \ufffdexe x y" in text.splitlines()[0]


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--nothing", "x"),
        ("x", "--lang", "de"),
        ("x", "--trust"),
        ("x", "--trust", "/nowhere"),
        ("x", "--at", "hier"),
        ("x", "--trust", str(BADGES / "revoked.json")),
        ("x", "--trust", str(BADGES)),
    ],
)
def test_a_wrong_call_ends_with_64_and_one_line(arguments: tuple[str, ...]) -> None:
    """Not argparse's 2, which here means undetermined."""
    done = _run(*arguments)
    assert done.returncode == 64
    assert done.stdout == b""
    assert len(done.stderr.splitlines()) == 1


def test_help_explains_itself() -> None:
    """--help ends with 0."""
    done = _run("--help")
    assert done.returncode == 0
    assert b"--trust" in done.stdout


def test_our_own_fault_ends_with_70_and_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A broken installation is nobody's badge's fault, and shows no traceback."""
    monkeypatch.setattr(documents, "_SHIPPED", {"https://x.example/": ("PyLD", "nothing", "0")})
    documents.shipped_contexts.cache_clear()
    try:
        code = command.main([_badge("good.json"), "--lang", "fr"])
    finally:
        documents.shipped_contexts.cache_clear()
    assert code == 70
    assert capsys.readouterr().err == (
        "Une erreur de notre côté empêche la vérification. Le badge n’est pas en cause. [BrokenInstallation]\n"
    )


def test_a_reader_that_has_gone_gets_no_traceback() -> None:
    """`| head` closes the pipe; the command ends without a word."""
    reading, writing = os.pipe()
    os.close(reading)
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    call = [sys.executable, "-m", "verify", _badge("good.json"), *TRUSTING]
    with os.fdopen(writing, "wb") as pipe:
        done = subprocess.run(call, stdout=pipe, stderr=subprocess.PIPE, env=environment, check=False)
    assert (done.returncode, done.stderr) == (70, b"")


def _loaded(statement: str) -> set[str]:
    code = f"import sys\n{statement}\nprint('\\n'.join(sys.modules))"
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, env=environment, check=True, text=True)
    return {name.partition(".")[0] for name in done.stdout.splitlines()}


def test_verify_loads_neither_the_web_nor_the_database_nor_openbadgeslib() -> None:
    """Verifying a badge to the end needs cryptography, PyLD, defusedxml, and files of openbadgeslib."""
    statement = (
        "import contextlib, io\n"
        "from verify.__main__ import main\n"
        "with contextlib.redirect_stdout(io.StringIO()):\n"
        f"    assert main({[_badge('good.png'), _badge('good.svg'), *TRUSTING, '--at', AT]!r}) == 0"
    )
    loaded = _loaded(statement)
    foreign: set[Any] = {"flask", "sqlalchemy", "openbadgeslib", "badges", "issuer", "referentiels", "PIL", "qrcode"}
    assert loaded & foreign == set()
    assert {"cryptography", "pyld", "defusedxml", "verify"} <= loaded


def test_schemas_that_are_handed_in_are_held_against_what_names_them(tmp_path: Path) -> None:
    """And a folder of anything else is a wrong call."""
    named = {"id": "https://badges.example/schemas/badge.json", "type": "JsonSchema"}
    (tmp_path / "badge.json").write_bytes(f.badge(credentialSchema=[named]))
    folder = tmp_path / "schemas"
    folder.mkdir()
    (folder / "badge.json").write_text(json.dumps({"$id": named["id"], "properties": {"name": {"const": "Autonomie"}}}))
    command = [str(tmp_path / "badge.json"), *TRUSTING, "--at", AT, "--schemas"]
    done = _run(*command, str(folder))
    assert (done.returncode, b"schema_violated" in done.stdout) == (1, True)
    assert _run(*command, str(tmp_path / "absent")).returncode == 64


@pytest.mark.parametrize(
    ("file", "code", "lines"),
    [
        (
            "clr_with_a_forged_member.json",
            0,
            [
                "  Learner record",
                "  What it contains, verified one by one:",
                "   1. + Travail en équipe, Mission locale du Val-de-Brume: Authentic badge, awarded by",
                "   2. x Autonomie, Mission locale du Val-de-Brume: The content does not match the signature.",
            ],
        ),
        (
            "endorsed.json",
            0,
            [
                "  What others say of it:",
                "   1. + Recommandation de l’université, Université du Val-de-Brume: Authentic endorsement",
                "        « Nous tenons compte de ce badge à l’entrée en licence. »",
            ],
        ),
        ("endorsed_falsely.json", 0, ["   1. x ", "   2. x ", "about something other", "   3. ? ?: "]),
        ("presentation_unsigned.json", 2, ["  Presentation of credentials", "(not_applicable)", "   1. + "]),
        ("endorsement.json", 0, ["  Endorsement", "  « Nous tenons compte"]),
    ],
)
def test_what_a_document_holds_is_printed_with_its_verdicts(file: str, code: int, lines: list[str]) -> None:
    """A line for each member and each endorsement; words that were forged are not repeated."""
    done = _run(_badge(file), *TRUSTING, "--at", AT, "--lang", "en")
    printed = done.stdout.decode()
    assert done.returncode == code
    places = [printed.index(line) for line in lines]
    assert places == sorted(places)
    assert "vaut une licence" not in printed


def test_a_name_that_is_asked_about_is_compared_and_changes_no_code() -> None:
    """The sentence, and one word for programs; a name that is not the holder's says nothing against the badge."""
    exact = _run(_badge("good.json"), *TRUSTING, "--name", "Aïcha Ferrand", "--lang", "en")
    assert (exact.returncode, b"+ holder: This is exactly what the badge says." in exact.stdout) == (0, True)
    other = _run(_badge("good.json"), *TRUSTING, "--name", "Quelqu\u2019un d\u2019autre", "--json")
    assert (other.returncode, json.loads(other.stdout)["holder"]) == (0, "different")
