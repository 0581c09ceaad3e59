"""Every leaf of every badge of the demo, changed one at a time: none of them is what its issuer signed."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest

from badges.services import export
from tests.attacks.asserting import KEY, PROOF, STRUCTURE
from verify import Outcome, Policy, Unreadable, Verdict, Verifier
from verify.trust import read_trust

Path = tuple[str | int, ...]


def _leaves(node: Any, before: Path = ()) -> Iterator[Path]:
    if isinstance(node, dict):
        for member, value in node.items():
            yield from _leaves(value, (*before, member))
    elif isinstance(node, list):
        for at, value in enumerate(node):
            yield from _leaves(value, (*before, at))
    else:
        yield before


def _put(document: Any, path: Path, value: Any) -> bytes:
    changed = copy.deepcopy(document)
    node: Any = changed
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = value
    return json.dumps(changed, ensure_ascii=False).encode()


def _at(document: Any, path: Path) -> Any:
    for step in path:
        document = document[step]
    return document


def _other(value: Any) -> Any:
    """Another value that looks as much like the first as can be: one letter or digit is its neighbour."""
    if isinstance(value, bool):
        return not value
    if not isinstance(value, str):
        return value + 1
    places = [at for at, letter in enumerate(value) if letter.isascii() and letter.isalnum()]
    at = places[-1] if places else 0
    return value[:at] + (value[at].translate(_NEIGHBOUR) if places else "x") + value[at + 1 :]


_NEIGHBOUR = {
    ord(letter): row[(place + 1) % len(row)]
    for row in ("0123456789", "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    for place, letter in enumerate(row)
}


@pytest.mark.parametrize("demonstrated", ["sqlite"], indirect=True)
def test_every_leaf_of_every_badge_of_the_demo(demonstrated: Any, tmp_path: Any) -> None:
    """Changed alone, no leaf leaves structure, proof and key all good."""
    now = demonstrated.clock()
    with demonstrated.database.reading() as session:
        assert export.export_badges(session, demonstrated, tmp_path, now=now) >= 10
    trust = read_trust(tmp_path)
    verifier = Verifier(keys=trust, statuses=trust, issuers=trust, policy=Policy.AUTHENTIC)
    tried = 0
    for entry in json.loads((tmp_path / "manifest.json").read_bytes()):
        data = (tmp_path / entry["json"]).read_bytes()
        assert (verifier.verify(data, now=now).verdict is Verdict.VALID) == (entry["status"] == "valid")
        document = json.loads(data)
        for path in _leaves(document):
            changed = _put(document, path, _other(_at(document, path)))
            assert not _authentic(verifier, changed, now), (entry["name"], path)
            tried += 1
    assert tried > 1_000


def _authentic(verifier: Verifier, data: bytes, now: Any) -> bool:
    try:
        report = verifier.verify(data, now=now)
    except Unreadable:
        return False
    return report.verdict is Verdict.VALID or all(
        report.check(name).outcome is Outcome.PASSED for name in (STRUCTURE, PROOF, KEY)
    )
