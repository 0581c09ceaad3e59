"""What every verifiable credential has to keep to, whatever it says: the members of the data model and their values.

Both versions of the data model, told apart by the first context. What a kind of credential asks for beyond it stands
in the module of that kind. Says nothing about signatures, nor about whether the dates are past.

Source: Verifiable Credentials Data Model 2.0, sections 4 and 5, and 1.1, sections 4 and 5.
"""

from __future__ import annotations

from typing import Any

import orjson

from verify.errors import Defect
from verify.reasons import Reason
from verify.standards import documents, related_resources, timestamps
from verify.standards.nodes import Node, has_type, is_url, objects_of, types_of

_BASES = (documents.CREDENTIALS_V2, documents.CREDENTIALS_V1)
_DATES = ("validFrom", "validUntil", "issuanceDate", "expirationDate")
# member: whether the data model asks each of its objects for an id (in 2.0, in 1.1)
_TYPED = {
    "credentialStatus": (False, True),
    "credentialSchema": (True, True),
    "refreshService": (False, True),
    "termsOfUse": (False, False),
    "evidence": (False, False),
    "proof": (False, False),
}
_SCHEMA_TYPES = ("JsonSchema", "JsonSchemaCredential", "1EdTechJsonSchemaValidator2019")
_LANGUAGE_MEMBERS = frozenset({"@value", "@language", "@direction"})
_DIRECTIONS = ("ltr", "rtl")


def check(credential: Node) -> None:
    """Return where the credential keeps to the data model.

    Raises:
        Defect: `context_missing`, `context_order`, `value_empty`, `type_missing`, `type_wrong`, `id_invalid`,
            `issuer_invalid`, `date_missing`, `date_invalid`, `nested_type_missing`, `iri_invalid`, `name_invalid`,
            `subject_invalid`, `related_resource_invalid` or `related_resource_differs`.
    """
    newer = check_envelope(credential, "VerifiableCredential")
    _check_issuer(credential.get("issuer"))
    _check_dates(credential, newer=newer)
    check_typed(credential, newer=newer)
    check_texts(credential)
    _check_subjects(credential.get("credentialSubject"))
    if "relatedResource" in credential:
        related_resources.check(credential["relatedResource"])


def issuer_id_of(credential: Node) -> str | None:
    """The identifier of the issuer named in the credential, or None where it names none."""
    issuer = credential.get("issuer")
    named = issuer.get("id") if isinstance(issuer, dict) else issuer
    return named if isinstance(named, str) else None


def check_envelope(document: Node, type_: str) -> bool:
    """What credentials and presentations share; True for the data model 2.0, False for 1.1.

    Raises:
        Defect: `context_missing`, `context_order`, `value_empty`, `type_missing`, `type_wrong` or `id_invalid`.
        Source: VCDM 2.0, sections 4.3 to 4.5.
    """
    listed = document.get("@context")
    contexts = listed if isinstance(listed, list) else [listed]
    if not contexts or listed is None:
        raise Defect(Reason.CONTEXT_MISSING)
    if contexts[0] not in _BASES:
        raise Defect(Reason.CONTEXT_ORDER, "the first context is not that of Verifiable Credentials")
    if _holds_null(document):
        raise Defect(Reason.VALUE_EMPTY)
    if not has_type(document, type_):
        raise Defect(Reason.TYPE_MISSING, type_)
    if "id" in document and not is_url(document["id"]):
        raise Defect(Reason.ID_INVALID)
    return bool(contexts[0] == documents.CREDENTIALS_V2)


def check_typed(document: Node, *, newer: bool) -> None:
    """Return where status, schemas, services, terms, evidence and proofs are objects that say what they are.

    Raises:
        Defect: `type_wrong`, `nested_type_missing` or `iri_invalid`.
        Source: VCDM 2.0, sections 4.5 (types), 4.10, 4.11, 5.4 to 5.6; VCDM 1.1, sections 4.9 and 5.4 to 5.6.
    """
    for member, asked in _TYPED.items():
        if member not in document:
            continue
        for node in objects_of(document[member], Reason.TYPE_WRONG):
            if not types_of(node):
                raise Defect(Reason.NESTED_TYPE_MISSING, member)
            if ("id" in node or asked[0 if newer else 1]) and not is_url(node.get("id")):
                raise Defect(Reason.IRI_INVALID, f"{member}.id")


def check_texts(node: Node) -> None:
    """Return where name and description are texts, or texts that tell their language.

    Raises:
        Defect: `name_invalid`.
        Source: VCDM 2.0, sections 4.6 and 11.1.
    """
    for member in ("name", "description"):
        value = node.get(member, "")
        if not isinstance(value, str) and not _are_in_languages(value):
            raise Defect(Reason.NAME_INVALID, member)


def schema_urls(credential: Node) -> list[str]:
    """The addresses of the schemas that the credential says it follows, of the types that are understood.

    Source: VCDM 2.0, section 4.11; VC JSON Schema 1.0, section 2; Open Badges 3.0, section 9.1.
    """
    listed = credential.get("credentialSchema")
    nodes = [node for node in (listed if isinstance(listed, list) else [listed]) if isinstance(node, dict)]
    understood = (node for node in nodes if any(name in _SCHEMA_TYPES for name in types_of(node)))
    return [node["id"] for node in understood if isinstance(node.get("id"), str)]


def _are_in_languages(value: Any) -> bool:
    listed = value if isinstance(value, list) else [value]
    return bool(listed) and all(
        isinstance(each, dict)
        and each.keys() <= _LANGUAGE_MEMBERS
        and isinstance(each.get("@value"), str)
        and isinstance(each.get("@language", ""), str)
        and each.get("@direction", "ltr") in _DIRECTIONS
        for each in listed
    )


def _check_issuer(issuer: Any) -> None:
    """Source: VCDM 2.0, section 4.7."""
    if not is_url(issuer.get("id") if isinstance(issuer, dict) else issuer):
        raise Defect(Reason.ISSUER_INVALID)
    if isinstance(issuer, dict):
        check_texts(issuer)


def _check_dates(credential: Node, *, newer: bool) -> None:
    """Which of two dates comes first is asked by the check of validity.

    Source: VCDM 2.0, section 4.9; VCDM 1.1, sections 4.6 and 4.7.
    """
    if not newer and "issuanceDate" not in credential:
        raise Defect(Reason.DATE_MISSING)
    for member in _DATES:
        if member in credential:
            timestamps.read(credential[member])


def _check_subjects(value: Any) -> None:
    """Source: VCDM 2.0, section 4.8."""
    subjects = objects_of(value, Reason.SUBJECT_INVALID)
    if not subjects:
        raise Defect(Reason.SUBJECT_INVALID, "none")
    for subject in subjects:
        if not subject or ("id" in subject and not is_url(subject["id"])):
            raise Defect(Reason.SUBJECT_INVALID, "empty, or its id")


def _holds_null(document: Node) -> bool:
    """Whether a null stands anywhere within.

    Only a null or a text is ever written so: where the word does not appear, the writer has looked everywhere at a
    tenth of what walking costs.
    """
    try:
        if b"null" not in orjson.dumps(document):
            return False
    except orjson.JSONEncodeError:  # too deep or too large a number for it
        pass
    pending: list[Any] = [document]
    for node in pending:  # grows on the way
        values = list(node.values()) if isinstance(node, dict) else node
        if any(value is None for value in values):
            return True
        pending += [value for value in values if isinstance(value, dict | list)]
    return False
