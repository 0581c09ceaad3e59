"""Référentiels as everybody reads them: versions word by word, exact bytes, comparison, who is recognised."""

import hashlib
import re
from dataclasses import replace
from datetime import date

import pytest

from badges.models.people import OrganisationKind, Role
from badges.services import referentiels
from badges.services.access import Actor
from referentiels import spreadsheet
from referentiels.starters import starters
from tests import factories


@pytest.fixture
def region(session):
    return factories.organisation(session, "Région Val-de-Brume", slug="val-de-brume", kind=OrganisationKind.REGION)


@pytest.fixture
def staff(session, region):
    return factories.staff(session, (region, Role.EDITOR))


@pytest.fixture
def editor(staff, region):
    return Actor(staff.name, staff_id=staff.id, roles=frozenset({(region.id, Role.EDITOR)}))


@pytest.fixture
def publish(session, editor, region, clock):
    """Publish a référentiel; give what its version holds."""

    def published(text):
        row = referentiels.create(session, editor, text, owner_id=region.id, now=clock())
        version = referentiels.publish(session, editor, slug=row.slug, revision=1, now=clock())
        session.commit()
        return version

    return published


def revise(session, editor, slug, title, now):
    """Another version, under another title."""
    row = referentiels.for_editor(session, editor, slug)
    referentiels.change_draft(
        session, editor, slug=slug, revision=row.revision, change=lambda draft: replace(draft, title=title), now=now
    )
    version = referentiels.publish(session, editor, slug=slug, revision=row.revision, now=now)
    session.commit()
    return version


def test_index_lists_versions_in_force_and_no_draft(client, publish, session, editor, clock):
    """A published title is there; a draft, or the new title of a draft, is not."""
    owner = publish(starters()[0]).referentiel.owner_id
    referentiels.create(session, editor, replace(starters()[1], title="Brouillon secret"), owner_id=owner, now=clock())
    referentiels.change_draft(
        session,
        editor,
        slug="savoir-etre",
        revision=1,
        change=lambda draft: replace(draft, title="Titre pas encore public"),
        now=clock(),
    )
    session.commit()
    page = client.get("/referentiels").get_data(as_text=True)
    assert starters()[0].title in page
    assert "secret" not in page
    assert "Titre pas encore public" not in page
    assert "Nouveau référentiel" not in page


def test_index_says_so_where_nothing_is_published(client):
    """An empty installation has a page, not an error."""
    answer = client.get("/referentiels")
    assert answer.status_code == 200
    assert "Aucun référentiel n’est publié" in answer.get_data(as_text=True)


def test_index_shows_an_editor_their_drafts(client, publish, session, staff, clock):
    """An editor finds their drafts and the way to begin one."""
    publish(starters()[0])
    factories.sign_in(session, client, staff, clock())
    session.commit()
    page = client.get("/referentiels").get_data(as_text=True)
    assert "Mes brouillons" in page
    assert "/referentiels/savoir-etre/brouillon" in page
    assert "/referentiels/nouveau" in page


def test_unpublished_referentiel_does_not_exist_for_the_public(client, session, editor, region, clock):
    """Nobody learns of a draft by guessing its address."""
    referentiels.create(session, editor, starters()[0], owner_id=region.id, now=clock())
    session.commit()
    assert client.get("/r/savoir-etre").status_code == 404
    assert client.get("/r/savoir-etre/1").status_code == 404


@pytest.mark.parametrize("starter", starters(), ids=lambda one: one.code)
def test_version_page_holds_every_anchor_that_badges_sign(client, publish, starter):
    """Each badge, each of its requirements and each rubric level is found on the page, once."""
    publish(starter)
    page = client.get(f"/r/{starter.code}/1").get_data(as_text=True)
    found = re.findall(r'\bid="([^"]+)"', page)
    wanted = set()
    for badge in starter.badges:
        wanted.add(f"badge-{badge.code}")
        for need in badge.requirements:
            wanted.add(f"badge-{badge.code}-{need.competence}")
            wanted |= {f"badge-{badge.code}-{need.competence}-{level}" for level in starter.levels}
    assert wanted <= set(found)
    assert len(found) == len(set(found))


def test_version_page_reads_the_whole_text(client, publish):
    """Wordings, behaviours, alignments with their source and note, co-authors and digest are all there."""
    version = publish(starters()[1])
    page = client.get("/r/regional/1").get_data(as_text=True)
    text = referentiels.document_of(version)
    for competence in text.competences:
        for words in (competence.for_person, competence.for_recruiter, *(seen.text for seen in competence.behaviours)):
            assert escaped(words) in page
        for alignment in competence.alignments:
            assert escaped(alignment.source) in page
    for badge in text.badges:
        assert escaped(badge.description) in page
    assert "proposé, non validé" in page
    assert all(escaped(name) in page for name in text.co_authors)
    assert version.digest in page
    assert "Ce n’est pas un diplôme" in page


def escaped(words):
    """The words as a template writes them."""
    for sign, written in (("&", "&amp;"), ("'", "&#39;"), ('"', "&#34;"), ("<", "&lt;"), (">", "&gt;")):
        words = words.replace(sign, written)
    return words


def test_version_page_says_how_many_requirements_suffice(client, publish):
    """A badge that needs some of several says how many, in words."""
    starter = starters()[1]
    badge = next(one for one in starter.badges if one.at_least not in {None, len(one.requirements)})
    publish(starter)
    page = client.get("/r/regional/1").get_data(as_text=True)
    assert f"Il en faut au moins {badge.at_least} sur {len(badge.requirements)}" in page


