"""A credential as a compact JWT."""

import dataclasses
import hmac
import json
from typing import Any

import pytest

from tests.verify import factory as f
from verify import Outcome, Policy, TrustBundle, Verdict
from verify.errors import Defect, Undecided, Unreadable
from verify.reasons import Reason
from verify.standards import did, jwk, signatures, vc_jwt
from verify.standards.documents import CREDENTIALS_V1, OPEN_BADGES
from verify.standards.signatures import KeyKind, LocalSigner

_EXAMPLE = b"RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc"
_CLAIMS = b"eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
PUBLISHED = {
    # RFC 8037, appendix A.4: Ed25519 over "Example of Ed25519 signing".
    "EdDSA": (
        b"eyJhbGciOiJFZERTQSJ9." + _EXAMPLE + b"."
        b"hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg",
        {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},
    ),
    # RFC 7515, appendix A.3.
    "ES256": (
        b"eyJhbGciOiJFUzI1NiJ9." + _CLAIMS + b"."
        b"DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
        {
            "kty": "EC",
            "crv": "P-256",
            "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
            "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
        },
    ),
    # RFC 7515, appendix A.2.
    "RS256": (
        b"eyJhbGciOiJSUzI1NiJ9." + _CLAIMS + b"."
        b"cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t"
        b"1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12j"
        b"zDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQ"
        b"Ge77Rw",
        {
            "kty": "RSA",
            "e": "AQAB",
            "n": "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT"
            "-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapH"
            "g665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FR"
            "WyuXpoQ",
        },
    ),
}
KEYS = {kind: signatures.generate(kind) for kind in KeyKind}


def _token(payload: dict[str, Any], **header: Any) -> vc_jwt.Token:
    return vc_jwt.read(f.jwt(payload, **header))


@pytest.mark.parametrize("algorithm", PUBLISHED)
def test_signature_is_that_of_the_published_example(algorithm: str) -> None:
    """The examples of the standards verify, and do not once a bit is turned or another algorithm named."""
    text, key = PUBLISHED[algorithm]
    head, payload, signature = text.split(b".")
    bits = vc_jwt.decode_base64url(signature.decode())
    header = {"alg": algorithm, "jwk": key}
    token = vc_jwt.Token(header, {}, head + b"." + payload, bits)
    public = vc_jwt.public_key_of(token)
    assert public is not None
    vc_jwt.verify_signature(token, public)
    turned = dataclasses.replace(token, signature=bytes([bits[0] ^ 1]) + bits[1:])
    with pytest.raises(Defect) as caught:
        vc_jwt.verify_signature(turned, public)
    assert caught.value.reason is Reason.SIGNATURE_WRONG
    for other in {"none", "HS256", "PS256", *PUBLISHED} - {algorithm}:
        with pytest.raises(Defect) as caught:
            vc_jwt.verify_signature(dataclasses.replace(token, header={**header, "alg": other}), public)
        assert caught.value.reason is Reason.KEY_MISMATCH


@pytest.mark.parametrize("kind", KeyKind)
def test_create_makes_what_is_read_and_verified(kind: KeyKind) -> None:
    """With every kind of key: header and claims as Open Badges wants them, and the credential inside."""
    document = f.credential()
    token = vc_jwt.read(vc_jwt.create(document, LocalSigner(KEYS[kind], f.METHOD)))
    assert token.header == {"alg": jwk.ALGORITHMS[kind][0], "typ": "JWT", "kid": f.METHOD}
    assert token.payload == f.claims(document)
    assert vc_jwt.credential_of(token) == document
    vc_jwt.check_header(token)
    vc_jwt.verify_signature(token, KEYS[kind].public_key())
    vc_jwt.check_claims(token, document)
    for other in KeyKind:
        if other is not kind:
            with pytest.raises(Defect) as caught:
                vc_jwt.verify_signature(token, KEYS[other].public_key())
            assert caught.value.reason is Reason.KEY_MISMATCH


def test_create_writes_no_end_where_there_is_none_and_keeps_an_embedded_proof() -> None:
    """A badge may carry both."""
    document = f.sign(f.credential(validUntil=None))
    token = vc_jwt.read(vc_jwt.create(document, f.SIGNER))
    assert "exp" not in token.payload
    assert vc_jwt.credential_of(token) == document


