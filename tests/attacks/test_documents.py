"""Attacks on how the document is read: twice-named members, foreign words, other spellings, strange numbers."""

import json
import unicodedata
from typing import Any

import pytest

from tests.attacks.asserting import PROOF, STRUCTURE, accepted, left_open, refused, unreadable
from tests.verify import factory as f
from verify import Outcome, Reason, Unreadable, Verdict

GOOD = f.sign(f.credential())
TEXT = f.written(GOOD).decode()


def _replaced(old: str, new: str) -> bytes:
    assert old in TEXT
    return TEXT.replace(old, new, 1).encode()


@pytest.mark.parametrize(
    "twice",
    [
        '"name": "Faux", "name": "Travail en équipe"',
        '"name": "Travail en équipe", "na\\u006de": "Faux"',
    ],
)
def test_duplicated_keys_are_not_read(twice: str) -> None:
    """One reader takes the first, another the last: nobody may take either."""
    unreadable(_replaced('"name": "Travail en équipe"', twice), Reason.JSON_DUPLICATE_KEY)


def test_duplicated_keys_in_a_token_are_not_read() -> None:
    """In the header, where `alg` could be said twice, as in the payload."""
    for header, payload in ((b'{"alg":"none","alg":"EdDSA"}', b"{}"), (b'{"alg":"EdDSA"}', b'{"iss":"a","iss":"b"}')):
        data = b".".join(map(f._base64url, (header, payload, b"\0" * 64)))
        reason = Reason.JWT_MALFORMED if b"none" in header else Reason.JSON_DUPLICATE_KEY
        unreadable(data, reason)


@pytest.mark.parametrize(
    "change",
    [
        {"niveau": "5"},
        {"credentialSubject": {**GOOD["credentialSubject"], "niveau": "5"}},
        {"type": [*GOOD["type"], "Diplome"]},
        {"evidence": [{**GOOD["evidence"][0], "jury": "complet"}]},
    ],
)
def test_undefined_terms_are_refused(change: dict[str, Any]) -> None:
    """JSON-LD would drop them and sign alike; whoever reads the JSON would believe them."""
    refused(f.verify(f.written({**GOOD, **change})), STRUCTURE, Reason.UNDEFINED_TERM)


def test_undefined_terms_are_refused_even_where_they_were_signed() -> None:
    """The issuer's own software dropped the word before it signed: the signature is good, and says nothing of it."""
    refused(f.verify(f.written({**f.sign(f.credential()), "niveau": "5"})), STRUCTURE, Reason.UNDEFINED_TERM)


@pytest.mark.parametrize(
    "context",
    [
        {"@vocab": "https://attaque.example/"},
        {"name": "https://schema.org/alternateName"},
        {"@base": "https://attaque.example/"},
        {"@import": "https://attaque.example/context.json"},
        {"@propagate": False},
        {},
    ],
)
def test_inline_vocab_is_refused(context: dict[str, Any]) -> None:
    """A document that brings its own words could make any of them mean anything; safe mode lets it pass."""
    document = f.written({**GOOD, "@context": [*GOOD["@context"], context]})
    refused(f.verify(document), STRUCTURE, Reason.CONTEXT_INLINE)


def test_inline_vocab_is_refused_inside() -> None:
    """In any object, and as the only context."""
    subject = {**GOOD["credentialSubject"], "@context": {"@vocab": "https://attaque.example/"}}
    refused(f.verify(f.written({**GOOD, "credentialSubject": subject})), STRUCTURE, Reason.CONTEXT_INLINE)
    refused(f.verify(f.written({**GOOD, "@context": {"@vocab": "urn:"}})), STRUCTURE, Reason.CONTEXT_ORDER)


@pytest.mark.parametrize(
    "address",
    [
        "https://attaque.example/context.json",
        "https://www.w3.org/ns/credentials/v2/",
        "https://www.w3.org/ns/credentials/v2#",
        "http://www.w3.org/ns/credentials/v2",
        "HTTPS://www.w3.org/ns/credentials/v2",
        "https://www.w3.org/ns/credentials/v2?x",
        "https://www.w3.org/ns/credentials/../credentials/v2",
    ],
)
def test_context_substitution_by_an_address(address: str) -> None:
    """Only the exact addresses on the list, whose bytes are known; not one that might lead to the same."""
    report = f.verify(f.written({**GOOD, "@context": [*GOOD["@context"], address]}))
    left_open(report, STRUCTURE, Reason.CONTEXT_UNKNOWN)
    assert report.check(PROOF).outcome is Outcome.NOT_CHECKED


