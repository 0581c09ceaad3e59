"""What holds for any bytes whatever: an answer within bounds, and *valid* only for what was signed.

Whether two badges say the same is told from their JSON alone, without the canonical form that the verifier rests on:
the order and number of equal values in a set, a set of one, a value written as an object, a number written as a text
make no difference in JSON-LD; everything else does.
"""

import json
import time
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from issuer import disclosure
from tests.verify import factory as f
from verify import Unreadable, Verdict, Verifier, intake
from verify.standards import baking, data_integrity, ecdsa_sd, multikey, vc_jwt
from verify.standards.signatures import LocalSigner

SECONDS = 2.0
"""Of processor time; a badge takes a few thousandths."""

_P256 = LocalSigner(ec.derive_private_key(0x5EED, ec.SECP256R1()), f.ISSUER + "#p-256")
_METHODS = [
    f.did_document()["verificationMethod"][0],
    {
        "id": _P256.verification_method,
        "type": "Multikey",
        "controller": f.ISSUER,
        "publicKeyMultibase": multikey.encode_public(_P256.public),
    },
]


def _derived() -> f.Node:
    document = f.credential()
    pointers = disclosure.mandatory_pointers(document)
    proof = data_integrity.create_proof(
        document, _P256, cryptosuite="ecdsa-sd-2023", created=f.ISSUED, mandatory_pointers=pointers
    )
    return ecdsa_sd.derive({**document, "proof": proof}, ["/name", "/credentialSubject/result"])


TRUST = f.trust(
    did_documents={
        f.ISSUER: {
            **f.did_document(),
            "verificationMethod": _METHODS,
            "assertionMethod": [method["id"] for method in _METHODS],
        }
    }
)
VERIFIER = Verifier(keys=TRUST, statuses=TRUST, issuers=TRUST, documents=TRUST)

DOCUMENTS = (f.sign(f.credential()), f.sign(f.credential(), cryptosuite="eddsa-jcs-2022"), _derived())
JSON, JCS, SD = map(f.written, DOCUMENTS)
JWT = vc_jwt.create(f.credential(), f.SIGNER)
SAMPLES = {
    "json": JSON,
    "jcs": JCS,
    "sd": SD,
    "jwt": JWT,
    "png": baking.bake_png(f.png(), JSON),
    "svg": baking.bake_svg(f.SVG, JSON),
    "png-jwt": baking.bake_png(f.png(), JWT),
    "svg-jwt": baking.bake_svg(f.SVG, JWT),
}

_TOKEN = vc_jwt.read(JWT)


def answer(data: bytes) -> Verdict | None:
    """The verdict on the bytes, None where they are unreadable.

    Raises:
        AssertionError: where *valid* is said of something that was not signed, or the answer took too long.
    """
    started = time.process_time()
    try:
        report = VERIFIER.verify(data, now=f.NOW)
        json.dumps(report.to_json())
        verdict = report.verdict
    except Unreadable:
        verdict = None
    taken = time.process_time() - started
    assert taken < SECONDS, f"{taken:.1f} s"
    if verdict is Verdict.VALID:
        assert says_what_was_signed(data), "valid, and not what was signed"
    return verdict


def says_what_was_signed(data: bytes) -> bool:
    """Whether the bytes carry one of the samples, however it is laid out."""
    presented = intake.read(data)
    if presented.token is not None:
        return (presented.token.signing_input, presented.token.signature) == (_TOKEN.signing_input, _TOKEN.signature)
    return meaning(presented.credential) in map(meaning, DOCUMENTS)


def meaning(value: Any) -> Any:
    """The same for two values that JSON-LD takes for one."""
    if isinstance(value, list):
        items = frozenset(each for each in map(meaning, value) if each != frozenset())
        return next(iter(items)) if len(items) == 1 else items
    if isinstance(value, dict):
        if value.keys() in ({"@value"}, {"id"}):
            return meaning(next(iter(value.values())))
        members = ((name, meaning(each)) for name, each in value.items() if name != "@context")
        return frozenset(("member", name, each) for name, each in members if each != frozenset())
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else repr(value)
