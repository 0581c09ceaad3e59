"""Whether a référentiel holds together: codes used once, references that lead somewhere, levels ascending.

Asked of drafts too. It stays silent about a place where a fault was already found.
"""

from collections.abc import Sequence
from itertools import pairwise

from referentiels.model import Badge, Coded, Competence, Referentiel
from referentiels.reading import Log
from referentiels.sentences import N_


def check_references(referentiel: Referentiel, log: Log) -> None:
    """Add to `log` every code used twice, every reference to nothing, every level out of order."""
    _check_codes("families", [each.code for each in referentiel.families], log)
    _check_codes("competences", [each.code for each in referentiel.competences], log)
    _check_codes("badges", [each.code for each in referentiel.badges], log)
    _check_retired(referentiel, log)
    _check_scale(referentiel, log)
    for index, name in enumerate(referentiel.co_authors):
        if name and name in referentiel.co_authors[:index]:
            log.add(f"co_authors[{index}]", N_("« {name} » est déjà nommé plus haut."), name=name)
    families = {family.code for family in referentiel.families}
    for index, competence in enumerate(referentiel.competences):
        _check_family(competence, f"competences[{index}]", families, log)
        _check_behaviours(competence, f"competences[{index}].behaviours", referentiel.levels, log)
        _check_alignments(competence, f"competences[{index}].alignments", log)
    for index, badge in enumerate(referentiel.badges):
        _check_family(badge, f"badges[{index}]", families, log)
        _check_requirements(badge, f"badges[{index}].requirements", referentiel, log)


def _check_codes(path: str, codes: list[str], log: Log) -> None:
    for index, code in enumerate(codes):
        if code and code in codes[:index]:
            log.add(f"{path}[{index}].code", N_("Le code « {code} » sert déjà plus haut."), code=code)


def _check_retired(referentiel: Referentiel, log: Log) -> None:
    retired = referentiel.retired_codes
    kinds: tuple[tuple[str, Sequence[Coded], tuple[str, ...]], ...] = (
        ("families", referentiel.families, retired.families),
        ("competences", referentiel.competences, retired.competences),
        ("badges", referentiel.badges, retired.badges),
    )
    for path, items, codes in kinds:
        for index, item in enumerate(items):
            if item.code and item.code in codes:
                message = N_("Le code « {code} » a été retiré : il ne peut plus servir.")
                log.add(f"{path}[{index}].code", message, code=item.code)


def _check_scale(referentiel: Referentiel, log: Log) -> None:
    for index, (lower, upper) in enumerate(pairwise(referentiel.levels)):
        path = f"scale[{index + 1}].level"
        if upper <= lower and log.sound(path):
            message = N_("Le niveau {upper} vient après le niveau {lower} : les niveaux vont en montant.")
            log.add(path, message, upper=upper, lower=lower)


def _check_family(item: Competence | Badge, path: str, families: set[str], log: Log) -> None:
    if item.family and item.family not in families:
        log.add(f"{path}.family", N_("La famille « {code} » n’existe pas."), code=item.family)


def _check_behaviours(competence: Competence, path: str, levels: tuple[int, ...], log: Log) -> None:
    described: set[int] = set()
    for index, behaviour in enumerate(competence.behaviours):
        place = f"{path}[{index}].level"
        _check_level(behaviour.level, place, levels, log)
        if behaviour.level in described and log.sound(place):
            log.add(place, N_("Le niveau {level} est déjà décrit plus haut."), level=behaviour.level)
        described.add(behaviour.level)


def _check_alignments(competence: Competence, path: str, log: Log) -> None:
    keys = [(alignment.source, alignment.name) for alignment in competence.alignments]
    for index, (source, name) in enumerate(keys):
        if name and (source, name) in keys[:index]:
            message = N_("L’alignement « {name} » ({source}) est déjà écrit plus haut.")
            log.add(f"{path}[{index}].name", message, name=name, source=source)


def _check_requirements(badge: Badge, path: str, referentiel: Referentiel, log: Log) -> None:
    competences = {competence.code for competence in referentiel.competences}
    named: set[str] = set()
    for index, requirement in enumerate(badge.requirements):
        place, code = f"{path}[{index}].competence", requirement.competence
        if code and code not in competences:
            log.add(place, N_("La compétence « {code} » n’existe pas."), code=code)
        elif code in named and code:
            log.add(place, N_("La compétence « {code} » est déjà exigée plus haut."), code=code)
        named.add(code)
        _check_level(requirement.level, f"{path}[{index}].level", referentiel.levels, log)


def _check_level(level: int, path: str, levels: tuple[int, ...], log: Log) -> None:
    if level not in levels and log.sound(path):
        log.add(path, N_("Le niveau {level} n’est pas dans l’échelle."), level=level)
