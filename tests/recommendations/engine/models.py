"""Every model that stands by itself, made ready for a small world. A new model is one line."""

import numpy as np

from recommendations.engine.clusters.recommender import ClusterRecommender
from recommendations.engine.content import Content
from recommendations.engine.ease import EASE
from recommendations.engine.hybrid import Hybrid
from recommendations.engine.ials import IALS
from recommendations.engine.interactions import Interactions
from recommendations.engine.knn import CosineKNN
from recommendations.engine.mix import Mix
from recommendations.engine.popularity import Popularity
from recommendations.engine.ridge import NeighbourhoodRidge
from recommendations.engine.search import Choice
from recommendations.engine.segue import Segue
from tests.recommendations.engine.serving_worlds import catalogue

SMALL = Choice(k=8, regularization=1.0, factors=4, low_rank_share=0.1)


class Described:
    """A model that needs a catalogue, made for whatever world it is fitted on."""

    def __init__(self, make):
        self._make = make

    def fit(self, interactions):
        n_items = interactions.n_items
        self._model = self._make(catalogue(n_items, artist=np.arange(n_items) % 2))
        self._model.fit(interactions)
        return self

    def score(self, histories):
        model = vars(self).get("_model") or self._make(catalogue(histories.shape[1]))
        return model.score(histories)

    def __getattr__(self, name):
        return getattr(self._model, name)


LEARNT = {
    "CosineKNN": CosineKNN,
    "NeighbourhoodRidge": lambda: NeighbourhoodRidge(regularization=1.0, dropout=0.1),
    "EASE": lambda: EASE(regularization=1.0),
    "IALS": lambda: IALS(factors=2, regularization=1.0, alpha=1.0, workers=1),
    "Segue": lambda: Segue(choice=SMALL, workers=1),
    "Clusters": lambda: ClusterRecommender(k=2),
}
DESCRIBED = {
    "Content": lambda: Described(Content),
    "Hybrid": lambda: Described(
        lambda known: Hybrid(known, choice=SMALL, mix=Mix(1.0, 0.3), workers=1)
    ),
    "Hybrid that carries": lambda: Described(
        lambda known: Hybrid(known, choice=SMALL, mix=Mix(1.0, 0.3, 2.0), workers=1)
    ),
}
PERSONAL = {**LEARNT, **DESCRIBED}
EVERY = {"Popularity": Popularity, **PERSONAL}


def two_camps(n=12):
    """Even listeners hear all even items, odd listeners all odd ones.

    Listener i has not yet heard item i, so that is the one right answer for them.
    """
    pairs = [(u, i) for u in range(n) for i in range(n) if u % 2 == i % 2 and u != i]
    users, items = np.array(pairs).T
    return Interactions.from_triples(users, items)


def crowd(*, n_users=60, n_items=30, share=0.15, seed=0):
    """A random world in which everybody met something."""
    rng = np.random.default_rng(seed)
    met = rng.random((n_users, n_items)) < share * rng.random(n_items) * 2
    met[np.arange(n_users), rng.integers(0, n_items, n_users)] = True
    users, items = np.nonzero(met)
    return Interactions.from_triples(users, items, item_ids=np.arange(n_items))
