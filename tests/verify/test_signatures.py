"""The key decides the algorithm: every kind signs and checks with its own, and with no other."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from verify.errors import Defect, Undecided
from verify.reasons import Reason
from verify.standards import multikey, signatures
from verify.standards.signatures import KeyKind, LocalSigner

DATA = b"what is signed"
KEYS = {kind: signatures.generate(kind) for kind in KeyKind}


@pytest.mark.parametrize("kind", KeyKind)
def test_signature_is_good_for_its_key_and_data_only(kind):
    """A signature holds for the key and the bytes it was made with, and for nothing else."""
    signer = LocalSigner(KEYS[kind], "did:example:1#key")
    signature = signer.sign(DATA)
    signatures.verify(signer.public, signature, DATA)
    others = [other.public_key() for name, other in KEYS.items() if name is not kind]
    wrong = [(signer.public, signature, b"something else"), (signer.public, signature[:-1], DATA)]
    wrong += [(signer.public, b"", DATA), *((other, signature, DATA) for other in others)]
    for key, text, data in wrong:
        with pytest.raises(Defect) as caught:
            signatures.verify(key, text, data)
        assert caught.value.reason is Reason.SIGNATURE_WRONG


def test_private_key_stays_out_of_a_repr():
    """A log that shows a signer shows its name only."""
    assert "private" not in repr(LocalSigner(KEYS[KeyKind.ED25519], "did:example:1#key"))


def test_ecdsa_signature_is_two_numbers_as_long_as_the_curve():
    """The raw form has one length; DER, which starts with 0x30 and has many, is refused."""
    assert len(signatures.sign(KEYS[KeyKind.P256], DATA)) == 64
    assert len(signatures.sign(KEYS[KeyKind.P384], DATA)) == 96
    der = KEYS[KeyKind.P256].sign(DATA, ec.ECDSA(signatures.SHA256()))
    with pytest.raises(Defect):
        signatures.verify(KEYS[KeyKind.P256].public_key(), der, DATA)


@pytest.mark.parametrize(
    "key",
    [
        ec.generate_private_key(ec.SECP521R1()),
        rsa.generate_private_key(65537, 1024),  # noqa: S505 - it is here to be refused
    ],
)
def test_other_curves_and_short_rsa_keys_are_left_undecided(key):
    """A key of a kind that is not known here proves nothing, and is not called false."""
    with pytest.raises(Undecided) as caught:
        signatures.verify(key.public_key(), b"\0" * 64, DATA)
    assert caught.value.reason is Reason.KEY_UNSUPPORTED


@pytest.mark.parametrize("kind", [KeyKind.ED25519, KeyKind.P256, KeyKind.P384])
def test_multikey_spells_every_kind_but_rsa(kind):
    """What is written as a Multikey reads back as the same key."""
    public = KEYS[kind].public_key()
    assert multikey.decode_public(multikey.encode_public(public)) == public


def test_rsa_key_is_no_multikey():
    """RSA keys are written as JWKs."""
    with pytest.raises(ValueError, match="JWK"):
        multikey.encode_public(KEYS[KeyKind.RSA].public_key())
