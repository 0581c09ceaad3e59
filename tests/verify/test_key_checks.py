"""Who signed, and whether they may: `proof` and `key_controlled`, for proofs and for tokens."""

from itertools import pairwise
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from tests.verify import factory as f
from verify import CheckName, Outcome, Reason, Report, TrustBundle, Verdict
from verify.standards import did, multikey, signatures
from verify.standards.signatures import KeyKind

PROOF, KEY = CheckName.PROOF, CheckName.KEY_CONTROLLED
P256 = multikey.encode_public(ec.derive_private_key(7, ec.SECP256R1()).public_key())


def _found(report: Report) -> tuple[tuple[Outcome, Reason | None], tuple[Outcome, Reason | None]]:
    proof, key = report.check(PROOF), report.check(KEY)
    return (proof.outcome, proof.reason), (key.outcome, key.reason)


def _knowing(document: dict[str, Any] | None) -> TrustBundle:
    return f.trust(did_documents={} if document is None else {f.ISSUER: document})


def _with_jwk(key: Any, **changes: Any) -> dict[str, Any]:
    """The issuer's DID document with its key as a JsonWebKey."""
    document = f.did_document(**{"type": "JsonWebKey", "publicKeyJwk": key, **changes})
    if "publicKeyMultibase" not in changes:
        del document["verificationMethod"][0]["publicKeyMultibase"]
    return document


PASSED = (Outcome.PASSED, None)


def _failed(reason: Reason) -> tuple[Outcome, Reason]:
    return Outcome.FAILED, reason


def _open(reason: Reason) -> tuple[Outcome, Reason]:
    return Outcome.NOT_CHECKED, reason


def test_both_checks_pass_for_the_issuers_own_key() -> None:
    """A did:web whose document is known, and a did:key that needs none."""
    assert _found(f.verify(f.badge())) == (PASSED, PASSED)
    assert _found(f.verify(f.own_key_badge(), TrustBundle())) == (PASSED, PASSED)


def test_both_checks_pass_for_a_key_written_into_assertion_method_itself() -> None:
    """A DID document may list the method where it is used, under a relative name."""
    document = f.did_document()
    (method,) = document.pop("verificationMethod")
    document["assertionMethod"] = [{**method, "id": "#cle-1"}]
    assert _found(f.verify(f.badge(), _knowing(document))) == (PASSED, PASSED)


def test_a_rotated_key_still_proves_what_it_signed() -> None:
    """The newest key stands first; the older one is still listed."""
    document = f.did_document()
    newer = f.did_document(key=f.OTHER_KEY)["verificationMethod"][0]
    document["verificationMethod"].insert(0, {**newer, "id": f.ISSUER + "#cle-2"})
    document["assertionMethod"].insert(0, f.ISSUER + "#cle-2")
    assert _found(f.verify(f.badge(), _knowing(document))) == (PASSED, PASSED)


