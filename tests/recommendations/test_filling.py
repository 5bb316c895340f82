"""A list is filled by ways in a written order, each said in the reason; and no page comes twice."""

from datetime import timedelta
from itertools import pairwise

import pytest

from catalog.models import Track
from listening.models import FeedbackKind
from recommendations import serving
from recommendations.models import Slate
from recommendations.serving import About, Steering, Surface
from recommendations.serving.asking import Ask
from tests.factories import NOON, make_feedback, make_genre, make_listener, make_play, make_track
from tests.recommendations.written_models import go_live

pytestmark = pytest.mark.django_db

NEXT_DAY = NOON + timedelta(days=1)


def make_tracks(*titles):
    return [make_track(title) for title in titles]


def test_the_ways_come_in_their_written_order():
    genre = make_genre("folk")
    heard = make_track("Heard", genre=genre)
    near, far, alike, popular = make_tracks("Near", "Far", "Alike", "Popular")
    cousin = make_track("Cousin", genre=genre)
    listener = make_listener()
    make_play(listener, heard)
    go_live(
        [heard, near, far, alike, cousin, popular],
        {(heard, near): 0.9, (near, far): 0.9},
        vectors={heard: (1.0, 0.0), alike: (0.9, 0.1), popular: (0.0, 1.0)},
        popularity={popular: 50},
    )

    rows = serving.recommend(listener=listener, at=NOON)

    assert [(row.track.title, row.because.way) for row in rows] == [
        ("Near", "personal"),
        ("Far", "similar"),
        ("Alike", "content"),
        ("Cousin", "cluster"),
        ("Popular", "popular"),
    ]
    assert [row.rank for row in rows] == [1, 2, 3, 4, 5]
    assert [str(row.because.terms[0]) for row in rows] == [
        "you played Heard once",
        "close to Near, and that to what you play",
        "its sound and tags are close to what you play",
        "many play it in the genres you hear",
        "50 of 10 listeners here play it",
    ]
    slate = Slate.objects.get()
    assert slate.settings["ways"] == [row.because.way for row in rows]
    assert slate.settings["reasons"] == [row.because.in_short for row in rows]


def test_where_a_list_starts_from_something_it_speaks_of_that_and_not_of_the_listener():
    genre = make_genre("fado")
    start, near, far, cousin = (make_track(title) for title in ("Start", "Near", "Far", "Cousin"))
    alike = make_track("Alike")
    for track in (start, cousin):
        Track.objects.filter(pk=track.pk).update(genre=genre)
    go_live(
        [start, near, far, alike, cousin],
        {(start, near): 0.9, (near, far): 0.9},
        vectors={start: (1.0, 0.0), alike: (0.9, 0.1)},
        popularity={cousin: 5},
    )

    rows = serving.similar(about=About(tracks=(start.pk,)), n=4)

    assert [str(row.because.terms[0]) for row in rows] == [
        "like Start",
        "close to Near, and that to where this list starts",
        "its sound and tags are close to where this list starts",
        "many play it in the same genres",
    ]
    assert [row.because.way_in_words for row in rows] == [
        "",
        "a step further from where this list starts",
        "close in sound and tags; nobody’s listening has led here",
        "much played in the same genres",
    ]


def test_a_newcomer_gets_what_most_play():
    some, most = make_tracks("Some", "Most")
    go_live([some, most], popularity={some: 2, most: 5})

    rows = serving.recommend(listener=make_listener(), at=NOON)

    assert [row.track.title for row in rows] == ["Most", "Some"]
    assert {row.because.way_in_words for row in rows} == {
        "much played here, since there was nothing closer"
    }


def test_who_only_dislikes_still_gets_a_list_without_the_like_of_it():
    disliked, near, other = make_tracks("Disliked", "Near", "Other")
    listener = make_listener()
    make_feedback(listener, kind=FeedbackKind.DISLIKE, track=disliked)
    go_live([disliked, near, other], {(disliked, near): 0.9}, popularity={near: 9, other: 8})

    rows = serving.recommend(listener=listener, at=NOON)

    assert [row.track.title for row in rows] == ["Other", "Near"]
    assert str(rows[1].because.against[0]) == "you disliked Disliked"


def test_no_way_passes_the_cap_of_an_artist():
    near = make_track("Near")
    same = make_track("Same", artist=near.artist)
    heard, listener = make_track("Heard"), make_listener()
    make_play(listener, heard)
    go_live([heard, near, same], {(heard, near): 0.9}, popularity={same: 9})

    rows = serving.recommend(listener=listener, at=NOON, steering=serving.Steering(per_artist=1))

    assert [row.track.title for row in rows] == ["Near"]


def test_what_a_curator_hides_makes_room_at_once():
    tracks = make_tracks(*"ABCDEFGHIJKLMNOP")
    go_live(tracks, popularity={track: 100 - place for place, track in enumerate(tracks)})
    for track in tracks[:9]:
        track.hidden_at = NOON
        track.save()

    rows = serving.recommend(listener=make_listener(), at=NOON, n=3)

    assert len(rows) == 3
    assert {row.track.title for row in rows} <= set("JKLMNOP")


# The same page never comes twice in a row


@pytest.fixture
def listener():
    """Somebody whose history leads to thirty tracks."""
    listener, heard = make_listener(), make_track("Heard")
    make_play(listener, heard)
    near = make_tracks(*(f"Near {number}" for number in range(30)))
    leads = {(heard, track): 1 - place / 100 for place, track in enumerate(near)}
    go_live([heard, *near], leads)
    return listener


