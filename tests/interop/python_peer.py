"""openbadgeslib and we read each other: python_peer.py EXPORT FOLDER.

EXPORT is an exported demo, FOLDER what `ours.py` has written. One line for each form and direction; exit status 1 where
the two disagree on any badge.
"""

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from openbadgeslib import ob2, ob3
from openbadgeslib.errors import LibOpenBadgesException
from openbadgeslib.keys import public_jwk_from_pem
from openbadgeslib.verify import verify_badge

from issuer import status
from issuer.facts import Issuer
from issuer.picture import Picture, badge_png, badge_svg
from verify import Policy, Recognition, TrustBundle, Unreadable, Verdict, Verifier, read_trust
from verify.standards import did as dids
from verify.standards import signatures, vc_jwt
from verify.standards.signatures import KeyKind, LocalSigner

LIST = "https://lists.example/openbadgeslib"
REVOKED, STANDING = 7, 8
THEIRS = ("eddsa-rdfc-2022", "ecdsa-sd-2023")
"""The cryptosuites it verifies, the second of them through openvc-core."""


@dataclass
class Tally:
    """How often the two agreed, by form and direction."""

    asked: Counter[str]
    agreed: Counter[str]

    def note(self, form: str, name: str, good: bool, said: bool, why: str = "") -> None:
        """Count one badge; say on standard error where they differ."""
        self.asked[form] += 1
        self.agreed[form] += said is good
        if said is not good:
            print(f"  {form}: {name}: expected {good}, said {said} {why}", file=sys.stderr)

    def finish(self) -> int:
        """Print the lines; the exit status."""
        for form, count in self.asked.items():
            print(f"openbadgeslib  {form}: {self.agreed[form]} of {count} agree")
        return 1 if not self.asked or self.asked != self.agreed else 0


def reads_ours(export: Path, folder: Path, tally: Tally) -> None:
    """Their verifier on our badges: the demo as files and as pictures, and the ones under a did:key."""
    known = {
        document["id"]: document
        for kind in ("did", "status")
        for document in (json.loads(path.read_text()) for path in (export / kind).glob("*.json"))
    }
    known.update(json.loads((folder / "documents.json").read_text()))

    def download(url: str) -> bytes:
        named = [id_ for id_ in known if id_ == url or _did_web_address(id_) == url]
        return json.dumps(known[named[0]]).encode()

    for entry in json.loads((export / "manifest.json").read_text()):
        good = entry["status"] == "valid"
        for form in ("json", "png", "svg"):
            data = (export / entry[form]).read_bytes()
            said, why = _their_verdict(data, download, picture=form != "json")
            tally.note(f"eddsa-rdfc-2022 {form}  reads ours", entry["name"], good, said, why)
    for entry in json.loads((folder / "manifest.json").read_text()):
        suite, good = entry["suite"], entry["good"]
        if suite in THEIRS and good is not None and not entry["name"].startswith("demo"):
            said, why = _their_verdict((folder / entry["file"]).read_bytes(), download, picture=False)
            tally.note(f"{suite} did:key  reads ours", entry["name"], good, said, why)


def reads_our_tokens(folder: Path, tally: Tally) -> None:
    """Their verifier on our badges as tokens, with a status list that is a token too, which it can prove."""
    for kind in (KeyKind.ED25519, KeyKind.P256, KeyKind.RSA):
        private = signatures.generate(kind)
        made = dids.did_jwk(private.public_key()) if kind is KeyKind.RSA else dids.did_key(private.public_key())
        known = dids.resolve_did_jwk(made) if kind is KeyKind.RSA else dids.resolve_did_key(made)
        key = LocalSigner(private, known["assertionMethod"][0])
        bits = status.new_bits().with_bit(REVOKED, value=True)
        issuer = Issuer(did="did:web:lists.example", name="Jalon", url="https://lists.example/")
        unsigned_list = status.status_list_credential(LIST, issuer, "revocation", bits, datetime.now(UTC))
        listed = vc_jwt.create({**unsigned_list, "issuer": made}, key)
        public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        # It writes did:jwk but resolves none: there the key is handed over.
        handed = kind is KeyKind.RSA
        theirs = ob3.OB3Verifier(public, made) if handed else ob3.OB3Verifier.for_issuer_did(made)
        for number, unsigned in enumerate(json.loads((folder / "unsigned.json").read_text())):
            for index in (STANDING, REVOKED):
                entry = ob3.status_entry(LIST, "revocation", index)
                badge = {**unsigned, "issuer": {**unsigned["issuer"], "id": made}, "credentialStatus": entry}
                token = vc_jwt.create(badge, key).decode()
                cut = len(token) // 2
                changed = token[:cut] + ("A" if token[cut] != "A" else "B") + token[cut + 1 :]
                for name, written, good in (("", token, index == STANDING), (" changed", changed, False)):
                    said, why = _they_take(theirs, written, listed)
                    tally.note(f"VC-JWT {kind}  reads ours", f"{number} {index}{name}", good, said, why)


