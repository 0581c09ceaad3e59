"""Data Integrity proofs: made and checked with the same hash, whatever the cryptosuite.

Refuses keys that do not fit the suite a proof names; a suite that is not in the list may be perfectly good, and its
proof is left undecided. Who may use a key, and when, is asked elsewhere.

Source: Verifiable Credential Data Integrity 1.0, sections 2.1 and 4; the suites' own specifications beside this module.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from verify.errors import Defect, Undecided
from verify.reasons import Reason
from verify.standards import ecdsa, ecdsa_sd, eddsa, multibase, signatures, timestamps
from verify.standards.cryptosuites import Cryptosuite, Form, SecuredDocument, digest
from verify.standards.documents import Contexts
from verify.standards.signatures import KeyKind, PublicKey, Signer

PROOF_TYPE = "DataIntegrityProof"
ASSERTION = "assertionMethod"
AUTHENTICATION = "authentication"

CRYPTOSUITES: Mapping[str, Cryptosuite] = {
    suite.name: suite
    for suite in (
        eddsa.EDDSA_RDFC_2022,
        eddsa.EDDSA_JCS_2022,
        ecdsa.ECDSA_RDFC_2019,
        ecdsa.ECDSA_JCS_2019,
        ecdsa_sd.ECDSA_SD_2023,
    )
}

DEFAULT_CRYPTOSUITE = eddsa.EDDSA_RDFC_2022.name

_PROOF_VALUE = re.compile(r"z[1-9A-HJ-NP-Za-km-z]{1,140}")
_SIGNATURE_BYTES: Mapping[KeyKind, int] = {KeyKind.ED25519: 64, KeyKind.P256: 64, KeyKind.P384: 96}


def create_proof(
    document: dict[str, Any],
    signer: Signer,
    *,
    cryptosuite: str = DEFAULT_CRYPTOSUITE,
    created: datetime,
    purpose: str = ASSERTION,
    contexts: Contexts | None = None,
    expires: datetime | None = None,
    domain: str | Sequence[str] | None = None,
    challenge: str | None = None,
    previous_proof: str | Sequence[str] | None = None,
    proof_id: str | None = None,
    mandatory_pointers: Sequence[str] = (),
) -> dict[str, Any]:
    """A proof over the document, ready to stand in its `proof`; moments are written in UTC, whole seconds.

    `mandatory_pointers` name what every reader shall see, in a base proof of ecdsa-sd-2023.

    Raises:
        ValueError: where a moment has no zone, there is no such cryptosuite, or a pointer does not match.
        Defect: `key_mismatch` where the suite allows no such key, or as `canonicalise` does.
        Undecided: as `canonicalise` does.
        Source: VC-DI, section 4.2 (add proof).
    """
    if cryptosuite not in CRYPTOSUITES:
        raise ValueError(f"no such cryptosuite here: {cryptosuite}")
    options: dict[str, Any] = {
        "id": proof_id,
        "type": PROOF_TYPE,
        "cryptosuite": cryptosuite,
        "created": timestamps.write(created),
        "expires": None if expires is None else timestamps.write(expires),
        "verificationMethod": signer.verification_method,
        "proofPurpose": purpose,
        "domain": domain if domain is None or isinstance(domain, str) else list(domain),
        "challenge": challenge,
        "previousProof": previous_proof
        if previous_proof is None or isinstance(previous_proof, str)
        else list(previous_proof),
    }
    options = {name: value for name, value in options.items() if value is not None}
    if CRYPTOSUITES[cryptosuite].form is Form.JCS and "@context" in document:
        # Source: VC-DI-EDDSA and VC-DI-ECDSA, section 3.3.1, step 2.
        options["@context"] = document["@context"]
    if cryptosuite == ecdsa_sd.ECDSA_SD_2023.name:
        return {**options, "proofValue": ecdsa_sd.base_value(document, options, signer, mandatory_pointers, contexts)}
    hashed = hash_data(document, options, contexts, kind=signatures.kind_of(signer.public))
    return {**options, "proofValue": multibase.encode(signer.sign(hashed))}


def hash_data(
    document: dict[str, Any],
    proof_options: dict[str, Any],
    contexts: Contexts | None = None,
    *,
    kind: KeyKind = KeyKind.ED25519,
) -> bytes:
    """What a key of that kind signs: the hash of the proof options, then the hash of the document.

    The document is taken without its `proof`, the options without `proofValue`; the options name the cryptosuite.

    Raises:
        Defect, Undecided: as `suite_of` and `canonicalise` do, or `key_mismatch`.
        Source: VC-DI-EDDSA and VC-DI-ECDSA, sections 3.2.3 to 3.2.5.
    """
    return _hash_data(SecuredDocument(document, contexts), proof_options, kind)


def suite_of(proof: dict[str, Any]) -> Cryptosuite:
    """The cryptosuite that the proof names.

    Raises:
        Undecided: `cryptosuite_unsupported`.
        Defect: `proof_malformed`.
    """
    name = proof.get("cryptosuite")
    if proof.get("type") != PROOF_TYPE:
        raise Undecided(Reason.CRYPTOSUITE_UNSUPPORTED, str(proof.get("type"))[:200])
    if not isinstance(name, str):
        raise Defect(Reason.PROOF_MALFORMED, "no cryptosuite")
    if name not in CRYPTOSUITES:
        raise Undecided(Reason.CRYPTOSUITE_UNSUPPORTED, name[:200])
    return CRYPTOSUITES[name]


def verify_proof(
    document: dict[str, Any], proof: dict[str, Any], public_key: PublicKey, contexts: Contexts | None = None
) -> None:
    """Return where the proof's signature is the key's over the document.

    Raises:
        Defect: `signature_wrong`, `key_mismatch` or `proof_malformed`, or as `canonicalise` does.
        Undecided: `key_unsupported` or `proof_chained`, or as `suite_of` and `canonicalise` do.
        Source: VC-DI, section 4.4 (verify proof).
    """
    verify_over(SecuredDocument(document, contexts), proof, public_key)


def verify_over(secured: SecuredDocument, proof: dict[str, Any], public_key: PublicKey) -> None:
    """As `verify_proof`, over a document of which some digests may be known already."""
    kind = signatures.kind_of(public_key)
    suite = suite_of(proof)
    suite.hash_for(kind)
    if "previousProof" in proof:
        raise Undecided(Reason.PROOF_CHAINED)
    if suite is ecdsa_sd.ECDSA_SD_2023:
        ecdsa_sd.verify_derived(secured.document, proof, public_key, secured.contexts)
        return
    value = proof.get("proofValue")
    if not isinstance(value, str) or not _PROOF_VALUE.fullmatch(value):
        raise Defect(Reason.PROOF_MALFORMED, "proofValue")
    signature = multibase.decode(value)
    if len(signature) != _SIGNATURE_BYTES[kind]:
        raise Defect(Reason.PROOF_MALFORMED, "proofValue")
    signatures.verify(public_key, signature, _hash_data(secured, proof, kind))


def _hash_data(secured: SecuredDocument, proof: dict[str, Any], kind: KeyKind) -> bytes:
    suite = suite_of(proof)
    hash_name = suite.hash_for(kind)
    options = {key: value for key, value in proof.items() if key != "proofValue"}
    if suite.form is Form.RDFC and "@context" in secured.document:
        options["@context"] = secured.document["@context"]
    hashed = digest(options, suite.form, hash_name, secured.contexts)
    return hashed + secured.digest(suite.form, hash_name)
