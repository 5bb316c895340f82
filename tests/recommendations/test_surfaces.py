"""Each surface shows what it promises, and nothing it must not."""

from datetime import timedelta

import pytest

from catalog.models import Work
from listening.models import FeedbackKind, Mute
from recommendations import serving
from recommendations.models import Demotion, Slate
from recommendations.serving import About, Steering
from recommendations.serving.asking import Ask, Surface
from tests.factories import (
    NOON,
    make_album,
    make_artist,
    make_features,
    make_feedback,
    make_genre,
    make_listener,
    make_play,
    make_track,
)
from tests.recommendations.written_models import go_live

pytestmark = pytest.mark.django_db

LONG_AGO = NOON - timedelta(days=500)


def titles(listener, **options):
    return [row.track.title for row in serving.recommend(listener=listener, at=NOON, **options)]


@pytest.fixture
def listener():
    return make_listener()


@pytest.fixture
def heard(listener):
    """A track that the listener has played today."""
    track = make_track("Heard")
    make_play(listener, track)
    return track


def test_for_you_goes_by_what_was_heard(listener, heard):
    near, far = make_track("Near"), make_track("Far")
    go_live([heard, near, far], {(heard, near): 0.9, (heard, far): 0.2})

    assert titles(listener, n=2) == ["Near", "Far"]


def test_what_was_heard_long_ago_may_come_again(listener, heard):
    old = make_track("Old")
    make_play(listener, old, started_at=LONG_AGO)
    go_live([heard, old], {(heard, old): 0.9})

    assert titles(listener) == ["Old"]
    assert titles(listener, rest=1000) == []


def test_nothing_rests_if_that_is_asked(listener, heard):
    go_live([heard, other := make_track("Other")], {(other, heard): 0.9})
    make_play(listener, other)

    assert titles(listener, rest=0)[0] == "Heard"


@pytest.mark.parametrize("kind", [FeedbackKind.HIDE, FeedbackKind.DISLIKE])
def test_a_hidden_artist_is_nowhere(listener, heard, kind):
    artist = make_artist()
    go_live([heard, near := make_track(artist=artist)], {(heard, near): 0.9})
    make_feedback(listener, kind=kind, artist=artist)

    assert titles(listener, rest=0) == ["Heard"]


def test_a_disliked_genre_is_nowhere(listener, heard):
    genre = make_genre()
    go_live([heard, near := make_track(genre=genre)], {(heard, near): 0.9})
    make_feedback(listener, kind=FeedbackKind.DISLIKE, genre=genre)

    assert titles(listener) == []


def test_other_versions_of_what_was_heard_stay_away(listener, heard):
    heard.work = Work.objects.create(title="Piece", artist=heard.artist)
    heard.save()
    remaster, other = make_track("Remaster", work=heard.work), make_track("Other")
    go_live([heard, remaster, other], {(heard, remaster): 0.9, (heard, other): 0.1})

    assert titles(listener) == ["Other"]


def test_what_is_on_a_disliked_album_stays_away(listener, heard):
    album = make_album()
    disliked, other = make_track("Disliked", album=album), make_track("Other")
    go_live([heard, disliked, other], {(heard, disliked): 0.9, (heard, other): 0.2})
    make_feedback(listener, kind=FeedbackKind.DISLIKE, album=album)

    assert titles(listener) == ["Other"]


def test_a_liked_album_leads_on_and_is_named(listener):
    album = make_album("Salt Roads")
    on_it, near, far = make_track("On it", album=album), make_track("Near"), make_track("Far")
    go_live([on_it, near, far], {(on_it, near): 0.9}, popularity={far: 9})
    make_feedback(listener, kind=FeedbackKind.LIKE, album=album)

    rows = serving.recommend(listener=listener, at=NOON)

    assert rows[0].track == near
    assert str(rows[0].because.terms[0]) == "On it stands for Salt Roads, which you chose"


def test_what_is_muted_counts_neither_in_words_nor_as_a_favourite(listener):
    often, near = make_track("Often"), make_track("Near")
    go_live([often, near], {(often, near): 0.9})
    for minute in range(9):
        make_play(listener, often, started_at=LONG_AGO + timedelta(minutes=minute))
    Mute.objects.create(
        listener=listener,
        starts_at=LONG_AGO,
        ends_at=LONG_AGO + timedelta(minutes=8),
        made_at=NOON,
    )

    rows = serving.recommend(listener=listener, at=NOON, rest=0)

    because = next(row.because for row in rows if row.track == near)
    assert str(because.terms[0]) == "you played Often once"
    assert titles(listener, surface=Surface.FORGOTTEN) == []


def test_what_is_muted_is_not_new(listener):
    artist = make_artist()
    muted, near = make_track(artist=artist), make_track("Near", artist=artist)
    make_play(listener, muted)
    Mute.objects.create(listener=listener, track=muted, made_at=NOON)
    go_live([muted, near])

    assert titles(listener, surface=Surface.NEW) == []


