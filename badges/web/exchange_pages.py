"""What the talk's pages show: both views in words, the sentence to say to each other, the drawing and its table.

The sentences stand in the two forms of address a structure may choose. They name acts, never character.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext
from markupsafe import Markup

from badges.models.assessments import RoundOutcome, RoundRecord
from badges.services import confrontation, parcours
from badges.services.confrontation import Comparison, Gap
from badges.services.errors import N_
from badges.web.radar import MOST_SERIES, Radar, Series, radar
from badges.web.round_pages import MOMENTS, NOT_SEEN, OUTCOMES, Frame, Given, answered, given
from badges.web.words import document_of, said, within
from referentiels.model import Level, Referentiel

DISAGREE = "disagree"
"""The value a form posts for a disagreement."""

VOUS = {
    Gap.UNDER: N_(
        "Vous vous placez à %(mine)s, votre coach à %(coach)s. Voici ce qui a été vu : « %(seen)s » "
        "L’aviez-vous remarqué ?"
    ),
    Gap.OVER: N_("Vous vous placez à %(mine)s, votre coach à %(coach)s. Racontez : combien de fois, où, quand ?"),
    Gap.EQUAL: N_("Vous et votre coach voyez la même chose : %(mine)s. Qu’est-ce qui le montre le mieux ?"),
    Gap.ONLY_COACH: N_(
        "Vous n’en avez pas encore eu l’occasion, votre coach vous place à %(coach)s. "
        "Voici ce qui a été vu : « %(seen)s » L’aviez-vous remarqué ?"
    ),
    Gap.ONLY_SELF: N_(
        "Vous vous placez à %(mine)s, votre coach ne l’a pas observé. Racontez : combien de fois, où, quand ?"
    ),
    Gap.UNSEEN: N_("Ni vous ni votre coach ne l’avez encore vu : pas de niveau, et rien ne manque."),
}
TU = {
    Gap.UNDER: N_(
        "Tu te places à %(mine)s, ton coach à %(coach)s. Voici ce qui a été vu : « %(seen)s » L’avais-tu remarqué ?"
    ),
    Gap.OVER: N_("Tu te places à %(mine)s, ton coach à %(coach)s. Raconte : combien de fois, où, quand ?"),
    Gap.EQUAL: N_("Toi et ton coach voyez la même chose : %(mine)s. Qu’est-ce qui le montre le mieux ?"),
    Gap.ONLY_COACH: N_(
        "Tu n’en as pas encore eu l’occasion, ton coach te place à %(coach)s. "
        "Voici ce qui a été vu : « %(seen)s » L’avais-tu remarqué ?"
    ),
    Gap.ONLY_SELF: N_("Tu te places à %(mine)s, ton coach ne l’a pas observé. Raconte : combien de fois, où, quand ?"),
    Gap.UNSEEN: N_("Ni toi ni ton coach ne l’avez encore vu : pas de niveau, et rien ne manque."),
}


OPENERS_VOUS = (
    N_("Racontez un moment de ces dernières semaines qui s’est bien passé. Qu’avez-vous fait, vous ?"),
    N_("Qu’est-ce qui a été plus facile que prévu ? Qu’est-ce qui a demandé plus d’effort ?"),
    N_("Par quoi voulez-vous commencer ?"),
)
OPENERS_TU = (
    N_("Raconte un moment de ces dernières semaines qui s’est bien passé. Qu’as-tu fait, toi ?"),
    N_("Qu’est-ce qui a été plus facile que prévu ? Qu’est-ce qui a demandé plus d’effort ?"),
    N_("Par quoi veux-tu commencer ?"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One competence side by side, and what was agreed; `suggested` is the answer a form starts from."""

    code: str
    name: str
    for_person: str
    pictogram: str
    mine: Given
    coach: Given
    tutor: Given | None
    sentence: Markup
    unseen: bool
    one_seen: bool
    suggested: str | None
    settled: bool
    agreed: Given | None
    disagreed: bool
    blocked: bool
    answerable: bool
    person_words: str
    answer: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing of levels and what its equal table needs; `drawing` None where nothing is rated."""

    axes: tuple[str, ...]
    series: tuple[Series, ...]
    names: dict[int, str]
    drawing: Radar | None


def entries(row: RoundRecord, *, tu: bool) -> list[Entry]:
    """Every competence of a revealed round, side by side.

    Raises:
        Conflict: the two views are not both sealed.
    """
    document = document_of(row.version)
    return [_entry(document, row, one, tu=tu) for one in confrontation.comparisons(row)]


def _entry(document: Referentiel, row: RoundRecord, one: Comparison, *, tu: bool) -> Entry:
    competence, agreement = document.competence(one.competence.code), one.agreement
    agreed = None
    if agreement is not None and (agreement.level is not None or not agreement.disagreed):
        agreed = given(document, competence, agreement.level, "", N_("Sans niveau pour l’instant"))
    return Entry(
        code=competence.code,
        name=competence.name,
        for_person=competence.for_person,
        pictogram=competence.pictogram,
        mine=answered(document, row, competence, one.mine),
        coach=answered(document, row, competence, one.coach),
        tutor=answered(document, row, competence, one.tutor) if one.tutor else None,
        sentence=sentence(document, one, tu=tu),
        unseen=one.gap is Gap.UNSEEN,
        one_seen=one.gap in {Gap.ONLY_COACH, Gap.ONLY_SELF},
        suggested=_suggested(one),
        settled=one.settled,
        agreed=agreed,
        disagreed=agreement is not None and agreement.disagreed,
        blocked=one.blocked,
        answerable=agreement is not None
        and agreement.disagreed
        and (agreement.answered_at is None or agreement.confirmed_at is None),
        person_words=agreement.person_words if agreement else "",
        answer=agreement.answer if agreement else "",
    )


def openers(*, tu: bool) -> list[str]:
    """Questions that open the talk, before any level is looked at."""
    return [gettext(words) for words in (OPENERS_TU if tu else OPENERS_VOUS)]


def _suggested(one: Comparison) -> str | None:
    """What was agreed; before that, the level both have given."""
    agreement = one.agreement
    if agreement is None:
        return str(one.mine.level) if one.gap is Gap.EQUAL else None
    if agreement.level is None:
        return None if agreement.disagreed else NOT_SEEN
    return str(agreement.level)


def sentence(document: Referentiel, one: Comparison, *, tu: bool) -> Markup:
    """What to say to each other about one competence, in the structure's form of address."""
    words: str = gettext((TU if tu else VOUS)[one.gap])
    return within(
        words,
        mine=_placed(document, one.mine.level),
        coach=_placed(document, one.coach.level),
        seen=one.coach.situation,
    )


