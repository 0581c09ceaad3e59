"""The real service, as a newcomer starts it: the demo loaded by the command, the server a process of its own.

The demo is loaded once for all the workers of a run, then copied: each server has a data folder it may change. The
public address recorded in it stays the first one, whatever the port: the browser is told where that address leads
(see `conftest.py`). Nothing here looks into the database.
"""

import fcntl
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 60
"""Seconds a server may take to answer on a busy machine; it takes two."""
WORDS = {
    "rédaction de la région": "editor",
    "coach": "coach",
    "attribution des badges": "issuer",
    "administration": "administrator",
    "contrôle": "auditor",
}


@dataclass(frozen=True, slots=True)
class Card:
    """A beneficiary's card as the command prints it."""

    code: str
    pin: str
    about: str


@dataclass(frozen=True, slots=True)
class Demo:
    """What the demo's command said: who to sign in as, one badge, and where its badges were written."""

    folder: Path
    base_url: str
    password: str
    emails: dict[str, str]
    cards: tuple[Card, ...]
    badge: str
    badges: Path

    def manifest(self) -> list[dict[str, str]]:
        """The exported badges, their file names made absolute."""
        entries = json.loads((self.badges / "manifest.json").read_text(encoding="utf-8"))
        return [one | {kind: str(self.badges / one[kind]) for kind in ("json", "png", "svg")} for one in entries]

    def exported(self, status: str) -> dict[str, str]:
        """The first exported badge with this status."""
        return next(one for one in self.manifest() if one["status"] == status)

    def card(self, about: str) -> Card:
        """The card of the one who, in the demo's words, `about`."""
        return next(card for card in self.cards if card.about == about)


def load_demo(shared: Path) -> Demo:
    """The demo in `shared`, loaded by whoever of the workers comes first."""
    with (shared / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        said = shared / "demo.txt"
        if not said.exists():
            base_url = f"http://localhost:{free_port()}"
            words = jalon(shared / "demo", "demo", base_url=base_url)
            jalon(shared / "demo", "demo", "--export", str(shared / "badges"))
            said.write_text(f"{base_url}\n{words}", encoding="utf-8")
        base_url, _, words = said.read_text(encoding="utf-8").partition("\n")
    return _understood(words, base_url, shared)


def _understood(words: str, base_url: str, shared: Path) -> Demo:
    staff = re.findall(r"^ {4}(\D+?) {2,}(\S+@\S+)$", words, re.MULTILINE)
    cards = re.findall(r"carte (\S+) +code secret (\d{6}) +(.+)$", words, re.MULTILINE)
    return Demo(
        folder=shared / "demo",
        base_url=base_url,
        password=_one(r"mot de passe : (\S+)", words),
        emails={WORDS[word]: email for word, email in staff},
        cards=tuple(Card(code, pin, about.strip()) for code, pin, about in cards),
        badge=_one(r"(http\S+/v/\S+)", words),
        badges=shared / "badges",
    )


def _one(pattern: str, words: str) -> str:
    found = re.search(pattern, words)
    assert found, f"the command does not say {pattern}:\n{words}"
    return found[1]


def jalon(data: Path, *arguments: str, base_url: str = "") -> str:
    """What the command prints."""
    done = subprocess.run(
        [sys.executable, "-m", "badges.cli", *arguments],
        cwd=ROOT,
        env=environment(data, base_url=base_url),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, f"jalon {' '.join(arguments)}: {done.stdout}{done.stderr}"
    return done.stdout


def environment(data: Path, **settings: object) -> dict[str, str]:
    """This process's environment with only these settings of Jalon; the network is not asked."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("JALON_")}
    given = {f"JALON_{name.upper()}": str(value) for name, value in settings.items() if value}
    return kept | {"JALON_DATA": str(data), "JALON_FETCH": "off", "PYTHONUNBUFFERED": "1"} | given


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(slots=True)
class Service:
    """One server over its own data folder."""

    data: Path
    port: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None

    @classmethod
    def over(cls, demo: Demo, data: Path) -> "Service":
        """A running server over a copy of the demo."""
        shutil.copytree(demo.folder, data)
        service = cls(data)
        service.start()
        return service

    @property
    def address(self) -> str:
        """Where it listens, whatever its public address."""
        return f"http://localhost:{self.port}"

    @property
    def log(self) -> Path:
        """What it wrote while it ran."""
        return self.data / "server.log"

    def start(self) -> None:
        """Start, and wait until it says it is ready."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "badges.cli", "serve", "--workers", "1"],
                cwd=ROOT,
                env=environment(self.data, port=self.port),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        until = time.monotonic() + PATIENCE
        while not self._answers():
            assert self.process.poll() is None, f"the server ended at once: {self.log.read_text()}"
            assert time.monotonic() < until, f"the server does not answer: {self.log.read_text()}"
            time.sleep(0.05)

    def kill(self) -> None:
        """Kill it with its workers, in the middle of whatever they do."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to end."""
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self.process is None:
            return
        os.killpg(self.process.pid, how)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(15)
        self.process = None

    def _answers(self) -> bool:
        try:
            with urlopen(f"{self.address}/healthz", timeout=5) as answer:  # noqa: S310 - an http address of our own
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False