def test_an_explicit_favourite_stays_away_where_such_is_not_wanted():
    listener = make_listener(wants_explicit=False)
    track = make_track(is_explicit=True)
    go_live([track])
    for minute in range(5):
        make_play(listener, track, started_at=LONG_AGO + timedelta(minutes=minute))

    assert titles(listener, surface=Surface.FORGOTTEN) == []


def test_explicit_tracks_stay_away_where_they_are_not_wanted(heard):
    clean, explicit = make_track("Clean"), make_track("Explicit", is_explicit=True)
    go_live([heard, clean, explicit], {(heard, clean): 0.1, (heard, explicit): 0.9})
    listener = make_listener(wants_explicit=False)
    make_play(listener, heard)

    assert titles(listener) == ["Clean"]


def test_what_a_curator_demoted_comes_later(listener, heard):
    first, second = make_track("First"), make_track("Second")
    go_live([heard, first, second], {(heard, first): 0.6, (heard, second): 0.5})
    Demotion.objects.create(track=first, since=NOON)

    assert titles(listener) == ["Second", "First"]


def test_more_like_a_track_starts_from_it_alone(listener, heard):
    seed, near, mine = make_track("Seed"), make_track("Near"), make_track("Mine")
    go_live([heard, seed, near, mine], {(seed, near): 0.5, (heard, mine): 0.9})
    about = About(tracks=(seed.pk,))

    row = serving.recommend(listener=listener, at=NOON, surface=Surface.SIMILAR, about=about)[0]

    assert row.track == near
    assert str(row.because.terms[0]) == "like Seed"


def test_more_like_several_tracks_adds_them_up(listener):
    one, two, both, either = (make_track(title) for title in ("One", "Two", "Both", "Either"))
    go_live([one, two, both, either], {(one, both): 0.4, (two, both): 0.4, (one, either): 0.5})
    about = About(tracks=(one.pk, two.pk))

    assert titles(listener, surface=Surface.SIMILAR, about=about)[:2] == ["Both", "Either"]


def test_more_like_an_artist_shows_others(listener):
    artist = make_artist()
    own, more, other = make_track("Own", artist=artist), make_track("More", artist=artist), None
    other = make_track("Other")
    go_live([own, more, other], {(own, more): 0.9, (own, other): 0.3})

    assert titles(listener, surface=Surface.SIMILAR, about=About(artist=artist.pk)) == ["Other"]


def test_because_you_liked_names_the_like(listener):
    liked, near = make_track("Liked"), make_track("Near")
    make_feedback(listener, track=liked)
    go_live([liked, near], {(liked, near): 0.9})
    about = About(tracks=(liked.pk,))

    row = serving.recommend(listener=listener, at=NOON, surface=Surface.BECAUSE, about=about)[0]

    assert str(row.because.terms[0]) == "you liked Liked"


def test_new_to_you_shows_only_artists_never_heard(listener, heard):
    same, other = make_track("Same", artist=heard.artist), make_track("Other")
    go_live([heard, same, other], {(heard, same): 0.9, (heard, other): 0.1})

    assert titles(listener, surface=Surface.NEW) == ["Other"]


def test_forgotten_favourites_were_heard_much_and_not_lately(listener):
    loved, once, lately = make_track("Loved"), make_track("Once"), make_track("Lately")
    for day in range(4):
        make_play(listener, loved, started_at=LONG_AGO - timedelta(days=day))
        make_play(listener, lately, started_at=NOON - timedelta(days=day))
    make_play(listener, once, started_at=LONG_AGO)
    go_live([loved, once, lately, make_track("Unheard")])

    rows = serving.recommend(listener=listener, at=NOON, surface=Surface.FORGOTTEN)

    assert [row.track.title for row in rows] == ["Loved"]
    assert str(rows[0].because.terms[0]) == "you played it 4 times"


def test_a_genre_shows_what_grows_from_it_the_near_first(listener, heard):
    rock = make_genre("rock")
    indie = make_genre("indie", parent=rock)
    near, popular = make_track("Near", genre=indie), make_track("Popular", genre=rock)
    tracks = [heard, near, popular, make_track("Jazz", genre=make_genre("jazz"))]
    go_live(tracks, {(heard, near): 0.9}, popularity={popular: 50})

    shown = titles(listener, surface=Surface.GENRE, about=About(genre=rock.pk))

    assert shown == ["Near", "Popular"]


def test_an_activity_shows_tracks_inside_its_ranges(listener, heard):
    fast, slow, unknown = make_track("Fast"), make_track("Slow"), make_track("Unknown")
    make_features(fast, tempo=160, energy=0.9)
    make_features(slow, tempo=80, energy=0.9)
    go_live([heard, fast, slow, unknown], {(heard, slow): 0.9})

    assert titles(listener, surface=Surface.ACTIVITY, about=About(activity="running")) == ["Fast"]


