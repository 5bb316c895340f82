"""Each export, of each age, becomes what it tells. No database here."""

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from listening.arrivals import Arrival, Fate
from listening.imports.bundle import read, survey
from listening.imports.rows import LeftOut, Opinion
from tests.listening.imports.exports import listen, pack, scrobble, spotify, write, write_lines

NOON = datetime(2024, 3, 1, 12, 0, tzinfo=UTC)
TRACK = "4uLU6hMCjMI75M1A2tKUQC"
MBID = "0b7e3c4e-6f5a-4d0f-9f0e-3a2b1c0d9e8f"


def told(path, zone=UTC):
    return list(read(path, survey(path), zone=zone))


def rows_of(path, **options):
    return [row for _source, row in told(path, **options)]


def row_of(path, **options):
    (row,) = rows_of(path, **options)
    return row


def heard(row):
    return row.started_at, row.artist, row.title, row.album


PLAY = (NOON, "Mira Vale", "Glass Harbour", "Tidelines")


# Spotify's extended history


def test_a_stream_began_as_long_before_its_end_as_it_was_played(tmp_path):
    row = row_of(write(tmp_path / "x", [spotify()]))

    assert heard(row) == PLAY
    assert (row.ms_played, row.skipped, row.ids) == (200_000, False, (("spotify", TRACK),))


@pytest.mark.parametrize(
    "fields",
    [
        {"username": "mira", "ip_addr_decrypted": "203.0.113.7", "user_agent_decrypted": "x"},
        {"audiobook_title": None, "audiobook_uri": None, "audiobook_chapter_uri": None},
        {"offline": True, "offline_timestamp": 1_709_294_400_123},
        {"offline": None, "offline_timestamp": 0},
        {"offline_timestamp": None, "incognito_mode": None, "reason_end": None},
        {"ts": "2024-03-01T12:03:20.000Z"},
        {"ts": "2024-03-01 12:03:20"},
    ],
)
def test_every_age_of_the_extended_history_is_read(tmp_path, fields):
    assert heard(row_of(write(tmp_path / "endsong_0.json", [spotify(**fields)]))) == PLAY


def test_what_is_skipped_is_only_told_where_the_history_tells_it(tmp_path):
    rows = [spotify(skipped=skipped) for skipped in (True, False, None)]

    assert [row.skipped for row in rows_of(write(tmp_path / "x", rows))] == [True, False, None]


NAMELESS = {
    "master_metadata_track_name": None,
    "master_metadata_album_artist_name": None,
    "master_metadata_album_album_name": None,
    "spotify_track_uri": None,
}


@pytest.mark.parametrize(
    ("fields", "fate"),
    [
        (NAMELESS | {"episode_name": "One", "episode_show_name": "Talks"}, Fate.PODCAST),
        (NAMELESS | {"spotify_episode_uri": "spotify:episode:1"}, Fate.PODCAST),
        (NAMELESS | {"audiobook_title": "A Book"}, Fate.PODCAST),
        ({"incognito_mode": True}, Fate.INCOGNITO),
        (NAMELESS, Fate.REJECTED),
        ({"ms_played": None}, Fate.REJECTED),
        ({"ms_played": -5}, Fate.REJECTED),
        ({"ms_played": 10**12}, Fate.REJECTED),
        ({"ts": None}, Fate.REJECTED),
        ({"ts": "yesterday"}, Fate.REJECTED),
        ({"master_metadata_album_artist_name": " "}, Fate.REJECTED),
    ],
)
def test_a_stream_that_is_no_play_has_its_fate(tmp_path, fields, fate):
    row = row_of(write(tmp_path / "x", [spotify(**fields)]))

    assert (row.fate, bool(row.reason)) == (fate, fate is Fate.REJECTED)


def test_a_rejected_stream_is_shown_without_what_is_personal(tmp_path):
    row = row_of(write(tmp_path / "x", [spotify(ts=None, username="mira")]))

    assert "Glass Harbour" in row.text
    assert "203.0.113.7" not in row.text
    assert '"mira"' not in row.text


