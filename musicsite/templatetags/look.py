"""The small words of the look: icons, names in any script, share bars, the navigation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from django import template
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from catalog.writing import writing_of

register = template.Library()


class Place(NamedTuple):
    """A page of the main navigation. A page that does not stand yet is left out."""

    label: str | Promise
    url_names: tuple[str, ...]
    icon: str


NAVIGATION = (
    Place(_("For you"), ("home",), "home"),
    Place(_("Explore"), ("explore", "catalog:explore"), "compass"),
    Place(_("Map"), ("map", "recommendations:map"), "map"),
    Place(_("Playlists"), ("playlists", "playlists:list", "playlists:index"), "list"),
    Place(_("Listening"), ("listening", "listening:overview", "listening:index"), "chart"),
    Place(_("Taste"), ("taste", "recommendations:taste"), "taste"),
)


@register.simple_tag
def icon(name: str, css_class: str = "") -> SafeString:
    """Draw one icon of the sprite; it is decoration, so words or an aria-label stand beside it."""
    return format_html(
        '<svg class="icon{}{}" aria-hidden="true"><use href="#i-{}"/></svg>',
        " " if css_class else "",
        css_class,
        name,
    )


@register.filter
def named(text: object, known: str = "") -> SafeString:
    """Mark up a name with its language, as `known` or guessed, and with its direction."""
    language, direction = writing_of(str(text), known)
    if not language and not direction:
        return format_html("{}", text)
    lang = format_html(' lang="{}"', language) if language else ""
    direct = format_html(' dir="{}"', direction) if direction else ""
    return format_html("<span{}{}>{}</span>", lang, direct, text)


class Stop(NamedTuple):
    label: str | Promise
    url: str
    icon: str
    current: str  # what aria-current says


@register.simple_tag(takes_context=True)
def navigation(context: template.Context) -> list[Stop]:
    """Return the stops of the main navigation that exist, the one we are at marked."""
    request: HttpRequest | None = context.get("request")
    return list(_stops(request.path if request else ""))


def _stops(path: str) -> Iterator[Stop]:
    for place in NAVIGATION:
        if url := first_url(*place.url_names):
            yield Stop(place.label, url, place.icon, _current(url, path))


@register.simple_tag
def first_url(*names: str) -> str:
    """Return the address of the first of these pages that stands, or nothing."""
    for name in names:
        try:
            return reverse(name)
        except NoReverseMatch:
            continue
    return ""


def _current(url: str, path: str) -> str:
    if path == url:
        return "page"
    return "true" if url != "/" and path.startswith(url) else ""


# The three sources of a score: words, and the ink that stands for each everywhere.
SHARES = (
    (_("History"), "currentColor"),
    (_("sound"), "url(#p-sound)"),
    (_("tags"), "url(#p-tags)"),
)
GAP = 1.5


@register.simple_tag
def share_bar(history: float, sound: float, tags: float, words: bool = True) -> SafeString:
    """Draw a score as a bar of its parts, in percent; `words` says them to a screen reader."""
    shares = [round(history), round(sound), round(tags)]
    parts = ", ".join(
        f"{label} {share} %" for (label, _), share in zip(SHARES, shares, strict=True)
    )
    said = format_html('role="img" aria-label="{}"', parts) if words else 'aria-hidden="true"'
    return format_html(
        '<svg class="share" viewBox="0 0 100 8" {}><path d="M0 8h100" class="axis"/>{}</svg>',
        said,
        format_html_join(
            "", '<rect x="{}" y=".5" width="{}" height="7" fill="{}"/>', _bars(shares)
        ),
    )


def _bars(shares: list[int]) -> Iterator[tuple[int, float, str]]:
    left = 0
    for share, (_label, ink) in zip(shares, SHARES, strict=True):
        if share:
            yield left, max(0.5, share if left + share >= 100 else share - GAP), ink
        left += share


@register.simple_tag
def bar(share: float, ink: str = "history") -> SafeString:
    """Draw one share, in percent, as a bar in the ink of its source; decoration beside a number."""
    fill = {"history": "currentColor", "sound": "url(#p-sound)", "tags": "url(#p-tags)"}[ink]
    return format_html(
        '<svg class="share" viewBox="0 0 100 8" aria-hidden="true">'
        '<rect y=".5" width="{}" height="7" fill="{}"/></svg>',
        min(100, max(0, round(share, 1))),
        fill,
    )
