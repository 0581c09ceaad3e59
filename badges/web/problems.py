"""What a refused form says: each sentence beside the field it is about, in the reader's language."""

from flask_babel import gettext

from badges.services.errors import Refused

FORM = "form"


def sentence(refused: Refused) -> str:
    """The refusal's sentence in the language of the page."""
    text: str = gettext(refused.sentence)
    return text % refused.values if refused.values else text


def errors(refused: Refused | None) -> dict[str, str]:
    """The sentence by the name of its field, `form` where it is about no field; empty where nothing was refused."""
    if refused is None:
        return {}
    return {getattr(refused, "field", "") or FORM: sentence(refused)}