def open_badges_2_reads_ours(export: Path, tally: Tally) -> None:
    """Their verifier on the demo's badges as Open Badges 2.0: hosted, and signed with what we publish of the key."""
    known = {}
    for path in (export / "documents").glob("*.json"):
        document = json.loads(path.read_text())
        known[document["id"]] = path.read_bytes()

    def download(url: str) -> bytes:
        if url not in known:
            raise LibOpenBadgesException(f"nothing at {url}")
        return known[url]

    verifier = ob2.OB2Verifier(download=download)
    for entry in json.loads((export / "manifest.json").read_text()):
        files = {form: (export / path).read_bytes() for form, path in entry["open_badges_2"].items()}
        ways = {
            "hosted, JSON": lambda data=files["json"]: verifier.verify_hosted(data.decode(), check_revocation=True),
            "signed": lambda data=files["jws"]: verifier.verify(data.decode(), check_revocation=True),
            "PNG": lambda data=files["png"]: _as_baked(verifier, verifier.extract_token_from_png(data), download),
            "SVG": lambda data=files["svg"]: _as_baked(verifier, verifier.extract_token_from_svg(data), download),
        }
        for form, way in ways.items():
            good = entry["status"] == "valid"
            try:
                way()
                tally.note(f"Open Badges 2.0 {form}  reads ours", entry["name"], good, said=True)
            except LibOpenBadgesException as error:
                tally.note(f"Open Badges 2.0 {form}  reads ours", entry["name"], good, said=False, why=str(error)[:200])


def _as_baked(verifier: ob2.OB2Verifier, text: str, download: Callable[[str], bytes]) -> None:
    """Verify what stood in a picture: an assertion, the address of one (`verify` in an SVG), or a signed one."""
    if text.startswith("http"):
        text = download(text).decode()
    if text.startswith("{"):
        verifier.verify_hosted(text, check_revocation=True)
    else:
        verifier.verify(text, check_revocation=True)


def _they_take(theirs: ob3.OB3Verifier, token: str, listed: bytes) -> tuple[bool, str]:
    try:
        theirs.verify(token, check_status=True, download=lambda _url: listed)
    except LibOpenBadgesException as error:
        return False, str(error)[:200]
    return True, ""


def _did_web_address(did: str) -> str:
    if not did.startswith("did:web:"):
        return ""
    host, *path = did.removeprefix("did:web:").split(":")
    return f"https://{host.replace('%3A', ':')}/{'/'.join(path or ['.well-known'])}/did.json"


def _their_verdict(data: bytes, download: Callable[[str], bytes], *, picture: bool) -> tuple[bool, str]:
    try:
        # Of status lists it can prove only those that are JWTs; of ours, which carry a proof, it reads the bits.
        reading = {"check_status": True, "verify_status_list": False, "download": download}
        if picture:
            result = verify_badge(data, resolve_did=True, **reading)
            return result.valid, result.reason or ""
        ob3.OB3LdpVerifier().verify(data, **reading)
    except LibOpenBadgesException as error:
        return False, str(error)[:200]
    return True, ""


