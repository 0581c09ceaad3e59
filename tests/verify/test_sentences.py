"""The wording of verdicts and reasons: complete, in two languages, and one for each case."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.situations.make import BADGES, TRUST, situations
from tests.verify import factory as f
from tests.verify import kinds as k
from verify import CheckName, Kind, Outcome, Reason, TrustBundle, Unreadable, read_trust
from verify.sentences import CHECKS, DOCUMENTS, HEADLINES, OUTCOMES, REASONS, Sentence, headline
from verify.sentences import KINDS as NAMES

DOCUMENTED = Path(__file__).parents[2] / "docs" / "reasons.md"
EVERY: list[Sentence] = [
    *HEADLINES.values(),
    *DOCUMENTS.values(),
    *NAMES.values(),
    *CHECKS.values(),
    *OUTCOMES.values(),
    *REASONS.values(),
]


def test_every_reason_check_and_outcome_has_a_sentence() -> None:
    """Nothing can be reported that has no wording."""
    assert REASONS.keys() == set(Reason)
    assert CHECKS.keys() == set(CheckName)
    assert OUTCOMES.keys() == set(Outcome)
    assert NAMES.keys() == set(Kind)
    assert DOCUMENTS.keys() < HEADLINES.keys()


def test_every_reason_is_documented_with_its_sentence() -> None:
    """docs/reasons.md lists each reason once, in the words that are printed."""
    rows = re.findall(r"^\| `([a-z0-9_]+)` \| [a-z ]+ \| (.+) \|$", DOCUMENTED.read_text("utf-8"), re.MULTILINE)
    assert sorted(rows) == sorted((reason.value, REASONS[reason].english) for reason in Reason)


@pytest.mark.parametrize("sentence", EVERY, ids=lambda sentence: sentence.english[:40])
def test_every_sentence_is_two_sentences(sentence: Sentence) -> None:
    """French and English, with the same braces; French with its own spaces and apostrophes."""
    assert sentence.french.strip()
    assert sentence.english.strip()
    assert set(re.findall(r"\{.*?\}", sentence.french)) == set(re.findall(r"\{.*?\}", sentence.english))
    assert set(re.findall(r"\{(.*?)\}", sentence.french)) <= {"issuer", "date"}
    assert sentence.french != sentence.english
    assert not re.search(r" [;:?!»]|'|« ", sentence.french)
    assert "'" not in sentence.english
    assert sentence.in_language("fr") == sentence.french
    assert sentence.in_language("en") == sentence.in_language("de") == sentence.english


KINDS: dict[str, str] = {
    "good.json": "valid",
    "revoked.json": "revoked",
    "suspended.json": "suspended",
    "expired.json": "expired",
    "not_yet_valid.json": "not_yet_valid",
    "holder_changed.json": "forged",
    "swapped_key.json": "forged",
    "expiry_removed.json": "forged",
    "impostor.json": "impostor",
    "key_revoked.json": "key_withdrawn",
    "criteria_missing.json": "defective",
    "unsigned.json": "defective",
    "dates_reversed.json": "defective",
    "status_index_out_of_range.json": "defective",
    "issuer_unknown.json": "issuer_unknown",
    "issuer_recognised_later.json": "issuer_not_recognised",
    "issuer_recognised_for_something_else.json": "issuer_not_recognised",
    "status_unreachable.json": "status_unchecked",
    "status_list_forged.json": "status_unchecked",
    "issuer_unreachable.json": "unproved",
    "cryptosuite_unknown.json": "unproved",
    "context_unknown.json": "unproved",
}


@pytest.mark.parametrize("situation", [each for each in situations() if each.file in KINDS], ids=lambda each: each.file)
def test_headline_says_the_gravest_thing(situation: Any) -> None:
    """One sentence for each case, with a date only where it has one."""
    top = headline(f.verify(situation.data, read_trust(TRUST)))
    assert top.kind == KINDS[situation.file]
    assert top.sentence is HEADLINES[top.kind]
    assert (top.date is not None) == ("{date}" in top.sentence.french)
    assert top.issuer == "Mission locale du Val-de-Brume"


@pytest.mark.parametrize(
    ("file", "kind", "words"),
    [
        ("endorsement.json", "valid_endorsement", "Authentic endorsement, signed by"),
        ("endorsement_unnamed.json", "defective", "This document breaks the standard"),
        ("clr.json", "valid_record", "Authentic record, issued by"),
        ("clr_forged.json", "forged", "The content does not match the signature."),
        ("presentation.json", "valid_presentation", "The presentation is in order"),
        ("presentation_unsigned.json", "presentation_unsigned", "Unsigned presentation"),
        ("presentation_of_a_forged_badge.json", "members_refused", "at least one credential to be refused"),
        ("presentation_by_a_silent_holder.json", "impostor", "The signature is not that of"),
        ("credential_of_no_kind.json", "not_a_badge", "not a badge"),
    ],
)
def test_headline_of_what_is_no_badge_does_not_speak_of_one(file: str, kind: str, words: str) -> None:
    """Each kind has its own words where the badge’s would be wrong."""
    top = headline(f.verify((BADGES / file).read_bytes(), read_trust(TRUST)))
    assert top.kind == kind
    assert words in top.sentence.english
    assert "This badge" not in top.sentence.english


def test_headline_of_a_presentation_of_what_could_not_be_checked_says_so() -> None:
    """Signed by its holder, and a badge in it by nobody we know."""
    known = json.loads(f.own_key_badge())
    report = k.verify(k.by_holder(k.presentation([known])))
    assert headline(report).kind == "members_open"
    assert headline(report).issuer == k.HOLDER


def test_headline_of_every_situation_exists() -> None:
    """Whatever the checks give, there is something to say."""
    for situation in situations():
        try:
            report = f.verify(situation.data, read_trust(TRUST))
        except Unreadable:
            continue
        assert headline(report).kind in HEADLINES


def test_headline_calls_an_expired_badge_authentic_only_where_its_issuer_is_recognised() -> None:
    """An unknown issuer's badge can be out of date without being called authentic."""
    data = f.own_key_badge(validUntil="2026-10-02T08:00:00Z")
    assert headline(f.verify(data)).kind == "expired_unrecognised"


