"""Lists, reasons and feedback over the API."""

import pytest
from django.db import InterfaceError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now

from accounts.models import Scope, Token
from listening.models import Feedback, FeedbackKind
from musicsite.api.errors import Away
from recommendations import serving
from recommendations.engine.interactions import Interactions
from recommendations.engine.ratings import BiasedMF
from recommendations.models import Slate
from recommendations.serving import live
from tests.factories import (
    NOON,
    make_artist,
    make_feedback,
    make_genre,
    make_key,
    make_listener,
    make_play,
    make_slate,
    make_track,
)
from tests.queries import count_queries
from tests.recommendations.written_models import go_live

pytestmark = pytest.mark.django_db

LISTS, FEEDBACK = reverse("api_recommendations"), reverse("api_feedback")
BULK, UNDO = reverse("api_feedback_bulk"), reverse("api_feedback_undo")
JSON = {"accept": "application/json"}


@pytest.fixture
def listener(api):
    return api.client.listener


@pytest.fixture
def tracks(listener):
    """The first was heard and leads to all others, the second, once liked, to the last two."""
    tracks = [make_track(f"Track {number}", year=1990) for number in range(1, 7)]
    make_play(listener, tracks[0])
    leads = {(tracks[0], track): 0.9 - place / 20 for place, track in enumerate(tracks[1:])}
    leads |= {(tracks[1], tracks[4]): 0.9, (tracks[1], tracks[5]): 0.8}
    go_live(tracks, leads)
    return tracks


def titles(answer):
    return [row["track"]["title"] for row in answer["rows"]]


# Lists


def test_a_list_with_its_reasons(api, tracks):
    answer = api.get(f"{LISTS}?n=2")

    row = answer["rows"][0]
    assert row["track"]["id"] == tracks[1].pk
    assert row["track"]["url"] == tracks[1].get_absolute_url()
    assert row["reason"]["words"] == "you played Track 1 once"
    assert sum(term["share"] for term in row["reason"]["terms"]) == 100
    assert row["reason"]["terms"][0]["track"]["id"] == tracks[0].pk
    assert answer["slate"] == Slate.objects.get().pk
    assert answer["surface"] == "for-you"


def test_the_plain_list_asks_the_database_little(
    client, listener, django_capture_on_commit_callbacks
):
    """The key, the last slate, the tracks, and the new slate; what reasons name is known."""
    heard, *others = [make_track() for _ in range(20)]
    make_play(listener, heard)
    go_live([heard, *others], {(heard, track): 0.5 for track in others})
    _token, key = make_key(listener)
    with django_capture_on_commit_callbacks(execute=True):
        serving.recommend(listener=listener, at=now())

    assert count_queries(client, LISTS, Authorization=f"Bearer {key}", **JSON) == 4


def test_a_new_model_reads_no_history_anew(listener, django_capture_on_commit_callbacks):
    """So that a promotion on a busy site does not ask for everybody's plays at once."""
    heard, disliked, *others = [make_track() for _ in range(6)]
    make_play(listener, heard)
    make_feedback(listener, kind=FeedbackKind.DISLIKE, track=disliked)
    go_live([heard, disliked, *others], {(heard, track): 0.5 for track in others})
    with django_capture_on_commit_callbacks(execute=True):
        serving.recommend(listener=listener, at=now())

    go_live([heard, disliked, *others[1:]], {(heard, track): 0.5 for track in others[1:]})
    with CaptureQueriesContext(connection) as queries:
        listed = serving.recommend(listener=listener, at=now())

    assert not [query for query in queries if "listening_" in query["sql"]]
    assert {row.track for row in listed} == {*others[1:]}


@pytest.mark.parametrize("surface", serving.Surface.values)
def test_every_surface_has_its_address(api, tracks, surface):
    genre = make_genre("folk")
    make_feedback(api.client.listener, track=tracks[0])
    about = {"track": tracks[0].pk, "genre": genre.slug, "mood": "calm", "activity": "running"}

    answer = api.get(LISTS, data={"surface": surface, **about})

    assert answer["surface"] == surface


