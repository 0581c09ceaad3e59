"""Documents from the network, which is hostile: the only module of this package that opens a connection.

An address comes out of a badge that anybody may have written, so that whoever wrote it chooses where we connect. Hence
https only; hosts by name only; every address a name resolves to has to be public, or the name is refused; the
connection goes to the very address that was looked at, while certificate, SNI and Host keep the name; each redirect
starts all of this anew. Time, size, headers, redirects, connections at once and requests to a host are bounded. GET
only: no cookies, no credentials, no proxy from the environment, no compression asked for and none accepted.

Refuses to guess: what cannot be had raises `NotFetched`, with a word for the log. `verify.online` turns it into "cannot
be had". Cache and budgets are one process's own.

Source: RFC 9110 (HTTP semantics), sections 7 and 15.4; RFC 9112, section 6; docs/adr on the fetcher.
"""

from __future__ import annotations

import contextlib
import http.client
import io
import queue
import re
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from threading import BoundedSemaphore, Thread
from typing import TYPE_CHECKING, cast

from verify import fetch_memory, web_address
from verify.fetch_memory import Answer, Budget, Cache
from verify.web_address import NotFetched, Refusal, WebAddress

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

Resolver = Callable[[str, int], Sequence[str]]
"""Finds the IP addresses of a host and port; raises OSError where it has none."""

_MOVED = frozenset({301, 302, 303, 307, 308})
_OK, _NOT_MODIFIED, _GONE = 200, 304, 410
_MOST_LOOKUPS = 16
_MOST_ADDRESSES = 3
_ETAG = re.compile(r'(?:W/)?"[!#-~]{0,250}"')
_KIB = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchPolicy:
    """The bounds of a fetcher. The last two members are a declared exception, for tests and development.

    `refused_hosts` are never asked: a service's own name, which it would have to answer itself meanwhile.
    `private_hosts` are names whose addresses need not be public; `authorities` are certificates in PEM that are trusted
    beside the system's.
    """

    total_seconds: float = 8.0
    connect_seconds: float = 3.0
    max_bytes: int = 8 * _KIB * _KIB
    max_header_bytes: int = 32 * _KIB
    max_redirects: int = 3
    at_once: int = 2
    per_minute: int = 30
    """To one host, and to one address whatever it is called."""
    cached_answers: int = 512
    cached_bytes: int = 32 * _KIB * _KIB
    fresh_for: timedelta = timedelta(minutes=5)
    """Where the answer does not say."""
    fresh_at_most: timedelta = timedelta(hours=1)
    refused_hosts: frozenset[str] = frozenset()
    private_hosts: frozenset[str] = frozenset()
    authorities: str = field(default="", repr=False)


class Deadline:
    """A moment that no waiting goes beyond."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds left.

        Raises:
            NotFetched: `timed_out`, where there are none.
        """
        seconds = self._end - time.monotonic()
        if seconds <= 0:
            raise NotFetched(Refusal.TIMED_OUT)
        return seconds

    def within(self, seconds: float) -> Deadline:
        """A deadline in so many seconds, or this one where it comes first."""
        return Deadline(min(seconds, self._end - time.monotonic()))


