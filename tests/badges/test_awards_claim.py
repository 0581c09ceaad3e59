"""Claiming: what is shown is what is signed, once, by the person alone; and what an issuer may do afterwards."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from badges.models.awards import AwardState, CredentialRecord, ShareRecord
from badges.models.people import Role
from badges.models.status import StatusListRecord
from badges.services import claims, codes, keys, lifecycle, public_badges, shares, status, verification
from badges.services.composing import Choice
from badges.services.errors import Conflict, Gone, Invalid, NotFound, TooMany
from issuer.compose import identity_hash
from tests import factories
from tests.awarding import world
from verify import Verdict
from verify.standards import status_list


@pytest.fixture
def place(session, installation):
    return world(session, installation)


def report_of(place, credential, now=None):
    return verification.verify_bytes(place.session, place.installation, credential.document, now or place.now)


def bits_of(place, credential):
    """The credential's bits in the two lists, as anybody reads them in the signed bytes."""
    revocations = place.session.get(StatusListRecord, credential.status_list_id)
    suspensions = place.session.get(StatusListRecord, revocations.suspension_list_id)
    found = []
    for row in (revocations, suspensions):
        encoded = json.loads(row.document)["credentialSubject"]["encodedList"]
        found.append(status_list.is_set(status_list.decode(encoded), credential.status_index))
    return tuple(found)


def test_claimed_badge_is_valid_by_our_own_verifier(place):
    """The stored bytes verify in every check, with keys, status lists and recognition from the tables."""
    credential = place.claimed()
    report = report_of(place, credential)
    assert report.verdict is Verdict.VALID, report.to_json()
    assert place.round.person.id == credential.award.person_id
    assert credential.award.state is AwardState.CLAIMED


def test_claimed_badge_is_what_was_shown(place):
    """Outside the places marked `…` and the proof, the signed document is the previewed one."""
    award = place.granted()
    seen = claims.preview(
        place.session,
        factories.actor(place.person),
        place.installation,
        award_id=award.id,
        choice=Choice(clear_name=True, evidence_kept=(1,)),
        now=place.now,
    )
    signed = json.loads(place.claim(award, kept=[1]).document)
    assert "…" in json.dumps(seen.document, ensure_ascii=False)
    del signed["proof"]
    assert with_marks(signed, seen.document) == seen.document


def with_marks(signed, seen):
    """The signed value with `…` wherever the preview has it."""
    if seen == claims.GIVEN_AT_CLAIM:
        return seen
    if isinstance(seen, dict):
        assert signed.keys() == seen.keys()
        return {key: with_marks(signed[key], seen[key]) for key in seen}
    if isinstance(seen, list):
        return [with_marks(one, other) for one, other in zip(signed, seen, strict=True)]
    return signed


def test_badge_says_who_assessed_and_who_granted(place):
    """By role, never by name: signed, so that no server has to be asked."""
    document = json.loads(place.claimed(kept=[]).document)
    [how] = document["evidence"]
    assert "la personne elle-même et son coach" in how["narrative"]
    assert "3 février 2026" in how["narrative"]
    assert "une autre personne que le coach" in how["narrative"]
    assert "Camille" not in json.dumps(document)


def test_only_kept_evidence_goes_in(place):
    """What the person leaves out is nowhere in the badge."""
    document = place.claimed(kept=[1]).document.decode()
    assert "Atelier cuisine" in document
    assert "lavoir" not in document


def test_situations_and_ratings_never_go_in(place):
    """The round's own words stay between the person and the coach."""
    assert "Situation vue" not in place.claimed(kept=[0, 1]).document.decode()


def test_hidden_name_is_a_salted_hash(place):
    """The name is nowhere in the bytes; who knows it can check it with the salt."""
    credential = place.claimed(clear_name=False)
    assert b"Awa" not in credential.document
    [identifier] = json.loads(credential.document)["credentialSubject"]["identifier"]
    assert identifier["hashed"] is True
    assert identifier["identityHash"] == identity_hash("Awa Diallo", identifier["salt"])
    assert len(identifier["salt"]) >= 22


def test_subject_is_no_identifier_of_the_person(session, place):
    """Two badges of one person share neither subject nor anything derived from them."""
    first = json.loads(place.claimed().document)["credentialSubject"]["id"]
    assert first == f"urn:uuid:{session.scalars(select(CredentialRecord)).one().award.subject_id}"
    assert str(place.person.id) not in first


def test_badge_with_an_end_says_when(session, installation):
    """A validity in months is counted from the claim, to the same day."""
    place = world(session, installation, validity_months=3)
    credential = place.claimed()
    assert json.loads(credential.document)["validUntil"] == "2027-02-21T09:00:00Z"
    later = place.now + timedelta(days=93)
    assert report_of(place, credential, later).check("validity").reason == "expired"


