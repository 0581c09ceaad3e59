"""The pages of administrators and auditors, with and without mail."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from badges.app import create_app
from badges.models.journal import JournalRecord
from badges.models.people import OrganisationKind, OrganisationRecord, Role, RoleRecord, StaffRecord
from badges.services import journal
from badges.web import journal_words
from tests import factories
from tests.badges.mailbox import Mailbox

EMAIL = "samir.belkacem@example.org"
INVITATION = {"email": EMAIL, "name": "Samir Belkacem", "roles": ["coach"]}


@pytest.fixture
def region(session, client, clock):
    """A région with its administrator signed in."""
    row = factories.organisation(session, "Région Val-de-Brume", kind=OrganisationKind.REGION)
    administrator = factories.staff(session, (row, Role.ADMINISTRATOR), password=factories.PASSWORD)
    factories.sign_in(session, client, administrator, clock())
    session.commit()
    return row


@pytest.fixture
def mailbox():
    """A mail server on this machine."""
    with Mailbox() as box:
        yield box


def writing_browser(installation, session, url, clock):
    """A browser on the same installation with this mail server, its administrator signed in."""
    app = create_app(replace(installation, settings=replace(installation.settings, smtp_url=url)))
    app.config["WTF_CSRF_ENABLED"] = False
    browser = app.test_client()
    administrator = session.scalars(select(StaffRecord).order_by(StaffRecord.id)).first()
    factories.sign_in(session, browser, administrator, clock())
    session.commit()
    return browser


def shown_link(page):
    found = re.search(r"<code>http://localhost:8000(/lien/[\w-]+)</code>", page.text)
    return found and found[1]


def member_id(session):
    found = session.scalars(select(StaffRecord.id).where(StaffRecord.email == EMAIL)).one()
    session.commit()
    return found


def test_region_adds_an_organisation_and_lands_on_its_page(client, session, region):
    """The form, then the page with its slug; the list names both."""
    form = {"name": "École du Port", "kind": "structure", "territory": "Port-de-Brume"}
    answer = client.post("/nouvelle-organisation", data=form)
    assert answer.headers["Location"] == "/organisations/ecole-du-port"
    assert "ecole-du-port" in client.get("/organisations/ecole-du-port").text
    assert "École du Port" in client.get("/organisations").text
    again = client.post("/nouvelle-organisation", data=form)
    assert again.status_code == 409
    assert 'value="Port-de-Brume"' in again.text


@pytest.mark.parametrize("form", [{"name": "", "kind": "structure"}, {"name": "École", "kind": "club"}, {}])
def test_organisation_form_refused_keeps_what_was_typed(client, session, region, form):
    """422 and nothing created."""
    assert client.post("/nouvelle-organisation", data=form).status_code == 422
    assert len(session.scalars(select(OrganisationRecord)).all()) == 1


def test_administrator_of_a_structure_adds_none(client, session, clock):
    """403, and no button that would lead there."""
    structure = factories.organisation(session)
    factories.sign_in(session, client, factories.staff(session, (structure, Role.ADMINISTRATOR)), clock())
    session.commit()
    assert "/nouvelle-organisation" not in client.get("/organisations").text
    assert client.get("/nouvelle-organisation").status_code == 403
    assert client.post("/nouvelle-organisation", data={"name": "X", "kind": "region"}).status_code == 403


def test_settings_are_kept_and_shown(client, session, region):
    """What was typed comes back on the page; a refused one comes back in the form."""
    form = {"word_for_person": "habitante", "address_form": "tu", "phone": "02 40 00 00 00", "url": ""}
    client.post(f"/organisations/{region.slug}/reglages", data=form)
    page = client.get(f"/organisations/{region.slug}").text
    assert "habitante" in page
    assert "02 40 00 00 00" in page
    refused = client.post(f"/organisations/{region.slug}/reglages", data={**form, "url": "exemple.fr"})
    assert refused.status_code == 422
    assert 'value="exemple.fr"' in refused.text
    session.expire_all()
    assert session.get(OrganisationRecord, region.id).url == ""


def test_invitation_without_mail_shows_the_link_once(client, app, session, region):
    """In the answer to the form, never cached; it opens the page to choose a password."""
    page = client.post(f"/organisations/{region.slug}/invitation", data=INVITATION)
    link = shown_link(page)
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert "Samir Belkacem" in app.test_client().get(link).text
    assert link not in client.get(f"/organisations/{region.slug}").text
    assert "Invité" in client.get(f"/organisations/{region.slug}").text


def test_invitation_of_somebody_who_has_a_password_shows_no_link(client, session, region):
    """Their roles are added, and the page says so."""
    member = factories.staff(session, (region, Role.EDITOR), password=factories.PASSWORD)
    session.commit()
    page = client.post(f"/organisations/{region.slug}/invitation", data={**INVITATION, "email": member.email})
    assert shown_link(page) is None
    assert "a déjà un compte" in page.text


def test_invitation_refused_keeps_what_was_typed(client, region):
    """422, the sentence, the ticked roles still ticked."""
    form = {**INVITATION, "email": "samir", "roles": ["coach", "auditor"]}
    page = client.post(f"/organisations/{region.slug}/invitation", data=form)
    assert page.status_code == 422
    assert "Écrivez une adresse e-mail complète" in page.text
    assert len(re.findall(r'value="(?:coach|auditor)" checked', page.text)) == 2


def test_invitation_by_mail_sends_the_link_and_does_not_show_it(installation, session, region, mailbox, clock):
    """The letter holds the link; the page only says that it left."""
    browser = writing_browser(installation, session, mailbox.url, clock)
    answer = browser.post(f"/organisations/{region.slug}/invitation", data=INVITATION)
    assert answer.status_code == 303
    letter = mailbox.letters()[0]
    assert letter["To"] == EMAIL
    assert region.name in letter.get_content()
    path = re.search(r"http://localhost:8000(/lien/[\w-]+)", letter.get_content())[1]
    assert path not in browser.get(answer.headers["Location"]).text
    assert "Samir Belkacem" in browser.get(path).text


def test_mail_that_does_not_leave_is_said_with_the_link(installation, session, region, clock):
    """Nothing fails in silence: the sentence, and the link to hand over."""
    browser = writing_browser(installation, session, "smtp://127.0.0.1:1", clock)
    page = browser.post(f"/organisations/{region.slug}/invitation", data=INVITATION)
    assert page.status_code == 200
    assert "n’est pas parti" in page.text
    assert shown_link(page)


def test_mail_that_does_not_leave_never_shows_a_link_into_another_organisation(installation, session, region, clock):
    """For an account that works elsewhere: the sentence, without the link."""
    other = factories.organisation(session, "Ailleurs")
    there = factories.staff(session, (region, Role.COACH), (other, Role.ISSUER))
    session.commit()
    browser = writing_browser(installation, session, "smtp://127.0.0.1:1", clock)
    page = browser.post(f"/organisations/{region.slug}/equipe/{there.id}/lien")
    assert "n’est pas parti" in page.text
    assert "/lien/" not in page.text.replace(f"/equipe/{there.id}/lien", "")


def test_server_that_refuses_the_address_is_said_too(installation, session, region, mailbox, clock):
    """A refusal by the mail server counts as not sent."""
    mailbox.refuse(EMAIL)
    browser = writing_browser(installation, session, mailbox.url, clock)
    page = browser.post(f"/organisations/{region.slug}/invitation", data=INVITATION)
    assert "n’est pas parti" in page.text
    assert mailbox.letters() == []


def test_forgotten_password_by_mail_answers_everybody_the_same(installation, session, region, mailbox, clock):
    """A letter goes to the account and to no other; the page does not tell which."""
    browser = writing_browser(installation, session, mailbox.url, clock)
    member = session.scalars(select(StaffRecord)).one()
    session.commit()
    browser.delete_cookie("jalon_session", domain="localhost")
    pages = [
        browser.post("/mot-de-passe-oublie", data={"email": email}, buffered=True).text
        for email in (member.email, "personne@example.org")
    ]
    assert pages[0] == pages[1]
    assert "un lien vient de partir" in pages[0]
    letters = mailbox.letters()
    assert [letter["To"] for letter in letters] == [member.email]
    path = re.search(r"http://localhost:8000(/lien/[\w-]+)", letters[0].get_content())[1]
    assert member.name in browser.get(path).text


def test_forgotten_password_is_limited_by_address(installation, session, region, mailbox, clock):
    """Nobody floods a letter box."""
    browser = writing_browser(installation, session, mailbox.url, clock)
    answers = [
        browser.post("/mot-de-passe-oublie", data={"email": "personne@example.org"}).status_code for _ in range(21)
    ]
    assert answers == [200] * 20 + [429]


def test_member_is_reset_deactivated_and_brought_back(client, app, session, region):
    """Each act from the organisation's page, and the page tells the state."""
    client.post(f"/organisations/{region.slug}/invitation", data=INVITATION)
    base = f"/organisations/{region.slug}/equipe/{member_id(session)}"
    link = shown_link(client.post(f"{base}/lien"))
    assert app.test_client().get(link).status_code == 200
    client.post(f"{base}/desactivation")
    assert "Désactivé" in client.get(f"/organisations/{region.slug}").text
    assert app.test_client().get(link).status_code == 404
    client.post(f"{base}/reactivation")
    assert "Désactivé" not in client.get(f"/organisations/{region.slug}").text


