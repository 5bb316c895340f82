"""Lists to choose from, and the page of each."""

import pytest
from django.urls import reverse

from recommendations import serving
from recommendations.models import Slate
from recommendations.services.finding import fitting_genres
from tests.factories import (
    NOON,
    make_artist,
    make_features,
    make_genre,
    make_play,
    make_track,
)
from tests.queries import count_queries
from tests.recommendations.written_models import go_live

pytestmark = pytest.mark.django_db

CALM = {"tempo": 70, "energy": 0.1, "valence": 0.6, "acousticness": 0.9, "loudness": -20}


@pytest.fixture
def listener(as_listener):
    return as_listener.listener


@pytest.fixture
def music(listener):
    """What is heard leads to fado, and a little to folk."""
    fado, folk, noise = make_genre("fado"), make_genre("folk"), make_genre("noise")
    heard = make_track("Heard", genre=fado)
    others = [make_track(f"Fado {n}", genre=fado) for n in range(3)]
    others += [make_track(f"Folk {n}", genre=folk) for n in range(3)]
    far = make_track("Noise", genre=noise)
    make_play(listener, heard)
    leads = {(heard, track): 0.9 - place / 10 for place, track in enumerate(others)}
    go_live([heard, *others, far], leads)
    return {"heard": heard, "others": others, "genres": (fado, folk, noise)}


def test_the_genres_that_the_list_leads_to_come_first(listener, music):
    found = fitting_genres(listener=listener, at=NOON)

    assert [each.group.name for each in found] == ["fado", "folk", "noise"]
    assert found[0].share == 100
    assert found[0].tracks[0].title == "Fado 0"
    assert found[1].share < 100


def test_a_genre_fits_by_the_best_of_its_tracks_not_by_their_number():
    leading = [make_track() for _ in range(8)]
    pks = [track.pk for track in leading]

    fits = serving.fitting(
        [("few", pks[0]), ("many", pks[5]), ("many", pks[6]), ("none", 0)], leading, n=9
    )

    assert [fit.group for fit in fits] == ["few", "many"]
    assert fits[0].share == 100


def test_the_page_of_lists_names_them_all(as_listener, music):
    html = as_listener.get(reverse("lists")).content.decode()

    assert html.index(reverse("genre_list", args=["fado"])) < html.index(
        reverse("genre_list", args=["folk"])
    )
    for name in ("mood_list", "activity_list"):
        assert reverse(name, args=["calm" if name == "mood_list" else "running"]) in html
    for surface in ("new-to-you", "forgotten", "fresh", "popular"):
        assert reverse("plain_list", args=[surface]) in html


def test_its_queries_do_not_grow_with_the_genres(as_listener, music):
    few = count_queries(as_listener, reverse("lists"))
    for track in music["others"]:
        track.genre = make_genre()
        track.save()

    assert count_queries(as_listener, reverse("lists")) == few


def test_without_a_model_the_page_says_what_there_is(as_listener):
    assert as_listener.get(reverse("lists")).status_code == 200
    page = as_listener.get(reverse("plain_list", args=["popular"]))
    assert "No list yet" in page.content.decode()


def titles(page):
    return [row.track.title for row in page.context["listed"]]


def test_a_list_of_a_genre_has_only_that(as_listener, music):
    page = as_listener.get(reverse("genre_list", args=["folk"]))

    assert sorted(titles(page)) == ["Folk 0", "Folk 1", "Folk 2"]
    assert Slate.objects.get().surface == "genre"
    assert "From <em>" in page.content.decode()


def test_a_list_of_a_mood_and_of_an_activity_go_by_the_sound(as_listener, listener):
    calm, wild = make_track("Calm"), make_track("Wild")
    make_features(calm, **CALM)
    make_features(wild, tempo=150, energy=0.95, valence=0.5, acousticness=0.0, loudness=-4)
    go_live([calm, wild])

    assert titles(as_listener.get(reverse("activity_list", args=["running"]))) == ["Wild"]
    assert as_listener.get(reverse("mood_list", args=["calm"])).status_code == 200


def test_a_list_like_an_artist_is_by_others(as_listener, music):
    artist = make_artist("Ana")
    by_her, near = make_track("By her", artist=artist), make_track("Near")
    go_live([by_her, near], {(by_her, near): 0.9})

    page = as_listener.get(reverse("artist_list", args=[artist.pk]))

    assert titles(page) == ["Near"]
    assert str(page.context["listed"][0].because.terms[0]) == "like By her"


def test_artists_and_genres_lead_to_their_lists(as_listener, client, music):
    genre, artist = music["genres"][0], music["heard"].artist
    for thing, address in (
        (genre, reverse("genre_list", args=[genre.slug])),
        (artist, reverse("artist_list", args=[artist.pk])),
    ):
        assert address in as_listener.get(thing.get_absolute_url()).content.decode()
        assert address not in client.get(thing.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    "address",
    ["genre/none/", "mood/bored/", "activity/flying/", "artist/99999/", "for-you/", "nothing/"],
)
def test_what_is_no_list_is_not_found(as_listener, music, address):
    assert as_listener.get(reverse("lists") + address).status_code == 404


def test_it_is_steered_by_its_sliders_which_know_what_it_is_about(as_listener, music):
    page = as_listener.get(reverse("genre_list", args=["folk"]), {"adventure": "0.4"})

    assert page.context["steering"].adventure == 0.4
    html = page.content.decode()
    assert '<input type="hidden" name="genre" value="folk">' in html
    assert '<input type="hidden" name="surface" value="genre">' in html


def test_what_no_slider_says_is_told_and_the_plain_list_shown(as_listener, music):
    page = as_listener.get(reverse("genre_list", args=["folk"]), {"adventure": "much"})

    assert page.status_code == 400
    assert len(titles(page)) == 3


def test_the_address_cannot_make_it_another_list(as_listener, music):
    asked = {"surface": "for-you", "genre": "fado", "n": "1"}
    page = as_listener.get(reverse("genre_list", args=["folk"]), asked)

    assert len(titles(page)) == 3


def test_after_feedback_the_page_shows_what_moved(as_listener, listener, music):
    address = reverse("genre_list", args=["folk"])
    slate = as_listener.get(address).context["listed"].slate
    said = {"next": address, "slate": slate.pk, "hide": slate.tracks[0]}

    back = as_listener.post(reverse("give_feedback"), said)
    page = as_listener.get(back.url)

    assert back.url.startswith(address)
    assert slate.tracks[0] not in page.context["listed"].track_ids
    assert page.context["answer"] is not None


def test_others_of_them_are_others(as_listener):
    go_live([make_track() for _ in range(40)])
    address = reverse("plain_list", args=["popular"])
    slate = as_listener.get(address).context["listed"].slate

    further = as_listener.get(address, {"after": slate.pk}).context["listed"]

    assert len({*further.track_ids, *slate.tracks}) == 40


def test_a_visitor_is_asked_to_log_in(client):
    for address in ("", "popular/", "genre/fado/"):
        assert client.get(reverse("lists") + address).status_code == 302
