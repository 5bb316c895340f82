"""Lists that come by themselves."""

from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.core import mail
from django.urls import reverse

from accounts.models import User
from jobs import services as jobs
from jobs.models import Job
from listening.models import FeedbackKind
from recommendations import pipeline, serving
from recommendations.models import Mix, MixWish, Slate, SlateOutcome
from recommendations.services import mix_wishes, mixing
from recommendations.services.mixing import DAILY, day_of, make_due, mixes_of, monday_of
from tests.factories import (
    NOON,
    make_features,
    make_feedback,
    make_genre,
    make_listener,
    make_play,
    make_track,
)
from tests.queries import count_queries

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def music():
    """Four genres of twelve tracks, heard by twenty, and what was learnt from that."""
    genres = [make_genre(name) for name in ("fado", "dub", "soul", "drone")]
    tracks = [make_track(f"{genre.name} {n}", genre=genre) for genre in genres for n in range(12)]
    for track in tracks:
        make_features(track, energy=0.2, valence=0.5, tempo=80, loudness=-20)
    for place in range(20):
        listener = make_listener(shares_taste=True)
        for track in tracks[place % 8 :: 8]:
            make_play(listener, track, started_at=NOON - 400 * DAY)
    pipeline.train(at=NOON)
    return tracks


@pytest.fixture
def listener(music):
    """Somebody who hears much dub, some fado and a little soul."""
    listener = make_listener(time_zone="Europe/Berlin")
    for place, times in ((12, 3), (13, 2), (0, 3), (24, 1)):
        for again in range(times):
            at = NOON - (50 + place) * DAY - timedelta(hours=again)
            make_play(listener, music[place], started_at=at)
    return listener


def test_the_mixes_of_a_day_are_of_what_one_hears(listener):
    first, second, third, discovery = mixes_of(listener, at=NOON)
    assert [mix.title for mix in (first, second, third)] == ["dub", "fado", "soul"]
    assert discovery.day == monday_of(first.day)
    assert all(mix.tracks and mix.slate for mix in (first, second, third, discovery))


def test_asked_again_the_same_day_they_are_the_same(listener):
    before = mixes_of(listener, at=NOON)
    assert mixes_of(listener, at=NOON + timedelta(hours=5)) == before
    assert Mix.objects.count() == 4


def test_the_next_day_brings_others_and_keeps_these(listener, monkeypatch):
    monkeypatch.setattr(mixing, "TRACKS", 5)
    before = mixes_of(listener, at=NOON)
    after = mixes_of(listener, at=NOON + DAY)
    assert Mix.objects.count() == 7  # the week is still the same
    assert before[0].tracks != after[0].tracks
    assert before[3] == after[3]


def test_a_day_begins_at_four_on_the_listeners_clock(listener):
    late = datetime(2026, 5, 12, 1, 59, tzinfo=UTC)  # 3:59 in Berlin
    assert day_of(listener, late) == date(2026, 5, 11)
    assert day_of(listener, late + timedelta(minutes=1)) == date(2026, 5, 12)


def test_who_is_new_gets_moods_and_favourites(music):
    newcomer = make_listener()
    make_feedback(newcomer, kind=FeedbackKind.FAVOURITE, track=None, genre=music[0].genre)
    mixes = mixes_of(newcomer, at=NOON)[:3]
    assert [mix.title for mix in mixes] == ["fado", "calm", ""]  # nothing here is energetic
    assert mixes[2].tracks


def test_discoveries_are_by_artists_never_played(listener, music):
    heard = {music[place].artist_id for place in (0, 12, 13, 24)}
    tracks = mix_wishes.tracks_of(mixes_of(listener, at=NOON)[3])
    assert tracks
    assert not heard & {track.artist_id for track in tracks}


def log_in(listener, at):
    User.objects.filter(pk=listener.user_id).update(last_login=at)


def test_the_job_makes_them_for_all_who_come_by(listener, music):
    log_in(listener, NOON - 80 * DAY)
    log_in(make_listener(), NOON - 90 * DAY)
    assert make_due(at=NOON, n=10) == 1
    assert {mix.listener_id for mix in Mix.objects.all()} == {listener.pk}
    assert make_due(at=NOON, n=10) == 0
    assert make_due(at=NOON + DAY, n=10) == 1


def test_who_plays_elsewhere_comes_by_too(music):
    plays, played_once = make_listener(), make_listener()
    make_play(plays, music[0], started_at=NOON - 80 * DAY)
    make_play(played_once, music[0], started_at=NOON - 91 * DAY)
    assert make_due(at=NOON, n=10) == 1
    assert {mix.listener_id for mix in Mix.objects.all()} == {plays.pk}


def test_the_job_can_end_without_a_model(time_machine):
    time_machine.move_to(NOON)
    log_in(make_listener(), NOON)
    jobs.enqueue("recommendations.make_mixes")
    jobs.run_due()
    assert Job.objects.get().result == "There is no model yet."