def test_sliders_are_kept_with_the_slate(api, tracks):
    api.get(f"{LISTS}?energy=0.5&mood=calm&per_artist=1&rest=30&seed=7")

    kept = Slate.objects.get().settings
    assert kept["steering"] == {"energy": 0.5, "mood": "calm", "per_artist": 1}
    assert (kept["rest"], kept["seed"]) == (30, 7)


def test_more_like_several_tracks(api, tracks):
    answer = api.get(f"{LISTS}?surface=similar&track={tracks[0].pk}&track={tracks[1].pk}")

    assert "Track 1" not in titles(answer)
    assert "Track 5" in titles(answer)


def test_because_you_liked_takes_the_latest_like(api, tracks, listener):
    make_feedback(listener, track=tracks[1])

    answer = api.get(f"{LISTS}?surface=because-you-liked")

    assert answer["rows"][0]["reason"]["words"] == "you liked Track 2"


def test_the_list_after_another(api, tracks):
    first = api.get(f"{LISTS}?n=2")

    second = api.get(f"{LISTS}?n=2&after={first['slate']}")

    assert not set(titles(first)) & set(titles(second))


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ("surface=nowhere", "surface"),
        ("n=0", "n"),
        ("n=101", "n"),
        ("energy=2", "energy"),
        ("energy=much", "energy"),
        ("history=-1", "history"),
        ("mood=purple", "mood"),
        ("per_artist=0", "per_artist"),
        ("rest=-1", "rest"),
        ("seed=99999999999999999999", "seed"),
        ("surface=similar", "track"),
        ("surface=similar&track=0", "track"),
        ("surface=because-you-liked", "track"),
        ("surface=genre", "genre"),
        ("surface=genre&genre=nothing", "genre"),
        ("surface=mood", "mood"),
        ("surface=activity", "activity"),
        ("after=99999", "after"),
    ],
)
def test_what_cannot_be_asked_is_said(api, tracks, asked, field):
    answer = api.get(f"{LISTS}?{asked}", expect=400)

    assert answer["errors"][0]["attr"].startswith(field)
    assert not Slate.objects.exists()


def test_somebody_elses_list_is_not_there(api, tracks):
    other = make_slate(make_listener(), tracks=tracks)

    api.get(f"{LISTS}?after={other.pk}", expect=400)
    api.get(reverse("api_slate", args=[other.pk]), expect=404)


@pytest.mark.parametrize("url", [LISTS, reverse("api_taste"), reverse("api_slates")])
def test_lists_are_nobodys_without_a_key(anonymous_api, url):
    anonymous_api.get(url, expect=401)


def test_a_key_reads_lists_if_its_scope_says_so(client, tracks, listener):
    for scope, status in ((Scope.READ, 200), (Scope.LISTENS, 403)):
        secret = Token.new_secret()
        Token.objects.create(
            kind="personal", name="Key", prefix=secret[:6], hash=Token.hash_of(secret),
            scopes=[scope], listener=listener,
        )  # fmt: skip
        answer = client.get(LISTS, headers=JSON | {"authorization": f"Bearer {secret}"})
        assert answer.status_code == status


@pytest.mark.parametrize("with_key", [True, False])
def test_while_the_database_is_away_it_says_so_and_when_to_ask_again(api, listener, with_key):
    def away(execute, sql, params, many, context):
        raise InterfaceError("connection already closed")

    client = Client() if with_key else api.client
    client.raise_request_exception = False
    _token, key = make_key(listener)

    with connection.execute_wrapper(away):
        answer = client.get(LISTS, headers={"Authorization": f"Bearer {key}"} if with_key else {})

    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert answer.json() == {
        "type": "server_error",
        "errors": [{"code": "away", "detail": Away.default_detail, "attr": None}],
    }