def test_a_mood_shows_tracks_that_fit_it(listener):
    tracks = [make_track(f"Track {number}") for number in range(5)]
    go_live(tracks, energy=dict(zip(tracks, (0.0, 0.2, 0.4, 0.6, 1.0), strict=True)))

    shown = titles(listener, surface=Surface.MOOD, about=About(mood="energetic"))

    assert "Track 4" in shown
    assert "Track 0" not in shown


def test_fresh_tracks_have_few_plays(listener, heard):
    fresh, known = make_track("Fresh"), make_track("Known")
    go_live([heard, fresh, known], {(heard, known): 0.9}, popularity={known: 90, fresh: 2})

    assert titles(listener, surface=Surface.FRESH) == ["Fresh"]


def test_popular_goes_by_how_many_play_it(listener, heard):
    some, most = make_track("Some"), make_track("Most")
    go_live([heard, some, most], {(heard, some): 0.1}, popularity={some: 3, most: 9})

    assert titles(listener, surface=Surface.POPULAR) == ["Most", "Some"]


# A newcomer's choices


def test_a_chosen_genre_leads_where_nothing_was_heard(listener):
    folk = make_genre("folk")
    known, near = make_track("Known", genre=folk), make_track("Near")
    go_live([known, near, make_track("Popular")], {(known, near): 0.9})
    make_feedback(listener, kind=FeedbackKind.FAVOURITE, genre=folk)

    row = serving.recommend(listener=listener, at=NOON)[0]

    assert row.track == near
    assert str(row.because.terms[0]) == "Known stands for folk, which you chose"


def test_a_chosen_artist_leads_too(listener):
    known, near = make_track("Known", artist=make_artist("Ida")), make_track("Near")
    go_live([known, near], {(known, near): 0.9})
    make_feedback(listener, kind=FeedbackKind.FAVOURITE, artist=known.artist)

    row = serving.recommend(listener=listener, at=NOON)[0]

    assert str(row.because.terms[0]) == "Known stands for Ida, which you chose"


# Steering


def test_a_slider_changes_the_order_and_says_so(listener, heard):
    calm, loud = make_track("Calm"), make_track("Loud")
    leads = {(heard, calm): 0.5, (heard, loud): 0.4}
    go_live([heard, calm, loud], leads, energy={calm: 0.1, loud: 0.9, heard: 0.5})

    assert titles(listener) == ["Calm", "Loud"]
    rows = serving.recommend(listener=listener, at=NOON, steering=Steering(energy=1))

    assert [row.track.title for row in rows] == ["Loud", "Calm"]
    assert "as calm or energetic as you asked" in {str(term) for term in rows[0].because.terms}


def test_rare_is_the_other_end_of_popular(listener, heard):
    rare, known = make_track("Rare"), make_track("Known")
    leads = {(heard, rare): 0.45, (heard, known): 0.5}
    go_live([heard, rare, known], leads, popularity={rare: 1, known: 90, heard: 40})

    assert titles(listener, steering=Steering(rarity=1)) == ["Rare", "Known"]
    assert titles(listener, steering=Steering(rarity=-1)) == ["Known", "Rare"]


def test_a_mood_that_is_wished_for_counts(listener, heard):
    calm, loud = make_track("Calm"), make_track("Loud")
    leads = {(heard, calm): 0.5, (heard, loud): 0.45}
    go_live([heard, calm, loud], leads, energy={calm: 0.1, loud: 0.9, heard: 0.5})

    assert titles(listener, steering=Steering(mood="energetic")) == ["Loud", "Calm"]


def test_a_source_can_be_left_out(listener, heard):
    near = make_track("Near")
    go_live([heard, near], {(heard, near): 0.9})

    row = serving.recommend(listener=listener, at=NOON, steering=Steering(history=0))[0]

    assert row.because.shares == (0, 60, 40)


def test_so_many_by_one_artist_and_no_more(listener, heard):
    artist = make_artist()
    tracks = [make_track(artist=artist) for _ in range(4)]
    go_live([heard, *tracks], {(heard, track): 0.9 for track in tracks})

    assert len(titles(listener, steering=Steering(per_artist=2))) == 2


def test_a_slate_keeps_what_was_asked(listener, heard):
    go_live([heard, make_track()])
    ask = Ask(
        Surface.GENRE, 7, About(genre=3), Steering(energy=0.5, mood="calm"), rest=30, seed=4,
        rested=(1, 2),
    )  # fmt: skip

    assert Ask.of(ask.surface, ask.to_settings()) == ask


def test_a_preview_is_not_remembered(listener, heard):
    go_live([heard, make_track()])

    serving.recommend(listener=listener, at=NOON, keep=False)

    assert not Slate.objects.exists()
