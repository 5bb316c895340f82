"""The sliders of a list as its panel draws them: {% for slider in steering|sliders %}."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.portrait import MOODS

if TYPE_CHECKING:
    from recommendations.serving import Steering

register = template.Library()

ENDS: dict[str, tuple[str | Promise, str | Promise]] = {
    "adventure": (gettext_lazy("Familiar"), gettext_lazy("Adventurous")),
    "rarity": (gettext_lazy("Popular"), gettext_lazy("Rare")),
    "energy": (gettext_lazy("Calm"), gettext_lazy("Energetic")),
    "newness": (gettext_lazy("Old"), gettext_lazy("New")),
}
SHARES: dict[str, str | Promise] = {
    "history": gettext_lazy("Your history"),
    "sound": gettext_lazy("How it sounds"),
    "tags": gettext_lazy("Its tags"),
}
CAPS = (1, 2, 3, 5, 10)


class Slider(NamedTuple):
    name: str
    low: str | Promise
    high: str | Promise
    value: str
    words: str


class Share(NamedTuple):
    name: str
    ink: str
    label: str | Promise
    value: str
    words: str


class Mood(NamedTuple):
    name: str
    label: str | Promise
    pressed: str


@register.filter
def sliders(steering: Steering) -> list[Slider]:
    return [
        Slider(name, low, high, _plain(value), _said(value, low, high, _("in the middle")))
        for name, (low, high) in ENDS.items()
        for value in [getattr(steering, name)]
    ]


@register.filter
def shares_of(steering: Steering) -> list[Share]:
    return [
        Share(name, name, label, _plain(value), said)
        for name, label in SHARES.items()
        for value in [getattr(steering, name)]
        for said in [_said(value - 1, _("less"), _("more"), _("as learnt"))]
    ]


@register.filter
def moods(steering: Steering) -> list[Mood]:
    every = {"": _("any"), **MOODS}
    return [
        Mood(name, label, "true" if steering.mood == name else "false")
        for name, label in every.items()
    ]


@register.filter
def caps(steering: Steering) -> list[int]:
    return sorted({*CAPS, steering.per_artist})


def _said(value: float, low: str | Promise, high: str | Promise, middle: str) -> str:
    if not value:
        return middle
    return f"{low if value < 0 else high}, {round(abs(value) * 100)} %"


def _plain(value: float) -> str:
    """As an attribute has it, in whatever language the page stands."""
    return f"{value:g}"
