import numpy as np
import pytest
from scipy.sparse import csr_array

from recommendations.engine import artifacts
from recommendations.engine.interactions import Catalogue, Interactions
from recommendations.engine.priors import ChoicePrior
from recommendations.engine.protocol import NotFittedError

N_ITEMS = 6
METAL, JAZZ = 0, 1


def catalogue(tags=None):
    """Items 0 to 2 are metal (2 only half), 3 and 4 jazz, 5 has no genre; artists by pairs."""
    rows = [[1, 0], [1, 0], [1, 1], [0, 1], [0, 3], [0, 0]] if tags is None else tags
    nothing = np.full(N_ITEMS, np.nan, dtype=np.float32)
    return Catalogue(
        np.zeros((N_ITEMS, 0), dtype=np.float32), [],
        csr_array(np.array(rows, dtype=np.float32)), ["metal", "jazz"],
        np.array([0, 0, 1, 1, 2, -1]), nothing, np.arange(N_ITEMS),
    )  # fmt: skip


def heard():
    """Item 0 has three users, the others one each; every weight is 2."""
    users, items = [1, 2, 3, 1, 2, 3, 1, 2], [0, 0, 0, 1, 2, 3, 4, 5]
    return Interactions.from_triples(users, items, np.full(8, 2.0))


def choosing(*tags, n=2):
    row = np.zeros((1, n), dtype=np.float32)
    row[0, list(tags)] = 1.0
    return csr_array(row)


def test_a_genre_stands_for_its_items_the_known_and_the_typical_most():
    prior = ChoicePrior(fame=1.0, worth=1.0).fit(heard(), catalogue())

    found = prior.histories(choosing(METAL)).toarray()[0]

    # users + 1, times the share of the item's tags that are metal; 2 is the usual weight
    expected = np.array([4.0, 2.0, 2.0 * 0.5, 0, 0, 0])
    np.testing.assert_allclose(found, 2.0 * expected / expected.sum())


def test_an_artist_stands_for_their_own_items():
    prior = ChoicePrior(fame=0.0, worth=1.0).fit(heard(), catalogue())

    found = prior.histories(choosing(), choosing(1, n=3)).toarray()[0]

    np.testing.assert_allclose(found, [0, 0, 1.0, 1.0, 0, 0])


@pytest.mark.parametrize("tags", [[METAL], [JAZZ], [METAL, JAZZ]])
def test_all_choices_together_are_worth_as_much_however_many(tags):
    prior = ChoicePrior(worth=3.0).fit(heard(), catalogue())

    found = prior.histories(choosing(*tags), choosing(0, n=3))

    assert found.sum() == pytest.approx(3.0 * 2.0)


def test_nothing_chosen_is_no_history():
    prior = ChoicePrior().fit(heard(), catalogue())

    assert prior.histories(choosing(), choosing(n=3)).nnz == 0


def test_a_choice_is_spread_over_so_many_items_and_no_more():
    prior = ChoicePrior(spread=1).fit(heard(), catalogue())

    np.testing.assert_array_equal(prior.histories(choosing(METAL, JAZZ)).indices, [0, 3])


def test_a_genre_without_items_says_nothing():
    prior = ChoicePrior().fit(heard(), catalogue(tags=[[1, 0]] * N_ITEMS))

    assert prior.histories(choosing(JAZZ)).nnz == 0


def test_the_prior_fades_as_the_history_grows():
    pseudo = ChoicePrior().fit(heard(), catalogue()).histories(choosing(METAL))

    shares = [
        pseudo.sum() / (pseudo.sum() + csr_array(np.full((1, k), 2.0)).sum()) for k in (1, 5, 20)
    ]

    assert shares == sorted(shares, reverse=True)
    assert shares[-1] < 0.1


def test_serves_the_same_from_a_stored_artifact(tmp_path):
    prior = ChoicePrior().fit(heard(), catalogue())
    artifacts.publish(tmp_path / "prior", kind="prior", arrays=prior.to_arrays())

    _, arrays = artifacts.open_arrays(tmp_path / "prior")
    again = ChoicePrior().with_arrays(arrays)

    choices = choosing(METAL), choosing(2, n=3)
    np.testing.assert_array_equal(
        again.histories(*choices).toarray(), prior.histories(*choices).toarray()
    )


def test_says_what_to_do_before_the_first_fit():
    with pytest.raises(NotFittedError, match="fit"):
        ChoicePrior().histories(choosing())
