"""The same numbers for a program."""

import pytest

from catalog.models import Exploration, Track
from tests.catalog.explored import explore_now, make_catalogue, make_tracks
from tests.factories import NOON, make_genre
from tests.queries import count_queries

pytestmark = pytest.mark.django_db

EXPLORE = "/api/v1/explore/"
PAIR = "/api/v1/explore/pair/"


def test_everybody_may_read_what_was_found(anonymous_api):
    genres = make_catalogue()
    explore_now()

    answer = anonymous_api.get(EXPLORE)

    assert answer["genre"] is None
    assert answer["computed_at"].startswith("2026-05-14T12:00")
    stored = Exploration.objects.of(None).get().findings
    for name, found in answer["findings"].items():
        if name != "genres":
            assert found == stored[name]
    slugs = [(one["slug"], one["tracks"]) for one in answer["findings"]["genres"]]
    assert slugs == [(genres["folk"].slug, 30), (genres["metal"].slug, 50)]


def test_a_genre_and_a_listener(api):
    make_catalogue()
    explore_now()

    answer = api.get(EXPLORE, data={"genre": "fado"})

    assert answer["genre"] == "fado"
    assert answer["findings"]["counts"]["tracks"] == 30


def test_a_pair_is_given_track_by_track(anonymous_api):
    make_catalogue()
    explore_now()

    answer = anonymous_api.get(PAIR, data={"genre": "fado", "x": "tempo", "y": "energy"})

    assert answer["of"] == len(answer["points"]) == 30
    assert [80.0, 0.2] in answer["points"]


def test_tracks_hidden_since_are_left_out(anonymous_api):
    make_catalogue()
    explore_now()
    before = anonymous_api.get(EXPLORE)["findings"]["typical"]

    Track.objects.filter(pk=before[0]["id"]).update(hidden_at=NOON)

    assert anonymous_api.get(EXPLORE)["findings"]["typical"] == before[1:]


@pytest.mark.parametrize(
    ("url", "chosen", "status"),
    [
        (EXPLORE, {"genre": "none"}, 400),
        (PAIR, {"x": "tempo"}, 400),
        (PAIR, {"x": "tempo", "y": "colour"}, 400),
        (EXPLORE, {"genre": "\0"}, 400),
    ],
)
def test_bad_input_is_refused_in_words(anonymous_api, url, chosen, status):
    explore_now()

    answer = anonymous_api.get(url, data=chosen, expect=status)

    assert answer["errors"][0]["detail"]


@pytest.mark.parametrize(("url", "chosen"), [(EXPLORE, {}), (PAIR, {"x": "tempo", "y": "year"})])
def test_what_is_not_explored_yet_is_not_found(anonymous_api, url, chosen):
    answer = anonymous_api.get(url, data=chosen, expect=404)

    assert answer["errors"][0]["detail"] == "Nothing has been explored here yet."


def test_an_empty_catalogue_has_empty_findings(anonymous_api):
    explore_now()

    findings = anonymous_api.get(EXPLORE)["findings"]

    assert (findings["counts"]["tracks"], findings["genres"], findings["typical"]) == (0, [], [])


def test_costs_the_same_however_many_genres(client):
    make_catalogue()
    explore_now()
    before = count_queries(client, EXPLORE)

    for _ in range(3):
        make_tracks(make_genre(), 20)
    explore_now()

    assert count_queries(client, EXPLORE) == before
