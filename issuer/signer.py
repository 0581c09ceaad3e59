"""Signing: a document goes in, the exact bytes to store and serve come out, read back by our own verifier first.

1. The proof is made over the document and joins it. A proof to be disclosed in part does so beside one over the
   whole, because by itself it is good for the holder alone.
2. The whole is written once, as compact UTF-8 JSON.
3. Those bytes are read again as a stranger would read them, at the same moment; what does not pass does not leave.

Refuses to sign twice and to sign for another issuer than the key's. Reads no clock: `now` is handed in.

Source: Verifiable Credential Data Integrity 1.0, section 4.2 (add proof).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from issuer import disclosure
from issuer.errors import SigningRefused
from verify import Outcome, Policy, TrustBundle, Unreadable, Verdict, Verifier, resolution
from verify.errors import Defect, Undecided, VerifyError
from verify.report import CheckName
from verify.sources import MAX_STATUS_BYTES
from verify.standards import data_integrity, documents, ecdsa, ecdsa_sd, status_list, timestamps, vc_jwt
from verify.standards.signatures import Signer

STATUS_LIST = "BitstringStatusListCredential"


def sign(
    document: dict[str, Any],
    signer: Signer,
    *,
    now: datetime,
    did_document: dict[str, Any],
    cryptosuite: str = data_integrity.DEFAULT_CRYPTOSUITE,
) -> bytes:
    """The signed document as the bytes to store and serve.

    `did_document` is the issuer's, as it will be published; the key has to stand in it.

    Raises:
        SigningRefused: where our own verifier does not accept the result.
        ValueError: where the document has a proof already, `now` has no zone, or there is no such cryptosuite.
    """
    if "proof" in document:
        raise ValueError("The document has been signed already.")
    signed = {**document, "proof": _proofs(document, signer, cryptosuite, now)}
    data = documents.dump(signed)
    keys = TrustBundle({resolution.did_of(signer.verification_method): did_document})
    if STATUS_LIST in document.get("type", []):
        _check_list(data, keys, now)
    else:
        _check_credential(data, keys, now)
    if len(signed["proof"]) > 1:
        _check_disclosures(signed, keys, now)
    return data


def sign_token(document: dict[str, Any], signer: Signer, *, now: datetime, did_document: dict[str, Any]) -> bytes:
    """The document signed as a compact JWT, as the bytes to store and serve; the kind of key decides the algorithm.

    Raises:
        SigningRefused: where our own verifier does not accept the result.
        ValueError: where `now` has no zone.
        Source: Open Badges 3.0, section 8.2.
    """
    try:
        token = vc_jwt.create(document, signer)
    except (Defect, Undecided) as stop:
        raise SigningRefused(CheckName.STRUCTURE, stop.reason) from None
    _check_credential(token, TrustBundle({resolution.did_of(signer.verification_method): did_document}), now)
    return token


def _proofs(document: dict[str, Any], signer: Signer, cryptosuite: str, now: datetime) -> list[dict[str, Any]]:
    suites = [cryptosuite]
    if cryptosuite == ecdsa_sd.ECDSA_SD_2023.name:
        # A status list is for everybody, and whole.
        suites = [ecdsa.ECDSA_RDFC_2019.name, *(suites if STATUS_LIST not in document.get("type", []) else [])]
    pointers = disclosure.mandatory_pointers(document)
    try:
        return [
            data_integrity.create_proof(document, signer, cryptosuite=suite, created=now, mandatory_pointers=pointers)
            for suite in suites
        ]
    except (Defect, Undecided) as stop:
        raise SigningRefused(CheckName.STRUCTURE, stop.reason) from None


def _check_disclosures(signed: dict[str, Any], keys: TrustBundle, now: datetime) -> None:
    """Refuse a base proof from which a holder could not show the least and the most that they may."""
    for pointers in ([], [""]):
        try:
            derived = ecdsa_sd.derive(signed, pointers)
        except (Defect, Undecided) as stop:
            raise SigningRefused(CheckName.PROOF, stop.reason) from None
        _check_credential(documents.dump(derived), keys, now)


def _check_credential(data: bytes, keys: TrustBundle, now: datetime) -> None:
    """Refuse a credential that our own verifier does not call valid, its status and recognition aside."""
    verifier = Verifier(keys=keys, statuses=keys, issuers=keys, policy=Policy.SELF_CHECK)
    try:
        report = verifier.verify(data, now=now)
    except Unreadable as error:
        raise SigningRefused("reading", error.reason) from None
    if report.verdict is Verdict.VALID:
        return
    required = (check for check in report.checks if check.name in Policy.SELF_CHECK.required)
    worst = next((check for check in report.checks if check.outcome is Outcome.FAILED), None) or next(
        check for check in required if check.outcome is not Outcome.PASSED
    )
    raise SigningRefused(worst.name, str(worst.reason))


def _check_list(data: bytes, keys: TrustBundle, now: datetime) -> None:
    """Refuse a status list whose proof, key, start or bits a verifier of badges would not accept."""
    try:
        credential = documents.load(data, max_bytes=MAX_STATUS_BYTES)
        proof = credential["proof"][0]
        method = resolution.find(proof["verificationMethod"], keys)
        if resolution.did_of(method.url) != credential["issuer"] or not method.is_for(data_integrity.ASSERTION):
            raise SigningRefused(CheckName.KEY_CONTROLLED, "key_not_of_issuer")
        data_integrity.verify_proof(credential, proof, method.public_key)
        if now < timestamps.read(credential["validFrom"]):
            raise SigningRefused(CheckName.VALIDITY, "not_yet_valid")
        status_list.decode(credential["credentialSubject"]["encodedList"])
    except VerifyError as error:
        raise SigningRefused(CheckName.PROOF, error.reason) from None
