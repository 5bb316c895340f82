"""The first minute: each answer changes the list beside it."""

from datetime import timedelta

import numpy as np
import pytest
from django.urls import reverse

from listening.models import Feedback, FeedbackKind
from listening.services.feedback import give_feedback
from recommendations import pipeline, serving
from recommendations.services import beginning
from tests.factories import (
    NOON,
    make_artist,
    make_features,
    make_genre,
    make_listener,
    make_play,
    make_track,
)
from tests.queries import count_queries

pytestmark = pytest.mark.django_db

START = reverse("start")
STEPS = ["artists", "genres", "tracks", "paste"]


@pytest.fixture
def music():
    """Twenty artists of four genres, two tracks each, and what was learnt from thirty people."""
    genres = [make_genre(name) for name in ("fado", "dub", "soul", "drone")]
    tracks = []
    for number in range(20):
        artist, genre = make_artist(f"Artist {number}"), genres[number % 4]
        for side in "AB":
            track = make_track(f"Song {number}{side}", artist=artist, genre=genre)
            make_features(track, energy=number % 4 / 4, valence=0.5, tempo=60 + 30 * (number % 4))
            tracks.append(track)
    for place in range(30):
        listener = make_listener(shares_taste=True)
        mine = [track for number, track in enumerate(tracks) if number // 2 % 4 == place % 4]
        for track in mine:
            make_play(listener, track, started_at=NOON - timedelta(days=3))
    pipeline.train(at=NOON)
    return tracks


def preview(client, **asked):
    return [row.track for row in client.get(START, asked).context["listed"]]


def post(client, step, **data):
    return client.post(f"{START}?step={step}", data)


def opinions(client):
    rows = Feedback.objects.filter(listener=client.listener)
    return set(rows.values_list("kind", "track", "artist", "genre"))


@pytest.mark.parametrize("step", STEPS)
def test_every_step_has_a_list_beside_it(as_listener, music, step):
    page = as_listener.get(START, {"step": step})
    assert page.status_code == 200
    assert page.context["listed"]


@pytest.mark.parametrize("step", STEPS)
def test_every_step_stands_without_a_model(as_listener, step):
    assert as_listener.get(START, {"step": step}).status_code == 200


def test_it_is_for_people_who_are_logged_in(client):
    assert client.get(START).status_code == 302


def test_a_picked_genre_leads_the_list(as_listener, music):
    drone = music[6].genre
    post(as_listener, "genres", genre=drone.pk)
    led = [track.genre == drone for track in preview(as_listener)]
    assert led[0]
    assert np.mean(led[:4]) >= 0.5


def test_a_picked_artist_leads_to_its_kind_and_can_be_let_go(as_listener, music):
    before = preview(as_listener)
    artist = music[2].artist
    post(as_listener, "artists", artist=artist.pk)
    assert preview(as_listener) != before
    assert artist in as_listener.get(START).context["picked"]
    post(as_listener, "artists", artist=artist.pk)
    assert opinions(as_listener) == set()
    assert preview(as_listener) == before


def test_a_liked_track_changes_the_list(as_listener, music):
    before = preview(as_listener)
    post(as_listener, "tracks", like=music[4].pk)
    assert opinions(as_listener) == {("like", music[4].pk, None, None)}
    assert preview(as_listener) != before


def test_an_unknown_track_is_no_opinion_and_not_asked_again(as_listener, music):
    first = as_listener.get(START, {"step": "tracks"}).context["tracks"][0]
    post(as_listener, "tracks", unknown=first.pk)
    assert opinions(as_listener) == set()
    assert first not in as_listener.get(START, {"step": "tracks"}).context["tracks"]


def test_the_tracks_asked_about_are_unlike_each_other(music):
    asked = beginning.tracks_to_ask([])
    assert len({track.artist for track in asked}) == len(asked)
    assert len({track.genre for track in asked}) > 2


def test_what_is_known_is_not_asked(music):
    first = serving.telling_tracks(n=5)
    assert not set(first[:2]) & set(serving.telling_tracks(n=5, known=first[:2]))
    artists = serving.telling_artists(n=5)
    assert artists[0] not in serving.telling_artists(n=20, known=artists[:1])


def test_others_are_others(as_listener, music):
    pages = [as_listener.get(START, {"page": page}).context["artists"] for page in (0, 1, 2)]
    seen = [artist for page in pages for artist in page]
    assert len(seen) == len(set(seen)) == 20


@pytest.mark.parametrize(
    "line",
    [
        "Artist 3 - Song 3A",
        "song 3a – ARTIST 3",
        "Song 3A by Artist 3",
        "12. Artist 3 — Song 3A",
        "Artist 3\tSong 3A",
    ],
)
def test_a_pasted_line_is_read_either_way(as_listener, music, line):
    page = post(as_listener, "paste", text=f"{line}\n\n")
    assert page.context["pasted"].found == [music[6]]
    assert opinions(as_listener) == {("like", music[6].pk, None, None)}


def test_lines_that_name_nothing_come_back_to_be_mended(as_listener, music):
    page = post(as_listener, "paste", text="Nobody - Nothing\nArtist 3 - Song 3A\n<b>x</b>")
    assert page.context["pasted"].unknown == ["Nobody - Nothing", "<b>x</b>"]
    assert "Nobody - Nothing\n&lt;b&gt;x&lt;/b&gt;" in page.content.decode()


@pytest.mark.parametrize(
    ("step", "data", "status"),
    [
        ("artists", {"artist": "0"}, 400),
        ("artists", {}, 400),
        ("genres", {"genre": "x"}, 400),
        ("tracks", {"like": "1", "dislike": "1"}, 400),
        ("paste", {"text": ""}, 422),
        ("paste", {"text": "x" * 50_000}, 422),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(as_listener, music, step, data, status):
    assert post(as_listener, step, **data).status_code == status
    assert opinions(as_listener) == set()


@pytest.mark.parametrize(
    "asked", [{"step": "x"}, {"page": "-1"}, {"page": "99999"}, {"find": "x" * 200}]
)
def test_a_strange_address_shows_the_beginning(as_listener, music, asked):
    assert as_listener.get(START, asked).context["step"] == "artists"


def test_it_finds_an_artist_by_a_few_letters(as_listener, music):
    assert music[4].artist in as_listener.get(START, {"find": "artist 2"}).context["found"]


@pytest.mark.parametrize("step", STEPS)
def test_it_asks_as_much_however_much_was_said(as_listener, music, step):
    post(as_listener, "genres", genre=music[0].genre.pk)
    post(as_listener, "artists", artist=music[0].artist.pk)
    post(as_listener, "tracks", like=music[0].pk)
    few = count_queries(as_listener, f"{START}?step={step}")
    for track in music[2:12:2]:
        post(as_listener, "artists", artist=track.artist.pk)
        post(as_listener, "tracks", like=track.pk)
    assert count_queries(as_listener, f"{START}?step={step}") <= few


def test_who_has_said_and_heard_nothing_is_new(music):
    listener = make_listener()
    assert beginning.is_new(listener)
    make_play(listener, music[0])
    assert not beginning.is_new(listener)


def test_a_minute_of_answers_makes_a_good_list(music):
    """Five likes within one genre: the list is of it, by nobody asked about."""
    listener = make_listener()
    soul = [track for track in music if track.genre.name == "soul"]
    for track in soul[:4]:
        give_feedback(listener=listener, kind=FeedbackKind.LIKE, on=track, at=NOON)
    listed = beginning.preview(listener=listener, at=NOON)
    share = np.mean([row.track.genre.name == "soul" for row in listed[:5]])
    assert share >= 0.8