@pytest.mark.parametrize(
    ("document", "proof", "key"),
    [
        (None, _open(Reason.KEY_UNREACHABLE), _open(Reason.KEY_UNREACHABLE)),
        ({}, _open(Reason.KEY_UNREACHABLE), _open(Reason.KEY_UNREACHABLE)),
        (f.did_document(f.STRANGER), _open(Reason.KEY_UNREACHABLE), _open(Reason.KEY_UNREACHABLE)),
        ({"id": f.ISSUER}, _open(Reason.NOT_REACHED), _failed(Reason.KEY_UNKNOWN)),
        ({"id": f.ISSUER, "verificationMethod": "x"}, _open(Reason.NOT_REACHED), _failed(Reason.KEY_UNKNOWN)),
        ({**f.did_document(), "assertionMethod": []}, PASSED, _failed(Reason.KEY_NOT_FOR_ASSERTION)),
        ({**f.did_document(), "assertionMethod": [7]}, PASSED, _failed(Reason.KEY_NOT_FOR_ASSERTION)),
        (f.did_document(controller=f.STRANGER), PASSED, _failed(Reason.KEY_NOT_OF_ISSUER)),
        (f.did_document(controller=None), PASSED, _failed(Reason.KEY_NOT_OF_ISSUER)),
        (f.did_document(controller=[f.ISSUER]), PASSED, _failed(Reason.KEY_NOT_OF_ISSUER)),
        (f.did_document(revoked="2026-11-21T09:00:00Z"), PASSED, _failed(Reason.KEY_REVOKED)),
        (f.did_document(revoked="2026-11-21T09:00:01Z"), PASSED, PASSED),
        (f.did_document(expires="2026-11-20T00:00:00Z"), PASSED, _failed(Reason.KEY_EXPIRED)),
        (f.did_document(revoked="hier"), PASSED, _failed(Reason.KEY_MALFORMED)),
        (f.did_document(key=f.OTHER_KEY), _failed(Reason.SIGNATURE_WRONG), PASSED),
        (f.did_document(publicKeyMultibase=P256), _failed(Reason.KEY_MISMATCH), PASSED),
        (f.did_document(publicKeyMultibase="z6Mk"), _open(Reason.KEY_UNSUPPORTED), PASSED),
        (f.did_document(publicKeyMultibase=7), _failed(Reason.KEY_MALFORMED), PASSED),
        (f.did_document(publicKeyMultibase="z6MkO0"), _failed(Reason.KEY_MALFORMED), PASSED),
        (f.did_document(type="X25519KeyAgreementKey2020"), _open(Reason.KEY_UNSUPPORTED), PASSED),
        (f.did_document(type="Ed25519VerificationKey2020"), PASSED, PASSED),
        (f.did_document(type="JsonWebKey"), _failed(Reason.KEY_MALFORMED), PASSED),
        (_with_jwk(f.jwk()), PASSED, PASSED),
        (_with_jwk(f.jwk(), type="JsonWebKey2020"), PASSED, PASSED),
        (_with_jwk(f.jwk(f.OTHER_KEY)), _failed(Reason.SIGNATURE_WRONG), PASSED),
        (_with_jwk({**f.jwk(), "d": "x"}), _failed(Reason.KEY_MALFORMED), PASSED),
        (_with_jwk(f.jwk(), publicKeyMultibase="z6Mk"), _failed(Reason.KEY_MALFORMED), PASSED),
        (_with_jwk({"kty": "OKP", "crv": "X25519", "x": "x"}), _open(Reason.KEY_UNSUPPORTED), PASSED),
    ],
)
def test_checks_follow_the_issuers_did_document(document: dict[str, Any] | None, proof: Any, key: Any) -> None:
    """What the document says of the key decides; the signature is asked apart."""
    assert _found(f.verify(f.badge(), _knowing(document))) == (proof, key)


def test_two_different_keys_of_one_name_prove_nothing() -> None:
    """A document that gives one name to two keys is refused rather than read in some order."""
    document = f.did_document()
    document["verificationMethod"] += f.did_document(key=f.OTHER_KEY)["verificationMethod"]
    found = _found(f.verify(f.badge(), _knowing(document)))
    assert found == (_open(Reason.NOT_REACHED), _failed(Reason.KEY_MALFORMED))


def test_a_key_of_somebody_else_is_foreign_even_where_it_cannot_be_had() -> None:
    """The name alone tells that it is not the issuer's."""
    data = f.written(f.sign(f.credential(), method=f.STRANGER + "#cle-1"))
    found = _found(f.verify(data))
    assert found == (_open(Reason.KEY_UNREACHABLE), _failed(Reason.KEY_NOT_OF_ISSUER))


def test_a_key_whose_name_only_begins_like_the_issuers_is_foreign() -> None:
    """`did:web:x:o:a` does not hold the keys of `did:web:x:o:ab`."""
    issuer = f.ISSUER + "ux"
    bundle = f.trust(did_documents={f.ISSUER: f.did_document(), issuer: f.did_document(issuer, f.OTHER_KEY)})
    data = f.written(f.sign(f.credential(), f.OTHER_KEY, issuer + "#cle-1"))
    assert _found(f.verify(data, bundle)) == (PASSED, _failed(Reason.KEY_NOT_OF_ISSUER))


@pytest.mark.parametrize(
    ("proofs", "verdict", "proof"),
    [
        (lambda good: good, Verdict.VALID, PASSED),
        (lambda good: [good, good], Verdict.VALID, PASSED),
        (lambda good: [{**good, "cryptosuite": "bbs-2023"}, good], Verdict.VALID, PASSED),
        (lambda good: [{**good, "created": "2026-01-01T00:00:00Z"}, good], Verdict.VALID, PASSED),
        (
            lambda good: [{**good, "cryptosuite": "bbs-2023"}],
            Verdict.UNDETERMINED,
            _open(Reason.CRYPTOSUITE_UNSUPPORTED),
        ),
        (
            lambda good: [{**good, "cryptosuite": "bbs-2023"}, {**good, "created": "2026-01-01T00:00:00Z"}],
            Verdict.INVALID,
            _failed(Reason.SIGNATURE_WRONG),
        ),
        (lambda good: [good] * 9, Verdict.INVALID, _failed(Reason.PROOF_MALFORMED)),
        (lambda _: [], Verdict.INVALID, _failed(Reason.PROOF_MISSING)),
        (lambda good: {**good, "verificationMethod": 7}, Verdict.INVALID, _failed(Reason.PROOF_MALFORMED)),
        (lambda good: {**good, "created": "hier"}, Verdict.INVALID, _failed(Reason.PROOF_MALFORMED)),
    ],
)
def test_any_one_good_proof_of_a_set_is_enough(proofs: Any, verdict: Verdict, proof: Any) -> None:
    """Alone or in a list; without a good one, a wrong one says more than an unknown one."""
    document = f.sign(f.credential())
    report = f.verify(f.written({**document, "proof": proofs(document["proof"][0])}))
    assert report.verdict is verdict
    assert _found(report)[0] == proof


