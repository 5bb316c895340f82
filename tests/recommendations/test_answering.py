"""Feedback is answered at once, and can be undone; and what became of a list is remembered."""

from datetime import timedelta
from itertools import pairwise

import pytest

from listening.models import Feedback, FeedbackChange, FeedbackKind, Import
from listening.services import feedback as listening
from listening.services.feedback import FeedbackError
from recommendations import serving
from recommendations.models import Slate, SlateOutcome
from recommendations.services import answering, outcomes
from recommendations.services.answering import Opinion
from tests.factories import NOON, make_artist, make_listener, make_play, make_slate, make_track
from tests.recommendations.written_models import go_live

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(minutes=1)


@pytest.fixture
def listener():
    return make_listener()


@pytest.fixture
def world(listener):
    """What is heard leads to the first; the first, once liked, leads to what it hides behind."""
    heard = make_track("Heard")
    shown = [make_track(f"Shown {number}") for number in range(1, 4)]
    behind = [make_track(f"Behind {number}") for number in range(1, 4)]
    make_play(listener, heard)
    leads = {(heard, track): 0.9 - place / 10 for place, track in enumerate(shown)}
    leads |= {(shown[0], track): 0.9 - place / 10 for place, track in enumerate(behind)}
    go_live([heard, *shown, *behind], leads)
    return shown, behind


def listed(listener, n=3):
    return serving.recommend(listener=listener, at=NOON, n=n)


def like(listener, track, slate, kind=FeedbackKind.LIKE, at=LATER):
    return answering.answer(listener=listener, opinions=[Opinion(kind, track)], at=at, slate=slate)


def titles(tracks):
    return [row.track.title for row in tracks]


def test_a_like_changes_the_list_and_the_new_reason_names_it(listener, world):
    shown, behind = world
    before = listed(listener)

    answer = like(listener, shown[0], before.slate)

    came = {move.track for move in answer.moves.came}
    reasons = {
        row.track.pk: str(row.because.terms[0]) for row in answer.listed if row.track.pk in came
    }
    assert came & {track.pk for track in behind}
    assert set(reasons.values()) == {"you liked Shown 1"}
    assert shown[0].pk in answer.gone
    assert answer.listed.slate.settings["after"] == {
        "slate": before.slate.pk,
        "kind": "like",
        "track": shown[0].pk,
    }


@pytest.mark.parametrize("kind", [FeedbackKind.DISLIKE, FeedbackKind.HIDE, FeedbackKind.SKIP])
def test_what_is_refused_leaves_the_list(listener, world, kind):
    before = listed(listener)

    answer = like(listener, before[0].track, before.slate, kind)

    assert before[0].track.pk not in answer.listed.track_ids


def test_a_hidden_artist_takes_all_tracks_along(listener, world):
    before = listed(listener)
    artist = before[0].track.artist

    answer = like(listener, artist, before.slate, FeedbackKind.HIDE)

    assert artist not in {row.track.artist for row in answer.listed}


def test_several_opinions_are_stored_together_or_not_at_all(listener, world):
    shown, _behind = world
    wrong = Opinion(FeedbackKind.SKIP, make_artist())

    with pytest.raises(FeedbackError):
        answering.answer(
            listener=listener, opinions=[Opinion(FeedbackKind.LIKE, shown[0]), wrong], at=LATER
        )

    assert not Feedback.objects.exists()
    assert not SlateOutcome.objects.exists()


def test_undo_shows_the_list_again_exactly(listener, world):
    shown, _behind = world
    before = listed(listener)
    like(listener, shown[0], before.slate)

    undone = answering.undo(
        listener=listener,
        opinion=Opinion(FeedbackKind.LIKE, shown[0]),
        at=LATER + timedelta(seconds=5),
        slate=before.slate,
    )

    assert undone.listed.rows == before.rows
    assert undone.listed.slate == before.slate
    assert shown[0].pk in {move.track for move in undone.moves.came}
    assert not Feedback.objects.exists()
    assert not SlateOutcome.objects.exists()


def test_undo_gives_back_what_was_replaced(listener, world):
    shown, _behind = world
    before = listed(listener)
    like(listener, shown[0], before.slate, FeedbackKind.DISLIKE)
    like(listener, shown[0], before.slate, at=LATER + timedelta(seconds=1))

    answering.undo(
        listener=listener,
        opinion=Opinion(FeedbackKind.LIKE, shown[0]),
        at=LATER + timedelta(seconds=2),
        slate=before.slate,
    )

    assert Feedback.objects.get().kind == FeedbackKind.DISLIKE


