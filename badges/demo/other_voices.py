"""Other voices: a company still awaited, one that answered before the talk, and a badge that quotes three of them."""

from uuid import uuid4

from badges.demo.stage import Stage
from badges.models.assessments import Moment, Rater, RoundOutcome, RoundRecord
from badges.models.people import PersonRecord
from badges.services import awards, interviews, peer_words, tutor_answers, tutor_views, voice_evidence
from badges.services.interviews import Words
from badges.services.tutor_answers import Answer
from badges.services.tutor_views import Asked

LEVELS = {"prevenir": (2, 3, 3), "ecouter-demander": (3, 3, 2), "securite": (2, 3, 3)}
"""Competence → the person's view, the coach's, the company's."""
AGREED = {"prevenir": 3, "ecouter-demander": 2, "securite": 3}
QUOTING, WAITING, TALKING, PEER = 2, 8, 12, 6
SAID = "À l’atelier, devant la presse, on m’a fait remettre mes lunettes avant de démarrer. Deux fois, sans se moquer."


def hear(stage: Stage) -> None:
    """Play the three."""
    quoting, waiting, talking = (stage.people[index][0] for index in (QUOTING, WAITING, TALKING))
    _quote(stage, quoting)
    _ask(stage, _opened(stage, waiting, 7), "Conserverie des Deux Rives", 6)
    row = _opened(stage, talking, 9)
    _answer(stage, _ask(stage, row, "Ateliers du Halage", 8), 3)
    _interview(stage, row, 3)
    _word(stage, talking, row, 2)


def _opened(stage: Stage, person: PersonRecord, days: float) -> RoundRecord:
    """A round on the territory's référentiel, both views in."""
    row = stage.open_round(person, "territoire", list(LEVELS), days, Moment.ETAPE)
    for place, rater in enumerate((Rater.SELF, Rater.COACH)):
        stage.rate(row, rater, {code: levels[place] for code, levels in LEVELS.items()}, days - 1, seal=False)
    return row


def _ask(stage: Stage, row: RoundRecord, company: str, days: float) -> str:
    """The company is asked, then both say they have finished; the code of the link."""
    _view, code = tutor_views.ask(
        stage.session,
        stage.coach_of(row.person),
        row.id,
        asked=Asked(
            company=company,
            tutor_role="cheffe d’équipe",
            tutor_name="Solange",
            shown_as=row.person.name.split()[0],
            situation="Immersion de deux semaines, à la découpe",
            from_day=stage.ago(days + 14).date(),
            to_day=stage.ago(days + 1).date(),
            competences=list(LEVELS),
        ),
        person_agrees=True,
        view_id=uuid4(),
        now=stage.ago(days),
    )
    for rater in (Rater.SELF, Rater.COACH):
        stage.rate(row, rater, {}, days, seal=True)
    return code


def _answer(stage: Stage, code: str, days: float) -> None:
    answers = {
        competence: Answer(levels[2], stage.situation(competence, Rater.TUTOR, levels[2]))
        for competence, levels in LEVELS.items()
    }
    tutor_answers.send(
        stage.session,
        code,
        None,
        answers=answers,
        right_person=True,
        company_agreed=True,
        revision=0,
        form_id=uuid4(),
        now=stage.ago(days),
    )


def _interview(stage: Stage, row: RoundRecord, days: float) -> str:
    """Written and confirmed by the coach; the code of the company's link."""
    coach, held = stage.coach_of(row.person), stage.ago(days)
    interview = interviews.write(
        stage.session,
        coach,
        row.id,
        interview_id=uuid4(),
        words=Words(
            company="Ateliers du Halage",
            tutor_role="cheffe d’équipe",
            shown_as=row.person.name.split()[0],
            held_on=held.date(),
            place="À l’atelier de découpe",
            went_well="Deux semaines à la découpe, protections mises chaque matin ; a signalé une palette mal posée.",
            to_work_on="Demander quand la consigne change en cours de journée.",
            next_step="Deux semaines de plus en atelier ; point le dernier vendredi.",
        ),
        confirms=True,
        today=held.date(),
        now=held,
    )
    return interviews.new_link(stage.session, coach, interview.id, now=held)[1]


def _word(stage: Stage, person: PersonRecord, row: RoundRecord, days: float) -> None:
    """Asked by the person, given by somebody of the same structure."""
    word, code = peer_words.ask(
        stage.session,
        stage.themselves(person),
        version_id=row.version_id,
        competence_code="securite",
        asked_of="Leïla",
        shown_as=person.name.split()[0],
        word_id=uuid4(),
        now=stage.ago(days),
    )
    peer = stage.themselves(stage.people[PEER][0])
    peer_words.write(stage.session, code, peer, words=SAID, peer_name="Leïla", form_id=uuid4(), now=stage.ago(days, 12))
    if person is stage.people[QUOTING][0]:
        peer_words.keep(stage.session, stage.themselves(person), word.id, kept=True, now=stage.ago(days, 13))


def _quote(stage: Stage, person: PersonRecord) -> None:
    """All the way to a badge that names the company, quotes the interview and a peer."""
    row = _opened(stage, person, 40)
    _answer(stage, _ask(stage, row, "Ateliers du Halage", 38), 36)
    code = _interview(stage, row, 35)
    [interview] = interviews.of_round(stage.session, stage.themselves(person), row.id)
    seen = interviews.digest(interview)
    interviews.confirm(stage.session, stage.themselves(person), interview.id, seen=seen, now=stage.ago(34))
    interviews.confirm_by_link(stage.session, code, None, seen=seen, now=stage.ago(33))
    _word(stage, person, row, 33)
    stage.talk(row, dict(AGREED), 32, RoundOutcome.ACCORDE)
    stage.confirm(row, 32)
    coach, badge = stage.coach_of(person), "securite"
    keys = [one.key for one in voice_evidence.offered(stage.session, coach, row.id, badge)]
    award = awards.propose(
        stage.session,
        coach,
        round_id=row.id,
        badge_code=badge,
        evidence=voice_evidence.chosen(stage.session, coach, row.id, badge, keys),
        now=stage.ago(31, 15),
    )
    stage.grant(award, 30)
    stage.claim(award, 29)
