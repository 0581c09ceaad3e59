"""Contexts from a folder: whatever way a test suite names them, each gets its own address or none."""

import json
from pathlib import Path

import pytest

from badges.vc_api.contexts import address_of, allow_list, read_folder
from verify.standards.documents import CREDENTIALS_V2, shipped_contexts

EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2"
CONTEXT = {"@context": {"@vocab": "https://www.w3.org/ns/credentials/examples#"}}


def _write(folder: Path, name: str, document: object = CONTEXT) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(json.dumps(document))


@pytest.mark.parametrize(
    "name",
    [
        "https%3A%2F%2Fwww.w3.org%2Fns%2Fcredentials%2Fexamples%2Fv2",
        "https%3A%2F%2Fwww.w3.org%2Fns%2Fcredentials%2Fexamples%2Fv2.json",
        "https___www.w3.org_ns_credentials_examples_v2.json",
        "www.w3.org_ns_credentials_examples_v2.jsonld",
        "www.w3.org/ns/credentials/examples/v2",
        "credentials-examples-v2.json",
        "examples_v2.json",
    ],
)
def test_file_name_spells_the_address(tmp_path, name):
    """Percent-encoded, with underscores, as a path, or as W3C's repositories call the file."""
    _write(tmp_path, name)
    assert dict(read_folder(tmp_path).documents) == {EXAMPLES: CONTEXT}


@pytest.mark.parametrize(
    ("index", "value"),
    [
        ("contexts.json", {EXAMPLES: "a.json"}),
        ("index.json", {"a.json": EXAMPLES}),
        ("all.json", {EXAMPLES: CONTEXT}),
        ("one.json", {"documentUrl": EXAMPLES, "document": CONTEXT}),
    ],
)
def test_map_in_the_folder_gives_the_address(tmp_path, index, value):
    """A map says more than a name; the file it names is not asked for its own."""
    if "a.json" in json.dumps(value):
        _write(tmp_path, "a.json")
    _write(tmp_path, index, value)
    found = read_folder(tmp_path)
    assert dict(found.documents) == {EXAMPLES: CONTEXT}
    assert found.passed_over == ()


def test_file_that_tells_nothing_is_passed_over_and_said(tmp_path):
    """No address is guessed, and what is no context is none."""
    _write(tmp_path, "something.json")
    _write(tmp_path, "credentials-examples-v2.json", {"no": "context"})
    (tmp_path / "notes.txt").write_text("not JSON")
    found = read_folder(tmp_path)
    assert not found.documents
    assert len(found.passed_over) == 3


def test_context_of_ours_cannot_be_replaced(tmp_path):
    """Another document under an address on the list is passed over with a warning; the same one is no news."""
    shipped = shipped_contexts()
    _write(tmp_path, "credentials-v2.json", CONTEXT)
    _write(tmp_path, "credentials-v1.json", shipped.document("https://www.w3.org/2018/credentials/v1"))
    allowed, warnings = allow_list(shipped, tmp_path)
    assert allowed.document(CREDENTIALS_V2) == shipped.document(CREDENTIALS_V2)
    assert [warning for warning in warnings if CREDENTIALS_V2 in warning] == list(warnings)


def test_list_without_a_folder_is_ours_and_no_other_reader_gets_it():
    """The conformance server's list is its own: contexts inside documents stay forbidden everywhere else."""
    allowed, warnings = allow_list(shipped_contexts(), None)
    assert set(allowed) == set(shipped_contexts())
    assert warnings == ()
    assert allowed.inline
    assert not shipped_contexts().inline


def test_folder_that_is_none_is_refused(tmp_path):
    """One sentence for the command to print."""
    with pytest.raises(NotADirectoryError):
        read_folder(tmp_path / "absent")


def test_names_of_the_standards_bodies_are_known():
    """As their repositories call the files."""
    known = {
        "credentials-undefined-terms-v2.json": "https://www.w3.org/ns/credentials/undefined-terms/v2",
        "examples-v1.json": "https://www.w3.org/2018/credentials/examples/v1",
        "data-integrity-v1.json": "https://w3id.org/security/data-integrity/v1",
        "bitstring-status-list-v1.json": "https://www.w3.org/ns/credentials/status/v1",
        "ob-v3p0-context-3.0.3.json": "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        "ob-v3p0-context.json": "https://purl.imsglobal.org/spec/ob/v3p0/context.json",
        "ed25519-2020-v1.json": "https://w3id.org/security/suites/ed25519-2020/v1",
    }
    assert {name: address_of(Path(name)) for name in known} == known
