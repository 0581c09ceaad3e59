"""A référentiel in another language, for the person who reads it; what is signed keeps its own.

A translation belongs to a text: it is found by the text that it translates, whichever version holds it. Where a text
changes, its translation no longer applies; the text is then read as it was written, and known to be so.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from importlib import resources
from typing import Final, Self

from referentiels import cells
from referentiels.model import Referentiel
from referentiels.sentences import N_, DocumentErrors, Fault

Texts = Mapping[str, str]
"""Text as written → text in one other language."""

LONGEST: Final = 4000
TOO_LONG: Final = N_("Cette traduction est trop longue : {limit} caractères au plus.")
COLUMNS: Final = ("texte", "traduction")


class Said(str):
    """A text of a référentiel that knows which language it is in, as a BCP 47 tag."""

    __slots__ = ("language",)
    language: str

    def __new__(cls, text: str, language: str) -> Self:
        """The text, in that language."""
        said = super().__new__(cls, text)
        said.language = language
        return said


def texts_of(referentiel: Referentiel) -> tuple[str, ...]:
    """Everything in it that a person reads, each text once, in reading order. What recruiters read is left out."""
    return tuple(dict.fromkeys(text for text in _texts(referentiel) if text))


def untranslated(referentiel: Referentiel, texts: Texts) -> tuple[str, ...]:
    """The texts that have no translation yet, in reading order."""
    return tuple(text for text in texts_of(referentiel) if not texts.get(text))


def spoken(referentiel: Referentiel, language: str, texts: Texts) -> Referentiel:
    """The same référentiel with its texts in the language, and those without a translation as they were written.

    Each of its texts is a `Said`. To be shown; never to be signed, published or compared.
    """

    def say(text: str) -> str:
        if not text:
            return text
        found = texts.get(text)
        return Said(found, language) if found else Said(text, referentiel.language)

    return replace(
        referentiel,
        title=say(referentiel.title),
        description=say(referentiel.description),
        families=tuple(
            replace(one, name=say(one.name), description=say(one.description)) for one in referentiel.families
        ),
        scale=tuple(replace(one, name=say(one.name), meaning=say(one.meaning)) for one in referentiel.scale),
        competences=tuple(
            replace(
                one,
                name=say(one.name),
                for_person=say(one.for_person),
                behaviours=tuple(replace(seen, text=say(seen.text)) for seen in one.behaviours),
            )
            for one in referentiel.competences
        ),
        badges=tuple(replace(one, name=say(one.name), description=say(one.description)) for one in referentiel.badges),
    )


def write_csv(wanted: Iterable[str], texts: Texts) -> bytes:
    """Two columns for a translator: every text wanted, and its translation, empty where there is none."""
    return cells.written(COLUMNS, ((text, texts.get(text, "")) for text in wanted))


def read_csv(data: bytes) -> dict[str, str]:
    """The translations in such a file; a line without one is left out.

    Raises:
        DocumentErrors: not such a file, a text translated in two ways, or a translation that is too long.
    """
    lines = cells.read(data)
    if not lines or tuple(cell.casefold() for cell in lines[0][:2]) != COLUMNS or len(lines[0]) > len(COLUMNS):
        raise DocumentErrors([Fault("", N_("Il faut deux colonnes : « texte » et « traduction »."), line=1)])
    texts: dict[str, str] = {}
    faults = []
    for number, line in enumerate(lines[1:], 2):
        text, found = (*line, "", "")[:2]
        if len(found) > LONGEST:
            faults.append(Fault("", TOO_LONG, {"limit": LONGEST}, line=number))
        elif found and texts.setdefault(text, found) != found:
            faults.append(Fault("", N_("Ce texte est déjà traduit autrement, plus haut."), line=number))
    if faults:
        raise DocumentErrors(faults)
    return texts


def shipped() -> dict[str, Texts]:
    """The translations shipped with the starters, by language."""
    library = resources.files("referentiels").joinpath("library", "translations")
    return {
        file.name.removesuffix(".json"): json.loads(file.read_bytes())
        for file in sorted(library.iterdir(), key=lambda one: one.name)
        if file.name.endswith(".json")
    }


def _texts(referentiel: Referentiel) -> Iterator[str]:
    yield from (referentiel.title, referentiel.description)
    for step in referentiel.scale:
        yield from (step.name, step.meaning)
    for competence in referentiel.competences:
        yield from (competence.name, competence.for_person, *(seen.text for seen in competence.behaviours))
    for family in referentiel.families:
        yield from (family.name, family.description)
    for badge in referentiel.badges:
        yield from (badge.name, badge.description)
