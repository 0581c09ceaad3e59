"""« Est-ce la bonne personne ? »: a name or an e-mail that a reader types, held against the document they look at.

What is typed comes by POST, goes into one comparison and is forgotten: it is not stored, not written to any log, and
never part of an address. Each try that finds nothing is counted by the reader's address, so that no page answers for a
dictionary. No answer accuses anybody.
"""

from dataclasses import dataclass

from flask import request
from flask_babel import gettext

from badges.services import access
from badges.services.errors import TooMany
from badges.web import current
from badges.web.problems import sentence
from badges.web.verdicts import quoted
from verify import Match, Summary, holder
from verify.sentences import HOLDERS

FIELD = "nom"
KINDS = {Match.EXACT: "done", Match.SPELLED: "done", Match.DIFFERENT: "info", Match.UNTOLD: "info"}


@dataclass(frozen=True, slots=True)
class HolderAnswer:
    """What the page says: `kind` of the macro `notice`, what was typed, a sentence; `match` None where not compared."""

    kind: str
    typed: str
    title: str
    sentence: str
    match: Match | None


def typed() -> str:
    """The name or address that came with this request's form, empty where none did."""
    return (request.form.get(FIELD) or "").strip()[: holder.LONGEST_TYPED]


def answer(summary: Summary) -> HolderAnswer | None:
    """Whether what was typed is the holder's, or None where nothing was typed."""
    text = typed()
    if not text:
        return None
    installation = current.installation()
    subject = request.remote_addr or "?"
    try:
        with installation.database.writing() as counting:
            access.count_guess(counting, "name", subject, installation.secret, current.now())
            counting.commit()
    except TooMany as refused:
        return HolderAnswer("attention", text, quoted(text), sentence(refused), None)
    match = holder.compare(summary, text)
    if match is not Match.DIFFERENT:
        with installation.database.writing() as counting:
            access.take_back_guess(counting, "name", subject, installation.secret)
            counting.commit()
    return HolderAnswer(KINDS[match], text, quoted(text), gettext(HOLDERS[match].french), match)
