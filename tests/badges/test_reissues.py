"""Another choice later: the badge signed anew by the person, the old one replaced, under the same code."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from badges.models.awards import REPLACED, AwardState, CredentialRecord
from badges.services import claims, contests, lifecycle, public_badges, reissues
from badges.services.composing import Choice
from badges.services.errors import Conflict, Invalid
from badges.services.verification import verify_bytes
from tests import factories
from tests.awarding import mandated, world
from tests.racing import Act, together
from verify import CheckName, Verdict


@pytest.fixture
def place(session, installation):
    return mandated(session, installation)


def asked(place, credential, **choice):
    """What the form posts, as it was shown now."""
    wanted = replace(reissues.choice_of(credential.award, credential), **choice)
    who = factories.actor(place.person)
    what = {"award_id": credential.award_id, "choice": wanted}
    seen = reissues.preview(place.session, who, place.installation, now=place.now, **what)
    return who, {"pin": factories.PIN, "shown": seen.digest, **what}


@pytest.mark.parametrize(
    "choice", [{"clear_name": False}, {"evidence_kept": (1,)}, {"evidence_kept": ()}, {"by_owner": True}]
)
def test_another_choice_replaces_the_badge_under_the_same_code(place, choice):
    """The new one is valid and says what was chosen; the old one is replaced; the code leads to the new."""
    old = place.claimed()
    code = old.award.shares[-1].code
    fresh = place.reissue(old, **choice)
    made = reissues.choice_of(fresh.award, fresh)
    assert {name: getattr(made, name) for name in choice} == choice
    assert (old.revoked_at, old.revoked_reason) == (place.now, REPLACED)
    assert (fresh.sequence, fresh.award.state) == (2, AwardState.CLAIMED)
    assert public_badges.by_code(place.session, code, place.now).badges[0].credential_id == fresh.id
    now_of = {one.id: verify_bytes(place.session, place.installation, one.document, place.now) for one in (old, fresh)}
    assert now_of[fresh.id].verdict is Verdict.VALID
    assert now_of[old.id].check(CheckName.STATUS).reason == "revoked"


def test_a_badge_ends_when_the_one_it_replaces_would_have(session, installation, clock):
    """Signing anew is no way to make a badge last."""
    place = world(session, installation, validity_months=12)
    old = place.claimed()
    fresh = place.reissue(old, clear_name=False, now=clock.forward(days=100))
    assert fresh.valid_until == old.valid_until
    assert fresh.issued_at > old.issued_at


def test_the_same_form_sent_twice_gives_the_same_badge(place):
    """A button pressed twice, or the browser's way back: one new credential, no error."""
    old = place.claimed()
    who, form = asked(place, old, clear_name=False)
    first = reissues.reissue(place.session, who, place.installation, now=place.now, **form)
    again = reissues.reissue(place.session, who, place.installation, now=place.now, **form)
    assert again.id == first.id
    assert len(place.session.scalars(select(CredentialRecord)).all()) == 2


def test_what_was_shown_is_what_is_signed(place):
    """A form read before the badge changed elsewhere signs nothing."""
    old = place.claimed()
    who, form = asked(place, old, clear_name=False)
    place.reissue(old, evidence_kept=(1,))
    with pytest.raises(Conflict):
        reissues.reissue(place.session, who, place.installation, now=place.now, **form)
    who, form = asked(place, old.award.credentials[-1], clear_name=False)
    with pytest.raises(Conflict):
        reissues.reissue(place.session, who, place.installation, now=place.now, **{**form, "shown": "0" * 64})


def test_two_at_once_replace_it_once(session, installation):
    """Two tabs with two choices: one is signed, the other is told to read again; the same choice twice is one badge."""
    place = mandated(session, installation)
    old = place.claimed()
    forms = [asked(place, old, clear_name=False), asked(place, old, evidence_kept=(1,))]
    session.commit()
    ended = together(installation, *(Act("reissue", who, form) for who, form in forms))
    assert ended == ["Conflict", "done"]
    session.expire_all()
    made = session.scalars(select(CredentialRecord).order_by(CredentialRecord.sequence)).all()
    assert [one.revoked_at is None for one in made] == [False, True]


def test_nothing_changed_is_nothing_signed(place):
    """The choice that stands already."""
    old = place.claimed()
    with pytest.raises(Invalid):
        asked(place, old)


def test_a_wrong_pin_changes_nothing(place):
    """And counts."""
    old = place.claimed()
    who, form = asked(place, old, clear_name=False)
    with pytest.raises(claims.WrongPin):
        reissues.reissue(place.session, who, place.installation, now=place.now, **{**form, "pin": "424242"})
    assert old.revoked_at is None


@pytest.mark.parametrize("state", ["paused", "withdrawn", "corrected", "contested", "expired", "no longer recognised"])
def test_a_badge_that_does_not_stand_is_not_signed_anew(session, installation, clock, state):
    """Each with its sentence; the badge stays what it is."""
    place = world(session, installation, validity_months=1)
    old = place.claimed()
    who, how = factories.actor(place.issuer), {"award_id": old.award_id, "now": place.now}
    now = place.now
    if state == "paused":
        lifecycle.suspend(session, who, installation, reason="À voir.", **how)
    elif state == "withdrawn":
        lifecycle.revoke(session, who, installation, reason="Erreur.", **how)
    elif state == "corrected":
        lifecycle.correct(session, who, installation, reason="Erreur.", **how)
    elif state == "expired":
        now = clock.forward(days=40)
    elif state == "contested":
        contests.contest(
            session,
            factories.actor(place.person),
            place.round.id,
            competence_code="equipe",
            reason="Je vois autrement.",
            now=now,
        )
    else:
        place.version.referentiel.recognitions[0].valid_until = place.now.date() - timedelta(days=1)
        session.flush()
    with pytest.raises(Conflict):
        reissues.current(session, factories.actor(place.person), award_id=old.award_id, now=now)
    with pytest.raises(Conflict):
        reissues.preview(
            session,
            factories.actor(place.person),
            installation,
            award_id=old.award_id,
            choice=Choice(clear_name=False, evidence_kept=()),
            now=now,
        )


def test_the_end_of_a_mandate_keeps_the_badge_and_lets_the_structure_sign(place, clock):
    """After it, the person may still choose the structure; the region no longer."""
    old = place.claimed(by_owner=True)
    place.version.referentiel.recognitions[0].mandate_until = place.now.date()
    place.session.flush()
    later = clock.forward(days=2)
    with pytest.raises(Invalid):
        place.reissue(old, clear_name=False, now=later)
    fresh = place.reissue(old, by_owner=False, now=later)
    assert fresh.signed_by == place.structure.id
    assert verify_bytes(place.session, place.installation, fresh.document, later).verdict is Verdict.VALID
