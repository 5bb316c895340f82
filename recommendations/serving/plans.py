"""From what is asked to what the engine is told: whose taste, among which tracks, without which."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from recommendations.engine.ranking.live import EVERYTHING, NOTHING, Taste
from recommendations.engine.ranking.rules import Rules
from recommendations.serving.asking import Ask, Surface
from recommendations.serving.live import Live
from recommendations.serving.past import Past
from recommendations.serving.stock import Stock, stock_of

Added = Mapping[str, tuple[NDArray[np.int32], NDArray[np.float64]]]

CHOSEN_WORTH = 3.0  # what all chosen genres, artists and albums weigh: two tracks heard twice
CHOSEN_SPREAD = 50  # tracks that stand for a choice
DIVERSITY = 0.2
BY_LOT = 0.1  # share of the places that go by lot to tracks further down
FAVOURITE_PLAYS = 3  # from so many a track may be a forgotten favourite
FORGOTTEN_DAYS = 90
FEW_LISTENERS = 5  # at most so many have played a fresh track
MOOD_FROM = 0.7  # how well a track must fit, to be in a list of that mood
MOOD_WORTH = 0.5  # of the best score: what a perfect fit adds where a mood is wished for
ALSO = 2000  # tracks of a genre, a mood … that are candidates without being led to
DEMOTED = -0.5  # of the best score


@dataclass(frozen=True)
class Plan:
    """`ways` are tried in their order until the list is full."""

    ask: Ask
    taste: Taste
    hidden: NDArray[np.int32]
    ways: tuple[str, ...]
    allowed: NDArray[np.bool_] = field(default_factory=lambda: EVERYTHING)
    also: NDArray[np.int32] = field(default_factory=lambda: NOTHING)
    added: Added = field(default_factory=dict)
    rules: Rules = field(default_factory=Rules)
    rested: NDArray[np.int32] = field(default_factory=lambda: NOTHING)
    is_own: bool = True  # the taste is the listener's, not that of what the list is about
    chosen: Mapping[int, str] = field(default_factory=dict)  # column -> the choice it stands for
    explicit: bool = True  # such tracks are wanted


PERSONAL, SIMILAR, CONTENT, CLUSTER, POPULAR = (
    "personal",
    "similar",
    "content",
    "cluster",
    "popular",
)
ALL_WAYS = (PERSONAL, SIMILAR, CONTENT, CLUSTER, POPULAR)
BY_THE_LOT = (
    Surface.FOR_YOU,
    Surface.NEW,
    Surface.GENRE,
    Surface.MOOD,
    Surface.ACTIVITY,
    Surface.FRESH,
)
ROTATING = (*BY_THE_LOT, Surface.BECAUSE, Surface.FORGOTTEN)  # what is alike stays alike


def plan_of(ask: Ask, live: Live, past: Past, *, explicit: bool, day: int) -> Plan:
    """Return the plan of a list for a listener with this past, on this day."""
    stock = stock_of(live)
    taste, chosen = _own_taste(live, past, stock)
    plan = Plan(
        ask=ask,
        taste=taste,
        chosen=chosen,
        hidden=_hidden(ask, live, past, stock, explicit=explicit, day=day),
        ways=ALL_WAYS,
        added=_wished(ask, stock),
        rules=Rules(
            per_artist=ask.steering.per_artist,
            diversity=DIVERSITY,
            exploration=BY_LOT if ask.surface in BY_THE_LOT else 0.0,
        ),
        rested=live.model.columns(ask.rested),
        explicit=explicit,
    )
    shape = SHAPES.get(ask.surface)
    return shape(plan, live, past, stock, day) if shape else plan


def _own_taste(live: Live, past: Past, stock: Stock) -> tuple[Taste, dict[int, str]]:
    """Return the history, and with it what stands for the chosen genres, artists and albums."""
    columns, weights = past.counting()
    if not (past.genres.size or past.artists.size or past.albums.size):
        return Taste(columns, weights), {}
    stands_for = {f"genre:{pk}": stock.genre(int(pk)) for pk in past.genres}
    for pk in np.unique(past.albums):
        stands_for[f"album:{pk}"] = np.unique(past.on_albums[past.albums == pk])
    of_artists = np.flatnonzero(np.isin(live.model.artist, past.artists))
    for pk in past.artists:
        stands_for[f"artist:{pk}"] = of_artists[live.model.artist[of_artists] == pk]
    items, shares = [columns], [weights]
    chosen: dict[int, str] = {}
    for name, among in stands_for.items():
        best, share = _standing_for(live, among)
        items.append(best)
        shares.append(share * np.float32(CHOSEN_WORTH / len(stands_for)))
        chosen |= dict.fromkeys(best.tolist(), name)
    distinct, place = np.unique(np.concatenate(items), return_inverse=True)
    together = np.bincount(place, np.concatenate(shares)).astype(np.float32)
    return Taste(distinct.astype(np.int32), together), chosen


def _standing_for(
    live: Live, among: NDArray[np.int32]
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Return the tracks that stand for a choice, and their shares of it: the root of their fame.

    The same rule as `ChoicePrior` of the engine, for tracks with one genre.
    """
    fame = np.sqrt(live.model.popularity[among] + 1.0)
    best = np.argsort(-fame, kind="stable")[:CHOSEN_SPREAD]
    total = max(1e-9, float(fame[best].sum()))
    return among[best].astype(np.int32), (fame[best] / total).astype(np.float32)


