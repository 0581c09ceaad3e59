"""Printed statements and somebody else's COSE: cose_peer.py FOLDER, in an environment of its own with `cwt`.

Reads `statements.json` of FOLDER, as `cose_ours.py` wrote it: messages of ours with their keys, and whether they are
good. Counts where `cwt` says otherwise, and writes `theirs.json`: the same payloads, signed by `cwt`, for us to read.
Exit status 1 where it differs. Knows nothing of this repository: `cwt` needs an older cbor2 than we use.
"""

import json
import sys
from pathlib import Path

from cwt import COSE, COSEKey


def main(folder: Path) -> int:
    """Print a line; the exit status."""
    entries = json.loads((folder / "statements.json").read_text())
    agreed, theirs = 0, []
    for entry in entries:
        key = COSEKey.from_jwk(entry["jwk"])
        message = bytes.fromhex(entry["message"])
        try:
            good = COSE.new().decode(message, key) == bytes.fromhex(entry["payload"])
        except Exception:  # noqa: BLE001 - whatever it raises, it does not take the message
            good = False
        agreed += good is entry["good"]
        if good is not entry["good"]:
            print(f"  {entry['name']}: ours {entry['good']}, cwt {good}", file=sys.stderr)
        if entry["good"]:
            made = COSE.new().encode(
                bytes.fromhex(entry["payload"]),
                COSEKey.from_jwk(entry["private_jwk"]),
                protected={1: entry["algorithm"], 4: b"cle-1"},
                unprotected={},
            )
            public = {"jwk": entry["jwk"], "algorithm": entry["algorithm"]}
            theirs.append({"name": entry["name"], "message": made.hex(), **public})
    (folder / "theirs.json").write_text(json.dumps(theirs, indent=1))
    print(f"cwt                COSE_Sign1  ours read by them: {agreed} of {len(entries)} agree")
    return 0 if entries and agreed == len(entries) else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
