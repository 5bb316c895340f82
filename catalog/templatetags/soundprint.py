"""{% soundprint track 56 %}, {% name_print listener.name 40 %}, {% prints_row tracks %}."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from catalog.soundprint import KNOWN, features_of_name
from catalog.soundprint import soundprint as draw

register = template.Library()

# Prints that fill their place are drawn for how large that may be: alone, or beside others.
DRAWN_AT = {"fill": 200, "door": 64}
IN_A_QUAD = 64
IN_A_ROW = 4


@register.simple_tag
def soundprint(track: Any, size: int | str = 56, css_class: str = "") -> SafeString:
    """Draw a track, or a mapping of features; `size` is pixels or "fill". Decoration only."""
    return _printed(_features(track), size, css_class)


@register.simple_tag
def name_print(name: object, size: int | str = 40, css_class: str = "") -> SafeString:
    """Draw someone who has no sound of their own, the same for the same name."""
    return _printed(features_of_name(str(name)), size, css_class)


@register.simple_tag
def prints_row(tracks: Iterable[Any]) -> SafeString:
    """Draw the first four of a list side by side, as playlists and albums show themselves."""
    prints = (
        (_printed(_features(track), "fill", drawn_at=IN_A_QUAD),)
        for track in islice(tracks, IN_A_ROW)
    )
    return format_html('<span class="quad">{}</span>', format_html_join("", "{}", prints))


def _features(track: Any) -> Mapping[str, object]:
    if isinstance(track, Mapping):
        return track
    found = getattr(track, "features", None)
    return {name: getattr(found, name, None) for name in KNOWN}


def _printed(
    features: Mapping[str, object], size: int | str, css_class: str = "", drawn_at: int = 0
) -> SafeString:
    svg = draw(features, drawn_at or DRAWN_AT.get(str(size)) or int(size))
    return format_html(
        '<span class="print print-{}{}{}" aria-hidden="true">{}</span>',
        size,
        " " if css_class else "",
        css_class,
        mark_safe(svg),  # noqa: S308 -- our own drawing of numbers, no text in it
    )
