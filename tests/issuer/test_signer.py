"""Signing: what leaves has been read back by our own verifier, and stands before a foreign one."""

import json
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from openbadgeslib.ob3.ldp import OB3LdpVerifier
from openbadgeslib.ob3.verifier import OB3VerificationError

from issuer import did_document, signer
from issuer.compose import compose
from issuer.errors import FactRefused, Refusal, SigningRefused
from issuer.facts import Alignment, Evidence, Holder
from issuer.status import new_bits, status_list_credential
from issuer.status_bits import StatusBits
from tests.issuer.samples import (
    ACHIEVEMENT,
    DID,
    DID_DOCUMENT,
    FACTS,
    INDEX,
    ISSUER,
    KEY,
    NOW,
    REVOCATIONS,
    facts,
    lists,
    signed,
    signed_list,
    verifier,
    web,
)
from verify import Policy, Reason, TrustBundle, Verdict, Verifier
from verify.standards import documents, ecdsa_sd
from verify.standards.signatures import LocalSigner

OTHER = Ed25519PrivateKey.from_private_bytes(b"jalon-tests-other--key-not-secre")


def sign(document, *, key=KEY, now=NOW, did=DID_DOCUMENT):
    return signer.sign(document, key, now=now, did_document=did)


def test_sign_gives_bytes_that_verify():
    """Every check of the verifier passes, the published status lists included."""
    report = verifier(lists()).verify(signed(), now=NOW + timedelta(days=400))
    assert report.verdict is Verdict.VALID
    assert report.credential.issuer_id == DID


def test_sign_writes_compact_utf8_once():
    """The bytes are the credential with one proof in an array, French written as French."""
    data = signed()
    document = json.loads(data)
    assert data == documents.dump(document)
    assert "Région Val-de-Brume".encode() in data
    assert b'": ' not in data
    assert {key: value for key, value in document.items() if key != "proof"} == compose(FACTS)
    [proof] = document["proof"]
    assert proof["cryptosuite"] == "eddsa-rdfc-2022"
    assert proof["verificationMethod"] == f"{DID}#cle-1"
    assert proof["created"] == "2026-03-02T09:30:15Z"


def test_sign_gives_the_same_bytes_for_the_same_facts_key_and_moment():
    """Ed25519 draws nothing: a badge can be recomputed and compared."""
    assert signed() == signed()


def test_sign_leaves_the_document_as_it_was():
    """The previewed document is not changed under the previewer."""
    document = compose(FACTS)
    sign(document)
    assert document == compose(FACTS)


def test_sign_refuses_a_document_that_is_signed_already():
    """A second signature would be over something else than the first."""
    with pytest.raises(ValueError, match="already"):
        sign(json.loads(signed()))


def test_sign_refuses_a_key_that_the_did_document_does_not_hold():
    """A badge nobody could verify does not leave."""
    stranger = did_document.did_document(DID, {f"{DID}#cle-1": OTHER.public_key()})
    with pytest.raises(SigningRefused) as refused:
        sign(compose(FACTS), did=stranger)
    assert refused.value.reason == Reason.SIGNATURE_WRONG


def test_sign_refuses_a_key_not_listed_for_assertions():
    """The DID document has to let the key sign badges."""
    with pytest.raises(SigningRefused) as refused:
        sign(compose(FACTS), did={**DID_DOCUMENT, "assertionMethod": []})
    assert (refused.value.check, refused.value.reason) == ("key_controlled", Reason.KEY_NOT_FOR_ASSERTION)


def test_sign_refuses_to_sign_for_another_issuer():
    """A key signs for its own DID alone."""
    other = replace(ISSUER, did="did:web:badges.example:o:autre")
    with pytest.raises(SigningRefused) as refused:
        sign(compose(facts(issuer=other)))
    assert refused.value.reason == Reason.KEY_NOT_OF_ISSUER


@pytest.mark.parametrize(
    ("award", "reason"),
    [
        (facts(valid_from=NOW + timedelta(days=1)), Reason.NOT_YET_VALID),
        (facts(valid_from=NOW - timedelta(days=9), valid_until=NOW - timedelta(days=1)), Reason.EXPIRED),
    ],
)
def test_sign_refuses_a_badge_that_is_not_in_force_now(award, reason):
    """The self-check happens at the moment handed in, not at the machine's."""
    with pytest.raises(SigningRefused) as refused:
        sign(compose(award))
    assert (refused.value.check, refused.value.reason) == ("validity", reason)


def test_sign_refuses_an_undefined_term():
    """What the contexts do not define would not be signed at all."""
    with pytest.raises(SigningRefused) as refused:
        sign({**compose(FACTS), "mention": "très bien"})
    assert refused.value.reason == Reason.UNDEFINED_TERM


def test_sign_refuses_a_document_that_is_no_credential():
    """The signer is not an oracle for other documents."""
    with pytest.raises(SigningRefused) as refused:
        sign({"@context": [documents.CREDENTIALS_V2], "id": "https://badges.example/x", "name": "x"})
    assert refused.value.check == "reading"


