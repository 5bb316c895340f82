"""Tracks that nobody has seen, and which known tracks they may be."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from difflib import SequenceMatcher
from typing import NamedTuple

from catalog.models import Artist, Change, Findable, MatchHint, Rule, Track
from catalog.naming import name_key, normalise, same_recording
from catalog.search.finding import Wanted, find
from catalog.services import curating, merging
from catalog.services.changing import By
from catalog.services.matching import SAME_LENGTH_MS

SUGGESTED = 5
LIKELY = 0.6  # less likeness than this is a guess not worth a look
AT_LEAST = 0.4  # of title and of artist each
LOOKED_AT = 30  # of what the search finds
OF_ARTIST = 500


class Suggestion(NamedTuple):
    track: Track
    likeness: float  # of title and artist, from 0 to 1
    same_length: bool | None  # None where one of the two durations is unknown
    listeners: int = 0  # who corrected their own plays so


def next_unverified(*, after: int = 0) -> Track | None:
    """The next track of the queue behind this key; at its end, the first again."""
    queue = Track.objects.unverified().select_related("artist", "album").order_by("pk")
    return queue.filter(pk__gt=after).first() or queue.first()


def suggestions(track: Track) -> list[Suggestion]:
    """Known tracks that this may be: first what listeners say, then the likeliest."""
    hints = MatchHint.objects.filter(track=track)
    said = dict(hints.order_by("-listeners", "pk").values_list("match_id", "listeners")[:SUGGESTED])
    found = [
        _suggest(track, known)._replace(listeners=said.get(known.pk, 0))
        for known in _candidates(track, also=said)
    ]
    likely = [one for one in found if one.listeners or one.likeness >= LIKELY]
    likely.sort(key=lambda one: (-one.listeners, -one.likeness, not one.same_length, one.track.pk))
    return likely[:SUGGESTED]


def accept(*, track: Track, match: Track, by: By, at: datetime) -> Change:
    """This name means that track, now and whenever it comes in again."""
    return merging.merge_tracks(survivor=match, tracks=[track], by=by, at=at, match=True)


def reject(*, track: Track, by: By, at: datetime) -> Change:
    """This is a track of its own."""
    return curating.verify_tracks(ids=[track.pk], by=by, at=at)


def _candidates(track: Track, *, also: Iterable[int]) -> Iterable[Track]:
    ids = {pk for query in _queries(track) for pk in _found(query)} | set(also)
    key = name_key(track.artist.name)
    artists = Artist.objects.filter(match_key=key).values_list("pk", "canonical_id")
    known = {pk for pair in artists for pk in pair if pk}
    verified = Track.objects.shown().filter(is_verified=True).exclude(pk=track.pk)
    ids |= set(verified.filter(artist__in=known).values_list("pk", flat=True)[:OF_ARTIST])
    apart = Rule.objects.holding().filter(kind=Rule.Kind.SPLIT, track=track)
    rows = verified.filter(pk__in=ids).exclude(pk__in=apart.values("other_track"))
    return rows.select_related("artist", "album", "features", "genre")


def _queries(track: Track) -> list[str]:
    title = same_recording(track.title) or track.title
    return [f"{title} {track.artist.name}", title]


def _found(query: str) -> list[int]:
    groups = find(Wanted(query, kind=Findable.TRACK, n=LOOKED_AT)).groups
    return [pk for group in groups for pk in group.keys[:LOOKED_AT]]


def _suggest(track: Track, known: Track) -> Suggestion:
    """Title and artist count alike; written the other way round they are alike as well."""
    title, artist = _like(_title(track), _title(known)), _like(_artist(track), _artist(known))
    turned = _both(_like(_title(track), _artist(known)), _like(_artist(track), _title(known)))
    likeness = max(_both(title, artist), turned)
    return Suggestion(known, likeness, _same_length(track, known))


def _both(one: float, other: float) -> float:
    return (one + other) / 2 if min(one, other) >= AT_LEAST else 0.0


def _title(track: Track) -> str:
    return normalise(same_recording(track.title) or track.title)


def _artist(track: Track) -> str:
    return normalise(track.artist.name)


def _like(one: str, other: str) -> float:
    """Of two names, whatever the order of their words."""
    if one == other:
        return 1.0
    straight = SequenceMatcher(None, one, other).ratio()
    ordered = SequenceMatcher(None, _in_order(one), _in_order(other)).ratio()
    return max(straight, ordered)


def _in_order(name: str) -> str:
    return " ".join(sorted(name.split()))


def _same_length(one: Track, other: Track) -> bool | None:
    if one.duration_ms is None or other.duration_ms is None:
        return None
    return abs(one.duration_ms - other.duration_ms) <= SAME_LENGTH_MS
