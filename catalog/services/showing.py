"""Which of all that the sources say of a track is shown, value by value: `catalog.believing`.

A source that is silent on a value leaves the word to the next. Of two records of one source the
older is believed. A track shows features, genre, year and duration of those merged into it where
it has none better; its names stay its own. To know why a value shows, read the records in order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from catalog.believing import belief, believed_first
from catalog.models import FeatureSet, Source, Track, TrackGenre, TrackRecord
from catalog.models.features import COMBINED
from catalog.naming import name_key
from catalog.services import combining, crediting, storing
from catalog.services.storing import among

CHUNK = 2000
AT_ONCE = 500  # tracks in one transaction: nobody should wait long to write
OWN = ("title", "artists", "album")
SHARED = ("year", "duration_ms", "is_explicit")
SAID = (*OWN, *SHARED)


@transaction.atomic
def say(
    *, track: Track, values: Mapping[str, Any], at: datetime, source: str = Source.CURATOR
) -> TrackRecord:
    """Keep what a source says of a track (of `SAID`; None takes it back), and show what is best.

    For a curator's word, or one outside service's; files come by `catalog.services.importing`.
    """
    keep_first_word([track], at=at)
    record, _ = TrackRecord.objects.select_for_update().get_or_create(
        source=source, source_id=own_id(track.pk), defaults={"track": track, "said_at": at}
    )
    said = {name: value for name, value in {**record.said, **values}.items() if value is not None}
    record.said, record.said_at = said, at
    record.save(update_fields=["said", "said_at"])
    refresh_shown([track.pk])
    return record


def own_id(track_id: int) -> str:
    """The `source_id` of a record whose source knows the track by our own number."""
    return f"track-{track_id}"


def keep_first_word(tracks: Iterable[Track], *, at: datetime) -> None:
    """Make records of what these tracks show, where nobody said anything on record so far.

    So that a track made by a curator or from a play keeps its word when a file says another.
    """
    found = {track.pk: track for track in tracks}
    known = TrackRecord.objects.filter(among("track", found))
    silent = found.keys() - set(known.values_list("track_id", flat=True))
    rows = Track.objects.filter(among("pk", silent)).select_related("artist", "album")
    credits_ = crediting.names_of(silent)
    TrackRecord.objects.bulk_create(
        TrackRecord(
            track=track,
            source=track.source,
            source_id=own_id(track.pk),
            match_key=track.match_key,
            said=_as_shown(track, credits_.get(track.pk)),
            said_at=at,
        )
        for track in rows.order_by("pk")
    )


def refresh_shown(track_ids: Iterable[int]) -> None:
    """Choose anew what these tracks show, and those they were merged into."""
    ids = sorted(set(track_ids))
    for start in range(0, len(ids), CHUNK):
        chunk = _with_survivors(ids[start : start + CHUNK])
        _show_values(chunk)
        point(chunk)


def refresh_all(*, tell: Callable[[int], None] = lambda done: None) -> int:
    """Choose anew what every track shows, after another source is believed first."""
    ids = list(Track.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), AT_ONCE):
        with transaction.atomic():
            refresh_shown(ids[start : start + AT_ONCE])
        tell(min(start + AT_ONCE, len(ids)))
    return len(ids)


def point(track_ids: Iterable[int]) -> None:
    """Let these tracks, and those they were merged into, show what is believed first: how they
    sound, value by value, and the genre.
    """
    ids = _with_survivors(track_ids)
    swallowed = Track.objects.filter(among("canonical", ids))
    groups = {pk for pk in swallowed.values_list("canonical_id", flat=True) if pk}
    combining.combine(ids, groups)
    _point(ids - groups, Q(track=OuterRef("pk")))
    _point(groups, Q(track=OuterRef("pk")) | Q(track__canonical=OuterRef("pk")))


def _with_survivors(track_ids: Iterable[int]) -> set[int]:
    ids = set(track_ids)
    merged = Track.objects.filter(among("pk", ids), canonical__isnull=False)
    return ids | {pk for pk in merged.values_list("canonical_id", flat=True) if pk}


def _point(track_ids: set[int], of_track: Q) -> None:
    said = FeatureSet.objects.said().filter(of_track).annotate(belief=belief())
    sets = said.order_by("belief", "pk")
    combined = FeatureSet.objects.filter(track=OuterRef("pk"), source=COMBINED)
    genres = TrackGenre.objects.filter(of_track).annotate(belief=belief()).order_by("belief", "pk")
    Track.objects.filter(among("pk", track_ids)).update(
        features_id=Coalesce(Subquery(combined.values("pk")), Subquery(sets.values("pk")[:1])),
        genre_id=Subquery(genres.values("genre_id")[:1]),
    )


def _show_values(track_ids: set[int]) -> None:
    tracks = Track.objects.filter(pk__in=track_ids).select_related("artist", "album")
    records = _records(track_ids)
    best = {track.pk: _choose(track.pk, records[track.pk]) for track in tracks}
    names = crediting.names_of(track_ids)
    crediting.show_names(
        {
            track: {name: best[track.pk].get(name) for name in OWN}
            for track in tracks
            if _differs(track, names.get(track.pk), best[track.pk])
        }
    )
    changed = [track for track in tracks if _set_shared(track, best[track.pk])]
    storing.update(
        Track,
        SHARED,
        [(track.pk, *(getattr(track, name) for name in SHARED)) for track in changed],
    )


def _records(track_ids: set[int]) -> dict[int, list[TrackRecord]]:
    """What is said of each of these tracks and of those merged into it, believed first."""
    of_group = Q(track__in=track_ids) | Q(track__canonical__in=track_ids)
    records: dict[int, list[TrackRecord]] = defaultdict(list)
    for record in TrackRecord.objects.filter(of_group).select_related("track"):
        records[record.track_id].append(record)
        if record.track.canonical_id in track_ids:
            records[record.track.canonical_id].append(record)
    for said in records.values():
        said.sort(key=lambda record: (believed_first(record.source), record.pk))
    return records


def _choose(track_id: int, records: list[TrackRecord]) -> dict[str, Any]:
    """The first word on each value. Names are taken from the track's own records alone."""
    best: dict[str, Any] = {}
    for record in records:
        for name in SAID if record.track_id == track_id else SHARED:
            if name not in best and record.said.get(name) is not None:
                best[name] = record.said[name]
    return best


def _set_shared(track: Track, best: Mapping[str, Any]) -> bool:
    """Set what is not a name, and return whether that changed anything."""
    before = [getattr(track, name) for name in SHARED]
    for name in SHARED:
        if best:  # of a track that nobody ever spoke of, nothing is known better
            setattr(track, name, best.get(name))
    return before != [getattr(track, name) for name in SHARED]


def _differs(track: Track, artists: list[str] | None, best: Mapping[str, Any]) -> bool:
    """Whether another name is believed than shows; an artist spells theirs once for all tracks."""
    shown = _as_shown(track, artists)
    if best.get("title", track.title) != track.title:
        return True
    said = [best.get("album") or "", *best.get("artists", shown["artists"])]
    return bool(best) and _keys(said) != _keys([shown.get("album") or "", *shown["artists"]])


def _keys(names: Iterable[str]) -> list[str]:
    return [name_key(name) for name in names]


def _as_shown(track: Track, artists: list[str] | None) -> dict[str, Any]:
    said = {
        "title": track.title,
        "artists": artists or [track.artist.name],
        "album": track.album.title if track.album else None,
        **{name: getattr(track, name) for name in SHARED},
    }
    return {name: value for name, value in said.items() if value is not None}
