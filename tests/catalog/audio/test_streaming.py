"""Files over HTTP: in parts, for those who may listen, and never from elsewhere."""

import hashlib
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.audio.ranges import OutOfRange, read_range
from catalog.models import AudioFile
from catalog.streaming import Part
from tests.catalog.audio.sounds import tone, write_wav
from tests.factories import NOON, make_artist, make_track, make_user


@pytest.fixture
def music(tmp_path, settings):
    settings.AUDIO_DIR = tmp_path / "music"
    settings.AUDIO_DIR.mkdir()
    return settings.AUDIO_DIR


def make_audio(place, *, track=None, **fields):
    content = place.read_bytes()
    fields = {
        "source_id": f"file-{place}",
        "path": place.name,
        "mime_type": "audio/wav",
        "size": len(content),
        "modified_at": NOON,
        "checksum": hashlib.sha256(content).hexdigest(),
        "audience": "users",
        "added_at": NOON,
    } | fields
    return AudioFile.objects.create(track=track or make_track(), **fields)


@pytest.fixture
def file(db, music):
    return make_audio(write_wav(music / "a.wav", tone(440, 1)))


@pytest.fixture
def content(file):
    return file.place().read_bytes()


def url(file):
    return f"/audio/{file.pk}/"


def ask(client, file, method="get", **headers):
    """Ask as a browser does, and read the answer to its end."""
    where = file if isinstance(file, str) else url(file)
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    response = getattr(client, method)(where, headers=names)
    response.body = b"".join(response)
    return response


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("bytes=0-", range(100)),
        ("bytes=0-9", range(10)),
        ("bytes=90-", range(90, 100)),
        ("bytes=90-500", range(90, 100)),
        ("bytes=-10", range(90, 100)),
        ("bytes=-500", range(100)),
        ("", None),
        ("bytes=-", None),
        ("bytes=5-2", None),
        ("bytes=0-1,5-6", None),
        ("bytes=a-b", None),
        ("items=0-5", None),
        ("bytes=" + "9" * 400 + "-", None),
    ],
)
def test_a_range_is_read(header, expected):
    assert read_range(header, 100) == expected


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=100-200", "bytes=-0"])
def test_what_is_not_there_cannot_be_asked_for(header):
    with pytest.raises(OutOfRange):
        read_range(header, 100)


@given(
    header=st.text(max_size=30) | st.from_regex(r"bytes=\d{0,5}-\d{0,5}"), size=st.integers(0, 9999)
)
def test_any_header_gives_bytes_of_the_file_or_a_refusal(header, size):
    try:
        found = read_range(header, size)
    except OutOfRange:
        return
    assert found is None or 0 <= found.start < found.stop <= size


def test_the_whole_file_is_sent(as_listener, file, content):
    response = ask(as_listener, file)

    assert response.status_code == 200
    assert response.body == content
    assert response.headers["Content-Length"] == str(len(content))
    assert response.headers["Content-Type"] == "audio/wav"
    assert response.headers["Accept-Ranges"] == "bytes"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "private, max-age=86400"


def test_a_part_is_sent(as_listener, file, content):
    response = ask(as_listener, file, range="bytes=100-199")

    assert response.status_code == 206
    assert response.body == content[100:200]
    assert response.headers["Content-Range"] == f"bytes 100-199/{len(content)}"
    assert response.headers["Content-Length"] == "100"


def test_what_a_browser_says_first_is_not_compressed(as_listener, file, content):
    response = ask(as_listener, file, range="bytes=0-", accept_encoding="gzip")

    assert response.status_code == 206
    assert response.body == content


def test_beyond_the_end_is_nothing(as_listener, file, content):
    response = ask(as_listener, file, range=f"bytes={len(content)}-")

    assert response.status_code == 416
    assert response.headers["Content-Range"] == f"bytes */{len(content)}"


def test_a_range_of_another_version_gets_the_whole_of_this_one(as_listener, file, content):
    part = "bytes=100-199"
    assert ask(as_listener, file, range=part, if_range='"of yesterday"').status_code == 200

    for mark in (f'"{file.checksum}"', "Thu, 14 May 2026 12:00:00 GMT"):
        assert ask(as_listener, file, range=part, if_range=mark).status_code == 206


