"""Each format by a few rows as the real files have them."""

import h5py
import numpy as np
import pytest

from catalog.imports.formats import FORMATS, find_format
from catalog.imports.rows import Refused, Rejected

KAGGLE_SPOTIFY = """\
valence,year,acousticness,artists,danceability,duration_ms,energy,explicit,id,instrumentalness,key,\
liveness,loudness,mode,name,popularity,release_date,speechiness,tempo
0.0594,1921,0.982,"['Sergei Rachmaninoff', 'James Levine']",0.279,831667,0.211,0,\
4BJqT0PrAfrxzMOxytFOIz,0.878,10,0.665,-20.096,1,"Piano Concerto No. 3",4,1921-05,0.0366,80.954
"""
KAGGLE_TRACKS = """\
,track_id,artists,album_name,track_name,popularity,duration_ms,explicit,danceability,energy,key,\
loudness,mode,speechiness,acousticness,instrumentalness,liveness,valence,tempo,time_signature,\
track_genre
0,5SuOikwiRyPMVoIQDJUgSV,Gen Hoshino;Another,Comedy,Comedy,73,230666,True,0.676,0.461,1,-6.746,0,\
0.143,0.0322,1.01e-06,0.358,0.715,87.917,4,acoustic
1,1kR4gIb7nGxHPI3D2ifs59,,,,0,0,False,0.501,0.583,7,-9.46,0,0.0605,0.69,0.00396,0.0747,0.734,\
138.391,4,k-pop
"""
HITS = """\
track,artist,uri,danceability,energy,key,loudness,mode,speechiness,acousticness,instrumentalness,\
liveness,valence,tempo,duration_ms,time_signature,chorus_hit,sections,target,decade
Wild Things,Alessia Cara,spotify:track:2ZyuwVvV6Z3XJaXIFbspeE,0.741,0.626,1,0.5,0,0.0886,0.02,0,\
0.0828,0.706,0,188493,4,41.18681,10,1,2010
"""
TIDYTUESDAY = """\
track_id,track_name,track_artist,track_popularity,track_album_id,track_album_name,\
track_album_release_date,playlist_name,playlist_id,playlist_genre,playlist_subgenre,danceability,\
energy,key,loudness,mode,speechiness,acousticness,instrumentalness,liveness,valence,tempo,\
duration_ms
6f807x0ima9a1j3VPbc7VN,I Don't Care,"Tyler, The Creator",66,2oCs0DGTsRO98Gh5ZSl2Cx,Album,\
2019-06-14,Pop Remix,37i9dQZF1DXcZDD7cfEKhW,pop,dance pop,0.748,0.916,6,-2.634,1,0.0583,0.102,0,\
0.0653,0.518,122.036,194754
"""
UNIQUE_TRACKS = """\
TRAACOW128F933E35F<SEP>SOVYKGO12AB0187199<SEP>Faye Adams<SEP>Crazy <SEP> World
broken line
TRAACPE128F421C1B9<SEP>SOGNCJP12A58A80271<SEP>Terry Callier<SEP>
"""
CORGIS = """\
"artist.hotttnesss","artist.name","artist.terms","release.name","song.duration","song.id",\
"song.key","song.loudness","song.mode","song.tempo","song.time_signature","song.title","song.year"
"0.4","Casual","hip hop","0","218.93179","SOMZWCG12A8C13C480","1.0","-11.197","0","92.198","4.0",\
"0","0"
"""
OWN = """\
title;artists;album;year;duration;explicit;genre;tags;tempo;energy;isrc
Halo;Beyoncé;I Am…;2008;4:21;no;pop;slow;80,5;0,7;USSM10804556
"""


