"""The tables. Importing this package makes all of them known to `badges.db.Base.metadata`."""

from badges.models import (
    access,
    acquired,
    assessments,
    awards,
    consents,
    contests,
    evidence,
    installation,
    journal,
    passkeys,
    people,
    phrases,
    referentiels,
    rights,
    status,
    voices,
)

__all__ = [
    "access",
    "acquired",
    "assessments",
    "awards",
    "consents",
    "contests",
    "evidence",
    "installation",
    "journal",
    "passkeys",
    "people",
    "phrases",
    "referentiels",
    "rights",
    "status",
    "voices",
]
