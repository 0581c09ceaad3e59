"""What bytes of unknown origin are taken for."""

import pytest

from tests.verify import factory as f
from verify import intake
from verify.errors import Unreadable
from verify.reasons import Reason
from verify.standards import baking


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (f.badge(), "json"),
        (b" \n" + f.badge(), "json"),
        (f.jwt(f.claims(f.credential())) + b"\n", "jwt"),
        (baking.bake_png(f.png(), f.badge()), "png"),
        (b"\n" + baking.bake_svg(f.SVG, f.badge()), "svg"),
    ],
    ids=["json", "json after space", "jwt", "png", "svg"],
)
def test_read_tells_what_the_badge_is_written_as(data: bytes, kind: str) -> None:
    """The content decides, not a name or a content type."""
    presented = intake.read(data)
    assert presented.written_as == kind
    assert (presented.token is not None) == (kind == "jwt")
    assert presented.credential["name"] == "Travail en équipe"


def test_read_takes_a_document_that_only_claims_to_be_a_credential() -> None:
    """A bad credential is for the report to say, not for the intake."""
    assert intake.read(b'{"type": "VerifiableCredential"}').credential
    assert intake.read(b'{"credentialSubject": null}').credential


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Reason.EMPTY),
        (b"x" * (intake.MAX_INPUT_BYTES + 1), Reason.TOO_LARGE),
        (b'{"credentialSubject": "' + b"x" * 1_100_000 + b'"}', Reason.TOO_LARGE),
        (b"a." + b"a" * 3_000_000 + b".a", Reason.TOO_LARGE),
        (b"%PDF-1.7", Reason.FORMAT_UNKNOWN),
        (b"GIF89a", Reason.FORMAT_UNKNOWN),
        (b'"a.b.c"', Reason.FORMAT_UNKNOWN),
        (b"a.b", Reason.FORMAT_UNKNOWN),
        (b"<html></html>", Reason.SVG_MALFORMED),
        (b"a.a.a", Reason.JWT_MALFORMED),
        (b"{}", Reason.NOT_A_CREDENTIAL),
        (b'{"@context": ["https://w3id.org/openbadges/v2"], "type": "Assertion"}', Reason.NOT_A_CREDENTIAL),
    ],
)
def test_read_refuses_what_carries_no_badge(data: bytes, reason: Reason) -> None:
    """Each kind of wrong file has its reason."""
    with pytest.raises(Unreadable) as caught:
        intake.read(data)
    assert caught.value.reason is reason
