"""Signed trust bundles: read, pinned, and refused where anything about them is not right."""

import copy
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.verify import factory as f
from verify import Verdict, read_trust
from verify.__main__ import main
from verify.standards import data_integrity, did
from verify.standards.signatures import LocalSigner
from verify.trust import TrustUnusable, read_bundle

HOST = "did:web:badges.example"
SIGNER = LocalSigner(f.OTHER_KEY, f"{HOST}#cle-1")
PIN = did.did_key(f.OTHER_KEY.public_key())
AS_OF = datetime(2026, 11, 20, tzinfo=UTC)


def unsigned(**changes: Any) -> f.Node:
    """What an installation knows, ready to be signed; None leaves a member out."""
    made = {
        "format": "jalon-trust/1",
        "id": "https://badges.example/trust.json",
        "issuer": HOST,
        "as_of": "2026-11-20T00:00:00Z",
        "issuers": [{"id": f.ISSUER, "name": "Val-de-Brume", "url": "https://badges.example/o/val-de-brume"}],
        "did_documents": [f.did_document(HOST, f.OTHER_KEY), f.did_document()],
        "status_lists": [json.loads(f.revocations()), json.loads(f.suspensions())],
        "recognitions": [{"issuer": f.ISSUER, "referentiel": f.REFERENTIEL, "from": "2026-01-01", "until": None}],
        "witnessed": {"ab" * 32: "2026-01-01T00:00:00Z"},
        **changes,
    }
    return {member: value for member, value in made.items() if value is not None}


def signed(**changes: Any) -> bytes:
    document = unsigned(**changes)
    proof = data_integrity.create_proof(document, SIGNER, cryptosuite="eddsa-jcs-2022", created=AS_OF)
    return f.written({**document, "proof": proof})


def altered(change: Callable[[f.Node], object]) -> bytes:
    document = copy.deepcopy(json.loads(signed()))
    change(document)
    return f.written(document)


def test_a_bundle_is_all_that_verifying_takes() -> None:
    """The badge is valid from the bundle alone, and the report says for when."""
    bundle = read_bundle(signed(), signed_by=PIN)
    report = f.verify(f.badge(), bundle)
    assert (report.verdict, report.status_as_of) == (Verdict.VALID, AS_OF)
    assert bundle.witnessed_at("ab" * 32) == datetime(2026, 1, 1, tzinfo=UTC)


def test_a_bundle_is_read_from_a_file_and_from_a_folder(tmp_path: Path) -> None:
    """In a folder the bundle is preferred to the pieces beside it, and is the only thing that can be pinned."""
    (tmp_path / "did").mkdir()
    assert read_trust(tmp_path).as_of is None
    with pytest.raises(TrustUnusable, match="not signed"):
        read_trust(tmp_path, signed_by=PIN)
    (tmp_path / "trust.json").write_bytes(signed())
    assert read_trust(tmp_path, signed_by=PIN) == read_trust(tmp_path / "trust.json") == read_bundle(signed())


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (altered(lambda d: d.update(as_of="2026-11-21T00:00:00Z")), "signature_wrong"),
        (altered(lambda d: d["recognitions"][0].update(referentiel=None)), "signature_wrong"),
        (altered(lambda d: d["witnessed"].update({"cd" * 32: "2020-01-01T00:00:00Z"})), "signature_wrong"),
        (altered(lambda d: d["did_documents"].pop()), "signature_wrong"),
        (altered(lambda d: d.update(did_documents=[f.did_document(HOST), f.did_document()])), "signature_wrong"),
        (altered(lambda d: d.pop("proof")), "without a proof"),
        (altered(lambda d: d["proof"].update(proofPurpose="authentication")), "another way"),
        (altered(lambda d: d["proof"].update(cryptosuite="eddsa-rdfc-2022")), "another way"),
        (altered(lambda d: d["proof"].pop("verificationMethod")), "signature"),
        (altered(lambda d: d.update(format="jalon-trust/2")), "newer: jalon-trust/2"),
        (altered(lambda d: d.update(extra=1)), "it holds extra"),
        (signed(issuer=f.ISSUER), "not its issuer"),
        (signed(issuer=None), "not its issuer"),
        (signed(as_of=None), "without a date"),
        (signed(as_of="hier"), "no moment|not a moment"),
        (signed(did_documents=[f.did_document()]), "key_unreachable"),
        (signed(did_documents=[{**f.did_document(HOST, f.OTHER_KEY), "assertionMethod": []}]), "not its issuer"),
        (signed(witnessed={"AB" * 32: "2026-01-01T00:00:00Z"}), "digests"),
        (signed(witnessed={"ab" * 32: "2026"}), "no moment"),
        (signed(witnessed=[]), "digests"),
    ],
)
def test_a_bundle_that_is_not_right_is_not_used(data: bytes, words: str) -> None:
    """Whoever hands it in, pinned or not: a broken signature is never mere decoration."""
    for pin in (None, PIN):
        with pytest.raises(TrustUnusable, match=words):
            read_bundle(data, signed_by=pin)


def test_a_pinned_key_is_the_only_one_that_will_do() -> None:
    """Somebody else's bundle, sound in itself, and an unsigned file are both refused."""
    with pytest.raises(TrustUnusable, match=PIN):
        read_bundle(signed(), signed_by=did.did_key(f.KEY.public_key()))
    plain = f.written({"did_documents": [f.did_document()]})
    assert read_bundle(plain).did_document(f.ISSUER)
    with pytest.raises(TrustUnusable, match="not signed"):
        read_bundle(plain, signed_by=PIN)


def test_the_command_takes_a_bundle_and_a_pinned_key(tmp_path: Path) -> None:
    """Valid with the right key; a wrong call with another, and with a key but no bundle."""
    (tmp_path / "trust.json").write_bytes(signed())
    (tmp_path / "badge.json").write_bytes(f.badge())
    badge, trust = str(tmp_path / "badge.json"), str(tmp_path / "trust.json")
    at = ("--at", "2026-11-21T09:00:00Z")
    assert main([badge, "--trust", trust, "--trust-key", PIN, *at]) == 0
    assert main([badge, "--trust", trust, "--trust-key", did.did_key(f.KEY.public_key()), *at]) == 64
    assert main([badge, "--trust-key", PIN, *at]) == 64