def test_without_a_model_it_says_so(api):
    api.client.raise_request_exception = False

    answer = api.get(LISTS, expect=503)

    assert answer["errors"][0]["detail"] == "There is no model yet."


def test_a_list_costs_the_same_however_long(api, tracks):
    short = count_queries(api.client, f"{LISTS}?n=1&seed=1", **JSON)

    assert count_queries(api.client, f"{LISTS}?n=5&seed=1", **JSON) == short


# Similar, reasons, slates, taste


def test_similar_needs_no_key_and_leaves_no_trace(anonymous_api, tracks):
    answer = anonymous_api.get(f"{reverse('api_similar')}?track={tracks[1].pk}&n=2")

    assert titles(answer) == ["Track 5", "Track 6"]
    assert answer["slate"] is None
    assert not Slate.objects.exists()


def test_similar_to_an_artist(anonymous_api, tracks):
    answer = anonymous_api.get(f"{reverse('api_similar')}?artist={tracks[1].artist_id}&n=2")

    assert titles(answer) == ["Track 5", "Track 6"]
    anonymous_api.get(reverse("api_similar"), expect=400)


def test_what_speaks_for_a_track(api, tracks):
    answer = api.get(reverse("api_track_reasons", args=[tracks[2].pk]))

    assert answer["is_known"]
    assert answer["reason"]["words"] == "you played Track 1 once"
    assert answer["expected_rating"] is None


def test_a_track_the_model_does_not_know_says_so(api, tracks):
    answer = api.get(reverse("api_track_reasons", args=[make_track().pk]))

    assert answer["is_known"] is False
    assert answer["reason"] is None
    hidden = make_track(hidden_at=NOON)
    api.get(reverse("api_track_reasons", args=[hidden.pk]), expect=404)


def test_an_expected_rating_where_ratings_were_learnt_from(api, tracks, listener, monkeypatch):
    make_feedback(listener, kind=FeedbackKind.RATING, track=tracks[0], rating=5)
    columns = range(len(tracks))
    rated = [(user, item, 1 + 4 * (user % 2)) for user in range(40) for item in columns]
    users, items, stars = zip(*rated, strict=True)
    ratings = BiasedMF().fit(Interactions.from_triples(users, items, stars))
    known = serving.current()
    learnt = live.Live(known.version, known.listeners, known.model, ratings)
    monkeypatch.setattr(live._process, "live", learnt)

    answer = api.get(reverse("api_track_reasons", args=[tracks[2].pk]))

    assert answer["expected_rating"] > 3.5


def test_slates_newest_first_with_what_became_of_them(api, tracks):
    first, second = api.get(LISTS), api.get(LISTS)
    liked = second["rows"][0]["track"]["id"]
    api.post(FEEDBACK, {"kind": "like", "track": liked, "slate": second["slate"]})
    make_slate(make_listener(), tracks=tracks)

    found = api.get(reverse("api_slates"))["results"]

    assert [slate["id"] for slate in found[1:]] == [second["slate"], first["slate"]]
    assert found[1]["outcomes"] == [{"track": liked, "kind": "like"}]


def test_a_slate_is_shown_again(api, tracks):
    shown = api.get(LISTS)

    assert api.get(reverse("api_slate", args=[shown["slate"]])) == shown


def test_slates_cost_the_same_however_many(api, tracks):
    api.get(LISTS)
    few = count_queries(api.client, reverse("api_slates"), **JSON)
    for _ in range(5):
        api.get(LISTS)

    assert count_queries(api.client, reverse("api_slates"), **JSON) == few


