"""The cryptosuites of P-256 and P-384 keys that disclose a document whole.

Source: Data Integrity ECDSA Cryptosuites 1.0, sections 3.2 and 3.3.
"""

from verify.standards.cryptosuites import Cryptosuite, Form
from verify.standards.signatures import KeyKind

ECDSA_RDFC_2019 = Cryptosuite("ecdsa-rdfc-2019", Form.RDFC, {KeyKind.P256: "sha256"})
