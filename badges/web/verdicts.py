"""From a verifier's report to what a page shows: the answer first, then what the badge says, then each check.

The wording of verdicts and reasons is `verify.sentences`, translated; only what this service knows beside the badge
(the day of a withdrawal, that the name is hidden on purpose) is worded here. Everything shown of a badge comes from the
document that was verified, and is escaped by the templates.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flask_babel import format_date, format_datetime, gettext, ngettext

from badges.services.errors import N_
from verify import Check, Kind, Outcome, Reason, Report, Summary, Verdict, sentences
from verify.entries import entries
from verify.summary import Level, ResultLine

LONGEST_NUMBER = 6
STYLES = {Verdict.VALID: "valid", Verdict.INVALID: "invalid", Verdict.UNDETERMINED: "undetermined"}

OUTCOMES = {Verdict.VALID: "passed", Verdict.INVALID: "failed", Verdict.UNDETERMINED: "not_checked"}

# An expired or paused badge is no forgery: it is shown as something to ask about, in its own word.
MILD = {
    "suspended": N_("En pause"),
    "expired": N_("À actualiser"),
    "expired_unrecognised": N_("À actualiser"),
    "expired_unproved": N_("À actualiser"),
    "not_yet_valid": N_("Pas encore valable"),
    "not_yet_valid_unproved": N_("Pas encore valable"),
    "issuer_unknown": N_("Émetteur inconnu"),
    "issuer_not_recognised": N_("Émetteur non reconnu"),
    "not_a_badge": N_("Pas un badge"),
    "presentation_unsigned": N_("Non signée"),
}
ANSWERED = frozenset({Reason.REVOKED, Reason.SUSPENDED, Reason.EXPIRED, Reason.NOT_YET_VALID, Reason.ISSUER_UNKNOWN})
"""What the answer itself is about: not said a second time right below it."""
GRAVE = {"revoked": N_("Retiré")}

REVOKED_ON = N_("{issuer} a retiré ce badge le {date}. Cela ne dit rien d’autre sur la personne.")
REPLACED_ON = N_("Ce badge a été remplacé par un plus récent le {date}. Demandez le nouveau à la personne.")
REPLACED = N_("Remplacé")
VALID_NAMELESS = N_(
    "Badge authentique, délivré par {issuer} le {date}. La personne a choisi de ne pas afficher son nom. "
    "Ce n’est pas un diplôme."
)


@dataclass(frozen=True, slots=True)
class Answer:
    """The verdict as the macro `verdict` shows it."""

    style: str
    word: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Reached:
    """One result: « Niveau 3 sur 5 : Seul », what that means, its number, and its place on the scale from 1."""

    name: str
    level: str
    meaning: str
    number: int | None
    top: int | None
    rank: int
    total: int
    scale: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A badge for display; `headline` and `meaning` are the level in one line and what it means."""

    name: str
    headline: str
    meaning: str
    rank: int
    total: int
    holder: str
    nameless: bool
    issuer: str
    results: tuple[Reached, ...]
    summary: Summary


def answer(
    report: Report,
    *,
    revoked_at: datetime | None = None,
    replaced_at: datetime | None = None,
    nameless: bool = False,
) -> Answer:
    """The verdict of a report; both moments are known of our own badges only, `nameless` where no name is shown."""
    found = sentences.headline(report)
    if found.kind == "revoked" and replaced_at is not None:
        sentence = gettext(REPLACED_ON).format(date=format_date(replaced_at, "long"))
        return Answer("undetermined", gettext(REPLACED), sentence)
    sentence, date = found.sentence.french, found.date
    if found.kind == "revoked" and revoked_at is not None:
        sentence, date = REVOKED_ON, revoked_at
    if found.kind == "valid" and (nameless or report.credential.holder_name is None):
        sentence = VALID_NAMELESS
    style = "undetermined" if found.kind in MILD else STYLES[report.verdict]
    word = MILD.get(found.kind) or GRAVE.get(found.kind)
    return Answer(
        style=style,
        word=gettext(word) if word else "",
        sentence=gettext(sentence).format(issuer=found.issuer, date=format_date(date, "long") if date else ""),
    )


def checks(report: Report) -> list[tuple[str, str, str]]:
    """Each check for the macro `check_list`: name, outcome, and its sentence."""
    return [_said(check) for check in report.checks]


def _said(check: Check) -> tuple[str, str, str]:
    reason = "" if check.reason is None else gettext(sentences.REASONS[check.reason].french)
    return gettext(sentences.CHECKS[check.name].french), check.outcome.value, reason


def against(report: Report) -> list[tuple[str, str, str]]:
    """What does not match, then what could not be checked, for `check_list`; not what the answer says itself."""
    left = [check for check in report.checks if check.outcome is not Outcome.PASSED and check.reason not in ANSWERED]
    left.sort(key=lambda check: check.outcome is not Outcome.FAILED)
    once = {check.reason: check for check in reversed(left)}  # one cause may keep several questions open
    return [_said(check) for check in left if once[check.reason] is check]


def unrecognised(report: Report) -> bool:
    """Whether nobody whom we know recognises the issuer, so that it helps to say whom we know."""
    return report.check("issuer_recognised").outcome is not Outcome.PASSED and report.verdict is not Verdict.INVALID


