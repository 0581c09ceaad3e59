"""The printed statement: six checks like any badge's, and nothing taken that its format does not list."""

import contextlib
import hashlib
import json
import subprocess
import sys
import uuid
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.verify import factory as f
from tests.verify import statements as s
from verify import Kind, Outcome, Reason, TrustBundle, Unreadable, Verdict
from verify import statement as statements
from verify.errors import Defect
from verify.report import CheckName
from verify.sentences import headline
from verify.standards import cbor, cose
from verify.standards.signatures import LocalSigner
from verify.statement import HiddenName, Level, Levels

ROOT = Path(__file__).parents[2]


def outcome(report, name) -> Reason | Outcome:
    check = report.check(name)
    return check.reason or check.outcome


def test_good_statement_passes_all_six_checks():
    """And shows of the badge what the code holds: whose it is, what, by whom, since when and until when."""
    report = s.verify(s.message())
    assert (report.verdict, report.kind) == (Verdict.VALID, Kind.STATEMENT)
    assert [check.outcome for check in report.checks] == [Outcome.PASSED] * 6
    shown = report.credential
    assert (shown.holder_name, shown.achievement_name) == ("Aïcha Ferrand", "Travail en équipe")
    assert (shown.id, shown.issuer_id) == ("https://badges.example/c/0f8b2a4e-6c1d-4b7a-9e3f-5d2c1b0a9e8f", f.ISSUER)
    assert shown.achievement_id == f"{f.REFERENTIEL}/1#badge-equipe"
    assert (shown.results[0].achieved.level, shown.results[0].achieved.name) == ("4", "En situation nouvelle")
    assert shown.valid_until == datetime(2031, 10, 1, 8, tzinfo=UTC)
    assert headline(report).kind == "valid"


@pytest.mark.parametrize(
    "data",
    [
        s.written(s.message()),
        s.written(s.message()).partition(b"#")[2],
        b"#" + s.written(s.message()).partition(b"#")[2],
        b" " + s.written(s.message()) + b"\n",
        s.message(),
    ],
    ids=["address", "digits", "fragment", "with spaces", "message"],
)
def test_statement_is_found_however_it_was_copied(data):
    """From a scanner, from an address bar, or as the bytes themselves."""
    assert f.verify(data).verdict is Verdict.VALID


def test_ecdsa_key_signs_as_well():
    """Where an organisation has no other."""
    known = f.trust(did_documents={f.ISSUER: f.did_document(key=f.P256_KEY)})
    report = s.verify(
        s.message(LocalSigner(f.P256_KEY, f.METHOD)),
        known,
    )
    assert outcome(report, "proof") is Outcome.PASSED
    assert report.proofs[0].suite == "ES256"


@pytest.mark.parametrize("case", s.CASES)
def test_bad_statement_is_invalid(case):
    """Each for its own reason."""
    make, name, reason = s.CASES[case]
    report = s.verify(make())
    assert (report.verdict, outcome(report, name)) == (Verdict.INVALID, reason)


@pytest.mark.parametrize("case", s.OPEN)
def test_what_is_not_known_is_not_assumed(case):
    """Nobody known, no list: undetermined, and said."""
    make, changes, name, reason = s.OPEN[case]
    report = s.verify(make(), f.trust(**changes))
    assert (report.verdict, outcome(report, name)) == (Verdict.UNDETERMINED, reason)


def test_nothing_known_gives_nothing_valid():
    """An empty bundle: every question about others stays open."""
    report = s.verify(s.message(), TrustBundle())
    assert report.verdict is Verdict.UNDETERMINED
    assert headline(report).kind == "unproved"


def test_stolen_key_is_excused_by_a_journal_alone():
    """The journal has to state this very message for a moment before the theft."""
    revoked = {f.ISSUER: f.did_document(revoked="2026-11-01T00:00:00Z")}
    made = s.message()
    assert outcome(s.verify(made, f.trust(did_documents=revoked)), "key_controlled") is Reason.KEY_REVOKED
    stated = {hashlib.sha256(made).hexdigest(): datetime(2026, 10, 1, 8, tzinfo=UTC)}
    report = s.verify(made, f.trust(did_documents=revoked, witnessed=stated))
    assert outcome(report, "key_controlled") is Outcome.PASSED


def test_hidden_name_stays_hidden():
    """Its hash and salt are there, to be compared with a name that somebody types."""
    report = s.verify(s.message(holder=HiddenName("grain", bytes(32))))
    assert report.verdict is Verdict.VALID
    assert report.credential.holder_name is None
    assert (report.credential.identifiers[0].salt, report.credential.identifiers[0].hashed) == ("grain", True)


@pytest.mark.parametrize("level", [None, Levels(5, 3, 4, 5), Level(0, 5, "")])
def test_level_may_be_of_several_competences_or_none(level):
    """What is written is read."""
    assert statements.decode(statements.encode(s.replace(s.STATED, level=level))).level == level


