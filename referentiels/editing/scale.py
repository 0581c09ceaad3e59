"""The scale of a draft: its steps, and what follows them when they move."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypedDict, Unpack

from referentiels.editing.changes import checked, moved, only, without_item
from referentiels.model import Level, Referentiel
from referentiels.sentences import N_, DocumentErrors, Fault


class LevelChanges(TypedDict, total=False):
    """What may change of a step of the scale; behaviours and requirements follow a new number."""

    level: int
    name: str
    meaning: str


def add_level(draft: Referentiel, *, level: int, name: str, meaning: str = "") -> Referentiel:
    """The draft with one more step on its scale, at its place in the ascending order.

    Raises:
        DocumentErrors: the number is taken or out of bounds, or a text is not acceptable.
    """
    scale = sorted((*draft.scale, Level(level, name, meaning)), key=lambda step: step.level)
    return checked(replace(draft, scale=tuple(scale)))


def change_level(draft: Referentiel, level: int, /, **changes: Unpack[LevelChanges]) -> Referentiel:
    """The draft with other words for a step, or another number that behaviours and requirements follow.

    Raises:
        UnknownCodeError: no such level.
        DocumentErrors: the number is taken or out of bounds, or a text is not acceptable.
    """
    only(changes, LevelChanges)
    changed = replace(draft.level(level), **changes)
    scale = sorted((changed if step.level == level else step for step in draft.scale), key=lambda s: s.level)
    return checked(_renumbered(replace(draft, scale=tuple(scale)), {level: changed.level}))


def remove_level(draft: Referentiel, level: int) -> Referentiel:
    """The draft without a step of its scale, nor the behaviours written for it.

    Raises:
        UnknownCodeError: no such level.
        DocumentErrors: a badge requires it.
    """
    at = draft.scale.index(draft.level(level))
    asking = [badge.name for badge in draft.badges if any(need.level == level for need in badge.requirements)]
    if asking:
        message = N_("Ce niveau est exigé par : {names}. Changez ces badges d’abord.")
        raise DocumentErrors([Fault(f"scale[{at}]", message, {"names": ", ".join(asking)})])
    competences = tuple(
        replace(each, behaviours=tuple(seen for seen in each.behaviours if seen.level != level))
        for each in draft.competences
    )
    return checked(replace(draft, scale=without_item(draft.scale, at), competences=competences))


def move_level(draft: Referentiel, level: int, *, by: int) -> Referentiel:
    """The draft with a step moved along the scale: the numbers stay in place, the words exchange them.

    Behaviours and requirements follow the words, so that nothing already written changes its meaning.

    Raises:
        UnknownCodeError: no such level.
    """
    order = moved(draft.scale, draft.scale.index(draft.level(level)), by)
    numbers = {step.level: number for step, number in zip(order, draft.levels, strict=True)}
    scale = tuple(replace(step, level=numbers[step.level]) for step in order)
    return checked(_renumbered(replace(draft, scale=scale), numbers))


def _renumbered(draft: Referentiel, numbers: Mapping[int, int]) -> Referentiel:
    """The draft whose behaviours and requirements stand at the numbers their levels now bear."""
    competences = tuple(
        replace(
            each,
            behaviours=tuple(replace(seen, level=numbers.get(seen.level, seen.level)) for seen in each.behaviours),
        )
        for each in draft.competences
    )
    badges = tuple(
        replace(
            each,
            requirements=tuple(replace(need, level=numbers.get(need.level, need.level)) for need in each.requirements),
        )
        for each in draft.badges
    )
    return replace(draft, competences=competences, badges=badges)
