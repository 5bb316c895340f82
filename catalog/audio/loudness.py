"""How loud a piece is, as broadcasters measure it: integrated loudness of ITU-R BS.1770-4."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

from catalog.audio.reading import Samples

BLOCK, STEP = 0.4, 0.1  # seconds
ABSOLUTE_GATE, RELATIVE_GATE = -70.0, -10.0  # LUFS; LU below the mean of what is above
OFFSET = -0.691  # so that a tone of 1 kHz measures what it is


def integrated_loudness(channels: Samples, rate: int) -> float | None:
    """Return LUFS (dB below full scale, weighted as the ear hears); None where all is silent."""
    power = np.sum([_block_power(_weighted(one, rate), rate) for one in channels.T], axis=0)
    power = power[_lufs(power) > ABSOLUTE_GATE]
    if not len(power):
        return None
    power = power[_lufs(power) > _lufs(power.mean()) + RELATIVE_GATE]
    return float(_lufs(power.mean()))


def _lufs(power: NDArray[np.float64]) -> NDArray[np.float64]:
    return OFFSET + 10 * np.log10(np.maximum(power, 1e-12))


def _block_power(channel: NDArray[np.float64], rate: int) -> NDArray[np.float64]:
    """Mean square of overlapping blocks."""
    block, step = int(BLOCK * rate), int(STEP * rate)
    sums = np.concatenate([[0.0], np.cumsum(channel**2)])
    starts = np.arange(0, max(len(channel) - block, 0) + 1, step)
    return (sums[np.minimum(starts + block, len(channel))] - sums[starts]) / block


def _weighted(channel: Samples, rate: int) -> NDArray[np.float64]:
    """K-weighting: the head makes highs louder, and nobody hears the lowest lows."""
    shelved = lfilter(*_high_shelf(rate), channel.astype(np.float64))
    weighted: NDArray[np.float64] = lfilter(*_high_pass(rate), shelved)
    return weighted


def _high_shelf(rate: int) -> tuple[list[float], list[float]]:
    """The standard gives coefficients for 48 kHz; these are the same filter at any rate."""
    gain, quality = 3.999843853973347, 0.7071752369554196
    k = math.tan(math.pi * 1681.974450955533 / rate)
    high = 10 ** (gain / 20)
    band = high**0.4996667741545416
    a0 = 1 + k / quality + k * k
    b = [high + band * k / quality + k * k, 2 * (k * k - high), high - band * k / quality + k * k]
    return [value / a0 for value in b], [1.0, 2 * (k * k - 1) / a0, (1 - k / quality + k * k) / a0]


def _high_pass(rate: int) -> tuple[list[float], list[float]]:
    quality = 0.5003270373238773
    k = math.tan(math.pi * 38.13547087602444 / rate)
    a0 = 1 + k / quality + k * k
    return [1.0, -2.0, 1.0], [1.0, 2 * (k * k - 1) / a0, (1 - k / quality + k * k) / a0]
