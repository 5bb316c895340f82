import json

import numpy as np
import pytest
from scipy.sparse import csr_array

from recommendations.engine.benchmark import peers, speed
from recommendations.engine.benchmark.__main__ import main
from recommendations.engine.benchmark.data import Data, load, split_rows
from recommendations.engine.benchmark.files import damped, read, read_lines
from recommendations.engine.benchmark.measure import Measured, measure, peak_memory
from recommendations.engine.benchmark.newcomers import figures, heaviest
from recommendations.engine.benchmark.peers import Tuned
from recommendations.engine.benchmark.real import SETS, data_folder, rows_of
from recommendations.engine.benchmark.report import COLUMNS, as_table
from recommendations.engine.benchmark.synthetic import listening
from recommendations.engine.evaluation.splits import by_user
from recommendations.engine.interactions import Interactions
from recommendations.engine.popularity import Popularity
from recommendations.engine.ridge import NeighbourhoodRidge
from tests.recommendations.engine.models import two_camps

needs_data = pytest.mark.skipif(
    not data_folder().is_dir(), reason=f"the real sets are not in {data_folder()}"
)


@pytest.fixture
def camps(tmp_path):
    """Two camps as a file, everybody's weight and time given."""
    matrix = two_camps().matrix.tocoo()
    path = tmp_path / "plays.txt"
    lines = [
        f"listener-{user}\ttrack-{item} 2 {1000 + number}"
        for number, (user, item) in enumerate(zip(matrix.row, matrix.col, strict=True))
    ]
    path.write_text("\n".join(lines))
    return path


def test_reads_two_to_four_fields_between_any_white_space():
    rows = read_lines(["ann blue\n", "\tann  so-what 3\n", "bob blue -1.5 1234567890\n", "\n"])

    assert rows.users == ["ann", "ann", "bob"]
    assert rows.items == ["blue", "so-what", "blue"]
    assert rows.weights == [1.0, 3.0, -1.5]
    np.testing.assert_array_equal(rows.times, [np.nan, np.nan, 1234567890])
    assert rows.bad_lines == []


@pytest.mark.parametrize(
    "line", ["lonely", "a b c", "a b 1 yesterday", "a b 1 2 3", "a b nan", "a b 1 inf", "a b inf"]
)
def test_notes_the_number_of_a_line_it_cannot_read(line):
    rows = read_lines(["ann blue", line, "bob blue"])

    assert rows.bad_lines == [2]
    assert rows.users == ["ann", "bob"]


def test_reads_any_bytes_and_a_mark_at_the_start(tmp_path):
    path = tmp_path / "odd.txt"
    path.write_bytes(b"\xef\xbb\xbfann bj\xf6rk 2\r\nann blue\r\n")

    rows = read(path)

    assert rows.users == ["ann", "ann"]
    assert rows.weights == [2.0, 1.0]


def test_plays_are_added_up_and_damped():
    rows = read_lines(["ann blue 500", "ann blue 524", "ann red 1", "bob red -3", "bob blue"])

    split = split_rows(rows, method="user", share=0.2, seed=0)

    whole = split.train.matrix + split.held_out
    np.testing.assert_allclose(whole.toarray(), [[2.0, 1.0], [1.0, -(3**0.1)]], rtol=1e-6)
    np.testing.assert_allclose(damped(np.array([0.0, -1024.0])), [0.0, -2.0])


def test_two_files_ask_for_what_the_first_does_not_hold(tmp_path):
    train, test = tmp_path / "train.txt", tmp_path / "test.txt"
    train.write_text("ann blue\nann red\nbob red\n")
    test.write_text("ann blue\nann green\ncat red\n?\n")

    data = load(train, test)

    assert data.split.train.item_ids.tolist() == ["blue", "green", "red"]
    np.testing.assert_array_equal(data.split.held_out.toarray(), [[0, 1, 0], [0, 0, 0], [0, 0, 1]])
    summary = data.summary()
    assert summary["cold_test_users"] == 1
    assert summary["cold_test_pairs"] == 1
    assert summary["bad_lines"] == {"train.txt": 0, "test.txt": 1}
    assert summary["bad_line_numbers"]["test.txt"] == [4]


def test_a_split_by_time_asks_for_the_latest():
    rows = read_lines([f"ann track-{n} 1 {n}" for n in range(10)])

    split = split_rows(rows, method="time", share=0.3, seed=0)

    assert split.held_out.indices.tolist() == [7, 8, 9]


@pytest.mark.parametrize(
    ("text", "arguments", "message"),
    [
        (None, [], "No such file"),
        ("", [], "no line reads"),
        ("lonely\nlonely\n", [], "2 unreadable"),
        ("ann blue\nbob red\n", [], "no listener has two items"),
        ("ann blue\nann red\n", ["--split", "time"], "unix time on every line"),
    ],
)
def test_says_why_it_cannot_measure(tmp_path, capsys, text, arguments, message):
    path = tmp_path / "plays.txt"
    if text is not None:
        path.write_text(text)

    code = main(["--train", str(path), *arguments])

    assert code == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments", [["--models", "best"], ["--test-share", "1"], ["--n", "0"], ["--split", "luck"]]
)
def test_refuses_arguments_it_does_not_know(camps, capsys, arguments):
    with pytest.raises(SystemExit, match="2"):
        main(["--train", str(camps), *arguments])

    assert "error: argument" in capsys.readouterr().err


