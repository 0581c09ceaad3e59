"""The library's page is true: its examples run, its schema describes every report."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from verify.report import Kind

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "verify.md"
SITUATIONS = ROOT / "tests" / "situations"


def test_examples_of_the_page_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every Python block, one after the other, as a reader would type them."""
    monkeypatch.chdir(ROOT)
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert len(blocks) > 5
    namespace: dict[str, Any] = {}
    for number, block in enumerate(blocks, start=1):
        exec(compile(block, f"docs/verify.md, example {number}", "exec"), namespace)  # noqa: S102 - our own page


def _schema() -> Any:
    return json.loads((ROOT / "verify" / "report.schema.json").read_text())


def test_schema_describes_every_report_of_the_command() -> None:
    """One line for each situation, and each as the schema says."""
    import jsonschema

    validator = jsonschema.Draft202012Validator(_schema(), format_checker=jsonschema.FormatChecker())
    files = sorted(str(path) for path in (SITUATIONS / "badges").iterdir())
    command = [sys.executable, "-m", "verify", *files, "--json", "--trust", str(SITUATIONS / "trust")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    lines = done.stdout.splitlines()
    assert len(lines) == len(files)
    for line in lines:
        validator.validate(json.loads(line))


def test_schema_lists_every_kind_of_document() -> None:
    """The kinds are a closed list, and the schema has all of them."""
    assert _schema()["$defs"]["report"]["properties"]["kind"]["enum"] == [kind.value for kind in Kind]
