"""Choosing what goes into a badge and reading what will be signed: the two pages of a claim, and of a later change.

The same pages serve both: `to` is where their forms go, `changing` tells that a badge is already there.
"""

import json
import uuid
from dataclasses import dataclass
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from badges.models.awards import AwardRecord
from badges.services import composing, mandates, pictures
from badges.services.claims import Preview
from badges.services.composing import Choice
from badges.services.errors import N_, Invalid
from badges.web import award_pages, current, verdicts
from badges.web.problems import errors
from issuer.picture import Picture

OWNER = "proprietaire"
NAMES = {"clair": True, "masque": False}
NO_NAME = N_("Choisissez si votre nom est écrit dans le badge.")
FIELDS = {"evidence": "preuve", "issuer": "emetteur", "choice": "nom", "name": "nom"}
"""Which field of the first page a refusal is about."""


@dataclass(frozen=True, slots=True)
class Way:
    """Which of the two ways the pages are on: the claim, or a change of what was claimed."""

    endpoint: str
    changing: bool

    def to(self, award_id: uuid.UUID, choice: Choice | None = None) -> str:
        """The address of its forms; with a choice, of the first page filled in with it."""
        return url_for(self.endpoint, award_id=award_id, **(written(choice) if choice else {}))


CLAIM = Way("awards.claim", changing=False)
CHANGE = Way("awards.change", changing=True)


def chosen(form: MultiDict[str, str]) -> Choice:
    """What a form says was chosen."""
    kept = tuple(sorted(set(form.getlist("preuve", type=int))))
    return Choice(form.get("nom") == "clair", kept, form.get("emetteur") == OWNER)


def written(choice: Choice) -> dict[str, Any]:
    """A choice as a form says it."""
    named: dict[str, Any] = {"nom": "clair" if choice.clear_name else "masque", "preuve": list(choice.evidence_kept)}
    return named | ({"emetteur": OWNER} if choice.by_owner else {})


def choosing(award: AwardRecord, way: Way, choice: Choice | None, refused: Invalid | None = None) -> str:
    """The page on which the person chooses; nothing is chosen for them before they have."""
    owner = mandates.owner_for(current.db(), award.version, award.organisation, current.now())
    said = {FIELDS.get(field, "nom"): sentence for field, sentence in errors(refused).items()}
    return render_template(
        "awards/choose.html",
        award=award_pages.view(award, current.actor(), current.now()),
        way=way,
        to=way.to(award.id),
        errors=said,
        choice=written(choice) if choice else {},
        kept=[str(place) for place in choice.evidence_kept] if choice else [],
        owner=owner.name if owner else "",
    )


def reading(seen: Preview, way: Way, refused: Invalid | None = None) -> str:
    """The page that shows exactly what will be signed, and asks for the PIN."""
    return render_template(
        "awards/claim.html",
        award=award_pages.view(seen.award, current.actor(), current.now()),
        way=way,
        to=way.to(seen.award.id),
        back=way.to(seen.award.id, seen.choice),
        shown=verdicts.shown(seen.summary),
        document=json.dumps(seen.document, ensure_ascii=False, indent=2),
        digest=seen.digest,
        choice=seen.choice,
        written=written(seen.choice),
        picture=Markup(pictures.svg(drawn(seen.award, seen.choice)).decode()),  # noqa: S704 - our own, words escaped
        errors=errors(refused),
    )


def drawn(award: AwardRecord, choice: Choice | None = None) -> Picture:
    """The picture of an award: of what is chosen, or else of its latest credential."""
    credential = award.credentials[-1] if award.credentials else None
    if choice is not None:
        issuer = composing.signer_of(award, choice)
    else:
        issuer = credential.signer if credential else award.organisation
    return pictures.picture_of_award(
        award.version,
        award.badge_code,
        award.results,
        issuer=issuer.name,
        year=(credential.issued_at if credential and choice is None else current.now()).year,
    )


def no_name() -> Invalid:
    """The refusal of a form on which no name was chosen."""
    return Invalid(NO_NAME, field="name")


def done_words(*, changing: bool) -> str:
    """What is said once it is signed."""
    if changing:
        text: str = gettext("Le nouveau badge est signé. L’ancien dit qu’il a été remplacé ; le code ne change pas.")
        return text
    said: str = gettext("Le badge est signé. Seules les personnes qui reçoivent son adresse le voient.")
    return said
