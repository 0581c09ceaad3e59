"""The pages for everybody: the front page, what the law asks to publish, the service's own state."""

import re
from dataclasses import replace

import pytest

from badges.db import Database
from badges.models.people import Role
from tests import factories


def test_front_page_has_three_ways_in(client):
    """Verify a badge, my card, staff; and the accessibility status, as the law asks."""
    page = client.get("/").text
    for words, address in (("Vérifier un badge", "/v"), ("J’ai une carte", "/carte"), ("Équipe", "/connexion")):
        assert re.search(rf'<a href="{address}">{words}</a>', page), words
    assert "Accessibilité\u00a0: non conforme" in page


@pytest.mark.parametrize("address", ["/", "/v", "/verify", "/referentiels", "/qui-voit-quoi", "/verifier-hors-ligne"])
def test_page_for_everybody_is_asked_for_anew_each_time(client, address):
    """It may hold one browser's own token, in its own language: nothing between may hand it to the next one."""
    answer = client.get(address)
    assert (answer.status_code, answer.headers.get("Cache-Control")) == (200, "no-cache")


@pytest.mark.parametrize(("role", "first"), [(Role.COACH, "/personnes"), (Role.ADMINISTRATOR, "/referentiels")])
def test_front_page_leads_staff_back_to_their_work(client, session, clock, role, first):
    """Whoever is in sees their first page, not the ways in."""
    structure = factories.organisation(session)
    factories.sign_in(session, client, factories.staff(session, (structure, role)), clock())
    session.commit()
    page = client.get("/").text
    assert f'href="{first}"' in page
    assert 'href="/connexion"' not in page


def test_front_page_leads_a_person_to_their_own(client, session, clock):
    """Their page first."""
    factories.sign_in(session, client, factories.person(session), clock())
    session.commit()
    page = client.get("/").text
    assert "Ce qu’il y a à faire, mes badges, ma carte." in page
    assert 'href="/carte"' not in page


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("/a-propos", "ce n’est ni un diplôme, ni une certification"),
        ("/accessibilite", "n’est pas conforme au référentiel général"),
        ("/confidentialite", "Ni e-mail, ni adresse, ni date de naissance"),
        ("/qui-voit-quoi", "Dire non ne change rien à votre accompagnement."),
    ],
)
def test_pages_the_law_asks_for_are_open_to_all(client, address, sentence):
    """Each says what it must, before anybody signs in, under one heading."""
    page = client.get(address)
    assert page.status_code == 200
    assert sentence in page.text
    assert page.text.count("<h1") == 1


def test_health_is_the_databases(client, app, installation):
    """200 while the database answers, 503 where it does not."""
    assert client.get("/healthz").status_code == 200
    unreachable = Database(f"sqlite:///{installation.settings.data}/nowhere/jalon.sqlite")
    app.extensions["jalon"] = replace(installation, database=unreachable)
    assert client.get("/healthz").status_code == 503


@pytest.mark.parametrize("path", ["/carte", "/connexion", "/v"])
def test_character_that_no_database_keeps_is_no_fault_of_ours(client, path):
    """NUL, which PostgreSQL refuses in any text: a sentence to whoever sent it."""
    fields = dict.fromkeys(("email", "password", "code", "pin"), "A\x00B")
    assert client.post(path, data=fields).status_code < 500
    assert client.get(path, query_string=fields).status_code < 500
