"""Playlists leave with a person's data, and come back with it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from listening.models import ImportRow
from listening.services import importing
from musicsite.own_data import telling
from musicsite.own_data.exporting import write_export
from musicsite.own_data.telling import playlists_of
from playlists.models import Playlist
from playlists.services import filling, keeping
from tests.factories import NOON, make_artist, make_listener, make_playlist, make_track
from tests.listening.imports.exports import write

pytestmark = pytest.mark.django_db

ODD = "Rain\u202e أغاني 👩‍👩‍👧 <b>"


@pytest.fixture
def listener():
    """Somebody with three playlists, one of them empty, and a track in two of them."""
    listener = make_listener()
    tracks = [make_track(f"T{n}", artist=make_artist(f"A{n}")) for n in range(4)]
    rain = make_playlist(
        listener, name=ODD, description="By night\nand fog", tracks=tracks, is_public=True
    )
    rain.entries.filter(position=2).update(added_at=NOON - timedelta(days=5, microseconds=7))
    make_playlist(listener, name="Empty", changed_at=NOON + timedelta(hours=1))
    make_playlist(listener, name="Other", tracks=[tracks[2], tracks[0]])
    return listener


def held(listener):
    """All that a person would miss of their playlists."""
    return [
        (
            one.name,
            one.description,
            one.created_at,
            one.changed_at,
            list(one.entries.order_by("position").values_list("track", "position", "added_at")),
        )
        for one in listener.playlists.order_by("pk")
    ]


def bring(listener, path):
    at = NOON + timedelta(days=1)
    import_ = importing.open_import(listener=listener, path=path, at=at)
    return importing.read_import(import_, path, at=at)


def exported(user, folder):
    path = folder / "export.zip"
    with path.open("wb") as file:
        write_export(file, user=user, at=NOON)
    return path


def test_playlists_come_back_into_an_empty_account(listener, tmp_path):
    empty = make_listener()

    done = bring(empty, exported(listener.user, tmp_path))

    assert held(empty) == held(listener)
    assert done.counts == {"new": 7}
    assert not empty.playlists.filter(is_public=True).exists()


def test_in_the_same_account_nothing_is_added_and_no_undo_takes_it(listener, tmp_path):
    before = held(listener), list(Playlist.objects.values())

    done = bring(listener, exported(listener.user, tmp_path))
    assert done.counts == {"known": 7}
    importing.undo(import_=done, at=NOON)

    assert (held(listener), list(Playlist.objects.values())) == before


def test_what_was_lost_since_comes_back_and_goes_with_an_undo(listener, tmp_path):
    path = exported(listener.user, tmp_path)
    rain, empty = listener.playlists.order_by("pk")[:2]
    filling.remove_entry(entry=rain.entries.get(position=1), by=listener.user, at=NOON)
    keeping.delete_playlist(playlist=empty, by=listener.user)
    left = held(listener)

    done = bring(listener, path)
    assert done.counts == {"new": 2, "known": 5}
    assert listener.playlists.count() == 3
    importing.undo(import_=done, at=NOON)

    assert [one[0] for one in held(listener)] == [one[0] for one in left]
    assert rain.entries.count() == 3


def test_what_an_undo_leaves_is_what_is_exported_next(listener, tmp_path):
    """A playlist out of an import keeps the name it goes by in exports."""
    other, third = make_listener(), make_listener()
    bring(other, exported(listener.user, tmp_path))

    bring(third, exported(other.user, tmp_path))

    keys = [set(one.playlists.values_list("key", flat=True)) for one in (listener, other, third)]
    assert keys[0] == keys[1] == keys[2]


def test_a_file_of_a_time_before_says_so_row_by_row(tmp_path):
    rows = [
        {"id": 1, "listener_id": 1, "name": "Rain", "is_public": False},
        {"key": "a", "name": "", "tracks": []},
        {"key": "", "name": "a", "tracks": []},
        "odd",
        {
            "key": "b",
            "name": "Odd\x00",
            "tracks": ["x", {"name": ""}, {"name": "A", "artists": []}],
        },
    ]
    path = write(tmp_path / "x", {"segue": "playlists", "version": 1, "playlists": rows})

    done = bring(make_listener(), path)

    assert done.counts == {"rejected": 7}
    reasons = ImportRow.objects.order_by("number").values_list("reason", flat=True)
    assert set(reasons[:4]) == {"no playlist with its key, its name and its tracks"}
    assert list(reasons[4:]) == [
        "not an object with names and values", "no title", "No title or no artist.",
    ]  # fmt: skip


def test_a_playlist_that_goes_meanwhile_disturbs_no_other(listener, monkeypatch):
    """Its tracks are read before it is looked for."""
    rain = listener.playlists.get(name=ODD)
    read = list(telling._entries_of(listener))
    rain.delete()
    monkeypatch.setattr(telling, "_entries_of", lambda listener: iter(read))

    told = {row["name"]: len(row["tracks"]) for row in playlists_of(listener)}

    assert told == {"Empty": 0, "Other": 2}


def test_any_number_asks_the_same(listener):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            list(playlists_of(listener))
        return len(asked)

    before = queries()
    for _ in range(5):
        make_playlist(listener, tracks=[make_track() for _ in range(4)])

    assert queries() == before
