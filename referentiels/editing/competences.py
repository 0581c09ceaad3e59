"""The competences of a draft: their words, their behaviours level by level, their neighbours elsewhere."""

from dataclasses import replace
from typing import TypedDict, Unpack

from referentiels.editing.changes import checked, fresh_code, moved, only, retire, with_item, without_item
from referentiels.model import Alignment, Behaviour, Competence, Referentiel, UnknownCodeError, position
from referentiels.sentences import N_, DocumentErrors, Fault


class CompetenceChanges(TypedDict, total=False):
    """What may change of a competence, its behaviours and alignments apart."""

    family: str
    name: str
    for_person: str
    for_recruiter: str
    pictogram: str


class AlignmentChanges(TypedDict, total=False):
    """What may change of an alignment."""

    name: str
    code: str
    url: str
    source: str
    note: str


def add_competence(
    draft: Referentiel,
    *,
    family: str,
    name: str,
    for_person: str = "",
    for_recruiter: str = "",
    pictogram: str = "",
) -> Referentiel:
    """The draft with one more competence, last; its code is derived from its name.

    Raises:
        DocumentErrors: the family does not exist, or a text is not acceptable.
    """
    code = fresh_code(name, draft.competences, draft.retired_codes.competences, otherwise="competence")
    added = Competence(code, family, name, for_person, for_recruiter, pictogram)
    return checked(replace(draft, competences=(*draft.competences, added)))


def change_competence(draft: Referentiel, code: str, /, **changes: Unpack[CompetenceChanges]) -> Referentiel:
    """The draft with other words, family or pictogram for a competence.

    Raises:
        UnknownCodeError: no such competence.
        DocumentErrors: the family does not exist, or a text is not acceptable.
    """
    only(changes, CompetenceChanges)
    return _with_competence(draft, replace(draft.competence(code), **changes))


def remove_competence(draft: Referentiel, code: str) -> Referentiel:
    """The draft without a competence, whose code is retired.

    Raises:
        UnknownCodeError: no such competence.
        DocumentErrors: a badge requires it.
    """
    at = position(draft.competences, code)
    asking = [badge.name for badge in draft.badges if any(need.competence == code for need in badge.requirements)]
    if asking:
        message = N_("Cette compétence est exigée par : {names}. Changez ces badges d’abord.")
        raise DocumentErrors([Fault(f"competences[{at}]", message, {"names": ", ".join(asking)})])
    retired = replace(draft.retired_codes, competences=retire(draft.retired_codes.competences, code))
    return checked(replace(draft, competences=without_item(draft.competences, at), retired_codes=retired))


def move_competence(draft: Referentiel, code: str, *, by: int) -> Referentiel:
    """The draft with a competence `by` places further within its family; it stops at the ends.

    Raises:
        UnknownCodeError: no such competence.
    """
    family = draft.competence(code).family
    places = [at for at, each in enumerate(draft.competences) if each.family == family]
    inside = tuple(draft.competences[at] for at in places)
    competences = list(draft.competences)
    for at, each in zip(places, moved(inside, position(inside, code), by), strict=True):
        competences[at] = each
    return checked(replace(draft, competences=tuple(competences)))


def set_behaviour(draft: Referentiel, competence: str, level: int, text: str) -> Referentiel:
    """The draft with a behaviour written, or erased where the text is blank.

    Raises:
        UnknownCodeError: no such competence.
        DocumentErrors: the level is not in the scale, or the text is not acceptable.
    """
    changed = draft.competence(competence)
    kept = [seen for seen in changed.behaviours if seen.level != level]
    if text.strip():
        kept.append(Behaviour(level, text))
    return _with_competence(draft, replace(changed, behaviours=tuple(kept)))


def add_alignment(
    draft: Referentiel,
    competence: str,
    *,
    name: str,
    code: str = "",
    url: str = "",
    source: str = "",
    note: str = "",
) -> Referentiel:
    """The draft with one more alignment for a competence, last.

    Raises:
        UnknownCodeError: no such competence.
        DocumentErrors: the address is not https, or a text is not acceptable.
    """
    changed = draft.competence(competence)
    added = Alignment(name, code, url, source, note)
    return _with_competence(draft, replace(changed, alignments=(*changed.alignments, added)))


def change_alignment(
    draft: Referentiel, competence: str, index: int, **changes: Unpack[AlignmentChanges]
) -> Referentiel:
    """The draft with other words for the alignment at `index`, the first being 0.

    Raises:
        UnknownCodeError: no such competence, or no such alignment.
        DocumentErrors: the address is not https, or a text is not acceptable.
    """
    only(changes, AlignmentChanges)
    changed = draft.competence(competence)
    alignments, at = list(changed.alignments), _place(changed, index)
    alignments[at] = replace(alignments[at], **changes)
    return _with_competence(draft, replace(changed, alignments=tuple(alignments)))


def remove_alignment(draft: Referentiel, competence: str, index: int) -> Referentiel:
    """The draft without the alignment at `index`, the first being 0.

    Raises:
        UnknownCodeError: no such competence, or no such alignment.
    """
    changed = draft.competence(competence)
    alignments = without_item(changed.alignments, _place(changed, index))
    return _with_competence(draft, replace(changed, alignments=alignments))


def _place(competence: Competence, index: int) -> int:
    if 0 <= index < len(competence.alignments):
        return index
    raise UnknownCodeError(index)


def _with_competence(draft: Referentiel, changed: Competence) -> Referentiel:
    return checked(replace(draft, competences=with_item(draft.competences, changed)))
