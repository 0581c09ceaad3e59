"""Has the issuer taken the badge back, or paused it?

The answer stands in a list that the issuer signs; the list is trusted no further than its own proof reaches. A list
that cannot be had, cannot be authenticated or has run out leaves the question open. A list that is authentic and
contradicts the credential is a defect.

Open Badges 3.0 lets a credential carry one status entry. Ours has the purpose `revocation`, and `statusReference`
names the same issuer's list of suspensions, where the same index counts. A paused badge has its bit set in both, so
that a reader who knows nothing of this arrangement refuses it too. Entries of purpose `suspension`, and several
entries, are understood as well, and so is the older list of 1EdTech. The purposes `message` and `refresh` take nothing
back: that a message or a newer version is there is noted beside the checks. What a message says is not: it is meant for
developers, and what it means stands with the issuer.

Source: Bitstring Status List 1.0, sections 2 and 3.2; 1EdTech Revocation List Status Method 1.0; docs/adr on
suspension.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from verify.checks import proof, validity
from verify.errors import Defect, Undecided
from verify.list_memory import ListMemory, SignedList
from verify.reasons import Reason
from verify.report import Check, CheckName, Outcome
from verify.sources import DocumentSource, KeySource, StatusSource, TrustBundle
from verify.standards import credentials, revocation_list, status_list
from verify.standards.documents import Contexts

_NAME = CheckName.STATUS
_ENTRY = "BitstringStatusListEntry"
_LIST = "BitstringStatusList"
_INDEX = re.compile(r"0|[1-9][0-9]{0,15}")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]{1,2}")
_PURPOSES: Mapping[str, Reason] = {
    "revocation": Reason.REVOKED,
    "suspension": Reason.SUSPENDED,
    "message": Reason.STATUS_MESSAGE,
    "refresh": Reason.REFRESH_ANNOUNCED,
}
"""What each purpose tells. Source: Bitstring Status List 1.0, section 2.1, `statusPurpose`."""
_MAX_SIZE = 8
_MAX_ENTRIES = 8
_MAX_URL = 2_000
# A badge both withdrawn and paused is withdrawn; either says more than any other defect.
_GRAVITY = (Reason.REVOKED, Reason.SUSPENDED)

_Node = dict[str, Any]


@dataclass(frozen=True, slots=True)
class StatusReader:
    """Reads what the lists of one issuer say of single credentials, at one moment; remembers how fresh they were."""

    issuer: str | None
    statuses: StatusSource
    documents: DocumentSource
    keys: KeySource
    now: datetime
    contexts: Contexts
    lists: ListMemory = field(default_factory=ListMemory)
    _moments: dict[str, datetime] = field(default_factory=dict, init=False)
    _notes: set[Reason] = field(default_factory=set, init=False)

    @property
    def as_of(self) -> datetime | None:
        """The moment for which everything read is known: the oldest list's; None where no list told one."""
        return min(self._moments.values(), default=None)

    def is_listed(self, url: str, credential_id: str) -> bool:
        """Whether the issuer's 1EdTech revocation list says that the credential is revoked.

        Raises:
            Undecided: `status_unreachable` or `status_issuer_differs`.
        """
        data = self.documents.document(url)
        if data is None or self.issuer is None:
            raise Undecided(Reason.STATUS_UNREACHABLE)
        revoked = revocation_list.is_revoked(data, issuer=self.issuer, credential_id=credential_id)
        self._note(self.documents, url)
        return revoked

    @property
    def notes(self) -> frozenset[Reason]:
        """What was read beside whether the badge stands: `status_message`, `refresh_announced`."""
        return frozenset(self._notes)

    def note(self, reason: Reason) -> None:
        """Remember that this was read."""
        self._notes.add(reason)

    def value(self, url: str, purpose: str, index: int, size: int = 1) -> int:
        """The number that the entry holds: of one bit, whether it is set.

        Raises:
            Undecided: `status_unreachable`, `status_list_unproved`, `status_list_expired` or
                `status_issuer_differs`.
            Defect: `status_list_malformed`, `status_list_too_small`, `status_list_bomb`,
                `status_purpose_differs` or `status_index_out_of_range`.
        """
        signed = self._authentic(url)
        subject = signed.presented.credential.get("credentialSubject")
        if not isinstance(subject, dict) or subject.get("type") not in (_LIST, [_LIST]):
            raise Defect(Reason.STATUS_LIST_MALFORMED, "credentialSubject")
        listed = subject.get("statusPurpose")
        if purpose not in (listed if isinstance(listed, list) else [listed]):
            raise Defect(Reason.STATUS_PURPOSE_DIFFERS)
        encoded = subject.get("encodedList")
        if not isinstance(encoded, str):
            raise Defect(Reason.STATUS_LIST_MALFORMED, "encodedList")
        return status_list.value_at(self.lists.bits(signed, encoded), index, size)

    def _authentic(self, url: str) -> SignedList:
        """The list, where it is the issuer's own and in force."""
        data = self.statuses.status_list(url)
        if data is None:
            raise Undecided(Reason.STATUS_UNREACHABLE)
        signed = self.lists.read(data, self.contexts)
        credential = signed.presented.credential
        if self.issuer is None or credentials.issuer_id_of(credential) != self.issuer:
            raise Undecided(Reason.STATUS_ISSUER_DIFFERS)
        self._require_proof(signed)
        types = credential.get("type")
        if "BitstringStatusListCredential" not in (types if isinstance(types, list) else [types]):
            raise Defect(Reason.STATUS_LIST_MALFORMED, "type")
        if validity.check(credential, self.now).outcome is not Outcome.PASSED:
            raise Undecided(Reason.STATUS_LIST_EXPIRED)
        self._note(self.statuses, url)
        return signed

    def _note(self, source: object, url: str) -> None:
        tell: Callable[[str], datetime | None] | None = getattr(source, "known_at", None)  # DatedSource
        known_at = None if tell is None else tell(url)
        if known_at is not None:
            self._moments[url] = known_at

    def _require_proof(self, signed: SignedList) -> None:
        # No journal states lists: those that a revoked key signed are signed anew.
        if not proof.check(signed.presented, signed.secured, self.keys, TrustBundle(), self.now).good:
            raise Undecided(Reason.STATUS_LIST_UNPROVED)


