"""What nobody has said of the tracks yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext as _

from catalog.exploring.measures import ASKED, CATEGORIES, SOUNDS
from catalog.figures import words
from catalog.figures.figure import Figure

Found = Mapping[str, Any]


def gaps_figure(found: Found) -> Figure:
    tracks, missing = found["counts"]["tracks"], found["missing"]
    lacking = sorted(_lacking(missing), key=lambda name: -missing[name])
    rows = [
        {
            "name": _label(name),
            "count": missing[name],
            "share": words.percent(missing[name] / tracks),
            "bar": 100 * missing[name] / tracks,
        }
        for name in lacking
    ]
    says = _says(missing, lacking, tracks)
    return Figure(slug="gaps", title=_("What is missing"), says=says, drawing={"rows": rows})


def _lacking(missing: Mapping[str, int]) -> list[str]:
    """What is missing anywhere. Of tracks without any sound, the single sounds are not told."""
    return [
        name
        for name in (*ASKED, "sound", *SOUNDS, *CATEGORIES[:-1])
        if missing[name] and (name in (*ASKED, "sound") or missing[name] > missing["sound"])
    ]


def _label(name: str) -> str:
    if name in ("sound", "genre"):
        return _("Any sound") if name == "sound" else _("Genre")
    return str(words.CATEGORIES[name]) if name in words.CATEGORIES else words.label(name)


def _says(missing: Mapping[str, int], lacking: list[str], tracks: int) -> str:
    if not lacking:
        return _("Nothing: all of this is known of every track.")
    first = format_html(
        _("<b>{} of {} tracks lack {}</b>"),
        f"{missing[lacking[0]]:,}",
        f"{tracks:,}",
        _label(lacking[0]).lower(),
    )
    if len(lacking) == 1:
        return format_html(_("{}; all else is known of every track."), first)
    return format_html(
        _("{}; {} comes next, with {}."),
        first,
        _label(lacking[1]).lower(),
        words.percent(missing[lacking[1]] / tracks),
    )
