"""A badge inside a picture: put in without touching the picture, taken out byte for byte."""

import contextlib
import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.verify import factory as f
from verify.errors import Unreadable
from verify.reasons import Reason
from verify.standards import baking

CREDENTIAL = '{"a": "]]> é 😀 & <b>", "b": [[1]]}'.encode()


def _reason(read: object, picture: bytes) -> Reason:
    assert callable(read)
    with pytest.raises(Unreadable) as caught:
        read(picture)
    return caught.value.reason


def _itxt(rest: bytes) -> bytes:
    return f.png((b"iTXt", b"openbadgecredential\0" + rest))


def test_bake_png_inserts_one_chunk_and_keeps_every_other_byte() -> None:
    """Without the new chunk the picture is the old one, byte for byte, and it still opens."""
    drawn = io.BytesIO()
    Image.new("RGB", (9, 9), "teal").save(drawn, "PNG")
    plain = drawn.getvalue()
    baked = baking.bake_png(plain, CREDENTIAL)
    assert baking.extract_png(baked) == CREDENTIAL
    start = baked.index(b"iTXt") - 4
    length = struct.unpack(">I", baked[start : start + 4])[0]
    assert baked[:start] + baked[start + 12 + length :] == plain
    with Image.open(io.BytesIO(baked)) as opened:
        opened.load()
        assert opened.text["openbadgecredential"].encode() == CREDENTIAL


def test_bake_png_writes_an_uncompressed_text_without_language() -> None:
    """Source: Open Badges 3.0, section 5.3.1: keyword, then five zero bytes, then the credential."""
    assert b"iTXtopenbadgecredential\0\0\0\0\0" + CREDENTIAL in baking.bake_png(f.png(), CREDENTIAL)


def test_bake_png_refuses_a_picture_that_carries_a_badge() -> None:
    """Two badges in one picture are never made here."""
    with pytest.raises(Unreadable) as caught:
        baking.bake_png(baking.bake_png(f.png(), CREDENTIAL), CREDENTIAL)
    assert caught.value.reason is Reason.PNG_BAKED_TWICE


def test_extract_png_reads_a_compressed_text() -> None:
    """Other writers compress it; the standard lets them be read."""
    assert baking.extract_png(_itxt(b"\1\0\0\0" + zlib.compress(CREDENTIAL))) == CREDENTIAL
    assert baking.extract_png(_itxt(b"\0\0fr\0titre\0" + CREDENTIAL)) == CREDENTIAL


@pytest.mark.parametrize(
    ("rest", "reason"),
    [
        (b"", Reason.PNG_MALFORMED),
        (b"\0\0", Reason.PNG_MALFORMED),
        (b"\0\0fr", Reason.PNG_MALFORMED),
        (b"\2\0\0\0{}", Reason.PNG_MALFORMED),
        (b"\0\1\0\0{}", Reason.PNG_MALFORMED),
        (b"\1\0\0\0not zlib", Reason.PNG_MALFORMED),
        (b"\1\0\0\0" + zlib.compress(b" " * 2_000_000), Reason.PNG_BOMB),
    ],
)
def test_extract_png_refuses_a_text_chunk_that_is_none(rest: bytes, reason: Reason) -> None:
    """Cut short, unknown compression, or a bomb."""
    assert _reason(baking.extract_png, _itxt(rest)) is reason


def test_extract_png_refuses_a_picture_that_is_none() -> None:
    """No signature, no header, a lying length, a wrong checksum, no end."""
    good = baking.bake_png(f.png(), CREDENTIAL)
    for broken in (b"", b"GIF89a", good[:8], good[8:], good[:-1], good[:-12], good[:8] + good[33:]):
        assert _reason(baking.extract_png, broken) is Reason.PNG_MALFORMED
    assert _reason(baking.extract_png, good.replace(b"IDAT", b"IDAX")) is Reason.PNG_MALFORMED
    assert _reason(baking.extract_png, good[:8] + b"\xff\xff\xff\xff" + good[12:]) is Reason.PNG_MALFORMED
    assert _reason(baking.extract_png, f.png() + bytes(baking.MAX_PICTURE_BYTES)) is Reason.TOO_LARGE


def test_extract_png_ignores_what_follows_the_end() -> None:
    """Bytes behind IEND belong to no picture, and a badge there is none."""
    assert _reason(baking.extract_png, f.png() + baking.bake_png(f.png(), CREDENTIAL)) is Reason.PNG_WITHOUT_BADGE


@given(st.binary(max_size=300))
def test_extract_never_fails_in_another_way(data: bytes) -> None:
    """Any bytes give a badge or a reason."""
    for read, head in ((baking.extract_png, b"\x89PNG\r\n\x1a\n"), (baking.extract_svg, b"<svg")):
        for given_ in (data, head + data):
            with contextlib.suppress(Unreadable):
                assert isinstance(read(given_), bytes)


@pytest.mark.parametrize(
    "svg",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg"><g/></svg>',
        b'\xef\xbb\xbf<?xml version="1.0"?><!-- <svg> -->\n<svg xmlns="http://www.w3.org/2000/svg" a="/>"><g/></svg>\n',
        b"<s:svg xmlns:s='http://www.w3.org/2000/svg'\n viewBox='0 0 1 1'><s:g/></s:svg>",
        b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0"> </svg>',
    ],
)
def test_bake_svg_puts_the_badge_first_and_keeps_every_other_byte(svg: bytes) -> None:
    """Whatever the root looks like, what was added is all that is new."""
    baked = baking.bake_svg(svg, CREDENTIAL)
    assert baking.extract_svg(baked) == CREDENTIAL
    element = baked[baked.index(b"<openbadges:credential") :]
    element = element[: element.index(b"</openbadges:credential>") + len(b"</openbadges:credential>")]
    rest = baked.replace(element, b"")
    assert (
        rest.replace(b' xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0"', b"", b"xmlns:openbadges" not in svg)
        == svg
    )


