"""Words that deserve a second look: kept with a reason in a référentiel, shown before evidence is proposed.

The lint never blocks. In a référentiel the reason goes into the draft and its versions; of evidence it stays with the
award, for the coach and whoever grants. The journal says that words were kept, never which.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from badges.models.referentiels import ReferentielRecord
from badges.services import referentiels
from badges.services.access import Actor
from badges.services.errors import N_, Invalid, too_long
from referentiels import editing, lint

LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Remark:
    """A passage of a text that somebody wrote, and the text it stands in."""

    text: str
    passage: lint.Passage


class WordsToReview(Invalid):
    """Some words were pointed out, and nobody has yet said why they stay; `remarks` are where they stand."""

    def __init__(self, remarks: Sequence[Remark]) -> None:
        super().__init__(
            N_("Relisez les mots signalés : changez-les, ou dites pourquoi vous les gardez."), field="wording_reason"
        )
        self.remarks = tuple(remarks)


def remarks(texts: Iterable[str], language: str = "fr") -> tuple[Remark, ...]:
    """Every passage of the texts to look twice at, in reading order."""
    return tuple(Remark(text, passage) for text in texts for passage in lint.passages(text, language))


def reviewed(evidence: Iterable[Mapping[str, str]], reason: str, language: str) -> str:
    """The reason why words that were pointed out in evidence stay; empty where none were.

    Raises:
        WordsToReview: some were, and there is no reason. Invalid: the reason is too long.
    """
    found = remarks((text for item in evidence for text in (item["name"], item["narrative"])), language)
    said = " ".join(reason.split())
    if not found:
        return ""
    if not said:
        raise WordsToReview(found)
    if len(said) > LONGEST_REASON:
        raise too_long("wording_reason", LONGEST_REASON)
    return said


def keep(
    session: Session,
    actor: Actor,
    *,
    slug: str,
    revision: int,
    place: str,
    passage: str,
    reason: str,
    now: datetime,
) -> ReferentielRecord:
    """The référentiel, in whose draft the words stay for this reason.

    Raises:
        NotFound, Stale: as `referentiels.change_draft`. DocumentErrors: the words are not there, or there is no reason.
    """
    row = referentiels.change_draft(
        session,
        actor,
        slug=slug,
        revision=revision,
        change=lambda draft: editing.keep_passage(draft, place=place, passage=passage, reason=reason),
        now=now,
    )
    referentiels.note(session, actor, row, "referentiel.wording_kept", now, revision=row.revision)
    return row


def release(
    session: Session, actor: Actor, *, slug: str, revision: int, place: str, passage: str, now: datetime
) -> ReferentielRecord:
    """The référentiel, in whose draft the words are pointed out again.

    Raises:
        NotFound, Stale: as `referentiels.change_draft`.
    """
    row = referentiels.change_draft(
        session,
        actor,
        slug=slug,
        revision=revision,
        change=lambda draft: editing.release_passage(draft, place=place, passage=passage),
        now=now,
    )
    referentiels.note(session, actor, row, "referentiel.wording_released", now, revision=row.revision)
    return row
