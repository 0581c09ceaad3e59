"""Documents of the other kinds, signed for real: endorsements, learner records, presentations, plain credentials.

The university is recognised for everything, where the issuer of the badges is recognised for one référentiel.
"""

import copy
from datetime import date
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.verify import factory as f
from verify import Policy, Recognition, Report, TrustBundle, Verifier
from verify.standards import did
from verify.standards.documents import CREDENTIALS_V1, CREDENTIALS_V2, DATA_INTEGRITY, OPEN_BADGES

Node = dict[str, Any]

CLR = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"

UNIVERSITY = "did:web:badges.example:o:universite"
UNIVERSITY_KEY = Ed25519PrivateKey.from_private_bytes(b"jalon-tests-univ--key-not-secret")
UNIVERSITY_METHOD = UNIVERSITY + "#cle-1"
HOLDER_KEY = Ed25519PrivateKey.from_private_bytes(b"jalon-tests-holder-key-not-secre")
HOLDER = did.did_key(HOLDER_KEY.public_key())
HOLDER_METHOD = f"{HOLDER}#{HOLDER.removeprefix('did:key:')}"

SILENT_HOLDER = "did:web:badges.example:o:porteur"

BADGE_ID = f.credential()["id"]
ACHIEVEMENT_ID = f.credential()["credentialSubject"]["achievement"]["id"]
CHALLENGE = "une-fois-seulement"

RECOGNITION = Recognition(
    issuer=UNIVERSITY,
    name="Université du Val-de-Brume",
    recognised_by="Région Val-de-Brume",
    referentiel=None,
    starts=date(2026, 1, 1),
    ends=None,
)


def trust(**changes: Any) -> TrustBundle:
    """A bundle that also knows the university."""
    documents = {f.ISSUER: f.did_document(), UNIVERSITY: f.did_document(UNIVERSITY, UNIVERSITY_KEY)}
    return f.trust(did_documents=documents, recognitions=(f.RECOGNITION, RECOGNITION), **changes)


def verify(data: bytes | Node, policy: Policy = Policy.RECOGNISED, **asked: Any) -> Report:
    """The report of a verifier that knows the university too."""
    known = trust()
    verifier = Verifier(keys=known, statuses=known, issuers=known, policy=policy)
    return verifier.verify(data if isinstance(data, bytes) else f.written(data), now=f.NOW, **asked)


def without(document: Node, *members: str) -> Node:
    """The document without these members."""
    return {name: value for name, value in document.items() if name not in members}


def endorsement(about: str = BADGE_ID, **changes: Any) -> Node:
    """An unsigned endorsement, by the university; `changes` replace members, and None leaves one out."""
    made: Node = {
        "@context": [CREDENTIALS_V2, OPEN_BADGES],
        "id": "urn:uuid:3f6c9a52-0000-4000-8000-000000000001",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": "Recommandation de l’université",
        "issuer": {"id": UNIVERSITY, "type": ["Profile"], "name": "Université du Val-de-Brume"},
        "validFrom": "2026-10-05T08:00:00Z",
        "credentialSubject": {
            "id": about,
            "type": ["EndorsementSubject"],
            "endorsementComment": "Nous tenons compte de ce badge à l’entrée en licence.",
        },
        **copy.deepcopy(changes),
    }
    return {member: value for member, value in made.items() if value is not None}


def clr(members: list[Any], **changes: Any) -> Node:
    """An unsigned learner record of the university that holds these credentials."""
    made: Node = {
        "@context": [CREDENTIALS_V2, CLR, OPEN_BADGES],
        "id": "urn:uuid:3f6c9a52-0000-4000-8000-000000000002",
        "type": ["VerifiableCredential", "ClrCredential"],
        "name": "Relevé d’Aïcha Ferrand",
        "issuer": {"id": UNIVERSITY, "type": ["Profile"], "name": "Université du Val-de-Brume"},
        "validFrom": "2026-10-05T08:00:00Z",
        "credentialSubject": {
            "id": "urn:uuid:6a3c1d8e-2f4b-4c9a-8d7e-1b2a3c4d5e6f",
            "type": ["ClrSubject"],
            "verifiableCredential": members,
        },
        **copy.deepcopy(changes),
    }
    return {member: value for member, value in made.items() if value is not None}