@pytest.mark.parametrize("case", s.SPOILT)
def test_statement_of_another_form_is_malformed_though_it_is_signed(case):
    """Whatever is not in the format is refused whole; no other check is made."""
    report = s.verify(s.spoilt(s.SPOILT[case]))
    assert (report.verdict, outcome(report, "structure")) == (Verdict.INVALID, Reason.STATEMENT_MALFORMED)
    assert {outcome(report, name) for name in list(CheckName)[1:]} == {Reason.NOT_REACHED}
    assert report.credential.achievement_name is None


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {cose.KEY_ID: "cle-1"},
        {cose.KEY_ID: b""},
        {cose.KEY_ID: b"cle-1#x"},
        {cose.KEY_ID: b"cle-1", cose.CONTENT_TYPE: "text/plain"},
        {cose.KEY_ID: b"cle-1", -1: b"a key"},
        {cose.KEY_ID: b"cle-1", 33: b"a certificate"},
    ],
    ids=str,
)
def test_headers_are_the_algorithm_and_the_name_of_the_key(headers):
    """Nothing that could be taken for a key, nothing that could change the meaning."""
    report = s.verify(s.signed(statements.encode(s.STATED), headers=headers))
    assert outcome(report, "structure") is Reason.STATEMENT_MALFORMED


def test_header_that_is_not_signed_is_refused():
    """Even an empty-handed one: a second message of the same meaning would be another message."""
    message = cbor.decode(s.message())
    protected, _, payload, signature = message.value
    made = cbor.encode(cbor.Tag(18, [protected, {5: b"x"}, payload, signature]))
    assert outcome(s.verify(made), "structure") is Reason.STATEMENT_MALFORMED


def test_newer_version_is_undetermined():
    """It may be good: this reader does not know."""
    report = s.verify(s.spoilt(lambda m: m.update({0: 2, 14: "x"})))
    assert (report.verdict, outcome(report, "structure")) == (
        Verdict.UNDETERMINED,
        Reason.STATEMENT_VERSION_UNKNOWN,
    )


@pytest.mark.parametrize(
    "digits",
    [
        "1" * 80,
        "0" + s.written(s.message()).decode().partition("#")[2],
        "9" * 3000,
        "https://badges.example/v/A#" + "7" * 99,
    ],
    ids=["a number", "a zero in front", "too many", "behind an address"],
)
def test_digits_of_nothing_are_unreadable(digits):
    """Said as what it is: a code that was misread."""
    with pytest.raises(Unreadable) as stopped:
        f.verify(digits.encode())
    assert stopped.value.reason is Reason.CODE_MALFORMED


@pytest.mark.parametrize("data", [b"12", b"7Q4M2K9XPBT0", b"https://badges.example/v/7Q4M2K9XPBT0", b"#contenu"])
def test_what_is_no_statement_is_as_unknown_as_before(data):
    """A short code, an address without a statement."""
    with pytest.raises(Unreadable) as stopped:
        f.verify(data)
    assert stopped.value.reason is Reason.FORMAT_UNKNOWN


def test_statement_that_no_reader_would_take_is_not_written():
    """The writer keeps to the format too."""
    with pytest.raises(Defect):
        statements.encode(s.replace(s.STATED, holder="x" * 300))


@given(st.integers(0, len(s.message()) - 1), st.integers(0, 255))
def test_no_change_of_a_byte_is_valid(place, value):
    """Malformed, forged, or another's: never good."""
    made = bytearray(s.message())
    if made[place] == value:
        return
    made[place] = value
    with contextlib.suppress(Unreadable):
        assert s.verify(bytes(made)).verdict is not Verdict.VALID


@given(st.integers(0, len(statements.to_digits(s.message())) - 1), st.integers(0, 9))
def test_no_change_of_a_digit_is_valid(place, digit):
    """Nor is one digit more or less of what was printed."""
    digits = statements.to_digits(s.message())
    changed = digits[:place] + str(digit) + digits[place + 1 :]
    for one in (changed, digits[:place] + digits[place + 1 :], digits[:place] + str(digit) + digits[place:]):
        if one == digits:
            continue
        with contextlib.suppress(Unreadable):
            assert f.verify(one.encode()).verdict is not Verdict.VALID


def test_command_reads_what_a_camera_read():
    """The address in quotation marks, or the digits, instead of a file's name."""
    report = run(s.written(s.message()).decode())
    assert (report["kind"], report["verdict"], report["credential"]["format"]) == ("BadgeStatement", "valid", "code")
    assert run(s.written(s.message(holder="Une autre")).decode().partition("#")[2])["verdict"] == "valid"


def run(text: str) -> dict:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "verify",
            text,
            "--json",
            "--trust",
            "tests/situations/trust",
            "--at",
            "2026-11-21T09:00:00Z",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout, done.stderr
    return json.loads(done.stdout)


def test_identifiers_are_spelt_as_everywhere():
    """The address of the badge has its usual form, whatever the bytes."""
    made = statements.as_credential(s.replace(s.STATED, credential=uuid.UUID(int=1)))
    assert made["id"].endswith("/c/00000000-0000-0000-0000-000000000001")