def test_context_substitution_by_one_that_is_known() -> None:
    """Another context on the list in place of one, or the same ones in another order."""
    contexts = GOOD["@context"]
    clr = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"
    for changed in (contexts[::-1], contexts[:1], [contexts[0], clr], [clr, *contexts]):
        assert f.verify(f.written({**GOOD, "@context": changed})).verdict is Verdict.INVALID, changed


def test_context_that_changes_no_meaning_changes_nothing() -> None:
    """What is signed is what the badge says: a known context that says nothing of its words is no attack."""
    clr = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"
    accepted(f.verify(f.written({**GOOD, "@context": [*GOOD["@context"], clr]})))


@pytest.mark.parametrize(
    "context",
    [
        "https://attaque.example/context.json",
        {"@vocab": "https://attaque.example/"},
        [GOOD["@context"][1]],
        [*GOOD["@context"], GOOD["@context"][1]],
        None,
        "validé par la Région",
    ],
)
def test_context_substitution_between_the_proof_and_the_document(context: Any) -> None:
    """A proof may repeat the document's contexts, and bring none of its own."""
    data = f.altered(lambda document: document["proof"][0].update({"@context": context}))
    refused(f.verify(data), PROOF, Reason.SIGNATURE_WRONG)
    accepted(f.verify(f.altered(lambda document: document["proof"][0].update({"@context": GOOD["@context"]}))))


@pytest.mark.parametrize(
    "value", ["c/1", "/c/1", "#c", "?c", "", "//badges.example/c/1", "../c", "relative-iri:x", "urn", "https:// x"]
)
def test_relative_ids_are_refused(value: str) -> None:
    """What an id means may not depend on where the file was found."""
    report = f.verify(f.written(f.sign(f.credential())).replace(GOOD["id"].encode(), value.encode(), 1))
    assert report.verdict is Verdict.INVALID
    assert report.check(STRUCTURE).outcome is Outcome.FAILED


def test_relative_ids_are_refused_inside() -> None:
    """In the subject, the achievement, a type."""
    subject = GOOD["credentialSubject"]
    for changed, reasons in (
        ({**subject, "id": "moi"}, {Reason.SUBJECT_INVALID, Reason.UNDEFINED_TERM}),
        ({**subject, "type": [*subject["type"], "Inconnu"]}, {Reason.UNDEFINED_TERM}),
        ({**subject, "source": {"id": "ici", "type": ["Profile"]}}, {Reason.UNDEFINED_TERM}),
    ):
        report = f.verify(f.written({**GOOD, "credentialSubject": changed}))
        assert report.verdict is Verdict.INVALID
        assert report.check(STRUCTURE).reason in reasons


def test_same_subject_in_two_places_is_refused() -> None:
    """Said of the badge itself, but where no check that reads the JSON would look."""
    evidence = [{"id": GOOD["id"], "type": ["Evidence"], "name": "Niveau 5"}]
    refused(f.verify(f.written({**GOOD, "evidence": evidence})), STRUCTURE, Reason.TERM_HIDDEN)


def test_unicode_nfc_and_nfd_are_two_texts() -> None:
    """They look alike and are not: the signature tells them apart, and a badge signed in NFD is good as it is."""
    decomposed = unicodedata.normalize("NFD", "Travail en équipe")
    refused(f.verify(f.written({**GOOD, "name": decomposed})), PROOF, Reason.SIGNATURE_WRONG)
    accepted(f.verify(f.written(f.sign(f.credential(name=decomposed)))))


@pytest.mark.parametrize(
    "character", ["\u202e", "\u2066", "\u200b", "\u200d", "\ufeff", "\u00ad", "\u061c", "\U000e0041"]
)
def test_unicode_bidi_and_invisible_characters_are_signed(character: str) -> None:
    """Put in after signing they break the signature; no canonical form drops them."""
    for name in (character + GOOD["name"], GOOD["name"] + character):
        refused(f.verify(f.written({**GOOD, "name": name})), PROOF, Reason.SIGNATURE_WRONG)


def test_unicode_bidi_in_a_key_is_no_word() -> None:
    """A member whose name looks like a known one."""
    refused(f.verify(_replaced('"name": "Travail', '"name\u200b": "Travail')), STRUCTURE, Reason.UNDEFINED_TERM)


def test_unicode_astral_characters_are_taken_as_they_are() -> None:
    """Beyond the first plane, escaped as pairs or written plainly: the same text."""
    document = f.sign(f.credential(name="Équipe 🏅 𝒆́quipe"))
    accepted(f.verify(f.written(document)))
    accepted(f.verify(json.dumps(document).encode()))


