"""Mail through the installation's SMTP server, where it has one.

Nothing is sent in clear over a network, and nothing fails in silence: what could not be sent raises `MailFailed`, and
whoever asked is told. Refuses to know what the letters say.

Source: RFC 8314, section 3 (TLS for submission); RFC 3207 (STARTTLS).
"""

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

from badges.settings import Settings

TIMEOUT_SECONDS = 15
PORTS = {"smtp": 587, "smtps": 465}


class MailFailed(Exception):  # noqa: N818 - what happened, for whoever asked to send
    """The letter was not accepted by the mail server; `reason` is a type, never an address or a secret."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter of plain text to one address."""

    to: str
    subject: str
    text: str


def can_send(settings: Settings) -> bool:
    """Whether this installation has a mail server."""
    return settings.smtp_url is not None


def send(settings: Settings, base_url: str, letter: Letter) -> None:
    """Hand the letter to the mail server.

    `smtps://` speaks TLS from the start; `smtp://` must offer STARTTLS unless the server is this machine.

    Raises:
        MailFailed: no server is set, it cannot be reached, offers no TLS, or refuses the letter.
    """
    parts = urlsplit(settings.smtp_url or "")
    host = parts.hostname
    if parts.scheme not in PORTS or host is None:
        raise MailFailed("JALON_SMTP_URL")
    message = EmailMessage()
    message["From"] = settings.mail_from or f"jalon@{urlsplit(base_url).hostname}"
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    try:
        with _connected(parts.scheme, host, parts.port or PORTS[parts.scheme]) as server:
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(message)
    except (OSError, smtplib.SMTPException, ValueError) as error:
        raise MailFailed(type(error).__name__) from None


def _connected(scheme: str, host: str, port: int) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if scheme == "smtps":
        return smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_SECONDS, context=context)
    server = smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
    try:
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=context)
            server.ehlo()
        elif not _this_machine(host):
            raise smtplib.SMTPNotSupportedError("STARTTLS")
    except (OSError, smtplib.SMTPException):
        server.close()
        raise
    return server


def _this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