def test_music_videos_are_plays_and_other_files_of_the_archive_are_not_read(tmp_path):
    path = pack(
        tmp_path / "my_spotify_data.zip",
        {
            "Spotify Extended Streaming History/ReadMeFirst.pdf": b"%PDF-1.7 \x00",
            "Spotify Extended Streaming History/Streaming_History_Audio_2023_0.json": [spotify()],
            "Spotify Extended Streaming History/Streaming_History_Video_2023.json": [
                spotify(ts="2024-03-02T12:03:20Z")
            ],
            "Spotify Account Data/Identity.json": {"displayName": "Mira"},
        },
    )

    assert [row.started_at for row in rows_of(path)] == [NOON, NOON + timedelta(days=1)]
    assert survey(path).unread == (
        "Spotify Account Data/Identity.json",
        "Spotify Extended Streaming History/ReadMeFirst.pdf",
    )


# Spotify's account data


def test_account_data_ends_to_the_minute(tmp_path):
    row = {"endTime": "2024-03-01 12:03", "artistName": "Mira Vale", "trackName": "Glass Harbour"}
    ((source, play),) = told(write(tmp_path / "x", [row | {"msPlayed": 180_000}]))

    assert (source, play.started_at, play.ms_played) == ("spotify-account", NOON, 180_000)


@pytest.mark.parametrize(
    ("ms_played", "began"),
    [
        (30_000, [30, 60, 60]),
        (59_999, [59.999, 119.998, 119.998]),
        (60_000, [60, 60, 60]),  # no two of these end in one minute
        (29_999, [29.999, 29.999, 29.999]),  # skips
    ],
)
def test_plays_that_look_alike_to_the_minute_are_two_where_they_can_be(tmp_path, ms_played, began):
    row = {"endTime": "2024-03-01 12:00", "artistName": "A", "trackName": "B"}
    row |= {"msPlayed": ms_played}
    another = row | {"trackName": "C"}
    later = row | {"endTime": "2024-03-01 12:01"}

    rows = rows_of(write(tmp_path / "x", [row, another, row, row, later]))

    assert [(NOON - rows[n].started_at).total_seconds() for n in (0, 2, 3)] == began
    assert rows[1].started_at == rows[0].started_at
    assert rows[4].started_at == rows[0].started_at + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("row", "fate"),
    [
        ({"podcastName": "Talks", "episodeName": "One"}, Fate.PODCAST),
        ({"artistName": "Unknown Artist", "trackName": "Unknown Track"}, Fate.REJECTED),
        ({"artistName": "Mira Vale", "trackName": ""}, Fate.REJECTED),
    ],
)
def test_account_data_that_is_no_play_has_its_fate(tmp_path, row, fate):
    row = {"endTime": "2024-03-01 12:03", "msPlayed": 180_000} | row

    assert row_of(write(tmp_path / "x", [row])).fate is fate


def test_the_library_is_what_was_liked_followed_and_banned(tmp_path):
    track = {"artist": "Mira Vale", "album": "Tidelines", "track": "Glass Harbour",
             "uri": f"spotify:track:{TRACK}"}  # fmt: skip
    library = {
        "tracks": [track],
        "albums": [{"artist": "Mira Vale", "album": "Tidelines", "uri": "spotify:album:1"}],
        "shows": [{"name": "Talks", "publisher": "P", "uri": "spotify:show:1"}],
        "episodes": [],
        "bannedTracks": [track],
        "artists": [{"name": "Mira Vale", "uri": "spotify:artist:1"}],
        "bannedArtists": [{"name": "Noise", "uri": "spotify:artist:2"}],
        "other": ["spotify:thing"],
    }

    *opinions, other = rows_of(write(tmp_path / "x", library))

    liked, saved, show, hidden, followed, banned = opinions
    assert liked == Opinion(
        "like", "Glass Harbour", artists=("Mira Vale",), album="Tidelines",
        ids=(("spotify", TRACK),),
    )  # fmt: skip
    assert (saved.kind, saved.on, saved.name, saved.artists) == (
        "like", "album", "Tidelines", ("Mira Vale",),
    )  # fmt: skip
    assert show.fate is Fate.PODCAST
    assert (hidden.kind, hidden.on, hidden.name) == ("hide", "track", "Glass Harbour")
    assert (followed.kind, followed.on, followed.name) == ("favourite", "artist", "Mira Vale")
    assert (banned.kind, banned.on, banned.name) == ("hide", "artist", "Noise")
    assert other.fate is Fate.KEPT


