"""The badges of a draft: what they are called, what they require, who must have rated."""

from dataclasses import replace
from typing import TypedDict, Unpack

from referentiels.editing.changes import checked, fresh_code, moved, only, retire, with_item, without_item
from referentiels.model import Badge, Rater, Referentiel, Requirement, UnknownCodeError, position


class BadgeChanges(TypedDict, total=False):
    """What may change of a badge, its requirements apart."""

    name: str
    description: str
    family: str
    pictogram: str
    at_least: int | None
    raters: tuple[Rater, ...]
    evidence_required: bool
    coach_may_grant: bool
    validity_months: int | None
    calibration: str


def add_badge(draft: Referentiel, *, family: str, name: str, description: str = "", pictogram: str = "") -> Referentiel:
    """The draft with one more badge, last; its code is derived from its name, its rules are the model's own.

    Raises:
        DocumentErrors: the family does not exist, or a text is not acceptable.
    """
    code = fresh_code(name, draft.badges, draft.retired_codes.badges, otherwise="badge")
    return checked(replace(draft, badges=(*draft.badges, Badge(code, name, description, family, pictogram))))


def change_badge(draft: Referentiel, code: str, /, **changes: Unpack[BadgeChanges]) -> Referentiel:
    """The draft with other words or rules for a badge.

    Raises:
        UnknownCodeError: no such badge.
        DocumentErrors: the family does not exist, a rule is out of bounds, or a text is not acceptable.
    """
    only(changes, BadgeChanges)
    return _with_badge(draft, replace(draft.badge(code), **changes))


def remove_badge(draft: Referentiel, code: str) -> Referentiel:
    """The draft without a badge, whose code is retired.

    Raises:
        UnknownCodeError: no such badge.
    """
    badges = without_item(draft.badges, position(draft.badges, code))
    retired = replace(draft.retired_codes, badges=retire(draft.retired_codes.badges, code))
    return checked(replace(draft, badges=badges, retired_codes=retired))


def move_badge(draft: Referentiel, code: str, *, by: int) -> Referentiel:
    """The draft with a badge `by` places further, or earlier where negative; it stops at the ends.

    Raises:
        UnknownCodeError: no such badge.
    """
    return checked(replace(draft, badges=moved(draft.badges, position(draft.badges, code), by)))


def set_requirement(draft: Referentiel, badge: str, competence: str, level: int) -> Referentiel:
    """The draft whose badge requires a competence at a level, in place of what it required of it before.

    Raises:
        UnknownCodeError: no such badge.
        DocumentErrors: the competence or the level does not exist.
    """
    changed = draft.badge(badge)
    wanted = Requirement(competence, level)
    named = [need.competence for need in changed.requirements]
    requirements = list(changed.requirements)
    if competence in named:
        requirements[named.index(competence)] = wanted
    else:
        requirements.append(wanted)
    return _with_badge(draft, replace(changed, requirements=tuple(requirements)))


def remove_requirement(draft: Referentiel, badge: str, competence: str) -> Referentiel:
    """The draft whose badge no longer requires a competence.

    Raises:
        UnknownCodeError: no such badge, or it did not require it.
    """
    changed = draft.badge(badge)
    named = [need.competence for need in changed.requirements]
    if competence not in named:
        raise UnknownCodeError(competence)
    return _with_badge(
        draft, replace(changed, requirements=without_item(changed.requirements, named.index(competence)))
    )


def _with_badge(draft: Referentiel, changed: Badge) -> Referentiel:
    return checked(replace(draft, badges=with_item(draft.badges, changed)))
