"""Each situation a badge can be in: the committed file, and what verifying it has to say."""

import gzip
import hashlib
import json

import pytest

from tests.situations.kinds import SCHEMA
from tests.situations.make import BADGES, SCHEMAS, TRUST, situations, trust_files
from tests.situations.situation import Situation
from tests.verify import factory as f
from verify import Outcome, Reason, Report, TrustBundle, Unreadable, Verdict, Verifier, read_trust
from verify.standards.json_schema import read_schemas

ALL = situations()

ZLIB = "5d84b47f4d09d2145e97930da3ca8903b93d16e4d7a1d3a04cc23a828b544107"

# Reached by a file no repository should hold, by a system that is broken, or by knowledge of another shape.
ELSEWHERE = {
    Reason.FILE_UNREADABLE: "tests/verify/test_command.py",
    Reason.TOO_LARGE: "tests/verify/test_intake.py",
    Reason.CODE_MALFORMED: "tests/verify/test_statement.py",
    Reason.STATEMENT_MALFORMED: "tests/verify/test_statement.py",
    Reason.STATEMENT_VERSION_UNKNOWN: "tests/verify/test_statement.py",
    Reason.SVG_MALFORMED: "tests/situations: svg_cut_short.svg",
    Reason.JSONLD_INVALID: "tests/verify/test_canonical.py",
    Reason.KEY_UNSUPPORTED: "tests/verify/test_key_checks.py",
    Reason.KEY_MALFORMED: "tests/verify/test_key_checks.py",
    Reason.KEY_EXPIRED: "tests/verify/test_key_checks.py",
    Reason.PROOF_CHAINED: "tests/verify/test_data_integrity.py",
    Reason.PROOF_UNDISCLOSED: "tests/verify/test_ecdsa_sd.py",
    Reason.PROOF_DOMAIN_WRONG: "tests/verify/test_kinds.py",
    Reason.TOO_MANY_MEMBERS: "tests/verify/test_kinds.py",
    Reason.PRESENTATION_EMPTY: "tests/verify/test_kinds.py",
    Reason.TOO_MANY_ENDORSEMENTS: "tests/verify/test_kinds.py",
    Reason.STATUS_MESSAGE: "tests/verify/test_status_messages.py",
    Reason.REFRESH_ANNOUNCED: "tests/verify/test_status_messages.py",
    Reason.SCHEMA_VIOLATED: "tests/situations: schema_violated.json, with the schemas folder",
}


@pytest.mark.parametrize("situation", ALL, ids=lambda situation: situation.file)
def test_situation_gives_its_verdict_and_its_reason(situation: Situation) -> None:
    """The committed file, read with the committed trust folder, gives the verdict and names the reason."""
    data = (BADGES / situation.file).read_bytes()
    trust = read_trust(TRUST)
    if situation.verdict == "unreadable":
        with pytest.raises(Unreadable) as caught:
            f.verify(data, trust)
        assert caught.value.reason is situation.reason
        return
    verifier = Verifier(keys=trust, statuses=trust, issuers=trust, documents=trust, witnesses=trust)
    report = verifier.verify(data, now=f.NOW, challenge=situation.challenge)
    assert report.verdict == situation.verdict
    assert tuple(member.verdict for member in report.members) == situation.members
    assert tuple(endorsement.verdict for endorsement in report.endorsements) == situation.endorsements
    assert {reason for inside in (*report.members, *report.endorsements) for reason in _reasons(inside)} == {
        *situation.inside
    }
    assert report.notes == situation.notes
    if situation.check is None:
        assert _reasons(report) == set()
    else:
        expected = Outcome.FAILED if report.verdict is Verdict.INVALID else Outcome.NOT_CHECKED
        check = report.check(situation.check)
        assert (check.outcome, check.reason) == (expected, situation.reason)


def test_the_schema_that_a_badge_violates_is_the_one_in_the_folder() -> None:
    """The same badge, read by somebody who holds the schema."""
    assert json.loads((SCHEMAS / "badge.json").read_bytes()) == SCHEMA
    held = TrustBundle(schemas=read_schemas(SCHEMAS))
    trust = read_trust(TRUST)
    verifier = Verifier(keys=trust, statuses=trust, issuers=trust, schemas=held)
    report = verifier.verify((BADGES / "schema_violated.json").read_bytes(), now=f.NOW)
    assert (report.verdict, _reasons(report)) == (Verdict.INVALID, {Reason.SCHEMA_VIOLATED})


def _reasons(report: Report) -> set[Reason | None]:
    """Why checks did not pass, but for what only repeats an earlier one or cannot be asked of the kind."""
    return {check.reason for check in report.checks} - {None, Reason.NOT_REACHED, Reason.NOT_APPLICABLE}


def test_committed_files_are_the_ones_that_are_made() -> None:
    """Nobody edits a badge by hand: making them again gives every committed byte."""
    sample = gzip.compress(bytes(range(256)) * 100, compresslevel=6, mtime=0)
    if hashlib.sha256(sample).hexdigest() != ZLIB:
        pytest.skip("this machine's zlib compresses in another way than the one the files were made with")
    made = {f"badges/{situation.file}": situation.data for situation in ALL}
    made |= {f"trust/{path}": data for path, data in trust_files().items()}
    folder = BADGES.parent
    committed = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for part in (BADGES, TRUST)
        for path in part.rglob("*")
        if path.is_file()
    }
    assert committed == made


def test_every_reason_has_a_situation_or_a_named_test() -> None:
    """A reason nobody can provoke is a reason nobody has seen."""
    reached = {reason for situation in ALL for reason in (situation.reason, *situation.inside, *situation.notes)}
    reached |= {Reason.NOT_REACHED, Reason.NOT_APPLICABLE}
    assert set(Reason) - reached - ELSEWHERE.keys() == set()