def test_a_library_with_a_list_that_nobody_knows_is_read_and_that_list_counted(tmp_path):
    track = {"artist": "Mira Vale", "album": "Tidelines", "track": "Glass Harbour"}
    artist = {"name": "Mira Vale", "uri": "spotify:artist:1"}
    unknown = [{"name": f"Video {n}", "uri": f"spotify:video:{n}"} for n in range(50)]

    for library in ({"tracks": [track]}, {"artists": [artist]}):
        rows = rows_of(write(tmp_path / "x", {"musicVideos": unknown} | library))

        assert [row.fate for row in rows[:-1]] == [Fate.KEPT] * 50
        assert rows[0].reason == "in “musicVideos”, of which nothing is read yet"
        assert isinstance(rows[-1], Opinion)


def test_tracks_with_a_time_are_plays_and_no_library(tmp_path):
    path = write(tmp_path / "x", {"tracks": [scrobble(track="Glass Harbour")]})

    assert survey(path).format == "lastfm"


def spotify_item(title="Glass Harbour", **fields):
    track = {
        "trackName": title,
        "artistName": "Mira Vale",
        "albumName": "Tidelines",
        "trackUri": f"spotify:track:{TRACK}",
    }
    item = {"track": track, "episode": None, "localTrack": None, "addedDate": "2024-03-01"}
    return item | fields


def spotify_playlists(path, *playlists):
    return write(path, {"playlists": list(playlists)})


def test_a_playlist_has_its_words_and_its_tracks_in_order(tmp_path):
    told = {
        "name": "Rain &amp; fog 🌧️",
        "lastModifiedDate": "2024-03-02",
        "description": "It&#x27;s wet",
        "numberOfFollowers": 0,
        "collaborators": [],
        "items": [spotify_item(), spotify_item("Salt Road", addedDate=None)],
    }

    first, second = rows_of(spotify_playlists(tmp_path / "Playlist1.json", told))

    assert first.playlist is second.playlist
    assert (first.playlist.name, first.playlist.description) == ("Rain & fog 🌧️", "It's wet")
    assert first.playlist.changed_at == datetime(2024, 3, 2, tzinfo=UTC)
    assert (first.title, first.artist, first.album) == ("Glass Harbour", "Mira Vale", "Tidelines")
    assert first.ids == (("spotify", TRACK),)
    assert first.added_at == datetime(2024, 3, 1, tzinfo=UTC)
    assert (second.title, second.added_at) == ("Salt Road", None)
    assert second.place == "playlist “Rain & fog 🌧️”, row 2"


def test_what_is_no_track_of_a_playlist_has_its_fate(tmp_path):
    nothing = spotify_item(track=None)
    items = [
        nothing | {"episode": {"episodeName": "One"}},
        nothing | {"audiobook": {"name": "Two"}},
        nothing,
        spotify_item("Unknown Track"),
        spotify_item(""),
        "odd",
    ]

    rows = rows_of(spotify_playlists(tmp_path / "x", {"name": "Rain", "items": items}))

    assert [row.fate for row in rows] == [Fate.PODCAST, Fate.PODCAST, *[Fate.REJECTED] * 4]
    assert [row.reason for row in rows[2:5]] == [
        "Spotify no longer names this track",
        "Spotify no longer names this track",
        "no title",
    ]


def test_a_local_file_of_a_playlist_is_named_by_its_address(tmp_path):
    uris = [
        "spotify:local:Mira+Vale:Tidelines:Glass+Harbour%3A+live:201",
        "spotify:local::::30",
        "spotify:track:x",
        None,
    ]
    items = [spotify_item(track=None, localTrack={"uri": uri}) for uri in uris]

    named, *others = rows_of(spotify_playlists(tmp_path / "x", {"name": "Rain", "items": items}))

    assert (named.artist, named.title, named.album) == (
        "Mira Vale", "Glass Harbour: live", "Tidelines",
    )  # fmt: skip
    assert (named.duration_ms, named.ids) == (201_000, ())
    assert [row.fate for row in others] == [Fate.REJECTED] * 3


