"""Organisations and their staff: created, invited, given roles, closed, and never without an administrator."""

import pytest
from sqlalchemy import select

from badges.models.access import OneTimeLinkRecord, SessionRecord
from badges.models.journal import JournalRecord
from badges.models.people import OrganisationKind, OrganisationRecord, Role, RoleRecord, StaffRecord
from badges.models.status import KeyRecord, StatusListRecord
from badges.services import access, organisations, passwords, people, staff
from badges.services.errors import Conflict, Forbidden, Invalid, NotFound
from tests import factories

EMAIL = "samir.belkacem@example.org"


@pytest.fixture
def region(session):
    return factories.organisation(session, "Région Val-de-Brume", kind=OrganisationKind.REGION)


@pytest.fixture
def administrator(session, region):
    return factories.staff(session, (region, Role.ADMINISTRATOR), name="Pascale Nguyen", password=factories.PASSWORD)


def create(session, installation, who, clock, name="École du Port", **changes):
    facts = {"kind": OrganisationKind.STRUCTURE, "now": clock(), **changes}
    return organisations.create_organisation(session, installation, factories.actor(who), name=name, **facts)


def invite(session, who, where, clock, **changes):
    facts = {"email": EMAIL, "name": "Samir Belkacem", "roles": ["coach"], "by_mail": False, "now": clock(), **changes}
    return staff.invite(session, factories.actor(who), where.slug, **facts)


def test_region_adds_an_organisation_that_can_sign(session, installation, region, administrator, clock):
    """A slug from the name, a key, status lists, and its creator as administrator."""
    row = create(session, installation, administrator, clock, territory="Port-de-Brume")
    assert (row.slug, row.territory) == ("ecole-du-port", "Port-de-Brume")
    assert len(session.scalars(select(KeyRecord).where(KeyRecord.organisation_id == row.id)).all()) == 1
    purposes = session.scalars(select(StatusListRecord.purpose).where(StatusListRecord.organisation_id == row.id))
    assert set(purposes) == {"revocation", "suspension"}
    held = session.scalars(select(RoleRecord.role).where(RoleRecord.organisation_id == row.id)).all()
    assert held == [Role.ADMINISTRATOR]


@pytest.mark.parametrize(
    "wanted",
    [
        ("École du Port", "ecole-du-port"),
        ("Ecole, du port !", "ecole-du-port-2"),
        ("北京", "structure"),
        ("a" * 99, "a" * 63),
    ],
)
def test_slug_is_derived_and_unique(session, installation, administrator, clock, wanted):
    """Letters without accents, a number where taken, the kind's name where nothing is left."""
    name, slug = wanted
    if slug.endswith("-2"):
        create(session, installation, administrator, clock)
    assert create(session, installation, administrator, clock, name=name).slug == slug


def test_same_name_twice_is_refused(session, installation, administrator, clock):
    """Employers must be able to tell two issuers apart; a form sent twice makes one organisation."""
    create(session, installation, administrator, clock)
    with pytest.raises(Conflict):
        create(session, installation, administrator, clock)


@pytest.mark.parametrize("kind", [kind for kind in OrganisationKind if kind is not OrganisationKind.REGION])
def test_only_a_region_adds_organisations(session, installation, clock, kind):
    """The administrator of anything else does not."""
    own = factories.organisation(session, kind=kind)
    member = factories.staff(session, (own, Role.ADMINISTRATOR))
    with pytest.raises(Forbidden):
        create(session, installation, member, clock)


def test_roles_of_a_region_other_than_administrator_add_nothing(session, installation, region, clock):
    """An editor of the région is not enough."""
    with pytest.raises(Forbidden):
        create(session, installation, factories.staff(session, (region, Role.EDITOR)), clock)


def settings(session, who, where, clock, **changes):
    facts = {"word_for_person": "stagiaire", "address_form": "tu", "phone": "", "url": "", "now": clock(), **changes}
    return organisations.change_settings(session, factories.actor(who), where.slug, **facts)


def test_settings_are_the_organisations_own(session, region, administrator, clock):
    """The word, tu or vous, telephone and site; name and slug stay."""
    before = (region.name, region.slug)
    row = settings(session, administrator, region, clock, phone=" 02  40 00 00 00 ", url="https://region.example/")
    assert (row.word_for_person, row.address_form) == ("stagiaire", "tu")
    assert (row.phone, row.url) == ("02 40 00 00 00", "https://region.example/")
    assert (row.name, row.slug) == before


