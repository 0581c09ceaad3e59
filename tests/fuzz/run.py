"""Throws bytes at the verifier, guided by what they reach, for as many seconds as asked: python -m tests.fuzz.run 120.

The first byte chooses the target. An exception that nobody announced, an answer that takes too long, and *valid* said
of what was not signed all stop the run; the bytes that did it are written to a file named in the last lines.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["verify"]):
    from tests.fuzz import targets

_WORDS = """
@context @vocab @graph @id @type @value @language credentialSubject credentialStatus statusListIndex validUntil
verificationMethod assertionMethod publicKeyMultibase publicKeyJwk proofValue proofPurpose cryptosuite previousProof
eddsa-rdfc-2022 eddsa-jcs-2022 ecdsa-sd-2023 did:web: did:key:z6Mk did:jwk: refreshService endorsement
openbadgecredential IEND iTXt CDATA EdDSA ES256 HS256 none BitstringStatusListEntry 1EdTechRevocationList
"""


def one(data: bytes) -> None:
    """One input."""
    if data:
        targets.TARGETS[data[0] % len(targets.TARGETS)](data[1:])


def fuzz(folder: Path, seconds: int) -> None:
    """Run from the seeds on; does not return: the fuzzer ends its process."""
    corpus, words = folder / "corpus", folder / "words"
    corpus.mkdir()
    for number, target in enumerate(targets.TARGETS):
        for at, seed in enumerate(targets.SEEDS[target]):
            (corpus / f"{target.__name__}-{at}").write_bytes(bytes([number]) + seed)
    words.write_text("".join(f'"{word}"\n' for word in _WORDS.split()))
    bounds = [f"-max_total_time={seconds}", "-timeout=10", "-rss_limit_mb=3000", "-len_control=0"]
    places = [f"-artifact_prefix={tempfile.gettempdir()}/jalon-fuzz-", f"-dict={words}", str(corpus)]
    atheris.Setup([sys.argv[0], *bounds, *places], one)
    atheris.Fuzz()


def main(seconds: str = "60") -> int:
    """The exit status of a run in a process of its own, whose folder goes with it."""
    with tempfile.TemporaryDirectory(prefix="jalon-fuzz-") as folder:
        return subprocess.run([sys.executable, "-m", "tests.fuzz.run", seconds, folder], check=False).returncode


if __name__ == "__main__":
    if len(sys.argv) > 2:
        fuzz(Path(sys.argv[2]), int(sys.argv[1]))
    sys.exit(main(*sys.argv[1:]))
