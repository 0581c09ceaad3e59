"""The register of processing, written from the inventory: what the law asks for and what the tables really hold.

Source: RGPD, article 30. A French document, for organisations and the CNIL.
"""

from collections.abc import Iterator
from datetime import datetime

from babel.dates import format_date
from sqlalchemy import select
from sqlalchemy.orm import Session

from badges.models.people import OrganisationKind, OrganisationRecord
from badges.models.rights import NoticeRecord
from badges.services import inventory
from badges.services.installation import Installation
from badges.services.inventory import Activity, Erasure

SECURITY = (
    "secrets (mots de passe, codes secrets, liens, sessions) gardés sous forme d’empreintes (Argon2id, SHA-256)",
    "clés de signature chiffrées ; journal et documents signés protégés par la base elle-même contre toute retouche",
    "accès par rôle, refusé par défaut ; essais limités ; aucune adresse IP ni heure gardée d’un regard public",
    "effacement des lignes, puis réécriture des fichiers de la base ; purge quotidienne (jalon purge --apply)",
)


def written(session: Session, installation: Installation, now: datetime) -> str:
    """The register as Markdown."""
    return "\n".join(_lines(session, installation, now)) + "\n"


def _lines(session: Session, installation: Installation, now: datetime) -> Iterator[str]:
    day = format_date(installation.local_day(now), "long", locale="fr")
    yield "# Registre des activités de traitement"
    yield ""
    yield f"Service {installation.base_url}, au {day}. Écrit par `jalon registre` d’après l’inventaire des données."
    yield ""
    yield "## Responsables de traitement"
    yield ""
    yield "| organisation | nature | contact | délégué à la protection des données |"
    yield "| --- | --- | --- | --- |"
    notices = {row.organisation_id: row for row in session.scalars(select(NoticeRecord))}
    query = select(OrganisationRecord).where(OrganisationRecord.closed_at.is_(None)).order_by(OrganisationRecord.name)
    for row in session.scalars(query):
        notice = notices.get(row.id)
        contact, officer = (notice.controller, notice.officer) if notice else ("", "")
        yield f"| {_cell(row.name)} | {_nature(row.kind)} | {_cell(contact)} | {_cell(officer)} |"
    yield ""
    yield "Une organisation sans contact le renseigne dans ses réglages, page « Données des personnes »."
    for number, activity in enumerate(inventory.ACTIVITIES, start=1):
        yield from _activity(number, activity)
    yield ""
    yield "## Mesures de sécurité (article 32)"
    yield ""
    for measure in SECURITY:
        yield f"- {measure}"
    yield ""
    yield "## Transferts hors de l’Union européenne"
    yield ""
    yield (
        "Aucun par le logiciel : il n’appelle aucun service tiers. Il demande au site d’un émetteur étranger sa clé et "
        "ses listes d’états quand un badge de cet émetteur est vérifié (JALON_FETCH), sans rien dire de la personne. "
        "L’hébergeur est à préciser ici par l’exploitant."
    )


def _activity(number: int, activity: Activity) -> Iterator[str]:
    yield ""
    yield f"## {number}. {activity.title}"
    yield ""
    yield f"- Base légale : {activity.basis}"
    yield f"- Personnes concernées : {activity.subjects}"
    yield f"- Destinataires : {activity.recipients}"
    yield f"- Durée : {activity.retention}"
    yield ""
    yield "| table | données | à l’effacement d’une personne |"
    yield "| --- | --- | --- |"
    for table, parts in inventory.TABLES.items():
        for part in parts:
            if part.activity is activity:
                why = f" : {part.why}" if part.why and part.erasure is not Erasure.DELETED else ""
                yield f"| `{table}` | {', '.join(part.names)} | {part.erasure.value}{why} |"


def _nature(kind: OrganisationKind) -> str:
    words = {
        OrganisationKind.REGION: "région",
        OrganisationKind.BRANCHE: "branche",
        OrganisationKind.STRUCTURE: "structure d’accompagnement",
        OrganisationKind.ENTREPRISE: "entreprise",
    }
    return words[kind]


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "/").split()) or "à compléter"
