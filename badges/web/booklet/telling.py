"""What the parts of a person's booklet are told from: their rows, and in words what the numbers in them mean.

Nothing is read here but the référentiels, which are public: all the rest is in the rows, as `donnees.json` gives them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from heapq import nlargest
from typing import Any

from flask_babel import format_date, get_locale, gettext
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from badges.models.referentiels import VersionRecord
from badges.services import translations
from badges.services.personal_export import Personal
from badges.services.referentiels import document_of
from badges.web.booklet.bounds import MOST_ROWS
from badges.web.words import like, untranslated
from issuer.paper import Said, Table, Words
from referentiels.model import Competence, Referentiel
from referentiels.translation import Said as Spoken

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Telling:
    """The rows, and every référentiel that they speak of in the words of the page.

    `versions` are by number, `lineages` by number of the référentiel with the latest version first.
    """

    found: Personal
    versions: Mapping[int, Referentiel]
    lineages: Mapping[int, Sequence[Referentiel]]
    now: datetime

    def rows(self, table: str) -> list[Row]:
        """Every row of a table."""
        return list(self.found.tables.get(table, ()))

    def latest(self, table: str, column: str, most: int = MOST_ROWS) -> list[Row]:
        """The latest rows of a table by a column, the latest first: as many as there may be room for."""
        return nlargest(most, self.rows(table), key=lambda row: row[column])

    def staff(self, number: int | None) -> str:
        """A member of staff by name; empty where there is none."""
        return self.found.staff.get(number, "") if number is not None else ""

    def structure(self, number: int) -> str:
        """An organisation by name."""
        return self.found.organisations.get(number, "")

    def competence(self, row: Row) -> Said:
        """The competence that a row of a version or of a lineage is about, by name."""
        return self.competence_of(row["competence_code"], row)

    def competence_of(self, code: str, row: Row) -> Said:
        """The competence with this code, in the version or in the lineage that the row names."""
        return next((said(one.name) for one in self._competences(row) if one.code == code), code)

    def level(self, row: Row, number: int | None) -> Said:
        """A level of the version that the row names: « 3, Seul »; empty where there is none."""
        if number is None:
            return ""
        name = self.versions[row["version_id"]].level(number).name
        return said(like(f"{number}{_comma()}{name}", name))

    def _competences(self, row: Row) -> Iterable[Competence]:
        documents = (
            [self.versions[row["version_id"]]]
            if row.get("version_id") is not None
            else self.lineages.get(row["referentiel_id"], ())
        )
        return (one for document in documents for one in document.competences)


def read(session: Session, found: Personal, now: datetime) -> Telling:
    """What there is to tell, with every référentiel that it speaks of in the language of the page."""
    rows = [row for table in found.tables.values() for row in table]
    numbers = {row["version_id"] for row in rows if row.get("version_id") is not None}
    lineages = {row["referentiel_id"] for row in rows if row.get("referentiel_id") is not None}
    wanted = or_(VersionRecord.id.in_(numbers), VersionRecord.referentiel_id.in_(lineages))
    versions: dict[int, Referentiel] = {}
    latest: dict[int, list[Referentiel]] = {}
    for version in session.scalars(select(VersionRecord).where(wanted).order_by(VersionRecord.number.desc())):
        versions[version.id] = _in_words(session, version)
        latest.setdefault(version.referentiel_id, []).append(versions[version.id])
    return Telling(found, versions, latest, now)


def _in_words(session: Session, version: VersionRecord) -> Referentiel:
    language, document = str(get_locale() or "fr"), document_of(version)
    return document if language == document.language else translations.spoken(session, version, language)


def said(text: str) -> Said:
    """A text of a référentiel, with its language where that is not the page's."""
    return Words(str(text), text.language) if isinstance(text, Spoken) and untranslated(text) else str(text)


def say(words: str) -> str:
    """A sentence of ours that stands elsewhere, in the language of the page."""
    return str(gettext(words))


def day(moment: date | datetime | None) -> str:
    """« 21 novembre 2026 »; empty where there is none."""
    return str(format_date(moment, "long")) if moment is not None else ""


def month(moment: date) -> str:
    """« novembre 2026 »."""
    return str(format_date(moment, "LLLL yyyy"))


def joined(*texts: Said, between: str = "") -> Said:
    """The texts that say something in one, with commas; in the first language other than the page's that one is in."""
    found = [one for one in texts if one]
    whole = (between or _comma()).join(one.text if isinstance(one, Words) else one for one in found)
    foreign = next((one.language for one in found if isinstance(one, Words)), "")
    return Words(whole, foreign) if foreign else whole


def _comma() -> str:
    return "، " if str(get_locale()) == "ar" else ", "


def facts(*pairs: tuple[str, Said]) -> tuple[tuple[str, Said], ...]:
    """The facts that say something."""
    return tuple((term, value) for term, value in pairs if value)


def table(heads: Sequence[str], rows: Iterable[Sequence[Said]]) -> tuple[Table, ...]:
    """The rows as a table, without the columns in which none of them says anything; none without rows."""
    told = [tuple(row) for row in rows]
    kept = [place for place in range(len(heads)) if any(row[place] for row in told)]
    if not kept:
        return ()
    return (Table(tuple(heads[at] for at in kept), tuple(tuple(row[at] for at in kept) for row in told)),)


def by(rows: Iterable[Row], column: str) -> dict[Any, list[Row]]:
    """The rows by what they have in a column, each in its order."""
    found: dict[Any, list[Row]] = {}
    for row in rows:
        found.setdefault(row[column], []).append(row)
    return found
