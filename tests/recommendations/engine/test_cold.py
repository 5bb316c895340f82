import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array

from recommendations.engine import cold
from recommendations.engine.interactions import Interactions

HEARD = np.array([[1, 1, 0, 1], [0, 1, 1, 0], [1, 0, 0, 0]], dtype=np.float32)


def played():
    return Interactions(csr_array(HEARD), np.arange(3), np.arange(4))


def test_cold_tracks_lose_all_their_plays_and_are_asked_for():
    asked = cold.split(played(), np.random.default_rng(3), share=0.5)

    assert 0 < asked.cold.sum() < 4
    assert not asked.histories.toarray()[:, asked.cold].any()
    assert not asked.answers.toarray()[:, ~asked.cold].any()
    assert (np.diff(asked.histories.indptr) > 0).all()
    assert (np.diff(asked.answers.indptr) > 0).all()


def test_recall_counts_cold_tracks_only():
    is_cold = np.array([False, False, True, True])
    answers = csr_array(np.array([[0, 0, 1, 1], [0, 0, 0, 1]], dtype=np.float32))
    asked = cold.Split(is_cold, csr_array((2, 4)), answers)
    scores = csr_array(np.array([[9, 9, 1, 0], [9, 0, 0, 2]], dtype=np.float32))

    assert cold.recalls(scores, asked).tolist() == [0.5, 1.0]


def test_reads_a_table_of_playlists_and_compares(tmp_path):
    rng = np.random.default_rng(0)
    rows = [track_row(rng, track, playlist) for track in range(60) for playlist in pick(rng, track)]
    pd.DataFrame(rows).to_csv(tmp_path / "playlists.csv")

    data = cold.read_playlists(tmp_path / "playlists.csv")
    text = cold.table("Playlists", data, seeds=1)

    assert data.catalogue.n_items == data.interactions.n_items == 60
    assert data.genres.shape == (60, 2)
    for name in ("popularity by genre", "content", "the same, times expected listeners"):
        assert f"  {name}" in text


def pick(rng, track):
    return {2 * int(rng.integers(3)) + track % 2 for _ in range(2)}


def track_row(rng, track, playlist):
    return {
        "track_id": f"t{track:02}",
        "track_artist": f"artist {track // 4}",
        "track_popularity": 3 * track,
        "track_album_release_date": "1999-12-01",
        "playlist_id": f"p{playlist}",
        "playlist_genre": ["rock", "pop"][playlist % 2],
        **{name: rng.random() for name in cold.SOUND},
    }


@pytest.mark.parametrize(("name", "found"), [("AC/DC", "ac dc"), ("Sigur Rós ", "sigur rós")])
def test_artists_are_joined_by_plain_names(name, found):
    assert cold.plain(pd.Series([name, None])).tolist() == [found, ""]


def test_reads_plays_with_names_artists_and_tags(tmp_path):
    (tmp_path / "plays").write_text("ann S1 3\nann S2 1\nbob S1 1\n")
    (tmp_path / "names").write_text("T1<SEP>S1<SEP>AC/DC<SEP>One\nT2<SEP>S2<SEP>Nobody<SEP>Two\n")
    sound = dict.fromkeys(cold.SOUND, 0.5)
    row = {"artists": "ac dc", "genres": "['hard rock']", "popularity": 70, **sound}
    pd.DataFrame([row]).to_csv(tmp_path / "artists")
    (tmp_path / "artists.dat").write_text("id\tname\n5\tAC/DC\n")
    (tmp_path / "user_taggedartists-timestamps.dat").write_text(
        "userID\tartistID\ttagID\ttimestamp\n1\t5\t9\t0\n2\t5\t9\t0\n"
    )

    names = [tmp_path / name for name in ("plays", "names", "artists")]
    data = cold.read_plays(*names, tmp_path, None)

    assert data.interactions.matrix.toarray().tolist() == [[1, 1], [1, 0]]
    np.testing.assert_allclose(data.catalogue.tags.toarray(), [[1, np.log(3)], [0, 0]], rtol=1e-6)
    assert np.isnan(data.catalogue.features[1]).all()
    assert data.popularity.tolist() == [70, 0]


def test_the_subset_tells_a_tracks_own_sound_year_and_term(tmp_path):
    (tmp_path / "plays").write_text("ann S1 3\nann S2 1\nbob S1 1\n")
    (tmp_path / "names").write_text("T1<SEP>S1<SEP>AC/DC<SEP>One\nT2<SEP>S2<SEP>AC/DC<SEP>Two\n")
    row = {"artists": "ac dc", "genres": "['rock']", "popularity": 70}
    pd.DataFrame([row | dict.fromkeys(cold.SOUND, 0.5)]).to_csv(tmp_path / "artists")
    known = dict.fromkeys(cold.SUBSET, 2.0) | {"song.id": "S2", "artist.terms": "hard rock"}
    pd.DataFrame([known]).to_csv(tmp_path / "tracks")
    paths = [tmp_path / name for name in ("plays", "names", "artists", "tracks")]

    data = cold.read_plays(*paths[:3], None, paths[3])

    tempo, duration = cold.SOUND.index("tempo"), cold.SOUND.index("duration_ms")
    assert data.catalogue.features[:, [tempo, duration]].tolist() == [[0.5, 0.5], [2, 2000]]
    np.testing.assert_array_equal(data.catalogue.year, [np.nan, 2])
    assert data.catalogue.tags.toarray().tolist() == [[1, 0], [1, 1]]
    np.testing.assert_array_equal(data.fame, [[70, np.nan, np.nan, np.nan], [70, 2, 2, 2]])


def test_says_how_it_is_called_when_there_is_nothing_to_measure(capsys):
    with pytest.raises(SystemExit, match="2"):
        cold.main([])

    said = capsys.readouterr().err
    assert said.startswith("usage: ")
    assert "give --playlists, --plays or --folder" in said


def test_a_file_that_is_not_there_is_refused_in_words(capsys, tmp_path):
    with pytest.raises(SystemExit, match="2"):
        cold.main(["--playlists", str(tmp_path / "nothing.csv")])

    assert (
        f"argument --playlists: there is no {tmp_path / 'nothing.csv'}" in capsys.readouterr().err
    )


def test_sets_that_are_not_in_the_folder_are_left_out(capsys, tmp_path):
    assert cold.main(["--folder", str(tmp_path)]) == 0

    playlists, plays = capsys.readouterr().out.splitlines()
    assert playlists.startswith("No data for playlists: there is no ")
    assert plays.startswith("No data for plays: there is no ")


def test_a_set_in_the_folder_is_measured(capsys, tmp_path):
    rng = np.random.default_rng(0)
    rows = [track_row(rng, track, playlist) for track in range(60) for playlist in pick(rng, track)]
    path = tmp_path / cold.PLACES["playlists"]
    path.parent.mkdir()
    pd.DataFrame(rows).to_csv(path)

    assert cold.main(["--folder", str(tmp_path), "--seeds", "1"]) == 0

    said = capsys.readouterr().out
    assert "No data for plays: " in said
    assert "Playlists: recall@50 of cold tracks, 1 splits\n  popularity by genre" in said
