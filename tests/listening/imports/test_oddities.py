"""Whatever stands in one place of an export: each row is read, or left out with its reason."""

import json
from datetime import UTC
from io import StringIO
from zoneinfo import ZoneInfo

import pytest

from listening.arrivals import Fate
from listening.imports import msd_taste
from listening.imports.bundle import read, survey
from listening.imports.rows import LeftOut, Refused
from tests.listening.imports.exports import listen, pack, scrobble, spotify, write, write_lines

LAST_IN_THE_WORLD, FIRST_IN_THE_WORLD = ZoneInfo("Etc/GMT+12"), ZoneInfo("Pacific/Kiritimati")
LONG = "9" * 5000
FIRST_SECOND, LAST_SECOND = -62_135_596_800, 253_402_300_799  # that a calendar has
ODD = [
    None, True, "", "x", [], [[]], [{}], {}, {"a": 1},
    7, -1, 1.5, 2**63, 10**300, 1e308, -1e308, LONG, "1" * 18, "inf", "nan", "1e400", "-1e400",
    FIRST_SECOND, LAST_SECOND, FIRST_SECOND * 1000, LAST_SECOND * 1000,
    "0001-01-01 00:00", "0001-01-01T00:00:00+14:00",
    "9999-12-31 23:59", "9999-12-31T23:59:59-14:00",
]  # fmt: skip

ACCOUNT = {"endTime": "2024-03-01 12:03", "artistName": "A", "trackName": "B", "msPlayed": 180_000}
KOITO = {
    "listened_at": "2024-03-01T12:00:00Z",
    "track": {"mbid": "x", "duration": 201, "aliases": [{"alias": "B", "is_primary": True}]},
    "album": {"aliases": [{"alias": "C", "is_primary": True}]},
    "artists": [{"aliases": [{"alias": "A", "is_primary": True}]}],
}
MALOJA = {
    "time": 1_709_294_400,
    "track": {
        "artists": ["A"], "title": "B", "length": 201,
        "album": {"artists": ["A"], "albumtitle": "C"},
    },
    "duration": 90,
}  # fmt: skip
PANO = {
    "timeMs": 1_709_294_400_000, "artist": "A", "track": "B", "album": "C",
    "durationMs": 201_000, "event": "love",
}  # fmt: skip
LISTEN = listen(
    duration_ms=201_000, duration_played=90, artist_names=["A"], isrc="GBAAA2400001",
    recording_mbid="x", spotify_id="x",
)  # fmt: skip
LISTEN["track_metadata"] |= {
    "recording_msid": "x",
    "mbid_mapping": {"recording_mbid": "x", "artists": [{"artist_credit_name": "A"}]},
}
LOVE = {"recording_msid": "x", "recording_mbid": None, "score": 1, "created": 1_709_294_400}
OWN = {
    "started_at": "2024-03-01T12:00:00Z", "title": "B", "artist": "A", "artists": ["A"],
    "album": "C", "duration_ms": 201_000, "ms_played": 0, "skipped": True, "source": "scrobble",
    "ids": [["isrc", "GBAAA2400001"]],
}  # fmt: skip
OPINION = {
    "kind": "rating", "on": "track", "name": "B", "artists": ["A"], "ids": [], "rating": 4,
    "at": "2024-03-01T12:00:00Z",
}  # fmt: skip
LIKED = {"artist": "A", "album": "C", "track": "B", "uri": "x"}

LISTS = {
    "spotify": (spotify(), lambda rows: rows),
    "spotify-account": (ACCOUNT, lambda rows: rows),
    "spotify-library": (LIKED, lambda rows: {"tracks": rows}),
    "lastfm": (scrobble(), lambda rows: rows),
    "koito": (KOITO, lambda rows: {"version": "1", "listens": rows}),
    "maloja": (MALOJA, lambda rows: {"scrobbles": rows}),
    "listenbrainz-list": (LISTEN, lambda rows: rows),
    "segue-plays": (OWN, lambda rows: {"segue": "plays", "plays": rows}),
    "segue-feedback": (OPINION, lambda rows: {"segue": "feedback", "feedback": rows}),
}


