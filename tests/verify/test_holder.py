"""Is it the right person? What was typed against the hashed or clear identifiers of a signed document."""

import hashlib
import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify import holder
from verify.holder import Match, compare
from verify.summary import Identity, Summary, summarise, summarise_assertion

SALT = "5QmFzZTY0c2FsdA"


def of(name: str, *, algorithm: str = "sha256", kind: str | None = "name", salt: str | None = SALT) -> Summary:
    """A document that holds a hash and nothing in clear."""
    digest = hashlib.new(algorithm, (name + (salt or "")).encode()).hexdigest()
    identity = Identity(kind, hashed=True, value=f"{algorithm}${digest}", salt=salt)
    return replace(summarise({}, written_as="json"), identifiers=(identity,))


@pytest.mark.parametrize("algorithm", ["sha256", "md5"])
@pytest.mark.parametrize("salt", [SALT, None, ""])
def test_the_very_name_matches_exactly(algorithm: str, salt: str | None) -> None:
    """Under both hashes that the standard names, salted or not."""
    document = of("Amina El Haddad-Roux", algorithm=algorithm, salt=salt)
    assert compare(document, "Amina El Haddad-Roux") is Match.EXACT
    assert compare(document, "  Amina El Haddad-Roux ") is Match.EXACT


def test_a_name_typed_in_decomposed_unicode_matches_exactly() -> None:
    """Some keyboards write an accent as a character of its own: NFC is what is hashed."""
    assert compare(of("Élodie Noël"), "E\u0301lodie Noe\u0308l") is Match.EXACT


@pytest.mark.parametrize(
    ("signed", "typed"),
    [
        ("Amina El Haddad", "amina el haddad"),
        ("Amina El Haddad", "AMINA EL HADDAD"),
        ("Amina El Haddad", "El Haddad Amina"),
        ("Amina El Haddad", "haddad el amina"),
        ("Amina El Haddad", "Amina  El   Haddad"),
        ("Jean-Pierre Martin", "jean pierre martin"),
        ("Jean-Pierre Martin", "MARTIN Jean-Pierre"),
        ("Jeanpierre Martin", "Jean-Pierre Martin"),
        ("MARTIN Jean", "jean martin"),
        ("Jean MARTIN", "martin jean"),
        ("Anne O’Brien", "anne o'brien"),
        ("Anne O'Brien", "O BRIEN Anne"),
        ("Jean d’Arc", "jean d'arc"),
        ("Charles de la Tour", "CHARLES DE LA TOUR"),
        ("Élodie Noël", "elodie noel"),
        ("Hélène François", "Helene François"),
        ("Zoé Lefèvre", "LEFEVRE ZOE"),
        ("Andre Lefevre", "André Lefèvre"),
        ("Marie Lebœuf", "marie leboeuf"),
        ("Leblanc Paul", "Le Blanc Paul"),
        ("Оксана Шевченко", "шевченко оксана"),
        ("أمينة حداد", "حداد أمينة"),
    ],
)
def test_another_spelling_of_the_name_matches(signed: str, typed: str) -> None:
    """Capitals, spaces, hyphens, apostrophes, order and accents are not what makes a person."""
    assert compare(of(signed), typed) is Match.SPELLED


@pytest.mark.parametrize("typed", ["Amina Haddad", "Karim El Haddad", "Amina El Haddade", "x"])
def test_another_name_does_not_match(typed: str) -> None:
    """A word missing, a letter too many: not found, and nothing more is said."""
    assert compare(of("Amina El Haddad"), typed) is Match.DIFFERENT


def test_a_name_in_clear_matches_as_a_hashed_one_does() -> None:
    """What is written out is compared without needing to guess a spelling."""
    document = replace(
        summarise({}, written_as="json"),
        identifiers=(Identity("name", hashed=False, value="Élodie d’Arc-Noël", salt=None),),
    )
    assert compare(document, "Élodie d’Arc-Noël") is Match.EXACT
    assert compare(document, "NOEL D'ARC elodie") is Match.SPELLED
    assert compare(document, "Elodie Darc Noel") is Match.SPELLED
    assert compare(document, "Élodie Noël") is Match.DIFFERENT


