"""The cryptosuite ecdsa-sd-2023: the issuer signs every statement apart, the holder passes on those that are wanted.

A base proof goes to the holder alone. A derived proof is made from it without any key, for one reader, and shows what
the issuer made mandatory and what the holder chose. Only derived proofs are checked: a base proof that has come to a
reader all the same is left undecided.

Refuses proof values that are not exactly of the shape specified, and label maps that are not one to one with the
document's blank nodes: two nodes under one signed name would let a reader take the parts of one thing for two.

Source: Data Integrity ECDSA Cryptosuites 1.0, sections 3.5 and 3.6.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

import cbor2
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from verify.errors import Defect, Undecided
from verify.reasons import Reason
from verify.standards import canonical, multibase, multikey, selective_disclosure, signatures
from verify.standards.cryptosuites import Cryptosuite, Form
from verify.standards.documents import Contexts
from verify.standards.selective_disclosure import Group, PointerRefused, Relabel
from verify.standards.signatures import KeyKind, PublicKey, Signer

ECDSA_SD_2023 = Cryptosuite("ecdsa-sd-2023", Form.RDFC, {KeyKind.P256: "sha256"})

MAX_STATEMENTS = 2000
"""Statements that one proof signs; a full badge has about two hundred. To check as many takes a fifth of a second."""
_MAX_VALUE = 256 * 1024
"""Characters of a proof value: the signatures of `MAX_STATEMENTS` take 180,000."""
_MAX_DEPTH = 2
_BASE_HEADER, _DERIVED_HEADER = b"\xd9\x5d\x00", b"\xd9\x5d\x01"
_SIGNATURE, _KEY, _HMAC_KEY, _LABEL = 64, 35, 32, 32
_CANONICAL_LABEL = "_:c14n"


@dataclass(frozen=True, slots=True)
class BaseValue:
    """What a base proof's value holds: enough for its holder to derive from, and never for a reader's eyes."""

    base_signature: bytes
    proof_key: bytes
    hmac_key: bytes
    signatures: Sequence[bytes]
    mandatory_pointers: Sequence[str]


@dataclass(frozen=True, slots=True)
class DerivedValue:
    """What a derived proof's value holds; `labels` lead from the number of a canonical label to the bytes of a name."""

    base_signature: bytes
    proof_key: bytes
    signatures: Sequence[bytes]
    labels: Mapping[int, bytes]
    mandatory_indexes: Sequence[int]


def base_value(
    document: dict[str, Any],
    options: dict[str, Any],
    signer: Signer,
    mandatory_pointers: Sequence[str],
    contexts: Contexts | None = None,
    *,
    hmac_key: bytes | None = None,
    proof_key: EllipticCurvePrivateKey | None = None,
) -> str:
    """The `proofValue` of a base proof with these options over the document.

    Both keys are drawn afresh for each proof, unless they are given to compare with published values.

    Raises:
        PointerRefused: where a mandatory pointer does not match.
        Defect: `key_mismatch`, or `too_complex` beyond the statements that one proof may sign.
        Defect, Undecided: as `canonicalise` does.
        Source: VC-DI-ECDSA, sections 3.6.1 to 3.6.5.
    """
    ECDSA_SD_2023.hash_for(signatures.kind_of(signer.public))
    hmac_key = secrets.token_bytes(_HMAC_KEY) if hmac_key is None else hmac_key
    private = _new_key() if proof_key is None else proof_key
    unsecured = _without_proof(document)
    statements, groups = selective_disclosure.group(
        unsecured, hmac_relabel(hmac_key), {"mandatory": mandatory_pointers}, contexts
    )
    mandatory = groups["mandatory"].matching
    others = [statement for index, statement in enumerate(statements) if index not in mandatory]
    if len(others) > MAX_STATEMENTS:
        raise Defect(Reason.TOO_COMPLEX, "more statements than one proof may sign")
    public = multibase.decode(multikey.encode_public(private.public_key()))
    to_sign = _sign_data(options, document, public, (statements[index] for index in sorted(mandatory)), contexts)
    value = BaseValue(
        signer.sign(to_sign),
        public,
        hmac_key,
        [signatures.sign(private, statement.encode()) for statement in others],
        list(mandatory_pointers),
    )
    return write_base_value(value)


