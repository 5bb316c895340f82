"""Broken files: each is refused, or its rows are, with a reason, and nothing is changed."""

import gzip
import io
import zipfile

import pytest
from django.core.management import CommandError, call_command

from catalog.models import Album, Artist, Genre, Track, TrackImport, TrackImportRow

HEADER = "track_id,artists,album_name,track_name,duration_ms,explicit,energy,tempo,track_genre\n"
ROW = "5SuOikwiRyPMVoIQDJUgSV,Gen Hoshino,Comedy,Comedy,230666,False,0.461,87.9,acoustic\n"


def zipped():
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("dataset.csv", HEADER + ROW)
    return archive.getvalue()


# What is wrong, the bytes, and what is said of the file as a whole.
REFUSED = [
    ("empty", b"", "The file is empty"),
    ("blank", b"\n \n\n", "The file is empty"),
    ("nothing but the mark of UTF-8", b"\xef\xbb\xbf", "No column says the title"),
    ("header alone", HEADER.encode(), "there is no row"),
    ("header cut off", b"track_id,arti", "No column says the title"),
    ("no header", ROW.encode(), "No column says the title"),
    ("latin-1", (HEADER + ROW.replace("Hoshino", "Höshino")).encode("latin-1"), "Line 2 is not in"),
    ("utf-16", (HEADER + ROW).encode("utf-16"), "UTF-16"),
    ("utf-16 without a mark", (HEADER + ROW).encode("utf-16-le"), "NUL bytes"),
    ("broken letters late", (HEADER + ROW * 50).encode() + b"\xff\xfe\xfd,\n", "Line 52 is not in"),
    ("NUL bytes", (HEADER + ROW).encode().replace(b"Gen", b"G\x00n"), "Line 2 holds NUL bytes"),
    ("all NUL", b"\x00" * 5000, "NUL bytes"),
    ("a line of ten megabytes", HEADER.encode() + b"a" * 10_000_000, "longer than a million"),
    ("a header of ten megabytes", b"a," * 5_000_000, "longer than a million"),
    ("cut off in a row", (HEADER + ROW * 3).encode()[:-40], "cut off"),
    ("cut off in quotes", (HEADER + ROW + '1,"Gen').encode(), "is never closed"),
    ("a quote never closed", (HEADER + '1,"Gen Hoshino\n' + ROW * 9).encode(), "is never closed"),
    ("a column twice", ("track_name," + HEADER + "x," + ROW).encode(), "more than once"),
    ("unknown delimiter", (HEADER + ROW).replace(",", "^").encode(), "No column says the title"),
    ("no titles", (HEADER + ROW).replace("track_name", "x").encode(), "No column says the title"),
    ("no artists", (HEADER + ROW).replace("artists", "x").encode(), "No column says the artists"),
    ("zip", zipped(), "a zip archive"),
    ("zip, cut off", zipped()[:-40], "a zip archive"),
    ("gzip", gzip.compress((HEADER + ROW).encode()), "compressed"),
    ("web page", b"<!DOCTYPE html><html><title>Sign in</title>", "a web page"),
    ("json", b'{"tracks": []}', "JSON"),
    ("pdf", b"%PDF-1.7 ...", "a PDF"),
    ("picture", b"\x89PNG\r\n\x1a\n....", "a picture"),
    ("database", b"SQLite format 3\x00....", "a database"),
    ("parquet", b"PAR1....PAR1", "Parquet"),
    ("hdf5", b"\x89HDF\r\n\x1a\n....", "HDF5"),
]

# What is wrong, the one row, and what is said of it.
REJECTED = [
    ("too few cells", "5SuOikwiRyPMVoIQDJUgSV,Gen Hoshino,Comedy\n", "3 cells"),
    ("too many cells", ROW.replace("Hoshino", "Hoshino,And,More"), "11 cells"),
    ("another delimiter below the header", ROW.replace(",", ";"), "1 cells"),
    ("header again", HEADER, "duration_ms: “duration_ms” is not a number"),
    ("words for a number", ROW.replace("87.9", "fast"), "tempo: “fast” is not a number"),
    ("a formula for a number", ROW.replace("0.461", "=1+1"), "energy: “=1+1” is not a number"),
    ("neither yes nor no", ROW.replace("False", "perhaps"), "explicit: “perhaps” is neither"),
    ("quotes inside quotes", ROW.replace("Gen Hoshino", '"Gen "Hosh" ino"'), "quotes do not"),
    ("no title", ROW.replace("Comedy,Comedy", "Comedy,"), "no title"),
    ("no artist", ROW.replace("Gen Hoshino", " "), "no artist"),
    ("a broken list", ROW.replace("Gen Hoshino", "\"['Gen', 3]\""), "not a list of names"),
    ("an endless title", ROW.replace("Comedy,Comedy", "Comedy," + "x" * 600), "600 letters"),
]


def write(tmp_path, content):
    path = tmp_path / "dataset.csv"
    path.write_bytes(content)
    return path


def nothing_was_made():
    return not any(model.objects.exists() for model in (Track, Artist, Album, Genre))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "said"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
def test_a_broken_file_is_refused_whole(tmp_path, content, said):
    with pytest.raises(CommandError, match=said):
        call_command("import_tracks", "kaggle-tracks", write(tmp_path, content))

    assert nothing_was_made()
    assert not TrackImport.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("row", "said"), [row[1:] for row in REJECTED], ids=[row[0] for row in REJECTED]
)
def test_a_broken_row_is_rejected_with_its_line_and_the_reason(tmp_path, row, said):
    call_command("import_tracks", "kaggle-tracks", write(tmp_path, (HEADER + row).encode()))

    fate = TrackImportRow.objects.get()
    assert (fate.line, fate.fate) == (2, "rejected")
    assert said in fate.reason
    assert nothing_was_made()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["=cmd|' /C calc'!A0", "<script>alert(1)</script>", "{{ 7 * 7 }}", "'; DROP TABLE x;--"]
)
def test_a_strange_name_is_a_name(tmp_path, name):
    path = write(tmp_path, (HEADER + ROW.replace("Comedy,Comedy", f"Comedy,{name}")).encode())

    call_command("import_tracks", "kaggle-tracks", path)

    assert Track.objects.get().title == name


@pytest.mark.django_db
def test_rows_beside_a_broken_one_are_read(tmp_path):
    bad = ROW.replace("87.9", "fast")
    path = write(tmp_path, (HEADER + bad + "\n" + ROW).encode())

    call_command("import_tracks", "auto", path)

    done = TrackImport.objects.get()
    assert done.counts == {"new": 1, "changed": 0, "unchanged": 0, "merged": 0, "rejected": 1}


@pytest.mark.parametrize("format_", ["auto", "csv", "msd-tracks", "msd-hdf5"])
def test_a_file_that_is_not_there(tmp_path, format_):
    with pytest.raises(CommandError, match=r"There is no file “gone\.csv”"):
        call_command("import_tracks", format_, tmp_path / "gone.csv")


def test_a_folder_without_tracks(tmp_path):
    with pytest.raises(CommandError, match="no HDF5 file"):
        call_command("import_tracks", "msd-hdf5", tmp_path)
