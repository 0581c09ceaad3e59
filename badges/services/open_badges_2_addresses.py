"""Where this installation's Open Badges 2.0 documents stand: written and read in one place.

The addresses stand in badges and in backpacks: they never change.
"""

import re
import uuid
from dataclasses import dataclass

_ADDRESS = re.compile(
    r"/ob2/(?:c/(?P<credential>[0-9a-f-]{36})|o/(?P<slug>[a-z0-9-]+)"
    r"(?P<revocations>/revocations)?(?:/keys/(?P<key>[a-z0-9-]+))?"
    r"(?:/r/(?P<referentiel>[a-z0-9-]+)/(?P<number>[0-9]{1,7})/(?P<code>[a-z0-9-]+))?)"
)


@dataclass(frozen=True, slots=True)
class BadgeName:
    """A badge of a published version, as an organisation awards it."""

    slug: str
    referentiel: str
    number: int
    code: str


@dataclass(frozen=True, slots=True)
class Places:
    """The addresses of one organisation's documents. They stand in badges and in backpacks: they never change."""

    base_url: str
    slug: str

    @property
    def profile(self) -> str:
        """Of its Profile, by which this version knows the issuer."""
        return f"{self.base_url}/ob2/o/{self.slug}"

    @property
    def revocations(self) -> str:
        """Of its list of revoked signed badges."""
        return f"{self.profile}/revocations"

    @property
    def assertions(self) -> str:
        """How the addresses of its hosted Assertions begin."""
        return f"{self.base_url}/ob2/c/"

    def key(self, fragment: str) -> str:
        """Of one of its public keys."""
        return f"{self.profile}/keys/{fragment}"

    def referentiel(self, slug: str) -> str:
        """How the addresses of its badges on a référentiel begin."""
        return f"{self.profile}/r/{slug}"

    def badge_class(self, slug: str, number: int, code: str) -> str:
        """Of a badge of a published version, as this organisation awards it."""
        return f"{self.referentiel(slug)}/{number}/{code}"

    def assertion(self, credential_id: uuid.UUID) -> str:
        """Of a hosted Assertion."""
        return f"{self.assertions}{credential_id}"

    def picture(self, credential_id: uuid.UUID) -> str:
        """Of the picture that carries it."""
        return f"{self.assertion(credential_id)}.png"


def read(base_url: str, address: str) -> dict[str, str | None] | None:
    """The parts of one of our addresses by name, or None for any other."""
    path = address.removeprefix(base_url)
    match = _ADDRESS.fullmatch(path) if path != address else None
    return None if match is None else match.groupdict()


def slug_of(base_url: str, issuer_id: str) -> str | None:
    """The slug that the address of a Profile of ours names, whether or not there is such an organisation; else None."""
    parts = read(base_url, issuer_id)
    slug = None if parts is None else parts["slug"]
    return slug if slug is not None and issuer_id == Places(base_url, slug).profile else None
