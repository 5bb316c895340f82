import numpy as np
import pytest
from scipy.sparse import csr_array

from recommendations.engine import mix_search
from recommendations.engine.content import Content
from recommendations.engine.hybrid import Hybrid
from recommendations.engine.interactions import Interactions
from recommendations.engine.linear import only_columns
from recommendations.engine.mix import Mix
from recommendations.engine.ranking import top_n
from recommendations.engine.search import Choice
from recommendations.engine.segue import Segue
from tests.recommendations.engine.serving_worlds import catalogue

N_ITEMS = 40
COLD = np.array([38, 39])
CHOICE = Choice(k=10, regularization=5.0)


@pytest.fixture
def tastes():
    """Even listeners like even items, odd ones odd; the last two items nobody has met."""
    rng = np.random.default_rng(0)
    users = np.repeat(np.arange(120), 6)
    items = np.concatenate([2 * rng.permutation(19)[:6] + user % 2 for user in range(120)])
    return Interactions.from_triples(users, items, item_ids=np.arange(N_ITEMS))


@pytest.fixture
def records():
    """Even items are jazz, odd ones polka."""
    tags = np.eye(2, dtype=np.float32)[np.arange(N_ITEMS) % 2]
    return catalogue(
        N_ITEMS,
        features=np.full((N_ITEMS, 1), np.nan, np.float32),
        tags=csr_array(tags),
        tag_names=["jazz", "polka"],
        artist=np.full(N_ITEMS, -1),
    )


def test_a_track_nobody_played_is_shown_to_those_whose_taste_it_sounds_like(tastes, records):
    model = Hybrid(records, choice=CHOICE, mix=Mix(kappa=1.0, share=0.3)).fit(tastes)

    scores = model.score(tastes.matrix).toarray()

    even = np.arange(120) % 2 == 0
    assert (scores[even, 38] > scores[even, 39]).all()
    assert (scores[~even, 39] > scores[~even, 38]).all()


def test_columns_are_shared_by_support_as_the_formula_says(tastes, records):
    mix = Mix(kappa=4.0, share=0.5)

    model = Hybrid(records, choice=CHOICE, mix=mix).fit(tastes)

    counts = np.bincount(tastes.matrix.indices, minlength=N_ITEMS)
    known = counts / (counts + 4.0)
    listening = Segue(choice=CHOICE).fit(tastes).weights_.toarray()
    np.testing.assert_allclose(model.sources_["history"].toarray(), listening * known, rtol=1e-5)
    content = Content(records).fit(tastes).sources_["tags"].toarray()
    mixed = model.sources_["tags"].toarray()
    there = content != 0
    ratio = mixed[there] / (content * (1 - known))[there]
    np.testing.assert_allclose(ratio, ratio[0], rtol=1e-4)
    heaviest = np.sort(np.abs(content[there]))[-10 * N_ITEMS :]
    usual = np.sort(np.abs(listening[listening != 0]))[-10 * 38 :]
    expected = 0.5 * np.sqrt((usual**2).mean() / (heaviest**2).mean())
    assert ratio[0] == pytest.approx(expected, rel=0.05)


def test_the_sources_and_the_factors_add_up_to_the_score(tastes, records):
    choice = Choice(k=10, factors=4, low_rank_share=0.2)
    model = Hybrid(records, choice=choice, mix=Mix()).fit(tastes)
    history = csr_array(tastes.matrix[[3]])

    scores = model.score(history)

    low_rank = model.low_rank_
    summed = sum((history @ weights).toarray()[0] for weights in model.sources_.values())
    user = low_rank.folded(history.indices, history.data).user
    vague = low_rank.scale * (low_rank.factors @ user)
    summed = summed + np.where(summed != 0, vague, 0)  # candidates are what the weights reach
    summed = summed + model.listening_.popular_.share
    np.testing.assert_allclose(scores.data, summed[scores.indices], rtol=1e-3, atol=1e-5)
    np.testing.assert_allclose(low_rank.scale[COLD], 0.0)


