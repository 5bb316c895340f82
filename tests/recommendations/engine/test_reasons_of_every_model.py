"""Whatever is trained, what serves it scores alike and its reasons add up to the score."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from recommendations.engine import content, reasons
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
    return PERSONAL[name]().fit(crowd(n_items=N_ITEMS))


@cache
def serving(name):
    model = trained(name)
    sources = getattr(model, "sources_", None) or {"history": getattr(model, "weights_", None)}
    terms = [Term.of(source, part) for source, part in sources.items() if part is not None]
    return ServingModel.build(
        np.arange(N_ITEMS),
        terms,
        popularity=np.ones(N_ITEMS),
        catalogue=known(),
        vectors=content.vectors(known()),
        low_rank=getattr(model, "low_rank_", None),
    )


@pytest.mark.parametrize("name", sorted(PERSONAL.keys() - {"Clusters"}))  # those that serve
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
