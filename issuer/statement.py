"""The compact statement printed beside a badge's address: made from the signed badge alone, signed by its issuer.

Nothing goes into it that does not stand in the badge, beside the badge's digest and the moment of signing. What is
signed is read back by our own verifier before it leaves. A badge that does not fit into a code gets none.

Source: docs/offline-code.md.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from datetime import datetime
from typing import Any

from issuer.errors import SigningRefused
from verify import Outcome, Policy, TrustBundle, Verifier, resolution
from verify import statement as statements
from verify.errors import Defect, Undecided
from verify.report import CheckName
from verify.standards import cose, documents
from verify.standards.signatures import Signer
from verify.statement import HiddenName, Level, Levels, Statement
from verify.summary import Identity, ResultLine, Summary, summarise
from verify.summary import Level as Step

_ADDRESS = re.compile(r"(https?://[^/]+)/c/([0-9a-f-]{36})")
_ACHIEVEMENT = re.compile(r"/r/([a-z0-9-]+)/([0-9]+)#badge-([a-z0-9-]+)")
_LIST = re.compile(r"/status/([0-9]+)")
_ISSUER = re.compile(r"/o/([a-z0-9-]+)")


class DoesNotFit(Exception):  # noqa: N818 - it names what is so
    """The badge has something that no statement can say, or says it too long for a code."""


def sign(badge: bytes, signer: Signer, *, now: datetime, did_document: dict[str, Any]) -> bytes:
    """The signed statement about the badge, as the bytes to store and to print.

    `badge` are the exact bytes of the signed credential; `did_document` is its issuer's, in which the key has to stand.

    Raises:
        DoesNotFit: the badge cannot be said in a statement.
        SigningRefused: our own verifier does not accept the result.
    """
    try:
        payload = statements.encode(stated(badge, now))
        fragment = signer.verification_method.partition("#")[2]
        message = cose.sign(payload, signer, {cose.KEY_ID: fragment.encode("ascii")})
    except (Defect, Undecided, UnicodeEncodeError) as stop:
        raise DoesNotFit(str(stop)) from None
    if len(message) > statements.MAX_BYTES:
        raise DoesNotFit("too long")
    keys = TrustBundle({resolution.did_of(signer.verification_method): did_document})
    verifier = Verifier(keys=keys, statuses=keys, issuers=keys, policy=Policy.SELF_CHECK)
    report = verifier.verify(statements.to_digits(message).encode("ascii"), now=now)
    for name in (CheckName.STRUCTURE, CheckName.PROOF, CheckName.KEY_CONTROLLED):
        check = report.check(name)
        if check.outcome is not Outcome.PASSED:
            raise SigningRefused(name, str(check.reason))
    return message


def stated(badge: bytes, signed_at: datetime) -> Statement:
    """What a statement says about the badge.

    Raises:
        DoesNotFit: the badge is none of ours, or lacks what every statement tells.
    """
    document = documents.load(badge)
    summary = summarise(document, written_as="json")
    site, credential = _matched(_ADDRESS, summary.id, "")
    referentiel, version, code = _matched(_ACHIEVEMENT, summary.achievement_id, site)
    entry = document.get("credentialStatus", {})
    (slug,) = _matched(_ISSUER, summary.issuer_url, site)
    (revocations,) = _matched(_LIST, entry.get("statusListCredential"), site)
    (suspensions,) = _matched(_LIST, entry.get("statusReference"), site)
    if summary.valid_from is None:
        raise DoesNotFit("no start")
    found = Statement(
        site=site,
        issuer_slug=slug,
        issuer_name=summary.issuer_name or "",
        credential=uuid.UUID(credential),
        digest=hashlib.sha256(badge).digest(),
        referentiel=referentiel,
        version=int(version),
        badge=code,
        name=summary.achievement_name or "",
        level=_level(summary.results),
        holder=_holder(summary),
        valid_from=summary.valid_from,
        valid_until=summary.valid_until,
        revocations=int(revocations),
        suspensions=int(suspensions),
        index=int(entry.get("statusListIndex", "")),
        signed_at=signed_at,
    )
    if found.issuer != summary.issuer_id:
        raise DoesNotFit("the issuer's address is another's")
    return found


def _matched(pattern: re.Pattern[str], text: str | None, site: str) -> tuple[str, ...]:
    found = pattern.fullmatch((text or "").removeprefix(site)) if (text or "").startswith(site) else None
    if found is None:
        raise DoesNotFit(pattern.pattern)
    return found.groups()


def _holder(summary: Summary) -> str | HiddenName:
    identity: Identity | None = next((each for each in summary.identifiers if each.type == "name"), None)
    if identity is None or not identity.value:
        raise DoesNotFit("nobody")
    if not identity.hashed:
        return identity.value
    return HiddenName(identity.salt or "", bytes.fromhex(identity.value.removeprefix("sha256$")))


def _level(results: tuple[ResultLine, ...]) -> Level | Levels | None:
    """The level reached, in numbers; None where the scale has none."""
    reached = [_number(line.achieved) for line in results]
    tops = {max((_number(step) or 0 for step in line.scale), default=0) for line in results}
    numbers = [number for number in reached if number is not None]
    if not numbers or len(numbers) < len(reached) or len(tops) > 1:
        return None
    top = tops.pop()
    if len(results) == 1:
        achieved = results[0].achieved
        return Level(numbers[0], top, (achieved.name if achieved else None) or "")
    return Levels(len(results), min(numbers), max(numbers), top)


def _number(step: Step | None) -> int | None:
    text = (step.level or step.points or "") if step is not None else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= len("999999") else None