def test_playlists_of_one_name_are_told_apart_through_all_files(tmp_path):
    rain = {"name": "Rain", "items": [spotify_item()]}
    files = {
        "Playlist1.json": {"playlists": [rain, {"name": "Sun", "items": []}, rain]},
        "Playlist2.json": {"playlists": [rain, {"name": "", "items": [spotify_item()]}, 7]},
    }
    path = pack(tmp_path / "my_spotify_data.zip", files)

    rows = rows_of(path)

    keys = [row.playlist.key for row in rows[:-1]]
    assert keys == [
        "spotify:1:Rain",
        "spotify:1:Sun",
        "spotify:2:Rain",
        "spotify:3:Rain",
        "spotify:1:",
    ]
    assert rows[1].is_empty
    assert rows[4].playlist.name == "Playlist without a name"
    assert (rows[5].fate, rows[5].reason) == (Fate.REJECTED, "not a playlist")
    for start in range(len(rows)):
        later = [row for _, row in read(path, survey(path), zone=UTC, start=start)]
        assert later == rows[start:]


# Last.fm


@pytest.mark.parametrize(
    "value",
    [
        [{"track": [scrobble()], "@attr": {"page": "1"}}],
        [{"recenttracks": {"track": [scrobble()], "@attr": {"page": "1"}}}],
        {"recenttracks": {"track": [scrobble()], "@attr": {"page": "1"}}},
        {"recenttracks": {"track": scrobble(), "@attr": {"page": "1"}}},
        {"recenttracks": {"@attr": {"page": "1"}, "track": [scrobble()]}, "version": 1},
        {"recenttracks": [scrobble()]},
        {"track": [scrobble()]},
        [scrobble()],
        [[scrobble()]],
        [scrobble() | {"artist": {"name": "Mira Vale", "mbid": ""}}],
        [scrobble(date=1_709_294_400)],
        {
            "username": "mira",
            "scrobbles": [
                {"track": "Glass Harbour", "artist": "Mira Vale", "album": "Tidelines",
                 "albumId": "x", "date": 1_709_294_400_000}
            ],
        },
    ],
)  # fmt: skip
def test_recent_tracks_are_read_however_they_were_saved(tmp_path, value):
    ((source, row),) = told(write(tmp_path / "x", value))

    assert (source, heard(row)) == ("lastfm-file", PLAY)


def test_what_plays_now_is_rejected_and_its_page_is_read_on(tmp_path):
    now = scrobble() | {"@attr": {"nowplaying": "true"}}
    del now["date"]

    left_out, row = rows_of(write(tmp_path / "x", [{"track": [now, scrobble()]}]))

    assert left_out.fate is Fate.REJECTED
    assert "no time" in left_out.reason
    assert heard(row) == PLAY


@pytest.mark.parametrize(
    "table",
    [
        "uts,utc_time,artist,artist_mbid,album,album_mbid,track,track_mbid\n"
        '"1709294400","01 Mar 2024, 12:00","Mira Vale","","Tidelines","","Glass Harbour",""\n',
        "\ufeffArtist;Album;AlbumId;Track;Date#mira\r\n"
        '"Mira Vale";"Tidelines";"x";"Glass Harbour";"1709294400000"\r\n',
        'Mira Vale,Tidelines,Glass Harbour,"01 Mar 2024, 12:00"\n',
        "Mira Vale,Tidelines,Glass Harbour,01 Mar 2024 12:00\n",
        "artist,album,track,date\nMira Vale,Tidelines,Glass Harbour,2024-03-01T12:00:00+00:00\n",
        "Title\tArtist\tAlbum\tTime\nGlass Harbour\tMira Vale\tTidelines\t2024-03-01 13:00+01:00\n",
        "track name,artist name,album,timestamp\rGlass Harbour,Mira Vale,Tidelines,1709294400\r",
    ],
)
def test_tables_of_recent_tracks_are_read_in_every_dialect(tmp_path, table):
    ((source, row),) = told(write(tmp_path / "x", table))

    assert (source, heard(row)) == ("lastfm-file", PLAY)


