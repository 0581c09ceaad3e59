"""What the public pages of a share are made of: each badge verified anew, then cut to what its share shows.

A badge that is paused or withdrawn is only that: nothing else of it reaches a template.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext, ngettext
from markupsafe import Markup
from sqlalchemy.orm import Session

from badges.models.referentiels import VersionRecord
from badges.services import pictures, public_badges, referentiels, showing, verification
from badges.services.errors import N_
from badges.services.public_badges import PublicBadge, PublicShare
from badges.web import award_pages, current, verdicts
from badges.web.radar import Radar, Series, radar
from badges.web.verdicts import Answer, Shown
from verify import Report

NO_LONGER = {"suspended": N_("Un badge en pause"), "revoked": N_("Un badge retiré")}


FEWEST_AXES = 3


@dataclass(frozen=True, slots=True)
class Chart:
    """A radar, and what its equal table needs."""

    axes: tuple[str, ...]
    series: tuple[Series, ...]
    names: dict[int, str]
    drawing: Radar


@dataclass(frozen=True, slots=True)
class BadgePage:
    """One badge as a reader sees it; `shown`, `picture` and the rest are None where it does not stand.

    `files` tells whether there is a file to take, `whole` whether it is the signed one in all its forms.
    """

    badge: PublicBadge
    report: Report
    answer: Answer
    title: str
    checks: tuple[tuple[str, str, str], ...]
    asides: tuple[str, ...]
    shown: Shown | None
    picture: Markup
    words: tuple[tuple[str, str], ...]
    raters: tuple[str, ...]
    owner: str
    recognisers: tuple[verification.Recogniser, ...]
    files: bool
    whole: bool
    address: str

    @property
    def valid(self) -> bool:
        """Whether the verdict is the good one."""
        return self.answer.style == "valid"


def pages_of(badges: Sequence[PublicBadge], session: Session, *, several: bool = False) -> tuple[BadgePage, ...]:
    """Each badge, verified with one reading of what they have in common; `several`: each has an address of its own."""
    reports = verification.verify_each(
        session, current.installation(), (badge.document for badge in badges), current.now()
    )
    recognised = {
        number: verification.recognisers(session, number, current.now())
        for number in {badge.referentiel_id for badge in badges}
    }
    return tuple(
        _page(
            badge,
            report,
            picture=_drawn(badge, session) if badge.stands else Markup(),
            words=_said(badge, session) if badge.stands else (),
            recognised=recognised[badge.referentiel_id],
            place=badge.place if several else None,
        )
        for badge, report in zip(badges, reports, strict=True)
    )


def together(pages: Sequence[BadgePage]) -> Answer:
    """The verdict on several badges: the good word only where each has it."""
    good, total = sum(page.valid for page in pages), len(pages)
    if good == total:
        return Answer("valid", "", ngettext("%(num)s badge authentique.", "%(num)s badges authentiques.", total))
    invalid = any(page.answer.style == "invalid" for page in pages)
    said = ngettext(
        "%(num)s badge sur %(total)s est authentique. Lisez ce qui est dit de chacun.",
        "%(num)s badges sur %(total)s sont authentiques. Lisez ce qui est dit de chacun.",
        good,
        total=total,
    )
    return Answer("invalid" if invalid else "undetermined", gettext("À lire un par un"), said)


def holder_of(pages: Sequence[BadgePage]) -> str:
    """The name, where it is shown and the same on each; else nothing."""
    names = {page.shown.holder for page in pages if page.shown is not None}
    return names.pop() if len(names) == 1 else ""


def address_of(share: PublicShare) -> str:
    """The whole address of a share."""
    return f"{current.installation().base_url}{url_for('verification.by_code', code=share.code)}"


def _said(badge: PublicBadge, session: Session) -> tuple[tuple[str, str], ...]:
    """The person's own words, each with the name of the competence it is about."""
    if not badge.words:
        return ()
    document = referentiels.document_of(session.get_one(VersionRecord, badge.version_id))
    return tuple((document.competence(code).name, words) for code, words in badge.words)


def radar_of(pages: Sequence[BadgePage]) -> Chart | None:
    """The levels reached as one drawing, where the share shows it and three stand on the same scale."""
    shown = [page for page in pages if page.shown is not None and page.badge.shows.radar]
    reached = {
        line.name: line for page in shown if page.shown for line in page.shown.results if line.number is not None
    }
    scales = {tuple((step.level, step.name) for step in line.scale) for line in reached.values()}
    if len(reached) < FEWEST_AXES or len(scales) != 1:
        return None
    names = {int(level): name or "" for level, name in scales.pop() if level and level.isdigit()}
    series = Series(gettext("Niveau reconnu"), tuple(line.number for line in reached.values()))
    drawing = radar(tuple(reached), [series], min(names), max(names))
    return Chart(tuple(reached), (series,), names, drawing)


def _drawn(badge: PublicBadge, session: Session) -> Markup:
    picture = pictures.svg(pictures.picture_of(session, badge))
    return Markup(picture.decode())  # noqa: S704 - our own drawing, its words escaped


def _page(
    badge: PublicBadge,
    report: Report,
    *,
    picture: Markup,
    words: tuple[tuple[str, str], ...],
    recognised: tuple[str, list[verification.Recogniser]],
    place: int | None,
) -> BadgePage:
    shown = verdicts.shown(showing.cut(report.credential, badge.shows)) if badge.stands else None
    state = "revoked" if badge.revoked_at is not None else "suspended"
    return BadgePage(
        badge=badge,
        report=report,
        answer=verdicts.answer(
            report,
            revoked_at=badge.revoked_at,
            replaced_at=badge.revoked_at if badge.successor else None,
            nameless=not badge.shows.name,
        ),
        title=shown.name if shown else gettext(NO_LONGER[state]),
        checks=tuple(verdicts.checks(report)),
        asides=tuple(verdicts.asides(report)),
        shown=shown,
        picture=picture,
        words=words,
        raters=tuple(gettext(award_pages.RATERS[rater]) for rater in badge.raters),
        owner=recognised[0],
        recognisers=tuple(recognised[1]),
        files=public_badges.has_file(badge),
        whole=not badge.hides,
        address=url_for("verification.by_code", code=badge.code, place=place) if badge.code else "",
    )
