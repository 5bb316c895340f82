import numpy as np
import pytest
from scipy.sparse import csr_array

from recommendations.engine import content
from recommendations.engine.content import Content
from recommendations.engine.interactions import Catalogue, Interactions
from recommendations.engine.protocol import NotFittedError

NAN = np.nan


def catalogue(features, *, tags=None, artist=None, year=None):
    features = np.asarray(features, dtype=np.float32)
    n_items = len(features)
    tags = np.zeros((n_items, 1)) if tags is None else np.asarray(tags)
    return Catalogue(
        features=features,
        feature_names=[f"feature {j}" for j in range(features.shape[1])],
        tags=csr_array(tags.astype(np.float32)),
        tag_names=[f"tag {j}" for j in range(tags.shape[1])],
        artist=np.full(n_items, -1) if artist is None else np.asarray(artist),
        year=np.full(n_items, NAN, np.float32) if year is None else np.asarray(year, np.float32),
        work=np.full(n_items, -1),
    )


def silence(n_items):
    """Interactions of nobody."""
    return Interactions(csr_array((0, n_items), dtype=np.float32), np.array([]), np.arange(n_items))


def fitted(known, **parameters):
    return Content(known, **parameters).fit(silence(known.n_items))


def random_catalogue(seed=0, n_items=60):
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(n_items, 4))
    features[rng.random(features.shape) < 0.2] = NAN
    year = np.where(rng.random(n_items) < 0.3, NAN, rng.integers(1960, 2020, n_items))
    return catalogue(
        features,
        tags=rng.random((n_items, 6)) < 0.2,
        artist=rng.integers(-1, 12, n_items),
        year=year,
    )


def slow_nearness(known, scaled, i, j, *, width=2.0, sharpness=3.0, share=0.3):
    """Both kinds of nearness of two items, from the definition."""
    both = ~np.isnan(scaled[i]) & ~np.isnan(scaled[j])
    sound = 0.0
    if both.any():
        distance = ((scaled[i, both] - scaled[j, both]) ** 2).mean() * scaled.shape[1]
        sound = share * both.mean() * (1 + distance / width**2) ** -sharpness
    tags = known.tags.toarray() > 0
    rarity = np.log((1 + len(tags)) / (1 + tags.sum(axis=0))) + 1
    a, b = tags[i] * rarity, tags[j] * rarity
    cosine = a @ b / (np.linalg.norm(a) * np.linalg.norm(b)) if a.any() and b.any() else 0.0
    same_artist = known.artist[i] >= 0 and known.artist[i] == known.artist[j]
    return sound, cosine + same_artist


def test_equals_its_slow_definition():
    known = random_catalogue()

    model = fitted(known, k=59, year=0.0)

    sound, tags = (model.sources_[name].toarray() for name in ("sound", "tags"))
    scaled = content.robust_scaled(known.features)
    for i in range(0, 60, 7):
        for j in range(60):
            if i != j:
                assert (sound[i, j], tags[i, j]) == pytest.approx(
                    slow_nearness(known, scaled, i, j), abs=1e-5
                )


def test_keeps_the_k_nearest_and_never_the_track_itself():
    known = random_catalogue()

    few, all_of_them = fitted(known, k=5).weights_.toarray(), fitted(known, k=59).weights_.toarray()

    assert (np.diag(few) == 0).all()
    for j in range(60):
        kept = np.flatnonzero(few[:, j])
        assert kept.size == min(5, np.count_nonzero(all_of_them[:, j]))
        np.testing.assert_allclose(
            few[kept, j],
            np.sort(all_of_them[:, j])[-kept.size :][
                np.argsort(np.argsort(few[kept, j], kind="stable"))
            ],
            rtol=1e-5,
        )


def test_sources_add_up_to_the_weights():
    model = fitted(random_catalogue(), k=8)

    total = sum(source.toarray() for source in model.sources_.values())
    np.testing.assert_allclose(model.weights_.toarray(), total, atol=1e-6)


def test_blocks_make_no_difference(monkeypatch):
    whole = fitted(random_catalogue(), k=8).weights_.toarray()
    monkeypatch.setattr(content, "BLOCK", 7)

    np.testing.assert_allclose(fitted(random_catalogue(), k=8).weights_.toarray(), whole, atol=1e-6)


