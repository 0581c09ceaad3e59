"""QR codes: read back by another implementation, with the quiet zone that paper needs."""

import io

import pytest
import zxingcpp
from defusedxml.ElementTree import fromstring
from PIL import Image, ImageDraw

from issuer.outlines import outlines
from issuer.picture import qr_modules, qr_png, qr_svg
from issuer.qr_code import qr_version

ADDRESS = "https://badges.example/v/7K3F-9QXM-T2WB"


def read(image):
    [found] = zxingcpp.read_barcodes(image)
    return found


@pytest.mark.parametrize("module_px", [2, 8])
@pytest.mark.parametrize(
    "address", [ADDRESS, ADDRESS + "?lang=fr&" + "x" * 120, "http://localhost:8000/v/7K3F9QXMT2WB"]
)
def test_qr_png_is_read_back(address, module_px):
    """Another implementation reads the very address, at error correction M."""
    found = read(Image.open(io.BytesIO(qr_png(address, module_px))).convert("L"))
    assert found.text == address
    assert found.format == zxingcpp.BarcodeFormat.QRCode
    assert found.ec_level == "M"


def test_qr_svg_is_read_back():
    """The SVG draws the same code: painted from its path, it reads the same."""
    root = fromstring(qr_svg(ADDRESS))
    side = qr_modules(ADDRESS)
    assert root.get("viewBox") == f"0 0 {side} {side}"
    ground, dark = root
    assert (ground.get("fill"), dark.get("fill")) == ("#fff", "#000")
    image = Image.new("L", (side * 4, side * 4), 255)
    for outline in outlines(dark.get("d")):
        (left, top), (right, bottom) = outline.points[0], outline.points[2]
        ImageDraw.Draw(image).rectangle((left * 4, top * 4, right * 4 - 1, bottom * 4 - 1), fill=0)
    assert read(image).text == ADDRESS


def test_qr_code_has_four_white_modules_around_it():
    """Without its quiet zone a code beside a border cannot be found."""
    image = Image.open(io.BytesIO(qr_png(ADDRESS, 1)))
    assert image.size == (qr_modules(ADDRESS), qr_modules(ADDRESS))
    dark = image.convert("L").point(lambda level: 255 - level).getbbox()
    assert dark == (4, 4, image.width - 4, image.height - 4)


def test_qr_modules_lets_a_page_size_the_print():
    """The code of a public address prints at 0.35 mm a module in under 15 mm."""
    assert qr_modules(ADDRESS) == 29 + 2 * 4
    assert qr_modules(ADDRESS) * 0.35 < 15


def test_qr_code_is_the_same_bytes_each_time():
    """A code can be cached by its address."""
    assert qr_svg(ADDRESS) == qr_svg(ADDRESS)
    assert qr_png(ADDRESS, 3) == qr_png(ADDRESS, 3)


@pytest.mark.parametrize("module_px", [0, -1, 65])
def test_qr_png_of_an_unreasonable_size_is_refused(module_px):
    """A size from an address bar cannot exhaust the memory."""
    with pytest.raises(ValueError, match="1 to 64"):
        qr_png(ADDRESS, module_px)


def test_digits_at_the_end_take_ten_bits_for_three():
    """766 digits behind an address fit into version 14; as bytes they would need version 23."""
    digits = "".join(str(place * 7 % 10) for place in range(766))
    address = f"https://badges.example/v/7Q4M2K9XPBT0#{digits}"
    assert qr_version(address) == 14
    assert qr_version(address[: -len(digits)] + "x" * len(digits)) == 23
    found = read(Image.open(io.BytesIO(qr_png(address, 3))).convert("L"))
    assert (found.text, found.ec_level) == (address, "M")


def test_few_digits_stay_with_the_rest():
    """The code of a share may end in digits: its square stays the one that was printed before."""
    assert qr_version("https://badges.example/v/7Q4M2K9X0123") == qr_version("https://badges.example/v/7Q4M2K9XABCD")
