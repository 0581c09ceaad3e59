"""Référentiels on this installation: drafts, publication, recognition."""

from dataclasses import replace
from datetime import date

import pytest

from badges.models.people import OrganisationKind, Role
from badges.models.referentiels import VersionState
from badges.services import referentiels
from badges.services.access import Actor
from badges.services.errors import Conflict, Forbidden, Gone, Invalid, NotFound
from referentiels.sentences import DocumentErrors
from referentiels.starters import starters
from tests import factories


@pytest.fixture
def region(session):
    return factories.organisation(session, "Région Val-de-Brume", kind=OrganisationKind.REGION)


@pytest.fixture
def editor(session, region):
    staff = factories.staff(session, (region, Role.EDITOR))
    return Actor(staff.name, staff_id=staff.id, roles=frozenset({(region.id, Role.EDITOR)}))


@pytest.fixture
def row(session, region, editor, clock):
    return referentiels.create(session, editor, starters()[0], owner_id=region.id, now=clock())


def retitled(title):
    return lambda draft: replace(draft, title=title)


def test_created_draft_reads_back(row):
    """What was given is what is kept."""
    assert referentiels.draft_of(row) == starters()[0]


def test_create_for_another_organisation_is_refused(session, editor, clock):
    """An editor creates for the organisations they edit for, and no other."""
    other = factories.organisation(session, "Autre région", kind=OrganisationKind.REGION)
    with pytest.raises(Forbidden):
        referentiels.create(session, editor, starters()[0], owner_id=other.id, now=clock())


def test_create_with_a_taken_code_is_refused(session, row, region, editor, clock):
    """A slug is signed into badges: two référentiels never share one."""
    with pytest.raises(Conflict):
        referentiels.create(session, editor, starters()[0], owner_id=region.id, now=clock())


def test_change_on_an_older_revision_is_refused(session, row, editor, clock):
    """Of two editors who read the same revision, the second is told and nothing is lost."""
    referentiels.change_draft(session, editor, slug=row.slug, revision=1, change=retitled("Un"), now=clock())
    with pytest.raises(Conflict):
        referentiels.change_draft(session, editor, slug=row.slug, revision=1, change=retitled("Deux"), now=clock())
    assert referentiels.draft_of(row).title == "Un"


def test_change_of_the_code_is_refused(session, row, editor, clock):
    """The slug never changes."""
    with pytest.raises(Invalid):
        referentiels.change_draft(
            session, editor, slug=row.slug, revision=1, change=lambda draft: replace(draft, code="autre"), now=clock()
        )


def test_another_organisations_draft_does_not_exist(session, row, clock):
    """For an editor elsewhere, the référentiel is not there to edit."""
    other = factories.organisation(session, kind=OrganisationKind.REGION)
    stranger = Actor("x", staff_id=999, roles=frozenset({(other.id, Role.EDITOR)}))
    with pytest.raises(NotFound):
        referentiels.change_draft(session, stranger, slug=row.slug, revision=1, change=retitled("x"), now=clock())


def test_published_versions_are_numbered_and_supersede(session, row, editor, clock):
    """Publishing twice leaves version 1 superseded, with the bytes it had."""
    first = referentiels.publish(session, editor, slug=row.slug, revision=1, now=clock())
    kept = first.document
    referentiels.change_draft(session, editor, slug=row.slug, revision=1, change=retitled("Suite"), now=clock())
    second = referentiels.publish(session, editor, slug=row.slug, revision=2, now=clock.forward(days=1))
    assert (first.number, second.number) == (1, 2)
    assert (first.state, second.state) == (VersionState.SUPERSEDED, VersionState.PUBLISHED)
    assert first.document == kept
    assert referentiels.document_of(second).title == "Suite"


def test_publishing_an_incomplete_draft_is_refused(session, row, editor, clock):
    """Every fault is named, and no version is made."""
    referentiels.change_draft(
        session,
        editor,
        slug=row.slug,
        revision=1,
        change=lambda draft: replace(draft, badges=(), competences=()),
        now=clock(),
    )
    with pytest.raises(DocumentErrors):
        referentiels.publish(session, editor, slug=row.slug, revision=2, now=clock())
    assert row.versions == []


def test_withdrawing_needs_a_reason_and_happens_once(session, row, editor, clock):
    """A withdrawn version says why, and is not withdrawn twice."""
    referentiels.publish(session, editor, slug=row.slug, revision=1, now=clock())
    with pytest.raises(Invalid):
        referentiels.withdraw(session, editor, slug=row.slug, number=1, reason=" ", now=clock())
    referentiels.withdraw(session, editor, slug=row.slug, number=1, reason="Remplacée par la région.", now=clock())
    with pytest.raises(Conflict):
        referentiels.withdraw(session, editor, slug=row.slug, number=1, reason="Encore.", now=clock())


