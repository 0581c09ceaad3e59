"""The conformance server: https on loopback with a certificate of its own, until interrupted.

Source: RFC 5280 (the certificate, which nobody but a test suite told to ignore it will accept).
"""

from __future__ import annotations

import ipaddress
import json
import signal
import socket
import ssl
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

from badges.vc_api import app as application
from badges.vc_api.service import Service, signers
from badges.vc_api.statuses import Statuses
from verify.standards.documents import Contexts
from verify.standards.signatures import KeyKind

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

_PATIENCE = 30
_ALWAYS = datetime(2020, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
"""The certificate ends with the process. Source: RFC 5280, section 4.1.2.5 (no well-defined expiration date)."""


class _Quiet(WSGIRequestHandler):
    """Handles one request without a line for each on standard error."""

    timeout = _PATIENCE

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - werkzeug's name
        """Say nothing."""


class _Server(ThreadedWSGIServer):
    """Serves each connection in a thread of its own, its TLS handshake included: one that stalls holds up nobody."""

    def __init__(self, host: str, port: int, app: WSGIApplication, context: ssl.SSLContext) -> None:
        super().__init__(host, port, app, _Quiet)
        self.ssl_context = context  # from here on the requests' scheme is https

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Answer on the connection, encrypted."""
        request.settimeout(_PATIENCE)
        assert self.ssl_context is not None  # noqa: S101 - for the type checker
        with self.ssl_context.wrap_socket(request, server_side=True) as encrypted:
            super().finish_request(encrypted, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Let a client that goes away or speaks no TLS go in silence."""


@contextmanager
def serving(contexts: Contexts, clock: Callable[[], datetime], port: int = 0) -> Iterator[dict[str, str]]:
    """A server that listens on localhost while the block runs; gives its address and its identifiers.

    Raises:
        OSError: where the port is taken.
    """
    with socket.create_server(("127.0.0.1", port)) as probe:
        port = probe.getsockname()[1]
    keys = signers()
    base = f"https://localhost:{port}"
    statuses = Statuses(base, keys[KeyKind.ED25519].verification_method.partition("#")[0])
    service = Service(base, keys, contexts, clock, statuses)
    context = _tls()
    servers = [_Server(host, port, application.create(service), context) for host in _hosts(port)]
    threads = [threading.Thread(target=server.serve_forever, daemon=True) for server in servers]
    for thread in threads:
        thread.start()
    try:
        yield {
            "base": base,
            "eddsa": service.did(KeyKind.ED25519),
            "p256": service.did(KeyKind.P256),
            "p384": service.did(KeyKind.P384),
        }
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()


def run(contexts: Contexts, clock: Callable[[], datetime], port: int, say: Callable[[str], None]) -> None:
    """Serve until interrupted; says one line of JSON once it listens.

    Raises:
        OSError: where the port is taken.
    """
    # A script that starts us in the background has us ignore the interrupt that is to end us.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with serving(contexts, clock, port) as described, suppress(KeyboardInterrupt):
        say(json.dumps(described))
        threading.Event().wait()


def _hosts(port: int) -> list[str]:
    """The loopback addresses that `localhost` may mean here."""
    hosts = ["127.0.0.1"]
    try:
        with socket.create_server(("::1", port), family=socket.AF_INET6):
            hosts.append("::1")
    except OSError:
        pass
    return hosts


def _tls() -> ssl.SSLContext:
    """TLS with a certificate for localhost, signed by itself; its key is never kept on disk."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    names = x509.SubjectAlternativeName(
        [
            x509.DNSName("localhost"),
            x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
            x509.IPAddress(ipaddress.ip_address("::1")),
        ]
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_ALWAYS[0])
        .not_valid_after(_ALWAYS[1])
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, SHA256())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.NamedTemporaryFile(prefix="jalon-") as file:  # ssl loads from files only; mode 0600, gone at once
        file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        file.write(certificate.public_bytes(Encoding.PEM))
        file.flush()
        context.load_cert_chain(Path(file.name))
    return context
