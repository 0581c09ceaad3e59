"""The same six questions, asked of an Open Badges 2.0 Assertion.

An Assertion is one of several documents that point at each other: it names a BadgeClass, which names a Profile, which
lists keys and a list of revocations. They are asked of the `DocumentSource`, each once, and never without end.

A *hosted* Assertion proves itself by being served at its own address: what the file in hand says counts for nothing
but that address, and the served document is the one that is judged and shown. Whose it is follows from the addresses
that the issuer's Profile allows. A *signed* one is a JSON Web Signature with a key that the issuer's Profile lists. A
Profile counts only as served at its own address: embedded in somebody's Assertion it is hearsay.

Source: Open Badges 2.0, sections "HostedBadge Verification" and "SignedBadge Verification".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from verify.checks import issuer_recognised
from verify.errors import Defect, Undecided, Unreadable
from verify.intake import Presented
from verify.reasons import Reason
from verify.report import Check, CheckName, Outcome
from verify.sources import MAX_STATUS_BYTES, DatedSource, DocumentSource, IssuerSource
from verify.standards import documents, signatures
from verify.standards import open_badges_2 as ob2
from verify.standards.open_badges_2 import Method
from verify.standards.signatures import KeyKind
from verify.standards.vc_jwt import Token

MAX_PARTS = 24
_MAX_LISTED = 500_000
_SAME = ("recipient", "badge", "issuedOn")
_ALGORITHMS: Mapping[str, KeyKind] = {
    "RS256": KeyKind.RSA,
    "ES256": KeyKind.P256,
    "ES384": KeyKind.P384,
    "EdDSA": KeyKind.ED25519,
}

_Node = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Walked:
    """The six checks, and the documents that they are about: as served where they could be had.

    `status_as_of` is the moment for which the status is known, where its source tells.
    """

    checks: tuple[Check, ...]
    status_as_of: datetime | None
    assertion: _Node
    badge: _Node
    profile: _Node


@dataclass(frozen=True, slots=True)
class _Part:
    """A document that another points at; `own` tells that it was served at the address it calls itself by."""

    node: _Node
    own: bool


class _Parts:
    """What can be had of the documents that an Assertion points at."""

    def __init__(self, source: DocumentSource) -> None:
        self._source = source
        self._had: dict[str, _Node | None] = {}

    def at(self, address: str, *, max_values: int = documents.MAX_VALUES) -> _Node | None:
        """The object that is served at the address; None where it cannot be had, or is none."""
        if address not in self._had and len(self._had) < MAX_PARTS:
            self._had[address] = self._read(address, max_values)
        return self._had.get(address)

    def pointed_at(self, value: Any) -> _Part | None:
        """What a member points at: as served, or else as it stands there; a document that moved is followed once."""
        embedded = _Part(value, own=False) if isinstance(value, dict) else None
        address = ob2.reference(value)
        served = self.at(address) if address is not None and ob2.is_address(address) else None
        if served is None:
            return embedded
        named = served.get("id")
        if named == address:
            return _Part(served, own=True)
        again = self.at(named) if ob2.is_address(named) and isinstance(named, str) else None
        return _Part(again, own=True) if again is not None and again.get("id") == named else _Part(served, own=False)

    def known_at(self, value: Any) -> datetime | None:
        """The moment for which what was had at the address is known to be so, where its source tells."""
        address = ob2.reference(value)
        had = address is not None and self._had.get(address) is not None
        return self._source.known_at(address) if had and isinstance(self._source, DatedSource) and address else None

    def _read(self, address: str, max_values: int) -> _Node | None:
        data = self._source.document(address)
        if data is None and "#" in address:
            data = self._source.document(address.partition("#")[0])
        try:
            return None if data is None else documents.load(data, max_bytes=MAX_STATUS_BYTES, max_values=max_values)
        except Unreadable:
            return None


def walk(presented: Presented, source: DocumentSource, issuers: IssuerSource, now: datetime) -> Walked:
    """The checks at `now`, whatever could be had."""
    parts = _Parts(source)
    given = presented.credential
    try:
        method = ob2.method_of(given)
    except Defect:
        method = Method.HOSTED if presented.token is None else Method.SIGNED
    if method is Method.SIGNED:
        cluster, (proof, key, status) = _signed(given, presented.token, parts)
    else:
        cluster, (proof, key, status) = _hosted(given, parts)
    recognised = Check.not_checked(CheckName.ISSUER_RECOGNISED, Reason.NOT_REACHED)
    if Outcome.FAILED not in (proof.outcome, key.outcome):
        recognised = _recognised(cluster, issuers)
    profile = {} if cluster.profile is None else cluster.profile.node
    return Walked(
        (_structure(cluster), proof, key, status, _validity(cluster.assertion, now), recognised),
        parts.known_at(profile.get("revocationList") if method is Method.SIGNED else given.get("id")),
        cluster.assertion,
        cluster.badge or {},
        profile,
    )


@dataclass(frozen=True, slots=True)
class _Cluster:
    """An Assertion, its BadgeClass and the issuer's Profile, as far as they could be had."""

    assertion: _Node
    badge: _Node | None
    profile: _Part | None


