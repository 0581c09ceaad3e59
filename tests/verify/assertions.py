"""A small world of Open Badges 2.0: an issuer, a badge, hosted and signed Assertions, and who serves what.

The key is spelt out here on purpose: it signs nothing outside the tests.
"""

import base64
import copy
import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_private_key

from tests.verify import factory as f
from verify import Recognition, Report, TrustBundle
from verify.standards import multibase, signatures

Node = dict[str, Any]

_DER = (
    "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQDJDwP8WRLvYSbq0C4zAjlb75YKOJRok6JSjT0NbyYMkJRMpu6Lpoq4TVT1"
    "ub24mfHfNEU1QZtHjuOdywwF4N8QOM5PXwrRMuK41RwBoCHojpydr9vpHJu1JxwKeqLZdTc995ogzdHIposzuhg/m4vDbTCP4UDvzobqGeXo"
    "eRS/ZWMI8Djr6xcxj9St9M0VnArSVvhI42HRFETYNeKgUSn7/M19RB0mbZneE4ViOZYirctNwl9d+EV3RBmuZJymPVj1TSjEcwiLfIGsx4qr"
    "3B5ct22hEXjejQEgF0S5K+9/X2aK3QWh06kZJDNcUbsWCwuX2GgnHreM6nRc4RoHkvzhAgMBAAECggEAAhybW0Qy3U76EwJdMVvGJySkWPKy"
    "n5lxHYyKaBavPcebGKXiVJb6/xQAGul8vDyY8loO2egQt8z4z92AEJvdwOqFU3bnPtax1BzYJ63XPFVq4IK+ULfETIgS2Lr0dNvw6NCd6rc5"
    "s1GpPbGgN4MQYgTemyzDpy8mSm07pYwnxTm4Rl7ZjcUZ7hseja/sKagXao9a2ohVxnqEqHekJLdmV8uTCwPnHmqgW0ClPprFmHvNuhhV11dV"
    "fhF3pxy3ccbkIj3DayTDxUSVyrsPmb6q77kW8yBHPrmQxdB5u8KxC9IZFgVEq5e9uuGjQ6C9k3VaxSawOxGWJT2ldx9WDcbUQQKBgQDrmqLr"
    "RNRKG/FDdTrtfmUn8lsgLiwznWCo+F3sCHddSeMRyEzCRqeOrdWIggcJDmcR0v3eOjqSPEMCGXGvNO4Mpij7fMACVN38WXEPf2X6veJPBzJA"
    "ZGtMU3R7MlUaz9nw1J7h7nw4IpJdAURdLxNm26Z3GKNB4TYoyNhaW8dkwQKBgQDadsw+rHtupcXuHob0ZlGUDj5U2fH0hWOHPSmRO0+pFTKz"
    "FbeUxdus7oeyPRY5KmVOKfWP0orAqsn3uCSLYLRulHh1gtt9TfOzPkN41xQn0mDhe0d17v4b0Nr5Um2bQZqfnKiYvYVGZ2lNrIhzS1Om6wBH"
    "IJCCTGYtGR95X58AIQKBgQDMkZA0R6csUebCc9+epsieTsjgwDaQ+m0bScwDTbaWwbjvj8NWTJLgR//Ib148dsz3pQPZGSYSI1DrWbxkLMkl"
    "IoEjG8Z8P8QfgGmy0yNw+76sb8sqLgccVrok3icXCLJrcbIi6jfhZeM/7gG2B1IJVV7Mug/G/A1SjFGO43HWAQKBgAFiJTL0Zqextwol+VbM"
    "2xFj8bMZ2jVhLtspYP0BciSw9Kw7o/j2M8jpjcRsLJraEOAo1dw+ShCkRDkkWl7jkuDsYcLkvD0T5EorR8QZIJCL/X8QB8jQZZ2JegmAIx+L"
    "j84Y8NxevtxORVVvlUGdpX72F/9bTm70yuTYNuHO4DPhAoGAC+zWbopEBV/YJzYUwzc6FN2dhuX14Zk2XTEFbfBMXxte4d7oMjmbtctWYTpz"
    "Nja5bABPN8NpV9EdX/m4yXLocMqjAaFB9mIMq2L5FhDApNQmVrbZE4zUsb6YGxCLOCxvSeuN1Sdkn8tD93im22NiCRcy/6YumT11rtiR4b3b"
    "nfo="
)


def _rsa_key() -> RSAPrivateKey:
    key = load_der_private_key(base64.b64decode(_DER), None)
    assert isinstance(key, RSAPrivateKey)
    return key


KEY = _rsa_key()

CONTEXT = "https://w3id.org/openbadges/v2"
SITE = "https://badges.example/ob2"
HOSTED = f"{SITE}/c/0f8b2a4e-6c1d-4b7a-9e3f-5d2c1b0a9e8f"
SIGNED = "urn:uuid:0b1c5a52-44f5-4a4f-9d8b-8f4d6a1f2c3e"
ISSUER = f"{SITE}/o/val-de-brume"
BADGE = f"{ISSUER}/r/savoir-etre/1/equipe"
KEY_ID = f"{ISSUER}/keys/cle-rsa"
REVOCATIONS = f"{ISSUER}/revocations"
REVOKED = "urn:uuid:4d8e3f4b-7f0c-4df5-8c53-8d3d3c9f5b20"
REVOKED_PLAIN = "urn:uuid:9c1f6f0e-9c67-4a7e-b4a5-fd5d3a7a6c11"