def test_undo_gives_back_the_rating_before(listener, world):
    shown, _behind = world
    before = listed(listener)
    for second, stars in enumerate((2, 5)):
        rated = Opinion(FeedbackKind.RATING, shown[0], rating=stars)
        answering.give(listener=listener, opinions=[rated], at=LATER + timedelta(seconds=second))

    answering.undo(
        listener=listener, opinion=rated, at=LATER + timedelta(seconds=9), slate=before.slate
    )

    assert Feedback.objects.get().rating == 2


def test_what_was_never_said_cannot_be_undone(listener, world):
    before = listed(listener)

    with pytest.raises(FeedbackError, match="nothing to undo"):
        answering.undo(
            listener=listener,
            opinion=Opinion(FeedbackKind.LIKE, before[0].track),
            at=LATER,
            slate=before.slate,
        )


def test_what_changed_is_remembered_with_the_list(listener, world):
    shown, _behind = world
    answer = like(listener, shown[0], listed(listener).slate)

    again = answering.changed_by(answer.listed, listener=listener)

    assert again.moves == answer.moves
    assert again.opinion == answer.opinion
    assert answering.changed_by(listed(make_listener()), listener=listener) is None


# A taste that changes is followed


def test_a_taste_that_changes_is_followed_within_a_few_likes():
    old = [make_track(f"Old {number}") for number in range(12)]
    new = [make_track(f"New {number}") for number in range(12)]
    listener = make_listener()
    for track in old[:6]:
        make_play(listener, track)
    among = {
        (one, two): 0.5 for group in (old, new) for one in group for two in group if one != two
    }
    go_live([*old, *new], among)
    slate = listed(listener, n=6).slate

    for minute, track in enumerate(new[:5], start=1):
        answer = like(listener, track, slate, at=NOON + timedelta(minutes=minute))
        slate = answer.listed.slate

    shown = titles(answer.listed)
    assert sum(title.startswith("New") for title in shown) > len(shown) / 2


def test_who_dislikes_everything_still_gets_a_list():
    tracks = [make_track() for _ in range(40)]
    go_live(tracks, dict.fromkeys(pairwise(tracks), 0.3))
    listener = make_listener()
    shown = listed(listener, n=10)

    for minute in range(1, 4):
        answer = answering.answer(
            listener=listener,
            opinions=[Opinion(FeedbackKind.DISLIKE, row.track) for row in shown],
            at=NOON + timedelta(minutes=minute),
            slate=shown.slate,
        )
        assert len(answer.listed) == 10
        assert not set(answer.listed.track_ids) & set(shown.track_ids)
        shown = answer.listed


# What became of a list


def test_what_follows_is_noted_once_with_the_list_that_showed_it(listener, world):
    before = listed(listener)
    track = before[0].track

    like(listener, track, before.slate)
    like(listener, track, before.slate, at=LATER + timedelta(seconds=1))

    outcome = SlateOutcome.objects.get()
    assert (outcome.slate, outcome.track, outcome.kind) == (before.slate, track, "like")


def test_without_a_list_the_last_that_showed_it_is_credited(listener):
    track = make_track()
    make_slate(listener, tracks=[track], shown_at=NOON - timedelta(hours=3))
    newest = make_slate(listener, tracks=[track], shown_at=NOON - timedelta(hours=2))
    make_slate(listener, tracks=[make_track()], shown_at=NOON - timedelta(hours=1))
    make_slate(tracks=[track])

    outcome = outcomes.note_outcome(listener=listener, track_id=track.pk, kind="like", at=NOON)

    assert outcome.slate == newest


def test_after_a_day_no_list_is_credited(listener):
    track = make_track()
    make_slate(listener, tracks=[track], shown_at=NOON - timedelta(hours=25))

    assert not outcomes.note_outcome(listener=listener, track_id=track.pk, kind="like", at=NOON)


def test_an_opinion_taken_back_without_a_list_credits_nobody(listener, world):
    track = listed(listener)[0].track
    like(listener, track, None)
    assert SlateOutcome.objects.exists()

    answering.take_back(listener=listener, opinion=Opinion(FeedbackKind.LIKE, track), at=LATER)

    assert not SlateOutcome.objects.exists()


