"""Two tabs change one playlist at the same moment: nothing is lost, and the positions hold."""

import pytest

from playlists.services import filling
from tests.factories import NOON, make_playlist, make_track
from tests.listening.test_recording_together import at_once
from tests.playlists.test_services import titles

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(120),
]


def test_tracks_added_and_taken_out_at_once_keep_the_positions():
    playlist = make_playlist(tracks=[make_track(f"Old {n}") for n in range(20)])
    user = playlist.listener.user
    new = [make_track(f"New {n}") for n in range(4)]
    old = list(playlist.entries.filter(position__in=(3, 4, 9)).select_related("playlist"))

    at_once(
        *[
            lambda track=track: filling.add_track(playlist=playlist, track=track, by=user, at=NOON)
            for track in new
        ],
        *[lambda entry=entry: filling.remove_entry(entry=entry, by=user, at=NOON) for entry in old],
    )

    left = titles(playlist)
    assert left[:17] == [f"Old {n}" for n in range(20) if n not in (2, 3, 8)]
    assert set(left[17:]) == {track.title for track in new}
    playlist.refresh_from_db()
    assert playlist.version == 7


def test_a_track_added_twice_at_once_is_there_once():
    playlist, track = make_playlist(), make_track()

    def add():
        try:
            filling.add_track(playlist=playlist, track=track, by=playlist.listener.user, at=NOON)
        except filling.AlreadyThere:
            return "there"
        return "added"

    assert sorted(at_once(*[add] * 4)) == ["added", *["there"] * 3]
    assert playlist.entries.count() == 1
