"""« Tout ce que Jalon sait de moi »: a person's copy in words, told once; a PDF and a page are written from it.

It is told from the rows of the copy alone, so that it holds nothing that they do not: what is not revealed yet is in
neither. Where there is a great deal, a part stops and says that the rest stands in the rows.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import get_locale, gettext
from sqlalchemy.orm import Session

from badges.services.personal_export import Personal
from badges.web.booklet import badges, me, path, said
from badges.web.booklet.bounds import bounded
from badges.web.booklet.telling import Telling, day, read
from issuer.paper import Booklet, Part


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the booklet, and the tables whose rows it tells."""

    tell: Callable[[Telling], Part]
    tables: tuple[str, ...]


SECTIONS = (
    Section(me.identity, ("people",)),
    Section(me.support, ("memberships",)),
    Section(badges.awards, ("awards", "credentials")),
    Section(badges.shares, ("shares", "shared_badges")),
    Section(path.rounds, ("rounds", "ratings", "agreements")),
    Section(said.phrases, ("phrases",)),
    Section(said.seen, ("observations", "situations", "attendances")),
    Section(said.portfolio, ("portfolio_pieces",)),
    Section(said.peers, ("peer_words",)),
    Section(path.companies, ("tutor_views",)),
    Section(path.interviews, ("interviews", "interview_confirmations")),
    Section(path.contests, ("contests",)),
    Section(path.grid, ("acquired",)),
    Section(me.answers, ("consents",)),
    Section(me.who_looked, ("file_looks", "share_looks")),
    Section(me.ways_in, ("sessions", "passkeys")),
    Section(me.requests, ("erasure_requests", "identity_requests", "identity_checks")),
)

NOT_IN_WORDS: Mapping[str, str] = {
    "assertions": "another signed form of a badge: it is a file beside",
    "statements": "another signed form of a badge",
    "passkey_challenges": "a number that waits five minutes for its answer",
    "voice_links": "the lifetime of a link to what is told with what it leads to",
}
"""What the rows hold and nobody would read, each with its reason."""


def of(session: Session, found: Personal, now: datetime) -> Booklet:
    """The booklet of one person, in the language of the page."""
    told = read(session, found, now)
    parts = [section.tell(told) for section in SECTIONS]
    full, empty = [part for part in parts if not _is_empty(part)], [part for part in parts if _is_empty(part)]
    return Booklet(
        language=str(get_locale() or "fr").partition("@")[0],
        title=gettext("Tout ce que Jalon sait de moi"),
        lines=_opening(told),
        contents=gettext("Dans ces pages"),
        parts=(*(bounded(part, _rest()) for part in full), *_nothing(empty)),
    )


def _opening(told: Telling) -> tuple[str, ...]:
    [row] = told.rows("people")
    waiting = gettext("Ce que le coach a répondu à un positionnement en cours n’y est pas encore.")
    return (
        row["name"],
        gettext("Fait le %(date)s.", date=day(told.now)),
        gettext("Ces pages sont à moi. Elles ne vont à personne d’autre."),
        *((waiting,) if told.found.waiting else ()),
    )


def _rest() -> str:
    return str(gettext("Il y en a plus : tout est dans donnees.json."))


def _nothing(empty: list[Part]) -> tuple[Part, ...]:
    """One part for all those in which there would be nothing to say."""
    return (Part(gettext("Rien n’est noté ici"), lines=tuple(part.title for part in empty)),) if empty else ()


def _is_empty(part: Part) -> bool:
    return not (part.facts or part.tables or part.lines or part.parts)