def _hosted(given: _Node, parts: _Parts) -> tuple[_Cluster, tuple[Check, Check, Check]]:
    """What the issuer serves, and the checks of proof, key and status."""
    assertion, proof = _served(given, parts)
    cluster = _described(assertion, parts)
    key = _asked(CheckName.KEY_CONTROLLED, lambda: _require_host(cluster))
    return cluster, (proof, key, _hosted_status(assertion, proof))


def _signed(assertion: _Node, token: Token | None, parts: _Parts) -> tuple[_Cluster, tuple[Check, Check, Check]]:
    """What the JSON Web Signature is over, and the checks of proof, key and status."""
    cluster = _described(assertion, parts)
    if token is None:
        proof = Check.failed(CheckName.PROOF, Reason.PROOF_MISSING)
        key = Check.not_checked(CheckName.KEY_CONTROLLED, Reason.NOT_REACHED)
    else:
        proof, key = _signature(assertion, token, cluster.profile, parts)
    return cluster, (proof, key, _asked(CheckName.STATUS, lambda: _require_not_listed(cluster, parts)))


def _served(given: _Node, parts: _Parts) -> tuple[_Node, Check]:
    """The Assertion that counts, and whether it is what its issuer serves."""
    address = given.get("id")
    if not isinstance(address, str) or not ob2.is_address(address):
        return given, Check.not_checked(CheckName.PROOF, Reason.NOT_REACHED)
    served = parts.at(address)
    if served is None or "id" not in served:  # nothing, or not a document that calls itself anything
        return given, Check.not_checked(CheckName.PROOF, Reason.HOSTED_UNREACHABLE)
    if served["id"] != address:
        return given, Check.failed(CheckName.PROOF, Reason.HOSTED_DIFFERS)
    if served.get("revoked") is True:  # often stripped to that: the file in hand still says what it was
        return {**given, **served}, Check.passed(CheckName.PROOF)
    if not all(given.get(member) is None or _alike(member, given, served) for member in _SAME):
        return given, Check.failed(CheckName.PROOF, Reason.HOSTED_DIFFERS)
    return served, Check.passed(CheckName.PROOF)


def _described(assertion: _Node, parts: _Parts) -> _Cluster:
    """The Assertion with its BadgeClass, which may be embedded as much as the rest, and the issuer's Profile."""
    named = assertion.get("badge")
    part = _Part(named, own=False) if isinstance(named, dict) and len(named) > 1 else parts.pointed_at(named)
    badge = None if part is None else part.node
    return _Cluster(assertion, badge, None if badge is None else parts.pointed_at(badge.get("issuer")))


def _recognised(cluster: _Cluster, issuers: IssuerSource) -> Check:
    issuer = None if cluster.profile is None else ob2.reference(cluster.profile.node)
    if cluster.badge is None or issuer is None:
        return Check.not_checked(CheckName.ISSUER_RECOGNISED, Reason.PART_UNREACHABLE)
    try:
        issued = ob2.moment(cluster.assertion.get("issuedOn"))
    except Defect:
        return Check.not_checked(CheckName.ISSUER_RECOGNISED, Reason.NOT_REACHED)
    return issuer_recognised.recognised(issuers, issuer, ob2.reference(cluster.badge), issued)


