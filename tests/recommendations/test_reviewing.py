"""Reports and dislikes: grouped by track, decided by a curator, and at once so in the lists."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from catalog.models import Change
from listening.models import FeedbackKind
from musicsite.groups import CURATOR, ensure_groups
from recommendations import pipeline, serving
from recommendations.models import Demotion, Review
from recommendations.services import reviewing
from recommendations.serving import stock
from tests.conftest import logged_in
from tests.factories import (
    NOON,
    make_curator,
    make_feedback,
    make_genre,
    make_listener,
    make_model_version,
    make_play,
    make_slate,
    make_track,
    make_user,
)
from tests.queries import count_queries

pytestmark = pytest.mark.django_db

DISLIKE, REPORT = FeedbackKind.DISLIKE, FeedbackKind.REPORT
Decision = Review.Decision
DAY = timedelta(days=1)


@pytest.fixture
def curator():
    ensure_groups()
    user = make_user(is_staff=True)
    user.groups.add(Group.objects.get(name=CURATOR))
    return logged_in(user)


def speak_against(track, *, reports=0, dislikes=0, at=NOON, note=""):
    for _ in range(reports):
        make_feedback(kind=REPORT, track=track, given_at=at, note=note)
    for _ in range(dislikes):
        make_feedback(kind=DISLIKE, track=track, given_at=at)


def waiting(at=NOON):
    return reviewing.cases(reviewing.waiting(at=at))


def decide(track, decision, at=NOON):
    return reviewing.decide(track=track, decision=decision, by=make_curator(), at=at)


def case_page(track):
    return reverse("admin:recommendations_review_case", args=[track.pk])


QUEUE = reverse("admin:recommendations_review_queue")


def test_one_report_waits_and_one_dislike_does_not():
    reported, disliked, much_disliked = make_track(), make_track(), make_track()
    speak_against(reported, reports=1)
    speak_against(disliked, dislikes=reviewing.DISLIKES - 1)
    speak_against(much_disliked, dislikes=reviewing.DISLIKES)

    assert [case.track for case in waiting()] == [reported, much_disliked]


def test_counts_and_trend_are_by_track():
    track = make_track()
    speak_against(track, reports=2, dislikes=1, at=NOON - DAY)
    speak_against(track, reports=1, at=NOON - 10 * DAY)

    (case,) = waiting()

    assert (case.reports, case.dislikes) == (3, 1)
    assert (case.this_week, case.week_before) == (3, 1)
    assert case.trend == "more than the week before"


def test_what_was_merged_waits_with_its_survivor():
    survivor = make_track()
    speak_against(make_track(canonical=survivor), reports=1)
    speak_against(survivor, reports=1)

    (case,) = waiting()

    assert (case.track, case.reports) == (survivor, 2)


def test_what_is_decided_waits_no_more_until_more_comes_in():
    track = make_track()
    speak_against(track, reports=2)
    decide(track, Decision.DISMISSED)
    assert waiting() == []

    speak_against(track, reports=1, at=NOON + DAY)

    (case,) = waiting(at=NOON + DAY)
    assert case.reports == 1
    assert case.decided.decision == Decision.DISMISSED


def test_what_is_hidden_waits_no_more():
    speak_against(make_track(hidden_at=NOON), reports=1)

    assert waiting() == []


def test_a_voice_tells_where_the_track_had_stood_and_why():
    listener, track, model = make_listener(), make_track(), make_model_version()
    make_slate(listener, tracks=[track], shown_at=NOON - 2 * DAY)
    make_slate(
        listener,
        surface="for-you",
        tracks=[make_track(), track],
        model=model,
        shown_at=NOON - timedelta(hours=1),
        settings={"ways": ["personal", "popular"], "reasons": ["you played X", "many play it"]},
    )
    make_slate(make_listener(), tracks=[track], shown_at=NOON - timedelta(minutes=1))
    make_feedback(listener, kind=REPORT, track=track, note="The wrong singer")
    make_feedback(kind=DISLIKE, track=track, given_at=NOON - DAY)

    first, second = reviewing.voices(track)

    assert first == ("report", "The wrong singer", NOON, "for-you", 2, model.pk, "many play it")
    assert (second.kind, second.surface, second.model) == ("dislike", "", None)


def test_of_an_old_list_a_voice_tells_how_the_track_had_come_there():
    listener, track = make_listener(), make_track()
    make_slate(listener, tracks=[track], settings={"ways": ["popular"]})
    make_feedback(listener, kind=REPORT, track=track)

    assert reviewing.voices(track)[0].reason == "popular"


def test_every_decision_says_who_when_and_about_what():
    track, curator = make_track(), make_curator()
    speak_against(track, reports=1)

    row = reviewing.decide(
        track=track, decision=Decision.FIXED, by=curator, at=NOON, note="It was misspelt."
    )

    assert (row.decided_by, row.decided_at, row.note) == (curator, NOON, "It was misspelt.")
    assert row.feedback.track == track


@pytest.fixture
def heard(monkeypatch):
    """Three tracks, heard by many, by some, by one; curators' acts are noticed at once."""
    monkeypatch.setattr(stock, "SOON", 0)
    tracks = [make_track("First"), make_track("Second"), make_track("Third")]
    for listeners, track in zip((4, 3, 2), tracks, strict=True):
        for _ in range(listeners):
            make_play(make_listener(shares_taste=True), track)
    pipeline.train(at=NOON)
    return tracks