def system_resolver(host: str, port: int) -> list[str]:
    """The addresses that the machine's own resolver knows."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def utc_now() -> datetime:
    """The present moment."""
    return datetime.now(UTC)


class Fetcher:
    """Fetches documents for every thread of a process, within one policy."""

    def __init__(
        self,
        policy: FetchPolicy | None = None,
        *,
        resolver: Resolver = system_resolver,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self.policy = policy or FetchPolicy()
        self._resolver = resolver
        self._clock = clock
        self._cache = Cache(self.policy.cached_answers, self.policy.cached_bytes)
        self._budget = Budget(self.policy.per_minute)
        self._places = BoundedSemaphore(self.policy.at_once)
        self._lookups = BoundedSemaphore(_MOST_LOOKUPS)

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        """Certificates are checked against the system's authorities; made when first needed, for it takes a while."""
        context = ssl.create_default_context()
        context.set_alpn_protocols(["http/1.1"])
        if self.policy.authorities:
            context.load_verify_locations(cadata=self.policy.authorities)
        return context

    def fetch(self, url: str, *, accept: str, deadline: Deadline, gone: bool = False) -> Answer:
        """The document at the address, from the network or from what is still fresh.

        `accept` is the Accept header; `gone` takes the body of a 410 too, with which an Open Badges 2 issuer says that
        a badge is withdrawn.

        Raises:
            NotFetched: it cannot be had.
        """
        address = web_address.read(url)
        key = (address.url, accept)
        known = self._cache.get(key)
        if known is not None and known.is_fresh(self._clock()):
            return known
        with self._place(), _named(address.host):
            return self._follow(address, _Errand(accept, known, gone, deadline.within(self.policy.total_seconds)))

    @contextlib.contextmanager
    def _place(self) -> Iterator[None]:
        if not self._places.acquire(blocking=False):
            raise NotFetched(Refusal.BUSY)
        try:
            yield
        finally:
            self._places.release()

    def _follow(self, first: WebAddress, errand: _Errand) -> Answer:
        address, fresh_for = first, self.policy.fresh_at_most
        for _ in range(self.policy.max_redirects + 1):
            reply = self._ask(address, errand, etag=errand.known.etag if errand.known and address == first else None)
            stated = self._fresh_for(reply)
            fresh_for = timedelta(0) if stated is None else min(fresh_for, stated)
            if reply.status in _MOVED:
                address = address.joined(reply.header("location"))
                continue
            now = self._clock()
            if reply.status == _NOT_MODIFIED and errand.known is not None:
                answer = errand.known.confirmed(now, fresh_for)
            else:
                etag = reply.header("etag") if address == first else ""
                answer = Answer(reply.body, etag if _ETAG.fullmatch(etag) else None, now, now + fresh_for)
            if stated is None:
                self._cache.forget((first.url, errand.accept))
            else:
                self._cache.put((first.url, errand.accept), answer)
            return answer
        raise NotFetched(Refusal.TOO_MANY_REDIRECTS, first.host)

    def _fresh_for(self, reply: _Reply) -> timedelta | None:
        policy = self.policy
        return fetch_memory.fresh_for(
            reply.header("cache-control"), reply.header("age"), default=policy.fresh_for, longest=policy.fresh_at_most
        )

    def _ask(self, address: WebAddress, errand: _Errand, etag: str | None) -> _Reply:
        """What one address answers: its document, that it has not changed, or where else to ask."""
        if address.host in self.policy.refused_hosts:
            raise NotFetched(Refusal.HOST_REFUSED, address.host)
        self._spend(address.host, address.host)
        found = self._checked(address, errand.deadline)
        with contextlib.closing(self._connect(address, found, errand.deadline)) as connected:
            stream = _Stream(connected, errand.deadline, self.policy)
            request = http.client.HTTPSConnection(address.host, address.port, context=self._tls)
            request.auto_open = 0
            request.sock = cast("socket.socket", stream)
            headers = {"Accept": errand.accept, "Accept-Encoding": "identity", "User-Agent": "jalon-verify"}
            request.request("GET", address.target, headers=headers | ({"If-None-Match": etag} if etag else {}))
            response = request.getresponse()
            empty = errand.is_empty(response, asked_with=etag)
            return _Reply(response, b"" if empty else _body(response, stream, self.policy))

    def _spend(self, name: str, host: str) -> None:
        if not self._budget.spend(name, self._clock()):
            raise NotFetched(Refusal.HOST_BUDGET_SPENT, host)

    def _checked(self, address: WebAddress, deadline: Deadline) -> list[str]:
        """The addresses of the host, asked for once; one that is not public refuses them all."""
        found = list(dict.fromkeys(self._resolved(address, deadline)))
        if not found:
            raise NotFetched(Refusal.HOST_NOT_FOUND, address.host)
        if address.host not in self.policy.private_hosts and not all(map(web_address.is_public, found)):
            raise NotFetched(Refusal.ADDRESS_NOT_PUBLIC, address.host)
        return found

    def _resolved(self, address: WebAddress, deadline: Deadline) -> Sequence[str]:
        """The resolver's answer in time: it knows no limit itself, so that it runs beside and may be left behind."""
        answers: queue.SimpleQueue[Sequence[str]] = queue.SimpleQueue()
        if not self._lookups.acquire(blocking=False):
            raise NotFetched(Refusal.BUSY, address.host)

        def look_up() -> None:
            try:
                answers.put(self._resolver(address.host, address.port))
            except (OSError, ValueError):
                answers.put(())
            finally:
                self._lookups.release()

        Thread(target=look_up, name="jalon-lookup", daemon=True).start()
        try:
            return answers.get(timeout=deadline.within(self.policy.connect_seconds).left())
        except queue.Empty:
            raise NotFetched(Refusal.TIMED_OUT, address.host) from None

    def _connect(self, address: WebAddress, found: list[str], deadline: Deadline) -> ssl.SSLSocket:
        """A connection to the first of the addresses that takes one, authenticated as the name's."""
        soon, tried = deadline.within(self.policy.connect_seconds), found[:_MOST_ADDRESSES]
        for ip in tried:
            self._spend(ip, address.host)
            plain = socket.socket(socket.AF_INET6 if ":" in ip else socket.AF_INET)
            try:
                plain.settimeout(soon.left())
                plain.connect((ip, address.port))
                plain.settimeout(soon.left())
                return self._tls.wrap_socket(plain, server_hostname=address.host, suppress_ragged_eofs=False)
            except BaseException as stop:
                plain.close()
                if ip == tried[-1] or isinstance(stop, ssl.SSLError) or not isinstance(stop, OSError):
                    raise
        raise NotFetched(Refusal.HOST_NOT_FOUND, address.host)


