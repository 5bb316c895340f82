"""Whatever is trained, what serves it scores alike and its reasons add up to the score."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from recommendations.engine import content, reasons
from recommendations.engine.clusters import ClusterRecommender
from recommendations.engine.linear import only_columns
from recommendations.engine.model import ServingModel, Term
from recommendations.engine.ranking import Rules, Taste, recommend
from tests.recommendations.engine.models import PERSONAL, crowd
from tests.recommendations.engine.serving_worlds import catalogue

N_ITEMS = 30
HISTORIES = st.lists(
    st.tuples(st.integers(0, N_ITEMS - 1), st.sampled_from([-5.0, -0.3, 0.01, 1.0, 2.5, 10.0])),
    min_size=1,
    max_size=12,
    unique_by=lambda pair: pair[0],
)


def known():
    return catalogue(N_ITEMS, artist=np.arange(N_ITEMS) // 3)


@cache
def trained(name):
    """Fitted on a world whose last three items nobody met."""
    world = crowd(n_items=N_ITEMS)
    met = only_columns(world.matrix, np.arange(N_ITEMS) < N_ITEMS - 3)
    return PERSONAL[name]().fit(replace(world, matrix=met))


def sources(model):
    """Return the weights by source; those of clusters are a product."""
    if isinstance(model, ClusterRecommender):
        return {"clusters": csr_array(model.member_ @ model.shares_)}
    if getattr(model, "sources_", None):
        return model.sources_
    weights = getattr(model, "weights_", None)
    return {} if weights is None else {"history": weights}


@cache
def serving(name):
    model = trained(name)
    terms = [Term.of(source, part) for source, part in sources(model).items()]
    return ServingModel.build(
        np.arange(N_ITEMS),
        terms,
        popularity=np.ones(N_ITEMS),
        catalogue=known(),
        vectors=content.vectors(known()),
        low_rank=getattr(model, "low_rank_", None),
    )


@pytest.mark.parametrize("name", sorted(PERSONAL))
@settings(max_examples=25)
@given(heard=HISTORIES)
def test_serves_the_scores_of_training_with_reasons_that_add_up(name, heard):
    items, weights = (np.array(part) for part in zip(*heard, strict=True))
    taste = Taste(items.astype(np.int32), weights.astype(np.float32))
    everything = np.arange(N_ITEMS if name == "IALS" else 0, dtype=np.int32)  # it reaches all

    ranking = recommend(
        serving(name), taste, N_ITEMS, also=everything, rules=Rules(None, one_version=False)
    )

    history = csr_array(
        (taste.weights, (np.zeros_like(items), items)), shape=(1, N_ITEMS), dtype=np.float32
    )
    scores = trained(name).score(history).toarray()[0]
    np.testing.assert_allclose(ranking.scores, scores[ranking.items], atol=1e-4, rtol=1e-4)
    explained = reasons.explain(serving(name), ranking)
    np.testing.assert_allclose(explained.totals, ranking.scores, atol=1e-5)


def test_what_is_carried_is_among_what_is_explained():
    carried = trained("Hybrid that carries").sources_["history"].toarray()[:, -3:]

    assert (carried != 0).any(axis=0).all()
    assert not trained("Hybrid").sources_["history"].toarray()[:, -3:].any()
