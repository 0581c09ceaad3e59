"""A small world of keys, issuers, status lists and badges, signed for real and always the same.

The keys are spelt out here on purpose: they sign nothing outside the tests.
"""

import base64
import copy
import json
import struct
import zlib
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from verify import Policy, Recognition, Report, TrustBundle, Verifier
from verify.standards import data_integrity, did, multibase, multikey, signatures, status_list
from verify.standards import jwk as jwk_of
from verify.standards.signatures import LocalSigner, PrivateKey

Node = dict[str, Any]

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
ISSUED = datetime(2026, 10, 1, 8, 0, tzinfo=UTC)

KEY = Ed25519PrivateKey.from_private_bytes(b"jalon-tests-issuer-key-not-secre")
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(b"jalon-tests-other--key-not-secre")
P256_KEY, P384_KEY = (ec.derive_private_key(77, curve()) for curve in (ec.SECP256R1, ec.SECP384R1))

ISSUER = "did:web:badges.example:o:val-de-brume"
STRANGER = "did:web:ailleurs.example:o:inconnue"
METHOD = ISSUER + "#cle-1"
SIGNER = LocalSigner(KEY, METHOD)
FIRST_PROOF = "urn:uuid:0b3fc9b7-0000-4000-8000-000000000001"
REFERENTIEL = "https://badges.example/r/savoir-etre"
REVOCATIONS = "https://badges.example/status/1"
SUSPENSIONS = "https://badges.example/status/2"

STANDING, REVOKED, SUSPENDED, PAUSED_HERE_ONLY = 1234, 20, 30, 40


def did_document(issuer: str = ISSUER, key: PrivateKey = KEY, **changes: Any) -> Node:
    """The issuer's DID document; `changes` go into its one verification method."""
    url = f"{issuer}#cle-1"
    method = {
        "id": url,
        "type": "Multikey",
        "controller": issuer,
        "publicKeyMultibase": multikey.encode_public(key.public_key()),
        **changes,
    }
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": issuer,
        "verificationMethod": [method],
        "assertionMethod": [url],
    }


def credential(issuer: str = ISSUER, /, **changes: Any) -> Node:
    """An unsigned badge of about 5 KB; `changes` replace members, and None leaves one out."""
    achievement = f"{REFERENTIEL}/1#badge-equipe"
    levels = ["Pas encore", "Guidé", "Aidé", "Seul", "En situation nouvelle", "Transmet"]
    made: Node = {
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": "https://badges.example/c/0f8b2a4e-6c1d-4b7a-9e3f-5d2c1b0a9e8f",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "Travail en équipe",
        "issuer": {
            "id": issuer,
            "type": ["Profile"],
            "name": "Mission locale du Val-de-Brume",
            "url": "https://badges.example/o/val-de-brume",
        },
        "validFrom": "2026-10-01T08:00:00Z",
        "validUntil": "2031-10-01T08:00:00Z",
        "credentialSubject": {
            "id": "urn:uuid:6a3c1d8e-2f4b-4c9a-8d7e-1b2a3c4d5e6f",
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "hashed": True,
                    "identityHash": "sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399",
                    "identityType": "emailAddress",
                    "salt": "Kosher",
                },
                {
                    "type": "IdentityObject",
                    "hashed": False,
                    "identityHash": "Aïcha Ferrand",
                    "identityType": "name",
                },
            ],
            "achievement": {
                "id": achievement,
                "type": ["Achievement"],
                "achievementType": "Competency",
                "name": "Travail en équipe",
                "description": "Coopère vers un objectif commun : fait sa part, aide, transmet.",
                "version": "1",
                "inLanguage": "fr",
                "criteria": {
                    "id": f"{REFERENTIEL}/1#badge-equipe",
                    "narrative": "Niveau 3 convenu entre la personne et son coach.",
                },
                "image": {"id": "https://badges.example/images/equipe.png", "type": "Image"},
                "alignment": [
                    {
                        "type": ["Alignment"],
                        "targetName": f"Travailler en équipe ({source})",
                        "targetUrl": f"https://cadres.example/{source}/equipe",
                        "targetFramework": source,
                        "targetDescription": "proposé, non validé par l’organisme cité",
                    }
                    for source in ("ROME", "CléA", "ESCO")
                ],
                "resultDescription": [
                    {
                        "id": f"{achievement}-equipe",
                        "type": ["ResultDescription"],
                        "name": "Travail en équipe",
                        "resultType": "RubricCriterionLevel",
                        "requiredLevel": f"{achievement}-equipe-3",
                        "rubricCriterionLevel": [
                            {
                                "id": f"{achievement}-equipe-{number}",
                                "type": ["RubricCriterionLevel"],
                                "name": name,
                                "level": str(number),
                                "points": str(number),
                                "description": f"Fait sa part, niveau {number} : {name.lower()}.",
                            }
                            for number, name in enumerate(levels)
                        ],
                    }
                ],
            },
            "result": [
                {
                    "type": ["Result"],
                    "resultDescription": f"{achievement}-equipe",
                    "achievedLevel": f"{achievement}-equipe-4",
                    "value": "4",
                }
            ],
        },
        "evidence": [
            {
                "type": ["Evidence"],
                "name": "Stage en cuisine",
                "narrative": "Trois services tenus à quatre, dont un sans le chef.",
            }
        ],
        "credentialStatus": status_entry(STANDING),
    }
    made.update(copy.deepcopy(changes))
    return {member: value for member, value in made.items() if value is not None}


def status_entry(index: int, **changes: Any) -> Node:
    """A status entry as our own badges carry it."""
    return {
        "id": f"{REVOCATIONS}#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(index),
        "statusListCredential": REVOCATIONS,
        "statusReference": SUSPENSIONS,
        **changes,
    }