def assertion(id_: str = HOSTED, **changes: Any) -> Node:
    """A hosted Assertion, or a signed one where its id is no address; None leaves a member out."""
    hosted = id_.startswith("http")
    made: Node = {
        "@context": CONTEXT,
        "type": "Assertion",
        "id": id_,
        "recipient": {
            "type": "email",
            "hashed": True,
            "salt": "deadsea",
            "identity": "sha256$ecf5409f3f4b91ab60cc5ef4c02aef7032354375e70cf4d8e43f6a1d29891942",
        },
        "badge": BADGE,
        "issuedOn": "2026-10-01T08:00:00Z",
        "expires": "2031-10-01T08:00:00Z",
        "evidence": {"narrative": "Trois services tenus à quatre, dont un sans le chef."},
        "verification": {"type": "hosted"} if hosted else {"type": "signed", "creator": KEY_ID},
        **copy.deepcopy(changes),
    }
    return {member: value for member, value in made.items() if value is not None}


def badge_class(**changes: Any) -> Node:
    """The BadgeClass."""
    made: Node = {
        "@context": CONTEXT,
        "type": "BadgeClass",
        "id": BADGE,
        "name": "Travail en équipe",
        "description": "Coopère vers un objectif commun : fait sa part, aide, transmet.",
        "image": "https://badges.example/images/equipe.png",
        "criteria": {"narrative": "Niveau 3 convenu entre la personne et son coach."},
        "issuer": ISSUER,
        "alignment": [{"targetName": "Travailler en équipe", "targetUrl": "https://cadres.example/rome/equipe"}],
        **changes,
    }
    return {member: value for member, value in made.items() if value is not None}


def profile(**changes: Any) -> Node:
    """The issuer's Profile."""
    made: Node = {
        "@context": CONTEXT,
        "type": "Issuer",
        "id": ISSUER,
        "name": "Mission locale du Val-de-Brume",
        "url": "https://badges.example/o/val-de-brume",
        "email": "contact@badges.example",
        "publicKey": [KEY_ID],
        "revocationList": REVOCATIONS,
        **changes,
    }
    return {member: value for member, value in made.items() if value is not None}


def key(private: Any = KEY, **changes: Any) -> Node:
    """The CryptographicKey."""
    pem = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    return {
        "@context": CONTEXT,
        "type": "CryptographicKey",
        "id": KEY_ID,
        "owner": ISSUER,
        "publicKeyPem": pem,
        **changes,
    }


def revocations(**changes: Any) -> Node:
    """The RevocationList: one entry as an object, one as a mere identifier."""
    return {
        "@context": CONTEXT,
        "type": "RevocationList",
        "id": REVOCATIONS,
        "issuer": ISSUER,
        "revokedAssertions": [{"id": REVOKED, "revocationReason": "Erreur de saisie"}, REVOKED_PLAIN],
        **changes,
    }


def served(*nodes: Node) -> dict[str, bytes]:
    """What the site serves: the documents of this world, and the nodes given, each at its own id."""
    documents = (assertion(), badge_class(), profile(), key(), revocations(), *nodes)
    return {str(node["id"]): written(node) for node in documents}


RECOGNITION = Recognition(
    issuer=ISSUER,
    name=f.RECOGNITION.name,
    recognised_by=f.RECOGNITION.recognised_by,
    referentiel=f"{ISSUER}/r/savoir-etre",
    starts=f.RECOGNITION.starts,
    ends=None,
)


def trust(*nodes: Node, without: tuple[str, ...] = (), **changes: Any) -> TrustBundle:
    """A bundle that has every document but those without, and the nodes given instead of their namesakes."""
    documents = {address: data for address, data in served(*nodes).items() if address not in without}
    return TrustBundle(documents=documents, recognitions=changes.get("recognitions", (RECOGNITION,)))


def written(node: Node) -> bytes:
    """The document as bytes."""
    return json.dumps(node, ensure_ascii=False, indent=1).encode()


def jws(payload: Node, private: Any = KEY, **header: Any) -> bytes:
    """A compact JSON Web Signature over the payload."""
    parts = [json.dumps(part).encode() for part in ({"alg": "RS256", **header}, payload)]
    signing_input = ".".join(multibase.encode_base64url(part) for part in parts).encode()
    return signing_input + b"." + multibase.encode_base64url(signatures.sign(private, signing_input)).encode()


def verify(data: bytes | Node, known: TrustBundle | None = None, **options: Any) -> Report:
    """The report of a verifier that knows the bundle."""
    return f.verify(written(data) if isinstance(data, dict) else data, trust() if known is None else known, **options)