def test_a_proof_that_ends_later_is_still_good() -> None:
    """`expires` is a moment, compared with now."""
    assert _found(f.verify(f.written(f.sign(f.credential(), expires="2026-11-21T09:00:00Z")))) == (PASSED, PASSED)


@pytest.mark.parametrize(
    ("header", "proof", "key"),
    [
        ({}, PASSED, PASSED),
        ({"jwk": f.jwk()}, PASSED, PASSED),
        ({"kid": None, "jwk": f.jwk()}, PASSED, PASSED),
        ({"kid": None, "jwk": f.jwk(f.OTHER_KEY)}, _failed(Reason.SIGNATURE_WRONG), _failed(Reason.KEY_UNKNOWN)),
        ({"kid": f.ISSUER + "#cle-2"}, _open(Reason.NOT_REACHED), _failed(Reason.KEY_UNKNOWN)),
        ({"kid": f.STRANGER + "#cle-1"}, _open(Reason.KEY_UNREACHABLE), _failed(Reason.KEY_NOT_OF_ISSUER)),
        ({"kid": "https://x.example/key"}, _open(Reason.DID_METHOD_UNSUPPORTED), _failed(Reason.KEY_NOT_OF_ISSUER)),
        ({"kid": None}, _failed(Reason.JWT_HEADER_WRONG), _open(Reason.NOT_REACHED)),
        ({"kid": None, "jwk": {"kty": "RSA"}}, _failed(Reason.KEY_MALFORMED), _failed(Reason.KEY_MALFORMED)),
        ({"kid": None, "jwk": {"kty": "AKP"}}, _open(Reason.KEY_UNSUPPORTED), _open(Reason.KEY_UNSUPPORTED)),
        ({"alg": "PS256"}, _open(Reason.ALGORITHM_UNSUPPORTED), PASSED),
        ({"alg": "ES256"}, _failed(Reason.KEY_MISMATCH), PASSED),
        ({"alg": "RS256"}, _failed(Reason.KEY_MISMATCH), PASSED),
        ({"alg": "HS256"}, _failed(Reason.KEY_MISMATCH), PASSED),
        ({"alg": "none"}, _failed(Reason.ALGORITHM_NONE), PASSED),
    ],
)
def test_a_token_is_checked_with_the_key_it_names_or_carries(header: dict[str, Any], proof: Any, key: Any) -> None:
    """kid, jwk or both; a carried key still has to be one of the issuer's."""
    assert _found(f.verify(f.jwt(f.claims(f.credential()), **header))) == (proof, key)


def test_a_token_that_carries_its_key_is_proved_even_where_the_issuer_is_unreachable() -> None:
    """The signature can be checked; whose key it is stays open."""
    token = f.jwt(f.claims(f.credential()), kid=None, jwk=f.jwk())
    assert _found(f.verify(token, _knowing(None))) == (PASSED, _open(Reason.KEY_UNREACHABLE))


def test_an_impostor_with_a_carried_key_is_no_issuer() -> None:
    """Signing with one's own key and carrying it along proves nothing about the issuer."""
    token = f.jwt(f.claims(f.credential()), f.OTHER_KEY, kid=None, jwk=f.jwk(f.OTHER_KEY))
    report = f.verify(token)
    assert _found(report) == (PASSED, _failed(Reason.KEY_UNKNOWN))
    assert report.verdict is Verdict.INVALID


