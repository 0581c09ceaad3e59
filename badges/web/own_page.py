"""What a person's own page says: what they can do now, what waits on somebody else, in the two forms of address.

One sentence each, and one thing to press. Nothing is called late, missing or failed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext, ngettext

from badges.models.assessments import Rater
from badges.services import assessments
from badges.services.errors import N_
from badges.services.next_steps import PERSON_ACTS, NextStep, Step
from badges.web import current, round_pages


@dataclass(frozen=True, slots=True)
class Task:
    """One thing the person can do now: its drawing, what it is about, a sentence, and the button."""

    pictogram: str
    title: str
    sentence: str
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that somebody else does next."""

    title: str
    sentence: str
    url: str


VOUS = {
    Step.CLAIM: N_("Un badge vous attend. Regardez ce qu’il dira, puis décidez."),
    Step.CONFIRM: N_("Relisez ce qui a été dit ensemble, puis confirmez avec votre code secret."),
    Step.DECIDE: N_("Votre coach a répondu au niveau que vous contestez. Lisez sa réponse, puis dites si c’est réglé."),
    Step.RATE_SELF: N_("Dites où vous en êtes. Votre coach le fait de son côté, sans voir vos réponses."),
    Step.RATE_COACH: N_("Votre coach remplit sa part."),
    Step.TALK: N_("Prochaine étape : en parler avec votre coach."),
    Step.ANSWER: N_("Votre coach doit répondre à votre désaccord."),
    Step.ANSWER_CONTEST: N_("Votre coach doit vous répondre, après un nouvel échange."),
    Step.GRANT: N_("Ce badge attend la décision de qui l’accorde."),
}
TU = {
    Step.CLAIM: N_("Un badge t’attend. Regarde ce qu’il dira, puis décide."),
    Step.CONFIRM: N_("Relis ce qui a été dit ensemble, puis confirme avec ton code secret."),
    Step.DECIDE: N_("Ton coach a répondu au niveau que tu contestes. Lis sa réponse, puis dis si c’est réglé."),
    Step.RATE_SELF: N_("Dis où tu en es. Ton coach le fait de son côté, sans voir tes réponses."),
    Step.RATE_COACH: N_("Ton coach remplit sa part."),
    Step.TALK: N_("Prochaine étape : en parler avec ton coach."),
    Step.ANSWER: N_("Ton coach doit répondre à ton désaccord."),
    Step.ANSWER_CONTEST: N_("Ton coach doit te répondre, après un nouvel échange."),
    Step.GRANT: N_("Ce badge attend la décision de qui l’accorde."),
}
PICTOGRAMS = {Step.CLAIM: "badge", Step.CONFIRM: "engagement", Step.DECIDE: "ecouter", Step.RATE_SELF: "communication"}
LABELS = {
    Step.CLAIM: N_("Voir le badge"),
    Step.CONFIRM: N_("Relire et confirmer"),
    Step.DECIDE: N_("Lire la réponse"),
    Step.RATE_SELF: N_("Répondre"),
}


def tasks(steps: Sequence[NextStep], *, tu: bool) -> list[Task]:
    """What the person can do now, most urgent first."""
    return [_task(step, tu=tu) for step in steps if step.step in PERSON_ACTS]


def waiting(steps: Sequence[NextStep], *, tu: bool) -> list[Waiting]:
    """What somebody else does next, that the person knows of."""
    words = TU if tu else VOUS
    found = [step for step in steps if step.step not in PERSON_ACTS and step.step in words]
    readable = {Step.TALK, Step.ANSWER, Step.ANSWER_CONTEST}
    return [
        Waiting(
            step.title,
            gettext(words[step.step]),
            url_for("assessments.show", round_id=step.round_id) if step.step in readable else "",
        )
        for step in found
    ]


def _task(step: NextStep, *, tu: bool) -> Task:
    kind = Step.RATE_SELF if step.step is Step.RATE_BOTH else step.step
    label, sentence, url = gettext(LABELS[kind]), gettext((TU if tu else VOUS)[kind]), ""
    if kind is Step.RATE_SELF:
        begun = _begun(step)
        if begun is not None:
            label, sentence, url = begun
    if not url and kind is Step.CLAIM:
        url = url_for("awards.show", award_id=step.award_id)
    return Task(
        PICTOGRAMS[kind], step.title, sentence, label, url or url_for("assessments.show", round_id=step.round_id)
    )


def _begun(step: NextStep) -> tuple[str, str, str] | None:
    """Label, sentence and address of the very question at which the person stopped; None before the first answer."""
    if step.round_id is None:
        return None
    row = assessments.round_for(current.db(), current.actor(), step.round_id)
    stands = round_pages.progress(row, Rater.SELF)
    if not stands.given:
        return None
    if not stands.next_code:
        url = url_for("assessments.review", round_id=row.id, view="moi")
        return gettext("Relire et terminer"), gettext("Toutes les réponses sont là."), url
    url = url_for("assessments.question", round_id=row.id, view="moi", code=stands.next_code)
    words = ngettext(
        "Une réponse sur %(total)s est gardée.",
        "%(num)s réponses sur %(total)s sont gardées.",
        stands.given,
        total=stands.total,
    )
    return gettext("Continuer"), words, url
