"""After a key fell into other hands: what a trusted journal stated before stays good, whatever dates others write."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.verify import factory as f
from verify import CheckName, Reason, TrustBundle, Verdict
from verify.standards import baking

KEY = CheckName.KEY_CONTROLLED
STOLEN = f.ISSUED + timedelta(days=20)
NEWER = f"{f.ISSUER}#cle-2"


def _after_the_theft(stated: dict[bytes, datetime]) -> TrustBundle:
    """The old key revoked, a newer one listed, the lists signed anew, and what the journal states."""
    document = f.did_document(revoked="2026-10-21T08:00:00Z")
    newer = f.did_document(key=f.OTHER_KEY)["verificationMethod"][0]
    document["verificationMethod"].append({**newer, "id": NEWER})
    document["assertionMethod"].append(NEWER)
    lists = {
        url: f.written(f.sign(f.status_credential(url, purpose, ()), f.OTHER_KEY, NEWER))
        for url, purpose in ((f.REVOCATIONS, "revocation"), (f.SUSPENSIONS, "suspension"))
    }
    witnessed = {hashlib.sha256(text).hexdigest(): at for text, at in stated.items()}
    return f.trust(did_documents={f.ISSUER: document}, status_lists=lists, witnessed=witnessed)


def _forms(text: bytes) -> list[bytes]:
    return [text, b"\n" + text + b"\n", baking.bake_png(f.png(), text), baking.bake_svg(f.SVG, text)]


OLD = f.badge()
TOKEN = f.jwt(f.claims(f.credential()))


@pytest.mark.parametrize("text", [OLD, TOKEN])
def test_a_badge_stated_before_the_theft_stays_valid(text: bytes) -> None:
    """In each form it is carried in: what counts are the bytes that were signed, not what is around them."""
    known = _after_the_theft({text: STOLEN - timedelta(seconds=1)})
    assert [f.verify(form, known).verdict for form in _forms(text)] == [Verdict.VALID] * 4


@pytest.mark.parametrize("stated", [{}, {OLD: STOLEN}, {OLD: STOLEN + timedelta(days=1)}, {TOKEN: f.ISSUED}])
def test_a_badge_not_stated_before_the_theft_is_invalid(stated: dict[bytes, datetime]) -> None:
    """At the very moment is too late; and what is stated of another form says nothing of this one."""
    report = f.verify(OLD, _after_the_theft(stated))
    assert (report.verdict, report.check(KEY).reason) == (Verdict.INVALID, Reason.KEY_REVOKED)


@pytest.mark.parametrize("form", range(4))
def test_a_thief_who_backdates_is_refused(form: int) -> None:
    """The forged badge claims to be older than the theft in every date; its signature is the key's."""
    changes: dict[str, Any] = {"validFrom": "2026-09-01T08:00:00Z", "name": "Forgé"}
    forged = f.written(f.sign(f.credential(**changes), created="2026-09-01T08:00:00Z"))
    report = f.verify(_forms(forged)[form], _after_the_theft({OLD: f.ISSUED}))
    assert (report.verdict, report.check(KEY).reason) == (Verdict.INVALID, Reason.KEY_REVOKED)
    assert report.check(CheckName.PROOF).reason is None


def test_a_forged_token_is_refused_too() -> None:
    """The registered claims are the thief's to write as well."""
    report = f.verify(f.jwt(f.claims(f.credential(name="Forgé"))), _after_the_theft({TOKEN: f.ISSUED}))
    assert (report.verdict, report.check(KEY).reason) == (Verdict.INVALID, Reason.KEY_REVOKED)


def test_the_newer_key_needs_no_witness() -> None:
    """What is signed since with the fresh key is as good as ever."""
    newer = f.written(f.sign(f.credential(), f.OTHER_KEY, NEWER))
    assert f.verify(newer, _after_the_theft({})).verdict is Verdict.VALID


def test_lists_signed_with_the_stolen_key_are_not_believed() -> None:
    """A thief could clear bits: no journal states a list, so one that was not signed anew is no answer."""
    known = _after_the_theft({OLD: f.ISSUED})
    stale = TrustBundle(known.did_documents, f.trust().status_lists, known.recognitions, witnessed=known.witnessed)
    report = f.verify(OLD, stale)
    assert report.verdict is Verdict.UNDETERMINED
    assert report.check(CheckName.STATUS).reason is Reason.STATUS_LIST_UNPROVED