def test_two_at_once_make_one(listener, monkeypatch):
    wanted = mixing.wanted_for(listener, day_of(listener, NOON), at=NOON)[0]
    first = mixing._make(wanted, listener, at=NOON)
    assert mixing._make(wanted, listener, at=NOON) == first


def test_they_are_shown_with_all_before(as_listener, music, time_machine):
    time_machine.move_to(NOON)
    mixes_of(as_listener.listener, at=NOON - 3 * DAY)
    page = as_listener.get(reverse("mixes"))
    assert len(page.context["today"]) == 4
    assert page.context["page"].paginator.count >= 3
    one = as_listener.get(page.context["today"][0]["mix"].get_absolute_url())
    assert one.context["listed"].track_ids == page.context["today"][0]["mix"].tracks


def test_what_is_thought_of_a_mix_is_said_there_and_the_mix_stays(as_listener, music):
    mix = mixes_of(as_listener.listener, at=NOON)[0]
    page = as_listener.get(mix.get_absolute_url())
    assert 'name="hide"' in page.content.decode()

    said = {"next": mix.get_absolute_url(), "slate": mix.slate_id, "like": mix.tracks[1]}
    back = as_listener.post(reverse("give_feedback"), said, follow=True)

    listed = back.context["listed"]
    assert listed.track_ids == mix.tracks
    assert listed[1].opinion == "like"
    assert SlateOutcome.objects.get().slate_id == mix.slate_id


def test_a_mix_is_shown_when_its_slate_is_gone(as_listener, music):
    mix = mixes_of(as_listener.listener, at=NOON)[0]
    Slate.objects.all().delete()
    page = as_listener.get(mix.get_absolute_url())
    assert [track.pk for track in page.context["tracks"]] == mix.tracks


def test_nobody_sees_the_mixes_of_others(as_listener, listener):
    mix = mixes_of(listener, at=NOON)[0]
    assert as_listener.get(mix.get_absolute_url()).status_code == 404


def test_the_page_says_so_without_a_model(as_listener):
    assert "No mix yet" in as_listener.get(reverse("mixes")).content.decode()


def test_the_pages_ask_as_much_however_many_there_are(as_listener, music, time_machine):
    time_machine.move_to(NOON)
    mixes_of(as_listener.listener, at=NOON - DAY)
    mix = mixes_of(as_listener.listener, at=NOON)[0]
    urls = [reverse("mixes"), mix.get_absolute_url(), feed_of(as_listener.listener)]
    few = [count_queries(as_listener, url) for url in urls]
    for days in range(2, 9):
        mixes_of(as_listener.listener, at=NOON - days * DAY)
    assert [count_queries(as_listener, url) for url in urls] == few


def feed_of(listener):
    return reverse("mix_feed", args=[mix_wishes.wish_of(listener).key])


def test_a_feed_reader_gets_them_without_logging_in(client, listener):
    mixes = mixes_of(listener, at=NOON)
    answer = client.get(feed_of(listener))
    assert answer["Content-Type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(answer.content)  # noqa: S314 -- our own
    titles = {entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")}
    assert titles == {mix.name for mix in mixes}


def test_a_new_address_ends_the_old_one(as_listener, music):
    old = feed_of(as_listener.listener)
    as_listener.post(reverse("change_mix_wish"), {"act": "address"})
    assert as_listener.get(old).status_code == 404
    assert as_listener.get(feed_of(as_listener.listener)).status_code == 200


def test_discoveries_come_by_mail_once_and_only_if_wanted(listener, client):
    mixes_of(listener, at=NOON)
    assert mix_wishes.mail_discoveries(at=NOON, n=10) == 0
    wish = mix_wishes.wish_of(listener)
    mix_wishes.want_mail(wish=wish, by_mail=True)
    assert mix_wishes.mail_discoveries(at=NOON, n=10) == 1
    assert mix_wishes.mail_discoveries(at=NOON, n=10) == 0
    jobs.run_due()
    letter = mail.outbox[0]
    assert letter.to == [listener.user.email]
    stop = reverse("stop_mix_mail", args=[wish.key])
    assert stop in letter.body
    assert client.get(stop).status_code == 200
    assert MixWish.objects.get().by_mail
    client.post(stop)
    assert not MixWish.objects.get().by_mail


def test_who_wants_mail_need_not_come_by(listener):
    mix_wishes.want_mail(wish=mix_wishes.wish_of(listener), by_mail=True)
    assert make_due(at=NOON, n=10) == 1


def test_mail_can_be_asked_for_and_left_again(as_listener):
    as_listener.post(reverse("change_mix_wish"), {"by_mail": "on"})
    assert mix_wishes.wish_of(as_listener.listener).by_mail
    as_listener.post(reverse("change_mix_wish"), {})
    assert not mix_wishes.wish_of(as_listener.listener).by_mail


def test_daily_kinds_have_a_mood_each_to_fall_back_on():
    assert len(mixing.MOODS) >= len(DAILY)
    assert serving.Surface.MOOD
