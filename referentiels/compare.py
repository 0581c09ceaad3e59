"""What changed between two versions of a référentiel, one readable sentence a change.

Families, competences and badges are followed by their code, steps of the scale by their number, alignments by
their source and name. It tells what differs; it never judges whether ratings on one version still hold on the
other.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Literal

from referentiels.lint import still_there
from referentiels.model import Alignment, Badge, Coded, Competence, Family, Level, Referentiel
from referentiels.sentences import N_, Values, Worded

Kind = Literal["added", "removed", "changed"]


@dataclass(frozen=True, slots=True)
class Change(Worded):
    """One difference; `path` is a place in the new document, or in the old one for what was removed."""

    kind: Kind
    path: str
    message_id: str
    values: Values = field(default_factory=dict)


_DETAILS: Final = (
    ("title", N_("Titre : « {old} » devient « {new} ».")),
    ("description", N_("La description du référentiel a changé.")),
    ("language", N_("Langue : « {old} » devient « {new} ».")),
    ("owner", N_("Porté par : « {old} » devient « {new} ».")),
    ("scope", N_("Périmètre : « {old} » devient « {new} ».")),
    ("owner_as_issuer", N_("Le choix d’afficher le propriétaire comme émetteur a changé.")),
)
_FAMILY: Final = (
    ("name", N_("Famille « {name} » : le nom était « {old} ».")),
    ("description", N_("Famille « {name} » : la description a changé.")),
)
_LEVEL: Final = (
    ("name", N_("Niveau {level} : « {old} » devient « {new} ».")),
    ("meaning", N_("Niveau {level} : l’explication « {old} » devient « {new} ».")),
)
_COMPETENCE: Final = (
    ("name", N_("Compétence « {name} » : le nom était « {old} ».")),
    ("family", N_("Compétence « {name} » : la famille « {old} » devient « {new} ».")),
    ("for_person", N_("Compétence « {name} », pour la personne : « {old} » devient « {new} ».")),
    ("for_recruiter", N_("Compétence « {name} », pour le recruteur : « {old} » devient « {new} ».")),
    ("pictogram", N_("Compétence « {name} » : le pictogramme a changé.")),
)
_ALIGNMENT: Final = (
    ("code", N_("Compétence « {name} » : le code de l’alignement « {alignment} » a changé.")),
    ("url", N_("Compétence « {name} » : l’adresse de l’alignement « {alignment} » a changé.")),
    ("note", N_("Compétence « {name} » : la note de l’alignement « {alignment} » a changé.")),
)
_BADGE: Final = (
    ("name", N_("Badge « {name} » : le nom était « {old} ».")),
    ("description", N_("Badge « {name} » : la description a changé.")),
    ("family", N_("Badge « {name} » : la famille « {old} » devient « {new} ».")),
    ("pictogram", N_("Badge « {name} » : le pictogramme a changé.")),
    ("at_least", N_("Badge « {name} » : le nombre de compétences suffisant a changé.")),
    ("raters", N_("Badge « {name} » : les personnes qui évaluent ont changé.")),
    ("evidence_required", N_("Badge « {name} » : l’exigence d’une preuve a changé.")),
    ("coach_may_grant", N_("Badge « {name} » : le droit du coach de l’accorder a changé.")),
    ("validity_months", N_("Badge « {name} » : la durée de validité a changé.")),
    ("calibration", N_("Badge « {name} » : la note de calibrage a changé.")),
)
_ADDED_FAMILY: Final = N_("Famille ajoutée : « {name} ».")
_REMOVED_FAMILY: Final = N_("Famille retirée : « {name} ».")
_ADDED_COMPETENCE: Final = N_("Compétence ajoutée : « {name} ».")
_REMOVED_COMPETENCE: Final = N_("Compétence retirée : « {name} ».")
_ADDED_BADGE: Final = N_("Badge ajouté : « {name} ».")
_REMOVED_BADGE: Final = N_("Badge retiré : « {name} ».")


def compare(old: Referentiel, new: Referentiel) -> tuple[Change, ...]:
    """Every difference from `old` to `new`, version number, date and retired codes apart; empty where none."""
    return (
        *_words("", old, new, _DETAILS, {}),
        *_co_authors(old, new),
        *_coded("families", (_ADDED_FAMILY, _REMOVED_FAMILY), old.families, new.families),
        *_families(old, new),
        *_scale(old, new),
        *_coded("competences", (_ADDED_COMPETENCE, _REMOVED_COMPETENCE), old.competences, new.competences),
        *_competences(old, new),
        *_coded("badges", (_ADDED_BADGE, _REMOVED_BADGE), old.badges, new.badges),
        *_badges(old, new),
        *_orders(old, new),
        *_kept(old, new),
    )


def _words(
    path: str, old: object, new: object, messages: tuple[tuple[str, str], ...], values: Values
) -> Iterator[Change]:
    """A change for each member named in `messages` that is no longer the same."""
    for name, message in messages:
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            place = f"{path}.{name}" if path else name
            yield Change("changed", place, message, {**values, "old": str(before), "new": str(after)})


def _coded(
    path: str,
    messages: tuple[str, str],
    old: tuple[Family | Competence | Badge, ...],
    new: tuple[Family | Competence | Badge, ...],
) -> Iterator[Change]:
    """What was added and what was removed, by code."""
    added, removed = messages
    before, after = {each.code for each in old}, {each.code for each in new}
    for index, each in enumerate(new):
        if each.code not in before:
            yield Change("added", f"{path}[{index}]", added, {"name": each.name})
    for index, each in enumerate(old):
        if each.code not in after:
            yield Change("removed", f"{path}[{index}]", removed, {"name": each.name})


def _co_authors(old: Referentiel, new: Referentiel) -> Iterator[Change]:
    for index, name in enumerate(new.co_authors):
        if name not in old.co_authors:
            yield Change("added", f"co_authors[{index}]", N_("Co-auteur ajouté : « {name} »."), {"name": name})
    for index, name in enumerate(old.co_authors):
        if name not in new.co_authors:
            yield Change("removed", f"co_authors[{index}]", N_("Co-auteur retiré : « {name} »."), {"name": name})
    if _reordered(old.co_authors, new.co_authors):
        yield Change("changed", "co_authors", N_("L’ordre des co-auteurs a changé."))


def _families(old: Referentiel, new: Referentiel) -> Iterator[Change]:
    before = {each.code: each for each in old.families}
    for index, family in enumerate(new.families):
        if family.code in before:
            yield from _words(f"families[{index}]", before[family.code], family, _FAMILY, {"name": family.name})


def _scale(old: Referentiel, new: Referentiel) -> Iterator[Change]:
    before = {step.level: step for step in old.scale}
    for index, step in enumerate(new.scale):
        values = _step_values(step)
        if step.level in before:
            yield from _words(f"scale[{index}]", before[step.level], step, _LEVEL, values)
        else:
            yield Change("added", f"scale[{index}]", N_("Niveau {level} ajouté : « {name} »."), values)
    for index, step in enumerate(old.scale):
        if step.level not in new.levels:
            message = N_("Niveau {level} retiré : « {name} ».")
            yield Change("removed", f"scale[{index}]", message, _step_values(step))


def _step_values(step: Level) -> Values:
    return {"level": step.level, "name": step.name}


def _competences(old: Referentiel, new: Referentiel) -> Iterator[Change]:
    before = {each.code: each for each in old.competences}
    for index, competence in enumerate(new.competences):
        if competence.code in before:
            path, values = f"competences[{index}]", {"name": competence.name}
            yield from _words(path, before[competence.code], competence, _COMPETENCE, values)
            yield from _behaviours(path, before[competence.code], competence)
            yield from _alignments(path, before[competence.code], competence)


def _behaviours(path: str, old: Competence, new: Competence) -> Iterator[Change]:
    levels = sorted({seen.level for seen in (*old.behaviours, *new.behaviours)})
    for level in levels:
        before, after = old.behaviour(level), new.behaviour(level)
        values: Values = {"name": new.name, "level": level, "old": before, "new": after}
        if before and not after:
            message = N_("Compétence « {name} », niveau {level} : « {old} » est retiré.")
            yield Change("removed", f"{path}.behaviours", message, values)
        elif after and not before:
            message = N_("Compétence « {name} », niveau {level} : « {new} » est ajouté.")
            yield Change("added", f"{path}.behaviours", message, values)
        elif before != after:
            message = N_("Compétence « {name} », niveau {level} : « {old} » devient « {new} ».")
            yield Change("changed", f"{path}.behaviours", message, values)


def _alignments(path: str, old: Competence, new: Competence) -> Iterator[Change]:
    before = {(each.source, each.name): each for each in old.alignments}
    after = {(each.source, each.name): each for each in new.alignments}
    for index, alignment in enumerate(new.alignments):
        place, values = f"{path}.alignments[{index}]", _alignment_values(new, alignment)
        known = before.get((alignment.source, alignment.name))
        if known:
            yield from _words(place, known, alignment, _ALIGNMENT, values)
        else:
            message = N_("Compétence « {name} » : alignement ajouté, « {alignment} » ({source}).")
            yield Change("added", place, message, values)
    for index, alignment in enumerate(old.alignments):
        if (alignment.source, alignment.name) not in after:
            message = N_("Compétence « {name} » : alignement retiré, « {alignment} » ({source}).")
            values = _alignment_values(new, alignment)
            yield Change("removed", f"{path}.alignments[{index}]", message, values)
    if _reordered(tuple(before), tuple(after)):
        message = N_("Compétence « {name} » : l’ordre des alignements a changé.")
        yield Change("changed", f"{path}.alignments", message, {"name": new.name})


def _alignment_values(competence: Competence, alignment: Alignment) -> Values:
    return {"name": competence.name, "alignment": alignment.name, "source": alignment.source}


def _badges(old: Referentiel, new: Referentiel) -> Iterator[Change]:
    before = {each.code: each for each in old.badges}
    names = {each.code: each.name for each in (*old.competences, *new.competences)}
    for index, badge in enumerate(new.badges):
        if badge.code in before:
            path = f"badges[{index}]"
            yield from _words(path, before[badge.code], badge, _BADGE, {"name": badge.name})
            yield from _requirements(path, before[badge.code], badge, names)


def _requirements(path: str, old: Badge, new: Badge, names: dict[str, str]) -> Iterator[Change]:
    before = {need.competence: need.level for need in old.requirements}
    after = {need.competence: need.level for need in new.requirements}
    for code in before | after:
        values: dict[str, str | int] = {"name": new.name, "competence": names.get(code, code)}
        if code not in before:
            message = N_("Badge « {name} » : exige en plus « {competence} » au niveau {level}.")
            yield Change("added", f"{path}.requirements", message, values | {"level": after[code]})
        elif code not in after:
            message = N_("Badge « {name} » : n’exige plus « {competence} ».")
            yield Change("removed", f"{path}.requirements", message, values)
        elif before[code] != after[code]:
            message = N_("Badge « {name} » : « {competence} » passe du niveau {old} au niveau {new}.")
            levels = {"old": before[code], "new": after[code]}
            yield Change("changed", f"{path}.requirements", message, values | levels)
    if _reordered(tuple(before), tuple(after)):
        message = N_("Badge « {name} » : l’ordre des exigences a changé.")
        yield Change("changed", f"{path}.requirements", message, {"name": new.name})


def _orders(old: Referentiel, new: Referentiel) -> Iterator[Change]:
    kinds: tuple[tuple[str, tuple[Coded, ...], tuple[Coded, ...], str], ...] = (
        ("families", old.families, new.families, N_("L’ordre des familles a changé.")),
        ("competences", old.competences, new.competences, N_("L’ordre des compétences a changé.")),
        ("badges", old.badges, new.badges, N_("L’ordre des badges a changé.")),
    )
    for path, before, after, message in kinds:
        if _reordered(tuple(each.code for each in before), tuple(each.code for each in after)):
            yield Change("changed", path, message)


def _kept(old: Referentiel, new: Referentiel) -> Iterator[Change]:
    """The passages kept with a reason, and those that no longer are."""
    before, after = still_there(old), still_there(new)
    for index, one in enumerate(after):
        if one not in before:
            message = N_("Passage gardé : « {passage} », parce que : {reason}")
            yield Change("added", f"kept_passages[{index}]", message, {"passage": one.passage, "reason": one.reason})
    for index, one in enumerate(before):
        if one not in after:
            message = N_("Passage qui n’est plus gardé : « {passage} ».")
            yield Change("removed", f"kept_passages[{index}]", message, {"passage": one.passage})


def _reordered(old: tuple[object, ...], new: tuple[object, ...]) -> bool:
    """Whether what both hold stands in another order."""
    return [each for each in old if each in new] != [each for each in new if each in old]
