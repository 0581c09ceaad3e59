"""Data Integrity proofs: made and checked with the same hash, whatever the cryptosuite.

Refuses keys that do not fit the suite a proof names; a suite that is not in the list may be perfectly good, and its
proof is left undecided. Who may use a key, and when, is asked elsewhere.

Source: Verifiable Credential Data Integrity 1.0, sections 2.1 and 4; the suites' own specifications beside this module.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
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

MAX_SKEW = timedelta(minutes=10)
"""How far ahead of ours a signer's clock may be."""

_TEXTS: Mapping[str, bool] = {
    "type": True,
    "verificationMethod": True,
    "proofPurpose": True,
    "cryptosuite": False,
    "id": False,
    "challenge": False,
    "nonce": False,
}
"""The members of a proof that are text, and whether they have to be there."""
_URL = re.compile(r'[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>"{}|^`\\]+')
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
        Defect: `key_mismatch` where the suite allows no such key, `proof_chain_broken` where the document does not have
            the previous proofs, or as `canonicalise` does.
        Undecided: as `canonicalise` does.
        Source: VC-DI, sections 4.2 (add proof) and 4.3 (add proof set or chain).
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
        "domain": _written(domain),
        "challenge": challenge,
        "previousProof": _written(previous_proof),
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
        Source: VC-DI-EDDSA and VC-DI-ECDSA, sections 3.2.3 to 3.2.5 and 3.3.3 to 3.3.5.
    """
    return _hash_data(covered_by(SecuredDocument(document, contexts), proof_options), proof_options, kind)


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
    """Return where the proof's signature is the key's over the document, and over the proofs that it builds on.

    Raises:
        Defect: `signature_wrong`, `key_mismatch` or `proof_malformed`, or as `covered_by` and `canonicalise` do.
        Undecided: `key_unsupported` or `proof_chained`, or as `suite_of` and `canonicalise` do.
        Source: VC-DI, section 4.4 (verify proof).
    """
    verify_over(covered_by(SecuredDocument(document, contexts), proof), proof, public_key)


def verify_over(covered: SecuredDocument, proof: dict[str, Any], public_key: PublicKey) -> None:
    """As `verify_proof`, over all that the proof covers, of which some digests may be known already."""
    kind = signatures.kind_of(public_key)
    suite = suite_of(proof)
    suite.hash_for(kind)
    if suite is ecdsa_sd.ECDSA_SD_2023 and "previousProof" in proof:
        # How a proof that discloses in part would cover another one, no specification says.
        raise Undecided(Reason.PROOF_CHAINED)
    if suite is ecdsa_sd.ECDSA_SD_2023:
        ecdsa_sd.verify_derived(covered.document, proof, public_key, covered.contexts)
        return
    value = proof.get("proofValue")
    if not isinstance(value, str) or not _PROOF_VALUE.fullmatch(value):
        raise Defect(Reason.PROOF_MALFORMED, "proofValue")
    signature = multibase.decode(value)
    if len(signature) != _SIGNATURE_BYTES[kind]:
        raise Defect(Reason.PROOF_MALFORMED, "proofValue")
    signatures.verify(public_key, signature, _hash_data(covered, proof, kind))


def check_options(proof: dict[str, Any], now: datetime) -> None:
    """Return where the proof, before any key is looked at, says what every proof has to say, and is in force.

    A proof dated in the future is left undecided: no rule forbids it, but either a clock is wrong or somebody is.

    Raises:
        Defect: `proof_malformed` or `proof_expired`.
        Undecided: `proof_in_future`.
        Source: VC-DI, sections 2.1 and 4.4, step 4.
    """
    for member, required in _TEXTS.items():
        if (required or member in proof) and not (isinstance(proof.get(member), str) and proof[member]):
            raise Defect(Reason.PROOF_MALFORMED, member)
    if "id" in proof and not _URL.fullmatch(proof["id"]):
        raise Defect(Reason.PROOF_MALFORMED, "id")
    domains = _listed(proof.get("domain", ""))
    if not domains or not all(isinstance(each, str) for each in domains):
        raise Defect(Reason.PROOF_MALFORMED, "domain")
    created, expires = (
        timestamps.read(proof[member], Reason.PROOF_MALFORMED) if member in proof else None
        for member in ("created", "expires")
    )
    if expires is not None and expires < now:
        raise Defect(Reason.PROOF_EXPIRED)
    if created is not None and created - now > MAX_SKEW:
        raise Undecided(Reason.PROOF_IN_FUTURE)


def covered_by(secured: SecuredDocument, proof: dict[str, Any]) -> SecuredDocument:
    """What the proof is over: the document, with the proofs that it builds on, in the contexts that it was made in.

    Raises:
        Defect: `proof_chain_broken` or `proof_malformed`; `signature_wrong` where the contexts signed are not those
            that the document begins with, or as `check_terms` does where they are fewer than the document's.
        Undecided: as `suite_of` and `check_terms` do.
        Source: VC-DI, section 4.5, steps 3.2 to 3.4; VC-DI-EDDSA and VC-DI-ECDSA, section 3.3.2, step 4.
    """
    changes: dict[str, Any] = {}
    previous = previous_of(secured.proofs, proof)
    if previous:
        changes["proof"] = previous
    own = secured.document.get("@context")
    contexts = proof.get("@context", own)
    if contexts != own:
        signed = _listed(contexts)
        if _listed(own)[: len(signed)] != signed:
            raise Defect(Reason.SIGNATURE_WRONG, "made in other contexts")
        if suite_of(proof).form is Form.JCS:
            # RDFC hashes every proof with the document's contexts.
            changes["@context"] = contexts
            secured.replaced({"@context": contexts}).check_terms()
    return secured.replaced(changes) if changes else secured


def previous_of(proofs: Sequence[Any], proof: dict[str, Any]) -> list[dict[str, Any]]:
    """The proofs that this one builds on, in the order in which they stand; none of them is checked.

    Raises:
        Defect: `proof_chain_broken`, where one is not there, there twice, or is the proof itself; `proof_malformed`.
        Source: VC-DI, section 2.1.2 (proof chains).
    """
    if "previousProof" not in proof:
        return []
    wanted = _listed(proof["previousProof"])
    if not wanted or not all(isinstance(each, str) for each in wanted):
        raise Defect(Reason.PROOF_MALFORMED, "previousProof")
    found = [each for each in proofs if isinstance(each, dict) and each.get("id") in wanted]
    if sorted(each["id"] for each in found) != sorted(set(wanted)) or any(each is proof for each in found):
        raise Defect(Reason.PROOF_CHAIN_BROKEN)
    return found


def _hash_data(covered: SecuredDocument, proof: dict[str, Any], kind: KeyKind) -> bytes:
    suite = suite_of(proof)
    hash_name = suite.hash_for(kind)
    options = {key: value for key, value in proof.items() if key != "proofValue"}
    if suite.form is Form.RDFC and "@context" in covered.document:
        options["@context"] = covered.document["@context"]
    hashed = digest(options, suite.form, hash_name, covered.contexts)
    return hashed + covered.digest(suite.form, hash_name)


def _written(texts: str | Sequence[str] | None) -> str | list[str] | None:
    return texts if texts is None or isinstance(texts, str) else list(texts)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