def test_what_the_browser_has_is_not_sent_again(as_listener, file):
    response = ask(as_listener, file, if_none_match=f'"{file.checksum}"')

    assert response.status_code == 304
    assert response.body == b""


def test_head_tells_and_sends_nothing(as_listener, file, content):
    response = ask(as_listener, file, "head", range="bytes=0-9")

    assert (response.status_code, response.body) == (206, b"")
    assert response.headers["Content-Length"] == "10"


def test_nothing_else_may_be_done_with_it(as_listener, file):
    assert ask(as_listener, file, "post").status_code == 405
    assert ask(as_listener, file, "delete").status_code == 405


@pytest.mark.parametrize(
    ("audience", "who", "status"),
    [
        ("users", "nobody", 404),
        ("users", "user", 200),
        ("users", "staff", 200),
        ("everyone", "nobody", 200),
        ("everyone", "user", 200),
        ("staff", "nobody", 404),
        ("staff", "user", 404),
        ("staff", "staff", 200),
    ],
)
def test_only_who_may_listen_hears_it(client, file, audience, who, status):
    AudioFile.objects.update(audience=audience)
    if who != "nobody":
        client.force_login(make_user(is_staff=who == "staff"))

    assert ask(client, file).status_code == status


@pytest.mark.parametrize("hidden", ["track", "artist", "survivor", "survivor of the artist"])
def test_what_was_hidden_is_heard_by_the_staff_alone(as_listener, as_curator, file, hidden):
    track, artist = file.track, file.track.artist
    if hidden == "survivor":
        track.canonical = make_track(hidden_at=NOON)
    elif hidden == "survivor of the artist":
        artist.canonical = make_artist(hidden_at=NOON)
    else:
        (track if hidden == "track" else artist).hidden_at = NOON
    artist.save()
    track.save()

    assert ask(as_listener, file).status_code == 404
    assert ask(as_curator, file).status_code == 200


@pytest.mark.parametrize(
    "path",
    ["../secret.wav", "/etc/passwd", "deep/../../secret.wav", "link.wav", "folder/secret.wav"],
)
def test_nothing_outside_of_the_folder_is_sent(as_curator, music, file, path):
    secret = write_wav(music.parent / "secret.wav", tone(440, 1))
    (music / "link.wav").symlink_to(secret)
    (music / "folder").symlink_to(music.parent)
    AudioFile.objects.update(path=path)

    assert ask(as_curator, file).status_code == 404


@pytest.mark.parametrize("path", ["gone.wav", "folder"])
def test_what_is_gone_is_not_found(as_listener, music, file, path):
    (music / "folder").mkdir()
    AudioFile.objects.update(path=path)

    assert ask(as_listener, file).status_code == 404


def test_no_number_and_no_name_leads_anywhere(as_listener):
    assert ask(as_listener, "/audio/999999/").status_code == 404
    assert ask(as_listener, "/audio/../../etc/passwd").status_code == 404
    assert ask(as_listener, "/audio/%2e%2e%2fsecret.wav/").status_code == 404


def test_a_copy_in_the_storage_is_sent_in_parts_too(as_listener, music, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    place = write_wav(tmp_path / "media" / "audio" / "a.wav", tone(440, 1))
    file = make_audio(place, path="", upload="audio/a.wav")

    response = ask(as_listener, file, range="bytes=-100")

    assert response.status_code == 206
    assert response.body == place.read_bytes()[-100:]


def test_the_proxy_may_send_it(as_listener, file, settings, client):
    settings.AUDIO_ACCEL = "/internal-audio/"
    AudioFile.objects.update(path="a.wav")

    response = ask(as_listener, file, range="bytes=0-9")

    assert response.status_code == 200
    assert response.content == b""
    assert response.headers["X-Accel-Redirect"] == "/internal-audio/a.wav"
    assert response.headers["Content-Type"] == "audio/wav"
    assert ask(client, file).status_code == 404  # who may listen is still asked


def test_a_part_that_nobody_fetches_is_closed():
    file = io.BytesIO(b"some bytes")

    Part(file, range(4)).close()

    assert file.closed
