"""The search page, and the endpoint behind the box."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.services import indexing
from tests.conftest import Api
from tests.factories import make_album, make_artist, make_features, make_genre, make_track
from tests.queries import count_queries

API = "/api/v1/search/"
BAD = {
    "too long": {"q": "x" * 201},
    "a NUL": {"q": "a\0b"},
    "no such kind": {"kind": "song"},
    "no such genre": {"genre": "nothing"},
    "a word for a year": {"year_from": "then"},
    "no such year": {"year_to": "99999999999999999999"},
    "no such tempo": {"tempo_from": "-1"},
    "no such mood": {"mood": "hungry"},
    "neither yes nor no": {"explicit": "maybe"},
}
bad_questions = pytest.mark.parametrize("asked", BAD.values(), ids=BAD)


@pytest.fixture
def salt_road(db):
    artist = make_artist("Björk")
    track = make_track("Salt Road", artist=artist, year=1999, genre=make_genre("folk"))
    make_features(track, tempo=96.0)
    make_album("Salt", artist=artist)
    indexing.index_all()
    return track


def test_a_program_is_told_what_was_found(anonymous_api, salt_road):
    answer = anonymous_api.get(API, data={"q": "salt"})

    assert answer["is_guess"] is False
    assert answer["groups"][0] == {
        "kind": "album",
        "here": 1,
        "results": [
            {
                "id": salt_road.artist.albums.get().pk,
                "name": "Salt",
                "detail": "Björk",
                "url": salt_road.artist.albums.get().get_absolute_url(),
            }
        ],
    }
    assert answer["groups"][1]["results"][0]["detail"] == "Björk, 1999"


def test_a_program_is_told_that_it_is_a_guess(anonymous_api, salt_road):
    assert anonymous_api.get(API, data={"q": "bjrok"})["is_guess"] is True


@pytest.mark.parametrize("asked", [{}, {"q": ""}, {"q": "qqqqq"}])
def test_a_program_that_asks_for_nothing_gets_nothing(anonymous_api, salt_road, asked):
    assert anonymous_api.get(API, data=asked)["groups"] == []


def test_a_program_may_filter_and_limit(anonymous_api, salt_road):
    for number in range(4):
        make_track(f"Salt {number}", genre=salt_road.genre)
    indexing.index_all()

    answer = anonymous_api.get(API, data={"q": "salt", "genre": "folk", "limit": 2})
    one = anonymous_api.get(API, data={"year_from": 1999, "year_to": 1999, "tempo_to": 100})

    assert [group["kind"] for group in answer["groups"]] == ["track"]
    assert answer["groups"][0]["here"] == 5
    assert len(answer["groups"][0]["results"]) == 2
    assert [found["id"] for found in one["groups"][0]["results"]] == [salt_road.pk]


@bad_questions
def test_a_program_is_told_what_is_wrong(anonymous_api, db, asked):
    answer = anonymous_api.get(API, data=asked, expect=400)

    assert answer["errors"][0]["attr"] == next(iter(asked))


@pytest.mark.parametrize("limit", ["0", "101", "x"])
def test_a_limit_is_a_small_number(anonymous_api, db, limit):
    anonymous_api.get(API, data={"q": "a", "limit": limit}, expect=400)


def test_the_box_gets_the_list_it_shows(client, salt_road):
    answer = client.get(API, {"q": "salt"}, headers={"accept": "text/html"})

    html = answer.content.decode()
    assert 'role="listbox"' in html
    assert f'id="found-track-{salt_road.pk}"' in html
    assert salt_road.get_absolute_url() in html


def test_the_box_is_told_that_nothing_was_found(client, salt_road):
    answer = client.get(API, {"q": "<b>qqq</b>"}, headers={"accept": "text/html"})

    assert "Nothing found for “&lt;b&gt;qqq&lt;/b&gt;”" in answer.content.decode()


def test_the_page_shows_each_kind(client, salt_road):
    page = client.get("/search/", {"q": "salt"}).content.decode()

    for words in ("Salt Road", "Albums", "Tracks", "What is called that"):
        assert words in page


def test_the_page_says_when_it_guessed(client, salt_road):
    page = client.get("/search/", {"q": "bjrok"}).content.decode()

    assert "Nothing is spelt like that." in page
    assert "Björk" in page


def test_the_page_waits_for_a_question(client, db):
    page = client.get("/search/")

    assert "Half a word is enough." in page.content.decode()


def test_the_page_says_when_nothing_was_found(client, db):
    page = client.get("/search/", {"q": "qqq"}).content.decode()

    assert "Nothing here is called that." in page


def test_the_page_filters_without_a_word(client, salt_road):
    page = client.get("/search/", {"genre": "folk", "explicit": "no"}).content.decode()

    assert "Salt Road" in page


def test_the_page_leafs_through_one_kind(client, db):
    for number in range(60):
        make_track(f"Salt {number:02}", artist=make_artist())
    indexing.index_all()

    some = client.get("/search/", {"q": "salt"})
    first = client.get("/search/", {"q": "salt", "kind": "track"})
    second = client.get("/search/", {"q": "salt", "kind": "track", "page": 2})

    assert "All 60" in some.content.decode()
    shown = [{line.id for line in answer.context["groups"][0].lines} for answer in (first, second)]
    assert [len(page) for page in shown] == [50, 10]
    assert not shown[0] & shown[1]


@bad_questions
def test_the_page_says_what_is_wrong(client, db, asked):
    answer = client.get("/search/", asked)

    assert answer.status_code == 400
    assert "cannot be searched for" in answer.content.decode()


@given(st.dictionaries(st.sampled_from(["q", "page", "limit", "year_to"]), st.text(max_size=40)))
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_nothing_that_is_asked_breaks_a_door(client, salt_road, asked):
    for door in (API, "/search/"):
        assert client.get(door, asked).status_code in (200, 400)


@pytest.mark.parametrize("url", [f"{API}?q=salt&limit=50", "/search/?q=salt"])
def test_a_search_costs_the_same_however_much_is_found(client, db, url):
    def add_one():
        genre = make_genre(f"salt {len(genres)}", parent=genres[0] if genres else None)
        genres.append(genre)
        artist = make_artist(f"Salt {len(genres)}")
        album = make_album(f"Salt album {len(genres)}", artist=artist)
        make_features(make_track("Salt Road", artist=artist, album=album, genre=genre))

    genres = []
    for _ in range(6):
        add_one()
    indexing.index_all()
    before = count_queries(client, url)
    for _ in range(4):
        add_one()
    indexing.index_all()

    assert count_queries(client, url) == before


def test_a_key_is_not_needed_and_a_wrong_one_is_refused(client, salt_road):
    answer = Api(client).get(API, expect=401, headers={"authorization": "Bearer nonsense"})

    assert answer["errors"]
