"""What a cryptosuite is: a name, the keys it allows, each with its hash, and the canonical form that it hashes.

Also what gets hashed: a `SecuredDocument` computes each canonical form at most once, however many proofs and checks ask
for it, and remembers as well why there is none. Knows no key and makes no signature.

Source: Verifiable Credential Data Integrity 1.0, section 3; VC-DI-EDDSA and VC-DI-ECDSA, sections 3.2 and 3.3.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

from verify.errors import Defect, Undecided
from verify.reasons import Reason
from verify.standards import canonical, jcs
from verify.standards.documents import Contexts, shipped_contexts
from verify.standards.signatures import KeyKind, PublicKey

HashName = Literal["sha256", "sha384"]
_Stop = Defect | Undecided
_HASHES: Mapping[HashName, Callable[[bytes], Any]] = {"sha256": hashlib.sha256, "sha384": hashlib.sha384}


class Form(StrEnum):
    """The canonical forms of a document."""

    RDFC = "rdfc"
    JCS = "jcs"


@dataclass(frozen=True, slots=True)
class Cryptosuite:
    """One cryptosuite; `hashes` names the hash that goes with each kind of key it allows."""

    name: str
    form: Form
    hashes: Mapping[KeyKind, HashName]

    def hash_for(self, kind: KeyKind) -> HashName:
        """The hash that goes with this kind of key.

        Raises:
            Defect: `key_mismatch`, where the suite allows no such key.
        """
        if kind not in self.hashes:
            raise Defect(Reason.KEY_MISMATCH, f"{self.name} with a key of kind {kind}")
        return self.hashes[kind]


class SecuredDocument:
    """The document that proofs are over, without its own `proof`, and its digests, computed when first asked for.

    `proofs` are what stands in its `proof`: one object, several, or anything else.
    """

    def __init__(self, document: dict[str, Any], contexts: Contexts | None = None) -> None:
        self.document = {key: value for key, value in document.items() if key != "proof"}
        proofs = document.get("proof", [])
        self.proofs: list[Any] = proofs if isinstance(proofs, list) else [proofs]
        self.contexts = shipped_contexts() if contexts is None else contexts
        self._digests: dict[tuple[Form, HashName], bytes | _Stop] = {}
        self._proved: list[tuple[dict[str, Any], PublicKey]] = []

    def is_proved(self, proof: dict[str, Any], key: PublicKey) -> bool:
        """Whether this very proof of the document was found to be the key's before."""
        return any(proof is known and key == known_key for known, known_key in self._proved)

    def note_proved(self, proof: dict[str, Any], key: PublicKey) -> None:
        """Remember that the proof is the key's, which nothing but the document's own change could alter."""
        self._proved.append((proof, key))

    def replaced(self, members: dict[str, Any]) -> SecuredDocument:
        """Another document to secure: this one with other members, `proof` among them where it is to be secured too."""
        other = SecuredDocument(self.document, self.contexts)
        other.document |= members
        return other

    def digest(self, form: Form, hash_name: HashName) -> bytes:
        """The hash of one canonical form.

        Raises:
            Defect, Undecided: as `canonical.canonicalise` or `jcs.canonicalise` does.
        """
        found = self._digests.get((form, hash_name))
        if found is None:
            try:
                found = digest(self.document, form, hash_name, self.contexts)
            except (Defect, Undecided) as stop:
                found = stop
            self._digests[form, hash_name] = found
        return _given(found)

    def check_terms(self) -> None:
        """Return where every term of the document is defined and nothing in it would be lost to a reader of RDF.

        Costs nothing where a proof has asked for the RDF form already.

        Raises:
            Defect, Undecided: as `canonical.to_quads` does.
            Source: VC-DI, section 2.4.2: data that JSON-LD would drop is an error, however the document is secured.
        """
        known = next((found for (form, _), found in self._digests.items() if form is Form.RDFC), None)
        if known is None:
            canonical.to_quads(self.document, self.contexts)
        else:
            _given(known)


def _given(found: bytes | _Stop) -> bytes:
    if isinstance(found, bytes):
        return found
    raise type(found)(found.reason, found.detail)


def digest(document: dict[str, Any], form: Form, hash_name: HashName, contexts: Contexts) -> bytes:
    """The hash of a canonical form of the document, all of it.

    Raises:
        Defect, Undecided: as `canonical.canonicalise` or `jcs.canonicalise` does.
    """
    if form is Form.JCS:
        text = jcs.canonicalise(document)
    else:
        text = canonical.canonicalise(document, contexts, hash_name=hash_name)
    hashed: bytes = _HASHES[hash_name](text).digest()
    return hashed
