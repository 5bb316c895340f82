"""Exports that are broken, or made to do harm: refused whole, with a clear word."""

import json
import zipfile
from datetime import UTC

import pytest

from listening.imports import elements, files
from listening.imports.bundle import read, survey
from listening.imports.rows import Refused
from tests.listening.imports.exports import listen, pack, scrobble, spotify, write

SPOTIFY = json.dumps([spotify(), spotify()])
NAME = "Streaming_History_Audio_2024_0.json"


def refusal(path, **options):
    with pytest.raises(Refused) as refused:
        survey(path, **options)
    return str(refused.value)


def titles(path):
    return [row.title for _, row in read(path, survey(path), zone=UTC)]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b" \n\n ", "is empty"),
        (b"%PDF-1.7", "is a PDF"),
        (b"\x1f\x8b\x08\x00", "compressed (gzip)"),
        (b"7z\xbc\xaf\x27\x1c", "7z archive"),
        (b"\x89PNG\r\n", "a picture"),
        (b"<!DOCTYPE html><title>Log in</title>", "a web page"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>", "no export that we can read"),
        (b"hello", "no export that we can read"),
        (b"[]", "no export that we can read"),
        (b"{}", "no export that we can read"),
        (b"[1, 2, 3]", "no export that we can read"),
        (b"[[[[", "no export that we can read"),
        (b"[" * 100_000, "no export that we can read"),
        (b'{"scrobbles": 7}', "no export that we can read"),
        (b'[{"ts": {}, "ms_played": 1}', "cut off"),
        (SPOTIFY.encode()[:-1], "cut off"),
        (SPOTIFY.encode()[:-5], "cut off"),
        (SPOTIFY.encode()[:-40], "cut off"),
        (SPOTIFY.encode()[: len(SPOTIFY) // 2 + 3], "cut off"),
        (SPOTIFY.encode() + b"]", "Behind the end"),
        (SPOTIFY.replace("}, {", "} {").encode(), "something is wrong at letter"),
        (SPOTIFY.replace("}, {", "},, {").encode(), "something is wrong at letter"),
        (SPOTIFY.replace("}]", "},]").encode(), "something is wrong at letter"),
        (b"artist,track,date\n", "There is no row"),
        (b'artist,track,date\n"Mira,Day,1709294400\nMira,Day,1709294400\n', "never closed"),
        (b"artist,track,date\n\x00\x00\x00\n", "NUL"),
        (b"x" * 3_000_000, "no export that we can read"),
        (b"PK\x05\x06" + bytes(18), "no export that we can read"),
    ],
)
def test_a_broken_file_is_refused_with_a_clear_word(tmp_path, content, words):
    path = tmp_path / "export"
    path.write_bytes(content)

    assert words in refusal(path)


def test_what_is_not_there_is_refused(tmp_path):
    assert "There is no file" in refusal(tmp_path / "missing.json")


def test_an_export_of_another_service_than_was_said_is_refused(tmp_path):
    path = write(tmp_path / "x", [spotify()])

    assert refusal(path, format_="maloja") == "This is no export of Maloja."
    assert survey(path, "spotify").total == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_json_is_read_in_every_unicode(tmp_path, encoding):
    row = json.dumps([spotify(master_metadata_track_name="Grüße 夜")], ensure_ascii=False)

    assert titles(write(tmp_path / "x", row, encoding=encoding)) == ["Grüße 夜"]


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "utf-16", "utf-8-sig"])
def test_tables_are_read_as_old_programs_write_them(tmp_path, encoding):
    table = "artist,track,date\nMotörhead,Café,1709294400\n"

    assert titles(write(tmp_path / "x", table, encoding=encoding)) == ["Café"]


def test_letters_that_no_encoding_has_do_no_harm(tmp_path):
    path = tmp_path / "x"
    path.write_bytes(b"artist,track,date\nMira\x81,Day\xff\xfe,1709294400\n")

    assert len(titles(path)) == 1


@pytest.mark.parametrize("name", ["a\\u0000b", "\\ud800", "\\u202eabc", "a\\u000ab"])
def test_odd_letters_in_names_are_cleaned(tmp_path, name):
    row = json.dumps([spotify()]).replace("Glass Harbour", name)

    (title,) = titles(write(tmp_path / "x", row))

    assert title
    assert not set(title) & set("\x00\n\u202e\ud800")
    title.encode()


def test_rows_of_another_shape_are_rejected_one_by_one(tmp_path):
    odd = [
        None, 7, "x", [], {}, [[]], {"ts": 7}, {"ts": [], "ms_played": {}}, {"ms_played": "NaN"},
        spotify(ts=10**400), spotify(ms_played=float("nan")), spotify(ts=-(10**30)),
        spotify(spotify_track_uri=7, master_metadata_track_name=["x"]),
    ]  # fmt: skip
    path = write(tmp_path / "x", [spotify(), *odd, spotify()])

    first, *left_out, last = [row for _, row in read(path, survey(path), zone=UTC)]

    assert first == last
    assert [row.fate.value for row in left_out] == ["rejected"] * len(odd)
    assert [row.place for row in left_out] == [f"row {n}" for n in range(2, len(odd) + 2)]


# Archives


def test_an_archive_is_read_whatever_else_lies_in_it(tmp_path):
    path = pack(
        tmp_path / "x.zip",
        {
            NAME: SPOTIFY,
            "__MACOSX/._" + NAME: b"\x00\x05\x16\x07",
            "folder/ReadMe.txt": "Hello",
            "empty.json": "",
            "other.json": '{"name": "Mi',
        },
    )

    assert titles(path) == ["Glass Harbour"] * 2