@pytest.mark.parametrize("member", ["id", "issuer", "validFrom", "credentialSubject"])
def test_create_refuses_what_the_claims_cannot_repeat(member: str) -> None:
    """Source: Open Badges 3.0, section 8.2.4: iss, jti, nbf and sub are required."""
    with pytest.raises(Defect) as caught:
        vc_jwt.create(f.credential(**{member: None}), f.SIGNER)
    assert caught.value.reason is Reason.JWT_CLAIMS_DIFFER


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
        ({"crit": ["exp"]}, Reason.JWT_HEADER_WRONG),
        ({"jku": "https://evil.example"}, Reason.JWT_HEADER_WRONG),
        ({"kid": None}, Reason.JWT_HEADER_WRONG),
        ({"kid": 7}, Reason.JWT_HEADER_WRONG),
        ({"jwk": {**f.jwk(), "d": "x"}}, Reason.JWT_HEADER_WRONG),
        ({"jwk": {"kty": "oct", "k": "x"}}, Reason.JWT_HEADER_WRONG),
        ({"alg": "HS256"}, Reason.KEY_MISMATCH),
        ({"alg": "HS512"}, Reason.KEY_MISMATCH),
        ({"typ": "JOSE"}, Reason.JWT_HEADER_WRONG),
    ],
)
def test_check_header_refuses_what_the_standard_forbids(header: dict[str, Any], reason: Reason) -> None:
    """Source: Open Badges 3.0, section 8.2.1."""
    with pytest.raises(Defect) as caught:
        vc_jwt.check_header(vc_jwt.read(f.jwt({}, **header)))
    assert caught.value.reason is reason


@pytest.mark.parametrize("algorithm", ["PS256", "ES512", "ES256K", "eddsa"])
def test_check_header_leaves_other_algorithms_undecided(algorithm: str) -> None:
    """They may be good; they are not checked here."""
    with pytest.raises(Undecided) as caught:
        vc_jwt.check_header(vc_jwt.read(f.jwt({}, alg=algorithm)))
    assert caught.value.reason is Reason.ALGORITHM_UNSUPPORTED


@pytest.mark.parametrize(
    "header",
    [{}, {"typ": None}, {"kid": None, "jwk": f.jwk()}, {"alg": "Ed25519"}, {"alg": "ES384"}, {"typ": "vc+jwt"}],
)
def test_check_header_accepts_what_the_standard_allows(header: dict[str, Any]) -> None:
    """A kid or a jwk, typ absent or JWT, either name of the algorithm."""
    vc_jwt.check_header(vc_jwt.read(f.jwt({}, **header)))


def test_public_key_of_reads_the_key_in_the_header() -> None:
    """None is none; a broken one is a defect, one of another kind is left undecided."""
    assert vc_jwt.public_key_of(_token({})) is None
    for key in KEYS.values():
        assert vc_jwt.public_key_of(_token({}, jwk=f.jwk(key))) == key.public_key()
    with pytest.raises(Undecided):
        vc_jwt.public_key_of(_token({}, jwk={"kty": "AKP"}))
    with pytest.raises(Defect):
        vc_jwt.public_key_of(_token({}, jwk={**f.jwk(), "x": "YQ"}))


OLDER = f.credential(
    **{
        "@context": [CREDENTIALS_V1, OPEN_BADGES],
        "validFrom": None,
        "validUntil": None,
        "issuanceDate": "2026-10-01T08:00:00Z",
        "expirationDate": "2031-10-01T08:00:00Z",
    }
)


@pytest.mark.parametrize("document", [OLDER, f.credential()])
def test_credential_of_reads_the_claim_vc(document: dict[str, Any]) -> None:
    """Whole, and whatever it leaves to the registered claims from there."""
    token = _token(f.claims_beside(document, iat=1790841600))
    assert vc_jwt.credential_of(token) == document
    vc_jwt.check_claims(token, document)
    start, end = ("issuanceDate", "expirationDate") if document is OLDER else ("validFrom", "validUntil")
    short = {name: value for name, value in document.items() if name not in {"id", start, end}}
    for member in ("issuer", "credentialSubject"):
        short[member] = {name: value for name, value in short[member].items() if name != "id"}
    token = _token(f.claims_beside(document, vc=short))
    assert vc_jwt.credential_of(token) == document
    without_issuer = {name: value for name, value in document.items() if name != "issuer"}
    assert vc_jwt.credential_of(_token(f.claims_beside(document, vc=without_issuer)))["issuer"] == f.ISSUER


def test_credential_of_reads_a_payload_that_is_a_credential_as_that() -> None:
    """A second credential in `vc` is not chosen instead: it is a word that no context defines."""
    hybrid = {**f.claims(f.credential()), "vc": f.credential(name="Autre")}
    assert vc_jwt.credential_of(_token(hybrid))["name"] == "Travail en équipe"
    report = f.verify(f.jwt(hybrid))
    assert (report.verdict, report.check("structure").reason) == (Verdict.INVALID, Reason.UNDEFINED_TERM)


