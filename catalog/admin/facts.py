"""What one sees of tracks or artists when choosing which of them survives.

A package above this one adds what it knows: `TRACK_FACTS["plays"] = count_plays`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.db.models import Count

from catalog.models import Artist, ExternalId, FeatureSet, Track, TrackRecord, TrackTag

Fact = Callable[[Collection[int]], Mapping[int, Any]]
TRACK_FACTS: dict[str, Fact] = {}
ARTIST_FACTS: dict[str, Fact] = {}


class Row(NamedTuple):
    label: str
    cells: list[Any]  # one for each column, in their order

    @property
    def differs(self) -> bool:
        return len({str(cell) for cell in self.cells}) > 1


def track_rows(tracks: Sequence[Track]) -> list[Row]:
    """Facts of these tracks (from `for_rows`), side by side."""
    ids = [track.pk for track in tracks]
    return [
        Row("Artist", [track.byline for track in tracks]),
        Row("Album", [track.album.title if track.album else "–" for track in tracks]),
        Row("Year", [track.year or "–" for track in tracks]),
        Row("Duration", [_duration(track.duration_ms) for track in tracks]),
        Row("Explicit", [_yes(track.is_explicit) for track in tracks]),
        Row("Genre", [track.genre.name if track.genre else "–" for track in tracks]),
        Row("Sound", [_sound(track) for track in tracks]),
        *_rows(ids, {"Sources": _sources, "Features from": _sets, "Ids": _ids, "Tags": _tags}),
        *_rows(ids, TRACK_FACTS),
    ]


def artist_rows(artists: Sequence[Artist]) -> list[Row]:
    ids = [artist.pk for artist in artists]
    return [
        Row("Came from", [artist.get_source_display() for artist in artists]),
        *_rows(ids, {"Tracks": _tracks_of, "Albums": _albums_of, "Ids": _artist_ids}),
        *_rows(ids, ARTIST_FACTS),
    ]


def _rows(ids: Sequence[int], facts: Mapping[str, Fact]) -> list[Row]:
    known = {label: fact(ids) for label, fact in facts.items()}
    return [Row(label, [found.get(pk) or "–" for pk in ids]) for label, found in known.items()]


def _duration(ms: int | None) -> str:
    return f"{ms // 60_000}:{ms // 1000 % 60:02d}" if ms else "–"


def _yes(value: bool | None) -> str:
    return {True: "yes", False: "no", None: "–"}[value]


def _sound(track: Track) -> str:
    if not track.features:
        return "–"
    values = ((name, getattr(track.features, name)) for name in ("tempo", "energy", "valence"))
    return ", ".join(f"{name} {value:.4g}" for name, value in values if value is not None)


def _joined(rows: Iterable[tuple[int | None, str]]) -> dict[int, str]:
    found: dict[int, list[str]] = defaultdict(list)
    for pk, words in rows:
        if pk and words not in found[pk]:
            found[pk].append(words)
    return {pk: ", ".join(words) for pk, words in found.items()}


def _sources(ids: Collection[int]) -> dict[int, str]:
    records = TrackRecord.objects.filter(track__in=ids).order_by("pk")
    return _joined((one.track_id, one.get_source_display()) for one in records)


def _sets(ids: Collection[int]) -> dict[int, str]:
    sets = FeatureSet.objects.said().filter(track__in=ids).order_by("pk").only("track", "source")
    return _joined((one.track_id, one.get_source_display()) for one in sets)


def _ids(ids: Collection[int]) -> dict[int, str]:
    rows = ExternalId.objects.filter(track__in=ids).order_by("kind", "value")
    return _joined((one.track_id, f"{one.get_kind_display()} {one.value}") for one in rows)


def _artist_ids(ids: Collection[int]) -> dict[int, str]:
    rows = ExternalId.objects.filter(artist__in=ids).order_by("kind", "value")
    return _joined((one.artist_id, f"{one.get_kind_display()} {one.value}") for one in rows)


def _tags(ids: Collection[int]) -> dict[int, str]:
    rows = TrackTag.objects.filter(track__in=ids).order_by("-weight", "tag__name")
    return _joined(rows.values_list("track_id", "tag__name"))


def _tracks_of(ids: Collection[int]) -> dict[int, int]:
    rows = Track.objects.filter(artist__in=ids).values("artist").annotate(n=Count("pk"))
    return {row["artist"]: row["n"] for row in rows.order_by()}


def _albums_of(ids: Collection[int]) -> dict[int, int]:
    rows = Artist.objects.filter(pk__in=ids).annotate(n=Count("albums"))
    return dict(rows.values_list("pk", "n"))
