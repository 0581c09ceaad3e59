"""A draft's beginning, what it says of itself, and its families."""

from dataclasses import replace
from typing import TypedDict, Unpack

from referentiels.editing.changes import checked, fresh_code, moved, only, retire, with_item, without_item
from referentiels.lint import findings
from referentiels.model import Family, KeptPassage, Referentiel, RetiredCodes, position
from referentiels.sentences import N_, DocumentErrors, Fault
from referentiels.slugs import slug


class Details(TypedDict, total=False):
    """What a référentiel says of itself."""

    title: str
    description: str
    language: str
    owner: str
    scope: str
    co_authors: tuple[str, ...]
    owner_as_issuer: bool


class FamilyChanges(TypedDict, total=False):
    """What may change of a family."""

    name: str
    description: str


def new(*, title: str, owner: str, language: str = "fr", code: str = "") -> Referentiel:
    """An empty draft; its code is derived from the title where none is given.

    Raises:
        DocumentErrors: a text or the code is not acceptable.
    """
    chosen = code or slug(title, otherwise="referentiel")
    return checked(Referentiel(code=chosen, title=title, owner=owner, language=language))


def revise(published: Referentiel) -> Referentiel:
    """The draft of the next version: same lineage, same codes, retired ones included."""
    return replace(published, version=None, published=None)


def fork(source: Referentiel, *, code: str, title: str, owner: str) -> Referentiel:
    """A draft of one's own starting from someone else's référentiel: a new lineage, with no retired code.

    What the former owner decided for itself does not come along: whether its name may be shown, and words it kept.

    Raises:
        DocumentErrors: a text or the code is not acceptable.
    """
    fresh = replace(
        revise(source),
        retired_codes=RetiredCodes(),
        owner_as_issuer=False,
        kept_passages=(),
        code=code,
        title=title,
        owner=owner,
    )
    return checked(fresh)


def set_details(draft: Referentiel, **details: Unpack[Details]) -> Referentiel:
    """The draft with other words about itself.

    Raises:
        DocumentErrors: a text is not acceptable.
    """
    only(details, Details)
    return checked(replace(draft, **details))


def keep_passage(draft: Referentiel, *, place: str, passage: str, reason: str) -> Referentiel:
    """The draft with words kept that the lint points out, for a reason; a new reason takes the place of the former.

    Raises:
        DocumentErrors: the words are not pointed out there, or there is no reason.
    """
    if not any((one.place, one.passage.words) == (place, passage) for one in findings(draft)):
        raise DocumentErrors([Fault("passage", N_("Ces mots ne sont plus là : rechargez la page."))])
    if not reason.strip():
        raise DocumentErrors([Fault("reason", N_("Dites pourquoi ces mots restent, en une phrase."))])
    kept = KeptPassage(place, passage, " ".join(reason.split()))
    return checked(replace(draft, kept_passages=(*_kept_but(draft, place, passage), kept)))


def release_passage(draft: Referentiel, *, place: str, passage: str) -> Referentiel:
    """The draft in which these words are no longer kept: the lint points them out again."""
    return replace(draft, kept_passages=_kept_but(draft, place, passage))


def _kept_but(draft: Referentiel, place: str, passage: str) -> tuple[KeptPassage, ...]:
    return tuple(one for one in draft.kept_passages if (one.place, one.passage) != (place, passage))


def add_family(draft: Referentiel, *, name: str, description: str = "") -> Referentiel:
    """The draft with one more family, last; its code is derived from its name.

    Raises:
        DocumentErrors: a text is not acceptable.
    """
    code = fresh_code(name, draft.families, draft.retired_codes.families, otherwise="famille")
    return checked(replace(draft, families=(*draft.families, Family(code, name, description))))


def change_family(draft: Referentiel, code: str, /, **changes: Unpack[FamilyChanges]) -> Referentiel:
    """The draft with other words for a family.

    Raises:
        UnknownCodeError: no such family.
        DocumentErrors: a text is not acceptable.
    """
    only(changes, FamilyChanges)
    return checked(replace(draft, families=with_item(draft.families, replace(draft.family(code), **changes))))


def remove_family(draft: Referentiel, code: str) -> Referentiel:
    """The draft without a family, whose code is retired.

    Raises:
        UnknownCodeError: no such family.
        DocumentErrors: competences or badges still belong to it.
    """
    at = position(draft.families, code)
    inside = [each.name for each in draft.competences if each.family == code]
    inside += [each.name for each in draft.badges if each.family == code]
    if inside:
        message = N_("Cette famille contient encore : {names}. Déplacez ou retirez cela d’abord.")
        raise DocumentErrors([Fault(f"families[{at}]", message, {"names": ", ".join(inside)})])
    retired = replace(draft.retired_codes, families=retire(draft.retired_codes.families, code))
    return checked(replace(draft, families=without_item(draft.families, at), retired_codes=retired))


def move_family(draft: Referentiel, code: str, *, by: int) -> Referentiel:
    """The draft with a family `by` places further, or earlier where negative; it stops at the ends.

    Raises:
        UnknownCodeError: no such family.
    """
    return checked(replace(draft, families=moved(draft.families, position(draft.families, code), by)))