@pytest.mark.parametrize(
    "change",
    [
        ("word_for_person", ""),
        ("word_for_person", "x" * 41),
        ("address_form", "ils"),
        ("phone", "appelez-moi"),
        ("phone", "0" * 41),
        ("url", "exemple.fr"),
        ("url", "javascript:alert(1)"),
        ("url", "https://a b.fr"),
        ("url", "https://moi:secret@exemple.fr"),
        ("url", "https://[exemple.fr"),
        ("url", "https://exemple.fr/" + "x" * 300),
    ],
)
def test_setting_that_cannot_be_used_is_refused(session, region, administrator, clock, change):
    """The site is signed into badges and the word printed on cards: each is checked, and named when refused."""
    field, value = change
    with pytest.raises(Invalid) as refused:
        settings(session, administrator, region, clock, **{field: value})
    assert refused.value.field == field


def test_organisation_of_others_does_not_exist_for_an_administrator(session, administrator, clock):
    """Neither its settings, nor its staff, nor invitations."""
    other = factories.organisation(session, "Ailleurs")
    there = factories.staff(session, (other, Role.COACH))
    actor = factories.actor(administrator)
    for act in (
        lambda: settings(session, administrator, other, clock),
        lambda: invite(session, administrator, other, clock),
        lambda: staff.change_roles(session, actor, other.slug, there.id, roles=["coach"], now=clock()),
        lambda: staff.reset(session, actor, other.slug, there.id, by_mail=False, now=clock()),
        lambda: staff.deactivate(session, actor, other.slug, there.id, now=clock()),
        lambda: staff.reactivate(session, actor, other.slug, there.id, now=clock()),
    ):
        with pytest.raises(NotFound):
            act()


def test_invited_person_comes_in_by_the_link(session, region, administrator, clock):
    """The roles are there, the link chooses a password, and the password signs in."""
    admission = invite(session, administrator, region, clock, roles=["coach", "issuer"])
    assert {(role.organisation_id, role.role) for role in admission.staff.roles} == {
        (region.id, Role.COACH),
        (region.id, Role.ISSUER),
    }
    passwords.set_password(session, admission.token, password=factories.PASSWORD, again=factories.PASSWORD, now=clock())
    came = passwords.sign_in(
        session, email=EMAIL, password=factories.PASSWORD, address="192.0.2.1", secret=b"s" * 32, now=clock()
    )
    assert came is admission.staff


def test_second_invitation_replaces_the_first_link(session, region, administrator, clock):
    """Only the last link handed over opens; nobody is there twice."""
    first = invite(session, administrator, region, clock)
    second = invite(session, administrator, region, clock)
    with pytest.raises(NotFound):
        access.link_owner(session, first.token, clock())
    assert access.link_owner(session, second.token, clock())[1] is first.staff
    assert len(session.scalars(select(StaffRecord).where(StaffRecord.email == EMAIL)).all()) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"email": "samir"},
        {"email": "a@b"},
        {"email": "a@example.org\nBcc: x@example.org"},
        {"email": "é@example.org"},
        {"email": "a" * 250 + "@example.org"},
        {"name": ""},
        {"roles": []},
        {"roles": ["king"]},
    ],
)
def test_invitation_that_cannot_be_used_is_refused(session, region, administrator, clock, changes):
    """Each refusal names its field."""
    with pytest.raises(Invalid) as refused:
        invite(session, administrator, region, clock, **changes)
    assert [refused.value.field] == list(changes)


def test_account_of_another_organisation_is_not_reached_without_mail(session, region, administrator, clock):
    """Neither with a password nor before: no roles, and above all no link into the other organisation."""
    other = factories.organisation(session, "Ailleurs")
    for password in (None, factories.PASSWORD):
        there = factories.staff(session, (other, Role.ISSUER), password=password)
        with pytest.raises(Conflict):
            invite(session, administrator, region, clock, email=there.email)
        assert {role.organisation_id for role in there.roles} == {other.id}
    assert session.scalars(select(OneTimeLinkRecord)).all() == []


def test_account_of_another_organisation_is_joined_by_mail_and_its_link_stays_private(
    session, region, administrator, clock
):
    """With mail the owner hears of it; the administrator is never to be shown the link."""
    other = factories.organisation(session, "Ailleurs")
    there = factories.staff(session, (other, Role.ISSUER))
    admission = invite(session, administrator, region, clock, email=there.email, by_mail=True)
    assert admission.private
    reset = staff.reset(session, factories.actor(administrator), region.slug, there.id, by_mail=True, now=clock())
    assert reset.private


