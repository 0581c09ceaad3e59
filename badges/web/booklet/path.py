"""The person's rounds, and what belongs to them: companies, contests, interviews, what was acquired."""

from collections.abc import Iterator

from flask_babel import gettext

from badges.models.assessments import Rater
from badges.models.contests import ContestEnd
from badges.models.voices import Party
from badges.services.errors import N_
from badges.web import acquired, round_pages, voice_pages
from badges.web.booklet.bounds import MOST_PARTS
from badges.web.booklet.telling import Row, Telling, by, day, facts, joined, said, say, table
from issuer.paper import Part, Said

RATERS = {Rater.SELF: N_("Moi"), Rater.COACH: N_("Mon coach"), Rater.TUTOR: N_("L’entreprise")}
PARTIES = {Party.PERSON: N_("Moi"), Party.COACH: N_("Mon coach"), Party.TUTOR: N_("L’entreprise")}
CONTEST_ENDS = {
    ContestEnd.SETTLED: N_("C’est réglé."),
    ContestEnd.MAINTAINED: N_("Je garde mon avis"),
    ContestEnd.WITHDRAWN: N_("Je ne conteste plus"),
}


def rounds(told: Telling) -> Part:
    """Each round: both views where both are revealed, what was agreed, and the words of each."""
    ratings, agreed = by(told.rows("ratings"), "round_id"), by(told.rows("agreements"), "round_id")
    return Part(
        gettext("Mes positionnements"),
        parts=tuple(
            _round(told, row, ratings.get(row["id"], []), agreed.get(row["id"], []))
            for row in told.latest("rounds", "opened_at", MOST_PARTS)
        ),
    )


def _round(told: Telling, row: Row, ratings: list[Row], agreed: list[Row]) -> Part:
    views = {(one["competence_code"], one["rater"]): one for one in ratings}
    settled = {one["competence_code"]: one for one in agreed}
    return Part(
        joined(say(round_pages.MOMENTS[row["moment"]]), day(row["opened_at"])),
        facts=facts(
            (gettext("Référentiel"), said(told.versions[row["version_id"]].title)),
            (gettext("Structure"), told.structure(row["organisation_id"])),
            (gettext("Mon coach"), told.staff(row["coach_id"])),
            (gettext("Où cela en est"), _state(told, row)),
            (gettext("Ma part est finie le"), day(row["self_sealed_at"])),
            (gettext("Ma part, sur papier"), day(row["self_paper_on"])),
            (gettext("Mes mots, tapés par"), told.staff(row["self_typed_by"])),
            (gettext("La part du coach est finie le"), day(row["coach_sealed_at"])),
            (gettext("La part du coach, sur papier"), day(row["coach_paper_on"])),
            (gettext("Échange le"), day(row["talk_on"])),
            (gettext("Ce qui a été noté"), row["note"]),
            (gettext("J’ai confirmé le"), day(row["confirmed_at"])),
        ),
        tables=(
            *table(
                (
                    gettext("Compétence"),
                    gettext("Ma réponse"),
                    gettext("Celle du coach"),
                    gettext("Celle de l’entreprise"),
                    gettext("Convenu"),
                ),
                (
                    (
                        told.competence_of(code, row),
                        *(_level(told, row, views.get((code, rater))) for rater in Rater),
                        _agreed(told, row, settled.get(code)),
                    )
                    for code in row["competences"]
                ),
            ),
            *table(
                (gettext("Compétence"), gettext("Qui"), gettext("Ce qui a été raconté")),
                (
                    (told.competence_of(code, row), who, words)
                    for code in row["competences"]
                    for who, words in _words(code, views, settled)
                ),
            ),
        ),
    )


def _state(told: Telling, row: Row) -> Said:
    if row["cancelled_at"] is not None:
        return joined(
            gettext("Annulé"), day(row["cancelled_at"]), told.staff(row["cancelled_by"]), row["cancel_reason"]
        )
    if row["closed_at"] is None or row["outcome"] is None:
        return str(gettext("En cours"))
    return joined(say(round_pages.OUTCOMES[row["outcome"]]), day(row["closed_at"]))


def _level(told: Telling, row: Row, view: Row | None) -> Said:
    if view is None:
        return ""
    return told.level(row, view["level"]) or say(round_pages.UNSEEN[view["rater"]])


def _agreed(told: Telling, row: Row, agreement: Row | None) -> Said:
    if agreement is None:
        return ""
    if agreement["disagreed"]:
        return str(gettext("Pas d’accord"))
    return told.level(row, agreement["level"]) or gettext("Sans niveau pour l’instant")


def _words(code: str, views: dict[tuple[str, Rater], Row], settled: dict[str, Row]) -> Iterator[tuple[str, str]]:
    """Who said what of a competence, in the order in which it was said."""
    for rater, who in RATERS.items():
        view = views.get((code, rater))
        if view is not None and view["situation"]:
            yield say(who), view["situation"]
    agreement = settled.get(code)
    if agreement is not None and agreement["person_words"]:
        yield gettext("Moi, pas d’accord"), agreement["person_words"]
    if agreement is not None and agreement["answer"]:
        yield gettext("La réponse du coach"), agreement["answer"]


