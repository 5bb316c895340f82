import bz2
import gzip
import tracemalloc
import zipfile
from array import array

import numpy as np
import pytest

from recommendations.engine.benchmark.data import load, split_rows
from recommendations.engine.benchmark.files import (
    Rows,
    UnusableDataError,
    damped,
    read,
    read_lines,
)


def lines_of(*lines):
    return read_lines(line.encode() for line in lines)


def written(path, *lines):
    path.write_bytes(b"\n".join(line.encode() for line in lines))
    return path


def refusal(*paths, **options):
    with pytest.raises(UnusableDataError) as refused:
        load(paths[0], paths[1] if len(paths) > 1 else None, **options)
    return str(refused.value)


def ids_of(rows):
    return list(rows.names.users), list(rows.names.items)


def test_reads_two_to_four_fields_between_any_white_space():
    rows = lines_of("ann blue\n", "\tann  so-what 3\n", "bob blue -1.5 1234567890\n", "\n")

    assert ids_of(rows) == ([b"ann", b"bob"], [b"blue", b"so-what"])
    assert list(rows.users) == [0, 0, 1]
    assert list(rows.items) == [0, 1, 0]
    assert list(rows.weights) == [1.0, 3.0, -1.5]
    np.testing.assert_array_equal(rows.times, [np.nan, np.nan, 1234567890])
    assert rows.bad.count == 0


@pytest.mark.parametrize(
    "line",
    [
        "lonely", "a b c", "a b 1 yesterday", "a b 1 2 3", "a b nan", "a b 1 nan", "a b 1 inf",
        "a b inf", "a b 3.5e38", "a b -1e39", "a b 1_000", "a b 1 1_000", "a b ١٢", "a b １",
    ],
)  # fmt: skip
def test_notes_the_number_of_a_line_it_cannot_read(line):
    rows = lines_of("ann blue", line, "bob blue")

    assert (rows.bad.count, rows.bad.first) == (1, [2])
    assert list(rows.names.users) == [b"ann", b"bob"]


def test_names_the_first_bad_lines_and_counts_all():
    rows = lines_of("ann blue", *["lonely"] * 30)

    assert rows.bad.count == 30
    assert rows.bad.first == list(range(2, 22))
    assert str(rows.bad).endswith("20, 21, …")


@pytest.mark.parametrize("space", ["\u00a0", "\u3000", "\x85", "\x1c"])
def test_only_white_space_of_ascii_ends_an_id(space):
    rows = lines_of(f"ann{space}lee kind{space}of{space}blue 2")

    assert ids_of(rows) == ([f"ann{space}lee".encode()], [f"kind{space}of{space}blue".encode()])


def test_weights_too_small_for_single_precision_are_0_and_noted():
    rows = lines_of("ann blue 1e-60", "ann red 0", "ann green 1e-44", "ann grey -1e-60")

    assert [weight > 0 for weight in rows.weights] == [False, False, True, False]
    assert rows.silent.first == [1, 2, 4]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_reads_any_bytes_a_mark_at_the_start_and_any_line_end(tmp_path, end):
    path = tmp_path / "odd.txt"
    path.write_bytes(end.join([b"\xef\xbb\xbfann bj\xf6rk 2", b"ann bj\xe4rk", b""]))

    rows = Rows()
    read(path, rows)

    assert ids_of(rows) == ([b"ann"], [b"bj\xf6rk", b"bj\xe4rk"])
    assert list(rows.weights) == [2.0, 1.0]


def test_a_file_packed_by_gzip_is_read_as_it_is(tmp_path):
    plain = written(tmp_path / "plays.txt", "ann blue", "ann red", "bob red", "bob blue")
    packed = tmp_path / "plays.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))

    ours, theirs = load(packed, None).split, load(plain, None).split

    np.testing.assert_array_equal(ours.held_out.toarray(), theirs.held_out.toarray())


