"""The owner lets its own name be shown as the issuer: said in the document, in a spreadsheet, between two versions."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from referentiels import compare, editing, publishing, spreadsheet
from referentiels.document import DocumentErrors, read, write
from referentiels.model import KeptPassage
from tests.referentiels.strategies import small

AT = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.fixture
def draft():
    return read(small(), draft=True)


def test_a_document_that_does_not_say_it_keeps_its_bytes(draft):
    """Versions published before this member existed read the same, and write the same."""
    assert draft.owner_as_issuer is False
    assert b"owner_as_issuer" not in write(draft)
    assert b"kept_passages" not in write(draft)


def test_it_travels_in_the_document_and_in_a_spreadsheet(draft):
    """With the passages that were kept, and why."""
    said = replace(
        editing.set_details(draft, owner_as_issuer=True),
        kept_passages=(KeptPassage("badges/equipe/description", "honnête", "Le mot de la branche."),),
    )
    assert read(write(said), draft=True) == said
    assert spreadsheet.read_csv(spreadsheet.write_csv(said)) == said


@pytest.mark.parametrize("value", ["oui", 1, None])
def test_it_is_a_yes_or_a_no(value):
    """Null is left out; anything else is refused at its path."""
    document = small() | {"owner_as_issuer": value}
    if value is None:
        assert read(document, draft=True).owner_as_issuer is False
        return
    with pytest.raises(DocumentErrors) as refused:
        read(document, draft=True)
    assert [fault.path for fault in refused.value.faults] == ["owner_as_issuer"]


def test_the_change_is_told_between_two_versions(draft):
    """A reader of the newer version knows that the owner may stand for a structure."""
    after = editing.set_details(draft, owner_as_issuer=True)
    assert [change.path for change in compare.compare(draft, after)] == ["owner_as_issuer"]


def test_whoever_forks_does_not_inherit_somebody_else_s_consent(draft):
    """Another owner decides for its own name, and reads again the words that the former one kept."""
    said = replace(editing.set_details(draft, owner_as_issuer=True), kept_passages=(KeptPassage("title", "x", "y"),))
    forked = editing.fork(said, code="autre", title="Autre", owner="Une branche")
    assert (forked.owner_as_issuer, forked.kept_passages) == (False, ())


def test_what_the_owner_signs_is_never_granted_by_the_coach_alone(draft):
    """Two people stand behind the owner's name: publishing is refused otherwise, and the page says what it means."""
    said = editing.set_details(draft, owner_as_issuer=True)
    assert not publishing.faults(said)
    paths = [fault.path for fault in publishing.warnings(said)]
    assert paths[0] == "owner_as_issuer"
    assert ("co_authors" in paths) == bool(said.co_authors)
    alone = replace(said, badges=(replace(said.badges[0], coach_may_grant=True), *said.badges[1:]))
    assert [fault.path for fault in publishing.faults(alone)] == ["badges[0].coach_may_grant"]
    with pytest.raises(DocumentErrors):
        publishing.publish(alone, number=1, at=AT)
