"""Who the person is here, who supports them, how they come in, their answers, who looked, what they asked for."""

from collections import Counter
from datetime import date

from flask_babel import gettext, ngettext

from badges.models.people import Role
from badges.models.rights import Origin, RequestKind
from badges.services import codes
from badges.services.errors import N_
from badges.web import agreements, looks, people_words
from badges.web.booklet.telling import Row, Telling, day, facts, joined, month, say, table
from badges.web.language import LANGUAGES
from issuer.paper import Part

REQUESTS = {RequestKind.ACCESS: N_("Retrouver mon accès"), RequestKind.ERASURE: N_("Tout effacer")}
ERASURES = {
    Origin.PERSON: N_("Le %(asked)s, j’ai demandé de tout effacer. Ce sera fait le %(due)s."),
    Origin.STRUCTURE: N_("Le %(asked)s, une demande écrite de tout effacer a été vérifiée. Ce sera fait le %(due)s."),
}


def identity(told: Telling) -> Part:
    """Who the person is here."""
    [row] = told.rows("people")
    return Part(
        gettext("Qui je suis ici"),
        facts=facts(
            (gettext("Nom"), row["name"]),
            (gettext("Numéro de la carte"), codes.show_code(row["card_code"])),
            (gettext("Langue"), str(LANGUAGES.get(row["language"], row["language"]))),
            (gettext("Tranche d’âge"), dict(people_words.age_bands())[row["age_band"].value]),
            (gettext("Depuis le"), day(row["created_at"])),
            (gettext("Dernière visite"), day(row["last_seen_on"])),
            (gettext("Nouveau code secret"), joined(day(row["pin_reset_at"]), told.staff(row["pin_reset_by"]))),
            (gettext("Code secret à choisir avant le"), day(row["pin_open_until"])),
        ),
    )


def support(told: Telling) -> Part:
    """The structures, each with its coach and from when to when."""
    return Part(
        gettext("Qui m’accompagne"),
        tables=table(
            (gettext("Structure"), gettext("Groupe"), gettext("Mon coach"), gettext("Depuis le"), gettext("Jusqu’au")),
            (
                (
                    told.structure(row["organisation_id"]),
                    row["group_name"],
                    told.staff(row["coach_id"]),
                    day(row["joined_on"]),
                    day(row["left_on"]),
                )
                for row in told.latest("memberships", "joined_on")
            ),
        ),
    )


def answers(told: Telling) -> Part:
    """What the person said yes and no to, and when."""
    return Part(
        gettext("Mes accords"),
        tables=table(
            (gettext("Pour quoi"), gettext("Ma réponse"), gettext("Quand"), gettext("Noté par"), gettext("Mots notés")),
            (
                (
                    agreements.title(row["purpose"]),
                    gettext("Oui") if row["given"] else gettext("Non"),
                    day(row["at"]),
                    told.staff(row["recorded_by"]),
                    row["words"],
                )
                for row in told.latest("consents", "at")
            ),
        ),
        lines=(gettext("La réponse la plus récente compte."),) if told.rows("consents") else (),
    )


def who_looked(told: Telling) -> Part:
    """Who opened the person's file and how often their pages were looked at: by month, in so many days or times."""
    opened = {(row["day"], row["role"], row["organisation_id"]) for row in told.rows("file_looks")}
    files = Counter((on.replace(day=1), role, number) for on, role, number in sorted(opened, reverse=True))
    shares: Counter[date] = Counter()
    for row in told.rows("share_looks"):
        shares[row["day"].replace(day=1)] += row["count"]
    return Part(
        gettext("Qui a regardé"),
        tables=(
            *table(
                (gettext("Qui a ouvert ma fiche"), gettext("Où"), gettext("Mois"), gettext("Combien de jours")),
                (
                    (
                        say(looks.ROLES.get(role, looks.ROLES[Role.COACH])),
                        told.structure(number),
                        month(first),
                        ngettext("%(num)s jour", "%(num)s jours", count),
                    )
                    for (first, role, number), count in files.items()
                ),
            ),
            *table(
                (gettext("Regards sur mes badges"), gettext("Combien de fois")),
                (
                    (month(first), ngettext("%(num)s fois", "%(num)s fois", shares[first]))
                    for first in sorted(shares, reverse=True)
                ),
            ),
        ),
        lines=(gettext("Jour par jour : donnees.json."),) if files or shares else (),
    )


def ways_in(told: Telling) -> Part:
    """Where the person's page is open, and the telephones that open it."""
    return Part(
        gettext("Comment j’entre"),
        tables=(
            *table(
                (gettext("Page ouverte depuis le"), gettext("Jusqu’au")),
                ((day(row["created_at"]), day(row["expires_at"])) for row in told.latest("sessions", "created_at")),
            ),
            *table(
                (gettext("Téléphone ajouté le"), gettext("Utilisé le"), gettext("Arrêté le")),
                (
                    (day(row["added_at"]), day(row["used_at"]), day(row["stopped_at"]))
                    for row in told.latest("passkeys", "added_at")
                ),
            ),
        ),
    )


def requests(told: Telling) -> Part:
    """What the person asked to have done with their data, and who checked that it was them."""
    kinds = {row["id"]: say(REQUESTS[row["kind"]]) for row in told.rows("identity_requests")}
    return Part(
        gettext("Mes demandes"),
        tables=(
            *table(
                (gettext("Demande"), gettext("Structure"), gettext("Ouverte le"), gettext("Close le")),
                (
                    (
                        joined(kinds[row["id"]], _copies(row)),
                        told.structure(row["organisation_id"]),
                        day(row["opened_at"]),
                        day(row["closed_at"]),
                    )
                    for row in told.latest("identity_requests", "opened_at")
                ),
            ),
            *table(
                (gettext("Demande"), gettext("Qui a vérifié"), gettext("Quand"), gettext("Ce qui a été vérifié")),
                (
                    (kinds[row["request_id"]], told.staff(row["staff_id"]), day(row["at"]), row["words"])
                    for row in told.latest("identity_checks", "at")
                ),
            ),
        ),
        lines=tuple(
            joined(
                say(ERASURES[row["origin"]])
                % {
                    "asked": day(row["asked_at"]),
                    "due": day(row["due_on"]),
                },
                _copies(row),
                between=" ",
            )
            for row in told.rows("erasure_requests")
        ),
    )


def _copies(row: Row) -> str:
    return gettext("Les copies de mes badges s’arrêtent aussi.") if row["stop_copies"] else ""
