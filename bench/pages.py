"""What verifying costs the public page of a badge: python bench/pages.py.

In one process, alternating: the page with full verification, the same page with a report made beforehand, and the page
with the canonical form made by plain PyLD. Then over HTTP: one worker of the real server, requests sent at fixed times
whether or not earlier ones were answered, latency counted from the time at which a request was due.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from flask.testing import FlaskClient
from pyld import jsonld
from sqlalchemy import select

from badges import demo
from badges.app import create_app
from badges.models.awards import AwardRecord, AwardState, ShareRecord
from badges.services import installation as installations
from badges.services import verification
from badges.settings import Settings
from verify.standards import canonical
from verify.standards.documents import shipped_contexts

ROUNDS, TURN = 15, 40
CONNECTIONS = 24


def main() -> None:
    """Load the demo, then measure in process and over HTTP."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rate", type=int, default=500, help="requests a second over HTTP")
    parser.add_argument("--seconds", type=int, default=10)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        environment = {"JALON_DATA": folder, "JALON_PORT": str(free_port())}
        environment["JALON_BASE_URL"] = f"http://localhost:{environment['JALON_PORT']}"
        code = prepare(environment)
        in_process(environment, f"/v/{code}")
        with served(environment) as port:
            over_http(port, f"/v/{code}", options.rate, options.seconds)


def prepare(environment: dict[str, str]) -> str:
    """The public code of one valid badge of a fresh demo."""
    settings = Settings.from_environment(environment)
    installations.prepare(settings)
    installation = installations.open_installation(settings)
    demo.load(installation)
    with installation.database.reading() as session:
        codes = session.scalars(
            select(ShareRecord.code)
            .join(AwardRecord)
            .where(AwardRecord.state == AwardState.CLAIMED, ShareRecord.withdrawn_at.is_(None))
        ).all()
    client = create_app(installation).test_client()
    code = next(code for code in codes if "Badge authentique, délivré" in client.get(f"/v/{code}").text)
    installation.database.close()
    return code


def in_process(environment: dict[str, str], path: str) -> None:
    """The three pages, alternating."""
    installation = installations.open_installation(Settings.from_environment(environment))
    client = create_app(installation).test_client()
    contenders = {
        "full verification": lambda: turn(client, path),
        "report made beforehand": lambda: unverified(client, path),
        "plain PyLD": lambda: plainly(client, path),
    }
    taken: dict[str, list[float]] = {name: [] for name in contenders}
    for act in contenders.values():
        act()
    for _ in range(ROUNDS):
        for name, act in contenders.items():
            taken[name].append(act())
    full = taken["full verification"]
    print("| GET /v/CODE, in process | ms | its rate to the fully verified page |\n| --- | --- | --- |")
    for name, times in taken.items():
        ratio = statistics.median(own / other for own, other in zip(full, times, strict=True))
        print(f"| {name} | {statistics.median(times):.2f} | {ratio:.3f} |")
    installation.database.close()


def turn(client: FlaskClient, path: str) -> float:
    """Milliseconds for one page, over a turn."""
    start = time.perf_counter()
    for _ in range(TURN):
        if client.get(path).status_code != 200:  # noqa: PLR2004
            raise SystemExit(f"{path} does not answer")
    return (time.perf_counter() - start) * 1000 / TURN


def unverified(client: FlaskClient, path: str) -> float:
    """The page with the report of its first request."""
    verify_bytes = verification.verify_bytes
    made: dict[bytes, object] = {}

    def remembered(session, installation, data, now, *more, **named):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN002, ANN003, ANN202
        if data not in made:
            made[data] = verify_bytes(session, installation, data, now, *more, **named)
        return made[data]

    with patch.object(verification, "verify_bytes", remembered):
        client.get(path)
        return turn(client, path)


def plainly(client: FlaskClient, path: str) -> float:
    """The page with PyLD as it comes."""
    with patch.object(canonical, "canonicalise", plain_pyld()):
        return turn(client, path)


def plain_pyld() -> Callable[..., bytes]:
    """Canonicalising without any of our guards, memories or compiled paths."""
    known = shipped_contexts().documents()

    def load(url: str, _options: object) -> dict[str, object]:
        return {"contextUrl": None, "documentUrl": url, "document": known[url], "contentType": "application/ld+json"}

    def canonicalise(document: dict[str, object], *_more: object, **_named: object) -> bytes:
        options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": load}
        return str(jsonld.normalize(document, options)).encode()

    return canonicalise


@contextmanager
def served(environment: dict[str, str]) -> Iterator[int]:
    """The real server with one worker; its port."""
    command = [sys.executable, "-m", "badges.cli", "serve", "--workers", "1"]
    process = subprocess.Popen(command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, cwd=ROOT)
    port = int(environment["JALON_PORT"])
    try:
        for _ in range(200):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1).close()
                break
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait()


ROOT = Path(__file__).parent.parent


def over_http(port: int, path: str, rate: int, seconds: int) -> None:
    """Latencies at a fixed rate."""
    asyncio.run(load(port, path, rate, 2))  # warm
    latencies = sorted(asyncio.run(load(port, path, rate, seconds)))
    middle, high = latencies[len(latencies) // 2], latencies[int(len(latencies) * 0.99)]
    print(f"\nGET {path.partition('/v')[0]}/v/CODE at {rate} requests/s for {seconds} s, one worker: ", end="")
    print(f"{len(latencies)} answered, p50 {middle:.1f} ms, p99 {high:.1f} ms")


async def load(port: int, path: str, rate: int, seconds: int) -> list[float]:
    """Milliseconds from when each request was due to the end of its answer."""
    due: asyncio.Queue[float] = asyncio.Queue()
    latencies: list[float] = []

    async def connection() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\n\r\n".encode()
        while (moment := await due.get()) >= 0:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
            await reader.readexactly(int(length.partition(b":")[2]))
            if not head.startswith(b"HTTP/1.1 200"):
                raise SystemExit(head.decode("latin-1"))
            latencies.append((time.perf_counter() - moment) * 1000)
        writer.close()

    tasks = [asyncio.create_task(connection()) for _ in range(CONNECTIONS)]
    start = time.perf_counter() + 0.1
    for number in range(rate * seconds):
        moment = start + number / rate
        await asyncio.sleep(max(0.0, moment - time.perf_counter()))
        due.put_nowait(moment)
    for _ in tasks:
        due.put_nowait(-1.0)
    await asyncio.gather(*tasks)
    return latencies


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()
