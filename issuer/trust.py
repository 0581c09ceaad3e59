"""The trust bundle: all that verifying takes once issuers have closed, gathered, dated and signed.

The same knowledge, key and moment always give the same bytes, so that whoever serves a bundle from several processes
serves one. What is signed is read back by the reader of bundles before it leaves. Refuses to judge what is in it: the
documents and lists carry their issuers' own signatures.

Source: docs/trust-bundle.md; VC-DI-EDDSA, section 3.3 (eddsa-jcs-2022).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from issuer.errors import SigningRefused
from verify import Recognition, resolution
from verify.errors import Defect, Undecided
from verify.report import CheckName
from verify.standards import data_integrity, documents, timestamps
from verify.standards.signatures import Signer
from verify.trust import FORMAT, TrustUnusable, read_bundle


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What goes into a bundle. `did_documents` has to hold that of whoever signs it."""

    issuers: Iterable[Mapping[str, str]]
    did_documents: Iterable[dict[str, Any]]
    status_lists: Iterable[bytes]
    documents: Iterable[bytes]
    recognitions: Iterable[Recognition]
    witnessed: Mapping[str, datetime]


def recognition_entry(recognition: Recognition) -> dict[str, Any]:
    """A recognition as bundles write it."""
    return {
        "issuer": recognition.issuer,
        "name": recognition.name,
        "recognised_by": recognition.recognised_by,
        "referentiel": recognition.referentiel,
        "from": recognition.starts.isoformat(),
        "until": recognition.ends.isoformat() if recognition.ends else None,
    }


def trust_bundle(url: str, knowledge: Knowledge, signer: Signer, *, as_of: datetime) -> bytes:
    """The signed bundle as the bytes to serve at the address.

    Raises:
        SigningRefused: where our own reader of bundles does not take it.
        ValueError: where `as_of` has no zone.
    """
    unsigned = {
        "format": FORMAT,
        "id": url,
        "issuer": resolution.did_of(signer.verification_method),
        "as_of": timestamps.write(as_of),
        "issuers": [dict(issuer) for issuer in knowledge.issuers],
        "did_documents": list(knowledge.did_documents),
        "status_lists": [documents.load(signed, max_bytes=len(signed)) for signed in knowledge.status_lists],
        "documents": [documents.load(each) for each in knowledge.documents],
        "recognitions": [recognition_entry(each) for each in knowledge.recognitions],
        "witnessed": {digest: timestamps.write(at) for digest, at in knowledge.witnessed.items()},
    }
    try:
        proof = data_integrity.create_proof(unsigned, signer, cryptosuite="eddsa-jcs-2022", created=as_of)
        data = documents.dump({**unsigned, "proof": proof})
        read_bundle(data)
    except (Defect, Undecided) as stop:
        raise SigningRefused(CheckName.PROOF, stop.reason) from None
    except TrustUnusable as error:
        raise SigningRefused("reading", str(error)) from None
    return data
