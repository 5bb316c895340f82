"""The track page's scores, and opinions that forms send."""

from datetime import timedelta

import pytest
from django.urls import reverse

from catalog.models import AudioFile
from listening.models import Feedback
from recommendations.models import Slate
from recommendations.services.moment import artists_of_the_moment, genres_of_the_moment
from tests.factories import (
    NOON,
    make_artist,
    make_feedback,
    make_genre,
    make_listener,
    make_play,
    make_slate,
    make_track,
)
from tests.queries import count_queries
from tests.recommendations.written_models import go_live

pytestmark = pytest.mark.django_db

GIVE, UNDO, HOME = reverse("give_feedback"), reverse("undo_feedback"), reverse("home")


@pytest.fixture
def tracks(as_listener):
    """The first was heard and leads to all others; the second, once liked, to the last two."""
    tracks = [make_track(f"Track {number}") for number in range(1, 7)]
    make_play(as_listener.listener, tracks[0])
    leads = {(tracks[0], track): 0.9 - place / 20 for place, track in enumerate(tracks[1:])}
    leads |= {(tracks[1], tracks[4]): 0.9, (tracks[1], tracks[5]): 0.8}
    go_live(tracks, leads)
    return tracks


def page_of(client, url, **data):
    answer = client.get(url, data)
    assert answer.status_code == 200
    return answer.content.decode()


# The track page


def test_a_track_shows_what_is_like_it_and_what_speaks_for_it(as_listener, tracks):
    page = page_of(as_listener, tracks[1].get_absolute_url())

    assert "More like this" in page
    assert "Track 5" in page
    assert "What speaks for it, for you" in page
    assert 'name="like"' in page


def test_a_visitor_sees_what_is_like_it_and_no_buttons(client, tracks):
    page = page_of(client, tracks[1].get_absolute_url())

    assert "Track 5" in page
    assert 'name="like"' not in page
    assert not Slate.objects.exists()


def test_a_like_on_the_track_page_shows_pressed(as_listener, tracks):
    address = tracks[1].get_absolute_url()

    answer = as_listener.post(GIVE, {"like": tracks[1].pk, "next": address})

    assert answer.url.startswith(address)
    assert f'value="{tracks[1].pk}" aria-pressed="true"' in page_of(as_listener, address)


def test_a_track_page_stands_without_a_model(as_listener):
    assert "More like this" not in page_of(as_listener, make_track().get_absolute_url())


def test_a_track_page_costs_the_same_however_much_is_like_it(as_listener):
    lone = [make_track(), make_track(), make_track()]
    go_live(lone, {(lone[0], lone[1]): 0.9})
    few = count_queries(as_listener, lone[0].get_absolute_url())
    more = [*lone, *(make_track() for _ in range(5))]
    go_live(more, {(lone[0], track): 0.9 for track in more[1:]})

    assert count_queries(as_listener, lone[0].get_absolute_url()) <= few


# Forms, without a script


def test_a_like_leads_back_to_the_list_that_follows(as_listener, tracks):
    page_of(as_listener, HOME)
    slate = Slate.objects.get(surface="for-you")

    answer = as_listener.post(GIVE, {"like": tracks[1].pk, "slate": slate.pk, "next": HOME})

    page = as_listener.get(answer.url).content.decode()
    assert "You liked <cite" in page
    assert "came in" in page
    assert "because you liked <cite" in page
    assert "you liked it, so it is among what you know" in page


def test_undo_leads_back_to_the_list_as_it_was(as_listener, tracks):
    page_of(as_listener, HOME)
    before = Slate.objects.get(surface="for-you")
    given = as_listener.post(GIVE, {"like": tracks[1].pk, "slate": before.pk, "next": HOME})
    after = given.url.rpartition("=")[2]

    answer = as_listener.post(UNDO, {"undo": after, "next": HOME})

    assert answer.url == f"{HOME}?slate={before.pk}"
    assert not Feedback.objects.exists()
    twice = as_listener.post(UNDO, {"undo": after, "next": HOME}, follow=True)
    assert "nothing to undo" in twice.content.decode()


@pytest.mark.parametrize(
    "said", [{}, {"like": 0}, {"like": "x"}, {"adore": 1}, {"like": 1, "hide": 1}]
)
def test_a_form_that_says_nothing_changes_nothing(as_listener, said):
    assert as_listener.post(GIVE, said).status_code == 400
    assert as_listener.post(UNDO, said).status_code == 400
    assert not Feedback.objects.exists()


