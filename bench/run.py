"""Times us and our peers, alternating in one run, and writes the table of ratios: python bench/run.py [--write].

From bytes to a complete report, one core. Every contender of a group has its turn in every round, so that a machine
that slows down slows them all; the ratios are medians over the rounds. `--write` puts the table into README.md.

Peers: the npm package @digitalbazaar/vc (Node), the PyPI package openbadgeslib, and the bare Ed25519 of `cryptography`,
which is the limit.
"""

from __future__ import annotations

import argparse
import json
import platform
import random
import re
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import sample
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from openbadgeslib.ob3.ldp import OB3LdpVerifier, add_data_integrity_proof

from issuer import signer
from issuer.status_bits import StatusBits
from verify import Verdict, Verifier, resolution
from verify.standards import data_integrity, documents, multibase, status_list, vc_jwt
from verify.standards.documents import shipped_contexts

ROOT = Path(__file__).parent.parent
ROUNDS = 15
TURN = 0.08  # seconds that one contender's turn takes, about
WARM_UP = 20  # turns of it that are not counted: a compiler at run time needs them

Act = Callable[[int], float]  # so many times → milliseconds for each


@dataclass(frozen=True, slots=True)
class Group:
    """Contenders that do the same work; ratios are to `limit` and to the peers among them."""

    title: str
    contenders: Mapping[str, Act]


def main() -> None:
    """Measure, print, and write where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--write", action="store_true", help="put the table into README.md")
    options = parser.parse_args()
    made = sample.make()
    with node_peer(made) as node:
        tables = [table(group, measure(group, options.rounds)) for group in groups(made, node)]
    text = "\n\n".join(tables)
    print(text)
    if options.write:
        write(text)


def groups(made: sample.Sample, node: Callable[[str], Act]) -> Iterator[Group]:
    """What is compared with what."""
    data = made.signed("eddsa-rdfc-2022")
    print(f"a badge of {len(data)} bytes; {platform.python_implementation()} {platform.python_version()}\n")
    key = made.signer.private
    assert isinstance(key, Ed25519PrivateKey)  # noqa: S101 - the sample's default
    signature, message = key.sign(b"x" * 64), b"x" * 64
    public = key.public_key()
    yield Group(
        "Verify eddsa-rdfc-2022",
        {
            "jalon: six checks, both status lists, complete report": report_on(made, data),
            "jalon: proof": proof_of(made, data),
            "@digitalbazaar/vc: proof": node("verify"),
            "openbadgeslib: proof": openbadgeslib_verify(made, data),
            "bare Ed25519": repeated(lambda: public.verify(signature, message)),
        },
    )
    yield Group(
        "Issue eddsa-rdfc-2022",
        {
            "jalon: proof, bytes": repeated(lambda: made.signed("eddsa-rdfc-2022")),
            "jalon: proof, bytes, read back by our own verifier": self_verified(made),
            "@digitalbazaar/vc: proof, bytes": node("issue"),
            "openbadgeslib: proof, bytes": openbadgeslib_issue(made),
            "bare Ed25519": repeated(lambda: key.sign(message)),
        },
    )
    token = vc_jwt.create(made.unsigned, made.signer)
    yield Group(
        "Verify, without RDF",
        {
            "jalon: eddsa-jcs-2022, six checks, complete report": report_on(made, made.signed("eddsa-jcs-2022")),
            "jalon: eddsa-jcs-2022, proof": proof_of(made, made.signed("eddsa-jcs-2022")),
            "jalon: VC-JWT EdDSA, six checks, complete report": report_on(made, token),
            "jalon: VC-JWT EdDSA, proof": token_proof_of(made, token),
            "bare Ed25519": repeated(lambda: public.verify(signature, message)),
        },
    )
    yield flip()


def flip() -> Group:
    """Changing one status of a large list and writing the list anew: from the pieces kept, and as a whole."""
    entries = 16_777_216
    drawn = random.Random(1)  # noqa: S311 - which bits are set matters to nobody
    whole = status_list.new(entries)
    for _ in range(entries // 100):
        status_list.set_bit(whole, drawn.randrange(entries))
    kept = StatusBits.of(bytes(whole))

    def in_pieces() -> None:
        kept.with_bit(drawn.randrange(entries), value=True).encoded()

    def as_a_whole() -> None:
        changed = bytearray(whole)
        status_list.set_bit(changed, drawn.randrange(entries))
        status_list.encode(changed)

    return Group(
        "Flip one status of 16.7 million, 1 % set, and write the list",
        {"jalon: the changed piece": repeated(in_pieces), "the whole list": repeated(as_a_whole)},
    )


def report_on(made: sample.Sample, data: bytes) -> Act:
    """Our verifier with every source it needs; the report has to say valid."""
    verifier = Verifier(keys=made.trust, statuses=made.trust, issuers=made.trust)
    now = sample.NOW

    def act() -> None:
        report = verifier.verify(data, now=now)
        if report.verdict is not Verdict.VALID:
            raise SystemExit(f"not valid: {report.to_json()['checks']}")

    return repeated(act)


def proof_of(made: sample.Sample, data: bytes) -> Act:
    """What the peers do: bytes, parsed, and the proof checked with the key of the issuer's DID document."""

    def act() -> None:
        credential = documents.load(data)
        proof = credential["proof"][0]
        method = resolution.find(proof["verificationMethod"], made.trust)
        data_integrity.verify_proof(credential, proof, method.public_key)

    return repeated(act)


