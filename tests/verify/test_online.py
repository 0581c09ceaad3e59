"""A stranger's badge, verified with what its issuer's own site says: over real https, on loopback."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.verify import factory as f
from tests.verify import https_site
from tests.verify.https_site import HOST, Site, redirect, reply, serving
from verify import CheckName, Outcome, Policy, Reason, Report, TrustBundle, Verdict, Verifier
from verify import __main__ as command
from verify.fetching import Fetcher, FetchPolicy
from verify.online import FetchingSources, InTurn
from verify.sources import DatedSource

FETCHED = datetime(2026, 11, 21, 8, 59, tzinfo=UTC)
POLICY = FetchPolicy(private_hosts=frozenset({HOST}), authorities=https_site.authority().pem)


class Stranger:
    """An issuer on a site of its own, that nobody here has heard of."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.did = f"did:web:{HOST}%3A{site.port}:o:inconnue"
        self.method = f"{self.did}#cle-1"
        self.lists = (site.url("/status/1"), site.url("/status/2"))
        self.publish("/o/inconnue/did.json", f.written(f.did_document(self.did)))
        for url, purpose, taken in zip(self.lists, ("revocation", "suspension"), ([f.REVOKED], []), strict=True):
            listed = f.status_credential(url, purpose, taken, self.did)
            self.publish(f"/status/{url[-1]}", f.written(f.sign(listed, method=self.method)))

    def publish(self, path: str, body: bytes, **headers: str) -> None:
        """Serve something at a path."""
        self.site.answers[path] = reply(body, **headers)

    def badge(self, index: int = f.STANDING, **changes: Any) -> bytes:
        """A badge of this issuer."""
        entry = f.status_entry(index, statusListCredential=self.lists[0], statusReference=self.lists[1])
        credential = f.credential(self.did, **{"credentialStatus": entry, **changes})
        return f.written(f.sign(credential, method=self.method))


@pytest.fixture
def stranger() -> Iterator[Stranger]:
    with serving() as site:
        yield Stranger(site)


def fetcher(policy: FetchPolicy = POLICY, moment: datetime = FETCHED) -> Fetcher:
    return Fetcher(policy, resolver=lambda _host, _port: ["127.0.0.1"], clock=lambda: moment)


def verify(data: bytes, sources: Any, policy: Policy = Policy.AUTHENTIC) -> Report:
    verifier = Verifier(keys=sources, statuses=sources, issuers=TrustBundle(), documents=sources, policy=policy)
    return verifier.verify(data, now=f.NOW)


def test_badge_is_verified_with_what_its_issuer_serves(stranger: Stranger) -> None:
    """Key and lists come from the issuer's site; each is asked for once; the report says when."""
    report = verify(stranger.badge(), FetchingSources(fetcher()))
    assert (report.verdict, report.status_as_of) == (Verdict.VALID, FETCHED)
    assert sorted(stranger.site.paths) == ["/o/inconnue/did.json", "/status/1", "/status/2"]
    assert verify(stranger.badge(f.REVOKED), FetchingSources(fetcher())).check("status").reason is Reason.REVOKED


def test_issuer_stays_unknown_for_having_been_reached(stranger: Stranger) -> None:
    """A site says whose key it is, and never that it is recognised."""
    report = verify(stranger.badge(), FetchingSources(fetcher()), Policy.RECOGNISED)
    assert report.verdict is Verdict.UNDETERMINED
    assert report.check(CheckName.ISSUER_RECOGNISED).reason is Reason.ISSUER_UNKNOWN


def test_list_that_cannot_be_had_is_not_checked(stranger: Stranger) -> None:
    """Never valid; and nothing is said of when it was known."""
    stranger.site.answers.pop("/status/1")
    report = verify(stranger.badge(), FetchingSources(fetcher()))
    assert report.verdict is Verdict.UNDETERMINED
    assert (report.check("status").outcome, report.check("status").reason) == (
        Outcome.NOT_CHECKED,
        Reason.STATUS_UNREACHABLE,
    )
    assert report.status_as_of is None


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"[]", f.written(f.did_document()), b'{"id": "' + b"x" * 2_000_000 + b'"}', b'{"id": 1, "id": 2}'],
)
def test_document_of_another_name_is_no_key(stranger: Stranger, body: bytes) -> None:
    """What is not the DID's own document cannot be had."""
    stranger.publish("/o/inconnue/did.json", body)
    sources = FetchingSources(fetcher())
    assert sources.did_document(stranger.did) is None
    assert verify(stranger.badge(), sources).check("proof").reason is Reason.KEY_UNREACHABLE


@pytest.mark.parametrize("did", ["did:web:127.0.0.1", "did:web:", "did:key:z6Mk", "did:web:issuer.test%3A22:o", "x"])
def test_did_that_names_no_host_is_not_fetched(did: str) -> None:
    """IP addresses, other methods, ports of other services."""
    assert FetchingSources(fetcher()).did_document(did) is None


