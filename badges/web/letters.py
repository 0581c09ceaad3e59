"""The letters Jalon writes to staff: an invitation, a link to choose a new password. Never to a beneficiary."""

from flask import url_for
from flask_babel import gettext

from badges.services.access import LINK_LIFETIME
from badges.services.mail import Letter
from badges.web import current

TOKEN = "JETON"  # noqa: S105 - stands for the token in a letter written before the token is drawn


def link(token: str) -> str:
    """The full address of a one-time link, on the recorded public address."""
    return current.installation().base_url + url_for("sign_in.link", token=token)


def invitation(to: str, organisation: str, token: str | None) -> Letter:
    """Tells someone that an organisation gave them a role; with the link of their first visit where there is one."""
    if token is None:
        words = gettext(
            "Bonjour,\n\nVous pouvez maintenant agir sur Jalon pour %(organisation)s. Identifiez-vous comme "
            "d’habitude :\n\n%(link)s\n\nSi vous n’attendiez pas ce message, prévenez cette organisation."
        )
        address = current.installation().base_url + url_for("sign_in.staff")
    else:
        words = gettext(
            "Bonjour,\n\n%(organisation)s vous invite sur Jalon. Choisissez votre mot de passe avec ce lien. Il sert "
            "une seule fois, pendant %(days)s jours :\n\n%(link)s\n\nSi vous n’attendiez rien, ne faites rien."
        )
        address = link(token)
    values = {"organisation": organisation, "link": address, "days": LINK_LIFETIME.days}
    return Letter(to, gettext("Votre accès à Jalon"), words % values)


def reset(to: str, token: str) -> Letter:
    """The link with which a member of staff chooses a new password."""
    words = gettext(
        "Bonjour,\n\nVoici le lien pour choisir un nouveau mot de passe Jalon. Il sert une seule fois, pendant "
        "%(days)s jours :\n\n%(link)s\n\nSi vous n’avez rien demandé, ne faites rien : rien ne change."
    )
    return Letter(to, gettext("Votre mot de passe Jalon"), words % {"link": link(token), "days": LINK_LIFETIME.days})
