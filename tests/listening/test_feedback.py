"""What a listener thinks: given, changed, taken back."""

from datetime import timedelta

import pytest

from accounts.models import Listener
from listening.models import Feedback, FeedbackChange, FeedbackKind
from listening.services.feedback import (
    FeedbackError,
    artists_named,
    give_feedback,
    said_of,
    withdraw_feedback,
)
from tests.factories import (
    NOON,
    make_album,
    make_artist,
    make_genre,
    make_listener,
    make_track,
)

pytestmark = pytest.mark.django_db

LATER, EARLIER = NOON + timedelta(hours=1), NOON - timedelta(hours=1)
LIKE, DISLIKE, FAVOURITE = FeedbackKind.LIKE, FeedbackKind.DISLIKE, FeedbackKind.FAVOURITE
RATING, HIDE, SKIP = FeedbackKind.RATING, FeedbackKind.HIDE, FeedbackKind.SKIP


def opinions(listener):
    return set(Feedback.objects.filter(listener=listener).values_list("kind", flat=True))


def history(listener):
    """Return (kind, withdrawn) of each change, in the order they were made."""
    changes = FeedbackChange.objects.filter(listener=listener).order_by("pk")
    return list(changes.values_list("kind", "withdrawn"))


def version(listener):
    return Listener.objects.get(pk=listener.pk).taste_version


@pytest.mark.parametrize("kind", [LIKE, DISLIKE, FAVOURITE, HIDE])
@pytest.mark.parametrize("make", [make_track, make_artist, make_album, make_genre])
def test_an_opinion_is_about_a_track_an_artist_an_album_or_a_genre(make, kind):
    listener, thing = make_listener(), make()

    given = give_feedback(listener=listener, kind=kind, on=thing, at=NOON)

    assert getattr(given, thing._meta.model_name) == thing
    assert (given.kind, given.given_at) == (kind, NOON)
    assert history(listener) == [(kind, False)]


@pytest.mark.parametrize("make", [make_track, make_artist])
def test_what_was_said_of_one_merged_into_it_counts_as_said_of_it(make):
    listener, shown = make_listener(), make()
    merged = make(canonical=shown)
    give_feedback(listener=listener, kind=LIKE, on=merged, at=EARLIER)
    assert said_of(shown, listener=listener) == {LIKE}

    give_feedback(listener=listener, kind=DISLIKE, on=shown, at=NOON)
    assert said_of(shown, listener=listener) == opinions(listener) == {DISLIKE}

    give_feedback(listener=listener, kind=HIDE, on=merged, at=NOON)
    assert withdraw_feedback(listener=listener, kind=HIDE, on=shown, at=LATER)
    assert said_of(merged, listener=listener) == set()


def test_giving_and_taking_back_move_the_taste_on():
    listener, track = make_listener(), make_track()

    give_feedback(listener=listener, kind=LIKE, on=track, at=NOON)
    assert version(listener) == listener.taste_version == 1

    withdraw_feedback(listener=listener, kind=LIKE, on=track, at=LATER)
    assert version(listener) == listener.taste_version == 2


def test_the_taste_moves_on_from_where_it_is_not_from_where_it_was_read():
    track, read_early = make_track(), make_listener()
    Listener.objects.update(taste_version=41)

    give_feedback(listener=read_early, kind=LIKE, on=track, at=NOON)

    assert version(read_early) == read_early.taste_version == 42


def test_the_same_opinion_again_is_one_opinion():
    listener, track = make_listener(), make_track()

    give_feedback(listener=listener, kind=LIKE, on=track, at=NOON)
    give_feedback(listener=listener, kind=LIKE, on=track, at=LATER)

    assert Feedback.objects.get().given_at == LATER
    assert history(listener) == [("like", False), ("like", False)]


@pytest.mark.parametrize(("first", "then"), [(LIKE, DISLIKE), (DISLIKE, LIKE)])
def test_like_and_dislike_exclude_each_other(first, then):
    listener, track = make_listener(), make_track()
    give_feedback(listener=listener, kind=FAVOURITE, on=track, at=EARLIER)
    give_feedback(listener=listener, kind=first, on=track, at=NOON)

    give_feedback(listener=listener, kind=then, on=track, at=LATER)

    assert opinions(listener) == {FAVOURITE, then}
    assert history(listener)[1:] == [(first, False), (then, False), (first, True)]


