"""Trust bundles: from a folder, from a file, and what makes them unusable."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.situations.make import TRUST
from tests.verify import factory as f
from verify import Recognition, TrustBundle, Verdict, read_trust
from verify.trust import TrustUnusable


def _file(tmp_path: Path, content: Any) -> Path:
    path = tmp_path / "trust.json"
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


RECOGNITION = {"issuer": f.ISSUER, "name": "x", "recognised_by": "y", "from": "2026-01-01", "until": "2026-12-31"}


def test_an_empty_bundle_knows_nobody() -> None:
    """None everywhere, which is never "fine"."""
    bundle = TrustBundle()
    assert bundle.did_document(f.ISSUER) is None
    assert bundle.status_list(f.REVOCATIONS) is None
    assert bundle.recognition(f.ISSUER, None, f.NOW) is None


def test_a_folder_gives_documents_lists_and_recognitions_by_their_own_names() -> None:
    """What a file is called does not matter; what its document says does."""
    bundle = read_trust(TRUST)
    assert bundle.did_document(f.ISSUER) == f.did_document()
    assert bundle.status_list(f.REVOCATIONS) == (TRUST / "status" / "1.json").read_bytes()
    assert bundle.recognition(f.ISSUER, f"{f.REFERENTIEL}/1#x", f.NOW) == f.RECOGNITION


def test_a_bundle_may_hold_nothing(tmp_path: Path) -> None:
    """Every part is optional, as long as it is plain that a bundle is meant."""
    assert read_trust(_file(tmp_path, {})) == TrustBundle()
    (tmp_path / "did").mkdir()
    assert read_trust(tmp_path) == TrustBundle()


def test_a_file_serves_as_a_folder_does(tmp_path: Path) -> None:
    """The same knowledge in one JSON document gives the same verdict."""
    bundle = {
        "did_documents": [f.did_document()],
        "status_lists": [json.loads(f.revocations()), json.loads(f.suspensions())],
        "recognitions": [{**RECOGNITION, "referentiel": f.REFERENTIEL}],
    }
    assert f.verify(f.badge(), read_trust(_file(tmp_path, bundle))).verdict is Verdict.VALID


def test_a_recognition_is_read_with_its_days(tmp_path: Path) -> None:
    """`until` absent or null means without end; `referentiel` absent or null means everything."""
    issuer = {"issuer": "did:web:x.example", "from": "2026-01-01"}
    expected = Recognition("did:web:x.example", "", "", None, date(2026, 1, 1), None)
    for entry in (issuer, {**issuer, "until": None, "referentiel": None}):
        assert read_trust(_file(tmp_path, {"recognitions": [entry]})).recognitions == (expected,)


def test_a_bundle_says_when_it_was_gathered(tmp_path: Path) -> None:
    """In the file, or beside the recognitions of a folder; the report then says for when the status is known."""
    gathered = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
    dated = {"as_of": "2026-11-20T08:00:00Z", "recognitions": []}
    assert read_trust(_file(tmp_path, dated)).as_of == gathered
    assert read_trust(_file(tmp_path, {"recognitions": []})).as_of is None
    folder = tmp_path / "folder"
    (folder / "status").mkdir(parents=True)
    (folder / "status" / "1.json").write_bytes(f.revocations())
    (folder / "recognitions.json").write_text(json.dumps(dated))
    bundle = read_trust(folder)
    assert bundle.known_at(f.REVOCATIONS) == gathered
    assert bundle.known_at(f.SUSPENSIONS) is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"not JSON",
        b'{"a": 1, "a": 2}',
        {"id": "urn:a:b"},
        {"did_documents": {}},
        {"did_documents": ["x"]},
        {"did_documents": [{}]},
        {"did_documents": [{"id": 7}]},
        {"status_lists": [{"id": None}]},
        {"as_of": "hier"},
        {"as_of": None},
        {"recognitions": [{}]},
        {"recognitions": [{"issuer": "x"}]},
        {"recognitions": [{**RECOGNITION, "from": "hier"}]},
        {"recognitions": [{**RECOGNITION, "from": 20260101}]},
        {"recognitions": [{**RECOGNITION, "until": "2026-02-30"}]},
        {"recognitions": [{**RECOGNITION, "issuer": 7}]},
        {"recognitions": [{**RECOGNITION, "referentiel": ["x"]}]},
        {"recognitions": [{**RECOGNITION, "name": None}]},
    ],
)
def test_a_bundle_that_cannot_be_used_names_its_file(tmp_path: Path, content: Any) -> None:
    """Trust is never half-read: one wrong part refuses the whole."""
    path = _file(tmp_path, content)
    with pytest.raises(TrustUnusable, match=r"trust\.json"):
        read_trust(path)


def test_a_bundle_that_is_not_there_is_unusable(tmp_path: Path) -> None:
    """Nothing to trust is not the same as trusting nobody."""
    with pytest.raises(TrustUnusable, match="nowhere"):
        read_trust(tmp_path / "nowhere")
    with pytest.raises(TrustUnusable, match="neither"):
        read_trust(tmp_path)
    (tmp_path / "did").mkdir()
    (tmp_path / "did" / "x.json").write_text("{")
    with pytest.raises(TrustUnusable, match=r"x\.json"):
        read_trust(tmp_path)