def variants(value):
    """The value, each time with something odd in another place."""
    yield from ODD
    places = value.items() if isinstance(value, dict) else enumerate(value)
    for place, inner in places:
        for odd in variants(inner) if isinstance(inner, dict | list) else ODD:
            copy = value.copy()
            copy[place] = odd
            yield copy


def rows_of(path):
    found = survey(path)
    for zone in (LAST_IN_THE_WORLD, FIRST_IN_THE_WORLD, UTC):
        rows = [row for _, row in read(path, found, zone=zone)]
        assert len(rows) == found.total
    left_out = [row for row in rows if isinstance(row, LeftOut)]
    assert all(row.reason for row in left_out if row.fate is Fate.REJECTED)
    return rows


@pytest.mark.parametrize("name", LISTS)
def test_in_a_list(tmp_path, name):
    row, wrap = LISTS[name]

    first, *_, last = rows_of(write(tmp_path / "x", wrap([row, *variants(row), row])))

    assert first == last
    assert not isinstance(first, LeftOut)


@pytest.mark.parametrize("row", [LISTEN, PANO], ids=["listenbrainz", "pano"])
def test_in_a_line(tmp_path, row):
    first, *_, last = rows_of(write_lines(tmp_path / "x", row, *variants(row), row))

    assert first == last
    assert not isinstance(first, LeftOut)


def test_where_one_file_names_what_another_thinks(tmp_path):
    listens = "".join(json.dumps(row) + "\n" for row in [LISTEN, *variants(LISTEN)])
    feedback = "".join(json.dumps(row) + "\n" for row in [LOVE, *variants(LOVE)])

    first, *_ = rows_of(pack(tmp_path / "x.zip", {"feedback.jsonl": feedback, "l.jsonl": listens}))

    assert first.name == "Glass Harbour"


def test_in_a_table_and_in_a_log(tmp_path):
    times = [odd for odd in ODD if isinstance(odd, str | int | float)]
    words = [f"{LONG} Sep 2026", f"06 Sep {LONG}", f"06 Sep 2026 {LONG}:00"]
    table = "".join(f"Mira,Day,{time}\n" for time in [1_709_294_400, *times, *words])
    log = "".join(f"A\tC\tB\t4\t{odd}\tL\t{odd}\tx\n" for odd in [1_709_294_400, *times])

    first, *_ = rows_of(write(tmp_path / "x", f"artist,track,date\n{table}"))
    assert first.artist == "Mira"
    first, *_ = rows_of(write(tmp_path / "x", f"#AUDIOSCROBBLER/1.1\n{log}"))
    assert first.title == "B"


@pytest.mark.parametrize(
    "value",
    [
        {"recenttracks": {"track": [scrobble()], "@attr": {"page": "1"}}},
        {"payload": {"count": 1, "listens": [LISTEN]}},
        {
            "playlists": [
                {"name": "Rain", "items": [{"track": {"trackName": "B"}, "episode": None}]}
            ]
        },
        *(wrap([row]) for row, wrap in LISTS.values()),
    ],
)
def test_in_what_says_which_export_it_is(tmp_path, value):
    for odd in variants(value):
        try:
            rows_of(write(tmp_path / "x", odd))
        except Refused as refused:
            assert str(refused)  # noqa: PT017 -- a word for people, and no other error


def test_where_a_track_was_played_so_often():
    user, track = "b80344d063b5ccb3212f76538f3d9e43d87dca9e", "SOAKIMP12A8C130995"
    lines = [f"{user}\t{track}\t{plays}\n" for plays in (2, LONG, "²", -1, 0)]

    first, *left_out = msd_taste.tastes(StringIO("".join(lines)))

    assert first.plays == 2
    assert [row.fate for row in left_out] == [Fate.REJECTED] * 4