def read_by_us(tally: Tally) -> None:
    """Our verifier on theirs: every form and key they have, as text and in pictures, with their status lists."""
    for form, signer, did, algorithm in _signers():
        data = _list(signer, did, algorithm)
        bundle = TrustBundle(status_lists={LIST: data.encode()})
        verifier = Verifier(keys=bundle, statuses=bundle, issuers=bundle, policy=Policy.AUTHENTIC)
        for name, good, badge in _badges(signer, did):
            try:
                report = verifier.verify(badge, now=datetime.now(UTC))
            except Unreadable as error:
                tally.note(f"{form}  read by us", name, good, said=False, why=str(error))
                continue
            said = report.verdict is Verdict.VALID
            why = ", ".join(f"{check.name} {check.reason}" for check in report.checks if check.reason)
            tally.note(f"{form}  read by us", name, good, said, why)
            if not good and report.verdict is not Verdict.INVALID:
                tally.note(f"{form}  read by us", f"{name}, called bad", good=True, said=False, why=why)


def open_badges_2_read_by_us(tally: Tally) -> None:
    """Our verifier on their signed assertions of Open Badges 2.0, as text and in pictures."""
    private = rsa.generate_private_key(65537, 2048)
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    site = "https://issuer.example"
    key, profile, badge, revoked = (f"{site}/{name}" for name in ("key", "profile", "badge", "revoked"))
    now = datetime.now(UTC).replace(microsecond=0)
    documents = [
        ob2.CryptographicKey(id=key, owner=profile, public_key_pem=public),
        ob2.Profile(
            id=profile,
            name="Val-de-Brume",
            url=site,
            email="a@issuer.example",
            public_key=[key],
            revocation_list=revoked,
        ),
        ob2.BadgeClass(
            id=badge,
            name="Travail en équipe",
            description="Coopère.",
            image=f"{site}/badge.png",
            criteria=f"{site}/criteria",
            issuer=profile,
        ),
        ob2.RevocationList(id=revoked, issuer=profile, revoked_assertions=["urn:uuid:revoked", "urn:uuid:other"]),
    ]
    known = {document.id: json.dumps(document.to_dict()).encode() for document in documents}
    recognised = Recognition(profile, "Val-de-Brume", "interop", None, now.date() - timedelta(days=9), None)
    bundle = TrustBundle(documents=known, recognitions=(recognised,))
    verifier = Verifier(keys=bundle, statuses=bundle, issuers=bundle, documents=bundle)
    signer = ob2.OB2Signer(pem)

    def assertion(**changes: object) -> ob2.Assertion:
        members = {
            "recipient": ob2.IdentityObject.create("a@example.org", "Kosher"),
            "badge": badge,
            "verification": ob2.Verification("SignedBadge", key),
            "issued_on": now - timedelta(days=3),
        }
        return ob2.Assertion(**{**members, **changes})

    svg, png = _pictures(now.year)
    token = signer.sign(assertion()).encode()
    for name, good, data in (
        ("plain", True, token),
        ("PNG", True, signer.sign_into_png(assertion(), png)),
        ("SVG", True, signer.sign_into_svg(assertion(), svg)),
        ("revoked", False, signer.sign(assertion(id="urn:uuid:revoked")).encode()),
        ("expired", False, signer.sign(assertion(expires=now - timedelta(days=1))).encode()),
        ("changed", False, token[:-8] + b"AAAAAAAA"),
    ):
        report = verifier.verify(data, now=now)
        why = ", ".join(f"{check.name} {check.reason}" for check in report.checks if check.reason)
        right = Verdict.VALID if good else Verdict.INVALID
        tally.note("Open Badges 2.0 RS256  read by us", name, good, good if report.verdict is right else not good, why)


def _list(signer: ob3.OB3Signer | ob3.OB3LdpSigner, did: str, algorithm: str | None) -> str:
    """Their status list, signed by the same key."""
    while True:
        began = int(datetime.now(UTC).timestamp())
        listed = ob3.build_status_list_credential(did, LIST, "revocation", [REVOKED])
        if algorithm is None:
            return json.dumps(ob3.add_data_integrity_proof(listed, signer.privkey_pem, signer.verification_method))
        data = ob3.sign_status_list_credential(listed, signer.privkey_pem, algorithm)
        # It asks the clock twice; a second that ends in between makes claims and credential differ.
        if int(datetime.now(UTC).timestamp()) == began:
            return data


