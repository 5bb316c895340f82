"""What becomes of each row of a chunk, before anything is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from catalog.imports.rows import Rejected, Row, TrackRow
from catalog.models import RowFate, TrackRecord
from catalog.services.matching import Index, Wanted
from catalog.services.storing import among

ADDED = ("genres", "tags", "ids", "features")  # what a later row of the file may add to
NO_TITLE = "no title, and its id names no track that is here"


@dataclass
class Word:
    """What a source says of a track, and by which rows. `track` below 0: yet to be made."""

    source_id: str
    track: int
    said: dict[str, Any]
    row: TrackRow
    record: TrackRecord | None = None  # as it is stored
    changed: set[str] = field(default_factory=set)  # names of values


@dataclass
class Chunk:
    """Rows with their fates, and the words that have to be written."""

    source: str
    words: dict[str, Word] = field(default_factory=dict)
    fates: list[tuple[Row, RowFate, int | None]] = field(default_factory=list)
    reasons: dict[int, str] = field(default_factory=dict)  # by line
    new: dict[int, Word] = field(default_factory=dict)  # by number below 0

    def say(self, row: Row, fate: RowFate, track: int | None = None) -> None:
        self.fates.append((row, fate, track))

    @property
    def counts(self) -> dict[RowFate, int]:
        return {fate: sum(one == fate for _, one, _ in self.fates) for fate in RowFate}


def decide(rows: Iterable[Row], *, source: str, seen: set[str], import_id: int) -> Chunk:
    """Say of each row what becomes of it. `seen` are the ids that the file has had so far."""
    rows = list(rows)
    tracks = {row.line: (row.record_id(), wanted(row)) for row in rows if isinstance(row, TrackRow)}
    records = _records(source, {source_id for source_id, _ in tracks.values()})
    unknown = [named for source_id, named in tracks.values() if source_id not in records]
    index = Index.load(unknown)
    chunk = Chunk(source)
    for row in rows:
        if isinstance(row, Rejected):
            reject(chunk, row, row.reason)
            continue
        source_id, named = tracks[row.line]
        word = chunk.words.get(source_id) or _stored(records.get(source_id), row)
        if word is None:
            _first_word(chunk, row, named, source_id, index)
        else:
            chunk.words[source_id] = word
            _another_word(chunk, word, row, again=source_id in seen, import_id=import_id)
        seen.add(source_id)
    return chunk


def wanted(row: TrackRow) -> Wanted:
    return Wanted(row.artists[0], row.title, row.duration_ms, row.ids)


def reject(chunk: Chunk, row: Row, reason: str) -> None:
    chunk.say(row, RowFate.REJECTED)
    chunk.reasons[row.line] = reason


def _records(source: str, ids: set[str]) -> dict[str, TrackRecord]:
    found = TrackRecord.objects.filter(among("source_id", ids), source=source)
    return {record.source_id: record for record in found}


def _stored(record: TrackRecord | None, row: TrackRow) -> Word | None:
    if record is None:
        return None
    return Word(record.source_id, record.track_id, dict(record.said), row, record)


def _first_word(chunk: Chunk, row: TrackRow, named: Wanted, source_id: str, index: Index) -> None:
    """The source speaks of this for the first time: of a track that is there, or a new one."""
    match = index.find(named)
    if match is None and not row.title:
        reject(chunk, row, NO_TITLE)
        return
    track = match.track if match else -1 - len(chunk.new)
    word = chunk.words[source_id] = Word(source_id, track, row.said(), row)
    word.changed = set(word.said)
    if match is None:
        chunk.new[track] = word
    index.add(named, track=track)
    chunk.say(row, RowFate.NEW if match is None else RowFate.MERGED, track)


def _another_word(chunk: Chunk, word: Word, row: TrackRow, *, again: bool, import_id: int) -> None:
    """The source has spoken of this before. In one file the first row counts, others add to it."""
    changed = _add(word.said, row.said(), only_add=again)
    word.changed |= changed
    written_now = word.record is None or word.record.track_import_id == import_id
    if again and (changed or written_now or word.changed):
        chunk.say(row, RowFate.MERGED, word.track)
    else:
        chunk.say(row, RowFate.CHANGED if changed else RowFate.UNCHANGED, word.track)


def _add(said: dict[str, Any], more: Mapping[str, Any], *, only_add: bool) -> set[str]:
    """Take over what is new in `more`; return the names of the values that changed.

    What a file does not say any more stays said. Genres, tags and ids are only ever added to.
    """
    changed = set()
    for name, value in more.items():
        kept = _together(said.get(name), value, only_add) if name in ADDED else value
        if name not in ADDED and only_add and name in said:
            continue
        if kept != said.get(name):
            said[name] = kept
            changed.add(name)
    return changed


def _together(known: Any, more: Any, only_add: bool) -> Any:
    if known is None:
        return more
    if isinstance(known, dict):
        return more | known if only_add else known | more
    return known + [one for one in more if one not in known]
