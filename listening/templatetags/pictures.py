"""What a card that is one SVG needs: a print at a place, and words that break into lines."""

from __future__ import annotations

import textwrap
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from catalog.soundprint import KNOWN, soundprint
from catalog.writing import writing_of

register = template.Library()

LETTER = 0.5  # of the height: how wide a letter is, about
WIDE_LETTER = 1.0  # Chinese, Japanese, Korean
WIDE_SCRIPTS = ("zh", "ja", "ko")
ROOM = 920  # how wide a line may be
INK = "#1d1e24"


@register.simple_tag
def print_at(track: Any, x: int, y: int, size: int) -> SafeString:
    """Draw a track's print inside a larger picture."""
    features = {name: getattr(track.features, name, None) for name in KNOWN}
    return format_html(
        '<svg x="{}" y="{}" width="{size}" height="{size}" viewBox="0 0 200 200">{}</svg>',
        x,
        y,
        mark_safe(soundprint(features, 200)),  # noqa: S308 -- our own drawing of numbers
        size=size,
    )


@register.simple_tag
def wrapped_text(text: str, x: int, y: int, size: int, lines: int) -> SafeString:
    """Set a text in at most so many lines; the first stands at y."""
    language, direction = writing_of(text, "")
    letter = WIDE_LETTER if language in WIDE_SCRIPTS else LETTER
    set_in = _lines(text, int(ROOM / (size * letter)), lines)
    left = direction != "rtl"
    return format_html(
        '<text font-size="{}" fill="{}" text-anchor="{}" direction="{}">{}</text>',
        size,
        INK,
        "start",
        "ltr" if left else "rtl",
        format_html_join(
            "",
            '<tspan x="{}" y="{}">{}</tspan>',
            (
                (x if left else x + ROOM, round(y + number * size * 1.15), line)
                for number, line in enumerate(set_in)
            ),
        ),
    )


def _lines(text: str, width: int, most: int) -> list[str]:
    return textwrap.wrap(text, width, max_lines=most, placeholder="…") or [""]