def derive(
    document: dict[str, Any], selective_pointers: Sequence[str], contexts: Contexts | None = None
) -> dict[str, Any]:
    """The document that shows what is mandatory and what the pointers select, with the one proof derived from its base.

    Raises:
        PointerRefused: where a pointer does not match, or there is none at all.
        Defect: `proof_malformed`, where the document has not exactly one base proof, or one that does not fit it.
        Defect, Undecided: as `canonicalise` does.
        Source: VC-DI-ECDSA, section 3.6.6 (add derived proof).
    """
    proof = _base_proof(document)
    base = read_base_value(proof.get("proofValue"))
    combined = [*base.mandatory_pointers, *selective_pointers]
    unsecured = _without_proof(document)
    revealed = selective_disclosure.select(unsecured, combined)
    if revealed is None:
        raise PointerRefused("nothing is selected, and nothing is mandatory")
    definitions = {"mandatory": base.mandatory_pointers, "selective": selective_pointers, "combined": combined}
    statements, groups = selective_disclosure.group(unsecured, hmac_relabel(base.hmac_key), definitions, contexts)
    if len(statements) - len(groups["mandatory"].matching) != len(base.signatures):
        raise Defect(Reason.PROOF_MALFORMED, "the proof signs another number of statements")
    value = _derived_value(base, len(statements), groups)
    return {**revealed, "proof": {**proof, "proofValue": write_derived_value(value)}}


def _base_proof(document: dict[str, Any]) -> dict[str, Any]:
    proofs = document.get("proof")
    listed = proofs if isinstance(proofs, list) else [proofs]
    named = [proof for proof in listed if isinstance(proof, dict) and proof.get("cryptosuite") == ECDSA_SD_2023.name]
    if len(named) != 1:
        raise Defect(Reason.PROOF_MALFORMED, "not exactly one base proof")
    return named[0]


def _derived_value(base: BaseValue, statements: int, groups: Mapping[str, Group]) -> DerivedValue:
    """Source: VC-DI-ECDSA, section 3.5.4 (createDisclosureData)."""
    mandatory, selective, combined = (groups[name] for name in ("mandatory", "selective", "combined"))
    signed = [index for index in range(statements) if index not in mandatory.matching]
    return DerivedValue(
        base.base_signature,
        base.proof_key,
        [signature for index, signature in zip(signed, base.signatures, strict=True) if index in selective.matching],
        {
            int(label.removeprefix(_CANONICAL_LABEL)): multibase.decode(name.removeprefix("_:"))
            for name, label in combined.canonical_labels.items()
        },
        [shown for shown, index in enumerate(sorted(combined.matching)) if index in mandatory.matching],
    )


def verify_derived(
    document: dict[str, Any], proof: dict[str, Any], public_key: PublicKey, contexts: Contexts | None = None
) -> None:
    """Return where the derived proof shows that the key's owner signed every statement of the document.

    Raises:
        Defect: `proof_malformed`, `key_mismatch` or `signature_wrong`, or as `canonicalise` does.
        Undecided: `proof_undisclosed` for a base proof, or as `canonicalise` does.
        Source: VC-DI-ECDSA, section 3.6.7 (verify derived proof).
    """
    ECDSA_SD_2023.hash_for(signatures.kind_of(public_key))
    value = read_derived_value(proof.get("proofValue"))
    statements = selective_disclosure.relabelled(_without_proof(document), Relabelling(value.labels), contexts)
    mandatory = set(value.mandatory_indexes)
    if any(index >= len(statements) for index in mandatory):
        raise Defect(Reason.PROOF_MALFORMED, "mandatory indexes")
    others = [statement for index, statement in enumerate(statements) if index not in mandatory]
    if len(others) != len(value.signatures):
        # As many signatures as statements is what the proof itself says of the document.
        raise Defect(Reason.SIGNATURE_WRONG, "another number of statements")
    shown = (statements[index] for index in sorted(mandatory))
    signed = _sign_data(proof, document, value.proof_key, shown, contexts)
    signatures.verify(public_key, value.base_signature, signed)
    proof_key = _read_key(value.proof_key)
    for statement, signature in zip(others, value.signatures, strict=True):
        signatures.verify(proof_key, signature, statement.encode())