def _hidden(
    ask: Ask, live: Live, past: Past, stock: Stock, *, explicit: bool, day: int
) -> NDArray[np.int32]:
    """Return what must not be in the list: rested, not wanted, and other versions of these."""
    known = past.known_since(day - ask.rest_days + 1) if ask.rest_days else NOTHING
    known = with_versions(live, np.concatenate([known, past.against]))
    apart = [] if explicit else [stock.explicit]
    apart += [stock.genre(int(pk)) for pk in past.not_genres]
    return np.concatenate([known, *apart]) if apart else known


def with_versions(live: Live, columns: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return the columns, and the recordings of their works; some come twice."""
    return np.concatenate([columns, stock_of(live).versions(columns)])


def _wished(ask: Ask, stock: Stock) -> Added:
    """Return the terms that neither history nor sliders make."""
    added: dict[str, tuple[NDArray[np.int32], NDArray[np.float64]]] = {}
    if ask.steering.mood:
        fits = stock.mood(ask.steering.mood)
        columns = np.flatnonzero(fits > 0).astype(np.int32)
        added["mood"] = (columns, MOOD_WORTH * (2 * fits[columns] - 1))
    if stock.demoted.size:
        added["demoted"] = (stock.demoted, np.full(stock.demoted.size, DEMOTED))
    return added


# What each surface changes in the plan of “for you”


def _like_these(plan: Plan, live: Live, past: Past, stock: Stock, day: int) -> Plan:
    """Start from the tracks, or the best known of the artist, instead of from the listener."""
    model, about = live.model, plan.ask.about
    items = model.columns(about.tracks)
    items = items[items >= 0]
    apart = items
    if about.artist is not None:
        apart = np.flatnonzero(model.artist == about.artist).astype(np.int32)
        items = np.concatenate([items, _standing_for(live, apart)[0]])
    taste = Taste(items.astype(np.int32), np.ones(items.size, np.float32))
    hidden = np.concatenate([plan.hidden, with_versions(live, apart)])
    return replace(plan, taste=taste, hidden=hidden, chosen={}, is_own=False)


def _of_new_artists(plan: Plan, live: Live, past: Past, stock: Stock, day: int) -> Plan:
    heard = np.unique(live.model.artist[past.heard()])
    return replace(plan, allowed=~np.isin(live.model.artist, heard[heard >= 0]))


def _forgotten(plan: Plan, live: Live, past: Past, stock: Stock, day: int) -> Plan:
    """Much heard, not lately, and never spoken against: the most heard first."""
    long_ago = past.rows["heard"] < day - FORGOTTEN_DAYS
    rows = past.rows[(past.rows["plays"] >= FAVOURITE_PLAYS) & long_ago]
    worth = np.log2(1.0 + rows["plays"])
    plays = (rows["column"].copy(), worth / max(1e-9, float(worth.max(initial=0))))
    asked = replace(plan.ask, rest=0)
    return replace(
        plan,
        ways=(PERSONAL,),
        hidden=_hidden(asked, live, past, stock, explicit=plan.explicit, day=day),
        allowed=stock.mask(rows["column"]),
        also=rows["column"].copy(),
        added={**plan.added, "plays": plays},
    )


def _among(plan: Plan, columns: NDArray[np.int32], stock: Stock) -> Plan:
    """Choose among these; of those that no history leads to, the best known are candidates, too."""
    known = stock.live.model.popularity[columns]
    best = columns[np.argsort(-known, kind="stable")[:ALSO]]
    return replace(plan, ways=(PERSONAL,), allowed=stock.mask(columns), also=best)


def _of_genre(plan: Plan, live: Live, past: Past, stock: Stock, day: int) -> Plan:
    return _among(plan, stock.genre(plan.ask.about.genre or 0), stock)


def _in_mood(plan: Plan, live: Live, past: Past, stock: Stock, day: int) -> Plan:
    fits = stock.mood(plan.ask.about.mood)
    return _among(plan, np.flatnonzero(fits >= MOOD_FROM).astype(np.int32), stock)


def _for_activity(plan: Plan, live: Live, past: Past, stock: Stock, day: int) -> Plan:
    return _among(plan, stock.activity(plan.ask.about.activity), stock)


def _hardly_played(plan: Plan, live: Live, past: Past, stock: Stock, day: int) -> Plan:
    few = np.flatnonzero(live.model.popularity <= FEW_LISTENERS).astype(np.int32)
    return _among(plan, few, stock)


def _much_played(plan: Plan, live: Live, past: Past, stock: Stock, day: int) -> Plan:
    return replace(plan, ways=(POPULAR,))


SHAPES: dict[Surface, Callable[[Plan, Live, Past, Stock, int], Plan]] = {
    Surface.SIMILAR: _like_these,
    Surface.BECAUSE: _like_these,
    Surface.NEW: _of_new_artists,
    Surface.FORGOTTEN: _forgotten,
    Surface.GENRE: _of_genre,
    Surface.MOOD: _in_mood,
    Surface.ACTIVITY: _for_activity,
    Surface.FRESH: _hardly_played,
    Surface.POPULAR: _much_played,
}
