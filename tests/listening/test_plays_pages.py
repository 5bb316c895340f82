"""The pages of every play: who may see them, what they change, what they cost."""

from datetime import timedelta

import pytest
from django.urls import reverse

from listening.models import Correction, Import, Mute, Play, PrivateSession
from tests.factories import NOON, make_artist, make_genre, make_listener, make_play, make_track
from tests.queries import count_queries

pytestmark = pytest.mark.django_db

PLAYS = "/listening/plays/"


def text(response):
    return " ".join(response.content.decode().split())


def play_at(listener, hours, **fields):
    return make_play(listener, started_at=NOON + timedelta(hours=hours), **fields)


def test_it_shows_every_play_the_newest_first(as_listener):
    listener = as_listener.listener
    old = play_at(listener, 0, track=make_track("Old"))
    new = play_at(listener, 1, track=make_track("New"))
    make_play(track=make_track("Of somebody else"))

    response = as_listener.get(PLAYS)

    assert response.context["plays"] == [new, old]
    assert "Of somebody else" not in text(response)


def test_it_needs_a_login(client, db):
    assert client.get(PLAYS).status_code == 302


def test_a_merged_track_shows_as_what_it_was_merged_into(as_listener):
    track = make_track("Written otherwise", canonical=make_track("Halo"))
    make_play(as_listener.listener, track=track)

    assert "Written otherwise" not in text(as_listener.get(PLAYS))


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("first=2026-05-15", [1, 2]),
        ("last=2026-05-14", [0]),
        ("first=2026-05-15&last=2026-05-15", [1]),
        ("source=scrobble", [2]),
        ("artist={artist}", [1]),
        ("track={track}", [1]),
        ("brought={brought}", [0]),
    ],
)
def test_it_shows_the_plays_that_are_asked_for(as_listener, query, left):
    listener, day = as_listener.listener, timedelta(days=1)
    brought = Import.objects.create(listener=listener, created_at=NOON)
    track = make_track("Halo", artist=make_artist("Beyoncé"))
    plays = [
        make_play(listener, source_import=brought),
        make_play(listener, track=track, started_at=NOON + day),
        make_play(listener, started_at=NOON + 2 * day, source=Play.Source.SCROBBLE),
    ]
    asked = query.format(artist=track.artist_id, track=track.pk, brought=brought.pk)

    response = as_listener.get(f"{PLAYS}?{asked}")

    assert response.context["plays"] == [plays[number] for number in reversed(left)]
    assert response.context["count"] == len(left)


def test_days_are_those_of_the_listener(as_listener):
    listener = as_listener.listener
    listener.time_zone = "Pacific/Auckland"  # NOON is midnight there
    listener.save()
    play_at(listener, -1)
    on_the_day = play_at(listener, 1)

    response = as_listener.get(f"{PLAYS}?first=2026-05-15&last=2026-05-15")

    assert response.context["plays"] == [on_the_day]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("first=x", "A day is written as its year, month and day: 2026-05-14."),
        ("source=x", "There is no source called “x”. Choose from the list."),
        ("artist=x", "There is no such artist here, or no longer."),
        ("track=99", "There is no such track here, or no longer."),
        ("brought=99", "There is no such import of yours, or no longer."),
        ("first=2026-05-15&last=2026-05-14", "The first day lies after the last."),
        ("first=0001-01-01", "Choose a day between the years 1900 and 2999."),
        ("last=9999-12-31", "Choose a day between the years 1900 and 2999."),
    ],
)
def test_what_it_does_not_understand_shows_nothing_and_says_what(as_listener, query, said):
    make_play(as_listener.listener)

    response = as_listener.get(f"{PLAYS}?{query}")

    assert response.context["plays"] == []
    notice = text(response).partition("That could not be read")[2].partition("All plays")[0]
    assert said in notice


