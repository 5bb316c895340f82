"""Playlists come in with an export: every row accounted for, safe to repeat, undone whole."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.files import File
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.models import Track
from jobs import services as jobs
from listening import playlist_keeper
from listening.models import Import, ImportRow
from listening.services import importing
from listening.services.importing import reading
from playlists.models import Playlist, Telling
from playlists.services import filling, keeping, placing
from playlists.services.imported import taking_back
from tests.factories import NOON, make_artist, make_listener, make_playlist, make_track
from tests.listening.imports.exports import pack, spotify
from tests.playlists.told import LOST, PODCAST, bring, export, item, shelf, told

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(days=1)


@pytest.fixture
def listener():
    return make_listener()


def undo(import_):
    importing.undo(import_=import_, at=LATER)


# Counts add up


def test_every_row_has_its_fate_and_every_playlist_its_order(listener, tmp_path):
    known = make_track("Glass Harbour", artist=make_artist("Mira Vale"))
    path = export(
        tmp_path,
        told("Rain", "Salt Road", PODCAST, "Glass Harbour", LOST, "Salt Road"),
        told("Sun 🌞", "Salt Road", item("أغنية", artist="فارس")),
        told("Empty"),
    )

    done = bring(listener, path)

    assert done.counts == {"new": 3, "created": 2, "known": 1, "podcast": 1, "rejected": 1}
    assert sum(done.counts.values()) == done.position == done.total == 8
    assert shelf(listener) == {
        "Rain": [["Salt Road", "Glass Harbour"]],
        "Sun 🌞": [["Salt Road", "أغنية"]],
        "Empty": [[]],
    }
    assert known.playlist_entries.count() == 1
    assert not Track.objects.get(title="Salt Road").is_verified
    row = ImportRow.objects.get()
    assert (row.number, row.place) == (4, "playlist “Rain”, row 4")


def test_words_and_days_of_a_playlist_are_kept_and_it_is_private(listener, tmp_path):
    path = export(
        tmp_path,
        told("Rain", "Salt Road", description="By night", lastModifiedDate="2024-03-09"),
        told("Of tomorrow", "Salt Road", lastModifiedDate="2999-01-01"),
    )

    bring(listener, path)

    rain, tomorrow = listener.playlists.order_by("pk")
    assert (rain.description, rain.is_public, rain.is_own) == ("By night", False, False)
    assert rain.changed_at == rain.created_at == datetime(2024, 3, 9, tzinfo=UTC)
    assert rain.entries.get().added_at == datetime(2024, 3, 1, tzinfo=UTC)
    assert tomorrow.changed_at == NOON


def test_playlists_stand_beside_plays_and_likes_of_the_same_export(listener, tmp_path):
    path = pack(
        tmp_path / "my_spotify_data.zip",
        {
            "Streaming_History_Audio_0.json": [
                spotify(master_metadata_track_name="Salt Road", spotify_track_uri=None)
            ],
            "YourLibrary.json": {
                "tracks": [{"artist": "Mira Vale", "album": "", "track": "Salt Road", "uri": ""}]
            },
            "Playlist1.json": {"playlists": [told("Rain", "Salt Road")]},
        },
    )

    done = bring(listener, path)

    assert sum(done.counts.values()) == 3
    assert listener.plays.get().track == Playlist.objects.get().entries.get().track


def test_what_is_in_no_playlist_says_why(listener, tmp_path, monkeypatch):
    monkeypatch.setattr(placing, "MOST", 2)

    done = bring(listener, export(tmp_path, told("Rain", "A", "B", "C", "B")))

    assert done.counts == {"created": 2, "known": 1, "rejected": 1}
    assert "holds 2 tracks at most" in ImportRow.objects.get().reason
    assert shelf(listener) == {"Rain": [["A", "B"]]}


def test_where_nobody_keeps_playlists_they_stay_in_the_file(listener, tmp_path, monkeypatch):
    monkeypatch.setattr(playlist_keeper, "_keepers", [])

    done = bring(listener, export(tmp_path, told("Rain", "A", "B")))
    undo(done)

    assert done.counts == {"kept": 2}
    assert not Playlist.objects.exists()


# Nothing twice


def test_bringing_it_again_adds_nothing(listener, tmp_path):
    path = export(tmp_path, told("Rain", "A", "B"), told("Empty"), told("Rain", "B"))
    bring(listener, path)
    before = list(Playlist.objects.values()), shelf(listener)

    again = bring(listener, path, at=LATER)

    assert again.counts == {"known": 4}
    assert (list(Playlist.objects.values()), shelf(listener)) == before


def test_a_later_export_adds_what_is_new_at_the_end(listener, tmp_path):
    bring(listener, export(tmp_path, told("Rain", "A", "B")))
    rain = Playlist.objects.get()

    done = bring(listener, export(tmp_path, told("Rain", "N", "A", "B", "C")), at=LATER)

    assert done.counts == {"known": 2, "created": 2}
    assert shelf(listener) == {"Rain": [["A", "B", "N", "C"]]}
    version = rain.version
    rain.refresh_from_db()
    assert (rain.version, rain.changed_at) == (version + 1, LATER)


def test_a_renamed_playlist_is_still_the_same(listener, tmp_path):
    path = export(tmp_path, told("Rain", "A"))
    bring(listener, path)
    keeping.rename_playlist(
        playlist=Playlist.objects.get(), by=listener.user, name="Drizzle", at=LATER
    )

    assert bring(listener, path, at=LATER).counts == {"known": 1}
    assert shelf(listener) == {"Drizzle": [["A"]]}


def test_one_of_the_same_name_that_was_made_here_is_another(listener, tmp_path):
    make_playlist(listener, name="Rain", tracks=[make_track("Mine")])

    bring(listener, export(tmp_path, told("Rain", "A")))

    assert shelf(listener) == {"Rain": [["Mine"], ["A"]]}


def test_a_track_that_shows_as_another_is_there(listener, tmp_path):
    path = export(tmp_path, told("Rain", "A"))
    bring(listener, path)
    Track.objects.filter(title="A").update(canonical=make_track("A, remastered"))

    assert bring(listener, path).counts == {"known": 1}


def test_what_was_taken_out_comes_back_only_with_a_file(listener, tmp_path):
    path = export(tmp_path, told("Rain", "A", "B"))
    bring(listener, path)
    entry = Playlist.objects.get().entries.get(position=1)
    filling.remove_entry(entry=entry, by=listener.user, at=LATER)

    assert bring(listener, path).counts == {"new": 1, "known": 1}
    assert shelf(listener) == {"Rain": [["B", "A"]]}


def test_each_listener_has_playlists_of_their_own(listener, tmp_path):
    other = make_listener()
    path = export(tmp_path, told("Rain", "A"))

    undone = bring(listener, path)
    bring(other, path)
    undo(undone)

    assert (shelf(listener), shelf(other)) == ({}, {"Rain": [["A"]]})


# In chunks, and broken off


LISTS = (told("Rain", "A", "B", "C", "B"), told("Empty"), told("Rain", "C", "D"), told("Sun", "A"))


@pytest.mark.parametrize("chunk", [1, 2, 3])
def test_chunks_make_no_difference(tmp_path, monkeypatch, chunk):
    path = export(tmp_path, *LISTS)
    whole, pieces = make_listener(), make_listener()
    counts = bring(whole, path).counts
    monkeypatch.setattr(reading, "CHUNK", chunk)
    done = bring(pieces, path)

    assert sum(done.counts.values()) == sum(counts.values())
    assert shelf(pieces) == shelf(whole)
    told_of = Telling.objects.values_list("playlist__key", "entry__position", "was_own")
    assert set(told_of.filter(source_import=done)) == set(told_of.exclude(source_import=done))


def test_broken_off_it_goes_on_to_the_same_end(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "CHUNK", 2)
    path = export(tmp_path, *LISTS)
    calm, broken = make_listener(), make_listener()
    bring(calm, path)
    import_ = importing.open_import(listener=broken, path=path, at=NOON)

    def fail(position):
        if position in places:
            places.remove(position)
            raise ConnectionError

    places = {2, 4, 6}
    while places:
        with pytest.raises(ConnectionError):
            importing.read_import(import_, path, at=NOON, keep=fail)
        import_.refresh_from_db()
        assert sum(import_.counts.values()) == import_.position
    done = importing.read_import(import_, path, at=NOON)

    assert done.position == sum(done.counts.values()) == 8
    assert shelf(broken) == shelf(calm)


# Undo


def test_undo_takes_playlists_back_and_tracks_that_only_they_named(listener, tmp_path):
    make_playlist(listener, name="Mine", tracks=[make_track("Here")])
    before = shelf(listener), set(Track.objects.all())
    done = bring(listener, export(tmp_path, told("Rain", "Here", "New"), told("Empty")))

    importing.ask_to_undo(import_=done, at=LATER)
    jobs.run_due()

    done.refresh_from_db()
    assert done.state == Import.State.UNDONE
    assert (shelf(listener), set(Track.objects.all())) == before
    assert not Telling.objects.exists()


def test_undo_leaves_what_another_import_told_too_in_its_order(listener, tmp_path):
    first = bring(listener, export(tmp_path, told("Rain", "A", "B", "C"), told("Sun", "A")))
    second = bring(listener, export(tmp_path, told("Rain", "C", "N", "A")))
    assert shelf(listener) == {"Rain": [["A", "B", "C", "N"]], "Sun": [["A"]]}

    undo(first)
    assert shelf(listener) == {"Rain": [["C", "N", "A"]]}

    undo(second)
    assert shelf(listener) == {}
    assert not Track.objects.exists()


CHANGES = {
    "rename": lambda playlist, by: keeping.rename_playlist(
        playlist=playlist, by=by, name="Drizzle", at=LATER
    ),
    "show": lambda playlist, by: keeping.show_playlist(
        playlist=playlist, by=by, is_public=True, at=LATER
    ),
    "add": lambda playlist, by: filling.add_track(
        playlist=playlist, track=make_track("Mine"), by=by, at=LATER
    ),
    "remove": lambda playlist, by: filling.remove_entry(
        entry=playlist.entries.get(position=2), by=by, at=LATER
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_playlist_that_was_changed_since_stays_and_the_page_says_so(
    as_listener, tmp_path, change
):
    listener = as_listener.listener
    done = bring(listener, export(tmp_path, told("Rain", "A", "B"), told("Sun", "A", "C")))
    change(listener.playlists.get(name="Rain"), listener.user)
    (rain,) = (rows for name, rows in shelf(listener).items() if name != "Sun")

    undo(done)

    assert list(shelf(listener).values()) == [rain]
    assert not Track.objects.filter(title="C").exists()
    page = as_listener.get(reverse("import", args=[done.pk])).content.decode()
    assert "1 playlist of it has stayed: you had changed it since." in page


def test_an_empty_playlist_that_was_changed_since_stays_too(listener, tmp_path):
    done = bring(listener, export(tmp_path, told("Rain")))
    CHANGES["add"](Playlist.objects.get(), listener.user)

    undo(done)

    assert shelf(listener) == {"Rain": [["Mine"]]}
    assert taking_back.stayed(import_=done) == 1


def test_what_came_after_the_change_goes_again(listener, tmp_path):
    bring(listener, export(tmp_path, told("Rain", "A")))
    CHANGES["rename"](Playlist.objects.get(), listener.user)
    later = bring(listener, export(tmp_path, told("Rain", "A", "B")))

    undo(later)

    assert shelf(listener) == {"Drizzle": [["A"]]}
    assert taking_back.stayed(import_=later) == 0


def test_what_stayed_is_the_listeners_own_whatever_is_undone_next(listener, tmp_path):
    first = bring(listener, export(tmp_path, told("Rain", "A", "B")))
    CHANGES["rename"](Playlist.objects.get(), listener.user)
    second = bring(listener, export(tmp_path, told("Rain", "A", "B")))

    undo(first)
    undo(second)

    assert shelf(listener) == {"Drizzle": [["A", "B"]]}
    assert (taking_back.stayed(import_=first), taking_back.stayed(import_=second)) == (1, 0)


def test_a_playlist_that_is_gone_is_not_missed(listener, tmp_path):
    path = export(tmp_path, told("Rain", "A"), told("Sun", "B"))
    done = bring(listener, path)
    keeping.delete_playlist(playlist=listener.playlists.get(name="Rain"), by=listener.user)

    undo(done)

    assert shelf(listener) == {}
    assert bring(listener, path).counts == {"created": 2}


def test_undoing_that_broke_off_goes_on(listener, tmp_path, monkeypatch):
    monkeypatch.setattr(taking_back, "CHUNK", 1)
    done = bring(listener, export(tmp_path, *(told(f"List {n}", f"T{n}") for n in range(5))))
    CHANGES["rename"](listener.playlists.get(name="List 1"), listener.user)
    order_again, calls = taking_back.order_again, []

    def fail(playlists):
        calls.append(playlists)
        if len(calls) == 3:
            raise ConnectionError
        return order_again(playlists)

    monkeypatch.setattr(taking_back, "order_again", fail)
    with pytest.raises(ConnectionError):
        undo(done)
    assert set(shelf(listener)) == {"Drizzle", "List 2", "List 3", "List 4"}
    undo(done)

    assert shelf(listener) == {"Drizzle": [["T1"]]}
    assert taking_back.stayed(import_=done) == 1


def test_a_cancelled_import_is_undone_as_far_as_it_came(listener, tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "CHUNK", 2)
    with export(tmp_path, *LISTS).open("rb") as file:
        import_ = importing.start_import(listener=listener, file=File(file), at=NOON)

    def progress(run, share, words=""):
        importing.cancel(import_=Import.objects.get(), at=NOON)
        raise jobs.Cancelled

    monkeypatch.setattr(jobs.Run, "progress", progress)
    jobs.run_next(queue="imports")
    assert shelf(listener) == {"Rain": [["A", "B"]]}
    monkeypatch.undo()

    import_.refresh_from_db()
    undo(import_)

    assert shelf(listener) == {}


# However many


def test_any_number_costs_the_same_queries(listener, tmp_path):
    def queries(lists, tracks):
        playlists = [
            told(f"{lists} {n}", *(f"{lists} {k}" for k in range(tracks))) for n in range(lists)
        ]
        path = export(tmp_path, *playlists)
        with CaptureQueriesContext(connection) as bringing:
            done = bring(listener, path)
        with CaptureQueriesContext(connection) as undoing:
            undo(done)
        return len(bringing), len(undoing)

    queries(3, 10)
    assert queries(9, 15) == queries(3, 10)
