"""Badges of ours for somebody else's verifier: ours.py EXPORT FOLDER.

Signs the badges of an exported demo anew with every cryptosuite, each with a status list of the same suite, and adds
what must not verify: a withdrawn badge, a changed one, one signed by a stranger. The demo's own badges are among them.
Writes FOLDER/manifest.json, FOLDER/documents.json (what a loader has to know) and FOLDER/unsigned.json (for the peers).
"""

import json
import sys
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from pathlib import Path

from issuer import status
from issuer.disclosure import mandatory_pointers
from issuer.facts import Issuer
from verify.standards import data_integrity, did, ecdsa_sd, multikey, signatures, timestamps
from verify.standards.documents import shipped_contexts
from verify.standards.signatures import KeyKind, LocalSigner

NOW = datetime.now(UTC)
LATER = timestamps.write(NOW + timedelta(days=365))
MOST = 4
SELECTIVE = ecdsa_sd.ECDSA_SD_2023.name
STATUS_INDEX, REVOKED_INDEX = 4711, 2026

# (cryptosuite, kind of key)
SUITES = [
    (name, kind)
    for name, suite in data_integrity.CRYPTOSUITES.items()
    for kind in (KeyKind.ED25519, KeyKind.P256, KeyKind.P384)
    if kind in suite.hashes
]


def signer(kind: KeyKind) -> LocalSigner:
    """A fresh key under its did:key."""
    private = signatures.generate(kind)
    return LocalSigner(private, f"{did.did_key(private.public_key())}#{multikey.encode_public(private.public_key())}")


def entry(url: str, index: int) -> dict:
    """A status entry on the list."""
    return {
        "id": f"{url}#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(index),
        "statusListCredential": url,
    }


def signed(document: dict, key: LocalSigner, suite: str) -> dict:
    """The document with its proof, as a reader gets it."""
    if suite == SELECTIVE:
        return ecdsa_sd.derive(based(document, key), ["/credentialSubject", "/name"])
    return {**document, "proof": data_integrity.create_proof(document, key, cryptosuite=suite, created=NOW)}


def based(document: dict, key: LocalSigner) -> dict:
    """The document with a base proof, for its holder."""
    shown = mandatory_pointers(document)
    proof = data_integrity.create_proof(document, key, cryptosuite=SELECTIVE, created=NOW, mandatory_pointers=shown)
    return {**document, "proof": proof}


def of_issuer(document: dict, key: LocalSigner, url: str, index: int) -> dict:
    """The unsigned document, in the name of the key's owner."""
    own = {member: value for member, value in deepcopy(document).items() if member != "proof"}
    own["issuer"]["id"] = key.verification_method.partition("#")[0]
    own["credentialStatus"] = entry(url, index)
    own.setdefault("validUntil", LATER)  # openbadgeslib takes no disclosed badge without an end
    return own


def main(export: Path, folder: Path) -> None:
    """Write everything."""
    folder.mkdir(parents=True)
    entries = json.loads((export / "manifest.json").read_text())
    documents = dict(shipped_contexts().documents())
    for path in [*sorted((export / "did").glob("*.json")), *sorted((export / "status").glob("*.json"))]:
        document = json.loads(path.read_text())
        documents[document["id"]] = document
    manifest = []

    def write(suite: str, name: str, document: dict, *, good: bool | None) -> None:
        file = folder / f"{len(manifest):04}.json"
        file.write_text(json.dumps(document, ensure_ascii=False))
        manifest.append({"suite": suite, "name": name, "file": file.name, "good": good})

    for each in entries:
        written = json.loads((export / each["json"]).read_text())
        write("eddsa-rdfc-2022", f"demo: {each['name']}", written, good=each["status"] == "valid")
    badges = [json.loads((export / each["json"]).read_text()) for each in entries if each["status"] == "valid"][:MOST]
    for suite, kind in SUITES:
        key, stranger = signer(kind), signer(kind)
        url = f"https://lists.example/{suite}/{kind}"
        bits = status.new_bits().with_bit(REVOKED_INDEX, value=True)
        issuer = Issuer(did=key.verification_method.partition("#")[0], name="Jalon", url="https://lists.example/")
        listed = status.status_list_credential(url, issuer, "revocation", bits, NOW)
        documents[url] = signed(listed, key, "ecdsa-rdfc-2019" if suite == SELECTIVE else suite)
        label = f"{suite} ({kind})"
        for number, badge in enumerate(badges):
            good = signed(of_issuer(badge, key, url, STATUS_INDEX), key, suite)
            write(suite, f"{label} {number}", good, good=True)
            changed = deepcopy(good)
            changed["credentialSubject"]["achievement"]["name"] += "."
            write(suite, f"{label} {number} changed", changed, good=False)
            later = deepcopy(good)
            later["proof"]["created"] = "2020-01-01T00:00:00Z"
            write(suite, f"{label} {number} proof changed", later, good=False)
            withdrawn = signed(of_issuer(badge, key, url, REVOKED_INDEX), key, suite)
            write(suite, f"{label} {number} withdrawn", withdrawn, good=False)
            usurped = signed(of_issuer(badge, key, url, STATUS_INDEX), stranger, suite)
            write(suite, f"{label} {number} by a stranger", usurped, good=False)
            if suite == SELECTIVE:
                base = based(of_issuer(badge, key, url, STATUS_INDEX), key)
                write(suite, f"{label} {number} base", base, good=None)
    (folder / "manifest.json").write_text(json.dumps(manifest))
    (folder / "documents.json").write_text(json.dumps(documents))
    (folder / "unsigned.json").write_text(
        json.dumps([{member: value for member, value in badge.items() if member != "proof"} for badge in badges])
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
