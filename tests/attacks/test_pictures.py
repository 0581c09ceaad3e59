"""Attacks with pictures: two badges in one, a badge where none is looked for, a file that is two things at once."""

import struct
import zipfile
import zlib
from io import BytesIO

import pytest

from tests.attacks.asserting import PROOF, accepted, refused, unreadable
from tests.verify import factory as f
from verify import Reason, Unreadable
from verify.standards import baking

GOOD = f.badge()
FORGED = f.altered(lambda document: document.update(name="Faux"))
KEYWORD = b"openbadgecredential"


def _chunk(text: bytes, keyword: bytes = KEYWORD) -> tuple[bytes, bytes]:
    return b"iTXt", keyword + b"\0\0\0\0\0" + text


def _svg(inside: bytes) -> bytes:
    start = b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0">'
    return start + inside + b"</svg>"


def test_baked_twice_into_a_png() -> None:
    """A good badge and a forged one, in either order; twice the same; one of each standard."""
    for first, second in ((GOOD, FORGED), (FORGED, GOOD), (GOOD, GOOD)):
        unreadable(f.png(_chunk(first), _chunk(second)), Reason.PNG_BAKED_TWICE)
    unreadable(f.png(_chunk(GOOD), _chunk(b"https://ailleurs.example/a.json", b"openbadges")), Reason.PNG_BAKED_TWICE)
    unreadable(f.png(_chunk(GOOD), (b"tEXt", b"openbadges\0https://ailleurs.example/a.json")), Reason.PNG_BAKED_TWICE)


def test_baked_twice_into_an_svg() -> None:
    """Two elements; one inside the other; an attribute and a text; one in a part that is not drawn."""
    element = b"<openbadges:credential><![CDATA[" + GOOD + b"]]></openbadges:credential>"
    token = f.jwt(f.claims(f.credential()))
    for inside in (
        element + element,
        element + b"<defs>" + element + b"</defs>",
        b"<openbadges:credential>" + element + b"</openbadges:credential>",
        b'<openbadges:credential verify="' + token + b'"><![CDATA[' + GOOD + b"]]></openbadges:credential>",
        element + b'<o:assertion xmlns:o="http://openbadges.org" verify="https://ailleurs.example/a.json"/>',
    ):
        unreadable(_svg(inside), Reason.SVG_BAKED_TWICE)


def test_baking_refuses_a_picture_that_carries_a_badge() -> None:
    """Nobody bakes a second badge with our own tools."""
    for standard in (baking.OPEN_BADGES_3, baking.OPEN_BADGES_2):
        with pytest.raises(Unreadable) as caught:
            baking.bake_png(f.png(_chunk(GOOD)), GOOD, standard)
        assert caught.value.reason is Reason.PNG_BAKED_TWICE


def test_jwt_in_svg_cdata_is_read_as_the_token_it_is() -> None:
    """The standard puts tokens into an attribute; in the text it is the same token, and no more believed."""
    payload = f.claims(f.credential())
    for wrapped in (b"<![CDATA[%s]]>", b"%s", b"\n <![CDATA[ %s ]]>\n"):
        element = b"<openbadges:credential>" + wrapped + b"</openbadges:credential>"
        accepted(f.verify(_svg(element % f.jwt(payload))))
        refused(f.verify(_svg(element % f.jwt(payload, f.OTHER_KEY))), PROOF, Reason.SIGNATURE_WRONG)


def test_jwt_in_svg_cdata_that_is_split_by_a_comment_stays_whole_or_is_refused() -> None:
    """What is read is exactly what another reader would read."""
    token = f.jwt(f.claims(f.credential()))
    half = len(token) // 2
    inside = b"<![CDATA[" + token[:half] + b"]]><!-- x --><![CDATA[" + token[half:] + b"]]>"
    accepted(f.verify(_svg(b"<openbadges:credential>" + inside + b"</openbadges:credential>")))


