"""The files that people bring: samples of them by default, and whole under `make prove`."""

import shutil
from itertools import islice
from pathlib import Path

import pytest

from catalog.imports.formats import find_format
from catalog.imports.rows import Refused
from catalog.models import Track, TrackImport, TrackRecord
from catalog.services import importing
from tests.factories import NOON

DATA = Path(__file__).parents[4] / "shared/data"
MSD = "msd-taste-profile/subset_unique_tracks.txt"
FILES = {
    "spotify-songs-tidytuesday/spotify_songs.csv": "tidytuesday",
    "spotify-114k-first20k/SpotifyDataset.csv": "kaggle-tracks",
    "spotify-hit-predictor/dataset-of-10s.csv": "kaggle-hits",
    "spotify-hit-predictor/dataset-of-60s.csv": "kaggle-hits",
    "spotify-hit-predictor/dataset-of-90s.csv": "kaggle-hits",
    MSD: "msd-tracks",
    "msd-10k/corgis_music.csv": "msd-tracks",
    "msd-10k": "msd-hdf5",
    "cm100k/items.txt": "csv",
}
WITHOUT_TRACKS = {
    "spotify-vatsalmavani/data_by_artist.csv": "averages by artist",
    "spotify-vatsalmavani/data_w_genres.csv": "averages by artist",
    "spotify-vatsalmavani/data_by_genres.csv": "averages by genre",
    "spotify-vatsalmavani/data_by_year.csv": "averages by year",
    "hetrec2011-lastfm/artists.dat": "No column says the artists",
    "msd-taste-profile/10000_part.txt": "plays of listeners.*import_plays",
    "msd-taste-profile/topUsers_10000.txt": "plays of listeners.*import_plays",
}
SAMPLE = 400  # lines

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not DATA.is_dir(), reason="the files of other people are not here"),
]


def sample(name, folder):
    """The head of a file, or a folder as it is; beside the names that the file needs."""
    path = DATA / name
    if path.is_dir():
        return path
    copy = folder / path.name
    with path.open("rb") as file, copy.open("wb") as head:
        head.writelines(islice(file, SAMPLE))
    return copy


def whole(name, folder):
    return DATA / name


def bring_in(path):
    opened = importing.open_import(path, columns={}, at=NOON)
    return importing.import_file(opened, path, at=NOON)


def check(take, folder):
    """Each file is read, accounts for its rows, and changes nothing when it is read again."""
    for name, format_ in FILES.items():
        path = take(name, folder)
        first = bring_in(path)
        tracks, records = Track.objects.count(), TrackRecord.objects.count()
        again = bring_in(path)

        assert first.format == format_
        assert sum(first.counts.values()) == first.position == first.total, name
        assert first.rejected <= first.total * 0.01 or name.startswith("msd-10k"), name
        assert (again.new, again.changed, again.merged) == (0, 0, 0), name
        assert (again.unchanged, again.rejected) == (first.total - first.rejected, first.rejected)
        assert (Track.objects.count(), TrackRecord.objects.count()) == (tracks, records)
    assert Track.objects.count() == sum(TrackImport.objects.values_list("new", flat=True))


def test_the_head_of_each_file_is_read_and_changes_nothing_the_second_time(tmp_path):
    check(sample, tmp_path)


@pytest.mark.prove
@pytest.mark.timeout(900)
def test_each_whole_file_is_read_and_changes_nothing_the_second_time(tmp_path):
    check(whole, tmp_path)


@pytest.mark.parametrize(("name", "said"), WITHOUT_TRACKS.items(), ids=str)
def test_a_file_without_tracks_says_what_it_holds(name, said):
    with pytest.raises(Refused, match=said):
        find_format("auto", DATA / name)


def test_a_folder_of_hdf5_files_may_hold_a_broken_one(tmp_path):
    folder = tmp_path / "msd"
    shutil.copytree(DATA / "msd-10k", folder)
    (folder / "TRBROKEN.h5").write_bytes(b"\x89HDF\r\n\x1a\n" + b"\x00" * 500)

    done = bring_in(folder)

    assert (done.total, done.rejected) == (4, 1)
    assert "not a file of the Million Song Dataset" in done.rows.get(fate="rejected").reason
