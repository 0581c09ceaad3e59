"""One badge of about 5 KB and everything needed to verify it: made from facts and signed, with a fresh key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from issuer import did_document, facts, status
from issuer.compose import compose
from verify import Recognition, TrustBundle
from verify.standards import data_integrity, documents, signatures
from verify.standards.signatures import KeyKind, LocalSigner

BASE = "https://badges.example"
DID = "did:web:badges.example:o:val-de-brume"
METHOD = f"{DID}#key-1"
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
LEVELS = ("Pas encore", "Guidé", "Aidé", "Seul", "En situation nouvelle", "Transmet")


@dataclass(frozen=True, slots=True)
class Sample:
    """A signer, the unsigned badge, and what a verifier knows of its issuer."""

    signer: LocalSigner
    unsigned: dict[str, Any]
    trust: TrustBundle
    did_document: dict[str, Any]

    def signed(self, cryptosuite: str) -> bytes:
        """The badge with an embedded proof, as compact JSON."""
        proof = data_integrity.create_proof(self.unsigned, self.signer, cryptosuite=cryptosuite, created=NOW)
        return documents.dump({**self.unsigned, "proof": [proof]})


def make(kind: KeyKind = KeyKind.ED25519) -> Sample:
    """A fresh key and a badge of its issuer."""
    signer = LocalSigner(signatures.generate(kind), METHOD)
    published = did_document.did_document(DID, {METHOD: signer.public})
    recognition = Recognition(
        issuer=DID,
        name="Mission locale du Val-de-Brume",
        recognised_by="Région Val-de-Brume",
        referentiel=f"{BASE}/r/savoir-etre",
        starts=date(2026, 1, 1),
        ends=None,
    )
    lists = {f"{BASE}/status/1": "revocation", f"{BASE}/status/2": "suspension"}
    signed = {url: _status_list(url, purpose, signer) for url, purpose in lists.items()}
    return Sample(signer, compose(award()), TrustBundle({DID: published}, signed, (recognition,)), published)


def award(number: int = 1) -> facts.AwardFacts:
    """The facts of one award; `number` tells one from another."""
    return facts.AwardFacts(
        credential_url=f"{BASE}/c/0f8b2a4e-6c1d-4b7a-9e3f-{number:012x}",
        subject_id=f"urn:uuid:6a3c1d8e-2f4b-4c9a-8d7e-{number:012x}",
        issuer=_issuer(),
        achievement=_achievement(),
        holder=facts.Holder(name="Aïcha Ferrand", hashed=True, salt="un-grain-de-sel-assez-long"),
        results=(facts.AgreedResult("equipe", 4),),
        evidence=(
            facts.Evidence(name="Stage en cuisine", narrative="Trois services tenus à quatre, dont un sans le chef."),
            facts.Evidence(
                name="Comment ce badge a été attribué",
                narrative="Évalué séparément par la personne elle-même et son coach, puis confronté lors d’un échange. "
                "Niveaux convenus lors d’un échange le 12 octobre 2026. Accordé par une autre personne que le coach.",
            ),
        ),
        valid_from=NOW.replace(month=10),
        valid_until=NOW.replace(year=2031),
        status=facts.StatusSlot(f"{BASE}/status/1", f"{BASE}/status/2", number % status.ENTRIES),
    )


def _issuer() -> facts.Issuer:
    return facts.Issuer(did=DID, name="Mission locale du Val-de-Brume", url=f"{BASE}/o/val-de-brume")


def _achievement() -> facts.Achievement:
    url = f"{BASE}/r/savoir-etre/1"
    levels = tuple(
        facts.ScaleLevel(number, name, f"Fait sa part, niveau {number} : {name.lower()}.")
        for number, name in enumerate(LEVELS)
    )
    return facts.Achievement(
        id_url=f"{url}#badge-equipe",
        name="Travail en équipe",
        description="Coopère vers un objectif commun : fait sa part, aide, transmet.",
        criteria_url=f"{url}#badge-equipe",
        criteria_narrative="Travail en équipe : Coopère vers un objectif commun. Niveau demandé : 3 (Seul).\n"
        "Évalué séparément par la personne elle-même et son coach, puis confronté lors d’un échange.",
        version="1",
        language="fr",
        achievement_type="Competency",
        image_url=f"{url}/equipe.png",
        alignments=tuple(
            facts.Alignment(
                name=f"Travailler en équipe ({source})",
                code="",
                url=f"https://cadres.example/{source.lower()}/equipe",
                source=f"{source} (proposé, non validé par l’organisme cité)",
            )
            for source in ("ROME", "CleA", "ESCO")
        ),
        requirements=(facts.Requirement("equipe", "Travail en équipe", 3, levels),),
    )


def _status_list(url: str, purpose: Any, signer: LocalSigner) -> bytes:
    unsigned = status.status_list_credential(url, _issuer(), purpose, status.new_bits(), NOW.replace(month=1))
    proof = data_integrity.create_proof(unsigned, signer, created=NOW)
    return documents.dump({**unsigned, "proof": [proof]})
