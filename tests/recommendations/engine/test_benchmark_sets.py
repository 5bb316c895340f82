import json

import numpy as np
import pytest
from scipy.sparse import csr_array

from recommendations.engine.benchmark import newcomers, peers, real, speed
from recommendations.engine.benchmark.measure import Measured, measure_here
from recommendations.engine.benchmark.newcomers import figures, heaviest
from recommendations.engine.benchmark.real import SETS, data_folder, rows_of
from recommendations.engine.benchmark.synthetic import listening

needs_data = pytest.mark.skipif(
    not data_folder().is_dir(), reason=f"the real sets are not in {data_folder()}"
)


@pytest.fixture
def folder(tmp_path):
    """A small set where HetRec's would be, and none of the others."""
    place = tmp_path / SETS["hetrec"].place
    place.parent.mkdir()
    pairs = listening(60, 100, 500).matrix.tocoo()
    lines = [f"{user}\t{item}\t3" for user, item in zip(pairs.row, pairs.col, strict=True)]
    place.write_text("\n".join(["userID\tartistID\tweight", *lines]))
    return tmp_path


def test_sets_that_are_not_there_are_said_and_the_others_measured(folder, capsys, monkeypatch):
    monkeypatch.setattr(real, "measure", measure_here)
    out = folder / "out.json"

    code = real.main([str(folder), "--models", "popularity", "--json", str(out)])

    assert code == 0
    said = capsys.readouterr().out
    for name in ("taste-profile", "top-users", "playlists"):
        assert f"No data of {name}: " in said
    found = json.loads(out.read_text())
    assert list(found) == ["hetrec"]
    assert found["hetrec"]["data"]["bad_lines"] == {"hetrec": 0}
    assert 0 < found["hetrec"]["models"][0]["ndcg"] <= 1


def test_a_model_that_failed_is_told_by_the_code(folder, monkeypatch):
    failed = Measured("ease", {"error": "?"}, np.full(60, np.nan))
    monkeypatch.setattr(real, "measure", lambda *_, **__: failed)

    assert real.main([str(folder), "--models", "ease"]) == 1


@pytest.mark.parametrize(
    ("main", "arguments"),
    [
        (real.main, []),
        (newcomers.main, []),
        (newcomers.main, ["--set", "playlists"]),
        (speed.main, ["--set", "hetrec"]),
    ],
)
def test_without_the_data_nothing_is_measured_and_nothing_fails(
    main, arguments, capsys, monkeypatch, tmp_path
):
    monkeypatch.setenv("SEGUE_TEST_DATA", str(tmp_path / "nothing"))

    assert main(arguments) == 0

    assert "No data of " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("main", "arguments", "said"),
    [
        (real.main, ["--sets", "hetrek"], "--sets: unknown: hetrek; known: hetrec"),
        (real.main, ["--models", "segu"], "--models: unknown: segu; known: popularity"),
        (real.main, ["--seed", "-1"], "--seed: '-1' is no whole number"),
        (newcomers.main, ["--models", "segu"], "--models: unknown: segu; known: popularity"),
        (newcomers.main, ["--seed", "x"], "--seed: 'x' is no whole number"),
        (speed.main, ["--models", "segu"], "--models: unknown: segu; known: ridge"),
        (speed.main, ["--times", "0"], "--times: '0' is no whole number"),
        (speed.main, ["--scale", "--growth"], "not allowed with"),
    ],
)
def test_what_is_not_known_is_refused_in_words(main, arguments, said, capsys):
    with pytest.raises(SystemExit, match="2"):
        main(arguments)

    assert said in capsys.readouterr().err


def test_newcomers_are_always_compared_with_segue(folder, capsys):
    assert newcomers.main([str(folder), "--models", "popularity"]) == 0

    rows = [row.split(" | ") for row in capsys.readouterr().out.splitlines()[2:]]
    assert [row[0].strip("| ") for row in rows] == ["segue"] * 4 + ["popularity"] * 4


def test_training_is_timed_and_said(capsys, monkeypatch):
    monkeypatch.setattr(speed, "MILLION", (60, 100, 500))

    assert speed.main(["--models", "segue"]) == 0

    row = capsys.readouterr().out.splitlines()[-1].strip("| ")
    data, name, seconds, last, peak = row.split(" | ")
    assert (data, name) == ("60 users, 100 items, 500 pairs", "segue")
    assert 0 <= float(last) <= float(seconds) + 1
    assert float(peak) > 10


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
    assert rows.bad.count == 0
