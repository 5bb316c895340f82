"""Likes, dislikes, ratings, favourites, hides and reports that agree with what was played."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.random import Generator

from musicsite.demo.catalogue import Catalogue, Flags
from musicsite.demo.plays import Plays
from musicsite.demo.sessions import DAY
from musicsite.demo.sound import Floats, Ints
from musicsite.demo.tracks import SPAN_DAYS

REPORTS = (
    "The year is wrong.",
    "This is the live version.",
    "Wrong artist.",
    "The title has a typo.",
)
HIDE_SHARE = 0.12  # of disliked tracks
REPORT_SHARE = 0.0015  # of tracks played at least twice
FAVOURITE_SHARE = 0.35  # of listeners name some
RATER_SHARE = 0.3  # of listeners
RATES = (0.28, 0.007)  # share of their tracks that raters and others rate


@dataclass(frozen=True)
class Stars:
    """What ratings depend on beside taste."""

    eager: Floats  # (listeners,) how readily each rates
    kind: Floats  # (listeners,) how many stars more each gives
    worth: Floats  # (tracks,) how many stars more each is given

    @classmethod
    def of(cls, rng: Generator, n_listeners: int, n_tracks: int) -> Stars:
        """A third or so rate much, the others hardly; some are strict, and some tracks better."""
        eager = np.where(rng.random(n_listeners) < RATER_SHARE, *RATES)
        return cls(eager, rng.normal(0, 0.6, n_listeners), rng.normal(0, 0.5, n_tracks))


class Opinion(NamedTuple):
    listener: int
    kind: str  # as in listening.FeedbackKind
    about: str  # track, artist or genre
    row: int
    at_ms: int  # since the first day of the world
    rating: int | None = None
    note: str = ""


@dataclass(frozen=True)
class _Heard:
    """The tracks a listener has played, each once."""

    track: Ints
    times: Ints
    skips: Floats  # share of those that were skipped
    liking: Floats
    last_ms: Ints

    @classmethod
    def of(cls, plays: Plays) -> _Heard:
        track, inverse, times = np.unique(plays.track, return_inverse=True, return_counts=True)
        skips = np.bincount(inverse, plays.skipped) / times
        last = np.zeros(track.size, dtype=np.int64)
        np.maximum.at(last, inverse, plays.start_ms + plays.ms_played)
        return cls(track, times, skips, plays.liking[track], last)


def opinions_of(
    rng: Generator, catalogue: Catalogue, plays: Plays, outspoken: float, stars: Stars
) -> list[Opinion]:
    heard = _Heard.of(plays)
    liked, disliked = _verdicts(rng, heard, outspoken)
    hidden = disliked & (rng.random(disliked.size) < HIDE_SHARE)
    reported = (heard.times > 1) & (rng.random(liked.size) < REPORT_SHARE)
    chosen = {"like": liked, "dislike": disliked, "hide": hidden, "report": reported}
    given = [
        _about(plays.listener, kind, heard, row, note=_note(rng, kind))
        for kind, rows in chosen.items()
        for row in np.flatnonzero(rows).tolist()
    ]
    given += _ratings(rng, plays.listener, heard, outspoken, stars)
    if rng.random() < FAVOURITE_SHARE:
        given += _favourites(rng, catalogue, plays.listener, heard)
    return [opinion for opinion in given if opinion.at_ms < SPAN_DAYS * DAY]


def _verdicts(rng: Generator, heard: _Heard, outspoken: float) -> tuple[Flags, Flags]:
    """Return who is liked and who is disliked; nothing is both."""
    warm = -4.4 + 0.8 * heard.liking + 0.9 * np.log(heard.times) - 2 * heard.skips + outspoken
    cold = -3.6 - 0.9 * heard.liking + 2.5 * heard.skips - 0.5 * np.log(heard.times) + outspoken
    liked = rng.random(warm.size) < 1 / (1 + np.exp(-warm))
    disliked = rng.random(cold.size) < 1 / (1 + np.exp(-cold))
    return liked, disliked & ~liked


def _ratings(
    rng: Generator, listener: int, heard: _Heard, outspoken: float, stars: Stars
) -> list[Opinion]:
    eager = stars.eager[listener] * np.exp(0.7 * outspoken)
    rated = np.flatnonzero(rng.random(heard.track.size) < eager)
    taste = 2.0 + 0.65 * heard.liking + 0.45 * np.log(heard.times) - 1.4 * heard.skips
    meant = taste + stars.kind[listener] + stars.worth[heard.track]
    given = np.clip(np.round(meant + rng.normal(0, 0.75, meant.size)), 1, 5).astype(int)
    return [
        _about(listener, "rating", heard, row, rating=star)
        for row, star in zip(rated.tolist(), given[rated].tolist(), strict=True)
    ]


def _about(
    listener: int, kind: str, heard: _Heard, row: int, *, rating: int | None = None, note: str = ""
) -> Opinion:
    """Speak of a track heard, the last time it was."""
    track, at_ms = int(heard.track[row]), int(heard.last_ms[row])
    return Opinion(listener, kind, "track", track, at_ms, rating, note)


def _note(rng: Generator, kind: str) -> str:
    return REPORTS[int(rng.integers(len(REPORTS)))] if kind == "report" else ""


def _favourites(
    rng: Generator, catalogue: Catalogue, listener: int, heard: _Heard
) -> list[Opinion]:
    """Name the artists and the genre played most."""
    full = heard.times * (1 - heard.skips)
    artists = np.bincount(catalogue.tracks.artist[heard.track], full)
    genres = np.bincount(catalogue.tracks.genre[heard.track], full)
    at_ms = int(rng.choice(heard.last_ms))
    named = np.argsort(-artists, kind="stable")[: int(rng.integers(1, 4))]
    given = [
        Opinion(listener, "favourite", "artist", int(row), at_ms) for row in named if artists[row]
    ]
    return [*given, Opinion(listener, "favourite", "genre", int(np.argmax(genres)), at_ms)]
