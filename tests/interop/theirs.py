"""Somebody else's badges for our verifier: theirs.py FOLDER.

Verifies every document that `peer.mjs issue` has left in FOLDER/theirs and counts, for each cryptosuite, where our
verdict is not what its manifest says. Exit status 1 where it differs. What we derive from their base proofs goes to
FOLDER/derived, for them to verify.
"""

import json
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from verify import Policy, TrustBundle, Verdict, Verifier
from verify.standards import ecdsa_sd


def main(folder: Path) -> int:
    """Print a line for each suite; the exit status."""
    lists = {
        **json.loads((folder / "documents.json").read_text()),
        **json.loads((folder / "theirs" / "lists.json").read_text()),
    }
    bundle = TrustBundle(status_lists={url: json.dumps(document).encode() for url, document in lists.items()})
    verifier = Verifier(keys=bundle, statuses=bundle, issuers=bundle, policy=Policy.AUTHENTIC)
    asked: Counter[str] = Counter()
    agreed: Counter[str] = Counter()
    derived = []
    (folder / "derived").mkdir()
    for entry in json.loads((folder / "theirs" / "manifest.json").read_text()):
        suite, good, data = entry["suite"], entry["good"], (folder / "theirs" / entry["file"]).read_bytes()
        if good is None:  # a base proof: for its holder, who derives
            ours = ecdsa_sd.derive(json.loads(data), ["/credentialSubject", "/evidence"])
            (folder / "derived" / entry["file"]).write_text(json.dumps(ours))
            derived.append({**entry, "good": True})
            continue
        report = verifier.verify(data, now=datetime.now(UTC))
        asked[suite] += 1
        # What is bad has to be called bad, not merely left open.
        right = report.verdict is (Verdict.VALID if good else Verdict.INVALID)
        agreed[suite] += right
        if not right:
            said = ", ".join(f"{check.name} {check.reason}" for check in report.checks if check.reason)
            print(f"  {entry['name']} ({entry['file']}): theirs {good}, ours {report.verdict}: {said}", file=sys.stderr)
    (folder / "derived" / "manifest.json").write_text(json.dumps(derived))
    for suite, count in asked.items():
        print(f"@digitalbazaar/vc  {suite}  read by us: {agreed[suite]} of {count} agree")
    return 1 if not asked or agreed != asked else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
