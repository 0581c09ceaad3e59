"""The document of a référentiel, read and written."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given

from referentiels.document import read, write
from referentiels.model import Referentiel
from referentiels.sentences import DocumentErrors
from tests.referentiels.strategies import patient, referentiels, small


def _faults(data, *, draft=False) -> dict[str, str]:
    """Path → sentence of what is refused."""
    with pytest.raises(DocumentErrors) as refused:
        read(data, draft=draft)
    return {fault.path: fault.sentence for fault in refused.value.faults}


@given(referentiels())
@patient(80)
def test_draft_survives_its_document(draft):
    """Whatever a draft holds is read back as it was written."""
    assert read(write(draft), draft=True) == draft


@given(referentiels(full=True))
@patient(40)
def test_complete_referentiel_survives_its_document(complete):
    """A complete référentiel is read back by the strict reading too."""
    assert read(write(complete)) == complete


def test_writing_is_stable_and_readable():
    """UTF-8 with accents kept, two spaces, a final newline, and the same bytes after a round trip."""
    document = write(read(small()))
    assert document.startswith(b'{\n  "format": "jalon-referentiel/1",\n  "code": "mon-referentiel",\n')
    assert "Mon référentiel".encode() in document
    assert document.endswith(b"}\n")
    assert write(read(document)) == document


def test_published_version_keeps_its_number_and_date():
    """Number and date are read, and written in UTC after the code."""
    document = small() | {"version": 2, "published": "2026-11-21T08:00:00Z"}
    published = read(document)
    assert (published.version, published.published) == (2, datetime(2026, 11, 21, 8, tzinfo=UTC))
    assert list(json.loads(write(published)))[:4] == ["format", "code", "version", "published"]


@pytest.mark.parametrize("lonely", [{"version": 2}, {"published": "2026-11-21T08:00:00Z"}])
def test_published_version_needs_number_and_date(lonely):
    """One without the other is neither a draft nor a version."""
    assert "version" in _faults(small() | lonely)


@pytest.mark.parametrize("date", ["2026-11-21", "2026-02-30T08:00:00Z", "2026-11-21T08:00:00+01:00", 3])
def test_publication_date_is_an_instant_in_utc(date):
    """Anything but an existing second in UTC is refused."""
    assert "published" in _faults(small() | {"version": 1, "published": date})


def test_texts_are_tidied():
    """Decomposed accents are composed, line ends made plain, outer spaces taken off."""
    document = small() | {"title": "  Re\u0301fe\u0301rentiel ", "description": "a\r\nb\tc"}
    referentiel = read(document)
    assert (referentiel.title, referentiel.description) == ("Référentiel", "a\nb c")


def test_behaviours_are_put_in_the_order_of_the_scale():
    """A reader finds the lowest level first, whatever the order they were written in."""
    document = small()
    document["competences"][0]["behaviours"].reverse()
    assert [seen.level for seen in read(document).competences[0].behaviours] == [1, 2, 3]


def test_minimal_draft_is_read():
    """A draft may hold nothing but its format and code."""
    assert read({"format": "jalon-referentiel/1", "code": "x"}, draft=True) == Referentiel(code="x", title="")


def test_published_reading_wants_every_member():
    """Outside drafts a member left out is named at its path."""
    document = small()
    del document["competences"][0]["for_person"]
    assert _faults(document) == {"competences[0].for_person": "Le membre «\xa0for_person\xa0» manque."}


def test_draft_badge_without_rules_gets_the_usual_ones():
    """Two views and an evidence, unless the draft says otherwise."""
    document = small()
    for name in ("raters", "evidence_required", "coach_may_grant"):
        del document["badges"][0][name]
    badge = read(document, draft=True).badges[0]
    assert (badge.raters, badge.evidence_required, badge.coach_may_grant) == (("self", "coach"), True, False)
    assert {"badges[0].raters", "badges[0].evidence_required"} <= set(_faults(document))


def test_flood_of_faults_is_cut():
    """A megabyte of nonsense gets five hundred sentences, not a hundred thousand."""
    members = ",".join(f'"x{number}":0' for number in range(80_000))
    assert len(_faults(f"{{{members}}}".encode(), draft=True)) == 500


def test_every_fault_is_said_at_once():
    """Shapes and references are all reported in one reading."""
    document = small()
    document["competences"][0]["behaviours"][2]["level"] = "trois"
    document["competences"][0]["family"] = "ailleurs"
    document["badges"][0]["requirements"][0]["competence"] = "rien"
    assert set(_faults(document)) == {
        "competences[0].behaviours[2].level",
        "competences[0].family",
        "badges[0].requirements[0].competence",
    }


def test_unknown_members_are_refused_by_name():
    """A misspelt member is never dropped in silence."""
    document = small() | {"titel": "x"}
    document["badges"][0]["colour"] = "red"
    faults = _faults(document)
    assert set(faults) == {"titel", "badges[0].colour"}
    assert "colour" in faults["badges[0].colour"]


def test_member_written_twice_is_refused_at_its_path():
    """JSON readers disagree about which of the two counts, so neither does."""
    text = json.dumps(small()).replace('"scale": [{', '"scale": [{"level": 9, ')
    assert _faults(text.encode()) == {"scale[0].level": "Le membre «\xa0level\xa0» est écrit deux fois."}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"[" * 100_000, "imbriqué"),
        (b'{"code": ', "ligne 1, colonne"),
        (b'{"code": "\xe9"}', "UTF-8"),
        (b" " * (1024 * 1024 + 1), "1 Mo"),
        (b'{"code": ' + b"9" * 5000 + b"}", "démesuré"),
        (b"[]", "objet"),
        (b"NaN", "objet"),
        (b"", "JSON"),
    ],
)
def test_unreadable_bytes_are_refused_in_a_sentence(data, words):
    """Too deep, cut, badly encoded, too big, or no object: one sentence each."""
    assert words in _faults(data, draft=True)[""]


def test_brackets_and_escapes_inside_texts_are_not_nesting():
    """Only real nesting counts as depth."""
    document = small() | {"title": '\\"[[[[[[[[[[[[[[[[[[[[[[{{{{{{{{{{{'}
    assert read(json.dumps(document).encode()).title == document["title"]


def test_hostile_quotes_do_not_slow_the_reading():
    """A megabyte of escaped quotes is refused like any other text, in linear time."""
    assert "JSON" in _faults(b'"' + b'\\"' * 500_000, draft=True)[""]


@pytest.mark.parametrize("format_", ["jalon-referentiel/2", None, 1])
def test_other_format_is_refused(format_):
    """A document of another format is not read as if it were ours."""
    assert "jalon-referentiel/1" in _faults(small() | {"format": format_})["format"]


@pytest.mark.parametrize("code", ["", "-x", "Équipe", "a b", "a" * 64, "x_y", 3, None, "x\n"])
def test_bad_codes_are_refused(code):
    """Codes go into signed addresses: small letters, digits, hyphens, 63 at most."""
    assert "n’est pas un code" in _faults(small() | {"code": code})["code"]


@pytest.mark.parametrize("code", ["a", "0", "a-", "a" * 63, "9-z"])
def test_good_codes_are_read(code):
    """The bounds of a code are inside."""
    assert read(small() | {"code": code}).code == code


@pytest.mark.parametrize(
    ("member", "value", "words"),
    [
        ("title", "x" * 201, "201 signes"),
        ("title", 3, "texte"),
        ("title", None, "texte"),
        ("title", "a\nb", "seule ligne"),
        ("title", "a\x00b", "U+0000"),
        ("title", "a\ud800b", "U+D800"),
        ("title", "a\u202eb", "U+202E"),
        ("language", "français", "langue"),
        ("co_authors", "Paul", "liste"),
        ("co_authors", [f"n{i}" for i in range(51)], "51 éléments"),
        ("families", {}, "liste"),
    ],
)
def test_bad_members_are_refused(member, value, words):
    """Each bound of a text or a list, with the sentence that says which."""
    assert words in _faults(small() | {member: value}, draft=True)[member]


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "javascript:alert(1)",
        "https://",
        "https:///x",
        "//example.org",
        "https://user@example.org/",
        "https://example.org/a b",
        "https://example.org:99999/",
        'https://example.org/">',
        "https://[::1",
    ],
)
def test_alignment_address_is_https_even_in_a_draft(url):
    """It becomes a link on pages and gets signed."""
    document = small()
    document["competences"][0]["alignments"][0]["url"] = url
    assert "https" in _faults(document, draft=True)["competences[0].alignments[0].url"]


@pytest.mark.parametrize(
    ("member", "value", "words"),
    [
        ("at_least", 0, "entre 1 et 50"),
        ("at_least", True, "entre 1 et 50"),
        ("at_least", 1.0, "entre 1 et 50"),
        ("validity_months", 601, "entre 1 et 600"),
        ("evidence_required", "oui", "true ou false"),
        ("coach_may_grant", 1, "true ou false"),
        ("family", "ailleurs", "n’existe pas"),
        ("pictogram", "É", "n’est pas un code"),
    ],
)
def test_bad_badge_members_are_refused(member, value, words):
    """Numbers within bounds, real booleans, references that lead somewhere."""
    document = small()
    document["badges"][0][member] = value
    assert words in _faults(document, draft=True)[f"badges[0].{member}"]


def test_unknown_rater_is_refused():
    """Only the person, the coach and the tutor rate."""
    document = small()
    document["badges"][0]["raters"] = ["self", "peer"]
    assert "«\xa0peer\xa0» n’évalue pas" in _faults(document)["badges[0].raters[1]"]


def _twice(document, name):
    document[name].append(document[name][0])


@pytest.mark.parametrize(
    ("spoil", "path", "words"),
    [
        (lambda d: _twice(d, "families"), "families[1].code", "sert déjà"),
        (lambda d: _twice(d, "competences"), "competences[1].code", "sert déjà"),
        (lambda d: _twice(d, "badges"), "badges[1].code", "sert déjà"),
        (lambda d: _twice(d, "co_authors"), "co_authors[1]", "déjà nommé"),
        (lambda d: _twice(d, "scale"), "scale[3].level", "en montant"),
        (lambda d: d["scale"].reverse(), "scale[1].level", "en montant"),
        (lambda d: _twice(d["competences"][0], "behaviours"), "competences[0].behaviours[3].level", "déjà décrit"),
        (lambda d: _twice(d["competences"][0], "alignments"), "competences[0].alignments[1].name", "déjà écrit"),
        (lambda d: _twice(d["badges"][0], "requirements"), "badges[0].requirements[1].competence", "déjà exigée"),
        (
            lambda d: d["badges"][0]["requirements"][0].update(level=4),
            "badges[0].requirements[0].level",
            "pas dans l’échelle",
        ),
        (
            lambda d: d["competences"][0]["behaviours"][0].update(level=7),
            "competences[0].behaviours[0].level",
            "pas dans l’échelle",
        ),
        (
            lambda d: d.update(retired_codes={"families": [], "competences": ["prevenir"], "badges": []}),
            "competences[0].code",
            "retiré",
        ),
        (lambda d: d["scale"][0].pop("level"), "scale[0].level", "manque"),
        (lambda d: d["scale"][0].update(level=100), "scale[0].level", "entre 0 et 99"),
        (lambda d: d["competences"].append("x"), "competences[1]", "objet"),
    ],
)
def test_document_that_does_not_hold_together_is_refused(spoil, path, words):
    """Drafts too: codes once, levels ascending, no reference to nothing."""
    document = small()
    spoil(document)
    assert words in _faults(document, draft=True)[path]


@pytest.mark.parametrize(
    ("spoil", "path"),
    [
        (lambda d: d.update(owner=""), "owner"),
        (lambda d: d["competences"][0]["behaviours"].pop(), "competences[0].behaviours"),
        (lambda d: d["badges"][0]["requirements"].clear(), "badges[0].requirements"),
    ],
)
def test_draft_may_lack_what_a_version_may_not(spoil, path):
    """The same gap is read in a draft and refused otherwise."""
    document = small()
    spoil(document)
    assert read(document, draft=True)
    assert path in _faults(document)


def test_sentences_are_translated_with_their_values():
    """The application's gettext gets the French message, and the values come in afterwards."""
    with pytest.raises(DocumentErrors) as refused:
        read(small() | {"titel": "{x}"})
    (fault,) = refused.value.faults
    assert fault.translated(lambda french: f"[{french}]") == "[Le membre «\xa0titel\xa0» est inconnu.]"
    assert fault.message_id == "Le membre «\xa0{name}\xa0» est inconnu."