@pytest.mark.parametrize("wanted", ["application/json", "application/ld+json"])
def test_version_gives_its_exact_bytes_to_whoever_asks_for_json(client, publish, wanted):
    """The stored bytes, whose digest is the version's, under a strong ETag, for programs anywhere."""
    version = publish(starters()[0])
    answer = client.get("/r/savoir-etre/1", headers={"Accept": wanted})
    assert answer.data == version.document
    assert f"sha256-{hashlib.sha256(answer.data).hexdigest()}" == version.digest
    assert answer.mimetype == wanted
    assert "Accept" in answer.vary
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.get_etag()[1] is False


def test_version_answers_304_to_whoever_has_it(client, publish):
    """The ETag of the bytes is their digest, and spares sending them again."""
    version = publish(starters()[0])
    headers = {"Accept": "application/json", "If-None-Match": f'"{version.digest}"'}
    answer = client.get("/r/savoir-etre/1", headers=headers)
    assert (answer.status_code, answer.data) == (304, b"")


def test_version_is_a_page_for_everyone_else(client, publish):
    """Browsers, and whoever does not say, get the page."""
    publish(starters()[0])
    for wanted in ("*/*", "text/html,application/xhtml+xml,*/*;q=0.8", "image/png", ""):
        answer = client.get("/r/savoir-etre/1", headers={"Accept": wanted})
        assert answer.mimetype == "text/html"
        assert {"Accept", "Accept-Language"} <= set(answer.vary)


def test_version_downloads(client, publish):
    """The JSON file is the exact bytes; the CSV reads back as the same text."""
    version = publish(starters()[0])
    as_json, as_csv = client.get("/r/savoir-etre/1.json"), client.get("/r/savoir-etre/1.csv")
    assert as_json.data == version.document
    assert "savoir-etre-1.json" in as_json.headers["Content-Disposition"]
    assert spreadsheet.read_csv(as_csv.data) == starters()[0]


def test_version_takes_no_change(client, publish, session, staff, clock):
    """A published version is frozen, even for its editor."""
    version = publish(starters()[0])
    factories.sign_in(session, client, staff, clock())
    session.commit()
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        answer = client.open("/r/savoir-etre/1", method=method, data=b"{}", content_type="application/json")
        assert answer.status_code == 405
    assert client.get("/r/savoir-etre/1.json").data == version.document


def test_unknown_version_is_not_found(client, publish):
    """No such version, whatever the address tried."""
    publish(starters()[0])
    for address in ("savoir-etre/2", "inconnu/1", "inconnu", "A%00/1", "savoir-etre/99999999999999999999"):
        assert client.get(f"/r/{address}").status_code == 404


def test_superseded_version_leads_to_the_next(client, publish, session, editor, clock):
    """The old page stays, and says since when and by what it is replaced."""
    publish(starters()[0])
    revise(session, editor, "savoir-etre", "Deuxième édition", clock.forward(days=2))
    page = client.get("/r/savoir-etre/1").get_data(as_text=True)
    assert "Remplacée le 23 nov. 2026 par la version 2" in page
    assert starters()[0].title in page
    assert "Deuxième édition" not in page
    assert "Deuxième édition" in client.get("/r/savoir-etre/2").get_data(as_text=True)


def test_withdrawn_version_says_when_and_why(client, publish, session, editor, clock):
    """The reason is public; the text stays readable."""
    publish(starters()[0])
    referentiels.withdraw(
        session, editor, slug="savoir-etre", number=1, reason="Deux niveaux se confondaient.", now=clock()
    )
    session.commit()
    answer = client.get("/r/savoir-etre/1")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "Retirée le 21 nov. 2026" in page
    assert "Deux niveaux se confondaient." in page
    assert starters()[0].competences[0].for_person in page


def test_comparison_says_what_changed(client, publish, session, editor, clock):
    """Each difference is a sentence."""
    publish(starters()[0])
    revise(session, editor, "savoir-etre", "Deuxième édition", clock())
    page = client.get("/r/savoir-etre/1..2").get_data(as_text=True)
    assert "Deuxième édition\u00a0»" in page
    assert client.get("/r/savoir-etre/1..3").status_code == 404


def test_lineage_tells_who_is_recognised_and_until_when(client, publish, session, editor, clock):
    """Current recognitions stand apart from those that have ended."""
    publish(starters()[0])
    for name, first, last in (
        ("Mission Passerelle", date(2026, 1, 1), None),
        ("Ancien Relais", date(2025, 1, 1), date(2025, 12, 31)),
        ("Prochaine Maison", date(2027, 1, 1), None),
    ):
        structure = factories.organisation(session, name)
        referentiels.recognise(
            session,
            editor,
            slug="savoir-etre",
            organisation_slug=structure.slug,
            valid_from=first,
            valid_until=last,
            now=clock(),
        )
    session.commit()
    page = client.get("/r/savoir-etre").get_data(as_text=True)
    now, later, ended = (page.index(words) for words in ("Reconnues aujourd’hui", "Reconnues plus tard", "terminées"))
    assert now < page.index("Mission Passerelle", now) < later
    assert later < page.index("Prochaine Maison") < ended < page.index("Ancien Relais")


def test_pages_offer_editing_to_the_owner_alone(client, publish, session, staff, clock):
    """The way to the draft is shown to its editors, and not to another organisation's."""
    publish(starters()[0])
    other = factories.organisation(session, "Autre région", kind=OrganisationKind.REGION)
    stranger = factories.staff(session, (other, Role.EDITOR))
    for who, offered in ((stranger, False), (staff, True)):
        factories.sign_in(session, client, who, clock())
        session.commit()
        for address in ("/r/savoir-etre", "/r/savoir-etre/1"):
            assert ("/referentiels/savoir-etre/brouillon" in client.get(address).get_data(as_text=True)) is offered
