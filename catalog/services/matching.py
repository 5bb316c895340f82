"""Which track of the catalogue is meant by a name and ids from outside.

In this order: what curators decided (rules), ISRC, MusicBrainz, Spotify and the other ids, then
artist and title in their normalised form, told apart by duration. Any number of rows cost the
same few queries.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from catalog.models import Artist, ExternalId, Rule, Track, TrackRecord
from catalog.naming import match_key, name_key
from catalog.services.storing import among
from jobs.prepared import Given, Prepared

Id = tuple[str, str]  # kind and value, as in ExternalId
KINDS = (
    ExternalId.Kind.ISRC,
    ExternalId.Kind.MUSICBRAINZ,
    ExternalId.Kind.SPOTIFY,
    ExternalId.Kind.MSD_TRACK,
    ExternalId.Kind.MSD_SONG,
    ExternalId.Kind.DEEZER,
)
SAME_LENGTH_MS = 5000  # two durations of one recording differ by no more


@dataclass(frozen=True, slots=True)
class Wanted:
    """A track as somebody outside names it: by artist and title, or by an id alone."""

    artist: str
    title: str
    duration_ms: int | None = None
    ids: tuple[Id, ...] = ()

    @property
    def key(self) -> str:
        return match_key(self.artist, self.title)


class Match(NamedTuple):
    """`track` is the one named; `shown` the one it was merged into, or itself."""

    track: int
    shown: int
    by: str  # "rule", a kind of id, or "name"


def find_tracks(wanted: Sequence[Wanted]) -> list[Match | None]:
    """Return for each the track it means, or None where the catalogue has none."""
    index = Index.load(wanted)
    return [index.find(one) for one in wanted]


class _Named(NamedTuple):
    track: int
    duration_ms: int | None


@dataclass
class Index:
    """What the catalogue has of some names and ids. Tracks that are yet to be stored may join it.

    `rules` say which track a name means, `ids` whose an id is, `names` which tracks are called so,
    `survivors` what an artist is called now, `merged` into what a track was merged.
    """

    rules: dict[str, int] = field(default_factory=dict)
    ids: dict[Id, int] = field(default_factory=dict)
    names: dict[str, list[_Named]] = field(default_factory=lambda: defaultdict(list))
    survivors: dict[str, str] = field(default_factory=dict)
    merged: dict[int, int] = field(default_factory=dict)

    @classmethod
    def load(cls, wanted: Sequence[Wanted]) -> Index:
        survivors = _survivors({name_key(one.artist) for one in wanted})
        index = cls(survivors=survivors)
        keys = list(dict.fromkeys(key for one in wanted for key in index._keys(one)))
        index.rules = _rules(keys)
        index.ids = _tracks_by_id(pair for one in wanted for pair in one.ids)
        for key, track, duration_ms in _tracks_by_name(keys):
            index.names[key].append(_Named(track, duration_ms))
        index.merged = _merged(index._tracks())
        return index

    def find(self, wanted: Wanted) -> Match | None:
        keys = self._keys(wanted)
        for key in keys:
            if key in self.rules:
                return self._match(self.rules[key], "rule")
        for kind in KINDS:
            for pair in wanted.ids:
                if pair[0] == kind and pair in self.ids:
                    return self._match(self.ids[pair], kind)
        for key in keys:
            track = _nearest(self.names.get(key, ()), wanted.duration_ms)
            if track is not None:
                return self._match(track, "name")
        return None

    def add(self, wanted: Wanted, *, track: int) -> None:
        """From now on these names and ids mean this track, where they meant none."""
        for pair in wanted.ids:
            self.ids.setdefault(pair, track)
        if wanted.title:
            self.names[wanted.key].append(_Named(track, wanted.duration_ms))

    def _keys(self, wanted: Wanted) -> tuple[str, ...]:
        if not wanted.title:  # an artist alone names no track
            return ()
        survivor = self.survivors.get(name_key(wanted.artist))
        if survivor is None:
            return (wanted.key,)
        return (wanted.key, match_key(survivor, wanted.title))

    def _tracks(self) -> set[int]:
        named = (one.track for tracks in self.names.values() for one in tracks)
        return {*self.rules.values(), *self.ids.values(), *named}

    def _match(self, track: int, by: str) -> Match:
        return Match(track, self.merged.get(track, track), by)


def _nearest(named: Iterable[_Named], duration_ms: int | None) -> int | None:
    """The track nearest in duration, if near enough; else one whose duration nobody knows."""
    best: tuple[int, bool, int] | None = None
    track = None
    for one in named:
        known = duration_ms is not None and one.duration_ms is not None
        gap = abs(one.duration_ms - duration_ms) if known else SAME_LENGTH_MS  # type: ignore[operator]
        rank = (gap, one.track < 0, abs(one.track))  # yet to be stored: later than all stored
        if gap <= SAME_LENGTH_MS and (best is None or rank < best):
            best, track = rank, one.track
    return track


def _survivors(keys: set[str]) -> dict[str, str]:
    """Names by which the artists of these names are known since a curator said so."""
    wanted = list(keys)
    pairs = [*_MERGED_ARTISTS.rows(keys=wanted), *_RULED_ARTISTS.rows(keys=wanted)]
    return {key: name for key, name in pairs if name is not None}


_MERGED_ARTISTS = Prepared(
    lambda: (
        Artist.objects.filter(among("match_key", Given("keys")), canonical__isnull=False)
        .order_by("pk")
        .values_list("match_key", "canonical__name")
    )
)
_RULED_ARTISTS = Prepared(
    lambda: (
        Rule.objects.holding()
        .filter(among("match_key", Given("keys")), kind=Rule.Kind.MATCH, artist__isnull=False)
        .order_by("made_at", "pk")
        .values_list("match_key", "artist__name")
    )
)


def _rules(keys: list[str]) -> dict[str, int]:
    """The last decision on a name holds."""
    return {key: track for key, track in _RULED.rows(keys=keys) if track is not None}


_RULED = Prepared(
    lambda: (
        Rule.objects.holding()
        .filter(among("match_key", Given("keys")), kind__in=(Rule.Kind.MATCH, Rule.Kind.MERGE))
        .order_by("made_at", "pk")
        .values_list("match_key", "track_id")
    )
)


def _tracks_by_id(pairs: Iterable[Id]) -> dict[Id, int]:
    values: dict[str, set[str]] = defaultdict(set)
    for kind, value in pairs:
        values[kind].add(value)
    return {
        (kind, value): track
        for kind in values
        for value, track in _BY_ID.rows(kind=kind, values=list(values[kind]))
    }


_BY_ID = Prepared(
    lambda: ExternalId.objects.filter(
        among("value", Given("values")), kind=Given("kind"), namespace="", track__isnull=False
    ).values_list("value", "track_id")
)


def _tracks_by_name(keys: list[str]) -> list[tuple[str, int, int | None]]:
    """Tracks as they show, and under each name by which some source has them."""
    return [*_NAMED.rows(keys=keys), *_SAID.rows(keys=keys)]


_NAMED = Prepared(
    lambda: Track.objects.filter(among("match_key", Given("keys"))).values_list(
        "match_key", "pk", "duration_ms"
    )
)
_SAID = Prepared(
    lambda: TrackRecord.objects.filter(among("match_key", Given("keys"))).values_list(
        "match_key", "track_id", "said__duration_ms"
    )
)


def _merged(tracks: set[int]) -> dict[int, int]:
    return dict(_MERGED.rows(tracks=list(tracks)))


_MERGED = Prepared(
    lambda: Track.objects.filter(among("pk", Given("tracks")), canonical__isnull=False).values_list(
        "pk", "canonical_id"
    )
)
