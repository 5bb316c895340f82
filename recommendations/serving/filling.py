"""Filling a list by ways in a written order: personal, similar, content, cluster, popular.

    personal  what the history (or what the list is about) leads to in the model
    similar   what the tracks found so, heard or not, lead to in their turn
    content   what sounds and is tagged like the middle of the history
    cluster   what is most played in the genres the history lies in
    popular   what most listeners here play

A way only gives what the ways before it have left open. When all of them have not filled the list,
what rests since the last visit may come again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from django.db.models import Count
from numpy.typing import NDArray

from catalog.models import Track
from jobs.prepared import PreparedByPk, Whole
from recommendations.engine.ranking import live as engine
from recommendations.engine.ranking.live import NOTHING, Ranking, Taste
from recommendations.serving.live import Live
from recommendations.serving.plans import (
    CLUSTER,
    CONTENT,
    PERSONAL,
    POPULAR,
    SIMILAR,
    Plan,
    with_versions,
)
from recommendations.serving.stock import stock_of

FAME = 0.02  # what the most popular track gets for it, of the best score: it settles ties
FAR = 40  # tracks whose neighbours the second step asks
NEAR_ENOUGH = 0.2  # cosine to the middle of the history
CANDIDATES = 500  # of content and of clusters
POOL = 10  # candidates that sliders and rules look at for each place
GENRES = 3  # a history is said to lie in
HEAVIEST = 100  # tracks of a history that say where it lies
TRIES = 3  # of a way whose tracks turn out to be gone
SLIDERS = ("adventure", "popularity", "energy", "year", "mood", "demoted")


@dataclass(frozen=True)
class Found:
    """Part of a list: how it was found, and the tracks, as the database has them now."""

    way: str
    ranking: Ranking
    tracks: list[Track]


def fill(plan: Plan, live: Live) -> Iterator[Found]:
    """Yield the parts of the list, best first, until it has `plan.ask.n` tracks."""
    missing, taken = plan.ask.n, np.concatenate([plan.hidden, plan.rested])
    for way in plan.ways:
        for found in _try(way, plan, live, taken, missing):
            missing -= len(found.tracks)
            yield found
            if missing <= 0:
                return
            taken = np.concatenate([taken, _used_up(live, plan, found)])
    if plan.rested.size:
        free = np.isin(taken, np.setdiff1d(plan.rested, plan.hidden), invert=True)
        again = replace(plan, rested=NOTHING, hidden=taken[free])
        yield from fill(replace(again, ask=replace(plan.ask, n=missing)), live)


def _try(
    way: str, plan: Plan, live: Live, taken: NDArray[np.int32], missing: int
) -> Iterator[Found]:
    """Ask one way, again where a curator has hidden what it gave, or where caps left some out."""
    for _time in range(TRIES):
        spare = max(4, missing // 4)
        ranking = WAYS[way](replace(plan, hidden=taken), live, missing + spare)
        if ranking is None or not ranking.items.size:
            return
        ids = live.model.item_ids[ranking.items].tolist()
        shown = {row[0]: row for row in _PLAYABLE.rows(ids)}  # the others are hidden by now
        kept = [place for place, pk in enumerate(ids) if pk in shown][:missing]
        gone = ranking.items[[place for place, pk in enumerate(ids) if pk not in shown]]
        if kept:
            tracks = [_TRACK.object(shown[ids[place]]) for place in kept]
            yield Found(way, only(ranking, kept), tracks)
            missing -= len(kept)
        if missing <= 0 or not gone.size:
            return
        taken = np.concatenate([taken, ranking.items])


def playable(pks: Iterable[int]) -> dict[int, Track]:
    """Return those of the tracks that may be shown."""
    return {row[0]: _TRACK.object(row) for row in _PLAYABLE.rows(list(pks))}


def only(ranking: Ranking, places: list[int]) -> Ranking:
    """Return some places of a ranking."""
    return replace(
        ranking,
        items=ranking.items[places],
        scores=ranking.scores[places],
        added={name: values[places] for name, values in ranking.added.items()},
        flags=ranking.flags[places],
    )


_TRACK = Whole(Track, "artist", "album", "features", "genre")  # as `for_rows` loads it
_PLAYABLE = PreparedByPk(
    lambda pks: Track.objects.playable().filter(pk__in=pks).values_list(*_TRACK.names)
)


def _used_up(live: Live, plan: Plan, found: Found) -> NDArray[np.int32]:
    """Return what the tracks found leave no room for: themselves, versions, the artist's others."""
    items = with_versions(live, found.ranking.items)
    cap = plan.rules.per_artist
    artists, counts = np.unique(live.model.artist[found.ranking.items], return_counts=True)
    full = artists[(artists >= 0) & (counts >= (cap or len(counts) + 1))]
    if not full.size:
        return items
    return np.concatenate([items, np.flatnonzero(np.isin(live.model.artist, full))])


