"""The purge on its dates: what goes, what stays, and a report in counts; and the register of processing."""

import pytest
from sqlalchemy import func, select

from badges.models.assessments import RatingRecord, RoundRecord
from badges.models.awards import AwardState, CredentialRecord
from badges.models.consents import Purpose
from badges.models.journal import JournalRecord
from badges.models.people import PersonRecord
from badges.models.rights import ErasureRecord, FileLookRecord, NoticeRecord, Origin, ShareLookRecord
from badges.services import access, consents, erasure, looks, purge, register
from tests import counting, factories
from tests.awarding import world
from tests.house.command_line import jalon
from tests.house.command_line import place as where


@pytest.fixture
def place(session, installation):
    return world(session, installation)


def run(session, installation, clock) -> dict[str, int]:
    done = purge.purge(session, installation, today=clock().date(), now=clock())
    session.flush()
    return {name: count for name, count in done.counts.items() if count}


def leave(place, clock):
    place.person.memberships[0].left_on = clock().date()
    place.session.flush()


def count(session, record) -> int:
    return session.scalar(select(func.count()).select_from(record))


def test_answers_go_two_years_after_the_last_contact_and_badges_stay(session, installation, clock, place):
    """Not a day before, not while a structure follows, not where the person wants them kept longer."""
    credential = place.claimed()
    assert run(session, installation, clock) == {}
    clock.forward(days=900)
    assert run(session, installation, clock) == {}
    leave(place, clock)
    clock.forward(days=700)
    assert "answers" not in run(session, installation, clock)
    clock.forward(days=60)
    factories.agree(session, place.person, Purpose.KEEPING)
    assert "answers" not in run(session, installation, clock)
    consents.take_back(session, installation, factories.actor(place.person), Purpose.KEEPING, clock())
    assert run(session, installation, clock)["answers"] >= 2
    assert count(session, RatingRecord) == 0
    assert session.scalars(select(RoundRecord.note)).all() == [""]
    assert session.get(CredentialRecord, credential.id) is not None
    assert "answers" not in run(session, installation, clock)


def test_signing_in_is_a_contact(session, installation, clock, place):
    """Whoever comes back keeps everything for two more years."""
    place.claimed()
    leave(place, clock)
    clock.forward(days=700)
    access.open_session(session, now=clock(), person=place.person)
    clock.forward(days=60)
    assert "answers" not in run(session, installation, clock)


def test_structure_may_keep_for_a_shorter_time(session, installation, clock, place):
    """Its choice, down to six months; looks likewise."""
    notice = NoticeRecord(organisation_id=place.structure.id, ratings_months=6, logs_months=6, updated_at=clock())
    session.add(notice)
    code = place.claimed().award.shares[-1].code
    opened = looks.Opened(place.person.id, place.structure.id, "coach")
    looks.write(session, factories.actor(place.coach), opened, clock().date())
    looks.record(session, code, clock().date())
    leave(place, clock)
    clock.forward(days=190)
    gone = run(session, installation, clock)
    assert gone["answers"] >= 2
    assert gone["looks"] == 1
    assert count(session, FileLookRecord) == 0
    assert count(session, ShareLookRecord) == 1
    clock.forward(days=200)
    assert run(session, installation, clock)["looks"] == 1


def test_looking_at_more_people_takes_no_more_statements(session, installation, clock, place):
    """A shorter time elsewhere has everybody's last contact looked at; those who are kept cost nothing each."""
    elsewhere = factories.organisation(session, "Ailleurs")
    session.add(NoticeRecord(organisation_id=elsewhere.id, ratings_months=6, logs_months=6, updated_at=clock()))
    leave(place, clock)
    clock.forward(days=200)
    sent = []
    for number in (1, 9):
        for _ in range(number):
            someone = factories.person(session, place.structure, place.coach)
            someone.memberships[0].left_on = place.now.date()
        session.flush()
        session.expunge_all()
        with counting.statements(session) as found:
            assert run(session, installation, clock) == {}
        sent.append(len(found))
    assert sent[0] == sent[1]


