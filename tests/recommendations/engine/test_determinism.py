"""The same data and seed give the same artifact, byte for byte, on any machine's cores."""

import numpy as np
import pytest
from scipy.sparse import csr_array
from threadpoolctl import threadpool_limits

from recommendations.engine import content
from recommendations.engine.hybrid import Hybrid
from recommendations.engine.model import ServingModel, Term
from tests.recommendations.engine.models import crowd
from tests.recommendations.engine.serving_worlds import catalogue

N_ITEMS = 700


def described():
    rng = np.random.default_rng(5)
    tags = (rng.random((N_ITEMS, 40)) < 0.1).astype(np.float32)
    return catalogue(
        N_ITEMS,
        features=rng.normal(size=(N_ITEMS, 8)).astype(np.float32),
        feature_names=[f"feature {n}" for n in range(8)],
        tags=csr_array(tags),
        tag_names=[f"tag {n}" for n in range(40)],
        artist=rng.integers(0, 90, N_ITEMS),
        year=rng.integers(1960, 2020, N_ITEMS).astype(np.float32),
    )


def checksum(folder, *, workers, blas_threads):
    """Train from the plays to the folder that is published."""
    world, known = crowd(n_users=400, n_items=N_ITEMS, share=0.04), described()
    with threadpool_limits(blas_threads, "blas"):
        fitted = Hybrid(known, workers=workers, row_limit=200).fit(world)
        model = ServingModel.build(
            world.item_ids,
            [Term.of(name, part, row_limit=200) for name, part in fitted.sources_.items()],
            popularity=np.bincount(world.matrix.indices, minlength=N_ITEMS),
            catalogue=known,
            vectors=content.vectors(known),
            support=fitted.support_,
            low_rank=fitted.low_rank_,
            parameters={"choice": vars(fitted.choice_), "mix": vars(fitted.mix_)},
        )
    return model.save(folder).checksum


@pytest.fixture(scope="module")
def of_one(tmp_path_factory):
    return checksum(tmp_path_factory.mktemp("one") / "v1", workers=1, blas_threads=1)


@pytest.mark.parametrize(("workers", "blas_threads"), [(3, 1), (1, 2)])
def test_a_whole_artifact_is_the_same_whatever_works_on_it(tmp_path, of_one, workers, blas_threads):
    found = checksum(tmp_path / "v1", workers=workers, blas_threads=blas_threads)

    assert found == of_one
