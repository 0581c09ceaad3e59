"""The cryptosuites of Ed25519 keys.

Source: Data Integrity EdDSA Cryptosuites 1.0, sections 3.2 and 3.3.
"""

from verify.standards.cryptosuites import Cryptosuite, Form
from verify.standards.signatures import KeyKind

EDDSA_RDFC_2022 = Cryptosuite("eddsa-rdfc-2022", Form.RDFC, {KeyKind.ED25519: "sha256"})
EDDSA_JCS_2022 = Cryptosuite("eddsa-jcs-2022", Form.JCS, {KeyKind.ED25519: "sha256"})