def test_a_track_nobody_played_is_reached_through_the_tracks_it_is_like(tastes, records):
    plain = Hybrid(records, choice=CHOICE, mix=Mix()).fit(tastes)

    model = Hybrid(records, choice=CHOICE, mix=Mix(carry=2.0)).fit(tastes)

    history, before = model.sources_["history"].toarray(), plain.sources_["history"].toarray()
    tags, alike = model.sources_["tags"].toarray(), plain.sources_["tags"].toarray()
    heard = np.setdiff1d(np.arange(N_ITEMS), COLD)
    np.testing.assert_array_equal(history[:, heard], before[:, heard])
    np.testing.assert_array_equal(tags[:, heard], alike[:, heard])
    np.testing.assert_allclose(tags[:, COLD], alike[:, COLD] / 3, rtol=1e-5)
    assert not before[:, COLD].any()
    assert history[:38:2, 38].sum() > 0
    assert not history[1:38:2, 38].any()
    scores = model.score(tastes.matrix).toarray()
    summed = sum(tastes.matrix @ weights for weights in model.sources_.values()).toarray()
    np.testing.assert_allclose(scores[:, COLD], summed[:, COLD], rtol=1e-4, atol=1e-6)


def test_how_much_is_carried_is_what_validation_says_of_tracks_taken_for_unheard():
    """Each of four kinds is heard by its own listeners, and alike are only the next of a kind."""
    kind, place = np.arange(80) % 4, np.arange(80) // 4
    rng = np.random.default_rng(1)
    heard = [rng.permutation(np.flatnonzero(kind == user % 4))[:12] for user in range(200)]
    tastes = Interactions.from_triples(
        np.repeat(np.arange(200), 12), np.concatenate(heard), item_ids=np.arange(80)
    )
    tags = np.zeros((80, 80), np.float32)
    tags[np.arange(80), 20 * kind + place] = tags[np.arange(80), 20 * kind + (place + 1) % 20] = 1
    plain = {"features": np.full((80, 1), np.nan, np.float32), "artist": np.full(80, -1)}
    chained = catalogue(80, tags=csr_array(tags), tag_names=[str(n) for n in range(80)], **plain)

    assert Hybrid(chained, choice=CHOICE).fit(tastes).mix_.carry > 0
    assert Hybrid(catalogue(80, **plain), choice=CHOICE).fit(tastes).mix_.carry == 0


def test_only_columns_leaves_what_it_was_given_as_it_was():
    given = csr_array(np.arange(6, dtype=np.float32).reshape(2, 3))
    before = given.toarray()

    kept = only_columns(given, np.array([False, True, False]))

    np.testing.assert_array_equal(kept.toarray(), [[0, 1, 0], [0, 4, 0]])
    assert kept.nnz == 2
    np.testing.assert_array_equal(given.toarray(), before)


def test_a_newcomer_with_one_like_gets_their_kind(tastes, records):
    model = Hybrid(records, choice=CHOICE, mix=Mix()).fit(tastes)
    newcomer = csr_array(([1.0], ([0], [4])), shape=(1, N_ITEMS), dtype=np.float32)

    best = top_n(model.score(newcomer), 10, hide=newcomer)[0]

    assert (best % 2 == 0).all()


def test_chooses_a_mix_no_worse_than_the_others_on_validation(tastes, records):
    model = Hybrid(records, choice=CHOICE, workers=1).fit(tastes)

    assert model.mix_.kappa > 0
    assert Hybrid(records, choice=CHOICE, workers=2).fit(tastes).mix_ == model.mix_


def test_refuses_a_catalogue_of_other_tracks(tastes):
    with pytest.raises(ValueError, match="catalogue"):
        Hybrid(catalogue(5), choice=CHOICE).fit(tastes)


class Stopped(Exception):
    pass


def stopping_after(n):
    told = []

    def progress(share):
        told.append(share)
        if len(told) == n:
            raise Stopped

    return progress, told


def test_every_step_of_a_training_can_be_stopped(tastes, records):
    """Content, the search, the mix, what is carried and the last fit: each word may be the last."""
    progress, told = stopping_after(None)
    Hybrid(records, workers=1, progress=progress).fit(tastes)
    mixes = len(mix_search.KAPPAS) * len(mix_search.SHARES)
    assert told[-2 - mixes : -2] == [n / mixes for n in range(1, mixes + 1)]

    for last in (1, 2, len(told) - 10, len(told) - 1, len(told)):
        progress, _ = stopping_after(last)
        model = Hybrid(records, workers=1, progress=progress)
        with pytest.raises(Stopped):
            model.fit(tastes)
        assert model.sources_ is None