def test_wrong_pin_signs_nothing_and_is_counted(session, place):
    """Five wrong tries, then nothing more for a while, not even the right one."""
    award, who = place.granted(), factories.actor(place.person)
    wanted = {"choice": Choice(clear_name=True, evidence_kept=(0,)), "now": place.now, "award_id": award.id}
    seen = claims.preview(session, who, place.installation, **wanted)
    for _ in range(5):
        with pytest.raises(claims.WrongPin):
            claims.claim(session, who, place.installation, pin="111112", shown=seen.digest, **wanted)
    with pytest.raises(TooMany):
        claims.claim(session, who, place.installation, pin=factories.PIN, shown=seen.digest, **wanted)
    assert session.scalar(select(func.count()).select_from(CredentialRecord)) == 0


def test_claim_of_something_else_than_was_shown_is_refused(session, place):
    """Where the award changed after the preview, nothing is signed and no guess is counted."""
    award, who = place.granted(), factories.actor(place.person)
    wanted = {"choice": Choice(clear_name=True, evidence_kept=(0,)), "now": place.now, "award_id": award.id}
    seen = claims.preview(session, who, place.installation, **wanted)
    place.person.name = "Awa Diallo-Martin"
    session.flush()
    with pytest.raises(Conflict):
        claims.claim(session, who, place.installation, pin=factories.PIN, shown=seen.digest, **wanted)
    with pytest.raises(Conflict):
        claims.claim(
            session,
            who,
            place.installation,
            pin=factories.PIN,
            shown=seen.digest,
            **{**wanted, "choice": Choice(clear_name=False, evidence_kept=(0,))},
        )


def test_claim_on_the_day_of_a_reset_is_refused(session, place):
    """A PIN a coach has just reset proves nothing that day."""
    award = place.granted()
    place.person.pin_reset_at = place.now
    session.flush()
    with pytest.raises(Conflict):
        place.claim(award)
    assert place.claim(award, now=place.now + timedelta(days=1))


def test_claim_twice_gives_one_badge(session, place):
    """The second time the badge is there already."""
    award = place.granted()
    place.claim(award)
    with pytest.raises(Conflict):
        place.claim(award)
    assert session.scalar(select(func.count()).select_from(CredentialRecord)) == 1


def test_claim_by_another_person_finds_nothing(session, place):
    """Another person's award does not exist."""
    award = place.granted()
    other = factories.actor(factories.person(session, place.structure, place.coach, name="Zoé Lam"))
    with pytest.raises(NotFound):
        claims.preview(
            session,
            other,
            place.installation,
            award_id=award.id,
            choice=Choice(clear_name=True, evidence_kept=()),
            now=place.now,
        )
    with pytest.raises(NotFound):
        lifecycle.decline(session, other, award_id=award.id, now=place.now)


def test_proposal_cannot_be_previewed_or_declined_before_it_is_granted(session, place):
    """The person decides on what was granted, not on what may still be refused."""
    award, who = place.propose(), factories.actor(place.person)
    with pytest.raises(Conflict):
        claims.preview(
            session,
            who,
            place.installation,
            award_id=award.id,
            choice=Choice(clear_name=True, evidence_kept=()),
            now=place.now,
        )
    with pytest.raises(Conflict):
        lifecycle.decline(session, who, award_id=award.id, now=place.now)


def test_evidence_that_was_not_offered_cannot_be_kept(place):
    """An index beyond the list is refused, not ignored."""
    award = place.granted()
    with pytest.raises(Invalid):
        place.claim(award, kept=[2])


def test_claim_after_the_recognition_ended_is_refused(session, place):
    """A badge signed then would be recognised by nobody."""
    award = place.granted()
    session.refresh(place.version.referentiel)
    place.version.referentiel.recognitions[0].valid_until = (place.now - timedelta(days=1)).date()
    session.flush()
    with pytest.raises(Conflict):
        place.claim(award)


def test_declined_badge_leaves_no_trace_outside(session, place):
    """Nothing is signed, nothing is shared, and it may be proposed again."""
    award = place.granted()
    lifecycle.decline(session, factories.actor(place.person), award_id=award.id, now=place.now)
    assert award.state is AwardState.DECLINED
    assert session.scalar(select(func.count()).select_from(ShareRecord)) == 0
    assert place.propose().state is AwardState.PROPOSED


def test_share_code_has_fifty_bits_and_a_check_character(session, place):
    """Eleven random characters and one to catch typing errors."""
    place.claimed()
    [share] = session.scalars(select(ShareRecord)).all()
    assert len(share.code) == 12
    assert codes.read_code(share.code) == share.code


def test_pause_shows_in_both_lists_and_can_be_lifted(session, place):
    """Paused is refused by a reader of either list; lifted, the badge is valid again."""
    credential, who = place.claimed(), factories.actor(place.issuer)
    act = {"award_id": credential.award_id, "now": place.now}
    assert bits_of(place, credential) == (False, False)
    lifecycle.suspend(session, who, place.installation, reason="À revoir.", **act)
    assert bits_of(place, credential) == (True, True)
    assert report_of(place, credential).check("status").reason == "suspended"
    with pytest.raises(Conflict):
        lifecycle.suspend(session, who, place.installation, reason="Encore.", **act)
    lifecycle.resume(session, who, place.installation, **act)
    assert bits_of(place, credential) == (False, False)
    assert report_of(place, credential).verdict is Verdict.VALID
    with pytest.raises(Conflict):
        lifecycle.resume(session, who, place.installation, **act)


