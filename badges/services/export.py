"""The archive: every shared badge as files, with all that is needed to verify them once this service is gone.

The credential's bytes are written as stored. Each file is written beside its place and then renamed, the manifest last:
a reader never meets half a file, and running it again changes only what has changed since, and once a day the moment it
tells. What a person no longer shares is left out.
"""

import json
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from badges.models.awards import AwardRecord, CredentialRecord, SharedBadgeRecord
from badges.models.people import OrganisationRecord
from badges.models.status import StatusListRecord
from badges.services import keys, open_badges_2, pictures, public_badges, trust
from badges.services.installation import Installation
from badges.services.open_badges_2_addresses import Places
from issuer.picture import Picture
from issuer.trust import recognition_entry
from verify.standards import baking, timestamps
from verify.trust import FILE

OLDER = "open-badges-2"
"""The folder of the same badges in their older form."""


def export_badges(session: Session, installation: Installation, folder: Path, *, now: datetime) -> int:
    """How many badges were written to `folder`, with `manifest.json` and the trust bundle.

    The manifest lists {name, json, png, svg, open_badges_2, code, url, holder, level, status}, and `jwt` where there is
    one: file names are relative, `open_badges_2` are the same badge's files of that version, `holder` is null where the
    name is hashed, `level` the agreed level or levels, `status` one of valid, revoked, suspended, expired at `now`. Of
    a corrected badge, the latest credential is the one its code leads to.
    """
    if session.get_bind().dialect.name == "postgresql":  # one state of the database, as SQLite gives anyway
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    for kind in ("did", "status", "documents", OLDER):
        (folder / kind).mkdir(parents=True, exist_ok=True)
    for path, content in _trust(session, installation, now):
        write(folder / path, content)
    entries: list[dict[str, Any]] = []
    kept: set[str] = set()
    addresses: set[str] = set()
    for number, (credential, award, code) in enumerate(_shared(session, now), start=1):
        name = f"badge-{number:03}-{award.badge_code}"
        picture = pictures.picture_of(session, public_badges.by_credential(session, credential.id, now))
        files = _write_pictures(folder / name, credential, picture)
        older_files = _write_older(session, installation, folder / OLDER / name, credential, picture)
        kept |= {*files.values(), *older_files.values()}
        entry = {
            "name": name,
            **files,
            "open_badges_2": older_files,
            "code": code,
            "url": f"{installation.base_url}/v/{code}",
            "holder": _holder(credential.document),
            "level": ", ".join(str(level) for level in sorted(set(award.results.values()))),
            "status": _status(credential, now),
        }
        entries.append(entry)
        addresses |= _addresses(installation, credential, award)
    kept |= {f"documents/{name}" for name in _write_documents(session, installation, folder / "documents", addresses)}
    write(folder / "manifest.json", _json(entries))
    for pattern in (
        "badge-[0-9]*.*",
        f"{OLDER}/*",
        "documents/*",
    ):  # what an earlier export wrote and nobody shares now
        for former in folder.glob(pattern):
            if former.relative_to(folder).as_posix() not in kept:
                former.unlink(missing_ok=True)
    return len(entries)


def _shared(session: Session, now: datetime) -> Iterator[tuple[CredentialRecord, AwardRecord, str]]:
    """The latest credential of each award that anybody may see whole, with a code that leads to it."""
    other = aliased(CredentialRecord)
    replaced = exists().where(other.award_id == CredentialRecord.award_id, other.sequence > CredentialRecord.sequence)
    rows = session.execute(
        select(CredentialRecord, AwardRecord)
        .join(CredentialRecord.award)
        .where(
            ~replaced,
            CredentialRecord.withheld_at.is_(None),
            exists().where(SharedBadgeRecord.award_id == AwardRecord.id),
        )
        .order_by(CredentialRecord.issued_at, CredentialRecord.id)
    )
    for credential, award in rows:
        code = public_badges.address_open(session, award.id, credential.document, now)
        if code is not None:
            yield credential, award, code


