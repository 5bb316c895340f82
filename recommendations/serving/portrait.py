"""What a listener's taste is made of, in shares that add up: by artist, genre, period, source."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count
from django.db.models.functions import Coalesce, ExtractYear

from accounts import taste_cache
from accounts.models import Listener
from catalog.models import Artist, Genre, Track
from catalog.services.storing import among
from listening.models import Mute, Source
from recommendations.serving.history import SHOWN_TRACK, Weights, history_of, plays_of

SHOWN = 12  # of each kind
SAID = ""  # where a source would stand: what was said of a track that was never played


class Part(NamedTuple):
    key: Any  # of an artist or a genre, a year, a decade, a source
    name: str
    share: float  # in percent of all that speaks for some track


class Portrait(NamedTuple):
    """Shares of the weight of all tracks that weigh more than nothing, the largest first."""

    tracks: int
    against: int  # tracks that weigh less than nothing
    artists: list[Part]
    genres: list[Part]
    decades: list[Part]  # when the music came out
    years: list[Part]  # when it was heard
    sources: list[Part]


class Preview(NamedTuple):
    plays: int  # that would fall silent
    share: float  # of the weights that would be gone, in percent


def portrait_of(listener: Listener, *, at: datetime) -> Portrait:
    """Return what is kept of this taste for the day, or work it out."""
    stamp = f"{listener.taste_version}:{listener.time_zone}:{at:%Y%m%d}"
    if found := taste_cache.find("portrait", listener, stamp):
        tracks, against, *parts = json.loads(found)
        return Portrait(tracks, against, *([Part(*part) for part in kind] for kind in parts))
    portrait = _portrait(listener, at)
    taste_cache.keep("portrait", listener, stamp, json.dumps(portrait))
    return portrait


def preview(mute: Mute, *, at: datetime) -> Preview:
    """Return what this mute would change, before it is in force."""
    listener = mute.listener
    counting = Mute.objects.in_force().left_of(plays_of(listener))
    before = sum(_positive(history_of(listener, at=at)).values())
    after = sum(_positive(history_of(listener, at=at, without=mute)).values())
    gone = 100 * (1 - after / before) if before else 0.0
    return Preview(mute.silenced(counting).count(), max(0.0, gone))


def _portrait(listener: Listener, at: datetime) -> Portrait:
    history = history_of(listener, at=at)
    weights = _positive(history)
    facts = _facts(weights)
    years, sources = _told(listener, weights)
    artists, genres, decades = (
        _spread({track: Counter({fact[place]: 1}) for track, fact in facts.items()}, weights)
        for place in range(3)
    )
    return Portrait(
        tracks=len(weights),
        against=int((history.weights < 0).sum()),
        artists=_named(artists, Artist),
        genres=_named(genres, Genre),
        decades=_in_order(decades, lambda decade: f"{decade}s"),
        years=_in_order(years, str),
        sources=[Part(key, _source(key), share) for key, share in _largest(sources)],
    )


def _positive(history: Weights) -> dict[int, float]:
    pairs = zip(history.tracks.tolist(), history.weights.tolist(), strict=True)
    return {track: weight for track, weight in pairs if weight > 0}


def _facts(tracks: Mapping[int, float]) -> dict[int, tuple[int, int | None, int | None]]:
    """Artist as it shows, genre, and the decade a track came out in."""
    artist = Coalesce("artist__canonical_id", "artist_id")
    rows = Track.objects.filter(among("pk", tracks)).values_list("pk", artist, "genre_id", "year")
    return {pk: (by, genre, year and year // 10 * 10) for pk, by, genre, year in rows}


def _told(
    listener: Listener, weights: Mapping[int, float]
) -> tuple[dict[Any, float], dict[Any, float]]:
    """When these tracks were heard, and who told of it."""
    plays = Mute.objects.in_force().left_of(plays_of(listener).heard())
    counted = (
        plays.values_list(SHOWN_TRACK, ExtractYear("started_at", tzinfo=listener.zone), "source")
        .annotate(times=Count("pk"))
        .order_by()
    )
    years, sources = defaultdict(Counter), defaultdict(Counter)  # type: ignore[var-annotated]
    for track, year, source, times in counted:
        if track in weights:
            years[track][year] += times
            sources[track][source] += times
    said = {track: Counter({SAID: 1}) for track in weights.keys() - sources.keys()}
    return _spread(years, weights), _spread(sources | said, weights)


def _spread(counts: Mapping[int, Counter[Any]], weights: Mapping[int, float]) -> dict[Any, float]:
    """Spread the weight of each track over its plays; in percent of all."""
    total = sum(weights.values()) or 1.0
    shares: dict[Any, float] = defaultdict(float)
    for track, times in counts.items():
        for key, count in times.items():
            shares[key] += 100 * weights[track] / total * count / times.total()
    return shares


def _named(shares: dict[Any, float], model: type[Artist] | type[Genre]) -> list[Part]:
    top = [(key, share) for key, share in _largest(shares) if key][:SHOWN]
    names = dict(
        model._default_manager.filter(pk__in=[key for key, _ in top]).values_list("pk", "name")
    )
    return [Part(key, names[key], share) for key, share in top if key in names]


def _largest(shares: dict[Any, float]) -> list[tuple[Any, float]]:
    return sorted(shares.items(), key=lambda pair: -pair[1])


def _in_order(shares: dict[Any, float], name: Any) -> list[Part]:
    known = sorted(key for key in shares if key is not None)
    return [Part(key, name(key), shares[key]) for key in known]


def _source(key: str) -> str:
    return str(Source(key).label) if key else ""