def page(listener, *, at=NOON, **options):
    return serving.recommend(listener=listener, at=at, **options).track_ids


def test_the_next_visit_brings_another_page(listener):
    pages = [page(listener, at=NOON + timedelta(days=day)) for day in range(6)]

    assert all(set(one) != set(other) for one, other in pairwise(pages))
    assert all(len(one) == 10 for one in pages)


def test_another_ten_do_not_stand_for_the_page_they_follow(listener):
    first = serving.recommend(listener=listener, at=NOON)
    page(listener, after=first.slate)

    assert page(listener) == first.track_ids
    assert set(page(listener, at=NEXT_DAY)) != set(first.track_ids)


def test_a_moved_slider_does_not_stand_for_the_plain_page(listener):
    first = page(listener)
    page(listener, steering=Steering(adventure=0.5))

    assert set(page(listener, at=NEXT_DAY)) != set(first)


def test_sliders_that_stay_bring_another_page_too(listener):
    moved = Steering(adventure=0.5)
    pages = [page(listener, at=NOON + timedelta(days=day), steering=moved) for day in range(4)]

    assert all(set(one) != set(other) for one, other in pairwise(pages))


def test_an_answer_on_a_further_page_does_not_stand_for_the_first(listener):
    first = serving.recommend(listener=listener, at=NOON)
    second = serving.recommend(listener=listener, at=NOON, after=first.slate)
    serving.make_list(
        Ask.of(second.slate.surface, second.slate.settings), listener=listener, at=NOON
    )

    assert page(listener) == first.track_ids


@pytest.mark.parametrize("surface", [Surface.BECAUSE, Surface.FORGOTTEN])
def test_rows_of_home_change_from_visit_to_visit(listener, surface):
    heard = Track.objects.get(title="Heard")
    long_ago = NOON - timedelta(days=500)
    for track in Track.objects.exclude(pk=heard.pk)[:15]:
        for hour in range(3):
            make_play(listener, track, started_at=long_ago + timedelta(hours=hour))
    about = About(tracks=(heard.pk,)) if surface == Surface.BECAUSE else About()
    pages = [
        page(listener, at=NOON + timedelta(days=day), surface=surface, about=about, n=6)
        for day in range(4)
    ]

    assert all(len(one) == 6 for one in pages)
    assert all(set(one) != set(other) for one, other in pairwise(pages))


def test_within_a_visit_the_page_stays(listener):
    first = page(listener)

    assert page(listener, at=NOON + timedelta(minutes=5)) == first


def test_the_lots_are_told_by_the_seed(listener):
    assert page(listener, seed=3) == page(listener, seed=3)


def test_another_ten_are_ten_others(listener):
    first = serving.recommend(listener=listener, at=NOON)
    second = serving.recommend(listener=listener, at=NOON, after=first.slate)
    third = serving.recommend(listener=listener, at=NOON, after=second.slate)

    shown = [*first.track_ids, *second.track_ids, *third.track_ids]
    assert len(set(shown)) == 30


def test_what_rests_comes_back_before_the_list_stays_short():
    tracks = make_tracks("One", "Two", "Three")
    go_live(tracks, popularity={track: 9 - place for place, track in enumerate(tracks)})
    listener = make_listener()

    first, second = page(listener), page(listener, at=NEXT_DAY)

    assert set(first) == set(second)
    assert first != second


def test_surfaces_of_one_thing_do_not_rotate(listener):
    seed = {"surface": Surface.POPULAR}

    assert page(listener, **seed) == page(listener, at=NEXT_DAY, **seed)


# A slate is shown again


def test_a_slate_is_shown_again_exactly(listener):
    shown = serving.recommend(listener=listener, at=NOON)
    make_feedback(listener, track=make_track())
    listener.taste_version += 1

    again = serving.replay(shown.slate, listener=listener, at=NOON)

    assert again.rows == shown.rows


def test_a_slate_keeps_its_order_whatever_has_happened_since(listener):
    shown = serving.recommend(listener=listener, at=NOON)
    make_play(listener, shown[0].track, started_at=NOON)
    make_feedback(listener, kind=FeedbackKind.DISLIKE, track=shown[3].track)
    listener.taste_version += 1

    again = serving.replay(shown.slate, listener=listener, at=NOON)

    assert again.track_ids == shown.track_ids
    assert again[3].opinion == "dislike"


def test_of_a_slate_only_what_was_hidden_since_is_left_out(listener):
    shown = serving.recommend(listener=listener, at=NOON)
    shown[0].track.hidden_at = NOON
    shown[0].track.save()

    again = serving.replay(shown.slate, listener=listener, at=NOON)

    assert again.track_ids == shown.track_ids[1:]
    assert again[0].rank == 1


# What a listener has done is read once


def test_the_past_is_read_once_for_a_taste(
    listener, django_assert_max_num_queries, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        page(listener)

    with django_assert_max_num_queries(5):  # last slate, experiment, tracks, names, slate
        page(listener)


def test_a_cache_that_is_away_costs_only_time(listener, settings):
    first = page(listener)
    settings.CACHES = {
        "default": {
            "BACKEND": "musicsite.cache.ForgivingRedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }

    assert page(listener) == first


def test_what_is_not_committed_is_not_kept(listener):
    first = page(listener)
    make_play(listener, make_track(pk=first[0] + 1000))
    make_feedback(listener, kind=FeedbackKind.HIDE, track_id=first[0])

    assert first[0] not in page(listener)
