"""Which addresses may be fetched from: https, a host by its name, a port for anybody, and public networks alone.

Decides and opens nothing: `verify.fetching` connects to what passed here, and to nothing else.

Source: RFC 6890 and the IANA special-purpose address registries for IPv4 and IPv6 (2025); RFC 3986, section 3.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urljoin, urlsplit

MAX_URL = 2_000
HTTPS_PORT = 443
FIRST_UNPRIVILEGED_PORT = 1024
HIGHEST_PORT = 65535

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})*")
_WRITTEN = re.compile(r"[!#-;=?-\[\]_a-z~]+")  # printable ASCII without the characters that no URL holds
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")

_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
# Inside it, what is no host's own address, or holds an IPv4 address that would be reached instead.
_NOT_HOSTS_6 = tuple(
    ipaddress.IPv6Network(text)
    for text in (
        "2001::/23",  # protocol assignments: Teredo, benchmarking, ORCHID
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4
        "3fff::/20",  # documentation
    )
)
_NOT_HOSTS_4 = tuple(
    ipaddress.IPv4Network(text)
    for text in (
        "192.0.0.0/24",  # protocol assignments
        "192.88.99.0/24",  # 6to4 relays
        "240.0.0.0/4",  # reserved, broadcast
    )
)


class Refusal(StrEnum):
    """Why something was not fetched: for logs and for whoever runs the service, never a reason about a badge."""

    ADDRESS_MALFORMED = "address_malformed"
    NOT_HTTPS = "not_https"
    PORT_REFUSED = "port_refused"
    HOST_REFUSED = "host_refused"
    ADDRESS_NOT_PUBLIC = "address_not_public"
    HOST_NOT_FOUND = "host_not_found"
    CONNECTION_FAILED = "connection_failed"
    CERTIFICATE_REFUSED = "certificate_refused"
    TIMED_OUT = "timed_out"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    HEADERS_TOO_LARGE = "headers_too_large"
    BODY_TOO_LARGE = "body_too_large"
    ENCODING_REFUSED = "encoding_refused"
    RESPONSE_MALFORMED = "response_malformed"
    NOT_THERE = "not_there"
    HOST_BUDGET_SPENT = "host_budget_spent"
    ERRAND_BUDGET_SPENT = "errand_budget_spent"
    BUSY = "busy"


class NotFetched(Exception):  # noqa: N818 - it names what is so, as a reader would say it
    """Something cannot be had from the network, and why; holds nothing of the address beyond its host."""

    def __init__(self, refusal: Refusal, host: str = "") -> None:
        super().__init__(f"{refusal.value}: {host}" if host else refusal.value)
        self.refusal = refusal
        self.host = host


@dataclass(frozen=True, slots=True)
class WebAddress:
    """An https address in its parts; `target` is the path with its query, as a request names it."""

    host: str
    port: int
    target: str

    @property
    def url(self) -> str:
        """The address in one piece, without a fragment."""
        site = self.host if self.port == HTTPS_PORT else f"{self.host}:{self.port}"
        return f"https://{site}{self.target}"

    def joined(self, location: str) -> WebAddress:
        """The address that a redirect from here names.

        Raises:
            NotFetched: as `read`.
        """
        try:
            return read(urljoin(self.url, location))
        except ValueError:
            raise NotFetched(Refusal.ADDRESS_MALFORMED, self.host) from None


def read(url: str) -> WebAddress:
    """The address in its parts.

    A host is a name: an IP address in any notation is refused, as did:web refuses it. The port is 443 or one that
    any user may listen on, so that no mail server or printer is spoken to by mistake.

    Raises:
        NotFetched: `address_malformed`, `not_https` or `port_refused`.
    """
    if len(url) > MAX_URL or not _WRITTEN.fullmatch(url.lower()):
        raise NotFetched(Refusal.ADDRESS_MALFORMED)
    try:
        parts = urlsplit(url)
    except ValueError:
        raise NotFetched(Refusal.ADDRESS_MALFORMED) from None
    if parts.scheme != "https":
        raise NotFetched(Refusal.NOT_HTTPS)
    host, colon, written_port = parts.netloc.lower().partition(":")
    if "@" in parts.netloc or not _HOST.fullmatch(host) or _NUMBER.fullmatch(host.rpartition(".")[2]):
        raise NotFetched(Refusal.ADDRESS_MALFORMED)
    port = _port(written_port, host) if colon else HTTPS_PORT
    query = f"?{parts.query}" if parts.query else ""
    return WebAddress(host, port, (parts.path or "/") + query)


def is_public(text: str) -> bool:
    """Whether the IP address is that of one host on the public internet, and reached by nothing but itself.

    Of IPv6 only global unicast can be: that leaves out loopback, link-local, unique local, multicast, and every
    prefix that carries an IPv4 address (mapped, compatible, translated by NAT64), whatever IPv4 address it is.
    """
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        within = address.scope_id is None and address in _GLOBAL_UNICAST
        return within and address.is_global and not any(address in network for network in _NOT_HOSTS_6)
    reserved = address.is_multicast or any(address in network for network in _NOT_HOSTS_4)
    return address.is_global and not reserved


def _port(written: str, host: str) -> int:
    port = int(written) if re.fullmatch(r"[1-9][0-9]{0,4}", written) else 0
    if port != HTTPS_PORT and not FIRST_UNPRIVILEGED_PORT <= port <= HIGHEST_PORT:
        raise NotFetched(Refusal.PORT_REFUSED, host)
    return port
