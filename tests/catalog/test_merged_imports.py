"""A merge, the same wrong data by a real import, and a split: nothing but the data remains."""

import csv

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.models import (
    Album,
    Artist,
    ArtistCredit,
    ExternalId,
    FeatureSet,
    Rule,
    Track,
    TrackGenre,
    TrackRecord,
    TrackTag,
)
from catalog.services import importing, merging
from tests.factories import NOON

pytestmark = pytest.mark.django_db

COLUMNS = ("title", "artists", "album", "year", "duration_ms", "genre", "tags", "tempo", "isrc")
TITLES = ("Solaris", "Solariss", "SOLARIS (feat. Nobody)")
BANDS = ("The Beatles", "Beatles, The", "Nika")
KEPT = {
    Track: ("pk", "title", "artist", "credit", "album", "year", "duration_ms", "genre",
            "features", "match_key", "search_text", "canonical"),
    Artist: ("pk", "name", "canonical"),
    Album: ("pk", "title", "artist", "year"),
    ArtistCredit: ("track", "artist", "position", "join_phrase"),
    FeatureSet: ("track", "source", "tempo"),
    TrackGenre: ("track", "genre", "source", "label"),
    TrackTag: ("track", "tag", "source"),
    ExternalId: ("track", "kind", "value"),
    TrackRecord: ("track", "source", "source_id", "match_key", "said"),
}  # fmt: skip

ROW = st.fixed_dictionaries(
    {"title": st.sampled_from(TITLES), "artists": st.sampled_from(BANDS)},
    optional={
        "album": st.sampled_from(["Past", "Past (Deluxe)"]),
        "year": st.sampled_from(["1969", "2011"]),
        "duration_ms": st.sampled_from(["200000", "203000", "260000"]),
        "genre": st.sampled_from(["pop", "rock"]),
        "tags": st.sampled_from(["slow", "loud;slow"]),
        "tempo": st.sampled_from(["80", "120"]),
        "isrc": st.sampled_from(["GBAYE0601690", "USSM10804556"]),
    },
)
FILE = st.lists(ROW, min_size=2, max_size=5)


def bring_in(folder, rows):
    path = folder / "tracks.csv"
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    opened = importing.open_import(path, format_="csv", columns={}, at=NOON)
    return importing.import_file(opened, path, at=NOON)


def everything():
    """All that is stored of the music, row by row."""
    return {
        model.__name__: sorted(map(repr, model.objects.values_list(*names)))
        for model, names in KEPT.items()
    }


def merge_all(model, merge):
    """Let the first of these survive; return those that are merged into it."""
    survivor, *others = model.objects.order_by("pk")
    if others:
        merge(survivor, others)
    return others


def tracks_into(survivor, others):
    merging.merge_tracks(survivor=survivor, tracks=others, by=None, at=NOON, match=False)


def artists_into(survivor, others):
    merging.merge_artists(survivor=survivor, artists=others, by=None, at=NOON)


def check_no_trace(folder, rows):
    """Split after the second reading, all is as it was before the merge."""
    bring_in(folder, rows)
    before = everything()

    tracks, artists = merge_all(Track, tracks_into), merge_all(Artist, artists_into)
    again = bring_in(folder, rows)
    assert (again.new, again.changed, again.merged) == (0, 0, 0)
    assert Track.objects.shown().count() == 1
    for track in tracks:
        merging.split_track(track=track, by=None, at=NOON)
    for artist in artists:
        merging.split_artist(artist=artist, by=None, at=NOON)

    assert everything() == before
    assert not Rule.objects.holding().exclude(kind=Rule.Kind.SPLIT).exists()


def test_one_wrong_track_and_one_wrong_artist(tmp_path):
    check_no_trace(
        tmp_path,
        [
            {"title": "Solaris", "artists": "The Beatles", "duration_ms": "200000"},
            {"title": "Solariss", "artists": "Beatles, The", "year": "1969", "tempo": "80"},
        ],
    )


@pytest.mark.slow
@pytest.mark.timeout(300)
@given(rows=FILE)
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_a_file_says_a_merge_leaves_no_trace_once_it_is_split(rows, tmp_path):
    with transaction.atomic():
        check_no_trace(tmp_path, rows)
        transaction.set_rollback(True)