@pytest.mark.parametrize("act", ["reset", "deactivate"])
def test_account_that_also_works_elsewhere_is_not_the_administrators(session, region, administrator, clock, act):
    """Its link would be a way into the other organisation, its end would be felt there."""
    other = factories.organisation(session, "Ailleurs")
    shared = factories.staff(session, (region, Role.COACH), (other, Role.ISSUER), password=factories.PASSWORD)
    facts = {"by_mail": False} if act == "reset" else {}
    with pytest.raises(Forbidden):
        getattr(staff, act)(session, factories.actor(administrator), region.slug, shared.id, now=clock(), **facts)
    assert shared.deactivated_at is None


def test_roles_taken_away_here_leave_those_held_elsewhere(session, region, administrator, clock):
    """An administrator gives and takes roles in their own organisation only."""
    other = factories.organisation(session, "Ailleurs")
    shared = factories.staff(session, (region, Role.COACH), (other, Role.ISSUER))
    actor = factories.actor(administrator)
    staff.change_roles(session, actor, region.slug, shared.id, roles=["auditor", "editor"], now=clock())
    assert {(role.organisation_id, role.role) for role in shared.roles} == {
        (region.id, Role.AUDITOR),
        (region.id, Role.EDITOR),
        (other.id, Role.ISSUER),
    }
    staff.change_roles(session, actor, region.slug, shared.id, roles=[], now=clock())
    assert {role.organisation_id for role in shared.roles} == {other.id}
    with pytest.raises(NotFound):
        staff.member(session, actor, region.slug, shared.id)


def test_deactivated_account_is_out_and_comes_back_as_it_was(session, region, administrator, clock):
    """Sessions end, the link dies, the password no longer opens; reactivation restores all but the sessions."""
    member = factories.staff(session, (region, Role.COACH), password=factories.PASSWORD)
    access.open_session(session, now=clock(), staff=member)
    actor = factories.actor(administrator)
    entering = {"email": member.email, "password": factories.PASSWORD, "address": "a", "secret": b"s" * 32}
    staff.deactivate(session, actor, region.slug, member.id, now=clock())
    assert session.scalars(select(SessionRecord)).all() == []
    assert passwords.sign_in(session, now=clock(), **entering) is None
    assert people.coaches_of(session, region.id) == []
    with pytest.raises(Conflict):
        staff.reset(session, actor, region.slug, member.id, by_mail=False, now=clock())
    with pytest.raises(Conflict):
        invite(session, administrator, region, clock, email=member.email)
    staff.reactivate(session, actor, region.slug, member.id, now=clock())
    assert passwords.sign_in(session, now=clock(), **entering) is member
    assert people.coaches_of(session, region.id) == [member]


def test_last_administrator_stays(session, region, administrator, clock):
    """Neither their role nor their account, by nobody, themselves included."""
    actor = factories.actor(administrator)
    with pytest.raises(Conflict):
        staff.change_roles(session, actor, region.slug, administrator.id, roles=["editor"], now=clock())
    with pytest.raises(Conflict):
        staff.change_roles(session, actor, region.slug, administrator.id, roles=[], now=clock())
    with pytest.raises(Conflict):
        staff.deactivate(session, actor, region.slug, administrator.id, now=clock())
    assert actor.roles == factories.actor(administrator).roles
    assert administrator.deactivated_at is None


@pytest.mark.parametrize("state", ["invited", "deactivated"])
def test_administrator_who_cannot_come_in_does_not_count(session, region, administrator, clock, state):
    """Someone invited who never came, or whose account is closed, leaves the other one the last."""
    other = factories.staff(
        session, (region, Role.ADMINISTRATOR), password=None if state == "invited" else factories.PASSWORD
    )
    other.deactivated_at = clock() if state == "deactivated" else None
    session.flush()
    with pytest.raises(Conflict):
        staff.deactivate(session, factories.actor(administrator), region.slug, administrator.id, now=clock())


def test_administrator_leaves_once_another_is_there(session, region, administrator, clock):
    """With a colleague who can sign in, one may go."""
    factories.staff(session, (region, Role.ADMINISTRATOR), password=factories.PASSWORD)
    staff.deactivate(session, factories.actor(administrator), region.slug, administrator.id, now=clock())
    assert administrator.deactivated_at == clock()


