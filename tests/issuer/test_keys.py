"""Keys: sealed so that only the right secret, for the right place, opens them; never shown."""

import pickle
import traceback

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from issuer import keys
from issuer.errors import WrongSecret
from verify.standards import multibase, signatures
from verify.standards.signatures import KeyKind, LocalSigner

METHOD = "did:web:badges.example:o:atelier#cle-1"
SECRET = b"thirty-two bytes of a test secret"
CONTEXT = "atelier/cle-1"


def test_generate_gives_a_new_key_each_time():
    """Two organisations never share a key."""
    first, second = keys.generate(METHOD), keys.generate(METHOD)
    assert first.public.public_bytes_raw() != second.public.public_bytes_raw()
    assert first.verification_method == METHOD


@pytest.mark.parametrize("method", ["", "did:web:badges.example", "#cle-1", "did:web:badges.example#"])
def test_generate_refuses_a_name_that_is_no_full_did_url(method):
    """A key without a full name is one that some reader cannot find."""
    with pytest.raises(ValueError, match="DID URL"):
        keys.generate(method)


def test_unseal_gives_back_the_key():
    """Key and name come back as they went in, and sign alike."""
    key = keys.generate(METHOD)
    opened = keys.unseal(keys.seal(key, SECRET, CONTEXT), SECRET, CONTEXT)
    assert opened.verification_method == METHOD
    assert opened.private.sign(b"x") == key.private.sign(b"x")


def test_seal_never_gives_the_same_bytes_twice():
    """Salt and nonce are fresh, and the sealed bytes show nothing of the key."""
    key = keys.generate(METHOD)
    first, second = keys.seal(key, SECRET, CONTEXT), keys.seal(key, SECRET, CONTEXT)
    assert first != second
    assert key.private.private_bytes_raw() not in first
    assert b"atelier" not in first


def test_unseal_with_another_secret_is_refused_in_one_sentence():
    """The operator reads what is wrong, and neither secret nor key."""
    sealed = keys.seal(keys.generate(METHOD), SECRET, CONTEXT)
    wrong = b"another secret of 32 bytes or more"
    with pytest.raises(WrongSecret) as refused:
        keys.unseal(sealed, wrong, CONTEXT)
    assert str(refused.value) == "This secret does not open the signing key: is it the one of this installation?"
    shown = "".join(traceback.format_exception(refused.value))
    assert wrong.decode() not in shown
    assert "InvalidTag" not in shown


def test_unseal_in_another_place_is_refused():
    """A sealed key copied to another organisation's row does not open there."""
    sealed = keys.seal(keys.generate(METHOD), SECRET, CONTEXT)
    with pytest.raises(WrongSecret):
        keys.unseal(sealed, SECRET, "autre/cle-1")


def test_unseal_of_changed_bytes_is_refused():
    """Every byte is authenticated, the version, salt and nonce included."""
    sealed = keys.seal(keys.generate(METHOD), SECRET, CONTEXT)
    for place in (0, 12, 20, 35, len(sealed) - 1):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(WrongSecret):
            keys.unseal(bytes(changed), SECRET, CONTEXT)
    for cut in (b"", sealed[:12], sealed[:30], sealed[:45], sealed[:-1]):
        with pytest.raises(WrongSecret):
            keys.unseal(cut, SECRET, CONTEXT)


def test_short_secret_is_refused():
    """A secret below 32 bytes is a mistake at installation."""
    key = keys.generate(METHOD)
    with pytest.raises(ValueError, match="32 bytes"):
        keys.seal(key, b"short", CONTEXT)
    with pytest.raises(ValueError, match="32 bytes"):
        keys.unseal(keys.seal(key, SECRET, CONTEXT), b"short", CONTEXT)


def test_key_shows_its_name_and_nothing_else():
    """Printed, logged or formatted, a key gives only what everybody may know; it cannot be pickled."""
    key = keys.generate(METHOD)
    assert repr(key) == f"LocalSigner(verification_method='{METHOD}')"
    assert f"{key} {key!s}" == f"{key!r} {key!r}"
    with pytest.raises(TypeError):
        pickle.dumps(key)
    assert isinstance(key, LocalSigner)


@pytest.mark.parametrize("kind", KeyKind)
def test_keys_of_every_kind_are_sealed_and_opened(kind):
    """Opened again, it is the same key under the same name, and the public half survives being written."""
    key = keys.generate(METHOD, kind)
    opened = keys.unseal(keys.seal(key, SECRET, CONTEXT), SECRET, CONTEXT)
    assert (opened.public, opened.verification_method) == (key.public, METHOD)
    assert keys.read_public(keys.write_public(key.public)) == key.public
    signatures.verify(key.public, opened.sign(b"data"), b"data")


def test_key_sealed_in_the_first_form_still_opens():
    """What an installation sealed before there were kinds of keys: 32 bytes of Ed25519, then the name."""
    private, salt, nonce = Ed25519PrivateKey.generate(), bytes(range(16)), bytes(range(12))
    header = b"jalon-key-1\n"
    cipher = AESGCM(HKDF(SHA256(), 32, salt, header).derive(SECRET))
    plain = private.private_bytes_raw() + METHOD.encode()
    sealed = header + salt + nonce + cipher.encrypt(nonce, plain, header + CONTEXT.encode())
    opened = keys.unseal(sealed, SECRET, CONTEXT)
    assert (opened.public, opened.verification_method) == (private.public_key(), METHOD)
    with pytest.raises(WrongSecret):
        keys.unseal(sealed, SECRET, "autre/cle-1")


def test_public_key_of_another_kind_is_not_read():
    """What stands where an RSA key is written has to be one."""
    other = Ed25519PrivateKey.generate().public_key()
    text = multibase.encode(other.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo), "u")
    with pytest.raises(ValueError, match="RSA"):
        keys.read_public(text)
