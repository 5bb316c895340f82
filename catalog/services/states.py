"""What curators can change of a row: read as plain values, and put back.

Values under `SHOWN` are worked out from others and only told to people.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Model, Q

from catalog.features import FEATURES
from catalog.models import (
    Album,
    Artist,
    ExternalId,
    FeatureSet,
    Genre,
    Rule,
    Source,
    Tag,
    Track,
    TrackGenre,
    TrackRecord,
    TrackTag,
)
from catalog.services import crediting
from catalog.services.grouping import Mergeable, regroup, sides
from catalog.services.showing import SAID, own_id, refresh_shown

State = dict[str, Any]
States = dict[int, State]

COLUMNS: dict[type[Model], tuple[str, ...]] = {
    Track: ("language", "position", "work_id", "is_verified", "hidden_at"),
    Artist: ("name", "match_key", "language", "hidden_at"),
    Album: ("title", "match_key", "language", "year", "artist_id"),
    Genre: ("name", "slug", "parent_id"),
    Rule: (),
}
SHOWN: dict[type[Model], dict[str, str]] = {
    Track: {
        "title": "title",
        "album": "album__title",
        "year": "year",
        "duration_ms": "duration_ms",
        "is_explicit": "is_explicit",
        "genre": "genre__name",
        "merged_into": "canonical_id",
    },
    Artist: {"merged_into": "canonical_id"},
    Album: {"artist": "artist__name"},
    Genre: {"parent": "parent__name"},
    Rule: {},
}


def read(model: type[Model], ids: Collection[int]) -> States:
    """The state of each of these rows that is there, as JSON can hold it."""
    if model is Rule:
        rules = Rule.objects.filter(pk__in=ids).values_list("pk", "undone_at")
        return {pk: {"holds": undone_at is None} for pk, undone_at in rules}
    columns = {name: name for name in COLUMNS[model]} | SHOWN[model]
    rows = model._default_manager.filter(pk__in=ids).values("pk", *columns.values())
    states = {
        row["pk"]: {name: _plain(row[column]) for name, column in columns.items()} for row in rows
    }
    if model is Track:
        for part in (_names(ids), _words(ids), _genres(ids), _tags(ids), _ids(ids), _sound(ids)):
            for pk, values in part.items():
                states.get(pk, {}).update(values)
    return states


def put(model: type[Model], wanted: Mapping[int, State], *, at: datetime) -> None:
    """Set these values on these rows, whatever is there now."""
    if model is Rule:
        _put_rules(wanted, at=at)
        return
    columns = [name for name in COLUMNS[model] if any(name in values for values in wanted.values())]
    rows = model._default_manager.in_bulk(list(wanted))
    for pk, row in rows.items():
        for name in columns:
            if name in wanted[pk]:
                column: Any = model._meta.get_field(name)
                setattr(row, name, column.to_python(wanted[pk][name]))
    if columns:
        model._default_manager.bulk_update(rows.values(), columns, batch_size=500)
    if model is Artist and "name" in columns:
        respell(wanted)
    if model is Track:
        for name, put_part in _PARTS.items():
            put_part({pk: v[name] for pk, v in wanted.items() if name in v}, at)
        put_words(
            {pk: {n: v[f"said_{n}"] for n in SAID if f"said_{n}" in v} for pk, v in wanted.items()},
            at=at,
        )
        refresh_shown(wanted)


def can_be_put(model: type[Model], name: str) -> bool:
    return name not in SHOWN[model] and name != "artists"


def put_words(words: Mapping[int, Mapping[str, Any]], *, at: datetime) -> None:
    """Let the curator say these values of these tracks (None: nothing). Shows nothing yet."""
    words = {pk: said for pk, said in words.items() if said}
    records = {
        record.track_id: record
        for record in TrackRecord.objects.filter(
            source=Source.CURATOR, source_id__in=[own_id(pk) for pk in words]
        )
    }
    for pk in words.keys() - records.keys():
        records[pk] = TrackRecord(
            track_id=pk, source=Source.CURATOR, source_id=own_id(pk), said_at=at
        )
    for pk, said in words.items():
        merged = {**records[pk].said, **said}
        records[pk].said = {name: value for name, value in merged.items() if value is not None}
        records[pk].said_at = at
    TrackRecord.objects.bulk_create(
        records.values(),
        batch_size=500,
        update_conflicts=True,
        unique_fields=["source", "source_id"],
        update_fields=["said", "said_at"],
    )


def respell(artists: Iterable[int]) -> None:
    """Let the tracks of these artists go by the names that these have now."""
    of_artist = Q(artist__in=artists) | Q(credits__artist__in=artists)
    tracks = Track.objects.filter(of_artist).select_related("artist", "album").distinct()
    crediting.show_names(
        {track: {"album": track.album.title} if track.album else {} for track in tracks}
    )


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _names(ids: Collection[int]) -> States:
    return {pk: {"artists": names} for pk, names in crediting.names_of(ids).items()}


def _words(ids: Collection[int]) -> States:
    records = TrackRecord.objects.filter(
        source=Source.CURATOR, source_id__in=[own_id(pk) for pk in ids]
    )
    said = dict(records.values_list("track_id", "said"))
    return {pk: {f"said_{name}": said.get(pk, {}).get(name) for name in SAID} for pk in ids}


def _genres(ids: Collection[int]) -> States:
    rows = TrackGenre.objects.filter(track__in=ids, source=Source.CURATOR).order_by("pk")
    return _lists("own_genres", ids, rows.values_list("track_id", "genre_id", "label"))


def _tags(ids: Collection[int]) -> States:
    rows = TrackTag.objects.filter(track__in=ids).order_by("tag__name", "source")
    return _lists("tags", ids, rows.values_list("track_id", "tag__name", "source", "weight"))


def _ids(ids: Collection[int]) -> States:
    rows = ExternalId.objects.filter(track__in=ids).order_by("kind", "namespace", "value")
    columns = ("track_id", "kind", "namespace", "value", "source")
    return _lists("ids", ids, rows.values_list(*columns))


def _sound(ids: Collection[int]) -> States:
    rows = FeatureSet.objects.filter(track__in=ids, source=Source.CURATOR)
    values = {row.pop("track_id"): row for row in rows.values("track_id", *FEATURES)}
    return {pk: {"own_sound": values.get(pk)} for pk in ids}


def _lists(name: str, ids: Collection[int], rows: Any) -> States:
    found: dict[int, list[list[Any]]] = defaultdict(list)
    for pk, *values in rows:
        found[pk].append(values)
    return {pk: {name: found[pk]} for pk in ids}


def _put_genres(wanted: Mapping[int, list[list[Any]]], at: datetime) -> None:
    TrackGenre.objects.filter(track__in=wanted, source=Source.CURATOR).delete()
    TrackGenre.objects.bulk_create(
        TrackGenre(track_id=pk, genre_id=genre, label=label, source=Source.CURATOR)
        for pk, genres in wanted.items()
        for genre, label in genres
    )


def _put_tags(wanted: Mapping[int, list[list[Any]]], at: datetime) -> None:
    names = {name for tags in wanted.values() for name, _source, _weight in tags}
    Tag.objects.bulk_create([Tag(name=name) for name in sorted(names)], ignore_conflicts=True)
    tags = dict(Tag.objects.filter(name__in=names).values_list("name", "pk"))
    TrackTag.objects.filter(track__in=wanted).delete()
    TrackTag.objects.bulk_create(
        TrackTag(track_id=pk, tag_id=tags[name], source=source, weight=weight)
        for pk, said in wanted.items()
        for name, source, weight in said
    )


def _put_ids(wanted: Mapping[int, list[list[Any]]], at: datetime) -> None:
    """An id that another track has by now stays there."""
    ExternalId.objects.filter(track__in=wanted).delete()
    ExternalId.objects.bulk_create(
        (
            ExternalId(track_id=pk, kind=kind, namespace=namespace, value=value, source=source)
            for pk, ids in wanted.items()
            for kind, namespace, value, source in ids
        ),
        ignore_conflicts=True,
    )


def _put_sound(wanted: Mapping[int, State | None], at: datetime) -> None:
    FeatureSet.objects.filter(track__in=wanted, source=Source.CURATOR).delete()
    FeatureSet.objects.bulk_create(
        FeatureSet(track_id=pk, source=Source.CURATOR, measured_at=at, **values)
        for pk, values in wanted.items()
        if values is not None
    )


_PARTS: dict[str, Callable[[Mapping[int, Any], datetime], None]] = {
    "own_genres": _put_genres,
    "tags": _put_tags,
    "ids": _put_ids,
    "own_sound": _put_sound,
}


def _put_rules(wanted: Mapping[int, State], *, at: datetime) -> None:
    hold = [pk for pk, values in wanted.items() if values.get("holds")]
    Rule.objects.filter(pk__in=hold).update(undone_at=None)
    Rule.objects.filter(pk__in=wanted.keys() - set(hold)).update(undone_at=at)
    merges = Rule.objects.filter(pk__in=wanted, kind=Rule.Kind.MERGE)
    models: tuple[Mergeable, ...] = (Track, Artist)
    for model in models:
        side, other = sides(model)
        named = merges.exclude(**{side: None}).values_list(f"{side}_id", f"{other}_id")
        if ids := {pk for pair in named for pk in pair if pk}:
            regroup(model, ids)