def _write_pictures(place: Path, credential: CredentialRecord, picture: Picture) -> dict[str, str]:
    """The files of a badge, by the manifest's word for each."""
    contents = {
        "json": credential.document,
        "png": pictures.baked_png(picture, credential.document),
        "svg": pictures.baked_svg(picture, credential.document),
    }
    if credential.token is not None:
        contents["jwt"] = credential.token
    for kind, content in contents.items():
        write(place.with_name(f"{place.name}.{kind}"), content)
    return {kind: f"{place.name}.{kind}" for kind in contents}


def _write_older(
    session: Session, installation: Installation, place: Path, credential: CredentialRecord, picture: Picture
) -> dict[str, str]:
    """The files of a badge as Open Badges 2.0, by the manifest's word for each."""
    assertion = open_badges_2.standing(session, installation, credential.id)
    address = json.loads(assertion)["id"]
    contents = {
        "json": assertion,
        "png": pictures.baked_png(picture, assertion, baking.OPEN_BADGES_2),
        "svg": pictures.baked_svg(picture, assertion, baking.OPEN_BADGES_2, address=address),
    }
    signed = open_badges_2.signed(session, credential.id)
    if signed is not None:
        contents["jws"] = signed
    for kind, content in contents.items():
        write(place.with_name(f"{place.name}.{kind}"), content)
    return {kind: f"{OLDER}/{place.name}.{kind}" for kind in contents}


def _addresses(installation: Installation, credential: CredentialRecord, award: AwardRecord) -> set[str]:
    """The addresses of everything that verifying the older forms of a badge asks for."""
    places = Places(installation.base_url, credential.signer.slug)
    badge = places.badge_class(award.version.referentiel.slug, award.version.number, award.badge_code)
    return {places.profile, places.revocations, badge, places.assertion(credential.id)}


def _write_documents(session: Session, installation: Installation, folder: Path, addresses: set[str]) -> set[str]:
    """What the addresses answer, and the keys that the Profiles among them name: the names of the files."""
    pending, written = sorted(addresses), set()
    for address in pending:
        content = open_badges_2.document(session, installation, address)
        if content is None:
            continue
        pending.extend(each for each in json.loads(content).get("publicKey", []) if each not in pending)
        name = address.removeprefix(f"{installation.base_url}/ob2/").replace("/", "-") + ".json"
        write(folder / name, content)
        written.add(name)
    return written


def _status(credential: CredentialRecord, now: datetime) -> str:
    if credential.revoked_at is not None:
        return "revoked"
    if credential.suspended_at is not None:
        return "suspended"
    return "expired" if credential.valid_until is not None and credential.valid_until < now else "valid"


def _holder(document: bytes) -> str | None:
    identifiers = json.loads(document)["credentialSubject"]["identifier"]
    return next((one["identityHash"] for one in identifiers if not one["hashed"]), None)


def _trust(session: Session, installation: Installation, now: datetime) -> Iterator[tuple[str, bytes]]:
    """The DID documents, the signed status lists and the recognitions as files, and all of it as one signed bundle.

    Either is what `verify.read_trust` reads; it prefers the bundle.
    """
    for slug in session.scalars(select(OrganisationRecord.slug).order_by(OrganisationRecord.id)):
        document = keys.did_document(session, installation, slug)
        if document is not None:
            yield f"did/{slug}.json", _json(document)
    for number, signed in session.execute(select(StatusListRecord.id, StatusListRecord.document)):
        yield f"status/{number}.json", signed
    listed = [recognition_entry(one) for one in trust.recognitions(session, installation)]
    yield "recognitions.json", _json({"as_of": timestamps.write(trust.moment(session, now)), "recognitions": listed})
    bundle = trust.bundle(session, installation, now)
    if bundle is not None:
        yield FILE, bundle


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def write(path: Path, content: bytes, *, private: bool = False) -> None:
    """The file, written beside its place and renamed: a reader never meets half of it; `private` for its owner alone.

    Raises:
        OSError: it cannot be written; `filename` is the file that was asked for.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.touch(0o600 if private else 0o666)
        beside.write_bytes(content)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)  # half a file, perhaps half a secret
        raise OSError(error.errno, error.strerror, str(path)) from None
