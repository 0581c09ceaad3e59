"""A stranger's badge at our door: its issuer's own site is asked, and nobody waits for it but the one who asked."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from badges.services.installation import Installation, open_installation, prepare
from badges.settings import Settings
from badges.web.current import EXTENSION
from tests.awarding import world
from tests.conftest import START
from tests.verify import factory as f
from tests.verify import https_site
from tests.verify.https_site import HOST, Site, reply, serving
from verify.fetching import Deadline, Fetcher, FetchPolicy
from verify.web_address import NotFetched, Refusal

POLICY = FetchPolicy(
    private_hosts=frozenset({HOST}),
    refused_hosts=frozenset({"localhost"}),
    authorities=https_site.authority().pem,
)


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as served:
        yield served


@pytest.fixture
def online(app: Flask, installation: Installation) -> Installation:
    """The installation with a fetcher that may reach the tests' sites."""
    fetcher = Fetcher(POLICY, resolver=lambda _host, _port: ["127.0.0.1"], clock=installation.clock)
    app.extensions[EXTENSION] = replace(installation, fetcher=fetcher)
    return app.extensions[EXTENSION]


def strangers_badge(site: Site, index: int = f.STANDING) -> bytes:
    """A badge of an issuer at the site, which serves its key and its lists."""
    did, method = f"did:web:{HOST}%3A{site.port}:o:inconnue", f"did:web:{HOST}%3A{site.port}:o:inconnue#cle-1"
    revocations, suspensions = site.url("/status/1"), site.url("/status/2")
    site.answers["/o/inconnue/did.json"] = reply(f.written(f.did_document(did)))
    for url, purpose, taken in ((revocations, "revocation", [f.REVOKED]), (suspensions, "suspension", [])):
        listed = f.status_credential(url, purpose, taken, did)
        site.answers[f"/status/{url[-1]}"] = reply(f.written(f.sign(listed, method=method)))
    entry = f.status_entry(index, statusListCredential=revocations, statusReference=suspensions)
    return f.written(f.sign(f.credential(did, credentialStatus=entry), method=method))


def posted(client, data: bytes, accept: str = "application/json"):
    return client.post("/verify", data=data, headers={"Accept": accept, "Content-Type": "application/json"})


def reasons(report: dict) -> dict:
    return {check["name"]: check["reason"] for check in report["checks"]}


def test_strangers_badge_is_verified_with_its_issuers_site(client, online, site):
    """Everything but recognition passes, which is ours to give; and the report says when the status was asked."""
    report = posted(client, strangers_badge(site)).get_json()
    assert report["verdict"] == "undetermined"
    assert {name: reason for name, reason in reasons(report).items() if reason} == {
        "issuer_recognised": "issuer_unknown"
    }
    assert report["status_as_of"] == "2026-11-21T09:00:00Z"
    report = posted(client, strangers_badge(site, f.REVOKED)).get_json()
    assert (report["verdict"], reasons(report)["status"]) == ("invalid", "revoked")


def test_page_says_when_the_status_was_known(client, online, site, clock):
    """What is remembered keeps the moment at which it came."""
    data = strangers_badge(site)
    posted(client, data)
    clock.forward(minutes=3)
    french = posted(client, data, "text/html").text.replace("\u00a0", " ").replace("\u202f", " ")
    assert "Statut connu au 21 novembre 2026 à 10:00." in french
    assert site.paths.count("/status/1") == 1
    english = client.post("/verify?lang=en", data=data, headers={"Accept": "text/html"}).text
    assert "Status known as of November 21, 2026, 10:00." in english


def test_without_a_fetcher_nothing_is_asked(client, installation, site):
    """On a closed network a stranger's key cannot be had: said, and never valid."""
    assert installation.fetcher is None
    report = posted(client, strangers_badge(site)).get_json()
    assert (report["verdict"], reasons(report)["proof"]) == ("undetermined", "key_unreachable")
    assert report["status_as_of"] is None
    assert site.requests == []
    assert "au site de son émetteur" not in client.get("/verify").text


def test_page_says_beforehand_who_is_asked(client, online):
    """Where a file is handed in."""
    assert "au site de son émetteur" in client.get("/verify").text


def test_no_transaction_is_open_while_the_network_is_waited_for(client, online, site):
    """A slow host holds no connection to the database: everybody else goes on."""
    data = strangers_badge(site)
    held = []
    answers = dict(site.answers)

    def watched(path: str):
        def answer(connection) -> None:
            held.append(online.database.engine.pool.checkedout())  # type: ignore[attr-defined]
            connection.sendall(answers[path])

        return answer

    site.answers = {path: watched(path) for path in answers}
    report = posted(client, data).get_json()
    assert reasons(report)["status"] is None
    assert held == [0, 0, 0]


def test_own_badge_asks_nobody_and_is_known_now(client, online, session, site, clock):
    """Ours is verified from our tables, here as on its page, at this very moment."""
    place = world(session, online)
    credential = place.claimed()
    session.commit()
    clock.forward(minutes=30)
    report = posted(client, credential.document).get_json()
    assert (report["verdict"], report["status_as_of"]) == ("valid", "2026-11-21T09:30:00Z")
    page = client.get(f"/v/{credential.award.shares[-1].code}", headers={"Accept": "text/html"}).text
    assert "Statut connu au 21 novembre 2026 à 10:30." in page.replace("\u00a0", " ").replace("\u202f", " ")
    assert site.names == []


def test_badge_that_names_us_wrongly_does_not_make_us_ask_ourselves(client, online, site):
    """An organisation that we do not have is not looked for over the network at our own address."""
    did = "did:web:localhost%3A8000:o:personne"
    data = f.written(f.sign(f.credential(did), method=f"{did}#cle-1"))
    assert reasons(posted(client, data).get_json())["proof"] == "key_unreachable"
    assert site.names == []


def test_installation_fetches_unless_told_not_to(tmp_path):
    """On by default, never from its own name; off by a setting, and that setting takes two words."""
    environment = {"JALON_DATA": str(tmp_path), "JALON_BASE_URL": "https://badges.example"}
    settings = Settings.from_environment(environment)
    prepare(settings)
    opened = open_installation(settings, lambda: START + timedelta(days=1))
    assert opened.fetcher is not None
    with pytest.raises(NotFetched) as refused:
        opened.fetcher.fetch("https://badges.example/o/x/did.json", accept="*/*", deadline=Deadline(1))
    assert refused.value.refusal is Refusal.HOST_REFUSED
    opened.database.close()
    closed = open_installation(Settings.from_environment({**environment, "JALON_FETCH": "off"}))
    assert closed.fetcher is None
    closed.database.close()
