"""Words that the lint points out in a draft, as the page « Prêt à publier ? » shows them."""

from dataclasses import dataclass

from flask_babel import gettext

from badges.web.referentiel_editor.places import place_of
from referentiels import lint
from referentiels.model import Referentiel
from referentiels.sentences import Fault


@dataclass(frozen=True, slots=True)
class Pointed:
    """A passage on the page: where it is mended, its text, and why it is kept, if it is."""

    place: str
    url: str
    text: str
    passage: lint.Passage
    sentence: str
    kept: str


def pointed(slug: str, draft: Referentiel) -> list[Pointed]:
    """Every passage of the draft to look twice at, kept ones last."""
    found = [
        Pointed(
            place=one.place,
            url=place_of(slug, draft, Fault(one.path, one.passage.message_id)),
            text=one.text,
            passage=one.passage,
            sentence=gettext(one.passage.message_id).format(passage=one.passage.words),
            kept=one.kept,
        )
        for one in lint.findings(draft)
    ]
    return sorted(found, key=lambda one: bool(one.kept))
