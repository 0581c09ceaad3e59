"""What is thrown at the verifier, by what the bytes are taken for; each target says what must not happen.

Taken as a whole file, bytes seldom get past the signature; taken for one part of something otherwise good they reach
the code behind it. Run without end by `run.py`, and once over with their seeds by the tests.
"""

import contextlib
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from tests.attacks import oracle
from tests.verify import assertions, kinds
from tests.verify import factory as f
from verify import Policy, TrustBundle, Unreadable, Verdict, Verifier
from verify.errors import Defect, Undecided
from verify.standards import documents, ecdsa_sd, multibase, status_list
from verify.standards.selective_disclosure import PointerRefused
from verify.standards.signatures import LocalSigner

_ACTUAL_LIST = oracle.meaning(json.loads(f.revocations()))
_SD = json.loads(oracle.SD)
_SIGNED = assertions.assertion(assertions.SIGNED)
_SIGNED_TOKEN = assertions.jws(_SIGNED)
_ASSERTED = [
    replace(assertions.verify(data).credential, format=format_)
    for data in (assertions.assertion(), _SIGNED_TOKEN)
    for format_ in ("json", "jwt")
]


def _verify(data: bytes, trust: TrustBundle) -> Verdict:
    verifier = Verifier(keys=trust, statuses=trust, issuers=trust, documents=trust)
    return verifier.verify(data, now=f.NOW).verdict


def _loaded(data: bytes) -> dict[str, Any] | None:
    try:
        return documents.load(data)
    except Unreadable:
        return None


def as_file(data: bytes) -> None:
    """A file that somebody hands in."""
    oracle.answer(data)


def as_png_text(data: bytes) -> None:
    """The text of a picture's chunk, with the checksum it needs."""
    oracle.answer(f.png((b"iTXt", b"openbadgecredential\0" + data)))


def as_svg_element(data: bytes) -> None:
    """What stands in a picture's element."""
    oracle.answer(oracle.SAMPLES["svg"].replace(oracle.JSON, data))


def as_token(data: bytes) -> None:
    """The header and the payload of a token that the issuer did not sign: never valid."""
    header, _, payload = data.partition(b"\0")
    signing_input = f._base64url(header) + b"." + f._base64url(payload)
    token = signing_input + b"." + f._base64url(f.OTHER_KEY.sign(signing_input))
    assert oracle.answer(token) is not Verdict.VALID


def as_signed_badge(data: bytes) -> None:
    """A document that the issuer signs as it is: whatever the checks behind the signature say, they say it."""
    document = _loaded(data)
    if document is None:
        return
    with contextlib.suppress(Defect, Undecided):
        signed = f.written(f.sign({name: value for name, value in document.items() if name != "proof"}))
        with contextlib.suppress(Unreadable):
            oracle.VERIFIER.verify(signed, now=f.NOW).to_json()


def as_proof(data: bytes) -> None:
    """A proof beside a good document: valid with the good proof alone."""
    proof = _loaded(data)
    if proof is not None:
        oracle.answer(f.written({**f.credential(), "proof": [proof]}))


def as_disclosed_value(data: bytes) -> None:
    """The value of a derived proof: valid with the good one alone."""
    proof = {**_SD["proof"], "proofValue": multibase.encode(data, "u")}
    verdict = oracle.answer(f.written({**_SD, "proof": proof}))
    assert verdict is not Verdict.VALID or proof == _SD["proof"]


def as_base_value(data: bytes) -> None:
    """The value of a base proof, from which a holder derives."""
    proof = {**_SD["proof"], "proofValue": multibase.encode(data, "u")}
    with contextlib.suppress(Defect, PointerRefused):
        ecdsa_sd.derive({**_SD, "proof": proof}, ["/name"])


def as_status_list(data: bytes) -> None:
    """The list that a good badge points at: it stands only where this is the issuer's own list."""
    lists = {**oracle.TRUST.status_lists, f.REVOCATIONS: data}
    verdict = _verify(oracle.JSON, f.trust(status_lists=lists))
    listed = _loaded(data)
    assert verdict is not Verdict.VALID or (listed is not None and oracle.meaning(listed) == _ACTUAL_LIST)


