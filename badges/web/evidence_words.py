"""Dated facts put into the words of a piece of evidence, in the language of the référentiel it is signed in."""

from dataclasses import dataclass
from datetime import date

from flask_babel import force_locale, format_date, gettext, ngettext

from badges.models.evidence import Autonomy, Origin
from badges.services import awards, evidence
from badges.services.errors import N_
from badges.services.evidence import Offer, Try
from referentiels.model import Referentiel

ORIGINS = {
    Origin.GROUP: N_("Séance de groupe"),
    Origin.PRACTICE: N_("Mise en situation"),
    Origin.IMMERSION: N_("Immersion"),
    Origin.AFEST: N_("Formation au poste (AFEST)"),
    Origin.MISSION: N_("Mission de travail"),
}
PLACES = {
    Origin.GROUP: N_("Séance de groupe : %(place)s."),
    Origin.PRACTICE: N_("Mise en situation : %(place)s."),
    Origin.IMMERSION: N_("Immersion : %(place)s."),
    Origin.AFEST: N_("Formation au poste de travail : %(place)s."),
    Origin.MISSION: N_("Mission de travail : %(place)s."),
}
AUTONOMY = {
    Autonomy.SHOWN: N_("après démonstration"),
    Autonomy.HELPED: N_("avec de l’aide"),
    Autonomy.ALONE: N_("sans aide"),
    Autonomy.PASSED_ON: N_("en montrant à d’autres"),
}


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One piece of evidence of the form: `offered` from what was seen, and whether it is to be kept."""

    name: str = ""
    narrative: str = ""
    offered: bool = False
    kept: bool = True


def rows(offers: list[Offer], document: Referentiel) -> list[EvidenceRow]:
    """The offers as evidence to keep or not. Kept at first: the facts that were counted, as many as a badge takes.

    What the coach wrote in the round was written for the person: it is kept only where the coach says so.
    """
    worded = []
    with force_locale(document.language):
        for place, offer in enumerate(offers):
            competence = document.competence(offer.competence).name
            name, narrative = _name(offer, competence), _narrative(offer)
            kept = offer.origin != evidence.TALK and place < awards.MOST_EVIDENCE
            worded.append(
                EvidenceRow(name[: awards.LONGEST_NAME], narrative[: awards.LONGEST_NARRATIVE], offered=True, kept=kept)
            )
    return worded


def facts(offers: list[Offer]) -> list[str]:
    """Each activity with how many times and when, in the page's language: to open a talk with."""
    return [gettext("%(activity)s : %(times)s", activity=one.activity, times=_counted(one)) for one in offers]


def counted(tries: tuple[Try, ...]) -> str:
    """How many times and when: « 5 fois, du 3 mars au 12 mai 2026 »."""
    days = sorted(one.day for one in tries)
    words: str = ngettext(
        "Une fois, le %(last)s.",
        "%(num)s fois, du %(first)s au %(last)s.",
        len(days),
        first=_day(days[0]),
        last=_day(days[-1]),
    )
    return words


def _day(day: date) -> str:
    text: str = format_date(day, "long")
    return text


def _name(offer: Offer, competence: str) -> str:
    text: str = gettext("%(competence)s : %(activity)s", competence=competence, activity=offer.activity)
    if offer.origin == evidence.TALK:
        text = gettext("%(competence)s : ce que le coach a vu", competence=competence)
    return text


def _narrative(offer: Offer) -> str:
    if offer.origin == evidence.TALK:
        return offer.tries[0].act
    if offer.origin == evidence.PIECE:
        return "\n".join(
            (
                gettext("Fait le %(date)s. À voir : %(url)s", date=_day(offer.tries[0].day), url=offer.url),
                gettext("Empreinte SHA-256 du fichier : %(hash)s", hash=offer.sha256),
            )
        )
    lines = [gettext(PLACES[Origin(offer.origin)]) % {"place": ", ".join(offer.places)}, _counted(offer)]
    if offer.beside:
        lines.append(gettext("À côté de : %(role)s.", role=offer.beside))
    return "\n".join([*lines, *(line for one in offer.tries if (line := tried(one)))])


def _counted(offer: Offer) -> str:
    if offer.origin != Origin.GROUP:
        return counted(offer.tries)
    days = [one.day for one in offer.tries]
    text: str = ngettext(
        "Vu dans une séance, le %(last)s.",
        "Vu dans %(num)s séances, du %(first)s au %(last)s.",
        len(days),
        first=_day(days[0]),
        last=_day(days[-1]),
    )
    return text


def tried(one: Try) -> str:
    """One try in a line: the day, how much by oneself, and the act; empty where only the day is known."""
    day, line = _day(one.day), ""
    if one.autonomy is not None and one.act:
        alone = gettext(AUTONOMY[one.autonomy])
        line = gettext("Le %(date)s, %(autonomy)s : %(act)s", date=day, autonomy=alone, act=one.act)
    elif one.autonomy is not None:
        line = gettext("Le %(date)s, %(autonomy)s.", date=day, autonomy=gettext(AUTONOMY[one.autonomy]))
    elif one.act:
        line = gettext("Le %(date)s : %(act)s", date=day, act=one.act)
    return line