def test_a_table_without_albums_is_read_too(tmp_path):
    row = row_of(write(tmp_path / "x", "2024-03-01,12:00:00,Mira Vale,Glass Harbour\n"))

    assert heard(row) == (*PLAY[:3], "")


def test_rows_of_a_table_are_rejected_with_their_line(tmp_path):
    rows = ['"Two\nlines",Day,1709294400', "Mira,1709294400", ",Day,1709294400", "Mira,Day,"]
    table = "\n".join(["artist,track,date", *rows, ""])

    first, *left_out = rows_of(write(tmp_path / "x", table))

    assert first.artist == "Two lines"
    assert [(row.place, row.reason) for row in left_out] == [
        ("line 4", "2 cells, where there are 3 columns"),
        ("line 5", "no artist"),
        ("line 6", "no time"),
    ]


# ListenBrainz


def test_listens_tell_what_they_know(tmp_path):
    one = listen(
        artist="Mira Vale feat. Ona", duration_ms=201_000, isrc="GBAAA2400001",
        spotify_id=f"https://open.spotify.com/track/{TRACK}", recording_mbid=MBID,
        duration_played=90,
    )  # fmt: skip
    one["track_metadata"] |= {
        "release_name": "Tidelines",
        "mbid_mapping": {
            "artists": [
                {"artist_credit_name": "Mira Vale", "join_phrase": " feat. "},
                {"artist_credit_name": "Ona"},
            ]
        },
    }

    row = row_of(write_lines(tmp_path / "1.jsonl", one))

    assert row == Arrival(
        NOON, "Mira Vale feat. Ona", "Glass Harbour", ("Mira Vale", "Ona"), "Tidelines",
        201_000, 90_000, None,
        (("isrc", "GBAAA2400001"), ("musicbrainz", MBID), ("spotify", TRACK)),
    )  # fmt: skip


def test_listens_are_read_in_the_form_of_the_api_and_of_old_exports(tmp_path):
    for value in ([listen()], {"payload": {"count": 1, "listens": [listen()]}}):
        assert heard(row_of(write(tmp_path / "x", value))) == (*PLAY[:3], "")


@pytest.mark.parametrize("at", [1_709_294_400.25, "1709294400"])
def test_a_listen_may_have_its_time_as_a_fraction_or_as_text(tmp_path, at):
    assert row_of(write_lines(tmp_path / "x", listen(at))).started_at.replace(microsecond=0) == NOON


def test_a_broken_line_is_rejected_and_the_rest_is_read(tmp_path):
    path = write_lines(tmp_path / "1.jsonl", listen(), listen(at=None), listen())
    path.write_text(path.read_text() + '{"listened_at": 17092')

    rows = rows_of(path)

    assert [type(row) for row in rows] == [Arrival, LeftOut, Arrival, LeftOut]
    assert (rows[1].place, rows[3].place) == ("line 2", "line 4")


def test_an_export_of_listenbrainz_holds_months_and_feedback(tmp_path):
    loved, unnamed = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
    named = listen()
    named["track_metadata"]["recording_msid"] = loved
    feedback = [
        {"recording_msid": loved, "recording_mbid": None, "score": 1, "created": 1_709_294_400},
        {"recording_msid": loved, "recording_mbid": MBID, "score": -1, "created": 1_709_294_500},
        {"recording_msid": unnamed, "recording_mbid": None, "score": 1, "created": 1_709_294_400},
    ]
    path = pack(
        tmp_path / "listenbrainz.zip",
        {
            "user.json": {"user_id": 1, "username": "mira"},
            "feedback.jsonl": "".join(f"{line}\n" for line in map(json.dumps, feedback)),
            "listens/2024/3.jsonl": json.dumps(named) + "\n",
            "pinned_recording.jsonl": json.dumps(
                {"recording_msid": loved, "blurb_content": "so good", "pinned_until": 1}
            ),
        },
    )

    like, dislike, left_out, play, pin = rows_of(path)

    assert (like.kind, like.name, like.artists, like.at) == (
        "like", "Glass Harbour", ("Mira Vale",), NOON,
    )  # fmt: skip
    assert (dislike.kind, dislike.ids) == ("dislike", (("musicbrainz", MBID),))
    assert left_out.fate is Fate.REJECTED
    assert (left_out.place, "no listen has" in left_out.reason) == ("feedback.jsonl, line 3", True)
    assert heard(play) == (*PLAY[:3], "")
    assert pin.fate is Fate.KEPT