def test_opinions_are_given_by_post_and_by_whoever_is_logged_in(as_listener, client, tracks):
    assert as_listener.get(GIVE).status_code == 405
    assert client.post(GIVE, {"like": tracks[1].pk}).status_code == 302
    assert not Feedback.objects.exists()


def test_nobody_acts_on_somebody_elses_list(as_listener, tracks):
    other = make_slate(make_listener(), tracks=tracks)

    answer = as_listener.post(GIVE, {"like": tracks[1].pk, "slate": other.pk})

    assert answer.status_code == 400
    assert as_listener.post(UNDO, {"undo": other.pk}).status_code == 400


def test_a_form_never_leads_to_another_site(as_listener, tracks):
    answer = as_listener.post(GIVE, {"hide": tracks[1].pk, "next": "https://evil.example/"})

    assert answer.url.startswith(f"{HOME}?slate=")


# Home


def test_home_has_a_row_for_each_surface_that_has_something(as_listener, tracks):
    make_feedback(as_listener.listener, track=tracks[1])

    page = page_of(as_listener, HOME)

    assert "Because you liked" in page
    assert "New to you" in page
    assert "Forgotten favourites" not in page


def test_sliders_come_by_the_address(as_listener, tracks):
    page = page_of(as_listener, HOME, energy="0.6", mood="calm", per_artist="4")

    assert 'name="energy" min="-1" max="1" step="0.2" value="0.6"' in page
    assert 'value="calm" aria-pressed="true"' in page
    assert "<option selected>4</option>" in page
    steered = Slate.objects.get(surface="for-you").settings["steering"]
    assert steered == {"energy": 0.6, "mood": "calm", "per_artist": 4}


def test_a_slider_that_cannot_be_is_said_and_the_list_stands(as_listener, tracks):
    answer = as_listener.get(HOME, {"energy": "7"})

    assert answer.status_code == 400
    assert "energy:" in answer.content.decode()
    assert "Track 2" in answer.content.decode()


def test_a_list_that_is_not_theirs_is_not_shown(as_listener, tracks):
    other = make_slate(make_listener(), tracks=tracks, settings={"after": {}})

    assert "Track 2" in page_of(as_listener, HOME, slate=other.pk)
    assert "Track 2" in page_of(as_listener, HOME, slate="9" * 30)


def test_the_partial_is_the_pages_own(as_listener, tracks):
    answer = as_listener.get(reverse("api_recommendations"), headers={"accept": "text/html"})

    assert answer["Content-Type"].startswith("text/html")
    assert '<ol class="tracks' in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_a_partial_that_cannot_be_says_why(as_listener, tracks):
    headers = {"accept": "text/html"}
    answer = as_listener.get(f"{reverse('api_recommendations')}?energy=7", headers=headers)

    assert answer.status_code == 400
    assert "less than or equal to 1" in answer.content.decode()


# The moment


def test_genres_and_artists_of_the_moment():
    listener, folk = make_listener(), make_genre("folk")
    artist = make_artist("Ida")
    track = make_track(artist=artist, genre=folk)
    for days in (1, 2, 3, 40, 41):
        make_play(listener, track, started_at=NOON - timedelta(days=days))
    make_play(listener, make_track(), started_at=NOON - timedelta(days=90))
    make_play(make_listener(), track)

    (genre,) = genres_of_the_moment(listener=listener, at=NOON)
    (by,) = artists_of_the_moment(listener=listener, at=NOON)

    assert (genre.thing, genre.plays, genre.before, genre.change) == (folk, 3, 2, 50)
    assert (by.thing, by.share) == (artist, 100)


def test_a_hidden_artist_is_not_of_the_moment():
    listener = make_listener()
    make_play(listener, make_track(artist=make_artist(hidden_at=NOON)))

    assert artists_of_the_moment(listener=listener, at=NOON) == []
    assert genres_of_the_moment(listener=listener, at=NOON) == []


def test_what_can_be_heard_here_has_a_button_that_plays(as_listener, tracks):
    file = AudioFile.objects.create(
        track=tracks[1], source_id="1", path="one.mp3", mime_type="audio/mpeg", size=1,
        modified_at=NOON, checksum="x", audience="users", added_at=NOON,
    )  # fmt: skip

    page = page_of(as_listener, HOME)

    assert page.count(f'href="{file.get_absolute_url()}"') >= 1
    assert 'aria-label="Play Track 2"' in page
    assert 'aria-label="Play Track 3"' not in page