def test_prints_a_table_and_writes_the_same_as_json(camps, tmp_path, capsys):
    camps.write_text(camps.read_text() + "\nlonely\n")
    out = tmp_path / "out.json"

    code = main(
        ["--train", str(camps), "--models", "popularity,ease", "--json", str(out), "--n", "3"]
    )

    assert code == 0
    found = json.loads(out.read_text())
    popularity, ease = found["models"]
    assert (popularity["name"], ease["name"]) == ("popularity", "ease")
    assert {
        "recall", "ndcg", "precision", "coverage", "train_seconds", "peak_mb", "score_us",
    } <= set(ease)  # fmt: skip
    assert ease["ndcg"] > popularity["ndcg"]
    assert ease["peak_mb"] > 10
    assert ease["ndcg_against_best"] is None
    assert popularity["ndcg_against_best"]["mean"] < 0
    assert found["data"]["users"] == 12
    assert found["data"]["bad_lines"] == {"plays.txt": 1}
    table = capsys.readouterr().out
    assert f"| ease | {ease['recall']:.4f} | {ease['ndcg']:.4f} |" in table
    assert "plays.txt: 1 lines could not be read, the first: 61" in table


def test_one_listener_alone_has_no_interval():
    data = split_rows(
        read_lines(f"me t{item}" for item in range(9)), method="user", share=0.3, seed=0
    )
    rows = [
        Measured(name, dict.fromkeys((key for key, *_ in COLUMNS), ndcg), np.array([ndcg]))
        for name, ndcg in (("a", 0.5), ("b", 0.2))
    ]

    table = as_table(Data(data, {}).summary(), rows, n=20, seed=0)

    assert "| the best |" in table
    assert "-0.3000, one listener only" in table


def test_nobody_to_ask_is_no_reason_to_fall():
    nothing = by_user(Interactions.from_triples([1, 2], [1, 2]), rng=np.random.default_rng(0))

    assert peers.judge(Popularity().fit(nothing.train), nothing) == 0.0


def test_training_is_timed_and_said(capsys, monkeypatch):
    monkeypatch.setattr(speed, "MILLION", (60, 100, 500))

    assert speed.main(["--models", "segue"]) == 0

    row = capsys.readouterr().out.splitlines()[-1].strip("| ")
    data, name, seconds, last, peak = row.split(" | ")
    assert (data, name) == ("60 users, 100 items, 500 pairs", "segue")
    assert 0 < float(last) <= float(seconds) + 1
    assert float(peak) > 10


def test_what_does_not_fit_is_left_out_and_said():
    world = listening(50, 10_500, 400)
    split = peers.by_user(world, rng=np.random.default_rng(0))

    found = measure("ease", split)

    assert found.figures == {"left_out": "10500 items; EASE takes up to 10000."}


def test_a_model_that_fails_is_named_and_the_others_go_on(camps):
    found = measure("no-such-model", load(camps, None).split)

    assert "no-such-model" in found.figures["error"]
    assert np.isnan(found.ndcg).all()


def test_tuning_takes_the_setting_that_validates_best():
    camps = two_camps(24)

    tuned = Tuned(NeighbourhoodRidge, [[{"k": 1}, {"k": 20}], [{"regularization": 1e6}]]).fit(camps)

    assert tuned.setting_["k"] == 20
    assert tuned.model_.weights_.nnz > 0
    assert tuned.again().k == 20


def test_peak_memory_sees_what_was_held_for_a_moment():
    with peak_memory() as peak:
        before = peak[0]
        held = np.ones(25_000_000)
        del held

    assert peak[0] - before > 0


def test_made_up_listening_has_the_size_asked_for_and_tastes_to_find():
    world = listening(300, 500, 6000)

    assert world.matrix.shape == (300, 500)
    assert world.matrix.nnz == 6000
    assert (world.matrix.data == 1).all()
    split = peers.by_user(world, rng=np.random.default_rng(0))
    ridge = peers.judge(NeighbourhoodRidge().fit(split.train), split)
    assert ridge > peers.judge(Popularity().fit(split.train), split)


def test_a_newcomer_is_known_by_what_they_play_most():
    histories = csr_array(np.array([[1.0, 3.0, 2.0, 3.0], [0, 0, 5.0, 0], [0, 0, 0, 0]]))

    known = heaviest(histories, 2)

    np.testing.assert_array_equal(known.toarray(), [[0, 3, 0, 3], [0, 0, 5, 0], [0, 0, 0, 0]])


def test_newcomers_teach_the_model_nothing_and_see_nothing_they_know():
    split = peers.by_user(listening(200, 300, 4000), rng=np.random.default_rng(0))
    newcomers = np.arange(0, 200, 5)

    found = figures("popularity", split, newcomers, seed=0)

    rest = np.setdiff1d(np.arange(200), newcomers)
    counts = split.train.matrix[rest].sum(axis=0)
    expected = np.argsort(-counts, kind="stable")
    whole = split.train.matrix[[0]].toarray()[0]
    best = [item for item in expected if not whole[item]][:20]
    held_out = csr_array(split.held_out[[0]])
    ndcg = peers.accuracy(np.array([best]), held_out, n=20)["ndcg"][0]
    for values in found.values():
        assert values[0] == pytest.approx(ndcg)


@needs_data
@pytest.mark.parametrize("name", SETS)
def test_the_real_sets_are_read_whole(name):
    rows = rows_of(name, data_folder())

    expected = {"hetrec": 92_834, "taste-profile": 42_739, "top-users": 39_017, "playlists": 32_251}
    assert len(rows.users) == expected[name]
    assert rows.bad_lines == []
