"""A second look at the words of a référentiel: acts are described, persons are not judged.

It knows French only and says nothing about other languages. It is a list of words, so it can be wrong both
ways: its remarks never block. What it looks for, and why, comes from the field: judgements of character, looks
or culture; scheme, legal status, health or housing, which nobody may be asked to show; and the words of school
and failure.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from referentiels.model import Referentiel
from referentiels.sentences import N_, Fault


@dataclass(frozen=True, slots=True)
class _Trap:
    """Words to look twice at, and the sentence that says why, with the `{passage}` found."""

    words: re.Pattern[str]
    message_id: str


def _words(*expressions: str) -> re.Pattern[str]:
    """Whole words in any case; `(?-i:…)` where capitals matter, as in acronyms."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(expressions)})(?!\w)", re.IGNORECASE)


_CHARACTER: Final = _Trap(
    _words(
        "optimis(?:me|tes?)",
        "pessimis(?:me|tes?)",
        "(?:mal)?honn[êe]t(?:es?|eté|ement)",
        "bon[ -]sens",
        "sinc(?:ère|ères|érité)",
        "loya(?:l|le|les|ux|uté)",
        "gentil(?:le|s|les|lesse)?",
        "doci(?:le|les|lité)",
        "obéissan(?:t|te|ts|tes|ce)",
        "paresseu(?:x|se|ses)",
        "fainéant(?:e|s|es)?",
        "courageu(?:x|se|ses)",
        "timid(?:e|es|ité)",
        "trop susceptibles?",
        "(?:bon|mauvais|fort|sale) caractère",
        "traits? de (?:caractère|personnalité)",
        "personnalité",
        "tempérament",
        "(?<!au )sérieu(?:x|se|ses)",
        "(?:est|être|reste|personnes?) (?:dynamiques?|agréables?|sympathiques?|motivée?s?|humbles?|modestes?)",
        "moralité",
        "bonnes mœurs",
        "vertueu(?:x|se|ses)",
    ),
    N_(
        "« {passage} » porte un jugement sur le caractère ou la morale, que personne ne peut observer ni prouver. "
        "Décrivez un acte que l’on voit : qui fait quoi, quand."
    ),
)
_LOOKS: Final = _Trap(
    _words(
        "apparence",
        "(?:bonne|belle) (?:présentation|allure)",
        "présente bien",
        "tenues? (?:vestimentaires?|correctes?|soignées?|impeccables?|décentes?|convenables?)",
        "(?:bien|mal) (?:habillée?s?|coiffée?s?|rasée?s?)",
        "coiffures?",
        "maquill(?:age|ée?s?)",
        "tatouages?|tatouée?s?",
        "piercings?",
        "souriante?s?",
        "physiques? agréables?",
        "hygiène (?:corporelle|personnelle)",
    ),
    N_(
        "« {passage} » porte un jugement sur l’apparence. Décrivez l’acte que le poste demande, par exemple : "
        "porte la tenue de "
        "protection."
    ),
)
_CULTURE: Final = _Trap(
    _words(
        "savoir[- ]vivre",
        "bonnes? manières?",
        "codes? (?:sociaux|culturels?)",
        "cultures? (?:française|d[’']origine|étrangères?)",
        "(?:valeurs|principes) de la république",
        "bien intégrée?s?",
        "s[’']intègre à la (?:société|culture)",
        "sans accent|(?:fort|léger) accent|accents? (?:étrangers?|prononcés?|régional|régionaux)",
        "(?:langue maternelle|pays d[’']origine|origines? (?:étrangères?|ethniques?|sociales?|culturelles?))",
        "religio(?:n|ns)|religieu(?:x|se|ses)|croyances?",
        "foulard|port du voile|voile (?:islamique|intégral)",
        "nationalités?",
        "ethni(?:e|es|que|ques)",
    ),
    N_(
        "« {passage} » porte un jugement sur une culture, une origine ou une croyance. Décrivez l’acte attendu "
        "au travail, que "
        "chacun peut faire à sa manière."
    ),
)
_STATUS: Final = _Trap(
    _words(
        "(?-i:RSA|ASE|AAH|RQTH|QPV|PJJ|SDF|ARE|ASS|CADA|CMU|C2S|TIG|NEETs?|OFII|ESAT|AME)",
        "minima sociaux",
        "allocataires?",
        "réfugiée?s?",
        "(?:demandeu(?:r|rs|se|ses)|droit) d[’']asile",
        "sans[- ]papiers?",
        "(?:titres?|cartes?) de séjour",
        "migrante?s?|immigrée?s?|primo-arrivante?s?",
        "handicap(?:s|ée?s?)?",
        "invalidité",
        "(?:états?|problèmes?) de santé",
        "maladies?|malades?|addictions?|dépressi(?:on|f|ve)|(?:femmes?|est) enceintes?|grossesses?",
        "(?:demandeu(?:r|rs|se|ses)) d[’']emploi|chômeu(?:r|rs|se|ses)|chômage",
        "quartiers? prioritaires?",
        "sans[- ]abri|hébergements? d[’']urgence|sans domicile|(?:son|leur) domicile",
        "adresses? (?:personnelles?|postales?)",
        "casiers? judiciaires?|sous main de justice|(?:anciens?|anciennes?|personnes?) détenue?s?|condamnations?",
        "décrocheu(?:r|rs|se|ses)|décrochage",
        "situations? (?:administratives?|irrégulières?|familiales?)",
        "insertion sociale",
    ),
    N_(
        "« {passage} » peut révéler un dispositif, un statut, une santé ou un logement : cela n’a pas à paraître "
        "sur un badge. Dites seulement ce que la personne sait faire."
    ),
)
_SCHOOL: Final = _Trap(
    _words(
        "échecs?|échoue(?:r|nt)?|échouée?s?",
        "lacunes?|lacunaires?",
        "incapables?|incapacité",
        "insuffisan(?:t|te|ts|tes|ce|ces)|insuffisamment",
        "médiocres?|nul(?:le|les|s)? en",
        "(?:bons?|mauvais) (?:points?|élèves?)|élèves",
        "bulletins? (?:scolaires?|de notes)",
        "trophées?",
        "ne sait (?:pas|rien)|ne sait toujours pas",
        "niveau (?:faible|bas)",
    ),
    N_(
        "« {passage} » parle d’échec ou d’école. Dites ce qui se fait déjà, même avec de l’aide, plutôt que ce qui "
        "manque."
    ),
)
_TRAPS: Final = (_CHARACTER, _LOOKS, _CULTURE, _STATUS, _SCHOOL)


