"""Plays and feedback, stored as they are made."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from listening.models import Feedback, FeedbackChange, Play
from musicsite.demo.load.music import Keys
from musicsite.demo.load.rows import store_values
from musicsite.demo.opinions import Opinion
from musicsite.demo.plays import Plays
from musicsite.demo.world import World

TELL_EVERY = 50_000  # plays
OPINION = ("listener", "kind", "track", "artist", "genre", "rating", "note")
PLAY = ("listener", "track", "started_at", "ms_played", "skipped", "source", "is_pinned")


def load_doings(
    world: World, music: Keys, listeners: list[int], tell: Callable[[str], None]
) -> None:
    opinions: list[Opinion] = []
    told = stored = 0
    for stored in store_values(Play, PLAY, _plays(world, music, listeners, opinions)):
        if stored - told >= TELL_EVERY:
            told = stored
            tell(f"{stored:,} plays stored")
    given = [_opinion(world, music, listeners, opinion) for opinion in opinions]
    deque(store_values(Feedback, (*OPINION, "given_at"), given), maxlen=0)
    changes = ((*row, False) for row in given)
    deque(store_values(FeedbackChange, (*OPINION, "at", "withdrawn"), changes), maxlen=0)
    tell(f"{stored:,} plays and {len(opinions):,} opinions stored")


def _plays(
    world: World, music: Keys, listeners: list[int], opinions: list[Opinion]
) -> Iterator[tuple[Any, ...]]:
    """Yield all plays, and keep the opinions that came with them."""
    for plays, given in world.plays():
        opinions += given
        yield from _rows(world.start, plays, music, listeners[plays.listener])


def _rows(start: datetime, plays: Plays, music: Keys, listener: int) -> Iterator[tuple[Any, ...]]:
    """Yield rows of PLAY."""
    columns = zip(
        plays.track.tolist(),
        (plays.start_ms // 1000).tolist(),
        plays.ms_played.tolist(),
        plays.skipped.tolist(),
        strict=True,
    )
    moment = connection.ops.adapt_datetimefield_value
    for track, seconds, ms_played, skipped in columns:
        started_at = moment(start + timedelta(seconds=seconds))
        yield (
            listener,
            music.tracks[track],
            started_at,
            ms_played,
            skipped,
            Play.Source.DEMO.value,
            False,  # pinned
        )


def _opinion(world: World, music: Keys, listeners: list[int], opinion: Opinion) -> tuple[Any, ...]:
    """Return a row of OPINION and the moment."""
    keys = {"track": music.tracks, "artist": music.artists, "genre": music.genres}
    about = (
        keys[name][opinion.row] if opinion.about == name else None
        for name in ("track", "artist", "genre")
    )
    at = connection.ops.adapt_datetimefield_value(
        world.start + timedelta(milliseconds=opinion.at_ms)
    )
    return (listeners[opinion.listener], opinion.kind, *about, opinion.rating, opinion.note, at)