def unreadable(reason: Reason) -> str:
    """Why a file holds no badge, in one sentence."""
    return str(gettext(sentences.REASONS[reason].french))


def shown(summary: Summary) -> Shown:
    """A badge for display, from what its document says."""
    results = tuple(_reached(line) for line in summary.results)
    single = results[0] if len(results) == 1 else None
    return Shown(
        name=summary.achievement_name or summary.name or gettext("Badge sans nom"),
        headline=single.level if single else _together(results),
        meaning=(single.meaning if single else _list(results)) or summary.achievement_description or "",
        rank=single.rank if single else 0,
        total=single.total if single else 0,
        holder=summary.holder_name or "",
        nameless=summary.holder_name is None,
        issuer=summary.issuer_name or summary.issuer_id or "",
        results=results,
        summary=summary,
    )


def document(report: Report) -> Shown:
    """Whatever was handed in, for display: a document of another kind goes by that, where it has no name."""
    found = shown(report.credential)
    if report.kind is Kind.OPEN_BADGE_3:
        return found
    comment = report.credential.endorsement_comment if report.verdict is not Verdict.INVALID else None
    name = report.credential.achievement_name or report.credential.name or kind(report)
    return replace(found, name=name, meaning=quoted(comment) if comment else found.meaning)


def kind(report: Report) -> str:
    """What the document is."""
    return str(gettext(sentences.KINDS[report.kind].french))


def inside(reports: tuple[Report, ...]) -> list[tuple[str, str, str]]:
    """Each document inside, for the macro `check_list`: whose it is, how it ended, what it says and what is so."""
    listed = []
    for entry in entries(reports):
        date = format_date(entry.headline.date, "long") if entry.headline.date else ""
        verdict = gettext(entry.headline.sentence.french).format(issuer=entry.headline.issuer, date=date)
        names = " · ".join(name for name in (entry.name, entry.issuer) if name) or gettext("Document sans nom")
        said = f"{quoted(entry.comment)} {verdict}" if entry.comment else verdict
        listed.append((names, OUTCOMES[entry.verdict], said))
    return listed


def quoted(comment: str) -> str:
    """Somebody's words, between quotation marks."""
    return str(gettext("« {words} »")).replace("{words}", comment)


def asides(report: Report) -> list[str]:
    """What else is to be known of the checks: that a newer version took the badge's place, how fresh the status is."""
    said = [str(gettext(sentences.REASONS[note].french)) for note in report.notes]
    if report.refreshed:
        said.append(str(gettext(sentences.REFRESHED.french)))
    if report.status_as_of is not None:
        words = gettext(sentences.STATUS_AS_OF.french)
        at = report.status_as_of
        said.append(words.format(date=format_date(at, "long"), time=format_datetime(at, "HH:mm")))
    return said


def authentic(report: Report) -> bool:
    """Whether the content is what its issuer signed, whatever became of it since."""
    return all(report.check(name).outcome is Outcome.PASSED for name in ("structure", "proof", "key_controlled"))


def _reached(line: ResultLine) -> Reached:
    scale = tuple(sorted(line.scale, key=_number))
    achieved = line.achieved
    rank = scale.index(achieved) + 1 if achieved in scale else 0
    return Reached(
        name=line.name or "",
        level=_level_words(achieved, scale, line.value),
        meaning=(achieved.description if achieved else "") or "",
        number=_whole(achieved),
        top=_whole(scale[-1]) if scale else None,
        rank=rank,
        total=len(scale),
        scale=scale,
    )


def _number(level: Level) -> tuple[int, str]:
    return _whole(level) or 0, level.level or level.points or ""


def _whole(level: Level | None) -> int | None:
    text = (level.level or level.points or "") if level is not None else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else None


def _level_words(achieved: Level | None, scale: Sequence[Level], value: str | None) -> str:
    if achieved is None:
        return value or ""
    number, highest = achieved.level or achieved.points, scale[-1].level or scale[-1].points
    if not number or not highest:
        return achieved.name or ""
    if not achieved.name:
        return str(gettext("Niveau %(number)s sur %(highest)s", number=number, highest=highest))
    words = gettext("Niveau %(number)s sur %(highest)s : %(name)s", number=number, highest=highest, name=achieved.name)
    return str(words)


def _together(results: Sequence[Reached]) -> str:
    """Several results in one line: how many, from which level to which."""
    if not results:
        return ""
    count = str(ngettext("%(num)s compétence", "%(num)s compétences", len(results)))
    numbers = sorted(line.number for line in results if line.number is not None)
    tops = {line.top for line in results}
    if len(numbers) < len(results) or len(tops) > 1:
        return count
    low, high, top = numbers[0], numbers[-1], tops.pop()
    if low == high:
        return str(gettext("%(count)s, niveau %(low)s sur %(top)s", count=count, low=low, top=top))
    return str(gettext("%(count)s, niveaux %(low)s à %(high)s sur %(top)s", count=count, low=low, high=high, top=top))


def _list(results: Sequence[Reached]) -> str:
    """Each competence with the number of its level: « Rigueur 4 · Autonomie 3 »."""
    return " · ".join(f"{line.name} {line.number}" for line in results if line.name and line.number is not None)