def _alike(member: str, given: _Node, served: _Node) -> bool:
    one, other = given.get(member), served.get(member)
    if member == "badge":
        return ob2.reference(one) == ob2.reference(other)
    if member == "issuedOn":
        try:
            return ob2.moment(one) == ob2.moment(other)
        except Defect:
            return one == other
    return one == other


def _structure(cluster: _Cluster) -> Check:
    """A defect in any of the documents says more than a document that could not be had."""
    profile = None if cluster.profile is None else cluster.profile.node
    found = [
        _asked(CheckName.STRUCTURE, lambda: ob2.check_assertion(cluster.assertion)),
        _asked(CheckName.STRUCTURE, lambda: ob2.check_badge_class(_require(cluster.badge))),
        _asked(CheckName.STRUCTURE, lambda: ob2.check_profile(_require(profile))),
    ]
    order = (Outcome.FAILED, Outcome.NOT_CHECKED, Outcome.PASSED)
    return min(found, key=lambda check: order.index(check.outcome))


def _require(node: _Node | None) -> _Node:
    if node is None:
        raise Undecided(Reason.PART_UNREACHABLE)
    return node


def _require_own(profile: _Part | None) -> _Node:
    """The Profile, where it is its issuer's own.

    Raises:
        Undecided: `part_unreachable`, or `did_method_unsupported` where its identifier is no address.
    """
    if profile is None or not profile.own:
        named = None if profile is None else profile.node.get("id")
        elsewhere = named is not None and not ob2.is_address(named)
        raise Undecided(Reason.DID_METHOD_UNSUPPORTED if elsewhere else Reason.PART_UNREACHABLE)
    return profile.node


def _require_host(cluster: _Cluster) -> None:
    address = cluster.assertion.get("id")
    if not isinstance(address, str) or not ob2.is_address(address):
        raise Undecided(Reason.NOT_REACHED)
    if not ob2.in_scope(address, ob2.reference(cluster.badge), _require_own(cluster.profile)):
        raise Defect(Reason.HOST_NOT_OF_ISSUER)


def _hosted_status(assertion: _Node, proof: Check) -> Check:
    if assertion.get("revoked") is True:
        return Check.failed(CheckName.STATUS, Reason.REVOKED)
    if proof.outcome is Outcome.PASSED:
        return Check.passed(CheckName.STATUS)
    unreachable = proof.reason is Reason.HOSTED_UNREACHABLE
    return Check.not_checked(CheckName.STATUS, Reason.STATUS_UNREACHABLE if unreachable else Reason.NOT_REACHED)


def _require_not_listed(cluster: _Cluster, parts: _Parts) -> None:
    """Return where the issuer has not taken the signed Assertion back.

    Raises:
        Defect: `revoked` or `status_list_malformed`.
        Undecided: `status_unreachable` or `status_issuer_differs`.
    """
    assertion, profile = cluster.assertion, cluster.profile
    if assertion.get("revoked") is True:
        raise Defect(Reason.REVOKED)
    if profile is None or not isinstance(assertion.get("id"), str):
        raise Undecided(Reason.STATUS_UNREACHABLE)
    address = ob2.reference(profile.node.get("revocationList"))
    if address is None:
        return
    revocations = parts.at(address, max_values=_MAX_LISTED)
    if revocations is None:
        raise Undecided(Reason.STATUS_UNREACHABLE)
    if ob2.reference(revocations.get("issuer")) not in (None, profile.node.get("id")):
        raise Undecided(Reason.STATUS_ISSUER_DIFFERS)
    if ob2.is_listed(assertion["id"], revocations):
        raise Defect(Reason.REVOKED)


def _signature(assertion: _Node, token: Token, profile: _Part | None, parts: _Parts) -> tuple[Check, Check]:
    """Whether one of the keys made the signature, and whether that key is the issuer's."""
    checks = []
    try:
        pointers = _pointers(assertion, profile)
    except (Defect, Undecided) as stop:
        return Check.stopped(CheckName.PROOF, stop), _key_check(None, None, profile)
    for pointer in pointers:
        # A key written out in the Profile is as good as the Profile; any other counts as served at its own address.
        key = parts.pointed_at(pointer)
        if isinstance(pointer, dict) and "publicKeyPem" in pointer:
            key = _Part(pointer, own=False)
        found = _proof_check(token, key), _key_check(pointer, key, profile)
        if all(check.outcome is Outcome.PASSED for check in found):
            return found
        checks.append(found)
    return max(checks, key=lambda found: (found[0].outcome is Outcome.FAILED, found[1].outcome is Outcome.FAILED))