# Maloja, Koito, Pano Scrobbler, Rockbox


def test_maloja_is_read(tmp_path):
    scrobbles = [
        {
            "time": 1_709_294_400,
            "track": {"artists": ["Mira Vale", "Ona"], "title": "Glass Harbour", "length": 201,
                      "album": {"artists": ["Mira Vale"], "albumtitle": "Tidelines"}},
            "duration": 90,
            "origin": "client:default",
        },
        {"time": 1_709_294_400, "artists": ["Ona"], "title": "Old", "album": None},
        {"time": 1_709_294_400, "track": {"artists": [], "title": "Nobody", "album": None}},
    ]  # fmt: skip

    new, old, left_out = rows_of(
        write(tmp_path / "x", {"maloja": {"export_time": 1}, "scrobbles": scrobbles})
    )

    assert heard(new) == (NOON, "Mira Vale, Ona", "Glass Harbour", "Tidelines")
    assert (new.artists, new.duration_ms, new.ms_played) == (("Mira Vale", "Ona"), 201_000, 90_000)
    assert heard(old) == (NOON, "Ona", "Old", "")
    assert left_out.reason == "no artist"


def test_koito_shows_the_primary_of_its_aliases(tmp_path):
    aliases = [
        {"alias": "Other", "is_primary": False},
        {"alias": "Glass Harbour", "is_primary": True},
    ]
    one = {
        "listened_at": "2024-03-01T13:00:00+01:00",
        "track": {"mbid": MBID, "duration": 201, "aliases": aliases},
        "album": {"aliases": [{"alias": "Tidelines", "is_primary": True}]},
        "artists": [{"aliases": [{"alias": "Mira Vale", "is_primary": True}]}],
    }

    row = row_of(write(tmp_path / "x", {"version": "1", "user": "mira", "listens": [one]}))

    assert heard(row) == PLAY
    assert (row.duration_ms, row.ids) == (201_000, (("musicbrainz", MBID),))


PANO = {
    "timeHuman": "1 Mar 2024", "timeMs": 1_709_294_400_000, "artist": "Mira Vale",
    "track": "Glass Harbour", "album": "Tidelines", "albumArtist": None, "durationMs": 201_000,
    "mediaPlayerPackage": "com.example", "event": "scrobble",
}  # fmt: skip


def test_pano_scrobbler_tells_of_plays_and_loves(tmp_path):
    play, love, unlove = rows_of(
        write_lines(tmp_path / "x", PANO, PANO | {"event": "love"}, PANO | {"event": "unlove"})
    )

    assert (heard(play), play.duration_ms) == (PLAY, 201_000)
    assert (love.kind, love.name, love.at, love.withdrawn) == ("like", "Glass Harbour", NOON, False)
    assert unlove.withdrawn


def test_pano_scrobbler_writes_tables_too(tmp_path):
    table = ",".join(PANO) + "\n" + ",".join(str(value or "") for value in PANO.values()) + "\n"

    ((source, row),) = told(write(tmp_path / "x", table))

    assert (source, heard(row), row.duration_ms) == ("pano-file", PLAY, 201_000)


ROCKBOX = "Mira Vale\tTidelines\tGlass Harbour\t4\t201\t{rating}\t{at}\t\n"


def test_a_rockbox_log_is_in_the_time_of_the_listener_unless_it_says_utc(tmp_path):
    line = ROCKBOX.format(rating="L", at=1_709_294_400)
    vienna = ZoneInfo("Europe/Vienna")
    for header, at in (
        ("#TZ/UTC", NOON),
        ("#TZ/UNKNOWN", NOON - timedelta(hours=1)),
        ("#CLIENT/Rockbox", NOON - timedelta(hours=1)),
    ):
        path = write(tmp_path / "x", f"#AUDIOSCROBBLER/1.1\n{header}\n{line}")
        assert row_of(path, zone=vienna).started_at == at