def test_what_is_no_text_is_refused_by_what_it_is(tmp_path):
    text = b"ann blue\nann red\n" * 5000
    path = tmp_path / "plays"

    path.write_bytes(gzip.compress(np.random.default_rng(0).bytes(9000))[:-5000])
    assert "packed by gzip, and damaged or cut short" in refusal(path)
    path.write_bytes(bz2.compress(text))
    assert "packed by bzip2" in refusal(path)
    path.write_bytes("ann blue\n".encode("utf-16"))
    assert "text in UTF-16" in refusal(path)
    path.write_bytes(np.random.default_rng(0).bytes(200_000))
    assert "no text file" in refusal(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("plays.txt", text)
    assert "a zip archive" in refusal(path)


def test_one_long_id_costs_its_own_length_and_no_more(tmp_path):
    path = written(tmp_path / "plays.txt", *(f"u{n % 50} t{n}" for n in range(5000)))
    path.write_text(path.read_text() + "\nu1 " + 100_000 * "x")
    load(path, None)

    tracemalloc.start()
    data = load(path, None)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert data.split.train.n_items == 5001
    assert peak < 20e6


def test_ids_that_differ_in_a_trailing_nul_stay_apart(tmp_path):
    path = written(tmp_path / "plays.txt", "ann c\0", "ann c", "ann d", "ann\0 c")

    split = load(path, None).split

    assert split.train.item_ids.tolist() == ["c", "c\0", "d"]
    assert split.train.user_ids.tolist() == ["ann", "ann\0"]


def test_columns_stand_in_the_order_of_their_ids_however_the_file_is_sorted():
    pairs = [f"u{n % 7} t{n % 11}" for n in range(60)]

    one, other = (
        split_rows(lines_of(*order), method="user", share=0.2, seed=0)
        for order in (pairs, pairs[::-1])
    )

    assert one.train.item_ids.tolist() == sorted({line.split()[1] for line in pairs})
    np.testing.assert_array_equal(one.train.matrix.toarray(), other.train.matrix.toarray())


def test_plays_are_added_up_and_damped():
    rows = lines_of("ann blue 500", "ann blue 524", "ann red 1", "bob red -3", "bob blue")

    split = split_rows(rows, method="user", share=0.2, seed=0)

    whole = split.train.matrix + split.held_out
    np.testing.assert_allclose(whole.toarray(), [[2.0, 1.0], [1.0, -(3**0.1)]], rtol=1e-6)
    np.testing.assert_allclose(damped(np.array([0.0, -1024.0])), [0.0, -2.0])


@pytest.mark.parametrize("method", ["user", "time"])
def test_the_largest_weights_add_up_without_an_overflow(method):
    rows = lines_of(
        *("ann blue 3.4e38 1", "ann blue 3.4e38 2", "ann red 3.4e38 3"),
        *("ann red 3.4e38 9", "bob blue -3.4e38 1", "bob blue -3.4e38 2"),
        *("bob red 1 1", "bob green 3.4e38 9", "bob green 3.4e38 9"),
    )

    split = split_rows(rows, method=method, share=0.3, seed=0)

    assert np.isfinite(split.train.matrix.data).all()
    assert np.isfinite(split.held_out.data).all()


def test_two_files_ask_for_what_the_first_does_not_hold(tmp_path):
    train = written(tmp_path / "train.txt", "ann blue", "ann red", "bob red")
    test = written(tmp_path / "test.txt", "ann blue", "ann green", "cat red", "?")

    data = load(train, test)

    assert data.split.train.item_ids.tolist() == ["blue", "green", "red"]
    np.testing.assert_array_equal(data.split.held_out.toarray(), [[0, 1, 0], [0, 0, 0], [0, 0, 1]])
    summary = data.summary()
    assert summary["cold_test_users"] == 1
    assert summary["cold_test_pairs"] == 1
    assert summary["bad_lines"] == {"train.txt": 0, "test.txt": 1}
    assert summary["bad_line_numbers"]["test.txt"] == [4]


def test_files_of_one_name_are_told_apart(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    train = written(tmp_path / "a" / "plays", "?", "ann blue", "?")
    test = written(tmp_path / "b" / "plays", "ann red", "?")

    assert load(train, test).summary()["bad_line_numbers"] == {str(train): [1, 3], str(test): [2]}


def test_a_split_by_time_asks_for_the_latest():
    rows = lines_of(*(f"ann track-{n} 1 {n}" for n in range(10)))

    split = split_rows(rows, method="time", share=0.3, seed=0)

    assert split.held_out.indices.tolist() == [7, 8, 9]


def test_without_some_times_there_is_no_split_by_time(tmp_path):
    path = written(tmp_path / "plays", "ann blue 1 5", "ann red 1", "?", "ann green 1 6", "bob red")

    said = refusal(path, method="time")

    assert "unix time on every line" in said
    assert "2 lines have none: 2, 5." in said


@pytest.mark.parametrize(
    ("lines", "method", "said"),
    [
        ([], "user", "no line reads"),
        (["lonely", "alone"], "user", "2 unreadable"),
        (["ann blue", "bob red"], "user", "no listener has two items"),
        (["ann blue -1", "ann red -2"], "user", "no weight is above 0"),
        (["ann blue 0", "ann red 0"], "user", "no weight is above 0"),
        (["ann blue 1", "ann blue -1", "ann red -1", "ann a -1"], "user", "Nothing is left to le"),
        (["ann blue 1 5", "ann red 1 5"], "time", "the same time"),
        (["ann blue 1 5", "bob red 1 6", "ann blue 1 7"], "time", "for the first time"),
    ],
)
def test_says_what_leaves_nothing_to_measure(tmp_path, lines, method, said):
    assert said in refusal(written(tmp_path / "plays", *lines), method=method)


def test_says_that_all_held_out_is_disliked():
    rows = lines_of("ann blue 1", "ann red -1")
    said = set()
    for seed in range(9):
        try:
            split_rows(rows, method="user", share=0.2, seed=seed)
        except UnusableDataError as error:
            said.add(str(error))

    assert said == {
        "Nothing is left to ask for: all that is held out weighs less than 0.",
        "Nothing is left to learn from: no pair weighs more than 0.",
    }


@pytest.mark.parametrize(
    ("test", "said"),
    [
        (["ann green -1", "ann grey 0"], "test: no weight is above 0"),
        (["ann blue", "bob red"], "is in the training file already"),
        (["?"], "test: no line reads"),
    ],
)
def test_says_what_the_test_file_lacks(tmp_path, test, said):
    train = written(tmp_path / "train", "ann blue", "bob red")

    assert said in refusal(train, written(tmp_path / "test", *test))


def test_a_file_against_itself_leaves_nothing_to_find(tmp_path):
    path = written(tmp_path / "plays", "ann blue", "ann red", "?")

    with pytest.raises(UnusableDataError, match="is in the training file already") as refused:
        load(path, path)

    assert [noted.first for noted in refused.value.bad_lines.values()] == [[3], [3]]


def test_a_refusal_tells_the_bad_lines_of_all_that_was_read(tmp_path):
    train = written(tmp_path / "train", "?", "ann blue")

    with pytest.raises(UnusableDataError, match="No such file") as refused:
        load(train, tmp_path / "test")

    assert {name: noted.first for name, noted in refused.value.bad_lines.items()} == {
        "train": [1],
        "test": [],
    }


def test_a_line_takes_24_bytes():
    rows = lines_of("ann blue 1 1")

    columns = (rows.users, rows.items, rows.weights, rows.times)
    assert all(isinstance(column, array) for column in columns)
    assert sum(column.itemsize for column in columns) <= 24
