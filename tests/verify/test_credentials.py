"""The rules of every verifiable credential: each passing and failing, on both versions of the data model."""

import base64
import hashlib
from typing import Any

import pytest

from tests.verify import kinds as k
from verify.errors import Defect
from verify.reasons import Reason
from verify.standards import credentials, documents, multibase, related_resources
from verify.standards.documents import CREDENTIALS_V1, CREDENTIALS_V2, DATA_INTEGRITY

_V2 = documents.shipped_bytes(CREDENTIALS_V2)
_SHA384 = "sha384-" + base64.b64encode(hashlib.sha384(_V2).digest()).decode()
_SHA256 = hashlib.sha256(_V2).digest()


def _reason(document: Any) -> Reason | None:
    try:
        credentials.check(document)
    except Defect as defect:
        return defect.reason
    return None


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"@context": CREDENTIALS_V2},
        {"id": "did:example:a"},
        {"name": "null et non avenu"},
        {"type": "VerifiableCredential"},
        {"type": ["https://a.example/#Type", "VerifiableCredential"]},
        {"issuer": {"id": "did:example:a"}},
        {"issuer": {"id": "did:example:a", "name": [{"@value": "Région", "@language": "fr"}]}},
        {"credentialSubject": [{"id": "urn:a:b"}, {"name": "Aïcha"}]},
        {"name": "Attestation", "description": {"@value": "شهادة", "@language": "ar", "@direction": "rtl"}},
        {"validFrom": "2026-10-01T08:00:00.447Z", "validUntil": "2026-10-01T10:00:00-06:00"},
        {"credentialStatus": {"type": "https://a.example/#Status"}},
        {"credentialSchema": [{"id": "https://a.example/s.json", "type": "JsonSchema"}]},
        {"refreshService": {"type": "https://a.example/#Refresh"}},
        {"termsOfUse": [{"type": "https://a.example/#Terms", "id": "urn:a:b"}]},
        {"evidence": {"type": "https://a.example/#Seen"}},
        {"relatedResource": {"id": CREDENTIALS_V2, "digestSRI": _SHA384, "mediaType": "application/ld+json"}},
    ],
)
def test_credential_may_be_written_in_all_these_ways(changes: dict[str, Any]) -> None:
    """What the data model allows."""
    assert _reason(k.plain(**changes)) is None


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"@context": None}, Reason.CONTEXT_MISSING),
        ({"@context": []}, Reason.CONTEXT_MISSING),
        ({"@context": [DATA_INTEGRITY, CREDENTIALS_V2]}, Reason.CONTEXT_ORDER),
        ({"@context": [{"x": "urn:a:b"}]}, Reason.CONTEXT_ORDER),
        ({"type": None}, Reason.TYPE_MISSING),
        ({"type": "Credential"}, Reason.TYPE_MISSING),
        ({"type": ["VerifiableCredential", 7]}, Reason.TYPE_WRONG),
        ({"id": "attestation 1"}, Reason.ID_INVALID),
        ({"id": ["urn:a:b", "urn:a:c"]}, Reason.ID_INVALID),
        ({"issuer": None}, Reason.ISSUER_INVALID),
        ({"issuer": "Région"}, Reason.ISSUER_INVALID),
        ({"issuer": {"name": "Région"}}, Reason.ISSUER_INVALID),
        ({"issuer": {"id": "did:example:a", "name": {"@value": "Région", "url": "urn:a:b"}}}, Reason.NAME_INVALID),
        ({"name": {"@language": "fr"}}, Reason.NAME_INVALID),
        ({"name": []}, Reason.NAME_INVALID),
        ({"description": {"@value": "x", "@direction": "up"}}, Reason.NAME_INVALID),
        ({"description": {"@value": "x", "@language": 7}}, Reason.NAME_INVALID),
        ({"credentialSubject": None}, Reason.SUBJECT_INVALID),
        ({"credentialSubject": []}, Reason.SUBJECT_INVALID),
        ({"credentialSubject": {}}, Reason.SUBJECT_INVALID),
        ({"credentialSubject": [{"id": "urn:a:b"}, {}]}, Reason.SUBJECT_INVALID),
        ({"credentialSubject": {"id": ["urn:a:b", "urn:a:c"]}}, Reason.SUBJECT_INVALID),
        ({"credentialSubject": {"id": "urn:a:b", "name": None}}, Reason.VALUE_EMPTY),
        ({"validFrom": "2026-10-01"}, Reason.DATE_INVALID),
        ({"validUntil": "2026-10-01T08:00:00"}, Reason.DATE_INVALID),
        ({"credentialStatus": {"id": "urn:a:b"}}, Reason.NESTED_TYPE_MISSING),
        ({"credentialStatus": {"id": "status 1", "type": "X"}}, Reason.IRI_INVALID),
        ({"credentialStatus": {"id": ["urn:a:b"], "type": "X"}}, Reason.IRI_INVALID),
        ({"credentialStatus": {"id": "urn:a:b", "type": 2}}, Reason.TYPE_WRONG),
        ({"credentialSchema": {"type": "JsonSchema"}}, Reason.IRI_INVALID),
        ({"credentialSchema": {"id": "https://a.example/s.json"}}, Reason.NESTED_TYPE_MISSING),
        ({"refreshService": {"id": "urn:a:b"}}, Reason.NESTED_TYPE_MISSING),
        ({"termsOfUse": "urn:a:b"}, Reason.TYPE_WRONG),
        ({"evidence": [{"type": "X"}, {}]}, Reason.NESTED_TYPE_MISSING),
        ({"proof": {"proofValue": "z"}}, Reason.NESTED_TYPE_MISSING),
    ],
)
def test_credential_is_refused_for_what_breaks_a_rule(changes: dict[str, Any], reason: Reason) -> None:
    """Source: Verifiable Credentials Data Model 2.0, sections 4 and 5."""
    assert _reason(k.plain(**changes)) is reason


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, None),
        ({"issuanceDate": None}, Reason.DATE_MISSING),
        ({"issuanceDate": "hier"}, Reason.DATE_INVALID),
        ({"expirationDate": "demain"}, Reason.DATE_INVALID),
        ({"credentialStatus": {"type": "X"}}, Reason.IRI_INVALID),
        ({"refreshService": {"type": "X"}}, Reason.IRI_INVALID),
        ({"termsOfUse": {"type": "X"}}, None),
    ],
)
def test_credential_of_the_older_data_model_keeps_to_its_own_rules(
    changes: dict[str, Any], reason: Reason | None
) -> None:
    """Source: Verifiable Credentials Data Model 1.1, sections 4 and 5."""
    dated = {"@context": [CREDENTIALS_V1], "issuanceDate": "2026-10-01T08:00:00Z"}
    assert _reason(k.plain(**{**dated, **changes})) is reason


