"""What the documents promise is there: links, commands, settings, names of the code; and the tree keeps its shape."""

import configparser
import importlib
import os
import re
import unicodedata
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

import pytest
from click import Group
from click.testing import CliRunner

from badges.cli import main
from badges.settings import Settings

ROOT = Path(__file__).parent.parent.parent
PACKAGES = ("badges", "issuer", "referentiels", "verify")
FOLDERS = (*PACKAGES, "tests", "docs", "bench", ".ci")
IGNORED = {"__pycache__", "node_modules", ".mypy_cache", ".ruff_cache", ".import_linter_cache", ".hypothesis"}
TEXTS = {".py", ".md", ".cfg", ".toml", ".txt", ".html", ".css", ".js", ".mjs", ".sh", ".json", ".po", ".mako", ""}
LONGEST_MODULE = 450

# Modules that may be longer, each with its reason.
LONG: dict[str, str] = {"verify/sentences.py": "one table: a sentence in two languages for each reason there is"}

# Words of the workshop and of somebody's machine; written so that this file does not contain them.
FOREIGN = ("/" + "work/", "help" + "er-", "/" + "home/", "/" + "root/", "/" + "Users/", "/" + "tmp/w/", "C:" + "\\")

# Variables read somewhere else than in the settings, each with its place.
READ_ELSEWHERE = {"JALON_WORKERS": "an option of `jalon serve`"}


def files() -> list[Path]:
    """Every file of the project, without what tools leave behind."""
    tops = [path for path in ROOT.iterdir() if path.is_file() and path.name not in {".coverage", ".git"}]
    below = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.is_file()]
    return [path for path in tops + below if not IGNORED & set(path.parts) and ".egg-info" not in str(path)]