class Relabelling:
    """The label map of a derived proof, which has to fit the document's blank nodes one to one."""

    def __init__(self, labels: Mapping[int, bytes]) -> None:
        self._labels = {
            f"{_CANONICAL_LABEL}{number}": f"_:{multibase.encode(name, 'u')}" for number, name in labels.items()
        }

    def __call__(self, found: Iterable[str]) -> Relabel:
        """What each canonical label stands for.

        Raises:
            Defect: `signature_wrong`, where the labels found are others.
        """
        if set(found) != self._labels.keys():
            raise Defect(Reason.SIGNATURE_WRONG, "other blank nodes")
        return self._labels.__getitem__


def _sign_data(
    proof: dict[str, Any],
    document: dict[str, Any],
    public: bytes,
    mandatory: Iterable[str],
    contexts: Contexts | None,
) -> bytes:
    """Source: VC-DI-ECDSA, sections 3.5.1 (serializeSignData), 3.4.17 (hashMandatoryNQuads) and 3.6.4."""
    options = {key: value for key, value in proof.items() if key != "proofValue"}
    options["@context"] = document.get("@context")
    proof_hash = hashlib.sha256(canonical.canonicalise(options, contexts)).digest()
    return proof_hash + public + hashlib.sha256("".join(mandatory).encode()).digest()


def hmac_relabel(key: bytes) -> Relabel:
    """Source: VC-DI-ECDSA, section 3.4.4 (createHmacIdLabelMapFunction)."""

    def relabel(label: str) -> str:
        return "_:" + multibase.encode(hmac.digest(key, label.removeprefix("_:").encode(), "sha256"), "u")

    return relabel


def _new_key() -> EllipticCurvePrivateKey:
    key = signatures.generate(KeyKind.P256)
    assert isinstance(key, EllipticCurvePrivateKey)  # noqa: S101
    return key


def _without_proof(document: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in document.items() if key != "proof"}


def write_base_value(value: BaseValue) -> str:
    """The text of a base proof's value.

    Source: VC-DI-ECDSA, section 3.5.2 (serializeBaseProofValue).
    """
    parts = [
        value.base_signature,
        value.proof_key,
        value.hmac_key,
        list(value.signatures),
        list(value.mandatory_pointers),
    ]
    return multibase.encode(_BASE_HEADER + cbor2.dumps(parts), "u")


def write_derived_value(value: DerivedValue) -> str:
    """The text of a derived proof's value.

    Source: VC-DI-ECDSA, sections 3.5.5 (compressLabelMap) and 3.5.7 (serializeDerivedProofValue).
    """
    labels = dict(sorted(value.labels.items()))
    parts = [value.base_signature, value.proof_key, list(value.signatures), labels, list(value.mandatory_indexes)]
    return multibase.encode(_DERIVED_HEADER + cbor2.dumps(parts), "u")


def read_base_value(text: Any) -> BaseValue:
    """What the text of a base proof's value holds.

    Raises:
        Defect: `proof_malformed`.
        Source: VC-DI-ECDSA, section 3.5.3 (parseBaseProofValue).
    """
    data = _bytes_of(text)
    if not data.startswith(_BASE_HEADER):
        raise Defect(Reason.PROOF_MALFORMED, "not a base proof")
    match _parts_of(data.removeprefix(_BASE_HEADER)):
        case [bytes() as base, bytes() as key, bytes() as hmac_key, list() as signed, list() as pointers]:
            value = BaseValue(base, key, hmac_key, signed, pointers)
        case _:
            raise Defect(Reason.PROOF_MALFORMED, "the parts of a base proof")
    if not (
        _are_bytes([base], _SIGNATURE)
        and _are_bytes([key], _KEY)
        and _are_bytes([hmac_key], _HMAC_KEY)
        and _are_bytes(signed, _SIGNATURE)
        and all(isinstance(pointer, str) for pointer in pointers)
    ):
        raise Defect(Reason.PROOF_MALFORMED, "the parts of a base proof")
    return value