def _placed(document: Referentiel, level: int | None) -> str:
    return "" if level is None else Markup("{} ({})").format(level, said(document.level(level).name))


def settle_choices(entry: Entry) -> list[tuple[str, str, str]]:
    """What may be written down instead of a level."""
    found = []
    if entry.one_seen:
        found.append((NOT_SEEN, gettext("Sans niveau pour l’instant"), gettext("À voir dans une prochaine situation.")))
    found.append(
        (
            DISAGREE,
            gettext("Pas d’accord ? C’est possible, et c’est noté."),
            gettext("Les deux avis restent, avec les mots de la personne."),
        )
    )
    return found


def outcome_options() -> list[tuple[str, str, str]]:
    """The three ways a round ends, each with what it means."""
    meanings = {
        RoundOutcome.ACCORDE: gettext("Les niveaux convenus valent à ce jour ; un badge peut être proposé."),
        RoundOutcome.A_RETRAVAILLER: gettext("On continue, et on refait le point plus tard ; pas de badge cette fois."),
        RoundOutcome.CLOS: gettext("On s’arrête là ; ce qui est convenu reste."),
    }
    return [(outcome.value, gettext(OUTCOMES[outcome]), meaning) for outcome, meaning in meanings.items()]


def chart(row: RoundRecord, page: Frame) -> Chart:
    """The views of a revealed round and, once there is one, what was agreed."""
    compared = confrontation.comparisons(row)
    first, second = page.person, gettext("Coach")
    if page.mine:
        first = gettext("Toi") if page.tu else gettext("Vous")
        second = gettext("Ton coach") if page.tu else gettext("Votre coach")
    series = [
        Series(first, tuple(one.mine.level for one in compared)),
        Series(second, tuple(one.coach.level for one in compared)),
    ]
    if any(one.tutor is not None for one in compared):
        seen = tuple(one.tutor.level if one.tutor else None for one in compared)
        series.append(Series(gettext("L’entreprise"), seen))
    if any(one.agreement is not None for one in compared):
        agreed = tuple(one.agreement.level if one.agreement else None for one in compared)
        series.append(Series(gettext("Niveau convenu"), agreed))
    document = document_of(row.version)
    axes = tuple(document.competence(one.competence.code).name for one in compared)
    return _chart(axes, tuple(series), document.scale)


def way_chart(way: parcours.Way, show_day: Callable[[date], str]) -> Chart:
    """The confirmed levels of a way, one series a round: the first and the latest ones where there are many."""
    steps = way.milestones
    if len(steps) > MOST_SERIES:
        steps = (steps[0], *steps[1 - MOST_SERIES :])
    series = tuple(
        Series(
            f"{gettext(MOMENTS[one.moment])}, {show_day(one.day)}",
            tuple(one.levels.get(competence.code) for competence in way.competences),
        )
        for one in steps
    )
    return _chart(tuple(competence.name for competence in way.competences), series, way.scale)


def _chart(axes: tuple[str, ...], series: tuple[Series, ...], scale: Sequence[Level]) -> Chart:
    rated = any(value is not None for one in series for value in one.values)
    drawing = radar(axes, series, scale[0].level, scale[-1].level) if rated else None
    return Chart(axes, series, {step.level: step.name for step in scale}, drawing)