def check(credential: _Node, reader: StatusReader) -> Check:
    """The check; a credential without a status entry cannot be taken back, and passes."""
    value = credential.get("credentialStatus")
    if value is None:
        return Check.passed(_NAME)
    entries = value if isinstance(value, list) else [value]
    if len(entries) > _MAX_ENTRIES:
        return Check.failed(_NAME, Reason.STATUS_MALFORMED)
    found = (_stop_of(entry, credential, reader) for entry in entries)
    stops = [stop for stop in found if stop is not None]
    return Check.stopped(_NAME, min(stops, key=_rank)) if stops else Check.passed(_NAME)


def _rank(stop: Defect | Undecided) -> int:
    if stop.reason in _GRAVITY:
        return _GRAVITY.index(stop.reason)
    return len(_GRAVITY) + isinstance(stop, Undecided)


def _stop_of(entry: Any, credential: _Node, reader: StatusReader) -> Defect | Undecided | None:
    try:
        _check_entry(entry, credential, reader)
    except (Defect, Undecided) as stop:
        return stop
    return None


def _check_entry(entry: Any, credential: _Node, reader: StatusReader) -> None:
    """Return where the entry's list says that the badge stands.

    Raises:
        Defect: `revoked`, `suspended`, `status_malformed`, or as `StatusReader` does.
        Undecided: `status_type_unsupported`, or as `StatusReader` does.
    """
    if not isinstance(entry, dict) or not isinstance(entry.get("type"), str | list):
        raise Defect(Reason.STATUS_MALFORMED)
    if entry["type"] in (revocation_list.STATUS_TYPE, [revocation_list.STATUS_TYPE]):
        if reader.is_listed(_address(entry, "id"), _text(credential, "id")):
            raise Defect(Reason.REVOKED)
        return
    if entry["type"] not in (_ENTRY, [_ENTRY]):
        raise Undecided(Reason.STATUS_TYPE_UNSUPPORTED)
    purpose, index, url, size = _text(entry, "statusPurpose"), _index(entry), _address(entry), _size(entry)
    if purpose not in _PURPOSES or (size != 1 and purpose != "message"):
        raise Undecided(Reason.STATUS_TYPE_UNSUPPORTED, purpose[:50])
    if purpose == "revocation":
        _check_revocation(entry, url, index, reader)
        return
    value = reader.value(url, purpose, index, size)
    if purpose == "suspension" and value:
        raise Defect(Reason.SUSPENDED)
    if purpose == "message" or value:
        reader.note(_PURPOSES[purpose])


def _check_revocation(entry: _Node, url: str, index: int, reader: StatusReader) -> None:
    reference = _address(entry, "statusReference") if "statusReference" in entry else None
    revoked = reader.value(url, "revocation", index)
    try:
        suspended = reference is not None and reader.value(reference, "suspension", index)
    except (Defect, Undecided):
        if revoked:
            raise Defect(Reason.REVOKED) from None
        raise
    if suspended:
        raise Defect(Reason.SUSPENDED)
    if revoked:
        raise Defect(Reason.REVOKED)


def _size(entry: _Node) -> int:
    """How many bits the entry has. More than one have to be spelt out, message by message.

    Raises:
        Defect: `status_malformed`. Source: Bitstring Status List 1.0, section 2.1, `statusSize` and `statusMessage`.
        Undecided: `status_type_unsupported`, for more bits than are read here.
    """
    size = entry.get("statusSize", 1)
    if not isinstance(size, int) or isinstance(size, bool) or size < 1:
        raise Defect(Reason.STATUS_MALFORMED, "statusSize")
    if size > _MAX_SIZE:
        raise Undecided(Reason.STATUS_TYPE_UNSUPPORTED, "statusSize")
    messages = entry.get("statusMessage")
    if messages is None and size == 1:
        return size
    if not isinstance(messages, list) or len(messages) != 2**size or not all(map(_is_message, messages)):
        raise Defect(Reason.STATUS_MALFORMED, "statusMessage")
    return size


def _is_message(node: Any) -> bool:
    if not isinstance(node, dict) or not isinstance(node.get("message"), str):
        return False
    return isinstance(node.get("status"), str) and _HEXADECIMAL.fullmatch(node["status"]) is not None


def _index(entry: _Node) -> int:
    text = _text(entry, "statusListIndex")
    if not _INDEX.fullmatch(text):
        raise Defect(Reason.STATUS_MALFORMED, "statusListIndex")
    return int(text)


def _text(entry: _Node, member: str) -> str:
    value = entry.get(member)
    if not isinstance(value, str):
        raise Defect(Reason.STATUS_MALFORMED, member)
    return value


def _address(entry: _Node, member: str = "statusListCredential") -> str:
    value = _text(entry, member)
    if not 0 < len(value) <= _MAX_URL:
        raise Defect(Reason.STATUS_MALFORMED, member)
    return value