def test_older_plays_follow_without_gap_or_doubling(as_listener):
    listener = as_listener.listener
    plays = [play_at(listener, number // 3) for number in range(120)]
    seen, url = [], PLAYS
    while url:
        response = as_listener.get(url)
        seen += response.context["plays"]
        behind = response.context["behind"]
        url = f"{PLAYS}?behind={behind.pk}" if behind else ""

    assert [play.pk for play in seen] == [
        play.pk for play in sorted(plays, key=lambda one: (one.started_at, one.pk), reverse=True)
    ]


@pytest.mark.parametrize("page", [PLAYS, "/listening/plays/changes/"])
def test_a_long_history_costs_the_same_queries(as_listener, page):
    listener = as_listener.listener

    def add(n):
        for _ in range(n):
            track = make_track(genre=make_genre())
            make_play(listener, track=track)
            Correction.objects.create(
                listener=listener, wrong=make_track(), right=track, made_at=NOON
            )

    add(2)
    before = count_queries(as_listener, page)
    add(10)
    assert count_queries(as_listener, page) == before


def test_a_play_has_a_page(as_listener):
    play = make_play(as_listener.listener, track=make_track("Halo"))

    response = as_listener.get(reverse("play", args=[play.pk]))

    assert response.status_code == 200
    assert "Halo" in text(response)


@pytest.mark.parametrize("door", ["play", "correct_play", "restore_play"])
def test_somebody_elses_play_is_not_there(as_listener, door):
    play = make_play()
    ask = as_listener.get if door == "play" else as_listener.post

    assert ask(reverse(door, args=[play.pk])).status_code == 404


def test_a_play_is_corrected_by_a_track_that_was_found(as_listener):
    play, right = make_play(as_listener.listener), make_track("Right")

    response = as_listener.post(reverse("correct_play", args=[play.pk]), {"track": right.pk})

    became = Play.objects.get()
    assert became.track == right
    assert response.url == reverse("play", args=[became.pk])
    as_listener.post(reverse("restore_play", args=[became.pk]))
    assert Play.objects.get().track == play.track


def test_all_plays_of_a_track_are_corrected_by_name_and_it_can_be_taken_back(as_listener):
    play = make_play(as_listener.listener)
    play_at(as_listener.listener, 5, track=play.track)
    right = make_track("Halo", artist=make_artist("Beyoncé"))

    as_listener.post(
        reverse("correct_play", args=[play.pk]),
        {"artist": "beyonce", "title": "HALO", "every": "yes"},
    )
    assert {one.track for one in Play.objects.all()} == {right}

    correction = Correction.objects.get()
    assert "Halo" in text(as_listener.get("/listening/plays/changes/"))
    as_listener.post(reverse("undo_correction", args=[correction.pk]))
    assert {one.track for one in Play.objects.all()} == {play.track}


@pytest.mark.parametrize("given", [{}, {"artist": "Only"}, {"track": "x"}, {"track": "99"}])
def test_a_correction_to_nothing_changes_nothing(as_listener, given):
    play = make_play(as_listener.listener)

    response = as_listener.post(reverse("correct_play", args=[play.pk]), given, follow=True)

    assert Play.objects.get().track == play.track
    assert 'role="alert"' in text(response)


def test_plays_are_moved_and_brought_back(as_listener):
    kids = make_listener("Kids", user=as_listener.user)
    play = make_play(as_listener.listener)
    make_play(as_listener.listener, started_at=NOON + timedelta(days=2))

    as_listener.post(reverse("move_plays"), {"last": "2026-05-14", "to": kids.pk})

    move = kids.plays.get().move
    assert kids.plays.get().track == play.track
    assert "Kids" in text(as_listener.get("/listening/plays/changes/"))
    as_listener.post(reverse("undo_move", args=[move.pk]))
    assert as_listener.listener.plays.count() == 2


def test_plays_are_not_moved_to_a_stranger_or_all_at_once(as_listener):
    play = make_play(as_listener.listener)
    kids = make_listener("Kids", user=as_listener.user)
    move = reverse("move_plays")

    assert as_listener.post(move, {"play": play.pk, "to": make_listener().pk}).status_code == 400
    assert as_listener.post(move, {"to": kids.pk}).status_code == 400
    assert as_listener.post(move, {"play": make_play().pk, "to": kids.pk}).status_code == 302
    assert as_listener.listener.plays.count() == 1


def test_deleting_asks_first_and_then_deletes_what_was_chosen(as_listener):
    make_play(as_listener.listener)
    kept = make_play(as_listener.listener, started_at=NOON + timedelta(days=2))
    delete = reverse("delete_plays")

    asked = as_listener.get(f"{delete}?last=2026-05-14")
    assert "1 play" in text(asked)
    assert Play.objects.count() == 2

    as_listener.post(delete, {"last": "2026-05-14"})
    assert Play.objects.get() == kept


def test_deleting_without_a_choice_deletes_nothing(as_listener):
    make_play(as_listener.listener)

    for given in (
        {},
        {"play": "x"},
        {"first": "x"},
        {"first": "9999-12-31"},
        {"play": make_play().pk},
    ):
        as_listener.post(reverse("delete_plays"), given)

    assert as_listener.listener.plays.count() == 1


def test_a_private_session_is_seen_on_every_page_until_it_is_off(as_listener):
    switch = reverse("private_session")
    assert "Nothing you hear is recorded" not in text(as_listener.get("/"))

    as_listener.post(switch, {"hours": ""})
    assert PrivateSession.objects.get().ends_at is None
    assert "Nothing you hear is recorded" in text(as_listener.get("/"))

    as_listener.post(switch, {"off": "yes"})
    assert "Nothing you hear is recorded" not in text(as_listener.get("/"))
    assert as_listener.post(switch, {"hours": "x"}).status_code == 400


def test_a_muted_play_says_so(as_listener):
    play = make_play(as_listener.listener)
    Mute.objects.create(listener=as_listener.listener, artist=play.track.artist, made_at=NOON)

    assert ", muted" in text(as_listener.get(PLAYS))
