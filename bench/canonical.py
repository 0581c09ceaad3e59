"""Times canonicalisation, three ways alternating in one run, and the refusal of poison: python bench/canonical.py.

Prints medians in milliseconds and ratios; the machine's speed drifts, so the ratios are what count. pyoxigraph reads
the contexts each time, as it has no other way.
"""

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.verify import factory, generated, oracles
from verify.errors import Defect
from verify.standards import compiled, jsonld, rdfc
from verify.standards.canonical import canonicalise
from verify.standards.documents import shipped_contexts

ROUNDS = 200
BOUND = 50.0
CONTEXTS = shipped_contexts()


def main() -> int:
    """Print both tables; exit status 1 where a refusal took longer than the bound."""
    for name, document in {
        "badge": factory.credential(),
        "proof options": generated.proof_options(),
        "badge with an embedded endorsement and grades": generated.graded(),
        "learner record of two": generated.record(),
    }.items():
        compare(name, document)
    print(f"poison, processor time, slowest of 5 (bound {BOUND:.0f} ms):")
    return max(refused(name, document) for name, document in poison().items()) > BOUND


def compare(name: str, document: dict[str, Any]) -> None:
    """Alternate the three and print their medians."""
    contenders: dict[str, Callable[[], object]] = {
        "compiled": lambda: compiled.canonicalise(document, CONTEXTS),
        "guarded PyLD": lambda: rdfc.canonicalise_quads(jsonld.to_quads(document, CONTEXTS)),
        "pyoxigraph": lambda: oracles.oxigraph_lines(document, CONTEXTS),
    }
    times: dict[str, list[float]] = {contender: [] for contender in contenders}
    for _ in range(ROUNDS):
        for contender, act in contenders.items():
            times[contender].append(timed(act))
    medians = {contender: statistics.median(taken) for contender, taken in times.items()}
    print(f"{name}, median of {ROUNDS}:")
    for contender, median in medians.items():
        print(f"  {contender:<14} {median:7.3f} ms   {median / medians['compiled']:6.1f} x the time of compiled")


def poison() -> dict[str, dict[str, Any]]:
    """Documents made to keep a canonicaliser busy."""
    entry = {"type": "IdentifierEntry", "identifier": "x", "identifierType": "identifier"}
    siblings = [{"type": ["Profile"], "otherIdentifier": [entry] * 9} for _ in range(2)]
    chain: dict[str, Any] = {"type": ["Profile"]}
    for _ in range(60):
        chain = {"type": ["Profile"], "parentOrg": chain}
    return {
        "two profiles of nine identifiers": factory.credential(evidence=siblings),
        "the same, by way of guarded PyLD": factory.credential(evidence=[*siblings, {"name": 0.5}]),
        "four hundred profiles, all alike": factory.credential(evidence=[{"type": ["Profile"]}] * 400),
        "five chains of sixty": factory.credential(evidence=[chain] * 5),
        "a list of four hundred equal grades": graded(["A"] * 400),
    }


def graded(values: list[str]) -> dict[str, Any]:
    """A badge whose allowed values are these."""
    made = generated.graded()
    made["credentialSubject"]["achievement"]["resultDescription"][-1]["allowedValue"] = values
    return made


def refused(name: str, document: dict[str, Any]) -> float:
    """Print how long the document takes at most, and what comes of it."""
    outcomes = set()

    def act() -> None:
        try:
            outcomes.add(f"canonicalised, {len(canonicalise(document))} bytes")
        except Defect as defect:
            outcomes.add(str(defect.reason))

    slowest = max(timed(act, time.process_time) for _ in range(5))
    print(f"  {name:<36} {slowest:7.1f} ms   {', '.join(sorted(outcomes))}")
    return slowest


def timed(act: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    """Milliseconds that one call took."""
    start = clock()
    act()
    return (clock() - start) * 1000


if __name__ == "__main__":
    raise SystemExit(main())
