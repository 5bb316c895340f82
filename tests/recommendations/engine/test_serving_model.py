import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from recommendations.engine import artifacts, serving_speed
from recommendations.engine.model import ServingModel, Term, rank_levels, strongest
from recommendations.engine.ranking import Rules, Taste, recommend
from tests.recommendations.engine.serving_worlds import random_model, star

TASTE = Taste(np.array([1, 5, 9], np.int32), np.array([1.0, 2.0, -0.5], np.float32))


@pytest.mark.parametrize("low_rank", [True, False])
def test_serves_the_same_after_saving_and_loading(tmp_path, low_rank):
    model = random_model(1, low_rank=low_rank)

    manifest = model.save(tmp_path / "v1", counts={"listeners": 7})
    loaded = ServingModel.load(artifacts.adopt(tmp_path / "v1", tmp_path / "local"))

    assert manifest.counts == {"items": 40, "listeners": 7}
    before, after = recommend(model, TASTE, 20), recommend(loaded, TASTE, 20)
    assert before.items.tolist() == after.items.tolist()
    assert before.scores.tolist() == after.scores.tolist()


def test_same_model_gives_the_same_bytes(tmp_path):
    first, second = (random_model(1).save(tmp_path / name) for name in ("a", "b"))

    assert first.checksum == second.checksum
    assert random_model(2).save(tmp_path / "c").checksum != first.checksum


def test_refuses_an_artifact_that_is_not_a_serving_model(tmp_path):
    artifacts.publish(tmp_path / "v1", kind="clusters", arrays={"x": np.ones(3)})

    with pytest.raises(artifacts.ArtifactError, match="not one that can serve"):
        ServingModel.load(tmp_path / "v1")


def test_refuses_a_serving_model_with_an_array_missing(tmp_path):
    random_model(1).save(tmp_path / "v1")
    manifest, arrays = artifacts.open_arrays(tmp_path / "v1")
    del arrays["support"]
    artifacts.publish(
        tmp_path / "v2", kind=manifest.kind, arrays=arrays, parameters=manifest.parameters
    )

    with pytest.raises(artifacts.ArtifactError, match="lacks 'support'"):
        ServingModel.load(tmp_path / "v2")


def test_several_threads_share_one_model():
    model = random_model(3)
    tastes = [Taste(np.array([i], np.int32), np.ones(1, np.float32)) for i in range(40)]
    alone = [recommend(model, taste, 9).items.tolist() for taste in tastes]

    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda t: recommend(model, t, 9).items.tolist(), tastes * 10))

    assert together == alone * 10


def test_levels_spread_by_rank_and_leave_the_unknown_unknown():
    levels = rank_levels(np.array([[3.0, 1], [np.nan, 1], [100, 1], [3, 1], [-1, np.nan]]))

    np.testing.assert_allclose(levels[:, 0], [0, np.nan, 1, 0, -1], atol=1e-3)
    np.testing.assert_allclose(levels[:, 1], [0, 0, 0, 0, np.nan])


def test_the_strongest_of_each_row_are_kept():
    weights = csr_array(
        np.array([[0.1, -0.9, 0.3, 0.3], [0, 0, 0, 0], [0, 0, 0.5, 0]], dtype=np.float32)
    )

    kept = strongest(weights, 2).toarray()

    np.testing.assert_allclose(kept, [[0, -0.9, 0.3, 0], [0, 0, 0, 0], [0, 0, 0.5, 0]])


@given(seed=st.integers(0, 1000), limit=st.integers(1, 6))
def test_the_strongest_equal_sorting_each_row(seed, limit):
    rng = np.random.default_rng(seed)
    full = (rng.normal(size=(5, 8)) * (rng.random((5, 8)) < 0.5)).astype(np.float32)

    kept = strongest(csr_array(full), limit).toarray()

    for row, found in zip(full, kept, strict=True):
        keep = sorted(np.flatnonzero(row), key=lambda j: (-abs(row[j]), j))[:limit]
        expected = np.zeros(8, np.float32)
        expected[keep] = row[keep]
        np.testing.assert_array_equal(found, expected)


def test_a_term_keeps_within_its_row_limit():
    term = Term.of("history", csr_array(np.ones((3, 3), np.float32)), row_limit=2)

    assert np.diff(term.indptr).tolist() == [2, 2, 2]
    assert term.indices.dtype == np.int32


def test_knows_columns_of_ids():
    assert star([0.5, 0.5]).columns([101, 5, 100, 900]).tolist() == [1, -1, 0, -1]


def test_a_long_list_with_reasons_is_quick():
    """A loose guard; `serving_speed` measures. Processor time, since the machine is shared."""
    model = serving_speed.synthetic_model(20_000, k=50)
    tastes = serving_speed.listeners(model, 25, np.random.default_rng(0))
    for taste in tastes[:5]:
        serving_speed.one_list(model, taste)

    times = []
    for taste in tastes[5:]:
        start = time.thread_time()
        serving_speed.one_list(model, taste)
        times.append(time.thread_time() - start)

    assert np.median(times) < 0.015
    assert recommend(model, tastes[0], 50, rules=Rules()).items.size == 50
