"""The référentiels shipped with the service, to start from: each may be forked, none is anyone's property."""

from importlib import resources
from typing import Final

from referentiels.document import read
from referentiels.model import Referentiel

ORDER: Final = ("savoir-etre", "regional", "territoire", "sport")


def starters() -> tuple[Referentiel, ...]:
    """The starter référentiels, each complete, in the order to propose them.

    Raises:
        DocumentErrors: a shipped file is faulty.
    """
    library = resources.files("referentiels").joinpath("library")
    found = [read(file.read_bytes()) for file in library.iterdir() if file.name.endswith(".json")]
    return tuple(
        sorted(found, key=lambda each: (ORDER.index(each.code) if each.code in ORDER else len(ORDER), each.code))
    )
