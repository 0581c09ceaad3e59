"""Multibase, Multikey, did:key and did:web against published vectors and against odd spellings."""

import base64
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from tests.verify import factory as f
from tests.verify import vectors
from verify.errors import Defect, Undecided
from verify.reasons import Reason
from verify.standards import did, multibase, multikey


@given(st.binary(max_size=80), st.sampled_from(["z", "u"]))
def test_multibase_decodes_what_it_encodes(data: bytes, base: str) -> None:
    """Both bases, leading zeros included."""
    assert multibase.decode(multibase.encode(data, base)) == data


def test_multibase_spells_as_the_specification_does() -> None:
    """Source: Multibase, base58btc and base64url test vectors for "yes mani !"."""
    assert multibase.encode(b"yes mani !") == "z7paNL19xttacUY"
    assert multibase.encode(b"yes mani !", "u") == "ueWVzIG1hbmkgIQ"
    assert multibase.encode(b"\x00\x00yes mani !") == "z117paNL19xttacUY"


@pytest.mark.parametrize(
    "text", ["", "f00", "z0", "zO", "zé", "z" + "2" * 600, "ua", "uab+/", "uYQ==", "uYR", "u\u0661"]
)
def test_multibase_refuses_other_spellings(text: str) -> None:
    """Another base, a foreign character, padding, stray bits, endless text."""
    with pytest.raises(Defect) as caught:
        multibase.decode(text)
    assert caught.value.reason is Reason.KEY_MALFORMED


@vectors.needed
def test_did_key_is_that_of_the_published_ed25519_vectors() -> None:
    """Seed → did:key and verification method, as published."""
    for case in vectors.read("did-key/did-key-vectors.json")["ed25519"]:
        key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(case["seedHex"])).public_key()
        assert did.did_key(key) == case["did"]
        document = did.resolve_did_key(case["did"])
        assert document["assertionMethod"] == [case["verificationMethod"]]
        assert did.public_key_of(document["verificationMethod"][0]) == key


@vectors.needed
def test_did_key_is_that_of_the_published_ecdsa_vectors() -> None:
    """The same for P-256 and P-384."""
    curves = {"P-256": ec.SECP256R1(), "P-384": ec.SECP384R1()}
    seen = set()
    for case in vectors.read("did-key/did-key-vectors.json")["ec"]:
        jwk = case["publicKeyJwk"]
        x, y = (int.from_bytes(base64.urlsafe_b64decode(jwk[name] + "==")) for name in "xy")
        key = ec.EllipticCurvePublicNumbers(x, y, curves[jwk["crv"]]).public_key()
        assert did.did_key(key) == case["did"]
        assert multikey.decode_public(case["did"].removeprefix("did:key:")) == key
        seen.add(jwk["crv"])
    assert seen == curves.keys()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (multibase.encode(b"\xed\x01" + b"x" * 31), Reason.KEY_MALFORMED),
        (multibase.encode(b"\x80\x24" + b"\x05" * 33), Reason.KEY_MALFORMED),
        (multibase.encode(b"\x80\x24\x02" + b"\xff" * 32), Reason.KEY_MALFORMED),
        (multibase.encode(b"\x81\x24" + b"\x05" * 49), Reason.KEY_MALFORMED),
        (multibase.encode(b"\x82\x24" + b"\x02" * 67), Reason.KEY_UNSUPPORTED),
        (multibase.encode(b""), Reason.KEY_UNSUPPORTED),
        ("nothing", Reason.KEY_MALFORMED),
    ],
)
def test_decode_public_refuses_what_is_no_key(text: str, reason: Reason) -> None:
    """Wrong length, no point of the curve, another kind, another base."""
    with pytest.raises((Defect, Undecided)) as caught:
        multikey.decode_public(text)
    assert caught.value.reason is reason


def test_encode_public_refuses_another_curve() -> None:
    """P-521 has no spelling here."""
    with pytest.raises(Undecided):
        multikey.encode_public(ec.derive_private_key(7, ec.SECP521R1()).public_key())


