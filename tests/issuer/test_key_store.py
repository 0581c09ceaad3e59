"""The seam between signing and private keys: the sealed store, and one whose keys live in another process."""

import json

import pytest

from issuer import signer
from issuer.compose import compose
from issuer.did_document import did_document
from issuer.errors import WrongSecret
from issuer.keys import SealedKeys
from tests.issuer.samples import DID, FACTS, NOW
from tests.other_process import OtherProcess
from verify.standards import signatures
from verify.standards.signatures import KeyKind

METHOD, CONTEXT = f"{DID}#key-1", "org val-de-brume key-1"


@pytest.fixture(params=["sealed", "elsewhere"])
def store(request):
    if request.param == "sealed":
        yield SealedKeys(b"a secret for tests only, of 32 bytes or more")
        return
    with OtherProcess() as process:
        yield process


@pytest.mark.parametrize("kind", KeyKind)
def test_store_makes_and_opens_keys_of_every_kind(store, kind):
    """Whatever holds the key, its signature is the public key's and it goes by the name it was given."""
    opened = store.open(store.create(kind, METHOD, CONTEXT), CONTEXT)
    assert opened.verification_method == METHOD
    assert signatures.kind_of(opened.public) is kind
    signatures.verify(opened.public, opened.sign(b"data"), b"data")


def test_store_opens_a_key_in_its_own_place_only(store):
    """What is stored for one organisation does not open for another."""
    stored = store.create(KeyKind.ED25519, METHOD, CONTEXT)
    with pytest.raises(WrongSecret):
        store.open(stored, "org autre key-1")


def test_signer_signs_with_whatever_a_store_opens(store):
    """The signer knows nothing of where the key is: a badge leaves, read back by our own verifier."""
    key = store.open(store.create(KeyKind.ED25519, METHOD, CONTEXT), CONTEXT)
    published = did_document(DID, {METHOD: key.public})
    signed = json.loads(signer.sign(compose(FACTS), key, now=NOW, did_document=published))
    assert signed["proof"][0]["verificationMethod"] == METHOD