def test_revocation_is_final(session, place):
    """Withdrawn, even from a pause, the badge stays so: no act brings it back."""
    credential, who = place.claimed(), factories.actor(place.issuer)
    act = {"award_id": credential.award_id, "now": place.now}
    lifecycle.suspend(session, who, place.installation, reason="À revoir.", **act)
    lifecycle.revoke(session, who, place.installation, reason="Donné par erreur.", **act)
    assert bits_of(place, credential) == (True, False)
    assert report_of(place, credential).check("status").reason == "revoked"
    for again in (lifecycle.suspend, lifecycle.revoke, lifecycle.correct):
        with pytest.raises(Conflict):
            again(session, who, place.installation, reason="Encore.", **act)
    with pytest.raises(Conflict):
        lifecycle.resume(session, who, place.installation, **act)
    with pytest.raises(Conflict):
        status.resume(session, place.installation, credential, place.now)


def test_list_that_does_not_change_is_not_signed_again(session, place):
    """Revoking after a pause touches the suspension list; revoking outright leaves it byte for byte."""
    credential, who = place.claimed(), factories.actor(place.issuer)
    revocations = session.get(StatusListRecord, credential.status_list_id)
    before = session.get(StatusListRecord, revocations.suspension_list_id).document
    lifecycle.revoke(session, who, place.installation, award_id=credential.award_id, reason="Erreur.", now=place.now)
    assert session.get(StatusListRecord, revocations.suspension_list_id).document == before


def test_another_organisations_issuer_touches_nothing(session, place):
    """To an issuer elsewhere, the badge does not exist."""
    credential = place.claimed()
    other = factories.organisation(session)
    stranger = factories.actor(factories.staff(session, (other, Role.ISSUER)))
    for act in (lifecycle.suspend, lifecycle.revoke, lifecycle.correct):
        with pytest.raises(NotFound):
            act(session, stranger, place.installation, award_id=credential.award_id, reason="Non.", now=place.now)


def test_correction_revokes_and_is_claimed_again_under_the_same_code(session, place):
    """The old badge is withdrawn, the person signs for the new one, and the printed code leads to it."""
    old = place.claimed()
    award = lifecycle.correct(
        session,
        factories.actor(place.issuer),
        place.installation,
        award_id=old.award_id,
        reason="Nom mal écrit.",
        now=place.now,
    )
    assert (award.state, award.sequence, old.revoked_reason) == (AwardState.GRANTED, 2, "corrigé")
    [share] = award.shares
    assert public_badges.by_code(session, share.code, place.now).badges[0].correcting
    new = place.claim(award)
    assert report_of(place, old).check("status").reason == "revoked"
    assert report_of(place, new).verdict is Verdict.VALID
    assert [one.code for one in award.shares] == [share.code]
    assert public_badges.by_code(session, share.code, place.now).badges[0].credential_id == new.id
    assert public_badges.by_credential(session, old.id, place.now).successor == new.id
    assert new.status_index != old.status_index


def test_withdrawn_share_ends_and_a_new_code_may_follow(session, place):
    """The code and the credential's address are gone; a new code opens the badge, the old one stays gone."""
    credential, who = place.claimed(), factories.actor(place.person)
    [share] = credential.award.shares
    shares.withdraw_share(session, who, share_id=share.id, now=place.now)
    with pytest.raises(Gone):
        public_badges.by_code(session, share.code, place.now).badges[0]
    with pytest.raises(Gone):
        public_badges.by_credential(session, credential.id, place.now)
    with pytest.raises(Conflict):
        shares.withdraw_share(session, who, share_id=share.id, now=place.now)
    fresh = shares.new_share(session, who, award_id=credential.award_id, now=place.now)
    assert public_badges.by_code(session, fresh.code, place.now).badges[0].credential_id == credential.id
    with pytest.raises(Gone):
        public_badges.by_code(session, share.code, place.now).badges[0]
    with pytest.raises(Conflict):
        shares.new_share(session, who, award_id=credential.award_id, now=place.now)


def test_share_of_another_person_does_not_exist(session, place):
    """Only the person withdraws."""
    credential = place.claimed()
    other = factories.actor(factories.person(session, name="Zoé Lam"))
    with pytest.raises(NotFound):
        shares.withdraw_share(session, other, share_id=credential.award.shares[0].id, now=place.now)


def test_badge_of_a_closed_organisation_still_verifies(session, place):
    """Keys, lists and recognition stay: a badge outlives its issuer."""
    credential = place.claimed()
    place.structure.closed_at = place.now
    session.refresh(place.version.referentiel)
    place.version.referentiel.recognitions[0].valid_until = place.now.date()
    session.flush()
    assert report_of(place, credential, place.now + timedelta(days=800)).verdict is Verdict.VALID


def test_badge_signed_with_a_retired_key_still_verifies(session, place, clock):
    """A rotation changes what signs next, not what was signed."""
    credential = place.claimed()
    keys.rotate(session, place.installation, place.structure, clock())
    assert report_of(place, credential).verdict is Verdict.VALID