SINCE = NOON - timedelta(hours=2)
HOUR_LATER = NOON + timedelta(hours=1)


def say(listener, track, kind=FeedbackKind.LIKE, at=HOUR_LATER):
    """Say it elsewhere, as a player does."""
    listening.give_feedback(listener=listener, kind=kind, on=track, at=at)


def credit(at=HOUR_LATER):
    return outcomes.credit_opinions(since=SINCE, at=at)


def test_what_was_said_in_a_player_credits_the_last_list_that_showed_it(listener):
    track, never_shown = make_track(), make_track()
    make_slate(listener, tracks=[track], shown_at=NOON - timedelta(hours=1))
    newest = make_slate(listener, tracks=[track], shown_at=NOON)
    make_slate(listener, tracks=[track], shown_at=HOUR_LATER + timedelta(minutes=1))
    make_slate(tracks=[track], shown_at=NOON)
    say(listener, track)
    say(listener, never_shown)

    assert credit() == 1
    assert credit() == 0

    outcome = SlateOutcome.objects.get()
    assert (outcome.slate, outcome.track, outcome.kind) == (newest, track, "like")
    assert outcome.at == HOUR_LATER


def test_what_was_said_on_the_site_is_not_credited_twice(listener, world):
    before = listed(listener)
    track = before[0].track
    like(listener, track, before.slate)

    assert credit() == 0

    assert SlateOutcome.objects.get().slate == before.slate


def test_what_was_taken_back_in_a_player_credits_nobody_any_more(listener):
    track = make_track()
    make_slate(listener, tracks=[track])
    say(listener, track)
    credit()

    listening.withdraw_feedback(
        listener=listener, kind=FeedbackKind.LIKE, on=track, at=HOUR_LATER + timedelta(minutes=1)
    )
    credit()

    assert not SlateOutcome.objects.exists()


def test_what_was_said_again_since_is_credited(listener):
    track = make_track()
    make_slate(listener, tracks=[track])
    say(listener, track)
    listening.withdraw_feedback(listener=listener, kind=FeedbackKind.LIKE, on=track, at=HOUR_LATER)
    say(listener, track, at=HOUR_LATER + timedelta(minutes=1))

    assert credit(HOUR_LATER + timedelta(minutes=2)) == 1
    assert credit(HOUR_LATER + timedelta(minutes=2)) == 0

    assert SlateOutcome.objects.count() == 1


def test_opinions_out_of_an_export_credit_no_list(listener):
    track = make_track()
    make_slate(listener, tracks=[track])
    say(listener, track)
    brought = Import.objects.create(listener=listener, created_at=NOON)
    FeedbackChange.objects.update(source_import=brought)

    assert credit() == 0


def test_plays_are_credited_to_the_lists_they_followed(listener):
    played, skipped, earlier = make_track(), make_track(), make_track()
    slate = make_slate(listener, tracks=[played, skipped, earlier])
    make_play(listener, played, started_at=NOON + timedelta(hours=1))
    make_play(listener, skipped, skipped=True, started_at=NOON + timedelta(hours=2))
    make_play(listener, earlier, started_at=NOON - timedelta(hours=1))
    make_play(track=played, started_at=NOON + timedelta(hours=1))
    since, at = NOON - timedelta(hours=2), NOON + timedelta(hours=3)

    assert outcomes.credit_plays(since=since, at=at) == 2
    assert outcomes.credit_plays(since=since, at=at) == 0

    found = SlateOutcome.objects.filter(slate=slate).values_list("track", "kind")
    assert set(found) == {(played.pk, "play"), (skipped.pk, "skip")}


def test_lists_are_kept_ninety_days(listener):
    old = make_slate(listener, tracks=[track := make_track()], shown_at=NOON - timedelta(days=91))
    SlateOutcome.objects.create(slate=old, track=track, kind="like", at=NOON)
    kept = make_slate(listener, shown_at=NOON - timedelta(days=89))

    assert outcomes.forget_slates(at=NOON) == 1

    assert Slate.objects.get() == kept
    assert not SlateOutcome.objects.exists()


def test_a_listeners_lists_go_with_the_listener(listener, world):
    before = listed(listener)
    like(listener, before[0].track, before.slate)

    listener.delete()

    assert not Slate.objects.exists()
    assert not SlateOutcome.objects.exists()
