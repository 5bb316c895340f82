"""How a track can be heard, by whom."""

import pytest
from django.contrib.auth.models import AnonymousUser

from catalog.models import AudioFile, ExternalId
from catalog.playing import playable_for, playable_of
from tests.catalog.audio.test_streaming import make_audio
from tests.factories import make_artist, make_curator, make_track, make_user
from tests.queries import count_queries

pytestmark = pytest.mark.django_db
NOBODY = AnonymousUser()


@pytest.fixture
def place(tmp_path, settings):
    settings.AUDIO_DIR = tmp_path
    path = tmp_path / "a.wav"
    path.write_bytes(b"sound")
    return path


def test_a_track_with_a_file_is_played_here(place):
    file = make_audio(place)

    playable = playable_of(file.track, user=make_user())

    assert playable.url == f"/audio/{file.pk}/"
    assert playable.mime_type == "audio/wav"
    assert playable.links == ()


def test_a_file_of_a_merged_track_plays_for_the_survivor(place):
    survivor = make_track()
    file = make_audio(place, track=make_track(canonical=survivor))
    user = make_user()

    assert playable_of(survivor, user=user).url == f"/audio/{file.pk}/"
    assert playable_for([survivor], user=user) == {survivor.pk: f"/audio/{file.pk}/"}


def test_a_visitor_is_told_that_logging_in_helps_only_where_it_does(place):
    file = make_audio(place)
    assert playable_of(file.track, user=NOBODY).needs_login
    assert playable_of(file.track, user=NOBODY).url == ""

    AudioFile.objects.update(audience="staff")
    assert not playable_of(file.track, user=NOBODY).needs_login
    assert playable_of(file.track, user=make_curator()).url

    AudioFile.objects.update(audience="everyone")
    assert playable_of(file.track, user=NOBODY).url


def test_a_track_known_elsewhere_is_linked_there():
    track = make_track("Jóga & more", artist=make_artist("Björk"))
    for kind, value in (("spotify", "4BJqT0PrAfrxzMOxytFOIz"), ("isrc", "GBAKW9500013")):
        ExternalId.objects.create(track=track, kind=kind, value=value, source="csv")

    playable = playable_of(track, user=NOBODY)

    assert playable.spotify == "4BJqT0PrAfrxzMOxytFOIz"
    assert playable.links == (
        ("Spotify", "https://open.spotify.com/track/4BJqT0PrAfrxzMOxytFOIz"),
        ("YouTube", "https://www.youtube.com/results?search_query=Bj%C3%B6rk+J%C3%B3ga+%26+more"),
    )


def test_an_odd_id_leads_to_no_other_page():
    track = make_track()
    ExternalId.objects.create(track=track, kind="spotify", value="../../evil?x=", source="csv")

    (_, address), _ = playable_of(track, user=NOBODY).links

    assert address == "https://open.spotify.com/track/..%2F..%2Fevil%3Fx%3D"


def test_invented_music_is_nowhere_else():
    assert playable_of(make_track(source="demo"), user=NOBODY).links == ()


def test_a_list_is_asked_for_at_once(place, django_assert_num_queries):
    file = make_audio(place)
    tracks = [file.track, *(make_track() for _ in range(5))]
    user = make_user()

    with django_assert_num_queries(1):
        assert playable_for(tracks, user=user) == {file.track_id: f"/audio/{file.pk}/"}


def test_the_page_of_a_track_has_its_button(as_listener, place):
    file = make_audio(place)
    page = as_listener.get(file.track.get_absolute_url()).content.decode()

    assert f'href="/audio/{file.pk}/"' in page
    assert "Listen elsewhere" not in page
    before = count_queries(as_listener, file.track.get_absolute_url())
    make_audio(place, track=file.track, source_id="another")
    assert count_queries(as_listener, file.track.get_absolute_url()) == before