def remarks(referentiel: Referentiel) -> tuple[Fault, ...]:
    """A remark for each passage to look twice at, in reading order; none unless the language is French."""
    if referentiel.language.split("-")[0] != "fr":
        return ()
    return tuple(remark for path, text in _texts(referentiel) for remark in _found(path, text))


def _found(path: str, text: str) -> Iterator[Fault]:
    for trap in _TRAPS:
        for match in trap.words.finditer(text):
            yield Fault(path, trap.message_id, {"passage": match.group()})


def _texts(referentiel: Referentiel) -> Iterator[tuple[str, str]]:
    """The texts the référentiel itself signs, with their paths: not names of organisations, nor alignments."""
    yield "title", referentiel.title
    yield "description", referentiel.description
    for index, family in enumerate(referentiel.families):
        yield f"families[{index}].name", family.name
        yield f"families[{index}].description", family.description
    for index, step in enumerate(referentiel.scale):
        yield f"scale[{index}].name", step.name
        yield f"scale[{index}].meaning", step.meaning
    for index, competence in enumerate(referentiel.competences):
        path = f"competences[{index}]"
        yield f"{path}.name", competence.name
        yield f"{path}.for_person", competence.for_person
        yield f"{path}.for_recruiter", competence.for_recruiter
        for place, seen in enumerate(competence.behaviours):
            yield f"{path}.behaviours[{place}].text", seen.text
    for index, badge in enumerate(referentiel.badges):
        yield f"badges[{index}].name", badge.name
        yield f"badges[{index}].description", badge.description
        yield f"badges[{index}].calibration", badge.calibration