def test_same_data_same_bytes():
    first, second = (fitted(random_catalogue(), k=8, exact_up_to=10) for _ in range(2))

    assert first.weights_.data.tobytes() == second.weights_.data.tobytes()
    assert first.weights_.indices.tobytes() == second.weights_.indices.tobytes()


def test_cells_find_most_of_the_nearest():
    rng = np.random.default_rng(0)
    known = catalogue(rng.normal(size=(2000, 3)), artist=rng.integers(0, 400, 2000))

    exact, by_cells = (fitted(known, k=10, exact_up_to=limit) for limit in (5000, 100))

    found = (exact.weights_.astype(bool) * by_cells.weights_.astype(bool)).sum()
    assert found / exact.weights_.nnz > 0.8


def test_what_is_unknown_claims_nothing():
    known = catalogue([[0.1, 0.2], [0.1, 0.2], [NAN, NAN], [0.1, NAN]], tags=[[1], [0], [0], [0]])

    model = fitted(known, k=3)

    sound, tags = (model.sources_[name].toarray() for name in ("sound", "tags"))
    assert not sound[2].any()
    assert not sound[:, 2].any()
    assert sound[0, 3] == pytest.approx(sound[0, 1] / 2)
    assert not tags.any()


def test_tracks_of_unknown_artists_and_years_are_not_alike():
    known = catalogue([[NAN]] * 3, artist=[-1, -1, 4], year=[NAN, NAN, 1999])

    assert fitted(known, k=2).weights_.nnz == 0


def test_near_years_are_nearer():
    known = catalogue([[NAN]] * 4, year=[1990, 1991, 1994, 2015])

    near = fitted(known, k=3).sources_["tags"].toarray()[0]

    assert near[1] > near[2] > near[3] == 0


def test_a_feature_without_spread_says_nothing():
    scaled = content.robust_scaled(np.array([[5.0, 1], [5, 2], [5, NAN], [NAN, 1000]]))

    np.testing.assert_allclose(scaled[:, 0], [0, 0, 0, NAN])
    assert scaled[3, 1] == content.CLIP or scaled[3, 1] < content.CLIP
    assert np.isnan(scaled[2, 1])


def test_outliers_are_clipped_and_do_not_set_the_scale():
    values = np.array([[1.0], [2], [3], [4], [5], [1e9]])

    scaled = content.robust_scaled(values)

    assert scaled[5, 0] == content.CLIP
    assert scaled[4, 0] == pytest.approx((5 - 3.5) / 2.5)


def test_a_rare_tag_says_more():
    rows = content.tf_idf(csr_array(np.array([[1, 1], [1, 0], [1, 0]], dtype=np.float32))).toarray()

    assert rows[0, 1] > rows[0, 0]
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1)


def test_a_track_nobody_played_is_scored_and_the_silent_history_is_not():
    model = fitted(random_catalogue(), k=8)
    histories = csr_array(np.eye(2, 60, k=3, dtype=np.float32) * [[1], [0]])

    scores = model.score(histories)

    assert scores.shape == (2, 60)
    assert scores[[0]].nnz == np.count_nonzero(model.weights_[[3]].toarray()) > 0
    assert scores[[1]].nnz == 0


def test_refuses_scores_before_fit_and_another_catalogue():
    with pytest.raises(NotFittedError):
        Content(random_catalogue()).score(csr_array((1, 60)))
    with pytest.raises(ValueError, match="3 items met, 60 in the catalogue"):
        Content(random_catalogue()).fit(silence(3))


def test_vectors_have_length_1_or_0_and_likeness():
    known = catalogue([[1, 1], [1, 1.1], [9, -5], [NAN, NAN]], artist=[0, 0, 1, -1])

    rows = content.vectors(known)

    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), [1, 1, 1, 0], atol=1e-6)
    assert rows[0] @ rows[1] > rows[0] @ rows[2]


def test_vectors_of_sound_alone():
    rows = content.vectors(catalogue([[1, 1], [3, 1.1], [9, -5]]))

    np.testing.assert_allclose(np.linalg.norm(rows, axis=1)[[0, 2]], 1, atol=1e-6)


def test_tells_its_progress_to_the_end(monkeypatch):
    monkeypatch.setattr(content, "BLOCK", 25)
    told = []

    fitted(random_catalogue(), progress=told.append)

    assert told == [25 / 60, 50 / 60, 1.0]
