"""A second look at the words of a référentiel: acts are described, persons are not judged.

It knows French, a few words of English, and says nothing about other languages. It is a list of words, so it can be
wrong both ways: its remarks never block, and an author may keep a passage with a reason. What it looks for, and why,
comes from the field: judgements of character, looks or culture; scheme, legal status, health or housing, which nobody
may be asked to show; and the words of school and failure.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from referentiels.model import KeptPassage, Referentiel
from referentiels.sentences import N_, Fault


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of a text to look twice at, where they stand in it, and the sentence that says why."""

    start: int
    end: int
    words: str
    message_id: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A passage of a référentiel: the path of its text, its place under lasting codes, and why it is kept, if it is."""

    path: str
    place: str
    text: str
    passage: Passage
    kept: str


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
_ENGLISH_CHARACTER: Final = _Trap(
    _words(
        "(?:dis)?honest(?:y|ly)?",
        "loyal(?:ty)?",
        "lazy|laziness",
        "obedien(?:t|ce)",
        "well[- ]behaved",
        "good attitude|bad attitude|positive attitude",
        "common sense",
        "cheerful|optimistic|pessimistic",
        "personality|temperament",
        "well[- ](?:dressed|groomed)|personal hygiene|tattoos?|piercings?",
    ),
    _CHARACTER.message_id,
)
_ENGLISH_STATUS: Final = _Trap(
    _words(
        "refugees?|asylum[- ]seekers?|(?:im)?migrants?|residence permits?",
        "disab(?:led|ility|ilities)|health problems?|addictions?|pregnan(?:t|cy)",
        "unemployed|job[- ]?seekers?|(?:benefits?|welfare) (?:claimants?|recipients?)",
        "homeless(?:ness)?",
        "ex[- ]offenders?|criminal records?|prison(?:ers?)?",
        "(?:school )?drop[- ]?outs?",
        "nationality|ethnic(?:ity)?|religio(?:n|us)",
    ),
    _STATUS.message_id,
)
_ENGLISH_SCHOOL: Final = _Trap(
    _words("fail(?:s|ed|ure|ures)?", "incapable|incompetent", "school grades?|pupils?", "troph(?:y|ies)"),
    _SCHOOL.message_id,
)
_TRAPS: Final = {
    "fr": (_CHARACTER, _LOOKS, _CULTURE, _STATUS, _SCHOOL),
    "en": (_ENGLISH_CHARACTER, _ENGLISH_STATUS, _ENGLISH_SCHOOL),
}


def passages(text: str, language: str = "fr") -> tuple[Passage, ...]:
    """The passages of a text to look twice at, in reading order; none in a language that the lists do not know."""
    found = [
        Passage(match.start(), match.end(), match.group(), trap.message_id)
        for trap in _TRAPS.get(language.partition("-")[0], ())
        for match in trap.words.finditer(text)
    ]
    return tuple(sorted(found, key=lambda one: one.start))


def findings(referentiel: Referentiel) -> tuple[Finding, ...]:
    """Every passage of the référentiel to look twice at, in reading order, also those that are kept."""
    kept = {(one.place, one.passage): one.reason for one in referentiel.kept_passages}
    return tuple(
        Finding(path, place, text, passage, kept.get((place, passage.words), ""))
        for path, place, text in _texts(referentiel)
        for passage in passages(text, referentiel.language)
    )


def remarks(referentiel: Referentiel) -> tuple[Fault, ...]:
    """A remark for each passage to look twice at that nobody has kept, in reading order."""
    return tuple(
        Fault(one.path, one.passage.message_id, {"passage": one.passage.words})
        for one in findings(referentiel)
        if not one.kept
    )


def still_there(referentiel: Referentiel) -> tuple[KeptPassage, ...]:
    """The kept passages that are still in the texts: what was rewritten needs no reason any more."""
    found = {(one.place, one.passage.words) for one in findings(referentiel)}
    return tuple(one for one in referentiel.kept_passages if (one.place, one.passage) in found)


def _texts(referentiel: Referentiel) -> Iterator[tuple[str, str, str]]:
    """The texts the référentiel itself signs: not names of organisations, nor alignments.

    Each with its path and its place, which is told by codes and outlives a change of order.
    """
    yield "title", "title", referentiel.title
    yield "description", "description", referentiel.description
    for index, family in enumerate(referentiel.families):
        for name in ("name", "description"):
            yield f"families[{index}].{name}", f"families/{family.code}/{name}", getattr(family, name)
    for index, step in enumerate(referentiel.scale):
        for name in ("name", "meaning"):
            yield f"scale[{index}].{name}", f"scale/{step.level}/{name}", getattr(step, name)
    for index, competence in enumerate(referentiel.competences):
        path, place = f"competences[{index}]", f"competences/{competence.code}"
        for name in ("name", "for_person", "for_recruiter"):
            yield f"{path}.{name}", f"{place}/{name}", getattr(competence, name)
        for number, seen in enumerate(competence.behaviours):
            yield f"{path}.behaviours[{number}].text", f"{place}/behaviours/{seen.level}", seen.text
    for index, badge in enumerate(referentiel.badges):
        for name in ("name", "description", "calibration"):
            yield f"badges[{index}].{name}", f"badges/{badge.code}/{name}", getattr(badge, name)
