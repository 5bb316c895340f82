import numpy as np
import pytest
from scipy.sparse import csr_array

from recommendations.engine.clusters import ClusterRecommender
from recommendations.engine.hybrid import Hybrid
from recommendations.engine.interactions import Interactions
from recommendations.engine.protocol import NotFittedError
from recommendations.engine.ranking import top_n
from recommendations.engine.segue import Segue
from tests.recommendations.engine.models import (
    DESCRIBED,
    EVERY,
    LEARNT,
    PERSONAL,
    Described,
    crowd,
    two_camps,
)

every_model = pytest.mark.parametrize("make_model", EVERY.values(), ids=EVERY.keys())
every_personal_model = pytest.mark.parametrize("make_model", PERSONAL.values(), ids=PERSONAL.keys())
every_learnt_model = pytest.mark.parametrize("make_model", LEARNT.values(), ids=LEARNT.keys())
every_described_model = pytest.mark.parametrize(
    "make_model", DESCRIBED.values(), ids=DESCRIBED.keys()
)


@every_personal_model
def test_finds_the_one_item_of_the_camp_still_unheard(make_model):
    camps = two_camps()

    scores = make_model().fit(camps).score(camps.matrix)

    best = top_n(scores, 1, hide=camps.matrix)
    np.testing.assert_array_equal(best[:, 0], np.arange(12))


def nothing(n_users, n_items):
    return Interactions(
        csr_array((n_users, n_items), dtype=np.float32), np.arange(n_users), np.arange(n_items)
    )


WORLDS_WITHOUT_LISTENING = {
    "no listeners": nothing(0, 5),
    "no items": nothing(3, 0),
    "neither": nothing(0, 0),
    "nobody met anything": nothing(3, 5),
    "one item": Interactions.from_triples([0, 1, 2], [0, 0, 0]),
    "dislikes alone": Interactions.from_triples([0, 0, 1], [0, 1, 1], [-1, -1, -1]),
}
TUNED = {
    "Segue that chooses": lambda: Segue(workers=1),
    "Hybrid that chooses": lambda: Described(lambda known: Hybrid(known, workers=1)),
    "Clusters by DBSCAN": lambda: ClusterRecommender(method="dbscan"),
}


@pytest.mark.parametrize("world", WORLDS_WITHOUT_LISTENING.values(), ids=WORLDS_WITHOUT_LISTENING)
@pytest.mark.parametrize("make_model", (EVERY | TUNED).values(), ids=EVERY | TUNED)
def test_a_world_without_listening_gives_a_model_that_knows_nothing(make_model, world):
    model = make_model().fit(world)

    scores = model.score(csr_array((2, world.n_items), dtype=np.float32))

    assert scores.shape == (2, world.n_items)
    assert np.isfinite(scores.data).all()


@every_model
def test_second_fit_forgets_the_first(make_model):
    camps, others = two_camps(), crowd()
    fresh = make_model().fit(camps).score(camps.matrix)

    again = make_model().fit(others).fit(camps).score(camps.matrix)

    np.testing.assert_array_equal(again.toarray(), fresh.toarray())


@every_model
def test_same_data_and_seed_give_the_same_scores(make_model):
    world = crowd()

    one, other = (make_model().fit(world).score(world.matrix) for _ in range(2))

    np.testing.assert_array_equal(one.toarray(), other.toarray())


@every_model
def test_refuses_to_score_before_the_first_fit(make_model):
    with pytest.raises(NotFittedError, match="fit"):
        make_model().score(csr_array((1, 12), dtype=np.float32))


@every_model
def test_scores_histories_not_users(make_model):
    camps = two_camps()
    model = make_model().fit(camps)
    backwards = csr_array(camps.matrix[::-1])

    scores = model.score(backwards)

    expected = model.score(camps.matrix).toarray()[::-1]
    np.testing.assert_allclose(scores.toarray(), expected, rtol=1e-5)


@every_model
def test_an_empty_history_and_no_history_at_all_are_scored(make_model):
    model = make_model().fit(two_camps())

    empty = model.score(csr_array((1, 12), dtype=np.float32))

    assert empty.shape == (1, 12)
    assert np.isfinite(empty.toarray()).all()
    assert model.score(csr_array((0, 12), dtype=np.float32)).shape == (0, 12)


@every_described_model
def test_an_item_nobody_met_is_found_by_what_is_known_of_it(make_model):
    assert min(scores_of_the_unmet(make_model)) > 0


@pytest.mark.parametrize("name", ["Content", "Hybrid"])  # carried, it has what leads to its like
def test_of_what_nobody_met_the_more_alike_comes_first(name):
    same_artist, another = scores_of_the_unmet(DESCRIBED[name])

    assert same_artist > another


def scores_of_the_unmet(make_model):
    """Return those of an item by the artist of what was heard, and of one by another."""
    met = Interactions.from_triples([1, 1, 2, 2], [0, 1, 0, 1], item_ids=np.arange(4))
    history = csr_array([[1.0, 0, 0, 0]]).astype(np.float32)
    return make_model().fit(met).score(history).toarray()[0, 2:]


@every_learnt_model
def test_an_item_nobody_met_and_a_listener_with_nothing_do_no_harm(make_model):
    lonely = Interactions.from_triples([1, 1, 2, 2], [0, 1, 0, 1], item_ids=np.arange(3))

    scores = make_model().fit(lonely).score(lonely.matrix)

    assert np.isfinite(scores.data).all()
    assert (scores.toarray()[:, 2] == 0).all()


@every_personal_model
def test_a_dislike_takes_away_what_a_like_gives(make_model):
    camps = two_camps()
    model = make_model().fit(camps)
    likes = csr_array(([1.0], ([0], [2])), shape=(1, 12))

    liked, disliked = model.score(likes).toarray()[0], model.score(-likes).toarray()[0]

    assert liked[4] > 0
    assert disliked[4] <= 0


@every_model
def test_scores_are_stored_once_each_and_hold_their_shape(make_model):
    world = crowd()

    scores = make_model().fit(world).score(world.matrix)

    assert scores.shape == world.matrix.shape
    assert scores.dtype == np.float32
    sums = csr_array(scores)
    sums.sum_duplicates()
    assert sums.nnz == scores.nnz
