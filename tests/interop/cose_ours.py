"""Our printed statements for somebody else's COSE: cose_ours.py write FOLDER, then cose_ours.py read FOLDER.

Writes statements signed with both kinds of key, good ones and spoilt ones, for `cose_peer.py`; reads what that made of
the same payloads. Exit status 1 where a message of theirs is not read as ours are, or is not the very same bytes where
the signature has only one form.
"""

import json
import sys
from pathlib import Path
from typing import Any

from tests.verify import factory as f
from tests.verify import statements as s
from verify.errors import Defect
from verify.standards import cose, jwk, multibase
from verify.standards.signatures import LocalSigner


def _private(key: Any, public: dict[str, Any]) -> dict[str, Any]:
    if hasattr(key, "private_bytes_raw"):
        return {**public, "d": multibase.encode_base64url(key.private_bytes_raw())}
    return {**public, "d": multibase.encode_base64url(key.private_numbers().private_value.to_bytes(32, "big"))}


def write(folder: Path) -> None:
    """Good messages, each beside one with a changed payload, signature, algorithm."""
    entries = []
    for key, algorithm in ((f.KEY, -8), (f.P256_KEY, -7)):
        for number, holder in enumerate(("Awa Diallo", "Ніна Коваленко", "ليلى بن يوسف", "Anne-Élise " * 9)):
            message = s.message(LocalSigner(key, f.METHOD), holder=holder)
            read = cose.read(message)
            public = {**jwk.encode_public(key.public_key()), "kid": "cle-1"}
            common = {"jwk": public, "private_jwk": _private(key, public), "algorithm": algorithm}
            spoilt = bytearray(message)
            spoilt[-1 - number] ^= 1
            renamed = message.replace(holder.encode()[:4], holder.encode()[:3] + b"x")
            for name, made in (("good", message), ("signature", bytes(spoilt)), ("payload", renamed)):
                entry = {"name": f"{algorithm} {holder[:20]} {name}", "message": made.hex(), "good": name == "good"}
                entries.append({**common, **entry, "payload": read.payload.hex()})
    (folder / "statements.json").write_text(json.dumps(entries))


def read(folder: Path) -> int:
    """Print a line; the exit status."""
    ours = {each["name"]: each for each in json.loads((folder / "statements.json").read_text())}
    theirs = json.loads((folder / "theirs.json").read_text())
    agreed = 0
    for entry in theirs:
        message = bytes.fromhex(entry["message"])
        try:
            cose.verify(cose.read(message), jwk.decode_public(entry["jwk"]))
            same = message.hex() == ours[entry["name"]]["message"] or "-7" in entry["name"]
        except Defect as defect:
            print(f"  {entry['name']}: {defect}", file=sys.stderr)
            same = False
        agreed += same
    print(f"cwt                COSE_Sign1  theirs read by us: {agreed} of {len(theirs)} agree")
    return 0 if theirs and agreed == len(theirs) else 1


if __name__ == "__main__":
    chosen, place = sys.argv[1], Path(sys.argv[2])
    sys.exit(read(place) if chosen == "read" else write(place))