@pytest.mark.parametrize("odd", [{"nbf": "x"}, {"nbf": 1e300}, {"exp": True}, {"sub": 7}, {"iss": []}, {"vc": 7}])
def test_credential_of_stands_whatever_the_claims_are(odd: dict[str, Any]) -> None:
    """What cannot be a date or a name is not taken for one; the checks say so."""
    short = {"credentialSubject": {"type": ["AchievementSubject"]}, "type": ["VerifiableCredential"]}
    vc_jwt.credential_of(_token({**f.claims_beside(f.credential(), vc=short), **odd}))


def test_a_token_of_the_older_data_model_gives_the_same_checks() -> None:
    """Signed in full, it passes; a claim that contradicts the credential fails it."""
    report = f.verify(f.jwt(f.claims_beside(f.credential())))
    assert report.verdict is Verdict.VALID
    for claim, value in (
        ("nbf", 1790841601),
        ("exp", 1990000000),
        ("jti", "urn:x:y"),
        ("iss", f.STRANGER),
        ("sub", "u:x"),
    ):
        report = f.verify(f.jwt(f.claims_beside(f.credential(), **{claim: value})))
        assert (report.verdict, report.check("proof").reason) == (Verdict.INVALID, Reason.JWT_CLAIMS_DIFFER)


def test_an_enveloping_token_holds_no_credential_in_a_claim() -> None:
    """It is the credential itself. Source: VC-JOSE-COSE, section 3.1.3."""
    report = f.verify(f.jwt(f.claims_beside(f.credential()), typ="vc+jwt"))
    assert (report.verdict, report.check("proof").reason) == (Verdict.INVALID, Reason.JWT_CLAIMS_DIFFER)


@pytest.mark.parametrize("kind", KeyKind)
def test_a_token_passes_fails_and_stays_open_with_every_kind_of_key(kind: KeyKind) -> None:
    """The issuer's own key; another one of that kind; a key that cannot be had."""
    key = KEYS[kind]
    issuer = did.did_jwk(key.public_key())
    document = f.credential(issuer, credentialStatus=None)
    data = vc_jwt.create(document, LocalSigner(key, issuer + "#0"))
    assert f.verify(data, TrustBundle(), policy=Policy.AUTHENTIC).verdict is Verdict.VALID
    forged = vc_jwt.create(document, LocalSigner(signatures.generate(kind), issuer + "#0"))
    assert f.verify(forged, TrustBundle()).check("proof").reason is Reason.SIGNATURE_WRONG
    absent = vc_jwt.create(f.credential(), LocalSigner(key, f.METHOD))
    assert f.verify(absent, TrustBundle()).check("proof").reason is Reason.KEY_UNREACHABLE


def test_a_key_cannot_be_used_as_a_secret() -> None:
    """The classic confusion: the public key's text as the secret of HMAC."""
    head = f._base64url(json.dumps({"alg": "HS256", "typ": "JWT", "kid": f.METHOD}).encode())
    signing_input = head + b"." + f._base64url(json.dumps(f.claims(f.credential())).encode())
    for secret in (f.KEY.public_key().public_bytes_raw(), json.dumps(f.jwk()).encode()):
        code = hmac.new(secret, signing_input, "sha256").digest()
        report = f.verify(signing_input + b"." + f._base64url(code))
        assert (report.verdict, report.check("proof").reason) == (Verdict.INVALID, Reason.KEY_MISMATCH)


def test_a_token_with_an_undefined_term_is_invalid_though_it_is_signed() -> None:
    """Its text is signed, but nobody can say what the word means."""
    report = f.verify(f.jwt(f.claims(f.credential(humeur="bonne"))))
    assert report.check("proof").outcome is Outcome.PASSED
    assert (report.verdict, report.check("structure").reason) == (Verdict.INVALID, Reason.UNDEFINED_TERM)


def _check_claims(payload: dict[str, Any], **header: Any) -> None:
    token = _token(payload, **header)
    vc_jwt.check_claims(token, vc_jwt.credential_of(token))


def test_check_claims_accepts_claims_that_repeat_the_credential() -> None:
    """With an end and without, in whole seconds or written with a point."""
    _check_claims(f.claims(f.credential()))
    endless = f.claims(f.credential(validUntil=None), exp=None)
    _check_claims(endless)
    _check_claims(json.loads(json.dumps({**endless, "nbf": 1790841600.0})))


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
        _check_claims(f.claims(f.credential(), **change))
    assert caught.value.reason is Reason.JWT_CLAIMS_DIFFER


def test_check_claims_refuses_an_end_that_the_credential_does_not_have() -> None:
    """A token cannot end earlier or later than what it carries."""
    with pytest.raises(Defect):
        _check_claims(f.claims(f.credential(validUntil=None)))
