"""Test vectors of others, which this repository does not copy: a test that needs them skips where they are absent."""

import json
from pathlib import Path
from typing import Any

import pytest

from verify.standards.documents import Contexts, shipped_contexts

FOLDER = Path(__file__).parents[2].parent / "shared" / "vectors"

needed = pytest.mark.skipif(not FOLDER.is_dir(), reason="the test vectors are not beside this checkout")

_EXTRA = {
    "https://www.w3.org/ns/credentials/examples/v2": "credentials-examples-v2.json",
    "https://w3id.org/security/data-integrity/v1": "data-integrity-v1.json",
}


def read(path: str) -> Any:
    """One file of JSON."""
    return json.loads((FOLDER / path).read_bytes())


_CITIZENSHIP = "https://w3id.org/citizenship/v4rc1"
"""Not among the vectors: the terms that its examples use, written down from the N-Quads published for them."""


def contexts() -> Contexts:
    """The shipped contexts and those that only the vectors use."""
    extra = {url: read(f"contexts/{name}") for url, name in _EXTRA.items()}
    return shipped_contexts().extended({**extra, _CITIZENSHIP: _citizenship()})


def _citizenship() -> dict[str, Any]:
    schema, own, date = (
        "https://schema.org/",
        "https://w3id.org/citizenship#",
        "http://www.w3.org/2001/XMLSchema#dateTime",
    )
    employment = ("EmploymentAuthorizationDocumentCredential", "EmployablePerson", "EmploymentAuthorizationDocument")
    residence = ("PermanentResidentCardCredential", "PermanentResident", "PermanentResidentCard")
    parts = ("employmentAuthorizationDocument", "permanentResidentCard")
    plain = ("birthCountry", "commuterClassification", "lprCategory", "lprNumber")
    person = ("additionalName", "familyName", "gender", "givenName", "identifier")
    terms: dict[str, Any] = {name: own + name for name in (*employment, *residence, *parts, *plain)}
    terms |= {name: schema + name for name in (*person, "Person")}
    terms |= {"image": {"@id": schema + "image", "@type": "@id"}}
    terms |= {"birthDate": {"@id": schema + "birthDate", "@type": date}}
    terms |= {"residentSince": {"@id": own + "residentSince", "@type": date}}
    return {"@context": terms}
