"""JSON Web Keys: every kind of key there and back, published ones, and what is refused."""

from typing import Any

import pytest

from verify.errors import Defect, Undecided
from verify.reasons import Reason
from verify.standards import jwk, signatures
from verify.standards.signatures import KeyKind

KEYS = {kind: signatures.generate(kind).public_key() for kind in KeyKind}


@pytest.mark.parametrize("kind", KeyKind)
def test_decode_public_reads_what_encode_public_writes(kind: KeyKind) -> None:
    """Every kind, with and without what says what it is for."""
    written = jwk.encode_public(KEYS[kind])
    assert list(written) == sorted(written)
    for more in ({}, {"use": "sig"}, {"key_ops": ["verify"]}, {"alg": jwk.ALGORITHMS[kind][0], "kid": "1"}):
        assert jwk.decode_public({**written, **more}) == KEYS[kind]


def test_decode_public_reads_the_published_keys() -> None:
    """Source: RFC 7517, appendix A.1; RFC 8037, appendix A.2."""
    elliptic = jwk.decode_public(
        {
            "kty": "EC",
            "crv": "P-256",
            "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
            "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
            "use": "sig",
            "kid": "1",
        }
    )
    assert signatures.kind_of(elliptic) is KeyKind.P256
    edwards = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
    assert jwk.encode_public(jwk.decode_public(edwards)) == edwards


@pytest.mark.parametrize("kind", KeyKind)
@pytest.mark.parametrize(
    "change",
    [
        {"d": "AQ"},
        {"k": "AQ"},
        {"use": "enc"},
        {"key_ops": ["sign"]},
        {"key_ops": "verify"},
        {"alg": "HS256"},
        {"alg": "none"},
        {"alg": 7},
        {"kty": 7},
        {"kty": None},
    ],
)
def test_decode_public_refuses_a_key_that_is_no_public_key_for_its_signatures(
    kind: KeyKind, change: dict[str, Any]
) -> None:
    """A private half, another use, another algorithm, no type."""
    with pytest.raises(Defect) as caught:
        jwk.decode_public({**jwk.encode_public(KEYS[kind]), **change})
    assert caught.value.reason is Reason.KEY_MALFORMED


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        (KeyKind.ED25519, {"x": "AQ"}),
        (KeyKind.ED25519, {"x": None}),
        (KeyKind.P256, {"x": "AQ"}),
        (KeyKind.P256, {"y": jwk.encode_public(KEYS[KeyKind.P256])["x"]}),
        (KeyKind.P256, {"x": "A" + jwk.encode_public(KEYS[KeyKind.P256])["x"]}),
        (KeyKind.P384, {"y": ""}),
        (KeyKind.P256, {"crv": "P-384"}),
        (KeyKind.RSA, {"e": "Ag"}),
        (KeyKind.RSA, {"e": "AQ"}),
        (KeyKind.RSA, {"n": "####"}),
        (KeyKind.RSA, {"n": None}),
    ],
)
def test_decode_public_refuses_numbers_that_are_no_key(kind: KeyKind, change: dict[str, Any]) -> None:
    """Too short, absent, no point of the curve, no odd exponent, no base64url."""
    with pytest.raises(Defect) as caught:
        jwk.decode_public({**jwk.encode_public(KEYS[kind]), **change})
    assert caught.value.reason is Reason.KEY_MALFORMED


@pytest.mark.parametrize(
    "key",
    [
        {"kty": "AKP"},
        {"kty": "OKP", "crv": "X25519", "x": "AQ"},
        {"kty": "EC", "crv": "secp256k1", "x": "AQ", "y": "AQ"},
        {**jwk.encode_public(KEYS[KeyKind.RSA]), "n": "_" * 800},
        {**jwk.encode_public(KEYS[KeyKind.RSA]), "e": "AQAAAAAB"},
        {**jwk.encode_public(KEYS[KeyKind.RSA]), "n": jwk.encode_public(KEYS[KeyKind.RSA])["n"][:168]},
    ],
)
def test_decode_public_leaves_other_kinds_of_key_open(key: dict[str, Any]) -> None:
    """Another type, another curve, RSA too large, too slow or too small."""
    with pytest.raises(Undecided) as caught:
        jwk.decode_public(key)
    assert caught.value.reason is Reason.KEY_UNSUPPORTED


@pytest.mark.parametrize("key", [None, "x", [], {}])
def test_decode_public_refuses_what_is_no_object(key: Any) -> None:
    """Of whatever type."""
    with pytest.raises(Defect):
        jwk.decode_public(key)