def ask_engine(
    plan: Plan,
    live: Live,
    n: int,
    *,
    taste: Taste | None = None,
    also: NDArray[np.int32] = NOTHING,
    fame: float = FAME,
    added: dict[str, tuple[NDArray[np.int32], NDArray[np.float64]]] | None = None,
) -> Ranking:
    popular, famous = stock_of(live).fame
    return engine.recommend(
        live.model,
        plan.taste if taste is None else taste,
        n,
        hidden=plan.hidden.astype(np.int32),
        allowed=plan.allowed,
        also=also,
        steering=plan.ask.steering.sliders,
        rules=plan.rules,
        added={**plan.added, **(added or {}), "fame": (popular, fame * famous)},
        rng=np.random.default_rng(plan.ask.seed),
        pool_size=POOL * n + also.size,
    )


def _personal(plan: Plan, live: Live, n: int) -> Ranking | None:
    if not (plan.taste.items.size or plan.also.size):
        return None
    ranking = ask_engine(plan, live, n, also=plan.also)
    return ranking if plan.also.size else _spoken_for(ranking)


def _spoken_for(ranking: Ranking) -> Ranking:
    """Leave out what the history itself speaks against; a slider alone keeps nothing out."""
    steered = sum((ranking.added[name] for name in SLIDERS if name in ranking.added), np.zeros(1))
    fame = ranking.added.get("fame", 0.0)
    return only(ranking, np.flatnonzero(ranking.scores - steered - fame > 0).tolist())


def _similar(plan: Plan, live: Live, n: int) -> Ranking | None:
    """Take a second step: from what the first one led to, whether or not it may be shown."""
    first = engine.recommend(live.model, plan.taste, FAR)
    strong = first.scores > 0
    if not strong.any():
        return None
    scores = first.scores[strong]
    weights = (scores / scores.sum()).astype(np.float32)
    return _spoken_for(ask_engine(plan, live, n, taste=Taste(first.items[strong], weights)))


def _content(plan: Plan, live: Live, n: int) -> Ranking | None:
    """Go by the angle to the middle of the history, where no listening has led."""
    loved = np.maximum(plan.taste.weights, 0)
    middle = loved @ live.model.vectors[plan.taste.items].astype(np.float32)
    length = float(np.linalg.norm(middle)) if plan.taste.items.size else 0.0
    if not length:
        return None
    near = live.model.vectors.astype(np.float32) @ (middle / length)
    near[plan.hidden] = 0
    best = np.argsort(-near, kind="stable")[:CANDIDATES].astype(np.int32)
    best = best[near[best] > NEAR_ENOUGH]
    return _by_one_term(plan, live, n, "content", best, near[best].astype(np.float64))


def _cluster(plan: Plan, live: Live, n: int) -> Ranking | None:
    stock = stock_of(live)
    columns = [stock.genre(pk) for pk in _genres_of(plan, live)]
    if not columns:
        return None
    inside = np.unique(np.concatenate(columns))
    best = inside[np.argsort(-live.model.popularity[inside], kind="stable")[:CANDIDATES]]
    heard = live.model.popularity[best].astype(np.float64)
    worth = heard / max(1.0, float(heard.max(initial=0)))
    return _by_one_term(plan, live, n, "cluster", best, worth)


def _genres_of(plan: Plan, live: Live) -> list[int]:
    """Return the genres in which most of a history lies."""
    loved = plan.taste.weights > 0
    order = np.argsort(-plan.taste.weights[loved], kind="stable")[:HEAVIEST]
    ids = live.model.item_ids[plan.taste.items[loved][order]].tolist()
    if not ids:
        return []
    counted = Track.objects.filter(pk__in=ids, genre__isnull=False).values_list("genre_id")
    return [pk for pk, _times in counted.annotate(times=Count("pk")).order_by("-times")[:GENRES]]


def _by_one_term(
    plan: Plan,
    live: Live,
    n: int,
    name: str,
    columns: NDArray[np.int32],
    values: NDArray[np.float64],
) -> Ranking | None:
    if not columns.size:
        return None
    among = replace(plan, allowed=_both(plan, stock_of(live).mask(columns)))
    nothing = Taste(NOTHING, np.empty(0, np.float32))
    return ask_engine(among, live, n, taste=nothing, also=columns, added={name: (columns, values)})


def _popular(plan: Plan, live: Live, n: int) -> Ranking | None:
    """What most play, less what is like that which the listener spoke against."""
    popular, against = live.model.popular, plan.taste.weights < 0
    among = replace(plan, allowed=_both(plan, stock_of(live).mask(popular)))
    taste = Taste(plan.taste.items[against], plan.taste.weights[against])
    return ask_engine(among, live, n, taste=taste, also=popular, fame=1.0)


def _both(plan: Plan, mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return mask & plan.allowed if plan.allowed.size else mask


WAYS: dict[str, Callable[[Plan, Live, int], Ranking | None]] = {
    PERSONAL: _personal,
    SIMILAR: _similar,
    CONTENT: _content,
    CLUSTER: _cluster,
    POPULAR: _popular,
}