def test_a_broken_file_in_an_archive_refuses_the_whole_and_is_named(tmp_path):
    path = pack(tmp_path / "x.zip", {"a.json": SPOTIFY, "b.json": SPOTIFY[:-3]})

    assert refusal(path).startswith("b.json: The file ends in the middle")


@pytest.mark.parametrize("name", ["../x.json", "a/../../x.json", "/etc/x.json", "C:\\x.json",
                                  "..\\x.json"])  # fmt: skip
def test_names_that_lead_outside_are_refused(tmp_path, name):
    assert "leads outside" in refusal(pack(tmp_path / "x.zip", {NAME: SPOTIFY, name: "{}"}))


def test_links_are_refused(tmp_path):
    link = zipfile.ZipInfo(NAME)
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")

    assert "leads outside" in refusal(tmp_path / "x.zip")


def test_an_archive_in_an_archive_is_refused(tmp_path):
    inner = pack(tmp_path / "inner.zip", {NAME: SPOTIFY}).read_bytes()

    assert "another one, “inner.zip”" in refusal(pack(tmp_path / "x.zip", {"inner.zip": inner}))


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path):
    path = pack(tmp_path / "x.zip", {NAME: b"[" + b" " * 20_000_000 + b"]"})

    assert "times its size" in refusal(path)


def test_a_bomb_among_honest_files_is_refused(tmp_path):
    noise = json.dumps([spotify(platform=f"{n * 7919 % 10007:x}") for n in range(2000)])
    files_ = {f"{n}.json": noise for n in range(20)} | {"bomb.json": b" " * 5_000_000}

    assert "“bomb.json” would unpack" in refusal(pack(tmp_path / "x.zip", files_))


def test_too_much_in_one_archive_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "MOST_FILES", 3)
    monkeypatch.setattr(files, "MOST_BYTES", 100)
    many = pack(tmp_path / "x.zip", {f"{n}.json": "[]" for n in range(4)})
    large = pack(tmp_path / "y.zip", {"x.json": SPOTIFY})

    assert "holds 4 files" in refusal(many)
    assert "larger than 8 GB" in refusal(large)


def test_a_locked_archive_is_refused(tmp_path):
    path = pack(tmp_path / "x.zip", {NAME: SPOTIFY}, compression=zipfile.ZIP_STORED)
    content = bytearray(path.read_bytes())
    content[6] |= 1  # the bit in the file's own header
    content[content.index(b"PK\x01\x02") + 8] |= 1  # and in the directory
    path.write_bytes(content)

    assert "password" in refusal(path)


def test_a_damaged_archive_is_refused(tmp_path):
    path = pack(tmp_path / "x.zip", {NAME: SPOTIFY}, compression=zipfile.ZIP_STORED)
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b"Tidelines", b"Tidelinez"))
    damaged = refusal(path)
    path.write_bytes(whole[: len(whole) // 2])

    assert "is damaged" in damaged
    assert "no export that we can read" in refusal(path) or "damaged" in refusal(path)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_an_archive_packed_otherwise_is_refused(tmp_path, method):
    path = pack(tmp_path / "x.zip", {NAME: SPOTIFY}, compression=method)

    assert "in a way that we cannot open" in refusal(path)


# A window over JSON of any size


def test_elements_are_the_same_however_small_the_window(tmp_path, monkeypatch):
    value = {
        "version": 12,
        "rows": [spotify(), {"a": [1, [2, {"b": "]}"}]]}, "x", 12.5, None],
        "empty": [],
        "more": {"deep": [1, 2]},
        "payload": {"count": 2, "listens": [{"a": 1}, {"b": {"payload": {}}}], "of": {}},
    }
    path = write(tmp_path / "x", json.dumps(value, indent=1))
    with path.open() as file:
        whole = list(elements.elements(file))

    for block in (1, 2, 7, 100):
        monkeypatch.setattr(elements, "BLOCK", block)
        with path.open() as file:
            assert list(elements.elements(file)) == whole
    assert whole == [
        ("version", 12),
        *(("rows", row) for row in value["rows"]),
        ("more", {"deep": [1, 2]}),
        ("count", 2),
        ("listens", {"a": 1}),
        ("listens", {"b": {"payload": {}}}),
        ("of", {}),
    ]


@pytest.fixture
def small_window(monkeypatch):
    monkeypatch.setattr(elements, "LONGEST", 10_000)
    monkeypatch.setattr(elements, "BLOCK", 1_000)


@pytest.mark.parametrize("opening", ['[{"a": "', '{"payload": {"listens": [{"a": "'])
def test_an_element_without_end_is_refused(tmp_path, small_window, opening):
    path = write(tmp_path / "x", opening + "x" * 100_000)

    with path.open() as file, pytest.raises(Refused, match="is longer than"):
        list(elements.elements(file))


def test_a_list_in_an_object_is_read_row_by_row_however_long(tmp_path, small_window):
    named = [f"Track {n}" for n in range(1_000)]
    pages = {"recenttracks": {"track": [scrobble(name=name) for name in named], "@attr": {}}}
    answer = {"payload": {"count": 1, "listens": [listen(title=name) for name in named]}}

    for value in (pages, answer):
        assert titles(write(tmp_path / "x", value)) == named


@pytest.mark.parametrize(
    "text",
    ['{"payload": {"listens": [{"a": 1}]', '{"payload": {"listens": [{"a": 1}], "b"}}',
     '{"payload": {"listens": [{"a": 1}]]}', '{"payload": {"listens": [{"a": 1}]}'],
)  # fmt: skip
def test_what_is_broken_in_an_object_is_refused_too(tmp_path, text):
    path = write(tmp_path / "x", text)

    with path.open() as file, pytest.raises(Refused, match=r"cut off|something is wrong"):
        list(elements.elements(file))