def test_a_rockbox_log_says_what_was_skipped_and_when_it_had_no_clock(tmp_path):
    lines = [
        ROCKBOX.format(rating="L", at=1_709_294_400),
        ROCKBOX.format(rating="S", at=1_709_294_400),
        ROCKBOX.format(rating="L", at=0),
        "junk\n",
    ]
    path = write(tmp_path / "x", "#AUDIOSCROBBLER/1.1\n#TZ/UTC\n" + "".join(lines))

    heard_, skipped, *left_out = rows_of(path)

    assert (heard_.skipped, skipped.skipped, heard_.duration_ms) == (False, True, 201_000)
    assert [row.place for row in left_out] == ["line 5", "line 6"]


# Our own


def test_our_own_export_keeps_the_source_of_each_play(tmp_path):
    play = {
        "started_at": "2024-03-01T12:00:00.250000Z", "title": "Glass Harbour",
        "artist": "Mira Vale & Ona", "artists": ["Mira Vale", "Ona"], "album": "Tidelines",
        "duration_ms": 201_000, "ms_played": 0, "skipped": True, "source": "scrobble",
        "ids": [["spotify", TRACK]],
    }  # fmt: skip
    ((source, row),) = told(
        write(tmp_path / "x", {"segue": "plays", "version": 1, "plays": [play]})
    )

    assert source == "scrobble"
    assert row == Arrival(
        NOON + timedelta(milliseconds=250), "Mira Vale & Ona", "Glass Harbour",
        ("Mira Vale", "Ona"), "Tidelines", 201_000, 0, True, (("spotify", TRACK),),
    )  # fmt: skip


def test_our_own_table_says_the_same_and_is_not_read_twice(tmp_path):
    table = (
        "started_at,title,artist,artists,album,duration_ms,ms_played,skipped,source,ids\n"
        "2024-03-01T12:00:00Z,Glass Harbour,Mira Vale & Ona,Mira Vale; Ona,Tidelines,201000,0,yes,"
        f"scrobble,spotify:{TRACK}\n"
    )
    ((source, row),) = told(write(tmp_path / "plays.csv", table))

    assert (source, row.artists, row.ms_played, row.skipped, row.ids) == (
        "scrobble", ("Mira Vale", "Ona"), 0, True, (("spotify", TRACK),),
    )  # fmt: skip
    play = {"started_at": "2024-03-01T12:00:00Z", "title": "A", "artist": "B", "source": "site"}
    both = pack(
        tmp_path / "segue.zip",
        {"plays.csv": table, "plays.json": {"segue": "plays", "version": 1, "plays": [play]}},
    )
    assert [row.title for row in rows_of(both)] == ["A"]


def test_our_own_feedback_is_read_whole(tmp_path):
    given = {
        "kind": "rating", "on": "track", "name": "Glass Harbour", "artists": ["Mira Vale"],
        "album": "", "duration_ms": None, "ids": [], "rating": 4, "note": "", "withdrawn": False,
        "at": "2024-03-01T12:00:00Z",
    }  # fmt: skip
    path = write(
        tmp_path / "x",
        {"segue": "feedback", "version": 1, "feedback": [given, given | {"kind": "shrug"}]},
    )

    opinion, left_out = rows_of(path)

    assert opinion == Opinion("rating", "Glass Harbour", artists=("Mira Vale",), at=NOON, rating=4)
    assert left_out.fate is Fate.REJECTED


# The same rows in the same order, from any place on


def test_reading_can_begin_anywhere(tmp_path):
    path = pack(
        tmp_path / "x.zip",
        {
            f"listens/2024/{month}.jsonl": json.dumps(listen(title=f"{month}")) + "\n"
            for month in (1, 2, 3)
        }
        | {"s.json": [spotify(), spotify(ts="2024-03-05T12:00:00Z")]},
    )
    whole = told(path)

    assert len(whole) == 5
    for start in range(6):
        assert list(read(path, survey(path), zone=UTC, start=start)) == whole[start:]


def test_a_folder_is_read_as_the_archive_it_came_from(tmp_path):
    (tmp_path / "MyData").mkdir()
    write(tmp_path / "MyData" / "a.json", [spotify()])
    write(tmp_path / "MyData" / "b.json", {"displayName": "Mira"})

    assert heard(row_of(tmp_path / "MyData")) == PLAY
