"""A listener's taste as lists see it: what each track weighs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import numpy as np

from accounts.models import Listener
from recommendations.serving.live import current
from recommendations.serving.past import Past


class Weight(NamedTuple):
    track_id: int
    weight: float
    plays: int
    opinion: str


@dataclass(frozen=True)
class Tasted:
    weights: list[Weight]  # the heaviest first
    genres: list[int]  # favourites
    artists: list[int]


def taste(*, listener: Listener, at: datetime) -> Tasted:
    """:raises NoModel: if there is none yet"""
    live = current()
    past = Past.of(listener, live, at=at)
    rows = past.rows[past.rows["weight"] != 0]
    rows = rows[np.argsort(-np.abs(rows["weight"]), kind="stable")]
    ids = live.model.item_ids[rows["column"]].tolist()
    weights = [
        Weight(pk, round(float(row["weight"]), 3), int(row["plays"]), past.opinion(row["column"]))
        for pk, row in zip(ids, rows, strict=True)
    ]
    return Tasted(weights, past.genres.tolist(), past.artists.tolist())
