"""All that one page of Explore shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from catalog.exploring.pairs import strongest
from catalog.figures import words
from catalog.figures.categories import category_figures
from catalog.figures.distributions import FAR, distribution_figures
from catalog.figures.gaps import gaps_figure
from catalog.figures.genres import genres_figure
from catalog.figures.pair import pair_figure
from catalog.figures.ties import ties_figure
from catalog.figures.years import drift_rows, drifts, years_figure
from catalog.models import Genre, Track

Found = Mapping[str, Any]


class Chosen(NamedTuple):
    """What a visitor chose to see; empty means: choose what has most to say."""

    x: str = ""
    y: str = ""
    feature: str = ""


def page_of(
    found: Found, *, whole: Found | None, drawn: Found, genres: Mapping[int, Genre], chosen: Chosen
) -> dict[str, Any]:
    """Return the figures; `whole` is what a genre is compared to."""
    chosen = _filled(found, chosen)
    return {
        "chosen": chosen,
        "initial": chosen._asdict(),
        "counts": found["counts"],
        "character": _character(found["beside_all"]["above"]) if whole else "",
        "of_all": words.percent(found["counts"]["tracks"] / whole["counts"]["tracks"])
        if whole
        else "",
        "distributions": distribution_figures(found, whole),
        "categories": category_figures(found),
        "years": years_figure(found, chosen.feature),
        "drifts": drift_rows(found),
        "genres": genres_figure(found, genres),
        "ties": ties_figure(found),
        "pair": pair_figure(found, drawn, chosen.x, chosen.y),
        "gaps": gaps_figure(found),
    }


def _character(above: Mapping[str, float | None]) -> str:
    """The two things that set a genre apart the most."""
    apart = {name: value for name, value in above.items() if value is not None and name != "year"}
    most = sorted(apart, key=lambda name: -abs(apart[name] - 0.5))[:2]
    if len(most) < 2 or abs(apart[most[1]] - 0.5) < FAR:
        return _("Much like the catalogue as a whole.")
    first, second = (words.than(name, apart[name], 1 - apart[name]) for name in most)
    return _("Its middle track is %(first)s of all tracks, and %(second)s.") % {
        "first": first,
        "second": second,
    }


def _filled(found: Found, chosen: Chosen) -> Chosen:
    pairs = strongest(found["correlations"])
    x, y = pairs[0][:2] if pairs else ("tempo", "energy")
    drifted = drifts(found)
    feature = drifted[0].name if drifted else "energy"
    return Chosen(chosen.x or x, chosen.y or y, chosen.feature or feature)


def described(one: Found, tracks: Mapping[int, Track]) -> dict[str, Any]:
    """A typical or unusual track, with what sets it apart from its genre."""
    return {"track": tracks[one["id"]], "reason": _reason(one) if "by" in one else ""}


def _reason(one: Found) -> str:
    name, value = one["by"], one["value"]
    return _("%(how)s of the others: %(value)s") % {
        "how": words.than(name, one["above"], one["below"]),
        "value": words.said(name, value),
    }
