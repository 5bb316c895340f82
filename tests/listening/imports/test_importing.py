"""From an export to plays and feedback: counted row by row, safe to repeat, undone whole."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files import File
from django.db.models import F

from catalog.models import Album, Artist, Source, Track
from jobs import services as jobs
from jobs.models import Job
from listening.models import Feedback, FeedbackChange, Import, ImportRow, Play, Sighting
from listening.services import importing
from listening.services.feedback import give_feedback
from listening.services.importing import reading
from tests.factories import make_artist, make_listener, make_track
from tests.listening.imports.exports import (
    listen,
    pack,
    scrobble,
    spotify,
    write,
    write_lines,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 14, 12, 0, tzinfo=UTC)


@pytest.fixture
def listener():
    return make_listener()


def bring_in(listener, path, *, at=NOW, **options):
    return importing.read_import(
        importing.open_import(listener=listener, path=path, at=at), path, at=at, **options
    )


def plays(listener):
    """What is known of each play, but for keys and imports."""
    rows = listener.plays.annotate(title=F("track__title"), artist=F("track__artist__name"))
    return Counter(rows.values_list("artist", "title", "started_at", "ms_played", "skipped"))


def catalogue():
    """What there is to hear, but for keys."""
    return (
        Counter(Track.objects.values_list("title", "artist__name", "album__title")),
        Counter(Album.objects.values_list("title", "artist__name")),
        Counter(Artist.objects.values_list("name", flat=True)),
    )


def state(listener):
    """All that a listener has, and the catalogue, but for keys."""
    thoughts = Feedback.objects.filter(listener=listener)
    said = FeedbackChange.objects.filter(listener=listener)
    named = ("kind", "rating", "track__title", "artist__name", "album__title", "genre__name")
    return (
        plays(listener),
        Counter(Sighting.objects.filter(listener=listener).values_list("source", "started_at")),
        Counter(thoughts.values_list(*named, "given_at")),
        Counter(said.values_list(*named, "at", "withdrawn")),
        catalogue(),
    )


def history(count, **fields):
    """Spotify's streams of some tracks, every ten minutes, no two alike."""
    first = datetime(2024, 3, 1, tzinfo=UTC)
    return [
        spotify(
            ts=f"{first + timedelta(minutes=10 * n):%Y-%m-%dT%H:%M:%SZ}",
            master_metadata_track_name=f"Track {n % 7}",
            spotify_track_uri=None,
            **fields,
        )
        for n in range(count)
    ]


# Counts add up


def test_every_row_has_its_fate(listener):
    halo = make_track("Glass Harbour", artist=make_artist("Mira Vale"))
    rows = [
        spotify(),
        spotify(),
        spotify(ts="2024-03-02T12:03:20Z", ms_played=1000),
        spotify(ts="2024-03-03T12:03:20Z", master_metadata_track_name="Unheard"),
        spotify(incognito_mode=True),
        spotify(master_metadata_track_name=None, episode_name="One"),
        spotify(ts="1970-01-01T00:03:20Z"),
        spotify(ts=None),
    ]

    done = bring_in(listener, _file(rows))

    assert done.counts == {
        "new": 1, "known": 1, "short": 1, "created": 1, "incognito": 1, "podcast": 1,
        "rejected": 2,
    }  # fmt: skip
    assert done.position == done.total == len(rows)
    assert halo.plays.count() == 2
    assert not Track.objects.get(title="Unheard").is_verified
    assert list(ImportRow.objects.order_by("number").values_list("number", "place", "reason")) == [
        (7, "", "The player’s clock was not set."),
        (8, "row 8", "no time"),
    ]


@pytest.fixture(autouse=True)
def _folder(tmp_path):
    _file.folder = tmp_path


def _file(rows, name="export.json"):
    return write(_file.folder / name, rows)


def test_two_services_tell_of_each_play_once(listener):
    """Spotify notes the end of a stream, Last.fm when it began, each with a clock of its own."""
    streams = [spotify(ts=f"2024-03-01T{hour:02}:03:20Z") for hour in range(10)]
    noon = datetime(2024, 3, 1, tzinfo=UTC).timestamp()
    scrobbles = [scrobble(int(noon + hour * 3600 + 7)) for hour in range(5, 15)]

    bring_in(listener, _file(streams))
    done = bring_in(listener, _file([{"track": scrobbles}], "lastfm.json"))

    assert done.counts == {"echo": 5, "new": 5}
    assert listener.plays.count() == 15