def test_roles_are_changed_and_the_last_administrator_is_told_why_not(client, session, region):
    """Exactly what is ticked; 409 with the reason for the last administrator."""
    client.post(f"/organisations/{region.slug}/invitation", data=INVITATION)
    base = f"/organisations/{region.slug}/equipe/{member_id(session)}"
    client.post(f"{base}/roles", data={"roles": ["issuer", "auditor"]})
    page = client.get(f"{base}/roles").text
    assert re.findall(r'value="(\w+)" checked', page) == ["issuer", "auditor"]
    own = session.scalars(select(RoleRecord.staff_id).where(RoleRecord.role == Role.ADMINISTRATOR)).one()
    session.commit()
    refused = client.post(f"/organisations/{region.slug}/equipe/{own}/roles", data={"roles": ["editor"]})
    assert refused.status_code == 409
    assert "la dernière personne qui administre" in refused.text
    assert client.post(f"/organisations/{region.slug}/equipe/{own}/desactivation").status_code == 409


OTHERS = [
    ("get", ""),
    ("get", "/reglages"),
    ("post", "/reglages"),
    ("get", "/invitation"),
    ("post", "/invitation"),
    ("post", "/equipe/{id}/lien"),
    ("post", "/equipe/{id}/desactivation"),
    ("post", "/equipe/{id}/reactivation"),
    ("get", "/equipe/{id}/roles"),
    ("post", "/equipe/{id}/roles"),
]


