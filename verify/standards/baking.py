"""A badge carried inside a picture: one text chunk of a PNG, one element of an SVG.

Baking inserts, and leaves every other byte of the picture as it was: pictures are never decoded, rendered or
re-encoded here. Reading takes exactly one badge, of either standard; a picture with two could show one to a person and
the other to a machine. An SVG with a document type, entities or scripts is refused, even though nothing here would run
them: the next program to open the file might.

Source: Open Badges 3.0, section 5.3 (baked badges); Open Badges 2.0, Baking Specification; PNG 1.2, sections 3.2 and
4.2.3.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from typing import Any, NamedTuple
from xml.sax.saxutils import quoteattr

import defusedxml.ElementTree
from defusedxml.common import DefusedXmlException

from verify.errors import Unreadable
from verify.reasons import Reason
from verify.standards.documents import MAX_BYTES

MAX_PICTURE_BYTES = 8 * 1024 * 1024

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_CHUNK_OVERHEAD = 12

_SVG = "http://www.w3.org/2000/svg"
_START_TAG = re.compile(
    rb"""\A(?:\xef\xbb\xbf)?(?:\s+|<\?.*?\?>|<!--.*?-->)*<[\w.:-]+((?:[^<>"']|"[^"]*"|'[^']*')*?)(/?)>""",
    re.DOTALL,
)


class Standard(NamedTuple):
    """How a standard marks the badge in a picture: the keyword of a chunk, the namespace and name of an element."""

    keyword: bytes
    namespace: str
    element: str

    @property
    def tag(self) -> str:
        """The element's whole name."""
        return f"{{{self.namespace}}}{self.element}"


OPEN_BADGES_3 = Standard(b"openbadgecredential", "https://purl.imsglobal.org/ob/v3p0", "credential")
OPEN_BADGES_2 = Standard(b"openbadges", "http://openbadges.org", "assertion")
_KEYWORDS = frozenset({OPEN_BADGES_3.keyword, OPEN_BADGES_2.keyword})
_TAGS = frozenset({OPEN_BADGES_3.tag, OPEN_BADGES_2.tag})


class _Chunk(NamedTuple):
    start: int
    kind: bytes
    body: bytes


def is_png(data: bytes) -> bool:
    """Whether the bytes begin as a PNG does."""
    return data.startswith(_PNG_SIGNATURE)


def bake_png(png: bytes, credential: bytes, standard: Standard = OPEN_BADGES_3) -> bytes:
    """The picture with the badge in one uncompressed iTXt chunk; all other bytes are unchanged.

    Raises:
        Unreadable: `png_malformed`, `too_large`, or `png_baked_twice` where the picture carries a badge already.
    """
    first: _Chunk | None = None
    for chunk in _chunks(png):
        if _keyword_of(chunk) in _KEYWORDS:
            raise Unreadable(Reason.PNG_BAKED_TWICE)
        if first is None and chunk.kind != b"IHDR":
            first = chunk
    if first is None:
        raise Unreadable(Reason.PNG_MALFORMED, "nothing after IHDR")
    # keyword, NUL, not compressed, method 0, no language, no translated keyword, text
    body = standard.keyword + b"\0\0\0\0\0" + credential
    baked = struct.pack(">I", len(body)) + b"iTXt" + body + struct.pack(">I", zlib.crc32(b"iTXt" + body))
    return png[: first.start] + baked + png[first.start :]


def extract_png(png: bytes) -> bytes:
    """The one badge that the picture carries, as its exact bytes; of Open Badges 2 it may be a mere address.

    Raises:
        Unreadable: `png_malformed`, `png_without_badge`, `png_baked_twice`, `png_bomb` or `too_large`.
    """
    chunks = list(_chunks(png))
    # What stands behind the end is no part of the picture; another reader might find a badge there all the same.
    behind = png[chunks[-1].start + _CHUNK_OVERHEAD + len(chunks[-1].body) :]
    found = [chunk for chunk in chunks if _keyword_of(chunk) in _KEYWORDS]
    if not found:
        raise Unreadable(Reason.PNG_WITHOUT_BADGE)
    if len(found) > 1 or any(b"iTXt" + keyword in behind or b"tEXt" + keyword in behind for keyword in _KEYWORDS):
        raise Unreadable(Reason.PNG_BAKED_TWICE)
    rest = found[0].body.partition(b"\0")[2]
    # The plain chunk of the first badges: Latin-1 by its own standard, and ASCII in all that was ever put there.
    return rest if found[0].kind == b"tEXt" else _international_text(rest)


def bake_svg(svg: bytes, credential: bytes, standard: Standard = OPEN_BADGES_3, *, address: str = "") -> bytes:
    """The picture with the badge as the first element inside `<svg>`; all other bytes are unchanged.

    JSON stands in CDATA, a compact token in the attribute `verify`; `address`, where a hosted badge of Open Badges 2
    can be had, stands there beside its JSON.

    Raises:
        Unreadable: as `extract_svg` does for the picture, or `svg_baked_twice` where it carries a badge already.
        ValueError: where XML cannot carry the credential byte for byte.
    """
    root = _parse_svg(svg)
    if any(element.tag in _TAGS for element in root.iter()):
        raise Unreadable(Reason.SVG_BAKED_TWICE)
    tag = _START_TAG.match(svg)
    if tag is None or tag[2]:
        raise Unreadable(Reason.SVG_MALFORMED, "no start tag to write behind")
    element = _element(credential, standard, address)
    declared = b"" if b"xmlns:openbadges=" in tag[1] else f' xmlns:openbadges="{standard.namespace}"'.encode()
    baked = svg[: tag.end(1)] + declared + svg[tag.end(1) : tag.end()] + element + svg[tag.end() :]
    if extract_svg(baked) != credential:
        raise ValueError("XML does not carry this credential byte for byte")
    return baked


def extract_svg(svg: bytes) -> bytes:
    """The one badge that the picture carries: JSON or a compact token; of Open Badges 2 it may be a mere address.

    Raises:
        Unreadable: `svg_malformed`, `svg_entities`, `svg_scripted`, `svg_without_badge`, `svg_baked_twice` or
            `too_large`.
    """
    root = _parse_svg(svg)
    found = [element for element in root.iter() if element.tag in _TAGS]
    if len(found) > 1:
        raise Unreadable(Reason.SVG_BAKED_TWICE)
    if not found:
        raise Unreadable(Reason.SVG_WITHOUT_BADGE)
    text = "".join(found[0].itertext()).strip()
    verify = (found[0].get("verify") or "").strip()
    beside = found[0].tag == OPEN_BADGES_2.tag and verify.startswith(("https://", "http://"))
    if text and verify and not beside:
        raise Unreadable(Reason.SVG_BAKED_TWICE, "both an attribute and a text")
    if not text and not verify:
        raise Unreadable(Reason.SVG_WITHOUT_BADGE, "the element is empty")
    return (text or verify).encode("utf-8")


def _element(credential: bytes, standard: Standard, address: str) -> bytes:
    name = b"openbadges:" + standard.element.encode()
    if not credential.startswith(b"{"):
        return b"<" + name + b' verify="' + credential + b'"></' + name + b">"
    verify = f" verify={quoteattr(address)}".encode() if address else b""
    # CDATA ends at ]]>: where JSON holds those three characters, two sections share them.
    text = credential.replace(b"]]>", b"]]]]><![CDATA[>")
    return b"<" + name + verify + b"><![CDATA[" + text + b"]]></" + name + b">"


def _chunks(png: bytes) -> Iterator[_Chunk]:
    """Every chunk up to IEND; its checksum is checked."""
    if len(png) > MAX_PICTURE_BYTES:
        raise Unreadable(Reason.TOO_LARGE)
    if not is_png(png):
        raise Unreadable(Reason.PNG_MALFORMED, "signature")
    position, kind = len(_PNG_SIGNATURE), b""
    while kind != b"IEND":
        head = png[position : position + 8]
        length = int.from_bytes(head[:4], "big")
        end = position + _CHUNK_OVERHEAD + length
        if len(head) < len(_PNG_SIGNATURE) or end > len(png):
            raise Unreadable(Reason.PNG_MALFORMED, "cut short")
        previous, kind, body = kind, head[4:], png[position + 8 : end - 4]
        if (kind == b"IHDR") != (previous == b""):
            raise Unreadable(Reason.PNG_MALFORMED, "IHDR is not the first chunk")
        if zlib.crc32(kind + body) != int.from_bytes(png[end - 4 : end], "big"):
            raise Unreadable(Reason.PNG_MALFORMED, "checksum")
        yield _Chunk(position, kind, body)
        position = end


def _keyword_of(chunk: _Chunk) -> bytes:
    return chunk.body.partition(b"\0")[0] if chunk.kind in (b"iTXt", b"tEXt") else b""


def _international_text(rest: bytes) -> bytes:
    """The text of an iTXt chunk, given what follows its keyword."""
    flag, method, (_language, first, rest) = rest[:1], rest[1:2], rest[2:].partition(b"\0")
    _translated, second, text = rest.partition(b"\0")
    if flag not in (b"\0", b"\1") or method != b"\0" or not (first and second):
        raise Unreadable(Reason.PNG_MALFORMED, "iTXt")
    if flag == b"\0":
        return text
    reader = zlib.decompressobj()
    try:
        plain = reader.decompress(text, MAX_BYTES + 1)
    except zlib.error:
        raise Unreadable(Reason.PNG_MALFORMED, "compressed iTXt") from None
    if len(plain) > MAX_BYTES:
        raise Unreadable(Reason.PNG_BOMB)
    return plain


def _parse_svg(svg: bytes) -> Any:
    if len(svg) > MAX_PICTURE_BYTES:
        raise Unreadable(Reason.TOO_LARGE)
    try:
        root = defusedxml.ElementTree.fromstring(svg, forbid_dtd=True)
    except DefusedXmlException:
        raise Unreadable(Reason.SVG_ENTITIES) from None
    except (defusedxml.ElementTree.ParseError, ValueError, LookupError):
        raise Unreadable(Reason.SVG_MALFORMED) from None
    if root.tag != f"{{{_SVG}}}svg":
        raise Unreadable(Reason.SVG_MALFORMED, "the root is not an SVG")
    for element in root.iter():
        if element.tag.rpartition("}")[2].lower() == "script" or any(map(_runs, element.items())):
            raise Unreadable(Reason.SVG_SCRIPTED)
    return root


def _runs(attribute: tuple[str, str]) -> bool:
    name, value = attribute
    local = name.rpartition("}")[2].lower()
    compact = "".join(value.split()).lower()
    return local.startswith("on") or (local == "href" and compact.startswith("javascript:"))
