"""What a référentiel still lacks before anyone can be assessed on it.

These are the promises a reader of a published version relies on: every competence said in two wordings and
described at every level, every badge resting on something. Versions already published are read against them too,
so a new demand belongs in `publishing`, never here: what is frozen must stay readable.
"""

from collections.abc import Iterator

from referentiels.model import Badge, Competence, Referentiel
from referentiels.sentences import N_, Fault

MIN_LEVELS = 2


def gaps(referentiel: Referentiel) -> Iterator[Fault]:
    """Everything that is still to be written, in the document's order."""
    for name, value, message in (
        ("title", referentiel.title, N_("Le référentiel n’a pas de titre.")),
        ("language", referentiel.language, N_("La langue du référentiel n’est pas indiquée.")),
        ("owner", referentiel.owner, N_("L’organisation qui porte le référentiel n’est pas nommée.")),
        ("families", referentiel.families, N_("Il faut au moins une famille de compétences.")),
        ("competences", referentiel.competences, N_("Il faut au moins une compétence.")),
    ):
        if not value:
            yield Fault(name, message)
    for index, author in enumerate(referentiel.co_authors):
        if not author:
            yield Fault(f"co_authors[{index}]", N_("Un co-auteur n’a pas de nom."))
    for index, family in enumerate(referentiel.families):
        if not family.name:
            yield Fault(f"families[{index}].name", N_("La famille « {code} » n’a pas de nom."), {"code": family.code})
    yield from _scale_gaps(referentiel)
    for index, competence in enumerate(referentiel.competences):
        yield from _competence_gaps(competence, f"competences[{index}]", referentiel.levels)
        yield from _alignment_gaps(competence, f"competences[{index}].alignments")
    for index, badge in enumerate(referentiel.badges):
        yield from _badge_gaps(badge, f"badges[{index}]")


def _scale_gaps(referentiel: Referentiel) -> Iterator[Fault]:
    if len(referentiel.scale) < MIN_LEVELS:
        yield Fault("scale", N_("L’échelle doit compter au moins deux niveaux."))
    for index, step in enumerate(referentiel.scale):
        if not step.name:
            yield Fault(f"scale[{index}].name", N_("Le niveau {level} n’a pas de nom."), {"level": step.level})
        if not step.meaning:
            message = N_("Le niveau {level} n’est pas expliqué.")
            yield Fault(f"scale[{index}].meaning", message, {"level": step.level})


def _competence_gaps(competence: Competence, path: str, levels: tuple[int, ...]) -> Iterator[Fault]:
    called = {"competence": competence.name or competence.code}
    for name, value, message in (
        ("name", competence.name, N_("La compétence « {competence} » n’a pas de nom.")),
        ("for_person", competence.for_person, N_("« {competence} » : il manque les mots pour la personne.")),
        (
            "for_recruiter",
            competence.for_recruiter,
            N_("« {competence} » : il manque les mots pour le recruteur."),
        ),
    ):
        if not value:
            yield Fault(f"{path}.{name}", message, called)
    for level in levels:
        if not competence.behaviour(level):
            message = N_("« {competence} » : le comportement observable au niveau {level} n’est pas écrit.")
            yield Fault(f"{path}.behaviours", message, called | {"level": level})


def _alignment_gaps(competence: Competence, path: str) -> Iterator[Fault]:
    called = {"competence": competence.name or competence.code}
    for index, alignment in enumerate(competence.alignments):
        for name, value, message in (
            ("name", alignment.name, N_("« {competence} » : un alignement n’a pas de nom.")),
            ("source", alignment.source, N_("« {competence} » : un alignement ne nomme pas sa source.")),
            ("url", alignment.url, N_("« {competence} » : un alignement n’a pas d’adresse https.")),
        ):
            if not value:
                yield Fault(f"{path}[{index}].{name}", message, called)


def _badge_gaps(badge: Badge, path: str) -> Iterator[Fault]:
    called = {"badge": badge.name or badge.code}
    for name, value, message in (
        ("name", badge.name, N_("Le badge « {badge} » n’a pas de nom.")),
        ("description", badge.description, N_("Le badge « {badge} » n’est pas décrit.")),
        ("requirements", badge.requirements, N_("Le badge « {badge} » n’exige aucune compétence.")),
        ("raters", badge.raters, N_("Le badge « {badge} » ne dit pas qui évalue.")),
    ):
        if not value:
            yield Fault(f"{path}.{name}", message, called)
    count = len(badge.requirements)
    if badge.at_least is not None and count and badge.at_least > count:
        message = N_("Le badge « {badge} » demande {wanted} compétences sur {count} : c’est trop.")
        yield Fault(f"{path}.at_least", message, called | {"wanted": badge.at_least, "count": count})
