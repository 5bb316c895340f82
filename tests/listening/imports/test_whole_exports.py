"""Whole exports of each format: every row has its fate, every cell its place among the plays."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from catalog.models import ExternalId
from listening.services import importing
from tests.factories import make_listener
from tests.listening.imports.exports import listen, scrobble, spotify, write

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 14, 12, 0, tzinfo=UTC)
DATA = Path(os.environ.get("SEGUE_TEST_DATA", Path(__file__).parents[4] / "shared/data"))
FIXTURES = DATA / "export-fixtures"


class Heard(NamedTuple):
    """A play, all that an export can say of it. Lengths are in milliseconds."""

    started_at: str
    artist: str
    title: str
    album: str = ""
    duration: int | None = None
    played: int | None = None
    skipped: bool = False
    ids: tuple[tuple[str, str], ...] = ()


def bring_in(path):
    listener = make_listener(time_zone="Europe/Vienna")
    import_ = importing.open_import(listener=listener, path=path, at=NOW)
    return importing.read_import(import_, path, at=NOW)


def heard(listener):
    plays = listener.plays.select_related("track__artist", "track__album").order_by("started_at")
    ids = {}
    for track, *pair in ExternalId.objects.order_by("kind").values_list("track", "kind", "value"):
        ids.setdefault(track, []).append(tuple(pair))
    return [
        Heard(
            f"{play.started_at.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"[:-3].removesuffix(".000"),
            play.track.credit or play.track.artist.name,
            play.track.title,
            play.track.album.title if play.track.album else "",
            play.track.duration_ms,
            play.ms_played,
            play.skipped,
            tuple(ids.get(play.track_id, ())),
        )
        for play in plays
    ]


# Real ones


class Real(NamedTuple):
    format: str
    counts: dict[str, int]
    first: Heard  # as the plays come in time, not in the file
    last: Heard


REAL = {
    "Streaming_History_Audio_spotify_import_test.json": Real(
        "spotify",
        {"created": 17, "short": 22},
        Heard(
            "2025-04-28 21:04:33.397", "fripSide", "only my railgun", "infinite synthesis",
            None, 1603, True, (("spotify", "3aJ2aJz5xL03hpaqdPS7Ah"),),
        ),
        Heard(
            "2025-04-29 23:12:39.117", "ヨルシカ", "ただ君に晴れ", "負け犬にアンコールはいらない",
            None, 5883, True, (("spotify", "3wJHCry960drNlAUGrJLmz"),),
        ),
    ),
    "koito_export_test.json": Real(
        "koito",
        {"created": 4, "new": 9},
        Heard(
            "2022-01-08 22:32:08", "American Football, Elizabeth Powell",
            "Every Wave To Ever Rise (feat. Elizabeth Powell)", "American Football (LP3)", 354_000,
        ),
        Heard(
            "2025-03-23 17:22:03", "NELKE", "虹の色よ鮮やかであれ (NELKE ver.)",
            "虹の色よ鮮やかであれ (NELKE ver.)", 218_000,
            ids=(("musicbrainz", "a4f26836-3894-46c1-acac-227808308687"),),
        ),
    ),
    "listenbrainz_shoko1_123456789.zip": Real(
        "listenbrainz",
        {"created": 19},
        Heard(
            "2013-10-12 08:14:16", "Alec Holowka", "March of the Krotites",
            "Aquaria: Original Soundtrack",
            ids=(("musicbrainz", "cb9c8de2-bc23-49a9-a476-9bcf9aae086e"),),
        ),
        Heard("2013-10-12 09:32:48", "VYPER", "Chrono Trigger 'The Frog Dance' OC ReMix"),
    ),
    "listenbrainz_shoko1_1749780844.zip": Real(
        "listenbrainz",
        {"created": 5},
        Heard(
            "2025-06-13 02:10:12", "OurR", "Desert", "Desert", 245_000,
            ids=(("musicbrainz", "08e8f55b-f1a4-46b8-b2d1-fab4c592165c"),),
        ),
        Heard(
            "2025-06-13 02:26:35", "Magnify Tokyo & Lauren Horii", "Kokoro", "Magnify Tokyo",
            229_239, ids=(("musicbrainz", "fede8b7c-6824-4652-9ddd-47173bde1a92"),),
        ),
    ),
    "maloja_import_test.json": Real(
        "maloja",
        {"created": 10, "new": 28},
        Heard(
            "2025-05-05 08:40:10", "Kanade Ishihara, Magnify Tokyo • Kanade Ishihara", "伊吹",
            "Magnify Tokyo",
        ),
        Heard(
            "2025-05-13 13:06:35",
            "Lauren Horii, Philip Shibata, Magnify Tokyo • Philip Shibata • Lauren Horii",
            "あなただけが", "Magnify Tokyo",
        ),
    ),
    "recenttracks-shoko2-1749776100.json": Real(
        "lastfm",
        {"created": 10},
        Heard(
            "2025-06-13 00:10:00", "American Football", "Uncomfortably Numb", "Uncomfortably Numb"
        ),
        Heard("2025-06-13 00:55:00", "CHUU", "because I'm stupid?"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REAL)
def test_a_real_export_is_read_whole_and_adds_nothing_twice(name):
    if not (FIXTURES / name).exists():
        pytest.skip("there are no real exports beside this tree")
    real = REAL[name]

    done = bring_in(FIXTURES / name)

    plays = heard(done.listener)
    assert (done.state, done.format, done.counts) == ("done", real.format, real.counts)
    assert done.position == done.total == len(plays) == sum(real.counts.values())
    assert (plays[0], plays[-1]) == (real.first, real.last)

    again = importing.open_import(listener=done.listener, path=FIXTURES / name, at=NOW)
    again = importing.read_import(again, FIXTURES / name, at=NOW)

    assert again.counts == {"known": done.total}
    assert heard(done.listener) == plays


# Invented ones: no two cells are alike, so that none can stand for another


class Invented(NamedTuple):
    content: Any
    counts: dict[str, int]
    plays: list[Heard]


def lines(*rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


def aliases(*names):
    return {"aliases": [{"alias": name, "is_primary": name == names[-1]} for name in names]}


ON_SPOTIFY = (("spotify", "4uLU6hMCjMI75M1A2tKUQC"),)
MBID = "0b7e3c4e-6f5a-4d0f-9f0e-3a2b1c0d9e8f"
AT_MUSICBRAINZ = (("musicbrainz", MBID),)
PLAY = Heard("2024-03-01 12:00:00", "Mira Vale", "Glass Harbour", "Tidelines")
LONG = PLAY._replace(duration=201_000)

NAMELESS = {"master_metadata_track_name": None, "master_metadata_album_artist_name": None}
ENDED = {"endTime": "2024-03-01 12:03", "msPlayed": 180_000}
LISTEN = listen(duration_ms=201_000, duration_played=90, recording_mbid=MBID)
LISTEN["track_metadata"]["release_name"] = "Tidelines"
MALOJA = {
    "time": 1_709_294_400,
    "track": {
        "artists": ["Mira Vale"], "title": "Glass Harbour", "length": 201,
        "album": {"artists": ["Somebody"], "albumtitle": "Tidelines"},
    },
    "duration": 90,
    "origin": "client:default",
}  # fmt: skip
KOITO = {
    "listened_at": "2024-03-01T13:00:00+01:00",
    "track": {"mbid": MBID, "duration": 201} | aliases("Glashafen", "Glass Harbour"),
    "album": aliases("Gezeiten", "Tidelines"),
    "artists": [aliases("Vale, Mira", "Mira Vale")],
}
PANO = {
    "timeHuman": "1 Mar 2024", "timeMs": 1_709_294_400_000, "artist": "Mira Vale",
    "track": "Glass Harbour", "album": "Tidelines", "albumArtist": "Somebody",
    "durationMs": 201_000, "mediaPlayerPackage": "com.example", "event": "scrobble",
}  # fmt: skip
OWN = {
    "started_at": "2024-03-01T12:00:00.250000Z", "title": "Glass Harbour", "artist": "Mira Vale",
    "artists": ["Mira Vale"], "album": "Tidelines", "duration_ms": 201_000, "ms_played": 20_000,
    "skipped": True, "source": "scrobble", "ids": [list(pair) for pair in ON_SPOTIFY],
}  # fmt: skip
ROCKBOX = f"Mira Vale\tTidelines\tGlass Harbour\t4\t201\t{{}}\t{{}}\t{MBID}\n"

INVENTED = {
    "spotify": Invented(
        [
            spotify(),
            spotify(ts="2024-03-01T13:00:05Z", ms_played=5_000, skipped=True),
            spotify(incognito_mode=True),
            spotify(**NAMELESS, episode_name="One", episode_show_name="Talks"),
            spotify(**NAMELESS, audiobook_title="A Book"),
            spotify(**NAMELESS, spotify_track_uri=None),
        ],
        {"created": 1, "short": 1, "incognito": 1, "podcast": 2, "rejected": 1},
        [
            PLAY._replace(played=200_000, ids=ON_SPOTIFY),
            Heard("2024-03-01 13:00:00", *PLAY[1:4], None, 5_000, True, ON_SPOTIFY),
        ],
    ),
    "spotify-account": Invented(
        [
            ENDED | {"artistName": "Mira Vale", "trackName": "Glass Harbour"},
            ENDED | {"podcastName": "Talks", "episodeName": "One"},
            ENDED | {"artistName": "Unknown Artist", "trackName": "Unknown Track"},
            ENDED | {"artistName": None, "trackName": None},
        ],
        {"created": 1, "podcast": 1, "rejected": 2},
        [PLAY._replace(album="", played=180_000)],
    ),
    "lastfm": Invented(
        [{"track": [scrobble() | {"@attr": {"nowplaying": "true"}}, scrobble()]}],
        {"created": 1, "rejected": 1},
        [PLAY],
    ),
    "lastfm, a table": Invented(
        "uts,artist,album,track\n1709294400,Mira Vale,Tidelines,Glass Harbour\n,A,B,C\n",
        {"created": 1, "rejected": 1},
        [PLAY],
    ),
    "listenbrainz": Invented(
        lines(LISTEN, listen(title=None)),
        {"created": 1, "rejected": 1},
        [LONG._replace(played=90_000, ids=AT_MUSICBRAINZ)],
    ),
    "maloja": Invented(
        {"scrobbles": [MALOJA, MALOJA | {"time": None}]},
        {"created": 1, "rejected": 1},
        [LONG._replace(played=90_000)],
    ),
    "koito": Invented(
        {"version": "1", "listens": [KOITO, KOITO | {"artists": []}]},
        {"created": 1, "rejected": 1},
        [LONG._replace(ids=AT_MUSICBRAINZ)],
    ),
    "pano": Invented(
        lines(PANO, PANO | {"event": "love"}, PANO | {"track": None}),
        {"created": 1, "new": 1, "rejected": 1},
        [LONG],
    ),
    "rockbox": Invented(  # in the time of the listener, which is Vienna's
        "#AUDIOSCROBBLER/1.1\n"
        + ROCKBOX.format("L", 1_709_298_000)
        + ROCKBOX.format("S", 1_709_298_300)
        + ROCKBOX.format("L", 0),
        {"created": 1, "short": 1, "rejected": 1},
        [
            LONG._replace(ids=AT_MUSICBRAINZ),
            Heard("2024-03-01 12:05:00", *LONG[1:5], None, True, AT_MUSICBRAINZ),
        ],
    ),
    "segue": Invented(
        {"segue": "plays", "version": 1, "plays": [OWN, {"title": "A"}]},
        {"short": 1, "rejected": 1},
        [Heard("2024-03-01 12:00:00.250", *LONG[1:5], 20_000, True, ON_SPOTIFY)],
    ),
}


@pytest.mark.parametrize("name", INVENTED)
def test_every_row_has_its_fate_and_every_cell_its_place(tmp_path, name):
    content, counts, plays = INVENTED[name]

    done = bring_in(write(tmp_path / "x", content))

    assert (done.format, done.counts) == (name.partition(",")[0], counts)
    assert done.position == done.total == sum(counts.values())
    assert heard(done.listener) == plays
    assert done.rows.count() == counts["rejected"]
