"""What the pages about other voices show, as plain values, and the words that go with a link."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import url_for
from flask_babel import format_date, gettext
from markupsafe import Markup

from badges.models.assessments import RoundRecord, TutorEnd, TutorViewRecord
from badges.models.voices import InterviewRecord, Party, PeerWordRecord
from badges.services import codes, interviews, tutor_views, voice_links
from badges.services.access import Actor
from badges.services.errors import N_
from badges.web import current
from badges.web.share_pages import sms
from badges.web.words import document_of
from issuer.picture import qr_svg

ENDS = {
    TutorEnd.OBJECTED: ("neutral", N_("La personne ne souhaite pas cet avis")),
    TutorEnd.STOPPED: ("neutral", N_("Demande arrêtée")),
    TutorEnd.WRONG_PERSON: ("attention", N_("L’entreprise dit : ce n’est pas la bonne personne")),
    TutorEnd.SET_ASIDE: ("stopped", N_("Avis mis de côté")),
}


@dataclass(frozen=True, slots=True)
class TutorLine:
    """One request to a company: what was asked, by whom, where it stands, what this reader may do."""

    id: uuid.UUID
    who: str
    shown_as: str
    situation: str
    days: str
    competences: tuple[str, ...]
    asked_by: str
    asked_at: datetime
    kind: str
    state: str
    detail: str
    reason: str
    may: frozenset[str]


@dataclass(frozen=True, slots=True)
class TutorPanel:
    """What a round's page says of companies; `may_ask` and `awaited` are for the coach."""

    lines: tuple[TutorLine, ...]
    may_ask: bool
    wanted: bool
    awaited: bool
    claimed: tuple[uuid.UUID, ...]


@dataclass(frozen=True, slots=True)
class Interview:
    """An interview as its pages show it; `confirmed` is each party in words, and since when or None.

    `missing` tells whether this reader, the person and the company have still to confirm.
    """

    id: uuid.UUID
    round_id: uuid.UUID
    person: str
    mine: bool
    tu: bool
    company: str
    tutor_role: str
    held_on: date
    place: str
    went_well: str
    to_work_on: str
    next_step: str
    digest: str
    confirmed: tuple[tuple[str, datetime | None], ...]
    missing: frozenset[str]
    kind: str
    state: str
    wrong_person: bool


@dataclass(frozen=True, slots=True)
class Word:
    """A peer's word as it is read; `about` is the person, for whom gave it."""

    id: uuid.UUID
    competence: str
    asked_of: str
    asked_at: datetime
    words: str
    signed: str
    written_at: datetime | None
    kept: bool
    about: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A fresh link, shown once: address, code to type, message to send and its SMS address, drawing."""

    address: str
    typed: str
    words: str
    sms: str
    qr: Markup
    expires_at: datetime


def tutor_panel(row: RoundRecord, actor: Actor, now: datetime) -> TutorPanel:
    """The requests of a round for its person or coach."""
    staff = actor.kind == "staff"
    expiries = voice_links.expiries(current.db(), [view.id for view in row.tutor_views])
    aside = any(view.end is TutorEnd.SET_ASIDE for view in row.tutor_views)
    claimed = tutor_views.claimed_on(current.db(), row.id) if staff and aside else []
    return TutorPanel(
        lines=tuple(_line(row, view, actor, expiries.get(view.id), now) for view in row.tutor_views),
        may_ask=staff and tutor_views.may_ask(row),
        wanted=tutor_views.wants_tutor(document_of(row.version), row.competences),
        awaited=row.tutor_awaited,
        claimed=tuple(award.id for award in claimed),
    )


def _line(
    row: RoundRecord, view: TutorViewRecord, actor: Actor, expires_at: datetime | None, now: datetime
) -> TutorLine:
    kind, state, detail = _state(view, expires_at, now)
    document = document_of(row.version)
    return TutorLine(
        id=view.id,
        who=who(view),
        shown_as=view.shown_as,
        situation=view.situation,
        days=days(view.from_day, view.to_day),
        competences=tuple(document.competence(code).name for code in view.competences),
        asked_by=view.asker.name,
        asked_at=view.asked_at,
        kind=kind,
        state=state,
        detail=detail,
        reason=view.end_reason,
        may=_may(view, actor),
    )


def who(view: TutorViewRecord) -> str:
    """The company and the tutor's role, with their first name where one was given."""
    return tutor(view.company, view.tutor_role, view.tutor_name)


def tutor(company: str, role: str, name: str) -> str:
    """The same, of what is known."""
    text: str = gettext("%(company)s, %(role)s (%(name)s)") if name else gettext("%(company)s, %(role)s")
    return text % {"company": company, "role": role, "name": name}


def days(first: date | None, last: date | None) -> str:
    """From when to when, as far as it is known."""
    if first and last and first != last:
        text: str = gettext("du %(first)s au %(last)s")
        return text % {"first": format_date(first, "long"), "last": format_date(last, "long")}
    day = first or last
    text = gettext("le %(day)s")
    return text % {"day": format_date(day, "long")} if day else ""


