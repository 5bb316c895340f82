"""Key, mode, metre and explicit words: what comes how often."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext as _

from catalog.figures import words
from catalog.figures.figure import Figure
from catalog.templatetags.catalog_words import NOTES

Found = Mapping[str, Any]
Shares = dict[int, float]
HEIGHT, STEP = 96, 30


def category_figures(found: Found) -> list[Figure]:
    """One figure for each that is known of any track; keys as columns, the others line by line."""
    counted = found["categories"]
    says: dict[str, Callable[[Shares], str]] = {
        "key": _key_says,
        "mode": _mode_says,
        "time_signature": _metre_says,
        "is_explicit": _explicit_says,
    }
    return [
        _figure(name, counted[name], sentence)
        for name, sentence in says.items()
        if counted[name]["known"]
    ]


def _figure(name: str, counted: Found, sentence: Callable[[Shares], str]) -> Figure:
    counts = dict(zip(counted["values"], counted["counts"], strict=True))
    shares = {value: count / counted["known"] for value, count in counts.items()}
    title = words.CATEGORIES[name]
    lines = [_line(name, value, count, shares) for value, count in counts.items()]
    return Figure(
        slug=name,
        title=str(title),
        says=sentence(shares),
        columns=[str(title), _("Tracks"), _("Share")],
        rows=[[line["name"], f"{line['count']:,}", line["share"]] for line in lines],
        drawing={"columns": _columns(shares)} if name == "key" else {"rows": lines},
    )


def _line(name: str, value: int, count: int, shares: Shares) -> dict[str, Any]:
    return {
        "name": shown(name, value),
        "count": count,
        "share": words.percent(shares[value]),
        "bar": 100 * shares[value] / max(shares.values()),
    }


def shown(name: str, value: int) -> str:
    if name == "key":
        return NOTES[value]
    if name == "mode":
        return _("major") if value else _("minor")
    if name == "is_explicit":
        return _("yes") if value else _("no")
    return str(value)


def _columns(shares: Shares) -> list[dict[str, Any]]:
    """All twelve keys, whether any track has them or not."""
    most = max(shares.values())
    heights = [HEIGHT * shares.get(key, 0.0) / most for key in range(len(NOTES))]
    return [
        {
            "x": STEP * key + 1,
            "y": round(HEIGHT - height, 1),
            "height": round(height, 1),
            "middle": STEP * key + STEP / 2,
            "name": NOTES[key],
        }
        for key, height in enumerate(heights)
    ]


def _key_says(shares: Shares) -> str:
    often, seldom = max(shares, key=shares.__getitem__), min(shares, key=shares.__getitem__)
    return format_html(
        _("Most are in <b>{}</b> ({}), fewest in {} ({})."),
        NOTES[often],
        words.percent(shares[often]),
        NOTES[seldom],
        words.percent(shares[seldom]),
    )


def _mode_says(shares: Shares) -> str:
    major = shares.get(1, 0.0)
    which, share = (_("major"), major) if major >= 0.5 else (_("minor"), 1 - major)
    return format_html(_("In {}: <b>{}</b>."), which, words.percent(share))


def _metre_says(shares: Shares) -> str:
    most = max(shares, key=shares.__getitem__)
    return format_html(_("With {} beats in a bar: <b>{}</b>."), most, words.percent(shares[most]))


def _explicit_says(shares: Shares) -> str:
    return format_html(_("Marked as explicit: <b>{}</b>."), words.percent(shares.get(1, 0.0)))