@pytest.mark.parametrize("name", ["did:web:a.example", "did:key:", "did:key:u7QE", "did:key:z" + "1" * 40])
def test_resolve_did_key_refuses_what_is_no_did_key(name: str) -> None:
    """Another method, nothing, another base, no key."""
    with pytest.raises((Defect, Undecided)):
        did.resolve_did_key(name)


def test_public_key_of_leaves_other_kinds_of_method_undecided() -> None:
    """Another may hold a good key; it is not read here."""
    with pytest.raises(Undecided) as caught:
        did.public_key_of({"type": "EcdsaSecp256k1VerificationKey2019", "publicKeyJwk": {}})
    assert caught.value.reason is Reason.KEY_UNSUPPORTED
    with pytest.raises(Defect) as refused:
        did.public_key_of({"type": "Multikey", "publicKeyMultibase": 7})
    assert refused.value.reason is Reason.KEY_MALFORMED


@pytest.mark.parametrize(
    "method",
    [
        {"type": "JsonWebKey", "publicKeyJwk": f.jwk()},
        {"type": "JsonWebKey2020", "publicKeyJwk": f.jwk()},
        {"type": "Multikey", "publicKeyMultibase": multikey.encode_public(f.KEY.public_key())},
        {"type": "Ed25519VerificationKey2020", "publicKeyMultibase": multikey.encode_public(f.KEY.public_key())},
    ],
)
def test_public_key_of_reads_every_spelling_of_a_key(method: dict[str, Any]) -> None:
    """The same key each time; with a second key or a private one beside it, none."""
    assert did.public_key_of(method) == f.KEY.public_key()
    for extra in ("publicKeyJwk", "publicKeyMultibase", "secretKeyMultibase", "privateKeyJwk", "publicKeyPem"):
        if extra not in method:
            with pytest.raises(Defect) as caught:
                did.public_key_of({**method, extra: "x"})
            assert caught.value.reason is Reason.KEY_MALFORMED


def test_public_key_of_refuses_a_key_of_another_kind_than_its_type_says() -> None:
    """Ed25519VerificationKey2020 holds no P-256 key."""
    text = multikey.encode_public(ec.derive_private_key(7, ec.SECP256R1()).public_key())
    with pytest.raises(Defect):
        did.public_key_of({"type": "Ed25519VerificationKey2020", "publicKeyMultibase": text})


# The P-256 example of the did:jwk method, resolved to the key it spells.
JWK_EXAMPLE = (
    "did:jwk:eyJjcnYiOiJQLTI1NiIsImt0eSI6IkVDIiwieCI6ImFjYklRaXVNczNpOF91c3pFakoydHBUdFJNNEVVM3l6OTFQSDZDZEgyVjAi"
    "LCJ5IjoiX0tjeUxqOXZXTXB0bm1LdG00NkdxRHo4d2Y3NEk1TEtncmwyR3pIM25TRSJ9"
)


def test_did_jwk_is_that_of_the_published_example() -> None:
    """DID → document and key, and the key → DID again."""
    document = did.resolve_did_jwk(JWK_EXAMPLE)
    (method,) = document["verificationMethod"]
    assert method["id"] == f"{JWK_EXAMPLE}#0"
    assert method["controller"] == document["id"] == JWK_EXAMPLE
    assert document["assertionMethod"] == document["authentication"] == [method["id"]]
    assert method["publicKeyJwk"] == {
        "crv": "P-256",
        "kty": "EC",
        "x": "acbIQiuMs3i8_uszEjJ2tpTtRM4EU3yz91PH6CdH2V0",
        "y": "_KcyLj9vWMptnmKtm46GqDz8wf74I5LKgrl2GzH3nSE",
    }
    assert did.did_jwk(did.public_key_of(method)) == JWK_EXAMPLE


