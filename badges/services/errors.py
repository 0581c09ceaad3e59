"""Refusals: what a service says when it will not do what was asked.

A refusal carries a French sentence for the person who asked (what happened, what to do), which the web layer
translates, and the HTTP status that fits. It never carries a name or a secret of somebody else.
"""


def N_(sentence: str) -> str:  # noqa: N802 - the customary name of the gettext marker
    """The sentence itself; marks it for extraction into the translations."""
    return sentence


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not an error of ours
    """A request that is understood and not done. `values` fill the sentence's `%(name)s` places."""

    status = 400

    def __init__(self, sentence: str, **values: object) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.values = values

    def __str__(self) -> str:
        return self.sentence % self.values if self.values else self.sentence


class Invalid(Refused):
    """Something in the form is missing or wrong; `field` names it where one does."""

    status = 422

    def __init__(self, sentence: str, field: str = "", **values: object) -> None:
        super().__init__(sentence, **values)
        self.field = field


def too_long(field: str, number: int) -> Invalid:
    """The refusal of a text of more than `number` characters."""
    return Invalid(N_("Ce texte est trop long : %(number)s caractères au plus."), field=field, number=number)


class NotFound(Refused):
    """No such thing, or none that this actor may know of: the two are not told apart."""

    status = 404


class Forbidden(Refused):
    """The actor is known and may not do this."""

    status = 403


class Conflict(Refused):
    """The thing has changed, or is no longer in the state this act needs."""

    status = 409


class Paused(Conflict):
    """A badge whose person does not agree to its publication at present: nothing else is told."""


class Gone(Refused):
    """It existed and was ended on purpose."""

    status = 410


class TooMany(Refused):
    """Too many wrong guesses; the sentence says how long to wait."""

    status = 429
