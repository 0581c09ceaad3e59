"""Every situation an Open Badges 2.0 badge can be in: name of the file, its bytes, verdict, check and reason."""

from typing import Any

from tests.verify import assertions as a
from tests.verify import factory as f
from verify.reasons import Reason
from verify.standards import baking
from verify.standards.baking import OPEN_BADGES_2

ELSEWHERE = "https://elsewhere.example/c/1"
EXPIRED = f"{a.SITE}/c/ff3b2f6a-8d8a-4f6c-bb4c-6a1f1d1c0a01"
FUTURE = f"{a.SITE}/c/ff3b2f6a-8d8a-4f6c-bb4c-6a1f1d1c0a02"
TAKEN_BACK = f"{a.SITE}/c/ff3b2f6a-8d8a-4f6c-bb4c-6a1f1d1c0a03"
MOVED = f"{a.SITE}/c/ff3b2f6a-8d8a-4f6c-bb4c-6a1f1d1c0a04"
UNDESCRIBED = f"{a.SITE}/c/ff3b2f6a-8d8a-4f6c-bb4c-6a1f1d1c0a05"
MISDESCRIBED = f"{a.SITE}/c/ff3b2f6a-8d8a-4f6c-bb4c-6a1f1d1c0a06"
GONE = f"{a.SITE}/c/ff3b2f6a-8d8a-4f6c-bb4c-6a1f1d1c0a07"
SILENT = f"{a.SITE}/o/muette"

_Situation = tuple[str, bytes, str, str | None, Reason | None]


def _signed(**changes: Any) -> a.Node:
    return a.assertion(a.SIGNED, **changes)


def served() -> dict[str, bytes]:
    """What the site serves, by the name of its file in the trust folder."""
    silent = a.profile(id=SILENT, revocationList=f"{SILENT}/revocations")
    nodes = {
        "assertion": a.assertion(),
        "badge-class": a.badge_class(),
        "profile": a.profile(),
        "key": a.key(),
        "revocations": a.revocations(),
        "expired": a.assertion(EXPIRED, expires="2026-11-01T08:00:00Z"),
        "future": a.assertion(FUTURE, issuedOn="2027-01-01T08:00:00Z"),
        "taken-back": {"@context": a.CONTEXT, "id": TAKEN_BACK, "revoked": True},
        "elsewhere": a.assertion(ELSEWHERE),
        "undescribed": a.assertion(UNDESCRIBED, badge=f"{a.ISSUER}/r/savoir-etre/1/absente"),
        "misdescribed": a.assertion(MISDESCRIBED, badge=f"{a.ISSUER}/r/savoir-etre/1/vide"),
        "badge-class-empty": a.badge_class(id=f"{a.ISSUER}/r/savoir-etre/1/vide", name=""),
        "profile-silent": silent,
        "key-silent": a.key(id=f"{SILENT}/keys/1", owner=SILENT),
    }
    nodes["profile-silent"]["publicKey"] = f"{SILENT}/keys/1"
    return {f"documents/{name}.json": a.written(node) for name, node in nodes.items()}


def situations() -> list[_Situation]:
    """Every situation."""
    return [*_good(), *_hosted(), *_of_a_signature()]


def _good() -> list[_Situation]:
    hosted, signed = a.written(a.assertion()), a.jws(_signed())
    pictures = {
        "png_hosted.png": baking.bake_png(f.png(), hosted, OPEN_BADGES_2),
        "png_signed.png": baking.bake_png(f.png(), signed, OPEN_BADGES_2),
        "png_address.png": f.png((b"tEXt", b"openbadges\0" + a.HOSTED.encode())),
        "svg_hosted.svg": baking.bake_svg(f.SVG, hosted, OPEN_BADGES_2, address=a.HOSTED),
        "svg_signed.svg": baking.bake_svg(f.SVG, signed, OPEN_BADGES_2),
    }
    files = {"hosted.json": hosted, "signed.jwt": signed, **pictures}
    return [(f"open_badges_2_{name}", data, "valid", None, None) for name, data in files.items()]


def _hosted() -> list[_Situation]:
    invalid = [
        ("changed.json", a.assertion(issuedOn="2020-01-01T08:00:00Z"), "proof", Reason.HOSTED_DIFFERS),
        ("elsewhere.json", a.assertion(ELSEWHERE), "key_controlled", Reason.HOST_NOT_OF_ISSUER),
        ("taken_back.json", a.assertion(TAKEN_BACK), "status", Reason.REVOKED),
        ("expired.json", a.assertion(EXPIRED), "validity", Reason.EXPIRED),
        ("future.json", a.assertion(FUTURE, issuedOn=None), "validity", Reason.NOT_YET_VALID),
        ("misdescribed.json", a.assertion(MISDESCRIBED, badge=None), "structure", Reason.ACHIEVEMENT_INVALID),
        ("without_verification.json", a.assertion(GONE, verification=None), "structure", Reason.VERIFICATION_INVALID),
    ]
    undetermined = [
        ("unreachable.json", a.assertion(GONE), "proof", Reason.HOSTED_UNREACHABLE),
        ("undescribed.json", a.assertion(UNDESCRIBED, badge=None), "structure", Reason.PART_UNREACHABLE),
    ]
    return [
        *((f"open_badges_2_{name}", a.written(node), "invalid", check, why) for name, node, check, why in invalid),
        *(
            (f"open_badges_2_{name}", a.written(node), "undetermined", check, why)
            for name, node, check, why in undetermined
        ),
    ]


def _of_a_signature() -> list[_Situation]:
    header, _payload, signature = a.jws(_signed()).split(b".")
    better = a.jws(_signed(badge=f"{a.ISSUER}/r/savoir-etre/1/chef")).split(b".")[1]
    silent = _signed(badge={**a.badge_class(), "issuer": SILENT}, verification={"type": "signed"})
    foreign = _signed(verification={"type": "signed", "creator": "https://elsewhere.example/key"})
    invalid = [
        ("changed.jwt", b".".join([header, better, signature]), "proof", Reason.SIGNATURE_WRONG),
        ("unsigned.jwt", a.jws(_signed(), alg="none"), "proof", Reason.ALGORITHM_NONE),
        ("signed_as_json.json", a.written(_signed()), "proof", Reason.PROOF_MISSING),
        ("impostor.jwt", a.jws(foreign), "key_controlled", Reason.KEY_NOT_OF_ISSUER),
        ("revoked.jwt", a.jws(a.assertion(a.REVOKED)), "status", Reason.REVOKED),
        ("revoked_plain.jwt", a.jws(a.assertion(a.REVOKED_PLAIN)), "status", Reason.REVOKED),
    ]
    return [
        *((f"open_badges_2_{name}", data, "invalid", check, why) for name, data, check, why in invalid),
        ("open_badges_2_list_unreachable.jwt", a.jws(silent), "undetermined", "status", Reason.STATUS_UNREACHABLE),
    ]
