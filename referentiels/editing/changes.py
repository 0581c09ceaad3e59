"""What every change to a draft shares: lists rebuilt, fresh codes, and the result re-read by its document."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from referentiels.document import as_json, read
from referentiels.model import Coded, Referentiel, position
from referentiels.sentences import N_, DocumentErrors, Fault
from referentiels.slugs import free_slug

C = TypeVar("C", bound=Coded)
T = TypeVar("T")


def checked(draft: Referentiel) -> Referentiel:
    """The draft as its document would be read back: texts tidied, nothing ill-formed.

    Raises:
        DocumentErrors: its document would be refused, or it is no draft but a published version.
    """
    if draft.version is not None:
        message = N_("La version {version} est publiée : elle ne change plus. Ouvrez un brouillon.")
        raise DocumentErrors([Fault("version", message, {"version": draft.version})])
    return read(as_json(draft), draft=True)


def only(changes: Mapping[str, object], allowed: type) -> None:
    """Refuse a change the editor has no right to make: a code never changes.

    Raises:
        TypeError: a name is not among those `allowed` declares.
    """
    unknown = sorted(changes.keys() - allowed.__annotations__.keys())
    if unknown:
        raise TypeError(f"{', '.join(unknown)} cannot change")


def fresh_code(name: str, items: Sequence[Coded], retired: Sequence[str], *, otherwise: str) -> str:
    """A code derived from `name` that was never used in this lineage."""
    return free_slug(name, {*retired, *(item.code for item in items)}, otherwise=otherwise)


def retire(codes: Sequence[str], code: str) -> tuple[str, ...]:
    """The retired codes with one more, sorted."""
    return tuple(sorted({*codes, code}))


def with_item(items: tuple[C, ...], changed: C) -> tuple[C, ...]:
    """The items with `changed` in place of the one of the same code."""
    at = position(items, changed.code)
    return (*items[:at], changed, *items[at + 1 :])


def without_item(items: tuple[T, ...], at: int) -> tuple[T, ...]:
    """The items but the one at this place."""
    return items[:at] + items[at + 1 :]


def moved(items: tuple[T, ...], at: int, by: int) -> tuple[T, ...]:
    """The items with one of them `by` places further, stopping at the ends."""
    rest = without_item(items, at)
    to = min(max(at + by, 0), len(rest))
    return (*rest[:to], items[at], *rest[to:])
