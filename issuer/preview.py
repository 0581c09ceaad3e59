"""The picture that a message shows beside a link: one to three badges on their ground, 1200 × 630.

No words beside those in the badges: where the badges name nobody, neither does it.

Source: The Open Graph protocol, "Structured Properties"; 1.91 to 1 is what previews crop to.
"""

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw

from issuer.picture import Picture, badge_png

WIDTH, HEIGHT = 1200, 630
MOST = 3
_SIDES = {1: 560, 2: 500, 3: 376}
_GROUND, _BAND, _POLE = "#f6f0e6", "#b3392f", "#ffffff"
_BAND_WIDTH, _BAND_HEIGHT = 60, 18


def preview_png(pictures: Sequence[Picture]) -> bytes:
    """The first badges side by side, over the red and white of a surveyor's pole.

    Raises:
        ValueError: there is none.
    """
    shown = pictures[:MOST]
    if not shown:
        raise ValueError("A preview shows at least one badge.")
    ground = Image.new("RGB", (WIDTH, HEIGHT), _GROUND)
    pole = ImageDraw.Draw(ground)
    for place, x in enumerate(range(0, WIDTH, _BAND_WIDTH)):
        colour = _POLE if place % 2 else _BAND
        pole.rectangle((x, HEIGHT - _BAND_HEIGHT, x + _BAND_WIDTH - 1, HEIGHT), fill=colour)
    side = _SIDES[len(shown)]
    gap = (WIDTH - side * len(shown)) // (len(shown) + 1)
    top = (HEIGHT - _BAND_HEIGHT - side) // 2
    for place, picture in enumerate(shown):
        with Image.open(io.BytesIO(badge_png(picture, side))) as drawn:
            ground.paste(drawn, (gap + place * (side + gap), top), drawn)
    stream = io.BytesIO()
    ground.save(stream, "PNG", optimize=True)
    return stream.getvalue()
