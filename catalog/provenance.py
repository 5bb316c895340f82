"""What is known of a track, value by value, and who says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.believing import believed_first
from catalog.features import FEATURES
from catalog.figures import words
from catalog.models import FeatureSet, Track, TrackGenre, TrackRecord
from catalog.templatetags.catalog_words import NOTES, minutes

NAMES: dict[str, str | Promise] = {
    "title": gettext_lazy("Title"),
    "artists": gettext_lazy("Artists"),
    "album": gettext_lazy("Album"),
    "year": gettext_lazy("Year"),
    "duration_ms": gettext_lazy("Length"),
    "is_explicit": gettext_lazy("Explicit words"),
    "key": gettext_lazy("Key"),
    "time_signature": gettext_lazy("Beats in a bar"),
    "genre": gettext_lazy("Genre"),
}
SAID = ("title", "artists", "album", "year", "duration_ms", "is_explicit")


class Value(NamedTuple):
    """One thing known of a track; `others` is what other sources say, where they differ."""

    name: str
    shown: str
    average: str
    source: str
    since: datetime | None
    others: list[tuple[str, str]]


def values_of(track: Track, averages: Mapping[str, float]) -> Iterator[Value]:
    """Yield what shows, beside the average of its genre; what nobody knows is left out."""
    yield from _sounds(track, averages)
    yield from _genre(track)
    yield from _said(track)


def _sounds(track: Track, averages: Mapping[str, float]) -> Iterator[Value]:
    sets = sorted(
        FeatureSet.objects.said().filter(_of_group(track)),
        key=lambda one: (believed_first(one.source), one.pk),
    )
    for name in FEATURES:
        said = [(one, getattr(one, name)) for one in sets if getattr(one, name) is not None]
        if said and name != "mode":
            yield _sound(name, said, averages.get(name))


def _of_group(track: Track) -> Q:
    return Q(track=track) | Q(track__canonical=track)


def _sound(name: str, said: list[tuple[FeatureSet, Any]], average: float | None) -> Value:
    first, value = said[0]
    shown = _written(name, value, first)
    others = [(one.get_source_display(), _written(name, other, one)) for one, other in said[1:]]
    return Value(
        name=str(NAMES[name]) if name in NAMES else words.label(name),
        shown=shown,
        average="" if average is None else words.said(name, average),
        source=first.get_source_display(),
        since=first.measured_at,
        others=[other for other in others if other[1] != shown],
    )


def _written(name: str, value: Any, features: FeatureSet) -> str:
    if name == "key":
        mode = (
            {1: _("major"), 0: _("minor")}.get(features.mode, "") if features.mode in (0, 1) else ""
        )
        return f"{NOTES[value]} {mode}".strip()
    return str(value) if name == "time_signature" else words.said(name, value)


def _genre(track: Track) -> Iterator[Value]:
    said = sorted(
        TrackGenre.objects.filter(_of_group(track)).select_related("genre"),
        key=lambda one: (one.genre_id != track.genre_id, believed_first(one.source), one.pk),
    )
    if not track.genre:
        return
    first = said[0] if said and said[0].genre_id == track.genre_id else None
    others = [(one.get_source_display(), one.genre.name) for one in said if one is not first]
    yield Value(
        name=str(NAMES["genre"]),
        shown=track.genre.name,
        average="",
        source=first.get_source_display() if first else track.get_source_display(),
        since=None,
        others=[other for other in others if other[1] != track.genre.name],
    )


def _said(track: Track) -> Iterator[Value]:
    records = sorted(
        TrackRecord.objects.filter(_of_group(track)),
        key=lambda one: (believed_first(one.source), one.pk),
    )
    for name in SAID:
        shown = _fact(name, _shown(track, name))
        if not shown:
            continue
        facts = [(one, _fact(name, one.said.get(name))) for one in records]
        said = [(one, fact) for one, fact in facts if fact]
        first = next((one for one, fact in said if fact == shown), None)
        yield Value(
            name=str(NAMES[name]),
            shown=shown,
            average="",
            source=first.get_source_display() if first else track.get_source_display(),
            since=first.said_at if first else track.created_at,
            others=[(one.get_source_display(), fact) for one, fact in said if fact != shown],
        )


def _shown(track: Track, name: str) -> Any:
    if name == "artists":
        return track.byline
    if name == "album":
        return track.album.title if track.album else None
    return getattr(track, name)


def _fact(name: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    if name == "duration_ms":
        return minutes(value)
    if name == "is_explicit":
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(value[:-1]) + " & " + value[-1] if len(value) > 1 else "".join(value)
    return str(value)
