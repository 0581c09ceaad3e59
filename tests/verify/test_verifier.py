"""The whole of verifying: nothing changed passes, nothing thrown at it breaks it."""

import contextlib
import copy
import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.verify import factory as f
from verify import Check, CheckName, Outcome, Policy, Reason, TrustBundle, Unreadable, Verdict, Verifier
from verify.errors import Defect, Undecided
from verify.standards import baking
from verify.standards.cryptosuites import Form, SecuredDocument

_GOOD = f.sign(f.credential())
_TRUST = f.trust()


def _leaves(node: Any, before: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    steps = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else None
    if steps is None:
        return [before]
    return [path for step, value in steps for path in _leaves(value, (*before, step))]


def _put(path: tuple[Any, ...], change: Any) -> bytes:
    document = copy.deepcopy(_GOOD)
    node: Any = document
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = change(node[path[-1]])
    return f.written(document)


def _changes(value: Any) -> list[Any]:
    if isinstance(value, bool):
        return [not value, str(value).lower()]
    return [value + "x", "", value[:-1] + chr(ord(value[-1]) ^ 1), [value, "x"], {"@value": value + "x"}, 7, None]


LEAVES = _leaves(_GOOD)


@pytest.mark.parametrize("path", LEAVES, ids=lambda path: "/".join(map(str, path)))
def test_no_single_change_of_a_signed_badge_is_valid(path: tuple[Any, ...]) -> None:
    """Every value of a good badge, changed in every way, gives anything but valid."""
    node: Any = _GOOD
    for step in path:
        node = node[step]
    for change in _changes(node):
        data = _put(path, lambda _, change=change: change)
        assert f.verify(data, _TRUST).verdict is not Verdict.VALID, change


def test_no_member_can_be_taken_out_of_a_signed_badge() -> None:
    """Every member of every object, left out, gives anything but valid."""
    paths = {path[:length] for path in LEAVES for length in range(1, len(path) + 1)}
    for path in sorted(paths, key=str):
        document = copy.deepcopy(_GOOD)
        node: Any = document
        for step in path[:-1]:
            node = node[step]
        del node[path[-1]]
        assert f.verify(f.written(document), _TRUST).verdict is not Verdict.VALID, path


@pytest.mark.parametrize(
    "addition",
    [
        {"name2": "x"},
        {"description": "x"},
        {"https://schema.org/description": "x"},
        {"validFrom": "2020-01-01T00:00:00Z"},
        {"awardedDate": "2020-01-01T00:00:00Z"},
        {"@id": "urn:x"},
    ],
)
def test_nothing_can_be_added_to_a_signed_badge(addition: dict[str, str]) -> None:
    """Neither a known word nor an unknown one, in any spelling."""
    assert f.verify(f.written({**_GOOD, **addition}), _TRUST).verdict is Verdict.INVALID


def test_a_badge_is_valid_however_its_json_is_spaced_and_ordered() -> None:
    """What was signed is what it says, not how it is laid out."""
    for text in (json.dumps(_GOOD), json.dumps(_GOOD, indent=4), json.dumps(_GOOD, sort_keys=True, ensure_ascii=False)):
        assert f.verify(text.encode(), _TRUST).verdict is Verdict.VALID


def test_report_holds_every_check_in_order() -> None:
    """Six checks, whatever happened, in the order in which they are documented."""
    for data in (f.badge(), f.written(f.credential()), b'{"credentialSubject": 1}'):
        report = f.verify(data)
        assert [check.name for check in report.checks] == list(CheckName)
        assert all((check.outcome is Outcome.PASSED) == (check.reason is None) for check in report.checks)


def test_report_tells_every_defect_and_not_only_the_first() -> None:
    """A withdrawn, expired badge by an issuer that is recognised for something else: all three are said."""
    entry = f.status_entry(f.REVOKED)
    subject = f.credential()["credentialSubject"]
    subject["achievement"]["id"] = "https://badges.example/r/autre/1"
    report = f.verify(f.badge(validUntil="2026-10-02T08:00:00Z", credentialStatus=entry, credentialSubject=subject))
    reasons = {check.name: check.reason for check in report.checks if check.reason}
    assert reasons == {
        CheckName.STATUS: Reason.REVOKED,
        CheckName.VALIDITY: Reason.EXPIRED,
        CheckName.ISSUER_RECOGNISED: Reason.RECOGNITION_NOT_COVERING,
    }


def test_report_of_a_badge_that_passes_from_valid_to_expired() -> None:
    """The same bytes, a second apart."""
    data = f.badge()
    end = datetime.fromisoformat("2031-10-01T08:00:00+00:00")
    assert f.verify(data, now=end).verdict is Verdict.VALID
    assert f.verify(data, now=end + timedelta(seconds=1)).check("validity").reason is Reason.EXPIRED


def test_verifier_needs_a_moment_with_a_zone() -> None:
    """A clock without a zone is the caller's mistake."""
    with pytest.raises(ValueError, match="zone"):
        f.verify(f.badge(), now=datetime(2026, 11, 21))  # noqa: DTZ001 - on purpose


def test_verifier_keeps_nothing_of_what_it_saw() -> None:
    """A list that changes shows at once: nothing of it is remembered between two calls."""
    lists = {f.REVOCATIONS: f.revocations(), f.SUSPENSIONS: f.suspensions()}
    bundle = f.trust(status_lists=lists)
    verifier = Verifier(keys=bundle, statuses=bundle, issuers=bundle)
    data = f.badge()
    assert verifier.verify(data, now=f.NOW).verdict is Verdict.VALID
    withdrawn = f.status_credential(f.REVOCATIONS, "revocation", (f.STANDING,))
    lists[f.REVOCATIONS] = f.written(f.sign(withdrawn))
    assert verifier.verify(data, now=f.NOW).check("status").reason is Reason.REVOKED


def _report(policy: Policy, **outcomes: Outcome) -> Verdict:
    checks = tuple(Check(name, outcomes.get(name.value, Outcome.PASSED)) for name in CheckName)
    return policy.verdict(checks)


OPEN, FAILED = Outcome.NOT_CHECKED, Outcome.FAILED


@pytest.mark.parametrize(
    ("policy", "outcomes", "verdict"),
    [
        (Policy.RECOGNISED, {}, Verdict.VALID),
        (Policy.RECOGNISED, {"issuer_recognised": OPEN}, Verdict.UNDETERMINED),
        (Policy.AUTHENTIC, {"issuer_recognised": OPEN}, Verdict.VALID),
        (Policy.AUTHENTIC, {"status": OPEN}, Verdict.UNDETERMINED),
        (Policy.SELF_CHECK, {"status": OPEN, "issuer_recognised": OPEN}, Verdict.VALID),
        (Policy.SELF_CHECK, {"status": FAILED}, Verdict.INVALID),
        (Policy.SELF_CHECK, {"structure": OPEN}, Verdict.UNDETERMINED),
        (Policy.SELF_CHECK, {"proof": OPEN}, Verdict.UNDETERMINED),
        (Policy.SELF_CHECK, {"key_controlled": OPEN}, Verdict.UNDETERMINED),
        (Policy.SELF_CHECK, {"validity": OPEN}, Verdict.UNDETERMINED),
        (Policy.RECOGNISED, {"proof": OPEN, "validity": FAILED}, Verdict.INVALID),
    ],
)
def test_policy_turns_checks_into_a_verdict(policy: Policy, outcomes: dict[str, Outcome], verdict: Verdict) -> None:
    """One failed is invalid; all required passed is valid; anything else is undetermined."""
    assert _report(policy, **outcomes) is verdict


def test_policy_of_the_self_check_accepts_a_badge_whose_list_is_not_published() -> None:
    """What an issuer can know at the moment of signing."""
    bundle = TrustBundle(did_documents={f.ISSUER: f.did_document()})
    assert f.verify(f.badge(), bundle, policy=Policy.SELF_CHECK).verdict is Verdict.VALID
    assert f.verify(f.badge(), bundle).verdict is Verdict.UNDETERMINED


def test_report_is_written_as_documented() -> None:
    """The stable shape: verdict, checks, checked_at, credential."""
    written = f.verify(f.badge(credentialStatus=f.status_entry(f.REVOKED))).to_json()
    assert json.loads(json.dumps(written)) == {
        "verdict": "invalid",
        "kind": "OpenBadgeCredential",
        "checks": [
            {"name": "structure", "outcome": "passed", "reason": None},
            {"name": "proof", "outcome": "passed", "reason": None},
            {"name": "key_controlled", "outcome": "passed", "reason": None},
            {"name": "status", "outcome": "failed", "reason": "revoked"},
            {"name": "validity", "outcome": "passed", "reason": None},
            {"name": "issuer_recognised", "outcome": "passed", "reason": None},
        ],
        "checked_at": "2026-11-21T09:00:00Z",
        "status_as_of": None,
        "refreshed": False,
        "notes": [],
        "proofs": [
            {
                "suite": "eddsa-rdfc-2022",
                "verification_method": f.METHOD,
                "checks": [
                    {"name": "proof", "outcome": "passed", "reason": None},
                    {"name": "key_controlled", "outcome": "passed", "reason": None},
                ],
            }
        ],
        "credential": json.loads(json.dumps(written["credential"])),
        "members": [],
        "endorsements": [],
    }
    with pytest.raises(KeyError):
        f.verify(f.badge()).check("endorsement")


def _never_breaks(data: bytes) -> None:
    with contextlib.suppress(Unreadable):
        json.dumps(f.verify(data, _TRUST).to_json())


@given(st.binary(max_size=400))
@settings(max_examples=150)
def test_verifier_answers_any_bytes(data: bytes) -> None:
    """Any bytes give a report or `Unreadable`, bare, baked into a picture, or as a token."""
    _never_breaks(data)
    _never_breaks(b"{" + data)
    _never_breaks(f.png((b"iTXt", b"openbadgecredential\0\0\0\0\0" + data)))
    _never_breaks(b".".join(map(f._base64url, (b'{"alg":"EdDSA"}', data, data))))


_VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**60), 2**60),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(
        ["@id", "@type", "@graph", "_:b0", "urn:a:b", "//x", "did:web:x", "2026-01-01T00:00:00Z", "https://x y"]
    ),
)
_JSON = st.recursive(
    _VALUES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                ["id", "type", "@value", "@type", "@context", "@id", "@list", "name", "achievement", "proof"]
            ),
            inner,
            max_size=3,
        ),
    ),
    max_leaves=8,
)


