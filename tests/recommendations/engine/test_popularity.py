import numpy as np
import pytest
from scipy.sparse import csr_array

from recommendations.engine.interactions import Interactions
from recommendations.engine.popularity import Popularity
from recommendations.engine.protocol import NotFittedError


def test_scores_by_the_share_of_listeners():
    heard = Interactions.from_triples([1, 2, 3, 4, 1, 2], ["hit"] * 4 + ["rare", "odd"])

    scores = Popularity().fit(heard).score(csr_array((1, 3), dtype=np.float32))

    np.testing.assert_allclose(scores.toarray(), [[1.0, 0.25, 0.25]])


def test_a_dislike_makes_nothing_popular():
    heard = Interactions.from_triples([1, 2], ["liked", "skipped"], [1.0, -1.0])

    scores = Popularity().fit(heard).score(csr_array((1, 2), dtype=np.float32)).toarray()

    np.testing.assert_allclose(scores, [[0.5, 0.0]])


def test_hiding_a_long_history_leaves_the_promised_candidates():
    heard = Interactions.from_triples(np.zeros(50, int), np.arange(50))

    scores = Popularity(candidates=5).fit(heard).score(heard.matrix[:, :])

    assert scores.nnz == 50
    short = csr_array(([1.0], ([0], [0])), shape=(1, 50))
    assert Popularity(candidates=5).fit(heard).score(short).nnz == 6


def test_says_what_to_do_before_the_first_fit():
    with pytest.raises(NotFittedError, match="fit"):
        Popularity().score(csr_array((1, 3)))