def test_a_taste_with_its_weights(api, tracks, listener):
    make_feedback(listener, track=tracks[1])
    make_feedback(listener, kind=FeedbackKind.FAVOURITE, artist=make_artist("Ida"))

    answer = api.get(reverse("api_taste"))

    assert answer["tracks"] == [
        {
            "track": {"id": tracks[1].pk, "title": "Track 2"},
            "weight": 2.0,
            "plays": 0,
            "opinion": "like",
        },
        {
            "track": {"id": tracks[0].pk, "title": "Track 1"},
            "weight": pytest.approx(1.0, abs=0.3),
            "plays": 1,
            "opinion": "",
        },
    ]
    assert [artist["name"] for artist in answer["artists"]] == ["Ida"]
    assert answer["tracks_in_all"] == 2
    api.get(f"{reverse('api_taste')}?n=0", expect=400)


# Feedback


def test_a_like_is_answered_with_the_new_list_and_what_moved(api, tracks):
    before = api.get(f"{LISTS}?n=3")

    answer = api.post(FEEDBACK, {"kind": "like", "track": tracks[1].pk, "slate": before["slate"]})

    assert Feedback.objects.get().kind == "like"
    assert titles(answer["list"])[0] == "Track 5"
    came = answer["moved"]["came"][0]
    assert came == {
        "track": {"id": tracks[4].pk, "title": "Track 5"},
        "was": None,
        "now": 1,
        "why": "you liked Track 2",
    }
    left = {move["track"]["title"]: move["why"] for move in answer["moved"]["left"]}
    assert left["Track 2"] == "you liked it, so it is among what you know"
    assert answer["taste_version"] == 1
    assert answer["undo"] == {"kind": "like", "track": tracks[1].pk, "slate": before["slate"]}


def test_what_the_answer_says_undoes_it(api, tracks):
    before = api.get(f"{LISTS}?n=3")
    answer = api.post(FEEDBACK, {"kind": "like", "track": tracks[1].pk, "slate": before["slate"]})

    undone = api.post(UNDO, answer["undo"], expect=200)

    assert undone["list"] == before
    assert not Feedback.objects.exists()
    again = api.post(UNDO, answer["undo"], expect=409)
    assert "nothing to undo" in again["errors"][0]["detail"]


def test_genres_come_by_the_scores_of_the_list(api, listener):
    heard, near, far = (make_track(genre=make_genre(name)) for name in ("fado", "folk", "noise"))
    make_play(listener, heard)
    go_live([heard, near, far], {(heard, near): 0.9}, popularity={near: 1, far: 2})

    found = api.get(reverse("api_recommended_genres"))

    assert found[0] == {"slug": "folk", "name": "folk", "share": 100.0}
    assert all(each["share"] < 100 for each in found[1:])


def test_without_a_slate_the_answer_is_the_list_for_you(api, tracks):
    answer = api.post(FEEDBACK, {"kind": "dislike", "track": tracks[1].pk})

    assert "Track 2" not in titles(answer["list"])
    assert answer["undo"] == {"kind": "dislike", "track": tracks[1].pk}


def test_so_it_can_be_undone(api, tracks):
    answer = api.post(FEEDBACK, {"kind": "dislike", "track": tracks[1].pk})

    undone = api.post(UNDO, answer["undo"], expect=200)

    assert "Track 2" in titles(undone["list"])
    assert undone["undo"] is None
    assert not Feedback.objects.exists()


def test_of_several_opinions_none_is_undone_alone(api, tracks):
    given = [{"kind": "like", "track": track.pk} for track in tracks[1:3]]

    assert api.post(BULK, {"feedback": given})["undo"] is None


def test_without_a_model_an_opinion_is_stored_all_the_same(api):
    answer = api.post(FEEDBACK, {"kind": "like", "track": make_track().pk})

    assert answer["list"] is None
    assert Feedback.objects.exists()