@pytest.mark.parametrize("escape", ["\\ud800", "\\udfff", "\\udfff\\ud800", "\\ud83cx"])
def test_unicode_halves_of_a_pair_are_not_read(escape: str) -> None:
    """They have no UTF-8, and no two programs treat them alike."""
    unreadable(_replaced("Travail en équipe", f"Travail{escape}"), Reason.JSON_LONE_SURROGATE)


@pytest.mark.parametrize("escape", ["\\u0000", "\\u0001", "\\u000b", "\\u001f", "\\u007f", "\\b", "\\f"])
def test_unicode_control_characters_are_not_read(escape: str) -> None:
    """Some canonicalisers drop them: two texts would sign alike."""
    unreadable(_replaced("Travail en équipe", f"Travail{escape}"), Reason.JSON_CONTROL_CHARACTER)


@pytest.mark.parametrize("data", [b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", "é".encode("latin-1")])
def test_unicode_that_is_no_utf8_is_not_read(data: bytes) -> None:
    """Over-long, out of range, or another encoding."""
    unreadable(TEXT.encode().replace(b"Travail", data, 1), Reason.NOT_UTF8)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-16-be"])
def test_unicode_in_another_encoding_is_not_read(encoding: str) -> None:
    """JSON between systems is UTF-8."""
    with pytest.raises(Unreadable) as caught:
        f.verify(TEXT.encode(encoding))
    assert caught.value.reason in {Reason.FORMAT_UNKNOWN, Reason.NOT_UTF8}


@pytest.mark.parametrize(
    "number", ["1e400", "-1e400", "9007199254740993", "-9007199254740993", "1e999999999", "NaN", "Infinity", "1" * 5000]
)
def test_numbers_that_change_on_the_way_are_not_read(number: str) -> None:
    """Two programs would read two numbers."""
    with pytest.raises(Unreadable) as caught:
        f.verify(_replaced('"name": "Travail en équipe"', f'"name": {number}'))
    assert caught.value.reason in {Reason.JSON_NUMBER_UNSAFE, Reason.JSON_MALFORMED}


@pytest.mark.parametrize("number", ["-0", "-0.0", "0", "1.0", "1", "1e0", "1e-7", "5e-324"])
def test_numbers_never_stand_for_a_signed_text(number: str) -> None:
    """Whatever they are written as in RDF, they are no text that was signed."""
    report = f.verify(_replaced('"value": "4"', f'"value": {number}'))
    assert report.verdict is Verdict.INVALID


def test_numbers_that_are_one_number_sign_alike_or_not_at_all() -> None:
    """`-0` is 0 to one reader and not to another; what was signed as one may not verify as something else seen."""
    subject = {**GOOD["credentialSubject"], "creditsEarned": 0}
    signed = f.written(f.sign(f.credential(credentialSubject=subject))).decode()
    accepted(f.verify(signed.encode()))
    accepted(f.verify(signed.replace('"creditsEarned": 0', '"creditsEarned": -0').encode()))
    for number in ("1", "0.1", "1e-300", "true", "null", "[]"):
        changed = signed.replace('"creditsEarned": 0', f'"creditsEarned": {number}')
        assert f.verify(changed.encode()).verdict is Verdict.INVALID, number


@pytest.mark.parametrize("depth", [70, 5_000, 200_000])
def test_nesting_without_end_is_not_read(depth: int) -> None:
    """Deeper than any badge: refused before anything recurses into it."""
    data = ('{"@context": ' + "[" * depth + "]" * depth + ', "credentialSubject": {}}').encode()
    unreadable(data, Reason.JSON_TOO_DEEP)


def test_values_without_end_are_not_read() -> None:
    """More values than any badge, and more bytes."""
    unreadable(json.dumps({"credentialSubject": [0] * 100_000}).encode(), Reason.JSON_TOO_MANY_VALUES)
    unreadable(json.dumps({"credentialSubject": "x" * 2_000_000}).encode(), Reason.TOO_LARGE)


def test_poison_graph_is_refused() -> None:
    """Nodes that only trying every order could tell apart, as many as the document may hold."""
    subject = f.credential()["credentialSubject"]
    achievement = subject["achievement"]
    achievement["related"] = [{"type": ["Related"], "id": f"urn:a:{n % 2}"} for n in range(2)]
    achievement["alignment"] = [{"type": ["Alignment"], "targetName": "a", "targetUrl": "urn:b"}] * 400
    report = f.verify(f.written({**GOOD, "credentialSubject": subject}))
    assert report.verdict is not Verdict.VALID
