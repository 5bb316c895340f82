"""How a track is put into words: {{ track.duration_ms|minutes }}, {{ track.features|sounds }}."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

register = template.Library()

NOTES = ("C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B")
SHARES = (
    ("energy", gettext_lazy("Energy")),
    ("valence", gettext_lazy("Mood, sad to happy")),
    ("danceability", gettext_lazy("Good to dance to")),
    ("acousticness", gettext_lazy("Acoustic")),
    ("instrumentalness", gettext_lazy("Without voice")),
)


# Of the figure that shows a track beside its genre, where there is little room.
SPOKES = {
    "valence": gettext_lazy("happy"),
    "energy": gettext_lazy("energy"),
    "danceability": gettext_lazy("for dancing"),
    "tempo": gettext_lazy("tempo"),
    "loudness": gettext_lazy("loudness"),
    "instrumentalness": gettext_lazy("without voice"),
    "acousticness": gettext_lazy("acoustic"),
}


class Fact(NamedTuple):
    name: str | Promise
    value: str


@register.filter
def minutes(milliseconds: int | None) -> str:
    """Return 215000 as 3:35, and hours where there are any."""
    seconds = round((milliseconds or 0) / 1000)
    hours, rest = divmod(seconds, 3600)
    if hours:
        return f"{hours}:{rest // 60:02}:{rest % 60:02}"
    return f"{rest // 60}:{rest % 60:02}"


@register.filter
def spoke_name(feature: str) -> str | Promise:
    return SPOKES[feature]


@register.filter
def sounds(features: Any) -> list[Fact]:
    """Return what is known of how it sounds, in words; nothing for what is not known."""
    return list(_facts(features)) if features else []


def _facts(features: Any) -> Iterator[Fact]:
    if features.tempo:
        yield Fact(_("Tempo"), _("%(tempo)d beats a minute") % {"tempo": round(features.tempo)})
    if features.key is not None:
        yield Fact(_("Key"), f"{NOTES[features.key]} {_mode(features.mode)}".strip())
    if features.loudness is not None:
        yield Fact(_("Loudness"), f"{features.loudness:.1f} dB".replace("-", "−"))
    for name, label in SHARES:
        value = getattr(features, name)
        if value is not None:
            yield Fact(label, f"{value:.0%}".replace("%", " %"))


def _mode(mode: int | None) -> str:
    return {1: _("major"), 0: _("minor")}.get(mode, "") if mode is not None else ""
