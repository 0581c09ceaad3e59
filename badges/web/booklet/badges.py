"""The person's badges, with what they rest on, and the public pages that show them."""

from flask_babel import gettext

from badges.models.assessments import Rater
from badges.models.awards import AwardState
from badges.services import codes
from badges.web import award_pages
from badges.web.booklet.bounds import MOST_PARTS
from badges.web.booklet.path import RATERS
from badges.web.booklet.telling import Row, Telling, by, day, facts, joined, said, say, table
from issuer.paper import Part, Said


def awards(told: Telling) -> Part:
    """Each badge: who gave it, when, where it stands, its levels and its evidence."""
    signed = by(told.rows("credentials"), "award_id")
    return Part(
        gettext("Mes badges"),
        parts=tuple(
            _award(told, row, signed.get(row["id"], [])) for row in told.latest("awards", "proposed_at", MOST_PARTS)
        ),
    )


def _award(told: Telling, row: Row, signed: list[Row]) -> Part:
    last = max(signed, key=lambda one: one["sequence"], default=None)
    return Part(
        _name(told, row),
        facts=facts(
            (gettext("Par qui"), told.structure(last["signed_by"] if last else row["organisation_id"])),
            (gettext("Où cela en est"), _state(told, row, last)),
            (gettext("Évalué par"), joined(*(say(RATERS[Rater(one)]) for one in row["raters"]))),
            (gettext("Proposé le"), joined(day(row["proposed_at"]), told.staff(row["proposed_by"]))),
            (gettext("Accordé le"), joined(day(row["granted_at"]), told.staff(row["granted_by"]))),
            (gettext("Raison"), row["reason"]),
            (gettext("Mots gardés, parce que"), row["wording_reason"]),
            (gettext("Pris le"), day(row["claimed_at"])),
            (gettext("Signé le"), day(last["issued_at"]) if last else ""),
            (gettext("Valable jusqu’au"), day(last["valid_until"]) if last else ""),
            (gettext("Mis en pause le"), joined(day(last["suspended_at"]), last["suspended_reason"]) if last else ""),
            (gettext("Retiré le"), joined(day(last["revoked_at"]), last["revoked_reason"]) if last else ""),
        ),
        tables=(
            *table(
                (gettext("Compétence"), gettext("Niveau")),
                ((told.competence_of(code, row), told.level(row, level)) for code, level in row["results"].items()),
            ),
            *table(
                (gettext("Preuve"), gettext("Ce qu’elle dit")),
                ((one["name"], one["narrative"]) for one in row["evidence"]),
            ),
        ),
    )


def _name(told: Telling, row: Row) -> Said:
    return said(told.versions[row["version_id"]].badge(row["badge_code"]).name)


def _state(told: Telling, row: Row, last: Row | None) -> str:
    if row["state"] is AwardState.CLAIMED and last is not None:
        if last["suspended_at"] is not None or last["withheld_at"] is not None:
            return str(gettext("En pause"))
        if last["valid_until"] is not None and last["valid_until"] <= told.now:
            return str(gettext("À actualiser"))
    return say(award_pages.STATES[row["state"]][1])


def shares(told: Telling) -> Part:
    """Each public page: what it shows, and from when to when."""
    names = {row["id"]: _name(told, row) for row in told.rows("awards")}
    shown = by(told.rows("shared_badges"), "share_id")
    return Part(
        gettext("Mes badges partagés"),
        tables=table(
            (gettext("Code public"), gettext("Badges"), gettext("Ce qui est montré"), gettext("Où cela en est")),
            (
                (
                    joined(codes.show_code(row["code"]), row["label"]),
                    joined(*(names[one["award_id"]] for one in shown.get(row["id"], []))),
                    _shows(row, shown.get(row["id"], [])),
                    _share_state(told, row),
                )
                for row in told.latest("shares", "created_at")
            ),
        ),
    )


def _shows(row: Row, badges: list[Row]) -> Said:
    return joined(
        gettext("Le nom") if row["show_name"] else gettext("Sans le nom"),
        gettext("Les niveaux") if row["show_levels"] else gettext("Sans les niveaux"),
        gettext("Le dessin des niveaux") if row["show_radar"] else "",
        gettext("Mes phrases") if row["show_words"] or any(one["phrases"] for one in badges) else "",
        gettext("Une partie des preuves") if any(one["evidence"] is not None for one in badges) else "",
        row["contact"],
        between=" · ",
    )


def _share_state(told: Telling, row: Row) -> Said:
    if row["withdrawn_at"] is not None:
        return joined(gettext("Arrêté"), day(row["withdrawn_at"]))
    if row["opened_at"] is None:
        return str(gettext("Pas encore ouvert"))
    if row["expires_at"] is not None and row["expires_at"] <= told.now:
        return joined(gettext("Terminé"), day(row["expires_at"]))
    until = row["expires_at"]
    return str(gettext("Ouvert jusqu’au %(date)s", date=day(until)) if until else gettext("Ouvert"))