def test_sign_needs_a_moment_with_a_zone():
    """A moment without a zone is another moment elsewhere."""
    with pytest.raises(ValueError, match="zone"):
        sign(compose(FACTS), now=NOW.replace(tzinfo=None))


def test_signing_refused_repeats_nothing_of_the_document():
    """The refusal may be logged."""
    with pytest.raises(SigningRefused) as refused:
        sign({**compose(facts(holder=Holder("Amina Diallo", hashed=False))), "mention": "x"})
    assert "Amina" not in str(refused.value)


def test_badge_signed_with_a_retired_key_still_verifies():
    """Rotation keeps the old key in the DID document."""
    newer = LocalSigner(OTHER, f"{DID}#cle-2")
    both = did_document.did_document(
        DID, {KEY.verification_method: KEY.public, newer.verification_method: newer.public}
    )
    old, new = sign(compose(FACTS), did=both), sign(compose(FACTS), key=newer, did=both)
    for data in (old, new):
        badge = OB3LdpVerifier.for_issuer_did(DID).verify(data, download=lambda _: json.dumps(both).encode())
        assert badge.id == FACTS.credential_url


def test_sign_takes_a_did_key_issuer():
    """A did:key carries its own document: an empty one is handed in."""
    did = "did:key:" + DID_DOCUMENT["verificationMethod"][0]["publicKeyMultibase"]
    key = LocalSigner(KEY.private, f"{did}#{did.removeprefix('did:key:')}")
    document = compose(facts(issuer=replace(ISSUER, did=did)))
    assert OB3LdpVerifier().verify(sign(document, key=key, did={})).issuer.id == did


def test_list_is_refused_with_the_key_of_another_did():
    """A status list speaks for its issuer: only their key signs it."""
    document = status_list_credential(REVOCATIONS, replace(ISSUER, did=f"{DID}x"), "revocation", new_bits(), NOW)
    with pytest.raises(SigningRefused) as refused:
        sign(document)
    assert refused.value.check == "key_controlled"


def test_list_is_refused_with_a_key_that_the_did_document_does_not_hold():
    """A list nobody could authenticate would leave every badge unchecked."""
    document = status_list_credential(REVOCATIONS, ISSUER, "revocation", new_bits(), NOW)
    with pytest.raises(SigningRefused) as refused:
        sign(document, did=did_document.did_document(DID, {f"{DID}#cle-1": OTHER.public_key()}))
    assert refused.value.reason == Reason.SIGNATURE_WRONG
    with pytest.raises(SigningRefused):
        sign(document, did={**DID_DOCUMENT, "assertionMethod": []})


def test_list_is_refused_before_it_begins_or_too_small():
    """A list that a verifier would set aside does not leave either."""
    with pytest.raises(SigningRefused) as refused:
        sign(status_list_credential(REVOCATIONS, ISSUER, "revocation", new_bits(), NOW + timedelta(days=1)))
    assert refused.value.check == "validity"
    with pytest.raises(SigningRefused) as refused:
        sign(status_list_credential(REVOCATIONS, ISSUER, "revocation", StatusBits.of(bytes(1000)), NOW))
    assert refused.value.reason == Reason.STATUS_LIST_TOO_SMALL


@pytest.mark.parametrize(
    ("revoked", "suspended", "reason"),
    [((INDEX,), (), Reason.REVOKED), ((INDEX,), (INDEX,), Reason.SUSPENDED), ((INDEX + 1,), (INDEX - 1,), None)],
)
def test_signed_lists_tell_revoked_from_paused(revoked, suspended, reason):
    """Both lists set is a pause, the first alone a withdrawal; a neighbour's bit is nobody else's."""
    check = verifier(lists(revoked=revoked, suspended=suspended)).verify(signed(), now=NOW).check("status")
    assert check.reason == reason


# A foreign implementation, which reads the machine's clock: the facts begin in the past and do not end.


def foreign(data, published):
    return OB3LdpVerifier.for_issuer_did(DID).verify(
        data, check_status=True, download=web(published), verify_status_list=False
    )


def test_openbadgeslib_accepts_what_we_sign():
    """Another implementation resolves the key, checks proof, form and status, and reads the same words."""
    badge = foreign(signed(), lists())
    assert badge.issuer.name == "Région Val-de-Brume"
    assert badge.achievement.name == ACHIEVEMENT.name
    assert [result.value for result in badge.results] == ["4", "2"]
    assert badge.evidence[0].name == "Chantier de la halle"
    assert badge.identifiers[0].hashed


@pytest.mark.parametrize("suspended", [(), (INDEX,)])
def test_openbadgeslib_refuses_what_we_withdraw_or_pause(suspended):
    """A reader that knows only the first list refuses a paused badge too."""
    with pytest.raises(OB3VerificationError, match="revocation"):
        foreign(signed(), lists(revoked=(INDEX,), suspended=suspended))


def test_openbadgeslib_refuses_what_was_changed_after_signing():
    """Changing a level breaks the signature for everybody."""
    data = signed().replace(b'"value":"4"', b'"value":"3"')
    with pytest.raises(OB3VerificationError):
        foreign(data, lists())


