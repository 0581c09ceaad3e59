"""The few links at the top of every page, by who is looking."""

from typing import NamedTuple

from flask import request, url_for
from flask_babel import gettext

from badges.models.people import Role
from badges.services.access import Actor


class Link(NamedTuple):
    """One entry: what it says, where it leads, whether the reader is there."""

    label: str
    url: str
    current: bool


def of(actor: Actor | None) -> list[Link]:
    """The links this actor may use, most used first."""
    entries: list[tuple[str, str]] = []
    if actor is None:
        entries = [
            (gettext("Vérifier un badge"), "verification.enter"),
            (gettext("Référentiels"), "referentiels.index"),
        ]
    elif actor.kind == "person":
        entries = [
            (gettext("Ma page"), "people.mine"),
            (gettext("Mes droits"), "my_data.rights"),
        ]
    else:
        if actor.has(Role.COACH):
            entries.append((gettext("Mes personnes"), "people.index"))
            entries.append((gettext("Séances"), "groups.index"))
        if actor.has(Role.ISSUER) or actor.has(Role.COACH):
            entries.append((gettext("Badges"), "awards.index"))
        entries.append((gettext("Référentiels"), "referentiels.index"))
        if actor.has(Role.ADMINISTRATOR):
            entries.append((gettext("Organisations"), "organisations.index"))
        if actor.has(Role.AUDITOR):
            entries.append((gettext("Journal"), "organisations.journal"))
    return _links(entries)


def footer() -> list[Link]:
    """The links at the foot of every page, the same for everybody."""
    return _links(
        [
            (gettext("À propos"), "public.about"),
            (gettext("Vérifier un badge"), "verification.enter"),
            (gettext("Accessibilité"), "public.accessibility"),
            (gettext("Confidentialité"), "public.privacy"),
            (gettext("Mentions légales"), "legal.mentions"),
        ]
    )


def _links(entries: list[tuple[str, str]]) -> list[Link]:
    return [Link(label, url_for(endpoint), request.endpoint == endpoint) for label, endpoint in entries]