def documents() -> list[Path]:
    """The documents people read."""
    return [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


def named(path: Path) -> str:
    """How a test names a file."""
    return str(path.relative_to(ROOT))


def prose(path: Path) -> str:
    """A document without its blocks of code."""
    return re.sub(r"```.*?```", "", path.read_text(), flags=re.DOTALL)


def anchor(heading: str) -> str:
    """The fragment under which a heading is reached, as the usual renderers write it."""
    text = unicodedata.normalize("NFC", re.sub(r"[`*_]", "", heading)).strip().lower()
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")


def anchors(path: Path) -> set[str]:
    """The fragments of a document."""
    return {anchor(line.lstrip("# ")) for line in prose(path).splitlines() if line.startswith("#")}


@pytest.mark.parametrize("document", documents(), ids=named)
def test_links_of_the_documents_lead_to_files_that_exist(document):
    """Pictures too; a fragment names a heading."""
    broken = []
    for link in re.findall(r"\]\(([^)\s]+)\)", prose(document)):
        if link.startswith(("http://", "https://", "mailto:")):
            continue
        place, _, fragment = link.partition("#")
        target = document if not place else (document.parent / place)
        if not target.exists() or (fragment and target.suffix == ".md" and fragment not in anchors(target)):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("document", documents(), ids=named)
def test_files_the_documents_name_exist(document):
    """A path in backquotes that begins with one of our folders is there."""
    ours = tuple(f"{folder}/" for folder in FOLDERS)
    found = [word for word in re.findall(r"`([^`\s]+)`", prose(document)) if word.startswith(ours)]
    missing = [word for word in found if "*" not in word and not (ROOT / word.partition(":")[0]).exists()]
    assert missing == []


def targets() -> set[str]:
    """What the Makefile can make."""
    return set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


@pytest.mark.parametrize("document", documents(), ids=named)
def test_make_targets_the_documents_name_exist(document):
    """A newcomer types what is written."""
    assert set(re.findall(r"(?:^|`|\s)make ([a-z]+)\b(?=`|\s+#|\n)", document.read_text())) <= targets()


def test_makefile_names_files_that_exist():
    """Its own promises too; a target that is no file says so."""
    text = (ROOT / "Makefile").read_text()
    named_files = set(re.findall(r"\b(?:tests|bench|docs)/[\w./-]+\.\w+", text))
    assert {name for name in named_files if not (ROOT / name).exists()} == set()
    [phony] = re.findall(r"^\.PHONY: (.*)$", text, re.MULTILINE)
    assert set(phony.split()) == targets()


def test_checkout_can_be_judged_by_one_command():
    """`.ci/run` is executable and runs what must pass."""
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert {"make check", "make test"} <= set(script.read_text().splitlines())


class Recording(dict[str, str]):
    """An environment that remembers what was looked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: set[str] = set()

    def get(self, key, default=None):
        self.asked.add(key)
        return super().get(key, default)


def read_variables() -> set[str]:
    """The variables the settings read."""
    environment = Recording()
    Settings.from_environment(environment)
    return environment.asked


def test_readme_lists_the_settings_there_are():
    """The table names every variable that is read, wherever that is, and none that is not."""
    rows = re.findall(r"^\| (`JALON_.*?) \|", (ROOT / "README.md").read_text(), re.MULTILINE)
    listed = {name for row in rows for name in re.findall(r"`(JALON_[A-Z_]+)`", row)}
    assert listed == read_variables() | set(READ_ELSEWHERE)


def test_nothing_else_reads_the_environment():
    """A variable that is named anywhere in the code is one the settings read, or one that says where it is read."""
    written = {
        name
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        for name in re.findall(r"\bJALON_[A-Z_]+\b", path.read_text())
    }
    assert written == read_variables() | set(READ_ELSEWHERE)
    readers = {
        named(path) for path in (ROOT / "badges").rglob("*.py") if re.search(r"os\.environ|getenv", path.read_text())
    }
    assert readers == {"badges/settings.py"}


def references() -> list[str]:
    """The dotted names of our packages in the documents."""
    pattern = re.compile(rf"`((?:{'|'.join(PACKAGES)})(?:\.\w+)+)(?:\([^`]*\))?`")
    return sorted({name for path in documents() for name in pattern.findall(prose(path))})


@pytest.mark.parametrize("name", references())
def test_names_of_the_code_in_the_documents_can_be_imported(name):
    """The glossary and the architecture speak of code that is there."""
    place, rest = name, []
    while True:
        try:
            found = importlib.import_module(place)
            break
        except ModuleNotFoundError:
            place, _, last = place.rpartition(".")
            rest.insert(0, last)
            assert place, f"{name} names nothing"
    for part in rest:
        fields = getattr(found, "__dataclass_fields__", {})
        assert hasattr(found, part) or part in fields, f"{name}: no {part}"
        found = getattr(found, part, None)


def commands(group: Group, prefix: str = "") -> Iterator[str]:
    """Every command, with those of its groups."""
    for name, command in group.commands.items():
        yield f"{prefix}{name}"
        if isinstance(command, Group):
            yield from commands(command, f"{prefix}{name} ")


def test_help_lists_the_commands():
    """What the documents and the Makefile use is what `jalon` has."""
    shown = CliRunner().invoke(main, ["--help"])
    assert shown.exit_code == 0
    listed = set(re.findall(r"^  ([a-z][a-z-]+)  ", shown.output, re.MULTILINE))
    assert listed == {"init", "serve", "demo", "db", "keys", "export", "trust", "vc-api", "purge", "registre"}
    assert {"db upgrade", "keys list", "keys rotate", "keys backup", "keys restore"} <= set(commands(main))


@pytest.mark.parametrize("document", documents(), ids=named)
def test_commands_the_documents_name_exist(document):
    """`jalon …` as it is written."""
    said = re.findall(r"(?:`|bin/)jalon ([a-z-]+)(?: ([a-z]+))?", document.read_text())
    known = set(commands(main))
    assert [f"{first} {second}".strip() for first, second in said if first not in known] == []
    groups = {name.partition(" ")[0] for name in known if " " in name}
    assert [f"{first} {second}" for first, second in said if first in groups and f"{first} {second}" not in known] == []


def test_every_command_says_what_it_does():
    """A sentence for each, in its help."""
    for name in commands(main):
        shown = CliRunner().invoke(main, [*name.split(), "--help"])
        assert shown.exit_code == 0, name
        assert len(shown.output.splitlines()) > 3, name


def test_decisions_are_numbered_one_after_the_other():
    """`0001-…` to the last, without a gap; each opens with its number and says where it stands."""
    found = sorted((ROOT / "docs" / "adr").glob("*.md"))
    assert [path.name[:5] for path in found] == [f"{number:04}-" for number in range(1, len(found) + 1)]
    for number, path in enumerate(found, start=1):
        lines = path.read_text().splitlines()
        assert lines[0].startswith(f"# {number}. "), path.name
        assert any(re.match(r"Status: (accepted|superseded by \d+|proposed), ", line) for line in lines[:5]), path.name


def test_modules_are_short():
    """A module stays under about four hundred lines, or says here why it may not."""
    long = {
        named(path)
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if "migrations" not in path.parts and len(path.read_text().splitlines()) > LONGEST_MODULE
    }
    assert long == set(LONG)


def test_no_file_speaks_of_somebodys_machine():
    """No path of a workshop or of a person's folder."""
    found = {
        f"{named(path)}: {word}"
        for path in files()
        if path.suffix in TEXTS
        for word in FOREIGN
        if word in path.read_text(errors="replace")
    }
    assert found == set()


def test_nothing_is_left_to_do_in_the_code():
    """No marker of something unfinished."""
    marks = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    found = {
        named(path) for package in PACKAGES for path in (ROOT / package).rglob("*.py") if marks.search(path.read_text())
    }
    assert found == set()


def setup() -> configparser.ConfigParser:
    """`setup.cfg`."""
    found = configparser.ConfigParser()
    found.read(ROOT / "setup.cfg")
    return found


def test_every_requirement_has_one_exact_version():
    """What `make run` and `make test` install is pinned to the digit."""
    pinned = {}
    for line in (ROOT / "constraints.txt").read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            name, _, version = line.partition("==")
            assert re.fullmatch(r"[0-9][0-9a-z.]*", version.strip()), line
            pinned[name.strip().lower().replace("_", "-")] = version
    options = setup()
    listed = options["options"]["install_requires"] + "".join(options["options.extras_require"].values())
    wanted = {re.split(r"[\[<>=;]", line)[0].strip().lower() for line in listed.splitlines() if line.strip()}
    assert {name for name in wanted if name not in pinned and not name.startswith("#")} == set()


def test_installation_without_a_checkout_has_every_file():
    """`pip install .` takes modules of packages, and what `package_data` names of the rest: nothing is forgotten."""
    patterns = {package: lines.replace(",", " ").split() for package, lines in setup()["options.package_data"].items()}
    missing = set()
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*"):
            if not path.is_file() or IGNORED & set(path.parts) or path.suffix == ".pyc":
                continue
            if not (path.suffix == ".py" and (path.parent / "__init__.py").exists()) and not _shipped(path, patterns):
                missing.add(named(path))
    assert missing == set()


def _shipped(path: Path, patterns: dict[str, list[str]]) -> bool:
    """Whether a pattern of the nearest package, or one above it, names the file."""
    for parent in path.parents:
        if parent == ROOT:
            return False
        if not (parent / "__init__.py").exists():
            continue
        inside = str(PurePosixPath(path.relative_to(parent)))
        wanted = patterns.get(".".join(parent.relative_to(ROOT).parts), []) + patterns.get("*", [])
        if any(_matches(inside, pattern) for pattern in wanted):
            return True
    return False


def _matches(inside: str, pattern: str) -> bool:
    """As setuptools does: `**/` stands for any folders or none, `*` stays within one."""
    if pattern.startswith("**/"):
        return fnmatch(PurePosixPath(inside).name, pattern[3:])
    folder, _, rest = pattern.partition("/**/")
    if rest:
        return inside.startswith(f"{folder}/") and fnmatch(PurePosixPath(inside).name, rest)
    return inside.count("/") == pattern.count("/") and fnmatch(inside, pattern)


def test_no_text_to_translate_is_marked_inside_the_call_that_translates():
    """What collects the texts does not look into the arguments of `gettext`: it would miss the inner one."""
    nested = re.compile(r"gettext\([^)]*\bN_\(")
    assert [named(path) for path in (ROOT / "badges").rglob("*.py") if nested.search(path.read_text())] == []
