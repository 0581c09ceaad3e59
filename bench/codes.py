"""How large the squares of the demo's badges are: python -m bench.codes.

Loads the demo at an address as long as real ones, measures each statement and its QR code at level M, in three ways of
writing bytes into one, and prints the table of docs/offline-code.md. Sizes, no times: the same on every machine.
"""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from sqlalchemy import select

from badges import demo
from badges.models.awards import StatementRecord
from badges.services.installation import open_installation, prepare
from badges.settings import Settings
from issuer.qr_code import QUIET_ZONE, qr_modules, qr_version
from verify import statement as statements
from verify.standards import cbor
from verify.statement import Statement

SITE = "https://badges.val-de-brume.example"
CODE = "7Q4M2K9XPBT0"
LONGEST = "Maximilienne-Alexandrine de Saint-Just d’Hautecloque-Montferrand"
ELSEWHERE = "Олександра-Владислава Миколаївна Шевченко-Коваленко"


def main() -> None:
    """The table, in Markdown."""
    print("| badge | message, bytes | digits | version | side at 0.35 mm | base64url digits | base64url |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        found = sorted(_messages(Path(folder)), key=len)
    middle = found[len(found) // 2]
    _, said = statements.read(found[-1])
    print(_row("smallest of the demo", found[0]))
    print(_row("middle of the demo", middle))
    print(_row("largest of the demo", found[-1]))
    print(_row(f"the largest, for a holder of {len(LONGEST)} letters", _with(found[-1], replace(said, holder=LONGEST))))
    cyrillic = replace(said, holder=ELSEWHERE, name="Комунікація українською та французькою мовами")
    print(
        _row(f"the largest, {len(ELSEWHERE)} and {len(cyrillic.name)} letters in Cyrillic", _with(found[-1], cyrillic))
    )


def _messages(folder: Path) -> Iterator[bytes]:
    settings = Settings.from_environment({"JALON_DATA": str(folder), "JALON_BASE_URL": SITE, "JALON_FETCH": "off"})
    prepare(settings)
    installation = open_installation(settings)
    demo.load(installation)
    with installation.database.reading() as session:
        yield from session.scalars(select(StatementRecord.content))
    installation.database.close()


def _with(message: bytes, said: Statement) -> bytes:
    """The message with another payload: not signed, but as long as if it were."""
    protected, unprotected, _payload, signature = cbor.decode(message).value
    return cbor.encode(cbor.Tag(18, [protected, unprotected, statements.encode(said), signature]))


def _row(name: str, message: bytes) -> str:
    digits = statements.to_digits(message)
    text = base64.urlsafe_b64encode(message).decode().rstrip("=")
    pairs = "".join(f"{ord(character) - 45:02}" for character in text)
    ours, smart, plain = (f"{SITE}/v/{CODE}#{written}" for written in (digits, pairs, text))
    side = (qr_modules(ours) - 2 * QUIET_ZONE) * 0.35
    cells = (name, len(message), len(digits), qr_version(ours), f"{side:.0f} mm", qr_version(smart), qr_version(plain))
    return f"| {' | '.join(map(str, cells))} |"


if __name__ == "__main__":
    main()
