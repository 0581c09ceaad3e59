"""The cryptosuites of P-256 and P-384 keys that disclose a document whole.

The hash that goes with a curve is used throughout: over the forms, inside RDFC-1.0 and in the signature.

Source: Data Integrity ECDSA Cryptosuites 1.0, sections 3.2 and 3.3.
"""

from collections.abc import Mapping

from verify.standards.cryptosuites import Cryptosuite, Form, HashName
from verify.standards.signatures import KeyKind

_HASHES: Mapping[KeyKind, HashName] = {KeyKind.P256: "sha256", KeyKind.P384: "sha384"}

ECDSA_RDFC_2019 = Cryptosuite("ecdsa-rdfc-2019", Form.RDFC, _HASHES)
ECDSA_JCS_2019 = Cryptosuite("ecdsa-jcs-2019", Form.JCS, _HASHES)
