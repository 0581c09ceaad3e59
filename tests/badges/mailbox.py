"""A mail server on this machine that keeps what it is given: enough of SMTP for a client to believe it."""

import socketserver
import threading
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Self

# Source: RFC 5321, section 4.2.3: 250 done, 354 send the letter, 550 no such mailbox, 221 closing.
GREETING, DONE, SEND, REFUSED, BYE = b"220 here\r\n", b"250 done\r\n", b"354 go on\r\n", b"550 no\r\n", b"221 bye\r\n"


class _Conversation(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(GREETING)
        while line := self.rfile.readline():
            verb = line.strip().upper()
            if verb.startswith(b"DATA"):
                self.wfile.write(SEND)
                self.server.kept.append(self._letter())
            elif verb.startswith(b"QUIT"):
                self.wfile.write(BYE)
                return
            refused = verb.startswith(b"RCPT") and any(one.upper().encode() in verb for one in self.server.refused)
            self.wfile.write(REFUSED if refused else DONE)

    def _letter(self):
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b"."))
        return b"".join(lines)


class Mailbox:
    """The server, running in a thread for as long as its `with` block."""

    def __init__(self) -> None:
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Conversation)
        self._server.daemon_threads = True
        self._server.kept = []
        self._server.refused = []

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        """What `JALON_SMTP_URL` would say."""
        return f"smtp://127.0.0.1:{self._server.server_address[1]}"

    def refuse(self, address: str) -> None:
        """Answer that there is no such mailbox."""
        self._server.refused.append(address)

    def letters(self) -> list[EmailMessage]:
        """What was accepted, in order."""
        return [message_from_bytes(kept, policy=policy.default) for kept in self._server.kept]
