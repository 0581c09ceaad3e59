"""Référentiels in the languages of the people who read them: written by the region, read by the person."""

import io
from dataclasses import replace

import pytest

from badges.models.people import OrganisationKind, Role
from badges.services import referentiels, translations
from badges.services.access import Actor
from badges.services.errors import Invalid, NotFound
from badges.services.referentiels import Stale
from badges.web import words
from badges.web.referentiel_editor.translations import field
from referentiels import translation
from referentiels.starters import starters
from tests import factories

PAGE = "/referentiels/territoire/traductions/en"
NAME = starters()[2].competences[0].name


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
def version(session, editor, region, clock):
    referentiels.create(session, editor, starters()[2], owner_id=region.id, now=clock())
    found = referentiels.publish(session, editor, slug="territoire", revision=1, now=clock())
    session.commit()
    return found


@pytest.fixture
def browser(client, session, staff, clock, version):
    """The client, signed in as the editor of a published référentiel."""
    factories.sign_in(session, client, staff, clock())
    session.commit()
    return client


def test_what_the_region_writes_is_read_at_once_in_the_version_that_was_frozen_before(browser, session, version):
    """A translation needs no new version; the frozen bytes stay what they are."""
    before = version.document
    assert "Pas commencé" in browser.get("/referentiels/territoire/traductions").get_data(as_text=True)
    assert browser.post(PAGE, data={field(NAME): "Letting people know", "revision": "0"}).status_code == 303
    session.expire_all()
    assert version.document == before
    assert translations.spoken(session, version, "en").competences[0].name == "Letting people know"
    assert translations.spoken(session, version, "ar").competences[0].name == NAME
    assert "Letting people know" in browser.get(PAGE).get_data(as_text=True)


def test_two_translators_at_once_lose_nothing(browser, session, version):
    """The second is told, and finds both what was typed and what was saved."""
    browser.post(PAGE, data={field(NAME): "Warning", "revision": "0"})
    answer = browser.post(PAGE, data={field(NAME): "Letting people know", "revision": "0"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Letting people know" in page
    assert "Warning" in page
    session.expire_all()
    assert translations.spoken(session, version, "en").competences[0].name == "Warning"


def test_spreadsheet_completes_the_translation(browser, session, version):
    """Out, filled in, and in again; what is not in the référentiel is left out."""
    assert NAME in browser.get(f"{PAGE}.csv").get_data(as_text=True)
    table = f"texte;traduction\r\n{NAME};Letting people know\r\nAutre chose;Something else\r\n".encode()
    sent = browser.post(f"{PAGE}/fichier", data={"file": (io.BytesIO(table), "en.csv")})
    assert sent.status_code == 303
    session.expire_all()
    assert translations.of_referentiel(session, version.referentiel)["en"].texts == {NAME: "Letting people know"}


@pytest.mark.parametrize("table", [b"", b"texte;autre\r\n", b"\xff\xfe", b"texte;traduction\r\nAutre;Other\r\n"])
def test_spreadsheet_that_does_not_fit_changes_nothing(browser, session, version, table):
    """A sentence, and the page as it was."""
    answer = browser.post(f"{PAGE}/fichier", data={"file": (io.BytesIO(table), "en.csv")})
    assert answer.status_code == 422
    assert "Rien n’a été enregistré" in answer.get_data(as_text=True)
    session.expire_all()
    assert translations.of_referentiel(session, version.referentiel) == {}


def test_no_translation_into_its_own_language_or_an_unknown_one(browser):
    """Neither has a page."""
    for language in ("fr", "xx", "../en"):
        assert browser.get(f"/referentiels/territoire/traductions/{language}").status_code == 404


def test_services_refuse_strangers_stale_revisions_and_other_texts(session, editor, version, clock):
    """Each with its own answer."""
    here = {"slug": "territoire", "language": "en", "now": clock()}
    with pytest.raises(NotFound):
        translations.save(session, Actor("x", staff_id=1), texts={NAME: "x"}, revision=0, **here)
    with pytest.raises(Stale):
        translations.save(session, editor, texts={NAME: "x"}, revision=3, **here)
    with pytest.raises(Invalid):
        translations.save(session, editor, texts={"Autre": "x"}, revision=0, **here)
    with pytest.raises(Invalid):
        translations.save(session, editor, texts={NAME: "x" * 5000}, revision=0, **here)


def test_copy_is_read_in_the_languages_of_what_it_was_copied_from(session, editor, region, version, clock):
    """The very same texts keep their translations; a text that is empty again loses it."""
    here = {"slug": "territoire", "language": "de", "now": clock()}
    translations.save(session, editor, texts={NAME: "Bescheid geben"}, revision=0, **here)
    copy = referentiels.create(session, editor, replace(starters()[2], code="copie"), owner_id=region.id, now=clock())
    translations.carry_over(session, copy, clock())
    assert translations.of_referentiel(session, copy)["de"].texts == {NAME: "Bescheid geben"}
    translations.save(session, editor, texts={NAME: " "}, revision=1, **here)
    assert translations.of_referentiel(session, version.referentiel)["de"].texts == {}


def test_published_version_is_read_in_the_visitor_s_language_and_says_which_text_counts(client, session, version):
    """What is translated comes in the page's words, the rest marked as French; on a French page nothing is said."""
    address = "/r/territoire/1"
    translations.carry_over(session, version.referentiel, version.published_at)
    session.commit()
    page = client.get(f"{address}?lang=en").get_data(as_text=True)
    assert translation.shipped()["en"][NAME] in page
    assert "Translated for you. The text that counts is the French one." in page
    assert '<span lang="fr" dir="ltr">' in page  # what recruiters read is not translated
    assert "Traduit pour vous" not in client.get(f"{address}?lang=fr").get_data(as_text=True)


def test_text_is_marked_with_its_language_only_where_the_page_speaks_another(app):
    """Inside a sentence too; a tag that nobody knows is kept, a name cannot bring markup."""
    with app.test_request_context("/?lang=en"):
        assert words.said(translation.Said("Prévenir", "fr")) == '<span lang="fr" dir="ltr">Prévenir</span>'
        assert words.said("إبلاغ", "ar") == '<span lang="ar" dir="rtl">إبلاغ</span>'
        assert words.said("x", "zz-nobody") == '<span lang="zz-nobody" dir="auto">x</span>'
        assert words.said(translation.Said("Letting people know", "en")) == "Letting people know"
        placed = words.within("%(name)s, %(level)s", name=translation.Said("<b>", "fr"), level=3)
        assert placed == '<span lang="fr" dir="ltr">&lt;b&gt;</span>, 3'
        assert words.said(words.like("3 · Seul", translation.Said("Seul", "fr"))).startswith("<span")
