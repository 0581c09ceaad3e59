"""A key store whose private keys live in another process and never leave it: what a token or a service elsewhere does.

Run as a program it is that process: one JSON request a line, one JSON answer a line.
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from issuer import keys
from issuer.errors import WrongSecret
from verify.standards import multibase, signatures
from verify.standards.signatures import KeyKind, PublicKey, Signer

ROOT = Path(__file__).parent.parent


class OtherProcess:
    """The store: it holds a pipe to the process, and references to keys it never sees."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.other_process"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.stdin.close()
        self._process.wait(timeout=10)
        self._process.stdout.close()

    def ask(self, **request: str) -> str:
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def create(self, kind: KeyKind, verification_method: str, context: str) -> bytes:
        self.ask(do="create", kind=kind, context=context)
        return f"elsewhere {verification_method}".encode()

    def open(self, stored: bytes, context: str) -> Signer:
        public = self.ask(do="public", context=context)
        if not public:
            raise WrongSecret
        return _Remote(self, context, keys.read_public(public), stored.decode().removeprefix("elsewhere "))


@dataclass(frozen=True)
class _Remote:
    process: OtherProcess
    context: str
    public: PublicKey
    verification_method: str

    def sign(self, data: bytes) -> bytes:
        return multibase.decode(self.process.ask(do="sign", context=self.context, data=multibase.encode(data, "u")))


def _serve() -> None:
    held = {}
    for line in sys.stdin:
        request = json.loads(line)
        answer = ""
        if request["do"] == "create":
            held[request["context"]] = signatures.generate(KeyKind(request["kind"]))
        elif request["context"] in held:
            key = held[request["context"]]
            if request["do"] == "public":
                answer = keys.write_public(key.public_key())
            else:
                answer = multibase.encode(signatures.sign(key, multibase.decode(request["data"])), "u")
        print(json.dumps(answer), flush=True)  # noqa: T201 - the answer


if __name__ == "__main__":
    _serve()
