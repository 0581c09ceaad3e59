"""Times one verification against openbadgeslib, alternating in one run: python bench/run.py.

Prints medians in milliseconds and ratios; the machine's speed drifts, so the ratios are what count. The credential is
one of the demo's: about 5 KB, rubric levels, evidence, status.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from openbadgeslib.ob3.ldp import OB3LdpVerifier

from verify import Policy, Verifier, read_trust

ROUNDS = 60


def main() -> None:
    """Export a fresh demo, then time both verifiers on its first valid badge."""
    with tempfile.TemporaryDirectory() as scratch:
        environ = {**os.environ, "JALON_DATA": f"{scratch}/var", "JALON_BASE_URL": "http://localhost:8000"}
        command = [sys.executable, "-m", "badges.cli", "demo", "--export", f"{scratch}/out"]
        subprocess.run(command, check=True, env=environ, stdout=subprocess.DEVNULL)
        folder = Path(scratch) / "out"
        entry = next(one for one in json.loads((folder / "manifest.json").read_text()) if one["status"] == "valid")
        compare((folder / entry["json"]).read_bytes(), folder)


def compare(data: bytes, folder: Path) -> None:
    """Alternate the two and print the table."""
    trust = read_trust(folder)
    ours = Verifier(keys=trust, statuses=trust, issuers=trust, policy=Policy.RECOGNISED)
    issuer = json.loads(data)["issuer"]["id"]
    documents = {json.loads(path.read_bytes())["id"]: path.read_bytes() for path in folder.glob("*/*.json")}
    theirs = OB3LdpVerifier.for_issuer_did(issuer)
    contenders = {
        "jalon, all six checks": lambda: ours.verify(data, now=datetime.now(UTC)),
        "openbadgeslib, proof only": lambda: theirs.verify(data, download=lambda _url: documents[issuer]),
    }
    times = {name: [] for name in contenders}
    for _ in range(ROUNDS):
        for name, act in contenders.items():
            times[name].append(timed(act))
    medians = {name: statistics.median(taken) for name, taken in times.items()}
    slowest = max(medians.values())
    print(f"verify, {len(data)} bytes, median of {ROUNDS}:")
    for name, median in medians.items():
        print(f"  {name:<28} {median:6.2f} ms   {slowest / median:5.1f} x")


def timed(act: Callable[[], object]) -> float:
    """Milliseconds that one call took."""
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) * 1000


if __name__ == "__main__":
    main()
