"""What the VC-API does, without HTTP: issue, verify, derive, and the lists of statuses.

Whatever is issued is read back by our own verifier first. The policy accepts every kind of credential and never asks
whether an issuer is recognised.

Source: Verifiable Credential API 0.7 (W3C CCG), sections 3.2 (issuing), 3.3 (verifying) and 3.4.1 (deriving).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from badges.vc_api.statuses import PURPOSES, Statuses
from issuer.status import ListFull, Purpose
from verify import Check, CheckName, Outcome, Policy, Reason, Report, TrustBundle, Unreadable, Verdict, Verifier
from verify.errors import Defect, Undecided
from verify.report import Kind
from verify.standards import data_integrity, did, documents, ecdsa_sd, multikey, signatures, timestamps, vc_jwt
from verify.standards.documents import Contexts
from verify.standards.selective_disclosure import PointerRefused
from verify.standards.signatures import KeyKind, LocalSigner

_Node = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Way:
    """One path of issuing: which key signs, with which cryptosuite."""

    key: KeyKind
    cryptosuite: str
    with_status: bool = False


WAYS: Mapping[str, Way] = {
    "eddsa": Way(KeyKind.ED25519, "eddsa-rdfc-2022"),
    "eddsajcs": Way(KeyKind.ED25519, "eddsa-jcs-2022"),
    "p256": Way(KeyKind.P256, "ecdsa-rdfc-2019"),
    "p384": Way(KeyKind.P384, "ecdsa-rdfc-2019"),
    "p256jcs": Way(KeyKind.P256, "ecdsa-jcs-2019"),
    "p384jcs": Way(KeyKind.P384, "ecdsa-jcs-2019"),
    "sd": Way(KeyKind.P256, "ecdsa-sd-2023"),
    "status": Way(KeyKind.ED25519, "eddsa-rdfc-2022", with_status=True),
}

_SELECTIVE = ecdsa_sd.ECDSA_SD_2023.name
_PROOF_CONTEXTS = (documents.DATA_INTEGRITY, "https://w3id.org/security/data-integrity/v1")
_MADE_WELL = frozenset({CheckName.STRUCTURE, CheckName.PROOF, CheckName.KEY_CONTROLLED})
_MALFORMED = frozenset({Reason.DATES_REVERSED, Reason.STATUS_MALFORMED})
"""What no issuer may sign, and no later moment or list makes good."""
_SOUND = frozenset({CheckName.STRUCTURE, CheckName.PROOF, CheckName.VALIDITY})


class Refused(Exception):  # noqa: N818 - it names what is so
    """What was asked for is not done; `checks` are those that stood in the way, where there was a report."""

    def __init__(self, reason: str, detail: str = "", report: Report | None = None) -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail
        self.report = report


def signers() -> Mapping[KeyKind, LocalSigner]:
    """A fresh key of each kind, under its did:key."""
    made = {}
    for kind in (KeyKind.ED25519, KeyKind.P256, KeyKind.P384):
        private = signatures.generate(kind)
        text = multikey.encode_public(private.public_key())
        made[kind] = LocalSigner(private, f"{did.did_key(private.public_key())}#{text}")
    return made


@dataclass(frozen=True, slots=True)
class Service:
    """Issues with the keys and verifies with the contexts; `clock` gives the moment, `base` is its own address."""

    base: str
    keys: Mapping[KeyKind, LocalSigner]
    contexts: Contexts
    clock: Callable[[], datetime]
    statuses: Statuses

    def did(self, kind: KeyKind) -> str:
        """The identifier under which the key of that kind issues."""
        return self.keys[kind].verification_method.partition("#")[0]

    def issue(self, way: Way, credential: _Node, options: _Node) -> _Node:
        """The credential with a proof, exactly as our own verifier has accepted it.

        Raises:
            Refused: where it is no conforming credential, or is to be somebody else's.
        """
        now = self.clock()
        document = self._completed(way, credential, now)
        proof = self._proof(way, document, now, _pointers(options, "mandatoryPointers"))
        signed = {**document, "proof": _with(document.get("proof"), proof)}
        # Whoever holds a base proof shows a derived one: here, of everything.
        shown = self._derived({**document, "proof": proof}, [""]) if way.cryptosuite == _SELECTIVE else signed
        report = self._report(documents.dump(shown), Policy(_MADE_WELL, frozenset(Kind)), now)
        for check in report.checks:
            if check.reason in _MALFORMED or (check.name in _MADE_WELL and check.outcome is not Outcome.PASSED):
                raise Refused(str(check.reason), check.name, report)
        return signed

    def verify_credential(self, credential: _Node | str, options: _Node) -> Report:
        """The report on a credential that is good.

        Raises:
            Refused: where it is not.
        """
        report = self._verified(credential, options)
        if report.kind is Kind.PRESENTATION:
            raise Refused("not_a_credential", "a presentation", report)
        return report

    def verify_presentation(self, presentation: _Node | str, options: _Node) -> Report:
        """The report on a presentation that is good, with all that is in it; it need not be signed.

        Raises:
            Refused: where it is not.
        """
        report = self._verified(presentation, options)
        if report.kind is not Kind.PRESENTATION:
            raise Refused("not_a_presentation", "a credential", report)
        return report

    def derive(self, credential: _Node, options: _Node) -> _Node:
        """The credential with what the pointers select, and the proof derived from its base proof.

        Raises:
            Refused: where nothing can be derived, or what is derived does not verify.
        """
        derived = self._derived(credential, _pointers(options, "selectivePointers"))
        policy = Policy(frozenset({CheckName.PROOF}), frozenset(Kind))
        report = self._report(documents.dump(derived), policy, self.clock())
        check = report.check(CheckName.PROOF)
        if check.outcome is not Outcome.PASSED:
            raise Refused(str(check.reason), check.name, report)
        return derived

    def status_list(self, url: str) -> bytes | None:
        """The signed list at one of our own addresses; None for every other."""
        purpose = next((purpose for purpose in PURPOSES if self.statuses.url(purpose) == url), None)
        return None if purpose is None else documents.dump(self.signed_list(purpose))

    def signed_list(self, purpose: Purpose) -> _Node:
        """The list of that purpose as it stands, signed."""
        now = self.clock()
        document = self.statuses.unsigned(purpose, now)
        return {**document, "proof": self._proof(WAYS["status"], document, now, [])}

    def _completed(self, way: Way, credential: _Node, now: datetime) -> _Node:
        """The credential with what an issuer adds: its own name, its status, the date that version 1.1 asks for."""
        document = dict(credential)
        issuer = document.get("issuer", self.did(way.key))
        if isinstance(issuer, dict) and "id" not in issuer:
            issuer = {"id": self.did(way.key), **issuer}
        named = issuer.get("id") if isinstance(issuer, dict) else issuer
        if isinstance(named, str) and did.method_of(named) and named != self.did(way.key):
            raise Refused("key_not_of_issuer", "the credential names another issuer than this path's")
        document["issuer"] = issuer
        contexts = document.get("@context")
        listed = contexts if isinstance(contexts, list) else [contexts]
        if isinstance(contexts, str):
            # Source: VCDM 2.0, section 4.3: an ordered set.
            document["@context"] = listed
        if listed[:1] == [documents.CREDENTIALS_V1]:
            document.setdefault("issuanceDate", timestamps.write(now))
            if not any(context in _PROOF_CONTEXTS for context in listed):
                # Version 1.1 has no words for the proof. Source: VC-DI, section 2.4.2 (context injection).
                document["@context"] = [*listed, documents.DATA_INTEGRITY]
        if way.with_status and "credentialStatus" not in document:
            id_ = document.get("id")
            try:
                document["credentialStatus"] = self.statuses.entries(id_ if isinstance(id_, str) else None)
            except ListFull:
                raise Refused("list_full") from None
        return document

    def _proof(self, way: Way, document: _Node, now: datetime, mandatory: list[str]) -> _Node:
        unsigned = {member: value for member, value in document.items() if member != "proof"}
        try:
            return data_integrity.create_proof(
                unsigned,
                self.keys[way.key],
                cryptosuite=way.cryptosuite,
                created=now,
                contexts=self.contexts,
                mandatory_pointers=mandatory,
            )
        except (Defect, Undecided) as stop:
            raise Refused(stop.reason, stop.detail) from None
        except PointerRefused as error:
            raise Refused("pointer_unmatched", str(error)) from None

    def _derived(self, document: _Node, pointers: list[str]) -> _Node:
        try:
            return ecdsa_sd.derive(document, pointers, self.contexts)
        except (Defect, Undecided) as stop:
            raise Refused(stop.reason, stop.detail) from None
        except PointerRefused as error:
            raise Refused("pointer_unmatched", str(error)) from None

    def _verified(self, document: _Node | str, options: _Node) -> Report:
        data, now = _written(document), self.clock()
        required = _SOUND
        if options.get("checks") is None or "credentialStatus" in options["checks"]:
            required |= {CheckName.STATUS}
        asked = _text(options, "domain"), _text(options, "challenge")
        policy = Policy(required, frozenset(Kind), unsigned_presentations=True)
        report = self._report(data, policy, now, *asked)
        if report.verdict is not Verdict.VALID:
            worst = _worst(report, required)
            raise Refused(str(worst.reason), worst.name, report)
        return report

    def _report(
        self, data: bytes, policy: Policy, now: datetime, domain: str | None = None, challenge: str | None = None
    ) -> Report:
        nobody = TrustBundle()
        verifier = Verifier(keys=nobody, statuses=self, issuers=nobody, policy=policy, contexts=self.contexts)
        try:
            return verifier.verify(data, now=now, domain=domain, challenge=challenge)
        except Unreadable as error:
            raise Refused(error.reason, error.detail) from None


def _with(before: Any, proof: _Node) -> Any:
    """One proof alone, or added to those that are there."""
    if before is None:
        return proof
    return [*(before if isinstance(before, list) else [before]), proof]


def _text(options: _Node, member: str) -> str | None:
    value = options.get(member)
    if value is not None and not isinstance(value, str):
        raise Refused("json_malformed", f"{member} is not a text")
    return value


def _pointers(options: _Node, member: str) -> list[str]:
    pointers = options.get(member, [])
    if not isinstance(pointers, list) or not all(isinstance(pointer, str) for pointer in pointers):
        raise Refused("json_malformed", f"{member} is not a list of JSON pointers")
    return pointers


def _written(document: _Node | str) -> bytes:
    """The bytes for the verifier; what came as a text can only be a token."""
    if isinstance(document, dict):
        return documents.dump(document)
    data = document.encode("utf-8", "replace")
    if not vc_jwt.is_compact(data):
        raise Refused("jwt_malformed", "a text that is no token")
    return data


def _worst(report: Report, required: frozenset[CheckName]) -> Check:
    """The check that stood in the way: one that failed, or else one that was required and not made; its own first."""
    failed = (check for check in report.checks if check.outcome is Outcome.FAILED)
    bad = (member for member in report.members if member.verdict is not Verdict.VALID)
    inside = (_worst(member, required) for member in bad)
    unmade = (check for check in report.checks if check.name in required and check.outcome is not Outcome.PASSED)
    return next(failed, None) or next(inside, None) or next(unmade)
