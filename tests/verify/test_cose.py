"""COSE_Sign1 against the examples of the COSE working group, and against messages that another library signed."""

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tests.verify import factory as f
from tests.verify import statements as s
from verify.errors import Defect, Undecided, VerifyError
from verify.reasons import Reason
from verify.standards import cbor, cose, jwk
from verify.standards.signatures import LocalSigner

FOLDER = Path(__file__).parent / "cose"
EXAMPLES = {each["file"]: each for each in json.loads((FOLDER / "examples.json").read_text())["examples"]}
THEIRS = json.loads((FOLDER / "cwt.json").read_text())["messages"]
OURS_ALONE = {
    "sign1-tests/sign-pass-01.json": Reason.ALGORITHM_UNSUPPORTED,  # its algorithm is not signed
    "sign1-tests/sign-pass-03.json": Reason.STATEMENT_MALFORMED,  # it has no tag
    "ecdsa-examples/ecdsa-sig-02.json": Reason.ALGORITHM_UNSUPPORTED,  # ES384
}
"""Good messages that are refused here, each with its reason."""


def key_of(example):
    key = example["key"]
    if key["crv"] == "Ed25519":
        return Ed25519PublicKey.from_public_bytes(bytes.fromhex(key["x_hex"]))
    return jwk.decode_public(key)


def outcome(example) -> Reason | None:
    try:
        message = cose.read(bytes.fromhex(example["cbor"]))
        cose.verify(message, key_of(example), external=bytes.fromhex(example["external"]))
    except VerifyError as error:
        return error.reason
    return None


@pytest.mark.parametrize("name", [name for name in EXAMPLES if EXAMPLES[name]["key"]["crv"] != "Ed448"])
def test_examples_of_the_working_group_end_as_they_say(name):
    """Every one that passes is read, but for three that we do not take; every one that fails is refused."""
    example = EXAMPLES[name]
    found = outcome(example)
    if example["fails"]:
        assert found is not None
    else:
        assert found == OURS_ALONE.get(name)


def test_examples_sign_what_we_sign():
    """The bytes under the signature are those that the working group prints."""
    for example in EXAMPLES.values():
        if example["fails"] or not example["to_sign"] or example["file"].endswith("pass-03.json"):
            continue
        message = cose.read(bytes.fromhex(example["cbor"]))
        protected = message.protected if message.headers else b""
        expected = cbor.encode(["Signature1", protected, bytes.fromhex(example["external"]), message.payload])
        assert expected.hex() == example["to_sign"].lower()


@pytest.mark.parametrize("theirs", THEIRS, ids=lambda each: each["name"])
def test_messages_of_another_library_are_read(theirs):
    """The same payload, headers and key give the same message, where the signature has only one form."""
    message = cose.read(bytes.fromhex(theirs["message"]))
    cose.verify(message, jwk.decode_public(theirs["jwk"]))
    if theirs["algorithm"] == -8:
        assert cose.sign(message.payload, s.SIGNER, {cose.KEY_ID: b"cle-1"}).hex() == theirs["message"]


@pytest.mark.parametrize("key", [f.KEY, f.P256_KEY], ids=["Ed25519", "P-256"])
def test_every_bit_of_a_message_counts(key):
    """One bit changed anywhere is refused: as malformed, or by the signature."""
    made = s.message(LocalSigner(key, f.METHOD))
    cose.verify(cose.read(made), key.public_key())
    for place in range(len(made)):
        for bit in (0, 3, 7):
            spoilt = bytearray(made)
            spoilt[place] ^= 1 << bit
            with pytest.raises((Defect, Undecided)):
                cose.verify(cose.read(bytes(spoilt)), key.public_key())


def test_algorithm_follows_the_key():
    """A message cannot choose: neither another algorithm, nor one that is not known, nor what has to be understood."""
    payload = b"x"
    for headers, reason in (
        ({cose.ALGORITHM: -7}, Reason.KEY_MISMATCH),
        ({cose.ALGORITHM: -19}, Reason.ALGORITHM_UNSUPPORTED),
        ({cose.ALGORITHM: -8, cose.CRITICAL: [4]}, Reason.ALGORITHM_UNSUPPORTED),
    ):
        message = cose.read(cose.sign(payload, s.SIGNER, headers))
        with pytest.raises((Defect, Undecided)) as stopped:
            cose.verify(message, f.KEY.public_key())
        assert stopped.value.reason is reason
    with pytest.raises(Undecided):
        cose.sign(payload, LocalSigner(f.P384_KEY, f.METHOD), {})