@pytest.mark.parametrize(
    "digest",
    [
        {"digestSRI": _SHA384},
        {"digestMultibase": multibase.encode(_SHA256, "u")},
        {"digestMultibase": multibase.encode(b"\x12\x20" + _SHA256, "u")},
        {"digestMultibase": multibase.encode(b"\x12\x20" + _SHA256)},
        {"digestSRI": "sha384-NSOcNpmdIVUxIJGvGUoe22FjTWrXiaXlsZ8q6912LdnR3KraQO2n75Ica4wK4Qeg"},
        {"digestMultibase": "uJKGMkOmFbVJhEfKTduMC2XCyvRAYLjOVmZWwIH1wQ7k"},
    ],
)
def test_related_resource_that_we_hold_is_the_one_that_was_named(digest: dict[str, str]) -> None:
    """Bare or as a Multihash, as the file is or as it was until 2025."""
    related_resources.check({"id": CREDENTIALS_V2, **digest})


@pytest.mark.parametrize(
    ("resource", "reason"),
    [
        ({"digestSRI": _SHA384}, Reason.RELATED_RESOURCE_INVALID),
        ({"id": CREDENTIALS_V2}, Reason.RELATED_RESOURCE_INVALID),
        ({"id": CREDENTIALS_V2, "digestSRI": 7}, Reason.RELATED_RESOURCE_INVALID),
        ({"id": CREDENTIALS_V2, "digestSRI": "md5-abc="}, Reason.RELATED_RESOURCE_INVALID),
        ({"id": CREDENTIALS_V2, "digestSRI": _SHA384[:-8]}, Reason.RELATED_RESOURCE_INVALID),
        ({"id": CREDENTIALS_V2, "digestMultibase": "f00"}, Reason.RELATED_RESOURCE_INVALID),
        ({"id": CREDENTIALS_V2, "digestMultibase": "uAAAA"}, Reason.RELATED_RESOURCE_INVALID),
        ({"id": DATA_INTEGRITY, "digestSRI": _SHA384}, Reason.RELATED_RESOURCE_DIFFERS),
        ({"id": CREDENTIALS_V2, "digestMultibase": "u" + "A" * 43}, Reason.RELATED_RESOURCE_DIFFERS),
        ({"id": CREDENTIALS_V2, "digestSRI": f"{_SHA384} sha384-{'A' * 64}"}, Reason.RELATED_RESOURCE_DIFFERS),
    ],
)
def test_related_resource_is_refused(resource: dict[str, Any], reason: Reason) -> None:
    """Unnamed, without a digest that can be read, or another one than we hold."""
    with pytest.raises(Defect) as caught:
        related_resources.check([resource])
    assert caught.value.reason is reason


@pytest.mark.parametrize("value", [[], ["urn:a:b"], "urn:a:b", [{"id": "urn:a:b", "digestSRI": _SHA384}] * 2])
def test_related_resources_are_objects_each_named_once(value: Any) -> None:
    """Source: Verifiable Credentials Data Model 2.0, section 5.3."""
    with pytest.raises(Defect) as caught:
        related_resources.check(value)
    assert caught.value.reason is Reason.RELATED_RESOURCE_INVALID


def test_related_resource_that_we_do_not_hold_is_neither_right_nor_wrong() -> None:
    """Any digest may be that of a document we never saw."""
    related_resources.check({"id": "https://elsewhere.example/picture.png", "digestSRI": _SHA384})
