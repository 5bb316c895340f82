from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator

from musicsite.demo.artists import DIMENSIONS
from musicsite.demo.catalogue import Flags
from musicsite.demo.habits import HABITS, PLACES
from musicsite.demo.known import KNOWN_LISTENERS
from musicsite.demo.names.artists import person, pick
from musicsite.demo.names.languages import WORDS
from musicsite.demo.names.words import split
from musicsite.demo.sound import Floats, Ints
from musicsite.demo.tastes import GROUPS, TASTE_GROUPS
from musicsite.demo.tracks import SPAN_DAYS

NEWCOMER_PLAYS = 3
NEWCOMER_SHARE = 0.04
DRIFT_SHARE = 0.45
LEFT_SHARE = 0.12  # who stopped listening before the end
PLAYS_SPREAD = 0.95  # of log plays
MOST_PLAYS = 2200
KNOWN_PLAYS = 40  # at least, of a known listener in a small world
HANDLES = split(
    "ferry; ledger; orchard; signal; meadow; comet; pebble; tram; acorn; lantern; heron; marble; "
    "kite; saffron; walnut; tundra; compass; velvet; pepper; willow"
)


@dataclass(frozen=True)
class Listeners:
    names: list[str]
    handles: list[str]
    place: Ints
    habit: Ints
    birth_year: Ints  # 0 where not given
    wants_explicit: Flags
    shares_taste: Flags
    early: Floats  # (n, taste groups) taste on the first day
    late: Floats  # and on the last
    latent: Floats
    joined: Ints  # day of the world, from 0
    left: Ints
    n_plays: Ints
    tuned: Floats  # how much the hour decides what is played
    skippy: Floats  # how easily a track is skipped
    outspoken: Floats  # how readily an opinion is given
    fond: Floats  # how much the known artists are liked beyond taste

    def __len__(self) -> int:
        return len(self.names)


def make_listeners(rng: Generator, n: int, *, n_plays: int, known_share: float = 1) -> Listeners:
    """Make the known listeners first, then n others who played about `n_plays` times in all.

    `known_share` is how much of their usual plays the known listeners have in this world.
    """
    place = _draw(rng, [place.share for place in PLACES], n)
    early, late, latent = _tastes(rng, n)
    joined, left = _spans(rng, n)
    plays = _play_counts(rng, left - joined, n_plays)
    newcomers = np.arange(n) < round(NEWCOMER_SHARE * n)
    plays[newcomers] = NEWCOMER_PLAYS
    joined[newcomers] = SPAN_DAYS - rng.integers(3, 21, newcomers.sum())
    left[newcomers] = SPAN_DAYS
    others = Listeners(
        names=[person(rng, WORDS[PLACES[row].language]) for row in place],
        handles=_handles(rng, n),
        place=place,
        habit=_draw(rng, [habit.share for habit in HABITS], n),
        birth_year=np.where(rng.random(n) < 0.5, rng.integers(1950, 2009, n), 0),
        wants_explicit=rng.random(n) > 0.06,
        shares_taste=rng.random(n) > 0.05,
        early=early,
        late=late,
        latent=latent,
        joined=joined,
        left=left,
        n_plays=plays,
        tuned=rng.uniform(0, 3.5, n),
        skippy=rng.normal(0, 0.6, n),
        outspoken=rng.normal(0, 0.9, n),
        fond=np.zeros(n),
    )
    return _with_known(rng, others, known_share)


def _draw(rng: Generator, shares: list[float], n: int) -> Ints:
    chances = np.array(shares) / sum(shares)
    return rng.choice(chances.size, n, p=chances)


def _tastes(rng: Generator, n: int) -> tuple[Floats, Floats, Floats]:
    """Return early and late mixtures of groups, and what is liked beside genre."""
    early = _mixtures(rng, n)
    drifts = rng.random((n, 1)) < DRIFT_SHARE
    late = np.where(drifts, 0.35 * early + 0.65 * _mixtures(rng, n), early)
    of_group = rng.normal(0, 1, (len(TASTE_GROUPS), DIMENSIONS))
    latent = (early + late) @ of_group / 2 + rng.normal(0, 0.7, (n, DIMENSIONS))
    return early, late, latent


