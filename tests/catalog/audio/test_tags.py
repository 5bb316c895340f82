"""What audio files say of themselves."""

import struct

import pytest

from catalog.audio.kinds import audio_files, is_audio, mime_type
from catalog.audio.tags import names_in, read_tags
from catalog.imports.audio import Audio, file_id
from catalog.imports.formats import find_format
from catalog.imports.rows import Refused, Rejected
from tests.catalog.audio.sounds import needs_real_files, real_file, tone, write_wav


def tagged_mp3(path, **frames):
    """An MP3 of a few empty frames, with ID3v2.3 tags."""
    body = b""
    for name, text in frames.items():
        content = b"\x01" + text.encode("utf-16")
        body += name.encode() + struct.pack(">I", len(content)) + b"\x00\x00" + content
    size = len(body)
    synchsafe = bytes((size >> shift) & 0x7F for shift in (21, 14, 7, 0))
    frame = b"\xff\xfb\x90\x00" + bytes(413)
    path.write_bytes(b"ID3\x03\x00\x00" + synchsafe + body + frame * 50)
    return path


@pytest.mark.parametrize(
    ("stem", "names"),
    [
        ("Artist - Title", ("Artist", "Title")),
        ("07 - Artist - Title", ("Artist", "Title")),
        ("07. Artist - Title", ("Artist", "Title")),
        ("07 Artist – Title", ("Artist", "Title")),
        ("admiralbob77_-_Choice_-_Drum-bass", ("admiralbob77", "Choice - Drum-bass")),
        ("Jay-Z - 99 Problems", ("Jay-Z", "99 Problems")),
        ("1999", ("", "1999")),
        ("50 Cent - In Da Club", ("50 Cent", "In Da Club")),
        ("311 - Down", ("311", "Down")),
        ("drums-sample", ("", "drums-sample")),
        ("Мумий Тролль — Владивосток 2000", ("Мумий Тролль", "Владивосток 2000")),
    ],
)
def test_a_file_name_may_name_artist_and_title(stem, names):
    assert names_in(stem) == names


def test_tags_are_read(tmp_path):
    path = tagged_mp3(
        tmp_path / "whatever.mp3",
        TIT2="Hyperballad",
        TPE1="Björk",
        TALB="Post",
        TYER="1995",
        TCON="Art Pop",
        TSRC="GBAKW9500013",
    )

    tags = read_tags(path)

    assert (tags.title, tags.artists, tags.album) == ("Hyperballad", ("Björk",), "Post")
    assert (tags.year, tags.genres, tags.isrc) == ("1995", ("Art Pop",), "GBAKW9500013")
    assert tags.seconds > 1


def test_tags_are_believed_before_the_name(tmp_path):
    path = tagged_mp3(tmp_path / "Somebody - Something.mp3", TIT2="Jóga", TPE1="Björk")

    assert read_tags(path).title == "Jóga"
    assert read_tags(path).artists == ("Björk",)


def test_without_tags_the_name_is_believed(tmp_path):
    path = write_wav(tmp_path / "Nina_Simone_-_Feeling_Good.wav", tone(440, 1))

    assert (read_tags(path).artists, read_tags(path).title) == (("Nina Simone",), "Feeling Good")
    assert read_tags(path).seconds == pytest.approx(1)


@pytest.mark.parametrize(
    "content",
    [b"", b"\x89PNG\r\n\x1a\n" + bytes(50), b"OggS" + bytes(40), b"fLaC\xff\xff\xff", b"RIFF"],
)
@pytest.mark.parametrize("ending", [".mp3", ".ogg", ".flac", ".wav", ".m4a", ".opus", ".aiff"])
def test_what_is_damaged_is_told_or_goes_by_its_name(tmp_path, content, ending):
    """Never another error. What has no tags that can be read may still be named by its file."""
    path = tmp_path / f"A - B{ending}"
    path.write_bytes(content)

    found = next(Audio().read(path, {}))

    if isinstance(found, Rejected):
        assert found.reason.startswith("the file is")
    else:
        assert found.title == "B"