@dataclass(frozen=True, slots=True)
class _Errand:
    """One document to be had: what is accepted, what is known of it, how long there is."""

    accept: str
    known: Answer | None
    gone: bool
    deadline: Deadline

    def is_empty(self, response: http.client.HTTPResponse, *, asked_with: str | None) -> bool:
        """Whether the answer says all it has to without a body.

        Raises:
            NotFetched: `not_there`, where it is none that was asked for.
        """
        if response.status == _OK or (response.status == _GONE and self.gone):
            return False
        if response.status in _MOVED or (response.status == _NOT_MODIFIED and asked_with):
            return True
        raise NotFetched(Refusal.NOT_THERE)


@dataclass(frozen=True, slots=True)
class _Reply:
    """What one request was answered."""

    response: http.client.HTTPResponse
    body: bytes

    @property
    def status(self) -> int:
        """The status code."""
        return self.response.status

    def header(self, name: str) -> str:
        """The header, or an empty text."""
        return self.response.getheader(name) or ""


class _Stream:
    """A connection as `http.client` uses one, that waits no longer and reads no further than it may."""

    def __init__(self, connected: ssl.SSLSocket, deadline: Deadline, policy: FetchPolicy) -> None:
        self._connected = connected
        self._deadline = deadline
        self._allowance = policy.max_header_bytes
        self._over = Refusal.HEADERS_TOO_LARGE

    def allow_body(self, most: int) -> None:
        """Read so many bytes more: the headers are through."""
        self._allowance, self._over = most, Refusal.BODY_TOO_LARGE

    def sendall(self, data: bytes) -> None:
        """Send the request."""
        self._connected.settimeout(self._deadline.left())
        self._connected.sendall(data)

    def receive_into(self, buffer: WriteableBuffer) -> int:
        """Bytes as they come, until the deadline and the allowance; 0 at the end."""
        self._connected.settimeout(self._deadline.left())
        size = self._connected.recv_into(buffer)
        self._allowance -= size
        if self._allowance < 0:
            raise NotFetched(self._over)
        return size

    def makefile(self, _mode: str) -> io.BufferedReader:
        """What the response is read from."""
        return io.BufferedReader(_Received(self))

    def close(self) -> None:
        """Nothing: whoever connected closes, once the response is read."""


class _Received(io.RawIOBase):
    """What comes over a stream."""

    def __init__(self, stream: _Stream) -> None:
        self._stream = stream

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """The next bytes."""
        return self._stream.receive_into(buffer)


def _body(response: http.client.HTTPResponse, stream: _Stream, policy: FetchPolicy) -> bytes:
    """The whole body, as it was sent.

    Raises:
        NotFetched: `encoding_refused`, `body_too_large` or `response_malformed`.
    """
    if (response.getheader("content-encoding") or "identity").strip().lower() != "identity":
        raise NotFetched(Refusal.ENCODING_REFUSED)
    if response.length is not None and response.length > policy.max_bytes:
        raise NotFetched(Refusal.BODY_TOO_LARGE)
    stream.allow_body(policy.max_bytes + policy.max_bytes // 4 + policy.max_header_bytes)  # room for chunk sizes
    body = response.read(policy.max_bytes + 1)
    if len(body) > policy.max_bytes:
        raise NotFetched(Refusal.BODY_TOO_LARGE)
    if response.length:
        raise NotFetched(Refusal.RESPONSE_MALFORMED)
    return body


@contextlib.contextmanager
def _named(host: str) -> Iterator[None]:
    """Every way in which a connection can fail, as a refusal."""
    try:
        yield
    except NotFetched as refused:
        raise NotFetched(refused.refusal, refused.host or host) from None
    except TimeoutError:
        raise NotFetched(Refusal.TIMED_OUT, host) from None
    except ssl.SSLCertVerificationError:
        raise NotFetched(Refusal.CERTIFICATE_REFUSED, host) from None
    except OSError:
        raise NotFetched(Refusal.CONNECTION_FAILED, host) from None
    except http.client.LineTooLong:
        raise NotFetched(Refusal.HEADERS_TOO_LARGE, host) from None
    except (http.client.HTTPException, ValueError):
        raise NotFetched(Refusal.RESPONSE_MALFORMED, host) from None