@pytest.mark.parametrize("kind", KeyKind)
def test_an_issuer_that_is_its_own_jwk_is_checked_without_asking_anybody(kind: KeyKind) -> None:
    """did:jwk, for tokens and, where a cryptosuite knows the key, for embedded proofs."""
    key = signatures.generate(kind)
    issuer = did.did_jwk(key.public_key())
    document = f.credential(issuer, credentialStatus=None)
    data = [f.jwt(f.claims(document), key, kid=issuer + "#0")]
    suites = {KeyKind.ED25519: "eddsa-rdfc-2022", KeyKind.RSA: None}
    suite = suites.get(kind, "ecdsa-rdfc-2019")
    data += [f.written(f.sign(document, key, issuer + "#0", cryptosuite=suite))] if suite else []
    for each in data:
        report = f.verify(each, TrustBundle())
        assert _found(report) == (PASSED, PASSED)
        assert report.check("structure").outcome is Outcome.PASSED
    other = f.jwt(f.claims(document), signatures.generate(kind), kid=issuer + "#0")
    assert _found(f.verify(other, TrustBundle())) == (_failed(Reason.SIGNATURE_WRONG), PASSED)
    assert _found(f.verify(f.jwt(f.claims(document), key, kid=issuer + "#1"), TrustBundle()))[1] == _failed(
        Reason.KEY_UNKNOWN
    )


def test_a_credential_without_an_issuer_has_nobody_to_control_the_key() -> None:
    """The question is not reached, and the verdict is invalid all the same."""
    report = f.verify(f.badge(issuer=None))
    assert _found(report) == (PASSED, _open(Reason.NOT_REACHED))
    assert report.verdict is Verdict.INVALID


FIRST, SECOND = f.FIRST_PROOF, "urn:uuid:0b3fc9b7-0000-4000-8000-000000000002"
NOTARY = did.did_key(f.OTHER_KEY.public_key())
BY_NOTARY = f"{NOTARY}#{NOTARY.removeprefix('did:key:')}"


def _each(report: Report) -> list[tuple[str | None, str | None, str | None]]:
    """Of every proof, the method's DID and the reasons of its two checks."""
    return [
        ((each.verification_method or "").partition("#")[0], each.proof.reason, each.key.reason)
        for each in report.proofs
    ]


def _chain(*proofs: dict[str, Any], document: dict[str, Any] | None = None) -> dict[str, Any]:
    """A badge with these proofs, each made over the ones before it that it names; `key` says who makes it."""
    made = {**(document or f.credential()), "proof": []}
    for each in proofs:
        key, method = (f.OTHER_KEY, BY_NOTARY) if each.pop("by_notary", False) else (f.KEY, f.METHOD)
        made["proof"].append(f.proof(made, key, method, **each))
    return made


def test_every_proof_of_a_set_is_told_of() -> None:
    """Also where one good one was enough."""
    document = _chain({}, {"cryptosuite": "eddsa-jcs-2022"}, {"by_notary": True}, {"proofPurpose": "authentication"})
    report = f.verify(f.written(document))
    assert report.verdict is Verdict.VALID
    assert [each.suite for each in report.proofs] == ["eddsa-rdfc-2022", "eddsa-jcs-2022"] + ["eddsa-rdfc-2022"] * 2
    assert _each(report) == [
        (f.ISSUER, None, None),
        (f.ISSUER, None, None),
        (NOTARY, None, Reason.KEY_NOT_OF_ISSUER),
        (f.ISSUER, Reason.PROOF_PURPOSE_WRONG, None),
    ]


def test_the_proof_of_a_token_is_told_of() -> None:
    """With its algorithm and its key."""
    report = f.verify(f.jwt(f.claims(f.credential())))
    assert [each.to_json() for each in report.proofs] == [
        {
            "suite": "EdDSA",
            "verification_method": f.METHOD,
            "checks": [report.check(PROOF).to_json(), report.check(KEY).to_json()],
        }
    ]


def test_what_a_proof_says_of_itself_is_told_cut_to_size_or_not_at_all() -> None:
    """A suite or a key of endless name, or none."""
    document = f.sign(f.credential())
    proof = document["proof"][0]
    document["proof"] = [
        {**proof, "cryptosuite": "x" * 9000, "verificationMethod": "did:web:x#" + "y" * 9000},
        {**proof, "cryptosuite": ["x"], "verificationMethod": 7},
    ]
    first, second = f.verify(f.written(document)).proofs
    assert len(first.suite or "") == len(first.verification_method or "") == 500
    assert (second.suite, second.verification_method) == (None, None)