def test_recognition_holds_between_its_days(session, row, editor, clock):
    """Both days count; before and after, the organisation may not issue."""
    structure = factories.organisation(session)
    referentiels.recognise(
        session,
        editor,
        slug=row.slug,
        organisation_slug=structure.slug,
        valid_from=date(2026, 1, 1),
        valid_until=date(2026, 12, 31),
        now=clock(),
    )
    held = [
        referentiels.recognition(session, row.id, structure.id, day) is not None
        for day in (date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1))
    ]
    assert held == [False, True, True, False]


def test_recognition_ends_on_a_day_and_only_once(session, row, editor, clock):
    """An ended recognition covers what came before, and cannot be ended later again."""
    structure = factories.organisation(session)
    given = referentiels.recognise(
        session,
        editor,
        slug=row.slug,
        organisation_slug=structure.slug,
        valid_from=date(2026, 1, 1),
        valid_until=None,
        now=clock(),
    )
    end = {"slug": row.slug, "recognition_id": given.id, "now": clock()}
    referentiels.end_recognition(session, editor, last_day=date(2026, 6, 30), **end)
    assert referentiels.recognition(session, row.id, structure.id, date(2026, 6, 30)) is not None
    assert referentiels.recognition(session, row.id, structure.id, date(2026, 7, 1)) is None
    with pytest.raises(Gone):
        referentiels.end_recognition(session, editor, last_day=date(2026, 9, 30), **end)


def test_recognitions_of_one_organisation_do_not_overlap(session, row, editor, clock):
    """Twice the same organisation over the same days is refused."""
    structure = factories.organisation(session)
    arguments = {
        "slug": row.slug,
        "organisation_slug": structure.slug,
        "valid_from": date(2026, 1, 1),
        "valid_until": None,
        "now": clock(),
    }
    referentiels.recognise(session, editor, **arguments)
    with pytest.raises(Conflict):
        referentiels.recognise(session, editor, **arguments)


def test_publishing_twice_the_same_words_makes_one_version(session, row, editor, clock):
    """A second press of the button finds that the version in force already says exactly this."""
    referentiels.publish(session, editor, slug=row.slug, revision=1, now=clock())
    with pytest.raises(Conflict):
        referentiels.publish(session, editor, slug=row.slug, revision=1, now=clock.forward(minutes=1))
    assert [version.number for version in row.versions] == [1]


def test_same_words_may_follow_a_withdrawn_version(session, row, editor, clock):
    """After a withdrawal, the same text may be published again, under the next number."""
    referentiels.publish(session, editor, slug=row.slug, revision=1, now=clock())
    referentiels.withdraw(session, editor, slug=row.slug, number=1, reason="Une erreur de date.", now=clock())
    assert referentiels.publish(session, editor, slug=row.slug, revision=1, now=clock()).number == 2


def test_version_keeps_the_day_its_state_changed(session, row, editor, clock):
    """Superseded or withdrawn, a version says since when."""
    first = referentiels.publish(session, editor, slug=row.slug, revision=1, now=clock())
    assert first.state_changed_at is None
    referentiels.change_draft(session, editor, slug=row.slug, revision=1, change=retitled("Suite"), now=clock())
    second = referentiels.publish(session, editor, slug=row.slug, revision=2, now=clock.forward(days=1))
    assert first.state_changed_at == clock()
    referentiels.withdraw(session, editor, slug=row.slug, number=2, reason="Une erreur.", now=clock.forward(days=1))
    assert second.state_changed_at == clock()


def test_free_code_is_the_first_that_nobody_has(session, row):
    """Two référentiels of the same title get two codes."""
    assert referentiels.free_code(session, "Savoir-être") == "savoir-etre-2"
    assert referentiels.free_code(session, "Un autre titre") == "un-autre-titre"


def test_owners_are_the_open_regions_branches_and_companies_one_edits_for(session, region, clock):
    """A structure owns no référentiel, nor does an organisation that has closed."""
    structure = factories.organisation(session)
    closed = factories.organisation(session, kind=OrganisationKind.REGION, closed_at=clock())
    roles = frozenset((one.id, Role.EDITOR) for one in (region, structure, closed))
    actor = Actor("x", staff_id=999, roles=roles | {(region.id, Role.COACH)})
    assert referentiels.owners_for(session, actor) == [region]
