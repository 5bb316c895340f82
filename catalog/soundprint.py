"""The soundprint: a small picture cut from the sound of a track, as if printed from two blocks.

valence           hue of the block, from indigo (low) through moss and ochre to vermilion (high)
mode              1 major: a dark figure on light paper; 0 minor: a white line cut in a dark block
key               the spot ink, and the hour of the bead on the rim: C at twelve, fifths clockwise
tempo             how many petals
energy            weight of line, depth of the valleys, tips: round when quiet, sharp when driven
danceability      the petals lean ahead of the beat, and drops fall between them
acousticness      by hand: grain of wood, many fine cuts; by machine: ruled rays and one flat shape
instrumentalness  the centre: a voice fills it, an instrumental leaves a ring
loudness          how far the figure fills the block

The same features always give the same picture: no chance, no dates, no ids, so any number may stand
on one page. Under 64 pixels it has fewer lines, never other ones. Colours are written as hex, so it
needs no style sheet.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from zlib import crc32

from catalog.inks import ink

# What a feature is taken for when nobody knows it, its lowest and highest value, and the decimals
# that show: below them two values are the same picture, also when one went through a float32.
KNOWN = {
    "valence": (0.5, 0.0, 1.0, 3),
    "mode": (1.0, 0.0, 1.0, 0),
    "key": (0.0, -1.0, 11.0, 0),
    "energy": (0.5, 0.0, 1.0, 3),
    "tempo": (110.0, 40.0, 220.0, 1),
    "acousticness": (0.4, 0.0, 1.0, 3),
    "instrumentalness": (0.1, 0.0, 1.0, 3),
    "danceability": (0.5, 0.0, 1.0, 3),
    "loudness": (-10.0, -30.0, 0.0, 2),
}
HUES = (282, 262, 232, 178, 118, 72, 48, 32)  # the way the hue goes as valence grows
TURN = 2 * math.pi


def soundprint(features: Mapping[str, object], size: int = 64) -> str:
    """Return one SVG element, `size` pixels wide. Unknown features may be missing."""
    return _drawn(_readable(features), size)


def features_of_name(name: str) -> dict[str, float]:
    """Return features for somebody who has no sound: any, but always the same for one name."""
    seed = crc32(name.encode())
    shares = [(seed >> shift & 0xFF) / 255 for shift in (0, 8, 16, 24)]
    return {
        "valence": shares[0],
        "mode": float(seed & 1),
        "key": float(seed % 12),
        "energy": 0.2 + 0.6 * shares[1],
        "tempo": 70 + 90 * shares[2],
        "acousticness": shares[3],
        "danceability": shares[2] * 0.8,
        "loudness": -8.0,
    }


@dataclass(frozen=True)
class Readable:
    """The nine features, each known and within its range."""

    valence: float
    mode: float
    key: float
    energy: float
    tempo: float
    acousticness: float
    instrumentalness: float
    danceability: float
    loudness: float


def _readable(features: Mapping[str, object]) -> Readable:
    return Readable(*(_given(features.get(name), *known) for name, known in KNOWN.items()))


def _given(value: object, usual: float, low: float, high: float, decimals: int) -> float:
    try:
        number = float(value)  # type: ignore[arg-type]  # what is no number is unknown
    except (TypeError, ValueError):
        return usual
    if math.isnan(number):
        return usual
    number = min(high, max(low, number))
    return float(math.floor(number + 0.5)) if decimals == 0 else round(number, decimals)


@lru_cache(maxsize=4096)
def _drawn(features: Readable, size: int) -> str:
    fine = 0 if size < 64 else 1 if size < 160 else 2
    return Print(features, fine).svg(size)


class Print:
    """One picture: its measures, then its parts from the paper up. Drawn on 200 by 200.

    Lengths are halves of that: the centre is 50, 50. `fine` is 0 to 2, the more the more lines.
    """

    def __init__(self, features: Readable, fine: int) -> None:
        self.sound, self.fine = features, fine
        self.number: Callable[[float], str] = _tenths if fine else _whole
        self.fifth = int(features.key) % 12 * 7 % 12
        self.petals = min(14, max(4, math.floor(features.tempo / 14 + 0.5)))
        self.step = TURN / self.petals
        self.start = self.fifth * math.pi / 6
        self.reach = 34 + 17 * (features.loudness + 30) / 30
        # The tips run ahead of the beat.
        self.lean = max(0, features.danceability - 0.45) * self.step * 0.75
        self._mix_inks()

    def _mix_inks(self) -> None:
        hue = _hue(self.sound.valence)
        spot_hue = (self.fifth * 30 + 32) % 360
        if self.sound.mode >= 0.5:
            self.paper, self.grain = ink(0.925, 0.022, hue), ink(0.855, 0.042, hue)
            self.line, self.spot = ink(0.39, 0.105, hue), ink(0.66, 0.115, spot_hue)
        else:
            self.paper, self.grain = ink(0.35, 0.07, hue), ink(0.415, 0.078, hue)
            self.line, self.spot = ink(0.92, 0.03, 82), ink(0.71, 0.115, spot_hue)

    def svg(self, size: int) -> str:
        head = (
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 200" '
            f'width="{size}" height="{size}">'
        )
        paper = _shape(f'fill="{self.paper}"', "M0 0h200v200H0z")
        parts = (self._wood(), self._rays(), self._blocks(), self._centre(), self._beat())
        return head + paper + "".join(parts) + self._bead() + "</svg>"

    # The ground: grain of wood where it is played by hand, ruled rays where it is made by machine.

    def _wood(self) -> str:
        acoustic = self.sound.acousticness
        lines = 0 if acoustic < 0.25 else math.floor(acoustic * (5, 9, 17)[self.fine] + 0.5)
        if lines < 2:
            return ""
        n = self.number
        path = ""
        for line in range(lines):
            y = (line + 0.5) * 100 / lines
            bend = (y - 50) * 0.3 * (1 - abs(y - 50) / 62)
            path += f"M0 {n(y)}Q50 {n(y - bend * 0.2)} 100 {n(y + bend)}T200 {n(y)}"
        width = ("4", "2.6", "1.9")[self.fine]
        return _shape(f'fill="none" stroke="{self.grain}" stroke-width="{width}"', path)

    def _rays(self) -> str:
        acoustic = self.sound.acousticness
        if acoustic >= 0.4:
            return ""
        rays = self.petals * (2, 4, 6)[self.fine]
        path = ""
        for ray in range(rays):
            turn = self.start + (ray + 0.5) * 2 * math.pi / rays
            path += f"M{self._polar(20, turn)}L{self._polar(72, turn)}"
        width = self.number((0.4 - acoustic) * 200 / rays)
        return _shape(f'fill="none" stroke="{self.grain}" stroke-width="{width}"', path)

    # The spot block, a hair out of register, then the key block: the rim of each petal and as many
    # cuts as the track is acoustic.

    def _blocks(self) -> str:
        energy, fine, n = self.sound.energy, self.fine, self.number
        outline = self._ring(1)
        askew = ' transform="translate(1.8 1.6)"' if fine else ""
        cuts = math.floor(self.sound.acousticness * (1, 3, 6)[fine] + 0.5)
        rims = outline + "".join(self._ring(1 - i * 0.46 / (cuts + 1)) for i in range(1, cuts + 1))
        weight = n((1 + 1.7 * energy) * (1.6, 1.15, 0.8)[fine])
        drawn = _shape(f'fill="{self.spot}"{askew}', outline)
        drawn += _shape(
            f'fill="none" stroke="{self.line}" stroke-width="{weight}" stroke-linejoin="round"',
            rims,
        )
        drawn += _shape(f'fill="{self.line}"', self._ring(0.54))
        if fine:
            thread = n(0.5 + 0.5 * energy)
            drawn += _shape(
                f'fill="none" stroke="{self.spot}" stroke-width="{thread}"', self._ring(0.43)
            )
        return drawn

    def _ring(self, scale: float) -> str:
        """Return one closed ring of petals: a tip and a valley each, smooth through both."""
        nodes = list(self._nodes(scale))
        first = nodes[0]
        path = [f"M{self._place(first, 0)}C{self._place(first, 1)}"]
        for i, node in enumerate([*nodes[1:], first]):
            path.append(f"{'S' if i else ' '}{self._place(node, -1)} {self._place(node, 0)}")
        return "".join(path).replace(" -", "-") + "Z"

    def _nodes(self, scale: float) -> Iterator[tuple[float, float, float, float]]:
        """Yield each node: its distance from the centre, its sine and cosine, its handle."""
        quiet = 1 - self.sound.energy
        out = self.reach * scale
        inn = out * (1 - (0.28 + 0.3 * self.sound.energy))
        slope = math.tan(self.step / 2)
        tip = out * slope * (quiet**1.3 * 0.66)
        valley = inn * slope * (0.16 + 0.4 * quiet)
        for (tip_sine, tip_cosine), (sine, cosine) in self._turns:
            yield out, tip_sine, tip_cosine, tip
            yield inn, sine, cosine, valley

    @cached_property
    def _turns(self) -> list[tuple[tuple[float, float], tuple[float, float]]]:
        """The sine and cosine of each petal's tip and of the valley after it."""
        tips = [self.start + self.lean + i * self.step for i in range(self.petals)]
        valleys = [self.start + (i + 0.5) * self.step for i in range(self.petals)]
        return [
            ((math.sin(tip), math.cos(tip)), (math.sin(valley), math.cos(valley)))
            for tip, valley in zip(tips, valleys, strict=True)
        ]

    def _place(self, node: tuple[float, float, float, float], side: int) -> str:
        """Return a node (side 0) or its handle before (-1) or after (1) it."""
        radius, sine, cosine, handle = node
        x = 50 + radius * sine + side * handle * cosine
        y = 50 - radius * cosine + side * handle * sine
        return f"{self.number(x)} {self.number(y)}"

    def _polar(self, radius: float, turn: float) -> str:
        x, y = 50 + radius * math.sin(turn), 50 - radius * math.cos(turn)
        return f"{self.number(x)} {self.number(y)}".replace(" -", "-")

    def _centre(self) -> str:
        """Return the centre: filled by a voice, or an open ring."""
        n, heart = self.number, 6.5 + 5 * (1 - self.sound.instrumentalness)
        if self.sound.instrumentalness > 0.5:
            inner = _circle(n(heart - 3.4), self.line)
        else:
            inner = _circle(n(heart - 3), self.spot)
        return _circle(n(heart), self.paper) + inner

    def _beat(self) -> str:
        """Return a drop in each valley, larger the more one can dance to it."""
        dance = self.sound.danceability
        if dance <= 0.3:
            return ""
        path = ""
        for i in range(self.petals):
            turn = self.start + self.lean * 0.5 + (i + 0.5) * self.step
            path += f"M{self._polar(self.reach * 0.9, turn)}h0"
        width = self.number((dance - 0.22) * min(7, max(3, 40 / self.petals)) * 1.4)
        return _shape(
            f'fill="none" stroke="{self.line}" stroke-linecap="round" stroke-width="{width}"', path
        )

    def _bead(self) -> str:
        """Return the bead on the rim, at the hour of the key."""
        x = self.number(50 + 44 * math.sin(self.start))
        y = self.number(50 - 44 * math.cos(self.start))
        radius, width = ("5.4", "3") if self.fine else ("8", "5")
        return (
            f'<circle cx="{x}" cy="{y}" r="{radius}" fill="{self.spot}" '
            f'stroke="{self.paper}" stroke-width="{width}"/>'
        )


def _shape(attributes: str, path: str) -> str:
    return f'<path {attributes} d="{path}"/>'


def _circle(radius: str, fill: str) -> str:
    return f'<circle cx="100" cy="100" r="{radius}" fill="{fill}"/>'


# Lengths are doubled, for the picture is 200 wide: whole numbers are fine enough for a small print.


def _whole(length: float) -> str:
    return str(math.floor(length * 2 + 0.5))


def _tenths(length: float) -> str:
    return _tenths_written(math.floor(length * 20 + 0.5))


@lru_cache(maxsize=8192)
def _tenths_written(tenths: int) -> str:
    if tenths % 10 == 0:
        return str(tenths // 10)
    sign, (whole, tenth) = "-" if tenths < 0 else "", divmod(abs(tenths), 10)
    return f"{sign}{whole or ''}.{tenth}"


def _hue(valence: float) -> float:
    at = valence * (len(HUES) - 1)
    low = min(math.floor(at), len(HUES) - 2)
    return HUES[low] + (HUES[low + 1] - HUES[low]) * (at - low)