def read_derived_value(text: Any) -> DerivedValue:
    """What the text of a derived proof's value holds.

    Raises:
        Undecided: `proof_undisclosed`, where it is that of a base proof.
        Defect: `proof_malformed`.
        Source: VC-DI-ECDSA, section 3.5.8 (parseDerivedProofValue); its 36 bytes of a key are 35 in every example.
    """
    data = _bytes_of(text)
    if data.startswith(_BASE_HEADER):
        raise Undecided(Reason.PROOF_UNDISCLOSED)
    if not data.startswith(_DERIVED_HEADER):
        raise Defect(Reason.PROOF_MALFORMED, "neither a base nor a derived proof")
    match _parts_of(data.removeprefix(_DERIVED_HEADER)):
        case [bytes() as base, bytes() as key, list() as signed, dict() as labels, list() as indexes]:
            value = DerivedValue(base, key, signed, labels, indexes)
        case _:
            raise Defect(Reason.PROOF_MALFORMED, "the parts of a derived proof")
    if not (
        _are_bytes([base], _SIGNATURE)
        and _are_bytes([key], _KEY)
        and _are_bytes(signed, _SIGNATURE)
        and _are_numbers(labels)
        and _are_bytes(labels.values(), _LABEL)
        and len(set(labels.values())) == len(labels)
        and _are_numbers(indexes)
        and len(set(indexes)) == len(indexes)
    ):
        raise Defect(Reason.PROOF_MALFORMED, "the parts of a derived proof")
    return value


def _bytes_of(text: Any) -> bytes:
    if not isinstance(text, str) or not text.startswith("u") or len(text) > _MAX_VALUE:
        raise Defect(Reason.PROOF_MALFORMED, "proofValue")
    return multibase.decode_base64url(text[1:], Reason.PROOF_MALFORMED)


def _parts_of(data: bytes) -> Any:
    """The one CBOR item that the bytes are, in the shortest form and without tags.

    Raises:
        Defect: `proof_malformed`.
        Source: RFC 8949, section 4.2.1; VC-DI-ECDSA, section 3.5.2: "CBOR tagging MUST NOT be used".
    """
    try:
        parts = cbor2.loads(
            data,
            max_depth=_MAX_DEPTH,
            allow_indefinite=False,
            allow_duplicate_keys=False,
            semantic_decoders=defaultdict(lambda: _refuse_tag),
        )
        if cbor2.dumps(parts) == data:
            return parts
    except (cbor2.CBORError, ValueError, TypeError):
        pass
    raise Defect(Reason.PROOF_MALFORMED, "CBOR")


def _refuse_tag(_value: object, _immutable: bool) -> NoReturn:  # noqa: FBT001 - cbor2's signature
    raise ValueError("tagged")


def _are_bytes(items: Iterable[Any], length: int) -> bool:
    return all(isinstance(item, bytes) and len(item) == length for item in items)


def _are_numbers(items: Iterable[Any]) -> bool:
    return all(type(item) is int and 0 <= item <= MAX_STATEMENTS * 10 for item in items)


def _read_key(data: bytes) -> PublicKey:
    try:
        key = multikey.decode_public(multibase.encode(data))
    except (Defect, Undecided):
        raise Defect(Reason.PROOF_MALFORMED, "proof key") from None
    if signatures.kind_of(key) is not KeyKind.P256:
        raise Defect(Reason.PROOF_MALFORMED, "proof key")
    return key
