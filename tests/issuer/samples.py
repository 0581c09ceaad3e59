"""Facts, a key and a moment that every test of this folder starts from. The key signs nothing outside the tests."""

import json
from dataclasses import replace
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from issuer import did_document, signer, status
from issuer.compose import compose
from issuer.facts import (
    Achievement,
    AgreedResult,
    Alignment,
    AwardFacts,
    Evidence,
    Holder,
    Issuer,
    Requirement,
    ScaleLevel,
    StatusSlot,
)
from verify import Policy, TrustBundle, Verifier
from verify.standards.signatures import LocalSigner

NOW = datetime(2026, 3, 2, 9, 30, 15, 250_000, tzinfo=UTC)
DID = "did:web:badges.example:o:val-de-brume"
KEY = LocalSigner(Ed25519PrivateKey.from_private_bytes(b"jalon-tests-issuer-key-not-secre"), f"{DID}#cle-1")
DID_DOCUMENT = did_document.did_document(DID, {KEY.verification_method: KEY.public})

ISSUER = Issuer(did=DID, name="Région Val-de-Brume", url="https://badges.example/o/val-de-brume")
BADGE = "https://badges.example/r/regional/2#badge-coop"
REVOCATIONS, SUSPENSIONS = "https://badges.example/status/1", "https://badges.example/status/2"
INDEX = 94_567


def requirement(code: str, name: str, required: int, *levels: tuple[int, str]) -> Requirement:
    return Requirement(
        code, name, required, tuple(ScaleLevel(level, word, f"{name} : {word}.") for level, word in levels)
    )


ACHIEVEMENT = Achievement(
    id_url=BADGE,
    name="Coopérer et compter",
    description="Fait sa part dans une équipe et réalise les calculs du poste.",
    criteria_url="https://badges.example/r/regional/2",
    criteria_narrative="Deux évaluations séparées, puis un échange.\nNiveau 3 demandé.",
    version="2",
    language="fr",
    image_url="https://badges.example/r/regional/2/coop.png",
    tags=("savoir-être",),
    alignments=(
        Alignment("Travailler en équipe", "", "https://rome.example/300425", "ROME 4.0 (proposé)"),
        Alignment("Calculer", "2", "https://clea.example/", "CléA"),
    ),
    requirements=(
        requirement("equipe", "Travail en équipe", 3, (1, "découvre"), (2, "avec aide"), (3, "seul"), (4, "transmet")),
        requirement("calcul", "Calcul", 2, (1, "découvre"), (2, "avec aide"), (3, "seul"), (4, "transmet")),
    ),
)

FACTS = AwardFacts(
    credential_url="https://badges.example/c/6f1c2f4e-54b1-4f39-9d5c-6d6d6f0f0a01",
    subject_id="urn:uuid:0b7a2b1e-53c4-4a52-8f0e-8f6d6a3f9c02",
    issuer=ISSUER,
    achievement=ACHIEVEMENT,
    holder=Holder("Amina Diallo", hashed=True, salt="b1f4c9d27e6a4a3f"),
    results=(AgreedResult("equipe", 4), AgreedResult("calcul", 2)),
    evidence=(
        Evidence("Chantier de la halle", "A réparti les tâches.\nTrois fois en mai.", genre="Mise en situation"),
    ),
    valid_from=NOW,
    valid_until=None,
    status=StatusSlot(REVOCATIONS, SUSPENSIONS, INDEX),
)


def facts(**changes: object) -> AwardFacts:
    """The sample facts with some of them replaced."""
    return replace(FACTS, **changes)


def signed(award: AwardFacts = FACTS, now: datetime = NOW) -> bytes:
    return signer.sign(compose(award), KEY, now=now, did_document=DID_DOCUMENT)


def signed_list(url: str, purpose: status.Purpose, *, set_at: tuple[int, ...] = ()) -> bytes:
    bits = status.new_bits()
    for index in set_at:
        bits = bits.with_bit(index, value=True)
    document = status.status_list_credential(url, ISSUER, purpose, bits, NOW)
    return signer.sign(document, KEY, now=NOW, did_document=DID_DOCUMENT)


def lists(*, revoked: tuple[int, ...] = (), suspended: tuple[int, ...] = ()) -> dict[str, bytes]:
    return {
        REVOCATIONS: signed_list(REVOCATIONS, "revocation", set_at=revoked),
        SUSPENSIONS: signed_list(SUSPENSIONS, "suspension", set_at=suspended),
    }


def verifier(published: dict[str, bytes]) -> Verifier:
    trust = TrustBundle({DID: DID_DOCUMENT}, published)
    return Verifier(keys=trust, statuses=trust, issuers=trust, policy=Policy.AUTHENTIC)


def web(published: dict[str, bytes]):
    """What a foreign implementation would download, without a network."""
    pages = {"https://badges.example/o/val-de-brume/did.json": json.dumps(DID_DOCUMENT).encode(), **published}
    return pages.__getitem__
