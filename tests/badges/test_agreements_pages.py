"""Agreements on pages: asked before the first badge, paused everywhere when taken back, lifted when given again."""

import json

import pytest

from badges.models.consents import Purpose
from badges.models.people import AgeBand
from badges.services import consents, lifecycle, shares
from tests import factories
from tests.awarding import world

ACCEPTS = ("application/json", "application/vc", "image/png", "image/svg+xml", "application/vc+jwt")


@pytest.fixture
def place(session, installation):
    return world(session, installation)


def answer(client, said, purpose="publication", **more):
    return client.post(f"/moi/accords/{purpose}", data={"answer": said, **more})


def become(session, client, clock, who):
    factories.sign_in(session, client, who, clock())
    session.commit()


def take_back(session, installation, place, now, act=consents.take_back):
    act(session, installation, factories.actor(place.person), Purpose.PUBLICATION, now)
    session.commit()


def test_question_comes_before_the_first_badge_and_leads_back(session, client, clock, place):
    """Explained in a few words, with what no changes: nothing. Yes leads to the badge."""
    consents.take_back(session, place.installation, factories.actor(place.person), Purpose.PUBLICATION, clock())
    award = place.granted()
    become(session, client, clock, place.person)
    path = f"/badges-proposes/{award.id}/prendre"
    asked = client.get(path)
    assert asked.location.startswith("/moi/accords/publication?next=")
    page = client.get(asked.location).text
    assert "Dire non ne change rien à votre accompagnement." in page
    assert page.count("<h1") == 1
    refused = client.post(path, data={"pin": factories.PIN, "shown": "x", "nom": "clair"})
    assert refused.status_code == 409
    assert answer(client, "no", next=path).location == "/moi/accords"
    assert answer(client, "peut-être").status_code == 422
    assert answer(client, "yes", next="https://elsewhere.example/").location == "/moi/accords"
    assert answer(client, "yes", next=path).location == path
    assert "Votre nom dans le badge" in client.get(path).text


def test_badge_says_that_it_is_paused_and_nothing_else_in_every_format(session, client, clock, place):
    """No name, no skill, no issuer, no file: the page, the signed forms, both versions, the pictures, the lists."""
    credential = place.claimed()
    share = shares.active_share(credential.award, place.now)
    session.commit()
    listed = client.get(f"/status/{credential.status_list_id}").data
    files = (".json", "/badge.png", "/badge.svg", "/ob2.json", "/ob2.jws", "/ob2.png", "/image.png")
    assert all(client.get(f"/v/{share.code}{file}").status_code == 200 for file in files)
    take_back(session, place.installation, place, clock.forward(minutes=5))
    for path in (f"/v/{share.code}", f"/c/{credential.id}", f"/v/{share.code}/imprimer"):
        page = client.get(path, headers={"Accept": "text/html"})
        assert page.status_code == 200
        assert "Ce badge est en pause." in page.text
        assert not any(word in page.text for word in ("Awa", "Diallo", "Travail en équipe", "Mission Passerelle"))
    for kind in ACCEPTS:
        assert client.get(f"/v/{share.code}", headers={"Accept": kind}).status_code in {406, 409}
    for file in files:
        answered = client.get(f"/v/{share.code}{file}", headers={"Accept": "application/json"})
        assert (answered.status_code, answered.json["title"]) == (409, "Ce badge est en pause.")
    older = client.get(f"/ob2/c/{credential.id}", headers={"Accept": "application/json"}).json
    assert (older["revoked"], older["revocationReason"]) == (True, "Ce badge est en pause.")
    assert "Awa" not in json.dumps(older)
    assert client.get(f"/status/{credential.status_list_id}").data != listed
    report = client.post("/verify", data=credential.document, content_type="application/json").json
    assert report["verdict"] == "invalid"
    take_back(session, place.installation, place, clock.forward(minutes=5), consents.give)
    assert "Badge authentique" in client.get(f"/v/{share.code}", headers={"Accept": "text/html"}).text
    assert client.get(f"/v/{share.code}.json").data == credential.document


def test_yes_again_lifts_nothing_that_the_issuer_paused_or_withdrew(session, client, clock, place):
    """And the issuer's lifting leaves the person's pause alone."""
    credential = place.claimed()
    issuer, act = factories.actor(place.issuer), {"award_id": credential.award_id, "now": clock()}
    lifecycle.suspend(session, issuer, place.installation, reason="À revoir.", **act)
    take_back(session, place.installation, place, clock())
    take_back(session, place.installation, place, clock(), consents.give)
    code = shares.active_share(credential.award, place.now).code
    assert "en pause" in client.get(f"/v/{code}", headers={"Accept": "text/html"}).text
    take_back(session, place.installation, place, clock())
    lifecycle.resume(session, issuer, place.installation, **act)
    session.commit()
    assert "Awa" not in client.get(f"/v/{code}", headers={"Accept": "text/html"}).text
    report = client.post("/verify", data=credential.document, content_type="application/json").json
    assert report["verdict"] == "invalid"
    lifecycle.revoke(session, issuer, place.installation, reason="Erreur.", **act)
    take_back(session, place.installation, place, clock(), consents.give)
    assert "a retiré ce badge" in client.get(f"/v/{code}", headers={"Accept": "text/html"}).text


def test_no_new_share_without_agreement(session, client, clock, place):
    """The badge stays the person's; its page says why it is paused and how to lift that."""
    credential = place.claimed()
    share = shares.active_share(credential.award, place.now)
    shares.withdraw_share(session, factories.actor(place.person), share_id=share.id, now=clock())
    take_back(session, place.installation, place, clock())
    become(session, client, clock, place.person)
    assert client.post(f"/moi/badges/{credential.award_id}/partager").status_code == 409
    page = client.get(f"/moi/badges/{credential.award_id}").text
    assert "l’accord a été repris" in page
    assert client.get(f"/moi/badges/{credential.award_id}/badge.json").data == credential.document


def test_coach_notes_what_child_and_parent_said(session, client, clock, place):
    """Only under fifteen; the child's own page says who to ask, and takes a no alone."""
    place.person.age_band = AgeBand.UNDER_15
    session.commit()
    become(session, client, clock, place.person)
    assert "avec un parent" in client.get("/moi/accords/publication").text
    assert answer(client, "yes").status_code == 403
    become(session, client, clock, place.coach)
    path = f"/personnes/{place.person.id}/accords"
    assert "L’enfant dit oui" in client.get(path).text
    assert client.post(path, data={"child": "1", "parent": "1", "words": ""}).status_code == 422
    assert client.post(path, data={"child": "1", "parent": "1", "words": "En face à face."}).status_code == 303
    session.expire_all()
    assert consents.given(session, place.person.id, Purpose.PUBLICATION)
    session.commit()
    assert "En face à face." in client.get(path).text
    assert client.post(f"{path}/age", data={"age_band": "12"}).status_code == 422
    assert client.post(f"{path}/age", data={"age_band": "15_17"}).status_code == 303
    assert "elle décide seule" in client.get(path).text
    become(session, client, clock, place.person)
    assert answer(client, "no").status_code == 303
    assert "non, pour « Montrer mes badges »" in client.get("/moi/accords").text