def presentation(members: list[Any], **changes: Any) -> Node:
    """An unsigned presentation of these credentials by the holder."""
    made: Node = {
        "@context": [CREDENTIALS_V2],
        "type": ["VerifiablePresentation"],
        "holder": HOLDER,
        "verifiableCredential": members,
        **copy.deepcopy(changes),
    }
    return {member: value for member, value in made.items() if value is not None}


def plain(**changes: Any) -> Node:
    """An unsigned credential of no kind of its own, by the university."""
    made: Node = {
        "@context": [CREDENTIALS_V2],
        "type": ["VerifiableCredential"],
        "issuer": UNIVERSITY,
        "credentialSubject": {"id": "urn:uuid:6a3c1d8e-2f4b-4c9a-8d7e-1b2a3c4d5e6f"},
        **copy.deepcopy(changes),
    }
    return {member: value for member, value in made.items() if value is not None}


def badge_of_1_1(**changes: Any) -> Node:
    """An unsigned badge on the data model 1.1, as issuers wrote them until 2023."""
    dated = {"issuanceDate": "2026-10-01T08:00:00Z", "expirationDate": "2031-10-01T08:00:00Z"}
    older = {"validFrom": None, "validUntil": None, "credentialStatus": None, "name": None}
    return f.credential(**{"@context": [CREDENTIALS_V1, OPEN_BADGES, DATA_INTEGRITY], **older, **dated, **changes})


def by_university(document: Node, **changes: Any) -> Node:
    """The document, signed by the university."""
    return f.sign(document, UNIVERSITY_KEY, UNIVERSITY_METHOD, **changes)


def by_holder(document: Node, **changes: Any) -> Node:
    """The presentation, signed by its holder in answer to the challenge."""
    options = {"proofPurpose": "authentication", "challenge": CHALLENGE, "domain": "employeur.example", **changes}
    return f.sign(document, HOLDER_KEY, HOLDER_METHOD, **options)


def badge(**changes: Any) -> Node:
    """A signed badge of the usual issuer."""
    return f.sign(f.credential(**changes))


def forged(document: Node) -> Node:
    """A signed endorsement that says something else since."""
    made = copy.deepcopy(document)
    made["credentialSubject"]["endorsementComment"] = "Ce badge vaut une licence."
    return made


def token(document: Node, **header: Any) -> str:
    """The document as a token of the university."""
    claims = {"iss": UNIVERSITY, "jti": document["id"], "sub": document["credentialSubject"]["id"], "nbf": 1791187200}
    return f.jwt({**document, **claims}, UNIVERSITY_KEY, kid=UNIVERSITY_METHOD, **header).decode()


def envelope(text: str, type_: str = "EnvelopedVerifiableCredential", media: str = "application/vc+jwt") -> Node:
    """The token in an envelope, as it stands in JSON."""
    return {"@context": CREDENTIALS_V2, "id": f"data:{media},{text}", "type": type_}


def second_badge(**changes: Any) -> Node:
    """Another signed badge of the usual issuer, of another achievement."""
    achievement = {
        "id": f"{f.REFERENTIEL}/1#badge-autonomie",
        "type": ["Achievement"],
        "name": "Autonomie",
        "description": "Prend des initiatives et s’organise seul.",
        "criteria": {"narrative": "Niveau 3 convenu entre la personne et son coach."},
    }
    subject = {
        "id": "urn:uuid:6a3c1d8e-2f4b-4c9a-8d7e-1b2a3c4d5e70",
        "type": ["AchievementSubject"],
        "achievement": achievement,
    }
    return badge(id="urn:uuid:3f6c9a52-0000-4000-8000-000000000003", credentialSubject=subject, **changes)
