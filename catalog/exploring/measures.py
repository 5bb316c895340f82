"""What is explored of a track, in which units, and in which steps it is counted."""

from __future__ import annotations

from dataclasses import dataclass

from catalog.features import SHARES

Number = float | None


@dataclass(frozen=True)
class Measure:
    """`low` to `high` are drawn, in `steps` bars; what lies outside counts in the outermost.

    A class of a table is `wide`.
    """

    name: str
    low: float
    high: float
    steps: int
    wide: float
    decimals: int

    def edges(self) -> list[float]:
        width = (self.high - self.low) / self.steps
        return [round(self.low + width * step, 6) for step in range(self.steps + 1)]


_ALL = (
    Measure("tempo", 40, 220, 18, 20, 1),  # beats per minute
    Measure("loudness", -30, 0, 15, 3, 1),  # dB below full scale
    *(Measure(name, 0, 1, 20, 0.1, 3) for name in SHARES),
    Measure("duration", 0, 10, 20, 1, 2),  # minutes
    Measure("year", 1920, 2030, 22, 10, 0),
)
MEASURES = {measure.name: measure for measure in _ALL}
SOUNDS = tuple(name for name in MEASURES if name not in ("duration", "year"))
ASKED = ("genre", "year", "duration", "is_explicit")  # of every track, heard or not
TIMED = tuple(name for name in MEASURES if name != "year")
CATEGORIES = ("key", "mode", "time_signature", "is_explicit")


def rounded(value: float, decimals: int = 3) -> Number:
    """A number as JSON can hold it: NaN is None."""
    return round(float(value), decimals) if value == value else None