def titles(n=3):
    return [row.track.title for row in serving.recommend(listener=make_listener(), at=NOON, n=n)]


def test_a_hidden_track_is_in_no_list_any_more(heard):
    assert titles()[0] == "First"

    decide(heard[0], Decision.HIDDEN)

    assert "First" not in titles()
    assert Change.objects.get().what == "Hid 1 track"


@pytest.fixture
def mended():
    """A track that a curator mends, and what the page of it does."""

    def mend(track, **facts):
        for name, value in facts.items():
            setattr(track, name, value)
        track.save()
        decide(track, Decision.FIXED)

    return mend


def test_what_is_mended_changes_the_lists_at_once(heard, mended):
    fado, folk = make_genre("fado"), make_genre("folk")
    for track in heard:
        mended(track, genre=folk)
    about = serving.About(genre=folk.pk)
    listener = make_listener(wants_explicit=False)
    asked = {"listener": listener, "at": NOON, "surface": "genre", "about": about}
    assert len(serving.recommend(**asked)) == 3

    mended(heard[0], genre=fado)
    mended(heard[1], is_explicit=True)

    assert [row.track.title for row in serving.recommend(**asked)] == ["Third"]


def test_a_demoted_track_sinks_and_comes_back_when_it_is_dismissed(heard):
    decide(heard[0], Decision.DEMOTED)
    assert titles()[0] == "Second"

    decide(heard[0], Decision.DISMISSED)
    assert titles()[0] == "First"


def test_demoted_twice_is_demoted_once():
    track = make_track()

    decide(track, Decision.DEMOTED)
    second = decide(track, Decision.DEMOTED)

    assert Demotion.objects.get().review == second


def test_the_queue_costs_the_same_however_long_it_is(curator):
    speak_against(make_track(), reports=1)
    few = count_queries(curator, QUEUE)
    for _ in range(5):
        speak_against(make_track(), reports=1)

    assert count_queries(curator, QUEUE) == few


def test_a_case_costs_the_same_however_many_speak(curator):
    track = make_track()
    speak_against(track, reports=1)
    few = count_queries(curator, case_page(track))
    speak_against(track, reports=5, dislikes=5)

    assert count_queries(curator, case_page(track)) == few


def test_a_curator_reads_and_decides(curator):
    track = make_track("Solaris")
    speak_against(track, reports=1, note="Cuts off in the middle")
    assert "Solaris" in curator.get(QUEUE).content.decode()
    assert "Cuts off in the middle" in curator.get(case_page(track)).content.decode()

    page = curator.post(case_page(track), {"decision": "demoted", "note": "Heard it."}, follow=True)

    assert "Solaris: shown less." in page.content.decode()
    assert (Review.objects.get().decided_by, Review.objects.get().note) == (
        curator.user, "Heard it.",
    )  # fmt: skip
    assert "(shown less)" in curator.get(case_page(track)).content.decode()


def test_a_case_names_no_listener(curator):
    listener = make_listener(handle="rosalind-main")
    make_feedback(listener, kind=REPORT, track=(track := make_track()))

    page = curator.get(case_page(track)).content.decode()

    assert "rosalind-main" not in page
    assert listener.user.email not in page


def test_no_decision_is_no_decision(curator):
    track = make_track()

    assert curator.post(case_page(track), {"decision": "burn"}).status_code == 200
    assert not Review.objects.exists()


def test_others_decide_nothing(as_listener, client):
    track = make_track()
    staff = logged_in(make_user(is_staff=True))

    assert as_listener.post(case_page(track), {"decision": "hidden"}).status_code == 302
    assert staff.post(case_page(track), {"decision": "hidden"}).status_code == 403
    assert not Review.objects.exists()


def test_a_decision_stays_as_it_is(curator):
    row = decide(make_track(), Decision.FIXED)
    page = reverse("admin:recommendations_review_change", args=[row.pk])

    assert curator.post(page, {"note": "changed"}).status_code == 403
    assert Review.objects.get().note == ""