def test_two_administrators_cannot_remove_each_other_at_once(installation, session, region, administrator, clock):
    """The second waits for the first, then finds itself the last."""
    from concurrent.futures import ThreadPoolExecutor

    other = factories.staff(session, (region, Role.ADMINISTRATOR), password=factories.PASSWORD)
    session.commit()
    pairs = [(administrator, other), (other, administrator)]
    slug = region.slug

    def remove(pair):
        who, whom = pair
        with installation.database.writing() as own:
            try:
                staff.change_roles(own, factories.actor(who), slug, whom.id, roles=["editor"], now=clock())
                own.commit()
            except Conflict:
                return False
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(remove, pairs))
    left = session.scalars(select(RoleRecord.staff_id).where(RoleRecord.role == Role.ADMINISTRATOR)).all()
    assert sorted(done) == [False, True]
    assert len(left) == 1


def begin(session, installation, clock, **changes):
    facts = {"organisation_name": "Région Val-de-Brume", "kind": OrganisationKind.REGION, "name": "Pascale Nguyen"}
    facts |= {"email": "Pascale.Nguyen@Example.org", "now": clock(), **changes}
    return staff.first_administrator(session, installation, **facts)


def test_first_administrator_of_an_installation_comes_in_by_a_link(session, installation, clock):
    """`jalon init`: an organisation that can sign, an administrator, a token."""
    _link, owner = access.link_owner(session, begin(session, installation, clock), clock())
    organisation = session.scalars(select(OrganisationRecord)).one()
    assert owner.email == "pascale.nguyen@example.org"
    assert [(role.organisation_id, role.role) for role in owner.roles] == [(organisation.id, Role.ADMINISTRATOR)]
    assert organisations.organisation_by_slug(session, "region-val-de-brume") is organisation


def test_first_administrator_whose_link_was_lost_gets_another(session, installation, clock):
    """The same command again: the same organisation and account, a fresh link, the old one dead."""
    lost = begin(session, installation, clock)
    clock.forward(days=8)
    fresh = begin(session, installation, clock)
    assert access.link_owner(session, fresh, clock())[1].email == "pascale.nguyen@example.org"
    with pytest.raises(NotFound):
        access.link_owner(session, lost, clock())
    assert len(session.scalars(select(OrganisationRecord)).all()) == 1


@pytest.mark.parametrize("changes", [{"email": "autre@example.org"}, {"organisation_name": "Région voisine"}])
def test_second_beginning_with_other_words_is_refused(session, installation, clock, changes):
    """An organisation that exists has its administrators; an e-mail that is taken administers no other."""
    begin(session, installation, clock)
    with pytest.raises(Conflict):
        begin(session, installation, clock, **changes)


def test_journal_is_read_by_auditors_of_the_organisation_page_by_page(session, region, administrator, clock):
    """Newest first, fifty a page, nobody else's rows, and no name of a person who is followed."""
    other = factories.organisation(session, "Ailleurs")
    auditor = factories.staff(session, (region, Role.AUDITOR))
    coach = factories.staff(session, (region, Role.COACH), (other, Role.COACH), name="Camille Roche")
    actor = factories.actor(coach)
    for number in range(60):
        where = other if number % 6 == 0 else region
        people.create_person(
            session, actor, organisation_id=where.id, name="Awa Diallo", pin_choice="first_use", now=clock()
        )
    page = organisations.journal_page(session, factories.actor(auditor))
    assert len(page.lines) == 50
    assert page.before is None
    assert {line.organisation for line in page.lines} == {region.name}
    assert {line.actor for line in page.lines} == {"Camille Roche"}
    assert [line.id for line in page.lines] == sorted((line.id for line in page.lines), reverse=True)
    assert "Awa" not in repr(page)
    invite(session, administrator, region, clock)
    first = organisations.journal_page(session, factories.actor(auditor))
    assert (first.lines[0].action, first.lines[0].staff) == ("staff.invited", "Samir Belkacem")
    rest = organisations.journal_page(session, factories.actor(auditor), before=first.before)
    assert [line.id for line in rest.lines] == [page.lines[-1].id]
    assert organisations.journal_page(session, factories.actor(coach)).lines == ()


def test_journal_keeps_no_secret_and_no_name(session, region, administrator, clock):
    """Whatever is done to staff: identifiers and roles only."""
    admission = invite(session, administrator, region, clock)
    staff.reset(session, factories.actor(administrator), region.slug, admission.staff.id, by_mail=False, now=clock())
    written = repr([(row.actor, row.object, row.details) for row in session.scalars(select(JournalRecord))])
    for secret in (admission.token, EMAIL, "Samir"):
        assert secret not in written
