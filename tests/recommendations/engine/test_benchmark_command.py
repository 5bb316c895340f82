import json

import numpy as np
import pytest

from recommendations.engine.benchmark import __main__ as command
from recommendations.engine.benchmark import peers
from recommendations.engine.benchmark.__main__ import main
from recommendations.engine.benchmark.measure import Measured, measure_here
from recommendations.engine.benchmark.peers import MODELS
from recommendations.engine.benchmark.synthetic import listening
from tests.recommendations.engine.models import two_camps

REQUIRED = {
    "name", "recall", "ndcg", "precision", "coverage", "train_seconds", "peak_mb", "score_us",
}  # fmt: skip


@pytest.fixture
def camps(tmp_path):
    """Two camps as a file, everybody's weight and time given."""
    return written(tmp_path / "plays.txt", two_camps())


@pytest.fixture
def plays(tmp_path):
    return written(tmp_path / "plays.txt", listening(40, 100, 400))


def written(path, world):
    pairs = world.matrix.tocoo()
    moments = np.random.default_rng(0).permutation(pairs.nnz)
    lines = [
        f"listener-{user}\ttrack-{item} 2 {1000 + moment}"
        for user, item, moment in zip(pairs.row, pairs.col, moments, strict=True)
    ]
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture
def at_once(monkeypatch):
    """The models run in this process; iALS, whose trainings are processes, has one setting."""
    monkeypatch.setattr(command, "measure", measure_here)
    monkeypatch.setattr(peers, "IALS_GRID", [{"factors": 8}])
    monkeypatch.setattr(peers, "IALS_THEN", [])


@pytest.fixture
def never(monkeypatch):
    monkeypatch.setattr(command, "measure", lambda *_, **__: pytest.fail("a model ran"))


def models_of(path):
    return {model["name"]: model for model in json.loads(path.read_text())["models"]}


def test_prints_a_table_and_writes_the_same_as_json(camps, tmp_path, capsys):
    camps.write_text(camps.read_text() + "lonely\n")
    out = tmp_path / "out.json"

    code = main(
        ["--train", str(camps), "--models", "popularity,ease", "--json", str(out), "--n", "3"]
    )

    assert code == 0
    found = json.loads(out.read_text())
    popularity, ease = found["models"]
    assert (popularity["name"], ease["name"]) == ("popularity", "ease")
    assert set(ease) >= REQUIRED
    assert ease["ndcg"] > popularity["ndcg"]
    assert ease["peak_mb"] > 10
    assert ease["ndcg_against_best"] is None
    assert popularity["ndcg_against_best"]["mean"] < 0
    assert found["data"]["users"] == 12
    assert found["data"]["bad_lines"] == {"plays.txt": 1}
    assert found["data"]["bad_line_numbers"] == {"plays.txt": [61]}
    table = capsys.readouterr().out
    shown = [ease["recall"], ease["ndcg"], ease["validation_ndcg"]]
    assert f"| ease | {' | '.join(f'{figure:.4f}' for figure in shown)} |" in table
    assert f"| popularity | {popularity['recall']:.4f} | {popularity['ndcg']:.4f} | - |" in table
    assert "plays.txt: 1 lines could not be read, the first: 61" in table


def test_without_a_word_all_models_are_measured(plays, tmp_path, at_once):
    assert main(["--train", str(plays), "--json", str(tmp_path / "out")]) == 0

    found = models_of(tmp_path / "out")
    assert list(found) == list(MODELS) == ["popularity", "knn", "ease", "ials", "segue"]
    for name, model in found.items():
        assert set(model) >= REQUIRED
        assert 0 < model["ndcg"] <= 1
        assert (model["validation_ndcg"] is None) == (name == "popularity")


@pytest.mark.parametrize("name", ["segue", "knn", "ials"])
def test_each_model_by_itself_in_a_split_by_time(plays, tmp_path, at_once, name):
    out = tmp_path / "out"

    code = main(["--train", str(plays), "--split", "time", "--models", name, "--json", str(out)])

    assert code == 0
    assert 0 < models_of(out)[name]["ndcg"] <= 1
    data = json.loads(out.read_text())["data"]
    assert data["split"].startswith("by time, the last 20%")
    assert data["train_pairs"] == 320


def test_a_test_file_of_its_own(plays, tmp_path, at_once, capsys):
    lines = plays.read_text().splitlines(keepends=True)
    test = tmp_path / "test.txt"
    plays.write_text("".join(lines[::2]))
    test.write_text("".join(lines[1::2]))
    out = tmp_path / "out"

    code = main(
        ["--train", str(plays), "--test", str(test), "--models", "segue,knn", "--json", str(out)]
    )

    assert code == 0
    assert json.loads(out.read_text())["data"]["train_pairs"] == 200
    assert json.loads(out.read_text())["data"]["test_pairs"] == 200
    assert all(0 < model["ndcg"] <= 1 for model in models_of(out).values())
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("given", [["--split", "time"], ["--test-share", "0.5"]])
def test_says_that_nothing_is_split_when_there_is_a_test_file(plays, tmp_path, capsys, given):
    main(["--train", str(plays), "--test", str(plays), *given])

    assert "with --test nothing is split" in capsys.readouterr().err


