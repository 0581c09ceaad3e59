"""The référentiels in the languages of the people who read them; what is signed keeps the language it was written in.

Translations belong to a référentiel, not to one of its versions: a frozen version is never touched, and what is
translated after its publication is read at once. They are kept by text (see `referentiels.translation`).
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from badges.models.referentiels import ReferentielRecord, TranslationRecord, VersionRecord
from badges.services import referentiels
from badges.services.access import Actor
from badges.services.errors import N_, Invalid
from badges.services.referentiels import Stale, document_of, draft_of, latest_version
from referentiels import translation
from referentiels.model import Referentiel

STALE = N_("Quelqu’un d’autre vient d’enregistrer cette traduction. Comparez, puis enregistrez à nouveau.")


def spoken(session: Session, version: VersionRecord, language: str) -> Referentiel:
    """The published référentiel to be shown in the language: each text a `Said`, untranslated ones in their own."""
    row = _row(session, version.referentiel_id, language)
    return translation.spoken(document_of(version), language, row.texts if row else {})


def of_referentiel(session: Session, row: ReferentielRecord) -> dict[str, TranslationRecord]:
    """Its translations by language."""
    found = session.scalars(select(TranslationRecord).where(TranslationRecord.referentiel_id == row.id))
    return {one.language: one for one in found}


def texts_of(row: ReferentielRecord) -> tuple[str, ...]:
    """Every text that people read: those of the version in force first, then those the draft adds."""
    latest = latest_version(row)
    published = translation.texts_of(document_of(latest)) if latest else ()
    return tuple(dict.fromkeys((*published, *translation.texts_of(draft_of(row)))))


def save(
    session: Session,
    actor: Actor,
    *,
    slug: str,
    language: str,
    texts: Mapping[str, str],
    revision: int | None,
    now: datetime,
) -> TranslationRecord:
    """The translation, with these texts in place of what it said of them; an empty one takes the translation away.

    `revision` is the one the form was read at (0 where there was no translation yet), None for a file, which replaces.

    Raises:
        NotFound: not a référentiel the actor edits.
        Invalid: a translation of something that is not in it, or one that is too long.
        Stale: somebody else has saved since.
    """
    row = referentiels.for_editor(session, actor, slug)
    known = set(texts_of(row))
    kept = {text: found.strip() for text, found in texts.items() if text in known}
    if texts and not kept:
        raise Invalid(N_("Aucun de ces textes n’est dans ce référentiel."), field="file")
    if any(len(found) > translation.LONGEST for found in kept.values()):
        raise Invalid(N_("Une traduction est trop longue."), field="file")
    held = _row(session, row.id, language)
    if revision is not None and revision != (held.revision if held else 0):
        raise Stale(STALE)
    if held is None:
        held = TranslationRecord(referentiel_id=row.id, language=language, texts={}, revision=0, updated_at=now)
        session.add(held)
    held.texts = {text: found for text, found in {**held.texts, **kept}.items() if found}
    held.revision, held.updated_at = held.revision + 1, now
    session.flush()
    referentiels.note(session, actor, row, "referentiel.translated", now, language=language, texts=len(held.texts))
    return held


def carry_over(session: Session, row: ReferentielRecord, now: datetime) -> None:
    """Give a new référentiel the translations that this installation knows of its very texts.

    Those shipped with the starters, and those of other référentiels here: a copy is read in as many languages as its
    original.
    """
    known: dict[str, dict[str, str]] = {language: dict(texts) for language, texts in translation.shipped().items()}
    for other in session.scalars(select(TranslationRecord).order_by(TranslationRecord.id)):
        known.setdefault(other.language, {}).update(other.texts)
    for language, texts in known.items():
        found = {text: texts[text] for text in texts_of(row) if text in texts}
        if found:
            session.add(TranslationRecord(referentiel_id=row.id, language=language, texts=found, updated_at=now))
    session.flush()


def _row(session: Session, referentiel_id: int, language: str) -> TranslationRecord | None:
    return session.scalar(
        select(TranslationRecord).where(
            TranslationRecord.referentiel_id == referentiel_id, TranslationRecord.language == language
        )
    )
