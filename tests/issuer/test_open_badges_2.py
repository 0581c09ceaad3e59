"""The Open Badges 2.0 form of a credential: what it says, that it says no more, and who else can read it."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from openbadgeslib.ob2.verifier import OB2VerificationError, OB2Verifier

from issuer import open_badges_2 as forms
from issuer.compose import compose
from issuer.errors import SigningRefused
from issuer.facts import Holder
from tests.issuer import samples
from tests.verify import factory as f
from verify import CheckName, Outcome, Reason, TrustBundle, Verdict, Verifier
from verify.standards import baking, documents
from verify.standards import open_badges_2 as standard
from verify.standards.baking import OPEN_BADGES_2
from verify.standards.multibase import encode_base64url
from verify.standards.signatures import LocalSigner

SITE = "https://badges.example/ob2"
PROFILE, ADDRESS = f"{SITE}/o/val-de-brume", f"{SITE}/c/0f8b2a4e-6c1d-4b7a-9e3f-5d2c1b0a9e8f"
BADGE, KEY_URL = f"{PROFILE}/r/regional/2/coop", f"{PROFILE}/keys/key-2"
IDENTIFIER = "urn:uuid:7c7d6d0e-8b3c-5f0a-9e55-0d9cf1f2a001"
KEY = LocalSigner(rsa.generate_private_key(65537, 2048), f"{samples.DID}#key-2")
NEVER = "urn:uuid:00000000-0000-5000-8000-000000000000"


@pytest.fixture
def credential():
    return compose(samples.FACTS)


@pytest.fixture
def assertion(credential):
    return forms.hosted(credential, address=ADDRESS, badge_class=BADGE, image=f"{ADDRESS}.png")


def published(**revoked):
    """What the issuer serves beside the Assertion."""
    issuer = replace(samples.ISSUER, email="contact@badges.example")
    nodes = (
        forms.badge_class(samples.ACHIEVEMENT, address=BADGE, issuer=PROFILE),
        forms.profile(
            issuer,
            address=PROFILE,
            assertions=f"{SITE}/c/",
            keys=[KEY_URL],
            revocations=f"{PROFILE}/revocations",
            also="https://badges.example/o/val-de-brume/did.json",
        ),
        forms.cryptographic_key(KEY.public, address=KEY_URL, owner=PROFILE),
        forms.revocation_list(revoked, address=f"{PROFILE}/revocations", issuer=PROFILE, never_issued=NEVER),
    )
    return {node["id"]: node for node in nodes}


def report(data, *nodes, **revoked):
    """What our verifier says, with everything that is served."""
    served = {**published(**revoked), **{node["id"]: node for node in nodes}}
    bundle = TrustBundle(documents={address: documents.dump(node) for address, node in served.items()})
    verifier = Verifier(keys=bundle, statuses=bundle, issuers=bundle, documents=bundle)
    return verifier.verify(data, now=datetime(2026, 6, 1, tzinfo=UTC))


def signed(assertion):
    to_sign = forms.to_sign(assertion, identifier=IDENTIFIER, creator=KEY_URL)
    return forms.sign(to_sign, KEY, now=samples.NOW, published=published())


def test_assertion_says_what_the_credential_says(credential, assertion):
    """Dates, recipient, evidence; results in sentences; the credential itself as evidence and as its relative."""
    standard.check_assertion(assertion)
    assert (assertion["id"], assertion["badge"]) == (ADDRESS, BADGE)
    assert assertion["issuedOn"] == credential["validFrom"]
    assert assertion.get("expires") == credential.get("validUntil")
    assert assertion["recipient"]["identity"] == credential["credentialSubject"]["id"]
    assert assertion["related"] == credential["id"]
    assert [one["name"] for one in assertion["evidence"]][:-1] == [one["name"] for one in credential["evidence"]]
    assert assertion["evidence"][-1]["id"] == credential["id"]
    assert "Travail en équipe\u00a0: niveau" in assertion["narrative"]


def test_assertion_says_no_more_of_the_person_than_the_credential(credential):
    """A name in clear stays in clear; one that is hidden leaves neither itself nor its hash nor its salt behind."""
    clear = compose(samples.facts(holder=Holder("Amina Diallo", hashed=False)))
    made = forms.hosted(clear, address=ADDRESS, badge_class=BADGE, image="")
    assert made["extensions:recipientProfile"] == {"name": "Amina Diallo"}
    assert report(documents.dump(made), made).credential.holder_name == "Amina Diallo"
    identifier = credential["credentialSubject"]["identifier"][0]
    assert identifier["hashed"]
    text = json.dumps(forms.hosted(credential, address=ADDRESS, badge_class=BADGE, image=""), ensure_ascii=False)
    assert [word for word in ("Amina", identifier["identityHash"], identifier["salt"]) if word in text] == []


def test_same_credential_gives_the_same_assertion(credential, assertion):
    """Nothing in it is drawn or dated anew, and nothing is empty."""
    again = forms.hosted(credential, address=ADDRESS, badge_class=BADGE, image=f"{ADDRESS}.png")
    assert again == assertion
    assert all(value not in (None, "", [], {}) for value in assertion.values())


def test_credential_is_read_from_json_and_from_a_token(credential):
    """Whichever form was signed."""
    token = unsigned_token(credential)
    assert forms.credential_of(documents.dump(credential)) == credential
    assert forms.credential_of(token)["id"] == credential["id"]


def unsigned_token(credential):
    """A token that nobody signed: only its payload is read here."""
    parts = (b'{"alg":"none"}', documents.dump(credential), b"?")
    return ".".join(encode_base64url(part) for part in parts).encode()


def test_words_follow_the_language_of_the_achievement(credential):
    """English where the référentiel is; French for any language that is not written here."""
    credential["credentialSubject"]["achievement"]["inLanguage"] = "en-GB"
    assert ": level" in forms.hosted(credential, address=ADDRESS, badge_class=BADGE, image="")["narrative"]
    credential["credentialSubject"]["achievement"]["inLanguage"] = "br"
    assert forms.words_of(credential) is forms.WORDS["fr"]


def test_parts_keep_to_the_standard():
    """BadgeClass, Profile and key as our own reader wants them."""
    nodes = published()
    standard.check_badge_class(nodes[BADGE])
    standard.check_profile(nodes[PROFILE])
    assert standard.public_key_of(nodes[KEY_URL]) == KEY.public
    assert standard.in_scope(ADDRESS, BADGE, nodes[PROFILE])
    assert not standard.in_scope("https://badges.example/elsewhere", BADGE, nodes[PROFILE])
    assert nodes[BADGE]["related"] == samples.ACHIEVEMENT.id_url
    assert [one["targetName"] for one in nodes[BADGE]["alignment"]] == ["Travailler en équipe", "Calculer"]


def test_issuer_without_an_email_address_is_refused():
    """The standard requires one of issuers."""
    with pytest.raises(ValueError, match="e-mail"):
        forms.profile(samples.ISSUER, address=PROFILE, assertions="", keys=[], revocations="", also="")


def test_hosted_form_is_valid_in_every_carrier(assertion):
    """As JSON, in a PNG and in an SVG."""
    data = documents.dump(assertion)
    for carried in (
        data,
        baking.bake_png(f.png(), data, OPEN_BADGES_2),
        baking.bake_svg(f.SVG, data, OPEN_BADGES_2, address=ADDRESS),
    ):
        checks = report(carried, assertion).checks
        assert [check.outcome for check in checks[:5]] == [Outcome.PASSED] * 5


def test_signed_form_is_valid(assertion):
    """And says so without the hosted one."""
    found = report(signed(assertion))
    assert [check.outcome for check in found.checks[:5]] == [Outcome.PASSED] * 5
    assert found.credential.id == IDENTIFIER


def test_form_taken_back_is_revoked(assertion):
    """By its address when hosted, by the list when signed."""
    gone = forms.taken_back(ADDRESS, "Retiré")
    assert report(documents.dump(assertion), gone).check(CheckName.STATUS).reason is Reason.REVOKED
    listed = report(signed(assertion), **{IDENTIFIER: "Retiré"})
    assert listed.check(CheckName.STATUS).reason is Reason.REVOKED


def test_list_of_revocations_never_has_one_entry():
    """A validator in wide use reads a list of one as no list."""
    lists = [
        forms.revocation_list(entries, address="a", issuer="b", never_issued=NEVER) for entries in ({}, {"c": "d"})
    ]
    assert [len(each["revokedAssertions"]) for each in lists] == [0, 2]


def test_signing_refuses_what_our_verifier_refuses(assertion):
    """Another key than the published one, a part that is not there, a key that is not RSA."""
    to_sign = forms.to_sign(assertion, identifier=IDENTIFIER, creator=KEY_URL)
    other = LocalSigner(rsa.generate_private_key(65537, 2048), KEY.verification_method)
    with pytest.raises(SigningRefused):
        forms.sign(to_sign, other, now=samples.NOW, published=published())
    with pytest.raises(SigningRefused):
        forms.sign(to_sign, KEY, now=samples.NOW, published={})
    with pytest.raises(ValueError, match="RSA"):
        forms.sign(to_sign, samples.KEY, now=samples.NOW, published=published())


def test_another_library_reads_both_forms(assertion):
    """Hosted, signed, and signed but taken back."""
    nodes = {**published(), ADDRESS: assertion}
    verifier = OB2Verifier(download=lambda url: documents.dump(nodes[url]))
    assert verifier.verify_hosted(assertion).id == ADDRESS
    token = signed(assertion).decode()
    assert verifier.verify(token, check_revocation=True).id == IDENTIFIER
    nodes.update(published(**{IDENTIFIER: "Retiré"}))
    with pytest.raises(OB2VerificationError, match=r"(?i)revoked"):
        verifier.verify(token, check_revocation=True)


def test_signing_key_of_the_keyring_signs_too(assertion):
    """Whoever holds the key: memory here, a store elsewhere."""
    key = LocalSigner(KEY.private, KEY.verification_method)
    token = forms.sign(
        forms.to_sign(assertion, identifier=IDENTIFIER, creator=KEY_URL), key, now=samples.NOW, published=published()
    )
    assert token == signed(assertion)
    assert report(token).verdict is not Verdict.INVALID
