"""Status lists that were read before: what depends on nothing but their bytes, kept by the SHA-256 of those bytes.

Kept are the parsed list, its canonical digest, its unpacked bits, and which key was found to have signed it. Not kept
is anything that another moment may answer differently: dates, whose key it is and in what state, what a bit says.
Bounded in number and in bytes; the list that was not asked for longest goes first. May be used from several threads.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict

from verify.errors import Undecided, Unreadable
from verify.intake import Presented
from verify.reasons import Reason
from verify.sources import MAX_STATUS_BYTES
from verify.standards import documents, status_list, vc_jwt
from verify.standards.cryptosuites import SecuredDocument
from verify.standards.documents import Contexts

MOST_LISTS = 256
MOST_BYTES = 64 * 1024 * 1024
_ABOUT = 4_096  # what a parsed list takes beside its text and its bits


class SignedList:
    """One signed status list as it was read."""

    def __init__(self, presented: Presented, contexts: Contexts, digest: bytes, size: int) -> None:
        self.presented = presented
        self.secured = SecuredDocument(presented.credential, contexts)
        self.digest = digest
        self.size = size
        self.unpacked: tuple[str, bytes] | None = None


class ListMemory:
    """The lists that were read last."""

    def __init__(self, most_lists: int = MOST_LISTS, most_bytes: int = MOST_BYTES) -> None:
        self._most_lists, self._most_bytes = most_lists, most_bytes
        self._lists: OrderedDict[bytes, SignedList] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._lists)

    def read(self, data: bytes, contexts: Contexts) -> SignedList:
        """The list that the bytes spell, secured by a proof inside it or as a JWT; nothing of it is believed yet.

        Raises:
            Undecided: `status_list_unproved`, where it can be read as neither.
            Source: Bitstring Status List 1.0, section 2.2: any securing mechanism.
        """
        digest = hashlib.sha256(data).digest()
        with self._lock:
            known = self._lists.get(digest)
            if known is not None and known.secured.contexts is contexts:
                self._lists.move_to_end(digest)
                return known
        found = SignedList(_presented(data), contexts, digest, _ABOUT + 2 * len(data))
        with self._lock:
            former = self._lists.pop(digest, None)
            self._bytes += found.size - (former.size if former else 0)
            self._lists[digest] = found
            self._make_room()
        return found

    def bits(self, signed: SignedList, encoded: str) -> bytes:
        """The bits of the list's `encodedList`, which count among its bytes from now on.

        Raises:
            Defect: as `status_list.decode` does.
        """
        known = signed.unpacked
        if known is not None and known[0] == encoded:
            return known[1]
        bits = status_list.decode(encoded)
        with self._lock:
            grown = len(bits) - (len(signed.unpacked[1]) if signed.unpacked else 0)
            signed.unpacked = (encoded, bits)
            signed.size += grown
            if self._lists.get(signed.digest) is signed:
                self._bytes += grown
                self._make_room()
        return bits

    def _make_room(self) -> None:
        while len(self._lists) > self._most_lists or self._bytes > self._most_bytes:
            self._bytes -= self._lists.popitem(last=False)[1].size


def _presented(data: bytes) -> Presented:
    try:
        if vc_jwt.is_compact(data):
            token = vc_jwt.read(data)
            return Presented("jwt", vc_jwt.credential_of(token), token)
        return Presented("json", documents.load(data, max_bytes=MAX_STATUS_BYTES), None)
    except Unreadable as error:
        raise Undecided(Reason.STATUS_LIST_UNPROVED, str(error)) from None