@pytest.mark.parametrize("thing", ["artist", "album", "genre"])
def test_other_things_than_tracks_are_liked_too(api, tracks, thing):
    things = {"artist": make_artist().pk, "album": None, "genre": make_genre().pk}
    if thing == "album":
        from tests.factories import make_album

        things["album"] = make_album().pk

    api.post(FEEDBACK, {"kind": "favourite", thing: things[thing]})

    assert Feedback.objects.filter(**{f"{thing}__isnull": False}).exists()


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"kind": "adore"},
        {"kind": "like"},
        {"kind": "like", "track": 0},
        {"kind": "like", "track": "x"},
        {"kind": "like", "track": True},
        {"kind": "rating"},
        {"kind": "rating", "rating": 6},
        {"kind": "like", "rating": 3},
        {"kind": "like", "slate": 999_999},
        {"kind": "report", "note": "x" * 501},
    ],
)
def test_what_cannot_be_said_is_refused_and_changes_nothing(api, tracks, said):
    wants_track = len(said) > 1 and "track" not in said and said != {"kind": "rating"}
    api.post(FEEDBACK, said | ({"track": tracks[1].pk} if wants_track else {}), expect=400)

    assert not Feedback.objects.exists()


def test_two_things_at_once_are_refused(api, tracks):
    both = {"kind": "like", "track": tracks[0].pk, "artist": tracks[0].artist_id}

    assert api.post(FEEDBACK, both, expect=400)


def test_what_does_not_go_with_its_thing_is_refused(api, tracks):
    answer = api.post(FEEDBACK, {"kind": "skip", "artist": tracks[0].artist_id}, expect=409)

    assert "not on a artist" in answer["errors"][0]["detail"].replace("an ", "a ")


def test_feedback_in_bulk_is_stored_whole(api, tracks):
    said = [{"kind": "like", "track": track.pk} for track in tracks[1:3]]

    answer = api.post(BULK, {"feedback": said})

    assert Feedback.objects.count() == 2
    assert answer["taste_version"] == 2


@pytest.mark.parametrize("wrong", [{"kind": "like"}, {"kind": "skip", "artist": True}, "x"])
def test_one_wrong_opinion_refuses_all(api, tracks, wrong):
    said = [{"kind": "like", "track": tracks[1].pk}, wrong]

    api.post(BULK, {"feedback": said}, expect=400)
    api.post(BULK, {"feedback": []}, expect=400)
    api.post(BULK, {"feedback": said[:1] * 101}, expect=400)

    assert not Feedback.objects.exists()


def test_feedback_needs_its_scope(anonymous_api, tracks):
    anonymous_api.post(FEEDBACK, {"kind": "like", "track": tracks[1].pk}, expect=401)


# A request that comes twice


def test_the_same_request_with_the_same_key_is_done_once(api, tracks):
    said = {"kind": "like", "track": tracks[1].pk}
    key = {"headers": JSON | {"idempotency-key": "one"}}

    first = api.post(FEEDBACK, said, **key)
    second = api.post(FEEDBACK, said, **key)

    assert first == second
    assert api.client.listener.feedback_changes.count() == 1


def test_the_same_key_with_another_request_is_refused(api, tracks):
    key = {"headers": JSON | {"idempotency-key": "one"}}
    api.post(FEEDBACK, {"kind": "like", "track": tracks[1].pk}, **key)

    answer = api.post(FEEDBACK, {"kind": "like", "track": tracks[2].pk}, **key, expect=422)

    assert answer["errors"][0]["code"] == "key_reused"


def test_a_refused_request_may_come_again_better(api, tracks):
    key = {"headers": JSON | {"idempotency-key": "one"}}
    api.post(FEEDBACK, {"kind": "skip", "artist": tracks[0].artist_id}, **key, expect=409)

    api.post(FEEDBACK, {"kind": "hide", "artist": tracks[0].artist_id}, **key)


def test_a_key_that_is_too_long_is_refused(api, tracks):
    key = {"headers": JSON | {"idempotency-key": "x" * 256}}

    api.post(FEEDBACK, {"kind": "like", "track": tracks[1].pk}, **key, expect=400)