def _pointers(assertion: _Node, profile: _Part | None) -> list[str | _Node]:
    """The keys to try: the one that the Assertion names, or else all that the Profile lists."""
    creator = ob2.creator_of(assertion)
    listed = [] if profile is None else ob2.keys_of(profile.node)
    if creator is not None:
        return [next((each for each in listed if ob2.reference(each) == creator), creator)]
    if not listed:
        raise Undecided(Reason.KEY_UNREACHABLE)
    return listed


def _proof_check(token: Token, key: _Part | None) -> Check:
    return _asked(CheckName.PROOF, lambda: _require_signature(token, key))


def _require_signature(token: Token, key: _Part | None) -> None:
    """Return where the token is signed with the key, by the algorithm of that kind of key.

    Raises:
        Defect: `algorithm_none`, `jwt_header_wrong`, `key_malformed`, `key_mismatch` or `signature_wrong`.
        Undecided: `algorithm_unsupported`, `key_unreachable` or `key_unsupported`.
        Source: RFC 7515, sections 4.1.1 and 4.1.11.
    """
    algorithm = token.header.get("alg")
    if isinstance(algorithm, str) and algorithm.lower() == "none":
        raise Defect(Reason.ALGORITHM_NONE)
    if not isinstance(algorithm, str) or "crit" in token.header:
        raise Defect(Reason.JWT_HEADER_WRONG)
    if algorithm not in _ALGORITHMS:
        raise Undecided(Reason.ALGORITHM_UNSUPPORTED, algorithm[:50])
    if key is None:
        raise Undecided(Reason.KEY_UNREACHABLE)
    public = ob2.public_key_of(key.node)
    if signatures.kind_of(public) is not _ALGORITHMS[algorithm]:
        raise Defect(Reason.KEY_MISMATCH)
    signatures.verify(public, token.signature, token.signing_input)


def _key_check(pointer: str | _Node | None, key: _Part | None, profile: _Part | None) -> Check:
    return _asked(CheckName.KEY_CONTROLLED, lambda: _require_listed(pointer, key, profile))


def _require_listed(pointer: str | _Node | None, key: _Part | None, profile: _Part | None) -> None:
    """Return where Profile and key name each other, each at its own address.

    Raises:
        Defect: `key_not_of_issuer`, even where a key with a foreign name cannot be had.
        Undecided: `key_unreachable`, or as `_require_own` does.
        Source: section "CryptographicKey".
    """
    issuer = _require_own(profile)
    listed = ob2.keys_of(issuer)
    within = any(each is pointer for each in listed if isinstance(each, dict))
    names = {ob2.reference(each) for each in listed} - {None}
    if pointer is not None and not within and ob2.reference(pointer) not in names:
        raise Defect(Reason.KEY_NOT_OF_ISSUER)
    if key is None or not (within or key.own):
        raise Undecided(Reason.KEY_UNREACHABLE)
    if key.own and key.node["id"] not in names:
        raise Defect(Reason.KEY_NOT_OF_ISSUER)
    if key.node.get("owner") != issuer.get("id"):
        raise Defect(Reason.KEY_NOT_OF_ISSUER)


def _asked(name: CheckName, question: Callable[[], None]) -> Check:
    try:
        question()
    except (Defect, Undecided) as stop:
        return Check.stopped(name, stop)
    return Check.passed(name)


def _validity(assertion: _Node, now: datetime) -> Check:
    try:
        issued = ob2.moment(assertion.get("issuedOn"))
        expires = None if assertion.get("expires") is None else ob2.moment(assertion["expires"])
    except Defect:
        return Check.not_checked(CheckName.VALIDITY, Reason.NOT_REACHED)
    if expires is not None and issued > expires:
        return Check.failed(CheckName.VALIDITY, Reason.DATES_REVERSED)
    if now < issued:
        return Check.failed(CheckName.VALIDITY, Reason.NOT_YET_VALID)
    if expires is not None and now > expires:
        return Check.failed(CheckName.VALIDITY, Reason.EXPIRED)
    return Check.passed(CheckName.VALIDITY)
