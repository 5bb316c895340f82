"""What is different between two lists."""

from hypothesis import given
from hypothesis import strategies as st

from recommendations.serving.moves import Move, moves

lists = st.lists(st.integers(1, 12), unique=True)


def test_tells_what_came_left_and_moved():
    found = moves([1, 2, 3, 4], [3, 5, 2, 1])

    assert found.came == (Move(5, None, 2),)
    assert found.left == (Move(4, 4, None),)
    assert [(move.track, move.by) for move in found.up] == [(3, 2)]
    assert [(move.track, move.by) for move in found.down] == [(2, -1), (1, -3)]
    assert found.of(5) == Move(5, None, 2)
    assert found.of(9) is None


@given(lists, lists)
def test_the_new_list_can_be_told_from_the_old_one_and_the_moves(before, after):
    found = moves(before, after)
    moved = {move.track: move for move in (*found.came, *found.up, *found.down)}
    left = {move.track for move in found.left}
    stayed = [track for track in before if track not in left and track not in moved]

    ranks = {track: move.now for track, move in moved.items()}
    ranks |= {track: before.index(track) + 1 for track in stayed}

    assert sorted(ranks, key=ranks.get) == after