def test_person_without_a_badge_is_forgotten_whole(session, installation, clock, place):
    """Nothing rests on their rows: name and card go too, after the same time."""
    leave(place, clock)
    clock.forward(days=740)
    assert run(session, installation, clock)["forgotten"] == 1
    assert count(session, PersonRecord) == 0
    assert session.scalars(select(ErasureRecord.origin)).all() == ["retention"]


def test_what_was_asked_ended_or_never_taken_goes(session, installation, clock, place):
    """An erasure on its day, a badge never taken, sessions, links and guesses."""
    award = place.granted()
    other = factories.person(session, place.structure, place.coach, name="Nour", pin=factories.PIN)
    number = other.id
    asked = {"stop_copies": False, "at_once": False, "today": clock().date(), "now": clock()}
    planned = erasure.ask(session, installation, factories.actor(other), pin=factories.PIN, **asked)
    access.open_session(session, now=clock(), person=place.person)
    access.count_guess(session, "card", "::1", installation.secret, clock())
    assert run(session, installation, clock) == {}
    clock.forward(days=8)
    gone = run(session, installation, clock)
    assert {"erasures", "sessions", "guesses"} <= set(gone)
    assert session.get(PersonRecord, number) is None
    assert erasure.account(session, planned.token).person_id == number
    clock.forward(days=366)
    assert run(session, installation, clock)["unclaimed"] == 1
    assert award.state is AwardState.LAPSED


def test_account_of_an_erasure_is_kept_five_years(session, installation, clock, place):
    """Then it is emptied; the places in the status lists stay taken."""
    place.claimed()
    how = {"origin": Origin.PERSON, "stop_copies": False, "actor": "command"}
    erasure.erase(session, installation, place.person.id, now=clock(), **how)
    clock.forward(days=5 * 365 - 1)
    assert run(session, installation, clock) == {}
    clock.forward(days=5)
    assert run(session, installation, clock) == {"accounts": 1}


def test_report_is_written_down_in_counts(session, installation, clock, place):
    """In the journal too: numbers, and nothing that names anybody."""
    run(session, installation, clock)
    details = session.scalars(select(JournalRecord.details).where(JournalRecord.action == "purge.done")).one()
    assert set(details) == set(purge.RULES)
    assert all(isinstance(number, int) for number in details.values())


def test_command_tries_first_and_purges_when_told(tmp_path):
    """Without `--apply` nothing changes; with it the same counts go."""
    at = where(tmp_path / "var")
    assert jalon("init", "--organisation", "Région", "--name", "Ève", "--email", "e@example.org", **at).exit_code == 0
    tried = jalon("purge", **at)
    assert tried.exit_code == 0
    assert "ceci est un essai" in tried.output
    done = jalon("purge", "--apply", **at)
    assert done.exit_code == 0
    assert "ceci est un essai" not in done.output
    written = jalon("registre", str(tmp_path / "registre.md"), **at)
    assert written.exit_code == 0
    assert "## Responsables de traitement" in (tmp_path / "registre.md").read_text()


def test_register_says_everything_that_article_30_asks_for(session, installation, clock, place):
    """Controllers with their contacts, purposes, bases, subjects, recipients, durations, security, transfers."""
    session.add(
        NoticeRecord(
            organisation_id=place.structure.id,
            controller="2 rue du Port",
            officer="dpo@example.org",
            updated_at=clock(),
        )
    )
    text = register.written(session, installation, clock())
    assert "| Mission Passerelle | structure d’accompagnement | 2 rue du Port | dpo@example.org |" in text
    for part in ("Base légale", "Personnes concernées", "Destinataires", "Durée", "article 32", "Transferts"):
        assert part in text
    assert "`ratings`" in text
    assert "Awa" not in text
