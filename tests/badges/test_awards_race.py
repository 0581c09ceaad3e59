"""Two processes at the same moment, on SQLite and on PostgreSQL."""

from sqlalchemy import select

from badges.models.awards import CredentialRecord, ShareRecord
from badges.models.status import StatusListRecord
from badges.services import claims
from badges.services.composing import Choice
from issuer.status_bits import StatusBits
from tests import factories
from tests.awarding import world
from tests.racing import Act, together


def claiming(place, award):
    """The person's claim of this award, as previewed now."""
    wanted = {"choice": Choice(clear_name=True, evidence_kept=(0,)), "award_id": award.id}
    who = factories.actor(place.person)
    seen = claims.preview(place.session, who, place.installation, now=place.now, **wanted)
    return Act("claim", who, {"pin": factories.PIN, "shown": seen.digest, **wanted})


def test_one_claim_in_two_processes_gives_one_badge(session, installation):
    """One is told that the badge is taken; there is one credential and one public code."""
    place = world(session, installation)
    act = claiming(place, place.granted())
    session.commit()
    assert together(installation, act, act) == ["Conflict", "done"]
    assert len(session.scalars(select(CredentialRecord)).all()) == 1
    assert len(session.scalars(select(ShareRecord)).all()) == 1


def test_two_claims_at_once_take_two_places(session, installation):
    """Two badges of one issuer never share an index, and the list counts both."""
    place = world(session, installation, {"equipe": 3, "rigueur": 3})
    acts = [claiming(place, place.granted(badge_code=code)) for code in ("equipe", "rigueur")]
    session.commit()
    assert together(installation, *acts) == ["done", "done"]
    first, second = session.scalars(select(CredentialRecord)).all()
    assert first.status_index != second.status_index
    assert session.get(StatusListRecord, first.status_list_id).taken == 2


def test_two_revocations_at_once_both_hold(session, installation):
    """Neither of two bits of one list is lost."""
    place = world(session, installation, {"equipe": 3, "rigueur": 3})
    revoked = [place.claim(place.granted(badge_code=code)) for code in ("equipe", "rigueur")]
    who = factories.actor(place.issuer)
    acts = [Act("revoke", who, {"award_id": one.award_id, "reason": "Erreur."}) for one in revoked]
    session.commit()
    assert together(installation, *acts) == ["done", "done"]
    session.expire_all()
    row = session.get(StatusListRecord, revoked[0].status_list_id)
    assert all(StatusBits.read(row.bits).is_set(one.status_index) for one in revoked)