def test_the_share_is_that_of_each_listener(plays, tmp_path, at_once):
    out = tmp_path / "out"
    main(["--train", str(plays), "--test-share", "0.5", "--models", "knn", "--json", str(out)])

    assert 180 < json.loads(out.read_text())["data"]["test_pairs"] < 220


def test_weights_of_any_size_leave_the_figures_finite(plays, tmp_path, at_once, capsys):
    extremes = ["3.4e38", "-3.4e38", "1e-60", "1e-44", "0", "nan", "1e39"]
    for number, weight in enumerate(extremes):
        text = f"listener-{number} track-1 {weight}\nlistener-{number} track-2 {weight}\n" * 3
        plays.write_text(plays.read_text() + text)
    out = tmp_path / "out"

    code = main(["--train", str(plays), "--models", "knn,ease,segue", "--json", str(out)])

    assert code == 0
    assert all(0 < model["ndcg"] <= 1 for model in models_of(out).values())
    data = json.loads(out.read_text())["data"]
    assert (data["bad_lines"], data["silent_lines"]) == ({"plays.txt": 12}, {"plays.txt": 12})
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--models", "best"], "--models: unknown: best; known: popularity, knn"),
        (["--models", ""], "--models: name at least one of popularity, knn"),
        (["--models", ", "], "--models: name at least one of popularity, knn"),
        (["--test-share", "1"], "--test-share: '1' is no number between 0 and 1"),
        (["--test-share", "abc"], "--test-share: 'abc' is no number between 0 and 1"),
        (["--test-share", "nan"], "--test-share: 'nan' is no number between 0 and 1"),
        (["--n", "0"], "--n: '0' is no whole number from 1 to"),
        (["--n", "x"], "--n: 'x' is no whole number from 1 to"),
        (["--n", "9" * 5000], "is no whole number from 1 to"),
        (["--seed", "-1"], "--seed: '-1' is no whole number from 0 to 4294967295"),
        (["--seed", "4294967296"], "is no whole number from 0 to 4294967295"),
        (["--split", "luck"], "--split: invalid choice: 'luck'"),
    ],
)
def test_refuses_in_words_what_it_does_not_know(camps, capsys, never, arguments, said):
    with pytest.raises(SystemExit, match="2"):
        main(["--train", str(camps), *arguments])

    assert said in capsys.readouterr().err


def test_a_model_named_twice_is_measured_once(plays, tmp_path, at_once):
    out = tmp_path / "out"
    main(["--train", str(plays), "--models", "ease, ease,ease", "--json", str(out)])

    assert len(json.loads(out.read_text())["models"]) == 1


def test_a_failed_split_tells_the_bad_lines_too(tmp_path, capsys, never):
    path = tmp_path / "plays.txt"
    path.write_text("ann blue\nbob red\n" + "lonely\n" * 30)
    out = tmp_path / "out"

    code = main(["--train", str(path), "--json", str(out)])

    assert code == 2
    said = capsys.readouterr().err.splitlines()
    assert "no listener has two items" in said[0]
    numbers = list(range(3, 23))
    assert said[1] == (
        "plays.txt: 30 lines could not be read, the first: "
        f"{', '.join(str(number) for number in numbers)}, …"
    )
    found = json.loads(out.read_text())
    assert found["data"]["bad_lines"] == {"plays.txt": 30}
    assert found["data"]["bad_line_numbers"] == {"plays.txt": numbers}
    assert found["models"] == []
    assert "no listener has two items" in found["error"]


@pytest.mark.parametrize("place", ["no/such/folder/out.json", "."])
def test_says_before_any_model_runs_that_it_cannot_write(camps, tmp_path, capsys, never, place):
    code = main(["--train", str(camps), "--json", str(tmp_path / place)])

    assert code == 2
    assert f"{tmp_path / place}: " in capsys.readouterr().err


def test_the_data_are_not_written_over(camps, capsys, never):
    with pytest.raises(SystemExit, match="2"):
        main(["--train", str(camps), "--json", str(camps)])

    assert "would be overwritten" in capsys.readouterr().err


def test_figures_that_break_off_leave_the_last_ones(camps, tmp_path, monkeypatch):
    out = tmp_path / "out.json"
    out.write_text("the last ones")

    def interrupted(*_, **__):
        assert out.read_text() == "the last ones"
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "measure", interrupted)
    with pytest.raises(KeyboardInterrupt):
        main(["--train", str(camps), "--json", str(out)])

    assert out.read_text() == "the last ones"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.json", "plays.txt"]


def test_a_device_is_written_to_as_it_is(camps, at_once):
    code = main(["--train", str(camps), "--models", "ease", "--json", "/dev/null"])

    assert code == 0


def test_ends_with_1_when_a_model_failed(camps, monkeypatch):
    failed = Measured("ease", {"error": "?"}, np.full(12, np.nan))
    monkeypatch.setattr(command, "measure", lambda *_, **__: failed)

    assert main(["--train", str(camps), "--models", "ease"]) == 1
