"""Genres beside each other: how far up among all tracks the middle track of each stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext as _

from catalog.exploring.measures import MEASURES
from catalog.figures import words
from catalog.figures.figure import Figure
from catalog.models import Genre

Found = Mapping[str, Any]
MOST = 24  # rows of the picture; the table has them all
LABELS, HEAD, CELL, ROW = 170, 64, 90, 34
HEATS = 6


def genres_figure(found: Found, genres: Mapping[int, Genre]) -> Figure | None:
    """The heat of genre by measure; None where fewer than two genres are beside each other."""
    beside = [one for one in found["genres"] if one["genre"] in genres and _known(one)]
    beside.sort(key=lambda one: (-one["tracks"], genres[one["genre"]].name))
    if len(beside) < 2:
        return None
    return Figure(
        slug="genres",
        title=_("Genre by genre"),
        says=_says(beside, genres),
        columns=[_("Genre"), _("Tracks"), *(words.heading(name) for name in MEASURES)],
        rows=[_row(one, genres[one["genre"]]) for one in beside],
        drawing=_drawing(beside[:MOST], genres),
    )


def _known(one: Found) -> bool:
    return any(value is not None for value in one["above"].values())


def _says(beside: list[dict[str, Any]], genres: Mapping[int, Genre]) -> str:
    """What stands out most: one measure of one genre, and the same measure at its other end."""
    name = max(MEASURES, key=lambda name: _spread(name, beside))
    ordered = sorted(
        (one for one in beside if one["above"][name] is not None),
        key=lambda one: one["above"][name],
    )
    lowest, highest = ordered[0], ordered[-1]
    return format_html(
        _(
            "Genres differ most in <b>{}</b>: the middle track of {} is {} than {} of all tracks, "
            "that of {} than {}."
        ),
        words.label(name).lower(),
        genres[highest["genre"]].name,
        words.WORDS[name].more,
        words.percent(highest["above"][name]),
        genres[lowest["genre"]].name,
        words.percent(lowest["above"][name]),
    )


def _spread(name: str, beside: list[dict[str, Any]]) -> float:
    known = [one["above"][name] for one in beside if one["above"][name] is not None]
    return max(known) - min(known) if known and name != "year" else -1.0


def _row(one: Found, genre: Genre) -> dict[str, Any]:
    return {
        "genre": genre,
        "cells": [
            f"{one['tracks']:,}",
            *(words.short(name, one["medians"][name]) for name in MEASURES),
        ],
    }


def _drawing(beside: list[dict[str, Any]], genres: Mapping[int, Genre]) -> dict[str, Any]:
    names = list(MEASURES)
    return {
        "width": LABELS + CELL * len(names),
        "height": HEAD + ROW * len(beside),
        "columns": [
            {"x": LABELS + CELL * at + (CELL - 2) / 2, "lines": words.two_lines(words.label(name))}
            for at, name in enumerate(names)
        ],
        "rows": [
            {
                "name": genres[one["genre"]].name,
                "y": HEAD + ROW * line,
                "text_y": HEAD + ROW * line + 21,
                "cells": [
                    {"x": LABELS + CELL * at, "heat": _heat(one["above"][name])}
                    for at, name in enumerate(names)
                    if one["above"][name] is not None
                ],
            }
            for line, one in enumerate(beside)
        ],
        "key": [{"x": step * 22, "heat": step} for step in range(HEATS)],
        "cell": CELL - 2,
        "row": ROW - 2,
        "labels": LABELS - 12,
    }


def _heat(above: float) -> int:
    return min(int(above * HEATS), HEATS - 1)