def token_proof_of(made: sample.Sample, data: bytes) -> Act:
    """The same for a token."""

    def act() -> None:
        token = vc_jwt.read(data)
        vc_jwt.check_header(token)
        vc_jwt.verify_signature(token, resolution.find(token.header["kid"], made.trust).public_key)

    return repeated(act)


def self_verified(made: sample.Sample) -> Act:
    """What the service does: sign, then read the bytes back before they leave."""
    return repeated(lambda: signer.sign(made.unsigned, made.signer, now=sample.NOW, did_document=made.did_document))


def openbadgeslib_verify(made: sample.Sample, data: bytes) -> Act:
    """The Python peer: proof and key only."""
    verifier = OB3LdpVerifier.for_issuer_did(sample.DID)
    published = json.dumps(made.did_document).encode()
    return repeated(lambda: verifier.verify(data, download=lambda _url: published))


def openbadgeslib_issue(made: sample.Sample) -> Act:
    """The Python peer: proof and text."""
    pem = made.signer.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return repeated(
        lambda: json.dumps(add_data_integrity_proof(made.unsigned, pem, sample.METHOD, created=datetime.now(UTC)))
    )


def repeated(act: Callable[[], object]) -> Act:
    """The act, so many times."""

    def acts(count: int) -> float:
        start = time.perf_counter()
        for _ in range(count):
            act()
        return (time.perf_counter() - start) * 1000 / count

    return acts


@contextmanager
def node_peer(made: sample.Sample) -> Iterator[Callable[[str], Act]]:
    """@digitalbazaar/vc in a process of its own, asked for turns over a pipe."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        for name in ("package.json", "package-lock.json"):
            (work / name).write_bytes((ROOT / "tests/interop" / name).read_bytes())
        (work / "peer.mjs").write_bytes((ROOT / "bench/peer.mjs").read_bytes())
        (work / "input.json").write_text(json.dumps(peer_input(made)))
        subprocess.run(["npm", "ci", "--silent", "--no-audit", "--no-fund"], cwd=work, check=True)
        process = subprocess.Popen(
            ["node", "peer.mjs", "input.json"], cwd=work, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        try:
            yield lambda act: turns_of(process, act)
        finally:
            process.kill()
            process.wait()


def turns_of(process: subprocess.Popen[str], act: str) -> Act:
    """One act of the Node process."""

    def acts(count: int) -> float:
        if process.stdin is None or process.stdout is None:
            raise SystemExit("no pipe to the peer")
        process.stdin.write(json.dumps([act, count]) + "\n")
        process.stdin.flush()
        answer = process.stdout.readline()
        if not answer:
            raise SystemExit(f"the peer stopped at {act}")
        return float(answer)

    return acts


def peer_input(made: sample.Sample) -> dict[str, object]:
    """What the Node process needs, as JSON."""
    private = made.signer.private
    assert isinstance(private, Ed25519PrivateKey)  # noqa: S101 - the sample's default
    method = made.did_document["verificationMethod"][0]
    secret = multibase.encode(b"\x80\x26" + private.private_bytes_raw())
    context = "https://w3id.org/security/multikey/v1"
    return {
        "contexts": dict(shipped_contexts().documents()),
        "documents": {sample.DID: made.did_document, sample.METHOD: {"@context": context, **method}},
        "credential": made.signed("eddsa-rdfc-2022").decode(),
        "unsigned": documents.dump(made.unsigned).decode(),
        "key": {**method, "secretKeyMultibase": secret},
    }


def measure(group: Group, rounds: int) -> Mapping[str, list[float]]:
    """Milliseconds of each contender in each round, after a warm-up."""
    counts = {name: max(1, round(TURN * 1000 / max(act(3), 0.001))) for name, act in group.contenders.items()}
    for name, act in group.contenders.items():
        act(counts[name] * WARM_UP)
    taken: dict[str, list[float]] = {name: [] for name in group.contenders}
    for _ in range(rounds):
        for name, act in group.contenders.items():
            taken[name].append(act(counts[name]))
    return taken


def table(group: Group, taken: Mapping[str, list[float]]) -> str:
    """The group as a Markdown table: median time, the share of the limit's rate, and how much faster our lines are."""
    ours, limit = [name for name in taken if name.startswith("jalon")], list(taken)[-1]
    lines = [
        f"| {group.title} | ms | of the limit’s rate | times as fast is jalon |",
        "| --- | --- | --- | --- |",
    ]
    for name, times in taken.items():
        share = statistics.median(bare / time for time, bare in zip(times, taken[limit], strict=True))
        faster = [
            f"{statistics.median(time / own for time, own in zip(times, taken[one], strict=True)):.1f}" for one in ours
        ]
        ratios = "" if name in ours else " / ".join(faster)
        lines.append(f"| {name} | {statistics.median(times):.3f} | {share:.3f} | {ratios} |")
    return "\n".join(lines)


def write(text: str) -> None:
    """Put the table between its marks in README.md."""
    readme = ROOT / "README.md"
    former = readme.read_text()
    day = datetime.now(UTC).date().isoformat()
    how = (
        f"Measured {day} with `make bench`, Python {platform.python_version()}, one core, medians of {ROUNDS} rounds\n"
        "in which all take turns. The last column has a figure for each line of jalon above it, in their order."
    )
    now = f"<!-- bench -->\n{how}\n\n{text}\n<!-- /bench -->"
    changed = re.sub(r"<!-- bench -->.*<!-- /bench -->", lambda _: now, former, flags=re.DOTALL)
    if changed == former and now not in former:
        raise SystemExit("README.md has no marks to write between")
    readme.write_text(changed)


if __name__ == "__main__":
    main()