@pytest.mark.parametrize(
    ("dates", "kind"),
    [
        ({"validUntil": "2026-10-02T08:00:00Z"}, "expired_unproved"),
        ({"validFrom": "2026-12-24T08:00:00Z", "validUntil": None}, "not_yet_valid_unproved"),
        ({"validFrom": "2026-10-03T08:00:00Z", "validUntil": "2026-10-02T08:00:00Z"}, "defective"),
    ],
)
def test_headline_of_a_badge_out_of_date_by_nobody_we_can_ask_blames_neither_form_nor_issuer(
    dates: dict[str, Any], kind: str
) -> None:
    """Its dates are its own word; only dates that cannot be so are a defect."""
    report = f.verify(f.badge(**dates), TrustBundle())
    assert report.check("key_controlled").outcome == "not_checked"
    assert headline(report).kind == kind


def test_headline_of_a_withdrawn_and_expired_badge_says_that_it_is_withdrawn() -> None:
    """What the issuer did comes before what time did."""
    data = f.badge(validUntil="2026-10-02T08:00:00Z", credentialStatus=f.status_entry(f.REVOKED))
    assert headline(f.verify(data)).kind == "revoked"


def test_headline_of_a_structure_that_is_merely_unknown_is_undetermined() -> None:
    """A token in an unknown vocabulary is proved, and still not understood."""
    report = f.verify(f.badge(validFrom="2026-10-01T08:00:00"))
    assert headline(report).kind == "defective"


def test_headline_names_an_issuer_without_a_name_by_its_identifier() -> None:
    """Better a DID than nothing; nothing is a question mark."""
    assert headline(f.verify(f.badge(issuer=f.ISSUER))).issuer == f.ISSUER
    assert headline(f.verify(f.badge(issuer=None))).issuer == "?"
