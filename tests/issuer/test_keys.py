"""Keys: sealed so that only the right secret, for the right place, opens them; never shown."""

import pickle
import traceback

import pytest

from issuer import keys
from issuer.errors import WrongSecret
from issuer.keys import SigningKey

METHOD = "did:web:badges.example:o:atelier#cle-1"
SECRET = b"thirty-two bytes of a test secret"
CONTEXT = "atelier/cle-1"


def test_generate_gives_a_new_key_each_time():
    """Two organisations never share a key."""
    first, second = keys.generate(METHOD), keys.generate(METHOD)
    assert first.public.public_bytes_raw() != second.public.public_bytes_raw()
    assert first.verification_method == METHOD
    assert first.did == "did:web:badges.example:o:atelier"


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
    assert repr(key) == f"SigningKey(verification_method='{METHOD}')"
    assert f"{key} {key!s}" == f"{key!r} {key!r}"
    with pytest.raises(TypeError):
        pickle.dumps(key)
    assert isinstance(key, SigningKey)
