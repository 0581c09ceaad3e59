"""The Open Badges 2.0 form of what is signed as Open Badges 3.0, for the backpacks that hold nothing newer.

An Assertion is made from the signed credential and from nothing else: it cannot say more of the person than what they
took. It is hosted, so that it stands by being served; beside it goes a signed form, a JSON Web Signature with an RSA
key, which our own verifier reads before it leaves. The recipient is the credential's own subject, an identifier made
for that one badge; a name goes along where the credential has it in clear.

Source: Open Badges 2.0 (IMS Final Release, 2018-04-12), sections "Open Badges Vocabulary" and "Additional Properties";
docs/adr/0008.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from issuer.compose import filled
from issuer.errors import SigningRefused
from issuer.facts import Achievement, Alignment, Issuer
from verify import Outcome, Policy, TrustBundle, Verdict, Verifier
from verify.standards import documents, multibase, signatures, vc_jwt
from verify.standards.open_badges_2 import CONTEXT
from verify.standards.signatures import KeyKind, PublicKey, Signer
from verify.summary import ResultLine, summarise

_Node = dict[str, Any]

WORDS: Mapping[str, Mapping[str, str]] = {
    "fr": {
        "same": "Le même badge, signé, au standard Open Badges 3.0",
        "why": "Son adresse dit à l’instant s’il est authentique et en vigueur, qui a évalué et qui reconnaît.",
        "reached": "{name} : niveau {level}",
        "revoked": "L’émetteur a retiré ce badge. Cela ne dit rien d’autre sur la personne.",
        "suspended": "Ce badge est en pause.",
        "replaced": "Ce badge a été remplacé par un plus récent. Demandez-le à la personne.",
    },
    "en": {
        "same": "The same badge, signed, as Open Badges 3.0",
        "why": "Its address says at once whether it is authentic and in force, who assessed it and who recognises it.",
        "reached": "{name}: level {level}",
        "revoked": "The issuer has withdrawn this badge. This says nothing else about the person.",
        "suspended": "This badge is on hold.",
        "replaced": "This badge has been replaced by a newer one. Ask the person for it.",
    },
}


def credential_of(signed: bytes) -> _Node:
    """The credential in the bytes that were signed, JSON or a compact JWT."""
    return documents.load(signed) if signed.startswith(b"{") else vc_jwt.read(signed).payload


def hosted(credential: _Node, *, address: str, badge_class: str, image: str) -> _Node:
    """The Assertion to serve at the address; `image` is where the picture that carries it can be had."""
    return filled(
        {
            "@context": CONTEXT,
            "type": "Assertion",
            "id": address,
            "recipient": {"type": "id", "hashed": False, "identity": credential["credentialSubject"]["id"]},
            "extensions:recipientProfile": {"name": _name_in_clear(credential)},
            "badge": badge_class,
            "image": image,
            "verification": {"type": "HostedBadge"},
            "issuedOn": credential["validFrom"],
            "expires": credential.get("validUntil"),
            "narrative": _narrative(credential),
            "evidence": [*(_evidence(each) for each in credential.get("evidence", ())), _same(credential)],
            "related": credential["id"],
        }
    )


def to_sign(assertion: _Node, *, identifier: str, creator: str) -> _Node:
    """The hosted Assertion as it is signed: under an identifier that is no address, and naming its key."""
    return {**assertion, "id": identifier, "verification": {"type": "SignedBadge", "creator": creator}}


def sign(assertion: _Node, signer: Signer, *, now: datetime, published: Mapping[str, _Node]) -> bytes:
    """The signed Assertion as a compact JSON Web Signature, RS256, to store and serve.

    `published` are the documents that it points at, by address, as they will be served.

    Raises:
        SigningRefused: where our own verifier does not accept the result.
        ValueError: where the key is no RSA key.
        Source: section "SignedBadge Verification": RSA-SHA256 is what every reader knows.
    """
    if signatures.kind_of(signer.public) is not KeyKind.RSA:
        raise ValueError("An Open Badges 2.0 badge is signed with an RSA key.")
    parts = (documents.dump({"alg": "RS256"}), documents.dump(assertion))
    signing_input = ".".join(multibase.encode_base64url(part) for part in parts).encode()
    token = signing_input + b"." + multibase.encode_base64url(signer.sign(signing_input)).encode()
    known = TrustBundle(documents={address: documents.dump(node) for address, node in published.items()})
    verifier = Verifier(keys=known, statuses=known, issuers=known, documents=known, policy=Policy.SELF_CHECK)
    report = verifier.verify(token, now=now)
    if report.verdict is not Verdict.VALID:
        worst = next(check for check in report.checks if check.outcome is not Outcome.PASSED)
        raise SigningRefused(worst.name, str(worst.reason))
    return token


def taken_back(address: str, reason: str) -> _Node:
    """What is left of an Assertion that the issuer withdrew or paused.

    Source: section "Revoking Hosted Assertions".
    """
    return {"@context": CONTEXT, "type": "Assertion", "id": address, "revoked": True, "revocationReason": reason}


def badge_class(achievement: Achievement, *, address: str, issuer: str) -> _Node:
    """The BadgeClass under which one issuer awards the achievement; there is one for each issuer of it."""
    return filled(
        {
            "@context": CONTEXT,
            "type": "BadgeClass",
            "id": address,
            "@language": achievement.language,
            "name": achievement.name,
            "description": achievement.description,
            "image": achievement.image_url,
            "criteria": {"id": achievement.criteria_url, "narrative": achievement.criteria_narrative},
            "issuer": issuer,
            "alignment": [_alignment(each) for each in achievement.alignments],
            "tags": list(achievement.tags),
            "version": achievement.version,
            "related": achievement.id_url,
        }
    )


def profile(
    issuer: Issuer, *, address: str, assertions: str, keys: Iterable[str], revocations: str, also: str
) -> _Node:
    """The issuer's Profile. `assertions` is how its hosted Assertions' addresses begin; `also` its DID document.

    Raises:
        ValueError: where the issuer has no e-mail address, which this version requires of issuers.
    """
    if not issuer.email:
        raise ValueError("An Open Badges 2.0 issuer has an e-mail address.")
    return filled(
        {
            "@context": CONTEXT,
            "type": "Issuer",
            "id": address,
            "name": issuer.name,
            "url": issuer.url,
            "email": issuer.email,
            "verification": {"type": "VerificationObject", "startsWith": assertions},
            "publicKey": list(keys),
            "revocationList": revocations,
            "related": also,
        }
    )


def cryptographic_key(key: PublicKey, *, address: str, owner: str) -> _Node:
    """The document of a public key."""
    pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii")
    return {"@context": CONTEXT, "type": "CryptographicKey", "id": address, "owner": owner, "publicKeyPem": pem}


def revocation_list(entries: Mapping[str, str], *, address: str, issuer: str, never_issued: str) -> _Node:
    """The list of signed Assertions that were taken back: identifier → reason.

    A list of one would be read as no list by a validator in wide use, which compacts it to its one entry: wherever
    there is an entry, an identifier that was never issued stands beside it.
    """
    listed = [{"id": identifier, "revocationReason": reason} for identifier, reason in entries.items()]
    return {
        "@context": CONTEXT,
        "type": "RevocationList",
        "id": address,
        "issuer": issuer,
        "revokedAssertions": [*listed, {"id": never_issued}] if listed else [],
    }


def words_of(credential: _Node) -> Mapping[str, str]:
    """What this module writes, in the language of the achievement; French where there is no other."""
    language = str(credential["credentialSubject"]["achievement"].get("inLanguage", ""))
    return WORDS.get(language.partition("-")[0], WORDS["fr"])


def _name_in_clear(credential: _Node) -> str:
    identifiers = credential["credentialSubject"].get("identifier", ())
    return next((str(one["identityHash"]) for one in identifiers if _is_clear_name(one)), "")


def _is_clear_name(identifier: _Node) -> bool:
    return identifier["identityType"] == "name" and identifier["hashed"] is False


def _narrative(credential: _Node) -> str:
    """What was reached, in sentences: this version has no place for results."""
    words = words_of(credential)
    return "\n\n".join(_reached(line, words) for line in summarise(credential, written_as="json").results)


def _reached(line: ResultLine, words: Mapping[str, str]) -> str:
    level = line.achieved
    number = (level.level if level else None) or line.value or ""
    said = words["reached"].format(name=line.name or "", level=number)
    if level is None:
        return f"{said}."
    said += f" ({level.name})." if level.name else "."
    return f"{said} {level.description}" if level.description else said


def _evidence(node: _Node) -> _Node:
    members = ("id", "name", "narrative", "genre", "audience")
    return {"type": "Evidence", **{member: node.get(member) for member in members}}


def _same(credential: _Node) -> _Node:
    words = words_of(credential)
    return {"type": "Evidence", "id": credential["id"], "name": words["same"], "narrative": words["why"]}


def _alignment(alignment: Alignment) -> _Node:
    return {
        "targetName": alignment.name,
        "targetUrl": alignment.url,
        "targetFramework": alignment.source,
        "targetCode": alignment.code,
    }
