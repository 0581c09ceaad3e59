"""Canonicalises generated and mutated credentials in three ways: python bench/differential.py --count 100000.

The compiled path, guarded PyLD and pyoxigraph (its own JSON-LD, its own RDFC-1.0) give the same bytes, or the document
is refused. Prints how many there were of each outcome; exit status 1 where one differs, with the first documents shown.
"""

import argparse
import json
import sys
import time
from collections import Counter
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.verify import differences, generated

SHOWN = 5
PROGRESS = 5_000


def main() -> int:
    """Run and print the outcomes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    outcomes: Counter[str] = Counter()
    started = time.monotonic()
    for number in range(options.seed, options.seed + options.count):
        random = Random(number)  # noqa: S311 - the same documents every time
        document = generated.document(random)
        outcome = differences.outcome(document, random.choice(("sha256", "sha256", "sha384")))
        outcomes[outcome] += 1
        if outcome in differences.WRONG and outcomes[outcome] <= SHOWN:
            print(f"{outcome}: seed {number}: {json.dumps(document, ensure_ascii=False)[:2000]}", flush=True)
        if (number + 1 - options.seed) % PROGRESS == 0:
            print(f"{number + 1 - options.seed} after {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    print(f"{options.count} documents in {time.monotonic() - started:.0f} s:")
    for outcome, number in outcomes.most_common():
        print(f"  {number:>8}  {outcome}")
    return 1 if any(outcomes[wrong] for wrong in differences.WRONG) else 0


if __name__ == "__main__":
    raise SystemExit(main())
