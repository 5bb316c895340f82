"""How the measures are called, compared and written."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.exploring.measures import MEASURES

MINUS = "−"
NONE = "–"
LONG = 11  # letters that stand in a narrow column


class Words(NamedTuple):
    label: str | Promise
    unit: str | Promise
    more: str | Promise
    less: str | Promise


_t = gettext_lazy
WORDS = {
    "tempo": Words(_t("Tempo"), _t("beats a minute"), _t("faster"), _t("slower")),
    "loudness": Words(_t("Loudness"), _t("dB"), _t("louder"), _t("quieter")),
    "energy": Words(_t("Energy"), "%", _t("more energetic"), _t("calmer")),
    "valence": Words(_t("Mood, sad to happy"), "%", _t("happier"), _t("sadder")),
    "danceability": Words(
        _t("Good to dance to"), "%", _t("better to dance to"), _t("less good to dance to")
    ),
    "acousticness": Words(_t("Acoustic"), "%", _t("more acoustic"), _t("less acoustic")),
    "instrumentalness": Words(_t("Without voice"), "%", _t("less sung"), _t("more sung")),
    "liveness": Words(_t("Before an audience"), "%", _t("more live"), _t("less live")),
    "speechiness": Words(_t("Spoken words"), "%", _t("more spoken"), _t("less spoken")),
    "duration": Words(_t("Length"), _t("minutes"), _t("longer"), _t("shorter")),
    "year": Words(_t("Year"), "", _t("newer"), _t("older")),
}

CATEGORIES = {
    "key": _t("Key"),
    "mode": _t("Major and minor"),
    "time_signature": _t("Beats in a bar"),
    "is_explicit": _t("Explicit words"),
}


def label(name: str) -> str:
    return str(WORDS[name].label)


def unit(name: str) -> str:
    return str(WORDS[name].unit)


def scale(name: str) -> int:
    """By what a value is multiplied before it is shown: shares are shown in percent."""
    return 100 if unit(name) == "%" else 1


def short(name: str, value: float | None) -> str:
    """A value without its unit, for axes and tables: 96, −9.5, 62, 3:35, 1998."""
    if value is None:
        return NONE
    if name == "duration":
        seconds = round(value * 60)
        return f"{seconds // 60}:{seconds % 60:02}"
    decimals = 1 if name == "loudness" else 0
    return number(value * scale(name), decimals)


def said(name: str, value: float | None) -> str:
    """A value in words: 96 beats a minute, −9.5 dB, 62 %, 3:35, 1998."""
    if value is None or name in ("duration", "year"):
        return short(name, value)
    return f"{short(name, value)} {unit(name)}"


def span(name: str, low: float, high: float) -> str:
    """A class of a table."""
    return _("%(low)s to %(high)s") % {"low": short(name, low), "high": short(name, high)}


def between(name: str, low: float, high: float) -> str:
    """A range with its unit once, to stand behind “between”."""
    return _("%(low)s and %(high)s") % {"low": short(name, low), "high": said(name, high)}


def number(value: float, decimals: int = 0) -> str:
    """A number with a true minus and no minus nought."""
    text = f"{value:.{decimals}f}"
    return (text if float(text) else text.lstrip("-")).replace("-", MINUS)


def percent(share: float | None) -> str:
    if share is None:
        return NONE
    if 0 < share < 0.005:
        return _("under 1 %")
    if 0.995 < share < 1:
        return _("over 99 %")
    return f"{share:.0%}".replace("%", " %")


def than(name: str, above: float, below: float) -> str:
    """How a track compares with others: “faster than 71 % of %(others)s”, `others` left open."""
    how = WORDS[name].more if above >= below else WORDS[name].less
    share = max(above, below)
    if share == 1:
        return _("%(how)s than all") % {"how": how}
    return _("%(how)s than %(share)s") % {"how": how, "share": percent(share)}


def two_lines(text: str) -> list[str]:
    """A label cut at the space nearest to its middle, if it is long."""
    spaces = [at for at, letter in enumerate(text) if letter == " "]
    if len(text) <= LONG or not spaces:
        return [text]
    cut = min(spaces, key=lambda at: abs(at - len(text) / 2))
    return [text[:cut], text[cut + 1 :]]


def signed(value: float | None) -> str:
    return NONE if value is None else number(value, 2)


def heading(name: str) -> str:
    """The label with its unit, for the head of a column."""
    return f"{label(name)}, {unit(name)}" if unit(name) else label(name)


CHOICES = [(name, WORDS[name].label) for name in MEASURES]