def as_bits(data: bytes) -> None:
    """The bits of a list, compressed or not, before anybody knows that they are."""
    with contextlib.suppress(Defect):
        status_list.is_set(status_list.decode(multibase.encode(data, "u")), 94_567)


def as_did_document(data: bytes) -> None:
    """The issuer's DID document: a badge is good only where the issuer's key stands in it."""
    listed = _loaded(data)
    if listed is None:
        return
    verdict = _verify(oracle.JSON, f.trust(did_documents={f.ISSUER: listed}))
    key = f.did_document()["verificationMethod"][0]["publicKeyMultibase"]
    assert verdict is not Verdict.VALID or key in json.dumps(listed)


def _base_value() -> bytes:
    key = ec.derive_private_key(0x5EED, ec.SECP256R1())
    options = {name: value for name, value in _SD["proof"].items() if name != "proofValue"}
    signer = LocalSigner(key, options["verificationMethod"])
    return multibase.decode(ecdsa_sd.base_value(f.credential(), options, signer, ["/issuer"]))


def as_member(data: bytes) -> None:
    """A credential in a presentation that nobody signed: worth what the credential is."""
    member = _loaded(data)
    if member is None:
        return
    presented = f.written(kinds.presentation([member]))
    trust = oracle.TRUST
    verifier = Verifier(keys=trust, statuses=trust, issuers=trust, documents=trust, policy=Policy.ANY_CREDENTIAL)
    report = verifier.verify(presented, now=f.NOW)
    report.to_json()
    assert report.verdict is not Verdict.VALID or oracle.says_what_was_signed(data)


def as_assertion(data: bytes) -> None:
    """An Open Badges 2.0 Assertion: valid only where what is shown is what the issuer serves or signed."""
    with contextlib.suppress(Unreadable):
        report = assertions.verify(data)
        report.to_json()
        assert report.verdict is not Verdict.VALID or report.credential in _ASSERTED


def as_served(data: bytes) -> None:
    """Each document that a hosted Assertion hangs on, as its site might serve it."""
    for node in (assertions.assertion(), assertions.badge_class(), assertions.profile()):
        documents_served = {**assertions.served(), str(node["id"]): data}
        known = TrustBundle(documents=documents_served, recognitions=(assertions.RECOGNITION,))
        assertions.verify(assertions.assertion(), known).to_json()


def _seeds() -> Mapping[Callable[[bytes], None], list[bytes]]:
    token_parts = (oracle.JWT.split(b".")[0], oracle.JWT.split(b".")[1])
    header, payload = (multibase.decode_base64url(part.decode()) for part in token_parts)
    unsigned = [f.written(f.credential(**changes)) for changes in ({}, {"credentialStatus": None}, {"evidence": None})]
    bits = multibase.decode(json.loads(f.revocations())["credentialSubject"]["encodedList"])
    return {
        as_file: list(oracle.SAMPLES.values()),
        as_png_text: [b"\0\0\0\0" + oracle.JSON, b"\0\0\0\0" + oracle.JWT, b"\1\0\0\0"],
        as_svg_element: [oracle.JSON, oracle.JWT],
        as_token: [header + b"\0" + payload],
        as_signed_badge: unsigned,
        as_proof: [f.written(f.sign(f.credential())["proof"][0])],
        as_disclosed_value: [multibase.decode(_SD["proof"]["proofValue"])],
        as_base_value: [_base_value()],
        as_status_list: [f.revocations(), f.suspensions()],
        as_bits: [bits],
        as_did_document: [f.written(f.did_document())],
        as_member: [oracle.JSON, oracle.SD],
        as_assertion: [*map(assertions.written, (assertions.assertion(), _SIGNED)), _SIGNED_TOKEN],
        as_served: [
            assertions.written(node)
            for node in (assertions.assertion(), assertions.badge_class(), assertions.profile())
        ],
    }


SEEDS = _seeds()
TARGETS = tuple(SEEDS)
