"""How often each value comes: bars, with the whole catalogue as a line behind a genre."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext as _

from catalog.exploring.measures import MEASURES
from catalog.figures import words
from catalog.figures.figure import Figure

WIDTH, HEIGHT = 360, 96
GAP = 2
OPEN_ENDED = ("tempo", "loudness", "duration", "year")  # their outermost steps hold what is outside
FAR = 0.1  # a median so far from the middle of all tracks is worth a word
Found = Mapping[str, Any]


def distribution_figures(found: Found, whole: Found | None) -> list[Figure]:
    """One figure for each measure that is known of any track; a genre is compared to `whole`."""
    return [
        _figure(name, found, whole) for name in MEASURES if found["distributions"][name]["known"]
    ]


def _figure(name: str, found: Found, whole: Found | None) -> Figure:
    counted = found["distributions"][name]
    beside = whole["distributions"][name] if whole else None
    first, last = _drawn(name, counted, beside)
    shares = _shares(counted)[first:last]
    others = _shares(beside)[first:last] if beside else []
    edges = counted["edges"][first : last + 1]
    return Figure(
        slug=name,
        title=words.label(name),
        says=_says(name, counted, found["beside_all"]["above"][name] if whole else None),
        columns=[
            words.heading(name),
            _("Tracks"),
            _("Share"),
            *([_("Of all tracks")] * bool(whole)),
        ],
        rows=list(_rows(name, edges, counted["counts"][first:last], shares, others)),
        drawing=_drawing(name, edges, shares, others, counted["quantiles"]),
    )


def _shares(counted: Found) -> list[float]:
    return [count / max(counted["known"], 1) for count in counted["counts"]]


def _drawn(name: str, counted: Found, beside: Found | None) -> tuple[int, int]:
    """The steps to draw: all of them, but of the years only those that have tracks."""
    counts = (beside or counted)["counts"]
    filled = [step for step, count in enumerate(counts) if count]
    return (filled[0], filled[-1] + 1) if name == "year" and filled else (0, len(counts))


def _says(name: str, counted: Found, above: float | None) -> str:
    _lowest, low, middle, high, _highest = counted["quantiles"]
    first = _shares(counted)[0]
    if first > 0.5 and name not in OPEN_ENDED:
        start = format_html(
            _("<b>{} of the tracks lie under {}</b>."),
            words.percent(first),
            words.said(name, counted["edges"][1]),
        )
    else:
        start = format_html(
            _("Half of the tracks lie <b>between {}</b>, the middle one at {}."),
            words.between(name, low, high),
            words.short(name, middle),
        )
    return format_html("{} {}", start, _against(name, above)) if above is not None else start


def _against(name: str, above: float) -> str:
    if abs(above - 0.5) < FAR:
        return _("That is much as everywhere.")
    return _("That is %(how)s of all tracks.") % {"how": words.than(name, above, 1 - above)}


def _rows(
    name: str, edges: list[float], counts: list[int], shares: list[float], others: list[float]
) -> Iterator[list[str]]:
    last = len(counts) - 1
    for step, count in enumerate(counts):
        low, high = words.short(name, edges[step]), words.short(name, edges[step + 1])
        if step == 0 and name in OPEN_ENDED:
            head = _("under %(high)s") % {"high": high}
        elif step == last and name in OPEN_ENDED:
            head = _("%(low)s and more") % {"low": low}
        else:
            head = words.span(name, edges[step], edges[step + 1])
        row = [head, f"{count:,}", words.percent(shares[step])]
        yield [*row, words.percent(others[step])] if others else row


def _drawing(
    name: str,
    edges: list[float],
    shares: list[float],
    others: list[float],
    quantiles: list[float],
) -> dict[str, Any]:
    step = WIDTH / len(shares)
    tallest = max(*shares, *others, 0.001)
    tops = [round(HEIGHT * (1 - share / tallest), 1) for share in shares]
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "bars": [
            {"x": round(at * step, 1), "y": top, "width": round(step - GAP, 1)}
            | {"height": round(HEIGHT - top, 1)}
            for at, top in enumerate(tops)
        ],
        "outline": _outline([HEIGHT * (1 - share / tallest) for share in others], step),
        "half": [round(_place(value, edges), 1) for value in quantiles[1:4]],
        "ticks": [
            words.short(name, value) for value in (edges[0], (edges[0] + edges[-1]) / 2, edges[-1])
        ],
    }


def _outline(tops: list[float], step: float) -> str:
    """A path over the tops of bars that are not drawn."""
    if not tops:
        return ""
    return f"M0 {HEIGHT}" + "".join(
        f"V{top:.1f}H{(at + 1) * step:.1f}" for at, top in enumerate(tops)
    )


def _place(value: float, edges: list[float]) -> float:
    share = (value - edges[0]) / (edges[-1] - edges[0])
    return WIDTH * min(max(share, 0), 1)
