"""The map: where tracks stand, where a taste lies, a walk, and what is said of groups."""

import numpy as np
import pytest
from django.urls import reverse
from scipy.sparse import csr_array

from catalog.models import Track
from recommendations import pipeline
from recommendations.engine.interactions import Catalogue, Interactions
from recommendations.pipeline.mapping import HEIGHT, WIDTH, draw_map
from recommendations.serving import live
from tests.factories import NOON, make_listener, make_play, make_track
from tests.queries import count_queries
from tests.recommendations.worlds import make_camps
from tests.recommendations.written_models import go_live

PAGE, POINTS = "/map/", "/api/v1/map/"


def two_sounds(n=60, *, listeners=12):
    """Loud tracks and quiet ones; half of the listeners keep to one kind, and one to the other."""
    loud = np.arange(n) % 2
    rng = np.random.default_rng(1)
    heard = np.zeros((listeners, n))
    heard[:-1, loud == 1] = 1
    heard[-1, loud == 0] = 1
    catalogue = Catalogue(
        features=(loud + rng.normal(0, 0.05, n)).astype(np.float32)[:, None],
        feature_names=("loudness",),
        tags=csr_array((n, 0), dtype=np.float32),
        tag_names=(),
        artist=np.full(n, -1),
        year=np.full(n, np.nan, np.float32),
        work=np.full(n, -1),
    )
    return Interactions(csr_array(heard), np.arange(listeners), np.arange(n)), catalogue


def said_of(drawn):
    return live.Map.of(drawn).said


def test_equal_data_gives_an_equal_picture_inside_its_frame():
    first, again = (draw_map(*two_sounds(), seed=0) for _ in range(2))

    assert all(np.array_equal(first[name], again[name]) for name in first)
    assert first["map-places"].min() >= 0
    assert (first["map-places"].max(axis=0) <= [WIDTH, HEIGHT]).all()


def test_tracks_of_a_cluster_stand_nearer_to_each_other_than_to_the_rest():
    drawn = draw_map(*two_sounds(), seed=0)
    places, clusters = drawn["map-places"].astype(float), drawn["map-clusters"]
    middles = np.array([places[clusters == one].mean(axis=0) for one in np.unique(clusters)])

    nearest = np.linalg.norm(places[:, None] - middles, axis=2).argmin(axis=1)

    assert (nearest == clusters).mean() > 0.9


def test_a_group_of_fewer_than_ten_listeners_leaves_no_trace():
    few = said_of(draw_map(*two_sounds(listeners=10), seed=0))
    enough = said_of(draw_map(*two_sounds(listeners=11), seed=0))

    assert all(one["listeners"] == 0 and one["shares"] == [] for one in few)
    assert sorted(one["listeners"] for one in enough)[-2:] == [0, 10]


def test_one_track_is_a_map_too():
    interactions, catalogue = two_sounds(1)

    assert draw_map(interactions, catalogue, seed=0)["map-places"].shape == (1, 2)


@pytest.fixture
def world(db):
    camps = make_camps()
    Track.objects.filter(pk__in=[track.pk for track in camps[0]]).update(year=1970)
    Track.objects.filter(pk__in=[track.pk for track in camps[1]]).update(year=2020)
    pipeline.train(at=NOON)
    live._process.looked_at = -live.LOOK_AGAIN
    return camps


@pytest.fixture
def listener(world):
    listener = make_listener()
    make_play(listener, track=world[0][0])
    return listener


def read(client, listener, query=""):
    client.force_login(listener.user)
    response = client.get(PAGE + query)
    assert response.status_code == 200
    return response


def test_the_page_says_where_a_taste_lies(client, listener):
    response = read(client, listener)

    drawn = response.context["map"]
    assert sum(one.said["size"] for one in drawn.clusters) == drawn.tracks == 50
    assert sum(one.mine for one in drawn.clusters) == 100
    assert response.context["chosen"].mine == 100
    assert drawn.position.tracks == [drawn.position.centre]


def test_without_a_taste_no_place_is_marked(client, world):
    response = read(client, make_listener())

    assert response.context["map"].position.centre is None
    assert b"data-here" not in response.content


def test_a_cluster_is_chosen_by_its_address(client, listener):
    assert read(client, listener, "?cluster=1").context["chosen"].number == 1


@pytest.mark.parametrize(
    "query", ["?cluster=99", "?cluster=x", "?walk=x", "?walk=999999999", "?walk=²"]
)
def test_an_address_of_nothing_shows_the_own_cluster(client, listener, query):
    assert read(client, listener, query).context["chosen"].mine == 100


def test_a_walk_goes_on_to_what_is_near_and_never_back(client, world, listener):
    first = world[0][0].pk
    response = read(client, listener, f"?walk={first}")
    onward = response.context["near"][0].pk
    assert f"?walk={first},{onward}" in response.content.decode()

    further = read(client, listener, f"?walk={first},{onward}").context

    assert [track.pk for track in further["walk"]] == [first, onward]
    assert not {first, onward} & {track.pk for track in further["near"]}


def test_its_queries_do_not_grow_with_the_walk(client, world, listener):
    tracks = [str(track.pk) for track in world[0]]
    read(client, listener)
    short = count_queries(client, f"{PAGE}?walk={tracks[0]}")

    assert count_queries(client, f"{PAGE}?walk={','.join(tracks[:10])}") == short


def test_the_points_are_whole_numbers_with_names_and_of_one_version(client, world):
    told = client.get(POINTS).json()

    assert len(told["points"]) == len(told["names"]) == 50
    assert told["version"] == live.current().version
    assert all(isinstance(number, int) for row in told["points"] for number in row)


def test_a_hidden_track_has_no_point(client, world):
    hidden = world[0][0]
    Track.objects.filter(pk=hidden.pk).update(hidden_at=NOON)

    assert hidden.pk not in [row[0] for row in client.get(POINTS).json()["points"]]


@pytest.mark.django_db
def test_a_model_of_before_the_map_says_that_it_comes(client):
    go_live([make_track()])

    assert "next training" in read(client, make_listener()).content.decode()
    client.raise_request_exception = False
    assert client.get(POINTS).status_code == 503


@pytest.mark.django_db
def test_a_visitor_is_asked_to_log_in(client):
    assert client.get(reverse("map")).status_code == 302
