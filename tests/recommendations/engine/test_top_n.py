import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy.sparse import csr_array

from recommendations.engine.ranking import top_n


def test_best_first_and_minus_one_where_there_are_fewer():
    scores = csr_array(np.array([[0.0, 0.5, 0.9, 0.1], [0.0, 0.0, -0.2, 0.0]], dtype=np.float32))

    assert top_n(scores, 2).tolist() == [[2, 1], [2, -1]]


def test_equal_scores_are_ordered_by_column():
    scores = csr_array(np.array([[1.0, 2.0, 1.0, 1.0, 2.0]], dtype=np.float32))

    assert top_n(scores, 4).tolist() == [[1, 4, 0, 2]]


def test_leaves_out_what_is_hidden_in_that_row_only():
    scores = csr_array(np.array([[3.0, 2.0, 1.0], [3.0, 2.0, 1.0]], dtype=np.float32))
    hide = csr_array(np.array([[1.0, 0.0, 0.0], [0.0, 0.0, -1.0]]))

    assert top_n(scores, 3, hide=hide).tolist() == [[1, 2, -1], [0, 1, -1]]


def test_refuses_to_hide_by_another_catalogue():
    with pytest.raises(ValueError, match=r"scores are \(1, 3\), hide is \(1, 4\)"):
        top_n(csr_array((1, 3)), 2, hide=csr_array((1, 4)))


@given(
    scores=arrays.arrays(np.float32, (3, 12), elements=st.sampled_from([0, 1, 2, 2.5, -1])),
    hide=arrays.arrays(np.int8, (3, 12), elements=st.integers(0, 1)),
    n=st.integers(0, 15),
)
def test_equals_sorting_everything(scores, hide, n):
    best = top_n(csr_array(scores), n, hide=csr_array(hide))

    for row, found in enumerate(best):
        candidates = [j for j in range(12) if scores[row, j] != 0 and not hide[row, j]]
        expected = sorted(candidates, key=lambda j: (-scores[row, j], j))[:n]
        assert found[: len(expected)].tolist() == expected
        assert (found[len(expected) :] == -1).all()
