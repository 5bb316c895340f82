"""What a listener does with playlists: each change is its owner's, keeps the order, and shows."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import Source, Track
from playlists.models import Playlist
from playlists.services import filling, keeping, placing
from playlists.services.filling import AlreadyThere, Full, NotThere
from playlists.services.holding import NotYours
from playlists.services.keeping import NeedsName
from tests.factories import NOON, make_listener, make_playlist, make_track, make_user

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(hours=1)


@pytest.fixture
def listener():
    return make_listener()


@pytest.fixture
def running(listener):
    """A playlist of four tracks."""
    return make_playlist(listener, tracks=[make_track(f"Mile {n}") for n in range(1, 5)])


def titles(playlist):
    """Its tracks in order; fails where the positions are not 1 to n."""
    rows = list(playlist.entries.order_by("position").values_list("position", "track__title"))
    assert [position for position, _ in rows] == list(range(1, len(rows) + 1))
    return [title for _, title in rows]


def entry(playlist, position):
    return playlist.entries.select_related("playlist").get(position=position)


# Made, named, shown, deleted


def test_a_playlist_is_made_private_and_empty(listener):
    made = keeping.make_playlist(listener=listener, name="  Rain  ", at=NOON)

    assert (made.name, made.is_public, made.version) == ("Rain", False, 0)
    assert made.created_at == made.changed_at == NOON
    assert titles(made) == []


def test_a_playlist_is_made_with_its_first_track(listener):
    made = keeping.make_playlist(
        listener=listener, name="Rain", at=NOON, track=make_track("Low Tide")
    )

    assert titles(made) == ["Low Tide"]


@pytest.mark.parametrize("name", ["", "   "])
def test_a_playlist_needs_a_name(listener, running, name):
    with pytest.raises(NeedsName):
        keeping.make_playlist(listener=listener, name=name, at=NOON)
    with pytest.raises(NeedsName):
        keeping.rename_playlist(playlist=running, by=listener.user, name=name, at=LATER)


def test_new_words_are_a_change(listener, running):
    changed = keeping.rename_playlist(
        playlist=running, by=listener.user, name="Sprints", description=" Fast ", at=LATER
    )

    changed.refresh_from_db()
    assert (changed.name, changed.description) == ("Sprints", "Fast")
    assert (changed.version, changed.changed_at) == (1, LATER)


def test_the_same_words_are_none(listener, running):
    keeping.rename_playlist(playlist=running, by=listener.user, name=running.name, at=LATER)

    running.refresh_from_db()
    assert (running.version, running.changed_at) == (0, NOON)


def test_a_playlist_is_shown_to_all_and_hidden_again(listener, running):
    for is_public, version in ((True, 1), (True, 1), (False, 2)):
        keeping.show_playlist(playlist=running, by=listener.user, is_public=is_public, at=LATER)

        running.refresh_from_db()
        assert (running.is_public, running.version) == (is_public, version)
    assert running.changed_at == LATER


def test_a_deleted_playlist_takes_the_tracks_that_only_it_named(listener):
    seen = make_track("Seen")
    unseen = make_track("Unseen", source=Source.LISTENER, is_verified=False)
    playlist = make_playlist(listener, tracks=[seen, unseen])

    keeping.delete_playlist(playlist=playlist, by=listener.user)

    assert not Playlist.objects.exists()
    assert set(Track.objects.all()) == {seen}


# Tracks


def test_a_track_is_added_at_the_end(listener, running):
    added = filling.add_track(
        playlist=running, track=make_track("Mile 5"), by=listener.user, at=LATER
    )

    assert titles(running)[-1] == "Mile 5"
    assert (added.position, added.added_at) == (5, LATER)
    running.refresh_from_db()
    assert (running.version, running.changed_at) == (1, LATER)


def test_a_track_that_is_there_is_said_to_be_there(listener, running):
    track = running.entries.get(position=2).track

    with pytest.raises(AlreadyThere, match=r"Mile 2.*is already in"):
        filling.add_track(playlist=running, track=track, by=listener.user, at=LATER)

    running.refresh_from_db()
    assert (len(titles(running)), running.version) == (4, 0)


def test_a_track_that_another_was_merged_into_is_there_too(listener):
    survivor = make_track("Salt Road")
    playlist = make_playlist(listener, tracks=[make_track("Salt Rd", canonical=survivor)])

    with pytest.raises(AlreadyThere):
        filling.add_track(playlist=playlist, track=survivor, by=listener.user, at=LATER)


@pytest.mark.parametrize("position", [1, 2, 4])
def test_a_track_is_taken_out_and_put_back_where_it_was(listener, running, position):
    running.entries.filter(position=position).update(added_at=NOON - timedelta(days=9))

    removed = filling.remove_entry(entry=entry(running, position), by=listener.user, at=LATER)
    rest = [f"Mile {n}" for n in range(1, 5) if n != position]
    assert titles(running) == rest
    running.refresh_from_db()
    assert (running.version, running.changed_at) == (1, LATER)

    back = filling.put_back(playlist=running, removed=removed, by=listener.user, at=LATER)
    assert titles(running) == ["Mile 1", "Mile 2", "Mile 3", "Mile 4"]
    assert back.added_at == NOON - timedelta(days=9)
    running.refresh_from_db()
    assert running.version == 2


def test_where_the_playlist_became_shorter_it_is_put_back_at_the_end(listener, running):
    removed = filling.remove_entry(entry=entry(running, 4), by=listener.user, at=LATER)
    for _ in range(2):
        filling.remove_entry(entry=entry(running, 1), by=listener.user, at=LATER)

    filling.put_back(playlist=running, removed=removed, by=listener.user, at=LATER)

    assert titles(running) == ["Mile 3", "Mile 4"]


def test_after_a_removal_the_next_track_has_the_next_position(listener, running):
    filling.remove_entry(entry=entry(running, 2), by=listener.user, at=LATER)
    filling.add_track(playlist=running, track=make_track("Mile 9"), by=listener.user, at=LATER)

    assert titles(running) == ["Mile 1", "Mile 3", "Mile 4", "Mile 9"]


def test_what_was_taken_out_already_is_not_there(listener, running):
    twice = entry(running, 1)
    removed = filling.remove_entry(entry=twice, by=listener.user, at=LATER)
    with pytest.raises(NotThere):
        filling.remove_entry(entry=entry_again(twice), by=listener.user, at=LATER)

    filling.put_back(playlist=running, removed=removed, by=listener.user, at=LATER)
    with pytest.raises(AlreadyThere):
        filling.put_back(playlist=running, removed=removed, by=listener.user, at=LATER)
    gone = removed._replace(track=0)
    with pytest.raises(NotThere):
        filling.put_back(playlist=running, removed=gone, by=listener.user, at=LATER)
    assert titles(running) == ["Mile 1", "Mile 2", "Mile 3", "Mile 4"]


def entry_again(one):
    """The same entry as a second page still knows it."""
    return type(one)(pk=99_999_999, playlist=one.playlist, position=one.position)


def test_a_full_playlist_says_so(listener, running, monkeypatch):
    removed = filling.remove_entry(entry=entry(running, 1), by=listener.user, at=LATER)
    monkeypatch.setattr(placing, "MOST", 3)

    with pytest.raises(Full, match="holds 3 tracks at most"):
        filling.add_track(playlist=running, track=make_track(), by=listener.user, at=LATER)
    with pytest.raises(Full):
        filling.put_back(playlist=running, removed=removed, by=listener.user, at=LATER)

    assert titles(running) == ["Mile 2", "Mile 3", "Mile 4"]


# Whose it is


DOINGS = {
    "rename": lambda playlist, by: keeping.rename_playlist(
        playlist=playlist, by=by, name="Mine", at=LATER
    ),
    "show": lambda playlist, by: keeping.show_playlist(
        playlist=playlist, by=by, is_public=True, at=LATER
    ),
    "delete": lambda playlist, by: keeping.delete_playlist(playlist=playlist, by=by),
    "add": lambda playlist, by: filling.add_track(
        playlist=playlist, track=make_track(), by=by, at=LATER
    ),
    "remove": lambda playlist, by: filling.remove_entry(entry=entry(playlist, 1), by=by, at=LATER),
    "put back": lambda playlist, by: filling.put_back(
        playlist=playlist, removed=filling.Removed(make_track().pk, 1, NOON), by=by, at=LATER
    ),
}


@pytest.mark.parametrize("do", DOINGS.values(), ids=DOINGS)
@pytest.mark.parametrize("is_public", [True, False])
def test_nobody_else_changes_a_playlist(listener, do, is_public):
    playlist = make_playlist(listener, tracks=[make_track("One")], is_public=is_public)

    with pytest.raises(NotYours):
        do(playlist, make_user())

    playlist.refresh_from_db()
    assert (playlist.version, playlist.is_public, titles(playlist)) == (0, is_public, ["One"])


@pytest.mark.parametrize("do", DOINGS.values(), ids=DOINGS)
def test_one_of_another_profile_of_the_same_person_may_be_changed(listener, do):
    sleep = make_listener("Sleep", user=listener.user)

    do(make_playlist(sleep, tracks=[make_track("One")]), listener.user)


def test_a_playlist_that_is_gone_is_nobodys(listener, running):
    keeping.delete_playlist(playlist=Playlist.objects.get(), by=listener.user)

    with pytest.raises(NotYours):
        filling.add_track(playlist=running, track=make_track(), by=listener.user, at=LATER)


# However long it is


@pytest.mark.parametrize("do", [DOINGS["add"], DOINGS["remove"], DOINGS["put back"]])
def test_a_change_costs_the_same_however_long_the_playlist(listener, do):
    def queries(length):
        playlist = make_playlist(listener, tracks=[make_track() for _ in range(length)])
        with CaptureQueriesContext(connection) as told:
            do(playlist, listener.user)
        return len(told)

    assert queries(30) == queries(3)
