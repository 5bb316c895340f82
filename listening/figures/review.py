"""The cards of a review."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from listening.counting.plays import as_date
from listening.counting.review import Review
from listening.counting.sessions import Session
from listening.counting.tops import Top
from listening.figures import words

Things = Mapping[tuple[str, int], Any]  # by kind and id


class Card(NamedTuple):
    """One thing to show around: `kicker` over `big` or a print, a name, a line, another."""

    slug: str
    kicker: str
    big: str = ""
    name: str = ""
    line: str = ""
    track: Any = None  # whose print stands on it


def named_on_all(review: Review) -> dict[str, set[int]]:
    """Return the ids by kind that the cards name."""
    ids = {kind: {top.id} for kind, top in review.top.items()}
    artists = ids.setdefault("artist", set())
    artists |= {one.artist for one in (review.discovered, review.comeback) if one}
    ids.setdefault("track", set()).update(_edges(review))
    return ids


def cards_of(review: Review, things: Things) -> list[Card]:
    """Return what there is to say, at most eleven cards."""
    return [
        *_track(review, review.top.get("track"), things),
        *_tops(review, things),
        *_times(review, things),
        *_meetings(review, things),
    ]


def named_on_two(review: Review) -> dict[str, set[int]]:
    top = review.top_of("track")
    return {"track": {*_edges(review), *([top.id] if top else [])}}


def two_cards_of(review: Review, things: Things) -> list[Card]:
    """Return a card of a track and one of a time: what a page shows of a review."""
    cards = [*_track(review, review.top_of("track"), things)]
    return [*cards, _longest(review, review.session, things)] if review.session else cards


def _edges(review: Review) -> list[int]:
    """The first track and the last of the longest session."""
    session = review.session
    return review.plays.track[[session.first, session.last]].tolist() if session else []


def _track(review: Review, top: Top | None, things: Things) -> Iterator[Card]:
    track = things.get(("track", top.id)) if top else None
    if top and track:
        skips = review.skips_of(top.id)
        skipped = ngettext("skipped once", "skipped %(n)s times", skips) % {"n": skips}
        line = (
            f"{track.byline} · {words.plays(top.plays)}, {skipped if skips else _('never skipped')}"
        )
        yield Card("track", _("The track"), name=track.title, line=line, track=track)


def _tops(review: Review, things: Things) -> Iterator[Card]:
    for kind, kicker in (
        ("artist", _("The artist")),
        ("album", _("The album")),
        ("genre", _("The genre")),
    ):
        top = review.top.get(kind)
        thing = things.get((kind, top.id)) if top else None
        if top and thing:
            name = thing.title if kind == "album" else thing.name
            line = f"{words.plays(top.plays)}, {words.length(top.seconds)}"
            yield Card(kind, kicker, name=name, line=line)


def _times(review: Review, things: Things) -> Iterator[Card]:
    if review.overview.plays:
        line = _("%(plays)s of %(tracks)s by %(artists)s artists") % {
            "plays": words.plays(review.overview.plays),
            "tracks": words.tracks(review.overview.tracks),
            "artists": words.count(review.overview.artists),
        }
        yield Card(
            "time", _("Time with music"), big=words.length(review.overview.seconds), line=line
        )
    if review.session:
        yield _longest(review, review.session, things)
    if review.fullest_day:
        day, plays = review.fullest_day
        yield Card(
            "day", _("The fullest day"), big=words.plays(plays), line=words.weekday_and_day(day)
        )
    if review.hour is not None:
        yield Card(
            "hour",
            _("Your hour"),
            big=words.hour(review.hour),
            line=_("No other hour of the day has as many plays."),
        )
    if review.overview.streak and review.overview.streak.days > 1:
        streak = review.overview.streak
        line = _("in a row, %(first)s to %(last)s") % {
            "first": words.day(streak.first),
            "last": words.day(streak.last),
        }
        yield Card("streak", _("The longest streak"), big=words.days(streak.days), line=line)


def _longest(review: Review, session: Session, things: Things) -> Card:
    ids = _edges(review)
    tracks = [things[one] for one in (("track", pk) for pk in ids) if one in things]
    when = words.weekday_and_day(as_date(review.plays.day[session.first]))
    line = when
    if len(tracks) == len(ids):
        first, last = (track.title for track in tracks)
        line = _("%(when)s. It began with %(first)s and ended with %(last)s.") % {
            "when": when,
            "first": first,
            "last": last,
        }
    return Card("session", _("The longest session"), big=words.length(session.seconds), line=line)


def _meetings(review: Review, things: Things) -> Iterator[Card]:
    met = review.discovered
    artist = things.get(("artist", met.artist)) if met else None
    if met and artist:
        line = _("First heard on %(day)s, %(plays)s since.") % {
            "day": words.day(met.day),
            "plays": words.plays(met.plays),
        }
        yield Card("discovery", _("The discovery"), name=artist.name, line=line)
    back = review.comeback
    artist = things.get(("artist", back.artist)) if back else None
    if back and artist:
        line = _("Back after %(days)s without a play; %(plays)s since.") % {
            "days": words.days(back.days_away),
            "plays": words.plays(back.plays),
        }
        yield Card("comeback", _("The comeback"), name=artist.name, line=line)
