"""The one layout of a référentiel in a spreadsheet: one thing a row, its kind in the column `ligne`.

Headings and kinds are French words, told apart without capitals or accents. A row fills only the columns of its
kind; a behaviour or an alignment names its competence, a requirement its badge.
"""

from collections.abc import Mapping
from typing import Final

from referentiels.model import Rater
from referentiels.slugs import slug

KIND: Final = "ligne"
COLUMNS: Final = (
    KIND,
    "code",
    "famille",
    "compétence",
    "badge",
    "niveau",
    "nom",
    "description",
    "pour la personne",
    "pour le recruteur",
    "pictogramme",
    "adresse",
    "source",
    "propriétaire",
    "périmètre",
    "langue",
    "minimum",
    "évaluateurs",
    "preuve exigée",
    "délivré par le coach",
    "validité en mois",
    "calibrage",
    "propriétaire affiché comme émetteur",
    "emplacement",
    "raison",
)
FRAMEWORK: Final = "référentiel"
CO_AUTHOR: Final = "co-auteur"
RETIRED: Final = "code retiré"
KEPT: Final = "passage gardé"
# kind of row → column → member of the document
MEMBERS: Final[Mapping[str, Mapping[str, str]]] = {
    FRAMEWORK: {
        "code": "code",
        "nom": "title",
        "description": "description",
        "langue": "language",
        "propriétaire": "owner",
        "périmètre": "scope",
        "propriétaire affiché comme émetteur": "owner_as_issuer",
    },
    CO_AUTHOR: {"nom": "name"},
    "famille": {"code": "code", "nom": "name", "description": "description"},
    "niveau": {"niveau": "level", "nom": "name", "description": "meaning"},
    "compétence": {
        "code": "code",
        "famille": "family",
        "nom": "name",
        "pour la personne": "for_person",
        "pour le recruteur": "for_recruiter",
        "pictogramme": "pictogram",
    },
    "comportement": {"niveau": "level", "description": "text"},
    "alignement": {
        "nom": "name",
        "code": "code",
        "adresse": "url",
        "source": "source",
        "description": "note",
    },
    "badge": {
        "code": "code",
        "nom": "name",
        "description": "description",
        "famille": "family",
        "pictogramme": "pictogram",
        "minimum": "at_least",
        "évaluateurs": "raters",
        "preuve exigée": "evidence_required",
        "délivré par le coach": "coach_may_grant",
        "validité en mois": "validity_months",
        "calibrage": "calibration",
    },
    "exigence": {"compétence": "competence", "niveau": "level"},
    KEPT: {"emplacement": "place", "nom": "passage", "raison": "reason"},
    RETIRED: {"famille": "families", "compétence": "competences", "badge": "badges"},
}
# kind of row → list of the document it fills
LISTS: Final[Mapping[str, str]] = {
    "famille": "families",
    "niveau": "scale",
    "compétence": "competences",
    "badge": "badges",
    KEPT: "kept_passages",
}
# kind of row → column naming the row it belongs to, and the list it fills there
INSIDE: Final[Mapping[str, tuple[str, str]]] = {
    "comportement": ("compétence", "behaviours"),
    "alignement": ("compétence", "alignments"),
    "exigence": ("badge", "requirements"),
}
NUMBERS: Final = frozenset({"level", "at_least", "validity_months"})
ANSWERS: Final = frozenset({"evidence_required", "coach_may_grant", "owner_as_issuer"})
YES_NO: Final[Mapping[str, bool]] = {"oui": True, "non": False}
NOBODY: Final = "aucun"
RATER_WORDS: Final[Mapping[Rater, str]] = {"self": "soi", "coach": "coach", "tutor": "tuteur"}


def columns_of(kind: str) -> frozenset[str]:
    """The columns a row of this kind may fill, its kind included."""
    owner = {INSIDE[kind][0]} if kind in INSIDE else set()
    return frozenset({KIND, *MEMBERS[kind], *owner})


def recognised(word: str, among: tuple[str, ...]) -> str | None:
    """The word of the layout that this one spells, whatever its capitals, accents and spaces."""
    spelled = slug(word, otherwise="")
    return next((each for each in among if slug(each, otherwise="") == spelled), None)
