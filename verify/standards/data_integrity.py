"""Data Integrity proofs with the cryptosuite eddsa-rdfc-2022: made and checked with the same hash.

Refuses every other cryptosuite (another one may be perfectly good: the question is left undecided), keys that do not
fit the suite, and proofs chained to others by `previousProof`. Who may use a key, and when, is asked elsewhere.

Source: Data Integrity EdDSA Cryptosuites 1.0, section 3.2; Verifiable Credential Data Integrity 1.0, section 4.
"""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from verify.errors import Defect, Undecided
from verify.reasons import Reason
from verify.standards import multibase, timestamps
from verify.standards.canonical import canonicalise
from verify.standards.documents import Contexts
from verify.standards.signatures import PublicKey

PROOF_TYPE = "DataIntegrityProof"
EDDSA_RDFC_2022 = "eddsa-rdfc-2022"
ASSERTION = "assertionMethod"

_SIGNATURE_BYTES = 64
_PROOF_VALUE = re.compile(r"z[1-9A-HJ-NP-Za-km-z]{1,100}")


def hash_data(document: dict[str, Any], proof_options: dict[str, Any], contexts: Contexts | None = None) -> bytes:
    """The 64 bytes that get signed: SHA-256 of the proof options, then SHA-256 of the document.

    The document is taken without its `proof`, the options without `proofValue` and with the document's contexts.

    Raises:
        Defect, Undecided: as `canonicalise` does.
        Source: VC-DI-EDDSA, sections 3.2.3 to 3.2.5.
    """
    return _digest(_options_of(document, proof_options), contexts) + document_hash(document, contexts)


def document_hash(document: dict[str, Any], contexts: Contexts | None = None) -> bytes:
    """SHA-256 of the canonical document, taken without its `proof`.

    Raises:
        Defect, Undecided: as `canonicalise` does.
        Source: VC-DI-EDDSA, section 3.2.4.
    """
    return _digest({key: value for key, value in document.items() if key != "proof"}, contexts)


def create_proof(
    document: dict[str, Any],
    key: Ed25519PrivateKey,
    *,
    verification_method: str,
    created: datetime,
    purpose: str = ASSERTION,
    contexts: Contexts | None = None,
) -> dict[str, Any]:
    """A proof over the document, ready to stand in its `proof`; `created` is written in UTC, whole seconds.

    Raises:
        ValueError: where `created` has no zone.
        Defect, Undecided: as `canonicalise` does.
        Source: VC-DI-EDDSA, section 3.2.1.
    """
    options = {
        "type": PROOF_TYPE,
        "cryptosuite": EDDSA_RDFC_2022,
        "created": timestamps.write(created),
        "verificationMethod": verification_method,
        "proofPurpose": purpose,
    }
    signature = key.sign(hash_data(document, options, contexts))
    return {**options, "proofValue": multibase.encode(signature)}


def check_suite(proof: dict[str, Any]) -> None:
    """Return where the proof is of the kind that can be checked here.

    Raises:
        Undecided: `cryptosuite_unsupported` or `proof_chained`.
        Defect: `proof_malformed`.
    """
    suite = proof.get("cryptosuite")
    if proof.get("type") != PROOF_TYPE:
        raise Undecided(Reason.CRYPTOSUITE_UNSUPPORTED, str(proof.get("type"))[:200])
    if not isinstance(suite, str):
        raise Defect(Reason.PROOF_MALFORMED, "no cryptosuite")
    if suite != EDDSA_RDFC_2022:
        raise Undecided(Reason.CRYPTOSUITE_UNSUPPORTED, suite[:200])
    if "previousProof" in proof:
        raise Undecided(Reason.PROOF_CHAINED)


def verify_proof(
    document: dict[str, Any],
    proof: dict[str, Any],
    public_key: PublicKey,
    contexts: Contexts | None = None,
    *,
    hashed: bytes | None = None,
) -> None:
    """Return where the proof's signature is the key's over the document.

    `hashed` is the document's `document_hash`, where the caller has computed it already.

    Raises:
        Defect: `signature_wrong`, `key_mismatch` or `proof_malformed`, or as `canonicalise` does.
        Undecided: `cryptosuite_unsupported` or `proof_chained`, or as `canonicalise` does.
        Source: VC-DI-EDDSA, section 3.2.2.
    """
    check_suite(proof)
    if not isinstance(public_key, Ed25519PublicKey):
        raise Defect(Reason.KEY_MISMATCH, "eddsa-rdfc-2022 needs an Ed25519 key")
    value = proof.get("proofValue")
    if not isinstance(value, str) or not _PROOF_VALUE.fullmatch(value):
        raise Defect(Reason.PROOF_MALFORMED, "proofValue")
    signature = multibase.decode(value)
    if len(signature) != _SIGNATURE_BYTES:
        raise Defect(Reason.PROOF_MALFORMED, "proofValue")
    digest = document_hash(document, contexts) if hashed is None else hashed
    try:
        public_key.verify(signature, _digest(_options_of(document, proof), contexts) + digest)
    except InvalidSignature:
        raise Defect(Reason.SIGNATURE_WRONG) from None


def _options_of(document: dict[str, Any], proof: dict[str, Any]) -> dict[str, Any]:
    options = {key: value for key, value in proof.items() if key != "proofValue"}
    if "@context" in document:
        options["@context"] = document["@context"]
    return options


def _digest(document: dict[str, Any], contexts: Contexts | None) -> bytes:
    return hashlib.sha256(canonicalise(document, contexts)).digest()
