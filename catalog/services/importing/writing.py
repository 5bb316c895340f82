"""A chunk that was decided on becomes rows of the catalogue, in one transaction of its caller."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from catalog.models import Track, TrackImport, TrackRecord
from catalog.services import showing, storing
from catalog.services.importing.deciding import Chunk, Word
from catalog.services.importing.describing import (
    write_features,
    write_genres,
    write_ids,
    write_tags,
)
from catalog.services.importing.making import make_tracks
from catalog.services.placing import place_labels
from catalog.services.storing import among

RECORD = ("track", "source", "source_id", "match_key", "said", "said_at", "track_import")


def write(chunk: Chunk, *, track_import: TrackImport, at: datetime) -> dict[int, int]:
    """Write the words that changed; return the keys of the new tracks by their number below 0."""
    words = [word for word in chunk.words.values() if word.changed]
    made = dict(zip(chunk.new, storing.next_keys(Track, len(chunk.new)), strict=True))
    for word in words:
        word.track = made.get(word.track, word.track)
    known = {word.track for word in words} - set(made.values())
    places = place_labels({label for word in words for label in word.said.get("genres", ())})
    _prepare(known, at=at)
    sounds = make_tracks(list(chunk.new.values()), places, source=chunk.source, at=at)
    _write_records(chunk.source, words, track_import, at)
    retaught = write_features(chunk, words, sounds, may_train=track_import.may_train, at=at)
    write_genres(chunk.source, words, places)
    write_tags(chunk.source, words)
    write_ids(chunk.source, words)
    renamed = {word.track for word in words if word.changed.intersection(showing.SAID)}
    to_choose = known & renamed | _told_twice(words) - known
    showing.refresh_shown(to_choose)
    showing.point((known | retaught) - to_choose)
    return made


def _told_twice(words: list[Word]) -> set[int]:
    """Tracks of which more than one record speaks here: one may know what the other does not."""
    return {track for track, n in Counter(word.track for word in words).items() if n > 1}


def _prepare(tracks: set[int], *, at: datetime) -> None:
    """What stands before a source speaks of it is kept on record, and believed to exist."""
    stored = Track.objects.filter(among("pk", tracks))
    showing.keep_first_word(stored, at=at)
    stored.filter(is_verified=False).update(is_verified=True)


def _write_records(source: str, words: list[Word], track_import: TrackImport, at: datetime) -> None:
    moment = storing.as_moment(at)
    rows = {
        word.source_id: (
            word.track,
            source,
            word.source_id,
            word.row.key if word.row.title else "",
            storing.as_json(word.said),
            moment,
            track_import.pk,
        )
        for word in words
    }
    known = [rows.pop(word.source_id) for word in words if word.record]
    storing.insert(TrackRecord, RECORD, rows.values())
    storing.insert(
        TrackRecord,
        RECORD,
        known,
        unique=("source", "source_id"),
        or_update=("said", "said_at", "track_import"),
    )
