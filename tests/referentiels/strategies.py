"""Référentiels drawn by hypothesis, and a small complete one to break by hand."""

import copy
import unicodedata
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from referentiels.document import as_json, read
from referentiels.example import EXAMPLE
from referentiels.model import (
    RATERS,
    Alignment,
    Badge,
    Behaviour,
    Competence,
    Family,
    Level,
    Referentiel,
    Requirement,
    RetiredCodes,
)

CODES = st.from_regex(r"[a-z0-9][a-z0-9-]{0,8}", fullmatch=True)
# what spreadsheets, encodings and templates trip over, besides whatever hypothesis finds
TRAPS = st.sampled_from(
    ("", "=1+1", "'=1", "''-x", "-1", "+33", "@a", "'", '"', ";", ",", "a;b,c", "{x}", "oui", "0", "É", "عربي")
)


def patient(examples: int) -> settings:
    """Settings for a machine shared with others: so many examples, however long they take to draw."""
    return settings(
        max_examples=examples, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
    )


def small() -> dict[str, Any]:
    """A complete référentiel's document, fresh at each call: break one thing in it."""
    return copy.deepcopy(as_json(EXAMPLE))


def example() -> Referentiel:
    """The same, as a value."""
    return read(small())


def _tidy(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()


def words(longest: int = 40, *, lines: bool = False, blank: bool = True) -> st.SearchStrategy[str]:
    """Texts as the document keeps them: composed, trimmed, without control characters."""
    signs = st.characters(
        exclude_categories=("Cc", "Cs"),
        include_characters="\n" if lines else "",
        exclude_characters="\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
    )
    drawn = st.builds(lambda trap, text: _tidy(trap + text), TRAPS, st.text(signs, max_size=longest // 2)).filter(
        lambda text: len(text) <= longest
    )
    return drawn if blank else drawn.filter(bool)


def _lists(draw: Any, items: st.SearchStrategy[Any], low: int, high: int) -> list[Any]:
    return draw(st.lists(items, min_size=low, max_size=high, unique=True))


@st.composite
def _competence(draw: Any, code: str, families: list[str], levels: list[int], *, full: bool) -> Competence:
    blank = not full
    described = levels if full else sorted(_lists(draw, st.sampled_from(levels), 0, 3)) if levels else []
    named = _lists(draw, st.tuples(words(blank=False), words(blank=blank)), 0, 2)
    return Competence(
        code=code,
        family=draw(st.sampled_from(families)),
        name=draw(words(blank=blank)),
        for_person=draw(words(lines=True, blank=blank)),
        for_recruiter=draw(words(lines=True, blank=blank)),
        pictogram=draw(st.just("") | CODES),
        behaviours=tuple(Behaviour(level, draw(words(lines=True, blank=blank))) for level in described),
        alignments=tuple(
            Alignment(name, draw(words()), f"https://example.org/{draw(CODES)}", source, draw(words(lines=True)))
            for name, source in named
        ),
    )


@st.composite
def _badge(draw: Any, code: str, families: list[str], needs: list[Requirement], *, full: bool) -> Badge:
    blank = not full
    return Badge(
        code=code,
        name=draw(words(blank=blank)),
        description=draw(words(lines=True, blank=blank)),
        family=draw(st.sampled_from(families)),
        pictogram=draw(st.just("") | CODES),
        requirements=tuple(needs),
        at_least=draw(st.none() | st.integers(1, max(len(needs), 1))),
        raters=tuple(r for r in RATERS if r != "tutor" or draw(st.booleans()))
        if full
        else draw(st.sampled_from(((), ("self",), ("coach", "tutor"), RATERS))),
        evidence_required=draw(st.booleans()),
        coach_may_grant=draw(st.booleans()),
        validity_months=draw(st.none() | st.integers(1, 600)),
        calibration=draw(words(lines=True)),
    )


@st.composite
def referentiels(draw: Any, *, full: bool = False) -> Referentiel:
    """Drafts; with `full`, complete ones."""
    least, blank = int(full), not full
    families = _lists(draw, CODES, least, 3)
    levels = sorted(_lists(draw, st.integers(0, 99), 2 * least, 4))
    codes = _lists(draw, CODES, least, 3) if families else []
    badges = _lists(draw, CODES, 0, 2) if families and codes and levels else []
    needs = st.builds(Requirement, st.sampled_from(codes), st.sampled_from(levels)) if badges else st.nothing()
    requirements = st.lists(needs, min_size=least, max_size=2, unique_by=lambda need: need.competence)
    retired = RetiredCodes(
        competences=tuple(sorted(set(_lists(draw, CODES, 0, 2)) - set(codes))),
        badges=tuple(sorted(set(_lists(draw, CODES, 0, 2)) - set(badges))),
    )
    return Referentiel(
        code=draw(CODES),
        title=draw(words(blank=blank)),
        description=draw(words(lines=True)),
        language=draw(st.sampled_from(("fr", "en", "pt-BR") if full else ("", "fr", "ar"))),
        owner=draw(words(blank=blank)),
        scope=draw(words()),
        co_authors=tuple(_lists(draw, words(blank=False), 0, 2)),
        families=tuple(Family(code, draw(words(blank=blank)), draw(words(lines=True))) for code in families),
        scale=tuple(Level(n, draw(words(blank=blank)), draw(words(lines=True, blank=blank))) for n in levels),
        competences=tuple(draw(_competence(code, families, levels, full=full)) for code in codes),
        badges=tuple(draw(_badge(code, families, draw(requirements), full=full)) for code in badges),
        retired_codes=retired,
    )
