"""From a draft to a numbered, frozen version: what prevents it, what deserves a second look, and the bytes.

The digest is taken of the exact bytes returned, which are the ones to store and to serve. Warnings never block:
an author may know better than a list of words.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from referentiels.completeness import gaps
from referentiels.document import write
from referentiels.lint import remarks, still_there
from referentiels.model import Badge, Coded, Rater, Referentiel, RetiredCodes
from referentiels.sentences import N_, DocumentErrors, Fault

INDISPENSABLE: Final[tuple[Rater, ...]] = ("self", "coach")


@dataclass(frozen=True, slots=True)
class Published:
    """A published version: its value, its exact bytes, and `sha256-` followed by their digest in hexadecimal."""

    referentiel: Referentiel
    document: bytes
    digest: str


def publish(draft: Referentiel, previous: Referentiel | None = None, *, number: int, at: datetime) -> Published:
    """Version `number` of the draft, dated `at` (with a time zone; kept to the second, in UTC).

    Codes of the `previous` version that the draft no longer holds are retired with it.

    Raises:
        DocumentErrors: the faults that `faults` finds.
        ValueError: the number does not follow the previous one, or `at` has no time zone.
    """
    found = faults(draft, previous)
    if found:
        raise DocumentErrors(found)
    if number <= ((previous and previous.version) or 0):
        raise ValueError(f"version {number} does not follow the previous one")
    if at.tzinfo is None:
        raise ValueError("a publication date needs a time zone")
    retired = _retired(draft, previous) if previous else draft.retired_codes
    referentiel = replace(
        draft,
        version=number,
        published=at.astimezone(UTC).replace(microsecond=0),
        retired_codes=retired,
        kept_passages=still_there(draft),
    )
    document = write(referentiel)
    return Published(referentiel, document, digest(document))


def digest(document: bytes) -> str:
    """`sha256-` and the hexadecimal SHA-256 of a document's exact bytes."""
    return f"sha256-{hashlib.sha256(document).hexdigest()}"


def faults(draft: Referentiel, previous: Referentiel | None = None) -> tuple[Fault, ...]:
    """Everything that prevents publishing, in reading order; empty where the draft can be published."""
    return (
        *_lineage_faults(draft, previous),
        *gaps(draft),
        *_rater_faults(draft),
        *_anchor_faults(draft),
        *_mandate_faults(draft),
    )


def warnings(draft: Referentiel) -> tuple[Fault, ...]:
    """What deserves a second look before publishing; none of it blocks."""
    return (*advice(draft), *remarks(draft))


def advice(draft: Referentiel) -> tuple[Fault, ...]:
    """What deserves a second look before publishing, the words of the texts apart."""
    return (*_weaknesses(draft), *_disclosures(draft))


def _lineage_faults(draft: Referentiel, previous: Referentiel | None) -> Iterator[Fault]:
    if draft.version is not None:
        message = N_("La version {version} est déjà publiée : ouvrez un brouillon pour la suivante.")
        yield Fault("version", message, {"version": draft.version})
    if previous is None:
        return
    if draft.code != previous.code:
        message = N_("Le code du référentiel reste « {code} » d’une version à l’autre.")
        yield Fault("code", message, {"code": previous.code})
    retired = previous.retired_codes
    kinds: tuple[tuple[str, tuple[Coded, ...], tuple[str, ...]], ...] = (
        ("families", draft.families, retired.families),
        ("competences", draft.competences, retired.competences),
        ("badges", draft.badges, retired.badges),
    )
    for path, items, codes in kinds:
        for index, item in enumerate(items):
            if item.code in codes:
                message = N_("Le code « {code} » a été retiré d’une version publiée : il ne peut plus servir.")
                yield Fault(f"{path}[{index}].code", message, {"code": item.code})