def test_account_data_echoes_the_extended_history(listener):
    stream = spotify(ts="2024-03-01T12:03:49Z")
    row = {"endTime": "2024-03-01 12:03", "artistName": "Mira Vale", "trackName": "Glass Harbour"}

    bring_in(listener, _file([stream]))
    done = bring_in(listener, _file([row | {"msPlayed": 200_000}], "account.json"))

    assert done.counts == {"echo": 1}


def test_a_short_track_heard_twice_in_a_minute_is_two_plays_of_account_data(listener):
    row = {"endTime": "2024-03-01 12:03", "artistName": "Mira Vale", "trackName": "Interlude"}
    rows = [row | {"msPlayed": 35_000}] * 2 + [row | {"msPlayed": 200_000}] * 2

    done = bring_in(listener, _file(rows))

    assert done.counts == {"created": 1, "new": 2, "known": 1}
    assert bring_in(listener, _file(rows)).counts == {"known": 4}


def test_our_own_export_keeps_sources(listener):
    play = {"title": "A", "artist": "B", "ms_played": 200_000}
    told = [
        play | {"started_at": "2024-03-01T12:00:00Z", "source": "scrobble"},
        play | {"started_at": "2024-03-02T12:00:00Z", "source": "nobody-knows"},
    ]

    bring_in(listener, _file({"segue": "plays", "version": 1, "plays": told}))

    assert list(listener.plays.order_by("started_at").values_list("source", flat=True)) == [
        "scrobble", "other-file",
    ]  # fmt: skip


# Opinions


LIBRARY = {
    "tracks": [{"artist": "Mira Vale", "album": "Tidelines", "track": "Glass Harbour", "uri": ""}],
    "albums": [{"artist": "Mira Vale", "album": "Tidelines", "uri": "spotify:album:1"}],
    "artists": [{"name": "Mira Vale", "uri": "spotify:artist:1"}],
    "bannedArtists": [{"name": "Noise", "uri": "spotify:artist:2"}],
}


def test_a_library_becomes_feedback_and_is_not_said_twice(listener):
    done = bring_in(listener, _file(LIBRARY))

    assert done.counts == {"created": 1, "new": 3}
    given = Feedback.objects.filter(listener=listener)
    assert set(given.values_list("kind", "track__title", "album__title", "artist__name")) == {
        ("like", "Glass Harbour", None, None),
        ("like", None, "Tidelines", None),
        ("favourite", None, None, "Mira Vale"),
        ("hide", None, None, "Noise"),
    }
    listener.refresh_from_db()
    assert listener.taste_version == 1

    assert bring_in(listener, _file(LIBRARY), at=NOW + timedelta(days=1)).counts == {"known": 4}
    assert given.count() == 4


def test_what_says_not_when_does_not_override_what_was_said_here(listener):
    track = make_track("Glass Harbour", artist=make_artist("Mira Vale"))
    give_feedback(listener=listener, kind="dislike", on=track, at=NOW - timedelta(days=99))

    done = bring_in(listener, _file({"tracks": LIBRARY["tracks"]}))

    assert done.counts == {"known": 1}
    assert Feedback.objects.get().kind == "dislike"


def test_what_says_when_stands_if_it_is_later(listener):
    track = make_track("Glass Harbour", artist=make_artist("Mira Vale"))
    give_feedback(listener=listener, kind="dislike", on=track, at=NOW - timedelta(days=5))
    love = {"timeMs": 0, "artist": "Mira Vale", "track": "Glass Harbour", "event": "love"}
    moments = [NOW - timedelta(days=days) for days in (9, 1)]

    for moment in moments:
        row = love | {"timeMs": int(moment.timestamp() * 1000)}
        bring_in(listener, write_lines(_file.folder / "pano", row))
        kind = Feedback.objects.values_list("kind", flat=True)
        assert list(kind) == ["dislike" if moment == moments[0] else "like"]


def test_ratings_are_checked_and_genres_must_be_here(listener):
    given = {"on": "track", "name": "A", "artists": ["B"], "at": "2024-03-01T12:00:00Z"}
    feedback = [
        given | {"kind": "rating", "rating": 5},
        given | {"kind": "rating", "rating": 6},
        given | {"kind": "like", "rating": 3},
        given | {"kind": "hide", "on": "genre", "name": "Rock"},
        given | {"kind": "like", "on": "genre", "name": "No such genre"},
        given | {"kind": "like", "artists": []},
    ]

    done = bring_in(listener, _file({"segue": "feedback", "version": 1, "feedback": feedback}))

    assert done.counts == {"created": 1, "rejected": 5}
    assert Feedback.objects.get().rating == 5


def test_opinions_cost_the_same_few_queries_however_many(listener, django_assert_max_num_queries):
    tracks = [LIBRARY["tracks"][0] | {"track": f"Track {n}"} for n in range(300)]

    with django_assert_max_num_queries(80):
        bring_in(listener, _file(LIBRARY | {"tracks": tracks}))


