"""The newest version of a badge, where its issuer keeps one: taken, or left, and said."""

from typing import Any

import pytest

from tests.verify import factory as f
from tests.verify import kinds as k
from verify import CheckName, Report, Verdict, Verifier
from verify.standards import credential_refresh
from verify.standards.documents import OPEN_BADGES_EXTENSIONS

NEWEST = "https://badges.example/refresh/1"
NEXT = "https://badges.example/refresh/2"
SERVICE = {"id": NEWEST, "type": "1EdTechCredentialRefresh"}
CONTEXTS = [*f.credential()["@context"], OPEN_BADGES_EXTENSIONS]


class Asked:
    """Documents by address, and which of them were asked for."""

    def __init__(self, documents: dict[str, bytes]) -> None:
        self.documents = documents
        self.urls: list[str] = []

    def document(self, url: str) -> bytes | None:
        """The document, or None."""
        self.urls.append(url)
        return self.documents.get(url)


def _badge(**changes: Any) -> bytes:
    return f.badge(**{"@context": CONTEXTS, "refreshService": SERVICE, **changes})


def _verify(data: bytes, documents: dict[str, bytes]) -> tuple[Report, Asked]:
    known, asked = f.trust(), Asked(documents)
    verifier = Verifier(keys=known, statuses=known, issuers=known, documents=asked)
    return verifier.verify(data, now=f.NOW), asked


def test_newest_version_takes_the_place_of_the_badge() -> None:
    """What is reported is the newest version, and that it is."""
    report, asked = _verify(_badge(), {NEWEST: _badge(name="Version 2", refreshService=None)})
    assert (report.verdict, report.refreshed, report.credential.name) == (Verdict.VALID, True, "Version 2")
    assert report.to_json()["refreshed"] is True
    assert asked.urls == [NEWEST]


def test_newest_version_decides_about_status_and_dates() -> None:
    """A badge that was prolonged is valid again; one that was revoked since is revoked."""
    old = _badge(validUntil="2026-10-02T08:00:00Z")
    assert _verify(old, {})[0].verdict is Verdict.INVALID
    assert _verify(old, {NEWEST: _badge()})[0].verdict is Verdict.VALID
    revoked = _badge(credentialStatus=f.status_entry(f.REVOKED))
    assert _verify(_badge(), {NEWEST: revoked})[0].verdict is Verdict.INVALID


def test_newest_version_is_asked_for_once() -> None:
    """Its own refresh service is left alone."""
    newer = _badge(refreshService={**SERVICE, "id": NEXT})
    report, asked = _verify(_badge(), {NEWEST: newer, NEXT: _badge(name="Version 3")})
    assert (report.refreshed, asked.urls) == (True, [NEWEST])


@pytest.mark.parametrize(
    "answer",
    [
        None,
        b"",
        b"<html>Indisponible</html>",
        b"[1]",
        b'{"id": 1}',
        _badge(id="https://badges.example/c/another"),
        f.own_key_badge(),
        _badge(name="Version 2").replace(b"Version 2", b"Version 3"),
        f.written(f.credential()),
        _badge(validFrom=None),
    ],
    ids=[
        "not to be had",
        "empty",
        "not JSON",
        "no object",
        "no credential",
        "another badge",
        "another issuer",
        "altered",
        "unsigned",
        "not a good badge",
    ],
)
def test_badge_itself_is_verified_where_the_newest_version_is_not_good(answer: bytes | None) -> None:
    """The one that was handed in is what counts; it is not held against it."""
    report, asked = _verify(_badge(), {} if answer is None else {NEWEST: answer})
    assert (report.verdict, report.refreshed) == (Verdict.VALID, False)
    assert report.credential.name == f.credential()["name"]
    assert asked.urls == [NEWEST]


def test_a_presentation_does_not_take_the_place_of_the_badge() -> None:
    """Whoever holds the address of the newest version has not the issuer's key, and anybody can sign a presentation."""
    body = {**f.credential(credentialStatus=None), "type": ["VerifiablePresentation", "VerifiableCredential"]}
    swapped = f.written(k.by_holder({**body, "holder": k.HOLDER, "name": "Expertise"}))
    report, asked = _verify(_badge(), {NEWEST: swapped})
    assert (report.refreshed, report.credential.name, asked.urls) == (False, f.credential()["name"], [NEWEST])


def test_nothing_is_asked_for_a_badge_that_is_not_its_issuers() -> None:
    """Whoever altered a badge does not choose what takes its place."""
    altered = _badge(name="Version 1").replace(b"Version 1", b"Version 0")
    report, asked = _verify(altered, {NEWEST: _badge()})
    assert (report.verdict, report.refreshed, asked.urls) == (Verdict.INVALID, False, [])
    assert report.check(CheckName.PROOF).reason == "signature_wrong"


@pytest.mark.parametrize(
    ("service", "url"),
    [
        (SERVICE, NEWEST),
        ({**SERVICE, "type": ["1EdTechCredentialRefresh"]}, NEWEST),
        ([{"id": NEXT, "type": "ManualRefreshService2018"}, SERVICE], NEWEST),
        ({"id": NEXT, "type": "ManualRefreshService2018"}, None),
        ({"type": "1EdTechCredentialRefresh"}, None),
        ({**SERVICE, "id": ""}, None),
        ({**SERVICE, "id": "x" * 3000}, None),
        ({**SERVICE, "id": 7}, None),
        ("https://badges.example", None),
        (None, None),
    ],
)
def test_refresh_service_is_found(service: Any, url: str | None) -> None:
    """The first of the type that is understood, where it has an address."""
    assert credential_refresh.service_url({"refreshService": service}) == url


def test_a_credential_without_id_or_issuer_has_no_versions() -> None:
    """Nothing says that the other is the same."""
    assert not credential_refresh.is_version_of({}, {})
    assert not credential_refresh.is_version_of({"id": "a"}, {"id": "a"})
    assert credential_refresh.is_version_of({"id": "a", "issuer": {"id": "b"}}, {"id": "a", "issuer": "b"})
