"""What a badge says, for display."""

import copy
from typing import Any

import pytest

from tests.verify import factory as f
from tests.verify import vectors
from verify.summary import MAX_ITEMS, MAX_TEXT, Summary, summarise


def _summary(credential: dict[str, Any] | None = None) -> Summary:
    return summarise(f.credential() if credential is None else credential, written_as="json")


def test_summary_holds_what_a_verification_page_shows() -> None:
    """Badge, issuer, holder, dates, picture, criteria."""
    summary = _summary()
    assert summary.name == summary.achievement_name == "Travail en équipe"
    assert summary.issuer_id == f.ISSUER
    assert summary.issuer_name == "Mission locale du Val-de-Brume"
    assert summary.issuer_url == "https://badges.example/o/val-de-brume"
    assert summary.achievement_id == f"{f.REFERENTIEL}/1#badge-equipe"
    assert summary.achievement_image == "https://badges.example/images/equipe.png"
    assert (summary.achievement_version, summary.in_language, summary.achievement_type) == ("1", "fr", "Competency")
    assert summary.criteria == "Niveau 3 convenu entre la personne et son coach."
    assert summary.criteria_url == f"{f.REFERENTIEL}/1#badge-equipe"
    assert summary.valid_from == f.ISSUED
    assert summary.types == ("VerifiableCredential", "OpenBadgeCredential")
    assert [alignment.framework for alignment in summary.alignments] == ["ROME", "CléA", "ESCO"]
    assert summary.evidence[0].name == "Stage en cuisine"
    assert (summary.status[0].index, summary.status[0].purpose) == (str(f.STANDING), "revocation")


def test_summary_tells_a_name_in_clear_from_a_hash() -> None:
    """Only an identifier that plainly says it is not hashed is a name."""
    summary = _summary()
    assert summary.holder_name == "Aïcha Ferrand"
    assert [identity.hashed for identity in summary.identifiers] == [True, False]
    credential = f.credential()
    for doubt in (None, "false", 0):
        credential["credentialSubject"]["identifier"][1]["hashed"] = doubt
        assert _summary(credential).holder_name is None


def test_summary_puts_a_result_on_its_scale() -> None:
    """Level reached, level required, and the whole scale."""
    (line,) = _summary().results
    assert (line.name, line.value) == ("Travail en équipe", "4")
    assert line.achieved is not None
    assert line.required is not None
    assert (line.achieved.name, line.achieved.level) == ("En situation nouvelle", "4")
    assert line.required.name == "Seul"
    assert [level.level for level in line.scale] == ["0", "1", "2", "3", "4", "5"]


def test_summary_cuts_what_is_too_long() -> None:
    """A stranger's text has an end, and so has a stranger's list."""
    credential = f.credential(name="x" * 100_000, evidence=[{"type": ["Evidence"], "name": "x"}] * 1_000)
    summary = _summary(credential)
    assert summary.name == "x" * MAX_TEXT
    assert len(summary.evidence) == MAX_ITEMS


def test_summary_of_nothing_is_empty() -> None:
    """What is absent is None or nothing, and is written so."""
    summary = _summary({})
    assert {value for value in summary.to_json().values() if value not in (None, "json", [], ())} == set()


@pytest.mark.parametrize(
    "value", [None, 7, "x", [], {}, [[]], [7, "x"], {"id": {}}, [{"id": 7, "type": 7, "name": []}]]
)
def test_summary_never_fails(value: Any) -> None:
    """Every member of a badge replaced by something else still gives a summary."""
    good = f.credential()
    for path in _paths(good):
        changed = copy.deepcopy(good)
        node: Any = changed
        for step in path[:-1]:
            node = node[step]
        node[path[-1]] = value
        assert isinstance(_summary(changed).to_json(), dict)


@vectors.needed
def test_summary_reads_the_full_example_of_the_standard() -> None:
    """Somebody else's badge: results with a grade, a level, and a status."""
    summary = _summary(vectors.read("ob3-samples/spec-examples/fullOpenBadge.json"))
    assert summary.achievement_name == "1EdTech University Degree"
    assert [line.value for line in summary.results] == ["A", None, None]
    assert summary.results[1].achieved is not None
    assert summary.results[1].achieved.name == "Mastery"


def _paths(node: Any, before: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    steps = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [path for step, value in steps for path in ((*before, step), *_paths(value, (*before, step)))]