def test_only_audio_is_found_and_nothing_hidden_or_linked_from_outside(tmp_path):
    music, elsewhere = tmp_path / "music", tmp_path / "elsewhere"
    wanted = write_wav(music / "deep" / "A - B.wav", tone(440, 1))
    write_wav(music / ".trash" / "A - C.wav", tone(440, 1))
    secret = write_wav(elsewhere / "A - D.wav", tone(440, 1))
    (music / "cover.jpg").write_bytes(b"\xff\xd8\xff")
    (music / "A - E.wav").symlink_to(secret)
    (music / "dir.mp3").mkdir()
    (music / "gone.mp3").symlink_to(music / "nowhere.mp3")

    assert list(audio_files(music)) == [wanted]


def test_endings_are_known_in_capitals_too():
    assert is_audio("A.MP3")
    assert mime_type("A.OGG") == "audio/ogg"
    assert not is_audio("notes.txt")


def rows(path):
    format_ = find_format("auto", path)
    assert format_.name == "audio"
    return list(format_.read(path, {}))


def test_a_folder_becomes_a_row_for_each_file(tmp_path):
    tagged_mp3(tmp_path / "1.mp3", TIT2="Jóga", TPE1="Björk", TYER="about 1997", TCON="Art Pop")
    write_wav(tmp_path / "2 - Nina Simone - Sinnerman.wav", tone(440, 1))
    write_wav(tmp_path / "3.wav", tone(440, 1))
    (tmp_path / "4.ogg").write_bytes(b"")
    (tmp_path / "notes.txt").write_text("no music")

    first, second, third, fourth = rows(tmp_path)

    assert (first.title, first.artists, first.year, first.genres) == (
        "Jóga", ("Björk",), 1997, ("Art Pop",),
    )  # fmt: skip
    assert (second.title, second.artists, second.duration_ms) == (
        "Sinnerman", ("Nina Simone",), 1000,
    )  # fmt: skip
    assert isinstance(third, Rejected)
    assert third.reason.startswith("no artist")
    assert third.text == "3.wav"
    assert isinstance(fourth, Rejected)
    assert fourth.reason == "the file is empty"
    assert second.source_id == file_id(tmp_path / "2 - Nina Simone - Sinnerman.wav")


def test_one_file_is_read_as_a_folder_of_one(tmp_path):
    path = write_wav(tmp_path / "Nina Simone - Sinnerman.wav", tone(440, 1))

    assert [row.title for row in rows(path)] == ["Sinnerman"]
    assert Audio().survey(path, {}).total == 1


def test_files_of_one_name_in_two_folders_are_two(tmp_path):
    one = write_wav(tmp_path / "a" / "X - Y.wav", tone(440, 1))
    other = write_wav(tmp_path / "b" / "X - Y.wav", tone(440, 1))

    assert file_id(one) != file_id(other)


def test_a_name_that_no_database_takes_is_rejected(tmp_path):
    bad = bytes(tmp_path) + b"/A - \xff.wav"
    with open(bad, "wb") as file:
        file.write(write_wav(tmp_path / "B - C.wav", tone(440, 1)).read_bytes())

    reasons = [row.reason for row in rows(tmp_path) if isinstance(row, Rejected)]

    assert reasons == ["its name is not in UTF-8, or is very long; rename it"]


def test_a_folder_without_music_is_refused(tmp_path):
    (tmp_path / "notes.txt").write_text("no music")

    with pytest.raises(Refused, match="no audio file here"):
        Audio().survey(tmp_path, {})
    with pytest.raises(Refused, match="no audio file that we know"):
        Audio().survey(tmp_path / "notes.txt", {})


@needs_real_files
def test_real_files_name_their_music():
    found = {row.line: row for row in rows(real_file("Vibe_Ace").parent)}

    assert len(found) == 5
    assert [row.title for row in found.values() if not isinstance(row, Rejected)] == [
        "Hungarian Dance No. 5",
        "P. I. Tchaikovsky: Dance of the Sugar Plum Fairy",
        "Vibe Ace",
        "Choice - Drum-bass",
    ]
    assert (found[2].year, found[3].genres, found[3].duration_ms) == (2011, ("Jazz",), 61459)
    assert found[5].reason.startswith("no artist")