@pytest.mark.parametrize(
    "proofs",
    [
        ({"id": FIRST}, {"previousProof": FIRST}),
        ({"id": FIRST, "by_notary": True}, {"previousProof": [FIRST]}),
        ({"id": FIRST}, {"id": SECOND, "by_notary": True}, {"previousProof": [FIRST, SECOND]}),
        ({"id": FIRST, "by_notary": True}, {"id": SECOND, "previousProof": FIRST}, {"previousProof": SECOND}),
    ],
)
def test_a_chained_proof_is_good_with_all_that_it_builds_on(proofs: tuple[dict[str, Any], ...]) -> None:
    """The issuer's over its own, or over somebody else's: each good by itself."""
    report = f.verify(f.written(_chain(*(dict(each) for each in proofs))))
    assert report.verdict is Verdict.VALID
    assert all(each.proof.outcome is Outcome.PASSED for each in report.proofs)


def test_a_chain_is_followed_over_five_proofs_and_no_further() -> None:
    """Each covers another document, which takes as long again to bring into canonical form."""
    names = [f"urn:uuid:{number}" for number in range(6)]
    later = ({"id": name, "previousProof": before} for before, name in pairwise(names))
    report = f.verify(f.written(_chain({"id": names[0]}, *later)))
    assert [each.proof.outcome for each in report.proofs] == [Outcome.PASSED] * 5 + [Outcome.NOT_CHECKED]
    assert (report.proofs[-1].proof.reason, report.verdict) == (Reason.PROOF_CHAINED, Verdict.VALID)


@pytest.mark.parametrize(
    ("document", "chained"),
    [
        # The earlier proof is gone, or it is another's signature, expired, or for another purpose.
        (lambda d: d["proof"].pop(0), _failed(Reason.PROOF_CHAIN_BROKEN)),
        (lambda d: d["proof"][0].update(created="2026-10-01T08:00:01Z"), _failed(Reason.PROOF_CHAIN_BROKEN)),
        (lambda d: d["proof"][0].update(expires="2026-10-01T08:00:01Z"), _failed(Reason.PROOF_CHAIN_BROKEN)),
        (lambda d: d["proof"][0].update(proofPurpose="authentication"), _failed(Reason.PROOF_CHAIN_BROKEN)),
        (lambda d: d["proof"][0].update(verificationMethod=7), _failed(Reason.PROOF_CHAIN_BROKEN)),
        # Of a suite, or by somebody, that cannot be checked.
        (lambda d: d["proof"][0].update(cryptosuite="bbs-2023"), _open(Reason.PROOF_CHAINED)),
        (lambda d: d["proof"][0].update(verificationMethod=f.STRANGER + "#1"), _open(Reason.PROOF_CHAINED)),
        # The earlier proof builds on the later one.
        (
            lambda d: (d["proof"][0].update(previousProof=SECOND), d["proof"][1].update(id=SECOND)),
            _failed(Reason.PROOF_CHAIN_BROKEN),
        ),
    ],
)
def test_a_chained_proof_is_no_better_than_what_it_builds_on(document: Any, chained: Any) -> None:
    """Missing, wrong or in a circle: failed; not checkable: open."""
    made = _chain({"id": FIRST, "by_notary": True}, {"previousProof": FIRST})
    document(made)
    report = f.verify(f.written(made))
    last = report.proofs[-1]
    assert (last.proof.outcome, last.proof.reason) == chained
    assert report.verdict is not Verdict.VALID


def test_a_chained_proof_whose_earlier_signer_lost_the_key_is_not_good() -> None:
    """Its own controller took the notary's key back."""
    document = {**f.credential(), "proof": [f.proof(f.credential(), f.OTHER_KEY, f.STRANGER + "#cle-1", id=FIRST)]}
    document["proof"].append(f.proof(document, previousProof=FIRST))
    for changes, reason in (({}, None), ({"revoked": "2026-11-01T00:00:00Z"}, Reason.PROOF_CHAIN_BROKEN)):
        notary = f.did_document(f.STRANGER, f.OTHER_KEY, **changes)
        report = f.verify(f.written(document), f.trust(did_documents={f.ISSUER: f.did_document(), f.STRANGER: notary}))
        assert report.proofs[-1].proof.reason is reason


def test_a_signature_over_a_chain_is_over_all_of_it() -> None:
    """The earlier proof, good as it is, exchanged for another good one of the same name."""
    made = _chain({"id": FIRST, "by_notary": True}, {"previousProof": FIRST})
    made["proof"][0] = f.proof(f.credential(), f.OTHER_KEY, BY_NOTARY, id=FIRST, created="2026-10-02T08:00:00Z")
    report = f.verify(f.written(made))
    assert [each.proof.reason for each in report.proofs] == [None, Reason.SIGNATURE_WRONG]
