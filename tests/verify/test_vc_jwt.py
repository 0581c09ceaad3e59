"""A credential as a compact JWT."""

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from tests.verify import factory as f
from verify.errors import Defect, Undecided, Unreadable
from verify.reasons import Reason
from verify.standards import vc_jwt

# Source: RFC 8037, appendix A.4: an Ed25519 signature over "Example of Ed25519 signing".
RFC_8037 = (
    b"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
    b"hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
)
RFC_8037_KEY = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"


def test_signature_is_that_of_the_published_example() -> None:
    """The example of RFC 8037 verifies, and does not once a bit is turned."""
    head, payload, signature = RFC_8037.split(b".")
    bits = vc_jwt.decode_base64url(signature.decode())
    token = vc_jwt.Token({"jwk": {"kty": "OKP", "crv": "Ed25519", "x": RFC_8037_KEY}}, {}, head + b"." + payload, bits)
    key = vc_jwt.public_key_of(token)
    assert key is not None
    vc_jwt.verify_signature(token, key)
    turned = vc_jwt.Token(token.header, {}, token.signing_input, bytes([bits[0] ^ 1]) + bits[1:])
    with pytest.raises(Defect) as caught:
        vc_jwt.verify_signature(turned, key)
    assert caught.value.reason is Reason.SIGNATURE_WRONG


def test_read_takes_the_token_apart() -> None:
    """Header, payload, and the text that was signed."""
    token = vc_jwt.read(b" " + f.jwt({"iss": "a"}) + b"\n")
    assert token.header["kid"] == f.METHOD
    assert token.payload == {"iss": "a"}
    vc_jwt.verify_signature(token, f.KEY.public_key())


@pytest.mark.parametrize(
    "data", [b"", b"a.b", b"a.b.c.d", b"a b.c.d", b"YQ.YQ.YQ", b"e30.e30.Y", b"e30=.e30.YQ", b"W10.e30.YQ"]
)
def test_read_refuses_what_is_no_token(data: bytes) -> None:
    """Too few parts, padding, stray bits, no JSON object."""
    with pytest.raises(Unreadable) as caught:
        vc_jwt.read(data)
    assert caught.value.reason is Reason.JWT_MALFORMED


def test_read_says_what_is_wrong_with_the_payload() -> None:
    """The payload is read as strictly as a JSON badge."""
    head, _, signature = f.jwt({}).split(b".")
    twice = f._base64url(b'{"a": 1, "a": 2}')
    with pytest.raises(Unreadable) as caught:
        vc_jwt.read(b".".join([head, twice, signature]))
    assert caught.value.reason is Reason.JSON_DUPLICATE_KEY


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ({"alg": "none"}, Reason.ALGORITHM_NONE),
        ({"alg": "NoNe"}, Reason.ALGORITHM_NONE),
        ({"alg": None}, Reason.JWT_HEADER_WRONG),
        ({"alg": 7}, Reason.JWT_HEADER_WRONG),
        ({"typ": "vc+jwt"}, Reason.JWT_HEADER_WRONG),
        ({"crit": ["exp"]}, Reason.JWT_HEADER_WRONG),
        ({"jku": "https://evil.example"}, Reason.JWT_HEADER_WRONG),
        ({"kid": None}, Reason.JWT_HEADER_WRONG),
        ({"kid": 7}, Reason.JWT_HEADER_WRONG),
        ({"jwk": {**f.jwk(), "d": "x"}}, Reason.JWT_HEADER_WRONG),
    ],
)
def test_check_header_refuses_what_the_standard_forbids(header: dict[str, Any], reason: Reason) -> None:
    """Source: Open Badges 3.0, section 8.2.1."""
    with pytest.raises(Defect) as caught:
        vc_jwt.check_header(vc_jwt.read(f.jwt({}, **header)))
    assert caught.value.reason is reason


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "HS256", "eddsa"])
def test_check_header_leaves_other_algorithms_undecided(algorithm: str) -> None:
    """They may be good; they are not checked here."""
    with pytest.raises(Undecided) as caught:
        vc_jwt.check_header(vc_jwt.read(f.jwt({}, alg=algorithm)))
    assert caught.value.reason is Reason.ALGORITHM_UNSUPPORTED


@pytest.mark.parametrize("header", [{}, {"typ": None}, {"kid": None, "jwk": f.jwk()}, {"alg": "Ed25519"}])
def test_check_header_accepts_what_the_standard_allows(header: dict[str, Any]) -> None:
    """A kid or a jwk, typ absent or JWT, either name of the algorithm."""
    vc_jwt.check_header(vc_jwt.read(f.jwt({}, **header)))


def test_public_key_of_reads_only_ed25519_keys() -> None:
    """A key of another kind is left undecided, a broken one is a defect, none is none."""
    assert vc_jwt.public_key_of(vc_jwt.read(f.jwt({}))) is None
    with pytest.raises(Undecided):
        vc_jwt.public_key_of(vc_jwt.read(f.jwt({}, jwk={"kty": "RSA"})))
    for x in (None, "YQ", "####"):
        with pytest.raises(Defect):
            vc_jwt.public_key_of(vc_jwt.read(f.jwt({}, jwk={**f.jwk(), "x": x})))


def test_verify_signature_refuses_a_key_of_another_kind() -> None:
    """EdDSA needs an Edwards key."""
    with pytest.raises(Defect) as caught:
        vc_jwt.verify_signature(vc_jwt.read(f.jwt({})), ec.derive_private_key(7, ec.SECP256R1()).public_key())
    assert caught.value.reason is Reason.KEY_MISMATCH


def test_check_claims_accepts_claims_that_repeat_the_credential() -> None:
    """With an end and without, in whole seconds or written with a point."""
    vc_jwt.check_claims(f.claims(f.credential()))
    endless = f.claims(f.credential(validUntil=None), exp=None)
    vc_jwt.check_claims(endless)
    vc_jwt.check_claims(json.loads(json.dumps({**endless, "nbf": 1790841600.0})))


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "did:web:evil.example"},
        {"iss": None},
        {"jti": "urn:other"},
        {"jti": None},
        {"sub": "urn:other"},
        {"sub": None},
        {"nbf": 1790841601},
        {"nbf": None},
        {"nbf": "1790841600"},
        {"nbf": True},
        {"exp": 1948608001},
        {"exp": None},
        {"exp": [1948608000]},
    ],
)
def test_check_claims_refuses_claims_that_say_something_else(change: dict[str, Any]) -> None:
    """Source: Open Badges 3.0, section 8.2.2: each claim repeats one member."""
    with pytest.raises(Defect) as caught:
        vc_jwt.check_claims(f.claims(f.credential(), **change))
    assert caught.value.reason is Reason.JWT_CLAIMS_DIFFER


def test_check_claims_refuses_an_end_that_the_credential_does_not_have() -> None:
    """A token cannot end earlier or later than what it carries."""
    with pytest.raises(Defect):
        vc_jwt.check_claims(f.claims(f.credential(validUntil=None)))
