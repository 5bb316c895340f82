"""The public page that says how good the model is, and for whom it is not."""

from datetime import timedelta

import pytest
from django.urls import reverse

from recommendations.intervals import PHONE, WIDE, draw
from recommendations.models import SlateOutcome
from recommendations.services import quality
from tests.factories import NOON, make_listener, make_model_version, make_slate, make_track
from tests.queries import count_queries
from tests.recommendations.measured import band, make_measured

pytestmark = pytest.mark.django_db

PAGE = reverse("quality")


@pytest.fixture
def live():
    return make_measured(state="live", promoted_at=NOON, message="Better than all before it.")


def read(client):
    response = client.get(PAGE)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_everybody_may_read_it(client, live):
    page = read(client)

    assert "asked it what 1,515 listeners would go for next, out of all 5,012 tracks" in page
    assert "34.5 times" in page
    assert f"Segue, version {live.pk}" in page
    assert "split by time: learned from what was before 20 October 2026" in page
    assert "The version that serves was then fitted with these settings on all plays" in page


def test_the_picture_has_its_table_with_baselines_and_intervals(client, live):
    page = read(client)

    assert '<td class="num nowrap">0.372 to 0.386</td>' in page
    assert "+0.368 (+0.360 to +0.376)" in page
    for name in ("Item-kNN, cosine", "Most popular"):
        assert f'<th scope="row">{name}</th>' in page


def test_it_says_for_whom_it_is_worse(client, live):
    page = read(client)

    assert '<th scope="row">1 to 4 tracks</th>' in page
    assert '<th scope="row">1 to 9 listeners</th>' in page
    assert "Of 300 tracks nobody has played yet" in page
    assert "For listeners with under 5 tracks it is 5.1 times worse." in page
    assert "Tracks heard by under 10 listeners are found 3.1 times less well." in page


def test_it_speaks_of_no_weak_spot_where_there_is_none(client):
    row = make_measured(state="live")
    for name in ("activity", "popularity"):
        row.metrics["evaluations"]["candidate"][name] = [band(1, 5, 1.0, 0.3)]
    row.save()

    assert "For whom it is worse" not in read(client)


def test_it_says_what_it_learned_from_and_what_it_left_out(client, live):
    page = read(client)

    assert "251,880, from 1,515 listeners who share their taste" in page
    assert "730 plays, among them all of 12 listeners who have not agreed" in page


def test_it_tells_the_history_of_versions(client, live):
    make_measured(message="Worse than version 1.")
    make_model_version(state="failed", message="No disk.")

    page = read(client)

    assert "live. Better than all before it." in page
    assert "ready, waits for a curator. Worse than version 1." in page
    assert "No disk." not in page


def test_without_a_model_it_says_so(client):
    assert "No model yet" in read(client)


def test_what_could_not_be_measured_stands_by_rule_and_says_so(client):
    make_model_version(state="live", data={"listeners": 3}, message="Only 3 could be asked.")

    page = read(client)

    assert "Nothing could be measured yet" in page
    assert "Only 3 could be asked." in page


def test_it_says_how_far_expected_ratings_are_off(client, live):
    live.metrics["ratings"] = {
        "given": 9934, "listeners": 745, "asked": 1987, "is_served": True,
        "lead": {"mean": 0.2, "low": 0.1, "high": 0.3, "n_users": 378},
        "models": {"candidate": {"rmse": 1.2, "mae": 1.0}, "mean": {"rmse": 1.27, "mae": 1.08}},
    }  # fmt: skip
    live.save()

    page = read(client)

    assert '<th scope="row">Segue</th><td class="num">1.200</td><td class="num">1.000</td>' in page
    assert "the last 1,987 of 9,934 ratings, by 378 listeners" in page
    assert "not surely better" not in page


def test_ratings_that_tell_nothing_are_said_to(client, live):
    live.metrics["ratings"] = {
        "given": 900, "listeners": 74, "asked": 180, "is_served": False,
        "lead": {"mean": 0.0, "low": -0.1, "high": 0.1, "n_users": 40},
        "models": {"candidate": {"rmse": 1.2, "mae": 1.0}, "mean": {"rmse": 1.2, "mae": 1.0}},
    }  # fmt: skip
    live.save()

    assert "not surely better than the mean" in read(client)


def test_a_listener_reads_how_good_it_was_to_them(as_listener, live):
    listener, tracks = as_listener.listener, [make_track() for _ in range(4)]
    old = make_track()
    make_slate(listener, tracks=[old], shown_at=NOON - timedelta(days=31))
    first = make_slate(listener, tracks=tracks[:3])
    second = make_slate(listener, tracks=tracks[2:])
    for slate, track, kind in [
        (first, tracks[2], "like"), (second, tracks[2], "favourite"), (first, tracks[0], "play"),
        (second, tracks[3], "dislike"), (first, tracks[1], "skip"),
    ]:  # fmt: skip
        SlateOutcome.objects.create(slate=slate, track=track, kind=kind, at=NOON)
    SlateOutcome.objects.create(slate=make_slate(make_listener()), track=old, kind="like", at=NOON)

    shown = quality.shown_of_late(listener, at=NOON + timedelta(minutes=1))

    assert shown == quality.Shown(tracks=4, liked=1, played=1, skipped=1, against=1)


def test_a_listener_who_was_shown_nothing_reads_that(as_listener, live):
    assert "No list was shown to you in the last 30 days." in read(as_listener)


def test_it_costs_the_same_however_long_the_history(client, live):
    few = count_queries(client, PAGE)
    for _ in range(5):
        make_measured()

    assert count_queries(client, PAGE) == few


def test_the_foot_of_every_page_leads_to_it(client, live):
    assert f'href="{PAGE}"' in client.get(reverse("account_login")).content.decode()


@pytest.mark.parametrize("frame", [WIDE, PHONE])
def test_the_picture_stays_in_its_frame(frame):
    bars = [("Ours", 0.4, 0.35, 0.45, True), ("Theirs", 0.0, 0.0, 0.0, False)]

    picture = draw(bars, [0.0, 0.2, 0.4, 0.6], frame)

    for point in picture.points:
        assert frame.left <= point.low <= point.x <= point.high <= frame.right
        assert point.number_x + 40 <= frame.width
        assert point.y < picture.foot
    assert picture.points[1].x == frame.left


@pytest.mark.parametrize("top", [0.0, 0.004, 0.08, 0.386, 1.0])
def test_the_axis_holds_every_bar(top):
    marks = quality.ticks([quality.Bar("Ours", top, top, top, "", True)])

    assert marks[0] == 0
    assert marks[-1] >= top
    assert 2 <= len(marks) <= 8
