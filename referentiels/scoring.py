"""Whether agreed levels meet a badge, and which of them count.

A competence without an agreed level, because it was never seen or because two views still disagree, never
counts: silence is not a level. Nothing here adds, averages or ranks.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from referentiels.model import Badge, Requirement

Agreed = Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class Result:
    """A competence that counts for a badge: the level agreed on, and the one that was required."""

    competence: str
    level: int
    required: int


def met(badge: Badge, agreed: Agreed) -> bool:
    """Whether the agreed levels, by competence code, meet the badge; a badge requiring nothing is never met."""
    return bool(badge.requirements) and still_needed(badge, agreed) == 0


def still_needed(badge: Badge, agreed: Agreed) -> int:
    """How many more requirements must be satisfied, 0 where the badge is met."""
    wanted = len(badge.requirements) if badge.at_least is None else badge.at_least
    return max(wanted - len(results(badge, agreed)), 0)


def missing(badge: Badge, agreed: Agreed) -> tuple[Requirement, ...]:
    """The requirements not satisfied, among which `still_needed` remain to be; empty where the badge is met."""
    if met(badge, agreed):
        return ()
    counting = {result.competence for result in results(badge, agreed)}
    return tuple(need for need in badge.requirements if need.competence not in counting)


def results(badge: Badge, agreed: Agreed) -> tuple[Result, ...]:
    """The requirements satisfied so far, each with its agreed level, in the badge's order."""
    counting = []
    for need in badge.requirements:
        level = agreed.get(need.competence)
        if level is not None and level >= need.level:
            counting.append(Result(need.competence, level, need.level))
    return tuple(counting)
