"""Sessions and loyalty, in sentences and a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext as _

from catalog.figures.figure import Figure
from catalog.figures.words import percent
from listening.counting.loyalty import Loyalty
from listening.counting.plays import Plays, as_date
from listening.counting.sessions import Sessions
from listening.figures import words


def sessions_figure(found: Sessions, plays: Plays) -> Figure:
    """Say how one listens in a sitting; `plays` are those the sessions were counted in."""
    longest = found.longest
    rows = [
        [_("Sessions"), words.count(found.sessions)],
        [_("The middle one"), words.length(found.middle_seconds)],
        [_("Plays in one, on average"), f"{found.plays_each:.1f}"],
    ]
    if longest:
        when = words.day(as_date(plays.day[longest.first]))
        rows.append([_("The longest"), f"{words.length(longest.seconds)}, {when}"])
    return Figure(
        slug="sessions",
        title=_("Sessions"),
        says=format_html(
            _("<b>{}</b> sessions, half of them longer than {}. Half an hour of silence ends one."),
            words.count(found.sessions),
            words.length(found.middle_seconds),
        ),
        columns=[_("What"), _("How much")],
        rows=rows,
    )


def loyalty_figure(found: Loyalty, artists: Mapping[int, Any]) -> Figure:
    """Say to whom one comes back."""
    return Figure(
        slug="loyalty",
        title=_("Loyalty"),
        says=format_html(
            _("Ten artists make <b>{}</b> of your plays. {} are of tracks played more than once."),
            percent(found.top_share),
            percent(found.again_share),
        ),
        columns=[_("Artist"), _("Months with a play"), _("Plays")],
        rows=[
            [
                artists[one.artist].name,
                _("%(n)s of %(all)s") % {"n": one.months, "all": found.months},
                words.count(one.plays),
            ]
            for one in found.faithful
            if one.artist in artists
        ],
    )
