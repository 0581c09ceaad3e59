"""The words of the pages about people: whose turn it is, where a round or a badge stands, how a PIN is had.

Nothing is called failed, late or missing.
"""

from datetime import datetime

from flask_babel import gettext

from badges.models.assessments import Moment, RoundOutcome
from badges.models.awards import AwardState
from badges.models.people import AgeBand
from badges.services.errors import N_
from badges.services.next_steps import PersonFile, Step, WaitsOn
from badges.services.path_lines import AwardLine, RoundLine
from badges.services.people import PinChoice

PIN_CHOICES: tuple[tuple[PinChoice, str, str], ...] = (
    (
        "strip",
        N_("Imprimer un code secret à détacher"),
        N_("Pour entrer tout de suite. Donnez la carte et la bande en main propre."),
    ),
    (
        "first_use",
        N_("Laisser choisir le code avec la carte"),
        N_("Au premier passage, dans les sept jours. Rien à imprimer de secret."),
    ),
)
AGE_BANDS = (
    (AgeBand.ADULT, N_("18 ans ou plus")),
    (AgeBand.FROM_15, N_("15 à 17 ans")),
    (AgeBand.UNDER_15, N_("Moins de 15 ans")),
)
COACH_WORDS = {
    Step.RATE_BOTH: N_("Chacun remplit sa part, de son côté."),
    Step.RATE_COACH: N_("Sa part est finie : à vous de remplir la vôtre."),
    Step.TALK: N_("Les deux parts sont là : parlez-en."),
    Step.ANSWER: N_("Un désaccord attend votre réponse."),
    Step.ANSWER_CONTEST: N_("Un niveau est contesté : parlez-en à nouveau, puis répondez."),
    Step.PROPOSE: N_("Positionnement accordé : voyez quel badge proposer."),
    Step.OPEN: N_("Pas encore de positionnement : ouvrez le premier."),
    Step.CLAIM: N_("Un badge est accordé : la personne peut le prendre."),
    Step.CONFIRM: N_("La personne relit et confirme avec son code secret."),
    Step.DECIDE: N_("Vous avez répondu : la personne dit si c’est réglé."),
    Step.RATE_SELF: N_("Votre part est finie : la personne remplit la sienne."),
    Step.WAIT_TUTOR: N_("L’entreprise n’a pas encore répondu. Vous pouvez attendre, ou continuer sans elle."),
    Step.GRANT: N_("Un badge attend la décision de qui l’accorde."),
    Step.REST: N_("Rien n’attend."),
}
LIST_WORDS = {
    Step.RATE_BOTH: N_("Chacun remplit sa part"),
    Step.RATE_COACH: N_("Remplir votre part"),
    Step.TALK: N_("En parler ensemble"),
    Step.ANSWER: N_("Répondre au désaccord"),
    Step.ANSWER_CONTEST: N_("Répondre au niveau contesté"),
    Step.PROPOSE: N_("Voir quel badge proposer"),
    Step.OPEN: N_("Ouvrir le premier positionnement"),
    Step.CLAIM: N_("Prendre le badge accordé"),
    Step.CONFIRM: N_("Relire et confirmer"),
    Step.DECIDE: N_("Lire la réponse au niveau contesté"),
    Step.RATE_SELF: N_("Remplir sa part"),
    Step.WAIT_TUTOR: N_("Attendre l’entreprise"),
    Step.GRANT: N_("Décider d’un badge proposé"),
    Step.REST: N_("Rien n’attend"),
}
"""The same in a list, under the heading that says whose turn it is."""

WAITS_ON = {
    WaitsOn.BOTH: ("todo", N_("À vous deux")),
    WaitsOn.COACH: ("todo", N_("À vous")),
    WaitsOn.PERSON: ("waiting", N_("À la personne")),
    WaitsOn.TUTOR: ("waiting", N_("À l’entreprise")),
    WaitsOn.ISSUER: ("waiting", N_("À qui accorde")),
    WaitsOn.NOBODY: ("neutral", N_("Rien n’attend")),
}
MOMENTS = {Moment.ENTREE: N_("Entrée"), Moment.ETAPE: N_("Étape"), Moment.SORTIE: N_("Sortie")}
OUTCOMES = {
    RoundOutcome.ACCORDE: ("done", N_("Accordé")),
    RoundOutcome.A_RETRAVAILLER: ("info", N_("À retravailler")),
    RoundOutcome.CLOS: ("neutral", N_("Clos")),
}
AWARD_STATES = {
    AwardState.PROPOSED: ("waiting", N_("Proposé")),
    AwardState.GRANTED: ("waiting", N_("Accordé, à prendre")),
    AwardState.CLAIMED: ("done", N_("Délivré")),
    AwardState.REFUSED: ("neutral", N_("Pas accordé")),
    AwardState.DECLINED: ("neutral", N_("Pas pris")),
    AwardState.REVOKED: ("stopped", N_("Retiré")),
    AwardState.LAPSED: ("neutral", N_("Délai passé")),
}


def pin_choices() -> list[tuple[str, str, str]]:
    """The two ways to a first PIN, as the options of a form."""
    return [(value, gettext(name), gettext(text)) for value, name, text in PIN_CHOICES]


def age_bands() -> list[tuple[str, str]]:
    """The age bands, as the options of a form."""
    return [(band.value, gettext(name)) for band, name in AGE_BANDS]


def round_lines(found: PersonFile) -> list[tuple[RoundLine, str, str, str]]:
    """Each round with its moment, and the kind and words of its chip."""
    lines = []
    for line in found.rounds:
        if line.cancelled_at is not None:
            lines.append((line, gettext(MOMENTS[line.moment]), "neutral", gettext("Annulé")))
            continue
        kind, words = OUTCOMES[line.outcome] if line.closed_at and line.outcome else ("waiting", N_("En cours"))
        lines.append((line, gettext(MOMENTS[line.moment]), kind, gettext(words)))
    return lines


def award_chip(award: AwardLine, now: datetime) -> tuple[str, str]:
    """The kind and words of an award's chip."""
    if award.state is AwardState.CLAIMED and award.suspended_at is not None:
        return "attention", gettext("En pause")
    if award.state is AwardState.CLAIMED and award.valid_until is not None and award.valid_until <= now:
        return "attention", gettext("À actualiser")
    kind, words = AWARD_STATES[award.state]
    return kind, gettext(words)
