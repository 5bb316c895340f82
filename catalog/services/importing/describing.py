"""What sources say of a track beside its name: sound, genres, tags and ids."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from catalog.features import FEATURES
from catalog.models import ExternalId, FeatureSet, Tag, TrackGenre, TrackRecord, TrackTag
from catalog.services import storing
from catalog.services.importing.deciding import Chunk, Word

SOUND = (*FEATURES, "timbre", "measured_at")
SET = ("track", "source", "may_train", *SOUND)
SPEAKING = frozenset(("features", "timbre"))  # what makes a set, of what a record says


def write_features(
    chunk: Chunk, words: list[Word], new: Mapping[int, int], *, may_train: bool, at: datetime
) -> set[int]:
    """Store how tracks sound; `new` are the keys taken for the sets of new tracks.

    Of several records of one source on one track, the oldest has the say. Return the tracks whose
    sets may teach from now on, or no more.
    """
    speaking = [word for word in words if SPEAKING & word.changed]
    say = _who_has_the_say(chunk.source, {word.track for word in speaking} - new.keys())
    for word in speaking:
        if word.track in new:
            say.setdefault(word.track, word.source_id)
    moment = storing.as_moment(at)
    rows = {
        word.track: (word.track, chunk.source, may_train, *_sound(word), moment)
        for word in speaking
        if say[word.track] == word.source_id
    }
    storing.insert(FeatureSet, ("id", *SET), [(new[track], *rows[track]) for track in new])
    known = [row for track, row in rows.items() if track not in new]
    storing.insert(FeatureSet, SET, known, unique=("track", "source"), or_update=SOUND)
    return _let_train(chunk, may_train)


def _who_has_the_say(source: str, tracks: set[int]) -> dict[int, str]:
    """Asked by track alone: by source as well, PostgreSQL reads all that the source ever said."""
    records = TrackRecord.objects.filter(storing.among("track", tracks))
    speaking = records.filter(said__has_any_keys=sorted(SPEAKING)).order_by("-pk")
    said = speaking.values_list("track_id", "source", "source_id")
    return {track: source_id for track, said_by, source_id in said if said_by == source}


def _sound(word: Word) -> tuple[Any, ...]:
    said = word.said.get("features", {})
    return (*(said.get(name) for name in FEATURES), storing.as_json(word.said.get("timbre")))


def _let_train(chunk: Chunk, may_train: bool) -> set[int]:
    """Whether a file may teach is said anew each time it is read; return the tracks it changes."""
    tracks = {word.track for word in chunk.words.values()}
    sets = FeatureSet.objects.filter(storing.among("track", tracks), source=chunk.source)
    changed = sets.exclude(may_train=may_train)
    found = set(changed.values_list("track_id", flat=True))
    if found:
        changed.update(may_train=may_train)
    return found


def write_genres(source: str, words: list[Word], places: Mapping[str, int]) -> None:
    speaking = [word for word in words if "genres" in word.changed]
    storing.insert(
        TrackGenre,
        ("track", "genre", "source", "label"),
        [
            (word.track, places[label], source, label)
            for word in speaking
            for label in word.said["genres"]
            if label in places
        ],
        or_ignore=True,
    )


def write_tags(source: str, words: list[Word]) -> None:
    speaking = [word for word in words if "tags" in word.changed]
    tags = _tags({name for word in speaking for name in word.said["tags"]})
    storing.insert(
        TrackTag,
        ("track", "tag", "source", "weight"),
        [
            (word.track, tags[name], source, weight)
            for word in speaking
            for name, weight in word.said["tags"].items()
        ],
        or_ignore=True,
    )


def _tags(names: Iterable[str]) -> dict[str, int]:
    names = sorted(names)
    storing.insert(Tag, ("name",), [(name,) for name in names], or_ignore=True)
    return dict(Tag.objects.filter(name__in=names).values_list("name", "pk"))


def write_ids(source: str, words: list[Word]) -> None:
    """An id that names another track already goes on naming that one."""
    storing.insert(
        ExternalId,
        ("track", "kind", "value", "source"),
        [
            (word.track, kind, value, source)
            for word in words
            if "ids" in word.changed
            for kind, value in word.said["ids"]
        ],
        or_ignore=True,
    )