def test_openbadgeslib_accepts_a_clear_name_in_any_script():
    """Names from everywhere survive the way through RDF and back."""
    for name in ("سلمى الإدريسي", "Nguyễn Thị Hồng", "Łucja Żółć", "张伟", "👩‍🌾 Ana"):
        badge = foreign(signed(facts(holder=Holder(name, hashed=False))), lists())
        assert badge.identifiers[0].identity_hash == unicodedata.normalize("NFC", name)


def test_openbadgeslib_reads_our_status_lists():
    """The list credential has the shape and the bit order others expect."""
    data = signed_list(REVOCATIONS, "revocation", set_at=(0, INDEX))
    with pytest.raises(OB3VerificationError, match=str(INDEX)):
        foreign(signed(), {REVOCATIONS: data})


ODD = st.text(st.characters(exclude_categories=()), max_size=40)


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(ODD, ODD, ODD, ODD, st.booleans())
def test_odd_text_is_signed_and_verifies_or_is_refused(name, narrative, person, source, hashed):
    """Whatever people write, either the badge is good or a fact is refused by a word that has a sentence."""
    try:
        award = facts(
            achievement=replace(
                ACHIEVEMENT,
                name=name,
                description=narrative,
                alignments=(Alignment(name, source, "https://rome.example/1", source),),
            ),
            holder=Holder(person, hashed=hashed, salt="b1f4c9d27e6a4a3f" if hashed else ""),
            evidence=(Evidence(source, narrative), Evidence(person, narrative)),
        )
    except FactRefused as refused:
        assert refused.refusal in {Refusal.EMPTY, Refusal.CHARACTER}  # noqa: PT017 - either way is right
        return
    data = signed(award)
    report = verifier(lists_once()).verify(data, now=NOW)
    assert report.verdict is Verdict.VALID
    assert report.credential.achievement_name == unicodedata.normalize("NFC", name).strip()


_LISTS = lists()


def lists_once():
    return _LISTS


def test_moment_of_the_self_check_is_the_one_handed_in():
    """A badge dated far ahead signs at that moment, whatever the machine's clock says."""
    later = datetime(2041, 1, 1, tzinfo=UTC)
    assert signed(facts(valid_from=later), now=later)


P256 = ec.derive_private_key(0x5EED, ec.SECP256R1())
P256_KEY = LocalSigner(P256, f"{DID}#p-256")
P256_DOCUMENT = did_document.did_document(
    DID, {KEY.verification_method: KEY.public, P256_KEY.verification_method: P256.public_key()}
)


def _valid(data: bytes) -> bool:
    trust = TrustBundle({DID: P256_DOCUMENT}, lists())
    verifier = Verifier(keys=trust, statuses=trust, issuers=trust, policy=Policy.AUTHENTIC)
    return verifier.verify(data, now=NOW).verdict is Verdict.VALID


def test_badge_to_disclose_in_part_is_good_for_everybody() -> None:
    """It carries a proof over the whole beside the base proof, and what is derived of it is valid by itself."""
    data = signer.sign(compose(FACTS), P256_KEY, now=NOW, did_document=P256_DOCUMENT, cryptosuite="ecdsa-sd-2023")
    document = json.loads(data)
    assert [proof["cryptosuite"] for proof in document["proof"]] == ["ecdsa-rdfc-2019", "ecdsa-sd-2023"]
    assert _valid(data)
    for pointers in ([], ["/credentialSubject/result"], [""]):
        assert _valid(documents.dump(ecdsa_sd.derive(document, pointers)))


def test_holder_cannot_leave_out_what_others_rely_on() -> None:
    """Issuer, dates, status and achievement are always shown; name, levels and evidence are the holder's to show."""
    data = signer.sign(compose(FACTS), P256_KEY, now=NOW, did_document=P256_DOCUMENT, cryptosuite="ecdsa-sd-2023")
    least = ecdsa_sd.derive(json.loads(data), [])
    document = compose(FACTS)
    for member in ("issuer", "validFrom", "validUntil", "credentialStatus"):
        assert least.get(member) == document.get(member)
    assert least["credentialSubject"] == {
        member: document["credentialSubject"][member] for member in ("id", "type", "achievement")
    }
    assert "evidence" not in least


def test_badge_to_disclose_in_part_needs_a_p256_key() -> None:
    """The suite allows no other."""
    with pytest.raises(SigningRefused) as caught:
        signer.sign(compose(FACTS), KEY, now=NOW, did_document=DID_DOCUMENT, cryptosuite="ecdsa-sd-2023")
    assert caught.value.reason == "key_mismatch"


def test_status_list_is_never_disclosed_in_part() -> None:
    """An organisation that signs its badges so signs its lists whole."""
    document = status_list_credential(REVOCATIONS, ISSUER, "revocation", new_bits(), NOW)
    data = signer.sign(document, P256_KEY, now=NOW, did_document=P256_DOCUMENT, cryptosuite="ecdsa-sd-2023")
    assert [proof["cryptosuite"] for proof in json.loads(data)["proof"]] == ["ecdsa-rdfc-2019"]