def test_every_failure_is_none_and_logged_without_its_path(
    stranger: Stranger, caplog: pytest.LogCaptureFixture
) -> None:
    """No exception comes out; the log names the host and why, once."""
    sources = FetchingSources(fetcher())
    with caplog.at_level(logging.INFO, logger="verify.online"):
        for _ in range(2):
            assert sources.status_list(stranger.site.url("/absent?token=hunter2")) is None
        assert sources.document("http://issuer.test/") is None
        assert sources.document("https://10.0.0.1/") is None
    assert caplog.messages == [
        f"not fetched: not_there: {HOST}",
        "not fetched: not_https",
        "not fetched: address_malformed",
    ]
    assert stranger.site.paths == ["/absent?token=hunter2"]


def test_verification_fetches_so_much_and_no_more(stranger: Stranger) -> None:
    """Two of the three documents it needs; then the rest cannot be had."""
    report = verify(stranger.badge(), FetchingSources(fetcher(), most_fetches=2))
    assert report.check("status").reason is Reason.STATUS_UNREACHABLE
    assert len(stranger.site.requests) == 2


def test_verification_has_so_much_time(stranger: Stranger) -> None:
    """Once it is over nothing more is asked."""
    report = verify(stranger.badge(), FetchingSources(fetcher(), seconds=0))
    assert (report.verdict, stranger.site.requests) == (Verdict.UNDETERMINED, [])


def test_withdrawn_document_is_read(stranger: Stranger) -> None:
    """A 410 with a body is an answer for a document, and none for a status list."""
    stranger.site.answers["/a/1"] = reply(b'{"revoked":true}', status="410 Gone")
    sources = FetchingSources(fetcher())
    url = stranger.site.url("/a/1")
    assert sources.status_list(url) is None
    assert sources.document(url) == b'{"revoked":true}'
    assert sources.known_at(url) == FETCHED


def test_did_on_the_whole_site_is_well_known(stranger: Stranger) -> None:
    """A did:web without a path, with a port: /.well-known/did.json, at that port."""
    did = f"did:web:{HOST}%3A{stranger.site.port}"
    stranger.publish("/.well-known/did.json", f.written(f.did_document(did)))
    assert FetchingSources(fetcher()).did_document(did) == f.did_document(did)
    moved = f"did:web:{HOST}%3A{stranger.site.port}:moved"
    stranger.publish("/new", f.written(f.did_document(moved)))
    stranger.site.answers["/moved/did.json"] = redirect("/new")
    assert FetchingSources(fetcher()).did_document(moved) == f.did_document(moved)


def test_newest_version_and_older_list_are_fetched(stranger: Stranger) -> None:
    """The refresh service and the list of 1EdTech, over the network."""
    extensions = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
    revocations = stranger.site.url("/revocations")
    changes: dict[str, Any] = {
        "@context": [*f.credential()["@context"], extensions],
        "refreshService": {"id": stranger.site.url("/refresh"), "type": "1EdTechCredentialRefresh"},
        "credentialStatus": {"id": revocations, "type": "1EdTechRevocationList"},
    }
    stranger.publish("/revocations", f.written({"id": revocations, "issuer": stranger.did, "revokedCredential": []}))
    stranger.publish("/refresh", stranger.badge(name="Version 2", **changes))
    report = verify(stranger.badge(**changes), FetchingSources(fetcher()))
    assert (report.verdict, report.refreshed, report.credential.name) == (Verdict.VALID, True, "Version 2")
    assert report.status_as_of == FETCHED


def test_first_source_is_asked_first(stranger: Stranger) -> None:
    """What it has is not fetched, and what it lacks is; the oldest moment is the one that is said."""
    gathered = FETCHED - timedelta(days=30)
    first = f"/status/{stranger.lists[0][-1]}"
    listed = f.sign(f.status_credential(stranger.lists[0], "revocation", [], stranger.did), method=stranger.method)
    known = TrustBundle(status_lists={stranger.lists[0]: f.written(listed)}, as_of=gathered)
    sources = InTurn(known, FetchingSources(fetcher()))
    report = verify(stranger.badge(), sources)
    assert (report.verdict, report.status_as_of) == (Verdict.VALID, gathered)
    assert first not in stranger.site.paths
    assert sources.document("https://10.0.0.1/") is None
    assert isinstance(sources, DatedSource)


def test_command_fetches_where_it_is_told_to(
    stranger: Stranger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Off unless `--online`; then the status is dated."""
    named = partial(Fetcher, POLICY, resolver=lambda _host, _port: ["127.0.0.1"], clock=lambda: FETCHED)
    monkeypatch.setattr(command, "Fetcher", named)  # the real one, allowed to reach loopback
    (tmp_path / "badge.json").write_bytes(stranger.badge())
    call = [str(tmp_path / "badge.json"), "--at", "2026-11-21T09:00:00Z", "--lang", "fr"]
    assert command.main(call) == 2
    assert stranger.site.requests == []
    assert "Statut connu" not in capsys.readouterr().out
    assert command.main([*call, "--online"]) == 2
    said = capsys.readouterr().out
    assert "+ Signature du badge" in said
    assert "Statut connu au 21/11/2026 à 08:59 UTC." in said
    assert "issuer_unknown" in said