@pytest.mark.parametrize(("method", "path"), OTHERS)
def test_organisation_of_others_does_not_exist(client, session, region, method, path):
    """404 for an administrator of elsewhere, whatever is asked."""
    other = factories.organisation(session, "Ailleurs")
    there = factories.staff(session, (other, Role.COACH))
    session.commit()
    address = f"/organisations/{other.slug}{path}".format(id=there.id)
    form = {"data": {**INVITATION, "address_form": "vous", "word_for_person": "x"}} if method == "post" else {}
    assert getattr(client, method)(address, **form).status_code == 404


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_other_roles_do_not_administer(client, session, region, clock, role):
    """403 for every other role of the organisation itself."""
    factories.sign_in(session, client, factories.staff(session, (region, role)), clock())
    session.commit()
    for path in ("/organisations", "/nouvelle-organisation", f"/organisations/{region.slug}"):
        assert client.get(path).status_code == 403


def test_journal_speaks_in_sentences(client, session, region, clock):
    """Who did what to which member of staff; a person who is followed stays unnamed; the rest is a page further."""
    client.post(f"/organisations/{region.slug}/invitation", data=INVITATION)
    auditor = factories.staff(session, (region, Role.AUDITOR))
    coach = factories.staff(session, (region, Role.COACH), name="Camille Roche")
    person = factories.person(session, region, coach, name="Awa Diallo")
    for _ in range(55):
        journal.record(
            session,
            actor=f"person:{person.id}",
            action="award.claimed",
            object="award:x",
            now=clock(),
            organisation_id=region.id,
        )
    factories.sign_in(session, client, auditor, clock())
    session.commit()
    page = client.get("/journal").text
    assert "Une personne accompagnée a pris un badge." in page
    assert "Awa Diallo" not in page
    older = re.search(r'href="(/journal\?avant=\d+)"', page)[1]
    assert "a invité Samir Belkacem." in client.get(older).text


def test_every_act_of_the_services_has_its_sentence():
    """No act reaches the journal's page as a code."""
    written = set()
    for source in Path(journal.__file__).parent.glob("*.py"):
        written |= set(re.findall(r'"([a-z]+\.[a-z_]+)"', source.read_text(encoding="utf-8")))
    acts = {act for act in written if act.split(".")[0] in {name.split(".")[0] for name in journal_words.SENTENCES}}
    assert acts == set(journal_words.SENTENCES)


def test_journal_is_for_auditors(client, region):
    """An administrator reads none."""
    assert client.get("/journal").status_code == 403


def test_unknown_act_is_shown_by_its_code(client, session, region, clock):
    """Nothing is left out of a journal."""
    journal.record(
        session, actor="command", action="thing.done", object="thing:1", now=clock(), organisation_id=region.id
    )
    factories.sign_in(session, client, factories.staff(session, (region, Role.AUDITOR)), clock())
    session.commit()
    assert "thing.done" in client.get("/journal").text
    assert session.scalars(select(JournalRecord)).one().action == "thing.done"