@pytest.mark.parametrize(
    ("prolog", "reason"),
    [
        (b'<!DOCTYPE svg [<!ENTITY x "y">]>', Reason.SVG_ENTITIES),
        (b'<!DOCTYPE svg SYSTEM "file:///etc/passwd">', Reason.SVG_ENTITIES),
        (b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>', Reason.SVG_ENTITIES),
    ],
)
def test_svg_that_reads_other_files_is_refused(prolog: bytes, reason: Reason) -> None:
    """No document type, no entity, whatever stands in it."""
    unreadable(prolog + _svg(b"<openbadges:credential><![CDATA[" + GOOD + b"]]></openbadges:credential>"), reason)


@pytest.mark.parametrize(
    "inside", [b"<script>alert(1)</script>", b'<circle onload="alert(1)"/>', b'<a href="javascript:alert(1)"/>']
)
def test_svg_that_runs_is_refused(inside: bytes) -> None:
    """A picture that somebody will open in a browser carries no program."""
    element = b"<openbadges:credential><![CDATA[" + GOOD + b"]]></openbadges:credential>"
    unreadable(_svg(element + inside), Reason.SVG_SCRIPTED)


def _archive() -> bytes:
    held = BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("badge.json", FORGED)
    return held.getvalue()


def test_polyglot_png_that_is_an_archive_too() -> None:
    """The badge is the one that stands in the picture, whatever else the file may be."""
    accepted(f.verify(f.png(_chunk(GOOD)) + _archive()))
    refused(f.verify(f.png(_chunk(FORGED)) + _archive()), PROOF, Reason.SIGNATURE_WRONG)
    unreadable(f.png() + _archive(), Reason.PNG_WITHOUT_BADGE)


def test_polyglot_png_that_is_a_page_too() -> None:
    """Markup in a chunk or behind the picture is not looked at."""
    page = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    accepted(f.verify(f.png((b"tEXt", b"Comment\0" + page), _chunk(GOOD)) + page))


def test_polyglot_png_with_a_badge_after_its_end() -> None:
    """What stands behind the end is no part of the picture, and a second badge there makes it two."""
    chunk = f._chunk(*_chunk(GOOD))
    for hidden in (chunk, f.png(_chunk(GOOD)), f._chunk(b"tEXt", b"openbadges\0https://ailleurs.example/a.json")):
        unreadable(f.png() + hidden, Reason.PNG_WITHOUT_BADGE)
        unreadable(f.png(_chunk(FORGED)) + hidden, Reason.PNG_BAKED_TWICE)
        unreadable(f.png(_chunk(GOOD)) + hidden, Reason.PNG_BAKED_TWICE)


def test_polyglot_png_that_begins_as_something_else() -> None:
    """A picture behind other bytes is no picture here; JSON behind a picture's first bytes is none either."""
    unreadable(b"GIF89a" + f.png(_chunk(GOOD)), Reason.FORMAT_UNKNOWN)
    unreadable(b"\x89PNG\r\n\x1a\n" + GOOD, Reason.PNG_MALFORMED)


def test_png_bomb_is_not_unfolded() -> None:
    """Compressed text beyond what a badge may be."""
    body = KEYWORD + b"\0\1\0\0\0" + zlib.compress(b" " * 50_000_000, 9)
    unreadable(f.png((b"iTXt", body)), Reason.PNG_BOMB)


def test_png_with_a_wrong_checksum_is_refused() -> None:
    """Whoever changes a badge in a picture by hand and forgets the checksum."""
    good = f.png(_chunk(GOOD))
    at = good.index(KEYWORD)
    unreadable(good[: at + 200] + b"x" + good[at + 201 :], Reason.PNG_MALFORMED)


@pytest.mark.parametrize("length", [0x7FFFFFFF, 0xFFFFFFFF, 0x80000000])
def test_png_chunk_longer_than_its_file_is_refused(length: int) -> None:
    """Lengths that overflow where they are counted in fewer bits."""
    unreadable(f.png()[:33] + struct.pack(">I", length) + b"iTXt" + KEYWORD, Reason.PNG_MALFORMED)
