"""The proofs that an organisation may choose among, and the tokens that may be signed beside.

Every one of them can be checked by a stranger from the document alone. With `ecdsa-sd-2023` that takes a second proof:
what an issuer makes with it is a base proof, from which holders derive what they show and which no verifier accepts as
it is. The signer puts an `ecdsa-rdfc-2019` proof before it.

Source: VC-DI-EDDSA and VC-DI-ECDSA, section 3; Open Badges 3.0, section 8.2.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from verify.standards.signatures import KeyKind


@dataclass(frozen=True, slots=True)
class Proof:
    """A cryptosuite with the kind of key it is used with."""

    cryptosuite: str
    kind: KeyKind


DEFAULT = "eddsa-rdfc-2022"
PROOFS: Mapping[str, Proof] = {
    DEFAULT: Proof("eddsa-rdfc-2022", KeyKind.ED25519),
    "eddsa-jcs-2022": Proof("eddsa-jcs-2022", KeyKind.ED25519),
    "ecdsa-rdfc-2019-p256": Proof("ecdsa-rdfc-2019", KeyKind.P256),
    "ecdsa-rdfc-2019-p384": Proof("ecdsa-rdfc-2019", KeyKind.P384),
    "ecdsa-jcs-2019-p256": Proof("ecdsa-jcs-2019", KeyKind.P256),
    "ecdsa-jcs-2019-p384": Proof("ecdsa-jcs-2019", KeyKind.P384),
    "ecdsa-sd-2023": Proof("ecdsa-sd-2023", KeyKind.P256),
}
"""By the name under which the choice is kept."""

TOKENS: Mapping[str, KeyKind] = {"EdDSA": KeyKind.ED25519, "ES256": KeyKind.P256, "RS256": KeyKind.RSA}
"""The algorithm of a token by its name, and the kind of key that it follows from."""
