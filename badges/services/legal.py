"""What the administration writes in the pages that the law asks for; without it they say what is true anywhere.

A declaration of accessibility says « non conforme » until an audit is named with its day: automatic checks are none.

Source: loi 2004-575, article 6; loi 2005-102, article 47; RGAA 4.1, « Déclaration d’accessibilité ».
"""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy.orm import Session

from badges.models.rights import LegalPageRecord
from badges.services import journal, organisations
from badges.services.access import Actor
from badges.services.errors import N_, Forbidden, Invalid, NotFound

MENTIONS, PRIVACY, ACCESSIBILITY = "mentions-legales", "confidentialite", "accessibilite"
NOT, PARTLY, FULLY = "non", "partiellement", "totalement"
FIELDS: Mapping[str, tuple[str, ...]] = {
    MENTIONS: ("publisher", "address", "director", "contact", "host"),
    PRIVACY: ("controller", "officer", "more"),
    ACCESSIBILITY: ("conformity", "audited_by", "audited_on", "failures", "derogations", "contact"),
}
LONGEST = 4000


def fields(session: Session, name: str) -> dict[str, str]:
    """What was written for a page, by field; empty where nothing was.

    Raises:
        NotFound: there is no such page.
    """
    if name not in FIELDS:
        raise NotFound(N_("Cette page n’existe pas, ou plus. Vérifiez l’adresse."))
    row = session.get(LegalPageRecord, name)
    written = row.fields if row is not None else {}
    return {field: written.get(field, "") for field in FIELDS[name]}


def conformity(session: Session) -> str:
    """How far the service conforms to the RGAA: `non` until an audit says otherwise."""
    return fields(session, ACCESSIBILITY)["conformity"] or NOT


def may_write(session: Session, actor: Actor) -> bool:
    """Whether the actor writes these pages: they administer a région."""
    return organisations.may_create(session, actor)


def change(session: Session, actor: Actor, name: str, written: Mapping[str, str], now: datetime) -> None:
    """Keep what was written.

    Raises:
        NotFound: no such page. Forbidden: the actor administers no région.
        Invalid: conformity without an audit and its day.
    """
    if not may_write(session, actor):
        raise Forbidden(N_("Seule l’administration d’une région écrit ces pages."))
    known = {field: _text(written.get(field, "")) for field in fields(session, name)}
    if name == ACCESSIBILITY:
        _check_declaration(known)
    session.merge(LegalPageRecord(name=name, fields=known, updated_at=now, updated_by=actor.staff_id))
    session.flush()
    journal.record(session, actor=actor.label, action="legal.changed", object=f"page:{name}", now=now)


def _check_declaration(known: Mapping[str, str]) -> None:
    if known["conformity"] not in {NOT, PARTLY, FULLY}:
        raise Invalid(N_("Choisissez une réponse."), field="conformity")
    if known["audited_on"]:
        try:
            date.fromisoformat(known["audited_on"])
        except ValueError:
            raise Invalid(N_("Écrivez ce jour comme sur le calendrier."), field="audited_on") from None
    if known["conformity"] != NOT and not (known["audited_by"] and known["audited_on"]):
        raise Invalid(
            N_("Sans audit, avec son auteur et son jour, un service est « non conforme »."), field="audited_by"
        )


def _text(typed: str) -> str:
    return "\n".join(line.strip() for line in typed.strip().splitlines())[:LONGEST]
