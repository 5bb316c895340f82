"""A listener's plays as arrays: packed blocks of a month each, and what the catalogue knows.

A listener without any block is read play by play. Once there is one, each month that has plays
has one too, or a day of it is marked as stale.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
from django.db.models import BinaryField, Value
from django.db.models.functions import Coalesce
from numpy.typing import NDArray

from accounts.models import Listener
from catalog.models import Track
from catalog.services.storing import among
from listening.counting.plays import Ids, Plays, on_the_clock
from listening.models import HeardMonth, Play, PlayQuerySet, StaleDay

PACKED = np.dtype(
    [("second", "<u4"), ("track", "<i8"), ("seconds", "<i4"), ("skipped", "?")]
)  # since the month began; -1 seconds: the source does not say
UNPACKED = np.dtype([("at", "<i8"), ("track", "<i8"), ("seconds", "<i4"), ("skipped", "?")])
FEATURES = ("tempo", "energy", "valence")
CHUNK = 20_000
Block = NDArray[np.void]


def plays_of(listener: Listener) -> Plays:
    """Return all that the listener heard and skipped, oldest first, with what shows of it now."""
    packed, stale = _packed_and_stale(listener)
    if not packed:
        return _described(_read(Play.objects.filter(listener=listener)), listener)
    blocks = {month: _unpacked(month, block) for month, block in packed.items()}
    blocks |= {month: read_month(listener.pk, month) for month in stale}
    return _described(np.concatenate([blocks[month] for month in sorted(blocks)]), listener)


def _packed_and_stale(listener: Listener) -> tuple[dict[date, bytes | memoryview], set[date]]:
    """Ask for both at one moment, or a month that is packed just now would be in neither."""
    packed = HeardMonth.objects.filter(listener=listener).values_list("month", "block")
    nothing = Value(None, output_field=BinaryField())
    stale = StaleDay.objects.filter(listener=listener).values_list("day", nothing)
    rows = list(packed.union(stale, all=True))
    return (
        {month: block for month, block in rows if block is not None},
        {day.replace(day=1) for day, block in rows if block is None},
    )


def read_month(listener_id: int, month: date) -> Block:
    """Read the plays of a month (of UTC) one by one."""
    start = datetime(month.year, month.month, 1, tzinfo=UTC)
    end = datetime(month.year + month.month // 12, month.month % 12 + 1, 1, tzinfo=UTC)
    plays = Play.objects.filter(listener=listener_id, started_at__gte=start, started_at__lt=end)
    return _read(plays)


def packed(month: date, block: Block) -> bytes:
    """Return the plays of a month as bytes."""
    rows = np.empty(block.size, dtype=PACKED)
    rows["second"] = block["at"] - _start(month)
    for name in ("track", "seconds", "skipped"):
        rows[name] = block[name]
    return rows.tobytes()


def _unpacked(month: date, data: bytes | memoryview) -> Block:
    rows = np.frombuffer(data, dtype=PACKED)
    block = np.empty(rows.size, dtype=UNPACKED)
    block["at"] = rows["second"].astype(np.int64) + _start(month)
    for name in ("track", "seconds", "skipped"):
        block[name] = rows[name]
    return block


def _start(month: date) -> int:
    return int(datetime(month.year, month.month, 1, tzinfo=UTC).timestamp())


def _read(plays: PlayQuerySet) -> Block:
    rows = plays.order_by("started_at", "pk").values_list(
        "started_at", "track_id", "ms_played", "skipped"
    )
    return np.array(
        [
            (int(at.timestamp()), track, -1 if ms is None else ms // 1000, skipped)
            for at, track, ms, skipped in rows.iterator(chunk_size=CHUNK)
        ],
        dtype=UNPACKED,
    )


def _described(block: Block, listener: Listener) -> Plays:
    """Say of each play what the catalogue shows now. Unknown lengths are those of the tracks."""
    codes, recorded = pd.factorize(block["track"])
    shown, facts = _facts(np.asarray(recorded))
    of_play = {name: values[codes] for name, values in facts.items()}
    known = block["seconds"] >= 0
    return Plays(
        at=block["at"],
        local=on_the_clock(block["at"], listener.zone.key),
        seconds=np.where(known, block["seconds"], of_play["seconds"]).astype(np.int64),
        skipped=block["skipped"],
        track=shown[codes],
        **{name: of_play[name].astype(np.int64) for name in ("artist", "album", "genre", "year")},
        features={name: of_play[name].astype(np.float32) for name in FEATURES},
    )


def _facts(recorded: Ids) -> tuple[Ids, dict[str, NDArray[np.float64]]]:
    """Return the track that shows for each of these, and what is known of it; 0 or NaN: nothing."""
    table = _table(recorded)
    own = table[np.searchsorted(table[:, 0], recorded)]
    survivors = np.unique(own[:, 1][~np.isnan(own[:, 1])])
    if survivors.size:
        table = np.unique(np.concatenate([table, _table(survivors.astype(np.int64))]), axis=0)
    shown = np.where(np.isnan(own[:, 1]), recorded, own[:, 1]).astype(np.int64)
    found = table[np.searchsorted(table[:, 0], shown)]
    known = np.nan_to_num(found[:, 2:7])
    names = ("artist", "album", "genre", "year")
    facts = dict(zip(names, known.T, strict=False)) | {"seconds": known[:, 4] // 1000}
    return shown, facts | dict(zip(FEATURES, found[:, 7:].T, strict=True))


def _table(tracks: Ids) -> NDArray[np.float64]:
    """Return a row for each track, by id: into what it was merged, and what is known of it."""
    rows = (
        Track.objects.filter(among("pk", tracks.tolist()))
        .order_by("pk")
        .values_list(
            "pk",
            "canonical_id",
            Coalesce("artist__canonical_id", "artist_id"),
            "album_id",
            "genre_id",
            "year",
            "duration_ms",
            *(f"features__{name}" for name in FEATURES),
        )
    )
    return np.array(list(rows.iterator(chunk_size=CHUNK)), dtype=np.float64).reshape(-1, 10)