def test_a_like_of_another_track_or_by_another_listener_stays():
    nadia, omar = make_listener(), make_listener()
    track, other = make_track(), make_track()
    give_feedback(listener=nadia, kind=LIKE, on=other, at=NOON)
    give_feedback(listener=omar, kind=LIKE, on=track, at=NOON)

    give_feedback(listener=nadia, kind=DISLIKE, on=track, at=LATER)

    assert set(Feedback.objects.values_list("listener", "track", "kind")) == {
        (nadia.pk, other.pk, LIKE),
        (omar.pk, track.pk, LIKE),
        (nadia.pk, track.pk, DISLIKE),
    }
    assert version(omar) == 1


@pytest.mark.parametrize("late", [LIKE, DISLIKE])
def test_an_opinion_that_arrives_late_does_not_win(late):
    listener, track = make_listener(), make_track()
    give_feedback(listener=listener, kind=DISLIKE, on=track, at=NOON)

    assert give_feedback(listener=listener, kind=late, on=track, at=EARLIER) is None

    assert opinions(listener) == {DISLIKE}
    assert Feedback.objects.get().given_at == NOON
    assert history(listener) == [("dislike", False), (late, False)]


def test_an_opinion_from_before_it_was_taken_back_stays_taken_back():
    listener, track = make_listener(), make_track()
    give_feedback(listener=listener, kind=LIKE, on=track, at=EARLIER)
    withdraw_feedback(listener=listener, kind=LIKE, on=track, at=LATER)

    give_feedback(listener=listener, kind=LIKE, on=track, at=NOON)

    assert opinions(listener) == set()


def test_a_rating_is_replaced_by_the_next():
    listener, track = make_listener(), make_track()

    give_feedback(listener=listener, kind=RATING, on=track, rating=2, at=NOON)
    give_feedback(listener=listener, kind=RATING, on=track, rating=5, at=LATER)

    assert Feedback.objects.get().rating == 5
    assert list(FeedbackChange.objects.order_by("pk").values_list("rating", flat=True)) == [2, 5]


@pytest.mark.parametrize(
    ("kind", "make", "rating", "said"),
    [
        (RATING, make_track, None, "1 to 5"),
        (RATING, make_track, 0, "1 to 5"),
        (RATING, make_track, 6, "1 to 5"),
        (LIKE, make_track, 3, "Only a rating"),
        (SKIP, make_artist, None, "not on a"),
    ],
)
def test_what_makes_no_sense_is_refused_and_leaves_no_trace(kind, make, rating, said):
    listener = make_listener()

    with pytest.raises(FeedbackError, match=said):
        give_feedback(listener=listener, kind=kind, on=make(), rating=rating, at=NOON)

    assert (opinions(listener), history(listener), version(listener)) == (set(), [], 0)


def test_taking_back_what_was_never_given_changes_nothing():
    listener, track = make_listener(), make_track()
    give_feedback(listener=listener, kind=LIKE, on=track, at=NOON)

    assert not withdraw_feedback(listener=listener, kind=DISLIKE, on=track, at=LATER)

    assert (opinions(listener), history(listener)) == ({LIKE}, [("like", False)])
    assert version(listener) == 1


def test_an_opinion_that_could_not_be_stored_moves_nothing(monkeypatch):
    listener, track = make_listener(), make_track()

    def broken(*args, **fields):
        raise RuntimeError

    monkeypatch.setattr(Feedback.objects, "update_or_create", broken)
    with pytest.raises(RuntimeError):
        give_feedback(listener=listener, kind=LIKE, on=track, at=NOON)

    assert (history(listener), version(listener)) == ([], 0)


def test_artists_are_found_by_any_part_of_the_name_and_by_its_start_first():
    named = [make_artist(name) for name in ("Río Café", "Café Río", "Ferry", "The Café")]
    make_artist("Café Hidden", hidden_at=NOON)
    make_artist("Café Merged", canonical=named[0])

    found = [artist.name for artist in artists_named(" CAFE ")]

    assert found == ["Café Río", "Río Café", "The Café"]


@pytest.mark.parametrize("words", ["", "  ", "!!!", "%", "_"])
def test_words_that_are_no_name_find_nobody(words):
    make_artist("Ferry")

    assert not artists_named(words)
