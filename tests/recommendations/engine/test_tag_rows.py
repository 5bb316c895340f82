import numpy as np
import pytest
from scipy.sparse import csr_array

from recommendations.engine.content import Content
from recommendations.engine.hybrid import Hybrid
from recommendations.engine.interactions import Interactions
from recommendations.engine.mix import Mix
from recommendations.engine.mix_search import choose_mix
from recommendations.engine.ranking import top_n
from recommendations.engine.search import Choice
from recommendations.engine.segue import Segue
from recommendations.engine.tag_rows import tag_rows
from tests.recommendations.engine.serving_worlds import catalogue

CHOICE = Choice(k=20, regularization=5.0)
N_ITEMS, N_KINDS = 120, 6


def tags_of(*rows):
    """(n_items, n_tags) of what stands here tag by tag."""
    return csr_array(np.array(rows, np.float32).T)


def test_a_row_for_each_tag_that_several_tracks_have():
    rows = tag_rows(tags_of([1, 1, 0], [0, 1, 0], [0, 0, 0], [1, 1, 1])).toarray()

    np.testing.assert_array_equal(rows, [[1, 1, 0], [1, 1, 1]])


def test_whatever_the_measure_of_the_weights_the_usual_one_is_1():
    rows = tag_rows(tags_of([10, 30, 0], [0, 20, 20])).toarray()

    np.testing.assert_allclose(rows, [[0.5, 1.5, 0], [0, 1, 1]])


def test_a_catalogue_without_tags_has_no_rows():
    assert tag_rows(csr_array((5, 0), dtype=np.float32)).shape == (0, 5)
    assert tag_rows(tags_of([1, 0, 0])).nnz == 0


def test_the_longest_are_left_out_where_all_would_cost_too_much(monkeypatch):
    monkeypatch.setattr("recommendations.engine.tag_rows.PAIRS", 9)

    rows = tag_rows(tags_of([1, 1, 1], [1, 1, 0], [0, 1, 1])).toarray()

    np.testing.assert_array_equal(rows, [[1, 1, 0], [0, 1, 1]])


@pytest.fixture
def tastes():
    """Who likes a kind has met five of its twenty tracks: too few to tell what belongs together."""
    rng = np.random.default_rng(0)
    kinds = np.arange(N_ITEMS) % N_KINDS
    met = [rng.permutation(np.flatnonzero(kinds == user % N_KINDS))[:5] for user in range(90)]
    other = rng.integers(0, N_ITEMS, (90, 5))  # and five of no kind
    items = np.hstack([met, other])
    return Interactions.from_triples(
        np.repeat(np.arange(90), 10), items.ravel(), item_ids=np.arange(N_ITEMS)
    )


def tagged(kinds):
    return catalogue(
        N_ITEMS,
        features=np.full((N_ITEMS, 1), np.nan, np.float32),
        tags=csr_array(np.eye(N_KINDS, dtype=np.float32)[kinds]),
        tag_names=[str(kind) for kind in range(N_KINDS)],
        artist=np.full(N_ITEMS, -1),
    )


def untagged():
    return catalogue(N_ITEMS, artist=np.full(N_ITEMS, -1))


def share_of_their_kind(model, tastes):
    ranked = top_n(model.score(tastes.matrix), 10, hide=tastes.matrix)
    return np.mean(ranked % N_KINDS == (tastes.user_ids % N_KINDS)[:, None])


def test_tags_in_the_ridge_bring_together_what_few_have_met(tastes):
    records = tagged(np.arange(N_ITEMS) % N_KINDS)

    by_listeners = Hybrid(records, choice=CHOICE, mix=Mix(share=0.0)).fit(tastes)
    by_tags_too = Hybrid(records, choice=CHOICE, mix=Mix(share=0.0, tags=1.0)).fit(tastes)

    plain, helped = (share_of_their_kind(one, tastes) for one in (by_listeners, by_tags_too))
    assert helped > plain + 0.1


def chosen_weight(tastes, rows_of):
    """Return what validation says tags weigh, where `rows_of` are the rows of each weight."""

    def learn(interactions, weight):
        return Segue(choice=CHOICE, beside=csr_array(rows_of(weight))).fit(interactions)

    content = Content(tagged(np.zeros(N_ITEMS, int))).fit(tastes)
    found = choose_mix(tastes, content, learn, has_tags=True, seed=0, progress=None)
    return found.mix.tags


def test_validation_says_what_tags_weigh(tastes):
    kinds = np.arange(N_ITEMS) % N_KINDS
    true = np.eye(N_KINDS, dtype=np.float32)[kinds].T
    lies = 50 * np.random.default_rng(1).permutation(true, axis=1)

    assert chosen_weight(tastes, lambda weight: true if weight == 1.0 else lies * bool(weight)) == (
        1.0
    )
    assert chosen_weight(tastes, lambda weight: lies * bool(weight)) == 0


def test_the_hybrid_lets_validation_say_so(tastes):
    by_kind = np.arange(N_ITEMS) % N_KINDS

    assert Hybrid(tagged(by_kind), choice=CHOICE).fit(tastes).mix_.tags > 0
    assert Hybrid(untagged(), choice=CHOICE).fit(tastes).mix_.tags == 0


def test_what_was_validated_is_kept_for_its_figures(tastes):
    model = Hybrid(tagged(np.arange(N_ITEMS) % N_KINDS), choice=CHOICE).fit(tastes)

    again = Hybrid(model.catalogue, choice=CHOICE, mix=model.mix_)
    again.fit(model.validated_.split.train)
    asked = model.validated_.split.train.matrix
    np.testing.assert_allclose(
        model.validated_.model.score(asked).toarray(), again.score(asked).toarray(), rtol=1e-5
    )