def write(tmp_path, text, name="tracks.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def read(path, name="auto", **columns):
    format_ = find_format(name, path)
    rows = list(format_.read(path, columns))
    assert format_.survey(path, columns).total == len(rows)
    return format_.name, rows


def test_kaggle_spotify(tmp_path):
    name, (row,) = read(write(tmp_path, KAGGLE_SPOTIFY))

    assert name == "kaggle-spotify"
    assert (row.title, row.artists) == (
        "Piano Concerto No. 3",
        ("Sergei Rachmaninoff", "James Levine"),
    )
    assert (row.year, row.duration_ms, row.is_explicit) == (1921, 831667, False)
    assert row.features["tempo"] == 80.954
    assert row.ids == (("spotify", "4BJqT0PrAfrxzMOxytFOIz"),)


def test_kaggle_tracks(tmp_path):
    name, (row, nameless) = read(write(tmp_path, KAGGLE_TRACKS))

    assert name == "kaggle-tracks"
    assert (row.artists, row.album) == (("Gen Hoshino", "Another"), "Comedy")
    assert (row.is_explicit, row.genres) == (True, ("acoustic",))
    assert nameless == Rejected(3, "no title", nameless.text)


def test_a_copy_with_other_names_and_no_ids(tmp_path):
    text = KAGGLE_TRACKS.replace("track_id", "nothing").replace("artists", "artist_name")
    text = text.replace("track_name", "song_name").replace("track_genre", "song_genre")
    text = text.replace("duration_ms", "song_duration_ms").replace("danceab", "song_danceab")
    name, (row, _) = read(write(tmp_path, text))

    assert (name, row.title, row.duration_ms) == ("kaggle-tracks", "Comedy", 230666)
    assert row.features["danceability"] == 0.676
    assert row.ids == ()
    assert row.record_id().startswith("name-")


def test_hit_predictor(tmp_path):
    name, (row,) = read(write(tmp_path, HITS))

    assert (name, row.title, row.year) == ("kaggle-hits", "Wild Things", None)
    assert row.record_id() == "hits2010:spotify:2ZyuwVvV6Z3XJaXIFbspeE"
    assert (row.features.get("tempo"), row.features["loudness"]) == (None, 0.0)


def test_tidytuesday(tmp_path):
    name, (row,) = read(write(tmp_path, TIDYTUESDAY))

    assert (name, row.artists, row.year) == ("tidytuesday", ("Tyler, The Creator",), 2019)
    assert row.genres == ("dance pop", "pop")


def test_unique_tracks_of_the_million_songs(tmp_path):
    name, (row, broken, untitled) = read(write(tmp_path, UNIQUE_TRACKS, "unique_tracks.txt"))

    assert (name, row.title) == ("msd-tracks", "Crazy <SEP> World")
    assert row.ids == (
        ("msd-track", "TRAACOW128F933E35F"),
        ("msd-song", "SOVYKGO12AB0187199"),
    )
    assert (broken.line, untitled.reason) == (2, "no title")


def test_the_table_of_corgis_has_lost_its_titles(tmp_path):
    name, (row,) = read(write(tmp_path, CORGIS))

    assert (name, row.title, row.album, row.year) == ("msd-tracks", "", None, None)
    assert (row.duration_ms, row.features["tempo"]) == (218932, 92.198)


def test_our_own_table_with_semicolons_and_commas_in_numbers(tmp_path):
    name, (row,) = read(write(tmp_path, OWN))

    assert (name, row.title, row.duration_ms) == ("csv", "Halo", 261_000)
    assert (row.features["tempo"], row.features["energy"]) == (80.5, 0.7)
    assert (row.ids, row.tags) == ((("isrc", "USSM10804556"),), {"slow": 1.0})


def test_a_column_of_any_name_can_be_pointed_out(tmp_path):
    path = write(tmp_path, "Stück,Wer\nHalo,Beyoncé\n")

    with pytest.raises(Refused, match="No column says the title and the artists"):
        find_format("auto", path)
    rows = list(FORMATS["csv"].read(path, {"title": "Stück", "artists": "wer"}))

    assert rows[0].title == "Halo"


@pytest.mark.parametrize(
    ("columns", "said"),
    [({"titel": "a"}, "We know no column “titel”"), ({"title": "zzz"}, "has no column “zzz”")],
)
def test_a_column_pointed_out_must_be_there(tmp_path, columns, said):
    path = write(tmp_path, "title,artist\nHalo,Beyoncé\n")

    with pytest.raises(Refused, match=said):
        FORMATS["csv"].survey(path, columns)


@pytest.mark.parametrize(
    ("header", "by"),
    [
        ("mode,count,acousticness,artists,danceability,valence", "by artist"),
        ("mode,genres,acousticness,danceability,valence", "by genre"),
        ("mode,year,acousticness,danceability,valence", "by year"),
    ],
)
def test_tables_of_averages_are_refused_by_name(tmp_path, header, by):
    with pytest.raises(Refused, match=f"averages {by}, and no tracks"):
        find_format("auto", write(tmp_path, f"{header}\n"))


def make_hdf5(path, *, title=b"Halo", energy=0.0):
    text = "S64"
    with h5py.File(path, "w") as file:
        songs = np.zeros(1, [("title", text), ("artist_name", text), ("release", text),
                             ("song_id", text)])  # fmt: skip
        songs[0] = (title, b"Beyonc\xc3\xa9", b"I Am", b"SOVYKGO12AB0187199")
        file["metadata/songs"] = songs
        analysis = np.zeros(1, [("track_id", text), ("duration", float), ("tempo", float),
                                ("loudness", float), ("energy", float), ("key", int),
                                ("mode", int), ("time_signature", int)])  # fmt: skip
        analysis[0] = (b"TRAACOW128F933E35F", 261.5, 80.0, -6.0, energy, 3, 1, 4)
        file["analysis/songs"] = analysis
        year = np.zeros(1, [("year", int)])
        file["musicbrainz/songs"] = year
        file["metadata/artist_terms"] = np.array([b"pop", b"soul"])
        file["metadata/artist_terms_weight"] = np.array([1.0, 0.0])
        file["analysis/segments_timbre"] = np.ones((5, 12))
    return path


def test_a_folder_of_hdf5_files(tmp_path):
    make_hdf5(tmp_path / "b.h5")
    make_hdf5(tmp_path / "a.h5", title=b"")
    (tmp_path / "c.h5").write_bytes(b"\x89HDF broken")

    name, (untitled, row, broken) = read(tmp_path)

    assert (name, row.title, row.artists, row.year) == ("msd-hdf5", "Halo", ("Beyoncé",), None)
    assert (row.duration_ms, row.tags) == (261_500, {"pop": 1.0})
    assert row.features == {"tempo": 80.0, "loudness": -6.0, "key": 3, "mode": 1,
                            "time_signature": 4}  # fmt: skip
    assert row.timbre == (1.0,) * 12 + (0.0,) * 12
    assert (untitled.reason, broken.line) == ("no title", 3)


def test_one_hdf5_file_is_known_by_itself(tmp_path):
    assert find_format("auto", make_hdf5(tmp_path / "a.h5")).name == "msd-hdf5"
