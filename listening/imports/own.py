"""Our own export: plays, feedback, mutes and corrections; docs/listening.md has their form."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from typing import Any, TextIO

from listening.arrivals import Arrival, Fate
from listening.imports import table, values
from listening.imports.elements import elements
from listening.imports.readers import Head, Reader, Setting, count, each
from listening.imports.rows import (
    Corrected,
    LeftOut,
    Music,
    Muted,
    Opinion,
    Row,
    Sourced,
    Unreadable,
)
from listening.imports.table import Cells

OWN = "segue"
KINDS = ("like", "dislike", "favourite", "rating", "hide", "report", "skip")
THINGS = ("track", "artist", "album", "genre")
MUTED = ("track", "artist", "genre")
BETWEEN = "; "  # several artists in a cell
YES, NO = "yes", "no"
COLUMNS = (
    "started_at",
    "title",
    "artist",
    "artists",
    "album",
    "duration_ms",
    "ms_played",
    "skipped",
    "source",
    "ids",
)


class Own(Reader):
    """One file of our own export: what kind it is of stands in it under `segue`."""

    format = OWN
    source = "other-file"
    kind: str  # and the name of the list that it holds

    def knows(self, head: Head) -> bool:
        return (OWN, self.kind) in head.pairs

    def rows(self, file: TextIO, setting: Setting) -> Iterator[Row]:
        return each(elements(file), (self.kind,), self.row)

    def row(self, found: dict[str, Any]) -> Row:
        raise NotImplementedError


class OwnPlays(Own):
    name = "segue-plays"
    kind = "plays"

    def count(self, file: TextIO) -> int:
        return count(elements(file), (self.kind,))

    def row(self, found: dict[str, Any]) -> Row:
        return _play(found)


class OwnTable(Own):
    """The plays once more, for spreadsheets."""

    name = "segue-plays-csv"

    def knows(self, head: Head) -> bool:
        named = table.columns(head.line)
        return named == [column.replace("_", "") for column in COLUMNS]

    def rows(self, file: TextIO, setting: Setting) -> Iterator[Row]:
        return table.rows(file, _cells)


class OwnFeedback(Own):
    name = "segue-feedback"
    kind = "feedback"

    def row(self, found: dict[str, Any]) -> Row:
        return _opinion(found)


class OwnMutes(Own):
    name = "segue-mutes"
    kind = "mutes"
    comes_last = True  # some are of plays

    def row(self, found: dict[str, Any]) -> Row:
        return _mute(found)


class OwnCorrections(Own):
    name = "segue-corrections"
    kind = "corrections"

    def row(self, found: dict[str, Any]) -> Row:
        return _correction(found)


def profile_of(file: TextIO) -> tuple[float, str]:
    """The number of a profile (the first one made has the smallest) and its name."""
    for key, row in elements(file):
        if key == "profile" and isinstance(row, dict):
            number = values.number(row.get("id"))
            return inf if number is None else number, values.text(row.get("name"))[:60]
    return inf, ""


def _play(row: dict[str, Any]) -> Row:
    skipped, played = row.get("skipped"), values.number(row.get("ms_played"))
    arrival = Arrival(
        started_at=values.moment(row.get("started_at")),
        artist=values.artist(row.get("artist")),
        title=values.title(row.get("title")),
        artists=values.artists(row.get("artists")),
        album=values.album(row.get("album")),
        duration_ms=values.milliseconds(row.get("duration_ms")),
        ms_played=int(played) if played is not None and 0 <= played <= values.LONGEST_MS else None,
        skipped=skipped if isinstance(skipped, bool) else None,
        ids=_ids(row.get("ids")),
    )
    return Sourced(arrival, values.text(row.get("source")))


def _cells(cells: Cells) -> Row:
    ids = [word.partition(":")[::2] for word in cells["ids"].split()]
    row: dict[str, Any] = {
        "started_at": cells["startedat"],
        "title": cells["title"],
        "artist": cells["artist"],
        "artists": cells["artists"].split(BETWEEN),
        "album": cells["album"],
        "duration_ms": cells["durationms"],
        "ms_played": cells["msplayed"],
        "skipped": {YES: True, NO: False}.get(cells["skipped"]),
        "source": cells["source"],
        "ids": ids,
    }
    return _play(row)


def _ids(pairs: Any) -> tuple[values.Id, ...]:
    if not isinstance(pairs, list):
        return ()
    told = [pair for pair in pairs if isinstance(pair, list | tuple) and len(pair) == 2]
    return tuple((str(kind)[:20], str(value)[:100]) for kind, value in told if kind and value)


def _opinion(row: dict[str, Any]) -> Row:
    kind, on = values.text(row.get("kind")), values.text(row.get("on")) or "track"
    if kind not in KINDS or on not in THINGS:
        raise Unreadable("neither a kind of feedback nor a thing that we know")
    rating = row.get("rating")
    return Opinion(
        kind=kind,
        name=values.title(row.get("name")),
        on=on,
        artists=values.artists(row.get("artists")),
        album=values.album(row.get("album")),
        duration_ms=values.milliseconds(row.get("duration_ms")),
        ids=_ids(row.get("ids")),
        at=values.moment(row.get("at")),
        withdrawn=row.get("withdrawn") is True,
        rating=rating if isinstance(rating, int) and not isinstance(rating, bool) else None,
        note=values.text(row.get("note"))[:500],
    )


def _mute(row: dict[str, Any]) -> Row:
    on, made_at = values.text(row.get("on")), values.moment(row.get("made_at"))
    if row.get("lifted_at") is not None:
        return LeftOut(Fate.KEPT, "lifted before")
    if on == "source":
        return Muted(made_at, source=values.title(row.get("source")))
    if on == "time":
        starts_at, ends_at = values.moment(row.get("starts_at")), values.moment(row.get("ends_at"))
        if starts_at >= ends_at:
            raise Unreadable("it ends before it begins")
        return Muted(made_at, starts_at=starts_at, ends_at=ends_at)
    if on == "play":
        return Muted(made_at, music(row, "track"), starts_at=values.moment(row.get("started_at")))
    if on not in MUTED:
        raise Unreadable("nothing that we know to be muted")
    return Muted(made_at, music(row, on))


def _correction(row: dict[str, Any]) -> Row:
    wrong, right = values.mapping(row.get("wrong")), values.mapping(row.get("right"))
    made_at = values.moment(row.get("made_at"))
    if row.get("undone_at") is not None:
        return LeftOut(Fate.KEPT, "undone before")
    return Corrected(music(wrong, "track"), music(right, "track"), made_at)


def music(row: dict[str, Any], on: str) -> Music:
    return Music(
        name=values.title(row.get("name")),
        on=on,
        artists=values.artists(row.get("artists")),
        album=values.album(row.get("album")),
        duration_ms=values.milliseconds(row.get("duration_ms")),
        ids=_ids(row.get("ids")),
    )
