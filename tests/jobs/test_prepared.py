"""Queries written once give what the query itself gives."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import connection
from django.db.models import DateTimeField
from django.test.utils import CaptureQueriesContext

from accounts.models import Token
from catalog.models import Track
from jobs.prepared import Adding, Given, Prepared, PreparedByPk, Whole
from recommendations.models import Slate
from tests.factories import (
    NOON,
    make_album,
    make_features,
    make_genre,
    make_key,
    make_listener,
    make_track,
)

pytestmark = pytest.mark.django_db


def test_what_is_given_is_filled_in_each_time():
    titled = Prepared(lambda: Track.objects.filter(title=Given("title")).values_list("pk"))
    salt, sand = make_track("Salt Road"), make_track("Sand")

    assert titled.rows(title="Salt Road") == [(salt.pk,)]
    assert titled.rows(title="Sand") == [(sand.pk,)]
    assert titled.rows(title="'; --") == []


def test_a_moment_is_given_as_the_database_takes_it():
    since = Prepared(
        lambda: (
            Token.objects.filter(expires_at__gt=Given("at", DateTimeField()))
            .order_by("expires_at")
            .values_list("pk", "expires_at")
        )
    )
    keys = [make_key()[0], make_key()[0]]
    for hours, key in enumerate(keys):
        key.expires_at = NOON + timedelta(hours=hours)
        key.save()

    assert since.rows(at=NOON) == [(keys[1].pk, NOON + timedelta(hours=1))]


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5, 8, 9])
def test_any_number_of_keys(count):
    by_pk = PreparedByPk(lambda pks: Track.objects.filter(pk__in=pks).values_list("pk"))
    pks = [make_track().pk for _ in range(10)][:count]

    assert sorted(by_pk.rows(pks)) == [(pk,) for pk in pks]


def test_a_whole_is_what_select_related_loads():
    whole = Whole(Track, "artist", "album", "features", "genre")
    rich = make_track(album=make_album(), genre=make_genre("folk"), year=1999)
    rich.features = make_features(rich, energy=0.25, timbre=[0.5, 1.0])
    rich.save()
    pks = [rich.pk, make_track("bare").pk]
    rows = PreparedByPk(lambda pks: Track.objects.filter(pk__in=pks).values_list(*whole.names))

    with CaptureQueriesContext(connection) as queries:
        made = {track.pk: values(track) for track in map(whole.object, rows.rows(pks))}

    assert len(queries) == 1
    assert made == {
        track.pk: values(track) for track in Track.objects.for_rows().filter(pk__in=pks)
    }


def test_what_is_added_is_as_create_would_have_it():
    listener = make_listener()
    said = {
        "listener": listener,
        "surface": "for_you",
        "settings": {"n": 10, "odd": "100 % “né”"},
        "tracks": [3, 1, 2],
        "taste_version": 7,
        "shown_at": NOON,
    }
    slates = Adding(Slate)

    made = [slates.create(**said), slates.create(**said), Slate.objects.create(**said)]

    stored = [columns_of(Slate.objects.get(pk=slate.pk)) for slate in made]
    assert stored[0] == stored[1] == stored[2]
    assert columns_of(made[0]) == stored[0]
    made[0].tracks = [4]
    made[0].save()
    assert Slate.objects.count() == 3


def columns_of(slate):
    return [
        getattr(slate, field.attname)
        for field in slate._meta.concrete_fields
        if not field.primary_key
    ]


def test_postgresql_plans_once_for_a_connection_and_not_behind_a_pooler():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite keeps its plans by itself")
    titled = Prepared(lambda: Track.objects.filter(title=Given("title")).values_list("pk"))

    with CaptureQueriesContext(connection) as queries:
        titled.rows(title="a")
        titled.rows(title="b")
        with patch.dict(connection.settings_dict, DISABLE_SERVER_SIDE_CURSORS=True):
            titled.rows(title="c")

    assert [query["sql"].split()[0] for query in queries] == ["EXECUTE", "EXECUTE", "SELECT"]
    assert queries[0]["sql"].split("(")[0] == queries[1]["sql"].split("(")[0]


def test_a_new_connection_plans_anew():
    titled = Prepared(lambda: Track.objects.filter(title=Given("title")).values_list("pk"))
    first = titled.rows(title="a")

    def elsewhere():
        try:
            return titled.rows(title="a")
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(elsewhere).result() == first


def values(track):
    """Return every column of the track, and of all that it points to."""
    parts = [track, track.artist, track.album, track.features, track.genre]
    return [
        part and [getattr(part, field.attname) for field in part._meta.concrete_fields]
        for part in parts
    ]


def test_a_whole_goes_further_than_one_step():
    whole = Whole(Token, "listener", "listener__user", "partner")
    key, _secret = make_key()
    rows = Prepared(lambda: Token.objects.values_list(*whole.names)).rows()

    with CaptureQueriesContext(connection) as queries:
        token = whole.object(rows[0])
        found = token, token.listener, token.listener.user, token.partner

    assert found == (key, key.listener, key.listener.user, None)
    assert len(queries) == 0