# Undo


def everything(folder):
    return pack(
        folder / "all.zip",
        {
            "Streaming_History_Audio_0.json": history(20),
            "YourLibrary.json": LIBRARY,
            "listens/2024/3.jsonl": json.dumps(listen()),
        },
    )


def test_undo_restores_what_was_before(listener):
    bring_in(listener, _file([spotify(), spotify(ts="2024-03-01T00:00:00Z")]))
    track = Track.objects.get()
    give_feedback(listener=listener, kind="dislike", on=track, at=NOW - timedelta(days=2))
    before = state(listener)
    done = bring_in(listener, everything(_file.folder))
    assert state(listener) != before

    importing.ask_to_undo(import_=done, at=NOW)
    assert done.state == "undoing"
    jobs.run_due()

    done.refresh_from_db()
    assert done.state == "undone"
    assert state(listener) == before


def test_undo_leaves_no_artist_and_no_album_that_only_the_import_named(listener):
    """Each with nothing but an opinion on it: no track is by them."""
    library = {
        "albums": [{"artist": "Ines Roca", "album": "Tidelines", "uri": "spotify:album:1"}],
        "artists": [{"name": "Mira Vale", "uri": "spotify:artist:1"}],
        "bannedArtists": [{"name": "Noise", "uri": "spotify:artist:2"}],
    }
    done = bring_in(listener, _file(library))
    assert (Album.objects.count(), Artist.objects.count()) == (1, 3)

    importing.undo(import_=done, at=NOW)

    assert not Album.objects.exists()
    assert not Artist.objects.exists()


def test_undo_leaves_artists_and_albums_that_others_use_or_curators_have_seen(listener):
    done = bring_in(listener, _file(LIBRARY | {"artists": [{"name": "Hidden"}, {"name": "Ours"}]}))
    Artist.objects.filter(name="Hidden").update(hidden_at=NOW)
    Artist.objects.filter(name="Ours").update(source=Source.CURATOR)
    album = Album.objects.get(title="Tidelines")
    give_feedback(listener=make_listener(), kind="like", on=album, at=NOW)

    importing.undo(import_=done, at=NOW)

    assert set(Artist.objects.values_list("name", flat=True)) == {"Hidden", "Ours", "Mira Vale"}
    assert Album.objects.get() == album


def test_undo_leaves_what_another_import_told_too(listener):
    first = bring_in(listener, _file(history(5)))
    bring_in(listener, _file(history(5), "again.json"))
    before = plays(listener)

    importing.undo(import_=first, at=NOW)

    assert plays(listener) == before


def test_an_undone_dislike_gives_the_like_before_it_back(listener):
    track = make_track("Glass Harbour", artist=make_artist("Mira Vale"))
    give_feedback(listener=listener, kind="like", on=track, at=NOW - timedelta(days=2))
    row = {"kind": "dislike", "on": "track", "name": "Glass Harbour", "artists": ["Mira Vale"],
           "at": "2026-05-14T11:00:00Z"}  # fmt: skip
    done = bring_in(listener, _file({"segue": "feedback", "version": 1, "feedback": [row]}))
    assert Feedback.objects.get().kind == "dislike"

    importing.undo(import_=done, at=NOW)

    assert Feedback.objects.get().kind == "like"


def test_only_what_is_over_is_undone_and_only_once(listener):
    waiting = Import.objects.create(listener=listener, created_at=NOW)
    with pytest.raises(importing.NotNow):
        importing.ask_to_undo(import_=waiting, at=NOW)

    done = bring_in(listener, _file(history(1)))
    importing.ask_to_undo(import_=done, at=NOW)
    with pytest.raises(importing.NotNow):
        importing.ask_to_undo(import_=done, at=NOW)


def test_undoing_that_broke_off_can_go_on(listener, monkeypatch):
    done = bring_in(listener, _file(history(3)))
    importing.ask_to_undo(import_=done, at=NOW)
    Job.objects.filter(name="listening.undo_import").update(state="parked")
    assert importing.has_broken_off(done)

    importing.resume(import_=done, at=NOW)
    jobs.run_due()

    done.refresh_from_db()
    assert (done.state, listener.plays.count()) == ("undone", 0)


def test_another_file_of_that_name_is_another_import(listener):
    path = _file(history(30))
    first = importing.open_import(listener=listener, path=path, at=NOW)
    assert importing.open_import(listener=listener, path=path, at=NOW) == first

    path = _file(history(30, platform="something longer"))

    assert importing.open_import(listener=listener, path=path, at=NOW) != first


