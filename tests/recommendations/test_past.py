"""What lists know of a listener: read in three queries, and the same as what is counted plainly."""

import random
from collections import Counter
from datetime import timedelta

import numpy as np
import pytest

from catalog.models import Track
from listening.models import Feedback, FeedbackKind, Mute, Play
from recommendations.serving.history import history_of
from recommendations.serving.past import AGAINST, KINDS, NO_OPINION, _Kept, day_of
from tests.factories import (
    NOON,
    make_album,
    make_artist,
    make_feedback,
    make_genre,
    make_listener,
    make_play,
    make_track,
)

pytestmark = pytest.mark.django_db

AT = NOON + timedelta(days=400)
SOURCES = (Play.Source.SITE, Play.Source.SCROBBLE, Play.Source.SPOTIFY_API)


def a_life(seed, *, muted):
    """A listener with plays and opinions of every kind, some of tracks that were merged."""
    rng = random.Random(seed)
    listener, other = make_listener(), make_listener()
    artists = [make_artist() for _ in range(4)]
    genres = [make_genre() for _ in range(3)]
    tracks = [make_track(artist=rng.choice(artists), genre=rng.choice(genres)) for _ in range(12)]
    for copy in tracks[9:]:
        Track.objects.filter(pk=copy.pk).update(canonical=rng.choice(tracks[:9]))
    artists[3].canonical = artists[0]
    artists[3].save()
    for _ in range(40):
        make_play(
            rng.choice([listener] * 4 + [other]),
            rng.choice(tracks),
            started_at=NOON + timedelta(minutes=rng.randrange(500_000)),
            skipped=rng.random() < 0.3,
            source=rng.choice(SOURCES),
        )
    things = [{"track": t} for t in tracks[:6]] + [{"artist": a} for a in artists]
    things += [{"genre": g} for g in genres]
    albums = [make_album() for _ in range(3)]
    for track in tracks[:9]:
        Track.objects.filter(pk=track.pk).update(album=rng.choice(albums))
    things += [{"album": a} for a in albums]
    for thing in things:
        kind = rng.choice(list(FeedbackKind))
        rating = rng.randrange(1, 6) if kind == FeedbackKind.RATING else None
        when = NOON + timedelta(days=rng.randrange(300))
        make_feedback(listener, kind=kind, rating=rating, given_at=when, **thing)
    Mute.objects.create(listener=other, source=SOURCES[0], made_at=NOON)
    Mute.objects.create(listener=listener, track=tracks[1], made_at=NOON, lifted_at=NOON)
    if muted:
        Mute.objects.create(listener=listener, artist=artists[1], made_at=NOON)
    return listener


def artist_of_mute(listener):
    return Mute.objects.in_force().get(listener=listener).artist_id


def survivor(thing):
    return thing.canonical_id or thing.pk


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("muted", [False, True])
@pytest.mark.parametrize("synced", [False, True])
def test_it_is_what_a_plain_count_finds(settings, seed, muted, synced):
    settings.RECOMMEND_FROM_SPOTIFY_API_DATA = synced
    listener = a_life(seed, muted=muted)

    kept = _Kept._read(listener, AT)

    rows = {int(row["track"]): row for row in kept.rows}
    history = history_of(listener, at=AT.replace(hour=0, minute=0, second=0, microsecond=0))
    weights = dict(zip(history.tracks.tolist(), history.weights.tolist(), strict=True))
    assert {pk: float(row["weight"]) for pk, row in rows.items() if row["weight"]} == weights

    plays, counted, days, opinions = Counter(), Counter(), {}, {}
    silenced = artist_of_mute(listener) if muted else None
    for play in Play.objects.filter(listener=listener).select_related("track"):
        pk = survivor(play.track)
        plays[pk] += not play.skipped
        is_used = synced or play.source != Play.Source.SPOTIFY_API
        is_muted = play.track.artist_id == silenced
        counted[pk] += is_used and not is_muted and not play.skipped
        days[pk] = max(days.get(pk, -1), day_of(play.started_at))
    said = Feedback.objects.filter(listener=listener).exclude(kind=FeedbackKind.REPORT)
    on_tracks = said.filter(track__isnull=False).select_related("track")
    for opinion in on_tracks.order_by("given_at", "pk"):
        pk = survivor(opinion.track)
        opinions[pk] = opinion.kind
        days[pk] = max(days.get(pk, -1), day_of(opinion.given_at))
    assert {pk: int(row["all"]) for pk, row in rows.items() if row["all"]} == +plays
    assert {pk: int(row["plays"]) for pk, row in rows.items() if row["plays"]} == +counted
    assert {pk: int(row["heard"]) for pk, row in rows.items()} == days
    judged = {pk: row["opinion"] for pk, row in rows.items() if row["opinion"] != NO_OPINION}
    assert {pk: KINDS[kind] for pk, kind in judged.items()} == opinions

    of_track = {FeedbackKind.RATING, FeedbackKind.SKIP}
    wider = [each for each in said if each.track_id is None and each.kind not in of_track]
    artists = {survivor(each.artist): each.kind in AGAINST for each in wider if each.artist}
    genres = {each.genre_id: each.kind in AGAINST for each in wider if each.genre_id}
    assert set(kept.genres.tolist()) == {pk for pk, against in genres.items() if not against}
    assert set(kept.not_genres.tolist()) == {pk for pk, against in genres.items() if against}
    of_albums = {each.album_id: each.kind in AGAINST for each in wider if each.album_id}
    on_albums = {pk for pk, against in of_albums.items() if not against}
    wanted = Track.objects.filter(album__in=on_albums).values_list("album", "pk")
    found = zip(kept.albums.tolist(), kept.on_albums.tolist(), strict=True)
    assert set(found) == set(wanted)
    against = {pk for pk, kind in opinions.items() if kind in AGAINST}
    against |= set(
        Track.objects.filter(
            album__in=[pk for pk, is_against in of_albums.items() if is_against]
        ).values_list("pk", flat=True)
    )
    assert set(kept.not_tracks.tolist()) == against
    assert set(kept.artists.tolist()) | set(kept.not_artists.tolist()) == set(artists)


def test_of_who_has_done_nothing_there_is_nothing():
    kept = _Kept._read(make_listener(), AT)
    assert kept.rows.size == 0
    assert not any(getattr(kept, name).size for name in ("genres", "artists", "not_tracks"))


def test_it_costs_three_queries(django_assert_num_queries):
    listener = a_life(1, muted=False)
    _Kept._read(listener, AT)  # PostgreSQL prepares them
    with django_assert_num_queries(4):  # one is for the albums that were judged
        assert _Kept._read(listener, AT).on_albums.size
    Feedback.objects.filter(album__isnull=False).delete()
    with django_assert_num_queries(3):
        assert np.count_nonzero(_Kept._read(listener, AT).rows["plays"])
