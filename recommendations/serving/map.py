"""The map as one listener sees it, and the points of it that everybody sees."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np
from django.core.cache import cache
from numpy.typing import NDArray

from accounts.models import Listener
from catalog.models import Track
from catalog.services.storing import among
from recommendations.serving.history import history_of
from recommendations.serving.live import Live, Map, NoModel, Said, current

POINTS = 6000  # of the most heard tracks; more would not be told apart
MINE = 150  # of the listener's tracks, those that weigh most
KEPT_FOR = 3600  # seconds
SHOWN_WORDS = 3
IN_LIST = 20


class Cluster(NamedTuple):
    number: int
    said: Said
    apart: str  # what sets it apart
    middle: tuple[int, int]
    mine: int  # percent of the listener's taste
    alike: int | None  # percent of the taste of the group of listeners like this one


class Position(NamedTuple):
    """Where a listener's taste lies."""

    tracks: list[tuple[int, int]]
    centre: tuple[int, int] | None
    listeners: int  # in the group of those like this one; 0 where there are too few to say


class Drawn(NamedTuple):
    version: int
    tracks: int
    clusters: list[Cluster]
    position: Position


def map_of(listener: Listener, *, at: datetime) -> Drawn | None:
    """Return the map with the listener's place on it; None where the model has none yet.

    :raises NoModel: if there is no model
    """
    live = current()
    if live.map is None:
        return None
    history = history_of(listener, at=at)
    columns = live.model.columns(history.tracks)
    counts = (columns >= 0) & (history.weights > 0)
    columns, weights = columns[counts], history.weights[counts]
    shares = _shares(live.map, columns, weights)
    alike = live.map.said[int(shares.argmax())] if columns.size else None
    return Drawn(
        live.version,
        live.model.n_items,
        [_cluster(live.map, number, shares, alike) for number in range(len(live.map.said))],
        _position(live.map, columns, weights, alike),
    )


def _shares(drawn: Map, columns: NDArray, weights: NDArray) -> NDArray[np.float64]:
    sums = np.bincount(drawn.clusters[columns], weights, minlength=len(drawn.said))
    return 100 * sums / max(sums.sum(), 1e-9)


def _cluster(drawn: Map, number: int, shares: NDArray, alike: Said | None) -> Cluster:
    said = drawn.said[number]
    words = [*said["tags"][:SHOWN_WORDS], *said["words"][:SHOWN_WORDS]]
    apart = ", ".join(dict.fromkeys(words))
    theirs = alike["shares"][number] if alike and alike["listeners"] else None
    middle = _point(drawn.places[drawn.clusters == number].mean(axis=0))
    return Cluster(number, said, apart, middle, round(shares[number]), theirs)


def _position(drawn: Map, columns: NDArray, weights: NDArray, alike: Said | None) -> Position:
    if not columns.size:
        return Position([], None, 0)
    most = columns[np.argsort(-weights, kind="stable")[:MINE]]
    centre = np.average(drawn.places[columns], axis=0, weights=weights)
    points = [_point(place) for place in drawn.places[most]]
    return Position(points, _point(centre), alike["listeners"] if alike else 0)


def _point(place: NDArray) -> tuple[int, int]:
    return round(float(place[0])), round(float(place[1]))


def tracks_in(cluster: int) -> list[Track]:
    """Return the most heard tracks of a cluster.

    :raises NoModel: if there is no map
    """
    live, drawn = _drawn()
    inside = np.flatnonzero(drawn.clusters == cluster)
    best = inside[np.argsort(-live.model.popularity[inside], kind="stable")[: 2 * IN_LIST]]
    return _in_order(live.model.item_ids[best].tolist())[:IN_LIST]


def stops(tracks: Sequence[int]) -> list[Track]:
    """Return the tracks of a walk, without those that may not be shown."""
    return _in_order(tracks)


def place_of(track: int) -> tuple[int, int] | None:
    """Return where a track stands, if the map has it."""
    live, drawn = _drawn()
    column = int(live.model.columns([track])[0])
    return None if column < 0 else _point(drawn.places[column])


def points() -> dict[str, object]:
    """Return the most heard tracks as rows of whole numbers, with their names beside them.

    :raises NoModel: if there is no map
    """
    live, drawn = _drawn()
    kept = cache.get_or_set(f"map:{live.version}", lambda: _points(live, drawn), KEPT_FOR)
    return dict(kept or {})


def _points(live: Live, drawn: Map) -> dict[str, object]:
    best = np.argsort(-live.model.popularity, kind="stable")[:POINTS]
    ids = live.model.item_ids[best].tolist()
    rows = Track.objects.playable().filter(among("pk", ids)).select_related("artist")
    names = {track.pk: [track.title, track.byline] for track in rows}
    numbers = np.column_stack([drawn.places[best], drawn.clusters[best]]).tolist()
    shown = [(pk, row) for pk, row in zip(ids, numbers, strict=True) if pk in names]
    return {
        "version": live.version,
        "points": [[pk, *row] for pk, row in shown],
        "names": [names[pk] for pk, _row in shown],
    }


def _drawn() -> tuple[Live, Map]:
    live = current()
    if live.map is None:
        raise NoModel("There is no map yet: it comes with the next training.")
    return live, live.map


def _in_order(ids: Sequence[int]) -> list[Track]:
    found = Track.objects.playable().for_rows().in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]
