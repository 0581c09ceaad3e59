"""What the person said and what was said and seen of them: phrases, words of peers, facts, situations, portfolio."""

from heapq import nlargest

from flask_babel import gettext, ngettext

from badges.services.errors import N_
from badges.web import evidence_words
from badges.web.booklet.bounds import MOST_ROWS
from badges.web.booklet.telling import Row, Telling, day, joined, say, table
from issuer.paper import Part, Said, Table

OF_PEER = {
    "removed_at": N_("Effacée le %(date)s"),
    "kept_at": N_("Gardée le %(date)s"),
    "written_at": N_("À garder, ou non"),
    "asked_at": N_("Demandée le %(date)s"),
}
"""Where the word of a peer stands: the first of these that has a date."""


def phrases(told: Telling) -> Part:
    """What the person would say of a competence: today's wording, and former ones."""
    return Part(
        gettext("Mes phrases"),
        tables=table(
            (gettext("Compétence"), gettext("Écrite le"), gettext("Qui peut la lire"), gettext("Mes mots")),
            (
                (
                    told.competence(row),
                    joined(day(row["written_at"]), _replaced(row)),
                    gettext("Mon coach et moi") if row["coach_may_read"] else gettext("Moi"),
                    row["words"],
                )
                for row in told.latest("phrases", "written_at")
            ),
        ),
    )


def _replaced(row: Row) -> str:
    return gettext("changée le %(date)s", date=day(row["replaced_at"])) if row["replaced_at"] is not None else ""


def peers(told: Telling) -> Part:
    """Words that peers were asked for, and those that the person gave as a peer."""
    [me] = told.rows("people")
    rows = told.latest("peer_words", "asked_at")
    return Part(
        gettext("Les paroles de pairs"),
        tables=(
            *table(
                (gettext("Qui"), gettext("Compétence"), gettext("Où cela en est"), gettext("Ses mots")),
                (
                    (
                        joined(row["asked_of"], row["peer_name"] if row["peer_name"] != row["asked_of"] else ""),
                        told.competence(row),
                        _peer_state(row),
                        row["words"],
                    )
                    for row in rows
                    if row["person_id"] == me["id"]
                ),
            ),
            *table(
                (gettext("À qui j’en ai donné"), gettext("Compétence"), gettext("Écrite le"), gettext("Mes mots")),
                (
                    (row["shown_as"], told.competence(row), day(row["written_at"]), row["words"])
                    for row in rows
                    if row["person_id"] != me["id"]
                ),
            ),
        ),
    )


def _peer_state(row: Row) -> str:
    at, words = next((at, words) for at, words in OF_PEER.items() if row[at] is not None)
    return say(words) % {"date": day(row[at])}


def seen(told: Telling) -> Part:
    """Facts that were noted, with what the person asked to have corrected; situations of work; sessions."""
    return Part(gettext("Ce qui a été vu"), tables=(*_facts(told), *_situations(told), *_sessions(told)))


def _facts(told: Telling) -> tuple[Table, ...]:
    return table(
        (gettext("Compétence"), gettext("Quand et où"), gettext("Noté par"), gettext("Ce qui a été vu")),
        (
            (
                told.competence(row),
                joined(day(row["seen_on"]), say(evidence_words.ORIGINS[row["origin"]]), row["activity"], row["place"]),
                told.staff(row["staff_id"]),
                _fact(row),
            )
            for row in told.latest("observations", "seen_on")
        ),
    )


def _situations(told: Telling) -> tuple[Table, ...]:
    return table(
        (
            gettext("Situation de travail"),
            gettext("Lieu"),
            gettext("Depuis le"),
            gettext("Jusqu’au"),
            gettext("Avec"),
        ),
        (
            (
                joined(say(evidence_words.ORIGINS[row["origin"]]), row["task"]),
                row["place"],
                day(row["from_on"]),
                day(row["until_on"]),
                joined(row["supervisor"], row["supervisor_role"]),
            )
            for row in told.latest("situations", "from_on")
        ),
    )


def _sessions(told: Telling) -> tuple[Table, ...]:
    held = [(told.found.group_sessions[row["group_session_id"]], row["act"]) for row in told.rows("attendances")]
    return table(
        (gettext("Séance de groupe"), gettext("Lieu"), gettext("Jour"), gettext("Ce qui a été vu")),
        (
            (session.activity, session.place, day(session.held_on), act)
            for session, act in nlargest(MOST_ROWS, held, key=lambda one: one[0].held_on)
        ),
    )


def _fact(row: Row) -> Said:
    asked = gettext("J’ai demandé : « %(words)s »", words=row["person_words"]) if row["person_words"] else ""
    answer = gettext("Réponse : « %(words)s »", words=row["answer"]) if row["answer"] else ""
    alone = say(evidence_words.AUTONOMY[row["autonomy"]]) if row["autonomy"] is not None else ""
    turns = ngettext("Vu dans %(num)s manche.", "Vu dans %(num)s manches.", len(row["turns"])) if row["turns"] else ""
    aside = gettext("Mis de côté") if row["set_aside_at"] is not None else ""
    withdrawn = gettext("Retiré") if row["withdrawn_at"] is not None else ""
    return joined(row["act"], alone, turns, asked, answer, aside, withdrawn, between="\n")


def portfolio(told: Telling) -> Part:
    """What the person made and shows: where it is, not what it is."""
    return Part(
        gettext("Mon portfolio"),
        tables=table(
            (gettext("Titre"), gettext("Fait le"), gettext("Compétences"), gettext("Le lien")),
            (
                (
                    row["title"],
                    day(row["made_on"]),
                    joined(*(told.competence_of(code, row) for code in row["competences"])),
                    row["url"],
                )
                for row in told.latest("portfolio_pieces", "made_on")
            ),
        ),
    )