def _retired(draft: Referentiel, previous: Referentiel) -> RetiredCodes:
    """All the codes ever used in this lineage that the draft does not hold."""
    before, already = previous.retired_codes, draft.retired_codes
    return RetiredCodes(
        families=_gone(previous.families, draft.families, before.families + already.families),
        competences=_gone(previous.competences, draft.competences, before.competences + already.competences),
        badges=_gone(previous.badges, draft.badges, before.badges + already.badges),
    )


def _gone(before: tuple[Coded, ...], now: tuple[Coded, ...], retired: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted({*retired, *(item.code for item in before)} - {item.code for item in now}))


def _rater_faults(draft: Referentiel) -> Iterator[Fault]:
    """Two views make a badge: the person's own and the coach's."""
    for index, badge in enumerate(draft.badges):
        if badge.raters and not set(INDISPENSABLE) <= set(badge.raters):
            message = N_("Le badge « {badge} » doit croiser au moins le regard de la personne et celui du coach.")
            yield Fault(f"badges[{index}].raters", message, {"badge": badge.name or badge.code})


def _anchor_faults(draft: Referentiel) -> Iterator[Fault]:
    """Signed addresses join codes with hyphens, so two different things might get the same one."""
    meanings: dict[str, str] = {}
    for index, badge in enumerate(draft.badges):
        for anchor, meaning in _anchors(badge, draft.levels):
            if meanings.setdefault(anchor, meaning) != meaning:
                message = N_("Le code « {code} » donnerait la même adresse à deux choses : « {anchor} ».")
                yield Fault(f"badges[{index}].code", message, {"code": badge.code, "anchor": anchor})
                break


def _anchors(badge: Badge, levels: tuple[int, ...]) -> Iterator[tuple[str, str]]:
    """Each address within the version's page that a badge will sign, and what it means."""
    yield f"badge-{badge.code}", badge.code
    for need in badge.requirements:
        stem, meaning = f"badge-{badge.code}-{need.competence}", f"{badge.code} {need.competence}"
        yield stem, meaning
        for level in levels:
            yield f"{stem}-{level}", f"{meaning} {level}"


def _mandate_faults(draft: Referentiel) -> Iterator[Fault]:
    """What is signed in the owner's name was decided by two people, never by the coach alone."""
    for index, badge in enumerate(draft.badges):
        if draft.owner_as_issuer and badge.coach_may_grant:
            message = N_(
                "Le badge « {badge} » ne peut pas être accordé par le coach seul : il peut être signé au nom de "
                "« {owner} »."
            )
            values = {"badge": badge.name or badge.code, "owner": draft.owner}
            yield Fault(f"badges[{index}].coach_may_grant", message, values)


def _disclosures(draft: Referentiel) -> Iterator[Fault]:
    """What it means that the owner may be shown as the issuer."""
    if not draft.owner_as_issuer:
        return
    message = N_(
        "« {owner} » peut être affiché comme émetteur : qui prend un badge peut cacher ainsi le nom de sa structure, "
        "si vous donnez un mandat à celle-ci. Le badge est alors signé avec votre clé."
    )
    yield Fault("owner_as_issuer", message, {"owner": draft.owner})
    if draft.co_authors:
        message = N_("Les co-auteurs sont publics : une structure qui y figure se devine derrière « {owner} ».")
        yield Fault("co_authors", message, {"owner": draft.owner})


def _weaknesses(draft: Referentiel) -> Iterator[Fault]:
    if not draft.badges:
        yield Fault("badges", N_("Aucun badge : ce référentiel servira au positionnement, sans reconnaissance."))
    for index, competence in enumerate(draft.competences):
        texts = [seen.text for seen in competence.behaviours]
        if len(set(texts)) < len(texts):
            message = N_("« {competence} » : deux niveaux sont décrits par la même phrase.")
            yield Fault(f"competences[{index}].behaviours", message, {"competence": competence.name})
    for index, badge in enumerate(draft.badges):
        if any(need.level == min(draft.levels, default=0) for need in badge.requirements):
            message = N_("Le badge « {badge} » se contente du premier niveau : toute personne évaluée l’obtiendrait.")
            yield Fault(f"badges[{index}].requirements", message, {"badge": badge.name})