def _state(view: TutorViewRecord, expires_at: datetime | None, now: datetime) -> tuple[str, str, str]:
    """Kind of chip, state, and a sentence about it."""
    if view.end is not None:
        kind, words = ENDS[view.end]
        return kind, gettext(words), ""
    if view.sent_at is not None:
        if view.late and view.answers:
            return "info", gettext("A répondu après l’échange"), gettext("Cet avis sera lu au prochain échange.")
        return "done", gettext("A répondu"), ""
    if expires_at is None or expires_at <= now:
        return "attention", gettext("Délai du lien passé"), gettext("Rien de ce qui a été écrit n’est perdu.")
    until: str = gettext("Le lien marche jusqu’au %(day)s.")
    detail = until % {"day": format_date(expires_at, "long")}
    return "waiting", gettext("A commencé") if view.kept_at else gettext("En attente de l’entreprise"), detail


def _may(view: TutorViewRecord, actor: Actor) -> frozenset[str]:
    if view.ended_at is not None:
        return frozenset()
    if actor.kind == "person":
        return frozenset() if view.sent_at else frozenset({"object"})
    return frozenset({"set_aside"} if view.sent_at else {"replace", "stop"})


def tutor_link(view: TutorViewRecord, code: str, now: datetime) -> Link:
    """The link to what a company is asked, with a message that fits an SMS or two."""
    words: str = gettext(
        "Bonjour, %(place)s vous demande votre avis sur %(name)s : trois minutes, sans compte, jusqu’au %(day)s. "
        "%(link)s"
    )
    return link(code, words, place=view.round.organisation.name, name=view.shown_as, now=now)


def link(code: str, words: str, *, now: datetime, **values: str) -> Link:
    """A fresh link and its message, in which `%(link)s` and `%(day)s` have their places."""
    address = current.installation().base_url + url_for("guests.page", code=code)
    expires_at = now + voice_links.LIFETIME
    text = words % {**values, "link": address, "day": format_date(expires_at, "long")}
    return Link(
        address=address,
        typed=codes.show_code(code),
        words=text,
        sms=sms(text),
        qr=Markup(qr_svg(address).decode()),  # noqa: S704 - our own drawing of our own address
        expires_at=expires_at,
    )


def interview(row: InterviewRecord, actor: Actor | None) -> Interview:
    """An interview for its person or coach, or for the company that comes by its link (no actor)."""
    said = interviews.confirmed(row)
    own = Party.TUTOR if actor is None else Party.PERSON if actor.kind == "person" else Party.COACH
    names = {
        Party.PERSON: row.shown_as if own is Party.TUTOR else row.round.person.name,
        Party.COACH: gettext("Le coach"),
        Party.TUTOR: row.company,
    }
    missing = frozenset(party.value for party in Party if party not in said)
    everyone = gettext("Confirmé par les trois")
    some: str = gettext("Confirmé : %(number)s sur 3")
    return Interview(
        id=row.id,
        round_id=row.round_id,
        person=names[Party.PERSON],
        mine=own is Party.PERSON,
        tu=row.round.organisation.address_form == "tu",
        company=row.company,
        tutor_role=row.tutor_role,
        held_on=row.held_on,
        place=row.place,
        went_well=row.went_well,
        to_work_on=row.to_work_on,
        next_step=row.next_step,
        digest=interviews.digest(row),
        confirmed=tuple((names[party], said.get(party)) for party in Party),
        missing=missing | ({"mine"} if own.value in missing else frozenset()),
        kind="waiting" if missing else "done",
        state=some % {"number": len(said)} if missing else everyone,
        wrong_person=row.wrong_person_at is not None,
    )


def interview_link(row: InterviewRecord, code: str, now: datetime) -> Link:
    """The link by which a company reads and confirms an interview, with its message."""
    words: str = gettext(
        "Bonjour, %(place)s vous propose de relire l’entretien avec %(name)s et de le confirmer : une minute, sans "
        "compte, jusqu’au %(day)s. %(link)s"
    )
    return link(code, words, place=row.round.organisation.name, name=row.shown_as, now=now)


def word(row: PeerWordRecord, expires_at: datetime | None = None, now: datetime | None = None) -> Word:
    """A peer's word, or what is still awaited."""
    detail = ""
    if row.written_at is None and now is not None:
        until: str = gettext("Le lien marche jusqu’au %(day)s.")
        alive = expires_at is not None and expires_at > now
        detail = until % {"day": format_date(expires_at, "long")} if alive else gettext("Délai du lien passé")
    return Word(
        id=row.id,
        competence=document_of(row.version).competence(row.competence_code).name,
        asked_of=row.asked_of,
        asked_at=row.asked_at,
        words=row.words,
        signed=row.peer_name,
        written_at=row.written_at,
        kept=row.kept_at is not None,
        about=row.shown_as,
        detail=detail,
    )


def waiting_words(rows: Sequence[PeerWordRecord], now: datetime) -> list[Word]:
    """What is still awaited of peers, each with the time its link has left."""
    waiting = [row for row in rows if row.written_at is None]
    expiries = voice_links.expiries(current.db(), [row.id for row in waiting])
    return [word(row, expiries.get(row.id), now) for row in waiting]


def peer_link(row: PeerWordRecord, code: str, now: datetime) -> Link:
    """The link by which a peer gives a word, with its message."""
    words: str = gettext(
        "Bonjour, c’est %(name)s. Peux-tu raconter une fois où on a fait quelque chose ensemble ? Deux minutes, sans "
        "compte, jusqu’au %(day)s : %(link)s"
    )
    return link(code, words, name=row.shown_as, now=now)
