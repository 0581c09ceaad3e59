"""The demo: every state is there, and every badge it makes stands before our verifier and somebody else's."""

import json
from collections import Counter

import pytest
from openbadgeslib.ob3.ldp import OB3LdpVerifier
from openbadgeslib.ob3.verifier import OB3VerificationError
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from badges import demo
from badges.db import Database
from badges.models.assessments import RoundOutcome, RoundRecord
from badges.models.awards import AwardRecord, AwardState, CredentialRecord
from badges.models.people import MembershipRecord, OrganisationKind, OrganisationRecord, PersonRecord, Role, RoleRecord
from badges.models.status import StatusListRecord
from badges.services import keys, status
from badges.services.errors import Conflict
from badges.services.installation import Installation
from tests import factories

PEOPLE, STRUCTURES, COACHES = 40, 2, 3


def count(session, what, *where):
    return session.scalar(select(func.count()).select_from(what).where(*where))


def test_demo_holds_everybody_in_every_state(demonstrated):
    """Two structures, three coaches, forty people; awards and rounds in every state a page can show."""
    with demonstrated.database.reading() as session:
        assert count(session, PersonRecord) == PEOPLE
        assert count(session, OrganisationRecord, OrganisationRecord.kind == OrganisationKind.STRUCTURE) == STRUCTURES
        assert count(session, RoleRecord, RoleRecord.role == Role.COACH) == COACHES
        states = Counter(session.scalars(select(AwardRecord.state)))
        assert set(states) >= set(AwardState) - {AwardState.LAPSED}
        outcomes = set(session.scalars(select(RoundRecord.outcome)))
        assert outcomes == {None, *RoundOutcome}
        assert count(session, MembershipRecord, MembershipRecord.left_on.is_not(None)) == 1
        rounds = Counter(session.scalars(select(RoundRecord.person_id)))
        assert sum(1 for number in rounds.values() if number > 1) >= STRUCTURES


def test_demo_loads_once(demonstrated):
    """A second load changes nothing and says the same."""
    assert demo.load(demonstrated) == demo.load(demonstrated)
    with demonstrated.database.reading() as session:
        assert count(session, PersonRecord) == PEOPLE


def test_demo_never_enters_a_real_installation(installation, session):
    """Where real people are followed, the demo refuses to load."""
    factories.person(session, factories.organisation(session))
    session.commit()
    with pytest.raises(Conflict):
        demo.load(installation)


def test_demo_interrupted_leaves_nothing(installation, monkeypatch):
    """Stopped in the middle, the demo is not there at all: it will load whole the next time."""

    def stopped(stage):
        assert count(stage.session, OrganisationRecord) > 0
        raise KeyboardInterrupt

    monkeypatch.setattr(demo, "tell", stopped)
    with pytest.raises(KeyboardInterrupt):
        demo.load(installation)
    with installation.database.reading() as session:
        assert count(session, OrganisationRecord) == 0


def test_demo_says_who_to_sign_in_as(demonstrated):
    """The lines name a region editor, a coach, a beneficiary's card and PIN, and one badge's address."""
    loaded = demo.load(demonstrated)
    text = "\n".join(demo.sign_ins(demonstrated, loaded))
    assert loaded["editor"] in text
    assert loaded["coach"] in text
    assert loaded["cards"][0]["pin"] in text
    assert f"{demonstrated.base_url}/v/" in text


def documents_of(installation: Installation) -> dict[str, bytes]:
    """Everything a foreign verifier would download, by address."""
    found = {}
    with installation.database.reading() as session:
        for organisation in session.scalars(select(OrganisationRecord)):
            document = keys.did_document(session, installation, organisation.slug)
            found[f"https://localhost:8000/o/{organisation.slug}/did.json"] = json.dumps(document).encode()
        for row in session.scalars(select(StatusListRecord)):
            found[status.list_url(installation, row.id)] = row.document
    return found


def test_openbadgeslib_agrees_on_every_badge_of_the_demo(demonstrated):
    """Another implementation accepts each good badge, and refuses each revoked, paused or expired one."""
    web = documents_of(demonstrated)
    verdicts = Counter()
    with demonstrated.database.reading() as session:
        rows = session.scalars(select(CredentialRecord).options(selectinload(CredentialRecord.award))).all()
        for row in rows:
            good = not (
                row.revoked_at
                or row.suspended_at
                or row.withheld_at
                or (row.valid_until and row.valid_until < demonstrated.clock())
            )
            issuer = json.loads(row.document)["issuer"]["id"]
            try:
                OB3LdpVerifier.for_issuer_did(issuer).verify(
                    row.document, check_status=True, download=web.__getitem__, verify_status_list=False
                )
            except OB3VerificationError:
                assert not good
            else:
                assert good
            verdicts[good] += 1
    assert verdicts[True] >= 8
    assert verdicts[False] >= 4


def test_demo_opened_by_another_process_is_whole(demonstrated):
    """A second connection sees what the first committed."""
    database = Database(demonstrated.settings.database_url)
    with database.reading() as session:
        assert count(session, CredentialRecord) > 0
    database.close()
