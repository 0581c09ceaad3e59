"""QR codes of addresses, as SVG and PNG: black on white, error correction M, four modules of quiet zone.

Digits at the end of an address, such as those of a statement, are written in the mode for digits, ten bits for three of
them; what is before in that for bytes. Refuses decoration: a logo or a colour costs the old telephone its scan.

Source: ISO/IEC 18004:2015, section 6.3.8 (quiet zone of four modules) and 7.4.2 (mixing modes).
"""

from __future__ import annotations

import io
import re
from functools import lru_cache

import qrcode
from PIL import Image
from qrcode.util import MODE_8BIT_BYTE, MODE_NUMBER, QRData

QUIET_ZONE = 4
_FEWEST_DIGITS = 20  # fewer do not pay for the change of mode
_DIGITS_LAST = re.compile(rf"(.*?)([0-9]{{{_FEWEST_DIGITS},}})?", re.DOTALL)
_SMALLEST, _STEP = 21, 4
_MOST_MODULE_PIXELS = 64


def qr_modules(address: str) -> int:
    """The modules on one side of the address's QR code, quiet zone included.

    Printed on `s` millimetres, one module measures `s / qr_modules(address)`; scanning on paper wants 0.35 or more.
    """
    return len(_matrix(address))


def qr_version(address: str) -> int:
    """The version of the address's QR code, 1 to 40: how large it is.

    Source: ISO/IEC 18004:2015, section 6.3.1: 21 modules a side, and four more with each version.
    """
    return (qr_modules(address) - 2 * QUIET_ZONE - _SMALLEST) // _STEP + 1


def qr_svg(address: str) -> bytes:
    """The QR code as a square SVG of one unit a module."""
    matrix = _matrix(address)
    side = len(matrix)
    dark = "".join(_runs(row, y) for y, row in enumerate(matrix))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges"'
        f' role="img" aria-label="QR code"><path fill="#fff" d="M0 0h{side}v{side}H0z"/>'
        f'<path fill="#000" d="{dark}"/></svg>\n'
    ).encode()


def qr_png(address: str, module_px: int = 8) -> bytes:
    """The QR code as a PNG in two colours, `module_px` pixels a module.

    Raises:
        ValueError: where a module is not 1 to 64 pixels wide.
    """
    if not 1 <= module_px <= _MOST_MODULE_PIXELS:
        raise ValueError(f"A module is 1 to {_MOST_MODULE_PIXELS} pixels wide, not {module_px}.")
    matrix = _matrix(address)
    side = len(matrix)
    image = Image.new("1", (side, side), 1)
    image.putdata([not dark for row in matrix for dark in row])
    stream = io.BytesIO()
    image.resize((side * module_px, side * module_px), Image.Resampling.NEAREST).save(stream, "PNG", optimize=True)
    return stream.getvalue()


def _runs(row: tuple[bool, ...], y: int) -> str:
    """The dark stretches of one row as path data, one rectangle each."""
    pieces = []
    x = 0
    while x < len(row):
        start = x
        while x < len(row) and row[x]:
            x += 1
        if x > start:
            pieces.append(f"M{start} {y}h{x - start}v1h{start - x}z")
        x += 1
    return "".join(pieces)


@lru_cache(maxsize=64)
def _matrix(address: str) -> tuple[tuple[bool, ...], ...]:
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=QUIET_ZONE)
    found = _DIGITS_LAST.fullmatch(address)
    before, digits = found.groups() if found else (address, None)
    if before:
        code.add_data(QRData(before.encode("utf-8"), mode=MODE_8BIT_BYTE))
    if digits:
        code.add_data(QRData(digits.encode("ascii"), mode=MODE_NUMBER))
    code.make(fit=True)
    return tuple(tuple(bool(module) for module in row) for row in code.get_matrix())