def test_bake_svg_puts_a_token_into_its_attribute() -> None:
    """Source: Open Badges 3.0, section 5.3.2: a JWT stands in `verify`."""
    token = f.jwt(f.claims(f.credential()))
    baked = baking.bake_svg(f.SVG, token)
    assert b'<openbadges:credential verify="' + token + b'">' in baked
    assert baking.extract_svg(baked) == token


@pytest.mark.parametrize("credential", [b'{"a":\r\n1}', b'{"a": "\xef\xbf\xbf"}', b'not a "token"', b"", b"a.b&c.d"])
def test_bake_svg_refuses_what_xml_would_change(credential: bytes) -> None:
    """A badge that could not be taken out byte for byte is not put in."""
    with pytest.raises((ValueError, Unreadable)):
        baking.bake_svg(f.SVG, credential)


def test_bake_svg_refuses_pictures_it_cannot_write_into() -> None:
    """Already baked, empty root, no SVG at all."""
    cases = {
        baking.bake_svg(f.SVG, CREDENTIAL): Reason.SVG_BAKED_TWICE,
        b'<svg xmlns="http://www.w3.org/2000/svg"/>': Reason.SVG_MALFORMED,
        b"<html/>": Reason.SVG_MALFORMED,
    }
    for picture, reason in cases.items():
        with pytest.raises(Unreadable) as caught:
            baking.bake_svg(picture, CREDENTIAL)
        assert caught.value.reason is reason


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (b"<circle", b"<sCript>x</sCript><circle", Reason.SVG_SCRIPTED),
        (b"<circle", b'<circle onclick="x()"', Reason.SVG_SCRIPTED),
        (b"<circle", b'<a href=" java\nscript:x()"/><circle', Reason.SVG_SCRIPTED),
        (b"<svg", b"<!DOCTYPE svg><svg", Reason.SVG_ENTITIES),
        (b"<svg", b'<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]><svg', Reason.SVG_ENTITIES),
        (b"http://www.w3.org/2000/svg", b"urn:other", Reason.SVG_MALFORMED),
        (b"</svg>", b"", Reason.SVG_MALFORMED),
        (b"<circle", b"&a;<circle", Reason.SVG_MALFORMED),
        (b"v3p0", b"v9p9", Reason.SVG_WITHOUT_BADGE),
        (b"<openbadges:credential>", b'<openbadges:credential verify="a.b.c">', Reason.SVG_BAKED_TWICE),
    ],
)
def test_extract_svg_refuses_active_and_broken_pictures(old: bytes, new: bytes, reason: Reason) -> None:
    """Scripts, handlers, document types, entities, another format, two badges in one element."""
    assert _reason(baking.extract_svg, baking.bake_svg(f.SVG, CREDENTIAL).replace(old, new)) is reason


@pytest.mark.parametrize("assertion", [b'{"@context": "https://w3id.org/openbadges/v2"}', b"a.b.c"])
def test_badge_of_the_older_standard_is_carried_too(assertion: bytes) -> None:
    """An Open Badges 2 picture has its own keyword and its own element; nothing else of the picture changes."""
    png = baking.bake_png(f.png(), assertion, baking.OPEN_BADGES_2)
    assert b"iTXtopenbadges\0" in png
    assert baking.extract_png(png) == assertion
    svg = baking.bake_svg(f.SVG, assertion, baking.OPEN_BADGES_2, address="https://a.example/c?a=1&b=2")
    assert b'xmlns:openbadges="http://openbadges.org"' in svg
    assert (b'verify="https://a.example/c?a=1&amp;b=2"' in svg) == assertion.startswith(b"{")
    assert baking.extract_svg(svg) == assertion


def test_picture_is_not_baked_with_both_standards() -> None:
    """Two badges in one picture could each show another story."""
    for picture, bake in ((f.png(), baking.bake_png), (f.SVG, baking.bake_svg)):
        baked = bake(picture, CREDENTIAL)
        assert _reason(lambda data, bake=bake: bake(data, b"{}", baking.OPEN_BADGES_2), baked) in {
            Reason.PNG_BAKED_TWICE,
            Reason.SVG_BAKED_TWICE,
        }


def test_extract_svg_refuses_an_empty_element_and_a_heavy_picture() -> None:
    """Nothing inside, or too much around."""
    empty = b'<o:credential xmlns:o="https://purl.imsglobal.org/ob/v3p0"> </o:credential><circle'
    assert _reason(baking.extract_svg, f.SVG.replace(b"<circle", empty)) is Reason.SVG_WITHOUT_BADGE
    assert _reason(baking.extract_svg, f.SVG + b" " * baking.MAX_PICTURE_BYTES) is Reason.TOO_LARGE


def test_extract_svg_stands_a_deep_picture() -> None:
    """Nesting that would exhaust a recursive reader is read or refused, never a crash."""
    deep = f.SVG.replace(b"<circle", b"<g>" * 50_000 + b"</g>" * 50_000 + b"<circle")
    assert _reason(baking.extract_svg, deep) in {Reason.SVG_WITHOUT_BADGE, Reason.SVG_MALFORMED}