# Uploads, read by a job


def upload(listener, path, **options):
    with path.open("rb") as file:
        return importing.start_import(listener=listener, file=File(file), at=NOW, **options)


def test_an_upload_is_stored_first_and_read_by_a_job(listener):
    import_ = upload(listener, _file(history(3)))

    assert (import_.state, import_.file_name) == ("waiting", "export.json")
    assert Play.objects.count() == 0

    jobs.run_due()

    import_.refresh_from_db()
    assert (import_.state, import_.counts) == ("done", {"created": 3})
    assert import_.survey["found"][0]["rows"] == 3
    assert Job.objects.get(name="listening.read_import").result == {"created": 3}


def test_a_refused_upload_changes_nothing_and_says_why(listener):
    import_ = upload(listener, _file(json.dumps(history(3))[:-9]))

    jobs.run_due()

    import_.refresh_from_db()
    assert (import_.state, import_.position) == ("refused", 0)
    assert "cut off" in import_.message
    assert Play.objects.count() == Track.objects.count() == 0


def test_an_upload_that_is_too_large_is_refused(listener, settings):
    settings.LARGEST_IMPORT = 1 << 20
    path = _file.folder / "large"
    path.write_bytes(b" " * ((1 << 20) + 1))

    with pytest.raises(importing.TooLarge, match="Larger than 1 MB"):
        upload(listener, path)
    assert Import.objects.count() == 0


def test_a_cancelled_import_stops_and_keeps_what_is_in(listener, monkeypatch):
    monkeypatch.setattr(reading, "CHUNK", 10)
    import_ = upload(listener, _file(history(50)))

    def progress(run, share, words=""):
        importing.cancel(import_=Import.objects.get(), at=NOW)
        raise jobs.Cancelled

    monkeypatch.setattr(jobs.Run, "progress", progress)
    jobs.run_next(queue="imports")

    import_.refresh_from_db()
    assert (import_.state, import_.position) == ("cancelled", 10)
    assert listener.plays.count() == 10
    with pytest.raises(importing.NotNow):
        importing.cancel(import_=import_, at=NOW)
    importing.undo(import_=import_, at=NOW)
    assert listener.plays.count() == 0


def test_an_import_that_waits_is_cancelled_at_once(listener):
    import_ = upload(listener, _file(history(5)))

    importing.cancel(import_=import_, at=NOW)
    jobs.run_due()

    assert (import_.state, listener.plays.count()) == ("cancelled", 0)


def test_a_chunk_is_stored_whole_or_not_at_all(listener, monkeypatch):
    monkeypatch.setattr(reading, "CHUNK", 10)
    import_ = importing.open_import(listener=listener, path=_file(history(35)), at=NOW)

    def fail(position):
        if position == 30:
            raise ConnectionError

    with pytest.raises(ConnectionError):
        importing.read_import(import_, _file(history(35)), at=NOW, keep=fail)

    import_.refresh_from_db()
    assert (import_.position, listener.plays.count()) == (20, 20)
    assert sum(import_.counts.values()) == 20
    whole = importing.read_import(import_, _file(history(35)), at=NOW)
    assert (whole.position, whole.counts) == (35, {"created": 7, "new": 28})
    assert listener.plays.count() == 35


def test_two_workers_do_not_read_one_import(listener, monkeypatch):
    monkeypatch.setattr(reading, "CHUNK", 10)
    path = _file(history(30))
    mine = importing.open_import(listener=listener, path=path, at=NOW)
    other = Import.objects.get()

    def overtake(done, total):
        if done == 10:
            importing.read_import(other, path, at=NOW)

    other.refresh_from_db()
    with pytest.raises(importing.Stopped):
        importing.read_import(
            mine, path, at=NOW,
            progress=lambda done, total: (other.refresh_from_db(), overtake(done, total)),
        )  # fmt: skip
    assert listener.plays.count() == 30


def test_what_broke_off_can_go_on(listener, monkeypatch):
    import_ = upload(listener, _file(history(3)))
    monkeypatch.setattr(Job, "max_tries", 1, raising=False)
    Job.objects.update(max_tries=1)
    monkeypatch.setattr(reading, "record_plays", lambda **_: 1 / 0)
    jobs.run_next(queue="imports")
    import_.refresh_from_db()
    assert importing.has_broken_off(import_)

    monkeypatch.undo()
    importing.resume(import_=import_, at=NOW)
    jobs.run_due()

    import_.refresh_from_db()
    assert (import_.state, listener.plays.count()) == ("done", 3)
    with pytest.raises(importing.NotNow):
        importing.resume(import_=import_, at=NOW)