@pytest.mark.parametrize(
    "name",
    [
        "did:jwk:",
        "did:jwk:e30=",
        "did:jwk:W10",
        "did:jwk:e30",
        "did:jwk:####",
        "did:key:z6Mk",
        "did:jwk:" + "A" * 3000,
        "did:jwk:" + multibase.encode_base64url(b'{"kty":"OKP","kty":"OKP"}'),
        "did:jwk:" + multibase.encode_base64url(json.dumps({**f.jwk(), "d": "x"}).encode()),
        "did:jwk:" + multibase.encode_base64url(json.dumps({**f.jwk(), "use": "enc"}).encode()),
    ],
)
def test_resolve_did_jwk_refuses_what_is_no_public_key_for_signatures(name: str) -> None:
    """No JSON object, padding, no key, a member twice, endless text, a private key, a key for encryption."""
    with pytest.raises(Defect) as caught:
        did.resolve_did_jwk(name)
    assert caught.value.reason in {Reason.DID_INVALID, Reason.KEY_MALFORMED}


@pytest.mark.parametrize(
    ("base", "path", "name", "url"),
    [
        ("https://badges.example", (), "did:web:badges.example", "https://badges.example/.well-known/did.json"),
        (
            "https://badges.example/",
            ("o", "a-b"),
            "did:web:badges.example:o:a-b",
            "https://badges.example/o/a-b/did.json",
        ),
        ("http://localhost:8000", ("o", "x"), "did:web:localhost%3A8000:o:x", "https://localhost:8000/o/x/did.json"),
    ],
)
def test_did_web_names_a_place_and_finds_it_again(base: str, path: tuple[str, ...], name: str, url: str) -> None:
    """Site and path → DID → address of its document, as the method says."""
    assert did.did_web(base, *path) == name
    assert did.did_web_url(name) == url
    assert did.method_of(name) == "web"


@pytest.mark.parametrize(
    "name",
    [
        "did:web:",
        "did:web:192.0.2.1",
        "did:web:192.0.2.1:o:x",
        "did:web:2130706433",
        "did:web:0x7f.1",
        "did:web:0x7f000001",
        "did:web:[::1]",
        "did:web:a.example%3A0",
        "did:web:a.example%3A99999",
        "did:web:a.example%3A",
        "did:web:a.example%2Fb",
        "did:web:a.example:..",
        "did:web:a.example:.",
        "did:web:a.example::x",
        "did:web:a.example:o/x",
        "did:web:a.example:%2e%2e",
        "did:web:user@a.example",
        "did:web:a.example?x=1",
        "did:web:a.example#x",
        "did:web:A.example",
        "did:web:a..example",
        "did:web:-a.example",
        "did:web:a_b.example",
        "did:web:é.example",
        "did:web:a.example:" + "x" * 600,
        "did:web:a.example\n",
        "did:key:z6Mk",
    ],
)
def test_did_web_url_refuses_odd_names(name: str) -> None:
    """IP addresses in every spelling, ports, paths and characters that lead elsewhere."""
    with pytest.raises(Defect) as caught:
        did.did_web_url(name)
    assert caught.value.reason is Reason.DID_INVALID


@pytest.mark.parametrize(
    "base",
    ["http://127.0.0.1:8000", "http://[::1]", "https://a.example/x", "https://a.example:99999", "https://u@a.example"],
)
def test_did_web_refuses_a_base_that_cannot_be_named(base: str) -> None:
    """did:web forbids IP addresses; a base with a path or a user is no site."""
    with pytest.raises(Defect) as caught:
        did.did_web(base, "o", "x")
    assert caught.value.reason is Reason.DID_INVALID


@pytest.mark.parametrize("text", ["", "did:", "https://x.example", "DID:web:x", "did:Web:x"])
def test_method_of_is_empty_for_what_is_no_did(text: str) -> None:
    """No DID, no method."""
    assert did.method_of(text) == ""


def test_did_key_of_our_test_issuer_resolves_to_its_key() -> None:
    """A round trip with our own key."""
    name = did.did_key(f.KEY.public_key())
    assert did.public_key_of(did.resolve_did_key(name)["verificationMethod"][0]) == f.KEY.public_key()
