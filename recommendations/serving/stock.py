"""What a process knows of the catalogue beside the model: which columns are of a genre, explicit, …

Read from the database when first asked for, and again after a while. Whether a track may be shown
at all is asked of the database for each list, so that nothing hidden is ever shown.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from django.db.models import Max, Q, QuerySet
from numpy.typing import NDArray

from catalog.models import Genre, Track
from jobs.prepared import PreparedByPk
from recommendations.activities import ACTIVITIES
from recommendations.models import Demotion, Experiment
from recommendations.serving.live import Live
from recommendations.serving.moods import mood_levels

SOON = 3.0  # seconds until an act of a curator or an operator is noticed
LATER = 120.0  # seconds until a genre’s new place, a sound or a title is
TITLES = 50_000  # kept at once


class Named(NamedTuple):
    """A track that a reason names."""

    pk: int
    title: str
    language: str


_NAMED = PreparedByPk(
    lambda pks: Track.objects.filter(pk__in=pks).values_list("pk", "title", "language")
)


class Titles:
    """What tracks are called, whatever model names them; each is read again after a while."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[float, Named | None]] = {}

    def of(self, pks: Collection[int]) -> dict[int, Named]:
        """Tracks that are gone are left out."""
        now = time.monotonic()
        never = (now - LATER, None)
        kept = {pk: self._known.get(pk, never) for pk in pks}
        if old := [pk for pk, (since, _named) in kept.items() if now - since >= LATER]:
            if len(self._known) > TITLES - len(old):
                self._known = {}
            read = {row[0]: Named(*row) for row in _NAMED.rows(old)}
            fresh = {pk: (now, read.get(pk)) for pk in old}
            self._known |= fresh
            kept |= fresh
        return {pk: named for pk, (_since, named) in kept.items() if named}


class Stock:
    """Columns of one model by what the catalogue says of them."""

    def __init__(self, live: Live, titles: Titles | None = None) -> None:
        self.live = live
        self.names = Titles() if titles is None else titles
        self._known: dict[Any, tuple[float, int, Any]] = {}

    @property
    def catalogue_version(self) -> int:
        """It moves with each change of a track: a merge gives its plays to another."""
        return self._kept("version", SOON, _last_change)

    @property
    def demoted(self) -> NDArray[np.int32]:
        """What a curator decided to show less."""
        return self._kept("demoted", SOON, lambda: self._columns(_demoted()))

    @property
    def has_experiment(self) -> bool:
        """Whether one runs."""
        return self._kept("experiment", SOON, lambda: Experiment.objects.running().exists())

    @property
    def explicit(self) -> NDArray[np.int32]:
        return self._mended("explicit", _explicit)

    def genre(self, pk: int) -> NDArray[np.int32]:
        """Return the tracks of a genre and of what grows from it."""
        return self._mended(("genre", pk), lambda: _of_genre(pk))

    def activity(self, name: str) -> NDArray[np.int32]:
        return self._kept(("activity", name), LATER, lambda: self._columns(_going_with(name)))

    def mood(self, name: str) -> NDArray[np.float64]:
        """Return how well each column fits a mood, 0 to 1; 0 where its sound is not known."""
        return self._kept(("mood", name), LATER, lambda: mood_levels(self.live.model, name))

    def versions(self, columns: NDArray[np.int32]) -> NDArray[np.int32]:
        """Return the columns of all recordings of these columns' works."""
        works = np.unique(self.live.model.work[columns])
        works = works[works >= 0]
        bounds, by_work = self._by_work
        starts = bounds[works]
        counts = bounds[works + 1] - starts
        ends = np.cumsum(counts)
        return by_work[np.arange(counts.sum()) + np.repeat(starts - ends + counts, counts)]

    @cached_property
    def _by_work(self) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """The columns work by work, and where each work begins among them and the last ends."""
        work = self.live.model.work
        known = np.flatnonzero(work >= 0)
        bounds = np.concatenate([[0], np.cumsum(np.bincount(work[known]))])
        return bounds, known[np.argsort(work[known], kind="stable")].astype(np.int32)

    @cached_property
    def fame(self) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """The popular columns, in their order, and how well known each is, up to 1."""
        popularity, popular = self.live.model.popularity, np.sort(self.live.model.popular)
        most = max(1.0, float(popularity.max(initial=0)))
        return popular, popularity[popular].astype(np.float64) / most

    def titles(self, columns: Collection[int]) -> dict[int, Named]:
        """Return what tracks are called; those that are gone are left out."""
        pks = {column: int(self.live.model.item_ids[column]) for column in columns}
        named = self.names.of(pks.values())
        return {column: named[pk] for column, pk in pks.items() if pk in named}

    def mask(self, columns: NDArray[np.int32]) -> NDArray[np.bool_]:
        mask = np.zeros(self.live.model.n_items, np.bool_)
        mask[columns] = True
        return mask

    def _columns(self, tracks: QuerySet[Any]) -> NDArray[np.int32]:
        ids = np.fromiter((row[0] for row in tracks.iterator(chunk_size=20_000)), dtype=np.int64)
        columns = self.live.model.columns(ids)
        return np.unique(columns[columns >= 0])

    def _mended(self, key: Any, read: Callable[[], QuerySet[Any]]) -> NDArray[np.int32]:
        """Return the columns of tracks by what a curator may mend, which is noticed soon."""
        return self._kept(key, LATER, lambda: self._columns(read()), of=self.catalogue_version)

    def _kept(self, key: Any, seconds: float, read: Callable[[], Any], of: int = 0) -> Any:
        """Return what was read, for so long, and `of` the same version."""
        since, version, value = self._known.get(key, (-seconds, of, None))
        if time.monotonic() - since >= seconds or version != of:
            value = read()
            self._known[key] = (time.monotonic(), of, value)
        return value


MODELS = 3  # as many as may be live beside each other, in an experiment or a promotion
_stocks: dict[int, Stock] = {}


def stock_of(live: Live) -> Stock:
    """Return this process's stock of a model; all but the titles of an older one is let go."""
    stock = _stocks.get(live.version)
    if stock is None or stock.live is not live:
        titles = next((other.names for other in _stocks.values()), None)
        while len(_stocks) >= MODELS:
            _stocks.pop(next(iter(_stocks)), None)
        stock = _stocks[live.version] = Stock(live, titles)
    return stock


def _last_change() -> int:
    newest = Track.history.aggregate(newest=Max("history_id"))
    return newest["newest"] or 0


def _demoted() -> QuerySet[Any]:
    return Demotion.objects.values_list("track_id")


def _explicit() -> QuerySet[Any]:
    return Track.objects.filter(is_explicit=True).values_list("pk")


def _of_genre(pk: int) -> QuerySet[Any]:
    genre = Genre.objects.filter(pk=pk).first()
    branch = Genre.objects.branch(genre) if genre else Genre.objects.none()
    return Track.objects.filter(genre__in=list(branch)).values_list("pk")


def _going_with(activity: str) -> QuerySet[Any]:
    inside = Q()
    for name, bounds in ACTIVITIES[activity].items():
        inside &= Q(**{f"features__{name}__range": bounds})
    return Track.objects.filter(inside).values_list("pk")