def _digest(document: dict[str, Any]) -> bytes:
    return SecuredDocument(document).digest(Form.RDFC, "sha256")


def _same_statements(document: dict[str, Any]) -> bool:
    """Whether the document says, in other JSON such as a list of one, exactly what was signed."""
    try:
        return document["proof"] == _GOOD["proof"] and _digest(document) == _digest(_GOOD)
    except (Defect, Undecided, KeyError):
        return False


@given(st.sampled_from(LEAVES), st.integers(1, 6), _JSON)
@settings(max_examples=250, suppress_health_check=[HealthCheck.too_slow])
def test_verifier_answers_a_badge_with_anything_in_it(path: tuple[Any, ...], depth: int, value: Any) -> None:
    """A good badge with any JSON at any depth gives a report or `Unreadable`, and is valid only as it was signed."""
    document = copy.deepcopy(_GOOD)
    node: Any = document
    short = path[:depth]
    for step in short[:-1]:
        node = node[step]
    node[short[-1]] = value
    data = json.dumps(document).encode()
    _never_breaks(data)
    if not _same_statements(document):
        with contextlib.suppress(Unreadable):
            assert f.verify(data, _TRUST).verdict is not Verdict.VALID


@pytest.mark.parametrize(
    "bake", [lambda data: baking.bake_png(f.png(), data), lambda data: baking.bake_svg(f.SVG, data)]
)
def test_a_baked_badge_gives_the_report_of_the_bare_one(bake: Any) -> None:
    """The picture adds nothing and takes nothing away."""
    for data in (f.badge(), f.badge(validUntil="2026-10-02T08:00:00Z"), f.jwt(f.claims(f.credential()))):
        assert f.verify(bake(data)).checks == f.verify(data).checks