def companies(told: Telling) -> Part:
    """What host companies were asked, and what they sent after the talk; what else they said is in the rounds."""
    found = {row["id"]: row for row in told.rows("rounds")}
    views = told.latest("tutor_views", "asked_at")
    late = [
        (row, code, level, act)
        for row in views
        if row["sent_at"] is not None and row["late"]
        for code, (level, act) in (row["answers"] or {}).items()
    ]
    return Part(
        gettext("Les entreprises à qui on a demandé"),
        tables=(
            *table(
                (
                    gettext("Entreprise"),
                    gettext("Quand et où"),
                    gettext("Compétences"),
                    gettext("Demandé le"),
                    gettext("Où cela en est"),
                ),
                (
                    (
                        voice_pages.tutor(row["company"], row["tutor_role"], row["tutor_name"]),
                        joined(row["situation"], voice_pages.days(row["from_day"], row["to_day"])),
                        joined(*(told.competence_of(code, found[row["round_id"]]) for code in row["competences"])),
                        joined(day(row["asked_at"]), told.staff(row["asked_by"])),
                        _company_state(told, row),
                    )
                    for row in views
                ),
            ),
            *table(
                (gettext("Entreprise"), gettext("Compétence"), gettext("Niveau"), gettext("Ce qui a été raconté")),
                (
                    (
                        row["company"],
                        told.competence_of(code, found[row["round_id"]]),
                        told.level(found[row["round_id"]], level) or say(round_pages.UNSEEN[Rater.TUTOR]),
                        act,
                    )
                    for row, code, level, act in late
                ),
            ),
        ),
    )


def _company_state(told: Telling, row: Row) -> Said:
    if row["end"] is not None:
        words = say(voice_pages.ENDS[row["end"]][1])
        return joined(words, day(row["ended_at"]), told.staff(row["ended_by"]), row["end_reason"])
    if row["sent_at"] is None:
        return str(gettext("En attente de l’entreprise"))
    answered = gettext("A répondu après l’échange") if row["late"] else gettext("A répondu")
    agreed = gettext("d’accord pour être nommée dans un badge") if row["company_agreed"] else ""
    return joined(answered, day(row["sent_at"]), agreed)


def contests(told: Telling) -> Part:
    """Levels that the person contested, and the answers."""
    found = {row["id"]: row for row in told.rows("rounds")}
    return Part(
        gettext("Les niveaux que j’ai contestés"),
        tables=table(
            (
                gettext("Compétence"),
                gettext("Niveau contesté"),
                gettext("Ce que j’ai dit"),
                gettext("La réponse"),
                gettext("Où cela en est"),
            ),
            (
                (
                    told.competence_of(row["competence_code"], found[row["round_id"]]),
                    told.level(found[row["round_id"]], row["level_before"]),
                    joined(day(row["opened_at"]), row["reason"]),
                    joined(
                        day(row["talk_on"]),
                        told.staff(row["answered_by"]),
                        told.level(found[row["round_id"]], row["level"]),
                        row["answer"],
                    ),
                    joined(say(CONTEST_ENDS[row["end"]]) if row["end"] else gettext("En cours"), day(row["ended_at"])),
                )
                for row in told.latest("contests", "opened_at")
            ),
        ),
    )


def interviews(told: Telling) -> Part:
    """What was said after real work, and who confirmed the text as it stands."""
    confirmed = by(told.rows("interview_confirmations"), "interview_id")
    return Part(
        gettext("Les entretiens avec une entreprise"),
        parts=tuple(
            Part(
                joined(row["company"], day(row["held_on"])),
                facts=facts(
                    (gettext("Avec"), row["tutor_role"]),
                    (gettext("Lieu"), row["place"]),
                    (gettext("Ce qui a bien marché"), row["went_well"]),
                    (gettext("Ce qui est à travailler"), row["to_work_on"]),
                    (gettext("La suite"), row["next_step"]),
                    (gettext("Écrit par"), joined(told.staff(row["drafted_by"]), day(row["changed_at"]))),
                    *(
                        (gettext("Confirmé par"), joined(say(PARTIES[one["party"]]), day(one["confirmed_at"])))
                        for one in confirmed.get(row["id"], [])
                        if one["confirmed_at"] >= row["changed_at"]
                    ),
                ),
                lines=(gettext("L’entreprise dit : ce n’est pas la bonne personne"),)
                if row["wrong_person_at"] is not None
                else (),
            )
            for row in told.latest("interviews", "held_on", MOST_PARTS)
        ),
    )


def grid(told: Telling) -> Part:
    """What was held, to acquire or acquired, at the entry and at the exit."""
    return Part(
        gettext("Mes acquis"),
        tables=table(
            (gettext("Compétence"), gettext("Moment"), gettext("Où cela en est"), gettext("Rempli le")),
            (
                (
                    told.competence(row),
                    say(round_pages.MOMENTS[row["moment"]]),
                    say(acquired.STATES[row["state"]]),
                    joined(day(row["filled_on"]), told.staff(row["staff_id"])),
                )
                for row in told.latest("acquired", "filled_on")
            ),
        ),
    )