def _mixtures(rng: Generator, n: int) -> Floats:
    """Most like one group well, a second somewhat, a third a little."""
    shares = [group.share for group in TASTE_GROUPS]
    mixture = np.zeros((n, len(TASTE_GROUPS)))
    for weight in (1.0, 0.4, 0.12):
        own = weight * rng.uniform(0.4, 1, n)
        np.add.at(mixture, (np.arange(n), _draw(rng, shares, n)), own)
    return mixture / mixture.sum(axis=1, keepdims=True)


def _spans(rng: Generator, n: int) -> tuple[Ints, Ints]:
    joined = np.where(rng.random(n) < 0.45, 0, rng.integers(0, SPAN_DAYS - 40, n))
    early = joined + 30 + (SPAN_DAYS - 30 - joined) * rng.random(n)
    left = np.where(rng.random(n) < LEFT_SHARE, early, SPAN_DAYS)
    return joined.astype(np.int64), left.astype(np.int64)


def _play_counts(rng: Generator, days: Ints, total: int) -> Ints:
    eager = rng.lognormal(0, PLAYS_SPREAD, days.size) * days**0.7
    counts = np.full(days.size, 5.0)
    for _ in range(4):  # what the bounds take away goes to the others
        counts = np.clip(eager, 5, MOST_PLAYS)
        eager *= total / counts.sum()
    return np.clip(np.ceil(eager), 5, MOST_PLAYS).astype(np.int64)


def _handles(rng: Generator, n: int) -> list[str]:
    numbers = rng.permutation(9000)[:n] + 1000
    return [f"{_handle_word(rng)}-{number}" for number in numbers]


def _handle_word(rng: Generator) -> str:
    if rng.random() < 0.5:
        return pick(rng, HANDLES)
    given = unicodedata.normalize("NFKD", pick(rng, WORDS["en"].given + WORDS["de"].given))
    return given.encode("ascii", "ignore").decode().lower()


def _with_known(rng: Generator, others: Listeners, share: float) -> Listeners:
    """Put the known listeners before the others; what is not said of them is drawn."""
    known = KNOWN_LISTENERS
    mixtures = [(_mixture(one.early), _mixture(one.late)) for one in known]
    ones, zeros = np.ones(len(known)), np.zeros(len(known), dtype=np.int64)
    places = [place.time_zone for place in PLACES]
    habits = [habit.name for habit in HABITS]
    before: dict[str, Any] = {
        "names": [one.name for one in known],
        "handles": [one.handle for one in known],
        "place": np.array([places.index(one.time_zone) for one in known]),
        "habit": np.array([habits.index(one.habit) for one in known]),
        "birth_year": zeros,
        "wants_explicit": np.array([one.wants_explicit for one in known]),
        "shares_taste": ones.astype(bool),
        "early": np.array([early for early, _ in mixtures]),
        "late": np.array([late for _, late in mixtures]),
        "latent": rng.normal(0, 0.7, (len(known), DIMENSIONS)),
        "joined": np.array([SPAN_DAYS - one.days for one in known]),
        "left": zeros + SPAN_DAYS,
        "n_plays": np.array([max(round(share * one.n_plays), KNOWN_PLAYS) for one in known]),
        "tuned": 1.5 * ones,
        "skippy": 0.2 * ones,
        "outspoken": ones,
        "fond": np.array([one.fond for one in known]),
    }
    columns = vars(others)
    return Listeners(**{name: _joined(value, columns[name]) for name, value in before.items()})


def _joined(before: Any, after: Any) -> Any:
    return before + after if isinstance(before, list) else np.concatenate([before, after])


def _mixture(groups: dict[str, float]) -> Floats:
    mixture = np.zeros(len(TASTE_GROUPS))
    for name, weight in groups.items():
        mixture[GROUPS[name]] = weight
    return mixture / mixture.sum()