def status_credential(url: str, purpose: str, set_: Iterable[int], issuer: str = ISSUER, **changes: Any) -> Node:
    """An unsigned status list with these bits set; `changes` go into its subject."""
    bits = status_list.new()
    for index in set_:
        status_list.set_bit(bits, index)
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": "2026-11-01T08:00:00Z",
        "credentialSubject": {
            "id": f"{url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose,
            "encodedList": status_list.encode(bits),
            **changes,
        },
    }


def sign(document: Node, key: PrivateKey = KEY, method: str = METHOD, **changes: Any) -> Node:
    """The document with a proof; `changes` go into the proof before it is signed."""
    return {**document, "proof": [proof(document, key, method, **changes)]}


def proof(document: Node, key: PrivateKey = KEY, method: str = METHOD, **changes: Any) -> Node:
    """A proof over the document; `changes` go into it before it is signed."""
    options = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": "2026-10-01T08:00:00Z",
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
        **changes,
    }
    if "jcs" in str(options["cryptosuite"]) and "@context" in document:
        options = {"@context": document["@context"], **options}
    hashed = data_integrity.hash_data(document, options, kind=signatures.kind_of(key.public_key()))
    return {**options, "proofValue": multibase.encode(signatures.sign(key, hashed))}


def written(document: Node) -> bytes:
    """The document as the bytes that are stored and served."""
    return json.dumps(document, ensure_ascii=False, indent=1).encode("utf-8")


def badge(**changes: Any) -> bytes:
    """A signed badge."""
    return written(sign(credential(**changes)))


def altered(change: Callable[[Node], object], document: Node | None = None) -> bytes:
    """A signed badge, changed after it was signed."""
    made = copy.deepcopy(sign(credential()) if document is None else document)
    change(made)
    return written(made)


def jwt(payload: Node, key: PrivateKey = KEY, **header: Any) -> bytes:
    """A compact JWT over the payload; header members of None are left out."""
    algorithm = jwk_of.ALGORITHMS[signatures.kind_of(key.public_key())][0]
    members = {"alg": algorithm, "typ": "JWT", "kid": METHOD, **header}
    heading = {name: value for name, value in members.items() if value is not None}
    signing_input = b".".join(_base64url(json.dumps(part).encode()) for part in (heading, payload))
    return signing_input + b"." + _base64url(signatures.sign(key, signing_input))


def claims(document: Node, **changes: Any) -> Node:
    """The credential with the registered claims that repeat it; None leaves one out."""
    registered = {
        "iss": document["issuer"]["id"],
        "jti": document["id"],
        "sub": document["credentialSubject"]["id"],
        "nbf": 1790841600,
        "exp": 1948608000,
        **changes,
    }
    return {**document, **{name: value for name, value in registered.items() if value is not None}}


def claims_beside(document: Node, **changes: Any) -> Node:
    """The payload of the older data model: the credential in `vc`, the registered claims beside it."""
    registered = {name: value for name, value in claims(document).items() if name not in document}
    return {**registered, "vc": document, **changes}


def jwk(key: PrivateKey = KEY) -> Node:
    """The public key as a JWK."""
    return dict(jwk_of.encode_public(key.public_key()))


def revocations(**changes: Any) -> bytes:
    """The signed list of revocations."""
    set_ = (REVOKED, SUSPENDED)
    return written(sign(status_credential(REVOCATIONS, "revocation", set_, **changes)))


def suspensions(**changes: Any) -> bytes:
    """The signed list of suspensions."""
    set_ = (SUSPENDED, PAUSED_HERE_ONLY)
    return written(sign(status_credential(SUSPENSIONS, "suspension", set_, **changes)))


RECOGNITION = Recognition(
    issuer=ISSUER,
    name="Mission locale du Val-de-Brume",
    recognised_by="Région Val-de-Brume",
    referentiel=REFERENTIEL,
    starts=date(2026, 1, 1),
    ends=None,
)


def trust(**changes: Any) -> TrustBundle:
    """A bundle that knows the issuer, both its lists and its recognition; `changes` replace a part."""
    parts: dict[str, Any] = {
        "did_documents": {ISSUER: did_document()},
        "status_lists": {REVOCATIONS: revocations(), SUSPENSIONS: suspensions()},
        "recognitions": (RECOGNITION,),
        **changes,
    }
    return TrustBundle(**parts)


def verify(
    data: bytes, known: TrustBundle | None = None, now: datetime = NOW, policy: Policy = Policy.RECOGNISED
) -> Report:
    """The report of a verifier that knows the bundle."""
    known = trust() if known is None else known
    return Verifier(keys=known, statuses=known, issuers=known, documents=known, witnesses=known, policy=policy).verify(
        data, now=now
    )


def own_key_badge(key: PrivateKey = OTHER_KEY, suite: str = "eddsa-rdfc-2022", **changes: Any) -> bytes:
    """A badge by an issuer that is its own key (did:key), without a status."""
    issuer = did.did_key(key.public_key())
    method = f"{issuer}#{issuer.removeprefix('did:key:')}"
    return written(sign(credential(issuer, **{"credentialStatus": None, **changes}), key, method, cryptosuite=suite))


def png(*chunks: tuple[bytes, bytes]) -> bytes:
    """A picture of one pixel, with further chunks after its header."""
    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    pixel = zlib.compress(b"\0\0")
    parts = ((b"IHDR", header), *chunks, (b"IDAT", pixel), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, body) for kind, body in parts)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><circle r="1"/></svg>'


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _base64url(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")
