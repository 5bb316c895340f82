"""How taste moves over time, as a river whose width is the plays and whose bands are shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from numpy.typing import NDArray

from catalog.figures.figure import Figure
from catalog.figures.words import percent
from listening.counting.drift import (
    CALM_HAPPY,
    CALM_SAD,
    REST,
    STRONG_HAPPY,
    STRONG_SAD,
    TEMPOS,
    River,
)
from listening.counting.spans import SMOOTH, Span, step_of
from listening.figures import words

WIDTH, HEIGHT, MIDDLE = 1180.0, 252.0, 150.0
LABEL_FROM, LETTER = 20.0, 8.5  # a name needs so much room, and each of its letters so much
MOST_TICKS = 12
HARDLY = 0.03  # a change of share that is worth no word

KINDS: dict[str, str | Promise] = {
    "genre": gettext_lazy("Genres"),
    "decade": gettext_lazy("Decades"),
    "mood": gettext_lazy("Moods"),
    "tempo": gettext_lazy("Tempo"),
}
MOODS = {
    CALM_SAD: gettext_lazy("calm and sad"),
    CALM_HAPPY: gettext_lazy("calm and happy"),
    STRONG_SAD: gettext_lazy("strong and sad"),
    STRONG_HAPPY: gettext_lazy("strong and happy"),
}


def river_figure(river: River, kind: str, span: Span, names: Mapping[int, str]) -> Figure | None:
    """Return the river; None where nothing is known of any play."""
    if not river.plays.sum():
        return None
    step = step_of(span, SMOOTH)
    labels = [_label(kind, band, names) for band in river.bands]
    return Figure(
        slug="river",
        title=_("How your taste moves"),
        says=_says(river, labels),
        columns=[_("When"), *labels],
        rows=[
            [words.bucket(bucket, step), *(words.count(n) for n in row)]
            for bucket, row in zip(river.buckets, river.plays.tolist(), strict=True)
        ],
        drawing=_drawing(river, labels, step)
        | {"unknown": words.plays(river.unknown) if river.unknown else ""},
    )


def _label(kind: str, band: int, names: Mapping[int, str]) -> str:
    if band == REST:
        return _("others")
    if kind == "genre":
        return names.get(band, _("unknown"))
    if kind == "decade":
        return _("%(decade)ss") % {"decade": band}
    return str(MOODS[band]) if kind == "mood" else _tempo(band)


def _tempo(band: int) -> str:
    low = TEMPOS[band - 1]
    if band == len(TEMPOS):
        return _("%(low)s beats a minute and more") % {"low": low}
    high = TEMPOS[band]
    if not low:
        return _("under %(high)s beats a minute") % {"high": high}
    return _("%(low)s to %(high)s beats a minute") % {"low": low, "high": high}


def _says(river: River, labels: Sequence[str]) -> str:
    early, late = _thirds(river.plays)
    change = late - early
    rose, fell = int(change.argmax()), int(change.argmin())
    if len(labels) < 2 or change[rose] < HARDLY:
        most = int(river.plays.sum(axis=0).argmax())
        share = words.share(int(river.plays[:, most].sum()), int(river.plays.sum()))
        return format_html(_("<b>{}</b> leads with {} of the plays."), labels[most], share)
    return format_html(
        _("<b>{}</b> rose from {} to {} of the plays. {} fell from {} to {}."),
        labels[rose],
        *(percent(float(share)) for share in (early[rose], late[rose])),
        labels[fell],
        *(percent(float(share)) for share in (early[fell], late[fell])),
    )


def _thirds(plays: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Shares of the bands in the first third of the plays and in the last."""
    before = plays.sum(axis=1).cumsum()
    third = before[-1] / 3
    early, late = plays[before <= max(third, before[0])], plays[before > 2 * third]
    return _shares(early), _shares(late)


def _shares(plays: NDArray[np.int64]) -> NDArray[np.float64]:
    summed = plays.sum(axis=0)
    shares: NDArray[np.float64] = summed / max(1, summed.sum())
    return shares


def _drawing(river: River, labels: Sequence[str], step: str) -> dict[str, Any]:
    widths = river.plays.astype(float)
    scale = HEIGHT / max(1.0, widths.sum(axis=1).max())
    if len(widths) == 1:  # one part alone is a stretch of even width
        widths = np.repeat(widths, 2, axis=0)
    edges = np.cumsum(np.pad(widths, ((0, 0), (1, 0))), axis=1) * scale
    edges += MIDDLE - edges[:, -1:] / 2
    x = np.linspace(0, WIDTH, len(widths))
    bands = [
        {
            "path": _band(x, edges[:, place], edges[:, place + 1]),
            "ink": 8 if band == REST else place % 7 + 1,
            "name": labels[place],
            "label": _place_of_label(x, edges[:, place], edges[:, place + 1], labels[place]),
        }
        for place, band in enumerate(river.bands)
    ]
    return {"bands": bands, "ticks": _ticks(river, step)}


def _band(x: NDArray[np.float64], above: NDArray[np.float64], below: NDArray[np.float64]) -> str:
    there = _curve(x, above)
    back = _curve(x[::-1], below[::-1])
    return f"M{x[0]:.1f} {above[0]:.1f}{there}L{x[-1]:.1f} {below[-1]:.1f}{back}Z"


def _curve(x: NDArray[np.float64], y: NDArray[np.float64]) -> str:
    """From point to point, level at each."""
    parts = []
    for from_x, from_y, to_x, to_y in zip(x, y, x[1:], y[1:], strict=False):
        half = (from_x + to_x) / 2
        parts.append(f"C{half:.1f} {from_y:.1f} {half:.1f} {to_y:.1f} {to_x:.1f} {to_y:.1f}")
    return "".join(parts)


def _place_of_label(
    x: NDArray[np.float64], above: NDArray[np.float64], below: NDArray[np.float64], name: str
) -> dict[str, float] | None:
    """Where the whole name lies within its band and has most room; None where it nowhere does."""
    half = len(name) * LETTER / 2
    centres = np.arange(half, WIDTH - half, LETTER)
    if not centres.size:
        return None
    under = centres[:, None] + np.linspace(-half, half, 9)
    top = np.interp(under, x, above).max(axis=1)
    bottom = np.interp(under, x, below).min(axis=1)
    best = int((bottom - top).argmax())
    if bottom[best] - top[best] < LABEL_FROM:
        return None
    return {
        "x": round(float(centres[best]), 1),
        "y": round(float(top[best] + bottom[best]) / 2 + 5, 1),
    }


def _ticks(river: River, step: str) -> list[dict[str, Any]]:
    every = -(-len(river.buckets) // MOST_TICKS)
    apart = WIDTH / max(1, len(river.buckets) - 1)
    return [
        {"x": round(place * apart, 1), "text": words.tick(bucket, step)}
        for place, bucket in enumerate(river.buckets)
        if place % every == 0 and place * apart < WIDTH - 40
    ]