def test_an_address_is_held_against_addresses_only() -> None:
    """A name says nothing of an e-mail's hash, nor an e-mail of a name's."""
    document = of("amina@exemple.fr", kind="emailAddress")
    assert compare(document, "amina@exemple.fr") is Match.EXACT
    assert compare(document, "Amina@Exemple.FR") is Match.SPELLED
    assert compare(document, "karim@exemple.fr") is Match.DIFFERENT
    assert compare(document, "Amina") is Match.UNTOLD
    assert compare(of("Amina"), "amina@exemple.fr") is Match.UNTOLD
    assert holder.told(document) == {"email"}
    assert holder.told(of("Amina")) == {"name"}


def test_the_recipient_of_an_older_badge_is_compared() -> None:
    """Open Badges 2.0: `sha256$` of the e-mail and its salt; its name in clear beside it, where there is one."""
    digest = hashlib.sha256(b"amina@exemple.frdeadsea").hexdigest()
    recipient = {"type": "email", "hashed": True, "salt": "deadsea", "identity": f"sha256${digest.upper()}"}
    document = summarise_assertion({"recipient": recipient}, {}, {}, written_as="json")
    assert compare(document, "amina@exemple.fr") is Match.EXACT
    named = summarise_assertion(
        {"recipient": recipient, "extensions:recipientProfile": {"name": "Amina Haddad"}}, {}, {}, written_as="json"
    )
    assert compare(named, "haddad amina") is Match.SPELLED
    assert holder.told(named) == {"name", "email"}


@pytest.mark.parametrize("typed", ["", "   ", "\u0301"])
def test_nothing_typed_is_not_compared(typed: str) -> None:
    """An empty field accuses nobody."""
    assert compare(of("Amina"), typed) in {Match.UNTOLD, Match.DIFFERENT}
    assert compare(of("Amina"), "") is Match.UNTOLD


def test_a_document_that_names_nobody_leaves_it_untold() -> None:
    """No identifier, one without a value, or under a hash that nobody has specified."""
    empty = summarise({}, written_as="json")
    unknown = replace(empty, identifiers=(Identity("name", hashed=True, value="crc32$00", salt=""),))
    blank = replace(empty, identifiers=(Identity("name", hashed=True, value=None, salt=""),))
    assert [compare(each, "Amina") for each in (empty, unknown, blank)] == [Match.UNTOLD] * 3
    assert holder.told(unknown) == frozenset()


@given(st.text(max_size=60))
def test_the_tries_are_bounded_and_each_is_made_once(name: str) -> None:
    """Whatever is typed, no page works longer than a fraction of a second on it."""
    tries = list(itertools.islice(holder.spellings(name), 300))
    assert len(tries) == len(set(tries))


@pytest.mark.parametrize("typed", ["aeiou " * 33, "aeiouaeiouaeiou aeiouaeiou o aeiouaeiou"])
def test_a_long_name_is_given_up_on(typed: str) -> None:
    """The worst that fits in the field: many words, many vowels."""
    assert compare(of("Amina"), typed) is Match.DIFFERENT


def test_a_document_of_many_identifiers_is_given_up_on() -> None:
    """The number of hashes is bounded, not only that of the spellings; salts of any length are not hashed."""
    other = Identity("name", hashed=True, value="sha256$" + "0" * 64, salt="")
    (named,) = of("Amina").identifiers
    for others, match in ((holder.MOST_HASHES // 50, Match.SPELLED), (holder.MOST_HASHES, Match.DIFFERENT)):
        assert compare(replace(of("x"), identifiers=(*[other] * others, named)), "amina") is match
    assert compare(of("Amina", salt="s" * (holder.LONGEST_SALT + 1)), "Amina") is Match.UNTOLD