def _signers() -> Iterator[tuple[str, ob3.OB3Signer | ob3.OB3LdpSigner, str, str | None]]:
    edwards, p256, rsa_key = (
        Ed25519PrivateKey.generate(),
        ec.generate_private_key(ec.SECP256R1()),
        rsa.generate_private_key(65537, 2048),
    )
    for key, algorithm in ((edwards, None), (edwards, "EdDSA"), (p256, "ES256"), (rsa_key, "RS256")):
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        if algorithm is None:
            yield "eddsa-rdfc-2022", ob3.OB3LdpSigner(private), ob3.did_key_from_pem(public), None
            continue
        signer = ob3.OB3Signer(private, algorithm)
        if algorithm != "RS256":
            yield f"VC-JWT {algorithm} did:key", signer, ob3.did_key_from_pem(public), algorithm
        yield f"VC-JWT {algorithm} did:jwk", signer, ob3.did_jwk_from_jwk(public_jwk_from_pem(public)), algorithm


def _badges(signer: ob3.OB3Signer | ob3.OB3LdpSigner, did: str) -> Iterator[tuple[str, bool, bytes]]:
    """Their badges: name, whether it is good, bytes."""
    now = datetime.now(UTC).replace(microsecond=0)
    standing, revoked = (ob3.status_entry(LIST, "revocation", index) for index in (STANDING, REVOKED))
    plain = _credential(did, issued=now - timedelta(days=1), status=standing)
    svg, png = _pictures(now.year)

    def text(credential: ob3.OpenBadgeCredential) -> bytes:
        made = signer.sign(credential)
        return (made if isinstance(made, str) else json.dumps(made)).encode()

    yield "plain", True, text(plain)
    yield "PNG", True, signer.sign_into_png(plain, png)
    yield "SVG", True, signer.sign_into_svg(plain, svg)
    yield "revoked", False, text(_credential(did, issued=now - timedelta(days=1), status=revoked))
    expired = _credential(did, issued=now - timedelta(days=3), status=standing)
    expired.expiration_date = now - timedelta(days=2)
    yield "expired", False, text(expired)
    yield "future", False, text(_credential(did, issued=now + timedelta(days=2), status=standing))
    changed = bytearray(text(plain))
    place = changed.index(b"Travail") if b"Travail" in changed else len(changed) // 2
    changed[place] ^= 1
    yield "changed", False, bytes(changed)


def _pictures(year: int) -> tuple[bytes, bytes]:
    picture = Picture("Travail en équipe", "comportementales", "equipe", "Val-de-Brume", year)
    return badge_svg(picture), badge_png(picture, 200)


def _credential(did: str, *, issued: datetime, status: dict) -> ob3.OpenBadgeCredential:
    return ob3.OpenBadgeCredential(
        issuer=ob3.Issuer(id=did, name="Val-de-Brume", url="https://example.org/"),
        recipient_id="did:example:aicha",
        achievement=ob3.Achievement(
            id="https://example.org/achievement",
            name="Travail en équipe",
            description="Coopère vers un objectif commun, « même loin ».",
            criteria_narrative="Observé par un coach.",
            achievement_type="Competency",
            alignments=[ob3.Alignment(target_name="Équipe", target_url="https://example.org/rome")],
        ),
        issuance_date=issued,
        evidence=[ob3.Evidence(id="https://example.org/evidence", name="Chantier")],
        credential_status=[status],
    )


def main(export: Path, folder: Path) -> int:
    """Both directions; the exit status."""
    read_trust(export)  # the export is usable at all
    tally = Tally(Counter(), Counter())
    reads_ours(export, folder, tally)
    reads_our_tokens(folder, tally)
    read_by_us(tally)
    open_badges_2_reads_ours(export, tally)
    open_badges_2_read_by_us(tally)
    return tally.finish()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
