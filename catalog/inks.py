"""Inks mixed in OKLCH, where colours of one lightness look equally strong."""

from __future__ import annotations

import math
from functools import lru_cache


@lru_cache(maxsize=8192)
def ink(lightness: float, chroma: float, hue: float) -> str:
    """Return a colour as hex. The hue is in degrees; what a screen cannot show is clipped."""
    a, b = chroma * math.cos(hue * math.pi / 180), chroma * math.sin(hue * math.pi / 180)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
    channels = (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.707614701 * short,
    )
    return "#" + "".join(f"{_eight_bits(channel):02x}" for channel in channels)


def _eight_bits(channel: float) -> int:
    """Give a linear channel its sRGB curve and 8 bits."""
    curved = 12.92 * channel if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055
    return math.floor(min(1, max(0, curved)) * 255 + 0.5)
